"""Care of the dues fund: reminders, accounts, audits, hand-over; figures come from the books (R-D09, R-D15, R-D16)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.custody import (
    AccountsWay,
    CustodyEntryWithdrawn,
    CustodyHandedOver,
    CustodyId,
    DuesAccountsPublished,
    DuesAudited,
    DuesReminderSent,
    ReminderWay,
)
from events.dues import DuesRemitted, EntryId
from events.members import LeftGround, MemberLeft
from service.decide.dues.custody import AuditDues, HandOverCustody, PublishDuesAccounts, SendDuesReminder, WithdrawCustodyEntry
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.dues_history import ADA, BO, CY, DAY, assessed, member, paid_each
from tests.decide.roster_history import founded

HERE = (founded(), member(ADA), member(BO), member(CY))
LATER = dt.date(2026, 3, 12)
E1, NEW = CustodyId("e1"), CustodyId("event-1")
BOOKS: tuple[Event, ...] = (
    *paid_each("2026-01", "2026-02"),
    DuesRemitted(
        occurred_on=DAY,
        entry_id=EntryId("r1"),
        from_month="2026-01",
        to_month="2026-02",
        collected_fen=3000,
        amount_fen=1000,
        voucher_no="缴1",
    ),
)
"""3000 fen came in, 1000 went up: 2000 are left."""


def remind(**changed: Any) -> SendDuesReminder:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ADA, "way": ReminderWay.TALK, "entry_id": E1}
    return SendDuesReminder(**(told | changed))


def reminded(**changed: Any) -> DuesReminderSent:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": E1,
        "person_id": ADA,
        "way": ReminderWay.TALK,
        "months": ("2026-01", "2026-02"),
        "consecutive": 2,
        "education": False,
    }
    return DuesReminderSent(**(told | changed))


class TestSendDuesReminder:
    def test_of_the_complete_months_that_are_unpaid(self):
        given(*HERE, assessed()).when(remind()).then(reminded())

    def test_with_criticism_and_education(self):
        told = {"education": True, "note": "限期一个月"}
        given(*HERE, assessed()).when(remind(**told)).then(reminded(**told))

    def test_who_owes_nothing_is_not_reminded(self):
        given(*HERE, assessed(), *paid_each("2026-01", "2026-02")).when(remind()).then(nothing)
        given(*HERE).when(remind()).then(nothing)

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, assessed(), reminded()).when(remind(entry_id=None)).then(nothing)

    def test_in_another_way(self):
        given(*HERE, assessed(), reminded()).when(remind(way=ReminderWay.LETTER, entry_id=None)).then(
            reminded(way=ReminderWay.LETTER, entry_id=NEW)
        )
        given(*HERE, assessed(), reminded()).when(remind(way=ReminderWay.LETTER)).then(fails(Conflict))

    def test_INV_002_of_a_member(self):
        given(founded()).when(remind()).then(refused("INV-002", "person_id"))


def publish(**changed: Any) -> PublishDuesAccounts:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "from_month": "2026-01",
        "to_month": "2026-03",
        "ways": (AccountsWay.BOARD,),
        "entry_id": E1,
    }
    return PublishDuesAccounts(**(told | changed))


def published(**changed: Any) -> DuesAccountsPublished:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": E1,
        "from_month": "2026-01",
        "to_month": "2026-03",
        "collected_fen": 3000,
        "spent_fen": 0,
        "remitted_fen": 1000,
        "allocated_fen": 0,
        "balance_fen": 2000,
        "ways": (AccountsWay.BOARD,),
    }
    return DuesAccountsPublished(**(told | changed))


class TestPublishDuesAccounts:
    def test_the_sums_come_from_the_books(self):
        given(*HERE, *BOOKS).when(publish()).then(published())

    def test_of_the_months_asked_for(self):
        given(*HERE, *BOOKS).when(publish(to_month="2026-01")).then(published(to_month="2026-01", collected_fen=1500, remitted_fen=0))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *BOOKS, published()).when(publish(entry_id=None)).then(nothing)
        given(*HERE, *BOOKS, published()).when(publish(place="一楼")).then(fails(Conflict))

    def test_the_months_are_in_order(self):
        given(*HERE).when(publish(to_month="2025-12")).then(fails(Malformed))


def audit(counted_fen: int = 2000, **changed: Any) -> AuditDues:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "checked_by": "党委组织部",
        "from_month": "2026-01",
        "to_month": "2026-03",
        "counted_fen": counted_fen,
        "findings": "账款相符",
        "entry_id": E1,
    }
    return AuditDues(**(told | changed))


def audited(counted_fen: int = 2000, **changed: Any) -> DuesAudited:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": E1,
        "checked_by": "党委组织部",
        "from_month": "2026-01",
        "to_month": "2026-03",
        "book_fen": 2000,
        "counted_fen": counted_fen,
        "findings": "账款相符",
    }
    return DuesAudited(**(told | changed))


class TestAuditDues:
    def test_books_and_money_agree(self):
        given(*HERE, *BOOKS).when(audit()).then(audited())

    def test_a_difference_says_what_is_done(self):
        given(*HERE, *BOOKS).when(audit(1999, measures="补足一分")).then(audited(1999, measures="补足一分"))
        given(*HERE, *BOOKS).when(audit(1999)).then(fails(Malformed))
        given(*HERE, *BOOKS).when(audit(-1, measures="补足")).then(fails(Malformed))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *BOOKS, audited()).when(audit(entry_id=None)).then(nothing)

    def test_the_months_are_in_order(self):
        given(*HERE, *BOOKS).when(audit(to_month="2025-12")).then(fails(Malformed))


def hand_over(**changed: Any) -> HandOverCustody:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "from_person": ADA,
        "to_person": BO,
        "witness": CY,
        "balance_fen": 2000,
        "papers": "登记册一本、票据三本",
        "entry_id": E1,
    }
    return HandOverCustody(**(told | changed))


def handed_over(**changed: Any) -> CustodyHandedOver:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": E1,
        "from_person": ADA,
        "to_person": BO,
        "witness": CY,
        "balance_fen": 2000,
        "papers": "登记册一本、票据三本",
    }
    return CustodyHandedOver(**(told | changed))


class TestHandOverCustody:
    def test_the_money_is_what_the_books_hold(self):
        given(*HERE, *BOOKS).when(hand_over()).then(handed_over())
        given(*HERE, *BOOKS).when(hand_over(balance_fen=1999)).then(fails(Conflict, "2000"))

    def test_without_a_witness(self):
        given(*HERE, *BOOKS).when(hand_over(witness=None)).then(handed_over(witness=None))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *BOOKS, handed_over()).when(hand_over()).then(nothing)

    @pytest.mark.parametrize("people", [{"to_person": ADA}, {"witness": ADA}, {"witness": BO}])
    def test_they_are_different_people(self, people: dict[str, Any]):
        given(*HERE, *BOOKS).when(hand_over(**people)).then(fails(Malformed))

    def test_INV_002_among_members(self):
        given(founded(), member(BO), member(CY), *BOOKS).when(hand_over()).then(refused("INV-002", "from_person"))
        given(founded(), member(ADA), *BOOKS).when(hand_over()).then(refused("INV-002", "to_person"))
        given(founded(), member(ADA), member(BO), *BOOKS).when(hand_over()).then(refused("INV-002", "witness"))

    def test_by_somebody_who_left_the_branch(self):
        gone = MemberLeft(occurred_on=DAY, person_id=ADA, ground=LeftGround.WITHDREW, reason="退党", approval_no="批1")
        given(*HERE, *BOOKS, gone).when(hand_over(occurred_on=LATER)).then(handed_over(occurred_on=LATER))


class TestWithdrawCustodyEntry:
    COMMAND = WithdrawCustodyEntry(occurred_on=DAY, entry_id=E1, reason="误录")
    GONE = CustodyEntryWithdrawn(occurred_on=DAY, entry_id=E1, reason="误录")

    @pytest.mark.parametrize("entry", [reminded(), published(), audited(), handed_over()])
    def test_any_entry(self, entry: Event):
        given(*HERE, entry).when(self.COMMAND).then(self.GONE)
        given(*HERE, entry, self.GONE).when(self.COMMAND).then(fails(Absent))

    def test_and_told_again_afterwards(self):
        given(*HERE, *BOOKS, handed_over(), self.GONE).when(hand_over()).then(handed_over())
