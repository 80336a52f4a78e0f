"""The directives view: what a committee issued and to whom, and how a branch stands with each (N09.T04; 上级部署与督办)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.directives import (
    AnswerAccepted,
    AnswerReturned,
    DirectiveAnswered,
    DirectiveAssigned,
    DirectiveDelivered,
    DirectiveDispatched,
    DirectiveIssued,
    DirectiveRecalled,
    DirectiveSigned,
    DirectiveStep,
    DirectiveStepWithdrawn,
    DirectiveTabled,
    DirectiveWithdrawn,
    Round,
)
from events.organisations import BranchAdded
from projections.engine.fold import Fact, Handler, Projection, Row

Cells = dict[str, Any]


class Entry(msgspec.Struct):
    """What an entry about a directive wrote into its row, so that it stands again when the one after it is withdrawn."""

    on: dt.date
    text: str = ""
    name: str | None = None
    documents: list[str] = []
    by: dt.date | None = None


class State(msgspec.Struct):
    """The branches under a committee; of a branch, the entries about each directive, kind by kind, and its first due date."""

    branches: list[str] = []
    told: dict[str, dict[str, list[Entry]]] = {}
    due: dict[str, dt.date | None] = {}


def branch_added(state: State, fact: Fact[BranchAdded]) -> Iterator[Row]:
    state.branches.append(fact.event.branch_id)
    yield from ()


def issued(state: State, fact: Fact[DirectiveIssued]) -> Iterator[Row]:
    """Its row, and one for each addressee: of a directive to all, each branch that is there on this page of the book."""
    event = fact.event
    addressees = list(state.branches) if event.to_all else list(event.addressees)
    yield _issued(
        fact,
        kind=event.kind.value,
        number=event.number,
        title=event.title,
        text=event.text,
        issuer=event.issuer,
        issued_on=event.occurred_on,
        answer_by=event.answer_by,
        table_by=event.table_by,
        enclosures=list(event.enclosures),
        documents=list(event.documents),
        to_all=event.to_all,
        addressed=len(addressees),
    )
    urged: dict[str, list[str]] = {branch: [] for branch in addressees}
    for link in event.obligations:
        branch, _, duty = link.partition("/")
        urged[branch].append(duty)
    for branch, duties in urged.items():
        values = {"obligations": duties, "position": fact.position}
        yield Row(table="directive_address", key=(event.directive_id, branch), values=values)


def withdrawn(_state: State, fact: Fact[DirectiveWithdrawn]) -> Iterator[Row]:
    yield _issued(fact, withdrawn_on=fact.event.occurred_on, reason=fact.event.reason)


def dispatched(_state: State, fact: Fact[DirectiveDispatched]) -> Iterator[Row]:
    event = fact.event
    column = "dispatched_on" if event.round is Round.ISSUE else "recalled_on"
    yield _issued(fact, **{column: event.occurred_on})
    for failure in event.failed:
        values = {"failed": failure.why, "position": fact.position}
        yield Row(table="directive_address", key=(event.directive_id, failure.org_id), values=values)


def _issued(fact: Fact[Any], **values: Any) -> Row:
    return Row(table="directive", key=(fact.event.directive_id,), values={"position": fact.position, **values})


def delivered(state: State, fact: Fact[DirectiveDelivered]) -> Iterator[Row]:
    event = fact.event
    signed = [] if event.paper_id is None else [Entry(event.occurred_on)]
    state.told[event.directive_id] = {DirectiveStep.SIGNED.value: signed}
    state.due[event.directive_id] = event.answer_by
    yield _row(
        fact,
        from_org_id=event.from_org_id,
        kind=event.kind.value,
        number=event.number,
        title=event.title,
        text=event.text,
        issuer=event.issuer,
        issued_on=event.issued_on,
        delivered_on=event.occurred_on,
        table_by=event.table_by,
        answer_by=event.answer_by,
        enclosures=list(event.enclosures),
        documents=list(event.documents),
        obligations=list(event.obligations),
        signed_on=None if event.paper_id is None else event.occurred_on,
    )


def _entry(event: Any) -> tuple[DirectiveStep, Entry]:
    on = event.occurred_on
    match event:
        case DirectiveSigned():
            return DirectiveStep.SIGNED, Entry(on)
        case DirectiveAssigned():
            return DirectiveStep.ASSIGNED, Entry(on, name=event.person_id)
        case DirectiveTabled():
            return DirectiveStep.TABLED, Entry(on, text=event.arrangement, name=event.meeting_id)
        case DirectiveAnswered():
            return DirectiveStep.ANSWERED, Entry(on, text=event.text, name=event.answer_id, documents=list(event.documents))
        case AnswerAccepted():
            return DirectiveStep.ACCEPTED, Entry(on, text=event.comment, name=event.answer_id)
        case AnswerReturned():
            return DirectiveStep.RETURNED, Entry(on, text=event.reason, name=event.answer_id, by=event.answer_by)
        case _:
            raise AssertionError(f"{type(event).__name__} is no step")


def stepped(state: State, fact: Fact[Any]) -> Iterator[Row]:
    name = fact.event.directive_id
    step, entry = _entry(fact.event)
    state.told[name].setdefault(step.value, []).append(entry)
    yield _row(fact, **_stands(state, name))


def step_withdrawn(state: State, fact: Fact[DirectiveStepWithdrawn]) -> Iterator[Row]:
    name = fact.event.directive_id
    state.told[name][fact.event.step.value].pop()
    yield _row(fact, **_stands(state, name))


def _stands(state: State, name: str) -> Cells:
    """How the branch stands after its entries: the last of each kind, and the decision on the last answer."""
    last = {step: told[-1] if (told := state.told[name].get(step.value)) else None for step in DirectiveStep}
    signed, assigned, tabled, answered = (last[step] for step in (*DirectiveStep,)[:4])
    accepted, returned = last[DirectiveStep.ACCEPTED], last[DirectiveStep.RETURNED]
    open_return = returned if returned is not None and answered is not None and returned.name == answered.name else None
    return {
        "signed_on": None if signed is None else signed.on,
        "responsible": None if assigned is None else assigned.name,
        "tabled_on": None if tabled is None else tabled.on,
        "meeting_id": None if tabled is None else tabled.name,
        "arrangement": "" if tabled is None else tabled.text,
        "answer_id": None if answered is None else answered.name,
        "answered_on": None if answered is None else answered.on,
        "answer": "" if answered is None else answered.text,
        "answer_documents": [] if answered is None else list(answered.documents),
        "accepted_on": None if accepted is None else accepted.on,
        "returned_on": None if open_return is None else open_return.on,
        "decision": accepted.text if accepted is not None else "" if open_return is None else open_return.text,
        "answer_by": state.due[name] if returned is None else returned.by,
    }


def recalled(_state: State, fact: Fact[DirectiveRecalled]) -> Iterator[Row]:
    yield _row(fact, recalled_on=fact.event.occurred_on)


def _row(fact: Fact[Any], **values: Any) -> Row:
    return Row(table="directive_branch", key=(fact.event.directive_id,), values={"position": fact.position, **values})


HANDLERS: Mapping[type[Event], Handler] = {
    BranchAdded: branch_added,
    DirectiveIssued: issued,
    DirectiveWithdrawn: withdrawn,
    DirectiveDispatched: dispatched,
    DirectiveDelivered: delivered,
    DirectiveSigned: stepped,
    DirectiveAssigned: stepped,
    DirectiveTabled: stepped,
    DirectiveAnswered: stepped,
    AnswerAccepted: stepped,
    AnswerReturned: stepped,
    DirectiveStepWithdrawn: step_withdrawn,
    DirectiveRecalled: recalled,
}

PROJECTION = Projection[State](
    name="directives", tables=("directive", "directive_address", "directive_branch"), start=State, handlers=HANDLERS
)
