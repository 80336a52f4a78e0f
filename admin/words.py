"""The desk in two languages: English sentences are the keys, `catalogue.toml` holds the Chinese, Chinese is the default.

sqladmin's own strings go through the same door, so that there is one place to translate.
"""

import tomllib
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol

LOCALES = {"zh": "中文", "en": "English"}
DEFAULT = "zh"
COOKIE = "lang"
TAGS = {"zh": "zh-CN", "en": "en"}
"""What `<html lang>` says."""

CATALOGUE: dict[str, str] = tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text(encoding="utf-8"))["zh"]

_locale: ContextVar[str] = ContextVar("desk_locale", default=DEFAULT)


class Named(Protocol):
    """Anything that has a title in both languages: a register, a column, a choice, a command."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


def use(locale: str | None) -> str:
    """Speak this language for the rest of the request; one that we do not have gives the default."""
    chosen = locale if locale in LOCALES else DEFAULT
    _locale.set(chosen)
    return chosen


def locale() -> str:
    return _locale.get()


def language_tag() -> str:
    return TAGS[_locale.get()]


def gettext(message: str) -> str:
    """The sentence in the language of the request; `%(name)s` is filled in by the caller."""
    return CATALOGUE.get(message, message) if _locale.get() == "zh" else message


def ngettext(one: str, many: str, number: int) -> str:
    """Chinese has one form; its entry is found under the English plural."""
    return CATALOGUE.get(many, many) if _locale.get() == "zh" else one if number == 1 else many


def pick(zh: str, en: str) -> str:
    return (zh or en) if _locale.get() == "zh" else (en or zh)


def named(thing: Named) -> str:
    return pick(thing.zh, thing.en)


def say(message: str, **values: object) -> str:
    """`gettext` with its places filled in, for Python."""
    return gettext(message) % values
