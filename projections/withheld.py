"""What of the statistics is not told to whoever may not see the roll, so that nothing about fewer than five people can be worked out.

Three ways lead to a small figure, and all are closed. Within a table: the total less the others (`hidden`). Between two days: what
changed when one person came (`told_day`: new figures are told once five people have come, left or changed). Between a branch and
all branches: all less the other branches (`of_all`). Pure.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from projections.statistics import Line, Statistics, Table

SMALL = 5
"""Fewer could be named by anybody who knows the branch."""
WHY_ZH = (
    f"少于{SMALL}人的数字，以及能推算出它的数字，不向无权查看花名册的人显示；"
    f"一个支部累计有{SMALL}人以上转入、转出或信息变动后，才显示该支部新的数字。"
)
WHY_EN = (
    f"Figures of fewer than {SMALL} people, and those from which they could be worked out, are not shown to readers who may not see the "
    f"roll. Of a branch, new figures are shown once at least {SMALL} people have come, left or changed."
)
ALL = "all"
"""The row of all branches among the rows of the branches."""
Cell = tuple[str, str]
"""Row (a branch, or all) and line of a table."""


def told_day(moves: Iterable[tuple[dt.date, str]], on: dt.date) -> dt.date | None:
    """The last day by which, since figures were told last, enough people had moved; a move is a day and a person."""
    by_day: defaultdict[dt.date, set[str]] = defaultdict(set)
    for day, person in moves:
        by_day[day].add(person)
    told, moved = None, set[str]()
    for day in sorted(day for day in by_day if day <= on):
        moved |= by_day[day]
        if len(moved) >= SMALL:
            told, moved = day, set()
    return told


def masked(told: Statistics, organisations: Table | None = None) -> Statistics:
    """Of one branch. Organisations are no people: they stay."""
    few = told.members is not None and 0 < told.members < SMALL
    tables = tuple(_without(table, {line.id for line in table.lines} if few else hidden(table.lines)) for table in told.tables)
    admitted = None if few or _small(told.admitted) else told.admitted
    return _withheld(told, None if few else told.members, admitted, tables, organisations or told.organisations)


def of_all(whole: Statistics, branches: Mapping[str, Statistics]) -> Statistics:
    """Of all branches together, whose figures `whole` sums up, told to somebody who is also told of each of them (`masked`)."""
    seen = {code: masked(one) for code, one in branches.items()}
    tables = []
    for number, table in enumerate(whole.tables):
        cells = {(code, line.id) for code, one in seen.items() for line in one.tables[number].lines if line.count is None}
        values = {(code, line.id): line.count or 0 for code, one in branches.items() for line in one.tables[number].lines}
        tables.append(_without(table, _hidden_of_all(table, cells, values)))
    own = [branches[code].admitted or 0 for code, one in seen.items() if one.admitted is None]
    safe = not own or (len(own) > 1 and sum(own) >= SMALL)
    admitted = whole.admitted if safe and not _small(whole.admitted) else None
    return _withheld(whole, whole.members, admitted, tuple(tables), whole.organisations)


def hidden(lines: Sequence[Line]) -> set[str]:
    """The total is known: where the hidden figures sum to so little that they say it themselves, the next larger one goes as well."""
    small = {line.id for line in lines if _small(line.count)}
    rest = sorted((line for line in lines if line.id not in small and line.count), key=lambda line: (line.count or 0, line.id))
    if small and rest and (len(small) == 1 or sum(line.count or 0 for line in lines if line.id in small) < SMALL):
        small.add(rest[0].id)
    return small


def _hidden_of_all(table: Table, cells: set[Cell], values: Mapping[Cell, int]) -> set[str]:
    """Lines are added until no hidden figure follows from the rows and columns that are told."""
    gone = hidden(table.lines)
    while True:
        given_away = _given_away(gone, cells, values)
        rows = {row for row, _ in given_away}
        more = {line for row, line in cells if row in rows} - gone
        if not more and rows:
            more = _next(table, gone, {line for _, line in cells})
        if not more:
            return gone
        gone |= more


def _given_away(gone: set[str], cells: set[Cell], values: Mapping[Cell, int]) -> list[Cell]:
    """Hidden figures that follow exactly, and those of a line whose hidden figures sum to so little that the sum says it."""
    sums: Counter[str] = Counter()
    for cell in cells:
        sums[cell[1]] += values.get(cell, 0)
    little = [cell for cell in cells if cell[1] not in gone and sums[cell[1]] < SMALL]
    return [*bridges([*cells, *((ALL, line) for line in gone)]), *little]


def _next(table: Table, gone: set[str], elsewhere: set[str]) -> set[str]:
    """The smallest line that is still told, of those first that are hidden in some branch: others could be summed up."""
    left = [line for line in table.lines if line.id not in gone]
    ordered = sorted(left, key=lambda line: (line.id not in elsewhere, line.count or 0, line.id))
    return {line.id for line in ordered[:1]}


def bridges(cells: Iterable[Cell]) -> list[Cell]:
    """The hidden cells of a table with known margins that can be worked out: those that lie on no cycle of rows and columns."""
    near: defaultdict[tuple[bool, str], list[tuple[bool, str]]] = defaultdict(list)
    for row, line in cells:
        near[True, row].append((False, line))
        near[False, line].append((True, row))
    found: list[Cell] = []
    order: dict[tuple[bool, str], int] = {}
    low: dict[tuple[bool, str], int] = {}
    for start in near:
        if start not in order:
            found += _bridges_from(start, near, order, low)
    return found


Node = tuple[bool, str]
"""A row (true) or a line."""


def _bridges_from(start: Node, near: Mapping[Node, list[Node]], order: dict[Node, int], low: dict[Node, int]) -> Iterator[Cell]:
    """Depth first (Tarjan): an edge below which nothing leads back above it."""
    order[start] = low[start] = len(order)
    path: list[tuple[Node, Node | None, Iterator[Node]]] = [(start, None, iter(near[start]))]
    while path:
        node, above, others = path[-1]
        for other in others:
            if other == above:
                continue
            if other in order:
                low[node] = min(low[node], order[other])
                continue
            order[other] = low[other] = len(order)
            path.append((other, node, iter(near[other])))
            break
        else:
            path.pop()
            if above is not None:
                low[above] = min(low[above], low[node])
                if low[node] > order[above]:
                    yield (node[1], above[1]) if node[0] else (above[1], node[1])


def _small(count: int | None) -> bool:
    return count is not None and 0 < count < SMALL


def _without(table: Table, gone: set[str]) -> Table:
    lines = (msgspec.structs.replace(line, count=None) if line.id in gone else line for line in table.lines)
    return msgspec.structs.replace(table, lines=tuple(lines))


def _withheld(told: Statistics, members: int | None, admitted: int | None, tables: tuple[Table, ...], orgs: Table) -> Statistics:
    return Statistics(
        as_of=told.as_of,
        members=members,
        admitted=admitted,
        organisations=orgs,
        tables=tables,
        masked=True,
        why_zh=WHY_ZH,
        why_en=WHY_EN,
    )
