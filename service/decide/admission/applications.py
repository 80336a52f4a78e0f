"""How an admission case begins: an application, or a case that goes on here; and corrections of the particulars (R-C01, R-C30, INV-036)."""

import datetime as dt
from typing import Annotated, Any

from events.admission import AdmissionStage, ApplicantDetailsCorrected, ApplicantSex, ApplicationReceived, CaseTakenOver, Code
from events.base import AdmissionId, PersonId, Text, month_of
from events.members import MemberStatus
from projections.standard.codes import CODES
from projections.standard.periods import add_months
from service.auth.rights import Right
from service.decide.admission.state import ADMISSION, PROFILE, Admission, Who, running
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.members.roll import IdNumber, Name, ShortName, checked_id_number
from service.decide.roster import ROSTER, Roster, must_exist
from service.errors import Conflict, Malformed, Refused

NewId = Annotated[AdmissionId | None, label("发展程序编号", "Admission id", help_zh="通常留空", help_en="Usually left empty")]
NewPerson = Annotated[PersonId | None, label("人员编号", "Person id", help_zh="通常留空", help_en="Usually left empty")]


class ReceiveApplication(Command, frozen=True, kw_only=True, tag="receive-application"):
    """Somebody applied in writing to join."""

    zh = "登记入党申请书"
    en = "Record an application to join"

    name: Name
    sex: Annotated[ApplicantSex, label("性别", "Sex")]
    nationality: Annotated[Code, label("民族", "Nationality")]
    born_on: Annotated[dt.date, label("出生日期", "Born on")]
    id_number: Annotated[IdNumber | None, label("公民身份号码", "ID number")] = None
    native_place: Annotated[Text | None, label("籍贯", "Native place")] = None
    education: Annotated[Code, label("学历", "Education")]
    work_post: Annotated[Code | None, label("工作岗位", "Kind of work")] = None
    unit_and_post: Annotated[Text | None, label("工作单位及职务", "Unit and post")] = None
    started_work_on: Annotated[dt.date | None, label("参加工作时间", "Started work on")] = None
    phone: Annotated[Text | None, label("联系电话", "Telephone")] = None
    address: Annotated[Text | None, label("现居住地", "Address")] = None
    person_id: NewPerson = None
    admission_id: NewId = None


class CorrectApplicantDetails(Command, frozen=True, kw_only=True, tag="correct-applicant-details"):
    """Particulars of an applicant, activist or development target were wrong or have changed; what is left empty stays."""

    zh = "更正申请人信息"
    en = "Correct an applicant's details"

    admission_id: Who
    reason: Annotated[Text, label("更正原因", "Reason", min_length=1)]
    name: Annotated[ShortName | None, label("姓名", "Name")] = None
    sex: Annotated[ApplicantSex | None, label("性别", "Sex")] = None
    nationality: Annotated[Code | None, label("民族", "Nationality")] = None
    born_on: Annotated[dt.date | None, label("出生日期", "Born on")] = None
    id_number: Annotated[IdNumber | None, label("公民身份号码", "ID number")] = None
    native_place: Annotated[Text | None, label("籍贯", "Native place")] = None
    education: Annotated[Code | None, label("学历", "Education")] = None
    work_post: Annotated[Code | None, label("工作岗位", "Kind of work")] = None
    unit_and_post: Annotated[Text | None, label("工作单位及职务", "Unit and post")] = None
    started_work_on: Annotated[dt.date | None, label("参加工作时间", "Started work on")] = None
    phone: Annotated[Text | None, label("联系电话", "Telephone")] = None
    address: Annotated[Text | None, label("现居住地", "Address")] = None


class TakeOverAdmission(Command, frozen=True, kw_only=True, tag="take-over-admission"):
    """An activist or development target came from another branch; the years of cultivation count on."""

    zh = "接续培养(入党积极分子、发展对象)"
    en = "Take over the admission of an activist or target"

    from_name: Annotated[Text, label("原党组织", "From which organisation", min_length=1)]
    name: Name
    sex: Annotated[ApplicantSex, label("性别", "Sex")]
    nationality: Annotated[Code, label("民族", "Nationality")]
    born_on: Annotated[dt.date, label("出生日期", "Born on")]
    id_number: Annotated[IdNumber | None, label("公民身份号码", "ID number")] = None
    education: Annotated[Code, label("学历", "Education")]
    unit_and_post: Annotated[Text | None, label("工作单位及职务", "Unit and post")] = None
    applied_on: Annotated[dt.date, label("申请入党时间", "Applied on")]
    activist_on: Annotated[dt.date, label("确定为入党积极分子时间", "Activist since")]
    target_on: Annotated[
        dt.date | None,
        label("确定为发展对象时间", "Development target since", help_zh="尚为积极分子的留空", help_en="Empty for an activist"),
    ] = None
    person_id: NewPerson = None
    admission_id: NewId = None


class TakeOverProbation(Command, frozen=True, kw_only=True, tag="take-over-probation"):
    """A probationary member is on the roll whose admission is not in these books; probation runs on."""

    zh = "接续预备期考察"
    en = "Take over a probation"

    person_id: Annotated[PersonId, label("预备党员", "Probationary member")]
    from_name: Annotated[Text, label("接收其为预备党员的党组织", "Admitted by", min_length=1)]
    applied_on: Annotated[dt.date, label("申请入党时间", "Applied on")]
    activist_on: Annotated[dt.date, label("确定为入党积极分子时间", "Activist since")]
    probation_end: Annotated[
        dt.date | None,
        label("预备期满日", "Probation ends on", help_zh="已延长的填延长后的日期；留空则按规定推算", help_en="Only when it was extended"),
    ] = None
    admission_id: NewId = None


def receive_application(command: ReceiveApplication, context: Context, case: Admission, roster: Roster) -> Outcome:
    """Of age on the day of the application (INV-036), and nobody's member (INV-001)."""
    must_exist(roster, context)
    if _begun(case, command.person_id):
        return []
    day = command.occurred_on
    if add_months(command.born_on, 12 * context.rules.number("admission.min_age")) > day:
        raise Refused("INV-036", "born_on")
    _check_outsider(roster, command.person_id, day)
    _check_codes(command)
    number = None if command.id_number is None else checked_id_number(command.id_number, command.born_on)
    return [
        ApplicationReceived(
            occurred_on=day,
            admission_id=command.admission_id or AdmissionId(context.event_ids[0]),
            person_id=command.person_id or PersonId(context.event_ids[0]),
            name=command.name.strip(),
            sex=command.sex,
            nationality=command.nationality,
            born_on=command.born_on.isoformat(),
            born_month=month_of(command.born_on),
            id_number=number,
            id_index=None if number is None else context.blind(number),
            native_place=command.native_place,
            education=command.education,
            work_post=command.work_post,
            unit_and_post=command.unit_and_post,
            started_work=None if command.started_work_on is None else month_of(command.started_work_on),
            phone=command.phone,
            address=command.address,
        )
    ]


def _begun(case: Admission, person_id: PersonId | None) -> bool:
    """A repeated command finds its case; an id is not used twice."""
    if case.void or (case.opened is not None and person_id not in {None, case.opened.person_id}):
        raise Conflict("this admission_id was used before")
    return case.opened is not None


def _check_outsider(roster: Roster, person_id: PersonId | None, day: dt.date) -> None:
    member = None if person_id is None else roster.members.get(person_id)
    if member is not None and (member.belongs.until is None or day < member.belongs.until):
        raise Refused("INV-001", "person_id")


def _check_codes(command: Any) -> None:
    """Only codes of the official lists."""
    for field, codes in (("nationality", "nation"), ("education", "education"), ("work_post", "work")):
        if (code := getattr(command, field, None)) is not None and code not in CODES[codes]:
            raise Malformed(f"{field}: there is no code {code}")


def correct_applicant_details(command: CorrectApplicantDetails, context: Context, case: Admission) -> Outcome:
    """Until admission; after that the roll is changed instead. The age is looked at again (INV-036)."""
    person_id = running(case, command.admission_id)
    if case.stage is AdmissionStage.PROBATIONARY:
        raise Conflict("a member by now: change the member's profile")
    _check_codes(command)
    changes = _changes(command, context, case)
    applied_on = case.entries[0].occurred_on
    if command.born_on is not None and add_months(command.born_on, 12 * context.rules.number("admission.min_age")) > applied_on:
        raise Refused("INV-036", "born_on")
    if not changes:
        return []
    return [
        ApplicantDetailsCorrected(
            occurred_on=command.occurred_on, admission_id=command.admission_id, person_id=person_id, reason=command.reason, **changes
        )
    ]


def _changes(command: CorrectApplicantDetails, context: Context, case: Admission) -> dict[str, Any]:
    """What is given and not so already; a sealed field cannot be compared, the ID number can, by its index."""
    before = case.person()
    given: dict[str, Any] = {field: getattr(command, field, None) for field in PROFILE}
    if command.born_on is not None:
        given |= {"born_on": command.born_on.isoformat(), "born_month": month_of(command.born_on)}
    if command.started_work_on is not None:
        given["started_work"] = month_of(command.started_work_on)
    if command.id_number is not None:
        given["id_number"] = checked_id_number(command.id_number, command.born_on, given["born_month"] or before["born_month"])
        given["id_index"] = context.blind(given["id_number"])
        if given["id_index"] == before["id_index"]:
            given["id_number"] = None
    return {field: value for field, value in given.items() if value is not None and value != before[field]}


def take_over_admission(command: TakeOverAdmission, context: Context, case: Admission, roster: Roster) -> Outcome:
    """Dates in their order; the clock of cultivation runs on (R-C30)."""
    must_exist(roster, context)
    if _begun(case, command.person_id):
        return []
    target = () if command.target_on is None else (command.target_on,)
    _check_dates(command.born_on, command.applied_on, command.activist_on, *target, command.occurred_on)
    if add_months(command.born_on, 12 * context.rules.number("admission.min_age")) > command.applied_on:
        raise Refused("INV-036", "born_on")
    if target and add_months(command.activist_on, context.rules.number("admission.cultivation_months")) > target[0]:
        raise Refused("INV-040", "target_on")
    _check_outsider(roster, command.person_id, command.occurred_on)
    _check_codes(command)
    number = None if command.id_number is None else checked_id_number(command.id_number, command.born_on)
    return [
        CaseTakenOver(
            occurred_on=command.occurred_on,
            admission_id=command.admission_id or AdmissionId(context.event_ids[0]),
            person_id=command.person_id or PersonId(context.event_ids[0]),
            stage=AdmissionStage.TARGET if target else AdmissionStage.ACTIVIST,
            from_name=command.from_name,
            name=command.name.strip(),
            sex=command.sex,
            nationality=command.nationality,
            born_on=command.born_on.isoformat(),
            born_month=month_of(command.born_on),
            id_number=number,
            id_index=None if number is None else context.blind(number),
            education=command.education,
            unit_and_post=command.unit_and_post,
            applied_on=command.applied_on,
            activist_on=command.activist_on,
            target_on=command.target_on,
        )
    ]


def _check_dates(*days: dt.date) -> None:
    if list(days) != sorted(days):
        raise Refused("INV-038", "applied_on", "activist_on")


def take_over_probation(command: TakeOverProbation, context: Context, case: Admission, roster: Roster) -> Outcome:
    """Who it is stands on the roll, and since when; an end later than the rule's says that probation was extended."""
    if _begun(case, command.person_id):
        return []
    day = command.occurred_on
    member = roster.must_be_active(command.person_id, day, "person_id")
    if member.status_on(day) is not MemberStatus.PROBATIONARY:
        raise Conflict("person_id: not a probationary member")
    profile = member.profile
    _check_dates(command.applied_on, command.activist_on, profile.admitted_on)
    usual = add_months(profile.admitted_on, context.rules.number("admission.probation_months"))
    least, most = context.rules.table("probation.extension_months")
    end = command.probation_end or usual
    if end != usual and not add_months(usual, least) <= end <= add_months(usual, most):
        raise Refused("INV-055", "probation_end")
    known = {field: getattr(profile, field) for field in ("name", "nationality", "born_on", "born_month", "id_number", "id_index")}
    event = CaseTakenOver(
        occurred_on=day,
        admission_id=command.admission_id or AdmissionId(context.event_ids[0]),
        person_id=command.person_id,
        stage=AdmissionStage.PROBATIONARY,
        from_name=command.from_name,
        sex=ApplicantSex[profile.sex.name],
        education=profile.education,
        unit_and_post=profile.unit_and_post,
        applied_on=command.applied_on,
        activist_on=command.activist_on,
        voted_on=profile.admitted_on,
        probation_end=end,
        extended=end != usual,
        **known,
    )
    return [event]


CASES = (
    Case(command=ReceiveApplication, right=Right.ADMISSION_WRITE, reads=(ADMISSION, ROSTER), decide=receive_application),
    Case(command=CorrectApplicantDetails, right=Right.ADMISSION_WRITE, reads=(ADMISSION,), decide=correct_applicant_details),
    Case(command=TakeOverAdmission, right=Right.ADMISSION_WRITE, reads=(ADMISSION, ROSTER), decide=take_over_admission),
    Case(command=TakeOverProbation, right=Right.ADMISSION_WRITE, reads=(ADMISSION, ROSTER), decide=take_over_probation),
)
