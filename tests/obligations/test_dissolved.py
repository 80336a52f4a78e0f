"""A branch that was dissolved has no duties any more; what was due before stays as it was."""

from events.obligations import ObligationRaised
from events.structure import BranchDissolved
from tests.obligations.world import ANN, BEN, CAI, FOUNDED, ORG, Branch, day, founded, seated


def raised(period: str, due: str) -> ObligationRaised:
    return ObligationRaised(
        occurred_on=FOUNDED, obligation_id=f"DL-01:{period}", deadline="DL-01", task="N01.T01", period=period, due_on=day(due), needed=1
    )


GONE = BranchDissolved(occurred_on=day("2026-02-10"), org_id=ORG, reason="机构调整", approval_no="部发〔2026〕10号")


def test_no_subject_is_left_of_the_branch_and_its_committee():
    branch = Branch(founded(), seated(ANN, BEN, CAI), GONE)
    assert {(one.kind, one.until) for one in branch.facts.subjects} == {("branch", GONE.occurred_on), ("committee", GONE.occurred_on)}


def test_a_branch_without_a_committee_leaves_one_subject():
    assert [(one.kind, one.until) for one in Branch(founded(), GONE).facts.subjects] == [("branch", GONE.occurred_on)]


def test_what_was_not_due_before_lapses_and_what_was_stays():
    branch = Branch(founded(), raised("2026-01", "2026-01-31"), raised("2026-02", "2026-02-28"))
    branch.happen(GONE)
    assert {key: one.lapsed_on for key, one in branch.rows.items()} == {"DL-01:2026-01": None, "DL-01:2026-02": GONE.occurred_on}
