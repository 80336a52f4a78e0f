"""An election takes over the tally of a secret ballot (INV-031), from the box or from paper."""

from typing import Any

from events.ballots import (
    BallotCancelled,
    BallotClosed,
    BallotId,
    BallotKind,
    BallotMethod,
    BallotOpened,
    BallotOption,
    Electorate,
    OptionCode,
    OptionVotes,
    PaperBallotsCounted,
)
from events.elections import Office
from service.decide.elections.ballots import CountElectionBallot
from service.errors import Absent, Conflict
from tests.decide.bdd import fails, given, refused
from tests.decide.election_history import (
    E1,
    EIGHT,
    ELECTORS,
    MEETING_ON,
    SIX,
    counted,
    elected,
    up_to,
    votes,
    winner,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, GUS


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


class TestTheTallyOfASecretBallot:
    """Paper and box have the same rank; the election takes over what either says."""

    OPENED = BallotOpened(
        occurred_on=MEETING_ON,
        ballot_id=BallotId("b1"),
        kind=BallotKind.ELECTION,
        title="选举支部委员",
        method=BallotMethod.BOX,
        electorate=Electorate.VOTERS,
        options=tuple(BallotOption(code=OptionCode(person)) for person in SIX),
        choices_max=5,
        entitled=ELECTORS,
    )
    NINE = votes(9, ann=9, ben=8, cai=7, dan=6, eve=5, fay=4)

    def box(self, **changed: Any) -> BallotClosed:
        told: dict[str, Any] = {
            "occurred_on": MEETING_ON,
            "ballot_id": BallotId("b1"),
            "entitled": 10,
            "cast": 9,
            "quorate": True,
            "needed": 5,
            "carried": (),
            "votes": tuple(OptionVotes(code=OptionCode(vote.person_id), votes=vote.yes) for vote in self.NINE),
            "withheld": False,
            "box_sha256": "0" * 64,
        }
        return BallotClosed(**(told | changed))

    def from_box(self, **changed: Any) -> CountElectionBallot:
        told: dict[str, Any] = {"valid": 9, "invalid": 0, "votes": self.NINE, "ballot_id": BallotId("b1")}
        return count(**(told | changed))

    def test_it_is_taken_over(self):
        people = (winner(ANN, 9), winner(BEN, 8), winner(CAI, 7), winner(DAN, 6), winner(EVE, 5))
        ballot = counted(valid=9, invalid=0, votes=self.NINE, ballot_id="b1")
        given(up_to("ballot"), self.OPENED, self.box()).when(self.from_box()).then(ballot, elected(people=people))

    def test_INV_031_and_not_changed(self):
        other = votes(9, ann=9, ben=8, cai=7, dan=6, eve=4, fay=5)
        given(up_to("ballot"), self.OPENED, self.box()).when(self.from_box(votes=other)).then(refused("INV-031", "votes"))
        fewer = self.from_box(issued=9, returned=8, valid=8)
        given(up_to("ballot"), self.OPENED, self.box()).when(fewer).then(refused("INV-031", "issued", "returned", "valid", "invalid"))

    def test_paper_has_the_same_rank(self):
        told: dict[str, Any] = {
            name: getattr(self.box(), name) for name in ("occurred_on", "ballot_id", "entitled", "quorate", "needed", "carried", "withheld")
        }
        lines = tuple(OptionVotes(code=OptionCode(vote.person_id), votes=vote.yes) for vote in EIGHT)
        counts: dict[str, Any] = {"issued": 9, "returned": 9, "valid": 8, "invalid": 1, "void": False, "votes": lines}
        paper = PaperBallotsCounted(**told, **counts, chief_teller=GUS, tellers=(GUS,), counters=())
        given(up_to("ballot"), self.OPENED, paper).when(count(ballot_id=BallotId("b1"))).then(counted(ballot_id="b1"), elected())

    def test_only_of_a_ballot_that_was_closed_and_stands(self):
        given(up_to("ballot")).when(self.from_box()).then(fails(Absent, "b1"))
        given(up_to("ballot"), self.OPENED).when(self.from_box()).then(fails(Conflict, "no tally"))
        gone = BallotCancelled(occurred_on=MEETING_ON, ballot_id=BallotId("b1"), reason="误录")
        given(up_to("ballot"), self.OPENED, self.box(), gone).when(self.from_box()).then(fails(Conflict, "no tally"))
