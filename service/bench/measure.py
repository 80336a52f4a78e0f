"""What a measure prints, and medians."""

import statistics
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is the median of `runs`; `ratio` what is held against `target`; `met` None where there is no target."""

    value: float
    unit: str
    runs: list[float]
    peers: dict[str, float]
    ratio: float | None
    target: str
    met: bool | None
    settings: dict[str, Any]


def median(values: list[float]) -> float:
    return statistics.median(values)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def rounds(count: int, systems: dict[str, Callable[[], Awaitable[float]]]) -> dict[str, list[float]]:
    """Each system once a round; the order is reversed from round to round, so that drift hits all alike."""
    runs: dict[str, list[float]] = {name: [] for name in systems}
    for number in range(count):
        order = list(systems) if number % 2 == 0 else list(reversed(systems))
        for name in order:
            runs[name].append(await systems[name]())
    return runs
