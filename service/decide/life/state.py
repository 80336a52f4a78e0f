"""The entries of a branch's organisation life that stand beside its meetings (N10, N11)."""

from collections.abc import Mapping
from typing import Annotated, TypeVar, assert_never, cast

import msgspec

from events.base import Event
from events.organisation_life import (
    LifeEntryWithdrawn,
    LifeEvent,
    LifeId,
    LifeMeetingHeld,
    PaperFiled,
    PledgeFulfilmentReported,
    PledgeRecorded,
    RectificationItemClosed,
    RectificationItemOpened,
    SpeechRecorded,
)
from service.decide.base import Context, Fold, label, own
from service.errors import Absent, Conflict

E = TypeVar("E", bound=LifeEvent)


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """All entries that stand, by name, in the order of recording."""

    standing: Mapping[LifeId, LifeEvent] = {}
    withdrawn: frozenset[LifeId] = frozenset()
    numbers: Mapping[int, int] = {}
    """Last number of an item to put right, by year; never given twice."""

    def of(self, kind: type[E], entry_id: LifeId) -> E:
        """The entry of that kind which stands under this name."""
        found = self.standing.get(entry_id)
        if not isinstance(found, kind):
            raise Absent(f"{kind.zh} {entry_id}")
        return found

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.standing.values() if isinstance(event, kind)]


def evolve(life: Life, event: Event) -> Life:
    """The entries after one more event of their stream."""
    own_event = cast("LifeEvent", event)
    match own_event:
        case (
            PaperFiled()
            | LifeMeetingHeld()
            | SpeechRecorded()
            | PledgeRecorded()
            | PledgeFulfilmentReported()
            | RectificationItemOpened()
            | RectificationItemClosed()
        ):
            return msgspec.structs.replace(
                life, standing={**life.standing, own_event.entry_id: own_event}, numbers=_numbers(life.numbers, own_event)
            )
        case LifeEntryWithdrawn():
            left = {entry_id: entry for entry_id, entry in life.standing.items() if entry_id != own_event.entry_id}
            return msgspec.structs.replace(life, standing=left, withdrawn=life.withdrawn | {own_event.entry_id})
        case _:
            assert_never(own_event)


def _numbers(numbers: Mapping[int, int], event: LifeEvent) -> Mapping[int, int]:
    if not isinstance(event, RectificationItemOpened):
        return numbers
    year, number = (int(part) for part in event.number.split("-"))
    return {**numbers, year: number}


LIFE = Fold[Life](name="organisation-life", book=own, stream=lambda _command: "organisation-life", initial=Life(), evolve=evolve)

NewEntry = Annotated[LifeId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]


def new_name(life: Life, given: LifeId | None, context: Context) -> LifeId:
    """The name of a new entry: the id of its event, unless the client gave one that is still free."""
    name = given or LifeId(context.event_ids[0])
    if name in life.standing or name in life.withdrawn:
        raise Conflict(f"entry {name} is on record already")
    return name
