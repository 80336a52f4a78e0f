"""Every event name of the rule sheet is recorded by an event, or follows from events."""

import typing

from events.base import Choice, Event
from events.catalog import EVENTS
from projections.standard.event_names import event_names

NAMES = event_names()
DERIVED = {"ObligationFulfilled"}
"""Follows from the evidence: nobody records it, the view of obligations tells it with the events that gave it."""

TWICE = {
    ("organisations.founded", "[]"): ["BranchEstablishmentApproved", "BranchRegistered"],
    ("meetings.held", "[]"): ["MeetingHeld", "AttendanceRecorded"],
    ("elections.ballot_counted", "[]"): ["ElectionBallotCounted", "RunoffHeld"],
    ("documents.filed", "[]"): ["MaterialAttached", "ElectronicFileRegistered"],
}
"""Acts that the sheet splits and the record does not: founding is the approval, a meeting is held with its attendance, a run-off is a
count with a higher turn, a file is registered as what it is attached for.
"""


def values(event: type[Event], field: str) -> set[str]:
    """What a field that tells names apart may hold."""
    found: set[str] = set()
    hint = typing.get_type_hints(event)[field]
    for kind in (hint, *typing.get_args(hint)):
        if isinstance(kind, type) and issubclass(kind, Choice):
            found |= {choice.value for choice in kind}
        elif kind is bool:
            found |= {"True", "False"}
    return found


def test_all_297_names_are_there_once():
    assert len(NAMES) == 297
    assert len({one.name for one in NAMES}) == 297


def test_each_name_is_recorded_by_events_that_exist():
    assert {one.name for one in NAMES if not one.by} == DERIVED
    assert {proof.event for one in NAMES for proof in one.by} <= EVENTS.keys()


def test_the_values_that_tell_names_apart_exist():
    wrong = [
        (one.name, proof.event, field, sorted(set(wanted) - values(EVENTS[proof.event], field)))
        for one in NAMES
        for proof in one.by
        for field, wanted in proof.where.items()
        if not set(wanted) <= values(EVENTS[proof.event], field)
    ]
    assert wrong == []


def test_names_that_one_event_bears_are_told_apart():
    """The same event under the same condition has one name, apart from names that the sheet gives twice for one act."""
    seen: dict[tuple[str, str], list[str]] = {}
    for one in NAMES:
        for proof in one.by:
            seen.setdefault((proof.event, repr(sorted(proof.where.items()))), []).append(one.name)
    assert {key: names for key, names in seen.items() if len(names) > 1} == TWICE
