"""Entries about letters taken back, the last one first: receipt, acceptance, letter (N15.M01, N15.M02, INV-001)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, MeetingId
from events.meetings import MeetingHeld, MeetingKind
from events.members import MemberTransferredIn, RegistrationWithdrawn
from events.transfers import TransferFileBound, TransferReceived, TransferSide, TransferStep, TransferStepWithdrawn
from service.decide.transfers.outside import ReceiveOutsideTransfer
from service.decide.transfers.state import RecordReceipt
from service.decide.transfers.withdrawal import WithdrawTransferStep
from service.errors import Absent, BuiltUpon, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.dues_history import ADA, CY, DAY, OTHER_BRANCH, SEC, assessed, member
from tests.decide.transfer_history import (
    CAME,
    L1,
    TAKEN,
    UNTIL,
    accepted,
    accepted_there,
    arrived,
    issued,
    moved_in,
    moved_out,
    outside,
    returned,
)
from tests.decide.transfer_history import refused as sent_back
from tests.ledgers.test_l04_transfers import FILED

TODAY = dt.date(2026, 4, 1)
STEP = TransferStep
BOUND = TransferFileBound(occurred_on=TAKEN, letter_id=L1, person_id=ADA, volume_no="2026-1")


def withdraw(step: TransferStep, **changed: Any) -> WithdrawTransferStep:
    told: dict[str, Any] = {"occurred_on": TODAY, "letter_id": L1, "step": step, "reason": "导错了文件"}
    return WithdrawTransferStep(**(told | changed))


def gone(step: TransferStep) -> TransferStepWithdrawn:
    return TransferStepWithdrawn(occurred_on=TODAY, letter_id=L1, person_id=ADA, step=step, reason="导错了文件")


def from_outside(**changed: Any) -> TransferReceived:
    told: dict[str, Any] = {"from_side": TransferSide.OUTSIDE, "from_org_id": None, "from_name": "外市某支部"}
    return arrived(**(told | changed))


def entered(**changed: Any) -> MemberTransferredIn:
    return moved_in(**({"from_org_id": None, "from_name": "外市某支部"} | changed))


NEVER = RegistrationWithdrawn(occurred_on=TODAY, person_id=ADA, reason="导错了文件", id_index=moved_in().id_index)
HERE = (*OTHER_BRANCH, from_outside(), accepted(), entered())


class TestReceived:
    def test_a_letter_that_never_came(self):
        given(*OTHER_BRANCH, arrived()).when(withdraw(STEP.RECEIVED)).then(gone(STEP.RECEIVED))

    def test_the_same_again_is_nothing_to_do(self):
        given(*OTHER_BRANCH, arrived(), gone(STEP.RECEIVED)).when(withdraw(STEP.RECEIVED)).then(nothing)

    def test_it_may_come_in_again_and_be_taken_back_again(self):
        again = ReceiveOutsideTransfer(
            occurred_on=CAME, number="b1-2026-0001", from_name="外市某支部", name="赵甲", dues_paid_to="2026-03",
            issued_on=DAY, valid_until=UNTIL, person_id=ADA, letter_id=L1,
        )  # fmt: skip
        history = (*OTHER_BRANCH, from_outside(), gone(STEP.RECEIVED))
        given(*history).when(again).then(from_outside(name="赵甲"))
        given(*history, from_outside()).when(withdraw(STEP.RECEIVED)).then(gone(STEP.RECEIVED))

    @pytest.mark.parametrize("later", [(accepted(),), (sent_back(),)])
    def test_not_once_it_was_dealt_with(self, later: tuple[Event, ...]):
        given(*OTHER_BRANCH, arrived(), *later).when(withdraw(STEP.RECEIVED)).then(fails(BuiltUpon))

    def test_nor_one_that_nobody_recorded_or_before_its_day(self):
        given(*OTHER_BRANCH).when(withdraw(STEP.RECEIVED)).then(fails(Absent))
        given(*OTHER_BRANCH, arrived()).when(withdraw(STEP.RECEIVED, occurred_on=DAY)).then(fails(Malformed))


class TestAccepted:
    def test_whoever_was_accepted_from_outside_in_error_never_belonged_here(self):
        given(*HERE).when(withdraw(STEP.ACCEPTED)).then(gone(STEP.ACCEPTED), NEVER)

    def test_the_same_again_is_nothing_to_do_and_the_letter_goes_next(self):
        history = (*HERE, gone(STEP.ACCEPTED), NEVER)
        given(*history).when(withdraw(STEP.ACCEPTED)).then(nothing)
        given(*history).when(withdraw(STEP.RECEIVED)).then(gone(STEP.RECEIVED))

    def test_not_while_the_receipt_is_with_the_sender(self):
        given(*HERE, returned()).when(withdraw(STEP.ACCEPTED)).then(fails(BuiltUpon, "receipt"))
        given(*HERE, returned(), gone(STEP.RETURNED)).when(withdraw(STEP.ACCEPTED)).then(gone(STEP.ACCEPTED), NEVER)

    @pytest.mark.parametrize(
        ("later", "why"),
        [
            (assessed(ADA, "2026-04", assessed_by=SEC), "an assessment of dues"),
            (
                MeetingHeld(
                    occurred_on=TODAY, meeting_id=MeetingId("m9"), kind=MeetingKind.STUDY, topic="学习", chair=SEC, recorder=ADA,
                    due=(ADA, SEC), present=(ADA, SEC),
                ),
                "a meeting",
            ),
        ],
    )  # fmt: skip
    def test_not_once_something_rests_on_it(self, later: Event, why: str):
        given(*HERE, later).when(withdraw(STEP.ACCEPTED)).then(fails(BuiltUpon, why))

    def test_whoever_was_here_before_is_not_taken_off_whole(self):
        before = (*OTHER_BRANCH, member(ADA), moved_out(on=DAY, to=None, to_name="外市某支部"))
        given(*before, from_outside(), accepted(), entered()).when(withdraw(STEP.ACCEPTED)).then(fails(BuiltUpon, "an earlier stay"))

    def test_somebody_of_a_branch_here_goes_back_by_a_letter_only(self):
        given(*OTHER_BRANCH, arrived(), accepted(), moved_in()).when(withdraw(STEP.ACCEPTED)).then(fails(BuiltUpon, "another letter"))

    def test_nobody_who_was_not_accepted(self):
        given(*OTHER_BRANCH, from_outside()).when(withdraw(STEP.ACCEPTED)).then(fails(Absent))
        given(*HERE).when(withdraw(STEP.ACCEPTED, occurred_on=DAY)).then(fails(Malformed))


class TestReceiptReturned:
    def test_a_receipt_that_never_went(self):
        given(*HERE, returned()).when(withdraw(STEP.RETURNED)).then(gone(STEP.RETURNED))
        given(*HERE, returned(), gone(STEP.RETURNED)).when(withdraw(STEP.RETURNED)).then(nothing)

    def test_not_of_a_letter_that_is_bound(self):
        given(*HERE, returned(), BOUND).when(withdraw(STEP.RETURNED)).then(fails(BuiltUpon, "2026-1"))

    def test_nor_one_that_nobody_returned(self):
        given(*HERE).when(withdraw(STEP.RETURNED)).then(fails(Absent))


class TestReceiptFiled:
    STUB = (member(ADA), issued(), moved_out(), accepted_there(), FILED)

    def test_a_stub_with_the_wrong_receipt(self):
        given(*self.STUB).when(withdraw(STEP.FILED)).then(gone(STEP.FILED))
        given(*self.STUB, gone(STEP.FILED)).when(withdraw(STEP.FILED)).then(nothing)

    def test_INV_073_the_right_one_is_filed_afterwards(self):
        record = RecordReceipt(
            occurred_on=TAKEN, letter_id=L1, number="b1-2026-0001", accepted_on=TAKEN, accepted_by="第二党支部", handled_by="王某"
        )
        given(*self.STUB, gone(STEP.FILED)).when(record).then(FILED)
        other = RecordReceipt(occurred_on=TAKEN, letter_id=L1, number="b1-2026-0002", accepted_on=TAKEN, handled_by="王某")
        given(*self.STUB, gone(STEP.FILED)).when(other).then(refused("INV-073", "number"))

    def test_with_a_receipt_from_outside_the_member_has_left(self):
        away = (member(ADA), outside(), FILED, moved_out(to=None, to_name="外市党委组织部"))
        given(*away).when(withdraw(STEP.FILED)).then(fails(BuiltUpon, "elsewhere"))

    def test_a_letter_without_a_receipt(self):
        given(member(ADA), member(CY), issued()).when(withdraw(STEP.FILED)).then(fails(Absent))
        given(*self.STUB).when(withdraw(STEP.FILED, occurred_on=DAY)).then(fails(Malformed))
