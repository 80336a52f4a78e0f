"""What reads give back: scopes, pages and rows, without defaults."""

import datetime as dt
import re
from typing import Any

import msgspec

from events.base import OrgId, PersonId

PAGE_MAX = 200
"""Rows of one answer at most."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader may see. `names`: whose names are shown; `sensitive`: ID numbers and the like in clear."""

    orgs: frozenset[OrgId] | None
    """None: all."""
    names: bool = True
    sensitive: bool = False
    person_id: PersonId | None = None
    """Set: nothing but this person's own rows."""

    def sees(self, org_id: OrgId) -> bool:
        return self.orgs is None or org_id in self.orgs


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """How new an answer is."""

    position: int
    at: dt.datetime


class OrgView(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation."""

    org_id: OrgId
    parent_id: OrgId | None
    kind: str
    name: str
    short_name: str
    branch_type: str | None
    founded_on: dt.date | None
    contact: str | None
    phone: str | None
    venue: str | None
    term: int | None
    term_ends_on: dt.date | None
    members: int


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a branch, or a former one (`left_on`)."""

    person_id: PersonId
    name: str
    sex: str | None
    nationality: str | None
    born_month: str | None
    id_number: str | None
    education: str | None
    unit_and_post: str | None
    phone: str | None
    status: str
    admitted_on: dt.date | None
    full_on: dt.date | None
    joined_on: dt.date | None
    group_id: str | None
    posts: list[str]
    mobile: bool
    hardship: bool
    suspended: bool
    voting_suspended: bool
    left_on: dt.date | None
    left_ground: str | None


class GroupView(msgspec.Struct, frozen=True, kw_only=True):
    """A Party group that exists."""

    group_id: str
    name: str
    leader_id: str | None


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a register. Cells of kind person, persons, group and org hold ids; their names stand beside the page."""

    row_no: int
    year: str
    key: str
    subject: str | None
    occurred_on: dt.date | None
    recorded_at: int
    event_id: str | None
    struck_by: str | None
    cells: dict[str, Any]


class LedgerPage(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one register with the names that its cells speak of; `next` None at the end. `zh` and `en` say how the register is called."""

    org_id: OrgId
    ledger: str
    register: str
    zh: str
    en: str
    rows: list[LedgerRow]
    names: dict[str, str]
    as_of: AsOf
    next: str | None


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a branch, or a paper that lies in `place` and has no bytes here."""

    org_id: OrgId
    document_id: str
    title: str
    materials: list[str]
    about: list[str]
    sha256: str
    size: int
    media_type: str
    responsible: str
    formed_on: dt.date | None
    filed_on: dt.date | None
    secrecy: str
    retention: str
    place: str
    volume_no: str
    version: int
    page: int
    event_id: str | None
    withdrawn_on: dt.date | None


class Readers(msgspec.Struct, frozen=True, kw_only=True):
    """For whose eyes: to society whatever they are; within the Party, within a unit and to specific people only as far as is said here."""

    party: bool
    branches: frozenset[OrgId]
    """Organisations of which they may see what is open within the branch: their own."""
    units: frozenset[OrgId]
    """Organisations of which they may see what is open within the unit."""
    specific: frozenset[OrgId]
    """Organisations of which they may see what is open to specific people."""


SOCIETY = Readers(party=False, branches=frozenset(), units=frozenset(), specific=frozenset())


class DisclosedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A published item as it stands; `changed_at` is the instant of its newest change, in microseconds."""

    org_id: OrgId
    org_name: str
    item_id: str
    subject: str
    title: str
    entry: str | None
    content: str
    scope: str
    audience: str | None
    ways: list[str]
    place: str | None
    retention: str
    published_on: dt.date
    until: dt.date | None
    corrected_on: dt.date | None
    changed_at: int


class DisclosedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What an item said from a day on; `reason` None: as it was first published."""

    version: str
    content: str
    since: dt.date
    reason: str | None


class DisclosedVoice(msgspec.Struct, frozen=True, kw_only=True):
    """What was said about an item and what was answered, without anybody's name."""

    kind: str
    said: str
    said_on: dt.date
    outcome: str
    answer: str
    answered_on: dt.date


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """An item with its versions, oldest first, and with the feedback that was answered."""

    item: DisclosedItem
    versions: list[DisclosedVersion]
    voices: list[DisclosedVoice]


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was shown once: when and why it was taken down, and nothing of what it said."""

    org_id: OrgId
    org_name: str
    item_id: str
    subject: str
    published_on: dt.date
    over: dt.date
    """The first day on which it was not shown."""
    ground: str
    changed_at: int


class ObligationView(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the obligation table as it is stored; `projections.obligations` tells its status on a day."""

    org_id: OrgId
    values: dict[str, Any]


class Absence(Exception):
    """Not there, or not for this reader."""


class Over(Absence):
    """It was there for this reader, and is no longer shown."""


NUMBER = re.compile(r"[0-9X+ -]{7,}")


def mask(text: str) -> str:
    """Of a long number (telephone, identity) the last four characters stay; of any other text not even its length is told."""
    return "*" * (len(text) - 4) + text[-4:] if NUMBER.fullmatch(text) else "***"
