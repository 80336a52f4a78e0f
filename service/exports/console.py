"""`branchbook export`: one register as a sheet that office programs open, as it stands or as of a date on both clocks."""

import datetime as dt
from collections.abc import AsyncIterator, Callable

import msgspec
from sqlalchemy.ext.asyncio import create_async_engine

from events.base import OrgId
from events.store.postgres import dsn
from projections.ledgers.catalog import REGISTERS
from projections.ledgers.register import Register
from projections.query import Views
from projections.shapes import PAGE_MAX, Absence, LedgerPage, Scope
from service.config import Misconfigured, Settings
from service.exports.sheet import csv_text, headings, row_cells
from service.parts import opened


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """A register with its columns: what `--json` prints."""

    org_id: OrgId
    ledger: str
    register: str
    zh: str
    position: int
    columns: list[str]
    rows: list[list[str]]


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """As of when; both None: as it stands now."""

    as_of: dt.date | None = None
    known_at: dt.datetime | None = None


async def export_register(
    settings: Settings, org_id: OrgId, code: str, *, year: int | None, clocks: Clocks, progress: Callable[[int, int], None]
) -> Exported:
    """All rows of the register; sensitive cells stay masked."""
    form = next((one for one in REGISTERS if one.code == code), None)
    if form is None:
        message = f"there is no register {code}; there are {', '.join(one.code for one in REGISTERS)}"
        raise Misconfigured(message)
    engine = create_async_engine(dsn(settings.database()).replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with opened(settings) as parts:
            views = Views(engine, parts.books, parts.keys)
            pages = [page async for page in _pages(views, org_id, form, year, clocks)]
    except Absence:
        message = f"there is no organisation {org_id}"
        raise Misconfigured(message) from None
    finally:
        await engine.dispose()
    rows = [row_cells(form, row, page.names) for page in pages for row in page.rows]
    progress(len(rows), len(rows))
    return Exported(
        org_id=org_id,
        ledger=form.ledger,
        register=form.code,
        zh=form.zh,
        position=pages[-1].as_of.position,
        columns=headings(form),
        rows=rows,
    )


async def _pages(views: Views, org_id: OrgId, form: Register, year: int | None, clocks: Clocks) -> AsyncIterator[LedgerPage]:
    scope = Scope(orgs=None)
    await views.organisation(scope, org_id)
    if clocks.as_of is not None or clocks.known_at is not None:
        yield await views.ledger_as_of(scope, org_id, form.ledger, form.code, year=year, as_of=clocks.as_of, known_at=clocks.known_at)
        return
    page = await views.ledger(scope, org_id, form.ledger, form.code, year=year, limit=PAGE_MAX)
    yield page
    while page.next is not None:
        page = await views.ledger(scope, org_id, form.ledger, form.code, year=year, after=page.next, limit=PAGE_MAX)
        yield page


def as_csv(exported: Exported) -> str:
    return csv_text(exported.columns, exported.rows)
