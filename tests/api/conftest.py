"""A committee with two branches, as the views hold it, and an engine of the application's role."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.engine.database import engine_for
from projections.roster_tables import member, organisation
from service.auth.accounts import create_account
from service.auth.actor import Role

COMMITTEE, FIRST, SECOND = OrgId("C1"), OrgId("B1"), OrgId("B2")
LOGIN, PASSWORD = "secretary", "a long enough password"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    views = engine_for(database_url, role="branchbook_views", size=1)
    tree = {COMMITTEE: None, FIRST: COMMITTEE, SECOND: COMMITTEE}
    async with views.begin() as connection:
        await connection.execute(sa.insert(organisation), [{"org_id": org, "parent_id": parent} for org, parent in tree.items()])
        await connection.execute(sa.insert(member).values(org_id=FIRST, person_id="p1"))
    await views.dispose()
    opened = engine_for(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def secretary(engine: AsyncEngine) -> str:
    """The id of an account at the first branch."""
    return await create_account(engine, login=LOGIN, password=PASSWORD, role=Role.SECRETARY, organisation_id=FIRST)
