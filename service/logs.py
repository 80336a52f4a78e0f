"""What a process says of itself: one line for each happening, never with the values that a function held."""

import structlog


def configure() -> None:
    """Time, level, words, and for an exception its plain trace: no local variables, for those are people's data."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        cache_logger_on_first_use=True,
    )
