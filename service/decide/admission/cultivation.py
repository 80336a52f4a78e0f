"""Stages II and III: talk, activist, contacts, cultivation, opinions, development target (R-C02 to R-C08, INV-037 to 041)."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from events.admission import (
    ActivistDetermined,
    ActivistTrained,
    AdmissionFiled,
    AdmissionStage,
    AdmissionTalk,
    AdmissionTalkHeld,
    ContactsAssigned,
    CultivationReviewed,
    ExceptionGranted,
    ExceptionGround,
    FilingLevel,
    Recommender,
    ReviewScope,
    TargetDetermined,
    WrittenReport,
    WrittenReportReceived,
)
from events.admission_acceptance import AdmissionPurpose, NoticeKind, OpinionsCollected
from events.base import Count, LongText, MeetingId, PersonId, Text
from events.meetings import MeetingKind
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.admission.notices import check_notice
from service.decide.admission.order import check_order, check_step, done_on
from service.decide.admission.state import ADMISSION, Admission, AdmissionEvent, Who, held_on, running
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused

WrittenRecord = Annotated[LongText, label("记录", "Record", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class HoldAdmissionTalk(Command, frozen=True, kw_only=True, tag="hold-admission-talk"):
    """Somebody of the branch talked with the person."""

    zh = "登记发展党员谈话"
    en = "Record an admission talk"

    admission_id: Who
    kind: Annotated[AdmissionTalk, label("谈话类别", "Kind of talk")]
    held_by: Annotated[tuple[PersonId, ...], label("谈话人", "Held by")]
    record: WrittenRecord
    in_time: Annotated[
        bool | None, label("是否按期", "In time", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given")
    ] = None


class DetermineActivist(Command, frozen=True, kw_only=True, tag="determine-activist"):
    """A meeting determined the applicant as an activist."""

    zh = "确定入党积极分子"
    en = "Determine an activist"

    admission_id: Who
    meeting_id: Annotated[MeetingId, label("研究确定的会议", "Meeting")]
    recommended_by: Annotated[Recommender, label("推荐方式", "Recommended by")]


class FileWithSuperior(Command, frozen=True, kw_only=True, tag="file-with-superior"):
    """The superior took note of the activist or the development target."""

    zh = "登记上级党委备案"
    en = "Record a filing with the superior"

    admission_id: Who
    level: Annotated[FilingLevel, label("备案事项", "What was filed")]
    document_no: Annotated[Text, label("备案文号", "Document no.", min_length=1)]


class AssignContacts(Command, frozen=True, kw_only=True, tag="assign-contacts"):
    """One or two full members look after the activist."""

    zh = "指定培养联系人"
    en = "Assign cultivation contacts"

    admission_id: Who
    contacts: Annotated[tuple[PersonId, ...], label("培养联系人", "Cultivation contacts")]


class TrainActivist(Command, frozen=True, kw_only=True, tag="train-activist"):
    """The activist studied or was trained."""

    zh = "登记积极分子学习培训"
    en = "Record an activist's training"

    admission_id: Who
    topic: Annotated[Text, label("学习培训内容", "Topic", min_length=1)]
    organiser: Annotated[Text | None, label("组织单位", "Organiser")] = None
    hours: Annotated[Count, label("学时", "Class hours")] = 0


class ReviewDevelopment(Command, frozen=True, kw_only=True, tag="review-development"):
    """The branch looked at how the person develops."""

    zh = "登记培养考察"
    en = "Record a review of development"

    admission_id: Who
    scope: Annotated[ReviewScope, label("考察类别", "Scope")]
    opinion: Annotated[LongText, label("考察意见", "Opinion", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]
    by: Annotated[tuple[PersonId, ...], label("考察人", "Reviewed by")] = ()


class ReceiveWrittenReport(Command, frozen=True, kw_only=True, tag="receive-written-report"):
    """A thought report or a reflection was handed in."""

    zh = "登记思想汇报、心得体会"
    en = "Record a written report"

    admission_id: Who
    kind: Annotated[WrittenReport, label("类别", "Kind")]
    title: Annotated[Text, label("题目", "Title", min_length=1)]


class CollectOpinions(Command, frozen=True, kw_only=True, tag="collect-opinions"):
    """The Party group, the contacts or sponsors, members and the public were heard about the person."""

    zh = "登记听取意见"
    en = "Record opinions heard"

    admission_id: Who
    purpose: Annotated[AdmissionPurpose, label("事项", "Purpose")]
    members_heard: Annotated[Count, label("听取党员人数", "Members heard")]
    public_heard: Annotated[Count, label("听取群众人数", "Public heard")]
    group_heard: Annotated[bool, label("已听取党小组意见", "Party group heard")] = False
    summary: Annotated[LongText, label("意见摘要", "Summary", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class DetermineTarget(Command, frozen=True, kw_only=True, tag="determine-target"):
    """A meeting determined the development target."""

    zh = "确定发展对象"
    en = "Determine a development target"

    admission_id: Who
    meeting_id: Annotated[MeetingId, label("讨论确定的会议", "Meeting")]


def hold_admission_talk(command: HoldAdmissionTalk, context: Context, case: Admission, roster: Roster) -> Outcome:
    """The first talk is due within a month of the application; later it is kept and flagged (INV-037)."""
    day = command.occurred_on
    event = AdmissionTalkHeld(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        kind=command.kind,
        held_by=command.held_by,
        record=command.record,
        late=command.kind is AdmissionTalk.APPLICANT and _too_late(case, context.rules, day),
    )
    if case.has(event):
        return []
    if command.kind is AdmissionTalk.SUPERIOR:
        raise Malformed("kind: the superior records the talk before approval itself")
    if not command.held_by:
        raise Malformed("held_by: somebody held the talk")
    check_active(roster, command.held_by, day, "held_by")
    check_order(case, day, TALK_NEEDS[command.kind])
    if command.kind is AdmissionTalk.CULTIVATION and not set(command.held_by) <= set(case.contacts):
        raise Refused("INV-039", "held_by", detail="the contacts hold these talks")
    if command.in_time is not None and command.in_time == event.late:
        raise Refused("INV-037", "in_time")
    return [event]


TALK_NEEDS = {
    AdmissionTalk.APPLICANT: "application",
    AdmissionTalk.CULTIVATION: "contacts",
    AdmissionTalk.TARGET: "opinions",
    AdmissionTalk.PROBATION: "approval",
}


def _too_late(case: Admission, rules: Rules, day: dt.date) -> bool:
    """Past its month, when no talk was held before that day."""
    applied_on = done_on(case, "application")
    assert applied_on is not None, "every case begins with an application"
    held_before = any(talk.occurred_on < day for talk in case.all(AdmissionTalkHeld, AdmissionTalk.APPLICANT))
    return not held_before and day > add_months(applied_on, rules.number("admission.talk_months"))


def check_active(roster: Roster, people: Iterable[PersonId], day: dt.date, field: str) -> None:
    """Members of this branch on that day (INV-002, INV-009)."""
    for person in people:
        roster.must_be_active(person, day, field)


def determine_activist(command: DetermineActivist, context: Context, case: Admission, meeting: Meeting) -> Outcome:
    """By the committee or the general meeting, as the rule says (R-C03, oddity 7 of the standard)."""
    event = ActivistDetermined(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        meeting_id=command.meeting_id,
        recommended_by=command.recommended_by,
    )
    if case.has(event):
        return []
    once(case, event)
    check_step(case, command.occurred_on, "activist")
    applied_on = done_on(case, "application")
    if applied_on is not None and command.occurred_on < add_months(applied_on, context.rules.number("admission.activist_wait_months")):
        raise Refused("INV-038", "occurred_on")
    by = context.rules.text("admission.activist_decided_by")
    kinds = {"committee": (MeetingKind.COMMITTEE,), "general_meeting": (MeetingKind.GENERAL,)}
    held_on(meeting, command.meeting_id, command.occurred_on, *kinds.get(by, (MeetingKind.COMMITTEE, MeetingKind.GENERAL)))
    return [event]


def once(case: Admission, event: AdmissionEvent) -> None:
    """What is done once is withdrawn before it is recorded anew."""
    if any(entry.entry() == event.entry() for entry in case.entries):
        raise Conflict(f"{event.zh}: on record already; withdraw that entry first")


def file_with_superior(command: FileWithSuperior, _context: Context, case: Admission) -> Outcome:
    """Activists and targets (R-C04, R-C08); further up the superior reports itself."""
    event = AdmissionFiled(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        level=command.level,
        document_no=command.document_no,
    )
    if case.has(event):
        return []
    if command.level is FilingLevel.REPORTED_UP:
        raise Malformed("level: the superior records what it reports further up")
    once(case, event)
    check_step(case, command.occurred_on, f"{command.level.value}-filing")
    return [event]


def assign_contacts(command: AssignContacts, context: Context, case: Admission, roster: Roster) -> Outcome:
    """As many as the rule allows, each a full member (R-C05, INV-039); others may follow them later."""
    person_id = running(case, command.admission_id)
    day = command.occurred_on
    if set(case.contacts) == set(command.contacts) and command.contacts:
        return []
    least, most = context.rules.table("admission.contacts")
    full = roster.full_members_on(day)
    if not least <= len(set(command.contacts)) <= most or len(set(command.contacts)) < len(command.contacts):
        raise Refused("INV-039", "contacts")
    if not full.issuperset(command.contacts):
        raise Refused("INV-039", "contacts")
    check_step(case, day, "contacts")
    return [ContactsAssigned(occurred_on=day, admission_id=command.admission_id, person_id=person_id, contacts=command.contacts)]


def train_activist(command: TrainActivist, _context: Context, case: Admission) -> Outcome:
    event = ActivistTrained(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        topic=command.topic,
        organiser=command.organiser,
        hours=command.hours,
    )
    if case.has(event):
        return []
    check_order(case, command.occurred_on, "activist")
    return [event]


def review_development(command: ReviewDevelopment, _context: Context, case: Admission, roster: Roster) -> Outcome:
    """The first after the talk, then each half-year of the activist, then of the probationary member (R-C06, R-C21)."""
    event = CultivationReviewed(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        scope=command.scope,
        opinion=command.opinion,
        by=command.by,
    )
    if case.has(event):
        return []
    check_active(roster, command.by, command.occurred_on, "by")
    check_order(case, command.occurred_on, REVIEW_NEEDS[command.scope])
    return [event]


REVIEW_NEEDS = {ReviewScope.INITIAL: "applicant-talk", ReviewScope.ACTIVIST: "activist", ReviewScope.PROBATION: "approval"}


def receive_written_report(command: ReceiveWrittenReport, _context: Context, case: Admission) -> Outcome:
    """Thought reports from the activist on, reflections of the development target (N14.M15)."""
    event = WrittenReportReceived(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        kind=command.kind,
        title=command.title,
    )
    if case.has(event):
        return []
    check_order(case, command.occurred_on, "target" if command.kind is WrittenReport.REFLECTION else "activist")
    return [event]


def collect_opinions(command: CollectOpinions, _context: Context, case: Admission) -> Outcome:
    """Before the development target is determined (R-C07), and again before the conversion (R-C23)."""
    event = OpinionsCollected(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        purpose=command.purpose,
        members_heard=command.members_heard,
        public_heard=command.public_heard,
        group_heard=command.group_heard,
        summary=command.summary,
    )
    if case.has(event):
        return []
    if not command.members_heard or not command.public_heard:
        raise Malformed("members_heard, public_heard: members and the public are both heard")
    check_step(case, command.occurred_on, "opinions" if command.purpose is AdmissionPurpose.ADMISSION else "conversion-opinions")
    return [event]


def determine_target(command: DetermineTarget, context: Context, case: Admission, meeting: Meeting) -> Outcome:
    """After a year of cultivation with a review in each half-year (R-C07, INV-040, INV-041)."""
    day, rules = command.occurred_on, context.rules
    event = TargetDetermined(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        meeting_id=command.meeting_id,
    )
    if case.has(event):
        return []
    once(case, event)
    if case.stage is AdmissionStage.TARGET:
        raise Conflict("a development target already")
    check_step(case, day, "target")
    if day < target_from(case, rules):
        raise Refused("INV-040", "occurred_on", detail=f"{target_from(case, rules)}")
    if (gap := review_gap(case, rules, day)) is not None:
        raise Refused("INV-041", "occurred_on", detail=f"{gap[0]} - {gap[1]}")
    if rules.text("notice.admission.before") == "target":
        check_notice(case, NoticeKind.ADMISSION, day)
    held_on(meeting, command.meeting_id, day, MeetingKind.COMMITTEE, MeetingKind.GENERAL)
    return [event]


def target_from(case: Admission, rules: Rules) -> dt.date:
    """The first day on which the activist can become a development target (INV-040)."""
    assert case.activist_on is not None, "only an activist is cultivated"
    return add_months(case.activist_on, rules.number("admission.cultivation_months"))


def review_gap(case: Admission, rules: Rules, day: dt.date) -> tuple[dt.date, dt.date] | None:
    """The first half-year since the activist date that ended by `day` without a review or the superior's leave (INV-041)."""
    since, step = case.activist_on, rules.number("admission.review_months")
    assert since is not None, "only an activist is reviewed"
    reviewed = [review.occurred_on for review in case.all(CultivationReviewed, ReviewScope.ACTIVIST)]
    allowed = [granted.occurred_on for granted in case.all(ExceptionGranted, ExceptionGround.REVIEW_GAP)]
    if case.taken_over is not None:
        allowed.append(case.taken_over.occurred_on)
    months = 0
    while (end := add_months(since, months + step)) <= day:
        start = add_months(since, months)
        if not any(start < review <= end for review in reviewed) and not any(end <= until for until in allowed):
            return start, end
        months += step
    return None


CASES = (
    Case(command=HoldAdmissionTalk, right=Right.ADMISSION_WRITE, reads=(ADMISSION, ROSTER), decide=hold_admission_talk),
    Case(command=DetermineActivist, right=Right.ADMISSION_WRITE, reads=(ADMISSION, MEETING), decide=determine_activist),
    Case(command=FileWithSuperior, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=file_with_superior),
    Case(command=AssignContacts, right=Right.ADMISSION_WRITE, reads=(ADMISSION, ROSTER), decide=assign_contacts),
    Case(command=TrainActivist, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=train_activist),
    Case(command=ReviewDevelopment, right=Right.ADMISSION_WRITE, reads=(ADMISSION, ROSTER), decide=review_development),
    Case(command=ReceiveWrittenReport, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=receive_written_report),
    Case(command=CollectOpinions, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=collect_opinions),
    Case(command=DetermineTarget, right=Right.ADMISSION_WRITE, reads=(ADMISSION, MEETING), decide=determine_target),
)
