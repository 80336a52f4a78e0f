"""The one policy table: which role has which right, and how far it reaches. Everything else is forbidden."""

import enum
from collections.abc import Mapping

from events.base import OrgId
from service.auth.actor import Actor, Role
from service.auth.rights import Right
from service.errors import Absent, Forbidden


class Reach(enum.StrEnum):
    """How far a right reaches."""

    SELF = "self"
    OWN = "own"
    SUBTREE = "subtree"
    ALL = "all"


O, S, B, A = Role.COMMITTEE_OFFICER, Reach.SUBTREE, Reach.OWN, Reach.ALL  # noqa: E741 - the table reads as a table

POLICY: Mapping[Right, Mapping[Role, Reach]] = {
    Right.ORGANISATION_FOUND: {O: S, Role.SYSTEM: A},
    Right.ROSTER_WRITE: {Role.SECRETARY: B, O: S, Role.SYSTEM: A},
    Right.MEETING_WRITE: {Role.SECRETARY: B, Role.SYSTEM: A},
    Right.DUES_WRITE: {Role.SECRETARY: B, Role.TREASURER: B, Role.SYSTEM: A},
    Right.TRANSFER_WRITE: {Role.SECRETARY: B, Role.SYSTEM: A},
    Right.WORK_WRITE: {Role.SECRETARY: B, Role.SYSTEM: A},
    Right.FILES_WRITE: {Role.SECRETARY: B, O: B, Role.SYSTEM: A},
    Right.ADMISSION_WRITE: {Role.SECRETARY: B, Role.SYSTEM: A},
    Right.ELECTION_WRITE: {Role.SECRETARY: B, Role.SYSTEM: A},
    Right.DISCLOSURE_WRITE: {Role.SECRETARY: B, Role.SYSTEM: A},
    Right.DISCIPLINE_WRITE: {Role.SECRETARY: B, O: S, Role.SYSTEM: A},
    Right.BALLOT_CAST: {Role.SECRETARY: B, Role.TREASURER: B, Role.MEMBER: B},
    Right.BALLOT_READ: {
        **dict.fromkeys((Role.SECRETARY, Role.TREASURER, Role.MEMBER), B),
        **dict.fromkeys((O, Role.AUDITOR, Role.INTEGRATOR), S),
        Role.SYSTEM: A,
    },
    Right.SUPERIOR_WRITE: {O: S, Role.SYSTEM: A},
    Right.SYSTEM_WRITE: {Role.SYSTEM: A},
    Right.ORGANISATIONS_READ: {role: S for role in Role if role is not Role.SYSTEM} | {Role.SYSTEM: A},
    Right.ROSTER_READ: {Role.SECRETARY: B, Role.TREASURER: B, O: S, Role.SYSTEM: A},
    Right.SENSITIVE_READ: {Role.SECRETARY: B, Role.SYSTEM: A},
    Right.LEDGERS_READ: {Role.SECRETARY: B, Role.TREASURER: B, O: S, Role.AUDITOR: S, Role.SYSTEM: A},
    Right.OBLIGATIONS_READ: {Role.SECRETARY: B, Role.TREASURER: B, O: S, Role.AUDITOR: S, Role.MEMBER: B, Role.SYSTEM: A},
    Right.DISCLOSURE_READ: {
        **dict.fromkeys((Role.SECRETARY, Role.TREASURER, Role.MEMBER), B),
        **dict.fromkeys((O, Role.AUDITOR), S),
        Role.SYSTEM: A,
    },
    Right.EVENTS_READ: {Role.SECRETARY: B, O: S, Role.AUDITOR: S, Role.SYSTEM: A},
    Right.STREAM_READ: {Role.INTEGRATOR: S, Role.AUDITOR: S, O: S, Role.SYSTEM: A},
    Right.STANDARD_READ: dict.fromkeys(Role, A),
    Right.OWN_READ: dict.fromkeys(Role, Reach.SELF),
    Right.MATTERS_READ: {Role.SECRETARY: B, O: S, Role.SYSTEM: A},
    Right.OWN_WRITE: dict.fromkeys((Role.SECRETARY, Role.TREASURER, Role.MEMBER), Reach.SELF),
}


def reaches(actor: Actor, right: Right, org_id: OrgId) -> bool:
    """Whether the actor has the right over this organisation."""
    match POLICY[right].get(actor.role):
        case None:
            return False
        case Reach.ALL:
            return True
        case Reach.SUBTREE:
            return org_id in actor.subtree
        case Reach.OWN | Reach.SELF:
            return org_id == actor.organisation_id


def entitle(actor: Actor, right: Right) -> None:
    """Raises `Forbidden` when the role has the right nowhere; what is read is then narrowed to the actor's organisations."""
    if actor.role not in POLICY[right]:
        raise Forbidden(right)


def authorize(actor: Actor, right: Right, org_id: OrgId) -> None:
    """Raises `Absent` for an organisation outside the actor's sight, so that foreign and absent look the same, else `Forbidden`."""
    if reaches(actor, right, org_id):
        return
    if org_id != actor.organisation_id and org_id not in actor.subtree and actor.role is not Role.SYSTEM:
        raise Absent(org_id)
    raise Forbidden(right)
