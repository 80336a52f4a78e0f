"""The one road in: once and only once, on what is really there, by whoever may."""

import asyncio
import datetime as dt

import pytest
from msgspec import structs

from events.base import GroupId, OrgId, PersonId
from events.dues import DuesReceived
from events.members import LeftGround, MemberLeft, MemberRegistered
from events.organisations import BranchRegistered, GroupFormed, LeaderBy
from service.auth.actor import Role
from service.decide.dues.state import DUES
from service.decide.members.standing import EndMembership
from service.decide.organisations.founding import AppointGroupLeader, FormGroup
from service.errors import Absent, Conflict, Forbidden, KeyReused, Malformed, Refused, Unavailable
from tests.flows.bus_world import (
    ANN,
    BEN,
    FOUNDED,
    ID_NUMBER,
    LATE,
    NOW,
    TODAY,
    A,
    B,
    C,
    LosesAnswers,
    World,
    actor,
    gift,
    group,
    member,
    particulars,
)
from tests.store.conftest import Store


@pytest.fixture
async def world(store: Store) -> World:
    return await World(store).found()


async def test_the_same_key_gives_the_same_receipt_byte_for_byte(world: World):
    first = await world.send(A, group(), key="k")
    again = await world.send(A, group(), key="k")
    elsewhere = await world.send(A, group(), key="k", bus=world.another())
    assert first.raw == again.raw == elsewhere.raw
    assert [event.type for event in first.events] == ["organisations.group_formed"]
    assert len([event for event in await world.events(A) if isinstance(event, GroupFormed)]) == 1


async def test_a_command_that_is_no_longer_possible_still_has_its_receipt(world: World):
    """The second time the rule refuses it (INV-001), a month later it would be too late (INV-008): it was recorded all the same."""
    command = member(ANN, person_id=None, occurred_on=TODAY, late_reason=None)
    first = await world.send(A, command, key="k")
    assert (await world.send(A, command, key="k")).raw == first.raw
    assert (await world.send(A, command, key="k", now=NOW + dt.timedelta(days=40))).raw == first.raw


async def test_a_command_with_nothing_to_do_has_an_empty_receipt(world: World):
    await world.send(A, particulars())
    receipt = await world.send(A, particulars(), key="k")
    assert receipt.events == []
    assert (await world.send(A, particulars(), key="k")).raw == receipt.raw


@pytest.mark.parametrize("again", [group("第二党小组"), particulars()])
async def test_the_same_key_with_another_body_is_refused(world: World, again: FormGroup):
    await world.send(A, group(), key="k")
    before = await world.events(A)
    with pytest.raises(KeyReused):
        await world.send(A, again, key="k")
    assert await world.events(A) == before


async def test_the_same_key_of_another_actor_is_refused(world: World):
    secretary, officer = actor(Role.SECRETARY, A), actor(Role.COMMITTEE_OFFICER, C, A, B)
    await world.send(A, group(), key="k", actor=secretary)
    with pytest.raises(KeyReused):
        await world.send(A, group(), key="k", actor=officer)


async def test_keys_of_two_books_are_two_keys(world: World):
    await world.send(A, group(), key="k")
    receipt = await world.send(B, group(), key="k")
    assert receipt.book == B
    assert len(receipt.events) == 1


@pytest.mark.parametrize("buses", [1, 4])
async def test_of_conflicting_commands_at_once_exactly_one_has_an_effect(world: World, buses: int):
    several = [world.another() for _ in range(buses)]
    commands = [group(f"第{n}党小组", group_id=GroupId("g")) for n in range(12)]
    outcomes = await asyncio.gather(
        *[world.send(A, command, bus=several[n % buses], key=f"k{n}") for n, command in enumerate(commands)], return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)] == [Conflict] * 11
    assert len([event for event in await world.events(A) if isinstance(event, GroupFormed)]) == 1


async def test_the_same_command_sent_many_times_at_once_is_recorded_once(world: World):
    several = [world.another() for _ in range(3)]
    receipts = await asyncio.gather(*[world.send(A, gift(ANN, 500), bus=several[n % 3], key="k") for n in range(9)])
    assert len({receipt.raw for receipt in receipts}) == 1
    assert len([event for event in await world.events(A) if isinstance(event, DuesReceived)]) == 1


async def test_commands_that_do_not_conflict_all_have_their_effect_whoever_takes_them(world: World):
    """More of them than a bus tries before it gives up."""
    several = [world.another() for _ in range(3)]
    await asyncio.gather(*[world.send(A, gift(ANN, 100 + n), bus=several[n % 3]) for n in range(12)])
    assert sorted(event.amount_fen for event in await world.events(A) if isinstance(event, DuesReceived)) == list(range(100, 112))


async def test_a_refusal_leaves_no_trace_and_its_key_is_free(world: World):
    before = {book: await world.events(book) for book in (C, A, B)}
    with pytest.raises(Refused) as refusal:
        await world.send(A, member(ANN), key="k")
    assert (refusal.value.rule, refusal.value.fields) == ("INV-001", ("person_id",))
    assert {book: await world.events(book) for book in (C, A, B)} == before
    assert len((await world.send(A, group(), key="k")).events) == 1


async def test_whoever_decided_on_an_older_page_is_told_so(world: World):
    await world.send(A, particulars("一楼"))
    head = len(await world.events(A))
    with pytest.raises(Conflict):
        await world.send(A, particulars("三楼"), expected_page=head - 1)
    assert len(await world.events(A)) == head
    assert len((await world.send(A, particulars("三楼"), expected_page=head)).events) == 1


async def test_other_streams_may_have_grown_past_the_expected_page(world: World):
    head = len(await world.events(A))
    await world.send(A, gift(ANN, 500))
    assert len((await world.send(A, particulars(), expected_page=head)).events) == 1


async def test_a_repeated_command_with_its_expected_page_finds_its_receipt(world: World):
    head = len(await world.events(A))
    first = await world.send(A, particulars(), key="k", expected_page=head)
    assert (await world.send(A, particulars(), key="k", expected_page=head)).raw == first.raw


async def test_what_lies_in_the_future_is_refused(world: World):
    tomorrow = particulars(on=TODAY + dt.timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        await world.send(A, tomorrow)
    assert (refusal.value.rule, refusal.value.fields) == ("INV-007", ("occurred_on",))


async def test_today_is_the_day_of_the_branches_not_of_greenwich(world: World):
    """17:00 UTC is past midnight there."""
    tomorrow = particulars(on=TODAY + dt.timedelta(days=1))
    assert len((await world.send(A, tomorrow, now=dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC))).events) == 1


async def test_a_year_that_can_only_be_a_slip_of_the_pen_is_not_recorded_even_with_a_reason(world: World):
    slip = structs.replace(particulars("一楼", on=dt.date(202, 3, 5)), late_reason=LATE)
    with pytest.raises(Malformed, match="occurred_on"):
        await world.send(A, slip)


async def test_a_late_entry_needs_its_reason_and_keeps_it(world: World):
    assert len((await world.send(A, particulars("一楼", on=TODAY - dt.timedelta(days=30)))).events) == 1
    late = particulars("二楼", on=TODAY - dt.timedelta(days=31))
    with pytest.raises(Refused) as refusal:
        await world.send(A, late)
    assert (refusal.value.rule, refusal.value.fields, refusal.value.detail) == ("INV-008", ("late_reason",), "31")
    await world.send(A, type(late)(occurred_on=late.occurred_on, late_reason=LATE, contact="示例", phone="1", venue="二楼"))
    (*_, fact) = await world.store.books.read(A)
    assert isinstance(fact.event, BranchRegistered)
    assert fact.late_reason == LATE


async def test_the_same_id_number_in_two_branches_is_refused(world: World):
    await world.send(A, member(ANN, person_id="new", id_number=ID_NUMBER))
    before = await world.events(B)
    with pytest.raises(Refused) as refusal:
        await world.send(B, member(BEN, person_id="other", id_number=ID_NUMBER))
    assert (refusal.value.rule, refusal.value.fields, refusal.value.detail) == ("INV-001", ("id_number",), "")
    assert await world.events(B) == before


async def test_the_same_person_in_two_branches_is_refused_until_they_left(world: World):
    with pytest.raises(Refused) as refusal:
        await world.send(B, member(ANN))
    assert (refusal.value.rule, refusal.value.fields) == ("INV-001", ("person_id",))
    await world.send(A, EndMembership(occurred_on=TODAY, person_id=ANN, ground=LeftGround.WITHDREW, reason="申请", approval_no="示例"))
    assert isinstance((await world.events(A))[-1], MemberLeft)
    await world.send(B, member(ANN, occurred_on=TODAY))
    assert [e.person_id for e in await world.events(B) if isinstance(e, MemberRegistered)] == [BEN, ANN]


async def test_two_branches_at_once_cannot_both_have_somebody(world: World):
    outcomes = await asyncio.gather(
        *[world.send(branch, member(ANN, person_id=f"p-{branch}", id_number=ID_NUMBER)) for branch in (A, B)], return_exceptions=True
    )
    (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert isinstance(refusal, Refused)
    assert refusal.rule == "INV-001"


async def test_a_lost_answer_is_asked_for_again_and_nothing_is_written_twice(store: Store):
    books = LosesAnswers(store.books)
    world = await World(store, books).found()
    before = len(await world.events(A))
    books.lose = 3
    receipt = await world.send(A, gift(ANN, 500), key="k")
    assert books.lost == 3
    assert len(await world.events(A)) == before + 1
    assert (await world.send(A, gift(ANN, 500), key="k")).raw == receipt.raw
    assert [(event.page, event.type) for event in receipt.events] == [(before + 1, "dues.received")]


async def test_when_no_answer_ever_comes_it_is_said_so_and_the_key_tells_later(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("service.bus.GIVE_UP_S", 0.2)
    books = LosesAnswers(store.books)
    world = await World(store, books).found()
    books.lose = 10**6
    with pytest.raises(Unavailable):
        await world.send(A, group(), key="k")
    books.lose = 0
    assert [event.type for event in (await world.send(A, group(), key="k")).events] == ["organisations.group_formed"]
    assert len([event for event in await world.events(A) if isinstance(event, GroupFormed)]) == 1


async def test_a_repeated_command_does_not_make_a_bus_forget_what_others_wrote(world: World):
    """The first bus remembers an older roster when it is asked for a receipt of the second one."""
    await world.send(A, particulars("一楼"))
    other = world.another()
    await world.send(A, group(group_id=GroupId("g")), bus=other)
    await world.send(A, member(ANN, person_id="dan", occurred_on=TODAY, group_id="g"), bus=other)
    await world.send(A, particulars("二楼"), bus=other, key="k")
    await world.send(A, particulars("二楼"), key="k")
    leader = AppointGroupLeader(occurred_on=TODAY, group_id=GroupId("g"), leader_id=PersonId("dan"), by=LeaderBy.NAMED)
    assert len((await world.send(A, leader)).events) == 1


async def test_a_repeated_command_does_not_count_twice_in_what_a_bus_remembers(world: World):
    await world.send(A, gift(ANN, 500), key="k")
    await world.send(A, gift(ANN, 500), key="k")
    remembered = await world.bus._history.state(DUES, A, "dues", fresh=False)
    read = await world.another()._history.state(DUES, A, "dues")
    assert remembered == read


@pytest.mark.parametrize(
    ("role", "home", "below", "at", "error"),
    [
        (Role.SECRETARY, A, (), A, None),
        (Role.COMMITTEE_OFFICER, C, (A, B), A, None),
        (Role.TREASURER, A, (), A, Forbidden),
        (Role.MEMBER, A, (), A, Forbidden),
        (Role.AUDITOR, C, (A, B), A, Forbidden),
        (Role.INTEGRATOR, C, (A, B), A, Forbidden),
        (Role.PLATFORM_ADMIN, C, (A, B), A, Forbidden),
        (Role.SECRETARY, A, (), B, Absent),
        (Role.COMMITTEE_OFFICER, C, (A,), B, Absent),
        (Role.SECRETARY, A, (), "nowhere", Absent),
    ],
)
async def test_who_may_write_the_roster(world: World, role, home, below, at, error):
    if error is None:
        assert len((await world.send(at, group(), actor=actor(role, home, *below))).events) == 1
        return
    before = await world.events(at)
    with pytest.raises(error):
        await world.send(at, group(), actor=actor(role, home, *below))
    assert await world.events(at) == before


async def test_an_organisation_that_was_never_founded_is_absent(world: World):
    with pytest.raises(Absent):
        await world.send(OrgId("nowhere"), particulars(on=FOUNDED + dt.timedelta(days=300)))
