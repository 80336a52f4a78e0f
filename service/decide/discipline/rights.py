"""What a punishment does to the rights of a member: vote, posts, membership, influence period (R-G02, R-G03, INV-009, 014, 035)."""

import datetime as dt

import msgspec

from events.base import Event, PersonId
from events.discipline import Punishment
from events.members import InfluenceBar, InfluenceSet, LeftGround, VotingRestored, VotingSuspended
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.decide.cases.roster import back_on_the_roll, left, posts_vacated
from service.decide.discipline.state import Punished
from service.decide.roster import Roster

INFLUENCE: dict[Punishment, tuple[str, InfluenceBar]] = {
    Punishment.WARNING: ("discipline.influence_warning_months", InfluenceBar.HIGHER),
    Punishment.SERIOUS_WARNING: ("discipline.influence_serious_warning_months", InfluenceBar.HIGHER),
    Punishment.POST_REMOVAL: ("discipline.influence_post_removal_months", InfluenceBar.EQUAL_OR_HIGHER),
    Punishment.PARTY_PROBATION: ("discipline.influence_probation_months", InfluenceBar.EQUAL_OR_HIGHER),
    Punishment.EXPULSION: ("discipline.influence_expulsion_months", InfluenceBar.READMISSION),
}
"""Punishment -> the setting with its months, and what it bars from (R-G03)."""

POSTS_FALL_AWAY = frozenset({Punishment.POST_REMOVAL, Punishment.PARTY_PROBATION, Punishment.EXPULSION})


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """The decision that changes rights."""

    day: dt.date
    person_id: PersonId
    case_no: str
    document_no: str


def rights_changed(act: Act, roster: Roster, before: Punished | None, after: Punished | None, rules: Rules) -> list[Event]:
    """What the roster has to record when one punishment, or none, takes the place of another."""
    events: list[Event] = []
    was_expelled, is_expelled = before is not None and before.expelled, after is not None and after.expelled
    if was_expelled and not is_expelled:
        events.append(back_on_the_roll(roster, act.person_id, act.day))
    events += _vote_changed(act, roster, before, after)
    if after is not None and after.kind in POSTS_FALL_AWAY and after != before:
        events += posts_vacated(roster, act.person_id, act.day, f"{after.kind.zh} {act.document_no}")
    if is_expelled and not was_expelled:
        events.append(left(roster, act.person_id, act.day, LeftGround.EXPELLED, act.document_no))
    return events + _influence_changed(act, influence(before, rules), influence(after, rules))


def influence(punished: Punished | None, rules: Rules) -> tuple[InfluenceBar, dt.date] | None:
    """The influence period of a punishment; after probation it begins when rights come back."""
    if punished is None or punished.on_probation:
        return None
    key, bar = INFLUENCE[punished.kind]
    return bar, add_months(punished.restored_on or punished.since, rules.number(key))


def _influence_changed(act: Act, before: tuple[InfluenceBar, dt.date] | None, after: tuple[InfluenceBar, dt.date] | None) -> list[Event]:
    if before == after:
        return []
    bar, until = after or (before[0] if before is not None else InfluenceBar.HIGHER, None)
    return [InfluenceSet(occurred_on=act.day, person_id=act.person_id, case_no=act.case_no, bar=bar, until=until)]


def _vote_changed(act: Act, roster: Roster, before: Punished | None, after: Punished | None) -> list[Event]:
    """Whoever is put on probation loses the vote; it comes back with the rights, to a member who is still here (R-G02)."""
    had_none, has_none = before is not None and before.on_probation, after is not None and after.on_probation
    reason = f"{Punishment.PARTY_PROBATION.zh} {act.document_no}"
    if has_none and not had_none:
        return [VotingSuspended(occurred_on=act.day, person_id=act.person_id, reason=reason)]
    gone = after is not None and after.expelled
    if had_none and not has_none and not gone and _suspended(roster, act.person_id):
        return [VotingRestored(occurred_on=act.day, person_id=act.person_id, reason=reason)]
    return []


def _suspended(roster: Roster, person_id: PersonId) -> bool:
    spans = roster.members[person_id].no_vote
    return bool(spans) and spans[-1].until is None
