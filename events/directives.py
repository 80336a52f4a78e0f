"""Directives: what the committee asks of its branches, and what each of them did about it (N09.T04; 上级部署与督办).

Room: THE RECORD. The stream `directives`: in the committee's book what was issued, in a branch's book what was delivered to it.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, OrgId, PersonId, Text, Upcast, shaped

DirectiveId = NewType("DirectiveId", str)
"""A directive, named by the event that issued it; the same in every book."""
AnswerId = NewType("AnswerId", str)
"""An answer of a branch, named by its event."""
TablingId = NewType("TablingId", str)
"""That a meeting studied a directive, named by its event."""

shaped(DirectiveId, IDENTITY)
shaped(AnswerId, IDENTITY)
shaped(TablingId, IDENTITY)

FileId = Annotated[str, msgspec.Meta(pattern=IDENTITY)]
"""A file or paper of the index of the book that names it (L10)."""
DutyId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.-]{1,16}(:[A-Za-z0-9_.-]{1,64}){1,2}$")]
"""An obligation of the branch."""
Entry = Annotated[str, msgspec.Meta(pattern=IDENTITY)]
"""An entry about a directive."""
Link = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]{1,40}/[A-Za-z0-9.-]{1,16}(:[A-Za-z0-9_.-]{1,64}){1,2}$")]
"""`<branch>/<obligation>`: what is urged of whom."""


class DirectiveKind(Choice):
    """What the superior asks for."""

    DOCUMENT = "document", "上级文件", "Document to study and carry out"
    WORK = "work", "工作部署", "Work assigned"
    URGING = "urging", "督办", "Urging of what is overdue"


class Round(Choice):
    """What went out to the branches."""

    ISSUE = "issue", "送达", "Delivered"
    RECALL = "recall", "撤回送达", "Recalled"


class DirectiveStep(Choice):
    """What may be taken back: the last entry of its kind."""

    SIGNED = "signed", "签收", "Signed for"
    ASSIGNED = "assigned", "交办", "Handed over"
    TABLED = "tabled", "研究部署", "Tabled"
    ANSWERED = "answered", "落实情况报告", "Answered"
    ACCEPTED = "accepted", "办结", "Accepted"
    RETURNED = "returned", "退回", "Returned"


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A branch that could not be reached, and why."""

    org_id: OrgId
    why: Text


class OfDirective(Event, frozen=True, kw_only=True):
    """What all events of directives share: which one, and their stream."""

    directive_id: DirectiveId

    def stream(self) -> str:
        return "directives"


# In the committee's book


class DirectiveIssued(OfDirective, frozen=True, kw_only=True, tag="directives.issued"):
    """The committee decided what it asks of which branches; delivery follows from this one entry (N09.T04)."""

    zh: ClassVar[str] = "印发上级部署"
    en: ClassVar[str] = "Directive issued"

    kind: DirectiveKind
    number: Text
    title: Text
    text: LongText
    issuer: Text
    """The committee's name on that day."""
    answer_by: dt.date | None = None
    """When every branch reports what it did; none: no answer is asked for."""
    table_by: dt.date | None = None
    enclosures: tuple[Text, ...] = ()
    """What comes with it on paper, by title."""
    documents: tuple[FileId, ...] = ()
    """Files of the committee that come with it."""
    to_all: bool = False
    """To every branch that is under the committee on this page of its book."""
    addressees: tuple[OrgId, ...] = ()
    obligations: tuple[Link, ...] = ()


class DirectiveWithdrawn(OfDirective, frozen=True, kw_only=True, tag="directives.withdrawn"):
    """The committee takes a directive back; no branch has to do anything about it any more."""

    zh: ClassVar[str] = "撤回上级部署"
    en: ClassVar[str] = "Directive withdrawn"

    reason: Text


class DirectiveDispatched(OfDirective, frozen=True, kw_only=True, tag="directives.dispatched"):
    """Every addressee was reached, or cannot be; recorded once by the worker that did the last of it."""

    zh: ClassVar[str] = "上级部署送达完毕"
    en: ClassVar[str] = "Directive dispatched"

    round: Round
    delivered: Count
    failed: tuple[Failure, ...] = ()


# In the branch's book


class DirectiveDelivered(OfDirective, frozen=True, kw_only=True, tag="directives.delivered"):
    """A directive of the superior reached the branch, whole (N09.T04)."""

    zh: ClassVar[str] = "上级部署送达"
    en: ClassVar[str] = "Directive delivered"

    from_org_id: OrgId
    kind: DirectiveKind
    number: Text
    title: Text
    text: LongText
    issuer: Text
    issued_on: dt.date
    answer_by: dt.date | None = None
    table_by: dt.date | None = None
    """As the directive says, else the default of working days, where it has to be tabled."""
    enclosures: tuple[Text, ...] = ()
    documents: tuple[FileId, ...] = ()
    obligations: tuple[DutyId, ...] = ()
    paper_id: FileId | None = None
    """The same paper of the same issuer that the branch had signed for before (`documents.superior_received`)."""


class DirectiveSigned(OfDirective, frozen=True, kw_only=True, tag="directives.signed"):
    """The branch signed for it (上级文件签收)."""

    zh: ClassVar[str] = "签收上级部署"
    en: ClassVar[str] = "Directive signed for"


class DirectiveAssigned(OfDirective, frozen=True, kw_only=True, tag="directives.assigned"):
    """A member of the branch was made responsible for it."""

    zh: ClassVar[str] = "交办上级部署"
    en: ClassVar[str] = "Directive handed over"

    person_id: PersonId


class DirectiveTabled(OfDirective, frozen=True, kw_only=True, tag="directives.tabled"):
    """A meeting of the branch studied it and arranged the work (列入议题; N09.T04)."""

    zh: ClassVar[str] = "研究部署上级要求"
    en: ClassVar[str] = "Directive tabled"

    tabling_id: TablingId
    meeting_id: MeetingId
    arrangement: LongText


class DirectiveAnswered(OfDirective, frozen=True, kw_only=True, tag="directives.answered"):
    """The branch reported what it did (落实情况报告)."""

    zh: ClassVar[str] = "报告落实情况"
    en: ClassVar[str] = "Directive answered"

    answer_id: AnswerId
    follows_id: AnswerId | None = None
    """The answer that came back, in whose place this one stands."""
    text: LongText
    documents: tuple[FileId, ...] = ()


class AnswerAccepted(OfDirective, frozen=True, kw_only=True, tag="directives.accepted"):
    """The committee found the answer sufficient: the matter is closed for this branch."""

    zh: ClassVar[str] = "办结上级部署"
    en: ClassVar[str] = "Answer accepted"

    answer_id: AnswerId
    comment: Text = ""


class AnswerReturned(OfDirective, frozen=True, kw_only=True, tag="directives.returned"):
    """The committee sent the answer back, with what is wanting and a new day."""

    zh: ClassVar[str] = "退回落实情况报告"
    en: ClassVar[str] = "Answer returned"

    answer_id: AnswerId
    reason: LongText
    answer_by: dt.date


class DirectiveRecalled(OfDirective, frozen=True, kw_only=True, tag="directives.recalled"):
    """What was delivered was withdrawn by the superior."""

    zh: ClassVar[str] = "上级部署撤回"
    en: ClassVar[str] = "Directive recalled"

    reason: Text
    waiting_id: AnswerId | None = None
    """The answer that nobody has to decide on any more."""
    returned_id: AnswerId | None = None
    """The answer that nobody has to make good any more."""


class DirectiveStepWithdrawn(OfDirective, frozen=True, kw_only=True, tag="directives.step_withdrawn"):
    """A wrong entry about a directive was taken back; it stays visible."""

    zh: ClassVar[str] = "上级部署登记撤回"
    en: ClassVar[str] = "Entry about a directive withdrawn"

    step: DirectiveStep
    entry_id: Entry
    """The answer or the tabling; the directive itself for the signature and the handing over."""
    reason: Text


DirectiveEvent = (
    DirectiveIssued
    | DirectiveWithdrawn
    | DirectiveDispatched
    | DirectiveDelivered
    | DirectiveSigned
    | DirectiveAssigned
    | DirectiveTabled
    | DirectiveAnswered
    | AnswerAccepted
    | AnswerReturned
    | DirectiveRecalled
    | DirectiveStepWithdrawn
)
"""What the stream `directives` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(DirectiveEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
