"""Every route x role x own or foreign organisation, from the policy table. Foreign and absent look the same."""

import datetime as dt
import itertools
import re

import asyncpg
import pytest

from events.base import OrgId
from events.store.postgres import dsn
from service.auth.actor import Actor, Role
from service.auth.policy import reaches
from service.auth.rights import Right
from service.decide.catalog import CASES
from tests.http.test_policy import routes
from tests.http.world import NOWHERE, SECRET_PHONE, A, B, C, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
ROLES = [(role, C) for role in (Role.COMMITTEE_OFFICER, Role.AUDITOR, Role.PLATFORM_ADMIN, Role.INTEGRATOR)] + [
    (role, org) for org in (A, B) for role in (Role.SECRETARY, Role.TREASURER, Role.MEMBER)
]
READS = {
    "/orgs/{org}": Right.ORGANISATIONS_READ,
    "/orgs/{org}/members": Right.ROSTER_READ,
    "/orgs/{org}/events": Right.EVENTS_READ,
    "/orgs/{org}/ballots": Right.BALLOT_READ,
    "/orgs/{org}/obligations": Right.OBLIGATIONS_READ,
    "/orgs/{org}/documents": Right.LEDGERS_READ,
    "/orgs/{org}/directives": Right.LEDGERS_READ,
    "/orgs/{org}/matters": Right.MATTERS_READ,
    "/orgs/{org}/ledgers/L01?register=roll": Right.LEDGERS_READ,
    "/orgs/{org}/ledgers/L01.csv?register=roll": Right.LEDGERS_READ,
    "/orgs/{org}/ledgers/L01.xlsx?register=roll": Right.LEDGERS_READ,
    "/orgs/{org}/ledgers/L01?register=roll&as_of=2026-01-01": Right.LEDGERS_READ,
}
ORGS = (A, B, C, NOWHERE)


def actor(role: Role, home: OrgId) -> Actor:
    below = frozenset({A, B, C}) if home == C else frozenset({home})
    return Actor(id="x", login="x", role=role, organisation_id=home, subtree=below)


def allowed(role: Role, home: OrgId, right: Right, org: OrgId) -> int:
    """What the policy table says: 200, 403 for what is in sight, 404 for what is not."""
    who = actor(role, home)
    if reaches(who, right, org):
        return 200
    return 403 if org in who.subtree else 404


@pytest.mark.parametrize(("role", "home"), ROLES)
@pytest.mark.parametrize("org", ORGS)
@pytest.mark.parametrize("path", READS)
async def test_a_read_is_answered_as_the_table_says(world: World, path: str, org: OrgId, role: Role, home: OrgId):
    answer = await world.client.get("/api/v1" + path.format(org=org), headers=world.headers(role, home))
    expected = allowed(role, home, READS[path], org)
    assert answer.status_code == expected


FILLED = {"{ledger:str}": "L01", "{kind:str}": "admission", "{year:int}": "2026"}
"""What stands for a part of a path; any other part names something that does not exist."""
OF_AN_ORGANISATION = {
    path: handler.opt["right"]
    for handler in routes()
    if "GET" in handler.http_methods and "public" not in handler.opt
    for path in handler.paths
    if "{org_id:str}" in path
}


@pytest.mark.parametrize("path", OF_AN_ORGANISATION)
async def test_every_read_of_an_organisation_asks_for_its_right_first(world: World, path: str):
    """Also of a single thing: whoever may not see the organisation is not told whether there is such a thing."""
    wrong = []
    for (role, home), org in itertools.product(ROLES, ORGS):
        rest = path.replace("{org_id:str}", org)
        asked = "/api/v1" + re.sub(r"\{\w+:(?:str|int)\}", lambda part: FILLED.get(part[0], "none"), rest) + "?register=roll"
        got = (await world.client.get(asked, headers=world.headers(role, home))).status_code
        expected = allowed(role, home, OF_AN_ORGANISATION[path], org)
        if got != expected and not (expected == 200 and got in {400, 404}):
            wrong.append((role, home, org, got, expected))
    assert wrong == []


@pytest.mark.parametrize("name", sorted(CASES))
async def test_a_command_is_refused_as_the_table_says(world: World, name: str):
    """An empty body: whoever may send the command is told of the body, whoever may not is told nothing of it."""
    told: dict[tuple[Role, OrgId, OrgId], int] = {}
    expected: dict[tuple[Role, OrgId, OrgId], int] = {}
    for role, home in ROLES:
        for org in (A, B):
            answer = await world.client.post(f"/api/v1/orgs/{org}/commands/{name}", json={}, headers=world.headers(role, home))
            told[role, home, org] = answer.status_code
            may = allowed(role, home, CASES[name].right, org)
            expected[role, home, org] = 400 if may == 200 else may
    assert told == expected


DAY = TODAY.isoformat()


@pytest.mark.parametrize("path", [*READS, "/orgs/{org}/commands/form-group"])
async def test_foreign_and_absent_look_the_same(world: World, path: str):
    headers = world.headers(Role.SECRETARY, A)

    async def ask(org: OrgId) -> tuple[int, bytes]:
        if "commands" in path:
            answer = await world.client.post("/api/v1" + path.format(org=org), json={"occurred_on": DAY, "name": "x"}, headers=headers)
        else:
            answer = await world.client.get("/api/v1" + path.format(org=org), headers=headers)
        return answer.status_code, answer.content

    assert await ask(B) == await ask(NOWHERE)


@pytest.mark.parametrize("path", ["/orgs", "/norms", "/events", "/orgs/C-A/members"])
async def test_without_a_session_nothing_is_told(world: World, path: str):
    assert (await world.client.get(f"/api/v1{path}")).status_code == 401
    assert (await world.client.get(f"/api/v1{path}", headers={"Authorization": "Bearer guessed"})).status_code == 401


async def test_the_api_takes_no_cookie(world: World):
    answer = await world.client.get("/api/v1/orgs", headers={"Cookie": f"sid={world.tokens[Role.SECRETARY, A]}"})
    assert answer.status_code == 401


async def test_one_sees_the_organisations_in_scope_and_no_others(world: World):
    seen = {role: [org["org_id"] for org in (await world.get("/orgs", role, home)).json()["organisations"]] for role, home in ROLES[:5]}
    assert seen[Role.COMMITTEE_OFFICER] == [C, A, B]
    assert seen[Role.SECRETARY] == [A]


async def test_sensitive_fields_are_masked_unless_a_purpose_is_on_record(world: World):
    masked = (await world.get(f"/orgs/{A}/members")).json()["members"][0]
    assert masked["phone"] == "*" * 7 + SECRET_PHONE[-4:]
    clear = await world.client.get(f"/api/v1/orgs/{A}/members", headers=world.headers() | {"X-Purpose": "phone round"})
    assert clear.json()["members"][0]["phone"] == SECRET_PHONE
    told = await world.parts.reads.fetch("select role, org_id, subject, purpose from service.read_audit order by subject")
    read = [member["person_id"] for member in clear.json()["members"]]
    assert [tuple(line) for line in told] == [("secretary", A, person, "phone round") for person in sorted(read)]


async def test_a_read_that_cannot_be_put_on_record_is_refused(world: World, module_database_url: str):
    owner = await asyncpg.connect(dsn(module_database_url))
    await owner.execute("alter table service.read_audit add constraint nobody check (purpose <> 'unrecorded')")
    try:
        answer = await world.client.get(f"/api/v1/orgs/{A}/members", headers=world.headers() | {"X-Purpose": "unrecorded"})
        assert (answer.status_code, SECRET_PHONE in answer.text) == (503, False)
    finally:
        await owner.execute("alter table service.read_audit drop constraint nobody")
        await owner.close()


async def test_a_purpose_that_says_nothing_is_400(world: World):
    answer = await world.client.get(f"/api/v1/orgs/{A}/members", headers=world.headers() | {"X-Purpose": ""})
    assert (answer.status_code, SECRET_PHONE in answer.text) == (400, False)


async def test_an_auditor_reads_without_names(world: World):
    page = (await world.get(f"/orgs/{A}/ledgers/L01", Role.AUDITOR, C, register="roll")).json()
    assert {row["cells"]["name"].strip("*") for row in page["rows"]} == {""}


async def test_a_person_of_another_branch_never_changes_a_byte_that_one_receives(world: World):
    async def everything() -> list[bytes]:
        answers = []
        for path in READS:
            answer = await world.client.get("/api/v1" + path.format(org=A), headers=world.headers(Role.SECRETARY, A))
            text = answer.json() if answer.headers["content-type"].startswith("application/json") else None
            if isinstance(text, dict):
                text.pop("as_of", None)
            answers.append(repr(text).encode() if text is not None else (b"" if "xlsx" in path else answer.content))
        return answers

    before = await everything()
    canary = {"occurred_on": DAY, "person_id": "C-B-p1", "reason": "改名", "name": "金丝雀"}
    assert (await world.send(B, "change-member-profile", canary, Prefer="wait=10")).status_code == 201
    assert await everything() == before
