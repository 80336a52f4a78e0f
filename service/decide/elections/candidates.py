"""Before the ballot: papers, the outgoing committee's review, recommendations, the slate (R-B04, R-B05, R-B18; INV-026, 027, 035)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar

from events.base import Count, LongText, MeetingId, PersonId, Text
from events.elections import (
    CandidateInvestigated,
    CandidatesRecommended,
    ElectionId,
    ElectionKind,
    ElectionOpened,
    ElectionPaperAdopted,
    IncumbentsReviewed,
    Matter,
    Office,
    Paper,
    Recommended,
    Recommender,
    Review,
    SlateConfirmed,
    SlateProposed,
)
from events.members import InfluenceBar
from events.organisations import Post
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.elections.count import election_rules, enough_candidates, surplus
from service.decide.elections.requests import check_order
from service.decide.elections.state import ELECTION, Election, running
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused

RANK = {Post.DEPUTY: 2, Post.SECRETARY: 3}
"""How high a post is; every other one of a committee is 1, none is 0 (R-G03)."""
RANK_OF_OFFICE = {Office.COMMITTEE: 1, Office.DEPUTY: 2, Office.SECRETARY: 3}


class AdoptElectionPaper(Command, frozen=True, kw_only=True, tag="adopt-election-paper"):
    """The work plan or the election method is adopted."""

    zh: ClassVar[str] = "通过换届工作方案或选举办法"
    en: ClassVar[str] = "Adopt an election paper"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    paper: Annotated[Paper, label("文件类别", "Kind of paper")]
    title: Annotated[Text, label("文件名称", "Title", min_length=1)]
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted at")] = None
    planned_on: Annotated[dt.date | None, label("拟定大会日期", "Election meeting planned on")] = None


class ReviewIncumbents(Command, frozen=True, kw_only=True, tag="review-incumbents"):
    """The members judge the outgoing committee by ballot."""

    zh: ClassVar[str] = "登记现任班子民主测评"
    en: ClassVar[str] = "Record the review of the outgoing committee"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    issued: Annotated[Count, label("发出测评票", "Ballots issued")]
    returned: Annotated[Count, label("收回测评票", "Ballots returned")]
    reviews: Annotated[tuple[Review, ...], label("测评结果", "Results", min_length=1, max_length=15)]


class RecommendCandidates(Command, frozen=True, kw_only=True, tag="recommend-candidates"):
    """Members, or the public, recommend persons."""

    zh: ClassVar[str] = "登记两推推荐"
    en: ClassVar[str] = "Record recommendations"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    by: Annotated[Recommender, label("推荐方式", "By whom")]
    people: Annotated[tuple[Recommended, ...], label("被推荐人", "Recommended", min_length=1, max_length=100)]


class InvestigateCandidate(Command, frozen=True, kw_only=True, tag="investigate-candidate"):
    """Somebody who was recommended is looked into."""

    zh: ClassVar[str] = "登记候选人考察"
    en: ClassVar[str] = "Record an investigation"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    person_id: Annotated[PersonId, label("考察对象", "Person")]
    suitable: Annotated[bool, label("是否适合", "Suitable")]
    finding: Annotated[LongText | None, label("考察情况", "Finding")] = None


class ProposeSlate(Command, frozen=True, kw_only=True, tag="propose-slate"):
    """The outgoing committee proposes candidates."""

    zh: ClassVar[str] = "提出候选人预备人选"
    en: ClassVar[str] = "Propose candidates"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    members: Annotated[tuple[PersonId, ...], label("委员(代表)候选人", "For the committee, or as delegates", max_length=100)] = ()
    secretary: Annotated[tuple[PersonId, ...], label("书记候选人", "For secretary", max_length=10)] = ()
    deputy: Annotated[tuple[PersonId, ...], label("副书记候选人", "For deputy secretary", max_length=10)] = ()


class ConfirmSlate(Command, frozen=True, kw_only=True, tag="confirm-slate"):
    """The members deliberate and fix the candidates."""

    zh: ClassVar[str] = "确定正式候选人"
    en: ClassVar[str] = "Confirm the candidates"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    members: Annotated[tuple[PersonId, ...], label("委员(代表)候选人", "For the committee, or as delegates", max_length=100)] = ()
    secretary: Annotated[tuple[PersonId, ...], label("书记候选人", "For secretary", max_length=10)] = ()
    deputy: Annotated[tuple[PersonId, ...], label("副书记候选人", "For deputy secretary", max_length=10)] = ()
    meeting_id: Annotated[MeetingId | None, label("酝酿会议", "Deliberated at")] = None


def adopt_election_paper(command: AdoptElectionPaper, _context: Context, election: Election) -> Outcome:
    """A later version takes the place of the one before."""
    event = ElectionPaperAdopted(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        paper=command.paper,
        title=command.title,
        meeting_id=command.meeting_id,
        planned_on=command.planned_on,
    )
    running(election, command.election_id, command.occurred_on)
    return [] if election.papers.get(command.paper) == event else [event]


def review_incumbents(command: ReviewIncumbents, _context: Context, election: Election, roster: Roster) -> Outcome:
    """Of the committee in office, each once; no more marks than ballots (INV-011)."""
    day = command.occurred_on
    running(election, command.election_id, day)
    event = IncumbentsReviewed(
        occurred_on=day,
        election_id=command.election_id,
        issued=command.issued,
        returned=command.returned,
        reviews=command.reviews,
    )
    if election.review == event:
        return []
    people = [review.person_id for review in command.reviews]
    once(people, "reviews")
    if strangers := set(people) - roster.committee_on(day):
        raise Conflict(f"not of the committee in office: {', '.join(sorted(strangers))}")
    if command.returned > command.issued:
        raise Refused("INV-011", "returned", detail=f"{command.returned}/{command.issued}")
    for review in command.reviews:
        marks = review.competent + review.basic + review.incompetent
        if marks > command.returned:
            raise Refused("INV-011", "reviews", detail=f"{review.person_id}: {marks}/{command.returned}")
    return [event]


def recommend_candidates(command: RecommendCandidates, _context: Context, election: Election, roster: Roster) -> Outcome:
    """INV-027: whoever is recommended may stand. Before the slate goes to the superior (R-B18)."""
    running(election, command.election_id, command.occurred_on)
    event = CandidatesRecommended(occurred_on=command.occurred_on, election_id=command.election_id, by=command.by, people=command.people)
    if election.recommended.get(command.by) == event:
        return []
    _before_the_second(election)
    people = [one.person_id for one in command.people]
    once(people, "people")
    check_eligible(roster, people, command.occurred_on, "people")
    return [event]


def _before_the_second(election: Election) -> None:
    if Matter.SECOND in election.submitted:
        raise Conflict("the candidates are with the superior")


def investigate_candidate(command: InvestigateCandidate, _context: Context, election: Election, roster: Roster) -> Outcome:
    """Those to be looked into follow from the recommendations (N05.M02.03)."""
    opened = running(election, command.election_id, command.occurred_on)
    event = CandidateInvestigated(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        person_id=command.person_id,
        suitable=command.suitable,
        finding=command.finding,
    )
    before = election.investigated.get(command.person_id)
    if before is not None and (before.occurred_on, before.suitable) == (event.occurred_on, event.suitable):
        return []
    recommended = {one.person_id for by in election.recommended.values() for one in by.people}
    if opened.kind is ElectionKind.TERM and command.person_id not in recommended:
        raise Conflict(f"{command.person_id} has not been recommended")
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    return [event]


def propose_slate(command: ProposeSlate, context: Context, election: Election, roster: Roster) -> Outcome:
    opened = running(election, command.election_id, command.occurred_on)
    event = SlateProposed(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        members=command.members,
        secretary=command.secretary,
        deputy=command.deputy,
    )
    if election.proposed == event:
        return []
    _before_the_second(election)
    _check_slate(event, opened, election, roster, context.rules)
    return [event]


def confirm_slate(command: ConfirmSlate, context: Context, election: Election, roster: Roster) -> Outcome:
    """Out of those to whom the superior agreed (R-B05, INV-021); the surplus must still be there (INV-026)."""
    opened = running(election, command.election_id, command.occurred_on)
    event = SlateConfirmed(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        members=command.members,
        secretary=command.secretary,
        deputy=command.deputy,
        meeting_id=command.meeting_id,
    )
    if election.confirmed == event:
        return []
    after_approval(opened, election, command.occurred_on)
    if election.counts:
        raise Conflict("a ballot has been counted")
    _check_slate(event, opened, election, roster, context.rules)
    assert election.proposed is not None, "the second submission bears the slate"
    for field in ("members", "secretary", "deputy"):
        if strangers := set(getattr(event, field)) - set(getattr(election.proposed, field)):
            raise Conflict(f"{field}: the superior has not agreed to {', '.join(sorted(strangers))}")
    return [event]


def after_approval(opened: ElectionOpened, election: Election, day: dt.date) -> None:
    """INV-021: candidates and meeting come after the superior agreed to both earlier submissions."""
    try:
        check_order(Matter.THIRD, opened, election, day)
    except Refused as refused:
        raise Refused(refused.rule, "election_id" if refused.fields == ("matter",) else "occurred_on", detail=refused.detail) from refused


def _check_slate(slate: SlateProposed | SlateConfirmed, opened: ElectionOpened, election: Election, roster: Roster, rules: Rules) -> None:
    """INV-006, 026, 027, 035: who stands for what, and whether there are enough."""
    day = slate.occurred_on
    leading = {Office.SECRETARY: slate.secretary, Office.DEPUTY: slate.deputy}
    for field, people in (("members", slate.members), ("secretary", slate.secretary), ("deputy", slate.deputy)):
        once(people, field)
        check_eligible(roster, people, day, field)
        if unsuitable := [p for p in people if p in election.investigated and not election.investigated[p].suitable]:
            raise Refused("INV-027", field, detail=", ".join(unsuitable))
    if opened.kind is not ElectionKind.DELEGATES:
        check_influence(roster, slate.members, Office.COMMITTEE, day, "members")
    for office, people in leading.items():
        check_influence(roster, people, office, day, office.value)
        _check_leading(office, people, opened, rules)
        _check_in_committee(office, people, slate, opened, roster)
    if set(slate.secretary) & set(slate.deputy):
        raise Refused("INV-006", "deputy")
    rule = election_rules(rules)
    if bool(slate.members) != bool(opened.seats) or (opened.seats and not enough_candidates(len(slate.members), opened.seats, rule)):
        wanted = opened.seats + surplus(opened.seats, rule)
        raise Refused("INV-026", "members", detail=f"{len(slate.members)}/{wanted}")


def _check_leading(office: Office, people: Sequence[PersonId], opened: ElectionOpened, rules: Rules) -> None:
    """One is enough for secretary and deputy where they may stand unopposed (R-B04)."""
    if office not in opened.posts:
        if people:
            raise Malformed(f"no {office.en.lower()} is elected: {office.value}")
        return
    least = 1 if rules.flag("election.secretary_equal_number") else 2
    if len(people) < least:
        raise Refused("INV-026", office.value, detail=f"{len(people)}/{least}")


def _check_in_committee(
    office: Office, people: Sequence[PersonId], slate: SlateProposed | SlateConfirmed, opened: ElectionOpened, roster: Roster
) -> None:
    """Where there is a committee, its secretary and deputy come out of it (R-A17)."""
    staying = roster.committee_on(slate.occurred_on) if opened.kind is ElectionKind.BY_ELECTION else frozenset()
    if opened.has_committee and (outside := set(people) - set(slate.members) - staying):
        raise Refused("INV-027", office.value, detail=", ".join(sorted(outside)))


def once(people: Sequence[PersonId], field: str) -> None:
    if len(set(people)) < len(people):
        raise Malformed(f"somebody is named twice: {field}")


def check_eligible(roster: Roster, people: Iterable[PersonId], day: dt.date, field: str) -> None:
    """INV-027: full members of this branch with their rights."""
    if unfit := sorted(set(people) - roster.voters_on(day)):
        raise Refused("INV-027", field, detail=", ".join(unfit))


def check_influence(roster: Roster, people: Iterable[PersonId], office: Office, day: dt.date, field: str) -> None:
    """INV-035: a punishment bars from a higher post than the one held then, or from one as high as that, too (R-G03)."""
    rank = RANK_OF_OFFICE[office]
    for person in people:
        member = roster.members[person]
        for influence in member.influences:
            if influence.until is None or not influence.occurred_on <= day <= influence.until:
                continue
            held = _rank_held(roster, person, influence.occurred_on)
            barred = rank > held if influence.bar is InfluenceBar.HIGHER else rank >= held
            if barred:
                raise Refused("INV-035", field, detail=f"{person}: {influence.until}")


def _rank_held(roster: Roster, person: PersonId, day: dt.date) -> int:
    """How high a post somebody held when the punishment fell; one that ended with it counts."""
    held = [t for t in roster.tenures if t.person_id == person and t.held.since <= day and (t.held.until is None or t.held.until >= day)]
    return max((RANK.get(tenure.post, 1) for tenure in held), default=0)


CASES = (
    Case(command=AdoptElectionPaper, right=Right.ELECTION_WRITE, reads=(ELECTION,), decide=adopt_election_paper),
    Case(command=ReviewIncumbents, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=review_incumbents),
    Case(command=RecommendCandidates, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=recommend_candidates),
    Case(command=InvestigateCandidate, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=investigate_candidate),
    Case(command=ProposeSlate, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=propose_slate),
    Case(command=ConfirmSlate, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=confirm_slate),
)
