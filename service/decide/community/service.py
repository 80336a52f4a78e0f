"""What members do in their communities, and what they hear there (N23.T02 to T05, N23.M03)."""

from typing import Annotated, ClassVar

from events.base import LongText, PersonId, Text
from events.community import (
    CommunityEntryId,
    CommunityOpinionHandled,
    CommunityOpinionId,
    CommunityOpinionRecorded,
    CommunityServiceDone,
    Minutes,
    ServiceKind,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.community.reports import COMMUNITY, Community, OwnCommunityEntryId
from service.decide.marks import completes, is_new, must_belong, standing
from service.decide.roster import ROSTER, Roster


class RecordCommunityService(Command, frozen=True, kw_only=True, tag="record-community-service"):
    """Record what a member did for the community."""

    zh: ClassVar[str] = "登记社区服务"
    en: ClassVar[str] = "Record community service"

    person_id: Annotated[PersonId, label("党员", "Member")]
    kind: Annotated[ServiceKind, label("类别", "Kind")]
    description: Annotated[Text, label("内容", "What was done", min_length=1)]
    minutes: Annotated[Minutes, label("时长(分钟)", "Minutes")]
    entry_id: OwnCommunityEntryId = None


def record_community_service(command: RecordCommunityService, context: Context, community: Community, roster: Roster) -> Outcome:
    """Also of somebody who has not reported yet: the service was done (INV-002, INV-009)."""
    event = CommunityServiceDone(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or CommunityEntryId(context.event_ids[0]),
        person_id=command.person_id,
        kind=command.kind,
        description=command.description,
        minutes=command.minutes,
    )
    if not is_new(community.marks, event.entry_id, event):
        return []
    must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


class RecordCommunityOpinion(Command, frozen=True, kw_only=True, tag="record-community-opinion"):
    """Write down what people in the community need, and what should be done."""

    zh: ClassVar[str] = "登记社区意见建议"
    en: ClassVar[str] = "Record a community opinion"

    person_id: Annotated[PersonId, label("党员", "Member")]
    community: Annotated[Text, label("社区", "Community", min_length=1)]
    source: Annotated[
        Text,
        label("意见建议人", "Said by", min_length=1, help_zh="写身份，不写姓名", help_en="In what capacity, without a name"),
    ]
    content: Annotated[LongText, label("内容", "Opinion", min_length=1)]
    proposal: Annotated[LongText, label("提出的工作建议", "Proposal for the branch")] = ""
    entry_id: OwnCommunityEntryId = None


def record_community_opinion(command: RecordCommunityOpinion, context: Context, community: Community, roster: Roster) -> Outcome:
    """Brought to the branch by one of its members (N23.T03)."""
    event = CommunityOpinionRecorded(
        occurred_on=command.occurred_on,
        entry_id=CommunityOpinionId(command.entry_id or CommunityEntryId(context.event_ids[0])),
        person_id=command.person_id,
        community=command.community,
        source=command.source,
        content=command.content,
        proposal=command.proposal,
    )
    if not is_new(community.marks, event.entry_id, event):
        return []
    must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


class HandleCommunityOpinion(Command, frozen=True, kw_only=True, tag="handle-community-opinion"):
    """Say what the branch did about an opinion from a community."""

    zh: ClassVar[str] = "办理社区意见建议"
    en: ClassVar[str] = "Handle a community opinion"

    opinion_id: Annotated[CommunityOpinionId, label("意见建议", "Opinion")]
    handling: Annotated[LongText, label("办理情况", "What was done", min_length=1)]


def handle_community_opinion(command: HandleCommunityOpinion, _context: Context, community: Community) -> Outcome:
    """The last word counts."""
    mark = standing(community.marks, command.opinion_id, CommunityOpinionRecorded, command.occurred_on)
    event = CommunityOpinionHandled(
        occurred_on=command.occurred_on, opinion_id=command.opinion_id, said_on=mark.on, handling=command.handling
    )
    return [event] if completes(mark, event) else []


CASES = (
    Case(command=RecordCommunityService, right=Right.WORK_WRITE, reads=(COMMUNITY, ROSTER), decide=record_community_service),
    Case(command=RecordCommunityOpinion, right=Right.WORK_WRITE, reads=(COMMUNITY, ROSTER), decide=record_community_opinion),
    Case(command=HandleCommunityOpinion, right=Right.WORK_WRITE, reads=(COMMUNITY,), decide=handle_community_opinion),
)
