"""Mass work of a branch: what is on record of it, and taking a wrong entry back (N02.T05, N03.T04, N06). The verbs are in `masses_*.py`."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, PersonId, Text, tag_of
from events.masses import (
    HouseholdsVisited,
    MassEntryId,
    MassEntryWithdrawn,
    MassEvent,
    MassPlanAdopted,
    OpinionHandled,
    OpinionRecorded,
    PostingId,
    QuestionnaireCompleted,
    ResearchReportFiled,
    ResearchTripMade,
    SolicitationId,
    SolicitationOpened,
    VillageAidAssigned,
    VillageAidEnded,
    VillageAidLogged,
    VolunteerServiceDone,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.marks import Marks, to_withdraw
from service.errors import Conflict

OwnMassEntryId = Annotated[MassEntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]
"""The id that a client may give to an entry; sending it again then records nothing twice."""


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a village, from a day until a day."""

    person_id: PersonId
    since: dt.date
    logs: int = 0
    last: dt.date | None = None
    """The day of the latest log."""
    ended: VillageAidEnded | None = None


class Masses(msgspec.Struct, frozen=True, kw_only=True):
    """The mass work of a branch, folded."""

    marks: Marks = Marks()
    topics: Mapping[SolicitationId, str] = {}
    """What each round of opinions is about."""
    postings: Mapping[PostingId, Posting] = {}


def evolve(masses: Masses, event: Event) -> Masses:
    """Mass work after one more event of its stream."""
    own_event = cast("MassEvent", event)
    match own_event:
        case OpinionHandled():
            return replace(masses, marks=masses.marks.completed(own_event.opinion_id, own_event))
        case ResearchReportFiled():
            return replace(masses, marks=masses.marks.completed(own_event.research_id or own_event.solicitation_id or "", own_event))
        case VillageAidEnded(posting_id=posting_id):
            return _posted(masses, posting_id, replace(masses.postings[posting_id], ended=own_event))
        case MassEntryWithdrawn():
            return replace(masses, marks=masses.marks.withdrawn(own_event.entry_id))
        case (
            SolicitationOpened()
            | OpinionRecorded()
            | QuestionnaireCompleted()
            | ResearchTripMade()
            | HouseholdsVisited()
            | VillageAidAssigned()
            | VillageAidLogged()
            | MassPlanAdopted()
            | VolunteerServiceDone()
        ):
            return _began(replace(masses, marks=masses.marks.began(own_event.entry_id, own_event)), own_event)
        case _:
            assert_never(own_event)


def _began(masses: Masses, event: Event) -> Masses:
    """What later entries have to know of this one."""
    if isinstance(event, SolicitationOpened):
        return replace(masses, topics={**masses.topics, event.entry_id: event.topic})
    if isinstance(event, VillageAidAssigned):
        return _posted(masses, event.entry_id, Posting(person_id=event.person_id, since=event.occurred_on))
    if isinstance(event, VillageAidLogged):
        posting = masses.postings[event.posting_id]
        last = max(event.occurred_on, posting.last or event.occurred_on)
        return _posted(masses, event.posting_id, replace(posting, logs=posting.logs + 1, last=last))
    return masses


def _posted(masses: Masses, posting_id: PostingId, posting: Posting) -> Masses:
    return replace(masses, postings={**masses.postings, posting_id: posting})


MASSES = Fold[Masses](name="masses", book=own, stream=lambda _command: "masses", initial=Masses(), evolve=evolve)


class WithdrawMassEntry(Command, frozen=True, kw_only=True, tag="withdraw-mass-work-entry"):
    """Take back an entry of mass work that was recorded wrongly."""

    zh: ClassVar[str] = "撤销群众工作登记"
    en: ClassVar[str] = "Withdraw an entry of mass work"

    entry_id: Annotated[MassEntryId, label("记录", "Entry")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def withdraw_mass_entry(command: WithdrawMassEntry, _context: Context, masses: Masses) -> Outcome:
    """A posting under which logs were written cannot be unmade; it is ended instead."""
    mark = to_withdraw(masses.marks, command.entry_id, command.occurred_on)
    if mark is None:
        return []
    if mark.kind is VillageAidAssigned and masses.postings[PostingId(command.entry_id)].logs:
        raise Conflict("logs were written under this posting; record its end instead")
    event = MassEntryWithdrawn(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id,
        what=tag_of(mark.kind),
        happened_on=mark.on,
        reason=command.reason,
    )
    return [event]


CASES = (Case(command=WithdrawMassEntry, right=Right.WORK_WRITE, reads=(MASSES,), decide=withdraw_mass_entry),)
