"""Documents of a score: about an event of a leaf or its meeting, or filed for a material of the task within its period (N26.T04)."""

import datetime as dt

import msgspec
import pytest

from projections.standard.papers import asked, belonging, materials_of
from projections.standard.score_tree import Wanted, leaves
from projections.standard.scoring import score
from tests.scores.world import END, PACK, YEAR, day, duty, only, scheme_with

MATERIALS = materials_of(PACK.standard)
ONE = scheme_with(indicator=only("N01"))
LECTURE = "N01.T02/DL-08:2026-Q1"


class Doc(msgspec.Struct, frozen=True, kw_only=True):
    """A document as the view has it."""

    materials: list[str] = []
    about: list[str] = []
    formed_on: dt.date | None = None
    filed_on: dt.date | None = day("2026-03-31")


def tree():
    held = duty("2026-Q1", "2026-03-31", on="2026-03-10", deadline="DL-08", things=("m1",))
    return score(YEAR, [held], (), ONE, END).total


def test_every_task_knows_its_materials_and_every_material_stands_under_a_task():
    every = {one.id for norm in PACK.standard.norm for one in norm.material} | {
        item.id for norm in PACK.standard.norm for one in norm.material for item in one.item
    }
    assert set().union(*MATERIALS.values()) == every
    assert "N01.M02" in MATERIALS["N01.T02"]
    assert "N01.M02" not in MATERIALS["N01.T01"]
    assert {task[:3] for task, names in MATERIALS.items() for name in names if name[:3] != task[:3]} == set()


@pytest.mark.parametrize(
    "document",
    [
        Doc(about=["e-2026-Q1"]),
        Doc(about=["meeting-m1"]),
        Doc(about=["m1"]),
        Doc(materials=["N01.M02"], formed_on=day("2026-01-01")),
        Doc(materials=["N01.M02"], formed_on=day("2026-03-31")),
        Doc(materials=["N01.M02"]),
    ],
)
def test_what_is_about_its_event_or_its_meeting_or_filed_for_its_material_in_its_period_belongs_to_a_leaf(document):
    assert belonging(tree(), [document], MATERIALS) == {LECTURE: [document]}


@pytest.mark.parametrize(
    "document",
    [
        Doc(),
        Doc(about=["meeting-m2"]),
        Doc(materials=["N01.M02"], formed_on=day("2025-12-31")),
        Doc(materials=["N01.M02"], formed_on=day("2026-04-01")),
        Doc(materials=["N01.M03"]),
        Doc(materials=["N01.M02"], filed_on=None),
    ],
)
def test_anything_else_does_not(document):
    assert belonging(tree(), [document], MATERIALS) == {}


def test_a_year_alone_names_no_case():
    reviewed = duty("2026", "2026-12-31", on="2026-12-10", deadline="DL-34", things=("2026",))
    total = score(YEAR, [reviewed], (), PACK, END).total
    assert belonging(total, [Doc(about=["assessment-2026"])], MATERIALS) == {}


def test_what_is_about_the_case_that_began_a_duty_belongs_to_it_before_it_is_done():
    late = duty("", "2026-05-01", deadline="DL-31", subject="letter1")
    total = score(YEAR, [late], (), PACK, END).total
    [own] = belonging(total, [Doc(about=["letter1"]), Doc(about=["letter2"])], MATERIALS).values()
    assert own == [Doc(about=["letter1"])]


def test_only_what_may_belong_is_asked_for():
    about, materials = asked(tree(), MATERIALS)
    assert about == {"e-2026-Q1", "m1"}
    assert materials == MATERIALS["N01.T02"]


def test_a_leaf_that_is_not_done_says_what_it_has_and_what_would_prove_the_rest():
    wanted = (Wanted(event="meetings.lecture_script_filed"),)
    half = duty("2026-Q1", "2026-03-31", deadline="DL-08", done=1, needed=2, events=("e1",), wanted=wanted)
    [one] = [leaf for leaf in leaves(score(YEAR, [half], (), ONE, END).total) if leaf.id == LECTURE]
    assert one.ground is not None
    assert (one.ground.events, one.ground.wanted, one.ground.done, one.ground.needed) == (("e1",), wanted, 1, 2)
    done = msgspec.structs.replace(half, done=2, done_on=day("2026-03-30"))
    [one] = [leaf for leaf in leaves(score(YEAR, [done], (), ONE, END).total) if leaf.id == LECTURE]
    assert one.ground is not None
    assert one.ground.wanted == ()
