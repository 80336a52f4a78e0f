"""Somebody who was registered in error: struck in the registers, out of every count, with a new row when registered anew."""

from typing import Any

from events.base import Event
from events.members import RegistrationWithdrawn
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers import l01_organisation, l03_education
from projections.roster import PROJECTION as ROSTER
from tests.decide.life_history import BRANCH_OF_EIGHT
from tests.decide.roster_history import ANN, BEN, DAY, FAY, NORTH, founded, group, member
from tests.decide.test_education import S1, S2, credited, studied
from tests.ledgers.l04_history import facts
from tests.ledgers.work_rows import register_of

GONE = RegistrationWithdrawn(occurred_on=DAY, person_id=ANN, reason="误录")
STORY = (founded(), group(NORTH), member(ANN, group_id=NORTH), member(BEN, group_id=NORTH), GONE)


def rows(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([l01_organisation.PROJECTION], facts(*events))) if row["register"] == register]


def test_the_row_of_the_roll_is_struck_and_keeps_its_number():
    assert [(row["key"], row["row_no"], row["struck_by"]) for row in rows(*STORY, register="roll")] == [
        ("ann/3", 1, "e5"),
        ("ben/4", 2, None),
    ]


def test_branch_and_group_count_without_them():
    (branch,), (north,) = rows(*STORY, register="branch"), rows(*STORY, register="groups")
    assert (branch["cells"]["full"], north["cells"]["people"], north["cells"]["count"]) == (1, [BEN], 1)


def test_registered_anew_they_have_another_row():
    again = rows(*STORY, member(ANN, group_id=NORTH), register="roll")
    assert [(row["key"], row["row_no"], row["struck_by"]) for row in again] == [("ann/3", 1, "e5"), ("ben/4", 2, None), ("ann/6", 3, None)]


def test_the_list_of_members_says_that_they_never_were():
    def ann(*events: Event) -> tuple[Any, ...]:
        merged = replay([ROSTER], facts(*events))
        (row,) = [found.values for found in merged.tables["member"].values() if found.key == (ANN,)]
        return row["left_on"], row["left_ground"]

    assert ann(*STORY) == (DAY, "in_error")
    assert ann(*STORY, member(ANN, group_id=NORTH)) == (None, None)


def test_hours_are_asked_of_them_no_more_until_they_are_registered_anew():
    gone = RegistrationWithdrawn(occurred_on=DAY, person_id=FAY, reason="误录")

    def fay(*events: Event) -> tuple[Any, ...]:
        found = register_of(l03_education.PROJECTION, "study-hours", BRANCH_OF_EIGHT, studied(entry_id=S1), *events)
        (row,) = [row for row in found if (row["key"], row["year"]) == (FAY, "2026")]
        return row["struck_by"] is None, row["cells"]["required"]

    assert fay() == (True, 32)
    assert fay(gone) == (False, 32)
    assert fay(gone, member(FAY)) == (True, 32)
    assert fay(gone, credited(entry_id=S2, person_id=ANN)) == (False, 32)
