"""Assessment, what is put right: sent back with a reason, and how far each problem is (N26.T05, N26.M04)."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, ClassVar

from events.assessment import AssessmentEntryId, RectificationPlanned, RectificationReturned
from events.base import Text
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.assessment.branch import OfYear
from service.decide.assessment.state import ASSESSMENT, Assessment
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.procedure import Procedure, Step
from service.decide.putting_right import Problem, put_right
from service.errors import Conflict


class ReturnRectification(Command, frozen=True, kw_only=True, tag="return-rectification"):
    """The superior sends back a plan that is wanting, or a problem that was not put right after all."""

    zh: ClassVar[str] = "退回考核整改"
    en: ClassVar[str] = "Return a rectification"

    year: OfYear
    entry_id: Annotated[AssessmentEntryId, label("整改事项", "Problem")]
    reason: Annotated[Text, label("退回原因", "Reason", min_length=1)]


def return_rectification(command: ReturnRectification, _context: Context, known: Assessment) -> Outcome:
    """Before it was accepted or after; the branch hands the plan in anew."""
    planned = known.must_hold(command.entry_id, RectificationPlanned)
    last = known.accepted.get(command.entry_id, planned)
    if command.entry_id in known.returned:
        return []
    if command.occurred_on < last.occurred_on:
        raise Conflict(f"{'the plan' if last is planned else 'the acceptance'} is of {last.occurred_on}")
    return [RectificationReturned(occurred_on=command.occurred_on, year=command.year, entry_id=command.entry_id, reason=command.reason)]


def steps(known: Assessment, _subject: str, _rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """Two for each problem: the plan, and the acceptance; none where nothing is to be put right."""
    return put_right(_problems(known), rule="N26.T05", plan="plan-rectification", accept="accept-rectification", materials=("N26.M04",))


def _problems(known: Assessment) -> Iterator[Problem]:
    for planned in known.of(RectificationPlanned):
        returned, accepted = known.returned.get(planned.entry_id), known.accepted.get(planned.entry_id)
        yield Problem(
            name=planned.entry_id,
            field="entry_id",
            problem=planned.problem,
            planned_on=planned.occurred_on,
            due_on=planned.due_on,
            accepted_on=None if accepted is None else accepted.occurred_on,
            returned=None if returned is None else returned.reason,
        )


CASES = (Case(command=ReturnRectification, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=return_rectification),)

PROCEDURES = (
    Procedure(
        kind="rectification",
        zh="考核整改",
        en="Rectification after the assessment",
        stream=lambda subject: f"assessment-{subject}",
        fold=ASSESSMENT,
        steps=steps,
        field="year",
    ),
)
