"""Procedures as checklists: what is done, what is next and from when, what blocks it, which papers are missing."""

from urllib.parse import urlencode

from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.reading import Org
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import pick, say
from projections.standard.materials import materials
from service.auth.rights import Right
from service.decide.catalog import CASES, PROCEDURES
from service.decide.procedure import Procedure, Progress
from service.procedures import Stage, Standing, standing, standings


class Procedures(BaseView):
    """Admissions, elections, transfers, cases: where each of them stands."""

    name = "Procedures"

    @expose("/b/{org_id}/procedures", identity="procedures")
    async def overview(self, request: Request) -> Response:
        """What is under way, by kind, and what is over."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        found = await standings(visit.parts.bus, visit.parts.books, org.id, visit.today)
        names = await visit.read.names(org) if visit.may(Right.ROSTER_READ, org) else {}
        under_way = [(one, _title(one, names)) for one in found if not one.over]
        over = [(one, f"{pick(one.zh, one.en)} {_title(one, names)}") for one in found if one.over]
        title = say("Procedures")
        return await page(
            self,
            request,
            "procedures",
            "procedures",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            under_way=under_way,
            over=over,
        )

    @expose("/b/{org_id}/procedures/{kind}/{subject}", identity="procedure")
    async def checklist(self, request: Request) -> Response:
        """One case, step by step."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        kind, subject = request.path_params["kind"], request.path_params["subject"]
        one = await standing(visit.parts.bus, org.id, kind, subject, visit.today)
        names = await visit.read.names(org) if visit.may(Right.ROSTER_READ, org) else {}
        title = f"{pick(one.zh, one.en)} {_title(one, names)}"
        return await page(
            self,
            request,
            "procedure",
            "procedures",
            org=org,
            title=title,
            public=(await visit.read.public(org, visit.today, [subject])).get(subject, "") if kind == "disclosure" else "",
            crumbs=crumbs(visit, org, (visit.url(org, "procedures"), say("Procedures")), ("", title)),
            done=sum(step.progress is Progress.DONE for step in one.steps),
            of=sum(step.progress is not Progress.SKIPPED for step in one.steps),
            steps=[(step, _form_of(visit, org, one, step), [_paper(visit, org, one, name) for name in step.missing]) for step in one.steps],
        )


def _title(one: Standing, names: dict[str, str]) -> str:
    """The person's name where there is one, else what the subject is called; for eyes that see no names, since when it runs."""
    if one.person_id is None:
        return one.title
    began = min((step.done_on for step in one.steps if step.done_on), default=None)
    return names.get(one.person_id) or (f"*** {say('since %(day)s', day=began)}" if began else "***")


def _form_of(visit: Visit, org: Org, one: Standing, step: Stage) -> str:
    """The address of the form that takes an open step, with the case filled in; empty for whoever may not."""
    case = CASES.get(step.command or "")
    if step.progress is not Progress.OPEN or case is None or case.right is Right.SYSTEM_WRITE or not visit.may(case.right, org):
        return ""
    field = _subject_field(PROCEDURES[one.kind], case.command.__struct_fields__)
    given = ({field: one.subject} if field else {}) | step.given
    return visit.url(org, f"do/{step.command}") + (f"?{urlencode(given)}" if given else "")


def _subject_field(procedure: Procedure, fields: tuple[str, ...]) -> str:
    """What the command calls the subject: `admission_id`, else the one field that the procedure names."""
    return next((name for name in (procedure.field, f"{procedure.kind}_id") if name in fields), "")


def _paper(visit: Visit, org: Org, one: Standing, name: str) -> tuple[str, str]:
    """A missing paper, and the page that sends its file for this case; empty for whoever may not."""
    material = materials()[name]
    text = f"{name} {pick(material.zh, material.en)}"
    if not visit.may(Right.WORK_WRITE, org):
        return text, ""
    given = {"materials": name, "about": PROCEDURES[one.kind].stream(one.subject)}
    return text, visit.url(org, f"upload?{urlencode(given)}")
