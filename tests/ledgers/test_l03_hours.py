"""L03 党员学时登记表: twelve months, their sum, and what the year asks for by months on the roll and in a seat (N17.T03, R-A15)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from events.base import Event, PersonId
from events.education import HoursGround, HoursStandard, StudyEntryWithdrawn, StudyId
from events.members import MembershipReinstated
from events.organisations import Post, PostAssigned, PostVacated
from projections.ledgers.l03_education import PROJECTION
from projections.ledgers.l03_hours import hours_text
from tests.decide.life_history import BRANCH_OF_EIGHT, CANCELLED, EVERYBODY, M1
from tests.decide.roster_history import ANN, BEN, CAI, DAN, DAY, EVE, FAY, GUS, NEO, left, member, seated, seats, suspended
from tests.decide.test_education import S1, S2, credited, studied
from tests.decide.test_education_written import completed, planned
from tests.ledgers.work_rows import register_of

GONE = StudyEntryWithdrawn(occurred_on=dt.date(2026, 6, 1), entry_id=S1, reason="误录")


def rows(*history: Event | Iterable[Event]) -> dict[str, dict[str, Any]]:
    """The rows of 2026, by person."""
    found = register_of(PROJECTION, "study-hours", BRANCH_OF_EIGHT, *history)
    return {row["key"]: row for row in found if row["year"] == "2026"}


def of(person_id: PersonId, *history: Event | Iterable[Event]) -> dict[str, Any]:
    return dict(rows(*history)[person_id]["cells"])


def test_nobody_has_a_row_before_the_first_hours_of_the_year():
    assert rows() == {}


def test_with_the_first_hours_everybody_on_the_roll_has_a_row():
    found = rows(studied(entry_id=S1))
    assert set(found) == set(EVERYBODY)
    assert sorted(row["row_no"] for row in found.values()) == list(range(1, 9))
    ann = found[ANN]
    assert (ann["ledger"], ann["register"], ann["year"], ann["subject"], ann["occurred_on"]) == ("L03", "study-hours", "2026", ANN, DAY)
    assert ann["cells"] == {
        "person": ANN,
        **{f"m{month}": "1.5" if month == 3 else "0" for month in range(1, 13)},
        "total": "1.5",
        "required": 56,
        "trainings": 0,
        "met": False,
        "made_up": [],
    }
    assert (found[FAY]["cells"]["total"], found[FAY]["cells"]["required"]) == ("0", 32)


@pytest.mark.parametrize(("credit", "text"), [(0, "0"), (5, "0"), (6, "0.1"), (59, "0.9"), (60, "1"), (90, "1.5"), (32 * 60, "32")])
def test_hours_are_shown_in_tenths_rounded_down(credit: int, text: str):
    assert hours_text(credit) == text


def test_months_add_up():
    april = credited(entry_id=S2, occurred_on=dt.date(2026, 4, 2), credit=100)
    fay = of(FAY, studied(entry_id=S1, present=(FAY,)), april)
    assert (fay["m3"], fay["m4"], fay["total"]) == ("1.5", "1.6", "3.1")


@pytest.mark.parametrize(("credit", "met"), [(32 * 60, True), (32 * 60 - 1, False)])
def test_thirty_two_hours_are_enough_and_a_minute_less_is_not(credit: int, met: bool):
    days = [credited(entry_id=f"d{n}", occurred_on=dt.date(2026, 5, n), credit=480) for n in range(1, 4)]
    last = credited(entry_id=S1, occurred_on=dt.date(2026, 5, 20), credit=credit - 3 * 480)
    assert of(FAY, days, last)["met"] is met


def test_the_secretary_and_the_committee_need_fifty_six():
    found = rows(studied(entry_id=S1))
    assert {person: row["cells"]["required"] for person, row in found.items()} == {
        person: 56 if person in {ANN, BEN, CAI, DAN, EVE} else 32 for person in EVERYBODY
    }


def test_a_training_over_the_turn_of_a_month_counts_in_both():
    fay = of(FAY, planned(), completed(entry_id=S2))
    assert (fay["m3"], fay["m4"], fay["total"]) == ("16", "8", "24")


class TestConcentratedTraining:
    """Secretary and committee need one a year beside their hours; other members none."""

    HOURS = tuple(
        credited(entry_id=StudyId(f"{person}{n}"), person_id=person, occurred_on=dt.date(2026, 5, n), credit=480)
        for person in (ANN, FAY)
        for n in range(1, 8)
    )

    def test_hours_alone_are_enough_for_a_member_only(self):
        assert (of(FAY, self.HOURS)["met"], of(ANN, self.HOURS)["met"]) == (True, False)

    def test_a_training_away_is_one_whatever_its_days(self):
        ann = of(ANN, self.HOURS, planned(), completed(entry_id=S2))
        assert (ann["trainings"], ann["met"]) == (1, True)
        gone = StudyEntryWithdrawn(occurred_on=dt.date(2026, 6, 1), entry_id=S2, reason="误录")
        assert of(ANN, self.HOURS, planned(), completed(entry_id=S2), gone)["trainings"] == 0

    def test_a_course_is_one_too_and_online_study_is_not(self):
        assert of(ANN, credited(entry_id=S2, person_id=ANN, ground=HoursGround.COURSE))["trainings"] == 1
        assert of(ANN, credited(entry_id=S2, person_id=ANN))["trainings"] == 0

    def test_whoever_gave_up_the_seat_before_the_year_needs_none(self):
        new = seated(*seats((FAY, Post.SECRETARY)), on=dt.date(2026, 1, 1))
        assert (of(ANN, new, self.HOURS)["met"], of(FAY, new, self.HOURS)["met"]) == (True, False)


def test_what_was_made_up_is_told():
    made_up = credited(entry_id=S2, ground=HoursGround.MAKE_UP, session_id=S1, occurred_on=dt.date(2026, 4, 2), credit=90)
    story = (studied(entry_id=S1), made_up)
    assert of(FAY, *story)["made_up"] == ["2026-04-02 网络课程 1.5学时"]
    assert of(FAY, *story, StudyEntryWithdrawn(occurred_on=DAY, entry_id=S2, reason="误录"))["made_up"] == []


def test_withdrawn_hours_are_taken_off():
    story = (studied(entry_id=S1, present=(FAY,)), credited(entry_id=S2))
    assert of(FAY, *story)["total"] == "3.5"
    assert of(FAY, *story, GONE)["total"] == "2"


def test_the_hours_of_a_cancelled_meeting_are_taken_off_once():
    story = (studied(entry_id=S1, present=(FAY,), meeting_id=M1), CANCELLED)
    assert of(FAY, *story)["total"] == "0"
    assert of(FAY, *story, GONE)["total"] == "0"


class TestWhatTheYearAsksFor:
    """By months: a month counts where it began."""

    FIRST = studied(entry_id=S1)

    @pytest.mark.parametrize(("joined", "asked"), [((1, 1), 32), ((1, 2), 30), ((7, 1), 16), ((7, 2), 14), ((12, 2), 0)])
    def test_of_somebody_who_joins(self, joined: tuple[int, int], asked: int):
        day = dt.date(2026, *joined)
        new = member(PersonId("new"), occurred_on=day, joined_on=day)
        assert of(PersonId("new"), new, self.FIRST)["required"] == asked
        assert of(PersonId("new"), self.FIRST, new)["required"] == asked

    def test_of_somebody_who_leaves(self):
        assert of(GUS, self.FIRST, left(GUS, on=dt.date(2026, 7, 1)))["required"] == 16
        assert of(GUS, self.FIRST, left(GUS, on=dt.date(2026, 7, 2)))["required"] == 19

    def test_whoever_left_before_the_year_has_no_row(self):
        assert GUS not in rows(left(GUS, on=dt.date(2026, 1, 1)), self.FIRST)

    def test_of_somebody_suspended_for_some_months(self):
        back = MembershipReinstated(occurred_on=dt.date(2026, 6, 20), person_id=GUS, reason="恢复", approval_no="部发〔2026〕9号")
        assert of(GUS, self.FIRST, suspended(GUS, on=dt.date(2026, 3, 15)), back)["required"] == 24

    def test_of_somebody_who_takes_a_seat_or_leaves_it(self):
        (seat,) = seats((FAY, Post.MEMBER))
        takes = PostAssigned(occurred_on=dt.date(2026, 7, 1), term=1, seat=seat, approval_no="部发〔2026〕9号")
        assert of(FAY, self.FIRST, takes)["required"] == 44
        leaves = PostVacated(occurred_on=dt.date(2026, 7, 2), term=1, person_id=BEN, post=Post.DEPUTY, reason="调动")
        assert of(BEN, self.FIRST, leaves)["required"] == 46

    def test_whoever_gives_up_one_of_two_posts_still_has_a_seat(self):
        (second,) = seats((BEN, Post.PUBLICITY))
        takes = PostAssigned(occurred_on=dt.date(2026, 1, 5), term=1, seat=second, approval_no="部发〔2026〕9号")
        leaves = PostVacated(occurred_on=dt.date(2026, 7, 2), term=1, person_id=BEN, post=Post.PUBLICITY, reason="分工调整")
        assert of(BEN, takes, self.FIRST, leaves)["required"] == 56

    def test_after_an_election(self):
        new = seated(*seats((FAY, Post.SECRETARY), (GUS, Post.DEPUTY)), on=dt.date(2026, 7, 1))
        found = rows(self.FIRST, new)
        assert {p: found[p]["cells"]["required"] for p in (ANN, FAY, GUS, NEO)} == {ANN: 44, FAY: 44, GUS: 44, NEO: 32}

    def test_another_standard_holds_for_all_from_its_first_hours_on(self):
        more = studied(
            entry_id=S2, topic="党史", occurred_on=dt.date(2026, 4, 2), standard=HoursStandard(member=40, cadre=60, cadre_trainings=1)
        )
        found = rows(self.FIRST, more)
        assert (found[ANN]["cells"]["required"], found[FAY]["cells"]["required"]) == (60, 40)
