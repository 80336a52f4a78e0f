"""The head of a book is its last page: no table of heads, and an append that locks books by name."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).parents[2] / "events" / "store" / "sql"
FUNCTIONS = ("append", "bind", "extend", "rebind")


def upgrade() -> None:
    """Nothing is left to do on a database that was made after this revision was written."""
    bind = op.get_bind()
    if bind.scalar(sa.text("select to_regclass('record.book')")) is None:
        return
    for statement in (
        "set local role branchbook_owner",
        "drop table record.book",
        *[f"drop function record.{name}" for name in FUNCTIONS],
        (SQL / "append.sql").read_text(),
        *(SQL / "bind.sql").read_text().split("\n\n"),
        "revoke execute on all functions in schema record from public",
        "grant execute on all functions in schema record to branchbook_app",
        "reset role",
    ):
        bind.exec_driver_sql(statement)
