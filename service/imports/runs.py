"""Runs of the importer: put on record before their first command, and found again to be taken back."""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from events.base import OrgId
from events.imports import SENDS_MAX, ImportBegun, ImportUndone, RunId, Sent, WorkbookKind
from events.store.books import Append, Books, Written
from service.bus import LOCAL, Bus
from service.decide.base import Case, command_name
from service.decide.imports import BeginImport, CloseUndo, begin_case, close_case
from service.imports.preview import Preview, Terms, run_order


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What one import of one workbook listed for one book."""

    run_id: RunId
    org_id: OrgId
    actor: str
    at: int
    """Microseconds since 1970, UTC, of the first part."""
    file: str
    kind: WorkbookKind
    sends: tuple[Sent, ...]
    """In the order in which they were sent."""
    undone: ImportUndone | None = None

    @property
    def rows(self) -> int:
        return len({(sent.sheet, sent.row) for sent in self.sends})


class Listed:
    """A command about runs, which is in no catalogue (`service.bus.Aside`)."""

    def __init__(self, case: Case, books: Books) -> None:
        self.case = case
        self._books = books

    async def look(self) -> None:
        """There is nothing beside."""

    async def append(self, request: Append) -> list[Written]:
        return await self._books.append(request)


async def begin(previews: Sequence[Preview], bus: Bus, books: Books, terms: Terms) -> list[RunId]:
    """Puts what will be sent on record, one run for each workbook that sends anything."""
    begun = [await _begin(preview, bus, books, terms) for preview in previews]
    return [run_id for run_id in begun if run_id is not None]


async def _begin(preview: Preview, bus: Bus, books: Books, terms: Terms) -> RunId | None:
    listed: dict[OrgId, list[Sent]] = {}
    for row, send in run_order(preview):
        sent = Sent(key=send.key, command=command_name(send.command), sheet=row.sheet[:31], row=row.number)
        listed.setdefault(send.org_id, []).append(sent)
    if not listed:
        return None
    local = terms.now.astimezone(LOCAL)
    digest = hashlib.sha256("\n".join(sent.key for sends in listed.values() for sent in sends).encode()).hexdigest()
    run_id = RunId(f"r{local:%Y%m%d-%H%M%S}-{digest[:6]}")
    kind = WorkbookKind[preview.kind.name]
    for org_id, sends in listed.items():
        for part, first in enumerate(range(0, len(sends), SENDS_MAX), start=1):
            command = BeginImport(
                occurred_on=local.date(),
                run_id=run_id,
                part=part,
                file=preview.name[:200],
                kind=kind,
                sends=tuple(sends[first : first + SENDS_MAX]),
            )
            key = f"{run_id}-{part}"
            await bus.handle(org_id, command, terms.actor, key=key, now=terms.now, aside=Listed(begin_case(kind), books))
    return run_id


async def runs_of(books: Books, org_id: OrgId) -> list[Run]:
    """The runs that wrote into a book, the newest first."""
    found: dict[RunId, Run] = {}
    for fact in await books.read(org_id, "imports"):
        match fact.event:
            case ImportBegun(run_id=run_id) as begun if run_id in found:
                found[run_id] = replace(found[run_id], sends=(*found[run_id].sends, *begun.sends))
            case ImportBegun(run_id=run_id) as begun:
                found[run_id] = Run(
                    run_id=run_id,
                    org_id=org_id,
                    actor=fact.actor,
                    at=fact.recorded_at,
                    file=begun.file,
                    kind=begun.kind,
                    sends=begun.sends,
                )
            case ImportUndone(run_id=run_id) as undone:
                found[run_id] = replace(found[run_id], undone=undone)
            case _:
                pass  # the stream holds nothing else
    return list(reversed(found.values()))


async def close(run: Run, command: CloseUndo, bus: Bus, books: Books, terms: Terms) -> None:
    """That a run was taken back, and how far; the same said again is said once."""
    times = sum(isinstance(fact.event, ImportUndone) for fact in await books.read(run.org_id, "imports"))
    key = f"{run.run_id}-undone-{times + 1}"
    await bus.handle(run.org_id, command, terms.actor, key=key, now=terms.now, aside=Listed(close_case(run.kind), books))
