"""The roll of members says who is in hardship; the register of members in difficulty keeps it right (N22.T03)."""

import datetime as dt

from events.base import PersonId
from events.members import MemberProfileChanged
from service.decide.roster import Roster

LISTED, DELISTED = "困难党员入册", "困难党员出册"


def on_the_roll(roster: Roster, person_id: PersonId, day: dt.date, *, hardship: bool) -> list[MemberProfileChanged]:
    """The change of the roll that follows, unless it says so already, or the member is gone."""
    member = roster.members.get(person_id)
    if member is None or member.profile.hardship is hardship or not member.belongs.covers(day):
        return []
    reason = LISTED if hardship else DELISTED
    return [MemberProfileChanged(occurred_on=day, person_id=person_id, reason=reason, hardship=hardship)]
