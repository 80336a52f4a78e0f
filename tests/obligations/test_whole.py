"""The whole pack at work on a branch: thresholds, everybody's share, chains, festivals, what has no due date, and what is taken back."""

import datetime as dt

import pytest
from msgspec import structs

from events.base import Event, MeetingId, PersonId
from events.care import CareEntryId, CareEntryWithdrawn, CareFund, ConsolationVisitMade, Festival, Manner, RecipientKind, SignedFor
from events.education import HoursStandard, PlanItem, PlanKind, StudyEntryWithdrawn, StudyId, StudyKind, StudyPlanAdopted, StudySessionHeld
from events.meetings import MeetingKind, MeetingWithdrawn
from events.members import LeftGround, MemberAssignedToGroup, MemberLeft
from events.obligations import ObligationReminded
from events.organisations import CommitteeSeated, Post, PostAssigned, PostVacated, Seat
from events.talks import TalkId, TalkPair, TalkRecorded, TalkTrigger, TalkWithdrawn
from projections.obligations_state import Obligation, Status, status
from projections.standard.deadlines import Of
from projections.standard.rules import Override
from tests.obligations.world import ANN, BEN, CAI, DAN, GROUP, WHOLE, Branch, assessed, day, founded, grouped, held, joined, raised, seated

BEGIN = day("2025-07-01")


def branch(*events: Event) -> Branch:
    return Branch(*events, pack=WHOLE)


def year(deadline: str, needed: int = 1, due: str = "2026-12-31") -> Event:
    return raised(deadline, WHOLE.deadline(deadline).task, due, "2026", needed=needed)


def row(one: Branch, key: str) -> Obligation:
    return one.rows[key]


def studied(entry: str, hours: int, *people: PersonId, on: str = "2026-03-10") -> StudySessionHeld:
    return StudySessionHeld(
        occurred_on=day(on),
        entry_id=StudyId(entry),
        kind=StudyKind.JOINT,
        topic="学习",
        organiser=ANN,
        due=people,
        present=people,
        minutes=hours * 45,
        credit=hours * 60,
        standard=HoursStandard(member=32, cadre=56, cadre_trainings=1),
    )


def talked(talk: str, person: PersonId, talker: PersonId, *, secretary: bool = False, problems: str | None = None) -> TalkRecorded:
    return TalkRecorded(
        occurred_on=day("2026-05-10"),
        talk_id=TalkId(talk),
        person_id=person,
        talker_id=talker,
        pair=TalkPair.MEMBERS,
        with_secretary=secretary,
        trigger=TalkTrigger.ROUTINE,
        situation="~sealed",
        problems=problems,
        signed=True,
    )


MEMBERS = (joined(ANN), joined(BEN), joined(CAI), joined(DAN))


class TestHours:
    """32 class hours of each member, 56 of secretary and committee (N17.T03, R-A15)."""

    KEY, CADRES = "DL-43:2026", "DL-43.2:2026"

    def test_the_year_is_done_when_nobody_has_less_than_32(self):
        one = branch(*MEMBERS, year("DL-43", 32))
        assert row(one, self.KEY).missing == [ANN, BEN, CAI, DAN]
        one.happen(studied("s1", 20, ANN, BEN, CAI, DAN), studied("s2", 12, ANN, BEN, CAI))
        assert row(one, self.KEY).missing == [DAN]
        one.happen(studied("s3", 12, DAN, on="2026-06-01"))
        found = row(one, self.KEY)
        assert (found.missing, found.fulfilled_on, found.fulfilled_by, found.late) == ([], day("2026-06-01"), ["e6", "e7", "e8"], False)

    def test_a_minute_less_is_not_enough(self):
        short = structs.replace(studied("s1", 32, ANN, BEN, CAI, DAN), credit=32 * 60 - 1)
        assert row(branch(*MEMBERS, year("DL-43", 32), short), self.KEY).missing == [ANN, BEN, CAI, DAN]

    def test_hours_that_are_withdrawn_are_wanting_again(self):
        one = branch(*MEMBERS, year("DL-43", 32), studied("s1", 32, ANN, BEN, CAI, DAN))
        assert row(one, self.KEY).fulfilled_on == day("2026-03-10")
        one.happen(StudyEntryWithdrawn(occurred_on=day("2026-04-01"), entry_id=StudyId("s1"), reason="录错"))
        assert (row(one, self.KEY).missing, row(one, self.KEY).fulfilled_on) == ([ANN, BEN, CAI, DAN], None)

    def test_secretary_and_committee_need_56(self):
        one = branch(*MEMBERS, seated(ANN, BEN, CAI), year("DL-43", 32), year("DL-43.2", 56), studied("s1", 40, ANN, BEN, CAI, DAN))
        assert row(one, self.KEY).missing == []
        assert row(one, self.CADRES).missing == [ANN, BEN, CAI]
        one.happen(studied("s2", 16, ANN, BEN, CAI))
        assert row(one, self.CADRES).missing == []

    @pytest.mark.parametrize(
        ("hours", "said"),
        [
            (0, [("2026-06-30", -184), ("2026-09-30", -92), ("2026-11-30", -31)]),
            (16, [("2026-09-30", -92), ("2026-11-30", -31)]),
            (24, [("2026-11-30", -31)]),
            (31, [("2026-11-30", -31)]),
            (32, []),
        ],
    )
    def test_a_reminder_goes_out_only_while_somebody_has_less_than_the_pace_asks_for(self, hours, said):
        one = branch(founded(BEGIN), joined(ANN, BEGIN), joined(BEN, BEGIN), year("DL-43", needed=32))
        one.happen(studied("s1", hours, ANN, BEN), studied("s2", 40, BEN)) if hours else one.happen(studied("s2", 40, BEN))
        found = [event for today in ("2026-06-30", "2026-09-30", "2026-11-30") for event in one.sweep(today)]
        mine = [event for event in found if isinstance(event, ObligationReminded) and event.obligation_id == "DL-43:2026"]
        assert [(event.occurred_on.isoformat(), event.offset) for event in mine] == said
        assert row(one, "DL-43:2026").least == (hours * 60 if hours < 32 else 32 * 60)

    def test_who_joins_in_the_year_or_leaves_in_it_is_not_asked(self):
        one = branch(joined(ANN), joined(BEN), joined(CAI, day("2026-02-01")), year("DL-43", 32), studied("s1", 32, ANN))
        assert row(one, self.KEY).missing == [BEN]
        one.happen(MemberLeft(occurred_on=day("2026-09-01"), person_id=BEN, ground=LeftGround.WITHDREW, reason="退党", approval_no="1"))
        assert (row(one, self.KEY).missing, row(one, self.KEY).fulfilled_on) == ([], day("2026-03-10"))

    def test_hours_count_whether_the_year_was_raised_before_or_after(self):
        one = branch(*MEMBERS, studied("s1", 20, ANN, BEN, CAI, DAN), year("DL-43", 32))
        assert row(one, self.KEY).fulfilled_on is None
        one.happen(studied("s2", 12, ANN, BEN, CAI, DAN))
        assert row(one, self.KEY).fulfilled_on == day("2026-03-10")


class TestTalks:
    KEY = "DL-49:2026"

    def test_every_member_takes_part_in_a_talk_on_either_side(self):
        one = branch(*MEMBERS, year("DL-49"), talked("t1", ANN, BEN), talked("t2", CAI, BEN))
        assert row(one, self.KEY).missing == [DAN]
        one.happen(talked("t3", DAN, ANN))
        assert row(one, self.KEY).fulfilled_on == day("2026-05-10")
        one.happen(TalkWithdrawn(occurred_on=day("2026-05-11"), talk_id=TalkId("t3"), person_id=DAN, reason="录错"))
        assert (row(one, self.KEY).missing, row(one, self.KEY).fulfilled_on) == ([DAN], None)

    def test_with_the_secretary_only_her_talks_count(self):
        one = branch(*MEMBERS, year("DL-49.2"), talked("t1", BEN, CAI), talked("t2", DAN, ANN, secretary=True))
        assert row(one, "DL-49.2:2026").missing == [BEN, CAI]

    def test_a_matter_counts_when_something_is_written_under_it(self):
        assert "N12.T02:2026" not in branch(talked("t1", BEN, ANN)).rows
        assert row(branch(talked("t1", BEN, ANN, problems="~sealed")), "N12.T02:2026").done == 1


class TestGroups:
    """Groups = members: nobody is left without one (N02.T01)."""

    KEY = "N02.T01:2026-Q1"
    RAISED = raised("N02.T01", "N02.T01", "2026-03-31", "2026-Q1")

    def assigned(self, person: PersonId, on: str = "2026-02-01") -> MemberAssignedToGroup:
        return MemberAssignedToGroup(occurred_on=day(on), person_id=person, group_id=GROUP)

    def test_it_is_done_when_everybody_is_in_a_group_and_open_when_somebody_new_is_not(self):
        one = branch(grouped(), joined(ANN), joined(BEN), self.RAISED)
        assert row(one, self.KEY).missing == [ANN, BEN]
        one.happen(self.assigned(ANN), self.assigned(BEN))
        assert row(one, self.KEY).fulfilled_on == day("2026-02-01")
        one.happen(joined(CAI, day("2026-02-10")))
        assert (row(one, self.KEY).missing, row(one, self.KEY).fulfilled_on) == ([CAI], None)

    def test_a_quarter_that_is_over_is_not_looked_at_again(self):
        one = branch(grouped(), joined(ANN), self.assigned(ANN, "2026-01-02"), self.RAISED, joined(BEN, day("2026-05-01")))
        assert row(one, self.KEY).missing == []

    def test_a_branch_without_groups_is_not_asked(self):
        assert [one for one in branch(founded(BEGIN)).facts.subjects if one.kind == "grouped"] == []
        assert [one.kind for one in branch(grouped()).facts.subjects] == ["group", "grouped"]


class TestTerms:
    """The end of a term is met by the next committee, a vacancy by whoever fills the post (DL-26, DL-29)."""

    def seat(self, term: int, on: str, ends: str) -> CommitteeSeated:
        seats = tuple(
            Seat(person_id=one, post=post) for one, post in zip((ANN, BEN, CAI), (Post.SECRETARY, Post.DEPUTY, Post.MEMBER), strict=True)
        )
        return CommitteeSeated(occurred_on=day(on), term=term, term_ends_on=day(ends), approval_no="1", seats=seats)

    def test_the_next_committee_ends_the_wait_and_begins_its_own(self):
        one = branch(founded(), self.seat(1, "2023-07-01", "2026-07-01"))
        assert {due.obligation_id for due in one.forecast("2026-06-01", "2026-07-31") if due.deadline == "DL-26"} == {"DL-26:1"}
        one.happen(self.seat(2, "2026-06-20", "2029-06-20"))
        assert row(one, "DL-26:1").fulfilled_on == day("2026-06-20")
        assert "DL-26:2" not in one.rows

    def test_a_post_that_falls_vacant_twice_is_filled_twice(self):
        def vacated(on: str) -> PostVacated:
            return PostVacated(occurred_on=day(on), term=1, person_id=BEN, post=Post.DEPUTY, reason="调离")

        def filled(on: str) -> PostAssigned:
            return PostAssigned(occurred_on=day(on), term=1, seat=Seat(person_id=DAN, post=Post.DEPUTY), approval_no="2")

        one = branch(self.seat(1, "2025-07-01", "2028-07-01"), vacated("2026-01-10"), filled("2026-02-10"), vacated("2026-05-10"))
        assert row(one, "DL-29:deputy.2026-01-10").fulfilled_on == day("2026-02-10")
        assert "DL-29:deputy.2026-05-10" not in one.rows
        one.happen(filled("2026-06-01"))
        assert row(one, "DL-29:deputy.2026-05-10").fulfilled_on == day("2026-06-01")


class TestFestivals:
    """Visits are due by each festival of the pack (DL-54)."""

    def visit(self, entry: str, festival: Festival, on: str) -> ConsolationVisitMade:
        return ConsolationVisitMade(
            occurred_on=day(on),
            entry_id=CareEntryId(entry),
            person_id=DAN,
            kind=RecipientKind.HARDSHIP_MEMBER,
            recipient="~sealed",
            festival=festival,
            manner=Manner.MONEY,
            amount_fen=50_000,
            fund=CareFund.PUBLIC,
            visitors=(ANN,),
            signed=SignedFor.SELF,
        )

    def test_three_festivals_a_year_on_their_dates(self):
        one = branch(founded())
        due = [(found.obligation_id, found.due_on) for found in one.forecast("2026-01-01", "2026-12-31") if found.deadline == "DL-54"]
        assert due == [
            ("DL-54:new_year.2026", day("2026-01-01")),
            ("DL-54:spring_festival.2026", day("2026-02-17")),
            ("DL-54:july_first.2026", day("2026-07-01")),
        ]

    def test_a_committee_or_a_branch_has_festivals_of_its_own_from_a_date_on(self):
        chosen = ["spring_festival", "mid_autumn", "double_ninth"]
        own = Override(key="care.festivals", value=chosen, effective_from=day("2026-03-01"))
        one = Branch(founded(), self.visit("v1", Festival.MID_AUTUMN, "2026-09-20"), pack=WHOLE, overrides=(own,))
        due = [(found.obligation_id, found.due_on) for found in one.forecast("2026-01-01", "2026-12-31") if found.deadline == "DL-54"]
        assert due == [
            ("DL-54:new_year.2026", day("2026-01-01")),
            ("DL-54:spring_festival.2026", day("2026-02-17")),
            ("DL-54:mid_autumn.2026", day("2026-09-25")),
            ("DL-54:double_ninth.2026", day("2026-10-18")),
        ]
        one.sweep("2026-10-01")
        assert row(one, "DL-54:mid_autumn.2026").fulfilled_on == day("2026-09-20")
        assert row(one, "DL-54:double_ninth.2026").reminded == [-30]
        assert WHOLE.accepts("care.festivals", chosen)

    def test_a_visit_counts_for_its_festival_of_the_season(self):
        one = branch(founded(BEGIN), self.visit("v1", Festival.NEW_YEAR, "2025-12-28"), self.visit("v2", Festival.MID_AUTUMN, "2026-09-20"))
        asked = {found.obligation_id for found in one.forecast("2026-01-01", "2026-12-31") if found.deadline == "DL-54"}
        assert {key for key, found in one.rows.items() if key in asked and found.fulfilled_on} == {"DL-54:new_year.2026"}
        one.happen(
            CareEntryWithdrawn(
                occurred_on=day("2025-12-29"),
                entry_id=CareEntryId("v1"),
                what="care.visit_made",
                happened_on=day("2025-12-28"),
                reason="录错",
            )
        )
        assert row(one, "DL-54:new_year.2026").fulfilled_on is None


class TestCampaigns:
    """While a campaign runs, something of it takes place every month (N01.T06)."""

    PLAN = StudyPlanAdopted(
        occurred_on=day("2026-01-20"),
        entry_id=StudyId("plan"),
        kind=PlanKind.CAMPAIGN,
        year=2026,
        title="主题教育方案",
        items=(PlanItem(content="学习"),),
        closes_on=day("2026-05-15"),
    )

    def test_it_is_due_in_each_whole_month_until_the_campaign_closes(self):
        due = [found.obligation_id for found in branch(self.PLAN).forecast("2026-01-01", "2026-12-31") if found.deadline == "N01.T06"]
        assert due == ["N01.T06:2026-02:plan", "N01.T06:2026-03:plan", "N01.T06:2026-04:plan"]

    def test_an_activity_of_the_plan_counts_for_its_month(self):
        activity = structs.replace(studied("s1", 2, ANN), kind=StudyKind.CAMPAIGN, plan_id=StudyId("plan"))
        assert row(branch(self.PLAN, activity), "N01.T06:2026-03:plan").fulfilled_on == day("2026-03-10")

    def test_a_plan_that_is_withdrawn_asks_for_nothing(self):
        one = branch(self.PLAN, raised("N01.T06", "N01.T06", "2026-02-28", "2026-02", "plan"))
        one.happen(StudyEntryWithdrawn(occurred_on=day("2026-02-02"), entry_id=StudyId("plan"), reason="录错"))
        assert row(one, "N01.T06:2026-02:plan").lapsed_on == day("2026-02-02")
        assert one.forecast("2026-02-03", "2026-12-31") == []


class TestWithoutADate:
    """Of the rights of members it is shown how long ago they were last exercised (rules 0.5)."""

    def test_the_last_evidence_counts_and_the_one_before_when_it_is_taken_back(self):
        one = branch(held("m1", MeetingKind.STUDY, "2026-01-10"), held("m2", MeetingKind.GENERAL, "2026-02-10"))
        assert row(one, "N17.T04").fulfilled_on == day("2026-02-10")
        one.happen(MeetingWithdrawn(occurred_on=day("2026-02-12"), meeting_id=MeetingId("m2"), reason="录错"))
        found = row(one, "N17.T04")
        assert (found.fulfilled_on, found.fulfilled_by, found.due_on) == (day("2026-01-10"), ["e1"], None)

    @pytest.mark.parametrize(("today", "stands"), [("2026-04-10", Status.CURRENT), ("2026-04-11", Status.STALE)])
    def test_after_90_days_it_is_stale(self, today, stands):
        assert status(row(branch(held("m1", MeetingKind.STUDY, "2026-01-10")), "N17.T04"), day(today)) is stands


def test_a_year_of_a_whole_branch_comes_to_rest_and_leaves_nothing_out():
    one = branch(founded(), grouped(), seated(ANN, BEN, CAI), *MEMBERS, assessed(ANN, 100))
    for number in range(25):
        one.sweep((day("2026-01-01") + dt.timedelta(days=15 * number)).isoformat())
    lasting = {deadline.id for deadline in WHOLE.deadlines if deadline.of is not Of.EVENT}
    assert {found.deadline for found in one.rows.values() if found.raised_on} - {"DL-26", "N04.T03"} == lasting
    over = [found for found in one.rows.values() if found.due_on and found.due_on < day("2026-11-20")]
    assert [found for found in over if not found.fulfilled_on and not found.overdue_on] == []
