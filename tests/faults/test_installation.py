"""An installation on real servers: roles made once by a superuser, everything else by a login that is none."""

import re
import tomllib
from urllib.parse import urlsplit

import psycopg
import pytest

from migrations.run import migrate_now
from tests.servers import create, drop
from tests.shape.source import ROOT

LOGIN = """
alter role branchbook with login password 'made-up';
grant connect, create on database {database} to branchbook_owner, branchbook_views, branchbook;
grant create, usage on schema public to branchbook;
"""


@pytest.fixture
def installed(server_url):
    """A migrated database as RUNBOOK section 2 makes it, seen by the login."""
    url = create(server_url)
    with psycopg.connect(url, autocommit=True) as superuser:
        roles = (ROOT / "deploy" / "roles.sql").read_text()
        superuser.execute(roles)
        superuser.execute(roles)
        superuser.execute(LOGIN.format(database=urlsplit(url).path[1:]))
    parts = urlsplit(url)
    login = parts._replace(netloc=f"branchbook:made-up@{parts.netloc.rpartition('@')[2]}").geturl()
    migrate_now(login)
    yield login
    drop(server_url, url)


def test_a_login_without_superuser_rights_migrates_twice(installed):
    migrate_now(installed)
    with psycopg.connect(installed) as connection:
        assert connection.execute("select rolsuper, rolcreaterole from pg_roles where rolname = current_user").fetchone() == (False, False)


@pytest.mark.parametrize("role", ["branchbook_app", "branchbook_views", "branchbook_desk", "branchbook_verify"])
def test_no_role_of_the_processes_may_change_a_page(installed, role):
    with psycopg.connect(installed, autocommit=True) as connection:
        connection.execute(f"set role {role}")
        for change in ("update record.page set page = 2", "delete from record.page", "truncate record.page"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change)


def test_the_compose_file_starts_every_process():
    compose = (ROOT / "deploy" / "compose.yaml").read_text()
    services = re.findall(r"^  (\w+):", compose.partition("\nservices:")[2].partition("\nvolumes:")[0], re.MULTILINE)
    assert services == ["postgres", "valkey", "migrate", "api", "follow", "work"]
    for command in ("migrate", "serve", "follow", "work"):
        assert f"command: [{command}]" in compose


def test_the_units_start_commands_that_exist():
    from service.cli import parser

    for unit in sorted((ROOT / "deploy" / "systemd").glob("branchbook-*.service")):
        started = re.search(r"^ExecStart=\S*/branchbook (\w+)$", unit.read_text(), re.MULTILINE)
        if started:
            assert parser().parse_args([started[1]]).command == started[1]


def test_the_image_has_the_python_that_the_project_asks_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    images = re.findall(r"^FROM python:3\.(\d+)-", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert {int(minor) >= int(asked.rpartition(".")[2]) for minor in images} == {True}
