"""An influence period that was decided elsewhere, of somebody who came with it (R-G03, INV-035)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import PersonId, Text
from events.members import InfluenceBar, InfluenceSet
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict


class RecordInfluencePeriod(Command, frozen=True, kw_only=True, tag="record-influence-period"):
    """A member came with an influence period running; a case of this branch sets its own."""

    zh: ClassVar[str] = "登记处分影响期"
    en: ClassVar[str] = "Record an influence period"

    person_id: Annotated[PersonId, label("党员", "Member")]
    case_no: Annotated[Text, label("原处分案号或文号", "Case or document no. elsewhere", min_length=1)]
    bar: Annotated[InfluenceBar, label("影响内容", "What it bars from")]
    until: Annotated[dt.date | None, label("影响期止", "Until", help_zh="留空则取消此前登记", help_en="Empty: taken back")] = None


def record_influence_period(command: RecordInfluencePeriod, _context: Context, roster: Roster) -> Outcome:
    """The last word on a case number counts; cases of this branch are left to their own decisions."""
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    if any(matter.case_no == command.case_no for matter in member.matters):
        raise Conflict(f"case {command.case_no} is one of this branch")
    before = next((one for one in member.influences if one.case_no == command.case_no), None)
    if (None if before is None else (before.bar, before.until)) == (command.bar, command.until):
        return []
    if before is None and command.until is None:
        return []
    return [
        InfluenceSet(
            occurred_on=command.occurred_on,
            person_id=command.person_id,
            case_no=command.case_no,
            bar=command.bar,
            until=command.until,
        )
    ]


CASES = (Case(command=RecordInfluencePeriod, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=record_influence_period),)
