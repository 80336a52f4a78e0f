"""Scoring as data: wrong schemes are refused with their line, two packs are compared entry by entry, a 27th norm is scored without code."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from events.base import Event, MeetingId
from events.meetings import MeetingHeld, MeetingKind
from projections.engine.fold import Fact
from projections.scores import Reader, fold_and_score
from projections.standard.comparing import Change, How, Kind, Verdict, check, diff
from projections.standard.contrast import contrast
from projections.standard.pack import FOLDER, load
from projections.standard.score_tree import leaves
from projections.standard.scoring import Scorer
from tests.obligations.world import ANN, BEN, ORG, day, founded
from tests.standard.drafts import BEGINS, DEADLINE, NORM

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def draft(tmp_path: Path) -> Edit:
    """A copy of the pack in which a text of a file is replaced."""
    folder = tmp_path / "draft"
    shutil.copytree(FOLDER, folder)

    def edit(file: str, old: str, new: str) -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


def line(file: Path, start: str) -> int:
    return next(no for no, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1) if text.startswith(start))


def test_the_pack_that_ships_is_one():
    found = check(FOLDER)
    assert (found.ok, found.version, found.norms, found.tasks, found.reason) == (True, "2019", 26, 102, "")


@pytest.mark.parametrize(
    ("file", "old", "new", "start", "reason"),
    [
        ("scoring.toml", "later = 40", "later = 90", "effective_from", "2019-01-01: what is done later may not bring more"),
        ("scoring.toml", 'norm = "N03"', 'norm = "N01"', 'norm = "N01"', "2019-01-01: N01 stands twice"),
        ("scoring.toml", '"N02.T03" = 3', '"N01.T03" = 3', "effective_from", "2019-01-01: N02 has no task N01.T03"),
        (
            "scoring.toml",
            'on_site = "N26.T03", ',
            "",
            "effective_from",
            "2019-01-01: judged names a task for each of ballot, debriefing, on_site",
        ),
        ("scoring.toml", "later = 40", 'later = "x"', "[[scheme]]", "Expected `int`, got `str` - at `$.scheme[0].later`"),
    ],
)
def test_a_wrong_scheme_is_refused_with_file_line_and_reason(draft, file, old, new, start, reason):
    folder = draft(file, old, new)
    found = check(folder)
    assert (found.ok, found.file, found.reason) == (False, file, reason)
    assert found.line is not None
    assert found.line >= line(folder / file, start)


def test_a_folder_without_its_files_is_no_pack(tmp_path: Path):
    assert check(tmp_path) == Verdict(ok=False, file="norms.toml", reason="there is no such file")


def test_the_same_pack_twice_differs_in_nothing():
    assert diff(load(), load()) == []


def test_a_changed_weight_is_told_with_its_line(draft):
    folder = draft("scoring.toml", "points = 7", "points = 20")
    assert diff(load(), load(folder)) == [
        Change(
            kind=Kind.INDICATOR,
            id="N01 2019-01-01",
            how=How.CHANGED,
            field="points",
            before=7,
            after=20,
            file="scoring.toml",
            line=line(folder / "scoring.toml", 'norm = "N01"'),
            reason="points was 7 and is 20",
        )
    ]


def test_a_setting_that_is_gone_is_told_with_its_line_in_the_older_pack(draft):
    text = (FOLDER / "settings.toml").read_text(encoding="utf-8")
    block = text[text.index('[[setting]]\nkey = "dues.use_items"') :].split("\n\n", 1)[0]
    [gone] = diff(load(), load(draft("settings.toml", block, "")))
    assert (gone.kind, gone.id, gone.how, gone.reason) == (Kind.SETTING, "dues.use_items 2017-01-01", How.REMOVED, "is gone")
    assert gone.line == line(FOLDER / "settings.toml", 'key = "dues.use_items"')


ASKED = DEADLINE.replace(f"since = {BEGINS}\n", "")
"""Of every year, as a trial asks for it."""
INDICATOR = """
[[scheme.indicator]]
norm = "N27"
points = 100
"""


def test_a_27th_norm_with_a_monthly_task_is_an_edit_of_the_pack_and_is_scored(draft):
    folder = Path()
    for file, more in (("norms.toml", NORM), ("deadlines.toml", ASKED), ("scoring.toml", INDICATOR)):
        text = (FOLDER / file).read_text(encoding="utf-8")
        folder = draft(file, text, text + more)
    assert [(change.kind, change.id, change.how) for change in diff(load(), load(folder))] == [
        (Kind.NORM, "N27", How.ADDED),
        (Kind.TASK, "N27.T01", How.ADDED),
        (Kind.DEADLINE, "DL-90", How.ADDED),
        (Kind.INDICATOR, "N27 2019-01-01", How.ADDED),
    ]
    pack = load(folder)
    facts = book(founded(day("2025-12-01")), *(_met(month) for month in range(1, 7)))
    now = fold_and_score(Reader(load()), Scorer(load(), 2026), facts, (), day("2026-12-31"), draft=False)
    then = fold_and_score(Reader(pack), Scorer(pack, 2026), facts, (), day("2026-12-31"), draft=True)
    of_norm = [one for one in leaves(then.total) if one.ground and one.ground.deadline == "DL-90"]
    assert [one.got for one in of_norm] == [one.most for one in of_norm[:6]] + [0] * 6
    assert min(one.most for one in of_norm) > 0
    why = contrast("b1", "第一党支部", now, then).why
    assert (why[0].id, why[0].now, why[0].draft) == ("routine:N27", 0, sum(one.got for one in of_norm))


def _met(month: int) -> MeetingHeld:
    return MeetingHeld(
        occurred_on=dt.date(2026, month, 10),
        meeting_id=MeetingId(f"m{month}"),
        kind=MeetingKind.GENERAL,
        topic="学习",
        chair=ANN,
        recorder=BEN,
        due=(ANN, BEN),
        present=(ANN, BEN),
    )


def book(*events: Event) -> list[Fact[Event]]:
    return [
        Fact(position=-1, book=ORG, page=page, event_id=f"e{page}", actor="user", recorded_at=page, late_reason=None, event=event)
        for page, event in enumerate(events, start=1)
    ]
