"""Secret ballots over HTTP: who may what, what is told before the close and after it, and that no answer gives a choice away."""

import asyncio
import datetime as dt
import hashlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from events.base import OrgId
from projections.engine.database import engine_for
from service.auth.accounts import create_account, sign_in
from service.auth.actor import Role
from service.auth.rights import Right
from service.cli import main
from tests.http.test_rights import ROLES, allowed
from tests.http.world import MEMBERS, NOWHERE, PASSWORD, A, B, C, World, person

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date().isoformat()
VOTERS = range(1, MEMBERS)
Tokens = dict[int, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def voters(world: World, module_database_url: str) -> AsyncIterator[Tokens]:
    """An account for each member of branch A but the first, whose account the world has made."""
    engine = engine_for(module_database_url)
    tokens: Tokens = {}
    for number in VOTERS:
        login = f"voter-{number}"
        await create_account(engine, login=login, password=PASSWORD, role=Role.MEMBER, organisation_id=A, person_id=person(A, number))
        tokens[number], _ = await sign_in(engine, login, PASSWORD, "")
    await engine.dispose()
    yield tokens


async def opened(world: World, ballot_id: str, **changed: Any) -> str:
    body = {"occurred_on": TODAY, "kind": "motion", "title": "年度预算", "ballot_id": ballot_id} | changed
    answer = await world.send(A, "open-ballot", body, Prefer="wait=10")
    assert answer.status_code == 201, answer.text
    return f"/api/v1/orgs/{A}/ballots/{ballot_id}"


async def vote(world: World, path: str, token: str, *choice: str, **headers: str) -> httpx.Response:
    named = {"Authorization": f"Bearer {token}", **{key.replace("_", "-"): value for key, value in headers.items()}}
    return await world.client.post(f"{path}/votes", json={"choice": list(choice)}, headers=named)


async def voted_and_closed(world: World, path: str, tokens: Tokens, choices: list[str]) -> Any:
    for number, choice in zip(VOTERS, choices, strict=False):
        assert (await vote(world, path, tokens[number], choice)).status_code == 201
    closing = await world.client.post(f"{path}/closing", headers=world.headers())
    assert closing.status_code == 201, closing.text
    return closing


async def test_a_member_finds_the_ballot_votes_and_reads_the_result(world: World, voters: Tokens, tmp_path: Path):
    path = await opened(world, "whole")
    mine = {"Authorization": f"Bearer {voters[1]}"}
    found = (await world.client.get(f"/api/v1/orgs/{A}/ballots?mine=true", headers=mine)).json()["ballots"]
    [waiting] = [one for one in found if one["ballot_id"] == "whole"]
    assert (waiting["may_vote"], waiting["voted"], waiting["result"]) == (True, 0, None)
    assert waiting["options"] == [{"code": code, "text": text} for code, text in (("yes", "赞成"), ("no", "反对"), ("abstain", "弃权"))]

    receipt = await vote(world, path, voters[1], "yes", Prefer="wait=10")
    assert [event["type"] for event in receipt.json()["events"]] == ["ballots.voted"]
    after = (await world.client.get(f"/api/v1/orgs/{A}/ballots?mine=true", headers=mine)).json()["ballots"]
    assert "whole" not in [one["ballot_id"] for one in after]
    assert (await world.client.get(path, headers=mine)).json()["have_voted"] is True

    for number, choice in ((2, "yes"), (3, "yes"), (4, "yes"), (5, "yes"), (6, "no")):
        await vote(world, path, voters[number], choice)
    await world.client.post(f"{path}/closing", headers=world.headers())
    result = (await world.client.get(path, headers=mine)).json()["result"]
    box = await world.client.get(f"{path}/box", headers=mine)
    assert result["votes"] == [{"code": "yes", "votes": 5}, {"code": "no", "votes": 1}, {"code": "abstain", "votes": 0}]
    assert (result["cast"], result["carried"], result["withheld"], result["note_en"]) == (6, ["yes"], False, "")
    assert result["box_sha256"] == hashlib.sha256(box.content).hexdigest()

    file = tmp_path / "box.json"
    file.write_bytes(box.content)
    assert main(["ballot", "recount", str(file), "--sha256", result["box_sha256"], "--json"]) == 0
    changed = json.loads(box.content)
    changed["papers"][0]["choice"] = ["abstain"]
    file.write_text(json.dumps(changed))
    assert main(["ballot", "recount", str(file), "--sha256", result["box_sha256"]]) == 1
    file.write_text("{}")
    assert main(["ballot", "recount", str(file)]) == 1


@pytest.mark.parametrize(("role", "home"), ROLES)
@pytest.mark.parametrize("org", [A, B, C, NOWHERE])
async def test_each_way_in_is_open_to_whom_the_table_says(world: World, role: Role, home: OrgId, org: OrgId):
    """A ballot that does not exist: whoever may ask is told so, whoever may not is told nothing."""
    ways: tuple[tuple[str, Right, Any], ...] = (
        ("votes", Right.BALLOT_CAST, {"choice": []}),
        ("closing", Right.ELECTION_WRITE, None),
        ("cancellation", Right.ELECTION_WRITE, {"reason": "x"}),
    )
    for place, right, body in ways:
        answer = await world.client.post(f"/api/v1/orgs/{org}/ballots/none/{place}", json=body, headers=world.headers(role, home))
        expected = allowed(role, home, right, org)
        without_person = right is Right.BALLOT_CAST and role in (Role.SECRETARY, Role.TREASURER)
        assert answer.status_code == ((403 if without_person else 404) if expected == 200 else expected)
    for place in ("", "/box"):
        answer = await world.client.get(f"/api/v1/orgs/{org}/ballots/none{place}", headers=world.headers(role, home))
        expected = allowed(role, home, Right.BALLOT_READ, org)
        assert answer.status_code == (404 if expected == 200 else expected)


async def test_without_a_session_nobody_votes(world: World):
    path = await opened(world, "door")
    assert (await world.client.post(f"{path}/votes", json={"choice": ["yes"]})).status_code == 401
    assert (await world.client.post(f"{path}/closing")).status_code == 401


async def test_a_second_vote_is_refused_and_a_repeated_request_is_answered_again(world: World, voters: Tokens):
    path = await opened(world, "twice")
    first = await vote(world, path, voters[1], "yes", Idempotency_Key="my-vote")
    again = await vote(world, path, voters[1], "no", Idempotency_Key="my-vote")
    second = await vote(world, path, voters[1], "no")
    assert (first.status_code, again.status_code, second.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert (second.json()["rule"], second.json()["fields"]) == ("INV-011", ["ballot_id"])
    assert (await vote(world, path, voters[2], "no", Idempotency_Key="my-vote")).status_code == 422


async def test_a_wrong_paper_is_refused_without_being_repeated(world: World, voters: Tokens):
    path = await opened(world, "wrong")
    for choice in (["kingfisher"], ["yes", "kingfisher"], [], ["kingfisher " * 9], ["yes"] * 200):
        answer = await vote(world, path, voters[1], *choice)
        assert (answer.status_code, "kingfisher" in answer.text) == (400, False)
    assert (await vote(world, path, voters[1], "yes")).status_code == 201


async def test_before_the_close_nothing_that_is_read_differs_with_the_choices(
    world: World, voters: Tokens, capfd: pytest.CaptureFixture[str]
):
    """Two ballots with the same voters, one all for, the other all against: lists, pages, exports, stream and logs are the same."""
    told = []
    for ballot_id, choice in (("zz-1", "yes"), ("zz-2", "no")):
        path = await opened(world, ballot_id)
        page = (await world.get(f"/orgs/{A}/events", limit=1)).json()["head"]
        position = (await world.client.get("/readyz")).json()["position"]
        capfd.readouterr()
        answers = [await vote(world, path, voters[number], choice, Prefer="wait=10") for number in VOTERS]
        log = "".join(capfd.readouterr())
        shown = await every_answer(world, ballot_id, page, position)
        told.append([plain(text, ballot_id) for text in (*shown, *(answer.text for answer in answers), log)])
        assert len(shown) > 3 * len(VOTERS)
    assert told[0] == told[1]


async def every_answer(world: World, ballot_id: str, page: int, position: int) -> list[str]:
    """What secretary, auditor and integrator can get that speaks of this ballot since it was opened."""
    base = f"/orgs/{A}"
    listed = (await world.get(f"{base}/ballots")).json()["ballots"]
    found = [one for one in listed if one["ballot_id"] == ballot_id]
    found.append((await world.get(f"{base}/ballots/{ballot_id}")).json())
    found += (await world.get(f"{base}/events", after=page, limit=200)).json()["events"]
    clocks: tuple[dict[str, Any], ...] = ({}, {"as_of": "2030-01-01"})
    for asked in clocks:
        rows = (await world.get(f"{base}/ledgers/L02", register="ballots", **asked)).json()["rows"]
        found += [row | {"row_no": 0} for row in rows if row["key"] == ballot_id]
    for role in (Role.AUDITOR, Role.INTEGRATOR):
        found += (await world.get("/events", role, C, after=position, limit=200)).json()
    csv = (await world.get(f"{base}/ledgers/L02.csv", register="ballots")).text.splitlines()
    return [json.dumps(one, ensure_ascii=False) for one in found] + [csv[-1].partition(",")[2]]


def plain(text: str, ballot_id: str) -> str:
    """Without what differs between any two ballots: names, hashes, times, places."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}", "HEX", text.replace(ballot_id, "BALLOT"))
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?", "TIME", text)
    return re.sub(r'"(at|page|position|recorded_at)": ?\d+', "N", text)


async def test_a_receipt_of_ones_own_finds_the_paper_and_stands_nowhere_before(world: World, voters: Tokens):
    path, mine = await opened(world, "receipt"), "5ca1ab1e" * 4
    headers = {"Authorization": f"Bearer {voters[1]}"}
    body = {"choice": ["no"], "receipt": mine}
    answer = await world.client.post(f"{path}/votes", json=body, headers=headers)
    assert (answer.status_code, mine in answer.text) == (201, False)
    taken = await world.client.post(f"{path}/votes", json=body, headers={"Authorization": f"Bearer {voters[2]}"})
    assert (taken.status_code, taken.json()["detail"]) == (409, "this receipt is taken: draw another")
    for wrong in ("x", mine.upper(), mine[:-1]):
        bad = await world.client.post(f"{path}/votes", json=body | {"receipt": wrong}, headers={"Authorization": f"Bearer {voters[3]}"})
        assert bad.status_code == 400
    before = [(await world.client.get(f"{path}{place}", headers=headers)).text for place in ("", "/box")]
    assert not any(mine in text for text in before)
    for number in range(2, 7):
        assert (await vote(world, path, voters[number], "yes")).status_code == 201
    await world.client.post(f"{path}/closing", headers=world.headers())
    papers = (await world.client.get(f"{path}/box", headers=headers)).json()["papers"]
    assert [paper["choice"] for paper in papers if paper["key"] == mine] == [["no"]]


async def test_with_four_votes_the_answer_says_why_there_are_no_numbers(world: World, voters: Tokens):
    path = await opened(world, "few")
    await voted_and_closed(world, path, voters, ["yes"] * 4)
    result = (await world.client.get(path, headers=world.headers())).json()["result"]
    assert (result["votes"], result["withheld"], result["cast"]) == (None, True, 4)
    assert "不足5人" in result["note_zh"]
    assert "Fewer than 5" in result["note_en"]
    assert (await world.client.get(f"{path}/box", headers=world.headers())).status_code == 404
    row = (await world.get(f"/orgs/{A}/ledgers/L02", register="ballots")).json()["rows"]
    assert [one["cells"].get("votes") for one in row if one["key"] == "few"] in ([["不足5人，不公布票数"]], [None])


async def test_a_unanimous_result_says_that_it_tells_every_vote(world: World, voters: Tokens):
    path = await opened(world, "same")
    await voted_and_closed(world, path, voters, ["yes"] * 6)
    assert "All papers are alike" in (await world.client.get(path, headers=world.headers())).json()["result"]["note_en"]


async def test_candidates_are_named_for_whoever_may_read_names(world: World, voters: Tokens):
    path = await opened(world, "names", kind="election", candidates=[person(A, 1), person(A, 2)], choices_max=2)
    read = await world.client.get(path, headers={"Authorization": f"Bearer {voters[3]}"})
    assert [option["text"] for option in read.json()["options"]] == [f"示例{A}1", f"示例{A}2"]
    audited = await world.client.get(path, headers=world.headers(Role.AUDITOR, C))
    assert [option["text"] for option in audited.json()["options"]] == ["", ""]


async def test_a_cancelled_ballot_takes_no_votes_and_says_why(world: World, voters: Tokens):
    path = await opened(world, "void")
    await vote(world, path, voters[1], "yes")
    answer = await world.client.post(f"{path}/cancellation", json={"reason": "选项有误"}, headers=world.headers())
    assert answer.status_code == 201
    assert (await vote(world, path, voters[2], "yes")).status_code == 409
    shown = (await world.client.get(path, headers=world.headers())).json()
    assert (shown["status"], shown["cancelled_because"], shown["result"]) == ("cancelled", "选项有误", None)


async def test_paper_ballots_have_the_same_rank(world: World):
    path = await opened(world, "paper", method="paper")
    body = {
        "occurred_on": TODAY,
        "ballot_id": "paper",
        "issued": 7,
        "returned": 7,
        "valid": 6,
        "invalid": 1,
        "votes": [{"code": "yes", "votes": 5}, {"code": "no", "votes": 1}],
        "chief_teller": person(A, 1),
        "tellers": [person(A, 2)],
    }
    assert (await world.send(A, "count-paper-ballots", body)).status_code == 201
    result = (await world.client.get(path, headers=world.headers())).json()["result"]
    assert (result["cast"], result["carried"], result["box_sha256"]) == (6, ["yes"], None)
    assert result["paper"]["tellers"] == [person(A, 2)]


async def test_everybody_votes_at_once(world: World, voters: Tokens):
    path = await opened(world, "rush")
    answers = await asyncio.gather(*(vote(world, path, token, "yes" if number % 2 else "no") for number, token in voters.items()))
    assert {answer.status_code for answer in answers} == {201}
    await world.client.post(f"{path}/closing", headers=world.headers())
    result = (await world.client.get(path, headers=world.headers())).json()["result"]
    assert [line["votes"] for line in result["votes"]] == [4, 3, 0]
