"""Papers of the year, the organisation life meeting, speeches, and how an entry is taken back (N09.T01, N10.M01, N11, R-A12)."""

from typing import Annotated, ClassVar

from events.base import Count, Event, LongText, MeetingId, PersonId, Text
from events.meetings import MeetingHeld, MeetingKind
from events.organisation_life import (
    LifeEntryWithdrawn,
    LifeId,
    LifeMeetingHeld,
    LifeMeetingKind,
    PaperFiled,
    PledgeFulfilmentReported,
    RectificationItemClosed,
    SpeechKind,
    SpeechRecorded,
    Year,
    YearPaper,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.entries import on_record
from service.decide.life.state import LIFE, Life, NewEntry, new_name
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, Meeting, held, not_before
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed

FORMS = {
    LifeMeetingKind.ORGANISATION: frozenset({MeetingKind.GENERAL, MeetingKind.COMMITTEE, MeetingKind.GROUP}),
    LifeMeetingKind.DEMOCRATIC: frozenset({MeetingKind.COMMITTEE}),
}
"""In which form each may be held (R-A12)."""


class FilePaper(Command, frozen=True, kw_only=True, tag="file-paper"):
    """A plan, summary or report of a year."""

    zh: ClassVar[str] = "登记年度计划、总结、报告、方案"
    en: ClassVar[str] = "File a plan, summary or report"

    kind: Annotated[YearPaper, label("类型", "Kind of paper")]
    year: Annotated[Year, label("年度", "Year")]
    title: Annotated[Text, label("标题", "Title", min_length=1)]
    text: Annotated[LongText | None, label("正文", "Text")] = None
    file: Annotated[Text | None, label("文件编号", "Reference of the file")] = None
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by")] = None
    entry_id: NewEntry = None


class HoldLifeMeeting(Command, frozen=True, kw_only=True, tag="hold-life-meeting"):
    """A meeting on record was the organisation life meeting of a year."""

    zh: ClassVar[str] = "登记组织生活会"
    en: ClassVar[str] = "Record an organisation life meeting"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    kind: Annotated[LifeMeetingKind, label("类别", "Kind of life meeting")] = LifeMeetingKind.ORGANISATION
    year: Annotated[Year | None, label("年度", "Year", help_zh="留空则为会议当年", help_en="Empty: the year of the meeting")] = None
    study: Annotated[Text, label("会前学习", "Study before it", min_length=1)]
    talks: Annotated[Count, label("谈心谈话次数", "Talks before it")]
    opinions: Annotated[Count, label("征求意见条数", "Opinions collected")]
    problems: Annotated[LongText, label("查摆问题", "Problems found", min_length=1)]
    criticism: Annotated[
        LongText | None,
        label(
            "批评与自我批评摘要",
            "Criticism in short",
            help_zh="不写姓名，个人发言另行登记",
            help_en="Without names; speeches have their own",
        ),
    ] = None
    entry_id: NewEntry = None


class RecordSpeech(Command, frozen=True, kw_only=True, tag="record-speech"):
    """What a member said at a meeting."""

    zh: ClassVar[str] = "登记会议发言"
    en: ClassVar[str] = "Record a speech"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    person_id: Annotated[PersonId, label("发言人", "Speaker")]
    kind: Annotated[SpeechKind, label("发言类别", "Kind of speech")]
    about_id: Annotated[
        PersonId | None, label("批评对象", "Criticised", help_zh="相互批评必填", help_en="Needed for criticism of another")
    ] = None
    text: Annotated[LongText, label("发言内容", "What was said", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]
    entry_id: NewEntry = None


class WithdrawLifeEntry(Command, frozen=True, kw_only=True, tag="withdraw-life-entry"):
    """An entry of organisation life was wrong."""

    zh: ClassVar[str] = "撤销组织生活登记"
    en: ClassVar[str] = "Withdraw an organisation life entry"

    entry_id: Annotated[LifeId, label("登记事项", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def file_paper(command: FilePaper, context: Context, life: Life, meeting: Meeting) -> Outcome:
    """Text or file, or both; a report on the organisation life meeting needs the meeting (R-A12)."""
    if not (command.text or command.file):
        raise Malformed("a paper has a text or a file: text")
    event = PaperFiled(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or LifeId(context.event_ids[0]),
        kind=command.kind,
        year=command.year,
        title=command.title,
        text=command.text,
        file=command.file,
        meeting_id=command.meeting_id,
        adopted_by=_adopted_by(command, meeting),
    )
    if on_record(life.all(PaperFiled), event, "entry_id"):
        return []
    new_name(life, command.entry_id, context)
    if command.kind is YearPaper.LIFE_REPORT and not any(_is_of(held_one, command.year) for held_one in life.all(LifeMeetingHeld)):
        raise Conflict(f"no organisation life meeting of {command.year} is on record")
    return [event]


def _adopted_by(command: FilePaper, meeting: Meeting) -> str | None:
    """The meeting in words, as the form has it; it was held before."""
    if command.meeting_id is None:
        return None
    took_place = held(meeting, command.meeting_id)
    not_before(took_place, command.occurred_on)
    return f"{took_place.occurred_on} {took_place.kind.zh}"


def _is_of(meeting: LifeMeetingHeld, year: int) -> bool:
    return meeting.year == year and meeting.kind is LifeMeetingKind.ORGANISATION


def hold_life_meeting(command: HoldLifeMeeting, context: Context, life: Life, meeting: Meeting) -> Outcome:
    """As general, committee or group meeting, after study, talks and opinions (R-A12); the year may be the one before."""
    took_place = held(meeting, command.meeting_id)
    year = command.year or command.occurred_on.year
    event = LifeMeetingHeld(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or LifeId(context.event_ids[0]),
        meeting_id=command.meeting_id,
        kind=command.kind,
        year=year,
        form=took_place.kind.zh,
        participants=len(took_place.present) + len(took_place.observers),
        study=command.study,
        talks=command.talks,
        opinions=command.opinions,
        problems=command.problems,
        criticism=command.criticism,
    )
    if on_record(life.all(LifeMeetingHeld), event, "entry_id"):
        return []
    new_name(life, command.entry_id, context)
    _check_same_day(took_place, command)
    if took_place.kind not in FORMS[command.kind]:
        raise Malformed(f"{command.kind.en} is not held as {took_place.kind.en}: meeting_id")
    if year not in (command.occurred_on.year, command.occurred_on.year - 1):
        raise Malformed("of the year of the meeting, or the one before: year")
    if any(other.meeting_id == command.meeting_id for other in life.all(LifeMeetingHeld)):
        raise Conflict(f"meeting {command.meeting_id} is on record as such already; withdraw that first")
    return [event]


def _check_same_day(took_place: MeetingHeld, command: HoldLifeMeeting | RecordSpeech) -> None:
    if took_place.occurred_on != command.occurred_on:
        raise Conflict(f"meeting {command.meeting_id} was held on {took_place.occurred_on}, not on {command.occurred_on}")


def record_speech(command: RecordSpeech, context: Context, life: Life, meeting: Meeting, roster: Roster) -> Outcome:
    """Only of somebody who was there; criticism is of somebody else (N11.T02)."""
    took_place = held(meeting, command.meeting_id)
    event = SpeechRecorded(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or LifeId(context.event_ids[0]),
        meeting_id=command.meeting_id,
        person_id=command.person_id,
        kind=command.kind,
        about_id=command.about_id,
        text=command.text,
    )
    if on_record(life.all(SpeechRecorded), event, "entry_id", "text"):
        return []
    new_name(life, command.entry_id, context)
    _check_same_day(took_place, command)
    if (command.kind is SpeechKind.CRITICISM) != (command.about_id is not None) or command.about_id == command.person_id:
        raise Malformed("criticism is of another member, and no other speech names one: about_id")
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    check_active(roster, (command.about_id,) if command.about_id else (), command.occurred_on, "about_id")
    if command.person_id not in {*took_place.present, *took_place.observers}:
        raise Conflict(f"{command.person_id} was not at meeting {command.meeting_id}")
    return [event]


def withdraw_life_entry(command: WithdrawLifeEntry, _context: Context, life: Life) -> Outcome:
    """What was reported on it goes first."""
    entry = life.standing.get(command.entry_id)
    if entry is None:
        if command.entry_id in life.withdrawn:
            return []
        raise Absent(f"entry {command.entry_id}")
    if command.occurred_on < entry.occurred_on:
        raise Conflict(f"entry {command.entry_id} is of {entry.occurred_on}, after {command.occurred_on}")
    if any(_builds_on(other, command.entry_id) for other in life.standing.values()):
        raise Conflict(f"a report builds on {command.entry_id}; withdraw it first")
    return [LifeEntryWithdrawn(occurred_on=command.occurred_on, entry_id=command.entry_id, reason=command.reason)]


def _builds_on(other: Event, entry_id: LifeId) -> bool:
    match other:
        case PledgeFulfilmentReported():
            return other.pledge_id == entry_id
        case RectificationItemClosed():
            return other.item_id == entry_id
        case _:
            return False  # papers, meetings, speeches, pledges and items stand for themselves


CASES = (
    Case(command=FilePaper, right=Right.WORK_WRITE, reads=(LIFE, MEETING), decide=file_paper),
    Case(command=HoldLifeMeeting, right=Right.WORK_WRITE, reads=(LIFE, MEETING), decide=hold_life_meeting),
    Case(command=RecordSpeech, right=Right.WORK_WRITE, reads=(LIFE, MEETING, ROSTER), decide=record_speech),
    Case(command=WithdrawLifeEntry, right=Right.WORK_WRITE, reads=(LIFE,), decide=withdraw_life_entry),
)
