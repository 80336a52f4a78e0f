"""Duties of one branch as scoring looks at them, and what one of them brings by a scheme (R-J02). Pure."""

import datetime as dt

import msgspec

from projections.standard.points import PERCENT, part
from projections.standard.schemes import Scheme, Waived
from projections.standard.score_tree import Ground, Node, Reason, Wanted, leaf


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation of the branch: what was to be done by when, and what was."""

    obligation_id: str
    deadline: str
    period: str
    subject: str
    due_on: dt.date
    done: int
    needed: int
    missing: tuple[str, ...] = ()
    done_on: dt.date | None = None
    events: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    """What would prove it, or the rest of it."""
    extended: bool = False
    waived: bool = False
    lapsed: bool = False
    text: str = ""

    @property
    def year(self) -> int:
        """Whose year it counts for: of its period, or of its date where it has none."""
        return int(self.period[:4]) if self.period else self.due_on.year


def counts(duty: Duty, scheme: Scheme) -> bool:
    """Whether it takes part: what lapsed, or was waived and left out, has no weight."""
    return not duty.lapsed and not (duty.waived and scheme.waived is Waived.LEFT_OUT)


def weigh(duty: Duty, scheme: Scheme, most: int, on: dt.date, name: str, titles: tuple[str, str], *, final: bool) -> Node:
    """The leaf of a duty on a day. Once the year is graded, nothing is open any more."""
    reason, credit, still = _credit(duty, scheme, on)
    got = part(most, credit, PERCENT)
    left = 0 if final else max(0, part(most, still, PERCENT) - got)
    ground = Ground(
        reason=reason,
        credit=credit,
        obligation_id=duty.obligation_id,
        deadline=duty.deadline,
        period=duty.period,
        subject=duty.subject,
        due_on=duty.due_on,
        done_on=duty.done_on,
        done=duty.done,
        needed=duty.needed,
        events=duty.events,
        things=duty.things,
        missing=duty.missing,
        wanted=duty.wanted if reason in (Reason.NOT_DUE, Reason.OVERDUE) else (),
        text=duty.text,
    )
    return leaf(name, *titles, ground, most=most, got=got, still=left)


def _credit(duty: Duty, scheme: Scheme, on: dt.date) -> tuple[Reason, int, int]:
    """(why, per cent it has, per cent it can come to)."""
    if duty.lapsed:
        return Reason.LAPSED, 0, 0
    if duty.waived:
        credit = scheme.on_time if scheme.waived is Waived.FULL else 0
        return Reason.WAIVED, credit, credit
    if duty.done_on is not None and duty.done_on <= on:
        return _done(duty, scheme, duty.done_on)
    if on <= duty.due_on:
        return Reason.NOT_DUE, 0, scheme.extended if duty.extended else scheme.on_time
    return Reason.OVERDUE, _partial(duty, scheme), scheme.late_credit((on - duty.due_on).days)


def _done(duty: Duty, scheme: Scheme, done_on: dt.date) -> tuple[Reason, int, int]:
    if done_on > duty.due_on:
        credit = scheme.late_credit((done_on - duty.due_on).days)
        return Reason.LATE, credit, credit
    if duty.extended:
        return Reason.EXTENDED, scheme.extended, scheme.extended
    return Reason.ON_TIME, scheme.on_time, scheme.on_time


def _partial(duty: Duty, scheme: Scheme) -> int:
    """For what was done of it, if it cannot be more than doing all of it so late would bring."""
    return min(scheme.later, scheme.partial * min(duty.done, duty.needed) // max(1, duty.needed))
