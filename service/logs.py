"""What a process says of itself: one line for each happening, never with the values that a function held."""

import sys

import structlog


def configure() -> None:
    """On stderr, for stdout is for results. Of an exception the plain trace without local variables, for those are data of people."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
