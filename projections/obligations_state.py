"""What the obligations view remembers of a branch, and how an obligation stands on a day (rules 0.4, 0.5). Pure."""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from events.base import PersonId
from projections.obligations_dues import Payment, Purse, Share
from projections.obligations_roll import Roll
from projections.standard.deadlines import Deadline, How
from projections.standard.forecast import obligation_id
from projections.standard.periods import first_day, last_day, months_of

CONTINUOUS = "continuous"
"""In the place of the period: a task without a due date, whose row shows its last evidence."""


class Status(enum.StrEnum):
    """How an obligation stands on a day."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    FULFILLED = "fulfilled"
    FULFILLED_LATE = "fulfilled_late"
    WAIVED = "waived"
    LAPSED = "lapsed"
    """Whoever or whatever it was about is no more."""
    CURRENT = "current"
    """Without a due date: its last evidence is recent."""
    STALE = "stale"


class Evidence(msgspec.Struct, frozen=True, array_like=True):
    """One proof: what it is about, its event, its day, which line of the deadline it is, and for which months or members it counts."""

    thing: str
    event_id: str
    on: dt.date
    line: int = 0
    months: tuple[str, ...] = ()
    people: tuple[PersonId, ...] = ()
    amount: int = 1


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """Evidence of a task without a due date."""

    thing: str
    event_id: str
    on: dt.date
    tag: str


class Begun(msgspec.Struct, frozen=True, array_like=True):
    """What an event began or ended: the deadline, its subject, and which line of the deadline speaks of the event."""

    deadline: str
    subject: str
    line: int


class Obligation(msgspec.Struct, kw_only=True, array_like=True):
    """One obligation: the row as it is stored, beside the evidence."""

    deadline: str
    task: str
    period: str
    subject: str
    raised_on: dt.date | None = None
    due_on: dt.date | None = None
    needed: int = 1
    done: int = 0
    missing: list[str] = []
    fulfilled_on: dt.date | None = None
    fulfilled_by: list[str] = []
    late: bool = False
    reminded: list[int] = []
    overdue_on: dt.date | None = None
    escalated_on: dt.date | None = None
    waived_on: dt.date | None = None
    extended_on: dt.date | None = None
    lapsed_on: dt.date | None = None
    reason: str = ""
    position: int = -1
    pressed_on: dt.date | None = None
    """When the superior was told again."""
    explained_on: dt.date | None = None
    explanation: str = ""
    least: int = 0
    """Where every member is asked: how much whoever has least has."""


COLUMNS = Obligation.__struct_fields__


class State(msgspec.Struct):
    """What is remembered of one branch."""

    obligations: dict[str, Obligation] = {}
    evidence: dict[str, list[Evidence]] = {}
    things: dict[str, list[str]] = {}
    """What a proof is about -> obligations that it counts for."""
    since: dict[str, dt.date] = {}
    """`kind` or `kind:subject` -> since when it is there; those that ended are gone."""
    groups: list[str] = []
    begun: dict[str, list[Begun]] = {}
    """What an event is about -> what it began."""
    ended: dict[str, list[Begun]] = {}
    """What an event is about -> what it ended."""
    running: dict[str, dict[str, str]] = {}
    """Deadline -> what it runs for -> the subject, where the deadline has to know."""
    got: dict[str, dict[PersonId, int]] = {}
    """Obligations that ask every member -> how much each has."""
    given: dict[str, list[str]] = {}
    """Deadline -> obligations to which time was added beyond their period, in the order in which it was given."""
    seen: dict[str, list[Seen]] = {}
    """Tasks without a due date -> their last evidence."""
    roll: Roll = msgspec.field(default_factory=Roll)
    purse: Purse = msgspec.field(default_factory=Purse)


def status(row: Obligation | Mapping[str, Any], today: dt.date, soon_days: int = 7, stale_days: int = 90) -> Status:
    """How a row stands on a day; see `obligation.due_soon_days` and `obligation.stale_days`."""
    one = row if isinstance(row, Obligation) else from_row(row)
    if one.period == CONTINUOUS:
        return Status.CURRENT if one.fulfilled_on is not None and (today - one.fulfilled_on).days <= stale_days else Status.STALE
    if one.waived_on is not None:
        return Status.WAIVED
    if one.fulfilled_on is not None:
        return Status.FULFILLED_LATE if one.late else Status.FULFILLED
    if one.lapsed_on is not None:
        return Status.LAPSED
    if one.due_on is None or today + dt.timedelta(days=soon_days) < one.due_on:
        return Status.OPEN
    return Status.DUE_SOON if today <= one.due_on else Status.OVERDUE


def from_row(row: Mapping[str, Any]) -> Obligation:
    """A row of the table as it is read back."""
    return Obligation(**{column: row[column] for column in COLUMNS})


def known(state: State, deadline: Deadline, period: str, subject: str) -> str:
    """The id of an obligation, which evidence may bring about before it is raised."""
    key = obligation_id(deadline.id, period, subject)
    if key not in state.obligations:
        one = state.obligations[key] = Obligation(deadline=deadline.id, task=deadline.task, period=period, subject=subject)
        if deadline.how is How.ALL_PAID:
            one.missing = list(state.purse.owing(period))
        elif deadline.how in {How.EVERYONE, How.GROUPED}:
            state.got[key] = {}
            wanting(state, deadline, key)
    return key


def wanting(state: State, deadline: Deadline, key: str) -> None:
    """Works out anew which members are wanting: who has less than is asked of each, or who is in no group."""
    one = state.obligations[key]
    if deadline.how is How.GROUPED:
        one.missing = list(state.roll.ungrouped())
        return
    got, enough = state.got[key], one.needed * deadline.unit
    asked = state.roll.through(first_day(one.period), last_day(one.period), cadres=deadline.cadres)
    one.missing = [person for person in asked if got.get(person, 0) < enough]


def settle(state: State, deadline: Deadline, key: str) -> None:
    """Works out anew from the evidence whether it is done, by what and since when."""
    one = state.obligations[key]
    proofs = sorted(state.evidence.get(key, ()), key=lambda proof: proof.on)
    match deadline.how:
        case How.ALL_PAID:
            _settle_paid(state, one)
            return
        case How.NOTICE | How.GROUPED:
            return
        case How.EVERYONE:
            used = [] if one.missing else proofs
            got = state.got[key]
            one.least = min((got.get(PersonId(person), 0) for person in one.missing), default=one.needed * deadline.unit)
            one.fulfilled_on = used[-1].on if used else None if one.missing else one.raised_on
        case How.ALL_MONTHS:
            used = _covering(proofs, months_of(one.period))
            covered = {month for proof in proofs for month in proof.months}
            one.missing = [month for month in months_of(one.period) if month not in covered]
        case How.EACH:
            first = {proof.line: proof for proof in reversed(proofs)}
            used = sorted(first.values(), key=lambda proof: proof.on) if len(first) == len(deadline.proof) else []
        case _:
            used = proofs[: one.needed] if len(proofs) >= one.needed else []
    one.done = len(proofs)
    if deadline.how is not How.EVERYONE:
        one.fulfilled_on = used[-1].on if used else None
    one.fulfilled_by = [proof.event_id for proof in used]


def _covering(proofs: list[Evidence], months: list[str]) -> list[Evidence]:
    """The earliest proofs that together cover all months; none when they do not."""
    left = set(months)
    for number, proof in enumerate(proofs, start=1):
        left -= set(proof.months)
        if not left:
            return proofs[:number]
    return []


def _settle_paid(state: State, one: Obligation) -> None:
    """Done when nobody owes any more, on the day of the last payment that it took."""
    owing = set(one.missing)
    one.done = sum(1 for person in state.purse.paying(one.period) if person not in owing)
    shares = {} if owing else state.purse.shares(one.period)
    payments = (event.on for share in shares.values() for event in share if isinstance(event, Payment))
    one.fulfilled_on = None if owing else max(payments, default=one.raised_on)
    one.fulfilled_by = [proof.event_id for proof in _collected(shares)]


def proofs(state: State, deadlines: Iterable[Deadline]) -> dict[str, Sequence[Evidence]]:
    """Obligation -> what proves it, also of what is not done yet; of collected dues the payments and reductions that count."""
    collected = {deadline.id for deadline in deadlines if deadline.how is How.ALL_PAID}
    months = {key: one.period for key, one in state.obligations.items() if one.deadline in collected}
    return {**state.evidence, **{key: _collected(state.purse.shares(month)) for key, month in months.items()}}


def _collected(shares: Mapping[PersonId, Share]) -> list[Evidence]:
    """In the order in which it happened."""
    found = [Evidence(event.thing, event.event_id, event.on, people=(person,)) for person, share in shares.items() for event in share]
    return sorted(found, key=lambda proof: proof.on)
