"""Late, waived, extended, corrected, and the tasks that one deadline proves: told by the record's own events, at their edges (R-J02)."""

import collections
import datetime as dt

import msgspec
import pytest

from events.base import Event, MeetingId
from events.meetings import AttendanceCorrected, MeetingHeld, MeetingKind, MeetingWithdrawn
from events.obligations import ObligationExtended, ObligationRaised, ObligationWaived
from projections.engine.fold import Fact
from projections.scores import Reader, fold_and_score
from projections.standard.deadlines import How
from projections.standard.pack import Pack
from projections.standard.score_tree import Ground, Node, Reason, leaves
from projections.standard.scoring import Scorer, score
from tests.obligations.world import ANN, BEN, ORG, day, founded
from tests.scores.test_packs import book
from tests.scores.world import END, PACK, YEAR, duty, only, scheme_with

ONE = scheme_with(indicator=only("N09"))
LAST = "DL-07:2026-Q4"
DUE = day("2026-12-31")
NOW = day("2027-06-30")


def met(on: str, name: str = "") -> MeetingHeld:
    return MeetingHeld(
        occurred_on=day(on),
        meeting_id=MeetingId(name or f"m-{on}"),
        kind=MeetingKind.GENERAL,
        topic="工作报告",
        chair=ANN,
        recorder=BEN,
        due=(ANN, BEN),
        present=(ANN, BEN),
    )


BEFORE = (founded(day("2025-12-01")), met("2026-02-10"), met("2026-05-10"), met("2026-08-10"))
RAISED = ObligationRaised(
    occurred_on=day("2026-10-01"), obligation_id=LAST, deadline="DL-07", task="N09.T01", period="2026-Q4", subject="", due_on=DUE, needed=1
)


def tree(*events: Event, pack: Pack = ONE, on: dt.date = NOW) -> Node:
    return fold_and_score(Reader(pack), Scorer(pack, YEAR), facts(*BEFORE, *events), (), on, draft=False).total


def facts(*events: Event) -> list[Fact[Event]]:
    return book(*events)


def last(*events: Event, pack: Pack = ONE, on: dt.date = NOW) -> Ground:
    [found] = [one for one in leaves(tree(*events, pack=pack, on=on)) if one.ground and one.ground.obligation_id == LAST]
    assert found.ground is not None
    return found.ground


def test_the_last_day_is_in_time_and_the_first_day_after_it_is_not():
    assert last(RAISED, met("2026-12-31")).reason is Reason.ON_TIME
    assert last(RAISED, met("2027-01-01")).reason is Reason.OVERDUE  # held in the next quarter, it counts there
    assert last(RAISED, on=DUE).reason is Reason.NOT_DUE
    assert last(RAISED, on=DUE + dt.timedelta(days=1)).reason is Reason.OVERDUE


def extended(to: str, on: str = "2026-12-20") -> ObligationExtended:
    return ObligationExtended(occurred_on=day(on), obligation_id=LAST, due_on=day(to), reason="洪灾")


@pytest.mark.parametrize(("on", "reason"), [("2027-01-31", Reason.NOT_DUE), ("2027-02-01", Reason.OVERDUE)])
def test_an_extension_moves_the_day_from_which_it_is_late(on, reason):
    assert last(RAISED, extended("2027-01-31"), on=day(on)).reason is reason


def test_what_was_done_before_the_first_date_and_extended_for_nothing_is_done_in_added_time():
    found = last(RAISED, extended("2027-01-31"), met("2026-12-31"))
    assert (found.reason, found.credit, found.due_on) == (Reason.EXTENDED, 100, day("2027-01-31"))
    mean = scheme_with(indicator=only("N09"), extended=90)
    assert last(RAISED, extended("2027-01-31"), met("2026-12-31"), pack=mean).credit == 90


@pytest.mark.parametrize(("on", "reason"), [("2027-01-31", Reason.EXTENDED), ("2027-02-01", Reason.OVERDUE)])
def test_what_is_done_by_the_last_day_of_the_added_time_counts_for_the_year_that_was_given_it(on, reason):
    assert last(RAISED, extended("2027-01-31"), met(on)).reason is reason


def waived(on: str = "2026-12-20") -> ObligationWaived:
    return ObligationWaived(occurred_on=day(on), obligation_id=LAST, reason="洪灾")


def test_a_waiver_takes_the_weight_away_before_and_after_the_date_and_says_why():
    for event in (waived(), waived("2027-03-01")):
        found = last(RAISED, event)
        assert (found.reason, found.text) == (Reason.WAIVED, "洪灾")
    total = tree(RAISED, waived())
    routine = next(one for one in total.children if one.id == "routine")
    assert (routine.most, routine.got) == (3000, 3000)


def test_evidence_that_is_taken_back_takes_its_points_back_and_what_came_instead_gives_them():
    taken = MeetingWithdrawn(occurred_on=day("2026-12-12"), meeting_id=MeetingId("m-2026-12-10"), reason="误记")
    assert last(RAISED, met("2026-12-10")).events == ("e6",)
    gone = last(RAISED, met("2026-12-10"), taken)
    assert (gone.reason, gone.events, gone.done) == (Reason.OVERDUE, (), 0)
    again = last(RAISED, met("2026-12-10"), taken, met("2026-12-20"))
    assert (again.reason, again.events, again.done_on) == (Reason.ON_TIME, ("e8",), day("2026-12-20"))


def test_a_correction_of_attendance_leaves_the_meeting_and_its_points_where_they_are():
    corrected = AttendanceCorrected(
        occurred_on=day("2026-12-12"), meeting_id=MeetingId("m-2026-12-10"), present=(ANN,), reason="误记", absent=(BEN,), author=BEN
    )
    assert last(RAISED, met("2026-12-10"), corrected) == last(RAISED, met("2026-12-10"))


# One deadline, several tasks


SEVERAL = [deadline for deadline in PACK.deadlines if deadline.also and deadline.how is not How.NOTICE]


@pytest.mark.parametrize("deadline", SEVERAL, ids=lambda one: one.id)
def test_what_proves_several_tasks_counts_once_under_each_that_the_scheme_weighs(deadline):
    weighed = {task: weight for one in PACK.schemes[0].indicator for task, weight in one.task.items()}
    norms = {one.norm for one in PACK.schemes[0].indicator if one.points}
    expected = {task for task in deadline.tasks if task[:3] in norms and weighed.get(task, 1)}
    assert len(set(deadline.tasks)) == len(deadline.tasks)
    found = leaves(score(YEAR, [duty("2026", "2026-12-31", on="2026-12-01", deadline=deadline.id)], (), PACK, END).total)
    mine = [one for one in found if one.ground and one.ground.deadline == deadline.id]
    assert collections.Counter(one.id.partition("/")[0] for one in mine) == collections.Counter(expected)
    assert len({one.id for one in found}) == len(found)
    assert sum(one.got for one in mine) == 3000


def test_a_task_named_twice_by_its_deadline_counts_once():
    deadlines = tuple(
        msgspec.structs.replace(one, also=(one.task, *one.also)) if one.id == SEVERAL[0].id else one for one in PACK.deadlines
    )
    twice = msgspec.structs.replace(PACK, deadlines=deadlines)
    duties = [duty("2026", "2026-12-31", on="2026-12-01", deadline=SEVERAL[0].id)]
    assert score(YEAR, duties, (), twice, END).total == score(YEAR, duties, (), PACK, END).total


def test_a_book_of_another_organisation_has_no_part_in_it():
    assert {fact.book for fact in facts(*BEFORE)} == {ORG}
