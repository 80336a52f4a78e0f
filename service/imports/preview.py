"""What would be recorded, row by row, before anything is; and the one way to record it: command by command through the bus."""

import asyncio
import datetime as dt
import enum
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from events.base import OrgId
from service.auth.actor import Actor
from service.decide.base import Command, command_name
from service.decide.catalog import CASES
from service.errors import BranchbookError, KeyReused, Refused


class Kind(enum.StrEnum):
    """What a workbook is about."""

    ROSTER = "roster"
    DUES = "dues"
    MEETINGS = "meetings"
    TRANSFERS = "transfers"


class State(enum.StrEnum):
    """What became, or would become, of a row."""

    OK = "ok"
    """Will be recorded."""
    DUPLICATE = "duplicate"
    """Is in the book already, or twice in this workbook; nothing is sent."""
    ERROR = "error"
    """Cannot be understood; nothing is sent."""
    RECORDED = "recorded"
    REFUSED = "refused"
    """A rule said no when it was sent."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row is not as it should be, and in which cell."""

    cell: str
    """`D7`; empty when it is about the whole row."""
    zh: str
    en: str
    rule: str | None = None
    """`INV-nnn` when a rule of the rule sheet refused it."""


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """One command of a row, with the key that makes sending it twice the same as once."""

    org_id: OrgId
    key: str
    command: Command
    rank: int = 0
    """Among commands of one day: what closes a thing (minutes on file) comes after what belongs into it."""


class Row(msgspec.Struct, kw_only=True):
    """One row of a sheet. `sends` is empty unless the state is ok or beyond."""

    sheet: str
    number: int
    title: str
    """What the row is about, for the reader of the preview."""
    state: State
    faults: tuple[Fault, ...] = ()
    sends: tuple[Send, ...] = ()


class Preview(msgspec.Struct, kw_only=True):
    """All rows of a workbook, judged."""

    name: str
    kind: Kind
    rows: list[Row]

    def counts(self) -> Counter[State]:
        return Counter(row.state for row in self.rows)

    def faulty(self) -> list[Row]:
        """Rows that need a look, in the order of the sheet."""
        return [row for row in self.rows if row.state in {State.ERROR, State.REFUSED}]


class Receipts(Protocol):
    """What a recorder gets back."""

    @property
    def events(self) -> Sequence[Any]: ...


class Bus(Protocol):
    """The road in (`service.bus.Bus`), which lies above this package."""

    async def handle(self, org_id: OrgId, command: Command, actor: Actor, *, key: str, now: dt.datetime) -> Receipts: ...


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Who records, when, and what is said of rows that are older than the back-date limit (INV-008)."""

    actor: Actor
    now: dt.datetime
    backdate_days: int
    late_reason: str
    texts: Callable[[str], tuple[str, str]] | None = None
    """`INV-nnn` -> its Chinese and English text in the rule sheet."""


Progress = Callable[[Row], None]
"""Called when a row is done, recorded or not."""


class Step(msgspec.Struct, frozen=True):
    """A send with the row that it belongs to."""

    row: Row
    send: Send
    kind: Kind


async def commit(previews: Sequence[Preview], bus: Bus, terms: Terms, progress: Progress | None = None) -> int:
    """Sends everything that is ok, day by day as it happened, the branches side by side; gives the number of events recorded.

    What a rule refuses marks its row and stops only that row. A transfer concerns two books, so on its day it goes first and alone.
    """
    steps = [Step(row, send, preview.kind) for preview in previews for row, send in run_order(preview)]
    steps.sort(key=_when)
    run = Run(bus, terms, progress, Counter(id(step.row) for step in steps))
    for together in _waves(steps):
        books: dict[OrgId | None, list[Step]] = {}
        for step in together:
            books.setdefault(None if step.kind is Kind.TRANSFERS else step.send.org_id, []).append(step)
        await asyncio.gather(*(run.take(book) for book in books.values()))
    return run.recorded


def run_order(preview: Preview) -> list[tuple[Row, Send]]:
    """What a workbook will send, in the order of the days on which it happened."""
    ready = [Step(row, send, preview.kind) for row in preview.rows if row.state is State.OK for send in row.sends]
    return [(step.row, step.send) for step in sorted(ready, key=_when)]


def _when(step: Step) -> tuple[dt.date, int]:
    return step.send.command.occurred_on, step.send.rank


def _waves(steps: list[Step]) -> list[list[Step]]:
    """Steps in order, cut wherever transfers begin or end, and around what looks at another book: that holds what happened by then."""
    waves: list[list[Step]] = []
    for _, of_day in itertools.groupby(steps, key=lambda step: step.send.command.occurred_on):
        today = list(of_day)
        moves = [step for step in today if step.kind is Kind.TRANSFERS]
        others, told = _parted(step for step in today if step.kind is not Kind.TRANSFERS)
        if moves:
            waves += [moves, others]
        elif waves:
            waves[-1] += others
        else:
            waves.append(others)
        if told:
            waves += [told, []]
    return waves


def _parted(steps: Iterable[Step]) -> tuple[list[Step], list[Step]]:
    """What stands by itself, and what looks at another book with all that follows it in its own."""
    others: list[Step] = []
    told: list[Step] = []
    books: set[OrgId] = set()
    for step in steps:
        if step.send.org_id in books or _looks_elsewhere(step.send):
            books.add(step.send.org_id)
            told.append(step)
        else:
            others.append(step)
    return others, told


def _looks_elsewhere(send: Send) -> bool:
    """Whether it is decided by what stands in another book, such as the receipt of a letter."""
    case = CASES[command_name(send.command)]
    return any(fold.book(send.org_id, send.command) != send.org_id for fold in case.reads if fold.stream(send.command) is not None)


class Run:
    """One commit under way; `left` says how many commands of each row are still to be sent."""

    def __init__(self, bus: Bus, terms: Terms, progress: Progress | None, left: Counter[int]) -> None:
        self.bus = bus
        self.terms = terms
        self.progress = progress
        self.left = left
        self.recorded = 0

    async def take(self, steps: list[Step]) -> None:
        for step in steps:
            if step.row.state is State.OK:
                await self._try(step)
            self.left[id(step.row)] -= 1
            if self.left[id(step.row)] == 0:
                self._close(step.row)

    async def _try(self, step: Step) -> None:
        try:
            self.recorded += await _send(step.send, self.bus, self.terms)
        except KeyReused:
            step.row.state = State.DUPLICATE
        except BranchbookError as refusal:
            step.row.state = State.REFUSED
            step.row.faults = (fault_of(refusal, self.terms),)

    def _close(self, row: Row) -> None:
        if row.state is State.OK:
            row.state = State.RECORDED
        if self.progress is not None:
            self.progress(row)


async def _send(send: Send, bus: Bus, terms: Terms) -> int:
    """A branch may have a stricter back-date limit of its own: then the reason is given after all."""
    late = (terms.now.date() - send.command.occurred_on).days >= terms.backdate_days
    command = msgspec.structs.replace(send.command, late_reason=terms.late_reason) if late else send.command
    try:
        receipt = await bus.handle(send.org_id, command, terms.actor, key=send.key, now=terms.now)
    except Refused as refusal:
        if late or refusal.rule != "INV-008":
            raise
        command = msgspec.structs.replace(command, late_reason=terms.late_reason)
        receipt = await bus.handle(send.org_id, command, terms.actor, key=send.key, now=terms.now)
    return len(receipt.events)


def fault_of(refusal: BranchbookError, terms: Terms) -> Fault:
    if not isinstance(refusal, Refused):
        return Fault(cell="", zh=f"未能登记：{refusal}", en=f"not recorded: {refusal}")
    zh, en = ("不符合规定", "refused") if terms.texts is None else terms.texts(refusal.rule)
    about = " ".join(part for part in (refusal.rule, *refusal.fields, refusal.detail) if part)
    return Fault(cell="", zh=f"{zh}（{about}）", en=f"{en} ({about})", rule=refusal.rule)


Recorded = Callable[[OrgId, str], Awaitable[Any]]
"""`Books.recorded`: not None when this key was used in this book."""


def undo_key(key: str) -> str:
    """Under which a command is taken back."""
    return f"undo-{key}"


async def mark_recorded(preview: Preview, recorded: Recorded) -> None:
    """Leaves out what is in the book already, so that the preview of a second import says so and sends only what is new.

    What was taken back is new again: it is sent under a key of its own, for the first one is used up.
    """
    for row in preview.rows:
        if row.state is State.OK and row.sends:
            fresh = [await _fresh(send, recorded) for send in row.sends]
            row.sends = tuple(send for send in fresh if send is not None)
            if not row.sends:
                row.state = State.DUPLICATE
                row.faults = (Fault(cell="", zh="该行此前已导入", en="this row was imported before"),)


async def _fresh(send: Send, recorded: Recorded) -> Send | None:
    """With the first key that is not used; None when what was sent under one still stands."""
    for turn in itertools.count(1):
        key = send.key if turn == 1 else f"{send.key}.{turn}"
        if await recorded(send.org_id, key) is None:
            return msgspec.structs.replace(send, key=key)
        if await recorded(send.org_id, undo_key(key)) is None:
            return None
    raise AssertionError
