"""L05 党员监督, the books of supervision: suggestions, letters and visits, checks, eight-hour rules, rights; whole rows."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, PersonId
from events.supervision import (
    Channel,
    CheckTopic,
    ComplaintId,
    ComplaintResult,
    EightHourBreachRecorded,
    EightHourRulesAdopted,
    LetterVisitId,
    LetterVisitReceived,
    LetterVisitReferred,
    LetterVisitResolved,
    MemberAnswerRated,
    MemberRight,
    MemberRightComplaintFiled,
    MemberRightComplaintResolved,
    MemberRightExercised,
    MemberSuggestionAnswered,
    MemberSuggestionRecorded,
    RulesAct,
    Satisfaction,
    SuggestionId,
    SupervisionChecked,
    SupervisionEntryWithdrawn,
    SupervisionId,
)
from projections.engine.fold import Projection
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l05_letters import RECEPTIONS, LetterVisitBook, handlers
from projections.ledgers.l05_supervision import PROJECTION, REGISTERS
from tests.decide.roster_history import ANN, BEN
from tests.ledgers.l04_history import facts

DAY, ANSWERED_ON = dt.date(2026, 12, 28), dt.date(2027, 1, 8)
VISITOR = PersonId("visitor")


def sealed(field: str, person: str = "ben") -> str:
    return f"~1|{person}|e|{field}|x"


def rows(register: str, *events: Event) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def cells(register: str, *events: Event) -> dict[str, Any]:
    (row,) = rows(register, *events)
    found: dict[str, Any] = row["cells"]
    return found


SUGGESTED = MemberSuggestionRecorded(
    occurred_on=DAY, suggestion_id=SuggestionId("s1"), person_id=BEN, content=sealed("content"), received_by=ANN
)
LETTER = LetterVisitReceived(
    occurred_on=DAY,
    letter_visit_id=LetterVisitId("l1"),
    number="2026-001",
    person_id=VISITOR,
    of_member=False,
    visitor=sealed("visitor", "visitor"),
    channel=Channel.PHONE,
    matter=sealed("matter", "visitor"),
    received_by=ANN,
)
REFERRED = LetterVisitReferred(occurred_on=DAY, letter_visit_id=LetterVisitId("l1"), person_id=VISITOR, to="办公室")
RESOLVED = LetterVisitResolved(
    occurred_on=ANSWERED_ON, letter_visit_id=LetterVisitId("l1"), person_id=VISITOR, result=sealed("result", "visitor")
)
RULES = EightHourRulesAdopted(occurred_on=DAY, entry_id=SupervisionId("r1"), act=RulesAct.ADOPTED, version="2026版", text="八条细则")
BREACH = EightHourBreachRecorded(
    occurred_on=DAY,
    entry_id=SupervisionId("b1"),
    person_id=BEN,
    checked_by=(ANN,),
    rules_version="2026版",
    facts=sealed("facts"),
    handling=sealed("handling"),
)
COMPLAINT = MemberRightComplaintFiled(
    occurred_on=DAY, complaint_id=ComplaintId("k1"), person_id=BEN, right=MemberRight.VOTE, matter=sealed("matter")
)


def checked(*topics: CheckTopic, version: str | None = None) -> SupervisionChecked:
    return SupervisionChecked(
        occurred_on=DAY,
        entry_id=SupervisionId("c1"),
        topics=topics,
        checked_by=(ANN, BEN),
        finding="执行较好",
        handling="继续保持",
        rules_version=version,
    )


def withdrawn(entry: str) -> SupervisionEntryWithdrawn:
    return SupervisionEntryWithdrawn(occurred_on=ANSWERED_ON, entry=entry, begun_on=DAY, reason="重复录入")


def test_of_a_suggestion_that_a_member_wrote_down_whoever_answers_is_who_took_it_up_and_the_member_rates_the_answer():
    named: dict[str, Any] = {"occurred_on": ANSWERED_ON, "suggestion_id": SuggestionId("s1"), "person_id": BEN}
    given = MemberSuggestionRecorded(
        occurred_on=DAY, suggestion_id=SuggestionId("s1"), person_id=BEN, content=sealed("content"), received_by=None
    )
    answer = MemberSuggestionAnswered(**named, answer=sealed("answer"), answered_by=ANN)
    rated = MemberAnswerRated(**named, satisfaction=Satisfaction.BASIC)
    assert cells("suggestions", given)["received_by"] is None
    told = cells("suggestions", given, answer, rated)
    assert (told["received_by"], told["answered_on"], told["satisfaction"]) == (ANN, ANSWERED_ON, "基本满意")


def test_a_suggestion_is_completed_by_its_answer_in_the_row_of_its_year():
    answer = MemberSuggestionAnswered(
        occurred_on=ANSWERED_ON,
        suggestion_id=SuggestionId("s1"),
        person_id=BEN,
        answer=sealed("answer"),
        satisfaction=Satisfaction.SATISFIED,
    )
    assert rows("suggestions", SUGGESTED, answer) == [
        {
            "org_id": "b1",
            "ledger": "L05",
            "register": "suggestions",
            "year": "2026",
            "key": "s1",
            "row_no": 1,
            "subject": BEN,
            "occurred_on": DAY,
            "recorded_at": 2_000_000,
            "position": 102,
            "event_id": "e2",
            "struck_by": None,
            "cells": {
                "date": DAY,
                "person": BEN,
                "content": sealed("content"),
                "received_by": ANN,
                "answer": sealed("answer"),
                "answered_on": ANSWERED_ON,
                "satisfaction": "满意",
            },
        }
    ]


def test_a_letter_of_the_public_names_nobody_in_plain():
    assert cells("letters", LETTER, REFERRED, RESOLVED) == {
        "number": "2026-001",
        "date": DAY,
        "channel": "电",
        "visitor": sealed("visitor", "visitor"),
        "member": None,
        "matter": sealed("matter", "visitor"),
        "received_by": ANN,
        "repeated": False,
        "referred_to": "办公室",
        "result": sealed("result", "visitor"),
        "answered_on": ANSWERED_ON,
    }


def test_a_letter_of_a_member_names_them_by_id():
    of_member = LetterVisitReceived(
        occurred_on=DAY,
        letter_visit_id=LetterVisitId("l2"),
        number="2026-002",
        person_id=BEN,
        of_member=True,
        channel=Channel.LETTER,
        matter=sealed("matter"),
        received_by=ANN,
        repeat_of=LetterVisitId("l1"),
    )
    _, row = rows("letters", LETTER, of_member)
    assert (row["row_no"], row["cells"]["member"], row["cells"]["visitor"], row["cells"]["repeated"]) == (2, BEN, None, True)


def test_the_same_rows_are_told_once_more_for_mass_work():
    second = Projection[LetterVisitBook](name="l06", tables=("ledger_row",), start=LetterVisitBook, handlers=handlers(RECEPTIONS))
    (row,) = ledger_rows(replay([second], facts(LETTER, REFERRED, RESOLVED)))
    assert (row["ledger"], row["register"], row["cells"]) == ("L06", "receptions", cells("letters", LETTER, REFERRED, RESOLVED))


def test_a_check_has_a_row_among_the_checks():
    assert cells("checks", checked(CheckTopic.RULES, CheckTopic.BRANCH_DUTIES)) == {
        "date": DAY,
        "checked_by": [ANN, BEN],
        "topics": "党章党规党纪执行、党支部职责履行",
        "finding": "执行较好",
        "handling": "继续保持",
    }
    assert rows("eight-hours", checked(CheckTopic.RULES)) == []


def test_a_check_of_the_eight_hours_has_one_beside_the_rules():
    assert cells("eight-hours", checked(CheckTopic.EIGHT_HOURS, version="2026版")) == {
        "version": "2026版",
        "date": DAY,
        "checked_by": [ANN, BEN],
        "finding": "执行较好",
        "handling": "继续保持",
    }
    assert rows("checks", checked(CheckTopic.EIGHT_HOURS, version="2026版")) == []
    both = checked(CheckTopic.RULES, CheckTopic.EIGHT_HOURS, version="2026版")
    assert [len(rows(register, both)) for register in ("checks", "eight-hours")] == [1, 1]


def test_rules_and_breaches_stand_in_one_register():
    first, second = rows("eight-hours", RULES, BREACH)
    assert first["cells"] == {"version": "2026版", "date": DAY, "finding": "制定"}
    assert (second["subject"], second["cells"]) == (
        BEN,
        {
            "version": "2026版",
            "date": DAY,
            "checked_by": [ANN],
            "finding": "违规登记",
            "person": BEN,
            "breach": sealed("facts"),
            "breach_handling": sealed("handling"),
        },
    )


def test_the_use_of_a_right_and_a_complaint_with_its_result():
    used = MemberRightExercised(
        occurred_on=DAY,
        entry_id=SupervisionId("x1"),
        person_id=BEN,
        right=MemberRight.CRITICISE,
        matter=sealed("matter"),
        handling=sealed("handling"),
        result=sealed("result"),
    )
    answer = MemberRightComplaintResolved(
        occurred_on=ANSWERED_ON, complaint_id=ComplaintId("k1"), person_id=BEN, handling=sealed("handling"), result=ComplaintResult.UPHELD
    )
    first, second = rows("rights", used, COMPLAINT, answer)
    person = {"date": DAY, "person": BEN, "matter": sealed("matter"), "handling": sealed("handling")}
    assert first["cells"] == {**person, "right": "在会议上批评", "result": sealed("result")}
    assert second["cells"] == {**person, "right": "行使表决权、选举权，有被选举权", "result": "2027-01-08 情况属实，已纠正"}


@pytest.mark.parametrize(
    ("register", "entry", "key"),
    [
        ("suggestions", SUGGESTED, "s1"),
        ("letters", LETTER, "l1"),
        ("eight-hours", BREACH, "b1"),
        ("rights", COMPLAINT, "k1"),
        ("checks", checked(CheckTopic.RULES, CheckTopic.EIGHT_HOURS), "c1"),
        ("eight-hours", checked(CheckTopic.RULES, CheckTopic.EIGHT_HOURS), "c1"),
    ],
)
def test_what_was_entered_by_mistake_is_struck_in_its_year(register: str, entry: Event, key: str):
    (row,) = rows(register, entry, withdrawn(key))
    assert (row["year"], row["row_no"], row["struck_by"]) == ("2026", 1, "e2")


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("suggestions", ["日期", "姓名", "内容", "受理人", "办理意见", "答复日期", "满意度"]),
        (
            "letters",
            [
                "编号",
                "日期",
                "方式(信/访/电/网)",
                "来信来访人",
                "来信来访党员",
                "反映事项",
                "受理人",
                "转办",
                "办理结果",
                "答复日期",
                "是否重复",
            ],
        ),
        ("eight-hours", ["细则版本", "检查日期", "检查人", "情况", "处理", "违规党员", "违规情况", "违规处理"]),
        ("rights", ["日期", "党员", "权利类别", "事项", "办理", "结果"]),
    ],
)
def test_the_columns_are_those_of_the_paper_form(code: str, columns: list[str]):
    (register,) = [register for register in REGISTERS if register.code == code]
    assert [column.zh for column in register.columns] == columns
