"""Discipline and disposition through the bus, command by command: sealed on the record, rights on the roster, one row in L05 (N19, N20)."""

import datetime as dt

import pytest

from events.base import LetterId, MeetingId
from events.discipline import AppealResult, Approver, DisciplineId, Punishment, Signature
from events.disposition import Disposition, DispositionId, DispositionStep, TalkOutcome
from events.meetings import VoteMethod
from events.supervision import Channel, LetterVisitId
from events.transfers import TransferSide
from service.auth.actor import SYSTEM, Role
from service.decide.base import Command
from service.decide.discipline.appeal import DecideAppeal, FileAppeal
from service.decide.discipline.case import FileInvestigationReport, OpenDisciplineCase, ShowMaterials
from service.decide.discipline.decision import AnnouncePunishment, ApprovePunishment, ExecutePunishment, ReportExecution
from service.decide.discipline.vote import SubmitPunishment, VoteOnPunishment
from service.decide.disposition.case import HoldDispositionTalk, OpenDispositionCase, VerifyDispositionFacts, WithdrawDispositionStep
from service.decide.disposition.decision import (
    AnnounceDisposition,
    ApproveDisposition,
    PreReviewDisposition,
    SubmitDisposition,
    SubmitDispositionForPreReview,
    VoteOnDisposition,
)
from service.decide.meetings.votes import VoteOnMotion
from service.decide.supervision.requests import ReceiveLetterVisit, ResolveLetterVisit
from service.decide.transfers.letters import IssueLetter
from service.errors import Forbidden, Refused
from service.procedures import standings
from tests.flows.bus_world import A, C, actor
from tests.flows.case_world import ANN, BEN, DAN, EVE, Branch, general, on

CASE, OTHER = DisciplineId("case"), DispositionId("other")
SECRETS = (
    "收受礼金两千元",
    "查明属实无误",
    "本人认错悔过",
    "岗位降一级",
    "量纪明显偏重",
    "复查认为偏重",
    "连续半年不参加活动",
    "核实情况属实",
    "王某反映窗口",
)


def sentence(kind: Punishment, months: int | None, to: Approver, yes: int = 4) -> tuple[Command, ...]:
    """From the case to the approval, about EVE."""
    return (
        OpenDisciplineCase(**on(2, 2), person_id=EVE, case_no="纪1", matter_no="线索1", facts=SECRETS[0], case_id=CASE),
        FileInvestigationReport(
            **on(2, 20), case_id=CASE, document_no="调1", investigated_by="纪委", investigators=(ANN,), report=SECRETS[1]
        ),
        ShowMaterials(**on(3, 2), case_id=CASE, officers=(ANN, BEN), signature=Signature.SIGNED, opinion=SECRETS[2]),
        general("m1", 3, 16),
        VoteOnPunishment(**on(3, 16), case_id=CASE, meeting_id=MeetingId("m1"), kind=kind, months=months, yes=yes, no=1),
        SubmitPunishment(**on(3, 20), case_id=CASE, to=to, document_no="支1"),
        ApprovePunishment(**on(4, 7), case_id=CASE, by=to, document_no="批1"),
    )


EXECUTION: tuple[Command, ...] = (
    AnnouncePunishment(**on(4, 20), case_id=CASE, scope="支部党员大会"),
    ExecutePunishment(**on(5, 6), case_id=CASE, measures=SECRETS[3]),
    ReportExecution(**on(6, 1), case_id=CASE, document_no="报1"),
)
WATCHED = sentence(Punishment.PARTY_PROBATION, 12, Approver.SUPERIOR_COMMITTEE)
EXPELLED = sentence(Punishment.EXPULSION, None, Approver.DISCIPLINE_COMMISSION)
REMOVAL: tuple[Command, ...] = (
    OpenDispositionCase(
        **on(1, 12),
        person_id=EVE,
        case_no="处1",
        matter_no="线索2",
        conduct_code="C5",
        facts=SECRETS[6],
        appraisal_year=2025,
        case_id=OTHER,
    ),
    VerifyDispositionFacts(**on(1, 20), case_id=OTHER, proposed=Disposition.REMOVE, conclusion=SECRETS[7]),
    HoldDispositionTalk(**on(1, 26), case_id=OTHER, talkers=(ANN, BEN), outcome=TalkOutcome.LOST),
    SubmitDispositionForPreReview(**on(2, 2), case_id=OTHER, disposition=Disposition.REMOVE, document_no="支2"),
    PreReviewDisposition(**on(2, 16), case_id=OTHER, agreed=True, document_no="预2", department_no="组2"),
    general("m2", 3, 2),
    VoteOnDisposition(**on(3, 2), case_id=OTHER, meeting_id=MeetingId("m2"), disposition=Disposition.REMOVE, yes=4),
    SubmitDisposition(**on(3, 6), case_id=OTHER, document_no="支3"),
    ApproveDisposition(**on(3, 20), case_id=OTHER, document_no="批2"),
    AnnounceDisposition(**on(4, 1), case_id=OTHER, scope="支部党员大会"),
)


@pytest.fixture
async def branch() -> Branch:
    return await Branch().begin()


async def test_probation_within_the_party_takes_the_vote_from_the_day_of_the_approval(branch: Branch):
    await branch.send(*WATCHED)
    roster = await branch.roster()
    assert EVE in roster.voters_on(dt.date(2026, 4, 6))
    assert EVE not in roster.voters_on(dt.date(2026, 4, 7))
    assert EVE in roster.members_on(dt.date(2026, 4, 7))
    motion = VoteOnMotion(**on(5, 11), meeting_id=MeetingId("m3"), title="其他事项", method=VoteMethod.SHOW_OF_HANDS, yes=4, voters_due=5)
    await branch.send(general("m3", 5, 11))
    with pytest.raises(Refused, match="INV-014 voters_due"):
        await branch.send(motion)


async def test_the_case_is_one_row_whose_texts_are_sealed(branch: Branch):
    await branch.send(*WATCHED, *EXECUTION)
    (row,) = await branch.rows("discipline")
    assert (branch.keys.open(row["cells"]["facts"]), branch.keys.open(row["cells"]["opinion"])) == (SECRETS[0], SECRETS[2])
    assert (row["cells"]["kind"], row["cells"]["execution_reported_on"]) == ("留党察看", dt.date(2026, 6, 1))


async def test_nothing_of_a_case_is_readable_on_the_record(branch: Branch):
    await branch.send(*WATCHED, *EXECUTION)
    await branch.send(FileAppeal(**on(6, 10), case_id=CASE, to=Approver.SUPERIOR_COMMITTEE, grounds=SECRETS[4]))
    letter = ReceiveLetterVisit(
        **on(6, 11), channel=Channel.VISIT, visitor=SECRETS[8], matter=SECRETS[6], received_by=ANN, letter_visit_id=LetterVisitId("l1")
    )
    await branch.send(letter, ResolveLetterVisit(**on(6, 12), letter_visit_id=LetterVisitId("l1"), result=SECRETS[7]))
    assert [secret for secret in SECRETS if secret in branch.stored()] == []


async def test_whoever_was_expelled_and_won_the_appeal_is_on_the_roll_with_the_same_particulars(branch: Branch):
    await branch.send(*EXPELLED, *EXECUTION)
    gone = await branch.roster()
    assert EVE not in gone.members_on(dt.date(2026, 4, 7))
    assert gone.barred_until(EVE, dt.date(2026, 5, 1)) == dt.date(2031, 4, 7)
    appeal = FileAppeal(**on(6, 10), case_id=CASE, to=Approver.DISCIPLINE_COMMISSION, grounds=SECRETS[4])
    answer = DecideAppeal(
        **on(8, 3), case_id=CASE, by=Approver.DISCIPLINE_COMMISSION, document_no="复1", result=AppealResult.REVOKED, conclusion=SECRETS[5]
    )
    await branch.send(appeal, answer)
    back = await branch.roster()
    assert EVE in back.voters_on(dt.date(2026, 8, 3))
    assert branch.keys.open(back.members[EVE].profile.name) == "示例eve"
    assert back.barred_until(EVE, dt.date(2026, 8, 3)) is None


async def test_a_removal_ends_the_membership_and_the_case_is_over(branch: Branch):
    await branch.send(*REMOVAL)
    roster = await branch.roster()
    assert EVE not in roster.members_on(dt.date(2026, 3, 20))
    assert roster.members[EVE].open_cases == ()
    (row,) = await branch.rows("disposition")
    assert branch.keys.open(row["cells"]["findings"]) == SECRETS[7]


async def test_INV_093_one_matter_is_not_punished_and_disposed_of(branch: Branch):
    await branch.send(*WATCHED, *EXECUTION)
    same = OpenDispositionCase(
        **on(7, 1), person_id=EVE, case_no="处9", matter_no="线索1", conduct_code="C5", facts=SECRETS[6], appraisal_year=2025
    )
    with pytest.raises(Refused, match="INV-093 matter_no"):
        await branch.send(same)


async def test_INV_074_no_letter_until_the_case_is_done_with(branch: Branch):
    letter = IssueLetter(
        **on(4, 21),
        person_id=EVE,
        to_side=TransferSide.OUTSIDE,
        to_name="外市党委组织部",
        dues_paid_to="2026-04",
        handled_by=ANN,
        contact="010-00000000",
        letter_id=LetterId("l1"),
    )
    await branch.send(*WATCHED, EXECUTION[0])
    with pytest.raises(Refused, match="INV-074 consent_no"):
        await branch.send(letter)
    await branch.send(EXECUTION[1])
    (receipt,) = await branch.send(letter)
    assert [event.type for event in receipt.events] == ["transfers.letter_issued"]


async def test_only_the_superior_approves_and_the_branch_does_the_rest(branch: Branch):
    secretary, officer = actor(Role.SECRETARY, A), actor(Role.COMMITTEE_OFFICER, C, A)
    await branch.send(*WATCHED[:-1], by=SYSTEM)
    with pytest.raises(Forbidden):
        await branch.send(WATCHED[-1], by=secretary)
    await branch.send(WATCHED[-1], by=officer)
    await branch.send(EXECUTION[0], by=secretary)
    with pytest.raises(Forbidden):
        await branch.send(EXECUTION[1], by=actor(Role.TREASURER, A))


async def test_the_checklists_tell_where_each_case_stands(branch: Branch):
    mistaken = OpenDispositionCase(
        **on(6, 1), person_id=DAN, case_no="处2", matter_no="线索3", conduct_code="C4", facts=SECRETS[6], consent_no="委1", case_id=OTHER
    )
    await branch.send(*WATCHED, mistaken, WithdrawDispositionStep(**on(6, 2), case_id=OTHER, step=DispositionStep.OPENED, reason="误录"))
    found = await standings(branch.bus, branch.books, A, dt.date(2026, 11, 24))
    watched, withdrawn = [one for one in found if one.kind in ("discipline", "disposition")]
    assert (watched.person_id, watched.next and watched.next.code, watched.over) == (EVE, "announce", False)
    assert (withdrawn.subject, withdrawn.over) == (OTHER, True)
