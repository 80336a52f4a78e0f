"""After a disposition: correction with helpers and its review, the outcome of persuasion, appeals (N20.T02, R-H02, R-H04, INV-092)."""

from typing import Annotated, ClassVar

from msgspec import structs

from events.base import Count, LongText, MeetingId, PersonId, Text
from events.disposition import (
    CorrectionMonths,
    Disposition,
    DispositionAppealDecided,
    DispositionAppealFiled,
    DispositionApproved,
    DispositionId,
    DispositionStep,
    PersuasionEnded,
    RectificationPeriodReviewed,
    RectificationPeriodStarted,
    RectificationProgressRecorded,
    ReviewResult,
)
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.cases.steps import not_before
from service.decide.cases.votes import Ballots
from service.decide.disposition.case import after
from service.decide.disposition.decision import counted
from service.decide.disposition.state import DISPOSITION, DispositionCase, known, under_way, with_effects
from service.decide.meetings.state import MEETING, Meeting, held, held_open
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class StartCorrection(Command, frozen=True, kw_only=True, tag="start-correction"):
    """The time for correction begins, with two helpers or more."""

    zh: ClassVar[str] = "限期改正开始登记"
    en: ClassVar[str] = "Start a correction period"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    months: Annotated[
        CorrectionMonths | None, label("期限(月)", "Months", help_zh="留空则为一年；6至12", help_en="Empty: one year; 6 to 12")
    ] = None
    helpers: Annotated[tuple[PersonId, ...], label("帮教人", "Helpers")]


class RecordCorrectionProgress(Command, frozen=True, kw_only=True, tag="record-correction-progress"):
    """A helper notes how the correction goes, each quarter or oftener."""

    zh: ClassVar[str] = "登记帮教情况"
    en: ClassVar[str] = "Record the progress of a correction"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    helper: Annotated[PersonId, label("帮教人", "Helper")]
    note: Annotated[LongText, label("帮教情况", "Progress", min_length=1)]


class ReviewCorrection(Command, frozen=True, kw_only=True, tag="review-correction"):
    """At expiry the general meeting votes whether the member is qualified again."""

    zh: ClassVar[str] = "登记限期改正期满评议"
    en: ClassVar[str] = "Review a correction at expiry"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    meeting_id: Annotated[MeetingId, label("党员大会", "General meeting")]
    yes: Annotated[Count, label("同意认定合格", "For: qualified again")]
    no: Annotated[Count, label("反对", "Against")] = 0
    abstain: Annotated[Count, label("弃权", "Abstained")] = 0
    left_early: Annotated[tuple[PersonId, ...], label("表决前离会人员", "Left before the vote")] = ()
    passed: Annotated[
        bool | None, label("是否合格", "Qualified", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given")
    ] = None
    conclusion: Annotated[LongText, label("评议结论", "Findings", min_length=1)]


class EndPersuasion(Command, frozen=True, kw_only=True, tag="end-persuasion"):
    """The member resigned as persuaded, or would not; then removal is proposed."""

    zh: ClassVar[str] = "登记劝退结果"
    en: ClassVar[str] = "Record the outcome of persuasion"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    resigned: Annotated[bool, label("本人同意退党", "The member resigned")] = False
    document_no: Annotated[Text, label("文号", "Document no.", min_length=1)]
    statement: Annotated[LongText | None, label("本人陈述", "The member's statement")] = None


class FileDispositionAppeal(Command, frozen=True, kw_only=True, tag="file-disposition-appeal"):
    """The member appealed against the disposition."""

    zh: ClassVar[str] = "登记对处置的申诉"
    en: ClassVar[str] = "Record an appeal against a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    grounds: Annotated[LongText, label("申诉理由", "Grounds", min_length=1)]


class DecideDispositionAppeal(Command, frozen=True, kw_only=True, tag="decide-disposition-appeal"):
    """The superior answers an appeal; a disposition that is revoked gives the membership back."""

    zh: ClassVar[str] = "登记处置申诉结论"
    en: ClassVar[str] = "Decide an appeal against a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    result: Annotated[ReviewResult, label("结论", "Result")]
    document_no: Annotated[Text, label("决定文号", "Document no.", min_length=1)]
    conclusion: Annotated[LongText, label("复查情况", "Findings", min_length=1)]


def _approved(case: DispositionCase, disposition: Disposition) -> DispositionApproved | None:
    approved = case.current(DispositionApproved)
    return approved if approved is not None and approved.disposition is disposition else None


def start_correction(command: StartCorrection, context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Six months to a year from that day (INV-092); rights are as before."""
    under_way(case, command.case_id)
    started, day = case.current(RectificationPeriodStarted), command.occurred_on
    months = command.months or context.rules.number("disposition.correct_months")
    if started is not None and (started.occurred_on, started.months, started.helpers) == (day, months, command.helpers):
        return []
    after(case, _approved(case, Disposition.CORRECT), day, DispositionStep.APPROVED)
    if started is not None:
        raise Conflict(f"case {command.case_id}: the correction runs until {started.until}")
    _check_months(months, context.rules)
    _check_helpers(command, case, roster, context.rules)
    return [
        RectificationPeriodStarted(
            occurred_on=day,
            case_id=command.case_id,
            person_id=case.person_id,
            months=months,
            until=add_months(day, months),
            helpers=command.helpers,
        )
    ]


def _check_months(months: int, rules: Rules) -> None:
    """The usual length is also the longest (R-H04)."""
    if not rules.number("disposition.correct_months_min") <= months <= rules.number("disposition.correct_months"):
        raise Refused("INV-092", "months", detail=str(months))


def _check_helpers(command: StartCorrection, case: DispositionCase, roster: Roster, rules: Rules) -> None:
    for helper in command.helpers:
        roster.must_be_active(helper, command.occurred_on, "helpers")
    if len({*command.helpers} - {case.person_id}) < rules.number("disposition.helpers"):
        raise Malformed("helpers: too few members who help (R-H04)")


def _running(case: DispositionCase, case_id: DispositionId) -> RectificationPeriodStarted:
    started = under_way(case, case_id).current(RectificationPeriodStarted)
    if started is None:
        raise Conflict(f"case {case_id}: no correction runs")
    return started


def record_correction_progress(command: RecordCorrectionProgress, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """One note of a helper for each day."""
    started = _running(case, command.case_id)
    told = (command.occurred_on, command.helper)
    if any(isinstance(one, RectificationProgressRecorded) and (one.occurred_on, one.helper) == told for one in case.steps):
        return []
    not_before(started, command.occurred_on)
    if command.helper not in started.helpers:
        raise Absent(f"helper {command.helper}")
    roster.must_be_active(command.helper, command.occurred_on, "helper")
    return [
        RectificationProgressRecorded(
            occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, helper=command.helper, note=command.note
        )
    ]


def review_correction(command: ReviewCorrection, context: Context, case: DispositionCase, meeting: Meeting, roster: Roster) -> Outcome:
    """Not before the time is over (INV-092); passed: qualified again, and the case is over."""
    reviewed = known(case, command.case_id).last(RectificationPeriodReviewed)
    if reviewed is not None and (reviewed.meeting_id, reviewed.yes, reviewed.no) == (command.meeting_id, command.yes, command.no):
        return []
    started = _running(case, command.case_id)
    if command.occurred_on < started.until:
        raise Refused("INV-092", "occurred_on", detail=started.until.isoformat())
    took_place = held(meeting, command.meeting_id)
    held_open(meeting, command.meeting_id, command.occurred_on)
    ballots = Ballots(yes=command.yes, no=command.no, abstain=command.abstain, left_early=command.left_early, passed=command.passed)
    event = RectificationPeriodReviewed(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        meeting_id=command.meeting_id,
        conclusion=command.conclusion,
        **structs.asdict(counted(ballots, took_place, roster, context.rules)),
    )
    return [*with_effects(case, event, roster, "")]


def end_persuasion(command: EndPersuasion, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Whoever resigned leaves the roll; whoever would not is proposed for removal (R-H02, INV-009)."""
    ended = known(case, command.case_id).last(PersuasionEnded)
    if ended is not None and (ended.resigned, ended.document_no) == (command.resigned, command.document_no):
        return []
    approved = _approved(under_way(case, command.case_id), Disposition.PERSUADE)
    after(case, approved, command.occurred_on, DispositionStep.APPROVED)
    roster.must_be_active(case.person_id, command.occurred_on, "case_id")
    event = PersuasionEnded(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        resigned=command.resigned,
        document_no=command.document_no,
        statement=command.statement,
    )
    return [*with_effects(case, event, roster, command.document_no)]


def file_disposition_appeal(command: FileDispositionAppeal, _context: Context, case: DispositionCase) -> Outcome:
    """Against what was approved; one at a time."""
    filed = known(case, command.case_id).last(DispositionAppealFiled)
    if filed is not None and filed.occurred_on == command.occurred_on:
        return []
    approved, decided = case.last(DispositionApproved), case.last(DispositionAppealDecided)
    if approved is None or (decided is not None and decided.result is ReviewResult.REVOKED):
        raise Conflict(f"case {command.case_id}: there is no disposition to appeal against")
    if filed is not None and _answer(case) is None:
        raise Conflict(f"case {command.case_id}: an appeal is not decided")
    not_before(approved, command.occurred_on)
    return [
        DispositionAppealFiled(occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, grounds=command.grounds)
    ]


def _answer(case: DispositionCase) -> DispositionAppealDecided | None:
    """The answer to the last appeal."""
    filed, decided = case.last(DispositionAppealFiled), case.last(DispositionAppealDecided)
    if filed is None or decided is None or case.steps.index(decided) < case.steps.index(filed):
        return None
    return decided


def decide_disposition_appeal(command: DecideDispositionAppeal, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Revoked: on the roll again, and the case is over."""
    filed = known(case, command.case_id).last(DispositionAppealFiled)
    if filed is None:
        raise Absent(f"appeal of case {command.case_id}")
    if (answer := _answer(case)) is not None:
        if (answer.result, answer.document_no) == (command.result, command.document_no):
            return []
        raise Conflict(f"case {command.case_id}: the appeal is decided")
    not_before(filed, command.occurred_on)
    event = DispositionAppealDecided(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        result=command.result,
        document_no=command.document_no,
        conclusion=command.conclusion,
    )
    return [*with_effects(case, event, roster, command.document_no)]


CASES = (
    Case(command=StartCorrection, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=start_correction),
    Case(command=RecordCorrectionProgress, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=record_correction_progress),
    Case(command=ReviewCorrection, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, MEETING, ROSTER), decide=review_correction),
    Case(command=EndPersuasion, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=end_persuasion),
    Case(command=FileDispositionAppeal, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION,), decide=file_disposition_appeal),
    Case(command=DecideDispositionAppeal, right=Right.SUPERIOR_WRITE, reads=(DISPOSITION, ROSTER), decide=decide_disposition_appeal),
)
