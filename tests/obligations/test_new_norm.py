"""A 27th norm with a monthly task is an edit of the pack and of nothing else: its obligation, reminder, forecast and evidence follow."""

import shutil
from pathlib import Path

import pytest

from events.base import Event
from events.meetings import MeetingKind
from events.obligations import ObligationEscalated, ObligationOverdue, ObligationRaised, ObligationReminded
from projections.engine.fold import Fact
from projections.engine.merge import Merge, apply
from projections.obligations import Lens
from projections.standard.pack import FOLDER, Pack, load
from projections.tally import Tally, tallied
from service.decide.obligations import RemindOfObligation
from tests.obligations.world import ORG, Branch, day, founded, held

NORM = """
[[norm]]
id = "N27"
no = 27
zh = "青年学习规范"
en = "Study of the young"
group = "S1"
goal_zh = "青年党员每月学习"
goal_original_zh = "青年党员每月学习"
material = []

[[norm.task]]
id = "N27.T01"
zh = "青年党员每月集中学习一次"
en = "A study meeting of the young every month"
period = "monthly"
basis = "default"
due = "by the last day of the month"
role = "publicity_member"
evidence = ["MeetingHeld(kind=study)"]
"""
DEADLINE = """
[[deadline]]
id = "N27.T01"
zh = "青年每月学习"
en = "Monthly study of the young"
task = "N27.T01"
period = "monthly"
of = "branch"
count = "youth.meetings_per_month"
due = { rule = "period_end" }
remind = [-5]
overdue = 1
escalate = 7
role = "publicity_member"
source = "N27.T01"
proof = [{ event = "meetings.held", thing = "meeting_id", where = { kind = ["study"] } }]
"""
SETTING = """
[[setting]]
key = "youth.meetings_per_month"
value = 1
effective_from = 2026-01-01
mark = "D"
source = "N27.T01"
zh = "青年每月学习次数"
en = "Study meetings of the young in a month"
"""
KEY = "N27.T01:2026-03"


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    folder = tmp_path / "packs"
    shutil.copytree(FOLDER, folder)
    for name, added in (("norms.toml", NORM), ("deadlines.toml", DEADLINE), ("settings.toml", SETTING)):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(added)
    return load(folder)


@pytest.fixture
def branch(pack: Pack) -> Branch:
    return Branch(founded(), pack=pack)


def test_the_pack_has_27_norms_and_its_task_falls_due(pack):
    assert [norm.id for norm in pack.standard.norm][-1] == "N27"
    assert pack.deadline("N27.T01").tasks == ("N27.T01",)


def test_it_is_forecast_for_every_month_to_come(branch):
    mine = [(due.obligation_id, due.due_on, due.needed) for due in branch.forecast("2027-01-01", "2027-03-31") if due.task == "N27.T01"]
    assert mine == [
        ("N27.T01:2027-01", day("2027-01-31"), 1),
        ("N27.T01:2027-02", day("2027-02-28"), 1),
        ("N27.T01:2027-03", day("2027-03-31"), 1),
    ]


def test_the_worker_raises_it_reminds_of_it_and_escalates_it(branch):
    branch.sweep("2026-03-01")
    assert [step.command for step in branch.plan("2026-03-26") if step.key.startswith(KEY)] == [
        RemindOfObligation(occurred_on=day("2026-03-26"), obligation_id=KEY, due_on=day("2026-03-31"), offset=-5)
    ]
    said = branch.sweep("2026-03-26") + branch.sweep("2026-04-01") + branch.sweep("2026-04-07")
    mine = [type(event) for event in said if getattr(event, "obligation_id", "") == KEY]
    assert mine == [ObligationReminded, ObligationOverdue, ObligationEscalated]


def test_a_study_meeting_fulfils_it(branch):
    said = branch.sweep("2026-03-01")
    assert KEY in {event.obligation_id for event in said if isinstance(event, ObligationRaised)}
    branch.happen(held("m1", MeetingKind.STUDY, "2026-03-12"))
    row = branch.rows[KEY]
    assert (row.task, row.due_on, row.fulfilled_on, row.late) == ("N27.T01", day("2026-03-31"), day("2026-03-12"), False)
    assert [step for step in branch.plan("2026-03-26") if step.key.startswith(KEY)] == []


def test_it_is_counted_for_the_grid_and_its_trends(branch, pack):
    branch.sweep("2026-03-01")
    branch.happen(held("m1", MeetingKind.STUDY, "2026-03-12"))
    branch.sweep("2026-04-01")
    merge = Merge()
    apply(tallied(Lens(pack)), Tally(), facts_of(branch.events), merge)
    mine = {row.key: row.values for row in merge.tables["norm_month"].values() if row.key[1] == "N27" and row.key[0] >= "2026-03"}
    assert mine == {
        ("2026-03", "N27"): {"on_time": [31], "late": [], "pending": [], "waived": []},
        ("2026-04", "N27"): {"on_time": [], "late": [], "pending": [30], "waived": []},
    }


def facts_of(events: list[Event]) -> list[Fact[Event]]:
    return [
        Fact(position=page, book=ORG, page=page, event_id=f"e{page}", actor="user", recorded_at=page, late_reason=None, event=event)
        for page, event in enumerate(events, start=1)
    ]
