"""Meetings, votes and money beside the roll: the whole plain model of several branches."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.flows.plain_roll import ABSENT, NOTHING, OK, PlainRoll


@dataclass
class Motion:
    base: int
    voters: int
    yes: int
    cast: int

    @property
    def passed(self) -> bool:
        return self.yes * 2 > self.base


@dataclass
class Held:
    org: str
    day: dt.date
    chair: str
    due: frozenset[str]
    present: frozenset[str]
    motions: list[Motion] = field(default_factory=list)


class Plain(PlainRoll):
    """All branches at once."""

    def __init__(self) -> None:
        super().__init__()
        self.meetings: dict[str, Held] = {}

    # -- meetings and votes

    def hold(self, name: str, org: str, chair: str, recorder: str, absent: frozenset[str], day: dt.date) -> str:
        due = self.members(org, day)
        for person in sorted(absent - due):
            if stopped := self.active(org, person, day):
                return stopped
        if absent - due or not due:
            return "INV-010"
        if stopped := self.active(org, chair, day) or self.active(org, recorder, day):
            return stopped
        if recorder in absent:
            return "INV-010"
        if chair not in due - absent:
            return "INV-016"
        self.meetings[name] = Held(org, day, chair, due, due - absent)
        return OK

    def correct(self, org: str, name: str, author: str, absent: frozenset[str], day: dt.date) -> str:
        meeting = self.meetings[name]
        if meeting.org != org:
            return ABSENT
        if not absent <= meeting.due:
            return "INV-010"
        present = meeting.due - absent
        if present == meeting.present:
            return NOTHING
        if stopped := self.active(org, author, day):
            return stopped
        if meeting.chair not in present:
            return "INV-016"
        voters = len(present & self.voters(org, meeting.day))
        for motion in meeting.motions:
            if motion.cast > voters:
                return "INV-011"
            if voters * 2 < motion.base or not voters:
                return "INV-012"
        meeting.present = present
        return OK

    def vote(self, org: str, name: str, yes: int, others: int, left: frozenset[str]) -> str:
        meeting = self.meetings[name]
        if meeting.org != org:
            return ABSENT
        base = meeting.due & self.voters(org, meeting.day)
        voters = len(base & meeting.present - left)
        if not left <= meeting.present:
            return "INV-010"
        if voters * 2 < len(base) or not voters:
            return "INV-012"
        if yes + others > voters:
            return "INV-011"
        meeting.motions.append(Motion(len(base), voters, yes, yes + others))
        return OK

    # -- spending rests on a meeting

    def decide(self, name: str, org: str, meeting: str | None, amount: int) -> str:
        if amount <= 0:
            return "INV-058"
        if meeting is None or self.meetings[meeting].org != org:
            return "INV-066"
        self.decisions[name] = {"org": org, "approved": amount}
        return OK

    def pay(self, name: str, org: str, person: str, collector: str, day: dt.date, **told: Any) -> str:
        stopped = self.active(org, person, day) or self.active(org, collector, day)
        return stopped or self.paid(name, org, person, day, **told)

    def spend(self, name: str, org: str, decision: str | None, amount: int, by: str, approver: str, day: dt.date) -> str:
        if amount <= 0:
            return "INV-058"
        if decision is None or self.decisions[decision]["org"] != org:
            return "INV-066"
        stopped = self.active(org, by, day) or self.active(org, approver, day)
        return stopped or self.spent(name, org, decision, amount)

    def flag(self, org: str, person: str, day: dt.date) -> str:
        if stopped := self.active(org, person, day):
            return stopped
        stay = self.stay(org, person, day)
        assert stay is not None
        months = self.unpaid(org, person, stay.since, self.month_before(day))
        if not months or months == self.flagged.get((org, person)):
            return NOTHING
        self.flagged[org, person] = months
        return OK

    def assess(self, org: str, person: str, by: str, month: str, base: int, *, ground: bool, day: dt.date) -> str:
        stopped = self.active(org, person, day) or self.active(org, by, day)
        return stopped or self.assessed_as(org, person, month, base, ground=ground)
