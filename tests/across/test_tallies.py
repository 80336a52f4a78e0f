"""Counts by month say at every moment what the rows say, whatever happened in whatever order: obligations by norm, and changes by sentence."""

from collections import Counter, defaultdict
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from events.awards import AwardGranted, AwardId
from events.base import Event, MeetingId
from events.dues import EntryKind
from events.meetings import MeetingCancelled, MeetingKind, MeetingWithdrawn
from events.obligations import ObligationExtended, ObligationWaived
from events.structure import BranchDissolved
from projections.change_tally import State, projection
from projections.changes import changes
from projections.engine.fold import Fact
from projections.engine.merge import Merge, apply
from projections.obligations import Lens
from projections.standard.changes import sentences
from projections.tally import COLUMNS, Standing, Tally, tallied
from tests.obligations.world import ANN, BEN, CAI, ORG, WHOLE, day, founded, held, joined, paid, raised, reversed_, seated

MONTHS = [f"2026-{month:02d}" for month in range(1, 5)]
QUARTERS = {"2026-Q1": "2026-03-31", "2026-Q2": "2026-06-30"}
PROJECTION, CHANGES = tallied(Lens(WHOLE)), projection(sentences())
DAYS = st.dates(day("2026-01-01"), day("2026-05-31"))


def followed(view: Any, state: Any, merge: Merge, number: int, event: Event) -> Any:
    """One event followed; the state is written and read back as the engine does."""
    fact = Fact(position=number, book=ORG, page=number, event_id=f"e{number}", actor="a", recorded_at=number, late_reason=None, event=event)
    apply(view, state, [fact], merge)
    return msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=type(state))


# Obligations

RAISED = [raised("DL-01", "N01.T01", f"{month}-28", month) for month in MONTHS]
RAISED += [raised("DL-07", "N09.T01", due, quarter) for quarter, due in QUARTERS.items()]
RAISED += [raised("DL-47", "N11.T01", "2026-12-31", "2026"), raised("DL-02", "N02.T03", "2026-01-31", "2026-01")]
KEYS = [event.obligation_id for event in RAISED]


def meetings() -> st.SearchStrategy[Event]:
    kinds = st.sampled_from([MeetingKind.STUDY, MeetingKind.GENERAL, MeetingKind.COMMITTEE])
    return st.builds(lambda name, kind, on: held(name, kind, f"{on}"), st.sampled_from("abcd"), kinds, DAYS)


HAPPENING = st.one_of(
    st.sampled_from(RAISED),
    meetings(),
    st.builds(lambda name, on: MeetingWithdrawn(occurred_on=on, meeting_id=MeetingId(name), reason="误登"), st.sampled_from("abcd"), DAYS),
    st.builds(lambda key, on: ObligationWaived(occurred_on=on, obligation_id=key, reason="洪灾"), st.sampled_from(KEYS), DAYS),
    st.builds(
        lambda key, on, due: ObligationExtended(occurred_on=on, obligation_id=key, due_on=due, reason="洪灾"),
        st.sampled_from(KEYS),
        DAYS,
        DAYS,
    ),
    st.builds(lambda on: BranchDissolved(occurred_on=on, org_id=ORG, approval_no="1", reason="撤销"), DAYS),
)


def standing(row: dict[str, Any]) -> Standing | None:
    """As the pages put it, told once more and in other words."""
    if row["lapsed_on"]:
        return None
    if row["waived_on"]:
        return Standing.WAIVED
    if row["fulfilled_on"]:
        return Standing.LATE if row["fulfilled_on"] > row["due_on"] else Standing.ON_TIME
    return Standing.PENDING


def counted(merge: Merge) -> tuple[dict[tuple[str, str], dict[str, list[int]]], dict[str, list[int]]]:
    """From the rows: (month, norm) -> days by standing; month -> days of what is pending."""
    norms: defaultdict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: {name: [] for name in COLUMNS})
    pending: defaultdict[str, list[int]] = defaultdict(list)
    rows = [merged.values for merged in merge.tables["obligation"].values() if merged.values.get("due_on")]
    for row in sorted(rows, key=lambda row: row["due_on"]):
        how = standing(row)
        if how is None:
            continue
        month = row["due_on"].isoformat()[:7]
        for norm in {task[:3] for task in WHOLE.deadline(row["deadline"]).tasks}:
            norms[month, norm][how.name.lower()].append(row["due_on"].day)
        if how is Standing.PENDING:
            pending[month].append(row["due_on"].day)
    return dict(norms), dict(pending)


def told(merge: Merge) -> tuple[dict[tuple[str, ...], Any], dict[str, list[int]]]:
    """What the tables of counts hold, without what has become empty."""
    norms = {row.key: dict(row.values) for row in merge.tables["norm_month"].values() if any(row.values.values())}
    pending = {row.key[0]: row.values["pending"] for row in merge.tables["branch_month"].values() if row.values["pending"]}
    return norms, pending


@settings(max_examples=60, deadline=None)
@given(st.lists(HAPPENING, max_size=25))
def test_obligations_are_counted_as_their_rows_stand(happening):
    merge, state = Merge(), Tally()
    for number, event in enumerate([founded(), seated(ANN, BEN, CAI), *happening], start=1):
        state = followed(PROJECTION, state, merge, number, event)
        assert told(merge) == counted(merge)


def test_a_deadline_that_proves_tasks_of_three_norms_is_counted_in_each_and_once_for_the_branch():
    merge = Merge()
    followed(PROJECTION, Tally(), merge, 1, RAISED[-2])
    nothing: dict[str, list[int]] = {name: [] for name in COLUMNS}
    assert told(merge) == (
        {("2026-12", norm): nothing | {"pending": [31]} for norm in ("N11", "N01", "N02")},
        {"2026-12": [31]},
    )


def test_two_tasks_of_one_norm_are_one_obligation_there():
    assert WHOLE.deadline("DL-49").norms == ("N12", "N02")


# Changes

THINGS = st.one_of(
    meetings(),
    st.builds(lambda name, on: MeetingCancelled(occurred_on=on, meeting_id=MeetingId(name), reason="误登"), st.sampled_from("abcd"), DAYS),
    st.builds(lambda fen, on: paid(ANN, "2026-01", fen, f"{on}"), st.integers(1, 900), DAYS),
    st.builds(lambda on, back: reversed_(f"{ANN}-2026-01-{on}", EntryKind.PAYMENT, f"{back}"), DAYS, DAYS),
    st.builds(lambda on: joined(BEN, on), DAYS),
    st.builds(lambda on: AwardGranted(occurred_on=on, award_id=AwardId("a"), decision_no="1"), DAYS),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(THINGS, max_size=25), DAYS, DAYS)
def test_changes_are_counted_between_any_two_days_as_the_events_say(happening, one_day, other_day):
    first, last = sorted((one_day, other_day))
    merge, state = Merge(), State()
    for number, event in enumerate(happening, start=1):
        state = followed(CHANGES, state, merge, number, event)
    facts = [
        Fact(position=n, book=ORG, page=n, event_id=f"e{n}", actor="a", recorded_at=n, late_reason=None, event=event)
        for n, event in enumerate(happening, start=1)
    ]
    slow = {change.id: (change.count, change.fen) for change in changes(facts, (), first, last, sentences())}
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for row in merge.tables["change_month"].values():
        line, month, undone_on = row.key
        fens = row.values["fens"] or [0] * len(row.values["days"])
        for number, fen in zip(row.values["days"], fens, strict=True):
            if first < day(f"{month}-{number:02d}") <= last and not (undone_on and day(undone_on) <= last):
                counts[line] += 1
                sums[line] += fen
        assert row.values["fen"] == sum(row.values["fens"])
    assert {line: (count, sums[line]) for line, count in counts.items()} == slow
