"""L02 民主评议党员登记表: one row for each member and year, filled step by step, emptied by what is withdrawn (N13)."""

from collections.abc import Iterable
from typing import Any

from events.appraisal import Grade, Lacking
from events.base import Event
from projections.ledgers.l02_organisation_life import PROJECTION
from tests.decide.appraisal_history import (
    DONE,
    FULL,
    GRADED,
    LATER,
    MET,
    TOLD,
    VOTED,
    assessed,
    ballot,
    closed,
    commented,
    excused,
    graded,
    opened,
    raised,
    study,
    told,
    withdrawn,
)
from tests.decide.life_history import EVERYBODY
from tests.decide.roster_history import ANN, BEN, DAY, FAY, NEO
from tests.ledgers.l02_history import ORG
from tests.ledgers.work_rows import register_of


def rows(*history: Event | Iterable[Event]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in register_of(PROJECTION, "appraisal", *history)}


def cells(key: str, *history: Event | Iterable[Event]) -> dict[str, Any]:
    return dict(rows(*history)[key]["cells"])


def process(*history: Event | Iterable[Event]) -> list[tuple[str, str, str | None]]:
    found = register_of(PROJECTION, "appraisal-process", *history)
    return [(row["cells"]["step"], row["cells"]["content"], row["struck_by"]) for row in found]


def test_everybody_who_takes_part_has_a_row_of_the_year_appraised():
    found = rows(TOLD)
    assert set(found) == set(EVERYBODY)
    assert {row["year"] for row in found.values()} == {"2025"}
    assert found[FAY]["cells"] == {"year": 2025, "person": FAY, "status": "正式党员"}
    assert found[NEO]["cells"] == {"year": 2025, "person": NEO, "status": "预备党员"}


def test_a_member_appraised_has_a_whole_row():
    history = (
        VOTED,
        graded(FAY, Grade.EXCELLENT, handling="~handling"),
        told(FAY, opinion="~opinion"),
        closed(),
    )
    row = rows(*history)[FAY]
    assert (row["org_id"], row["ledger"], row["register"], row["year"], row["subject"], row["struck_by"]) == (
        ORG, "L02", "appraisal", "2025", FAY, None,
    )  # fmt: skip
    assert row["cells"] == {
        "year": 2025,
        "person": FAY,
        "status": "正式党员",
        "outline": "~sealed",
        "comments": ["~sealed"],
        "votes": "优秀5 合格2 基本合格1 不合格0",
        "grade": "优秀",
        "handling": "~handling",
        "told_on": LATER,
        "signed": True,
        "opinion": "~opinion",
        "reported_on": LATER,
    }


def test_comments_of_several_stand_side_by_side():
    other = commented(FAY, BEN, entry_id="peer-2", comment="~second")
    story = (MET, commented(FAY, ANN, comment="~first"), other)
    assert cells(FAY, *story)["comments"] == ["~first", "~second"]
    assert cells(FAY, *story, withdrawn("peer-fay"))["comments"] == ["~second"]


def test_gaps_are_explained():
    assert cells(FAY, TOLD, excused(FAY, Lacking.BALLOT))["gaps"] == ["~sealed"]


def test_the_branch_itself_is_voted_on():
    row = rows(MET, ballot(None))["-"]
    assert (row["subject"], row["cells"]) == (
        None,
        {"year": 2025, "person": None, "status": "党支部", "votes": "优秀5 合格2 基本合格1 不合格0"},
    )


def test_whoever_joined_after_the_notice_has_a_row_with_the_first_entry():
    assert cells("new", TOLD, assessed("new")) == {"year": 2025, "person": "new", "outline": "~sealed"}  # type: ignore[arg-type]


def test_what_is_withdrawn_leaves_empty_cells():
    assert cells(FAY, GRADED, withdrawn("grade-fay"))["grade"] is None
    assert cells(FAY, VOTED, withdrawn("ballot-fay"))["votes"] is None
    assert cells(FAY, MET, withdrawn("self-fay"))["outline"] is None
    again = cells(FAY, DONE, withdrawn("told-fay"))
    assert (again["told_on"], again["signed"], again["opinion"]) == (None, None, None)


def test_a_withdrawn_report_is_taken_out_of_every_row():
    assert {row["cells"]["reported_on"] for row in rows(DONE, closed()).values()} == {LATER}
    assert {row["cells"]["reported_on"] for row in rows(DONE, closed(), withdrawn("closed")).values()} == {None}


def test_after_a_withdrawn_opening_the_rows_are_new_ones():
    found = rows(opened(), withdrawn("opened"), opened(entry_id="again", planned_on=LATER))
    struck: dict[str, str | None] = {str(person): "e2" for person in EVERYBODY}
    assert {key: row["struck_by"] for key, row in found.items()} == struck | {f"{person}/2": None for person in EVERYBODY}
    assert found["fay/2"]["cells"] == {"year": 2025, "person": FAY, "status": "正式党员"}


def test_the_course_of_the_appraisal():
    assert process(DONE, raised(3), closed()) == [
        ("会前通知", f"拟于{DAY}召开，正式党员{len(FULL)}人，预备党员1人", None),
        ("会前集中学习", "已组织集中学习", None),
        ("民主评议会", "参会8人", None),
        ("优秀名额调整", "优秀不超过3人，部发〔2026〕8号：先进支部", None),
        ("上报办结", "支报〔2026〕1号，优秀0 合格7 基本合格0 不合格0", None),
    ]


def test_a_withdrawn_step_of_the_course_is_struck():
    assert process(TOLD, study(), withdrawn("study"))[1] == ("会前集中学习", "已组织集中学习", f"e{len(TOLD) + 2}")
