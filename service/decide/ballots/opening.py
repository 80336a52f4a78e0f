"""Secret ballots that anybody may send as a command: opened with the list of voters frozen, or counted on paper (R-A06, R-B09 to R-B14)."""

from typing import Annotated, ClassVar

from events.ballots import (
    BallotId,
    BallotKind,
    BallotMethod,
    BallotOpened,
    BallotOption,
    Electorate,
    OptionVotes,
    PaperBallotsCounted,
)
from events.base import Count, MeetingId, PersonId, Text
from service.auth.rights import Right
from service.decide.ballots.state import BALLOT, Ballot, counted, paper_of, still_open
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import ROSTER, Roster, must_exist
from service.errors import Conflict, Malformed, Refused

OPTIONS_MAX = 60
VOTE_NEEDED = (BallotKind.MOTION, BallotKind.ELECTION, BallotKind.ADMISSION)
"""Decisions: only whoever has a vote takes part (INV-014). All members appraise."""
OptionText = Annotated[Text, label("选项", "Option", min_length=1)]


class OpenBallot(Command, frozen=True, kw_only=True, tag="open-ballot"):
    """A secret ballot begins. Who may vote is worked out from the roster of that day and frozen."""

    zh: ClassVar[str] = "开始无记名投票"
    en: ClassVar[str] = "Open a secret ballot"

    kind: Annotated[BallotKind, label("投票类别", "Kind of ballot")]
    title: Annotated[
        Text,
        label(
            "投票事项", "What is decided", help_zh="不写人名，人员在下面选择", help_en="No names of persons: pick them below", min_length=1
        ),
    ]
    method: Annotated[BallotMethod, label("投票方式", "How it is held")] = BallotMethod.BOX
    electorate: Annotated[Electorate, label("投票人", "Who votes")] = Electorate.VOTERS
    excluded: Annotated[tuple[PersonId, ...], label("回避人员", "Recused", help_zh="不参加投票", help_en="Not on the list of voters")] = ()
    candidates: Annotated[tuple[PersonId, ...], label("候选人", "Candidates", help_zh="仅选举", help_en="Election only")] = ()
    options: Annotated[
        tuple[OptionText, ...],
        label(
            "自定选项",
            "Options of one's own",
            help_zh="仅表决事项；不填则为赞成、反对、弃权",
            help_en="Motions only; for, against, abstain when empty",
            max_length=OPTIONS_MAX,
        ),
    ] = ()
    choices_max: Annotated[
        int,
        label(
            "最多可选项数", "Most choices on a paper", help_zh="选举为应选人数", help_en="The seats, in an election", ge=1, le=OPTIONS_MAX
        ),
    ] = 1
    subject_id: Annotated[
        PersonId | None,
        label(
            "涉及人员",
            "About",
            help_zh="发展对象、被测评党员；述职默认为书记",
            help_en="Applicant or member; the secretary in a debriefing",
        ),
    ] = None
    meeting_id: Annotated[MeetingId | None, label("会议", "Meeting")] = None
    ballot_id: Annotated[BallotId | None, label("投票编号", "Ballot id")] = None


class CountPaperBallots(Command, frozen=True, kw_only=True, tag="count-paper-ballots"):
    """Paper ballots were counted under the eyes of tellers; whether it is valid and what is carried is worked out."""

    zh: ClassVar[str] = "登记纸质选票计票"
    en: ClassVar[str] = "Record a count of paper ballots"

    ballot_id: Annotated[BallotId, label("投票", "Ballot")]
    issued: Annotated[Count, label("发出票数", "Ballots issued")]
    returned: Annotated[Count, label("收回票数", "Ballots returned")]
    valid: Annotated[Count, label("有效票数", "Valid")]
    invalid: Annotated[Count, label("无效票数", "Invalid")] = 0
    votes: Annotated[
        tuple[OptionVotes, ...], label("各选项得票", "Votes for each option", help_zh="不填为零票", help_en="Zero where left out")
    ] = ()
    chief_teller: Annotated[PersonId, label("总监票人", "Chief teller")]
    tellers: Annotated[tuple[PersonId, ...], label("监票人", "Tellers")]
    counters: Annotated[tuple[PersonId, ...], label("计票人", "Counters")] = ()


def open_ballot(command: OpenBallot, context: Context, ballot: Ballot, roster: Roster) -> Outcome:
    """The same opening twice is nothing to do; another one under the same id is refused."""
    must_exist(roster, context)
    event = BallotOpened(
        occurred_on=command.occurred_on,
        ballot_id=command.ballot_id or BallotId(context.event_ids[0]),
        kind=command.kind,
        title=command.title,
        method=command.method,
        electorate=command.electorate,
        options=_paper(command, roster),
        choices_max=command.choices_max,
        entitled=_entitled(command, roster),
        subject_id=_subject(command, roster),
        meeting_id=command.meeting_id,
    )
    if ballot.opened is not None:
        if ballot.opened == event:
            return []
        raise Conflict(f"ballot {event.ballot_id} was opened on {ballot.opened.occurred_on}")
    return [event]


def _subject(command: OpenBallot, roster: Roster) -> PersonId | None:
    if command.kind is BallotKind.DEBRIEFING and command.subject_id is None:
        return roster.secretary_on(command.occurred_on)
    return command.subject_id


def _entitled(command: OpenBallot, roster: Roster) -> tuple[PersonId, ...]:
    """R-B03: whoever has the right on that day, but for those who stand aside. Raises INV-014, or INV-012 when nobody is left."""
    day = command.occurred_on
    if command.electorate is Electorate.MEMBERS and command.kind in VOTE_NEEDED:
        raise Refused("INV-014", "electorate")
    bodies = {
        Electorate.VOTERS: roster.voters_on(day),
        Electorate.MEMBERS: roster.members_on(day),
        Electorate.COMMITTEE: roster.committee_on(day) & roster.voters_on(day),
    }
    for person in command.excluded:
        roster.must_be_active(person, day, "excluded")
    entitled = bodies[command.electorate] - set(command.excluded)
    if not entitled:
        raise Refused("INV-012", "electorate", detail="0")
    return tuple(sorted(entitled))


def _paper(command: OpenBallot, roster: Roster) -> tuple[BallotOption, ...]:
    """Candidates in an election, each a full member with the right to stand (INV-027); own options only for a motion."""
    election = command.kind is BallotKind.ELECTION
    if election != bool(command.candidates):
        raise Malformed("candidates: an election has them, nothing else does")
    if command.options and (command.kind is not BallotKind.MOTION or len(set(command.options)) < 2):
        raise Malformed("options: a motion may have two or more of its own, all different")
    if len(set(command.candidates)) < len(command.candidates):
        raise Malformed("candidates: each once")
    for person in command.candidates:
        if person not in roster.voters_on(command.occurred_on):
            raise Refused("INV-027", "candidates", detail=person)
    if len(set(command.options)) < len(command.options):
        raise Malformed("options: all different")
    paper = paper_of(command.kind, command.options, command.candidates)
    if command.choices_max > len(paper) or (command.choices_max > 1 and not election and not command.options):
        raise Malformed("choices_max: no more than there are options, and one of a fixed paper")
    return paper


def count_paper_ballots(command: CountPaperBallots, context: Context, ballot: Ballot, roster: Roster) -> Outcome:
    """More back than issued makes it void, which is recorded (INV-030); sums that cannot be are refused."""
    if isinstance(ballot.result, PaperBallotsCounted) and ballot.opened is not None:
        event = _counted(command, context, ballot.opened)
        if event == ballot.result:
            return []
    opened = still_open(ballot, command.ballot_id, BallotMethod.PAPER, command.occurred_on)
    _check_tellers(command, context, opened, roster)
    _check_sums(command, opened)
    return [_counted(command, context, opened)]


def _counted(command: CountPaperBallots, context: Context, opened: BallotOpened) -> PaperBallotsCounted:
    tally = {line.code: line.votes for line in command.votes}
    count = counted(opened, context.rules, tally, present=command.issued, papers=command.valid)
    void = command.returned > command.issued
    return PaperBallotsCounted(
        occurred_on=command.occurred_on,
        ballot_id=command.ballot_id,
        entitled=len(opened.entitled),
        issued=command.issued,
        returned=command.returned,
        valid=command.valid,
        invalid=command.invalid,
        void=void,
        quorate=count.quorate,
        needed=count.needed,
        carried=() if void else count.carried,
        votes=count.votes,
        withheld=count.withheld,
        chief_teller=command.chief_teller,
        tellers=command.tellers,
        counters=command.counters,
    )


def _check_tellers(command: CountPaperBallots, context: Context, opened: BallotOpened, roster: Roster) -> None:
    """R-B10: as many tellers as the rule asks for, of this branch; nobody watches over a count of which he is the subject (INV-028)."""
    least = context.rules.number("election.tellers_min")
    watching = {command.chief_teller, *command.tellers}
    if len(watching) < least:
        raise Refused("INV-028", "tellers", detail=f">= {least}")
    candidates = {PersonId(option.code) for option in opened.options} if opened.kind is BallotKind.ELECTION else set()
    for field, people in (("chief_teller", (command.chief_teller,)), ("tellers", command.tellers), ("counters", command.counters)):
        for person in people:
            roster.must_be_active(person, command.occurred_on, field)
            if person in candidates or person == opened.subject_id:
                raise Refused("INV-028", field, detail=person)


def _check_sums(command: CountPaperBallots, opened: BallotOpened) -> None:
    """INV-029, INV-031, INV-011 and the lines of the paper."""
    codes = [line.code for line in command.votes]
    if len(set(codes)) < len(codes) or not set(codes) <= {option.code for option in opened.options}:
        raise Malformed("votes: the options of this ballot, each once")
    if command.issued > len(opened.entitled):
        raise Refused("INV-029", "issued", detail=f"{len(opened.entitled)}")
    if command.valid + command.invalid != command.returned:
        raise Refused("INV-031", "valid", detail=f"{command.returned}")
    given = sum(line.votes for line in command.votes)
    whole = command.valid * opened.choices_max
    single = opened.choices_max == 1 and opened.kind is not BallotKind.ELECTION
    if given > whole or (single and given != whole) or any(line.votes > command.valid for line in command.votes):
        raise Refused("INV-011", "votes", detail=f"{whole}")


CASES = (
    Case(command=OpenBallot, right=Right.ELECTION_WRITE, reads=(BALLOT, ROSTER), decide=open_ballot),
    Case(command=CountPaperBallots, right=Right.ELECTION_WRITE, reads=(BALLOT, ROSTER), decide=count_paper_ballots),
)
