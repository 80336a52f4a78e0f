"""Statistics: who counts, into which band, what is hidden from whom; and the known totals of the example committee."""

import datetime as dt
import shutil
import tomllib
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.base import OrgId
from projections.engine.replay import known, replay
from projections.query_rolls import TYPES, on_roll
from projections.roster import PROJECTION
from projections.standard.bands import bands, load
from projections.standard.pack import FOLDER
from projections.standard.reading import PackError
from projections.statistics import OnRoll, Statistics, age, statistics, summed
from projections.withheld import WHY_EN, masked, of_all
from service.imports.example import Loader
from tests.flows.import_world import EXAMPLE, recorder, terms

DAY = dt.date(2026, 6, 30)
SHARES = tomllib.loads((EXAMPLE / "shares.toml").read_text(encoding="utf-8"))
OPENED = dt.date(2025, 12, 1)
SOMEBODY = OnRoll(
    sex="female",
    nationality="01",
    born_month="1980-05",
    education="21",
    admitted_on=dt.date(2010, 7, 1),
    joined_on=dt.date(2015, 1, 1),
    left_on=None,
    suspended=False,
)


def told(*people: OnRoll, on: dt.date = DAY) -> Statistics:
    return statistics(people, [], on, bands(), TYPES)


def counts(figures: Statistics, table: str) -> dict[str, int | None]:
    """The lines of a table that are not 0."""
    (found,) = [one for one in (*figures.tables, figures.organisations) if one.id == table]
    return {line.id: line.count for line in found.lines if line.count != 0}


def test_somebody_counts_once_in_every_table():
    figures = told(SOMEBODY)
    assert (figures.members, figures.admitted, figures.masked) == (1, 0, False)
    assert {table.id: counts(figures, table.id) for table in figures.tables} == {
        "age": {"46-50": 1},
        "sex": {"female": 1},
        "nationality": {"majority": 1},
        "education": {"university": 1},
        "joined": {"1979-01": 1},
    }


@pytest.mark.parametrize(
    ("changed", "members"),
    [
        ({"joined_on": DAY}, 1),
        ({"joined_on": DAY + dt.timedelta(days=1)}, 0),
        ({"joined_on": None}, 0),
        ({"left_on": DAY + dt.timedelta(days=1)}, 1),
        ({"left_on": DAY}, 0),
        ({"suspended": True}, 0),
    ],
)
def test_whoever_is_not_on_the_roll_on_the_day_does_not_count(changed, members):
    assert told(msgspec.structs.replace(SOMEBODY, **changed)).members == members


def test_what_is_not_known_has_a_line_of_its_own_only_when_there_is_some():
    nobody = msgspec.structs.replace(SOMEBODY, sex=None, nationality=None, born_month=None, education=None, admitted_on=None)
    assert [counts(told(nobody), table.id) for table in told(nobody).tables] == [{"unknown": 1}] * 5
    assert "unknown" not in {line.id for table in told(SOMEBODY).tables for line in table.lines}


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1996-06", dt.date(2026, 6, 29), 29),
        ("1996-06", dt.date(2026, 6, 30), 30),
        ("1996-05", dt.date(2026, 6, 1), 30),
        ("1995-12", dt.date(2025, 12, 31), 30),
        ("1996-02", dt.date(2024, 2, 28), 27),
        ("1996-02", dt.date(2024, 2, 29), 28),
    ],
)
def test_a_birthday_counts_from_the_end_of_its_month(born, on, years):
    assert age(born, on) == years


@pytest.mark.parametrize(
    ("admitted", "count"), [(dt.date(2025, 12, 31), 0), (dt.date(2026, 1, 1), 1), (DAY, 1), (DAY + dt.timedelta(1), 0)]
)
def test_admissions_are_those_of_the_year_up_to_the_day(admitted, count):
    assert told(msgspec.structs.replace(SOMEBODY, admitted_on=admitted)).admitted == count


def test_organisations_stand_by_their_type():
    figures = statistics([], ["committee", "organ", "organ", "retired"], DAY, bands(), TYPES)
    assert counts(figures, "organisations") == {"committee": 1, "organ": 2, "retired": 1}


# small figures


def people(women: int, men: int) -> list[OnRoll]:
    return [SOMEBODY] * women + [msgspec.structs.replace(SOMEBODY, sex="male")] * men


def test_figures_of_five_and_more_are_told_to_everybody():
    figures = masked(told(*people(5, 7)))
    assert (figures.members, counts(figures, "sex"), figures.why_en) == (12, {"female": 5, "male": 7}, WHY_EN)


def test_with_a_small_figure_goes_the_one_from_which_it_could_be_worked_out():
    assert counts(masked(told(*people(3, 9))), "sex") == {"female": None, "male": None}


def test_of_fewer_than_five_members_only_the_zeros_would_be_left_so_nothing_is_told():
    figures = masked(told(*people(1, 3)))
    assert (figures.members, figures.admitted) == (None, None)
    assert {line.count for table in figures.tables for line in table.lines} == {None}


def test_organisations_are_no_people():
    figures = masked(statistics(people(9, 9), ["organ"], DAY, bands(), TYPES))
    assert counts(figures, "organisations") == {"organ": 1}


@given(st.lists(st.sampled_from(["1960-01", "1972-01", "1977-01", "1982-01", "1987-01", "1997-01"]), max_size=60))
def test_no_hidden_figure_can_be_worked_out_from_the_total(born):
    whole = told(*(msgspec.structs.replace(SOMEBODY, born_month=month) for month in born))
    seen = masked(whole)
    (before, after) = (next(table for table in one.tables if table.id == "age") for one in (whole, seen))
    assert all(line.count is None or line.count == 0 or line.count >= 5 for line in after.lines)
    hidden = [b.count or 0 for b, a in zip(before.lines, after.lines, strict=True) if a.count is None]
    others = [line for line in after.lines if line.count]
    assert not hidden or seen.members is None or (len(hidden) > 1 and (sum(hidden) >= 5 or not others))


# the bands are data


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("from = 31\n", "from = 32\n", "age: band 2 does not begin where the one before ends"),
        ('"11", "12"', '"11"', "education: every code of the list stands in one group, and in one only"),
        ('majority = "01"', 'majority = "00"', "majority: there is no nationality 00"),
        ("from = 2012-11-01", "from = 2012-11-02", "joined: band 4 does not begin where the one before ends"),
    ],
)
def test_bands_with_a_hole_are_refused(tmp_path, old, new, reason):
    shutil.copy(FOLDER / "statistics.toml", tmp_path)
    text = (tmp_path / "statistics.toml").read_text()
    assert old in text
    (tmp_path / "statistics.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(PackError, match=reason):
        load(tmp_path)


# the example committee


async def test_the_example_committee_has_its_known_totals():
    bus, books, keys = recorder()
    loader = Loader(bus, books, keys, terms(), None, EXAMPLE)
    await loader._found()
    await loader._record([await loader._preview(EXAMPLE / "roster.xlsx", await loader._directory())])
    branches = loader.notes.branches
    rolls = {branch.id: await _roll(books, branch.id) for branch in branches}
    types = ["committee", *(branch.type.value for branch in branches)]
    figures = statistics([one for roll in rolls.values() for one in roll], types, OPENED, bands(), TYPES)

    assert sorted((told(*roll, on=OPENED).members or 0 for roll in rolls.values()), reverse=True) == SHARES["branches"]["sizes"]
    assert figures.members == 262
    total = sum(share for *_, share in SHARES["age"]["bands"])
    for (_, _, share), count in zip(SHARES["age"]["bands"], counts(figures, "age").values(), strict=True):
        assert abs((count or 0) - 262 * share / total) < 1
    per_mille = SHARES["per_mille"]
    assert counts(figures, "sex") == {"male": 182, "female": round(262 * per_mille["women"] / 1000)}
    assert counts(figures, "nationality") == {"majority": 242, "minority": round(262 * per_mille["minority"] / 1000)}
    education = Counter(counts(figures, "education"))
    college = sum(education[level] or 0 for level in ("postgraduate", "university", "college"))
    assert college == round(262 * per_mille["college_and_above"] / 1000) == 147
    assert sum(count or 0 for count in education.values()) == 262
    assert sum(count or 0 for count in counts(figures, "organisations").values()) == 13

    each = {str(branch): told(*roll, on=OPENED) for branch, roll in rolls.items()}
    together = summed(told(on=OPENED), each.values())
    assert (together.members, together.tables) == (figures.members, figures.tables)
    audited = of_all(together, each)
    assert audited.members == 262
    for table, seen in zip(figures.tables, audited.tables, strict=True):
        assert all(line.count in (None, known.count) for line, known in zip(seen.lines, table.lines, strict=True))
    assert counts(audited, "sex") == counts(figures, "sex")


async def _roll(books, branch: OrgId) -> list[OnRoll]:
    rows = replay([PROJECTION], known(await books.read(branch), as_of=OPENED)).tables["member"].values()
    return [on_roll(row.values) for row in rows]
