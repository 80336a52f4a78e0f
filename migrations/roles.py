"""Roles of the database: who owns what, and which one each part of the program bears."""

import asyncpg

ROLES = ("branchbook_owner", "branchbook_views", "branchbook_app", "branchbook_desk", "branchbook_verify")
"""owner: schema record and service; views: the projector; app: API and workers; desk: reads views; verify: reads the record."""

CREATE = """
do $$
declare r text;
begin
    foreach r in array array['{roles}'] loop
        if not exists (select 1 from pg_roles where rolname = r) then
            execute format('create role %I nologin', r);
        end if;
        if not pg_has_role(current_user, r, 'member') then
            execute format('grant %I to current_user', r);
        end if;
    end loop;
exception when duplicate_object or unique_violation then null;
end $$
"""


async def prepare_roles(url: str) -> None:
    """Creates what is missing and lets the migrating user bear them. Needs CREATEROLE, or roles made beforehand."""
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1))
    try:
        await connection.execute(CREATE.format(roles="','".join(ROLES)))
        await connection.execute(CREATE.format(roles="','".join(ROLES)))
        await connection.execute(
            "do $$ begin execute format('grant create on database %I to branchbook_owner, branchbook_views', current_database()); end $$"
        )
    finally:
        await connection.close()
