"""The disclosure view: what a branch has published, every version of it, and what readers said (N07, R-F).

A text comes into this view without numbers and addresses of persons and without ids of members: whoever reads the view, by whatever
search, cannot find what is not there. The first wall is the review, which refuses such a text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.disclosure import (
    DisclosureCorrected,
    DisclosureEnded,
    DisclosureId,
    DisclosurePublished,
    FeedbackAnswered,
    FeedbackReceived,
    ItemDropped,
    ItemProposed,
    ItemReviewed,
)
from events.members import MemberRegistered, MemberTransferredIn
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.standard.personal import hidden


class State(msgspec.Struct):
    """Proposals that wait for their publication, the number of versions of what is out, and ids that no text may show."""

    waiting: dict[DisclosureId, ItemProposed] = msgspec.field(default_factory=dict)
    secrecy: dict[DisclosureId, str] = msgspec.field(default_factory=dict)
    """The level that the review found."""
    versions: dict[DisclosureId, int] = msgspec.field(default_factory=dict)
    persons: dict[str, bool] = msgspec.field(default_factory=dict)


def entered(state: State, fact: Fact[MemberRegistered] | Fact[MemberTransferredIn]) -> Iterator[Row]:
    """Nothing to show: only what must not be shown."""
    state.persons[fact.event.person_id] = True
    yield from ()


def proposed(state: State, fact: Fact[ItemProposed]) -> Iterator[Row]:
    state.waiting[fact.event.item_id] = fact.event
    yield from ()


def reviewed(state: State, fact: Fact[ItemReviewed]) -> Iterator[Row]:
    state.secrecy[fact.event.item_id] = fact.event.secrecy.value
    yield from ()


def dropped(state: State, fact: Fact[ItemDropped]) -> Iterator[Row]:
    state.waiting.pop(fact.event.item_id, None)
    state.secrecy.pop(fact.event.item_id, None)
    yield from ()


def published(state: State, fact: Fact[DisclosurePublished]) -> Iterator[Row]:
    event = fact.event
    item = state.waiting.pop(event.item_id)
    state.versions[event.item_id] = 1
    content = hidden(item.content, state.persons)
    yield _item(
        fact,
        subject=event.subject.value,
        title=hidden(item.title, state.persons),
        entry=_hidden(item.catalogue_entry, state),
        content=content,
        scope=item.scope.value,
        audience=_hidden(item.audience, state),
        secrecy=state.secrecy.pop(event.item_id),
        ways=[way.value for way in event.ways],
        place=_hidden(event.place, state),
        retention=item.retention.value,
        published_on=event.occurred_on,
        until=event.until,
    )
    yield _version(fact, 1, content=content)


def corrected(state: State, fact: Fact[DisclosureCorrected]) -> Iterator[Row]:
    """The item says what is right; what it said before stays as an earlier version."""
    event = fact.event
    number = state.versions[event.item_id] = state.versions[event.item_id] + 1
    content = hidden(event.content, state.persons)
    yield _item(fact, content=content, corrected_on=event.occurred_on, secrecy=event.secrecy.value)
    yield _version(fact, number, content=content, reason=hidden(event.reason, state.persons))


def ended(state: State, fact: Fact[DisclosureEnded]) -> Iterator[Row]:
    state.versions.pop(fact.event.item_id, None)
    yield _item(fact, ended_on=fact.event.occurred_on, ended=fact.event.ground.value)


def voiced(state: State, fact: Fact[FeedbackReceived]) -> Iterator[Row]:
    """A request about something that is no item has no page to stand on."""
    event = fact.event
    if event.item_id is not None:
        said = hidden(event.content, state.persons)
        yield _voice(fact, item_id=event.item_id, kind=event.kind.value, said=said, said_on=event.occurred_on)


def answered(state: State, fact: Fact[FeedbackAnswered]) -> Iterator[Row]:
    event = fact.event
    if event.item_id is not None:
        answer = hidden(event.content, state.persons)
        yield _voice(fact, outcome=event.answer.value, answer=answer, answered_on=event.occurred_on)
        if event.item_id in state.versions:
            yield _item(fact)


def _hidden(text: str | None, state: State) -> str | None:
    return None if text is None else hidden(text, state.persons)


def _item(fact: Fact[Any], **values: Any) -> Row:
    told = {"changed_at": fact.recorded_at, "position": fact.position, **values}
    return Row(table="disclosure", key=(fact.event.item_id,), values=told)


def _version(fact: Fact[Any], number: int, **values: Any) -> Row:
    told = {"since": fact.event.occurred_on, "position": fact.position, **values}
    return Row(table="disclosure_version", key=(fact.event.item_id, f"{number:04d}"), values=told)


def _voice(fact: Fact[Any], **values: Any) -> Row:
    return Row(table="disclosure_voice", key=(fact.event.feedback_id,), values={"position": fact.position, **values})


HANDLERS: Mapping[type[Event], Handler] = {
    MemberRegistered: entered,
    MemberTransferredIn: entered,
    ItemProposed: proposed,
    ItemReviewed: reviewed,
    ItemDropped: dropped,
    DisclosurePublished: published,
    DisclosureCorrected: corrected,
    DisclosureEnded: ended,
    FeedbackReceived: voiced,
    FeedbackAnswered: answered,
}

PROJECTION = Projection[State](
    name="disclosure", tables=("disclosure", "disclosure_version", "disclosure_voice"), start=State, handlers=HANDLERS
)
