"""In which order an admission goes, and what each step waits for (R-C00, INV-038); the checklist and the deciders ask the same table."""

import datetime as dt
from collections.abc import Callable, Mapping

import msgspec

from events.admission import (
    ActivistDetermined,
    AdmissionFiled,
    AdmissionStage,
    AdmissionTalk,
    AdmissionTalkHeld,
    ApplicationReceived,
    ContactsAssigned,
    CultivationReviewed,
    ExceptionGranted,
    ExceptionGround,
    FilingLevel,
    PoliticalReviewCompleted,
    ReviewScope,
    ShortCourseCompleted,
    SponsorsAssigned,
    TargetDetermined,
)
from events.admission_acceptance import (
    AdmissionApproved,
    AdmissionFileArchived,
    AdmissionPurpose,
    AdmissionQuestion,
    AdmissionVoted,
    ApplicationFormCompleted,
    ApplicationFormIssued,
    CommitteeReviewed,
    ConversionApplied,
    ConversionReturned,
    OathTaken,
    OpinionsCollected,
    PreReviewDecided,
    PreReviewSubmitted,
    ProbationaryAssigned,
    ProbationExtended,
    ResolutionSubmitted,
)
from events.base import Choice, Event
from service.decide.admission.state import Admission
from service.errors import Refused

Day = dt.date | None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is done once on the way, with what must be done before."""

    zh: str
    en: str
    done: Callable[[Admission], Day]
    needs: tuple[str, ...] = ()
    missing: str = "INV-038"
    """The rule that refuses whatever waits for this part."""


def _first(kind: type[Event], of: Choice | None = None) -> Callable[[Admission], Day]:
    return lambda case: found[0].occurred_on if (found := case.all(kind, of)) else None


def _last(kind: type[Event], of: Choice | None = None) -> Callable[[Admission], Day]:
    return lambda case: found.occurred_on if (found := case.last(kind, of)) else None


def _cultivated(case: Admission) -> Day:
    """Cultivation is over once the target is determined; the last review stands for it."""
    target = case.last(TargetDetermined)
    if target is None:
        return None
    reviewed = case.last(CultivationReviewed, ReviewScope.ACTIVIST)
    return (reviewed or target).occurred_on


def _politically_reviewed(case: Admission) -> Day:
    reviewed = case.last(PoliticalReviewCompleted)
    return reviewed.occurred_on if reviewed is not None and reviewed.passed else None


def _trained(case: Admission) -> Day:
    trained = case.last(ShortCourseCompleted) or case.last(ExceptionGranted, ExceptionGround.NO_COURSE)
    return None if trained is None else trained.occurred_on


def _pre_reviewed(case: Admission) -> Day:
    decided = case.last(PreReviewDecided)
    return decided.occurred_on if decided is not None and decided.passed else None


def _admitted(case: Admission) -> Day:
    return None if case.admitted_by is None else case.admitted_by.occurred_on


def _since_vote(kind: type[Event], of: Choice) -> Callable[[Admission], Day]:
    """Counts for the vote that stands, not for one that was rejected or lapsed."""

    def done(case: Admission) -> Day:
        votes = [i for i, entry in enumerate(case.entries) if isinstance(entry, AdmissionVoted) and entry is case.admitted_by]
        return None if not votes else _last(kind, of)(Admission(entries=case.entries[votes[-1] :]))

    return done


def _probation_over(case: Admission) -> Day:
    """The last review once probation is settled."""
    reviewed = case.last(CultivationReviewed, ReviewScope.PROBATION)
    return None if case.settled is None else (reviewed or case.settled).occurred_on


def _in_conversion(kind: type[Event], of: Choice | None = None) -> Callable[[Admission], Day]:
    return lambda case: _last(kind, of)(case.conversion)


def _conversion_submitted(case: Admission) -> Day:
    since = case.after(ConversionReturned, ProbationExtended)
    return _last(ResolutionSubmitted, AdmissionPurpose.CONVERSION)(since)


ADMISSION, CONVERSION = AdmissionPurpose.ADMISSION, AdmissionPurpose.CONVERSION

PARTS: Mapping[str, Part] = {
    "application": Part(zh="递交入党申请书", en="Written application", done=_first(ApplicationReceived)),
    "applicant-talk": Part(
        zh="党组织派人谈话",
        en="Talk with the applicant",
        done=_first(AdmissionTalkHeld, AdmissionTalk.APPLICANT),
        needs=("application",),
    ),
    "activist": Part(
        zh="推荐和确定入党积极分子", en="Activist determined", done=_last(ActivistDetermined), needs=("application", "applicant-talk")
    ),
    "activist-filing": Part(
        zh="积极分子上级党委备案", en="Activist filed", done=_last(AdmissionFiled, FilingLevel.ACTIVIST), needs=("activist",)
    ),
    "contacts": Part(zh="指定培养联系人", en="Contacts assigned", done=_first(ContactsAssigned), needs=("activist",)),
    "cultivation": Part(zh="培养教育考察", en="Cultivation and reviews", done=_cultivated, needs=("contacts",)),
    "opinions": Part(
        zh="听取意见", en="Opinions collected", done=_last(OpinionsCollected, ADMISSION), needs=("activist-filing", "contacts")
    ),
    "target": Part(
        zh="确定发展对象",
        en="Development target determined",
        done=_last(TargetDetermined),
        needs=("activist-filing", "contacts", "opinions"),
    ),
    "target-filing": Part(
        zh="发展对象上级党委备案", en="Development target filed", done=_last(AdmissionFiled, FilingLevel.TARGET), needs=("target",)
    ),
    "sponsors": Part(
        zh="确定入党介绍人", en="Sponsors assigned", done=_first(SponsorsAssigned), needs=("target-filing",), missing="INV-044"
    ),
    "political-review": Part(
        zh="进行政治审查", en="Political review", done=_politically_reviewed, needs=("target-filing",), missing="INV-045"
    ),
    "course": Part(zh="开展集中培训", en="Short course", done=_trained, needs=("target-filing",), missing="INV-046"),
    "committee-review": Part(
        zh="支部委员会审查",
        en="Committee review",
        done=_last(CommitteeReviewed, ADMISSION),
        needs=("sponsors", "political-review", "course"),
    ),
    "pre-review-submission": Part(
        zh="报上级党委预审", en="Pre-review submitted", done=_last(PreReviewSubmitted), needs=("committee-review",)
    ),
    "pre-review": Part(zh="上级党委预审", en="Pre-review", done=_pre_reviewed, needs=("pre-review-submission",), missing="INV-047"),
    "form-issued": Part(zh="发放入党志愿书", en="Form issued", done=_last(ApplicationFormIssued), needs=("pre-review",)),
    "form": Part(zh="填写入党志愿书", en="Application form", done=_last(ApplicationFormCompleted), needs=("form-issued",)),
    "vote": Part(zh="支部大会讨论", en="General meeting votes", done=_admitted, needs=("form", "sponsors", "political-review", "course")),
    "submission": Part(zh="接收决议上报", en="Resolution submitted", done=_since_vote(ResolutionSubmitted, ADMISSION), needs=("vote",)),
    "superior-talk": Part(
        zh="上级党委派人谈话",
        en="Talk by the superior",
        done=_since_vote(AdmissionTalkHeld, AdmissionTalk.SUPERIOR),
        needs=("submission",),
    ),
    "approval": Part(
        zh="上级党委审批", en="Superior's approval", done=_last(AdmissionApproved), needs=("vote", "submission", "superior-talk")
    ),
    "reported-up": Part(
        zh="再上一级党委组织部门备案",
        en="Reported one level further up",
        done=_last(AdmissionFiled, FilingLevel.REPORTED_UP),
        needs=("approval",),
    ),
    "group": Part(zh="编入党支部和党小组", en="Placed in branch and group", done=_first(ProbationaryAssigned), needs=("approval",)),
    "oath": Part(zh="入党宣誓", en="Oath", done=_last(OathTaken), needs=("approval",)),
    "probation": Part(zh="继续教育考察", en="Probation and reviews", done=_probation_over, needs=("approval",)),
    "conversion-application": Part(
        zh="提出转正申请", en="Conversion applied for", done=_in_conversion(ConversionApplied), needs=("approval",)
    ),
    "conversion-opinions": Part(
        zh="转正征求意见",
        en="Opinions on the conversion",
        done=_in_conversion(OpinionsCollected, CONVERSION),
        needs=("conversion-application",),
    ),
    "conversion-review": Part(
        zh="转正支委会审查",
        en="Committee review of the conversion",
        done=_in_conversion(CommitteeReviewed, CONVERSION),
        needs=("approval",),
    ),
    "conversion-vote": Part(
        zh="支部大会讨论转正",
        en="General meeting votes on the conversion",
        done=lambda case: None if case.resolved is None else case.resolved.occurred_on,
        needs=("approval", "conversion-review"),
    ),
    "conversion-submission": Part(
        zh="转正决议上报", en="Conversion resolution submitted", done=_conversion_submitted, needs=("conversion-vote",)
    ),
    "conversion-approval": Part(
        zh="上级党委审批转正",
        en="Approval of the conversion",
        done=lambda case: None if case.settled is None else case.settled.occurred_on,
        needs=("conversion-vote", "conversion-submission"),
    ),
    "archive": Part(zh="材料归档", en="File archived", done=_last(AdmissionFileArchived), needs=("conversion-approval",)),
}
"""All parts in order; 25 of them are the steps of the rules, the others belong to one of those."""

CONVERT_NEEDS = ("conversion-application", "conversion-opinions")
"""What a conversion on time waits for beside what every vote about a probationary member does."""

_KNOWN = tuple(PARTS)
_UP_TO = {
    AdmissionStage.APPLICANT: 0,
    AdmissionStage.ACTIVIST: _KNOWN.index("activist-filing") + 1,
    AdmissionStage.TARGET: _KNOWN.index("target-filing") + 1,
    AdmissionStage.PROBATIONARY: _KNOWN.index("oath") + 1,
}


def skipped_on(case: Admission, code: str) -> Day:
    """The day that stands for a part that was done before the case came here."""
    over = case.taken_over
    if over is None or _KNOWN.index(code) >= _UP_TO[over.stage]:
        return None
    if _KNOWN.index(code) <= _KNOWN.index("applicant-talk"):
        return over.applied_on
    if _KNOWN.index(code) < _UP_TO[AdmissionStage.ACTIVIST]:
        return over.activist_on
    return over.target_on if over.target_on and _KNOWN.index(code) < _UP_TO[AdmissionStage.TARGET] else over.voted_on


def done_on(case: Admission, code: str) -> Day:
    return PARTS[code].done(case) or skipped_on(case, code)


def needs_of(case: Admission, code: str) -> tuple[str, ...]:
    """What a part waits for; a conversion on time waits for more than an extension or a cancellation."""
    vote = case.resolved
    on_time = code == "conversion-vote" and (vote is None or vote.question is AdmissionQuestion.CONVERT)
    return (*PARTS[code].needs, *(CONVERT_NEEDS if on_time else ()))


def check_order(case: Admission, day: dt.date, *needs: str) -> None:
    """Each of these is done, and not dated after `day` (INV-038, or the rule that the missing part has for itself)."""
    for need in needs:
        before = done_on(case, need)
        if before is None:
            raise Refused(PARTS[need].missing, "admission_id", detail=PARTS[need].zh)
        if before > day:
            raise Refused("INV-038", "occurred_on", detail=f"{PARTS[need].zh} {before}")


def check_step(case: Admission, day: dt.date, code: str) -> None:
    """What `code` waits for is done."""
    check_order(case, day, *PARTS[code].needs)


def rests_on(case: Admission, left: Admission) -> bool:
    """Something that was done waited for what `left` no longer has."""
    done = [code for code in PARTS if done_on(case, code) is not None]
    lost = {code for code in done if done_on(left, code) is None}
    return any(need in lost for code in done for need in needs_of(case, code))
