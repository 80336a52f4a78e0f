"""The record: books, pages, claims, journal, the functions that append and bind, and the walls around them."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

SQL = Path(__file__).parents[2] / "events" / "store" / "sql"

GRANTS = """
grant usage on schema record to branchbook_app, branchbook_views, branchbook_desk, branchbook_verify;
grant select on all tables in schema record to branchbook_app, branchbook_views, branchbook_verify;
revoke execute on all functions in schema record from public;
grant execute on all functions in schema record to branchbook_app;
"""


def run_script(script: str) -> None:
    """Many statements at once, inside the revision's transaction."""
    driver = op.get_bind().connection.dbapi_connection
    assert driver is not None
    driver.run_async(lambda connection: connection.execute(script))


def upgrade() -> None:
    run_script("set local role branchbook_owner")
    for name in ("tables", "append", "bind", "protect"):
        run_script((SQL / f"{name}.sql").read_text())
    run_script(GRANTS)
    run_script("reset role")
