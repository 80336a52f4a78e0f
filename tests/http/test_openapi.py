"""Every operation of the OpenAPI document, sent what its schema allows and what it does not: no 5xx, nothing undocumented."""

import asyncio
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from events.catalog import EVENTS
from service.auth.actor import Role
from service.decide.catalog import CASES
from tests.http.world import A, C, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = {"stream-events"}
"""Tested in `test_stream.py`."""
READS = [
    "list-organisations",
    "read-organisation",
    "list-members",
    "list-events",
    "list-obligations",
    "read-ledger",
    "list-norms",
    "list-versions",
    "list-rules",
    "read-events",
    "sign-in",
    "read-own-file",
    "read-own-ledger",
    "list-own-lookups",
    "list-own-meetings",
    "read-own-dues",
    "list-own-matters",
    "list-matters",
    "list-procedures",
    "read-procedure",
    "list-directives",
    "read-directive",
    "read-directive-document",
    "list-waiting",
    "list-documents",
    "read-document",
    "read-document-file",
    "upload-file-document",
    "upload-replace-document",
    "list-ballots",
    "read-ballot",
    "read-ballot-box",
    "cast-vote",
    "close-ballot",
    "cancel-ballot",
    "read-calendar",
    "read-grid",
    "read-statistics",
    "read-branch-statistics",
    "export-statistics",
    "export-branch-statistics",
    "read-trends",
    "read-branch-trends",
    "read-changes",
    "read-branch-changes",
    "list-scores",
    "read-score",
    "read-what-if",
    "list-disclosures",
    "list-all-disclosures",
    "read-disclosure",
]
BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations(document: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = result.ok()
        found[operation.definition.raw["operationId"]] = operation
    return found


def sent(operation: Any, address: str, token: str, org_id: str) -> Callable[[], None]:
    """Cases of both kinds, with an organisation that exists: else every answer would be 404."""
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))

    @BOUNDED
    @given(case=cases)
    def run(case: Any) -> None:
        if case.path_parameters and "org_id" in case.path_parameters:
            case.path_parameters["org_id"] = org_id
        case.call_and_validate(base_url=address, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS, timeout=20)

    return run


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def known(world: World) -> dict[str, Any]:
    """Every operation of the document, read once."""
    return operations((await world.client.get("/schema/openapi.json")).json())


async def check(world: World, operation: Any, name: str) -> None:
    role, home, org = (Role.COMMITTEE_OFFICER, C, C) if name in {"read-events", "change-rule", "found-branch"} else (Role.SECRETARY, A, A)
    await asyncio.to_thread(sent(operation, str(world.client.base_url).rstrip("/"), world.tokens[role, home], org))


@pytest.mark.parametrize("name", READS)
async def test_a_read_keeps_its_word(world: World, known: dict[str, Any], name: str):
    await check(world, known[name], name)


@pytest.mark.parametrize("name", sorted(CASES))
async def test_a_command_keeps_its_word(world: World, known: dict[str, Any], name: str):
    await check(world, known[name], name)


async def test_no_operation_is_left_out(world: World):
    document = (await world.client.get("/schema/openapi.json")).json()
    named = {operation["operationId"] for item in document["paths"].values() for operation in item.values()}
    rest = named - {*READS, *CASES, *ENDLESS, "sign-out"}
    assert {name for name in rest if not name.startswith(("Healthz", "Readyz", "Metrics"))} == set()


async def test_every_message_of_the_stream_is_as_the_asyncapi_document_says(world: World):
    document = (await world.client.get("/schema/asyncapi.json")).json()
    assert document["components"]["messages"].keys() == EVENTS.keys()
    for event in (await world.get("/events", Role.AUDITOR, C, limit=200)).json():
        payload = document["components"]["messages"][event["type"]]["payload"]
        jsonschema_rs.validator_for(payload | {"components": document["components"]}).validate(event)
        schema = document["components"]["schemas"][EVENTS[event["type"]].__name__]
        assert event["data"].keys() == schema["properties"].keys()
