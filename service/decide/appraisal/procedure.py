"""The procedure `appraisal`, by year: what is done, what is open, what is blocked and why (N13.T01 to T05, R-I04, INV-080, INV-081)."""

import datetime as dt
from collections.abc import Collection

from events.appraisal import Grade, Lacking
from projections.standard.holidays import add_working_days
from projections.standard.rules import Rules
from service.decide.appraisal.grades import excellent_max
from service.decide.appraisal.state import APPRAISAL, Appraisal
from service.decide.procedure import Procedure, Progress, Step


def steps(appraisal: Appraisal, _subject: str, rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """Every step in the order of R-I04; none before anything is on record."""
    if not appraisal.standing:
        return ()
    return (
        _notice(appraisal),
        _study(appraisal),
        _self_assessment(appraisal),
        _meeting(appraisal, rules),
        _mutual(appraisal),
        _ballot(appraisal),
        _grades(appraisal, rules),
        _feedback(appraisal),
        _report(appraisal),
    )


def _step(
    code: str,
    zh: str,
    en: str,
    *,
    rule: str,
    command: str,
    progress: Progress,
    why: tuple[str, str] = ("", ""),
    done_on: dt.date | None = None,
    earliest: dt.date | None = None,
    latest: dt.date | None = None,
    materials: tuple[str, ...] = (),
) -> Step:
    return Step(
        code=code,
        zh=zh,
        en=en,
        progress=progress,
        rule=rule,
        done_on=done_on,
        earliest=earliest,
        latest=latest,
        why_zh=why[0],
        why_en=why[1],
        command=command,
        materials=materials,
    )


NOT_OPENED = ("尚未启动民主评议", "The appraisal has not been opened")
NOT_MET = ("评议会尚未召开", "The appraisal meeting has not been held")


def _progress(*, done: bool, may: bool) -> Progress:
    return Progress.DONE if done else Progress.OPEN if may else Progress.BLOCKED


def _missing(people: Collection[str], zh: str, en: str) -> tuple[str, str]:
    """How many it still lacks; never who, for the page may be shown to many."""
    return (f"{zh}：尚缺{len(people)}人", f"{en}: {len(people)} still missing") if people else ("", "")


def _notice(appraisal: Appraisal) -> Step:
    opened = appraisal.opened
    return _step(
        "notice", "会前通知", "Notice to members", rule="N13.T01", command="open-appraisal",
        progress=_progress(done=opened is not None, may=True), done_on=opened.occurred_on if opened else None,
    )  # fmt: skip


def _study(appraisal: Appraisal) -> Step:
    held_on = min((study.occurred_on for study in appraisal.studies), default=None)
    return _step(
        "study", "会前集中学习", "Joint study before the meeting", rule="N13.T02", command="record-study-session",
        progress=_progress(done=held_on is not None, may=True), done_on=held_on,
    )  # fmt: skip


def _self_assessment(appraisal: Appraisal) -> Step:
    lacking = [p for p in appraisal.everybody() if p not in appraisal.assessed and not appraisal.excused(p, Lacking.SELF_ASSESSMENT)]
    opened = appraisal.opened is not None
    return _step(
        "self-assessment", "个人自评", "Self-assessment", rule="N13.T03", command="submit-self-assessment",
        progress=_progress(done=opened and not lacking, may=opened),
        why=_missing(lacking, "个人自评", "Self-assessments") if opened else NOT_OPENED, materials=("N13.M01",),
    )  # fmt: skip


def _meeting(appraisal: Appraisal, rules: Rules) -> Step:
    opened = appraisal.opened
    if opened is None:
        why = NOT_OPENED
    elif not appraisal.studies:
        why = ("未组织集中学习，不能召开评议会", "No joint study has been held; the appraisal meeting cannot open")
    else:
        why = ("", "")
    earliest = add_working_days(opened.occurred_on, rules.number("appraisal.notice_working_days")) if opened else None
    return _step(
        "meeting", "民主评议会", "Appraisal meeting", rule="INV-080", command="hold-appraisal-meeting",
        progress=_progress(done=appraisal.met_on is not None, may=why == ("", "")), why=("", "") if appraisal.met_on else why,
        done_on=appraisal.met_on, earliest=earliest, materials=("N13.M04",),
    )  # fmt: skip


def _mutual(appraisal: Appraisal) -> Step:
    met = appraisal.met_on is not None
    lacking = [person for person in appraisal.due() if person not in appraisal.commented]
    return _step(
        "mutual-assessment", "党员互评", "Mutual assessment", rule="N13.T04", command="record-peer-assessment",
        progress=_progress(done=met and not lacking, may=met),
        why=_missing(lacking, "互评意见", "Comments") if met else NOT_MET, materials=("N13.M02",),
    )  # fmt: skip


def _ballot(appraisal: Appraisal) -> Step:
    met = appraisal.met_on is not None
    lacking = [p for p in appraisal.due() if p not in appraisal.ballots and not appraisal.excused(p, Lacking.BALLOT)]
    return _step(
        "ballot", "民主测评", "Secret ballot", rule="N13.T05", command="record-appraisal-ballots",
        progress=_progress(done=met and not lacking, may=met), why=_missing(lacking, "民主测评", "Ballots") if met else NOT_MET,
    )  # fmt: skip


def _grades(appraisal: Appraisal, rules: Rules) -> Step:
    """Open as soon as one ungraded member has all that a grade needs (INV-081)."""
    met_on = appraisal.met_on
    lacking = [person for person in appraisal.due() if person not in appraisal.grades]
    ready = [person for person in lacking if not appraisal.lacks(person)]
    if met_on is None:
        why = NOT_MET
    elif lacking and not ready:
        why = ("缺少自评或测评记录，不能评等", "Self-assessment or ballot is missing")
    elif lacking:
        most = excellent_max(appraisal, len(appraisal.meetings[-1].full), rules)
        left = most - appraisal.count(Grade.EXCELLENT)
        why = (f"尚有{len(lacking)}人未评等，优秀名额还有{left}个", f"{len(lacking)} not graded; {left} may still be excellent")
    else:
        why = ("", "")
    return _step(
        "grades", "评定等次", "Grades", rule="INV-081", command="assign-appraisal-grades",
        progress=_progress(done=met_on is not None and not lacking, may=met_on is not None and bool(ready)), why=why, earliest=met_on,
        latest=add_working_days(met_on, rules.number("appraisal.grading_working_days")) if met_on else None, materials=("N13.M03",),
    )  # fmt: skip


def _feedback(appraisal: Appraisal) -> Step:
    lacking = [person for person in appraisal.grades if person not in appraisal.told]
    graded = bool(appraisal.grades)
    done = graded and not lacking and all(person in appraisal.grades for person in appraisal.due())
    return _step(
        "feedback", "反馈评议结果", "Feedback to members", rule="N13.T05", command="give-appraisal-feedback",
        progress=_progress(done=done, may=bool(lacking)),
        why=_missing(lacking, "结果反馈", "Feedback") if graded else ("尚未评定等次", "No grades yet"),
    )  # fmt: skip


def _report(appraisal: Appraisal) -> Step:
    closed = appraisal.closed
    may = _feedback(appraisal).progress is Progress.DONE
    return _step(
        "report", "上报办结", "Report to the superior", rule="R-I04", command="close-appraisal",
        progress=_progress(done=closed is not None, may=may), done_on=closed.occurred_on if closed else None,
        why=("", "") if closed or may else ("尚有党员未评等或未反馈", "Some members are not graded or not told"), materials=("N01.M06",),
    )  # fmt: skip


CASES = ()

PROCEDURES = (
    Procedure(
        kind="appraisal",
        zh="民主评议党员",
        en="Democratic appraisal of members",
        stream=lambda year: f"appraisal-{year}",
        fold=APPRAISAL,
        steps=steps,
    ),
)
