"""Debriefing, the preparation: plan, self-inspection, opinions, report drafted, submitted, approved or returned (N25.T01, T02)."""

from typing import Annotated, ClassVar

from events.base import Count, LongText, MeetingId, PersonId, Text
from events.debriefing import (
    DebriefingSelfInspected,
    DebriefingStep,
    OpinionsGathered,
    ReportApproved,
    ReportDrafted,
    ReportReturned,
    ReportSubmitted,
    ReviewPlanAdopted,
    StepWithdrawn,
    Year,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.debriefing.state import DEBRIEFING, HOLDS, RESTS_ON, Debriefing, must_follow
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed

DebriefedYear = Annotated[Year, label("述职年度", "Year debriefed on")]


class AdoptDebriefingPlan(Command, frozen=True, kw_only=True, tag="adopt-debriefing-plan"):
    """Adopt the plan of the year's debriefing, or adopt it anew."""

    zh: ClassVar[str] = "制定述职评议考核方案"
    en: ClassVar[str] = "Adopt the debriefing plan"

    year: DebriefedYear
    title: Annotated[Text, label("方案名称", "Title", min_length=1)]
    summary: Annotated[LongText, label("方案要点", "Summary", min_length=1)]
    meeting_id: Annotated[MeetingId | None, label("审议会议", "Meeting that adopted it")] = None


def adopt_debriefing_plan(command: AdoptDebriefingPlan, _context: Context, known: Debriefing) -> Outcome:
    """The newest one holds (N25.M01)."""
    event = ReviewPlanAdopted(
        occurred_on=command.occurred_on,
        year=command.year,
        title=command.title,
        summary=command.summary,
        meeting_id=command.meeting_id,
    )
    return [] if known.plan == event else [event]


class InspectForDebriefing(Command, frozen=True, kw_only=True, tag="inspect-for-debriefing"):
    """The branch inspected itself before the debriefing."""

    zh: ClassVar[str] = "登记述职自查报告"
    en: ClassVar[str] = "Record the self-inspection"

    year: DebriefedYear
    summary: Annotated[LongText, label("自查情况", "Findings", min_length=1)]


def inspect_for_debriefing(command: InspectForDebriefing, _context: Context, known: Debriefing) -> Outcome:
    """The newest one holds (N25.M02)."""
    event = DebriefingSelfInspected(occurred_on=command.occurred_on, year=command.year, summary=command.summary)
    return [] if known.inspected == event else [event]


class GatherOpinions(Command, frozen=True, kw_only=True, tag="gather-opinions"):
    """Opinions on the secretary and the committee were sought."""

    zh: ClassVar[str] = "登记述职征求意见"
    en: ClassVar[str] = "Record opinions gathered"

    year: DebriefedYear
    ways: Annotated[Text, label("征求方式", "Ways", min_length=1)]
    people: Annotated[Count, label("征求人数", "People asked")]
    opinions: Annotated[Count, label("意见条数", "Opinions")]
    summary: Annotated[LongText, label("意见归纳", "Summary")] = ""


def gather_opinions(command: GatherOpinions, _context: Context, known: Debriefing) -> Outcome:
    """As many rounds as there were (N25.T02)."""
    event = OpinionsGathered(
        occurred_on=command.occurred_on,
        year=command.year,
        ways=command.ways,
        people=command.people,
        opinions=command.opinions,
        summary=command.summary,
    )
    return [] if event in known.opinions else [event]


class DraftDebriefingReport(Command, frozen=True, kw_only=True, tag="draft-debriefing-report"):
    """The secretary wrote the report: work done, and what is to come."""

    zh: ClassVar[str] = "起草述职报告"
    en: ClassVar[str] = "Draft the debriefing report"

    year: DebriefedYear
    person_id: Annotated[PersonId | None, label("述职人", "Who debriefs", help_zh="留空则为书记", help_en="Empty: the secretary")] = None
    work_done: Annotated[LongText, label("贯彻落实上级要求和履职情况", "Work done", min_length=1)]
    plans: Annotated[LongText, label("今后工作思路、重点和措施", "Ideas, priorities and measures", min_length=1)]


def draft_debriefing_report(command: DraftDebriefingReport, _context: Context, known: Debriefing, roster: Roster) -> Outcome:
    """Both parts are there; written anew until it is submitted, or after it was returned (N25.T01)."""
    person = command.person_id or roster.secretary_on(command.occurred_on)
    if person is None:
        raise Malformed("the branch has no secretary on that day: name who debriefs")
    event = ReportDrafted(
        occurred_on=command.occurred_on,
        year=command.year,
        person_id=person,
        work_done=command.work_done,
        plans=command.plans,
    )
    if known.submitted is not None:
        raise Conflict(f"the report was submitted on {known.submitted.occurred_on}")
    if known.returned is not None:
        must_follow(known.returned, command.occurred_on, "the report's return")
    roster.must_be_active(person, command.occurred_on, "person_id")
    return [event]


class SubmitDebriefingReport(Command, frozen=True, kw_only=True, tag="submit-debriefing-report"):
    """Hand the report up for review."""

    zh: ClassVar[str] = "报审述职报告"
    en: ClassVar[str] = "Submit the debriefing report"

    year: DebriefedYear


def submit_debriefing_report(command: SubmitDebriefingReport, _context: Context, known: Debriefing) -> Outcome:
    """What was drafted (N25.T02)."""
    if known.submitted is not None:
        return []
    must_follow(known.draft, command.occurred_on, "the draft of the report")
    assert known.draft is not None, "just seen"
    return [ReportSubmitted(occurred_on=command.occurred_on, year=command.year, person_id=known.draft.person_id)]


class ApproveDebriefingReport(Command, frozen=True, kw_only=True, tag="approve-debriefing-report"):
    """The superior approves the report."""

    zh: ClassVar[str] = "审定述职报告"
    en: ClassVar[str] = "Approve the debriefing report"

    year: DebriefedYear
    opinion: Annotated[Text | None, label("审定意见", "Opinion")] = None


def approve_debriefing_report(command: ApproveDebriefingReport, _context: Context, known: Debriefing) -> Outcome:
    """What was submitted (N25.T02)."""
    if known.approved is not None:
        return []
    must_follow(known.submitted, command.occurred_on, "the submission of the report")
    assert known.submitted is not None, "just seen"
    return [
        ReportApproved(occurred_on=command.occurred_on, year=command.year, person_id=known.submitted.person_id, opinion=command.opinion)
    ]


class ReturnDebriefingReport(Command, frozen=True, kw_only=True, tag="return-debriefing-report"):
    """The superior sends the report back to be changed."""

    zh: ClassVar[str] = "退改述职报告"
    en: ClassVar[str] = "Return the debriefing report"

    year: DebriefedYear
    reason: Annotated[Text, label("退改意见", "What to change", min_length=1)]


def return_debriefing_report(command: ReturnDebriefingReport, _context: Context, known: Debriefing) -> Outcome:
    """What was submitted and not approved (N25.T02)."""
    if known.approved is not None:
        raise Conflict(f"the report was approved on {known.approved.occurred_on}")
    if known.returned is not None:
        return []
    must_follow(known.submitted, command.occurred_on, "the submission of the report")
    assert known.submitted is not None, "just seen"
    return [ReportReturned(occurred_on=command.occurred_on, year=command.year, person_id=known.submitted.person_id, reason=command.reason)]


DECISIONS = frozenset({DebriefingStep.REVIEW, DebriefingStep.GRADE})
"""Steps that the superior takes, and takes back."""


class WithdrawDebriefingEntry(Command, frozen=True, kw_only=True, tag="withdraw-debriefing-entry"):
    """Take back a wrong entry of the branch."""

    zh: ClassVar[str] = "撤销述职评议记录"
    en: ClassVar[str] = "Withdraw a debriefing entry"

    year: DebriefedYear
    step: Annotated[DebriefingStep, label("事项", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_debriefing_entry(command: WithdrawDebriefingEntry, _context: Context, known: Debriefing) -> Outcome:
    if command.step in DECISIONS:
        raise Malformed(f"{command.step.value} is the superior's to withdraw")
    return _withdraw(command, known)


class WithdrawDebriefingDecision(Command, frozen=True, kw_only=True, tag="withdraw-debriefing-decision"):
    """The superior takes back an approval of the report or a grade."""

    zh: ClassVar[str] = "撤销述职审定或等次"
    en: ClassVar[str] = "Withdraw a debriefing decision"

    year: DebriefedYear
    step: Annotated[DebriefingStep, label("事项", "Decision", help_zh="上级审定或等次", help_en="The superior's decision or the grade")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_debriefing_decision(command: WithdrawDebriefingDecision, _context: Context, known: Debriefing) -> Outcome:
    if command.step not in DECISIONS:
        raise Malformed(f"{command.step.value} is the branch's to withdraw")
    return _withdraw(command, known)


def _withdraw(command: WithdrawDebriefingEntry | WithdrawDebriefingDecision, known: Debriefing) -> Outcome:
    """The newest entry of the step, as long as nothing rests on it."""
    if not getattr(known, HOLDS[command.step]):
        return []
    if later := [name for name in RESTS_ON.get(command.step, ()) if getattr(known, name)]:
        raise Conflict(f"{', '.join(later)} rests on it")
    return [StepWithdrawn(occurred_on=command.occurred_on, year=command.year, step=command.step, reason=command.reason)]


CASES = (
    Case(command=AdoptDebriefingPlan, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=adopt_debriefing_plan),
    Case(command=InspectForDebriefing, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=inspect_for_debriefing),
    Case(command=GatherOpinions, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=gather_opinions),
    Case(command=DraftDebriefingReport, right=Right.WORK_WRITE, reads=(DEBRIEFING, ROSTER), decide=draft_debriefing_report),
    Case(command=SubmitDebriefingReport, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=submit_debriefing_report),
    Case(command=ApproveDebriefingReport, right=Right.SUPERIOR_WRITE, reads=(DEBRIEFING,), decide=approve_debriefing_report),
    Case(command=ReturnDebriefingReport, right=Right.SUPERIOR_WRITE, reads=(DEBRIEFING,), decide=return_debriefing_report),
    Case(command=WithdrawDebriefingEntry, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=withdraw_debriefing_entry),
    Case(command=WithdrawDebriefingDecision, right=Right.SUPERIOR_WRITE, reads=(DEBRIEFING,), decide=withdraw_debriefing_decision),
)
