"""The tables of counts by month, on a database that was made before there were any."""

import sqlalchemy as sa
from alembic import op

from projections.tally_tables import branch_month, change_month, norm_month

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """The views are built anew once other code made them, and these with them."""
    bind = op.get_bind()
    bind.execute(sa.text("set local role branchbook_views"))
    for table in (norm_month, branch_month, change_month):
        table.create(bind, checkfirst=True)
    bind.execute(sa.text("reset role"))
