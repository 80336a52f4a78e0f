"""Ledger L06 群众工作: research, opinions, questionnaires, volunteer service, village aid (N02.T05, N03.T04, N06, N24.M06)."""

import datetime as dt
from collections.abc import Iterator, Mapping

import msgspec

from events.base import Event, tag_of
from events.masses import (
    HouseholdsVisited,
    MassEntryWithdrawn,
    MassPlanAdopted,
    OpinionHandled,
    OpinionRecorded,
    PostingId,
    QuestionnaireCompleted,
    ResearchReportFiled,
    ResearchTripMade,
    SolicitationOpened,
    VillageAidAssigned,
    VillageAidEnded,
    VillageAidLogged,
    VolunteerServiceDone,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l06_registers import OPINIONS, PLANS, QUESTIONNAIRES, RESEARCH, VILLAGE, VOLUNTEERS
from projections.ledgers.register import Register, entry, strike
from projections.standard.norms import Period
from projections.standard.periods import period_of


class MassBook(msgspec.Struct):
    """The villages to which members were posted."""

    villages: dict[PostingId, str] = msgspec.field(default_factory=dict)


def hours(minutes: int) -> str:
    """As the form has it: `2小时30分`."""
    whole, rest = divmod(minutes, 60)
    return f"{whole}小时{rest}分" if rest else f"{whole}小时"


def days(first: dt.date, last: dt.date | None) -> str:
    """One day, or from the first to the last."""
    return first.isoformat() if last is None or last == first else f"{first.isoformat()} 至 {last.isoformat()}"


def solicitation_opened(_book: MassBook, fact: Fact[SolicitationOpened]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "batch": event.topic,
        "method": event.method.zh,
        "on": days(event.occurred_on, event.until),
        "source": event.audience,
        "content": event.zh,
    }
    yield entry(OPINIONS, fact, event.entry_id, cells)


def opinion_recorded(_book: MassBook, fact: Fact[OpinionRecorded]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "batch": event.batch,
        "method": event.method.zh,
        "on": event.occurred_on.isoformat(),
        "source": event.source,
        "content": event.content,
    }
    yield entry(OPINIONS, fact, event.entry_id, cells)


def opinion_handled(_book: MassBook, fact: Fact[OpinionHandled]) -> Iterator[Row]:
    event = fact.event
    text = f"{event.adoption.zh}：{event.note}" if event.note else event.adoption.zh
    yield entry(OPINIONS, fact, event.opinion_id, {"adoption": text}, year=event.said_on.year)


def questionnaire_completed(_book: MassBook, fact: Fact[QuestionnaireCompleted]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "topic": event.topic,
        "issued": event.issued,
        "returned": event.returned,
        "valid": event.valid,
        "analysis": event.analysis,
    }
    yield entry(QUESTIONNAIRES, fact, event.entry_id, cells)


def research_trip_made(_book: MassBook, fact: Fact[ResearchTripMade]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "quarter": period_of(event.occurred_on, Period.QUARTERLY),
        "leader": f"{event.leader}（{event.led_by.zh}）",
        "on": days(event.occurred_on, event.until),
        "place": event.place,
        "topic": event.topic,
        "people": list(event.people),
        "findings": event.findings,
    }
    yield entry(RESEARCH, fact, event.entry_id, cells)


def research_report_filed(_book: MassBook, fact: Fact[ResearchReportFiled]) -> Iterator[Row]:
    """The report stands beside the trip, or beside the round of opinions that it was made from."""
    event = fact.event
    if event.research_id is not None:
        yield entry(RESEARCH, fact, event.research_id, {"report": event.title}, year=event.began_on.year)
    elif event.solicitation_id is not None:
        yield entry(OPINIONS, fact, event.solicitation_id, {"adoption": f"{event.zh}：{event.title}"}, year=event.began_on.year)


def households_visited(_book: MassBook, fact: Fact[HouseholdsVisited]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "on": event.occurred_on,
        "people": list(event.people),
        "village": event.village,
        "work": event.work,
        "households": event.households,
        "solved": event.solved,
        "todo": event.todo,
    }
    yield entry(VILLAGE, fact, event.entry_id, cells)


def village_aid_assigned(book: MassBook, fact: Fact[VillageAidAssigned]) -> Iterator[Row]:
    """The log begins with the posting."""
    event = fact.event
    book.villages[event.entry_id] = event.village
    until = "" if event.until is None else f"，至{event.until.isoformat()}"
    number = f"，{event.document_no}" if event.document_no else ""
    cells = {
        "on": event.occurred_on,
        "people": [event.person_id],
        "village": event.village,
        "work": f"{event.zh}{until}{number}",
    }
    yield entry(VILLAGE, fact, event.entry_id, cells, subject=event.person_id)


def village_aid_logged(book: MassBook, fact: Fact[VillageAidLogged]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "on": event.occurred_on,
        "people": [event.person_id],
        "village": book.villages[event.posting_id],
        "work": event.work,
        "households": event.households,
        "solved": event.solved,
        "todo": event.todo,
    }
    yield entry(VILLAGE, fact, event.entry_id, cells, subject=event.person_id)


def village_aid_ended(book: MassBook, fact: Fact[VillageAidEnded]) -> Iterator[Row]:
    """And ends with the day on which the member came back."""
    event = fact.event
    cells = {
        "on": event.occurred_on,
        "people": [event.person_id],
        "village": book.villages[event.posting_id],
        "work": f"{event.zh}：{event.reason}",
    }
    yield entry(VILLAGE, fact, f"{event.posting_id}/ended", cells, subject=event.person_id)


def plan_adopted(_book: MassBook, fact: Fact[MassPlanAdopted]) -> Iterator[Row]:
    event = fact.event
    cells = {"on": event.occurred_on, "kind": event.kind.zh, "title": event.title, "content": event.content, "met_on": event.met_on}
    yield entry(PLANS, fact, event.entry_id, cells)


def volunteer_service_done(_book: MassBook, fact: Fact[VolunteerServiceDone]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "on": event.occurred_on,
        "project": event.project,
        "place": event.place,
        "people": list(event.people),
        "time": hours(event.minutes),
        "served": event.served,
        "effect": event.effect,
    }
    yield entry(VOLUNTEERS, fact, event.entry_id, cells)


WHERE: Mapping[str, Register] = {
    tag_of(SolicitationOpened): OPINIONS,
    tag_of(OpinionRecorded): OPINIONS,
    tag_of(QuestionnaireCompleted): QUESTIONNAIRES,
    tag_of(ResearchTripMade): RESEARCH,
    tag_of(HouseholdsVisited): VILLAGE,
    tag_of(VillageAidAssigned): VILLAGE,
    tag_of(VillageAidLogged): VILLAGE,
    tag_of(MassPlanAdopted): PLANS,
    tag_of(VolunteerServiceDone): VOLUNTEERS,
}
"""In which register an entry has its row."""


def entry_withdrawn(_book: MassBook, fact: Fact[MassEntryWithdrawn]) -> Iterator[Row]:
    event = fact.event
    yield strike(WHERE[event.what], fact, event.entry_id, year=event.happened_on.year)


HANDLERS: Mapping[type[Event], Handler] = {
    SolicitationOpened: solicitation_opened,
    OpinionRecorded: opinion_recorded,
    OpinionHandled: opinion_handled,
    QuestionnaireCompleted: questionnaire_completed,
    ResearchTripMade: research_trip_made,
    ResearchReportFiled: research_report_filed,
    HouseholdsVisited: households_visited,
    VillageAidAssigned: village_aid_assigned,
    VillageAidLogged: village_aid_logged,
    VillageAidEnded: village_aid_ended,
    MassPlanAdopted: plan_adopted,
    VolunteerServiceDone: volunteer_service_done,
    MassEntryWithdrawn: entry_withdrawn,
}
