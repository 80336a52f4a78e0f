"""L01 组织设置, papers: policies and duties with their versions, personnel notices, a dissolved branch."""

from typing import Any

from events.base import Event, MeetingId
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
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l01_organisation import PROJECTION, REGISTERS
from tests.decide.bdd import BRANCH as ORG
from tests.decide.roster_history import ANN, BEFORE, BEN, DAY, founded
from tests.decide.work_history import paper
from tests.ledgers.l04_history import facts

D1 = StructureEntryId("d1")
SECOND = paper("d2", version=2, occurred_on=DAY, effective_from=DAY, replaces=D1, replaced_from=BEFORE, met_on=BEFORE)
NOTICE = PersonnelNoticeIssued(
    occurred_on=DAY,
    entry_id=StructureEntryId("n1"),
    number="支字〔2026〕5号",
    reason="工作需要",
    changes=(PersonChange(person_id=ANN, before="宣传委员", after="组织委员"), PersonChange(person_id=BEN, after="宣传委员")),
    meeting_id=MeetingId("m1"),
    met_on=BEFORE,
)


def rows(*events: Event, register: str = "papers") -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def states(*events: Event) -> list[tuple[str, int, str]]:
    return [(row["key"], row["cells"]["version"], row["cells"]["state"]) for row in rows(*events)]


def withdrawn(entry: str, what: str, **changed: Any) -> StructureEntryWithdrawn:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": StructureEntryId(entry),
        "what": what,
        "happened_on": DAY,
        "reason": "误登",
    }
    return StructureEntryWithdrawn(**(told | changed))


def test_a_policy_has_a_whole_row():
    assert rows(paper()) == [
        {
            "org_id": "b1",
            "ledger": "L01",
            "register": "papers",
            "year": "0",
            "key": "d1",
            "row_no": 1,
            "subject": None,
            "occurred_on": BEFORE,
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "name": "学习制度",
                "kind": "制度",
                "met_on": None,
                "effective_from": BEFORE,
                "revised_on": None,
                "version": 1,
                "state": "现行",
            },
        }
    ]


def test_a_revision_is_a_line_of_its_own_and_the_one_before_says_so():
    assert states(paper(), SECOND) == [("d1", 1, "已修订"), ("d2", 2, "现行")]
    cells = rows(paper(), SECOND)[1]["cells"]
    assert (cells["revised_on"], cells["met_on"]) == (DAY, BEFORE)


def test_a_duty_statement_is_a_paper_too():
    (row,) = rows(paper(kind=PaperKind.DUTY, duty_of=DutyOf.SECRETARY, name="书记职责"))
    assert (row["cells"]["name"], row["cells"]["kind"]) == ("书记职责", "职责")


def test_what_was_repealed_says_so():
    repealed = PaperRepealed(occurred_on=DAY, entry_id=D1, adopted_on=BEFORE, reason="不再适用")
    assert states(paper(), repealed) == [("d1", 1, "已废止 2026-03-16：不再适用")]


def test_a_withdrawn_revision_is_struck_and_the_version_before_stands_again():
    gone = withdrawn("d2", "structure.paper_adopted", restores=D1, restored_from=BEFORE)
    assert states(paper(), SECOND, gone) == [("d1", 1, "现行"), ("d2", 2, "现行")]
    assert [row["struck_by"] for row in rows(paper(), SECOND, gone)] == [None, "e3"]


def test_a_notice_has_a_whole_row():
    (row,) = rows(NOTICE, register="personnel-notices")
    assert (row["year"], row["key"], row["occurred_on"]) == ("2026", "n1", DAY)
    assert row["cells"] == {
        "number": "支字〔2026〕5号",
        "on": DAY,
        "reason": "工作需要",
        "people": ["ann", "ben"],
        "before": ["宣传委员", ""],
        "after": ["组织委员", "宣传委员"],
        "met_on": BEFORE,
    }


def test_a_withdrawn_notice_is_struck():
    gone = withdrawn("n1", "structure.personnel_notice_issued")
    assert [row["struck_by"] for row in rows(NOTICE, gone, register="personnel-notices")] == ["e2"]


def test_a_request_has_no_row_and_neither_has_its_withdrawal():
    asked = EstablishmentRequested(
        occurred_on=DAY, entry_id=D1, name="第三党支部", unit="综合科", full_members=5, members_min=3, document_no="1号"
    )
    gone = withdrawn("d1", "structure.establishment_requested")
    assert ledger_rows(replay([PROJECTION], facts(asked, gone))) == []


def test_the_form_of_a_dissolved_branch_is_struck():
    gone = BranchDissolved(occurred_on=DAY, org_id=ORG, reason="机构调整", approval_no="10号")
    assert [row["struck_by"] for row in rows(founded(), gone, register="branch")] == ["e2"]


def test_the_forms_are_part_of_the_ledger():
    assert {"制度职责清单", "人员调整通知"} <= {register.zh for register in REGISTERS}
