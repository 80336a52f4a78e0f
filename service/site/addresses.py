"""Where things stand on the public site; the desk leads here too."""

from urllib.parse import quote

BASE = "/disclosure"


def branch_page(org_id: str) -> str:
    return f"{BASE}/branches/{quote(org_id, safe='')}"


def topic_page(subject: str) -> str:
    return f"{BASE}/topics/{quote(subject, safe='')}"


def item_page(org_id: str, item_id: str) -> str:
    return f"{BASE}/items/{quote(org_id, safe='')}/{quote(item_id, safe='')}"


def version_page(org_id: str, item_id: str, number: int) -> str:
    return f"{item_page(org_id, item_id)}/versions/{number}"


def feed(org_id: str = "", subject: str = "") -> str:
    """Of one branch, of one topic, or of everything."""
    of = branch_page(org_id) if org_id else topic_page(subject) if subject else BASE
    return f"{of}/feed.atom"
