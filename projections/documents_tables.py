"""The table of the documents view: what is looked up when a file is asked for, or the attachments of a row."""

import sqlalchemy as sa

from projections.engine.tables import metadata

document = sa.Table(
    "document",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("document_id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("materials", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("about", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("sha256", sa.Text, nullable=False, server_default=""),
    sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("media_type", sa.Text, nullable=False, server_default=""),
    sa.Column("responsible", sa.Text, nullable=False, server_default=""),
    sa.Column("formed_on", sa.Date),
    sa.Column("filed_on", sa.Date),
    sa.Column("secrecy", sa.Text, nullable=False, server_default=""),
    sa.Column("retention", sa.Text, nullable=False, server_default=""),
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("volume_no", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("page", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("event_id", sa.Text),
    sa.Column("withdrawn_on", sa.Date),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    sa.Index("document_by_page", "org_id", "page"),
    comment="Files and papers of each branch; `page` is that of the event which entered it; no sha256: the paper lies in `place`",
)
