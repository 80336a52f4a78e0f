"""Before the vote: sponsors, political review, course, committee review, pre-review, form (R-C09 to R-C14, INV-044 to 048)."""

import datetime as dt
from typing import Annotated

from events.admission import ExceptionGranted, ExceptionGround, PoliticalReviewCompleted, ShortCourseCompleted, SponsorsAssigned
from events.admission_acceptance import (
    AdmissionPurpose,
    ApplicationFormCompleted,
    ApplicationFormIssued,
    CommitteeReviewed,
    NoticeKind,
    PreReviewSubmitted,
)
from events.base import Count, LongText, MeetingId, PersonId, Text
from events.meetings import MeetingKind
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.admission.cultivation import once
from service.decide.admission.notices import check_notice
from service.decide.admission.order import check_step
from service.decide.admission.state import ADMISSION, Admission, Who, held_on, running
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Malformed, Refused


class AssignSponsors(Command, frozen=True, kw_only=True, tag="assign-sponsors"):
    """Two full members vouch for the person."""

    zh = "确定入党介绍人"
    en = "Assign sponsors"

    admission_id: Who
    sponsors: Annotated[tuple[PersonId, ...], label("入党介绍人", "Sponsors")]


class CompletePoliticalReview(Command, frozen=True, kw_only=True, tag="complete-political-review"):
    """The political review came to its conclusion."""

    zh = "登记政治审查结论"
    en = "Record the political review"

    admission_id: Who
    passed: Annotated[bool, label("政治审查合格", "Passed")] = False
    conclusion: Annotated[LongText, label("结论性意见", "Conclusion", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class CompleteShortCourse(Command, frozen=True, kw_only=True, tag="complete-short-course"):
    """The development target completed the short course; the date of occurrence is its last day."""

    zh = "登记短期集中培训"
    en = "Record the short course"

    admission_id: Who
    began_on: Annotated[dt.date, label("培训开始日期", "Began on")]
    days: Annotated[Count, label("培训天数", "Days")] = 0
    hours: Annotated[Count, label("学时", "Class hours")] = 0
    organiser: Annotated[Text, label("举办单位", "Organiser", min_length=1)]


class ReviewInCommittee(Command, frozen=True, kw_only=True, tag="review-in-committee"):
    """The branch committee discussed the person together."""

    zh = "登记支委会审查"
    en = "Record the committee's review"

    admission_id: Who
    purpose: Annotated[AdmissionPurpose, label("事项", "Purpose")]
    meeting_id: Annotated[MeetingId, label("集体讨论的会议", "Meeting")]
    conclusion: Annotated[LongText, label("审查意见", "Conclusion", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class SubmitForPreReview(Command, frozen=True, kw_only=True, tag="submit-for-pre-review"):
    """The papers went to the superior for pre-review."""

    zh = "报上级党委预审"
    en = "Submit for pre-review"

    admission_id: Who
    document_no: Annotated[Text, label("请示文号", "Document no.", min_length=1)]
    leaves_on: Annotated[
        dt.date | None, label("预计离开本单位日期", "Leaves the unit on", help_zh="无调离安排的留空", help_en="Empty when not leaving")
    ] = None


class IssueApplicationForm(Command, frozen=True, kw_only=True, tag="issue-application-form"):
    """The numbered form was handed to the person."""

    zh = "发放入党志愿书"
    en = "Issue the application form"

    admission_id: Who
    form_no: Annotated[Text, label("志愿书编号", "Form number", min_length=1)]


class CompleteApplicationForm(Command, frozen=True, kw_only=True, tag="complete-application-form"):
    """The person filled the form in, guided by the sponsors."""

    zh = "登记填写入党志愿书"
    en = "Record the completed application form"

    admission_id: Who


def assign_sponsors(command: AssignSponsors, context: Context, case: Admission, roster: Roster) -> Outcome:
    """Exactly as many as the rule says, full members with all their rights (R-C09, INV-044); others may take their place."""
    day = command.occurred_on
    event = SponsorsAssigned(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        sponsors=command.sponsors,
    )
    before = case.last(SponsorsAssigned)
    if before is not None and before.sponsors == event.sponsors:
        return []
    check_step(case, day, "sponsors")
    number = context.rules.number("admission.sponsors")
    if len(command.sponsors) != number or len(set(command.sponsors)) != number or not roster.voters_on(day).issuperset(command.sponsors):
        raise Refused("INV-044", "sponsors")
    return [event]


def complete_political_review(command: CompletePoliticalReview, _context: Context, case: Admission) -> Outcome:
    """Also one that was not passed is kept; what follows is then refused (R-C10, INV-045)."""
    event = PoliticalReviewCompleted(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        passed=command.passed,
        conclusion=command.conclusion,
    )
    if case.has(event):
        return []
    check_step(case, command.occurred_on, "political-review")
    return [event]


def check_political_review(case: Admission, rules: Rules, day: dt.date) -> None:
    """Present, passed, and not older than it may be on `day` (INV-045)."""
    if not politically_sound(case, rules, day):
        raise Refused("INV-045", "admission_id")


def politically_sound(case: Admission, rules: Rules, day: dt.date) -> bool:
    reviewed = case.last(PoliticalReviewCompleted)
    if reviewed is None or not reviewed.passed or reviewed.occurred_on > day:
        return False
    return day <= add_months(reviewed.occurred_on, rules.number("admission.review_valid_months"))


def complete_short_course(command: CompleteShortCourse, context: Context, case: Admission) -> Outcome:
    """Three days or 24 class hours, either is enough (R-C11, INV-046)."""
    event = ShortCourseCompleted(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        began_on=command.began_on,
        days=command.days,
        hours=command.hours,
        organiser=command.organiser,
    )
    if case.has(event):
        return []
    once(case, event)
    if command.began_on > command.occurred_on or command.days > (command.occurred_on - command.began_on).days + 1:
        raise Malformed("began_on, days: they do not fit the last day of the course")
    check_step(case, command.began_on, "course")
    rules = context.rules
    if command.days < rules.number("admission.course_days") and command.hours < rules.number("admission.course_hours"):
        raise Refused("INV-046", "days", "hours")
    return [event]


def review_in_committee(command: ReviewInCommittee, context: Context, case: Admission, meeting: Meeting, roster: Roster) -> Outcome:
    """By the committee; by the general meeting where there is none (R-C12, R-C23)."""
    day = command.occurred_on
    event = CommitteeReviewed(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        purpose=command.purpose,
        meeting_id=command.meeting_id,
        conclusion=command.conclusion,
    )
    if case.has(event):
        return []
    if command.purpose is AdmissionPurpose.ADMISSION:
        check_step(case, day, "committee-review")
        check_political_review(case, context.rules, day)
    else:
        check_step(case, day, "conversion-review")
    kind = MeetingKind.COMMITTEE if roster.committee_on(day) else MeetingKind.GENERAL
    held_on(meeting, command.meeting_id, day, kind)
    return [event]


def submit_for_pre_review(command: SubmitForPreReview, context: Context, case: Admission) -> Outcome:
    """Not for somebody about to leave, unless the superior allows it (R-C13, INV-048); the notice comes before, where the rule says so."""
    day, rules = command.occurred_on, context.rules
    event = PreReviewSubmitted(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        document_no=command.document_no,
        leaves_on=command.leaves_on,
    )
    if case.has(event):
        return []
    check_step(case, day, "pre-review-submission")
    check_political_review(case, rules, day)
    soon = command.leaves_on is not None and command.leaves_on <= add_months(day, rules.number("admission.leaving_months"))
    if soon and case.last(ExceptionGranted, ExceptionGround.LEAVING) is None:
        raise Refused("INV-048", "leaves_on")
    if rules.text("notice.admission.before") != "meeting":
        check_notice(case, NoticeKind.ADMISSION, day)
    return [event]


def issue_application_form(command: IssueApplicationForm, _context: Context, case: Admission) -> Outcome:
    """Only once pre-review has passed (R-C14, INV-047)."""
    event = ApplicationFormIssued(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        form_no=command.form_no,
    )
    if case.has(event):
        return []
    once(case, event)
    check_step(case, command.occurred_on, "form-issued")
    return [event]


def complete_application_form(command: CompleteApplicationForm, _context: Context, case: Admission) -> Outcome:
    event = ApplicationFormCompleted(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
    )
    if case.has(event):
        return []
    once(case, event)
    check_step(case, command.occurred_on, "form")
    return [event]


CASES = (
    Case(command=AssignSponsors, right=Right.ADMISSION_WRITE, reads=(ADMISSION, ROSTER), decide=assign_sponsors),
    Case(command=CompletePoliticalReview, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=complete_political_review),
    Case(command=CompleteShortCourse, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=complete_short_course),
    Case(command=ReviewInCommittee, right=Right.ADMISSION_WRITE, reads=(ADMISSION, MEETING, ROSTER), decide=review_in_committee),
    Case(command=SubmitForPreReview, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=submit_for_pre_review),
    Case(command=IssueApplicationForm, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=issue_application_form),
    Case(command=CompleteApplicationForm, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=complete_application_form),
)
