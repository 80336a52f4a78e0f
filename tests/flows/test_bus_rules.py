"""A rule changed by event: old dates by the old rule, new dates by the new one, the branch's own before the committee's."""

import asyncio
import datetime as dt

import pytest

from events.base import OrgId, PersonId
from events.organisations import Post, RuleChanged, Seat
from service.auth.actor import Role
from service.bus import Receipt
from service.decide.organisations.founding import SeatCommittee
from service.errors import Absent, Forbidden, Malformed, Refused
from tests.flows.bus_world import ANN, BEN, FOUNDED, LATE, MAX_FEN, TODAY, A, B, C, World, actor, dues, member, rule
from tests.store.conftest import Store

OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
PEOPLE = [PersonId(f"p{n}") for n in range(7)]
POSTS = (Post.SECRETARY, Post.DEPUTY, Post.ORGANISATION, Post.PUBLICITY, Post.DISCIPLINE)


@pytest.fixture
async def world(store: Store) -> World:
    return await World(store).found()


async def accepted(world: World, org_id: OrgId, amount_fen: int, on: dt.date) -> bool:
    """Whether a month's dues of this amount are taken on that day."""
    sent = world.send(org_id, dues(ANN if org_id == A else BEN, amount_fen, on))
    (outcome,) = await asyncio.gather(sent, return_exceptions=True)
    if isinstance(outcome, Refused):
        assert (outcome.rule, outcome.fields) == ("INV-064", ("amount_fen",))
        return False
    assert isinstance(outcome, Receipt), repr(outcome)
    return True


async def test_before_the_date_the_old_rule_and_from_it_on_the_new_one(world: World):
    await world.send(C, rule(MAX_FEN, 80_000, OCTOBER))
    assert await accepted(world, A, 95_000, OCTOBER - dt.timedelta(days=1))
    assert not await accepted(world, A, 80_001, OCTOBER)
    assert await accepted(world, A, 80_000, OCTOBER)
    assert not await accepted(world, B, 80_001, TODAY)


async def test_the_branches_own_rule_wins_from_its_own_date_on(world: World):
    await world.send(C, rule(MAX_FEN, 80_000, OCTOBER))
    await world.send(A, rule(MAX_FEN, 90_000, NOVEMBER))
    assert not await accepted(world, A, 85_000, NOVEMBER - dt.timedelta(days=1))
    assert await accepted(world, A, 85_000, NOVEMBER)
    assert not await accepted(world, B, 85_000, NOVEMBER)


async def test_the_branches_own_rule_stays_when_the_committee_changes_it_for_all_later(world: World):
    await world.send(A, rule(MAX_FEN, 90_000, OCTOBER))
    await world.send(C, rule(MAX_FEN, 80_000, NOVEMBER))
    assert await accepted(world, A, 85_000, NOVEMBER)
    assert not await accepted(world, B, 85_000, NOVEMBER)


async def test_of_two_changes_for_one_day_the_later_record_holds(world: World):
    await world.send(C, rule(MAX_FEN, 80_000, OCTOBER))
    await world.send(C, rule(MAX_FEN, 70_000, OCTOBER))
    assert not await accepted(world, A, 70_001, TODAY)
    assert await accepted(world, A, 70_000, TODAY)


async def test_a_bus_that_remembers_the_old_rule_learns_the_new_one_before_it_records(world: World):
    """The other process changed the rule meanwhile; the append finds the stream grown."""
    assert await accepted(world, A, 95_000, OCTOBER)
    await world.send(C, rule(MAX_FEN, 80_000, OCTOBER), bus=world.another())
    assert not await accepted(world, A, 95_000, NOVEMBER)


async def test_seats_of_a_committee_follow_the_rule_of_the_day_and_of_the_branch(world: World):
    for person in PEOPLE:
        await world.send(A, member(person))
    await world.send(A, rule("committee.seats", 3, OCTOBER))
    for refused in (seated(1, OCTOBER - dt.timedelta(days=1), 3), seated(1, OCTOBER, 5)):
        with pytest.raises(Refused) as refusal:
            await world.send(A, refused)
        assert (refusal.value.rule, refusal.value.fields) == ("INV-005", ("seats",))
    assert len((await world.send(A, seated(1, OCTOBER - dt.timedelta(days=1), 5))).events) == 1
    assert len((await world.send(A, seated(2, OCTOBER, 3))).events) == 1


def seated(term: int, on: dt.date, number: int) -> SeatCommittee:
    seats = tuple(Seat(person_id=person, post=post) for person, post in zip(PEOPLE[:number], POSTS, strict=False))
    return SeatCommittee(occurred_on=on, late_reason=LATE, term=term, term_ends_on=dt.date(2029, 10, 1), approval_no="示例2号", seats=seats)


async def test_a_changed_rule_is_recorded_whole_and_once(world: World):
    await world.send(C, rule(MAX_FEN, 80_000, OCTOBER))
    assert (await world.send(C, rule(MAX_FEN, 80_000, OCTOBER))).events == []
    assert await world.events(C, "rules") == [
        RuleChanged(occurred_on=TODAY, key=MAX_FEN, value=80_000, effective_from=OCTOBER, reason="上级决定")
    ]


@pytest.mark.parametrize(("key", "value", "error"), [("no.such.rule", 1, Absent), (MAX_FEN, "much", Malformed)])
async def test_only_rules_that_exist_with_values_of_their_shape(world: World, key, value, error):
    with pytest.raises(error):
        await world.send(C, rule(key, value, OCTOBER))
    assert await world.events(C, "rules") == []


async def test_a_branch_does_not_change_its_own_rules(world: World):
    with pytest.raises(Forbidden):
        await world.send(A, rule(MAX_FEN, 80_000, OCTOBER), actor=actor(Role.SECRETARY, A))
    assert len((await world.send(A, rule(MAX_FEN, 80_000, FOUNDED), actor=actor(Role.COMMITTEE_OFFICER, C, A, B))).events) == 1
