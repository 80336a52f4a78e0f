"""What is known of one discipline case: its steps that stand, and the punishment that follows from them (norm N19, rules R-G)."""

import datetime as dt
from typing import Any, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, PersonId
from events.discipline import (
    STEPS,
    AppealResult,
    DisciplineAnnounced,
    DisciplineAppealDecided,
    DisciplineAppealFiled,
    DisciplineApproved,
    DisciplineClosed,
    DisciplineEvent,
    DisciplineExecuted,
    DisciplineExecutionReported,
    DisciplineImposed,
    DisciplineOpened,
    DisciplineRejected,
    DisciplineStep,
    DisciplineStepEvent,
    DisciplineStepWithdrawn,
    DisciplineSubmitted,
    DisciplineVoted,
    InvestigationReported,
    MaterialsShown,
    PartyProbationEnded,
    PartyProbationExtended,
    ProbationResult,
    Punishment,
)
from service.decide.base import Fold, own
from service.decide.cases.steps import E, newest
from service.errors import Absent, Conflict


class Punished(msgspec.Struct, frozen=True, kw_only=True):
    """A punishment in force. `since`: when it was decided; `restored_on`: when rights came back after probation."""

    kind: Punishment
    since: dt.date
    months: int | None = None
    until: dt.date | None = None
    """The day on which probation within the Party runs out."""
    restored_on: dt.date | None = None

    @property
    def on_probation(self) -> bool:
        return self.kind is Punishment.PARTY_PROBATION and self.restored_on is None

    @property
    def expelled(self) -> bool:
        return self.kind is Punishment.EXPULSION


class DisciplineCase(msgspec.Struct, frozen=True, kw_only=True):
    """One case as its steps tell it; a step that was taken back is not among them."""

    steps: tuple[DisciplineStepEvent, ...] = ()
    withdrawn: bool = False

    def last(self, step: type[E]) -> E | None:
        """The newest step of a kind."""
        return newest(self.steps, step)

    def pending(self, step: type[E]) -> E | None:
        """The newest step of a kind since the superior last said no."""
        rejected = [number for number, one in enumerate(self.steps) if isinstance(one, DisciplineRejected)]
        return newest(self.steps[rejected[-1] :] if rejected else self.steps, step)

    @property
    def opened(self) -> DisciplineOpened:
        assert isinstance(self.steps[0], DisciplineOpened)
        return self.steps[0]

    @property
    def person_id(self) -> PersonId:
        return self.opened.person_id

    @property
    def punished(self) -> Punished | None:
        """The punishment in force after all steps; None before one and after it was revoked."""
        punished: Punished | None = None
        for step in self.steps:
            punished = _after(punished, step)
        return punished

    @property
    def decided(self) -> DisciplineApproved | DisciplineImposed | None:
        return self.last(DisciplineApproved) or self.last(DisciplineImposed)

    def appeal(self, appeal_no: int) -> DisciplineAppealFiled | None:
        return next((one for one in self.steps if isinstance(one, DisciplineAppealFiled) and one.appeal_no == appeal_no), None)

    def appeal_decided(self, appeal_no: int) -> DisciplineAppealDecided | None:
        return next((one for one in self.steps if isinstance(one, DisciplineAppealDecided) and one.appeal_no == appeal_no), None)


def _after(punished: Punished | None, step: DisciplineStepEvent) -> Punished | None:
    """The punishment in force after one more step."""
    match step:
        case DisciplineApproved() | DisciplineImposed():
            return Punished(kind=step.kind, since=step.occurred_on, months=step.months, until=step.probation_until)
        case PartyProbationExtended():
            assert punished is not None, "probation is extended of somebody who is on it"
            return replace(punished, months=(punished.months or 0) + step.months, until=step.probation_until)
        case PartyProbationEnded():
            assert punished is not None, "probation ends of somebody who is on it"
            if step.result is ProbationResult.EXPELLED:
                return Punished(kind=Punishment.EXPULSION, since=step.occurred_on)
            return replace(punished, restored_on=step.occurred_on)
        case DisciplineAppealDecided():
            return _after_appeal(punished, step)
        case (
            DisciplineOpened()
            | InvestigationReported()
            | MaterialsShown()
            | DisciplineVoted()
            | DisciplineSubmitted()
            | DisciplineRejected()
            | DisciplineAnnounced()
            | DisciplineExecuted()
            | DisciplineExecutionReported()
            | DisciplineAppealFiled()
            | DisciplineClosed()
        ):
            return punished
        case _:
            assert_never(step)


def _after_appeal(punished: Punished | None, step: DisciplineAppealDecided) -> Punished | None:
    """A changed punishment counts from the day of the first decision."""
    match step.result:
        case AppealResult.UPHELD:
            return punished
        case AppealResult.REVOKED:
            return None
        case AppealResult.CHANGED:
            assert punished is not None, "an appeal is about a punishment"
            assert step.kind is not None, "a changed punishment has a kind"
            return Punished(kind=step.kind, since=punished.since, months=step.months, until=step.probation_until)
        case _:
            assert_never(step.result)


def evolve(case: DisciplineCase, event: Event) -> DisciplineCase:
    """The case after one more event of its stream."""
    own_event = cast("DisciplineEvent", event)
    if isinstance(own_event, DisciplineStepWithdrawn):
        return DisciplineCase(steps=case.steps[:-1], withdrawn=own_event.step is DisciplineStep.OPENED)
    return replace(case, steps=(*case.steps, own_event))


def _stream(command: Any) -> str | None:
    return f"discipline-{command.case_id}" if command.case_id else None


DISCIPLINE = Fold[DisciplineCase](name="discipline", book=own, stream=_stream, initial=DisciplineCase(), evolve=evolve)


def known(case: DisciplineCase, case_id: str) -> DisciplineCase:
    """The case itself, unless there is none or it was entered by mistake."""
    if case.withdrawn:
        raise Conflict(f"case {case_id} was withdrawn")
    if not case.steps:
        raise Absent(f"case {case_id}")
    return case


def undecided(case: DisciplineCase, case_id: str) -> DisciplineCase:
    """The case, in which nothing is decided yet."""
    known(case, case_id)
    if case.punished is not None or case.last(DisciplineClosed) is not None:
        raise Conflict(f"case {case_id} is decided")
    return case


def last_step(case: DisciplineCase) -> DisciplineStep:
    return STEPS[type(case.steps[-1])]
