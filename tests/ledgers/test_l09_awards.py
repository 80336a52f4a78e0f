"""L09 奖励: one row for each award, completed step by step, emptied again when a step is taken back, struck with its nomination."""

from typing import Any

import pytest

from events.awards import AwardApproved, AwardDeclined, AwardGranted, AwardId, AwardStep, AwardStepWithdrawn, AwardTo
from events.base import Event, PersonId
from events.publicity import ExemplaryCaseRecorded, PublicityId, PublicityWithdrawn
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l09_awards import PROJECTION, REGISTERS
from tests.decide.roster_history import ANN, BEFORE, BEN, DAY
from tests.decide.work_history import LONG_AGO, NEXT, nominated, submitted, voted
from tests.ledgers.l04_history import facts

A1 = AwardId("a1")
APPROVED = AwardApproved(occurred_on=DAY, award_id=A1, document_no="部发〔2026〕8号")
GRANTED = AwardGranted(occurred_on=NEXT, award_id=A1, decision_no="部发〔2026〕9号", certificate_no="Z-001")
WHOLE: tuple[Event, ...] = (nominated(), voted(), submitted(), APPROVED, GRANTED)
NOMINATION = {
    "year": "2026",
    "to": "党员",
    "person": "ann",
    "title": "优秀共产党员",
    "level": "基层党委级",
    "nominated_on": LONG_AGO,
    "papers": None,
}


def rows(*events: Event) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == "awards"]


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events)
    return dict(row["cells"])


def back(step: AwardStep) -> AwardStepWithdrawn:
    return AwardStepWithdrawn(occurred_on=NEXT, award_id=A1, step=step, year=2026, reason="误登")


def test_an_award_from_the_nomination_to_the_certificate_is_one_row():
    assert rows(*WHOLE) == [
        {
            "org_id": "b1",
            "ledger": "L09",
            "register": "awards",
            "year": "2026",
            "key": "a1",
            "row_no": 1,
            "subject": "ann",
            "occurred_on": LONG_AGO,
            "recorded_at": 5_000_000,
            "position": 105,
            "event_id": "e5",
            "struck_by": None,
            "cells": {
                **NOMINATION,
                "vote": "2026-03-15 应到5，实到5，赞成4，反对1，弃权0，通过",
                "submitted_on": BEFORE,
                "papers": "先进事迹材料",
                "reply": "部发〔2026〕8号 2026-03-16 同意",
                "decision": "部发〔2026〕9号 2026-03-26",
                "certificate_no": "Z-001",
            },
        }
    ]


def test_the_award_of_a_year_stands_in_that_year():
    (row,) = rows(nominated(year=2025))
    assert (row["year"], row["occurred_on"]) == ("2025", LONG_AGO)


def test_the_branch_itself_has_no_name_in_the_row():
    found = cells(nominated(to=AwardTo.BRANCH, person_id=None))
    assert (found["to"], found["person"]) == ("支部", None)


def test_a_vote_that_failed_and_an_application_that_was_declined():
    declined = AwardDeclined(occurred_on=DAY, award_id=A1, reason="名额已满")
    assert cells(nominated(), voted(yes=2, no=3, passed=False))["vote"].endswith("赞成2，反对3，弃权0，未通过")
    assert cells(nominated(), voted(), submitted(), declined)["reply"] == "2026-03-16 不同意：名额已满"


@pytest.mark.parametrize(
    ("upto", "step", "emptied"),
    [
        (2, AwardStep.VOTED, ("vote",)),
        (3, AwardStep.SUBMITTED, ("submitted_on", "papers")),
        (4, AwardStep.DECIDED, ("reply",)),
        (5, AwardStep.GRANTED, ("decision", "certificate_no")),
    ],
)
def test_a_step_that_is_taken_back_leaves_its_cells_empty(upto: int, step: AwardStep, emptied: tuple[str, ...]):
    before, after = cells(*WHOLE[: upto - 1]), cells(*WHOLE[:upto], back(step))
    assert after == before | dict.fromkeys(emptied)


def exemplary(item: str = "x1", title: str = "坚守一线二十年", person: PersonId = ANN) -> ExemplaryCaseRecorded:
    return ExemplaryCaseRecorded(
        occurred_on=BEFORE, item_id=PublicityId(item), person_id=person, title=title, deeds="~1|ann|e|deeds|x", recorded_by=BEN
    )


def test_exemplary_deeds_stand_among_the_papers_whether_written_down_before_or_after():
    expected = "坚守一线二十年、先进事迹材料"
    assert cells(exemplary(), nominated(), voted(), submitted())["papers"] == expected
    assert cells(nominated(), voted(), submitted(), exemplary())["papers"] == expected


def test_those_of_somebody_else_or_of_another_year_do_not():
    assert cells(nominated(), exemplary(person=BEN))["papers"] is None
    assert cells(nominated(year=2025), exemplary())["papers"] is None


def test_deeds_that_are_withdrawn_are_gone_and_other_publicity_is_no_matter_here():
    gone = PublicityWithdrawn(occurred_on=DAY, item_id=PublicityId("x1"), reason="误登")
    other = PublicityWithdrawn(occurred_on=DAY, item_id=PublicityId("x9"), reason="误登")
    assert cells(nominated(), exemplary(), exemplary("x2", "第二篇"), gone, other)["papers"] == "第二篇"


def test_an_application_that_is_taken_back_leaves_the_deeds():
    assert cells(exemplary(), nominated(), voted(), submitted(), back(AwardStep.SUBMITTED))["papers"] == "坚守一线二十年"


def test_an_award_that_was_taken_back_is_not_written_on():
    (row,) = rows(nominated(), back(AwardStep.NOMINATED), exemplary())
    assert (row["struck_by"], row["cells"]["papers"]) == ("e2", None)


def test_a_nomination_that_is_taken_back_is_struck():
    (row,) = rows(nominated(), back(AwardStep.NOMINATED))
    assert (row["struck_by"], row["row_no"], row["cells"]) == ("e2", 1, NOMINATION)


def test_the_columns_are_those_of_the_paper_form():
    (form,) = REGISTERS
    assert form.zh == "表彰奖励登记表"
    assert [column.zh for column in form.columns] == [
        *("年度", "对象(党员/支部/党务工作者)", "姓名", "奖项", "级别", "推荐表日期", "评选会议及票数", "申报日期", "先进事迹材料"),
        *("上级批示文号/日期", "表彰决定文号/日期", "证书编号"),
    ]
