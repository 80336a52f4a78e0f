"""What the pages ask of the views, in the shapes that they show. Everything comes through the one door, within the actor's scope."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from admin import things
from admin.rows import RegisterRow, row_of
from admin.telling import EventView, corrects, mentions, tell
from admin.things import Thing, Waiting
from admin.words import named, pick, say
from events.base import Choice, Event, Month, OrgId, tag_of
from events.members import MemberStatus
from events.organisations import Post
from events.store.record import Fact
from projections.cursors import to_cursor
from projections.duties import Standing, Window
from projections.ledgers.catalog import register
from projections.ledgers.register import Register
from projections.query import Views
from projections.query_across import AcrossViews
from projections.query_directives import DirectiveViews
from projections.query_scores import ScoreViews
from projections.roster import IN_ERROR
from projections.shapes import SOCIETY, Disclosed, DocumentView, MemberView, Scope
from projections.standard.pack import Pack
from projections.standard.score_tree import Score
from service.api.access import readers_of, scope_of
from service.api.directives import enclosure
from service.auth.actor import Actor
from service.auth.rights import Right
from service.site.addresses import item_page

ROWS = 50
FOUND_PAGES = 10
"""Pages of 200 rows that are looked through for words."""
WINDOW = 200
RECENT = 2_000
"""Pages of a book in which pickers look for meetings."""
WINDOWS = 50
"""Pages of a book that one search through its history reads at most: 10,000."""
DAY_ENDS = dt.time(23, 59, 59, 999_999, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Org(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation as the frame of a page shows it."""

    id: OrgId
    name: str
    committee: bool
    members: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member as lists and pickers show them."""

    id: str
    name: str
    standing: str
    posts: str
    group: str
    votes: bool
    in_committee: bool
    suspended: bool
    mobile: bool
    admitted_on: dt.date | None
    joined_on: dt.date | None
    left_on: dt.date | None
    in_error: bool = False
    """Registered by mistake, and taken off."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A Party group."""

    id: str
    name: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a register."""

    year: int
    q: str
    as_of: dt.date | None
    known_at: dt.date | None
    after: str


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which events of a book, newest first, before page `before`."""

    before: int | None = None
    tag: str = ""
    person: str = ""
    mark: str = ""
    limit: int = ROWS

    def fits(self, fact: Fact[Event]) -> bool:
        return (
            (not self.tag or tag_of(fact.event) == self.tag)
            and (not self.person or mentions(fact.event, self.person))
            and (self.mark != "late" or fact.late_reason is not None)
            and (self.mark != "corrected" or corrects(fact.event))
        )


class Reading:
    """The views for one request of one person."""

    def __init__(self, views: Views, actor: Actor) -> None:
        self._views = views
        self._actor = actor
        self._people: dict[OrgId, list[Person]] = {}
        self.sender: str | None = None
        """The sister branch whose letters a form asks for."""

    @property
    def across(self) -> AcrossViews:
        """What is told of several branches at once; every question brings its scope."""
        return self._views.across

    @property
    def scoring(self) -> ScoreViews:
        """Scores of one branch or of several; every question brings its scope."""
        return self._views.scores

    @property
    def directives(self) -> DirectiveViews:
        """Directives of the superior; every question brings its scope."""
        return self._views.directives

    def scope(self, right: Right, org: Org) -> Scope:
        """What may be seen of this organisation; raises `Forbidden` or `Absent`."""
        return scope_of(self._actor, right, org.id)

    async def position(self) -> int:
        return (await self._views.position()).position

    async def head(self, org: Org) -> int:
        """The last page of the book."""
        return await self._views.head(scope_of(self._actor, Right.ORGANISATIONS_READ), org.id)

    async def org(self, org_id: str) -> Org:
        found = await self._views.organisation(scope_of(self._actor, Right.ORGANISATIONS_READ), OrgId(org_id))
        return _org(found.org_id, found.name, found.kind, found.members)

    async def orgs_of(self, scope: Scope, *, after: str | None = None, limit: int = WINDOW) -> list[Org]:
        """At most 200 organisations by name, in the order of their codes."""
        return [_org(o.org_id, o.name, o.kind, o.members) for o in await self._views.organisations(scope, after=after, limit=limit)]

    async def obligations(self, org: Org, from_day: dt.date, to_day: dt.date) -> list[dict[str, Any]]:
        """Rows due between two days, soonest first."""
        scope = self.scope(Right.OBLIGATIONS_READ, org)
        return [one.values for one in await self._views.obligations(scope, org_id=org.id, from_day=from_day, to_day=to_day)]

    async def duties(self, org: Org, pack: Pack, window: Window, today: dt.date, *, then: bool) -> list[Standing]:
        """Duties as they stand on the window's day; of a day that is over, with `then` as they were known at its end."""
        scope = self.scope(Right.OBLIGATIONS_READ, org)
        if window.on >= today:
            return await self._views.duties.now(scope, org.id, pack, window)
        known_at = dt.datetime.combine(window.on, DAY_ENDS) if then else None
        return await self._views.duties.known(scope, org.id, pack, window, as_of=window.on, known_at=known_at)

    async def obligation_counts(self, today: dt.date) -> dict[OrgId, tuple[int, int]]:
        return await self._views.across.pending(scope_of(self._actor, Right.OBLIGATIONS_READ), today)

    async def sisters(self, org: Org) -> list[Org]:
        """Where a letter may go: the branches of the same superior, by name only."""
        return [_org(code, name, "branch", 0) for code, name in await self._views.sisters(org.id)]

    async def people(self, org: Org) -> list[Person]:
        """The whole roll, also those who left; read once for each request."""
        if org.id not in self._people:
            scope, after = self.scope(Right.ROSTER_READ, org), 0
            found: list[MemberView] = []
            while True:
                page, following, _ = await self._views.members(scope, org.id, after=after, former=True)
                found += page
                if following is None:
                    break
                after = following
            twins = Counter(one.name for one in found if one.left_ground != IN_ERROR)
            self._people[org.id] = [_person(one, twin=twins[one.name] > 1) for one in found]
        return self._people[org.id]

    async def groups(self, org: Org) -> list[Group]:
        return [Group(id=one.group_id, name=one.name) for one in await self._views.groups(self.scope(Right.ROSTER_READ, org), org.id)]

    async def names(self, org: Org) -> dict[str, str]:
        """Everything of this branch that sentences may speak of by id. Whoever reads without names gets none."""
        if not scope_of(self._actor, Right.ORGANISATIONS_READ).names:
            return {org.id: org.name}
        people = await self._applicants(org) | {person.id: person.name for person in await self.people(org)}
        return people | {group.id: group.name for group in await self.groups(org)} | {org.id: org.name}

    async def _applicants(self, org: Org) -> dict[str, str]:
        """Who is not on the roll yet is called as the ledger of admissions calls them."""
        page = await self._views.ledger(self.scope(Right.LEDGERS_READ, org), org.id, "L04", "admissions", limit=WINDOW)
        return {row.subject: row.cells["person"] for row in page.rows if row.subject is not None and row.cells.get("person")}

    async def register(self, org: Org, form: Register, asked: Asked) -> tuple[list[RegisterRow], str | None]:
        """A page of rows, or all rows as of a date, or those in which words are found."""
        scope = self.scope(Right.LEDGERS_READ, org)
        if asked.as_of or asked.known_at:
            known_at = dt.datetime.combine(asked.known_at, DAY_ENDS) if asked.known_at else None
            page = await self._views.ledger_as_of(
                scope, org.id, form.ledger, form.code, year=asked.year, as_of=asked.as_of, known_at=known_at
            )
            return [row for one in page.rows if (row := row_of(form, one, page.names)).holds(asked.q)], None
        if asked.q:
            return await self._found(scope, org, form, asked), None
        page = await self._views.ledger(scope, org.id, form.ledger, form.code, year=asked.year, after=asked.after or None, limit=ROWS)
        return [row_of(form, one, page.names) for one in page.rows], page.next

    async def _found(self, scope: Scope, org: Org, form: Register, asked: Asked) -> list[RegisterRow]:
        found: list[RegisterRow] = []
        after: str | None = None
        for _ in range(FOUND_PAGES):
            page = await self._views.ledger(scope, org.id, form.ledger, form.code, year=asked.year, after=after, limit=WINDOW)
            found += [row for one in page.rows if (row := row_of(form, one, page.names)).holds(asked.q)]
            after = page.next
            if after is None:
                break
        return found

    async def whole_register(self, org: Org, form: Register, asked: Asked) -> list[RegisterRow]:
        """All rows of a year, for a file."""
        if asked.as_of or asked.known_at or asked.q:
            return (await self.register(org, form, asked))[0]
        return await self._found(self.scope(Right.LEDGERS_READ, org), org, form, asked)

    async def own(self, form: Register, year: int | None = None) -> list[RegisterRow]:
        """The rows of a register that are about this person, the newest first."""
        scope = scope_of(self._actor, Right.OWN_READ)
        page = await self._views.ledger(scope, self._actor.organisation_id, form.ledger, form.code, year=year, limit=WINDOW)
        return [row_of(form, one, page.names) for one in reversed(page.rows)]

    async def row_counts(self, org: Org) -> dict[tuple[str, str], int]:
        return await self._views.row_counts(self.scope(Right.LEDGERS_READ, org), org.id)

    async def pages(self, org: Org, first: int, last: int) -> list[EventView]:
        """Pages of the book as they are told on a receipt."""
        scope = self.scope(Right.EVENTS_READ, org)
        facts, _ = await self._views.history(scope, org.id, after=first - 1, limit=last - first + 1)
        leaves = await self._views.leaves(scope, org.id, first, last)
        names = await self.names(org)
        return [tell(fact, names, leaves.get(fact.page, ""), lambda token: self._views.opened(scope, token)) for fact in facts]

    async def page_of(self, org: Org, event_id: UUID) -> int | None:
        return await self._views.page_of(self.scope(Right.EVENTS_READ, org), org.id, event_id)

    async def rows_of(self, org: Org, event_ids: list[str]) -> list[tuple[str, str]]:
        """Address and title of the register rows that these events wrote."""
        rows = await self._views.rows_of(self.scope(Right.LEDGERS_READ, org), org.id, event_ids)
        links = []
        for ledger, code, year, number in rows:
            form = register(ledger, code)
            if form is not None:
                asked = {"year": year} if form.yearly else {}
                if before := number - 1 - (number - 1) % ROWS:
                    asked["after"] = to_cursor([year, before])  # the row is on a later page of the register
                address = f"/admin/b/{org.id}/ledgers/{ledger}/{code}{'?' if asked else ''}{urlencode(asked)}#r-{number}"
                links.append((address, f"{named(form)} {say('No.')} {number}"))
        return links

    async def history(self, org: Org, sought: Sought) -> tuple[list[EventView], bool]:
        """Newest first: the events sought, and whether there are older ones."""
        scope = self.scope(Right.EVENTS_READ, org)
        top = sought.before - 1 if sought.before else await self._views.head(scope, org.id)
        found: list[Fact[Event]] = []
        for _ in range(WINDOWS):
            if top <= 0 or len(found) > sought.limit:
                break
            bottom = max(0, top - WINDOW)
            facts, _next = await self._views.history(scope, org.id, after=bottom, limit=top - bottom)
            found += [fact for fact in reversed(facts) if sought.fits(fact)]
            top = bottom
        names = await self.names(org)
        told = [tell(fact, names, "", lambda token: self._views.opened(scope, token)) for fact in found[: sought.limit]]
        return told, len(found) > sought.limit

    async def stream(self, org: Org, stream: str) -> list[Fact[Event]]:
        return await self._views.stream(self.scope(Right.ROSTER_READ, org), org.id, stream)

    async def meetings(self, org: Org) -> list[Thing]:
        return things.meetings(await self._recent(org))

    async def begun(self, org: Org, kind: Any) -> list[Thing]:
        """The branch's things of a kind of id."""
        return things.begun(kind, await self._recent(org), await self.names(org))

    async def matters(self, org: Org) -> list[Thing]:
        """The branch's cases and meetings, that a document may belong to."""
        return things.matters(await self._recent(org), await self.names(org))

    async def documents(self, org: Org, before: int | None, material: str | None) -> tuple[list[DocumentView], int | None]:
        """A page of documents, newest first, also those that were withdrawn."""
        scope = self.scope(Right.LEDGERS_READ, org)
        return await self._views.documents.page(scope, org.id, before=before, limit=ROWS, material=material, withdrawn=True)

    async def enclosure(self, org: Org, directive_id: str, document_id: str, today: dt.date) -> DocumentView:
        """A file of the committee that came with a directive; raises `Absence`, or `Forbidden` for eyes that see no names."""
        return await enclosure(self._views, self.scope(Right.LEDGERS_READ, org), org.id, directive_id, document_id, today)

    async def document(self, org: Org, document_id: str) -> DocumentView:
        return await self._views.documents.one(self.scope(Right.LEDGERS_READ, org), org.id, document_id)

    async def attached(self, org: Org, rows: Sequence[RegisterRow]) -> dict[str, list[DocumentView]]:
        """Key of a row -> its documents."""
        return await self._views.documents.attached(self.scope(Right.LEDGERS_READ, org), org.id, rows)

    async def papers(self, org: Org, score: Score, pack: Pack) -> dict[str, list[DocumentView]]:
        """Leaf of a score -> the documents that belong to it."""
        return await self._views.documents.of_score(self.scope(Right.LEDGERS_READ, org), org.id, score, pack.standard)

    async def openness(self, org: Org | None, today: dt.date, after: str) -> tuple[list[Disclosed], str]:
        """What is disclosed to this person, by one organisation or by all: a page of items, and the cursor of the next."""
        views = self._views.disclosure
        eyes = readers_of(self._actor, await views.above(self._actor.organisation_id))
        items, following = await views.page(eyes, today, org_id=None if org is None else org.id, after=after)
        return await views.whole(items), following

    async def entries(self, org: Org, year: int) -> dict[str, tuple[int, dt.date]]:
        """Of the catalogue of an organisation: how many items of a year were disclosed under each, and the newest day."""
        views = self._views.disclosure
        return await views.entries(readers_of(self._actor, await views.above(self._actor.organisation_id)), org.id, year)

    async def public(self, org: Org, today: dt.date, items: Collection[str]) -> dict[str, str]:
        """Item -> its page on the public site, for those that stand there now."""
        shown = await self._views.disclosure.shown(today, org.id, items, SOCIETY)
        return {item: item_page(org.id, item) for item in shown}

    async def _recent(self, org: Org) -> list[Fact[Event]]:
        """The last pages of the book: what somebody still records something about."""
        scope = self.scope(Right.ROSTER_READ, org)
        head = await self._views.head(scope, org.id)
        facts: list[Fact[Event]] = []
        for bottom in range(max(0, head - RECENT), head, WINDOW):
            facts += (await self._views.history(scope, org.id, after=bottom, limit=WINDOW))[0]
        return facts

    async def letters_here(self, org: Org) -> list[Thing]:
        """Letters of the sister branch in question that are addressed here."""
        if self.sender is None:
            return []
        return [Thing(fact.event.letter_id, fact.event.number) for fact in await self._views.letters_to(org.id, OrgId(self.sender))]

    async def waiting(self, org: Org) -> list[Waiting]:
        return things.waiting(await self.stream(org, "transfers"), await self.names(org))

    async def unpaid(self, org: Org, month: Month) -> list[Person]:
        """Members without dues for a month."""
        year, number = month.split("-")
        paid: set[str] = set()
        after: str | None = None
        scope = self.scope(Right.LEDGERS_READ, org)
        for _ in range(FOUND_PAGES):
            page = await self._views.ledger(scope, org.id, "L04", "dues-payments", year=int(year), after=after, limit=WINDOW)
            paid |= {row.key for row in page.rows if row.cells.get(f"paid_{number}")}
            after = page.next
            if after is None:
                break
        return [person for person in await self.people(org) if person.id not in paid and not person.left_on and not person.suspended]


def _org(org_id: OrgId, name: str, kind: str, members: int) -> Org:
    return Org(id=org_id, name=name or org_id, committee=kind != "branch", members=members)


def _person(one: MemberView, *, twin: bool) -> Person:
    """Of two who bear one name the month of birth is told."""
    return Person(
        id=one.person_id,
        name=f"{one.name} ({one.born_month})" if twin and one.born_month else one.name,
        standing=_label(MemberStatus, one.status),
        posts=pick("、", ", ").join(_label(Post, post) for post in one.posts),
        group=one.group_id or "",
        votes=one.status == MemberStatus.FULL.value and not one.suspended and not one.voting_suspended,
        in_committee=bool(one.posts),
        suspended=one.suspended,
        mobile=one.mobile,
        admitted_on=one.admitted_on,
        joined_on=one.joined_on,
        left_on=one.left_on,
        in_error=one.left_ground == IN_ERROR,
    )


def _label(choices: type[Choice], code: str) -> str:
    return next((named(choice) for choice in choices if choice.value == code), code)
