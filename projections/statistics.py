"""Statistics in the shape of the public bulletin: a pure function of the roll, the organisations, a day and the bands.

What is told of them to whoever may not see the roll is said in `projections.withheld`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from projections.standard.bands import Bands
from projections.standard.norms import Entry

T = TypeVar("T")
UNKNOWN = Entry(id="unknown", zh="未填", en="not given")


class OnRoll(msgspec.Struct, frozen=True, kw_only=True):
    """What the statistics ask of one row of the roll."""

    sex: str | None
    nationality: str | None
    born_month: str | None
    education: str | None
    admitted_on: dt.date | None
    joined_on: dt.date | None
    left_on: dt.date | None
    suspended: bool

    def counts(self, on: dt.date) -> bool:
        """Belongs here on a day. Whoever's membership is suspended counts nowhere (R-E11)."""
        here = self.joined_on is not None and self.joined_on <= on and (self.left_on is None or self.left_on > on)
        return here and not self.suspended


class Line(Entry, frozen=True, kw_only=True):
    """One figure; None: too small to be told here."""

    count: int | None


class Table(Entry, frozen=True, kw_only=True):
    """Figures that sum to the number of members, or of organisations."""

    lines: tuple[Line, ...]


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """As of a day. `masked`: small figures are left out, and the day may be an earlier one than was asked for, for the reason beside it."""

    as_of: dt.date
    members: int | None
    admitted: int | None
    """Admitted in the year of the day, up to the day."""
    organisations: Table
    tables: tuple[Table, ...]
    masked: bool
    why_zh: str
    why_en: str


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many of those who belong on a day have each value; None: it is not known of them."""

    members: int
    sex: Mapping[str | None, int]
    nationality: Mapping[str | None, int]
    born_month: Mapping[str | None, int]
    education: Mapping[str | None, int]
    admitted_on: Mapping[dt.date | None, int]


VALUES = Counts.__struct_fields__[1:]


def counted(people: Iterable[OnRoll], on: dt.date) -> Counts:
    """Of those who belong on a day."""
    here = [person for person in people if person.counts(on)]
    return Counts(members=len(here), **{name: Counter(getattr(person, name) for person in here) for name in VALUES})


def together(parts: Iterable[Counts]) -> Counts:
    """Of several branches as of one."""
    every = list(parts)
    return Counts(
        members=sum(part.members for part in every),
        **{name: sum((Counter(getattr(part, name)) for part in every), Counter()) for name in VALUES},
    )


def statistics(people: Iterable[OnRoll], types: Iterable[str | None], on: dt.date, bands: Bands, names: "TypeNames") -> Statistics:
    """Of those who belong on a day; `types` are the kinds of the organisations that exist then."""
    return figures(counted(people, on), types, on, bands, names)


def figures(counts: Counts, types: Iterable[str | None], on: dt.date, bands: Bands, names: "TypeNames") -> Statistics:
    """From how many have each value."""
    return Statistics(
        as_of=on,
        members=counts.members,
        admitted=admitted(counts, on),
        organisations=_table("organisations", "组织类型", "Organisations by type", names, Counter(types)),
        tables=tuple(_tables(counts, on, bands)),
        masked=False,
        why_zh="",
        why_en="",
    )


def admitted(counts: Counts, on: dt.date) -> int:
    """In the year of a day, up to the day."""
    return sum(n for day, n in counts.admitted_on.items() if day is not None and dt.date(on.year, 1, 1) <= day <= on)


TypeNames = Sequence[Entry]
"""Kinds of organisations with their titles, in the order in which they are told."""

SEXES = (Entry(id="male", zh="男", en="Men"), Entry(id="female", zh="女", en="Women"))
NATIONALITIES = (Entry(id="majority", zh="汉族", en="Han"), Entry(id="minority", zh="少数民族", en="Minority"))


def _tables(counts: Counts, on: dt.date, bands: Bands) -> Iterable[Table]:
    groups = {code: group.id for group in bands.education for code in group.codes}
    yield _table("age", "年龄", "Age", bands.age, _grouped(counts.born_month, lambda month: _age_band(month, on, bands)))
    yield _table("sex", "性别", "Sex", SEXES, _grouped(counts.sex, str))
    yield _table("nationality", "民族", "Nationality", NATIONALITIES, _grouped(counts.nationality, lambda code: _nationality(code, bands)))
    yield _table("education", "学历", "Education", bands.education, _grouped(counts.education, groups.get))
    yield _table("joined", "入党时间", "When admitted", bands.joined, _grouped(counts.admitted_on, lambda day: _join_band(day, bands)))


def _grouped(counts: Mapping[T | None, int], row: Callable[[T], str | None]) -> Counter[str | None]:
    """By the row of a table in which a value stands."""
    found: Counter[str | None] = Counter()
    for value, count in counts.items():
        found[None if value is None else row(value)] += count
    return found


def _table(name: str, zh: str, en: str, rows: Sequence[Entry], counts: Counter[str | None]) -> Table:
    """Every row of the table, also empty ones; what fits none is told only when there is some."""
    left = Counter(counts)
    lines = [Line(id=row.id, zh=row.zh, en=row.en, count=left.pop(row.id, 0)) for row in rows]
    if left.total():
        lines.append(Line(id=UNKNOWN.id, zh=UNKNOWN.zh, en=UNKNOWN.en, count=left.total()))
    return Table(id=name, zh=zh, en=en, lines=tuple(lines))


def age(born_month: str, on: dt.date) -> int:
    """Whole years; views hold no day of birth, so a birthday counts from the end of its month on."""
    year, month = (int(part) for part in born_month.split("-"))
    had = month < on.month or (month == on.month and (on + dt.timedelta(days=1)).month != on.month)
    return on.year - year - (0 if had else 1)


def _age_band(born_month: str, on: dt.date, bands: Bands) -> str | None:
    years = age(born_month, on)
    return next((band.id for band in bands.age if band.first <= years <= band.last), None)


def _nationality(code: str, bands: Bands) -> str:
    return "majority" if code == bands.majority else "minority"


def _join_band(day: dt.date, bands: Bands) -> str | None:
    return next((band.id for band in bands.joined if band.first <= day <= band.last), None)


def summed(nobody: Statistics, parts: Iterable[Statistics]) -> Statistics:
    """Of several branches together, each as of its own day, on top of the figures of nobody: line by line."""
    every = [nobody, *parts]
    tables = []
    for number, table in enumerate(nobody.tables):
        lines = {line.id: line for part in every for line in part.tables[number].lines}
        sums: Counter[str] = Counter()
        for part in every:
            sums.update({line.id: line.count or 0 for line in part.tables[number].lines})
        tables.append(
            msgspec.structs.replace(table, lines=tuple(msgspec.structs.replace(line, count=sums[line.id]) for line in lines.values()))
        )
    return msgspec.structs.replace(
        nobody,
        members=sum(part.members or 0 for part in every),
        admitted=sum(part.admitted or 0 for part in every),
        tables=tuple(tables),
    )
