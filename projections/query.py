"""The one door for reads. Every function takes the reader's scope; what lies outside it is absent.

Names and other sealed texts are opened here, at reading, and only here; sensitive ones stay masked unless the scope says
otherwise. Every answer says as of which journal position it holds.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import Event, OrgId
from events.store.books import Books, whole
from events.store.keys import Keys, is_sealed
from events.store.record import Fact
from events.transfers import LetterIssued
from projections.cursors import from_cursor, to_cursor
from projections.engine.merge import ledger_rows
from projections.engine.replay import known, replay
from projections.engine.tables import checkpoint, ledger_row, stopped_book
from projections.ledgers.catalog import LEDGERS, register
from projections.ledgers.register import Kind, Register
from projections.obligations_tables import obligation
from projections.query_across import AcrossViews
from projections.query_directives import DirectiveViews
from projections.query_disclosure import DisclosureViews
from projections.query_documents import DocumentViews
from projections.query_duties import DutyViews
from projections.query_scores import ScoreViews
from projections.roster_tables import member, organisation, party_group
from projections.shapes import PAGE_MAX, Absence, AsOf, GroupView, LedgerPage, LedgerRow, MemberView, ObligationView, OrgView, Scope, mask

ERASED = "〔已清除〕"

PAGE = sa.table("page", sa.column("book"), sa.column("page"), sa.column("leaf"), sa.column("event_id", sa.Uuid), schema="record")
"""What reading needs of the record beside its entries."""


class Views:
    """Reads of one process."""

    def __init__(self, engine: AsyncEngine, books: Books, keys: Keys) -> None:
        self._engine = engine
        self._books = books
        self._keys = keys
        self.documents = DocumentViews(engine)
        self.scores = ScoreViews(engine, books)
        self.directives = DirectiveViews(engine, lambda token: self._shown(token, masked=False))
        self.across = AcrossViews(engine, lambda token: self._shown(token, masked=False))
        self.disclosure = DisclosureViews(engine, keys)
        self.duties = DutyViews(engine, books)

    async def position(self) -> AsOf:
        async with self._engine.connect() as connection:
            return await _as_of(connection)

    async def stopped(self, scope: Scope) -> list[dict[str, Any]]:
        """Books in which a projection stands still."""
        query = sa.select(stopped_book).order_by(stopped_book.c.org_id, stopped_book.c.projection)
        async with self._engine.connect() as connection:
            return [dict(row._mapping) for row in await connection.execute(_within(query, stopped_book.c.org_id, scope))]  # noqa: SLF001

    async def organisations(self, scope: Scope, *, after: str | None = None, limit: int = PAGE_MAX) -> list[OrgView]:
        """In the order of their codes, after `after`."""
        query = _organisations().where(organisation.c.org_id > (after or "")).order_by(organisation.c.org_id).limit(min(limit, PAGE_MAX))
        async with self._engine.connect() as connection:
            rows = await connection.execute(_within(query, organisation.c.org_id, scope))
            return [msgspec.convert({str(name): value for name, value in row._mapping.items()}, OrgView) for row in rows]  # noqa: SLF001

    async def organisation(self, scope: Scope, org_id: OrgId) -> OrgView:
        _must_see(scope, org_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(_organisations().where(organisation.c.org_id == org_id))).first()
        if row is None:
            raise Absence(org_id)
        return msgspec.convert({str(name): value for name, value in row._mapping.items()}, OrgView)  # noqa: SLF001

    async def members(
        self, scope: Scope, org_id: OrgId, *, after: int = 0, limit: int = PAGE_MAX, former: bool = False
    ) -> tuple[list[MemberView], int | None, AsOf]:
        """In the order of the roll: (members, cursor of the next page or None, as of)."""
        _must_see(scope, org_id)
        query = (
            sa.select(member)
            .where(member.c.org_id == org_id, member.c.page > after)
            .order_by(member.c.org_id, member.c.page)
            .limit(min(limit, PAGE_MAX) + 1)
        )
        if not former:
            query = query.where(member.c.left_on.is_(None))
        if scope.person_id is not None:
            query = query.where(member.c.person_id == scope.person_id)
        async with self._engine.connect() as connection:
            as_of = await _as_of(connection)
            rows = [dict(row._mapping) for row in await connection.execute(query)]  # noqa: SLF001
        page = rows[: min(limit, PAGE_MAX)]
        following = page[-1]["page"] if len(rows) > len(page) else None
        return [self._member(row, scope) for row in page], following, as_of

    def _member(self, row: dict[str, Any], scope: Scope) -> MemberView:
        for column in ("name", "unit_and_post"):
            row[column] = self._shown(row[column], masked=not scope.names)
        for column in ("id_number", "phone"):
            row[column] = self._shown(row[column], masked=not scope.sensitive)
        row["posts"] = list(row["posts"])
        return msgspec.convert({field: row[field] for field in MemberView.__struct_fields__}, MemberView)

    async def groups(self, scope: Scope, org_id: OrgId) -> list[GroupView]:
        _must_see(scope, org_id)
        query = (
            sa.select(party_group).where(party_group.c.org_id == org_id, party_group.c.dissolved_on.is_(None)).order_by(party_group.c.name)
        )
        async with self._engine.connect() as connection:
            rows = await connection.execute(query)
            return [GroupView(group_id=row.group_id, name=row.name, leader_id=row.leader_id) for row in rows]

    async def ledger(
        self, scope: Scope, org_id: OrgId, ledger: str, code: str, *, year: int | None = None, after: str | None = None, limit: int = 50
    ) -> LedgerPage:
        """A page of a register as it stands now; `after` is the cursor of the page before."""
        _must_see(scope, org_id)
        form = _register(ledger, code)
        table = ledger_row.c
        query = sa.select(ledger_row).where(table.org_id == org_id, table.ledger == ledger, table.register == code)
        if form.yearly and year is not None:
            query = query.where(table.year == str(year))
        if scope.person_id is not None:
            query = query.where(table.subject == scope.person_id)
        if after is not None:
            last_year, last_no = from_cursor(after, tuple[str, int])
            query = query.where(sa.tuple_(table.year, table.row_no) > sa.tuple_(sa.literal(last_year), sa.literal(last_no)))
        size = min(limit, PAGE_MAX)
        query = query.order_by(table.org_id, table.ledger, table.register, table.year, table.row_no).limit(size + 1)
        async with self._engine.connect() as connection:
            as_of = await _as_of(connection)
            rows = [dict(row._mapping) for row in await connection.execute(query)]  # noqa: SLF001
            names = await self._names(connection, org_id, form, rows[:size])
        following = to_cursor([rows[size - 1]["year"], rows[size - 1]["row_no"]]) if len(rows) > size else None
        return self._page(scope, org_id, form, rows[:size], names, as_of, following)

    async def ledger_as_of(
        self,
        scope: Scope,
        org_id: OrgId,
        ledger: str,
        code: str,
        *,
        year: int | None = None,
        as_of: dt.date | None = None,
        known_at: dt.datetime | None = None,
    ) -> LedgerPage:
        """The whole register as of a date on both clocks, folded from the book in memory."""
        _must_see(scope, org_id)
        form = _register(ledger, code)
        facts = known(await whole(self._books, org_id), as_of=as_of, known_at=known_at)
        rows = [
            row
            for row in ledger_rows(replay([part.PROJECTION for part in LEDGERS], facts))
            if (row["ledger"], row["register"]) == (ledger, code)
            and (not form.yearly or year is None or row["year"] == str(year))
            and scope.person_id in (None, row["subject"])
        ]
        async with self._engine.connect() as connection:
            names = await self._names(connection, org_id, form, rows)
            current = await _as_of(connection)
        return self._page(scope, org_id, form, rows, names, current, None)

    def _page(
        self,
        scope: Scope,
        org_id: OrgId,
        form: Register,
        rows: Sequence[dict[str, Any]],
        names: dict[str, str],
        as_of: AsOf,
        following: str | None,
    ) -> LedgerPage:
        if not scope.names:
            names = dict.fromkeys(names, "***")
        shown = [
            LedgerRow(
                row_no=row["row_no"],
                year=row["year"],
                key=row["key"],
                subject=row["subject"],
                occurred_on=row["occurred_on"],
                recorded_at=row["recorded_at"],
                event_id=row["event_id"],
                struck_by=row["struck_by"],
                cells=self._cells(form, row["cells"], scope),
            )
            for row in rows
        ]
        return LedgerPage(
            org_id=org_id,
            ledger=form.ledger,
            register=form.code,
            zh=form.zh,
            en=form.en,
            rows=shown,
            names=names,
            as_of=as_of,
            next=following,
        )

    def _cells(self, form: Register, cells: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
        opened = {}
        for column in form.columns:
            value = cells.get(column.key)
            if column.kind is Kind.MASKED:
                value = self._shown(value, masked=not scope.sensitive)
            elif column.kind is Kind.SEALED or (isinstance(value, str) and is_sealed(value)):
                value = self._shown(value, masked=not scope.names)
            elif column.kind is Kind.LIST and value:
                value = [self._shown(v, masked=not scope.names) if isinstance(v, str) and is_sealed(v) else v for v in value]
            opened[column.key] = value
        return opened

    def _shown(self, value: str | None, *, masked: bool) -> str | None:
        """A sealed text in clear, masked, or what is left of an erased person."""
        if not value:
            return value
        if not is_sealed(value):
            return mask(value) if masked else value
        try:
            text = self._keys.open(value)
        except InvalidTag:
            return "〔无法开启〕"
        if text is None:
            return ERASED
        return mask(text) if masked else text

    async def _names(self, connection: AsyncConnection, org_id: OrgId, form: Register, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Names of the persons, groups and organisations that the cells of these rows point to."""
        wanted: dict[Kind, set[str]] = {Kind.PERSON: set(), Kind.GROUP: set(), Kind.ORG: set()}
        for column in form.columns:
            kind = Kind.PERSON if column.kind is Kind.PERSONS else column.kind
            if kind in wanted:
                for row in rows:
                    wanted[kind].update(_ids(row["cells"].get(column.key)))
        names: dict[str, str] = {}
        if wanted[Kind.PERSON]:
            query = sa.select(member.c.org_id, member.c.person_id, member.c.name).where(member.c.person_id.in_(wanted[Kind.PERSON]))
            for _home, person, name in sorted(await connection.execute(query), key=lambda row: row[0] == org_id):
                names[person] = self._shown(name, masked=False) or person
        if wanted[Kind.GROUP]:
            rows_of = await connection.execute(
                sa.select(party_group.c.group_id, party_group.c.name).where(
                    party_group.c.org_id == org_id, party_group.c.group_id.in_(wanted[Kind.GROUP])
                )
            )
            names |= {row.group_id: row.name for row in rows_of}
        if wanted[Kind.ORG]:
            query = sa.select(organisation.c.org_id, organisation.c.name).where(organisation.c.org_id.in_(wanted[Kind.ORG]))
            names |= {row.org_id: row.name for row in await connection.execute(query)}
        return names

    async def obligations(
        self,
        scope: Scope,
        *,
        org_id: OrgId | None = None,
        from_day: dt.date | None = None,
        to_day: dt.date | None = None,
        limit: int = 5_000,
    ) -> list[ObligationView]:
        """Rows due between two days (inclusive), of one organisation or of all in scope, soonest first."""
        if org_id is not None:
            _must_see(scope, org_id)
        query = sa.select(obligation).order_by(obligation.c.due_on, obligation.c.org_id, obligation.c.obligation_id).limit(limit)
        if org_id is not None:
            query = query.where(obligation.c.org_id == org_id)
        if from_day is not None:
            query = query.where(obligation.c.due_on >= from_day)
        if to_day is not None:
            query = query.where(obligation.c.due_on <= to_day)
        async with self._engine.connect() as connection:
            rows = await connection.execute(_within(query, obligation.c.org_id, scope))
            return [ObligationView(org_id=row.org_id, values=dict(row._mapping)) for row in rows]  # noqa: SLF001

    async def history(self, scope: Scope, org_id: OrgId, *, after: int = 0, limit: int = 50) -> tuple[list[Fact[Event]], int | None]:
        """The book's pages after page `after`, personal fields still sealed: (facts, next page cursor)."""
        _must_see(scope, org_id)
        size = min(limit, PAGE_MAX)
        facts = await self._books.read(org_id, after=after, limit=size + 1)
        return facts[:size], facts[size - 1].page if len(facts) > size else None

    async def sisters(self, org_id: OrgId) -> list[tuple[OrgId, str]]:
        """Code and name of the branches under the same superior: where a letter may go. Nothing else of them is told."""
        other = organisation.alias()
        query = (
            sa.select(other.c.org_id, other.c.name)
            .join(organisation, organisation.c.parent_id == other.c.parent_id)
            .where(organisation.c.org_id == org_id, other.c.org_id != org_id)
            .order_by(other.c.org_id)
            .limit(5_000)
        )
        async with self._engine.connect() as connection:
            return [(OrgId(code), name) for code, name in await connection.execute(query)]

    async def letters_to(self, org_id: OrgId, sender: OrgId) -> list[Fact[LetterIssued]]:
        """The letters of another branch that are addressed to this one; what else it recorded is not told."""
        facts = await self._books.read(sender, "transfers")
        letters = {fact.event.letter_id: fact for fact in facts if isinstance(fact.event, LetterIssued) and fact.event.to_org_id == org_id}
        return list(letters.values())  # type: ignore[arg-type]

    async def head(self, scope: Scope, org_id: OrgId) -> int:
        """The number of a book's last page; 0 while it is empty."""
        _must_see(scope, org_id)
        query = sa.select(sa.func.max(PAGE.c.page)).where(PAGE.c.book == org_id)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).scalar() or 0

    async def leaves(self, scope: Scope, org_id: OrgId, first: int, last: int) -> dict[int, str]:
        """Page -> leaf hash in hex, as receipts tell it."""
        _must_see(scope, org_id)
        query = sa.select(PAGE.c.page, PAGE.c.leaf).where(PAGE.c.book == org_id, PAGE.c.page.between(first, last)).limit(PAGE_MAX)
        async with self._engine.connect() as connection:
            return {row.page: row.leaf.hex() for row in await connection.execute(query)}

    async def page_of(self, scope: Scope, org_id: OrgId, event_id: UUID) -> int | None:
        """The page of a book that bears this event."""
        _must_see(scope, org_id)
        query = sa.select(PAGE.c.page).where(PAGE.c.event_id == event_id, PAGE.c.book == org_id)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).scalar()

    async def rows_of(self, scope: Scope, org_id: OrgId, event_ids: Sequence[str]) -> list[tuple[str, str, str, int]]:
        """Ledger, register, year and number of the rows that these events were the last to write."""
        _must_see(scope, org_id)
        table = ledger_row.c
        query = (
            sa.select(table.ledger, table.register, table.year, table.row_no)
            .where(table.org_id == org_id, table.event_id.in_(event_ids))
            .order_by(table.ledger, table.register, table.year, table.row_no)
            .limit(PAGE_MAX)
        )
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(query)]

    async def row_counts(self, scope: Scope, org_id: OrgId) -> dict[tuple[str, str], int]:
        """(ledger, register) -> how many rows a branch has there."""
        _must_see(scope, org_id)
        table = ledger_row.c
        query = (
            sa.select(table.ledger, table.register, sa.func.count()).where(table.org_id == org_id).group_by(table.ledger, table.register)
        )
        async with self._engine.connect() as connection:
            return {(ledger, code): count for ledger, code, count in await connection.execute(query)}

    async def stream(self, scope: Scope, org_id: OrgId, stream: str) -> list[Fact[Event]]:
        """All that was recorded of one thing, such as the dues of a branch; personal fields still sealed."""
        _must_see(scope, org_id)
        return await self._books.read(org_id, stream)

    def opened(self, scope: Scope, token: str) -> str:
        """A sealed text of an event, in clear or masked."""
        return self._shown(token, masked=not scope.sensitive) or ""


def _organisations() -> "sa.Select[Any]":
    count = sa.select(sa.func.count()).where(member.c.org_id == organisation.c.org_id, member.c.left_on.is_(None)).scalar_subquery()
    columns = [column for column in organisation.c if column.name != "position"]
    return sa.select(*columns, count.label("members"))


def _within(query: "sa.Select[Any]", column: "sa.Column[Any]", scope: Scope) -> "sa.Select[Any]":
    return query if scope.orgs is None else query.where(column == sa.any_(sa.literal(sorted(scope.orgs), sa.ARRAY(sa.Text))))


def _must_see(scope: Scope, org_id: OrgId) -> None:
    if not scope.sees(org_id):
        raise Absence(org_id)


def _register(ledger: str, code: str) -> Register:
    found = register(ledger, code)
    if found is None:
        raise Absence(f"{ledger}/{code}")
    return found


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else ()


async def _as_of(connection: AsyncConnection) -> AsOf:
    """Asked before the rows: they may then be newer than it says, never older."""
    found = (await connection.execute(sa.select(sa.func.coalesce(sa.func.min(checkpoint.c.position), -1), sa.func.now()))).one()
    return AsOf(position=found[0], at=found[1])
