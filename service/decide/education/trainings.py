"""Members sent out for study in batches: planned, completed, carried over (N01.T03)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Count, PersonId, Text
from events.education import SIXTIETHS, StudyId, TrainingCarriedOver, TrainingCompleted, TrainingPlanned, Year
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.education.state import EDUCATION, Education, NewEntry, Slot, check_hours, new_name, standard
from service.decide.entries import on_record
from service.decide.meetings.roll import check_active
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed


class PlanTraining(Command, frozen=True, kw_only=True, tag="plan-training"):
    """A batch of members is to be sent out."""

    zh: ClassVar[str] = "登记外出轮训方案"
    en: ClassVar[str] = "Plan an external training"

    batch: Annotated[Text, label("批次", "Batch", min_length=1)]
    plan: Annotated[Text, label("方案", "Plan", min_length=1)]
    from_on: Annotated[dt.date, label("开始日期", "From")]
    until_on: Annotated[dt.date, label("结束日期", "Until")]
    place: Annotated[Text, label("地点", "Place", min_length=1)]
    host: Annotated[Text, label("主办单位", "Host", min_length=1)]
    people: Annotated[tuple[PersonId, ...], label("参加人员", "Members to be sent", min_length=1)]
    entry_id: NewEntry = None


class CompleteTraining(Command, frozen=True, kw_only=True, tag="complete-training"):
    """A batch came back."""

    zh: ClassVar[str] = "登记外出轮训完成"
    en: ClassVar[str] = "Complete an external training"

    training_id: Annotated[StudyId, label("轮训批次", "Training")]
    from_on: Annotated[dt.date | None, label("实际开始日期", "From", help_zh="留空则同方案", help_en="Empty: as planned")] = None
    until_on: Annotated[dt.date | None, label("实际结束日期", "Until", help_zh="留空则同方案", help_en="Empty: as planned")] = None
    people: Annotated[tuple[PersonId, ...], label("实际参加人员", "Took part", help_zh="留空则同方案", help_en="Empty: as planned")] = ()
    class_hours: Annotated[
        Count | None, label("每人学时", "Class hours of each", help_zh="留空则按全天折算", help_en="Empty: full days")
    ] = None
    entry_id: NewEntry = None


class CarryOverTraining(Command, frozen=True, kw_only=True, tag="carry-over-training"):
    """A batch did not go this year."""

    zh: ClassVar[str] = "外出轮训结转"
    en: ClassVar[str] = "Carry an external training over"

    training_id: Annotated[StudyId, label("轮训批次", "Training")]
    to_year: Annotated[Year, label("结转至年度", "To the year")]
    reason: Annotated[Text, label("结转原因", "Reason", min_length=1)]
    entry_id: NewEntry = None


def plan_training(command: PlanTraining, context: Context, education: Education, roster: Roster) -> Outcome:
    """A batch has a name of its own."""
    if command.until_on < command.from_on:
        raise Malformed("a training ends after it begins: until_on")
    event = TrainingPlanned(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        batch=command.batch,
        plan=command.plan,
        from_on=command.from_on,
        until_on=command.until_on,
        place=command.place,
        host=command.host,
        people=tuple(sorted(set(command.people))),
    )
    if on_record(education.all(TrainingPlanned), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    check_active(roster, event.people, command.occurred_on, "people")
    if any(other.batch == event.batch for other in education.all(TrainingPlanned)):
        raise Conflict(f"batch {event.batch} is on record; withdraw it first")
    return [event]


def complete_training(command: CompleteTraining, context: Context, education: Education, roster: Roster) -> Outcome:
    """At most 8 hours for each of its days, with all else of that day (INV-075)."""
    planned = education.of(TrainingPlanned, command.training_id)
    from_on, until_on = command.from_on or planned.from_on, command.until_on or planned.until_on
    if not from_on <= until_on <= command.occurred_on:
        raise Malformed("a training begins, ends, and is then on record: until_on")
    days = (until_on - from_on).days + 1
    hours = days * context.rules.number("study.hours.full_day") if command.class_hours is None else command.class_hours
    event = TrainingCompleted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        training_id=command.training_id,
        from_on=from_on,
        until_on=until_on,
        people=tuple(sorted(set(command.people))) or planned.people,
        credit=hours * SIXTIETHS,
        standard=standard(context.rules),
    )
    if on_record(education.all(TrainingCompleted), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    _check_pending(education, planned, command.occurred_on)
    check_active(roster, event.people, until_on, "people")
    for day, credit in event.by_day():
        check_hours(education, event.people, day, Slot(credit, None, None), context.rules, ("class_hours", "from_on"))
    return [event]


def carry_over_training(command: CarryOverTraining, context: Context, education: Education) -> Outcome:
    """To a later year, with the reason (N01.T03)."""
    planned = education.of(TrainingPlanned, command.training_id)
    event = TrainingCarriedOver(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StudyId(context.event_ids[0]),
        training_id=command.training_id,
        to_year=command.to_year,
        reason=command.reason,
    )
    if on_record(education.all(TrainingCarriedOver), event, "entry_id"):
        return []
    new_name(education, command.entry_id, context)
    _check_pending(education, planned, command.occurred_on)
    if command.to_year <= planned.from_on.year:
        raise Malformed(f"a later year than {planned.from_on.year}: to_year")
    return [event]


def _check_pending(education: Education, planned: TrainingPlanned, day: dt.date) -> None:
    training_id = planned.entry_id
    if day < planned.occurred_on:
        raise Conflict(f"the training was planned on {planned.occurred_on}, after {day}")
    over = [event.training_id for event in education.all(TrainingCompleted)]
    if training_id in (*over, *(event.training_id for event in education.all(TrainingCarriedOver))):
        raise Conflict(f"training {training_id} is completed or carried over already")


CASES = (
    Case(command=PlanTraining, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER), decide=plan_training),
    Case(command=CompleteTraining, right=Right.WORK_WRITE, reads=(EDUCATION, ROSTER), decide=complete_training),
    Case(command=CarryOverTraining, right=Right.WORK_WRITE, reads=(EDUCATION,), decide=carry_over_training),
)
