"""L02 组织生活: votes on punishments and dispositions stand in the row of their general meeting, without the member's name."""

import datetime as dt
from typing import Any

from events.base import Event
from events.discipline import DisciplineStep, DisciplineStepWithdrawn
from events.disposition import DispositionStep, DispositionStepWithdrawn
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l02_organisation_life import PROJECTION
from tests.decide import discipline_history as discipline
from tests.decide import disposition_history as disposition
from tests.ledgers.l04_history import facts

LATER = dt.date(2027, 6, 1)


def votes(*events: Event) -> list[str]:
    (row,) = [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == "meetings"]
    found: list[str] = row["cells"]["votes"]
    return found


def test_a_vote_on_a_punishment():
    line = "支部大会处分表决：应到有表决权7，实到7，赞成6，反对1，弃权0，通过"
    assert votes(discipline.held(), discipline.voted()) == [line]
    gone = DisciplineStepWithdrawn(occurred_on=LATER, **discipline.CASE, step=DisciplineStep.VOTED, reason="~1|gus|e|reason|x")
    assert votes(discipline.held(), discipline.voted(), gone) == [line, "2027-06-01 违纪案件登记撤回"]


def test_a_vote_on_a_disposition_is_secret():
    line = "支部大会处置表决：应到有表决权7，实到7，赞成3，反对4，弃权0，无记名，未通过"
    assert votes(disposition.held(), disposition.voted(yes=3, no=4, passed=False)) == [line]


def test_a_review_at_expiry_and_its_withdrawal():
    meeting, review = disposition.held(meeting_id=disposition.M2, occurred_on=disposition.EXPIRES_ON), disposition.found()
    line = "限期改正期满评议：应到有表决权7，实到7，赞成6，反对1，弃权0，无记名，通过"
    told: dict[str, Any] = {"occurred_on": LATER, **disposition.CASE, "reason": "~1|gus|e|reason|x"}
    gone = DispositionStepWithdrawn(step=DispositionStep.CORRECTION_REVIEWED, **told)
    assert votes(meeting, review) == [line]
    assert votes(meeting, review, gone) == [line, "2027-06-01 处置登记撤回"]
    assert votes(meeting, review, DispositionStepWithdrawn(step=DispositionStep.TALKED, **told)) == [line]
