"""A register of arrivals is taken back as events, the last entry of a letter first; what something rests on stands and says why."""

from typing import Any

import pytest

from events.members import MemberTransferredIn, RegistrationWithdrawn
from events.transfers import TransferStep, TransferStepWithdrawn
from service.imports.preview import State
from tests.flows.import_world import GOOD, sheet
from tests.flows.undo_world import WRONG, Record, letters, members, taken_back
from tests.store.conftest import Store

CAME: dict[str, Any] = GOOD | {
    "公民身份证号": "990101196705252004",
    "收信日期": "2026-03-12", "介绍信编号": "外字第9号", "来源党组织": "外市某支部", "接收党支部": "综合业务党支部", "党费交至": "2026-02",
    "开具日期": "2026-03-01", "有效期止": "2026-06-01", "接收日期": "2026-03-16", "回执寄出日期": "2026-03-20", "经办人": "柏林",
}  # fmt: skip
ALL = ("receive-outside-transfer", "accept-outside-transfer", "return-receipt")


def arrivals(*rows: dict[str, Any]) -> tuple[Any, ...]:
    return sheet("组织关系转入登记簿", "2026年度", tuple(CAME), rows)


@pytest.fixture
async def record(store: Store) -> Record:
    found = await Record(store.books).found()
    await found.imported(members())
    return found


async def test_arrivals_from_outside_are_taken_back_receipt_acceptance_and_letter(record: Record):
    preview = await record.imported(arrivals(CAME), minutes=1)
    assert [(row.state, row.faults) for row in preview.rows] == [(State.RECORDED, ())]
    before = await record.events()
    expected = [(4, command, "taken_back", None) for command in ALL]
    run = await record.run()
    assert await taken_back(record.rehearsal(run)) == expected
    assert await record.events() == before
    assert await taken_back(record.undo(run)) == expected
    steps = [(event.step, event.reason) for event in await record.events() if isinstance(event, TransferStepWithdrawn)]
    assert steps == [(TransferStep.RETURNED, WRONG), (TransferStep.ACCEPTED, WRONG), (TransferStep.RECEIVED, WRONG)]
    (came,) = [event for event in await record.events() if isinstance(event, MemberTransferredIn)]
    assert [event.person_id for event in await record.events() if isinstance(event, RegistrationWithdrawn)] == [came.person_id]


async def test_they_are_imported_anew_afterwards(record: Record):
    for minutes in (1, 2):
        preview = await record.imported(arrivals(CAME), minutes=minutes)
        assert [(row.state, row.faults) for row in preview.rows] == [(State.RECORDED, ())]
        assert {fate for *_, fate, _ in await taken_back(record.undo(await record.run()))} == {"taken_back"}


async def test_a_letter_out_for_somebody_who_arrived_keeps_the_arrival(record: Record):
    await record.imported(arrivals(CAME), minutes=1)
    leaves = {
        "所在党支部": "综合业务党支部", "介绍信编号": "SL-B01-2026-0001", "姓名": GOOD["姓名"], "转往单位": "外单位党支部", "党费交至": "2026-03",
        "开具日期": "2026-04-02", "经办人": "柏林", "联系电话": "01000000000",
    }  # fmt: skip
    await record.imported(letters(leaves), minutes=2)
    first = await record.run(1)
    told = {command: (fate, why) for _, command, fate, why in await taken_back(record.rehearsal(first))}
    assert told["accept-outside-transfer"] == ("stands", "this rests on the registration: a letter")
    assert told["receive-outside-transfer"] == ("stands", "the member was accepted with this letter: take that back first")
