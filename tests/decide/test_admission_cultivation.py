"""Talks, activists, contacts, reviews, opinions, development targets (R-C02 to R-C08, INV-037 to 041), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.admission import (
    ActivistDetermined,
    AdmissionStage,
    AdmissionTalk,
    AdmissionTalkHeld,
    ContactsAssigned,
    CultivationReviewed,
    ExceptionGranted,
    ExceptionGround,
    FilingLevel,
    Recommender,
    ReviewScope,
    TargetDetermined,
    WrittenReport,
)
from events.admission_acceptance import AdmissionPurpose
from events.base import MeetingId
from events.meetings import MeetingKind
from projections.standard.rules import Override
from service.decide.admission.cultivation import (
    AssignContacts,
    CollectOpinions,
    DetermineActivist,
    DetermineTarget,
    FileWithSuperior,
    HoldAdmissionTalk,
    ReceiveWrittenReport,
    ReviewDevelopment,
    TrainActivist,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.admission_history import CASE, IDS, STORY, before, case, day, event, meeting, until, when
from tests.decide.bdd import fails, nothing, refused
from tests.decide.roster_history import ANN, BEN, CAI, DAN, GUS, left, suspended
from tests.decide.test_admission_applications import taken_over


def talk(kind: AdmissionTalk = AdmissionTalk.APPLICANT, on: str = "2023-03-20", **changed: Any) -> HoldAdmissionTalk:
    told: dict[str, Any] = {
        "occurred_on": day(on),
        "admission_id": CASE,
        "kind": kind,
        "held_by": (ANN, CAI),
        "record": "动机端正",
    }
    return HoldAdmissionTalk(**(told | changed))


def held(**changed: Any) -> AdmissionTalkHeld:
    first = event("applicant-talk")
    assert isinstance(first, AdmissionTalkHeld)
    return replace(first, **changed)


class TestTheFirstTalk:
    """INV-037: within a month of the application; later it is kept and flagged."""

    def test_in_time(self):
        when(talk(), *before("applicant-talk")).then(held())

    def test_on_the_last_day(self):
        when(talk(on="2023-04-01", in_time=True), *before("applicant-talk")).then(held(occurred_on=day("2023-04-01")))

    def test_a_day_later_it_is_flagged(self):
        when(talk(on="2023-04-02"), *before("applicant-talk")).then(held(occurred_on=day("2023-04-02"), late=True))

    @pytest.mark.parametrize(("on", "claimed"), [("2023-04-02", True), ("2023-04-01", False)])
    def test_nobody_claims_otherwise(self, on: str, claimed: bool):
        when(talk(on=on, in_time=claimed), *before("applicant-talk")).then(refused("INV-037", "in_time"))

    def test_an_honest_claim_is_fine(self):
        when(talk(on="2023-04-02", in_time=False), *before("applicant-talk")).then(held(occurred_on=day("2023-04-02"), late=True))

    def test_a_second_talk_is_not_late(self):
        when(talk(on="2023-07-03"), *until("applicant-talk")).then(held(occurred_on=day("2023-07-03")))

    def test_a_month_ends_with_the_month(self):
        applied = replace(event("application"), occurred_on=day("2024-01-31"))
        when(talk(on="2024-02-29"), *case(applied)).then(held(occurred_on=day("2024-02-29")))
        when(talk(on="2024-03-01"), *case(applied)).then(held(occurred_on=day("2024-03-01"), late=True))

    def test_again_is_nothing_new(self):
        when(talk(), *until("applicant-talk")).then(nothing)

    def test_not_before_the_application(self):
        when(talk(on="2023-02-28"), *before("applicant-talk")).then(refused("INV-038", "occurred_on"))

    def test_by_members_of_the_branch(self):
        when(talk(), *before("applicant-talk"), left(ANN, day("2023-03-05"))).then(refused("INV-009", "held_by"))

    def test_somebody_held_it(self):
        when(talk(held_by=()), *before("applicant-talk")).then(fails(Malformed, "held_by"))

    def test_of_a_case_that_there_is(self):
        when(talk(), *case()).then(fails(Absent))


class TestOtherTalks:
    def test_the_contacts_talk_with_the_activist(self):
        when(talk(AdmissionTalk.CULTIVATION, "2024-05-06", held_by=(BEN,), record="谈了学习"), *before("cultivation-talk")).then(
            event("cultivation-talk")
        )

    def test_and_nobody_else_does(self):
        when(talk(AdmissionTalk.CULTIVATION, "2024-05-06", held_by=(CAI,)), *before("cultivation-talk")).then(refused("INV-039", "held_by"))

    def test_not_without_contacts(self):
        when(talk(AdmissionTalk.CULTIVATION, "2023-09-11", held_by=(BEN,)), *before("contacts")).then(refused("INV-038", "admission_id"))

    def test_with_the_development_target(self):
        when(talk(AdmissionTalk.TARGET, "2024-09-12", held_by=(ANN,), record="谈了认识"), *before("target-talk")).then(event("target-talk"))

    def test_with_the_probationary_member(self):
        when(talk(AdmissionTalk.PROBATION, "2025-08-01", held_by=(CAI,), record="谈了工作"), *before("probation-talk")).then(
            event("probation-talk")
        )

    def test_that_of_the_superior_is_the_superiors(self):
        when(talk(AdmissionTalk.SUPERIOR, "2024-11-20"), *before("superior-talk")).then(fails(Malformed, "superior"))


def determine(**changed: Any) -> DetermineActivist:
    told: dict[str, Any] = {
        "occurred_on": day("2023-09-04"),
        "admission_id": CASE,
        "meeting_id": MeetingId("m-activist"),
        "recommended_by": Recommender.MEMBERS,
    }
    return DetermineActivist(**(told | changed))


def decided_by(who: str) -> tuple[Override, ...]:
    return (Override(key="admission.activist_decided_by", value=who, effective_from=dt.date(2014, 5, 28)),)


class TestDetermineActivist:
    def test_by_the_committee(self):
        when(determine(), *before("activist")).then(event("activist"))

    def test_or_the_general_meeting(self):
        general = meeting("m-general", "2023-09-05", MeetingKind.GENERAL)
        when(determine(meeting_id=MeetingId("m-general"), occurred_on=day("2023-09-05")), *before("activist"), general).then(
            ActivistDetermined(**IDS, occurred_on=day("2023-09-05"), meeting_id=MeetingId("m-general"), recommended_by=Recommender.MEMBERS)
        )

    @pytest.mark.parametrize(("who", "allowed"), [("committee", True), ("general_meeting", False)])
    def test_as_the_rule_of_the_branch_says(self, who: str, allowed: bool):
        answer = when(determine(), *before("activist"), overrides=decided_by(who))
        answer.then(event("activist") if allowed else fails(Malformed, "general"))

    def test_after_the_talk(self):
        when(determine(), *before("activist", "applicant-talk")).then(refused("INV-038", "admission_id"))

    def test_not_before_the_talk(self):
        late = held(occurred_on=day("2023-09-05"), late=True)
        when(determine(), *case(event("application"), late)).then(refused("INV-038", "occurred_on"))

    def test_the_wait_that_some_places_ask_for(self):
        waits = (Override(key="admission.activist_wait_months", value=7, effective_from=dt.date(2014, 5, 28)),)
        when(determine(), *before("activist"), overrides=waits).then(refused("INV-038", "occurred_on"))

    def test_at_a_meeting_of_that_day(self):
        when(determine(occurred_on=day("2023-09-06")), *before("activist")).then(fails(Conflict, "2023-09-04"))

    def test_again_is_nothing_new(self):
        when(determine(), *until("activist")).then(nothing)

    def test_otherwise_only_after_a_withdrawal(self):
        when(determine(recommended_by=Recommender.MASS_BODY), *until("activist")).then(fails(Conflict, "withdraw"))


class TestFileWithSuperior:
    COMMAND = FileWithSuperior(occurred_on=day("2023-09-11"), admission_id=CASE, level=FilingLevel.ACTIVIST, document_no="备〔2023〕1号")

    def test_the_activist(self):
        when(self.COMMAND, *before("activist-filing")).then(event("activist-filing"))

    def test_the_development_target(self):
        command = FileWithSuperior(occurred_on=day("2024-09-18"), admission_id=CASE, level=FilingLevel.TARGET, document_no="备〔2024〕7号")
        when(command, *before("target-filing")).then(event("target-filing"))

    def test_not_before_that_step(self):
        when(self.COMMAND, *before("activist")).then(refused("INV-038", "admission_id"))

    def test_again_is_nothing_new(self):
        when(self.COMMAND, *until("activist-filing")).then(nothing)

    def test_what_the_superior_reports_is_not_the_branchs(self):
        command = FileWithSuperior(occurred_on=day("2024-12-06"), admission_id=CASE, level=FilingLevel.REPORTED_UP, document_no="1")
        when(command, *before("reported-up")).then(fails(Malformed, "superior"))


def contacts(*people: Any, on: str = "2023-09-12") -> AssignContacts:
    return AssignContacts(occurred_on=day(on), admission_id=CASE, contacts=people)


class TestContacts:
    """INV-039: one or two full members of the branch."""

    @pytest.mark.parametrize("people", [(ANN,), (ANN, BEN)])
    def test_one_or_two(self, people: Any):
        when(contacts(*people), *before("contacts")).then(ContactsAssigned(**IDS, occurred_on=day("2023-09-12"), contacts=people))

    @pytest.mark.parametrize("people", [(), (ANN, BEN, CAI), (ANN, ANN)])
    def test_neither_none_nor_three_nor_one_twice(self, people: Any):
        when(contacts(*people), *before("contacts")).then(refused("INV-039", "contacts"))

    def test_nobody_who_left_or_is_suspended(self):
        when(contacts(ANN), *before("contacts"), left(ANN, day("2023-09-01"))).then(refused("INV-039", "contacts"))
        when(contacts(ANN), *before("contacts"), suspended(ANN, day("2023-09-01"))).then(refused("INV-039", "contacts"))

    def test_not_the_person_themselves_on_probation(self):
        when(contacts(IDS["person_id"], on="2025-01-06"), *until("approval")).then(refused("INV-039", "contacts"))

    def test_of_an_activist(self):
        when(contacts(ANN), *before("activist")).then(refused("INV-038", "admission_id"))

    def test_others_may_follow(self):
        when(contacts(DAN, on="2024-01-08"), *until("contacts")).then(
            ContactsAssigned(**IDS, occurred_on=day("2024-01-08"), contacts=(DAN,))
        )

    def test_the_same_ones_are_nothing_new(self):
        when(contacts(BEN, ANN), *until("contacts")).then(nothing)


class TestCultivation:
    TRAINING = TrainActivist(occurred_on=day("2023-11-07"), admission_id=CASE, topic="党章", organiser="机关党委", hours=8)
    REVIEW = ReviewDevelopment(occurred_on=day("2024-02-26"), admission_id=CASE, scope=ReviewScope.ACTIVIST, opinion="进步明显")
    REPORT = ReceiveWrittenReport(occurred_on=day("2023-12-29"), admission_id=CASE, kind=WrittenReport.THOUGHT, title="思想汇报")

    @pytest.mark.parametrize(("command", "name"), [(TRAINING, "training"), (REVIEW, "first-review"), (REPORT, "thought-report")])
    def test_is_recorded_of_an_activist(self, command: Any, name: str):
        when(command, *before(name)).then(event(name))
        when(command, *until(name)).then(nothing)
        when(command, *before("activist")).then(refused("INV-038", "admission_id"))

    def test_a_first_review_of_an_applicant(self):
        command = ReviewDevelopment(occurred_on=day("2023-06-30"), admission_id=CASE, scope=ReviewScope.INITIAL, opinion="表现良好")
        when(command, *before("initial-review")).then(event("initial-review"))

    def test_a_review_on_probation_only_then(self):
        command = ReviewDevelopment(occurred_on=day("2025-05-08"), admission_id=CASE, scope=ReviewScope.PROBATION, opinion="良好")
        when(command, *before("probation-review")).then(event("probation-review"))
        when(command, *before("approval")).then(refused("INV-038", "admission_id"))

    def test_reviewed_by_members_of_the_branch(self):
        command = ReviewDevelopment(occurred_on=day("2024-02-26"), admission_id=CASE, scope=ReviewScope.ACTIVIST, opinion="进步", by=(GUS,))
        when(command, *before("first-review"), left(GUS, day("2024-01-01"))).then(refused("INV-009", "by"))

    def test_a_reflection_of_a_development_target(self):
        command = ReceiveWrittenReport(occurred_on=day("2024-10-18"), admission_id=CASE, kind=WrittenReport.REFLECTION, title="培训体会")
        when(command, *before("reflection")).then(event("reflection"))
        when(command, *before("target")).then(refused("INV-038", "admission_id"))


class TestCollectOpinions:
    def command(self, **changed: Any) -> CollectOpinions:
        told: dict[str, Any] = {
            "occurred_on": day("2024-09-10"),
            "admission_id": CASE,
            "purpose": AdmissionPurpose.ADMISSION,
            "members_heard": 5,
            "public_heard": 6,
            "summary": "一致同意",
        }
        return CollectOpinions(**(told | changed))

    def test_before_the_development_target(self):
        when(self.command(), *before("opinions")).then(event("opinions"))

    def test_before_the_conversion(self):
        command = self.command(
            occurred_on=day("2025-10-27"), purpose=AdmissionPurpose.CONVERSION, members_heard=6, public_heard=4, summary="同意转正"
        )
        when(command, *before("conversion-opinions")).then(event("conversion-opinions"))
        when(command, *before("conversion-application")).then(refused("INV-038", "admission_id"))

    @pytest.mark.parametrize("missing", ["activist-filing", "contacts"])
    def test_of_an_activist_who_is_filed_and_looked_after(self, missing: str):
        when(self.command(), *before("opinions", missing)).then(refused("INV-038", "admission_id"))

    def test_both_members_and_the_public(self):
        when(self.command(public_heard=0), *before("opinions")).then(fails(Malformed, "public_heard"))

    def test_again_is_nothing_new(self):
        when(self.command(), *until("opinions")).then(nothing)


def target(on: str = "2024-09-13", meeting_id: str = "m-target") -> DetermineTarget:
    return DetermineTarget(occurred_on=day(on), admission_id=CASE, meeting_id=MeetingId(meeting_id))


def review(on: str) -> CultivationReviewed:
    return CultivationReviewed(**IDS, occurred_on=day(on), scope=ReviewScope.ACTIVIST, opinion="好")


def exception(ground: ExceptionGround, on: str) -> ExceptionGranted:
    return ExceptionGranted(**IDS, occurred_on=day(on), ground=ground, reason="疫情", document_no="特〔2024〕1号")


class TestDetermineTarget:
    def test_after_a_year_with_its_reviews(self):
        when(target(), *before("target")).then(event("target"))

    def test_again_is_nothing_new(self):
        when(target(), *until("target")).then(nothing)

    def test_INV_038_only_after_opinions(self):
        when(target(), *before("target", "opinions")).then(refused("INV-038", "admission_id"))

    def test_INV_040_on_the_first_day_after_a_year(self):
        history = [STORY[name][0] for name in ("application", "applicant-talk", "activist", "activist-filing", "contacts")]
        opinions = replace(event("opinions"), occurred_on=day("2024-09-02"))
        reviews = (review("2024-02-26"), review("2024-08-28"))
        first, too_early = meeting("m-first", "2024-09-04"), meeting("m-early", "2024-09-03")
        given = case(*history, *reviews, opinions, first, too_early)
        when(target("2024-09-04", "m-first"), *given).then(
            TargetDetermined(**IDS, occurred_on=day("2024-09-04"), meeting_id=MeetingId("m-first"))
        )
        when(target("2024-09-03", "m-early"), *given).then(refused("INV-040", "occurred_on"))

    @pytest.mark.parametrize("missing", ["first-review", "second-review"])
    def test_INV_041_a_half_year_without_review(self, missing: str):
        when(target(), *before("target", missing)).then(refused("INV-041", "occurred_on"))

    def test_INV_041_the_last_day_of_a_half_year_counts_and_the_next_does_not(self):
        given = before("target", "first-review")
        when(target(), *given, review("2024-03-04")).then(event("target"))
        when(target(), *given, review("2024-03-05")).then(refused("INV-041", "occurred_on"))

    def test_INV_041_the_superior_may_accept_a_gap(self):
        given = (*before("target", "first-review"), exception(ExceptionGround.REVIEW_GAP, "2024-09-12"))
        when(target(), *given).then(event("target"))

    def test_INV_041_a_gap_that_came_later_is_not_accepted_with_it(self):
        given = (*before("target", "second-review"), exception(ExceptionGround.REVIEW_GAP, "2024-04-01"))
        when(target(), *given).then(refused("INV-041", "occurred_on"))

    def test_INV_041_what_was_before_a_case_came_here_is_not_asked_for(self):
        opinions = replace(event("opinions"), occurred_on=day("2024-09-10"))
        came = (taken_over(), replace(event("contacts"), occurred_on=day("2024-04-02")), review("2024-08-28"), opinions)
        when(target(), *case(*came)).then(event("target"))

    def test_where_the_notice_comes_first(self):
        first = (Override(key="notice.admission.before", value="target", effective_from=dt.date(2014, 5, 28)),)
        when(target(), *before("target"), overrides=first).then(refused("INV-042", "admission_id"))

    def test_a_target_taken_over_is_one_already(self):
        came = taken_over(target_on=day("2024-09-04"), stage=AdmissionStage.TARGET)
        when(target(), *case(came)).then(fails(Conflict, "already"))
