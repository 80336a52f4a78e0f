"""The pieces of a decision: command, history folded to a state, a pure function to events or a refusal.

A noun file declares its commands, its folds and one `CASES` tuple; `catalog.py` lists the nouns. Nothing here does I/O.
"""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import msgspec

from events.base import Event, LongText, OrgId, PersonId
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.errors import Forbidden

S = TypeVar("S")


def label(zh: str, en: str, *, help_zh: str = "", help_en: str = "", **bounds: Any) -> msgspec.Meta:
    """The label (and help) of a command field for forms, sheets and OpenAPI, with msgspec bounds (`ge`, `max_length`)."""
    extra = {"x-zh": zh, "x-help-zh": help_zh, "x-help-en": help_en}
    return msgspec.Meta(title=en, description=help_en or None, extra_json_schema=extra, extra={"zh": zh, "en": en}, **bounds)


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An intention. Subclasses are imperative, tagged with their kebab name; `zh`/`en` title the form."""

    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""

    occurred_on: Annotated[dt.date, label("发生日期", "Date of occurrence")]
    late_reason: Annotated[LongText | None, label("补录原因", "Reason for late entry")] = None


class Elsewhere(msgspec.Struct, frozen=True):
    """An event for another organisation's book, recorded in the same transaction."""

    org_id: OrgId
    event: Event


Outcome = list[Event | Elsewhere]
"""What a decision gives: events in order; an empty list means that there is nothing to do."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a decider may know beside history: who, where, when, the rules in force on `occurred_on`."""

    org_id: OrgId
    committee_id: OrgId
    actor: str
    now: dt.datetime
    """UTC instant."""
    today: dt.date
    """The local date of `now` (Asia/Shanghai)."""
    rules: Rules
    event_ids: tuple[str, ...]
    """Ids that the events of this command will bear, in order; a new thing is named by the event that began it."""
    blind: Callable[[str], str]
    """Keyed blind index of an identifier (ID number), for claims; never a plain hash."""
    person_id: PersonId | None = None
    """Who sends the command, where the account belongs to a person."""

    def myself(self) -> PersonId:
        """The person of a command about oneself. Raises `Forbidden` for an account that belongs to nobody."""
        if self.person_id is None:
            raise Forbidden(Right.OWN_WRITE)
        return self.person_id


class Fold(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """How the events of one stream become the state that a decision looks at."""

    name: str
    book: Callable[[OrgId, Any], OrgId]
    """(own org, command) -> whose book; nearly always the own one: `own`."""
    stream: Callable[[Any], str | None]
    """command -> stream name; None when this command has nothing to read there (the state is then the initial one)."""
    initial: S
    evolve: Callable[[S, Event], S]


WHOLE = "*"
"""The stream of a fold that looks at a whole book. It is read anew each time, so only for what happens rarely; and what another process
records in that very moment is not seen, for an append proves streams and not books."""


def own(org_id: OrgId, _command: Any) -> OrgId:
    return org_id


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One command: who may, what it reads, how it is decided. `decide(command, context, *states)` in the order of `reads`."""

    command: type[Command]
    right: Right
    reads: tuple[Fold[Any], ...]
    decide: Callable[..., Outcome]


def command_name(command: type[Command] | Command) -> str:
    """The kebab name, such as `receive-dues`: path segment, form address, idempotency scope."""
    tag = command.__struct_config__.tag
    assert isinstance(tag, str)
    return tag
