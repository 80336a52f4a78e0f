"""In whatever order the entries of a case arrive, what is accepted stands in the order of the rules (R-C00, INV-038)."""

from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as some

from events.base import Event
from events.meetings import MeetingKind
from service.decide.admission.order import PARTS, done_on, needs_of
from service.decide.admission.state import Admission
from service.decide.base import Command, Elsewhere
from service.decide.meetings.attendance import RecordMeetingHeld
from service.errors import BranchbookError
from tests.decide.admission_history import BRANCH_EVENTS, meeting
from tests.decide.bdd import given
from tests.decide.roster_history import PEOPLE
from tests.decide.test_admission_withdrawal import folded
from tests.flows.test_admission import ACCEPTANCE, CULTIVATION, PROBATION

EVERYTHING = (*CULTIVATION, *ACCEPTANCE, *PROBATION)
COMMANDS: tuple[Command, ...] = tuple(command for command in EVERYTHING if not isinstance(command, RecordMeetingHeld))
HERE: tuple[Event, ...] = (
    *BRANCH_EVENTS[:5],
    *(
        meeting(str(held.meeting_id), str(held.occurred_on), MeetingKind.GENERAL, due=PEOPLE[:4], present=PEOPLE[:4])
        for held in EVERYTHING
        if isinstance(held, RecordMeetingHeld)
    ),
)
"""A branch of four without a committee, and the meetings of the story."""


def accepted(commands: list[Command]) -> Admission:
    """What stands after these commands; those that are refused leave nothing."""
    history = list(HERE)
    for command in commands:
        try:
            outcome = given(history).when(command).decide()
        except BranchbookError:
            continue
        history += [item.event if isinstance(item, Elsewhere) else item for item in outcome]
    return folded(*history)


def in_order(case: Admission) -> bool:
    """Everything that is done waited for what it needs, and is not dated before it."""
    for code in PARTS:
        day = done_on(case, code)
        for need in needs_of(case, code) if day is not None else ():
            before = done_on(case, need)
            if before is None or (day is not None and before > day):
                return False
    return True


def test_in_their_order_all_are_accepted():
    case = accepted(list(COMMANDS))
    assert len(case.entries) == len(COMMANDS)
    assert in_order(case)


@settings(max_examples=60, deadline=None)
@over(some.lists(some.tuples(some.integers(0, len(COMMANDS) - 1), some.integers(0, len(COMMANDS) - 1)), max_size=12))
def test_with_some_of_them_in_each_others_place(swaps: list[tuple[int, int]]):
    commands = list(COMMANDS)
    for one, other in swaps:
        commands[one], commands[other] = commands[other], commands[one]
    assert in_order(accepted(commands))


@settings(max_examples=40, deadline=None)
@over(some.sets(some.integers(0, len(COMMANDS) - 1), max_size=10))
def test_with_some_of_them_missing(missing: set[int]):
    case = accepted([command for number, command in enumerate(COMMANDS) if number not in missing])
    assert in_order(case)


@settings(max_examples=20, deadline=None)
@over(some.permutations(COMMANDS[:24]))
def test_in_any_order_at_all(commands: list[Command]):
    assert in_order(accepted(commands))
