"""A command's fields as a form sees them: label, help, widget, whether it must be filled. Read from the struct, never written twice."""

import datetime as dt
import enum
import types
import typing
from collections.abc import Mapping
from typing import Any

import msgspec

from admin.ids import BORNE
from events.base import PERSONAL, SENSITIVE, Choice, Fen, GroupId, LetterId, MeetingId, Month, OrgId, PersonId
from events.catalog import EVENTS
from events.documents import About, MaterialId
from events.dues import DecisionId, EntryId
from events.meetings import ClockTime
from service.decide.base import Command

LONG = 1_000
"""A text that may be longer than this gets several lines."""


class Widget(enum.StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    MONTH = "month"
    TIME = "time"
    MONEY = "money"
    COUNT = "count"
    FLAG = "flag"
    DETERMINED = "determined"
    """Yes, no, or left to the system."""
    CHOICE = "choice"
    CODE = "code"
    PERSON = "person"
    GROUP = "group"
    MEETING = "meeting"
    ORG = "org"
    LETTER = "letter"
    PAYMENT = "payment"
    DECISION = "decision"
    THING = "thing"
    """A case, plan, entry… of the branch that was begun earlier: `Field.thing` says of which kind."""
    MATERIAL = "material"
    MATTER = "matter"
    """A case of the branch, by its stream."""
    ROWS = "rows"
    """Several rows of a small struct."""
    SETTING = "setting"
    VALUE = "value"
    """The value of a setting: number, text, yes/no or a list, as JSON."""


PICKERS: Mapping[Any, Widget] = {
    PersonId: Widget.PERSON,
    GroupId: Widget.GROUP,
    MeetingId: Widget.MEETING,
    OrgId: Widget.ORG,
    LetterId: Widget.LETTER,
    EntryId: Widget.PAYMENT,
    DecisionId: Widget.DECISION,
    MaterialId: Widget.MATERIAL,
    About: Widget.MATTER,
}
"""Ids are not typed in: they are picked from what the branch has."""

PLAIN: Mapping[Any, Widget] = {str: Widget.TEXT, int: Widget.COUNT, bool: Widget.FLAG, dt.date: Widget.DATE}

NAMES_A_NEW_THING = " id"
"""An optional field with a label like `Payment id` is for programs that name things themselves; the form folds it away."""

CODE_LISTS: Mapping[str, str] = {"nationality": "nation", "education": "education", "work_post": "work", "conduct_code": "conduct"}
"""Fields that hold a code of the official roster -> the list in `projections/standard/packs/codes.toml`."""

SETTING_KEY = "key"
"""The field that names a setting of the standard pack."""


UNLABELLED: Mapping[str, dict[str, str]] = {
    "person_id": {"zh": "姓名", "en": "Member"},
    "post": {"zh": "党内职务", "en": "Post"},
    "duties": {"zh": "分工", "en": "Duties"},
    "votes_due": {"zh": "应到会人数", "en": "Due to vote"},
    "votes_present": {"zh": "实到会人数", "en": "Present"},
    "votes_for": {"zh": "得票数", "en": "Votes for"},
    "code": {"zh": "选项代码", "en": "Code of the option"},
    "votes": {"zh": "票数", "en": "Votes"},
}
"""Fields of the structs of events that stand in a row of a form."""


def _sensitive_names() -> frozenset[str]:
    """Fields that some event seals as sensitive: what is typed there is not left behind in the browser."""
    return frozenset(
        info.name
        for event in EVENTS.values()
        for info in msgspec.structs.fields(event)
        if SENSITIVE in _unwrap(typing.get_type_hints(event, include_extras=True)[info.name]).metas
    )


class Option(msgspec.Struct, frozen=True):
    """One thing to choose, with facts about it for the page's script (`data-…`)."""

    value: str
    text: str
    facts: Mapping[str, str] = {}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `kind` is the annotated type that a single value must satisfy."""

    name: str
    zh: str
    en: str
    widget: Widget
    required: bool
    many: bool = False
    help_zh: str = ""
    help_en: str = ""
    kind: Any = None
    choices: tuple[Choice, ...] = ()
    default: Any = None
    codes: str = ""
    """The official list that the value is a code of."""
    thing: Any = None
    """The kind of id, for `Widget.THING`."""
    private: bool = False
    """Sensitive, so never kept as a draft in the browser."""
    set_aside: bool = False
    """Rarely filled in: folded away under 《更多》."""
    parts: tuple["Field", ...] = ()
    """The fields of one row, for `Widget.ROWS`."""
    max_length: int | None = None


class _Shape(msgspec.Struct, kw_only=True):
    """What is known of an annotation after unwrapping it."""

    core: Any
    metas: list[msgspec.Meta]
    optional: bool = False
    many: bool = False


def fields_of(command: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The date first, whatever must be filled next, then the order of the struct; the reason for lateness last."""
    hints = typing.get_type_hints(command, include_extras=True)
    fields = [_field(info, hints[info.name]) for info in msgspec.structs.fields(command)]
    last = {"late_reason"}
    return tuple(sorted(fields, key=lambda field: (field.name in last, field.name != "occurred_on")))


def _field(info: msgspec.structs.FieldInfo, hint: Any) -> Field:
    shape = _unwrap(hint)
    label = _label(shape.metas) or UNLABELLED.get(info.name) or {"zh": info.name, "en": info.name.replace("_", " ").capitalize()}
    widget = _widget(info.name, shape)
    codes = CODE_LISTS.get(info.name, "")
    names_a_new_thing = shape.optional and label.get("en", "").endswith(NAMES_A_NEW_THING)
    if names_a_new_thing:
        widget = Widget.TEXT
    return Field(
        name=info.name,
        zh=label["zh"],
        en=label["en"],
        help_zh=label.get("help_zh", ""),
        help_en=label.get("help_en", ""),
        widget=Widget.CODE if codes else widget,
        required=info.required and not shape.many and not shape.optional and widget is not Widget.FLAG,
        many=shape.many,
        kind=hint,
        choices=tuple(shape.core) if widget is Widget.CHOICE else (),
        default=_default(info),
        codes=codes,
        thing=shape.core if widget is Widget.THING else None,
        private=info.name in SENSITIVE_NAMES,
        set_aside=names_a_new_thing,
        parts=fields_of(shape.core) if widget is Widget.ROWS else (),
        max_length=next((meta.max_length for meta in reversed(shape.metas) if meta.max_length), None),
    )


def core_of(hint: Any) -> Any:
    """The type itself, such as `MeetingId`."""
    return _unwrap(hint).core


def _unwrap(hint: Any) -> _Shape:
    """Through Annotated, `| None` and `tuple[…, ...]` down to the type itself."""
    if typing.get_origin(hint) is typing.Annotated:
        inner, *metas = typing.get_args(hint)
        shape = _unwrap(inner)
        shape.metas += [meta for meta in metas if isinstance(meta, msgspec.Meta)]
        return shape
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not types.NoneType]
        if len(kinds) == 1:
            shape = _unwrap(kinds[0])
            shape.optional = True
            return shape
        return _Shape(core=object, metas=[], optional=len(kinds) < len(typing.get_args(hint)))
    if typing.get_origin(hint) is tuple:
        shape = _unwrap(typing.get_args(hint)[0])
        shape.many = True
        return shape
    return _Shape(core=hint, metas=[])


def _label(metas: list[msgspec.Meta]) -> dict[str, str]:
    """What `service.decide.base.label` left: the outermost one counts."""
    for meta in reversed(metas):
        if meta.extra and "zh" in meta.extra:
            schema = meta.extra_json_schema or {}
            return {
                "zh": meta.extra["zh"],
                "en": meta.extra["en"],
                "help_zh": schema.get("x-help-zh", ""),
                "help_en": schema.get("x-help-en", ""),
            }
    return {}


def _widget(name: str, shape: _Shape) -> Widget:
    if name == SETTING_KEY:
        return Widget.SETTING
    core = shape.core
    if core is OrgId and any(meta.pattern for meta in shape.metas):
        return Widget.TEXT  # a code that is given to a new organisation
    if core in PICKERS:
        return PICKERS[core]
    if core in BORNE:
        return Widget.THING
    core = _plain_core(shape)
    if isinstance(core, type) and issubclass(core, Choice | msgspec.Struct):
        return Widget.CHOICE if issubclass(core, Choice) else Widget.ROWS
    if _marked(Fen, shape):
        return Widget.MONEY
    if core is str:
        return _text(shape)
    return Widget.DETERMINED if core is bool and shape.optional else PLAIN.get(core, Widget.VALUE)


def _plain_core(shape: _Shape) -> Any:
    """Through NewTypes; the bounds of what they are made from are kept."""
    core = shape.core
    while hasattr(core, "__supertype__"):
        core = core.__supertype__
    if typing.get_origin(core) is typing.Annotated:
        inner = _unwrap(core)
        core, shape.metas = inner.core, inner.metas + shape.metas
    return core


def _text(shape: _Shape) -> Widget:
    if _marked(Month, shape):
        return Widget.MONTH
    if _marked(ClockTime, shape):
        return Widget.TIME
    if PERSONAL in shape.metas or SENSITIVE in shape.metas:
        return Widget.TEXT  # its bound is that of the sealed text
    longest = max((meta.max_length or 0 for meta in shape.metas), default=0)
    return Widget.LONG if longest > LONG else Widget.TEXT


def _marked(alias: Any, shape: _Shape) -> bool:
    """Whether the annotation was made from this alias (`Fen`, `Month`)."""
    return typing.get_args(alias)[1] in shape.metas


def _default(info: msgspec.structs.FieldInfo) -> Any:
    if info.default is not msgspec.NODEFAULT:
        return info.default
    return info.default_factory() if info.default_factory is not msgspec.NODEFAULT else None


def command_fields(command: type[Command]) -> tuple[Field, ...]:
    """The fields of a command, worked out once."""
    if command not in _KNOWN:
        _KNOWN[command] = fields_of(command)
    return _KNOWN[command]


_KNOWN: dict[type[Command], tuple[Field, ...]] = {}
SENSITIVE_NAMES = _sensitive_names()
