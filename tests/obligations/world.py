"""What the tests of obligations are told in: one branch whose events are followed by the view and swept by the worker's plan."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import structs

from events.base import Event, GroupId, LetterId, MeetingId, Month, OrgId, PersonId
from events.dues import DuesBaseAssessed, DuesReceived, EntryId, EntryKind, IncomeKind, PayerKind, PayerStatus, PaymentKind
from events.dues import DuesRemitted as DuesRemitted
from events.dues import DuesReversed as DuesReversed
from events.meetings import LectureDelivered, LecturerKind, MeetingHeld, MeetingKind
from events.members import MemberRegistered, MemberStatus, Sex
from events.obligations import (
    ObligationEscalated,
    ObligationExplained,
    ObligationExtended,
    ObligationOverdue,
    ObligationRaised,
    ObligationReminded,
    ObligationWaived,
)
from events.organisations import CommitteeSeated, GroupFormed, OrganisationFounded, OrgKind, Post, Seat
from events.transfers import LetterIssued, TransferSide, TransferStatus
from projections.engine.fold import Fact
from projections.engine.merge import Merge, apply
from projections.obligations import Lens
from projections.obligations_state import Obligation, State, from_row
from projections.standard.forecast import BranchFacts, Upcoming, due_obligations
from projections.standard.pack import Pack, default_pack
from projections.standard.rules import Override
from service.decide.base import Command, Context
from service.decide.obligations import CASES, DUTIES, Duties
from service.jobs.plan import Step, facts_of, steps

FIRST = ("DL-01", "DL-02", "DL-03", "DL-04", "DL-05", "DL-07", "DL-08", "DL-12", "DL-30", "DL-31", "N15.T02")
WHOLE = default_pack()
PACK = structs.replace(WHOLE, deadlines=tuple(deadline for deadline in WHOLE.deadlines if deadline.id in FIRST), continuous=())
"""Eleven deadlines, one of each sort, for telling how they are followed; what all of them watch is told of the whole pack."""
EMPTY = structs.asdict(Obligation(deadline="", task="", period="", subject=""))
"""What the table holds where a row names no value."""
ORG = OrgId("b1")
FOUNDED = dt.date(2025, 7, 1)
ANN, BEN, CAI, DAN = (PersonId(name) for name in ("ann", "ben", "cai", "dan"))
GROUP = GroupId("g1")
LETTER = LetterId("letter1")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


KEY = "DL-07:2026-Q1"
DUE, LATER, AFTER = day("2026-03-31"), day("2026-04-15"), day("2026-04-01")
RAISED = ObligationRaised(
    occurred_on=day("2026-01-01"), obligation_id=KEY, deadline="DL-07", task="N09.T01", period="2026-Q1", due_on=DUE, needed=1
)
REMINDED = ObligationReminded(occurred_on=day("2026-03-11"), obligation_id=KEY, due_on=DUE, offset=-20)
OVERDUE = ObligationOverdue(occurred_on=AFTER, obligation_id=KEY, due_on=DUE)
ESCALATED = ObligationEscalated(occurred_on=day("2026-04-07"), obligation_id=KEY, due_on=DUE)
EXPLAINED = ObligationExplained(occurred_on=AFTER, obligation_id=KEY, reason="书记外出学习")
WAIVED = ObligationWaived(occurred_on=AFTER, obligation_id=KEY, reason="洪灾")
EXTENDED = ObligationExtended(occurred_on=AFTER, obligation_id=KEY, due_on=LATER, reason="洪灾")


def founded(on: dt.date = FOUNDED, kind: OrgKind = OrgKind.BRANCH) -> OrganisationFounded:
    return OrganisationFounded(occurred_on=on, org_id=ORG, parent_id=OrgId("c1"), kind=kind, name="第一党支部", short_name="一支部")


def grouped(on: dt.date = FOUNDED) -> GroupFormed:
    return GroupFormed(occurred_on=on, group_id=GROUP, name="第一党小组")


def seated(*people: PersonId, on: dt.date = FOUNDED) -> CommitteeSeated:
    posts = (Post.SECRETARY, Post.DEPUTY, Post.ORGANISATION)
    seats = tuple(Seat(person_id=person, post=post) for person, post in zip(people, posts, strict=False))
    return CommitteeSeated(occurred_on=on, term=1, term_ends_on=day("2028-07-01"), approval_no="1", seats=seats)


def held(meeting: str, kind: MeetingKind, on: str, group_id: GroupId | None = None) -> MeetingHeld:
    return MeetingHeld(
        occurred_on=day(on),
        meeting_id=MeetingId(meeting),
        kind=kind,
        topic="学习",
        chair=ANN,
        recorder=BEN,
        due=(ANN, BEN),
        present=(ANN, BEN),
        group_id=group_id,
    )


def lecture(meeting: str, lecturer: LecturerKind, on: str) -> LectureDelivered:
    return LectureDelivered(
        occurred_on=day(on),
        meeting_id=MeetingId(meeting),
        title="党课",
        lecturer_kind=lecturer,
        audience_count=20,
        class_minutes=60,
        minutes_per_hour=60,
    )


def joined(person: PersonId, on: dt.date = FOUNDED) -> MemberRegistered:
    return MemberRegistered(
        occurred_on=on,
        person_id=person,
        name="~sealed",
        sex=Sex.FEMALE,
        nationality="01",
        born_month="1980-01",
        education="1",
        status=MemberStatus.FULL,
        admitted_on=day("2010-07-01"),
        joined_on=on,
    )


def assessed(person: PersonId, fen: int, month: Month = "2025-07") -> DuesBaseAssessed:
    return DuesBaseAssessed(
        occurred_on=day(f"{month}-01"),
        person_id=person,
        year=int(month[:4]),
        from_month=month,
        status=PayerStatus.FULL,
        income_kind=IncomeKind.SALARY,
        base_yuan="~sealed",
        rate_per_10000=50,
        by_table_fen=fen,
        monthly_fen=fen,
        assessed_by=CAI,
        signed_by_member=True,
    )


def paid(person: PersonId, month: Month, fen: int, on: str, kind: PaymentKind = PaymentKind.REGULAR) -> DuesReceived:
    return DuesReceived(
        occurred_on=day(on),
        entry_id=EntryId(f"{person}-{month}-{on}"),
        person_id=person,
        month=month,
        amount_fen=fen,
        kind=kind,
        payer=PayerKind.SELF,
        collector=CAI,
    )


def remitted(entry: str, first: Month, last: Month, on: str) -> DuesRemitted:
    return DuesRemitted(
        occurred_on=day(on), entry_id=EntryId(entry), from_month=first, to_month=last, collected_fen=100, amount_fen=100, voucher_no="1"
    )


def reversed_(
    entry: str, kind: EntryKind, on: str, person: PersonId | None = None, month: Month | None = None, fen: int = 100
) -> DuesReversed:
    return DuesReversed(
        occurred_on=day(on), entry_id=EntryId(entry), kind=kind, amount_fen=fen, person_id=person, month=month, reason="录错"
    )


def letter(on: str, valid_until: str) -> LetterIssued:
    return LetterIssued(
        occurred_on=day(on),
        letter_id=LETTER,
        person_id=ANN,
        number="b1-2026-0001",
        status=TransferStatus.FULL,
        sex="女",
        nationality="汉族",
        to_side=TransferSide.OUTSIDE,
        to_name="外单位党支部",
        heading="外单位党委",
        dues_paid_to="2026-03",
        valid_days=30,
        valid_until=day(valid_until),
        handled_by=CAI,
        contact="0000-0000",
    )


class Branch:
    """One branch: what happened in it, what the view shows of it, what the worker does about it."""

    def __init__(self, *events: Event, overrides: tuple[Override, ...] = (), pack: Pack = PACK) -> None:
        self.pack = pack
        self.projection = Lens(pack).projection()
        self.state = State()
        self.merge = Merge()
        self.duties: Duties = DUTIES.initial
        self.overrides = overrides
        self.keys: list[str] = []
        self.events: list[Event] = []
        self.happen(*events)

    def happen(self, *events: Event) -> "Branch":
        """Followed one at a time, the state written and read back in between as the engine does."""
        for event in events:
            page = len(self.events) + 1
            fact = Fact(
                position=page, book=ORG, page=page, event_id=f"e{page}", actor="user", recorded_at=page, late_reason=None, event=event
            )
            apply(self.projection, self.state, [fact], self.merge)
            self.state = msgspec.msgpack.decode(msgspec.msgpack.encode(self.state), type=State)
            self.events.append(event)
            if event.stream() == "obligations":
                self.duties = DUTIES.evolve(self.duties, event)
        return self

    @property
    def rows(self) -> dict[str, Obligation]:
        return {merged.key[0]: from_row({**EMPTY, **merged.values}) for merged in self.merge.tables["obligation"].values()}

    @property
    def facts(self) -> BranchFacts:
        nothing = {"since": None, "until": None, "due_on": None}
        subjects = [
            {**nothing, **merged.values, "kind": merged.key[0], "subject": merged.key[1]}
            for merged in self.merge.tables["obligation_subject"].values()
        ]
        return facts_of(subjects, self.overrides)

    @property
    def subjects(self) -> dict[tuple[str, ...], dict[str, Any]]:
        return {merged.key: merged.values for merged in self.merge.tables["obligation_subject"].values()}

    def forecast(self, first: str, last: str) -> list[Upcoming]:
        return due_obligations(self.pack, self.facts, day(first), day(last))

    def plan(self, today: str) -> list[Step]:
        return steps(self.pack, self.facts, self.rows, day(today))

    def sweep(self, today: str) -> list[Event]:
        """The worker's visit on a day, until nothing is left to do; only obligation commands are decided here."""
        before = len(self.events)
        for _ in range(10):
            planned = self.plan(today)
            sent = [event for step in planned for event in self._send(step)]
            if not sent:
                return self.events[before:]
        raise AssertionError("the worker never comes to rest")

    def _send(self, step: Step) -> Iterable[Event]:
        if step.key in self.keys:
            return []
        outcome = self.decide(step.command)
        if outcome:
            self.keys.append(step.key)
            self.happen(*outcome)
        return outcome

    def decide(self, command: Command) -> list[Event]:
        for case in CASES:
            if case.command is type(command):
                return [event for event in case.decide(command, context(command.occurred_on), self.duties) if isinstance(event, Event)]
        return []


def context(today: dt.date) -> Context:
    return Context(
        org_id=ORG,
        committee_id=OrgId("c1"),
        actor="worker",
        now=dt.datetime.combine(today, dt.time(4), dt.UTC),
        today=today,
        rules=PACK.rules(today),
        event_ids=("01-event",),
        blind=lambda text: text,
    )


def raised(deadline: str, task: str, due_on: str, period: str = "", subject: str = "", needed: int = 1) -> ObligationRaised:
    key = ":".join(part for part in (deadline, period, subject) if part)
    return ObligationRaised(
        occurred_on=day("2026-01-01"),
        obligation_id=key,
        deadline=deadline,
        task=task,
        period=period,
        subject=subject,
        due_on=day(due_on),
        needed=needed,
    )
