"""Openness beyond the branch's power: submitted after the review, decided by the superior, and seen where approvals wait (R-F03, INV-082)."""

import datetime as dt
from typing import Any

from events.disclosure import DisclosureDecidedAbove, DisclosureScope, DisclosureSubmitted
from projections.standard.pack import default_pack
from service.decide.disclosure.publishing import PROCEDURES, PublishDisclosure
from service.decide.disclosure.state import EMPTY, evolve
from service.decide.disclosure.superior import DecideDisclosureAbove, SubmitDisclosure
from service.decide.procedure import Progress, Step
from service.errors import Absent, Conflict, Malformed
from service.waiting import ENDED
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.disclosure_history import ITEM, decided, proposed, published, reviewed
from tests.decide.roster_history import AFTER, ANN, BEN, CAI, DAY, founded, members
from tests.decide.test_disclosure import decide, propose
from tests.ledgers.test_l05_disclosure import cells

HERE = (founded(), *members(ANN, BEN, CAI))
REVIEWED = (*HERE, proposed(), reviewed())
GROUND = "涉及机关重大事项"


def submit(**changed: Any) -> SubmitDisclosure:
    told: dict[str, Any] = {"occurred_on": DAY, "item_id": ITEM, "ground": GROUND}
    return SubmitDisclosure(**(told | changed))


def above(**changed: Any) -> DecideDisclosureAbove:
    told: dict[str, Any] = {"occurred_on": DAY, "item_id": ITEM, "granted": True, "document_no": "示委〔2026〕3号"}
    return DecideDisclosureAbove(**(told | changed))


SUBMITTED = DisclosureSubmitted(occurred_on=DAY, item_id=ITEM, ground=GROUND)
GRANTED = DisclosureDecidedAbove(occurred_on=DAY, item_id=ITEM, granted=True, document_no="示委〔2026〕3号")
RETURNED = DisclosureDecidedAbove(occurred_on=DAY, item_id=ITEM, granted=False, opinion="补充数据")


class TestSubmitDisclosure:
    def test_a_reviewed_item_goes_up(self):
        given(*REVIEWED).when(submit()).then(SUBMITTED)

    def test_the_same_again_is_nothing_to_do(self):
        given(*REVIEWED, SUBMITTED).when(submit()).then(nothing)

    def test_not_before_the_review_has_passed(self):
        given(*HERE, proposed()).when(submit()).then(refused("INV-082", "item_id"))
        given(*HERE, proposed(), reviewed(passed=False)).when(submit()).then(refused("INV-082", "item_id"))

    def test_not_what_the_branch_decided_itself(self):
        given(*REVIEWED, decided()).when(submit()).then(fails(Conflict, "approved"))

    def test_what_is_not_there_cannot_be_submitted(self):
        given(*HERE).when(submit()).then(fails(Absent))

    def test_the_branch_no_longer_decides(self):
        given(*REVIEWED, SUBMITTED).when(decide()).then(fails(Conflict, "with the superior"))


class TestDecideDisclosureAbove:
    def test_the_superior_approves(self):
        given(*REVIEWED, SUBMITTED).when(above()).then(GRANTED)

    def test_the_same_again_is_nothing_to_do(self):
        given(*REVIEWED, SUBMITTED, GRANTED).when(above()).then(nothing)

    def test_only_what_was_submitted(self):
        given(*REVIEWED).when(above()).then(refused("INV-082", "item_id"))

    def test_once(self):
        given(*REVIEWED, SUBMITTED, GRANTED).when(above(granted=False, opinion="不")).then(fails(Conflict, "approved"))

    def test_no_is_said_with_a_reason(self):
        given(*REVIEWED, SUBMITTED).when(above(granted=False, document_no=None)).then(fails(Malformed, "opinion"))
        given(*REVIEWED, SUBMITTED).when(above(granted=False, document_no=None, opinion="补充数据")).then(RETURNED)

    def test_what_was_approved_above_may_be_published_and_what_was_returned_may_not(self):
        publish = PublishDisclosure(occurred_on=DAY, item_id=ITEM)
        given(*REVIEWED, SUBMITTED, GRANTED).when(publish).then(published())
        given(*REVIEWED, SUBMITTED).when(publish).then(refused("INV-082", "item_id"))
        given(*REVIEWED, SUBMITTED, RETURNED).when(publish).then(refused("INV-082", "item_id"))

    def test_what_was_returned_is_proposed_anew_and_begins_at_the_review(self):
        anew = {"title": "改后", "scope": DisclosureScope.UNIT, "occurred_on": AFTER}
        given(*REVIEWED, SUBMITTED, RETURNED).when(propose(**anew)).then(proposed(**anew))
        given(*REVIEWED, SUBMITTED, RETURNED, proposed(**anew)).when(submit(occurred_on=AFTER)).then(refused("INV-082", "item_id"))


def approval(*events: Any) -> Step:
    item = EMPTY
    for event in events:
        item = evolve(item, event)
    steps = PROCEDURES[0].steps(item, ITEM, default_pack().rules(DAY, []), AFTER + dt.timedelta(days=1))
    return next(step for step in steps if step.code == "approve")


def test_the_step_of_approval_waits_for_whoever_has_to_take_it():
    own, theirs = approval(proposed(), reviewed()), approval(proposed(), reviewed(), SUBMITTED)
    assert (own.command, own.progress) == ("decide-disclosure", Progress.OPEN)
    assert (theirs.command, theirs.progress) == ("decide-disclosure-above", Progress.OPEN)
    assert approval(proposed(), reviewed(), SUBMITTED, GRANTED).progress is Progress.DONE
    assert "disclosure.submitted" not in ENDED["disclosure"]


def test_the_register_tells_the_way_over_the_superior():
    on_the_way = cells(proposed(), reviewed(), SUBMITTED)
    assert (on_the_way["state"], on_the_way.get("approved_on")) == ("已报上级审批：涉及机关重大事项", None)
    approved = cells(proposed(), reviewed(), SUBMITTED, GRANTED)
    assert (approved["state"], approved["approved_on"], approved.get("approver")) == ("上级同意 示委〔2026〕3号", DAY, None)
    assert cells(proposed(), reviewed(), SUBMITTED, RETURNED)["state"] == "上级退回：补充数据"
