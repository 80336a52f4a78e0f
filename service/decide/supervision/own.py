"""What a member brings forward without anybody between, and what the member thinks of the answer (N18.T03, N21.T03)."""

from typing import Annotated, ClassVar

from events.supervision import MemberAnswerRated, MemberSuggestionRecorded, Satisfaction, SuggestionId
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import ROSTER, Roster
from service.decide.supervision.state import SUPERVISION, Supervision, begin, follow, standing
from service.errors import Absent, Conflict

CONTENT_MAX = 2_000


class GiveSuggestion(Command, frozen=True, kw_only=True, tag="give-suggestion"):
    """A member gives the branch an opinion or suggestion of their own."""

    zh: ClassVar[str] = "提出意见建议"
    en: ClassVar[str] = "Give an opinion or suggestion"

    content: Annotated[
        str,
        label(
            "意见建议",
            "Opinion or suggestion",
            min_length=1,
            max_length=CONTENT_MAX,
            help_zh="支部会在规定期限内答复，只有您本人和支部能看到",
            help_en="The branch answers in due time; only you and the branch see it",
        ),
    ]
    suggestion_id: Annotated[SuggestionId | None, label("记录编号", "Suggestion id")] = None


class RateAnswer(Command, frozen=True, kw_only=True, tag="rate-answer"):
    """A member says whether the answer satisfies."""

    zh: ClassVar[str] = "评价答复"
    en: ClassVar[str] = "Rate an answer"

    suggestion_id: Annotated[SuggestionId, label("意见建议", "Suggestion")]
    satisfaction: Annotated[Satisfaction, label("满意度", "Satisfaction")]


def give_suggestion(command: GiveSuggestion, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """By a member of the branch (INV-002, INV-009), of nobody else."""
    person = context.myself()
    roster.must_be_active(person, command.occurred_on, "content")
    event = MemberSuggestionRecorded(
        occurred_on=command.occurred_on,
        suggestion_id=command.suggestion_id or SuggestionId(context.event_ids[0]),
        person_id=person,
        content=command.content,
        received_by=None,
    )
    return [*begin(books, event)]


def rate_answer(command: RateAnswer, context: Context, books: Supervision) -> Outcome:
    """Of an own suggestion that has its answer; another member's does not exist."""
    person = context.myself()
    entry = standing(books, MemberSuggestionRecorded, command.suggestion_id)
    if entry.person_id != person:
        raise Absent(f"{MemberSuggestionRecorded.en}: {command.suggestion_id}")
    if (answer := books.answer_to(command.suggestion_id)) is None or command.occurred_on < answer.occurred_on:
        raise Conflict("there is no answer yet")
    event = MemberAnswerRated(
        occurred_on=command.occurred_on,
        suggestion_id=command.suggestion_id,
        person_id=person,
        satisfaction=command.satisfaction,
    )
    return [*follow(books, entry, event)]


CASES = (
    Case(command=GiveSuggestion, right=Right.OWN_WRITE, reads=(SUPERVISION, ROSTER), decide=give_suggestion),
    Case(command=RateAnswer, right=Right.OWN_WRITE, reads=(SUPERVISION,), decide=rate_answer),
)
