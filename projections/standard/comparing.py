"""Two packs side by side: what is added, gone or changed, in which file and line; and whether a folder is a pack at all."""

import enum
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from projections.standard.pack import Pack, load
from projections.standard.reading import PackError


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a folder is a pack, and if not, where and why."""

    ok: bool
    version: str = ""
    norms: int = 0
    tasks: int = 0
    deadlines: int = 0
    settings: int = 0
    schemes: int = 0
    file: str = ""
    line: int | None = None
    reason: str = ""


class Kind(enum.StrEnum):
    """What a change is about."""

    LEDGER = "ledger"
    REGISTER = "register"
    NORM = "norm"
    TASK = "task"
    MATERIAL = "material"
    DEADLINE = "deadline"
    SETTING = "setting"
    SCHEME = "scheme"
    INDICATOR = "indicator"


FILES = {
    Kind.LEDGER: "norms.toml",
    Kind.REGISTER: "norms.toml",
    Kind.NORM: "norms.toml",
    Kind.TASK: "norms.toml",
    Kind.MATERIAL: "norms.toml",
    Kind.DEADLINE: "deadlines.toml",
    Kind.SETTING: "settings.toml",
    Kind.SCHEME: "scoring.toml",
    Kind.INDICATOR: "scoring.toml",
}


class How(enum.StrEnum):
    """What became of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. The line is that of the entry: in the newer pack, or in the older one when it is gone."""

    kind: Kind
    id: str
    how: How
    field: str = ""
    before: Any = None
    after: Any = None
    file: str
    line: int | None
    reason: str


def check(folder: Path) -> Verdict:
    """Reads a pack as starting would."""
    try:
        pack = load(folder)
    except PackError as error:
        return Verdict(ok=False, file=error.file, line=error.line, reason=error.reason)
    except FileNotFoundError as error:
        return Verdict(ok=False, file=Path(str(error.filename)).name, reason="there is no such file")
    return Verdict(
        ok=True,
        version=pack.standard.version,
        norms=len(pack.standard.norm),
        tasks=sum(len(norm.task) for norm in pack.standard.norm),
        deadlines=len(pack.deadlines),
        settings=len(pack.settings),
        schemes=len(pack.schemes),
    )


def diff(older: Pack, newer: Pack) -> list[Change]:
    """What differs, in the order of the newer pack."""
    before, after = _entries(older), _entries(newer)
    lines = {(side, file): pack.texts[file].splitlines() for side, pack in ((0, older), (1, newer)) for file in set(FILES.values())}
    found = []
    for key in (*after, *(key for key in before if key not in after)):
        kind, name = key
        here = lines[int(key in after), FILES[kind]]
        line = _line(here, kind, name)
        found += [_change(kind, name, line, how, field, old, new) for how, field, old, new in _between(before.get(key), after.get(key))]
    return found


Entries = dict[tuple[Kind, str], dict[str, Any]]


def _entries(pack: Pack) -> Entries:
    """Everything that has a name, without what stands under it by its own name."""
    found: Entries = {}
    for ledger in pack.standard.ledger:
        found[Kind.LEDGER, ledger.id] = _plain(ledger, "register")
        found |= {(Kind.REGISTER, register.id): _plain(register) for register in ledger.register}
    for norm in pack.standard.norm:
        found[Kind.NORM, norm.id] = _plain(norm, "task", "material")
        found |= {(Kind.TASK, task.id): _plain(task) for task in norm.task}
        found |= {(Kind.MATERIAL, material.id): _plain(material) for material in norm.material}
    found |= {(Kind.DEADLINE, deadline.id): _plain(deadline) for deadline in pack.deadlines}
    found |= {(Kind.SETTING, f"{one.key} {one.effective_from}"): _plain(one) for one in pack.settings}
    for scheme in pack.schemes:
        found[Kind.SCHEME, f"{scheme.effective_from}"] = _plain(scheme, "indicator")
        found |= {(Kind.INDICATOR, f"{one.norm} {scheme.effective_from}"): _plain(one) for one in scheme.indicator}
    return found


def _plain(entry: msgspec.Struct, *without: str) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(entry)
    return {field: value for field, value in values.items() if field not in without}


def _between(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[tuple[How, str, Any, Any]]:
    if before is None or after is None:
        yield How.ADDED if before is None else How.REMOVED, "", before, after
        return
    for field in after:
        if before.get(field) != after[field]:
            yield How.CHANGED, field, before.get(field), after[field]


def _change(kind: Kind, name: str, line: int | None, how: How, field: str, before: Any, after: Any) -> Change:
    plain = {How.ADDED: "is new", How.REMOVED: "is gone", How.CHANGED: f"{field} was {_said(before)} and is {_said(after)}"}
    return Change(kind=kind, id=name, how=how, field=field, before=before, after=after, file=FILES[kind], line=line, reason=plain[how])


def _said(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _line(lines: list[str], kind: Kind, name: str) -> int | None:
    """The line that names an entry; of a dated one, that whose date stands nearest below."""
    what, _, day = name.partition(" ")
    if kind is Kind.SCHEME:
        return _first(lines, f"effective_from = {what}")
    field = {Kind.SETTING: "key", Kind.INDICATOR: "norm"}.get(kind, "id")
    named = [no for no, text in enumerate(lines, start=1) if text.strip().startswith((f'{field} = "{what}"', f'{{ {field} = "{what}"'))]
    if kind is Kind.SETTING:
        named = [no for no in named if any(text.strip() == f"effective_from = {day}" for text in lines[no : no + 4])] or named
    if kind is Kind.INDICATOR:
        since = _first(lines, f"effective_from = {day}") or 0
        named = [no for no in named if no > since] or named
    return named[0] if named else None


def _first(lines: list[str], start: str) -> int | None:
    return next((no for no, text in enumerate(lines, start=1) if text.strip().startswith(start)), None)
