"""Place in the branch, oath, application for conversion, archive, closing, pages (R-C17, R-C19 to R-C25, INV-003, 038, 054, 099), three ways each."""

from typing import Any

import pytest
from msgspec.structs import replace

from events.admission import AdmissionClosed, ClosingGround, PagesCounted
from events.admission_acceptance import AdmissionPurpose, ConversionApplied, KeptIn, ProbationaryAssigned
from events.base import Claim
from events.documents import MaterialId
from events.members import MemberAssignedToGroup
from service.decide.admission.probation import (
    ApplyForConversion,
    ArchiveAdmissionFile,
    AssignProbationary,
    CloseAdmission,
    CountPages,
    SubmitAdmissionResolution,
    TakeOath,
)
from service.errors import Absent, Conflict
from tests.decide.admission_history import CASE, FOUNDED, IDS, XIA, before, case, day, event, registered, until, when
from tests.decide.bdd import fails, nothing, refused
from tests.decide.roster_history import ANN, NORTH, SOUTH, group, left
from tests.decide.test_admission_vote import EXTENDED


class TestSubmit:
    COMMAND = SubmitAdmissionResolution(
        occurred_on=day("2024-11-13"), admission_id=CASE, purpose=AdmissionPurpose.ADMISSION, document_no="请〔2024〕4号"
    )
    CONVERSION = SubmitAdmissionResolution(
        occurred_on=day("2025-11-14"), admission_id=CASE, purpose=AdmissionPurpose.CONVERSION, document_no="请〔2025〕8号"
    )

    @pytest.mark.parametrize(
        ("command", "name", "vote"), [(COMMAND, "submission", "vote"), (CONVERSION, "conversion-submission", "conversion-vote")]
    )
    def test_after_the_vote(self, command: Any, name: str, vote: str):
        when(command, *before(name)).then(event(name))
        when(command, *before(name, vote)).then(refused("INV-038", "admission_id"))
        when(command, *until(name)).then(nothing)


def assign(**changed: Any) -> AssignProbationary:
    told: dict[str, Any] = {"occurred_on": day("2024-12-03"), "admission_id": CASE}
    return AssignProbationary(**(told | changed))


class TestAssign:
    def test_where_the_branch_has_no_groups(self):
        when(assign(), *before("group")).then(event("group"))

    def test_in_a_group_the_roll_follows(self):
        when(assign(group_id=NORTH), *before("group"), group(NORTH, FOUNDED)).then(
            ProbationaryAssigned(**IDS, occurred_on=day("2024-12-03"), group_id=NORTH),
            MemberAssignedToGroup(occurred_on=day("2024-12-03"), person_id=XIA, group_id=NORTH),
        )

    def test_who_is_in_it_already_is_only_noted(self):
        there = tuple(registered(group_id=NORTH) if told == registered() else told for told in before("group"))
        when(assign(group_id=NORTH), *case()[:1], group(NORTH, FOUNDED), *there[1:]).then(
            ProbationaryAssigned(**IDS, occurred_on=day("2024-12-03"), group_id=NORTH)
        )

    def test_INV_003_one_that_there_is(self):
        when(assign(), *before("group"), group(NORTH, FOUNDED)).then(refused("INV-003", "group_id"))
        when(assign(group_id=SOUTH), *before("group"), group(NORTH, FOUNDED)).then(refused("INV-003", "group_id"))

    def test_of_a_probationary_member(self):
        when(assign(), *before("approval")).then(refused("INV-038", "admission_id"))
        when(assign(), *before("group"), left(XIA, day("2024-12-02"))).then(refused("INV-009", "admission_id"))

    def test_again_is_nothing_new(self):
        when(assign(), *until("group")).then(nothing)


class TestOath:
    COMMAND = TakeOath(occurred_on=day("2024-12-10"), admission_id=CASE, place="党员活动室", led_by=ANN)

    def test_after_the_approval(self):
        when(self.COMMAND, *before("oath")).then(event("oath"))
        when(self.COMMAND, *before("approval")).then(refused("INV-038", "admission_id"))

    def test_once(self):
        other = TakeOath(occurred_on=day("2024-12-11"), admission_id=CASE, place="纪念馆")
        when(self.COMMAND, *until("oath")).then(nothing)
        when(other, *until("oath")).then(fails(Conflict, "withdraw"))

    def test_led_by_a_member(self):
        when(self.COMMAND, *before("oath"), left(ANN, day("2024-12-01"))).then(refused("INV-009", "led_by"))


def apply_on(on: str) -> ApplyForConversion:
    return ApplyForConversion(occurred_on=day(on), admission_id=CASE)


class TestApplyForConversion:
    NAME = "conversion-application"

    @pytest.mark.parametrize("on", ["2025-10-11", "2025-10-20", "2025-11-20"])
    def test_from_a_month_before_the_end(self, on: str):
        when(apply_on(on), *before(self.NAME)).then(ConversionApplied(**IDS, occurred_on=day(on)))

    def test_INV_054_not_earlier(self):
        when(apply_on("2025-10-10"), *before(self.NAME)).then(refused("INV-054", "occurred_on"))

    def test_by_a_probationary_member(self):
        when(apply_on("2025-10-20"), *before("approval")).then(refused("INV-038", "admission_id"))

    def test_again_is_nothing_new_and_another_one_is_too_much(self):
        when(apply_on("2025-10-20"), *until(self.NAME)).then(nothing)
        when(apply_on("2025-10-21"), *until(self.NAME)).then(fails(Conflict, "withdraw"))

    def test_once_more_after_an_extension_by_its_end(self):
        given = (*before("conversion-vote"), *EXTENDED)
        when(apply_on("2026-04-11"), *given).then(ConversionApplied(**IDS, occurred_on=day("2026-04-11")))
        when(apply_on("2026-04-10"), *given).then(refused("INV-054", "occurred_on"))


class TestArchive:
    COMMAND = ArchiveAdmissionFile(occurred_on=day("2025-12-15"), admission_id=CASE, kept_in=KeptIn.PERSONNEL_FILE, volume_no="档12")

    def test_when_probation_is_settled(self):
        when(self.COMMAND, *before("archive")).then(event("archive"))
        when(self.COMMAND, *before("conversion-approval")).then(refused("INV-038", "admission_id"))

    def test_it_frees_the_person_for_another_case(self):
        assert event("archive").claims() == (Claim(kind="admission", value=XIA, give=True),)

    def test_again_is_nothing_new_and_all_else_is_over(self):
        when(self.COMMAND, *until("archive")).then(nothing)
        when(apply_on("2025-12-16"), *until("archive")).then(fails(Conflict, "ended"))

    def test_of_a_case_that_there_is(self):
        when(self.COMMAND, *case()).then(fails(Absent))


def close(ground: ClosingGround = ClosingGround.WITHDRAWN, on: str = "2024-03-01") -> CloseAdmission:
    return CloseAdmission(occurred_on=day(on), admission_id=CASE, ground=ground, reason="本人提出")


class TestClose:
    CLOSED = AdmissionClosed(**IDS, occurred_on=day("2024-03-01"), ground=ClosingGround.WITHDRAWN, reason="本人提出")

    def test_before_admission(self):
        when(close(), *until("first-review")).then(self.CLOSED)
        assert self.CLOSED.claims() == (Claim(kind="admission", value=XIA, give=True),)

    def test_again_is_nothing_new_and_all_else_is_over(self):
        when(close(), *until("first-review"), self.CLOSED).then(nothing)
        when(apply_on("2025-10-20"), *until("first-review"), self.CLOSED).then(fails(Conflict, "ended"))

    def test_INV_038_not_before_what_is_on_record(self):
        when(close(on="2024-02-25"), *until("first-review")).then(refused("INV-038", "occurred_on"))

    def test_a_member_is_converted_extended_or_cancelled_instead(self):
        when(close(on="2025-01-06"), *until("approval")).then(fails(Conflict, "convert"))

    def test_one_who_moved_away_leaves_the_case_behind(self):
        when(close(ClosingGround.MOVED, "2025-01-08"), *until("approval"), left(XIA, day("2025-01-06"))).then(
            replace(self.CLOSED, occurred_on=day("2025-01-08"), ground=ClosingGround.MOVED)
        )

    def test_of_a_case_that_there_is(self):
        when(close(), *case()).then(fails(Absent))


class TestPages:
    """INV-099."""

    COMMAND = CountPages(occurred_on=day("2023-03-02"), admission_id=CASE, material=MaterialId("N14.M01"), pages=4)
    EVENT = PagesCounted(**IDS, occurred_on=day("2023-03-02"), material="N14.M01", pages=4)

    def test_of_a_material_that_is_there(self):
        when(self.COMMAND, *until("application")).then(self.EVENT)
        when(self.COMMAND, *until("application"), self.EVENT).then(nothing)

    def test_not_of_one_that_no_entry_brought(self):
        when(
            CountPages(occurred_on=day("2023-03-02"), admission_id=CASE, material=MaterialId("N14.M02"), pages=4), *until("application")
        ).then(refused("INV-099", "material"))

    def test_the_story_brings_all_twenty_five(self):
        for number in range(1, 26):
            material = MaterialId(f"N14.M{number:02d}")
            when(CountPages(occurred_on=day("2025-12-02"), admission_id=CASE, material=material, pages=1), *before("archive")).then(
                PagesCounted(**IDS, occurred_on=day("2025-12-02"), material=material, pages=1)
            )
