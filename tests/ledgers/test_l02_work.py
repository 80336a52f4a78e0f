"""L02 组织生活 beside the meetings: life meetings, speeches, pledges, rectification, papers, talks; whole rows, struck when withdrawn."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from events.base import Event
from events.organisation_life import (
    LifeEntryWithdrawn,
    LifeId,
    LifeMeetingKind,
    RectificationItemClosed,
    SpeechKind,
    YearPaper,
)
from projections.ledgers.l02_organisation_life import PROJECTION, REGISTERS
from tests.decide.life_history import CANCELLED, EVERYBODY, M1, meeting
from tests.decide.roster_history import AFTER, ANN, BEN, CAI, DAY, FAY
from tests.decide.test_organisation_life import DUE, E1, E2, PLEDGED, filed, lived, opened, reported, spoke
from tests.decide.test_talks import SEALED, WITHDRAWN
from tests.ledgers.l02_history import ORG
from tests.ledgers.work_rows import register_of

E3 = LifeId("e3")
DONE_ON = dt.date(2026, 5, 20)


def rows(register: str, *history: Event | Iterable[Event]) -> list[dict[str, Any]]:
    return register_of(PROJECTION, register, *history)


def cells(register: str, *history: Event | Iterable[Event]) -> dict[str, Any]:
    (row,) = rows(register, *history)
    return dict(row["cells"])


def gone(entry_id: LifeId = E1, **changed: Any) -> LifeEntryWithdrawn:
    told: dict[str, Any] = {"occurred_on": DONE_ON, "entry_id": entry_id, "reason": "误录"}
    return LifeEntryWithdrawn(**(told | changed))


def closed(entry_id: LifeId = E3) -> RectificationItemClosed:
    return RectificationItemClosed(occurred_on=DONE_ON, entry_id=entry_id, item_id=E2, result="走访12户")


def test_the_registers_of_the_rule_sheet_are_there():
    assert {register.zh for register in REGISTERS} >= {
        "三会一课记录",
        "党课登记表",
        "主题党日登记表",
        "组织生活会登记表",
        "谈心谈话记录表",
        "民主评议党员登记表",
        "整改清单",
        "年度计划/总结",
    }


LIFE = {
    "year": 2026,
    "kind": "组织生活会",
    "planned_on": None,
    "study": "学习党章",
    "talks": 12,
    "opinions": 8,
    "held_on": DAY,
    "form": "党员大会",
    "participants": len(EVERYBODY),
    "problems": "联系群众不够",
    "criticism": "认真开展",
    "spoke": [],
    "measures": [],
    "responsible": [],
    "reported_on": None,
}


class TestLifeMeetings:
    def test_it_has_a_whole_row(self):
        (row,) = rows("life-meetings", lived(entry_id=E1))
        assert row == {
            "org_id": ORG,
            "ledger": "L02",
            "register": "life-meetings",
            "year": "2026",
            "key": "e1",
            "row_no": 1,
            "subject": None,
            "occurred_on": DAY,
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": LIFE,
        }

    def test_the_year_may_be_the_one_before(self):
        (row,) = rows("life-meetings", lived(entry_id=E1, year=2025))
        assert (row["year"], row["cells"]["year"]) == ("2025", 2025)

    @pytest.mark.parametrize("first", ["papers", "meeting"])
    def test_plan_and_report_of_its_year_stand_in_it(self, first: str):
        papers = (
            filed(entry_id=E2, kind=YearPaper.LIFE_PLAN, occurred_on=DAY),
            filed(entry_id=E3, kind=YearPaper.LIFE_REPORT, occurred_on=AFTER),
        )
        story = (*papers, lived(entry_id=E1)) if first == "papers" else (lived(entry_id=E1), *papers)
        assert cells("life-meetings", *story) == LIFE | {"planned_on": str(DAY), "reported_on": str(AFTER)}
        assert cells("life-meetings", *story, gone(E2)) == LIFE | {"reported_on": str(AFTER)}

    def test_papers_of_another_year_or_meeting_do_not(self):
        other = filed(entry_id=E2, kind=YearPaper.LIFE_PLAN, year=2025)
        assert cells("life-meetings", lived(entry_id=E1), other)["planned_on"] is None
        democratic = lived(entry_id=E1, kind=LifeMeetingKind.DEMOCRATIC)
        assert "planned_on" not in cells("life-meetings", democratic, filed(entry_id=E2, kind=YearPaper.LIFE_PLAN))

    def test_what_is_to_be_put_right_and_was(self):
        story = (lived(entry_id=E1), opened(entry_id=E2))
        text = f"2026-001 每月走访，时限{DUE}"
        assert cells("life-meetings", *story) == LIFE | {"measures": [f"{text}，未完成"], "responsible": [CAI]}
        assert cells("life-meetings", *story, closed())["measures"] == [f"{text}，{DONE_ON}完成"]
        assert cells("life-meetings", *story, closed(), gone(E3))["measures"] == [f"{text}，未完成"]
        assert cells("life-meetings", *story, gone(E2)) == LIFE

    def test_who_criticised_and_committed_but_not_what_was_said(self):
        commitment = spoke(entry_id=E3, kind=SpeechKind.COMMITMENT)
        story = (lived(entry_id=E1), spoke(entry_id=E2, person_id=ANN, text="~sealed"), commitment)
        assert cells("life-meetings", *story)["spoke"] == [ANN, FAY]
        assert cells("life-meetings", *story, gone(E2))["spoke"] == [FAY]
        assert cells("life-meetings", lived(entry_id=E1), spoke(entry_id=E2, kind=SpeechKind.SPEECH))["spoke"] == []

    def test_with_a_cancelled_meeting_it_is_struck(self):
        (row,) = rows("life-meetings", meeting(), lived(entry_id=E1), CANCELLED)
        assert row["struck_by"] == "e3"
        (speech,) = rows("speeches", meeting(), spoke(entry_id=E2), CANCELLED)
        assert speech["struck_by"] == "e3"


def test_a_speech_has_a_whole_row_and_is_struck():
    criticism = spoke(entry_id=E1, kind=SpeechKind.CRITICISM, about_id=BEN, text="~sealed")
    (row,) = rows("speeches", criticism, gone())
    assert (row["year"], row["subject"], row["struck_by"]) == ("2026", FAY, "e2")
    assert row["cells"] == {"date": DAY, "person": FAY, "kind": "相互批评", "about": BEN, "text": "~sealed"}


MADE = {"year": 2026, "person": ANN, "pledged_on": DAY, "pledge": "办三件实事"}


class TestPledges:
    def test_a_pledge_and_how_it_was_kept(self):
        (row,) = rows("pledges", PLEDGED, reported(entry_id=E2))
        assert (row["year"], row["subject"], row["occurred_on"]) == ("2026", ANN, DAY)
        assert row["cells"] == {**MADE, "kept": True, "result": "已办成", "reported_on": DAY}

    def test_a_withdrawn_report_leaves_the_pledge(self):
        (row,) = rows("pledges", PLEDGED, reported(entry_id=E2), gone(E2))
        assert (row["struck_by"], row["cells"]) == (None, {**MADE, "kept": None, "result": None, "reported_on": None})

    def test_a_withdrawn_pledge_is_struck(self):
        assert [row["struck_by"] for row in rows("pledges", PLEDGED, gone())] == ["e2"]


OPENED = {
    "number": "2026-001",
    "source": f"{DAY} 学习文件",
    "problem": "联系群众不够",
    "measures": "每月走访",
    "responsible": CAI,
    "due_on": DUE,
}


class TestRectification:
    def test_an_item_is_opened_and_closed(self):
        assert cells("rectification", opened(entry_id=E2)) == OPENED
        assert cells("rectification", opened(entry_id=E2), closed()) == {**OPENED, "result": "走访12户", "closed_on": DONE_ON}

    def test_a_withdrawn_closing_opens_it_again_and_a_withdrawn_item_is_struck(self):
        again = cells("rectification", opened(entry_id=E2), closed(), gone(E3))
        assert again == {**OPENED, "result": None, "closed_on": None}
        assert [row["struck_by"] for row in rows("rectification", opened(entry_id=E2), gone(E2))] == ["e2"]

    def test_one_that_came_from_no_meeting(self):
        assert cells("rectification", opened(entry_id=E2, meeting_id=None, source="上级检查"), closed())["closed_on"] == DONE_ON


@pytest.mark.parametrize("kind", list(YearPaper))
def test_every_paper_has_a_row_of_its_year(kind: YearPaper):
    paper = filed(entry_id=E1, kind=kind, year=2025, meeting_id=M1, adopted_by="2026-03-16 党员大会", file="卷-1")
    (row,) = rows("papers", paper, gone())
    assert (row["year"], row["occurred_on"], row["struck_by"]) == ("2025", DAY, "e2")
    assert row["cells"] == {
        "year": 2025,
        "kind": kind.zh,
        "title": "2026年工作计划",
        "adopted_by": "2026-03-16 党员大会",
        "date": DAY,
        "text": "一、…",
        "file": "卷-1",
    }


def test_a_talk_has_a_whole_row_and_stays_sealed():
    (row,) = rows("talks", SEALED)
    assert (row["ledger"], row["year"], row["key"], row["subject"], row["occurred_on"]) == ("L02", "2026", "t1", FAY, DAY)
    assert row["cells"] == {
        "time": f"{DAY} 15:00",
        "place": "办公室",
        "talker": ANN,
        "person": FAY,
        "pair": "班子成员与党员",
        "trigger": "日常谈心",
        "situation": "~1",
        "problems": "~2",
        "suggestions": "~3",
        "opinions": "~4",
        "criticism": "~5",
        "signed": True,
    }


def test_a_withdrawn_talk_is_struck():
    assert [row["struck_by"] for row in rows("talks", SEALED, WITHDRAWN)] == ["e2"]
