"""What is known of each award of a branch, and taking its last step back (N22.T04, N24.M09)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar, cast

import msgspec
from msgspec.structs import replace

from events.awards import (
    AwardApproved,
    AwardDeclined,
    AwardEvent,
    AwardGranted,
    AwardId,
    AwardLevel,
    AwardNominated,
    AwardStep,
    AwardStepWithdrawn,
    AwardSubmitted,
    AwardVoted,
)
from events.base import Event, Text
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.errors import Absent, Conflict, Malformed

Taken = AwardNominated | AwardVoted | AwardSubmitted | AwardApproved | AwardDeclined | AwardGranted

STEP: Mapping[type[Event], AwardStep] = {
    AwardNominated: AwardStep.NOMINATED,
    AwardVoted: AwardStep.VOTED,
    AwardSubmitted: AwardStep.SUBMITTED,
    AwardApproved: AwardStep.DECIDED,
    AwardDeclined: AwardStep.DECIDED,
    AwardGranted: AwardStep.GRANTED,
}


class Award(msgspec.Struct, frozen=True, kw_only=True):
    """One award: the steps that stand, in the order in which they were taken."""

    taken: tuple[Taken, ...]

    @property
    def nominated(self) -> AwardNominated:
        first = self.taken[0]
        assert isinstance(first, AwardNominated), "an award begins with its nomination"
        return first

    @property
    def last(self) -> Taken:
        return self.taken[-1]

    @property
    def by_branch(self) -> bool:
        """The branch commends by itself: nothing is submitted, nobody approves."""
        return self.nominated.level is AwardLevel.BRANCH

    def voted(self) -> AwardVoted | None:
        """The last vote."""
        return next((event for event in reversed(self.taken) if isinstance(event, AwardVoted)), None)

    def step(self, *kinds: type[Event]) -> Taken | None:
        return next((event for event in reversed(self.taken) if isinstance(event, kinds)), None)


class Awards(msgspec.Struct, frozen=True, kw_only=True):
    """The awards of a branch, folded."""

    awards: Mapping[AwardId, Award] = {}
    withdrawn: Mapping[AwardId, AwardNominated] = {}
    """Nominations that were taken back."""

    def known(self, award_id: AwardId, day: dt.date) -> Award:
        """The award to which a step of that day is added."""
        if award_id in self.withdrawn:
            raise Conflict(f"{award_id} was withdrawn")
        award = self.awards.get(award_id)
        if award is None:
            raise Absent(f"award {award_id}")
        if day < award.last.occurred_on:
            raise Malformed(f"occurred_on lies before {award.last.occurred_on}, the day of the step before")
        return award


def evolve(awards: Awards, event: Event) -> Awards:
    """The awards after one more event of their stream."""
    own_event = cast("AwardEvent", event)
    award_id = own_event.award_id
    if not isinstance(own_event, AwardStepWithdrawn):
        before = () if isinstance(own_event, AwardNominated) else awards.awards[award_id].taken
        return replace(awards, awards={**awards.awards, award_id: Award(taken=(*before, own_event))})
    award = awards.awards[award_id]
    if len(award.taken) > 1:
        return replace(awards, awards={**awards.awards, award_id: Award(taken=award.taken[:-1])})
    others = {other: one for other, one in awards.awards.items() if other != award_id}
    return Awards(awards=others, withdrawn={**awards.withdrawn, award_id: award.nominated})


AWARDS = Fold[Awards](name="awards", book=own, stream=lambda _command: "awards", initial=Awards(), evolve=evolve)


class WithdrawAwardStep(Command, frozen=True, kw_only=True, tag="withdraw-award-step"):
    """Take back the last step of an award that was recorded wrongly."""

    zh: ClassVar[str] = "撤销表彰奖励登记"
    en: ClassVar[str] = "Withdraw the last step of an award"

    award_id: Annotated[AwardId, label("奖项推荐", "Award")]
    step: Annotated[AwardStep, label("环节", "Step", help_zh="只能撤销最后一个环节", help_en="Only the last one")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def withdraw_award_step(command: WithdrawAwardStep, _context: Context, awards: Awards) -> Outcome:
    """Backwards only; what is not on record any more needs no taking back."""
    if command.award_id in awards.withdrawn:
        return []
    award = awards.known(command.award_id, command.occurred_on)
    if all(STEP[type(event)] is not command.step for event in award.taken):
        return []
    if STEP[type(award.last)] is not command.step:
        raise Conflict(f"the last step is {STEP[type(award.last)]}")
    return [
        AwardStepWithdrawn(
            occurred_on=command.occurred_on,
            award_id=command.award_id,
            step=command.step,
            year=award.nominated.year,
            reason=command.reason,
        )
    ]


CASES = (Case(command=WithdrawAwardStep, right=Right.WORK_WRITE, reads=(AWARDS,), decide=withdraw_award_step),)
