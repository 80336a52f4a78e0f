"""Out among the people: research trips with their reports, household visits, volunteer service (N03.T04, N06, N24.M06)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Count, LongText, MeetingId, Text
from events.masses import (
    HouseholdsVisited,
    LedBy,
    MassEntryId,
    MassPlanAdopted,
    MassPlanKind,
    Minutes,
    People,
    ResearchId,
    ResearchReportFiled,
    ResearchTripMade,
    SolicitationId,
    SolicitationOpened,
    VolunteerServiceDone,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.marks import Mark, completes, is_new, met_on, must_belong, standing
from service.decide.masses.entries import MASSES, Masses, OwnMassEntryId
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Malformed


class RecordResearchTrip(Command, frozen=True, kw_only=True, tag="record-research-trip"):
    """Record a work-research trip on a set topic."""

    zh: ClassVar[str] = "登记工作调研"
    en: ClassVar[str] = "Record a research trip"

    led_by: Annotated[
        LedBy, label("带队人身份", "Led by", help_zh="季度调研须由部领导带队", help_en="The quarterly one: a department leader")
    ]
    leader: Annotated[Text, label("带队领导", "Leader", min_length=1, help_zh="写职务，不写姓名", help_en="By office, without a name")]
    topic: Annotated[Text, label("主题", "Topic", min_length=1)]
    place: Annotated[Text, label("地点", "Place", min_length=1)]
    people: Annotated[People, label("参加人员", "Participants")]
    until: Annotated[dt.date | None, label("结束日期", "Until")] = None
    findings: Annotated[LongText, label("发现问题", "Problems found")] = ""
    entry_id: OwnMassEntryId = None


def record_research_trip(command: RecordResearchTrip, context: Context, masses: Masses, roster: Roster) -> Outcome:
    """Whoever went is of the branch (INV-002, INV-009)."""
    if command.until is not None and command.until < command.occurred_on:
        raise Malformed("until lies before the day on which it began")
    event = ResearchTripMade(
        occurred_on=command.occurred_on,
        entry_id=ResearchId(command.entry_id or MassEntryId(context.event_ids[0])),
        led_by=command.led_by,
        leader=command.leader,
        topic=command.topic,
        place=command.place,
        until=command.until,
        people=command.people,
        findings=command.findings,
    )
    if not is_new(masses.marks, event.entry_id, event):
        return []
    must_belong(roster, command.people, command.occurred_on, "people")
    return [event]


class FileResearchReport(Command, frozen=True, kw_only=True, tag="file-research-report"):
    """File the report of a research trip or of a round of opinions."""

    zh: ClassVar[str] = "登记调研报告"
    en: ClassVar[str] = "File a research report"

    research_id: Annotated[ResearchId | None, label("调研", "Research trip", help_zh="调研和批次填一项", help_en="One of the two")] = None
    solicitation_id: Annotated[SolicitationId | None, label("征求意见批次", "Round of opinions")] = None
    title: Annotated[Text, label("报告题目", "Title", min_length=1)]
    text: Annotated[LongText, label("报告内容", "Text")] = ""


def file_research_report(command: FileResearchReport, _context: Context, masses: Masses) -> Outcome:
    """Of one thing that took place; the last report counts (N03.T04, N06.M01.02)."""
    mark = _reported_on(command, masses)
    event = ResearchReportFiled(
        occurred_on=command.occurred_on,
        research_id=command.research_id,
        solicitation_id=command.solicitation_id,
        began_on=mark.on,
        title=command.title,
        text=command.text,
    )
    return [event] if completes(mark, event) else []


def _reported_on(command: FileResearchReport, masses: Masses) -> Mark:
    if command.research_id is not None and command.solicitation_id is None:
        return standing(masses.marks, command.research_id, ResearchTripMade, command.occurred_on)
    if command.solicitation_id is not None and command.research_id is None:
        return standing(masses.marks, command.solicitation_id, SolicitationOpened, command.occurred_on)
    raise Malformed("a report is of one research trip or one round of opinions: research_id or solicitation_id")


class RecordHouseholdVisit(Command, frozen=True, kw_only=True, tag="record-household-visit"):
    """Record that members went from house to house."""

    zh: ClassVar[str] = "登记入户走访"
    en: ClassVar[str] = "Record household visits"

    people: Annotated[People, label("走访人", "Visitors")]
    village: Annotated[Text, label("村或社区", "Village or community", min_length=1)]
    households: Annotated[Count, label("走访户数", "Households")]
    work: Annotated[LongText, label("走访内容", "What was done", min_length=1)]
    solved: Annotated[LongText, label("解决问题", "Solved")] = ""
    todo: Annotated[LongText, label("待办", "To be done")] = ""
    entry_id: OwnMassEntryId = None


def record_household_visit(command: RecordHouseholdVisit, context: Context, masses: Masses, roster: Roster) -> Outcome:
    """At least one household; whoever went is of the branch (INV-002, INV-009)."""
    if command.households == 0:
        raise Malformed("households: at least one")
    event = HouseholdsVisited(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or MassEntryId(context.event_ids[0]),
        people=command.people,
        village=command.village,
        households=command.households,
        work=command.work,
        solved=command.solved,
        todo=command.todo,
    )
    if not is_new(masses.marks, event.entry_id, event):
        return []
    must_belong(roster, command.people, command.occurred_on, "people")
    return [event]


class AdoptMassPlan(Command, frozen=True, kw_only=True, tag="adopt-mass-service-plan"):
    """Record a plan of service to the public, or of village aid."""

    zh: ClassVar[str] = "登记服务群众方案"
    en: ClassVar[str] = "Adopt a mass service plan"

    kind: Annotated[MassPlanKind, label("类别", "Kind")]
    title: Annotated[Text, label("名称", "Title", min_length=1)]
    content: Annotated[LongText, label("内容", "Content", min_length=1)]
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by meeting")] = None
    entry_id: OwnMassEntryId = None


def adopt_mass_plan(command: AdoptMassPlan, context: Context, masses: Masses, meeting: Meeting) -> Outcome:
    """One line of the list of plans (N02.T05)."""
    event = MassPlanAdopted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or MassEntryId(context.event_ids[0]),
        kind=command.kind,
        title=command.title,
        content=command.content,
        meeting_id=command.meeting_id,
        met_on=met_on(meeting, command.meeting_id, command.occurred_on),
    )
    return [event] if is_new(masses.marks, event.entry_id, event) else []


class RecordVolunteerService(Command, frozen=True, kw_only=True, tag="record-volunteer-service"):
    """Record volunteer service that members did together."""

    zh: ClassVar[str] = "登记志愿服务"
    en: ClassVar[str] = "Record volunteer service"

    project: Annotated[Text, label("项目", "Project", min_length=1)]
    place: Annotated[Text, label("地点", "Place", min_length=1)]
    people: Annotated[People, label("参加人", "Participants")]
    minutes: Annotated[Minutes, label("时长(分钟)", "Minutes", help_zh="每人", help_en="For each of them")]
    served: Annotated[Text, label("服务对象", "Who was served")] = ""
    effect: Annotated[Text, label("效果", "Effect")] = ""
    entry_id: OwnMassEntryId = None


def record_volunteer_service(command: RecordVolunteerService, context: Context, masses: Masses, roster: Roster) -> Outcome:
    """Whoever served is of the branch (INV-002, INV-009)."""
    event = VolunteerServiceDone(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or MassEntryId(context.event_ids[0]),
        project=command.project,
        place=command.place,
        people=command.people,
        minutes=command.minutes,
        served=command.served,
        effect=command.effect,
    )
    if not is_new(masses.marks, event.entry_id, event):
        return []
    must_belong(roster, command.people, command.occurred_on, "people")
    return [event]


CASES = (
    Case(command=RecordResearchTrip, right=Right.WORK_WRITE, reads=(MASSES, ROSTER), decide=record_research_trip),
    Case(command=FileResearchReport, right=Right.WORK_WRITE, reads=(MASSES,), decide=file_research_report),
    Case(command=RecordHouseholdVisit, right=Right.WORK_WRITE, reads=(MASSES, ROSTER), decide=record_household_visit),
    Case(command=AdoptMassPlan, right=Right.WORK_WRITE, reads=(MASSES, MEETING), decide=adopt_mass_plan),
    Case(command=RecordVolunteerService, right=Right.WORK_WRITE, reads=(MASSES, ROSTER), decide=record_volunteer_service),
)
