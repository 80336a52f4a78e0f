"""Reads of what is disclosed, part of the one door (`projections.query`): for the public without an account, and for who is signed in.

An item is shown from its publication to its last day. What is for other eyes is absent; what is over is said to be over.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId
from events.disclosure import DisclosureScope, Secrecy
from events.store.keys import Keys, is_sealed
from projections.cursors import from_cursor, to_cursor
from projections.disclosure_tables import disclosure, disclosure_version, disclosure_voice
from projections.roster_tables import member, organisation
from projections.shapes import PAGE_MAX, Absence, Disclosed, DisclosedItem, DisclosedVersion, DisclosedVoice, Over, Readers
from projections.standard.personal import HIDDEN

T = TypeVar("T")

WORDS_MAX = 5
ENDED_MAX = 50
BRANCHES_MAX = 5_000
NAMES_MAX = 5_000
TABLE = disclosure.c
SHOWN = (organisation.c.name.label("org_name"), *(TABLE[name] for name in DisclosedItem.__struct_fields__ if name != "org_name"))
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
    ) -> tuple[list[DisclosedItem], str]:
        """Newest publication first: (items, cursor of the next page or "")."""
        size = min(limit, PAGE_MAX)
        query = sa.select(*SHOWN).select_from(HOME).where(_for(readers), _live(today), *_asked(org_id, subject), *_said(words))
        if after:
            query = query.where(sa.tuple_(TABLE.published_on, TABLE.org_id, TABLE.item_id) < sa.tuple_(*map(sa.literal, _place(after))))
        query = query.order_by(TABLE.published_on.desc(), TABLE.org_id.desc(), TABLE.item_id.desc()).limit(size + 1)
        found = await self._all(query, DisclosedItem)
        last = found[size - 1] if len(found) > size else None
        return found[:size], "" if last is None else to_cursor([last.published_on, last.org_id, last.item_id])

    async def newest(self, readers: Readers, today: dt.date, *, org_id: OrgId | None = None, limit: int = 50) -> list[DisclosedItem]:
        """What was published, corrected or answered last."""
        query = sa.select(*SHOWN).select_from(HOME).where(_for(readers), _live(today), *_asked(org_id, None))
        return await self._all(
            query.order_by(TABLE.changed_at.desc(), TABLE.org_id, TABLE.item_id).limit(min(limit, PAGE_MAX)), DisclosedItem
        )

    async def ended(self, readers: Readers, today: dt.date, *, org_id: OrgId | None = None) -> list[tuple[OrgId, str, dt.date]]:
        """What is no longer shown, newest first: branch, item, the first day on which it was not."""
        over = sa.func.least(TABLE.ended_on, TABLE.until + 1).label("over")
        query = sa.select(TABLE.org_id, TABLE.item_id, over).where(_for(readers), sa.not_(_live(today)), *_asked(org_id, None))
        async with self._engine.connect() as connection:
            rows = await connection.execute(query.order_by(over.desc(), TABLE.org_id, TABLE.item_id).limit(ENDED_MAX))
            return [(OrgId(branch), item, day) for branch, item, day in rows]

    async def branches(self, readers: Readers, today: dt.date) -> list[tuple[OrgId, str, int]]:
        """Code, name and number of items of the branches that have any."""
        query = sa.select(TABLE.org_id, organisation.c.name, sa.func.count()).select_from(HOME).where(_for(readers), _live(today))
        query = query.group_by(TABLE.org_id, organisation.c.name).order_by(TABLE.org_id).limit(BRANCHES_MAX)
        async with self._engine.connect() as connection:
            return [(OrgId(branch), name, count) for branch, name, count in await connection.execute(query)]

    async def topics(self, readers: Readers, today: dt.date, *, org_id: OrgId | None = None) -> dict[str, int]:
        """Subject -> how many items."""
        query = sa.select(TABLE.subject, sa.func.count()).where(_for(readers), _live(today), *_asked(org_id, None)).group_by(TABLE.subject)
        async with self._engine.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def branch(self, org_id: OrgId) -> str:
        """The name of an organisation, which is no secret."""
        query = sa.select(organisation.c.name).where(organisation.c.org_id == org_id)
        async with self._engine.connect() as connection:
            name: str | None = (await connection.execute(query)).scalar()
        if name is None:
            raise Absence(org_id)
        return name

    async def one(self, readers: Readers, today: dt.date, org_id: OrgId, item_id: str) -> Disclosed:
        """Raises `Over` for what was shown to these readers once, `Absence` for everything else."""
        this = (TABLE.org_id == org_id, TABLE.item_id == item_id, _for(readers))
        found = await self._all(sa.select(*SHOWN).select_from(HOME).where(*this, _live(today)), DisclosedItem)
        if found:
            return (await self.whole(found))[0]
        async with self._engine.connect() as connection:
            over = (await connection.execute(sa.select(TABLE.item_id).where(*this))).first()
        raise Absence(item_id) if over is None else Over(item_id)

    async def whole(self, items: Sequence[DisclosedItem]) -> list[Disclosed]:
        """Items with their versions and the feedback that was answered."""
        orgs = sa.literal(sorted({item.org_id for item in items}), sa.ARRAY(sa.Text))
        ids = sa.literal([item.item_id for item in items], sa.ARRAY(sa.Text))
        version, voice = disclosure_version.c, disclosure_voice.c
        versions = (
            sa.select(disclosure_version).where(version.org_id == sa.any_(orgs), version.item_id == sa.any_(ids)).order_by(version.version)
        )
        voices = sa.select(disclosure_voice).where(
            voice.org_id == sa.any_(orgs), voice.item_id == sa.any_(ids), voice.answered_on.is_not(None), voice.said_on.is_not(None)
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
    for scope, orgs in ((DisclosureScope.UNIT, readers.units), (DisclosureScope.SPECIFIC, readers.specific)):
        if orgs:
            eyes.append(sa.and_(TABLE.scope == scope.value, TABLE.org_id == sa.any_(sa.literal(sorted(orgs), sa.ARRAY(sa.Text)))))
    return sa.or_(*eyes)


def _live(today: dt.date) -> "sa.ColumnElement[bool]":
    return sa.and_(TABLE.ended_on.is_(None), sa.func.coalesce(TABLE.until, today) >= today)


def _asked(org_id: OrgId | None, subject: str | None) -> "list[sa.ColumnElement[bool]]":
    asked = [] if org_id is None else [TABLE.org_id == org_id]
    return asked if subject is None else [*asked, TABLE.subject == subject]


def _said(words: str) -> "list[sa.ColumnElement[bool]]":
    """Every word stands in the title, the text, the entry of the catalogue or the name of the branch."""
    places = (TABLE.title, TABLE.content, TABLE.entry, organisation.c.name)
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
