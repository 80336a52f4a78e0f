"""Taking a whole import back: first what would become of every row, rehearsed in memory, then, on a second press, the taking back itself.

It goes in portions: each page does one and leads to the next by itself, so that a bar shows how far it is, and whoever closes the
window in between goes on later where it ended.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.reading import Org
from admin.refusals import fault_text
from admin.show import Mark, Names
from admin.visit import WRITES, Visit, crumbs, org_of, page, shown_by_views, visit_of
from admin.words import named, pick, say
from events.base import Event, OrgId
from events.store.books import Books
from service.bus import LOCAL, Bus
from service.decide.catalog import CASES
from service.decide.imports import RIGHTS
from service.imports.known import branches_of
from service.imports.preview import Fault
from service.imports.rehearsal import Rehearsal
from service.imports.runs import Run, runs_of
from service.imports.undo import Fate, Undo, Undone, UndoTerms, groups, in_order

PORTION = 25
"""Entries for each page: a second or two."""
ROWS_SHOWN = 1_000
REASON_MAX = 200

STATES = {
    Fate.TAKEN_BACK: Mark(text="taken back", tone="good"),
    Fate.STANDS: Mark(text="stands", tone="late"),
    Fate.NOTHING: Mark(text="was not recorded", tone=""),
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody takes back, and when the superior saw it."""

    reason: str
    seen: str
    at: int = 0
    """How many entries earlier pages did."""

    @property
    def seen_on(self) -> dt.date | None:
        try:
            return dt.date.fromisoformat(self.seen)
        except ValueError:
            return None


class PastImport(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list."""

    on: str
    file: str
    kind: str
    branch: str
    rows: int
    mark: Mark
    link: str


class UndoImport(BaseView):
    """One run of the importer in one book."""

    name = "Undo an import"

    @expose("/b/{org_id}/import/{run_id}", methods=["GET", "POST"], identity="undo-import")
    async def undo(self, request: Request) -> Response:
        visit, org = visit_of(request), await org_of(request, *WRITES)
        run = await _run(visit, org, request.path_params["run_id"])
        if request.method == "POST":
            async with request.form(max_files=0, max_fields=8) as sent:
                asked = _asked(str(sent.get("reason", "")), str(sent.get("seen", "")), str(sent.get("at", "")))
            return await self._go_on(request, org, run, asked)
        asked = _asked(request.query_params.get("reason", ""), request.query_params.get("seen", ""), "")
        told = await _rehearsed(visit, run, asked) if asked.reason else []
        return await self._show(request, org, run, asked, told)

    async def _go_on(self, request: Request, org: Org, run: Run, asked: Asked) -> Response:
        """One portion in earnest; after the last one, how it ended."""
        if not asked.reason:
            return await self._show(request, org, run, asked, [], error=say("Say why the import is taken back."), status=422)
        visit, whole = visit_of(request), groups(run)
        undo = Undo(run, visit.parts.bus, visit.parts.books, _terms(visit, asked))
        told = await undo.take_back(whole[asked.at : asked.at + PORTION])
        done = min(asked.at + PORTION, len(whole))
        if done < len(whole):
            return await self._show(request, org, run, msgspec.structs.replace(asked, at=done), told, under_way=done)
        closed = await undo.close()
        await shown_by_views(visit, org)
        told = await _rehearsed(visit, run, asked)
        return await self._show(request, org, run, asked, told, taken_back=closed.taken_back, kept=closed.kept)

    async def _show(
        self,
        request: Request,
        org: Org,
        run: Run,
        asked: Asked,
        told: Sequence[Undone],
        *,
        under_way: int | None = None,
        taken_back: int | None = None,
        kept: int = 0,
        error: str = "",
        status: int = 200,
    ) -> Response:
        visit = visit_of(request)
        title = say("Undo an import")
        names = await visit.read.names(org)
        counts = [(_mark(fate), number) for fate in Fate if (number := sum(one.fate is fate for one in told))]
        return await page(
            self,
            request,
            "undo",
            "import",
            status=status,
            org=org,
            title=title,
            crumbs=crumbs(visit, org, (visit.url(org, "import"), say("Import")), ("", title)),
            address=visit.url(org, "import", run.run_id),
            run=past(run, org),
            asked=asked,
            error=error,
            today=visit.today.isoformat(),
            entries=len(groups(run)),
            under_way=under_way,
            taken_back=taken_back,
            kept=kept,
            ready=sum(one.fate is Fate.TAKEN_BACK for one in told) if taken_back is None and under_way is None else 0,
            counts=counts,
            rows=[(one.sent, _title(one), _about(one.events, names), _mark(one.fate), _why(one.fault)) for one in _shown(told)],
            more=max(0, len(told) - ROWS_SHOWN),
        )


async def past_imports(visit: Visit, org: Org) -> list[PastImport]:
    """The imports into this book, or into those of a committee's branches, that this person may take back; the newest first."""
    books = visit.parts.books
    below = await branches_of(books, org.id) if org.committee else []
    found = [run for org_id in (org.id, *below) for run in await runs_of(books, org_id)]
    mine = [run for run in found if visit.may_in(RIGHTS[run.kind], run.org_id)]
    return [past(run, await visit.read.org(run.org_id)) for run in sorted(mine, key=lambda run: run.at, reverse=True)]


def past(run: Run, org: Org) -> PastImport:
    on = dt.datetime.fromtimestamp(run.at / 1_000_000, LOCAL)
    return PastImport(
        on=f"{on:%Y-%m-%d %H:%M}",
        file=run.file,
        kind=named(run.kind),
        branch=org.name,
        rows=run.rows,
        mark=_state(run),
        link=f"/admin/b/{org.id}/import/{run.run_id}",
    )


def _state(run: Run) -> Mark:
    if run.undone is None:
        return Mark(text=say("recorded"), tone="good")
    if run.undone.kept:
        return Mark(text=say("taken back in part"), tone="late")
    return Mark(text=say("taken back"), tone="")


async def _run(visit: Visit, org: Org, run_id: str) -> Run:
    """The run, when this person may take it back."""
    for run in await runs_of(visit.parts.books, OrgId(org.id)):
        if run.run_id == run_id and visit.may(RIGHTS[run.kind], org):
            return run
    raise HTTPException(404)


def _asked(reason: str, seen: str, at: str) -> Asked:
    return Asked(reason=reason.strip()[:REASON_MAX], seen=seen.strip()[:10], at=int(at) if at.isdecimal() and len(at) < 7 else 0)


def _terms(visit: Visit, asked: Asked) -> UndoTerms:
    return UndoTerms(actor=visit.actor, now=dt.datetime.now(dt.UTC), reason=asked.reason, superior_seen_on=asked.seen_on)


async def _rehearsed(visit: Visit, run: Run, asked: Asked) -> list[Undone]:
    books: Books = Rehearsal(visit.parts.books)
    undo = Undo(run, Bus(books, visit.parts.keys, visit.pack), books, _terms(visit, asked))
    return in_order(run, await undo.take_back(groups(run)))


def _shown(told: Sequence[Undone]) -> list[Undone]:
    """What stands is read first."""
    return sorted(told, key=lambda one: one.fate is not Fate.STANDS)[:ROWS_SHOWN]


def _mark(fate: Fate) -> Mark:
    return Mark(text=say(STATES[fate].text), tone=STATES[fate].tone)


def _title(one: Undone) -> str:
    command = CASES[one.sent.command].command
    return pick(command.zh, command.en)


def _about(events: Sequence[Event], names: Names) -> str:
    """Whom it is about and when it happened."""
    if not events:
        return ""
    person = getattr(events[0], "person_id", None)
    return " ".join(part for part in (str(events[0].occurred_on), names.get(person, "") if person else "") if part)


def _why(fault: Fault | None) -> str:
    return "" if fault is None else fault_text(fault)
