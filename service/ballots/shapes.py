"""What is told of a ballot: before its end who may vote and how many did, afterwards the result; never a choice."""

import datetime as dt

import msgspec

from events.ballots import BallotClosed, BallotKind, PaperBallotsCounted
from events.base import PersonId
from service.decide.ballots.state import BREAKDOWN_MIN, Ballot

WITHHELD = (
    f"投票不足{BREAKDOWN_MIN}人，为保护投票秘密，不公布各选项票数，票箱内容已销毁",
    f"Fewer than {BREAKDOWN_MIN} votes: to keep them secret the numbers for each option are shown to nobody, and the box was destroyed",
)
UNANIMOUS = (
    "全部选票内容相同，因此每位投票人的选择可以推知",
    "All papers are alike, so what each voter chose can be told from the result",
)


class OptionView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the paper; the text of a candidate is the name, for whoever may read names."""

    code: str
    text: str


class VotesView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the tally."""

    code: str
    votes: int


class PaperView(msgspec.Struct, frozen=True, kw_only=True):
    """What the tellers counted beside the votes."""

    issued: int
    returned: int
    valid: int
    invalid: int
    void: bool
    chief_teller: str
    tellers: list[str]
    counters: list[str]


class ResultView(msgspec.Struct, frozen=True, kw_only=True):
    """A box closed or paper counted. `votes` is null when withheld, and `note_…` says why."""

    closed_on: dt.date
    cast: int
    quorate: bool
    needed: int
    carried: list[str]
    votes: list[VotesView] | None
    withheld: bool
    note_zh: str
    note_en: str
    box_sha256: str | None
    paper: PaperView | None


class BallotView(msgspec.Struct, frozen=True, kw_only=True):
    """One ballot. `may_vote`: the asking person is on its list and has not voted; `have_voted`: has."""

    ballot_id: str
    kind: str
    title: str
    method: str
    electorate: str
    status: str
    opened_on: dt.date
    options: list[OptionView]
    choices_min: int
    choices_max: int
    entitled: int
    voted: int
    may_vote: bool
    have_voted: bool
    subject_id: str | None
    meeting_id: str | None
    result: ResultView | None
    cancelled_because: str | None


def view_of(ballot: Ballot, names: dict[str, str], person_id: PersonId | None) -> BallotView:
    opened = ballot.opened
    assert opened is not None, "only a ballot that was opened is shown"
    entitled = person_id is not None and person_id in opened.entitled
    voted = person_id is not None and person_id in ballot.voted
    return BallotView(
        ballot_id=opened.ballot_id,
        kind=opened.kind.value,
        title=opened.title,
        method=opened.method.value,
        electorate=opened.electorate.value,
        status=ballot.status.value,
        opened_on=opened.occurred_on,
        options=[OptionView(code=option.code, text=option.text or names.get(option.code, "")) for option in opened.options],
        choices_min=0 if opened.kind is BallotKind.ELECTION else 1,
        choices_max=opened.choices_max,
        entitled=len(opened.entitled),
        voted=len(ballot.voted),
        may_vote=ballot.takes_papers and entitled and not voted,
        have_voted=voted,
        subject_id=opened.subject_id,
        meeting_id=opened.meeting_id,
        result=None if ballot.result is None else _result(ballot.result),
        cancelled_because=None if ballot.cancelled is None else ballot.cancelled.reason,
    )


def _result(result: BallotClosed | PaperBallotsCounted) -> ResultView:
    cast = result.cast if isinstance(result, BallotClosed) else result.valid
    zh, en = WITHHELD if result.withheld else UNANIMOUS if _unanimous(result, cast) else ("", "")
    return ResultView(
        closed_on=result.occurred_on,
        cast=cast,
        quorate=result.quorate,
        needed=result.needed,
        carried=list(result.carried),
        votes=None if result.withheld else [VotesView(code=line.code, votes=line.votes) for line in result.votes],
        withheld=result.withheld,
        note_zh=zh,
        note_en=en,
        box_sha256=result.box_sha256 if isinstance(result, BallotClosed) else None,
        paper=_paper(result) if isinstance(result, PaperBallotsCounted) else None,
    )


def _unanimous(result: BallotClosed | PaperBallotsCounted, cast: int) -> bool:
    """Every option has all votes or none, so that all papers are alike."""
    return bool(result.votes) and all(line.votes in (0, cast) for line in result.votes)


def _paper(result: PaperBallotsCounted) -> PaperView:
    return PaperView(
        issued=result.issued,
        returned=result.returned,
        valid=result.valid,
        invalid=result.invalid,
        void=result.void,
        chief_teller=result.chief_teller,
        tellers=list(result.tellers),
        counters=list(result.counters),
    )
