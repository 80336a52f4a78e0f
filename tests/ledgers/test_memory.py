"""What a ledger remembers between batches is enough: stopped at any page, stored and taken up again, its rows are the same."""

from typing import Any

import msgspec
import pytest

from events.base import Event
from events.custody import CustodyEntryWithdrawn
from events.debriefing import Before, DebriefingStep
from events.disclosure import FeedbackKind, ItemDropped
from projections.engine.fold import Projection
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import replay
from projections.ledgers import l04_management, l05_supervision, l08_assessment
from tests.decide import debriefing_history as debriefing
from tests.decide.assessment_history import accepted, planned, task_entered, task_reported
from tests.decide.disclosure_history import ITEM, PUBLISHED, answered, catalogue, ended, proposed, voiced
from tests.decide.roster_history import DAY
from tests.decide.test_custody import E1, published
from tests.decide.test_dues_requests import asked
from tests.decide.test_mobile import BACK, GONE, contacted, registered
from tests.decide.transfer_history import issued
from tests.ledgers.l04_history import ORG, facts, paid, reversal
from tests.ledgers.test_l04_fund import CARD, REQUESTED, approved
from tests.ledgers.test_l08_assessment import YEAR, gone

DISCLOSED: tuple[Event, ...] = (
    catalogue(),
    *PUBLISHED,
    voiced(),
    voiced(kind=FeedbackKind.REQUEST, item_id=None),
    answered(),
    published(),
    ended(),
    proposed(item_id="i2"),
    ItemDropped(occurred_on=DAY, item_id=ITEM, reason="重复"),
    CustodyEntryWithdrawn(occurred_on=DAY, entry_id=E1, reason="误录"),
)
DEBRIEFED: tuple[Event, ...] = (
    debriefing.plan(),
    debriefing.opinions(),
    *debriefing.VOTED,
    debriefing.commented(Before.MEMBERS),
    debriefing.planned(),
    debriefing.graded(),
    debriefing.withdrawn(DebriefingStep.OPINIONS),
    debriefing.closed(mistaken=True),
)
ASSESSED: tuple[Event, ...] = (task_entered(), task_reported(), *YEAR, planned(), accepted(), gone("closed"), gone("task"), *DEBRIEFED)
MANAGED: tuple[Event, ...] = (
    registered(person_id="ada"),
    *CARD,
    reversal(paid(2), DAY),
    contacted(person_id="ada", dues_paid_to="2026-02"),
    msgspec.structs.replace(BACK, person_id="ada"),
    msgspec.structs.replace(GONE, person_id="ada"),
    asked(),
    approved(),
    REQUESTED,
    issued(),
    published(),
    CustodyEntryWithdrawn(occurred_on=DAY, entry_id=E1, reason="误录"),
)


@pytest.mark.parametrize(
    ("projection", "story"),
    [(l04_management.PROJECTION, MANAGED), (l05_supervision.PROJECTION, DISCLOSED), (l08_assessment.PROJECTION, ASSESSED)],
    ids=["L04", "L05", "L08"],
)
def test_it_is_enough_at_every_page(projection: Projection[Any], story: tuple[Event, ...]):
    whole = ledger_rows(replay([projection], facts(*story)))
    assert {row["org_id"] for row in whole} == {ORG}
    for cut in range(len(story) + 1):
        merge, state = Merge(), projection.start()
        apply(projection, state, facts(*story)[:cut], merge)
        state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=type(state))
        apply(projection, state, facts(*story)[cut:], merge)
        assert ledger_rows(merge) == whole, f"stopped after page {cut}"


@pytest.mark.parametrize("ledger", [l04_management, l05_supervision, l08_assessment])
def test_every_row_stands_in_a_register_of_the_ledger(ledger: Any):
    known = {register.code for register in ledger.REGISTERS}
    story = {l04_management: MANAGED, l05_supervision: DISCLOSED, l08_assessment: ASSESSED}[ledger]
    assert {row["register"] for row in ledger_rows(replay([ledger.PROJECTION], facts(*story)))} <= known
