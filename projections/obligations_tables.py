"""Tables of the obligations view: what is due and done, and the facts from which later duties follow."""

import sqlalchemy as sa

from projections.engine.tables import metadata

obligation = sa.Table(
    "obligation",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("obligation_id", sa.Text, primary_key=True),
    sa.Column("deadline", sa.Text, nullable=False, server_default=""),
    sa.Column("task", sa.Text, nullable=False, server_default=""),
    sa.Column("period", sa.Text, nullable=False, server_default=""),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("raised_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("needed", sa.Integer, nullable=False, server_default="1"),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("missing", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("fulfilled_on", sa.Date),
    sa.Column("fulfilled_by", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("late", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("reminded", sa.ARRAY(sa.Integer), nullable=False, server_default="{}"),
    sa.Column("overdue_on", sa.Date),
    sa.Column("escalated_on", sa.Date),
    sa.Column("waived_on", sa.Date),
    sa.Column("extended_on", sa.Date),
    sa.Column("lapsed_on", sa.Date),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    sa.Column("pressed_on", sa.Date),
    sa.Column("explained_on", sa.Date),
    sa.Column("explanation", sa.Text, nullable=False, server_default=""),
    sa.Column("least", sa.Integer, nullable=False, server_default="0"),
    sa.Index("obligation_by_due", "org_id", "due_on"),
    sa.Index("obligation_open", "due_on", postgresql_where=sa.text("fulfilled_on is null and waived_on is null and lapsed_on is null")),
    comment="Obligations: `missing` lists members or months still wanting, `reminded` the offsets of the due date that holds",
)

UNPROVEN = [column for column in obligation.c if column.name != "fulfilled_by"] + [sa.literal([], sa.ARRAY(sa.Text)).label("fulfilled_by")]
"""The columns without the events that fulfilled it, which are many where every member has a part: for whoever only counts or plans."""

obligation_subject = sa.Table(
    "obligation_subject",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    comment="Whose duties there are: the branch, its committee, groups and payers, and each thing that an event began (kind = deadline)",
)
