"""Ledger L03, study: plans, joint sessions, notes, external trainings, reflections (N01.T03 to T06, N17)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, MeetingId
from events.education import (
    ReflectionSubmitted,
    StudyEntryWithdrawn,
    StudyId,
    StudyNotesReviewed,
    StudyNotesSubmitted,
    StudyPlanAdopted,
    StudySessionHeld,
    TrainingCarriedOver,
    TrainingCompleted,
    TrainingPlanned,
)
from events.meetings import LectureDelivered, LectureWithdrawn, MeetingCancelled, MeetingWithdrawn
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l03_hours import hours_text
from projections.ledgers.l03_registers import NOTES, PLANS, REFLECTIONS, SESSIONS, TRAININGS
from projections.ledgers.register import Register, entry, strike

LECTURE = "党课"
PLANNED, COMPLETED, CARRIED_OVER = "已列计划", "已完成", "结转"
ROWS: Mapping[str, Register] = {"plan": PLANS, "session": SESSIONS, "training": TRAININGS, "reflection": REFLECTIONS}
"""Entries that have rows of their own, struck when they are withdrawn."""


class Item(msgspec.Struct):
    """An entry that stands: what it is, the year of its rows, their keys, and what it is about."""

    kind: str
    year: int
    keys: list[str]
    about: str = ""


class Notes(msgspec.Struct):
    """The notes of one member and quarter; when all is withdrawn, the next begin a new row."""

    turn: int = 1
    submitted: str = ""
    reviewed: str = ""
    pieces: int | None = None
    """As submitted."""


class StudyBook(msgspec.Struct):
    """The entries of one branch that stand."""

    items: dict[StudyId, Item] = msgspec.field(default_factory=dict)
    notes: dict[str, Notes] = msgspec.field(default_factory=dict)
    lectures: dict[MeetingId, int] = msgspec.field(default_factory=dict)
    struck: dict[MeetingId, int] = msgspec.field(default_factory=dict)
    """How many lectures of a meeting were taken back: one that is recorded anew has a row of its own."""
    """The year of a lecture's row."""

    def reflections(self, study_id: str) -> int:
        return sum(item.kind == "reflection" and item.about == study_id for item in self.items.values())


def plan_adopted(book: StudyBook, fact: Fact[StudyPlanAdopted]) -> Iterator[Row]:
    """One row for each line of the plan."""
    event = fact.event
    keys = [f"{event.entry_id}/{number}" for number in range(1, len(event.items) + 1)]
    book.items[event.entry_id] = Item("plan", event.year, keys)
    for key, item in zip(keys, event.items, strict=True):
        cells = {
            "year": event.year,
            "kind": event.kind.zh,
            "person": event.person_id,
            "title": event.title,
            "month": item.month,
            "content": item.content,
            "form": item.form,
            "class_hours": item.class_hours,
            "responsible": item.person_id,
            "closes_on": event.closes_on,
        }
        yield entry(PLANS, fact, key, cells, year=event.year, subject=event.person_id, occurred_on=event.occurred_on)


def session_held(book: StudyBook, fact: Fact[StudySessionHeld]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("session", event.occurred_on.year, [event.entry_id], event.meeting_id or "")
    clock = "-".join(part for part in (event.starts_at, event.ends_at) if part)
    cells: dict[str, Any] = {
        "time": f"{event.occurred_on} {clock}".strip(),
        "place": event.place,
        "kind": event.kind.zh,
        "topic": event.topic,
        "organiser": event.organiser,
        "lecturer": event.lecturer_id,
        "lecturer_title": event.lecturer_title,
        "class_hours": hours_text(event.credit),
        "due_count": len(event.due),
        "present_count": len(event.present),
        "present": list(event.present),
        "materials": event.materials,
        "speakers": list(event.speakers),
    }
    yield entry(SESSIONS, fact, event.entry_id, cells)


def lecture_delivered(book: StudyBook, fact: Fact[LectureDelivered]) -> Iterator[Row]:
    """A Party lecture is study too; who gets hours for it is said by a joint study at that meeting."""
    event = fact.event
    book.lectures[event.meeting_id] = event.occurred_on.year
    cells = {
        "time": str(event.occurred_on),
        "kind": LECTURE,
        "topic": event.title,
        "lecturer": event.lecturer_id,
        "lecturer_title": event.lecturer_title,
        "class_hours": hours_text(event.class_minutes * 60 // event.minutes_per_hour),
        "present_count": event.audience_count,
    }
    yield entry(SESSIONS, fact, _lecture_row(book, event.meeting_id), cells)


def _lecture_row(book: StudyBook, meeting_id: MeetingId) -> str:
    before = book.struck.get(meeting_id, 0)
    return f"{meeting_id}/{before + 1}" if before else meeting_id


def lecture_gone(book: StudyBook, fact: Fact[LectureWithdrawn] | Fact[MeetingCancelled | MeetingWithdrawn]) -> Iterator[Row]:
    """The lecture alone, or with its meeting."""
    meeting_id = fact.event.meeting_id
    if meeting_id in book.lectures:
        yield strike(SESSIONS, fact, _lecture_row(book, meeting_id), year=book.lectures.pop(meeting_id))
        book.struck[meeting_id] = book.struck.get(meeting_id, 0) + 1


def notes_submitted(book: StudyBook, fact: Fact[StudyNotesSubmitted]) -> Iterator[Row]:
    event = fact.event
    notes = _notes(book, event)
    notes.submitted, notes.pieces = event.entry_id, event.pieces
    pieces = {} if notes.reviewed else {"pieces": event.pieces}
    yield _note_row(book, fact, {"submitted_on": event.occurred_on, **pieces})


def notes_reviewed(book: StudyBook, fact: Fact[StudyNotesReviewed]) -> Iterator[Row]:
    """The row that the notes began, or a new one where none were handed in."""
    event = fact.event
    _notes(book, event).reviewed = event.entry_id
    cells = {
        "reviewed_on": event.occurred_on,
        "reviewed_by": event.reviewed_by,
        "pieces": event.pieces,
        "rating": event.rating.zh,
        "problems": event.problems,
        "feedback": event.feedback,
    }
    yield _note_row(book, fact, cells)


def _notes(book: StudyBook, event: StudyNotesSubmitted | StudyNotesReviewed) -> Notes:
    key = f"{event.quarter}/{event.person_id}"
    book.items[event.entry_id] = Item("notes", int(event.quarter[:4]), [key])
    return book.notes.setdefault(key, Notes())


def _note_row(book: StudyBook, fact: Fact[Any], cells: dict[str, Any]) -> Row:
    event = fact.event
    notes = book.notes[f"{event.quarter}/{event.person_id}"]
    cells = {"quarter": event.quarter, "person": event.person_id} | cells
    key = f"{event.quarter}/{event.person_id}/{notes.turn}"
    return entry(NOTES, fact, key, cells, year=int(event.quarter[:4]), subject=event.person_id, occurred_on=event.occurred_on)


def training_planned(book: StudyBook, fact: Fact[TrainingPlanned]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("training", event.from_on.year, [event.entry_id])
    cells = {
        "batch": event.batch,
        "plan": event.plan,
        "time": f"{event.from_on}至{event.until_on}",
        "place": event.place,
        "host": event.host,
        "people": list(event.people),
        "reflections": book.reflections(event.entry_id),
        "state": PLANNED,
    }
    yield entry(TRAININGS, fact, event.entry_id, cells, year=event.from_on.year, occurred_on=event.occurred_on)


def training_completed(book: StudyBook, fact: Fact[TrainingCompleted]) -> Iterator[Row]:
    event = fact.event
    year = book.items[event.training_id].year
    book.items[event.entry_id] = Item("training-report", year, [event.training_id])
    cells = {
        "time": f"{event.from_on}至{event.until_on}",
        "people": list(event.people),
        "class_hours": hours_text(event.credit),
        "state": COMPLETED,
    }
    yield entry(TRAININGS, fact, event.training_id, cells, year=year)


def training_carried_over(book: StudyBook, fact: Fact[TrainingCarriedOver]) -> Iterator[Row]:
    event = fact.event
    year = book.items[event.training_id].year
    book.items[event.entry_id] = Item("training-report", year, [event.training_id])
    yield entry(TRAININGS, fact, event.training_id, {"state": f"{CARRIED_OVER}至{event.to_year}年：{event.reason}"}, year=year)


def reflection_submitted(book: StudyBook, fact: Fact[ReflectionSubmitted]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("reflection", event.occurred_on.year, [event.entry_id], event.study_id or "")
    cells = {
        "person": event.person_id,
        "title": event.title,
        "date": event.occurred_on,
        "activity": event.activity,
        "characters": event.characters,
        "file": event.file,
    }
    yield entry(REFLECTIONS, fact, event.entry_id, cells, subject=event.person_id)
    yield from _counted(book, fact, event.study_id or "")


def _counted(book: StudyBook, fact: Fact[Any], study_id: str) -> Iterator[Row]:
    """How many reflections a training brought."""
    training = book.items.get(StudyId(study_id))
    if training is not None and training.kind == "training":
        yield entry(TRAININGS, fact, study_id, {"reflections": book.reflections(study_id)}, year=training.year)


def withdrawn(book: StudyBook, fact: Fact[StudyEntryWithdrawn]) -> Iterator[Row]:
    """Rows are struck; what an entry filled in another one's row is empty again."""
    name = fact.event.entry_id
    item = book.items.pop(name, None)
    if item is None:
        return
    if item.kind in ROWS:
        yield from (strike(ROWS[item.kind], fact, key, year=item.year) for key in item.keys)
    if item.kind == "training-report":
        yield entry(TRAININGS, fact, item.keys[0], {"class_hours": None, "state": PLANNED}, year=item.year)
    if item.kind == "reflection":
        yield from _counted(book, fact, item.about)
    if item.kind == "notes":
        yield _note_withdrawn(book, fact, item)


def _note_withdrawn(book: StudyBook, fact: Fact[StudyEntryWithdrawn], item: Item) -> Row:
    """Struck when neither the notes nor their review stand."""
    notes = book.notes[item.keys[0]]
    key = f"{item.keys[0]}/{notes.turn}"
    review = notes.reviewed == fact.event.entry_id
    if review:
        notes.reviewed = ""
        cells: dict[str, Any] = dict.fromkeys(("reviewed_on", "reviewed_by", "rating", "problems", "feedback"))
        cells["pieces"] = notes.pieces
    else:
        notes.submitted, notes.pieces = "", None
        cells = {"submitted_on": None}
    if notes.submitted or notes.reviewed:
        return entry(NOTES, fact, key, cells, year=item.year)
    notes.turn += 1
    return strike(NOTES, fact, key, year=item.year)


def cancelled(book: StudyBook, fact: Fact[MeetingCancelled | MeetingWithdrawn]) -> Iterator[Row]:
    """The meeting never was, nor what was studied there."""
    yield from lecture_gone(book, fact)
    for item in sessions_of(book, fact.event.meeting_id).values():
        yield from (strike(SESSIONS, fact, key, year=item.year) for key in item.keys)


def sessions_of(book: StudyBook, meeting_id: MeetingId) -> dict[StudyId, Item]:
    return {name: item for name, item in book.items.items() if (item.kind, item.about) == ("session", meeting_id)}


HANDLERS: Mapping[type[Event], Handler] = {
    StudyPlanAdopted: plan_adopted,
    StudySessionHeld: session_held,
    StudyNotesSubmitted: notes_submitted,
    StudyNotesReviewed: notes_reviewed,
    TrainingPlanned: training_planned,
    TrainingCompleted: training_completed,
    TrainingCarriedOver: training_carried_over,
    ReflectionSubmitted: reflection_submitted,
    LectureDelivered: lecture_delivered,
    LectureWithdrawn: lecture_gone,
}
