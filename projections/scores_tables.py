"""The table of the scores view: the events on which scores rest, as they stand."""

import sqlalchemy as sa

from projections.engine.tables import metadata

score_entry = sa.Table(
    "score_entry",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("year", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False, server_default=""),
    sa.Column("tag", sa.Text, nullable=False, server_default=""),
    sa.Column("body", sa.Text, nullable=False, server_default=""),
    sa.Column("withdrawn", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    comment="Entries of each year's assessment and debriefing, and rules changed (year 0): the event by its tag, `body` its JSON",
)
