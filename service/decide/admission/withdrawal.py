"""Wrong entries of an admission are withdrawn: by the branch its own, by the superior what the superior said (R-C00, INV-038)."""

import datetime as dt
from typing import Annotated

from events.admission import ApplicantDetailsCorrected
from events.admission_acceptance import OPENING, AdmissionEntryWithdrawn
from events.base import Choice, Text
from service.auth.rights import Right
from service.decide.admission.order import rests_on
from service.decide.admission.state import ADMISSION, Admission, Who, running, without
from service.decide.base import Case, Command, Context, Outcome, label
from service.errors import Refused


class BranchEntry(Choice):
    """What the branch may withdraw. What has reached the roll is answered by a further decision instead."""

    APPLICATION = "admission.application_received", "入党申请书", "Application"
    TAKEN_OVER = "admission.case_taken_over", "接续发展程序", "Case taken over"
    APPLICANT_TALK = "admission.talk_held:applicant", "与入党申请人谈话", "Talk with the applicant"
    CULTIVATION_TALK = "admission.talk_held:cultivation", "培养联系人谈心谈话", "Talk with the activist"
    TARGET_TALK = "admission.talk_held:target", "与发展对象谈话", "Talk with the development target"
    PROBATION_TALK = "admission.talk_held:probation", "与预备党员谈心谈话", "Talk with the probationary member"
    ACTIVIST = "admission.activist_determined", "确定入党积极分子", "Activist determined"
    ACTIVIST_FILED = "admission.filed:activist", "积极分子备案", "Activist filed"
    CONTACTS = "admission.contacts_assigned", "指定培养联系人", "Contacts assigned"
    TRAINING = "admission.activist_trained", "积极分子学习培训", "Activist trained"
    INITIAL_REVIEW = "admission.reviewed:initial", "初步培养教育考察", "Initial review"
    ACTIVIST_REVIEW = "admission.reviewed:activist", "积极分子半年考察", "Review of the activist"
    PROBATION_REVIEW = "admission.reviewed:probation", "预备党员考察", "Review of the probationary member"
    THOUGHT_REPORT = "admission.report_received:thought", "思想汇报", "Thought report"
    REFLECTION = "admission.report_received:reflection", "学习心得体会", "Study reflection"
    OPINIONS = "admission.opinions_collected:admission", "听取意见(接收)", "Opinions on the admission"
    CONVERSION_OPINIONS = "admission.opinions_collected:conversion", "听取意见(转正)", "Opinions on the conversion"
    TARGET = "admission.target_determined", "确定发展对象", "Development target determined"
    TARGET_FILED = "admission.filed:target", "发展对象备案", "Development target filed"
    SPONSORS = "admission.sponsors_assigned", "确定入党介绍人", "Sponsors assigned"
    POLITICAL_REVIEW = "admission.political_review_completed", "政治审查", "Political review"
    COURSE = "admission.course_completed", "短期集中培训", "Short course"
    ACTIVIST_NOTICE = "admission.notice_posted:activist", "发布积极分子公示", "Notice of the activist"
    ACTIVIST_NOTICE_CLOSED = "admission.notice_closed:activist", "积极分子公示结束", "Notice of the activist closed"
    TARGET_NOTICE = "admission.notice_posted:target", "发布发展对象公示", "Notice of the target"
    TARGET_NOTICE_CLOSED = "admission.notice_closed:target", "发展对象公示结束", "Notice of the target closed"
    NOTICE = "admission.notice_posted:admission", "发布接收公示", "Notice of the admission"
    NOTICE_CLOSED = "admission.notice_closed:admission", "接收公示结束", "Notice of the admission closed"
    CONVERSION_NOTICE = "admission.notice_posted:conversion", "发布转正公示", "Notice of the conversion"
    CONVERSION_NOTICE_CLOSED = "admission.notice_closed:conversion", "转正公示结束", "Notice of the conversion closed"
    COMMITTEE_REVIEW = "admission.committee_reviewed:admission", "支委会审查(接收)", "Committee review of the admission"
    CONVERSION_REVIEW = "admission.committee_reviewed:conversion", "支委会审查(转正)", "Committee review of the conversion"
    PRE_REVIEW_SUBMITTED = "admission.pre_review_submitted", "报预审", "Pre-review submitted"
    FORM_ISSUED = "admission.form_issued", "发放入党志愿书", "Form issued"
    FORM_COMPLETED = "admission.form_completed", "填写入党志愿书", "Form completed"
    ADMISSION_VOTE = "admission.voted:admit", "接收表决", "Vote on the admission"
    CONVERSION_VOTE = "admission.voted:convert", "转正表决", "Vote on the conversion"
    EXTENSION_VOTE = "admission.voted:extend", "延长预备期表决", "Vote on an extension"
    CANCELLATION_VOTE = "admission.voted:cancel", "取消资格表决", "Vote on a cancellation"
    SUBMITTED = "admission.resolution_submitted:admission", "接收决议上报", "Resolution on the admission submitted"
    CONVERSION_SUBMITTED = "admission.resolution_submitted:conversion", "转正决议上报", "Resolution on the conversion submitted"
    OATH = "admission.oath_taken", "入党宣誓", "Oath"
    CONVERSION_APPLIED = "admission.conversion_applied", "转正申请", "Application for conversion"


class SuperiorEntry(Choice):
    """What the superior may withdraw."""

    PRE_REVIEW = "admission.pre_review_decided", "预审结果", "Pre-review"
    TALK = "admission.talk_held:superior", "上级党委派人谈话", "Talk by the superior"
    REJECTED = "admission.rejected", "审批不同意", "Rejection"
    NOTICE = "admission.notice_issued", "同意吸收预备党员通知", "Notice of consent"
    REPORTED_UP = "admission.filed:reported_up", "报再上一级备案", "Reported further up"
    REVIEW_GAP = "admission.exception_granted:review_gap", "考察缺失特批", "Exception for a missing review"
    NO_COURSE = "admission.exception_granted:no_course", "未参加培训特批", "Exception from the short course"
    LEAVING = "admission.exception_granted:leaving", "即将离开单位特批", "Exception for leaving soon"
    RETURNED = "admission.conversion_returned", "转正决议退回", "Return of the resolution"


Of = Annotated[dt.date, label("该登记的发生日期", "Date that the entry bears")]
Why = Annotated[Text, label("撤销原因", "Reason", min_length=1)]


class WithdrawAdmissionEntry(Command, frozen=True, kw_only=True, tag="withdraw-admission-entry"):
    """An entry of the branch was wrong: the last one of that kind and day stands no more."""

    zh = "撤销发展党员登记"
    en = "Withdraw an entry of an admission"

    admission_id: Who
    entry: Annotated[BranchEntry, label("撤销的登记", "Entry")]
    entry_on: Of
    reason: Why


class WithdrawSuperiorEntry(Command, frozen=True, kw_only=True, tag="withdraw-superior-entry"):
    """An entry of the superior was wrong: the last one of that kind and day stands no more."""

    zh = "撤销上级党委登记"
    en = "Withdraw a superior's entry of an admission"

    admission_id: Who
    entry: Annotated[SuperiorEntry, label("撤销的登记", "Entry")]
    entry_on: Of
    reason: Why


def withdraw_entry(command: WithdrawAdmissionEntry | WithdrawSuperiorEntry, _context: Context, case: Admission) -> Outcome:
    """Only while nothing rests on it: what came later is withdrawn first. The application is the last to go."""
    name = command.entry.value
    if case.void and name in OPENING:
        return []
    person_id = running(case, command.admission_id)
    if command.occurred_on < command.entry_on:
        raise Refused("INV-038", "occurred_on")
    left = without(case, name, command.entry_on)
    only_particulars = all(isinstance(entry, ApplicantDetailsCorrected) for entry in left.entries)
    if rests_on(case, left) or (name in OPENING and not only_particulars):
        raise Refused("INV-038", "entry")
    return [
        AdmissionEntryWithdrawn(
            occurred_on=command.occurred_on,
            admission_id=command.admission_id,
            person_id=person_id,
            withdrawn=name,
            withdrawn_on=command.entry_on,
            reason=command.reason,
        )
    ]


CASES = (
    Case(command=WithdrawAdmissionEntry, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=withdraw_entry),
    Case(command=WithdrawSuperiorEntry, right=Right.SUPERIOR_WRITE, reads=(ADMISSION,), decide=withdraw_entry),
)
