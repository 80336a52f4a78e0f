"""The election meeting, its tellers, the committee's first meeting (INV-010, 016, 021, 023 to 025, 028), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any, ClassVar

import pytest

from events.base import MeetingId, PersonId
from events.elections import Division, Duty, Ground, Matter, Office
from events.meetings import MeetingCancelled, MeetingHeld, MeetingKind
from events.members import VotingSuspended
from events.organisations import Post, PostVacated, RuleChanged
from service.decide.elections.meeting import AppointTellers, ConveneElectionMeeting, ExcludeElector, HoldFirstCommitteeMeeting
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.election_history import (
    BRANCH_OF_TEN,
    CONFIRMED_ON,
    DIVISION,
    E1,
    ELECTORS,
    FIVE,
    HAL,
    IDA,
    JAY,
    M1,
    MEETING_ON,
    SECOND_APPROVED_ON,
    TERM_ENDS,
    after,
    allowed,
    approved,
    asked,
    by_election,
    confirmed,
    convened,
    excluded,
    first_meeting,
    held,
    opened,
    proposed,
    recommended,
    submitted,
    tellers,
    told,
    up_to,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, FAY, FOUNDED_ON, GUS, NEO, founded, left, members

DAY = dt.timedelta(days=1)
M3 = MeetingId("m3")


def exclude(person: PersonId = JAY, **changed: Any) -> ExcludeElector:
    told: dict[str, Any] = {
        "occurred_on": CONFIRMED_ON,
        "election_id": E1,
        "person_id": person,
        "ground": Ground.UNABLE,
        "consent_no": "部发〔2027〕9号",
    }
    return ExcludeElector(**(told | {"adopted": True} | changed))


def convene(**changed: Any) -> ConveneElectionMeeting:
    return told(ConveneElectionMeeting, MEETING_ON, {"meeting_id": M1}, changed)


def appoint(**changed: Any) -> AppointTellers:
    told: dict[str, Any] = {"occurred_on": MEETING_ON, "election_id": E1, "chief": GUS, "tellers": (GUS, HAL), "counters": (IDA,)}
    return AppointTellers(**(told | changed))


def meet(**changed: Any) -> HoldFirstCommitteeMeeting:
    told: dict[str, Any] = {"occurred_on": MEETING_ON, "election_id": E1, "chair": ANN, "recorder": CAI, "division": DIVISION}
    return HoldFirstCommitteeMeeting(**(told | changed))


class TestLeftOutOfTheBase:
    """INV-025."""

    @pytest.mark.parametrize("ground", [ground for ground in Ground if ground is not Ground.RETIRED])
    def test_for_a_listed_ground(self, ground):
        given(after("confirmed")).when(exclude(ground=ground)).then(excluded(ground=ground.value))
        given(after("confirmed"), excluded()).when(exclude(ground=ground)).then(nothing)

    def test_the_sixth_is_off_unless_a_rule_allows_it(self):
        allowed_ = RuleChanged(
            occurred_on=FOUNDED_ON, key="election.exclusion_reasons", value=[1, 2, 3, 4, 5, 6], effective_from=FOUNDED_ON, reason="上级规定"
        )
        given(after("confirmed")).when(exclude(ground=Ground.RETIRED)).then(refused("INV-025", "ground"))
        given(after("confirmed"), allowed_).when(exclude(ground=Ground.RETIRED)).then(excluded(ground="6"))

    def test_with_the_superiors_consent(self):
        given(after("confirmed")).when(exclude(consent_no="")).then(refused("INV-025", "consent_no"))

    def test_and_the_meetings_adoption(self):
        given(after("confirmed")).when(exclude(adopted=False)).then(refused("INV-025", "adopted"))

    def test_INV_014_whoever_has_no_vote_is_in_no_base(self):
        given(after("confirmed")).when(exclude(NEO)).then(refused("INV-014", "person_id"))

    def test_not_once_the_meeting_was_convened(self):
        given(after("convened")).when(exclude()).then(fails(Conflict, "convened"))


class TestFourFifthsOfTheElectors:
    """INV-024."""

    @pytest.mark.parametrize("number", [8, 9, 10])
    def test_eight_of_ten_are_enough(self, number):
        event = convened(present=number)
        given(up_to("convened"), held(ELECTORS[:number])).when(convene()).then(event)
        given(up_to("convened"), held(ELECTORS[:number]), event).when(convene()).then(nothing)

    @pytest.mark.parametrize("number", [0, 6, 7])
    def test_seven_are_not(self, number):
        given(up_to("convened"), held(ELECTORS[:number])).when(convene()).then(refused("INV-024", "meeting_id"))

    def test_a_probationary_member_is_no_elector(self):
        given(up_to("convened"), held((*ELECTORS[:7], NEO))).when(convene()).then(refused("INV-024", "meeting_id"))

    def test_nor_is_one_whose_rights_are_suspended(self):
        lost = VotingSuspended(occurred_on=CONFIRMED_ON, person_id=JAY, reason="留党察看")
        given(up_to("convened"), lost, held(ELECTORS)).when(convene()).then(convened(entitled=9, due=9, present=9, quorum=8))

    def test_whoever_is_left_out_makes_the_base_smaller(self):
        given(up_to("convened"), excluded(), held(ELECTORS[:8])).when(convene()).then(convened(due=9, present=8, quorum=8))
        given(up_to("convened"), excluded(), excluded(IDA), held(ELECTORS[:7])).when(convene()).then(convened(due=8, present=7, quorum=7))

    def test_and_counts_after_all_who_comes(self):
        given(up_to("convened"), excluded(), held(ELECTORS)).when(convene()).then(convened(due=10, present=10))

    @pytest.mark.parametrize(("day", "enough"), [(dt.date(2020, 7, 12), False), (dt.date(2020, 7, 13), True)])
    def test_they_had_to_be_exceeded_by_the_older_rule(self, day, enough):
        since = dt.date(2015, 1, 5)
        early = {"occurred_on": day - 10 * DAY}
        history = (
            founded(occurred_on=since),
            *members(*ELECTORS, occurred_on=since, joined_on=since),
            opened(occurred_on=day - 60 * DAY, term=1, term_ends_on=None),
            submitted(occurred_on=day - 50 * DAY),
            approved(occurred_on=day - 40 * DAY),
            recommended(occurred_on=day - 30 * DAY),
            proposed(occurred_on=day - 30 * DAY),
            submitted(Matter.SECOND, occurred_on=day - 20 * DAY),
            approved(Matter.SECOND, **early),
            held(ELECTORS[:8], occurred_on=day, due=ELECTORS),
        )
        outcome = convened(occurred_on=day, present=8) if enough else refused("INV-024", "meeting_id")
        given(history).when(convene(occurred_on=day)).then(outcome)


class TestTheElectionMeeting:
    def test_it_is_a_general_meeting_of_that_day(self):
        given(up_to("convened"), held(kind=MeetingKind.STUDY)).when(convene()).then(fails(Conflict, "general meeting"))
        given(up_to("convened"), held(occurred_on=MEETING_ON - DAY)).when(convene()).then(fails(Conflict, "general meeting"))

    def test_that_was_held(self):
        given(up_to("convened")).when(convene()).then(fails(Absent, "m1"))
        gone = MeetingCancelled(occurred_on=MEETING_ON, meeting_id=M1, reason="误录")
        given(up_to("convened"), held(), gone).when(convene()).then(fails(Conflict, "cancelled"))

    @pytest.mark.parametrize("step", ["opened", "request-1", "approval-1", "slate", "request-2"])
    def test_INV_021_not_before_the_second_approval(self, step):
        given(after(step), held()).when(convene()).then(refused("INV-021", "election_id"))

    def test_INV_021_nor_dated_before_it(self):
        early = SECOND_APPROVED_ON - DAY
        given(up_to("convened"), held(occurred_on=early)).when(convene(occurred_on=early)).then(refused("INV-021", "occurred_on"))

    def test_another_one_while_somebody_is_left_to_be_elected(self):
        later = MEETING_ON + DAY
        again = held(meeting_id=M3, occurred_on=later)
        given(after("tellers"), again).when(convene(meeting_id=M3, occurred_on=later)).then(convened(meeting_id=M3, occurred_on=later))
        given(after("deputy"), again).when(convene(meeting_id=M3, occurred_on=later)).then(fails(Conflict, "everybody"))


class TestOnTimePostponedOrEarly:
    """INV-023."""

    LATE = TERM_ENDS + DAY
    EARLY = dt.date(2027, 7, 5)
    """The day before six months are left."""
    AT_ONCE: ClassVar[dict[str, Any]] = {"occurred_on": dt.date(2027, 6, 1)}

    def early_history(self) -> list[Any]:
        return [
            *BRANCH_OF_TEN,
            opened(**self.AT_ONCE),
            submitted(**self.AT_ONCE),
            approved(**self.AT_ONCE),
            recommended(**self.AT_ONCE),
            proposed(**self.AT_ONCE),
            submitted(Matter.SECOND, **self.AT_ONCE),
            approved(Matter.SECOND, **self.AT_ONCE),
        ]

    def test_on_the_last_day_of_the_term(self):
        given(up_to("convened"), held(occurred_on=TERM_ENDS)).when(convene(occurred_on=TERM_ENDS)).then(convened(occurred_on=TERM_ENDS))

    def test_not_on_the_day_after(self):
        given(up_to("convened"), held(occurred_on=self.LATE)).when(convene(occurred_on=self.LATE)).then(refused("INV-023", "occurred_on"))

    def test_unless_it_was_postponed_and_the_superior_agreed(self):
        request, grant = asked(Matter.EXTENSION, self.LATE), allowed(Matter.EXTENSION, self.LATE)
        command = convene(occurred_on=self.LATE)
        given(up_to("convened"), request, held(occurred_on=self.LATE)).when(command).then(refused("INV-023", "occurred_on"))
        given(up_to("convened"), request, grant, held(occurred_on=self.LATE)).when(command).then(convened(occurred_on=self.LATE))

    def test_and_not_after_the_extension(self):
        grant = allowed(Matter.EXTENSION, self.LATE)
        later = self.LATE + DAY
        given(up_to("convened"), grant, held(occurred_on=later)).when(convene(occurred_on=later)).then(refused("INV-023", "occurred_on"))

    def test_six_months_before_the_end_it_is_not_early(self):
        day = self.EARLY + DAY
        given(self.early_history(), held(occurred_on=day)).when(convene(occurred_on=day)).then(convened(occurred_on=day))

    def test_a_day_before_that_it_is(self):
        given(self.early_history(), held(occurred_on=self.EARLY)).when(convene(occurred_on=self.EARLY)).then(
            refused("INV-023", "occurred_on")
        )

    def test_unless_the_superior_agreed(self):
        grant = allowed(Matter.EARLY, self.EARLY, **self.AT_ONCE)
        given(self.early_history(), grant, held(occurred_on=self.EARLY)).when(convene(occurred_on=self.EARLY)).then(
            convened(occurred_on=self.EARLY)
        )
        sooner = self.EARLY - DAY
        given(self.early_history(), grant, held(occurred_on=sooner)).when(convene(occurred_on=sooner)).then(
            refused("INV-023", "occurred_on")
        )

    def test_where_no_term_ends_any_day_will_do(self):
        history = [opened(term_ends_on=None) if event == opened() else event for event in up_to("convened")]
        given(history, held(occurred_on=self.LATE)).when(convene(occurred_on=self.LATE)).then(convened(occurred_on=self.LATE))


class TestTellers:
    """INV-028."""

    def test_two_who_do_not_stand(self):
        given(up_to("tellers")).when(appoint()).then(tellers())
        given(after("tellers")).when(appoint()).then(nothing)

    def test_the_chief_is_one_of_them(self):
        given(up_to("tellers")).when(appoint(tellers=(HAL,))).then(tellers())

    @pytest.mark.parametrize("person", [ANN, FAY])
    @pytest.mark.parametrize("field", ["chief", "tellers"])
    def test_no_candidate(self, person, field):
        chosen = person if field == "chief" else (GUS, person)
        given(up_to("tellers")).when(appoint(**{field: chosen})).then(refused("INV-028", field))

    def test_a_counter_may_be_one(self):
        given(up_to("tellers")).when(appoint(counters=(FAY,))).then(tellers(counters=(FAY,)))

    def test_one_is_too_few(self):
        given(up_to("tellers")).when(appoint(tellers=())).then(refused("INV-028", "tellers"))

    def test_it_must_be_known_who_stands(self):
        given(up_to("confirmed")).when(appoint()).then(fails(Conflict, "confirmed"))

    @pytest.mark.parametrize("field", ["tellers", "counters"])
    def test_INV_009_nobody_who_has_gone(self, field):
        given(up_to("tellers"), left(HAL, CONFIRMED_ON)).when(appoint(**{"tellers": (GUS,), "counters": (IDA,), field: (HAL,)})).then(
            refused("INV-009", field)
        )

    def test_in_the_committee_those_who_stand_for_no_post(self):
        given(after("first-meeting")).when(appoint(of_committee=True, chief=CAI, tellers=(), counters=())).then(
            tellers(of_committee=True, chief=CAI, tellers=(CAI,), counters=())
        )
        given(after("first-meeting")).when(appoint(of_committee=True, chief=BEN, tellers=(), counters=())).then(refused("INV-028", "chief"))


class TestTheFirstCommitteeMeeting:
    MET = MeetingHeld(
        occurred_on=MEETING_ON,
        meeting_id=MeetingId("event-1"),
        kind=MeetingKind.COMMITTEE,
        topic="新一届第一次委员会议",
        chair=ANN,
        recorder=CAI,
        due=FIVE,
        present=FIVE,
        quorum=4,
    )

    def test_the_elected_meet_and_it_stands_among_the_meetings(self):
        given(after("ballot")).when(meet()).then(first_meeting(meeting_id=MeetingId("event-1")), self.MET)

    def test_once(self):
        given(after("first-meeting")).when(meet()).then(nothing)
        given(after("first-meeting")).when(meet(division=())).then(fails(Conflict, "was held"))

    def test_INV_024_four_of_five_are_enough_to_elect_and_three_are_not(self):
        four = meet(absent=(EVE,), division=())
        found = given(after("ballot")).when(four).decide()
        assert (found[0].present, found[1].present, found[1].absent) == (4, FIVE[:4], (EVE,))
        given(after("ballot")).when(meet(absent=(DAN, EVE))).then(refused("INV-024", "absent"))

    def test_INV_016_one_of_its_own_chairs_it(self):
        given(after("ballot")).when(meet(chair=FAY)).then(refused("INV-016", "chair"))
        given(after("ballot")).when(meet(chair=EVE, absent=(EVE,))).then(refused("INV-016", "chair"))

    def test_INV_010_only_who_had_to_come_can_be_absent(self):
        given(after("ballot")).when(meet(absent=(FAY,))).then(refused("INV-010", "absent"))

    def test_work_is_divided_among_its_own_once(self):
        other = Division(person_id=FAY, duty=Duty.MEMBER)
        given(after("ballot")).when(meet(division=(other,))).then(fails(Conflict, "fay"))
        given(after("ballot")).when(meet(division=(DIVISION[0], DIVISION[0]))).then(fails(Malformed, "twice"))

    @pytest.mark.parametrize("step", ["convened", "tellers"])
    def test_INV_021_not_before_it_is_elected(self, step):
        given(after(step)).when(meet()).then(refused("INV-021", "election_id"))

    def test_not_before_the_election_meeting(self):
        given(after("ballot")).when(meet(occurred_on=MEETING_ON - DAY)).then(fails(Conflict, "election meeting"))

    def test_INV_004_not_where_there_is_no_committee(self):
        history = [opened(seats=0, has_committee=False) if event == opened() else event for event in after("tellers")]
        given(history).when(meet()).then(refused("INV-004", "election_id"))

    def test_in_a_by_election_those_who_stay_meet(self):
        gone = PostVacated(occurred_on=dt.date(2027, 9, 1), term=1, person_id=ANN, post=Post.SECRETARY, reason="调离")
        slate = {"members": (), "secretary": (CAI,), "deputy": ()}
        begun = (by_election(seats=0, posts=(Office.SECRETARY,)), proposed(**slate), submitted(Matter.SECOND))
        given(BRANCH_OF_TEN, gone, begun).when(meet(chair=BEN)).then(refused("INV-021", "election_id"))
        found = given(BRANCH_OF_TEN, gone, begun, approved(Matter.SECOND), confirmed(**slate)).when(meet(chair=BEN)).decide()
        assert (found[0].due, found[1].due) == (4, FIVE[1:])
