"""The whole vocabulary of the record: one line per noun."""

from events import (
    admission,
    admission_acceptance,
    appraisal,
    assessment,
    awards,
    ballots,
    care,
    community,
    custody,
    debriefing,
    directives,
    discipline,
    disclosure,
    disposition,
    documents,
    dues,
    education,
    elections,
    imports,
    masses,
    meetings,
    members,
    mobile,
    obligations,
    organisation_life,
    organisations,
    premises,
    publicity,
    requests,
    structure,
    supervision,
    talks,
    transfers,
)
from events.base import Event, Upcast, tag_of

NOUNS = (
    organisations,
    members,
    admission,
    admission_acceptance,
    meetings,
    dues,
    transfers,
    elections,
    obligations,
    documents,
    directives,
    ballots,
    discipline,
    masses,
    care,
    community,
    premises,
    awards,
    structure,
    education,
    publicity,
    requests,
    talks,
    organisation_life,
    appraisal,
    custody,
    mobile,
    disclosure,
    debriefing,
    assessment,
    disposition,
    supervision,
    imports,
)


def _by_tag() -> dict[str, type[Event]]:
    events: dict[str, type[Event]] = {}
    for noun in NOUNS:
        for event in noun.EVENTS:
            assert tag_of(event) not in events, f"two events are called {tag_of(event)}"
            events[tag_of(event)] = event
    return events


EVENTS: dict[str, type[Event]] = _by_tag()
"""Tag -> event."""

UPCASTS: dict[tuple[str, int], Upcast] = {key: cast for noun in NOUNS for key, cast in noun.UPCASTS.items()}
"""(tag, stored schema) -> step to the next schema."""
