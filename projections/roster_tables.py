"""Tables of the roster view: organisations and members with real columns, for search, statistics and pickers."""

import sqlalchemy as sa

from projections.engine.tables import metadata

organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("parent_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False, server_default="branch"),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("short_name", sa.Text, nullable=False, server_default=""),
    sa.Column("branch_type", sa.Text),
    sa.Column("founded_on", sa.Date),
    sa.Column("contact", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("venue", sa.Text),
    sa.Column("term", sa.Integer),
    sa.Column("term_ends_on", sa.Date),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    sa.Index("organisation_by_parent", "parent_id", "org_id"),
    comment="The tree of organisations",
)

member = sa.Table(
    "member",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("sex", sa.Text),
    sa.Column("nationality", sa.Text),
    sa.Column("born_month", sa.Text),
    sa.Column("id_number", sa.Text),
    sa.Column("id_index", sa.Text),
    sa.Column("education", sa.Text),
    sa.Column("work_post", sa.Text),
    sa.Column("unit_and_post", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("status", sa.Text, nullable=False, server_default="full"),
    sa.Column("admitted_on", sa.Date),
    sa.Column("full_on", sa.Date),
    sa.Column("joined_on", sa.Date),
    sa.Column("group_id", sa.Text),
    sa.Column("posts", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("mobile", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("hardship", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("suspended", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("voting_suspended", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("left_on", sa.Date),
    sa.Column("left_ground", sa.Text),
    sa.Column("page", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    sa.Index("member_by_person", "person_id"),
    sa.Index("member_by_page", "org_id", "page"),
    comment="Members of each branch, also those who left; name, id_number, unit and phone are sealed tokens",
)

party_group = sa.Table(
    "party_group",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("group_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("leader_id", sa.Text),
    sa.Column("dissolved_on", sa.Date),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="-1"),
    comment="Party groups of each branch",
)
