"""Care for members: plans of visits, members in hardship and who stands by them, taking a wrong entry back (N06.T02, N22)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, Fen, LongText, MeetingId, PersonId, Text, tag_of
from events.care import (
    CareEntryId,
    CareEntryWithdrawn,
    CareEvent,
    CarePlanId,
    ConsolationPlanAdopted,
    ConsolationVisitMade,
    Festival,
    HardshipDelisted,
    HardshipListed,
    HardshipUpdated,
    SpendingId,
    SupporterAssigned,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.care.roll import on_the_roll
from service.decide.marks import Marks, is_new, met_on, to_withdraw
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed

OwnCareEntryId = Annotated[CareEntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]
"""The id that a client may give to an entry; sending it again then records nothing twice."""


class Hardship(msgspec.Struct, frozen=True, kw_only=True):
    """A member on the register of members in difficulty."""

    listed: HardshipListed
    supporter_id: PersonId | None = None


class Care(msgspec.Struct, frozen=True, kw_only=True):
    """The care of a branch for its people, folded."""

    marks: Marks = Marks()
    plans: Mapping[CarePlanId, Festival] = {}
    open: Mapping[PersonId, Hardship] = {}
    """Who is on the register now."""
    delisted: frozenset[PersonId] = frozenset()
    """Who was on it once."""
    paid_fen: Mapping[SpendingId, Fen] = {}
    """What visits took out of each spending of dues."""
    out_of_dues: Mapping[CareEntryId, tuple[SpendingId, Fen]] = {}


def evolve(care: Care, event: Event) -> Care:
    """The care after one more event of its stream."""
    own_event = cast("CareEvent", event)
    match own_event:
        case ConsolationPlanAdopted():
            care = _began(care, own_event)
            return replace(care, plans={**care.plans, own_event.entry_id: own_event.festival})
        case ConsolationVisitMade():
            return _paid(_began(care, own_event), own_event)
        case HardshipListed(person_id=person):
            return replace(_began(care, own_event), open={**care.open, person: Hardship(listed=own_event)})
        case HardshipUpdated():
            return care
        case SupporterAssigned(person_id=person):
            return replace(care, open={**care.open, person: replace(care.open[person], supporter_id=own_event.supporter_id)})
        case HardshipDelisted(person_id=person):
            return replace(care, open=_without(care.open, person), delisted=care.delisted | {person})
        case CareEntryWithdrawn():
            return _withdrawn(care, own_event)
        case _:
            assert_never(own_event)


def _began(care: Care, event: ConsolationPlanAdopted | ConsolationVisitMade | HardshipListed) -> Care:
    return replace(care, marks=care.marks.began(event.entry_id, event))


def _paid(care: Care, visit: ConsolationVisitMade) -> Care:
    if visit.spending_id is None:
        return care
    paid_fen = {**care.paid_fen, visit.spending_id: care.paid_fen.get(visit.spending_id, 0) + visit.amount_fen}
    return replace(care, paid_fen=paid_fen, out_of_dues={**care.out_of_dues, visit.entry_id: (visit.spending_id, visit.amount_fen)})


def _withdrawn(care: Care, event: CareEntryWithdrawn) -> Care:
    care = replace(care, marks=care.marks.withdrawn(event.entry_id))
    if event.entry_id in care.out_of_dues:
        spending_id, amount_fen = care.out_of_dues[event.entry_id]
        return replace(care, paid_fen={**care.paid_fen, spending_id: care.paid_fen[spending_id] - amount_fen})
    if event.person_id is not None and event.person_id in care.open and care.open[event.person_id].listed.entry_id == event.entry_id:
        return replace(care, open=_without(care.open, event.person_id))
    return care


def _without(cases: Mapping[PersonId, Hardship], person: PersonId) -> Mapping[PersonId, Hardship]:
    return {other: case for other, case in cases.items() if other != person}


CARE = Fold[Care](name="care", book=own, stream=lambda _command: "care", initial=Care(), evolve=evolve)


class AdoptConsolationPlan(Command, frozen=True, kw_only=True, tag="adopt-consolation-plan"):
    """Record the plan for the visits of a festival."""

    zh: ClassVar[str] = "登记走访慰问方案"
    en: ClassVar[str] = "Adopt a consolation plan"

    festival: Annotated[Festival, label("节日", "Festival")]
    title: Annotated[Text, label("方案名称", "Title", min_length=1)]
    content: Annotated[LongText, label("内容", "Content", min_length=1)]
    budget_fen: Annotated[Fen | None, label("预算", "Budget")] = None
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by meeting")] = None
    entry_id: OwnCareEntryId = None


def adopt_consolation_plan(command: AdoptConsolationPlan, context: Context, care: Care, meeting: Meeting) -> Outcome:
    """One plan, to which its visits refer (N06.M02.01)."""
    if command.budget_fen is not None and command.budget_fen <= 0:
        raise Malformed("budget_fen: more than nothing")
    event = ConsolationPlanAdopted(
        occurred_on=command.occurred_on,
        entry_id=CarePlanId(command.entry_id or CareEntryId(context.event_ids[0])),
        festival=command.festival,
        title=command.title,
        content=command.content,
        budget_fen=command.budget_fen,
        meeting_id=command.meeting_id,
        met_on=met_on(meeting, command.meeting_id, command.occurred_on),
    )
    return [event] if is_new(care.marks, event.entry_id, event) else []


class WithdrawCareEntry(Command, frozen=True, kw_only=True, tag="withdraw-care-entry"):
    """Take back a plan, a visit or a listing that was recorded wrongly."""

    zh: ClassVar[str] = "撤销关怀帮扶登记"
    en: ClassVar[str] = "Withdraw an entry of care"

    entry_id: Annotated[CareEntryId, label("记录", "Entry")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def withdraw_care_entry(command: WithdrawCareEntry, _context: Context, care: Care, roster: Roster) -> Outcome:
    """A listing that is taken back leaves the roll as it was; one that was closed stays, for it did stand."""
    mark = to_withdraw(care.marks, command.entry_id, command.occurred_on)
    if mark is None:
        return []
    listed = next((case.listed for case in care.open.values() if case.listed.entry_id == command.entry_id), None)
    if mark.kind is HardshipListed and listed is None:
        raise Conflict("the member is off the register already")
    event = CareEntryWithdrawn(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id,
        what=tag_of(mark.kind),
        happened_on=mark.on,
        person_id=None if listed is None else listed.person_id,
        reason=command.reason,
    )
    if listed is None:
        return [event]
    return [event, *on_the_roll(roster, listed.person_id, command.occurred_on, hardship=False)]


CASES = (
    Case(command=AdoptConsolationPlan, right=Right.WORK_WRITE, reads=(CARE, MEETING), decide=adopt_consolation_plan),
    Case(command=WithdrawCareEntry, right=Right.WORK_WRITE, reads=(CARE, ROSTER), decide=withdraw_care_entry),
)
