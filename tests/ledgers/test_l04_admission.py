"""L04 党员管理, admissions: the row of a case, the roll of activists, the list of papers; whole rows."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from events.admission import (
    AdmissionClosed,
    AdmissionStage,
    ApplicantDetailsCorrected,
    ClosingGround,
    PagesCounted,
)
from events.admission_acceptance import (
    AdmissionEntryWithdrawn,
    AdmissionQuestion,
    AdmissionRejected,
    ProbationCancelled,
)
from events.base import Event
from events.members import MemberProfileChanged
from projections import roster
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import replay
from projections.ledgers import l01_organisation, l02_organisation_life
from projections.ledgers.l04_management import PROJECTION, REGISTERS, Management
from tests.decide.admission_history import IDS, MEETINGS, STORY, day, event, voted
from tests.decide.test_admission_applications import probation, taken_over
from tests.decide.test_admission_vote import EXTENDED
from tests.ledgers.l04_history import facts, rows


def story(until: str) -> tuple[Event, ...]:
    """The entries of the case up to this one."""
    names = list(STORY)
    return tuple(told for name in names[: names.index(until) + 1] for told in STORY[name] if told.stream() == "admission-case")


WHOLE = story("archive")


def row(*events: Event, register: str = "admissions", key: str = "case") -> dict[str, Any]:
    (found,) = [row for row in rows(*events, register=register) if row["key"] == key]
    return dict(found)


def cells(*events: Event, register: str = "admissions", key: str = "case") -> dict[str, Any]:
    return dict(row(*events, register=register, key=key)["cells"])


def gone(entry: str, on: str) -> AdmissionEntryWithdrawn:
    return AdmissionEntryWithdrawn(**IDS, occurred_on=day("2025-12-20"), withdrawn=entry, withdrawn_on=day(on), reason="登记有误")


class TestTheCase:
    def test_an_application_has_a_row(self):
        assert row(*story("application")) == {
            "org_id": "b1",
            "ledger": "L04",
            "register": "admissions",
            "year": "0",
            "key": "case",
            "row_no": 1,
            "subject": "xia",
            "occurred_on": day("2023-03-01"),
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "person": "夏某",
                "sex": "女",
                "nationality": "汉族",
                "born": "1998-04",
                "education": "大学",
                "unit_and_post": "科员",
                "applied_on": day("2023-03-01"),
            },
        }

    def test_the_whole_story_fills_every_column_but_one(self):
        assert cells(*WHOLE) == {
            "person": "夏某",
            "sex": "女",
            "nationality": "汉族",
            "born": "1998-04",
            "education": "大学",
            "unit_and_post": "科员",
            "applied_on": day("2023-03-01"),
            "talk_on": day("2023-03-20"),
            "talk_by": ["ann", "cai"],
            "activist_on": day("2023-09-04"),
            "activist_filed_on": day("2023-09-11"),
            "contacts": ["ann", "ben"],
            "reviews": ["2024-02-26", "2024-08-28"],
            "training": ["2023-11-07 党章 8学时"],
            "opinions_on": day("2024-09-10"),
            "target_on": day("2024-09-13"),
            "target_filed_on": day("2024-09-18"),
            "notice": "2024-09-25至2024-10-09",
            "sponsors": ["ann", "ben"],
            "political_review_on": day("2024-10-14"),
            "course": "2024-10-16至2024-10-18 3天24学时",
            "committee_on": day("2024-10-21"),
            "pre_review_on": day("2024-10-28"),
            "pre_review": "合格",
            "form_no": "0001",
            "vote_on": day("2024-11-11"),
            "vote_due": 7,
            "vote_present": 7,
            "vote_yes": 7,
            "vote_no": 0,
            "vote_abstain": 0,
            "superior_talk_by": "组织员",
            "superior_talk_on": day("2024-11-20"),
            "approved_on": day("2024-12-02"),
            "approval_no": "批〔2024〕5号",
            "probation": "2024-11-11至2025-11-11",
            "oath_on": day("2024-12-10"),
            "probation_reviews": ["2025-05-08"],
            "conversion_applied_on": day("2025-10-20"),
            "conversion_notice": "2025-11-03至2025-11-11",
            "conversion_vote_on": day("2025-11-12"),
            "conversion_votes": "按期转正 应到7/实到7/赞成7/反对0/弃权0",
            "conversion_approved_on": day("2025-12-01"),
            "archived_on": day("2025-12-15"),
        }

    def test_written_opinions_stand_with_the_ballots(self):
        ballot = voted(voters_present=4, yes=3, no=1, written_from=("fay", "gus", "eve"), written_yes=1, written_no=1)
        found = cells(*story("form"), ballot)
        assert [found[f"vote_{part}"] for part in ("due", "present", "yes", "no", "abstain")] == [7, 4, 4, 2, 1]

    def test_a_notice_that_is_still_up(self):
        assert cells(*story("notice"))["notice"] == "2024-09-25至"

    def test_what_became_of_it_otherwise(self):
        rejected = AdmissionRejected(**IDS, occurred_on=day("2024-12-02"), document_no="不〔2024〕1号", reason="材料不全")
        closed = AdmissionClosed(**IDS, occurred_on=day("2024-12-09"), ground=ClosingGround.NOT_PASSED, reason="未批准")
        assert cells(*story("superior-talk"), rejected, closed)["changed"] == [
            "2024-12-02 上级党委审批不同意 不〔2024〕1号",
            "2024-12-09 发展程序终止：表决或审批未通过",
        ]

    def test_extended_then_cancelled(self):
        cancelled = ProbationCancelled(**IDS, occurred_on=day("2026-06-01"), approval_no="批〔2026〕2号", reason="不履行义务")
        assert cells(*story("conversion-review"), *EXTENDED, cancelled)["changed"] == [
            "2025-12-01 延长预备期6个月，至2026-05-11 批〔2025〕6号",
            "2026-06-01 取消预备党员资格 批〔2026〕2号",
        ]

    def test_what_was_corrected(self):
        corrected = ApplicantDetailsCorrected(**IDS, occurred_on=day("2023-05-05"), reason="笔误", name="夏某某", education="12")
        found = cells(*story("activist"), corrected)
        assert (found["person"], found["education"], found["unit_and_post"]) == ("夏某某", "硕士研究生", "科员")
        assert cells(*story("activist"), corrected, register="activists")["person"] == "夏某某"
        assert cells(*story("activist"), corrected, register="admission-papers", key="case:N14.M25")["person"] == "夏某某"

    @pytest.mark.parametrize(("register", "key"), [("admissions", "case"), ("activists", "case"), ("admission-papers", "case:N14.M07")])
    def test_what_was_put_right_on_the_roll(self, register: str, key: str):
        renamed = MemberProfileChanged(occurred_on=day("2025-01-06"), person_id=IDS["person_id"], reason="笔误", name="夏某某")
        moved = replace(renamed, name=None, phone="1")
        assert cells(*story("approval"), renamed, register=register, key=key)["person"] == "夏某某"
        assert cells(*story("approval"), moved, register=register, key=key)["person"] == "夏某"

    def test_reviews_stand_in_the_order_of_their_days(self):
        late = replace(event("first-review"), occurred_on=day("2024-01-15"))
        assert cells(*story("second-review"), late)["reviews"] == ["2024-01-15", "2024-02-26", "2024-08-28"]

    def test_a_case_taken_over(self):
        target = taken_over(target_on=day("2024-09-04"), stage=AdmissionStage.TARGET)
        found = cells(target)
        assert [found[column] for column in ("applied_on", "activist_on", "target_on")] == [
            day("2023-03-01"),
            day("2023-09-04"),
            day("2024-09-04"),
        ]
        assert cells(probation(admission_id="case"))["probation"] == "2024-11-11至2025-11-11"


class TestWithdrawn:
    """A withdrawn entry leaves the cells as if it had never been made; the row keeps its number."""

    @pytest.mark.parametrize(
        ("entry", "on", "column", "left"),
        [
            ("admission.oath_taken", "2024-12-10", "oath_on", None),
            ("admission.reviewed:activist", "2024-08-28", "reviews", ["2024-02-26"]),
            ("admission.notice_closed:conversion", "2025-11-11", "conversion_notice", "2025-11-03至"),
        ],
    )
    def test_its_cells_go_back(self, entry: str, on: str, column: str, left: Any):
        before = cells(*story("conversion-notice-closed"))
        after = cells(*story("conversion-notice-closed"), gone(entry, on))
        assert after == before | {column: left}

    def test_the_roll_counts_again(self):
        found = cells(*story("second-review"), gone("admission.reviewed:activist", "2024-08-28"), register="activists")
        assert (found["reviews"], found["stage"]) == (1, "入党积极分子")

    def test_the_material_is_missing_again(self):
        withdrawn = (*story("oath"), gone("admission.course_completed", "2024-10-18"))
        found = cells(*withdrawn, register="admission-papers", key="case:N14.M14")
        assert (found["present"], found["dated"]) == ("无", None)

    def test_one_who_is_no_activist_is_struck_and_comes_back_in_a_new_row(self):
        anew = replace(event("activist"), occurred_on=day("2023-10-09"))
        told = (*story("activist"), gone("admission.activist_determined", "2023-09-04"), anew)
        assert [
            (found["key"], found["row_no"], found["struck_by"], found["cells"]["activist_on"])
            for found in rows(*told, register="activists")
        ] == [("case", 1, "e5", day("2023-09-04")), ("case:2", 2, None, day("2023-10-09"))]

    def test_with_the_application_all_rows_are_struck(self):
        told = (*story("application"), gone("admission.application_received", "2023-03-01"))
        struck = [found["struck_by"] for register in ("admissions", "admission-papers") for found in rows(*told, register=register)]
        assert struck == ["e2"] * 26

    def test_and_those_of_a_case_that_was_taken_over(self):
        told = (taken_over(), gone("admission.case_taken_over", "2024-04-01"))
        assert [found["struck_by"] for found in rows(*told, register="activists")] == ["e2"]


class TestTheRoll:
    def test_an_applicant_is_not_on_it(self):
        assert rows(*story("initial-review"), register="activists") == []

    def test_an_activist_has_a_row(self):
        found = row(*story("second-review"), register="activists")
        assert (found["row_no"], found["subject"], found["occurred_on"]) == (1, "xia", day("2023-09-04"))
        assert found["cells"] == {
            "person": "夏某",
            "applied_on": day("2023-03-01"),
            "activist_on": day("2023-09-04"),
            "contacts": ["ann", "ben"],
            "reviews": 2,
            "stage": "入党积极分子",
        }

    @pytest.mark.parametrize(
        ("until", "stage"),
        [("activist", "入党积极分子"), ("target", "发展对象"), ("approval", "预备党员"), ("archive", "正式党员")],
    )
    def test_it_says_how_far_somebody_is(self, until: str, stage: str):
        assert cells(*story(until), register="activists")["stage"] == stage

    def test_and_why_it_ended(self):
        closed = AdmissionClosed(**IDS, occurred_on=day("2024-12-09"), ground=ClosingGround.WITHDRAWN, reason="本人提出")
        assert cells(*story("target"), closed, register="activists")["stage"] == "发展程序终止：本人撤回申请"


class TestThePapers:
    def test_all_twenty_five_are_listed_from_the_beginning(self):
        found = rows(*story("application"), register="admission-papers")
        assert [(paper["row_no"], paper["cells"]["material"]) for paper in found] == [(n, f"N14.M{n:02d}") for n in range(1, 26)]
        assert [paper["cells"]["present"] for paper in found] == ["有"] + ["无"] * 24

    def test_a_paper_has_a_row(self):
        assert cells(*story("application"), register="admission-papers", key="case:N14.M01") == {
            "person": "夏某",
            "material": "N14.M01",
            "title": "入党申请",
            "present": "有",
            "dated": day("2023-03-01"),
            "pages": None,
        }

    def test_in_the_end_all_are_there(self):
        assert {paper["cells"]["present"] for paper in rows(*WHOLE, register="admission-papers")} == {"有"}

    def test_the_last_count_of_pages_stands(self):
        counted = [PagesCounted(**IDS, occurred_on=day("2023-03-02"), material="N14.M01", pages=pages) for pages in (3, 4)]
        assert cells(*story("application"), *counted, register="admission-papers", key="case:N14.M01")["pages"] == 4

    def test_several_of_one_kind_bear_the_last_day(self):
        found = cells(*story("second-review"), register="admission-papers", key="case:N14.M05")
        assert found["dated"] == day("2024-08-28")


@pytest.mark.parametrize("cut", range(0, len(WHOLE) + 2, 3))
def test_what_is_remembered_between_batches_is_enough(cut: int):
    told = facts(*story("conversion-approval"), gone("admission.oath_taken", "2024-12-10"), *STORY["archive"])
    merge = Merge()
    state = Management()
    apply(PROJECTION, state, told[:cut], merge)
    state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=Management)
    apply(PROJECTION, state, told[cut:], merge)
    assert ledger_rows(merge) == ledger_rows(replay([PROJECTION], told))


def test_the_columns_are_those_of_the_paper_forms():
    codes = ("admissions", "activists", "admission-papers")
    headings = {register.zh: [column.zh for column in register.columns] for register in REGISTERS if register.code in codes}
    assert headings == {
        "发展党员台账": [
            "姓名", "性别", "民族", "出生年月", "学历", "单位职务", "申请日期", "谈话日期", "谈话人", "积极分子确定日期", "积极分子备案日期",
            "培养联系人", "历次考察日期", "培训情况", "听取意见日期", "发展对象确定日期", "发展对象备案日期", "公示起止", "入党介绍人",
            "政审结论日期", "短训起止及学时", "支委会审查日期", "预审日期", "预审结果", "志愿书编号", "支部大会日期", "应到", "实到", "赞成",
            "反对", "弃权", "上级谈话人", "上级谈话日期", "审批日期", "审批文号", "预备期起止", "宣誓日期", "考察日期", "转正申请日期",
            "转正公示起止", "转正大会日期", "转正票数", "转正审批日期", "延长/取消情况", "归档日期",
        ],
        "入党积极分子名册": ["姓名", "申请时间", "确定时间", "培养联系人", "考察次数", "现阶段"],
        "发展党员材料清单": ["姓名", "材料编号", "材料名称", "有/无", "日期", "页数"],
    }  # fmt: skip


def test_a_failed_vote_is_shown_as_it_was():
    failed = voted(AdmissionQuestion.CONVERT, yes=2, no=5, passed=False)
    assert cells(*story("conversion-review"), failed)["conversion_votes"] == "按期转正 应到7/实到7/赞成2/反对5/弃权0"


class TestTheRollOfMembers:
    """Standing counts from the end of probation, though the vote counts from the approval (R-C29)."""

    TOLD = (*STORY["approval"], *STORY["conversion-approval"])

    def test_in_the_roster(self):
        (found,) = replay([roster.PROJECTION], facts(*self.TOLD)).tables["member"].values()
        assert (found.values["status"], found.values["admitted_on"], found.values["full_on"]) == (
            "full",
            day("2024-11-11"),
            day("2025-11-11"),
        )

    def test_in_ledger_L01(self):
        found = ledger_rows(replay([l01_organisation.PROJECTION], facts(*self.TOLD)))
        (shown,) = [row["cells"] for row in found if row["register"] == "roll"]
        assert (shown["status"], shown["admitted_on"], shown["full_on"]) == ("正式党员", day("2024-11-11"), day("2025-11-11"))


class TestTheRowOfTheMeeting:
    """Ledger L02 shows the vote where the other votes of the meeting stand."""

    MEETING = replace(MEETINGS[3], topic="发展党员大会")

    def votes(self, *events: Event) -> list[str]:
        (found,) = ledger_rows(replay([l02_organisation_life.PROJECTION], facts(self.MEETING, *events)))
        return list(found["cells"].get("votes", []))

    def test_with_its_figures(self):
        ballot = voted(voters_present=5, yes=3, no=1, abstain=1, written_from=("fay", "gus"), written_yes=1, written_no=1)
        assert self.votes(ballot) == [
            "接收为预备党员：应到有表决权7，实到5，赞成4，反对2，弃权1(含书面意见2)，无记名，通过",
        ]
        assert self.votes(voted(yes=3, no=4, passed=False)) == ["接收为预备党员：应到有表决权7，实到7，赞成3，反对4，弃权0，无记名，未通过"]

    def test_and_says_when_it_was_withdrawn(self):
        assert self.votes(voted(), gone("admission.voted:admit", "2024-11-11"))[1:] == ["2025-12-20 发展党员登记撤销：登记有误"]

    def test_another_withdrawal_is_none_of_its_business(self):
        assert len(self.votes(voted(), gone("admission.oath_taken", "2024-12-10"))) == 1
