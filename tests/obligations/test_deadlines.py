"""What the pack watches: the 64 deadlines of the rule sheet, every task of the standard, only events and fields that exist, and the way back."""

import datetime as dt
import enum
import typing
from collections.abc import Iterator

import chinese_calendar
import pytest

from events.catalog import EVENTS
from projections.standard.deadlines import ANY, Continuous, Deadline, How, Moving, Proof, Undo, Watched
from projections.standard.pack import default_pack

PACK = default_pack()
NOT_OF_A_BRANCH = {"DL-64": "the holidays of next year are missing: a matter of the installation, told by `holidays.wanting`"}
"""Deadlines of section 5 that no branch has."""
FOR_GOOD = {
    "disclosure.answered": "an answer that was given",
    "dues.arrears_cleared": "when the payment is reversed the member is flagged anew",
    "mobile.contacted": "mobile.withdrawn ends the whole absence",
    "organisations.committee_seated": "seated anew",
    "organisations.post_assigned": "vacated again",
    "transfers.acceptance_noted": "the other branch has the member",
    "transfers.refused": "the letter went back",
}
"""Proofs that nothing takes back."""


def lines() -> Iterator[Deadline | Continuous]:
    yield from PACK.deadlines
    yield from PACK.continuous


def watched_by(one: Deadline | Continuous) -> tuple[Watched, ...]:
    return one.watched() if isinstance(one, Deadline) else one.proof


def fields_of(watched: Watched) -> set[str]:
    named = {watched.thing, *watched.where, watched.subject}
    if isinstance(watched, Proof):
        named |= {watched.year, watched.half, watched.amount, *watched.people, *(watched.months or ())}
    if isinstance(watched, Moving):
        named.add(watched.field)
    return {name.partition(".")[0] for name in named if name is not None}


def test_the_64_deadlines_of_the_rule_sheet_are_there():
    there = {deadline.id.partition(".")[0] for deadline in PACK.deadlines}
    assert {f"DL-{number:02d}" for number in range(1, 65)} - there == set(NOT_OF_A_BRANCH)


@pytest.mark.parametrize("task", [task.id for norm in PACK.standard.norm for task in norm.task])
def test_every_task_of_the_standard_falls_due_or_says_how_long_ago_its_last_evidence_was(task):
    assert [one.id for one in lines() if task in one.tasks] != []


def test_there_are_102_tasks_of_which_five_have_no_due_date():
    due = {task for deadline in PACK.deadlines for task in deadline.tasks}
    continuous = {task for one in PACK.continuous for task in one.tasks}
    assert len(due | continuous) == 102
    assert continuous - due == {"N17.T04", "N21.T01", "N21.T02", "N21.T04", "N21.T05"}


@pytest.mark.parametrize("one", list(lines()), ids=lambda one: one.id)
def test_it_watches_events_and_fields_that_exist(one):
    wrong = [
        watched.event
        for watched in watched_by(one)
        if watched.event not in EVENTS or not fields_of(watched) <= set(EVENTS[watched.event].__struct_fields__)
    ]
    assert wrong == []


@pytest.mark.parametrize("deadline", [one for one in PACK.deadlines if one.due.field], ids=lambda one: one.id)
def test_what_begins_it_states_its_date(deadline):
    assert [begin.event for begin in deadline.begin if deadline.due.field not in EVENTS[begin.event].__struct_fields__] == []


@pytest.mark.parametrize("one", list(lines()), ids=lambda one: one.id)
def test_it_says_in_two_languages_who_is_responsible_and_where_its_figures_come_from(one):
    assert "" not in (one.zh, one.en, one.source, one.role)
    assert one.mark in {"S", "V", "V#", "G", "L", "D"}


@pytest.mark.parametrize("deadline", PACK.deadlines, ids=lambda one: one.id)
def test_it_reminds_before_it_is_overdue_and_the_values_it_asks_for_exist(deadline):
    assert deadline.remind
    assert deadline.how is How.NOTICE or max(deadline.remind) <= 0
    assert list(deadline.remind) == sorted(deadline.remind)


@pytest.mark.parametrize("one", list(lines()), ids=lambda one: one.id)
def test_the_values_of_a_condition_are_values_of_the_field(one):
    wrong = [
        (watched.event, field, value)
        for watched in watched_by(one)
        for field, values in watched.where.items()
        for value in values
        if value != ANY and choices(watched.event, field) and value not in choices(watched.event, field)
    ]
    assert wrong == []


def choices(event: str, field: str) -> set[str]:
    """What a field of a choice, of several or of yes and no may hold; empty for any other field."""
    hint = typing.get_type_hints(EVENTS[event])[field]
    inner = [one for one in typing.get_args(hint) if isinstance(one, type)] or [hint]
    if bool in inner:
        return {"True", "False"}
    return {str(value) for one in inner if isinstance(one, type) and issubclass(one, enum.Enum) for value in one}


class TestTheWayBack:
    """Each proof can be taken back by an event, or the list says why it stands."""

    @staticmethod
    def takes(undo: Undo, tag: str) -> bool:
        if undo.takes:
            return tag in undo.takes
        return tag.partition(".")[0] == undo.event.partition(".")[0]

    def test_every_proof_can_be_taken_back_or_stands_for_good(self):
        tags = {proof.event for one in lines() for proof in one.proof}
        left = {tag for tag in tags if not any(self.takes(undo, tag) for undo in PACK.undos)}
        assert left == FOR_GOOD.keys()

    @pytest.mark.parametrize("undo", PACK.undos, ids=lambda undo: undo.event)
    def test_what_takes_back_exists_and_names_what_exists(self, undo):
        fields = set(EVENTS[undo.event].__struct_fields__)
        assert {undo.thing, *undo.where} <= fields
        assert undo.names is None or undo.names in fields
        assert [tag for tag in (*undo.takes, *undo.called.values()) if tag not in EVENTS] == []


class TestFestivals:
    def test_every_festival_has_dates_in_order(self):
        for festival in PACK.festivals.values():
            assert bool(festival.fixed) != bool(festival.dates)
            assert list(festival.dates) == sorted(festival.dates)
            assert len({day.year for day in festival.dates}) == len(festival.dates)

    @pytest.mark.parametrize(
        ("name", "holiday"),
        [("spring_festival", "Spring Festival"), ("mid_autumn", "Mid-autumn Festival"), ("national_day", "National Day")],
    )
    def test_a_festival_lies_in_its_statutory_holiday(self, name, holiday):
        last = max(chinese_calendar.holidays).year
        days = [day for year in range(2019, last + 1) if (day := PACK.festivals[name].on(year)) is not None]
        assert {chinese_calendar.get_holiday_detail(day) for day in days} == {(True, holiday)}

    def test_the_nearest_date_of_a_festival_is_that_of_its_season(self):
        assert PACK.festivals["spring_festival"].near(dt.date(2026, 2, 10)) == dt.date(2026, 2, 17)
        assert PACK.festivals["new_year"].near(dt.date(2025, 12, 20)) == dt.date(2026, 1, 1)
