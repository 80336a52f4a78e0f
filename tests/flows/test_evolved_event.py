"""An event that was really evolved: `dues.reversed` of schema 1 is read, judged and shown as ever, beside those of schema 2.

In schema 1 every receipt was void with its payment. Schema 2 tells a wrong entry from a wrong slip, so that the slip may be entered again.
"""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.base import ReceiptNo
from events.dues import DuesReceived, DuesReversed, EntryKind
from events.store import codec
from events.store.books import Append, Draft
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l04_management import PROJECTION
from service.decide.dues.payments import ReceiveDues, ReverseDues
from service.errors import Refused
from tests.flows.import_world import B1, NOW
from tests.flows.undo_world import ANNAS_DUES, Record, dues, members
from tests.store.conftest import Store

DAY = dt.date(2026, 2, 20)
GOLDENS = Path(__file__).parents[1] / "upcasts"
TOLD: dict[str, Any] = {
    "occurred_on": dt.date(2026, 3, 1), "entry_id": "entry_id-1", "kind": EntryKind.PAYMENT, "amount_fen": 42, "person_id": "person_id-1",
    "month": "2026-03", "receipt_no": "receipt_no-1", "reason": "reason-1",
}  # fmt: skip


@pytest.fixture
async def record(store: Store) -> Record:
    record = await Record(store.books).found()
    await record.imported(members())
    await record.imported(dues(ANNAS_DUES), minutes=1)
    return record


async def paid(record: Record, month: str = "2026-01") -> DuesReceived:
    return next(event for event in await record.events() if isinstance(event, DuesReceived) and event.month == month)


def reversal(payment: DuesReceived) -> DuesReversed:
    return DuesReversed(
        occurred_on=DAY, entry_id=payment.entry_id, kind=EntryKind.PAYMENT, amount_fen=payment.amount_fen, person_id=payment.person_id,
        month=payment.month, receipt_no=ReceiptNo("2026-0001"), reason="金额有误",
    )  # fmt: skip


async def append_as_schema_1(record: Record, event: DuesReversed) -> None:
    """A page as the first release wrote it: without the field that came later, and under the older number."""
    raw: dict[str, Any] = msgspec.json.decode(codec.encode(event, event_id="old", actor="t", by="reverse-dues", late="", keys=record.keys))
    raw["schema"] = 1
    del raw["body"]["receipt_stands_in"]
    draft = Draft(book=B1, event=event, event_id="0b5e8c1e-3f39-5d0c-9b62-7f7f0c8c9a11", record=codec.canonical(raw | {"late": None}))
    fingerprint = hashlib.sha256(b"old").digest()
    await record.books.append(Append(book=B1, key="old", fingerprint=fingerprint, at=int(NOW.timestamp() * 1_000_000), drafts=(draft,)))


def receive(payment: DuesReceived) -> ReceiveDues:
    return ReceiveDues(
        occurred_on=DAY, person_id=payment.person_id, month=payment.month, amount_fen=4_000, kind=payment.kind, collector=payment.collector,
        receipt_no=ReceiptNo("2026-0001"),
    )  # fmt: skip


async def corrections(record: Record) -> list[str]:
    facts = await record.books.read(B1)
    rows = ledger_rows(replay([PROJECTION], [msgspec.structs.replace(fact, position=fact.page) for fact in facts]))
    (row,) = [row for row in rows if row["register"] == "dues-payments" and row["cells"].get("corrections")]
    return list(row["cells"]["corrections"])


@pytest.mark.parametrize(("schema", "stands_in"), [(1, None), (2, "org_id-1")])
def test_the_golden_of_each_schema_is_read_whole(schema: int, stands_in: str | None):
    body = (GOLDENS / f"dues.reversed.v{schema}.json").read_bytes()
    told = msgspec.convert(TOLD | {"receipt_stands_in": None}, DuesReversed, str_keys=True)
    read = codec.decode_body("dues.reversed", schema, body)
    assert isinstance(read, DuesReversed)
    assert (read.receipt_stands_in is None) is (stands_in is None)
    assert msgspec.structs.replace(read, receipt_stands_in=None) == told


async def test_a_stored_page_of_schema_1_is_todays_event(record: Record):
    event = reversal(await paid(record))
    await append_as_schema_1(record, event)
    assert (await record.events())[-1] == event
    assert await corrections(record) == ["2026-02-20 冲正2026-01 40.00元，票据2026-0001作废：金额有误"]


async def test_the_receipt_of_schema_1_stays_used_as_the_rule_was_then(record: Record):
    payment = await paid(record)
    await append_as_schema_1(record, reversal(payment))
    with pytest.raises(Refused, match="INV-068"):
        await record.send(B1, receive(payment), "again")


async def test_the_slip_of_schema_2_may_be_entered_again(record: Record):
    payment = await paid(record)
    await record.send(B1, ReverseDues(occurred_on=DAY, entry_id=payment.entry_id, reason="录错", receipt_stands=True), "back")
    assert await corrections(record) == ["2026-02-20 冲正2026-01 40.00元，票据2026-0001有效：录错"]
    await record.send(B1, receive(payment), "again")
    assert [event.month for event in await record.events() if isinstance(event, DuesReceived)] == ["2026-01", "2026-02", "2026-01"]
