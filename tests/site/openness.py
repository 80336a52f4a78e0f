"""What two branches disclose in the tests of the public site: to society and to other eyes, corrected, over, withdrawn; and the canaries."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from events.base import Event, OrgId
from events.disclosure import (
    AnswerKind,
    DisclosureCorrected,
    DisclosureDecided,
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
from events.members import MemberStatus, Sex
from events.store import codec
from events.store.books import Append, Draft
from service.api.commands import wait_for_views
from service.bus import LOCAL, Receipt, ReceiptEvent
from service.decide.discipline.case import OpenDisciplineCase
from service.decide.disclosure.approval import DecideDisclosure, ProposeDisclosure, ReviewDisclosure
from service.decide.disclosure.publishing import AnswerFeedback, CorrectDisclosure, PublishDisclosure, ReceiveFeedback, WithdrawDisclosure
from service.decide.members.roll import RegisterMember
from service.parts import Parts
from tests.http.world import FOUNDED, SECRET_PHONE, A, B, C, person, record

TODAY = dt.datetime.now(LOCAL).date()
DAY = TODAY - dt.timedelta(days=3)
GOALS, STUDY, OLD, OVER, TAKEN, PARTY, UNIT, SPECIFIC, INTERNAL, BRANCH, ABOVE = (
    DisclosureId(name)
    for name in ("goals", "study", "old", "over", "taken", "party", "unit", "specific", "internal", "branch-only", "committee-unit")
)
CANARY = person(A, 77)
NAME, ID_NUMBER, ADDRESS, CASE = "金丝雀", "990101198005170015", "静安里小区3幢502室", "收受礼金六千元"
CANARIES = (
    *(CANARY, NAME, ID_NUMBER, ADDRESS, CASE, SECRET_PHONE, "线索七号", "案号七号"),
    *(str(person(branch, number)) for branch in (A, B) for number in range(8)),
    *(
        "~1|",
        "一三八零零零零零零零一",
        "１３８０００００００１",
        "138 0000 0001",
        "党内才看",
        "单位才看",
        "特定才看",
        "内部才看",
        "支部才看",
        "机关单位才看",
    ),
)
"""None of this may be in any byte that the public gets."""


async def disclose_everything(parts: Parts) -> None:
    await _keep_secrets(parts)
    await disclose(
        parts, A, GOALS, subject=DisclosureSubject.GOALS, title="年度重点工作", content="十二项重点工作，已完成九项。其余按计划推进"
    )
    await disclose(parts, B, STUDY, title="三会一课情况 <b>二</b>", content="召开党员大会1次 & 支委会3次", until=TODAY)
    await disclose(parts, A, OVER, title="早已期满", content="期满内容", until=TODAY - dt.timedelta(days=1))
    await disclose(parts, A, TAKEN, title="已撤下", content="撤下内容")
    await disclose(parts, A, PARTY, title="党内才看", content="党内才看", scope=DisclosureScope.PARTY, secrecy=Secrecy.INTERNAL)
    await disclose(parts, A, UNIT, title="单位才看", content="单位才看", scope=DisclosureScope.UNIT)
    await disclose(parts, A, SPECIFIC, title="特定才看", content="特定才看", scope=DisclosureScope.SPECIFIC, audience="第一党小组")
    await disclose(parts, A, BRANCH, title="支部才看", content="支部才看", scope=DisclosureScope.BRANCH)
    await _correct(parts)
    withdrawal = WithdrawDisclosure(occurred_on=TODAY, item_id=TAKEN, ground=TakenDown.WITHDRAWN, reason="内容有误")
    await record(parts, A, withdrawal)
    await _from_before_the_review_looked(parts)


async def _keep_secrets(parts: Parts) -> None:
    """A member with everything that is nobody's business, and a case about this member."""
    member = RegisterMember(
        occurred_on=FOUNDED,
        late_reason="建账",
        name=NAME,
        sex=Sex.FEMALE,
        nationality="01",
        born_on=dt.date(1980, 5, 17),
        education="21",
        status=MemberStatus.FULL,
        admitted_on=dt.date(2005, 7, 1),
        full_on=dt.date(2006, 7, 1),
        id_number=ID_NUMBER,
        phone=SECRET_PHONE,
        address=ADDRESS,
        person_id=CANARY,
    )
    await record(parts, A, member)
    case = OpenDisciplineCase(occurred_on=DAY, person_id=CANARY, case_no="案号七号", matter_no="线索七号", facts=CASE)
    await record(parts, A, case)


async def disclose(parts: Parts, org: OrgId, item: DisclosureId, *, until: dt.date | None = None, **changed: Any) -> None:
    """From the proposal to the publication."""
    told: dict[str, Any] = {
        "subject": DisclosureSubject.EDUCATION,
        "scope": DisclosureScope.SOCIETY,
        "ways": (DisclosureWay.WEBSITE, DisclosureWay.BOARD),
        "retention": Retention.PERIODIC,
        "proposer": person(org, 1),
    } | changed
    level = told.get("secrecy", Secrecy.OPEN)
    await record(parts, org, ProposeDisclosure(occurred_on=DAY, item_id=item, **told))
    review = ReviewDisclosure(occurred_on=DAY, item_id=item, reviewer=person(org, 2), passed=True, secrecy_checked=True, secrecy=level)
    await record(parts, org, review)
    await record(parts, org, DecideDisclosure(occurred_on=DAY, item_id=item, approver=person(org, 3), granted=True))
    await record(parts, org, PublishDisclosure(occurred_on=DAY, item_id=item, place="二楼公开栏", until=until))


async def _correct(parts: Parts) -> None:
    """The item of goals is corrected, and an opinion on it is answered; another one waits for its answer."""
    correction = CorrectDisclosure(
        occurred_on=TODAY,
        item_id=GOALS,
        content="十二项重点工作，已完成十项。其余按计划推进",
        reason="漏计一项",
        secrecy_checked=True,
        secrecy=Secrecy.OPEN,
        reviewer=person(A, 2),
        approver=person(A, 3),
    )
    await record(parts, A, correction)
    for name, said in (("v1", f"{NAME}建议列明进度，电话{SECRET_PHONE}"), ("v2", "还没有答复的意见")):
        voice = ReceiveFeedback(
            occurred_on=TODAY, kind=FeedbackKind.OPINION, item_id=GOALS, given_by=CANARY, content=said, feedback_id=FeedbackId(name)
        )
        await record(parts, A, voice)
    answer = AnswerFeedback(
        occurred_on=TODAY,
        feedback_id=FeedbackId("v1"),
        item_id=GOALS,
        answer=AnswerKind.TAKEN_UP,
        content=f"谢谢{NAME}，下期列明",
        answered_by=person(A, 1),
    )
    await record(parts, A, answer)


async def _from_before_the_review_looked(parts: Parts) -> None:
    """Items that hold what a review refuses now: recorded as they would have been, round the deciders."""
    dirty = (
        f"联系人{CANARY}，138 0000 0001或１３８０００００００１，一三八零零零零零零零一；证件{ID_NUMBER}，住{ADDRESS}，~1|x|e|name|AAAA\x0b"
    )
    proposal = ItemProposed(
        occurred_on=DAY,
        item_id=OLD,
        subject=DisclosureSubject.OTHER,
        title=f"旧事项{SECRET_PHONE}",
        content=dirty,
        scope=DisclosureScope.SOCIETY,
        ways=(DisclosureWay.WEBSITE,),
        retention=Retention.LONG_TERM,
        secrecy=Secrecy.OPEN,
        proposer=person(A, 1),
    )
    review = ItemReviewed(
        occurred_on=DAY, item_id=OLD, reviewer=person(A, 2), passed=True, secrecy_checked=True, secrecy=Secrecy.OPEN, opinion=dirty
    )
    decision = DisclosureDecided(occurred_on=DAY, item_id=OLD, approver=person(A, 3), granted=True, opinion=dirty)
    out = DisclosurePublished(
        occurred_on=DAY, item_id=OLD, subject=proposal.subject, ways=proposal.ways, place=f"见{SECRET_PHONE}", until=None, late_days=0
    )
    correction = DisclosureCorrected(
        occurred_on=TODAY,
        item_id=OLD,
        content=dirty,
        reason=f"电话改为{SECRET_PHONE}",
        secrecy=Secrecy.OPEN,
        reviewer=person(A, 2),
        approver=person(A, 3),
    )
    said = FeedbackReceived(
        occurred_on=TODAY, feedback_id=FeedbackId("v3"), item_id=OLD, kind=FeedbackKind.OPINION, content=dirty, answer_by=TODAY
    )
    answer = FeedbackAnswered(
        occurred_on=TODAY,
        feedback_id=FeedbackId("v3"),
        item_id=OLD,
        answer=AnswerKind.EXPLAINED,
        content=f"{NAME} {dirty}",
        answered_by=person(A, 1),
        late_days=0,
    )
    await _append(parts, A, "old", proposal, review, decision, out, correction, said, answer)
    internal = (
        proposal.__class__(**_fields(proposal) | {"item_id": INTERNAL, "title": "内部才看", "content": "内部才看"}),
        review.__class__(**_fields(review) | {"item_id": INTERNAL, "secrecy": Secrecy.INTERNAL, "opinion": None}),
        out.__class__(**_fields(out) | {"item_id": INTERNAL, "place": None}),
    )
    await _append(parts, A, "internal", *internal)
    above = {"item_id": ABOVE, "title": "机关单位才看", "content": "机关单位才看", "scope": DisclosureScope.UNIT}
    unit = (
        proposal.__class__(**_fields(proposal) | above),
        review.__class__(**_fields(review) | {"item_id": ABOVE, "opinion": None}),
        out.__class__(**_fields(out) | {"item_id": ABOVE, "place": None}),
    )
    await _append(parts, C, "above", *unit)


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


async def _append(parts: Parts, org: OrgId, key: str, *events: Event) -> None:
    drafts = []
    for number, event in enumerate(events):
        name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{key}-{number}"))
        entry = codec.encode(event, event_id=name, actor="earlier", by="earlier", late=None, keys=parts.keys)
        drafts.append(Draft(book=org, event=event, event_id=name, record=entry))
    at = int(dt.datetime.now(dt.UTC).timestamp() * 1_000_000)
    request = Append(book=org, key=key, fingerprint=hashlib.sha256(key.encode()).digest(), at=at, drafts=tuple(drafts))
    written = await parts.books.append(request)
    receipt = Receipt(org, [ReceiptEvent(one.event_id, one.type, one.page, one.leaf.hex()) for one in written])
    assert await wait_for_views(parts, receipt, 20)
