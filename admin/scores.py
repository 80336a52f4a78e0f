"""Scores: of a branch, each point with what gave it and what is missing; of all branches, side by side and unranked."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.proofs import proofs_text
from admin.reading import Org
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import named, ngettext, pick, say
from events.assessment import Component
from projections.engine.work import Progress
from projections.query_scores import Line
from projections.shapes import DocumentView
from projections.standard.contrast import Later, since
from projections.standard.deadlines import How
from projections.standard.pack import Pack
from projections.standard.score_tree import Ground, Level, Node, Reason, Score, leaves
from projections.standard.scoring import points
from service.api.access import scope_of
from service.auth.rights import Right
from service.errors import Malformed
from service.versions import NAME
from service.versions import named as named_pack

YEARS_BACK = 6
SHOWN = 50
"""Branches on one page: so many are worked out of 2,000 while one waits for the page."""
PATIENCE_S = 1.0
"""How long a page waits for the scores of all branches before it tells how far they are."""
SORTS = ("org_id", "total", "computed", "open", *(component.value for component in Component))
NAMED = 5
"""Members or months that are named; of more the number is told."""
REASONS: Mapping[Reason, tuple[str, str, str]] = {
    Reason.ON_TIME: ("按期完成", "Done in time", "good"),
    Reason.EXTENDED: ("延期内完成", "Done in the time that was added", "good"),
    Reason.LATE: ("逾期完成", "Done late", "late"),
    Reason.NOT_DUE: ("尚未到期", "Not due yet", ""),
    Reason.OVERDUE: ("逾期未完成", "Overdue", "bad"),
    Reason.WAIVED: ("已免除", "Waived", ""),
    Reason.LAPSED: ("不再适用", "Lapsed", ""),
    Reason.JUDGED: ("上级评定", "Judged by the superior", "good"),
    Reason.NOT_JUDGED: ("尚未评定", "Not judged yet", ""),
    Reason.NOTHING_DUE: ("尚无到期任务", "Nothing has fallen due", ""),
    Reason.BONUS: ("加分", "Bonus", "good"),
    Reason.PENALTY: ("减分", "Penalty", "bad"),
    Reason.LIMIT: ("限额调整", "Held within the limit", ""),
}
"""Why a leaf has what it has: zh, en, tone."""


class LeafView(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf as a line of the page."""

    title: str
    about: str
    reason: str
    tone: str
    credit: str
    days: list[str]
    missing: str
    got: str
    most: str
    events: list[str]
    documents: list[DocumentView]


class Scores(BaseView):
    """The scores of one branch, or of all branches under a committee."""

    name = "Scores"

    @expose("/b/{org_id}/scores", identity="scores")
    async def now(self, request: Request) -> Response:
        """This year's."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        return RedirectResponse(visit.url(org, "scores", str(visit.today.year)), status_code=303)

    @expose("/b/{org_id}/scores/{year}", identity="scores-year")
    async def year(self, request: Request) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        text = request.path_params["year"]
        if not (text.isdecimal() and len(text) == 4 and int(text) > 1920):
            raise HTTPException(404)
        if org.committee:
            return await _every(self, request, visit, org, int(text))
        return await _one(self, request, visit, org, int(text))


async def _one(view: Any, request: Request, visit: Visit, org: Org, year: int) -> Response:
    as_of = _day(request.query_params.get("as_of", ""))
    tried = request.query_params.get("pack", "")
    pack = await pack_of(visit, tried)
    score = await _score(visit, org, year, pack, as_of)
    names = await visit.read.names(org) if visit.may(Right.ROSTER_READ, org) else {}
    found = leaves(score.total)
    documents = await visit.read.papers(org, score, pack)
    then = await _when_graded(visit, org, score, pack)
    hows = {deadline.id: deadline.how for deadline in pack.deadlines}
    total, grade = score.result
    title = say("Score of %(year)s", year=year)
    return await page(
        view,
        request,
        "score",
        "scores",
        org=org,
        title=title,
        crumbs=crumbs(visit, org, ("", title)),
        score=score,
        result=(points(total), named(grade) if grade else ""),
        year=year,
        years=_years(visit.today),
        as_of=as_of,
        tried=tried if pack is not visit.pack else "",
        base=visit.url(org, "scores"),
        entered=[(component, score.entered.get(component)) for component in Component],
        differences=_differences(score, then),
        later=[] if then is None else [_told(one, names) for one in since(then, score)],
        lines={
            one.id: _leaf(one, one.ground, names, documents.get(one.id, []), score.on, hows.get(one.ground.deadline))
            for one in found
            if one.ground is not None
        },
        level=Level,
        points=points,
        may_read_events=visit.may(Right.EVENTS_READ, org),
        may_score=visit.may(Right.SUPERIOR_WRITE, org) and not tried and score.published is None,
        scored={component.value for component in Component},
        as_of_position=await visit.read.position(),
    )


async def pack_of(visit: Visit, name: str) -> Pack:
    """The pack in use, or the one of this name."""
    if NAME.fullmatch(name) is None:
        return visit.pack
    try:
        return await named_pack(name, visit.parts.reads, visit.parts.files, visit.drafts)
    except Malformed as error:
        raise HTTPException(400) from error


async def _score(visit: Visit, org: Org, year: int, pack: Pack, as_of: dt.date | None) -> Score:
    """As it stands, as of a day, or as another pack would have it."""
    scope, tried = visit.read.scope(Right.LEDGERS_READ, org), pack is not visit.pack
    if as_of is None and not tried:
        return await visit.read.scoring.one(scope, org.id, year, pack, visit.today)
    return await visit.read.scoring.folded(scope, org.id, year, pack, as_of or visit.today, draft=tried)


def _leaf(one: Node, ground: Ground, names: Mapping[str, str], documents: list[DocumentView], on: dt.date, how: How | None) -> LeafView:
    zh, en, tone = REASONS[ground.reason]
    return LeafView(
        title=pick(one.zh, one.en),
        about=" · ".join(part for part in (ground.period, names.get(ground.subject, "")) if part),
        reason=pick(zh, en),
        tone=tone,
        credit=f"{ground.credit}%" if one.most and ground.credit and ground.credit < 100 else "",
        days=_days(ground, on),
        missing=_missing(one, ground, names, how),
        got=points(one.got),
        most=points(one.most),
        events=list(ground.events),
        documents=documents,
    )


def _days(ground: Ground, on: dt.date) -> list[str]:
    """The dates that decide."""
    if ground.due_on is None:
        return [] if ground.done_on is None else [str(ground.done_on)]
    due = say("due %(due)s", due=ground.due_on)
    if ground.done_on is None or ground.done_on > on:
        return [due]
    late = (ground.done_on - ground.due_on).days
    behind = f" ({say('%(num)s days late', num=late)})" if late > 0 else ""
    return [due, say("done %(done)s", done=ground.done_on) + behind]


def _missing(one: Node, ground: Ground, names: Mapping[str, str], how: How | None) -> str:
    """What is wanted for the points that are not there; the ground of those that were given or taken."""
    if ground.reason in (Reason.BONUS, Reason.PENALTY):
        return pick("；", "; ").join(
            (say("evidence: %(text)s", text=ground.evidence), say("confirmed by %(text)s", text=ground.confirmed_by))
        )
    if ground.reason is Reason.JUDGED:
        return say("%(score)s of 100 points", score=ground.text)
    if ground.reason is Reason.NOT_JUDGED:
        return say("the superior's score is missing")
    if ground.reason is Reason.WAIVED:
        return ground.text
    if ground.reason in (Reason.NOT_DUE, Reason.OVERDUE) and one.most:
        return wanting(ground, names, how)
    return ""


def wanting(ground: Ground, names: Mapping[str, str], how: How | None) -> str:
    """`2 of 3 done; missing: …`: the members, months or kinds of proof that are not there."""
    missing = [names.get(name, name) for name in ground.missing]
    who = pick("、", ", ").join(missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
    proof = proofs_text(ground.wanted, each=how is How.EACH)
    told = []
    if how not in (How.EVERYONE, How.GROUPED):  # what is needed there is asked of each
        told += [say("%(done)s of %(needed)s done", done=ground.done, needed=ground.needed)]
        told += [say("missing: %(what)s", what=who or proof)] if who or proof else []
    elif missing:
        text = ngettext("%(num)d member is wanting: %(who)s", "%(num)d members are wanting: %(who)s", len(missing))
        told += [text % {"num": len(missing), "who": who}]
    told += [say("proof: %(what)s", what=proof)] if proof and (missing or not told) else []
    return pick("；", "; ").join(told)


async def _when_graded(visit: Visit, org: Org, score: Score, pack: Pack) -> Score | None:
    """Of a published year, what was worked out when it was graded; that what is recorded later changes it can then be told."""
    if score.published is None or pack is not visit.pack:
        return None
    scope = visit.read.scope(Right.LEDGERS_READ, org)
    return await visit.read.scoring.when_graded(scope, org.id, score.year, pack, score.published.event_id)


def _differences(score: Score, then: Score | None) -> list[tuple[str, str, str, str]]:
    """Component, as published, as worked out when it was graded, as worked out now."""
    titles = {component.value: named(component) for component in Component}
    titles |= {"bonus": say("Bonus"), "penalty": say("Penalty"), "limit": say("Rounding and limits")}
    was = {} if then is None else {part.id: points(part.got) for part in then.total.children}
    return [(titles[one.component], points(one.published), was.get(one.component, "—"), points(one.computed)) for one in score.differences]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A line about what was recorded after the grade."""

    title: str
    then: str
    now: str
    events: list[str]


def _told(one: Later, names: Mapping[str, str]) -> Change:
    about = " · ".join(part for part in (one.period, names.get(one.subject, "")) if part)
    return Change(
        title=f"{one.leaf.partition('/')[0].partition(':')[0]} {pick(one.zh, one.en)} {about}".strip(),
        then="—" if one.then is None else pick(*REASONS[one.then][:2]),
        now="—" if one.now is None else pick(*REASONS[one.now][:2]),
        events=list(one.events),
    )


async def _every(view: Any, request: Request, visit: Visit, org: Org, year: int) -> Response:
    """Page by page in the order of the codes; another order, and places, when asked for: that takes the scores of all."""
    asked = request.query_params
    sort = asked.get("sort", "") if asked.get("sort", "") in SORTS else SORTS[0]
    places = asked.get("places") == "on"
    title = say("Scores of %(year)s", year=year)
    path = crumbs(visit, org, ("", title))
    here = visit.url(org, "scores", str(year))
    given = {"sort": sort, **({"places": "on"} if places else {})}
    if places or sort != SORTS[0]:
        found = await _ordered(visit, year, sort, asked.get("from", ""), places=places)
        if isinstance(found, Progress):
            return await working(view, request, found, here="scores", org=org, title=title, crumbs=path)
    else:
        found = await _paged(visit, year, asked.get("after", "")[:200])
    return await page(
        view,
        request,
        "scores",
        "scores",
        org=org,
        title=title,
        crumbs=path,
        lines=found.lines,
        ranked=found.ranked,
        components=list(Component),
        sort=sort,
        places=places,
        points=points,
        year=year,
        years=_years(visit.today),
        base=visit.url(org, "scores"),
        wide=visit.wide,
        sorted_by=lambda name: f"{here}?{urlencode({**given, 'sort': name})}",
        turned=f"{here}?{urlencode({'sort': sort} if places else {'sort': sort, 'places': 'on'})}",
        next=f"{here}?{urlencode({**given, **found.next})}" if found.next else "",
        first=f"{here}?{urlencode(given)}" if "from" in asked or "after" in asked else "",
        as_of_position=await visit.read.position(),
    )


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A page of branches, and how to ask for the next."""

    lines: list[Line]
    next: dict[str, Any]
    ranked: dict[str, int] = {}


async def _paged(visit: Visit, year: int, after: str) -> Found:
    scope = scope_of(visit.actor, Right.LEDGERS_READ)
    lines, following = await visit.read.scoring.page(scope, year, visit.pack, visit.today, after=after or None, limit=SHOWN)
    return Found(lines=lines, next={"after": following} if following else {})


async def _ordered(visit: Visit, year: int, sort: str, begin: str, *, places: bool) -> Found | Progress:
    scope = scope_of(visit.actor, Right.LEDGERS_READ)
    lines = await visit.read.scoring.soon(scope, year, visit.pack, visit.today, PATIENCE_S)
    if isinstance(lines, Progress):
        return lines
    start = int(begin) if begin.isdecimal() and len(begin) < 6 else 0
    ordered = sorted(lines, key=lambda line: (_by(line, sort), line.org_id))
    return Found(
        lines=ordered[start : start + SHOWN],
        next={"from": start + SHOWN} if len(ordered) > start + SHOWN else {},
        ranked=_places(lines) if places else {},
    )


async def working(view: Any, request: Request, progress: Progress, *, here: str, **frame: Any) -> Response:
    """How far it is; the page asks again by itself until the result is there."""
    response = await page(view, request, "working", here, progress=progress, **frame)
    response.headers["Refresh"] = "1"
    return response


def _by(line: Line, sort: str) -> int:
    """The highest first; the order of the codes is left to the code itself."""
    if sort == SORTS[0]:
        return 0
    return -(line.components[sort] if sort in line.components else getattr(line, sort))


def _places(lines: Iterable[Line]) -> dict[str, int]:
    """Equal totals share a place."""
    first: dict[int, int] = {}
    totals = sorted((line.total for line in lines), reverse=True)
    for place, total in enumerate(totals, start=1):
        first.setdefault(total, place)
    return {line.org_id: first[line.total] for line in lines}


def _years(today: dt.date) -> range:
    return range(today.year, today.year - YEARS_BACK, -1)


def _day(text: str) -> dt.date | None:
    try:
        return msgspec.convert(text, dt.date)
    except msgspec.ValidationError:
        return None
