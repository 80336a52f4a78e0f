"""Obligations as tasks: what is due, for which period, by when, under which rule; and how many of them each branch has."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from admin.evidence import PROVEN_BY
from admin.fields import command_fields
from admin.reading import Org
from admin.visit import Visit
from admin.words import named, ngettext, pick
from projections.duties import Standing, Window
from projections.obligations_state import Status
from projections.shapes import Scope
from projections.standard.deadlines import ANY, Deadline, How, Of, Proof
from projections.standard.pack import Pack
from service.api.access import scope_of
from service.auth.rights import Right
from service.decide.catalog import CASES

BACK_DAYS = 800
AHEAD_DAYS = 400

MONTH = re.compile(r"\d{4}-\d{2}")
OPENED = 12
"""Tasks that are shown at once; the norms after them are folded."""
WITHOUT_FORM = {How.ALL_PAID: "receive-dues", How.GROUPED: "assign-member-to-group"}
"""How a duty is done that no single event proves -> the form that helps."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation that is not fulfilled."""

    title: str
    period: str
    due_on: dt.date
    days: int
    """Days left; negative when overdue."""
    norm: str
    rule: str
    progress: str
    command: str
    """The form that fulfils it, where there is one."""
    query: str
    obligation_id: str = ""
    explained: str = ""
    """What the branch says about it."""
    missed: int = 0
    """How many later periods of the same duty are overdue as well."""

    @property
    def overdue(self) -> bool:
        return self.days < 0


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What is due of one norm, or in one month; `unfolded` where it is shown at once."""

    id: str
    name: str
    tasks: tuple[Task, ...]
    unfolded: bool = False

    @property
    def overdue(self) -> int:
        return sum(1 + task.missed for task in self.tasks if task.overdue)

    @property
    def soon(self) -> int:
        return sum(not task.overdue for task in self.tasks)


class Lasting(msgspec.Struct, frozen=True, kw_only=True):
    """A task without a due date, and how many days ago its last evidence was, if there is any."""

    title: str
    norm: str
    days: int | None
    stale: bool


class Count(msgspec.Struct, frozen=True):
    """Obligations of one branch that are not fulfilled."""

    overdue: int
    open: int


class OrgStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How one branch stands."""

    org: Org
    overdue: int
    open: int


async def standing_of(visit: Visit, org: Org, on: dt.date, *, then: bool = False) -> list[Standing]:
    """All duties of a year or two around a day, as they stand on it; with `then` as far as it was on record by its end."""
    window = Window(on=on, first=on - dt.timedelta(days=BACK_DAYS), last=on + dt.timedelta(days=AHEAD_DAYS))
    return await visit.read.duties(org, visit.pack, window, visit.today, then=then)


async def tasks_of(visit: Visit, org: Org, standing: Iterable[Standing], on: dt.date) -> list[Task]:
    """What is not done on a day, the longest overdue first."""
    names = await visit.read.names(org) if visit.may(Right.ROSTER_READ, org) else {}
    names = {**{festival.id: named(festival) for festival in visit.pack.festivals.values()}, **names}
    if visit.may(Right.LEDGERS_READ, org):
        names |= {name: title for name, (_, title) in (await visit.read.directives.titles([org.id])).items()}
    deadlines = {deadline.id: deadline for deadline in visit.pack.deadlines}
    forms = {name for name, case in CASES.items() if visit.may(case.right, org)}
    rows = [{**msgspec.structs.asdict(one.one), "obligation_id": one.obligation_id} for one in standing if _is_told(one, on, visit.today)]
    return [_task(row, deadlines[row["deadline"]], names, on, forms) for row in rows if is_open(row) and row["deadline"] in deadlines]


def _is_told(standing: Standing, on: dt.date, today: dt.date) -> bool:
    """What is late today was raised by the worker; what it is still to raise is late for nobody."""
    one = standing.one
    return one.due_on is not None and (one.raised_on is not None or one.due_on >= on or on != today)


def by_norm(pack: Pack, tasks: Iterable[Task]) -> list[Group]:
    """Norm by norm, the one with the longest overdue first; the first few are unfolded."""
    norms = {norm.id: named(norm) for norm in pack.standard.norm}
    found: dict[str, list[Task]] = {}
    for task in _gathered(tasks):
        found.setdefault(task.norm.partition(".")[0], []).append(task)
    groups, shown = [], 0
    for norm, own in found.items():
        groups.append(Group(id=norm, name=norms.get(norm, ""), tasks=tuple(own), unfolded=shown < OPENED))
        shown += len(own)
    return groups


def _gathered(tasks: Iterable[Task]) -> list[Task]:
    """A duty whose periods are overdue one after the other stands once, with the oldest of them."""
    found: dict[tuple[str, ...], Task] = {}
    for task in tasks:
        key = (task.title, task.norm) if task.overdue else (task.title, task.norm, task.period)
        found[key] = msgspec.structs.replace(found[key], missed=found[key].missed + 1) if key in found else task
    return list(found.values())


def by_month(tasks: Iterable[Task]) -> list[Group]:
    """Month by month of the due dates."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(f"{task.due_on:%Y-%m}", []).append(task)
    return [Group(id=month, name="", tasks=tuple(own)) for month, own in found.items()]


def lasting_of(pack: Pack, standing: Iterable[Standing]) -> list[Lasting]:
    """The tasks without a due date, with whatever is stale first."""
    tasks = {one.id: named(one) for one in pack.continuous}
    found = [
        Lasting(title=tasks[one.obligation_id], norm=one.obligation_id, days=one.days_since, stale=one.status is Status.STALE)
        for one in standing
        if one.obligation_id in tasks
    ]
    return sorted(found, key=lambda one: not one.stale)


def is_open(row: Mapping[str, Any]) -> bool:
    return row["due_on"] is not None and not (row["fulfilled_on"] or row["waived_on"] or row["lapsed_on"])


def _task(row: Mapping[str, Any], deadline: Deadline, names: Mapping[str, str], today: dt.date, forms: Collection[str] = CASES) -> Task:
    """In words; it leads to the form that fulfils it where this person may send that."""
    proof = deadline.proof[0] if deadline.proof else None
    command = WITHOUT_FORM.get(deadline.how) or (PROVEN_BY.get(proof.event, "") if proof else "")
    command = command if command in forms else ""
    subject = row["subject"]
    about = names.get(subject) or names.get(subject.rpartition(".")[0], "")
    return Task(
        title=f"{named(deadline)} {about}".strip(),
        period=row["period"],
        due_on=row["due_on"],
        days=(row["due_on"] - today).days,
        norm=deadline.task,
        rule=deadline.source.removeprefix(deadline.task).lstrip(", "),
        progress=_progress(row, names),
        obligation_id=row.get("obligation_id") or "",
        explained=row.get("explanation") or "",
        command=command,
        query=_prefilled(proof, row, deadline, command)
        if proof and command
        else f"?month={row['period']}"
        if command == "receive-dues"
        else "",
    )


def _progress(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """`1/3` where several proofs are asked for, and how many members or months are still wanting."""
    wanting = row["missing"]
    if wanting and not any(one in names or MONTH.fullmatch(one) for one in wanting):  # members, for eyes that see no names
        return ngettext("%(num)d is missing", "%(num)d are missing", len(wanting)) % {"num": len(wanting)}
    missing = [names.get(one, one) for one in wanting]
    if missing:
        return pick("、", ", ").join(missing[:3]) + (f" … {len(missing)}" if len(missing) > 3 else "")
    return f"{row['done']}/{row['needed']}" if row["needed"] > 1 else ""


def _prefilled(proof: Proof | None, row: Mapping[str, Any], deadline: Deadline, command: str) -> str:
    """What the form can know from the obligation: the kind of meeting, the group, the month, the case, the festival, the letter."""
    if proof is None:
        return f"?month={row['period']}" if deadline.how is How.ALL_PAID else ""
    given = {field: values[0] for field, values in proof.where.items() if values[0] != ANY}
    subject = row["subject"]
    if subject and not proof.every:
        named_so = deadline.again or deadline.of is Of.FESTIVAL
        given[proof.subject or proof.thing] = subject.rpartition(".")[0] if named_so else subject
    fields = {field.name for field in command_fields(CASES[command].command)}
    given = {field: value for field, value in given.items() if field in fields}
    return f"?{urlencode(given)}" if given else ""


async def counted(visit: Visit) -> dict[str, Count]:
    """Every organisation in sight with its counts."""
    found = await visit.read.obligation_counts(visit.today)
    return {org_id: Count(*found.get(org_id, (0, 0))) for org_id in visit.actor.subtree}


async def standings(visit: Visit, counts: Mapping[str, Count]) -> list[OrgStanding]:
    """Those organisations, in the given order, with their names and members."""
    scope = scope_of(visit.actor, Right.ORGANISATIONS_READ)
    orgs = {org.id: org for org in await visit.read.orgs_of(_narrowed(scope, counts))}
    return [
        OrgStanding(org=orgs[org_id], overdue=count.overdue, open=count.open)  # type: ignore[index]
        for org_id, count in counts.items()
        if org_id in orgs
    ]


def _narrowed(scope: Scope, org_ids: Mapping[str, Count]) -> Scope:
    return msgspec.structs.replace(scope, orgs=frozenset(org_ids) & scope.orgs if scope.orgs is not None else frozenset(org_ids))
