"""Party dues of a branch: base, reduction, payment, receipt, spending, remittance, arrears (norm N16, rules R-D).

Room: THE RECORD. All of it lives in the stream `dues` of the branch; money is integer fen, pay itself is sealed.
"""

import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import (
    IDENTITY,
    Choice,
    Claim,
    Event,
    Fen,
    MeetingId,
    Month,
    OrgId,
    Personal,
    PersonId,
    ReceiptNo,
    Sensitive,
    Text,
    Upcast,
    shaped,
)

EntryId = NewType("EntryId", str)
"""A movement of money: payment, spending, remittance or allocation. The id of the event that began it, unless the client gave one."""
DecisionId = NewType("DecisionId", str)
shaped(EntryId, IDENTITY)
shaped(DecisionId, IDENTITY)

RatePer10000 = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]


class IncomeKind(Choice):
    """What a member lives on; decides the rate table (R-D, Art. 1-6)."""

    SALARY = "salary", "月工资", "Monthly salary"
    ANNUAL_SALARY = "annual_salary", "年薪", "Annual salary"
    SELF_EMPLOYED = "self_employed", "个体经营收入", "Self-employed income"
    RETIRED = "retired", "离退休费", "Pension"
    FARMER = "farmer", "农民", "Farmer"
    STUDENT = "student", "学生", "Student"
    UNEMPLOYED = "unemployed", "下岗失业", "Laid off or unemployed"
    RELIEF = "relief", "抚恤救济或低保", "Living on relief or minimum allowance"


class PayerStatus(Choice):
    """In what standing a member pays (R-D06)."""

    FULL = "full", "正式党员", "Full member"
    PROBATIONARY = "probationary", "预备党员", "Probationary member"


class PaymentKind(Choice):
    """Regular for a month, made up later, or more than is due (R-D05, R-D08)."""

    REGULAR = "regular", "按月交纳", "Regular"
    BACK = "back", "补交", "Back payment"
    VOLUNTARY = "voluntary", "自愿多交", "Voluntary"


class PayerKind(Choice):
    """Who handed the money in (R-D08); the organisation may not (R-D10)."""

    SELF = "self", "本人", "The member"
    FAMILY = "family", "家属代交", "Family"
    OTHER_MEMBER = "other_member", "其他党员代交", "Another member"
    ORGANISATION = "organisation", "党组织", "The organisation"


class DuesUse(Choice):
    """The five permitted uses (R-D11, Art. 19), and what is none of them."""

    TRAINING = "training", "培训党员", "Training members"
    MATERIALS = "materials", "订阅购买党员教育报刊、资料、音像和设备", "Newspapers, materials and equipment for education"
    COMMENDATION = "commendation", "表彰先进", "Commending organisations and members"
    HARDSHIP_AID = "hardship_aid", "补助生活困难党员", "Aid to members in hardship"
    DISASTER_AID = "disaster_aid", "补助遭受严重自然灾害的党员和修缮受灾设施", "Disaster aid and repair of education facilities"
    OTHER = "other", "其他", "Other"


class DecidedBy(Choice):
    """The body that took a collective decision (R-D12)."""

    COMMITTEE = "committee", "支部委员会", "Branch committee"
    GENERAL_MEETING = "general_meeting", "党员大会", "General meeting"


class EntryKind(Choice):
    """What kind of money movement an entry is."""

    PAYMENT = "payment", "党费收缴", "Payment"
    SPENDING = "spending", "党费使用", "Spending"
    REMITTANCE = "remittance", "党费上缴", "Remittance"
    ALLOCATION = "allocation", "党费返还/下拨", "Allocation"
    FORWARDING = "forwarding", "大额党费转交", "Large dues forwarded"


class OfDues(Event, frozen=True, kw_only=True):
    """What all dues events share: their stream."""

    def stream(self) -> str:
        return "dues"


class DuesBaseAssessed(OfDues, frozen=True, kw_only=True, tag="dues.base_assessed"):
    """What a member pays each month from `from_month` on, and how it was worked out (N16.M01, R-D01 to R-D05, INV-062, INV-064)."""

    zh: ClassVar[str] = "党费核定"
    en: ClassVar[str] = "Dues base assessed"

    person_id: PersonId
    year: Year
    from_month: Month
    status: PayerStatus
    income_kind: IncomeKind
    included_items: Sensitive | None = None
    deductions: Sensitive | None = None
    base_yuan: Sensitive
    """The base as decimal text, `8500.00`; sealed like all pay."""
    rate_per_10000: RatePer10000 | None
    """None for a fixed amount (farmer, student, without income)."""
    by_table_fen: Fen
    """What the rate table in force gives, before the monthly ceiling."""
    monthly_fen: Fen
    ground: Text | None = None
    """Why `monthly_fen` is not what the table gives."""
    voluntary: bool = False
    """The member wishes to pay more than the ceiling (R-D05)."""
    assessed_by: PersonId
    signed_by_member: bool


class DuesAssessmentWithdrawn(OfDues, frozen=True, kw_only=True, tag="dues.assessment_withdrawn"):
    """An assessment was entered wrongly; what was assessed for the months before goes on (N16.M01)."""

    zh: ClassVar[str] = "党费核定撤销"
    en: ClassVar[str] = "Dues assessment withdrawn"

    person_id: PersonId
    from_month: Month
    reason: Text


class DuesReductionRequested(OfDues, frozen=True, kw_only=True, tag="dues.reduction_requested"):
    """A member in difficulty asked to pay less or nothing for some months; the branch studies it, the superior decides (R-D Art. 7)."""

    zh: ClassVar[str] = "少交免交申请"
    en: ClassVar[str] = "Dues reduction requested"

    person_id: PersonId
    from_month: Month
    to_month: Month
    monthly_fen: Fen
    reason: Sensitive


class DuesReductionApproved(OfDues, frozen=True, kw_only=True, tag="dues.reduction_approved"):
    """The superior approved that a member in difficulty pays less or nothing for some months (R-D Art. 7, INV-063)."""

    zh: ClassVar[str] = "少交免交批准"
    en: ClassVar[str] = "Dues reduction approved"

    person_id: PersonId
    from_month: Month
    to_month: Month
    monthly_fen: Fen
    reason: Sensitive
    meeting_id: MeetingId
    """The branch meeting that studied it."""
    approval_no: Text


class DuesReductionRefused(OfDues, frozen=True, kw_only=True, tag="dues.reduction_refused"):
    """The superior did not agree to a request, or took an approval back: what was assessed is due (R-D Art. 7, INV-063)."""

    zh: ClassVar[str] = "少交免交不予批准"
    en: ClassVar[str] = "Dues reduction refused"

    person_id: PersonId
    from_month: Month
    to_month: Month
    taken_back: bool
    """An approval was taken back; else a request was refused."""
    reason: Personal


class DuesReceived(OfDues, frozen=True, kw_only=True, tag="dues.received"):
    """A member's dues were paid on `occurred_on` for a month (N16.T03, INV-058 to INV-061)."""

    zh: ClassVar[str] = "党费收缴"
    en: ClassVar[str] = "Dues received"

    entry_id: EntryId
    person_id: PersonId
    month: Month
    amount_fen: Fen
    kind: PaymentKind
    payer: PayerKind
    payer_id: PersonId | None = None
    collector: PersonId
    approval_no: Text | None = None
    """The superior's approval of a back payment for a month long past (INV-060)."""


class DuesReceiptIssued(OfDues, frozen=True, kw_only=True, tag="dues.receipt_issued"):
    """A numbered receipt was given for a payment; one number is one slip of paper, also when its entry is reversed (R-D14, INV-068)."""

    zh: ClassVar[str] = "开具党费票据"
    en: ClassVar[str] = "Dues receipt issued"

    org_id: OrgId
    receipt_no: ReceiptNo
    entry_id: EntryId
    person_id: PersonId
    month: Month
    amount_fen: Fen

    def claims(self) -> tuple[Claim, ...]:
        return (receipt_claim(self.org_id, self.receipt_no),)


def receipt_claim(org_id: OrgId, receipt_no: ReceiptNo, *, give: bool = False) -> Claim:
    return Claim(kind="dues-receipt", value=f"{org_id}-{receipt_no}", give=give)


class DuesReversed(OfDues, frozen=True, kw_only=True, tag="dues.reversed"):
    """An entry was recorded wrongly and stands no more; the month of a payment is open again (INV-058)."""

    zh: ClassVar[str] = "党费冲正"
    en: ClassVar[str] = "Dues entry reversed"
    schema: ClassVar[int] = 2

    entry_id: EntryId
    kind: EntryKind
    amount_fen: Fen
    person_id: PersonId | None = None
    month: Month | None = None
    receipt_no: ReceiptNo | None = None
    """The receipt that was given for the payment."""
    receipt_stands_in: OrgId | None = None
    """Only the entry was wrong: the slip is good in this branch, so the right entry may bear its number. None: it is void (R-D14)."""
    reason: Text

    def claims(self) -> tuple[Claim, ...]:
        if self.receipt_stands_in is None or self.receipt_no is None:
            return ()
        return (receipt_claim(self.receipt_stands_in, self.receipt_no, give=True),)


class DuesSpendingApproved(OfDues, frozen=True, kw_only=True, tag="dues.spending_approved"):
    """The branch decided collectively on `occurred_on` to spend up to an amount for a permitted use (N16.T02, INV-065, INV-066)."""

    zh: ClassVar[str] = "党费使用审批"
    en: ClassVar[str] = "Dues spending approved"

    decision_id: DecisionId
    decided_by: DecidedBy
    meeting_id: MeetingId | None = None
    use: DuesUse
    item: Text | None = None
    """The finer item of local practice that the use stands for (R-D11)."""
    purpose: Text
    amount_fen: Fen


class DuesSpent(OfDues, frozen=True, kw_only=True, tag="dues.spent"):
    """Dues were spent under a collective decision (N16.M02, INV-065 to INV-067)."""

    zh: ClassVar[str] = "党费使用登记"
    en: ClassVar[str] = "Dues spent"

    entry_id: EntryId
    decision_id: DecisionId
    use: DuesUse
    purpose: Text
    amount_fen: Fen
    handled_by: PersonId
    approver: PersonId
    voucher_no: Text


class DuesRemitted(OfDues, frozen=True, kw_only=True, tag="dues.remitted"):
    """Dues of some months were handed up to the superior (R-D13, INV-067)."""

    zh: ClassVar[str] = "党费上缴"
    en: ClassVar[str] = "Dues remitted to the superior"

    entry_id: EntryId
    from_month: Month
    to_month: Month
    collected_fen: Fen
    """What was collected in these months, as known when it was recorded."""
    amount_fen: Fen
    voucher_no: Text
    signed_by: Text | None = None
    """Who signed for the superior, by office."""


class DuesAllocationReceived(OfDues, frozen=True, kw_only=True, tag="dues.allocation_received"):
    """The superior returned or allotted dues to the branch (R-D13)."""

    zh: ClassVar[str] = "党费返还/下拨"
    en: ClassVar[str] = "Dues allocation received"

    entry_id: EntryId
    amount_fen: Fen
    document_no: Text
    purpose: Text | None = None


class LargeDuesForwarded(OfDues, frozen=True, kw_only=True, tag="dues.large_forwarded"):
    """A voluntary payment above the monthly ceiling was handed up whole, to be forwarded to the centre (R-D05)."""

    zh: ClassVar[str] = "大额党费转交"
    en: ClassVar[str] = "Large voluntary dues forwarded"

    entry_id: EntryId
    payment_id: EntryId
    person_id: PersonId
    amount_fen: Fen
    voucher_no: Text
    received_by: Text
    """Who took it for the superior, by office."""


class DuesCardFilled(OfDues, frozen=True, kw_only=True, tag="dues.card_filled"):
    """Payments were written into the member's dues card, with the collector's seal (N16.M04, R-D14)."""

    zh: ClassVar[str] = "填写党费证"
    en: ClassVar[str] = "Dues card filled in"

    person_id: PersonId
    entries: tuple[EntryId, ...]


class DuesArrearsFlagged(OfDues, frozen=True, kw_only=True, tag="dues.arrears_flagged"):
    """A member was found not to have paid in full for these months (R-D09, DL-05, DL-06)."""

    zh: ClassVar[str] = "欠交预警"
    en: ClassVar[str] = "Dues arrears flagged"

    person_id: PersonId
    months: tuple[Month, ...]
    consecutive: int
    """The longest run of consecutive months among them."""


class DuesArrearsCleared(OfDues, frozen=True, kw_only=True, tag="dues.arrears_cleared"):
    """What was flagged has been made up (R-D08)."""

    zh: ClassVar[str] = "补交销欠"
    en: ClassVar[str] = "Dues arrears cleared"

    person_id: PersonId
    months: tuple[Month, ...]


DuesEvent = (
    DuesBaseAssessed
    | DuesAssessmentWithdrawn
    | DuesReductionRequested
    | DuesReductionApproved
    | DuesReductionRefused
    | DuesReceived
    | DuesReceiptIssued
    | DuesReversed
    | DuesSpendingApproved
    | DuesSpent
    | DuesRemitted
    | DuesAllocationReceived
    | LargeDuesForwarded
    | DuesCardFilled
    | DuesArrearsFlagged
    | DuesArrearsCleared
)
"""What the stream `dues` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(DuesEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {("dues.reversed", 1): lambda body: body | {"receipt_stands_in": None}}
"""A receipt was void with its payment, always, before an entry and its slip were told apart."""
