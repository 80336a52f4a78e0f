"""What a member says and asks without anybody between: suggestions with their answers, another telephone number (N18.T03, N04.M02)."""

import datetime as dt
from typing import Any, TypeVar

import msgspec
import pytest

from events.base import Event, PersonId
from events.members import MemberProfileChanged
from events.requests import PhoneChangeApproved, PhoneChangeRequested, PhoneChangeReturned, RequestId
from events.supervision import MemberAnswerRated, MemberSuggestionAnswered, MemberSuggestionRecorded, Satisfaction, SuggestionId
from service.decide.requests import REASON, ApprovePhoneChange, RequestPhoneChange, ReturnPhoneChange
from service.decide.supervision.own import GiveSuggestion, RateAnswer
from service.decide.supervision.requests import AnswerSuggestion
from service.errors import Absent, Conflict, Forbidden, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, CAI, DAY, founded, left, members, suspended

HERE: tuple[Event, ...] = (founded(), *members(ANN, BEN, CAI))
FIRST = "event-1"
S1, R1, R2 = SuggestionId("s1"), RequestId("r1"), RequestId("r2")
NUMBER = "13900000000"
T = TypeVar("T")


def made(kind: type[T], told: dict[str, Any], changed: dict[str, Any]) -> T:
    return kind(**(told | changed))


def suggestion(**changed: Any) -> MemberSuggestionRecorded:
    return made(
        MemberSuggestionRecorded,
        {"occurred_on": DAY, "suggestion_id": S1, "person_id": BEN, "content": "增加学习时间", "received_by": None},
        changed,
    )


def answer(**changed: Any) -> MemberSuggestionAnswered:
    return made(
        MemberSuggestionAnswered,
        {"occurred_on": AFTER, "suggestion_id": S1, "person_id": BEN, "answer": "已采纳", "answered_by": ANN},
        changed,
    )


class TestGiveSuggestion:
    def give(self, **changed: Any) -> GiveSuggestion:
        return made(GiveSuggestion, {"occurred_on": DAY, "content": "增加学习时间"}, changed)

    def test_it_is_of_whoever_sends_it_and_nobody_received_it_yet(self):
        given(HERE).when(self.give(), person=BEN).then(suggestion(suggestion_id=FIRST))

    def test_the_same_again_by_id(self):
        given(HERE, suggestion()).when(self.give(suggestion_id=S1), person=BEN).then(nothing)

    def test_an_account_that_belongs_to_nobody_says_nothing(self):
        given(HERE).when(self.give()).then(fails(Forbidden))

    def test_INV_002_and_INV_009_by_a_member_of_this_branch(self):
        given(HERE).when(self.give(), person=PersonId("stranger")).then(refused("INV-002", "content"))
        given(HERE, left(BEN)).when(self.give(), person=BEN).then(refused("INV-009", "content"))
        given(HERE, suspended(BEN)).when(self.give(), person=BEN).then(refused("INV-009", "content"))


class TestTheAnswer:
    def reply(self, **changed: Any) -> AnswerSuggestion:
        return made(AnswerSuggestion, {"occurred_on": AFTER, "suggestion_id": S1, "answer": "已采纳"}, changed)

    def test_whoever_answers_has_handled_it(self):
        given(HERE, suggestion()).when(self.reply(), person=ANN).then(answer())

    def test_somebody_else_may_have(self):
        given(HERE, suggestion()).when(self.reply(answered_by=CAI), person=ANN).then(answer(answered_by=CAI))
        given(HERE, suggestion(received_by=CAI)).when(self.reply(), person=ANN).then(answer(answered_by=None))

    def test_the_member_is_told_who_handled_it(self):
        given(HERE, suggestion()).when(self.reply()).then(fails(Malformed, "answered_by"))

    def test_INV_009_by_a_member(self):
        given(HERE, suggestion(), left(CAI)).when(self.reply(answered_by=CAI)).then(refused("INV-009", "answered_by"))


class TestRateAnswer:
    def rate(self, **changed: Any) -> RateAnswer:
        return made(RateAnswer, {"occurred_on": AFTER, "suggestion_id": S1, "satisfaction": Satisfaction.BASIC}, changed)

    def rated(self, **changed: Any) -> MemberAnswerRated:
        return made(
            MemberAnswerRated, {"occurred_on": AFTER, "suggestion_id": S1, "person_id": BEN, "satisfaction": Satisfaction.BASIC}, changed
        )

    def test_by_whoever_gave_the_suggestion_and_otherwise_later(self):
        given(HERE, suggestion(), answer()).when(self.rate(), person=BEN).then(self.rated())
        better = {"satisfaction": Satisfaction.SATISFIED}
        given(HERE, suggestion(), answer(), self.rated()).when(self.rate(**better), person=BEN).then(self.rated(**better))

    def test_the_same_again(self):
        given(HERE, suggestion(), answer(), self.rated()).when(self.rate(), person=BEN).then(nothing)

    def test_the_suggestion_of_another_member_does_not_exist(self):
        given(HERE, suggestion(), answer()).when(self.rate(), person=CAI).then(fails(Absent))
        given(HERE).when(self.rate(), person=BEN).then(fails(Absent))
        given(HERE, suggestion(), answer()).when(self.rate()).then(fails(Forbidden))

    def test_there_is_an_answer_by_then(self):
        given(HERE, suggestion()).when(self.rate(), person=BEN).then(fails(Conflict, "no answer"))
        given(HERE, suggestion(), answer()).when(self.rate(occurred_on=DAY), person=BEN).then(fails(Conflict, "no answer"))


def asked(**changed: Any) -> PhoneChangeRequested:
    return made(PhoneChangeRequested, {"occurred_on": DAY, "request_id": R1, "person_id": BEN, "phone": NUMBER}, changed)


def approved(**changed: Any) -> PhoneChangeApproved:
    return made(PhoneChangeApproved, {"occurred_on": AFTER, "request_id": R1, "person_id": BEN, "handled_by": ANN}, changed)


def returned(**changed: Any) -> PhoneChangeReturned:
    return made(
        PhoneChangeReturned, {"occurred_on": AFTER, "request_id": R1, "person_id": BEN, "reason": "号码少一位", "handled_by": ANN}, changed
    )


class TestRequestPhoneChange:
    def ask(self, **changed: Any) -> RequestPhoneChange:
        return made(RequestPhoneChange, {"occurred_on": DAY, "phone": NUMBER}, changed)

    def test_of_the_own_number(self):
        given(HERE).when(self.ask(), person=BEN).then(asked(request_id=FIRST))

    def test_a_later_one_takes_the_place_of_one_that_waits(self):
        given(HERE, asked()).when(self.ask(), person=BEN).then(asked(request_id=FIRST))
        given(HERE, asked(), asked(request_id=R2)).when(approve()).then(fails(Conflict, "waits no more"))
        given(HERE, asked(), asked(request_id=R2, person_id=CAI)).when(approve(), person=ANN).then(changed(), approved())

    def test_the_same_again_by_id(self):
        given(HERE, asked()).when(self.ask(request_id=R1), person=BEN).then(nothing)
        given(HERE, asked()).when(self.ask(request_id=R1), person=CAI).then(fails(Conflict, "another request"))

    def test_an_account_that_belongs_to_nobody_asks_for_nothing(self):
        given(HERE).when(self.ask()).then(fails(Forbidden))

    def test_INV_002_and_INV_009_by_a_member_of_this_branch(self):
        given(HERE).when(self.ask(), person=PersonId("stranger")).then(refused("INV-002", "phone"))
        given(HERE, left(BEN)).when(self.ask(), person=BEN).then(refused("INV-009", "phone"))

    @pytest.mark.parametrize("number", [NUMBER, "010-60000000", "+86 139 0000 0000"])
    def test_a_number_is_one(self, number: str):
        assert msgspec.convert({"type": "request-phone-change", "occurred_on": DAY, "phone": number}, RequestPhoneChange).phone == number

    @pytest.mark.parametrize("number", ["", "1390", "139-", "my number", NUMBER + "\n", "1" * 21])
    def test_anything_else_is_not(self, number: str):
        with pytest.raises(msgspec.ValidationError, match="phone"):
            msgspec.convert({"type": "request-phone-change", "occurred_on": DAY, "phone": number}, RequestPhoneChange)


def approve(**changed: Any) -> ApprovePhoneChange:
    return made(ApprovePhoneChange, {"occurred_on": AFTER, "request_id": R1, "phone": NUMBER}, changed)


def send_back(**changed: Any) -> ReturnPhoneChange:
    return made(ReturnPhoneChange, {"occurred_on": AFTER, "request_id": R1, "reason": "号码少一位"}, changed)


def changed() -> MemberProfileChanged:
    return MemberProfileChanged(occurred_on=AFTER, person_id=BEN, reason=REASON, phone=NUMBER)


class TestApprovePhoneChange:
    def test_the_profile_changes_in_the_same_moment(self):
        given(HERE, asked()).when(approve(), person=ANN).then(changed(), approved())
        given(HERE, asked()).when(approve()).then(changed(), approved(handled_by=None))

    def test_approved_before(self):
        given(HERE, asked(), changed(), approved()).when(approve(), person=ANN).then(nothing)

    def test_what_was_returned_or_never_asked_is_not_approved(self):
        given(HERE, asked(), returned()).when(approve()).then(fails(Conflict, "waits no more"))
        given(HERE).when(approve()).then(fails(Absent))
        given(HERE, asked()).when(approve(occurred_on=BEFORE)).then(fails(Conflict, "the request is of"))

    def test_INV_009_of_a_member_who_is_still_here(self):
        given(HERE, asked(), left(BEN)).when(approve(occurred_on=AFTER + dt.timedelta(days=9))).then(refused("INV-009", "request_id"))


class TestReturnPhoneChange:
    def test_with_the_reason_and_it_may_be_asked_again(self):
        given(HERE, asked()).when(send_back(), person=ANN).then(returned())
        given(HERE, asked(), returned(), asked(request_id=R2)).when(approve(request_id=R2), person=ANN).then(
            changed(), approved(request_id=R2)
        )

    def test_returned_before(self):
        given(HERE, asked(), returned()).when(send_back(), person=ANN).then(nothing)

    def test_what_was_approved_or_never_asked_is_not_returned(self):
        given(HERE, asked(), changed(), approved()).when(send_back()).then(fails(Conflict, "waits no more"))
        given(HERE).when(send_back()).then(fails(Absent))
