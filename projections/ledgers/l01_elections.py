"""Ledger L01, the register of elections 换届选举登记表: one row per election, completed from the reminder to the archive (N05, N24.M01)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, tag_of
from events.elections import (
    BallotCounted,
    CandidateInvestigated,
    CandidatesRecommended,
    Elected,
    ElectionClosed,
    ElectionEntryWithdrawn,
    ElectionKind,
    ElectionOpened,
    ElectionPaperAdopted,
    ElectionReminded,
    ElectorExcluded,
    FirstMeetingHeld,
    IncumbentsReviewed,
    Matter,
    MeetingConvened,
    OfElection,
    RequestApproved,
    RequestReturned,
    RequestSubmitted,
    SeatsReduced,
    SlateConfirmed,
    SlateProposed,
    TellersAppointed,
)
from events.organisations import CommitteeSeated
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

ELECTIONS = Register(
    ledger="L01",
    code="elections",
    yearly=False,
    columns=(
        Column("term", "届次", "Term"),
        Column("runs", "任期起止", "Runs"),
        Column("reminded_on", "提醒日期", "Reminded on", Kind.DATE),
        Column("request_1", "第一次请示日期与文号", "First submission"),
        Column("request_2", "第二次请示日期与文号", "Second submission"),
        Column("request_3", "第三次请示日期与文号", "Third submission"),
        Column("approval_1", "第一次批复日期与文号", "First approval"),
        Column("approval_2", "第二次批复日期与文号", "Second approval"),
        Column("approval_3", "第三次批复日期与文号", "Third approval"),
        Column("due", "应到人数", "Due", Kind.COUNT),
        Column("present", "实到人数", "Present", Kind.COUNT),
        Column("entitled", "有选举权人数", "Entitled to elect", Kind.COUNT),
        Column("issued", "发出票", "Ballots issued", Kind.LIST),
        Column("returned", "收回票", "Returned", Kind.LIST),
        Column("valid", "有效票", "Valid", Kind.LIST),
        Column("invalid", "无效票", "Invalid", Kind.LIST),
        Column("candidates", "候选人", "Candidates", Kind.PERSONS),
        Column("votes", "得票", "Votes", Kind.LIST),
        Column("elected", "当选名单", "Elected", Kind.PERSONS),
        Column("tellers", "监票人", "Tellers", Kind.PERSONS),
        Column("chief_tellers", "总监票人", "Chief teller", Kind.PERSONS),
        Column("counters", "计票人", "Counters", Kind.PERSONS),
        Column("other_time", "延期/提前批准情况", "Postponed or early"),
        Column("archived_on", "归档日期", "Archived on", Kind.DATE),
    ),
)
REGISTERS = (ELECTIONS,)
"""The paper's compound columns are split, so that persons stay persons and numbers numbers; their order is the paper's."""

Cells = dict[str, int | str | list[str] | None]


class Running(msgspec.Struct):
    """The row of one election as it stands, and what each standing entry replaced in it: an entry that is taken back gives it back."""

    cells: Cells = {}
    replaced: list[Cells] = []


class ElectionBook(msgspec.Struct):
    """The elections of a branch."""

    running: dict[str, Running] = {}
    of_term: dict[str, str] = {}
    """The number of a term to come -> the election that begins it."""


RESULT = ("issued", "returned", "valid", "invalid", "candidates", "votes", "elected", "due", "present", "entitled")
TELLERS = ("tellers", "chief_tellers", "counters")
OTHER_TIME = (Matter.EXTENSION, Matter.EARLY)


def _told(book: ElectionBook, fact: Fact[Any], cells: Cells, *, since: dt.date | None = None, with_last: bool = False) -> Row:
    """Completes the row, and remembers what stood there; what follows from the last entry is taken back with it."""
    event: OfElection = fact.event
    one = book.running.setdefault(event.election_id, Running())
    before: Cells = {key: one.cells.get(key) for key in cells}
    if with_last and one.replaced:
        one.replaced[-1] = before | one.replaced[-1]
    else:
        one.replaced.append(before)
    one.cells |= cells
    return entry(ELECTIONS, fact, event.election_id, dict(cells), year=0, occurred_on=since)


def opened(book: ElectionBook, fact: Fact[ElectionOpened]) -> Iterator[Row]:
    event = fact.event
    if event.kind is ElectionKind.TERM:
        book.of_term[str(event.term)] = event.election_id
    yield _told(book, fact, {"term": term_of(event)}, since=event.occurred_on)


def term_of(event: ElectionOpened) -> str:
    """The number of the term, or what else is elected."""
    term = "" if event.term is None else f"第{event.term}届"
    match event.kind:
        case ElectionKind.TERM:
            return term
        case ElectionKind.BY_ELECTION:
            return f"{term}{event.kind.zh}"
        case ElectionKind.DELEGATES:
            return f"{event.kind.zh}({event.title})"


def reminded(book: ElectionBook, fact: Fact[ElectionReminded]) -> Iterator[Row]:
    yield _told(book, fact, {"reminded_on": fact.event.occurred_on.isoformat()})


def submitted(book: ElectionBook, fact: Fact[RequestSubmitted]) -> Iterator[Row]:
    event = fact.event
    if event.matter in OTHER_TIME:
        yield _told(book, fact, {"other_time": f"{event.matter.zh}至{event.planned_on} {event.document_no}"})
    else:
        yield _told(book, fact, {f"request_{event.matter.value}": f"{event.occurred_on} {event.document_no}"})


def approved(book: ElectionBook, fact: Fact[RequestApproved]) -> Iterator[Row]:
    event = fact.event
    if event.matter in OTHER_TIME:
        yield _told(book, fact, {"other_time": f"同意{event.matter.zh}至{event.planned_on} {event.approval_no}"})
    else:
        yield _told(book, fact, {f"approval_{event.matter.value}": f"{event.occurred_on} {event.approval_no}"})


def returned(book: ElectionBook, fact: Fact[RequestReturned]) -> Iterator[Row]:
    """A void election shows no result until it is held anew (R-B16)."""
    event = fact.event
    words = f"{event.occurred_on} 退回：{event.reason}"
    if event.matter in OTHER_TIME:
        yield _told(book, fact, {"other_time": words})
    else:
        emptied: Cells = dict.fromkeys((*RESULT, *TELLERS)) if event.void else {}
        yield _told(book, fact, {f"approval_{event.matter.value}": words, **emptied})


def convened(book: ElectionBook, fact: Fact[MeetingConvened]) -> Iterator[Row]:
    event = fact.event
    yield _told(book, fact, {"due": event.due, "present": event.present, "entitled": event.entitled})


def tellers(book: ElectionBook, fact: Fact[TellersAppointed]) -> Iterator[Row]:
    """Those of the general meeting, then those of the committee's ballot."""
    event = fact.event
    named = zip(TELLERS, (event.tellers, (event.chief,), event.counters), strict=True)
    yield _told(book, fact, {key: [*(_list(book, fact, key) if event.of_committee else ()), *people] for key, people in named})


def _list(book: ElectionBook, fact: Fact[Any], key: str) -> list[str]:
    one = book.running.get(fact.event.election_id)
    known = None if one is None else one.cells.get(key)
    return known if isinstance(known, list) else []


def counted(book: ElectionBook, fact: Fact[BallotCounted]) -> Iterator[Row]:
    """Ballots stand one after another, each candidate with the votes of each ballot."""
    event = fact.event
    title = event.office.zh if event.turn == 1 else f"{event.office.zh}第{event.turn}次"
    added: dict[str, list[str]] = {key: [f"{title} {getattr(event, key)}"] for key in ("issued", "returned", "valid", "invalid")}
    added["candidates"] = [vote.person_id for vote in event.votes]
    added["votes"] = [f"{title} {'无效' if event.void else vote.yes}" for vote in event.votes]
    yield _told(book, fact, {key: [*_list(book, fact, key), *more] for key, more in added.items()})


def elected(book: ElectionBook, fact: Fact[Elected]) -> Iterator[Row]:
    """Whoever is elected to the committee and then to a post is named once."""
    known = _list(book, fact, "elected")
    people = [winner.person_id for winner in fact.event.people if winner.person_id not in known]
    yield _told(book, fact, {"elected": [*known, *people]}, with_last=True)


def seated(book: ElectionBook, fact: Fact[CommitteeSeated]) -> Iterator[Row]:
    """The term that was elected for has begun."""
    event = fact.event
    election_id = book.of_term.get(str(event.term))
    if election_id is not None:
        yield entry(ELECTIONS, fact, election_id, {"runs": f"{event.occurred_on} — {event.term_ends_on}"}, year=0)


def unseen(book: ElectionBook, fact: Fact[OfElection]) -> Iterator[Row]:
    """On the row it leaves no mark but its place in the order; its papers are attached there."""
    yield _told(book, fact, {})


def closed(book: ElectionBook, fact: Fact[ElectionClosed]) -> Iterator[Row]:
    yield _told(book, fact, {"archived_on": fact.event.occurred_on.isoformat()})


def withdrawn(book: ElectionBook, fact: Fact[ElectionEntryWithdrawn]) -> Iterator[Row]:
    """The row is struck, or shows again what it showed before the entry that is taken back."""
    event = fact.event
    if event.what == tag_of(ElectionOpened):
        book.running.pop(event.election_id, None)
        book.of_term = {term: election_id for term, election_id in book.of_term.items() if election_id != event.election_id}
        yield strike(ELECTIONS, fact, event.election_id, year=0)
        return
    one = book.running.get(event.election_id)
    if one is None or not one.replaced:
        return
    before = one.replaced.pop()
    one.cells |= before
    yield entry(ELECTIONS, fact, event.election_id, dict(before), year=0)


HANDLERS: Mapping[type[Event], Handler] = {
    ElectionOpened: opened,
    ElectionReminded: reminded,
    RequestSubmitted: submitted,
    RequestApproved: approved,
    RequestReturned: returned,
    ElectionPaperAdopted: unseen,
    IncumbentsReviewed: unseen,
    CandidatesRecommended: unseen,
    CandidateInvestigated: unseen,
    SlateProposed: unseen,
    SlateConfirmed: unseen,
    ElectorExcluded: unseen,
    TellersAppointed: tellers,
    MeetingConvened: convened,
    BallotCounted: counted,
    SeatsReduced: unseen,
    Elected: elected,
    FirstMeetingHeld: unseen,
    ElectionClosed: closed,
    ElectionEntryWithdrawn: withdrawn,
}
