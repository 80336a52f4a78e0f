"""Texts and ids that a database, a sheet or a sealed token could not hold are refused at the border, before they are recorded."""

import datetime as dt

import pytest

from service.auth.actor import Role
from tests.http.world import A, B, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()


def group(name: str, **changed: object) -> dict[str, object]:
    return {"occurred_on": TODAY.isoformat(), "name": name} | changed


def new_member(person_id: str) -> dict[str, object]:
    return {
        "occurred_on": TODAY.isoformat(),
        "person_id": person_id,
        "name": "示例",
        "sex": "female",
        "nationality": "01",
        "born_on": "1980-05-01",
        "education": "21",
        "status": "full",
        "admitted_on": "2005-07-01",
        "full_on": "2006-07-01",
        "phone": "13800000002",
    }


@pytest.mark.parametrize("name", ["a\0b", "\0", "a\x1fb", "a\x08b", "a\x7fb", "\\\0"])
async def test_a_control_character_is_refused_and_no_view_stops(world: World, name: str):
    assert (await world.send(B, "form-group", group(name))).status_code == 400
    after = await world.send(B, "form-group", group(f"之后{name!r}"), Prefer="wait=10")
    assert (after.status_code, after.headers["Preference-Applied"]) == (201, "wait=10")


@pytest.mark.parametrize("text", ["\\u0000", "第一\t组", "a\\b", "一\n二"])
async def test_a_text_that_only_looks_like_one_is_taken(world: World, text: str):
    assert (await world.send(A, "form-group", group(text))).status_code == 201


@pytest.mark.parametrize("person_id", ["", "a|b", "~1|x", "a\n", "x" * 65, "甲", "a b", "a/b"])
async def test_an_id_is_short_and_plain(world: World, person_id: str):
    answer = await world.send(A, "register-member", new_member(person_id))
    assert (answer.status_code, answer.json()["fields"]) == (400, ["person_id"])


async def test_the_longest_texts_can_be_read_again_after_they_were_sealed(world: World):
    """A sealed text is twice as long as the plain one."""
    body = {"occurred_on": TODAY.isoformat(), "person_id": f"{A}-p2", "reason": "更正"}
    for field, longest in (("name", 60), ("address", 200), ("unit_and_post", 200)):
        answer = await world.send(A, "change-member-profile", body | {field: "\U00020000" * longest}, Prefer="wait=10")
        assert (answer.status_code, answer.headers["Preference-Applied"]) == (201, "wait=10"), field
    members = (await world.get(f"/orgs/{A}/members")).json()["members"]
    assert [member["name"] for member in members if member["person_id"] == f"{A}-p2"] == ["\U00020000" * 60]


async def test_a_body_that_is_no_text_is_400(world: World):
    headers = world.headers(Role.SECRETARY, A) | {"content-type": "application/json"}
    answer = await world.client.post(f"/api/v1/orgs/{A}/commands/form-group", content=b'{"name":"\xff"}', headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query", ["known_at=2026-01-01T00:00:00", "known_at=2026-01-01", "as_of=2026-13-01", "after=WyIwIiwgOTk5OTk5OTk5OTk5OTk5OTk5OV0"]
)
async def test_a_question_without_a_plain_meaning_is_400(world: World, query: str):
    answer = await world.client.get(f"/api/v1/orgs/{A}/ledgers/L01?register=roll&{query}", headers=world.headers())
    assert answer.status_code == 400


async def test_what_is_not_allowed_says_what_is(world: World):
    answer = await world.client.put("/api/v1/orgs", headers=world.headers())
    assert (answer.status_code, {*answer.headers["allow"].split(", ")}) == (405, {"GET", "OPTIONS"})
    assert (await world.client.get("/api/v1/orgs")).headers["www-authenticate"] == "Bearer"
