"""What the tests of education, talks, organisation life and appraisal are told in: the branch of the roster tests and a meeting of it."""

from typing import Any

from events.base import Event, MeetingId
from events.meetings import MeetingCancelled, MeetingHeld, MeetingKind
from tests.decide.roster_history import ANN, CAI, DAY, NEO, PEOPLE, founded, members, probationer, seated

M1 = MeetingId("m1")
EVERYBODY = tuple(sorted((*PEOPLE, NEO)))
BRANCH_OF_EIGHT: tuple[Event, ...] = (founded(), *members(), probationer(), seated())
"""Seven full members, five of them on the committee with ANN as secretary, and NEO on probation."""


def meeting(kind: MeetingKind = MeetingKind.GENERAL, **changed: Any) -> MeetingHeld:
    """A meeting on DAY where everybody was, unless told otherwise."""
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "kind": kind,
        "topic": "学习文件",
        "chair": ANN,
        "recorder": CAI,
        "due": EVERYBODY,
        "present": EVERYBODY,
        "place": "一楼",
        "starts_at": "14:00",
        "ends_at": "16:00",
    }
    return MeetingHeld(**(told | changed))


CANCELLED = MeetingCancelled(occurred_on=DAY, meeting_id=M1, reason="未实际召开")
