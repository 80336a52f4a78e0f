"""What a withdrawn record fulfilled is open again, until it is recorded anew."""

import pytest

from events.base import MeetingId, Month, PersonId
from events.dues import DuesAssessmentWithdrawn
from events.meetings import LecturerKind, LectureWithdrawn, MeetingKind, MeetingWithdrawn
from events.members import RegistrationWithdrawn
from tests.decide.assessment_history import accepted, graded, planned, returned
from tests.decide.roster_history import AFTER, DAY
from tests.obligations.world import ANN, BEN, WHOLE, Branch, assessed, day, held, joined, lecture, raised


@pytest.mark.parametrize("withdrawn", [MeetingWithdrawn, LectureWithdrawn])
def test_a_lecture_that_is_withdrawn_alone_or_with_its_meeting_does_not_count_until_it_is_recorded_anew(withdrawn):
    branch = Branch(lecture("m1", LecturerKind.INVITED_EXPERT, "2026-02-01"), raised("DL-08", "N01.T02", "2026-03-31", "2026-Q1"))
    branch.happen(withdrawn(occurred_on=day("2026-02-06"), meeting_id=MeetingId("m1"), reason="记错"))
    assert branch.rows["DL-08:2026-Q1"].fulfilled_on is None
    branch.happen(lecture("m1", LecturerKind.INVITED_EXPERT, "2026-02-01"))
    assert branch.rows["DL-08:2026-Q1"].fulfilled_on == day("2026-02-01")


@pytest.mark.parametrize(
    ("kind", "key"),
    [(MeetingKind.GENERAL, "DL-07:2026-Q1"), (MeetingKind.COMMITTEE, "DL-02:2026-02"), (MeetingKind.STUDY, "DL-01:2026-02")],
)
def test_what_a_withdrawn_meeting_fulfilled_is_open_again(kind, key):
    deadline, period = key.split(":")
    branch = Branch(raised(deadline, "N02.T03", "2026-03-31", period), held("m1", kind, "2026-02-10"))
    assert branch.rows[key].fulfilled_on == day("2026-02-10")
    branch.happen(MeetingWithdrawn(occurred_on=day("2026-02-12"), meeting_id=MeetingId("m1"), reason="记错"))
    assert (branch.rows[key].fulfilled_on, branch.rows[key].fulfilled_by, branch.rows[key].done) == (None, [], 0)


class TestDues:
    """Who was not a member or not assessed owes nothing, and where nobody is, nothing is collected."""

    KEY = "DL-05:2026-02"
    RAISED = raised("DL-05", "N16.T03", "2026-02-28", "2026-02")
    MEMBERS = (joined(ANN), joined(BEN), assessed(ANN, 100), assessed(BEN, 200, "2026-01"))

    def gone(self, person: PersonId, month: Month) -> DuesAssessmentWithdrawn:
        return DuesAssessmentWithdrawn(occurred_on=day("2026-02-20"), person_id=person, from_month=month, reason="误录")

    def test_whose_assessment_is_withdrawn_owes_nothing(self):
        branch = Branch(*self.MEMBERS, self.RAISED)
        assert branch.rows[self.KEY].missing == [ANN, BEN]
        branch.happen(self.gone(BEN, "2026-01"))
        assert branch.rows[self.KEY].missing == [ANN]

    def test_who_was_registered_in_error_owes_nothing_until_registered_anew(self):
        branch = Branch(*self.MEMBERS, self.RAISED)
        branch.happen(RegistrationWithdrawn(occurred_on=day("2026-02-20"), person_id=BEN, reason="误录"))
        assert branch.rows[self.KEY].missing == [ANN]
        branch.happen(joined(BEN))
        assert branch.rows[self.KEY].missing == [ANN, BEN]

    def test_dues_are_collected_from_the_first_month_that_is_assessed(self):
        branch = Branch(*self.MEMBERS)
        assert branch.subjects["payers", ""]["since"] == day("2025-07-01")
        branch.happen(self.gone(ANN, "2025-07"))
        assert branch.subjects["payers", ""]["since"] == day("2026-01-01")
        branch.happen(self.gone(BEN, "2026-01"))
        assert branch.subjects["payers", ""]["until"] == day("2026-02-20")


def test_a_rectification_that_was_returned_after_it_was_accepted_is_to_be_done_again_and_its_plan_stays_handed_in():
    branch = Branch(graded(), planned(), accepted(), pack=WHOLE)
    assert [branch.rows[f"DL-53.{part}:2026"].fulfilled_on for part in (2, 3)] == [DAY, DAY]
    branch.happen(returned())
    assert [branch.rows[f"DL-53.{part}:2026"].fulfilled_on for part in (2, 3)] == [DAY, None]
    branch.happen(planned(occurred_on=AFTER), accepted(occurred_on=AFTER))
    assert [branch.rows[f"DL-53.{part}:2026"].fulfilled_on for part in (2, 3)] == [DAY, AFTER]
