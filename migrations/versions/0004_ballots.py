"""Boxes of secret ballots: two tables of the service that the application reads, and changes through two functions only."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parents[2] / "service" / "ballots" / "box.sql"


def upgrade() -> None:
    driver = op.get_bind().connection.dbapi_connection
    assert driver is not None
    script = f"set local role branchbook_owner; {SQL.read_text()} reset role;"
    driver.run_async(lambda connection: connection.execute(script))
