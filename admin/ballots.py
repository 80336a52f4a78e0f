"""Secret ballots on the desk: vote, see how many did, close, count paper, see the result. A choice is never shown again to anybody.

No draft of a voting form is kept in the browser, and what was chosen is in no address and on no page that follows.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from sqladmin import BaseView, expose
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import show
from admin.reading import Org, Person
from admin.refusals import refusal_text
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import named, pick, say
from events.ballots import BallotId, BallotKind, BallotMethod, Electorate, OptionCode
from events.base import Choice
from service.api.access import NAMELESS
from service.api.commands import wait_for_views
from service.auth.rights import Right
from service.ballots.door import Ballots, people_of
from service.ballots.papers import KEY_BYTES, Box, Paper, Receipt, paper_of
from service.ballots.shapes import BallotView, view_of
from service.bus import Receipt as Recorded
from service.decide.ballots.opening import CountPaperBallots
from service.decide.ballots.state import BREAKDOWN_MIN, Ballot, Status
from service.errors import BranchbookError, Conflict, Forbidden, KeyReused, Malformed, Refused, Unavailable

WAIT_S = 5.0
STATES = {Status.OPEN: "Voting is open", Status.CLOSED: "Closed", Status.CANCELLED: "Void"}
EXPLAINED = {
    "voted": "Your paper is in the box.",
    "closed": "The ballot is closed.",
    "counted": "The count is recorded.",
    "void": "The ballot is void.",
}
BARS = 100
COUNTS = ("issued", "returned", "valid", "invalid")
SENT_MAX = 200
WAYS = ["GET", "POST"]
"""An answer stands at the address that was sent to: looked at again, it leads to the ballot."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One option: on the paper while the ballot is open, with its votes afterwards."""

    code: str
    text: str
    votes: int | None = None
    share: int = 0
    """Of the papers, in hundredths, for the bar."""
    carried: bool = False


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot as a page shows it."""

    view: BallotView
    kind: str
    method: str
    electorate: str
    state: str
    about: str
    lines: list[Line]
    note: str
    """Why the result is shown as it is."""


class BallotPages(BaseView):
    """Ballots of one branch."""

    name = "Ballots"

    @expose("/b/{org_id}/ballots", identity="ballots")
    async def ballots(self, request: Request) -> Response:
        """Those that wait for this person's vote first, then the newest."""
        visit, org = visit_of(request), await org_of(request, Right.BALLOT_READ)
        found = await Ballots(visit.parts).listed(visit.actor, org.id)
        told = [await tell(visit, org, ballot) for ballot in found]
        title = say("Ballots")
        return await page(
            self,
            request,
            "ballots",
            "ballots",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            ballots=sorted(told, key=lambda one: not one.view.may_vote),
            may_run=visit.may(Right.ELECTION_WRITE, org),
        )

    @expose("/b/{org_id}/ballots/{ballot_id}", identity="ballot")
    async def ballot(self, request: Request) -> Response:
        return await self._show(request)

    @expose("/b/{org_id}/ballots/{ballot_id}/box", identity="ballot-box")
    async def box(self, request: Request) -> Response:
        """The published box as a file: its bytes are those whose hash is on the record."""
        visit, org = visit_of(request), await org_of(request, Right.BALLOT_READ)
        content = await Ballots(visit.parts).box(visit.actor, org.id, _id(request))
        return Response(content, media_type="application/json", headers={"content-disposition": 'attachment; filename="box.json"'})

    @expose("/b/{org_id}/ballots/{ballot_id}/vote", methods=WAYS, identity="ballot-vote")
    async def vote(self, request: Request) -> Response:
        async def cast(door: Ballots, visit: Visit, org: Org, sent: FormData, key: str) -> Recorded:
            return await door.cast(visit.actor, org.id, _id(request), _paper(sent), key=key, now=dt.datetime.now(dt.UTC))

        return await self._send(request, Right.BALLOT_CAST, cast, "voted")

    @expose("/b/{org_id}/ballots/{ballot_id}/close", methods=WAYS, identity="ballot-close")
    async def close(self, request: Request) -> Response:
        async def close(door: Ballots, visit: Visit, org: Org, _sent: FormData, key: str) -> Recorded:
            return await door.close(visit.actor, org.id, _id(request), key=key, now=dt.datetime.now(dt.UTC))

        return await self._send(request, Right.ELECTION_WRITE, close, "closed")

    @expose("/b/{org_id}/ballots/{ballot_id}/cancel", methods=WAYS, identity="ballot-cancel")
    async def cancel(self, request: Request) -> Response:
        async def cancel(door: Ballots, visit: Visit, org: Org, sent: FormData, key: str) -> Recorded:
            reason = str(sent.get("reason", "")).strip()[:10_000]
            if not reason:
                raise Malformed("reason")
            return await door.cancel(visit.actor, org.id, _id(request), reason, key=key, now=dt.datetime.now(dt.UTC))

        return await self._send(request, Right.ELECTION_WRITE, cancel, "void")

    @expose("/b/{org_id}/ballots/{ballot_id}/count", methods=WAYS, identity="ballot-count")
    async def count(self, request: Request) -> Response:
        """Paper ballots, as the tellers counted them."""

        async def count(_door: Ballots, visit: Visit, org: Org, sent: FormData, key: str) -> Recorded:
            command = _paper_count(_id(request), visit.today, sent)
            return await visit.parts.bus.handle(org.id, command, visit.actor, key=key, now=dt.datetime.now(dt.UTC))

        return await self._send(request, Right.ELECTION_WRITE, count, "counted")

    async def _send(
        self, request: Request, right: Right, send: Callable[[Ballots, Visit, Org, FormData, str], Awaitable[Recorded]], done: str
    ) -> Response:
        """Back to the ballot: with what was done, or with why not."""
        visit, org = visit_of(request), await org_of(request, right)
        if request.method == "GET":
            return RedirectResponse(f"/admin/b/{org.id}/ballots/{_id(request)}", status_code=303)
        sent = await request.form()
        key = str(sent.get("key") or uuid.uuid4())[:SENT_MAX]
        try:
            receipt = await send(Ballots(visit.parts), visit, org, sent, key)
        except BranchbookError as refusal:
            return await self._show(request, fault=fault_of(refusal), sent={} if right is Right.BALLOT_CAST else _typed(sent))
        await wait_for_views(visit.parts, receipt, WAIT_S)
        if right is Right.BALLOT_CAST:  # shown in the answer itself: a receipt stands in no address
            return await self._show(request, done=done, receipt=str(sent.get("receipt", "")))
        return RedirectResponse(f"/admin/b/{org.id}/ballots/{_id(request)}?done={done}", status_code=303)

    async def _show(
        self, request: Request, *, fault: str = "", sent: dict[str, list[str]] | None = None, done: str = "", receipt: str = ""
    ) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.BALLOT_READ)
        ballot = await Ballots(visit.parts).ballot(visit.actor, org.id, _id(request))
        told = await tell(visit, org, ballot)
        runs = visit.may(Right.ELECTION_WRITE, org)
        people = await visit.read.people(org) if visit.may(Right.ROSTER_READ, org) else []
        return await page(
            self,
            request,
            "ballot",
            "ballots",
            status=422 if fault else 200,
            org=org,
            title=told.view.title,
            crumbs=crumbs(visit, org, (visit.url(org, "ballots"), say("Ballots")), ("", told.view.title)),
            ballot=told,
            key=str(uuid.uuid4()),
            fault=fault,
            done=say(EXPLAINED[done]) if (done := done or request.query_params.get("done", "")) in EXPLAINED and not fault else "",
            receipt=receipt,
            drawn=secrets.token_hex(KEY_BYTES),
            papers=await _papers(visit, org, told),
            runs=runs,
            waiting=_waiting(ballot, people) if runs and ballot.takes_papers else [],
            people=[person for person in people if not person.left_on and not person.suspended],
            tellers=_tellers(told.view, people),
            sent=sent or {},
            few=BREAKDOWN_MIN,
        )


async def tell(visit: Visit, org: Org, ballot: Ballot) -> Told:
    """In the language of the page, with the names of candidates for whoever may read names."""
    people = people_of([ballot])
    names = {} if visit.actor.role in NAMELESS or not people else await Ballots(visit.parts).names(org.id, people)
    view = view_of(ballot, names, visit.actor.person_id)
    return Told(
        view=view,
        kind=_label(BallotKind, view.kind),
        method=_label(BallotMethod, view.method),
        electorate=_label(Electorate, view.electorate),
        state=say(STATES[ballot.status]),
        about=names.get(view.subject_id or "", ""),
        lines=_lines(view),
        note=pick(view.result.note_zh, view.result.note_en) if view.result else "",
    )


async def waiting_for(visit: Visit, org: Org) -> list[tuple[str, str]]:
    """Id and title of the ballots in which this person may still vote."""
    if visit.actor.person_id is None or not visit.may(Right.BALLOT_CAST, org):
        return []
    found = await Ballots(visit.parts).listed(visit.actor, org.id)
    views = [view_of(ballot, {}, visit.actor.person_id) for ballot in found if ballot.takes_papers]
    return [(view.ballot_id, view.title) for view in views if view.may_vote]


def _lines(view: BallotView) -> list[Line]:
    result = view.result
    votes = {line.code: line.votes for line in result.votes or ()} if result else {}
    whole = max(result.cast, 1) if result else 1
    return [
        Line(
            code=option.code,
            text=show.in_english(option.text) or option.code,
            votes=votes.get(option.code),
            share=min(BARS, votes.get(option.code, 0) * BARS // whole),
            carried=result is not None and option.code in result.carried,
        )
        for option in view.options
    ]


def _paper(sent: FormData) -> Paper:
    """What the voter marked, with the receipt unless it was not wanted."""
    choice = tuple(OptionCode(str(code)) for code in sent.getlist("choice")[:SENT_MAX])
    try:
        return paper_of(choice, msgspec.convert(sent.get("receipt"), Receipt | None))
    except msgspec.ValidationError:
        raise Malformed("receipt") from None


async def _papers(visit: Visit, org: Org, told: Told) -> list[tuple[str, str]]:
    """Receipt and choice of every paper of a published box, in the order of the receipts."""
    result = told.view.result
    if result is None or result.withheld or result.box_sha256 is None:
        return []
    texts = {line.code: line.text for line in told.lines}
    content = await Ballots(visit.parts).box(visit.actor, org.id, BallotId(told.view.ballot_id))
    box = msgspec.json.decode(content, type=Box)
    return [(paper.key, pick("、", ", ").join(texts[code] for code in paper.choice) or say("blank")) for paper in box.papers]


def _tellers(view: BallotView, people: list[Person]) -> str:
    """Who watched over a count on paper."""
    if view.result is None or view.result.paper is None:
        return ""
    names = {person.id: person.name for person in people}
    watched = dict.fromkeys((view.result.paper.chief_teller, *view.result.paper.tellers))
    return pick("、", ", ").join(names.get(person, person) for person in watched)


def _waiting(ballot: Ballot, people: list[Person]) -> list[str]:
    """Names of those who have not voted yet: marks are on the record, choices are not."""
    assert ballot.opened is not None, "a ballot that is shown was opened"
    names = {person.id: person.name for person in people}
    return [names.get(person, person) for person in ballot.opened.entitled if person not in ballot.voted]


def _paper_count(ballot_id: BallotId, today: dt.date, sent: FormData) -> CountPaperBallots:
    """Raises `Malformed` for what is no number, or when no chief teller is named."""
    votes = [(name.removeprefix("votes:"), value) for name, value in sent.multi_items() if name.startswith("votes:")][:SENT_MAX]
    chief = str(sent.get("chief_teller", ""))
    if not chief:
        raise Malformed("chief_teller")
    fields: dict[str, Any] = {
        "occurred_on": today.isoformat(),
        "ballot_id": ballot_id,
        "votes": [{"code": code, "votes": _number(value)} for code, value in votes],
        "chief_teller": chief,
        "tellers": [str(person) for person in sent.getlist("tellers")],
        "counters": [str(person) for person in sent.getlist("counters")],
    } | {name: _number(sent.get(name, "")) for name in COUNTS}
    try:
        return msgspec.convert(fields, CountPaperBallots)
    except msgspec.ValidationError as wrong:
        raise Malformed(str(wrong)) from wrong


def _number(value: Any) -> int:
    text = str(value).strip() or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise Malformed("a count is a number")
    return int(text)


def fault_of(refusal: BranchbookError) -> str:
    """Why not, in plain words; never with what was chosen."""
    match refusal:
        case Refused():
            return refusal_text(refusal.rule, refusal.detail)
        case Malformed():
            return say("Please check what is marked: too many or too few choices, or a number that is missing.")
        case Conflict():
            return say("This ballot is not open for that any more.")
        case KeyReused():
            return say("This form was sent before with other contents. Open a new one to record something else.")
        case Forbidden():
            return say("Your account belongs to no member of this branch, so it has no vote.")
        case Unavailable():
            return say("The record cannot be reached just now. Nothing is lost: send it again in a moment.")
        case _:
            raise refusal


def _typed(sent: FormData) -> dict[str, list[str]]:
    """What the organiser typed, to be shown again."""
    return {name: [str(value) for value in sent.getlist(name)] for name in sent}


def _id(request: Request) -> BallotId:
    text = request.path_params["ballot_id"]
    if len(text) > 64 or not text.isprintable():
        raise HTTPException(404)
    return BallotId(text)


def _label(choices: type[Choice], code: str) -> str:
    return next((named(choice) for choice in choices if choice.value == code), code)
