"""Votes that name a secret ballot: the counts are those of its box or of its paper ballots, of the right kind and about the right person."""

from typing import Any

import pytest

from events.ballots import (
    Answer,
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
from events.base import Event
from events.meetings import AgendaKind, VoteMethod
from service.errors import Absent, Conflict, Malformed
from tests.decide import discipline_history, disposition_history
from tests.decide import test_discipline_vote as discipline
from tests.decide import test_disposition_decision as disposition
from tests.decide import test_votes as motions
from tests.decide.admission_history import XIA, before, when
from tests.decide.admission_history import voted as admitted
from tests.decide.bdd import fails, given
from tests.decide.meeting_history import DAY, HELD, decide
from tests.decide.roster_history import ANN, BEN
from tests.decide.test_admission_vote import vote as admission

B1 = BallotId("b1")


def opened(kind: BallotKind = BallotKind.MOTION, **changed: Any) -> BallotOpened:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "kind": kind,
        "title": "示例表决",
        "method": BallotMethod.BOX,
        "electorate": Electorate.VOTERS,
        "options": tuple(BallotOption(code=OptionCode(answer.value), text=answer.zh) for answer in Answer),
        "choices_max": 1,
        "entitled": (ANN, BEN),
    }
    return BallotOpened(**(told | changed))


def lines(yes: int, no: int, abstain: int) -> tuple[OptionVotes, ...]:
    return tuple(OptionVotes(code=OptionCode(a.value), votes=n) for a, n in zip(Answer, (yes, no, abstain), strict=True))


def closed(yes: int, no: int = 0, abstain: int = 0, **changed: Any) -> BallotClosed:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "entitled": 8,
        "cast": yes + no + abstain,
        "quorate": True,
        "needed": 5,
        "carried": (),
        "votes": lines(yes, no, abstain),
        "withheld": False,
        "box_sha256": "0" * 64,
    }
    return BallotClosed(**(told | changed))


def counted_on_paper(yes: int, no: int = 0, abstain: int = 0, invalid: int = 0) -> PaperBallotsCounted:
    valid = yes + no + abstain
    return PaperBallotsCounted(
        occurred_on=DAY,
        ballot_id=B1,
        entitled=8,
        issued=valid + invalid,
        returned=valid + invalid,
        valid=valid,
        invalid=invalid,
        void=False,
        quorate=True,
        needed=5,
        carried=(),
        votes=lines(yes, no, abstain),
        withheld=False,
        chief_teller=ANN,
        tellers=(ANN,),
        counters=(BEN,),
    )


SECRET = {"method": VoteMethod.SECRET_PAPER, "ballot_id": B1}


class TestMotions:
    def refusal(self, *history: Event, **changed: Any) -> str:
        with pytest.raises((Absent, Conflict, Malformed)) as refused:
            decide(motions.vote(**({**SECRET, "yes": 6, "no": 1, "abstain": 1} | changed)), HELD, *history)
        return str(refused.value)

    @pytest.mark.parametrize("result", [closed(6, 1, 1), counted_on_paper(6, 1, 1), counted_on_paper(6, 1, 1, invalid=0)])
    def test_the_counts_of_the_box_or_of_the_paper_are_recorded(self, result: Event):
        vote = motions.vote(**SECRET, yes=6, no=1, abstain=1)
        assert decide(vote, HELD, opened(), result) == [motions.voted(method=VoteMethod.SECRET_PAPER, yes=6, no=1, abstain=1)]

    def test_an_invalid_paper_is_no_vote(self):
        vote = motions.vote(**SECRET, yes=6, no=1)
        assert decide(vote, HELD, opened(), counted_on_paper(6, 1, invalid=1)) == [
            motions.voted(method=VoteMethod.SECRET_PAPER, yes=6, no=1)
        ]

    def test_other_counts_are_not(self):
        assert self.refusal(opened(), closed(5, 2, 1)) == "yes, no, abstain: ballot b1 was counted as 5/2/1"
        assert self.refusal(opened(), counted_on_paper(5, 2, 1)) == "yes, no, abstain: ballot b1 was counted as 5/2/1"

    def test_of_few_papers_only_their_number_is_compared(self):
        few = closed(2, 1, votes=(), withheld=True)
        vote = motions.vote(**SECRET, yes=3)
        assert decide(vote, HELD, opened(), few) == [motions.voted(method=VoteMethod.SECRET_PAPER, yes=3, passed=False)]
        assert self.refusal(opened(), few) == "yes, no, abstain: ballot b1 has 3 valid papers"

    def test_the_ballot_exists_is_closed_stands_and_is_of_this_kind(self):
        assert self.refusal() == "ballot b1"
        assert self.refusal(opened()) == "ballot b1 has no tally of this kind"
        gone = BallotCancelled(occurred_on=DAY, ballot_id=B1, reason="误录")
        assert self.refusal(opened(), closed(6, 1, 1), gone) == "ballot b1 has no tally of this kind"
        assert self.refusal(opened(BallotKind.APPRAISAL), closed(6, 1, 1)) == "ballot b1 has no tally of this kind"

    def test_a_show_of_hands_names_no_ballot(self):
        assert self.refusal(opened(), closed(6, 1, 1), method=VoteMethod.SHOW_OF_HANDS) == "method: a secret ballot is named"

    def test_a_motion_about_an_admission_takes_the_ballot_of_an_admission(self):
        assert self.refusal(opened(), closed(6, 1, 1), matter=AgendaKind.ADMISSION) == "ballot b1 has no tally of this kind"


class TestAdmissions:
    def test_the_ballot_is_about_this_person(self):
        box = opened(BallotKind.ADMISSION, subject_id=XIA), closed(7)
        when(admission(ballot_id=B1), *before("vote"), *box).then(admitted())
        other = opened(BallotKind.ADMISSION, subject_id=ANN), closed(7)
        when(admission(ballot_id=B1), *before("vote"), *other).then(fails(Conflict, "about somebody else"))

    def test_and_its_counts_are_those_of_the_vote(self):
        box = opened(BallotKind.ADMISSION), closed(6, 1)
        when(admission(ballot_id=B1), *before("vote"), *box).then(fails(Malformed, "counted as 6/1/0"))


class TestCases:
    """A punishment and a disposition are motions about the member concerned."""

    def test_a_punishment(self):
        given(discipline_history.MET, opened(), closed(6, 1)).when(discipline.vote(ballot_id=B1)).then(discipline_history.voted())
        given(discipline_history.MET, opened(), closed(5, 2)).when(discipline.vote(ballot_id=B1)).then(fails(Malformed, "counted as 5/2/0"))

    def test_a_disposition(self):
        given(disposition_history.agreed(), opened(), closed(6, 1)).when(disposition.vote(ballot_id=B1)).then(disposition_history.voted())
        given(disposition_history.agreed(), opened(subject_id=ANN), closed(6, 1)).when(disposition.vote(ballot_id=B1)).then(
            fails(Conflict, "about somebody else")
        )
