"""Wrong entries are taken back, by whoever made them, while nothing rests on them (INV-038), three ways each."""

from typing import Any

import pytest

from events import admission, admission_acceptance
from events.admission import AdmissionTalk, AdmissionTalkHeld, CultivationReviewed, ReviewScope
from events.admission_acceptance import AdmissionEntryWithdrawn
from events.base import tag_of
from service.auth.rights import Right
from service.decide.admission.order import PARTS, done_on, needs_of
from service.decide.admission.state import Admission, evolve, without
from service.decide.admission.withdrawal import (
    CASES,
    BranchEntry,
    SuperiorEntry,
    WithdrawAdmissionEntry,
    WithdrawSuperiorEntry,
)
from service.errors import Absent, Conflict
from tests.decide.admission_history import CASE, IDS, STORY, before, case, day, event, until, when
from tests.decide.bdd import fails, nothing, refused

FURTHER_DECISION = {
    *("admission.approved", "admission.assigned", "admission.conversion_approved", "admission.probation_extended"),
    *("admission.probation_cancelled", "admission.closed", "admission.file_archived", "admission.entry_withdrawn"),
    *("admission.details_corrected", "admission.pages_counted", "admission.objection_received", "admission.objection_resolved"),
}
"""Has reached the roll, ends the case, or is set right by recording it anew."""


def withdraw(entry: BranchEntry, on: str, **changed: Any) -> WithdrawAdmissionEntry:
    told: dict[str, Any] = {
        "occurred_on": day("2025-12-20"),
        "admission_id": CASE,
        "entry": entry,
        "entry_on": day(on),
        "reason": "登记有误",
    }
    return WithdrawAdmissionEntry(**(told | changed))


def withdrawn(entry: str, on: str) -> AdmissionEntryWithdrawn:
    return AdmissionEntryWithdrawn(**IDS, occurred_on=day("2025-12-20"), withdrawn=entry, withdrawn_on=day(on), reason="登记有误")


def folded(*history: Any) -> Admission:
    found = Admission()
    for told in history:
        if told.stream() == "admission-case":
            found = evolve(found, told)
    return found


class TestTheLastEntry:
    def test_is_withdrawn(self):
        when(withdraw(BranchEntry.OATH, "2024-12-10"), *until("oath")).then(withdrawn("admission.oath_taken", "2024-12-10"))

    def test_and_may_be_recorded_anew(self):
        gone = withdrawn("admission.oath_taken", "2024-12-10")
        assert folded(*until("oath"), gone) == folded(*before("oath"))

    def test_of_two_the_later_one(self):
        twice = (event("first-review"), CultivationReviewed(**IDS, occurred_on=day("2024-02-26"), scope=ReviewScope.ACTIVIST, opinion="再"))
        gone = withdrawn("admission.reviewed:activist", "2024-02-26")
        assert folded(*before("first-review"), *twice, gone) == folded(*until("first-review"))

    def test_one_that_is_not_there(self):
        when(withdraw(BranchEntry.OATH, "2024-12-11"), *until("oath")).then(fails(Absent, "2024-12-11"))
        gone = withdrawn("admission.oath_taken", "2024-12-10")
        when(withdraw(BranchEntry.OATH, "2024-12-10"), *until("oath"), gone).then(fails(Absent))

    def test_not_before_it_was_made(self):
        when(withdraw(BranchEntry.OATH, "2024-12-10", occurred_on=day("2024-12-09")), *until("oath")).then(
            refused("INV-038", "occurred_on")
        )

    def test_not_when_the_case_is_over(self):
        when(withdraw(BranchEntry.OATH, "2024-12-10"), *until("archive")).then(fails(Conflict, "ended"))


class TestWhatRestsOnIt:
    @pytest.mark.parametrize(
        ("entry", "on", "then"),
        [
            (BranchEntry.APPLICANT_TALK, "2023-03-20", "activist"),
            (BranchEntry.ACTIVIST, "2023-09-04", "activist-filing"),
            (BranchEntry.OPINIONS, "2024-09-10", "target"),
            (BranchEntry.SPONSORS, "2024-10-09", "committee-review"),
            (BranchEntry.POLITICAL_REVIEW, "2024-10-14", "committee-review"),
            (BranchEntry.FORM_COMPLETED, "2024-11-04", "vote"),
            (BranchEntry.ADMISSION_VOTE, "2024-11-11", "submission"),
            (BranchEntry.CONVERSION_APPLIED, "2025-10-20", "conversion-vote"),
            (BranchEntry.CONVERSION_REVIEW, "2025-11-11", "conversion-vote"),
        ],
    )
    def test_is_withdrawn_first(self, entry: BranchEntry, on: str, then: str):
        when(withdraw(entry, on), *until(then)).then(refused("INV-038", "entry"))

    def test_one_of_several_talks_may_go(self):
        another = AdmissionTalkHeld(**IDS, occurred_on=day("2023-03-21"), kind=AdmissionTalk.APPLICANT, record="再谈")
        when(withdraw(BranchEntry.APPLICANT_TALK, "2023-03-20"), *until("activist"), another).then(
            withdrawn("admission.talk_held:applicant", "2023-03-20")
        )


class TestTheApplication:
    COMMAND = withdraw(BranchEntry.APPLICATION, "2023-03-01")
    GONE = withdrawn("admission.application_received", "2023-03-01")

    def test_goes_last_and_the_case_with_it(self):
        when(self.COMMAND, *until("application")).then(self.GONE)
        when(self.COMMAND, *until("applicant-talk")).then(refused("INV-038", "entry"))

    def test_again_is_nothing_new(self):
        when(self.COMMAND, *until("application"), self.GONE).then(nothing)

    def test_of_a_case_that_there_is(self):
        when(self.COMMAND, *case()).then(fails(Absent))


class TestTheSuperior:
    COMMAND = WithdrawSuperiorEntry(
        occurred_on=day("2025-12-20"),
        admission_id=CASE,
        entry=SuperiorEntry.PRE_REVIEW,
        entry_on=day("2024-10-28"),
        reason="登记有误",
    )

    def test_withdraws_what_the_superior_said(self):
        when(self.COMMAND, *until("pre-review")).then(withdrawn("admission.pre_review_decided", "2024-10-28"))
        when(self.COMMAND, *until("form-issued")).then(refused("INV-038", "entry"))

    def test_with_a_right_of_its_own(self):
        assert [decided.right for decided in CASES] == [Right.ADMISSION_WRITE, Right.SUPERIOR_WRITE]


def test_every_kind_of_entry_can_be_withdrawn_or_is_answered_by_a_further_decision():
    tags = {tag_of(kind) for noun in (admission, admission_acceptance) for kind in noun.EVENTS}
    named = {entry.value.partition(":")[0] for entry in (*BranchEntry, *SuperiorEntry)}
    assert named | FURTHER_DECISION == tags
    assert not named & FURTHER_DECISION


def test_every_entry_of_the_story_has_its_name_in_the_lists():
    names = {told.entry() for told in folded(*until("archive")).entries}
    assert names - {entry.value for entry in (*BranchEntry, *SuperiorEntry)} <= FURTHER_DECISION


@pytest.mark.parametrize("name", STORY)
def test_wherever_the_story_is_cut_nothing_lacks_what_it_waited_for(name: str):
    cut = folded(*until(name))
    assert all(done_on(cut, need) for code in PARTS if done_on(cut, code) for need in needs_of(cut, code))


def test_every_part_of_the_story_is_done_in_order():
    done = folded(*until("archive"))
    for code, part in PARTS.items():
        day_of_it = done_on(done, code)
        assert day_of_it is not None, code
        for need in part.needs:
            before_it = done_on(done, need)
            assert before_it is not None
            assert before_it <= day_of_it, (need, code)


def test_without_names_what_it_does_not_find():
    with pytest.raises(Absent, match="oath_taken"):
        without(folded(*before("oath")), "admission.oath_taken", day("2024-12-10"))
