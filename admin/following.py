"""What usually follows something that was recorded, and how it is set right: forms that know already what they are about.

Read off the commands: whatever must name a thing that the event bears can follow it. Of a meeting, whose steps everybody takes
week by week, the order is laid down here.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

import msgspec

from admin.fields import command_fields, core_of
from admin.ids import BORNE
from admin.reading import Org
from admin.telling import EventView
from admin.visit import Visit, command_title
from admin.words import say
from events.base import Event, tag_of
from events.catalog import EVENTS
from projections.query_documents import CASES as MATTERS
from service.auth.rights import Right
from service.decide.base import Case, command_name
from service.decide.catalog import CASES

AMENDING = ("correct-", "withdraw-", "reverse-", "void-", "cancel-", "drop-")
"""How the names of commands begin that set something right."""
SENDER = "from_org_id"
MANY = 12
"""A case that could go on in more ways is followed on the page of its procedure, which knows the next step."""

AT_MEETING = ("discuss-agenda-item", "vote-on-motion", "adopt-resolution", "deliver-lecture", "hold-theme-day")
"""What happened at a meeting bears the day of the meeting."""
OF_MEETING = (*AT_MEETING, "archive-minutes", "correct-attendance", "correct-minutes", "withdraw-meeting")
ELSEWHERE = frozenset({Right.SYSTEM_WRITE, Right.OWN_WRITE})
"""What the system does by itself, and what a member sends from the own file."""
BY_HAND: Mapping[str, tuple[str, ...]] = {
    "meetings.scheduled": ("send-notice", "excuse-absence", "record-meeting-held", "cancel-meeting"),
    "meetings.notice_sent": ("excuse-absence", "record-meeting-held", "cancel-meeting"),
    "meetings.absence_excused": ("record-meeting-held", "cancel-meeting"),
    **dict.fromkeys(("meetings.held", "meetings.agenda_discussed", "meetings.motion_voted"), OF_MEETING),
    "meetings.resolution_adopted": ("implement-resolution", *OF_MEETING),
    "meetings.lecture_delivered": ("file-lecture-script", "archive-minutes", "withdraw-lecture"),
    "meetings.theme_day_held": ("archive-minutes", "withdraw-theme-day"),
    "meetings.minutes_archived": ("implement-resolution", "correct-attendance", "correct-minutes", "withdraw-meeting"),
    "transfers.letter_issued": ("record-receipt", "extend-letter", "void-letter"),
    "transfers.received": ("accept-transfer", "accept-outside-transfer", "refuse-transfer"),
    "transfers.accepted": ("return-receipt",),
}
"""Tag of an event -> the commands that may follow it, where not all of its part of life do."""


class Step(msgspec.Struct, frozen=True):
    """A form, and its address with what it knows."""

    title: str
    address: str


class Following(msgspec.Struct, frozen=True):
    """What comes next, and what sets it right."""

    steps: list[Step]
    amends: list[Step]


def following(visit: Visit, org: Org, events: Iterable[EventView]) -> Following:
    """Of the events of a receipt, each form once."""
    steps: dict[str, Step] = {}
    amends: dict[str, Step] = {}
    told = list(events)
    for event in {one.stream: one for one in told}.values():  # the last of each stream
        for name, given in _followers(event):
            case = CASES[name]
            if visit.may(case.right, org):
                day = {"occurred_on": event.occurred_on.isoformat()} if name in AT_MEETING else {}
                step = Step(command_title(case), f"{visit.url(org, 'do', name)}?{urlencode({**given, **day})}")
                (amends if name.startswith(AMENDING) else steps).setdefault(name, step)
    if len(steps) > MANY:
        steps = {"procedures": Step(say("Procedures"), visit.url(org, "procedures"))}
    matter = next((event.stream for event in told if event.stream.partition("-")[0] in MATTERS), None)
    if matter is not None and visit.may(Right.FILES_WRITE, org):
        steps["upload"] = Step(say("Add a document"), f"{visit.url(org, 'upload')}?{urlencode({'about': matter})}")
    return Following(list(steps.values()), list(amends.values()))


def _followers(event: EventView) -> Iterator[tuple[str, dict[str, str]]]:
    """Commands, each with what it need not be told."""
    for name, field, bearer in _rules(EVENTS[event.tag]):
        if bearer in event.ids:
            own = command_fields(CASES[name].command)
            if any(one.name == SENDER and one.required for one in own) and SENDER not in event.ids:
                continue  # only of a letter from a sister branch
            known = {one.name for one in own if not one.many and not one.set_aside}
            yield name, {one: value for one, value in event.ids.items() if one in known} | {field: event.ids[bearer]}


@functools.cache
def _rules(event: type[Event]) -> list[tuple[str, str, str]]:
    """Command, the field that names the thing, and the field of the event that bears it."""
    noun = event.__module__.partition(".")[2]
    wanted = BY_HAND.get(tag_of(event))
    found: dict[str, tuple[str, str, str]] = {}
    for case in CASES.values():
        name = command_name(case.command)
        if _noun(case) == noun and case.right not in ELSEWHERE and (wanted is None or name in wanted):
            for field in command_fields(case.command):
                bearer = BORNE.get(core_of(field.kind), {}).get(event)
                if bearer is not None and not field.many and (field.required or wanted is not None):
                    found.setdefault(name, (name, field.name, bearer))
    return list(found.values()) if wanted is None else [found[name] for name in wanted if name in found]


def _noun(case: Case) -> str:
    return case.command.__module__.removeprefix("service.decide.").partition(".")[0]
