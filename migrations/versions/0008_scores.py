"""The table of the scores view, on a database that was made before there was one."""

import sqlalchemy as sa
from alembic import op

from projections.scores_tables import score_entry

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """The follower fills it from the first page of the journal on."""
    bind = op.get_bind()
    bind.execute(sa.text("set local role branchbook_views"))
    score_entry.create(bind, checkfirst=True)
    bind.execute(sa.text("reset role"))
