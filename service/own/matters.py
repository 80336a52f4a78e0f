"""What members ask of the branch and say to it, and what became of it: the same for the member and for the branch on which it waits.

Read from the record itself. Nobody else's are among a member's own, and nothing is kept beside the record.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from events.base import Choice, OrgId, PersonId
from events.requests import STREAM as ASKED
from events.requests import PhoneChangeReturned, RequestId
from events.store.keys import is_sealed
from events.supervision import STREAM as SUPERVISED
from events.supervision import MemberAnswerRated, MemberSuggestionAnswered, MemberSuggestionRecorded, Satisfaction
from projections.shapes import mask
from service.decide.requests import REQUESTS, Request
from service.decide.supervision.state import SUPERVISION, Supervision
from service.parts import Parts

SUGGESTION_DAYS = "supervision.suggestion_days"
ERASED = "〔已清除〕"
NAMES = "select person_id, name from views.member where org_id = $1 and person_id = any($2::text[])"


class MatterKind(Choice):
    """What a member brings to the branch."""

    SUGGESTION = "suggestion", "意见建议", "Opinion or suggestion"
    PHONE = "phone", "变更联系电话", "Change of telephone"


class MatterState(Choice):
    """How far it is."""

    WAITING = "waiting", "待办理", "Waiting for the branch"
    ANSWERED = "answered", "已答复", "Answered"
    APPROVED = "approved", "已同意", "Approved"
    RETURNED = "returned", "已退回", "Returned"
    REPLACED = "replaced", "已被新申请替代", "Replaced by a later request"


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """One suggestion or request, who handled it, and the answer."""

    org_id: OrgId
    kind: MatterKind
    matter_id: str
    person_id: PersonId
    person: str
    asked_on: dt.date
    due_on: dt.date | None
    """By when the branch answers a suggestion."""
    text: str
    """What was said; the number that was asked for, masked for everybody but its owner."""
    state: MatterState
    handled_by: str
    ended_on: dt.date | None
    answer: str
    """The answer, or why it was returned."""
    satisfaction: Satisfaction | None


async def own_matters(parts: Parts, org_id: OrgId, person: PersonId, today: dt.date) -> list[Matter]:
    """What this member asked and said, the newest first."""
    found = await _matters(parts, org_id, today, person)
    return sorted(found, key=lambda one: one.asked_on)[::-1]


async def waiting_matters(parts: Parts, org_id: OrgId, today: dt.date) -> list[Matter]:
    """What waits for the branch, the longest waiting first; numbers stay masked."""
    found = [one for one in await _matters(parts, org_id, today, None) if one.state is MatterState.WAITING]
    return sorted(found, key=lambda one: one.asked_on)


async def phone_asked_for(parts: Parts, org_id: OrgId, request_id: str) -> tuple[PersonId, str] | None:
    """Whose request waits, and the number in clear: whoever opens it puts that on record first."""
    request = (await parts.bus.look(org_id, REQUESTS, ASKED)).known.get(RequestId(request_id))
    return None if request is None or not request.waits else (request.asked.person_id, _clear(parts, request.asked.phone))


async def _matters(parts: Parts, org_id: OrgId, today: dt.date, person: PersonId | None) -> list[Matter]:
    """Of one member, or of all."""
    supervision = await parts.bus.look(org_id, SUPERVISION, SUPERVISED)
    requests = await parts.bus.look(org_id, REQUESTS, ASKED)
    said = [
        entry for entry in supervision.entries.values() if isinstance(entry, MemberSuggestionRecorded) and person in (None, entry.person_id)
    ]
    asked = [one for one in requests.known.values() if person in (None, one.asked.person_id)]
    days = (await parts.bus.rules(org_id, today)).number(SUGGESTION_DAYS)
    names = await _names(parts, org_id, [*(_handler(entry, supervision) for entry in said), *map(_ended_by, asked)], said, asked)
    return [
        *(_suggestion(parts, org_id, entry, supervision, days, names) for entry in said),
        *(_request(parts, org_id, one, names, own=person is not None) for one in asked),
    ]


def _suggestion(
    parts: Parts, org_id: OrgId, entry: MemberSuggestionRecorded, supervision: Supervision, days: int, names: dict[str, str]
) -> Matter:
    answer = supervision.answer_to(entry.suggestion_id)
    return Matter(
        org_id=org_id,
        kind=MatterKind.SUGGESTION,
        matter_id=entry.suggestion_id,
        person_id=entry.person_id,
        person=names.get(entry.person_id, entry.person_id),
        asked_on=entry.occurred_on,
        due_on=entry.occurred_on + dt.timedelta(days=days),
        text=_clear(parts, entry.content),
        state=MatterState.WAITING if answer is None else MatterState.ANSWERED,
        handled_by=names.get(_handler(entry, supervision) or "", ""),
        ended_on=None if answer is None else answer.occurred_on,
        answer="" if answer is None else _clear(parts, answer.answer),
        satisfaction=_satisfaction(supervision, entry.suggestion_id),
    )


def _handler(entry: MemberSuggestionRecorded, supervision: Supervision) -> PersonId | None:
    answer = supervision.answer_to(entry.suggestion_id)
    return (answer.answered_by if answer is not None else None) or entry.received_by


def _satisfaction(supervision: Supervision, suggestion_id: str) -> Satisfaction | None:
    """What was said last, since the last answer."""
    said = [one for one in supervision.follow_ups.get(suggestion_id, ()) if isinstance(one, MemberSuggestionAnswered | MemberAnswerRated)]
    return said[-1].satisfaction if said else None


def _request(parts: Parts, org_id: OrgId, one: Request, names: dict[str, str], *, own: bool) -> Matter:
    number = _clear(parts, one.asked.phone)
    return Matter(
        org_id=org_id,
        kind=MatterKind.PHONE,
        matter_id=one.asked.request_id,
        person_id=one.asked.person_id,
        person=names.get(one.asked.person_id, one.asked.person_id),
        asked_on=one.asked.occurred_on,
        due_on=None,
        text=number if own else mask(number),
        state=_state(one),
        handled_by=names.get(_ended_by(one) or "", ""),
        ended_on=None if one.ended is None else one.ended.occurred_on,
        answer=_clear(parts, one.ended.reason) if isinstance(one.ended, PhoneChangeReturned) else "",
        satisfaction=None,
    )


def _state(one: Request) -> MatterState:
    if one.replaced:
        return MatterState.REPLACED
    if one.ended is None:
        return MatterState.WAITING
    return MatterState.RETURNED if isinstance(one.ended, PhoneChangeReturned) else MatterState.APPROVED


def _ended_by(one: Request) -> PersonId | None:
    return None if one.ended is None else one.ended.handled_by


async def _names(
    parts: Parts,
    org_id: OrgId,
    handlers: Iterable[PersonId | None],
    said: Sequence[MemberSuggestionRecorded],
    asked: Sequence[Request],
) -> dict[str, str]:
    """Of those who asked, and of those who handled it."""
    wanted = {*filter(None, handlers), *(entry.person_id for entry in said), *(one.asked.person_id for one in asked)}
    rows: list[Any] = await parts.reads.fetch(NAMES, org_id, sorted(wanted)) if wanted else []
    return {row["person_id"]: _clear(parts, row["name"]) for row in rows}


def _clear(parts: Parts, text: str) -> str:
    return (parts.keys.open(text) or ERASED) if is_sealed(text) else text
