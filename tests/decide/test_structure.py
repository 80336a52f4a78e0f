"""Papers of the set-up: duties, policies, notices, request and dissolution (N02.M01, N04, N24.M01; INV-002, INV-009)."""

import datetime as dt
from typing import Any

import pytest

from events.organisations import GroupDissolved
from events.structure import (
    BranchDissolved,
    DutyOf,
    EstablishmentRequested,
    PaperKind,
    PaperRepealed,
    PersonChange,
    PersonnelNoticeIssued,
    StructureEntryId,
    StructureEntryWithdrawn,
)
from service.decide.organisations.life import DissolveBranch, RequestEstablishment
from service.decide.organisations.papers import (
    AdoptBranchPolicy,
    AdoptDutyStatement,
    IssuePersonnelNotice,
    RepealPaper,
    WithdrawStructureEntry,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import BRANCH as ORG
from tests.decide.bdd import COMMITTEE, fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, GUS, NEO, NORTH, committee_founded, founded, group, left, member
from tests.decide.work_history import BRANCH, LONG_AGO, M1, held, paper

D1 = StructureEntryId("d1")
REVISED = {"version": 2, "occurred_on": DAY, "effective_from": DAY, "text": "每周学习一次"}


def adopt(**changed: Any) -> AdoptBranchPolicy:
    told: dict[str, Any] = {
        "occurred_on": BEFORE, "kind": PaperKind.POLICY, "name": "学习制度", "effective_from": BEFORE, "text": "每月学习一次",
    }  # fmt: skip
    return AdoptBranchPolicy(**(told | changed))


class TestAdoptBranchPolicy:
    def test_the_first_version(self):
        given().when(adopt()).then(paper("event-1"))

    def test_by_a_meeting(self):
        given(held()).when(adopt(meeting_id=M1)).then(paper("event-1", meeting_id=M1, met_on=BEFORE))

    def test_by_a_meeting_that_was_not_held(self):
        given().when(adopt(meeting_id=M1)).then(fails(Absent, "meeting m1"))

    def test_the_same_again_is_nothing_to_do(self):
        given(paper()).when(adopt()).then(nothing)

    def test_another_text_is_a_revision_of_the_one_in_force(self):
        given(paper()).when(adopt(occurred_on=DAY, effective_from=DAY, text="每周学习一次")).then(
            paper("event-1", **REVISED, replaces=D1, replaced_from=BEFORE)
        )

    def test_after_a_repeal_the_versions_go_on_but_nothing_is_replaced(self):
        repealed = PaperRepealed(occurred_on=DAY, entry_id=D1, adopted_on=BEFORE, reason="不再适用")
        given(paper(), repealed).when(adopt(occurred_on=DAY, effective_from=DAY, text="每周学习一次")).then(paper("event-1", **REVISED))

    def test_a_standard_of_the_same_name_is_another_paper(self):
        given(paper()).when(adopt(kind=PaperKind.STANDARD)).then(paper("event-1", kind=PaperKind.STANDARD))

    def test_duties_have_a_form_of_their_own(self):
        given().when(adopt(kind=PaperKind.DUTY)).then(fails(Malformed, "adopt-duty-statement"))

    def test_not_in_force_before_it_was_adopted(self):
        given().when(adopt(effective_from=LONG_AGO)).then(fails(Malformed, "effective_from"))

    def test_not_before_the_version_before(self):
        given(paper()).when(adopt(occurred_on=LONG_AGO, text="一")).then(fails(Malformed, "version 1"))

    def test_the_id_of_another_paper_is_a_conflict(self):
        given(paper()).when(adopt(name="会议制度", entry_id=D1)).then(fails(Conflict, "d1"))


class TestAdoptDutyStatement:
    @pytest.mark.parametrize(
        ("duty_of", "name"), [(DutyOf.SECRETARY, "书记职责"), (DutyOf.BRANCH, "党支部的基本任务"), (DutyOf.PUBLICITY, "宣传委员职责")]
    )
    def test_one_for_each_post(self, duty_of: DutyOf, name: str):
        command = AdoptDutyStatement(occurred_on=BEFORE, duty_of=duty_of, effective_from=BEFORE, text="主持支部工作")
        expected = paper("event-1", kind=PaperKind.DUTY, duty_of=duty_of, name=name, text="主持支部工作")
        given().when(command).then(expected)
        given(expected).when(command).then(nothing)

    def test_the_next_one_is_its_revision(self):
        command = AdoptDutyStatement(occurred_on=DAY, duty_of=DutyOf.SECRETARY, effective_from=DAY, text="每周学习一次")
        before = paper(kind=PaperKind.DUTY, duty_of=DutyOf.SECRETARY, name="书记职责")
        given(before).when(command).then(
            paper("event-1", kind=PaperKind.DUTY, duty_of=DutyOf.SECRETARY, name="书记职责", **REVISED, replaces=D1, replaced_from=BEFORE)
        )


class TestRepealPaper:
    COMMAND = RepealPaper(occurred_on=AFTER, entry_id=D1, reason="不再适用")
    DONE = PaperRepealed(occurred_on=AFTER, entry_id=D1, adopted_on=BEFORE, reason="不再适用")

    def test_the_version_in_force(self):
        given(paper()).when(self.COMMAND).then(self.DONE)

    def test_twice_is_once(self):
        given(paper(), self.DONE).when(self.COMMAND).then(nothing)

    def test_not_one_that_was_replaced(self):
        given(paper(), paper("d2", **REVISED, replaces=D1, replaced_from=BEFORE)).when(self.COMMAND).then(fails(Conflict, "newer version"))

    def test_no_such_paper(self):
        given().when(self.COMMAND).then(fails(Absent, "structure.paper_adopted d1"))


def notice(**changed: Any) -> IssuePersonnelNotice:
    told: dict[str, Any] = {
        "occurred_on": DAY, "number": "支字〔2026〕5号", "reason": "工作需要",
        "changes": (PersonChange(person_id=ANN, before="宣传委员", after="组织委员"), PersonChange(person_id=BEN, after="宣传委员")),
    }  # fmt: skip
    return IssuePersonnelNotice(**(told | changed))


ISSUED = PersonnelNoticeIssued(
    occurred_on=DAY, entry_id=StructureEntryId("event-1"), number="支字〔2026〕5号", reason="工作需要", changes=notice().changes
)


class TestIssuePersonnelNotice:
    def test_about_members_here(self):
        given(BRANCH).when(notice()).then(ISSUED)

    def test_twice_is_once(self):
        given(BRANCH, ISSUED).when(notice(entry_id=StructureEntryId("event-1"))).then(nothing)

    def test_its_number_is_given_once(self):
        given(BRANCH, ISSUED).when(notice(entry_id=StructureEntryId("n2"))).then(fails(Conflict, "支字〔2026〕5号"))

    def test_INV_002_about_a_stranger(self):
        given(BRANCH).when(notice(changes=(PersonChange(person_id=NEO),))).then(refused("INV-002", "changes"))

    def test_INV_009_about_somebody_who_has_left(self):
        given(BRANCH).when(notice(changes=(PersonChange(person_id=GUS),))).then(refused("INV-009", "changes"))


class TestWithdrawStructureEntry:
    def command(self, entry: str) -> WithdrawStructureEntry:
        return WithdrawStructureEntry(occurred_on=AFTER, entry_id=StructureEntryId(entry), reason="误登")

    def gone(self, entry: str, what: str, on: dt.date, **changed: Any) -> StructureEntryWithdrawn:
        told: dict[str, Any] = {
            "occurred_on": AFTER,
            "entry_id": StructureEntryId(entry),
            "what": what,
            "happened_on": on,
            "reason": "误登",
        }
        return StructureEntryWithdrawn(**(told | changed))

    def test_a_first_version(self):
        given(paper()).when(self.command("d1")).then(self.gone("d1", "structure.paper_adopted", BEFORE))

    def test_a_revision_and_the_version_before_stands_again(self):
        second = paper("d2", **REVISED, replaces=D1, replaced_from=BEFORE)
        given(paper(), second).when(self.command("d2")).then(
            self.gone("d2", "structure.paper_adopted", DAY, restores=D1, restored_from=BEFORE)
        )

    def test_an_old_version_changes_nothing_else(self):
        second = paper("d2", **REVISED, replaces=D1, replaced_from=BEFORE)
        given(paper(), second).when(self.command("d1")).then(self.gone("d1", "structure.paper_adopted", BEFORE))

    def test_a_notice_and_its_number_is_free_again(self):
        gone = self.gone("event-1", "structure.personnel_notice_issued", DAY)
        given(ISSUED).when(self.command("event-1")).then(gone)
        given(BRANCH, ISSUED, gone).when(notice(entry_id=StructureEntryId("n2"))).then(
            PersonnelNoticeIssued(
                occurred_on=DAY, entry_id=StructureEntryId("n2"), number="支字〔2026〕5号", reason="工作需要", changes=notice().changes
            )
        )

    def test_twice_is_once(self):
        given(paper(), self.gone("d1", "structure.paper_adopted", BEFORE)).when(self.command("d1")).then(nothing)

    def test_what_is_not_on_record(self):
        given().when(self.command("d1")).then(fails(Absent, "d1"))


class TestRequestEstablishment:
    def command(self, full_members: int = 5) -> RequestEstablishment:
        return RequestEstablishment(
            occurred_on=DAY, name="第三党支部", unit="综合科", full_members=full_members, document_no="支字〔2026〕1号", entry_id=D1
        )

    def asked(self, full_members: int = 5) -> EstablishmentRequested:
        return EstablishmentRequested(
            occurred_on=DAY,
            entry_id=D1,
            name="第三党支部",
            unit="综合科",
            full_members=full_members,
            members_min=3,
            document_no="支字〔2026〕1号",
        )

    @pytest.mark.parametrize("full_members", [5, 3, 2])
    def test_the_committee_is_asked_and_too_few_members_are_a_warning(self, full_members: int):
        given().and_in(COMMITTEE, committee_founded()).when(self.command(full_members), at=COMMITTEE).then(self.asked(full_members))

    def test_twice_is_once(self):
        given().and_in(COMMITTEE, committee_founded(), self.asked()).when(self.command(), at=COMMITTEE).then(nothing)

    def test_a_branch_is_not_asked(self):
        given(founded()).when(self.command()).then(fails(Absent))


class TestDissolveBranch:
    COMMAND = DissolveBranch(occurred_on=DAY, reason="机构调整", approval_no="部发〔2026〕10号")
    GONE = BranchDissolved(occurred_on=DAY, org_id=ORG, reason="机构调整", approval_no="部发〔2026〕10号")

    def test_after_everybody_left(self):
        given(founded(), member(ANN), left(ANN)).when(self.COMMAND).then(self.GONE)

    def test_twice_is_once(self):
        given(founded(), self.GONE).when(self.COMMAND).then(nothing)

    @pytest.mark.parametrize("gone_on", [None, AFTER])
    def test_not_while_somebody_belongs_to_it(self, gone_on: dt.date | None):
        gone = [] if gone_on is None else [left(ANN, gone_on)]
        given(founded(), member(ANN), gone).when(self.COMMAND).then(fails(Conflict, "1 members"))

    def test_not_while_it_has_groups(self):
        given(founded(), group(NORTH)).when(self.COMMAND).then(fails(Conflict, "Party groups"))
        gone = GroupDissolved(occurred_on=BEFORE, group_id=NORTH, reason="机构调整")
        given(founded(), group(NORTH), gone).when(self.COMMAND).then(self.GONE)

    def test_a_committee_is_not_dissolved_here(self):
        given().and_in(COMMITTEE, committee_founded()).when(self.COMMAND, at=COMMITTEE).then(fails(Absent))

    def test_nor_a_branch_that_was_never_founded(self):
        given().when(self.COMMAND).then(fails(Absent))
