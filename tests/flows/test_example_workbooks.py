"""The example is invented after public shares, marked as invented, and comes out of its generator as it is kept."""

import datetime as dt
import subprocess
import sys
import tomllib

import pytest
from stdnum.cn import ric

from service.imports.sheet import find_table
from service.imports.workbook import read_workbook
from tests.flows.import_world import EXAMPLE

OPENED = dt.date(2025, 12, 1)
SHARES = tomllib.loads((EXAMPLE / "shares.toml").read_text(encoding="utf-8"))
MARK = "示例数据，均为虚构"


@pytest.fixture(scope="module")
def lines():
    table = find_table(read_workbook(EXAMPLE / "roster.xlsx")[0], ("姓名", "公民身份证号"))
    assert table is not None
    return list(table.lines())


def test_the_generator_writes_what_is_kept(tmp_path):
    subprocess.run([sys.executable, str(EXAMPLE / "generate.py"), str(tmp_path)], check=True, capture_output=True)
    kept = sorted(path.name for path in EXAMPLE.iterdir() if path.suffix == ".xlsx" or path.name == "organisations.toml")
    assert sorted(path.name for path in tmp_path.iterdir()) == kept
    assert (tmp_path / "organisations.toml").read_text() == (EXAMPLE / "organisations.toml").read_text()
    for name in kept:
        if name.endswith(".xlsx"):
            assert read_workbook(tmp_path / name) == read_workbook(EXAMPLE / name), name


def test_twelve_branches_have_the_national_mean_of_members(lines):
    branches = {line.value("所在党支部") for line in lines}
    assert (len(branches), len(lines)) == (12, 262)
    assert len(lines) * 10 // len(branches) == 218
    assert int(SHARES["branches"]["members_10k"] / SHARES["branches"]["branches_10k"] * 10) in (217, 218)


def test_ages_have_the_shares_of_the_bulletin(lines):
    total = sum(weight for *_, weight in SHARES["age"]["bands"])
    born = [number_birthday(line.value("公民身份证号")) for line in lines]
    ages = [OPENED.year - day.year - ((OPENED.month, OPENED.day) < (day.month, day.day)) for day in born]
    for low, high, weight in SHARES["age"]["bands"]:
        count = sum(low <= age <= high for age in ages)
        assert abs(count - len(lines) * weight / total) <= 1, (low, high)


def number_birthday(number: str) -> dt.date:
    return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def test_women_minorities_education_and_admissions_have_their_shares(lines):
    def per_mille(count: int) -> int:
        return round(count * 1000 / len(lines))

    college = {"11", "12", "13", "1A", "1B", "21", "22", "23", "24", "2A", "2B", "2C", "2D"}
    counted = {
        "women": sum(line.value("性别") == "女" for line in lines),
        "minority": sum(not line.value("民族").startswith("01") for line in lines),
        "college_and_above": sum(line.value("学历").split()[0] in college for line in lines),
        "admitted_in_year": sum(line.value("人员类别") == "预备党员" for line in lines),
    }
    for name, count in counted.items():
        assert abs(per_mille(count) - SHARES["per_mille"][name]) <= 4, name


def test_id_numbers_are_valid_unique_and_of_a_region_that_does_not_exist(lines):
    numbers = [line.value("公民身份证号") for line in lines]
    assert len(set(numbers)) == len(numbers)
    assert all(ric.calc_check_digit(number) == number[17] for number in numbers)
    assert {number[:6] for number in numbers} == {"990101"}
    assert not any(ric.is_valid(number) for number in numbers)


@pytest.mark.parametrize("path", sorted(EXAMPLE.glob("*.xlsx")), ids=lambda path: path.stem)
def test_each_workbook_says_that_it_is_invented(path):
    sheets = read_workbook(path)
    assert MARK in "".join(str(value) for row in sheets[0].rows for value in row)


def test_the_roster_has_the_official_layout():
    sheets = read_workbook(EXAMPLE / "roster.xlsx")
    assert [sheet.name for sheet in sheets] == ["党员基本信息汇总表", "民族", "学历", "工作岗位"]
    assert sheets[0].rows[0][0] == "党员基本信息汇总表"
    assert str(sheets[0].rows[-1][0]).startswith("注：")
    assert [len(sheet.rows) - 1 for sheet in sheets[1:]] == [58, 20, 49]
    assert [str(h).replace("\n", "").replace(" ", "") for h in sheets[0].rows[2] if h is not None] == [
        "序号", "姓名", "所在党支部", "公民身份证号", "性别", "民族", "出生日期", "学历", "人员类别", "加入党组织日期", "转为正式党员日期", "工作岗位",
        "联系电话", "党籍状态", "是否为失联党员", "失去联系日期", "是否为流动党员", "外出流向",
    ]  # fmt: skip
    assert sheets[0].rows[3][12:14] == ("手机号", "固定电话")
