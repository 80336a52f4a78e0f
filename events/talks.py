"""Heart-to-heart talks (N12, R-A14). What was said is the partner's own matter and sealed.

Room: THE RECORD. One stream `talks` in the branch's book.
"""

import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Event, Personal, PersonId, Text, Upcast, shaped

TalkId = NewType("TalkId", str)
shaped(TalkId, IDENTITY)

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$(?!\n)")]
"""A local time of day, `14:30`."""


class TalkPair(Choice):
    """Between whom (R-A14): worked out from the posts of that day."""

    SECRETARY_COMMITTEE = "secretary_committee", "书记与班子成员", "Secretary and committee member"
    COMMITTEE = "committee", "班子成员之间", "Between committee members"
    COMMITTEE_MEMBER = "committee_member", "班子成员与党员", "Committee member and member"
    MEMBERS = "members", "党员之间", "Between members"


class TalkTrigger(Choice):
    """Why the talk took place (N12.T01, T06)."""

    ROUTINE = "routine", "日常谈心", "Routine"
    LIFE_MEETING = "life_meeting", "组织生活会前", "Before the organisation life meeting"
    POST_CHANGE = "post_change", "职务变动", "Change of post"
    HARDSHIP = "hardship", "遇到困难", "In trouble"
    PUNISHED = "punished", "受到处分", "Punished"
    CONFLICT = "conflict", "存在矛盾", "In conflict with others"
    OTHER = "other", "其他需要", "Other need"


class OfTalk(Event, frozen=True, kw_only=True):
    """What they share: which talk, with whom, and the stream."""

    talk_id: TalkId
    person_id: PersonId
    """谈话对象: the one who was talked to."""

    def stream(self) -> str:
        return "talks"


class TalkRecorded(OfTalk, frozen=True, kw_only=True, tag="talks.recorded"):
    """Two members talked; the five matters of N12.T01 to T05, each sealed with the partner's key."""

    zh: ClassVar[str] = "谈心谈话记录"
    en: ClassVar[str] = "Talk recorded"

    talker_id: PersonId
    """谈话人."""
    pair: TalkPair
    with_secretary: bool
    """One of the two is the secretary (N22.T01)."""
    trigger: TalkTrigger
    place: Text | None = None
    starts_at: Clock | None = None
    situation: Personal
    """Thinking, work, style, study, family (N12.T01)."""
    problems: Personal | None = None
    """Shortcomings pointed out (N12.T02)."""
    suggestions: Personal | None = None
    opinions: Personal | None = None
    """What the partner said of the talker (N12.T03)."""
    criticism: Personal | None = None
    """Criticism and self-criticism (N12.T05)."""
    signed: bool
    """Both signed the paper form."""


class TalkWithdrawn(OfTalk, frozen=True, kw_only=True, tag="talks.withdrawn"):
    """The talk was entered wrongly; its row is struck."""

    zh: ClassVar[str] = "谈心谈话撤销"
    en: ClassVar[str] = "Talk withdrawn"

    reason: Text


TalkEvent = TalkRecorded | TalkWithdrawn
"""What the stream `talks` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(TalkEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
