"""Before the ballot: papers, the review, recommendations, the slate (INV-006, 011, 026, 027, 035), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, MeetingId, PersonId
from events.elections import Matter, Office, Paper, Recommended, Recommender, Review
from events.members import InfluenceBar, InfluenceSet, VotingSuspended
from events.organisations import Post, PostVacated, RuleChanged
from service.decide.elections.candidates import (
    AdoptElectionPaper,
    ConfirmSlate,
    InvestigateCandidate,
    ProposeSlate,
    RecommendCandidates,
    ReviewIncumbents,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.election_history import (
    BRANCH_OF_TEN,
    CONFIRMED_ON,
    E1,
    ELECTORS,
    FIVE,
    HAL,
    MEETING_ON,
    SECOND_APPROVED_ON,
    SIX,
    SLATE,
    SLATE_ON,
    WORKED_ON,
    adopted,
    after,
    by_election,
    confirmed,
    delegates,
    investigated,
    opened,
    proposed,
    recommended,
    returned,
    reviewed,
    told,
    up_to,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, FAY, FOUNDED_ON, GUS, NEO, founded, left, members, seated, seats, suspended

STRANGER = PersonId("stranger")
OPENED = after("opened")


def adopt(**changed: Any) -> AdoptElectionPaper:
    told: dict[str, Any] = {"occurred_on": WORKED_ON, "election_id": E1, "paper": Paper.WORK_PLAN, "title": "换届工作方案"}
    return AdoptElectionPaper(**(told | changed))


def review(**changed: Any) -> ReviewIncumbents:
    event = reviewed()
    told: dict[str, Any] = {
        "occurred_on": WORKED_ON,
        "election_id": E1,
        "issued": event.issued,
        "returned": event.returned,
        "reviews": event.reviews,
    }
    return ReviewIncumbents(**(told | changed))


def recommend(by: Recommender = Recommender.MEMBERS, **changed: Any) -> RecommendCandidates:
    told: dict[str, Any] = {"occurred_on": WORKED_ON, "election_id": E1, "by": by, "people": recommended().people}
    return RecommendCandidates(**(told | changed))


def investigate(person_id: PersonId = ANN, **changed: Any) -> InvestigateCandidate:
    told: dict[str, Any] = {"occurred_on": WORKED_ON, "election_id": E1, "person_id": person_id, "suitable": True}
    return InvestigateCandidate(**(told | changed))


def propose(**changed: Any) -> ProposeSlate:
    return told(ProposeSlate, SLATE_ON, SLATE, changed)


def confirm(**changed: Any) -> ConfirmSlate:
    return told(ConfirmSlate, CONFIRMED_ON, SLATE, changed)


class TestPapers:
    @pytest.mark.parametrize("paper", list(Paper))
    def test_the_plan_and_the_method(self, paper):
        given(OPENED).when(adopt(paper=paper, title=paper.zh)).then(adopted(paper))
        given(OPENED, adopted(paper)).when(adopt(paper=paper, title=paper.zh)).then(nothing)

    def test_a_later_version(self):
        later = adopt(planned_on=MEETING_ON, meeting_id=MeetingId("m0"))
        given(OPENED, adopted()).when(later).then(adopted(planned_on=MEETING_ON, meeting_id=MeetingId("m0")))

    def test_of_no_election(self):
        given(BRANCH_OF_TEN).when(adopt()).then(fails(Absent))


class TestReviewIncumbents:
    def test_the_committee_in_office(self):
        given(OPENED).when(review()).then(reviewed())
        given(OPENED, reviewed()).when(review()).then(nothing)

    def test_nobody_else_and_nobody_twice(self):
        other = Review(person_id=FAY, competent=9, basic=0, incompetent=0)
        given(OPENED).when(review(reviews=(other,))).then(fails(Conflict, "fay"))
        given(OPENED).when(review(reviews=(*reviewed().reviews, reviewed().reviews[0]))).then(fails(Malformed, "twice"))

    def test_INV_011_no_more_marks_than_ballots(self):
        full = Review(person_id=ANN, competent=9, basic=0, incompetent=0)
        given(OPENED).when(review(reviews=(full,))).then(reviewed(reviews=(full,)))
        more = Review(person_id=ANN, competent=9, basic=1, incompetent=0)
        given(OPENED).when(review(reviews=(more,))).then(refused("INV-011", "reviews"))
        given(OPENED).when(review(returned=11)).then(refused("INV-011", "returned"))


class TestTwoRecommendations:
    @pytest.mark.parametrize("by", list(Recommender))
    def test_by_members_and_by_the_public(self, by):
        given(OPENED).when(recommend(by)).then(recommended(by))
        given(OPENED, recommended(by)).when(recommend(by)).then(nothing)

    @pytest.mark.parametrize("person", [NEO, STRANGER])
    def test_INV_027_nobody_who_may_not_stand(self, person):
        given(OPENED).when(recommend(people=(Recommended(person_id=person, times=3),))).then(refused("INV-027", "people"))

    def test_nobody_twice(self):
        given(OPENED).when(recommend(people=(Recommended(person_id=ANN, times=3),) * 2)).then(fails(Malformed, "twice"))

    def test_not_while_the_slate_is_with_the_superior(self):
        given(after("request-2")).when(recommend(people=recommended().people[:1])).then(fails(Conflict, "superior"))


class TestInvestigateCandidate:
    def test_whoever_was_recommended(self):
        given(after("recommended")).when(investigate()).then(investigated(ANN))
        given(after("recommended"), investigated(ANN)).when(investigate()).then(nothing)

    def test_the_finding_is_private_to_the_person(self):
        told = investigate(suitable=False, finding="群众反映问题待核实")
        given(after("recommended")).when(told).then(investigated(ANN, suitable=False, finding="群众反映问题待核实"))

    def test_nobody_else(self):
        given(after("recommended")).when(investigate(GUS)).then(fails(Conflict, "recommended"))

    def test_in_a_by_election_anybody_here(self):
        given(BRANCH_OF_TEN, by_election()).when(investigate(GUS)).then(investigated(GUS))
        given(BRANCH_OF_TEN, by_election()).when(investigate(STRANGER)).then(refused("INV-002", "person_id"))


class TestTheSlate:
    def test_it_is_proposed(self):
        given(up_to("slate")).when(propose()).then(proposed())
        given(after("slate")).when(propose()).then(nothing)

    def test_another_one_until_it_is_with_the_superior(self):
        given(after("slate")).when(propose(members=(*SIX, GUS))).then(proposed(members=(*SIX, GUS)))
        given(after("request-2")).when(propose(members=(*SIX, GUS))).then(fails(Conflict, "superior"))

    def test_nobody_stands_twice_for_one_office(self):
        given(up_to("slate")).when(propose(members=(*SIX, ANN))).then(fails(Malformed, "twice"))

    def test_INV_006_nobody_stands_for_secretary_and_deputy(self):
        given(up_to("slate")).when(propose(deputy=(ANN,))).then(refused("INV-006", "deputy"))

    def test_no_deputy_where_none_is_elected(self):
        lone = opened(posts=(Office.SECRETARY,))
        given(BRANCH_OF_TEN, lone).when(propose(deputy=())).then(proposed(deputy=()))
        given(BRANCH_OF_TEN, lone).when(propose()).then(fails(Malformed, "deputy"))


class TestSurplus:
    """INV-026: a fifth more candidates than seats, rounded up, at least one."""

    def test_six_for_five_and_more(self):
        given(up_to("slate")).when(propose(members=ELECTORS)).then(proposed(members=ELECTORS))

    @pytest.mark.parametrize("people", [(), FIVE, FIVE[:4]])
    def test_five_for_five_are_too_few(self, people):
        wanted = refused("INV-026", "members") if people and BEN in people else refused("INV-027", "secretary")
        given(up_to("slate")).when(propose(members=people)).then(wanted)

    @pytest.mark.parametrize(("set_to", "enough"), [(3, 4), (5, 6), (7, 9)])
    def test_the_table_of_the_rule(self, set_to, enough):
        rule = RuleChanged(occurred_on=FOUNDED_ON, key="committee.seats", value=set_to, effective_from=FOUNDED_ON, reason="批复")
        branch = (*BRANCH_OF_TEN, rule, opened(seats=set_to))
        given(branch).when(propose(members=ELECTORS[:enough])).then(proposed(members=ELECTORS[:enough]))
        given(branch).when(propose(members=ELECTORS[: enough - 1])).then(refused("INV-026", "members"))

    def test_delegates_too(self):
        two = {"secretary": (), "deputy": ()}
        given(BRANCH_OF_TEN, delegates()).when(propose(members=SIX[:3], **two)).then(proposed(members=SIX[:3], **two))
        given(BRANCH_OF_TEN, delegates()).when(propose(members=SIX[:2], **two)).then(refused("INV-026", "members"))

    def test_nobody_for_a_committee_that_there_is_not(self):
        small = (founded(), *members(*ELECTORS[:6]), opened(seats=0, has_committee=False, term=1, term_ends_on=None))
        given(small).when(propose(members=())).then(proposed(members=()))
        given(small).when(propose(members=FIVE)).then(refused("INV-026", "members"))

    def test_a_secretary_may_stand_alone_unless_that_is_ruled_out(self):
        rule = RuleChanged(
            occurred_on=FOUNDED_ON, key="election.secretary_equal_number", value=False, effective_from=FOUNDED_ON, reason="差额"
        )
        two = propose(secretary=(ANN, CAI), deputy=(BEN, DAN))
        given(up_to("slate"), rule).when(two).then(proposed(secretary=(ANN, CAI), deputy=(BEN, DAN)))
        given(up_to("slate"), rule).when(propose(deputy=(BEN, DAN))).then(refused("INV-026", "secretary"))
        given(up_to("slate")).when(propose(secretary=())).then(refused("INV-026", "secretary"))


class TestSurplusByTheOlderRule:
    """Before 2020-07-13 the surplus was a fifth, no more and no less (R-B04)."""

    OLD = dt.date(2018, 11, 1)

    def history(self) -> tuple[Event, ...]:
        since = dt.date(2015, 1, 5)
        people = members(*ELECTORS, occurred_on=since, joined_on=since)
        return (founded(occurred_on=since), *people, opened(occurred_on=self.OLD, term=1, term_ends_on=None))

    def test_exactly_six_for_five(self):
        given(self.history()).when(propose(occurred_on=self.OLD)).then(proposed(occurred_on=self.OLD))
        given(self.history()).when(propose(occurred_on=self.OLD, members=ELECTORS[:7])).then(refused("INV-026", "members"))
        given(self.history()).when(propose(occurred_on=self.OLD, members=FIVE)).then(refused("INV-026", "members"))

    @pytest.mark.parametrize(("day", "outcome"), [(dt.date(2020, 7, 12), False), (dt.date(2020, 7, 13), True)])
    def test_until_the_day_before_the_newer_one(self, day, outcome):
        found = proposed(occurred_on=day, members=ELECTORS[:7]) if outcome else refused("INV-026", "members")
        given(self.history()).when(propose(occurred_on=day, members=ELECTORS[:7])).then(found)


class TestWhoMayStand:
    """INV-027."""

    @pytest.mark.parametrize("person", [NEO, STRANGER])
    @pytest.mark.parametrize("field", ["members", "secretary", "deputy"])
    def test_no_probationary_member_and_no_stranger(self, person, field):
        given(up_to("slate")).when(propose(**{field: (*SLATE[field], person)})).then(refused("INV-027", field))

    @pytest.mark.parametrize(
        "event",
        [
            VotingSuspended(occurred_on=WORKED_ON, person_id=FAY, reason="留党察看"),
            suspended(FAY, WORKED_ON),
            left(FAY, WORKED_ON),
        ],
        ids=["rights suspended", "membership suspended", "gone"],
    )
    def test_nobody_who_lost_the_right(self, event):
        given(up_to("slate"), event).when(propose()).then(refused("INV-027", "members"))

    def test_nobody_who_was_found_unsuitable(self):
        given(up_to("slate"), investigated(FAY, suitable=False)).when(propose()).then(refused("INV-027", "members"))

    def test_a_secretary_comes_out_of_the_committee(self):
        given(up_to("slate")).when(propose(secretary=(HAL,))).then(refused("INV-027", "secretary"))

    def test_in_a_by_election_also_out_of_those_who_stay(self):
        gone = PostVacated(occurred_on=FOUNDED_ON + dt.timedelta(days=30), term=1, person_id=ANN, post=Post.SECRETARY, reason="调离")
        branch = (*BRANCH_OF_TEN, gone, by_election(seats=0, posts=(Office.SECRETARY,)))
        chosen = {"members": (), "secretary": (CAI,), "deputy": ()}
        given(branch).when(propose(**chosen)).then(proposed(**chosen))
        given(branch).when(propose(**(chosen | {"secretary": (HAL,)}))).then(refused("INV-027", "secretary"))

    def test_where_there_is_no_committee_anybody_with_rights(self):
        two = seated(*seats((ANN, Post.SECRETARY), (BEN, Post.DEPUTY)))
        gone = PostVacated(occurred_on=FOUNDED_ON + dt.timedelta(days=30), term=1, person_id=ANN, post=Post.SECRETARY, reason="调离")
        small = (founded(), *members(*ELECTORS[:6]), two, gone, by_election(seats=0, posts=(Office.SECRETARY,), has_committee=False))
        chosen = {"members": (), "secretary": (CAI,), "deputy": ()}
        given(small).when(propose(**chosen)).then(proposed(**chosen))


def influence(person: PersonId, bar: InfluenceBar, until: dt.date | None, on: dt.date = dt.date(2027, 6, 1)) -> InfluenceSet:
    return InfluenceSet(occurred_on=on, person_id=person, case_no="1号", bar=bar, until=until)


class TestInfluencePeriod:
    """INV-035 (R-G03): a warning bars from a higher post, the loss of a post from one as high, too."""

    def test_a_warned_member_stands_for_no_seat(self):
        given(up_to("slate"), influence(FAY, InfluenceBar.HIGHER, SLATE_ON)).when(propose()).then(refused("INV-035", "members"))

    def test_but_does_once_the_period_has_ended(self):
        ended = influence(FAY, InfluenceBar.HIGHER, SLATE_ON - dt.timedelta(days=1))
        given(up_to("slate"), ended).when(propose()).then(proposed())

    def test_or_was_lifted(self):
        lifted = influence(FAY, InfluenceBar.HIGHER, None)
        given(up_to("slate"), influence(FAY, InfluenceBar.HIGHER, SLATE_ON), lifted).when(propose()).then(proposed())

    @pytest.mark.parametrize("person", [ANN, BEN, CAI], ids=["secretary", "deputy", "member"])
    def test_a_warned_officer_keeps_the_rank(self, person):
        warned = influence(person, InfluenceBar.HIGHER, SLATE_ON)
        given(up_to("slate"), warned).when(propose()).then(proposed())

    def test_and_does_not_rise(self):
        given(up_to("slate"), influence(BEN, InfluenceBar.HIGHER, SLATE_ON)).when(propose(secretary=(BEN,), deputy=(CAI,))).then(
            refused("INV-035", "secretary")
        )
        given(up_to("slate"), influence(CAI, InfluenceBar.HIGHER, SLATE_ON)).when(propose(deputy=(CAI,))).then(refused("INV-035", "deputy"))

    def test_who_lost_a_post_does_not_get_one_like_it(self):
        gone = PostVacated(occurred_on=dt.date(2027, 6, 1), term=1, person_id=EVE, post=Post.DISCIPLINE, reason="撤销党内职务")
        lost = influence(EVE, InfluenceBar.EQUAL_OR_HIGHER, SLATE_ON)
        given(up_to("slate"), gone, lost).when(propose()).then(refused("INV-035", "members"))

    def test_a_former_secretary_may_still_be_a_member(self):
        gone = PostVacated(occurred_on=dt.date(2027, 6, 1), term=1, person_id=ANN, post=Post.SECRETARY, reason="撤销党内职务")
        lost = influence(ANN, InfluenceBar.EQUAL_OR_HIGHER, SLATE_ON)
        given(up_to("slate"), gone, lost).when(propose()).then(refused("INV-035", "secretary"))
        given(up_to("slate"), gone, lost).when(propose(secretary=(CAI,))).then(proposed(secretary=(CAI,)))

    def test_delegates_hold_no_post(self):
        two = {"members": SIX[3:], "secretary": (), "deputy": ()}
        given(BRANCH_OF_TEN, delegates(), influence(FAY, InfluenceBar.HIGHER, SLATE_ON)).when(propose(**two)).then(proposed(**two))


class TestConfirmSlate:
    def test_those_to_whom_the_superior_agreed(self):
        given(up_to("confirmed")).when(confirm()).then(confirmed())
        given(after("confirmed")).when(confirm()).then(nothing)
        given(after("confirmed")).when(confirm(meeting_id=MeetingId("m0"))).then(confirmed(meeting_id=MeetingId("m0")))

    @pytest.mark.parametrize("step", ["slate", "request-2"])
    def test_INV_021_not_before_it_did(self, step):
        given(after(step)).when(confirm()).then(refused("INV-021", "election_id"))

    def test_INV_021_not_dated_before_it_did(self):
        early = SECOND_APPROVED_ON - dt.timedelta(days=1)
        given(up_to("confirmed")).when(confirm(occurred_on=early)).then(refused("INV-021", "occurred_on"))

    def test_nobody_else(self):
        given(up_to("confirmed")).when(confirm(members=(*SIX, GUS))).then(fails(Conflict, "gus"))
        given(up_to("confirmed")).when(confirm(secretary=(CAI,))).then(fails(Conflict, "cai"))

    def test_INV_026_the_surplus_must_still_be_there(self):
        given(up_to("confirmed")).when(confirm(members=FIVE)).then(refused("INV-026", "members"))

    def test_INV_027_nobody_who_lost_the_right_since(self):
        lost = VotingSuspended(occurred_on=CONFIRMED_ON, person_id=FAY, reason="留党察看")
        given(up_to("confirmed"), lost).when(confirm()).then(refused("INV-027", "members"))

    def test_INV_035_nobody_who_was_punished_since(self):
        punished = influence(FAY, InfluenceBar.HIGHER, dt.date(2028, 12, 1), CONFIRMED_ON)
        given(up_to("confirmed"), punished).when(confirm()).then(refused("INV-035", "members"))

    def test_not_once_a_ballot_was_counted(self):
        given(after("ballot")).when(confirm(members=(*SIX[:5], FAY), meeting_id=MeetingId("m0"), occurred_on=MEETING_ON)).then(
            fails(Conflict, "counted")
        )


def test_a_slate_that_was_sent_back_may_be_changed():
    given(after("request-2"), returned(Matter.SECOND)).when(propose(members=(*SIX, GUS), occurred_on=SECOND_APPROVED_ON)).then(
        proposed(members=(*SIX, GUS), occurred_on=SECOND_APPROVED_ON)
    )
