"""Writing iCalendar (RFC 5545): a calendar of tasks in the time of Asia/Shanghai. Pure: the same tasks give the same bytes."""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

ZONE = "Asia/Shanghai"
LINE_OCTETS_MAX = 75
DAY_BEGINS, DAY_ENDS = dt.time(9), dt.time(18)
TIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:STANDARD",
    "DTSTART:19910915T010000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""Since the last summer time ended, in 1991, there is one offset."""
CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"} | {127: None}
"""No text may hold them (RFC 5545, 3.3.11)."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One task on the day on which it is due. `sequence` never falls; `changed_at` is when the record last spoke of it."""

    uid: str
    sequence: int
    changed_at: dt.datetime
    due_on: dt.date
    title: str
    text: str
    category: str
    url: str
    cancelled: bool


def calendar(name: str, entries: Iterable[Entry]) -> bytes:
    """The whole file. There is no METHOD: it is a calendar to subscribe to, no invitation."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Branchbook//Tasks//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{ZONE}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *TIMEZONE,
        *(line for entry in entries for line in _event(entry)),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def _event(entry: Entry) -> Iterator[str]:
    """Through the working hours of the day, and free: a task that is due takes up nobody's day."""
    changed = f"{entry.changed_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(entry.uid)}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART;TZID={ZONE}:{dt.datetime.combine(entry.due_on, DAY_BEGINS):%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID={ZONE}:{dt.datetime.combine(entry.due_on, DAY_ENDS):%Y%m%dT%H%M%S}"
    yield f"SUMMARY:{escaped(entry.title)}"
    yield f"DESCRIPTION:{escaped(entry.text)}"
    yield f"CATEGORIES:{escaped(entry.category)}"
    yield f"URL:{entry.url}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A TEXT value (3.3.11)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A content line in at most 75 octets, continued after CRLF and a space, and never inside a character (3.1)."""
    parts: list[bytes] = []
    part = b""
    for char in line:
        octets = char.encode()
        if len(part) + len(octets) > LINE_OCTETS_MAX:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
