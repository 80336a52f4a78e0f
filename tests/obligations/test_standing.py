"""How duties stand on any day: those on record, those to come, those without a date, and as they were known on either clock."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from events.base import Event, MeetingId
from events.meetings import MeetingKind, MeetingWithdrawn
from events.obligations import ObligationExtended, ObligationRaised, ObligationWaived
from events.organisations import RuleChanged
from events.store.record import Fact
from events.structure import BranchDissolved
from projections.duties import Standing, Window, holding_of, standings
from projections.engine.replay import known
from projections.obligations_state import Status
from projections.scores import Reader
from tests.obligations.world import ORG, WHOLE, Branch, day, founded, held

READER = Reader(WHOLE)
JANUARY = day("2026-01-01")
Q1, MARCH = "DL-07:2026-Q1", "DL-01:2026-03"
GENERAL = held("m1", MeetingKind.GENERAL, "2026-02-10")


def facts(*events: Event) -> list[Fact[Event]]:
    """Each event recorded a day after the one before, from 2026-01-01 on."""
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return [
        Fact(
            position=page,
            book=ORG,
            page=page,
            event_id=f"e{page}",
            actor="user",
            recorded_at=int((begin + dt.timedelta(days=page)).timestamp() * 1_000_000),
            late_reason=None,
            event=event,
        )
        for page, event in enumerate(events)
    ]


def stand(window: Window, *events: Event, as_of: str = "", known_at: str = "") -> dict[str, Standing]:
    at = dt.datetime.fromisoformat(f"{known_at}T23:59:59+00:00") if known_at else None
    found = holding_of(READER, known(facts(*events), as_of=day(as_of) if as_of else None, known_at=at))
    return {one.obligation_id: one for one in standings(WHOLE, found, found.overrides(1), window)}


def window(on: str, first: str = "", last: str = "") -> Window:
    return Window(on=day(on), first=day(first) if first else None, last=day(last) if last else None)


def dated(found: dict[str, Standing], deadline: str) -> list[tuple[str, str, str]]:
    return [(key, str(one.one.due_on), one.status) for key, one in found.items() if key.startswith(f"{deadline}:")]


class TestToCome:
    def test_what_is_not_raised_yet_is_forecast_open(self):
        found = stand(window("2026-03-10", "2026-06-01", "2026-12-31"), founded(JANUARY))
        assert dated(found, "DL-07") == [
            ("DL-07:2026-Q2", "2026-06-30", "open"),
            ("DL-07:2026-Q3", "2026-09-30", "open"),
            ("DL-07:2026-Q4", "2026-12-31", "open"),
        ]
        assert found["DL-07:2026-Q3"].one.raised_on is None

    def test_on_a_day_to_come_it_stands_as_it_will_if_nothing_happens(self):
        found = stand(window("2026-07-01", "2026-06-01", "2026-07-05"), founded(JANUARY), GENERAL)
        assert dated(found, "DL-07") == [("DL-07:2026-Q2", "2026-06-30", "overdue")]
        assert dated(found, "DL-54") == [("DL-54:july_first.2026", "2026-07-01", "due_soon")]

    def test_evidence_that_came_before_the_worker_counts(self):
        found = stand(window("2026-02-11", "2026-03-01", "2026-03-31"), founded(JANUARY), GENERAL)
        assert (found[Q1].status, found[Q1].one.fulfilled_on, found[Q1].one.late) == (Status.FULFILLED, day("2026-02-10"), False)

    def test_where_two_are_asked_for_one_that_came_before_the_worker_is_not_enough(self):
        twice = RuleChanged(occurred_on=JANUARY, key="meeting.general.per_quarter", value=2, effective_from=JANUARY, reason="年度要求")
        found = stand(window("2026-02-11", "2026-03-01", "2026-03-31"), founded(JANUARY), twice, GENERAL)
        assert (found[Q1].status, found[Q1].one.done, found[Q1].one.needed) == (Status.OPEN, 1, 2)

    def test_what_was_given_another_date_stands_on_that_date_alone(self):
        raised = ObligationRaised(
            occurred_on=JANUARY, obligation_id=Q1, deadline="DL-07", task="N09.T01", period="2026-Q1", due_on=day("2026-03-31"), needed=1
        )
        moved = ObligationExtended(occurred_on=day("2026-03-01"), obligation_id=Q1, due_on=day("2026-05-15"), reason="洪灾")
        events = (founded(JANUARY), raised, moved)
        assert Q1 not in stand(window("2026-03-10", "2026-03-01", "2026-04-30"), *events)
        assert stand(window("2026-03-10", "2026-05-01", "2026-05-31"), *events)[Q1].status is Status.OPEN

    def test_without_an_end_a_year_and_a_month_ahead_are_told_and_never_more_than_three_years(self):
        last = max(one.one.due_on for one in stand(window("2026-03-10"), founded(JANUARY)).values() if one.one.due_on)
        assert last == day("2027-03-31")
        far = max(one.one.due_on for one in stand(window("2026-03-10", last="9999-12-31"), founded(JANUARY)).values() if one.one.due_on)
        assert far == day("2029-02-28")


class TestAsItWasKnown:
    """Recorded on 1 January (founding) and 2 January 2026 (the meeting of 10 February is typed in at once), withdrawn a day later."""

    GONE = MeetingWithdrawn(occurred_on=day("2026-02-12"), meeting_id=MeetingId("m1"), reason="记错")
    EVENTS = (founded(JANUARY), GENERAL, GONE)

    @pytest.mark.parametrize(
        ("as_of", "known_at", "stands"),
        [
            ("2026-02-09", "", Status.OPEN),
            ("2026-02-10", "", Status.FULFILLED),
            ("2026-02-11", "2026-01-02", Status.FULFILLED),
            ("2026-02-12", "2026-01-02", Status.FULFILLED),
            ("2026-02-12", "2026-01-03", Status.OPEN),
            ("2026-02-12", "2026-01-01", Status.OPEN),
            ("2026-04-01", "2026-01-02", Status.FULFILLED),
            ("2026-04-01", "", Status.OVERDUE),
        ],
    )
    def test_on_both_clocks(self, as_of, known_at, stands):
        assert stand(window(as_of, "2026-03-31", "2026-03-31"), *self.EVENTS, as_of=as_of, known_at=known_at)[Q1].status is stands

    def test_a_waiver_that_was_not_recorded_yet_waives_nothing(self):
        raised = ObligationRaised(
            occurred_on=JANUARY, obligation_id=Q1, deadline="DL-07", task="N09.T01", period="2026-Q1", due_on=day("2026-03-31"), needed=1
        )
        waived = ObligationWaived(occurred_on=day("2026-03-05"), obligation_id=Q1, reason="洪灾")
        events = (founded(JANUARY), raised, waived)
        stands = [
            stand(window("2026-03-10", "2026-03-31", "2026-03-31"), *events, known_at=at)[Q1].status for at in ("2026-01-02", "2026-01-03")
        ]
        assert stands == [Status.OPEN, Status.WAIVED]

    def test_before_the_branch_was_there_nothing_was_due(self):
        assert stand(window("2025-12-31"), *self.EVENTS, as_of="2025-12-31") == {}

    def test_what_a_year_ago_nobody_had_raised_yet_stood_all_the_same(self):
        found = stand(window("2026-02-01", "2026-01-01", "2026-01-31"), founded(JANUARY))
        assert dated(found, "DL-01") == [("DL-01:2026-01", "2026-01-31", "overdue")]


class TestWithoutADate:
    def test_they_stand_at_the_end_with_the_days_since_the_last_evidence(self):
        found = list(stand(window("2026-03-10", "2026-03-01", "2026-03-31"), founded(JANUARY), GENERAL).values())
        lasting = {one.obligation_id: (one.days_since, one.status, one.one.due_on) for one in found[-5:]}
        assert lasting == {
            "N17.T04": (28, "current", None),
            "N21.T01": (None, "stale", None),
            "N21.T02": (None, "stale", None),
            "N21.T04": (None, "stale", None),
            "N21.T05": (None, "stale", None),
        }
        assert all(one.one.due_on is not None for one in found[:-5])

    def test_they_are_there_whatever_the_window(self):
        assert list(stand(window("2026-03-10", "2030-01-01", "2029-01-01"), founded(JANUARY))) == [one.id for one in WHOLE.continuous]

    def test_a_branch_that_is_no_more_has_none(self):
        gone = BranchDissolved(occurred_on=day("2026-02-10"), org_id=ORG, reason="机构调整", approval_no="1")
        assert "N17.T04" not in stand(window("2026-03-10"), founded(JANUARY), gone)
        assert "N17.T04" in stand(window("2026-02-09"), founded(JANUARY), gone, as_of="2026-02-09")


DAYS = st.dates(day("2026-01-02"), day("2026-11-30"))


@settings(deadline=None, max_examples=25)
@given(today=DAYS, later=st.integers(1, 40))
def test_what_is_forecast_for_a_day_is_what_the_worker_raises_on_it(today: dt.date, later: int):
    """Forecast on one day, swept on a later one: the same duties with the same dates and numbers."""
    then = today + dt.timedelta(days=later)
    one = Branch(founded(JANUARY), GENERAL, pack=structs.replace(WHOLE, continuous=()))
    raised = {
        event.obligation_id: (event.due_on, event.needed) for event in one.sweep(then.isoformat()) if isinstance(event, ObligationRaised)
    }
    told = stand(Window(on=today, last=then + dt.timedelta(days=2 * 366)), founded(JANUARY), GENERAL)
    assert {key: (told[key].one.due_on, told[key].one.needed) for key in raised} == raised
