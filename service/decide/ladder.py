"""Steps of a procedure that rest on one another: each is done, skipped, open, or blocked by the first one missing below it."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from events.base import Event
from service.decide.procedure import Progress, Step


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One step as the state tells it."""

    code: str
    zh: str
    en: str
    rule: str
    done_on: dt.date | None = None
    needs: tuple[str, ...] = ()
    """Codes of the steps that come first."""
    skipped: bool = False
    latest: dt.date | None = None
    command: str | None = None
    materials: tuple[str, ...] = ()
    block_zh: str = ""
    block_en: str = ""
    """What blocks it although every step before is taken."""


def day_of(event: Event | None) -> dt.date | None:
    """When a step was taken, if it was."""
    return None if event is None else event.occurred_on


def climb(rungs: Iterable[Rung]) -> tuple[Step, ...]:
    """Every rung in order; the earliest day of one that is open is the day of the last one it rests on."""
    below: dict[str, Rung] = {}
    steps = []
    for rung in rungs:
        below[rung.code] = rung
        steps.append(_step(rung, [below[code] for code in rung.needs]))
    return tuple(steps)


def _step(rung: Rung, needed: list[Rung]) -> Step:
    missing = next((one for one in needed if one.done_on is None and not one.skipped), None)
    why_zh, why_en = rung.block_zh, rung.block_en
    if missing is not None:
        why_zh, why_en = f"须先完成：{missing.zh}", f"First: {missing.en}"
    return Step(
        code=rung.code,
        zh=rung.zh,
        en=rung.en,
        progress=(progress := _progress(rung, blocked=bool(why_zh))),
        rule=rung.rule,
        done_on=rung.done_on,
        earliest=max((one.done_on for one in needed if one.done_on is not None), default=None) if progress is Progress.OPEN else None,
        latest=rung.latest,
        why_zh=why_zh if progress is Progress.BLOCKED else "",
        why_en=why_en if progress is Progress.BLOCKED else "",
        command=rung.command,
        materials=rung.materials,
    )


def _progress(rung: Rung, *, blocked: bool) -> Progress:
    if rung.done_on is not None:
        return Progress.DONE
    if rung.skipped:
        return Progress.SKIPPED
    return Progress.BLOCKED if blocked else Progress.OPEN
