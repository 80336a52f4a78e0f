"""People and letters in the random life of branches."""

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from stdnum.cn import ric

from events.base import GroupId, LetterId, OrgId
from events.members import LeftGround, MemberStatus
from events.organisations import BranchType
from events.transfers import DeliveryMethod, TransferSide
from service.decide.members.roll import AssignMemberToGroup, ConvertMember
from service.decide.members.standing import EndMembership, ReinstateMembership, RestoreVotingRights, SuspendMembership, SuspendVotingRights
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.decide.transfers.arrivals import AcceptTransfer, ReceiveTransfer, RefuseTransfer, ReturnReceipt
from service.decide.transfers.letters import ExpireLetter, IssueLetter, VoidLetter
from service.decide.transfers.state import RecordReceipt
from tests.flows.bus_world import C, group, member
from tests.flows.life import BRANCHES, PEOPLE, Life
from tests.flows.plain_dues import months, name_of
from tests.flows.plain_roll import OK

ORGS = st.sampled_from(BRANCHES)
ANY = st.integers(0, 59)
"""Chooses a person or a thing on record."""
BACK = st.sampled_from((0, 0, 0, 1, 4, 9))
"""Days between what happened and today."""
COUNTS = st.integers(0, 6)


def id_number(n: int) -> str:
    """Of an invented region; the first two people are told with the same number."""
    body = f"99010119800517{max(n, 1):03d}"
    return body + ric.calc_check_digit(body + "0")


class RollLife(Life):
    """Commands about people and letters, each with the model's answer beside it."""

    @initialize()
    def found(self) -> None:
        day = self.today
        self.send(C, FoundCommittee(occurred_on=day, name="示例委员会", short_name="示例"), OK)
        for org in BRANCHES:
            self.send(C, founding(org, day), OK)
        for n, person in enumerate(PEOPLE[2:]):
            self.register(org=BRANCHES[n % 3], n=n + 2, full=n % 4 > 0, grouped=0, back=0)
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

    @rule(org=ORGS, to=st.integers(0, 2), n=ANY, back=BACK)
    def end_and_begin_anew(self, org: OrgId, to: int, n: int, back: int) -> None:
        """Whoever has left is free for any branch, the same one too; the number goes with the person."""
        person, there = self.person(org, n), BRANCHES[(BRANCHES.index(org) + to) % 3]
        self.end(org=org, n=n, back=back)
        self.register(org=there, n=PEOPLE.index(person), full=True, grouped=1, back=0)

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


def founding(org: OrgId, day: dt.date) -> FoundBranch:
    return FoundBranch(
        occurred_on=day, branch_id=org, name=f"{org}党支部", short_name=org, branch_type=BranchType.ORGAN, approval_no="示例1号"
    )
