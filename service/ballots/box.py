"""The box of one ballot: opened, filled, published, emptied; always in the transaction that records the mark, the closing, the end.

Each cast takes all papers out, puts one more among them and writes the whole box anew: new keys, newly sealed, in the order of the keys.
Whoever compares the box before and after, its rows, their places, their transactions or the log of the database, finds everything changed.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag

from events.ballots import BallotMethod, BallotOpened
from events.base import OrgId
from events.store.books import Append, Written
from events.store.codec import canonical
from events.store.keys import Keys
from service.ballots.papers import KEY_BYTES, Box, Choice, Paper, Sealer, box_hash, box_of, put, tally
from service.decide.ballots.box import CANCEL, CLOSE, MARK, OpenedBox
from service.decide.ballots.state import BREAKDOWN_MIN
from service.decide.base import Case
from service.errors import Conflict
from service.parts import Parts

LOCKED = "the key of this box is lost, so its papers cannot be opened: cancel the ballot and vote again"
PAPERS = "select choice from service.ballot_box where org_id = $1 and ballot_id = $2 order by key"
BROKEN = "select broken from service.ballot_seal where org_id = $1 and ballot_id = $2"
REWRITE = "select service.rewrite_box($1, $2, $3::bytea[], $4::bytea[], $5)"
LEFT_OVER = "select org_id, ballot_id from service.ballot_seal where broken and not shredded"


def key_name(org_id: str, ballot_id: str) -> str:
    """Of the key that seals the papers, in the store of keys."""
    return f"ballot/{org_id}/{ballot_id}"


class BallotBox:
    """The box of one ballot, whoever needs it."""

    def __init__(self, parts: Parts, org_id: OrgId, opened: BallotOpened) -> None:
        self.parts = parts
        self.org_id = org_id
        self.opened = opened

    def sealer(self, *, create: bool) -> Sealer:
        cipher = self.parts.keys.cipher(key_name(self.org_id, self.opened.ballot_id), create=create)
        if cipher is None:
            raise Conflict(LOCKED)
        return Sealer(cipher, self.org_id, self.opened)

    async def papers(self, connection: Any) -> list[Paper | None]:
        """Everything in an open box; every voter has a place from the first cast on."""
        rows = await connection.fetch(PAPERS, self.org_id, self.opened.ballot_id)
        if not rows:
            return [None] * len(self.opened.entitled)
        sealer = self.sealer(create=False)
        try:
            return [sealer.open(row["choice"]) for row in rows]
        except InvalidTag:
            raise Conflict(LOCKED) from None

    async def rewrite(self, connection: Any, keys: Sequence[bytes], choices: Sequence[bytes], *, final: bool) -> None:
        await connection.execute(REWRITE, self.org_id, self.opened.ballot_id, keys, choices, final)

    async def is_final(self, connection: Any) -> bool:
        return bool(await connection.fetchval(BROKEN, self.org_id, self.opened.ballot_id))


class Cast:
    """A mark on the record and a paper in the box, or neither (`service.bus.Aside`)."""

    case: Case = MARK

    def __init__(self, box: BallotBox, paper: Paper) -> None:
        self._box = box
        self._paper = paper

    async def look(self) -> Choice:
        return self._paper.choice

    async def append(self, request: Append) -> list[Written]:
        return await self._box.parts.books.append_with(request, self._put)

    async def _put(self, connection: Any) -> None:
        papers = put(await self._box.papers(connection), self._paper)
        sealer = self._box.sealer(create=True)
        sealed = [sealer.seal(paper) for paper in papers]
        keys = [secrets.token_bytes(KEY_BYTES) for _ in papers]
        await self._box.rewrite(connection, keys, sealed, final=False)


class Close:
    """The closing on the record and the box published, or neither. Below the limit the box is emptied instead."""

    case: Case = CLOSE

    def __init__(self, box: BallotBox) -> None:
        self._box = box
        self._counted: Box | None = None

    async def look(self) -> OpenedBox | None:
        """The box counted; None when it is final already. Nobody is told before the closing stands."""
        async with self._box.parts.reads.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            if await self._box.is_final(connection):
                return None
            papers = await self._box.papers(connection)
        self._counted = box_of(self._box.org_id, self._box.opened, (paper for paper in papers if paper is not None))
        return OpenedBox(papers=len(self._counted.papers), tally=tally(self._counted), sha256=box_hash(self._counted))

    async def append(self, request: Append) -> list[Written]:
        return await self._box.parts.books.append_with(request, self._publish)

    async def _publish(self, connection: Any) -> None:
        assert self._counted is not None, "closed only after it was counted"
        shown = self._counted.papers if len(self._counted.papers) >= BREAKDOWN_MIN else ()
        keys = [bytes.fromhex(paper.key) for paper in shown]
        await self._box.rewrite(connection, keys, [canonical(list(paper.choice)) for paper in shown], final=True)


class Cancel:
    """A ballot made void; an open box is emptied unread, a published one stays."""

    case: Case = CANCEL

    def __init__(self, box: BallotBox) -> None:
        self._box = box

    async def look(self) -> None:
        return None

    async def append(self, request: Append) -> list[Written]:
        return await self._box.parts.books.append_with(request, self._empty)

    async def _empty(self, connection: Any) -> None:
        if self._box.opened.method is BallotMethod.BOX and not await self._box.is_final(connection):
            await self._box.rewrite(connection, [], [], final=True)


async def shred(keys: Keys, pool: Any) -> int:
    """Destroys the keys of all boxes that are final: what the database's log or backups still hold of them is then noise.

    Run after each close and at each start, so that a process killed in between leaves no key behind.
    """
    rows = await pool.fetch(LEFT_OVER)
    for org_id, ballot_id in rows:
        keys.discard(key_name(org_id, ballot_id))
        await pool.execute("select service.shredded($1, $2)", org_id, ballot_id)
    return len(rows)
