"""What is known of one year's assessment of a branch (N26, R-J01 to R-J05)."""

from collections.abc import Mapping
from typing import Any, TypeVar, assert_never, cast

import msgspec

from events.assessment import (
    Adjusted,
    AdjustmentKind,
    AssessmentEntryId,
    AssessmentEntryWithdrawn,
    AssessmentEvent,
    AssessmentGrade,
    BranchGraded,
    Component,
    Hundredths,
    NoticeCirculated,
    OfAssessment,
    PlanReceived,
    RectificationAccepted,
    RectificationPlanned,
    RectificationReturned,
    Scored,
    SelfInspected,
    TaskEntered,
    TaskReported,
    Visited,
    WorkLedgerOpened,
    YearClosed,
    YearOpened,
)
from events.base import Event
from projections.standard.points import FULL as FULL
from projections.standard.points import grade_of as grade_of
from projections.standard.points import total_of as total_of
from service.decide.base import Fold, own
from service.errors import Absent, Conflict

E = TypeVar("E", bound=OfAssessment)

TO_RECTIFY = frozenset({AssessmentGrade.FAIR, AssessmentGrade.POOR})
"""Grades that are circulated and have to be put right (R-J05)."""


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """One year. `entries` are those that stand; a task's report and a problem's acceptance stand beside them."""

    entries: Mapping[AssessmentEntryId, OfAssessment] = {}
    reports: Mapping[AssessmentEntryId, TaskReported] = {}
    accepted: Mapping[AssessmentEntryId, RectificationAccepted] = {}
    returned: Mapping[AssessmentEntryId, RectificationReturned] = {}
    """Plans that the superior sent back, until they are handed in anew."""

    def of(self, kind: type[E]) -> tuple[E, ...]:
        """The entries of a kind, in the order of recording."""
        return tuple(entry for entry in self.entries.values() if isinstance(entry, kind))

    def one(self, kind: type[E]) -> E | None:
        """The newest entry of a kind."""
        found = self.of(kind)
        return found[-1] if found else None

    @property
    def scores(self) -> dict[Component, Scored]:
        """The score that stands for each component."""
        return {scored.component: scored for scored in self.of(Scored)}

    def points(self, kind: AdjustmentKind) -> Hundredths:
        return sum(adjusted.points for adjusted in self.of(Adjusted) if adjusted.kind is kind)

    def rectifies(self) -> bool:
        """Whether the grade asks for a plan."""
        graded = self.one(BranchGraded)
        return graded is not None and graded.grade in TO_RECTIFY

    def must_be_open(self) -> YearOpened:
        """The way in which the year is assessed; nothing is scored before it is told, nor after the grade."""
        opened = self.one(YearOpened)
        if opened is None:
            raise Conflict("the year has not been opened for assessment")
        if (graded := self.one(BranchGraded)) is not None:
            raise Conflict(f"the branch was graded on {graded.occurred_on}; withdraw the grade first")
        return opened

    def must_be_graded(self) -> BranchGraded:
        graded = self.one(BranchGraded)
        if graded is None:
            raise Conflict("the branch has not been graded")
        return graded

    def must_hold(self, entry_id: AssessmentEntryId, kind: type[E]) -> E:
        entry = self.entries.get(entry_id)
        if not isinstance(entry, kind):
            raise Absent(f"{kind.__name__} {entry_id}")
        return entry


EMPTY = Assessment()
change = msgspec.structs.replace


def evolve(known: Assessment, event: Event) -> Assessment:
    """The year after one more event of its stream."""
    own_event = cast("AssessmentEvent", event)
    match own_event:
        case TaskReported():
            return change(known, reports={**known.reports, own_event.entry_id: own_event})
        case RectificationAccepted():
            return change(known, accepted={**known.accepted, own_event.entry_id: own_event})
        case RectificationReturned(entry_id=entry_id):
            left = {key: accepted for key, accepted in known.accepted.items() if key != entry_id}
            return change(known, accepted=left, returned={**known.returned, entry_id: own_event})
        case RectificationPlanned(entry_id=entry_id):
            back = {key: returned for key, returned in known.returned.items() if key != entry_id}
            return change(known, entries={**known.entries, entry_id: own_event}, returned=back)
        case AssessmentEntryWithdrawn():
            return _without(known, own_event.entry_id)
        case (
            PlanReceived()
            | WorkLedgerOpened()
            | TaskEntered()
            | SelfInspected()
            | YearOpened()
            | Visited()
            | Scored()
            | Adjusted()
            | BranchGraded()
            | NoticeCirculated()
            | YearClosed()
        ):
            return change(known, entries={**known.entries, own_event.entry_id: own_event})
        case _:
            assert_never(own_event)


def _without(known: Assessment, entry_id: AssessmentEntryId) -> Assessment:
    return Assessment(
        entries={key: entry for key, entry in known.entries.items() if key != entry_id},
        reports={key: report for key, report in known.reports.items() if key != entry_id},
        accepted={key: accepted for key, accepted in known.accepted.items() if key != entry_id},
        returned={key: returned for key, returned in known.returned.items() if key != entry_id},
    )


def again(known: Assessment, event: OfAssessment) -> bool:
    """Whether this very entry is on record; the same id for something else is a conflict."""
    earlier = known.entries.get(event.entry_id)
    if earlier is not None and earlier != event:
        raise Conflict(f"something else is recorded as {event.entry_id}")
    return earlier is not None


def _stream(years_back: int) -> Any:
    return lambda command: f"assessment-{command.year - years_back}"


ASSESSMENT = Fold[Assessment](name="assessment", book=own, stream=_stream(0), initial=EMPTY, evolve=evolve)
LAST_YEAR = Fold[Assessment](name="assessment-before", book=own, stream=_stream(1), initial=EMPTY, evolve=evolve)
