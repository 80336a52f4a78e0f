"""A year of branches with duties: raised month by month as the pack says, done in time, done late, or not at all."""

import datetime as dt
import functools
import itertools
from collections.abc import Iterator

import msgspec

from events.base import Event, MeetingId, OrgId, month_of
from events.dues import DuesBaseAssessed, IncomeKind, PayerStatus
from events.meetings import MeetingHeld, MeetingKind
from events.obligations import ObligationRaised
from events.organisations import OrganisationFounded, OrgKind
from events.store.books import Append
from events.store.keys import Keys
from projections.standard.deadlines import Of
from projections.standard.forecast import BranchFacts, Subject, Upcoming, due_obligations, obligation_id
from projections.standard.pack import default_pack
from projections.standard.periods import add_months
from service.bench.synthetic import BEGIN_US, COMMITTEE, DAY_US, FOUNDED, founding, group_of, month_of_life, org, people, request

AHEAD = dt.timedelta(days=430)
"""Duties that begin in a month fall due within this time."""
FIVES, EIGHTS = 5, 8
"""Every fifth branch holds its general meetings after the quarter; in one month of eight a branch does less, and pays up in the next."""
UNPAID = 4
"""Events of the payments that are made a month late: two payments with their receipts."""
GROUP = "group"


def begin_of_life(today: dt.date) -> dt.date:
    """The first day of the year in which life was going on four months ago."""
    return (today - dt.timedelta(days=120)).replace(month=1, day=1)


def assessments(branch: OrgId, month: dt.date) -> Iterator[Event]:
    """What everybody pays from a month on."""
    for n, person in enumerate(people(branch)):
        yield DuesBaseAssessed(
            occurred_on=month,
            person_id=person,
            year=month.year,
            from_month=month_of(month),
            status=PayerStatus.FULL,
            income_kind=IncomeKind.SALARY,
            base_yuan="9000.00",
            rate_per_10000=50,
            by_table_fen=4500 + n,
            monthly_fen=4500 + n,
            assessed_by=people(branch)[2],
            signed_by_member=True,
        )


@functools.cache
def _beginning(month: dt.date, first: bool) -> tuple[Upcoming, ...]:  # noqa: FBT001 - the second half of a key
    """What begins in a month; in the first one also what began before and is not over."""
    kinds = (Of.BRANCH, Of.COMMITTEE, Of.PAYERS, Of.GROUPED)
    subjects = [*(Subject(kind=kind, since=FOUNDED) for kind in kinds), Subject(kind=Of.GROUP, subject=GROUP, since=FOUNDED)]
    coming = due_obligations(default_pack(), BranchFacts(subjects=tuple(subjects)), month, month + AHEAD)
    following = add_months(month, 1)
    return tuple(one for one in coming if one.begins_on < following and (first or one.begins_on >= month))


def raised(branch: OrgId, month: dt.date, *, first: bool) -> Iterator[Event]:
    """The duties that begin in a month; those of groups once for each."""
    for one in _beginning(month, first):
        for subject in (group_of(branch, 1), group_of(branch, 2)) if one.subject == GROUP else (one.subject,):
            yield ObligationRaised(
                occurred_on=month,
                obligation_id=obligation_id(one.deadline, one.period, subject),
                deadline=one.deadline,
                task=one.task,
                period=one.period,
                subject=subject,
                due_on=one.due_on,
                needed=one.needed,
            )


def general_meeting(branch: OrgId, on: dt.date) -> Event:
    members = tuple(people(branch))
    return MeetingHeld(
        occurred_on=on,
        meeting_id=MeetingId(f"{branch}-{on:%Y%m}-general"),
        kind=MeetingKind.GENERAL,
        topic="学习文件、研究工作",
        chair=members[0],
        recorder=members[2],
        due=members,
        present=members[1:],
        absent=members[:1],
    )


def is_idle(number: int, month: dt.date) -> bool:
    return (number + month.month) % EIGHTS == 0


def dutiful_month(number: int, month: dt.date, *, first: bool) -> Iterator[Event]:
    """A month of one branch: its new duties, and what it does about them."""
    branch = org(number)
    yield from raised(branch, month, first=first)
    idle = is_idle(number, month)
    life = list(month_of_life(branch, month))
    yield from life[UNPAID:-1] if idle else life
    before = add_months(month, -1)
    if is_idle(number, before) and not first:
        owed = itertools.islice(month_of_life(branch, before), UNPAID)
        yield from (msgspec.structs.replace(event, occurred_on=month.replace(day=25)) for event in owed)
    held_in = 1 if number % FIVES == 0 else 0
    if month.month % 3 == held_in and not idle and not (first and held_in):
        yield general_meeting(branch, month.replace(day=20))


def dutiful_life(branches: int, events: int, keys: Keys, begin: dt.date) -> Iterator[Append]:
    """About `events` events, as `synthetic.life`, with duties."""
    committee = OrganisationFounded(
        occurred_on=FOUNDED, org_id=COMMITTEE, parent_id=None, kind=OrgKind.COMMITTEE, name="示例委员会", short_name="示例"
    )
    yield request(COMMITTEE, "founding", [committee], keys, BEGIN_US)
    sent = 1
    for number in range(branches):
        batch = [*founding(org(number)), *assessments(org(number), begin)]
        sent += len(batch)
        yield request(org(number), "founding", batch, keys, BEGIN_US)
    index = 0
    while True:
        for number in range(branches):
            batch = list(dutiful_month(number, add_months(begin, index), first=index == 0))
            if sent + len(batch) >= events:
                batch = batch[: events - sent]
            if not batch:
                return
            sent += len(batch)
            yield request(org(number), f"month-{index}", batch, keys, BEGIN_US + (index + 1) * 30 * DAY_US)
        index += 1
