"""Views and the tables of the service itself."""

import sqlalchemy as sa
from alembic import op

from projections.catalog import metadata as views
from service.auth.tables import metadata as service
from service.jobs.tables import job

revision = "0002"
down_revision = "0001"

assert job.metadata is service, "the tables of jobs are made with those of accounts"

SCRIPT = """
create schema views authorization branchbook_views;
create schema service authorization branchbook_owner;
grant usage on schema views to branchbook_app, branchbook_desk, branchbook_verify;
grant usage on schema service to branchbook_app, branchbook_desk;
alter default privileges for role branchbook_views in schema views grant select on tables to branchbook_app, branchbook_desk;
alter default privileges for role branchbook_owner in schema service grant select, insert, update, delete on tables to branchbook_app;
alter default privileges for role branchbook_owner in schema service grant usage on sequences to branchbook_app;
"""


def upgrade() -> None:
    bind = op.get_bind()
    for statement in filter(str.strip, SCRIPT.split(";")):
        bind.execute(sa.text(statement))
    for role, metadata in (("branchbook_views", views), ("branchbook_owner", service)):
        bind.execute(sa.text(f"set local role {role}"))
        metadata.create_all(bind, checkfirst=False)
        bind.execute(sa.text("reset role"))
    bind.execute(sa.text("revoke update, delete on service.read_audit from branchbook_app"))
