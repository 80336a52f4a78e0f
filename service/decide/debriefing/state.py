"""What is known of one year's debriefing of the branch secretary (norm N25, rule R-J06)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, assert_never, cast

import msgspec

from events.base import Event
from events.debriefing import (
    AppraisalBallot,
    Before,
    CommentsRecorded,
    DebriefingEvent,
    DebriefingSelfInspected,
    DebriefingStep,
    OpinionsGathered,
    ProblemClosed,
    ProblemId,
    ProblemPlanned,
    ProblemReturned,
    ReportApproved,
    ReportDrafted,
    ReportedToMembers,
    ReportedToSuperior,
    ReportReturned,
    ReportSubmitted,
    ReviewPlanAdopted,
    SecretaryGraded,
    StepWithdrawn,
)
from service.decide.base import Fold, own
from service.errors import Conflict, Refused


class Debriefing(msgspec.Struct, frozen=True, kw_only=True):
    """One year. A report that was returned is to be drafted anew."""

    plan: ReviewPlanAdopted | None = None
    inspected: DebriefingSelfInspected | None = None
    opinions: tuple[OpinionsGathered, ...] = ()
    draft: ReportDrafted | None = None
    submitted: ReportSubmitted | None = None
    returned: ReportReturned | None = None
    approved: ReportApproved | None = None
    to_superior: ReportedToSuperior | None = None
    superior_comment: CommentsRecorded | None = None
    to_members: ReportedToMembers | None = None
    members_comment: CommentsRecorded | None = None
    ballot: AppraisalBallot | None = None
    grade: SecretaryGraded | None = None
    problems: Mapping[ProblemId, ProblemPlanned] = {}
    closed: Mapping[ProblemId, ProblemClosed] = {}
    sent_back: Mapping[ProblemId, ProblemReturned] = {}
    """Problems that the superior returned, until they are planned anew."""

    def must_be_approved(self, day: dt.date) -> ReportApproved:
        """INV-096: no debriefing before the superior approved the report."""
        if self.approved is None or day < self.approved.occurred_on:
            raise Refused("INV-096", "year" if self.approved is None else "occurred_on")
        return self.approved


EMPTY = Debriefing()
change = msgspec.structs.replace


def evolve(known: Debriefing, event: Event) -> Debriefing:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    """The year after one more event of its stream."""
    own_event = cast("DebriefingEvent", event)
    match own_event:
        case ReviewPlanAdopted():
            return change(known, plan=own_event)
        case DebriefingSelfInspected():
            return change(known, inspected=own_event)
        case OpinionsGathered():
            return change(known, opinions=(*known.opinions, own_event))
        case ReportDrafted():
            return change(known, draft=own_event)
        case ReportSubmitted():
            return change(known, submitted=own_event, returned=None)
        case ReportReturned():
            return change(known, returned=own_event, submitted=None, draft=None)
        case ReportApproved():
            return change(known, approved=own_event)
        case ReportedToSuperior():
            return change(known, to_superior=own_event)
        case ReportedToMembers():
            return change(known, to_members=own_event)
        case CommentsRecorded():
            field = "superior_comment" if own_event.before is Before.SUPERIOR else "members_comment"
            return change(known, **{field: own_event})
        case AppraisalBallot():
            return change(known, ballot=own_event)
        case SecretaryGraded():
            return change(known, grade=own_event)
        case ProblemPlanned():
            back = {key: returned for key, returned in known.sent_back.items() if key != own_event.problem_id}
            return change(known, problems={**known.problems, own_event.problem_id: own_event}, sent_back=back)
        case ProblemClosed():
            return change(known, closed={**known.closed, own_event.problem_id: own_event})
        case ProblemReturned(problem_id=problem):
            left_closed = {key: closed for key, closed in known.closed.items() if key != problem}
            return change(known, closed=left_closed, sent_back={**known.sent_back, problem: own_event})
        case StepWithdrawn(step=step):
            left = known.opinions[:-1] if step is DebriefingStep.OPINIONS else None
            return change(known, **{HOLDS[step]: left})
        case _:
            assert_never(own_event)


HOLDS: Mapping[DebriefingStep, str] = {
    DebriefingStep.PLAN: "plan",
    DebriefingStep.SELF_INSPECTION: "inspected",
    DebriefingStep.OPINIONS: "opinions",
    DebriefingStep.DRAFT: "draft",
    DebriefingStep.SUBMISSION: "submitted",
    DebriefingStep.REVIEW: "approved",
    DebriefingStep.TO_SUPERIOR: "to_superior",
    DebriefingStep.SUPERIOR_COMMENT: "superior_comment",
    DebriefingStep.TO_MEMBERS: "to_members",
    DebriefingStep.MEMBERS_COMMENT: "members_comment",
    DebriefingStep.BALLOT: "ballot",
    DebriefingStep.GRADE: "grade",
}
"""Where the state keeps each step."""

RESTS_ON: Mapping[DebriefingStep, tuple[str, ...]] = {
    DebriefingStep.DRAFT: ("submitted",),
    DebriefingStep.SUBMISSION: ("approved",),
    DebriefingStep.REVIEW: ("to_superior",),
    DebriefingStep.TO_SUPERIOR: ("superior_comment", "to_members", "problems"),
    DebriefingStep.SUPERIOR_COMMENT: ("grade",),
    DebriefingStep.TO_MEMBERS: ("members_comment", "ballot"),
    DebriefingStep.BALLOT: ("grade",),
}
"""What must not be there any more before a step is taken back."""


def must_follow(earlier: Event | None, day: dt.date, what: str) -> None:
    """A step comes after another one, and is not dated before it."""
    if earlier is None:
        raise Conflict(f"first comes {what}")
    if day < earlier.occurred_on:
        raise Conflict(f"{what} is of {earlier.occurred_on}")


def _stream(command: Any) -> str:
    return f"debriefing-{command.year}"


DEBRIEFING = Fold[Debriefing](name="debriefing", book=own, stream=_stream, initial=EMPTY, evolve=evolve)
