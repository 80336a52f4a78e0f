"""From what was typed to a command, and back: every mistake is said beside its field, nothing that was typed is lost."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from admin.fields import Field, Option, Widget, command_fields
from admin.words import named, pick, say
from service.decide.base import Command

ROWS_MAX = 60
"""Rows of a repeated struct that a form sends at most."""

Typed = Mapping[str, list[str]]
"""What the browser sent: name -> values."""

C = TypeVar("C", bound=Command)


class Bound(msgspec.Struct, kw_only=True):
    """A field with what it holds, what there is to choose, and what is wrong with it."""

    field: Field
    id: str
    values: list[str]
    options: list[Option]
    errors: list[str]
    rows: list[list["Bound"]]

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def label(self) -> str:
        return named(self.field)

    @property
    def help(self) -> str:
        return pick(self.field.help_zh, self.field.help_en)


class Form(msgspec.Struct, kw_only=True):
    """A form of one command. `faults` are those that no field is to blame for."""

    command: type[Command]
    fields: list[Bound]
    faults: list[str]

    def field(self, name: str) -> Bound | None:
        return next((bound for bound in self.fields if bound.field.name == name), None)

    def blame(self, names: Iterable[str], text: str) -> None:
        """Put a refusal beside the fields that it names, and above the form when the form has none of them."""
        blamed = [bound for name in names if (bound := self.field(name)) is not None]
        for bound in blamed:
            bound.errors.append(text)
        if not blamed:
            self.faults.append(text)

    @property
    def wrong(self) -> list[Bound]:
        return [bound for bound in self.fields if bound.errors or any(cell.errors for row in bound.rows for cell in row)]


def blank(command: type[Command], today: dt.date, given: Typed | None = None) -> Form:
    """An empty form: today's date, the defaults, and whatever the link that led here knew already."""
    given = given or {}
    bounds = []
    for field in command_fields(command):
        values = given.get(field.name) or (_spelt(today, field) if field.name == "occurred_on" else _spelt(field.default, field))
        bounds.append(_bound(field, values))
    return Form(command=command, fields=bounds, faults=[])


def read(command: type[C], typed: Typed) -> tuple[Form, C | None]:
    """The command, or None and a form that says what is wrong."""
    bounds, values = [], {}
    for field in command_fields(command):
        bound = _bound(field, typed.get(field.name, []))
        if field.widget is Widget.ROWS:
            bound.rows = _rows(field, typed)
        value = _value(bound)
        if value is not msgspec.UNSET:
            values[field.name] = value
        bounds.append(bound)
    form = Form(command=command, fields=bounds, faults=[])
    if form.wrong:
        return form, None
    return form, command(**values)


def _bound(field: Field, values: list[str], prefix: str = "") -> Bound:
    return Bound(field=field, id=f"f-{prefix}{field.name}", values=values, options=[], errors=[], rows=[])


def _rows(field: Field, typed: Typed) -> list[list[Bound]]:
    """`months.0.month`, `months.0.amount_fen`, `months.1.month`, …; rows that were left empty do not count."""
    rows = []
    for number in range(ROWS_MAX):
        prefix = f"{field.name}.{number}."
        row = [_bound(part, typed.get(prefix + part.name, []), prefix) for part in field.parts]
        if any(cell.value for cell in row if cell.field.widget is not Widget.FLAG):
            rows.append(row)
    return rows


def _value(bound: Bound) -> Any:
    """The value of one field, `UNSET` for the default; a mistake is noted in `bound`."""
    field = bound.field
    try:
        if field.widget is Widget.ROWS:
            return _row_values(bound)
        if field.many:
            raw: Any = [_plain(field, text) for value in bound.values for text in _each(field, value)]
        elif field.widget is Widget.FLAG:
            raw = bool(bound.values)
        elif not bound.value.strip():
            return _nothing(bound)
        else:
            raw = _plain(field, bound.value.strip())
        return msgspec.convert(raw, field.kind)
    except msgspec.ValidationError as error:
        bound.errors.append(explain(str(error)))
    except Wrong as wrong:
        bound.errors.append(str(wrong))
    return msgspec.UNSET


def _each(field: Field, value: str) -> list[str]:
    """Several texts are typed one on each line; whatever is picked comes one by one."""
    texts = [line.strip() for line in value.splitlines()] if field.widget is Widget.TEXT else [value]
    return [text for text in texts if text.strip()]


def _nothing(bound: Bound) -> Any:
    """Left empty: the default, unless the field must be filled in."""
    if bound.field.required:
        bound.errors.append(say("Please fill this in."))
    return msgspec.UNSET


def _row_values(bound: Bound) -> Any:
    rows = [{cell.field.name: value for cell in row if (value := _value(cell)) is not msgspec.UNSET} for row in bound.rows]
    if any(cell.errors for row in bound.rows for cell in row):
        return msgspec.UNSET
    return msgspec.convert([msgspec.to_builtins(row) for row in rows], bound.field.kind)


class Wrong(Exception):
    """A text that cannot be read as what the field asks for; the message is for the person at the desk."""


def _plain(field: Field, text: str) -> Any:
    match field.widget:
        case Widget.MONEY:
            return fen(text)
        case Widget.COUNT:
            return _whole(text)
        case Widget.DETERMINED:
            return text == "yes"
        case Widget.VALUE:
            return _json(text)
        case _:
            return text


def fen(text: str) -> int:
    """Yuan with at most two decimals, exactly: `1,234.5` is 123450 fen. Never through a float."""
    tidy = text.translate(FULL_WIDTH).replace(",", "").replace("¥", "").removesuffix("元").strip()
    if (found := AMOUNT.fullmatch(tidy)) is None:
        raise Wrong(say("Write an amount in yuan, such as 12.50."))
    sign, whole, part = found.groups(default="")
    if len(part) > 2:
        raise Wrong(say("At most two decimals: 1 yuan has 100 fen."))
    return int(f"{sign}{whole}{part:0<2}")


AMOUNT = re.compile(r"(-?)(\d{1,15})(?:\.(\d*))?", re.ASCII)
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－￥", "0123456789.,-¥")


def yuan(amount_fen: int) -> str:
    """How an amount stands in an input: plain, with two decimals."""
    sign, whole = "-" if amount_fen < 0 else "", abs(amount_fen)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def _whole(text: str) -> int:
    try:
        return int(text.translate(FULL_WIDTH).replace(",", ""))
    except ValueError:
        raise Wrong(say("Write a whole number.")) from None


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _spelt(value: Any, field: Field) -> list[str]:
    """How a default stands in the form."""
    if value is None or value == () or field.widget is Widget.ROWS:
        return []
    if field.widget is Widget.FLAG:
        return ["on"] if value else []
    if field.widget is Widget.DETERMINED:
        return ["yes" if value else "no"]
    if field.widget is Widget.MONEY:
        return [yuan(value)]
    return [str(item) for item in (value if isinstance(value, tuple) else (value,))]


EXPLAINED = (
    (re.compile(r"of length >= (\d+)"), "At least %(n)s characters."),
    (re.compile(r"of length <= (\d+)"), "At most %(n)s characters."),
    (re.compile(r"Expected `(?:int|float)` >= (-?\d+)"), "At least %(n)s."),
    (re.compile(r"Expected `(?:int|float)` <= (-?\d+)"), "At most %(n)s."),
    (re.compile(r"matching regex"), "This is not in the form that is expected."),
    (re.compile(r"date|time"), "This is not a date."),
    (re.compile(r"enum"), "Choose one of the list."),
)


def explain(message: str) -> str:
    """A shape error of msgspec in the words of the desk."""
    for pattern, sentence in EXPLAINED:
        if (found := pattern.search(message)) is not None:
            return say(sentence, n=found.group(1)) if found.groups() else say(sentence)
    return say("This is not in the form that is expected.")
