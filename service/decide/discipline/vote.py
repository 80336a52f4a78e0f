"""The branch decides on a punishment: the vote of the general meeting, and what is sent up (N19.T02, N19.T03, INV-013, 085 to 087)."""

from typing import Annotated, ClassVar

from msgspec import structs

from events.ballots import BallotKind
from events.base import Count, MeetingId, PersonId, Text
from events.discipline import (
    Approver,
    DisciplineId,
    DisciplineStep,
    DisciplineSubmitted,
    DisciplineVoted,
    InvestigationReported,
    MaterialsShown,
    Months,
    Punishment,
)
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.ballots.state import BALLOT, Ballot
from service.decide.ballots.tally import NamedBallot, check_tally
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.cases.steps import not_before
from service.decide.cases.votes import Ballots, Tally, Threshold, tally, voters
from service.decide.discipline.state import DISCIPLINE, DisciplineCase, known, undecided
from service.decide.meetings.state import MEETING, Meeting, held, held_open
from service.decide.quorum import majority, quorum, share
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Refused

TERMS = (12, 24)
"""Months of probation within the Party: one year or two (R-G01)."""


class VoteOnPunishment(Command, frozen=True, kw_only=True, tag="vote-on-punishment"):
    """The general meeting voted on a punishment; whether it passed is worked out."""

    zh: ClassVar[str] = "登记处分表决"
    en: ClassVar[str] = "Record a vote on a punishment"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    meeting_id: Annotated[MeetingId, label("党员大会", "General meeting")]
    kind: Annotated[Punishment, label("处分种类", "Punishment")]
    months: Annotated[
        Months | None, label("期限(月)", "Term (months)", help_zh="仅留党察看：12或24", help_en="Probation within the Party only: 12 or 24")
    ] = None
    yes: Annotated[Count, label("赞成", "For")]
    no: Annotated[Count, label("反对", "Against")] = 0
    abstain: Annotated[Count, label("弃权", "Abstained")] = 0
    left_early: Annotated[tuple[PersonId, ...], label("表决前离会人员", "Left before the vote")] = ()
    ballot_id: NamedBallot = None
    passed: Annotated[
        bool | None, label("是否通过", "Passed", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given")
    ] = None


class SubmitPunishment(Command, frozen=True, kw_only=True, tag="submit-punishment"):
    """The branch sends its decision up for approval."""

    zh: ClassVar[str] = "处分决定报批登记"
    en: ClassVar[str] = "Submit a punishment for approval"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    to: Annotated[Approver, label("报送机关", "To")]
    document_no: Annotated[Text, label("报送文号", "Document no.", min_length=1)]


def check_kind(kind: Punishment, months: int | None) -> None:
    """A term for probation within the Party, one year or two, and for nothing else (INV-086)."""
    probation = kind is Punishment.PARTY_PROBATION
    if (probation and months not in TERMS) or (not probation and months is not None):
        raise Refused("INV-086", "months")


def check_approver(kind: Punishment, by: Approver, field: str) -> None:
    """Expulsion is beyond the grassroots committee (INV-087)."""
    if kind is Punishment.EXPULSION and by is Approver.SUPERIOR_COMMITTEE:
        raise Refused("INV-087", field)


def vote_on_punishment(
    command: VoteOnPunishment, context: Context, case: DisciplineCase, meeting: Meeting, roster: Roster, ballot: Ballot
) -> Outcome:
    """Only after the report and the talk with the member (INV-085); the counts follow R-A06."""
    known(case, command.case_id)
    took_place = held(meeting, command.meeting_id)
    base = voters(roster, took_place, _without(case, context.rules))
    threshold = _threshold(len(base), context.rules)
    ballots = Ballots(yes=command.yes, no=command.no, abstain=command.abstain, left_early=command.left_early, passed=command.passed)
    if (voted := case.pending(DisciplineVoted)) is not None and _same(voted, command):
        return []
    undecided(case, command.case_id)
    if case.pending(DisciplineSubmitted) is not None:
        raise Conflict(f"case {command.case_id} was submitted")
    check_kind(command.kind, command.months)
    _check_prepared(case, command)
    held_open(meeting, command.meeting_id, command.occurred_on)
    check_tally(ballot, command.ballot_id, BallotKind.MOTION, case.person_id, yes=command.yes, no=command.no, abstain=command.abstain)
    return [_voted(command, case, tally(took_place, base, ballots, threshold))]


def _without(case: DisciplineCase, rules: Rules) -> frozenset[PersonId]:
    """Whether the member concerned votes is a setting (R-G04)."""
    return frozenset() if rules.flag("discipline.subject_may_vote") else frozenset({case.person_id})


def _threshold(due: int, rules: Rules) -> Threshold:
    return Threshold(quorum=quorum(due, share(rules, "vote.ordinary.quorum")), needed=majority(due, share(rules, "vote.ordinary.pass")))


def _same(voted: DisciplineVoted, command: VoteOnPunishment) -> bool:
    told = (command.meeting_id, command.kind, command.months, command.yes, command.no, command.abstain)
    return told == (voted.meeting_id, voted.kind, voted.months, voted.yes, voted.no, voted.abstain)


def _check_prepared(case: DisciplineCase, command: VoteOnPunishment) -> None:
    """INV-085, by the step that is missing."""
    for step, name in ((InvestigationReported, DisciplineStep.INVESTIGATED), (MaterialsShown, DisciplineStep.SHOWN)):
        taken = case.last(step)
        if taken is None or command.occurred_on < taken.occurred_on:
            raise Refused("INV-085", "case_id", detail=name.value)


def _voted(command: VoteOnPunishment, case: DisciplineCase, counts: Tally) -> DisciplineVoted:
    return DisciplineVoted(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        meeting_id=command.meeting_id,
        kind=command.kind,
        months=command.months,
        **structs.asdict(counts),
    )


def submit_punishment(command: SubmitPunishment, _context: Context, case: DisciplineCase) -> Outcome:
    """What the meeting adopted, to whoever may approve it (INV-013, INV-087)."""
    known(case, command.case_id)
    before = case.pending(DisciplineSubmitted)
    if before is not None and (before.to, before.document_no) == (command.to, command.document_no):
        return []
    undecided(case, command.case_id)
    voted = case.pending(DisciplineVoted)
    if voted is None or not voted.passed:
        raise Refused("INV-013", "case_id")
    not_before(voted, command.occurred_on)
    check_approver(voted.kind, command.to, "to")
    return [
        DisciplineSubmitted(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            to=command.to,
            document_no=command.document_no,
        )
    ]


CASES = (
    Case(command=VoteOnPunishment, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE, MEETING, ROSTER, BALLOT), decide=vote_on_punishment),
    Case(command=SubmitPunishment, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE,), decide=submit_punishment),
)
