"""Papers that stay on paper, superior's documents, bound volumes (L10, N09.T04, N24.T03; INV-007, INV-100)."""

import datetime as dt
from typing import Any

import pytest

from events.documents import (
    About,
    DocumentId,
    DocumentWithdrawn,
    PaperVolumeBound,
    Retention,
    Secrecy,
    SuperiorDocumentReceived,
)
from service.decide.documents.files import WithdrawDocument
from service.decide.documents.papers import BindPaperVolume, ReceiveSuperiorDocument, RegisterPaperDocument
from service.errors import Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.document_history import D1, DAY, FILED, material, registered


def registering(**changed: Any) -> RegisterPaperDocument:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "title": "政审材料",
        "materials": (material("N14.M13"),),
        "responsible": "组织委员",
        "formed_on": dt.date(2026, 1, 10),
        "secrecy": Secrecy.SECRET,
        "place": "档案柜2",
    }
    return RegisterPaperDocument(**(told | changed))


@pytest.mark.parametrize("level", list(Secrecy))
def test_a_paper_of_any_level_is_entered_into_the_index(level: Secrecy):
    given().when(registering(secrecy=level)).then(registered("event-1", secrecy=level))


def test_a_paper_belongs_to_a_case_and_lies_in_a_volume():
    given().when(registering(about=About("admission-1"), volume_no="12")).then(
        registered("event-1", about=About("admission-1"), volume_no="12")
    )


@pytest.mark.parametrize(("changed", "field"), [({"title": " "}, "title"), ({"materials": ()}, "materials")])
def test_a_paper_without_title_or_material_is_refused(changed: dict[str, Any], field: str):
    given().when(registering(**changed)).then(refused("INV-100", field))


def test_a_paper_of_tomorrow_is_refused():
    given().when(registering(formed_on=DAY + dt.timedelta(days=1))).then(refused("INV-007", "formed_on"))


def receiving(**changed: Any) -> ReceiveSuperiorDocument:
    told: dict[str, Any] = {
        "occurred_on": dt.date(2026, 9, 25),
        "number": "示委〔2026〕3号",
        "title": "关于开展年度学习的通知",
        "issuer": "示例机关党委",
        "formed_on": dt.date(2026, 9, 20),
    }
    return ReceiveSuperiorDocument(**(told | changed))


def received(**changed: Any) -> SuperiorDocumentReceived:
    told: dict[str, Any] = {
        "occurred_on": dt.date(2026, 9, 25),
        "document_id": DocumentId("event-1"),
        "number": "示委〔2026〕3号",
        "title": "关于开展年度学习的通知",
        "issuer": "示例机关党委",
        "formed_on": dt.date(2026, 9, 20),
        "secrecy": Secrecy.INTERNAL,
        "act_by": dt.date(2026, 10, 15),
    }
    return SuperiorDocumentReceived(**(told | changed))


def test_it_is_tabled_within_ten_working_days_over_the_national_holiday():
    """DL-61: 28-30 September, then 8-10 (the 10th is a make-up day) and 12-15 October."""
    given().when(receiving()).then(received())


def test_the_day_that_the_document_names_holds():
    given().when(receiving(act_by=dt.date(2026, 9, 30))).then(received(act_by=dt.date(2026, 9, 30), stated=True))


def test_the_same_number_of_the_same_issuer_again_is_nothing_to_do():
    given(received()).when(receiving()).then(nothing)
    given(received(document_id=DocumentId("d5"))).when(receiving(issuer="示例市委")).then(received(issuer="示例市委"))


def test_a_withdrawn_receipt_may_be_recorded_again():
    taken_back = DocumentWithdrawn(occurred_on=dt.date(2026, 9, 25), document_id=DocumentId("d5"), reason="录错")
    withdrawing = WithdrawDocument(occurred_on=dt.date(2026, 9, 25), document_id=DocumentId("d5"), reason="录错")
    given(received(document_id=DocumentId("d5"))).when(withdrawing).then(taken_back)
    given(received(document_id=DocumentId("d5")), taken_back).when(receiving()).then(received())


def test_a_document_cannot_be_acted_on_before_it_came():
    given().when(receiving(act_by=dt.date(2026, 9, 24))).then(fails(Malformed, "act_by"))
    given().when(receiving(formed_on=dt.date(2026, 9, 26))).then(refused("INV-007", "formed_on"))


def binding(**changed: Any) -> BindPaperVolume:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "volume_no": "2025-L01",
        "title": "2025年组织设置台账",
        "year": 2025,
        "pieces": 12,
        "retention": Retention.PERMANENT,
        "place": "档案室3架",
    }
    return BindPaperVolume(**(told | changed))


def bound(**changed: Any) -> PaperVolumeBound:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "document_id": DocumentId("event-1"),
        "volume_no": "2025-L01",
        "title": "2025年组织设置台账",
        "year": 2025,
        "pieces": 12,
        "retention": Retention.PERMANENT,
        "place": "档案室3架",
    }
    return PaperVolumeBound(**(told | changed))


def test_papers_are_bound_into_a_volume():
    given().when(binding()).then(bound())
    given(FILED, registered("d2")).when(binding(documents=(D1, DocumentId("d2"), D1))).then(bound(documents=(D1, DocumentId("d2"))))


def test_the_same_volume_again_is_nothing_to_do():
    given(FILED, bound(document_id=DocumentId("v1"), documents=(D1,))).when(binding(documents=(D1,))).then(nothing)


def test_a_number_is_given_once_and_a_paper_lies_in_one_volume():
    given(FILED, bound(document_id=DocumentId("v1"))).when(binding(documents=(D1,))).then(fails(Conflict, "2025-L01"))
    given(FILED, bound(document_id=DocumentId("v1"), documents=(D1,))).when(binding(volume_no="2", documents=(D1,))).then(
        fails(Conflict, "another volume")
    )
    given(bound(document_id=DocumentId("v1"))).when(binding(volume_no="2", documents=(DocumentId("v1"),))).then(
        fails(Conflict, "another volume")
    )


def test_a_volume_holds_at_least_what_is_named():
    given(FILED, registered("d2")).when(binding(pieces=1, documents=(D1, DocumentId("d2")))).then(fails(Malformed, "pieces"))
