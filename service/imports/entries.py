"""One line of the official roster as it was written, read and checked against itself (official layout 《党员基本信息汇总表》)."""

import datetime as dt
import typing

import msgspec

from projections.standard.codes import CODES
from service.imports import cells
from service.imports.sheet import Line
from service.imports.workbook import Value

ID_NUMBER = ("公民身份证号", "公民身份号码", "身份证号", "身份证号码")
JOINED = ("加入党组织日期", "入党时间", "入党日期")
FULL_SINCE = ("转为正式党员日期", "转正日期", "转正时间")
MOBILE = ("手机号", "联系电话", "手机")
MOBILE_MEMBER = ("是否为流动党员", "是否流动党员")
LOST = ("是否为失联党员", "是否失联党员")
FULL, PROBATIONARY = "正式党员", "预备党员"
ADULT = 18


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the roster tells it; nation, education and work are codes of the official lists."""

    name: str
    branch: str | None
    id_number: str
    birthday: dt.date
    woman: bool
    nation: str
    education: str
    full: bool
    joined: dt.date
    full_since: dt.date | None
    work: str | None
    mobile: str | None
    landline: str | None
    standing: str
    """党籍状态: 正常, 停止党籍 …"""
    lost: bool
    lost_since: dt.date | None
    mobile_member: bool
    gone_to: str | None


def read_entry(line: Line) -> Entry | None:
    """The whole line, with a fault for every cell that cannot be right; None when it cannot be used."""
    name = line.need(cells.name, "姓名")
    number = line.need(cells.id_number, *ID_NUMBER)
    woman = line.read(_is_woman, "性别")
    birthday = line.read(cells.date, "出生日期", "出生年月")
    kind = line.need(_full, "人员类别", "党员类别")
    nation = line.need(lambda value: listed("nation", value), "民族")
    education = line.need(lambda value: listed("education", value), "学历")
    joined, full_since = line.need(cells.date, *JOINED), line.read(cells.date, *FULL_SINCE)
    if number is not None:
        _check_number(line, number, woman=woman, birthday=birthday)
    _check_dates(line, cells.birthday_of(number) if number else birthday, joined, full_since, full=kind)
    rest = _rest(line)
    if name is None or number is None or kind is None or nation is None or education is None or joined is None or line.faults:
        return None
    return Entry(
        name=name,
        id_number=number,
        birthday=cells.birthday_of(number),
        woman=cells.is_woman(number),
        nation=nation,
        education=education,
        full=kind,
        joined=joined,
        full_since=full_since if kind else None,
        **rest,
    )


class Rest(typing.TypedDict):
    """The fields of an entry that are not checked against one another."""

    branch: str | None
    work: str | None
    mobile: str | None
    landline: str | None
    standing: str
    lost: bool
    lost_since: dt.date | None
    mobile_member: bool
    gone_to: str | None


def _rest(line: Line) -> Rest:
    return Rest(
        branch=line.read(cells.text, "所在党支部"),
        work=line.read(lambda value: listed("work", value), "工作岗位"),
        mobile=line.read(cells.phone, *MOBILE),
        landline=line.read(cells.phone, "固定电话"),
        standing=line.read(cells.text, "党籍状态") or "正常",
        lost=line.read(cells.yes_no, *LOST) or False,
        lost_since=line.read(cells.date, "失去联系日期"),
        mobile_member=line.read(cells.yes_no, *MOBILE_MEMBER) or False,
        gone_to=line.read(cells.text, "外出流向"),
    )


def listed(codes: str, value: Value) -> str | None:
    """The code of a coded cell. Code and text must be a pair of the official list; a text alone must be in it, `汉` for `汉族` too."""
    code, text = cells.coded(value)
    if code is None and text is None:
        return None
    known = CODES[codes]
    if code is None:
        bare = cells.squeeze(text or "")
        by_text = {cells.squeeze(shown): listed_code for listed_code, shown in known.items()}
        found = bare if bare in known else by_text.get(bare) or by_text.get(f"{bare}族")
    else:
        found = code if code in known else None
        if found is not None and cells.squeeze(text or "") != cells.squeeze(known[found]):
            raise cells.Misread(f"代码{code}应为“{known[found]}”，而不是“{text}”", f"code {code} is “{known[found]}”, not “{text}”")
    if found is None:
        raise cells.Misread(f"“{cells.text(value)}”不在代码表内", f"“{cells.text(value)}” is not in the code list")
    return found


def _is_woman(value: Value) -> bool | None:
    shown = cells.coded(value)[1]
    if shown is None:
        return None
    if shown not in {"男", "女", "男性", "女性"}:
        raise cells.Misread(f"性别“{shown}”应为男或女", f"“{shown}”: male (男) or female (女) is expected")
    return shown.startswith("女")


def _full(value: Value) -> bool | None:
    shown = cells.coded(value)[1]
    if shown is None:
        return None
    if shown not in {FULL, PROBATIONARY}:
        raise cells.Misread(f"人员类别“{shown}”应为{FULL}或{PROBATIONARY}", f"“{shown}”: {FULL} or {PROBATIONARY} is expected")
    return shown == FULL


def _check_number(line: Line, number: str, *, woman: bool | None, birthday: dt.date | None) -> None:
    """Sex and birthday agree with the ID number; a birthday written as a month agrees in its month."""
    born = cells.birthday_of(number)
    if woman is not None and woman != cells.is_woman(number):
        line.fail("性别与公民身份号码不符", "the sex does not agree with the ID number", "性别")
    if birthday is not None and birthday != born and birthday != born.replace(day=1):
        line.fail(
            f"出生日期与公民身份号码不符（{born}）", f"the birthday does not agree with the ID number ({born})", "出生日期", "出生年月"
        )


def _check_dates(line: Line, born: dt.date | None, joined: dt.date | None, full_since: dt.date | None, *, full: bool | None) -> None:
    if joined and born and joined.year - born.year < ADULT:
        line.fail(f"加入党组织时未满{ADULT}岁", f"younger than {ADULT} when admitted", *JOINED)
    if joined and full_since and full_since < joined:
        line.fail("转正日期早于加入党组织日期", "full membership began before admission", *FULL_SINCE)
    if full is False and full_since is not None:
        line.fail("预备党员不应填写转正日期", "a probationary member has no date of full membership", *FULL_SINCE)
