"""Opinions are sought, recorded and acted on; questionnaires are counted (N06.T01, N06.M01, N24.M06.04)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Count, LongText, Text
from events.masses import (
    Adoption,
    AskedBy,
    MassEntryId,
    OpinionHandled,
    OpinionId,
    OpinionRecorded,
    QuestionnaireCompleted,
    SolicitationId,
    SolicitationOpened,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.marks import completes, is_new, standing
from service.decide.masses.entries import MASSES, Masses, OwnMassEntryId
from service.errors import Malformed


class OpenSolicitation(Command, frozen=True, kw_only=True, tag="open-solicitation"):
    """Begin a round in which opinions are sought."""

    zh: ClassVar[str] = "启动征求意见"
    en: ClassVar[str] = "Seek opinions"

    topic: Annotated[Text, label("批次或主题", "Topic", min_length=1)]
    method: Annotated[AskedBy, label("方式", "Method")]
    audience: Annotated[Text, label("征求对象", "Who is asked", min_length=1)]
    until: Annotated[dt.date | None, label("截止日期", "Until")] = None
    entry_id: OwnMassEntryId = None


def open_solicitation(command: OpenSolicitation, context: Context, masses: Masses) -> Outcome:
    """One round, so that its opinions can be found together (N06.T01)."""
    if command.until is not None and command.until < command.occurred_on:
        raise Malformed("until lies before the day on which it began")
    event = SolicitationOpened(
        occurred_on=command.occurred_on,
        entry_id=SolicitationId(command.entry_id or MassEntryId(context.event_ids[0])),
        topic=command.topic,
        method=command.method,
        audience=command.audience,
        until=command.until,
    )
    return [event] if is_new(masses.marks, event.entry_id, event) else []


class RecordOpinion(Command, frozen=True, kw_only=True, tag="record-opinion"):
    """Write down an opinion of a member or of the public."""

    zh: ClassVar[str] = "登记意见"
    en: ClassVar[str] = "Record an opinion"

    solicitation_id: Annotated[SolicitationId | None, label("征求意见批次", "Round of opinions")] = None
    method: Annotated[AskedBy, label("方式", "Method")]
    source: Annotated[
        Text,
        label("对象", "Said by", min_length=1, help_zh="写身份，不写姓名", help_en="In what capacity, without a name"),
    ]
    content: Annotated[LongText, label("意见内容", "Opinion", min_length=1)]
    entry_id: OwnMassEntryId = None


def record_opinion(command: RecordOpinion, context: Context, masses: Masses) -> Outcome:
    """Inside a round, or by itself (N06.M01.01)."""
    round_id = command.solicitation_id
    event = OpinionRecorded(
        occurred_on=command.occurred_on,
        entry_id=OpinionId(command.entry_id or MassEntryId(context.event_ids[0])),
        solicitation_id=round_id,
        batch="" if round_id is None else masses.topics.get(round_id, ""),
        method=command.method,
        source=command.source,
        content=command.content,
    )
    if not is_new(masses.marks, event.entry_id, event):
        return []
    if round_id is not None:
        standing(masses.marks, round_id, SolicitationOpened, command.occurred_on)
    return [event]


class HandleOpinion(Command, frozen=True, kw_only=True, tag="handle-opinion"):
    """Say what becomes of an opinion."""

    zh: ClassVar[str] = "登记意见采纳情况"
    en: ClassVar[str] = "Say what becomes of an opinion"

    opinion_id: Annotated[OpinionId, label("意见", "Opinion")]
    adoption: Annotated[Adoption, label("采纳情况", "Outcome")]
    note: Annotated[Text, label("说明", "Note")] = ""


def handle_opinion(command: HandleOpinion, _context: Context, masses: Masses) -> Outcome:
    """The last word counts."""
    mark = standing(masses.marks, command.opinion_id, OpinionRecorded, command.occurred_on)
    event = OpinionHandled(
        occurred_on=command.occurred_on,
        opinion_id=command.opinion_id,
        said_on=mark.on,
        adoption=command.adoption,
        note=command.note,
    )
    return [event] if completes(mark, event) else []


class RecordQuestionnaire(Command, frozen=True, kw_only=True, tag="record-questionnaire"):
    """Record how many questionnaires went out and came back."""

    zh: ClassVar[str] = "登记问卷"
    en: ClassVar[str] = "Record a questionnaire"

    topic: Annotated[Text, label("主题", "Topic", min_length=1)]
    issued: Annotated[Count, label("发放数", "Issued")]
    returned: Annotated[Count, label("回收数", "Returned")]
    valid: Annotated[Count, label("有效数", "Valid")]
    analysis: Annotated[LongText, label("分析报告", "Analysis")] = ""
    entry_id: OwnMassEntryId = None


def record_questionnaire(command: RecordQuestionnaire, context: Context, masses: Masses) -> Outcome:
    """No more come back than went out, no more are valid than came back (N24.M06.04)."""
    if not command.valid <= command.returned <= command.issued:
        raise Malformed("valid <= returned <= issued")
    event = QuestionnaireCompleted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or MassEntryId(context.event_ids[0]),
        topic=command.topic,
        issued=command.issued,
        returned=command.returned,
        valid=command.valid,
        analysis=command.analysis,
    )
    return [event] if is_new(masses.marks, event.entry_id, event) else []


CASES = (
    Case(command=OpenSolicitation, right=Right.WORK_WRITE, reads=(MASSES,), decide=open_solicitation),
    Case(command=RecordOpinion, right=Right.WORK_WRITE, reads=(MASSES,), decide=record_opinion),
    Case(command=HandleOpinion, right=Right.WORK_WRITE, reads=(MASSES,), decide=handle_opinion),
    Case(command=RecordQuestionnaire, right=Right.WORK_WRITE, reads=(MASSES,), decide=record_questionnaire),
)
