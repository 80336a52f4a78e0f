"""What is known of directives in one book: those that the committee issued, or those that were delivered to the branch (N09.T04)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, PersonId
from events.directives import (
    AnswerAccepted,
    AnswerReturned,
    DirectiveAnswered,
    DirectiveAssigned,
    DirectiveDelivered,
    DirectiveDispatched,
    DirectiveEvent,
    DirectiveId,
    DirectiveIssued,
    DirectiveRecalled,
    DirectiveSigned,
    DirectiveStep,
    DirectiveStepWithdrawn,
    DirectiveTabled,
    DirectiveWithdrawn,
    Round,
)
from service.decide.base import Fold, label, own
from service.errors import Absent, BuiltUpon, Conflict

Which = Annotated[DirectiveId, label("上级部署", "Directive")]


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """One that the committee issued."""

    issued: DirectiveIssued
    withdrawn: DirectiveWithdrawn | None = None
    dispatched: Mapping[Round, DirectiveDispatched] = {}


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One that was delivered to the branch, and what became of it."""

    delivered: DirectiveDelivered
    signed: dt.date | None = None
    assigned: tuple[DirectiveAssigned, ...] = ()
    tabled: tuple[DirectiveTabled, ...] = ()
    answers: tuple[DirectiveAnswered, ...] = ()
    """Those that stand; the last one counts."""
    returned: AnswerReturned | None = None
    """The last answer came back, and no other was given since."""
    accepted: AnswerAccepted | None = None
    recalled: DirectiveRecalled | None = None

    @property
    def signed_on(self) -> dt.date | None:
        """A paper that was signed for before it came this way needs no second signature."""
        return self.delivered.occurred_on if self.delivered.paper_id is not None else self.signed

    @property
    def responsible(self) -> PersonId | None:
        return self.assigned[-1].person_id if self.assigned else None

    @property
    def waiting(self) -> DirectiveAnswered | None:
        """The answer that waits for the committee."""
        return self.answers[-1] if self.answers and self.returned is None and self.accepted is None else None


class Directives(msgspec.Struct, frozen=True, kw_only=True):
    """The stream `directives` of one book."""

    issued: Mapping[DirectiveId, Issued] = {}
    by_number: Mapping[str, DirectiveId] = {}
    """Numbers that the committee gave to directives that stand."""
    received: Mapping[DirectiveId, Received] = {}
    papers: Mapping[tuple[str, str], DirectiveId] = {}
    """Issuer and number of what was delivered and not recalled."""

    def sent(self, directive_id: DirectiveId) -> Issued:
        """One of the committee's, unless there is none."""
        if directive_id not in self.issued:
            raise Absent(f"directive {directive_id}")
        return self.issued[directive_id]

    def here(self, directive_id: DirectiveId) -> Received:
        """One that the branch has, recalled or not."""
        if directive_id not in self.received:
            raise Absent(f"directive {directive_id}")
        return self.received[directive_id]

    def standing(self, directive_id: DirectiveId, day: dt.date) -> Received:
        """One about which something may be done on a day: delivered by then and not recalled."""
        one = self.here(directive_id)
        if one.recalled is not None:
            raise BuiltUpon(f"上级已于{one.recalled.occurred_on}撤回", f"The superior withdrew it on {one.recalled.occurred_on}")
        if day < one.delivered.occurred_on:
            raise Conflict(f"directive {directive_id} was delivered on {one.delivered.occurred_on}, after {day}")
        return one

    def signed(self, directive_id: DirectiveId, day: dt.date) -> Received:
        """One that was signed for by that day."""
        one = self.standing(directive_id, day)
        if one.signed_on is None:
            raise BuiltUpon("请先签收", "Sign for it first")
        if day < one.signed_on:
            raise Conflict(f"directive {directive_id} was signed for on {one.signed_on}, after {day}")
        return one


def evolve(directives: Directives, event: Event) -> Directives:
    """The directives after one more event of their stream."""
    own_event = cast("DirectiveEvent", event)
    match own_event:
        case DirectiveIssued():
            return replace(
                directives,
                issued={**directives.issued, own_event.directive_id: Issued(issued=own_event)},
                by_number={**directives.by_number, own_event.number: own_event.directive_id},
            )
        case DirectiveWithdrawn() | DirectiveDispatched():
            return _sent(directives, own_event)
        case DirectiveDelivered():
            paper = (own_event.issuer, own_event.number)
            return replace(
                directives,
                received={**directives.received, own_event.directive_id: Received(delivered=own_event)},
                papers={**directives.papers, paper: own_event.directive_id},
            )
        case _:
            one = _after(directives.received[own_event.directive_id], own_event)
            changed = replace(directives, received={**directives.received, own_event.directive_id: one})
            return _without_paper(changed, one) if isinstance(own_event, DirectiveRecalled) else changed


def _sent(directives: Directives, event: DirectiveWithdrawn | DirectiveDispatched) -> Directives:
    one = directives.issued[event.directive_id]
    if isinstance(event, DirectiveWithdrawn):
        numbers = {number: name for number, name in directives.by_number.items() if name != event.directive_id}
        return replace(directives, issued={**directives.issued, event.directive_id: replace(one, withdrawn=event)}, by_number=numbers)
    told = replace(one, dispatched={**one.dispatched, event.round: event})
    return replace(directives, issued={**directives.issued, event.directive_id: told})


def _without_paper(directives: Directives, one: Received) -> Directives:
    papers = {paper: name for paper, name in directives.papers.items() if name != one.delivered.directive_id}
    return replace(directives, papers=papers)


def _after(
    one: Received,
    event: DirectiveSigned
    | DirectiveAssigned
    | DirectiveTabled
    | DirectiveAnswered
    | AnswerAccepted
    | AnswerReturned
    | DirectiveRecalled
    | DirectiveStepWithdrawn,
) -> Received:
    match event:
        case DirectiveSigned():
            return replace(one, signed=event.occurred_on)
        case DirectiveAssigned():
            return replace(one, assigned=(*one.assigned, event))
        case DirectiveTabled():
            return replace(one, tabled=(*one.tabled, event))
        case DirectiveAnswered():
            return replace(one, answers=(*one.answers, event), returned=None)
        case AnswerAccepted():
            return replace(one, accepted=event)
        case AnswerReturned():
            return replace(one, returned=event)
        case DirectiveRecalled():
            return replace(one, recalled=event)
        case DirectiveStepWithdrawn():
            return _back(one, event.step)
        case _:
            assert_never(event)


def _back(one: Received, step: DirectiveStep) -> Received:
    """Without the last entry of its kind."""
    match step:
        case DirectiveStep.SIGNED:
            return replace(one, signed=None)
        case DirectiveStep.ASSIGNED:
            return replace(one, assigned=one.assigned[:-1])
        case DirectiveStep.TABLED:
            return replace(one, tabled=one.tabled[:-1])
        case DirectiveStep.ANSWERED:
            return replace(one, answers=one.answers[:-1])
        case DirectiveStep.ACCEPTED:
            return replace(one, accepted=None)
        case DirectiveStep.RETURNED:
            return replace(one, returned=None)
        case _:
            assert_never(step)


DIRECTIVES = Fold[Directives](name="directives", book=own, stream=lambda _command: "directives", initial=Directives(), evolve=evolve)
