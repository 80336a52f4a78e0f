"""`branchbook export`: one register as a sheet that office programs open, as it stands or as of a date on both clocks."""

import csv
import datetime as dt
import io
import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import create_async_engine

from events.base import OrgId
from events.store.postgres import dsn
from projections.ledgers.catalog import REGISTERS
from projections.ledgers.register import Column, Kind, Register
from projections.query import Views
from projections.shapes import PAGE_MAX, Absence, LedgerPage, LedgerRow, Scope
from service.config import Misconfigured, Settings
from service.parts import opened

BYTE_ORDER_MARK = "\ufeff"
"""Without it office programs read Chinese sheets in a national encoding."""


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


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
    rows = [_cells(form, row, page.names) for page in pages for row in page.rows]
    progress(len(rows), len(rows))
    return Exported(
        org_id=org_id,
        ledger=form.ledger,
        register=form.code,
        zh=form.zh,
        position=pages[-1].as_of.position,
        columns=["序号", "年度", *(column.zh for column in form.columns)],
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
    """What could be a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([exported.columns, *([_harmless(cell) for cell in row] for row in exported.rows)])
    return BYTE_ORDER_MARK + out.getvalue()


def _cells(form: Register, row: LedgerRow, names: Mapping[str, str]) -> list[str]:
    return [str(row.row_no), row.year, *(_text(column, row.cells.get(column.key), names) for column in form.columns)]


def _text(column: Column, value: Any, names: Mapping[str, str]) -> str:
    """A cell in words; an id that cannot be named stays an id."""
    if value is None:
        return ""
    match column.kind:
        case Kind.MONEY if isinstance(value, int):
            return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
        case Kind.FLAG:
            return "是" if value else "否"
        case Kind.PERSON | Kind.GROUP | Kind.ORG:
            return names.get(str(value), str(value))
        case Kind.PERSONS:
            return "、".join(names.get(str(one), str(one)) for one in value)
        case Kind.LIST if isinstance(value, list):
            return "\n".join(" ".join(str(part) for part in one) if isinstance(one, list) else str(one) for one in value)
        case _:
            return str(value)


def _harmless(text: str) -> str:
    amount = re.fullmatch(r"-\d+(\.\d+)?", text)
    return f"'{text}" if text.lstrip(" '\"").startswith(FORMULA_STARTS) and not amount else text
