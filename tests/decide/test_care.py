"""Care: plans, visits, hardship, pair support; what dues may pay for (N06.T02, N22; INV-002, 009, 058, 065, 066, 067)."""

import datetime as dt
from typing import Any

import pytest

from events.base import PersonId
from events.care import (
    CareEntryId,
    CareEntryWithdrawn,
    CareFund,
    Festival,
    HardshipDelisted,
    HardshipKind,
    HardshipUpdated,
    Manner,
    RecipientKind,
    SignedFor,
    SpendingId,
    SupporterAssigned,
)
from events.dues import DuesReversed, DuesUse, EntryId, EntryKind
from events.members import MemberProfileChanged
from service.decide.care.hardship import AssignPairSupport, DelistHardshipMember, ListHardshipMember, UpdateHardshipCase
from service.decide.care.plans import AdoptConsolationPlan, WithdrawCareEntry
from service.decide.care.visits import RecordConsolationVisit
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import ANN, BEFORE, BEN, CAI, DAY, GUS, NEO, founded, members
from tests.decide.work_history import BRANCH, C1, DUES, LONG_AGO, M1, care_plan, dues_spent, held, in_hardship, visited

SPENT = SpendingId("spent")


class TestAdoptConsolationPlan:
    def command(self, **changed: Any) -> AdoptConsolationPlan:
        told: dict[str, Any] = {
            "occurred_on": LONG_AGO, "festival": Festival.SPRING_FESTIVAL, "title": "春节走访慰问方案", "content": "走访老党员和困难党员",
        }  # fmt: skip
        return AdoptConsolationPlan(**(told | changed))

    def test_for_a_festival(self):
        given().when(self.command(budget_fen=200_000)).then(care_plan("event-1", budget_fen=200_000))

    def test_by_a_meeting(self):
        given(held(on=LONG_AGO)).when(self.command(meeting_id=M1)).then(care_plan("event-1", meeting_id=M1, met_on=LONG_AGO))

    def test_twice_is_once(self):
        given(care_plan()).when(self.command(entry_id=CareEntryId("c1"))).then(nothing)

    @pytest.mark.parametrize("budget_fen", [0, -1])
    def test_a_budget_is_more_than_nothing(self, budget_fen: int):
        given().when(self.command(budget_fen=budget_fen)).then(fails(Malformed, "budget_fen"))


def visit(**changed: Any) -> RecordConsolationVisit:
    told: dict[str, Any] = {
        "occurred_on": DAY, "festival": Festival.SPRING_FESTIVAL, "kind": RecipientKind.HARDSHIP_MEMBER, "person_id": BEN,
        "manner": Manner.MONEY, "amount_fen": 50_000, "visitors": (ANN,), "signed": SignedFor.SELF,
    }  # fmt: skip
    return RecordConsolationVisit(**(told | changed))


def from_dues(**changed: Any) -> RecordConsolationVisit:
    return visit(**({"fund": CareFund.DUES, "spending_id": SPENT} | changed))


PAID_FROM_DUES = {"fund": CareFund.DUES, "spending_id": SPENT}


class TestRecordConsolationVisit:
    def test_a_member(self):
        given(BRANCH).when(visit()).then(visited("event-1"))

    def test_somebody_else_gets_an_id_under_which_the_name_is_sealed(self):
        command = visit(kind=RecipientKind.PUBLIC, person_id=None, recipient="村民甲", manner=Manner.GOODS, amount_fen=0, goods="米、油")
        expected = visited(
            "event-1", kind=RecipientKind.PUBLIC, person_id=PersonId("event-1.to"), recipient="村民甲", manner=Manner.GOODS, amount_fen=0,
            goods="米、油",
        )  # fmt: skip
        given(BRANCH).when(command).then(expected)

    def test_under_a_plan(self):
        given(BRANCH, care_plan()).when(visit(plan_id=C1)).then(visited("event-1", plan_id=C1))

    def test_under_a_plan_that_is_not_on_record(self):
        given(BRANCH).when(visit(plan_id=C1)).then(fails(Absent, "care.plan_adopted c1"))

    def test_twice_is_once(self):
        given(BRANCH, visited()).when(visit(entry_id=CareEntryId("v1"))).then(nothing)

    def test_a_call_brings_nothing(self):
        given(BRANCH).when(visit(manner=Manner.CALL, amount_fen=0)).then(visited("event-1", manner=Manner.CALL, amount_fen=0))

    @pytest.mark.parametrize(
        ("changed", "about"),
        [
            ({"person_id": None}, "person_id or recipient"),
            ({"recipient": "某人"}, "person_id or recipient"),
            ({"kind": RecipientKind.PUBLIC}, "kind"),
            ({"amount_fen": 0}, "amount_fen"),
            ({"manner": Manner.GOODS, "amount_fen": 0}, "goods"),
            ({"manner": Manner.BOTH}, "goods"),
        ],
    )
    def test_what_was_given_fits_the_manner(self, changed: dict[str, Any], about: str):
        given(BRANCH).when(visit(**changed)).then(fails(Malformed, about))

    def test_INV_002_to_a_member_of_another_branch(self):
        given(BRANCH).when(visit(person_id=NEO)).then(refused("INV-002", "person_id"))

    def test_INV_009_by_somebody_who_has_left(self):
        given(BRANCH).when(visit(visitors=(ANN, GUS))).then(refused("INV-009", "visitors"))


class TestPaidFromDues:
    def test_INV_066_under_a_spending_on_record(self):
        given(BRANCH, dues_spent()).when(from_dues()).then(visited("event-1", **PAID_FROM_DUES))

    def test_INV_066_without_one(self):
        given(BRANCH, DUES).when(from_dues()).then(refused("INV-066", "spending_id"))
        given(BRANCH, dues_spent()).when(from_dues(spending_id=None)).then(refused("INV-066", "spending_id"))

    def test_INV_066_a_spending_is_named_for_dues_only(self):
        given(BRANCH, dues_spent()).when(from_dues(fund=CareFund.PUBLIC)).then(refused("INV-066", "spending_id"))

    def test_INV_066_one_that_was_reversed(self):
        back = DuesReversed(occurred_on=DAY, entry_id=EntryId("spent"), kind=EntryKind.SPENDING, amount_fen=80_000, reason="退回")
        given(BRANCH, dues_spent(), back).when(from_dues()).then(refused("INV-066", "spending_id"))

    @pytest.mark.parametrize("use", [DuesUse.HARDSHIP_AID, DuesUse.DISASTER_AID])
    def test_INV_065_for_aid(self, use: DuesUse):
        given(BRANCH, dues_spent(use)).when(from_dues()).then(visited("event-1", **PAID_FROM_DUES))

    @pytest.mark.parametrize("use", [DuesUse.TRAINING, DuesUse.MATERIALS, DuesUse.COMMENDATION])
    def test_INV_065_for_nothing_else(self, use: DuesUse):
        given(BRANCH, dues_spent(use)).when(from_dues()).then(refused("INV-065", "spending_id"))

    def test_INV_065_to_members_only(self):
        command = from_dues(kind=RecipientKind.PUBLIC, person_id=None, recipient="村民甲")
        given(BRANCH, dues_spent()).when(command).then(refused("INV-065", "kind"))

    def test_INV_067_within_the_spending(self):
        given(BRANCH, dues_spent()).when(from_dues(amount_fen=80_000)).then(visited("event-1", amount_fen=80_000, **PAID_FROM_DUES))
        given(BRANCH, dues_spent()).when(from_dues(amount_fen=80_001)).then(refused("INV-067", "amount_fen"))

    def test_INV_067_what_other_visits_took_counts(self):
        before = visited(**PAID_FROM_DUES)
        given(BRANCH, dues_spent(), before).when(from_dues(amount_fen=30_000)).then(visited("event-1", amount_fen=30_000, **PAID_FROM_DUES))
        given(BRANCH, dues_spent(), before).when(from_dues(amount_fen=30_001)).then(refused("INV-067", "amount_fen"))

    def test_INV_067_what_was_withdrawn_does_not(self):
        back = CareEntryWithdrawn(occurred_on=DAY, entry_id=CareEntryId("v1"), what="care.visit_made", happened_on=DAY, reason="误登")
        books = given(BRANCH, dues_spent(), visited(**PAID_FROM_DUES), back)
        books.when(from_dues(amount_fen=80_000)).then(visited("event-1", amount_fen=80_000, **PAID_FROM_DUES))

    @pytest.mark.parametrize("amount_fen", [0, -1])
    def test_INV_058_more_than_nothing(self, amount_fen: int):
        given(BRANCH, dues_spent()).when(from_dues(amount_fen=amount_fen)).then(refused("INV-058", "amount_fen"))


def on_roll(person: PersonId = BEN, *, hardship: bool, on: dt.date = DAY) -> MemberProfileChanged:
    reason = "困难党员入册" if hardship else "困难党员出册"
    return MemberProfileChanged(occurred_on=on, person_id=person, reason=reason, hardship=hardship)


class TestListHardshipMember:
    COMMAND = ListHardshipMember(occurred_on=BEFORE, person_id=BEN, hardship=HardshipKind.ILLNESS, situation="家人长期住院")

    def test_the_roll_says_so_too(self):
        given(BRANCH).when(self.COMMAND).then(in_hardship("event-1"), on_roll(hardship=True, on=BEFORE))

    def test_unless_it_said_so_before(self):
        given(founded(), members(BEN, hardship=True)).when(self.COMMAND).then(in_hardship("event-1"))

    def test_once_while_the_case_is_open(self):
        given(BRANCH, in_hardship()).when(self.COMMAND).then(nothing)

    def test_anew_after_the_case_was_closed(self):
        closed = HardshipDelisted(occurred_on=BEFORE, entry_id=CareEntryId("h1"), person_id=BEN, reason="好转")
        given(BRANCH, in_hardship(), closed).when(self.COMMAND).then(in_hardship("event-1"), on_roll(hardship=True, on=BEFORE))

    def test_INV_009_somebody_who_has_left(self):
        command = ListHardshipMember(occurred_on=DAY, person_id=GUS, hardship=HardshipKind.OTHER, situation="一")
        given(BRANCH).when(command).then(refused("INV-009", "person_id"))


class TestUpdateHardshipCase:
    COMMAND = UpdateHardshipCase(occurred_on=DAY, person_id=BEN, change="已出院")

    def test_an_open_case(self):
        given(in_hardship()).when(self.COMMAND).then(
            HardshipUpdated(occurred_on=DAY, entry_id=CareEntryId("h1"), person_id=BEN, change="已出院")
        )

    def test_without_a_case(self):
        given().when(self.COMMAND).then(fails(Absent, "hardship case of ben"))

    def test_not_before_it_began(self):
        command = UpdateHardshipCase(occurred_on=LONG_AGO, person_id=BEN, change="一")
        given(in_hardship()).when(command).then(fails(Conflict, "was listed on"))


class TestAssignPairSupport:
    def command(self, supporter: PersonId = ANN) -> AssignPairSupport:
        return AssignPairSupport(occurred_on=DAY, person_id=BEN, supporter_id=supporter, measures="每月看望")

    def test_another_member(self):
        given(BRANCH, in_hardship()).when(self.command()).then(
            SupporterAssigned(occurred_on=DAY, entry_id=CareEntryId("h1"), person_id=BEN, supporter_id=ANN, measures="每月看望")
        )

    def test_not_oneself(self):
        given(BRANCH, in_hardship()).when(self.command(BEN)).then(fails(Malformed, "supporter_id"))

    def test_INV_009_not_somebody_who_has_left(self):
        given(BRANCH, in_hardship()).when(self.command(GUS)).then(refused("INV-009", "supporter_id"))

    def test_without_a_case(self):
        given(BRANCH).when(self.command()).then(fails(Absent))


class TestDelistHardshipMember:
    COMMAND = DelistHardshipMember(occurred_on=DAY, person_id=BEN, reason="家庭情况好转")
    CLOSED = HardshipDelisted(occurred_on=DAY, entry_id=CareEntryId("h1"), person_id=BEN, reason="家庭情况好转")

    def test_the_roll_follows(self):
        given(founded(), members(BEN, hardship=True), in_hardship()).when(self.COMMAND).then(self.CLOSED, on_roll(hardship=False))

    def test_a_roll_that_never_said_so_stays(self):
        given(BRANCH, in_hardship()).when(self.COMMAND).then(self.CLOSED)

    def test_twice_is_once(self):
        given(BRANCH, in_hardship(), self.CLOSED).when(self.COMMAND).then(nothing)

    def test_somebody_who_was_never_listed(self):
        given(BRANCH).when(self.COMMAND).then(fails(Absent))


class TestWithdrawCareEntry:
    def command(self, entry: str) -> WithdrawCareEntry:
        return WithdrawCareEntry(occurred_on=DAY, entry_id=CareEntryId(entry), reason="误登")

    def withdrawn(self, entry: str, what: str, on: dt.date, person: PersonId | None = None) -> CareEntryWithdrawn:
        return CareEntryWithdrawn(occurred_on=DAY, entry_id=CareEntryId(entry), what=what, happened_on=on, person_id=person, reason="误登")

    def test_a_visit(self):
        given(visited()).when(self.command("v1")).then(self.withdrawn("v1", "care.visit_made", DAY))

    def test_a_listing_and_the_roll_is_as_it_was(self):
        given(founded(), members(BEN, hardship=True), in_hardship()).when(self.command("h1")).then(
            self.withdrawn("h1", "care.hardship_listed", BEFORE, BEN), on_roll(hardship=False)
        )

    def test_a_listing_that_was_closed_stays(self):
        given(BRANCH, in_hardship(), TestDelistHardshipMember.CLOSED).when(self.command("h1")).then(fails(Conflict, "off the register"))

    def test_twice_is_once(self):
        given(visited(), self.withdrawn("v1", "care.visit_made", DAY)).when(self.command("v1")).then(nothing)

    def test_what_is_not_on_record(self):
        given(visited(person_id=CAI)).when(self.command("v2")).then(fails(Absent, "v2"))
