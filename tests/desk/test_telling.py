"""Events in words, and the things of a branch that forms point to."""

import datetime as dt

import pytest

from admin import things, words
from admin.telling import LABELS, corrects, mentions, tell
from events.base import MeetingId, OrgId, PersonId
from events.catalog import EVENTS
from events.dues import DuesReceived, DuesReversed, EntryId, EntryKind, PayerKind, PaymentKind
from events.meetings import (
    AgendaKind,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingScheduled,
    MotionVoted,
    NoticeMethod,
    NoticeSent,
    VoteMethod,
)
from events.obligations import ObligationOverdue, ObligationRaised, ObligationReminded
from events.store.record import Fact

DAY = dt.date(2026, 7, 1)
NAMES = {"p1": "安宁", "p2": "白云"}


@pytest.fixture(autouse=True)
def english():
    words.use("en")


def fact(event, page=1, recorded=dt.datetime(2026, 7, 5, 1, tzinfo=dt.UTC), reason=None):
    return Fact(
        position=page,
        book=OrgId("B1"),
        page=page,
        event_id=f"e{page}",
        actor="clerk",
        recorded_at=int(recorded.timestamp() * 1_000_000),
        late_reason=reason,
        event=event,
    )


def paid(entry="d1", person="p1"):
    return DuesReceived(
        occurred_on=DAY,
        entry_id=EntryId(entry),
        person_id=PersonId(person),
        month="2026-07",
        amount_fen=1250,
        kind=PaymentKind.REGULAR,
        payer=PayerKind.SELF,
        payer_id=None,
        collector=PersonId("p2"),
        approval_no=None,
    )


def held(meeting="m1", present=("p1", "p2")):
    return MeetingHeld(
        occurred_on=DAY,
        meeting_id=MeetingId(meeting),
        kind=MeetingKind.GENERAL,
        topic="学习",
        chair=PersonId("p1"),
        recorder=PersonId("p2"),
        due=present,
        present=present,
    )


def planned(meeting="m1"):
    return MeetingScheduled(
        occurred_on=DAY, meeting_id=MeetingId(meeting), kind=MeetingKind.GENERAL, planned_on=dt.date(2026, 7, 9), topic="计划"
    )


def told(event, **more):
    return tell(fact(event, **more), NAMES, "ab12", lambda token: f"opened {token}")


def test_a_fact_is_told_with_names_money_and_choices_in_words():
    view = told(paid())
    assert view.facts == [
        ("Member", "安宁"),
        ("For month", "2026-07"),
        ("Amount", "12.50"),
        ("Kind", "Regular"),
        ("Handed in by", "The member"),
        ("Collector", "白云"),
    ]
    assert view.sentence.startswith("安宁, 2026-07, 12.50")
    assert (view.page, view.hash, view.late_days, view.recorded) == (1, "ab12", 4, "2026-07-05 09:00")


def test_a_fact_is_called_as_in_the_form_of_its_own_event():
    """`method` is how a notice goes out, and how a vote is taken."""
    vote = MotionVoted(
        occurred_on=DAY, meeting_id=MeetingId("m1"), motion_no=1, matter=AgendaKind.OTHER, title="通过计划", method=VoteMethod.SECRET_PAPER,
        voters_due=9, voters_present=9, quorum=5, needed=5, yes=9, no=0, abstain=0, passed=True,
    )  # fmt: skip
    facts = dict(told(vote).facts)
    assert (facts["Motion"], facts["Method"], facts["Matter"]) == ("通过计划", "Secret paper ballot", "Other")
    assert told(vote).sentence == "Other, 通过计划, Secret paper ballot, Passed: Yes"
    assert dict(told(NoticeSent(occurred_on=DAY, meeting_id=MeetingId("m1"), to=(), method=NoticeMethod.PHONE)).facts)["Method"] == "Phone"
    words.use("zh")
    assert dict(told(vote).facts)["表决方式"] == "无记名投票"


def test_many_people_are_counted_before_they_are_named():
    assert dict(told(held(present=("p1", "p2", "p1", "p2"))).facts)["Present"] == "4 people: 安宁, 白云, 安宁, 白云"
    assert dict(told(held()).facts)["Present"] == "安宁, 白云"


def test_a_meeting_that_a_paper_belongs_to_is_called_by_its_own_day_and_topic():
    notice = NoticeSent(occurred_on=DAY - dt.timedelta(days=5), meeting_id=MeetingId("m1"), to=(), method=NoticeMethod.PHONE)
    found = things.matters([fact(notice), fact(held("m1"), 2)], NAMES)
    assert [(thing.id, thing.text) for thing in found] == [("meeting-m1", "2026-07-01 General meeting 学习")]


def test_what_was_recorded_late_says_so_with_its_reason():
    assert [(mark.text, mark.why) for mark in told(paid(), reason="forgotten").marks] == [
        ("late entry", "Recorded 4 days later: forgotten")
    ]
    assert told(paid(), recorded=dt.datetime(2026, 7, 1, 15, tzinfo=dt.UTC)).marks == []


def test_a_reversal_bears_the_mark_of_a_correction():
    reversal = DuesReversed(occurred_on=DAY, entry_id=EntryId("d1"), kind=EntryKind.PAYMENT, amount_fen=1250, reason="错")
    assert corrects(reversal)
    assert "corrected" in [mark.text for mark in told(reversal).marks]
    assert not corrects(paid())


def test_somebody_is_found_wherever_an_event_names_them():
    assert mentions(paid(), "p2")
    assert mentions(held(), "p1")
    assert not mentions(paid(), "p3")


def test_payments_can_be_picked_until_they_are_reversed():
    reversal = DuesReversed(occurred_on=DAY, entry_id=EntryId("d1"), kind=EntryKind.PAYMENT, amount_fen=1250, reason="错")
    facts = [fact(paid("d1")), fact(paid("d2", "p2"), 2), fact(reversal, 3)]
    assert [(thing.id, thing.text) for thing in things.payments(facts, NAMES)] == [("d2", "2026-07-01 白云 2026-07 12.50")]


def test_a_meeting_is_called_by_what_it_became():
    facts = [fact(planned("m1")), fact(planned("m2"), 2), fact(held("m1"), 3)]
    assert [thing.text for thing in things.meetings(facts)] == ["2026-07-09 General meeting 计划", "2026-07-01 General meeting 学习"]
    cancelled = MeetingCancelled(occurred_on=DAY, meeting_id=MeetingId("m2"), reason="雨")
    assert [thing.id for thing in things.meetings([*facts, fact(cancelled, 4)])] == ["m1"]


def test_a_task_is_told_by_its_title_and_its_days_and_never_by_an_id():
    duty = "DL-02:2026-11"
    raised = ObligationRaised(
        occurred_on=DAY, obligation_id=duty, deadline="DL-02", task="N02.T03", period="2026-11", due_on=dt.date(2026, 11, 30)
    )
    reminded = ObligationReminded(occurred_on=DAY, obligation_id=duty, due_on=dt.date(2026, 11, 30), offset=-7)
    of_a_group = ObligationOverdue(occurred_on=DAY, obligation_id="DL-03:2026-11:p1", due_on=dt.date(2026, 11, 30))
    unknown = ObligationOverdue(occurred_on=DAY, obligation_id="DL-03:2026-11:x9", due_on=dt.date(2026, 11, 30))
    sentences = [tell(fact(event), NAMES, "", str).sentence for event in (raised, reminded, of_a_group, unknown)]
    assert sentences == [
        "Monthly committee meeting 2026-11, N02.T03, due on 2026-11-30",
        "Monthly committee meeting 2026-11, due on 2026-11-30, 7 days before",
        "Monthly Party group meeting 2026-11 安宁, due on 2026-11-30",
        "Monthly Party group meeting 2026-11, due on 2026-11-30",
    ]


def test_every_fact_of_every_event_has_a_name_in_both_languages():
    silent = ("occurred_on", "obligation_id")
    facts = {name for event in EVENTS.values() for name in event.__struct_fields__ if name not in silent}
    told = {name for name in facts if not name.endswith(("_id", "_index"))}
    assert {name for name in told if not all(LABELS.get(name, ("", "")))} == set()
