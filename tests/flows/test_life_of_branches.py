"""Three branches of a committee live at random, through the bus, beside a plain model: every answer and every state must agree."""

import datetime as dt

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from stdnum.cn import ric

from events.base import GroupId, LetterId, MeetingId, OrgId, ReceiptNo
from events.dues import DecisionId, DuesUse, EntryId, IncomeKind, PaymentKind
from events.meetings import MeetingKind, VoteMethod
from events.members import LeftGround, MemberStatus
from events.organisations import BranchType
from events.transfers import DeliveryMethod, TransferSide
from service.decide.dues.assessment import AssessDuesBase
from service.decide.dues.fund import ApproveDuesSpending, ReceiveAllocation, RemitDues, SpendDues
from service.decide.dues.payments import IssueDuesReceipt, ReceiveDues, ReverseDues
from service.decide.dues.state import FlagArrears
from service.decide.meetings.attendance import CorrectAttendance, RecordMeetingHeld
from service.decide.meetings.votes import VoteOnMotion
from service.decide.members.roll import AssignMemberToGroup, ConvertMember
from service.decide.members.standing import EndMembership, ReinstateMembership, RestoreVotingRights, SuspendMembership, SuspendVotingRights
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.decide.transfers.arrivals import AcceptTransfer, ReceiveTransfer, RefuseTransfer, ReturnReceipt
from service.decide.transfers.letters import ExpireLetter, IssueLetter, VoidLetter
from service.decide.transfers.state import RecordReceipt
from tests.flows.bus_world import C, group, member
from tests.flows.life import BRANCHES, PEOPLE, Life
from tests.flows.plain_branches import OK
from tests.flows.plain_dues import months, name_of

ORGS = st.sampled_from(BRANCHES)
ANY = st.integers(0, 59)
"""Chooses a person or a thing on record."""
BACK = st.sampled_from((0, 0, 0, 1, 4, 9))
"""Days between what happened and today."""
FEN = st.sampled_from((-1, 0, 1, 1_500, 1_500, 6_000, 20_000, 100_000, 100_001))
COUNTS = st.integers(0, 6)
RECEIPTS = st.sampled_from((None, *(ReceiptNo(f"№{n}") for n in range(6))))


def id_number(n: int) -> str:
    """Of an invented region; the first two people are told with the same number."""
    body = f"99010119800517{max(n, 1):03d}"
    return body + ric.calc_check_digit(body + "0")


class Branches(Life):
    """The commands, each with the model's answer beside it."""

    @initialize()
    def found(self) -> None:
        day = self.today
        self.send(C, FoundCommittee(occurred_on=day, name="示例委员会", short_name="示例"), OK)
        for org in BRANCHES:
            self.send(C, founding(org, day), OK)
        for n, person in enumerate(PEOPLE[2:]):
            self.register(org=BRANCHES[n % 3], n=n + 2, full=True, grouped=0, back=0)
            assert person in self.plain.where

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.today += dt.timedelta(days=days)

    @rule(n=ANY, turn=st.integers(0, 1))
    def told_again(self, n: int, turn: int) -> None:
        self.repeat(n % len(self.told), turn)

    # -- the roster

    @rule(org=ORGS, n=st.integers(0, len(PEOPLE) - 1), full=st.booleans(), grouped=COUNTS, back=st.just(0))
    def register(self, org: OrgId, n: int, full: bool, grouped: int, back: int) -> None:
        day, group_id, number = self.today - dt.timedelta(days=back), self.group(org, grouped), id_number(n) if n % 4 < 3 else None
        command = member(
            PEOPLE[n],
            occurred_on=day,
            id_number=number,
            group_id=group_id,
            status=MemberStatus.FULL if full else MemberStatus.PROBATIONARY,
            full_on=dt.date(2011, 7, 1) if full else None,
        )
        self.send(org, command, self.plain.register(org, PEOPLE[n], number, full=full, group=group_id, day=day))

    def group(self, org: OrgId, n: int) -> GroupId | None:
        """Where the branch has groups, mostly one of them."""
        there = sorted(self.plain.groups[org])
        return GroupId(there[n % len(there)]) if there and n else GroupId(f"{org}-none") if n == 6 else None

    @rule(org=ORGS, name=st.sampled_from(("east", "west")))
    def form_group(self, org: OrgId, name: str) -> None:
        group_id = GroupId(f"{org}-{name}")
        command = group(name, occurred_on=self.today, group_id=group_id)
        self.send(org, command, self.plain.form_group(org, group_id, self.today))

    @rule(org=ORGS, n=ANY, grouped=st.integers(1, 6))
    def assign(self, org: OrgId, n: int, grouped: int) -> None:
        person, group_id = self.person(org, n), self.group(org, grouped) or GroupId("none")
        command = AssignMemberToGroup(occurred_on=self.today, person_id=person, group_id=group_id)
        self.send(org, command, self.plain.assign(org, person, group_id, self.today))

    @rule(org=ORGS, n=ANY, begins=st.booleans())
    def suspended(self, org: OrgId, n: int, begins: bool) -> None:
        person, day = self.person(org, n) if begins else PEOPLE[n % len(PEOPLE)], self.today
        command, plain = (SuspendMembership, self.plain.suspend) if begins else (ReinstateMembership, self.plain.reinstate)
        self.send(org, command(occurred_on=day, person_id=person, reason="示例", approval_no="批1号"), plain(org, person, day))

    @rule(org=ORGS, n=ANY, begins=st.booleans())
    def barred(self, org: OrgId, n: int, begins: bool) -> None:
        person, day = self.person(org, n), self.today
        command, plain = (SuspendVotingRights, self.plain.bar_vote) if begins else (RestoreVotingRights, self.plain.restore_vote)
        self.send(org, command(occurred_on=day, person_id=person, reason="示例"), plain(org, person, day))

    @rule(org=ORGS, n=ANY)
    def convert(self, org: OrgId, n: int) -> None:
        person = self.person(org, n)
        command = ConvertMember(occurred_on=self.today, person_id=person, approval_no="批2号")
        self.send(org, command, self.plain.convert(org, person, self.today))

    @rule(org=ORGS, n=ANY, back=BACK)
    def end(self, org: OrgId, n: int, back: int) -> None:
        person, day = self.person(org, n), self.today - dt.timedelta(days=back)
        command = EndMembership(occurred_on=day, person_id=person, ground=LeftGround.WITHDREW, reason="示例", approval_no="批3号")
        self.send(org, command, self.plain.end(org, person, day))

    # -- letters

    @rule(org=ORGS, to=st.integers(1, 2), n=ANY, by=ANY, ahead=st.integers(-3, 1), reason=st.booleans())
    def issue(self, org: OrgId, to: int, n: int, by: int, ahead: int, reason: bool) -> None:
        there = BRANCHES[(BRANCHES.index(org) + to) % 3]
        person, handled_by, name = self.person(org, n), self.person(org, by), self.new("letter")
        month = name_of(months(self.today) + ahead)
        command = IssueLetter(
            occurred_on=self.today,
            person_id=person,
            to_side=TransferSide.INSIDE,
            to_org_id=there,
            dues_paid_to=month,
            handled_by=handled_by,
            contact="010-1",
            arrears_reason="书记决定" if reason else None,
            letter_id=LetterId(name),
        )
        self.send(org, command, self.plain.issue(name, org, there, person, handled_by, paid_to=month, reason=reason, day=self.today))

    def letter(self, n: int) -> tuple[LetterId, OrgId, OrgId] | None:
        """Its name, who issued it, whom it is for."""
        name = self.pick(list(self.plain.letters), n)
        return None if name is None else (LetterId(name), OrgId(self.plain.letters[name].org), OrgId(self.plain.letters[name].to))

    @rule(org=ORGS, to=st.integers(1, 2), n=ANY, by=ANY, grouped=st.integers(1, 2), days=st.integers(0, 40), how_far=st.integers(1, 4))
    def transfer(self, org: OrgId, to: int, n: int, by: int, grouped: int, days: int, how_far: int) -> None:
        """A letter on its whole way, as far as it goes."""
        self.issue(org=org, to=to, n=n, by=by, ahead=-1, reason=how_far > 1)
        for step in (
            lambda: self.receive(n=0, wrong=False),
            lambda: self.accept(n=0, grouped=grouped, explained=how_far > 2, back=0),
            lambda: self.give_receipt_back(n=0, by=by),
            lambda: self.file_receipt(n=0, off=0),
        )[:how_far]:
            self.days_pass(days=days // how_far)
            step()

    @rule(n=ANY, wrong=st.sampled_from((False, False, False, True)))
    def receive(self, n: int, wrong: bool) -> None:
        if (found := self.letter(n)) is not None:
            name, org, to = found
            at = next(one for one in BRANCHES if one not in {org, to}) if wrong else to
            command = ReceiveTransfer(occurred_on=self.today, from_org_id=org, letter_id=name)
            self.send(at, command, self.plain.receive(at, name, self.today))

    @rule(n=ANY, grouped=COUNTS, explained=st.booleans(), back=BACK)
    def accept(self, n: int, grouped: int, explained: bool, back: int) -> None:
        if (found := self.letter(n)) is not None:
            name, org, to = found
            day, group_id = self.today - dt.timedelta(days=back), self.group(to, grouped)
            explanation = "途中延误" if explained else None
            command = AcceptTransfer(occurred_on=day, from_org_id=org, letter_id=name, group_id=group_id, late_explanation=explanation)
            self.send(to, command, self.plain.accept(to, name, group=group_id, explained=explained, day=day))

    @rule(n=ANY)
    def refuse(self, n: int) -> None:
        if (found := self.letter(n)) is not None:
            name, org, to = found
            command = RefuseTransfer(occurred_on=self.today, from_org_id=org, letter_id=name, reason="材料不全")
            self.send(to, command, self.plain.refuse(to, name, self.today))

    @rule(n=ANY, by=ANY)
    def give_receipt_back(self, n: int, by: int) -> None:
        if (found := self.letter(n)) is not None:
            name, _, to = found
            person = self.person(to, by)
            command = ReturnReceipt(occurred_on=self.today, letter_id=name, method=DeliveryMethod.MAIL, handled_by=person)
            self.send(to, command, self.plain.give_receipt_back(to, name, person, self.today))

    @rule(n=ANY, off=st.sampled_from((0, 0, 0, 1)))
    def file_receipt(self, n: int, off: int) -> None:
        if (found := self.letter(n)) is not None:
            name, org, _ = found
            letter = self.plain.letters[name]
            accepted_on = (letter.accepted or self.today) - dt.timedelta(days=off)
            command = RecordReceipt(
                occurred_on=self.today, letter_id=name, number=letter.number, accepted_on=accepted_on, handled_by="对方经办人"
            )
            self.send(org, command, self.plain.file_receipt(org, name, accepted_on, self.today))

    @rule(n=ANY, expires=st.booleans())
    def letter_is_over(self, n: int, expires: bool) -> None:
        if (found := self.letter(n)) is not None:
            name, org, _ = found
            if expires:
                self.send(org, ExpireLetter(occurred_on=self.today, letter_id=name), self.plain.expire(org, name, self.today))
            else:
                self.send(org, VoidLetter(occurred_on=self.today, letter_id=name, reason="遗失"), self.plain.void(org, name))

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


def founding(org: OrgId, day: dt.date) -> FoundBranch:
    return FoundBranch(
        occurred_on=day, branch_id=org, name=f"{org}党支部", short_name=org, branch_type=BranchType.ORGAN, approval_no="示例1号"
    )


TestBranches = Branches.TestCase
TestBranches.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
