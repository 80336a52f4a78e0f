"""Appeals, probation within the Party, and the influence period that elections ask for (R-G02, R-G03, R-G10; INV-035, 086, 087)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.discipline import (
    AppealResult,
    Approver,
    DisciplineAppealDecided,
    PartyProbationEnded,
    PartyProbationExtended,
    ProbationResult,
    Punishment,
)
from events.members import InfluenceBar, InfluenceSet, LeftGround, MemberLeft, VotingRestored, VotingSuspended
from service.decide.discipline.appeal import DecideAppeal, EndPartyProbation, ExtendPartyProbation, FileAppeal
from service.decide.roster import Roster, evolve
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.discipline_history import (
    C1,
    CASE,
    DECIDED_ON,
    HERE,
    SENT_ON,
    appealed,
    in_force,
    sent,
)
from tests.decide.roster_history import ANN, BEN, GUS, NORTH, founded, group, left, member

APPEALED_ON, ANSWERED_ON = dt.date(2026, 6, 10), dt.date(2026, 8, 20)
TERM_ENDS = dt.date(2027, 4, 7)


def influence(bar: InfluenceBar, until: dt.date | None, on: dt.date) -> InfluenceSet:
    return InfluenceSet(occurred_on=on, person_id=GUS, case_no="纪2026-1", bar=bar, until=until)


WARNED = influence(InfluenceBar.HIGHER, dt.date(2027, 4, 7), DECIDED_ON)
WATCHED: tuple[Event, ...] = (
    *in_force(Punishment.PARTY_PROBATION, VotingSuspended(occurred_on=DECIDED_ON, person_id=GUS, reason="留党察看 委〔2026〕9号")),
)
GONE = MemberLeft(occurred_on=DECIDED_ON, person_id=GUS, ground=LeftGround.EXPELLED, reason="开除党籍", approval_no="委〔2026〕9号")
EXPELLED = in_force(Punishment.EXPULSION, GONE, influence(InfluenceBar.READMISSION, dt.date(2031, 4, 7), DECIDED_ON))


class TestFileAppeal:
    def file(self, **changed: Any) -> FileAppeal:
        told: dict[str, Any] = {"occurred_on": APPEALED_ON, "case_id": C1, "to": Approver.SUPERIOR_COMMITTEE, "grounds": "事实有出入"}
        return FileAppeal(**(told | changed))

    def test_the_first_and_once_it_is_decided_the_next(self):
        given(in_force()).when(self.file()).then(appealed())
        later = {"occurred_on": dt.date(2026, 9, 1)}
        given(in_force(), appealed(), answered()).when(self.file(**later)).then(appealed(appeal_no=2, **later))

    def test_by_one_who_was_expelled(self):
        given(EXPELLED).when(self.file()).then(appealed())

    def test_the_same_again(self):
        given(in_force(), appealed()).when(self.file()).then(nothing)

    def test_one_at_a_time_and_only_against_a_punishment(self):
        given(in_force(), appealed()).when(self.file(occurred_on=ANSWERED_ON)).then(fails(Conflict, "not decided"))
        given(sent()).when(self.file()).then(fails(Conflict, "no punishment"))
        given(in_force()).when(self.file(occurred_on=SENT_ON)).then(fails(Conflict, "before"))
        given(HERE).when(self.file()).then(fails(Absent))


def answered(result: AppealResult = AppealResult.UPHELD, **changed: Any) -> DisciplineAppealDecided:
    told: dict[str, Any] = {
        "occurred_on": ANSWERED_ON,
        **CASE,
        "appeal_no": 1,
        "by": Approver.SUPERIOR_COMMITTEE,
        "document_no": "委〔2026〕20号",
        "result": result,
        "reviewers": (BEN,),
        "conclusion": "复查情况",
    }
    return DisciplineAppealDecided(**(told | changed))


class TestDecideAppeal:
    def decide(self, result: AppealResult = AppealResult.UPHELD, **changed: Any) -> DecideAppeal:
        told: dict[str, Any] = {
            "occurred_on": ANSWERED_ON,
            "case_id": C1,
            "by": Approver.SUPERIOR_COMMITTEE,
            "document_no": "委〔2026〕20号",
            "result": result,
            "reviewers": (BEN,),
            "conclusion": "复查情况",
        }
        return DecideAppeal(**(told | changed))

    def test_upheld_changes_nothing(self):
        given(in_force(), WARNED, appealed()).when(self.decide()).then(answered())

    def test_revoked_ends_the_influence_period(self):
        given(in_force(), WARNED, appealed()).when(self.decide(AppealResult.REVOKED)).then(
            answered(AppealResult.REVOKED), influence(InfluenceBar.HIGHER, None, ANSWERED_ON)
        )

    def test_probation_changed_to_a_serious_warning_counts_from_the_first_decision(self):
        changed = {"kind": Punishment.SERIOUS_WARNING}
        given(WATCHED, appealed()).when(self.decide(AppealResult.CHANGED, **changed)).then(
            answered(AppealResult.CHANGED, **changed),
            VotingRestored(occurred_on=ANSWERED_ON, person_id=GUS, reason="留党察看 委〔2026〕20号"),
            influence(InfluenceBar.HIGHER, dt.date(2027, 10, 7), ANSWERED_ON),
        )

    def test_an_expulsion_changed_to_probation_brings_the_member_back_without_a_vote(self):
        changed: dict[str, Any] = {"kind": Punishment.PARTY_PROBATION, "months": 24}
        given(EXPELLED, appealed()).when(self.decide(AppealResult.CHANGED, **changed)).then(
            answered(AppealResult.CHANGED, probation_until=dt.date(2028, 4, 7), **changed),
            member(GUS, occurred_on=ANSWERED_ON, joined_on=ANSWERED_ON),
            VotingSuspended(occurred_on=ANSWERED_ON, person_id=GUS, reason="留党察看 委〔2026〕20号"),
            influence(InfluenceBar.READMISSION, None, ANSWERED_ON),
        )

    def test_back_in_the_group_if_it_is_still_there(self):
        grouped = [founded(), group(NORTH), member(GUS, group_id=NORTH), member(ANN, group_id=NORTH)]
        history = [*grouped, *EXPELLED[len(HERE) :], appealed()]
        given(history).when(self.decide(AppealResult.REVOKED)).then(
            answered(AppealResult.REVOKED),
            member(GUS, occurred_on=ANSWERED_ON, joined_on=ANSWERED_ON, group_id=NORTH),
            influence(InfluenceBar.READMISSION, None, ANSWERED_ON),
        )

    def test_the_same_again(self):
        given(in_force(), appealed(), answered()).when(self.decide()).then(nothing)

    def test_INV_086_and_INV_087_hold_for_the_new_punishment(self):
        given(in_force(), appealed()).when(self.decide(AppealResult.CHANGED, kind=Punishment.PARTY_PROBATION)).then(
            refused("INV-086", "months")
        )
        given(in_force(), appealed()).when(self.decide(AppealResult.CHANGED, kind=Punishment.EXPULSION)).then(refused("INV-087", "by"))

    def test_a_new_kind_when_changed_and_only_then(self):
        given(in_force(), appealed()).when(self.decide(AppealResult.CHANGED)).then(fails(Malformed, "kind"))
        given(in_force(), appealed()).when(self.decide(kind=Punishment.WARNING)).then(fails(Malformed, "kind"))

    def test_R_G10_not_by_those_who_investigated(self):
        given(in_force(), appealed()).when(self.decide(reviewers=(ANN,))).then(fails(Conflict, "investigated"))

    def test_an_appeal_that_is_there_and_open_and_not_before_it(self):
        given(in_force()).when(self.decide()).then(fails(Absent))
        given(in_force(), appealed(), answered()).when(self.decide(AppealResult.REVOKED)).then(fails(Conflict, "is decided"))
        given(in_force(), appealed()).when(self.decide(occurred_on=DECIDED_ON)).then(fails(Conflict, "before"))


EXTENDED = PartyProbationExtended(
    occurred_on=TERM_ENDS,
    **CASE,
    by=Approver.SUPERIOR_COMMITTEE,
    document_no="委〔2027〕3号",
    months=12,
    probation_until=dt.date(2028, 4, 7),
)


class TestExtendPartyProbation:
    def extend(self, **changed: Any) -> ExtendPartyProbation:
        told: dict[str, Any] = {"occurred_on": TERM_ENDS, "case_id": C1, "by": Approver.SUPERIOR_COMMITTEE, "document_no": "委〔2027〕3号"}
        return ExtendPartyProbation(**(told | changed))

    def test_by_a_year_to_two_in_all(self):
        given(WATCHED).when(self.extend()).then(EXTENDED)

    def test_the_same_again(self):
        given(WATCHED, EXTENDED).when(self.extend()).then(nothing)

    def test_INV_086_two_years_in_all_at_most(self):
        given(WATCHED).when(self.extend(months=13)).then(refused("INV-086", "months"))
        given(WATCHED, EXTENDED).when(self.extend(document_no="委〔2027〕4号", months=1)).then(refused("INV-086", "months"))
        given(WATCHED).when(self.extend(occurred_on=SENT_ON)).then(refused("INV-086", "occurred_on"))

    def test_only_of_somebody_on_probation(self):
        given(in_force()).when(self.extend()).then(fails(Conflict, "not on probation"))
        given(HERE).when(self.extend()).then(fails(Absent))


def ended(result: ProbationResult, on: dt.date = TERM_ENDS, **changed: Any) -> PartyProbationEnded:
    told: dict[str, Any] = {"occurred_on": on, **CASE, "by": Approver.SUPERIOR_COMMITTEE, "document_no": "委〔2027〕5号", "result": result}
    return PartyProbationEnded(**(told | changed))


class TestEndPartyProbation:
    def end(self, result: ProbationResult = ProbationResult.RESTORED, **changed: Any) -> EndPartyProbation:
        told: dict[str, Any] = {
            "occurred_on": TERM_ENDS,
            "case_id": C1,
            "by": Approver.SUPERIOR_COMMITTEE,
            "document_no": "委〔2027〕5号",
            "result": result,
        }
        return EndPartyProbation(**(told | changed))

    RESTORED = (
        ended(ProbationResult.RESTORED),
        VotingRestored(occurred_on=TERM_ENDS, person_id=GUS, reason="留党察看 委〔2027〕5号"),
        influence(InfluenceBar.EQUAL_OR_HIGHER, dt.date(2029, 4, 7), TERM_ENDS),
    )

    def test_rights_come_back_and_two_years_of_influence_begin(self):
        given(WATCHED).when(self.end()).then(*self.RESTORED)

    def test_expelled_at_any_time(self):
        by = {"by": Approver.DISCIPLINE_COMMISSION, "document_no": "纪〔2026〕9号", "occurred_on": APPEALED_ON}
        given(WATCHED).when(self.end(ProbationResult.EXPELLED, **by)).then(
            ended(ProbationResult.EXPELLED, APPEALED_ON, by=Approver.DISCIPLINE_COMMISSION, document_no="纪〔2026〕9号"),
            MemberLeft(occurred_on=APPEALED_ON, person_id=GUS, ground=LeftGround.EXPELLED, reason="开除党籍", approval_no="纪〔2026〕9号"),
            influence(InfluenceBar.READMISSION, dt.date(2031, 6, 10), APPEALED_ON),
        )

    def test_INV_086_never_restored_before_the_term_is_over(self):
        given(WATCHED).when(self.end(occurred_on=TERM_ENDS - dt.timedelta(days=1))).then(refused("INV-086", "occurred_on"))
        given(WATCHED, EXTENDED).when(self.end()).then(refused("INV-086", "occurred_on"))

    def test_INV_087_the_grassroots_committee_does_not_expel(self):
        given(WATCHED).when(self.end(ProbationResult.EXPELLED)).then(refused("INV-087", "by"))

    def test_the_same_again(self):
        given(WATCHED, *self.RESTORED).when(self.end()).then(nothing)

    def test_INV_009_only_of_a_member_on_probation(self):
        given(in_force()).when(self.end()).then(fails(Conflict, "not on probation"))
        given(WATCHED, left(GUS, ANSWERED_ON)).when(self.end()).then(refused("INV-009", "case_id"))
        given(HERE).when(self.end()).then(fails(Absent))


class TestInfluenceOnTheRoster:
    """What elections ask (INV-035): `barred_until` and `influence_on`."""

    def roster(self, *events: Event) -> Roster:
        roster = Roster()
        for event in (*HERE, *events):
            roster = evolve(roster, event)
        return roster

    @pytest.mark.parametrize(
        ("day", "until"),
        [
            (DECIDED_ON - dt.timedelta(days=1), None),
            (DECIDED_ON, dt.date(2027, 4, 7)),
            (dt.date(2027, 4, 7), dt.date(2027, 4, 7)),
            (dt.date(2027, 4, 8), None),
        ],
    )
    def test_from_the_decision_to_the_last_day(self, day: dt.date, until: dt.date | None):
        assert self.roster(WARNED).barred_until(GUS, day) == until

    def test_the_longest_of_several(self):
        removal = InfluenceSet(
            occurred_on=DECIDED_ON, person_id=GUS, case_no="纪2026-2", bar=InfluenceBar.EQUAL_OR_HIGHER, until=dt.date(2028, 4, 7)
        )
        assert self.roster(removal, WARNED).influence_on(GUS, DECIDED_ON) == removal

    def test_none_once_it_is_lifted_and_none_of_others(self):
        roster = self.roster(WARNED, influence(InfluenceBar.HIGHER, None, ANSWERED_ON))
        assert (roster.barred_until(GUS, ANSWERED_ON), roster.barred_until(ANN, DECIDED_ON)) == (None, None)

    def test_it_follows_somebody_who_left_and_came_back(self):
        back = member(GUS, occurred_on=APPEALED_ON, joined_on=APPEALED_ON)
        roster = self.roster(WARNED, left(GUS, SENT_ON), back)
        assert roster.barred_until(GUS, ANSWERED_ON) == dt.date(2027, 4, 7)
