"""Which obligations fall to a branch between two days: a pure function of the pack, facts of the branch and dates (rules 0.4, 0.5)."""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from projections.standard.deadlines import Deadline, DueRule, How, Of
from projections.standard.holidays import add_working_days
from projections.standard.norms import Period
from projections.standard.pack import Pack
from projections.standard.periods import add_months, first_day, fixed_day, last_day, periods
from projections.standard.rules import Override, Rules


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody or something that has duties, from a day to a day; `kind` is an `Of`, or the deadline that an event began."""

    kind: str
    subject: str = ""
    since: dt.date
    until: dt.date | None = None
    due_on: dt.date | None = None
    """Where the event that began it states the date."""


class BranchFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the duties of a branch depend on: its subjects and the rules changed for it (the committee's first)."""

    subjects: tuple[Subject, ...]
    overrides: tuple[Override, ...] = ()


class Upcoming(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation that falls, or will fall, to the branch."""

    obligation_id: str
    deadline: str
    task: str
    period: str
    subject: str
    begins_on: dt.date
    due_on: dt.date
    needed: int


def obligation_id(deadline: str, period: str, subject: str) -> str:
    """The same however often it is worked out."""
    return ":".join(part for part in (deadline, period, subject) if part)


def due_obligations(pack: Pack, facts: BranchFacts, from_day: dt.date, to_day: dt.date) -> list[Upcoming]:
    """The obligations due between two days, both included; soonest first."""
    every = (upcoming for deadline in pack.deadlines for upcoming in _of_deadline(pack, facts, deadline, from_day, to_day))
    return sorted((u for u in every if from_day <= u.due_on <= to_day), key=lambda u: (u.due_on, u.obligation_id))


def remind_from(deadline: Deadline, period: str, due_on: dt.date, rules: Rules) -> dt.date:
    """The day from which reminders count: the due date, or the fixed day of the month."""
    return due_on if deadline.remind_on is None else fixed_day(period, rules.text(deadline.remind_on))


def _of_deadline(pack: Pack, facts: BranchFacts, deadline: Deadline, from_day: dt.date, to_day: dt.date) -> Iterator[Upcoming]:
    for subject in facts.subjects:
        if deadline.of is Of.EVENT and subject.kind == deadline.id:
            yield from _of_event(pack, facts.overrides, deadline, subject)
        elif deadline.of is not Of.EVENT and subject.kind == deadline.of:
            yield from _of_periods(pack, facts.overrides, deadline, subject, from_day, to_day)


def _of_event(pack: Pack, overrides: Iterable[Override], deadline: Deadline, subject: Subject) -> Iterator[Upcoming]:
    if subject.until is not None:
        return
    due_on = _due(deadline, subject, pack.rules(subject.since, overrides))
    yield _upcoming(deadline, "", subject, subject.since, due_on, 1)


def _due(deadline: Deadline, subject: Subject, rules: Rules) -> dt.date:
    if deadline.due.rule is DueRule.STATED:
        assert subject.due_on is not None, f"{deadline.id} {subject.subject} states no date"
        return subject.due_on
    assert deadline.due.setting is not None
    number = rules.number(deadline.due.setting)
    match deadline.due.rule:
        case DueRule.DAYS:
            return subject.since + dt.timedelta(days=number)
        case DueRule.WORKING_DAYS:
            return add_working_days(subject.since, number)
        case _:
            return add_months(subject.since, number)


def _of_periods(
    pack: Pack, overrides: Iterable[Override], deadline: Deadline, subject: Subject, from_day: dt.date, to_day: dt.date
) -> Iterator[Upcoming]:
    """A period counts when the subject existed through all of it: a group formed on the 20th owes nothing for that month."""
    first = max(from_day - dt.timedelta(days=31), subject.since)
    for period in periods(first, to_day, deadline.period):
        begins_on, ends_on = first_day(period), last_day(period)
        if subject.since > begins_on or (subject.until is not None and subject.until <= ends_on):
            continue
        rules = pack.rules(begins_on, overrides)
        needed = 1 if deadline.count is None else rules.number(deadline.count)
        if needed > 0:
            yield _upcoming(deadline, period, subject, begins_on, _due_of_period(deadline, ends_on, rules), needed)


def _due_of_period(deadline: Deadline, ends_on: dt.date, rules: Rules) -> dt.date:
    if deadline.due.rule is DueRule.PERIOD_END:
        return ends_on
    assert deadline.due.setting is not None
    following = ends_on + dt.timedelta(days=1)
    return fixed_day(f"{following.year:04d}-{following.month:02d}", f"day:{rules.number(deadline.due.setting)}")


def _upcoming(deadline: Deadline, period: str, subject: Subject, begins_on: dt.date, due_on: dt.date, needed: int) -> Upcoming:
    own = subject.subject if deadline.of in {Of.GROUP, Of.EVENT} else ""
    assert deadline.how is How.COUNT or needed == 1
    assert (deadline.period is Period.ON_EVENT) == (not period)
    return Upcoming(
        obligation_id=obligation_id(deadline.id, period, own),
        deadline=deadline.id,
        task=deadline.task,
        period=period,
        subject=own,
        begins_on=begins_on,
        due_on=due_on,
        needed=needed,
    )
