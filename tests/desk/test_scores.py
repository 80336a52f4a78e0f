"""Scores on the desk: every point opens down to its entry, and the committee sees all branches, unranked."""

import datetime as dt
from pathlib import Path

import jinja2
import pytest

from admin import words
from admin.scores import wanting
from projections.standard.deadlines import How
from projections.standard.score_tree import Ground, Reason, Wanted
from tests.desk.conftest import Client, worked_out
from tests.desk.world import BRANCH, COMMITTEE, OTHER

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = f"/admin/b/{BRANCH}/scores"
YEAR = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date().year


async def test_a_branchs_page_leads_from_the_total_to_the_entry_of_a_meeting(client: Client):
    one = client("secretary")
    page = (await one.get(HERE, follow_redirects=True)).text
    assert f"Score of {YEAR}" in page
    assert "N09.T01" in page
    assert "Quarterly general meeting" in page
    assert f"/admin/b/{BRANCH}/event/" in page
    assert "the superior&#39;s score is missing" in page
    assert "missing: Meeting held (General meeting" in page


async def test_the_page_tells_how_it_stood_on_a_day(client: Client):
    page = (await client("secretary").get(f"{HERE}/{YEAR}?as_of={YEAR}-01-01")).text
    assert f"{YEAR}-01-01" in page
    assert f"/admin/b/{BRANCH}/event/" not in page


async def test_the_committee_sees_all_branches_in_the_order_of_their_codes_and_places_only_when_asked_for(client: Client):
    one = client("officer")
    plain = (await one.get(f"/admin/b/{COMMITTEE}/scores/{YEAR}")).text
    assert 0 < plain.index(f"/admin/b/{BRANCH}/scores/{YEAR}") < plain.index(f"/admin/b/{OTHER}/scores/{YEAR}")
    assert '<th scope="col" class="number">Place</th>' not in plain
    ranked = await worked_out(one, f"/admin/b/{COMMITTEE}/scores/{YEAR}?sort=total&places=on")
    assert '<th scope="col" class="number">Place</th>' in ranked


async def test_whoever_reads_no_ledgers_sees_no_score_and_a_year_is_a_year(client: Client):
    assert (await client("member").get(f"{HERE}/{YEAR}")).status_code == 404
    assert (await client("secretary").get(f"{HERE}/soon")).status_code == 404


LECTURE, NOTES = Wanted(event="meetings.held", where={"kind": ("lecture",)}), Wanted(event="education.notes_reviewed")


@pytest.mark.parametrize(
    ("ground", "how", "told"),
    [
        (
            Ground(reason=Reason.OVERDUE, done=2, needed=3, wanted=(LECTURE,)),
            How.COUNT,
            "2 of 3 done; missing: Meeting held (Party lecture)",
        ),
        (
            Ground(reason=Reason.OVERDUE, done=0, needed=1, wanted=(LECTURE, NOTES)),
            How.COUNT,
            "0 of 1 done; missing: Meeting held (Party lecture) or Study notes reviewed",
        ),
        (
            Ground(reason=Reason.NOT_DUE, done=0, needed=2, wanted=(LECTURE, NOTES)),
            How.EACH,
            "0 of 2 done; missing: Meeting held (Party lecture), Study notes reviewed",
        ),
        (
            Ground(reason=Reason.OVERDUE, needed=32, missing=("p1", "p2"), wanted=(NOTES,)),
            How.EVERYONE,
            "2 members are wanting: Ann, p2; proof: Study notes reviewed",
        ),
        (Ground(reason=Reason.OVERDUE, needed=1, missing=("p1",)), How.EVERYONE, "1 member is wanting: Ann"),
        (Ground(reason=Reason.NOT_DUE, needed=32, wanted=(NOTES,)), How.EVERYONE, "proof: Study notes reviewed"),
        (Ground(reason=Reason.OVERDUE, done=1, needed=2, missing=("p1",)), How.ALL_PAID, "1 of 2 done; missing: Ann"),
    ],
)
async def test_what_is_missing_is_said_in_words(ground, how, told):
    words.use("en")
    assert wanting(ground, {"p1": "Ann"}, how) == told


@pytest.mark.parametrize(("lang", "many", "shown"), [("en", 8, "x"), ("en", 9, "9 entries"), ("zh", 50, "50 项记录")])
async def test_many_entries_stand_behind_a_line_that_counts_them(lang, many, shown):
    words.use(lang)
    desk = Path(words.__file__).parent / "templates"
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(desk), extensions=["jinja2.ext.i18n"], autoescape=True)
    env.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    text = env.from_string('{% from "desk/macros.html" import folded with context %}{% call folded(many) %}x{% endcall %}').render(
        many=many
    )
    assert shown in text
    assert ("<details" in text) is (many > 8)
