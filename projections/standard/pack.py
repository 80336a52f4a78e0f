"""The standard pack: norms, settings and everything else that is data, typed and checked when loaded."""

import bisect
import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import msgspec

from projections.standard.deadlines import Continuous, Deadline, DeadlineFile, Festival, FestivalFile, Undo
from projections.standard.norms import Standard
from projections.standard.reading import PackError, read
from projections.standard.rules import Override, Rules, Setting, Value, in_force
from projections.standard.schemes import Scheme, SchemeFile
from projections.standard.schemes import check as check_schemes

FOLDER = Path(__file__).with_name("packs")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `settings.toml`."""

    setting: tuple[Setting, ...]


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the standard. `settings` may hold a key several times, with different dates."""

    standard: Standard
    settings: tuple[Setting, ...]
    deadlines: tuple[Deadline, ...]
    continuous: tuple[Continuous, ...]
    undos: tuple[Undo, ...]
    festivals: Mapping[str, Festival]
    schemes: tuple[Scheme, ...]
    eras: tuple[Rules, ...]
    """The settings alone, folded for each date on which one of them changes."""

    def setting(self, key: str) -> Setting | None:
        """The newest version of a setting, for its texts, its source and the shape of its value."""
        return max((s for s in self.settings if s.key == key), key=lambda s: s.effective_from, default=None)

    def accepts(self, key: str, value: Value) -> bool:
        """Whether there is such a rule and a value has its shape, so that an event may set it so."""
        known = self.setting(key)
        return known is not None and same_shape(known.value, value)

    def deadline(self, deadline_id: str) -> Deadline:
        return next(deadline for deadline in self.deadlines if deadline.id == deadline_id)

    def rules(self, on: dt.date, overrides: Iterable[Override] = ()) -> Rules:
        """The rules in force on a day, with what was changed by event."""
        era = self.eras[bisect.bisect_right(self.eras, on, key=lambda rules: rules.on) - 1]
        changed = in_force((), overrides, on).values
        return Rules(on, {**era.values, **changed} if changed else era.values)


def load(folder: Path = FOLDER) -> Pack:
    """Reads and checks a pack. Raises `PackError` with file, line and reason."""
    standard = read(folder / "norms.toml", Standard)
    settings = read(folder / "settings.toml", Settings)
    deadlines = read(folder / "deadlines.toml", DeadlineFile)
    festivals = {festival.id: festival for festival in read(folder / "festivals.toml", FestivalFile).festival}
    scoring = read(folder / "scoring.toml", SchemeFile)
    _check_ids(standard)
    _check_settings(settings.setting)
    _check_deadlines(deadlines, standard, {setting.key for setting in settings.setting}, festivals.keys())
    check_schemes(scoring.scheme, standard)
    return Pack(
        standard=standard,
        settings=settings.setting,
        deadlines=deadlines.deadline,
        continuous=deadlines.continuous,
        undos=deadlines.undo,
        festivals=festivals,
        schemes=scoring.scheme,
        eras=_eras(settings.setting),
    )


def _eras(settings: tuple[Setting, ...]) -> tuple[Rules, ...]:
    """Before the first date of a key its first value holds, for no older one is known."""
    first: dict[str, Value] = {}
    for setting in sorted(settings, key=lambda s: s.effective_from):
        first.setdefault(setting.key, setting.value)
    days = (dt.date.min, *sorted({setting.effective_from for setting in settings}))
    return tuple(Rules(day, {**first, **in_force(settings, (), day).values}) for day in days)


def _check_ids(standard: Standard) -> None:
    """Every id once; every norm in a group that exists; tasks and materials bear their norm's number."""
    groups = {group.id for group in standard.group}
    seen: set[str] = set()
    for norm in standard.norm:
        if norm.group not in groups:
            raise PackError("norms.toml", None, f"{norm.id}: there is no group {norm.group}")
        items = [item.id for material in norm.material for item in material.item]
        for name in (norm.id, *(task.id for task in norm.task), *(material.id for material in norm.material), *items):
            if name in seen:
                raise PackError("norms.toml", None, f"{name} stands twice")
            if not name.startswith(norm.id):
                raise PackError("norms.toml", None, f"{name} stands under {norm.id}")
            seen.add(name)


def _check_settings(settings: Iterable[Setting]) -> None:
    """A key has one value for each date, and always the same kind of value."""
    kinds: dict[str, type] = {}
    dated: set[tuple[str, dt.date]] = set()
    for setting in settings:
        if (setting.key, setting.effective_from) in dated:
            raise PackError("settings.toml", None, f"{setting.key} has two values from {setting.effective_from}")
        if kinds.setdefault(setting.key, type(setting.value)) is not type(setting.value):
            raise PackError("settings.toml", None, f"{setting.key} changes the kind of its value")
        dated.add((setting.key, setting.effective_from))


def _check_deadlines(file: DeadlineFile, standard: Standard, keys: AbstractSet[str], festivals: AbstractSet[str]) -> None:
    """An id once; its tasks, settings and festivals exist; its parts fit together."""
    tasks = {task.id for norm in standard.norm for task in norm.task}
    seen: set[str] = set()
    lines: tuple[Deadline | Continuous, ...] = (*file.deadline, *file.continuous)
    for one in lines:
        fault = "stands twice" if one.id in seen else None
        missing = set(one.tasks) - tasks
        if missing:
            fault = f"there is no task {', '.join(sorted(missing))}"
        if fault is None and isinstance(one, Deadline):
            fault = _fault(one, keys, festivals)
        if fault is not None:
            raise PackError("deadlines.toml", None, f"{one.id}: {fault}")
        seen.add(one.id)


def _fault(deadline: Deadline, keys: AbstractSet[str], festivals: AbstractSet[str]) -> str | None:
    asked = {key for key in (deadline.due.setting, deadline.remind_on, deadline.count) if key is not None}
    if not asked <= keys:
        return f"there is no setting {', '.join(sorted(asked - keys))}"
    if not set(deadline.festivals) <= festivals:
        return f"there is no festival {', '.join(sorted(set(deadline.festivals) - festivals))}"
    return deadline.fault()


def same_shape(model: object, value: object) -> bool:
    """The same kind of value, in lists likewise; a share such as `[1, 2]` stays two numbers, the lower one above 0."""
    if not isinstance(model, list) or not isinstance(value, list):
        return type(model) is type(value)
    if len(model) == 2 and all(type(part) is int for part in model):
        return len(value) == 2 and all(type(part) is int for part in value) and value[1] > 0
    return all(not model or any(same_shape(part, new) for part in model) for new in value)


@functools.cache
def default_pack() -> Pack:
    """The pack that ships with the program."""
    return load()
