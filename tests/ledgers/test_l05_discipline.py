"""L05 党员监督, punishments: one whole row for each case; nothing of the case outside sealed cells."""

import datetime as dt
from typing import Any

import msgspec

from events.base import Event
from events.discipline import (
    AppealResult,
    Approver,
    DisciplineAppealDecided,
    DisciplineClosed,
    DisciplineStep,
    DisciplineStepWithdrawn,
    NoPunishment,
    PartyProbationEnded,
    PartyProbationExtended,
    ProbationResult,
    Punishment,
)
from events.members import InfluenceBar, InfluenceSet
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l05_supervision import PROJECTION, REGISTERS, Supervision
from tests.decide.discipline_history import (
    C1,
    CASE,
    DECIDED_ON,
    OPENED_ON,
    REPORTED_ON,
    SHOWN_ON,
    announced,
    appealed,
    approved,
    case_opened,
    executed,
    imposed,
    opened,
    rejected,
    reported,
    reported_up,
    shown,
    submitted,
    voted,
)
from tests.decide.roster_history import ANN, GUS
from tests.ledgers.l04_history import facts

SEALED = "~1|gus|e1|facts|x"
BEGUN: tuple[Event, ...] = (
    opened(facts=SEALED),
    case_opened(),
    reported(report="~1|gus|e3|report|x"),
    shown(opinion="~1|gus|e4|opinion|x"),
)
LATER = dt.date(2026, 8, 1)
WARNED = InfluenceSet(occurred_on=DECIDED_ON, person_id=GUS, case_no="纪2026-1", bar=InfluenceBar.HIGHER, until=dt.date(2027, 4, 7))


def rows(*events: Event) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == "discipline"]


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events)
    found: dict[str, Any] = row["cells"]
    return found


def taken_back(step: DisciplineStep) -> DisciplineStepWithdrawn:
    return DisciplineStepWithdrawn(occurred_on=LATER, **CASE, step=step, reason="~1|gus|e9|reason|x")


def appeal_decided(result: AppealResult, **changed: Any) -> DisciplineAppealDecided:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        **CASE,
        "appeal_no": 1,
        "by": Approver.SUPERIOR_COMMITTEE,
        "document_no": "委20",
        "result": result,
        "conclusion": "~1|gus|e9|conclusion|x",
    }
    return DisciplineAppealDecided(**(told | changed))


def test_a_case_from_the_opening_to_the_report_is_one_row():
    events = (
        *BEGUN,
        voted(),
        submitted(),
        approved(),
        WARNED,
        announced(),
        executed(measures="~1|gus|e|measures|x"),
        reported_up(),
        appealed(),
    )
    assert rows(*events) == [
        {
            "org_id": "b1",
            "ledger": "L05",
            "register": "discipline",
            "year": "2026",
            "key": C1,
            "row_no": 1,
            "subject": GUS,
            "occurred_on": OPENED_ON,
            "recorded_at": 12_000_000,
            "position": 112,
            "event_id": "e12",
            "struck_by": None,
            "cells": {
                "case_no": "纪2026-1",
                "person": GUS,
                "opened_on": OPENED_ON,
                "facts": SEALED,
                "reported_on": REPORTED_ON,
                "shown_on": SHOWN_ON,
                "opinion": "~1|gus|e4|opinion|x",
                "votes": "2026-03-16 应到7 实到7 赞成6 反对1 弃权0 通过",
                "kind": "警告",
                "term": None,
                "decision": "上报2026-03-20 支〔2026〕4号；批准2026-04-07 委〔2026〕9号",
                "influence_until": dt.date(2027, 4, 7),
                "announced_on": dt.date(2026, 4, 20),
                "executed_on": dt.date(2026, 5, 6),
                "execution_reported_on": dt.date(2026, 6, 1),
                "appeal": "2026-06-10申诉",
            },
        }
    ]


def test_the_columns_are_those_of_the_paper_form():
    (register,) = [register for register in REGISTERS if register.code == "discipline"]
    assert [column.zh for column in register.columns] == [
        *("案号", "姓名", "立案日期", "违纪事实摘要", "调查报告日期", "材料见面日期", "本人意见", "支部大会日期及票数", "处分种类"),
        *("期限", "上报/批准日期及文号", "宣布日期", "执行日期", "执行报告日期", "影响期止", "申诉及结论"),
    ]


def test_a_punishment_of_the_superior_needs_no_vote():
    found = cells(*BEGUN, imposed())
    assert (found["kind"], found["decision"]) == ("严重警告", "上级直接处分2026-04-07 纪〔2026〕2号")


def test_a_rejection_and_a_closing_stand_beside_the_submission():
    closed = DisciplineClosed(occurred_on=LATER, **CASE, ground=NoPunishment.EXEMPT)
    assert cells(*BEGUN, voted(), submitted(), rejected(), closed)["decision"] == (
        "上报2026-03-20 支〔2026〕4号；不予批准2026-04-07 委〔2026〕8号；2026-08-01结案：免予处分"
    )


def test_probation_shows_its_term_longer_and_over():
    watched = (*BEGUN, voted(Punishment.PARTY_PROBATION), submitted(), approved(Punishment.PARTY_PROBATION))
    longer = PartyProbationExtended(
        occurred_on=LATER, **CASE, by=Approver.SUPERIOR_COMMITTEE, document_no="委3", months=12, probation_until=dt.date(2028, 4, 7)
    )
    over = PartyProbationEnded(
        occurred_on=dt.date(2028, 4, 8), **CASE, by=Approver.SUPERIOR_COMMITTEE, document_no="委5", result=ProbationResult.RESTORED
    )
    assert (cells(*watched)["kind"], cells(*watched)["term"]) == ("留党察看", "12个月至2027-04-07")
    found = cells(*watched, longer, over)
    assert (found["kind"], found["term"]) == ("留党察看；2028-04-08恢复党员权利", "12个月至2027-04-07；延长12个月至2028-04-07")
    assert cells(*watched, msgspec.structs.replace(over, result=ProbationResult.EXPELLED))["kind"] == "留党察看；2028-04-08开除党籍"


def test_an_appeal_upholds_changes_or_revokes():
    punished = (*BEGUN, voted(), submitted(), approved(), appealed())
    upheld = cells(*punished, appeal_decided(AppealResult.UPHELD))
    assert (upheld["kind"], upheld["appeal"]) == ("警告", "2026-06-10申诉；2026-08-01维持原处分 委20")
    lighter = appeal_decided(AppealResult.CHANGED, kind=Punishment.SERIOUS_WARNING)
    assert cells(*punished, lighter)["kind"] == "严重警告"
    assert cells(*punished, appeal_decided(AppealResult.REVOKED))["kind"] == "撤销处分"


def test_a_step_taken_back_shows_what_stood_before():
    failed = voted(Punishment.EXPULSION, yes=3, no=4, passed=False)
    found = cells(*BEGUN, failed, voted(), taken_back(DisciplineStep.VOTED))
    assert found["votes"] == "2026-03-16 应到7 实到7 赞成3 反对4 弃权0 未通过"
    assert cells(*BEGUN, reported(occurred_on=LATER), taken_back(DisciplineStep.INVESTIGATED))["reported_on"] == REPORTED_ON
    assert cells(*BEGUN, taken_back(DisciplineStep.SHOWN))["opinion"] is None


def test_a_case_that_was_entered_by_mistake_is_struck_and_keeps_its_number():
    (row,) = rows(opened(facts=SEALED), case_opened(), taken_back(DisciplineStep.OPENED))
    assert (row["row_no"], row["struck_by"], row["cells"]["case_no"]) == (1, "e3", "纪2026-1")


def test_an_influence_period_of_no_case_here_shows_nowhere():
    other = InfluenceSet(occurred_on=DECIDED_ON, person_id=ANN, case_no="纪2026-1", bar=InfluenceBar.HIGHER, until=LATER)
    assert "influence_until" not in cells(*BEGUN, other)


def test_what_is_remembered_survives_being_put_aside():
    """The engine keeps the state as bytes between batches."""
    first, second = facts(*BEGUN, voted()), facts(*BEGUN, voted(), taken_back(DisciplineStep.VOTED))[-1:]
    merge, state = Merge(), PROJECTION.start()
    apply(PROJECTION, state, first, merge)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=Supervision)
    apply(PROJECTION, kept, second, merge)
    (row,) = ledger_rows(merge)
    assert (row["cells"]["votes"], row["cells"]["shown_on"]) == (None, SHOWN_ON)
