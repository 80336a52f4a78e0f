"""The view of obligations: whole rows, evidence early and late, taken back, and how a row stands on a day."""

from typing import Any

import msgspec
import pytest
from msgspec import structs

from events.base import MeetingId
from events.dues import DuesReductionApproved, DuesReductionRefused, EntryKind, PaymentKind
from events.meetings import LecturerKind, MeetingCancelled, MeetingKind, ThemeDayHeld, ThemeDayKind, ThemeDayWithdrawn
from events.members import LeftGround, MemberLeft, MembershipReinstated, MembershipSuspended
from events.organisations import GroupDissolved, OrgKind
from events.transfers import (
    AcceptanceNoted,
    DeliveryMethod,
    LetterExtended,
    LetterVoided,
    ReceiptFiled,
    ReceiptReturned,
    TransferAccepted,
    TransferReceived,
    TransferRefused,
    TransferSide,
    TransferStatus,
)
from projections.obligations_state import Obligation, Status, status
from tests.obligations.world import (
    ANN,
    BEN,
    CAI,
    ESCALATED,
    EXTENDED,
    GROUP,
    KEY,
    LETTER,
    ORG,
    OVERDUE,
    RAISED,
    REMINDED,
    WAIVED,
    Branch,
    assessed,
    day,
    founded,
    grouped,
    held,
    joined,
    lecture,
    letter,
    paid,
    raised,
    remitted,
    reversed_,
    seated,
)

GENERAL = held("m1", MeetingKind.GENERAL, "2026-02-10")
CANCELLED = MeetingCancelled(occurred_on=day("2026-02-12"), meeting_id=MeetingId("m1"), reason="记错")


def test_what_was_raised_is_open():
    assert Branch(RAISED).rows == {
        KEY: Obligation(
            deadline="DL-07",
            task="N09.T01",
            period="2026-Q1",
            subject="",
            raised_on=day("2026-01-01"),
            due_on=day("2026-03-31"),
            position=1,
        )
    }


@pytest.mark.parametrize("order", [(RAISED, GENERAL), (GENERAL, RAISED)])
def test_evidence_counts_whether_it_comes_before_or_after_raising(order):
    row = Branch(*order).rows[KEY]
    assert (row.fulfilled_on, row.done, row.late) == (day("2026-02-10"), 1, False)
    assert row.fulfilled_by == [f"e{order.index(GENERAL) + 1}"]


def test_who_does_it_on_the_due_day_is_in_time():
    row = Branch(RAISED, held("m1", MeetingKind.GENERAL, "2026-03-31")).rows[KEY]
    assert (row.fulfilled_on, row.late) == (row.due_on, False)


def test_a_meeting_of_another_kind_or_another_quarter_is_no_evidence():
    branch = Branch(RAISED, held("m2", MeetingKind.COMMITTEE, "2026-02-10"), held("m3", MeetingKind.GENERAL, "2026-04-01"))
    assert branch.rows[KEY].fulfilled_on is None


def test_a_cancelled_meeting_opens_it_again_and_another_one_closes_it():
    branch = Branch(RAISED, GENERAL, CANCELLED)
    assert (branch.rows[KEY].fulfilled_on, branch.rows[KEY].fulfilled_by, branch.rows[KEY].done) == (None, [], 0)
    branch.happen(held("m4", MeetingKind.GENERAL, "2026-03-20"))
    assert branch.rows[KEY].fulfilled_on == day("2026-03-20")


def test_a_second_meeting_stands_in_for_a_cancelled_one():
    branch = Branch(RAISED, GENERAL, held("m4", MeetingKind.GENERAL, "2026-03-20"), CANCELLED)
    assert (branch.rows[KEY].fulfilled_on, branch.rows[KEY].done) == (day("2026-03-20"), 1)


def test_where_the_rule_asks_for_two_one_is_not_enough():
    branch = Branch(structs.replace(RAISED, needed=2), GENERAL)
    assert (branch.rows[KEY].fulfilled_on, branch.rows[KEY].done) == (None, 1)
    branch.happen(held("m4", MeetingKind.GENERAL, "2026-01-20"))
    assert branch.rows[KEY].fulfilled_on == day("2026-02-10")


def test_one_meeting_may_fulfil_several_obligations():
    assert {key for key, row in Branch(GENERAL).rows.items() if row.fulfilled_on} == {"DL-01:2026-02", KEY}


def test_each_group_has_its_own():
    rows = Branch(raised("DL-03", "N02.T03", "2026-02-28", "2026-02", GROUP), held("m1", MeetingKind.GROUP, "2026-02-03", GROUP)).rows
    assert rows["DL-03:2026-02:g1"].fulfilled_on == day("2026-02-03")


@pytest.mark.parametrize(
    ("lecturer", "counts"),
    [
        (LecturerKind.SUPERIOR_LEADER, True),
        (LecturerKind.INVITED_EXPERT, True),
        (LecturerKind.SECRETARY, False),
        (LecturerKind.MEMBER, False),
    ],
)
def test_only_leaders_and_experts_give_the_lecture_of_the_quarter(lecturer, counts):
    assert ("DL-08:2026-Q1" in Branch(lecture("m1", lecturer, "2026-02-01")).rows) is counts


def test_a_theme_day_that_is_withdrawn_does_not_count():
    theme_day = ThemeDayHeld(
        occurred_on=day("2026-02-05"), meeting_id=MeetingId("m1"), theme="学习", kind=ThemeDayKind.STUDY, participants=20
    )
    branch = Branch(theme_day)
    assert branch.rows["DL-04:2026-02"].fulfilled_on == day("2026-02-05")
    branch.happen(ThemeDayWithdrawn(occurred_on=day("2026-02-06"), meeting_id=MeetingId("m1"), reason="记错"))
    assert branch.rows["DL-04:2026-02"].fulfilled_on is None


class TestDuesOfTheMonth:
    KEY = "DL-05:2026-02"
    RAISED = raised("DL-05", "N16.T03", "2026-02-28", "2026-02")
    MEMBERS = (joined(ANN), joined(BEN), assessed(ANN, 100), assessed(BEN, 200))

    def test_it_is_done_when_everybody_has_paid_in_full(self):
        branch = Branch(*self.MEMBERS, self.RAISED)
        assert branch.rows[self.KEY].missing == [ANN, BEN]
        branch.happen(paid(ANN, "2026-02", 100, "2026-02-03"), paid(BEN, "2026-02", 150, "2026-02-04"))
        assert (branch.rows[self.KEY].missing, branch.rows[self.KEY].fulfilled_on) == ([BEN], None)
        branch.happen(paid(BEN, "2026-02", 50, "2026-02-20"))
        row = branch.rows[self.KEY]
        assert (row.missing, row.fulfilled_on, row.fulfilled_by, row.late) == ([], day("2026-02-20"), ["e6", "e7", "e8"], False)

    def test_who_pays_in_march_for_february_is_late(self):
        branch = Branch(*self.MEMBERS, self.RAISED, paid(ANN, "2026-02", 100, "2026-02-03"), paid(BEN, "2026-02", 200, "2026-03-02"))
        row = branch.rows[self.KEY]
        assert (row.fulfilled_on, row.late, status(row, day("2026-03-05"))) == (day("2026-03-02"), True, Status.FULFILLED_LATE)

    def test_payments_before_it_is_raised_count(self):
        branch = Branch(*self.MEMBERS, paid(ANN, "2026-02", 100, "2026-01-30"), paid(BEN, "2026-02", 200, "2026-02-02"), self.RAISED)
        assert branch.rows[self.KEY].fulfilled_on == day("2026-02-02")

    def test_a_reversal_opens_it_again(self):
        branch = Branch(*self.MEMBERS, self.RAISED, paid(ANN, "2026-02", 100, "2026-02-03"), paid(BEN, "2026-02", 200, "2026-02-04"))
        branch.happen(reversed_("ann-2026-02-2026-02-03", EntryKind.PAYMENT, "2026-02-10", ANN, "2026-02", 100))
        row = branch.rows[self.KEY]
        assert (row.missing, row.fulfilled_on, row.fulfilled_by) == ([ANN], None, [])

    def test_a_gift_on_top_pays_nothing_off_nor_does_its_reversal_open_anything(self):
        branch = Branch(*self.MEMBERS, self.RAISED, paid(ANN, "2026-02", 999, "2026-02-03", PaymentKind.VOLUNTARY))
        assert branch.rows[self.KEY].missing == [ANN, BEN]
        branch.happen(paid(ANN, "2026-02", 100, "2026-02-04"))
        branch.happen(reversed_("ann-2026-02-2026-02-03", EntryKind.PAYMENT, "2026-02-10", ANN, "2026-02", 999))
        assert branch.rows[self.KEY].missing == [BEN]

    def test_a_reduction_a_newer_base_and_leaving_change_who_owes(self):
        branch = Branch(*self.MEMBERS, self.RAISED)
        branch.happen(
            DuesReductionApproved(
                occurred_on=day("2026-02-01"),
                person_id=ANN,
                from_month="2026-02",
                to_month="2026-03",
                monthly_fen=0,
                reason="~sealed",
                meeting_id=MeetingId("m1"),
                approval_no="1",
            )
        )
        assert branch.rows[self.KEY].missing == [BEN]
        branch.happen(assessed(BEN, 0, "2026-02"))
        assert branch.rows[self.KEY].missing == []
        branch.happen(assessed(BEN, 300, "2026-02"))
        assert branch.rows[self.KEY].missing == [BEN]
        branch.happen(MemberLeft(occurred_on=day("2026-02-20"), person_id=BEN, ground=LeftGround.WITHDREW, reason="退党", approval_no="2"))
        assert branch.rows[self.KEY].missing == []

    def test_a_reduction_that_was_taken_back_is_owed_again_and_a_request_refused_changes_nothing(self):
        span: dict[str, Any] = {"person_id": ANN, "from_month": "2026-02", "to_month": "2026-03", "reason": "~sealed"}
        granted = DuesReductionApproved(occurred_on=day("2026-02-01"), monthly_fen=0, meeting_id=MeetingId("m1"), approval_no="1", **span)
        branch = Branch(*self.MEMBERS, self.RAISED, granted)
        branch.happen(DuesReductionRefused(occurred_on=day("2026-02-02"), taken_back=False, **span))
        assert branch.rows[self.KEY].missing == [BEN]
        branch.happen(DuesReductionRefused(occurred_on=day("2026-02-03"), taken_back=True, **span))
        assert branch.rows[self.KEY].missing == [ANN, BEN]

    def test_the_suspended_owe_nothing_until_they_are_members_again(self):
        branch = Branch(*self.MEMBERS, self.RAISED)
        branch.happen(MembershipSuspended(occurred_on=day("2026-02-10"), person_id=ANN, reason="失联", approval_no="1"))
        assert branch.rows[self.KEY].missing == [BEN]
        branch.happen(MembershipReinstated(occurred_on=day("2026-02-20"), person_id=ANN, reason="恢复", approval_no="2"))
        assert branch.rows[self.KEY].missing == [ANN, BEN]

    def test_who_joins_later_owes_from_that_month_on(self):
        branch = Branch(*self.MEMBERS, joined(CAI, day("2026-03-10")), assessed(CAI, 100, "2026-01"), self.RAISED)
        assert branch.rows[self.KEY].missing == [ANN, BEN]


class TestRemittance:
    KEY = "DL-12:2026-Q1"
    RAISED = raised("DL-12", "N16.T02", "2026-04-10", "2026-Q1")

    def test_it_is_done_when_every_month_is_covered(self):
        branch = Branch(self.RAISED, remitted("r1", "2026-01", "2026-02", "2026-03-01"))
        assert (branch.rows[self.KEY].missing, branch.rows[self.KEY].fulfilled_on) == (["2026-03"], None)
        branch.happen(remitted("r2", "2026-03", "2026-03", "2026-04-12"))
        row = branch.rows[self.KEY]
        assert (row.missing, row.fulfilled_on, row.fulfilled_by, row.late) == ([], day("2026-04-12"), ["e2", "e3"], True)

    def test_one_over_two_quarters_counts_for_both(self):
        rows = Branch(remitted("r1", "2025-12", "2026-03", "2026-04-02")).rows
        assert rows["DL-12:2025-Q4"].missing == ["2025-10", "2025-11"]
        assert rows[self.KEY].fulfilled_on == day("2026-04-02")

    def test_a_reversal_opens_it_again_but_not_that_of_a_payment(self):
        branch = Branch(self.RAISED, remitted("r1", "2026-01", "2026-03", "2026-04-01"))
        branch.happen(reversed_("r1", EntryKind.PAYMENT, "2026-04-02"))
        assert branch.rows[self.KEY].fulfilled_on == day("2026-04-01")
        branch.happen(reversed_("r1", EntryKind.REMITTANCE, "2026-04-03"))
        assert branch.rows[self.KEY].missing == ["2026-01", "2026-02", "2026-03"]


class TestLetters:
    KEY = f"DL-30:{LETTER}"
    RAISED = raised("DL-30", "N15.T01", "2026-04-10", subject=LETTER)

    def test_acceptance_ends_the_wait(self):
        branch = Branch(letter("2026-03-11", "2026-04-10"), self.RAISED)
        assert branch.rows[self.KEY].fulfilled_on is None
        branch.happen(AcceptanceNoted(occurred_on=day("2026-03-20"), letter_id=LETTER, person_id=ANN, by_org_id=ORG))
        assert branch.rows[self.KEY].fulfilled_on == day("2026-03-20")
        branch.happen(
            ReceiptFiled(
                occurred_on=day("2026-04-02"),
                letter_id=LETTER,
                person_id=ANN,
                number="b1-2026-0001",
                accepted_on=day("2026-03-20"),
                accepted_by="外单位",
                handled_by="经办人",
            )
        )
        row = branch.rows[self.KEY]
        assert (row.done, row.fulfilled_on, row.fulfilled_by) == (1, day("2026-03-20"), ["e3"])

    def test_a_voided_letter_needs_nothing_more(self):
        branch = Branch(letter("2026-03-11", "2026-04-10"), self.RAISED)
        branch.happen(LetterVoided(occurred_on=day("2026-03-20"), letter_id=LETTER, person_id=ANN, reason="写错"))
        assert branch.rows[self.KEY].lapsed_on == day("2026-03-20")
        assert branch.facts.subjects[0].until == day("2026-03-20")

    def test_a_longer_validity_moves_the_date_and_clears_what_was_said_about_the_old_one(self):
        branch = Branch(letter("2026-03-11", "2026-04-10"), self.RAISED)
        branch.happen(
            structs.replace(REMINDED, obligation_id=self.KEY, due_on=day("2026-04-10")),
            structs.replace(OVERDUE, obligation_id=self.KEY, due_on=day("2026-04-10")),
            LetterExtended(occurred_on=day("2026-04-08"), letter_id=LETTER, person_id=ANN, valid_until=day("2026-05-10"), reason="在途"),
        )
        row = branch.rows[self.KEY]
        assert (row.due_on, row.reminded, row.overdue_on, row.extended_on) == (day("2026-05-10"), [], None, day("2026-04-08"))
        assert branch.facts.subjects[0].due_on == day("2026-05-10")

    def test_a_letter_received_is_accepted_and_its_receipt_returned(self):
        received = TransferReceived(
            occurred_on=day("2026-03-01"),
            letter_id=LETTER,
            person_id=ANN,
            number="x-1",
            from_side=TransferSide.OUTSIDE,
            from_name="外单位",
            status=TransferStatus.FULL,
            dues_paid_to="2026-02",
            issued_on=day("2026-02-20"),
            valid_until=day("2026-03-20"),
        )
        accepted = TransferAccepted(occurred_on=day("2026-03-05"), letter_id=LETTER, person_id=ANN)
        branch = Branch(received, accepted)
        assert branch.rows[f"N15.T02:{LETTER}"].fulfilled_on == day("2026-03-05")
        assert f"DL-31:{LETTER}" not in branch.rows
        branch.happen(
            ReceiptReturned(
                occurred_on=day("2026-03-09"), letter_id=LETTER, person_id=ANN, method=DeliveryMethod.MAIL, handled_by=CAI, late_days=0
            )
        )
        assert branch.rows[f"DL-31:{LETTER}"].fulfilled_on == day("2026-03-09")
        refused = TransferRefused(occurred_on=day("2026-03-05"), letter_id=LETTER, person_id=ANN, reason="不符")
        assert Branch(received, refused).rows[f"N15.T02:{LETTER}"].fulfilled_on == day("2026-03-05")


def test_its_own_events_are_on_the_row():
    row = Branch(RAISED, REMINDED, OVERDUE, ESCALATED).rows[KEY]
    assert (row.reminded, row.overdue_on, row.escalated_on) == ([-20], day("2026-04-01"), day("2026-04-07"))


def test_more_time_begins_anew():
    row = Branch(RAISED, REMINDED, OVERDUE, ESCALATED, EXTENDED).rows[KEY]
    assert (row.due_on, row.reminded, row.overdue_on, row.escalated_on) == (day("2026-04-15"), [], None, None)
    assert (row.extended_on, row.reason) == (day("2026-04-01"), "洪灾")


def test_a_reminder_of_a_date_that_was_moved_is_not_counted():
    assert Branch(RAISED, EXTENDED, REMINDED).rows[KEY].reminded == []


def test_the_overdue_mark_stays_when_it_is_recorded_late():
    row = Branch(RAISED, OVERDUE, GENERAL).rows[KEY]
    assert (row.overdue_on, row.fulfilled_on, row.late) == (day("2026-04-01"), day("2026-02-10"), False)


def test_a_duty_of_an_older_pack_has_no_row():
    gone = structs.replace(RAISED, deadline="DL-99", obligation_id="DL-99:2026-Q1")
    assert Branch(gone, structs.replace(OVERDUE, obligation_id="DL-99:2026-Q1")).rows == {}


def test_what_is_left_open_when_a_group_is_dissolved_lapses():
    branch = Branch(grouped(), raised("DL-03", "N02.T03", "2026-02-28", "2026-02", GROUP))
    branch.happen(raised("DL-03", "N02.T03", "2026-01-31", "2026-01", GROUP))
    branch.happen(GroupDissolved(occurred_on=day("2026-02-10"), group_id=GROUP, reason="合并"))
    assert branch.rows["DL-03:2026-02:g1"].lapsed_on == day("2026-02-10")
    assert branch.rows["DL-03:2026-01:g1"].lapsed_on is None
    assert branch.facts.subjects[0].until == day("2026-02-10")


def test_a_committee_is_one_with_three_seats_and_goes_on_when_seated_anew():
    assert Branch(seated(ANN, BEN)).facts.subjects == ()
    branch = Branch(seated(ANN, BEN))
    branch.happen(seated(ANN, BEN, CAI, on=day("2026-01-10")), seated(BEN, ANN, CAI, on=day("2026-02-10")))
    assert [(one.kind, one.since, one.until) for one in branch.facts.subjects] == [("committee", day("2026-01-10"), None)]
    branch.happen(raised("DL-02", "N02.T03", "2026-03-31", "2026-03"), seated(ANN, on=day("2026-03-10")))
    assert branch.facts.subjects[0].until == day("2026-03-10")
    assert branch.rows["DL-02:2026-03"].lapsed_on == day("2026-03-10")


def test_the_superior_committee_has_no_duties_of_a_branch():
    assert Branch(founded(kind=OrgKind.COMMITTEE)).facts.subjects == ()


OPEN = Branch(RAISED).rows[KEY]


@pytest.mark.parametrize(
    ("row", "today", "stands"),
    [
        (OPEN, "2026-03-23", Status.OPEN),
        (OPEN, "2026-03-24", Status.DUE_SOON),
        (OPEN, "2026-03-31", Status.DUE_SOON),
        (OPEN, "2026-04-01", Status.OVERDUE),
        (Branch(GENERAL).rows[KEY], "2026-04-01", Status.FULFILLED),
        (Branch(RAISED, WAIVED).rows[KEY], "2026-04-01", Status.WAIVED),
        (Branch(RAISED, WAIVED, GENERAL).rows[KEY], "2026-04-01", Status.WAIVED),
        (Branch(RAISED, EXTENDED).rows[KEY], "2026-04-08", Status.DUE_SOON),
        (Branch(RAISED, EXTENDED).rows[KEY], "2026-04-16", Status.OVERDUE),
    ],
)
def test_how_a_row_stands_on_a_day(row, today, stands):
    assert status(row, day(today)) is stands
    assert status(msgspec.structs.asdict(row), day(today)) is stands


def test_the_same_events_twice_give_the_same_rows():
    story = (founded(), joined(ANN), assessed(ANN, 100), RAISED, GENERAL, paid(ANN, "2026-02", 100, "2026-02-03"), CANCELLED, OVERDUE)
    assert Branch(*story).rows == Branch(*story).rows
