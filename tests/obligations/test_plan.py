"""What is due when, and what a worker sends about it: once each, nothing made up for that was missed."""

from collections import Counter

import pytest

from events.base import Event
from events.dues import EntryKind
from events.meetings import MeetingKind
from events.obligations import (
    ObligationEscalated,
    ObligationExplained,
    ObligationExtended,
    ObligationOverdue,
    ObligationRaised,
    ObligationReminded,
    ObligationWaived,
)
from events.organisations import GroupDissolved
from projections.standard.forecast import due_obligations
from projections.standard.rules import Override
from service.decide.dues.state import FlagArrears
from service.decide.transfers.letters import ExpireLetter
from tests.obligations.world import (
    ANN,
    BEN,
    CAI,
    GROUP,
    LETTER,
    PACK,
    Branch,
    assessed,
    day,
    founded,
    grouped,
    held,
    joined,
    letter,
    paid,
    reversed_,
    seated,
)

BEGIN = day("2026-01-01")
Q1 = "DL-07:2026-Q1"


def branch(*events: Event, overrides: tuple[Override, ...] = ()) -> Branch:
    return Branch(founded(BEGIN), *events, overrides=overrides)


def forecast(one: Branch, first: str, last: str) -> list[tuple[str, str]]:
    return [(due.obligation_id, due.due_on.isoformat()) for due in due_obligations(PACK, one.facts, day(first), day(last))]


def reminders(events: list[Event], key: str = Q1) -> list[tuple[str, int]]:
    return [(e.occurred_on.isoformat(), e.offset) for e in events if isinstance(e, ObligationReminded) and e.obligation_id == key]


def kinds(events: list[Event], key: str = Q1) -> list[str]:
    return [type(event).__name__.removeprefix("Obligation") for event in events if getattr(event, "obligation_id", "") == key]


class TestForecast:
    def test_a_branch_alone_has_a_meeting_a_theme_day_and_by_quarter_a_general_meeting_and_a_lecture(self):
        assert forecast(branch(), "2026-01-01", "2026-03-31") == [
            ("DL-01:2026-01", "2026-01-31"),
            ("DL-04:2026-01", "2026-01-31"),
            ("DL-01:2026-02", "2026-02-28"),
            ("DL-04:2026-02", "2026-02-28"),
            ("DL-01:2026-03", "2026-03-31"),
            ("DL-04:2026-03", "2026-03-31"),
            ("DL-07:2026-Q1", "2026-03-31"),
            ("DL-08:2026-Q1", "2026-03-31"),
        ]

    def test_a_committee_groups_and_payers_bring_their_own(self):
        one = branch(grouped(BEGIN), seated(ANN, BEN, CAI, on=BEGIN), joined(ANN, BEGIN), assessed(ANN, 100, "2026-01"))
        assert forecast(one, "2026-04-01", "2026-04-30") == [
            ("DL-12:2026-Q1", "2026-04-10"),
            ("DL-01:2026-04", "2026-04-30"),
            ("DL-02:2026-04", "2026-04-30"),
            ("DL-03:2026-04:g1", "2026-04-30"),
            ("DL-04:2026-04", "2026-04-30"),
            ("DL-05:2026-04", "2026-04-30"),
        ]

    def test_a_period_counts_only_for_who_was_there_through_all_of_it(self):
        one = branch(grouped(day("2026-02-02")), GroupDissolved(occurred_on=day("2026-04-30"), group_id=GROUP, reason="合并"))
        assert [key for key, _ in forecast(one, "2026-01-01", "2026-12-31") if key.startswith("DL-03")] == ["DL-03:2026-03:g1"]

    def test_nothing_is_due_before_there_is_a_branch(self):
        assert forecast(Branch(), "2026-01-01", "2026-12-31") == []
        assert forecast(branch(), "2025-01-01", "2026-01-30") == []

    def test_letters_run_out_on_the_stated_day_and_are_answered_in_working_days(self):
        assert forecast(Branch(letter("2026-03-11", "2026-04-10")), "2026-03-01", "2026-04-30") == [(f"DL-30:{LETTER}", "2026-04-10")]

    def test_changed_rules_hold_for_periods_from_their_date_on(self):
        twice = Override(key="meeting.general.per_quarter", value=2, effective_from=day("2026-04-01"))
        none = Override(key="themeday.per_month", value=0, effective_from=day("2026-02-01"))
        one = branch(overrides=(twice, none))
        needed = {due.obligation_id: due.needed for due in due_obligations(PACK, one.facts, day("2026-01-01"), day("2026-06-30"))}
        assert (needed["DL-07:2026-Q1"], needed["DL-07:2026-Q2"]) == (1, 2)
        assert [key for key in needed if key.startswith("DL-04")] == ["DL-04:2026-01"]


class TestSweep:
    def test_what_begins_is_raised_once(self):
        one = branch()
        raised = [event for event in one.sweep("2026-01-01") if isinstance(event, ObligationRaised)]
        assert [(event.obligation_id, event.due_on.isoformat(), event.needed) for event in raised] == [
            ("DL-01:2026-01", "2026-01-31", 1),
            ("DL-04:2026-01", "2026-01-31", 1),
            ("DL-07:2026-Q1", "2026-03-31", 1),
            ("DL-08:2026-Q1", "2026-03-31", 1),
        ]
        assert one.sweep("2026-01-01") == []

    def test_what_was_done_before_a_worker_ever_ran_is_raised_as_fulfilled(self):
        one = branch(held("m1", MeetingKind.GENERAL, "2026-01-05"))
        assert kinds(one.sweep("2026-05-01")) == ["Raised"]
        assert one.rows[Q1].fulfilled_on == day("2026-01-05")

    def test_a_worker_that_runs_every_day_says_everything_once(self):
        one, said = branch(), []
        for _ in range(2):
            for number in range(1, 31):
                said += one.sweep(f"2026-03-{number:02d}")
        said += (
            one.sweep("2026-03-31") + one.sweep("2026-04-01") + one.sweep("2026-04-06") + one.sweep("2026-04-07") + one.sweep("2026-04-30")
        )
        assert kinds(said) == ["Raised", "Reminded", "Reminded", "Overdue", "Escalated", "Escalated"]
        assert reminders(said) == [("2026-03-11", -20), ("2026-03-24", -7)]
        assert [
            event.occurred_on.isoformat() for event in said if isinstance(event, ObligationEscalated) and event.obligation_id == Q1
        ] == ["2026-04-07", "2026-04-30"]

    def test_after_a_week_without_a_worker_only_the_newest_reminder_goes_out(self):
        one = branch()
        one.sweep("2026-03-05")
        assert reminders(one.sweep("2026-03-26")) == [("2026-03-26", -7)]
        assert reminders(one.sweep("2026-03-27")) == []

    def test_after_a_long_absence_it_is_overdue_and_escalated_without_reminders(self):
        one = branch()
        one.sweep("2026-01-01")
        assert kinds(one.sweep("2026-04-20")) == ["Overdue", "Escalated"]

    def test_a_clock_that_jumps_ahead_and_back_repeats_nothing(self):
        one = branch()
        one.sweep("2026-03-01")
        ahead = one.sweep("2026-03-25")
        assert reminders(ahead) == [("2026-03-25", -7)]
        assert one.sweep("2026-03-12") == []
        assert kinds(one.sweep("2026-03-31")) == []

    def test_a_clock_that_goes_back_after_the_mark_reminds_nobody(self):
        one = branch()
        one.sweep("2026-03-12")
        assert kinds(one.sweep("2026-04-01")) == ["Overdue"]
        assert one.sweep("2026-03-31") == []
        assert one.sweep("2026-04-01") == []

    def test_two_workers_with_the_same_view_send_the_same_keys(self):
        one = branch()
        one.sweep("2026-01-01")
        assert [step.key for step in one.plan("2026-03-30")] == [step.key for step in one.plan("2026-03-30")]
        assert all(count == 1 for count in Counter(step.key for step in one.plan("2026-03-30")).values())

    def test_what_is_fulfilled_is_left_alone(self):
        one = branch()
        one.sweep("2026-01-01")
        one.happen(held("m1", MeetingKind.GENERAL, "2026-03-05"))
        assert kinds(one.sweep("2026-03-30") + one.sweep("2026-04-20")) == []

    def test_what_is_waived_is_left_alone(self):
        one = branch()
        one.sweep("2026-01-01")
        one.happen(ObligationWaived(occurred_on=day("2026-03-01"), obligation_id=Q1, reason="洪灾"))
        assert kinds(one.sweep("2026-03-30") + one.sweep("2026-04-20")) == []

    def test_more_time_moves_reminders_and_escalation(self):
        one = branch()
        one.sweep("2026-03-30")
        one.happen(ObligationExtended(occurred_on=day("2026-03-30"), obligation_id=Q1, due_on=day("2026-04-30"), reason="洪灾"))
        assert kinds(one.sweep("2026-04-07")) == []
        said = one.sweep("2026-04-10") + one.sweep("2026-04-23") + one.sweep("2026-05-01") + one.sweep("2026-05-07")
        assert kinds(said) == ["Reminded", "Reminded", "Overdue", "Escalated"]

    def test_the_theme_day_is_reminded_of_by_its_fixed_day_and_overdue_after_the_month(self):
        one, key = branch(), "DL-04:2026-01"
        said = one.sweep("2026-01-02") + one.sweep("2026-01-05") + one.sweep("2026-01-20") + one.sweep("2026-02-01")
        assert reminders(said, key) == [("2026-01-02", -3), ("2026-01-05", 0)]
        assert kinds(said, key) == ["Raised", "Reminded", "Reminded", "Overdue"]

    def test_a_theme_day_with_more_time_is_reminded_of_by_the_new_date(self):
        one, key = branch(), "DL-04:2026-01"
        one.sweep("2026-01-31")
        one.happen(ObligationExtended(occurred_on=day("2026-01-31"), obligation_id=key, due_on=day("2026-02-20"), reason="洪灾"))
        assert reminders(one.sweep("2026-02-16") + one.sweep("2026-02-17"), key) == [("2026-02-17", -3)]

    def test_on_the_due_day_itself_it_is_reminded_of_and_not_overdue(self):
        one, key = branch(), "DL-01:2026-01"
        one.sweep("2026-01-29")
        assert kinds(one.sweep("2026-01-31"), key) == ["Reminded"]

    def test_what_was_escalated_needs_no_further_step(self):
        one = branch()
        one.sweep("2026-04-20")
        assert one.plan("2026-04-20") == []

    def test_duties_older_than_a_year_are_not_raised(self):
        one = Branch(founded(day("2015-01-01")))
        raised = {event.period for event in one.sweep("2026-03-15") if isinstance(event, ObligationRaised)}
        assert min(period for period in raised if "Q" not in period) == "2025-03"
        assert min(period for period in raised if "Q" in period) == "2025-Q1"

    def test_a_reversal_after_it_was_done_makes_it_overdue_again(self):
        one = branch(joined(ANN, BEGIN), assessed(ANN, 100, "2026-01"), paid(ANN, "2026-01", 100, "2026-01-10"))
        key = "DL-05:2026-01"
        assert kinds(one.sweep("2026-02-01"), key) == ["Raised"]
        one.happen(reversed_("ann-2026-01-2026-01-10", EntryKind.PAYMENT, "2026-02-03", ANN, "2026-01", 100))
        assert kinds(one.sweep("2026-02-03"), key) == ["Overdue"]


class TestLadder:
    """Day 0 whoever is responsible, +1 the secretary, then the superior, and 30 days after the due date the superior again."""

    def told(self, one: Branch, *days: str) -> list[tuple[str, str]]:
        said = [event for today in days for event in one.sweep(today)]
        return [(kind, event.occurred_on.isoformat()) for event in said for kind in kinds([event])]

    def test_the_superior_is_told_once_more_when_it_is_there_for_long(self):
        one = branch()
        one.sweep("2026-03-31")
        days = ("2026-04-01", "2026-04-06", "2026-04-07", "2026-04-29", "2026-04-30", "2026-05-30")
        assert self.told(one, *days) == [("Overdue", "2026-04-01"), ("Escalated", "2026-04-07"), ("Escalated", "2026-04-30")]
        assert (one.rows[Q1].escalated_on, one.rows[Q1].pressed_on) == (day("2026-04-07"), day("2026-04-30"))

    def test_after_a_long_absence_of_the_worker_there_are_as_many_days_between_the_two(self):
        one = branch()
        one.sweep("2026-03-31")
        days = ("2026-06-01", "2026-06-02", "2026-06-23", "2026-06-24", "2026-06-25")
        assert self.told(one, *days) == [("Overdue", "2026-06-01"), ("Escalated", "2026-06-01"), ("Escalated", "2026-06-24")]

    def test_with_more_time_it_begins_anew(self):
        one = branch()
        one.sweep("2026-03-31")
        self.told(one, "2026-04-01", "2026-04-07", "2026-04-30")
        one.happen(ObligationExtended(occurred_on=day("2026-05-01"), obligation_id=Q1, due_on=day("2026-05-31"), reason="洪灾"))
        one.sweep("2026-05-31")
        days = ("2026-06-01", "2026-06-07", "2026-06-30", "2026-07-30")
        assert self.told(one, *days) == [("Overdue", "2026-06-01"), ("Escalated", "2026-06-07"), ("Escalated", "2026-06-30")]

    def test_a_reason_lets_reminders_rest_for_seven_days_but_not_the_mark(self):
        one = branch()
        one.sweep("2026-03-05")
        one.happen(ObligationExplained(occurred_on=day("2026-03-10"), obligation_id=Q1, reason="书记外出学习"))
        assert self.told(one, "2026-03-11", "2026-03-16") == []
        assert self.told(one, "2026-03-17", "2026-03-18") == [("Reminded", "2026-03-17")]
        one.happen(ObligationExplained(occurred_on=day("2026-03-31"), obligation_id=Q1, reason="书记外出学习"))
        assert self.told(one, "2026-03-31", "2026-04-01", "2026-04-07") == [("Overdue", "2026-04-01"), ("Escalated", "2026-04-07")]
        assert (one.rows[Q1].explained_on, one.rows[Q1].explanation) == (day("2026-03-31"), "书记外出学习")


class TestConsequences:
    def test_members_who_did_not_pay_are_flagged_the_day_after(self):
        one = branch(joined(ANN, BEGIN), joined(BEN, BEGIN), assessed(ANN, 100, "2026-01"), assessed(BEN, 100, "2026-01"))
        one.sweep("2026-01-20")
        one.happen(paid(ANN, "2026-01", 100, "2026-01-10"))
        assert [step for step in one.plan("2026-01-31") if isinstance(step.command, FlagArrears)] == []
        planned = {step.key: step.command for step in one.plan("2026-02-01") if isinstance(step.command, FlagArrears)}
        assert planned == {"DL-05:2026-01:arrears:ben": FlagArrears(occurred_on=day("2026-02-01"), person_id=BEN)}
        assert kinds(one.sweep("2026-02-20"), "DL-05:2026-01") == ["Overdue"]

    def test_a_letter_that_ran_out_is_marked_as_expired(self):
        one = Branch(letter("2026-03-11", "2026-04-10"))
        one.sweep("2026-03-11")
        assert [step for step in one.plan("2026-04-10") if isinstance(step.command, ExpireLetter)] == []
        planned = [step.command for step in one.plan("2026-04-11")]
        assert planned[0] == ExpireLetter(occurred_on=day("2026-04-11"), letter_id=LETTER)
        assert [type(event) for event in one.sweep("2026-04-11")] == [ObligationOverdue]


@pytest.mark.parametrize("today", ["2026-01-01", "2026-02-28", "2026-03-31", "2026-12-31", "2028-02-29"])
def test_a_sweep_on_any_day_comes_to_rest(today):
    one = branch(
        grouped(BEGIN),
        seated(ANN, BEN, CAI, on=BEGIN),
        joined(ANN, BEGIN),
        assessed(ANN, 100, "2026-01"),
        letter("2026-01-01", "2026-02-01"),
    )
    one.sweep(today)
    assert one.sweep(today) == []
