"""The standard at the desk: its versions, and every rule as it holds here on a day, with the form that changes it."""

import datetime as dt

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.visit import crumbs, org_of, page, visit_of
from admin.words import named, say
from projections.standard.rules import Value
from projections.standard.standing import RuleInForce, SetBy, rules_in_force
from service.auth.rights import Right
from service.versions import version_on, versions

SOUGHT_MAX = 60


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in words."""

    rule: RuleInForce
    title: str
    value: str
    set_by: str
    form: str
    """The address of the form that changes it, or nothing."""


class StandardPages(BaseView):
    """What the standard asks for here."""

    name = "Standard"

    @expose("/b/{org_id}/standard", identity="standard")
    async def standard(self, request: Request) -> Response:
        """Versions, and the rules of a day; `q` looks in titles, keys and sources."""
        visit, org = visit_of(request), await org_of(request, Right.OBLIGATIONS_READ)
        day, sought = _day(request, visit.today), request.query_params.get("q", "").strip()[:SOUGHT_MAX]
        published = await versions(visit.parts.reads)
        rules = rules_in_force(visit.pack, await visit.parts.bus.overrides(org.id), day)
        changes = visit.may(Right.SUPERIOR_WRITE, org)
        lines = [_line(rule, org.id if changes else "") for rule in rules if _found(rule, sought)]
        title = say("Standard and rules")
        return await page(
            self,
            request,
            "standard",
            "standard",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            pack=visit.pack,
            published=list(reversed(published)),
            in_force=version_on(published, day),
            day=day,
            sought=sought,
            changed=[line for line in lines if line.rule.set_by is not SetBy.STANDARD],
            lines=lines,
            changes=changes,
        )


def _day(request: Request, today: dt.date) -> dt.date:
    try:
        return msgspec.convert(request.query_params.get("on", ""), dt.date)
    except msgspec.ValidationError:
        return today


def _found(rule: RuleInForce, sought: str) -> bool:
    return all(word.casefold() in f"{rule.key} {rule.zh} {rule.en} {rule.source}".casefold() for word in sought.split())


def _line(rule: RuleInForce, org_id: str) -> Line:
    by = {SetBy.STANDARD: say("Standard"), SetBy.COMMITTEE: say("Committee"), SetBy.BRANCH: say("Branch")}
    form = f"/admin/b/{org_id}/do/change-rule?key={rule.key}" if org_id else ""
    return Line(rule=rule, title=named(rule), value=_said(rule.value), set_by=by[rule.set_by], form=form)


def _said(value: Value) -> str:
    """A number, a word, yes or no; of a table its rows."""
    match value:
        case bool():
            return say("Yes") if value else say("No")
        case [int() as over, int() as under]:
            return f"{over} / {under}"
        case list():
            return "; ".join(", ".join(map(str, row)) if isinstance(row, list) else str(row) for row in value)
        case _:
            return str(value)
