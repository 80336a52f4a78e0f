"""A case is the steps that stand: what both kinds of cases ask of them."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from events.base import Event
from service.decide.procedure import Progress, Step, done
from service.errors import Conflict

E = TypeVar("E", bound=Event)


def newest(steps: Sequence[Event], kind: type[E]) -> E | None:
    """The last step of a kind."""
    return next((step for step in reversed(steps) if isinstance(step, kind)), None)


def not_before(step: Event, day: dt.date) -> None:
    """What follows a step cannot be dated before it."""
    if day < step.occurred_on:
        raise Conflict(f"the step before was on {step.occurred_on}, after {day}")


def standing(step: Step, taken: Event | None, before: Event | None) -> Step:
    """A step of the procedure: done, open since what comes before it is there, or blocked."""
    if taken is not None:
        return done(step, taken.occurred_on)
    if before is None:
        return step
    return replace(step, progress=Progress.OPEN, earliest=before.occurred_on, why_zh="", why_en="")


def skipped(step: Step) -> Step:
    """A step that does not apply to this case any more."""
    return replace(step, progress=Progress.SKIPPED, earliest=None, latest=None, why_zh="", why_en="")
