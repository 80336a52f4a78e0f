"""Every rule as it holds for an organisation on a day, with who set it, since when and on what ground."""

import datetime as dt
import enum
from collections.abc import Sequence

import msgspec

from projections.standard.pack import Pack
from projections.standard.rules import Override, Standing, Value, standing


class SetBy(enum.StrEnum):
    """Who set the value that holds."""

    STANDARD = "standard"
    COMMITTEE = "committee"
    """By an event in the committee's book: for every branch below."""
    BRANCH = "branch"
    """By an event in the branch's own book."""


class RuleInForce(msgspec.Struct, frozen=True, kw_only=True):
    """A setting as it holds."""

    key: str
    zh: str
    en: str
    value: Value
    since: dt.date
    set_by: SetBy
    mark: str
    """Confidence of the standard's figure (rules 0.1)."""
    source: str


def rules_in_force(pack: Pack, overrides: Sequence[Override], on: dt.date) -> list[RuleInForce]:
    """In the order of their keys."""
    stands = standing(pack.settings, overrides, on)
    return [_rule(pack, key, value, stands.get(key)) for key, value in sorted(pack.rules(on, overrides).values.items())]


def _rule(pack: Pack, key: str, value: Value, stands: Standing | None) -> RuleInForce:
    """Before the first date of a key its first value holds, for no older one is known."""
    known = [setting for setting in pack.settings if setting.key == key]
    since = min(setting.effective_from for setting in known) if stands is None else stands.since
    setting = next((one for one in known if one.effective_from == since), known[-1])
    level = None if stands is None else stands.level
    return RuleInForce(
        key=key,
        zh=setting.zh,
        en=setting.en,
        value=value,
        since=since,
        set_by=SetBy.STANDARD if level is None else SetBy.COMMITTEE if level == 0 else SetBy.BRANCH,
        mark=setting.mark,
        source=setting.source,
    )
