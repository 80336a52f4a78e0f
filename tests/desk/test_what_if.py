"""What if: a year under a draft beside what counts, on the desk; nothing of it is recorded, and nobody waits in front of nothing."""

import datetime as dt
import re
import shutil

import pytest

from admin import scores as pages
from projections.standard.pack import FOLDER, default_pack
from tests.desk.conftest import Client, worked_out
from tests.desk.world import BRANCH, COMMITTEE, OTHER, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
YEAR = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date().year


def draft(world: World, name: str, file: str, old: str, new: str) -> str:
    folder = world.settings.home / "packs" / name
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return name


async def test_before_a_draft_is_chosen_the_page_says_what_a_draft_is(client: Client):
    page = (await client("officer").get("/admin/what-if")).text
    assert "Choose a version or a draft" in page
    assert f'<option value="{default_pack().standard.version}">' in page


async def test_every_branch_stands_beside_the_draft_with_the_parts_that_differ(client: Client, world: World):
    name = draft(world, "strict", "scoring.toml", "on_time = 100", "on_time = 90")
    one = client("officer")
    page = await worked_out(one, f"/admin/what-if?year={YEAR}&pack={name}")
    for branch in (BRANCH, OTHER):
        assert f"/admin/b/{branch}/scores/{YEAR}?pack={name}" in page
    assert "Routine" in page
    assert re.search(r"-\d+\.\d\d</td>", page)
    tried = (await one.get(f"/admin/b/{BRANCH}/scores/{YEAR}?pack={name}")).text
    assert "This is a trial under strict" in tried


async def test_a_name_that_nothing_has_and_a_draft_that_is_no_pack_are_told_beside_the_field(client: Client, world: World):
    one = client("officer")
    assert "There is no version and no draft of this name." in (await one.get("/admin/what-if?pack=nothing")).text
    name = draft(world, "wrong", "scoring.toml", "on_time = 100", 'on_time = "all"')
    page = (await one.get(f"/admin/what-if?pack={name}")).text
    assert "scoring.toml" in page
    assert 'aria-invalid="true"' in page


async def test_whoever_comes_before_it_is_worked_out_sees_how_far_it_is(client: Client, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("admin.what_if.PATIENCE_S", 0.0)
    name = draft(world, "later", "scoring.toml", "later = 40", "later = 10")
    one = client("officer")
    answer = await one.get(f"/admin/what-if?pack={name}")
    assert answer.headers["refresh"] == "1"
    assert "<progress" in answer.text
    monkeypatch.setattr("admin.what_if.PATIENCE_S", 20.0)
    done = await one.get(f"/admin/what-if?pack={name}")
    assert "refresh" not in done.headers
    assert f"/admin/b/{BRANCH}/scores/" in done.text


async def test_a_branch_and_whoever_sees_only_one_do_not_have_the_page(client: Client):
    for role in ("secretary", "member"):
        assert (await client(role).get("/admin/what-if")).status_code == 404
    assert pages.SHOWN == 50
    assert (await client("officer").get(f"/admin/b/{COMMITTEE}/scores/{YEAR}")).status_code == 200
