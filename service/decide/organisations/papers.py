"""Papers of the set-up: duties, rules and standards with their versions, personnel notices, taking a wrong entry back (N04, N24.M01.03)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, LongText, MeetingId, Text, tag_of
from events.structure import (
    BranchDissolved,
    DutyOf,
    EstablishmentRequested,
    PaperKind,
    PaperRepealed,
    PersonChange,
    PersonnelNoticeIssued,
    PostPaperAdopted,
    StructureEntryId,
    StructureEntryWithdrawn,
    StructureEvent,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.marks import Marks, is_new, met_on, must_belong, standing, to_withdraw
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed

OwnStructureEntryId = Annotated[StructureEntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]
"""The id that a client may give to an entry; sending it again then records nothing twice."""


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """The papers of a branch's set-up, folded."""

    marks: Marks = Marks()
    papers: Mapping[str, tuple[PostPaperAdopted, ...]] = {}
    """The versions of each paper that stand, the one in force last."""
    repealed: Mapping[StructureEntryId, PaperRepealed] = {}
    notices: Mapping[str, StructureEntryId] = {}
    """Which notice bears a number."""
    dissolved: BranchDissolved | None = None


def evolve(structure: Structure, event: Event) -> Structure:
    """The set-up after one more event of its stream."""
    own_event = cast("StructureEvent", event)
    match own_event:
        case PostPaperAdopted():
            versions = (*structure.papers.get(_title(own_event), ()), own_event)
            return replace(_began(structure, own_event), papers={**structure.papers, _title(own_event): versions})
        case PaperRepealed():
            return replace(structure, repealed={**structure.repealed, own_event.entry_id: own_event})
        case PersonnelNoticeIssued():
            return replace(_began(structure, own_event), notices={**structure.notices, own_event.number: own_event.entry_id})
        case EstablishmentRequested():
            return _began(structure, own_event)
        case StructureEntryWithdrawn(entry_id=gone):
            papers = {title: tuple(one for one in versions if one.entry_id != gone) for title, versions in structure.papers.items()}
            notices = {number: holder for number, holder in structure.notices.items() if holder != gone}
            return replace(structure, marks=structure.marks.withdrawn(gone), papers=papers, notices=notices)
        case BranchDissolved():
            return replace(structure, dissolved=own_event)
        case _:
            assert_never(own_event)


def _began(structure: Structure, event: PostPaperAdopted | PersonnelNoticeIssued | EstablishmentRequested) -> Structure:
    return replace(structure, marks=structure.marks.began(event.entry_id, event))


def _title(paper: PostPaperAdopted) -> str:
    """What its versions have in common."""
    return f"{paper.kind}/{paper.name}"


STRUCTURE = Fold[Structure](name="structure", book=own, stream=lambda _command: "structure", initial=Structure(), evolve=evolve)


class AdoptDutyStatement(Command, frozen=True, kw_only=True, tag="adopt-duty-statement"):
    """Record the duties of the branch or of a post."""

    zh: ClassVar[str] = "登记职责"
    en: ClassVar[str] = "Adopt a duty statement"

    duty_of: Annotated[DutyOf, label("职务", "Whose duties")]
    effective_from: Annotated[dt.date, label("生效日期", "Effective from")]
    text: Annotated[LongText, label("内容", "Text", min_length=1)]
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by meeting")] = None
    entry_id: OwnStructureEntryId = None


def adopt_duty_statement(command: AdoptDutyStatement, context: Context, structure: Structure, meeting: Meeting) -> Outcome:
    """One in force for each post; the next one is its revision (N04.T03)."""
    name = command.duty_of.zh if command.duty_of is DutyOf.BRANCH else f"{command.duty_of.zh}职责"
    paper = Paper(kind=PaperKind.DUTY, name=name, duty_of=command.duty_of)
    return _adopted(command, context, structure, meeting, paper)


class AdoptBranchPolicy(Command, frozen=True, kw_only=True, tag="adopt-branch-policy"):
    """Record a policy or standard of the branch."""

    zh: ClassVar[str] = "登记制度"
    en: ClassVar[str] = "Adopt a branch policy"

    kind: Annotated[PaperKind, label("类别", "Kind", help_zh="职责请用《登记职责》", help_en="Duties have a form of their own")]
    name: Annotated[Text, label("名称", "Name", min_length=1)]
    effective_from: Annotated[dt.date, label("生效日期", "Effective from")]
    text: Annotated[LongText, label("内容", "Text", min_length=1)]
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by meeting")] = None
    entry_id: OwnStructureEntryId = None


def adopt_branch_policy(command: AdoptBranchPolicy, context: Context, structure: Structure, meeting: Meeting) -> Outcome:
    """The same name again is its revision (N24.M01.03)."""
    if command.kind is PaperKind.DUTY:
        raise Malformed("kind: a duty statement says whose duties, with adopt-duty-statement")
    return _adopted(command, context, structure, meeting, Paper(kind=command.kind, name=command.name))


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of paper it is, and what it is called."""

    kind: PaperKind
    name: str
    duty_of: DutyOf | None = None


def _adopted(
    command: AdoptDutyStatement | AdoptBranchPolicy,
    context: Context,
    structure: Structure,
    meeting: Meeting,
    paper: Paper,
) -> Outcome:
    """A version above 1 replaces the one in force; the same text again is nothing to do."""
    if command.effective_from < command.occurred_on:
        raise Malformed("effective_from lies before the day on which it was adopted")
    versions = structure.papers.get(f"{paper.kind}/{paper.name}", ())
    now = versions[-1] if versions else None
    in_force = None if now is None or now.entry_id in structure.repealed else now
    if in_force is not None and (in_force.text, in_force.effective_from) == (command.text, command.effective_from):
        return []
    event = PostPaperAdopted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StructureEntryId(context.event_ids[0]),
        kind=paper.kind,
        duty_of=paper.duty_of,
        name=paper.name,
        version=1 if now is None else now.version + 1,
        effective_from=command.effective_from,
        meeting_id=command.meeting_id,
        met_on=met_on(meeting, command.meeting_id, command.occurred_on),
        text=command.text,
        replaces=None if in_force is None else in_force.entry_id,
        replaced_from=None if in_force is None else in_force.occurred_on,
    )
    if structure.marks.get(event.entry_id) is not None:
        raise Conflict(f"something else is recorded as {event.entry_id}")
    if now is not None and command.occurred_on < now.occurred_on:
        raise Malformed(f"occurred_on lies before {now.occurred_on}, when version {now.version} was adopted")
    return [event]


class RepealPaper(Command, frozen=True, kw_only=True, tag="repeal-branch-policy"):
    """A duty statement, policy or standard is in force no more."""

    zh: ClassVar[str] = "废止制度"
    en: ClassVar[str] = "Repeal a branch policy"

    entry_id: Annotated[StructureEntryId, label("制度或职责", "Paper")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def repeal_paper(command: RepealPaper, _context: Context, structure: Structure) -> Outcome:
    """The version in force; an older one was replaced already."""
    mark = standing(structure.marks, command.entry_id, PostPaperAdopted, command.occurred_on)
    if command.entry_id in structure.repealed:
        return []
    if all(versions[-1].entry_id != command.entry_id for versions in structure.papers.values() if versions):
        raise Conflict("a newer version has replaced it")
    return [PaperRepealed(occurred_on=command.occurred_on, entry_id=command.entry_id, adopted_on=mark.on, reason=command.reason)]


class IssuePersonnelNotice(Command, frozen=True, kw_only=True, tag="issue-personnel-notice"):
    """Record the notice of a change of persons in their posts."""

    zh: ClassVar[str] = "登记人员调整通知"
    en: ClassVar[str] = "Issue a personnel notice"

    number: Annotated[Text, label("文号", "Document no.", min_length=1)]
    reason: Annotated[Text, label("调整事由", "Reason", min_length=1)]
    changes: Annotated[tuple[PersonChange, ...], label("调整人员", "Changes", min_length=1, max_length=50)]
    meeting_id: Annotated[MeetingId | None, label("依据会议", "Decided by meeting")] = None
    entry_id: OwnStructureEntryId = None


def issue_personnel_notice(
    command: IssuePersonnelNotice, context: Context, structure: Structure, roster: Roster, meeting: Meeting
) -> Outcome:
    """Under a number of its own, about members here; the posts themselves are changed by their own commands (INV-002, INV-009)."""
    event = PersonnelNoticeIssued(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StructureEntryId(context.event_ids[0]),
        number=command.number,
        reason=command.reason,
        changes=command.changes,
        meeting_id=command.meeting_id,
        met_on=met_on(meeting, command.meeting_id, command.occurred_on),
    )
    if not is_new(structure.marks, event.entry_id, event):
        return []
    if command.number in structure.notices:
        raise Conflict(f"notice {command.number} is on record")
    must_belong(roster, (change.person_id for change in command.changes), command.occurred_on, "changes")
    return [event]


class WithdrawStructureEntry(Command, frozen=True, kw_only=True, tag="withdraw-structure-entry"):
    """Take back a paper of the set-up that was recorded wrongly."""

    zh: ClassVar[str] = "撤销组织设置登记"
    en: ClassVar[str] = "Withdraw an entry of the set-up"

    entry_id: Annotated[StructureEntryId, label("记录", "Entry")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def withdraw_structure_entry(command: WithdrawStructureEntry, _context: Context, structure: Structure) -> Outcome:
    """When the version in force is taken back, the one before stands again."""
    mark = to_withdraw(structure.marks, command.entry_id, command.occurred_on)
    if mark is None:
        return []
    restored = _before(structure, command.entry_id)
    event = StructureEntryWithdrawn(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id,
        what=tag_of(mark.kind),
        happened_on=mark.on,
        restores=None if restored is None else restored.entry_id,
        restored_from=None if restored is None else restored.occurred_on,
        reason=command.reason,
    )
    return [event]


def _before(structure: Structure, entry_id: StructureEntryId) -> PostPaperAdopted | None:
    """The version that stood before this one, when this one is the last and replaced it."""
    for versions in structure.papers.values():
        if len(versions) > 1 and versions[-1].entry_id == entry_id and versions[-1].replaces == versions[-2].entry_id:
            return versions[-2]
    return None


CASES = (
    Case(command=AdoptDutyStatement, right=Right.WORK_WRITE, reads=(STRUCTURE, MEETING), decide=adopt_duty_statement),
    Case(command=AdoptBranchPolicy, right=Right.WORK_WRITE, reads=(STRUCTURE, MEETING), decide=adopt_branch_policy),
    Case(command=RepealPaper, right=Right.WORK_WRITE, reads=(STRUCTURE,), decide=repeal_paper),
    Case(command=IssuePersonnelNotice, right=Right.WORK_WRITE, reads=(STRUCTURE, ROSTER, MEETING), decide=issue_personnel_notice),
    Case(command=WithdrawStructureEntry, right=Right.WORK_WRITE, reads=(STRUCTURE,), decide=withdraw_structure_entry),
)
