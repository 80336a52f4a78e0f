"""Public notices of an admission: posted, objected to, closed after full working days (R-C26, INV-042, INV-043, INV-056)."""

import datetime as dt
from typing import Annotated

from events.admission_acceptance import NoticeClosed, NoticeKind, NoticePosted, ObjectionNo, ObjectionReceived, ObjectionResolved
from events.base import LongText, Text
from projections.standard.holidays import add_working_days, is_working_day
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.admission.order import check_order
from service.decide.admission.state import ADMISSION, Admission, Who, running
from service.decide.base import Case, Command, Context, Outcome, label
from service.errors import Absent, Conflict, Refused

Kind = Annotated[NoticeKind, label("公示类别", "Kind of notice")]
ONE_DAY = dt.timedelta(days=1)


class PostAdmissionNotice(Command, frozen=True, kw_only=True, tag="post-admission-notice"):
    """A public notice about the person went up."""

    zh = "发布发展党员公示"
    en = "Post an admission notice"

    admission_id: Who
    kind: Kind
    place: Annotated[Text, label("公示地点或平台", "Where", min_length=1)]


class ReceiveObjection(Command, frozen=True, kw_only=True, tag="receive-objection"):
    """Somebody objected while the notice was up."""

    zh = "登记公示异议"
    en = "Record an objection"

    admission_id: Who
    kind: Kind
    content: Annotated[LongText, label("反映的问题", "Objection", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class ResolveObjection(Command, frozen=True, kw_only=True, tag="resolve-objection"):
    """An objection was verified and dealt with."""

    zh = "登记异议核实处理"
    en = "Record how an objection was resolved"

    admission_id: Who
    kind: Kind
    number: Annotated[ObjectionNo, label("异议序号", "Number of the objection")]
    upheld: Annotated[bool, label("反映属实", "Upheld")] = False
    result: Annotated[LongText, label("核实处理情况", "Result", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class CloseAdmissionNotice(Command, frozen=True, kw_only=True, tag="close-admission-notice"):
    """A notice was up for its working days and came down."""

    zh = "结束发展党员公示"
    en = "Close an admission notice"

    admission_id: Who
    kind: Kind
    result: Annotated[Text, label("公示结果", "Result", min_length=1)]


def post_admission_notice(command: PostAdmissionNotice, context: Context, case: Admission) -> Outcome:
    """The posting day does not count; the event says from when the notice may be closed."""
    day = command.occurred_on
    event = NoticePosted(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        kind=command.kind,
        place=command.place,
        closes_from=closes_from(day, context.rules),
    )
    if case.has(event):
        return []
    check_order(case, day, _notice_needs(command.kind, context.rules))
    posted = posting(case, command.kind)
    if posted is not None and closing(case, command.kind) is None:
        raise Conflict(f"a notice is up since {posted.occurred_on}; close it, or withdraw the entry")
    return [event]


def _notice_needs(kind: NoticeKind, rules: Rules) -> str:
    match kind:
        case NoticeKind.ACTIVIST:
            return "applicant-talk"
        case NoticeKind.CONVERSION:
            return "conversion-application"
        case NoticeKind.ADMISSION if rules.text("notice.admission.before") != "target":
            return "target"
        case _:
            return "contacts"


def closes_from(posted_on: dt.date, rules: Rules) -> dt.date:
    """The day after the last full working day, make-up days counted."""
    return add_working_days(posted_on, rules.number("notice.working_days_min")) + ONE_DAY


def posting(case: Admission, kind: NoticeKind) -> NoticePosted | None:
    """The notice now under way or last closed; each conversion has its own."""
    return (case.conversion if kind is NoticeKind.CONVERSION else case).last(NoticePosted, kind)


def closing(case: Admission, kind: NoticeKind) -> NoticeClosed | None:
    """How the present notice was closed, if it was."""
    posted = posting(case, kind)
    if posted is None:
        return None
    return Admission(entries=case.entries[case.entries.index(posted) :]).last(NoticeClosed, kind)


def open_objections(case: Admission, kind: NoticeKind) -> frozenset[int]:
    """Objections that nobody has looked into yet."""
    received = {objection.number for objection in case.all(ObjectionReceived, kind)}
    return frozenset(received - {resolved.number for resolved in case.all(ObjectionResolved, kind)})


def receive_objection(command: ReceiveObjection, _context: Context, case: Admission) -> Outcome:
    """Numbered for each kind of notice; also after it came down."""
    person_id = running(case, command.admission_id)
    posted = posting(case, command.kind)
    if posted is None:
        raise Absent(f"notice {command.kind.value}")
    if command.occurred_on < posted.occurred_on:
        raise Refused("INV-038", "occurred_on", detail=f"{posted.occurred_on}")
    before = case.all(ObjectionReceived, command.kind)
    event = ObjectionReceived(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=person_id,
        kind=command.kind,
        number=len(before) + 1,
        content=command.content,
    )
    same = (objection for objection in before if (objection.occurred_on, objection.content) == (event.occurred_on, event.content))
    return [] if any(same) else [event]


def resolve_objection(command: ResolveObjection, _context: Context, case: Admission) -> Outcome:
    event = ObjectionResolved(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        kind=command.kind,
        number=command.number,
        upheld=command.upheld,
        result=command.result,
    )
    if case.has(event):
        return []
    received = next((objection for objection in case.all(ObjectionReceived, command.kind) if objection.number == command.number), None)
    if received is None:
        raise Absent(f"objection {command.number}")
    if command.number not in open_objections(case, command.kind):
        raise Conflict(f"objection {command.number} is resolved already")
    if command.occurred_on < received.occurred_on:
        raise Refused("INV-038", "occurred_on", detail=f"{received.occurred_on}")
    return [event]


def close_admission_notice(command: CloseAdmissionNotice, context: Context, case: Admission) -> Outcome:
    """Only as complete: on the first day after its last full working day, or later."""
    person_id = running(case, command.admission_id)
    posted, day = posting(case, command.kind), command.occurred_on
    if posted is None:
        raise Absent(f"notice {command.kind.value}")
    full = working_days_between(posted.occurred_on, day)
    event = NoticeClosed(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=person_id,
        kind=command.kind,
        posted_on=posted.occurred_on,
        working_days=full,
        objections=sum(objection.occurred_on >= posted.occurred_on for objection in case.all(ObjectionReceived, command.kind)),
        result=command.result,
    )
    if case.has(event):
        return []
    if closing(case, command.kind) is not None:
        raise Conflict("this notice is closed already")
    least = context.rules.number("notice.working_days_min")
    if full < least:
        raise Refused(too_short(command.kind), "occurred_on", detail=f"{full}/{least}")
    return [event]


def working_days_between(posted_on: dt.date, closed_on: dt.date) -> int:
    """Full working days: neither the day of posting nor that of closing."""
    days = (posted_on + dt.timedelta(days=n) for n in range(1, (closed_on - posted_on).days))
    return sum(is_working_day(day) for day in days)


def too_short(kind: NoticeKind) -> str:
    return "INV-056" if kind is NoticeKind.CONVERSION else "INV-042"


def check_notice(case: Admission, kind: NoticeKind, day: dt.date) -> None:
    """The notice is complete by `day` and every objection was looked into; else nothing that waits for it goes on."""
    if (stopped := notice_block(case, kind, day)) is not None:
        raise Refused(stopped, "admission_id")


def notice_block(case: Admission, kind: NoticeKind, day: dt.date) -> str | None:
    """The rule that stops what waits for this notice."""
    if open_objections(case, kind):
        return "INV-043"
    closed = closing(case, kind)
    return too_short(kind) if closed is None or closed.occurred_on > day else None


CASES = (
    Case(command=PostAdmissionNotice, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=post_admission_notice),
    Case(command=ReceiveObjection, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=receive_objection),
    Case(command=ResolveObjection, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=resolve_objection),
    Case(command=CloseAdmissionNotice, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=close_admission_notice),
)
