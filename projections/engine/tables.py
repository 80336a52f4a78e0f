"""The tables that views share, and the engine's own: checkpoints, states of folds, stopped books.

Each table of a view has `org_id` first in its key, then its key columns in the order of `Row.key`.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData(schema="views")

ledger_row = sa.Table(
    "ledger_row",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("ledger", sa.Text, primary_key=True),
    sa.Column("register", sa.Text, primary_key=True),
    sa.Column("year", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("row_no", sa.Integer, nullable=False, server_default="0"),
    sa.Column("subject", sa.Text),
    sa.Column("occurred_on", sa.Date),
    sa.Column("recorded_at", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    sa.Column("event_id", sa.Text),
    sa.Column("struck_by", sa.Text),
    sa.Column("cells", JSONB, nullable=False, server_default="{}"),
    sa.Index("ledger_row_by_number", "org_id", "ledger", "register", "year", "row_no"),
    comment="Ten ledgers: one row of one register of one branch; `year` is '0' in registers that are not yearly",
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    comment="The last journal position that a projection has applied",
)

fold_state = sa.Table(
    "fold_state",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("page", sa.BigInteger, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
    comment="What a projection remembers of one book, as of that page",
)

stopped_book = sa.Table(
    "stopped_book",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("page", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    comment="A projection that met an event it cannot apply stands still for that book until it is mended",
)

SHARED = frozenset({"checkpoint", "fold_state", "stopped_book"})
