"""Supervision and members' rights through the bus: from the command to the register, sealed on the way (N18, N21, N03.M02)."""

import datetime as dt
from typing import Any

import pytest

from events.supervision import (
    Channel,
    CheckTopic,
    ComplaintId,
    ComplaintResult,
    LetterVisitId,
    MemberRight,
    RulesAct,
    Satisfaction,
    SuggestionId,
)
from service.decide.base import Command
from service.decide.supervision.checks import AdoptEightHourRules, RecordEightHourBreach, RecordSupervisionCheck, WithdrawSupervisionEntry
from service.decide.supervision.requests import (
    AnswerSuggestion,
    FileComplaint,
    ReceiveLetterVisit,
    RecordRightExercised,
    RecordSuggestion,
    ReferLetterVisit,
    ResolveComplaint,
    ResolveLetterVisit,
)
from tests.flows.case_world import ANN, BEN, CAI, Branch, on

SECRETS = (
    "增加青年活动",
    "已列入计划",
    "来访群众甲",
    "窗口无人值守",
    "已安排轮值",
    "违规接受宴请",
    "当面提出批评",
    "六月未收到通知",
    "补发通知并说明",
)
L1, S1, K1 = LetterVisitId("l1"), SuggestionId("s1"), ComplaintId("k1")

SUGGESTION: tuple[Command, ...] = (
    RecordSuggestion(**on(3, 2), person_id=BEN, content=SECRETS[0], received_by=ANN, suggestion_id=S1),
    AnswerSuggestion(**on(3, 20), suggestion_id=S1, answer=SECRETS[1], satisfaction=Satisfaction.BASIC),
)
LETTER: tuple[Command, ...] = (
    ReceiveLetterVisit(**on(3, 2), channel=Channel.VISIT, visitor=SECRETS[2], matter=SECRETS[3], received_by=ANN, letter_visit_id=L1),
    ReferLetterVisit(**on(3, 3), letter_visit_id=L1, to="办公室"),
    ResolveLetterVisit(**on(3, 24), letter_visit_id=L1, result=SECRETS[4]),
)
CONDUCT: tuple[Command, ...] = (
    AdoptEightHourRules(**on(1, 12), act=RulesAct.ADOPTED, version="2026版", text="细则"),
    RecordSupervisionCheck(**on(6, 22), topics=(CheckTopic.RULES, CheckTopic.EIGHT_HOURS), checked_by=(ANN,), finding="执行较好"),
    RecordEightHourBreach(**on(7, 6), person_id=CAI, checked_by=(ANN,), facts=SECRETS[5]),
)
RIGHTS: tuple[Command, ...] = (
    RecordRightExercised(**on(4, 13), person_id=BEN, right=MemberRight.CRITICISE, matter=SECRETS[6]),
    FileComplaint(**on(7, 6), person_id=BEN, right=MemberRight.ATTEND, matter=SECRETS[7], complaint_id=K1),
    ResolveComplaint(**on(7, 20), complaint_id=K1, handling=SECRETS[8], result=ComplaintResult.UPHELD),
)


@pytest.fixture
async def branch() -> Branch:
    return await Branch().begin()


async def cells(branch: Branch, register: str) -> list[dict[str, Any]]:
    return [row["cells"] for row in await branch.rows(register)]


async def test_a_suggestion_and_its_answer(branch: Branch):
    await branch.send(*SUGGESTION)
    (row,) = await cells(branch, "suggestions")
    assert (branch.keys.open(row["content"]), branch.keys.open(row["answer"])) == SECRETS[:2]
    assert (row["person"], row["answered_on"], row["satisfaction"]) == (BEN, dt.date(2026, 3, 20), "基本满意")


async def test_a_visit_of_the_public_to_its_end(branch: Branch):
    await branch.send(*LETTER)
    (row,) = await cells(branch, "letters")
    assert tuple(branch.keys.open(row[cell]) for cell in ("visitor", "matter", "result")) == SECRETS[2:5]
    assert (row["number"], row["referred_to"], row["answered_on"]) == ("2026-001", "办公室", dt.date(2026, 3, 24))


async def test_a_visitor_can_be_forgotten(branch: Branch):
    await branch.send(*LETTER)
    (row,) = await branch.rows("letters")
    branch.keys.destroy(row["subject"])
    assert branch.keys.open(row["cells"]["visitor"]) is None
    assert branch.keys.open(row["cells"]["matter"]) is None


async def test_rules_checks_and_a_breach(branch: Branch):
    await branch.send(*CONDUCT)
    rules, check, breach = await cells(branch, "eight-hours")
    assert [row["version"] for row in (rules, check, breach)] == ["2026版"] * 3
    assert (breach["person"], branch.keys.open(breach["breach"])) == (CAI, SECRETS[5])
    (among_checks,) = await cells(branch, "checks")
    assert among_checks["topics"] == "党章党规党纪执行、八小时以外约束"


async def test_rights_used_and_denied(branch: Branch):
    await branch.send(*RIGHTS)
    used, denied = await cells(branch, "rights")
    assert (used["right"], branch.keys.open(used["matter"])) == ("在会议上批评", SECRETS[6])
    assert (branch.keys.open(denied["handling"]), denied["result"]) == (SECRETS[8], "2026-07-20 情况属实，已纠正")


async def test_nothing_that_was_brought_forward_is_readable_on_the_record(branch: Branch):
    await branch.send(*SUGGESTION, *LETTER, *CONDUCT, *RIGHTS)
    assert [secret for secret in SECRETS if secret in branch.stored()] == []


async def test_what_was_entered_by_mistake_is_struck(branch: Branch):
    await branch.send(*SUGGESTION, WithdrawSupervisionEntry(**on(4, 1), suggestion_id=S1, reason="重复录入"))
    (row,) = await branch.rows("suggestions")
    assert (row["row_no"], row["struck_by"] is not None) == (1, True)
