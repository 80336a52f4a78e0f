"""Ledger L06, care: consolation visits and members in hardship (N06.T02, N22)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, tag_of
from events.care import (
    CareEntryWithdrawn,
    CarePlanId,
    ConsolationPlanAdopted,
    ConsolationVisitMade,
    HardshipDelisted,
    HardshipListed,
    HardshipUpdated,
    SupporterAssigned,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l06_registers import HARDSHIP, PLANS, VISITS
from projections.ledgers.register import Register, entry, strike

REGISTERS = (VISITS, HARDSHIP)


class CareBook(msgspec.Struct):
    """What the plans of visits are called, and the days of the latest word on each hardship case."""

    plans: dict[CarePlanId, str] = msgspec.field(default_factory=dict)
    latest: dict[str, dt.date] = msgspec.field(default_factory=dict)

    def is_latest(self, what: str, day: dt.date) -> bool:
        """Whether a word is not older than what the row shows: an older one recorded late changes nothing."""
        if day < self.latest.get(what, day):
            return False
        self.latest[what] = day
        return True


def plan_adopted(book: CareBook, fact: Fact[ConsolationPlanAdopted]) -> Iterator[Row]:
    event = fact.event
    book.plans[event.entry_id] = event.title
    budget = "" if event.budget_fen is None else f"（预算{yuan(event.budget_fen)}）"
    cells = {
        "on": event.occurred_on,
        "kind": f"{event.zh}（{event.festival.zh}）",
        "title": event.title,
        "content": f"{event.content}{budget}",
        "met_on": event.met_on,
    }
    yield entry(PLANS, fact, event.entry_id, cells)


def yuan(amount_fen: int) -> str:
    """`500元`, `12.50元`."""
    whole, rest = divmod(amount_fen, 100)
    return f"{whole}.{rest:02d}元" if rest else f"{whole}元"


def visit_made(book: CareBook, fact: Fact[ConsolationVisitMade]) -> Iterator[Row]:
    """Somebody outside the branch is shown by the sealed name, a member by the roll."""
    event = fact.event
    money = f"{yuan(event.amount_fen)}（{event.fund.zh}）" if event.amount_fen else ""
    cells = {
        "festival": event.festival.zh,
        "plan": None if event.plan_id is None else book.plans[event.plan_id],
        "recipient": event.recipient or event.person_id,
        "kind": event.kind.zh,
        "manner": event.manner.zh,
        "gift": "、".join(part for part in (money, event.goods) if part),
        "visitors": list(event.visitors),
        "on": event.occurred_on,
        "signed": event.signed.zh,
    }
    yield entry(VISITS, fact, event.entry_id, cells, subject=event.person_id)


def _case(fact: Fact[Any], cells: dict[str, Any]) -> Row:
    event = fact.event
    day = event.occurred_on if isinstance(event, HardshipListed) else None
    return entry(HARDSHIP, fact, event.entry_id, cells, year=0, subject=event.person_id, occurred_on=day)


def listed(_book: CareBook, fact: Fact[HardshipListed]) -> Iterator[Row]:
    event = fact.event
    yield _case(
        fact,
        {"person": event.person_id, "hardship": event.hardship, "situation": event.situation, "listed_on": event.occurred_on},
    )


def updated(book: CareBook, fact: Fact[HardshipUpdated]) -> Iterator[Row]:
    if book.is_latest(f"{fact.event.entry_id}/change", fact.event.occurred_on):
        yield _case(fact, {"updated_on": fact.event.occurred_on, "change": fact.event.change})


def supported(book: CareBook, fact: Fact[SupporterAssigned]) -> Iterator[Row]:
    if book.is_latest(f"{fact.event.entry_id}/supporter", fact.event.occurred_on):
        yield _case(fact, {"supporter": fact.event.supporter_id, "measures": fact.event.measures})


def delisted(_book: CareBook, fact: Fact[HardshipDelisted]) -> Iterator[Row]:
    yield _case(fact, {"delisted_on": fact.event.occurred_on, "delisted_why": fact.event.reason})


WHERE: Mapping[str, Register] = {
    tag_of(ConsolationPlanAdopted): PLANS,
    tag_of(ConsolationVisitMade): VISITS,
    tag_of(HardshipListed): HARDSHIP,
}
"""In which register an entry has its row."""


def entry_withdrawn(_book: CareBook, fact: Fact[CareEntryWithdrawn]) -> Iterator[Row]:
    event = fact.event
    yield strike(WHERE[event.what], fact, event.entry_id, year=event.happened_on.year)


HANDLERS: Mapping[type[Event], Handler] = {
    ConsolationPlanAdopted: plan_adopted,
    ConsolationVisitMade: visit_made,
    HardshipListed: listed,
    HardshipUpdated: updated,
    SupporterAssigned: supported,
    HardshipDelisted: delisted,
    CareEntryWithdrawn: entry_withdrawn,
}
