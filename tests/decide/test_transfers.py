"""Letters at the sender: issued, extended, voided, expired (INV-070 to 072, 074), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import LetterId, OrgId, PersonId
from events.members import CaseClosed, CaseOpened, LeftGround, MemberLeft
from events.organisations import CommitteeSeated, Post, Seat
from events.transfers import LetterExpired, LetterExtended, LetterIssued, LetterVoided, TransferSide, TransferStatus
from service.decide.transfers.letters import ExpireLetter, ExtendLetter, IssueLetter, VoidLetter
from service.errors import Absent, Conflict, Malformed
from tests.decide.dues_history import ADA, B1, BO, COMMITTEE, DAY, NEO, assessed, decide, other, paid_each, refusal
from tests.decide.transfer_history import L1, UNTIL, accepted_there, issued, outside, refused_there, voided

LATE = UNTIL + dt.timedelta(days=1)


def issue(**changed: Any) -> IssueLetter:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "to_side": TransferSide.INSIDE,
        "to_org_id": OrgId("b2"),
        "dues_paid_to": "2026-03",
        "handled_by": BO,
        "contact": "010-1",
    }
    return IssueLetter(**(told | changed))


def issue_outside(**changed: Any) -> IssueLetter:
    return issue(to_side=TransferSide.OUTSIDE, to_org_id=None, to_name="外市党委组织部", **changed)


def written(**changed: Any) -> LetterIssued:
    """What `issue` gives: the letter bears the id of its event."""
    return issued(letter_id=LetterId("1-event"), **changed)


class TestIssueLetter:
    def test_a_letter_to_a_branch_here(self):
        assert decide(issue()) == [written()]

    def test_a_letter_to_outside(self):
        assert decide(issue_outside()) == [
            written(to_side=TransferSide.OUTSIDE, to_org_id=None, to_name="外市党委组织部", heading="外市党委组织部")
        ]

    def test_with_its_own_heading_and_term(self):
        assert decide(issue(heading="某局机关党委", valid_days=10)) == [
            written(heading="某局机关党委", valid_days=10, valid_until=DAY + dt.timedelta(days=10))
        ]

    def test_for_a_probationary_member(self):
        assert decide(issue(person_id=NEO)) == [
            written(person_id=NEO, status=TransferStatus.PROBATIONARY, id_number="~1|neo|e|id_number|x")
        ]

    def test_the_number_is_claimed(self):
        assert [(claim.kind, claim.value, claim.give) for claim in written().claims()] == [("letter", "b1-2026-0001", False)]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(issue(), issued()) == []
        assert decide(issue(number="b1-2026-0001", letter_id=L1), issued()) == []

    def test_another_one_while_one_is_on_its_way_is_a_conflict(self):
        assert other(issue_outside(), issued()) is Conflict
        assert other(issue(number="b1-2026-0002"), issued()) is Conflict

    @pytest.mark.parametrize("over", [voided(), refused_there()])
    def test_a_new_one_once_the_last_is_void_or_was_sent_back(self, over: LetterVoided):
        assert decide(issue(), issued(), over) == [written(number="b1-2026-0002")]

    def test_one_that_ran_out_is_void_with_the_new_one(self):
        again = issue(occurred_on=LATE, dues_paid_to="2026-04")
        new = written(occurred_on=LATE, number="b1-2026-0002", dues_paid_to="2026-04", valid_until=LATE + dt.timedelta(days=30))
        old = voided(occurred_on=LATE, reason="已过有效期，另开b1-2026-0002")
        expired = LetterExpired(occurred_on=LATE, letter_id=L1, person_id=ADA, valid_until=UNTIL)
        assert decide(again, issued()) == [new, old]
        assert decide(again, issued(), expired) == [new, old]

    def test_INV_070_numbers_follow_one_another_within_the_year(self):
        before = issued("b1-2026-0008", letter_id=LetterId("x"), person_id=BO)
        assert decide(issue(), before) == [written(number="b1-2026-0009")]

    def test_INV_070_a_new_year_begins_at_one(self):
        before = issued("b1-2025-0008", letter_id=LetterId("x"), person_id=BO)
        assert decide(issue(), before) == [written(number="b1-2026-0001")]

    def test_INV_070_a_void_letter_keeps_its_number(self):
        assert decide(issue(), issued(), voided()) == [written(number="b1-2026-0002")]

    @pytest.mark.parametrize("number", ["b1-2026-0001", "b1-2026-0003", "b1-2025-0002", "b2-2026-0002"])
    def test_INV_070_a_number_that_is_not_the_next(self, number: str):
        before = issued(letter_id=LetterId("x"), person_id=BO)
        assert refusal(issue(number=number), before) == ("INV-070", "number")

    def test_INV_070_the_next_number_may_be_typed(self):
        before = issued(letter_id=LetterId("x"), person_id=BO)
        assert decide(issue(number="b1-2026-0002"), before) == [written(number="b1-2026-0002")]

    def test_INV_070_beyond_9999_the_number_grows(self):
        before = issued("b1-2026-9999", letter_id=LetterId("x"), person_id=BO)
        assert decide(issue(), before) == [written(number="b1-2026-10000")]

    def test_INV_071_the_term_has_a_limit(self):
        assert decide(issue(valid_days=90)) == [written(valid_days=90, valid_until=DAY + dt.timedelta(days=90))]
        assert refusal(issue(valid_days=91)) == ("INV-071", "valid_days")

    def test_INV_072_dues_are_unpaid(self):
        assert refusal(issue(), assessed()) == ("INV-072", "dues_paid_to")

    @pytest.mark.parametrize("paid_to", ["2025-12", "2026-01", "2026-02"])
    def test_INV_072_an_early_month_on_the_letter_does_not_help(self, paid_to: str):
        assert refusal(issue(dues_paid_to=paid_to), assessed(), *paid_each("2026-01")) == ("INV-072", "dues_paid_to")

    def test_INV_072_the_month_stated_must_be_paid(self):
        paid = paid_each("2026-01", "2026-02")
        assert refusal(issue(dues_paid_to="2026-03"), assessed(), *paid) == ("INV-072", "dues_paid_to")
        assert decide(issue(dues_paid_to="2026-02"), assessed(), *paid) == [written(dues_paid_to="2026-02")]

    def test_INV_072_paid_in_full(self):
        assert decide(issue(), assessed(), *paid_each("2026-01", "2026-02", "2026-03")) == [written()]

    def test_INV_072_the_secretary_lets_it_go_with_a_reason(self):
        assert decide(issue(arrears_reason="已在新单位交纳"), assessed()) == [written(arrears_reason="已在新单位交纳")]

    def test_INV_074_an_open_case(self):
        opened = CaseOpened(occurred_on=DAY, person_id=ADA, case_no="案1")
        assert refusal(issue(), opened) == ("INV-074", "consent_no")

    def test_INV_074_with_the_superiors_consent(self):
        opened = CaseOpened(occurred_on=DAY, person_id=ADA, case_no="案1")
        assert decide(issue(consent_no="同意1"), opened) == [written(consent_no="同意1")]

    def test_INV_074_a_closed_case_is_no_obstacle(self):
        opened = CaseOpened(occurred_on=DAY, person_id=ADA, case_no="案1")
        closed = CaseClosed(occurred_on=DAY, person_id=ADA, case_no="案1")
        assert decide(issue(), opened, closed) == [written()]

    def test_INV_002_somebody_who_is_not_of_this_branch(self):
        assert refusal(issue(person_id=PersonId("zoe"))) == ("INV-002", "person_id")
        assert refusal(issue(handled_by=PersonId("zoe"))) == ("INV-002", "handled_by")

    def test_INV_009_somebody_whose_membership_has_ended(self):
        left = MemberLeft(occurred_on=dt.date(2026, 2, 1), person_id=ADA, ground=LeftGround.EXPELLED, reason="违纪", approval_no="批9")
        assert refusal(issue(), left) == ("INV-009", "person_id")

    def test_INV_009_on_the_very_day_of_leaving_too(self):
        left = MemberLeft(occurred_on=DAY, person_id=ADA, ground=LeftGround.WITHDREW, reason="退党", approval_no="批9")
        assert refusal(issue(), left) == ("INV-009", "person_id")

    def test_a_post_is_vacated_first(self):
        seated = CommitteeSeated(
            occurred_on=dt.date(2025, 2, 1), term=1, term_ends_on=dt.date(2028, 2, 1), approval_no="批2",
            seats=(Seat(person_id=ADA, post=Post.SECRETARY),),
        )  # fmt: skip
        assert other(issue(), seated) is Conflict

    @pytest.mark.parametrize(
        "command",
        [
            issue(to_org_id=None),
            issue(to_org_id=B1),
            issue(to_name="第二党支部"),
            issue(to_side=TransferSide.OUTSIDE, to_org_id=None),
            issue(to_side=TransferSide.OUTSIDE, to_name="外市党委组织部"),
        ],
    )
    def test_where_it_goes_is_said_in_one_way(self, command: IssueLetter):
        assert other(command) is Malformed

    @pytest.mark.parametrize("org", ["b9", COMMITTEE])
    def test_there_is_no_such_branch(self, org: str):
        assert other(issue(to_org_id=OrgId(org))) is Absent


class TestExtendLetter:
    def extend(self, until: dt.date, on: dt.date = DAY) -> ExtendLetter:
        return ExtendLetter(occurred_on=on, letter_id=L1, valid_until=until, reason="路途")

    def extended(self, until: dt.date, on: dt.date = DAY) -> LetterExtended:
        return LetterExtended(occurred_on=on, letter_id=L1, person_id=ADA, valid_until=until, reason="路途")

    @pytest.mark.parametrize("days", [31, 60, 90])
    def test_up_to_the_limit(self, days: int):
        until = DAY + dt.timedelta(days=days)
        assert decide(self.extend(until), issued()) == [self.extended(until)]

    def test_INV_071_beyond_the_limit(self):
        assert refusal(self.extend(DAY + dt.timedelta(days=91)), issued()) == ("INV-071", "valid_until")

    def test_INV_071_an_extension_is_not_a_cut(self):
        assert refusal(self.extend(UNTIL - dt.timedelta(days=1)), issued()) == ("INV-071", "valid_until")

    def test_the_same_again_is_nothing_to_do(self):
        until = UNTIL + dt.timedelta(days=10)
        assert decide(self.extend(UNTIL), issued()) == []
        assert decide(self.extend(until), issued(), self.extended(until)) == []

    def test_on_its_last_day(self):
        until = UNTIL + dt.timedelta(days=10)
        assert decide(self.extend(until, UNTIL), issued()) == [self.extended(until, UNTIL)]

    def test_INV_071_too_late_for_one_that_ran_out(self):
        expired = LetterExpired(occurred_on=LATE, letter_id=L1, person_id=ADA, valid_until=UNTIL)
        later = LATE + dt.timedelta(days=10)
        assert refusal(self.extend(later, LATE), issued()) == ("INV-071", "letter_id")
        assert refusal(self.extend(later, LATE), issued(), expired) == ("INV-071", "letter_id")

    def test_not_once_it_is_done_with(self):
        assert other(self.extend(UNTIL + dt.timedelta(days=1)), issued(), voided()) is Conflict
        assert other(self.extend(UNTIL + dt.timedelta(days=1)), issued(), accepted_there()) is Conflict

    def test_not_before_it_was_issued(self):
        assert other(self.extend(UNTIL + dt.timedelta(days=1), DAY - dt.timedelta(days=1)), issued()) is Conflict

    def test_there_is_no_such_letter(self):
        assert other(self.extend(UNTIL)) is Absent


class TestVoidLetter:
    def void(self, on: dt.date = DAY) -> VoidLetter:
        return VoidLetter(occurred_on=on, letter_id=L1, reason="写错")

    def test_a_letter_becomes_void(self):
        assert decide(self.void(), issued()) == [voided()]

    def test_also_one_that_was_sent_back_or_ran_out(self):
        expired = LetterExpired(occurred_on=LATE, letter_id=L1, person_id=ADA, valid_until=UNTIL)
        assert decide(self.void(), issued(), refused_there()) == [voided()]
        assert decide(self.void(LATE), issued(), expired) == [voided(occurred_on=LATE)]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.void(), issued(), voided()) == []

    def test_not_once_the_member_was_accepted(self):
        assert other(self.void(), issued(), accepted_there()) is Conflict

    def test_not_before_it_was_issued(self):
        assert other(self.void(DAY - dt.timedelta(days=1)), issued()) is Conflict

    def test_there_is_no_such_letter(self):
        assert other(self.void()) is Absent


class TestExpireLetter:
    def expire(self, on: dt.date) -> ExpireLetter:
        return ExpireLetter(occurred_on=on, letter_id=L1)

    def test_on_the_day_after_its_last(self):
        assert decide(self.expire(LATE), outside()) == [LetterExpired(occurred_on=LATE, letter_id=L1, person_id=ADA, valid_until=UNTIL)]

    def test_on_its_last_day_there_is_nothing_to_do(self):
        assert decide(self.expire(UNTIL), issued()) == []

    def test_an_extended_letter_runs_longer(self):
        longer = LetterExtended(occurred_on=DAY, letter_id=L1, person_id=ADA, valid_until=LATE, reason="路途")
        assert decide(self.expire(LATE), issued(), longer) == []

    @pytest.mark.parametrize("over", [voided(), accepted_there(), refused_there()])
    def test_a_letter_that_is_done_with_does_not_expire(self, over: LetterVoided):
        assert decide(self.expire(LATE), issued(), over) == []

    def test_there_is_no_such_letter(self):
        assert other(self.expire(LATE)) is Absent
