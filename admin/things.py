"""Things of a branch that forms point to, told from its own events: meetings, letters, payments, decisions; the newest first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from admin import show
from admin.ids import BORNE
from admin.show import Names
from admin.words import named
from events.base import Event
from events.dues import DuesReceived, DuesReversed, DuesSpendingApproved
from events.meetings import MeetingCancelled, MeetingHeld, MeetingScheduled, MeetingWithdrawn
from events.store.keys import is_sealed
from events.store.record import Fact
from events.transfers import (
    AcceptanceNoted,
    LetterExpired,
    LetterIssued,
    LetterVoided,
    ReceiptFiled,
    ReceiptReturned,
    RefusalNoted,
    TransferAccepted,
    TransferReceived,
    TransferRefused,
    TransferStep,
    TransferStepWithdrawn,
)
from projections.query_documents import CASES

SHOWN_MAX = 200
TEXT_MAX = 40
"""Of what a thing is called."""
Facts = Sequence[Fact[Event]]


class Thing(msgspec.Struct, frozen=True):
    """Something to pick."""

    id: str
    text: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer that waits for the next step, since a day, and the command that takes it."""

    text: str
    since: dt.date
    command: str
    query: Mapping[str, str]


def meetings(facts: Facts) -> list[Thing]:
    """Planned and held ones; a meeting that was held is called by its own date and topic."""
    found: dict[str, tuple[dt.date, str]] = {}
    plans: dict[str, tuple[dt.date, str]] = {}
    for fact in facts:
        match fact.event:
            case MeetingScheduled() as plan:
                found[plan.meeting_id] = plans[plan.meeting_id] = (plan.planned_on, f"{plan.planned_on} {named(plan.kind)} {plan.topic}")
            case MeetingHeld() as held:
                found[held.meeting_id] = (held.occurred_on, f"{held.occurred_on} {named(held.kind)} {held.topic}")
            case MeetingCancelled() as cancelled:
                found.pop(cancelled.meeting_id, None)
            case MeetingWithdrawn() as withdrawn:
                found.pop(withdrawn.meeting_id, None)
                if withdrawn.meeting_id in plans:
                    found[withdrawn.meeting_id] = plans[withdrawn.meeting_id]
            case _:
                pass  # what happened inside a meeting does not change what it is called
    newest = sorted(found.items(), key=lambda item: item[1], reverse=True)
    return [Thing(meeting_id, text) for meeting_id, (_, text) in newest[:SHOWN_MAX]]


def payments(facts: Facts, names: Names) -> list[Thing]:
    """Payments that stand."""
    found: dict[str, str] = {}
    for fact in facts:
        match fact.event:
            case DuesReceived() as paid:
                found[paid.entry_id] = " ".join(
                    (str(paid.occurred_on), names.get(paid.person_id, paid.person_id), paid.month, show.money(paid.amount_fen))
                )
            case DuesReversed() as reversal:
                found.pop(reversal.entry_id, None)
            case _:
                pass
    return [Thing(entry_id, text) for entry_id, text in list(reversed(found.items()))[:SHOWN_MAX]]


def decisions(facts: Facts) -> list[Thing]:
    """Collective decisions to spend dues."""
    found = {
        fact.event.decision_id: f"{fact.event.occurred_on} {fact.event.purpose} {show.money(fact.event.amount_fen)}"
        for fact in facts
        if isinstance(fact.event, DuesSpendingApproved)
    }
    return [Thing(decision_id, text) for decision_id, text in list(reversed(found.items()))[:SHOWN_MAX]]


def letters(facts: Facts, names: Names) -> list[Thing]:
    """Letters out and in."""
    found: dict[str, str] = {}
    for fact in _standing(facts):
        match fact.event:
            case LetterIssued() as issued:
                found[issued.letter_id] = f"{issued.number} {names.get(issued.person_id, '')} → {issued.to_name}"
            case TransferReceived() as came:
                found[came.letter_id] = f"{came.number} {names.get(came.person_id, '')} ← {came.from_name}"
            case _:
                pass
    return [Thing(letter_id, text) for letter_id, text in list(reversed(found.items()))[:SHOWN_MAX]]


def begun(kind: Any, facts: Facts, names: Names) -> list[Thing]:
    """The things of a kind as the first event of each tells them, the newest first."""
    fields = BORNE.get(kind, {})
    found: dict[str, str] = {}
    for fact in facts:
        name = getattr(fact.event, fields.get(type(fact.event), ""), None)
        if isinstance(name, str) and name not in found:
            found[name] = f"{fact.event.occurred_on} {_told_first(fact.event, fields[type(fact.event)], names)}"
    return [Thing(name, text) for name, text in list(reversed(found.items()))[:SHOWN_MAX]]


def matters(facts: Facts, names: Names) -> list[Thing]:
    """Meetings as they are called, other cases as the first event of each tells them, by their streams, the latest first."""
    found = {f"meeting-{one.id}": one.text for one in meetings(facts)}
    for fact in facts:
        stream = fact.event.stream()
        case, _, one = stream.partition("-")
        if case in CASES and case != "meeting" and one and stream not in found:
            found[stream] = f"{fact.event.occurred_on} {_told_first(fact.event, '', names)}"
    latest = sorted(found.items(), key=lambda item: item[1], reverse=True)
    return [Thing(stream, text) for stream, text in latest[:SHOWN_MAX]]


def _told_first(event: Event, field: str, names: Names) -> str:
    """Whom it is about, else its first plain text, after what happened."""
    person = getattr(event, "person_id", None)
    if person is not None:
        return f"{named(event)} {names.get(person, person)}"
    for info in msgspec.structs.fields(event):
        value = getattr(event, info.name)
        if type(value) is str and value and info.name != field and not is_sealed(value) and not info.name.endswith("_id"):
            return f"{named(event)} {value[:TEXT_MAX]}"
    return named(event)


def waiting(facts: Facts, names: Names) -> list[Waiting]:
    """What the branch has to do next about its letters: receive the receipt, accept, send the receipt back."""
    found: dict[str, Waiting] = {}
    for fact in _standing(facts):
        match fact.event:
            case LetterIssued() as issued:
                text = f"{issued.number} {names.get(issued.person_id, '')} → {issued.to_name}"
                found[issued.letter_id] = _step(text, issued.occurred_on, "record-receipt", letter_id=issued.letter_id)
            case TransferReceived() as came:
                text = f"{came.number} {names.get(came.person_id, '')} ← {came.from_name}"
                home = {"from_org_id": came.from_org_id} if came.from_org_id else {}
                command = "accept-transfer" if came.from_org_id else "accept-outside-transfer"
                found[came.letter_id] = _step(text, came.occurred_on, command, letter_id=came.letter_id, **home)
            case TransferAccepted(letter_id=letter_id) as accepted if letter_id in found:
                found[letter_id] = _step(found[letter_id].text, accepted.occurred_on, "return-receipt", letter_id=letter_id)
            case (
                AcceptanceNoted(letter_id=letter_id)
                | LetterVoided(letter_id=letter_id)
                | LetterExpired(letter_id=letter_id)
                | RefusalNoted(letter_id=letter_id)
                | ReceiptFiled(letter_id=letter_id)
                | TransferRefused(letter_id=letter_id)
                | ReceiptReturned(letter_id=letter_id)
            ):
                found.pop(letter_id, None)
            case _:
                pass
    return sorted(found.values(), key=lambda one: one.since)


STEPS: Mapping[TransferStep, type[Event]] = {
    TransferStep.RECEIVED: TransferReceived,
    TransferStep.ACCEPTED: TransferAccepted,
    TransferStep.RETURNED: ReceiptReturned,
    TransferStep.FILED: ReceiptFiled,
}


def _standing(facts: Facts) -> list[Fact[Event]]:
    """Without the entries about letters that were taken back."""
    found: list[Fact[Event]] = []
    for fact in facts:
        if isinstance(fact.event, TransferStepWithdrawn):
            kind, letter = STEPS[fact.event.step], fact.event.letter_id
            mine = [at for at, one in enumerate(found) if type(one.event) is kind and getattr(one.event, "letter_id", None) == letter]
            del found[mine[-1]]
        else:
            found.append(fact)
    return found


def _step(text: str, since: dt.date, command: str, **query: str) -> Waiting:
    return Waiting(text=text, since=since, command=command, query=query)
