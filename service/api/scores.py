"""Scores over HTTP: a branch's year as a tree in which every point explains itself, and all branches as lines."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter, QueryParameter

from events.base import OrgId
from projections.query_scores import Line
from projections.shapes import AsOf, DocumentView
from projections.standard.contrast import Contrast
from projections.standard.pack import default_pack
from projections.standard.score_tree import Score
from service.api.access import scope_of
from service.api.reads import FAILURES, AfterText, Ask, AsOfDay, Limit, views_of
from service.auth.actor import Actor
from service.auth.rights import Right
from service.bus import LOCAL
from service.versions import named

TRIED_MAX = 50
ScoreYear = Annotated[int, PathParameter(ge=1921, le=9999)]
TriedLimit = Annotated[int, QueryParameter(name="limit", ge=1, le=TRIED_MAX, description="Each branch is worked out twice from its book")]
Draft = Annotated[
    str | None,
    QueryParameter(
        name="pack",
        pattern=r"^[A-Za-z0-9-]{1,40}$",
        description="Version of the pack in use, a published version, or a draft folder in `$BRANCHBOOK_HOME/packs`",
    ),
]


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A document that belongs to a leaf: filed about its events, or for a material of its task in its period."""

    document_id: str
    title: str
    materials: list[str]
    formed_on: dt.date | None
    filed_on: dt.date | None
    file: str
    """Where its bytes are; empty for a paper."""


class BranchScore(msgspec.Struct, frozen=True, kw_only=True):
    """One branch, one year; points in hundredths. `total` and `grade` are what counts: as published, else as worked out."""

    org_id: OrgId
    total: int
    grade: str | None
    score: Score
    documents: dict[str, list[Paper]]
    """Leaf -> its documents."""
    draft: bool
    as_of: AsOf


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Branches in the order of their codes: what counts under `pack`, beside what `draft` would give."""

    year: int
    pack: str
    draft: str
    branches: list[Contrast]
    as_of: AsOf
    next: str | None


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
    found = await views.documents.of_score(scope, org, score, pack.standard)
    documents = {leaf: [_paper(one) for one in own] for leaf, own in found.items()}
    return BranchScore(
        org_id=org, total=total, grade=grade, score=score, documents=documents, draft=pack is not default_pack(), as_of=current
    )


def _paper(one: DocumentView) -> Paper:
    return Paper(
        document_id=one.document_id,
        title=one.title,
        materials=one.materials,
        formed_on=one.formed_on,
        filed_on=one.filed_on,
        file=f"/api/v1/orgs/{one.org_id}/documents/{one.document_id}/file" if one.sha256 else "",
    )


@get("/what-if/{year:int}", operation_id="read-what-if", tags=["scores"], opt={"right": Right.LEDGERS_READ}, responses=FAILURES)
async def read_what_if(
    request: Ask, year: ScoreYear, actor: NamedDependency[Actor], draft: Draft = None, after: AfterText = None, limit: TriedLimit = 25
) -> Trial:
    """Branches under another pack beside what counts: who changes grade and why. Nothing is recorded; without `pack`, the one in use."""
    views, parts = views_of(request), request.app.state.parts
    current = await views.position()
    today = dt.datetime.now(LOCAL).date()
    scope = scope_of(actor, Right.LEDGERS_READ)
    pack = await named(draft, parts.reads, parts.files, request.app.state.packs)
    found, following = await views.scores.contrasts_page(scope, year, default_pack(), pack, today, after=after, limit=limit)
    return Trial(
        year=year, pack=default_pack().standard.version, draft=pack.standard.version, branches=found, as_of=current, next=following
    )


@get("/scores/{year:int}", operation_id="list-scores", tags=["scores"], opt={"right": Right.LEDGERS_READ}, responses=FAILURES)
async def list_scores(request: Ask, year: ScoreYear, actor: NamedDependency[Actor], after: AfterText = None, limit: Limit = 50) -> Scores:
    """Every branch that you may see, with its total, its grade, and what is worked out beside a published result."""
    views = views_of(request)
    current = await views.position()
    today = dt.datetime.now(LOCAL).date()
    scope = scope_of(actor, Right.LEDGERS_READ)
    lines, following = await views.scores.page(scope, year, default_pack(), today, after=after, limit=limit)
    return Scores(year=year, scores=lines, as_of=current, next=following)


HANDLERS = [read_score, list_scores, read_what_if]
