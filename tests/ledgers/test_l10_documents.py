"""Ledger L10: every column of the index, what changes a row, what strikes it through, and the documents view beside it."""

import datetime as dt
from typing import Any

from events.base import Event
from events.documents import (
    About,
    DocumentId,
    DocumentLinked,
    DocumentReplaced,
    DocumentWithdrawn,
    MaterialConfirmed,
    MaterialWaived,
    MaterialWaiverEnded,
    MediaType,
    PaperVolumeBound,
    Retention,
    Secrecy,
    SuperiorDocumentReceived,
)
from projections import documents
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l10_directives import RECEIVED
from projections.ledgers.l10_documents import FILES, MATERIALS, PROJECTION, REGISTERS, VOLUMES
from tests.decide.document_history import D1, DAY, FILED, HASH, OTHER_HASH, filed, material, registered
from tests.ledgers.l04_history import facts

M1 = About("meeting-m1")
REPLACED = DocumentReplaced(
    occurred_on=DAY,
    document_id=D1,
    version=2,
    sha256=OTHER_HASH,
    size=900,
    media_type=MediaType.DOCX,
    secrecy=Secrecy.PUBLIC,
    reason="扫描件不清晰",
)
WITHDRAWN = DocumentWithdrawn(occurred_on=DAY, document_id=D1, reason="传错文件")
BOUND = PaperVolumeBound(
    occurred_on=dt.date(2026, 12, 20),
    document_id=DocumentId("v1"),
    volume_no="2026-L03",
    title="2026年党员教育台账",
    year=2026,
    documents=(D1,),
    pieces=30,
    retention=Retention.TEN_YEARS,
    place="档案室3架",
)
RECEIPT = SuperiorDocumentReceived(
    occurred_on=DAY,
    document_id=DocumentId("s1"),
    number="示委〔2026〕3号",
    title="关于开展年度学习的通知",
    issuer="示例机关党委",
    formed_on=dt.date(2026, 1, 12),
    secrecy=Secrecy.INTERNAL,
    act_by=dt.date(2026, 1, 29),
)


def rows(*events: Event, code: str = "files") -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == code]


def cells(*events: Event, code: str = "files") -> list[dict[str, Any]]:
    return [dict(row["cells"]) for row in rows(*events, code=code)]


def struck(*events: Event, code: str = "files") -> list[str | None]:
    return [row["struck_by"] for row in rows(*events, code=code)]


ROW = {
    "number": "2026-0001",
    "title": "年度学习计划",
    "ledgers": ["L03 党员教育台账"],
    "materials": ["N17.M01"],
    "formed_on": dt.date(2026, 1, 8),
    "responsible": "支部委员会",
    "format": "PDF",
    "size": 1200,
    "sha256": HASH,
    "place": "电子文件库",
    "secrecy": "内部",
    "retention": "10年",
    "paper": "无",
    "version": 1,
    "uploaded_by": "u",
}


def test_the_form_has_the_columns_of_the_paper_in_its_order():
    paper = "文件编号, 题名, 所属台账, 材料编号, 形成日期, 责任者, 格式, 大小, SHA-256, 存储位置, 密级, 保管期限, 纸质件有无及册号, 版本, 上传人"
    assert [column.zh.removesuffix("(字节)") for column in FILES.columns] == paper.split(", ")
    assert all(column.en for register in REGISTERS for column in register.columns)


def test_a_file_has_its_row_with_every_column():
    assert cells(FILED) == [ROW]
    assert set(ROW) == {column.key for column in FILES.columns}


def test_a_paper_has_a_place_and_no_checksum():
    assert cells(registered("d2", volume_no="12")) == [
        {
            "number": "2026-0001",
            "title": "政审材料",
            "ledgers": ["L04 党员管理台账"],
            "materials": ["N14.M13"],
            "formed_on": dt.date(2026, 1, 10),
            "responsible": "组织委员",
            "format": "纸质",
            "place": "档案柜2",
            "secrecy": "秘密",
            "retention": "永久",
            "paper": "有，12",
            "version": 1,
            "uploaded_by": "u",
        }
    ]


def test_numbers_run_without_a_gap_in_each_year():
    later = filed(occurred_on=dt.date(2027, 2, 1), document_id=DocumentId("d3"), sha256="c" * 64)
    assert [row["number"] for row in cells(FILED, registered("d2"), later)] == ["2026-0001", "2026-0002", "2027-0001"]


def test_a_link_adds_materials_and_ledgers_to_the_one_row():
    linked = DocumentLinked(occurred_on=DAY, document_id=D1, materials=(material("N05.M01.03"),), about=About("election-1"))
    assert cells(FILED, linked) == [ROW | {"ledgers": ["L01 组织设置台账", "L03 党员教育台账"], "materials": ["N17.M01", "N05.M01.03"]}]


def test_a_new_version_completes_the_row():
    assert cells(FILED, REPLACED) == [
        ROW | {"format": "Word文档", "size": 900, "sha256": OTHER_HASH, "secrecy": "公开", "version": 2, "uploaded_by": "u"}
    ]


def test_a_withdrawn_file_keeps_its_row_struck_through():
    assert (cells(FILED, WITHDRAWN), struck(FILED, WITHDRAWN)) == ([ROW], ["e2"])


def test_a_volume_has_its_row_and_its_number_shows_at_the_files_in_it():
    assert cells(FILED, BOUND, code=VOLUMES.code) == [
        {
            "volume_no": "2026-L03",
            "title": "2026年党员教育台账",
            "year": 2026,
            "pieces": 30,
            "documents": ["2026-0001"],
            "retention": "10年",
            "place": "档案室3架",
            "bound_on": dt.date(2026, 12, 20),
        }
    ]
    assert cells(FILED, BOUND) == [ROW | {"paper": "有，2026-L03"}]
    taken_back = DocumentWithdrawn(occurred_on=dt.date(2026, 12, 21), document_id=DocumentId("v1"), reason="重装")
    assert struck(FILED, BOUND, taken_back, code=VOLUMES.code) == ["e3"]


def test_a_superiors_document_is_signed_for():
    assert cells(RECEIPT, code=RECEIVED.code) == [
        {
            "received_on": DAY,
            "number": "示委〔2026〕3号",
            "title": "关于开展年度学习的通知",
            "issuer": "示例机关党委",
            "formed_on": dt.date(2026, 1, 12),
            "secrecy": "内部",
            "act_by": dt.date(2026, 1, 29),
            "stated": False,
            "received_by": "u",
        }
    ]
    taken_back = DocumentWithdrawn(occurred_on=DAY, document_id=DocumentId("s1"), reason="录错")
    assert struck(RECEIPT, taken_back, code=RECEIVED.code) == ["e2"]


CONFIRMED = MaterialConfirmed(occurred_on=DAY, material=material("N17.M01"), documents=(D1,))
COMPLETE = {
    "date": DAY,
    "material": "N17.M01",
    "name": "年度学习计划",
    "about": None,
    "state": "齐备",
    "basis": ["2026-0001"],
}


def test_a_complete_material_tells_by_what():
    assert cells(FILED, CONFIRMED, code=MATERIALS.code) == [COMPLETE]
    by_event = MaterialConfirmed(occurred_on=DAY, material=material("N17.M01"), about=M1, by_event=True)
    assert cells(by_event, code=MATERIALS.code) == [COMPLETE | {"about": "meeting-m1", "basis": ["事项记录"]}]


def test_it_is_struck_when_the_only_file_is_withdrawn():
    assert struck(FILED, CONFIRMED, WITHDRAWN, code=MATERIALS.code) == ["e3"]
    besides = MaterialConfirmed(occurred_on=DAY, material=material("N17.M01"), documents=(D1,), by_event=True)
    assert struck(FILED, besides, WITHDRAWN, code=MATERIALS.code) == [None]


def test_a_waiver_has_its_row_until_it_is_ended():
    waived = MaterialWaived(occurred_on=DAY, material=material("N17.M01"), about=M1, reason="新成立支部")
    ended = MaterialWaiverEnded(occurred_on=DAY, material=material("N17.M01"), about=M1, reason="应补交")
    row = {"date": DAY, "material": "N17.M01", "name": "年度学习计划", "about": "meeting-m1", "state": "免交", "reason": "新成立支部"}
    assert (cells(waived, code=MATERIALS.code), struck(waived, code=MATERIALS.code)) == ([row], [None])
    assert struck(waived, ended, code=MATERIALS.code) == ["e2"]
    assert struck(waived, ended, waived, code=MATERIALS.code) == ["e2", None]


def seen(*events: Event) -> dict[str, Any]:
    """The row of the first document in the view that files are looked up in."""
    merged: dict[str, Any] = {}
    for fact in facts(*events):
        handler = documents.HANDLERS.get(type(fact.event))
        for row in handler(STATE, fact) if handler else ():
            if row.key == (D1,):
                merged |= row.values
    return merged


STATE = documents.State()


def test_the_view_knows_what_a_file_is_and_what_it_belongs_to():
    linked = DocumentLinked(occurred_on=DAY, document_id=D1, materials=(material("N05.M01.03"),), about=About("election-1"))
    assert seen(filed(about=M1), linked, REPLACED, BOUND, WITHDRAWN) == {
        "title": "年度学习计划",
        "materials": ["N17.M01", "N05.M01.03"],
        "about": ["meeting-m1", "election-1"],
        "sha256": OTHER_HASH,
        "size": 900,
        "media_type": MediaType.DOCX.value,
        "responsible": "支部委员会",
        "formed_on": dt.date(2026, 1, 8),
        "filed_on": DAY,
        "secrecy": "public",
        "retention": "10",
        "volume_no": "2026-L03",
        "version": 2,
        "page": 1,
        "event_id": "e1",
        "withdrawn_on": DAY,
        "position": 105,
    }
