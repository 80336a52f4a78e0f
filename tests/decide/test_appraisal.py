"""Democratic appraisal up to the ballot: no meeting without study (INV-080), nobody above what he may (N13.T01 to T04, R-I03, R-I04)."""

import datetime as dt
from typing import Any

import pytest

from events.appraisal import Lacking
from events.base import PersonId
from events.meetings import MeetingKind
from service.decide.appraisal.meeting import (
    BallotLine,
    ExcuseAppraisalGap,
    HoldAppraisalMeeting,
    OpenAppraisal,
    RecordAppraisalBallots,
    RecordPeerAssessment,
    SubmitSelfAssessment,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.appraisal_history import (
    DONE,
    LATER,
    M2,
    MET,
    NEW,
    STUDIED_ON,
    TOLD,
    TOLD_ON,
    YEAR,
    assessed,
    ballot,
    closed,
    commented,
    excused,
    met,
    named,
    opened,
    study,
    withdrawn,
)
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.life_history import BRANCH_OF_EIGHT, CANCELLED, M1, meeting
from tests.decide.roster_history import ANN, BEN, DAY, FAY, GUS, NEO, left

WHO = PersonId("who")


def announce(**changed: Any) -> OpenAppraisal:
    told: dict[str, Any] = {"occurred_on": TOLD_ON, "year": YEAR, "planned_on": DAY}
    return OpenAppraisal(**(told | changed))


class TestOpenAppraisal:
    def test_full_members_are_to_be_graded_and_probationary_ones_take_part(self):
        given(BRANCH_OF_EIGHT).when(announce()).then(opened(entry_id=NEW))

    def test_once_a_year(self):
        given(TOLD).when(announce()).then(nothing)
        given(TOLD).when(announce(planned_on=LATER)).then(fails(Conflict, "opened on"))
        given(TOLD, withdrawn("opened")).when(announce(planned_on=LATER)).then(opened(entry_id=NEW, planned_on=LATER))

    def test_before_the_meeting_of_that_year_or_the_next(self):
        given(BRANCH_OF_EIGHT).when(announce(planned_on=TOLD_ON - dt.timedelta(days=1))).then(fails(Malformed, "planned_on"))
        given(BRANCH_OF_EIGHT).when(announce(planned_on=TOLD_ON)).then(opened(entry_id=NEW, planned_on=TOLD_ON))
        given(BRANCH_OF_EIGHT).when(announce(year=2026)).then(opened(entry_id=NEW, year=2026))
        given(BRANCH_OF_EIGHT).when(announce(year=2024)).then(fails(Malformed, "year"))


def assess(person_id: PersonId = FAY, **changed: Any) -> SubmitSelfAssessment:
    told: dict[str, Any] = {"occurred_on": STUDIED_ON, "year": YEAR, "person_id": person_id, "outline": "对照检查"}
    return SubmitSelfAssessment(**(told | changed))


class TestSubmitSelfAssessment:
    @pytest.mark.parametrize("person_id", [FAY, NEO])
    def test_of_any_member(self, person_id: PersonId):
        given(TOLD).when(assess(person_id)).then(assessed(person_id, entry_id=NEW, outline="对照检查"))

    def test_the_same_again_is_nothing_to_do_and_another_a_conflict(self):
        given(TOLD, assessed(FAY)).when(assess()).then(nothing)
        given(TOLD, assessed(FAY)).when(assess(occurred_on=DAY)).then(fails(Conflict, "withdraw"))

    def test_only_while_the_appraisal_is_under_way(self):
        given(BRANCH_OF_EIGHT).when(assess()).then(fails(Conflict, "not been opened"))
        given(DONE, closed(), withdrawn("self-fay")).when(assess(occurred_on=DAY), today=LATER).then(fails(Conflict, "closed"))

    def test_of_nobody_from_elsewhere(self):
        given(TOLD).when(assess(WHO)).then(refused("INV-002", "person_id"))


def hold(**changed: Any) -> HoldAppraisalMeeting:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "meeting_id": M1}
    return HoldAppraisalMeeting(**(told | changed))


class TestHoldAppraisalMeeting:
    def test_after_joint_study(self):
        given(TOLD, study(), meeting()).when(hold()).then(met(entry_id=NEW))
        given(TOLD, study(occurred_on=DAY), meeting()).when(hold()).then(met(entry_id=NEW))

    def test_not_without_it(self):
        given(TOLD, meeting()).when(hold()).then(refused("INV-080", "meeting_id"))
        given(TOLD, study(occurred_on=LATER), meeting()).when(hold(), today=LATER).then(refused("INV-080", "meeting_id"))
        given(TOLD, study(), withdrawn("study"), meeting()).when(hold()).then(refused("INV-080", "meeting_id"))

    def test_the_same_again_is_nothing_to_do(self):
        given(MET).when(hold()).then(nothing)

    def test_in_groups_where_members_are_many(self):
        other = meeting(MeetingKind.GROUP, meeting_id=M2, present=(ANN, BEN), due=(ANN, BEN))
        given(MET, other).when(hold(meeting_id=M2)).then(met(entry_id=NEW, meeting_id=M2, participants=2))

    def test_a_meeting_of_members_held_that_day(self):
        given(TOLD, study(), meeting(MeetingKind.COMMITTEE)).when(hold()).then(fails(Malformed, "meeting_id"))
        given(TOLD, study(), meeting(occurred_on=STUDIED_ON)).when(hold()).then(fails(Conflict, "not on"))
        given(TOLD, study(), meeting(), CANCELLED).when(hold()).then(fails(Conflict, "cancelled"))
        given(TOLD, study()).when(hold()).then(fails(Absent, "m1"))
        given(BRANCH_OF_EIGHT, study(), meeting()).when(hold()).then(fails(Conflict, "not been opened"))
        given(MET, meeting(topic="另一会")).when(hold(entry_id=named("x"))).then(nothing)


def comment(person_id: PersonId = FAY, by: PersonId = ANN, **changed: Any) -> RecordPeerAssessment:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "person_id": person_id, "by": by, "comment": "踏实"}
    return RecordPeerAssessment(**(told | changed))


class TestRecordPeerAssessment:
    @pytest.mark.parametrize(("person_id", "by"), [(FAY, ANN), (NEO, ANN), (ANN, NEO)])
    def test_members_comment_on_each_other(self, person_id: PersonId, by: PersonId):
        given(MET).when(comment(person_id, by)).then(commented(person_id, by, entry_id=NEW, comment="踏实"))

    def test_the_same_again_is_nothing_to_do(self):
        given(MET, commented(FAY)).when(comment()).then(nothing)
        given(MET, commented(FAY)).when(comment(by=BEN)).then(commented(FAY, BEN, entry_id=NEW, comment="踏实"))

    def test_not_on_oneself_nor_before_the_meeting(self):
        given(MET).when(comment(FAY, FAY)).then(fails(Malformed, "by"))
        given(TOLD).when(comment()).then(fails(Conflict, "no appraisal meeting"))
        given(MET).when(comment(occurred_on=STUDIED_ON)).then(fails(Conflict, "after"))

    def test_by_and_of_members_of_the_branch(self):
        given(MET).when(comment(WHO)).then(refused("INV-002", "person_id"))
        given(MET).when(comment(FAY, WHO)).then(refused("INV-002", "by"))


def line(person_id: PersonId | None = FAY, **changed: Any) -> BallotLine:
    told: dict[str, Any] = {"person_id": person_id, "excellent": 5, "qualified": 2, "basic": 1}
    return BallotLine(**(told | changed))


def vote(*lines: BallotLine, **changed: Any) -> RecordAppraisalBallots:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "ballots": lines}
    return RecordAppraisalBallots(**(told | changed))


class TestRecordAppraisalBallots:
    def test_on_members_and_on_the_branch(self):
        given(MET).when(vote(line(), line(None))).then(ballot(FAY, entry_id=NEW), ballot(None, entry_id=named("event-2")))

    def test_the_same_count_again_is_nothing_to_do(self):
        given(MET, ballot(FAY)).when(vote(line())).then(nothing)
        given(MET, ballot(FAY)).when(vote(line(), line(GUS))).then(ballot(GUS, entry_id=named("event-2")))
        given(MET, ballot(FAY)).when(vote(line(excellent=4))).then(fails(Conflict, "withdraw"))

    def test_no_more_votes_than_people_at_the_meeting(self):
        given(MET).when(vote(line(excellent=5, qualified=2, basic=1))).then(ballot(FAY, entry_id=NEW))
        given(MET).when(vote(line(excellent=5, qualified=2, basic=2))).then(refused("INV-011", "ballots"))
        given(MET).when(vote(line(excellent=0, qualified=0, basic=0))).then(fails(Malformed, "ballots"))

    def test_on_no_probationary_member(self):
        given(MET).when(vote(line(NEO))).then(refused("INV-079", "ballots"))

    def test_each_once_and_only_members(self):
        given(MET).when(vote(line(), line())).then(fails(Malformed, "ballots"))
        given(MET).when(vote(line(WHO))).then(refused("INV-002", "ballots"))
        given(BRANCH_OF_EIGHT, left(GUS, on=TOLD_ON), MET[len(BRANCH_OF_EIGHT) :]).when(vote(line(GUS))).then(refused("INV-009", "ballots"))
        given(TOLD).when(vote(line())).then(fails(Conflict, "no appraisal meeting"))


def excuse(what: Lacking = Lacking.BALLOT, **changed: Any) -> ExcuseAppraisalGap:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "person_id": FAY, "what": what, "reason": "长期病假"}
    return ExcuseAppraisalGap(**(told | changed))


class TestExcuseAppraisalGap:
    @pytest.mark.parametrize("what", list(Lacking))
    def test_with_a_reason(self, what: Lacking):
        given(TOLD).when(excuse(what)).then(excused(FAY, what, entry_id=NEW, reason="长期病假"))
        given(TOLD, excused(FAY, what)).when(excuse(what)).then(nothing)

    def test_while_under_way_and_of_a_member(self):
        given(BRANCH_OF_EIGHT).when(excuse()).then(fails(Conflict, "not been opened"))
        given(TOLD).when(excuse(person_id=WHO)).then(refused("INV-002", "person_id"))
