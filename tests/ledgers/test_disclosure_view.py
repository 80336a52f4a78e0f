"""The disclosure view: whole rows from the publication on, every version, feedback without names, and nothing personal in any of them."""

import datetime as dt
from collections import defaultdict
from typing import Any

from events.base import Event
from events.disclosure import DisclosureCorrected, DisclosureScope, FeedbackKind, ItemDropped, Secrecy
from projections import disclosure
from projections.engine.replay import replay
from tests.decide.disclosure_history import APPROVED, ITEM, PUBLISHED, WEEK, answered, ended, proposed, published, reviewed, voiced
from tests.decide.roster_history import ANN, BEN, CAI, DAY, members
from tests.ledgers.l04_history import facts

CORRECTED = DisclosureCorrected(
    occurred_on=DAY, item_id=ITEM, content="召开党员大会2次", reason="漏计", secrecy=Secrecy.OPEN, reviewer=BEN, approver=CAI
)


def tables(*events: Event) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """Table -> key -> columns."""
    found: dict[str, dict[tuple[str, ...], dict[str, Any]]] = defaultdict(dict)
    for name, rows in replay([disclosure.PROJECTION], facts(*events)).tables.items():
        found[name] = {key: row.values for (_, key), row in rows.items()}
    return found


def item(*events: Event) -> dict[str, Any]:
    return tables(*events)["disclosure"][ITEM,]


def test_before_the_publication_there_is_nothing():
    assert tables(*APPROVED) == {}
    assert tables(proposed(), ItemDropped(occurred_on=DAY, item_id=ITEM, reason="重复")) == {}


def test_a_published_item_and_its_first_version():
    found = tables(*APPROVED, published(place="二楼公开栏", until=dt.date(2026, 6, 30)))
    assert found["disclosure"] == {
        (ITEM,): {
            "subject": "education",
            "title": "一季度三会一课",
            "entry": None,
            "content": "召开党员大会1次",
            "scope": "party",
            "audience": None,
            "secrecy": "open",
            "ways": ["board"],
            "place": "二楼公开栏",
            "retention": "periodic",
            "published_on": DAY,
            "until": dt.date(2026, 6, 30),
            "changed_at": 4_000_000,
            "position": 104,
        }
    }
    first = {"since": DAY, "content": "召开党员大会1次", "position": 104}
    assert found["disclosure_version"] == {(ITEM, "0001"): first}


def test_the_newest_proposal_and_the_level_that_the_review_found_hold():
    history = (
        proposed(),
        reviewed(passed=False),
        proposed(title="改后", scope=DisclosureScope.SOCIETY),
        reviewed(secrecy=Secrecy.INTERNAL),
    )
    row = item(*history, published())
    assert (row["title"], row["scope"], row["secrecy"]) == ("改后", "society", "internal")


def test_a_correction_is_a_version_of_its_own():
    found = tables(*PUBLISHED, CORRECTED, CORRECTED)
    assert (found["disclosure"][ITEM,]["content"], found["disclosure"][ITEM,]["corrected_on"]) == ("召开党员大会2次", DAY)
    assert list(found["disclosure_version"]) == [(ITEM, "0001"), (ITEM, "0002"), (ITEM, "0003")]
    assert found["disclosure_version"][ITEM, "0002"] == {"since": DAY, "content": "召开党员大会2次", "reason": "漏计", "position": 105}


def test_what_is_taken_down_says_when_and_why():
    row = item(*PUBLISHED, ended())
    assert (row["ended_on"], row["ended"]) == (DAY + WEEK, "period_over")


def test_feedback_without_names_and_a_request_about_no_item_not_at_all():
    found = tables(*PUBLISHED, voiced(), answered())
    assert found["disclosure_voice"] == {
        ("f1",): {
            "item_id": ITEM,
            "kind": "opinion",
            "said": "请列明主题",
            "said_on": DAY,
            "outcome": "taken_up",
            "answer": "已补充",
            "answered_on": DAY,
            "position": 106,
        }
    }
    assert tables(voiced(item_id=None, kind=FeedbackKind.REQUEST), answered(item_id=None)) == {}


def test_numbers_addresses_and_ids_do_not_come_in():
    dirty = f"{ANN}：13800000001，证件990101198005170015，家住静安里七号"
    history = (
        *members(ANN, BEN, CAI),
        *(proposed(title=dirty, content=dirty, catalogue_entry=dirty, audience=dirty), reviewed(), published(place=dirty)),
        DisclosureCorrected(occurred_on=DAY, item_id=ITEM, content=dirty, reason=dirty, secrecy=Secrecy.OPEN, reviewer=BEN, approver=CAI),
        *(voiced(content=dirty), answered(content=dirty)),
    )
    shown = str(dict(tables(*history)))
    assert "＊＊＊：＊＊＊，证件＊＊＊，家住＊＊＊" in shown
    assert [word for word in (ANN, BEN, CAI, "138", "9901", "静安里") if word in shown.replace("event_id", "")] == []


def test_twice_is_once():
    history = (*PUBLISHED, CORRECTED, voiced(), answered(), ended())
    assert tables(*history) == tables(*history)
