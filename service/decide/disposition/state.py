"""What is known of one disposition case: its steps that stand, and how the member stands by them (norm N20, rules R-H)."""

import datetime as dt
from typing import Any, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, PersonId
from events.disposition import (
    STEPS,
    Disposition,
    DispositionAnnounced,
    DispositionAppealDecided,
    DispositionAppealFiled,
    DispositionApproved,
    DispositionClosed,
    DispositionEvent,
    DispositionFactsVerified,
    DispositionOpened,
    DispositionPreReviewed,
    DispositionPreReviewSubmitted,
    DispositionRejected,
    DispositionStep,
    DispositionStepEvent,
    DispositionStepWithdrawn,
    DispositionSubmitted,
    DispositionTalkHeld,
    DispositionVoted,
    PersuasionEnded,
    RectificationPeriodReviewed,
    RectificationPeriodStarted,
    RectificationProgressRecorded,
    ReviewResult,
)
from events.members import CaseKind, LeftGround
from service.decide.base import Fold, own
from service.decide.cases.roster import back_on_the_roll, closed, left, posts_vacated, reopened
from service.decide.cases.steps import E, newest
from service.decide.roster import Roster
from service.errors import Absent, Conflict


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the case has come to."""

    left: LeftGround | None = None
    """The case ended the membership."""
    over: bool = False
    disposed: bool = False
    """Over with a disposition, so that the matter is used up (INV-093)."""
    correcting_until: dt.date | None = None


class DispositionCase(msgspec.Struct, frozen=True, kw_only=True):
    """One case as its steps tell it; a step that was taken back is not among them."""

    steps: tuple[DispositionStepEvent, ...] = ()
    withdrawn: bool = False

    def last(self, step: type[E]) -> E | None:
        """The newest step of a kind."""
        return newest(self.steps, step)

    def current(self, step: type[E]) -> E | None:
        """The newest step of a kind since a proposal last came to nothing: then the branch proposes anew."""
        ends = [number for number, one in enumerate(self.steps) if _proposes_anew(one)]
        return newest(self.steps[ends[-1] + 1 :] if ends else self.steps, step)

    @property
    def opened(self) -> DispositionOpened:
        assert isinstance(self.steps[0], DispositionOpened)
        return self.steps[0]

    @property
    def person_id(self) -> PersonId:
        return self.opened.person_id

    @property
    def standing(self) -> Standing:
        standing = Standing()
        approved: DispositionApproved | None = None
        for step in self.steps:
            approved = step if isinstance(step, DispositionApproved) else approved
            standing = _after(standing, step, approved)
        return standing


def _proposes_anew(step: DispositionStepEvent) -> bool:
    """After this step the branch needs another proposal: refused, not corrected, or would not resign."""
    match step:
        case DispositionPreReviewed():
            return not step.agreed
        case RectificationPeriodReviewed():
            return not step.passed
        case PersuasionEnded():
            return not step.resigned
        case _:
            return isinstance(step, DispositionRejected)


def _after(standing: Standing, step: DispositionStepEvent, approved: DispositionApproved | None) -> Standing:
    """How the member stands after one more step."""
    match step:
        case DispositionApproved() if step.disposition is Disposition.REMOVE:
            return replace(standing, left=LeftGround.REMOVED)
        case DispositionAnnounced() if approved is not None and approved.disposition is Disposition.REMOVE:
            return replace(standing, over=True, disposed=True)
        case RectificationPeriodStarted():
            return replace(standing, correcting_until=step.until)
        case RectificationPeriodReviewed():
            return replace(standing, correcting_until=None, over=step.passed, disposed=step.passed)
        case PersuasionEnded() if step.resigned:
            return replace(standing, left=LeftGround.PERSUADED, over=True, disposed=True)
        case DispositionAppealDecided() if step.result is ReviewResult.REVOKED:
            return Standing(over=True)
        case DispositionClosed():
            return replace(standing, over=True)
        case (
            DispositionOpened()
            | DispositionFactsVerified()
            | DispositionTalkHeld()
            | DispositionPreReviewSubmitted()
            | DispositionPreReviewed()
            | DispositionVoted()
            | DispositionSubmitted()
            | DispositionApproved()
            | DispositionRejected()
            | DispositionAnnounced()
            | RectificationProgressRecorded()
            | PersuasionEnded()
            | DispositionAppealFiled()
            | DispositionAppealDecided()
        ):
            return standing
        case _:
            assert_never(step)


def evolve(case: DispositionCase, event: Event) -> DispositionCase:
    """The case after one more event of its stream."""
    own_event = cast("DispositionEvent", event)
    if isinstance(own_event, DispositionStepWithdrawn):
        return DispositionCase(steps=case.steps[:-1], withdrawn=own_event.step is DispositionStep.OPENED)
    return replace(case, steps=(*case.steps, own_event))


def with_effects(case: DispositionCase, event: DispositionEvent, roster: Roster, document_no: str) -> list[Event]:
    """The event, and what it changes on the roster: membership ended or given back, case closed or open again (INV-009, INV-074)."""
    before, after = case.standing, evolve(case, event).standing
    opened, day = case.opened, event.occurred_on
    events: list[Event] = [event]
    if before.left is not None and after.left is None:
        events.append(back_on_the_roll(roster, case.person_id, day))
    elif before.left is None and after.left is not None:
        events += posts_vacated(roster, case.person_id, day, f"{after.left.zh} {document_no}")
        events.append(left(roster, case.person_id, day, after.left, document_no))
    taken_back = isinstance(event, DispositionStepWithdrawn) and event.step is DispositionStep.OPENED
    if taken_back or (after.over and not before.over):
        events.append(closed(case.person_id, opened.case_no, day, sanctioned=after.disposed))
    elif before.over and not after.over:
        events.append(reopened(CaseKind.DISPOSITION, case.person_id, opened.case_no, opened.matter_no, day))
    return events


def _stream(command: Any) -> str | None:
    return f"disposition-{command.case_id}" if command.case_id else None


DISPOSITION = Fold[DispositionCase](name="disposition", book=own, stream=_stream, initial=DispositionCase(), evolve=evolve)


def known(case: DispositionCase, case_id: str) -> DispositionCase:
    """The case itself, unless there is none or it was entered by mistake."""
    if case.withdrawn:
        raise Conflict(f"case {case_id} was withdrawn")
    if not case.steps:
        raise Absent(f"case {case_id}")
    return case


def under_way(case: DispositionCase, case_id: str) -> DispositionCase:
    """The case, unless it is over."""
    if known(case, case_id).standing.over:
        raise Conflict(f"case {case_id} is over")
    return case


def last_step(case: DispositionCase) -> DispositionStep:
    return STEPS[type(case.steps[-1])]
