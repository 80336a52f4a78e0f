"""An admission at the desk: the application by form, the applicant called by name before the roll knows them, the checklist (N14)."""

import datetime as dt

import pytest

from tests.desk.conftest import Client
from tests.desk.test_browser import TODAY
from tests.desk.world import BRANCH, PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = f"/admin/b/{BRANCH}"
APPLICANT = "夏小荷"


async def test_an_applicant_is_called_by_name_wherever_a_case_is_spoken_of(client: Client):
    one = client("secretary")
    applied = {
        "occurred_on": TODAY.isoformat(),
        "name": APPLICANT,
        "sex": "female",
        "nationality": "01",
        "born_on": dt.date(1998, 4, 2).isoformat(),
        "education": "21",
        "admission_id": "case-1",
    }
    done = await one.post(f"{HERE}/do/receive-application", data=applied)
    assert (done.status_code, done.headers["location"].startswith(f"{HERE}/receipt/")) == (303, True), done.text
    assert APPLICANT in (await one.get(f"{HERE}/ledgers/L04/admissions")).text
    assert APPLICANT in (await one.get(f"{HERE}/procedures")).text
    checklist = (await one.get(f"{HERE}/procedures/admission/case-1")).text
    assert APPLICANT in checklist
    assert "hold-admission-talk" in checklist
    form = (await one.get(f"{HERE}/do/hold-admission-talk")).text
    assert f"{APPLICANT}</option>" in form


async def test_a_refusal_stands_beside_its_field(client: Client):
    one = client("secretary")
    talked = {
        "occurred_on": TODAY.isoformat(),
        "admission_id": "case-1",
        "kind": "cultivation",
        "held_by": [PEOPLE[0]],
        "record": "谈话",
    }
    refused = await one.post(f"{HERE}/do/hold-admission-talk", data=talked)
    assert refused.status_code == 422
    assert "Admission steps are out of order" in refused.text


async def test_what_the_superior_decides_is_not_the_secretarys_to_record(client: Client):
    one = client("secretary")
    assert (await one.get(f"{HERE}/do/approve-admission")).status_code == 404
