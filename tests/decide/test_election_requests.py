"""Submissions to the superior in order, postponed and early elections (INV-021 to 023), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.elections import Matter, Recommender
from service.decide.elections.requests import ApproveElectionRequest, ReturnElectionRequest, SubmitElectionRequest
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.election_history import (
    BRANCH_OF_TEN,
    CLOSED_ON,
    E1,
    FIRST_APPROVED_ON,
    FIRST_ON,
    MEETING_ON,
    OPENED_ON,
    SIX,
    TERM_ENDS,
    THIRD_APPROVED_ON,
    after,
    allowed,
    approved,
    asked,
    by_election,
    delegates,
    opened,
    proposed,
    recommended,
    returned,
    submitted,
    up_to,
)

DAY = dt.timedelta(days=1)
YEAR_LATER = dt.date(2029, 1, 6)
"""Twelve months after the term ends."""
TIMES = (Matter.EXTENSION, Matter.EARLY)


def submit(matter: Matter = Matter.FIRST, **changed: Any) -> SubmitElectionRequest:
    event = submitted(matter)
    told: dict[str, Any] = {"occurred_on": event.occurred_on, "election_id": E1, "matter": matter, "document_no": event.document_no}
    return SubmitElectionRequest(**(told | changed))


def approve(matter: Matter = Matter.FIRST, **changed: Any) -> ApproveElectionRequest:
    event = approved(matter)
    told: dict[str, Any] = {"occurred_on": event.occurred_on, "election_id": E1, "matter": matter, "approval_no": event.approval_no}
    return ApproveElectionRequest(**(told | changed))


def send_back(matter: Matter = Matter.FIRST, **changed: Any) -> ReturnElectionRequest:
    event = returned(matter)
    told: dict[str, Any] = {"occurred_on": event.occurred_on, "election_id": E1, "matter": matter, "reason": event.reason}
    return ReturnElectionRequest(**(told | changed))


class TestThreeSubmissionsInOrder:
    """INV-021."""

    @pytest.mark.parametrize(("step", "matter"), [("request-1", Matter.FIRST), ("request-2", Matter.SECOND), ("request-3", Matter.THIRD)])
    def test_each_in_its_turn_and_once(self, step, matter):
        given(up_to(step)).when(submit(matter)).then(submitted(matter))
        given(after(step)).when(submit(matter)).then(nothing)
        given(after(step)).when(submit(matter, document_no="支〔2027〕99号")).then(fails(Conflict, "submitted"))

    @pytest.mark.parametrize("step", ["opened", "request-1"])
    def test_the_second_not_before_the_first_is_approved(self, step):
        given(after(step)).when(submit(Matter.SECOND)).then(refused("INV-021", "matter"))

    @pytest.mark.parametrize("step", ["opened", "approval-1", "request-2"])
    def test_the_third_not_before_the_second_is_approved(self, step):
        given(after(step)).when(submit(Matter.THIRD)).then(refused("INV-021", "matter"))

    @pytest.mark.parametrize("step", ["approval-2", "tellers", "ballot", "first-meeting", "secretary"])
    def test_the_third_not_before_everybody_is_elected(self, step):
        given(after(step)).when(submit(Matter.THIRD)).then(refused("INV-021", "matter"))

    def test_not_dated_before_the_approval(self):
        given(up_to("request-2")).when(submit(Matter.SECOND, occurred_on=FIRST_APPROVED_ON)).then(
            submitted(Matter.SECOND, occurred_on=FIRST_APPROVED_ON)
        )
        given(up_to("request-2")).when(submit(Matter.SECOND, occurred_on=FIRST_APPROVED_ON - DAY)).then(refused("INV-021", "occurred_on"))

    def test_the_second_bears_a_slate(self):
        given(up_to("slate")).when(submit(Matter.SECOND)).then(fails(Conflict, "no candidates"))

    @pytest.mark.parametrize("missing", list(Recommender))
    def test_the_second_follows_both_recommendations(self, missing):
        (other,) = set(Recommender) - {missing}
        given(BRANCH_OF_TEN, opened(), submitted(), approved(), recommended(other), proposed()).when(submit(Matter.SECOND)).then(
            fails(Conflict, missing.en)
        )

    def test_no_day_is_named_in_them(self):
        given(up_to("request-1")).when(submit(planned_on=MEETING_ON)).then(fails(Malformed, "planned_on"))
        given(up_to("approval-1")).when(approve(planned_on=MEETING_ON)).then(fails(Malformed, "planned_on"))

    def test_only_of_an_election_on_record_and_not_before_it_was_opened(self):
        given(BRANCH_OF_TEN).when(submit()).then(fails(Absent))
        given(after("opened")).when(submit(occurred_on=OPENED_ON - DAY)).then(fails(Conflict, "opened"))
        given(after("closed")).when(submit(occurred_on=CLOSED_ON)).then(fails(Conflict, "closed"))

    @pytest.mark.parametrize("event", [by_election(), delegates()])
    def test_a_by_election_and_delegates_begin_with_their_candidates(self, event):
        slate = proposed(members=SIX[:3], secretary=(), deputy=())
        given(BRANCH_OF_TEN, event).when(submit(Matter.FIRST)).then(fails(Conflict, "no such submission"))
        given(BRANCH_OF_TEN, event, slate).when(submit(Matter.SECOND)).then(submitted(Matter.SECOND))


class TestApproveElectionRequest:
    @pytest.mark.parametrize(("step", "matter"), [("approval-1", Matter.FIRST), ("approval-2", Matter.SECOND)])
    def test_what_was_submitted_and_once(self, step, matter):
        given(up_to(step)).when(approve(matter)).then(approved(matter))
        given(after(step)).when(approve(matter)).then(nothing)
        given(after(step)).when(approve(matter, approval_no="部发〔2027〕99号")).then(fails(Conflict, "approved"))

    @pytest.mark.parametrize("matter", [Matter.FIRST, Matter.SECOND, Matter.THIRD])
    def test_INV_021_not_what_was_not_submitted(self, matter):
        given(after("opened")).when(approve(matter)).then(refused("INV-021", "matter"))

    def test_not_dated_before_the_submission(self):
        given(up_to("approval-1")).when(approve(occurred_on=FIRST_ON - DAY)).then(fails(Conflict, "submitted"))


class TestPostponedByAYearAtMost:
    """INV-022."""

    def test_twelve_months_are_asked_for_and_granted(self):
        command = submit(Matter.EXTENSION, planned_on=YEAR_LATER, reason="本单位机构改革")
        given(after("opened")).when(command).then(asked(Matter.EXTENSION, YEAR_LATER))
        given(after("opened"), asked(Matter.EXTENSION, YEAR_LATER)).when(command).then(nothing)
        given(after("opened"), asked(Matter.EXTENSION, YEAR_LATER)).when(approve(Matter.EXTENSION)).then(
            allowed(Matter.EXTENSION, YEAR_LATER)
        )

    def test_not_a_day_more(self):
        command = submit(Matter.EXTENSION, planned_on=YEAR_LATER + DAY, reason="本单位机构改革")
        given(after("opened")).when(command).then(refused("INV-022", "planned_on"))
        longer = approve(Matter.EXTENSION, planned_on=YEAR_LATER + DAY)
        given(after("opened"), asked(Matter.EXTENSION, YEAR_LATER)).when(longer).then(refused("INV-022", "planned_on"))

    def test_the_superior_may_grant_less(self):
        less = dt.date(2028, 6, 30)
        granted = approve(Matter.EXTENSION, planned_on=less)
        given(after("opened"), asked(Matter.EXTENSION, YEAR_LATER)).when(granted).then(allowed(Matter.EXTENSION, less))

    def test_granted_once(self):
        twice = (asked(Matter.EXTENSION, YEAR_LATER), allowed(Matter.EXTENSION, YEAR_LATER))
        given(after("opened"), *twice).when(approve(Matter.EXTENSION)).then(nothing)
        given(after("opened"), *twice).when(approve(Matter.EXTENSION, planned_on=dt.date(2028, 12, 1))).then(refused("INV-022", "matter"))

    def test_the_end_of_february_is_the_last_day_of_twelve_months(self):
        leap = opened(term_ends_on=dt.date(2028, 2, 29))
        last = dt.date(2029, 2, 28)
        given(BRANCH_OF_TEN, leap).when(submit(Matter.EXTENSION, planned_on=last, reason="机构改革")).then(
            submitted(Matter.EXTENSION, planned_on=last, reason="机构改革")
        )
        given(BRANCH_OF_TEN, leap).when(submit(Matter.EXTENSION, planned_on=last + DAY, reason="机构改革")).then(
            refused("INV-022", "planned_on")
        )


class TestAnotherTimeNeedsApproval:
    """INV-023."""

    @pytest.mark.parametrize("matter", TIMES)
    def test_only_what_was_asked_for_is_approved(self, matter):
        given(after("opened")).when(approve(matter, planned_on=YEAR_LATER)).then(refused("INV-023", "matter"))

    def test_an_early_election_lies_before_the_end_of_the_term(self):
        early = dt.date(2027, 3, 1)
        opened_early = opened(occurred_on=dt.date(2027, 1, 4))
        request = submit(Matter.EARLY, planned_on=early, reason="班子缺员", occurred_on=dt.date(2027, 1, 5))
        given(BRANCH_OF_TEN, opened_early).when(request).then(
            submitted(Matter.EARLY, planned_on=early, reason="班子缺员", occurred_on=dt.date(2027, 1, 5))
        )
        given(after("opened")).when(submit(Matter.EARLY, planned_on=TERM_ENDS, reason="班子缺员")).then(fails(Malformed, "planned_on"))

    def test_a_postponed_one_after_it(self):
        given(after("opened")).when(submit(Matter.EXTENSION, planned_on=TERM_ENDS, reason="机构改革")).then(fails(Malformed, "planned_on"))

    @pytest.mark.parametrize("matter", TIMES)
    @pytest.mark.parametrize(("lacking", "word"), [({"planned_on": None, "reason": "因故"}, "planned_on"), ({"reason": ""}, "reason")])
    def test_until_when_and_why_is_told(self, matter, lacking, word):
        day = dt.date(2028, 3, 1) if matter is Matter.EXTENSION else MEETING_ON
        given(after("opened")).when(submit(matter, **({"planned_on": day} | lacking))).then(fails(Malformed, word))

    @pytest.mark.parametrize("matter", TIMES)
    def test_not_where_no_term_ends(self, matter):
        given(BRANCH_OF_TEN, opened(term_ends_on=None)).when(submit(matter, planned_on=YEAR_LATER, reason="因故")).then(
            fails(Conflict, "no term")
        )


class TestReturnElectionRequest:
    @pytest.mark.parametrize(("step", "matter"), [("request-1", Matter.FIRST), ("request-2", Matter.SECOND), ("request-3", Matter.THIRD)])
    def test_it_is_sent_back_and_may_be_submitted_again(self, step, matter):
        given(after(step)).when(send_back(matter)).then(returned(matter))
        given(after(step), returned(matter)).when(send_back(matter)).then(nothing)
        later = approved(matter).occurred_on
        given(after(step), returned(matter)).when(submit(matter, occurred_on=later)).then(submitted(matter, occurred_on=later))

    @pytest.mark.parametrize("matter", [Matter.FIRST, Matter.SECOND, Matter.THIRD])
    def test_INV_021_not_what_was_not_submitted(self, matter):
        given(after("opened")).when(send_back(matter)).then(refused("INV-021", "matter"))

    @pytest.mark.parametrize("matter", TIMES)
    def test_INV_023_nor_another_time(self, matter):
        given(after("opened")).when(send_back(matter)).then(refused("INV-023", "matter"))

    def test_an_approval_is_taken_back_while_nothing_rests_on_it(self):
        given(after("approval-1")).when(send_back()).then(returned())
        given(after("approval-1"), returned()).when(approve()).then(refused("INV-021", "matter"))
        given(after("approval-2")).when(send_back(Matter.SECOND)).then(returned(Matter.SECOND))
        given(after("opened"), asked(Matter.EXTENSION, YEAR_LATER), allowed(Matter.EXTENSION, YEAR_LATER)).when(
            send_back(Matter.EXTENSION)
        ).then(returned(Matter.EXTENSION))

    @pytest.mark.parametrize(("step", "matter"), [("request-2", Matter.FIRST), ("confirmed", Matter.SECOND), ("approval-3", Matter.THIRD)])
    def test_and_not_afterwards(self, step, matter):
        given(after(step)).when(send_back(matter, occurred_on=CLOSED_ON)).then(fails(Conflict, "since"))

    def test_nor_an_extension_that_was_used(self):
        extended = (asked(Matter.EXTENSION, YEAR_LATER), allowed(Matter.EXTENSION, YEAR_LATER))
        given(after("tellers"), *extended).when(send_back(Matter.EXTENSION, occurred_on=CLOSED_ON)).then(fails(Conflict, "since"))

    def test_not_dated_before_the_submission(self):
        given(after("request-1")).when(send_back(occurred_on=FIRST_ON - DAY)).then(fails(Conflict, "submitted"))

    def test_a_void_election_is_held_anew(self):
        void = returned(Matter.THIRD, void=True)
        given(after("request-3")).when(send_back(Matter.THIRD, void=True)).then(void)
        given(after("request-3"), void).when(submit(Matter.THIRD, occurred_on=THIRD_APPROVED_ON)).then(refused("INV-021", "matter"))

    @pytest.mark.parametrize(("step", "matter"), [("request-1", Matter.FIRST), ("request-2", Matter.SECOND)])
    def test_only_a_result_can_be_void(self, step, matter):
        given(after(step)).when(send_back(matter, void=True)).then(fails(Malformed, "void"))
