"""Steps 4 to 6 of a disposition: pre-review, vote, approval, announcement (N20.T03; INV-009 to 013, 089, 091), each three ways."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.disposition import Disposition
from events.meetings import MeetingHeld, MeetingKind
from events.members import LeftGround, MemberLeft
from events.organisations import Post, PostVacated
from service.decide.disposition.decision import (
    AnnounceDisposition,
    ApproveDisposition,
    PreReviewDisposition,
    RejectDisposition,
    SubmitDisposition,
    SubmitDispositionForPreReview,
    VoteOnDisposition,
)
from service.errors import Absent, Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.disposition_history import (
    ANNOUNCED_ON,
    APPROVED_ON,
    BACK_ON,
    BEGUN,
    CORRECT,
    CORRECTING,
    D1,
    EXPIRES_ON,
    HERE,
    M1,
    PERSUADE,
    REMOVE,
    SENT_ON,
    TALKED_ON,
    UP_ON,
    agreed,
    announced,
    approved,
    case_closed,
    case_opened,
    found,
    held,
    opened,
    persuaded,
    prepared,
    rejected,
    reviewed,
    sent,
    sent_for_review,
    submitted,
    talked,
    verified,
    voted,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, DAY, EVE, GUS, NEO, PEOPLE, left, seated, seats


def up(**changed: Any) -> SubmitDispositionForPreReview:
    told: dict[str, Any] = {"occurred_on": UP_ON, "case_id": D1, "disposition": CORRECT, "document_no": "支〔2026〕2号"}
    return SubmitDispositionForPreReview(**(told | changed))


class TestSubmitForPreReview:
    def test_the_proposal_goes_up(self):
        given(prepared()).when(up()).then(sent_for_review())

    def test_INV_089_after_finding_and_talk(self):
        given(BEGUN).when(up()).then(refused("INV-089", "case_id"))
        given(BEGUN, verified()).when(up()).then(refused("INV-089", "case_id"))
        given(prepared()).when(up(occurred_on=TALKED_ON - dt.timedelta(days=1))).then(refused("INV-089", "case_id"))

    def test_INV_091_a_probationary_member_is_not_persuaded(self):
        about_neo = (*HERE, opened(person_id=NEO), case_opened(person_id=NEO), verified(person_id=NEO), talked(person_id=NEO))
        given(about_neo).when(up(disposition=PERSUADE)).then(refused("INV-091", "disposition"))
        given(about_neo).when(up()).then(sent_for_review(person_id=NEO))

    def test_the_same_again(self):
        given(prepared(), sent_for_review()).when(up()).then(nothing)

    def test_one_proposal_at_a_time(self):
        given(prepared(), sent_for_review()).when(up(disposition=REMOVE)).then(fails(Conflict, "went up"))
        given(HERE).when(up()).then(fails(Absent))

    @pytest.mark.parametrize(
        "over",
        [
            (*prepared(), sent_for_review(), reviewed(agreed=False)),
            (*sent(), rejected()),
            (*CORRECTING, found(yes=3, no=4, passed=False)),
            (*sent(PERSUADE), approved(PERSUADE), announced(), persuaded(resigned=False)),
        ],
        ids=["not agreed", "rejected", "not corrected", "would not resign"],
    )
    def test_another_one_when_the_last_came_to_nothing(self, over: tuple[Event, ...]):
        later: dict[str, Any] = {"occurred_on": EXPIRES_ON, "disposition": REMOVE, "document_no": "支〔2027〕1号"}
        given(over).when(up(**later)).then(sent_for_review(**later))


class TestPreReviewDisposition:
    def review(self, **changed: Any) -> PreReviewDisposition:
        told: dict[str, Any] = {"occurred_on": BACK_ON, "case_id": D1, "agreed": True, "document_no": "委〔2026〕5号", "opinion": "同意"}
        return PreReviewDisposition(**(told | changed))

    def test_a_correction_by_the_superior_alone(self):
        given(prepared(), sent_for_review()).when(self.review()).then(reviewed())

    @pytest.mark.parametrize("disposition", [PERSUADE, REMOVE])
    def test_INV_089_beyond_correction_the_department_agrees_too(self, disposition: Disposition):
        proposed = (*prepared(disposition), sent_for_review(disposition))
        given(proposed).when(self.review()).then(refused("INV-089", "department_no"))
        given(proposed).when(self.review(department_no="组〔2026〕3号")).then(reviewed(disposition))
        given(proposed).when(self.review(agreed=False)).then(reviewed(disposition, agreed=False, department_no=None))

    def test_INV_089_not_before_it_is_submitted(self):
        given(prepared()).when(self.review()).then(refused("INV-089", "case_id"))
        given(prepared(), sent_for_review()).when(self.review(occurred_on=TALKED_ON)).then(refused("INV-089", "case_id"))

    def test_the_same_again_and_no_other(self):
        given(prepared(), sent_for_review(), reviewed()).when(self.review()).then(nothing)
        given(prepared(), sent_for_review(), reviewed()).when(self.review(document_no="委〔2026〕6号")).then(
            fails(Conflict, "pre-reviewed")
        )
        given(HERE).when(self.review()).then(fails(Absent))


def vote(disposition: Disposition = CORRECT, **changed: Any) -> VoteOnDisposition:
    told: dict[str, Any] = {"occurred_on": DAY, "case_id": D1, "meeting_id": M1, "disposition": disposition, "yes": 6, "no": 1}
    return VoteOnDisposition(**(told | changed))


def only(*present: str) -> MeetingHeld:
    return held(present=present, absent=tuple(person for person in (*PEOPLE, NEO) if person not in present))


class TestVoteOnDisposition:
    def test_passed_by_more_than_half_of_those_due(self):
        given(agreed()).when(vote()).then(voted())

    @pytest.mark.parametrize(("yes", "passed"), [(4, True), (3, False)])
    def test_INV_013_at_the_edge(self, yes: int, passed: bool):
        given(agreed()).when(vote(yes=yes, no=7 - yes)).then(voted(yes=yes, no=7 - yes, passed=passed))
        given(agreed()).when(vote(yes=yes, no=7 - yes, passed=not passed)).then(refused("INV-013", "passed"))

    def test_INV_012_more_than_half_of_those_due_are_there(self):
        reviewed_only = agreed()[:-1]
        given(reviewed_only, only(ANN, BEN, CAI, DAN)).when(vote(yes=4, no=0)).then(voted(voters_present=4, yes=4, no=0))
        given(reviewed_only, only(ANN, BEN, CAI, NEO)).when(vote(yes=3, no=0)).then(refused("INV-012", "meeting_id"))

    def test_INV_011_and_INV_010(self):
        given(agreed()).when(vote(yes=7)).then(refused("INV-011", "yes", "no", "abstain"))
        given(agreed()[:-1], only(ANN, BEN, CAI, DAN)).when(vote(yes=4, no=0, left_early=(EVE,))).then(refused("INV-010", "left_early"))

    def test_INV_089_pre_review_comes_first_and_the_vote_is_on_what_was_agreed(self):
        given(prepared(), sent_for_review(), held()).when(vote()).then(refused("INV-089", "case_id"))
        given(prepared(), sent_for_review(), reviewed(occurred_on=DAY + dt.timedelta(days=1)), held()).when(vote()).then(
            refused("INV-089", "case_id")
        )
        given(prepared(), sent_for_review(), reviewed(agreed=False), held()).when(vote()).then(refused("INV-089", "case_id"))
        given(agreed()).when(vote(REMOVE)).then(refused("INV-089", "disposition"))

    def test_the_same_again(self):
        given(agreed(), voted()).when(vote()).then(nothing)

    def test_once_more_after_a_failure_and_not_after_submission(self):
        given(agreed(), voted(yes=3, no=4, passed=False)).when(vote()).then(voted())
        given(sent()).when(vote(yes=5)).then(fails(Conflict, "submitted"))

    def test_in_a_general_meeting_of_that_day(self):
        given(agreed()[:-1], held(kind=MeetingKind.COMMITTEE)).when(vote()).then(fails(Conflict, "general"))
        given(agreed()).when(vote(occurred_on=SENT_ON)).then(fails(Conflict, "held on"))
        given(HERE, held()).when(vote()).then(fails(Absent))


class TestSubmitDisposition:
    def send(self, **changed: Any) -> SubmitDisposition:
        told: dict[str, Any] = {"occurred_on": SENT_ON, "case_id": D1, "document_no": "支〔2026〕5号"}
        return SubmitDisposition(**(told | changed))

    def test_what_the_meeting_adopted(self):
        given(agreed(), voted()).when(self.send()).then(submitted())

    def test_INV_013_not_what_failed(self):
        given(agreed(), voted(yes=3, no=4, passed=False)).when(self.send()).then(refused("INV-013", "case_id"))

    def test_INV_089_not_without_a_vote(self):
        given(agreed()).when(self.send()).then(refused("INV-089", "case_id"))
        given(agreed(), voted()).when(self.send(occurred_on=BACK_ON)).then(refused("INV-089", "case_id"))

    def test_the_same_again_and_no_other(self):
        given(sent()).when(self.send()).then(nothing)
        given(sent()).when(self.send(document_no="支〔2026〕6号")).then(fails(Conflict, "submitted"))
        given(HERE).when(self.send()).then(fails(Absent))


class TestApproveAndReject:
    def approve(self, **changed: Any) -> ApproveDisposition:
        told: dict[str, Any] = {"occurred_on": APPROVED_ON, "case_id": D1, "document_no": "委〔2026〕9号"}
        return ApproveDisposition(**(told | changed))

    def reject(self, **changed: Any) -> RejectDisposition:
        told: dict[str, Any] = {"occurred_on": APPROVED_ON, "case_id": D1, "document_no": "委〔2026〕8号", "reason": "处置不当"}
        return RejectDisposition(**(told | changed))

    @pytest.mark.parametrize("disposition", [CORRECT, PERSUADE])
    def test_correction_and_persuasion_change_no_rights(self, disposition: Disposition):
        given(sent(disposition)).when(self.approve()).then(approved(disposition))

    def test_INV_009_a_removal_ends_the_membership_and_vacates_posts(self):
        in_post = seated(*seats((GUS, Post.MEMBER)))
        given(sent(REMOVE), in_post).when(self.approve()).then(
            approved(REMOVE),
            PostVacated(occurred_on=APPROVED_ON, term=1, person_id=GUS, post=Post.MEMBER, reason="党内除名 委〔2026〕9号"),
            MemberLeft(occurred_on=APPROVED_ON, person_id=GUS, ground=LeftGround.REMOVED, reason="党内除名", approval_no="委〔2026〕9号"),
        )

    def test_rejected(self):
        given(sent()).when(self.reject()).then(rejected())

    def test_the_same_again(self):
        given(sent(), approved()).when(self.approve()).then(nothing)
        given(sent(), rejected()).when(self.reject()).then(nothing)

    def test_INV_089_only_what_was_submitted(self):
        for command in (self.approve(), self.reject()):
            given(agreed(), voted()).when(command).then(refused("INV-089", "case_id"))
            given(HERE).when(command).then(fails(Absent))
        given(sent()).when(self.approve(occurred_on=BACK_ON)).then(refused("INV-089", "case_id"))

    def test_decided_once(self):
        given(sent(), approved()).when(self.approve(document_no="委〔2026〕10号")).then(fails(Conflict, "approved"))
        given(sent(), approved()).when(self.reject()).then(fails(Conflict, "approved"))

    def test_INV_009_nobody_who_left(self):
        given(sent(), left(GUS, SENT_ON)).when(self.approve()).then(refused("INV-009", "case_id"))


class TestAnnounceDisposition:
    def announce(self, **changed: Any) -> AnnounceDisposition:
        told: dict[str, Any] = {"occurred_on": ANNOUNCED_ON, "case_id": D1, "scope": "支部党员大会", "told_on": ANNOUNCED_ON}
        return AnnounceDisposition(**(told | changed))

    def test_a_correction(self):
        given(sent(), approved()).when(self.announce()).then(announced())

    def test_a_removal_and_the_case_is_over_also_when_nobody_can_be_told(self):
        given(sent(REMOVE), approved(REMOVE), left(GUS, APPROVED_ON)).when(self.announce(told_on=None)).then(
            announced(told_on=None), case_closed(ANNOUNCED_ON, sanctioned=True)
        )

    def test_INV_089_after_the_approval(self):
        given(sent()).when(self.announce()).then(refused("INV-089", "case_id"))
        given(sent(), approved()).when(self.announce(occurred_on=SENT_ON)).then(refused("INV-089", "case_id"))
        given(sent(), approved()).when(self.announce(told_on=SENT_ON)).then(refused("INV-089", "told_on"))

    def test_the_same_again_and_no_other(self):
        given(sent(), approved(), announced()).when(self.announce()).then(nothing)
        given(sent(), approved(), announced()).when(self.announce(occurred_on=EXPIRES_ON)).then(fails(Conflict, "announced"))

    def test_there_is_no_such_case(self):
        given(HERE).when(self.announce()).then(fails(Absent))
