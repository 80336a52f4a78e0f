"""Where a procedure stands: its steps over the newest state, with the documents that are still missing."""

import datetime as dt

import msgspec
from msgspec import structs

from events.base import OrgId, PersonId
from events.store.books import Books
from service.bus import Bus
from service.decide.catalog import PROCEDURES
from service.decide.documents.state import DOCUMENTS, EVIDENCE, Documents, missing
from service.decide.procedure import Procedure, Progress, Step
from service.errors import Absent

DOCUMENT_STREAM = "documents"


class Stage(Step, frozen=True, kw_only=True):
    """A step with its materials that are neither on file nor proven by an event."""

    missing: tuple[str, ...] = ()


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure as it stands today."""

    kind: str
    zh: str
    en: str
    subject: str
    person_id: PersonId | None
    title: str
    steps: tuple[Stage, ...]

    @property
    def next(self) -> Stage | None:
        """What to do now: the first open step."""
        return next((step for step in self.steps if step.progress is Progress.OPEN), None)

    @property
    def over(self) -> bool:
        return all(step.progress in (Progress.DONE, Progress.SKIPPED) for step in self.steps)


async def standing(bus: Bus, org_id: OrgId, kind: str, subject: str, today: dt.date) -> Standing:
    """Raises `Absent` for a kind or a subject that does not exist."""
    procedure = PROCEDURES.get(kind)
    if procedure is None:
        raise Absent(kind)
    found = await _standing(bus, org_id, procedure, subject, today)
    if found is None:
        raise Absent(subject)
    return found


async def _standing(bus: Bus, org_id: OrgId, procedure: Procedure, subject: str, today: dt.date) -> Standing | None:
    """None when nothing stands of it: it never began, or was withdrawn whole."""
    stream = procedure.stream(subject)
    state = await bus.look(org_id, procedure.fold, stream)
    steps = procedure.steps(state, subject, await bus.rules(org_id, today), today)
    if not steps:
        return None
    documents = await bus.look(org_id, DOCUMENTS, DOCUMENT_STREAM)
    proven = (await bus.look(org_id, EVIDENCE, stream)).proven
    stages = tuple(Stage(**structs.asdict(step), missing=_wanting(step, documents, stream, proven)) for step in steps)
    return Standing(
        kind=procedure.kind,
        zh=procedure.zh,
        en=procedure.en,
        subject=subject,
        person_id=procedure.person(state, subject),
        title=procedure.title(state, subject),
        steps=stages,
    )


def _wanting(step: Step, documents: Documents, about: str, proven: frozenset[str]) -> tuple[str, ...]:
    """Nothing is asked for where a step does not apply."""
    return () if step.progress is Progress.SKIPPED else missing(step.materials, documents, about, proven)


async def standings(bus: Bus, books: Books, org_id: OrgId, today: dt.date, *, kind: str = "") -> list[Standing]:
    """Every procedure of an organisation (of one kind), those that are not over first, in the order of the catalogue."""
    found = [
        await _standing(bus, org_id, procedure, subject, today)
        for procedure in PROCEDURES.values()
        if kind in ("", procedure.kind)
        for subject in await _subjects(bus, books, org_id, procedure)
    ]
    return sorted((one for one in found if one is not None), key=lambda one: one.over)


async def _subjects(bus: Bus, books: Books, org_id: OrgId, procedure: Procedure) -> list[str]:
    if procedure.subjects is not None:
        return list(procedure.subjects(await bus.look(org_id, procedure.fold, procedure.stream(""))))
    prefix = procedure.stream("")
    return [stream.removeprefix(prefix) for stream in await books.streams(org_id, prefix)]
