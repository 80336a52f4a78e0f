"""A case up to the vote, its end without punishment, and steps taken back (N19.T01; INV-057, INV-085, INV-093), each three ways."""

import datetime as dt
from typing import Any

import pytest

from events.discipline import (
    DisciplineClosed,
    DisciplineId,
    DisciplineStep,
    DisciplineStepWithdrawn,
    NoPunishment,
    Punishment,
    Signature,
)
from events.members import (
    CaseKind,
    InfluenceBar,
    InfluenceSet,
    LeftGround,
    MemberLeft,
    VotingRestored,
    VotingSuspended,
)
from service.decide.discipline.case import (
    CloseDisciplineCase,
    FileInvestigationReport,
    OpenDisciplineCase,
    ShowMaterials,
    WithdrawDisciplineDecision,
    WithdrawDisciplineStep,
)
from service.errors import Absent, Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.discipline_history import (
    BEGUN,
    C1,
    DECIDED_ON,
    EXECUTED_ON,
    HERE,
    MET,
    OPENED_ON,
    PREPARED,
    REPORTED_ON,
    REPORTED_UP_ON,
    SENT_ON,
    SHOWN_ON,
    announced,
    case_closed,
    case_opened,
    executed,
    in_force,
    opened,
    rejected,
    reported,
    sent,
    shown,
    voted,
)
from tests.decide.roster_history import ANN, BEN, GUS, NEO, member, suspended

LATER = REPORTED_UP_ON


def opening(**changed: Any) -> OpenDisciplineCase:
    told: dict[str, Any] = {
        "occurred_on": OPENED_ON,
        "person_id": GUS,
        "case_no": "纪2026-1",
        "matter_no": "线索7",
        "facts": "违反工作纪律",
    }
    return OpenDisciplineCase(**(told | changed))


def report(**changed: Any) -> FileInvestigationReport:
    told: dict[str, Any] = {
        "occurred_on": REPORTED_ON,
        "case_id": C1,
        "document_no": "调〔2026〕3号",
        "investigated_by": "机关纪委",
        "investigators": (ANN,),
        "report": "查明属实",
    }
    return FileInvestigationReport(**(told | changed))


def show(**changed: Any) -> ShowMaterials:
    told: dict[str, Any] = {
        "occurred_on": SHOWN_ON,
        "case_id": C1,
        "officers": (ANN, BEN),
        "signature": Signature.SIGNED,
        "opinion": "无异议",
    }
    return ShowMaterials(**(told | changed))


class TestOpenDisciplineCase:
    def test_the_case_and_the_roster_say_so(self):
        first = DisciplineId("event-1")
        given(HERE).when(opening()).then(opened(case_id=first), case_opened())

    def test_INV_057_a_probationary_member_is_not_punished(self):
        given(HERE).when(opening(person_id=NEO)).then(refused("INV-057", "person_id"))

    def test_INV_093_the_same_matter_is_being_disposed_of(self):
        disposition = case_opened(case_no="处1", kind=CaseKind.DISPOSITION)
        given(HERE, disposition).when(opening()).then(refused("INV-093", "matter_no"))

    def test_INV_093_it_was_disposed_of(self):
        disposition = case_opened(case_no="处1", kind=CaseKind.DISPOSITION)
        over = case_closed(SENT_ON, sanctioned=True, case_no="处1")
        given(HERE, disposition, over).when(opening(occurred_on=LATER)).then(refused("INV-093", "matter_no"))

    def test_INV_093_another_matter_or_another_member_is_no_hindrance(self):
        disposition = case_opened(case_no="处1", kind=CaseKind.DISPOSITION)
        first = DisciplineId("event-1")
        given(HERE, disposition).when(opening(matter_no="线索8")).then(
            opened(case_id=first, matter_no="线索8"), case_opened(matter_no="线索8")
        )
        given(HERE, disposition).when(opening(person_id=ANN)).then(opened(case_id=first, person_id=ANN), case_opened(person_id=ANN))

    def test_INV_093_a_disposition_that_came_to_nothing_leaves_the_matter_free(self):
        disposition = case_opened(case_no="处1", kind=CaseKind.DISPOSITION)
        over = case_closed(SHOWN_ON, sanctioned=False, case_no="处1")
        given(HERE, disposition, over).when(opening(occurred_on=LATER)).then(
            opened(case_id=DisciplineId("event-1"), occurred_on=LATER), case_opened(occurred_on=LATER)
        )

    def test_the_matter_is_under_way_already(self):
        given(BEGUN).when(opening(case_id=C1)).then(nothing)
        given(BEGUN).when(opening()).then(nothing)

    def test_a_number_or_an_id_that_is_taken(self):
        given(BEGUN).when(opening(matter_no="线索8")).then(fails(Conflict, "case number"))
        given(BEGUN).when(opening(case_id=C1, person_id=ANN)).then(fails(Conflict, "another one"))

    def test_INV_002_and_INV_009_only_a_member_of_today(self):
        given(HERE).when(opening(occurred_on=dt.date(2024, 1, 2))).then(refused("INV-002", "person_id"))
        given(HERE, suspended(GUS, OPENED_ON - dt.timedelta(days=9))).when(opening()).then(refused("INV-009", "person_id"))


class TestFileInvestigationReport:
    def test_it_comes_to_the_branch(self):
        given(BEGUN).when(report()).then(reported())

    def test_a_supplement_may_follow(self):
        more = {"occurred_on": SHOWN_ON, "document_no": "调〔2026〕5号"}
        given(PREPARED).when(report(**more)).then(reported(**more))

    def test_the_same_again(self):
        given(BEGUN, reported()).when(report()).then(nothing)

    def test_not_before_the_case_and_not_after_the_decision(self):
        given(BEGUN).when(report(occurred_on=OPENED_ON - dt.timedelta(days=1))).then(fails(Conflict, "before"))
        given(in_force()).when(report(occurred_on=LATER)).then(fails(Conflict, "decided"))
        given(HERE).when(report()).then(fails(Absent))

    def test_INV_002_investigators_of_the_branch_are_its_members(self):
        given(BEGUN).when(report(investigators=("stranger",))).then(refused("INV-002", "investigators"))


class TestShowMaterials:
    def test_two_of_the_branch(self):
        given(BEGUN, reported()).when(show()).then(shown())

    def test_one_of_the_branch_and_one_of_the_superior_and_he_refuses_to_sign(self):
        changed = {"officers": (ANN,), "officers_outside": 1, "signature": Signature.REFUSED}
        given(BEGUN, reported()).when(show(**changed)).then(shown(**changed))

    @pytest.mark.parametrize("officers", [(), (ANN,), (ANN, ANN), (ANN, GUS)])
    def test_INV_085_fewer_than_two_others(self, officers: tuple[str, ...]):
        given(BEGUN, reported()).when(show(officers=officers)).then(refused("INV-085", "officers"))

    def test_INV_085_the_report_comes_first(self):
        given(BEGUN).when(show()).then(refused("INV-085", "case_id"))
        given(BEGUN, reported()).when(show(occurred_on=REPORTED_ON - dt.timedelta(days=1))).then(refused("INV-085", "case_id"))

    def test_the_same_again(self):
        given(PREPARED).when(show()).then(nothing)

    def test_INV_009_officers_are_members(self):
        gone = suspended(BEN, REPORTED_ON)
        given(BEGUN, reported(), gone).when(show()).then(refused("INV-009", "officers"))


class TestCloseDisciplineCase:
    def close(self, **changed: Any) -> CloseDisciplineCase:
        told: dict[str, Any] = {"occurred_on": SHOWN_ON, "case_id": C1, "ground": NoPunishment.UNFOUNDED, "note": "查无实据"}
        return CloseDisciplineCase(**(told | changed))

    DONE = DisciplineClosed(occurred_on=SHOWN_ON, case_id=C1, person_id=GUS, ground=NoPunishment.UNFOUNDED, note="查无实据")

    def test_without_a_punishment_the_matter_is_free(self):
        given(BEGUN, reported()).when(self.close()).then(self.DONE, case_closed(SHOWN_ON, sanctioned=False))

    def test_the_same_again(self):
        given(BEGUN, reported(), self.DONE).when(self.close()).then(nothing)

    def test_not_once_it_is_decided_or_before_the_last_step(self):
        given(in_force()).when(self.close(occurred_on=LATER)).then(fails(Conflict, "decided"))
        given(PREPARED).when(self.close(occurred_on=REPORTED_ON)).then(fails(Conflict, "before"))
        given(HERE).when(self.close()).then(fails(Absent))


def withdraw(step: DisciplineStep, on: dt.date = LATER) -> WithdrawDisciplineStep:
    return WithdrawDisciplineStep(occurred_on=on, case_id=C1, step=step, reason="录入有误")


def taken_back(step: DisciplineStep, on: dt.date = LATER) -> DisciplineStepWithdrawn:
    return DisciplineStepWithdrawn(occurred_on=on, case_id=C1, person_id=GUS, step=step, reason="录入有误")


class TestWithdrawDisciplineStep:
    def test_the_last_step_falls_away_and_the_one_before_is_the_last(self):
        given(PREPARED).when(withdraw(DisciplineStep.SHOWN)).then(taken_back(DisciplineStep.SHOWN))
        given(PREPARED, taken_back(DisciplineStep.SHOWN)).when(withdraw(DisciplineStep.INVESTIGATED)).then(
            taken_back(DisciplineStep.INVESTIGATED)
        )

    def test_the_opening_takes_the_whole_case_with_it(self):
        given(BEGUN).when(withdraw(DisciplineStep.OPENED)).then(taken_back(DisciplineStep.OPENED), case_closed(LATER, sanctioned=False))

    def test_a_case_that_was_withdrawn_is_no_case(self):
        over = (*BEGUN, taken_back(DisciplineStep.OPENED), case_closed(LATER, sanctioned=False))
        given(over).when(withdraw(DisciplineStep.OPENED)).then(nothing)
        given(over).when(report(occurred_on=LATER)).then(fails(Conflict, "withdrawn"))
        given(over).when(opening(case_id=C1, occurred_on=LATER)).then(fails(Conflict, "withdrawn"))

    def test_an_execution_taken_back_opens_the_case_again(self):
        done = (*in_force(), announced(), executed(), case_closed(EXECUTED_ON, sanctioned=True))
        given(done).when(withdraw(DisciplineStep.EXECUTED)).then(taken_back(DisciplineStep.EXECUTED), case_opened(occurred_on=LATER))

    def test_only_the_last_step_and_none_of_the_superior(self):
        given(PREPARED).when(withdraw(DisciplineStep.INVESTIGATED)).then(fails(Conflict, "last step"))
        given(in_force()).when(withdraw(DisciplineStep.APPROVED)).then(fails(Conflict, "superior"))
        given(PREPARED).when(withdraw(DisciplineStep.SHOWN, on=OPENED_ON)).then(fails(Conflict, "before"))
        given(HERE).when(withdraw(DisciplineStep.SHOWN)).then(fails(Absent))


class TestWithdrawDisciplineDecision:
    def undo(self, step: DisciplineStep = DisciplineStep.APPROVED) -> WithdrawDisciplineDecision:
        return WithdrawDisciplineDecision(occurred_on=LATER, case_id=C1, step=step, document_no="委〔2026〕12号", reason="录入有误")

    def test_the_vote_comes_back_after_probation_that_was_recorded_wrongly(self):
        lost = VotingSuspended(occurred_on=DECIDED_ON, person_id=GUS, reason="留党察看 委〔2026〕9号")
        given(in_force(Punishment.PARTY_PROBATION, lost)).when(self.undo()).then(
            taken_back(DisciplineStep.APPROVED), VotingRestored(occurred_on=LATER, person_id=GUS, reason="留党察看 委〔2026〕12号")
        )

    def test_an_influence_period_ends(self):
        given(in_force()).when(self.undo()).then(
            taken_back(DisciplineStep.APPROVED),
            InfluenceSet(occurred_on=LATER, person_id=GUS, case_no="纪2026-1", bar=InfluenceBar.HIGHER, until=None),
        )

    def test_who_was_expelled_by_mistake_is_on_the_roll_again(self):
        gone = MemberLeft(occurred_on=DECIDED_ON, person_id=GUS, ground=LeftGround.EXPELLED, reason="开除党籍", approval_no="委〔2026〕9号")
        given(in_force(Punishment.EXPULSION, gone)).when(self.undo()).then(
            taken_back(DisciplineStep.APPROVED),
            member(GUS, occurred_on=LATER, joined_on=LATER),
            InfluenceSet(occurred_on=LATER, person_id=GUS, case_no="纪2026-1", bar=InfluenceBar.READMISSION, until=None),
        )

    def test_a_rejection_taken_back_changes_no_rights(self):
        given(sent(), rejected()).when(self.undo(DisciplineStep.REJECTED)).then(taken_back(DisciplineStep.REJECTED))

    def test_the_branch_takes_back_its_own_steps_and_only_the_last_one_falls(self):
        given(PREPARED).when(self.undo(DisciplineStep.SHOWN)).then(fails(Conflict, "branch"))
        given(sent()).when(self.undo()).then(fails(Conflict, "last step"))
        given(HERE).when(self.undo()).then(fails(Absent))


def test_after_a_step_is_taken_back_it_may_be_taken_again():
    again = given(MET, voted(), taken_back(DisciplineStep.VOTED)).when(withdraw(DisciplineStep.SHOWN))
    again.then(taken_back(DisciplineStep.SHOWN))
