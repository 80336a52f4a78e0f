"""Directives as they are told in tests: one of work, issued to two branches and delivered to the first."""

import datetime as dt
from typing import Any

from events.base import MeetingId, OrgId, PersonId
from events.directives import (
    AnswerAccepted,
    AnswerId,
    AnswerReturned,
    DirectiveAnswered,
    DirectiveDelivered,
    DirectiveId,
    DirectiveIssued,
    DirectiveKind,
    DirectiveRecalled,
    DirectiveSigned,
    DirectiveStep,
    DirectiveStepWithdrawn,
    DirectiveTabled,
    DirectiveWithdrawn,
    TablingId,
)
from events.organisations import BranchAdded, OrganisationFounded, OrgKind
from tests.decide.bdd import BRANCH, COMMITTEE

W1, A1, A2 = DirectiveId("w1"), AnswerId("a1"), AnswerId("a2")
OTHER = OrgId("branch-2")
ISSUED_ON, ON, DUE = dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 4, 30)
TABLE_BY = dt.date(2026, 3, 17)
"""Ten working days after the delivery."""
NUMBER, TITLE, TEXT, ISSUER = "示委〔2026〕8号", "关于制定年度工作计划的通知", "请各支部于4月底前报送年度工作计划。", "示例机关党委"
MEETING, ANN = MeetingId("m1"), PersonId("ann")

COMMITTEE_FOUNDED = OrganisationFounded(
    occurred_on=dt.date(2020, 1, 1), org_id=COMMITTEE, parent_id=None, kind=OrgKind.COMMITTEE, name=ISSUER, short_name="机关党委"
)
BRANCH_FOUNDED = OrganisationFounded(
    occurred_on=dt.date(2020, 2, 1), org_id=BRANCH, parent_id=COMMITTEE, kind=OrgKind.BRANCH, name="第一党支部", short_name="一支部"
)


def added(branch: OrgId) -> BranchAdded:
    return BranchAdded(occurred_on=dt.date(2020, 2, 1), branch_id=branch, name=branch)


COMMITTEE_BOOK = (COMMITTEE_FOUNDED, added(BRANCH), added(OTHER))


def issued(**changed: Any) -> DirectiveIssued:
    told: dict[str, Any] = {
        "occurred_on": ISSUED_ON,
        "directive_id": W1,
        "kind": DirectiveKind.WORK,
        "number": NUMBER,
        "title": TITLE,
        "text": TEXT,
        "issuer": ISSUER,
        "answer_by": DUE,
        "addressees": (BRANCH, OTHER),
    }
    return DirectiveIssued(**(told | changed))


def delivered(**changed: Any) -> DirectiveDelivered:
    told: dict[str, Any] = {
        "occurred_on": ON,
        "directive_id": W1,
        "from_org_id": COMMITTEE,
        "kind": DirectiveKind.WORK,
        "number": NUMBER,
        "title": TITLE,
        "text": TEXT,
        "issuer": ISSUER,
        "issued_on": ISSUED_ON,
        "answer_by": DUE,
        "table_by": TABLE_BY,
    }
    return DirectiveDelivered(**(told | changed))


DELIVERED = delivered()
SIGNED = DirectiveSigned(occurred_on=dt.date(2026, 3, 4), directive_id=W1)
TABLED = DirectiveTabled(
    occurred_on=dt.date(2026, 3, 10), directive_id=W1, tabling_id=TablingId("t1"), meeting_id=MEETING, arrangement="由组织委员起草"
)
ANSWERED = DirectiveAnswered(occurred_on=dt.date(2026, 4, 20), directive_id=W1, answer_id=A1, text="计划已通过，见附件。")
RETURNED = AnswerReturned(
    occurred_on=dt.date(2026, 4, 22), directive_id=W1, answer_id=A1, reason="缺少责任分工", answer_by=dt.date(2026, 5, 8)
)
AGAIN = DirectiveAnswered(occurred_on=dt.date(2026, 5, 6), directive_id=W1, answer_id=A2, follows_id=A1, text="已补充责任分工。")
ACCEPTED = AnswerAccepted(occurred_on=dt.date(2026, 5, 7), directive_id=W1, answer_id=A2, comment="同意")
WITHDRAWN = DirectiveWithdrawn(occurred_on=dt.date(2026, 5, 9), directive_id=W1, reason="另行部署")


def recalled(**changed: Any) -> DirectiveRecalled:
    told: dict[str, Any] = {"occurred_on": dt.date(2026, 5, 9), "directive_id": W1, "reason": "另行部署"}
    return DirectiveRecalled(**(told | changed))


def back(step: DirectiveStep, entry: str, on: dt.date) -> DirectiveStepWithdrawn:
    return DirectiveStepWithdrawn(occurred_on=on, directive_id=W1, step=step, entry_id=entry, reason="录错")
