"""What `projections.query_across` asks of the counts by month (`projections.tally`, `projections.change_tally`), as SQL.

Months that lie in a window whole are counted by the length of their lists; of the others the days are looked at.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from events.base import OrgId
from events.organisations import OrgKind
from projections.cursors import from_cursor
from projections.obligations_tables import obligation, obligation_subject
from projections.roster_tables import organisation
from projections.shapes import Scope
from projections.standard.changes import Done
from projections.standard.deadlines import Of
from projections.tally_tables import branch_month, change_month, norm_month

DAY = dt.timedelta(days=1)
MONTH_DAYS = 31
BEGIN = dt.date(1900, 1, 1)
"""Before anything fell due."""
DUES = "dues.received"
"""The sentence that counts what was paid."""
Number = sa.ColumnElement[int]


def month_of(day: dt.date) -> str:
    return f"{day:%Y-%m}"


def _edges(first: dt.date, last: dt.date) -> list[str]:
    """The months of which only a part lies in the window."""
    starts_inside, ends_inside = first.day != 1, (last + DAY).day != 1
    return sorted({month_of(day) for day, inside in ((first, starts_inside), (last, ends_inside)) if inside})


def _bounds(month: Any, first: dt.date, last: dt.date) -> tuple[Any, Any]:
    """First and last day of a month that lie in the window."""
    low = sa.case((month == month_of(first), first.day), else_=1)
    return low, sa.case((month == month_of(last), last.day), else_=MONTH_DAYS)


def between(days: Any, month: Any, first: dt.date, last: dt.date) -> Number:
    """How many of the days of a month lie between two days, both included."""
    if first > last:
        return sa.literal(0)
    own = sa.func.unnest(days).table_valued("day").render_derived("own")
    part = sa.select(sa.func.count()).select_from(own).where(own.c.day.between(*_bounds(month, first, last))).scalar_subquery()
    whole = (month.between(month_of(first), month_of(last)), sa.func.cardinality(days))
    edges = _edges(first, last)
    return sa.case((month.in_(edges), part), whole, else_=0) if edges else sa.case(whole, else_=0)


def _fen_between(first: dt.date, last: dt.date) -> Number:
    """The amounts of the days of a month that lie in the window."""
    table = change_month.c
    pair = sa.func.unnest(table.days, table.fens).table_valued("day", "fen").render_derived("pair")
    part = sa.select(sa.func.coalesce(sa.func.sum(pair.c.fen), 0)).where(pair.c.day.between(*_bounds(table.month, first, last)))
    edges = _edges(first, last)
    return sa.case((table.month.in_(edges), part.scalar_subquery()), else_=table.fen) if edges else table.fen


def _total(counts: Any) -> "sa.ColumnElement[int]":
    """The sum of counts is a count."""
    return sa.cast(sa.func.sum(counts), sa.BigInteger)


def overdue_of_branches(first: dt.date, last: dt.date, today: dt.date) -> "sa.Select[Any]":
    """Branch and how much of what fell due in the window is overdue; those with nothing are left out."""
    table, until = branch_month.c, min(last, today - DAY)
    late = _total(between(table.pending, table.month, first, until))
    inside = table.month.between(month_of(first), month_of(until))
    return sa.select(table.org_id, late.label("late")).where(inside).group_by(table.org_id).having(late > 0)


def pending_of_branches(today: dt.date) -> "sa.Select[Any]":
    """Branch, what of its obligations is overdue, and what is open at all."""
    table = branch_month.c
    late = _total(between(table.pending, table.month, BEGIN, today - DAY))
    every = _total(sa.func.cardinality(table.pending))
    return sa.select(table.org_id, late, every).group_by(table.org_id).having(every > 0)


def branches(
    scope: Scope, period: tuple[dt.date, dt.date], today: dt.date, after: str | None, size: int, *, overdue_only: bool, ranked: bool
) -> "sa.Select[Any]":
    """The branches of one page, one more than are shown; `rank` is how many obligations are overdue where it matters."""
    branch, late = organisation.c, overdue_of_branches(*period, today).subquery("late")
    rank = sa.func.coalesce(late.c.late, 0) if ranked else sa.literal(0)
    query = sa.select(branch.org_id, branch.name, rank.label("rank")).where(branch.kind == OrgKind.BRANCH.value, exists_on(period[0]))
    if ranked or overdue_only:
        query = query.join_from(organisation, late, late.c.org_id == branch.org_id, isouter=not overdue_only)
    if after is not None:
        last_rank, last_code = from_cursor(after, tuple[int, str])
        query = query.where(sa.or_(rank < last_rank, sa.and_(rank == last_rank, branch.org_id > last_code)))
    return within(query, branch.org_id, scope).order_by(rank.desc(), branch.org_id).limit(size + 1)


def cells(page: "sa.CTE", first: dt.date, last: dt.date, today: dt.date) -> "sa.Select[Any]":
    """The norms of the branches of a page."""
    table = norm_month.c
    here = sa.and_(table.org_id == page.c.org_id, table.month.between(month_of(first), month_of(last)))
    counts = {
        "fulfilled": between(table.on_time, table.month, first, last),
        "late": between(table.late, table.month, first, last),
        "overdue": between(table.pending, table.month, first, min(last, today - DAY)),
        "open": between(table.pending, table.month, max(first, today), last),
        "waived": between(table.waived, table.month, first, last),
    }
    return (
        sa.select(page.c.org_id, page.c.name, page.c.rank, table.norm, *(_total(one).label(name) for name, one in counts.items()))
        .select_from(page.outerjoin(norm_month, here))
        .group_by(page.c.org_id, page.c.name, page.c.rank, table.norm)
        .order_by(page.c.rank.desc(), page.c.org_id, table.norm)
    )


def due_by_month(begin: dt.date, until: dt.date, org_id: OrgId | None) -> "sa.Select[Any]":
    """Norm, month, what fell due before a day, and how much of it was done in time."""
    table, last = norm_month.c, until - DAY
    counted = {column: between(table[column], table.month, begin, last) for column in ("on_time", "late", "pending")}
    query = (
        sa.select(
            table.norm,
            table.month,
            _total(sum(counted.values(), sa.literal(0))).label("due"),
            _total(counted["on_time"]).label("on_time"),
        )
        .where(table.month.between(month_of(begin), month_of(last)))
        .group_by(table.norm, table.month)
    )
    return query if org_id is None else query.where(table.org_id == org_id)


def changed(first: dt.date, last: dt.date) -> "sa.Select[Any]":
    """Sentence, how often it happened after the first day and by the last, and for how much."""
    table, begin = change_month.c, first + DAY
    count, fen = between(table.days, table.month, begin, last), _fen_between(begin, last)
    stands = sa.or_(table.undone_on == "", table.undone_on > f"{last}")
    return (
        sa.select(table.line, _total(count).label("count"), _total(fen).label("fen"))
        .where(table.month.between(month_of(begin), month_of(last)), stands)
        .group_by(table.line)
    )


def dues_by_month(begin: dt.date, today: dt.date, org_id: OrgId | None) -> "sa.Select[Any]":
    """Month and the dues received in it that were not given back."""
    table = change_month.c
    inside = sa.and_(table.line == DUES, table.undone_on == "", table.month.between(month_of(begin), month_of(today)))
    query = sa.select(table.month, _total(_fen_between(begin, today)).label("fen")).where(inside).group_by(table.month)
    return query if org_id is None else query.where(table.org_id == org_id)


def ended(first: dt.date, last: dt.date) -> "sa.Select[Any]":
    """How many obligations ended in each way in the window (`projections.changes.how_ended`)."""
    table, count = obligation.c, sa.func.count()
    done = sa.and_(table.fulfilled_on > first, table.fulfilled_on <= last)
    undone = sa.and_(
        sa.or_(table.fulfilled_on.is_(None), table.fulfilled_on > last),
        sa.or_(table.lapsed_on.is_(None), table.lapsed_on > last),
        table.due_on >= first,
        table.due_on < last,
    )
    ways = {
        Done.FULFILLED: sa.and_(done, table.fulfilled_on <= table.due_on),
        Done.LATE: sa.and_(done, table.fulfilled_on > table.due_on),
        Done.OVERDUE: undone,
    }
    columns: list[Any] = [count.filter(way).label(name.value) for name, way in ways.items()]
    inside = sa.or_(table.due_on.between(first, last), done)
    return sa.select(*columns).where(table.waived_on.is_(None), table.due_on.is_not(None), inside)


def exists_on(day: dt.date) -> "sa.ColumnElement[bool]":
    """A branch that was dissolved by then is left out."""
    gone = obligation_subject.c
    rows = sa.select(sa.literal(1)).where(gone.org_id == organisation.c.org_id, gone.kind == Of.BRANCH.value, gone.until <= day)
    return sa.not_(rows.exists())


def within(query: "sa.Select[Any]", column: "sa.Column[Any]", scope: Scope) -> "sa.Select[Any]":
    return query if scope.orgs is None else query.where(column == sa.any_(sa.literal(sorted(scope.orgs), sa.ARRAY(sa.Text))))
