"""The vote on one person: its own quorum and majority at their edges (R-C15, R-C23, INV-010, 011, 014, 038, 042 to 056)."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.admission import PoliticalReviewCompleted
from events.admission_acceptance import (
    AdmissionQuestion,
    AdmissionRejected,
    ConversionReturned,
    ProbationExtended,
)
from events.base import Event, MeetingId
from events.meetings import AttendanceCorrected, MeetingKind
from events.members import VotingSuspended
from projections.standard.rules import Override
from service.decide.admission.vote import VoteOnAdmission, exceeds
from service.errors import Absent, Conflict, Malformed
from tests.decide.admission_history import CASE, IDS, before, case, day, event, meeting, until, voted, when
from tests.decide.bdd import fails, nothing, refused
from tests.decide.roster_history import ANN, DAN, EVE, FAY, GUS, PEOPLE
from tests.decide.test_admission_notices import objection, resolved

ADMIT, CONVERT, EXTEND, CANCEL = AdmissionQuestion


def vote(question: AdmissionQuestion = ADMIT, **changed: Any) -> VoteOnAdmission:
    admit = question is ADMIT
    told: dict[str, Any] = {
        "occurred_on": day("2024-11-11" if admit else "2025-11-12"),
        "admission_id": CASE,
        "meeting_id": MeetingId("m-admit" if admit else "m-convert"),
        "question": question,
        "yes": 7,
    }
    return VoteOnAdmission(**(told | changed))


def attended(*absent: Any, name: str = "m-admit") -> AttendanceCorrected:
    """Who was there after all."""
    return AttendanceCorrected(
        occurred_on=day("2024-11-11"),
        meeting_id=MeetingId(name),
        present=tuple(person for person in PEOPLE if person not in absent),
        absent=absent,
        reason="登记有误",
        author=ANN,
    )


def no_vote(*people: Any) -> tuple[Event, ...]:
    return tuple(VotingSuspended(occurred_on=day("2024-01-08"), person_id=person, reason="留党察看") for person in people)


class TestTheOutcome:
    def test_who_is_entitled_and_whether_it_passed_is_worked_out(self):
        when(vote(), *before("vote")).then(voted())

    def test_again_is_nothing_new(self):
        when(vote(), *until("vote")).then(nothing)

    def test_of_a_case_that_there_is(self):
        when(vote(), *case()).then(fails(Absent))

    def test_exceeds_is_strict_in_integers(self):
        assert [exceeds(part, 6, [1, 2]) for part in (2, 3, 4)] == [False, False, True]
        assert [exceeds(part, 7, [1, 2]) for part in (3, 4)] == [False, True]
        assert not exceeds(0, 0, [1, 2])


class TestQuorum:
    """INV-049: more than half of the voters due are there; an ordinary vote would be content with half."""

    def test_just_over_half_of_seven(self):
        when(vote(yes=4), *before("vote"), attended(EVE, FAY, GUS)).then(voted(voters_present=4, yes=4))

    def test_three_of_seven_are_too_few(self):
        when(vote(yes=3), *before("vote"), attended(DAN, EVE, FAY, GUS)).then(refused("INV-049", "voters_present"))

    def test_exactly_half_of_six_is_too_few(self):
        given = (*before("vote"), *no_vote(GUS))
        when(vote(yes=3), *given, attended(DAN, EVE, FAY)).then(refused("INV-049", "voters_present"))
        when(vote(yes=4), *given, attended(EVE, FAY)).then(voted(voters_due=6, voters_present=4, yes=4))

    def test_whoever_left_before_the_vote_was_not_there(self):
        when(vote(yes=3, left_early=(DAN, EVE, FAY, GUS)), *before("vote")).then(refused("INV-049", "voters_present"))
        when(vote(yes=4, left_early=(EVE, FAY, GUS)), *before("vote")).then(voted(voters_present=4, yes=4))

    def test_written_opinions_do_not_make_a_quorum(self):
        command = vote(yes=3, written_from=(DAN, EVE, FAY, GUS), written_on=day("2024-11-08"), written_yes=4)
        when(command, *before("vote"), attended(DAN, EVE, FAY, GUS)).then(refused("INV-049", "voters_present"))

    def test_the_share_is_a_rule(self):
        rules = (Override(key="vote.admission.quorum", value=[2, 3], effective_from=dt.date(2014, 5, 28)),)
        when(vote(yes=4), *before("vote"), attended(EVE, FAY, GUS), overrides=rules).then(refused("INV-049", "voters_present"))


class TestMajority:
    """INV-050 records the outcome: approvals exceed half of the voters due, whoever was there."""

    def test_four_of_seven(self):
        when(vote(yes=4, no=3), *before("vote")).then(voted(yes=4, no=3))

    def test_three_of_seven_do_not_pass(self):
        when(vote(yes=3, no=1, abstain=3), *before("vote")).then(voted(yes=3, no=1, abstain=3, passed=False))

    def test_exactly_half_of_six_does_not_pass(self):
        given = (*before("vote"), *no_vote(GUS))
        when(vote(yes=3, no=3), *given).then(voted(voters_due=6, voters_present=6, yes=3, no=3, passed=False))

    def test_all_of_those_present_may_be_too_few(self):
        given = (*before("vote"), attended(EVE, FAY, GUS))
        when(vote(yes=3, no=1), *given).then(voted(voters_present=4, yes=3, no=1, passed=False))

    def test_written_opinions_count(self):
        command = vote(yes=3, no=1, written_from=(FAY, GUS), written_on=day("2024-11-11"), written_yes=1, written_no=1)
        when(command, *before("vote"), attended(EVE, FAY, GUS)).then(
            voted(voters_present=4, yes=3, no=1, written_from=(FAY, GUS), written_yes=1, written_no=1)
        )

    @pytest.mark.parametrize(("yes", "claimed"), [(3, True), (4, False)])
    def test_nobody_claims_otherwise(self, yes: int, claimed: bool):
        when(vote(yes=yes, passed=claimed), *before("vote")).then(refused("INV-050", "passed"))

    def test_an_honest_claim_is_fine(self):
        when(vote(yes=4, passed=True), *before("vote")).then(voted(yes=4))


class TestVoters:
    def test_INV_014_members_without_a_vote_are_in_no_base(self):
        when(vote(yes=5), *before("vote"), *no_vote(FAY, GUS)).then(voted(voters_due=5, voters_present=5, needed=3, yes=5))

    def test_INV_014_nor_do_they_write(self):
        command = vote(yes=6, written_from=(GUS,), written_on=day("2024-11-08"), written_yes=1)
        when(command, *before("vote"), *no_vote(GUS), attended(GUS)).then(refused("INV-014", "written_from"))

    def test_INV_010_whoever_left_early_was_there(self):
        when(vote(yes=4, left_early=(GUS,)), *before("vote"), attended(GUS)).then(refused("INV-010", "left_early"))

    @pytest.mark.parametrize(
        ("claimed", "rule", "field"),
        [
            ({"voters_due": 8}, "INV-014", "voters_due"),
            ({"voters_due": 6}, "INV-010", "voters_due"),
            ({"voters_present": 6}, "INV-010", "voters_present"),
        ],
    )
    def test_what_the_paper_says_is_checked(self, claimed: dict[str, Any], rule: str, field: str):
        when(vote(**claimed), *before("vote")).then(refused(rule, field))
        when(vote(voters_due=7, voters_present=7), *before("vote")).then(voted())

    def test_INV_011_no_more_ballots_than_voters_there(self):
        when(vote(yes=7, no=1), *before("vote")).then(refused("INV-011", "yes", "no", "abstain"))

    def test_INV_011_no_more_written_votes_than_opinions(self):
        command = vote(yes=6, written_from=(GUS,), written_on=day("2024-11-08"), written_yes=1, written_no=1)
        when(command, *before("vote"), attended(GUS)).then(refused("INV-011", "written_yes", "written_no"))


class TestWrittenOpinions:
    """INV-051: from absent members, handed in by the day of the meeting."""

    def command(self, **changed: Any) -> VoteOnAdmission:
        told: dict[str, Any] = {"yes": 6, "written_from": (GUS,), "written_on": day("2024-11-11"), "written_yes": 1}
        return vote(**(told | changed))

    def test_on_the_day_itself(self):
        when(self.command(), *before("vote"), attended(GUS)).then(voted(voters_present=6, yes=6, written_from=(GUS,), written_yes=1))

    @pytest.mark.parametrize("on", [None, day("2024-11-12")])
    def test_not_later(self, on: dt.date | None):
        when(self.command(written_on=on), *before("vote"), attended(GUS)).then(refused("INV-051", "written_on"))

    def test_nobody_who_was_there(self):
        when(self.command(), *before("vote")).then(refused("INV-051", "written_from"))

    def test_nobody_twice(self):
        when(self.command(written_from=(GUS, GUS)), *before("vote"), attended(GUS)).then(refused("INV-051", "written_from"))


class TestOnePersonOneVote:
    """INV-052."""

    def test_each_person_separately(self):
        when(vote(separately=False), *before("vote")).then(refused("INV-052", "separately"))

    def test_one_record_for_a_meeting(self):
        when(vote(yes=6), *until("vote")).then(refused("INV-052", "admission_id"))

    def test_nor_at_another_meeting_while_the_vote_stands(self):
        again = meeting("m-again", "2024-12-16", MeetingKind.GENERAL)
        command = vote(meeting_id=MeetingId("m-again"), occurred_on=day("2024-12-16"))
        when(command, *until("vote"), again).then(refused("INV-052", "admission_id"))

    def test_anew_when_the_superior_can_no_longer_approve_it(self):
        late, later = meeting("m-last", "2025-05-11", MeetingKind.GENERAL), meeting("m-late", "2025-05-12", MeetingKind.GENERAL)
        given = (*until("vote"), late, later)
        last = vote(meeting_id=MeetingId("m-last"), occurred_on=day("2025-05-11"))
        anew = vote(meeting_id=MeetingId("m-late"), occurred_on=day("2025-05-12"))
        when(last, *given).then(refused("INV-052", "admission_id"))
        when(anew, *given).then(voted(meeting_id=MeetingId("m-late"), occurred_on=day("2025-05-12")))

    def test_anew_when_the_superior_rejected_it(self):
        rejected = AdmissionRejected(**IDS, occurred_on=day("2024-12-02"), document_no="不〔2024〕1号", reason="材料不全")
        again = meeting("m-again", "2024-12-16", MeetingKind.GENERAL)
        command = vote(meeting_id=MeetingId("m-again"), occurred_on=day("2024-12-16"))
        when(command, *until("submission"), rejected, again).then(voted(meeting_id=MeetingId("m-again"), occurred_on=day("2024-12-16")))

    @pytest.mark.parametrize(("on", "allowed"), [("2025-05-10", False), ("2025-05-11", True)])
    def test_one_who_failed_rests_six_months(self, on: str, allowed: bool):
        failed = voted(yes=3, no=4, passed=False)
        again = meeting("m-again", on, MeetingKind.GENERAL)
        answer = when(vote(meeting_id=MeetingId("m-again"), occurred_on=day(on)), *before("vote"), failed, again)
        answer.then(voted(meeting_id=MeetingId("m-again"), occurred_on=day(on)) if allowed else fails(Conflict, "2025-05-11"))

    def test_who_is_a_probationary_member_is_not_admitted_again(self):
        again = meeting("m-again", "2024-12-16", MeetingKind.GENERAL)
        command = vote(meeting_id=MeetingId("m-again"), occurred_on=day("2024-12-16"))
        when(command, *until("approval"), again).then(fails(Conflict, "already"))


class TestWhatItWaitsFor:
    @pytest.mark.parametrize(
        ("missing", "rule"),
        [
            ("form", "INV-038"),
            ("sponsors", "INV-044"),
            ("political-review", "INV-045"),
            ("course", "INV-046"),
            ("notice-closed", "INV-042"),
        ],
    )
    def test_all_papers_and_the_notice(self, missing: str, rule: str):
        when(vote(), *before("vote", missing)).then(refused(rule, "admission_id"))

    def test_INV_043_an_objection_stops_it(self):
        when(vote(), *before("vote"), objection()).then(refused("INV-043", "admission_id"))
        when(vote(), *before("vote"), objection(), resolved()).then(voted())

    def test_INV_045_so_does_a_political_review_that_fell_through(self):
        fallen = PoliticalReviewCompleted(**IDS, occurred_on=day("2024-11-05"), passed=False, conclusion="新情况")
        when(vote(), *before("vote"), fallen).then(refused("INV-045", "admission_id"))

    def test_INV_038_not_before_the_form_was_filled_in(self):
        early = meeting("m-early", "2024-11-01", MeetingKind.GENERAL)
        command = vote(meeting_id=MeetingId("m-early"), occurred_on=day("2024-11-01"))
        when(command, *before("vote"), early).then(refused("INV-038", "occurred_on"))

    def test_a_general_meeting_of_that_day(self):
        when(vote(meeting_id=MeetingId("m-review"), occurred_on=day("2024-10-21")), *before("vote")).then(fails(Malformed, "general"))
        when(vote(occurred_on=day("2024-11-12")), *before("vote")).then(fails(Conflict, "2024-11-11"))

    def test_months_belong_to_an_extension(self):
        when(vote(extension_months=6), *before("vote")).then(fails(Malformed, "extension_months"))


class TestConversion:
    NAME = "conversion-vote"

    def test_on_time(self):
        when(vote(CONVERT), *before(self.NAME)).then(voted(CONVERT))

    def test_it_has_the_quorum_and_majority_of_an_admission(self):
        given = (*before(self.NAME), attended(EVE, FAY, GUS, name="m-convert"))
        when(vote(CONVERT, yes=3, no=1), *given).then(voted(CONVERT, voters_present=4, yes=3, no=1, passed=False))
        when(vote(CONVERT, yes=3), *before(self.NAME), attended(DAN, EVE, FAY, GUS, name="m-convert")).then(
            refused("INV-049", "voters_present")
        )

    def test_INV_054_not_before_the_end_of_probation(self):
        last, early = meeting("m-end", "2025-11-11", MeetingKind.GENERAL), meeting("m-early", "2025-11-10", MeetingKind.GENERAL)
        given = (*before(self.NAME), last, early)
        when(vote(CONVERT, meeting_id=MeetingId("m-end"), occurred_on=day("2025-11-11")), *given).then(
            voted(CONVERT, meeting_id=MeetingId("m-end"), occurred_on=day("2025-11-11"))
        )
        review = tuple(e for e in given if getattr(e, "occurred_on", None) != day("2025-11-11"))
        reviewed = replace(event("conversion-review"), occurred_on=day("2025-11-10"))
        when(vote(CONVERT, meeting_id=MeetingId("m-early"), occurred_on=day("2025-11-10")), *review, reviewed).then(
            refused("INV-054", "occurred_on")
        )

    @pytest.mark.parametrize("missing", ["conversion-application", "conversion-opinions", "conversion-review"])
    def test_INV_038_all_that_belongs_to_it(self, missing: str):
        when(vote(CONVERT), *before(self.NAME, missing)).then(refused("INV-038", "admission_id"))

    def test_INV_056_its_own_notice(self):
        when(vote(CONVERT), *before(self.NAME, "conversion-notice", "conversion-notice-closed")).then(refused("INV-056", "admission_id"))
        when(vote(CONVERT), *before(self.NAME, "conversion-notice-closed")).then(refused("INV-056", "admission_id"))

    def test_INV_052_one_standing_resolution(self):
        again = meeting("m-again", "2025-11-20", MeetingKind.GENERAL)
        command = vote(EXTEND, meeting_id=MeetingId("m-again"), occurred_on=day("2025-11-20"), extension_months=6)
        when(command, *until(self.NAME), again).then(refused("INV-052", "admission_id"))

    def test_another_one_when_the_superior_returned_it(self):
        returned = ConversionReturned(**IDS, occurred_on=day("2025-11-18"), document_no="退〔2025〕1号", reason="再考察")
        again = meeting("m-again", "2025-11-20", MeetingKind.GENERAL)
        command = vote(EXTEND, meeting_id=MeetingId("m-again"), occurred_on=day("2025-11-20"), extension_months=6)
        when(command, *until("conversion-submission"), returned, again).then(
            voted(EXTEND, meeting_id=MeetingId("m-again"), occurred_on=day("2025-11-20"), extension_months=6)
        )

    def test_another_question_when_the_first_one_failed(self):
        failed = voted(CONVERT, yes=2, no=5, passed=False)
        when(vote(EXTEND, extension_months=12), *before(self.NAME), failed).then(voted(EXTEND, extension_months=12))

    def test_not_of_somebody_who_is_converted(self):
        again = meeting("m-again", "2025-12-08", MeetingKind.GENERAL)
        command = vote(CANCEL, meeting_id=MeetingId("m-again"), occurred_on=day("2025-12-08"))
        when(command, *until("conversion-approval"), again).then(fails(Conflict, "probation ended"))


class TestExtension:
    """INV-055: once, by 6 to 12 months."""

    NAME = "conversion-vote"

    @pytest.mark.parametrize("months", [6, 12])
    def test_by_half_a_year_or_a_whole_one(self, months: int):
        when(vote(EXTEND, extension_months=months), *before(self.NAME)).then(voted(EXTEND, extension_months=months))

    @pytest.mark.parametrize("months", [0, 5, 13])
    def test_neither_less_nor_more(self, months: int):
        when(vote(EXTEND, extension_months=months), *before(self.NAME)).then(refused("INV-055", "extension_months"))

    def test_only_once(self):
        given = (*before(self.NAME), *EXTENDED, replace(event("conversion-review"), occurred_on=day("2026-05-11")))
        again = meeting("m-again", "2026-05-12", MeetingKind.GENERAL)
        command = vote(EXTEND, meeting_id=MeetingId("m-again"), occurred_on=day("2026-05-12"), extension_months=6)
        when(command, *given, again).then(refused("INV-055", "question"))

    def test_after_it_everything_for_the_conversion_is_needed_anew(self):
        given = (*before(self.NAME), *EXTENDED, replace(event("conversion-review"), occurred_on=day("2026-05-11")))
        again = meeting("m-again", "2026-05-12", MeetingKind.GENERAL)
        command = vote(CONVERT, meeting_id=MeetingId("m-again"), occurred_on=day("2026-05-12"))
        when(command, *given, again).then(refused("INV-038", "admission_id"))

    def test_cancelling_waits_for_neither_application_nor_notice(self):
        missing = ("conversion-application", "conversion-opinions", "conversion-notice", "conversion-notice-closed")
        when(vote(CANCEL), *before(self.NAME, *missing)).then(voted(CANCEL))


EXTENDED: tuple[Event, ...] = (
    voted(EXTEND, extension_months=6),
    ProbationExtended(**IDS, occurred_on=day("2025-12-01"), approval_no="批〔2025〕6号", months=6, probation_end=day("2026-05-11")),
)
