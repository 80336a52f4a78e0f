"""A transfer begins with a request; the procedure tells how far it is at the sender and at the receiver (N15.T01, R-E02 to R-E05)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, LetterId
from events.members import LeftGround, MemberLeft
from events.transfers import (
    DeliveryMethod,
    ReceiptFiled,
    ReceiptReturned,
    TransferFileBound,
    TransferRequested,
    TransferRequestWithdrawn,
    TransferSide,
)
from projections.standard.pack import default_pack
from service.decide.procedure import Progress
from service.decide.transfers.letters import IssueLetter
from service.decide.transfers.requests import PROCEDURES, RequestTransfer, WithdrawTransferRequest
from service.errors import Absent, Conflict
from tests.decide.bdd import BRANCH, fails, given, nothing, refused
from tests.decide.dues_history import ADA, BO, DAY, member
from tests.decide.roster_history import founded
from tests.decide.transfer_history import (
    CAME,
    L1,
    TAKEN,
    UNTIL,
    accepted,
    accepted_there,
    arrived,
    issued,
    outside,
    refused_there,
    voided,
)
from tests.decide.transfer_history import EXPIRED as RAN_OUT
from tests.decide.transfer_history import refused as sent_back

HERE = (founded(), member(ADA), member(BO))
ISSUE_BY = dt.date(2026, 3, 24)
"""Ten working days after Tuesday 10 March 2026."""
DONE, OPEN, BLOCKED, SKIPPED = Progress.DONE, Progress.OPEN, Progress.BLOCKED, Progress.SKIPPED


def requested(**changed: Any) -> TransferRequested:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "letter_id": L1,
        "person_id": ADA,
        "reason": "工作调动",
        "to_name": "外市某局",
        "leaves_on": DAY,
        "issue_by": ISSUE_BY,
    }
    return TransferRequested(**(told | changed))


GIVEN_UP = TransferRequestWithdrawn(occurred_on=DAY, letter_id=L1, person_id=ADA, reason="不再调动")


def request(**changed: Any) -> RequestTransfer:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "reason": "工作调动",
        "to_name": "外市某局",
        "leaves_on": DAY,
        "letter_id": L1,
    }
    return RequestTransfer(**(told | changed))


def issue(**changed: Any) -> IssueLetter:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "to_side": TransferSide.OUTSIDE,
        "to_name": "外市党委组织部",
        "dues_paid_to": "2026-03",
        "handled_by": BO,
        "contact": "010-1",
    }
    return IssueLetter(**(told | changed))


def letter(**changed: Any) -> Event:
    told: dict[str, Any] = {"number": f"{BRANCH}-2026-0001"}
    return outside(**(told | changed))


class TestRequestTransfer:
    def test_the_letter_is_due_ten_working_days_later(self):
        given(*HERE).when(request()).then(requested())
        given(*HERE).when(request(letter_id=None)).then(requested(letter_id=LetterId("event-1")))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, requested()).when(request(letter_id=None)).then(nothing)

    def test_one_request_at_a_time(self):
        given(*HERE, requested()).when(request(to_name="外省某厅")).then(fails(Conflict))

    def test_and_another_after_it_was_given_up(self):
        given(*HERE, requested(), GIVEN_UP).when(request(to_name="外省某厅")).then(requested(to_name="外省某厅"))

    def test_not_while_a_letter_is_on_its_way(self):
        given(*HERE, requested(), letter()).when(request(letter_id=LetterId("l2"))).then(fails(Conflict, "on its way"))

    def test_an_id_that_stands_for_another_transfer(self):
        given(*HERE, requested(person_id=BO)).when(request()).then(fails(Conflict, "l1"))

    def test_INV_002_of_a_member(self):
        given(founded()).when(request()).then(refused("INV-002", "person_id"))

    def test_INV_009_whose_membership_goes_on(self):
        gone = MemberLeft(occurred_on=dt.date(2026, 3, 1), person_id=ADA, ground=LeftGround.WITHDREW, reason="退党", approval_no="批1")
        given(*HERE, gone).when(request()).then(refused("INV-009", "person_id"))


class TestTheLetterOfARequest:
    def test_it_bears_the_requests_id(self):
        given(*HERE, requested()).when(issue()).then(letter())

    def test_without_a_request_it_is_named_by_its_event(self):
        given(*HERE).when(issue()).then(letter(letter_id=LetterId("event-1")))

    def test_not_the_id_of_somebody_elses_request(self):
        given(*HERE, requested(person_id=BO)).when(issue(letter_id=L1)).then(fails(Conflict))

    def test_another_letter_after_a_void_one_is_another_transfer(self):
        given(*HERE, requested(), letter(), voided()).when(issue()).then(
            letter(number=f"{BRANCH}-2026-0002", letter_id=LetterId("event-1"))
        )


class TestWithdrawTransferRequest:
    COMMAND = WithdrawTransferRequest(occurred_on=DAY, letter_id=L1, reason="不再调动")

    def test_it_is_given_up(self):
        given(*HERE, requested()).when(self.COMMAND).then(GIVEN_UP)

    def test_a_request_that_does_not_exist_any_more(self):
        given(*HERE, requested(), GIVEN_UP).when(self.COMMAND).then(fails(Absent))

    def test_a_letter_is_voided_instead(self):
        given(*HERE, requested(), letter()).when(self.COMMAND).then(fails(Conflict, "void"))

    def test_not_before_the_request(self):
        given(*HERE, requested(occurred_on=CAME)).when(self.COMMAND).then(fails(Conflict))


FILED = ReceiptFiled(
    occurred_on=TAKEN, letter_id=L1, person_id=ADA, number="b1-2026-0001", accepted_on=TAKEN, accepted_by="第二党支部", handled_by="王某"
)
SENT_BACK = ReceiptReturned(occurred_on=TAKEN, letter_id=L1, person_id=ADA, method=DeliveryMethod.MAIL, handled_by=BO, late_days=0)
BOUND = TransferFileBound(occurred_on=TAKEN, letter_id=L1, person_id=ADA, volume_no="2026-1")


def steps_of(*events: Event) -> dict[str, Any]:
    (procedure,) = PROCEDURES
    state = procedure.fold.initial
    for event in events:
        assert event.stream() == procedure.stream(L1)
        state = procedure.fold.evolve(state, event)
    return {step.code: step for step in procedure.steps(state, L1, default_pack().rules(on=DAY), DAY)}


class TestProcedure:
    @pytest.mark.parametrize(
        ("events", "progress"),
        [
            ((requested(),), (DONE, OPEN, BLOCKED, BLOCKED)),
            ((requested(), issued()), (DONE, DONE, OPEN, BLOCKED)),
            ((issued(),), (SKIPPED, DONE, OPEN, BLOCKED)),
            ((issued(), accepted_there()), (SKIPPED, DONE, DONE, OPEN)),
            ((issued(), accepted_there(), FILED), (SKIPPED, DONE, DONE, DONE)),
            ((outside(), FILED), (SKIPPED, DONE, DONE, DONE)),
            ((issued(), voided()), (SKIPPED, DONE, BLOCKED, BLOCKED)),
        ],
    )
    def test_at_the_sender(self, events: tuple[Event, ...], progress: tuple[Progress, ...]):
        steps = steps_of(*events)
        assert list(steps) == ["request", "letter", "accepted", "receipt"]
        assert tuple(step.progress for step in steps.values()) == progress

    @pytest.mark.parametrize(
        ("events", "progress"),
        [
            ((arrived(),), (DONE, SKIPPED, OPEN, BLOCKED, BLOCKED)),
            ((arrived(), sent_back()), (DONE, DONE, SKIPPED, SKIPPED, SKIPPED)),
            ((arrived(), accepted()), (DONE, SKIPPED, DONE, OPEN, OPEN)),
            ((arrived(), accepted(), SENT_BACK, BOUND), (DONE, SKIPPED, DONE, DONE, DONE)),
        ],
    )
    def test_at_the_receiver(self, events: tuple[Event, ...], progress: tuple[Progress, ...]):
        steps = steps_of(*events)
        assert list(steps) == ["received", "refused", "accepted", "receipt", "bound"]
        assert tuple(step.progress for step in steps.values()) == progress

    def test_the_days_of_each(self):
        assert steps_of(requested())["letter"].latest == ISSUE_BY
        assert steps_of(issued())["accepted"].latest == UNTIL
        assert steps_of(issued(), accepted_there())["receipt"].latest == TAKEN + dt.timedelta(days=30)
        assert steps_of(arrived())["accepted"].latest == dt.date(2026, 3, 27)

    @pytest.mark.parametrize(
        ("event", "why"), [(voided(), "The letter is void"), (refused_there(), "Sent back"), (RAN_OUT, "The letter has run out")]
    )
    def test_what_blocks_a_letter(self, event: Event, why: str):
        assert steps_of(issued(), event)["accepted"].why_en.startswith(why)

    def test_every_transfer_of_a_branch_and_whom_it_is_about(self):
        (procedure,) = PROCEDURES
        state = procedure.fold.initial
        for event in (
            requested(),
            issued(),
            issued("b1-2026-0002", letter_id=LetterId("l2"), person_id=BO),
            arrived(letter_id=LetterId("l3")),
        ):
            state = procedure.fold.evolve(state, event)
        assert procedure.subjects is not None
        assert procedure.subjects(state) == ("l1", "l2", "l3")
        assert [procedure.person(state, subject) for subject in ("l1", "l2", "l3", "l4")] == [ADA, BO, ADA, None]

    def test_no_such_transfer(self):
        assert steps_of() == {}
        assert steps_of(requested(), GIVEN_UP) == {}
