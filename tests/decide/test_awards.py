"""Awards: nominated, voted on, submitted, approved, granted, taken back; how far each one is (N22.T04; INV-002, 009, 013)."""

import datetime as dt
from typing import Any

import pytest

from events.awards import (
    AwardApproved,
    AwardDeclined,
    AwardGranted,
    AwardId,
    AwardLevel,
    AwardStep,
    AwardStepWithdrawn,
    AwardTo,
)
from events.base import Event
from events.meetings import AgendaKind
from projections.standard.pack import default_pack
from service.auth.rights import Right
from service.decide.awards.branch import GrantAward, NominateForAward, NoteAwardReply, NoteAwardVote, SubmitAward
from service.decide.awards.state import AWARDS, WithdrawAwardStep
from service.decide.awards.superior import PROCEDURES, ApproveAward, DeclineAward
from service.decide.procedure import Progress, Step
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import case_of, fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, DAY, GUS, NEO
from tests.decide.work_history import BRANCH, LONG_AGO, M1, NEXT, held, motion, nominated, submitted, voted

A1 = AwardId("a1")
APPROVED = AwardApproved(occurred_on=DAY, award_id=A1, document_no="部发〔2026〕8号", opinion="同意")
DECLINED = AwardDeclined(occurred_on=DAY, award_id=A1, document_no="部发〔2026〕8号", reason="名额已满")
GRANTED = AwardGranted(occurred_on=DAY, award_id=A1, decision_no="部发〔2026〕9号", certificate_no="Z-001")
BY_BRANCH = nominated(level=AwardLevel.BRANCH)
READY: tuple[Event, ...] = (nominated(), voted(), submitted())


def nominate(**changed: Any) -> NominateForAward:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO, "year": 2026, "to": AwardTo.MEMBER, "person_id": ANN, "title": "优秀共产党员", "level": AwardLevel.COMMITTEE,
        "deeds": "长期坚持志愿服务",
    }  # fmt: skip
    return NominateForAward(**(told | changed))


class TestNominate:
    def test_a_member(self):
        given(BRANCH).when(nominate()).then(nominated("event-1"))

    def test_the_branch(self):
        given(BRANCH).when(nominate(to=AwardTo.BRANCH, person_id=None)).then(nominated("event-1", to=AwardTo.BRANCH, person_id=None))

    def test_twice_is_once(self):
        given(BRANCH, nominated()).when(nominate(award_id=A1)).then(nothing)

    def test_the_id_of_another_award_is_a_conflict(self):
        given(BRANCH, nominated()).when(nominate(award_id=A1, title="优秀党务工作者")).then(fails(Conflict, "a1"))

    @pytest.mark.parametrize("changed", [{"person_id": None}, {"to": AwardTo.BRANCH}, {"to": AwardTo.WORKER, "person_id": None}])
    def test_a_person_for_a_person_and_nobody_for_the_branch(self, changed: dict[str, Any]):
        given(BRANCH).when(nominate(**changed)).then(fails(Malformed, "person_id"))

    def test_INV_002_a_stranger(self):
        given(BRANCH).when(nominate(person_id=NEO)).then(refused("INV-002", "person_id"))

    def test_INV_009_somebody_who_has_left(self):
        given(BRANCH).when(nominate(person_id=GUS, occurred_on=DAY)).then(refused("INV-009", "person_id"))


def note_vote(**changed: Any) -> NoteAwardVote:
    told: dict[str, Any] = {"occurred_on": BEFORE, "award_id": A1, "meeting_id": M1}
    return NoteAwardVote(**(told | changed))


class TestNoteAwardVote:
    def test_the_counts_are_those_of_the_meeting(self):
        given(nominated(), held(), motion()).when(note_vote()).then(voted())

    def test_noted_later_it_bears_the_day_of_the_meeting(self):
        given(nominated(), held(), motion()).when(note_vote(occurred_on=DAY)).then(voted(occurred_on=DAY))

    def test_twice_is_once(self):
        given(nominated(), held(), motion(), voted()).when(note_vote()).then(nothing)

    def test_INV_013_a_vote_that_failed_is_noted_as_it_was(self):
        given(nominated(), held(), motion(passed=False)).when(note_vote()).then(voted(yes=2, no=3, passed=False))

    @pytest.mark.parametrize("passed", [True, False])
    def test_INV_013_the_outcome_is_not_claimed_to_be_another(self, passed: bool):
        given(nominated(), held(), motion(passed=passed)).when(note_vote(passed=not passed)).then(refused("INV-013", "passed"))
        given(nominated(), held(), motion()).when(note_vote(passed=True)).then(voted())

    def test_a_nomination_that_failed_may_be_voted_on_again(self):
        again = (held(), motion(passed=False), motion(number=2))
        given(nominated(), again, voted(yes=2, no=3, passed=False)).when(note_vote(motion_no=2)).then(voted(motion_no=2))

    def test_one_that_passed_may_not(self):
        given(nominated(), held(), motion(), motion(number=2), voted()).when(note_vote(motion_no=2)).then(
            fails(Conflict, "voted on already")
        )

    def test_another_matter(self):
        given(nominated(), held(), motion(matter=AgendaKind.DUES)).when(note_vote()).then(fails(Conflict, "commendation"))

    def test_a_vote_that_nobody_took(self):
        given(nominated(), held()).when(note_vote()).then(fails(Absent, "vote 1"))

    def test_a_meeting_that_was_not_held(self):
        given(nominated()).when(note_vote()).then(fails(Absent, "meeting m1"))

    def test_a_meeting_of_a_later_day(self):
        given(nominated(), held(on=DAY), motion(on=DAY)).when(note_vote()).then(fails(Conflict))

    def test_not_before_the_nomination(self):
        given(nominated(occurred_on=DAY), held(), motion()).when(note_vote()).then(fails(Malformed, "occurred_on"))

    def test_no_such_award(self):
        given(held(), motion()).when(note_vote()).then(fails(Absent, "award a1"))


class TestSubmitAward:
    COMMAND = SubmitAward(occurred_on=BEFORE, award_id=A1, document_no="支字〔2026〕3号", papers="先进事迹材料")

    def test_after_a_vote_that_passed(self):
        given(nominated(), voted()).when(self.COMMAND).then(submitted())

    def test_twice_is_once(self):
        given(READY).when(self.COMMAND).then(nothing)

    def test_in_another_way_it_needs_taking_back(self):
        command = SubmitAward(occurred_on=DAY, award_id=A1, papers="别的材料")
        given(READY).when(command).then(fails(Conflict, "taken already"))

    def test_INV_013_not_after_one_that_failed(self):
        given(nominated(), voted(passed=False, yes=2, no=3)).when(self.COMMAND).then(refused("INV-013", "award_id"))

    def test_not_without_a_vote(self):
        given(nominated()).when(self.COMMAND).then(fails(Conflict, "no meeting has voted"))

    def test_the_branch_needs_nobody(self):
        given(BY_BRANCH, voted()).when(self.COMMAND).then(fails(Conflict, "by itself"))


class TestReply:
    APPROVE = ApproveAward(occurred_on=DAY, award_id=A1, document_no="部发〔2026〕8号", opinion="同意")
    DECLINE = DeclineAward(occurred_on=DAY, award_id=A1, document_no="部发〔2026〕8号", reason="名额已满")

    def test_the_superior_decides_in_the_system(self):
        assert {case_of(self.APPROVE).right, case_of(self.DECLINE).right} == {Right.SUPERIOR_WRITE}
        given(READY).when(self.APPROVE).then(APPROVED)
        given(READY).when(self.DECLINE).then(DECLINED)

    def test_twice_is_once(self):
        given(READY, APPROVED).when(self.APPROVE).then(nothing)
        given(READY, DECLINED).when(self.DECLINE).then(nothing)

    def test_the_other_way_is_a_conflict(self):
        given(READY, APPROVED).when(self.DECLINE).then(fails(Conflict, "taken already"))

    def test_only_what_was_submitted(self):
        given(nominated(), voted()).when(self.APPROVE).then(fails(Conflict, "not been submitted"))

    def test_or_the_branch_notes_a_document(self):
        yes = NoteAwardReply(occurred_on=DAY, award_id=A1, approved=True, document_no="部发〔2026〕8号", opinion="同意")
        no = NoteAwardReply(occurred_on=DAY, award_id=A1, approved=False, document_no="部发〔2026〕8号", opinion="名额已满")
        given(READY).when(yes).then(APPROVED)
        given(READY).when(no).then(DECLINED)
        given(READY, APPROVED).when(yes).then(nothing)
        given(READY, APPROVED).when(no).then(fails(Conflict))

    def test_a_refusal_says_why(self):
        command = NoteAwardReply(occurred_on=DAY, award_id=A1, approved=False, document_no="8号")
        given(READY).when(command).then(fails(Malformed, "opinion"))


class TestGrantAward:
    COMMAND = GrantAward(occurred_on=DAY, award_id=A1, decision_no="部发〔2026〕9号", certificate_no="Z-001")

    def test_after_the_approval(self):
        given(READY, APPROVED).when(self.COMMAND).then(GRANTED)

    def test_twice_is_once(self):
        given(READY, APPROVED, GRANTED).when(self.COMMAND).then(nothing)

    @pytest.mark.parametrize("history", [READY, (*READY, DECLINED), (nominated(), voted())])
    def test_not_without_it(self, history: tuple[Event, ...]):
        given(history).when(self.COMMAND).then(fails(Conflict, "has not approved"))

    def test_by_the_branch_after_its_own_vote(self):
        given(BY_BRANCH, voted()).when(self.COMMAND).then(GRANTED)

    def test_INV_013_not_after_a_vote_that_failed(self):
        given(BY_BRANCH, voted(passed=False)).when(self.COMMAND).then(refused("INV-013", "award_id"))

    def test_not_before_the_step_before(self):
        command = GrantAward(occurred_on=BEFORE, award_id=A1, decision_no="9号")
        given(READY, APPROVED).when(command).then(fails(Malformed, "occurred_on"))


class TestWithdrawAwardStep:
    def command(self, step: AwardStep) -> WithdrawAwardStep:
        return WithdrawAwardStep(occurred_on=NEXT, award_id=A1, step=step, reason="误登")

    def gone(self, step: AwardStep) -> AwardStepWithdrawn:
        return AwardStepWithdrawn(occurred_on=NEXT, award_id=A1, step=step, year=2026, reason="误登")

    @pytest.mark.parametrize(
        ("history", "step"),
        [
            ((nominated(),), AwardStep.NOMINATED),
            ((nominated(), voted()), AwardStep.VOTED),
            (READY, AwardStep.SUBMITTED),
            ((*READY, DECLINED), AwardStep.DECIDED),
            ((*READY, APPROVED, GRANTED), AwardStep.GRANTED),
        ],
    )
    def test_the_last_step_and_once(self, history: tuple[Event, ...], step: AwardStep):
        given(history).when(self.command(step)).then(self.gone(step))
        given(history, self.gone(step)).when(self.command(step)).then(nothing)

    def test_not_one_in_the_middle(self):
        given(READY).when(self.command(AwardStep.VOTED)).then(fails(Conflict, "the last step is submitted"))

    def test_then_the_step_is_taken_anew(self):
        given(READY, DECLINED, self.gone(AwardStep.DECIDED)).when(
            ApproveAward(occurred_on=NEXT, award_id=A1, document_no="部发〔2026〕8号")
        ).then(AwardApproved(occurred_on=NEXT, award_id=A1, document_no="部发〔2026〕8号"))

    def test_an_award_that_was_withdrawn_goes_no_further(self):
        books = given(BRANCH, nominated(), self.gone(AwardStep.NOMINATED))
        books.when(SubmitAward(occurred_on=NEXT, award_id=A1, papers="一")).then(fails(Conflict, "a1 was withdrawn"))
        books.when(nominate(award_id=A1)).then(fails(Conflict, "a1 was withdrawn"))

    def test_no_such_award(self):
        given().when(self.command(AwardStep.VOTED)).then(fails(Absent))


def steps(*events: Event) -> tuple[Step, ...]:
    state = AWARDS.initial
    for event in events:
        state = AWARDS.evolve(state, event)
    (procedure,) = PROCEDURES
    return procedure.steps(state, "a1", default_pack().rules(on=AFTER, overrides=()), AFTER)


def progress(*events: Event) -> dict[str, Progress]:
    return {step.code: step.progress for step in steps(*events)}


class TestProcedure:
    DONE, OPEN, BLOCKED, SKIPPED = Progress.DONE, Progress.OPEN, Progress.BLOCKED, Progress.SKIPPED

    @pytest.mark.parametrize(
        ("history", "expected"),
        [
            ((nominated(),), (DONE, OPEN, BLOCKED, BLOCKED, BLOCKED)),
            ((nominated(), voted(passed=False)), (DONE, OPEN, BLOCKED, BLOCKED, BLOCKED)),
            ((nominated(), voted()), (DONE, DONE, OPEN, BLOCKED, BLOCKED)),
            (READY, (DONE, DONE, DONE, OPEN, BLOCKED)),
            ((*READY, DECLINED), (DONE, DONE, DONE, DONE, BLOCKED)),
            ((*READY, APPROVED), (DONE, DONE, DONE, DONE, OPEN)),
            ((*READY, APPROVED, GRANTED), (DONE, DONE, DONE, DONE, DONE)),
            ((BY_BRANCH,), (DONE, OPEN, SKIPPED, SKIPPED, BLOCKED)),
            ((BY_BRANCH, voted()), (DONE, DONE, SKIPPED, SKIPPED, OPEN)),
            ((BY_BRANCH, voted(), GRANTED), (DONE, DONE, SKIPPED, SKIPPED, DONE)),
        ],
    )
    def test_how_far_it_is(self, history: tuple[Event, ...], expected: tuple[Progress, ...]):
        assert tuple(progress(*history).values()) == expected
        assert list(progress(*history)) == ["nominate", "vote", "submit", "decide", "grant"]

    def test_what_blocks_a_step_and_from_when_it_may_be_taken(self):
        _, vote, submit, *_ = steps(nominated())
        assert (vote.earliest, vote.command, vote.why_zh) == (LONG_AGO, "note-award-vote", "")
        assert (submit.earliest, submit.why_zh, submit.why_en) == (None, "评选会议尚未通过", "No meeting has voted for it")

    def test_a_done_step_says_when(self):
        *_, granted = steps(*READY, APPROVED, GRANTED)
        assert (granted.done_on, granted.earliest, granted.materials) == (DAY, DAY, ("N24.M09.04",))

    def test_it_names_its_subjects_and_whom_they_are_about(self):
        (procedure,) = PROCEDURES
        assert procedure.subjects is not None
        state = AWARDS.evolve(AWARDS.evolve(AWARDS.initial, nominated()), nominated("a2", to=AwardTo.BRANCH, person_id=None))
        assert procedure.subjects(state) == ("a1", "a2")
        assert [procedure.person(state, subject) for subject in ("a1", "a2", "a3")] == [ANN, None, None]

    def test_an_award_that_is_not_there_has_no_steps(self):
        gone = AwardStepWithdrawn(occurred_on=dt.date(2026, 4, 1), award_id=A1, step=AwardStep.NOMINATED, year=2026, reason="误登")
        assert steps() == steps(nominated(), gone) == ()
