"""The vote of the general meeting on one person: its own quorum and majority, shared with no other vote (R-C15, R-C23, INV-049 to 055)."""

import datetime as dt
from typing import Annotated

from events.admission_acceptance import AdmissionQuestion, AdmissionVoted, NoticeKind
from events.ballots import BallotKind
from events.base import Count, MeetingId, PersonId
from events.meetings import MeetingHeld, MeetingKind
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.admission.acceptance import check_political_review
from service.decide.admission.notices import check_notice
from service.decide.admission.order import CONVERT_NEEDS, check_order, check_step
from service.decide.admission.state import ADMISSION, Admission, Who, held_on, lapsed, running
from service.decide.ballots.state import BALLOT, Ballot
from service.decide.ballots.tally import NamedBallot, check_tally
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.roll import voting_base
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused


class VoteOnAdmission(Command, frozen=True, kw_only=True, tag="vote-on-admission"):
    """The general meeting voted on one person; who was entitled and whether it passed is worked out."""

    zh = "登记发展党员票决"
    en = "Record a vote on an admission"

    admission_id: Who
    meeting_id: Annotated[MeetingId, label("支部大会", "General meeting")]
    question: Annotated[AdmissionQuestion, label("表决事项", "Question")]
    extension_months: Annotated[
        Count, label("延长月数", "Months of extension", help_zh="仅延长预备期时填写", help_en="For an extension only")
    ] = 0
    yes: Annotated[Count, label("到会赞成票", "Ballots for")]
    no: Annotated[Count, label("到会反对票", "Ballots against")] = 0
    abstain: Annotated[Count, label("到会弃权票", "Ballots abstaining")] = 0
    left_early: Annotated[tuple[PersonId, ...], label("表决前离会人员", "Left before the vote")] = ()
    written_from: Annotated[
        tuple[PersonId, ...], label("会前提交书面意见的党员", "Written opinions from", help_zh="因故未到会的", help_en="Absent members")
    ] = ()
    written_on: Annotated[
        dt.date | None, label("书面意见提交日期", "Written opinions handed in by", help_zh="最后一份", help_en="The last of them")
    ] = None
    written_yes: Annotated[Count, label("书面赞成", "Written opinions for")] = 0
    written_no: Annotated[Count, label("书面反对", "Written opinions against")] = 0
    separately: Annotated[bool, label("逐个表决", "Each person voted on separately")] = True
    voters_due: Annotated[
        Count | None, label("应到有表决权正式党员", "Voting members due", help_zh="填写则核对", help_en="Checked when given")
    ] = None
    voters_present: Annotated[
        Count | None, label("实到有表决权正式党员", "Voting members present", help_zh="填写则核对", help_en="Checked when given")
    ] = None
    ballot_id: NamedBallot = None
    passed: Annotated[
        bool | None, label("是否通过", "Passed", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given")
    ] = None


def exceeds(part: int, whole: int, share: list[int]) -> bool:
    """More than the share of the whole; exactly the share is not enough (R-C15)."""
    over, under = share
    return part * under > whole * over


def vote_on_admission(
    command: VoteOnAdmission, context: Context, case: Admission, meeting: Meeting, roster: Roster, ballot: Ballot
) -> Outcome:
    """One person, one record; what it waits for depends on the question."""
    day, rules = command.occurred_on, context.rules
    person_id = running(case, command.admission_id)
    took_place = held_on(meeting, command.meeting_id, day, MeetingKind.GENERAL)
    event = _counted(command, rules, person_id, took_place, voting_base(roster, took_place))
    if case.has(event):
        return []
    if not command.separately:
        raise Refused("INV-052", "separately")
    if command.extension_months and command.question is not AdmissionQuestion.EXTEND:
        raise Malformed("extension_months: for an extension only")
    if any(vote.meeting_id == event.meeting_id and vote.question is event.question for vote in case.all(AdmissionVoted)):
        raise Refused("INV-052", "admission_id")
    if command.question is AdmissionQuestion.ADMIT:
        _check_admission(case, rules, day)
    else:
        _check_conversion(command, case, rules, day)
    _check_voters(command, event, took_place, voting_base(roster, took_place))
    if not exceeds(event.voters_present, event.voters_due, rules.table("vote.admission.quorum")):
        raise Refused("INV-049", "voters_present", detail=f"{event.voters_present}/{event.voters_due}")
    _check_ballots(command, event)
    check_tally(ballot, command.ballot_id, BallotKind.ADMISSION, person_id, yes=command.yes, no=command.no, abstain=command.abstain)
    if command.passed is not None and command.passed != event.passed:
        raise Refused("INV-050", "passed", detail=f"{event.approvals()}/{event.voters_due}")
    return [event]


def _counted(
    command: VoteOnAdmission, rules: Rules, person_id: PersonId, took_place: MeetingHeld, base: frozenset[PersonId]
) -> AdmissionVoted:
    """Voters due and present come from roster and attendance, the outcome from the rule in force (INV-050)."""
    over, under = rules.table("vote.admission.pass")
    return AdmissionVoted(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=person_id,
        question=command.question,
        meeting_id=command.meeting_id,
        extension_months=command.extension_months,
        voters_due=len(base),
        voters_present=len(base.intersection(took_place.present).difference(command.left_early)),
        needed=len(base) * over // under + 1,
        yes=command.yes,
        no=command.no,
        abstain=command.abstain,
        written_from=command.written_from,
        written_yes=command.written_yes,
        written_no=command.written_no,
        passed=exceeds(command.yes + command.written_yes, len(base), [over, under]),
    )


def _check_admission(case: Admission, rules: Rules, day: dt.date) -> None:
    """Form, sponsors, political review, course and notice are there; a vote that failed rests for its months (R-C15)."""
    if case.approved_on is not None:
        raise Conflict("a probationary member already")
    check_step(case, day, "vote")
    check_political_review(case, rules, day)
    check_notice(case, NoticeKind.ADMISSION, day)
    before = case.last(AdmissionVoted, AdmissionQuestion.ADMIT)
    if case.admitted_by is not None and not lapsed(case.admitted_by, rules, day):
        raise Refused("INV-052", "admission_id", detail=f"{case.admitted_by.occurred_on}")
    if before is not None and not before.passed and day < retry_from(before, rules):
        raise Conflict(f"not passed on {before.occurred_on}; may be put again from {retry_from(before, rules)}")


def retry_from(failed: AdmissionVoted, rules: Rules) -> dt.date:
    return add_months(failed.occurred_on, rules.number("admission.retry_months"))


def _check_conversion(command: VoteOnAdmission, case: Admission, rules: Rules, day: dt.date) -> None:
    """On time: not before the end of probation, after its own notice. Extend: once, by its months (INV-054 to 056)."""
    check_step(case, day, "conversion-vote")
    if case.settled is not None:
        raise Conflict(f"probation ended on {case.settled.occurred_on}")
    if case.resolved is not None:
        raise Refused("INV-052", "admission_id", detail=f"{case.resolved.occurred_on}")
    if command.question is AdmissionQuestion.EXTEND:
        least, most = rules.table("probation.extension_months")
        if case.extended:
            raise Refused("INV-055", "question")
        if not least <= command.extension_months <= most:
            raise Refused("INV-055", "extension_months")
    if command.question is AdmissionQuestion.CONVERT:
        if case.probation_end is not None and day < case.probation_end:
            raise Refused("INV-054", "occurred_on", detail=f"{case.probation_end}")
        check_order(case, day, *CONVERT_NEEDS)
        check_notice(case, NoticeKind.CONVERSION, day)


def _check_voters(command: VoteOnAdmission, event: AdmissionVoted, took_place: MeetingHeld, base: frozenset[PersonId]) -> None:
    """Nobody without a vote counts (INV-014); written opinions come from absentees, before the meeting (INV-051)."""
    if not set(command.left_early) <= set(took_place.present):
        raise Refused("INV-010", "left_early")
    if not set(command.written_from) <= base:
        raise Refused("INV-014", "written_from")
    if len(set(command.written_from)) < len(command.written_from) or set(command.written_from) & set(took_place.present):
        raise Refused("INV-051", "written_from")
    if command.written_from and (command.written_on is None or command.written_on > took_place.occurred_on):
        raise Refused("INV-051", "written_on")
    for field, claimed, counted in (
        ("voters_due", command.voters_due, event.voters_due),
        ("voters_present", command.voters_present, event.voters_present),
    ):
        if claimed is not None and claimed != counted:
            raise Refused("INV-014" if claimed > counted else "INV-010", field, detail=f"{counted}")


def _check_ballots(command: VoteOnAdmission, event: AdmissionVoted) -> None:
    """No more ballots than voters present, no more written votes than written opinions (INV-011)."""
    if command.yes + command.no + command.abstain > event.voters_present:
        raise Refused("INV-011", "yes", "no", "abstain", detail=f"{event.voters_present}")
    if command.written_yes + command.written_no > len(command.written_from):
        raise Refused("INV-011", "written_yes", "written_no", detail=f"{len(command.written_from)}")


CASES = (Case(command=VoteOnAdmission, right=Right.ADMISSION_WRITE, reads=(ADMISSION, MEETING, ROSTER, BALLOT), decide=vote_on_admission),)
