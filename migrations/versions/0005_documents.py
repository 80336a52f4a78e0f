"""The table of the documents view, on a database that was made before there was one."""

import sqlalchemy as sa
from alembic import op

from projections.documents_tables import document

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """The follower fills it from the first page of the journal on."""
    bind = op.get_bind()
    bind.execute(sa.text("set local role branchbook_views"))
    document.create(bind, checkfirst=True)
    bind.execute(sa.text("reset role"))
