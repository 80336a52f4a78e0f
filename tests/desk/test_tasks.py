"""Obligations as tasks: each leads to the form that fulfils it, with what is known filled in."""

import datetime as dt

import pytest

from admin import words
from admin.fields import command_fields
from admin.tasks import PROVEN_BY, _task, is_open
from events.catalog import EVENTS
from projections.obligations_tables import obligation
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
