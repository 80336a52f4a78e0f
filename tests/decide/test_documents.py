"""Files of a branch: filed, linked, replaced, withdrawn (N24.M10; INV-007, INV-084, INV-100)."""

import datetime as dt
from typing import Any

import pytest

from events.documents import (
    About,
    DocumentFiled,
    DocumentId,
    DocumentLinked,
    DocumentReplaced,
    DocumentWithdrawn,
    MaterialId,
    MediaType,
    Retention,
    Secrecy,
)
from service.decide.documents.files import FileDocument, ReplaceDocument, WithdrawDocument
from service.errors import Absent, Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.document_history import D1, DAY, FILED, HASH, OTHER_HASH, filed, material, registered


def filing(**changed: Any) -> FileDocument:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "title": "年度学习计划",
        "materials": (material("N17.M01"),),
        "sha256": HASH,
        "size": 1200,
        "media_type": MediaType.PDF,
        "responsible": "支部委员会",
        "formed_on": dt.date(2026, 1, 8),
    }
    return FileDocument(**(told | changed))


def test_a_file_goes_on_record_with_its_hash():
    given().when(filing()).then(filed(document_id=DocumentId("event-1")))


def test_a_file_may_answer_many_materials_and_belong_to_a_case():
    names = (material("N05.M01.01"), material("N24.M01.01"))
    given().when(filing(materials=(*names, names[0]), about=About("election-1"))).then(
        filed(document_id=DocumentId("event-1"), materials=names, about=About("election-1"), retention=Retention.PERMANENT)
    )


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("N17.M01",), Retention.TEN_YEARS),
        (("N15.M01",), Retention.TEN_YEARS),
        (("N01.M01",), Retention.THIRTY_YEARS),
        (("N17.M01", "N01.M01"), Retention.THIRTY_YEARS),
        (("N01.M01", "N14.M01"), Retention.PERMANENT),
    ],
)
def test_it_is_kept_as_long_as_the_longest_of_its_materials(names: tuple[str, ...], kept: Retention):
    found = tuple(material(name) for name in names)
    given().when(filing(materials=found)).then(filed(document_id=DocumentId("event-1"), materials=found, retention=kept))


def test_a_paper_copy_in_a_volume_is_a_paper_copy():
    given().when(filing(volume_no="2026-03")).then(filed(document_id=DocumentId("event-1"), on_paper=True, volume_no="2026-03"))


@pytest.mark.parametrize("level", [Secrecy.SECRET, Secrecy.CONFIDENTIAL, Secrecy.TOP_SECRET])
def test_what_is_classified_is_refused_whatever_else_is_wrong(level: Secrecy):
    given().when(filing(secrecy=level, title="", sha256="")).then(refused("INV-084", "secrecy"))


@pytest.mark.parametrize("level", [Secrecy.PUBLIC, Secrecy.INTERNAL])
def test_up_to_internal_may_be_uploaded(level: Secrecy):
    given().when(filing(secrecy=level)).then(filed(document_id=DocumentId("event-1"), secrecy=level))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "  "}, "title"),
        ({"materials": ()}, "materials"),
        ({"materials": (material("N17.M99"),)}, "materials"),
        ({"materials": (material("N17.M01"), material("N17.M01.07"))}, "materials"),
        ({"sha256": ""}, "sha256"),
    ],
)
def test_without_title_material_or_checksum_it_is_refused(changed: dict[str, Any], field: str):
    given().when(filing(**changed)).then(refused("INV-100", field))


def test_a_document_of_tomorrow_is_refused():
    given().when(filing(formed_on=DAY + dt.timedelta(days=1))).then(refused("INV-007", "formed_on"))


def test_the_same_file_for_the_same_material_is_nothing_to_do():
    given(FILED).when(filing()).then(nothing)


def test_the_same_file_for_another_material_is_linked_and_listed_once():
    given(FILED).when(filing(materials=(material("N17.M01"), material("N24.M03.01")))).then(
        DocumentLinked(occurred_on=DAY, document_id=D1, materials=(material("N24.M03.01"),))
    )


def test_the_same_file_for_the_same_material_of_another_case_is_linked():
    given(FILED).when(filing(about=About("meeting-m1"))).then(
        DocumentLinked(occurred_on=DAY, document_id=D1, materials=(material("N17.M01"),), about=About("meeting-m1"))
    )
    linked = DocumentLinked(occurred_on=DAY, document_id=D1, materials=(material("N17.M01"),), about=About("meeting-m1"))
    given(FILED, linked).when(filing(about=About("meeting-m1"))).then(nothing)


def test_an_id_that_is_taken_is_a_conflict():
    given(registered("d9")).when(filing(document_id=DocumentId("d9"))).then(fails(Conflict, "d9"))


def replacing(**changed: Any) -> ReplaceDocument:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "document_id": D1,
        "sha256": OTHER_HASH,
        "size": 900,
        "media_type": MediaType.DOCX,
        "reason": "扫描件不清晰",
    }
    return ReplaceDocument(**(told | changed))


REPLACED = DocumentReplaced(
    occurred_on=DAY,
    document_id=D1,
    version=2,
    sha256=OTHER_HASH,
    size=900,
    media_type=MediaType.DOCX,
    secrecy=Secrecy.INTERNAL,
    reason="扫描件不清晰",
)


def test_a_new_version_takes_the_place_of_the_old_one():
    given(FILED).when(replacing()).then(REPLACED)
    given(FILED, REPLACED).when(replacing()).then(nothing)


def test_the_old_bytes_of_a_replaced_file_may_be_filed_as_something_else():
    given(FILED, REPLACED).when(filing(title="旧稿")).then(filed(document_id=DocumentId("event-1"), title="旧稿"))


def test_a_classified_version_is_refused():
    given(FILED).when(replacing(secrecy=Secrecy.SECRET)).then(refused("INV-084", "secrecy"))


def test_a_version_without_checksum_is_refused():
    given(FILED).when(replacing(sha256="")).then(refused("INV-100", "sha256"))


def test_bytes_that_another_entry_has_are_not_listed_twice():
    other = filed(document_id=DocumentId("d2"), sha256=OTHER_HASH)
    given(FILED, other).when(replacing()).then(fails(Conflict, "d2"))


def test_only_a_file_that_stands_is_replaced():
    given().when(replacing()).then(fails(Absent, "d1"))
    given(FILED, WITHDRAWN).when(replacing()).then(fails(Conflict, "withdrawn"))
    given(registered("d1")).when(replacing()).then(fails(Conflict, "no file"))


WITHDRAWN = DocumentWithdrawn(occurred_on=DAY, document_id=D1, reason="传错文件")
WITHDRAWING = WithdrawDocument(occurred_on=DAY, document_id=D1, reason="传错文件")


def test_a_wrong_entry_is_withdrawn_once():
    given(FILED).when(WITHDRAWING).then(WITHDRAWN)
    given(FILED, WITHDRAWN).when(WITHDRAWING).then(nothing)


def test_what_is_not_there_cannot_be_withdrawn():
    given().when(WITHDRAWING).then(fails(Absent, "d1"))


def test_after_a_withdrawal_the_same_bytes_are_filed_anew():
    given(FILED, WITHDRAWN).when(filing()).then(filed(document_id=DocumentId("event-1")))


def test_the_events_say_what_they_are_about():
    assert isinstance(FILED, DocumentFiled)
    assert FILED.stream() == "documents"
    assert MaterialId("N17.M01") in FILED.materials
