"""UPDATE, DELETE and TRUNCATE are refused to every role that the application uses, and even to the owner."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from events.store.postgres import dsn
from migrations.roles import ROLES
from tests.store.conftest import Store
from tests.store.drafts import append, cancelled

USED = [role for role in ROLES if role != "branchbook_owner"]
TABLES = ["page", "journal", "command", "claim", "binder"]
COLUMNS = list(zip(TABLES, ["page", "page", "key", "value", "size"], strict=True))


@pytest.fixture
async def written(postgres: Store, database_url: str) -> AsyncIterator[Any]:
    await postgres.books.append(append("branch-a", cancelled()))
    await postgres.bind()
    connection = await asyncpg.connect(dsn(database_url))
    yield connection
    await connection.close()


def changes(table: str, column: str) -> list[str]:
    return [f"update record.{table} set {column} = {column}", f"delete from record.{table}", f"truncate record.{table}"]


@pytest.mark.parametrize("role", USED)
@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_a_role_of_the_application_changes_nothing_of_the_record(written: Any, role: str, table: str, column: str):
    await written.execute(f"set role {role}")
    for statement in changes(table, column):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await written.execute(statement)


@pytest.mark.parametrize("role", USED)
async def test_a_role_of_the_application_inserts_nothing_past_the_function(written: Any, role: str):
    await written.execute(f"set role {role}")
    for table in TABLES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await written.execute(f"insert into record.{table} select * from record.{table}")


@pytest.mark.parametrize("table", ["page", "journal", "command"])
async def test_not_even_the_owner_changes_a_recorded_row(written: Any, table: str):
    for statement in changes(table, "book"):
        with pytest.raises(asyncpg.PostgresError, match="the record is never changed"):
            await written.execute(statement)


@pytest.mark.parametrize("role", ["branchbook_desk", "branchbook_verify"])
async def test_readers_cannot_append(written: Any, role: str):
    await written.execute(f"set role {role}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await written.fetch("select record.bind()")


async def test_the_desk_cannot_read_the_record_itself(written: Any):
    await written.execute("set role branchbook_desk")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await written.fetch("select * from record.page")
