"""The 25 steps of an admission as they stand for one person: done, open, blocked by which rule, from when, until when (R-C)."""

import datetime as dt
from collections.abc import Mapping

import msgspec

from events.admission import AdmissionStage, CultivationReviewed, PoliticalReviewCompleted, ReviewScope
from events.admission_acceptance import AdmissionQuestion, AdmissionVoted, NoticeKind, PreReviewDecided
from projections.standard.periods import add_months
from projections.standard.refusals import refusal
from projections.standard.rules import Rules
from service.decide.admission.acceptance import politically_sound
from service.decide.admission.cultivation import review_gap, target_from
from service.decide.admission.notices import notice_block
from service.decide.admission.order import CONVERT_NEEDS, PARTS, done_on, skipped_on
from service.decide.admission.state import ADMISSION, Admission, stream_of
from service.decide.admission.vote import retry_from
from service.decide.procedure import Procedure, Progress, Step, done


class Line(msgspec.Struct, frozen=True):
    """One of the 25 steps: its number in the rules, the command that takes it, its key materials."""

    rule: str
    command: str
    materials: tuple[str, ...] = ()


def _m(*numbers: int) -> tuple[str, ...]:
    return tuple(f"N14.M{number:02d}" for number in numbers)


STEPS: Mapping[str, Line] = {
    "application": Line("R-C01", "receive-application", _m(1)),
    "applicant-talk": Line("R-C02", "hold-admission-talk", _m(2)),
    "activist": Line("R-C03", "determine-activist", _m(4, 8)),
    "activist-filing": Line("R-C04", "file-with-superior", _m(8)),
    "contacts": Line("R-C05", "assign-contacts"),
    "cultivation": Line("R-C06", "review-development", _m(3, 5, 6, 7)),
    "target": Line("R-C07", "determine-target", _m(9, 11, 12)),
    "target-filing": Line("R-C08", "file-with-superior"),
    "sponsors": Line("R-C09", "assign-sponsors"),
    "political-review": Line("R-C10", "complete-political-review", _m(13)),
    "course": Line("R-C11", "complete-short-course", _m(14, 15)),
    "committee-review": Line("R-C12", "review-in-committee", _m(16)),
    "pre-review": Line("R-C13", "decide-pre-review", _m(10, 17)),
    "form": Line("R-C14", "complete-application-form", _m(20)),
    "vote": Line("R-C15", "vote-on-admission", _m(19)),
    "superior-talk": Line("R-C16", "hold-superior-talk"),
    "approval": Line("R-C17", "approve-admission", _m(18)),
    "reported-up": Line("R-C18", "report-admission-up"),
    "group": Line("R-C19", "assign-probationary"),
    "oath": Line("R-C20", "take-oath"),
    "probation": Line("R-C21", "review-development", _m(21, 22)),
    "conversion-application": Line("R-C22", "apply-for-conversion", _m(23)),
    "conversion-vote": Line("R-C23", "vote-on-admission", _m(24, 25)),
    "conversion-approval": Line("R-C24", "approve-conversion-resolution"),
    "archive": Line("R-C25", "archive-admission-file"),
}

WITHIN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "target": (("opinions", "collect-opinions"),),
    "pre-review": (("pre-review-submission", "submit-for-pre-review"),),
    "form": (("form-issued", "issue-application-form"),),
    "superior-talk": (("submission", "submit-admission-resolution"),),
    "conversion-vote": (("conversion-opinions", "collect-opinions"), ("conversion-review", "review-in-committee")),
    "conversion-approval": (("conversion-submission", "submit-admission-resolution"),),
}
"""What is done within a step before its last command; the next of these is the command to take."""


def steps(case: Admission, _subject: str, rules: Rules, today: dt.date) -> tuple[Step, ...]:
    """Every step in order; none when there is no such case."""
    if case.opened is None:
        return ()
    return tuple(_step(case, code, rules, today) for code in STEPS)


def _step(case: Admission, code: str, rules: Rules, today: dt.date) -> Step:
    line, part = STEPS[code], PARTS[code]
    step = Step(
        code=code,
        zh=part.zh,
        en=part.en,
        progress=Progress.OPEN,
        rule=line.rule,
        earliest=_earliest(case, code, rules),
        latest=_latest(case, code, rules),
        command=_command(case, code),
        materials=line.materials,
    )
    if (taken := part.done(case)) is not None:
        return done(step, taken)
    if (before := skipped_on(case, code)) is not None or case.over is not None:
        return msgspec.structs.replace(step, progress=Progress.SKIPPED, done_on=before)
    if (missing := _missing(case, code)) is not None:
        before_it = PARTS[missing]
        return _blocked(step, before_it.missing, f"尚未完成：{before_it.zh}", f"Not done yet: {before_it.en}")
    if (rule := _stopped(case, code, rules, today)) is not None:
        return _blocked(step, rule, refusal(rule).zh, refusal(rule).en)
    return step


def _blocked(step: Step, rule: str, zh: str, en: str) -> Step:
    return msgspec.structs.replace(step, progress=Progress.BLOCKED, rule=rule, why_zh=zh, why_en=en)


def _missing(case: Admission, code: str) -> str | None:
    """The first thing that must come before; what is done within the step itself does not block it."""
    within = [part for part, _ in WITHIN.get(code, ())]
    needs = [need for part in within for need in PARTS[part].needs] + list(PARTS[code].needs)
    if code == "conversion-vote":
        needs += CONVERT_NEEDS
    return next((need for need in needs if need not in within and done_on(case, need) is None), None)


def _command(case: Admission, code: str) -> str:
    return next((command for part, command in WITHIN.get(code, ()) if done_on(case, part) is None), STEPS[code].command)


def _stopped(case: Admission, code: str, rules: Rules, today: dt.date) -> str | None:
    """What else than an earlier step holds it up: a gap in the reviews, the political review, a notice."""
    match code:
        case "target":
            return None if review_gap(case, rules, today) is None else "INV-041"
        case "committee-review" | "pre-review" | "vote" if _review_lost(case, rules, today):
            return "INV-045"
        case "pre-review" if rules.text("notice.admission.before") != "meeting":
            return notice_block(case, NoticeKind.ADMISSION, today)
        case "vote":
            return notice_block(case, NoticeKind.ADMISSION, today)
        case "conversion-vote":
            return notice_block(case, NoticeKind.CONVERSION, today)
        case _:
            return None


def _review_lost(case: Admission, rules: Rules, today: dt.date) -> bool:
    taken = case.last(PoliticalReviewCompleted) is not None
    return taken and not politically_sound(case, rules, today)


def _earliest(case: Admission, code: str, rules: Rules) -> dt.date | None:
    applied_on, end = done_on(case, "application"), case.probation_end
    failed = case.last(AdmissionVoted, AdmissionQuestion.ADMIT)
    match code:
        case "activist" if applied_on is not None:
            return add_months(applied_on, rules.number("admission.activist_wait_months"))
        case "target" if case.activist_on is not None:
            return target_from(case, rules)
        case "vote" if failed is not None and not failed.passed:
            return retry_from(failed, rules)
        case "conversion-application" if end is not None:
            return add_months(end, -rules.number("probation.apply_early_months"))
        case "conversion-vote":
            return end
        case _:
            return None


def _latest(case: Admission, code: str, rules: Rules) -> dt.date | None:
    """The day until which a step is in time, where a rule sets one."""
    if code in REVIEWED:
        return _next_review(case, code, rules)
    if code == "archive":
        settled = case.settled
        return None if settled is None else settled.occurred_on + dt.timedelta(days=rules.number("admission.file_days"))
    if code == "conversion-application":
        return case.probation_end
    since, setting = LATEST.get(code, ("", ""))
    begun = _pre_reviewed(case) if code == "vote" else done_on(case, since) if since else None
    return None if begun is None else add_months(begun, rules.number(setting))


LATEST: Mapping[str, tuple[str, str]] = {
    "applicant-talk": ("application", "admission.talk_months"),
    "vote": ("pre-review", "admission.meeting_months"),
    "approval": ("vote", "admission.approval_months"),
    "oath": ("approval", "admission.oath_months"),
    "conversion-approval": ("conversion-vote", "conversion.approval_months"),
}
REVIEWED = {
    "cultivation": (ReviewScope.ACTIVIST, "admission.review_months"),
    "probation": (ReviewScope.PROBATION, "probation.review_months"),
}


def _pre_reviewed(case: Admission) -> dt.date | None:
    decided = case.last(PreReviewDecided)
    return None if decided is None else decided.occurred_on


def _next_review(case: Admission, code: str, rules: Rules) -> dt.date | None:
    """Half a year after the last review, or after the day from which the person is looked after."""
    scope, setting = REVIEWED[code]
    since = case.voted_on if scope is ReviewScope.PROBATION else case.activist_on
    if since is None or (scope is ReviewScope.ACTIVIST and case.stage is not AdmissionStage.ACTIVIST):
        return None
    reviewed = case.last(CultivationReviewed, scope)
    return add_months(since if reviewed is None else max(since, reviewed.occurred_on), rules.number(setting))


PROCEDURES = (
    Procedure(
        kind="admission",
        zh="发展党员程序",
        en="Admission of a member",
        stream=stream_of,
        fold=ADMISSION,
        steps=steps,
        person=lambda case, _subject: None if case.opened is None else case.opened.person_id,
    ),
)
CASES = ()
"""The commands stand in the other files of the noun."""
