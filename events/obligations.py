"""Obligations of a branch: raised, reminded of, overdue, explained, escalated; waived or extended by the superior (rules 0.4, section 5).

Room: THE RECORD. The stream `obligations` of the branch. That one is fulfilled is no event: the evidence itself says so.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar

import msgspec

from events.base import Count, Event, LongText, Text, Upcast

ObligationId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.-]{1,16}(:[A-Za-z0-9_.-]{1,64}){1,2}$")]
"""`<deadline>:<period>`, with `:<subject>` where each has its own, or `<deadline>:<subject>`; the same however often it is worked out."""
Offset = Annotated[int, msgspec.Meta(ge=-400, le=400)]
"""Days or working days, as the deadline counts, from the due date or the fixed day that reminders count from; before it when negative."""


class OfObligation(Event, frozen=True, kw_only=True):
    """What all obligation events share: which one, and their stream."""

    obligation_id: ObligationId

    def stream(self) -> str:
        return "obligations"


class ObligationRaised(OfObligation, frozen=True, kw_only=True, tag="obligations.raised"):
    """A task of the standard fell to the branch, for a period or for one subject, with the due date of the rules of that day (0.4)."""

    zh: ClassVar[str] = "任务生成"
    en: ClassVar[str] = "Obligation raised"

    deadline: Text
    task: Text
    period: Text = ""
    """`2026-03`, `2026-Q1`; empty for one that an event began."""
    subject: Text = ""
    """The group or the thing it is about; empty for the branch."""
    due_on: dt.date
    needed: Count = 1
    """How many proofs it takes, by the rule of that day."""


class ObligationReminded(OfObligation, frozen=True, kw_only=True, tag="obligations.reminded"):
    """Whoever is responsible was reminded, once for each due date and offset (section 5)."""

    zh: ClassVar[str] = "任务临期提醒"
    en: ClassVar[str] = "Obligation reminded"

    due_on: dt.date
    offset: Offset


class ObligationOverdue(OfObligation, frozen=True, kw_only=True, tag="obligations.overdue"):
    """The due date passed without the evidence on record; the mark stays when it comes late (0.4)."""

    zh: ClassVar[str] = "任务逾期"
    en: ClassVar[str] = "Obligation overdue"

    due_on: dt.date


class ObligationEscalated(OfObligation, frozen=True, kw_only=True, tag="obligations.escalated"):
    """It went to the superior's task list; a second one for the same due date says that it is there for long (section 5)."""

    zh: ClassVar[str] = "上报上级督办"
    en: ClassVar[str] = "Obligation escalated"

    due_on: dt.date


class ObligationExplained(OfObligation, frozen=True, kw_only=True, tag="obligations.explained"):
    """The branch says why it is not done yet: reminders rest for some days, the overdue mark does not (section 5)."""

    zh: ClassVar[str] = "说明任务原因"
    en: ClassVar[str] = "Obligation explained"

    reason: LongText


class ObligationWaived(OfObligation, frozen=True, kw_only=True, tag="obligations.waived"):
    """The superior lets the branch off (INV-098)."""

    zh: ClassVar[str] = "任务豁免"
    en: ClassVar[str] = "Obligation waived"

    reason: LongText


class ObligationExtended(OfObligation, frozen=True, kw_only=True, tag="obligations.extended"):
    """The superior gives more time; reminders count anew from the new date (INV-098)."""

    zh: ClassVar[str] = "任务延期"
    en: ClassVar[str] = "Obligation extended"

    due_on: dt.date
    reason: LongText


ObligationEvent = (
    ObligationRaised
    | ObligationReminded
    | ObligationOverdue
    | ObligationEscalated
    | ObligationExplained
    | ObligationWaived
    | ObligationExtended
)
"""What the stream `obligations` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(ObligationEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
