"""SQLAlchemy engines of the process: reads of views and the ordinary tables, each with the role that it bears."""

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def engine_for(url: str, *, role: str = "branchbook_app", size: int = 10) -> AsyncEngine:
    """A pooled engine whose connections bear `role`, in UTC, with time limits; a dead connection is noticed before use."""
    settings = {
        "role": role,
        "timezone": "UTC",
        "application_name": f"branchbook {role}",
        "statement_timeout": "15000",
        "lock_timeout": "3000",
        "idle_in_transaction_session_timeout": "10000",
        "jit": "off",
    }
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"server_settings": settings},
    )
