"""Obligations as tasks: what is due, for which period, by when, under which rule; and how many of them each branch has."""

import datetime as dt

import msgspec

from admin.reading import Org


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation that is not fulfilled."""

    title: str
    period: str
    due_on: dt.date
    days: int
    """Days left; negative when overdue."""
    norm: str
    rule: str
    progress: str
    command: str
    """The form that fulfils it, where there is one."""
    query: str

    @property
    def overdue(self) -> bool:
        return self.days < 0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one branch stands."""

    org: Org
    overdue: int
    open: int


class Count(msgspec.Struct, frozen=True):
    """Obligations of one branch that are not fulfilled."""

    overdue: int
    open: int


async def tasks_of(visit, org):
    return []


async def counted(visit):
    return {o: Count(0, 0) for o in visit.actor.subtree}


async def standings(visit, counts):
    return [Standing(org=org, overdue=0, open=0) for org in await visit.read.orgs()]
