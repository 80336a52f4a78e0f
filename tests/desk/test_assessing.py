"""The form for a component's score: routine work is filled in as worked out, a judged score shows its visits (N26.T03, T04)."""

import datetime as dt
from typing import Any

import pytest

from events.assessment import Component, VisitMethod
from service.decide.assessment.scores import EnterAssessmentScore, OpenAssessmentYear, RecordAssessmentVisit
from tests.desk.conftest import Client
from tests.desk.world import BRANCH, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
YEAR = TODAY.year
FORM = f"/admin/b/{BRANCH}/do/enter-assessment-score"


async def test_routine_work_is_filled_in_as_it_was_worked_out_and_the_norms_say_how(client: Client):
    one = client("officer")
    page = (await one.get(f"{FORM}?year={YEAR}&component=routine")).text
    worked_out = (await one.get(f"/admin/b/{BRANCH}/scores/{YEAR}")).text
    filled = page.split('name="score" value="')[1].split('"')[0]
    assert filled.isdecimal()
    assert (
        f'<div class="figure">{int(filled) // 100}.{int(filled) % 100:02d}</div><div class="what">routine work, of 100</div>' in worked_out
    )
    assert "Worked out from the duties of the year" in page
    assert "N09" in page
    assert f'href="{FORM}?year={YEAR}&amp;component=routine"' in worked_out


async def test_a_judged_score_shows_its_visits_and_what_was_entered(client: Client, world: World):
    one = client("officer")
    empty = (await one.get(f"{FORM}?year={YEAR}&component=on_site")).text
    assert "Nothing is recorded on which this score could rest" in empty
    assert 'name="score" value=""' in empty
    year: dict[str, Any] = {"occurred_on": TODAY, "year": YEAR}
    await world.record(BRANCH, OpenAssessmentYear(**year), "open")
    visit = RecordAssessmentVisit(**year, method=VisitMethod.PAPERS, group="考核一组", findings="资料齐全")
    await world.record(BRANCH, visit, "visit")
    await world.record(BRANCH, EnterAssessmentScore(**year, component=Component.ON_SITE, score=9000), "score")
    page = (await one.get(f"{FORM}?year={YEAR}&component=on_site")).text
    assert "考核一组" in page
    assert "资料齐全" in page
    assert "Entered so far: 90.00. A change needs a reason." in page
    ballot = (await one.get(f"{FORM}?year={YEAR}&component=ballot")).text
    assert "资料齐全" not in ballot


async def test_what_was_typed_is_never_replaced_and_other_forms_have_no_such_help(client: Client):
    one = client("officer")
    sent = await one.post(FORM, data={"occurred_on": str(TODAY), "year": str(YEAR), "component": "routine", "score": "12000"})
    assert 'name="score" value="12000"' in sent.text
    assert "Worked out from the duties of the year" not in (await one.get(f"/admin/b/{BRANCH}/do/apply-adjustment")).text
    assert (await client("secretary").get(FORM)).status_code == 404
