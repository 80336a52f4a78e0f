"""Meetings before they are held: planned, made known, excused from, cancelled. `CASES` of the whole noun (N09, N21)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import GroupId, MeetingId, PersonId, Text
from events.meetings import (
    AbsenceExcused,
    ClockTime,
    LeaveReason,
    MeetingCancelled,
    MeetingKind,
    MeetingScheduled,
    NoticeMethod,
    NoticeSent,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings import attendance, lectures, minutes, votes, withdrawals
from service.decide.meetings.roll import check_active, due_on
from service.decide.meetings.state import MEETING, Meeting, known
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused


class ScheduleMeeting(Command, frozen=True, kw_only=True, tag="schedule-meeting"):
    """A meeting is called; sent again with the same meeting, it changes the plan."""

    zh: ClassVar[str] = "安排会议"
    en: ClassVar[str] = "Schedule a meeting"

    meeting_id: Annotated[MeetingId | None, label("会议", "Meeting", help_zh="新会议留空", help_en="Leave empty for a new one")] = None
    kind: Annotated[MeetingKind, label("会议类别", "Kind of meeting")]
    planned_on: Annotated[dt.date, label("召开日期", "Date of the meeting")]
    topic: Annotated[Text, label("主题", "Topic", min_length=1)]
    place: Annotated[Text | None, label("地点", "Place")] = None
    starts_at: Annotated[ClockTime | None, label("开始时间", "Starts at", help_zh="如 14:30", help_en="Such as 14:30")] = None
    ends_at: Annotated[ClockTime | None, label("结束时间", "Ends at", help_zh="如 16:00", help_en="Such as 16:00")] = None
    group_id: Annotated[GroupId | None, label("党小组", "Group", help_zh="党小组会必填", help_en="Needed for a group meeting")] = None
    plan_item: Annotated[Text | None, label("年度计划项", "Item of the annual plan")] = None


class SendNotice(Command, frozen=True, kw_only=True, tag="send-notice"):
    """Those who have to come were told."""

    zh: ClassVar[str] = "登记会议通知"
    en: ClassVar[str] = "Record a meeting notice"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    to: Annotated[
        tuple[PersonId, ...], label("通知对象", "Sent to", help_zh="留空则为全体应到人员", help_en="Empty: everybody who has to come")
    ] = ()
    method: Annotated[NoticeMethod, label("通知方式", "Method")] = NoticeMethod.MESSAGE
    note: Annotated[Text | None, label("通知内容", "Note")] = None


class ExcuseAbsence(Command, frozen=True, kw_only=True, tag="excuse-absence"):
    """A member asked for leave before the meeting and was given it."""

    zh: ClassVar[str] = "登记请假"
    en: ClassVar[str] = "Excuse an absence"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    person_id: Annotated[PersonId, label("请假人", "Member")]
    reason: Annotated[LeaveReason, label("请假类别", "Reason")]
    note: Annotated[Text | None, label("说明", "Note", help_zh="加密保存", help_en="Kept encrypted")] = None


class CancelMeeting(Command, frozen=True, kw_only=True, tag="cancel-meeting"):
    """A planned meeting fell away."""

    zh: ClassVar[str] = "取消会议"
    en: ClassVar[str] = "Cancel a meeting"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    reason: Annotated[Text, label("取消原因", "Reason", min_length=1)]


def schedule_meeting(command: ScheduleMeeting, context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """A new plan, or another one for a meeting that has not been held."""
    event = MeetingScheduled(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id or MeetingId(context.event_ids[0]),
        kind=command.kind,
        planned_on=command.planned_on,
        topic=command.topic,
        place=command.place,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        group_id=command.group_id if command.kind == MeetingKind.GROUP else None,
        plan_item=command.plan_item,
    )
    if meeting.scheduled == event:
        return []
    if meeting.held is not None or meeting.cancelled is not None:
        raise Conflict(f"meeting {event.meeting_id} was held or cancelled already")
    if command.planned_on < command.occurred_on:
        raise Malformed("a meeting is planned before it is held: planned_on")
    if command.starts_at and command.ends_at and command.ends_at < command.starts_at:
        raise Malformed("a meeting ends after it starts: ends_at")
    due_on(roster, command.kind, command.group_id, command.planned_on)
    return [event]


def send_notice(command: SendNotice, _context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """Without names it went to everybody who has to come on the planned day (INV-018)."""
    plan = known(meeting, command.meeting_id).scheduled
    if plan is None or meeting.held is not None:
        raise Conflict(f"meeting {command.meeting_id} has been held; its notice is recorded together with it")
    if command.occurred_on > plan.planned_on:
        raise Refused("INV-018", "occurred_on", detail="the notice is dated after the meeting")
    people = tuple(sorted(set(command.to))) or due_on(roster, plan.kind, plan.group_id, plan.planned_on)
    event = NoticeSent(occurred_on=command.occurred_on, meeting_id=command.meeting_id, to=people, method=command.method, note=command.note)
    if event in meeting.notices:
        return []
    check_active(roster, people, command.occurred_on, "to")
    return [event]


def excuse_absence(command: ExcuseAbsence, _context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """Only whoever has to come can be excused, and only before the meeting is on record (INV-009, INV-010)."""
    plan = known(meeting, command.meeting_id).scheduled
    if plan is None or meeting.held is not None:
        raise Conflict(f"meeting {command.meeting_id} has been held; correct its attendance instead")
    if command.occurred_on > plan.planned_on:
        raise Conflict(f"meeting {command.meeting_id} is planned for {plan.planned_on}; leave is given before")
    if meeting.excused.get(command.person_id) == command.reason:
        return []
    check_active(roster, (command.person_id,), plan.planned_on, "person_id")
    if command.person_id not in due_on(roster, plan.kind, plan.group_id, plan.planned_on):
        raise Refused("INV-010", "person_id", detail="does not have to come")
    return [
        AbsenceExcused(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            person_id=command.person_id,
            reason=command.reason,
            note=command.note,
        )
    ]


def cancel_meeting(command: CancelMeeting, _context: Context, meeting: Meeting) -> Outcome:
    """Only a plan; what was recorded as held is withdrawn instead, so that the reason why it stands no more is told apart."""
    if meeting.cancelled is not None:
        return []
    if known(meeting, command.meeting_id).held is not None:
        raise Conflict(f"meeting {command.meeting_id} is on record as held; withdraw the record of it instead")
    return [MeetingCancelled(occurred_on=command.occurred_on, meeting_id=command.meeting_id, reason=command.reason)]


CASES = (
    Case(command=ScheduleMeeting, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=schedule_meeting),
    Case(command=SendNotice, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=send_notice),
    Case(command=ExcuseAbsence, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=excuse_absence),
    *attendance.CASES,
    *votes.CASES,
    *lectures.CASES,
    *minutes.CASES,
    Case(command=CancelMeeting, right=Right.MEETING_WRITE, reads=(MEETING,), decide=cancel_meeting),
    *withdrawals.CASES,
)
