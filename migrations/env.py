"""Alembic over asyncpg. One transaction for each revision, under a lock time-out, apart from the program's own start."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from migrations.roles import prepare_roles


def _run(connection: Connection) -> None:
    context.configure(connection=connection, version_table="migration", version_table_schema="public", transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def _main() -> None:
    url = context.config.attributes.get("url") or os.environ["BRANCHBOOK_DATABASE_URL"]
    await prepare_roles(url)
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.exec_driver_sql("set lock_timeout = '5s'")
        await connection.commit()
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_main())
