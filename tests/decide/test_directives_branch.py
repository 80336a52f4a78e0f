"""A branch signs for a directive, hands it over, tables it, answers it, and takes a wrong entry back (N09.T04, DL-61)."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.base import Event, MeetingId, PersonId
from events.directives import DirectiveAnswered, DirectiveAssigned, DirectiveStep, DirectiveTabled, TablingId
from events.documents import DocumentId
from events.meetings import MeetingHeld, MeetingKind
from service.decide.base import Command
from service.decide.directives.branch import (
    AnswerDirective,
    HandOverDirective,
    SignForDirective,
    TableDirective,
    WithdrawDirectiveStep,
)
from service.decide.documents.papers import ReceiveSuperiorDocument
from service.errors import Absent, BuiltUpon, Conflict, Malformed
from tests.decide.bdd import Books, fails, given, nothing, refused
from tests.decide.directive_history import (
    A1,
    A2,
    ACCEPTED,
    AGAIN,
    ANN,
    ANSWERED,
    BRANCH_FOUNDED,
    DELIVERED,
    ISSUED_ON,
    ISSUER,
    MEETING,
    NUMBER,
    ON,
    RETURNED,
    SIGNED,
    TABLED,
    W1,
    back,
    delivered,
    recalled,
)
from tests.decide.document_history import D1, FILED
from tests.obligations.world import joined

HELD = MeetingHeld(
    occurred_on=TABLED.occurred_on,
    meeting_id=MEETING,
    kind=MeetingKind.COMMITTEE,
    topic="研究年度计划",
    chair=ANN,
    recorder=ANN,
    due=(ANN,),
    present=(ANN,),
)
HANDED = DirectiveAssigned(occurred_on=dt.date(2026, 3, 5), directive_id=W1, person_id=ANN)
SIGN = SignForDirective(occurred_on=SIGNED.occurred_on, directive_id=W1)
HAND = HandOverDirective(occurred_on=HANDED.occurred_on, directive_id=W1, person_id=ANN)
TABLE = TableDirective(occurred_on=TABLED.occurred_on, directive_id=W1, meeting_id=MEETING, arrangement=TABLED.arrangement)
ANSWER = AnswerDirective(occurred_on=ANSWERED.occurred_on, directive_id=W1, text=ANSWERED.text, answer_id=A1)
PAPER = ReceiveSuperiorDocument(occurred_on=ON, number=NUMBER, title="通知", issuer=ISSUER, formed_on=ISSUED_ON)


def branch(*events: Event) -> Books:
    return given(BRANCH_FOUNDED, joined(ANN, dt.date(2020, 7, 1)), HELD, *events)


class TestSigning:
    def test_the_branch_signs_once(self):
        branch(DELIVERED).when(SIGN).then(SIGNED)
        branch(DELIVERED, SIGNED).when(SIGN).then(nothing)

    def test_a_paper_that_was_signed_for_needs_no_second_signature(self):
        branch(delivered(paper_id="p1", table_by=None)).when(SIGN).then(nothing)

    def test_not_before_it_came(self):
        branch(DELIVERED).when(replace(SIGN, occurred_on=ISSUED_ON)).then(fails(Conflict))

    def test_the_same_paper_does_not_come_in_by_another_way(self):
        branch(DELIVERED).when(PAPER).then(fails(BuiltUpon, "delivered"))
        assert branch(DELIVERED, recalled(occurred_on=ON)).when(PAPER).decide()
        assert branch(DELIVERED).when(replace(PAPER, issuer="上级另一机关")).decide()


@pytest.mark.parametrize("command", [SIGN, HAND, TABLE, ANSWER])
def test_what_is_not_here_or_was_withdrawn_by_the_superior_is_not_dealt_with(command: Command):
    branch().when(command).then(fails(Absent))
    branch(DELIVERED, SIGNED, recalled(occurred_on=dt.date(2026, 3, 4))).when(command).then(fails(BuiltUpon, "withdrew"))


@pytest.mark.parametrize("command", [HAND, TABLE, ANSWER])
def test_first_it_is_signed_for(command: Any):
    branch(DELIVERED).when(command).then(fails(BuiltUpon, "Sign"))
    branch(DELIVERED, replace(SIGNED, occurred_on=dt.date(2026, 4, 25))).when(command).then(fails(Conflict, "signed"))


class TestHandingOver:
    def test_a_member_becomes_responsible(self):
        branch(DELIVERED, SIGNED).when(HAND).then(HANDED)
        branch(DELIVERED, SIGNED, HANDED).when(HAND).then(nothing)

    def test_nobody_from_elsewhere(self):
        branch(DELIVERED, SIGNED).when(replace(HAND, person_id=PersonId("stranger"))).then(refused("INV-002", "person_id"))


class TestTabling:
    def test_a_meeting_studies_it(self):
        branch(DELIVERED, SIGNED).when(TABLE).then(replace(TABLED, tabling_id=TablingId("event-1")))
        branch(DELIVERED, SIGNED, TABLED).when(TABLE).then(nothing)

    def test_more_than_once_at_different_meetings(self):
        later = replace(HELD, meeting_id=MeetingId("m2"), occurred_on=dt.date(2026, 4, 1))
        command = replace(TABLE, meeting_id=MeetingId("m2"), occurred_on=dt.date(2026, 4, 1))
        branch(DELIVERED, SIGNED, TABLED, later).when(command).then(
            DirectiveTabled(
                occurred_on=dt.date(2026, 4, 1),
                directive_id=W1,
                tabling_id=TablingId("event-1"),
                meeting_id=MeetingId("m2"),
                arrangement=TABLED.arrangement,
            )
        )

    def test_only_at_a_meeting_that_was_held_after_it_was_issued(self):
        branch(DELIVERED, SIGNED).when(replace(TABLE, meeting_id=MeetingId("none"))).then(fails(Absent))
        branch(DELIVERED, SIGNED).when(replace(TABLE, occurred_on=dt.date(2026, 3, 9))).then(fails(Conflict))
        early = replace(HELD, meeting_id=MeetingId("m0"), occurred_on=dt.date(2026, 3, 1))
        branch(DELIVERED, SIGNED, early).when(replace(TABLE, meeting_id=MeetingId("m0"))).then(fails(BuiltUpon))


class TestAnswering:
    def test_the_branch_reports_with_documents(self):
        branch(DELIVERED, SIGNED).when(ANSWER).then(ANSWERED)
        branch(DELIVERED, SIGNED, FILED).when(replace(ANSWER, documents=(D1, D1))).then(replace(ANSWERED, documents=(D1,)))
        branch(DELIVERED, SIGNED).when(replace(ANSWER, documents=(DocumentId("none"),))).then(fails(Absent))

    def test_the_same_again_is_nothing_to_do(self):
        branch(DELIVERED, SIGNED, ANSWERED).when(replace(ANSWER, answer_id=None)).then(nothing)

    def test_an_answer_that_says_nothing_is_refused(self):
        branch(DELIVERED, SIGNED).when(replace(ANSWER, text=" ")).then(fails(Malformed, "text"))

    def test_one_answer_waits_at_a_time(self):
        branch(DELIVERED, SIGNED, ANSWERED).when(replace(ANSWER, text="另一份")).then(fails(BuiltUpon, "waits"))

    def test_the_next_one_stands_in_the_place_of_the_one_that_came_back(self):
        command = AnswerDirective(occurred_on=AGAIN.occurred_on, directive_id=W1, text=AGAIN.text, answer_id=A2)
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(command).then(AGAIN)
        same = replace(command, text=ANSWERED.text)
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(same).then(
            DirectiveAnswered(occurred_on=AGAIN.occurred_on, directive_id=W1, answer_id=A2, follows_id=A1, text=ANSWERED.text)
        )

    def test_what_was_accepted_is_closed(self):
        command = AnswerDirective(occurred_on=dt.date(2026, 5, 10), directive_id=W1, text="补充")
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED, AGAIN, ACCEPTED).when(command).then(fails(BuiltUpon, "accepted"))


class TestTakingBack:
    ON = dt.date(2026, 5, 6)

    def withdrawing(self, step: DirectiveStep) -> WithdrawDirectiveStep:
        return WithdrawDirectiveStep(occurred_on=self.ON, directive_id=W1, step=step, reason="录错")

    @pytest.mark.parametrize(
        ("step", "entry", "before"),
        [
            (DirectiveStep.SIGNED, W1, (SIGNED,)),
            (DirectiveStep.ASSIGNED, W1, (SIGNED, HANDED)),
            (DirectiveStep.TABLED, "t1", (SIGNED, TABLED)),
            (DirectiveStep.ANSWERED, A1, (SIGNED, ANSWERED)),
            (DirectiveStep.ANSWERED, A2, (SIGNED, ANSWERED, RETURNED, AGAIN)),
        ],
    )
    def test_the_last_entry_of_its_kind(self, step: DirectiveStep, entry: str, before: tuple[Event, ...]):
        branch(DELIVERED, *before).when(self.withdrawing(step)).then(back(step, entry, self.ON))
        assert branch(DELIVERED).when(self.withdrawing(step)).decide() == []

    def test_what_was_taken_back_may_be_recorded_anew(self):
        branch(DELIVERED, SIGNED, back(DirectiveStep.SIGNED, W1, self.ON)).when(replace(SIGN, occurred_on=self.ON)).then(
            replace(SIGNED, occurred_on=self.ON)
        )
        branch(DELIVERED, SIGNED, TABLED, back(DirectiveStep.TABLED, "t1", self.ON)).when(TABLE).then(
            replace(TABLED, tabling_id=TablingId("event-1"))
        )

    def test_not_what_something_rests_on(self):
        for rests in (HANDED, TABLED, ANSWERED):
            branch(DELIVERED, SIGNED, rests).when(self.withdrawing(DirectiveStep.SIGNED)).then(fails(BuiltUpon))
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(self.withdrawing(DirectiveStep.ANSWERED)).then(fails(BuiltUpon, "decided"))
        closed = (DELIVERED, SIGNED, TABLED, ANSWERED, RETURNED, AGAIN, replace(ACCEPTED, occurred_on=self.ON))
        branch(*closed).when(self.withdrawing(DirectiveStep.TABLED)).then(fails(BuiltUpon, "decided"))

    @pytest.mark.parametrize("step", [DirectiveStep.ACCEPTED, DirectiveStep.RETURNED])
    def test_what_the_superior_decided_is_not_the_branch_s_to_take_back(self, step: DirectiveStep):
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(self.withdrawing(step)).then(fails(Malformed, "step"))
