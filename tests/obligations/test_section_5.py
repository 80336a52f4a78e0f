"""The offsets of section 5 of the rule sheet, line by line as they stand there, against the pack (DL-01 to DL-64)."""

import datetime as dt

import pytest

from events.obligations import ObligationOverdue, ObligationReminded
from projections.standard.holidays import Unit
from projections.standard.pack import default_pack
from tests.obligations.world import Branch, day, raised

PACK = default_pack()
BRANCH, ORGANISER, PUBLICITY, COMMITTEE, ABOVE = (
    "branch_secretary",
    "organization_member",
    "publicity_member",
    "branch_committee",
    "superior_committee",
)
DISCIPLINE = "discipline_member"
MEMBERS = "all_members"
TABLE = (
    ("DL-01", "-10 -3 0", 1, 7, BRANCH),
    ("DL-02", "-7 -2", 1, 7, BRANCH),
    ("DL-03", "-7 -2", 1, 10, "group_leader"),
    ("DL-04", "-3 0", 1, 7, BRANCH),
    ("DL-05", "-5 0", 1, None, ORGANISER),
    ("DL-06", "-120 -90 -60 -30", 1, 1, ORGANISER),
    ("DL-07", "-20 -7", 1, 7, BRANCH),
    ("DL-08", "-30 -10", 1, 7, BRANCH),
    ("DL-09", "-15 -5", 1, 10, PUBLICITY),
    ("DL-10", "-30 -10", 1, 10, BRANCH),
    *((f"DL-11{part}", "-15 -5", 1, 10, PUBLICITY) for part in ("", ".2", ".3", ".4", ".5", ".6")),
    ("DL-12", "-5 -1", 1, 5, ORGANISER),
    ("DL-13", "-30 -10", 1, 15, ORGANISER),
    ("DL-14", "-30 -10", 1, 15, ORGANISER),
    ("DL-14.2", "-30 -10", 1, 15, ORGANISER),
    ("DL-15", "-30 -7", 1, 15, DISCIPLINE),
    ("DL-15.2", "-30 -7", 1, 15, DISCIPLINE),
    ("DL-15.3", "-30 -7", 1, 15, PUBLICITY),
    ("DL-15.4", "-30 -7", 1, 15, ORGANISER),
    ("DL-16", "-10 -3", 1, 7, ORGANISER),
    ("DL-17", "0", 1, None, ORGANISER),
    ("DL-18", "0", "3wd", None, ORGANISER),
    ("DL-19", "-10 -3", 1, 7, COMMITTEE),
    ("DL-20", "-30 -10", 1, 90, ABOVE),
    ("DL-21", "-45 -15 0", 1, 15, ORGANISER),
    ("DL-22", "-45 -15", 1, 15, ORGANISER),
    ("DL-23", "-30 -10", 1, None, ABOVE),
    ("DL-24", "-7", 1, 30, ORGANISER),
    ("DL-25", "-15", 1, None, ORGANISER),
    ("DL-26", "-180 -90 -60 -30 -7", 1, 1, COMMITTEE),
    ("DL-27", "-90 -30", 1, None, COMMITTEE),
    ("DL-28", "-2", 1, 7, COMMITTEE),
    ("DL-29", "-30 -7", 1, 7, COMMITTEE),
    ("DL-30", "-7 -2", 1, None, ORGANISER),
    ("DL-31", "-7", 1, 7, ORGANISER),
    ("DL-32", "-92 -31", 1, None, ORGANISER),  # 90 and 150 days after the letter, in months before the sixth
    ("DL-33", "-14", 1, 30, ORGANISER),
    ("DL-34", "-92 -31", 1, 1, ORGANISER),  # at 3 and 5 months of 6
    ("DL-34.2", "0", 1, None, ORGANISER),
    ("DL-35", "-7", 1, None, BRANCH),
    ("DL-36", "-10 -3", 1, 1, COMMITTEE),
    ("DL-37", "-7", 1, None, COMMITTEE),
    ("DL-38", "-30 -7", 1, None, COMMITTEE),
    ("DL-39", "-30 -7", 1, None, ABOVE),
    ("DL-40", "-60 -15", 1, None, COMMITTEE),
    ("DL-41", "0", 1, None, DISCIPLINE),
    ("DL-42", "-60 -15", 30, 30, COMMITTEE),
    ("DL-43", "-184 -92 -31", 1, None, PUBLICITY),
    ("DL-43.2", "-184 -92 -31", 1, None, PUBLICITY),
    ("DL-44", "-14 -3", 1, 15, PUBLICITY),
    ("DL-45", "-14 -3", 1, None, ORGANISER),
    ("DL-46", "-14 -3", 1, 15, ORGANISER),
    ("DL-47", "-60 -30 -7", 1, 7, BRANCH),
    ("DL-48", "-60 -30 -7", 1, 7, COMMITTEE),
    ("DL-49", "-184 -92 -31", 1, None, COMMITTEE),
    ("DL-49.2", "-184 -92 -31", 1, None, BRANCH),
    *((f"DL-50{part}", "-14 -3", 1, 7, ABOVE if part == ".4" else BRANCH) for part in ("", ".2", ".3", ".4")),
    ("DL-51", "-14 -3", 1, 7, COMMITTEE),
    ("DL-52", "-14", 1, None, ABOVE),
    ("DL-53", "-7 -2", 1, None, ABOVE),
    ("DL-53.2", "-7 -2", 1, None, BRANCH),
    ("DL-53.3", "-7 -2", 1, None, ABOVE),
    ("DL-54", "-30 -15 -7", 1, None, COMMITTEE),
    ("DL-55", "-14", 1, 30, ORGANISER),
    ("DL-56", "-7", 1, 15, COMMITTEE),
    ("DL-57", "-7", 1, 15, DISCIPLINE),
    ("DL-58", "-2wd", 1, None, PUBLICITY),
    ("DL-59", "-7", 1, 15, ORGANISER),
    ("DL-60", "-30 -7", 1, None, PUBLICITY),
    ("DL-60.2", "-30 -7", 1, None, PUBLICITY),
    ("DL-61", "-3wd -1wd", 1, 1, BRANCH),
    ("DL-62", "-5", 1, 15, COMMITTEE),
    ("DL-63", "-30", 1, None, DISCIPLINE),
)
"""Id, reminders, day of the mark, day of the escalation, who is responsible; `wd` for working days. DL-64 is no branch's: `holidays.wanting`."""


def written(offset: int, unit: Unit) -> str:
    return f"{offset}wd" if unit is Unit.WORKING_DAYS else str(offset)


@pytest.mark.parametrize(("deadline_id", "remind", "overdue", "escalate", "role"), TABLE, ids=[line[0] for line in TABLE])
def test_a_deadline_reminds_is_overdue_and_escalates_as_the_rule_sheet_says(deadline_id, remind, overdue, escalate, role):
    deadline = PACK.deadline(deadline_id)
    assert (
        " ".join(written(offset, deadline.remind_in) for offset in deadline.remind),
        written(deadline.overdue, deadline.overdue_in),
        deadline.escalate,
        deadline.role,
    ) == (remind, str(overdue), escalate, role)


def test_every_deadline_of_the_section_stands_in_the_table():
    """What is added to a line, such as the steps of a directive (DL-61.2 to DL-61.6), has its own tests."""
    added = {f"DL-61.{number}" for number in range(2, 7)}
    assert {line[0] for line in TABLE} | added == {deadline.id for deadline in PACK.deadlines if deadline.id.startswith("DL-")}


def test_half_a_year_before_the_term_ends_the_superior_is_told_as_well():
    assert {deadline.id: deadline.above for deadline in PACK.deadlines if deadline.above} == {"DL-26": (-180,)}


def said(deadline_id: str, due_on: str, subject: str, first: str, last: str) -> list[tuple[str, str]]:
    """What a worker that runs every day says of one duty."""
    branch = Branch(raised(deadline_id, PACK.deadline(deadline_id).task, due_on, subject=subject), pack=PACK)
    today, found = day(first), []
    while today <= day(last):
        found += branch.sweep(today.isoformat())
        today += dt.timedelta(days=1)
    return [
        (event.occurred_on.isoformat(), str(event.offset) if isinstance(event, ObligationReminded) else "overdue")
        for event in found
        if isinstance(event, ObligationReminded | ObligationOverdue)
    ]


class TestWorkingDays:
    """Over the National Day holiday of 2026 (1 to 7 October, with Saturday the 10th a make-up working day) and the Spring Festival."""

    def test_a_document_is_reminded_of_three_and_one_working_days_before_its_date(self):
        assert said("DL-61", "2026-10-10", "doc", "2026-09-20", "2026-10-12") == [
            ("2026-09-30", "-3"),
            ("2026-10-09", "-1"),
            ("2026-10-11", "overdue"),
        ]

    def test_an_answer_is_reminded_of_two_working_days_before_a_make_up_day(self):
        assert said("DL-58", "2026-02-28", "f1", "2026-02-01", "2026-03-01") == [("2026-02-26", "-2"), ("2026-03-01", "overdue")]

    def test_an_answer_due_after_the_spring_festival_is_reminded_of_before_it(self):
        assert said("DL-58", "2026-02-24", "f1", "2026-02-01", "2026-02-25") == [("2026-02-13", "-2"), ("2026-02-25", "overdue")]

    def test_a_notice_that_may_be_closed_is_asked_for_again_after_three_working_days_of_which_none_is_a_holiday(self):
        case = "case.2026-09-21"
        assert said("DL-18", "2026-09-30", case, "2026-09-20", "2026-10-20") == [("2026-09-30", "0"), ("2026-10-10", "overdue")]
