"""The tables of the disclosure view, on a database that was made before there were any."""

import sqlalchemy as sa
from alembic import op

from projections.disclosure_tables import disclosure, disclosure_version, disclosure_voice

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The follower fills them from the first page of the journal on."""
    bind = op.get_bind()
    bind.execute(sa.text("set local role branchbook_views"))
    for table in (disclosure, disclosure_version, disclosure_voice):
        table.create(bind, checkfirst=True)
    bind.execute(sa.text("reset role"))
