"""Work to do, as rows: the truth about jobs lives here, Redis only carries hints."""

import sqlalchemy as sa

from service.auth.tables import metadata

job = sa.Table(
    "job",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now(), index=True),
    sa.Column("lease_until", sa.DateTime(timezone=True)),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),
    sa.Column("seen_page", sa.BigInteger, nullable=False, server_default="-1"),
    comment="One standing job of each kind for each organisation: when it is due again, who has it until when, how often it failed",
)
"""`seen_page`: up to which page of the book it was last done. `lease_until`: a worker that dies gives its job back by itself."""
