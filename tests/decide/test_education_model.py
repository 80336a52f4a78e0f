"""Class hours against a plain model: whatever is recorded and withdrawn, a day has eight hours and a member is in one place at a time."""

import datetime as dt
from typing import Any

import msgspec
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from events.base import PersonId
from events.education import StudyId
from projections.ledgers.l03_education import PROJECTION
from service.decide.base import Command, Outcome
from service.decide.education.sessions import RecordStudySession, WithdrawStudyEntry
from service.errors import Refused
from tests.decide.bdd import BRANCH, Books, given
from tests.decide.life_history import BRANCH_OF_EIGHT
from tests.decide.roster_history import ANN, BEN, CAI, DAN
from tests.ledgers.work_rows import register_of

LAST = dt.date(2026, 5, 2)
DAYS = (dt.date(2026, 3, 31), dt.date(2026, 4, 1))
MOST = 8 * 60


class Study(msgspec.Struct, frozen=True):
    """Some members study on a day, by the clock; from and until in minutes of the day."""

    day: dt.date
    begin: int
    minutes: int
    people: frozenset[PersonId]


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


STUDIES = st.builds(
    Study,
    st.sampled_from(DAYS),
    st.integers(6, 28).map(lambda half: half * 30),
    st.integers(1, 20).map(lambda half: half * 30),
    st.frozensets(st.sampled_from((ANN, BEN, CAI)), min_size=1),
)
STEPS = st.lists(st.one_of(STUDIES, st.integers(0, 9)), max_size=14)
"""A study is recorded, or the n-th one on record is withdrawn."""


def allowed(standing: dict[str, Study], new: Study) -> bool:
    """The model: no overlap, and at most eight hours with all else of the day."""
    for person in new.people:
        mine = [study for study in standing.values() if person in study.people and study.day == new.day]
        if any(study.begin < new.begin + new.minutes and new.begin < study.begin + study.minutes for study in mine):
            return False
        if sum(study.minutes for study in mine) + new.minutes > MOST:
            return False
    return True


def record(new: Study, name: str) -> RecordStudySession:
    return RecordStudySession(
        occurred_on=new.day,
        entry_id=StudyId(name),
        topic=name,
        starts_at=clock(new.begin),
        ends_at=clock(new.begin + new.minutes),
        organiser=DAN,
        present=tuple(sorted(new.people)),
    )


def decided(books: Books, command: Command) -> Outcome | None:
    """What it comes to; None when the hours of a day or the clock say no."""
    try:
        return books.when(command).decide()
    except Refused as refused:
        if refused.rule not in {"INV-075", "INV-076"}:
            raise
        return None


@settings(max_examples=60, deadline=None)
@drawn(STEPS)
def test_hours_are_those_of_the_model(steps: list[Any]):
    books, standing = given(BRANCH_OF_EIGHT), dict[str, Study]()
    for number, step in enumerate(steps):
        if isinstance(step, Study):
            name = f"s{number}"
            outcome = decided(books, record(step, name))
            assert (outcome is not None) == allowed(standing, step)
            if outcome is None:
                continue
            standing[name] = step
        elif step < len(standing):
            name = list(standing)[step]
            outcome = books.when(WithdrawStudyEntry(occurred_on=LAST, entry_id=StudyId(name), reason="误录")).decide()
            del standing[name]
        else:
            continue
        books = books.and_in(BRANCH, *outcome)  # type: ignore[arg-type]  # nothing here is for another book
    for row in register_of(PROJECTION, "study-hours", books.events[BRANCH]):
        months = {3: 0, 4: 0}
        for study in standing.values():
            months[study.day.month] += study.minutes if row["key"] in study.people else 0
        assert (row["cells"]["m3"], row["cells"]["m4"]) == (hours(months[3]), hours(months[4]))
        assert row["cells"]["total"] == hours(sum(months.values()))


def hours(minutes: int) -> str:
    return f"{minutes / 60:g}"
