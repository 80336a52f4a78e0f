"""Written work of members: study notes and their review, reflections (N01.T04, T05, N17.T02)."""

import datetime as dt
from typing import Annotated, ClassVar

import msgspec

from events.base import Count, MeetingId, PersonId, Text
from events.education import (
    NotesRating,
    Quarter,
    ReflectionSubmitted,
    StudyId,
    StudyNotesReviewed,
    StudyNotesSubmitted,
    StudySessionHeld,
    TrainingPlanned,
)
from projections.standard.periods import first_day
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.education.state import EDUCATION, Education, NewEntry, new_name
from service.decide.entries import on_record
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, Meeting, held
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed

Of = Annotated[Quarter, label("季度", "Quarter", help_zh="如 2026-Q1", help_en="Such as 2026-Q1")]


class SubmitStudyNotes(Command, frozen=True, kw_only=True, tag="submit-study-notes"):
    """A member handed in the notes of a quarter."""

    zh: ClassVar[str] = "登记自学笔记"
    en: ClassVar[str] = "Record self-study notes"

    person_id: Annotated[PersonId, label("党员", "Member")]
    quarter: Of
    pieces: Annotated[int, label("篇数", "Pieces", ge=1, le=10_000)]
    entry_id: NewEntry = None


class NotesFound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the notes of one member were found."""

    person_id: Annotated[PersonId, label("姓名", "Member")]
    pieces: Annotated[Count, label("篇数", "Pieces")]
    rating: Annotated[NotesRating, label("评价", "Rating")]
    problems: Annotated[Text | None, label("问题", "Problems", help_zh="加密保存", help_en="Kept encrypted")] = None
    feedback: Annotated[Text | None, label("反馈", "Feedback", help_zh="加密保存", help_en="Kept encrypted")] = None


class ReviewStudyNotes(Command, frozen=True, kw_only=True, tag="review-study-notes"):
    """The notes of some members were looked through together."""

    zh: ClassVar[str] = "登记学习笔记调阅"
    en: ClassVar[str] = "Record a review of study notes"

    quarter: Of
    reviewed_by: Annotated[PersonId, label("调阅人", "Reviewed by")]
    notes: Annotated[tuple[NotesFound, ...], label("调阅情况", "Notes", min_length=1, max_length=16)]


class SubmitReflection(Command, frozen=True, kw_only=True, tag="submit-reflection"):
    """A member handed in a reflection."""

    zh: ClassVar[str] = "登记心得体会"
    en: ClassVar[str] = "Record a reflection"

    person_id: Annotated[PersonId, label("党员", "Member")]
    title: Annotated[Text, label("题目", "Title", min_length=1)]
    meeting_id: Annotated[MeetingId | None, label("对应会议", "Meeting")] = None
    study_id: Annotated[StudyId | None, label("对应学习或轮训", "Study or training")] = None
    activity: Annotated[
        Text | None, label("对应活动", "Activity", help_zh="未对应会议或学习时填写", help_en="When it is neither meeting nor study")
    ] = None
    characters: Annotated[int, label("字数", "Characters", ge=1, le=1_000_000)]
    file: Annotated[Text | None, label("附件编号", "Reference of the file")] = None
    entry_id: NewEntry = None


def submit_study_notes(command: SubmitStudyNotes, context: Context, education: Education, roster: Roster) -> Outcome:
    """Once for a quarter; more pieces after the entry is withdrawn."""
    event = StudyNotesSubmitted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        person_id=command.person_id,
        quarter=command.quarter,
        pieces=command.pieces,
    )
    if on_record(education.all(StudyNotesSubmitted), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    _check_begun(command.quarter, command.occurred_on)
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    if any((e.person_id, e.quarter) == (command.person_id, command.quarter) for e in education.all(StudyNotesSubmitted)):
        raise Conflict(f"the notes of {command.quarter} are on record; withdraw them first")
    return [event]


def review_study_notes(command: ReviewStudyNotes, context: Context, education: Education, roster: Roster) -> Outcome:
    """One entry for each member; whoever was reviewed in the same way already is left out (N01.T05)."""
    _check_begun(command.quarter, command.occurred_on)
    check_active(roster, (command.reviewed_by,), command.occurred_on, "reviewed_by")
    check_active(roster, (found.person_id for found in command.notes), command.occurred_on, "notes")
    people = [found.person_id for found in command.notes]
    if len(set(people)) < len(people):
        raise Malformed("a member stands there once: notes")
    events = [_review(command, found, StudyId(context.event_ids[n])) for n, found in enumerate(command.notes)]
    before = education.all(StudyNotesReviewed)
    new = [event for event in events if not on_record(before, event, "entry_id", "problems", "feedback")]
    reviewed = {event.person_id for event in before if event.quarter == command.quarter}
    if again := sorted({event.person_id for event in new} & reviewed):
        raise Conflict(f"reviewed for {command.quarter} already: {', '.join(again)}; withdraw that first")
    return [*new]


def _review(command: ReviewStudyNotes, found: NotesFound, entry_id: StudyId) -> StudyNotesReviewed:
    return StudyNotesReviewed(
        occurred_on=command.occurred_on,
        entry_id=entry_id,
        person_id=found.person_id,
        quarter=command.quarter,
        reviewed_by=command.reviewed_by,
        pieces=found.pieces,
        rating=found.rating,
        problems=found.problems,
        feedback=found.feedback,
    )


def _check_begun(quarter: Quarter, day: dt.date) -> None:
    if day < first_day(quarter):
        raise Malformed(f"{quarter} has not begun: quarter")


def submit_reflection(command: SubmitReflection, context: Context, education: Education, roster: Roster, meeting: Meeting) -> Outcome:
    """It is about a meeting, a study or training on record, or an activity in words."""
    event = ReflectionSubmitted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        person_id=command.person_id,
        title=command.title,
        activity=_activity(command, education, meeting),
        meeting_id=command.meeting_id,
        study_id=command.study_id,
        characters=command.characters,
        file=command.file,
    )
    if on_record(education.all(ReflectionSubmitted), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


def _activity(command: SubmitReflection, education: Education, meeting: Meeting) -> str:
    """What it is about, in the words of the thing itself unless told otherwise."""
    about = command.activity
    if command.meeting_id is not None:
        topic = held(meeting, command.meeting_id).topic
        about = about or topic
    elif command.study_id is not None:
        match education.standing.get(command.study_id):
            case StudySessionHeld(topic=topic):
                about = about or topic
            case TrainingPlanned(batch=batch):
                about = about or batch
            case _:
                raise Absent(f"study {command.study_id}")
    if not about:
        raise Malformed("a reflection is about something: activity, meeting_id or study_id")
    return about


CASES = (
    Case(command=SubmitStudyNotes, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER), decide=submit_study_notes),
    Case(command=ReviewStudyNotes, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER), decide=review_study_notes),
    Case(command=SubmitReflection, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER, MEETING), decide=submit_reflection),
)
