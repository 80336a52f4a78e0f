"""A whole import is taken back as events: the last command first, once however often it is asked for, and never what is built upon."""

import datetime as dt

import pytest

from events.dues import DuesAssessmentWithdrawn, DuesReversed
from events.imports import ImportUndone
from events.meetings import MeetingHeld, MeetingWithdrawn
from events.members import MemberRegistered, RegistrationWithdrawn
from events.transfers import LetterVoided
from service.auth.actor import Actor, Role
from service.decide.catalog import CASES
from service.errors import Forbidden
from service.imports.compensations import TABLE, With
from service.imports.preview import State
from service.imports.runs import begin, runs_of
from service.imports.undo import Fate, groups
from tests.flows.import_world import B1, B2, NOW, roster, terms
from tests.flows.undo_world import (
    ANNA,
    ANNAS_DUES,
    BOLIN,
    FILED,
    GONE,
    LETTER,
    MEETING,
    WRONG,
    Record,
    dues,
    letters,
    meetings,
    members,
    taken_back,
)
from tests.store.conftest import Store

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
async def record(store: Store) -> Record:
    return await Record(store.books).found()


async def test_a_run_is_on_record_before_its_first_command_with_all_that_it_sends(record: Record):
    preview = await record.preview(members())
    await begin([preview], record.bus, record.books, terms())
    (run,) = await runs_of(record.books, B1)
    assert (run.file, run.kind.en, run.rows, run.undone) == ("test.xlsx", "Roster of members", 2, None)
    assert [(sent.command, sent.row) for sent in run.sends] == [("register-member", 4), ("register-member", 5)]
    assert await runs_of(record.books, B2) == []
    assert await taken_back(record.undo(run)) == [(4, "register-member", "nothing", None), (5, "register-member", "nothing", None)]


async def test_registrations_are_withdrawn_the_last_one_first(record: Record):
    await record.imported(members())
    undo = record.undo(await record.run())
    assert await taken_back(undo) == [(4, "register-member", "taken_back", None), (5, "register-member", "taken_back", None)]
    gone = [event for event in await record.events() if isinstance(event, RegistrationWithdrawn)]
    assert [(event.occurred_on, event.reason) for event in gone] == [(TODAY, WRONG), (TODAY, WRONG)]
    registered = [event.person_id for event in await record.events() if isinstance(event, MemberRegistered)]
    assert [event.person_id for event in gone] == list(reversed(registered))


async def test_how_far_it_went_is_on_record_and_said_once(record: Record):
    await record.imported(members())
    for _ in range(2):
        undo = record.undo(await record.run())
        await undo.take_back(groups(undo.run))
        await undo.close()
    (said,) = [event for event in await record.events() if isinstance(event, ImportUndone)]
    assert (said.taken_back, said.kept, said.reason) == (2, 0, WRONG)
    assert (await record.run()).undone == said


async def test_a_dues_sheet_is_taken_back_payments_before_the_assessment(record: Record):
    await record.imported(members())
    await record.imported(dues(ANNAS_DUES), minutes=1)
    assert {fate for *_, fate, _ in await taken_back(record.undo(await record.run()))} == {"taken_back"}
    kinds = [type(event) for event in await record.events() if isinstance(event, DuesReversed | DuesAssessmentWithdrawn)]
    assert kinds == [DuesReversed, DuesReversed, DuesAssessmentWithdrawn]


async def test_what_was_taken_back_is_imported_anew_receipts_too(record: Record):
    await record.imported(members())
    await record.imported(dues(ANNAS_DUES), minutes=1)
    await record.imported(meetings(FILED), minutes=2)
    for number in (0, 1, 2):
        run = await record.run(number)
        assert {fate for *_, fate, _ in await taken_back(record.undo(run, seen=True))} == {"taken_back"}
    before = len(await record.events())
    for minutes, sheets in enumerate((members(), dues(ANNAS_DUES), meetings(FILED)), start=10):
        again = await record.imported(sheets, minutes)
        assert [(row.state, row.faults) for row in again.rows] == [(State.RECORDED, ())] * len(again.rows)
    assert len(await record.events()) > before
    once_more = await record.preview(dues(ANNAS_DUES))
    assert [row.state for row in once_more.rows] == [State.DUPLICATE]


async def test_what_was_imported_anew_is_taken_back_anew(record: Record):
    for minutes in (0, 1, 2):
        await record.imported(members(), minutes)
        assert {fate for *_, fate, _ in await taken_back(record.undo(await record.run()))} == {"taken_back"}
    assert sum(isinstance(event, RegistrationWithdrawn) for event in await record.events()) == 6


async def test_a_meeting_with_minutes_on_file_needs_the_superiors_sight(record: Record):
    await record.imported(members())
    await record.imported(meetings(FILED), minutes=1)
    run = await record.run()
    assert {(fate, why) for *_, fate, why in await taken_back(record.undo(run))} == {("stands", "INV-017")}
    assert {fate for *_, fate, _ in await taken_back(record.undo(run, seen=True))} == {"taken_back"}
    (gone,) = [event for event in await record.events() if isinstance(event, MeetingWithdrawn)]
    assert gone.superior_seen_on == dt.date(2026, 11, 20)


async def test_minutes_that_a_later_import_added_do_not_take_the_meeting_with_them(record: Record):
    await record.imported(members())
    await record.imported(meetings(MEETING), minutes=1)
    await record.imported(meetings(FILED), minutes=2)
    later = await taken_back(record.undo(await record.run(), seen=True))
    assert later == [(4, "archive-minutes", "stands", "what it belongs to was recorded by another import, or at the desk")]
    assert sum(isinstance(event, MeetingHeld) for event in await record.events()) == 1


async def test_what_has_been_built_upon_stands_and_is_told(record: Record):
    await record.imported(members())
    await record.imported(dues(ANNAS_DUES), minutes=1)
    first = await record.run(1)
    told = await taken_back(record.undo(first))
    assert told == [
        (4, "register-member", "stands", "this rests on the registration: a payment of dues, an assessment of dues"),
        (5, "register-member", "stands", "this rests on the registration: a payment of dues, an assessment of dues"),
    ]
    await taken_back(record.undo(await record.run()))
    assert {fate for *_, fate, _ in await taken_back(record.undo(first))} == {"taken_back"}


async def test_a_member_who_was_at_a_meeting_stays_until_the_meeting_is_taken_back(record: Record):
    await record.imported(members())
    await record.imported(meetings(MEETING), minutes=1)
    first = await record.run(1)
    assert {why for *_, why in await taken_back(record.undo(first))} == {"this rests on the registration: a meeting"}
    await taken_back(record.undo(await record.run()))
    assert {fate for *_, fate, _ in await taken_back(record.undo(first))} == {"taken_back"}


async def test_it_goes_on_where_it_was_cut_off_even_on_another_day(record: Record):
    await record.imported(members())
    run = await record.run()
    first, *_ = groups(run)
    await record.undo(run).take_back([first])
    before = len(await record.events())
    assert {fate for *_, fate, _ in await taken_back(record.undo(run, days=3))} == {"taken_back"}
    assert len(await record.events()) == before + 1
    assert {fate for *_, fate, _ in await taken_back(record.undo(run, days=4))} == {"taken_back"}
    assert len(await record.events()) == before + 1


async def test_a_rehearsal_says_the_same_and_records_nothing(record: Record):
    await record.imported(members())
    await record.imported(dues(ANNAS_DUES), minutes=1)
    await record.imported(meetings(FILED), minutes=2)
    before = await record.events()
    for number in (0, 1, 2):
        run = await record.run(number)
        rehearsed = await taken_back(record.rehearsal(run))
        assert await record.events() == before
        if number == 0:
            assert {why for *_, why in rehearsed} == {"INV-017"}
    rehearsal = record.rehearsal(await record.run(1))
    told = await rehearsal.take_back(groups(rehearsal.run))
    assert {one.fate for one in told} == {Fate.TAKEN_BACK}
    assert await record.events() == before


async def test_a_suspension_on_the_roster_goes_with_its_member(record: Record):
    await record.imported(roster(ANNA, BOLIN | {"党籍状态": "停止党籍"}))
    assert await taken_back(record.undo(await record.run())) == [
        (4, "register-member", "taken_back", None),
        (5, "register-member", "taken_back", None),
        (5, "suspend-membership", "taken_back", None),
    ]


async def test_a_letter_is_voided_and_its_number_is_used_up(record: Record):
    await record.imported(members())
    await record.imported(letters(LETTER), minutes=1)
    assert await taken_back(record.undo(await record.run())) == [(4, "issue-letter", "taken_back", None)]
    assert [event.reason for event in await record.events() if isinstance(event, LetterVoided)] == [WRONG]
    (row,) = (await record.imported(letters(LETTER), minutes=2)).rows
    assert (row.state, [fault.rule for fault in row.faults]) == (State.REFUSED, ["INV-070"])


async def test_a_letter_with_which_somebody_left_stands(record: Record):
    await record.imported(members())
    await record.imported(letters(GONE), minutes=1)
    assert await taken_back(record.undo(await record.run())) == [
        (4, "issue-letter", "stands", "not taken back: the member was accepted with letter SL-B01-2026-0001"),
        (4, "record-receipt", "stands", "the receipt is on the stub: the member belongs elsewhere"),
    ]


async def test_whoever_may_not_record_may_not_take_back(record: Record):
    await record.imported(members())
    treasurer = Actor(id="t", login="t", role=Role.TREASURER, organisation_id=B1, subtree=frozenset({B1}))
    undo = record.undo(await record.run())
    undo.terms = type(undo.terms)(actor=treasurer, now=NOW, reason=WRONG)
    assert {fate for *_, fate, _ in await taken_back(undo)} == {"stands"}
    with pytest.raises(Forbidden):
        await undo.close()


def test_the_table_names_commands_that_there_are_and_leaders_that_are_taken_back_themselves():
    assert TABLE.keys() <= CASES.keys()
    leaders = {way.command for way in TABLE.values() if isinstance(way, With)}
    assert leaders <= {name for name, way in TABLE.items() if not isinstance(way, With)}
