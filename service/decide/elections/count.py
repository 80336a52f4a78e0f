"""How an election is counted: quorum, surplus, who is elected, ties (R-B04, R-B06, R-B13, R-B14). Integers, no I/O.

Nothing here is shared with ordinary votes or admissions: their bases differ, and a change of one must not move the other.
"""

from collections.abc import Mapping, Sequence

import msgspec

from events.base import PersonId
from events.elections import Votes
from projections.standard.rules import Rules
from service.errors import Refused


class ElectionRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of election that is in force on a day; the one before 2020-07-13 counts otherwise."""

    quorum: tuple[int, int]
    quorum_inclusive: bool
    """Exactly that share is enough; by the older rule it had to be exceeded."""
    passing: tuple[int, int]
    surplus_percent: int
    surplus_min: int
    surplus_exact: bool
    """By the older rule the surplus is that share, no more and no less."""


def election_rules(rules: Rules) -> ElectionRules:
    """The numbers of section R-B, as the pack and recorded changes have them."""
    return ElectionRules(
        quorum=_share(rules, "election.quorum"),
        quorum_inclusive=rules.flag("election.quorum_inclusive"),
        passing=_share(rules, "election.pass"),
        surplus_percent=rules.number("election.surplus_percent"),
        surplus_min=rules.number("election.surplus_min"),
        surplus_exact=rules.flag("election.surplus_exact"),
    )


def _share(rules: Rules, key: str) -> tuple[int, int]:
    over, under = rules.table(key)
    assert isinstance(over, int), key
    assert isinstance(under, int), key
    return over, under


def electors_needed(due: int, rule: ElectionRules) -> int:
    """The least number of electors present with which an election is valid (INV-024); never none."""
    over, under = rule.quorum
    least = -(-due * over // under) if rule.quorum_inclusive else due * over // under + 1
    return max(1, least)


def surplus(seats: int, rule: ElectionRules) -> int:
    """How many candidates there are beyond the seats: the share rounded up, at least the minimum (INV-026)."""
    return 0 if seats == 0 else max(rule.surplus_min, -(-seats * rule.surplus_percent // 100))


def enough_candidates(candidates: int, seats: int, rule: ElectionRules) -> bool:
    """Whether the number of candidates fits the number of seats (INV-026)."""
    wanted = seats + surplus(seats, rule)
    return candidates == wanted if rule.surplus_exact else candidates >= wanted


def votes_needed(present: int, rule: ElectionRules) -> int:
    """The least number of votes that exceeds half of the electors present; exactly half elects nobody (INV-032)."""
    over, under = rule.passing
    return present * over // under + 1


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a ballot comes to."""

    void: bool = False
    """More ballots came back than went out (INV-030)."""
    elected: tuple[PersonId, ...] = ()
    tied: tuple[PersonId, ...] = ()
    """Those with the same number of votes at the cut (INV-033)."""


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """The ballot papers of one ballot."""

    issued: int
    returned: int
    valid: int
    invalid: int

    @property
    def void(self) -> bool:
        return self.returned > self.issued


def result(votes: Sequence[Votes], papers: Papers, *, seats: int, present: int, rule: ElectionRules) -> Result:
    """Who is elected: by votes among those who pass; where the last seat is tied, those who tie stand again (R-B14)."""
    if papers.void:
        return Result(void=True)
    needed = votes_needed(present, rule)
    passed = sorted((vote for vote in votes if vote.yes >= needed), key=lambda vote: -vote.yes)
    if len(passed) <= seats:
        return Result(elected=tuple(vote.person_id for vote in passed))
    cut = passed[seats].yes
    if passed[seats - 1].yes > cut:
        return Result(elected=tuple(vote.person_id for vote in passed[:seats]))
    return Result(
        elected=tuple(vote.person_id for vote in passed if vote.yes > cut),
        tied=tuple(vote.person_id for vote in passed if vote.yes == cut),
    )


def check_papers(papers: Papers, present: int) -> None:
    """No more ballots than electors in the room, for nobody votes for an absentee; what came back is valid or invalid (INV-029, 031)."""
    if papers.issued > present:
        raise Refused("INV-029", "issued", detail=f"{papers.issued}/{present}")
    if papers.valid + papers.invalid != papers.returned:
        raise Refused("INV-031", "valid", "invalid", detail=f"{papers.valid}+{papers.invalid}/{papers.returned}")


def check_votes(votes: Sequence[Votes], papers: Papers, *, seats: int, listed: frozenset[PersonId]) -> None:
    """Every valid ballot says one thing about each listed candidate, and names no more persons than there are seats (INV-031)."""
    for vote in votes:
        marked = vote.yes + vote.no + vote.abstain
        if marked > papers.valid or (vote.person_id in listed and marked != papers.valid):
            raise Refused("INV-031", "votes", detail=f"{vote.person_id}: {marked}/{papers.valid}")
    named = sum(vote.yes for vote in votes)
    if named > papers.valid * seats:
        raise Refused("INV-031", "votes", detail=f"{named}/{papers.valid * seats}")


def check_claim(claimed: Sequence[PersonId], found: Result, votes: Mapping[PersonId, Votes]) -> None:
    """The outcome is worked out; whoever says another one is told which rule says no (INV-030, 032, 033)."""
    if set(claimed) == set(found.elected):
        return
    if found.void:
        raise Refused("INV-030", "elected")
    if set(claimed) & set(found.tied):
        raise Refused("INV-033", "elected", detail=", ".join(found.tied))
    wrong = sorted(set(claimed) ^ set(found.elected))
    raise Refused("INV-032", "elected", detail=", ".join(f"{person}: {votes[person].yes if person in votes else 0}" for person in wrong))
