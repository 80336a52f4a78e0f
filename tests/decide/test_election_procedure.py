"""The procedure of an election: what is done, open, blocked and why, the first and last days, the papers (N05)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.elections import Matter, Office, Recommender
from events.organisations import Post, PostVacated
from projections.standard.pack import default_pack
from service.decide.catalog import CASES, PROCEDURES
from service.decide.elections.procedure import STEPS as ALL_STEPS
from service.decide.elections.procedure import steps
from service.decide.elections.state import ELECTION
from service.decide.procedure import Progress, Step
from tests.decide.election_history import (
    CLOSED_ON,
    E1,
    FIRST_ON,
    FIVE,
    MEETING_ON,
    OPENED_ON,
    SECOND_APPROVED_ON,
    STEPS,
    TERM_ENDS,
    THIRD_APPROVED_ON,
    after,
    allowed,
    asked,
    by_election,
    counted,
    delegates,
    opened,
    recommended,
    reminded,
    returned,
    up_to,
    votes,
    withdrawn,
)
from tests.decide.roster_history import ANN, FAY

RULES = default_pack().rules(OPENED_ON)
ORDER = (
    *("reminder", "request-1", "approval-1", "work-plan", "method", "review", "recommended-members", "recommended-public"),
    *("investigated", "slate", "request-2", "approval-2", "confirmed", "convened", "tellers", "ballot-committee"),
    *("first-meeting", "ballot-secretary", "ballot-deputy", "request-3", "approval-3", "closed"),
)


def tell(*events: Event, today: dt.date = OPENED_ON) -> dict[str, Step]:
    """The steps by their code."""
    state = ELECTION.initial
    for event in events:
        if event.stream() == f"election-{E1}":
            state = ELECTION.evolve(state, event)
    found = steps(state, E1, RULES, today)
    assert len({step.code for step in found}) == len(found)
    return {step.code: step for step in found}


def progress(found: dict[str, Step]) -> dict[Progress, list[str]]:
    return {how: [code for code, step in found.items() if step.progress is how] for how in Progress}


def test_it_is_one_of_the_procedures():
    assert PROCEDURES["election"].stream("e1") == "election-e1"
    assert PROCEDURES["election"].fold is ELECTION


def test_there_is_nothing_to_tell_of_no_election():
    assert tell() == {}
    assert tell(*after("opened"), withdrawn("elections.opened")) == {}


def test_the_steps_are_in_order_whatever_is_done():
    for step in STEPS:
        assert tuple(tell(*after(step))) == ORDER


class TestWhatIsDoneOpenAndBlocked:
    def test_at_the_beginning(self):
        assert progress(tell(*after("opened"))) == {
            Progress.DONE: [],
            Progress.OPEN: ["reminder", "request-1", "work-plan", "method", "review", "recommended-members", "recommended-public", "slate"],
            Progress.BLOCKED: [
                *("approval-1", "investigated", "request-2", "approval-2", "confirmed", "convened", "tellers", "ballot-committee"),
                *("first-meeting", "ballot-secretary", "ballot-deputy", "request-3", "approval-3", "closed"),
            ],
            Progress.SKIPPED: [],
        }

    def test_in_the_middle(self):
        found = progress(tell(*after("convened")))
        assert found[Progress.OPEN] == ["tellers"]
        assert found[Progress.SKIPPED] == ["reminder"]
        assert found[Progress.BLOCKED] == [
            *("ballot-committee", "first-meeting", "ballot-secretary", "ballot-deputy", "request-3", "approval-3", "closed"),
        ]

    def test_at_the_end(self):
        found = tell(reminded(), *after("closed"), today=CLOSED_ON)
        assert {step.progress for code, step in found.items() if code != "reminder"} == {Progress.DONE}
        assert found["approval-3"].done_on == THIRD_APPROVED_ON
        assert found["closed"].done_on == CLOSED_ON

    def test_each_step_is_open_just_before_it_is_taken(self):
        taken = {"papers": "review", "recommended": "recommended-public", "ballot": "ballot-committee", "secretary": "ballot-secretary"}
        for step in STEPS:
            code = taken.get(step, "ballot-deputy" if step == "deputy" else step)
            if code != "opened":
                assert tell(*up_to(step))[code].progress is Progress.OPEN, step
                assert tell(*after(step))[code].progress is Progress.DONE, step


class TestWhy:
    @pytest.mark.parametrize(
        ("step", "code", "zh", "en"),
        [
            ("opened", "approval-1", "第一次报请(召开选举大会)尚未提交", "Not submitted yet: First: to hold the election"),
            ("request-1", "request-2", "第一次报请(召开选举大会)尚未批复", "Not approved yet: First: to hold the election"),
            ("papers", "request-2", "尚无党员推荐", "No recommendation yet: by the members"),
            ("investigated", "request-2", "尚未提出候选人预备人选", "No candidates have been proposed"),
            ("request-2", "confirmed", "候选人预备人选尚未批复", "The superior has not agreed to the candidates"),
            ("request-2", "convened", "候选人预备人选尚未批复", "The superior has not agreed to the candidates"),
            ("approval-2", "tellers", "正式候选人尚未确定", "The candidates are not confirmed"),
            ("confirmed", "ballot-committee", "选举大会尚未召开", "The election meeting has not been held"),
            ("convened", "ballot-committee", "监票人尚未确定", "No tellers have been appointed"),
            ("tellers", "first-meeting", "委员尚未选出", "The committee has not been elected"),
            ("ballot", "ballot-secretary", "第一次委员会议尚未召开", "The committee has not met"),
            ("secretary", "request-3", "选举尚未完成", "Not everybody has been elected"),
            ("request-3", "closed", "选举结果尚未批复", "The result is not approved"),
        ],
    )
    def test_a_step_is_blocked(self, step, code, zh, en):
        found = tell(*after(step))[code]
        assert (found.progress, found.why_zh, found.why_en) == (Progress.BLOCKED, zh, en)

    def test_one_recommendation_is_not_enough(self):
        found = tell(*after("papers"), recommended())["request-2"]
        assert (found.why_zh, found.why_en) == ("尚无群众推荐", "No recommendation yet: by the public")

    def test_what_was_sent_back_is_open_again(self):
        found = tell(*after("request-2"), returned(Matter.SECOND))
        assert found["request-2"].progress is Progress.OPEN
        assert found["approval-2"].progress is Progress.BLOCKED

    def test_whoever_is_on_the_slate_has_been_looked_into(self):
        history = [event for event in after("slate") if getattr(event, "person_id", None) != FAY or event.stream() == "roster"]
        assert tell(*history)["investigated"].progress is Progress.OPEN
        assert tell(*after("slate"))["investigated"].progress is Progress.DONE


class TestAnotherBallot:
    def again(self, **changed: Any) -> tuple[Progress, str, str]:
        found = tell(*up_to("ballot"), counted(**changed))["ballot-committee"]
        return found.progress, found.rule, found.why_en

    def test_after_a_void_one(self):
        assert self.again(void=True, votes=(), elected=()) == (Progress.OPEN, "INV-030", "The ballot was void: hold it again")

    def test_after_a_tie(self):
        tie = votes(8, ann=8, eve=5, fay=5)
        assert self.again(votes=tie, elected=(ANN,), tied=(FIVE[4], FAY)) == (Progress.OPEN, "INV-033", "A tie: a run-off is needed")

    def test_after_too_few(self):
        assert self.again(elected=FIVE[:4]) == (Progress.OPEN, "INV-032", "Too few were elected: elect the rest")


class TestDays:
    def test_the_reminder_is_six_months_before_the_end(self):
        assert tell(*after("opened"))["reminder"].earliest == dt.date(2027, 7, 6)

    def test_the_first_submission_sixty_days_before_the_end(self):
        found = tell(*after("opened"))["request-1"]
        assert (found.earliest, found.latest) == (OPENED_ON, dt.date(2027, 11, 7))

    def test_an_approval_not_before_its_submission(self):
        assert tell(*after("request-1"))["approval-1"].earliest == FIRST_ON

    def test_the_second_ten_days_before_the_planned_meeting(self):
        assert tell(*after("papers"))["request-2"].latest == dt.date(2027, 12, 10)
        assert tell(*after("opened"))["request-2"].latest is None

    def test_the_meeting_after_the_second_approval_and_within_the_term(self):
        found = tell(*after("approval-2"))["convened"]
        assert (found.earliest, found.latest) == (SECOND_APPROVED_ON, TERM_ENDS)

    def test_the_report_seven_days_after_the_ballot(self):
        found = tell(*after("deputy"))["request-3"]
        assert (found.earliest, found.latest) == (SECOND_APPROVED_ON, MEETING_ON + dt.timedelta(days=7))

    def test_an_extension_moves_the_last_days(self):
        until = dt.date(2028, 7, 1)
        found = tell(*after("opened"), asked(Matter.EXTENSION, until), allowed(Matter.EXTENSION, until))
        assert found["convened"].latest == until
        assert found["request-1"].latest == dt.date(2028, 5, 2)
        assert found["request-extension"].progress is found["approval-extension"].progress is Progress.DONE

    def test_an_early_election_moves_the_first(self):
        begun = opened(occurred_on=dt.date(2027, 1, 4))
        early = dt.date(2027, 3, 1)
        assert tell(begun)["convened"].earliest == dt.date(2027, 7, 6)
        assert tell(begun, asked(Matter.EARLY, early), allowed(Matter.EARLY, early))["convened"].earliest == early


class TestOverdue:
    def test_once_the_term_is_over_an_extension_is_asked_for(self):
        assert "request-extension" not in tell(*after("opened"), today=TERM_ENDS)
        found = tell(*after("opened"), today=TERM_ENDS + dt.timedelta(days=1))
        assert (found["request-extension"].progress, found["approval-extension"].progress) == (Progress.OPEN, Progress.BLOCKED)

    def test_and_not_after_the_meeting(self):
        assert "request-extension" not in tell(*after("convened"), today=CLOSED_ON.replace(year=2029))


class TestOtherElections:
    def test_a_by_election_has_two_submissions_and_no_reminder(self):
        assert tuple(tell(by_election())) == (
            *("work-plan", "method", "slate", "request-2", "approval-2", "confirmed", "convened", "tellers", "ballot-committee"),
            *("first-meeting", "request-3", "approval-3", "closed"),
        )

    def test_one_for_a_post_needs_no_general_meeting(self):
        gone = PostVacated(occurred_on=OPENED_ON, term=1, person_id=ANN, post=Post.SECRETARY, reason="调离")
        assert tuple(tell(gone, by_election(seats=0, posts=(Office.SECRETARY,))))[3:] == (
            *("request-2", "approval-2", "confirmed", "first-meeting", "ballot-secretary", "request-3", "approval-3", "closed"),
        )

    def test_delegates_meet_no_committee(self):
        assert tuple(tell(delegates()))[3:] == (
            *("request-2", "approval-2", "confirmed", "convened", "tellers", "ballot-delegate", "request-3", "approval-3", "closed"),
        )

    def test_without_a_committee_the_general_meeting_elects_secretary_and_deputy(self):
        small = opened(seats=0, has_committee=False)
        assert [code for code in tell(small) if code.startswith(("ballot", "first"))] == ["ballot-secretary", "ballot-deputy"]


def test_each_part_of_the_papers_of_the_norm_belongs_to_one_step():
    named = [material for step in ALL_STEPS.values() for material in step.materials if material.startswith("N05")]
    norm = next(norm for norm in default_pack().standard.norm if norm.id == "N05")
    parts = [item.id for material in norm.material for item in material.item]
    assert sorted(set(named)) == sorted(parts)
    shared = {"N05.M02.03": 3, "N05.M03.11": 2, "N05.M03.14": 2}
    assert {material: named.count(material) for material in named if named.count(material) > 1} == shared


def test_every_step_is_taken_by_a_command():
    assert {step.command for step in ALL_STEPS.values()} <= CASES.keys()


def test_both_recommendations_have_a_step():
    assert {f"recommended-{by.value}" for by in Recommender} <= ALL_STEPS.keys()
