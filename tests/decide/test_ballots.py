"""Secret ballots as commands: opened with a frozen list, counted on paper (R-A06, R-B03, R-B05, R-B09 to R-B14)."""

from typing import Any

import pytest

from events.ballots import (
    Appraised,
    BallotCancelled,
    BallotId,
    BallotKind,
    BallotMethod,
    BallotOpened,
    BallotOption,
    Debriefed,
    Electorate,
    OptionCode,
    OptionVotes,
    PaperBallotsCounted,
)
from events.base import Choice, PersonId
from service.decide.ballots.opening import CountPaperBallots, OpenBallot
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import BRANCH, Books, fails, given, nothing, refused
from tests.decide.roster_history import (
    AFTER,
    ANN,
    BEFORE,
    BEN,
    CAI,
    DAN,
    DAY,
    EVE,
    FAY,
    GUS,
    NEO,
    PEOPLE,
    converted,
    founded,
    left,
    members,
    probationer,
    seated,
    suspended,
)

B1 = BallotId("b1")
ANSWERS = (("yes", "赞成"), ("no", "反对"), ("abstain", "弃权"))


def branch() -> Books:
    """Seven full members, five of them in the committee, and a probationary one."""
    return given(founded(), members(), probationer(), seated())


def opening(**changed: Any) -> OpenBallot:
    told: dict[str, Any] = {"occurred_on": DAY, "kind": BallotKind.MOTION, "title": "年度预算", "ballot_id": B1}
    return OpenBallot(**(told | changed))


def lines(*options: tuple[str, str]) -> tuple[BallotOption, ...]:
    return tuple(BallotOption(code=OptionCode(code), text=text) for code, text in options)


def opened(**changed: Any) -> BallotOpened:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "kind": BallotKind.MOTION,
        "title": "年度预算",
        "method": BallotMethod.BOX,
        "electorate": Electorate.VOTERS,
        "options": lines(*ANSWERS),
        "choices_max": 1,
        "entitled": PEOPLE,
    }
    return BallotOpened(**(told | changed))


class TestOpenBallot:
    def test_the_list_of_voters_is_that_of_the_day(self):
        given(founded(), members(), probationer(), left(GUS, BEFORE), suspended(FAY)).when(opening()).then(
            opened(entitled=(ANN, BEN, CAI, DAN, EVE))
        )

    def test_whoever_became_a_full_member_votes(self):
        given(founded(), members(), probationer(), converted()).when(opening()).then(opened(entitled=tuple(sorted((*PEOPLE, NEO)))))

    def test_it_is_named_by_its_own_event(self):
        branch().when(opening(ballot_id=None)).then(opened(ballot_id=BallotId("event-1")))

    def test_whoever_stands_aside_is_not_on_the_list(self):
        branch().when(opening(excluded=(ANN, BEN))).then(opened(entitled=(CAI, DAN, EVE, FAY, GUS)))

    def test_of_the_committee(self):
        branch().when(opening(electorate=Electorate.COMMITTEE)).then(
            opened(electorate=Electorate.COMMITTEE, entitled=(ANN, BEN, CAI, DAN, EVE))
        )

    def test_with_options_of_its_own(self):
        branch().when(opening(options=("甲方案", "乙方案", "丙方案"), choices_max=2)).then(
            opened(options=lines(("o1", "甲方案"), ("o2", "乙方案"), ("o3", "丙方案")), choices_max=2)
        )

    def test_an_election_lists_candidates_by_person(self):
        command = opening(kind=BallotKind.ELECTION, candidates=(CAI, ANN, BEN), choices_max=2)
        paper = lines((CAI, ""), (ANN, ""), (BEN, ""))
        branch().when(command).then(opened(kind=BallotKind.ELECTION, options=paper, choices_max=2))

    @pytest.mark.parametrize(("kind", "paper"), [(BallotKind.APPRAISAL, Appraised), (BallotKind.DEBRIEFING, Debriefed)])
    def test_everybody_appraises(self, kind: BallotKind, paper: type[Choice]):
        subject = ANN if kind is BallotKind.DEBRIEFING else FAY
        command = opening(kind=kind, electorate=Electorate.MEMBERS, subject_id=None if kind is BallotKind.DEBRIEFING else FAY)
        branch().when(command).then(
            opened(
                kind=kind,
                electorate=Electorate.MEMBERS,
                options=tuple(BallotOption(code=OptionCode(choice.value), text=choice.zh) for choice in paper),
                entitled=tuple(sorted((*PEOPLE, NEO))),
                subject_id=subject,
            )
        )

    @pytest.mark.parametrize("kind", [BallotKind.MOTION, BallotKind.ADMISSION])
    def test_a_decision_is_not_for_members_without_a_vote(self, kind: BallotKind):
        branch().when(opening(kind=kind, electorate=Electorate.MEMBERS)).then(refused("INV-014", "electorate"))

    def test_somebody_is_left_to_vote(self):
        branch().when(opening(excluded=PEOPLE)).then(refused("INV-012", "electorate"))

    @pytest.mark.parametrize("person", [NEO, PersonId("nobody")])
    def test_a_candidate_is_a_full_member(self, person: PersonId):
        branch().when(opening(kind=BallotKind.ELECTION, candidates=(ANN, person))).then(refused("INV-027", "candidates"))

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"kind": BallotKind.ELECTION}, "candidates"),
            ({"candidates": (ANN,)}, "candidates"),
            ({"kind": BallotKind.ELECTION, "candidates": (ANN, ANN)}, "candidates"),
            ({"options": ("只有一个",)}, "options"),
            ({"options": ("甲", "甲")}, "options"),
            ({"options": ("甲", "乙", "甲")}, "options"),
            ({"kind": BallotKind.ADMISSION, "options": ("甲", "乙")}, "options"),
            ({"choices_max": 2}, "choices_max"),
            ({"options": ("甲", "乙"), "choices_max": 3}, "choices_max"),
            ({"kind": BallotKind.ELECTION, "candidates": (ANN,), "choices_max": 2}, "choices_max"),
        ],
    )
    def test_a_paper_that_makes_no_sense(self, changed: dict[str, Any], why: str):
        branch().when(opening(**changed)).then(fails(Malformed, why))

    def test_somebody_who_stands_aside_is_of_this_branch(self):
        branch().when(opening(excluded=(PersonId("nobody"),))).then(refused("INV-002", "excluded"))

    def test_only_in_a_branch_that_was_founded(self):
        given().when(opening()).then(fails(Absent))

    def test_the_same_opening_twice_is_nothing_to_do(self):
        branch().and_in(*_own(opened())).when(opening()).then(nothing)

    def test_another_opening_under_the_same_name_is_refused(self):
        branch().and_in(*_own(opened())).when(opening(title="别的事项")).then(fails(Conflict, "b1"))


def _own(*events: Any) -> tuple[Any, ...]:
    return (BRANCH, *events)


def votes(*given_votes: tuple[str, int]) -> tuple[OptionVotes, ...]:
    return tuple(OptionVotes(code=OptionCode(code), votes=number) for code, number in given_votes)


def count(**changed: Any) -> CountPaperBallots:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "issued": 7,
        "returned": 7,
        "valid": 6,
        "invalid": 1,
        "votes": votes(("yes", 5), ("no", 1)),
        "chief_teller": FAY,
        "tellers": (GUS,),
        "counters": (EVE,),
    }
    return CountPaperBallots(**(told | changed))


def counted(**changed: Any) -> PaperBallotsCounted:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "entitled": 7,
        "issued": 7,
        "returned": 7,
        "valid": 6,
        "invalid": 1,
        "void": False,
        "quorate": True,
        "needed": 4,
        "carried": (OptionCode("yes"),),
        "votes": votes(("yes", 5), ("no", 1), ("abstain", 0)),
        "withheld": False,
        "chief_teller": FAY,
        "tellers": (GUS,),
        "counters": (EVE,),
    }
    return PaperBallotsCounted(**(told | changed))


def on_paper(*more: Any, **changed: Any) -> Books:
    return branch().and_in(*_own(opened(method=BallotMethod.PAPER, **changed), *more))


ELECTION = {"kind": BallotKind.ELECTION, "options": lines((ANN, ""), (BEN, ""), (CAI, "")), "choices_max": 2}


class TestCountPaperBallots:
    def test_the_counts_and_the_tellers_are_recorded(self):
        on_paper().when(count()).then(counted())

    def test_half_of_those_entitled_is_not_enough(self):
        on_paper(entitled=(ANN, BEN, CAI, DAN, EVE, FAY)).when(
            count(issued=6, returned=6, valid=6, invalid=0, votes=votes(("yes", 3), ("no", 3)))
        ).then(
            counted(entitled=6, issued=6, returned=6, valid=6, invalid=0, carried=(), votes=votes(("yes", 3), ("no", 3), ("abstain", 0)))
        )

    def test_a_majority_against_carries_nothing(self):
        on_paper().when(count(votes=votes(("no", 6)))).then(counted(carried=(), votes=votes(("yes", 0), ("no", 6), ("abstain", 0))))

    def test_more_back_than_issued_is_void_and_on_record(self):
        on_paper().when(count(issued=6)).then(counted(issued=6, void=True, carried=()))

    def test_too_few_took_part(self):
        on_paper().when(count(issued=3, returned=3, valid=3, invalid=0, votes=votes(("yes", 3)))).then(
            counted(issued=3, returned=3, valid=3, invalid=0, quorate=False, carried=(), votes=(), withheld=True)
        )

    def test_with_four_valid_papers_the_breakdown_is_left_out(self):
        on_paper().when(count(issued=4, returned=4, valid=4, invalid=0, votes=votes(("yes", 4)))).then(
            counted(issued=4, returned=4, valid=4, invalid=0, votes=(), withheld=True)
        )

    def test_whoever_has_more_than_half_of_those_present_is_carried_up_to_the_seats(self):
        on_paper(**ELECTION).when(count(votes=votes((ANN, 5), (BEN, 4), (CAI, 3)))).then(
            counted(carried=(ANN, BEN), votes=votes((ANN, 5), (BEN, 4), (CAI, 3)))
        )

    def test_a_tie_at_the_cut_elects_nobody_of_those_who_tie(self):
        on_paper(**ELECTION).when(count(valid=7, invalid=0, votes=votes((ANN, 6), (BEN, 4), (CAI, 4)))).then(
            counted(valid=7, invalid=0, carried=(ANN,), votes=votes((ANN, 6), (BEN, 4), (CAI, 4)))
        )

    def test_four_fifths_come_to_an_election(self):
        few = count(issued=5, returned=5, valid=5, invalid=0, votes=votes((ANN, 5)), chief_teller=FAY)
        on_paper(**ELECTION).when(few).then(
            counted(
                issued=5, returned=5, valid=5, invalid=0, quorate=False, needed=3, carried=(), votes=votes((ANN, 5), (BEN, 0), (CAI, 0))
            )
        )

    def test_an_admission_needs_more_than_half_of_all_entitled(self):
        on_paper(kind=BallotKind.ADMISSION).when(count(votes=votes(("yes", 4), ("no", 2)))).then(
            counted(votes=votes(("yes", 4), ("no", 2), ("abstain", 0)))
        )
        on_paper(kind=BallotKind.ADMISSION).when(count(votes=votes(("yes", 3), ("no", 3)))).then(
            counted(carried=(), votes=votes(("yes", 3), ("no", 3), ("abstain", 0)))
        )

    def test_an_appraisal_carries_nothing(self):
        paper = tuple(BallotOption(code=OptionCode(choice.value), text=choice.zh) for choice in Appraised)
        on_paper(kind=BallotKind.APPRAISAL, options=paper).when(count(votes=votes(("excellent", 6)))).then(
            counted(needed=0, carried=(), votes=votes(("excellent", 6), ("qualified", 0), ("barely", 0), ("unqualified", 0)))
        )

    @pytest.mark.parametrize(
        ("changed", "rule", "field"),
        [
            ({"issued": 8}, "INV-029", "issued"),
            ({"valid": 5}, "INV-031", "valid"),
            ({"votes": votes(("yes", 5))}, "INV-011", "votes"),
            ({"votes": votes(("yes", 5), ("no", 2))}, "INV-011", "votes"),
            ({"tellers": ()}, "INV-028", "tellers"),
            ({"tellers": (FAY,)}, "INV-028", "tellers"),
            ({"chief_teller": PersonId("nobody")}, "INV-002", "chief_teller"),
            ({"counters": (PersonId("nobody"),)}, "INV-002", "counters"),
        ],
    )
    def test_counts_that_cannot_be(self, changed: dict[str, Any], rule: str, field: str):
        on_paper().when(count(**changed)).then(refused(rule, field))

    def test_a_candidate_is_no_teller_and_nobody_watches_his_own_count(self):
        on_paper(**ELECTION).when(count(votes=votes((ANN, 5)), tellers=(ANN,))).then(refused("INV-028", "tellers"))
        on_paper(**ELECTION).when(count(votes=votes((ANN, 5)), chief_teller=BEN)).then(refused("INV-028", "chief_teller"))
        on_paper(subject_id=EVE).when(count()).then(refused("INV-028", "counters"))

    def test_nobody_has_more_votes_than_there_are_papers(self):
        on_paper(**ELECTION).when(count(votes=votes((ANN, 7)))).then(refused("INV-011", "votes"))

    @pytest.mark.parametrize("lines_given", [votes(("perhaps", 6)), votes(("yes", 3), ("yes", 3))])
    def test_lines_that_are_not_on_the_paper(self, lines_given: tuple[OptionVotes, ...]):
        on_paper().when(count(votes=lines_given)).then(fails(Malformed, "votes"))

    def test_the_same_count_twice_is_nothing_to_do_and_another_is_refused(self):
        on_paper(counted()).when(count()).then(nothing)
        on_paper(counted()).when(count(votes=votes(("yes", 6)))).then(fails(Conflict))

    def test_only_while_it_is_open_and_on_paper(self):
        void = BallotCancelled(occurred_on=DAY, ballot_id=B1, reason="选票印错")
        on_paper(void).when(count()).then(fails(Conflict, "cancelled"))
        branch().and_in(*_own(opened())).when(count()).then(fails(Conflict, "box"))
        branch().when(count()).then(fails(Absent))
        on_paper(occurred_on=AFTER).when(count()).then(fails(Malformed, "occurred_on"))


def test_a_member_who_leaves_stays_on_the_list_of_an_open_ballot():
    """Frozen is frozen: the base of the majority does not shrink."""
    command = count(occurred_on=AFTER)
    books = given(founded(), members(), seated()).and_in(*_own(opened(method=BallotMethod.PAPER), left(DAN, AFTER)))
    books.when(command).then(counted(occurred_on=AFTER))
