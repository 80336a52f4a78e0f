"""Steps 1 to 3 of a disposition, its end without one, and steps taken back (N20.T01; INV-089 to 093), each three ways."""

import datetime as dt
from typing import Any

import pytest

from events.disposition import DispositionClosed, DispositionId, DispositionStep, DispositionStepWithdrawn, NoDisposition, TalkOutcome
from events.members import CaseKind, LeftGround, MemberLeft
from projections.standard.rules import Override
from service.decide.disposition.case import (
    CloseDispositionCase,
    HoldDispositionTalk,
    OpenDispositionCase,
    VerifyDispositionFacts,
    WithdrawDispositionDecision,
    WithdrawDispositionStep,
)
from service.errors import Absent, Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.disposition_history import (
    APPROVED_ON,
    BEGUN,
    CORRECT,
    CORRECTING,
    D1,
    EXPIRES_ON,
    HERE,
    OPENED_ON,
    PERSUADE,
    REMOVE,
    TALKED_ON,
    VERIFIED_ON,
    agreed,
    approved,
    case_closed,
    case_opened,
    found,
    opened,
    prepared,
    rejected,
    sent,
    sent_for_review,
    talked,
    verified,
)
from tests.decide.roster_history import ANN, BEN, GUS, NEO, member, suspended

LATER = dt.date(2026, 6, 1)
FIRST = DispositionId("event-1")


def opening(**changed: Any) -> OpenDispositionCase:
    told: dict[str, Any] = {
        "occurred_on": OPENED_ON,
        "person_id": GUS,
        "case_no": "处2026-1",
        "matter_no": "线索9",
        "conduct_code": "C5",
        "facts": "长期不参加组织生活",
        "appraisal_year": 2025,
    }
    return OpenDispositionCase(**(told | changed))


class TestOpenDispositionCase:
    def test_found_by_the_appraisal_with_the_wording_of_the_day(self):
        given(HERE).when(opening()).then(opened(case_id=FIRST), case_opened())

    def test_with_the_consent_of_the_superior_instead(self):
        consent = {"appraisal_year": None, "consent_no": "委〔2026〕1号"}
        given(HERE).when(opening(**consent)).then(opened(case_id=FIRST, **consent), case_opened())

    def test_of_a_kind_that_the_committee_added_to_the_list(self):
        longer = Override(key="disposition.conduct_codes", value=["C5", "X1"], effective_from=OPENED_ON)
        given(HERE).when(opening(conduct_code="X1"), overrides=[longer]).then(
            opened(case_id=FIRST, conduct_code="X1", conduct_text="X1"), case_opened()
        )
        given(HERE).when(opening(conduct_code="X1")).then(fails(Absent, "X1"))

    def test_INV_089_neither_appraisal_nor_consent(self):
        given(HERE).when(opening(appraisal_year=None)).then(refused("INV-089", "appraisal_year", "consent_no"))
        given(HERE).when(opening(appraisal_year=2027)).then(refused("INV-089", "appraisal_year"))

    def test_R_H07_who_leaves_by_conduct_has_stayed_away_six_months_and_was_educated(self):
        away = {"absent_since": dt.date(2025, 7, 12), "educated_on": dt.date(2025, 10, 9)}
        given(HERE).when(opening(**away)).then(opened(case_id=FIRST, **away), case_opened())

    @pytest.mark.parametrize(
        ("absent_since", "educated_on", "field"),
        [
            (dt.date(2025, 7, 13), dt.date(2025, 10, 9), "absent_since"),
            (dt.date(2025, 7, 1), None, "educated_on"),
            (dt.date(2025, 7, 1), dt.date(2025, 6, 30), "educated_on"),
            (dt.date(2025, 7, 1), OPENED_ON + dt.timedelta(days=1), "educated_on"),
        ],
    )
    def test_INV_089_leaving_by_conduct_too_early_or_without_education(
        self, absent_since: dt.date, educated_on: dt.date | None, field: str
    ):
        given(HERE).when(opening(absent_since=absent_since, educated_on=educated_on)).then(refused("INV-089", field))

    def test_INV_093_the_same_matter_is_being_punished(self):
        discipline = case_opened(case_no="纪1", kind=CaseKind.DISCIPLINE)
        given(HERE, discipline).when(opening()).then(refused("INV-093", "matter_no"))
        given(HERE, discipline).when(opening(matter_no="线索10")).then(
            opened(case_id=FIRST, matter_no="线索10"), case_opened(matter_no="线索10")
        )

    def test_the_matter_is_under_way_already(self):
        given(BEGUN).when(opening(case_id=D1)).then(nothing)
        given(BEGUN).when(opening()).then(nothing)

    def test_an_id_that_is_taken(self):
        given(BEGUN).when(opening(case_id=D1, person_id=ANN)).then(fails(Conflict, "another one"))

    def test_INV_002_and_INV_009_only_a_member_of_today(self):
        given(HERE).when(opening(occurred_on=dt.date(2024, 1, 2))).then(refused("INV-002", "person_id"))
        given(HERE, suspended(GUS, OPENED_ON - dt.timedelta(days=9))).when(opening()).then(refused("INV-009", "person_id"))


class TestVerifyDispositionFacts:
    def verify(self, **changed: Any) -> VerifyDispositionFacts:
        told: dict[str, Any] = {"occurred_on": VERIFIED_ON, "case_id": D1, "proposed": CORRECT, "conclusion": "情况属实"}
        return VerifyDispositionFacts(**(told | changed))

    def test_with_a_proposal(self):
        given(BEGUN).when(self.verify()).then(verified())

    def test_again_until_it_goes_up(self):
        given(BEGUN, verified()).when(self.verify(proposed=REMOVE)).then(verified(REMOVE))
        given(*prepared(), sent_for_review()).when(self.verify(proposed=REMOVE)).then(fails(Conflict, "went up"))

    def test_the_same_again(self):
        given(BEGUN, verified()).when(self.verify()).then(nothing)

    def test_INV_089_not_before_the_finding(self):
        given(BEGUN).when(self.verify(occurred_on=OPENED_ON - dt.timedelta(days=1))).then(refused("INV-089", "case_id"))
        given(HERE).when(self.verify()).then(fails(Absent))

    def test_INV_091_a_probationary_member_is_not_persuaded(self):
        about_neo = (*HERE, opened(person_id=NEO), case_opened(person_id=NEO))
        given(about_neo).when(self.verify(proposed=PERSUADE)).then(refused("INV-091", "proposed"))
        given(about_neo).when(self.verify(proposed=REMOVE)).then(verified(REMOVE, person_id=NEO))


class TestHoldDispositionTalk:
    def talk(self, **changed: Any) -> HoldDispositionTalk:
        told: dict[str, Any] = {
            "occurred_on": TALKED_ON,
            "case_id": D1,
            "talkers": (ANN, BEN),
            "outcome": TalkOutcome.HEARD,
            "opinion": "愿意改正",
        }
        return HoldDispositionTalk(**(told | changed))

    def test_by_two_full_members(self):
        given(BEGUN, verified()).when(self.talk()).then(talked())

    def test_who_cannot_be_reached_is_recorded_too(self):
        lost = {"outcome": TalkOutcome.LOST, "opinion": None}
        given(BEGUN, verified()).when(self.talk(**lost)).then(talked(**lost))

    @pytest.mark.parametrize("talkers", [(), (ANN,), (ANN, ANN), (ANN, GUS), (ANN, NEO)])
    def test_INV_090_fewer_than_two_other_full_members(self, talkers: tuple[str, ...]):
        given(BEGUN, verified()).when(self.talk(talkers=talkers)).then(refused("INV-090", "talkers"))

    def test_INV_089_the_facts_come_first(self):
        given(BEGUN).when(self.talk()).then(refused("INV-089", "case_id"))
        given(BEGUN, verified()).when(self.talk(occurred_on=OPENED_ON)).then(refused("INV-089", "case_id"))

    def test_the_same_again(self):
        given(prepared()).when(self.talk()).then(nothing)

    def test_INV_009_only_members_talk(self):
        given(BEGUN, verified(), suspended(BEN, VERIFIED_ON)).when(self.talk()).then(refused("INV-009", "talkers"))


class TestCloseDispositionCase:
    def close(self, **changed: Any) -> CloseDispositionCase:
        told: dict[str, Any] = {"occurred_on": LATER, "case_id": D1, "ground": NoDisposition.DISCIPLINE, "note": "移送"}
        return CloseDispositionCase(**(told | changed))

    def closed(self, ground: NoDisposition = NoDisposition.DISCIPLINE) -> DispositionClosed:
        return DispositionClosed(occurred_on=LATER, case_id=D1, person_id=GUS, ground=ground, note="移送")

    def test_the_matter_is_free_for_discipline(self):
        given(prepared()).when(self.close()).then(self.closed(), case_closed(LATER, sanctioned=False))

    def test_INV_092_not_while_a_correction_runs(self):
        given(CORRECTING).when(self.close()).then(refused("INV-092", "case_id"))
        gone = NoDisposition.GONE
        given(CORRECTING).when(self.close(ground=gone)).then(self.closed(gone), case_closed(LATER, sanctioned=False))

    def test_the_same_again(self):
        given(prepared(), self.closed()).when(self.close()).then(nothing)

    def test_not_once_it_is_over_or_ended_the_membership_or_before_the_last_step(self):
        given(CORRECTING, found()).when(self.close(occurred_on=EXPIRES_ON)).then(fails(Conflict, "over"))
        given(sent(REMOVE), approved(REMOVE)).when(self.close()).then(fails(Conflict, "membership"))
        given(prepared()).when(self.close(occurred_on=VERIFIED_ON)).then(fails(Conflict, "before"))
        given(HERE).when(self.close()).then(fails(Absent))


def withdraw(step: DispositionStep, on: dt.date = LATER) -> WithdrawDispositionStep:
    return WithdrawDispositionStep(occurred_on=on, case_id=D1, step=step, reason="录入有误")


def taken_back(step: DispositionStep, on: dt.date = LATER) -> DispositionStepWithdrawn:
    return DispositionStepWithdrawn(occurred_on=on, case_id=D1, person_id=GUS, step=step, reason="录入有误")


class TestWithdrawDispositionStep:
    def test_the_last_step_and_then_the_one_before(self):
        given(prepared()).when(withdraw(DispositionStep.TALKED)).then(taken_back(DispositionStep.TALKED))
        given(prepared(), taken_back(DispositionStep.TALKED)).when(withdraw(DispositionStep.VERIFIED)).then(
            taken_back(DispositionStep.VERIFIED)
        )

    def test_the_opening_takes_the_whole_case_with_it(self):
        over = (taken_back(DispositionStep.OPENED), case_closed(LATER, sanctioned=False))
        given(BEGUN).when(withdraw(DispositionStep.OPENED)).then(*over)
        given(BEGUN, *over).when(withdraw(DispositionStep.OPENED)).then(nothing)
        given(BEGUN, *over).when(opening(case_id=D1, occurred_on=LATER)).then(fails(Conflict, "withdrawn"))

    def test_a_review_taken_back_opens_the_case_again(self):
        late = dt.date(2027, 5, 1)
        given(CORRECTING, found(), case_closed(EXPIRES_ON, sanctioned=True)).when(withdraw(DispositionStep.CORRECTION_REVIEWED, late)).then(
            taken_back(DispositionStep.CORRECTION_REVIEWED, late), case_opened(occurred_on=late)
        )

    def test_only_the_last_step_and_none_of_the_superior(self):
        given(prepared()).when(withdraw(DispositionStep.VERIFIED)).then(fails(Conflict, "last step"))
        given(sent(), approved()).when(withdraw(DispositionStep.APPROVED)).then(fails(Conflict, "superior"))
        given(prepared()).when(withdraw(DispositionStep.TALKED, OPENED_ON)).then(fails(Conflict, "before"))
        given(HERE).when(withdraw(DispositionStep.TALKED)).then(fails(Absent))


class TestWithdrawDispositionDecision:
    def undo(self, step: DispositionStep = DispositionStep.APPROVED) -> WithdrawDispositionDecision:
        return WithdrawDispositionDecision(occurred_on=LATER, case_id=D1, step=step, document_no="委〔2026〕12号", reason="录入有误")

    def test_who_was_removed_by_mistake_is_on_the_roll_again(self):
        gone = MemberLeft(occurred_on=APPROVED_ON, person_id=GUS, ground=LeftGround.REMOVED, reason="党内除名", approval_no="委〔2026〕9号")
        given(sent(REMOVE), approved(REMOVE), gone).when(self.undo()).then(
            taken_back(DispositionStep.APPROVED), member(GUS, occurred_on=LATER, joined_on=LATER)
        )

    def test_a_rejection_changes_nothing_on_the_roll(self):
        given(sent(), rejected()).when(self.undo(DispositionStep.REJECTED)).then(taken_back(DispositionStep.REJECTED))

    def test_only_the_last_step_and_none_of_the_branch(self):
        given(prepared()).when(self.undo(DispositionStep.TALKED)).then(fails(Conflict, "branch"))
        given(agreed()).when(self.undo()).then(fails(Conflict, "last step"))
        given(HERE).when(self.undo()).then(fails(Absent))
