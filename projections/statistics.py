"""Statistics in the shape of the public bulletin: a pure function of the roll, the organisations, a day and the bands.

A band that holds fewer than five people is not told to whoever may not see the roll, nor what it could be worked out from.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from projections.standard.bands import Bands
from projections.standard.norms import Entry

SMALL = 5
"""Fewer could be named by anybody who knows the branch."""
UNKNOWN = Entry(id="unknown", zh="未填", en="not given")
WHY_ZH = f"少于{SMALL}人的数字，以及能推算出它的数字，不向无权查看花名册的人显示。"
WHY_EN = (
    f"Figures of fewer than {SMALL} people, and those from which they could be worked out, "
    "are not shown to readers who may not see the roll."
)


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
    """As of a day. `masked`: small figures are left out, for the reason beside it."""

    as_of: dt.date
    members: int | None
    admitted: int | None
    """Admitted in the year of the day, up to the day."""
    organisations: Table
    tables: tuple[Table, ...]
    masked: bool
    why_zh: str
    why_en: str


def statistics(people: Iterable[OnRoll], types: Iterable[str | None], on: dt.date, bands: Bands, names: "TypeNames") -> Statistics:
    """Of those who belong on a day; `types` are the kinds of the organisations that exist then."""
    here = [person for person in people if person.counts(on)]
    return Statistics(
        as_of=on,
        members=len(here),
        admitted=sum(1 for person in here if person.admitted_on is not None and dt.date(on.year, 1, 1) <= person.admitted_on <= on),
        organisations=_table("organisations", "组织类型", "Organisations by type", names, types),
        tables=tuple(_tables(here, on, bands)),
        masked=False,
        why_zh="",
        why_en="",
    )


TypeNames = Sequence[Entry]
"""Kinds of organisations with their titles, in the order in which they are told."""

SEXES = (Entry(id="male", zh="男", en="Men"), Entry(id="female", zh="女", en="Women"))
NATIONALITIES = (Entry(id="majority", zh="汉族", en="Han"), Entry(id="minority", zh="少数民族", en="Minority"))


def _tables(here: list[OnRoll], on: dt.date, bands: Bands) -> Iterable[Table]:
    groups = {code: group.id for group in bands.education for code in group.codes}
    yield _table("age", "年龄", "Age", bands.age, (_age_band(person, on, bands) for person in here))
    yield _table("sex", "性别", "Sex", SEXES, (person.sex for person in here))
    yield _table("nationality", "民族", "Nationality", NATIONALITIES, (_nationality(person, bands) for person in here))
    yield _table("education", "学历", "Education", bands.education, (groups.get(person.education or "") for person in here))
    yield _table("joined", "入党时间", "When admitted", bands.joined, (_join_band(person, bands) for person in here))


def _table(name: str, zh: str, en: str, rows: Sequence[Entry], values: Iterable[str | None]) -> Table:
    """Every row of the table, also empty ones; what fits none is told only when there is some."""
    counted = Counter(values)
    lines = [Line(id=row.id, zh=row.zh, en=row.en, count=counted.pop(row.id, 0)) for row in rows]
    if counted:
        lines.append(Line(id=UNKNOWN.id, zh=UNKNOWN.zh, en=UNKNOWN.en, count=counted.total()))
    return Table(id=name, zh=zh, en=en, lines=tuple(lines))


def age(born_month: str, on: dt.date) -> int:
    """Whole years; views hold no day of birth, so a birthday counts from the end of its month on."""
    year, month = (int(part) for part in born_month.split("-"))
    had = month < on.month or (month == on.month and (on + dt.timedelta(days=1)).month != on.month)
    return on.year - year - (0 if had else 1)


def _age_band(person: OnRoll, on: dt.date, bands: Bands) -> str | None:
    if person.born_month is None:
        return None
    years = age(person.born_month, on)
    return next((band.id for band in bands.age if band.first <= years <= band.last), None)


def _nationality(person: OnRoll, bands: Bands) -> str | None:
    if person.nationality is None:
        return None
    return "majority" if person.nationality == bands.majority else "minority"


def _join_band(person: OnRoll, bands: Bands) -> str | None:
    day = person.admitted_on
    return None if day is None else next((band.id for band in bands.joined if band.first <= day <= band.last), None)


def masked(told: Statistics) -> Statistics:
    """For whoever may not see the roll. Organisations are no people: they stay."""
    few = told.members is not None and 0 < told.members < SMALL
    return msgspec.structs.replace(
        told,
        members=None if few else told.members,
        admitted=None if few or 0 < (told.admitted or 0) < SMALL else told.admitted,
        tables=tuple(msgspec.structs.replace(table, lines=_hidden(table.lines, _all if few else _small)) for table in told.tables),
        masked=True,
        why_zh=WHY_ZH,
        why_en=WHY_EN,
    )


def _all(_count: int) -> bool:
    return True


def _small(count: int) -> bool:
    return 0 < count < SMALL


def _hidden(lines: tuple[Line, ...], hide: Callable[[int], bool]) -> tuple[Line, ...]:
    """The total is known: where the hidden figures sum to so little that they say it themselves, the next larger one goes as well."""
    hidden = {line.id for line in lines if line.count is not None and hide(line.count)}
    rest = sorted((line for line in lines if line.id not in hidden and line.count), key=lambda line: (line.count or 0, line.id))
    if hidden and rest and (len(hidden) == 1 or sum(line.count or 0 for line in lines if line.id in hidden) < SMALL):
        hidden.add(rest[0].id)
    return tuple(msgspec.structs.replace(line, count=None) if line.id in hidden else line for line in lines)
