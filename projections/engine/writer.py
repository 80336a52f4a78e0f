"""Set-based writes of merged rows: one statement for each table and set of columns."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import asyncpg
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from projections.engine.merge import Merge, Merged

Connection = asyncpg.Connection

LEDGER = """
with u as (
    select * from rows from (json_to_recordset(convert_from($1, 'UTF8')::json) as (
        org_id text, ledger text, register text, year text, key text, subject text, occurred_on date,
        recorded_at bigint, position bigint, event_id text, struck_by text, cells jsonb)) with ordinality
        as u (org_id, ledger, register, year, key, subject, occurred_on, recorded_at, position, event_id, struck_by, cells, n)
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
    event_id, struck_by, coalesce(cells, '{{}}')
from numbered
on conflict (org_id, ledger, register, year, key) do update set
    subject = coalesce(excluded.subject, t.subject), occurred_on = coalesce(excluded.occurred_on, t.occurred_on),
    recorded_at = coalesce(nullif(excluded.recorded_at, 0), t.recorded_at),
    position = greatest(excluded.position, t.position), event_id = coalesce(excluded.event_id, t.event_id),
    struck_by = coalesce(excluded.struck_by, t.struck_by), cells = t.cells || excluded.cells
"""

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
        keys = ("ledger", "register", "year", "key")
        await connection.execute(LEDGER.format(schema=self._schema), _json.encode([_record(row, keys) for row in rows]))

    async def _write_table(self, connection: Any, name: str, rows: Iterable[Merged]) -> None:
        groups: defaultdict[tuple[str, ...], list[Merged]] = defaultdict(list)
        for row in rows:
            groups[tuple(sorted(row.values)) + (("cells",) if row.cells else ())].append(row)
        keys = tuple(column.name for column in self._tables[name].primary_key.columns)
        for columns, group in groups.items():
            statement = self._statements.get((name, columns)) or self._statement(name, keys, columns)
            await connection.execute(statement, _json.encode([_record(row, keys[1:]) for row in group]))

    def _statement(self, name: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
        every = ", ".join((*keys, *columns))
        typed = ", ".join(f"{column} {self._tables[name].columns[column].type.compile(DIALECT)}" for column in (*keys, *columns))
        update = ", ".join(
            f"{column} = t.cells || excluded.cells" if column == "cells" else f"{column} = excluded.{column}" for column in columns
        )
        statement = (
            f"insert into {self._schema}.{name} as t ({every}) select {every}"
            f" from json_to_recordset(convert_from($1, 'UTF8')::json) as u ({typed})"
            f" on conflict ({', '.join(keys)}) do {'update set ' + update if columns else 'nothing'}"
        )
        self._statements[name, columns] = statement
        return statement


def _record(row: Merged, keys: tuple[str, ...]) -> dict[str, Any]:
    """A row as the object that travels: many rows go as one JSON text, which costs far less here than an array for each column."""
    record: dict[str, Any] = {"org_id": row.org_id}
    record.update(zip(keys, row.key, strict=True))
    record.update(row.values)
    if row.cells:
        record["cells"] = row.cells
    return record
