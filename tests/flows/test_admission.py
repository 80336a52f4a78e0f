"""A whole admission through the bus, command by command: sealed on the record, on the roll word for word, in every register (N14)."""

import datetime as dt
import itertools
from typing import Any

import pytest

from events.admission import AdmissionTalk, ApplicantSex, FilingLevel, Recommender, ReviewScope, WrittenReport
from events.admission_acceptance import AdmissionPurpose, AdmissionQuestion, KeptIn, NoticeKind
from events.base import AdmissionId, MeetingId, OrgId, PersonId
from events.meetings import MeetingKind
from events.members import MemberStatus
from events.organisations import BranchType
from events.store.keys import Keys, MemoryKeyStore
from events.store.memory import MemoryBooks
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers import l04_management
from projections.standard.pack import default_pack
from service.auth.actor import SYSTEM
from service.bus import Bus, Receipt
from service.decide.admission.acceptance import (
    AssignSponsors,
    CompleteApplicationForm,
    CompletePoliticalReview,
    CompleteShortCourse,
    IssueApplicationForm,
    ReviewInCommittee,
    SubmitForPreReview,
)
from service.decide.admission.applications import ReceiveApplication
from service.decide.admission.approval import (
    ApproveAdmission,
    ApproveConversionResolution,
    DecidePreReview,
    HoldSuperiorTalk,
    IssueConsentNotice,
    ReportAdmissionUp,
)
from service.decide.admission.cultivation import (
    AssignContacts,
    CollectOpinions,
    DetermineActivist,
    DetermineTarget,
    FileWithSuperior,
    HoldAdmissionTalk,
    ReceiveWrittenReport,
    ReviewDevelopment,
    TrainActivist,
)
from service.decide.admission.notices import CloseAdmissionNotice, PostAdmissionNotice
from service.decide.admission.probation import (
    ApplyForConversion,
    ArchiveAdmissionFile,
    AssignProbationary,
    SubmitAdmissionResolution,
    TakeOath,
)
from service.decide.admission.procedure import PROCEDURES
from service.decide.admission.vote import VoteOnAdmission
from service.decide.base import Command
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.decide.procedure import Progress
from service.decide.roster import ROSTER
from service.errors import Refused
from tests.decide.admission_history import day
from tests.flows.bus_world import A, C, member

ANN, BEN, CAI, DAN, XIA = (PersonId(name) for name in ("ann", "ben", "cai", "dan", "xia"))
CASE = AdmissionId("case")
NOW = dt.datetime(2025, 12, 20, 2, tzinfo=dt.UTC)
SECRETS = ("夏某", "1998-04-02", "动机端正", "进步明显", "家庭情况清楚", "组织员张某")


def on(text: str, *, of_case: bool = True) -> dict[str, Any]:
    told: dict[str, Any] = {"occurred_on": day(text), "late_reason": "补建台账"}
    return told | {"admission_id": CASE} if of_case else told


def general(name: str, text: str) -> RecordMeetingHeld:
    return RecordMeetingHeld(
        **on(text, of_case=False),
        meeting_id=MeetingId(name),
        kind=MeetingKind.GENERAL,
        topic="发展党员",
        chair=ANN,
        recorder=BEN,
        delegation_note="受上级委托",
        notice_sent_on=day(text) - dt.timedelta(days=7),
    )


APPLICATION = ReceiveApplication(
    **on("2023-03-01"),
    person_id=XIA,
    name=SECRETS[0],
    sex=ApplicantSex.FEMALE,
    nationality="01",
    born_on=dt.date(1998, 4, 2),
    education="21",
)
ADMISSION, CONVERSION = AdmissionPurpose.ADMISSION, AdmissionPurpose.CONVERSION

CULTIVATION: tuple[Command, ...] = (
    APPLICATION,
    HoldAdmissionTalk(**on("2023-03-20"), kind=AdmissionTalk.APPLICANT, held_by=(ANN,), record=SECRETS[2]),
    ReviewDevelopment(**on("2023-06-30"), scope=ReviewScope.INITIAL, opinion="良好"),
    general("m1", "2023-09-04"),
    DetermineActivist(**on("2023-09-04"), meeting_id=MeetingId("m1"), recommended_by=Recommender.MASS_BODY),
    FileWithSuperior(**on("2023-09-11"), level=FilingLevel.ACTIVIST, document_no="备1"),
    AssignContacts(**on("2023-09-12"), contacts=(ANN, BEN)),
    TrainActivist(**on("2023-11-07"), topic="党章", hours=8),
    ReviewDevelopment(**on("2024-02-26"), scope=ReviewScope.ACTIVIST, opinion=SECRETS[3]),
    HoldAdmissionTalk(**on("2024-05-06"), kind=AdmissionTalk.CULTIVATION, held_by=(BEN,), record="谈学习"),
    ReviewDevelopment(**on("2024-08-28"), scope=ReviewScope.ACTIVIST, opinion="成熟"),
    CollectOpinions(**on("2024-09-10"), purpose=ADMISSION, members_heard=4, public_heard=5, summary="同意"),
    HoldAdmissionTalk(**on("2024-09-12"), kind=AdmissionTalk.TARGET, held_by=(ANN,), record="谈认识"),
    general("m2", "2024-09-13"),
    DetermineTarget(**on("2024-09-13"), meeting_id=MeetingId("m2")),
    FileWithSuperior(**on("2024-09-18"), level=FilingLevel.TARGET, document_no="备2"),
)
ACCEPTANCE: tuple[Command, ...] = (
    PostAdmissionNotice(**on("2024-09-25"), kind=NoticeKind.ADMISSION, place="公示栏"),
    CloseAdmissionNotice(**on("2024-10-09"), kind=NoticeKind.ADMISSION, result="无异议"),
    AssignSponsors(**on("2024-10-09"), sponsors=(ANN, BEN)),
    CompletePoliticalReview(**on("2024-10-14"), passed=True, conclusion=SECRETS[4]),
    CompleteShortCourse(**on("2024-10-18"), began_on=day("2024-10-16"), days=3, hours=24, organiser="机关党委"),
    ReceiveWrittenReport(**on("2024-10-18"), kind=WrittenReport.REFLECTION, title="体会"),
    general("m3", "2024-10-21"),
    ReviewInCommittee(**on("2024-10-21"), purpose=ADMISSION, meeting_id=MeetingId("m3"), conclusion="同意"),
    SubmitForPreReview(**on("2024-10-22"), document_no="请1"),
    DecidePreReview(**on("2024-10-28"), passed=True, opinion="合格", document_no="预1"),
    IssueApplicationForm(**on("2024-10-29"), form_no="0001"),
    CompleteApplicationForm(**on("2024-11-04")),
    general("m4", "2024-11-11"),
    VoteOnAdmission(**on("2024-11-11"), meeting_id=MeetingId("m4"), question=AdmissionQuestion.ADMIT, yes=3, abstain=1),
    SubmitAdmissionResolution(**on("2024-11-13"), purpose=ADMISSION, document_no="请2"),
    HoldSuperiorTalk(**on("2024-11-20"), held_by_name=SECRETS[5], record="符合条件"),
    ApproveAdmission(**on("2024-12-02"), approval_no="批1"),
    IssueConsentNotice(**on("2024-12-02"), document_no="通1"),
    AssignProbationary(**on("2024-12-03")),
    ReportAdmissionUp(**on("2024-12-06"), document_no="报1"),
    TakeOath(**on("2024-12-10"), place="活动室", led_by=ANN),
)
PROBATION: tuple[Command, ...] = (
    ReviewDevelopment(**on("2025-05-08"), scope=ReviewScope.PROBATION, opinion="良好"),
    HoldAdmissionTalk(**on("2025-08-01"), kind=AdmissionTalk.PROBATION, held_by=(CAI,), record="谈工作"),
    ApplyForConversion(**on("2025-10-20")),
    CollectOpinions(**on("2025-10-27"), purpose=CONVERSION, members_heard=4, public_heard=3, summary="同意"),
    PostAdmissionNotice(**on("2025-11-03"), kind=NoticeKind.CONVERSION, place="公示栏"),
    general("m5", "2025-11-11"),
    ReviewInCommittee(**on("2025-11-11"), purpose=CONVERSION, meeting_id=MeetingId("m5"), conclusion="同意"),
    CloseAdmissionNotice(**on("2025-11-11"), kind=NoticeKind.CONVERSION, result="无异议"),
    general("m6", "2025-11-12"),
    VoteOnAdmission(**on("2025-11-12"), meeting_id=MeetingId("m6"), question=AdmissionQuestion.CONVERT, yes=4, voters_due=4),
    SubmitAdmissionResolution(**on("2025-11-14"), purpose=CONVERSION, document_no="请3"),
    ApproveConversionResolution(**on("2025-12-01"), approval_no="批2"),
    ArchiveAdmissionFile(**on("2025-12-15"), kept_in=KeptIn.PERSONNEL_FILE, volume_no="档1"),
)


class Branch:
    """A branch of four full members without a committee, over a store in memory."""

    def __init__(self) -> None:
        self.books = MemoryBooks()
        self.keys = Keys(MemoryKeyStore())
        self.bus = Bus(self.books, self.keys, default_pack())
        self.numbers = itertools.count(1)

    async def send(self, *commands: Command, to: OrgId = A) -> list[Receipt]:
        return [await self.bus.handle(to, command, SYSTEM, key=f"key-{next(self.numbers)}", now=NOW) for command in commands]

    async def begin(self) -> "Branch":
        founded = on("2023-01-05", of_case=False)
        await self.send(FoundCommittee(**founded, name="示例委员会", short_name="示例"), to=C)
        branch = FoundBranch(**founded, branch_id=A, name="一支部", short_name="一", branch_type=BranchType.ORGAN, approval_no="1号")
        await self.send(branch, to=C)
        await self.send(*(member(person, **founded) for person in (ANN, BEN, CAI, DAN)))
        return self


@pytest.fixture
async def branch() -> Branch:
    return await Branch().begin()


async def test_a_case_from_the_application_to_the_archive(branch: Branch):
    await branch.send(*CULTIVATION, *ACCEPTANCE, *PROBATION)
    facts = await branch.books.read(A)
    case = [fact.event for fact in facts if fact.event.stream() == "admission-case"]
    state = PROCEDURES[0].fold.initial
    for event in case:
        state = PROCEDURES[0].fold.evolve(state, event)
    steps = PROCEDURES[0].steps(state, CASE, default_pack().rules(day("2025-12-20")), day("2025-12-20"))
    assert {step.progress for step in steps} == {Progress.DONE}
    rows = ledger_rows(replay([l04_management.PROJECTION], facts))
    assert {row["cells"]["present"] for row in rows if row["register"] == "admission-papers"} == {"有"}
    (row,) = [row["cells"] for row in rows if row["register"] == "admissions"]
    assert branch.keys.open(row["person"]) == SECRETS[0]
    assert branch.keys.open(row["superior_talk_by"]) == SECRETS[5]
    assert (row["vote_due"], row["vote_yes"], row["vote_abstain"]) == (4, 3, 1)


async def test_nothing_personal_is_readable_on_the_record(branch: Branch):
    await branch.send(*CULTIVATION, *ACCEPTANCE)
    stored = b"".join(entry for _, entry, *_ in branch.books.store.pages[A]).decode()
    assert [secret for secret in SECRETS if secret in stored] == []


async def test_the_particulars_stand_on_the_roll_as_they_were_sealed(branch: Branch):
    await branch.send(*CULTIVATION, *ACCEPTANCE)
    roster = ROSTER.initial
    for fact in await branch.books.read(A, "roster"):
        roster = ROSTER.evolve(roster, fact.event)
    xia = roster.members[XIA]
    assert xia.status is MemberStatus.PROBATIONARY
    assert xia.profile.born_on is not None
    assert (branch.keys.open(xia.profile.name), branch.keys.open(xia.profile.born_on)) == SECRETS[:2]
    assert (xia.profile.admitted_on, xia.belongs.since) == (day("2024-11-11"), day("2024-12-02"))
    assert XIA not in roster.voters_on(day("2025-01-06"))


async def test_a_repeated_entry_adds_nothing_though_its_text_is_sealed(branch: Branch):
    await branch.send(*CULTIVATION[:2])
    (again,) = await branch.send(CULTIVATION[1])
    assert again.events == []


async def test_one_case_at_a_time_for_a_person(branch: Branch):
    await branch.send(*CULTIVATION[:2])
    told = on("2023-04-03") | {"admission_id": AdmissionId("another")}
    other = ReceiveApplication(
        **told, person_id=XIA, name="夏某", sex=ApplicantSex.FEMALE, nationality="01", born_on=dt.date(1998, 4, 2), education="21"
    )
    with pytest.raises(Refused, match="INV-038 person_id"):
        await branch.send(other)
