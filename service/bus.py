"""The one road in: right -> history -> decide -> append -> receipt. One function to read: `Bus.handle`."""

import asyncio
import datetime as dt
import hashlib
import re
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from events.base import Event, OrgId
from events.store import codec
from events.store.books import Again, Append, Books, Claimed, Draft, KeyUsed, Overloaded, Stale, Unknown, Written
from events.store.keys import Keys
from projections.standard.pack import Pack
from projections.standard.rules import Override, Rules
from service.auth.actor import Actor
from service.auth.policy import authorize
from service.decide.base import Case, Command, Context, Elsewhere, Fold, command_name
from service.decide.catalog import CASES, CLAIM_REFUSALS
from service.decide.roster import ROSTER
from service.decide.rules import RULES
from service.errors import Absent, Conflict, KeyReused, Malformed, Refused, Unavailable
from service.history import History, Seen, consulted

S = TypeVar("S")

LOCAL = ZoneInfo("Asia/Shanghai")
TRIES_MAX = 30
"""Of busy processes on one book one wins every round; a command should not lose to all of them in turn."""
GIVE_UP_S = 8.0
EVENT_IDS = 16
RULES_MAX = 5_000
CONTROL = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:u00[01]|b|f)|\x7f")
"""In canonical JSON: an escaped control character other than tab and line ends."""
NAMES = uuid.UUID("6f1c1c4e-6a0f-5d39-9d4b-3a6d1f0b7a11")


class ReceiptEvent(msgspec.Struct, frozen=True):
    """One recorded event; `hash` is its leaf hash in hex."""

    id: str
    type: str
    page: int
    hash: str


class Receipt(msgspec.Struct, frozen=True):
    """What a recorder gets back: the events of the book that the command was sent to."""

    book: str
    events: list[ReceiptEvent]

    @property
    def raw(self) -> bytes:
        """The same key always gives the same bytes."""
        return msgspec.json.encode(self)


class Aside(Protocol):
    """What a decision needs beside history and commits beside pages: the box of a secret ballot."""

    case: Case
    """Its command is in no catalogue: nobody sends it without this."""

    async def look(self) -> Any:
        """Told to the decider after the states, at each attempt."""
        ...

    async def append(self, request: Append) -> list[Written]:
        """As `Books.append`, in one transaction with what is kept aside."""
        ...


Attest = Callable[[Command], Awaitable[None]]
"""Raises `Refused` when a command speaks of a file whose bytes are not kept."""


class _Try(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt at a command."""

    case: Case
    states: list[Seen | None]
    request: Append


class Bus:
    """One for each process."""

    def __init__(self, books: Books, keys: Keys, pack: Pack, attest: Attest | None = None) -> None:
        self._books = books
        self._keys = keys
        self._pack = pack
        self._attest = attest
        self._history = History(books)
        self._known_rules: dict[tuple[Any, ...], Rules] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(
        self,
        org_id: OrgId,
        command: Command,
        actor: Actor,
        *,
        key: str,
        now: dt.datetime,
        expected_page: int | None = None,
        aside: Aside | None = None,
    ) -> Receipt:
        """Decides and records. `now` is an aware instant. `expected_page`: the last page of the book that the sender knows.

        Raises `Forbidden`, `Absent`, `Refused`, `Conflict`, `KeyReused`, `Malformed`, `Unavailable`.
        """
        case = CASES[command_name(command)] if aside is None else aside.case
        authorize(actor, case.right, org_id)
        turn = self._turns.get(org_id) or self._turns.setdefault(org_id, asyncio.Lock())
        fresh = expected_page is not None
        async with turn:
            for _ in range(TRIES_MAX):
                try:
                    attempt = await self._decide(org_id, case, command, actor, key, now, aside, fresh=fresh, expected_page=expected_page)
                    if self._attest is not None:
                        await self._attest(command)
                    written = await self._append(attempt.request, aside or self._books)
                except Stale as stale:
                    if expected_page is not None:
                        raise Conflict(str(stale)) from stale
                    fresh = True
                except Claimed as taken:
                    raise _claim_refused(str(taken)) from taken
                except KeyUsed as used:
                    raise KeyReused(key) from used
                else:
                    if not isinstance(written, Again):
                        self._remember(attempt, written)
                    return _receipt(org_id, written)
        raise Conflict(org_id)

    async def _decide(
        self,
        org_id: OrgId,
        case: Case,
        command: Command,
        actor: Actor,
        key: str,
        now: dt.datetime,
        aside: Aside | None,
        *,
        fresh: bool,
        expected_page: int | None,
    ) -> _Try:
        fingerprint = _fingerprint(command, actor)
        beside = () if aside is None else (await aside.look(),)
        states = await self._history.states(org_id, command, case.reads, fresh=fresh)
        overrides = await self._overrides(org_id, fresh=fresh)
        context = self._context(org_id, command, actor, key, now, overrides)
        try:
            _check_page(org_id, expected_page, states)
            _check_dates(command, context)
            outcome = case.decide(command, context, *(_state(fold, seen) for fold, seen in zip(case.reads, states, strict=True)), *beside)
        except (Refused, Absent, Conflict, Malformed):
            if not fresh:
                return await self._decide(org_id, case, command, actor, key, now, aside, fresh=True, expected_page=expected_page)
            before = await self._books.recorded(org_id, key)
            if before is None:
                raise
            if before[0] != fingerprint:
                raise KeyReused(key) from None
            outcome = []
        return _Try(
            case=case,
            states=states,
            request=Append(
                book=org_id,
                key=key,
                fingerprint=fingerprint,
                at=int(now.timestamp() * 1_000_000),
                drafts=self._drafts(org_id, outcome, command, actor, key),
                consulted=consulted((*states, *overrides)),
            ),
        )

    async def _overrides(self, org_id: OrgId, *, fresh: bool) -> list[Seen]:
        """Rules changed for all by the committee, then for this branch."""
        chain = [org_id]
        while (parent := (await self._history.state(ROSTER, chain[-1], "roster", fresh=fresh)).state.parent_id) is not None:
            chain.append(parent)
        return [await self._history.state(RULES, book, "rules", fresh=fresh) for book in reversed(chain)]

    async def overrides(self, org_id: OrgId) -> list[Override]:
        """Rules changed by event that hold for this organisation: the committee's first, then its own."""
        return _levelled(await self._overrides(org_id, fresh=True))

    async def look(self, org_id: OrgId, fold: Fold[S], stream: str) -> S:
        """A stream of a book as deciders see it, up to date; for those who explain decisions."""
        state: S = (await self._history.state(fold, org_id, stream)).state
        return state

    async def rules(self, org_id: OrgId, on: dt.date) -> Rules:
        """The rules of a day as they hold for this organisation."""
        return self._rules(on, await self._overrides(org_id, fresh=True))

    def _context(self, org_id: OrgId, command: Command, actor: Actor, key: str, now: dt.datetime, overrides: list[Seen]) -> Context:
        return Context(
            org_id=org_id,
            committee_id=overrides[0].book,
            actor=actor.id,
            person_id=actor.person_id,
            now=now,
            today=now.astimezone(LOCAL).date(),
            rules=self._rules(command.occurred_on, overrides),
            event_ids=tuple(_event_id(org_id, key, n) for n in range(EVENT_IDS)),
            blind=self._keys.blind,
        )

    def _rules(self, on: dt.date, overrides: list[Seen]) -> Rules:
        """Worked out once for each day and state of the books that change rules."""
        known = (on, *((seen.book, seen.page) for seen in overrides))
        rules = self._known_rules.get(known)
        if rules is None:
            if len(self._known_rules) >= RULES_MAX:
                self._known_rules.clear()
            rules = self._known_rules[known] = self._pack.rules(on, _levelled(overrides))
        return rules

    def _drafts(self, org_id: OrgId, outcome: list[Event | Elsewhere], command: Command, actor: Actor, key: str) -> tuple[Draft, ...]:
        """Sealed and read back: what could not be read again is not recorded."""
        drafts = []
        by = command_name(command)
        for n, item in enumerate(outcome):
            book, event = (item.org_id, item.event) if isinstance(item, Elsewhere) else (org_id, item)
            event_id = _event_id(org_id, key, n)
            try:
                record = codec.encode(event, event_id=event_id, actor=actor.id, by=by, late=command.late_reason, keys=self._keys)
                sealed = codec.decode_record(record)
            except codec.TooLarge as large:
                raise Malformed("the texts of this command are too long for one event") from large
            except msgspec.ValidationError as unreadable:
                raise Malformed(str(unreadable)) from unreadable
            drafts.append(Draft(book=book, event=sealed, event_id=event_id, record=record))
        return tuple(drafts)

    async def _append(self, request: Append, books: Books | Aside) -> list[Written]:
        """Sends until it is known what became of it: the key makes sending again safe."""
        deadline = asyncio.get_running_loop().time() + GIVE_UP_S
        pause = 0.05
        while True:
            try:
                return await asyncio.shield(books.append(request))
            except Overloaded as full:
                raise Unavailable("too many commands are waiting") from full
            except Unknown as lost:
                if asyncio.get_running_loop().time() > deadline:
                    raise Unavailable("the database does not answer") from lost
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.5)

    def _remember(self, attempt: _Try, written: list[Written]) -> None:
        """Carry the memory forward over our own events, as they were stored (sealed)."""
        news: defaultdict[tuple[OrgId, str], list[tuple[int, Event]]] = defaultdict(list)
        pages = {page.event_id: page.page for page in written}
        for draft in attempt.request.drafts:
            if draft.event_id in pages:
                news[draft.book, draft.event.stream()].append((pages[draft.event_id], draft.event))
        for (book, stream), events in news.items():
            known = {
                fold.name: (fold, seen)
                for fold, seen in zip(attempt.case.reads, attempt.states, strict=True)
                if seen is not None and (seen.book, seen.stream) == (book, stream)
            }
            self._history.advance(book, stream, known, events)


def _levelled(overrides: list[Seen]) -> list[Override]:
    """The nearer book wins, whatever the dates: what was set for one branch stays when the committee sets it for all."""
    return [structs.replace(override, level=level) for level, seen in enumerate(overrides) for override in seen.state]


def _state(fold: Any, seen: Seen | None) -> Any:
    return fold.initial if seen is None else seen.state


def _check_page(org_id: OrgId, expected_page: int | None, states: list[Seen | None]) -> None:
    """What is decided on must not have grown past what the sender knows. A repeated command finds its own pages, and its receipt."""
    if expected_page is not None and any(seen and seen.book == org_id and seen.page > expected_page for seen in states):
        raise Conflict(org_id)


def _check_dates(command: Command, context: Context) -> None:
    """INV-007 and INV-008 (rule sheet 0.2), the same for every command."""
    if command.occurred_on > context.today:
        raise Refused("INV-007", "occurred_on")
    earliest = context.rules.number("record.earliest_year")
    if command.occurred_on.year < earliest:
        raise Malformed(f"occurred_on: a record begins in {earliest} at the earliest")
    late = (context.today - command.occurred_on).days
    if late > context.rules.number("record.backdate_days") and not command.late_reason:
        raise Refused("INV-008", "late_reason", detail=f"{late}")


def _fingerprint(command: Command, actor: Actor) -> bytes:
    """Raises `Malformed` for control characters: no database text and no sheet can hold them, and a view would stop at them."""
    body = codec.canonical(command)
    if CONTROL.search(body):
        raise Malformed("a text holds control characters")
    return hashlib.sha256(b"\n".join((command_name(command).encode(), actor.id.encode(), body))).digest()


def _event_id(org_id: OrgId, key: str, number: int) -> str:
    return str(uuid.uuid5(NAMES, f"{org_id}\n{key}\n{number}"))


def _claim_refused(taken: str) -> Refused:
    kind, _, value = taken.partition(" ")
    rule, field = CLAIM_REFUSALS[kind]
    return Refused(rule, field, detail=value if kind != "id-number" else "")


def _receipt(org_id: OrgId, written: list[Written]) -> Receipt:
    own = [page for page in written if page.book == org_id]
    return Receipt(org_id, [ReceiptEvent(page.event_id, page.type, page.page, page.leaf.hex()) for page in own])
