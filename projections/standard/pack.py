"""The standard pack: norms, settings and everything else that is data, typed and checked when loaded."""

import datetime as dt
import functools
from collections.abc import Iterable
from pathlib import Path

import msgspec

from projections.standard.norms import Standard
from projections.standard.reading import PackError, read
from projections.standard.rules import Override, Rules, Setting, in_force

FOLDER = Path(__file__).with_name("packs")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `settings.toml`."""

    setting: tuple[Setting, ...]


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the standard. `settings` may hold a key several times, with different dates."""

    standard: Standard
    settings: tuple[Setting, ...]

    def rules(self, on: dt.date, overrides: Iterable[Override] = ()) -> Rules:
        """The rules in force on a day, with what was changed by event."""
        return in_force(self.settings, overrides, on)


def load(folder: Path = FOLDER) -> Pack:
    """Reads and checks a pack. Raises `PackError` with file, line and reason."""
    standard = read(folder / "norms.toml", Standard)
    settings = read(folder / "settings.toml", Settings)
    _check_ids(standard)
    _check_settings(settings.setting)
    return Pack(standard=standard, settings=settings.setting)


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


@functools.cache
def default_pack() -> Pack:
    """The pack that ships with the program."""
    return load()
