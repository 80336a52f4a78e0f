"""What is known of one item of openness, of the catalogue and of what readers said (norm N07, rules R-F)."""

import datetime as dt
import enum
from collections.abc import Collection, Mapping
from typing import Any, assert_never, cast

import msgspec

from events.base import Event
from events.disclosure import (
    BoardEvent,
    CatalogueAdopted,
    DisclosureCorrected,
    DisclosureDecided,
    DisclosureDecidedAbove,
    DisclosureEnded,
    DisclosureId,
    DisclosurePublished,
    DisclosureScope,
    DisclosureSubmitted,
    FeedbackAnswered,
    FeedbackId,
    FeedbackReceived,
    ItemDropped,
    ItemEvent,
    ItemProposed,
    ItemReviewed,
    Secrecy,
)
from projections.standard.personal import found
from service.decide.base import Fold, own
from service.errors import Absent, Conflict, Refused


class Stage(enum.Enum):
    """Where an item stands."""

    PROPOSED = "proposed"
    SENT_BACK = "sent back"
    REVIEWED = "reviewed"
    REJECTED = "not approved"
    SUBMITTED = "with the superior"
    APPROVED = "approved"
    PUBLISHED = "published"
    ENDED = "taken down"
    DROPPED = "dropped"


class Openness(msgspec.Struct, frozen=True, kw_only=True):
    """One item with its opinions; or, of the stream `disclosure`, the catalogues and the requests about no item."""

    proposed: ItemProposed | None = None
    reviewed: ItemReviewed | None = None
    submitted: DisclosureSubmitted | None = None
    """To the superior, who then decides."""
    decided: DisclosureDecided | DisclosureDecidedAbove | None = None
    published: DisclosurePublished | None = None
    corrected: DisclosureCorrected | None = None
    """The newest correction."""
    ended: DisclosureEnded | None = None
    dropped: ItemDropped | None = None
    feedback: Mapping[FeedbackId, FeedbackReceived] = {}
    answers: Mapping[FeedbackId, FeedbackAnswered] = {}
    catalogues: Mapping[int, CatalogueAdopted] = {}

    @property
    def stage(self) -> Stage:
        if self.dropped is not None:
            return Stage.DROPPED
        if self.ended is not None:
            return Stage.ENDED
        if self.published is not None:
            return Stage.PUBLISHED
        if self.decided is not None:
            return Stage.APPROVED if self.decided.granted else Stage.REJECTED
        if self.submitted is not None:
            return Stage.SUBMITTED
        if self.reviewed is not None:
            return Stage.REVIEWED if self.reviewed.passed else Stage.SENT_BACK
        return Stage.PROPOSED

    @property
    def content(self) -> str:
        """What the item says, corrections included."""
        assert self.proposed is not None, "an item begins with its proposal"
        return self.proposed.content if self.corrected is None else self.corrected.content

    @property
    def last_on(self) -> dt.date:
        """The day of the newest step, which the next one cannot precede."""
        steps = (self.proposed, self.reviewed, self.submitted, self.decided, self.published, self.corrected, self.ended)
        return max(step.occurred_on for step in steps if step is not None)


EMPTY = Openness()
change = msgspec.structs.replace


def evolve(known: Openness, event: Event) -> Openness:  # noqa: PLR0911 - one line for each event
    """An item, or the board of the branch, after one more event of its stream."""
    own_event = cast("ItemEvent | BoardEvent", event)
    match own_event:
        case ItemProposed():
            return change(known, proposed=own_event, reviewed=None, submitted=None, decided=None)
        case ItemReviewed():
            return change(known, reviewed=own_event)
        case DisclosureSubmitted():
            return change(known, submitted=own_event)
        case DisclosureDecided() | DisclosureDecidedAbove():
            return change(known, decided=own_event)
        case DisclosurePublished():
            return change(known, published=own_event)
        case DisclosureCorrected():
            return change(known, corrected=own_event)
        case DisclosureEnded():
            return change(known, ended=own_event)
        case ItemDropped():
            return change(known, dropped=own_event)
        case FeedbackReceived():
            return change(known, feedback={**known.feedback, own_event.feedback_id: own_event})
        case FeedbackAnswered():
            return change(known, answers={**known.answers, own_event.feedback_id: own_event})
        case CatalogueAdopted():
            return change(known, catalogues={**known.catalogues, own_event.year: own_event})
        case _:
            assert_never(own_event)


def _item_stream(command: Any) -> str | None:
    return f"disclosure-{command.item_id}" if command.item_id else None


def _voices_stream(command: Any) -> str:
    return _item_stream(command) or "disclosure"


ITEM = Fold[Openness](name="disclosure", book=own, stream=_item_stream, initial=EMPTY, evolve=evolve)
BOARD = Fold[Openness](name="disclosure-board", book=own, stream=lambda _command: "disclosure", initial=EMPTY, evolve=evolve)
VOICES = Fold[Openness](name="disclosure-voices", book=own, stream=_voices_stream, initial=EMPTY, evolve=evolve)
"""The item that was spoken about, or the board."""

DISCLOSABLE = frozenset({Secrecy.OPEN, Secrecy.INTERNAL})


def must_be_known(item: Openness, item_id: DisclosureId, day: dt.date) -> ItemProposed:
    """The item's proposal, unless there is no such item; what follows a step is not dated before it."""
    if item.proposed is None:
        raise Absent(f"item {item_id}")
    if day < item.last_on:
        raise Conflict(f"item {item_id}: its last step is of {item.last_on}")
    return item.proposed


def must_be_disclosable(secrecy: Secrecy, scope: DisclosureScope, field: str) -> None:
    """INV-084; what is internal is not for society."""
    if secrecy not in DISCLOSABLE or (scope is DisclosureScope.SOCIETY and secrecy is not Secrecy.OPEN):
        raise Refused("INV-084", field, detail=secrecy.value)


def must_hold_nothing_personal(field: str, persons: Collection[str] = (), **texts: str | None) -> None:
    """INV-084: a number or address of a person, or a member's id, is never disclosed; what was found is named, never repeated."""
    for name, text in texts.items():
        if text is not None and (hits := found(text, persons)):
            raise Refused("INV-084", field, detail=f"{name} holds {hits[0].kind}")
