"""Papers as bytes: sealed while the box is open, all of one length; in clear and in one canonical form once it is published.

The published box is the bytes of `Box` (UTF-8 JSON, keys sorted, no spaces, papers in the order of their random keys). Its SHA-256
stands in the closing on the record, so whoever has the file recounts it: `sha256sum`, then count the codes under `choice`.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.ballots import BallotId, BallotOpened, OptionCode
from events.base import OrgId
from events.store.codec import canonical
from service.decide.ballots.state import Tally
from service.errors import Conflict

KEY_BYTES = 16
NONCE_BYTES = 12
BLANK = b"\x00"
"""The first byte of a place in the box into which nobody has put anything; that of a paper is 1."""

Choice = tuple[OptionCode, ...]
Receipt = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
"""128 random bits that the voter draws; after the close they stand beside the paper in the published box, and nowhere before."""


class Paper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One paper. The key is random: the receipt of the voter, who alone knows it, or one that nobody knows."""

    choice: Choice
    key: Receipt


class Box(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published box."""

    ballot: BallotId
    book: OrgId
    options: tuple[OptionCode, ...]
    papers: tuple[Paper, ...]


class Recount(msgspec.Struct, frozen=True, kw_only=True):
    """What anybody finds who counts a published box."""

    book: str
    ballot: str
    papers: int
    votes: dict[str, int]
    sha256: str


class Sealer:
    """Puts choices of one ballot into bytes that say nothing, not even how long they are."""

    def __init__(self, cipher: AESGCM, org_id: OrgId, opened: BallotOpened) -> None:
        self._cipher = cipher
        self._bound = f"ballot\n{org_id}\n{opened.ballot_id}".encode()
        self._codes = [option.code for option in opened.options]
        self._width = (len(self._codes) + 7) // 8

    def seal(self, paper: Paper | None) -> bytes:
        """A paper, or None: a place that is still empty. Sealed anew, the same paper is different bytes."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        chosen = () if paper is None else paper.choice
        bits = sum(1 << number for number, code in enumerate(self._codes) if code in chosen)
        head = BLANK + bytes(KEY_BYTES) if paper is None else b"\x01" + bytes.fromhex(paper.key)
        return nonce + self._cipher.encrypt(nonce, head + bits.to_bytes(self._width, "big"), self._bound)

    def open(self, sealed: bytes) -> Paper | None:
        """Raises `InvalidTag` for what was not sealed for this ballot."""
        plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound)
        if plain[:1] == BLANK:
            return None
        bits = int.from_bytes(plain[1 + KEY_BYTES :], "big")
        choice = tuple(code for number, code in enumerate(self._codes) if bits >> number & 1)
        return Paper(choice=choice, key=plain[1 : 1 + KEY_BYTES].hex())


def paper_of(choice: Choice, receipt: Receipt | None) -> Paper:
    """With the voter's own receipt, else with one that nobody knows."""
    return Paper(choice=choice, key=receipt or secrets.token_hex(KEY_BYTES))


def put(papers: Sequence[Paper | None], paper: Paper) -> list[Paper | None]:
    """The box with this paper in one of its empty places; which one is chosen by chance. Raises `Conflict` for a receipt in use."""
    if any(other is not None and other.key == paper.key for other in papers):
        raise Conflict("this receipt is taken: draw another")
    blanks = [number for number, other in enumerate(papers) if other is None]
    assert blanks, "a box has as many places as there are voters"
    place = secrets.choice(blanks)
    return [paper if number == place else other for number, other in enumerate(papers)]


def box_of(org_id: OrgId, opened: BallotOpened, papers: Iterable[Paper]) -> Box:
    """In the order of the random keys, which is that of nothing else."""
    options = tuple(option.code for option in opened.options)
    return Box(ballot=opened.ballot_id, book=org_id, options=options, papers=tuple(sorted(papers, key=lambda paper: paper.key)))


def box_bytes(box: Box) -> bytes:
    return canonical(box)


def box_hash(box: Box) -> str:
    """What stands in the closing."""
    return hashlib.sha256(box_bytes(box)).hexdigest()


def tally(box: Box) -> Tally:
    """Every option with its votes, in the order of the paper."""
    votes = Counter(code for paper in box.papers for code in paper.choice)
    return {code: votes[code] for code in box.options}


def recount(content: bytes) -> Recount:
    """Counts a published box. Raises `msgspec.MsgspecError` when it is none, ValueError when a paper cannot have been cast."""
    box = msgspec.json.decode(content, type=Box)
    if len({paper.key for paper in box.papers}) < len(box.papers):
        raise ValueError("two papers have the same key")
    for paper in box.papers:
        if len(set(paper.choice)) < len(paper.choice) or not set(paper.choice) <= set(box.options):
            raise ValueError(f"paper {paper.key} marks what is not on it, or marks it twice")
    digest = hashlib.sha256(content).hexdigest()
    votes = {str(code): count for code, count in tally(box).items()}
    return Recount(book=box.book, ballot=box.ballot, papers=len(box.papers), votes=votes, sha256=digest)
