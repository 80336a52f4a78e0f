"""Scores over HTTP: a branch's year as a tree in which every point explains itself, and all branches as lines."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter, QueryParameter

from events.base import OrgId
from projections.query_scores import Line
from projections.shapes import AsOf
from projections.standard.pack import default_pack
from projections.standard.score_tree import Score
from service.api.access import scope_of
from service.api.reads import FAILURES, AfterText, Ask, AsOfDay, Limit, views_of
from service.auth.actor import Actor
from service.auth.rights import Right
from service.bus import LOCAL
from service.versions import named

ScoreYear = Annotated[int, PathParameter(ge=1921, le=9999)]
Draft = Annotated[
    str | None,
    QueryParameter(
        name="pack",
        pattern=r"^[A-Za-z0-9-]{1,40}$",
        description="Version of the pack in use, a published version, or a draft folder in `$BRANCHBOOK_HOME/packs`",
    ),
]


class BranchScore(msgspec.Struct, frozen=True, kw_only=True):
    """One branch, one year; points in hundredths. `total` and `grade` are what counts: as published, else as worked out."""

    org_id: OrgId
    total: int
    grade: str | None
    score: Score
    draft: bool
    as_of: AsOf


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """Branches in the order of their codes; nobody is ranked."""

    year: int
    scores: list[Line]
    as_of: AsOf
    next: str | None


@get(
    "/orgs/{org_id:str}/scores/{year:int}",
    operation_id="read-score",
    tags=["scores"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
)
async def read_score(
    request: Ask, org_id: FromPath[str], year: ScoreYear, actor: NamedDependency[Actor], draft: Draft = None, as_of: AsOfDay = None
) -> BranchScore:
    """The score of a year: component, indicator, task, and leaves with the events that gave each point and what is missing."""
    org = OrgId(org_id)
    scope = scope_of(actor, Right.LEDGERS_READ, org)
    views = views_of(request)
    current = await views.position()
    today = dt.datetime.now(LOCAL).date()
    parts = request.app.state.parts
    pack = await named(draft, parts.reads, parts.files, request.app.state.packs)
    if as_of is None and pack is default_pack():
        score = await views.scores.one(scope, org, year, pack, today)
    else:
        score = await views.scores.folded(scope, org, year, pack, as_of or today, draft=pack is not default_pack())
    total, grade = score.result
    return BranchScore(org_id=org, total=total, grade=grade, score=score, draft=pack is not default_pack(), as_of=current)


@get("/scores/{year:int}", operation_id="list-scores", tags=["scores"], opt={"right": Right.LEDGERS_READ}, responses=FAILURES)
async def list_scores(request: Ask, year: ScoreYear, actor: NamedDependency[Actor], after: AfterText = None, limit: Limit = 50) -> Scores:
    """Every branch that you may see, with its total, its grade, and what is worked out beside a published result."""
    views = views_of(request)
    current = await views.position()
    today = dt.datetime.now(LOCAL).date()
    scope = scope_of(actor, Right.LEDGERS_READ)
    lines, following = await views.scores.page(scope, year, default_pack(), today, after=after, limit=limit)
    return Scores(year=year, scores=lines, as_of=current, next=following)


HANDLERS = [read_score, list_scores]
