"""The register of secret ballots in ledger L02 (N21.T05): one row from the opening to the count. Who voted stands on the record."""

from collections.abc import Iterable, Mapping

import msgspec

from events.ballots import BallotCancelled, BallotClosed, BallotKind, BallotOpened, OptionCode, OptionVotes, PaperBallotsCounted
from events.base import Event, PersonId
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

BALLOTS = Register(
    ledger="L02",
    code="ballots",
    columns=(
        Column("opened_on", "开始日期", "Opened", Kind.DATE),
        Column("kind", "投票类别", "Kind"),
        Column("title", "投票事项", "What was decided"),
        Column("subject", "涉及人员", "About", Kind.PERSON),
        Column("candidates", "候选人", "Candidates", Kind.PERSONS),
        Column("method", "投票方式", "How it was held"),
        Column("electorate", "投票人", "Who voted"),
        Column("entitled", "应投票人数", "Entitled", Kind.COUNT),
        Column("closed_on", "计票日期", "Counted", Kind.DATE),
        Column("issued", "发出票数", "Issued", Kind.COUNT),
        Column("cast", "收回票数", "Returned", Kind.COUNT),
        Column("valid", "有效票数", "Valid", Kind.COUNT),
        Column("invalid", "无效票数", "Invalid", Kind.COUNT),
        Column("needed", "通过所需票数", "Needed", Kind.COUNT),
        Column("votes", "得票情况", "Votes", Kind.LIST),
        Column("carried", "通过的选项", "Carried", Kind.LIST),
        Column("elected", "得票过半的候选人", "Candidates past the bar", Kind.PERSONS),
        Column("outcome", "结果", "Outcome"),
        Column("chief_teller", "总监票人", "Chief teller", Kind.PERSON),
        Column("tellers", "监票人", "Tellers", Kind.PERSONS),
        Column("counters", "计票人", "Counters", Kind.PERSONS),
        Column("box", "票箱校验值", "Hash of the box"),
        Column("cancelled", "作废原因", "Why it is void"),
    ),
)
REGISTERS: tuple[Register, ...] = (BALLOTS,)
WITHHELD = "不足5人，不公布票数"
VALID, VOID, FEW = "有效", "收回选票多于发出选票，无效", "参加人数不足，无效"


class Paper(msgspec.Struct):
    """What a later row must know of an opening."""

    year: int
    election: bool
    texts: dict[str, str]


class BallotBook(msgspec.Struct):
    """The ballots of one branch that may still get a row."""

    papers: dict[str, Paper] = {}


def on_opened(book: BallotBook, fact: Fact[BallotOpened]) -> Iterable[Row]:
    event = fact.event
    election = event.kind is BallotKind.ELECTION
    texts = {option.code: option.text for option in event.options}
    book.papers[event.ballot_id] = Paper(event.occurred_on.year, election, {} if election else texts)  # type: ignore[arg-type]
    cells = {
        "opened_on": event.occurred_on,
        "kind": event.kind.zh,
        "title": event.title,
        "subject": event.subject_id,
        "candidates": [option.code for option in event.options] if election else [],
        "method": event.method.zh,
        "electorate": event.electorate.zh,
        "entitled": len(event.entitled),
    }
    yield entry(BALLOTS, fact, event.ballot_id, cells)


def on_closed(book: BallotBook, fact: Fact[BallotClosed]) -> Iterable[Row]:
    event = fact.event
    paper = book.papers[event.ballot_id]
    cells = {
        **_counted(paper, event.votes, event.carried, withheld=event.withheld),
        "closed_on": event.occurred_on,
        "issued": event.cast,
        "cast": event.cast,
        "valid": event.cast,
        "invalid": 0,
        "needed": event.needed or None,
        "outcome": VALID if event.quorate else FEW,
        "box": event.box_sha256,
    }
    yield entry(BALLOTS, fact, event.ballot_id, cells, year=paper.year)


def on_paper_counted(book: BallotBook, fact: Fact[PaperBallotsCounted]) -> Iterable[Row]:
    event = fact.event
    paper = book.papers[event.ballot_id]
    cells = {
        **_counted(paper, event.votes, event.carried, withheld=event.withheld),
        "closed_on": event.occurred_on,
        "issued": event.issued,
        "cast": event.returned,
        "valid": event.valid,
        "invalid": event.invalid,
        "needed": event.needed or None,
        "outcome": VOID if event.void else VALID if event.quorate else FEW,
        "chief_teller": event.chief_teller,
        "tellers": list(event.tellers),
        "counters": list(event.counters),
    }
    yield entry(BALLOTS, fact, event.ballot_id, cells, year=paper.year)


def _counted(paper: Paper, votes: tuple[OptionVotes, ...], carried: tuple[OptionCode, ...], *, withheld: bool) -> dict[str, object]:
    """An election's votes stand in the order of its candidates, by number only: names are joined in their own columns."""
    texts = [f"{paper.texts.get(line.code, '')} {line.votes}".strip() for line in votes]
    return {
        "votes": [WITHHELD] if withheld else texts,
        "carried": [] if paper.election else [paper.texts[code] for code in carried],
        "elected": [PersonId(code) for code in carried] if paper.election else [],
    }


def on_cancelled(book: BallotBook, fact: Fact[BallotCancelled]) -> Iterable[Row]:
    """The row stays, struck through, with the reason."""
    event = fact.event
    year = book.papers.pop(event.ballot_id).year
    yield entry(BALLOTS, fact, event.ballot_id, {"cancelled": event.reason}, year=year)
    yield strike(BALLOTS, fact, event.ballot_id, year=year)


HANDLERS: Mapping[type[Event], Handler] = {
    BallotOpened: on_opened,
    BallotClosed: on_closed,
    PaperBallotsCounted: on_paper_counted,
    BallotCancelled: on_cancelled,
}
