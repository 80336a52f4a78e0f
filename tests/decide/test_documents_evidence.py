"""What the events of a case prove, and prove no more once an entry is taken back (rules 0.4)."""

import typing
from typing import Any

import pytest

from events.base import Choice, Event, MeetingId, PersonId
from events.catalog import EVENTS
from events.documents import About
from events.elections import ElectionEntryWithdrawn, ElectionId, ElectionPaperAdopted, Paper
from events.meetings import LectureScriptFiled, MeetingCancelled, MinutesArchived, MinutesCorrected
from projections.standard.evidence import Evidence, after
from projections.standard.materials import materials, undos
from service.decide.documents.materials import ConfirmMaterial
from tests.decide.bdd import given, refused
from tests.decide.document_history import DAY, material
from tests.upcasts.samples import sample

M1 = MeetingId("m1")
MINUTES = MinutesArchived(occurred_on=DAY, meeting_id=M1, archived_by=PersonId("p1"))
SCRIPT = LectureScriptFiled(occurred_on=DAY, meeting_id=M1, script="讲稿")
CANCELLED = MeetingCancelled(occurred_on=DAY, meeting_id=M1, reason="未召开")


def proven(*events: Event) -> frozenset[str]:
    evidence = Evidence()
    for event in events:
        evidence = after(evidence, event)
    return evidence.proven


def test_every_event_of_a_case_adds_what_it_proves():
    assert "N09.M01.02" in proven(MINUTES)
    assert proven(MINUTES, SCRIPT) > proven(MINUTES)
    assert proven() == frozenset()


def test_an_event_that_proves_nothing_changes_nothing():
    corrected = MinutesCorrected(occurred_on=DAY, meeting_id=M1, correction="x", reason="y", author=PersonId("p1"), superior_seen_on=DAY)
    assert proven(MINUTES, corrected) == proven(MINUTES)


def test_what_is_taken_back_is_no_proof_any_more():
    assert proven(MINUTES, SCRIPT, CANCELLED) == frozenset()
    other = MinutesArchived(occurred_on=DAY, meeting_id=MeetingId("m2"), archived_by=PersonId("p1"))
    assert proven(MINUTES, other, CANCELLED) == proven(MINUTES)
    given(MINUTES, CANCELLED).when(ConfirmMaterial(occurred_on=DAY, material=material("N09.M01.02"), about=About("meeting-m1"))).then(
        refused("INV-099", "material")
    )


def adopted(paper: Paper) -> ElectionPaperAdopted:
    return ElectionPaperAdopted(occurred_on=DAY, election_id=ElectionId("e1"), paper=paper, title="x")


def taken_back(what: str) -> ElectionEntryWithdrawn:
    return ElectionEntryWithdrawn(occurred_on=DAY, election_id=ElectionId("e1"), what=what, reason="录错")


def test_of_several_entries_of_a_kind_the_last_one_is_taken_back():
    plan, method = adopted(Paper.WORK_PLAN), adopted(Paper.METHOD)
    assert proven(plan, method, taken_back("elections.paper_adopted")) == proven(plan) == {"N05.M01.03"}
    assert proven(plan, method, taken_back("elections.paper_adopted"), taken_back("elections.paper_adopted")) == frozenset()
    assert proven(plan, taken_back("elections.tellers_appointed")) == proven(plan)


def test_with_its_opening_the_whole_case_is_taken_back():
    assert proven(adopted(Paper.WORK_PLAN), taken_back("elections.opened")) == frozenset()


def made(tag: str, **changed: Any) -> Any:
    """An event with every field filled."""
    return type(sample(EVENTS[tag]))(**{name: getattr(sample(EVENTS[tag]), name) for name in EVENTS[tag].__struct_fields__} | changed)


@pytest.mark.parametrize(
    ("proof", "undo", "said"),
    [
        ("admission.talk_held", "admission.entry_withdrawn", {"withdrawn": "admission.talk_held:applicant"}),
        ("admission.application_received", "admission.entry_withdrawn", {"withdrawn": "admission.application_received"}),
        ("discipline.investigated", "discipline.step_withdrawn", {"step": "investigated"}),
        ("discipline.approved", "discipline.step_withdrawn", {"step": "opened"}),
        ("disposition.approved", "disposition.step_withdrawn", {"step": "approved"}),
        ("awards.approved", "awards.step_withdrawn", {"step": "decided"}),
        ("debriefing.report_approved", "debriefing.withdrawn", {"step": "review"}),
        ("life.paper_filed", "life.entry_withdrawn", {}),
        ("talks.recorded", "talks.withdrawn", {}),
        ("disclosure.published", "disclosure.withdrawn", {"ground": "withdrawn"}),
        ("meetings.lecture_script_filed", "meetings.lecture_withdrawn", {}),
        ("members.registered", "members.registration_withdrawn", {}),
        ("dues.base_assessed", "dues.assessment_withdrawn", {}),
    ],
)
def test_every_way_of_taking_back_is_known(proof: str, undo: str, said: dict[str, str]):
    there = made(proof)
    assert proven(there) != frozenset()
    assert proven(there, made(undo, **said)) == frozenset()


def test_a_disclosure_whose_time_is_over_was_made_all_the_same():
    there = made("disclosure.published")
    assert proven(there, made("disclosure.withdrawn", ground="period_over")) == proven(there)


def test_the_minutes_stay_when_only_the_lecture_is_withdrawn():
    minutes, script = made("meetings.minutes_archived"), made("meetings.lecture_script_filed")
    assert proven(minutes, script, made("meetings.lecture_withdrawn")) == proven(minutes)


def test_of_several_members_or_assessments_the_others_are_proof_still():
    for there, gone in (("members.registered", "members.registration_withdrawn"), ("dues.base_assessed", "dues.assessment_withdrawn")):
        assert proven(made(there), made(there), made(gone)) == proven(made(there))


def test_every_step_that_can_be_taken_back_is_found_by_its_word():
    """A proof of these nouns is reached from some word of the field that names it."""
    kept = {"debriefing.rectification_planned"}
    for undo in undos().values():
        kinds = [] if undo.names is None else [typing.get_type_hints(EVENTS[undo.event])[undo.names]]
        for kind in (one for one in kinds if isinstance(one, type) and issubclass(one, Choice)):
            noun = undo.event.partition(".")[0]
            reached = {undo.called.get(word.value, f"{noun}.{word.value}") for word in kind}
            proofs = {proof.event for one in materials().values() for proof in one.entry.by if proof.event.startswith(f"{noun}.")}
            assert proofs - reached - kept == set(), undo.event
