"""Obligations as tasks: each leads to the form that fulfils it, with what is known filled in."""

import datetime as dt

import pytest

from admin import words
from admin.evidence import PROVEN_BY
from admin.fields import command_fields
from admin.tasks import OPENED, _task, by_month, by_norm, is_open
from events.catalog import EVENTS
from projections.obligations_tables import obligation
from projections.standard.deadlines import How
from projections.standard.pack import default_pack
from service.decide.catalog import CASES

TODAY = dt.date(2026, 11, 24)
PACK = default_pack()


def row(deadline_id="DL-01", **changed):
    deadline = PACK.deadline(deadline_id)
    values = dict.fromkeys(column.name for column in obligation.columns) | {"needed": 1, "done": 0, "missing": [], "subject": ""}
    values |= {"deadline": deadline_id, "task": deadline.task, "period": "2026-11", "due_on": dt.date(2026, 11, 30)}
    return values | changed


def task(deadline_id="DL-01", **changed):
    words.use("en")
    return _task(row(deadline_id, **changed), PACK.deadline(deadline_id), {"g1": "第一党小组", "p1": "安宁"}, TODAY)


def test_every_proof_that_has_a_form_names_one_that_exists():
    assert set(PROVEN_BY) <= EVENTS.keys()
    assert set(PROVEN_BY.values()) <= CASES.keys()


@pytest.mark.parametrize("deadline", PACK.deadlines, ids=lambda one: one.id)
def test_what_a_task_fills_in_is_a_field_of_its_form(deadline):
    found = task(deadline.id, subject="g1")
    if found.command and found.query:
        fields = {field.name for field in command_fields(CASES[found.command].command)}
        assert {pair.split("=")[0] for pair in found.query[1:].split("&")} <= fields


@pytest.mark.parametrize("deadline", [one for one in PACK.deadlines if one.how is not How.NOTICE], ids=lambda one: one.id)
def test_every_duty_leads_to_a_form(deadline):
    assert task(deadline.id).command in CASES


def test_a_task_says_what_when_and_by_which_rule():
    found = task("DL-02")
    assert (found.title, found.period, found.days, found.overdue) == ("Monthly committee meeting", "2026-11", 6, False)
    assert (found.norm, found.rule) == ("N02.T03", "R-A07")
    assert (found.command, found.query) == ("record-meeting-held", "?kind=committee")


def test_a_group_meets_by_name():
    found = task("DL-03", subject="g1")
    assert found.title == "Monthly Party group meeting 第一党小组"
    assert "group_id=g1" in found.query


def test_what_is_past_is_overdue_and_says_who_is_wanting():
    found = task(due_on=dt.date(2026, 11, 20), missing=["p1", "p2"])
    assert (found.days, found.overdue, found.progress) == (-4, True, "安宁, p2")
    assert task(needed=3, done=1).progress == "1/3"


@pytest.mark.parametrize("end", ["fulfilled_on", "waived_on", "lapsed_on"])
def test_what_is_over_is_no_task(end):
    assert is_open(row())
    assert not is_open(row(**{end: TODAY}))
    assert not is_open(row(due_on=None))


class TestGroups:
    """Many duties stay readable: norm by norm, what is missed month after month once, the later ones by month."""

    def test_norms_come_in_the_order_of_what_is_longest_overdue_with_their_names(self):
        found = by_norm(PACK, [task("DL-07", due_on=dt.date(2026, 9, 30)), task("DL-01"), task("DL-08", due_on=dt.date(2026, 12, 1))])
        assert [(group.id, group.name, group.overdue, group.soon) for group in found] == [
            ("N09", "Three meetings and one class", 1, 0),
            ("N01", "Ideological and political building", 0, 2),
        ]

    def test_a_duty_that_is_missed_again_and_again_stands_once_and_counts_each_time(self):
        months = [task(due_on=dt.date(2026, month, 28), period=f"2026-{month:02d}") for month in (8, 9, 10)]
        (group,) = by_norm(PACK, [*months, task()])
        assert [(one.period, one.missed) for one in group.tasks] == [("2026-08", 2), ("2026-11", 0)]
        assert (group.overdue, group.soon) == (3, 1)

    def test_after_the_first_dozen_norms_are_folded(self):
        many = [task("DL-07", subject=f"s{number}", period=str(number)) for number in range(OPENED)]
        found = by_norm(PACK, [*many, task("DL-01")])
        assert [(group.id, group.unfolded) for group in found] == [("N09", True), ("N01", False)]

    def test_later_ones_stand_by_month(self):
        found = by_month([task(due_on=dt.date(2027, 1, 10)), task(due_on=dt.date(2027, 1, 31)), task(due_on=dt.date(2027, 3, 31))])
        assert [(group.id, len(group.tasks)) for group in found] == [("2027-01", 2), ("2027-03", 1)]


def test_nobody_is_led_to_a_form_that_they_may_not_send():
    words.use("en")
    found = _task(row("DL-02"), PACK.deadline("DL-02"), {}, TODAY, {"receive-dues"})
    assert (found.command, found.query) == ("", "")


def test_eyes_that_see_no_names_are_told_how_many_and_never_an_id():
    assert task("DL-02", missing=["p8", "p9"]).progress == "2 are missing"
    assert task("DL-02", missing=["p1"]).progress == "安宁"
    assert task("DL-02", missing=["2026-03", "2026-04"]).progress == "2026-03, 2026-04"
