"""A year under another version of the standard or under a draft, beside what counts: who would be graded otherwise, and why."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.across import wide
from admin.scores import PATIENCE_S, working
from admin.visit import Visit, page
from admin.words import named, pick, say
from events.assessment import AdjustmentKind, AssessmentGrade, Component
from projections.engine.work import Progress
from projections.standard.contrast import Cause, Contrast
from projections.standard.pack import Pack
from projections.standard.scoring import points
from service.api.access import scope_of
from service.auth.rights import Right
from service.errors import Absent, Malformed
from service.versions import NAME, names
from service.versions import named as named_pack

YEARS_BACK = 6
SHOWN = 50
"""Branches on one page."""
CAUSES = 4
"""Causes that stand in the line of a branch; the rest opens with it."""
GRADES = list(AssessmentGrade)
"""Best first."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One branch as a line of the page."""

    one: Contrast
    by: int
    """What it would gain or lose, in hundredths."""
    moves: str
    """The tone of its new grade, where that differs."""
    why: list[tuple[str, int, int]]
    """Part of the score, as it is, as it would be."""


class WhatIf(BaseView):
    """Nothing that is tried here is recorded."""

    name = "What if"

    @expose("/what-if", identity="what-if")
    async def try_out(self, request: Request) -> Response:
        """The form; with a pack chosen, every branch in sight under that pack, those that change their grade first."""
        visit, asked = wide(request, Right.LEDGERS_READ), request.query_params
        year = int(asked["year"]) if asked.get("year", "").isdecimal() and len(asked["year"]) == 4 else visit.today.year
        tried, fault = asked.get("pack", "")[:40], ""
        found: list[Contrast] | Progress = []
        try:
            pack = await _chosen(visit, tried)
            if pack is not None:
                scope = scope_of(visit.actor, Right.LEDGERS_READ)
                found = await visit.read.scoring.contrasts_soon(scope, year, visit.pack, pack, visit.today, PATIENCE_S)
        except Absent:
            pack, fault = None, say("There is no version and no draft of this name.")
        except Malformed as error:
            pack, fault = None, str(error)
        title = say("What if")
        frame: dict[str, Any] = {"title": title, "crumbs": [("/admin/", say("All branches")), ("", title)]}
        if isinstance(found, Progress):
            return await working(self, request, found, here="what-if", **frame)
        changed = [one for one in found if one.changes_grade]
        only = asked.get("show") == "changed"
        start = int(asked["from"]) if asked.get("from", "").isdecimal() and len(asked["from"]) < 6 else 0
        ordered = [*changed, *([] if only else [one for one in found if not one.changes_grade])]
        given = {"year": year, "pack": tried, **({"show": "changed"} if only else {})}
        return await page(
            self,
            request,
            "what_if",
            "what-if",
            **frame,
            year=year,
            years=range(visit.today.year, visit.today.year - YEARS_BACK, -1),
            tried=tried,
            packs=await names(visit.parts.reads, visit.drafts),
            pack=pack,
            in_use=visit.pack.standard.version,
            fault=fault,
            only=only,
            every=len(found),
            better=sum(_moves(one) == "good" for one in changed),
            worse=sum(_moves(one) == "bad" for one in changed),
            published=sum(one.published for one in found),
            rows=[_row(one) for one in ordered[start : start + SHOWN]],
            causes_shown=CAUSES,
            points=points,
            next=f"/admin/what-if?{urlencode({**given, 'from': start + SHOWN})}" if len(ordered) > start + SHOWN else "",
            first=f"/admin/what-if?{urlencode(given)}" if start else "",
            drafts=str(visit.drafts.name),
            as_of_position=await visit.read.position(),
        )


async def _chosen(visit: Visit, name: str) -> Pack | None:
    """None where nothing was chosen yet. Raises `Absent` or `Malformed`."""
    if not name:
        return None
    if NAME.fullmatch(name) is None:
        raise Absent(name)
    return await named_pack(name, visit.parts.reads, visit.parts.files, visit.drafts)


def _row(one: Contrast) -> Row:
    return Row(
        one=one,
        by=one.draft_total - one.total,
        moves=_moves(one),
        why=[(_part(cause), cause.now, cause.draft) for cause in one.why],
    )


def _moves(one: Contrast) -> str:
    if not one.changes_grade or one.grade is None or one.draft_grade is None:
        return ""
    return "good" if GRADES.index(one.draft_grade) < GRADES.index(one.grade) else "bad"


def _part(cause: Cause) -> str:
    """`Routine work · N16 Dues`."""
    component, _, norm = cause.id.partition(":")
    if component == "published":
        return f"{pick(cause.zh, cause.en)}: {_titles().get(norm, norm)}"
    return f"{_titles().get(component, component)} · {norm} {pick(cause.zh, cause.en)}" if norm else pick(cause.zh, cause.en)


def _titles() -> dict[str, str]:
    titles = {choice.value: named(choice) for choices in (Component, AdjustmentKind) for choice in choices}
    return titles | {"limit": say("Rounding and limits")}
