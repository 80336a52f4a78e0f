"""What a branch says about a duty and when the superior was told again; up to where a branch was last looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """The follower fills the columns when it builds the views anew."""
    bind = op.get_bind()
    bind.execute(sa.text("set local role branchbook_views"))
    for column in ("pressed_on date", "explained_on date", "explanation text not null default ''", "least integer not null default 0"):
        bind.execute(sa.text(f"alter table views.obligation add column if not exists {column}"))
    bind.execute(sa.text("reset role"))
    bind.execute(sa.text("set local role branchbook_owner"))
    bind.execute(sa.text("alter table service.job add column if not exists seen_page bigint not null default -1"))
    bind.execute(sa.text("reset role"))
