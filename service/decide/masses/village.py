"""Village aid: a member is posted, writes a log, comes back (N02.T05, N02.M04, DL-62)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Count, LongText, PersonId, Text
from events.masses import MassEntryId, PostingId, VillageAidAssigned, VillageAidEnded, VillageAidLogged
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.marks import is_new, must_belong, standing
from service.decide.masses.entries import MASSES, Masses, OwnMassEntryId, Posting
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed


class AssignVillageAid(Command, frozen=True, kw_only=True, tag="assign-village-aid"):
    """Post a member to a village to help there."""

    zh: ClassVar[str] = "选派驻村党员"
    en: ClassVar[str] = "Post a member to a village"

    person_id: Annotated[PersonId, label("驻村党员", "Member")]
    village: Annotated[Text, label("村", "Village", min_length=1)]
    until: Annotated[dt.date | None, label("计划结束日期", "Planned end")] = None
    document_no: Annotated[Text, label("文号", "Document no.")] = ""
    entry_id: OwnMassEntryId = None


def assign_village_aid(command: AssignVillageAid, context: Context, masses: Masses, roster: Roster) -> Outcome:
    """A member of the branch, in one village at a time (INV-002, INV-009)."""
    if command.until is not None and command.until < command.occurred_on:
        raise Malformed("until lies before the day on which it began")
    event = VillageAidAssigned(
        occurred_on=command.occurred_on,
        entry_id=PostingId(command.entry_id or MassEntryId(context.event_ids[0])),
        person_id=command.person_id,
        village=command.village,
        until=command.until,
        document_no=command.document_no,
    )
    if not is_new(masses.marks, event.entry_id, event):
        return []
    must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    if _away(masses, command):
        raise Conflict(f"{command.person_id} is posted to a village already")
    return [event]


def _away(masses: Masses, command: AssignVillageAid) -> bool:
    """Whether somebody is in another village in that time; an earlier posting may be recorded late, if it ended before."""
    return any(
        posting.person_id == command.person_id
        and (posting.ended is None or command.occurred_on < posting.ended.occurred_on)
        and (command.until is None or command.until >= posting.since)
        for posting_id, posting in masses.postings.items()
        if masses.marks.stands(posting_id)
    )


def _posting(masses: Masses, posting_id: PostingId, day: dt.date) -> Posting:
    standing(masses.marks, posting_id, VillageAidAssigned, day)
    return masses.postings[posting_id]


class LogVillageAid(Command, frozen=True, kw_only=True, tag="log-village-aid"):
    """Write what a posted member did on a day."""

    zh: ClassVar[str] = "登记帮扶工作日志"
    en: ClassVar[str] = "Log village aid"

    posting_id: Annotated[PostingId, label("驻村选派", "Posting")]
    work: Annotated[LongText, label("工作内容", "Work", min_length=1)]
    households: Annotated[Count, label("走访户数", "Households visited")] = 0
    solved: Annotated[LongText, label("解决问题", "Solved")] = ""
    todo: Annotated[LongText, label("待办", "To be done")] = ""
    entry_id: OwnMassEntryId = None


def log_village_aid(command: LogVillageAid, context: Context, masses: Masses) -> Outcome:
    """While the member is there (DL-62)."""
    day = command.occurred_on
    posting = _posting(masses, command.posting_id, day)
    event = VillageAidLogged(
        occurred_on=day,
        entry_id=command.entry_id or MassEntryId(context.event_ids[0]),
        posting_id=command.posting_id,
        person_id=posting.person_id,
        work=command.work,
        households=command.households,
        solved=command.solved,
        todo=command.todo,
    )
    if not is_new(masses.marks, event.entry_id, event):
        return []
    if posting.ended is not None and posting.ended.occurred_on < day:
        raise Conflict(f"the posting ended on {posting.ended.occurred_on}")
    return [event]


class EndVillageAid(Command, frozen=True, kw_only=True, tag="end-village-aid"):
    """Record that a posted member came back."""

    zh: ClassVar[str] = "登记驻村结束"
    en: ClassVar[str] = "End a posting to a village"

    posting_id: Annotated[PostingId, label("驻村选派", "Posting")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def end_village_aid(command: EndVillageAid, _context: Context, masses: Masses) -> Outcome:
    """Once, and not before the last log."""
    posting = _posting(masses, command.posting_id, command.occurred_on)
    event = VillageAidEnded(
        occurred_on=command.occurred_on,
        posting_id=command.posting_id,
        person_id=posting.person_id,
        reason=command.reason,
    )
    if posting.ended is not None:
        if posting.ended == event:
            return []
        raise Conflict(f"the posting ended on {posting.ended.occurred_on}")
    if posting.last is not None and command.occurred_on < posting.last:
        raise Malformed(f"occurred_on lies before the log of {posting.last}")
    return [event]


CASES = (
    Case(command=AssignVillageAid, right=Right.WORK_WRITE, reads=(MASSES, ROSTER), decide=assign_village_aid),
    Case(command=LogVillageAid, right=Right.WORK_WRITE, reads=(MASSES,), decide=log_village_aid),
    Case(command=EndVillageAid, right=Right.WORK_WRITE, reads=(MASSES,), decide=end_village_aid),
)
