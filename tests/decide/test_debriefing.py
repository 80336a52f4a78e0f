"""Debriefing, the preparation: plan, self-inspection, opinions, report; what is taken back (N25.T01, T02)."""

from typing import Any

import pytest

from events.base import Event
from events.debriefing import DebriefingStep
from service.decide.debriefing.meetings import RecordDebriefingBallot
from service.decide.debriefing.preparation import (
    AdoptDebriefingPlan,
    ApproveDebriefingReport,
    DraftDebriefingReport,
    GatherOpinions,
    InspectForDebriefing,
    ReturnDebriefingReport,
    SubmitDebriefingReport,
    WithdrawDebriefingDecision,
    WithdrawDebriefingEntry,
)
from service.errors import Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.debriefing_history import (
    HEARD,
    VOTED,
    WRITTEN,
    approved,
    ballot,
    commented,
    drafted,
    graded,
    inspected,
    opinions,
    plan,
    planned,
    returned,
    submitted,
    to_members,
    to_superior,
    withdrawn,
)
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, PEOPLE, founded, members, seated

HERE = (founded(), *members(*PEOPLE), seated())
STEP = DebriefingStep


class TestPreparation:
    @pytest.mark.parametrize(
        ("command", "event"),
        [
            (AdoptDebriefingPlan(occurred_on=DAY, year=2025, title="2025年述职方案", summary="两次述职"), plan()),
            (InspectForDebriefing(occurred_on=DAY, year=2025, summary="自查完成"), inspected()),
            (GatherOpinions(occurred_on=DAY, year=2025, ways="座谈", people=12, opinions=5, summary="意见集中"), opinions()),
        ],
    )
    def test_recorded_once(self, command: Any, event: Event):
        given(*HERE).when(command).then(event)
        given(*HERE, event).when(command).then(nothing)

    def test_a_second_round_of_opinions(self):
        command = GatherOpinions(occurred_on=AFTER, year=2025, ways="问卷", people=30, opinions=7)
        given(*HERE, opinions()).when(command).then(opinions(occurred_on=AFTER, ways="问卷", people=30, opinions=7, summary=""))


def draft(**changed: Any) -> DraftDebriefingReport:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2025, "work_done": "落实上级要求", "plans": "抓实三会一课"}
    return DraftDebriefingReport(**(told | changed))


class TestDraftDebriefingReport:
    def test_the_secretary_writes_it(self):
        given(*HERE).when(draft()).then(drafted())

    def test_or_whoever_stands_in(self):
        given(*HERE).when(draft(person_id=BEN)).then(drafted(person_id=BEN))

    def test_without_a_secretary_somebody_is_named(self):
        given(founded(), *members(ANN)).when(draft()).then(fails(Malformed))
        given(founded(), *members(ANN)).when(draft(person_id=ANN)).then(drafted())

    def test_written_anew_until_it_is_submitted(self):
        given(*HERE, drafted()).when(draft(plans="改写")).then(drafted(plans="改写"))
        given(*HERE, drafted(), submitted()).when(draft(plans="改写")).then(fails(Conflict))

    def test_and_after_it_was_returned(self):
        given(*HERE, drafted(), submitted(), returned()).when(draft(plans="改写")).then(drafted(plans="改写"))
        given(*HERE, drafted(), submitted(), returned()).when(draft(occurred_on=BEFORE)).then(fails(Conflict))

    def test_INV_002_by_a_member(self):
        given(founded()).when(draft(person_id=ANN)).then(refused("INV-002", "person_id"))


class TestReview:
    SUBMIT = SubmitDebriefingReport(occurred_on=DAY, year=2025)
    APPROVE = ApproveDebriefingReport(occurred_on=DAY, year=2025)
    RETURN = ReturnDebriefingReport(occurred_on=DAY, year=2025, reason="问题不实")

    def test_what_was_drafted_is_submitted(self):
        given(*HERE, drafted()).when(self.SUBMIT).then(submitted())
        given(*HERE, drafted(), submitted()).when(self.SUBMIT).then(nothing)

    @pytest.mark.parametrize("history", [(), (drafted(occurred_on=AFTER),), (drafted(), submitted(), returned())])
    def test_not_without_a_draft(self, history: tuple[Event, ...]):
        given(*HERE, *history).when(self.SUBMIT).then(fails(Conflict))

    def test_what_was_submitted_is_approved(self):
        given(*HERE, drafted(), submitted()).when(self.APPROVE).then(approved())
        given(*HERE, *WRITTEN).when(self.APPROVE).then(nothing)
        given(*HERE, drafted()).when(self.APPROVE).then(fails(Conflict))

    def test_or_returned(self):
        given(*HERE, drafted(), submitted()).when(self.RETURN).then(returned())
        given(*HERE, drafted(), submitted(), returned()).when(self.RETURN).then(nothing)
        given(*HERE, drafted()).when(self.RETURN).then(fails(Conflict))
        given(*HERE, *WRITTEN).when(self.RETURN).then(fails(Conflict))

    def test_once_more_after_it_was_returned(self):
        again = (drafted(), submitted(), returned(), drafted(plans="改写"))
        given(*HERE, *again).when(self.SUBMIT).then(submitted())
        given(*HERE, *again, submitted()).when(self.APPROVE).then(approved())


class TestWithdraw:
    @pytest.mark.parametrize(
        ("history", "step"),
        [
            ((plan(),), STEP.PLAN),
            ((inspected(),), STEP.SELF_INSPECTION),
            ((opinions(),), STEP.OPINIONS),
            ((drafted(),), STEP.DRAFT),
            ((drafted(), submitted()), STEP.SUBMISSION),
            ((*WRITTEN, to_superior()), STEP.TO_SUPERIOR),
            (HEARD, STEP.SUPERIOR_COMMENT),
            ((*HEARD, to_members()), STEP.TO_MEMBERS),
            ((*VOTED, commented()), STEP.SUPERIOR_COMMENT),
            (VOTED, STEP.BALLOT),
        ],
    )
    def test_the_branchs_own(self, history: tuple[Event, ...], step: DebriefingStep):
        command = WithdrawDebriefingEntry(occurred_on=DAY, year=2025, step=step, reason="误录")
        given(*HERE, *history).when(command).then(withdrawn(step))
        given(*HERE).when(command).then(nothing)

    @pytest.mark.parametrize(("history", "step"), [(WRITTEN, STEP.REVIEW), ((*VOTED, graded()), STEP.GRADE)])
    def test_the_superiors(self, history: tuple[Event, ...], step: DebriefingStep):
        command = WithdrawDebriefingDecision(occurred_on=DAY, year=2025, step=step, reason="误录")
        given(*HERE, *history).when(command).then(withdrawn(step))
        given(*HERE, *history, withdrawn(step)).when(command).then(nothing)

    @pytest.mark.parametrize(
        ("history", "step"),
        [
            ((drafted(), submitted()), STEP.DRAFT),
            (WRITTEN, STEP.SUBMISSION),
            (HEARD, STEP.TO_SUPERIOR),
            ((*WRITTEN, to_superior(), planned()), STEP.TO_SUPERIOR),
            (VOTED, STEP.TO_MEMBERS),
            ((*VOTED, graded()), STEP.SUPERIOR_COMMENT),
            ((*VOTED, graded()), STEP.BALLOT),
        ],
    )
    def test_not_while_something_rests_on_it(self, history: tuple[Event, ...], step: DebriefingStep):
        command = WithdrawDebriefingEntry(occurred_on=DAY, year=2025, step=step, reason="误录")
        given(*HERE, *history).when(command).then(fails(Conflict, "rests on it"))

    def test_an_approval_stays_once_the_secretary_debriefed(self):
        command = WithdrawDebriefingDecision(occurred_on=DAY, year=2025, step=STEP.REVIEW, reason="误录")
        given(*HERE, *HEARD).when(command).then(fails(Conflict))

    def test_each_takes_back_its_own(self):
        theirs = WithdrawDebriefingEntry(occurred_on=DAY, year=2025, step=STEP.GRADE, reason="误录")
        ours = WithdrawDebriefingDecision(occurred_on=DAY, year=2025, step=STEP.BALLOT, reason="误录")
        given(*HERE, *VOTED).when(theirs).then(fails(Malformed))
        given(*HERE, *VOTED).when(ours).then(fails(Malformed))

    def test_of_several_rounds_of_opinions_the_last_goes(self):
        again = GatherOpinions(occurred_on=DAY, year=2025, ways="问卷", people=30, opinions=7)
        second = opinions(ways="问卷", people=30, opinions=7, summary="")
        history = (*HERE, opinions(), second, withdrawn(STEP.OPINIONS))
        given(*history).when(again).then(second)
        given(*history).when(GatherOpinions(occurred_on=DAY, year=2025, ways="座谈", people=12, opinions=5, summary="意见集中")).then(
            nothing
        )


def test_a_withdrawn_ballot_may_be_recorded_again():
    command = RecordDebriefingBallot(occurred_on=DAY, year=2025, issued=10, returned=9, good=7, fairly_good=2, fair=0, poor=0)
    given(*HERE, *VOTED).when(command).then(fails(Conflict))
    given(*HERE, *VOTED, withdrawn(STEP.BALLOT)).when(command).then(ballot(good=7, invalid=0))
