"""What is put to the superior: three submissions in order, another time than the end of the term (N05.T02, T03; INV-021 to 023, 034)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Text
from events.elections import (
    ElectionId,
    ElectionKind,
    ElectionOpened,
    Matter,
    Office,
    Recommender,
    RequestApproved,
    RequestReturned,
    RequestSubmitted,
)
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.elections.seats import take_office
from service.decide.elections.state import ELECTION, THREE, Election, running, submissions
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused


class SubmitElectionRequest(Command, frozen=True, kw_only=True, tag="submit-election-request"):
    """Put a submission to the superior; the third one reports the result."""

    zh: ClassVar[str] = "换届报请"
    en: ClassVar[str] = "Submit an election request"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    matter: Annotated[Matter, label("报请事项", "Matter")]
    document_no: Annotated[Text, label("请示文号", "Document no.", min_length=1)]
    planned_on: Annotated[
        dt.date | None,
        label(
            "延期至/提前至",
            "Postponed until / held early on",
            help_zh="仅延期、提前换届填写",
            help_en="Only for a postponed or early election",
        ),
    ] = None
    reason: Annotated[Text, label("事由", "Reason")] = ""


class ApproveElectionRequest(Command, frozen=True, kw_only=True, tag="approve-election-request"):
    """The superior agrees to a submission; with the third one the elected take office."""

    zh: ClassVar[str] = "换届批复"
    en: ClassVar[str] = "Approve an election request"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    matter: Annotated[Matter, label("报请事项", "Matter")]
    approval_no: Annotated[Text, label("批复文号", "Approval document no.", min_length=1)]
    planned_on: Annotated[
        dt.date | None,
        label("同意延期至/提前至", "Allowed until / from", help_zh="留空则同请示", help_en="Empty: as was asked for"),
    ] = None


class ReturnElectionRequest(Command, frozen=True, kw_only=True, tag="return-election-request"):
    """The superior sends a submission back, or takes its approval back while nothing rests on it."""

    zh: ClassVar[str] = "退回换届请示"
    en: ClassVar[str] = "Return an election request"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    matter: Annotated[Matter, label("报请事项", "Matter")]
    reason: Annotated[Text, label("退回原因", "Reason", min_length=1)]
    void: Annotated[
        bool,
        label("宣布选举无效", "Declare the election void", help_zh="仅第三次报请，须重新选举", help_en="Third submission: hold it anew"),
    ] = False


def submit_election_request(command: SubmitElectionRequest, context: Context, election: Election) -> Outcome:
    event = RequestSubmitted(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        matter=command.matter,
        document_no=command.document_no,
        planned_on=command.planned_on,
        reason=command.reason,
    )
    opened = running(election, command.election_id, command.occurred_on)
    if election.submitted.get(command.matter) == event:
        return []
    if command.matter in election.submitted:
        raise Conflict(f"{command.matter.en} has been submitted")
    if command.matter in THREE:
        if command.planned_on is not None:
            raise Malformed("a day is named only to postpone the election or to hold it early: planned_on")
        check_order(command.matter, opened, election, command.occurred_on)
        _check_ready(command.matter, opened, election)
    else:
        _check_time(command.matter, command.planned_on, opened, context.rules)
        if not command.reason:
            raise Malformed("why the election is to be held at another time: reason")
    return [event]


def check_order(matter: Matter, opened: ElectionOpened, election: Election, day: dt.date) -> None:
    """INV-021: each submission only after the one before was approved, on that day or later."""
    stages = submissions(opened)
    if matter not in stages:
        raise Conflict(f"{opened.kind.en} has no such submission")
    for before in stages[: stages.index(matter)]:
        approved = election.approved.get(before)
        if approved is None:
            raise Refused("INV-021", "matter", detail=before.en)
        if day < approved.occurred_on:
            raise Refused("INV-021", "occurred_on", detail=str(approved.occurred_on))


def _check_ready(matter: Matter, opened: ElectionOpened, election: Election) -> None:
    """The slate follows the two recommendations (R-B18), the report follows the ballots (INV-021)."""
    if matter is Matter.SECOND:
        if election.proposed is None:
            raise Conflict("no candidates have been proposed")
        if opened.kind is ElectionKind.TERM and (missing := [by.en for by in Recommender if by not in election.recommended]):
            raise Conflict(f"both recommendations come first; missing: {', '.join(missing)}")
    if matter is Matter.THIRD and not election.complete:
        raise Refused("INV-021", "matter", detail=", ".join(office.en for office in Office if election.remaining(office)))


def _check_time(matter: Matter, planned_on: dt.date | None, opened: ElectionOpened, rules: Rules) -> None:
    """INV-022: postponed by no more than the most months; an early one lies before the end of the term."""
    ends_on = opened.term_ends_on
    if ends_on is None:
        raise Conflict("there is no term that ends")
    if planned_on is None:
        raise Malformed("until when, or on which day: planned_on")
    if matter is Matter.EXTENSION:
        if planned_on <= ends_on:
            raise Malformed(f"the term ends on {ends_on}: planned_on")
        if planned_on > (latest := add_months(ends_on, rules.number("election.extension_max_months"))):
            raise Refused("INV-022", "planned_on", detail=str(latest))
    elif planned_on >= ends_on:
        raise Malformed(f"the term ends on {ends_on}: planned_on")


def approve_election_request(command: ApproveElectionRequest, context: Context, election: Election, roster: Roster) -> Outcome:
    opened = running(election, command.election_id, command.occurred_on)
    submitted = election.submitted.get(command.matter)
    extra = command.matter not in THREE
    if command.planned_on is not None and not extra:
        raise Malformed("a day is named only to postpone the election or to hold it early: planned_on")
    event = RequestApproved(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        matter=command.matter,
        approval_no=command.approval_no,
        planned_on=(command.planned_on or (submitted.planned_on if submitted else None)) if extra else None,
    )
    if (before := election.approved.get(command.matter)) is not None:
        if before == event:
            return []
        if command.matter is Matter.EXTENSION:
            raise Refused("INV-022", "matter", detail=str(before.planned_on))
        raise Conflict(f"{command.matter.en} was approved on {before.occurred_on}")
    if submitted is None:
        raise Refused("INV-023" if extra else "INV-021", "matter")
    if command.occurred_on < submitted.occurred_on:
        raise Conflict(f"it was submitted on {submitted.occurred_on}")
    if extra:
        _check_time(command.matter, event.planned_on, opened, context.rules)
    if command.matter is Matter.THIRD:
        return [event, *take_office(event, election, roster, context.rules)]
    return [event]


def return_election_request(command: ReturnElectionRequest, _context: Context, election: Election) -> Outcome:
    """Also an approval, as long as nothing was done on it."""
    event = RequestReturned(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        matter=command.matter,
        reason=command.reason,
        void=command.void,
    )
    running(election, command.election_id, command.occurred_on)
    if command.void and command.matter is not Matter.THIRD:
        raise Malformed("only the result of an election can be void: void")
    submitted = election.submitted.get(command.matter)
    if submitted is None:
        if election.returned.get(command.matter) == event:
            return []
        raise Refused("INV-023" if command.matter not in THREE else "INV-021", "matter")
    if command.occurred_on < submitted.occurred_on:
        raise Conflict(f"it was submitted on {submitted.occurred_on}")
    if command.matter in election.approved and _rested_on(command.matter, election):
        raise Conflict(f"{command.matter.en} was approved, and more has been done since")
    return [event]


def _rested_on(matter: Matter, election: Election) -> bool:
    """Whether something followed from an approval."""
    match matter:
        case Matter.FIRST:
            return Matter.SECOND in election.submitted
        case Matter.SECOND:
            return election.confirmed is not None or election.convened is not None
        case Matter.THIRD:
            return True
        case Matter.EXTENSION | Matter.EARLY:
            return election.convened is not None


CASES = (
    Case(command=SubmitElectionRequest, right=Right.ELECTION_WRITE, reads=(ELECTION,), decide=submit_election_request),
    Case(command=ApproveElectionRequest, right=Right.SUPERIOR_WRITE, reads=(ELECTION, ROSTER), decide=approve_election_request),
    Case(command=ReturnElectionRequest, right=Right.SUPERIOR_WRITE, reads=(ELECTION,), decide=return_election_request),
)
