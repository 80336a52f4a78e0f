"""What a member asks of the branch about the own data: another telephone number (N04.M02; personal data may be corrected by their owner).

Room: THE RECORD. One stream per branch. The change itself is a change of the profile; here stands who asked, and what became of it.
"""

import typing
from typing import ClassVar, NewType

from events.base import IDENTITY, Event, Personal, PersonId, Sensitive, Upcast, shaped

RequestId = NewType("RequestId", str)
shaped(RequestId, IDENTITY)

STREAM = "requests"


class OfRequest(Event, frozen=True, kw_only=True):
    """What all of them share: the request, whose it is, and the stream."""

    request_id: RequestId
    person_id: PersonId

    def stream(self) -> str:
        return STREAM


class PhoneChangeRequested(OfRequest, frozen=True, kw_only=True, tag="requests.phone_change_requested"):
    """A member asks that the branch keep another telephone number; a later request takes the place of one that waits."""

    zh: ClassVar[str] = "申请变更联系电话"
    en: ClassVar[str] = "Change of telephone asked for"

    phone: Sensitive


class PhoneChangeApproved(OfRequest, frozen=True, kw_only=True, tag="requests.phone_change_approved"):
    """The branch agreed; the profile was changed in the same moment."""

    zh: ClassVar[str] = "同意变更联系电话"
    en: ClassVar[str] = "Change of telephone approved"

    handled_by: PersonId | None = None
    """None: an account that belongs to nobody."""


class PhoneChangeReturned(OfRequest, frozen=True, kw_only=True, tag="requests.phone_change_returned"):
    """The branch sent the request back to the member, with the reason."""

    zh: ClassVar[str] = "退回变更联系电话申请"
    en: ClassVar[str] = "Change of telephone returned"

    reason: Personal
    handled_by: PersonId | None = None


RequestEvent = PhoneChangeRequested | PhoneChangeApproved | PhoneChangeReturned
"""What the stream `requests` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(RequestEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
