"""One operation for each command of the catalogue: `POST /api/v1/orgs/{org_id}/commands/{name}`."""

import asyncio
import datetime as dt
import re
import secrets
import time
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, JSONBody

from events.base import OrgId
from service.api.access import may_send
from service.api.problems import documented
from service.auth.actor import Actor
from service.bus import Receipt
from service.decide.base import Case, Command, command_name
from service.decide.catalog import CASES
from service.errors import Malformed
from service.parts import Parts

WAIT_MAX_S = 30.0
WAIT_STEP_S = 0.005
KEY = re.compile(r"^[\x21-\x7e]{1,200}$")
FAILURES = documented(400, 401, 403, 404, 409, 413, 422, 503)

IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="The same key gives the same receipt, byte for byte")
]
Prefer = Annotated[
    str | None, HeaderParameter(name="Prefer", description="`wait=N`: answer when the views show it, after at most N seconds")
]
IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description="The last page of the book that you know; 409 when what the command looks at grew since"),
]


def command_handler(case: Case) -> HTTPRouteHandler:
    """The operation of one command."""
    name = command_name(case.command)

    async def handle(
        request: "Request[Any, Any, Any]",
        org_id: FromPath[str],
        data: Command,
        actor: NamedDependency[Actor],
        key: IdempotencyKey = None,
        prefer: Prefer = None,
        if_match: IfMatch = None,
    ) -> Response[bytes]:
        parts: Parts = request.app.state.parts
        receipt = await parts.bus.handle(
            OrgId(org_id), data, actor, key=key_of(key), now=dt.datetime.now(dt.UTC), expected_page=page_of(if_match)
        )
        return await answered(parts, receipt, prefer)

    body: Any = JSONBody
    handle.__annotations__["data"] = body[case.command]
    return post(
        f"/orgs/{{org_id:str}}/commands/{name}",
        name=f"command-{name}",
        operation_id=name,
        summary=f"{case.command.zh} · {case.command.en}",
        description=(case.command.__doc__ or "").strip(),
        tags=["commands"],
        responses={201: ResponseSpec(Receipt, description="recorded", generate_examples=False), **FAILURES},
        opt={"right": case.right},
        guards=[may_send],
    )(handle)


async def answered(parts: Parts, receipt: Receipt, prefer: str | None) -> Response[bytes]:
    """201 with the receipt, once the views show it where that was asked for."""
    headers = {}
    if (seconds := _seconds(prefer)) is not None:
        applied = await wait_for_views(parts, receipt, seconds)
        headers["Preference-Applied"] = f"wait={seconds:g}" if applied else "wait=0"
    return Response(receipt.raw, status_code=201, media_type="application/json", headers=headers)


def key_of(given: str | None) -> str:
    """The client's idempotency key, or one that nobody will send again."""
    if given is None:
        return secrets.token_hex(16)
    if not KEY.match(given):
        raise Malformed("Idempotency-Key must be 1 to 200 visible ASCII characters")
    return given


def page_of(given: str | None) -> int | None:
    if given is None:
        return None
    number = given.strip().strip('"')
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise Malformed('If-Match must be a page number in quotes, such as "17"')
    return int(number)


def _seconds(prefer: str | None) -> float | None:
    """The `wait` of a Prefer header (RFC 7240); other preferences are not for us."""
    found = re.search(r"(?:^|[,;\s])wait=(\d{1,3})(?:$|[,;\s])", prefer or "")
    return min(float(found[1]), WAIT_MAX_S) if found else None


async def wait_for_views(parts: Parts, receipt: Receipt, seconds: float) -> bool:
    """Whether every view has applied the receipt's last page within the time."""
    if not receipt.events:
        return True
    deadline = time.monotonic() + seconds
    book, page = OrgId(receipt.book), receipt.events[-1].page
    position: int | None = None
    while True:
        if position is None:
            position = await parts.journal.position_of(book, page)
        if position is not None and await parts.reads.fetchval("select coalesce(min(position), -1) >= $1 from views.checkpoint", position):
            return True
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(WAIT_STEP_S)


HANDLERS = [command_handler(case) for case in CASES.values()]
