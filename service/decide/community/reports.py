"""Members report to their communities: plan, check-in, yearly rating, half-yearly count, taking a wrong entry back (N23)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Count, Event, LongText, MeetingId, PersonId, Text, tag_of
from events.community import (
    CheckedIn,
    CheckInPlanAdopted,
    CheckInSummarised,
    CommunityEntryId,
    CommunityEntryWithdrawn,
    CommunityEvent,
    CommunityOpinionHandled,
    CommunityOpinionRecorded,
    CommunityRating,
    CommunityServiceDone,
    CommunityServiceRated,
    Half,
    Year,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.marks import Marks, is_new, met_on, must_belong, to_withdraw
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Malformed

OwnCommunityEntryId = Annotated[CommunityEntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]
"""The id that a client may give to an entry; sending it again then records nothing twice."""


class Community(msgspec.Struct, frozen=True, kw_only=True):
    """The branch in its communities, folded."""

    marks: Marks = Marks()
    checked_in: Mapping[PersonId, tuple[CheckedIn, ...]] = {}
    """The check-ins that stand, the latest last."""
    services: Mapping[CommunityEntryId, CommunityServiceDone] = {}
    ratings: Mapping[PersonId, Mapping[Year, CommunityRating]] = {}
    counts: Mapping[str, CheckInSummarised] = {}


def evolve(community: Community, event: Event) -> Community:
    """The communities after one more event of their stream."""
    own_event = cast("CommunityEvent", event)
    match own_event:
        case CheckInPlanAdopted() | CommunityOpinionRecorded():
            return replace(community, marks=community.marks.began(own_event.entry_id, own_event))
        case CheckedIn(person_id=person):
            marks = community.marks.began(own_event.entry_id, own_event)
            standing = (*community.checked_in.get(person, ()), own_event)
            return replace(community, marks=marks, checked_in={**community.checked_in, person: standing})
        case CommunityServiceDone():
            marks = community.marks.began(own_event.entry_id, own_event)
            return replace(community, marks=marks, services={**community.services, own_event.entry_id: own_event})
        case CommunityServiceRated(person_id=person):
            rated = {**community.ratings.get(person, {}), own_event.year: own_event.rating}
            return replace(community, ratings={**community.ratings, person: rated})
        case CommunityOpinionHandled():
            return replace(community, marks=community.marks.completed(own_event.opinion_id, own_event))
        case CheckInSummarised():
            return replace(community, counts={**community.counts, _half(own_event.year, own_event.half): own_event})
        case CommunityEntryWithdrawn():
            return _withdrawn(community, own_event)
        case _:
            assert_never(own_event)


def _withdrawn(community: Community, event: CommunityEntryWithdrawn) -> Community:
    marks = community.marks.withdrawn(event.entry_id)
    services = {key: done for key, done in community.services.items() if key != event.entry_id}
    if event.person_id is None:
        return replace(community, marks=marks)
    standing = tuple(one for one in community.checked_in.get(event.person_id, ()) if one.entry_id != event.entry_id)
    return replace(community, marks=marks, services=services, checked_in={**community.checked_in, event.person_id: standing})


def _half(year: Year, half: Half) -> str:
    return f"{year}-H{half}"


COMMUNITY = Fold[Community](name="community", book=own, stream=lambda _command: "community", initial=Community(), evolve=evolve)


class AdoptCommunityPlan(Command, frozen=True, kw_only=True, tag="adopt-community-plan"):
    """Record the plan for reporting to communities."""

    zh: ClassVar[str] = "登记社区报到方案"
    en: ClassVar[str] = "Adopt a community plan"

    title: Annotated[Text, label("名称", "Title", min_length=1)]
    content: Annotated[LongText, label("内容", "Content", min_length=1)]
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by meeting")] = None
    entry_id: OwnCommunityEntryId = None


def adopt_community_plan(command: AdoptCommunityPlan, context: Context, community: Community, meeting: Meeting) -> Outcome:
    """One line of the list of plans (N23.M01)."""
    event = CheckInPlanAdopted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or CommunityEntryId(context.event_ids[0]),
        title=command.title,
        content=command.content,
        meeting_id=command.meeting_id,
        met_on=met_on(meeting, command.meeting_id, command.occurred_on),
    )
    return [event] if is_new(community.marks, event.entry_id, event) else []


class RecordCheckIn(Command, frozen=True, kw_only=True, tag="record-community-check-in"):
    """Record that a member reported to the community of residence."""

    zh: ClassVar[str] = "登记社区报到"
    en: ClassVar[str] = "Record a community check-in"

    person_id: Annotated[PersonId, label("党员", "Member")]
    community: Annotated[Text, label("居住社区", "Community", min_length=1, help_zh="只写社区名称", help_en="Its name, no address")]
    position: Annotated[Text, label("服务岗位", "Post of service")] = ""
    signed: Annotated[bool, label("社区签收", "Signed for by the community")] = False
    entry_id: OwnCommunityEntryId = None


def record_check_in(command: RecordCheckIn, context: Context, community: Community, roster: Roster) -> Outcome:
    """Once for each residence (N23.T01)."""
    event = CheckedIn(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or CommunityEntryId(context.event_ids[0]),
        person_id=command.person_id,
        community=command.community,
        position=command.position,
        signed=command.signed,
    )
    if not is_new(community.marks, event.entry_id, event) or _lives_in(community, command) == command.community:
        return []
    must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


def _lives_in(community: Community, command: RecordCheckIn) -> str | None:
    """Where the member had reported by that day; of two on one day the later record holds."""
    known = [one for one in community.checked_in.get(command.person_id, ()) if one.occurred_on <= command.occurred_on]
    return max(reversed(known), key=lambda one: one.occurred_on).community if known else None


class RateCommunityService(Command, frozen=True, kw_only=True, tag="rate-community-service"):
    """Record how the community judges a member's service of a year."""

    zh: ClassVar[str] = "登记社区年度评价"
    en: ClassVar[str] = "Rate community service"

    person_id: Annotated[PersonId, label("党员", "Member")]
    year: Annotated[Year, label("年度", "Year")]
    rating: Annotated[CommunityRating, label("评价", "Rating")]


def rate_community_service(command: RateCommunityService, _context: Context, community: Community, roster: Roster) -> Outcome:
    """Of a year that has begun; the last word counts."""
    if command.year > command.occurred_on.year:
        raise Malformed("year lies ahead")
    if community.ratings.get(command.person_id, {}).get(command.year) is command.rating:
        return []
    must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    return [CommunityServiceRated(occurred_on=command.occurred_on, person_id=command.person_id, year=command.year, rating=command.rating)]


class SummariseCheckIn(Command, frozen=True, kw_only=True, tag="summarise-community-check-in"):
    """Count who reported to communities, and what was done in a half-year."""

    zh: ClassVar[str] = "统计社区报到"
    en: ClassVar[str] = "Summarise community check-ins"

    year: Annotated[Year, label("年度", "Year")]
    half: Annotated[Half, label("半年", "Half", help_zh="1 上半年，2 下半年", help_en="1 or 2")]
    serving: Annotated[Count, label("在职党员数", "Members in service")]


def summarise_check_in(command: SummariseCheckIn, _context: Context, community: Community, roster: Roster) -> Outcome:
    """The rest is counted from the record: members who are here and reported, and services of the half-year (DL-15)."""
    day = command.occurred_on
    if dt.date(command.year, 1 if command.half == 1 else 7, 1) > day:
        raise Malformed("the half-year lies ahead")
    here = roster.members_on(day)
    reported = [p for p, checks in community.checked_in.items() if p in here and any(check.occurred_on <= day for check in checks)]
    if not len(reported) <= command.serving <= len(here):
        raise Malformed(f"serving: between the {len(reported)} who reported and the {len(here)} members")
    done = [one for one in community.services.values() if _falls_in(one, command)]
    event = CheckInSummarised(
        occurred_on=day,
        year=command.year,
        half=command.half,
        serving=command.serving,
        checked_in=len(reported),
        services=len(done),
        minutes=sum(one.minutes for one in done),
    )
    known = community.counts.get(_half(command.year, command.half))
    return [] if known is not None and replace(known, occurred_on=day) == event else [event]


def _falls_in(service: CommunityServiceDone, command: SummariseCheckIn) -> bool:
    day = service.occurred_on
    return day.year == command.year and (day.month > 6) == (command.half == 2) and day <= command.occurred_on


class WithdrawCommunityEntry(Command, frozen=True, kw_only=True, tag="withdraw-community-entry"):
    """Take back a plan, a check-in, a service or an opinion that was recorded wrongly."""

    zh: ClassVar[str] = "撤销社区服务登记"
    en: ClassVar[str] = "Withdraw a community entry"

    entry_id: Annotated[CommunityEntryId, label("记录", "Entry")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def withdraw_community_entry(command: WithdrawCommunityEntry, _context: Context, community: Community) -> Outcome:
    """What it was about stands no more, and is counted no more."""
    mark = to_withdraw(community.marks, command.entry_id, command.occurred_on)
    if mark is None:
        return []
    service = community.services.get(command.entry_id)
    checks = (one for standing in community.checked_in.values() for one in standing)
    check = next((one for one in checks if one.entry_id == command.entry_id), None)
    about = service or check
    event = CommunityEntryWithdrawn(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id,
        what=tag_of(mark.kind),
        happened_on=mark.on,
        person_id=None if about is None else about.person_id,
        reason=command.reason,
    )
    return [event]


CASES = (
    Case(command=AdoptCommunityPlan, right=Right.WORK_WRITE, reads=(COMMUNITY, MEETING), decide=adopt_community_plan),
    Case(command=RecordCheckIn, right=Right.WORK_WRITE, reads=(COMMUNITY, ROSTER), decide=record_check_in),
    Case(command=RateCommunityService, right=Right.WORK_WRITE, reads=(COMMUNITY, ROSTER), decide=rate_community_service),
    Case(command=SummariseCheckIn, right=Right.WORK_WRITE, reads=(COMMUNITY, ROSTER), decide=summarise_check_in),
    Case(command=WithdrawCommunityEntry, right=Right.WORK_WRITE, reads=(COMMUNITY,), decide=withdraw_community_entry),
)
