"""The shapes of the standard: groups, norms with their tasks and key materials, the ten ledgers with their registers."""

import datetime as dt
import enum
from typing import Annotated

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"^\S(.*\S)?\Z")]
"""Of a register: it stands in menus, above sheets and in the names of files."""


class Period(enum.StrEnum):
    """How often a task falls due (rules 0.5)."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    PER_TERM = "per_term"
    ON_EVENT = "on_event"
    CONTINUOUS = "continuous"


class Basis(enum.StrEnum):
    """Where a period comes from; a default is ours and may be changed."""

    STANDARD = "standard"
    REGULATION = "regulation"
    DEFAULT = "default"


class Role(enum.StrEnum):
    """Who is responsible (rules 0.3)."""

    BRANCH_SECRETARY = "branch_secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    ORGANIZATION_MEMBER = "organization_member"
    PUBLICITY_MEMBER = "publicity_member"
    DISCIPLINE_MEMBER = "discipline_member"
    BRANCH_COMMITTEE = "branch_committee"
    GROUP_LEADER = "group_leader"
    ALL_MEMBERS = "all_members"
    BRANCH_CLERK = "branch_clerk"
    SUPERIOR_COMMITTEE = "superior_committee"
    SUPERIOR_ORG_DEPT = "superior_org_dept"
    DISCIPLINE_COMMISSION = "discipline_commission"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything of the pack that has an id and is shown in two languages."""

    id: str
    zh: str
    en: str


class Task(Entry, frozen=True, kw_only=True):
    """One numbered task; `original_zh` is the document's wording where `zh` mends a slip of the pen."""

    original_zh: str | None = None
    period: Period
    basis: Basis
    due: str
    role: Role
    threshold: str = ""
    evidence: tuple[str, ...]
    """As the rule sheet says it; what the software watches stands in `deadlines.toml`."""


class Item(Entry, frozen=True, kw_only=True):
    """A part of a composite material."""

    original_zh: str | None = None


class Material(Entry, frozen=True, kw_only=True):
    """One numbered key material and what satisfies it."""

    original_zh: str | None = None
    fulfilled_by: tuple[str, ...]
    item: tuple[Item, ...] = ()


class Group(Entry, frozen=True, kw_only=True):
    """One of the five standards that group the norms."""


class Register(Entry, frozen=True, kw_only=True):
    """How one paper form of a ledger is called, `L01.roll`. What it holds is code and stands in `projections/ledgers/`."""

    id: Annotated[str, msgspec.Meta(pattern=r"^L\d\d\.[a-z-]+\Z")]
    zh: Name
    en: Name


class Ledger(Entry, frozen=True, kw_only=True):
    """One of the ten ledgers of norm 24, with the registers in it."""

    register: tuple[Register, ...] = ()


class Norm(Entry, frozen=True, kw_only=True):
    """One norm; its group is data, so that a committee may move it (rules 0.6, item 2)."""

    no: int
    group: str
    goal_zh: str
    goal_original_zh: str
    """The goal in the document's full wording."""
    task: tuple[Task, ...]
    material: tuple[Material, ...]


class Standard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `norms.toml`."""

    version: str
    effective_from: dt.date
    group: tuple[Group, ...]
    ledger: tuple[Ledger, ...]
    norm: tuple[Norm, ...]
