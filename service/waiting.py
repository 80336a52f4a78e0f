"""What waits for the superior: the open steps of every procedure of many branches that the committee takes, in two reads of the record.

The steps come from the procedures themselves, over the same folds as everywhere; nothing is kept beside the record.
"""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import asyncpg
import msgspec
from msgspec import structs

from events.base import Event, OrgId, PersonId
from events.store import codec
from events.store.record import Fact
from projections.query_directives import AskedView, DirectiveViews, ReceivedView
from projections.shapes import Scope
from projections.standard.pack import Pack
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.catalog import CASES, PROCEDURES
from service.decide.procedure import Procedure, Progress, Step
from service.decide.rules import RULES, Overrides

ENDED: Mapping[str, frozenset[str]] = {
    "admission": frozenset({"admission.closed", "admission.file_archived"}),
    "election": frozenset({"elections.closed"}),
    "discipline": frozenset({"discipline.closed"}),
    "disposition": frozenset({"disposition.closed"}),
    "debriefing": frozenset(),
    "rectification": frozenset({"assessment.scored", "assessment.adjusted", "assessment.graded"}),
    "award": frozenset(),
    "disclosure": frozenset(
        f"disclosure.{event}"
        for event in ("decided_above", "published", "corrected", "withdrawn", "item_dropped", "feedback_received", "answered")
    ),
}
"""The procedures in which the superior takes a step -> the last events after which nothing is left to do: such a case is not even read."""
DECIDES = {"note-award-reply": "approve-award"}
"""A branch may note what the superior decided on paper -> the command with which the superior decides here."""
RETURNS = {
    "approve-admission": "reject-admission",
    "approve-conversion-resolution": "return-conversion-resolution",
    "approve-election-request": "return-election-request",
    "approve-punishment": "reject-punishment",
    "approve-disposition": "reject-disposition",
    "approve-debriefing-report": "return-debriefing-report",
    "approve-award": "decline-award",
    "accept-answer": "return-answer",
    "accept-rectification": "return-rectification",
    "close-debriefing-problem": "return-debriefing-problem",
    "approve-dues-reduction": "refuse-dues-reduction",
}
"""A command that approves -> the one that says no, or sends back, with a reason. Pre-reviews say either in one form."""

LAST = """
select p.book, p.stream, max(p.page) as page from record.page p
where p.book = any($1) and p.stream >= $2 and p.stream < $3 group by p.book, p.stream
"""
TYPES = """
select u.book, u.stream, p.type from unnest($1::text[], $2::text[], $3::bigint[]) u(book, stream, page)
join record.page p on p.book = u.book and p.page = u.page
"""
ENTRIES = """
select p.entry from unnest($1::text[], $2::text[]) u(book, stream)
join record.page p on p.book = u.book and p.stream = u.stream order by p.book, p.stream, p.page
"""


MATTER = "approval-"
"""The step in which a request is answered, before the name of the request."""
DIRECTIVE = "directive"
"""In the place of a procedure: an answer to a directive."""
REDUCTION = "dues-reduction"
"""In the place of a procedure: a request to pay less dues. Dues are a long stream that all members share: the register tells it."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One step that the superior has to take."""

    org_id: OrgId
    org_name: str = ""
    kind: str
    zh: str
    en: str
    subject: str
    person_id: PersonId | None
    title: str
    step: str
    step_zh: str
    step_en: str
    since: dt.date
    """Since when it waits: the day of the step before, or the first day on which it may be taken."""
    latest: dt.date | None
    command: str
    back: str
    """The command that returns or refuses it with a reason; empty where the form itself says yes or no."""
    given: dict[str, str]
    """What both commands are filled in with: the case, the answer that was seen, the matter of a request."""


async def all_waiting(reads: "asyncpg.Pool[Any]", views: DirectiveViews, scope: Scope, pack: Pack, today: dt.date) -> list[Waiting]:
    """Steps and answers of all organisations in scope, with their names, the longest waiting first."""
    tree = await views.tree(scope)
    orgs = {org_id: parent for org_id, (parent, _) in tree.items()}
    found = await waiting(reads, orgs, pack, today)
    found += [_reduction(one) for one in await views.reductions(orgs)]
    people = await views.people(scope, [(one.org_id, one.person_id) for one in found if one.person_id is not None])
    told = [structs.replace(one, org_name=tree[one.org_id][1], title=people.get(one.person_id or "", "") or one.title) for one in found]
    told += [_answer(one) for one in await views.waiting(scope, today)]
    return sorted(told, key=lambda one: (one.since, one.org_id, one.kind, one.subject, one.step))


def _answer(one: ReceivedView) -> Waiting:
    assert one.answered_on is not None, "an answer that waits has its day"
    return Waiting(
        org_id=one.org_id,
        org_name=one.name,
        kind=DIRECTIVE,
        zh="上级部署与督办",
        en="Directive",
        subject=one.directive_id,
        person_id=None,
        title=f"{one.number} {one.title}",
        step="answer",
        step_zh="审核落实情况报告",
        step_en="Decide on the answer",
        since=one.answered_on,
        latest=None,
        command="accept-answer",
        back=RETURNS["accept-answer"],
        given={"directive_id": one.directive_id, "answer_id": one.answer_id or ""},
    )


def _reduction(one: AskedView) -> Waiting:
    return Waiting(
        org_id=one.org_id,
        kind=REDUCTION,
        zh="少交免交党费",
        en="Reduction of dues",
        subject=one.person_id,
        person_id=one.person_id,
        title=f"{one.from_month} – {one.to_month}",
        step="approval",
        step_zh="批准少交免交",
        step_en="Decide on a reduction",
        since=one.requested_on,
        latest=None,
        command="approve-dues-reduction",
        back=RETURNS["approve-dues-reduction"],
        given={"person_id": one.person_id, "from_month": one.from_month, "to_month": one.to_month},
    )


async def waiting(reads: "asyncpg.Pool[Any]", orgs: Mapping[OrgId, OrgId | None], pack: Pack, today: dt.date) -> list[Waiting]:
    """Of these organisations (each with its superior), the longest waiting first."""
    books = list(orgs)
    cases = [case for kind in ENDED for case in await _under_way(reads, PROCEDURES[kind], books)]
    entries = await reads.fetch(ENTRIES, [book for book, _ in cases], [stream for _, stream in cases])
    overrides = await reads.fetch(ENTRIES, books, ["rules"] * len(books))
    told = await asyncio.to_thread(_waiting, [row["entry"] for row in entries], [row["entry"] for row in overrides], orgs, pack, today)
    return sorted(told, key=lambda one: one.since)


async def _under_way(reads: "asyncpg.Pool[Any]", procedure: Procedure, books: list[OrgId]) -> list[tuple[str, str]]:
    """Book and stream of the cases of a kind that are not over."""
    prefix = procedure.stream("")
    rows = await reads.fetch(LAST, books, prefix, prefix + "\U0010ffff")
    ended = ENDED[procedure.kind]
    if not ended:
        return [(row["book"], row["stream"]) for row in rows]
    last = await reads.fetch(TYPES, [row["book"] for row in rows], [row["stream"] for row in rows], [row["page"] for row in rows])
    return [(row["book"], row["stream"]) for row in last if row["type"] not in ended]


def _waiting(
    entries: Iterable[bytes], overrides: Iterable[bytes], orgs: Mapping[OrgId, OrgId | None], pack: Pack, today: dt.date
) -> list[Waiting]:
    rules = _Rulebook(overrides, orgs, pack, today)
    facts = (codec.decode(entry) for entry in entries)
    found: list[Waiting] = []
    for (book, stream), pages in groupby(facts, key=lambda fact: (fact.book, fact.event.stream())):
        found += _of_stream(book, stream, pages, rules, today)
    return found


def _of_stream(book: OrgId, stream: str, pages: Iterable[Fact[Event]], rules: "_Rulebook", today: dt.date) -> Iterator[Waiting]:
    procedure = next(PROCEDURES[kind] for kind in ENDED if stream.startswith(PROCEDURES[kind].stream("")))
    state = procedure.fold.initial
    for fact in pages:
        state = procedure.fold.evolve(state, fact.event)
    prefix = procedure.stream("")
    subjects = procedure.subjects(state) if procedure.subjects is not None else (stream.removeprefix(prefix),)
    for subject in subjects:
        steps = procedure.steps(state, subject, rules.of(book), today)
        for step, command in _superior(steps, today):
            yield Waiting(
                org_id=book,
                kind=procedure.kind,
                zh=procedure.zh,
                en=procedure.en,
                subject=subject,
                person_id=procedure.person(state, subject),
                title=procedure.title(state, subject),
                step=step.code,
                step_zh=step.zh,
                step_en=step.en,
                since=_since(steps, step, today),
                latest=step.latest,
                command=command,
                back=RETURNS.get(command, ""),
                given=_given(procedure, command, subject, step),
            )


def _given(procedure: Procedure, command: str, subject: str, step: Step) -> dict[str, str]:
    fields = CASES[command].command.__struct_fields__
    name = next((name for name in (procedure.field, f"{procedure.kind}_id", "year") if name in fields), "")
    matter = step.code.removeprefix(MATTER)
    return ({name: subject} if name else {}) | ({"matter": matter} if "matter" in fields and matter != step.code else {}) | step.given


def _superior(steps: Iterable[Step], today: dt.date) -> Iterator[tuple[Step, str]]:
    """Open steps that the superior takes, with the command; one whose day has not come does not wait yet."""
    for step in steps:
        command = DECIDES.get(step.command or "", step.command or "")
        first = step.waits_from or step.earliest
        due = first is None or first <= today
        if step.progress is Progress.OPEN and due and command in CASES and CASES[command].right is Right.SUPERIOR_WRITE:
            yield step, command


def _since(steps: Iterable[Step], step: Step, today: dt.date) -> dt.date:
    """The day on which it became possible: its first day, else that of the last step before it."""
    if (first := step.waits_from or step.earliest) is not None:
        return first
    before: dt.date | None = None
    for other in steps:
        if other.code == step.code:
            break
        before = max(filter(None, (before, other.done_on)), default=before)
    return before or today


class _Rulebook:
    """The rules in force today for each organisation; those that changed nothing share one."""

    def __init__(self, entries: Iterable[bytes], orgs: Mapping[OrgId, OrgId | None], pack: Pack, today: dt.date) -> None:
        self._orgs, self._pack, self._today = orgs, pack, today
        self._changed: dict[OrgId, Overrides] = {}
        self._known: dict[tuple[OrgId, ...], Rules] = {}
        for fact in map(codec.decode, entries):
            self._changed[fact.book] = RULES.evolve(self._changed.get(fact.book, ()), fact.event)

    def of(self, org_id: OrgId) -> Rules:
        """The superior's changes first, then its own (as the bus gives them to every decider)."""
        chain: list[OrgId] = [org_id]
        while (parent := self._orgs.get(chain[-1])) is not None and parent not in chain:
            chain.append(parent)
        changed = tuple(book for book in reversed(chain) if book in self._changed)
        if changed not in self._known:
            overrides = [structs.replace(one, level=level) for level, book in enumerate(changed) for one in self._changed[book]]
            self._known[changed] = self._pack.rules(self._today, overrides)
        return self._known[changed]
