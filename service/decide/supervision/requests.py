"""What members and the public bring forward, and the answers: suggestions, letters and visits, rights (N18.T03, N18.M02, N21)."""

from typing import Annotated, ClassVar

from events.base import LongText, MeetingId, PersonId, Text
from events.supervision import (
    Channel,
    ComplaintId,
    ComplaintResult,
    LetterVisitId,
    LetterVisitReceived,
    LetterVisitReferred,
    LetterVisitResolved,
    MemberRight,
    MemberRightComplaintFiled,
    MemberRightComplaintResolved,
    MemberRightExercised,
    MemberSuggestionAnswered,
    MemberSuggestionRecorded,
    Satisfaction,
    SuggestionId,
    SupervisionId,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import ROSTER, Roster
from service.decide.supervision.state import SUPERVISION, Supervision, begin, follow, standing
from service.errors import Absent, Malformed


class RecordSuggestion(Command, frozen=True, kw_only=True, tag="record-suggestion"):
    """A member gave an opinion or suggestion."""

    zh: ClassVar[str] = "登记党员意见建议"
    en: ClassVar[str] = "Record a member's suggestion"

    person_id: Annotated[PersonId, label("党员", "Member")]
    content: Annotated[LongText, label("内容", "Content", min_length=1)]
    received_by: Annotated[PersonId, label("受理人", "Received by")]
    meeting_id: Annotated[MeetingId | None, label("提出会议", "Said at the meeting")] = None
    suggestion_id: Annotated[SuggestionId | None, label("记录编号", "Suggestion id")] = None


class AnswerSuggestion(Command, frozen=True, kw_only=True, tag="answer-suggestion"):
    """The member gets an answer; a later one takes its place."""

    zh: ClassVar[str] = "答复意见建议"
    en: ClassVar[str] = "Answer a suggestion"

    suggestion_id: Annotated[SuggestionId, label("意见建议", "Suggestion")]
    answer: Annotated[LongText, label("办理意见", "Answer", min_length=1)]
    satisfaction: Annotated[Satisfaction | None, label("满意度", "Satisfaction")] = None
    answered_by: Annotated[
        PersonId | None,
        label("办理人", "Handled by", help_zh="不填为受理人或本人", help_en="Left empty: whoever received it, or yourself"),
    ] = None


class ReceiveLetterVisit(Command, frozen=True, kw_only=True, tag="receive-letter-or-visit"):
    """A letter, visit, call or message came from a member or the public."""

    zh: ClassVar[str] = "登记来信来访"
    en: ClassVar[str] = "Record a letter or visit"

    channel: Annotated[Channel, label("方式", "Channel")]
    person_id: Annotated[PersonId | None, label("来信来访党员", "Member", help_zh="群众来信来访时留空", help_en="Empty for the public")] = (
        None
    )
    visitor: Annotated[
        Text | None, label("来信来访群众", "Visitor", help_zh="姓名、联系方式；匿名时留空", help_en="Name and contact; empty when unsigned")
    ] = None
    matter: Annotated[LongText, label("反映事项", "Matter", min_length=1)]
    received_by: Annotated[PersonId, label("受理人", "Received by")]
    repeat_of: Annotated[
        LetterVisitId | None, label("重复的来信来访", "Repeats", help_zh="同一人同一事项再次反映时选择", help_en="The earlier one")
    ] = None
    letter_visit_id: Annotated[LetterVisitId | None, label("记录编号", "Letter or visit id")] = None


class ReferLetterVisit(Command, frozen=True, kw_only=True, tag="refer-letter-or-visit"):
    """It is passed on to whoever has to deal with it."""

    zh: ClassVar[str] = "来信来访转办"
    en: ClassVar[str] = "Refer a letter or visit"

    letter_visit_id: Annotated[LetterVisitId, label("来信来访", "Letter or visit")]
    to: Annotated[Text, label("转办单位", "Referred to", min_length=1)]


class ResolveLetterVisit(Command, frozen=True, kw_only=True, tag="resolve-letter-or-visit"):
    """It is dealt with and answered; a later answer takes its place."""

    zh: ClassVar[str] = "来信来访办结"
    en: ClassVar[str] = "Resolve a letter or visit"

    letter_visit_id: Annotated[LetterVisitId, label("来信来访", "Letter or visit")]
    result: Annotated[LongText, label("办理结果", "Result", min_length=1)]


class RecordRightExercised(Command, frozen=True, kw_only=True, tag="record-right-exercised"):
    """A member used a right."""

    zh: ClassVar[str] = "登记党员权利行使"
    en: ClassVar[str] = "Record the use of a right"

    person_id: Annotated[PersonId, label("党员", "Member")]
    right: Annotated[MemberRight, label("权利类别", "Right")]
    matter: Annotated[LongText, label("事项", "Matter", min_length=1)]
    handling: Annotated[LongText | None, label("办理", "What was done")] = None
    result: Annotated[LongText | None, label("结果", "Result")] = None
    meeting_id: Annotated[MeetingId | None, label("会议", "Meeting")] = None
    entry_id: Annotated[SupervisionId | None, label("记录编号", "Entry id")] = None


class FileComplaint(Command, frozen=True, kw_only=True, tag="file-rights-complaint"):
    """A member complains that a right was denied."""

    zh: ClassVar[str] = "登记党员权利申诉控告"
    en: ClassVar[str] = "File a complaint about a right"

    person_id: Annotated[PersonId, label("党员", "Member")]
    right: Annotated[MemberRight, label("权利类别", "Right")]
    matter: Annotated[LongText, label("事项", "Matter", min_length=1)]
    complaint_id: Annotated[ComplaintId | None, label("记录编号", "Complaint id")] = None


class ResolveComplaint(Command, frozen=True, kw_only=True, tag="resolve-rights-complaint"):
    """The complaint is dealt with and the member told."""

    zh: ClassVar[str] = "党员权利申诉办结"
    en: ClassVar[str] = "Resolve a complaint about a right"

    complaint_id: Annotated[ComplaintId, label("权利申诉", "Complaint")]
    handling: Annotated[LongText, label("办理", "What was done", min_length=1)]
    result: Annotated[ComplaintResult, label("结果", "Result")]


def record_suggestion(command: RecordSuggestion, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """Of a member, taken by a member (INV-009)."""
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    roster.must_be_active(command.received_by, command.occurred_on, "received_by")
    event = MemberSuggestionRecorded(
        occurred_on=command.occurred_on,
        suggestion_id=command.suggestion_id or SuggestionId(context.event_ids[0]),
        person_id=command.person_id,
        content=command.content,
        received_by=command.received_by,
        meeting_id=command.meeting_id,
    )
    return [*begin(books, event)]


def answer_suggestion(command: AnswerSuggestion, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """The member is told who handled it: whoever is named, else whoever received it, else whoever answers."""
    entry = standing(books, MemberSuggestionRecorded, command.suggestion_id)
    if command.answered_by is not None:
        roster.must_be_active(command.answered_by, command.occurred_on, "answered_by")
    answered_by = command.answered_by or (context.person_id if entry.received_by is None else None)
    if entry.received_by is None and answered_by is None:
        raise Malformed("answered_by is needed: nobody received this suggestion, and this account belongs to nobody")
    event = MemberSuggestionAnswered(
        occurred_on=command.occurred_on,
        suggestion_id=command.suggestion_id,
        person_id=entry.person_id,
        answer=command.answer,
        satisfaction=command.satisfaction,
        answered_by=answered_by,
    )
    return [*follow(books, entry, event)]


def receive_letter_visit(command: ReceiveLetterVisit, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """Numbered within the year; a visitor who is no member is known by an id of their own, the same one when they come again."""
    if command.person_id is not None and command.visitor is not None:
        raise Malformed("a member or a visitor, not both")
    roster.must_be_active(command.received_by, command.occurred_on, "received_by")
    letter_visit_id = command.letter_visit_id or LetterVisitId(context.event_ids[0])
    before = None if command.repeat_of is None else standing(books, LetterVisitReceived, command.repeat_of)
    event = LetterVisitReceived(
        occurred_on=command.occurred_on,
        letter_visit_id=letter_visit_id,
        number=books.letter_number(command.occurred_on.year),
        person_id=_who(command, context, before, roster),
        of_member=command.person_id is not None,
        visitor=command.visitor,
        channel=command.channel,
        matter=command.matter,
        received_by=command.received_by,
        repeat_of=command.repeat_of,
    )
    return [*begin(books, event)]


def _who(command: ReceiveLetterVisit, context: Context, before: LetterVisitReceived | None, roster: Roster) -> PersonId:
    """A member may have left by now, but was one here; who repeats a matter is who brought it first."""
    if command.person_id is not None:
        if command.person_id not in roster.members:
            raise Absent(command.person_id)
        return command.person_id
    return PersonId(context.event_ids[0]) if before is None or before.of_member else before.person_id


def refer_letter_visit(command: ReferLetterVisit, _context: Context, books: Supervision) -> Outcome:
    entry = standing(books, LetterVisitReceived, command.letter_visit_id)
    event = LetterVisitReferred(
        occurred_on=command.occurred_on, letter_visit_id=command.letter_visit_id, person_id=entry.person_id, to=command.to
    )
    return [*follow(books, entry, event)]


def resolve_letter_visit(command: ResolveLetterVisit, _context: Context, books: Supervision) -> Outcome:
    entry = standing(books, LetterVisitReceived, command.letter_visit_id)
    event = LetterVisitResolved(
        occurred_on=command.occurred_on, letter_visit_id=command.letter_visit_id, person_id=entry.person_id, result=command.result
    )
    return [*follow(books, entry, event)]


def record_right_exercised(command: RecordRightExercised, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """By a member of that day (INV-009)."""
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    event = MemberRightExercised(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or SupervisionId(context.event_ids[0]),
        person_id=command.person_id,
        right=command.right,
        matter=command.matter,
        handling=command.handling,
        result=command.result,
        meeting_id=command.meeting_id,
    )
    return [*begin(books, event)]


def file_complaint(command: FileComplaint, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """Also by somebody whose membership ended: that may be the complaint."""
    if command.person_id not in roster.members:
        raise Absent(command.person_id)
    event = MemberRightComplaintFiled(
        occurred_on=command.occurred_on,
        complaint_id=command.complaint_id or ComplaintId(context.event_ids[0]),
        person_id=command.person_id,
        right=command.right,
        matter=command.matter,
    )
    return [*begin(books, event)]


def resolve_complaint(command: ResolveComplaint, _context: Context, books: Supervision) -> Outcome:
    entry = standing(books, MemberRightComplaintFiled, command.complaint_id)
    event = MemberRightComplaintResolved(
        occurred_on=command.occurred_on,
        complaint_id=command.complaint_id,
        person_id=entry.person_id,
        handling=command.handling,
        result=command.result,
    )
    return [*follow(books, entry, event)]


CASES = (
    Case(command=RecordSuggestion, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION, ROSTER), decide=record_suggestion),
    Case(command=AnswerSuggestion, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION, ROSTER), decide=answer_suggestion),
    Case(command=ReceiveLetterVisit, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION, ROSTER), decide=receive_letter_visit),
    Case(command=ReferLetterVisit, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION,), decide=refer_letter_visit),
    Case(command=ResolveLetterVisit, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION,), decide=resolve_letter_visit),
    Case(command=RecordRightExercised, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION, ROSTER), decide=record_right_exercised),
    Case(command=FileComplaint, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION, ROSTER), decide=file_complaint),
    Case(command=ResolveComplaint, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION,), decide=resolve_complaint),
)
