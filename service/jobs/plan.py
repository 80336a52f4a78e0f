"""What a worker has to record about the obligations of one branch today: a pure function of the view, the pack and the day.

Every step bears a key that is the same however often it is worked out, so that sweeps may overlap, repeat or come late.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from events.base import LetterId, PersonId
from projections.obligations_state import Obligation
from projections.standard.deadlines import Deadline, How
from projections.standard.forecast import BranchFacts, Subject, Upcoming, due_obligations, remind_from
from projections.standard.pack import Pack
from projections.standard.periods import add_months, first_day
from projections.standard.rules import Override, Rules
from service.decide.base import Command
from service.decide.dues.state import FlagArrears
from service.decide.obligations import EscalateObligation, MarkObligationOverdue, RaiseObligation, RemindOfObligation
from service.decide.transfers.letters import ExpireLetter

AHEAD = dt.timedelta(days=400)
"""How far ahead duties are looked for: a year begins 365 days before its end, and some of its duties fall due a month later."""
LETTER_RUNS_OUT = "DL-30"
"""The deadline after which a letter is marked as expired, beside being overdue."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One command to send, with its idempotency key."""

    key: str
    command: Command


def steps(pack: Pack, facts: BranchFacts, rows: Mapping[str, Obligation], today: dt.date) -> list[Step]:
    """What is to be sent, in order. What is raised now is looked at again in the next sweep, with the evidence there is."""
    since = add_months(today, -pack.rules(today, facts.overrides).number("obligation.lookback_months"))
    coming = [one for one in due_obligations(pack, facts, since, today + AHEAD) if one.begins_on <= today]
    found = [_raise(one, today) for one in coming if one.obligation_id not in rows or rows[one.obligation_id].raised_on is None]
    deadlines = {deadline.id: deadline for deadline in pack.deadlines}
    for key, row in rows.items():
        if _is_open(row):
            found += _of_open(pack, facts, deadlines[row.deadline], key, row, today)
    return found


def facts_of(subjects: Iterable[Mapping[str, Any]], overrides: Iterable[Override]) -> BranchFacts:
    """The facts from rows of `obligation_subject`, and the rules changed by event: the committee's first, then the branch's own."""
    known = (
        Subject(kind=row["kind"], subject=row["subject"], since=row["since"], until=row["until"], due_on=row["due_on"])
        for row in subjects
        if row["since"] is not None
    )
    return BranchFacts(subjects=tuple(known), overrides=tuple(overrides))


def _is_open(row: Obligation) -> bool:
    return row.raised_on is not None and row.fulfilled_on is None and row.waived_on is None and row.lapsed_on is None


def _raise(one: Upcoming, today: dt.date) -> Step:
    command = RaiseObligation(
        occurred_on=today,
        obligation_id=one.obligation_id,
        deadline=one.deadline,
        task=one.task,
        period=one.period,
        subject=one.subject,
        due_on=one.due_on,
        needed=one.needed,
    )
    return Step(key=f"{one.obligation_id}:raise", command=command)


def _of_open(pack: Pack, facts: BranchFacts, deadline: Deadline, key: str, row: Obligation, today: dt.date) -> Iterator[Step]:
    """A clock that went back after the mark was set reminds nobody of what he was told is overdue."""
    assert row.due_on is not None
    if (today <= row.due_on and row.overdue_on is None) or deadline.how is How.NOTICE:
        yield from _remind(pack, facts, deadline, key, row, today)
        return
    if row.overdue_on is None and today >= deadline.overdue_from(row.due_on):
        yield from _consequences(deadline, key, row, today)
        command = MarkObligationOverdue(occurred_on=today, obligation_id=key, due_on=row.due_on)
        yield Step(key=f"{key}:overdue:{row.due_on}", command=command)
    yield from _escalate(pack, facts, deadline, key, row, today)


def _escalate(pack: Pack, facts: BranchFacts, deadline: Deadline, key: str, row: Obligation, today: dt.date) -> Iterator[Step]:
    assert row.due_on is not None
    escalated_from = deadline.escalated_from(row.due_on)
    if escalated_from is None:
        return
    command = EscalateObligation(occurred_on=today, obligation_id=key, due_on=row.due_on)
    if row.escalated_on is None:
        if today >= escalated_from:
            yield Step(key=f"{key}:escalate:{row.due_on}", command=command)
    elif row.pressed_on is None and today >= _pressed_from(pack, facts, row, escalated_from):
        yield Step(key=f"{key}:press:{row.due_on}", command=msgspec.structs.replace(command, again=True))


def _pressed_from(pack: Pack, facts: BranchFacts, row: Obligation, escalated_from: dt.date) -> dt.date:
    """So many days after the due date, or after the escalation where that comes later; as much later as that came late."""
    assert row.due_on is not None
    assert row.escalated_on is not None
    days = dt.timedelta(days=pack.rules(row.due_on, facts.overrides).number("obligation.press_days"))
    planned = row.due_on + days if row.due_on + days > escalated_from else escalated_from + days
    return planned + (row.escalated_on - escalated_from)


def _remind(pack: Pack, facts: BranchFacts, deadline: Deadline, key: str, row: Obligation, today: dt.date) -> Iterator[Step]:
    """Only the newest reminder that has come due: what was missed while no worker ran is not made up for. A reason given lets it rest."""
    assert row.due_on is not None
    rules = pack.rules(first_day(row.period) if row.period else today, facts.overrides)
    anchor = row.due_on if row.extended_on is not None else remind_from(deadline, row.period, row.due_on, rules)
    come = [offset for offset, day in deadline.reminders(anchor) if day <= today]
    if not come or any(offset >= max(come) for offset in row.reminded) or _rests(row, rules, today):
        return
    if deadline.pace is not None and row.least >= rules.table(deadline.pace)[deadline.remind.index(max(come))] * deadline.unit:
        return
    command = RemindOfObligation(occurred_on=today, obligation_id=key, due_on=row.due_on, offset=max(come))
    yield Step(key=f"{key}:remind:{row.due_on}:{max(come)}", command=command)


def _rests(row: Obligation, rules: Rules, today: dt.date) -> bool:
    return row.explained_on is not None and today < row.explained_on + dt.timedelta(days=rules.number("obligation.reason_days"))


def _consequences(deadline: Deadline, key: str, row: Obligation, today: dt.date) -> Iterator[Step]:
    """What else is recorded once the day has passed: arrears of each member who owes (DL-05), the end of a letter (DL-30).

    Before the mark itself: with the mark on record nobody would ask again for what a worker that died left undone.
    """
    if deadline.how is How.ALL_PAID:
        for person in row.missing:
            yield Step(key=f"{key}:arrears:{person}", command=FlagArrears(occurred_on=today, person_id=PersonId(person)))
    if deadline.id == LETTER_RUNS_OUT:
        yield Step(key=f"{key}:expire:{row.due_on}", command=ExpireLetter(occurred_on=today, letter_id=LetterId(row.subject)))
