"""A member asks for another telephone number; the branch approves, which changes the profile, or returns it with a reason (N04.M02)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, LongText, PersonId
from events.members import MemberProfileChanged
from events.requests import STREAM, PhoneChangeApproved, PhoneChangeRequested, PhoneChangeReturned, RequestEvent, RequestId
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict

PHONE = r"^\+?[0-9](?:[0-9 -]{4,18})[0-9]$(?!\n)"
REASON = "本人申请变更联系电话"
"""Why the profile was changed."""


class RequestPhoneChange(Command, frozen=True, kw_only=True, tag="request-phone-change"):
    """A member asks that the branch keep another telephone number."""

    zh: ClassVar[str] = "申请变更本人联系电话"
    en: ClassVar[str] = "Ask for another telephone number"

    phone: Annotated[
        str,
        label(
            "新联系电话",
            "New telephone",
            pattern=PHONE,
            max_length=20,
            help_zh="数字，可带区号，如 13900000000 或 010-60000000；支部同意后生效",
            help_en="Digits, such as 13900000000 or 010-60000000; it holds once the branch has agreed",
        ),
    ]
    request_id: Annotated[RequestId | None, label("申请编号", "Request id")] = None


class ApprovePhoneChange(Command, frozen=True, kw_only=True, tag="approve-phone-change"):
    """The branch agrees: the roll keeps the new number from now on."""

    zh: ClassVar[str] = "同意变更联系电话"
    en: ClassVar[str] = "Approve a change of telephone"

    request_id: Annotated[RequestId, label("申请", "Request")]
    phone: Annotated[
        str,
        label(
            "新联系电话",
            "New telephone",
            pattern=PHONE,
            max_length=20,
            help_zh="核对后记入党员名册",
            help_en="Checked, then kept in the roll",
        ),
    ]


class ReturnPhoneChange(Command, frozen=True, kw_only=True, tag="return-phone-change"):
    """The branch sends the request back; the member reads why and may ask again."""

    zh: ClassVar[str] = "退回变更联系电话申请"
    en: ClassVar[str] = "Return a change of telephone"

    request_id: Annotated[RequestId, label("申请", "Request")]
    reason: Annotated[LongText, label("退回原因", "Reason", min_length=1)]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request, and what became of it: nothing yet, approved or returned, or replaced by a later one."""

    asked: PhoneChangeRequested
    ended: PhoneChangeApproved | PhoneChangeReturned | None = None
    replaced: bool = False

    @property
    def waits(self) -> bool:
        return self.ended is None and not self.replaced


class Requests(msgspec.Struct, frozen=True, kw_only=True):
    """The requests of the members of a branch, in the order of asking."""

    known: Mapping[RequestId, Request] = {}

    def of(self, person_id: PersonId) -> tuple[Request, ...]:
        return tuple(one for one in self.known.values() if one.asked.person_id == person_id)

    @property
    def waiting(self) -> tuple[Request, ...]:
        return tuple(one for one in self.known.values() if one.waits)


def evolve(requests: Requests, event: Event) -> Requests:
    """Of one member one request waits at most: the last."""
    own_event = cast("RequestEvent", event)
    match own_event:
        case PhoneChangeRequested():
            before = {one.asked.request_id: replace(one, replaced=True) for one in requests.of(own_event.person_id) if one.waits}
            return Requests(known={**requests.known, **before, own_event.request_id: Request(asked=own_event)})
        case PhoneChangeApproved() | PhoneChangeReturned():
            request = replace(requests.known[own_event.request_id], ended=own_event)
            return Requests(known={**requests.known, own_event.request_id: request})
        case other:
            assert_never(other)


REQUESTS = Fold[Requests](name="requests", book=own, stream=lambda _command: STREAM, initial=Requests(), evolve=evolve)


def request_phone_change(command: RequestPhoneChange, context: Context, requests: Requests, roster: Roster) -> Outcome:
    """By a member of the branch, about oneself (INV-002, INV-009). Asked again with the same id it is nothing to do."""
    person = context.myself()
    roster.must_be_active(person, command.occurred_on, "phone")
    request_id = command.request_id or RequestId(context.event_ids[0])
    known = requests.known.get(request_id)
    if known is not None and known.asked.person_id == person and known.asked.occurred_on == command.occurred_on:
        return []
    if known is not None:
        raise Conflict(f"{request_id} names another request")
    return [PhoneChangeRequested(occurred_on=command.occurred_on, request_id=request_id, person_id=person, phone=command.phone)]


def approve_phone_change(command: ApprovePhoneChange, context: Context, requests: Requests, roster: Roster) -> Outcome:
    """The profile of a member who still belongs here is changed in the same moment (INV-009)."""
    request = _open(requests, command, PhoneChangeApproved)
    if request is None:
        return []
    person = request.asked.person_id
    roster.must_be_active(person, command.occurred_on, "request_id")
    return [
        MemberProfileChanged(occurred_on=command.occurred_on, person_id=person, reason=REASON, phone=command.phone),
        PhoneChangeApproved(occurred_on=command.occurred_on, request_id=command.request_id, person_id=person, handled_by=context.person_id),
    ]


def return_phone_change(command: ReturnPhoneChange, context: Context, requests: Requests) -> Outcome:
    request = _open(requests, command, PhoneChangeReturned)
    if request is None:
        return []
    return [
        PhoneChangeReturned(
            occurred_on=command.occurred_on,
            request_id=command.request_id,
            person_id=request.asked.person_id,
            reason=command.reason,
            handled_by=context.person_id,
        )
    ]


def _open(
    requests: Requests, command: ApprovePhoneChange | ReturnPhoneChange, end: type[PhoneChangeApproved | PhoneChangeReturned]
) -> Request | None:
    """The request that waits; None when the same was done before. Raises `Absent`, or `Conflict` when something else became of it."""
    request = requests.known.get(command.request_id)
    if request is None:
        raise Absent(f"request {command.request_id}")
    if isinstance(request.ended, end):
        return None
    if not request.waits:
        raise Conflict(f"request {command.request_id} waits no more")
    if command.occurred_on < request.asked.occurred_on:
        raise Conflict(f"the request is of {request.asked.occurred_on}")
    return request


CASES = (
    Case(command=RequestPhoneChange, right=Right.OWN_WRITE, reads=(REQUESTS, ROSTER), decide=request_phone_change),
    Case(command=ApprovePhoneChange, right=Right.ROSTER_WRITE, reads=(REQUESTS, ROSTER), decide=approve_phone_change),
    Case(command=ReturnPhoneChange, right=Right.ROSTER_WRITE, reads=(REQUESTS,), decide=return_phone_change),
)
