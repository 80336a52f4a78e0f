"""L06 群众工作, communities: one row for each member, year and residence, with services counted; opinions; half-yearly counts."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from events.base import Event, PersonId
from events.community import (
    CheckedIn,
    CheckInPlanAdopted,
    CheckInSummarised,
    CommunityEntryId,
    CommunityEntryWithdrawn,
    CommunityOpinionHandled,
    CommunityRating,
    CommunityServiceDone,
    CommunityServiceRated,
)
from projections.ledgers.l06_fieldwork import hours
from tests.decide.roster_history import ANN, BEFORE, BEN, DAY
from tests.decide.work_history import LONG_AGO, X1, heard, reported, served
from tests.ledgers.test_l06_masses import cells, rows

GOOD = CommunityServiceRated(occurred_on=DAY, person_id=ANN, year=2026, rating=CommunityRating.GOOD)
NORTH: dict[str, Any] = {"community": "北湖社区", "checked_in_on": LONG_AGO, "signed": True, "position": "政策宣讲员"}
NOWHERE = {"community": None, "checked_in_on": None, "signed": None, "position": None}


def withdrawn(entry: CheckedIn | CommunityServiceDone, what: str) -> CommunityEntryWithdrawn:
    return CommunityEntryWithdrawn(
        occurred_on=DAY, entry_id=entry.entry_id, what=what, happened_on=entry.occurred_on, person_id=entry.person_id, reason="误登"
    )


def unserved(entry: CommunityServiceDone) -> CommunityEntryWithdrawn:
    return withdrawn(entry, "community.service_done")


def unreported(entry: CheckedIn) -> CommunityEntryWithdrawn:
    return withdrawn(entry, "community.checked_in")


def shown(*events: Event) -> list[tuple[str, str, str | None, int, str, bool]]:
    """Year, key, community, services, time, struck."""
    return [
        (row["year"], row["key"], row["cells"]["community"], row["cells"]["times"], row["cells"]["time"], row["struck_by"] is not None)
        for row in rows(*events, register="community")
    ]


def test_a_member_who_reported_served_and_was_rated_has_a_whole_row():
    (row,) = rows(reported(), served(), served("w2", minutes=30), GOOD, register="community")
    assert row == {
        "org_id": "b1",
        "ledger": "L06",
        "register": "community",
        "year": "2026",
        "key": "ann/1",
        "row_no": 1,
        "subject": "ann",
        "occurred_on": LONG_AGO,
        "recorded_at": 4_000_000,
        "position": 104,
        "event_id": "e4",
        "struck_by": None,
        "cells": {"person": "ann", **NORTH, "times": 2, "time": "2小时", "rating": "好"},
    }


def test_a_new_year_begins_a_new_row_with_the_check_in_that_stands():
    next_year = served("w2", occurred_on=dt.date(2027, 1, 3), minutes=60)
    assert shown(reported(), served(), next_year) == [
        ("2026", "ann/1", "北湖社区", 1, "1小时30分", False),
        ("2027", "ann/3", "北湖社区", 1, "1小时", False),
    ]


def test_another_residence_begins_another_row():
    moved = reported("k2", community="南湖社区", occurred_on=DAY)
    assert shown(reported(), served(), moved, served("w2", occurred_on=DAY, minutes=60)) == [
        ("2026", "ann/1", "北湖社区", 1, "1小时30分", False),
        ("2026", "ann/3", "南湖社区", 1, "1小时", False),
    ]


def test_who_served_before_reporting_has_one_row():
    assert shown(served(occurred_on=LONG_AGO), reported(occurred_on=BEFORE)) == [("2026", "ann/1", "北湖社区", 1, "1小时30分", False)]
    (alone,) = cells(served(), register="community")
    assert alone == {"person": "ann", **NOWHERE, "times": 1, "time": "1小时30分", "rating": None}


def test_a_service_that_is_withdrawn_is_counted_no_more():
    second = served("w2", minutes=30)
    assert shown(reported(), served(), second, unserved(second)) == [("2026", "ann/1", "北湖社区", 1, "1小时30分", False)]


def test_a_check_in_that_is_withdrawn_is_struck_and_the_services_go_on_in_a_new_row():
    events = (reported(), served(), GOOD, unreported(reported()))
    assert shown(*events) == [("2026", "ann/1", "北湖社区", 1, "1小时30分", True), ("2026", "ann/4", None, 1, "1小时30分", False)]
    assert cells(*events, register="community")[1] == {"person": "ann", **NOWHERE, "times": 1, "time": "1小时30分", "rating": "好"}


def test_or_in_the_row_of_the_check_in_before():
    moved = reported("k2", community="南湖社区", occurred_on=BEFORE)
    events = (reported(), served(), moved, served("w2", occurred_on=DAY, minutes=30), unreported(moved))
    assert shown(*events) == [
        ("2026", "ann/1", "北湖社区", 2, "2小时", False),
        ("2026", "ann/3", "南湖社区", 1, "0小时30分", True),
    ]


def test_an_earlier_check_in_that_is_withdrawn_leaves_the_later_one():
    moved = reported("k2", community="南湖社区", occurred_on=BEFORE)
    assert shown(reported(), moved, unreported(reported()), served(occurred_on=DAY)) == [
        ("2026", "ann/1", "北湖社区", 0, "0小时", True),
        ("2026", "ann/2", "南湖社区", 1, "1小时30分", False),
    ]


def test_later_years_follow_a_check_in_that_is_withdrawn():
    next_year = served("w2", occurred_on=dt.date(2027, 1, 3), minutes=60)
    assert shown(reported(), next_year, unreported(reported())) == [
        ("2026", "ann/1", "北湖社区", 0, "0小时", True),
        ("2027", "ann/2", None, 1, "1小时", False),
    ]


def test_an_earlier_check_in_recorded_late_changes_no_later_one():
    moved = reported("k2", community="南湖社区", occurred_on=DAY)
    assert shown(moved, reported(), served(occurred_on=DAY)) == [
        ("2026", "ann/1", "南湖社区", 1, "1小时30分", False),
        ("2026", "ann/2", "北湖社区", 0, "0小时", False),
    ]


def test_a_service_recorded_late_stands_in_its_year_without_what_came_after():
    assert shown(reported(), served(occurred_on=dt.date(2025, 12, 3))) == [
        ("2026", "ann/1", "北湖社区", 0, "0小时", False),
        ("2025", "ann/2", None, 1, "1小时30分", False),
    ]


def test_a_check_in_recorded_late_is_shown_in_the_years_that_follow():
    earlier = reported("k0", occurred_on=dt.date(2025, 12, 3))
    assert shown(served(), earlier) == [
        ("2026", "ann/1", "北湖社区", 1, "1小时30分", False),
        ("2025", "ann/2", "北湖社区", 0, "0小时", False),
    ]


def test_members_do_not_mix():
    assert [row[:4] for row in shown(reported(), reported("k2", person_id=BEN), served(person_id=BEN))] == [
        ("2026", "ann/1", "北湖社区", 0),
        ("2026", "ben/2", "北湖社区", 1),
    ]


def test_an_opinion_and_what_was_done():
    handled = CommunityOpinionHandled(occurred_on=DAY, opinion_id=X1, said_on=BEFORE, handling="已维修")
    assert cells(heard(), handled, register="community-opinions") == [
        {
            "on": BEFORE,
            "person": "ann",
            "community": "北湖社区",
            "source": "居民",
            "content": "楼道照明不足",
            "proposal": "联系物业维修",
            "handling": "已维修",
        }
    ]


def test_a_withdrawn_opinion_is_struck():
    gone = CommunityEntryWithdrawn(
        occurred_on=DAY, entry_id=CommunityEntryId("x1"), what="community.opinion_recorded", happened_on=BEFORE, reason="误登"
    )
    assert [row["struck_by"] for row in rows(heard(), gone, register="community-opinions")] == ["e2"]


def test_plans_and_counts_stand_in_one_list_and_a_new_count_replaces_the_old():
    plan = CheckInPlanAdopted(occurred_on=LONG_AGO, entry_id=CommunityEntryId("n"), title="报到方案", content="全体在职党员")
    first = CheckInSummarised(occurred_on=BEFORE, year=2026, half=1, serving=5, checked_in=1, services=1, minutes=90)
    again = CheckInSummarised(occurred_on=DAY, year=2026, half=1, serving=5, checked_in=2, services=3, minutes=120)
    assert cells(plan, first, again, register="plans") == [
        {"on": LONG_AGO, "kind": "社区报到方案", "title": "报到方案", "content": "全体在职党员", "met_on": None},
        {"on": DAY, "kind": "社区报到统计", "title": "2026年上半年", "content": "在职党员5人，已报到2人，服务3次，2小时"},
    ]


def test_a_withdrawn_plan_is_struck():
    plan = CheckInPlanAdopted(occurred_on=LONG_AGO, entry_id=CommunityEntryId("n"), title="报到方案", content="一")
    gone = CommunityEntryWithdrawn(
        occurred_on=DAY, entry_id=CommunityEntryId("n"), what="community.plan_adopted", happened_on=LONG_AGO, reason="误登"
    )
    assert [row["struck_by"] for row in rows(plan, gone, register="plans")] == ["e2"]


MOVES = st.lists(
    st.tuples(
        st.sampled_from(("report", "serve", "withdraw")),
        st.sampled_from((ANN, BEN)),
        st.sampled_from((2026, 2027)),
        st.integers(0, 9),
    ),
    max_size=24,
)


def played(moves: list[tuple[str, PersonId, int, int]]) -> tuple[list[Event], dict[CommunityEntryId, CheckedIn | CommunityServiceDone]]:
    """Events of a book, in the order of recording, and what stands after them."""
    told: list[Event] = []
    standing: dict[CommunityEntryId, CheckedIn | CommunityServiceDone] = {}
    for number, (move, person, year, choice) in enumerate(moves):
        day = dt.date(year, 3, 1) + dt.timedelta(days=number)
        if move == "withdraw":
            if standing:
                gone = standing.pop(list(standing)[choice % len(standing)])
                told.append(unreported(gone) if isinstance(gone, CheckedIn) else unserved(gone))
            continue
        made: CheckedIn | CommunityServiceDone
        if move == "report":
            made = reported(f"n{number}", person_id=person, community=f"社区{choice}", occurred_on=day)
        else:
            made = served(f"n{number}", person_id=person, minutes=choice + 1, occurred_on=day)
        standing[made.entry_id] = made
        told.append(made)
    return told, standing


@given(MOVES)
def test_whatever_is_recorded_and_withdrawn_every_service_that_stands_is_counted_once(moves: list[tuple[str, PersonId, int, int]]):
    told, standing = played(moves)
    living = [row for row in rows(*told, register="community") if row["struck_by"] is None]
    for person in (ANN, BEN):
        for year in (2026, 2027):
            done = [
                e for e in standing.values() if isinstance(e, CommunityServiceDone) and (e.person_id, e.occurred_on.year) == (person, year)
            ]
            mine = [row["cells"] for row in living if (row["subject"], row["year"]) == (person, str(year))]
            assert sum(cells["times"] for cells in mine) == len(done)
            minutes = sum(e.minutes for e in done)
            if len(mine) == 1:
                assert mine[0]["time"] == hours(minutes)


@given(MOVES)
def test_whatever_is_recorded_and_withdrawn_each_check_in_that_stands_has_a_living_row(moves: list[tuple[str, PersonId, int, int]]):
    told, standing = played(moves)
    living = [row for row in rows(*told, register="community") if row["struck_by"] is None]
    shown_now = {(row["subject"], row["cells"]["community"], row["cells"]["checked_in_on"]) for row in living}
    stand = {(e.person_id, e.community, e.occurred_on) for e in standing.values() if isinstance(e, CheckedIn)}
    assert stand <= shown_now
    assert {one for one in shown_now if one[1] is not None} <= stand
