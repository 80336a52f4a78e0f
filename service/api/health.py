"""For those who watch the process: alive, ready, figures."""

from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.plugins.prometheus import PrometheusConfig
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from projections.standard.holidays import LAST_YEAR
from service.api.problems import documented
from service.errors import Unavailable

REQUESTS = PrometheusConfig(app_name="branchbook", prefix="branchbook", group_path=True, exclude_unhandled_paths=True)
"""How many requests, how long they took and how they ended, by route."""
BOUND = Gauge("branchbook_journal_position", "Newest position of the journal")
APPLIED = Gauge("branchbook_views_position", "Position that every view has applied")
HOLIDAYS = Gauge("branchbook_holidays_known_until_year", "Last year whose statutory holidays are known (DL-64)")
HOLIDAYS.set(LAST_YEAR)
STOPPED = Gauge("branchbook_stopped_books", "Books in which a projection stands still")


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """`position`: newest of the journal; `applied`: by every view."""

    status: str
    position: int
    applied: int
    stopped_books: int


@get("/healthz", media_type=MediaType.TEXT, opt={"public": True}, sync_to_thread=False)
def healthz() -> str:
    """The process answers."""
    return "ok"


@get("/readyz", opt={"public": True}, responses=documented(503))
async def readyz(request: "Request[Any, Any, Any]") -> Ready:
    """The database answers and has our schema; 503 while it does not."""
    position, applied, stopped = await _figures(request)
    return Ready(status="ready", position=position, applied=applied, stopped_books=stopped)


@get("/metrics", opt={"public": True}, media_type=MediaType.TEXT, responses=documented(503))
async def metrics(request: "Request[Any, Any, Any]") -> Response[bytes]:
    """Prometheus figures."""
    await _figures(request)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _figures(request: "Request[Any, Any, Any]") -> tuple[int, int, int]:
    row = await request.app.state.parts.reads.fetchrow(
        "select (select size - 1 from record.binder), (select coalesce(min(position), -1) from views.checkpoint),"
        " (select count(*) from views.stopped_book)",
        timeout=2,
    )
    if row is None:
        raise Unavailable("no binder")
    position, applied, stopped = row
    BOUND.set(position)
    APPLIED.set(applied)
    STOPPED.set(stopped)
    return position, applied, stopped


HANDLERS = [healthz, readyz, metrics]
