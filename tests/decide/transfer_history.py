"""What the tests of transfers are told in: a letter of b1 for ADA to b2, and what can become of it."""

import datetime as dt
from typing import Any

from events.base import LetterId, OrgId
from events.members import MemberTransferredIn, MemberTransferredOut
from events.transfers import (
    AcceptanceNoted,
    DeliveryMethod,
    LetterExpired,
    LetterIssued,
    LetterVoided,
    ReceiptReturned,
    RefusalNoted,
    TransferAccepted,
    TransferReceived,
    TransferRefused,
    TransferSide,
    TransferStatus,
)
from tests.decide.dues_history import ADA, B1, B2, BO, DAY, G1, SEC, Told, member, there

L1 = LetterId("l1")
CAME, TAKEN = dt.date(2026, 3, 14), dt.date(2026, 3, 16)
UNTIL = DAY + dt.timedelta(days=30)


def issued(number: str = "b1-2026-0001", **changed: Any) -> LetterIssued:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "letter_id": L1,
        "person_id": ADA,
        "number": number,
        "status": TransferStatus.FULL,
        "sex": "女",
        "nationality": "01",
        "id_number": "~1|ada|e|id_number|x",
        "to_side": TransferSide.INSIDE,
        "to_org_id": B2,
        "to_name": "第二党支部",
        "heading": "第二党支部",
        "dues_paid_to": "2026-03",
        "valid_days": 30,
        "valid_until": UNTIL,
        "handled_by": BO,
        "contact": "010-1",
    }
    return LetterIssued(**(told | changed))


def outside(**changed: Any) -> LetterIssued:
    """The letter when it goes to an organisation outside."""
    name = "外市党委组织部"
    return issued(**({"to_side": TransferSide.OUTSIDE, "to_org_id": None, "to_name": name, "heading": name} | changed))


def voided(**changed: Any) -> LetterVoided:
    told: dict[str, Any] = {"occurred_on": DAY, "letter_id": L1, "person_id": ADA, "reason": "写错"}
    return LetterVoided(**(told | changed))


def accepted_there(on: dt.date = TAKEN) -> AcceptanceNoted:
    return AcceptanceNoted(occurred_on=on, letter_id=L1, person_id=ADA, by_org_id=B2)


def refused_there(on: dt.date = TAKEN) -> RefusalNoted:
    return RefusalNoted(occurred_on=on, letter_id=L1, person_id=ADA, by_org_id=B2, reason="抬头有误")


def arrived(**changed: Any) -> TransferReceived:
    """At b2: the letter of b1."""
    told: dict[str, Any] = {
        "occurred_on": CAME,
        "letter_id": L1,
        "person_id": ADA,
        "number": "b1-2026-0001",
        "from_side": TransferSide.INSIDE,
        "from_org_id": B1,
        "from_name": "第一党支部",
        "name": "~1|ada|e|name|x",
        "status": TransferStatus.FULL,
        "dues_paid_to": "2026-03",
        "issued_on": DAY,
        "valid_until": UNTIL,
    }
    return TransferReceived(**(told | changed))


def accepted(on: dt.date = TAKEN, **changed: Any) -> TransferAccepted:
    told: dict[str, Any] = {"occurred_on": on, "letter_id": L1, "person_id": ADA, "group_id": G1}
    return TransferAccepted(**(told | changed))


def refused(on: dt.date = TAKEN) -> TransferRefused:
    return TransferRefused(occurred_on=on, letter_id=L1, person_id=ADA, reason="抬头有误")


def returned(on: dt.date = TAKEN, late_days: int = 0) -> ReceiptReturned:
    return ReceiptReturned(occurred_on=on, letter_id=L1, person_id=ADA, method=DeliveryMethod.SYSTEM, handled_by=SEC, late_days=late_days)


def moved_in(on: dt.date = TAKEN, **changed: Any) -> MemberTransferredIn:
    """ADA on the roll of b2, word for word as on that of b1."""
    there = member(ADA)
    told: dict[str, Any] = {
        "occurred_on": on,
        "person_id": ADA,
        "name": there.name,
        "sex": there.sex,
        "nationality": there.nationality,
        "born_month": there.born_month,
        "id_number": there.id_number,
        "id_index": there.id_index,
        "education": there.education,
        "status": there.status,
        "admitted_on": there.admitted_on,
        "full_on": there.full_on,
        "group_id": G1,
        "letter_id": L1,
        "from_org_id": B1,
        "from_name": "第一党支部",
    }
    return MemberTransferredIn(**(told | changed))


def moved_out(on: dt.date = TAKEN, to: OrgId | None = B2, to_name: str = "第二党支部") -> MemberTransferredOut:
    return MemberTransferredOut(occurred_on=on, person_id=ADA, letter_id=L1, to_org_id=to, to_name=to_name, id_index=member(ADA).id_index)


LATE = UNTIL + dt.timedelta(days=1)
EXPIRED = LetterExpired(occurred_on=LATE, letter_id=L1, person_id=ADA, valid_until=UNTIL)
SENT: tuple[Told, ...] = there(B1, (issued(),))
CAME_IN: tuple[Told, ...] = (*SENT, arrived())
DONE: tuple[Told, ...] = (*there(B1, (issued(), moved_out(), accepted_there())), arrived(), accepted(), moved_in())
