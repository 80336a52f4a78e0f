"""What both stores keep, in sentences."""

import asyncio

import pytest

from events.base import OrgId, ReceiptNo
from events.dues import DuesReceiptIssued, EntryId
from events.members import LeftGround, MemberLeft, MemberRegistered, MemberStatus, Sex
from events.store import books as books_module
from events.store.books import Claimed, KeyUsed, Stale, StoreRefusal
from tests.store.conftest import Store
from tests.store.drafts import DAY, NOON, append, cancelled, person, saw

A, B = OrgId("branch-a"), OrgId("branch-b")


def receipt(number: str, org: str = "branch-a") -> DuesReceiptIssued:
    return DuesReceiptIssued(
        occurred_on=DAY,
        org_id=OrgId(org),
        receipt_no=ReceiptNo(number),
        entry_id=EntryId("e1"),
        person_id=person(1),
        month="2026-03",
        amount_fen=1500,
    )


async def test_an_event_is_read_back_as_it_was_written(store: Store):
    request = append(A, cancelled(reason="会议改期"))
    [written] = await store.books.append(request)
    [fact] = await store.books.read(A)
    assert fact.event == cancelled(reason="会议改期")
    assert (fact.book, fact.page, fact.event_id, fact.actor, fact.late_reason) == (A, 1, request.drafts[0].event_id, "tester", None)
    assert (written.book, written.page, written.event_id, written.type) == (A, 1, fact.event_id, "meetings.cancelled")


async def test_pages_of_a_book_are_numbered_from_one_without_a_hole(store: Store):
    await asyncio.gather(*[store.books.append(append(A, cancelled(f"m{n}"), cancelled(f"m{n}"))) for n in range(30)])
    assert [fact.page for fact in await store.books.read(A)] == list(range(1, 61))


async def test_positions_are_numbered_from_zero_without_a_hole_and_hold_every_page_once(store: Store):
    await asyncio.gather(*[store.books.append(append(f"branch-{n % 7}", cancelled(f"m{n}"))) for n in range(50)])
    await store.bind()
    facts = await store.journal.read()
    assert [fact.position for fact in facts] == list(range(50))
    assert len({(fact.book, fact.page) for fact in facts}) == 50
    assert await store.journal.head() == 49


async def test_pages_of_one_book_keep_their_order_in_the_journal(store: Store):
    for n in range(10):
        await store.books.append(append(A if n % 3 else B, cancelled(f"m{n}")))
    await store.bind()
    pages = [fact.page for fact in await store.journal.read() if fact.book == A]
    assert pages == sorted(pages)


async def test_what_was_acknowledged_before_the_next_was_sent_has_the_lower_position(store: Store):
    first = await store.books.append(append(B, cancelled("m1")))
    second = await store.books.append(append(A, cancelled("m2")))
    await store.bind()
    positions = [await store.journal.position_of(page.book, page.page) for page in (*first, *second)]
    assert positions == [0, 1]


async def test_a_page_that_does_not_exist_has_no_position(store: Store):
    assert await store.journal.position_of(A, 1) is None


async def test_the_same_key_gives_the_same_pages(store: Store):
    request = append(A, cancelled(), key="k1", body="one")
    first = await store.books.append(request)
    again = await store.books.append(append(A, cancelled(), key="k1", body="one"))
    assert again == first
    assert len(await store.books.read(A)) == 1


async def test_the_same_key_with_another_body_is_refused(store: Store):
    await store.books.append(append(A, cancelled(), key="k1", body="one"))
    with pytest.raises(KeyUsed):
        await store.books.append(append(A, cancelled("m2"), key="k1", body="two"))
    assert len(await store.books.read(A)) == 1


async def test_a_key_of_another_book_is_another_key(store: Store):
    await store.books.append(append(A, cancelled(), key="k1", body="one"))
    [written] = await store.books.append(append(B, cancelled(), key="k1", body="two"))
    assert written.book == B


async def test_a_command_with_nothing_to_do_keeps_its_key(store: Store):
    assert await store.books.append(append(A, key="k1", body="one")) == []
    with pytest.raises(KeyUsed):
        await store.books.append(append(A, cancelled(), key="k1", body="two"))
    assert await store.books.append(append(A, cancelled(), key="k1", body="one")) == []


async def test_what_a_key_recorded_can_be_asked(store: Store):
    request = append(A, cancelled(), key="k1")
    written = await store.books.append(request)
    assert await store.books.recorded(A, "k1") == (request.fingerprint, written)
    assert await store.books.recorded(A, "k2") is None


async def test_a_stream_that_grew_since_it_was_read_refuses_the_command(store: Store):
    await store.books.append(append(A, cancelled("m1")))
    with pytest.raises(Stale, match="meeting-m1"):
        await store.books.append(append(A, cancelled("m1"), seen=saw(A, "meeting-m1", 0)))
    assert len(await store.books.read(A)) == 1


async def test_other_streams_of_the_book_may_grow_meanwhile(store: Store):
    await store.books.append(append(A, cancelled("m1")))
    await store.books.append(append(A, cancelled("m2"), seen=saw(A, "meeting-m2", 0)))
    assert [fact.event for fact in await store.books.read(A, "meeting-m2")] == [cancelled("m2")]


async def test_a_stream_of_another_book_can_be_consulted(store: Store):
    await store.books.append(append(B, cancelled("m1")))
    with pytest.raises(Stale):
        await store.books.append(append(A, cancelled("m2"), seen=saw(B, "meeting-m1", 0)))
    await store.books.append(append(A, cancelled("m2"), seen=saw(B, "meeting-m1", 1)))
    assert len(await store.books.read(A)) == 1


@pytest.mark.parametrize("rivals", [2, 8, 40])
async def test_of_many_commands_on_the_same_history_exactly_one_wins(store: Store, rivals: int):
    requests = [append(A, cancelled("m1", f"r{n}"), seen=saw(A, "meeting-m1", 0)) for n in range(rivals)]
    results = await asyncio.gather(*[store.books.append(request) for request in requests], return_exceptions=True)
    assert sum(isinstance(result, list) for result in results) == 1
    assert sum(isinstance(result, Stale) for result in results) == rivals - 1
    assert len(await store.books.read(A)) == 1


async def test_a_refused_command_leaves_no_trace_and_its_key_is_free(store: Store):
    await store.books.append(append(A, cancelled("m1")))
    with pytest.raises(Stale):
        await store.books.append(append(A, cancelled("m1"), key="k1", body="x", seen=saw(A, "meeting-m1", 0)))
    assert await store.books.recorded(A, "k1") is None
    [written] = await store.books.append(append(A, cancelled("m1"), key="k1", body="y", seen=saw(A, "meeting-m1", 1)))
    assert written.page == 2


async def test_a_claimed_value_refuses_its_second_holder(store: Store):
    await store.books.append(append(A, receipt("001")))
    with pytest.raises(Claimed, match="dues-receipt branch-a-001"):
        await store.books.append(append(A, receipt("001"), cancelled()))
    assert len(await store.books.read(A)) == 1


async def test_of_many_claimants_at_once_exactly_one_wins(store: Store):
    requests = [append(f"branch-{n}", receipt("001"), cancelled(f"m{n}")) for n in range(12)]
    results = await asyncio.gather(*[store.books.append(request) for request in requests], return_exceptions=True)
    assert sum(isinstance(result, list) for result in results) == 1
    assert sum(isinstance(result, Claimed) for result in results) == 11


def entered(number: int, index: str = "7" * 40) -> MemberRegistered:
    """Somebody on a roll: claims the person and the ID number."""
    return MemberRegistered(
        occurred_on=DAY,
        joined_on=DAY,
        person_id=person(number),
        name="示例",
        sex=Sex.FEMALE,
        nationality="01",
        born_month="1980-05",
        id_number="990101198005170015",
        id_index=index,
        education="21",
        status=MemberStatus.FULL,
        admitted_on=DAY,
        full_on=DAY,
    )


def left(number: int, index: str = "7" * 40) -> MemberLeft:
    return MemberLeft(occurred_on=DAY, person_id=person(number), ground=LeftGround.WITHDREW, reason="", approval_no="", id_index=index)


async def test_a_value_that_was_given_back_is_free_for_another(store: Store):
    await store.books.append(append(A, entered(1)))
    with pytest.raises(Claimed, match="member p0001"):
        await store.books.append(append(B, entered(1, "8" * 40)))
    with pytest.raises(Claimed, match="id-number"):
        await store.books.append(append(B, entered(2)))
    await store.books.append(append(A, left(1)))
    await store.books.append(append(B, entered(1, "8" * 40)))
    await store.books.append(append(B, entered(2)))
    assert len(await store.books.read(B)) == 2


async def test_a_value_is_given_back_only_by_the_book_that_holds_it(store: Store):
    await store.books.append(append(A, entered(1)))
    await store.books.append(append(B, left(1)))
    with pytest.raises(Claimed):
        await store.books.append(append(B, entered(1)))
    with pytest.raises(Claimed):
        await store.books.append(append(B, left(1), entered(1)))
    assert len(await store.books.read(B)) == 1


async def test_a_value_goes_from_one_book_to_another_in_one_command(store: Store):
    await store.books.append(append(A, entered(1)))
    await store.books.append(append(B, entered(1), elsewhere=((A, left(1)),)))
    with pytest.raises(Claimed):
        await store.books.append(append(A, entered(1)))
    await store.books.append(append(A, entered(1), elsewhere=((B, left(1)),)))


async def test_what_is_refused_gives_nothing_back(store: Store):
    await store.books.append(append(A, entered(1)))
    with pytest.raises(Stale):
        await store.books.append(append(A, left(1), seen=saw(A, "roster", 0)))
    with pytest.raises(Claimed):
        await store.books.append(append(B, entered(1)))


async def test_one_command_writes_into_two_books_or_into_none(store: Store):
    both = append(B, cancelled("m1"), elsewhere=((A, cancelled("m2")),), seen=saw(A, "meeting-m2", 0))
    assert [(page.book, page.page) for page in await store.books.append(both)] == [(A, 1), (B, 1)]
    late = append(B, cancelled("m3"), elsewhere=((A, cancelled("m2")),), seen=saw(A, "meeting-m2", 0))
    with pytest.raises(Stale):
        await store.books.append(late)
    assert (len(await store.books.read(A)), len(await store.books.read(B))) == (1, 1)


async def test_the_time_of_recording_rises_inside_a_book_even_when_the_clock_goes_back(store: Store):
    for minutes in (0, -60, 5):
        await store.books.append(append(A, cancelled(), at=NOON + minutes * 60_000_000))
    times = [fact.recorded_at - NOON for fact in await store.books.read(A)]
    assert times == [0, 1, 300_000_000]


async def test_reading_goes_on_after_a_page_and_stops_at_the_limit(store: Store):
    for n in range(6):
        await store.books.append(append(A, cancelled(f"m{n % 2}")))
    assert [fact.page for fact in await store.books.read(A, after=2, limit=3)] == [3, 4, 5]
    assert [fact.page for fact in await store.books.read(A, "meeting-m1", after=2)] == [4, 6]
    await store.bind()
    assert [fact.position for fact in await store.journal.read(after=1, limit=2)] == [2, 3]


async def test_one_bad_command_among_many_refuses_only_itself(store: Store):
    await store.books.append(append(A, cancelled("m0"), key="used", body="x"))
    mixed = [append(A, cancelled(f"m{n}"), seen=saw(A, f"meeting-m{n}", 0)) for n in range(1, 10)]
    mixed.insert(4, append(A, cancelled("m0"), seen=saw(A, "meeting-m0", 0)))
    mixed.insert(7, append(A, cancelled("m20"), key="used", body="y"))
    results = await asyncio.gather(*[store.books.append(request) for request in mixed], return_exceptions=True)
    refused = [n for n, result in enumerate(results) if isinstance(result, StoreRefusal)]
    assert refused == [4, 7]
    assert len(await store.books.read(A)) == 10


async def test_a_whole_book_is_read_however_long_it_is(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(books_module, "READ_PAGES", 2)
    for n in range(5):
        await store.books.append(append("branch-a", cancelled(f"m{n}")))
    assert [fact.page for fact in await books_module.whole(store.books, OrgId("branch-a"))] == [1, 2, 3, 4, 5]
    assert await books_module.whole(store.books, OrgId("branch-b")) == []


async def test_the_streams_of_a_book_are_found_by_how_their_names_begin(store: Store):
    for name in ("m2", "m1", "x1"):
        await store.books.append(append(A, cancelled(name)))
    await store.books.append(append(B, cancelled("m3")))
    assert await store.books.streams(A, "meeting-m") == ["meeting-m1", "meeting-m2"]
