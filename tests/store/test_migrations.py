"""A database of an earlier release is brought to the newest schema without losing a page."""

import asyncpg

from events.base import OrgId
from events.store.postgres import dsn
from migrations.run import migrate
from tests.store.conftest import Store
from tests.store.drafts import append, cancelled


async def test_a_record_that_still_has_a_table_of_heads_goes_on_where_it_was(postgres: Store, database_url: str):
    await postgres.books.append(append("branch-a", cancelled("m1")))
    earlier = await asyncpg.connect(dsn(database_url))
    await earlier.execute("create table record.book (book text primary key, head bigint, leaf bytea, recorded_at bigint)")
    await earlier.execute("drop table service.ballot_box, service.ballot_seal; drop function service.rewrite_box, service.shredded")
    await earlier.execute("alter table record.book owner to branchbook_owner; update public.migration set version_num = '0002'")

    await migrate(database_url)

    assert await earlier.fetchval("select to_regclass('record.book')") is None
    assert await earlier.fetchval("select to_regclass('service.ballot_box')") is not None
    await earlier.close()
    [written] = await postgres.books.append(append("branch-a", cancelled("m2")))
    assert written.page == 2
    await postgres.bind()
    assert [fact.page for fact in await postgres.books.read(OrgId("branch-a"))] == [1, 2]


async def test_a_database_without_documents_gets_their_table(database_url: str):
    """The follower fills it, and those who read views read it."""
    earlier = await asyncpg.connect(dsn(database_url))
    await earlier.execute("drop table views.document; update public.migration set version_num = '0004'")

    await migrate(database_url)

    for role in ("branchbook_app", "branchbook_desk", "branchbook_views"):
        await earlier.execute(f"set role {role}")
        assert await earlier.fetchval("select count(*) from views.document") == 0
    await earlier.close()


async def test_a_database_without_the_view_of_disclosure_gets_its_tables(database_url: str):
    earlier = await asyncpg.connect(dsn(database_url))
    tables = ("disclosure", "disclosure_version", "disclosure_voice")
    for table in tables:
        await earlier.execute(f"drop table views.{table}")
    await earlier.execute("update public.migration set version_num = '0005'")

    await migrate(database_url)

    for role in ("branchbook_app", "branchbook_desk", "branchbook_views"):
        await earlier.execute(f"set role {role}")
        for table in tables:
            assert await earlier.fetchval(f"select count(*) from views.{table}") == 0
    await earlier.close()
