"""The databases of the tests: separate, on loopback alone, and gone with their owner."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from mentorkit.testing import databases
from mentorkit.testing.databases import Absent, postgres_server, sqlite_database

OWNER = """
import os, sys, time
from mentorkit.testing.databases import postgres_server

with postgres_server(durable="durable" in sys.argv) as server:
    print(server.new_database(), flush=True)
    if "fork" in sys.argv and os.fork() == 0:
        time.sleep(600)
    sys.stdin.read()
"""


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection


def asked(url: str, question: str) -> str:
    with connected(url) as connection:
        return str(connection.scalar(sa.text(question)))


def folder_of(url: str) -> Path:
    return Path(asked(url, "SHOW data_directory")).parent


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True


def comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def gone(url: str, folder: Path) -> bool:
    return not answers("127.0.0.1", sa.make_url(url).port or 0) and not folder.exists()


@contextmanager
def owner(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that holds a server, and the URL of a database there."""
    command = [sys.executable, "-c", OWNER, *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_each_database_is_new_and_its_own(database_url, postgres, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    sqlite = database_url.startswith("sqlite")
    second = sqlite_database(other) if sqlite else postgres.new_database()
    for url in (database_url, second):
        with connected(url) as connection:
            assert sa.inspect(connection).get_table_names() == []
            connection.execute(sa.text("CREATE TABLE club (name TEXT)"))
            connection.execute(sa.text("INSERT INTO club VALUES ('Zoë')"))
    assert asked(second, "SELECT count(*) FROM club") == "1"
    assert asked(database_url, "SELECT name FROM club") == "Zoë"


def test_a_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "50% of what? #1 ü"
    folder.mkdir()
    with connected(sqlite_database(folder)) as connection:
        connection.execute(sa.text("CREATE TABLE club (name TEXT)"))
    assert [path.name for path in folder.iterdir()] == ["mentorkit.db"]


def test_the_server_knows_neither_the_locale_nor_the_time_zone_around_it(postgres, monkeypatch):
    for name, value in {"LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu", "PGDATA": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    with postgres_server() as server:
        url = server.new_database()
        mine = "FROM pg_database WHERE datname = current_database()"
        assert asked(url, f"SELECT datcollate || ' ' || datctype {mine}") == "C C"
        assert asked(url, "SHOW server_encoding") == "UTF8"
        assert asked(url, "SHOW timezone") == "UTC"


def test_a_dropped_database_is_gone_with_its_connections(postgres):
    url = postgres.new_database()
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with closing(engine.connect()) as connection:
        connection.execute(sa.text("SELECT 1"))
        connection.rollback()
        postgres.drop(url)
        with pytest.raises(sa.exc.OperationalError):
            connection.execute(sa.text("SELECT 1"))
    with pytest.raises(sa.exc.OperationalError, match="does not exist"):
        asked(url, "SELECT 1")


def test_only_loopback_is_listened_on(postgres):
    assert answers("127.0.0.1", postgres.port)
    assert not answers("127.0.0.2", postgres.port)
    assert not answers("::1", postgres.port)
    url = postgres.new_database()
    assert asked(url, "SHOW unix_socket_directories") == ""
    postgres.drop(url)


@pytest.mark.parametrize("durable", [False, True])
def test_the_server_goes_with_its_context(postgres, durable):
    with postgres_server(durable=durable) as server:
        url = server.new_database()
        folder = folder_of(url)
        assert folder.is_dir()
        assert server.port != postgres.port
        assert asked(url, "SHOW fsync") == ("on" if durable else "off")
        assert asked(url, "SHOW synchronous_commit") == "on"
    assert gone(url, folder)


@pytest.mark.skipif(not databases._MEMORY.is_dir(), reason="this system has no /dev/shm")
def test_the_folder_is_in_memory_only_where_there_is_room(monkeypatch):
    monkeypatch.setattr(databases, "_ROOM", 0)
    assert databases._fast_folder() == str(databases._MEMORY)
    monkeypatch.setattr(databases, "_ROOM", 1 << 62)
    assert databases._fast_folder() == tempfile.gettempdir()


def test_the_server_goes_when_the_context_fails(postgres):
    with pytest.raises(sa.exc.ProgrammingError), postgres_server() as server:
        asked(server.new_database(), "SELECT name FROM nowhere")
    assert not answers("127.0.0.1", server.port)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_goes_with_its_owner(postgres, how):
    with owner() as (process, url):
        folder = folder_of(url)
        assert folder.is_dir()
        process.send_signal(how)
        process.wait()
        assert comes_true(lambda: gone(url, folder))


def test_nothing_stays_of_a_server_whose_owner_was_killed_as_it_started(postgres, monkeypatch):
    with tempfile.TemporaryDirectory() as place:  # unlike tmp_path, open to the server's user
        Path(place).chmod(0o755)
        monkeypatch.setenv("TMPDIR", place)
        with subprocess.Popen([sys.executable, "-c", OWNER, "durable"]) as process:
            assert comes_true(lambda: any(Path(place).glob("*/data/PG_VERSION")))
            process.kill()
        assert comes_true(lambda: not any(Path(place).iterdir()))


def test_the_server_goes_with_its_context_though_a_forked_child_lives_on(postgres):
    with owner("fork") as (process, url):
        folder = folder_of(url)
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=30)
        assert gone(url, folder)


def test_a_port_that_was_taken_meanwhile_is_left_alone(postgres, monkeypatch):
    free, offered = databases._free_port, [postgres.port]
    monkeypatch.setattr(databases, "_free_port", lambda: offered.pop() if offered else free())
    with postgres_server() as server:
        assert not offered
        assert server.port != postgres.port


def test_a_server_that_does_not_start_says_why(postgres, monkeypatch):
    monkeypatch.setattr(databases, "_FAST", ("-c", "fsync=perhaps"))
    with pytest.raises(RuntimeError, match=r'did not start:[^$]*"fsync" requires a Boolean value'):
        postgres_server().__enter__()


def test_the_reason_is_said_when_the_server_is_absent(monkeypatch, tmp_path):
    monkeypatch.setattr(databases, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Absent, match=f"not installed: neither below {tmp_path} nor on the PATH"):
        postgres_server().__enter__()


def test_the_reason_is_said_when_psycopg_is_absent(postgres, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Absent, match=r"the extra mentorkit\[postgresql\] brings it"):
        postgres_server().__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for the server")
def test_the_reason_is_said_when_root_has_no_user_for_the_server(postgres, monkeypatch):
    def nobody(name: str) -> None:
        raise KeyError(name)

    monkeypatch.setattr("pwd.getpwnam", nobody)
    with pytest.raises(Absent, match="there is no user named postgres"):
        postgres_server().__enter__()


def installed(folder: Path, *programs: str) -> Path:
    folder.mkdir(parents=True)
    for program in programs:
        (folder / program).touch(mode=0o755)
    return folder


def test_the_newest_whole_server_of_debian_is_taken_before_the_path(monkeypatch, tmp_path):
    debian, path = tmp_path / "debian", tmp_path / "path"
    monkeypatch.setattr(databases, "_DEBIAN", debian)
    monkeypatch.setenv("PATH", str(path))
    assert installed(path, "initdb", "postgres") == databases._binaries()
    installed(debian / "9.6/bin", "initdb", "postgres")
    newest = installed(debian / "15/bin", "initdb", "postgres")
    installed(debian / "17/bin", "psql")
    assert databases._binaries() == newest
