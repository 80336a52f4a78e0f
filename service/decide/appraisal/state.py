"""One year's democratic appraisal, folded: what stands of it, and what it still lacks (N13, R-I)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, assert_never, cast

import msgspec

from events.appraisal import (
    AppraisalBallotRecorded,
    AppraisalClosed,
    AppraisalEntryId,
    AppraisalEntryWithdrawn,
    AppraisalEvent,
    AppraisalMeetingHeld,
    AppraisalOpened,
    AppraisalStudyHeld,
    ExcellentShareRaised,
    FeedbackGiven,
    Grade,
    GradeAssigned,
    LackExcused,
    Lacking,
    PeerAssessed,
    SelfAssessed,
    Year,
)
from events.base import Event, PersonId
from service.decide.base import Context, Fold, label, own
from service.errors import Conflict

E = TypeVar("E", bound=AppraisalEvent)


class Appraisal(msgspec.Struct, frozen=True, kw_only=True):
    """All entries that stand, by name, in the order of recording."""

    standing: Mapping[AppraisalEntryId, AppraisalEvent] = {}
    withdrawn: frozenset[AppraisalEntryId] = frozenset()

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.standing.values() if isinstance(event, kind)]

    def one(self, kind: type[E]) -> E | None:
        """The last one of its kind, of which one stands at a time."""
        return next(reversed(self.all(kind)), None)

    @property
    def opened(self) -> AppraisalOpened | None:
        return self.one(AppraisalOpened)

    @property
    def closed(self) -> AppraisalClosed | None:
        return self.one(AppraisalClosed)

    @property
    def studies(self) -> list[AppraisalStudyHeld]:
        return self.all(AppraisalStudyHeld)

    @property
    def meetings(self) -> list[AppraisalMeetingHeld]:
        return self.all(AppraisalMeetingHeld)

    @property
    def met_on(self) -> dt.date | None:
        """The day of the last appraisal meeting; whoever is a full member on it is graded."""
        return max((meeting.occurred_on for meeting in self.meetings), default=None)

    @property
    def participants(self) -> int:
        return sum(meeting.participants for meeting in self.meetings)

    @property
    def assessed(self) -> frozenset[PersonId]:
        """Who handed in a self-assessment."""
        return frozenset(event.person_id for event in self.all(SelfAssessed))

    @property
    def commented(self) -> frozenset[PersonId]:
        """On whom another member commented."""
        return frozenset(event.person_id for event in self.all(PeerAssessed))

    @property
    def ballots(self) -> Mapping[PersonId | None, AppraisalBallotRecorded]:
        return {event.person_id: event for event in self.all(AppraisalBallotRecorded)}

    @property
    def grades(self) -> Mapping[PersonId, GradeAssigned]:
        return {event.person_id: event for event in self.all(GradeAssigned)}

    @property
    def told(self) -> frozenset[PersonId]:
        """Who was told the result."""
        return frozenset(event.person_id for event in self.all(FeedbackGiven))

    def excused(self, person_id: PersonId, what: Lacking) -> bool:
        """A reason for the gap is on record (INV-081)."""
        return any(event.person_id == person_id and event.what in (what, Lacking.APPRAISAL) for event in self.all(LackExcused))

    def lacks(self, person_id: PersonId) -> tuple[Lacking, ...]:
        """What a member cannot be graded without (INV-081)."""
        there = {Lacking.SELF_ASSESSMENT: person_id in self.assessed, Lacking.BALLOT: person_id in self.ballots}
        return tuple(what for what, handed_in in there.items() if not handed_in and not self.excused(person_id, what))

    def due(self) -> tuple[PersonId, ...]:
        """Who is to be graded: as told in the notice, then as found at the meeting; not who is let off."""
        told = self.meetings[-1].full if self.meetings else self.opened.full if self.opened else ()
        return tuple(person for person in told if not self.excused(person, Lacking.APPRAISAL))

    def everybody(self) -> tuple[PersonId, ...]:
        """Who takes part: probationary members too, without a grade (R-I03)."""
        return (*self.due(), *(self.opened.probationary if self.opened else ()))

    def count(self, grade: Grade) -> int:
        return sum(event.grade is grade for event in self.grades.values())


def evolve(appraisal: Appraisal, event: Event) -> Appraisal:
    """The appraisal after one more event of its stream."""
    own_event = cast("AppraisalEvent", event)
    match own_event:
        case (
            AppraisalOpened()
            | AppraisalStudyHeld()
            | SelfAssessed()
            | AppraisalMeetingHeld()
            | PeerAssessed()
            | AppraisalBallotRecorded()
            | LackExcused()
            | ExcellentShareRaised()
            | GradeAssigned()
            | FeedbackGiven()
            | AppraisalClosed()
        ):
            return msgspec.structs.replace(appraisal, standing={**appraisal.standing, own_event.entry_id: own_event})
        case AppraisalEntryWithdrawn():
            left = {entry_id: entry for entry_id, entry in appraisal.standing.items() if entry_id != own_event.entry_id}
            return Appraisal(standing=left, withdrawn=appraisal.withdrawn | {own_event.entry_id})
        case _:
            assert_never(own_event)


def stream(command: Any) -> str:
    return f"appraisal-{command.year}"


APPRAISAL = Fold[Appraisal](name="appraisal", book=own, stream=stream, initial=Appraisal(), evolve=evolve)

OfYear = Annotated[Year, label("评议年度", "Year appraised")]
NewEntry = Annotated[AppraisalEntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]


def new_name(appraisal: Appraisal, given: AppraisalEntryId | None, context: Context) -> AppraisalEntryId:
    """The name of a new entry: the id of its event, unless the client gave one that is still free."""
    name = given or AppraisalEntryId(context.event_ids[0])
    if name in appraisal.standing or name in appraisal.withdrawn:
        raise Conflict(f"entry {name} is on record already")
    return name


def under_way(appraisal: Appraisal, year: int) -> AppraisalOpened:
    """The appraisal was opened and is not closed."""
    if appraisal.opened is None:
        raise Conflict(f"the appraisal of {year} has not been opened")
    if appraisal.closed is not None:
        raise Conflict(f"the appraisal of {year} was closed on {appraisal.closed.occurred_on}")
    return appraisal.opened


def met(appraisal: Appraisal, year: int, day: dt.date) -> dt.date:
    """The day of the appraisal meeting, after which something is recorded."""
    under_way(appraisal, year)
    if appraisal.met_on is None:
        raise Conflict(f"no appraisal meeting of {year} is on record")
    if day < appraisal.met_on:
        raise Conflict(f"the appraisal meeting was held on {appraisal.met_on}, after {day}")
    return appraisal.met_on
