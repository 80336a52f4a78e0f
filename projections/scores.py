"""The scores view: what scoring needs of a branch, kept row by row, and worked out in memory as of a date or under a draft pack.

A score itself is never stored: it is a pure function of these facts, the pack and the day (`projections.standard.scoring`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from events.assessment import (
    Adjusted,
    AssessmentEntryWithdrawn,
    BranchGraded,
    OfAssessment,
    Scored,
    Visited,
    YearClosed,
    YearOpened,
)
from events.base import Event, tag_of
from events.catalog import EVENTS
from events.debriefing import (
    AppraisalBallot,
    DebriefingStep,
    OfDebriefing,
    ReportedToMembers,
    ReportedToSuperior,
    SecretaryGraded,
    StepWithdrawn,
)
from events.organisations import RuleChanged
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.engine.merge import Merge, apply
from projections.obligations import Lens
from projections.obligations_state import Evidence, Obligation, State, from_row, known, proofs, settle, wanting
from projections.standard.deadlines import Deadline, How
from projections.standard.duties import Duty
from projections.standard.forecast import BranchFacts, Subject, Upcoming, due_obligations
from projections.standard.pack import Pack
from projections.standard.periods import months_of
from projections.standard.rules import Override
from projections.standard.score_tree import Score, Wanted
from projections.standard.scoring import Scorer, Told

RULES = "0"
"""The year under which changed rules stand."""
STEPS: Mapping[type[Event], DebriefingStep] = {
    ReportedToSuperior: DebriefingStep.TO_SUPERIOR,
    ReportedToMembers: DebriefingStep.TO_MEMBERS,
    AppraisalBallot: DebriefingStep.BALLOT,
    SecretaryGraded: DebriefingStep.GRADE,
}
"""Of a debriefing, what a score may rest on."""


class Nothing(msgspec.Struct):
    """The view remembers nothing between events."""


def _entry(fact: Fact[Any], year: str, key: str) -> Row:
    body = msgspec.json.encode(fact.event).decode()
    values = {"event_id": fact.event_id, "tag": tag_of(fact.event), "body": body, "withdrawn": False, "position": fact.position}
    return Row(table="score_entry", key=(year, key), values=values)


def assessed(_state: Nothing, fact: Fact[OfAssessment]) -> Iterator[Row]:
    yield _entry(fact, str(fact.event.year), fact.event.entry_id)


def debriefed(_state: Nothing, fact: Fact[OfDebriefing]) -> Iterator[Row]:
    yield _entry(fact, str(fact.event.year), f"debriefing:{STEPS[type(fact.event)].value}")


def withdrawn(_state: Nothing, fact: Fact[AssessmentEntryWithdrawn]) -> Iterator[Row]:
    yield _gone(fact, fact.event.entry_id)


def step_withdrawn(_state: Nothing, fact: Fact[StepWithdrawn]) -> Iterator[Row]:
    yield _gone(fact, f"debriefing:{fact.event.step.value}")


def _gone(fact: Fact[Any], key: str) -> Row:
    """Also where nothing was kept of it: a row without a tag says nothing."""
    return Row(table="score_entry", key=(str(fact.event.year), key), values={"withdrawn": True, "position": fact.position})


def rule_changed(_state: Nothing, fact: Fact[RuleChanged]) -> Iterator[Row]:
    yield _entry(fact, RULES, fact.event_id)


HANDLERS: Mapping[type[Event], Handler] = {
    **dict.fromkeys((YearOpened, Visited, Scored, Adjusted, BranchGraded, YearClosed), assessed),
    **dict.fromkeys(STEPS, debriefed),
    AssessmentEntryWithdrawn: withdrawn,
    StepWithdrawn: step_withdrawn,
    RuleChanged: rule_changed,
}

PROJECTION = Projection[Nothing](name="scores", tables=("score_entry",), start=Nothing, handlers=HANDLERS)


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """What the views hold of one branch for scoring."""

    obligations: Mapping[str, Obligation]
    subjects: tuple[Subject, ...]
    entries: Mapping[str, tuple[Told, ...]]
    """Year -> the entries that stand, in the order of recording."""
    evidence: Mapping[str, Sequence[Evidence]] = {}
    """Obligation -> its proofs, also of what is not done yet. Known of one branch at a time: no point depends on it."""

    def overrides(self, level: int) -> list[Override]:
        """The rules changed in this book, in the order of recording."""
        changed = [one.event for one in self.entries.get(RULES, ()) if isinstance(one.event, RuleChanged)]
        return [Override(key=one.key, value=one.value, effective_from=one.effective_from, level=level) for one in changed]


EMPTY = Holding(obligations={}, subjects=(), entries={})


def holding(obligation: Iterable[Mapping[str, Any]], subject: Iterable[Mapping[str, Any]], entry: Iterable[Mapping[str, Any]]) -> Holding:
    """From the rows of the three tables."""
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for row in entry:
        if row["tag"] and not row["withdrawn"]:
            entries.setdefault(row["year"], []).append(row)
    return Holding(
        obligations={row["obligation_id"]: from_row(row) for row in obligation},
        subjects=tuple(
            Subject(kind=row["kind"], subject=row["subject"], since=row["since"], until=row["until"], due_on=row["due_on"])
            for row in subject
            if row["since"] is not None
        ),
        entries={year: tuple(map(_told, sorted(rows, key=lambda row: row["position"]))) for year, rows in entries.items()},
    )


def _told(row: Mapping[str, Any]) -> Told:
    return Told(event_id=row["event_id"], event=msgspec.json.decode(row["body"], type=EVENTS[row["tag"]]))


class Ahead:
    """What a pack asks of branches for a year. Branches that are alike are worked out once."""

    def __init__(self, pack: Pack, year: int) -> None:
        self.pack = pack
        self.year = year
        self._deadlines = {deadline.id: deadline for deadline in pack.deadlines}
        self._wanted = {deadline.id: _every_proof(deadline) for deadline in pack.deadlines}
        self._alike: dict[tuple[tuple[Subject, ...], bytes], list[Upcoming]] = {}

    def of(self, held: Holding, overrides: Sequence[Override]) -> list[Upcoming]:
        """What falls to a branch; the last of it is due in the first half of the next year."""
        whole = tuple(_long_there(one, self.year) for one in held.subjects if not one.subject)
        changed = tuple(overrides)
        key = whole, msgspec.json.encode(changed)
        if key not in self._alike:
            self._alike[key] = self._due(whole, changed)
        own = tuple(one for one in held.subjects if one.subject)
        return sorted((*self._alike[key], *self._due(own, changed)), key=lambda one: (one.due_on, one.obligation_id))

    def _due(self, subjects: tuple[Subject, ...], overrides: tuple[Override, ...]) -> list[Upcoming]:
        facts = BranchFacts(subjects=subjects, overrides=overrides)
        return due_obligations(self.pack, facts, dt.date(self.year, 1, 1), dt.date(self.year + 1, 6, 30)) if subjects else []

    def duties(self, held: Holding, coming: Iterable[Upcoming]) -> list[Duty]:
        """The branch's duties of the year: those on record, and those that the pack says will come."""
        ahead_of = {one.obligation_id: one for one in coming}
        found = []
        for key in sorted({*ahead_of, *held.obligations}):
            one, ahead = held.obligations.get(key), ahead_of.get(key)
            if one is None:
                duty = None if ahead is None else _coming(ahead, self._wanted[ahead.deadline])
            else:
                duty = self._recorded(key, one, ahead, held.evidence.get(key, ()))
            if duty is not None and duty.year == self.year:
                found.append(duty)
        return found

    def _recorded(self, key: str, one: Obligation, ahead: Upcoming | None, proofs: Sequence[Evidence]) -> Duty | None:
        """None for what an older pack asked for, and for evidence of what never was a duty here."""
        due_on = one.due_on or (None if ahead is None else ahead.due_on)
        if due_on is None or one.deadline not in self._deadlines:
            return None
        deadline = self._deadlines[one.deadline]
        done, needed = _parts(one, deadline)
        done_on = one.fulfilled_on
        if deadline.how is How.COUNT and one.raised_on is None and ahead is not None and done < ahead.needed:
            needed, done_on = ahead.needed, None  # the worker is still to say how many proofs are asked for
        return Duty(
            obligation_id=key,
            deadline=one.deadline,
            period=one.period,
            subject=one.subject,
            due_on=due_on,
            done=done,
            needed=needed,
            missing=tuple(one.missing),
            done_on=done_on,
            events=tuple(one.fulfilled_by or (proof.event_id for proof in proofs)),
            things=tuple(dict.fromkeys(proof.thing for proof in proofs)),
            wanted=() if done_on is not None else self._rest(deadline, proofs),
            extended=one.extended_on is not None,
            waived=one.waived_on is not None,
            lapsed=one.lapsed_on is not None,
            text=one.reason,
        )

    def _rest(self, deadline: Deadline, proofs: Sequence[Evidence]) -> tuple[Wanted, ...]:
        """Of several kinds those that are not there yet; else each of them would do."""
        every = self._wanted[deadline.id]
        there = {proof.line for proof in proofs}
        return tuple(one for line, one in enumerate(every) if line not in there) if deadline.how is How.EACH else every


def _every_proof(deadline: Deadline) -> tuple[Wanted, ...]:
    return tuple(Wanted(event=proof.event, where=proof.where) for proof in deadline.proof)


def _long_there(one: Subject, year: int) -> Subject:
    """To whom something fell before the year before began, to them it makes no difference since when."""
    before = dt.date(year - 1, 1, 1)
    return one if one.since >= before else msgspec.structs.replace(one, since=before)


class Reader:
    """Folds books in memory with the deadlines of any pack: as of a date, or for a draft."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._lens = Lens(pack)
        self._obligations = self._lens.projection()
        self._ahead: dict[int, Ahead] = {}

    def ahead(self, year: int) -> Ahead:
        """What the pack asks for in a year."""
        return self._ahead.setdefault(year, Ahead(self.pack, year))

    @staticmethod
    def rules(facts: Sequence[Fact[Event]]) -> Holding:
        """Of the book above, only the rules that it changed."""
        merge = Merge()
        apply(PROJECTION, Nothing(), facts, merge)
        return holding((), (), _rows(merge, "score_entry"))

    def fold(self, facts: Sequence[Fact[Event]]) -> tuple[Holding, State]:
        """The facts of one book in page order, and what the view remembers of them. Raises `Poison`."""
        merge, state = Merge(), State()
        apply(self._obligations, state, facts, merge)
        apply(PROJECTION, Nothing(), facts, merge)
        held = holding((), _rows(merge, "obligation_subject"), _rows(merge, "score_entry"))
        return msgspec.structs.replace(held, obligations=state.obligations, evidence=proofs(state, self.pack.deadlines)), state

    def anew(self, held: Holding, state: State, upcoming: Iterable[Upcoming]) -> Holding:
        """As if the pack had been in force all along: dates and numbers are those of this pack, evidence is what it was."""
        for coming in upcoming:
            deadline = self._lens.deadlines[coming.deadline]
            one = state.obligations[known(state, deadline, coming.period, coming.subject)]
            one.needed = coming.needed
            if one.extended_on is None:
                one.due_on = coming.due_on
            if coming.obligation_id in state.got:
                wanting(state, deadline, coming.obligation_id)
            settle(state, deadline, coming.obligation_id)
        return msgspec.structs.replace(held, obligations=state.obligations)


KEYS = {"obligation_subject": ("kind", "subject"), "score_entry": ("year", "key")}
UNSET: Mapping[str, Any] = {"since": None, "until": None, "due_on": None, "tag": "", "withdrawn": False}
"""What a column has that no event has set."""


def _rows(merge: Merge, table: str) -> list[dict[str, Any]]:
    """The rows as the table would hold them."""
    return [{**UNSET, **row.values, **dict(zip(KEYS[table], row.key, strict=True))} for row in merge.tables[table].values()]


def fold_and_score(
    reader: Reader, scorer: Scorer, facts: Sequence[Fact[Event]], above: Sequence[Override], on: dt.date, *, draft: bool
) -> Score:
    """A book's score as of a day; with `draft` as if the reader's pack had been in force all along."""
    held, state = reader.fold(facts)
    overrides = [*above, *held.overrides(1)]
    ahead = reader.ahead(scorer.year)
    coming = ahead.of(held, overrides)
    if draft:
        held = reader.anew(held, state, coming)
    told = held.entries.get(str(scorer.year), ())
    return scorer.score(ahead.duties(held, coming), told, on, overrides, draft=draft)


def upcoming(pack: Pack, held: Holding, overrides: Sequence[Override], year: int) -> list[Upcoming]:
    """What falls to one branch for a year."""
    return Ahead(pack, year).of(held, overrides)


def _coming(ahead: Upcoming, wanted: tuple[Wanted, ...]) -> Duty:
    return Duty(
        obligation_id=ahead.obligation_id,
        deadline=ahead.deadline,
        period=ahead.period,
        subject=ahead.subject,
        due_on=ahead.due_on,
        done=0,
        needed=ahead.needed,
        wanted=wanted,
    )


def _parts(one: Obligation, deadline: Deadline) -> tuple[int, int]:
    """How many parts are done, of how many: months, members who paid, kinds of proof, or proofs."""
    match deadline.how:
        case How.ALL_MONTHS:
            months = len(months_of(one.period))
            return (months - len(one.missing) if one.done else 0), months
        case How.ALL_PAID:
            return one.done, one.done + len(one.missing)
        case How.EACH:
            needed = len(deadline.proof)
            return (needed if one.fulfilled_on else min(one.done, needed - 1)), needed
        case How.EVERYONE | How.GROUPED:
            return (one.needed, one.needed) if one.fulfilled_on else (0, one.needed)
        case _:
            return one.done, one.needed
