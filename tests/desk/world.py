"""A small branch that the desk's tests look at and write into: recorded through the bus, followed by the projector, served over HTTP."""

import asyncio
import contextlib
import datetime as dt
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from admin.gate import Entrance
from admin.panel import make_desk
from events.base import GroupId, OrgId, PersonId
from events.meetings import MeetingKind
from events.members import MemberStatus, Sex
from events.organisations import BranchType, Post, Seat
from projections.query import Views
from projections.standard.pack import default_pack
from service.api.access import Doorman
from service.api.commands import wait_for_views
from service.auth.actor import SYSTEM, Actor, Role
from service.bus import LOCAL
from service.config import Settings
from service.decide.base import Command
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.members.roll import RegisterMember
from service.decide.organisations.founding import FormGroup, FoundBranch, FoundCommittee, SeatCommittee
from service.errors import NotSignedIn
from service.follow import follow_until
from service.parts import Parts, opened

COMMITTEE, BRANCH, OTHER = OrgId("C1"), OrgId("B1"), OrgId("B2")
NAMES = ("安宁", "白云", "陈晨", "丁一", "方圆", "高山", "何川", "江河", "康乐")
PEOPLE = tuple(PersonId(f"p{number}") for number in range(1, len(NAMES) + 1))
PASSWORD = "a long enough password"
FOUNDED = dt.date(2025, 1, 6)
PROBING = "<img src=x onerror=\"document.body.id='xss'\">"
"""A text that would show itself if a page did not escape it."""


class KnownPeople(Doorman):
    """Whoever the tests sign in; sessions themselves are tested where they live."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.actors = {
            actor.login: actor
            for actor in (
                _actor("secretary", Role.SECRETARY, BRANCH),
                _actor("treasurer", Role.TREASURER, BRANCH),
                _actor("member", Role.MEMBER, BRANCH),
                _actor("stranger", Role.SECRETARY, OTHER),
                _actor("officer", Role.COMMITTEE_OFFICER, COMMITTEE, BRANCH, OTHER),
                _actor("auditor", Role.AUDITOR, COMMITTEE, BRANCH, OTHER),
            )
        }
        self.open: set[str] = set()

    async def actor(self, token: str) -> Actor:
        if token not in self.open:
            raise NotSignedIn
        return self.actors[token]

    async def sign_in(self, login: str, password: str, _address: str) -> str:
        if password != PASSWORD or login not in self.actors:
            raise NotSignedIn
        self.open.add(login)
        return login

    async def sign_out(self, token: str) -> None:
        self.open.discard(token)


def _actor(login: str, role: Role, org_id: OrgId, *below: OrgId) -> Actor:
    return Actor(id=login, login=login, role=role, organisation_id=org_id, subtree=frozenset({org_id, *below}))


class World(msgspec.Struct, frozen=True):
    """The desk as it runs."""

    url: str
    parts: Parts
    people: KnownPeople
    desk: AsyncEngine
    settings: Settings

    async def record(self, org_id: OrgId, command: Command, key: str) -> None:
        """As the system, and seen by the views when this returns."""
        receipt = await self.parts.bus.handle(org_id, command, SYSTEM, key=key, now=dt.datetime.now(dt.UTC))
        assert await wait_for_views(self.parts, receipt, 20)


@contextlib.asynccontextmanager
async def running(database_url: str, home: Path) -> AsyncIterator[World]:
    """Everything that a person at the desk meets, until the end of the block."""
    settings = Settings(home=home, database_url=database_url)
    stop = asyncio.Event()
    following = asyncio.create_task(follow_until(database_url, stop))
    views, desk = _engine(database_url, "branchbook_app"), _engine(database_url, "branchbook_desk")
    try:
        async with opened(settings) as parts:
            people = KnownPeople(views)
            entrance = Entrance(
                parts=parts,
                pack=default_pack(),
                views=Views(views, parts.books, parts.keys),
                doorman=people,
                sign_in=people.sign_in,
                sign_out=people.sign_out,
                engine=views,
                secure=False,
                drafts=home / "packs",
            )
            async with served(Litestar([make_desk(desk, entrance)], openapi_config=None)) as url:
                world = World(url, parts, people, desk, settings)
                await _found(world)
                yield world
    finally:
        stop.set()
        await following
        await views.dispose()
        await desk.dispose()


def _engine(url: str, role: str) -> AsyncEngine:
    return create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), connect_args={"server_settings": {"role": role}})


@contextlib.asynccontextmanager
async def served(app: Litestar) -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_level=LogLevels.error)
    serving = asyncio.create_task(server.serve())
    try:
        await _answers(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
        with contextlib.suppress(TimeoutError):  # a stream that a test left open must not hold up the end
            await asyncio.wait_for(serving, 10)


async def _answers(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise TimeoutError(port)


async def _found(world: World) -> None:
    """A committee, two branches; in the first nine members in one group, five of them in the committee, and one meeting."""
    late = "建账"
    await world.record(
        COMMITTEE, FoundCommittee(occurred_on=FOUNDED, late_reason=late, name="示例机关党委", short_name="机关党委"), "committee"
    )
    for code, name in ((BRANCH, "第一党支部"), (OTHER, "第二党支部")):
        founding = FoundBranch(
            occurred_on=FOUNDED, late_reason=late, branch_id=code, name=name, short_name=name, branch_type=BranchType.ORGAN, approval_no="1"
        )
        await world.record(COMMITTEE, founding, f"found-{code}")
        await world.record(code, FormGroup(occurred_on=FOUNDED, late_reason=late, name="第一党小组", group_id=GroupId(f"g-{code}")), "g1")
    for person, name in zip(PEOPLE, NAMES, strict=True):
        await world.record(BRANCH, _member(person, name, GroupId(f"g-{BRANCH}")), f"member-{person}")
    posts = (Post.SECRETARY, Post.DEPUTY, Post.ORGANISATION, Post.PUBLICITY, Post.DISCIPLINE)
    seats = tuple(Seat(person_id=person, post=post) for person, post in zip(PEOPLE, posts, strict=False))
    seating = SeatCommittee(
        occurred_on=FOUNDED, late_reason=late, term=1, term_ends_on=FOUNDED.replace(year=FOUNDED.year + 3), approval_no="2", seats=seats
    )
    await world.record(BRANCH, seating, "seats")
    day = dt.datetime.now(LOCAL).date() - dt.timedelta(days=3)
    meeting = RecordMeetingHeld(
        occurred_on=day, kind=MeetingKind.GENERAL, topic=PROBING, chair=PEOPLE[0], recorder=PEOPLE[1], notice_sent_on=day
    )
    await world.record(BRANCH, meeting, "meeting")


def _member(person: PersonId, name: str, group: GroupId) -> RegisterMember:
    return RegisterMember(
        occurred_on=FOUNDED,
        late_reason="建账",
        person_id=person,
        name=name,
        sex=Sex.FEMALE,
        nationality="01",
        born_on=dt.date(1980, 1, 1),
        education="21",
        status=MemberStatus.FULL,
        admitted_on=dt.date(2005, 1, 1),
        full_on=dt.date(2006, 1, 1),
        group_id=group,
    )
