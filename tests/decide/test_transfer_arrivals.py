"""Letters at the receiver: in one branch at any moment (INV-001 to 003, 071), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import OrgId
from events.members import (
    LeftGround,
    MemberLeft,
    MemberProfileChanged,
    MembershipReinstated,
    MembershipSuspended,
    VotingRestored,
    VotingSuspended,
)
from events.transfers import (
    LetterExpired,
    LetterExtended,
    TransferSide,
)
from service.decide.base import Elsewhere
from service.decide.roster import ROSTER, Roster
from service.decide.transfers.arrivals import BARRED_THERE, AcceptTransfer, ReceiveTransfer, RefuseTransfer
from service.errors import Absent, Conflict, Malformed
from tests.decide.dues_history import (
    ADA,
    B1,
    B2,
    BRANCH,
    DAY,
    G1,
    G2,
    OTHER_BRANCH,
    Told,
    decide,
    member,
    other,
    refusal,
    there,
)
from tests.decide.transfer_history import (
    CAME,
    CAME_IN,
    DONE,
    EXPIRED,
    L1,
    LATE,
    SENT,
    TAKEN,
    UNTIL,
    accepted,
    accepted_there,
    arrived,
    issued,
    moved_in,
    moved_out,
    outside,
    refused,
    refused_there,
    voided,
)


class TestReceiveTransfer:
    def receive(self, **changed: Any) -> ReceiveTransfer:
        told: dict[str, Any] = {"occurred_on": CAME, "from_org_id": B1, "letter_id": L1}
        return ReceiveTransfer(**(told | changed))

    def test_all_it_says_comes_from_the_sender(self):
        assert decide(self.receive(), *SENT, org=B2) == [arrived()]

    def test_with_its_extended_date(self):
        longer = LetterExtended(occurred_on=DAY, letter_id=L1, person_id=ADA, valid_until=LATE, reason="路途")
        assert decide(self.receive(), *there(B1, (issued(), longer)), org=B2) == [arrived(valid_until=LATE)]

    def test_on_the_very_day_it_was_issued(self):
        assert decide(self.receive(occurred_on=DAY), *SENT, org=B2) == [arrived(occurred_on=DAY)]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.receive(), *CAME_IN, org=B2) == []

    @pytest.mark.parametrize("over", [voided(), refused_there(), accepted_there()])
    def test_not_once_it_is_done_with(self, over: Any):
        assert other(self.receive(), *there(B1, (issued(), over)), org=B2) is Conflict

    def test_not_before_it_was_issued(self):
        assert other(self.receive(occurred_on=DAY - dt.timedelta(days=1)), *SENT, org=B2) is Conflict

    def test_a_letter_to_somebody_else_is_as_good_as_none(self):
        assert other(self.receive(), *there(B1, (issued(to_org_id=OrgId("b3")),)), org=B2) is Absent
        assert other(self.receive(), *there(B1, (outside(),)), org=B2) is Absent
        assert other(self.receive(), org=B2) is Absent
        assert other(self.receive(from_org_id=OrgId("b9")), org=B2) is Absent


class TestAcceptTransfer:
    def accept(self, **changed: Any) -> AcceptTransfer:
        told: dict[str, Any] = {"occurred_on": TAKEN, "from_org_id": B1, "letter_id": L1, "group_id": G1}
        return AcceptTransfer(**(told | changed))

    def both(self, on: dt.date = TAKEN, **changed: Any) -> list[Told]:
        """What happens in both books at once."""
        return [
            accepted(on, **changed),
            moved_in(on),
            Elsewhere(B1, moved_out(on)),
            Elsewhere(B1, accepted_there(on)),
        ]

    def test_both_books_at_once(self):
        assert decide(self.accept(), *CAME_IN, org=B2) == self.both()

    def test_on_the_very_day_it_came_in(self):
        assert decide(self.accept(occurred_on=CAME), *CAME_IN, org=B2) == self.both(CAME)

    def test_one_number_is_given_back_and_taken_at_once(self):
        claims = [(claim.kind, claim.value, claim.give) for event in (moved_out(), moved_in()) for claim in event.claims()]
        index = member(ADA).id_index
        assert claims == [
            ("member", "ada", True),
            ("id-number", index, True),
            ("member", "ada", False),
            ("id-number", index, False),
        ]

    def test_changes_of_the_profile_come_along(self):
        changed = MemberProfileChanged(occurred_on=DAY, person_id=ADA, reason="更正", name="~1|ada|e9|name|y", mobile=True)
        outcome = decide(self.accept(), *CAME_IN, *there(B1, (changed,)), org=B2)
        assert outcome[1] == moved_in(name="~1|ada|e9|name|y", mobile=True)

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.accept(), *DONE, org=B2) == []

    def test_INV_001_on_every_day_in_exactly_one_branch(self):
        """Before, on and after the day of acceptance the member counts once (INV-002, R-E04)."""
        rolls = [_fold(*BRANCH, moved_out()), _fold(*OTHER_BRANCH, moved_in())]
        for n in range(-5, 6):
            day = TAKEN + dt.timedelta(days=n)
            assert [ADA in roll.members_on(day) for roll in rolls] == [n < 0, n >= 0]

    def test_INV_001_nobody_is_accepted_twice(self):
        """Gone from the sender for elsewhere, the letter cannot bring the member in again."""
        gone = there(B1, (issued(), moved_out(CAME, OrgId("b3"), "第三党支部")))
        assert refusal(self.accept(), *gone, arrived(), org=B2) == ("INV-009", "letter_id")

    @pytest.mark.parametrize("left_on", [CAME, TAKEN, TAKEN + dt.timedelta(days=1)])
    def test_INV_009_whoever_is_off_the_roll_cannot_come_any_more(self, left_on: dt.date):
        """Neither on the very day nor, told late, for a day before it: the letter does not outlive the membership."""
        left = MemberLeft(occurred_on=left_on, person_id=ADA, ground=LeftGround.WITHDREW, reason="退党", approval_no="批9")
        assert refusal(self.accept(), *CAME_IN, *there(B1, (left,)), org=B2) == ("INV-009", "letter_id")

    def test_INV_009_a_suspended_membership_is_not_moved_to_be_free_of_it(self):
        suspended = MembershipSuspended(occurred_on=TAKEN, person_id=ADA, reason="停止党籍", approval_no="批9")
        again = MembershipReinstated(occurred_on=TAKEN, person_id=ADA, reason="恢复党籍", approval_no="批10")
        assert refusal(self.accept(), *CAME_IN, *there(B1, (suspended,)), org=B2) == ("INV-009", "letter_id")
        assert decide(self.accept(), *CAME_IN, *there(B1, (suspended, again)), org=B2) == self.both()

    def test_INV_014_whoever_had_no_vote_there_has_none_here(self):
        barred = VotingSuspended(occurred_on=CAME, person_id=ADA, reason="留党察看")
        here = VotingSuspended(occurred_on=TAKEN, person_id=ADA, reason=BARRED_THERE)
        entry, entered, *elsewhere = self.both()
        assert decide(self.accept(), *CAME_IN, *there(B1, (barred,)), org=B2) == [entry, entered, here, *elsewhere]
        assert ADA not in _fold(*OTHER_BRANCH, moved_in(), here).voters_on(LATE)

    def test_INV_014_a_vote_that_was_restored_there_is_no_matter_here(self):
        barred = VotingSuspended(occurred_on=DAY, person_id=ADA, reason="留党察看")
        restored = VotingRestored(occurred_on=CAME, person_id=ADA, reason="期满恢复")
        assert decide(self.accept(), *CAME_IN, *there(B1, (barred, restored)), org=B2) == self.both()

    def test_INV_003_where_there_are_groups_one_is_named(self):
        assert refusal(self.accept(group_id=None), *CAME_IN, org=B2) == ("INV-003", "group_id")
        assert refusal(self.accept(group_id=G2), *CAME_IN, org=B2) == ("INV-003", "group_id")

    def test_INV_071_on_its_last_day(self):
        assert decide(self.accept(occurred_on=UNTIL), *CAME_IN, org=B2) == self.both(UNTIL)

    @pytest.mark.parametrize("marked", [(), (EXPIRED,)])
    def test_INV_071_a_day_later_it_needs_an_explanation(self, marked: tuple[LetterExpired, ...]):
        history: tuple[Told, ...] = (*there(B1, (issued(), *marked)), arrived())
        assert refusal(self.accept(occurred_on=LATE), *history, org=B2) == ("INV-071", "late_explanation")
        assert decide(self.accept(occurred_on=LATE, late_explanation="因病"), *history, org=B2) == self.both(LATE, late_explanation="因病")

    def test_INV_071_an_extended_letter_is_not_late(self):
        longer = LetterExtended(occurred_on=CAME, letter_id=L1, person_id=ADA, valid_until=LATE, reason="路途")
        assert decide(self.accept(occurred_on=LATE), *there(B1, (issued(), longer)), arrived(), org=B2) == self.both(LATE)

    def test_not_once_it_is_void(self):
        assert other(self.accept(), *there(B1, (issued(), voided())), arrived(), org=B2) is Conflict

    def test_not_once_it_was_sent_back(self):
        assert other(self.accept(), *CAME_IN, refused(), org=B2) is Conflict

    def test_not_before_it_came_in(self):
        assert other(self.accept(occurred_on=CAME - dt.timedelta(days=1)), *CAME_IN, org=B2) is Conflict
        assert other(self.accept(), *SENT, org=B2) is Absent

    def test_a_letter_to_somebody_else_is_as_good_as_none(self):
        assert other(self.accept(), *there(B1, (issued(to_org_id=OrgId("b3")),)), org=B2) is Absent


class TestRefuseTransfer:
    def refuse(self, **changed: Any) -> RefuseTransfer:
        told: dict[str, Any] = {"occurred_on": TAKEN, "from_org_id": B1, "letter_id": L1, "reason": "抬头有误"}
        return RefuseTransfer(**(told | changed))

    def test_the_sender_learns_of_it_at_once(self):
        assert decide(self.refuse(), *CAME_IN, org=B2) == [refused(), Elsewhere(B1, refused_there())]

    def test_a_letter_from_outside_is_only_sent_back(self):
        came = arrived(from_side=TransferSide.OUTSIDE, from_org_id=None)
        assert decide(self.refuse(from_org_id=None), came, org=B2) == [refused()]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.refuse(), *CAME_IN, refused(), org=B2) == []

    def test_a_letter_that_is_void_there_is_only_sent_back(self):
        assert decide(self.refuse(), *there(B1, (issued(), voided())), arrived(), org=B2) == [refused()]

    def test_not_once_the_member_was_accepted(self):
        assert other(self.refuse(), *DONE, org=B2) is Conflict

    def test_not_before_it_came_in(self):
        assert other(self.refuse(occurred_on=CAME - dt.timedelta(days=1)), *CAME_IN, org=B2) is Conflict
        assert other(self.refuse(), *SENT, org=B2) is Absent

    def test_the_sender_is_the_one_of_the_letter(self):
        assert other(self.refuse(from_org_id=None), *CAME_IN, org=B2) is Malformed


def _fold(*events: Any) -> Roster:
    roster = ROSTER.initial
    for event in events:
        roster = ROSTER.evolve(roster, event)
    return roster
