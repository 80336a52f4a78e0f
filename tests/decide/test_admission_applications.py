"""Applications, cases taken over, corrections (R-C01, R-C30, INV-001, INV-036, INV-038), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.admission import (
    AdmissionStage,
    ApplicantDetailsCorrected,
    ApplicantSex,
    ApplicationReceived,
    CaseTakenOver,
)
from events.admission_acceptance import AdmissionEntryWithdrawn
from events.base import AdmissionId, Claim, PersonId
from events.members import MemberStatus
from service.decide.admission.applications import (
    CorrectApplicantDetails,
    ReceiveApplication,
    TakeOverAdmission,
    TakeOverProbation,
)
from service.decide.catalog import CLAIM_REFUSALS
from service.errors import Absent, Conflict, Malformed
from tests.decide.admission_history import BRANCH_EVENTS, CASE, IDS, XIA, day, event, until, when
from tests.decide.bdd import blind, fails, given, nothing, refused
from tests.decide.roster_history import ANN, ID_NUMBER, left, member

APPLIED = day("2023-03-01")


def receive(**changed: Any) -> ReceiveApplication:
    told: dict[str, Any] = {
        **IDS,
        "occurred_on": APPLIED,
        "name": " 夏某 ",
        "sex": ApplicantSex.FEMALE,
        "nationality": "01",
        "born_on": dt.date(1998, 4, 2),
        "education": "21",
        "unit_and_post": "科员",
        "phone": "10000000009",
    }
    return ReceiveApplication(**(told | changed))


def received(**changed: Any) -> ApplicationReceived:
    application = event("application")
    assert isinstance(application, ApplicationReceived)
    return replace(application, **changed)


class TestReceiveApplication:
    def test_it_begins_a_case(self):
        when(receive(), *BRANCH_EVENTS).then(received())

    def test_which_is_named_by_its_event_as_the_person_is(self):
        when(receive(admission_id=None, person_id=None), *BRANCH_EVENTS).then(
            received(admission_id=AdmissionId("event-1"), person_id=PersonId("event-1"))
        )

    def test_with_everything_that_may_be_told(self):
        more: dict[str, Any] = {"native_place": "例省", "work_post": "011", "address": "例路1号"}
        command = receive(**more, id_number=ID_NUMBER, born_on=dt.date(1980, 5, 17), started_work_on=dt.date(2002, 8, 1))
        when(command, *BRANCH_EVENTS).then(
            received(
                **more,
                id_number=ID_NUMBER,
                id_index=blind(ID_NUMBER),
                born_on="1980-05-17",
                born_month="1980-05",
                started_work="2002-08",
            )
        )

    def test_the_same_again_is_nothing_new(self):
        when(receive(), *until("application")).then(nothing)

    def test_only_in_an_organisation_that_exists(self):
        given().when(receive()).then(fails(Absent))

    def test_an_id_is_not_used_for_two_people(self):
        when(receive(person_id=PersonId("yan")), *until("application")).then(fails(Conflict))

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [({"nationality": "57"}, "nationality"), ({"education": "99"}, "education"), ({"id_number": "1"}, "18 characters")],
    )
    def test_what_cannot_be(self, changed: dict[str, Any], reason: str):
        when(receive(**changed), *BRANCH_EVENTS).then(fails(Malformed, reason))

    def test_one_case_at_a_time_for_each_person_whatever_the_branch(self):
        assert received().claims() == (Claim(kind="admission", value=XIA),)
        assert CLAIM_REFUSALS["admission"] == ("INV-038", "person_id")


class TestOfAge:
    """INV-036: eighteen on the day of the application."""

    def test_on_the_birthday_itself(self):
        command = receive(born_on=dt.date(2005, 3, 1))
        when(command, *BRANCH_EVENTS).then(received(born_on="2005-03-01", born_month="2005-03"))

    def test_not_a_day_before(self):
        when(receive(born_on=dt.date(2005, 3, 2)), *BRANCH_EVENTS).then(refused("INV-036", "born_on"))

    def test_born_on_a_leap_day(self):
        command = receive(born_on=dt.date(2004, 2, 29), occurred_on=dt.date(2022, 2, 28))
        given(BRANCH_EVENTS).when(command).then(received(occurred_on=dt.date(2022, 2, 28), born_on="2004-02-29", born_month="2004-02"))


class TestNobodysMember:
    """INV-001."""

    def test_who_is_on_the_roll_does_not_apply(self):
        when(receive(person_id=ANN), *BRANCH_EVENTS).then(refused("INV-001", "person_id"))

    def test_who_left_may_apply_again(self):
        when(receive(person_id=ANN), *BRANCH_EVENTS, left(ANN, day("2023-02-01"))).then(received(person_id=ANN))

    def test_not_before_the_day_of_leaving(self):
        when(receive(person_id=ANN), *BRANCH_EVENTS, left(ANN, day("2023-04-01"))).then(refused("INV-001", "person_id"))


def correct(**changed: Any) -> CorrectApplicantDetails:
    told: dict[str, Any] = {"occurred_on": day("2023-05-05"), "admission_id": CASE, "reason": "笔误"}
    return CorrectApplicantDetails(**(told | changed))


def corrected(**changed: Any) -> ApplicantDetailsCorrected:
    return ApplicantDetailsCorrected(**({**IDS, "occurred_on": day("2023-05-05"), "reason": "笔误"} | changed))


class TestCorrectApplicantDetails:
    def test_what_is_given(self):
        when(correct(name="夏某某", born_on=dt.date(1998, 4, 12)), *until("activist")).then(
            corrected(name="夏某某", born_on="1998-04-12", born_month=None)
        )

    def test_a_number_with_its_index(self):
        command = correct(id_number=ID_NUMBER, born_on=dt.date(1980, 5, 17), started_work_on=dt.date(2003, 7, 1))
        when(command, *until("activist")).then(
            corrected(id_number=ID_NUMBER, id_index=blind(ID_NUMBER), born_on="1980-05-17", born_month="1980-05", started_work="2003-07")
        )

    def test_what_is_so_already_is_nothing_new(self):
        when(correct(name="夏某", nationality="01"), *until("activist")).then(nothing)

    def test_the_age_is_looked_at_again(self):
        when(correct(born_on=dt.date(2006, 1, 1)), *until("activist")).then(refused("INV-036", "born_on"))

    def test_a_member_by_now_is_changed_on_the_roll(self):
        when(correct(name="夏某某", occurred_on=day("2025-01-06")), *until("approval")).then(fails(Conflict, "profile"))

    def test_of_a_case_that_there_is(self):
        when(correct(name="夏某某"), *BRANCH_EVENTS).then(fails(Absent))

    def test_a_code_that_does_not_exist(self):
        when(correct(education="99"), *until("activist")).then(fails(Malformed, "education"))


def take_over(**changed: Any) -> TakeOverAdmission:
    told: dict[str, Any] = {
        **IDS,
        "occurred_on": day("2024-04-01"),
        "from_name": "外市某支部",
        "name": "夏某",
        "sex": ApplicantSex.FEMALE,
        "nationality": "01",
        "born_on": dt.date(1998, 4, 2),
        "education": "21",
        "applied_on": APPLIED,
        "activist_on": day("2023-09-04"),
    }
    return TakeOverAdmission(**(told | changed))


def taken_over(**changed: Any) -> CaseTakenOver:
    told: dict[str, Any] = {
        **IDS,
        "occurred_on": day("2024-04-01"),
        "stage": AdmissionStage.ACTIVIST,
        "from_name": "外市某支部",
        "name": "夏某",
        "sex": ApplicantSex.FEMALE,
        "nationality": "01",
        "born_on": "1998-04-02",
        "born_month": "1998-04",
        "education": "21",
        "applied_on": APPLIED,
        "activist_on": day("2023-09-04"),
    }
    return CaseTakenOver(**(told | changed))


class TestTakeOver:
    """R-C30: the clock runs on."""

    def test_an_activist(self):
        when(take_over(), *BRANCH_EVENTS).then(taken_over())

    def test_a_development_target(self):
        target_on = day("2024-09-04")
        when(take_over(target_on=target_on, occurred_on=day("2024-10-08")), *BRANCH_EVENTS).then(
            taken_over(target_on=target_on, occurred_on=day("2024-10-08"), stage=AdmissionStage.TARGET)
        )

    def test_again_is_nothing_new(self):
        when(take_over(), *BRANCH_EVENTS, taken_over()).then(nothing)

    def test_not_an_earlier_target_than_the_rule_has_it(self):
        command = take_over(target_on=day("2024-09-03"), occurred_on=day("2024-10-08"))
        when(command, *BRANCH_EVENTS).then(refused("INV-040", "target_on"))

    def test_days_in_their_order(self):
        when(take_over(activist_on=day("2023-02-01")), *BRANCH_EVENTS).then(refused("INV-038", "applied_on", "activist_on"))

    def test_not_under_age(self):
        when(take_over(born_on=dt.date(2005, 3, 2)), *BRANCH_EVENTS).then(refused("INV-036", "born_on"))

    def test_not_a_member(self):
        when(take_over(person_id=ANN), *BRANCH_EVENTS).then(refused("INV-001", "person_id"))


NEW = PersonId("new")
PROBATIONARY = member(
    NEW, MemberStatus.PROBATIONARY, admitted_on=day("2024-11-11"), occurred_on=day("2025-01-06"), joined_on=day("2025-01-06")
)


def take_over_probation(**changed: Any) -> TakeOverProbation:
    told: dict[str, Any] = {
        "occurred_on": day("2025-02-03"),
        "person_id": NEW,
        "from_name": "外市某支部",
        "applied_on": APPLIED,
        "activist_on": day("2023-09-04"),
    }
    return TakeOverProbation(**(told | changed))


def probation(**changed: Any) -> CaseTakenOver:
    told: dict[str, Any] = {
        "occurred_on": day("2025-02-03"),
        "admission_id": AdmissionId("event-1"),
        "person_id": NEW,
        "stage": AdmissionStage.PROBATIONARY,
        "name": "new",
        "born_on": "1980-05-17",
        "born_month": "1980-05",
        "voted_on": day("2024-11-11"),
        "probation_end": day("2025-11-11"),
    }
    return taken_over(**(told | changed))


class TestTakeOverProbation:
    def test_the_end_follows_from_the_day_of_admission(self):
        when(take_over_probation(), *BRANCH_EVENTS, PROBATIONARY).then(probation())

    @pytest.mark.parametrize("end", ["2026-05-11", "2026-11-11"])
    def test_or_it_was_extended(self, end: str):
        when(take_over_probation(probation_end=day(end)), *BRANCH_EVENTS, PROBATIONARY).then(
            probation(probation_end=day(end), extended=True)
        )

    @pytest.mark.parametrize("end", ["2026-05-10", "2026-11-12", "2025-11-10"])
    def test_by_as_much_as_the_rule_allows(self, end: str):
        when(take_over_probation(probation_end=day(end)), *BRANCH_EVENTS, PROBATIONARY).then(refused("INV-055", "probation_end"))

    def test_only_of_a_probationary_member(self):
        when(take_over_probation(person_id=ANN), *BRANCH_EVENTS).then(fails(Conflict, "probationary"))

    def test_of_this_branch(self):
        when(take_over_probation(), *BRANCH_EVENTS).then(refused("INV-002", "person_id"))

    def test_again_is_nothing_new(self):
        when(take_over_probation(admission_id=CASE), *BRANCH_EVENTS, PROBATIONARY, probation(admission_id=CASE)).then(nothing)


def test_a_case_whose_application_was_withdrawn_is_not_begun_again_under_its_id():
    gone = AdmissionEntryWithdrawn(
        **IDS,
        occurred_on=day("2023-03-02"),
        withdrawn="admission.application_received",
        withdrawn_on=APPLIED,
        reason="登记错人",
    )
    assert gone.claims() == (Claim(kind="admission", value=XIA, give=True),)
    when(receive(), *until("application"), gone).then(fails(Conflict))
