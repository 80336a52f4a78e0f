"""A plausible instance of any event, always the same one: what a golden payload is first written from."""

import datetime as dt
import re
from typing import Any

import msgspec
from msgspec import inspect

from events.base import Event
from events.store.codec import SEALED

SEALED_TEXT = "~1|p0001|0b5e8c1e-3f39-5d0c-9b62-7f7f0c8c9a11|field|AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
WORDS = (
    "例",
    "2026-03",
    "2026-Q1",
    "09:30",
    "p0001",
    "2026",
    "A1",
    "0123456789abcdef" * 2 + "01234567",
    "B01-2026-0001",
    "N05.M03.05",
    "0123456789abcdef" * 4,
    "N14.M01",
    "admission.form_issued",
    "r20260301-093000-0a1b2c",
    "receive-dues",
    "DL-07:2026-Q1",
    "B01/DL-07:2026-Q1",
)
"""Texts for fields with a pattern: the first one that fits is taken."""


def sample(event: type[Event]) -> Event:
    """Every field filled, also the optional ones, sealed fields with a token."""
    values = {
        field.name: SEALED_TEXT if field.encode_name in SEALED[event] else _value(field.type, field.name) for field in _struct(event).fields
    }
    return msgspec.convert(values, event, str_keys=True)


def _struct(kind: type) -> inspect.StructType:
    found = inspect.type_info(kind)
    assert isinstance(found, inspect.StructType)
    return found


def _value(kind: inspect.Type, name: str) -> Any:  # noqa: C901, PLR0911 - one line for each type
    match kind:
        case inspect.Metadata(type=inner):
            return _value(inner, name)
        case inspect.UnionType(types=types):
            return _value(next(one for one in types if not isinstance(one, inspect.NoneType)), name)
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return _number(kind)
        case inspect.StrType():
            return _text(kind, name)
        case inspect.DateType():
            return "2026-03-01"
        case inspect.DateTimeType():
            return dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC).isoformat()
        case inspect.EnumType(cls=cls):
            return next(iter(cls)).value
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return [_value(item, name)]
        case inspect.TupleType(item_types=items):
            return [_value(item, name) for item in items]
        case inspect.DictType(key_type=key, value_type=value):
            return {_value(key, name): _value(value, name)}
        case inspect.StructType(fields=fields):
            return {field.encode_name: _value(field.type, field.name) for field in fields}
    raise TypeError(f"{name}: events have no {kind}")


def _number(kind: inspect.IntType) -> int:
    low = kind.ge if kind.ge is not None else 0
    return max(low, min(42, kind.le if kind.le is not None else 42))


def _text(kind: inspect.StrType, name: str) -> str:
    longest = kind.max_length if kind.max_length is not None else 99
    for word in (f"{name}-1", *WORDS):
        if re.search(kind.pattern or "", word) and (kind.min_length or 0) <= len(word) <= longest:
            return word
    raise LookupError(f"{name}: add a word that fits {kind.pattern} to WORDS")
