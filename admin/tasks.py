"""Obligations as tasks: what is due, for which period, by when, under which rule; and how many of them each branch has."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from admin.reading import Org
from admin.visit import Visit
from admin.words import named, pick
from projections.shapes import Scope
from projections.standard.deadlines import Deadline, How, Proof
from service.api.access import scope_of
from service.auth.rights import Right
from service.decide.catalog import CASES

BACK_DAYS = 800
AHEAD_DAYS = 400

PROVEN_BY: Mapping[str, str] = {
    "dues.base_assessed": "assess-dues-base",
    "dues.received": "receive-dues",
    "dues.remitted": "remit-dues",
    "dues.spent": "spend-dues",
    "meetings.held": "record-meeting-held",
    "meetings.lecture_delivered": "deliver-lecture",
    "meetings.lecture_script_filed": "file-lecture-script",
    "meetings.minutes_archived": "archive-minutes",
    "meetings.theme_day_held": "hold-theme-day",
    "organisations.committee_seated": "seat-committee",
    "organisations.registered": "register-branch",
    "members.assigned_to_group": "assign-member-to-group",
    "transfers.accepted": "accept-transfer",
    "transfers.receipt_filed": "record-receipt",
    "transfers.receipt_returned": "return-receipt",
}
"""Tag of the evidence -> the form that records it."""


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

    @property
    def overdue(self) -> bool:
        return self.days < 0


class Count(msgspec.Struct, frozen=True):
    """Obligations of one branch that are not fulfilled."""

    overdue: int
    open: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one branch stands."""

    org: Org
    overdue: int
    open: int


async def tasks_of(visit: Visit, org: Org) -> list[Task]:
    """What is not done, the longest overdue first."""
    from_day, to_day = visit.today - dt.timedelta(days=BACK_DAYS), visit.today + dt.timedelta(days=AHEAD_DAYS)
    rows = await visit.read.obligations(org, from_day, to_day)
    names = await visit.read.names(org) if visit.may(Right.ROSTER_READ, org) else {}
    deadlines = {deadline.id: deadline for deadline in visit.pack.deadlines}
    return [_task(row, deadlines[row["deadline"]], names, visit.today) for row in rows if is_open(row) and row["deadline"] in deadlines]


def is_open(row: Mapping[str, Any]) -> bool:
    return row["due_on"] is not None and not (row["fulfilled_on"] or row["waived_on"] or row["lapsed_on"])


def _task(row: Mapping[str, Any], deadline: Deadline, names: Mapping[str, str], today: dt.date) -> Task:
    proof = deadline.proof[0] if deadline.proof else None
    command = "receive-dues" if deadline.how is How.ALL_PAID else PROVEN_BY.get(proof.event, "") if proof else ""
    about = names.get(row["subject"], "")
    return Task(
        title=f"{named(deadline)} {about}".strip(),
        period=row["period"],
        due_on=row["due_on"],
        days=(row["due_on"] - today).days,
        norm=deadline.task,
        rule=deadline.source if deadline.source != deadline.task else "",
        progress=_progress(row, names),
        command=command if command in CASES else "",
        query=_prefilled(proof, row) if proof else f"?month={row['period']}" if command == "receive-dues" else "",
    )


def _progress(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """`1/3` where several proofs are asked for, and how many members or months are still wanting."""
    missing = [names.get(one, one) for one in row["missing"]]
    if missing:
        return pick("、", ", ").join(missing[:3]) + (f" … {len(missing)}" if len(missing) > 3 else "")
    return f"{row['done']}/{row['needed']}" if row["needed"] > 1 else ""


def _prefilled(proof: Proof, row: Mapping[str, Any]) -> str:
    """What the form can know from the obligation: the kind of meeting, the group, the month, the letter."""
    given = {field: values[0] for field, values in proof.where.items()}
    if proof.subject and row["subject"]:
        given[proof.subject] = row["subject"]
    elif row["subject"] and not row["period"]:
        given[proof.thing] = row["subject"]
    return f"?{urlencode(given)}" if given else ""


async def counted(visit: Visit) -> dict[str, Count]:
    """Every organisation in sight with its counts."""
    found = await visit.read.obligation_counts(visit.today)
    return {org_id: Count(*found.get(org_id, (0, 0))) for org_id in visit.actor.subtree}


async def standings(visit: Visit, counts: Mapping[str, Count]) -> list[Standing]:
    """Those organisations, in the given order, with their names and members."""
    scope = scope_of(visit.actor, Right.ORGANISATIONS_READ)
    orgs = {org.id: org for org in await visit.read.orgs_of(_narrowed(scope, counts))}
    return [
        Standing(org=orgs[org_id], overdue=count.overdue, open=count.open)  # type: ignore[index]
        for org_id, count in counts.items()
        if org_id in orgs
    ]


def _narrowed(scope: Scope, org_ids: Mapping[str, Count]) -> Scope:
    return msgspec.structs.replace(scope, orgs=frozenset(org_ids) & scope.orgs if scope.orgs is not None else frozenset(org_ids))
