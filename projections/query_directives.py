"""Reads of directives, part of the one door (`projections.query`): what a committee issued, how each branch stands, a branch's own."""

import datetime as dt
import enum
from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId, PersonId
from projections.cursors import from_cursor, to_cursor
from projections.directives_tables import directive, directive_address, directive_branch
from projections.engine.tables import ledger_row
from projections.ledgers.l04_fund import REDUCTIONS, SPAN
from projections.roster_tables import member, organisation
from projections.shapes import PAGE_MAX, Absence, Scope


class Standing(enum.StrEnum):
    """How far a branch is."""

    FAILED = "failed"
    """It cannot be reached."""
    SENT = "sent"
    """On its way."""
    DELIVERED = "delivered"
    SIGNED = "signed"
    TABLED = "tabled"
    ANSWERED = "answered"
    """The answer waits for the committee."""
    RETURNED = "returned"
    ACCEPTED = "accepted"
    RECALLED = "recalled"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many branches got so far; each counts once for every step that it took."""

    addressed: int
    delivered: int
    failed: int
    signed: int
    tabled: int
    answered: int
    accepted: int
    returned: int
    overdue: int
    recalled: int


class IssuedView(msgspec.Struct, frozen=True, kw_only=True):
    """A directive of a committee."""

    org_id: OrgId
    directive_id: str
    kind: str
    number: str
    title: str
    text: str
    issuer: str
    issued_on: dt.date
    answer_by: dt.date | None
    table_by: dt.date | None
    enclosures: list[str]
    documents: list[str]
    to_all: bool
    withdrawn_on: dt.date | None
    reason: str
    dispatched_on: dt.date | None
    recalled_on: dt.date | None
    counts: Counts


class ReceivedView(msgspec.Struct, frozen=True, kw_only=True):
    """A directive in the book of a branch, as it stands."""

    org_id: OrgId
    name: str
    """Of the branch."""
    directive_id: str
    from_org_id: OrgId
    kind: str
    number: str
    title: str
    text: str
    issuer: str
    issued_on: dt.date
    delivered_on: dt.date
    table_by: dt.date | None
    answer_by: dt.date | None
    enclosures: list[str]
    documents: list[str]
    obligations: list[str]
    signed_on: dt.date | None
    responsible: str | None
    tabled_on: dt.date | None
    meeting_id: str | None
    arrangement: str
    answer_id: str | None
    answered_on: dt.date | None
    answer: str
    answer_documents: list[str]
    accepted_on: dt.date | None
    returned_on: dt.date | None
    decision: str
    recalled_on: dt.date | None
    standing: Standing
    overdue: bool


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    """One addressee of a directive: what it stands at, and its entries once it has them."""

    org_id: OrgId
    name: str
    failed: str
    standing: Standing
    overdue: bool
    received: ReceivedView | None


class AskedView(msgspec.Struct, frozen=True, kw_only=True):
    """A member's request to pay less dues that waits for the superior."""

    org_id: OrgId
    person_id: PersonId
    from_month: str
    to_month: str
    requested_on: dt.date


class DirectiveViews:
    """What is told of directives; every question brings its scope."""

    def __init__(self, engine: AsyncEngine, shown: Callable[[str], str | None]) -> None:
        self._engine = engine
        self._shown = shown

    async def issued(
        self, scope: Scope, org_id: OrgId, today: dt.date, *, after: str | None = None, limit: int = 20
    ) -> tuple[list[IssuedView], str | None]:
        """Those of a committee, the newest first: (directives, cursor of the next page)."""
        _must_see(scope, org_id)
        size = min(limit, PAGE_MAX)
        table = directive.c
        query = sa.select(directive).where(table.org_id == org_id).order_by(table.issued_on.desc(), table.directive_id.desc())
        if after is not None:
            day, name = from_cursor(after, tuple[dt.date, str])
            query = query.where(sa.tuple_(table.issued_on, table.directive_id) < sa.tuple_(sa.literal(day), sa.literal(name)))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query.limit(size + 1))).mappings().all()
            names = [row["directive_id"] for row in rows[:size]]
            counted = {row.directive_id: row for row in await connection.execute(_counts(scope, org_id, names, today))} if names else {}
        shown = [_issued(row, counted.get(row["directive_id"])) for row in rows[:size]]
        last = shown[-1] if len(rows) > size else None
        return shown, None if last is None else to_cursor([last.issued_on, last.directive_id])

    async def one(self, scope: Scope, org_id: OrgId, directive_id: str, today: dt.date) -> IssuedView:
        """One that a committee issued; raises `Absence`."""
        _must_see(scope, org_id)
        query = sa.select(directive).where(directive.c.org_id == org_id, directive.c.directive_id == directive_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
            if row is None:
                raise Absence(directive_id)
            counted = (await connection.execute(_counts(scope, org_id, [directive_id], today))).first()
        return _issued(row, counted)

    async def addressees(
        self,
        scope: Scope,
        org_id: OrgId,
        directive_id: str,
        today: dt.date,
        *,
        only: str = "",
        after: str | None = None,
        limit: int = 50,
    ) -> tuple[list[AddressView], str | None]:
        """The branches in the order of their codes, with the code after which the next page begins. `only`: a standing, or `overdue`."""
        _must_see(scope, org_id)
        size = min(limit, PAGE_MAX)
        asked = directive_address.c
        late, standing = _overdue(today), _standing()
        query = (
            sa.select(
                asked.branch_id,
                asked.failed,
                organisation.c.name.label("branch_name"),
                directive_branch,
                standing.label("standing"),
                sa.func.coalesce(late, False).label("overdue"),
            )
            .select_from(_addressed().outerjoin(organisation, organisation.c.org_id == asked.branch_id))
            .where(asked.org_id == org_id, asked.directive_id == directive_id, asked.branch_id > (after or ""))
            .order_by(asked.branch_id)
            .limit(size + 1)
        )
        if only:
            query = query.where(late if only == "overdue" else standing == only)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_within(query, asked.branch_id, scope))).mappings().all()
        shown = [_address(row) for row in rows[:size]]
        return shown, shown[-1].org_id if len(rows) > size else None

    async def received(
        self, scope: Scope, org_id: OrgId, today: dt.date, *, after: str | None = None, limit: int = 20
    ) -> tuple[list[ReceivedView], str | None]:
        """Those that a branch has, the newest first: (directives, cursor of the next page)."""
        _must_see(scope, org_id)
        size = min(limit, PAGE_MAX)
        table = directive_branch.c
        query = _received(today).where(table.org_id == org_id).order_by(table.delivered_on.desc(), table.directive_id.desc())
        if after is not None:
            day, name = from_cursor(after, tuple[dt.date, str])
            query = query.where(sa.tuple_(table.delivered_on, table.directive_id) < sa.tuple_(sa.literal(day), sa.literal(name)))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query.limit(size + 1))).mappings().all()
        shown = [_received_view(row) for row in rows[:size]]
        last = shown[-1] if len(rows) > size else None
        return shown, None if last is None else to_cursor([last.delivered_on, last.directive_id])

    async def here(self, scope: Scope, org_id: OrgId, directive_id: str, today: dt.date) -> ReceivedView:
        """One that a branch has; raises `Absence`."""
        _must_see(scope, org_id)
        query = _received(today).where(directive_branch.c.org_id == org_id, directive_branch.c.directive_id == directive_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Absence(directive_id)
        return _received_view(row)

    async def waiting(self, scope: Scope, today: dt.date) -> list[ReceivedView]:
        """Answers that wait for the committee, of all branches in scope, the oldest first."""
        table = directive_branch.c
        query = _received(today).where(_standing() == Standing.ANSWERED.value, table.answered_on.is_not(None))
        query = _within(query, table.org_id, scope).order_by(table.answered_on, table.org_id, table.directive_id)
        async with self._engine.connect() as connection:
            return [_received_view(row) for row in (await connection.execute(query)).mappings()]

    async def reductions(self, orgs: Collection[OrgId]) -> list[AskedView]:
        """Of each member of these branches the newest request to pay less dues, where it is not answered, the oldest first."""
        table = ledger_row.c
        asked = (
            sa.select(table.org_id, table.subject, table.cells)
            .ext(distinct_on(table.org_id, table.subject))
            .where(table.org_id == sa.any_(sa.literal(sorted(orgs), sa.ARRAY(sa.Text))))
            .where(table.ledger == REDUCTIONS.ledger, table.register == REDUCTIONS.code, table.cells["requested_on"].astext.is_not(None))
            .order_by(table.org_id, table.subject, table.year.desc(), table.row_no.desc())
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(asked)).all() if orgs else []
        open_ones = [row for row in rows if row.cells.get("approved_on") is None and row.cells.get("refused_on") is None]
        return sorted((_asked(row) for row in open_ones), key=lambda one: (one.requested_on, one.org_id, one.person_id))

    async def titles(self, orgs: Collection[OrgId]) -> dict[str, tuple[str, str]]:
        """Directive or answer of these branches -> the directive, and how a duty about it is called: by number and title."""
        table = directive_branch.c
        query = sa.select(table.directive_id, table.answer_id, table.number, table.title).where(table.org_id.in_(orgs))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all() if orgs else []
        return {name: (row.directive_id, f"{row.number} {row.title}") for row in rows for name in (row.directive_id, row.answer_id) if name}

    async def tree(self, scope: Scope) -> dict[OrgId, tuple[OrgId | None, str]]:
        """The organisations in scope, each with its superior and its name."""
        query = sa.select(organisation.c.org_id, organisation.c.parent_id, organisation.c.name)
        async with self._engine.connect() as connection:
            rows = await connection.execute(_within(query, organisation.c.org_id, scope))
            return {OrgId(row.org_id): (row.parent_id, row.name) for row in rows}

    async def people(self, scope: Scope, wanted: Collection[tuple[OrgId, str]]) -> dict[str, str]:
        """The names of members of organisations in scope; nobody's where the reader may not know them."""
        if not scope.names or not wanted:
            return {}
        seen = [(org_id, person) for org_id, person in wanted if scope.sees(org_id)]
        query = sa.select(member.c.person_id, member.c.name).where(sa.tuple_(member.c.org_id, member.c.person_id).in_(seen))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all() if seen else []
        return {row.person_id: name for row in rows if (name := self._shown(row.name))}


def _asked(row: Any) -> AskedView:
    first, _, last = row.cells["span"].partition(SPAN)
    on = dt.date.fromisoformat(row.cells["requested_on"])
    return AskedView(org_id=row.org_id, person_id=row.subject, from_month=first, to_month=last, requested_on=on)


def _must_see(scope: Scope, org_id: OrgId) -> None:
    if not scope.sees(org_id):
        raise Absence(org_id)


def _within(query: "sa.Select[Any]", column: "sa.ColumnElement[str]", scope: Scope) -> "sa.Select[Any]":
    return query if scope.orgs is None else query.where(column == sa.any_(sa.literal(list(scope.orgs), sa.ARRAY(sa.Text))))


def _addressed() -> "sa.Join":
    asked, mine = directive_address.c, directive_branch.c
    return directive_address.outerjoin(directive_branch, sa.and_(mine.org_id == asked.branch_id, mine.directive_id == asked.directive_id))


def _standing() -> "sa.ColumnElement[str]":
    """The last step of a branch."""
    mine = directive_branch.c
    steps = (
        (mine.recalled_on, Standing.RECALLED),
        (mine.accepted_on, Standing.ACCEPTED),
        (mine.returned_on, Standing.RETURNED),
        (mine.answered_on, Standing.ANSWERED),
        (mine.tabled_on, Standing.TABLED),
        (mine.signed_on, Standing.SIGNED),
        (mine.delivered_on, Standing.DELIVERED),
    )
    return sa.case(*((day.is_not(None), word.value) for day, word in steps), else_=Standing.SENT.value)


def _overdue(today: dt.date) -> "sa.ColumnElement[bool]":
    """A meeting or an answer is wanting past its day."""
    mine = directive_branch.c
    untold = sa.and_(sa.or_(mine.answered_on.is_(None), mine.returned_on.is_not(None)), mine.answer_by < today)
    untabled = sa.and_(mine.tabled_on.is_(None), mine.table_by < today)
    return sa.and_(mine.recalled_on.is_(None), mine.accepted_on.is_(None), sa.or_(untold, untabled))


def _counts(scope: Scope, org_id: OrgId, names: Collection[str], today: dt.date) -> "sa.Select[Any]":
    asked, mine, count = directive_address.c, directive_branch.c, sa.func.count()
    query = (
        sa.select(
            asked.directive_id,
            count.label("addressed"),
            count.filter(asked.failed != "").label("failed"),
            count.filter(_overdue(today)).label("overdue"),
            *(sa.func.count(mine[f"{step}_on"]).label(step) for step in STEPS),
        )
        .select_from(_addressed())
        .where(asked.org_id == org_id, asked.directive_id.in_(names))
        .group_by(asked.directive_id)
    )
    return _within(query, asked.branch_id, scope)


STEPS = ("delivered", "signed", "tabled", "answered", "accepted", "returned", "recalled")
NOBODY = dict.fromkeys(Counts.__struct_fields__, 0)


def _issued(row: Any, counted: Any) -> IssuedView:
    counts = Counts(**NOBODY) if counted is None else Counts(**{name: getattr(counted, name) for name in Counts.__struct_fields__})
    values = {name: row[name] for name in IssuedView.__struct_fields__ if name != "counts"}
    return msgspec.convert({**values, "counts": counts}, IssuedView)


def _received(today: dt.date) -> "sa.Select[Any]":
    home = directive_branch.outerjoin(organisation, organisation.c.org_id == directive_branch.c.org_id)
    late = sa.func.coalesce(_overdue(today), False).label("overdue")
    columns = (directive_branch, sa.func.coalesce(organisation.c.name, "").label("name"), _standing().label("standing"), late)
    return sa.select(*columns).select_from(home)


def _received_view(row: Mapping[str, Any]) -> ReceivedView:
    return msgspec.convert({name: row[name] for name in ReceivedView.__struct_fields__}, ReceivedView)


def _address(row: Mapping[str, Any]) -> AddressView:
    name = row["branch_name"] or row["branch_id"]
    received = None if row["delivered_on"] is None else _received_view({**row, "name": name})
    return AddressView(
        org_id=OrgId(row["branch_id"]),
        name=name,
        failed=row["failed"],
        standing=Standing.FAILED if row["failed"] else Standing(row["standing"]),
        overdue=row["overdue"],
        received=received,
    )
