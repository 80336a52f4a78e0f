"""Tables of the disclosure view: published items as they stand, each of their versions, and what readers said with the answers."""

import sqlalchemy as sa

from projections.engine.tables import metadata

disclosure = sa.Table(
    "disclosure",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("entry", sa.Text),
    sa.Column("content", sa.Text, nullable=False, server_default=""),
    sa.Column("scope", sa.Text, nullable=False, server_default=""),
    sa.Column("audience", sa.Text),
    sa.Column("secrecy", sa.Text, nullable=False, server_default=""),
    sa.Column("ways", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("place", sa.Text),
    sa.Column("retention", sa.Text, nullable=False, server_default=""),
    sa.Column("published_on", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("corrected_on", sa.Date),
    sa.Column("ended_on", sa.Date),
    sa.Column("ended", sa.Text),
    sa.Column("changed_at", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    sa.Index("disclosure_by_day", "published_on", "org_id", "item_id"),
    comment="Published items of openness: numbers of persons are hidden before a text comes here; `until` is the last day shown",
)

disclosure_version = sa.Table(
    "disclosure_version",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("content", sa.Text, nullable=False, server_default=""),
    sa.Column("since", sa.Date),
    sa.Column("reason", sa.Text),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    comment="What a published item said from a day on; `reason` of a correction; versions are numbered 0001, 0002, ...",
)

disclosure_voice = sa.Table(
    "disclosure_voice",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("feedback_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, server_default=""),
    sa.Column("kind", sa.Text, nullable=False, server_default=""),
    sa.Column("said", sa.Text, nullable=False, server_default=""),
    sa.Column("said_on", sa.Date),
    sa.Column("outcome", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("answered_on", sa.Date),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    sa.Index("disclosure_voice_by_item", "org_id", "item_id"),
    comment="What was said about an item and what was answered; who said it is not told",
)
