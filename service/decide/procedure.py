"""A procedure tells what is done, what comes next, what blocks it and from when: a pure function over the state that deciders use.

A noun with a procedure ends its file with `PROCEDURES`; `catalog.py` gathers them; the API and the desk show every one the same way.
"""

import datetime as dt
import enum
from collections.abc import Callable
from typing import Any

import msgspec

from events.base import PersonId
from projections.standard.rules import Rules
from service.decide.base import Fold


class Progress(enum.StrEnum):
    """How far a step is."""

    DONE = "done"
    OPEN = "open"
    """May be taken now, or from `earliest` on."""
    BLOCKED = "blocked"
    """Something else must come first: `why_zh`/`why_en` say what, `rule` says by which rule."""
    SKIPPED = "skipped"
    """Does not apply to this case any more."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a procedure as it stands."""

    code: str
    """Stable and ASCII, such as `public-notice`."""
    zh: str
    en: str
    progress: Progress
    rule: str
    """Where the step comes from: norm task, rule or INV number (`R-C07`)."""
    done_on: dt.date | None = None
    earliest: dt.date | None = None
    """The first day on which it may be taken."""
    latest: dt.date | None = None
    """The last day on which it is in time."""
    waits_from: dt.date | None = None
    """The day on which it is the turn of whoever takes it, where it may be taken before: the result of something that takes time."""
    why_zh: str = ""
    why_en: str = ""
    command: str | None = None
    """The kebab name of the command that takes this step."""
    given: dict[str, str] = {}
    """What its form is filled in with besides the subject."""
    materials: tuple[str, ...] = ()
    """Key materials of the standard that belong to this step (`N14.M05`)."""


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """`GET …/procedures/{kind}/{subject}`."""

    kind: str
    zh: str
    en: str
    stream: Callable[[str], str]
    """subject -> stream of the branch's book."""
    fold: Fold[Any]
    steps: Callable[[Any, str, Rules, dt.date], tuple[Step, ...]]
    """(state of the stream, subject, rules in force today, today) -> every step in order; empty when there is no such subject."""
    subjects: Callable[[Any], tuple[str, ...]] | None = None
    """The subjects in a stream that many share; None where each subject has a stream of its own."""
    person: Callable[[Any, str], PersonId | None] = lambda _state, _subject: None
    """Whom a subject is about: what it is called on the desk."""
    title: Callable[[Any, str], str] = lambda _state, subject: subject
    """What a subject is called where it is about nobody."""
    field: str = ""
    """What commands call the subject, where it is not `<kind>_id`."""


def done(step: Step, on: dt.date) -> Step:
    """The same step, taken on that day."""
    return msgspec.structs.replace(step, progress=Progress.DONE, done_on=on, why_zh="", why_en="")
