"""How values are shown: money in yuan, days as days, codes as words, people by name; one place for all pages."""

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from admin.forms import yuan
from admin.words import pick, say
from events.base import Choice

LOCAL = dt.timezone(dt.timedelta(hours=8))
"""Asia/Shanghai, which has no daylight saving."""

Names = Mapping[str, str]
"""Id -> name, of people, groups, meetings and organisations."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A small word beside a row, such as 补录."""

    text: str
    tone: str = ""
    why: str = ""


def money(amount_fen: int) -> str:
    """`1,234.50`."""
    sign = "-" if amount_fen < 0 else ""
    whole, part = yuan(abs(amount_fen)).split(".")
    return f"{sign}{int(whole):,}.{part}"


def day(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def instant(microseconds: int) -> str:
    """The local time of an instant, to the minute."""
    return dt.datetime.fromtimestamp(microseconds / 1_000_000, LOCAL).strftime("%Y-%m-%d %H:%M")


def recorded_day(microseconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(microseconds // 1_000_000, LOCAL).date()


def late(occurred_on: dt.date | None, recorded_at: int) -> int:
    """Days between what happened and when it was recorded."""
    return (recorded_day(recorded_at) - occurred_on).days if occurred_on else 0


def late_mark(days: int, why: str | None = None) -> list[Mark]:
    """补录, with the days; nothing for what was recorded the same day or the next."""
    if days <= 1:
        return []
    return [Mark(text=say("late entry"), tone="late", why=say("Recorded %(days)s days later", days=days) + (f": {why}" if why else ""))]


def value(thing: Any, names: Names, *, is_money: bool = False) -> str:
    """A value of an event or command in words."""
    match thing:
        case bool():
            return say("Yes") if thing else say("No")
        case int():
            return money(thing) if is_money else str(thing)
        case Choice():
            return pick(thing.zh, thing.en)
        case str():
            return _text(thing, names)
        case msgspec.Struct():
            return _parts(thing, names)
        case list() | tuple() | set() | frozenset():
            return pick("、", ", ").join(value(item, names, is_money=is_money) for item in thing)
        case _:
            return "" if thing is None else str(thing)


def _text(thing: str, names: Names) -> str:
    if thing.startswith("~"):
        return say("(sealed)")
    return names.get(thing, thing)


def _parts(thing: msgspec.Struct, names: Names) -> str:
    shown = (value(getattr(thing, name), names, is_money=name.endswith("_fen")) for name in thing.__struct_fields__)
    return " ".join(part for part in shown if part)


@functools.cache
def _english() -> Mapping[str, str]:
    """Registers hold the Chinese word of a choice, as the paper form has it."""
    return {choice.zh: choice.en for choices in Choice.__subclasses__() for choice in choices}


def in_english(text: str) -> str:
    """The word of a choice in the language of the request; any other text as it was written."""
    return pick(text, _english().get(text, text))
