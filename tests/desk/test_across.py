"""Across branches on the desk: who may open what, the way from the grid down to the evidence, both languages."""

import datetime as dt

import asyncpg
import pytest
import pytest_asyncio

from events.store.postgres import dsn
from projections.standard.pack import default_pack
from tests.across.oracle import Oracle
from tests.desk.conftest import Client, worked_out
from tests.desk.test_browser import TODAY
from tests.desk.world import BRANCH, NAMES, OTHER, PEOPLE, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = f"/admin/b/{BRANCH}"
WIDE = ("grid", "trends", "statistics", "statistics/csv", "changes")
OF_A_BRANCH = ("norms", "norms/N09", "trends", "statistics", "statistics/csv", "changes")


@pytest.mark.parametrize("path", WIDE)
async def test_pages_about_all_branches_exist_for_officers_and_auditors_only(client: Client, path):
    answers = {
        login: (await client(login).get(f"/admin/{path}")).status_code
        for login in ("officer", "auditor", "secretary", "treasurer", "member")
    }
    assert answers == {"officer": 200, "auditor": 200, "secretary": 404, "treasurer": 404, "member": 404}


@pytest.mark.parametrize("path", OF_A_BRANCH)
async def test_pages_about_a_branch_exist_for_its_secretary_and_not_for_a_stranger(client: Client, path):
    answers = {login: (await client(login).get(f"{HERE}/{path}")).status_code for login in ("secretary", "officer", "auditor", "stranger")}
    assert answers == {"secretary": 200, "officer": 200, "auditor": 200, "stranger": 404}


async def test_a_norm_that_does_not_exist_is_not_found(client: Client):
    assert (await client("officer").get(f"{HERE}/norms/N99")).status_code == 404


async def test_the_grid_has_a_column_for_each_norm_of_the_pack_of_which_anything_falls_due(client: Client):
    page = (await client("officer").get("/admin/grid")).text
    due = sorted({deadline.task.partition(".")[0] for deadline in default_pack().deadlines})
    assert [norm for norm in due if f">{norm}</abbr>" not in page] == []
    assert page.index("第一党支部") < page.index("第二党支部")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def duties(world: World, module_database_url: str) -> int:
    """One meeting that was held proves one obligation; another obligation is overdue. The page of the proof."""
    del world
    owner = await asyncpg.connect(dsn(module_database_url))
    held = await owner.fetchrow("select page, event_id from record.page where book = $1 and type = 'meetings.held'", BRANCH)
    insert = (
        "insert into views.obligation (org_id, obligation_id, deadline, task, period, due_on, fulfilled_on, fulfilled_by, raised_on)"
        " values ($1, $2, $7, $8, $3, $4, $5, $6, $4)"
    )
    general, sharing = ("DL-07", "N09.T01"), ("DL-47", "N11.T01")
    done = (BRANCH, "x1", f"{TODAY.year}-Q2", TODAY, TODAY - dt.timedelta(days=3), [str(held["event_id"])], *general)
    late: tuple[object, ...] = (OTHER, "x2", f"{TODAY.year}-Q1", dt.date(TODAY.year, 1, 1), None, [], *general)
    yearly: tuple[object, ...] = (BRANCH, "x3", f"{TODAY.year}", dt.date(TODAY.year, 12, 31), None, [], *sharing)
    for values in (done, late, yearly):
        await owner.execute(insert, *values)
    await Oracle(owner, default_pack()).count()
    await owner.close()
    return int(held["page"])


async def test_the_way_leads_from_a_cell_to_the_obligations_and_to_the_event_that_proves_them(client: Client, duties: int):
    officer = client("officer")
    grid = (await officer.get(f"/admin/grid?year={TODAY.year}")).text
    assert f'href="{HERE}/norms/N09?year={TODAY.year}"' in grid
    assert "N09: In time 1" in grid
    listed = (await officer.get(f"{HERE}/norms/N09?year={TODAY.year}")).text
    assert "Quarterly general meeting" in listed
    assert f"{HERE}/receipt/{duties}-{duties}" in listed
    assert (await officer.get(f"{HERE}/receipt/{duties}-{duties}")).status_code == 200


@pytest.mark.parametrize("norm", ["N11", "N01", "N02"])
async def test_a_duty_that_proves_tasks_of_several_norms_stands_under_each_of_them(client: Client, duties: int, norm):
    del duties
    officer = client("officer")
    assert (
        f'href="{HERE}/norms/{norm}?year={TODAY.year}" title="{norm}: Open 1"' in (await officer.get(f"/admin/grid?year={TODAY.year}")).text
    )
    listed = (await officer.get(f"{HERE}/norms/{norm}?year={TODAY.year}")).text
    assert default_pack().deadline("DL-47").en in listed


async def test_what_is_settled_is_folded_below_what_is_left(client: Client, duties: int):
    del duties
    every = (await client("officer").get(f"{HERE}/norms/N09?year={TODAY.year}")).text
    assert "<summary>Settled: 1</summary>" in every
    assert "Settled" not in (await client("officer").get(f"{HERE}/norms/N11?year={TODAY.year}")).text


async def test_who_is_late_is_told_in_the_order_of_the_codes_until_a_ranking_is_asked_for(client: Client, duties: int):
    del duties
    officer = client("officer")
    plain, ranked = [(await officer.get(f"/admin/grid?{query}")).text for query in ("", "order=overdue")]
    assert plain.index("第一党支部") < plain.index("第二党支部")
    assert ranked.index("第二党支部") < ranked.index("第一党支部")
    only = (await officer.get("/admin/grid?show=overdue")).text
    assert ("第二党支部" in only, "第一党支部" in only) == (True, False)


async def test_a_quarter_holds_what_falls_due_in_it(client: Client, duties: int):
    del duties
    first = (await client("officer").get(f"/admin/grid?year={TODAY.year}&quarter=1")).text
    assert f"/admin/b/{OTHER}/norms/N09?year={TODAY.year}&amp;quarter=1" in first


async def test_members_and_dues_by_month_are_for_whoever_sees_the_rolls(client: Client):
    shown = "Members at the end of the month"
    for address in ("/admin/trends", f"{HERE}/trends"):
        assert shown in await worked_out(client("officer"), address)
        assert shown not in await worked_out(client("auditor"), address)
    assert shown in await worked_out(client("secretary"), f"{HERE}/trends")


async def test_trends_show_a_share_of_what_fell_due(client: Client, duties: int):
    del duties
    assert f'title="{TODAY.year}-01: 0/1">0%' in await worked_out(client("officer"), "/admin/trends")
    assert "0/1" not in await worked_out(client("officer"), f"{HERE}/trends")


async def test_statistics_are_figures_for_the_officer_and_the_reason_for_the_auditor(client: Client):
    for login in ("officer", "auditor"):
        page = (await client(login).get(f"{HERE}/statistics")).text
        assert f'<div class="figure">{len(PEOPLE)}</div>' in page
        assert ("Figures of fewer than 5 people" in page) == (login == "auditor")
    chinese = await worked_out(client("auditor", lang="zh"), "/admin/statistics")
    assert "少于5人的数字" in chinese
    assert "组织类型" in chinese


async def test_what_changed_names_people_to_the_secretary_and_not_to_the_auditor(client: Client):
    window = "from=2025-01-01&to=2025-12-31"
    own = (await client("secretary").get(f"{HERE}/changes?{window}")).text
    audited = (await client("auditor").get(f"{HERE}/changes?{window}")).text
    assert f"{len(PEOPLE)} members were entered on the roll: {', '.join(NAMES)}" in own
    assert f"{len(PEOPLE)} members were entered on the roll<" in audited
    assert [name for name in NAMES if name in audited] == []
    every = (await client("officer", lang="zh").get(f"/admin/changes?{window}")).text
    assert f"登记入册党员{len(PEOPLE)}名" in every
    assert f"{HERE}/changes?from=2025-01-01" in every


async def test_days_that_make_no_window_show_this_year(client: Client):
    page = (await client("officer").get(f"{HERE}/changes?from=2026-05-01&to=2026-04-01")).text
    assert f'value="{TODAY.year - 1}-12-31"' in page
    assert (await client("officer").get(f"{HERE}/changes?from=x&to=y")).status_code == 200
