"""Reads of what is disclosed, part of the one door (`projections.query`): for the public without an account, and for who is signed in.

An item is shown from its publication to its last day. What is for other eyes is absent; what is over is said to be over. As of an
earlier day (`on`) the items that are still open say what they said then; of what has been taken down since, only that it was there.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId
from events.disclosure import DisclosureScope, Secrecy, TakenDown
from events.store.keys import Keys, is_sealed
from projections.cursors import from_cursor, to_cursor
from projections.disclosure_tables import disclosure, disclosure_version, disclosure_voice
from projections.roster_tables import member, organisation
from projections.shapes import PAGE_MAX, Absence, Disclosed, DisclosedItem, DisclosedVersion, DisclosedVoice, Ended, Over, Readers
from projections.standard.personal import HIDDEN

T = TypeVar("T")

WORDS_MAX = 5
ENDED_MAX = 50
BRANCHES_MAX = 5_000
NAMES_MAX = 5_000
TABLE = disclosure.c
VERSION = disclosure_version.c
DATED = ("org_name", "content", "corrected_on")
"""What is not read as it stands: the name is of the roster, the others depend on the day that is asked for."""
FIXED = (organisation.c.name.label("org_name"), *(TABLE[name] for name in DisclosedItem.__struct_fields__ if name not in DATED))
GONE_ON = sa.func.least(TABLE.ended_on, TABLE.until + 1)
"""The first day on which an item is not shown."""
TOLD_OF_THE_ENDED = (
    *(TABLE.org_id, organisation.c.name.label("org_name"), TABLE.item_id, TABLE.subject, TABLE.published_on, GONE_ON.label("over")),
    sa.func.coalesce(TABLE.ended, TakenDown.PERIOD_OVER.value).label("ground"),
    TABLE.changed_at,
)
HOME = disclosure.join(organisation, organisation.c.org_id == TABLE.org_id)


class DisclosureViews:
    """Published items of all branches, for the eyes that are asked for."""

    def __init__(self, engine: AsyncEngine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys

    async def page(
        self,
        readers: Readers,
        today: dt.date,
        *,
        org_id: OrgId | None = None,
        subject: str | None = None,
        words: str = "",
        after: str = "",
        limit: int = 50,
        on: dt.date | None = None,
    ) -> tuple[list[DisclosedItem], str]:
        """Newest publication first: (items, cursor of the next page or "")."""
        size = min(limit, PAGE_MAX)
        query = sa.select(*_shown(on)).select_from(HOME).where(*_open(readers, today, on), *_asked(org_id, subject), *_said(words, on))
        if after:
            query = query.where(sa.tuple_(TABLE.published_on, TABLE.org_id, TABLE.item_id) < sa.tuple_(*map(sa.literal, _place(after))))
        query = query.order_by(TABLE.published_on.desc(), TABLE.org_id.desc(), TABLE.item_id.desc()).limit(size + 1)
        found = await self._all(query, DisclosedItem)
        last = found[size - 1] if len(found) > size else None
        return found[:size], "" if last is None else to_cursor([last.published_on, last.org_id, last.item_id])

    async def newest(
        self, readers: Readers, today: dt.date, *, org_id: OrgId | None = None, subject: str | None = None, limit: int = 50
    ) -> list[DisclosedItem]:
        """What was published, corrected or answered last."""
        query = sa.select(*_shown(None)).select_from(HOME).where(*_open(readers, today), *_asked(org_id, subject))
        return await self._all(
            query.order_by(TABLE.changed_at.desc(), TABLE.org_id, TABLE.item_id).limit(min(limit, PAGE_MAX)), DisclosedItem
        )

    async def ended(
        self, readers: Readers, today: dt.date, *, org_id: OrgId | None = None, subject: str | None = None, on: dt.date | None = None
    ) -> list[Ended]:
        """What is no longer shown, newest first; with `on`, only what was shown on that day. Neither title nor text is told."""
        then = () if on is None else (TABLE.published_on <= on, on < GONE_ON)
        told = sa.select(*TOLD_OF_THE_ENDED).select_from(HOME).where(_for(readers), sa.not_(_live(today)), *then, *_asked(org_id, subject))
        return await self._all(told.order_by(GONE_ON.desc(), TABLE.org_id, TABLE.item_id).limit(ENDED_MAX), Ended)

    async def branches(self, readers: Readers, today: dt.date, *, on: dt.date | None = None) -> list[tuple[OrgId, str, int]]:
        """Code, name and number of items of the branches that have any."""
        query = sa.select(TABLE.org_id, organisation.c.name, sa.func.count()).select_from(HOME).where(*_open(readers, today, on))
        query = query.group_by(TABLE.org_id, organisation.c.name).order_by(TABLE.org_id).limit(BRANCHES_MAX)
        async with self._engine.connect() as connection:
            return [(OrgId(branch), name, count) for branch, name, count in await connection.execute(query)]

    async def topics(self, readers: Readers, today: dt.date, *, org_id: OrgId | None = None, on: dt.date | None = None) -> dict[str, int]:
        """Subject -> how many items."""
        query = sa.select(TABLE.subject, sa.func.count()).where(*_open(readers, today, on), *_asked(org_id, None)).group_by(TABLE.subject)
        async with self._engine.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def entries(self, readers: Readers, org_id: OrgId, year: int) -> dict[str, tuple[int, dt.date]]:
        """Entry of the catalogue -> how many items were published under it in a year, also what is over, and the newest day."""
        which = (_for(readers), TABLE.org_id == org_id, TABLE.entry.is_not(None), sa.extract("year", TABLE.published_on) == year)
        query = sa.select(TABLE.entry, sa.func.count(), sa.func.max(TABLE.published_on)).where(*which).group_by(TABLE.entry)
        async with self._engine.connect() as connection:
            return {entry: (count, newest) for entry, count, newest in await connection.execute(query)}

    async def branch(self, org_id: OrgId) -> str:
        """The name of an organisation, which is no secret."""
        query = sa.select(organisation.c.name).where(organisation.c.org_id == org_id)
        async with self._engine.connect() as connection:
            name: str | None = (await connection.execute(query)).scalar()
        if name is None:
            raise Absence(org_id)
        return name

    async def one(self, readers: Readers, today: dt.date, org_id: OrgId, item_id: str, *, on: dt.date | None = None) -> Disclosed:
        """Raises `Over` for what was shown to these readers once, `Absence` for everything else."""
        this = (TABLE.org_id == org_id, TABLE.item_id == item_id, _for(readers))
        found = await self._all(sa.select(*_shown(on)).select_from(HOME).where(*this, *_open(readers, today, on)), DisclosedItem)
        if found:
            return (await self.whole(found, on))[0]
        async with self._engine.connect() as connection:
            over = (await connection.execute(sa.select(TABLE.item_id).where(*this, sa.not_(_live(today))))).first()
        raise Absence(item_id) if over is None else Over(item_id)

    async def whole(self, items: Sequence[DisclosedItem], on: dt.date | None = None) -> list[Disclosed]:
        """Items with their versions and the feedback that was answered, by that day."""
        orgs = sa.literal(sorted({item.org_id for item in items}), sa.ARRAY(sa.Text))
        ids = sa.literal([item.item_id for item in items], sa.ARRAY(sa.Text))
        version, voice = disclosure_version.c, disclosure_voice.c
        versions = (
            sa.select(disclosure_version)
            .where(version.org_id == sa.any_(orgs), version.item_id == sa.any_(ids), *_by(version.since, on))
            .order_by(version.version)
        )
        voices = sa.select(disclosure_voice).where(
            *(voice.org_id == sa.any_(orgs), voice.item_id == sa.any_(ids), *_by(voice.answered_on, on)),
            *(voice.answered_on.is_not(None), voice.said_on.is_not(None)),
        )
        async with self._engine.connect() as connection:
            told = list((await connection.execute(versions)).mappings())
            said = list((await connection.execute(voices.order_by(voice.answered_on, voice.feedback_id))).mappings())
            names = await self._names(connection, orgs) if said else []
        said = [{**row, "said": without(row["said"], names), "answer": without(row["answer"], names)} for row in said]  # type: ignore[misc]
        return [
            Disclosed(
                item=item,
                versions=[_as(row, DisclosedVersion) for row in told if (row["org_id"], row["item_id"]) == (item.org_id, item.item_id)],
                voices=[_as(row, DisclosedVoice) for row in said if (row["org_id"], row["item_id"]) == (item.org_id, item.item_id)],
            )
            for item in items
        ]

    async def shown(self, today: dt.date, org_id: OrgId, item_ids: Collection[str], readers: Readers) -> frozenset[str]:
        """Which of these items such readers see now."""
        ids = sa.literal(sorted(item_ids), sa.ARRAY(sa.Text))
        query = sa.select(TABLE.item_id).where(TABLE.org_id == org_id, TABLE.item_id == sa.any_(ids), _for(readers), _live(today))
        async with self._engine.connect() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def above(self, org_id: OrgId) -> frozenset[OrgId]:
        """The organisations above one, up to the root: their units are also its own."""
        way = sa.select(organisation.c.parent_id.label("org_id")).where(organisation.c.org_id == org_id).cte(recursive=True)
        step = sa.select(organisation.c.parent_id).where(organisation.c.org_id == way.c.org_id)
        query = sa.select(way.union(step).c.org_id)
        async with self._engine.connect() as connection:
            return frozenset(OrgId(code) for code in (await connection.execute(query)).scalars() if code is not None)

    async def _names(self, connection: AsyncConnection, orgs: "sa.ColumnElement[Any]") -> list[str]:
        """Names of everybody who is or was on the roll, opened only to take them out of what readers said."""
        query = sa.select(member.c.name).where(member.c.org_id == sa.any_(orgs)).limit(NAMES_MAX)
        return [name for token in (await connection.execute(query)).scalars() if (name := self._opened(token))]

    def _opened(self, token: str) -> str | None:
        if not is_sealed(token):
            return token
        try:
            return self._keys.open(token)
        except InvalidTag:
            return None

    async def _all(self, query: "sa.Select[Any]", kind: type[T]) -> list[T]:
        async with self._engine.connect() as connection:
            return [_as(row, kind) for row in (await connection.execute(query)).mappings()]


def without(text: str, names: Iterable[str]) -> str:
    """Nobody's name; the longest first, so that no part of one is left."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, HIDDEN)
    return text


def _for(readers: Readers) -> "sa.ColumnElement[bool]":
    """What is internal is not for society, whatever scope it was given."""
    eyes = [sa.and_(TABLE.scope == DisclosureScope.SOCIETY.value, TABLE.secrecy == Secrecy.OPEN.value)]
    if readers.party:
        eyes.append(TABLE.scope.in_((DisclosureScope.PARTY.value, DisclosureScope.SOCIETY.value)))
    narrower = (
        (DisclosureScope.BRANCH, readers.branches),
        (DisclosureScope.UNIT, readers.units),
        (DisclosureScope.SPECIFIC, readers.specific),
    )
    for scope, orgs in narrower:
        if orgs:
            eyes.append(sa.and_(TABLE.scope == scope.value, TABLE.org_id == sa.any_(sa.literal(sorted(orgs), sa.ARRAY(sa.Text)))))
    return sa.or_(*eyes)


def _open(readers: Readers, today: dt.date, on: dt.date | None = None) -> "list[sa.ColumnElement[bool]]":
    """What these eyes see today, as far as it was out on that day."""
    return [_for(readers), _live(today), *_by(TABLE.published_on, on)]


def _live(today: dt.date) -> "sa.ColumnElement[bool]":
    return sa.and_(TABLE.ended_on.is_(None), sa.func.coalesce(TABLE.until, today) >= today)


def _by(day: "sa.ColumnElement[Any]", on: dt.date | None) -> "list[sa.ColumnElement[bool]]":
    return [] if on is None else [day <= on]


def _shown(on: dt.date | None) -> "tuple[sa.ColumnElement[Any], ...]":
    return (*FIXED, _content(on).label("content"), _corrected(on).label("corrected_on"))


def _content(on: dt.date | None) -> "sa.ColumnElement[Any]":
    """As it stands, or the newest wording of that day."""
    return TABLE.content if on is None else _newest(VERSION.content, VERSION.since <= on)


def _corrected(on: dt.date | None) -> "sa.ColumnElement[Any]":
    return TABLE.corrected_on if on is None else _newest(VERSION.since, VERSION.since <= on, VERSION.reason.is_not(None))


def _newest(column: "sa.ColumnElement[Any]", *where: "sa.ColumnElement[bool]") -> "sa.ColumnElement[Any]":
    """Of the item's versions of which this holds."""
    query = sa.select(column).where(VERSION.org_id == TABLE.org_id, VERSION.item_id == TABLE.item_id, *where)
    return query.order_by(VERSION.version.desc()).limit(1).correlate(disclosure).scalar_subquery()


def _asked(org_id: OrgId | None, subject: str | None) -> "list[sa.ColumnElement[bool]]":
    asked = [] if org_id is None else [TABLE.org_id == org_id]
    return asked if subject is None else [*asked, TABLE.subject == subject]


def _said(words: str, on: dt.date | None) -> "list[sa.ColumnElement[bool]]":
    """Every word stands in the title, the text, the entry of the catalogue or the name of the branch."""
    places = (TABLE.title, _content(on), TABLE.entry, organisation.c.name)
    return [sa.or_(*(place.icontains(word, autoescape=True) for place in places)) for word in words.split()[:WORDS_MAX]]


def _as(row: Any, kind: type[T]) -> T:
    fields: tuple[str, ...] = kind.__struct_fields__  # type: ignore[attr-defined]
    return msgspec.convert({name: row[name] for name in fields}, kind)


def _place(after: str) -> tuple[dt.date, str, str]:
    """Where the page before ended."""
    found = from_cursor(after, tuple[dt.date, str, str])
    if "\0" in found[1] + found[2]:
        raise Absence("cursor")
    return found
