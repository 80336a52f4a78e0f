"""Democratic appraisal up to the ballot: notice, self-assessment, meeting, mutual assessment, votes, gaps (N13.T01 to T04, R-I04)."""

import datetime as dt
from typing import Annotated, ClassVar

import msgspec

from events.appraisal import (
    AppraisalBallotRecorded,
    AppraisalEntryId,
    AppraisalMeetingHeld,
    AppraisalOpened,
    LackExcused,
    Lacking,
    PeerAssessed,
    SelfAssessed,
)
from events.base import Count, LongText, MeetingId, PersonId, Text
from events.meetings import MeetingHeld, MeetingKind
from service.auth.rights import Right
from service.decide.appraisal.state import APPRAISAL, Appraisal, NewEntry, OfYear, met, new_name, under_way
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.entries import on_record
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, Meeting, held
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused


class OpenAppraisal(Command, frozen=True, kw_only=True, tag="open-appraisal"):
    """Members are told to prepare for the appraisal of a year."""

    zh: ClassVar[str] = "启动民主评议"
    en: ClassVar[str] = "Open the appraisal"

    year: OfYear
    planned_on: Annotated[dt.date, label("评议会日期", "Day of the appraisal meeting")]
    notice: Annotated[Text | None, label("通知", "Notice")] = None
    entry_id: NewEntry = None


class SubmitSelfAssessment(Command, frozen=True, kw_only=True, tag="submit-self-assessment"):
    """A member's own assessment and outline of the speech."""

    zh: ClassVar[str] = "登记个人自评"
    en: ClassVar[str] = "Record a self-assessment"

    year: OfYear
    person_id: Annotated[PersonId, label("党员", "Member")]
    outline: Annotated[LongText, label("自评要点", "Outline", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]
    entry_id: NewEntry = None


class HoldAppraisalMeeting(Command, frozen=True, kw_only=True, tag="hold-appraisal-meeting"):
    """A general or group meeting on record was the appraisal meeting."""

    zh: ClassVar[str] = "登记民主评议会"
    en: ClassVar[str] = "Record the appraisal meeting"

    year: OfYear
    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    entry_id: NewEntry = None


class RecordPeerAssessment(Command, frozen=True, kw_only=True, tag="record-peer-assessment"):
    """One member's comment on another."""

    zh: ClassVar[str] = "登记党员互评"
    en: ClassVar[str] = "Record a peer assessment"

    year: OfYear
    person_id: Annotated[PersonId, label("被评议人", "On whom")]
    by: Annotated[PersonId, label("评议人", "By whom")]
    comment: Annotated[LongText, label("互评意见", "Comment", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]
    entry_id: NewEntry = None


class BallotLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The votes on one member, or on the branch."""

    person_id: Annotated[PersonId | None, label("党员", "Member", help_zh="测评党支部的留空", help_en="Empty: on the branch itself")] = None
    excellent: Annotated[Count, label("优秀", "Excellent")] = 0
    qualified: Annotated[Count, label("合格", "Qualified")] = 0
    basic: Annotated[Count, label("基本合格", "Basically qualified")] = 0
    unqualified: Annotated[Count, label("不合格", "Unqualified")] = 0


class RecordAppraisalBallots(Command, frozen=True, kw_only=True, tag="record-appraisal-ballots"):
    """The count of the secret ballot at the appraisal meeting."""

    zh: ClassVar[str] = "登记民主测评结果"
    en: ClassVar[str] = "Record appraisal ballots"

    year: OfYear
    ballots: Annotated[tuple[BallotLine, ...], label("测评票数", "Votes", min_length=1, max_length=16)]


class ExcuseAppraisalGap(Command, frozen=True, kw_only=True, tag="excuse-appraisal-gap"):
    """Why a member has no self-assessment or ballot, or is not appraised this year."""

    zh: ClassVar[str] = "登记评议缺项原因"
    en: ClassVar[str] = "Explain a gap in the appraisal"

    year: OfYear
    person_id: Annotated[PersonId, label("党员", "Member")]
    what: Annotated[Lacking, label("缺项", "What is missing")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]
    entry_id: NewEntry = None


def open_appraisal(command: OpenAppraisal, context: Context, appraisal: Appraisal, roster: Roster) -> Outcome:
    """Full members are to be graded, probationary ones take part without a grade (R-I03); one appraisal a year."""
    day = command.occurred_on
    full = roster.full_members_on(day)
    event = AppraisalOpened(
        occurred_on=day,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        planned_on=command.planned_on,
        full=tuple(sorted(full)),
        probationary=tuple(sorted(roster.members_on(day) - full)),
        notice=command.notice,
    )
    if on_record(appraisal.all(AppraisalOpened), event, "entry_id"):
        return []
    new_name(appraisal, command.entry_id, context)
    if appraisal.opened is not None:
        raise Conflict(f"the appraisal of {command.year} was opened on {appraisal.opened.occurred_on}")
    if command.planned_on < day:
        raise Malformed("members are told before the meeting: planned_on")
    if command.planned_on.year not in (command.year, command.year + 1):
        raise Malformed("held in the year appraised or the next one: year")
    return [event]


def submit_self_assessment(command: SubmitSelfAssessment, context: Context, appraisal: Appraisal, roster: Roster) -> Outcome:
    """One for each member, probationary ones too; another one after the first is withdrawn."""
    event = SelfAssessed(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        person_id=command.person_id,
        outline=command.outline,
    )
    if on_record(appraisal.all(SelfAssessed), event, "entry_id", "outline"):
        return []
    new_name(appraisal, command.entry_id, context)
    under_way(appraisal, command.year)
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    if command.person_id in appraisal.assessed:
        raise Conflict(f"the self-assessment of {command.person_id} is on record; withdraw it first")
    return [event]


def hold_appraisal_meeting(
    command: HoldAppraisalMeeting, context: Context, appraisal: Appraisal, meeting: Meeting, roster: Roster
) -> Outcome:
    """Not without joint study before it (INV-080); in Party groups where members are many (R-I06)."""
    took_place = held(meeting, command.meeting_id)
    event = AppraisalMeetingHeld(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        meeting_id=command.meeting_id,
        participants=len(took_place.present) + len(took_place.observers),
        full=tuple(sorted(roster.full_members_on(command.occurred_on))),
    )
    if on_record(appraisal.meetings, event, "entry_id"):
        return []
    new_name(appraisal, command.entry_id, context)
    under_way(appraisal, command.year)
    _check_meeting(command, appraisal, took_place)
    if not any(study.occurred_on <= command.occurred_on for study in appraisal.studies):
        raise Refused("INV-080", "meeting_id")
    return [event]


def _check_meeting(command: HoldAppraisalMeeting, appraisal: Appraisal, took_place: MeetingHeld) -> None:
    if took_place.occurred_on != command.occurred_on:
        raise Conflict(f"meeting {command.meeting_id} was held on {took_place.occurred_on}, not on {command.occurred_on}")
    if took_place.kind not in (MeetingKind.GENERAL, MeetingKind.GROUP):
        raise Malformed("members appraise each other at a general or group meeting: meeting_id")
    if any(meeting.meeting_id == command.meeting_id for meeting in appraisal.meetings):
        raise Conflict(f"meeting {command.meeting_id} is on record as the appraisal meeting already")


def record_peer_assessment(command: RecordPeerAssessment, context: Context, appraisal: Appraisal, roster: Roster) -> Outcome:
    """At the meeting or after it; nobody comments on himself (N13.T04)."""
    event = PeerAssessed(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        person_id=command.person_id,
        by=command.by,
        comment=command.comment,
    )
    if on_record(appraisal.all(PeerAssessed), event, "entry_id", "comment"):
        return []
    new_name(appraisal, command.entry_id, context)
    met(appraisal, command.year, command.occurred_on)
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    check_active(roster, (command.by,), command.occurred_on, "by")
    if command.by == command.person_id:
        raise Malformed("members assess each other, not themselves: by")
    return [event]


def record_appraisal_ballots(command: RecordAppraisalBallots, context: Context, appraisal: Appraisal, roster: Roster) -> Outcome:
    """One count for each; those on record already with the same figures are left out (N13.T05)."""
    met_on = met(appraisal, command.year, command.occurred_on)
    events = [_ballot(command, line, AppraisalEntryId(context.event_ids[n])) for n, line in enumerate(command.ballots)]
    if len({event.person_id for event in events}) < len(events):
        raise Malformed("a member stands there once: ballots")
    new = [event for event in events if not on_record(appraisal.ballots.values(), event, "entry_id")]
    for event in new:
        _check_ballot(event, appraisal, roster, met_on)
    return [*new]


def _ballot(command: RecordAppraisalBallots, line: BallotLine, entry_id: AppraisalEntryId) -> AppraisalBallotRecorded:
    return AppraisalBallotRecorded(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=entry_id,
        person_id=line.person_id,
        excellent=line.excellent,
        qualified=line.qualified,
        basic=line.basic,
        unqualified=line.unqualified,
    )


def _check_ballot(event: AppraisalBallotRecorded, appraisal: Appraisal, roster: Roster, met_on: dt.date) -> None:
    """No more votes than people at the meeting (INV-011); on full members only (INV-079)."""
    votes = event.excellent + event.qualified + event.basic + event.unqualified
    if votes == 0:
        raise Malformed("a ballot has votes: ballots")
    if votes > appraisal.participants:
        raise Refused("INV-011", "ballots", detail=f"{votes}/{appraisal.participants}")
    if event.person_id in appraisal.ballots:
        raise Conflict(f"the ballot on {event.person_id or 'the branch'} is on record; withdraw it first")
    if event.person_id is not None:
        check_full(roster, event.person_id, met_on, "ballots")


def check_full(roster: Roster, person_id: PersonId, day: dt.date, field: str) -> None:
    """A member of this branch on that day (INV-002, INV-009), and a full one (INV-079)."""
    roster.must_be_active(person_id, day, field)
    if person_id not in roster.full_members_on(day):
        raise Refused("INV-079", field, detail=person_id)


def excuse_appraisal_gap(command: ExcuseAppraisalGap, context: Context, appraisal: Appraisal, roster: Roster) -> Outcome:
    """The recorded reason of INV-081."""
    event = LackExcused(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        person_id=command.person_id,
        what=command.what,
        reason=command.reason,
    )
    if on_record(appraisal.all(LackExcused), event, "entry_id", "reason", "occurred_on"):
        return []
    new_name(appraisal, command.entry_id, context)
    under_way(appraisal, command.year)
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


CASES = (
    Case(command=OpenAppraisal, right=Right.WORK_WRITE, reads=(APPRAISAL, ROSTER), decide=open_appraisal),
    Case(command=SubmitSelfAssessment, right=Right.WORK_WRITE, reads=(APPRAISAL, ROSTER), decide=submit_self_assessment),
    Case(command=HoldAppraisalMeeting, right=Right.WORK_WRITE, reads=(APPRAISAL, MEETING, ROSTER), decide=hold_appraisal_meeting),
    Case(command=RecordPeerAssessment, right=Right.WORK_WRITE, reads=(APPRAISAL, ROSTER), decide=record_peer_assessment),
    Case(command=RecordAppraisalBallots, right=Right.WORK_WRITE, reads=(APPRAISAL, ROSTER), decide=record_appraisal_ballots),
    Case(command=ExcuseAppraisalGap, right=Right.WORK_WRITE, reads=(APPRAISAL, ROSTER), decide=excuse_appraisal_gap),
)
