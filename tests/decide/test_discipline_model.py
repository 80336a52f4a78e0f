"""Whatever is decided, changed, appealed and taken back in a case, the roster says what the punishment in force says (R-G02, R-G03)."""

import datetime as dt
from collections.abc import Callable

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.base import Event
from events.discipline import AppealResult, Approver, DisciplineStep, ProbationResult, Punishment
from projections.standard.pack import default_pack
from service.decide.base import Command
from service.decide.discipline.appeal import DecideAppeal, EndPartyProbation, ExtendPartyProbation, FileAppeal
from service.decide.discipline.case import WithdrawDisciplineDecision, WithdrawDisciplineStep
from service.decide.discipline.decision import AnnouncePunishment, ApprovePunishment, ExecutePunishment, ImposePunishment
from service.decide.discipline.rights import influence
from service.decide.discipline.state import DisciplineCase, evolve
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Refused
from tests.decide.bdd import BRANCH, Books, given, nothing
from tests.decide.discipline_history import C1, DECIDED_ON, sent
from tests.decide.roster_history import GUS

COMMISSION = Approver.DISCIPLINE_COMMISSION
Make = Callable[[dt.date, str, Punishment], Command]


def term(kind: Punishment) -> int | None:
    return 12 if kind is Punishment.PARTY_PROBATION else None


MAKES: tuple[Make, ...] = (
    lambda day, no, _kind: ApprovePunishment(occurred_on=day, case_id=C1, by=COMMISSION, document_no=no),
    lambda day, no, kind: ImposePunishment(occurred_on=day, case_id=C1, by=COMMISSION, document_no=no, kind=kind, months=term(kind)),
    lambda day, _no, _kind: AnnouncePunishment(occurred_on=day, case_id=C1, scope="支部党员大会"),
    lambda day, _no, _kind: ExecutePunishment(occurred_on=day, case_id=C1, measures="调整待遇"),
    lambda day, _no, _kind: FileAppeal(occurred_on=day, case_id=C1, to=COMMISSION, grounds="事实有出入"),
    lambda day, no, kind: _appeal(day, no, AppealResult.CHANGED, kind),
    lambda day, no, _kind: _appeal(day, no, AppealResult.REVOKED, None),
    lambda day, no, _kind: _appeal(day, no, AppealResult.UPHELD, None),
    lambda day, no, _kind: ExtendPartyProbation(occurred_on=day, case_id=C1, by=COMMISSION, document_no=no, months=6),
    lambda day, no, _kind: EndPartyProbation(occurred_on=day, case_id=C1, by=COMMISSION, document_no=no, result=ProbationResult.RESTORED),
    lambda day, no, _kind: EndPartyProbation(occurred_on=day, case_id=C1, by=COMMISSION, document_no=no, result=ProbationResult.EXPELLED),
    *(
        lambda day, no, _kind, step=step: WithdrawDisciplineDecision(
            occurred_on=day, case_id=C1, step=step, document_no=no, reason="录入有误"
        )
        for step in (DisciplineStep.APPROVED, DisciplineStep.IMPOSED, DisciplineStep.APPEAL_DECIDED, DisciplineStep.ENDED)
    ),
    *(
        lambda day, _no, _kind, step=step: WithdrawDisciplineStep(occurred_on=day, case_id=C1, step=step, reason="录入有误")
        for step in (DisciplineStep.EXECUTED, DisciplineStep.APPEALED)
    ),
)


def _appeal(day: dt.date, no: str, result: AppealResult, kind: Punishment | None) -> DecideAppeal:
    return DecideAppeal(
        occurred_on=day,
        case_id=C1,
        by=COMMISSION,
        document_no=no,
        result=result,
        kind=kind,
        months=None if kind is None else term(kind),
        conclusion="复查情况",
    )


def recorded(books: Books, command: Command) -> Books:
    """The books after a command; a command that is refused changes nothing."""
    answer = books.when(command)
    try:
        outcome = answer.decide()
    except (Refused, Conflict, Absent):
        return books
    events: list[Event] = [item for item in outcome if isinstance(item, Event)]
    answer.then(*events) if events else answer.then(nothing)
    return books.and_in(BRANCH, *events)


def folded(books: Books) -> tuple[DisciplineCase, Roster]:
    case, roster = DisciplineCase(), Roster()
    for event in books.events[BRANCH]:
        if event.stream() == f"discipline-{C1}":
            case = evolve(case, event)
        elif event.stream() == "roster":
            roster = ROSTER.evolve(roster, event)
    return case, roster


STEPS = st.lists(st.tuples(st.integers(0, len(MAKES) - 1), st.sampled_from(Punishment), st.integers(1, 300)), max_size=14)


@settings(max_examples=300, deadline=None)
@for_all(first=st.sampled_from(Punishment), steps=STEPS)
def test_the_roster_follows_the_punishment(first: Punishment, steps: list[tuple[int, Punishment, int]]):
    books, day = given(sent(first)), DECIDED_ON
    for number, (which, kind, days) in enumerate(steps):
        day += dt.timedelta(days=days)
        books = recorded(books, MAKES[which](day, f"文{number}", kind))
        case, roster = folded(books)
        punished = case.punished
        rules = default_pack().rules(on=day, overrides=())
        on_the_roll = punished is None or not punished.expelled
        assert (GUS in roster.members_on(day)) == on_the_roll
        if on_the_roll:
            assert (GUS in roster.voters_on(day)) == (punished is None or not punished.on_probation)
        bar = influence(punished, rules)
        assert roster.barred_until(GUS, day) == (None if bar is None or bar[1] < day else bar[1])
