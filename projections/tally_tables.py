"""Tables of counts by month, for the pages about many branches: a list holds the day of the month of each thing that it counts."""

import sqlalchemy as sa

from projections.engine.tables import metadata


def _days(name: str) -> "sa.Column[list[int]]":
    return sa.Column(name, sa.ARRAY(sa.SmallInteger), nullable=False, server_default="{}")


norm_month = sa.Table(
    "norm_month",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("norm", sa.Text, primary_key=True),
    _days("on_time"),
    _days("late"),
    _days("pending"),
    _days("waived"),
    comment="Obligations of each branch by norm and month of the due date; one that proves tasks of two norms is counted in both",
)

branch_month = sa.Table(
    "branch_month",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),
    _days("pending"),
    comment="Obligations of each branch that are neither done nor let off, by month of the due date, each once",
)

change_month = sa.Table(
    "change_month",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("undone_on", sa.Text, primary_key=True),
    _days("days"),
    sa.Column("fens", sa.ARRAY(sa.BigInteger), nullable=False, server_default="{}"),
    sa.Column("fen", sa.BigInteger, nullable=False, server_default="0"),
    comment="What happened in each branch by sentence and month, with the amounts beside the days; `undone_on`: what was taken back then",
)
