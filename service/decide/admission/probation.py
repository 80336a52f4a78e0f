"""Stage V: place in the branch, oath, application for conversion, archive; and a case that ends before (R-C19 to R-C25)."""

from typing import Annotated

from events.admission import AdmissionClosed, ClosingGround, PagesCounted
from events.admission_acceptance import (
    AdmissionFileArchived,
    AdmissionPurpose,
    ConversionApplied,
    KeptIn,
    OathTaken,
    ProbationaryAssigned,
    ResolutionSubmitted,
)
from events.base import GroupId, PersonId, Text
from events.documents import MaterialId
from events.members import MemberAssignedToGroup
from projections.standard.materials import proves
from projections.standard.periods import add_months
from service.auth.rights import Right
from service.decide.admission.cultivation import check_active, once
from service.decide.admission.order import check_order, check_step
from service.decide.admission.state import ADMISSION, Admission, Who, running
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.members.roll import check_group
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Refused


class SubmitAdmissionResolution(Command, frozen=True, kw_only=True, tag="submit-admission-resolution"):
    """What the general meeting resolved went to the superior."""

    zh = "上报发展党员决议"
    en = "Submit a resolution on an admission"

    admission_id: Who
    purpose: Annotated[AdmissionPurpose, label("事项", "Purpose")]
    document_no: Annotated[Text, label("请示文号", "Document no.", min_length=1)]


class AssignProbationary(Command, frozen=True, kw_only=True, tag="assign-probationary"):
    """The probationary member has a place in the branch and its Party group."""

    zh = "预备党员编入支部、小组"
    en = "Assign a probationary member"

    admission_id: Who
    group_id: Annotated[GroupId | None, label("编入党小组", "Party group", help_zh="未设党小组的留空", help_en="Empty without groups")] = (
        None
    )


class TakeOath(Command, frozen=True, kw_only=True, tag="take-oath"):
    """The probationary member took the oath before the flag."""

    zh = "登记入党宣誓"
    en = "Record the oath"

    admission_id: Who
    place: Annotated[Text, label("宣誓地点", "Where", min_length=1)]
    led_by: Annotated[PersonId | None, label("领誓人", "Led by")] = None


class ApplyForConversion(Command, frozen=True, kw_only=True, tag="apply-for-conversion"):
    """The probationary member asked in writing to become a full one."""

    zh = "登记转正申请"
    en = "Record an application for conversion"

    admission_id: Who


class ArchiveAdmissionFile(Command, frozen=True, kw_only=True, tag="archive-admission-file"):
    """The papers of the case are on file."""

    zh = "发展党员材料归档登记"
    en = "Archive an admission file"

    admission_id: Who
    kept_in: Annotated[KeptIn, label("归档去向", "Kept in")]
    volume_no: Annotated[Text, label("案卷号", "File number", min_length=1)]


class CloseAdmission(Command, frozen=True, kw_only=True, tag="close-admission"):
    """The case ends before a conversion."""

    zh = "终止发展程序"
    en = "Close an admission"

    admission_id: Who
    ground: Annotated[ClosingGround, label("终止情形", "Ground")]
    reason: Annotated[Text, label("说明", "Reason", min_length=1)]


class CountPages(Command, frozen=True, kw_only=True, tag="count-pages"):
    """How many pages a material of the file has."""

    zh = "登记发展材料页数"
    en = "Count the pages of a material"

    admission_id: Who
    material: Annotated[MaterialId, label("发展党员材料", "Material")]
    pages: Annotated[int, label("页数", "Pages", ge=1, le=10_000)]


def submit_admission_resolution(command: SubmitAdmissionResolution, _context: Context, case: Admission) -> Outcome:
    event = ResolutionSubmitted(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        purpose=command.purpose,
        document_no=command.document_no,
    )
    if case.has(event):
        return []
    check_step(case, command.occurred_on, "submission" if command.purpose is AdmissionPurpose.ADMISSION else "conversion-submission")
    return [event]


def assign_probationary(command: AssignProbationary, _context: Context, case: Admission, roster: Roster) -> Outcome:
    """Where the branch has groups, in exactly one of them (INV-003); the roll follows."""
    day = command.occurred_on
    person_id = running(case, command.admission_id)
    placed = ProbationaryAssigned(occurred_on=day, admission_id=command.admission_id, person_id=person_id, group_id=command.group_id)
    if case.has(placed):
        return []
    once(case, placed)
    check_step(case, day, "group")
    roster.must_be_active(person_id, day, "admission_id")
    check_group(roster, command.group_id, day)
    if command.group_id is None or roster.group_of(person_id, day) == command.group_id:
        return [placed]
    return [placed, MemberAssignedToGroup(occurred_on=day, person_id=person_id, group_id=command.group_id)]


def take_oath(command: TakeOath, _context: Context, case: Admission, roster: Roster) -> Outcome:
    event = OathTaken(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        place=command.place,
        led_by=command.led_by,
    )
    if case.has(event):
        return []
    once(case, event)
    check_step(case, command.occurred_on, "oath")
    check_active(roster, () if command.led_by is None else (command.led_by,), command.occurred_on, "led_by")
    return [event]


def apply_for_conversion(command: ApplyForConversion, context: Context, case: Admission) -> Outcome:
    """From one month before the end of probation on (R-C22, INV-054); after an extension, once more."""
    day = command.occurred_on
    event = ConversionApplied(occurred_on=day, admission_id=command.admission_id, person_id=running(case, command.admission_id))
    if case.has(event):
        return []
    check_step(case, day, "conversion-application")
    assert case.probation_end is not None, "probation has an end from its beginning"
    if day < add_months(case.probation_end, -context.rules.number("probation.apply_early_months")):
        raise Refused("INV-054", "occurred_on", detail=f"{case.probation_end}")
    if case.conversion.last(ConversionApplied) is not None:
        raise Conflict("an application for conversion is on record; withdraw that entry first")
    return [event]


def archive_admission_file(command: ArchiveAdmissionFile, _context: Context, case: Admission) -> Outcome:
    """When probation is settled, one way or the other (R-C25)."""
    event = AdmissionFileArchived(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=case.opened.person_id if case.opened is not None else running(case, command.admission_id),
        kept_in=command.kept_in,
        volume_no=command.volume_no,
    )
    if case.has(event):
        return []
    running(case, command.admission_id)
    check_order(case, command.occurred_on, "conversion-approval")
    return [event]


def close_admission(command: CloseAdmission, _context: Context, case: Admission, roster: Roster) -> Outcome:
    """A probationary member of this branch is converted, extended or cancelled instead."""
    event = AdmissionClosed(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=case.opened.person_id if case.opened is not None else running(case, command.admission_id),
        ground=command.ground,
        reason=command.reason,
    )
    if case.has(event):
        return []
    running(case, command.admission_id)
    if command.occurred_on < max(entry.occurred_on for entry in case.entries):
        raise Refused("INV-038", "occurred_on")
    if event.person_id in roster.members_on(command.occurred_on):
        raise Conflict("a member of this branch: convert, extend or cancel, or transfer the relation first")
    return [event]


def count_pages(command: CountPages, _context: Context, case: Admission) -> Outcome:
    """Only of a material that an entry of the case has brought (INV-099)."""
    event = PagesCounted(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        material=command.material,
        pages=command.pages,
    )
    if case.has(event):
        return []
    if not any(command.material in proves(entry) for entry in case.entries):
        raise Refused("INV-099", "material")
    return [event]


RIGHT = Right.ADMISSION_WRITE

CASES = (
    Case(command=SubmitAdmissionResolution, right=RIGHT, reads=(ADMISSION,), decide=submit_admission_resolution),
    Case(command=AssignProbationary, right=RIGHT, reads=(ADMISSION, ROSTER), decide=assign_probationary),
    Case(command=TakeOath, right=RIGHT, reads=(ADMISSION, ROSTER), decide=take_oath),
    Case(command=ApplyForConversion, right=RIGHT, reads=(ADMISSION,), decide=apply_for_conversion),
    Case(command=ArchiveAdmissionFile, right=RIGHT, reads=(ADMISSION,), decide=archive_admission_file),
    Case(command=CloseAdmission, right=RIGHT, reads=(ADMISSION, ROSTER), decide=close_admission),
    Case(command=CountPages, right=RIGHT, reads=(ADMISSION,), decide=count_pages),
)
