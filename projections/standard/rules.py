"""The rules in force on one date: a pure look-up of settings, from the pack plus the overrides that were recorded."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

Value = int | str | bool | list[Any]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One number (or table, or choice) of the rule sheet, valid from a date, with source and confidence mark."""

    key: str
    value: Value
    effective_from: dt.date
    mark: str
    source: str
    zh: str
    en: str


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """A rule changed by an event: for every branch when recorded in the committee's book, else for that branch."""

    key: str
    value: Value
    effective_from: dt.date
    level: int = 0
    """How near to the branch it was set; the nearer one holds."""


class Rules(msgspec.Struct, frozen=True):
    """Settings in force on `on`. Asking for an unknown key is a bug, not a default."""

    on: dt.date
    values: Mapping[str, Value]

    def number(self, key: str) -> int:
        value = self.values[key]
        assert type(value) is int, key
        return value

    def flag(self, key: str) -> bool:
        value = self.values[key]
        assert isinstance(value, bool), key
        return value

    def text(self, key: str) -> str:
        value = self.values[key]
        assert isinstance(value, str), key
        return value

    def table(self, key: str) -> list[Any]:
        value = self.values[key]
        assert isinstance(value, list), key
        return value


class Standing(msgspec.Struct, frozen=True):
    """The value of a key in force, since when, and who set it: None for the pack, else the level of the override."""

    value: Value
    since: dt.date
    level: int | None = None


def standing(settings: Iterable[Setting], overrides: Iterable[Override], on: dt.date) -> dict[str, Standing]:
    """The latest value of each key whose date has come. Nearer overrides win, then later recorded ones."""
    best: dict[str, Standing] = {}
    for setting in settings:
        if setting.effective_from <= on and (setting.key not in best or setting.effective_from >= best[setting.key].since):
            best[setting.key] = Standing(setting.value, setting.effective_from)
    for override in sorted(overrides, key=lambda override: (override.level, override.effective_from)):
        if override.effective_from <= on:
            best[override.key] = Standing(override.value, override.effective_from, override.level)
    return best


def in_force(settings: Iterable[Setting], overrides: Iterable[Override], on: dt.date) -> Rules:
    """The values alone."""
    return Rules(on, {key: one.value for key, one in standing(settings, overrides, on).items()})
