"""What a meeting discussed, voted and resolved, and what became of it (N09, R-A06, R-A07, INV-011 to 014)."""

import datetime as dt
from typing import Annotated, ClassVar

from msgspec import structs

from events.ballots import BallotKind
from events.base import Count, LongText, MeetingId, PersonId, Text
from events.meetings import AgendaDiscussed, AgendaKind, MeetingHeld, MotionVoted, ResolutionAdopted, ResolutionImplemented, VoteMethod
from service.auth.rights import Right
from service.decide.ballots.state import BALLOT, Ballot
from service.decide.ballots.tally import NamedBallot, check_tally
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.roll import check_active, pass_key, quorum_key, voting_base
from service.decide.meetings.state import MEETING, Meeting, held, held_open, not_before
from service.decide.quorum import majority, quorum, share
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused

WRITTEN_ALLOWED = frozenset({AgendaKind.ADMISSION})
"""Matters in which a written opinion of an absent voter counts as a vote (R-C15)."""


class DiscussAgendaItem(Command, frozen=True, kw_only=True, tag="discuss-agenda-item"):
    """An agenda item was discussed at the meeting."""

    zh: ClassVar[str] = "登记议题"
    en: ClassVar[str] = "Record an agenda item"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    kind: Annotated[AgendaKind, label("议题类别", "Kind of item")]
    title: Annotated[Text, label("议题", "Title", min_length=1)]
    summary: Annotated[LongText | None, label("发言摘要", "Summary of speeches")] = None
    speakers: Annotated[tuple[PersonId, ...], label("发言人", "Speakers")] = ()


class VoteOnMotion(Command, frozen=True, kw_only=True, tag="vote-on-motion"):
    """A motion was put to the vote; who was entitled and whether it passed is worked out."""

    zh: ClassVar[str] = "登记表决"
    en: ClassVar[str] = "Record a vote"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    matter: Annotated[AgendaKind, label("事项类别", "Matter")] = AgendaKind.OTHER
    title: Annotated[Text, label("表决事项", "Motion", min_length=1)]
    method: Annotated[VoteMethod, label("表决方式", "Method")]
    yes: Annotated[Count, label("赞成", "For")]
    no: Annotated[Count, label("反对", "Against")] = 0
    abstain: Annotated[Count, label("弃权", "Abstained")] = 0
    left_early: Annotated[tuple[PersonId, ...], label("表决前离会人员", "Left before the vote")] = ()
    written_from: Annotated[
        tuple[PersonId, ...],
        label(
            "书面意见",
            "Written opinions from",
            help_zh="仅发展党员事项；已计入上面的票数",
            help_en="Admission only; included in the votes above",
        ),
    ] = ()
    ballots: Annotated[
        Count | None, label("现场票数", "Ballots cast by those present", help_zh="填写则核对", help_en="Checked when given")
    ] = None
    voters_due: Annotated[
        Count | None, label("应到有表决权人数", "Voting members due", help_zh="填写则核对", help_en="Checked when given")
    ] = None
    voters_present: Annotated[
        Count | None, label("实到有表决权人数", "Voting members present", help_zh="填写则核对", help_en="Checked when given")
    ] = None
    ballot_id: NamedBallot = None
    passed: Annotated[
        bool | None, label("是否通过", "Passed", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given")
    ] = None


class AdoptResolution(Command, frozen=True, kw_only=True, tag="adopt-resolution"):
    """The meeting resolved something."""

    zh: ClassVar[str] = "登记决议"
    en: ClassVar[str] = "Record a resolution"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    text: Annotated[LongText, label("决议内容", "Resolution", min_length=1)]
    motion_no: Annotated[
        Count | None,
        label("对应表决序号", "Number of the vote", help_zh="本次会议第几项表决", help_en="Which vote of this meeting it rests on"),
    ] = None
    responsible: Annotated[PersonId | None, label("责任人", "Responsible")] = None
    due_on: Annotated[dt.date | None, label("完成时限", "Due by")] = None


class ImplementResolution(Command, frozen=True, kw_only=True, tag="implement-resolution"):
    """What was resolved has been carried out."""

    zh: ClassVar[str] = "登记决议落实"
    en: ClassVar[str] = "Record that a resolution was carried out"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    resolution_no: Annotated[Count, label("决议序号", "Number of the resolution")]
    result: Annotated[LongText, label("落实情况", "Result", min_length=1)]


def discuss_agenda_item(command: DiscussAgendaItem, _context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """Items are numbered in the order of recording; whoever spoke was in the room."""
    event = AgendaDiscussed(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        item_no=len(meeting.agenda) + 1,
        kind=command.kind,
        title=command.title,
        summary=command.summary,
        speakers=command.speakers,
    )
    if any(structs.replace(event, item_no=item.item_no) == item for item in meeting.agenda):
        return []
    took_place = held_open(meeting, command.meeting_id, command.occurred_on)
    check_active(roster, command.speakers, command.occurred_on, "speakers")
    if not set(command.speakers) <= {*took_place.present, *took_place.observers}:
        raise Refused("INV-010", "speakers", detail="whoever spoke was present")
    return [event]


def vote_on_motion(command: VoteOnMotion, context: Context, meeting: Meeting, roster: Roster, ballot: Ballot) -> Outcome:
    """Voting members due and present come from roster and attendance; the outcome follows from the rule in force."""
    took_place = held(meeting, command.meeting_id)
    base = voting_base(roster, took_place)
    voters = base.intersection(took_place.present).difference(command.left_early)
    needed = majority(len(base), share(context.rules, pass_key(took_place.kind)))
    event = MotionVoted(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        motion_no=len(meeting.motions) + 1,
        matter=command.matter,
        title=command.title,
        method=command.method,
        voters_due=len(base),
        voters_present=len(voters),
        quorum=quorum(len(base), share(context.rules, quorum_key(took_place.kind))),
        needed=needed,
        yes=command.yes,
        no=command.no,
        abstain=command.abstain,
        written_from=command.written_from,
        passed=command.yes >= needed,
    )
    if any(structs.replace(event, motion_no=motion.motion_no) == motion for motion in meeting.motions):
        return []
    held_open(meeting, command.meeting_id, command.occurred_on)
    _check_voters(command, event, took_place, base)
    if event.voters_present < event.quorum:
        raise Refused("INV-012", "voters_present", detail=f"{event.voters_present}/{event.voters_due}")
    _check_ballots(command, event)
    if command.ballot_id is not None and command.method is not VoteMethod.SECRET_PAPER:
        raise Malformed("method: a secret ballot is named")
    kind = BallotKind.ADMISSION if command.matter is AgendaKind.ADMISSION else BallotKind.MOTION
    check_tally(ballot, command.ballot_id, kind, None, yes=command.yes, no=command.no, abstain=command.abstain)
    if command.passed is not None and command.passed != event.passed:
        raise Refused("INV-013", "passed", detail=f"{event.yes}/{event.voters_due}")
    return [event]


def _check_voters(command: VoteOnMotion, event: MotionVoted, took_place: MeetingHeld, base: frozenset[PersonId]) -> None:
    """Nobody without a vote is counted; whoever left was there, whoever wrote was not (INV-010, 011, 014)."""
    if not set(command.left_early) <= set(took_place.present):
        raise Refused("INV-010", "left_early")
    if not set(command.written_from) <= base:
        raise Refused("INV-014", "written_from")
    if len(set(command.written_from)) < len(command.written_from) or set(command.written_from) & set(took_place.present):
        raise Refused("INV-011", "written_from")
    if command.written_from and command.matter not in WRITTEN_ALLOWED:
        raise Refused("INV-011", "written_from", detail="no written opinions in this matter")
    for field, claimed, counted in (
        ("voters_due", command.voters_due, event.voters_due),
        ("voters_present", command.voters_present, event.voters_present),
    ):
        if claimed is not None and claimed != counted:
            raise Refused("INV-014" if claimed > counted else "INV-010", field, detail=f"{counted}")


def _check_ballots(command: VoteOnMotion, event: MotionVoted) -> None:
    """Votes are the ballots cast by those present plus the written opinions (INV-011)."""
    cast_there = event.yes + event.no + event.abstain - len(event.written_from)
    if cast_there < 0 or cast_there > event.voters_present:
        raise Refused("INV-011", "yes", "no", "abstain", detail=f"{cast_there}/{event.voters_present}")
    if command.ballots is not None and command.ballots != cast_there:
        raise Refused("INV-011", "ballots", detail=f"{cast_there}")


def adopt_resolution(command: AdoptResolution, _context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """A resolution that rests on a vote needs that vote to have passed (INV-013)."""
    event = ResolutionAdopted(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        resolution_no=len(meeting.resolutions) + 1,
        text=command.text,
        motion_no=command.motion_no,
        responsible=command.responsible,
        due_on=command.due_on,
    )
    if any(structs.replace(event, resolution_no=done.resolution_no) == done for done in meeting.resolutions):
        return []
    held_open(meeting, command.meeting_id, command.occurred_on)
    if command.due_on is not None and command.due_on < command.occurred_on:
        raise Malformed("a resolution is to be carried out after it was adopted: due_on")
    if command.responsible is not None:
        check_active(roster, (command.responsible,), command.occurred_on, "responsible")
    if command.motion_no is not None and not _motion(meeting, command.motion_no).passed:
        raise Refused("INV-013", "motion_no")
    return [event]


def _motion(meeting: Meeting, number: int) -> MotionVoted:
    for motion in meeting.motions:
        if motion.motion_no == number:
            return motion
    raise Absent(f"vote {number} of this meeting")


def implement_resolution(command: ImplementResolution, _context: Context, meeting: Meeting) -> Outcome:
    """Also after the minutes are on file, since it happens afterwards; once for each resolution."""
    not_before(held(meeting, command.meeting_id), command.occurred_on)
    if all(adopted.resolution_no != command.resolution_no for adopted in meeting.resolutions):
        raise Absent(f"resolution {command.resolution_no} of meeting {command.meeting_id}")
    event = ResolutionImplemented(
        occurred_on=command.occurred_on, meeting_id=command.meeting_id, resolution_no=command.resolution_no, result=command.result
    )
    before = meeting.implemented.get(command.resolution_no)
    if before is not None and before != event:
        raise Conflict(f"resolution {command.resolution_no} was carried out on {before.occurred_on} already")
    return [] if before == event else [event]


CASES = (
    Case(command=DiscussAgendaItem, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=discuss_agenda_item),
    Case(command=VoteOnMotion, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER, BALLOT), decide=vote_on_motion),
    Case(command=AdoptResolution, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=adopt_resolution),
    Case(command=ImplementResolution, right=Right.MEETING_WRITE, reads=(MEETING,), decide=implement_resolution),
)
