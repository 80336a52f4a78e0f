"""Materials: complete by what is on record, waived by the superior, and what is missing of a step (INV-098, INV-099)."""

import datetime as dt
import typing
from collections import Counter

import msgspec
import pytest

from events.base import Choice, Event, MeetingId, PersonId
from events.catalog import EVENTS
from events.documents import (
    About,
    DocumentId,
    DocumentLinked,
    DocumentWithdrawn,
    MaterialConfirmed,
    MaterialWaived,
    MaterialWaiverEnded,
)
from events.meetings import MinutesArchived, ThemeDayHeld, ThemeDayKind
from projections.standard.material_file import Entry, Proof, join
from projections.standard.materials import materials, proves
from projections.standard.pack import default_pack
from projections.standard.reading import PackError
from service.auth.actor import Role
from service.auth.policy import POLICY
from service.auth.rights import Right
from service.decide.documents.materials import CASES, ConfirmMaterial, EndMaterialWaiver, WaiveMaterial
from service.decide.documents.state import Documents, evolve, missing
from tests.decide.bdd import given, nothing, refused
from tests.decide.document_history import D1, DAY, FILED, filed, material, registered

M1 = About("meeting-m1")
LEAVES = (232, 212)
"""Materials without parts, and how many of them some event proves."""
MINUTES = MinutesArchived(occurred_on=DAY, meeting_id=MeetingId("m1"), archived_by=PersonId("p1"))


def confirming(name: str, about: About | None = None) -> ConfirmMaterial:
    return ConfirmMaterial(occurred_on=DAY, material=material(name), about=about)


def confirmed(name: str, about: About | None = None, *documents: str, by_event: bool = False) -> MaterialConfirmed:
    files = tuple(DocumentId(one) for one in documents)
    return MaterialConfirmed(occurred_on=DAY, material=material(name), about=about, documents=files, by_event=by_event)


def test_a_material_with_a_file_is_complete():
    given(FILED).when(confirming("N17.M01")).then(confirmed("N17.M01", None, "d1"))


def test_a_material_with_a_paper_is_complete():
    given(registered("d2")).when(confirming("N14.M13")).then(confirmed("N14.M13", None, "d2"))


def test_an_event_of_the_case_is_proof_by_itself():
    given(MINUTES).when(confirming("N09.M01.02", M1)).then(confirmed("N09.M01.02", M1, by_event=True))


def test_a_material_is_never_complete_by_hand():
    given().when(confirming("N17.M01")).then(refused("INV-099", "material"))
    given(filed(about=M1)).when(confirming("N17.M01", About("meeting-m2"))).then(refused("INV-099", "material"))
    given(MINUTES).when(confirming("N17.M01", M1)).then(refused("INV-099", "material"))


def test_a_withdrawn_file_is_no_proof():
    taken_back = DocumentWithdrawn(occurred_on=DAY, document_id=D1, reason="传错")
    given(FILED, taken_back).when(confirming("N17.M01")).then(refused("INV-099", "material"))
    given(FILED, confirmed("N17.M01", None, "d1"), taken_back).when(confirming("N17.M01")).then(refused("INV-099", "material"))


def test_a_waiver_is_no_proof():
    given(WAIVED).when(confirming("N17.M01")).then(refused("INV-099", "material"))


def test_a_composite_material_needs_all_of_its_parts():
    plan = filed(materials=(material("N10.M03.01"),))
    aid = filed(document_id=DocumentId("d2"), sha256="c" * 64, materials=(material("N10.M03.02"),))
    given(plan).when(confirming("N10.M03")).then(refused("INV-099", "material"))
    given(plan, aid).when(confirming("N10.M03")).then(confirmed("N10.M03", None, "d1", "d2"))
    given(filed(materials=(material("N10.M03"),))).when(confirming("N10.M03.02")).then(confirmed("N10.M03.02", None, "d1"))


def test_what_is_confirmed_is_nothing_to_do():
    given(FILED, confirmed("N17.M01", None, "d1")).when(confirming("N17.M01")).then(nothing)


def test_a_material_that_the_standard_does_not_know_is_refused():
    given().when(confirming("N17.M77")).then(refused("INV-100", "material"))


WAIVED = MaterialWaived(occurred_on=DAY, material=material("N17.M01"), reason="新成立支部")
WAIVING = WaiveMaterial(occurred_on=DAY, material=material("N17.M01"), reason="新成立支部")


def test_the_superior_waives_a_material_with_a_reason():
    given().when(WAIVING).then(WAIVED)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_waiver_without_reason_is_refused(reason: str):
    given().when(WaiveMaterial(occurred_on=DAY, material=material("N17.M01"), reason=reason)).then(refused("INV-098", "reason"))


def test_a_waiver_again_is_nothing_to_do():
    given(WAIVED).when(WAIVING).then(nothing)


def test_nobody_but_the_superior_waives():
    rights = {case.command: case.right for case in CASES}
    assert (rights[WaiveMaterial], rights[EndMaterialWaiver]) == (Right.SUPERIOR_WRITE, Right.SUPERIOR_WRITE)
    assert POLICY[Right.SUPERIOR_WRITE].keys() == {Role.COMMITTEE_OFFICER, Role.SYSTEM}


ENDING = EndMaterialWaiver(occurred_on=DAY, material=material("N17.M01"), reason="应补交")


def test_a_waiver_is_ended_once():
    given(WAIVED).when(ENDING).then(MaterialWaiverEnded(occurred_on=DAY, material=material("N17.M01"), reason="应补交"))
    given().when(ENDING).then(nothing)


# What is missing of a step


def folded(*events: Event) -> Documents:
    state = Documents()
    for event in events:
        state = evolve(state, event)
    return state


def test_everything_is_missing_of_a_new_case():
    assert missing(("N05.M01", "N17.M01"), folded(), "election-1") == ("N05.M01.01", "N05.M01.02", "N05.M01.03", "N17.M01")


def test_files_papers_events_and_waivers_all_answer():
    case = About("election-1")
    state = folded(
        filed(materials=(material("N05.M01.01"),), about=case),
        registered("d2", materials=(material("N05.M01.02"),), about=case),
        MaterialWaived(occurred_on=DAY, material=material("N05.M02"), about=case, reason="无"),
    )
    assert missing(("N05.M01", "N05.M02"), state, case) == ("N05.M01.03",)
    assert missing(("N05.M01", "N05.M02"), state, case, frozenset({"N05.M01.03"})) == ()


def test_a_file_of_another_case_or_of_none_does_not_answer():
    state = folded(filed(materials=(material("N14.M13"),), about=About("admission-1")), registered("d2"))
    assert missing(("N14.M13",), state, "admission-1") == ()
    assert missing(("N14.M13",), state, "admission-2") == ("N14.M13",)
    assert missing(("N14.M13",), state) == ()


def test_a_link_answers_as_a_file_does():
    state = folded(FILED, DocumentLinked(occurred_on=DAY, document_id=D1, materials=(material("N05.M01.03"),), about=About("election-1")))
    assert missing(("N05.M01.03",), state, "election-1") == ()


def test_a_waiver_for_the_branch_holds_in_every_case():
    assert missing(("N17.M01",), folded(WAIVED), "meeting-m1") == ()


# The standard's list


def test_all_125_materials_and_143_parts_are_there_and_each_has_a_way():
    found = materials()
    assert Counter(one.parent is None for one in found.values()) == {True: 125, False: 143}
    ways = {name: missing((name,), folded(filed(materials=(material(name),)))) for name in found}
    assert {name for name, left in ways.items() if left} == set()


def test_an_event_proves_what_the_list_says_and_only_with_the_values_it_asks_for():
    held = ThemeDayHeld(occurred_on=dt.date(2026, 3, 5), meeting_id=MeetingId("m1"), theme="座谈", kind=ThemeDayKind.FORUM, participants=9)
    assert proves(held) >= {"N10.M04.01", "N02.M03.05"}
    assert "N10.M04.02" not in proves(held)


def values_of(event: str, field: str) -> set[str]:
    """What a field of an event may say, as the list spells it."""
    kind = typing.get_type_hints(EVENTS[event])[field]
    kinds = [one for one in (kind, *typing.get_args(kind)) if isinstance(one, type)]
    (choices,) = [one for one in kinds if issubclass(one, Choice)]
    return {choice.value for choice in choices}


def test_every_value_that_the_list_asks_for_is_one_that_the_event_can_have():
    asked = [
        (proof.event, field, value)
        for one in materials().values()
        for proof in one.entry.by
        for field, told in proof.where.items()
        for value in told
    ]
    assert [line for line in asked if line[2] not in values_of(*line[:2])] == []


def test_most_materials_are_proven_by_what_the_branch_records_anyway():
    """A file is always a way; these need none. A composite material is proven part by part."""
    leaves = [one for one in materials().values() if not one.parts]
    assert (len(leaves), sum(bool(one.entry.by) for one in leaves)) == LEAVES


def changed(**fields: object) -> tuple[Entry, ...]:
    first, *others = (one.entry for one in materials().values())
    return (msgspec.structs.replace(first, **fields), *others)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (changed(ledger="L11"), "no ledger L11"),
        (changed(id="N01.M99"), "N01.M01 is missing"),
        (changed(by=(Proof(event="meetings.dreamt"),)), "no event meetings.dreamt"),
        (changed(by=(Proof(event="meetings.held", where={"mood": ("good",)}),)), "with mood"),
        ((*changed(), materials()["N01.M01"].entry), "stands twice"),
        ((*changed(), msgspec.structs.replace(materials()["N01.M01"].entry, id="N26.M99")), "knows no N26.M99"),
    ],
)
def test_a_wrong_list_is_refused_with_its_reason(entries: tuple[Entry, ...], reason: str):
    with pytest.raises(PackError, match=reason):
        join(default_pack().standard, entries)
