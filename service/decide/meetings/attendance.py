"""The meeting took place, and who was there: recorded once, corrected with a reason (R-A05 to R-A09)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import structs

from events.base import Count, GroupId, MeetingId, PersonId, Text
from events.meetings import AttendanceCorrected, ClockTime, LeaveReason, MeetingHeld, MeetingKind, NoticeMethod, NoticeSent
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.roll import LEAVE_FIELDS, Roll, check_active, check_quorum, due_on, leader_on, quorum_of, roll, voting_base
from service.decide.meetings.state import MEETING, Meeting, held, not_before
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused

LED = frozenset({MeetingKind.GENERAL, MeetingKind.COMMITTEE, MeetingKind.GROUP})
"""The meetings whose chair R-A09 lays down."""


People = tuple[PersonId, ...]
AbsentPeople = Annotated[
    People,
    label("缺席人员", "Absent without leave", help_zh="其余应到人员均视为实到", help_en="Everybody else who is due counts as present"),
]
OnOfficialLeave = Annotated[People, label("公假人员", "On official duty")]
OnSickLeave = Annotated[People, label("病假人员", "On sick leave")]
OnPersonalLeave = Annotated[People, label("事假人员", "On personal leave")]
OnOtherLeave = Annotated[People, label("其他请假人员", "Otherwise excused")]


class RecordMeetingHeld(Command, frozen=True, kw_only=True, tag="record-meeting-held"):
    """A meeting took place on `occurred_on`, planned before or not."""

    zh: ClassVar[str] = "记录会议"
    en: ClassVar[str] = "Record a meeting"

    meeting_id: Annotated[
        MeetingId | None,
        label(
            "已安排的会议", "Planned meeting", help_zh="未事先安排的会议留空", help_en="Leave empty when the meeting was not planned here"
        ),
    ] = None
    kind: Annotated[MeetingKind, label("会议类别", "Kind of meeting")]
    topic: Annotated[Text | None, label("主题", "Topic", help_zh="留空则用安排时的主题", help_en="Empty: as planned")] = None
    group_id: Annotated[GroupId | None, label("党小组", "Group", help_zh="党小组会必填", help_en="Needed for a group meeting")] = None
    place: Annotated[Text | None, label("地点", "Place")] = None
    starts_at: Annotated[ClockTime | None, label("开始时间", "Starts at", help_zh="如 14:30", help_en="Such as 14:30")] = None
    ends_at: Annotated[ClockTime | None, label("结束时间", "Ends at", help_zh="如 16:00", help_en="Such as 16:00")] = None
    plan_item: Annotated[Text | None, label("年度计划项", "Item of the annual plan")] = None
    chair: Annotated[PersonId, label("主持人", "Chair")]
    delegation_note: Annotated[
        Text | None,
        label(
            "委托记录",
            "Delegation",
            help_zh="主持人不是书记(党小组会为组长)时必填",
            help_en="Needed when the chair is not the secretary or group leader",
        ),
    ] = None
    recorder: Annotated[PersonId, label("记录人", "Recorder")]
    absent: AbsentPeople = ()
    excused_official: OnOfficialLeave = ()
    excused_sick: OnSickLeave = ()
    excused_personal: OnPersonalLeave = ()
    excused_other: OnOtherLeave = ()
    came_after_all: Annotated[
        People,
        label("请假后到会人员", "Excused before, yet present", help_zh="会前已请假但实际到会的党员", help_en="Was given leave and came"),
    ] = ()
    present_count: Annotated[
        Count | None, label("实到人数", "Number present", help_zh="填写则与系统计算核对", help_en="Checked against the count when given")
    ] = None
    observers: Annotated[People, label("列席人员", "Observers")] = ()
    guests: Annotated[Text | None, label("其他列席", "Other guests", help_zh="写单位职务", help_en="By office, not by name")] = None
    notice_sent_on: Annotated[
        dt.date | None,
        label("通知日期", "Notice sent on", help_zh="已登记会议通知的留空", help_en="Leave empty when the notice is on record"),
    ] = None
    notice_method: Annotated[NoticeMethod, label("通知方式", "Notice by")] = NoticeMethod.MESSAGE
    not_notified: Annotated[People, label("未通知人员", "Not notified")] = ()
    unnotified_reason: Annotated[Text | None, label("未通知原因", "Why not notified")] = None


class CorrectAttendance(Command, frozen=True, kw_only=True, tag="correct-attendance"):
    """The attendance was recorded wrongly: the absentees are named anew."""

    zh: ClassVar[str] = "更正到会登记"
    en: ClassVar[str] = "Correct attendance"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    absent: AbsentPeople = ()
    excused_official: OnOfficialLeave = ()
    excused_sick: OnSickLeave = ()
    excused_personal: OnPersonalLeave = ()
    excused_other: OnOtherLeave = ()
    reason: Annotated[Text, label("更正原因", "Reason", min_length=1)]
    author: Annotated[PersonId, label("更正人", "Corrected by")]
    superior_seen_on: Annotated[
        dt.date | None,
        label("上级知悉日期", "Seen by the superior on", help_zh="会议记录归档后更正必填", help_en="Needed once the minutes are on file"),
    ] = None


def record_meeting_held(command: RecordMeetingHeld, context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """Who had to come is worked out from the roster of that day; only absentees are named."""
    draft = _draft(command, context, meeting, roster)
    notice = _notice(command, draft)
    notified = meeting.notified | frozenset(notice.to if notice else ())
    event = structs.replace(draft, unnotified=tuple(person for person in draft.due if person not in notified))
    if meeting.held == event:
        return []
    _check_open(meeting, event)
    _check_people(command, event, roster)
    _check_chair(event, roster)
    check_quorum(event)
    if event.unnotified and not event.unnotified_reason:
        raise Refused("INV-018", "not_notified" if notice else "notice_sent_on", "unnotified_reason")
    return [notice, event] if notice and notice not in meeting.notices else [event]


def _draft(command: RecordMeetingHeld, context: Context, meeting: Meeting, roster: Roster) -> MeetingHeld:
    """The meeting as told, completed by what was planned."""
    plan = meeting.scheduled
    group_id = command.group_id or (plan.group_id if plan else None)
    topic = command.topic or (plan.topic if plan else None)
    if not topic:
        raise Malformed("a meeting that was not planned needs a topic: topic")
    due = due_on(roster, command.kind, group_id, command.occurred_on)
    attendance = _roll_of(command, due, roster, _excused_before(command, meeting))
    return MeetingHeld(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id or MeetingId(context.event_ids[0]),
        kind=command.kind,
        topic=topic,
        chair=command.chair,
        recorder=command.recorder,
        due=due,
        present=attendance.present,
        excused=attendance.excused,
        absent=attendance.absent,
        quorum=quorum_of(command.kind, due, context.rules),
        observers=tuple(sorted(command.observers)),
        guests=command.guests,
        place=command.place or (plan.place if plan else None),
        starts_at=command.starts_at or (plan.starts_at if plan else None),
        ends_at=command.ends_at or (plan.ends_at if plan else None),
        group_id=group_id if command.kind == MeetingKind.GROUP else None,
        plan_item=command.plan_item or (plan.plan_item if plan else None),
        delegation_note=(command.delegation_note or "").strip() or None,
        unnotified_reason=(command.unnotified_reason or "").strip() or None,
    )


def _excused_before(command: RecordMeetingHeld, meeting: Meeting) -> dict[PersonId, LeaveReason]:
    return {person: reason for person, reason in meeting.excused.items() if person not in command.came_after_all}


def _absentees(command: RecordMeetingHeld | CorrectAttendance) -> dict[str, People]:
    """Those who had to come and did not, under the field that names them."""
    return {field: getattr(command, field) for field in ("absent", *LEAVE_FIELDS)}


def _roll_of(command: RecordMeetingHeld, due: People, roster: Roster, excused: Mapping[PersonId, LeaveReason]) -> Roll:
    """The attendance; a stranger, or somebody suspended or gone, is refused under their own rule first."""
    named = _absentees(command)
    for field, people in named.items():
        check_active(roster, (person for person in people if person not in due), command.occurred_on, field)
    return roll(due, named, excused)


def _notice(command: RecordMeetingHeld, event: MeetingHeld) -> NoticeSent | None:
    """The notice that is told together with the meeting."""
    if command.notice_sent_on is None:
        return None
    if command.notice_sent_on > event.occurred_on:
        raise Refused("INV-018", "notice_sent_on", detail="the notice is dated after the meeting")
    return NoticeSent(
        occurred_on=command.notice_sent_on,
        meeting_id=event.meeting_id,
        to=tuple(person for person in event.due if person not in command.not_notified),
        method=command.notice_method,
    )


def _check_open(meeting: Meeting, event: MeetingHeld) -> None:
    if meeting.cancelled is not None:
        raise Conflict(f"meeting {event.meeting_id} was cancelled on {meeting.cancelled.occurred_on}")
    if meeting.archived is not None:
        raise Refused("INV-017", "meeting_id")
    if meeting.held is not None:
        raise Conflict(f"meeting {event.meeting_id} is on record already; correct its attendance instead")
    if meeting.scheduled is not None and meeting.scheduled.kind != event.kind:
        raise Conflict(f"meeting {event.meeting_id} was planned as {meeting.scheduled.kind}")
    if event.starts_at and event.ends_at and event.ends_at < event.starts_at:
        raise Malformed("a meeting ends after it starts: ends_at")
    if not event.due:
        raise Refused("INV-015" if event.kind == MeetingKind.COMMITTEE else "INV-010", "kind", detail="nobody has to come")


def _check_people(command: RecordMeetingHeld, event: MeetingHeld, roster: Roster) -> None:
    """Chair, recorder and observers are members who count that day; numbers add up (INV-002, 009, 010)."""
    day = event.occurred_on
    check_active(roster, (event.chair,), day, "chair")
    check_active(roster, (event.recorder,), day, "recorder")
    check_active(roster, event.observers, day, "observers")
    away = {*event.absent, *(person.person_id for person in event.excused)}
    if event.recorder in away:
        raise Refused("INV-010", "recorder")
    if not away.isdisjoint(command.came_after_all):
        raise Refused("INV-010", "came_after_all")
    if not set(event.due).isdisjoint(event.observers):
        raise Refused("INV-010", "observers")
    if command.present_count is not None and command.present_count != len(event.present):
        raise Refused("INV-010", "present_count", detail=f"{len(event.present)}/{len(event.due)}")


def _check_chair(event: MeetingHeld, roster: Roster) -> None:
    """The secretary (the group leader in a group) chairs, or whoever of those present was asked to (INV-016)."""
    if event.kind not in LED:
        return
    if event.chair not in event.present:
        raise Refused("INV-016", "chair", detail="the chair is not among those present")
    if event.chair != leader_on(roster, event.kind, event.group_id, event.occurred_on) and not event.delegation_note:
        raise Refused("INV-016", "chair", "delegation_note")


def correct_attendance(command: CorrectAttendance, _context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """The lists are told anew; what was decided must still have had the quorum of its own day (INV-011, 012, 015)."""
    took_place = held(meeting, command.meeting_id)
    not_before(took_place, command.occurred_on)
    attendance = roll(took_place.due, _absentees(command), {})
    if (attendance.present, attendance.excused, attendance.absent) == (took_place.present, took_place.excused, took_place.absent):
        return []
    if meeting.archived is not None and command.superior_seen_on is None:
        raise Refused("INV-017", "superior_seen_on")
    check_active(roster, (command.author,), command.occurred_on, "author")
    event = AttendanceCorrected(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        present=attendance.present,
        excused=attendance.excused,
        absent=attendance.absent,
        reason=command.reason,
        author=command.author,
        superior_seen_on=command.superior_seen_on,
    )
    _check_still_valid(structs.replace(took_place, present=event.present), meeting, roster)
    return [event]


def _check_still_valid(corrected: MeetingHeld, meeting: Meeting, roster: Roster) -> None:
    if corrected.kind in LED and corrected.chair not in corrected.present:
        raise Refused("INV-016", "absent", detail="the chair was present")
    check_quorum(corrected)
    voters = voting_base(roster, corrected).intersection(corrected.present)
    for motion in meeting.motions:
        cast_there = motion.yes + motion.no + motion.abstain - len(motion.written_from)
        if cast_there > len(voters) or not voters.isdisjoint(motion.written_from):
            raise Refused("INV-011", "absent", detail=motion.title)
        if len(voters) < motion.quorum:
            raise Refused("INV-012", "absent", detail=motion.title)


CASES = (
    Case(command=RecordMeetingHeld, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=record_meeting_held),
    Case(command=CorrectAttendance, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=correct_attendance),
)
