"""Python's cycle collector, for processes that hold many events at once."""

import gc

THRESHOLDS = (50_000, 20, 100)
STEADY = (10_000, 4, 5_000)


def calm() -> None:
    """Looks for cycles more seldom: with the default thresholds it walked the facts of each batch again and again, a fifth of
    the time of following. Events hold no cycles; what does (tracebacks, tasks) is still found.
    """
    gc.set_threshold(*THRESHOLDS)


def steady() -> None:
    """For a process that remembers much and for each of whose steps somebody waits: a look at a million young things held up the
    views by 0.15 s, a full one by more. These looks are short; what is remembered holds no cycles.
    """
    gc.set_threshold(*STEADY)
