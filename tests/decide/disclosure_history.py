"""What the tests of openness are told in: an item on its way from the proposal to the board."""

import datetime as dt
from typing import Any

from events.disclosure import (
    AnswerKind,
    CatalogueAdopted,
    DisclosureDecided,
    DisclosureEnded,
    DisclosureId,
    DisclosurePublished,
    DisclosureScope,
    DisclosureSubject,
    DisclosureWay,
    FeedbackAnswered,
    FeedbackId,
    FeedbackKind,
    FeedbackReceived,
    ItemProposed,
    ItemReviewed,
    Retention,
    Secrecy,
    TakenDown,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAY

ITEM, VOICE = DisclosureId("i1"), FeedbackId("f1")
WEEK = dt.timedelta(days=7)
SUBJECTS = (DisclosureSubject.DECISIONS, DisclosureSubject.GOALS, DisclosureSubject.EDUCATION, DisclosureSubject.OTHER)


def catalogue(**changed: Any) -> CatalogueAdopted:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "subjects": SUBJECTS, "entries": ("三会一课情况", "党费收缴情况")}
    return CatalogueAdopted(**(told | changed))


def proposed(**changed: Any) -> ItemProposed:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "item_id": ITEM,
        "subject": DisclosureSubject.EDUCATION,
        "title": "一季度三会一课",
        "content": "召开党员大会1次",
        "scope": DisclosureScope.PARTY,
        "ways": (DisclosureWay.BOARD,),
        "retention": Retention.PERIODIC,
        "secrecy": Secrecy.OPEN,
        "proposer": ANN,
    }
    return ItemProposed(**(told | changed))


def reviewed(**changed: Any) -> ItemReviewed:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "item_id": ITEM,
        "reviewer": BEN,
        "passed": True,
        "secrecy_checked": True,
        "secrecy": Secrecy.OPEN,
    }
    return ItemReviewed(**(told | changed))


def decided(**changed: Any) -> DisclosureDecided:
    told: dict[str, Any] = {"occurred_on": DAY, "item_id": ITEM, "approver": CAI, "granted": True}
    return DisclosureDecided(**(told | changed))


def published(**changed: Any) -> DisclosurePublished:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "item_id": ITEM,
        "subject": DisclosureSubject.EDUCATION,
        "ways": (DisclosureWay.BOARD,),
        "place": None,
        "until": None,
        "late_days": 0,
    }
    return DisclosurePublished(**(told | changed))


def ended(**changed: Any) -> DisclosureEnded:
    told: dict[str, Any] = {
        "occurred_on": DAY + WEEK,
        "item_id": ITEM,
        "ground": TakenDown.PERIOD_OVER,
        "reason": "公示期满",
        "short_days": 0,
    }
    return DisclosureEnded(**(told | changed))


def voiced(**changed: Any) -> FeedbackReceived:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "feedback_id": VOICE,
        "item_id": ITEM,
        "kind": FeedbackKind.OPINION,
        "given_by": ANN,
        "content": "请列明主题",
        "answer_by": dt.date(2026, 4, 7),
    }
    return FeedbackReceived(**(told | changed))


def answered(**changed: Any) -> FeedbackAnswered:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "feedback_id": VOICE,
        "item_id": ITEM,
        "answer": AnswerKind.TAKEN_UP,
        "content": "已补充",
        "answered_by": BEN,
        "late_days": 0,
    }
    return FeedbackAnswered(**(told | changed))


APPROVED = (proposed(), reviewed(), decided())
PUBLISHED = (*APPROVED, published())
