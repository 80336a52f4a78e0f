"""A pack carries its own past: what a new version may not change, so that nothing that is over is ever judged otherwise.

Whatever begins before the new version does, stays word for word: the values of rules, the weights of years, the deadlines. What
is to change ends the day before, and goes on under a date or an id of its own. Texts may be mended.
"""

import datetime as dt
from collections.abc import Iterator

import msgspec

from projections.standard.comparing import Kind
from projections.standard.deadlines import Deadline
from projections.standard.norms import Entry
from projections.standard.pack import Pack

MAY_CHANGE = frozenset({"zh", "en", "role", "remind", "remind_on", "overdue", "escalate", "source", "mark", "until"})
"""Of a deadline: its words, whom it reminds and when. None of it decides what was due, or whether it was done."""


class Rewritten(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the past that a draft would change."""

    kind: Kind
    id: str
    reason: str


def rewritten(current: Pack, draft: Pack) -> list[Rewritten]:
    """What a draft would change of the time before it takes effect. Without any it may be published."""
    return [*_names(current, draft), *_rules(current, draft), *_weights(current, draft), *_deadlines(current, draft)]


def _names(current: Pack, draft: Pack) -> Iterator[Rewritten]:
    """Recorded obligations, scores and documents go on naming their norms, tasks and materials."""
    for kind, before, after in (
        (Kind.NORM, current.standard.norm, draft.standard.norm),
        (Kind.TASK, _tasks(current), _tasks(draft)),
    ):
        there = {entry.id for entry in after}
        yield from (Rewritten(kind=kind, id=entry.id, reason="is gone") for entry in before if entry.id not in there)
    yield from (Rewritten(kind=Kind.MATERIAL, id=name, reason="is gone") for name in current.materials if name not in draft.materials)


def _tasks(pack: Pack) -> list[Entry]:
    return [task for norm in pack.standard.norm for task in norm.task]


def _rules(current: Pack, draft: Pack) -> Iterator[Rewritten]:
    """A key that is new may have a date of its own past: it judged nothing yet."""
    begins = draft.standard.effective_from
    before = {(one.key, one.effective_from): one.value for one in current.settings}
    after = {(one.key, one.effective_from): one.value for one in draft.settings}
    known = {key for key, _ in before}
    for (key, on), value in before.items():
        if on < begins and after.get((key, on)) != value:
            yield Rewritten(kind=Kind.SETTING, id=f"{key} {on}", reason="is in force already")
    for key, on in after:
        if key in known and on < begins and (key, on) not in before:
            yield Rewritten(kind=Kind.SETTING, id=f"{key} {on}", reason=_too_early(begins))


def _weights(current: Pack, draft: Pack) -> Iterator[Rewritten]:
    begins = draft.standard.effective_from
    before = {one.effective_from: one for one in current.schemes}
    after = {one.effective_from: one for one in draft.schemes}
    for on in sorted({*before, *after}):
        if on < begins and before.get(on) != after.get(on):
            yield Rewritten(kind=Kind.SCHEME, id=f"{on}", reason="is in force already" if on in before else _too_early(begins))


def _deadlines(current: Pack, draft: Pack) -> Iterator[Rewritten]:
    begins = draft.standard.effective_from
    after = {one.id: one for one in draft.deadlines}
    before = {one.id: one for one in current.deadlines}
    faults = {name: _ended(one, after.get(name), begins) for name, one in before.items() if one.since is None or one.since < begins}
    for new in draft.deadlines:
        if new.id not in before and (new.since is None or new.since < begins):
            faults[new.id] = f"`since` may be {begins} at the earliest"
    yield from (Rewritten(kind=Kind.DEADLINE, id=name, reason=fault) for name, fault in faults.items() if fault is not None)


def _ended(old: Deadline, new: Deadline | None, begins: dt.date) -> str | None:
    """What is wrong with what becomes of a deadline that has begun."""
    last = begins - dt.timedelta(days=1)
    if new is None:
        return "is gone; what is to end has a last day in `until`"
    if field := _changed(old, new):
        return f"`{field}` is in force already; what changes goes on under an id of its own"
    ends = [day for day in (old.until, new.until) if day is not None]
    if old.until != new.until and min(ends) < last:
        return f"`until` may be {last} at the earliest"
    return None


def _changed(before: Deadline, after: Deadline) -> str | None:
    """The first field that differs and may not."""
    fields = (field for field in Deadline.__struct_fields__ if field not in MAY_CHANGE)
    return next((field for field in fields if getattr(before, field) != getattr(after, field)), None)


def _too_early(begins: dt.date) -> str:
    return f"may begin on {begins} at the earliest"
