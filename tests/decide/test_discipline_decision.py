"""The superior decides, the branch announces, executes and reports (N19.T03; INV-009, 014, 035, 086 to 088), each three ways."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.discipline import Approver, Punishment
from events.members import InfluenceBar, InfluenceSet, LeftGround, MemberLeft, VotingSuspended
from events.organisations import Post, PostVacated
from service.decide.base import Command
from service.decide.discipline.decision import (
    AnnouncePunishment,
    ApprovePunishment,
    ExecutePunishment,
    ImposePunishment,
    RejectPunishment,
    ReportExecution,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.discipline_history import (
    ANNOUNCED_ON,
    BEGUN,
    C1,
    DECIDED_ON,
    EXECUTED_ON,
    HERE,
    MET,
    REPORTED_UP_ON,
    SENT_ON,
    announced,
    approved,
    case_closed,
    executed,
    imposed,
    in_force,
    rejected,
    reported_up,
    sent,
    voted,
)
from tests.decide.roster_history import GUS, left, seated, seats


def influence(bar: InfluenceBar, until: dt.date | None, on: dt.date = DECIDED_ON) -> InfluenceSet:
    return InfluenceSet(occurred_on=on, person_id=GUS, case_no="纪2026-1", bar=bar, until=until)


WARNED = influence(InfluenceBar.HIGHER, dt.date(2027, 4, 7))
NO_VOTE = VotingSuspended(occurred_on=DECIDED_ON, person_id=GUS, reason="留党察看 委〔2026〕9号")


def gone(document_no: str = "委〔2026〕9号", on: dt.date = DECIDED_ON) -> MemberLeft:
    return MemberLeft(occurred_on=on, person_id=GUS, ground=LeftGround.EXPELLED, reason="开除党籍", approval_no=document_no)


def approve(**changed: Any) -> ApprovePunishment:
    told: dict[str, Any] = {"occurred_on": DECIDED_ON, "case_id": C1, "by": Approver.SUPERIOR_COMMITTEE, "document_no": "委〔2026〕9号"}
    return ApprovePunishment(**(told | changed))


class TestApprovePunishment:
    def test_a_warning_bars_from_higher_posts_for_a_year(self):
        given(sent()).when(approve()).then(approved(), WARNED)

    def test_a_serious_warning_for_a_year_and_a_half(self):
        given(sent(Punishment.SERIOUS_WARNING)).when(approve()).then(
            approved(Punishment.SERIOUS_WARNING), influence(InfluenceBar.HIGHER, dt.date(2027, 10, 7))
        )

    def test_removal_from_posts_vacates_them_and_bars_from_equal_ones(self):
        in_post = seated(*seats((GUS, Post.PUBLICITY)))
        vacated = PostVacated(occurred_on=DECIDED_ON, term=1, person_id=GUS, post=Post.PUBLICITY, reason="撤销党内职务 委〔2026〕9号")
        given(sent(Punishment.POST_REMOVAL), in_post).when(approve()).then(
            approved(Punishment.POST_REMOVAL), vacated, influence(InfluenceBar.EQUAL_OR_HIGHER, dt.date(2028, 4, 7))
        )

    def test_INV_014_probation_takes_the_vote_and_the_posts(self):
        in_post = seated(*seats((GUS, Post.PUBLICITY)))
        vacated = PostVacated(occurred_on=DECIDED_ON, term=1, person_id=GUS, post=Post.PUBLICITY, reason="留党察看 委〔2026〕9号")
        given(sent(Punishment.PARTY_PROBATION), in_post).when(approve()).then(approved(Punishment.PARTY_PROBATION), NO_VOTE, vacated)

    def test_INV_009_expulsion_ends_the_membership_and_bars_for_five_years(self):
        given(sent(Punishment.EXPULSION)).when(approve(by=Approver.DISCIPLINE_COMMISSION)).then(
            approved(Punishment.EXPULSION), gone(), influence(InfluenceBar.READMISSION, dt.date(2031, 4, 7))
        )

    def test_INV_087_not_an_expulsion_by_the_grassroots_committee(self):
        given(sent(Punishment.EXPULSION)).when(approve()).then(refused("INV-087", "by"))

    def test_the_same_again(self):
        given(in_force()).when(approve()).then(nothing)

    def test_only_what_was_voted_and_sent_up_and_once(self):
        given(MET, voted()).when(approve()).then(fails(Conflict, "not submitted"))
        given(sent(), rejected()).when(approve()).then(fails(Conflict, "not submitted"))
        given(in_force()).when(approve(document_no="委〔2026〕10号")).then(fails(Conflict, "decided"))
        given(sent()).when(approve(occurred_on=SENT_ON - dt.timedelta(days=1))).then(fails(Conflict, "before"))
        given(HERE).when(approve()).then(fails(Absent))

    def test_INV_009_nobody_who_left(self):
        given(sent(), left(GUS, SENT_ON)).when(approve()).then(refused("INV-009", "case_id"))


class TestRejectPunishment:
    def reject(self, **changed: Any) -> RejectPunishment:
        told: dict[str, Any] = {
            "occurred_on": DECIDED_ON,
            "case_id": C1,
            "by": Approver.SUPERIOR_COMMITTEE,
            "document_no": "委〔2026〕8号",
            "reason": "量纪偏重",
        }
        return RejectPunishment(**(told | changed))

    def test_the_branch_has_it_back(self):
        given(sent()).when(self.reject()).then(rejected())

    def test_the_same_again(self):
        given(sent(), rejected()).when(self.reject()).then(nothing)

    def test_only_what_was_sent_up(self):
        given(MET, voted()).when(self.reject()).then(fails(Conflict, "not submitted"))
        given(in_force()).when(self.reject()).then(fails(Conflict, "decided"))
        given(HERE).when(self.reject()).then(fails(Absent))


class TestImposePunishment:
    def impose(self, **changed: Any) -> ImposePunishment:
        told: dict[str, Any] = {
            "occurred_on": DECIDED_ON,
            "case_id": C1,
            "by": Approver.DISCIPLINE_COMMISSION,
            "document_no": "纪〔2026〕2号",
            "kind": Punishment.SERIOUS_WARNING,
        }
        return ImposePunishment(**(told | changed))

    def test_without_a_vote_of_the_branch(self):
        given(BEGUN).when(self.impose()).then(imposed(), influence(InfluenceBar.HIGHER, dt.date(2027, 10, 7)))

    def test_an_expulsion_by_a_committee_at_county_level(self):
        expelled: dict[str, Any] = {"kind": Punishment.EXPULSION, "by": Approver.COUNTY_COMMITTEE}
        given(BEGUN).when(self.impose(**expelled)).then(
            imposed(**expelled), gone("纪〔2026〕2号"), influence(InfluenceBar.READMISSION, dt.date(2031, 4, 7))
        )

    def test_the_same_again(self):
        given(BEGUN, imposed()).when(self.impose()).then(nothing)

    def test_INV_086_and_INV_087(self):
        given(BEGUN).when(self.impose(months=12)).then(refused("INV-086", "months"))
        given(BEGUN).when(self.impose(kind=Punishment.PARTY_PROBATION)).then(refused("INV-086", "months"))
        given(BEGUN).when(self.impose(kind=Punishment.EXPULSION, by=Approver.SUPERIOR_COMMITTEE)).then(refused("INV-087", "by"))

    def test_the_grassroots_committee_decides_nothing_directly(self):
        given(BEGUN).when(self.impose(by=Approver.SUPERIOR_COMMITTEE)).then(fails(Malformed, "county"))

    def test_not_a_case_that_is_decided_or_not_there(self):
        given(in_force()).when(self.impose()).then(fails(Conflict, "decided"))
        given(HERE).when(self.impose()).then(fails(Absent))


def announce(**changed: Any) -> AnnouncePunishment:
    told: dict[str, Any] = {"occurred_on": ANNOUNCED_ON, "case_id": C1, "scope": "支部党员大会"}
    return AnnouncePunishment(**(told | changed))


def execute(**changed: Any) -> ExecutePunishment:
    told: dict[str, Any] = {"occurred_on": EXECUTED_ON, "case_id": C1, "measures": "工资降档"}
    return ExecutePunishment(**(told | changed))


def report(**changed: Any) -> ReportExecution:
    told: dict[str, Any] = {"occurred_on": REPORTED_UP_ON, "case_id": C1, "document_no": "支〔2026〕6号"}
    return ReportExecution(**(told | changed))


TOLD: tuple[Event, ...] = (*in_force(), announced())
DONE: tuple[Event, ...] = (*TOLD, executed(), case_closed(EXECUTED_ON, sanctioned=True))


class TestAnnounceExecuteReport:
    def test_announced_and_told_the_same_day(self):
        given(in_force()).when(announce()).then(announced())

    def test_told_on_a_day_of_its_own(self):
        given(in_force()).when(announce(told_on=DECIDED_ON)).then(announced(told_on=DECIDED_ON))

    def test_executed_and_the_case_is_done_with(self):
        given(TOLD).when(execute()).then(executed(), case_closed(EXECUTED_ON, sanctioned=True))

    def test_reported_to_the_body_that_decided(self):
        given(DONE).when(report()).then(reported_up())

    def test_INV_088_each_after_the_one_before(self):
        given(sent()).when(announce()).then(refused("INV-088", "case_id"))
        given(in_force()).when(announce(occurred_on=SENT_ON)).then(refused("INV-088", "case_id"))
        given(in_force()).when(announce(told_on=SENT_ON)).then(refused("INV-088", "told_on"))
        given(in_force()).when(execute()).then(refused("INV-088", "case_id"))
        given(TOLD).when(execute(occurred_on=DECIDED_ON)).then(refused("INV-088", "case_id"))
        given(TOLD).when(report()).then(refused("INV-088", "case_id"))

    @pytest.mark.parametrize(
        ("before", "again"),
        [(TOLD, announce()), (DONE, execute()), ((*DONE, reported_up()), report())],
        ids=["announced", "executed", "reported"],
    )
    def test_the_same_again(self, before: tuple[Event, ...], again: Command):
        given(before).when(again).then(nothing)

    def test_on_one_day_only(self):
        given(TOLD).when(announce(occurred_on=EXECUTED_ON)).then(fails(Conflict, "announced on"))
        given(DONE).when(execute(occurred_on=REPORTED_UP_ON)).then(fails(Conflict, "executed on"))

    @pytest.mark.parametrize("command", [announce(), execute(), report()])
    def test_there_is_no_such_case(self, command: Command):
        given(HERE).when(command).then(fails(Absent))
