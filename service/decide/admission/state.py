"""One person's admission, folded: the entries that stand, and what follows from them (norm N14, R-C)."""

import datetime as dt
from typing import Annotated, Any, TypeVar, cast

import msgspec

from events.admission import (
    ActivistDetermined,
    AdmissionClosed,
    AdmissionStage,
    ApplicantDetailsCorrected,
    ApplicationReceived,
    CaseTakenOver,
    ContactsAssigned,
    CultivationEvent,
    TargetDetermined,
)
from events.admission_acceptance import (
    OPENING,
    AcceptanceEvent,
    AdmissionApproved,
    AdmissionEntryWithdrawn,
    AdmissionFileArchived,
    AdmissionQuestion,
    AdmissionRejected,
    AdmissionVoted,
    ConversionApproved,
    ConversionReturned,
    ProbationCancelled,
    ProbationExtended,
)
from events.base import AdmissionId, Choice, Event, MeetingId, PersonId
from events.meetings import MeetingHeld, MeetingKind
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.decide.base import Fold, label, own
from service.decide.meetings.state import Meeting, held
from service.errors import Absent, Conflict, Malformed

AdmissionEvent = CultivationEvent | AcceptanceEvent
E = TypeVar("E", bound=Event)
PROFILE = (
    *("name", "sex", "nationality", "born_on", "born_month", "id_number", "id_index", "native_place"),
    *("education", "work_post", "unit_and_post", "started_work", "phone", "address"),
)
"""What is known of the person before the roll takes over."""
SEALED = "~1|"
Who = Annotated[AdmissionId, label("发展党员程序", "Admission")]
"""The field of a command that says whose case it is about."""


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of one case in the order of recording; withdrawn ones are gone."""

    entries: tuple[AdmissionEvent, ...] = ()
    void: bool = False
    """The application itself was withdrawn as a wrong entry."""

    def all(self, kind: type[E], of: Choice | None = None) -> tuple[E, ...]:
        """Entries of one kind; `of` tells which, where an event serves several."""
        found = (entry for entry in self.entries if isinstance(entry, kind))
        return tuple(cast("E", entry) for entry in found if of is None or entry.entry().endswith(f":{of.value}"))

    def last(self, kind: type[E], of: Choice | None = None) -> E | None:
        found = self.all(kind, of)
        return found[-1] if found else None

    def after(self, *kinds: type[Event]) -> "Admission":
        """What was recorded after the last entry of these kinds; all of it when there is none."""
        cuts = [index for index, entry in enumerate(self.entries) if isinstance(entry, kinds)]
        return self if not cuts else Admission(entries=self.entries[cuts[-1] + 1 :])

    def has(self, event: AdmissionEvent) -> bool:
        """The same is on record already; sealed texts cannot be compared and are taken for the same."""
        return any(_alike(event, entry) for entry in self.entries)

    @property
    def opened(self) -> ApplicationReceived | CaseTakenOver | None:
        first = self.entries[0] if self.entries else None
        return first if isinstance(first, ApplicationReceived | CaseTakenOver) else None

    @property
    def taken_over(self) -> CaseTakenOver | None:
        return self.last(CaseTakenOver)

    @property
    def over(self) -> AdmissionClosed | AdmissionFileArchived | None:
        return self.last(AdmissionClosed) or self.last(AdmissionFileArchived)

    @property
    def activist_on(self) -> dt.date | None:
        """Cultivation counts from here, wherever it began (R-C30)."""
        if (determined := self.last(ActivistDetermined)) is not None:
            return determined.occurred_on
        return None if self.taken_over is None else self.taken_over.activist_on

    @property
    def contacts(self) -> tuple[PersonId, ...]:
        assigned = self.last(ContactsAssigned)
        return () if assigned is None else assigned.contacts

    @property
    def admitted_by(self) -> AdmissionVoted | None:
        """The vote that admitted and that no rejection has undone."""
        found = self.after(AdmissionRejected).last(AdmissionVoted, AdmissionQuestion.ADMIT)
        return found if found is not None and found.passed else None

    @property
    def conversion(self) -> "Admission":
        """What belongs to the conversion now under way: an extension begins a new one."""
        return self.after(ProbationExtended)

    @property
    def resolved(self) -> AdmissionVoted | None:
        """What the meeting resolved about the probationary member and the superior has not answered otherwise."""
        votes = self.after(AdmissionApproved, ProbationExtended, ConversionReturned).all(AdmissionVoted)
        return next((vote for vote in reversed(votes) if vote.passed and vote.question is not AdmissionQuestion.ADMIT), None)

    @property
    def approved_on(self) -> dt.date | None:
        """The day from which the person is a probationary member."""
        if (approved := self.last(AdmissionApproved)) is not None:
            return approved.occurred_on
        return None if self.taken_over is None else self.taken_over.voted_on

    @property
    def voted_on(self) -> dt.date | None:
        """The day from which probation counts (R-C22)."""
        if (approved := self.last(AdmissionApproved)) is not None:
            return approved.voted_on
        return None if self.taken_over is None else self.taken_over.voted_on

    @property
    def probation_end(self) -> dt.date | None:
        ended = self.last(ProbationExtended) or self.last(AdmissionApproved) or self.taken_over
        return None if ended is None else ended.probation_end

    @property
    def extended(self) -> bool:
        elsewhere = self.taken_over is not None and self.taken_over.extended
        return elsewhere or self.last(ProbationExtended) is not None

    @property
    def settled(self) -> ConversionApproved | ProbationCancelled | None:
        """How probation ended."""
        return self.last(ConversionApproved) or self.last(ProbationCancelled)

    @property
    def stage(self) -> AdmissionStage:
        if self.approved_on is not None:
            return AdmissionStage.PROBATIONARY
        if self.last(TargetDetermined) is not None:
            return AdmissionStage.TARGET
        if self.taken_over is not None:
            return self.taken_over.stage
        return AdmissionStage.APPLICANT if self.activist_on is None else AdmissionStage.ACTIVIST

    def person(self) -> dict[str, Any]:
        """The particulars as they stand after corrections; personal ones are sealed."""
        known = {field: getattr(self.opened, field, None) for field in PROFILE}
        for corrected in self.all(ApplicantDetailsCorrected):
            known |= {field: value for field in PROFILE if (value := getattr(corrected, field)) is not None}
        return known


def _alike(new: AdmissionEvent, old: AdmissionEvent) -> bool:
    if type(new) is not type(old):
        return False
    pairs = ((getattr(new, field), getattr(old, field)) for field in new.__struct_fields__)
    return all(a == b or (a is not None and isinstance(b, str) and b.startswith(SEALED)) for a, b in pairs)


def evolve(case: Admission, event: Event) -> Admission:
    """The stream `admission-<id>` holds this noun's events and nothing else."""
    entry = cast("AdmissionEvent", event)
    if not isinstance(entry, AdmissionEntryWithdrawn):
        return msgspec.structs.replace(case, entries=(*case.entries, entry))
    if entry.withdrawn in OPENING:
        return Admission(void=True)
    return without(case, entry.withdrawn, entry.withdrawn_on)


def without(case: Admission, name: str, day: dt.date) -> Admission:
    """The case as if the last entry of that name and day had never been made. Raises `Absent` when there is none."""
    for index in range(len(case.entries) - 1, -1, -1):
        if (case.entries[index].entry(), case.entries[index].occurred_on) == (name, day):
            return msgspec.structs.replace(case, entries=case.entries[:index] + case.entries[index + 1 :])
    raise Absent(f"{name} of {day}")


def stream_of(admission_id: str) -> str:
    return f"admission-{admission_id}"


ADMISSION = Fold[Admission](
    name="admission",
    book=own,
    stream=lambda command: stream_of(command.admission_id) if command.admission_id else None,
    initial=Admission(),
    evolve=evolve,
)


def running(case: Admission, admission_id: AdmissionId) -> PersonId:
    """Whose case it is; it must exist and not be over."""
    if case.opened is None:
        raise Absent(f"admission {admission_id}")
    if case.over is not None:
        raise Conflict(f"admission {admission_id} ended on {case.over.occurred_on}")
    return case.opened.person_id


def lapsed(vote: AdmissionVoted, rules: Rules, day: dt.date) -> bool:
    """The superior can no longer approve it (R-C17, INV-053)."""
    return day > add_months(vote.occurred_on, rules.number("admission.approval_months_max"))


def held_on(meeting: Meeting, meeting_id: MeetingId, day: dt.date, *kinds: MeetingKind) -> MeetingHeld:
    """The meeting at which something of that very day was decided."""
    took_place = held(meeting, meeting_id)
    if took_place.kind not in kinds:
        raise Malformed(f"meeting_id: a {' or '.join(kind.value for kind in kinds)} meeting decides this")
    if took_place.occurred_on != day:
        raise Conflict(f"meeting {meeting_id} was held on {took_place.occurred_on}, not on {day}")
    return took_place
