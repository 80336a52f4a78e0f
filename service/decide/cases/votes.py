"""Votes of the general meeting about one member: who counts, whether it passed (R-A06, R-C15, R-H03, INV-011 to 014)."""

import msgspec

from events.base import Count, PersonId
from events.meetings import MeetingHeld, MeetingKind
from service.decide.meetings.roll import voting_base
from service.decide.roster import Roster
from service.errors import Conflict, Refused


class Ballots(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted, as it is claimed."""

    yes: Count
    no: Count
    abstain: Count
    left_early: tuple[PersonId, ...]
    passed: bool | None


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The counts as an event bears them."""

    voters_due: Count
    voters_present: Count
    quorum: Count
    needed: Count
    yes: Count
    no: Count
    abstain: Count
    passed: bool


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """How many voters must be there, and how many must approve, of those due."""

    quorum: int
    needed: int


def voters(roster: Roster, took_place: MeetingHeld, without: frozenset[PersonId]) -> frozenset[PersonId]:
    """Those due with a vote; `without` those who may not vote in this matter."""
    if took_place.kind is not MeetingKind.GENERAL:
        raise Conflict(f"meeting {took_place.meeting_id} is no general meeting")
    return voting_base(roster, took_place) - without


def tally(took_place: MeetingHeld, base: frozenset[PersonId], ballots: Ballots, threshold: Threshold) -> Tally:
    """Raises INV-010 to INV-013 where the claimed counts cannot be."""
    if not set(ballots.left_early) <= set(took_place.present):
        raise Refused("INV-010", "left_early")
    present = len(base.intersection(took_place.present).difference(ballots.left_early))
    if present < threshold.quorum:
        raise Refused("INV-012", "meeting_id", detail=f"{present}/{len(base)}")
    cast = ballots.yes + ballots.no + ballots.abstain
    if cast > present:
        raise Refused("INV-011", "yes", "no", "abstain", detail=f"{cast}/{present}")
    passed = ballots.yes >= threshold.needed
    if ballots.passed not in (None, passed):
        raise Refused("INV-013", "passed", detail=f"{ballots.yes}/{len(base)}")
    return Tally(
        voters_due=len(base),
        voters_present=present,
        quorum=threshold.quorum,
        needed=threshold.needed,
        yes=ballots.yes,
        no=ballots.no,
        abstain=ballots.abstain,
        passed=passed,
    )
