"""The standard pack: complete, typed, wrong files refused with file and line; the hundred refusals."""

import datetime as dt
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from projections.standard.pack import FOLDER, default_pack, load, same_shape
from projections.standard.reading import PackError
from projections.standard.refusals import refusal, refusals
from projections.standard.rules import Override

PACK = default_pack()
ROOT = Path(__file__).parents[2]


def test_the_standard_is_whole():
    norms = PACK.standard.norm
    counts = (
        len(norms),
        sum(len(norm.task) for norm in norms),
        sum(len(norm.material) for norm in norms),
        sum(len(material.item) for norm in norms for material in norm.material),
        len(PACK.standard.ledger),
        len(PACK.standard.group),
    )
    assert counts == (26, 102, 125, 143, 10, 5)


def test_every_id_is_there_once():
    ids = [norm.id for norm in PACK.standard.norm]
    ids += [part.id for norm in PACK.standard.norm for part in (*norm.task, *norm.material)]
    ids += [item.id for norm in PACK.standard.norm for material in norm.material for item in material.item]
    assert [name for name, count in Counter(ids).items() if count > 1] == []


def test_a_slip_of_the_pen_is_mended_and_the_documents_wording_kept_beside_it():
    task = next(task for norm in PACK.standard.norm for task in norm.task if task.id == "N15.T01")
    assert "开具组织关系介绍信" in task.zh
    assert task.original_zh == task.zh.replace("开具", "开据")
    shown = [part.zh for norm in PACK.standard.norm for part in (*norm.task, *norm.material)]
    assert [text for text in shown if re.search("开据|按收|时行|纪录|台帐|党员员", text)] == []


def test_every_number_that_the_code_asks_for_is_in_the_pack():
    asked: set[str] = set()
    for file in (*ROOT.glob("service/**/*.py"), *ROOT.glob("projections/**/*.py")):
        asked |= set(re.findall(r"rules\.(?:number|flag|text|table)\(\"([^\"]+)\"", file.read_text(encoding="utf-8")))
    assert "dues.back_months" in asked
    assert asked - PACK.rules(dt.date(2026, 1, 1)).values.keys() == set()


def test_an_older_rule_holds_before_the_newer_one():
    assert not PACK.rules(dt.date(2020, 7, 12)).flag("election.quorum_inclusive")
    assert PACK.rules(dt.date(2020, 7, 13)).flag("election.quorum_inclusive")


def test_before_its_first_date_a_rule_has_its_first_value():
    assert PACK.rules(dt.date(1949, 10, 1)).values == PACK.rules(dt.date(1980, 1, 1)).values
    assert PACK.rules(dt.date(1980, 1, 1)).number("dues.back_months") == 6


def test_a_changed_rule_holds_from_its_date_on_and_the_later_recorded_one_wins():
    change = Override(key="meeting.general.per_quarter", value=2, effective_from=dt.date(2026, 4, 1))
    own = Override(key="meeting.general.per_quarter", value=3, effective_from=dt.date(2026, 4, 1))
    assert PACK.rules(dt.date(2026, 3, 31), [change]).number("meeting.general.per_quarter") == 1
    assert PACK.rules(dt.date(2026, 4, 1), [change]).number("meeting.general.per_quarter") == 2
    assert PACK.rules(dt.date(2026, 4, 1), [change, own]).number("meeting.general.per_quarter") == 3
    assert PACK.rules(dt.date(2026, 4, 1), [change]).number("meeting.committee.per_month") == 1


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        ("dues.back_months", 12, True),
        ("dues.back_months", "12", False),
        ("dues.back_months", True, False),
        ("election.mobile_box", True, True),
        ("vote.ordinary.quorum", [2, 3], True),
        ("vote.ordinary.quorum", [2, 0], False),
        ("vote.ordinary.quorum", [2], False),
        ("dues.rates.salary", [[0, 100]], True),
        ("dues.rates.salary", [100], False),
        ("dues.use_items", [["会议费", "training"]], True),
        ("no.such.rule", 1, False),
    ],
)
def test_a_rule_may_only_be_set_to_a_value_of_its_shape(key, value, fits):
    assert PACK.accepts(key, value) is fits


def test_every_setting_has_its_own_shape():
    assert [setting.key for setting in PACK.settings if not same_shape(setting.value, setting.value)] == []
    assert {setting.mark for setting in PACK.settings} <= {"S", "V", "V#", "G", "L", "D"}


def copied(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "packs"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("settings.toml", "value = 30", "value = ", "Invalid value"),
        ("settings.toml", 'mark = "D"\nsource', "source", "missing required field `mark`"),
        ("norms.toml", 'period = "monthly"', 'period = "weekly"', "Invalid enum value 'weekly'"),
        ("deadlines.toml", 'rule = "period_end"', 'rule = "whenever"', "Invalid enum value 'whenever'"),
        ("deadlines.toml", "overdue = 1", "overdue = 1\nurgent = true", "unknown field `urgent`"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path, file, old, new, reason):
    folder = copied(tmp_path, file, old, new)
    with pytest.raises(PackError, match=re.escape(reason)) as error:
        load(folder)
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert error.value.file == file
    assert error.value.line is not None
    assert 0 <= text[: text.index(old)].count("\n") + 1 - error.value.line < 12


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("norms.toml", 'id = "N01.T02"', 'id = "N01.T01"', "N01.T01"),
        ("norms.toml", 'id = "N01.T02"', 'id = "N02.T99"', "N02.T99"),
        ("norms.toml", 'group = "S1"', 'group = "S9"', "S9"),
        ("settings.toml", 'key = "branch.max_members"', 'key = "branch.min_full_members"', "branch.min_full_members"),
        ("deadlines.toml", 'id = "DL-02"', 'id = "DL-01"', "DL-01: stands twice"),
        ("deadlines.toml", 'task = "N01.T01"', 'task = "N01.T77"', "DL-01: there is no task N01.T77"),
        ("deadlines.toml", 'count = "study.meetings_per_month"', 'count = "study.nothing"', "there is no setting study.nothing"),
        ("deadlines.toml", 'of = "branch"', 'of = "event"', "DL-01: of = event"),
        ("deadlines.toml", "escalate = 7", "escalate = 0", "DL-01: overdue comes after"),
        ("deadlines.toml", 'rule = "period_end"', 'rule = "days"', "DL-01: a due rule days does not fit"),
        ("deadlines.toml", 'subject = "group_id", ', "", "DL-03: the proofs of a group's duty name the group"),
    ],
)
def test_a_pack_that_contradicts_itself_is_refused(tmp_path, file, old, new, reason):
    with pytest.raises(PackError, match=re.escape(reason)):
        load(copied(tmp_path, file, old, new))


def test_there_are_a_hundred_refusals_in_two_languages():
    assert list(refusals()) == [f"INV-{number:03d}" for number in range(1, 101)]
    assert [one.id for one in refusals().values() if not (one.zh and one.en and one.source)] == []
    assert refusal("INV-061").zh == "党组织不得垫交或扣缴党费"


def test_eight_of_them_record_an_outcome():
    recording = [name for name, one in refusals().items() if one.records_outcome]
    assert recording == ["INV-013", "INV-019", "INV-020", "INV-030", "INV-032", "INV-033", "INV-037", "INV-050"]


def test_an_unknown_refusal_is_a_bug():
    with pytest.raises(KeyError):
        refusal("INV-101")
