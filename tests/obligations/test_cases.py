"""Duties of one case or person: begun by an event, chained, ended, and what becomes of them when an entry is withdrawn."""

from events.admission import ActivistDetermined, CultivationReviewed, Recommender, ReviewScope
from events.admission_acceptance import AdmissionEntryWithdrawn, AdmissionQuestion, AdmissionVoted
from events.base import AdmissionId, Event, MeetingId
from events.debriefing import DebriefingStep, ReportApproved, ReportDrafted, StepWithdrawn
from events.mobile import AbsenceId, ContactWay, MobileEntryWithdrawn, MobileMemberContacted
from events.obligations import ObligationEscalated, ObligationOverdue, ObligationReminded
from tests.obligations.world import ANN, BEN, CAI, WHOLE, Branch, day, raised

CASE = AdmissionId("case")
AWAY = AbsenceId("away")


def branch(*events: Event) -> Branch:
    return Branch(*events, pack=WHOLE)


def due(one: Branch, deadline: str, last: str = "2027-12-31") -> list[tuple[str, str]]:
    return [(found.obligation_id, found.due_on.isoformat()) for found in one.forecast("2026-01-01", last) if found.deadline == deadline]


class TestAdmission:
    ACTIVIST = ActivistDetermined(
        occurred_on=day("2026-01-01"), admission_id=CASE, person_id=BEN, meeting_id=MeetingId("m1"), recommended_by=Recommender.MEMBERS
    )
    RAISED = raised("DL-13", "N14.T01", "2026-06-30", "2026-H1", CASE)
    KEY = f"DL-13:2026-H1:{CASE}"

    def reviewed(self, on: str, scope: ReviewScope = ReviewScope.ACTIVIST) -> CultivationReviewed:
        return CultivationReviewed(occurred_on=day(on), admission_id=CASE, person_id=BEN, scope=scope, opinion="~sealed", by=(ANN,))

    def voted(self, *, passed: bool) -> AdmissionVoted:
        return AdmissionVoted(
            occurred_on=day("2026-05-10"),
            admission_id=CASE,
            person_id=BEN,
            question=AdmissionQuestion.ADMIT,
            meeting_id=MeetingId("m2"),
            voters_due=5,
            voters_present=5,
            needed=3,
            yes=5 if passed else 0,
            no=0 if passed else 5,
            abstain=0,
            passed=passed,
        )

    def withdrawn(self, entry: str) -> AdmissionEntryWithdrawn:
        return AdmissionEntryWithdrawn(
            occurred_on=day("2026-05-20"), admission_id=CASE, person_id=BEN, withdrawn=entry, withdrawn_on=day("2026-05-10"), reason="录错"
        )

    def test_an_activist_is_reviewed_every_half_year_until_the_vote(self):
        assert [key for key, _ in due(branch(self.ACTIVIST), "DL-13", "2026-12-31")] == [self.KEY, f"DL-13:2026-H2:{CASE}"]
        assert due(branch(self.ACTIVIST, self.voted(passed=True)), "DL-13") == []
        assert len(due(branch(self.ACTIVIST, self.voted(passed=False)), "DL-13")) == 4

    def test_a_review_that_is_withdrawn_is_due_again_and_another_kind_of_entry_changes_nothing(self):
        one = branch(self.ACTIVIST, self.RAISED, self.reviewed("2026-03-01"))
        assert one.rows[self.KEY].fulfilled_on == day("2026-03-01")
        one.happen(self.withdrawn("admission.reviewed:probation"), self.withdrawn("admission.filed:activist"))
        assert one.rows[self.KEY].fulfilled_on == day("2026-03-01")
        one.happen(self.withdrawn("admission.reviewed:activist"))
        assert one.rows[self.KEY].fulfilled_on is None

    def test_of_two_reviews_the_last_one_is_withdrawn(self):
        one = branch(self.ACTIVIST, self.RAISED, self.reviewed("2026-03-01"), self.reviewed("2026-08-01"))
        one.happen(self.withdrawn("admission.reviewed:activist"))
        assert [(key, row.fulfilled_on) for key, row in one.rows.items() if row.deadline == "DL-13"] == [
            (self.KEY, day("2026-03-01")),
            (f"DL-13:2026-H2:{CASE}", None),
        ]

    def test_with_the_vote_withdrawn_the_reviews_go_on_and_no_approval_is_waited_for(self):
        one = branch(self.ACTIVIST, self.RAISED, self.voted(passed=True))
        assert (due(one, "DL-20"), one.rows[self.KEY].lapsed_on) == ([(f"DL-20:{CASE}", "2026-08-10")], day("2026-05-10"))
        one.happen(self.withdrawn("admission.voted:admit"))
        assert (due(one, "DL-20"), one.rows[self.KEY].lapsed_on) == ([], None)
        assert len(due(one, "DL-13")) == 4

    def test_with_the_whole_case_withdrawn_nothing_is_due(self):
        one = branch(self.ACTIVIST, self.RAISED, self.withdrawn("admission.application_received"))
        assert one.forecast("2026-01-01", "2030-12-31") == []
        assert one.rows[self.KEY].lapsed_on == day("2026-05-20")

    def test_a_year_of_cultivation_is_told_on_the_day_and_that_is_all(self):
        one, key = branch(self.ACTIVIST), f"DL-17:{CASE}"
        said = [event for today in ("2026-12-30", "2027-01-01", "2027-01-02", "2027-03-01") for event in one.sweep(today)]
        mine = [(type(event), event.occurred_on) for event in said if getattr(event, "obligation_id", "") == key][1:]
        assert mine == [(ObligationReminded, day("2027-01-01"))]
        assert one.rows[key].fulfilled_on == day("2027-01-01")

    def test_a_worker_that_was_down_on_the_day_tells_it_late_and_marks_nothing_overdue(self):
        one = branch(self.ACTIVIST)
        one.sweep("2026-12-01")
        mine = [type(event) for event in one.sweep("2027-02-01") if getattr(event, "obligation_id", "") == f"DL-17:{CASE}"]
        assert mine == [ObligationReminded]
        assert not {ObligationOverdue, ObligationEscalated} & set(mine)


class TestMobile:
    """Each contact ends the wait and begins the next (DL-33)."""

    def contact(self, on: str, *, reached: bool = True) -> MobileMemberContacted:
        return MobileMemberContacted(
            occurred_on=day(on),
            absence_id=AWAY,
            person_id=CAI,
            way=ContactWay.TELEPHONE,
            reached=reached,
            reported=False,
            next_by=day("2027-01-01"),
        )

    def test_a_contact_is_due_90_days_after_the_last_that_reached_the_member(self):
        one = branch(self.contact("2026-01-10"), self.contact("2026-02-10", reached=False))
        assert due(one, "DL-33") == [("DL-33:away.2026-01-10", "2026-04-10")]
        one.happen(self.contact("2026-03-01"))
        assert one.rows["DL-33:away.2026-01-10"].fulfilled_on == day("2026-03-01")
        assert due(one, "DL-33")[-1] == ("DL-33:away.2026-03-01", "2026-05-30")

    def test_who_was_entered_by_mistake_is_not_looked_for(self):
        one = branch(self.contact("2026-01-10"))
        one.happen(MobileEntryWithdrawn(occurred_on=day("2026-01-20"), absence_id=AWAY, person_id=CAI, reason="录错"))
        assert one.forecast("2026-01-01", "2027-12-31") == []


class TestDebriefing:
    """All steps of a chain are needed, and each may be taken back by its name."""

    KEY = "DL-50.3:2026"
    DRAFT = ReportDrafted(occurred_on=day("2026-12-01"), year=2026, person_id=ANN, work_done="~sealed", plans="~sealed")
    APPROVED = ReportApproved(occurred_on=day("2027-01-10"), year=2026, person_id=ANN)

    def test_it_is_done_with_the_last_of_its_steps_for_the_year_that_they_are_about(self):
        one = branch(self.DRAFT)
        assert one.rows[self.KEY].fulfilled_on is None
        one.happen(self.APPROVED)
        assert (one.rows[self.KEY].fulfilled_on, one.rows[self.KEY].fulfilled_by) == (day("2027-01-10"), ["e1", "e2"])
        one.happen(StepWithdrawn(occurred_on=day("2027-01-11"), year=2026, step=DebriefingStep.REVIEW, reason="录错"))
        assert (one.rows[self.KEY].fulfilled_on, one.rows[self.KEY].done) == (None, 1)
