"""Who was told what: the inbox, mails and their deliveries, addresses for mail, secret addresses of calendars.

The record is the truth; these rows are derived from it once, by position of the journal, and no rebuild of a view touches them.
"""

import sqlalchemy as sa

from service.auth.tables import account, metadata

ACCOUNT = account.c.id

inbox_follower = sa.Table(
    "inbox_follower",
    metadata,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    comment="One row: up to which position of the journal the inboxes are filled. Whoever fills them holds its lock",
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("account_id", sa.Text, sa.ForeignKey(ACCOUNT), primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("thing", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False, server_default=""),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("read_at", sa.DateTime(timezone=True)),
    sa.Index("inbox_newest", "account_id", "position"),
    sa.Index("inbox_unread", "account_id", postgresql_where=sa.text("read_at is null")),
    comment="What each person was told, an event each: `thing` is the obligation or letter, `about` the sender of a letter",
)

mailbox = sa.Table(
    "mailbox",
    metadata,
    sa.Column("account_id", sa.Text, sa.ForeignKey(ACCOUNT), primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("language", sa.Text, sa.CheckConstraint("language in ('zh', 'en')"), nullable=False, server_default="zh"),
    sa.Column("wanted", sa.Boolean, nullable=False, server_default="true"),
    comment="Where a person gets mail, in which language, and whether it is wanted",
)

mail = sa.Table(
    "mail",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey(ACCOUNT), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("lease_until", sa.DateTime(timezone=True)),
    sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("error", sa.Text),
    sa.UniqueConstraint("account_id", "day"),
    sa.Index("mail_waiting", "next_at", postgresql_where=sa.text("state = 'waiting'")),
    comment="One mail for each person and day: waiting, sent, settled (all of it was done meanwhile), unwanted, refused or given_up",
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("mail_id", sa.Text, sa.ForeignKey(mail.c.id)),
    sa.ForeignKeyConstraint(["account_id", "event_id"], [inbox.c.account_id, inbox.c.event_id]),
    sa.Index("delivery_waiting", "account_id", postgresql_where=sa.text("mail_id is null")),
    sa.Index("delivery_by_mail", "mail_id"),
    comment="Each event that a person is to be mailed, once, and the mail that carries it",
)

calendar = sa.Table(
    "calendar",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey(ACCOUNT), nullable=False),
    sa.Column("org_id", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("used_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("account_id", "org_id"),
    comment="Secret addresses of calendars; only the SHA-256 is kept. `org_id` is empty for what a person answers for",
)

TABLES = (inbox_follower, inbox, mailbox, mail, delivery, calendar)
