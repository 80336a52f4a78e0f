"""What the database refuses as a whole call is sent again command by command: one bad command refuses only itself."""

import asyncio

import asyncpg

from events.base import OrgId
from tests.store.conftest import Store
from tests.store.drafts import append, cancelled

BAD = "no book has such a name"


async def test_a_command_that_the_database_refuses_takes_no_other_with_it(postgres: Store):
    requests = [append("branch-a", cancelled(f"m{n}")) for n in range(6)]
    requests.insert(3, append(BAD, cancelled("m9")))
    results = await asyncio.gather(*[postgres.books.append(request) for request in requests], return_exceptions=True)
    assert isinstance(results.pop(3), asyncpg.CheckViolationError)
    assert [page.page for written in results if isinstance(written, list) for page in written] == [1, 2, 3, 4, 5, 6]
    assert len(await postgres.books.read(OrgId("branch-a"))) == 6
    assert await postgres.pool.fetchval("select count(*) from record.page where book = $1", BAD) == 0


async def test_the_clerk_goes_on_after_a_call_that_was_refused(postgres: Store):
    for number in range(3):
        [refused] = await asyncio.gather(postgres.books.append(append(BAD, cancelled())), return_exceptions=True)
        assert isinstance(refused, asyncpg.CheckViolationError)
        [written] = await postgres.books.append(append("branch-a", cancelled(f"m{number}")))
        assert written.page == number + 1
