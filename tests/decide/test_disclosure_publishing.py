"""Openness from the publication on: published, corrected, taken down; opinions and requests; the procedure (INV-082 to INV-084)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.disclosure import (
    AnswerKind,
    DisclosureCorrected,
    DisclosureScope,
    DisclosureSubject,
    DisclosureWay,
    FeedbackId,
    FeedbackKind,
    ItemDropped,
    Secrecy,
    TakenDown,
)
from projections.standard.pack import default_pack
from service.decide.disclosure.publishing import (
    PROCEDURES,
    AnswerFeedback,
    CorrectDisclosure,
    PublishDisclosure,
    ReceiveFeedback,
    WithdrawDisclosure,
)
from service.decide.procedure import Progress
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.disclosure_history import (
    APPROVED,
    ITEM,
    PUBLISHED,
    VOICE,
    WEEK,
    answered,
    decided,
    ended,
    proposed,
    published,
    reviewed,
    voiced,
)
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, CAI, DAN, DAY, founded, members

HERE = (founded(), *members(ANN, BEN, CAI, DAN))
LAST_IN_TIME = dt.date(2026, 3, 23)
"""Five working days after Monday 16 March 2026."""


def publish(**changed: Any) -> PublishDisclosure:
    told: dict[str, Any] = {"occurred_on": DAY, "item_id": ITEM}
    return PublishDisclosure(**(told | changed))


def correct(**changed: Any) -> CorrectDisclosure:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "item_id": ITEM,
        "content": "召开党员大会2次",
        "reason": "漏记一次",
        "secrecy_checked": True,
        "secrecy": Secrecy.OPEN,
        "reviewer": BEN,
        "approver": CAI,
    }
    return CorrectDisclosure(**(told | changed))


CORRECTED = DisclosureCorrected(
    occurred_on=DAY, item_id=ITEM, content="召开党员大会2次", reason="漏记一次", secrecy=Secrecy.OPEN, reviewer=BEN, approver=CAI
)


def withdraw(**changed: Any) -> WithdrawDisclosure:
    told: dict[str, Any] = {"occurred_on": DAY + WEEK, "item_id": ITEM, "ground": TakenDown.PERIOD_OVER, "reason": "公示期满"}
    return WithdrawDisclosure(**(told | changed))


def receive(**changed: Any) -> ReceiveFeedback:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "kind": FeedbackKind.OPINION,
        "item_id": ITEM,
        "given_by": ANN,
        "content": "请列明主题",
        "feedback_id": VOICE,
    }
    return ReceiveFeedback(**(told | changed))


def answer(**changed: Any) -> AnswerFeedback:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "feedback_id": VOICE,
        "item_id": ITEM,
        "answer": AnswerKind.TAKEN_UP,
        "content": "已补充",
        "answered_by": BEN,
    }
    return AnswerFeedback(**(told | changed))


class TestPublishDisclosure:
    def test_as_it_was_proposed(self):
        given(*HERE, *APPROVED).when(publish()).then(published())

    def test_in_other_ways_and_for_some_time(self):
        changed = {"ways": (DisclosureWay.MEETING,), "place": "一楼", "until": AFTER}
        given(*HERE, *APPROVED).when(publish(**changed)).then(published(**changed))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *PUBLISHED).when(publish()).then(nothing)
        given(*HERE, *PUBLISHED).when(publish(place="二楼")).then(fails(Conflict))

    @pytest.mark.parametrize(
        "history",
        [(proposed(),), (proposed(), reviewed(passed=False)), (proposed(), reviewed()), (proposed(), reviewed(), decided(granted=False))],
    )
    def test_INV_082_not_before_proposal_review_and_approval(self, history: tuple[Event, ...]):
        given(*HERE, *history).when(publish()).then(refused("INV-082", "item_id"))

    def test_INV_082_nor_after_it_was_dropped_or_taken_down(self):
        dropped = ItemDropped(occurred_on=DAY, item_id=ITEM, reason="重复")
        given(*HERE, *APPROVED, dropped).when(publish()).then(refused("INV-082", "item_id"))
        given(*HERE, *PUBLISHED, ended()).when(publish(occurred_on=DAY + WEEK)).then(refused("INV-082", "item_id"))

    @pytest.mark.parametrize(("on", "late_days"), [(LAST_IN_TIME, 0), (LAST_IN_TIME + dt.timedelta(days=1), 1)])
    def test_late_days_count_from_the_last_working_day(self, on: dt.date, late_days: int):
        given(*HERE, *APPROVED).when(publish(occurred_on=on)).then(published(occurred_on=on, late_days=late_days))

    def test_INV_084_the_place_tells_no_number(self):
        given(*HERE, *APPROVED).when(publish(place="问13800000001")).then(refused("INV-084", "place"))

    def test_it_cannot_end_before_it_begins(self):
        given(*HERE, *APPROVED).when(publish(until=BEFORE)).then(fails(Malformed))

    def test_an_item_that_does_not_exist(self):
        given(*HERE).when(publish()).then(fails(Absent))


class TestCorrectDisclosure:
    def test_what_was_published_is_put_right(self):
        given(*HERE, *PUBLISHED).when(correct()).then(CORRECTED)

    def test_what_it_says_already_is_nothing_to_do(self):
        given(*HERE, *PUBLISHED, CORRECTED).when(correct()).then(nothing)
        given(*HERE, *PUBLISHED).when(correct(content="召开党员大会1次")).then(nothing)

    def test_INV_082_the_secrecy_check_is_made_again(self):
        given(*HERE, *PUBLISHED).when(correct(secrecy_checked=False)).then(refused("INV-082", "secrecy_checked"))

    def test_INV_083_two_people(self):
        given(*HERE, *PUBLISHED).when(correct(approver=BEN)).then(refused("INV-083", "approver"))

    def test_INV_084_nothing_classified(self):
        given(*HERE, *PUBLISHED).when(correct(secrecy=Secrecy.SECRET)).then(refused("INV-084", "secrecy"))

    @pytest.mark.parametrize("field", ["content", "reason"])
    @pytest.mark.parametrize("told", ["13800000001", "990101198005170015", str(DAN)])
    def test_INV_084_nothing_personal(self, field: str, told: str):
        given(*HERE, *PUBLISHED).when(correct(**{field: f"见{told}。"})).then(refused("INV-084", field))

    def test_INV_084_what_is_for_society_stays_open(self):
        out = (proposed(scope=DisclosureScope.SOCIETY), reviewed(), decided(), published())
        given(*HERE, *out).when(correct(secrecy=Secrecy.INTERNAL)).then(refused("INV-084", "secrecy"))

    def test_only_what_is_shown(self):
        given(*HERE, *APPROVED).when(correct()).then(fails(Conflict, "approved"))
        given(*HERE, *PUBLISHED, ended(occurred_on=DAY)).when(correct()).then(fails(Conflict, "taken down"))


class TestWithdrawDisclosure:
    def test_its_period_is_over(self):
        given(*HERE, *PUBLISHED).when(withdraw()).then(ended())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *PUBLISHED, ended()).when(withdraw()).then(nothing)

    @pytest.mark.parametrize(("days", "short_days"), [(0, 7), (6, 1), (7, 0), (8, 0)])
    def test_a_board_taken_down_too_early_is_noted(self, days: int, short_days: int):
        on = DAY + dt.timedelta(days=days)
        given(*HERE, *PUBLISHED).when(withdraw(occurred_on=on)).then(ended(occurred_on=on, short_days=short_days))

    def test_what_was_not_on_a_board_or_should_not_be_shown_has_no_least_days(self):
        told_at_meeting = (*APPROVED, published(ways=(DisclosureWay.MEETING,)))
        given(*HERE, *told_at_meeting).when(withdraw(occurred_on=DAY)).then(ended(occurred_on=DAY))
        given(*HERE, *PUBLISHED).when(withdraw(occurred_on=DAY, ground=TakenDown.WITHDRAWN)).then(
            ended(occurred_on=DAY, ground=TakenDown.WITHDRAWN)
        )

    def test_what_was_not_published(self):
        given(*HERE, *APPROVED).when(withdraw()).then(fails(Conflict, "approved"))
        given(*HERE).when(withdraw()).then(fails(Absent))


class TestReceiveFeedback:
    def test_an_opinion_is_answered_within_fifteen_working_days(self):
        given(*HERE, *PUBLISHED).when(receive()).then(voiced())

    def test_without_a_name(self):
        given(*HERE, *PUBLISHED).when(receive(given_by=None)).then(voiced(given_by=None))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *PUBLISHED, voiced()).when(receive()).then(nothing)
        given(*HERE, *PUBLISHED, voiced()).when(receive(content="别的")).then(fails(Conflict))

    def test_a_request_needs_no_item_and_has_ten_working_days(self):
        asked = {"kind": FeedbackKind.REQUEST, "item_id": None}
        given(*HERE).when(receive(**asked, feedback_id=None)).then(
            voiced(**asked, feedback_id=FeedbackId("event-1"), answer_by=dt.date(2026, 3, 30))
        )

    def test_an_opinion_is_about_something_that_was_shown(self):
        given(*HERE).when(receive(item_id=None)).then(fails(Malformed))
        given(*HERE).when(receive()).then(fails(Absent))
        given(*HERE, *APPROVED).when(receive()).then(fails(Conflict))
        given(*HERE, *PUBLISHED).when(receive(occurred_on=BEFORE)).then(fails(Conflict))

    def test_INV_002_by_a_member_when_a_name_is_given(self):
        given(founded(), *PUBLISHED).when(receive()).then(refused("INV-002", "given_by"))


class TestAnswerFeedback:
    def test_an_answer(self):
        given(*HERE, *PUBLISHED, voiced()).when(answer()).then(answered())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *PUBLISHED, voiced(), answered()).when(answer()).then(nothing)
        given(*HERE, *PUBLISHED, voiced(), answered()).when(answer(content="别的")).then(fails(Conflict))

    def test_a_request_is_declined_with_a_reason(self):
        asked = voiced(kind=FeedbackKind.REQUEST, item_id=None, answer_by=dt.date(2026, 3, 30))
        on = dt.date(2026, 4, 1)
        told = {"occurred_on": on, "item_id": None, "answer": AnswerKind.DECLINED, "content": "涉及个人隐私"}
        given(*HERE, asked).when(answer(**told)).then(answered(**told, late_days=2))

    @pytest.mark.parametrize("told", ["13800000001", str(DAN)])
    def test_INV_084_what_stands_beside_the_item_holds_nothing_personal(self, told: str):
        given(*HERE, *PUBLISHED, voiced()).when(answer(content=f"问{told}。")).then(refused("INV-084", "content"))
        asked = voiced(kind=FeedbackKind.REQUEST, item_id=None)
        given(*HERE, asked).when(answer(item_id=None, content=f"问{told}。")).then(answered(item_id=None, content=f"问{told}。"))

    def test_what_was_never_said(self):
        given(*HERE, *PUBLISHED).when(answer()).then(fails(Absent))

    def test_not_before_it_was_said(self):
        given(*HERE, *PUBLISHED, voiced()).when(answer(occurred_on=BEFORE)).then(fails(Conflict))

    def test_INV_002_by_a_member(self):
        given(founded(), *PUBLISHED, voiced()).when(answer()).then(refused("INV-002", "answered_by"))


def steps_of(*events: Event) -> dict[str, Any]:
    (procedure,) = PROCEDURES
    state = procedure.fold.initial
    for event in events:
        assert event.stream() == procedure.stream(ITEM)
        state = procedure.fold.evolve(state, event)
    return {step.code: step for step in procedure.steps(state, ITEM, default_pack().rules(on=DAY), DAY)}


class TestProcedure:
    CODES = ("propose", "review", "approve", "publish", "take-down")

    @pytest.mark.parametrize(
        ("events", "done"), [((proposed(),), 1), ((proposed(), reviewed()), 2), (APPROVED, 3), (PUBLISHED, 4), ((*PUBLISHED, ended()), 5)]
    )
    def test_what_is_done_what_is_open_and_what_is_blocked(self, events: tuple[Event, ...], done: int):
        steps = steps_of(*events)
        progress = [Progress.DONE] * done + [Progress.OPEN] + [Progress.BLOCKED] * 4
        assert {code: step.progress for code, step in steps.items()} == dict(zip(self.CODES, progress, strict=False))

    def test_a_blocked_step_says_what_comes_first(self):
        step = steps_of(proposed())["publish"]
        assert (step.why_zh, step.why_en, step.command) == ("须先完成：审批", "First: Approval", "publish-disclosure")

    def test_the_publication_is_open_from_the_approval_for_five_working_days(self):
        step = steps_of(*APPROVED)["publish"]
        assert (step.earliest, step.latest) == (DAY, LAST_IN_TIME)

    def test_what_was_sent_back_is_to_be_proposed_again(self):
        assert steps_of(proposed(), reviewed(passed=False))["review"].why_zh == "审核未通过，须修改后重新提出"
        steps = steps_of(proposed(), reviewed(), decided(granted=False))
        assert (steps["review"].progress, steps["approve"].why_en) == (Progress.DONE, "Not approved: propose it again")

    def test_a_dropped_item_needs_nothing_more(self):
        steps = steps_of(proposed(), ItemDropped(occurred_on=DAY, item_id=ITEM, reason="重复"))
        assert {step.progress for code, step in steps.items() if code != "propose"} == {Progress.SKIPPED}

    @pytest.mark.parametrize(("subject", "materials"), [(DisclosureSubject.EDUCATION, ("N07.M03",)), (DisclosureSubject.CONDUCT, ())])
    def test_the_papers_of_its_subject(self, subject: DisclosureSubject, materials: tuple[str, ...]):
        assert steps_of(proposed(subject=subject))["publish"].materials == materials

    def test_no_such_item(self):
        assert steps_of() == {}
