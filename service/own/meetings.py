"""The meetings to come of one member, read from the record itself: when, where, told or not, excused or not."""

import datetime as dt

import msgspec

from events.base import OrgId, PersonId
from events.meetings import MeetingKind, MeetingScheduled
from events.store import codec
from service.decide.meetings.state import NEW, Meeting, evolve
from service.decide.roster import ROSTER, Roster
from service.parts import Parts

PLANS_MAX = 200
"""Plans that are looked through, the newest."""
PLANNED = (
    "select distinct stream from (select stream from record.page where book = $1 and stream >= 'meeting-' and stream < 'meeting.'"
    " and type = 'meetings.scheduled' order by page desc limit $2) plans"
)
ENTRIES = "select entry from record.page where book = $1 and stream = any($2::text[]) order by page"
TIMELESS = "24:00"


class ComingMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting to come to which the member belongs."""

    meeting_id: str
    kind: MeetingKind
    planned_on: dt.date
    starts_at: str | None
    ends_at: str | None
    place: str | None
    topic: str
    told_on: dt.date | None
    """When the notice went out to this member."""
    excused: bool


async def coming_meetings(parts: Parts, org_id: OrgId, person: PersonId, today: dt.date) -> list[ComingMeeting]:
    """Planned for today or later and not called off, the next one first."""
    streams = [row["stream"] for row in await parts.reads.fetch(PLANNED, org_id, PLANS_MAX)]
    found: dict[str, Meeting] = {}
    for row in await parts.reads.fetch(ENTRIES, org_id, streams):
        event = codec.decode(row["entry"]).event
        found[event.stream()] = evolve(found.get(event.stream(), NEW), event)
    roster = await parts.bus.look(org_id, ROSTER, "roster")
    told = [_coming(meeting, plan, person) for meeting in found.values() if (plan := _plan(meeting, roster, person, today)) is not None]
    return sorted(told, key=lambda one: (one.planned_on, one.starts_at or TIMELESS, one.meeting_id))


def _plan(meeting: Meeting, roster: Roster, person: PersonId, today: dt.date) -> MeetingScheduled | None:
    """The plan, where it still stands and is for this member."""
    plan = meeting.scheduled
    if plan is None or plan.planned_on < today or meeting.held is not None or meeting.cancelled is not None:
        return None
    return plan if person in meeting.notified or _invited(plan, roster, person) else None


def _invited(plan: MeetingScheduled, roster: Roster, person: PersonId) -> bool:
    """Everybody but to committee and group meetings."""
    if plan.kind is MeetingKind.COMMITTEE:
        return person in roster.committee_on(plan.planned_on)
    if plan.group_id is not None:
        return roster.group_of(person, plan.planned_on) == plan.group_id
    return True


def _coming(meeting: Meeting, plan: MeetingScheduled, person: PersonId) -> ComingMeeting:
    return ComingMeeting(
        meeting_id=plan.meeting_id,
        kind=plan.kind,
        planned_on=plan.planned_on,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        topic=plan.topic,
        told_on=max((notice.occurred_on for notice in meeting.notices if person in notice.to), default=None),
        excused=person in meeting.excused,
    )
