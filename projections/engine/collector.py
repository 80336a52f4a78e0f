"""Python's cycle collector, for processes that hold many events at once."""

import gc

THRESHOLDS = (50_000, 20, 100)


def calm() -> None:
    """Looks for cycles more seldom: with the default thresholds it walked the facts of each batch again and again, a fifth of
    the time of following. Events hold no cycles; what does (tracebacks, tasks) is still found.
    """
    gc.set_threshold(*THRESHOLDS)
