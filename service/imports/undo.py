"""A whole import is taken back: command by command through the bus, the last one first, each under a key of its own.

Nothing is remembered beside the record: what was taken back is found by its key, so that a run that was cut off goes on where it
ended, and one that is done does nothing. What has since been built upon stands and is told.
"""

import datetime as dt
import enum
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from events.base import Event
from events.imports import Sent
from events.store.books import Books
from service.auth.actor import Actor
from service.bus import LOCAL, Bus
from service.decide.base import Command
from service.decide.imports import CloseUndo
from service.errors import BranchbookError, BuiltUpon, KeyReused, Refused
from service.imports.compensations import TABLE, By, Why, With
from service.imports.preview import Fault, Terms, fault_of, undo_key
from service.imports.runs import Run, close


class Fate(enum.StrEnum):
    """What became, or would become, of a command that a run sent."""

    TAKEN_BACK = "taken_back"
    STANDS = "stands"
    """It is built upon, or the rules know no way back."""
    NOTHING = "nothing"
    """It was refused when it was sent, or had nothing to say."""


class UndoTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes back, when and why; for minutes on file, when the superior saw it (INV-017)."""

    actor: Actor
    now: dt.datetime
    reason: str
    superior_seen_on: dt.date | None = None
    texts: Callable[[str], tuple[str, str]] | None = None
    """As in `Terms`."""

    @property
    def why(self) -> Why:
        return Why(day=self.now.astimezone(LOCAL).date(), reason=self.reason, superior_seen_on=self.superior_seen_on)

    @property
    def terms(self) -> Terms:
        return Terms(actor=self.actor, now=self.now, backdate_days=0, late_reason=self.reason, texts=self.texts)


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """One command of a run: where it came from, what it recorded, and its fate."""

    sent: Sent
    events: tuple[Event, ...]
    fate: Fate
    fault: Fault | None = None
    """Why it stands."""


Group = tuple[Sent, ...]
"""A command and those of its row that go with it, the leading one first."""


def groups(run: Run) -> list[Group]:
    """What is taken back together, in the order of taking back: the last one first."""
    found: list[Group] = []
    led: dict[tuple[str, int, str], int] = {}
    for sent in run.sends:
        way = TABLE[sent.command]
        leader = led.get((sent.sheet, sent.row, way.command)) if isinstance(way, With) else None
        if leader is None:
            led[sent.sheet, sent.row, sent.command] = len(found)
            found.append((sent,))
        else:
            found[leader] = (*found[leader], sent)
    return list(reversed(found))


class Undo:
    """Takes back what one run recorded in one book."""

    def __init__(self, run: Run, bus: Bus, books: Books, terms: UndoTerms) -> None:
        self.run = run
        self.bus = bus
        self.books = books
        self.terms = terms

    async def take_back(self, chosen: Sequence[Group], progress: Callable[[], None] | None = None) -> list[Undone]:
        """These groups, in this order; those that are done already are told as such."""
        told: list[Undone] = []
        for group in chosen:
            told += await self._group(group)
            if progress is not None:
                progress()
        return told

    async def close(self) -> CloseUndo:
        """Puts on record how far the run is taken back now."""
        fates: Counter[bool] = Counter()
        for sent in self.run.sends:
            if await self._events(sent):
                fates[await self._is_back(sent)] += 1
        command = CloseUndo(
            occurred_on=self.terms.why.day,
            run_id=self.run.run_id,
            reason=self.terms.reason,
            taken_back=fates[True],
            kept=fates[False],
        )
        await close(self.run, command, self.bus, self.books, self.terms.terms)
        return command

    async def _group(self, group: Group) -> list[Undone]:
        """What goes with a command that stands, stands; a key is used for each, so that each may be imported anew."""
        recorded = [(sent, await self._events(sent)) for sent in group]
        told, leading, fault = [], recorded[0], None
        for sent, events in recorded:
            if not events:
                told.append(Undone(sent=sent, events=(), fate=Fate.NOTHING))
            elif fault is not None or (fault := await self._back(sent, leading)) is not None:
                told.append(Undone(sent=sent, events=events, fate=Fate.STANDS, fault=fault))
            else:
                told.append(Undone(sent=sent, events=events, fate=Fate.TAKEN_BACK))
        return told

    async def _back(self, sent: Sent, leading: tuple[Sent, tuple[Event, ...]]) -> Fault | None:
        """Why it stands; None when it is taken back, now or before."""
        if await self._is_back(sent):
            return None
        leader, events = leading
        match TABLE[leader.command]:
            case With():
                return Fault(cell="", zh="所属的登记不是这次导入的", en="what it belongs to was recorded by another import, or at the desk")
            case By(make=make):
                return await self._send(sent, make(events, self.terms.why)) if events else None

    async def _send(self, sent: Sent, command: Command) -> Fault | None:
        try:
            await self.bus.handle(self.run.org_id, command, self.terms.actor, key=undo_key(sent.key), now=self.terms.now)
        except KeyReused:
            return None
        except Refused as refusal:
            return fault_of(refusal, self.terms.terms)
        except BuiltUpon as built:
            return Fault(cell="", zh=built.zh, en=built.en)
        except BranchbookError as error:
            return Fault(cell="", zh=f"未能撤销：{error}", en=f"not taken back: {error}")
        return None

    async def _is_back(self, sent: Sent) -> bool:
        return await self.books.recorded(self.run.org_id, undo_key(sent.key)) is not None

    async def _events(self, sent: Sent) -> tuple[Event, ...]:
        """What the command recorded in this book; nothing when it was refused or never sent."""
        recorded = await self.books.recorded(self.run.org_id, sent.key)
        own = [page for page in (recorded[1] if recorded else ()) if page.book == self.run.org_id]
        if not own:
            return ()
        first, last = min(page.page for page in own), max(page.page for page in own)
        facts = await self.books.read(self.run.org_id, after=first - 1, limit=last - first + 1)
        ids = {page.event_id for page in own}
        return tuple(fact.event for fact in facts if fact.event_id in ids)


def in_order(run: Run, told: Sequence[Undone]) -> list[Undone]:
    """As the sheet has them, and those of a row as they were sent."""
    place = {sent.key: number for number, sent in enumerate(run.sends)}
    return sorted(told, key=lambda one: (one.sent.sheet, one.sent.row, place[one.sent.key]))
