"""What the tests of dues and transfers are told in: two branches, their people, the rules, and decisions about them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from events.base import Event, GroupId, MeetingId, OrgId, PersonId
from events.dues import DuesBaseAssessed, DuesReceived, DuesReversed, EntryId, EntryKind, IncomeKind, PayerKind, PayerStatus, PaymentKind
from events.meetings import AgendaKind, MeetingHeld, MeetingKind, MotionVoted, VoteMethod
from events.members import MemberRegistered, MemberStatus, Sex
from events.organisations import GroupFormed, OrganisationFounded, OrgKind
from projections.standard.rules import Rules
from service.decide.base import Command, Context, Elsewhere, Outcome
from service.decide.dues import assessment, fund, payments, removal
from service.decide.dues import state as dues
from service.decide.transfers import arrivals, letters, outside
from service.decide.transfers import state as transfers
from service.errors import Absent, Conflict, Malformed, Refused

NOUNS = (
    *(dues, assessment, payments, fund, removal),
    *(transfers, letters, outside, arrivals),
)
CASES = {case.command: case for noun in NOUNS for case in noun.CASES}

BANDS = [[300_000, 50], [500_000, 100], [1_000_000, 150], [0, 200]]
RULES: dict[str, Any] = {
    "dues.rates.salary": BANDS,
    "dues.rates.annual_salary": BANDS,
    "dues.rates.self_employed": BANDS,
    "dues.rates.retired": [[500_000, 50], [0, 100]],
    "dues.fixed.farmer_fen": 20,
    "dues.fixed.farmer_max_fen": 100,
    "dues.fixed.low_income_fen": 20,
    "dues.max_month_fen": 100_000,
    "dues.rounding": 1,
    "dues.reassess": "annual",
    "dues.back_months": 6,
    "dues.arrears_months": 6,
    "dues.use_items": [["会议场地", "training"]],
    "transfer.valid_days": 30,
    "transfer.valid_days_max": 90,
    "transfer.receipt_days": 30,
}

B1, B2, COMMITTEE = OrgId("b1"), OrgId("b2"), OrgId("c1")
ADA, BO, CY, NEO = (PersonId(name) for name in ("ada", "bo", "cy", "neo"))
"""Three full members and a probationary one of b1."""
SEC = PersonId("sec")
"""The one who does the work of b2."""
G1, G2 = GroupId("g1"), GroupId("g2")
FOUNDED = dt.date(2025, 1, 2)
DAY = dt.date(2026, 3, 10)
M1 = MeetingId("m1")


def member(person: PersonId, status: MemberStatus = MemberStatus.FULL, **changed: Any) -> MemberRegistered:
    told: dict[str, Any] = {
        "occurred_on": FOUNDED,
        "joined_on": FOUNDED,
        "person_id": person,
        "name": f"~1|{person}|e|name|x",
        "sex": Sex.FEMALE,
        "nationality": "01",
        "born_month": "1980-05",
        "id_number": f"~1|{person}|e|id_number|x",
        "id_index": format(sum(person.encode()), "040x"),
        "education": "21",
        "status": status,
        "admitted_on": dt.date(2010, 7, 1),
        "full_on": dt.date(2011, 7, 1) if status is MemberStatus.FULL else None,
    }
    return MemberRegistered(**(told | changed))


def founded(org: OrgId, name: str) -> OrganisationFounded:
    return OrganisationFounded(occurred_on=FOUNDED, org_id=org, parent_id=COMMITTEE, kind=OrgKind.BRANCH, name=name, short_name=name)


BRANCH: tuple[Event, ...] = (founded(B1, "第一党支部"), member(ADA), member(BO), member(CY), member(NEO, MemberStatus.PROBATIONARY))
OTHER_BRANCH: tuple[Event, ...] = (
    founded(B2, "第二党支部"),
    GroupFormed(occurred_on=FOUNDED, group_id=G1, name="第一党小组"),
    member(SEC, group_id=G1),
)

Told = Event | Elsewhere


def decide(command: Command, *history: Told, org: OrgId = B1, **rules: Any) -> Outcome:
    """What the command gives in `org` after this history; plain events happened in `org` itself."""
    case = CASES[type(command)]
    books: dict[OrgId, list[Event]] = {B1: list(BRANCH), B2: list(OTHER_BRANCH)}
    for told in history:
        book, event = (told.org_id, told.event) if isinstance(told, Elsewhere) else (org, told)
        books[book].append(event)
    states = []
    for fold in case.reads:
        state, stream = fold.initial, fold.stream(command)
        for event in [] if stream is None else books.get(fold.book(org, command), []):
            if event.stream() == stream:
                state = fold.evolve(state, event)
        states.append(state)
    outcome: Outcome = case.decide(command, context(command, org, rules), *states)
    return outcome


def context(command: Command, org: OrgId, rules: dict[str, Any]) -> Context:
    today = command.occurred_on
    return Context(
        org_id=org,
        committee_id=COMMITTEE,
        actor="user",
        now=dt.datetime(today.year, today.month, today.day, 4, tzinfo=dt.UTC),
        today=today,
        rules=Rules(today, RULES | {key.replace("__", "."): value for key, value in rules.items()}),
        event_ids=tuple(f"{n}-event" for n in range(1, 9)),
        blind=lambda text: format(sum(text.encode()), "040x"),
    )


def refusal(command: Command, *history: Told, org: OrgId = B1, **rules: Any) -> tuple[str, ...]:
    """The rule that refuses the command, and the fields it is about."""
    with pytest.raises(Refused) as refused:
        decide(command, *history, org=org, **rules)
    return (refused.value.rule, *refused.value.fields)


def other(command: Command, *history: Told, org: OrgId = B1) -> type[Exception]:
    """What else than a rule stops the command."""
    with pytest.raises((Absent, Conflict, Malformed)) as stopped:
        decide(command, *history, org=org)
    return stopped.type


def there(org: OrgId, events: Iterable[Event]) -> tuple[Elsewhere, ...]:
    return tuple(Elsewhere(org, event) for event in events)


def assessed(person: PersonId = ADA, from_month: str = "2026-01", monthly_fen: int = 1500, **changed: Any) -> DuesBaseAssessed:
    told: dict[str, Any] = {
        "occurred_on": dt.date(int(from_month[:4]), int(from_month[5:]), 5),
        "person_id": person,
        "year": int(from_month[:4]),
        "from_month": from_month,
        "status": PayerStatus.FULL,
        "income_kind": IncomeKind.SALARY,
        "base_yuan": "3000.00",
        "rate_per_10000": 50,
        "by_table_fen": monthly_fen,
        "monthly_fen": monthly_fen,
        "assessed_by": CY,
        "signed_by_member": True,
    }
    return DuesBaseAssessed(**(told | changed))


def received(month: str = "2026-03", amount_fen: int = 1500, person: PersonId = ADA, **changed: Any) -> DuesReceived:
    """A regular payment by the member on the tenth of the month."""
    told: dict[str, Any] = {
        "occurred_on": dt.date(int(month[:4]), int(month[5:]), 10),
        "entry_id": EntryId("1-event"),
        "person_id": person,
        "month": month,
        "amount_fen": amount_fen,
        "kind": PaymentKind.REGULAR,
        "payer": PayerKind.SELF,
        "collector": CY,
    }
    return DuesReceived(**(told | changed))


def reversed_payment(**changed: Any) -> DuesReversed:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": EntryId("1-event"),
        "kind": EntryKind.PAYMENT,
        "amount_fen": 1500,
        "person_id": ADA,
        "month": "2026-03",
        "reason": "金额有误",
    }
    return DuesReversed(**(told | changed))


def paid_each(*months: str, person: PersonId = ADA) -> tuple[DuesReceived, ...]:
    return tuple(received(month, person=person, entry_id=EntryId(f"{person}-{month}")) for month in months)


def held(kind: MeetingKind = MeetingKind.COMMITTEE, on: dt.date = DAY, meeting_id: MeetingId = M1) -> MeetingHeld:
    people = (ADA, BO, CY)
    return MeetingHeld(occurred_on=on, meeting_id=meeting_id, kind=kind, topic="党费", chair=ADA, recorder=BO, due=people, present=people)


def voted(*, passed: bool = True, matter: AgendaKind = AgendaKind.DISCIPLINE, on: dt.date = DAY) -> MotionVoted:
    return MotionVoted(
        occurred_on=on, meeting_id=M1, motion_no=1, matter=matter, title="除名", method=VoteMethod.SECRET_PAPER,
        voters_due=3, voters_present=3, quorum=2, needed=2, yes=3 if passed else 1, no=0 if passed else 2, abstain=0, passed=passed,
    )  # fmt: skip
