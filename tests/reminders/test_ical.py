"""The calendar file against the rules of RFC 5545: read back by a reader that knows nothing of the writer."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from service.reminders.ical import Entry, calendar, escaped, folded

ENTRY = Entry(
    uid="DL-01:2026-03@B1.branchbook",
    sequence=7,
    changed_at=dt.datetime(2026, 3, 26, 12, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    due_on=dt.date(2026, 3, 31),
    title="每月党员学习会议 2026-03（第一党支部）",
    text="第一党支部\nN01.T01; R-A07, 其他\\",
    category="支部任务",
    url="https://branchbook.example.cn/admin/b/B1/tasks",
    cancelled=False,
)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n,;\\"), max_size=300)


def unfolded(file: bytes) -> list[str]:
    """3.1: lines end with CRLF, hold at most 75 octets, and go on after CRLF and a space. A line is decoded only when whole."""
    assert file.endswith(b"\r\n")
    lines = file[:-2].split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()  # no character is cut in two
    return file[:-2].replace(b"\r\n ", b"").decode().split("\r\n")


def unescaped(text: str) -> str:
    """3.3.11"""
    out, rest = "", iter(text)
    for char in rest:
        assert char not in ";,\n"
        out += {"n": "\n", "N": "\n"}.get(found := next(rest), found) if char == "\\" else char
    return out


def properties(lines: list[str], component: str) -> dict[str, str]:
    begin, end = lines.index(f"BEGIN:{component}"), lines.index(f"END:{component}")
    named = [line.partition(":")[::2] for line in lines[begin + 1 : end]]
    found = {name: value for name, value in named if name not in {"BEGIN", "END"}}
    assert component != "VEVENT" or len(found) == len(named)
    return found


def test_a_task_is_an_event_of_its_day_in_the_time_of_the_branches():
    lines = unfolded(calendar("支部台账", [ENTRY]))
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Branchbook//Tasks//EN", "CALSCALE:GREGORIAN"]
    assert lines[-1] == "END:VCALENDAR"
    assert properties(lines, "VEVENT") == {
        "UID": "DL-01:2026-03@B1.branchbook",
        "DTSTAMP": "20260326T040000Z",
        "LAST-MODIFIED": "20260326T040000Z",
        "SEQUENCE": "7",
        "DTSTART;TZID=Asia/Shanghai": "20260331T090000",
        "DTEND;TZID=Asia/Shanghai": "20260331T180000",
        "SUMMARY": "每月党员学习会议 2026-03（第一党支部）",
        "DESCRIPTION": "第一党支部\\nN01.T01\\; R-A07\\, 其他\\\\",
        "CATEGORIES": "支部任务",
        "URL": "https://branchbook.example.cn/admin/b/B1/tasks",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
    }


def test_every_zone_that_is_named_is_defined():
    lines = unfolded(calendar("x", [ENTRY]))
    zone = properties(lines, "VTIMEZONE")
    assert (zone["TZID"], zone["TZOFFSETTO"]) == ("Asia/Shanghai", "+0800")
    assert lines.index("END:VTIMEZONE") < lines.index("BEGIN:VEVENT")


def test_a_line_folds_at_75_octets_and_never_inside_a_character():
    assert folded("x" * 75) == b"x" * 75 + b"\r\n"
    assert folded("x" * 76) == b"x" * 75 + b"\r\n x\r\n"
    assert folded("x" * 74 + "党") == b"x" * 74 + b"\r\n " + "党".encode() + b"\r\n"


@given(texts)
def test_any_text_comes_back_as_it_was(text: str):
    lines = unfolded(folded(f"SUMMARY:{escaped(text)}"))
    assert len(lines) == 1
    assert unescaped(lines[0].removeprefix("SUMMARY:")) == text


def test_characters_that_no_text_may_hold_are_left_out():
    assert escaped("a\x00b\x1fc\x7fd\te\r\nf\rg") == "abcd\te\\nf\\ng"
