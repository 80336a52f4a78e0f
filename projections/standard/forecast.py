"""Which obligations fall to a branch between two days: a pure function of the pack, facts of the branch and dates (rules 0.4, 0.5)."""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from projections.standard.deadlines import Deadline, DueRule, Of
from projections.standard.holidays import add_working_days
from projections.standard.norms import Period
from projections.standard.pack import Pack
from projections.standard.periods import add_months, first_day, fixed_day, last_day, periods
from projections.standard.rules import Override, Rules

AFTER_PERIOD = dt.timedelta(days=62)
"""How long after its period a duty may fall due."""


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
    every = (
        upcoming
        for deadline in pack.deadlines
        for upcoming in _of_deadline(pack, facts, deadline, from_day, to_day)
        if from_day <= upcoming.due_on <= to_day and deadline.runs(upcoming.begins_on)
    )
    return sorted(every, key=lambda u: (u.due_on, u.obligation_id))


def remind_from(deadline: Deadline, period: str, due_on: dt.date, rules: Rules) -> dt.date:
    """The day from which reminders count: the due date, or the fixed day of the month."""
    return due_on if deadline.remind_on is None else fixed_day(period, rules.text(deadline.remind_on))


def _of_deadline(pack: Pack, facts: BranchFacts, deadline: Deadline, from_day: dt.date, to_day: dt.date) -> Iterator[Upcoming]:
    kind = deadline.id if deadline.of is Of.EVENT else Of.BRANCH if deadline.of is Of.FESTIVAL else deadline.of
    for subject in facts.subjects:
        if subject.kind != kind:
            continue
        if deadline.of is Of.FESTIVAL:
            yield from _of_festivals(pack, facts.overrides, deadline, subject, from_day, to_day)
        elif deadline.period is Period.ON_EVENT:
            yield from _of_event(pack, facts.overrides, deadline, subject)
        else:
            yield from _of_periods(pack, facts.overrides, deadline, subject, from_day, to_day)


def _of_event(pack: Pack, overrides: Iterable[Override], deadline: Deadline, subject: Subject) -> Iterator[Upcoming]:
    if subject.until is not None:
        return
    rules = pack.rules(subject.since, overrides)
    needed = 1 if deadline.count is None else rules.number(deadline.count)
    yield _upcoming(deadline, "", subject.subject, subject.since, _due(deadline, subject, rules), needed)


def _due(deadline: Deadline, subject: Subject, rules: Rules) -> dt.date:
    if deadline.due.rule is DueRule.STATED:
        assert subject.due_on is not None, f"{deadline.id} {subject.subject} states no date"
        return subject.due_on
    assert deadline.due.setting is not None
    number = rules.number(deadline.due.setting) * deadline.due.times
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
    own = subject.subject if deadline.of in {Of.GROUP, Of.EVENT} else ""
    first = max(from_day - AFTER_PERIOD, subject.since)
    for period in periods(first, to_day, deadline.period):
        begins_on, ends_on = first_day(period), last_day(period)
        if subject.since > begins_on or (subject.until is not None and subject.until <= ends_on):
            continue
        rules = pack.rules(begins_on, overrides)
        needed = 1 if deadline.count is None else rules.number(deadline.count)
        if needed > 0:
            yield _upcoming(deadline, period, own, begins_on, _due_of_period(deadline, ends_on, rules), needed)


def _due_of_period(deadline: Deadline, ends_on: dt.date, rules: Rules) -> dt.date:
    setting = deadline.due.setting
    if deadline.due.rule is DueRule.PERIOD_END or setting is None:
        return ends_on
    if deadline.due.rule is DueRule.DAY_OF_YEAR:
        return dt.date.fromisoformat(f"{ends_on.year + deadline.due.next_year:04d}-{rules.text(setting)}")
    following = ends_on + dt.timedelta(days=1)
    return fixed_day(f"{following.year:04d}-{following.month:02d}", f"day:{rules.number(setting)}")


def _of_festivals(
    pack: Pack, overrides: Iterable[Override], deadline: Deadline, subject: Subject, from_day: dt.date, to_day: dt.date
) -> Iterator[Upcoming]:
    """Of the festivals that the rules of the day ask for; it begins with the first reminder."""
    for name in deadline.festivals:
        for year in range(from_day.year, to_day.year + 1):
            due_on = pack.festivals[name].on(year)
            if due_on is None or due_on < subject.since or (subject.until is not None and subject.until <= due_on):
                continue
            if deadline.festivals_by is not None and name not in pack.rules(due_on, overrides).table(deadline.festivals_by):
                continue
            yield _upcoming(deadline, "", festival_subject(name, due_on), deadline.reminders(due_on)[0][1], due_on, 1)


def festival_subject(name: str, on: dt.date) -> str:
    """How the duty before a festival of one year is told from that of another."""
    return f"{name}.{on.year}"


def _upcoming(deadline: Deadline, period: str, subject: str, begins_on: dt.date, due_on: dt.date, needed: int) -> Upcoming:
    return Upcoming(
        obligation_id=obligation_id(deadline.id, period, subject),
        deadline=deadline.id,
        task=deadline.task,
        period=period,
        subject=subject,
        begins_on=begins_on,
        due_on=due_on,
        needed=needed,
    )
