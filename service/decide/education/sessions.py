"""Joint study and class hours: plans, sessions, hours of single members, and how an entry is taken back (N17, N01.T06, R-A15)."""

import datetime as dt
from typing import Annotated, Any, ClassVar

import msgspec

from events.appraisal import AppraisalEntryId, AppraisalEntryWithdrawn, AppraisalStudyHeld, StudyRef
from events.base import Count, Event, MeetingId, PersonId, Text
from events.education import (
    HoursGround,
    MonthNo,
    PlanItem,
    PlanKind,
    StudyEntryWithdrawn,
    StudyHoursCredited,
    StudyId,
    StudyKind,
    StudyPlanAdopted,
    StudySessionHeld,
    TrainingCarriedOver,
    TrainingCompleted,
    Year,
)
from service.auth.rights import Right
from service.decide.appraisal.state import Appraisal
from service.decide.appraisal.state import evolve as evolve_appraisal
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.education.state import (
    EDUCATION,
    Education,
    EndsAt,
    Length,
    LengthOfDay,
    Minutes,
    NewEntry,
    Slot,
    StartsAt,
    check_hours,
    length_of,
    new_name,
    standard,
)
from service.decide.entries import on_record
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, Meeting, held
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class AdoptStudyPlan(Command, frozen=True, kw_only=True, tag="adopt-study-plan"):
    """A plan of study for a year: of the branch, a member, online training or a campaign."""

    zh: ClassVar[str] = "登记学习计划"
    en: ClassVar[str] = "Record a study plan"

    kind: Annotated[PlanKind, label("类型", "Kind of plan")]
    year: Annotated[Year, label("年度", "Year")]
    title: Annotated[Text, label("名称", "Title", min_length=1)]
    items: Annotated[tuple["PlanLine", ...], label("计划内容", "Items", min_length=1, max_length=60)]
    person_id: Annotated[PersonId | None, label("党员", "Member", help_zh="个人计划必填", help_en="Needed for a personal plan")] = None
    closes_on: Annotated[
        dt.date | None, label("主题教育结束日期", "Campaign ends on", help_zh="主题教育方案填写", help_en="For a campaign")
    ] = None
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by")] = None
    entry_id: NewEntry = None


class PlanLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a plan, as it is filled in."""

    month: Annotated[MonthNo | None, label("月份", "Month", help_zh="全年的留空", help_en="Empty: for the whole year")] = None
    content: Annotated[Text, label("内容", "Content", min_length=1)]
    form: Annotated[Text | None, label("形式", "Form")] = None
    class_hours: Annotated[Count | None, label("学时", "Class hours")] = None
    person_id: Annotated[PersonId | None, label("责任人", "Responsible")] = None


class RecordStudySession(Command, frozen=True, kw_only=True, tag="record-study-session"):
    """Joint study took place; all who were there get its hours."""

    zh: ClassVar[str] = "登记集中学习"
    en: ClassVar[str] = "Record joint study"

    kind: Annotated[StudyKind, label("学习类别", "Kind of study")] = StudyKind.JOINT
    meeting_id: Annotated[
        MeetingId | None,
        label("对应会议", "Meeting", help_zh="在会议上学习的选择会议，签到以会议为准", help_en="If at a meeting: its attendance counts"),
    ] = None
    topic: Annotated[Text, label("主题", "Topic", min_length=1)]
    place: Annotated[Text | None, label("地点", "Place", help_zh="留空则同会议", help_en="Empty: as the meeting")] = None
    starts_at: StartsAt = None
    ends_at: EndsAt = None
    minutes: Minutes = None
    day_part: LengthOfDay = None
    organiser: Annotated[PersonId, label("组织者", "Organiser")]
    lecturer_id: Annotated[PersonId | None, label("主讲人", "Lecturer")] = None
    lecturer_title: Annotated[Text | None, label("外请主讲人单位职务", "Lecturer's office")] = None
    present: Annotated[
        tuple[PersonId, ...],
        label(
            "签到人员", "Signed in", help_zh="不对应会议时必填；留空则为会议到会人员", help_en="Empty: those at the meeting; else needed"
        ),
    ] = ()
    materials: Annotated[Text | None, label("学习资料", "Materials")] = None
    speakers: Annotated[tuple[PersonId, ...], label("研讨发言人", "Speakers")] = ()
    plan_id: Annotated[StudyId | None, label("对应计划", "Plan")] = None
    appraisal_year: Annotated[
        Year | None,
        label("为哪年度民主评议", "For the appraisal of", help_zh="评议前的集中学习填写年度", help_en="When it prepares an appraisal"),
    ] = None
    entry_id: NewEntry = None


class CreditStudyHours(Command, frozen=True, kw_only=True, tag="credit-study-hours"):
    """One member studied outside a joint session: online, on a course, or to make up."""

    zh: ClassVar[str] = "登记个人学时"
    en: ClassVar[str] = "Credit study hours"

    person_id: Annotated[PersonId, label("党员", "Member")]
    ground: Annotated[HoursGround, label("学习方式", "Kind of study")]
    topic: Annotated[Text, label("主题", "Topic", min_length=1)]
    starts_at: StartsAt = None
    ends_at: EndsAt = None
    minutes: Minutes = None
    day_part: LengthOfDay = None
    session_id: Annotated[
        StudyId | None, label("补学的集中学习", "Session made up for", help_zh="补学必填", help_en="Needed when made up")
    ] = None
    plan_id: Annotated[StudyId | None, label("对应计划", "Plan")] = None
    entry_id: NewEntry = None


class WithdrawStudyEntry(Command, frozen=True, kw_only=True, tag="withdraw-study-entry"):
    """An entry of the education ledger was wrong."""

    zh: ClassVar[str] = "撤销教育登记"
    en: ClassVar[str] = "Withdraw an education entry"

    entry_id: Annotated[StudyId, label("登记事项", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]
    appraisal_year: Annotated[
        Year | None,
        label("为哪年度民主评议", "For the appraisal of", help_zh="评议前的集中学习须填写", help_en="Needed for study before an appraisal"),
    ] = None


PREPARED = Fold[Appraisal](
    name="appraisal",
    book=own,
    stream=lambda command: f"appraisal-{command.appraisal_year}" if command.appraisal_year else None,
    initial=Appraisal(),
    evolve=evolve_appraisal,
)
"""The appraisal that a joint study prepares, when it prepares one."""


def adopt_study_plan(command: AdoptStudyPlan, context: Context, education: Education, roster: Roster) -> Outcome:
    """One plan of its kind for a year (of a member, of a campaign); a new one after the old is withdrawn."""
    day = command.occurred_on
    if (command.kind is PlanKind.PERSONAL) != (command.person_id is not None):
        raise Malformed("a personal plan names its member, and no other plan does: person_id")
    event = StudyPlanAdopted(
        occurred_on=day,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        kind=command.kind,
        year=command.year,
        title=command.title,
        items=tuple(msgspec.convert(msgspec.structs.asdict(line), PlanItem) for line in command.items),
        person_id=command.person_id,
        closes_on=command.closes_on,
        meeting_id=command.meeting_id,
    )
    if on_record(education.all(StudyPlanAdopted), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    check_active(roster, (command.person_id,) if command.person_id else (), day, "person_id")
    check_active(roster, (line.person_id for line in command.items if line.person_id), day, "items")
    if any(_same_plan(plan, event) for plan in education.all(StudyPlanAdopted)):
        raise Conflict(f"a {command.kind.en} plan of {command.year} is on record; withdraw it first")
    return [event]


def _same_plan(plan: StudyPlanAdopted, new: StudyPlanAdopted) -> bool:
    """Two campaigns may run in a year; they differ by title."""
    if (plan.kind, plan.year, plan.person_id) != (new.kind, new.year, new.person_id):
        return False
    return plan.kind is not PlanKind.CAMPAIGN or plan.title == new.title


def record_study_session(
    command: RecordStudySession, context: Context, education: Education, roster: Roster, meeting: Meeting, appraisal: Appraisal
) -> Outcome:
    """Hours only for whoever is on the attendance list, of the meeting or of the study itself (INV-075, INV-076)."""
    event = _session(command, context, roster, meeting)
    if on_record(education.all(StudySessionHeld), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    _check_session(command, event, education, roster)
    _check_prepares(event, appraisal)
    slot = Slot(event.credit, event.starts_at, event.ends_at)
    check_hours(education, event.present, event.occurred_on, slot, context.rules, (_length_field(command), "starts_at"))
    return [event, *_prepared(event, context)]


def _session(command: RecordStudySession, context: Context, roster: Roster, meeting: Meeting) -> StudySessionHeld:
    """The study as told, completed by the meeting at which it was."""
    day = command.occurred_on
    told: dict[str, Any] = {"due": tuple(sorted(roster.members_on(day))), "present": tuple(sorted(set(command.present)))}
    starts_at, ends_at, place = command.starts_at, command.ends_at, command.place
    if command.meeting_id is not None:
        took_place = held(meeting, command.meeting_id)
        if took_place.occurred_on != day:
            raise Conflict(f"meeting {command.meeting_id} was held on {took_place.occurred_on}, not on {day}")
        there = (*took_place.present, *took_place.observers)
        told = {"due": took_place.due, "present": told["present"] or tuple(sorted(set(there)))}
        if not set(told["present"]) <= set(there):
            raise Refused("INV-075", "present")
        starts_at, ends_at = (starts_at or took_place.starts_at, ends_at or took_place.ends_at)
        place = place or took_place.place
    length: Length = length_of(starts_at, ends_at, command.minutes, command.day_part, context.rules)
    return StudySessionHeld(
        occurred_on=day,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        kind=command.kind,
        topic=command.topic,
        place=place,
        starts_at=length.starts_at,
        ends_at=length.ends_at,
        organiser=command.organiser,
        lecturer_id=command.lecturer_id,
        lecturer_title=command.lecturer_title,
        minutes=length.minutes,
        credit=length.credit,
        standard=standard(context.rules),
        materials=command.materials,
        speakers=command.speakers,
        meeting_id=command.meeting_id,
        plan_id=command.plan_id,
        appraisal_year=command.appraisal_year,
        **told,
    )


def _check_session(command: RecordStudySession, event: StudySessionHeld, education: Education, roster: Roster) -> None:
    if not event.present:
        raise Refused("INV-075", "present")
    check_active(roster, event.present, event.occurred_on, "present")
    check_active(roster, (event.organiser,), event.occurred_on, "organiser")
    if not set(event.speakers) <= set(event.present):
        raise Malformed("whoever spoke was there: speakers")
    if event.plan_id is not None:
        education.of(StudyPlanAdopted, event.plan_id)
    if event.meeting_id and any((e.meeting_id, e.kind) == (event.meeting_id, event.kind) for e in education.all(StudySessionHeld)):
        raise Conflict(f"{command.kind.en} at meeting {event.meeting_id} is on record already")


def _check_prepares(event: StudySessionHeld, appraisal: Appraisal) -> None:
    """It prepares an appraisal that is not over, of this year or the one before (N13.T02)."""
    if event.appraisal_year is None:
        return
    if event.appraisal_year not in (event.occurred_on.year, event.occurred_on.year - 1):
        raise Malformed("of the year of the study, or the one before: appraisal_year")
    if appraisal.closed is not None:
        raise Conflict(f"the appraisal of {event.appraisal_year} was closed on {appraisal.closed.occurred_on}")


def _length_field(command: RecordStudySession | CreditStudyHours) -> str:
    return "day_part" if command.day_part is not None else "minutes" if command.minutes is not None else "ends_at"


def _prepared(event: StudySessionHeld, context: Context) -> list[Event]:
    """The appraisal learns that the study without which it cannot go on was held (N13.T02)."""
    if event.appraisal_year is None:
        return []
    return [
        AppraisalStudyHeld(
            occurred_on=event.occurred_on,
            year=event.appraisal_year,
            entry_id=AppraisalEntryId(context.event_ids[1]),
            study_id=StudyRef(event.entry_id),
        )
    ]


def credit_study_hours(command: CreditStudyHours, context: Context, education: Education, roster: Roster) -> Outcome:
    """Made up for what one missed, online, or on a course; the limits of a day hold over all of it (INV-075, INV-076)."""
    length = length_of(command.starts_at, command.ends_at, command.minutes, command.day_part, context.rules)
    event = StudyHoursCredited(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        person_id=command.person_id,
        ground=command.ground,
        topic=command.topic,
        starts_at=length.starts_at,
        ends_at=length.ends_at,
        minutes=length.minutes,
        credit=length.credit,
        standard=standard(context.rules),
        session_id=command.session_id,
        plan_id=command.plan_id,
    )
    if on_record(education.all(StudyHoursCredited), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    check_active(roster, (event.person_id,), event.occurred_on, "person_id")
    _check_made_up(event, education)
    if event.plan_id is not None:
        education.of(StudyPlanAdopted, event.plan_id)
    slot = Slot(event.credit, event.starts_at, event.ends_at)
    check_hours(education, (event.person_id,), event.occurred_on, slot, context.rules, (_length_field(command), "starts_at"))
    return [event]


def _check_made_up(event: StudyHoursCredited, education: Education) -> None:
    """Whoever was there has the hours already; a session is made up for once, and not before it was."""
    if (event.ground is HoursGround.MAKE_UP) != (event.session_id is not None):
        raise Malformed("what is made up for is a joint session: session_id")
    if event.session_id is None:
        return
    session = education.of(StudySessionHeld, event.session_id)
    again = any((e.session_id, e.person_id) == (event.session_id, event.person_id) for e in education.all(StudyHoursCredited))
    if event.person_id in session.present or again:
        raise Refused("INV-075", "session_id", detail=event.person_id)
    if event.occurred_on < session.occurred_on:
        raise Conflict(f"the session was held on {session.occurred_on}, after {event.occurred_on}")


def withdraw_study_entry(command: WithdrawStudyEntry, _context: Context, education: Education, appraisal: Appraisal) -> Outcome:
    """Whatever builds on the entry goes first; the study before an appraisal only until the appraisal meeting (INV-080)."""
    entry = education.standing.get(command.entry_id)
    if entry is None:
        if command.entry_id in education.withdrawn:
            return []
        raise Absent(f"entry {command.entry_id}")
    if command.occurred_on < entry.occurred_on:
        raise Conflict(f"entry {command.entry_id} is of {entry.occurred_on}, after {command.occurred_on}")
    if any(_builds_on(other, command.entry_id) for other in education.standing.values()):
        raise Conflict(f"other entries build on {command.entry_id}; withdraw them first")
    withdrawn = StudyEntryWithdrawn(occurred_on=command.occurred_on, entry_id=command.entry_id, reason=command.reason)
    prepared = entry.appraisal_year if isinstance(entry, StudySessionHeld) else None
    if command.appraisal_year != prepared:
        raise Malformed("the year whose appraisal the study prepared, or none: appraisal_year")
    return [withdrawn, *_unprepared(command, appraisal)]


def _builds_on(other: Event, entry_id: StudyId) -> bool:
    match other:
        case TrainingCompleted() | TrainingCarriedOver():
            return other.training_id == entry_id
        case StudyHoursCredited():
            return entry_id in (other.session_id, other.plan_id)
        case StudySessionHeld():
            return other.plan_id == entry_id
        case _:
            return False  # plans, notes and reflections stand for themselves


def _unprepared(command: WithdrawStudyEntry, appraisal: Appraisal) -> list[Event]:
    if command.appraisal_year is None:
        return []
    if appraisal.meetings:
        raise Conflict("the appraisal meeting was held after this study")
    day, year = command.occurred_on, command.appraisal_year
    return [
        AppraisalEntryWithdrawn(occurred_on=day, year=year, entry_id=study.entry_id, reason=command.reason)
        for study in appraisal.studies
        if study.study_id == StudyRef(command.entry_id)
    ]


CASES = (
    Case(command=AdoptStudyPlan, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER), decide=adopt_study_plan),
    Case(command=RecordStudySession, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER, MEETING, PREPARED), decide=record_study_session),
    Case(command=CreditStudyHours, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER), decide=credit_study_hours),
    Case(command=WithdrawStudyEntry, right=Right.WORK_WRITE, reads=(EDUCATION, PREPARED), decide=withdraw_study_entry),
)
