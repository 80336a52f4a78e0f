"""The general meeting votes on a punishment and sends it up (N19.T02; INV-011 to 014, 085 to 087), each three ways."""

import datetime as dt
from typing import Any

import pytest

from events.base import MeetingId
from events.discipline import Approver, Punishment
from events.meetings import MeetingHeld, MeetingKind, MinutesArchived
from projections.standard.rules import Override
from service.decide.discipline.vote import SubmitPunishment, VoteOnPunishment
from service.errors import Absent, Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.discipline_history import (
    BEGUN,
    C1,
    DECIDED_ON,
    HERE,
    M1,
    MET,
    PREPARED,
    SENT_ON,
    SHOWN_ON,
    held,
    in_force,
    rejected,
    reported,
    sent,
    shown,
    submitted,
    voted,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, DAY, EVE, NEO, PEOPLE


def vote(kind: Punishment = Punishment.WARNING, **changed: Any) -> VoteOnPunishment:
    told: dict[str, Any] = {"occurred_on": DAY, "case_id": C1, "meeting_id": M1, "kind": kind, "yes": 6, "no": 1}
    return VoteOnPunishment(**(told | changed))


def only(*present: str) -> MeetingHeld:
    return held(present=present, absent=tuple(person for person in (*PEOPLE, NEO) if person not in present))


class TestVoteOnPunishment:
    def test_passed_by_more_than_half_of_those_due(self):
        given(MET).when(vote()).then(voted())

    @pytest.mark.parametrize(("yes", "passed"), [(4, True), (3, False), (0, False)])
    def test_INV_013_four_of_seven_pass_and_three_do_not(self, yes: int, passed: bool):
        given(MET).when(vote(yes=yes, no=0, abstain=7 - yes)).then(voted(yes=yes, no=0, abstain=7 - yes, passed=passed))

    def test_INV_013_the_opposite_outcome_is_not_claimed(self):
        given(MET).when(vote(yes=3, no=4, passed=True)).then(refused("INV-013", "passed"))
        given(MET).when(vote(passed=False)).then(refused("INV-013", "passed"))
        given(MET).when(vote(passed=True)).then(voted())

    def test_INV_012_half_of_those_due_must_be_there(self):
        given(PREPARED, only(ANN, BEN, CAI, DAN)).when(vote(yes=4, no=0)).then(voted(voters_present=4, yes=4, no=0))
        given(PREPARED, only(ANN, BEN, CAI, NEO)).when(vote(yes=3, no=0)).then(refused("INV-012", "meeting_id"))
        given(PREPARED, only(ANN, BEN, CAI, DAN)).when(vote(yes=3, no=0, left_early=(DAN,))).then(refused("INV-012", "meeting_id"))

    def test_INV_011_no_more_votes_than_voters(self):
        given(MET).when(vote(yes=7, no=1)).then(refused("INV-011", "yes", "no", "abstain"))
        given(PREPARED, only(ANN, BEN, CAI, DAN, EVE, NEO)).when(vote(yes=6, no=0)).then(refused("INV-011", "yes", "no", "abstain"))

    def test_INV_010_whoever_left_was_there(self):
        given(PREPARED, only(ANN, BEN, CAI, DAN)).when(vote(yes=4, no=0, left_early=(EVE,))).then(refused("INV-010", "left_early"))

    def test_R_G04_whether_the_member_concerned_votes_is_a_setting(self):
        off = Override(key="discipline.subject_may_vote", value=False, effective_from=dt.date(2026, 1, 1))
        given(MET).when(vote(yes=6, no=0), overrides=[off]).then(voted(voters_due=6, voters_present=6, quorum=3, needed=4, yes=6, no=0))
        given(MET).when(vote(), overrides=[off]).then(refused("INV-011", "yes", "no", "abstain"))

    def test_INV_085_report_and_talk_come_first(self):
        given(BEGUN, held()).when(vote()).then(refused("INV-085", "case_id"))
        given(BEGUN, reported(), held()).when(vote()).then(refused("INV-085", "case_id"))
        late = shown(occurred_on=DAY + dt.timedelta(days=1))
        given(BEGUN, reported(), held(), late).when(vote()).then(refused("INV-085", "case_id"))
        given(BEGUN, reported(), held(), shown(occurred_on=DAY)).when(vote()).then(voted())

    @pytest.mark.parametrize("months", [12, 24])
    def test_INV_086_probation_is_for_one_year_or_two(self, months: int):
        given(MET).when(vote(Punishment.PARTY_PROBATION, months=months)).then(voted(Punishment.PARTY_PROBATION, months=months))

    @pytest.mark.parametrize(
        ("kind", "months"), [(Punishment.PARTY_PROBATION, None), (Punishment.PARTY_PROBATION, 18), (Punishment.WARNING, 12)]
    )
    def test_INV_086_no_other_term(self, kind: Punishment, months: int | None):
        given(MET).when(vote(kind, months=months)).then(refused("INV-086", "months"))

    def test_the_same_again(self):
        given(MET, voted()).when(vote()).then(nothing)

    def test_another_vote_after_one_that_failed_or_was_rejected(self):
        failed = voted(Punishment.EXPULSION, yes=3, no=4, passed=False)
        given(MET, failed).when(vote()).then(voted())
        given(sent(), rejected(), held(meeting_id=MeetingId("m2"), occurred_on=DECIDED_ON)).when(
            vote(meeting_id=MeetingId("m2"), occurred_on=DECIDED_ON)
        ).then(voted(meeting_id=MeetingId("m2"), occurred_on=DECIDED_ON))

    def test_not_while_one_is_with_the_superior_or_decided(self):
        given(sent()).when(vote(Punishment.SERIOUS_WARNING)).then(fails(Conflict, "submitted"))
        given(in_force()).when(vote(Punishment.SERIOUS_WARNING)).then(fails(Conflict, "decided"))

    def test_in_a_general_meeting_that_was_held_on_that_day(self):
        given(PREPARED).when(vote()).then(fails(Absent))
        given(PREPARED, held(kind=MeetingKind.COMMITTEE)).when(vote()).then(fails(Conflict, "general"))
        given(MET).when(vote(occurred_on=SENT_ON)).then(fails(Conflict, "held on"))
        given(HERE, held()).when(vote()).then(fails(Absent))

    def test_INV_017_not_into_minutes_that_are_on_file(self):
        archived = MinutesArchived(occurred_on=DAY, meeting_id=M1, archived_by=CAI)
        given(MET, archived).when(vote()).then(refused("INV-017", "meeting_id"))


class TestSubmitPunishment:
    def send(self, to: Approver = Approver.SUPERIOR_COMMITTEE, **changed: Any) -> SubmitPunishment:
        told: dict[str, Any] = {"occurred_on": SENT_ON, "case_id": C1, "to": to, "document_no": "支〔2026〕4号"}
        return SubmitPunishment(**(told | changed))

    def test_what_the_meeting_adopted(self):
        given(MET, voted()).when(self.send()).then(submitted())

    def test_the_same_again(self):
        given(sent()).when(self.send()).then(nothing)

    def test_INV_013_what_did_not_pass_or_was_never_voted_on(self):
        given(PREPARED).when(self.send()).then(refused("INV-013", "case_id"))
        given(MET, voted(yes=3, no=4, passed=False)).when(self.send()).then(refused("INV-013", "case_id"))
        given(sent(), rejected()).when(self.send(document_no="支〔2026〕9号", occurred_on=DECIDED_ON)).then(refused("INV-013", "case_id"))

    def test_INV_087_an_expulsion_goes_beyond_the_grassroots_committee(self):
        given(MET, voted(Punishment.EXPULSION)).when(self.send()).then(refused("INV-087", "to"))
        given(MET, voted(Punishment.EXPULSION)).when(self.send(Approver.DISCIPLINE_COMMISSION)).then(
            submitted(Approver.DISCIPLINE_COMMISSION)
        )

    def test_not_before_the_vote_and_not_when_decided(self):
        given(MET, voted()).when(self.send(occurred_on=SHOWN_ON)).then(fails(Conflict, "before"))
        given(in_force()).when(self.send(document_no="支〔2026〕9号")).then(fails(Conflict, "decided"))
        given(HERE).when(self.send()).then(fails(Absent))
