"""Supervision: checks, eight-hour rules, suggestions, letters and visits, rights, entries taken back (N18, N21, N03.T03), each three ways."""

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
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, CAI, DAY, founded, left, members, suspended

HERE: tuple[Event, ...] = (founded(), *members(ANN, BEN, CAI))
FIRST = "event-1"
S1, L1, K1 = SuggestionId("s1"), LetterVisitId("l1"), ComplaintId("k1")


def rules(act: RulesAct = RulesAct.ADOPTED, **changed: Any) -> EightHourRulesAdopted:
    told: dict[str, Any] = {"occurred_on": BEFORE, "entry_id": SupervisionId("r1"), "act": act, "version": "2026版", "text": "八条细则"}
    return EightHourRulesAdopted(**(told | changed))


class TestRecordSupervisionCheck:
    def check(self, **changed: Any) -> RecordSupervisionCheck:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "topics": (CheckTopic.RULES, CheckTopic.BRANCH_DUTIES),
            "checked_by": (ANN,),
            "finding": "执行较好",
            "handling": "继续保持",
        }
        return RecordSupervisionCheck(**(told | changed))

    def checked(self, **changed: Any) -> SupervisionChecked:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "entry_id": FIRST,
            "topics": (CheckTopic.RULES, CheckTopic.BRANCH_DUTIES),
            "checked_by": (ANN,),
            "finding": "执行较好",
            "handling": "继续保持",
        }
        return SupervisionChecked(**(told | changed))

    def test_on_several_topics(self):
        given(HERE).when(self.check()).then(self.checked())

    def test_of_the_eight_hour_rules_in_force(self):
        topics = {"topics": (CheckTopic.EIGHT_HOURS,)}
        given(HERE, rules()).when(self.check(**topics)).then(self.checked(**topics, rules_version="2026版"))
        given(HERE).when(self.check(**topics)).then(fails(Conflict, "no eight-hour rules"))
        given(HERE, rules(occurred_on=AFTER)).when(self.check(**topics)).then(fails(Conflict, "no eight-hour rules"))

    def test_the_same_again_by_content_or_by_id(self):
        given(HERE, self.checked(entry_id="c9")).when(self.check()).then(nothing)
        given(HERE, self.checked(entry_id="c9")).when(self.check(entry_id="c9", finding="另一说法")).then(nothing)
        given(HERE, self.checked(entry_id="c9")).when(self.check(finding="另一次")).then(self.checked(finding="另一次"))

    def test_it_names_what_and_who(self):
        given(HERE).when(self.check(topics=())).then(fails(Malformed))
        given(HERE).when(self.check(checked_by=())).then(fails(Malformed))

    def test_INV_002_and_INV_009_by_members_of_that_day(self):
        given(HERE).when(self.check(checked_by=("stranger",))).then(refused("INV-002", "checked_by"))
        given(HERE, suspended(ANN)).when(self.check()).then(refused("INV-009", "checked_by"))

    def test_an_id_names_one_thing_only(self):
        given(HERE, rules()).when(self.check(entry_id="r1")).then(fails(Conflict, "another entry"))


class TestAdoptEightHourRules:
    def adopt(self, act: RulesAct = RulesAct.ADOPTED, **changed: Any) -> AdoptEightHourRules:
        told: dict[str, Any] = {"occurred_on": DAY, "act": act, "version": "2026版", "text": "八条细则"}
        return AdoptEightHourRules(**(told | changed))

    def test_for_the_first_time(self):
        given(HERE).when(self.adopt()).then(rules(occurred_on=DAY, entry_id=FIRST))

    def test_revised_and_reviewed(self):
        revised = {"version": "2027版", "text": "九条细则"}
        given(HERE, rules()).when(self.adopt(RulesAct.REVISED, **revised)).then(
            rules(RulesAct.REVISED, occurred_on=DAY, entry_id=FIRST, **revised)
        )
        given(HERE, rules()).when(self.adopt(RulesAct.REVIEWED, text=None)).then(
            rules(RulesAct.REVIEWED, occurred_on=DAY, entry_id=FIRST, text=None)
        )

    def test_the_same_again(self):
        given(HERE, rules(occurred_on=DAY)).when(self.adopt()).then(nothing)
        given(HERE, rules(occurred_on=DAY)).when(self.adopt(entry_id="r1")).then(nothing)

    def test_a_text_is_needed_and_something_to_revise(self):
        given(HERE).when(self.adopt(text=None)).then(fails(Malformed, "text"))
        given(HERE).when(self.adopt(RulesAct.REVIEWED)).then(fails(Conflict, "no eight-hour rules"))
        given(HERE, rules()).when(self.adopt(RulesAct.REVIEWED, version="2020版")).then(fails(Conflict, "2026版"))


class TestRecordEightHourBreach:
    def breach(self, **changed: Any) -> RecordEightHourBreach:
        told: dict[str, Any] = {"occurred_on": DAY, "person_id": BEN, "checked_by": (ANN,), "facts": "违规宴请", "handling": "批评教育"}
        return RecordEightHourBreach(**(told | changed))

    def recorded(self, **changed: Any) -> EightHourBreachRecorded:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "entry_id": FIRST,
            "person_id": BEN,
            "checked_by": (ANN,),
            "rules_version": "2026版",
            "facts": "违规宴请",
            "handling": "批评教育",
        }
        return EightHourBreachRecorded(**(told | changed))

    def test_against_the_rules_of_that_day(self):
        given(HERE, rules()).when(self.breach()).then(self.recorded())
        given(HERE).when(self.breach()).then(fails(Conflict, "no eight-hour rules"))

    def test_the_same_again_by_id(self):
        given(HERE, rules(), self.recorded(entry_id="b1")).when(self.breach(entry_id="b1")).then(nothing)

    def test_INV_009_of_a_member(self):
        given(HERE, rules(), left(BEN)).when(self.breach()).then(refused("INV-009", "person_id"))
        given(HERE, rules(), left(ANN)).when(self.breach()).then(refused("INV-009", "checked_by"))


def suggestion(**changed: Any) -> MemberSuggestionRecorded:
    told: dict[str, Any] = {"occurred_on": DAY, "suggestion_id": S1, "person_id": BEN, "content": "增加学习时间", "received_by": ANN}
    return MemberSuggestionRecorded(**(told | changed))


def answer(**changed: Any) -> MemberSuggestionAnswered:
    told: dict[str, Any] = {
        "occurred_on": AFTER,
        "suggestion_id": S1,
        "person_id": BEN,
        "answer": "已采纳",
        "satisfaction": Satisfaction.SATISFIED,
    }
    return MemberSuggestionAnswered(**(told | changed))


class TestSuggestions:
    def record(self, **changed: Any) -> RecordSuggestion:
        told: dict[str, Any] = {"occurred_on": DAY, "person_id": BEN, "content": "增加学习时间", "received_by": ANN}
        return RecordSuggestion(**(told | changed))

    def reply(self, **changed: Any) -> AnswerSuggestion:
        told: dict[str, Any] = {"occurred_on": AFTER, "suggestion_id": S1, "answer": "已采纳", "satisfaction": Satisfaction.SATISFIED}
        return AnswerSuggestion(**(told | changed))

    def test_recorded_also_a_second_one_of_that_day(self):
        given(HERE).when(self.record()).then(suggestion(suggestion_id=FIRST))
        given(HERE, suggestion()).when(self.record(content="另一建议")).then(suggestion(suggestion_id=FIRST, content="另一建议"))

    def test_the_same_again_by_id(self):
        given(HERE, suggestion()).when(self.record(suggestion_id=S1)).then(nothing)
        given(HERE, suggestion(), answer()).when(self.reply()).then(nothing)

    def test_answered_and_answered_once_more(self):
        given(HERE, suggestion()).when(self.reply()).then(answer())
        better = {"occurred_on": AFTER + dt.timedelta(days=9), "answer": "已落实"}
        given(HERE, suggestion(), answer()).when(self.reply(**better)).then(answer(**better))

    def test_INV_009_of_and_by_members(self):
        given(HERE, left(BEN)).when(self.record()).then(refused("INV-009", "person_id"))
        given(HERE, left(ANN)).when(self.record()).then(refused("INV-009", "received_by"))

    def test_an_answer_has_a_suggestion_and_comes_after_it(self):
        given(HERE).when(self.reply()).then(fails(Absent))
        given(HERE, suggestion()).when(self.reply(occurred_on=BEFORE)).then(fails(Conflict, "after"))


def letter(**changed: Any) -> LetterVisitReceived:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "letter_visit_id": L1,
        "number": "2026-001",
        "person_id": PersonId("visitor"),
        "of_member": False,
        "visitor": "王某 13900000000",
        "channel": Channel.VISIT,
        "matter": "反映办事效率",
        "received_by": ANN,
    }
    return LetterVisitReceived(**(told | changed))


class TestLettersAndVisits:
    def receive(self, **changed: Any) -> ReceiveLetterVisit:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "channel": Channel.VISIT,
            "visitor": "王某 13900000000",
            "matter": "反映办事效率",
            "received_by": ANN,
        }
        return ReceiveLetterVisit(**(told | changed))

    def test_a_visitor_is_known_by_an_id_of_their_own(self):
        given(HERE).when(self.receive()).then(letter(letter_visit_id=FIRST, person_id=FIRST))

    def test_a_member_by_theirs_also_one_who_left(self):
        of_member: dict[str, Any] = {"person_id": BEN, "visitor": None}
        given(HERE, left(BEN)).when(self.receive(**of_member)).then(letter(letter_visit_id=FIRST, of_member=True, **of_member))

    def test_an_unsigned_one(self):
        given(HERE).when(self.receive(visitor=None)).then(letter(letter_visit_id=FIRST, person_id=FIRST, visitor=None))

    def test_numbers_follow_one_another_within_the_year_whatever_is_withdrawn(self):
        gone = SupervisionEntryWithdrawn(occurred_on=DAY, entry=L1, begun_on=DAY, reason="重复录入")
        given(HERE, letter(), gone).when(self.receive()).then(letter(letter_visit_id=FIRST, number="2026-002", person_id=FIRST))
        new_year = dt.date(2027, 1, 4)
        given(HERE, letter()).when(self.receive(occurred_on=new_year)).then(
            letter(occurred_on=new_year, letter_visit_id=FIRST, number="2027-001", person_id=FIRST)
        )

    def test_who_repeats_a_matter_is_who_brought_it_first(self):
        given(HERE, letter()).when(self.receive(repeat_of=L1)).then(letter(letter_visit_id=FIRST, number="2026-002", repeat_of=L1))
        of_member = letter(person_id=BEN, of_member=True, visitor=None)
        given(HERE, of_member).when(self.receive(repeat_of=L1)).then(
            letter(letter_visit_id=FIRST, number="2026-002", person_id=FIRST, repeat_of=L1)
        )

    def test_the_same_again_by_id(self):
        given(HERE, letter()).when(self.receive(letter_visit_id=L1)).then(nothing)

    def test_a_member_or_a_visitor_who_is_known(self):
        given(HERE).when(self.receive(person_id=BEN)).then(fails(Malformed))
        given(HERE).when(self.receive(person_id="stranger", visitor=None)).then(fails(Absent))
        given(HERE).when(self.receive(repeat_of=L1)).then(fails(Absent))

    def test_INV_009_taken_by_a_member(self):
        given(HERE, suspended(ANN)).when(self.receive()).then(refused("INV-009", "received_by"))

    def test_referred_and_resolved(self):
        visitor = PersonId("visitor")
        refer = ReferLetterVisit(occurred_on=AFTER, letter_visit_id=L1, to="办公室")
        resolve = ResolveLetterVisit(occurred_on=AFTER, letter_visit_id=L1, result="已答复")
        referred = LetterVisitReferred(occurred_on=AFTER, letter_visit_id=L1, person_id=visitor, to="办公室")
        resolved = LetterVisitResolved(occurred_on=AFTER, letter_visit_id=L1, person_id=visitor, result="已答复")
        given(HERE, letter()).when(refer).then(referred)
        given(HERE, letter(), referred).when(resolve).then(resolved)
        given(HERE, letter(), referred, resolved).when(refer).then(nothing)
        given(HERE, letter(), referred, resolved).when(resolve).then(nothing)

    @pytest.mark.parametrize(
        "command",
        [
            ReferLetterVisit(occurred_on=BEFORE, letter_visit_id=L1, to="办公室"),
            ResolveLetterVisit(occurred_on=BEFORE, letter_visit_id=L1, result="已答复"),
        ],
    )
    def test_not_before_it_came_and_not_without_it(self, command: Command):
        given(HERE, letter()).when(command).then(fails(Conflict, "after"))
        given(HERE).when(command).then(fails(Absent))


class TestRights:
    def exercise(self, **changed: Any) -> RecordRightExercised:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "person_id": BEN,
            "right": MemberRight.DISCUSS,
            "matter": "参加讨论",
            "handling": "记入会议记录",
            "result": "已采纳",
        }
        return RecordRightExercised(**(told | changed))

    def exercised(self, **changed: Any) -> MemberRightExercised:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "entry_id": FIRST,
            "person_id": BEN,
            "right": MemberRight.DISCUSS,
            "matter": "参加讨论",
            "handling": "记入会议记录",
            "result": "已采纳",
        }
        return MemberRightExercised(**(told | changed))

    def test_used(self):
        given(HERE).when(self.exercise()).then(self.exercised())
        given(HERE, self.exercised(entry_id="x1")).when(self.exercise(entry_id="x1")).then(nothing)
        given(HERE, left(BEN)).when(self.exercise()).then(refused("INV-009", "person_id"))

    FILED = MemberRightComplaintFiled(occurred_on=DAY, complaint_id=K1, person_id=BEN, right=MemberRight.VOTE, matter="未通知参会")
    RESOLVED = MemberRightComplaintResolved(
        occurred_on=AFTER, complaint_id=K1, person_id=BEN, handling="补发通知", result=ComplaintResult.UPHELD
    )

    def file(self, **changed: Any) -> FileComplaint:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "person_id": BEN,
            "right": MemberRight.VOTE,
            "matter": "未通知参会",
            "complaint_id": K1,
        }
        return FileComplaint(**(told | changed))

    def resolve(self, **changed: Any) -> ResolveComplaint:
        told: dict[str, Any] = {"occurred_on": AFTER, "complaint_id": K1, "handling": "补发通知", "result": ComplaintResult.UPHELD}
        return ResolveComplaint(**(told | changed))

    def test_a_complaint_also_of_somebody_whose_membership_ended(self):
        given(HERE).when(self.file()).then(self.FILED)
        given(HERE, left(BEN)).when(self.file()).then(self.FILED)
        given(HERE, self.FILED).when(self.file()).then(nothing)
        given(HERE).when(self.file(person_id="stranger")).then(fails(Absent))

    def test_resolved(self):
        given(HERE, self.FILED).when(self.resolve()).then(self.RESOLVED)
        given(HERE, self.FILED, self.RESOLVED).when(self.resolve()).then(nothing)
        given(HERE, self.FILED).when(self.resolve(occurred_on=BEFORE)).then(fails(Conflict, "after"))
        given(HERE).when(self.resolve()).then(fails(Absent))


class TestWithdrawSupervisionEntry:
    def withdraw(self, **named: Any) -> WithdrawSupervisionEntry:
        told: dict[str, Any] = {"occurred_on": AFTER, "reason": "重复录入"}
        return WithdrawSupervisionEntry(**(told | named))

    @pytest.mark.parametrize(
        ("entry", "named"),
        [
            (rules(occurred_on=DAY), {"entry_id": "r1"}),
            (suggestion(), {"suggestion_id": S1}),
            (letter(), {"letter_visit_id": L1}),
            (TestRights.FILED, {"complaint_id": K1}),
        ],
    )
    def test_whatever_was_entered_by_mistake(self, entry: Event, named: dict[str, str]):
        (thing,) = named.values()
        gone = SupervisionEntryWithdrawn(occurred_on=AFTER, entry=thing, begun_on=DAY, reason="重复录入")
        given(HERE, entry).when(self.withdraw(**named)).then(gone)
        given(HERE, entry, gone).when(self.withdraw(**named)).then(nothing)

    def test_what_is_struck_is_answered_no_more_and_its_id_stays_taken(self):
        gone = SupervisionEntryWithdrawn(occurred_on=DAY, entry=S1, begun_on=DAY, reason="重复录入")
        reply = AnswerSuggestion(occurred_on=AFTER, suggestion_id=S1, answer="已采纳")
        given(HERE, suggestion(), gone).when(reply).then(fails(Absent))
        again = RecordSuggestion(occurred_on=DAY, person_id=BEN, content="增加学习时间", received_by=ANN, suggestion_id=S1)
        given(HERE, suggestion(), gone).when(again).then(fails(Conflict, "another entry"))

    def test_one_entry_that_is_there_and_not_before_it(self):
        given(HERE, suggestion()).when(self.withdraw()).then(fails(Malformed, "one entry"))
        given(HERE, suggestion()).when(self.withdraw(suggestion_id=S1, letter_visit_id=L1)).then(fails(Malformed, "one entry"))
        given(HERE).when(self.withdraw(suggestion_id=S1)).then(fails(Absent))
        given(HERE, suggestion()).when(self.withdraw(suggestion_id=S1, occurred_on=BEFORE)).then(fails(Conflict, "is of"))
