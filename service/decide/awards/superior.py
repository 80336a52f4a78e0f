"""Awards, the superior's part: approved or declined; and how far each one is (N22.T04, N24.M09.03)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.awards import AwardApproved, AwardDeclined, AwardGranted, AwardId, AwardSubmitted
from events.base import PersonId, Text
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.awards.branch import decided
from service.decide.awards.state import AWARDS, Award, Awards
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.procedure import Procedure, Progress, Step, done


class ApproveAward(Command, frozen=True, kw_only=True, tag="approve-award"):
    """The superior agrees to an application."""

    zh: ClassVar[str] = "批准表彰申报"
    en: ClassVar[str] = "Approve an award"

    award_id: Annotated[AwardId, label("奖项推荐", "Award")]
    document_no: Annotated[Text, label("批示文号", "Document no.")] = ""
    opinion: Annotated[Text, label("批示意见", "Opinion")] = ""


def approve_award(command: ApproveAward, _context: Context, awards: Awards) -> Outcome:
    """In the system, by the committee itself."""
    award = awards.known(command.award_id, command.occurred_on)
    event = AwardApproved(
        occurred_on=command.occurred_on, award_id=command.award_id, document_no=command.document_no, opinion=command.opinion
    )
    return decided(award, event)


class DeclineAward(Command, frozen=True, kw_only=True, tag="decline-award"):
    """The superior does not agree to an application."""

    zh: ClassVar[str] = "不批准表彰申报"
    en: ClassVar[str] = "Decline an award"

    award_id: Annotated[AwardId, label("奖项推荐", "Award")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]
    document_no: Annotated[Text, label("批示文号", "Document no.")] = ""


def decline_award(command: DeclineAward, _context: Context, awards: Awards) -> Outcome:
    """In the system, by the committee itself."""
    award = awards.known(command.award_id, command.occurred_on)
    event = AwardDeclined(
        occurred_on=command.occurred_on, award_id=command.award_id, document_no=command.document_no, reason=command.reason
    )
    return decided(award, event)


def steps(awards: Awards, subject: str, _rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """The award as it stands; empty when there is no such award."""
    award = awards.awards.get(AwardId(subject))
    if award is None:
        return ()
    nominate = Step(code="nominate", zh="评选推荐", en="Nominated", progress=Progress.DONE, rule="N22.M03.01", materials=("N22.M03.01",))
    return (done(nominate, award.nominated.occurred_on), _vote(award), _submit(award), _decide(award), _grant(award))


def _vote(award: Award) -> Step:
    step = Step(
        code="vote",
        zh="评选会议表决",
        en="Voted on by a meeting",
        progress=Progress.OPEN,
        rule="INV-013",
        earliest=award.nominated.occurred_on,
        command="note-award-vote",
        materials=("N22.M03.02",),
    )
    voted = award.voted()
    return done(step, voted.occurred_on) if voted is not None and voted.passed else step


def _passed_on(award: Award) -> dt.date | None:
    voted = award.voted()
    return voted.occurred_on if voted is not None and voted.passed else None


def _submit(award: Award) -> Step:
    step = _after(
        _passed_on(award),
        code="submit",
        zh="先进申报",
        en="Submitted",
        rule="N24.M09.01",
        command="submit-award",
        materials=("N24.M09.01", "N24.M09.02"),
        why=("评选会议尚未通过", "No meeting has voted for it"),
    )
    return _taken(award, step, award.step(AwardSubmitted))


def _decide(award: Award) -> Step:
    submitted = award.step(AwardSubmitted)
    step = _after(
        None if submitted is None else submitted.occurred_on,
        code="decide",
        zh="上级批示",
        en="Decided by the superior",
        rule="N24.M09.03",
        command="note-award-reply",
        materials=("N24.M09.03",),
        why=("尚未申报", "Not submitted yet"),
    )
    return _taken(award, step, award.step(AwardApproved, AwardDeclined))


def _grant(award: Award) -> Step:
    approved = award.step(AwardApproved)
    ready = _passed_on(award) if award.by_branch else None if approved is None else approved.occurred_on
    why = ("评选会议尚未通过", "No meeting has voted for it") if award.by_branch else ("上级尚未批准", "The superior has not approved it")
    step = _after(
        ready, code="grant", zh="表彰决定", en="Granted", rule="N24.M09.04", command="grant-award", materials=("N24.M09.04",), why=why
    )
    granted = award.step(AwardGranted)
    return step if granted is None else done(step, granted.occurred_on)


def _after(
    ready: dt.date | None,
    *,
    code: str,
    zh: str,
    en: str,
    rule: str,
    command: str,
    materials: tuple[str, ...],
    why: tuple[str, str],
) -> Step:
    """A step that waits for the one before it."""
    why_zh, why_en = why if ready is None else ("", "")
    return Step(
        code=code,
        zh=zh,
        en=en,
        progress=Progress.BLOCKED if ready is None else Progress.OPEN,
        rule=rule,
        earliest=ready,
        why_zh=why_zh,
        why_en=why_en,
        command=command,
        materials=materials,
    )


def _taken(award: Award, step: Step, event: object) -> Step:
    """Done when it was taken; an award of the branch itself skips it."""
    if award.by_branch:
        return Step(code=step.code, zh=step.zh, en=step.en, progress=Progress.SKIPPED, rule=step.rule, materials=step.materials)
    day = getattr(event, "occurred_on", None)
    return step if day is None else done(step, day)


CASES = (
    Case(command=ApproveAward, right=Right.SUPERIOR_WRITE, reads=(AWARDS,), decide=approve_award),
    Case(command=DeclineAward, right=Right.SUPERIOR_WRITE, reads=(AWARDS,), decide=decline_award),
)


def subjects(awards: Awards) -> tuple[str, ...]:
    """The awards that stand, in the order of their nominations."""
    return tuple(awards.awards)


def person(awards: Awards, subject: str) -> PersonId | None:
    """Whose award it is; nobody's for the branch itself."""
    award = awards.awards.get(AwardId(subject))
    return None if award is None else award.nominated.person_id


PROCEDURES = (
    Procedure(
        kind="award",
        zh="表彰奖励",
        en="Award",
        stream=lambda _subject: "awards",
        fold=AWARDS,
        steps=steps,
        subjects=subjects,
        person=person,
        title=lambda awards, subject: awards.awards[subject].nominated.title,
    ),
)
