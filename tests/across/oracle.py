"""The slow way to what the counts by month tell: each figure straight from the rows of the obligations, with what the pack says of deadlines."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from projections.standard.pack import Pack

ROWS = """
    with deadline (id, norm) as (select * from unnest($1::text[], $2::text[])),
    owed as (
        select o.*, waived_on is not null as let_off, fulfilled_on is not null and waived_on is null as settled,
            fulfilled_on is null and waived_on is null as pending
        from views.obligation o where due_on is not null and lapsed_on is null
    )
"""
GRID = f"""{ROWS}
    select org_id, norm,
        count(*) filter (where settled and not late), count(*) filter (where settled and late),
        count(*) filter (where pending and due_on < $5), count(*) filter (where pending and due_on >= $5), count(*) filter (where let_off)
    from owed join deadline on deadline.id = owed.deadline
    where due_on between $3 and $4 group by org_id, norm order by org_id, norm
"""
LATE = """
    select org_id, count(*) from views.obligation
    where due_on between $1 and $2 and due_on < $3 and fulfilled_on is null and waived_on is null and lapsed_on is null group by org_id
"""
TRENDS = f"""{ROWS}
    select norm, to_char(due_on, 'YYYY-MM'), count(*), count(*) filter (where settled and not late)
    from owed join deadline on deadline.id = owed.deadline
    where due_on >= $3 and due_on < $4 and not let_off and ($5::text is null or org_id = $5) group by 1, 2
"""
NORM_MONTH = f"""{ROWS}
    insert into views.norm_month (org_id, month, norm, on_time, late, pending, waived)
    select org_id, to_char(due_on, 'YYYY-MM'), norm,
        coalesce(array_agg(extract(day from due_on)::smallint order by due_on) filter (where settled and not late), '{{}}'),
        coalesce(array_agg(extract(day from due_on)::smallint order by due_on) filter (where settled and late), '{{}}'),
        coalesce(array_agg(extract(day from due_on)::smallint order by due_on) filter (where pending), '{{}}'),
        coalesce(array_agg(extract(day from due_on)::smallint order by due_on) filter (where let_off), '{{}}')
    from owed join deadline on deadline.id = owed.deadline group by 1, 2, 3
"""
BRANCH_MONTH = """
    insert into views.branch_month (org_id, month, pending)
    select org_id, to_char(due_on, 'YYYY-MM'), array_agg(extract(day from due_on)::smallint order by due_on) from views.obligation
    where due_on is not null and fulfilled_on is null and waived_on is null and lapsed_on is null group by 1, 2
"""


class Oracle:
    """Asks the rows themselves."""

    def __init__(self, connection: Any, pack: Pack) -> None:
        self._connection = connection
        pairs = {(one.id, task.partition(".")[0]) for one in pack.deadlines for task in one.tasks}
        self._norms = list(map(list, zip(*sorted(pairs), strict=True)))

    async def grid(self, first: dt.date, last: dt.date, today: dt.date) -> dict[str, list[tuple[Any, ...]]]:
        """Branch -> norm, fulfilled, late, overdue, open, waived."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for org_id, *cell in await self._connection.fetch(GRID, *self._norms, first, last, today):
            found.setdefault(org_id, []).append(tuple(cell))
        return found

    async def late(self, first: dt.date, last: dt.date, today: dt.date) -> dict[str, int]:
        """Branch -> how much is overdue, each obligation once."""
        return dict([tuple(row) for row in await self._connection.fetch(LATE, first, last, today)])

    async def trends(self, begin: dt.date, until: dt.date, org_id: str | None) -> Collection[tuple[Any, ...]]:
        """Norm, month, due, in time."""
        return {tuple(row) for row in await self._connection.fetch(TRENDS, *self._norms, begin, until, org_id)}

    async def count(self) -> None:
        """Fills the tables of counts from rows that a test put there by hand."""
        await self._connection.execute("truncate views.norm_month, views.branch_month")
        await self._connection.execute(NORM_MONTH, *self._norms)
        await self._connection.execute(BRANCH_MONTH)
