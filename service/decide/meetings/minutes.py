"""Minutes go on file once; from then on only a correction beside them is accepted (N11.M04, INV-017)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import LongText, MeetingId, PersonId, Text
from events.meetings import MinutesArchived, MinutesCorrected
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, Meeting, held, not_before
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused


class ArchiveMinutes(Command, frozen=True, kw_only=True, tag="archive-minutes"):
    """The minutes are complete and go on file."""

    zh: ClassVar[str] = "会议记录归档"
    en: ClassVar[str] = "Archive minutes"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    archived_by: Annotated[PersonId, label("归档人", "Archived by")]
    text: Annotated[LongText | None, label("会议记录正文", "Minutes", help_zh="与附件至少填一项", help_en="This or the file")] = None
    file: Annotated[
        Text | None, label("附件编号", "File reference", help_zh="纸质卷号或文件编号", help_en="Of the paper or the upload")
    ] = None


class CorrectMinutes(Command, frozen=True, kw_only=True, tag="correct-minutes"):
    """Minutes on file were wrong: the correction stands beside them."""

    zh: ClassVar[str] = "更正会议记录"
    en: ClassVar[str] = "Correct minutes"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    correction: Annotated[LongText, label("更正内容", "Correction", min_length=1)]
    reason: Annotated[Text, label("更正原因", "Reason")] = ""
    author: Annotated[PersonId, label("更正人", "Corrected by")]
    superior_seen_on: Annotated[dt.date | None, label("上级知悉日期", "Seen by the superior on")] = None


def archive_minutes(command: ArchiveMinutes, _context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """Once; a second, different set of minutes would change what is on file (INV-017)."""
    took_place = held(meeting, command.meeting_id)
    not_before(took_place, command.occurred_on)
    text, file = (command.text or "").strip() or None, (command.file or "").strip() or None
    if text is None and file is None:
        raise Malformed("minutes are a text or a file: text, file")
    event = MinutesArchived(
        occurred_on=command.occurred_on, meeting_id=command.meeting_id, archived_by=command.archived_by, text=text, file=file
    )
    if meeting.archived == event:
        return []
    if meeting.archived is not None:
        raise Refused("INV-017", "text", "file")
    check_active(roster, (command.archived_by,), command.occurred_on, "archived_by")
    return [event]


def correct_minutes(command: CorrectMinutes, _context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """Needs a reason, an author and the superior's sight (INV-017)."""
    held(meeting, command.meeting_id)
    if meeting.archived is None:
        raise Conflict(f"the minutes of meeting {command.meeting_id} are not on file yet; they need no correction")
    if command.occurred_on < meeting.archived.occurred_on:
        raise Conflict(f"the minutes went on file on {meeting.archived.occurred_on}, after {command.occurred_on}")
    if not command.reason.strip():
        raise Refused("INV-017", "reason")
    if command.superior_seen_on is None:
        raise Refused("INV-017", "superior_seen_on")
    event = MinutesCorrected(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        correction=command.correction,
        reason=command.reason,
        author=command.author,
        superior_seen_on=command.superior_seen_on,
    )
    if event in meeting.corrections:
        return []
    check_active(roster, (command.author,), command.occurred_on, "author")
    return [event]


CASES = (
    Case(command=ArchiveMinutes, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=archive_minutes),
    Case(command=CorrectMinutes, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=correct_minutes),
)
