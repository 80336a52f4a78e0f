"""Of collected dues every event that gave the points is named: without it exactly those leaves stand otherwise (journeys 2.1)."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from events.base import Event, MeetingId
from events.dues import DuesReceived, DuesReductionApproved, DuesReversed, EntryId, EntryKind
from projections.engine.fold import Fact
from projections.scores import Reader, fold_and_score
from projections.standard.score_tree import Ground, leaves
from projections.standard.scoring import Scorer
from tests.obligations.world import ANN, BEN, CAI, ORG, WHOLE, assessed, day, founded, joined, paid, raised

COLLECTED = structs.replace(WHOLE, deadlines=(WHOLE.deadline("DL-05"), WHOLE.deadline("DL-12")), continuous=())
READER, SCORER = Reader(COLLECTED), Scorer(COLLECTED, 2026)
PEOPLE = (ANN, BEN, CAI)
MONTHS = ("2026-01", "2026-02", "2026-03")
DUE = 100


@dataclasses.dataclass(frozen=True)
class Told:
    """One thing that may happen to somebody's dues; what is not meant for a kind is not looked at."""

    what: str
    person: int
    month: int
    fen: int
    on: int


THINGS = st.builds(
    Told,
    what=st.sampled_from(["pays", "pays", "pays", "takes back", "is let off"]),
    person=st.integers(0, 2),
    month=st.integers(0, 2),
    fen=st.sampled_from([0, 40, 60, 100]),
    on=st.integers(0, 100),
)


def history(told: Sequence[Told]) -> list[Event]:
    found: list[Event] = []
    standing: list[DuesReceived] = []
    for number, one in enumerate(told):
        person, month, on = PEOPLE[one.person], MONTHS[one.month], dt.date(2026, 1, 2) + dt.timedelta(days=one.on)
        match one.what:
            case "pays":
                payment = paid(person, month, one.fen or DUE, on.isoformat())
                standing.append(structs.replace(payment, entry_id=EntryId(f"entry{number}")))
                found.append(standing[-1])
            case "takes back" if standing:
                payment = standing.pop()
                found.append(
                    DuesReversed(
                        occurred_on=on,
                        entry_id=payment.entry_id,
                        kind=EntryKind.PAYMENT,
                        amount_fen=payment.amount_fen,
                        person_id=payment.person_id,
                        month=payment.month,
                        reason="录错",
                    )
                )
            case "is let off" if one.fen < DUE:
                found.append(
                    DuesReductionApproved(
                        occurred_on=on,
                        person_id=person,
                        from_month=month,
                        to_month=MONTHS[-1],
                        monthly_fen=one.fen,
                        reason="~sealed",
                        meeting_id=MeetingId("m1"),
                        approval_no=str(number),
                    )
                )
    return found


BEFORE = (
    founded(),
    *(joined(person) for person in PEOPLE),
    *(assessed(person, DUE) for person in PEOPLE),
    *(raised("DL-05", "N16.T03", f"{month}-28", month) for month in MONTHS),
)


def facts(events: Sequence[Event]) -> list[Fact[Event]]:
    return [
        Fact(position=page, book=ORG, page=page, event_id=f"e{page}", actor="user", recorded_at=page, late_reason=None, event=event)
        for page, event in enumerate(events, start=1)
    ]


def grounds(book: Sequence[Fact[Event]]) -> dict[str, Ground]:
    found = fold_and_score(READER, SCORER, book, (), day("2026-05-01"), draft=False)
    return {one.id: one.ground for one in leaves(found.total) if one.ground is not None}


SHADOWED = [Told("pays", 1, 0, 0, 0), Told("is let off", 1, 0, 0, 0), Told("is let off", 1, 0, 40, 0)]
"""Without the second reduction the first would hold, which took no payment at all."""


@settings(max_examples=100, deadline=None)
@example(SHADOWED)
@given(st.lists(THINGS, max_size=14))
def test_without_an_event_exactly_the_leaves_that_named_it_stand_otherwise(told):
    book = facts([*BEFORE, *history(told)])
    before = grounds(book)
    dues = {name: ground for name, ground in before.items() if ground.deadline == "DL-05" and ground.period in MONTHS}
    assert len(dues) == len(MONTHS)
    for event in sorted({event for ground in dues.values() for event in ground.events}):
        after = grounds([fact for fact in book if fact.event_id != event])
        changed = {name for name in {**before, **after} if before.get(name) != after.get(name)}
        assert changed == {name for name, ground in before.items() if event in ground.events}


@settings(max_examples=100, deadline=None)
@given(st.lists(THINGS, max_size=14))
def test_a_payment_or_a_reduction_that_no_leaf_names_gave_nothing(told):
    book = facts([*BEFORE, *history(told)])
    before = grounds(book)
    named = {event for ground in before.values() for event in ground.events}
    taken = {fact.event.entry_id for fact in book if isinstance(fact.event, DuesReversed)}
    for fact in book:
        stands = isinstance(fact.event, DuesReductionApproved) or (
            isinstance(fact.event, DuesReceived) and fact.event.entry_id not in taken
        )
        if stands and fact.event_id not in named:
            assert grounds([one for one in book if one is not fact]) == before
