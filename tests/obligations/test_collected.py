"""What collected dues rest on: every payment that it took, and the reductions that say what was due (N16.T03, R-D07)."""

from events.base import MeetingId, PersonId
from events.dues import DuesReductionApproved, EntryKind, PaymentKind
from events.members import LeftGround, MemberLeft
from projections.obligations_state import Evidence, Obligation, proofs
from tests.obligations.world import ANN, BEN, PACK, Branch, assessed, day, joined, paid, raised, reversed_

KEY = "DL-05:2026-02"
RAISED = raised("DL-05", "N16.T03", "2026-02-28", "2026-02")
MEMBERS = (joined(ANN), joined(BEN), assessed(ANN, 100), assessed(BEN, 200), RAISED)
"""e1 to e5: what comes after is e6, e7…"""


def reduced(person: PersonId, fen: int, on: str = "2026-02-01") -> DuesReductionApproved:
    return DuesReductionApproved(
        occurred_on=day(on),
        person_id=person,
        from_month="2026-02",
        to_month="2026-03",
        monthly_fen=fen,
        reason="~sealed",
        meeting_id=MeetingId("m1"),
        approval_no="1",
    )


def row(branch: Branch) -> Obligation:
    return branch.rows[KEY]


def stands(branch: Branch) -> tuple[list[str], object, list[str], int]:
    one = row(branch)
    return one.missing, one.fulfilled_on, one.fulfilled_by, one.done


def test_every_payment_is_named_in_the_order_of_its_day():
    branch = Branch(*MEMBERS, paid(BEN, "2026-02", 200, "2026-02-09"), paid(ANN, "2026-02", 100, "2026-02-03"))
    assert stands(branch) == ([], day("2026-02-09"), ["e7", "e6"], 2)


def test_a_part_is_named_beside_the_rest_and_who_paid_a_part_has_not_paid():
    branch = Branch(*MEMBERS, paid(ANN, "2026-02", 100, "2026-02-03"), paid(BEN, "2026-02", 150, "2026-02-04"))
    assert stands(branch) == ([BEN], None, [], 1)
    branch.happen(paid(BEN, "2026-02", 50, "2026-02-20"))
    assert stands(branch) == ([], day("2026-02-20"), ["e6", "e7", "e8"], 2)


def test_what_is_paid_beyond_what_is_due_changes_nothing():
    branch = Branch(*MEMBERS, paid(ANN, "2026-02", 100, "2026-02-03"), paid(BEN, "2026-02", 200, "2026-02-04"))
    before = stands(branch)
    branch.happen(paid(ANN, "2026-02", 100, "2026-03-05"), paid(BEN, "2026-02", 999, "2026-03-06", PaymentKind.VOLUNTARY))
    assert stands(branch) == before == ([], day("2026-02-04"), ["e6", "e7"], 2)


def test_an_earlier_payment_that_is_entered_late_comes_first():
    branch = Branch(*MEMBERS, paid(ANN, "2026-02", 100, "2026-02-20"), paid(BEN, "2026-02", 200, "2026-02-04"))
    branch.happen(paid(ANN, "2026-02", 100, "2026-02-03"))
    assert stands(branch) == ([], day("2026-02-04"), ["e8", "e7"], 2)


def test_a_reduction_is_named_beside_what_was_paid_and_an_exemption_alone():
    branch = Branch(*MEMBERS, reduced(ANN, 40), paid(ANN, "2026-02", 40, "2026-02-03"), reduced(BEN, 0, "2026-02-02"))
    assert stands(branch) == ([], day("2026-02-03"), ["e6", "e8", "e7"], 1)


def test_a_reduction_that_comes_after_the_payments_says_how_much_of_them_it_took():
    branch = Branch(*MEMBERS, paid(ANN, "2026-02", 60, "2026-02-03"), paid(ANN, "2026-02", 40, "2026-02-05"))
    branch.happen(paid(BEN, "2026-02", 200, "2026-02-04"), reduced(ANN, 60, "2026-02-10"))
    assert stands(branch) == ([], day("2026-02-04"), ["e6", "e8", "e9"], 2)


def test_of_two_reductions_the_last_holds_and_is_named():
    branch = Branch(*MEMBERS, paid(BEN, "2026-02", 200, "2026-02-04"), reduced(ANN, 0, "2026-02-10"), reduced(ANN, 60, "2026-02-11"))
    assert stands(branch) == ([ANN], None, [], 1)
    branch.happen(paid(ANN, "2026-02", 60, "2026-02-12"))
    assert stands(branch) == ([], day("2026-02-12"), ["e6", "e8", "e9"], 2)


def test_a_month_in_which_all_are_exempt_is_done_when_it_begins():
    branch = Branch(*MEMBERS, reduced(ANN, 0), reduced(BEN, 0))
    assert stands(branch) == ([], RAISED.occurred_on, ["e6", "e7"], 0)


def test_a_reversed_payment_is_named_no_more_and_the_one_in_its_place_is():
    branch = Branch(*MEMBERS, paid(ANN, "2026-02", 100, "2026-02-03"), paid(BEN, "2026-02", 200, "2026-02-04"))
    branch.happen(reversed_("ann-2026-02-2026-02-03", EntryKind.PAYMENT, "2026-02-10", ANN, "2026-02", 100))
    assert stands(branch) == ([ANN], None, [], 1)
    branch.happen(paid(ANN, "2026-02", 100, "2026-02-12"))
    assert stands(branch) == ([], day("2026-02-12"), ["e7", "e9"], 2)


def test_what_somebody_paid_who_owes_nothing_for_the_month_is_not_named():
    branch = Branch(*MEMBERS, paid(ANN, "2026-02", 100, "2026-02-03"), paid(BEN, "2026-02", 200, "2026-02-04"))
    branch.happen(MemberLeft(occurred_on=day("2026-02-20"), person_id=BEN, ground=LeftGround.WITHDREW, reason="退党", approval_no="2"))
    assert stands(branch)[:3] == ([], day("2026-02-03"), ["e6"])


def test_of_a_month_that_is_not_done_the_payments_so_far_are_told():
    branch = Branch(*MEMBERS, paid(BEN, "2026-02", 150, "2026-02-04"), reduced(ANN, 0))
    found = proofs(branch.state, PACK.deadlines)[KEY]
    assert found == [
        Evidence("e7", "e7", day("2026-02-01"), people=(ANN,)),
        Evidence("ben-2026-02-2026-02-04", "e6", day("2026-02-04"), people=(BEN,)),
    ]
    assert stands(branch) == ([BEN], None, [], 0)
