"""The choice of the database server, and what the fixtures promise."""

import psycopg
import pytest

from tests.servers import Source, choose, named

URL = "postgresql://someone@db.example/main"


@pytest.mark.parametrize(
    ("environ", "docker_answers", "source"),
    [
        ({"BRANCHBOOK_TEST_DATABASE_URL": URL}, True, Source.ENVIRONMENT),
        ({"BRANCHBOOK_TEST_DATABASE_URL": URL}, False, Source.ENVIRONMENT),
        ({"BRANCHBOOK_TEST_DATABASE_URL": ""}, True, Source.CONTAINER),
        ({"BRANCHBOOK_DATABASE_URL": URL}, True, Source.CONTAINER),
        ({}, True, Source.CONTAINER),
        ({}, False, Source.EMBEDDED),
    ],
)
def test_the_variable_wins_then_an_engine_that_answers_then_the_wheel(environ, docker_answers, source):
    assert choose(environ, docker_answers=docker_answers) is source


def test_another_database_of_the_same_server():
    assert named("postgresql://postgres@/postgres?host=/run/pg", "b") == "postgresql://postgres@/b?host=/run/pg"
    assert named("postgresql+asyncpg://u:p@h:1/postgres", "b") == "postgresql://u:p@h:1/b"


def test_a_fresh_database_has_the_schema_and_no_page(database_url):
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select count(*) from record.page").fetchone() == (0,)
        connection.execute("create table left_behind ()")


def test_what_one_test_wrote_the_next_does_not_see(database_url):
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select to_regclass('left_behind')").fetchone() == (None,)
