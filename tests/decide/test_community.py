"""Communities: plan, check-in, service, opinions, ratings, half-yearly counts (N23; INV-002, INV-009)."""

import datetime as dt
from typing import Any

import pytest

from events.base import PersonId
from events.community import (
    CheckInPlanAdopted,
    CheckInSummarised,
    CommunityEntryId,
    CommunityEntryWithdrawn,
    CommunityOpinionHandled,
    CommunityRating,
    CommunityServiceRated,
    ServiceKind,
)
from service.decide.community.reports import (
    AdoptCommunityPlan,
    RateCommunityService,
    RecordCheckIn,
    SummariseCheckIn,
    WithdrawCommunityEntry,
)
from service.decide.community.service import HandleCommunityOpinion, RecordCommunityOpinion, RecordCommunityService
from service.errors import Absent, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, GUS, NEO
from tests.decide.work_history import BRANCH, LONG_AGO, M1, X1, heard, held, reported, served


class TestAdoptCommunityPlan:
    PLAN = CheckInPlanAdopted(occurred_on=DAY, entry_id=CommunityEntryId("n"), title="报到方案", content="全体在职党员")
    COMMAND = AdoptCommunityPlan(occurred_on=DAY, title="报到方案", content="全体在职党员", entry_id=CommunityEntryId("n"))

    def test_it_is_adopted(self):
        given().when(self.COMMAND).then(self.PLAN)

    def test_twice_is_once(self):
        given(self.PLAN).when(self.COMMAND).then(nothing)

    def test_by_a_meeting_that_was_held(self):
        command = AdoptCommunityPlan(occurred_on=DAY, title="报到方案", content="一", meeting_id=M1)
        expected = CheckInPlanAdopted(
            occurred_on=DAY, entry_id=CommunityEntryId("event-1"), title="报到方案", content="一", meeting_id=M1, met_on=BEFORE
        )
        given(held()).when(command).then(expected)
        given().when(command).then(fails(Absent, "meeting m1"))


def check_in(**changed: Any) -> RecordCheckIn:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO, "person_id": ANN, "community": "北湖社区", "position": "政策宣讲员", "signed": True,
    }  # fmt: skip
    return RecordCheckIn(**(told | changed))


class TestRecordCheckIn:
    def test_a_member_reports(self):
        given(BRANCH).when(check_in()).then(reported("event-1"))

    def test_once_for_each_residence(self):
        given(BRANCH, reported()).when(check_in(occurred_on=DAY)).then(nothing)

    def test_again_after_moving_house(self):
        given(BRANCH, reported()).when(check_in(community="南湖社区", occurred_on=DAY)).then(
            reported("event-1", community="南湖社区", occurred_on=DAY)
        )

    def test_and_again_after_moving_back(self):
        given(BRANCH, reported(), reported("k2", community="南湖社区")).when(check_in(occurred_on=DAY)).then(
            reported("event-1", occurred_on=DAY)
        )

    def test_an_earlier_residence_may_be_recorded_late(self):
        later = reported("k2", community="南湖社区", occurred_on=DAY)
        given(BRANCH, later).when(check_in()).then(reported("event-1"))
        given(BRANCH, reported(), later).when(check_in(occurred_on=BEFORE)).then(nothing)

    def test_INV_002_somebody_of_another_branch(self):
        given(BRANCH).when(check_in(person_id=NEO)).then(refused("INV-002", "person_id"))

    def test_INV_009_somebody_who_has_left(self):
        given(BRANCH).when(check_in(person_id=GUS, occurred_on=DAY)).then(refused("INV-009", "person_id"))


class TestRecordCommunityService:
    def command(self, **changed: Any) -> RecordCommunityService:
        told: dict[str, Any] = {
            "occurred_on": BEFORE, "person_id": ANN, "kind": ServiceKind.POLICY, "description": "宣讲惠民政策", "minutes": 90,
        }  # fmt: skip
        return RecordCommunityService(**(told | changed))

    def test_after_reporting_or_before(self):
        given(BRANCH, reported()).when(self.command()).then(served("event-1"))
        given(BRANCH).when(self.command()).then(served("event-1"))

    def test_twice_is_once(self):
        given(BRANCH, served()).when(self.command(entry_id=CommunityEntryId("w1"))).then(nothing)

    def test_INV_009_somebody_who_has_left(self):
        given(BRANCH).when(self.command(person_id=GUS)).then(refused("INV-009", "person_id"))


class TestCommunityOpinions:
    HANDLED = CommunityOpinionHandled(occurred_on=DAY, opinion_id=X1, said_on=BEFORE, handling="已维修")
    HANDLE = HandleCommunityOpinion(occurred_on=DAY, opinion_id=X1, handling="已维修")

    def command(self, **changed: Any) -> RecordCommunityOpinion:
        told: dict[str, Any] = {
            "occurred_on": BEFORE, "person_id": ANN, "community": "北湖社区", "source": "居民", "content": "楼道照明不足", "proposal": "联系物业维修",
        }  # fmt: skip
        return RecordCommunityOpinion(**(told | changed))

    def test_a_member_brings_one(self):
        given(BRANCH).when(self.command()).then(heard("event-1"))

    def test_twice_is_once(self):
        given(BRANCH, heard()).when(self.command(entry_id=CommunityEntryId("x1"))).then(nothing)

    def test_INV_002_brought_by_a_stranger(self):
        given(BRANCH).when(self.command(person_id=NEO)).then(refused("INV-002", "person_id"))

    def test_it_is_handled(self):
        given(heard()).when(self.HANDLE).then(self.HANDLED)

    def test_handled_twice_is_once(self):
        given(heard(), self.HANDLED).when(self.HANDLE).then(nothing)

    def test_what_nobody_said_is_not_handled(self):
        given(served("x1")).when(self.HANDLE).then(fails(Absent, "community.opinion_recorded x1"))

    def test_not_before_it_was_said(self):
        given(heard(occurred_on=AFTER)).when(self.HANDLE).then(fails(Malformed, "occurred_on"))


class TestRateCommunityService:
    def command(self, rating: CommunityRating = CommunityRating.GOOD, year: int = 2026, person: PersonId = ANN) -> RateCommunityService:
        return RateCommunityService(occurred_on=DAY, person_id=person, year=year, rating=rating)

    GOOD = CommunityServiceRated(occurred_on=DAY, person_id=ANN, year=2026, rating=CommunityRating.GOOD)

    def test_a_year(self):
        given(BRANCH).when(self.command()).then(self.GOOD)

    def test_twice_is_once(self):
        given(BRANCH, self.GOOD).when(self.command()).then(nothing)

    def test_another_word_replaces_it(self):
        fair = CommunityServiceRated(occurred_on=DAY, person_id=ANN, year=2026, rating=CommunityRating.FAIR)
        given(BRANCH, self.GOOD).when(self.command(CommunityRating.FAIR)).then(fair)

    def test_not_a_year_to_come(self):
        given(BRANCH).when(self.command(year=2027)).then(fails(Malformed, "year"))

    def test_INV_009_somebody_who_has_left(self):
        given(BRANCH).when(self.command(person=GUS)).then(refused("INV-009", "person_id"))


class TestSummariseCheckIn:
    def command(self, *, year: int = 2026, half: int = 1, serving: int = 5, on: dt.date = DAY) -> SummariseCheckIn:
        return SummariseCheckIn(occurred_on=on, year=year, half=half, serving=serving)

    def count(self, **changed: Any) -> CheckInSummarised:
        told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "half": 1, "serving": 5, "checked_in": 1, "services": 1, "minutes": 90}
        return CheckInSummarised(**(told | changed))

    def test_who_reported_and_what_was_done(self):
        given(BRANCH, reported(), served()).when(self.command()).then(self.count())

    def test_only_members_who_are_here_and_only_this_half_year(self):
        old = served("w0", occurred_on=dt.date(2025, 12, 31), minutes=60)
        new = served("w2", occurred_on=dt.date(2026, 1, 1), minutes=30)
        gone = reported("k0", person_id=GUS)
        given(BRANCH, reported(), gone, old, new).when(self.command()).then(self.count(services=1, minutes=30))

    def test_what_was_withdrawn_is_not_counted(self):
        back = CommunityEntryWithdrawn(
            occurred_on=DAY,
            entry_id=CommunityEntryId("w1"),
            what="community.service_done",
            happened_on=BEFORE,
            person_id=ANN,
            reason="误登",
        )
        given(BRANCH, reported(), served(), back).when(self.command()).then(self.count(services=0, minutes=0))

    def test_the_same_count_again_is_nothing_to_do(self):
        given(BRANCH, reported(), served(), self.count()).when(self.command(on=AFTER)).then(nothing)

    def test_another_count_is(self):
        given(BRANCH, reported(), self.count()).when(self.command()).then(self.count(services=0, minutes=0))

    @pytest.mark.parametrize("serving", [0, 7])
    def test_members_in_service_are_between_those_who_reported_and_all(self, serving: int):
        given(BRANCH, reported()).when(self.command(serving=serving)).then(fails(Malformed, "serving"))

    @pytest.mark.parametrize(("year", "half"), [(2026, 2), (2027, 1)])
    def test_not_a_half_year_to_come(self, year: int, half: int):
        given(BRANCH).when(self.command(year=year, half=half)).then(fails(Malformed, "half-year"))

    def test_the_second_half_of_the_year_before(self):
        old = served("w0", occurred_on=dt.date(2025, 7, 1), minutes=60)
        given(BRANCH, old).when(self.command(year=2025, half=2)).then(self.count(year=2025, half=2, checked_in=0, services=1, minutes=60))


class TestWithdrawCommunityEntry:
    def command(self, entry: str) -> WithdrawCommunityEntry:
        return WithdrawCommunityEntry(occurred_on=DAY, entry_id=CommunityEntryId(entry), reason="误登")

    @pytest.mark.parametrize(
        ("event", "what", "person"),
        [
            (served("n"), "community.service_done", ANN),
            (reported("n", occurred_on=BEFORE), "community.checked_in", ANN),
            (heard("n"), "community.opinion_recorded", None),
        ],
    )
    def test_it_names_what_and_whose_it_was(self, event: Any, what: str, person: PersonId | None):
        gone = CommunityEntryWithdrawn(
            occurred_on=DAY, entry_id=CommunityEntryId("n"), what=what, happened_on=BEFORE, person_id=person, reason="误登"
        )
        given(event).when(self.command("n")).then(gone)
        given(event, gone).when(self.command("n")).then(nothing)

    def test_what_is_not_on_record(self):
        given(reported(person_id=BEN)).when(self.command("n")).then(fails(Absent, "n"))

    def test_a_check_in_that_is_withdrawn_may_be_recorded_anew(self):
        gone = CommunityEntryWithdrawn(
            occurred_on=DAY,
            entry_id=CommunityEntryId("k1"),
            what="community.checked_in",
            happened_on=LONG_AGO,
            person_id=ANN,
            reason="误登",
        )
        given(BRANCH, reported(), gone).when(check_in(occurred_on=DAY)).then(reported("event-1", occurred_on=DAY))
