"""Inboxes, mails with their deliveries, secret addresses of calendars: tables of the service."""

import sqlalchemy as sa
from alembic import op

from service.reminders.tables import TABLES

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    bind = op.get_bind()
    bind.execute(sa.text("set local role branchbook_owner"))
    for table in TABLES:
        table.create(bind, checkfirst=True)
    bind.execute(sa.text("reset role"))
