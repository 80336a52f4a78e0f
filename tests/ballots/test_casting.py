"""Casting and closing: once each, together or not at all, whatever breaks and whoever is at it at the same time."""

import asyncio
import hashlib
import json
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from events.ballots import BallotCancelled, BallotClosed, BallotId, BallotMethod, MemberVoted, OptionCode, OptionVotes
from events.base import PersonId
from events.store.books import Unknown
from service.ballots.box import Close, key_name, shred
from service.ballots.door import Ballots
from service.ballots.papers import recount
from service.config import Settings
from service.decide.ballots.box import MarkVoted
from service.decide.ballots.opening import OpenBallot
from service.decide.catalog import CASES
from service.errors import Absent, Conflict, Forbidden, KeyReused, Malformed, Refused
from service.parts import opened
from tests.ballots.world import PEOPLE, SECRETARY, A, B, World, marked, member, now, registration, today

BALLOT = BallotId("b1")
CHOICES = ["yes"] * 7 + ["no"] * 3 + ["abstain"]


async def events(world: World, ballot: str = "b1") -> list[Any]:
    return [fact.event for fact in await world.parts.books.read(A, f"ballot-{ballot}")]


async def voted(world: World) -> list[str]:
    return [event.person_id for event in await events(world) if isinstance(event, MemberVoted)]


async def refusal(doing: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(Refused) as refused:
        await doing
    return refused.value.rule, refused.value.fields


async def test_a_ballot_is_cast_closed_published_and_recounted(world: World):
    await world.open()
    for person, choice in zip(PEOPLE, CHOICES, strict=False):
        await world.cast(person, choice)
    await world.close()

    content = await world.door.box(SECRETARY, A, BALLOT)
    [*_, closed] = await events(world)
    assert closed == BallotClosed(
        occurred_on=today(),
        ballot_id=BALLOT,
        entitled=12,
        cast=11,
        quorate=True,
        needed=7,
        carried=(OptionCode("yes"),),
        votes=tuple(OptionVotes(code=OptionCode(code), votes=votes) for code, votes in (("yes", 7), ("no", 3), ("abstain", 1))),
        withheld=False,
        box_sha256=hashlib.sha256(content).hexdigest(),
    )
    counted = recount(content)
    assert (counted.papers, counted.votes, counted.sha256) == (11, {"yes": 7, "no": 3, "abstain": 1}, closed.box_sha256)


async def test_one_votes_once_and_another_try_changes_nothing(world: World):
    await world.open()
    await world.cast(PEOPLE[1], "yes")
    before = await world.rows()
    assert await refusal(world.cast(PEOPLE[1], "no")) == ("INV-011", ("ballot_id",))
    assert (await world.rows(), await voted(world)) == (before, [PEOPLE[1]])


async def test_the_same_key_gives_the_same_receipt_and_never_tells_what_was_chosen(world: World):
    await world.open()
    first = await world.cast(PEOPLE[1], "yes", key="once")
    before = await world.rows()
    again, changed, senseless = [await world.cast(PEOPLE[1], choice, key="once") for choice in ("yes", "no", "no-such-option")]
    assert first.raw == again.raw == changed.raw == senseless.raw
    assert await world.rows() == before
    with pytest.raises(KeyReused):
        await world.cast(PEOPLE[2], "yes", key="once")


async def test_only_whoever_was_entitled_when_it_opened_may_vote(world: World):
    await world.open(excluded=(PEOPLE[3],))
    newcomer = PersonId("late")
    await world.send(A, registration(newcomer))
    assert await refusal(world.cast(PEOPLE[3], "yes")) == ("INV-014", ("ballot_id",))
    assert await refusal(world.cast(newcomer, "yes")) == ("INV-014", ("ballot_id",))
    assert await world.rows() == []


async def test_a_program_or_an_account_without_a_person_has_no_vote(world: World):
    await world.open()
    with pytest.raises(Forbidden):
        await world.door.cast(replace(member(PEOPLE[1]), person_id=None), A, BALLOT, marked("yes"), key="x", now=now())
    with pytest.raises(Absent):
        await world.door.cast(member(PEOPLE[1]), B, BALLOT, marked("yes"), key="x", now=now())


@pytest.mark.parametrize("choice", [(), ("maybe",), ("yes", "no"), ("yes", "yes")])
async def test_a_paper_that_cannot_be_is_refused_without_being_repeated(world: World, choice: tuple[str, ...]):
    await world.open()
    with pytest.raises(Malformed) as refused:
        await world.cast(PEOPLE[1], *choice)
    assert "maybe" not in str(refused.value)
    assert (await world.rows(), await voted(world)) == ([], [])


async def test_after_the_close_nobody_votes_and_a_second_close_has_nothing_to_do(world: World):
    await world.open()
    for person in PEOPLE[:5]:
        await world.cast(person, "yes")
    closing = await world.close(key="closing")
    with pytest.raises(Conflict):
        await world.cast(PEOPLE[6], "no")
    assert (await world.close(key="closing")).raw == closing.raw
    assert (await world.close()).events == []
    assert len([event for event in await events(world) if isinstance(event, BallotClosed)]) == 1


async def test_a_ballot_on_paper_takes_no_papers_here(world: World):
    await world.open(method=BallotMethod.PAPER)
    with pytest.raises(Conflict):
        await world.cast(PEOPLE[1], "yes")
    with pytest.raises(Conflict):
        await world.close()


async def test_two_branches_may_use_the_same_name_for_a_ballot(world: World):
    await world.send(B, registration(PersonId("other")))
    await world.open()
    opening = OpenBallot(occurred_on=today(), kind=(await events(world))[0].kind, title="另一支部", ballot_id=BALLOT)
    await world.send(B, opening)
    await world.cast(PEOPLE[1], "yes")
    await world.close()
    assert await world.spy.fetchval("select count(*) from service.ballot_seal where broken") == 1
    assert [fact.event for fact in await world.parts.books.read(B, "ballot-b1")][-1].title == "另一支部"  # type: ignore[attr-defined]


async def test_a_voter_finds_the_paper_in_the_published_box_by_a_receipt_that_nobody_else_has(world: World):
    await world.open()
    mine = "ab" * 16
    await world.cast(PEOPLE[0], "no", receipt=mine)
    for person in PEOPLE[1:6]:
        await world.cast(person, "yes")
    with pytest.raises(Conflict, match="receipt is taken"):
        await world.cast(PEOPLE[6], "yes", receipt=mine)
    assert PEOPLE[6] not in await voted(world)
    await world.close()
    box = json.loads(await world.door.box(SECRETARY, A, BALLOT))
    assert [paper["choice"] for paper in box["papers"] if paper["key"] == mine] == [["no"]]
    assert len({paper["key"] for paper in box["papers"]}) == 6


async def test_a_mark_without_a_paper_cannot_be_sent(world: World):
    assert not {"mark-voted", "close-ballot", "cancel-ballot"} & CASES.keys()
    with pytest.raises(KeyError):
        await world.send(A, MarkVoted(occurred_on=today(), ballot_id=BALLOT, person_id=PEOPLE[1]))


async def test_everybody_at_once_loses_no_paper_and_no_mark(world: World, database_url: str, tmp_path: Any):
    """Twelve voters over two processes, each sending twice under the same key."""
    await world.open()
    async with opened(Settings(home=tmp_path, database_url=database_url)) as other:
        doors = [world.door, Ballots(other)]

        async def vote(number: int) -> set[bytes]:
            person, choice = PEOPLE[number], marked("yes" if number % 2 else "no")
            sent = [doors[(number + n) % 2].cast(member(person), A, BALLOT, choice, key=f"vote-{number}", now=now()) for n in (0, 1)]
            return {receipt.raw for receipt in await asyncio.gather(*sent)}

        receipts = await asyncio.gather(*(vote(number) for number in range(len(PEOPLE))))
    assert [len(found) for found in receipts] == [1] * len(PEOPLE)
    assert sorted(await voted(world)) == sorted(PEOPLE)
    await world.close()
    assert recount(await world.door.box(SECRETARY, A, BALLOT)).votes == {"yes": 6, "no": 6, "abstain": 0}


async def test_closing_while_people_vote_counts_every_mark(world: World):
    await world.open()
    votes = [world.cast(person, "yes") for person in PEOPLE]
    done = await asyncio.gather(*votes[:8], world.close(), *votes[8:], return_exceptions=True)
    refused = [answer for answer in done if isinstance(answer, Exception)]
    assert all(isinstance(answer, Conflict) for answer in refused)
    [*_, closed] = await events(world)
    assert closed.cast == len(await voted(world)) == len(PEOPLE) - len(refused)


async def test_a_vote_between_the_count_and_the_closing_is_counted_too(
    world: World, database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
):
    await world.open()
    for person in PEOPLE[:5]:
        await world.cast(person, "yes")
    async with opened(Settings(home=tmp_path, database_url=database_url)) as other:
        counted, look = [], Close.look

        async def interrupted(close: Close) -> Any:
            found = await look(close)
            counted.append(found.papers if found else None)
            if len(counted) == 1:
                await Ballots(other).cast(member(PEOPLE[6]), A, BALLOT, marked("no"), key="late", now=now())
            return found

        monkeypatch.setattr(Close, "look", interrupted)
        await world.close()
    [*_, closed] = await events(world)
    assert (counted[0], counted[-1], closed.cast, recount(await world.door.box(SECRETARY, A, BALLOT)).votes["no"]) == (5, 6, 6, 1)


async def test_when_the_box_cannot_be_written_there_is_no_mark_either(world: World):
    await world.open()
    await world.cast(PEOPLE[1], "yes")
    await world.spy.execute("alter table service.ballot_box add constraint full_disk check (octet_length(choice) < 3) not valid")
    with pytest.raises(asyncpg.CheckViolationError):
        await world.cast(PEOPLE[2], "no")
    assert await voted(world) == [PEOPLE[1]]
    await world.spy.execute("alter table service.ballot_box drop constraint full_disk")
    await world.cast(PEOPLE[2], "no")
    assert await voted(world) == [PEOPLE[1], PEOPLE[2]]


class LosesTheAnswer:
    """The connection dies after the commit, once."""

    def __init__(self, append: Any) -> None:
        self.append = append
        self.lost = 0

    async def __call__(self, *arguments: Any) -> Any:
        written = await self.append(*arguments)
        if not self.lost:
            self.lost += 1
            raise Unknown
        return written


async def test_an_answer_that_is_lost_leaves_one_mark_and_one_paper(world: World, monkeypatch: pytest.MonkeyPatch):
    await world.open()
    loses = LosesTheAnswer(world.parts.books.append_with)
    monkeypatch.setattr(world.parts.books, "append_with", loses)
    await world.cast(PEOPLE[1], "yes")
    assert (loses.lost, await voted(world)) == (1, [PEOPLE[1]])
    loses.lost = 0
    await world.close()
    [*_, closed] = await events(world)
    assert closed.cast == 1


async def test_a_cancelled_ballot_is_emptied_unread_and_its_key_is_gone(world: World):
    await world.open()
    await world.cast(PEOPLE[1], "yes")
    await world.door.cancel(SECRETARY, A, BALLOT, "选项有误", key="c1", now=now())
    assert (await events(world))[-1] == BallotCancelled(occurred_on=today(), ballot_id=BALLOT, reason="选项有误")
    assert (await world.rows(), world.parts.keys.cipher(key_name(A, BALLOT), create=False)) == ([], None)
    with pytest.raises(Conflict):
        await world.cast(PEOPLE[2], "no")
    with pytest.raises(Conflict):
        await world.close()


async def test_a_published_box_stays_when_the_result_is_declared_void(world: World):
    await world.open()
    for person in PEOPLE[:5]:
        await world.cast(person, "yes")
    await world.close()
    before = await world.door.box(SECRETARY, A, BALLOT)
    await world.door.cancel(SECRETARY, A, BALLOT, "未通知全体党员", key="c1", now=now())
    assert await world.door.box(SECRETARY, A, BALLOT) == before


async def test_a_box_whose_key_is_lost_takes_no_more_papers_and_can_be_cancelled(world: World):
    await world.open()
    await world.cast(PEOPLE[1], "yes")
    for lost in (None, "another"):
        world.parts.keys.discard(key_name(A, BALLOT))
        if lost:
            world.parts.keys.cipher(key_name(A, BALLOT), create=True)
        with pytest.raises(Conflict, match="key of this box is lost"):
            await world.cast(PEOPLE[2], "no")
        with pytest.raises(Conflict, match="key of this box is lost"):
            await world.close()
    assert await voted(world) == [PEOPLE[1]]
    await world.door.cancel(SECRETARY, A, BALLOT, "票箱损坏", key="c1", now=now())
    assert await world.rows() == []


async def test_a_key_that_outlived_its_close_is_destroyed_at_the_next_start(world: World):
    await world.open()
    await world.cast(PEOPLE[1], "yes")
    await world.spy.execute(
        "insert into service.ballot_seal values ('C-A', 'b1', true, false) on conflict (org_id, ballot_id) do update set broken = true"
    )
    assert world.parts.keys.cipher(key_name(A, BALLOT), create=False) is not None
    assert await shred(world.parts.keys, world.parts.reads) == 1
    assert world.parts.keys.cipher(key_name(A, BALLOT), create=False) is None
    assert await shred(world.parts.keys, world.parts.reads) == 0
