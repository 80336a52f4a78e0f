"""Across branches over HTTP: each route as the policy table says, within the scope, names and small figures only for whoever may see them."""

import csv
import datetime as dt
import io
import json
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from events.base import OrgId
from events.store.postgres import dsn
from projections.standard.pack import default_pack
from service.auth.actor import Role
from service.auth.policy import POLICY
from service.auth.rights import Right
from service.exports.sheet import BYTE_ORDER_MARK
from tests.across.oracle import Oracle
from tests.http.test_rights import DAY, ROLES, TODAY
from tests.http.world import FOUNDED, MEMBERS, A, B, C, World, person

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDE = {
    "/grid": Right.OBLIGATIONS_READ,
    "/trends": Right.OBLIGATIONS_READ,
    "/statistics": Right.LEDGERS_READ,
    "/statistics.csv": Right.LEDGERS_READ,
    "/changes": Right.EVENTS_READ,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def duties(world: World, module_database_url: str) -> None:
    """Five obligations of one branch, of two norms, as the view would hold them."""
    owner = await asyncpg.connect(dsn(module_database_url))
    table = "insert into views.obligation (org_id, obligation_id, deadline, task, due_on, fulfilled_on, late, waived_on) values "
    past, ago, ahead = (TODAY + dt.timedelta(days=n) for n in (-20, -40, 0))
    rows = [
        (A, "x1", "DL-07", "N09.T01", past, None, False, None),
        (A, "x2", "DL-07", "N09.T01", past, ago, False, None),
        (A, "x3", "DL-07", "N09.T01", ahead, None, False, None),
        (A, "x4", "DL-07", "N09.T01", past, None, False, past),
        (A, "x5", "DL-02", "N02.T03", ago, past, True, None),
    ]
    for values in rows:
        await owner.execute(f"{table} ($1, $2, $3, $4, $5, $6, $7, $8)", *values)
    await Oracle(owner, default_pack()).count()
    await owner.close()


@pytest.mark.parametrize(("role", "home"), ROLES)
@pytest.mark.parametrize("path", WIDE)
async def test_whoever_has_the_right_somewhere_is_answered_within_it_and_others_are_refused(world: World, path, role, home):
    answer = await world.get(path, role, home)
    assert answer.status_code == (200 if role in POLICY[WIDE[path]] else 403)


@pytest.mark.parametrize("path", WIDE)
async def test_without_a_session_nothing_is_told(world: World, path):
    assert (await world.client.get(f"/api/v1{path}")).status_code == 401


async def test_the_grid_holds_the_branches_in_scope_by_their_codes(world: World):
    assert [row["org_id"] for row in (await world.get("/grid", Role.COMMITTEE_OFFICER, C)).json()["rows"]] == [A, B]
    assert [row["org_id"] for row in (await world.get("/grid", Role.SECRETARY, A)).json()["rows"]] == [A]


async def test_the_grid_counts_what_falls_due_in_the_period_page_by_page(world: World, duties):
    whole = {"from": f"{TODAY.year - 1}-01-01", "to": f"{TODAY.year}-12-31"}
    first = (await world.get("/grid", Role.AUDITOR, C, limit=1, **whole)).json()
    second = (await world.get("/grid", Role.AUDITOR, C, limit=1, after=first["next"], **whole)).json()
    assert ([row["org_id"] for row in (*first["rows"], *second["rows"])], second["next"]) == ([A, B], None)
    assert first["rows"][0]["cells"] == [
        {"norm": "N02", "fulfilled": 0, "late": 1, "overdue": 0, "open": 0, "waived": 0},
        {"norm": "N09", "fulfilled": 1, "late": 0, "overdue": 1, "open": 1, "waived": 1},
    ]
    nothing = (await world.get("/grid", Role.AUDITOR, C, **{"from": "2020-01-01", "to": "2020-12-31"})).json()
    assert [row["cells"] for row in nothing["rows"]] == [[], []]
    overdue = (await world.get("/grid", Role.AUDITOR, C, overdue="true", **whole)).json()
    assert [row["org_id"] for row in overdue["rows"]] == [A]
    ranked = (await world.get("/grid", Role.AUDITOR, C, ranked="true", **whole)).json()
    assert [row["org_id"] for row in ranked["rows"]] == [A, B]


async def test_trends_are_per_mille_of_what_fell_due(world: World, duties):
    (n02, n09) = (await world.get("/trends", Role.AUDITOR, C)).json()["norms"]
    assert (n02["norm"], n09["norm"], len(n09["points"])) == ("N02", "N09", 24)
    assert [(p["due"], p["on_time"], p["per_mille"]) for p in n09["points"] if p["due"]] == [(2, 1, 500)]
    assert [(p["due"], p["on_time"], p["per_mille"]) for p in n02["points"] if p["due"]] == [(1, 0, 0)]
    assert {p["per_mille"] for p in n02["points"] if not p["due"]} == {None}
    assert (await world.get(f"/orgs/{B}/trends", Role.AUDITOR, C)).json()["norms"] == []


@pytest.mark.parametrize("given", [{"from": "2026-12-31", "to": "2026-01-01"}, {"from": "2001-01-01", "to": "2026-01-01"}])
@pytest.mark.parametrize("path", ["/grid", "/changes"])
async def test_a_window_that_is_none_or_too_long_is_400(world: World, path, given):
    assert (await world.get(path, Role.COMMITTEE_OFFICER, C, **given)).status_code == 400


async def test_a_cursor_that_we_did_not_give_is_404(world: World):
    assert (await world.get("/grid", Role.COMMITTEE_OFFICER, C, after="zzz")).status_code == 404


# statistics


async def test_statistics_count_the_members_in_scope(world: World):
    every = (await world.get("/statistics", Role.COMMITTEE_OFFICER, C)).json()["statistics"]
    assert (every["members"], every["masked"]) == (2 * MEMBERS, False)
    own = (await world.get("/statistics", Role.SECRETARY, A)).json()["statistics"]
    assert own["members"] == MEMBERS
    assert own == (await world.get(f"/orgs/{A}/statistics", Role.SECRETARY, A)).json()["statistics"]


async def test_on_a_day_before_the_founding_there_is_nobody_and_nothing(world: World):
    before = (FOUNDED - dt.timedelta(days=1)).isoformat()
    told = (await world.get("/statistics", Role.COMMITTEE_OFFICER, C, as_of=before)).json()["statistics"]
    assert (told["members"], sum(line["count"] for line in told["organisations"]["lines"])) == (0, 0)
    on_the_day = (await world.get("/statistics", Role.COMMITTEE_OFFICER, C, as_of=FOUNDED.isoformat())).json()["statistics"]
    assert on_the_day["members"] == 2 * MEMBERS


async def test_the_roll_of_a_past_day_is_told_as_it_was_then(world: World):
    """Somebody who is a man on record from today on was a woman on record yesterday; of one person auditors are told nothing new."""
    changed = {"occurred_on": DAY, "person_id": person(B, 1), "reason": "录入有误", "sex": "male"}
    assert (await world.send(B, "change-member-profile", changed, Prefer="wait=10")).status_code == 201

    async def sexes(role: Role, **params: str) -> list[int | None]:
        told = (await world.get(f"/orgs/{B}/statistics", role, C, **params)).json()["statistics"]
        return [line["count"] for table in told["tables"] if table["id"] == "sex" for line in table["lines"]]

    yesterday = (TODAY - dt.timedelta(days=1)).isoformat()
    assert await sexes(Role.COMMITTEE_OFFICER, as_of=yesterday) == [0, MEMBERS]
    assert await sexes(Role.COMMITTEE_OFFICER) == [1, MEMBERS - 1]
    assert await sexes(Role.AUDITOR) == [0, MEMBERS]
    assert await sexes(Role.AUDITOR, as_of=yesterday) == [0, MEMBERS]
    audited = (await world.get(f"/orgs/{B}/statistics", Role.AUDITOR, C)).json()["statistics"]
    assert (audited["as_of"], audited["masked"]) == (FOUNDED.isoformat(), True)
    every = (await world.get("/statistics", Role.AUDITOR, C)).json()["statistics"]
    assert [line["count"] for table in every["tables"] if table["id"] == "sex" for line in table["lines"]] == [0, 2 * MEMBERS]


async def test_the_file_says_the_same_and_why_something_is_missing(world: World):
    answer = await world.get(f"/orgs/{A}/statistics.csv", Role.AUDITOR, C)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix(BYTE_ORDER_MARK))))
    assert lines[1] == ["党员总数", "Members", "", "", str(MEMBERS)]
    assert ["性别", "Sex", "女", "Women", str(MEMBERS)] in lines
    assert lines[-1][1].startswith("Figures of fewer than 5 people")
    officers = (await world.get("/statistics.csv", Role.COMMITTEE_OFFICER, C)).text
    assert "fewer than 5" not in officers


# what changed


async def test_what_changed_names_members_to_the_branch_and_only_counts_them_for_the_auditor(world: World):
    window = {"from": (FOUNDED - dt.timedelta(days=1)).isoformat(), "to": FOUNDED.isoformat()}

    async def told(role: Role, home: OrgId, path: str = f"/orgs/{A}/changes") -> Any:
        return (await world.get(path, role, home, **window)).json()["sentences"]

    (own,) = await told(Role.SECRETARY, A)
    (audited,) = await told(Role.AUDITOR, C)
    (every,) = await told(Role.COMMITTEE_OFFICER, C, "/changes")
    assert own["en"].startswith(f"{MEMBERS} members were entered on the roll: 示例C-A0, ")
    assert (audited["zh"], audited["en"]) == (f"登记入册党员{MEMBERS}名", f"{MEMBERS} members were entered on the roll")
    assert (len(audited["links"]), "示例" in json.dumps(audited, ensure_ascii=False)) == (MEMBERS, False)
    assert (every["en"], every["links"]) == (f"{2 * MEMBERS} members were entered on the roll", [])


async def test_a_link_leads_to_a_page_of_the_book(world: World):
    window = {"from": (FOUNDED - dt.timedelta(days=1)).isoformat(), "to": FOUNDED.isoformat()}
    (told,) = (await world.get(f"/orgs/{A}/changes", Role.SECRETARY, A, **window)).json()["sentences"]
    events = (await world.get(f"/orgs/{A}/events")).json()["events"]
    assert {link["event_id"] for link in told["links"]} == {e["id"] for e in events if e["type"] == "members.registered"}
