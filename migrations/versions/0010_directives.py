"""The tables of the directives view, on a database that was made before there were any."""

import sqlalchemy as sa
from alembic import op

from projections.directives_tables import directive, directive_address, directive_branch

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """The views are built anew once other code made them, and these with them."""
    bind = op.get_bind()
    bind.execute(sa.text("set local role branchbook_views"))
    for table in (directive, directive_address, directive_branch):
        table.create(bind, checkfirst=True)
    bind.execute(sa.text("reset role"))
