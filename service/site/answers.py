"""How the site answers: a page in the reader's language, with headers that let copies live only shortly."""

import datetime as dt
import difflib
import hashlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
import msgspec
from litestar import Request, Response

from events.base import Choice
from events.disclosure import AnswerKind, DisclosureScope, DisclosureSubject, DisclosureWay, Retention, TakenDown
from projections.query_disclosure import DisclosureViews
from projections.standard.pack import default_pack
from projections.standard.personal import hidden
from service.site import addresses
from service.site.words import LANGUAGES, chosen, say

HERE = Path(__file__).parent
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
HTML, ATOM = "text/html", "application/atom+xml; charset=utf-8"
WORDS_LENGTH = 60
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
STYLE = (HERE / "assets" / "site.css").read_bytes()
STYLE_TAG = hashlib.sha256(STYLE).hexdigest()[:12]
CHOICES: tuple[type[Choice], ...] = (DisclosureSubject, DisclosureScope, DisclosureWay, Retention, AnswerKind, TakenDown)
LABELS = {(kind.__name__, choice.value): choice for kind in CHOICES for choice in kind}
OLDEST = dt.date(1921, 7, 23)
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML 1.0 does not know, not even escaped."""
Asking = Request[Any, Any, Any]


class Unclear(Exception):
    """The address asks for something that makes no sense (400)."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages need of the process."""

    views: DisclosureViews
    address: str
    indexed: bool
    max_age_s: int
    contact: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader asked for; numbers of persons are taken out of the words at once."""

    language: str
    given: bool
    """Whether the address names the language: then every link does."""
    words: str
    topic: str
    after: str
    on: dt.date | None
    """An earlier day, as of which the site is to be shown."""
    unclear: bool
    """Whether the day that was asked for is none, or lies ahead."""
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.now.date()


def site_of(request: Asking) -> Site:
    site: Site = request.app.state.site
    return site


def asked_of(request: Asking) -> Asked:
    """Whatever stands in the address: what makes no sense is left out."""
    given = {name: "".join(filter(str.isprintable, value)) for name, value in request.query_params.items()}
    topic, now = given.get("topic", ""), dt.datetime.now(SHANGHAI)
    on = _day(given.get("on", ""))
    sensible = on is not None and OLDEST <= on <= now.date()
    return Asked(
        language=chosen(given.get("lang", ""), request.headers.get("accept-language", "")),
        given=given.get("lang", "") in LANGUAGES,
        words=hidden(given.get("q", "")[:WORDS_LENGTH].strip()),
        topic=topic if topic in DisclosureSubject.__members__.values() else "",
        after=given.get("after", "")[:300],
        on=on if sensible and on != now.date() else None,
        unclear=bool(given.get("on")) and not sensible,
        now=now,
    )


def clear(request: Asking) -> Asked:
    """Raises `Unclear`: a wrong day is told, for today instead of it would be a false answer."""
    asked = asked_of(request)
    if asked.unclear:
        raise Unclear
    return asked


def _day(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def page(
    request: Asking, template: str, *, status: int = 200, robots: str = "", until: dt.date | None = None, **context: Any
) -> Response[bytes]:
    """A page of the site; `until` is the last day on which it may be shown."""
    site, asked = site_of(request), asked_of(request)
    text = TEMPLATES.get_template(template).render(**_words(asked), **_frame(request, site, asked), **context)
    kind = ATOM if template.endswith(".xml") else HTML
    body = (UNFIT.sub("", text) if kind == ATOM else text).encode()
    if status != 200:
        return Response(body, status_code=status, media_type=kind, headers=_headers(site, asked, "noindex") | {"cache-control": "no-store"})
    past = "" if asked.on is None else "noindex"
    headers = _headers(site, asked, _robots(robots or past, until)) | {"etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}
    headers["cache-control"] = f"public, max-age={_max_age_s(site, asked)}, must-revalidate"
    if _known(request, headers["etag"]):
        return Response(b"", status_code=304, headers=headers, media_type=kind)
    return Response(body, media_type=kind, headers=headers)


def _frame(request: Asking, site: Site, asked: Asked) -> dict[str, Any]:
    """What stands around every page."""
    rules = default_pack().rules(asked.today, [])
    other = {"lang": "en" if asked.language == "zh" else "zh", "q": asked.words, "topic": asked.topic, "on": asked.on}
    days = {"opinion": rules.number("disclosure.feedback_working_days"), "request": rules.number("disclosure.answer_working_days")}
    return {
        "asked": asked,
        "site": site,
        "style": f"{addresses.BASE}/site.css?v={STYLE_TAG}",
        "here": site.address + request.url.path,
        "path": request.url.path,
        "other": "?" + urlencode({name: value for name, value in other.items() if value}),
        "days": say("feedback_when", asked.language).format(**days),
        "copy_s": site.max_age_s,
        "where": addresses,
        "subjects": tuple(DisclosureSubject),
    }


def _words(asked: Asked) -> dict[str, Any]:
    """Texts and labels in the reader's language, and links that keep it and the day."""
    language = asked.language

    def label(kind: str, value: str) -> str:
        found = LABELS.get((kind, value))
        return value if found is None else found.zh if language == "zh" else found.en

    def link(address: str, *, day: dt.date | None = asked.on, **query: str) -> str:
        kept = {"lang": language if asked.given else "", **query, "on": day or ""}
        told = urlencode({name: value for name, value in kept.items() if value})
        return f"{address}?{told}" if told else address

    def tell(key: str, **values: Any) -> str:
        return say(key, language).format(**values)

    return {"say": lambda key: say(key, language), "tell": tell, "label": label, "link": link, "language": LANGUAGES[language]}


def _headers(site: Site, asked: Asked, robots: str) -> dict[str, str]:
    """No cookie, no script, no frame; what is withdrawn must not live on in the copies of search engines."""
    wanted = ", ".join(filter(None, ("noarchive", robots))) if site.indexed else "noindex, nofollow, noarchive"
    return {
        "content-security-policy": POLICY,
        "content-language": LANGUAGES[asked.language],
        "vary": "Accept-Language",
        "x-robots-tag": wanted,
    }


def _robots(robots: str, until: dt.date | None) -> str:
    if until is None:
        return robots
    over = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), SHANGHAI)
    return ", ".join(filter(None, (robots, f"unavailable_after: {over.strftime('%Y-%m-%dT%H:%M:%S+08:00')}")))


def _max_age_s(site: Site, asked: Asked) -> int:
    """Never beyond the end of the day: tomorrow an item may be over."""
    midnight = dt.datetime.combine(asked.today + dt.timedelta(days=1), dt.time(), SHANGHAI)
    return min(site.max_age_s, int((midnight - asked.now).total_seconds()))


def _known(request: Asking, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in tags or "*" in tags


def instant(changed_at: int) -> str:
    """Microseconds as RFC 3339, which Atom wants."""
    return dt.datetime.fromtimestamp(changed_at / 1_000_000, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micros(day: dt.date) -> int:
    """Its first instant, in microseconds."""
    return int(dt.datetime.combine(day, dt.time(), SHANGHAI).timestamp()) * 1_000_000


def midnight(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """By clauses: ("same" | "gone" | "new", text)."""
    old, new = (re.findall(r"[^，。；,;\n]*[，。；,;\n]|[^，。；,;\n]+", text) for text in (before, after))
    told: list[tuple[str, str]] = []
    for kind, first, last, start, end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            told.append(("same", "".join(old[first:last])))
            continue
        told += [(mark, text) for mark, text in (("gone", "".join(old[first:last])), ("new", "".join(new[start:end]))) if text]
    return told


TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals |= {"instant": instant, "midnight": midnight, "differences": differences}
