"""Fills an empty record with the example committee: founded by commands, then its workbooks through the importer, as an office would."""

import asyncio
import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from events.base import GroupId, OrgId, PersonId, tag_of
from events.organisations import BranchType, LeaderBy, Post, Seat
from events.store.books import Books
from service.decide.base import Command
from service.decide.members.roll import AssignMemberToGroup
from service.decide.organisations.founding import AppointGroupLeader, FormGroup, FoundBranch, FoundCommittee, RegisterBranch, SeatCommittee
from service.imports.book import import_workbook, preview_sheets
from service.imports.cells import squeeze
from service.imports.directory import Branch, Directory
from service.imports.known import Opener, known_directory
from service.imports.preview import Bus, Kind, Preview, Progress, Row, Send, State, Terms, commit, mark_recorded
from service.imports.sheet import find_table
from service.imports.story import stories, story
from service.imports.transfers import IN_NEED, newcomers
from service.imports.workbook import read_workbook

FOLDER = Path(__file__).parents[2] / "deploy" / "example"
LATE_REASON = "建账导入"
PAGES = 5_000


class CommitteeNote(msgspec.Struct, frozen=True):
    """The committee, as `organisations.toml` says."""

    id: OrgId
    name: str
    short_name: str
    founded_on: dt.date


class PostNote(msgspec.Struct, frozen=True):
    """Somebody's post."""

    post: str
    person: str


class GroupNote(msgspec.Struct, frozen=True):
    """A Party group with its members by name."""

    name: str
    leader: str
    members: list[str]


class BranchNote(msgspec.Struct, frozen=True, kw_only=True):
    """A branch, as `organisations.toml` says."""

    id: OrgId
    name: str
    short_name: str
    type: BranchType
    opened_on: dt.date
    approval_no: str
    phone: str
    place: str
    term: int
    term_ends_on: dt.date
    posts: list[PostNote]
    groups: list[GroupNote] = []


class Notes(msgspec.Struct, frozen=True):
    """What no workbook of an office holds."""

    committee: CommitteeNote
    branches: list[BranchNote]


class Failed(Exception):
    """The example was not recorded as it should be; the argument says which rows."""


class Loader:
    """One loading; sent again, it goes on where it stopped, for every command has its key."""

    def __init__(self, bus: Bus, books: Books, keys: Opener, terms: Terms, progress: Progress | None, folder: Path) -> None:
        self.bus = bus
        self.books = books
        self.keys = keys
        self.terms = terms
        self.progress = progress
        self.folder = folder
        self.notes = msgspec.convert(tomllib.loads((folder / "organisations.toml").read_text(encoding="utf-8")), Notes)

    async def load(self) -> Counter[str]:
        await self._found()
        await self._record([await self._preview(self.folder / "roster.xlsx", await self._directory())])
        directory = await self._directory()
        await self._record([_organised(note, directory.branch(note.id)) for note in self.notes.branches])
        await self._record(await self._year(await self._directory()))
        known = await self._directory()
        await self._record([story(path, known) for path in stories(self.folder)])
        return await self._count()

    async def _directory(self) -> Directory:
        return await known_directory(self.books, self.keys, self.notes.committee.id)

    async def _found(self) -> None:
        """The committee first; each branch begins its own book."""
        committee = self.notes.committee
        founding = FoundCommittee(occurred_on=committee.founded_on, name=committee.name, short_name=committee.short_name)
        sent = [(committee.id, "found", founding), *((committee.id, f"found-{b.id}", _founding(b)) for b in self.notes.branches)]
        rows = [_row(key, [Send(org_id=org_id, key=f"example-{key}", command=command)]) for org_id, key, command in sent]
        await self._record([Preview(name="organisations.toml", kind=Kind.ROSTER, rows=rows)])

    async def _preview(self, path: Path, directory: Directory) -> Preview:
        return await import_workbook(path, directory)

    async def _year(self, directory: Directory) -> list[Preview]:
        """Transfers, dues and meetings of the whole year at once: who moves in during the year is known to all of them."""
        sheets = await asyncio.to_thread(read_workbook, self.folder / "transfers.xlsx")
        came = [table for sheet in sheets if (table := find_table(sheet, IN_NEED))]
        with_all = directory.with_members(newcomers(came, directory))
        first = preview_sheets(sheets, "transfers.xlsx", directory)
        paths = [*sorted(self.folder.glob("dues-*.xlsx")), *sorted(self.folder.glob("meetings-*.xlsx"))]
        return [first, *await asyncio.gather(*(self._preview(path, with_all) for path in paths))]

    async def _record(self, previews: list[Preview]) -> None:
        """Nothing is sent unless every row is understood; nothing may be refused."""
        _insist(previews)
        for preview in previews:
            await mark_recorded(preview, self.books.recorded)
        await commit(previews, self.bus, self.terms, self.progress)
        _insist(previews)

    async def _count(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for org_id in (self.notes.committee.id, *(branch.id for branch in self.notes.branches)):
            after = 0
            while facts := await self.books.read(org_id, after=after, limit=PAGES):
                counts.update(tag_of(fact.event) for fact in facts)
                after = facts[-1].page
        return counts


async def load_example(
    bus: Bus, books: Books, keys: Opener, terms: Terms, progress: Progress | None = None, folder: Path = FOLDER
) -> Counter[str]:
    """Founds the committee and records its year; gives how many events of each type there are. Raises `Failed`."""
    return await Loader(bus, books, keys, terms, progress, folder).load()


def _insist(previews: list[Preview]) -> None:
    faulty = [(preview, row) for preview in previews for row in preview.faulty()]
    if faulty:
        said = [f"{p.name} {r.sheet} {r.number} {r.title}: {r.faults[0].cell} {r.faults[0].en} {r.faults[0].zh}" for p, r in faulty[:10]]
        raise Failed(f"{len(faulty)} rows\n" + "\n".join(said))


def _row(title: str, sends: list[Send]) -> Row:
    return Row(sheet="organisations.toml", number=0, title=title, state=State.OK, sends=tuple(sends))


def _founding(branch: BranchNote) -> FoundBranch:
    return FoundBranch(
        occurred_on=branch.opened_on,
        branch_id=branch.id,
        name=branch.name,
        short_name=branch.short_name,
        branch_type=branch.type,
        approval_no=branch.approval_no,
    )


def _organised(note: BranchNote, branch: Branch) -> Preview:
    """Particulars, groups with their members and leaders, the committee: once the members are on the roll."""
    day = note.opened_on
    secretary = next(post.person for post in note.posts if post.post == Post.SECRETARY.zh)
    commands: list[Command] = [RegisterBranch(occurred_on=day, contact=secretary, phone=note.phone, venue=note.place)]
    for number, group in enumerate(note.groups, start=1):
        group_id = GroupId(f"{note.id}-g{number}")
        commands.append(FormGroup(occurred_on=day, name=group.name, group_id=group_id))
        commands += [AssignMemberToGroup(occurred_on=day, person_id=_id(branch, name), group_id=group_id) for name in group.members]
        commands.append(
            AppointGroupLeader(occurred_on=day, group_id=group_id, leader_id=_id(branch, group.leader), by=LeaderBy.RECOMMENDED)
        )
    posts = {squeeze(post.zh): post for post in Post}
    seats = tuple(Seat(person_id=_id(branch, post.person), post=posts[post.post]) for post in note.posts)
    commands.append(
        SeatCommittee(occurred_on=day, term=note.term, term_ends_on=note.term_ends_on, approval_no=note.approval_no, seats=seats)
    )
    sends = [Send(org_id=note.id, key=f"example-{note.id}-{n}", command=command) for n, command in enumerate(commands)]
    return Preview(name="organisations.toml", kind=Kind.ROSTER, rows=[_row(note.name, sends)])


def _id(branch: Branch, name: str) -> PersonId:
    return branch.person(name).person_id


def told(counts: Counter[str], say: Callable[[str], None]) -> None:
    """How many events of each type, for whoever started the loading."""
    for tag, count in sorted(counts.items()):
        say(f"{count:7d} {tag}")
    say(f"{counts.total():7d} in all")
