"""Set-based writes of merged rows: one statement for each table and set of columns."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import asyncpg
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from projections.engine.merge import Merge, Merged

Connection = asyncpg.Connection

LEDGER = """
with u as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[],
        $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::jsonb[])
    with ordinality as u (org_id, ledger, register, year, key, subject, occurred_on, recorded_at, position, event_id, struck_by, cells, n)
), numbered as (
    select u.*, coalesce(o.row_no, last.no + row_number() over (
        partition by u.org_id, u.ledger, u.register, u.year, o.row_no is null order by u.n)) as row_no
    from u left join {schema}.ledger_row o using (org_id, ledger, register, year, key)
    left join lateral (
        select coalesce(max(r.row_no), 0) as no from {schema}.ledger_row r
        where r.org_id = u.org_id and r.ledger = u.ledger and r.register = u.register and r.year = u.year
    ) last on o.row_no is null
)
insert into {schema}.ledger_row as t
    (org_id, ledger, register, year, key, row_no, subject, occurred_on, recorded_at, position, event_id, struck_by, cells)
select org_id, ledger, register, year, key, row_no, subject, occurred_on, coalesce(recorded_at, 0), coalesce(position, -1),
    event_id, struck_by, cells
from numbered
on conflict (org_id, ledger, register, year, key) do update set
    subject = coalesce(excluded.subject, t.subject), occurred_on = coalesce(excluded.occurred_on, t.occurred_on),
    recorded_at = coalesce(nullif(excluded.recorded_at, 0), t.recorded_at),
    position = greatest(excluded.position, t.position), event_id = coalesce(excluded.event_id, t.event_id),
    struck_by = coalesce(excluded.struck_by, t.struck_by), cells = t.cells || excluded.cells
"""
LEDGER_COLUMNS = ("subject", "occurred_on", "recorded_at", "position", "event_id", "struck_by")

STATES = """
insert into {schema}.fold_state as t (org_id, projection, page, state)
select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[])
on conflict (org_id, projection) do update set page = excluded.page, state = excluded.state
"""

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_json = msgspec.json.Encoder(order="sorted", decimal_format="string")


class Writer:
    """Writes into the tables of `schema`: the live ones, or the shadows beside them."""

    def __init__(self, metadata: sa.MetaData, schema: str) -> None:
        self._schema = schema
        self._tables = {table.name: table for table in metadata.tables.values()}
        self._statements: dict[tuple[str, tuple[str, ...]], str] = {}

    async def write(self, connection: Any, merge: Merge) -> None:
        for name, rows in merge.tables.items():
            if name == "ledger_row":
                await self._write_ledger(connection, rows.values())
            else:
                await self._write_table(connection, name, rows.values())

    async def write_states(self, connection: Any, states: list[tuple[str, str, int, bytes]]) -> None:
        """(org, projection, page, state) of every fold that moved."""
        if states:
            await connection.execute(STATES.format(schema=self._schema), *map(list, zip(*states, strict=True)))

    async def _write_ledger(self, connection: Any, rows: Iterable[Merged]) -> None:
        columns: list[list[Any]] = [[] for _ in range(12)]
        for row in rows:
            values = (row.org_id, *row.key, *(row.values.get(column) for column in LEDGER_COLUMNS), _json.encode(row.cells).decode())
            for column, value in zip(columns, values, strict=True):
                column.append(value)
        await connection.execute(LEDGER.format(schema=self._schema), *columns)

    async def _write_table(self, connection: Any, name: str, rows: Iterable[Merged]) -> None:
        groups: defaultdict[tuple[str, ...], list[Merged]] = defaultdict(list)
        for row in rows:
            groups[tuple(sorted(row.values)) + (("cells",) if row.cells else ())].append(row)
        for columns, group in groups.items():
            statement = self._statements.get((name, columns)) or self._statement(name, columns)
            values = [self._values(row, columns) for row in group]
            await connection.execute(statement, *map(list, zip(*values, strict=True)))

    @staticmethod
    def _values(row: Merged, columns: tuple[str, ...]) -> tuple[Any, ...]:
        plain = tuple(_json.encode(row.cells).decode() if column == "cells" else _plain(row.values[column]) for column in columns)
        return (row.org_id, *row.key, *plain)

    def _statement(self, name: str, columns: tuple[str, ...]) -> str:
        table = self._tables[name]
        keys = [column.name for column in table.primary_key.columns]
        every = [*keys, *columns]
        arrays = ", ".join(_array(n, table.columns[column].type) for n, column in enumerate(every, start=1))
        chosen = ", ".join(_chosen(table.columns[column]) for column in every)
        update = ", ".join(
            f"{column} = t.cells || excluded.cells" if column == "cells" else f"{column} = excluded.{column}" for column in columns
        )
        statement = (
            f"insert into {self._schema}.{name} as t ({', '.join(every)}) select {chosen}"
            f" from unnest({arrays}) u ({', '.join(every)})"
            f" on conflict ({', '.join(keys)}) do {'update set ' + update if columns else 'nothing'}"
        )
        self._statements[name, columns] = statement
        return statement


def _array(number: int, column: sa.types.TypeEngine[Any]) -> str:
    """`$3::date[]`; arrays of arrays do not unnest by rows, so they travel as jsonb."""
    inner = "jsonb" if isinstance(column, sa.ARRAY | JSONB) else column.compile(dialect=DIALECT)
    return f"${number}::{inner}[]"


def _chosen(column: "sa.Column[Any]") -> str:
    if isinstance(column.type, sa.ARRAY):
        inner = column.type.item_type.compile(dialect=DIALECT)
        return f"(select coalesce(array_agg(e::{inner}), '{{}}') from jsonb_array_elements_text(u.{column.name}) e)"
    return f"u.{column.name}"


def _plain(value: Any) -> Any:
    """Lists and objects travel as JSON text."""
    return _json.encode(value).decode() if isinstance(value, list | tuple | dict) else value
