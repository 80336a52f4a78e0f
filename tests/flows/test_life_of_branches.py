"""Three branches of a committee live at random, through the bus, beside a plain model: every answer and every state must agree."""

import datetime as dt

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from events.base import MeetingId, OrgId, ReceiptNo
from events.dues import DecisionId, DuesUse, EntryId, IncomeKind, PaymentKind
from events.meetings import MeetingKind, VoteMethod
from service.decide.dues.assessment import AssessDuesBase
from service.decide.dues.fund import ApproveDuesSpending, ReceiveAllocation, RemitDues, SpendDues
from service.decide.dues.payments import IssueDuesReceipt, ReceiveDues, ReverseDues
from service.decide.dues.state import FlagArrears
from service.decide.meetings.attendance import CorrectAttendance, RecordMeetingHeld
from service.decide.meetings.votes import VoteOnMotion
from tests.flows.life import BRANCHES
from tests.flows.life_of_the_roll import ANY, BACK, COUNTS, ORGS, RollLife
from tests.flows.plain_dues import months, name_of

FEN = st.sampled_from((-1, 0, 1, 1_500, 1_500, 6_000, 20_000, 100_000, 100_001))
RECEIPTS = st.sampled_from((None, *(ReceiptNo(f"№{n}") for n in range(6))))


class Branches(RollLife):
    """Commands about money and votes, each with the model's answer beside it."""

    # -- money

    @rule(
        org=ORGS,
        n=ANY,
        by=ANY,
        ahead=st.integers(-4, 2),
        base=st.sampled_from((0, 99, 100, 300_000, 300_001, 7_777_777)),
        ground=st.booleans(),
    )
    def assess(self, org: OrgId, n: int, by: int, ahead: int, base: int, ground: bool) -> None:
        person, assessor, month = self.person(org, n), self.person(org, by), name_of(months(self.today) + ahead)
        command = AssessDuesBase(
            occurred_on=self.today,
            person_id=person,
            from_month=month,
            income_kind=IncomeKind.SALARY,
            base_fen=base,
            ground="工资调整" if ground else None,
            assessed_by=assessor,
        )
        self.send(org, command, self.plain.assess(org, person, assessor, month, base, ground=ground, day=self.today))

    @rule(
        org=ORGS,
        n=ANY,
        by=ANY,
        fen=FEN,
        kind=st.sampled_from(PaymentKind),
        ahead=st.integers(-8, 1),
        receipt_no=RECEIPTS,
        back=BACK,
        ok=st.booleans(),
    )
    def pay(
        self, org: OrgId, n: int, by: int, fen: int, kind: PaymentKind, ahead: int, receipt_no: ReceiptNo | None, back: int, ok: bool
    ) -> None:
        person, collector, day, name = self.person(org, n), self.person(org, by), self.today - dt.timedelta(days=back), self.new("pay")
        month = name_of(months(self.today) + (ahead if kind is not PaymentKind.REGULAR else max(ahead, -2)))
        command = ReceiveDues(
            occurred_on=day,
            person_id=person,
            month=month,
            amount_fen=fen,
            kind=kind,
            collector=collector,
            receipt_no=receipt_no,
            approval_no="批4号" if ok else None,
            entry_id=EntryId(name),
        )
        told = {"month": month, "fen": fen, "kind": kind.value, "receipt": receipt_no, "approved": ok}
        self.send(org, command, self.plain.pay(name, org, person, collector, day, **told))

    @rule(org=ORGS, n=ANY, receipt_no=RECEIPTS)
    def give_receipt(self, org: OrgId, n: int, receipt_no: ReceiptNo | None) -> None:
        payments = [name for name, entry in self.plain.entries.items() if entry["org"] == org or n % 9 == 8]
        name, number = self.pick(payments, n) or "none", receipt_no or ReceiptNo("last")
        command = IssueDuesReceipt(occurred_on=self.today, entry_id=EntryId(name), receipt_no=number)
        self.send(org, command, self.plain.give_receipt(org, name, number))

    @rule(org=ORGS, n=ANY, own=st.sampled_from((True, True, True, False)))
    def reverse(self, org: OrgId, n: int, own: bool) -> None:
        names = [name for name, entry in self.plain.entries.items() if not own or entry["org"] == org]
        name = self.pick(names, n) or "none"
        command = ReverseDues(occurred_on=self.today, entry_id=EntryId(name), reason="误登")
        self.send(org, command, self.plain.reverse(org, name))

    @rule(org=ORGS, n=ANY)
    def flag(self, org: OrgId, n: int) -> None:
        person = self.person(org, n)
        self.send(org, FlagArrears(occurred_on=self.today, person_id=person), self.plain.flag(org, person, self.today))

    @rule(org=ORGS, fen=FEN, up=st.booleans())
    def hand_over(self, org: OrgId, fen: int, up: bool) -> None:
        name, month = self.new("hand"), name_of(months(self.today))
        if up:
            command = RemitDues(
                occurred_on=self.today, from_month=month, to_month=month, amount_fen=fen, voucher_no=name, entry_id=EntryId(name)
            )
            self.send(org, command, self.plain.remit(name, org, fen))
        else:
            allocation = ReceiveAllocation(occurred_on=self.today, amount_fen=fen, document_no=name, entry_id=EntryId(name))
            self.send(org, allocation, self.plain.allocate(name, org, fen))

    @rule(org=ORGS, n=ANY, fen=FEN)
    def decide(self, org: OrgId, n: int, fen: int) -> None:
        name, meeting = self.new("decision"), self.pick([m for m, held in self.plain.meetings.items() if held.org == org or n % 9 == 8], n)
        command = ApproveDuesSpending(
            occurred_on=self.today,
            meeting_id=MeetingId(meeting or "none"),
            use=DuesUse.TRAINING,
            purpose="培训",
            amount_fen=fen,
            decision_id=DecisionId(name),
        )
        self.send(org, command, self.plain.decide(name, org, meeting, fen))

    @rule(org=ORGS, n=ANY, fen=FEN, by=ANY, approver=ANY)
    def spend(self, org: OrgId, n: int, fen: int, by: int, approver: int) -> None:
        name, decision = (
            self.new("spend"),
            self.pick([d for d, told in self.plain.decisions.items() if told["org"] == org or n % 9 == 8], n),
        )
        handled_by, approved_by = self.person(org, by), self.person(org, approver)
        command = SpendDues(
            occurred_on=self.today,
            decision_id=DecisionId(decision or "none"),
            amount_fen=fen,
            handled_by=handled_by,
            approver=approved_by,
            voucher_no=name,
            entry_id=EntryId(name),
        )
        self.send(org, command, self.plain.spend(name, org, decision, fen, handled_by, approved_by, self.today))

    @rule(org=ORGS, n=ANY, by=ANY, base=st.sampled_from((100_000, 400_000)), pays=st.booleans())
    def fall_behind(self, org: OrgId, n: int, by: int, base: int, pays: bool) -> None:
        self.assess(org=org, n=n, by=by, ahead=-3, base=base, ground=True)
        self.flag(org=org, n=n)
        if pays:
            self.pay(org=org, n=n, by=by, fen=4_000, kind=PaymentKind.BACK, ahead=-1, receipt_no=None, back=0, ok=True)

    @rule(org=ORGS, chair=ANY, fen=FEN, more=st.sampled_from((-1, 0, 1_500)), by=ANY)
    def spend_together(self, org: OrgId, chair: int, fen: int, more: int, by: int) -> None:
        self.hand_over(org=org, fen=fen, up=False)
        self.hold(org=org, chair=chair, recorder=chair, away=[], back=0)
        self.decide(org=org, n=0, fen=max(fen + more, fen))
        self.spend(org=org, n=0, fen=fen + more, by=by, approver=chair)

    # -- meetings and votes

    @rule(org=ORGS, chair=ANY, recorder=ANY, away=st.lists(ANY, max_size=3), back=BACK)
    def hold(self, org: OrgId, chair: int, recorder: int, away: list[int], back: int) -> None:
        name, day = self.new("meeting"), self.today - dt.timedelta(days=back)
        leads, writes, absent = self.person(org, chair), self.person(org, recorder), frozenset(self.person(org, n) for n in away)
        command = RecordMeetingHeld(
            occurred_on=day,
            meeting_id=MeetingId(name),
            kind=MeetingKind.GENERAL,
            topic="示例",
            chair=leads,
            delegation_note="书记委托",
            recorder=writes,
            absent=tuple(sorted(absent)),
            notice_sent_on=day,
        )
        self.send(org, command, self.plain.hold(name, org, leads, writes, absent, day))

    @rule(org=ORGS, n=ANY, by=ANY, away=st.lists(ANY, max_size=2))
    def correct(self, org: OrgId, n: int, by: int, away: list[int]) -> None:
        if (name := self.pick(list(self.plain.meetings), n)) is not None:
            author, absent = self.person(org, by), frozenset(self.person(org, n) for n in away)
            command = CorrectAttendance(
                occurred_on=self.today, meeting_id=MeetingId(name), absent=tuple(sorted(absent)), reason="误登", author=author
            )
            self.send(org, command, self.plain.correct(org, name, author, absent, self.today))

    @rule(org=ORGS, chair=ANY, away=st.lists(ANY, max_size=3), yes=COUNTS, others=st.integers(0, 3), left=st.lists(ANY, max_size=1))
    def meet_and_vote(self, org: OrgId, chair: int, away: list[int], yes: int, others: int, left: list[int]) -> None:
        self.hold(org=org, chair=chair, recorder=chair, away=away, back=0)
        self.vote(n=0, yes=yes, others=others, left=left, elsewhere=False)

    @rule(n=ANY, yes=COUNTS, others=st.integers(0, 3), left=st.lists(ANY, max_size=1), elsewhere=st.sampled_from((False, False, True)))
    def vote(self, n: int, yes: int, others: int, left: list[int], elsewhere: bool) -> None:
        if (name := self.pick(list(self.plain.meetings), n)) is not None:
            held = self.plain.meetings[name]
            org = BRANCHES[(BRANCHES.index(OrgId(held.org)) + elsewhere) % 3]
            gone = frozenset(self.person(org, n) for n in left)
            command = VoteOnMotion(
                occurred_on=held.day,
                meeting_id=MeetingId(name),
                title=self.new("motion"),
                method=VoteMethod.SHOW_OF_HANDS,
                yes=yes,
                no=others,
                left_early=tuple(sorted(gone)),
                late_reason="补录",
            )
            self.send(org, command, self.plain.vote(org, name, yes, others, gone))

    @invariant()
    def the_record_is_what_the_model_says(self) -> None:
        self.memories_are_what_the_book_says()
        self.rolls_agree()
        self.money_agrees()
        self.letters_agree()
        self.votes_agree()


TestBranches = Branches.TestCase
TestBranches.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
