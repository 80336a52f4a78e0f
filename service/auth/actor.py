"""Who acts or reads: a person with a role at one organisation, a program with a token, or the system itself."""

import enum

import msgspec

from events.base import OrgId, PersonId


class Role(enum.StrEnum):
    """Roles that exist so far (reliability, roles x resources)."""

    PLATFORM_ADMIN = "platform_admin"
    COMMITTEE_OFFICER = "committee_officer"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    MEMBER = "member"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """`subtree`: the own organisation and all below it, as of this request."""

    id: str
    login: str
    role: Role
    organisation_id: OrgId
    person_id: PersonId | None = None
    subtree: frozenset[OrgId] = frozenset()
    event_types: frozenset[str] | None = None
    """An integrator's allow-list of event types; None: all that the role may see."""


SYSTEM = Actor(id="system", login="system", role=Role.SYSTEM, organisation_id=OrgId(""))
"""Workers and loaders of the system itself; no session ever bears it."""
