"""L05 党员监督, dispositions: one whole row for each case, a row for each progress note; nothing of the case outside sealed cells."""

import datetime as dt
from typing import Any

import msgspec

from events.base import Event
from events.disposition import (
    DispositionAppealDecided,
    DispositionAppealFiled,
    DispositionClosed,
    DispositionStep,
    DispositionStepWithdrawn,
    NoDisposition,
    ReviewResult,
)
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l05_supervision import PROJECTION, REGISTERS, Supervision
from tests.decide.disposition_history import (
    CASE,
    D1,
    OPENED_ON,
    PERSUADE,
    TALKED_ON,
    announced,
    approved,
    case_opened,
    found,
    opened,
    persuaded,
    progress,
    rejected,
    reviewed,
    sent_for_review,
    started,
    submitted,
    talked,
    verified,
    voted,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, GUS
from tests.ledgers.l04_history import facts

SEALED = "~1|gus|e3|conclusion|x"
LATER = dt.date(2027, 6, 1)
BEGUN: tuple[Event, ...] = (
    opened(facts="~1|gus|e1|facts|x"),
    case_opened(),
    verified(conclusion=SEALED),
    talked(opinion="~1|gus|e4|opinion|x"),
)
DECIDED: tuple[Event, ...] = (*BEGUN, sent_for_review(), reviewed(opinion=None), voted(), submitted(), approved(), announced(), started())
NOTE = progress(note="~1|gus|e12|note|x")


def rows(*events: Event, register: str = "disposition") -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events)
    found_cells: dict[str, Any] = row["cells"]
    return found_cells


def taken_back(step: DispositionStep) -> DispositionStepWithdrawn:
    return DispositionStepWithdrawn(occurred_on=LATER, **CASE, step=step, reason="~1|gus|e9|reason|x")


def test_a_correction_from_the_finding_to_the_review_is_one_row():
    assert rows(*DECIDED, NOTE, found(conclusion="~1|gus|e13|conclusion|x")) == [
        {
            "org_id": "b1",
            "ledger": "L05",
            "register": "disposition",
            "year": "2026",
            "key": D1,
            "row_no": 1,
            "subject": GUS,
            "occurred_on": OPENED_ON,
            "recorded_at": 13_000_000,
            "position": 113,
            "event_id": "e13",
            "struck_by": None,
            "cells": {
                "person": GUS,
                "conduct": "C5 组织纪律散漫",
                "findings": SEALED,
                "talkers": [ANN, BEN],
                "talked_on": TALKED_ON,
                "pre_review": "2026-02-12报限期改正 支〔2026〕2号；2026-03-02同意限期改正 委〔2026〕5号",
                "votes": "限期改正 2026-03-16 应到7 实到7 赞成6 反对1 弃权0 通过",
                "approval_no": "上报2026-03-20 支〔2026〕5号；批准2026-04-07 委〔2026〕9号",
                "disposition": "限期改正",
                "announced_on": dt.date(2026, 4, 20),
                "correction": "2026-04-20至2027-04-20",
                "helpers": [CAI, DAN],
                "review": "合格 2027-04-20 应到7 实到7 赞成6 反对1 弃权0 通过",
            },
        }
    ]


def test_a_progress_note_has_a_row_of_its_own():
    (row,) = rows(*DECIDED, NOTE, register="correction-progress")
    assert (row["key"], row["subject"], row["year"]) == ("e12", GUS, "2026")
    assert row["cells"] == {"date": dt.date(2026, 7, 10), "person": GUS, "helper": CAI, "note": "~1|gus|e12|note|x"}
    (struck,) = rows(*DECIDED, NOTE, taken_back(DispositionStep.PROGRESS), register="correction-progress")
    assert struck["struck_by"] == "e13"


def test_the_columns_are_those_of_the_paper_form():
    (register,) = [register for register in REGISTERS if register.code == "disposition"]
    assert [column.zh for column in register.columns] == [
        *("姓名", "认定情形(编码)", "调查结论", "谈话人", "谈话日期", "预审意见", "支部大会票数", "处置方式"),
        *("限期改正起止", "帮教人", "期满评议结论", "审批文号", "宣布日期"),
    ]


def test_persuasion_that_failed_and_the_next_proposal_stand_side_by_side():
    events = (*BEGUN, sent_for_review(PERSUADE), reviewed(PERSUADE), voted(PERSUADE), submitted(), approved(PERSUADE))
    assert cells(*events, persuaded(resigned=False))["disposition"] == "劝退；2026-04-20劝而不退 支〔2026〕7号"
    assert cells(*events, persuaded(resigned=True))["disposition"] == "劝退；2026-04-20本人退党 支〔2026〕7号"
    assert cells(*events)["pre_review"] == "2026-02-12报劝退 支〔2026〕2号；2026-03-02同意劝退 委〔2026〕5号 组〔2026〕3号"


def test_what_was_not_agreed_or_not_approved_says_so():
    disagreed = cells(*BEGUN, sent_for_review(), reviewed(agreed=False))
    assert disagreed["pre_review"] == "2026-02-12报限期改正 支〔2026〕2号；2026-03-02不同意限期改正 委〔2026〕5号"
    refused = cells(*BEGUN, sent_for_review(), reviewed(), voted(), submitted(), rejected())
    assert refused["approval_no"] == "上报2026-03-20 支〔2026〕5号；不予批准2026-04-07 委〔2026〕8号"
    assert cells(*DECIDED, found(passed=False, yes=3, no=4))["review"] == "不合格 2027-04-20 应到7 实到7 赞成3 反对4 弃权0 未通过"


def test_an_appeal_and_a_closing_stand_beside_the_disposition():
    appealed = DispositionAppealFiled(occurred_on=LATER, **CASE, grounds="~1|gus|e|grounds|x")
    revoked = DispositionAppealDecided(
        occurred_on=LATER, **CASE, result=ReviewResult.REVOKED, document_no="委20", conclusion="~1|gus|e|conclusion|x"
    )
    assert cells(*DECIDED, appealed, revoked)["disposition"] == "限期改正；2027-06-01申诉；2027-06-01撤销处置 委20"
    closed = DispositionClosed(occurred_on=LATER, **CASE, ground=NoDisposition.EDUCATED)
    assert cells(*BEGUN, closed)["disposition"] == "2027-06-01结案：批评教育后不予处置"


def test_a_step_taken_back_and_a_case_struck():
    assert cells(*DECIDED, taken_back(DispositionStep.CORRECTION_STARTED))["helpers"] is None
    (row,) = rows(opened(facts="~1|gus|e1|facts|x"), case_opened(), taken_back(DispositionStep.OPENED))
    assert row["struck_by"] == "e3"


def test_what_is_remembered_survives_being_put_aside():
    """The engine keeps the state as bytes between batches."""
    everything = facts(*DECIDED, NOTE, started(helpers=(ANN, BEN)), taken_back(DispositionStep.CORRECTION_STARTED))
    merge, state = Merge(), PROJECTION.start()
    apply(PROJECTION, state, everything[:-1], merge)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=Supervision)
    apply(PROJECTION, kept, everything[-1:], merge)
    (row,) = [row for row in ledger_rows(merge) if row["register"] == "disposition"]
    assert row["cells"]["helpers"] == [CAI, DAN]
