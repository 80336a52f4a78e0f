"""Secretary and deputy, delegates, somebody for a vacancy: each by a ballot of its own (N04.T01; INV-006, 021, 027, 032, 035)."""

from typing import Any

from events.base import Event
from events.elections import ElectionKind, Matter, Office, Votes
from events.members import InfluenceBar, InfluenceSet
from events.organisations import RuleChanged
from service.decide.elections.ballots import CountElectionBallot
from service.errors import Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.election_history import (
    BRANCH_OF_TEN,
    CLOSED_ON,
    CONFIRMED_ON,
    E1,
    EIGHT,
    ELECTORS,
    MEETING_ON,
    SIX,
    after,
    approved,
    by_election,
    confirmed,
    convened,
    counted,
    delegates,
    elected,
    opened,
    posted,
    proposed,
    submitted,
    tellers,
    up_to,
    votes,
    winner,
)
from tests.decide.roster_history import ANN, BEN, CAI, FAY, FOUNDED_ON, GUS, founded, members


def count(office: Office = Office.COMMITTEE, **changed: Any) -> CountElectionBallot:
    told: dict[str, Any] = {
        "occurred_on": MEETING_ON,
        "election_id": E1,
        "office": office,
        "issued": 9,
        "returned": 9,
        "valid": 8,
        "invalid": 1,
        "votes": EIGHT,
    }
    return CountElectionBallot(**(told | changed))


def post(office: Office, **yes: int) -> CountElectionBallot:
    """The new committee of five votes."""
    return count(office, issued=5, returned=5, valid=5, invalid=0, votes=votes(5, **yes))


def of_post(office: Office, yes: tuple[Votes, ...], **changed: Any) -> Event:
    told: dict[str, Any] = {"due": 5, "present": 5, "issued": 5, "returned": 5, "valid": 5, "invalid": 0, "needed": 3, "seats": 1}
    return counted(**({"office": office, "votes": yes} | told | changed))


class TestSecretaryAndDeputy:
    """Elected by the new committee at its first meeting (N04.T01, R-A17)."""

    def test_one_after_the_other(self):
        given(up_to("secretary")).when(post(Office.SECRETARY, ann=5)).then(*posted(Office.SECRETARY, ANN))
        given(after("secretary")).when(post(Office.SECRETARY, ann=5)).then(nothing)
        given(up_to("deputy")).when(post(Office.DEPUTY, ben=5)).then(*posted(Office.DEPUTY, BEN))

    def test_INV_032_two_of_five_do_not_elect(self):
        given(up_to("secretary")).when(post(Office.SECRETARY, ann=2)).then(of_post(Office.SECRETARY, votes(5, ann=2), elected=()))

    def test_INV_021_not_before_the_committee_is_elected_and_has_met(self):
        given(up_to("ballot")).when(post(Office.SECRETARY, ann=5)).then(refused("INV-021", "office"))
        given(after("ballot")).when(post(Office.SECRETARY, ann=5)).then(refused("INV-021", "office"))

    def test_INV_027_nobody_from_outside_the_committee(self):
        other = (*votes(5, ann=3), Votes(person_id=FAY, yes=2))
        command = count(Office.SECRETARY, issued=5, returned=5, valid=5, invalid=0, votes=other)
        given(up_to("secretary")).when(command).then(refused("INV-027", "votes"))

    def test_INV_006_nobody_is_both(self):
        both = (*votes(5, ben=3), Votes(person_id=ANN, yes=2))
        command = count(Office.DEPUTY, issued=5, returned=5, valid=5, invalid=0, votes=both)
        given(up_to("deputy")).when(command).then(refused("INV-006", "votes"))

    def test_whoever_was_not_elected_to_the_committee_stands_no_more(self):
        """FAY was to be secretary; the committee then writes somebody in."""
        swapped = [
            event
            if event not in (proposed(), confirmed())
            else (proposed(secretary=(FAY,)) if event == proposed() else confirmed(secretary=(FAY,)))
            for event in up_to("secretary")
        ]
        given(swapped).when(post(Office.SECRETARY, ann=5)).then(*posted(Office.SECRETARY, ANN))
        given(swapped).when(post(Office.SECRETARY, fay=5)).then(refused("INV-027", "votes"))

    def test_INV_035_a_member_whose_punishment_bars_from_the_post(self):
        barred = InfluenceSet(occurred_on=CONFIRMED_ON, person_id=CAI, case_no="1号", bar=InfluenceBar.HIGHER, until=CLOSED_ON)
        other = (*votes(5, ann=3), Votes(person_id=CAI, yes=2))
        command = count(Office.SECRETARY, issued=5, returned=5, valid=5, invalid=0, votes=other)
        given(up_to("secretary"), barred).when(command).then(refused("INV-035", "votes"))


class TestSecretaryElectedByTheGeneralMeeting:
    RULE = RuleChanged(
        occurred_on=FOUNDED_ON,
        key="election.secretary_elected_by",
        value="general_meeting",
        effective_from=FOUNDED_ON,
        reason="标准规范 N04.T01",
    )

    def test_where_it_is_so_set(self):
        nine = count(Office.SECRETARY, valid=9, invalid=0, votes=votes(9, ann=7))
        ballot = counted(office=Office.SECRETARY, seats=1, valid=9, invalid=0, votes=votes(9, ann=7), elected=(ANN,))
        given(after("ballot"), self.RULE).when(nine).then(ballot, elected(Office.SECRETARY, (winner(ANN, 7),)))

    def test_and_where_there_is_no_committee(self):
        small = (
            *(founded(), *members(*ELECTORS[:6])),
            opened(seats=0, has_committee=False, term=1, term_ends_on=None),
            *(submitted(), approved(), proposed(members=()), submitted(Matter.SECOND), approved(Matter.SECOND)),
            *(confirmed(members=()), convened(entitled=6, due=6, present=6, quorum=5), tellers()),
        )
        six = {"issued": 6, "returned": 6, "valid": 6, "invalid": 0, "votes": votes(6, ann=4)}
        ballot = counted(office=Office.SECRETARY, seats=1, due=6, present=6, needed=4, elected=(ANN,), **six)
        given(small).when(count(Office.SECRETARY, **six)).then(ballot, elected(Office.SECRETARY, (winner(ANN, 4, 6, 6),)))


class TestDelegatesAndByElections:
    def test_two_delegates(self):
        slate = {"members": SIX[:3], "secretary": (), "deputy": ()}
        history = (
            delegates(),
            proposed(**slate),
            submitted(Matter.SECOND),
            approved(Matter.SECOND),
            confirmed(**slate),
            convened(),
            tellers(),
        )
        three = votes(8, ann=7, ben=6, cai=2)
        ballot = counted(office=Office.DELEGATE, seats=2, votes=three, elected=(ANN, BEN))
        people = (winner(ANN, 7), winner(BEN, 6))
        given(BRANCH_OF_TEN, history).when(count(Office.DELEGATE, votes=three)).then(
            ballot, elected(Office.DELEGATE, people, kind=ElectionKind.DELEGATES)
        )
        given(BRANCH_OF_TEN, history).when(count(votes=three)).then(fails(Conflict, "nobody is left"))

    def test_one_member_for_a_vacancy(self):
        slate = {"members": (FAY, GUS), "secretary": (), "deputy": ()}
        history = (
            by_election(),
            proposed(**slate),
            submitted(Matter.SECOND),
            approved(Matter.SECOND),
            confirmed(**slate),
            convened(),
            tellers(),
        )
        two = votes(8, fay=6, gus=2)
        given(BRANCH_OF_TEN, history).when(count(votes=two)).then(
            counted(seats=1, votes=two, elected=(FAY,)), elected(people=(winner(FAY, 6),), kind=ElectionKind.BY_ELECTION)
        )
