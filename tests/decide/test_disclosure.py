"""Openness up to the approval: catalogue, proposal, review with the secrecy check, approval (INV-082 to INV-084)."""

from typing import Any

import pytest

from events.disclosure import DisclosureId, DisclosureScope, DisclosureSubject, DisclosureWay, ItemDropped, Retention, Secrecy
from service.decide.disclosure.approval import (
    AdoptDisclosureCatalogue,
    DecideDisclosure,
    DropDisclosure,
    ProposeDisclosure,
    ReviewDisclosure,
)
from service.decide.disclosure.state import must_hold_nothing_personal
from service.errors import Absent, Conflict, Malformed, Refused
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.disclosure_history import ITEM, PUBLISHED, SUBJECTS, catalogue, decided, proposed, reviewed
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, CAI, DAN, DAY, founded, left, members

HERE = (founded(), *members(ANN, BEN, CAI, DAN))
CLASSIFIED = [Secrecy.CONFIDENTIAL, Secrecy.SECRET, Secrecy.TOP_SECRET]

PERSONAL = ["13800000001", "010-66012345", "990101198005170015", "990101 1980 0517 0015", str(DAN), "现住静安里七号"]


def adopt(**changed: Any) -> AdoptDisclosureCatalogue:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "subjects": SUBJECTS, "entries": ("三会一课情况", "党费收缴情况")}
    return AdoptDisclosureCatalogue(**(told | changed))


def propose(**changed: Any) -> ProposeDisclosure:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "subject": DisclosureSubject.EDUCATION,
        "title": "一季度三会一课",
        "content": "召开党员大会1次",
        "scope": DisclosureScope.PARTY,
        "ways": (DisclosureWay.BOARD,),
        "retention": Retention.PERIODIC,
        "proposer": ANN,
        "item_id": ITEM,
    }
    return ProposeDisclosure(**(told | changed))


def review(**changed: Any) -> ReviewDisclosure:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "item_id": ITEM,
        "reviewer": BEN,
        "passed": True,
        "secrecy_checked": True,
        "secrecy": Secrecy.OPEN,
    }
    return ReviewDisclosure(**(told | changed))


def decide(**changed: Any) -> DecideDisclosure:
    told: dict[str, Any] = {"occurred_on": DAY, "item_id": ITEM, "approver": CAI, "granted": True}
    return DecideDisclosure(**(told | changed))


class TestAdoptDisclosureCatalogue:
    def test_the_catalogue_of_a_year(self):
        given(*HERE).when(adopt()).then(catalogue())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, catalogue()).when(adopt(occurred_on=AFTER)).then(nothing)

    def test_it_may_be_adopted_anew(self):
        given(*HERE, catalogue()).when(adopt(entries=("三会一课情况",))).then(catalogue(entries=("三会一课情况",)))

    @pytest.mark.parametrize("left_out", SUBJECTS)
    def test_it_covers_what_the_norm_names(self, left_out: DisclosureSubject):
        subjects = tuple(subject for subject in SUBJECTS if subject is not left_out)
        given(*HERE).when(adopt(subjects=subjects)).then(fails(Malformed, left_out.value))


class TestProposeDisclosure:
    def test_an_item_is_named_by_its_event(self):
        given(*HERE).when(propose(item_id=None)).then(proposed(item_id=DisclosureId("event-1")))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, proposed()).when(propose()).then(nothing)

    @pytest.mark.parametrize("level", CLASSIFIED)
    def test_INV_084_nothing_classified_begins_the_road(self, level: Secrecy):
        given(*HERE).when(propose(secrecy=level)).then(refused("INV-084", "secrecy"))

    def test_INV_084_internal_matter_may_be_disclosed(self):
        given(*HERE).when(propose(secrecy=Secrecy.INTERNAL)).then(proposed(secrecy=Secrecy.INTERNAL))

    def test_an_entry_of_the_catalogue(self):
        entry = "三会一课情况"
        given(*HERE, catalogue()).when(propose(catalogue_entry=entry)).then(proposed(catalogue_entry=entry))

    def test_an_entry_that_the_catalogue_does_not_have(self):
        given(*HERE, catalogue()).when(propose(catalogue_entry="其他")).then(fails(Absent, "其他"))
        given(*HERE).when(propose(catalogue_entry="三会一课情况")).then(fails(Absent))

    def test_to_specific_people(self):
        changed = {"scope": DisclosureScope.SPECIFIC, "audience": "第一党小组"}
        given(*HERE).when(propose(**changed)).then(proposed(**changed))
        given(*HERE).when(propose(scope=DisclosureScope.SPECIFIC)).then(fails(Malformed))
        given(*HERE).when(propose(audience="第一党小组")).then(fails(Malformed))

    def test_INV_009_by_a_member(self):
        given(*HERE, left(ANN)).when(propose()).then(refused("INV-009", "proposer"))

    def test_one_that_is_under_review_is_not_proposed_again(self):
        given(*HERE, proposed()).when(propose(title="另一题")).then(fails(Conflict, "proposed"))

    def test_one_that_was_sent_back_is(self):
        given(*HERE, proposed(), reviewed(passed=False)).when(propose(title="改后")).then(proposed(title="改后"))

    def test_one_that_was_not_approved_is(self):
        given(*HERE, proposed(), reviewed(), decided(granted=False)).when(propose(title="改后")).then(proposed(title="改后"))

    def test_and_not_before_it_was_sent_back(self):
        sent_back = reviewed(passed=False, occurred_on=AFTER)
        given(*HERE, proposed(), sent_back).when(propose(title="改后")).then(fails(Conflict))


class TestReviewDisclosure:
    def test_it_passes(self):
        given(*HERE, proposed()).when(review()).then(reviewed())

    def test_it_is_sent_back(self):
        given(*HERE, proposed()).when(review(passed=False, opinion="补充数据")).then(reviewed(passed=False, opinion="补充数据"))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, proposed(), reviewed()).when(review()).then(nothing)

    def test_INV_082_nothing_passes_without_the_secrecy_check(self):
        given(*HERE, proposed()).when(review(secrecy_checked=False)).then(refused("INV-082", "secrecy_checked"))

    @pytest.mark.parametrize("level", CLASSIFIED)
    def test_INV_084_nothing_classified_passes(self, level: Secrecy):
        given(*HERE, proposed()).when(review(secrecy=level)).then(refused("INV-084", "secrecy"))
        given(*HERE, proposed()).when(review(secrecy=level, passed=False)).then(reviewed(secrecy=level, passed=False))

    def test_INV_084_what_is_internal_is_not_for_society(self):
        out = proposed(scope=DisclosureScope.SOCIETY)
        given(*HERE, out).when(review(secrecy=Secrecy.INTERNAL)).then(refused("INV-084", "secrecy"))
        given(*HERE, out).when(review()).then(reviewed())
        given(*HERE).when(propose(scope=DisclosureScope.SOCIETY, secrecy=Secrecy.INTERNAL)).then(refused("INV-084", "secrecy"))

    @pytest.mark.parametrize("field", ["title", "content", "catalogue_entry", "audience"])
    @pytest.mark.parametrize("told", PERSONAL)
    def test_INV_084_no_number_or_address_of_a_person_passes(self, field: str, told: str):
        dirty = proposed(**{field: f"请联系{told}。"})
        given(*HERE, dirty).when(review()).then(refused("INV-084", "passed"))
        given(*HERE, dirty).when(review(passed=False, opinion="删去")).then(reviewed(passed=False, opinion="删去"))

    def test_INV_084_what_was_found_is_named_and_not_repeated(self):
        with pytest.raises(Refused) as refusal:
            must_hold_nothing_personal("passed", content="请联系13800000001。")
        assert refusal.value.detail == "content holds a mobile number"

    def test_an_item_that_does_not_exist(self):
        given(*HERE).when(review()).then(fails(Absent))

    def test_not_before_the_proposal(self):
        given(*HERE, proposed()).when(review(occurred_on=BEFORE)).then(fails(Conflict))

    def test_another_review_of_what_passed(self):
        given(*HERE, proposed(), reviewed()).when(review(reviewer=DAN)).then(fails(Conflict, "reviewed"))

    def test_once_more_after_it_was_proposed_again(self):
        history = (proposed(), reviewed(passed=False), proposed(title="改后"))
        given(*HERE, *history).when(review()).then(reviewed())

    def test_INV_002_by_a_member(self):
        given(founded(), *members(ANN), proposed()).when(review()).then(refused("INV-002", "reviewer"))


class TestDecideDisclosure:
    def test_it_is_approved(self):
        given(*HERE, proposed(), reviewed()).when(decide(superior_no="上批1")).then(decided(superior_no="上批1"))

    def test_it_is_not_approved(self):
        given(*HERE, proposed(), reviewed()).when(decide(granted=False, opinion="暂缓")).then(decided(granted=False, opinion="暂缓"))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, proposed(), reviewed(), decided()).when(decide()).then(nothing)

    def test_INV_083_by_somebody_else_than_the_reviewer(self):
        given(*HERE, proposed(), reviewed()).when(decide(approver=BEN)).then(refused("INV-083", "approver"))

    def test_INV_083_the_proposer_may_approve(self):
        given(*HERE, proposed(), reviewed()).when(decide(approver=ANN)).then(decided(approver=ANN))

    @pytest.mark.parametrize("history", [(proposed(),), (proposed(), reviewed(passed=False))])
    def test_INV_082_not_before_it_passed_review(self, history: tuple[Any, ...]):
        given(*HERE, *history).when(decide()).then(refused("INV-082", "item_id"))

    def test_INV_082_a_new_proposal_is_reviewed_anew(self):
        history = (proposed(), reviewed(), decided(granted=False), proposed(title="改后"))
        given(*HERE, *history).when(decide()).then(refused("INV-082", "item_id"))

    def test_not_a_second_time(self):
        given(*HERE, proposed(), reviewed(), decided()).when(decide(approver=DAN)).then(fails(Conflict, "approved"))

    def test_an_item_that_does_not_exist(self):
        given(*HERE).when(decide()).then(fails(Absent))


class TestDropDisclosure:
    DROPPED = ItemDropped(occurred_on=DAY, item_id=ITEM, reason="重复")
    COMMAND = DropDisclosure(occurred_on=DAY, item_id=ITEM, reason="重复")

    @pytest.mark.parametrize("history", [(proposed(),), (proposed(), reviewed()), (proposed(), reviewed(), decided())])
    def test_before_it_is_published(self, history: tuple[Any, ...]):
        given(*HERE, *history).when(self.COMMAND).then(self.DROPPED)

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, proposed(), self.DROPPED).when(self.COMMAND).then(nothing)

    def test_what_was_published_is_withdrawn_instead(self):
        given(*HERE, *PUBLISHED).when(self.COMMAND).then(fails(Conflict, "published"))

    def test_an_item_that_does_not_exist(self):
        given(*HERE).when(self.COMMAND).then(fails(Absent))

    def test_what_was_dropped_goes_no_further(self):
        given(*HERE, proposed(), self.DROPPED).when(review()).then(fails(Conflict, "dropped"))
