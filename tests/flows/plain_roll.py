"""A plain model of what several branches know: who is where, letters, money, votes. Each method says what the system must answer.

Written from the rule sheet, with lists and dicts only; it shares no line with the deciders. An answer is `ok`, `nothing` to do,
the number of the rule that says no, or the name of another error.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from tests.flows.plain_dues import PlainDues

OK, NOTHING, CONFLICT, ABSENT = "ok", "nothing", "Conflict", "Absent"
ALWAYS = dt.date.min
LETTER_DAYS = 30
Span = list[dt.date | None]
"""From a day until (not including) another."""


@dataclass
class Stay:
    """One time that a person is in a branch."""

    since: dt.date
    full_since: dt.date | None
    until: dt.date | None = None
    suspended: list[Span] = field(default_factory=list)
    no_vote: list[Span] = field(default_factory=list)
    groups: list[tuple[dt.date, str]] = field(default_factory=list)


@dataclass
class Letter:
    org: str
    to: str
    person: str
    number: str
    day: dt.date
    stage: str = "live"
    received: dt.date | None = None
    accepted: dt.date | None = None
    refused: bool = False
    returned: bool = False
    filed: dt.date | None = None

    @property
    def until(self) -> dt.date:
        return self.day + dt.timedelta(days=LETTER_DAYS)

    @property
    def open(self) -> bool:
        return self.stage in {"live", "expired"}


def covers(span: Span, day: dt.date) -> bool:
    since, until = span
    return since is not None and since <= day and (until is None or day < until)


def is_open(spans: list[Span]) -> bool:
    return bool(spans) and spans[-1][1] is None


class PlainRoll(PlainDues):
    """The people and letters of all branches."""

    def __init__(self) -> None:
        super().__init__()
        self.stays: defaultdict[tuple[str, str], list[Stay]] = defaultdict(list)
        self.where: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        """ID number -> the person who is on a roll with it."""
        self.groups: defaultdict[str, dict[str, dt.date]] = defaultdict(dict)
        self.letters: dict[str, Letter] = {}

    # -- who is where

    def stay(self, org: str, person: str, day: dt.date) -> Stay | None:
        known = self.stays[org, person]
        return next((stay for stay in reversed(known) if stay.since <= day), known[0] if known else None)

    def active(self, org: str, person: str, day: dt.date) -> str | None:
        """What stops a record about the person on that day."""
        stay = self.stay(org, person, day)
        if stay is None or day < stay.since:
            return "INV-002"
        gone = stay.until is not None and day > stay.until
        return "INV-009" if gone or any(covers(span, day) and span[0] != day for span in stay.suspended) else None

    def leaves_from(self, org: str, person: str, day: dt.date) -> str | None:
        """What stops a transfer away: the person must still be there, and not suspended."""
        stay = self.stay(org, person, day)
        if stay is None or day < stay.since:
            return "INV-002"
        return "INV-009" if stay.until is not None or is_open(stay.suspended) else self.active(org, person, day)

    def counts(self, org: str, person: str, day: dt.date) -> bool:
        stay = self.stay(org, person, day)
        return stay is not None and covers([stay.since, stay.until], day) and not any(covers(span, day) for span in stay.suspended)

    def votes(self, org: str, person: str, day: dt.date) -> bool:
        stay = self.stay(org, person, day)
        if stay is None or not self.counts(org, person, day) or any(covers(span, day) for span in stay.no_vote):
            return False
        return stay.full_since is not None and stay.full_since <= day

    def members(self, org: str, day: dt.date) -> frozenset[str]:
        return frozenset(person for at, person in list(self.stays) if at == org and self.counts(org, person, day))

    def voters(self, org: str, day: dt.date) -> frozenset[str]:
        return frozenset(person for person in self.members(org, day) if self.votes(org, person, day))

    def group_of(self, org: str, person: str, day: dt.date) -> str | None:
        stay = self.stay(org, person, day)
        return next((group for since, group in reversed(stay.groups) if since <= day), None) if stay else None

    def _group_stops(self, org: str, group: str | None, day: dt.date) -> str | None:
        there = [name for name, since in self.groups[org].items() if since <= day]
        return "INV-003" if (group is None and there) or (group is not None and group not in there) else None

    def _enter(self, org: str, person: str, stay: Stay, group: str | None) -> None:
        if group is not None:
            stay.groups.append((stay.since, group))
        self.stays[org, person].append(stay)
        self.where[person] = org

    # -- the roster

    def register(self, org: str, person: str, number: str | None, *, full: bool, group: str | None, day: dt.date) -> str:
        known = self.stays[org, person]
        if known and (known[-1].until is None or day < known[-1].until):
            return "INV-001"
        if stopped := self._group_stops(org, group, day):
            return stopped
        if person in self.where or number in self.numbers:
            return "INV-001"
        self._enter(org, person, Stay(day, ALWAYS if full else None), group)
        if number is not None:
            self.numbers[number] = person
        return OK

    def form_group(self, org: str, group: str, day: dt.date) -> str:
        if group in self.groups[org]:
            return NOTHING
        self.groups[org][group] = day
        return OK

    def assign(self, org: str, person: str, group: str, day: dt.date) -> str:
        if stopped := self.active(org, person, day) or self._group_stops(org, group, day):
            return stopped
        if self.group_of(org, person, day) == group:
            return NOTHING
        stay = self.stay(org, person, day)
        assert stay is not None
        stay.groups = sorted([*stay.groups, (day, group)], key=lambda entry: entry[0])
        return OK

    def suspend(self, org: str, person: str, day: dt.date) -> str:
        return self._begin(org, person, "suspended", day)

    def reinstate(self, org: str, person: str, day: dt.date) -> str:
        return self._finish(org, person, "suspended", day)

    def bar_vote(self, org: str, person: str, day: dt.date) -> str:
        known = self.stays[org, person]
        if stopped := self.active(org, person, day):
            return stopped
        return "INV-014" if known[-1].full_since is None else self._begin(org, person, "no_vote", day)

    def restore_vote(self, org: str, person: str, day: dt.date) -> str:
        return self._finish(org, person, "no_vote", day)

    def _begin(self, org: str, person: str, spans: str, day: dt.date) -> str:
        known = self.stays[org, person]
        if not known:
            return ABSENT
        if is_open(getattr(known[-1], spans)):
            return NOTHING
        if stopped := self.active(org, person, day):
            return stopped
        getattr(known[-1], spans).append([day, None])
        return OK

    def _finish(self, org: str, person: str, spans: str, day: dt.date) -> str:
        known = self.stays[org, person]
        if not known:
            return ABSENT
        if not is_open(getattr(known[-1], spans)):
            return NOTHING
        getattr(known[-1], spans)[-1][1] = day
        return OK

    def convert(self, org: str, person: str, day: dt.date) -> str:
        if stopped := self.active(org, person, day):
            return stopped
        if self.stays[org, person][-1].full_since is not None:
            return NOTHING
        self.stays[org, person][-1].full_since = day
        return OK

    def end(self, org: str, person: str, day: dt.date) -> str:
        known = self.stays[org, person]
        if not known:
            return ABSENT
        if known[-1].until is not None:
            return NOTHING
        if day < known[-1].since:
            return "INV-002"
        self._leave(org, person, day)
        return OK

    def _leave(self, org: str, person: str, day: dt.date) -> None:
        self.stays[org, person][-1].until = day
        del self.where[person]
        self.numbers = {number: whose for number, whose in self.numbers.items() if whose != person}

    # -- letters

    def issue(self, letter: str, org: str, to: str, person: str, by: str, *, paid_to: str, reason: bool, day: dt.date) -> str:
        if stopped := self.leaves_from(org, person, day) or self.active(org, by, day):
            return stopped
        mine = [one for one in self.letters.values() if (one.org, one.person) == (org, person) and one.open]
        live = [one for one in mine if one.stage == "live" and day <= one.until]
        if live:
            return CONFLICT
        stay = self.stay(org, person, day)
        assert stay is not None
        last = max(paid_to, self.month_before(day))
        if self.unpaid(org, person, stay.since, last) and not reason:
            return "INV-072"
        for one in mine:
            one.stage = "voided"
        number = sum(one.org == org and one.day.year == day.year for one in self.letters.values()) + 1
        self.letters[letter] = Letter(org, to, person, f"{org}-{day.year}-{number:04d}", day)
        return OK

    def receive(self, org: str, name: str, day: dt.date) -> str:
        letter = self.letters[name]
        if letter.to != org:
            return ABSENT
        if letter.received is not None:
            return NOTHING
        if not letter.open or day < letter.day:
            return CONFLICT
        letter.received = day
        return OK

    def accept(self, org: str, name: str, *, group: str | None, explained: bool, day: dt.date) -> str:
        letter = self.letters[name]
        if letter.to != org or letter.received is None:
            return ABSENT
        if letter.accepted is not None:
            return NOTHING
        if not letter.open or day < letter.received:
            return CONFLICT
        if day > letter.until and not explained:
            return "INV-071"
        stopped = self._group_stops(org, group, day) or self.leaves_from(letter.org, letter.person, day)
        if stopped:
            return stopped
        before = self.stay(letter.org, letter.person, day)
        assert before is not None
        full = before.full_since is not None and before.full_since <= day
        here = Stay(day, ALWAYS if full else None, no_vote=[[day, None]] if is_open(before.no_vote) else [])
        numbers = dict(self.numbers)
        self._leave(letter.org, letter.person, day)
        self.numbers = numbers
        self._enter(org, letter.person, here, group)
        letter.accepted, letter.stage = day, "accepted"
        return OK

    def refuse(self, org: str, name: str, day: dt.date) -> str:
        letter = self.letters[name]
        if letter.to != org or letter.received is None:
            return ABSENT
        if letter.refused:
            return NOTHING
        if letter.accepted is not None or day < letter.received:
            return CONFLICT
        letter.refused = True
        letter.stage = "refused" if letter.open else letter.stage
        return OK

    def give_receipt_back(self, org: str, name: str, by: str, day: dt.date) -> str:
        letter = self.letters[name]
        if letter.to != org or letter.accepted is None or day < letter.accepted:
            return "INV-073"
        if letter.returned:
            return NOTHING
        if stopped := self.active(org, by, day):
            return stopped
        letter.returned = True
        return OK

    def file_receipt(self, org: str, name: str, accepted_on: dt.date, day: dt.date) -> str:
        letter = self.letters[name]
        if letter.org != org:
            return "INV-073"
        if letter.filed == day and accepted_on == letter.accepted:
            return NOTHING
        if letter.stage != "accepted" or accepted_on != letter.accepted or day < accepted_on:
            return "INV-073"
        letter.stage, letter.filed = "filed", day
        return OK

    def void(self, org: str, name: str) -> str:
        letter = self.letters[name]
        if letter.org != org:
            return ABSENT
        if letter.stage == "voided":
            return NOTHING
        if letter.stage in {"accepted", "filed"}:
            return CONFLICT
        letter.stage = "voided"
        return OK

    def expire(self, org: str, name: str, day: dt.date) -> str:
        letter = self.letters[name]
        if letter.org != org:
            return ABSENT
        if letter.stage != "live" or day <= letter.until:
            return NOTHING
        letter.stage = "expired"
        return OK
