"""What the meeting form counts with while it is filled in: who is due, who votes, and the thresholds in force (R-A06, R-A07, INV-024).

Only a help for the eye; who was due on that day and whether a motion passed is decided when it is recorded.
"""

import msgspec

from admin.reading import Org
from admin.visit import Visit


class Roll(msgspec.Struct, frozen=True):
    """Both as JSON, for the page's script."""

    people: str
    shares: str


async def roll_of(visit: Visit, org: Org) -> Roll:
    people = [
        {"id": person.id, "voter": person.votes, "committee": person.in_committee, "group": person.group}
        for person in await visit.read.people(org)
        if not person.left_on and not person.suspended
    ]
    rules = visit.rules()
    shares = {
        "ordinary": rules.table("vote.ordinary.quorum"),
        "committee": rules.table("vote.committee.quorum"),
        "election": rules.table("election.quorum"),
        "inclusive": rules.flag("election.quorum_inclusive"),
    }
    return Roll(people=msgspec.json.encode(people).decode(), shares=msgspec.json.encode(shares).decode())
