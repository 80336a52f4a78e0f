"""`branchbook bench`: every figure that we quote, medians of three, peers in the same run."""

import signal
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from service.bench.across import across_at_scale
from service.bench.append import append
from service.bench.lens import obligation_update, what_if_of_a_year
from service.bench.levels import directives_at_scale
from service.bench.loaded import LOADED
from service.bench.measure import Measure
from service.bench.scores import scores_of_a_year
from service.bench.server import measuring_server
from service.bench.serving import http_command, pages_at_scale, sse_delivery
from service.bench.timely import round_of_all_branches
from service.bench.views import follow, rebuild_in_parallel
from service.config import Misconfigured, Settings

MEASURES: dict[str, Callable[[str, int | None], Awaitable[Measure]]] = {
    "append_32_writers": append,
    "follow_all_projections": follow,
    "rebuild_two_processes": rebuild_in_parallel,
    "sse_delivery": sse_delivery,
    "http_command": http_command,
    "pages_at_scale": pages_at_scale,
    "across_at_scale": across_at_scale,
    "scores_of_a_year": scores_of_a_year,
    "what_if_of_a_year": what_if_of_a_year,
    "obligation_update": obligation_update,
    "round_of_all_branches": round_of_all_branches,
    "directives_at_scale": directives_at_scale,
}


async def bench(
    settings: Settings, *, only: str | None = None, events: int | None = None, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Measure by measure, on a server of its own unless one is named. Raises `Misconfigured` for an unknown measure.

    SIGTERM ends it as Ctrl-C does: in order, with nothing left running and nothing left on the disk.
    """
    if only is not None and only not in MEASURES:
        raise Misconfigured(f"there is no measure {only}; there are {', '.join(MEASURES)}")
    chosen = [only] if only is not None else list(MEASURES)
    found: dict[str, Any] = {}
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with measuring_server(settings) as server:
        try:
            for number, name in enumerate(chosen):
                progress(number, len(chosen))
                found[name] = msgspec.to_builtins(await MEASURES[name](server, events))
        finally:
            await LOADED.drop()
        progress(len(chosen), len(chosen))
    return found
