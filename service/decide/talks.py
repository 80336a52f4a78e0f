"""Heart-to-heart talks: recorded between two members, withdrawn when entered wrongly (N12, R-A14)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec

from events.base import Event, LongText, PersonId, Text
from events.talks import Clock, TalkEvent, TalkId, TalkPair, TalkRecorded, TalkTrigger, TalkWithdrawn
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.entries import on_record
from service.decide.meetings.roll import check_active
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed

SEALED = {"help_zh": "加密保存", "help_en": "Kept encrypted"}


class RecordTalk(Command, frozen=True, kw_only=True, tag="record-talk"):
    """Two members talked with each other."""

    zh: ClassVar[str] = "登记谈心谈话"
    en: ClassVar[str] = "Record a talk"

    talker_id: Annotated[PersonId, label("谈话人", "Who talked")]
    person_id: Annotated[PersonId, label("谈话对象", "With whom")]
    pair: Annotated[
        TalkPair | None,
        label("谈话类别", "Kind of pair", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given"),
    ] = None
    trigger: Annotated[TalkTrigger, label("谈话事由", "Occasion")] = TalkTrigger.ROUTINE
    place: Annotated[Text | None, label("地点", "Place")] = None
    starts_at: Annotated[Clock | None, label("时间", "Time", help_zh="如 14:30", help_en="Such as 14:30")] = None
    situation: Annotated[LongText, label("思想工作作风学习家庭情况", "Thinking, work, style, study, family", min_length=1, **SEALED)]
    problems: Annotated[LongText | None, label("指出不足", "Shortcomings pointed out", **SEALED)] = None
    suggestions: Annotated[LongText | None, label("提出建议", "Suggestions", **SEALED)] = None
    opinions: Annotated[LongText | None, label("征求到的意见", "Opinions received", **SEALED)] = None
    criticism: Annotated[LongText | None, label("批评与自我批评", "Criticism and self-criticism", **SEALED)] = None
    signed: Annotated[bool, label("双方已签字", "Signed by both")] = False
    talk_id: Annotated[TalkId | None, label("记录编号", "Talk id", help_zh="通常留空", help_en="Usually left empty")] = None


class WithdrawTalk(Command, frozen=True, kw_only=True, tag="withdraw-talk"):
    """A talk was entered wrongly."""

    zh: ClassVar[str] = "撤销谈心谈话"
    en: ClassVar[str] = "Withdraw a talk"

    talk_id: Annotated[TalkId, label("谈话", "Talk")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


class Talks(msgspec.Struct, frozen=True, kw_only=True):
    """The talks that stand, by name; what was said stays sealed."""

    standing: Mapping[TalkId, TalkRecorded] = {}
    withdrawn: frozenset[TalkId] = frozenset()


def evolve(talks: Talks, event: Event) -> Talks:
    """The talks after one more event of their stream."""
    own_event = cast("TalkEvent", event)
    match own_event:
        case TalkRecorded():
            return msgspec.structs.replace(talks, standing={**talks.standing, own_event.talk_id: own_event})
        case TalkWithdrawn():
            left = {talk_id: talk for talk_id, talk in talks.standing.items() if talk_id != own_event.talk_id}
            return Talks(standing=left, withdrawn=talks.withdrawn | {own_event.talk_id})
        case _:
            assert_never(own_event)


TALKS = Fold[Talks](name="talks", book=own, stream=lambda _command: "talks", initial=Talks(), evolve=evolve)

WHAT_WAS_SAID = ("situation", "problems", "suggestions", "opinions", "criticism")


def record_talk(command: RecordTalk, context: Context, talks: Talks, roster: Roster) -> Outcome:
    """Between whom follows from the posts of that day; the same pair at the same time again is nothing to do (INV-009)."""
    event = _talk(command, context, roster)
    if on_record(talks.standing.values(), event, "talk_id", *WHAT_WAS_SAID):
        return []
    if event.talk_id in talks.standing or event.talk_id in talks.withdrawn:
        raise Conflict(f"talk {event.talk_id} is on record already")
    if command.talker_id == command.person_id:
        raise Malformed("a talk is between two: person_id")
    check_active(roster, (command.talker_id,), command.occurred_on, "talker_id")
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    if command.pair not in (None, event.pair):
        raise Malformed(f"by their posts it is {event.pair.value}: pair")
    return [event]


def _talk(command: RecordTalk, context: Context, roster: Roster) -> TalkRecorded:
    two = {command.talker_id, command.person_id}
    return TalkRecorded(
        occurred_on=command.occurred_on,
        talk_id=command.talk_id or TalkId(context.event_ids[0]),
        person_id=command.person_id,
        talker_id=command.talker_id,
        pair=_pair(command, roster),
        with_secretary=roster.secretary_on(command.occurred_on) in two,
        trigger=command.trigger,
        place=command.place,
        starts_at=command.starts_at,
        situation=command.situation,
        problems=command.problems,
        suggestions=command.suggestions,
        opinions=command.opinions,
        criticism=command.criticism,
        signed=command.signed,
    )


def _pair(command: RecordTalk, roster: Roster) -> TalkPair:
    """Committee members and the secretary are those of that day (R-A14)."""
    day = command.occurred_on
    two = {command.talker_id, command.person_id}
    on_committee = two & roster.committee_on(day)
    if not on_committee:
        return TalkPair.MEMBERS
    if on_committee != two:
        return TalkPair.COMMITTEE_MEMBER
    return TalkPair.SECRETARY_COMMITTEE if roster.secretary_on(day) in two else TalkPair.COMMITTEE


def withdraw_talk(command: WithdrawTalk, _context: Context, talks: Talks) -> Outcome:
    """The row keeps its number and is struck."""
    if command.talk_id in talks.withdrawn:
        return []
    talk = talks.standing.get(command.talk_id)
    if talk is None:
        raise Absent(f"talk {command.talk_id}")
    if command.occurred_on < talk.occurred_on:
        raise Conflict(f"the talk was on {talk.occurred_on}, after {command.occurred_on}")
    return [TalkWithdrawn(occurred_on=command.occurred_on, talk_id=command.talk_id, person_id=talk.person_id, reason=command.reason)]


CASES = (
    Case(command=RecordTalk, right=Right.WORK_WRITE, reads=(TALKS, ROSTER), decide=record_talk),
    Case(command=WithdrawTalk, right=Right.WORK_WRITE, reads=(TALKS,), decide=withdraw_talk),
)
