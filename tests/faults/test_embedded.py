"""The embedded servers: durable settings, back after a kill, one run for each home, nothing left behind."""

import os
import signal
import stat

import asyncpg
import psutil
import psycopg
import pytest
from redis.asyncio import Redis

from service import embedded
from service.children import Supervisor
from service.config import Misconfigured
from tests.faults.test_children import until
from tests.servers import embedded_servers


@pytest.fixture(scope="module")
def durable():
    """Servers with the settings that a real run has."""
    with embedded_servers() as (layout, keep):
        embedded.make_database(layout)
        yield layout, keep


def test_what_is_acknowledged_is_on_disk(durable):
    layout, _ = durable
    with psycopg.connect(layout.database_url) as connection:
        shown = {
            name: connection.execute(f"show {name}").fetchone()[0] for name in (*embedded.DURABLE, "data_checksums", "listen_addresses")
        }
    assert shown == embedded.DURABLE | {"data_checksums": "on", "listen_addresses": ""}


def test_only_this_user_comes_near_the_sockets(durable):
    layout, _ = durable
    assert stat.S_IMODE(layout.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(layout.sockets.stat().st_mode) == 0o700


def test_making_the_database_twice_keeps_what_is_in_it(durable):
    layout, _ = durable
    with psycopg.connect(layout.database_url) as connection:
        connection.execute("create table kept ()")
    embedded.make_database(layout)
    with psycopg.connect(layout.database_url) as connection:
        assert connection.execute("select to_regclass('kept')").fetchone() == ("kept",)


async def test_a_killed_postmaster_comes_back_with_what_was_committed(durable):
    layout, keep = durable
    connection = await asyncpg.connect(layout.database_url)
    await connection.execute("create table survived (n int)")
    await connection.execute("insert into survived values (7)")
    os.kill(keep.pid("PostgreSQL"), signal.SIGKILL)

    def answers() -> bool:
        try:
            with psycopg.connect(layout.database_url) as fresh:
                return fresh.execute("select n from survived").fetchall() == [(7,)]
        except psycopg.OperationalError:
            return False

    until(answers, 30)
    connection.terminate()


async def test_a_killed_valkey_comes_back_empty(durable):
    layout, keep = durable
    async with Redis.from_url(layout.redis_url) as before:
        await before.set("hint", 1)
    killed = keep.pid("Valkey")
    os.kill(killed, signal.SIGKILL)
    until(lambda: keep.pid("Valkey") != killed and embedded.valkey(layout).ready())
    async with Redis.from_url(layout.redis_url) as after:
        assert await after.get("hint") is None


def test_a_second_run_on_one_home_is_told_who_has_it(tmp_path):
    with embedded.locked(tmp_path), pytest.raises(Misconfigured, match=rf"in use .* \(process {os.getpid()}\)"), embedded.locked(tmp_path):
        pass


def test_servers_whose_supervisor_was_killed_are_replaced(durable):
    layout, keep = durable
    left = keep.pid("PostgreSQL")
    embedded.postgres(layout).prepare()
    assert not psutil.pid_exists(left)
    until(lambda: embedded.postgres(layout).ready(), 30)


def test_a_stale_file_that_names_somebody_elses_process_is_removed(tmp_path):
    layout = embedded.Layout(programs=tmp_path, folder=tmp_path, sockets=tmp_path, user=None, group=None)
    layout.data.mkdir()
    (layout.data / "postmaster.pid").write_text(f"{os.getpid()}\n/some/where\n")
    embedded.postgres(layout).prepare()
    assert not (layout.data / "postmaster.pid").exists()


def test_a_folder_with_a_long_name_gets_its_sockets_elsewhere(tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    sockets = embedded._sockets(long, None)
    assert len(os.fsencode(sockets)) <= embedded.SOCKET_PATH_MAX
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    sockets.rmdir()


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_home_that_others_may_not_enter_serves_all_the_same(home, mode):
    home.mkdir(mode=mode)
    layout = embedded.prepare(home)
    embedded.initialize(layout)
    with Supervisor(print) as keep:
        keep.start(embedded.postgres(layout))
        assert embedded.postgres(layout).ready()
    assert stat.S_IMODE(home.stat().st_mode) == mode
    assert (home / "servers" / "postgres" / "PG_VERSION").read_text() == "18\n"
