"""Awards, the branch's part: put forward, voted on, submitted, the reply noted, granted (N22.T04, N24.M09)."""

from typing import Annotated, ClassVar

from events.awards import (
    AwardApproved,
    AwardDeclined,
    AwardGranted,
    AwardId,
    AwardLevel,
    AwardNominated,
    AwardSubmitted,
    AwardTo,
    AwardVoted,
    Year,
)
from events.base import Count, Event, LongText, MeetingId, PersonId, Text
from events.meetings import AgendaKind
from service.auth.rights import Right
from service.decide.awards.state import AWARDS, Award, Awards
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.marks import must_belong
from service.decide.meetings.state import MEETING, Meeting, held, not_before
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class NominateForAward(Command, frozen=True, kw_only=True, tag="nominate-for-award"):
    """Put a member, the branch or a Party affairs worker forward for an award."""

    zh: ClassVar[str] = "评选推荐"
    en: ClassVar[str] = "Nominate for an award"

    year: Annotated[Year, label("年度", "Year")]
    to: Annotated[AwardTo, label("对象", "To")]
    person_id: Annotated[PersonId | None, label("党员", "Member", help_zh="推荐支部时留空", help_en="Empty for the branch")] = None
    title: Annotated[Text, label("奖项", "Award", min_length=1)]
    level: Annotated[AwardLevel, label("级别", "Level")]
    deeds: Annotated[LongText, label("先进事迹", "Deeds", min_length=1)]
    award_id: Annotated[AwardId | None, label("记录编号", "Award id", help_zh="通常留空", help_en="Usually left empty")] = None


def nominate_for_award(command: NominateForAward, context: Context, awards: Awards, roster: Roster) -> Outcome:
    """Somebody of this branch (INV-002, INV-009), or the branch itself."""
    if (command.to is AwardTo.BRANCH) != (command.person_id is None):
        raise Malformed("person_id: whom a nomination of a person is about, and nobody for the branch")
    event = AwardNominated(
        occurred_on=command.occurred_on,
        award_id=command.award_id or AwardId(context.event_ids[0]),
        year=command.year,
        to=command.to,
        person_id=command.person_id,
        title=command.title,
        level=command.level,
        deeds=command.deeds,
    )
    if event.award_id in awards.withdrawn:
        raise Conflict(f"{event.award_id} was withdrawn")
    known = awards.awards.get(event.award_id)
    if known is not None:
        return [] if known.nominated == event else _other(event.award_id)
    if command.person_id is not None:
        must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


def _other(award_id: AwardId) -> Outcome:
    raise Conflict(f"something else is recorded as {award_id}")


class NoteAwardVote(Command, frozen=True, kw_only=True, tag="note-award-vote"):
    """Say which vote of which meeting was about the nomination."""

    zh: ClassVar[str] = "登记评选表决"
    en: ClassVar[str] = "Note the vote on an award"

    award_id: Annotated[AwardId, label("奖项推荐", "Award")]
    meeting_id: Annotated[MeetingId, label("评选会议", "Meeting")]
    motion_no: Annotated[
        Count,
        label("表决序号", "Number of the vote", help_zh="本次会议第几项表决", help_en="Which vote of this meeting it was"),
    ] = 1
    passed: Annotated[
        bool | None, label("是否通过", "Passed", help_zh="留空则按会议记录", help_en="As the meeting's record says; checked when given")
    ] = None


def note_award_vote(command: NoteAwardVote, _context: Context, awards: Awards, meeting: Meeting) -> Outcome:
    """The counts and the outcome are those of the meeting's record (INV-013); a nomination that failed may be voted on again."""
    award = awards.known(command.award_id, command.occurred_on)
    took_place = held(meeting, command.meeting_id)
    not_before(took_place, command.occurred_on)
    motion = next((one for one in meeting.motions if one.motion_no == command.motion_no), None)
    if motion is None:
        raise Absent(f"vote {command.motion_no} of this meeting")
    if motion.matter is not AgendaKind.COMMENDATION:
        raise Conflict("that vote was not about a commendation")
    if command.passed is not None and command.passed != motion.passed:
        raise Refused("INV-013", "passed", detail=f"{motion.yes}/{motion.voters_due}")
    event = AwardVoted(
        occurred_on=command.occurred_on,
        award_id=command.award_id,
        meeting_id=command.meeting_id,
        met_on=took_place.occurred_on,
        motion_no=motion.motion_no,
        voters_due=motion.voters_due,
        voters_present=motion.voters_present,
        yes=motion.yes,
        no=motion.no,
        abstain=motion.abstain,
        passed=motion.passed,
    )
    before = award.voted()
    if before is not None and (before.meeting_id, before.motion_no) == (event.meeting_id, event.motion_no):
        return []
    if not isinstance(award.last, AwardNominated | AwardVoted) or (before is not None and before.passed):
        raise Conflict(f"{command.award_id} was voted on already")
    return [event]


class SubmitAward(Command, frozen=True, kw_only=True, tag="submit-award"):
    """Send the application to the superior."""

    zh: ClassVar[str] = "先进申报"
    en: ClassVar[str] = "Submit an award application"

    award_id: Annotated[AwardId, label("奖项推荐", "Award")]
    document_no: Annotated[Text, label("申报文号", "Document no.")] = ""
    papers: Annotated[Text, label("先进事迹材料", "Papers on the deeds", min_length=1, help_zh="材料题名", help_en="Their title")]


def submit_award(command: SubmitAward, _context: Context, awards: Awards) -> Outcome:
    """After a vote that passed (INV-013)."""
    award = awards.known(command.award_id, command.occurred_on)
    event = AwardSubmitted(
        occurred_on=command.occurred_on, award_id=command.award_id, document_no=command.document_no, papers=command.papers
    )
    if award.step(AwardSubmitted) is not None:
        return _again(award, event, AwardSubmitted)
    if award.by_branch:
        raise Conflict("the branch commends by itself; nothing is submitted")
    must_have_passed(award)
    return [event]


def must_have_passed(award: Award) -> None:
    """A meeting voted for it (INV-013)."""
    voted = award.voted()
    if voted is None:
        raise Conflict("no meeting has voted on it yet")
    if not voted.passed:
        raise Refused("INV-013", "award_id", detail=f"{voted.yes}/{voted.voters_due}")


def _again(award: Award, event: Event, *kinds: type[Event]) -> Outcome:
    """The same step told again is nothing to do; another one needs the first taken back."""
    if award.step(*kinds) == event:
        return []
    raise Conflict("this step was taken already")


class NoteAwardReply(Command, frozen=True, kw_only=True, tag="note-award-reply"):
    """Note the superior's reply that came as a document."""

    zh: ClassVar[str] = "登记上级批示"
    en: ClassVar[str] = "Note the superior's reply on an award"

    award_id: Annotated[AwardId, label("奖项推荐", "Award")]
    approved: Annotated[bool, label("同意", "Approved")]
    document_no: Annotated[Text, label("批示文号", "Document no.", min_length=1)]
    opinion: Annotated[Text, label("批示意见", "Opinion", help_zh="不同意时必填", help_en="Needed when not approved")] = ""


def note_award_reply(command: NoteAwardReply, _context: Context, awards: Awards) -> Outcome:
    """By a document with a number."""
    award = awards.known(command.award_id, command.occurred_on)
    if not command.approved and not command.opinion:
        raise Malformed("opinion: why it was not approved")
    day, award_id = command.occurred_on, command.award_id
    event: AwardApproved | AwardDeclined
    if command.approved:
        event = AwardApproved(occurred_on=day, award_id=award_id, document_no=command.document_no, opinion=command.opinion)
    else:
        event = AwardDeclined(occurred_on=day, award_id=award_id, document_no=command.document_no, reason=command.opinion)
    return decided(award, event)


def decided(award: Award, event: AwardApproved | AwardDeclined) -> Outcome:
    """Once, of what was submitted."""
    if award.step(AwardApproved, AwardDeclined) is not None:
        return _again(award, event, AwardApproved, AwardDeclined)
    if award.step(AwardSubmitted) is None:
        raise Conflict("it has not been submitted yet")
    return [event]


class GrantAward(Command, frozen=True, kw_only=True, tag="grant-award"):
    """Record the decision by which the award was given."""

    zh: ClassVar[str] = "登记表彰决定"
    en: ClassVar[str] = "Grant an award"

    award_id: Annotated[AwardId, label("奖项推荐", "Award")]
    decision_no: Annotated[Text, label("表彰决定文号", "Decision no.", min_length=1)]
    certificate_no: Annotated[Text, label("证书编号", "Certificate no.")] = ""


def grant_award(command: GrantAward, _context: Context, awards: Awards) -> Outcome:
    """After the superior approved; an award of the branch itself after its own vote (INV-013)."""
    award = awards.known(command.award_id, command.occurred_on)
    event = AwardGranted(
        occurred_on=command.occurred_on,
        award_id=command.award_id,
        decision_no=command.decision_no,
        certificate_no=command.certificate_no,
    )
    if award.step(AwardGranted) is not None:
        return _again(award, event, AwardGranted)
    if award.by_branch:
        must_have_passed(award)
    elif award.step(AwardApproved) is None:
        raise Conflict("the superior has not approved it")
    return [event]


CASES = (
    Case(command=NominateForAward, right=Right.WORK_WRITE, reads=(AWARDS, ROSTER), decide=nominate_for_award),
    Case(command=NoteAwardVote, right=Right.WORK_WRITE, reads=(AWARDS, MEETING), decide=note_award_vote),
    Case(command=SubmitAward, right=Right.WORK_WRITE, reads=(AWARDS,), decide=submit_award),
    Case(command=NoteAwardReply, right=Right.WORK_WRITE, reads=(AWARDS,), decide=note_award_reply),
    Case(command=GrantAward, right=Right.WORK_WRITE, reads=(AWARDS,), decide=grant_award),
)
