"""An influence period that a member brought along (R-G03, INV-035): recorded, taken back, refused, nothing to do."""

import datetime as dt
from typing import Any

from events.members import CaseKind, CaseOpened, InfluenceBar, InfluenceSet
from service.decide.discipline.influence import RecordInfluencePeriod
from service.errors import Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import ANN, DAY, founded, left, member

HERE = (founded(), member(ANN))
UNTIL = dt.date(2027, 8, 1)


def record(**changed: Any) -> RecordInfluencePeriod:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ANN, "case_no": "外1", "bar": InfluenceBar.HIGHER, "until": UNTIL}
    return RecordInfluencePeriod(**(told | changed))


def recorded(**changed: Any) -> InfluenceSet:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ANN, "case_no": "外1", "bar": InfluenceBar.HIGHER, "until": UNTIL}
    return InfluenceSet(**(told | changed))


def test_it_came_with_the_member():
    given(HERE).when(record()).then(recorded())


def test_another_day_and_its_end():
    later = dt.date(2028, 1, 1)
    given(HERE, recorded()).when(record(until=later)).then(recorded(until=later))
    given(HERE, recorded()).when(record(until=None)).then(recorded(until=None))


def test_the_same_again_or_nothing_to_take_back():
    given(HERE, recorded()).when(record()).then(nothing)
    given(HERE).when(record(until=None)).then(nothing)


def test_a_case_of_this_branch_sets_its_own():
    own = CaseOpened(occurred_on=DAY, person_id=ANN, case_no="外1", kind=CaseKind.DISCIPLINE, matter_no="线索1")
    given(HERE, own).when(record()).then(fails(Conflict, "this branch"))


def test_INV_009_only_of_a_member():
    given(HERE, left(ANN)).when(record()).then(refused("INV-009", "person_id"))
