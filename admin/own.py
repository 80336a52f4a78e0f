"""One's own file: what comes next, dues, study, what was asked, the way so far; every row of the registers; and who looked it up."""

import datetime as dt
from collections.abc import Mapping

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin import show
from admin.ballots import waiting_for
from admin.matters import tell
from admin.rows import RegisterRow
from admin.visit import ROLES, Visit, crumbs, page, visit_of
from admin.words import named, ngettext, pick, say
from events.base import Month
from projections.ledgers.catalog import register
from projections.ledgers.register import Kind
from service.auth.accounts import record_read
from service.auth.lookups import lookups_of
from service.auth.rights import Right
from service.own.dues import OwnDues, own_dues
from service.own.matters import own_matters
from service.own.meetings import ComingMeeting, coming_meetings

REGISTERS = (
    ("L01", "roll"),
    ("L03", "study-hours"),
    ("L04", "dues-payments"),
    ("L04", "dues-assessment"),
    ("L04", "dues-reductions"),
    ("L04", "dues-card"),
    ("L02", "appraisal"),
    ("L02", "talks"),
    ("L05", "suggestions"),
    ("L04", "admissions"),
    ("L04", "transfer-requests"),
    ("L04", "transfers-out"),
    ("L04", "transfers-in"),
    ("L09", "awards"),
)
"""What people ask for first stands first."""
WAY = ("roll", "admissions", "transfer-requests", "transfers-out", "transfers-in")
"""Registers whose days are the way into the Party and from branch to branch."""
AHEAD = frozenset({"valid_until", "issue_by", "leaves_on"})
"""Days by which something has to be, which are no steps of the way."""
FORMS = tuple(form for ledger, code in REGISTERS if (form := register(ledger, code)) is not None)
HOURS = ("L03", "study-hours")
WEEKDAYS = (("一", "Mon"), ("二", "Tue"), ("三", "Wed"), ("四", "Thu"), ("五", "Fri"), ("六", "Sat"), ("日", "Sun"))
SOON_DAYS = 3
PAID_SHOWN = 6
ROWS = 6
BESIDE = ("paid_on_", "collector_")
OWN_PAGE = "own page"
EXPLAINED = {
    "give-suggestion": "Your suggestion is with the branch. The answer will stand here.",
    "request-phone-change": "Your request is with the branch. What becomes of it will stand here.",
    "rate-answer": "What you said stands beside the answer.",
}
"""What was just sent -> what happens now."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a register, without what everybody knows of themselves."""

    cells: list[tuple[str, str]]
    struck: bool


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one register about this person: the newest, and how many there are."""

    title: str
    rows: list[Line]
    every: int


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """One payment."""

    month: Month
    amount: str
    paid_on: dt.date
    receipt: str


class DuesLine(msgspec.Struct, frozen=True, kw_only=True):
    """The own dues at a glance."""

    monthly: str
    base: str
    rule: str
    """The rate and for which bases it holds, or that it is a fixed amount."""
    why: str
    owed: list[Month]
    last: Paid | None
    earlier: list[Paid]


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting to come, in words."""

    title: str
    day: str
    hours: str
    place: str
    days: str
    soon: bool
    told: str
    excused: bool


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Class hours of this year, and what is asked for."""

    year: int
    done: str
    whole: int
    """Full hours, for the bar."""
    required: int


Rows = Mapping[str, list[RegisterRow]]


class OwnPages(BaseView):
    """My file."""

    name = "My file"

    @expose("/me", identity="own")
    async def own(self, request: Request) -> Response:
        """The base of dues stands here in clear, for nobody but its owner; the reading is on record."""
        visit = visit_of(request)
        person = visit.actor.person_id
        if person is None:
            raise HTTPException(404)
        org = await visit.read.org(visit.actor.organisation_id)
        await record_read(visit.engine, visit.actor, org.id, [person], "sensitive", OWN_PAGE, "")
        rows = await _rows(visit)
        title = say("My file")
        return await page(
            self,
            request,
            "own",
            "own",
            title=title,
            org=org,
            crumbs=crumbs(visit, org, ("", title)),
            done=say(EXPLAINED[sent]) if (sent := request.query_params.get("done", "")) in EXPLAINED else "",
            ballots=await waiting_for(visit, org),
            meetings=[_when(visit, one) for one in await coming_meetings(visit.parts, org.id, person, visit.today)],
            dues=_dues(await own_dues(visit.parts, org.id, person, visit.today)),
            hours=await _hours(visit),
            may_ask=visit.may(Right.OWN_WRITE, org),
            matters=[tell(visit, one) for one in await own_matters(visit.parts, org.id, person, visit.today)],
            way=_way(rows),
            parts=_parts(rows),
            lookups=[
                (show.instant(int(one.at.timestamp() * 1_000_000)), say(ROLES[one.role]), one.purpose)
                for one in await lookups_of(visit.engine, person, but=visit.actor.id)
            ],
        )


async def _rows(visit: Visit) -> Rows:
    """Register -> the own rows in it, the newest first."""
    return {form.code: await visit.read.own(form) for form in FORMS}


def _parts(rows: Rows) -> list[Part]:
    return [
        Part(title=named(form), rows=[_line(row, form.code) for row in found[:ROWS]], every=len(found))
        for form in FORMS
        if (found := rows[form.code])
    ]


def _line(row: RegisterRow, code: str) -> Line:
    """A month that was paid stands in one line: how much, when, to whom."""
    cells: list[tuple[str, str]] = []
    for column, text in row.cells:
        if not text or (column.key == "person" and code != "roll"):
            continue
        if column.key.startswith(BESIDE) and cells:
            cells[-1] = (cells[-1][0], f"{cells[-1][1]} · {text}")
        else:
            cells.append((named(column), text))
    return Line(cells=cells, struck=row.struck)


def _when(visit: Visit, one: ComingMeeting) -> Meeting:
    days = (one.planned_on - visit.today).days
    zh, en = WEEKDAYS[one.planned_on.weekday()]
    hours = "–".join(filter(None, (one.starts_at, one.ends_at)))
    return Meeting(
        title=f"{named(one.kind)} · {one.topic}" if one.topic else named(one.kind),
        day=f"{one.planned_on} {pick('星期' + zh, en)}",
        hours=hours,
        place=one.place or "",
        days=say("is today") if days == 0 else ngettext("in %(num)d day", "in %(num)d days", days) % {"num": days},
        soon=days <= SOON_DAYS,
        told=say("Notice of %(day)s", day=one.told_on) if one.told_on else "",
        excused=one.excused,
    )


def _dues(one: OwnDues) -> DuesLine:
    paid = [
        Paid(month=each.month, amount=show.money(each.amount_fen), paid_on=each.paid_on, receipt=each.receipt_no or "") for each in one.paid
    ]
    reduced = say("Reduced until %(month)s (%(no)s)", month=one.reduced_to, no=one.approval_no) if one.reduced_to else ""
    return DuesLine(
        monthly="" if one.monthly_fen is None else show.money(one.monthly_fen),
        base=one.base_yuan or "",
        rule=_rule(one),
        why=pick("；", "; ").join(filter(None, (reduced, one.ground))),
        owed=one.owed,
        last=paid[0] if paid else None,
        earlier=paid[1:PAID_SHOWN],
    )


def _rule(one: OwnDues) -> str:
    """`月工资，3,000.00 元以上至 5,000.00 元：1%`."""
    if one.income_kind is None:
        return ""
    kind = named(one.income_kind)
    if one.rate_per_10000 is None:
        return say("%(income)s: a fixed amount", income=kind)
    rate = f"{one.rate_per_10000 // 100}.{one.rate_per_10000 % 100:02d}".rstrip("0").rstrip(".") + "%"
    bounds = {"income": kind, "rate": rate, "over": show.money(one.over_fen or 0), "up_to": show.money(one.up_to_fen or 0)}
    if one.over_fen and one.up_to_fen:
        return say("%(income)s over %(over)s up to %(up_to)s yuan: %(rate)s of the whole base", **bounds)
    if one.over_fen:
        return say("%(income)s over %(over)s yuan: %(rate)s of the whole base", **bounds)
    if one.up_to_fen:
        return say("%(income)s up to %(up_to)s yuan: %(rate)s of the whole base", **bounds)
    return say("%(income)s: %(rate)s of the whole base", **bounds)


async def _hours(visit: Visit) -> Hours:
    """This year's row of the register; without one nothing was credited yet."""
    form = register(*HOURS)
    assert form is not None
    found = await visit.read.own(form, visit.today.year)
    cells = {column.key: text for column, text in found[0].cells} if found else {}
    done = cells.get("total") or "0"
    required = int(cells.get("required") or visit.rules().number("study.hours.member"))
    return Hours(year=visit.today.year, done=done, whole=min(int(done.partition(".")[0]), required), required=required)


def _way(rows: Rows) -> list[tuple[str, str, str]]:
    """Day, what happened, where it stands; the newest first."""
    steps = [
        (text, named(column), named(form))
        for form in FORMS
        if form.code in WAY
        for row in rows[form.code]
        if not row.struck
        for column, text in row.cells
        if column.kind is Kind.DATE and text and column.key not in AHEAD
    ]
    return sorted(steps, key=lambda step: step[0], reverse=True)
