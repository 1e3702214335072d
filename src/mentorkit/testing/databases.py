"""Real databases for tests: a private PostgreSQL server on loopback, and SQLite files.

A session's fixture in a host's `conftest.py`::

    @pytest.fixture(scope="session")
    def postgres():
        try:
            with postgres_server() as server:
                yield server
        except Absent as absent:
            pytest.skip(str(absent))
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import attrs

from mentorkit.errors import MentorkitError

__all__ = ["Absent", "PostgresServer", "postgres_server", "sqlite_database"]

_DEBIAN = Path("/usr/lib/postgresql")
_GUARD = Path(__file__).with_name("postgres_guard.py")
_MEMORY = Path("/dev/shm")  # noqa: S108
_ROOM = 1 << 30  # bytes; containers often have 64 MB there, which one server fills
_FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_wal_size=128MB")
_SECONDS = 60.0
_ATTEMPTS = 5


class Absent(MentorkitError):
    """What a database needs is not on this machine: the reason for skipping a test."""


def sqlite_database(folder: str | os.PathLike[str]) -> str:
    """The URL of the SQLite file `mentorkit.db` in `folder`, which the first connection makes."""
    path = Path(folder).resolve() / "mentorkit.db"
    return f"sqlite:///{quote(path.as_posix(), safe='/:')}"


@attrs.frozen
class PostgresServer:
    """A running server at 127.0.0.1 and `port`; it lets anyone on this machine in."""

    port: int

    def new_database(self) -> str:
        """Create an empty database under a name of its own; return its URL for SQLAlchemy."""
        name = f"mentorkit_{uuid.uuid4().hex}"
        self._execute("CREATE DATABASE {} TEMPLATE template0", name)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Remove a database that `new_database` made, and end the connections to it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", url.rpartition("/")[2])

    def _execute(self, statement: str, name: str) -> None:
        import psycopg  # it loads libpq, which only these calls need
        from psycopg.sql import SQL, Identifier

        address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(SQL(statement).format(Identifier(name)))


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A fresh PostgreSQL server for this process, gone with it however the process ends.

    Its folder is in memory where there is room, and `fsync` is off: what it committed outlives
    the killing of any process, but not a loss of power. If `durable`, it is on disk (where
    `tempfile` says) and every commit is synced. Only loopback is listened on, at a port that
    was free. For root, it runs as the user `postgres`.

    :raises Absent: PostgreSQL or psycopg is not installed; the message says what is missing.
    :raises RuntimeError: the server does not start; the message ends with its log.
    """
    binaries, user = _binaries(), _user()
    _require_psycopg()
    folder, options = (tempfile.gettempdir(), ()) if durable else (_fast_folder(), _FAST)
    guard, port = _start([str(binaries), user, folder], options)
    try:
        yield PostgresServer(port)
    finally:
        _end(guard)


def _binaries() -> Path:
    """The folder of Debian's newest server, or else that of the `postgres` on the PATH."""
    if sys.platform == "win32":
        raise Absent("a private PostgreSQL server needs Linux or another Unix")
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: _version(folder.parent.name))
    on_path = shutil.which("postgres")
    if on_path:
        folders.insert(0, Path(on_path).resolve().parent)
    for folder in reversed(folders):
        if all((folder / program).is_file() for program in ("initdb", "postgres")):
            return folder
    raise Absent(f"PostgreSQL's server is not installed: neither below {_DEBIAN} nor on the PATH")


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdecimal())


def _fast_folder() -> str:
    """Memory where there is room: an empty database takes 25 ms there, and 40 to 400 on disk."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM
    return str(_MEMORY) if roomy and os.access(_MEMORY, os.W_OK) else tempfile.gettempdir()


def _user() -> str:
    """Whom the server runs as: `postgres` for root, whom it refuses, and "" for oneself."""
    import pwd  # Windows has none

    if os.geteuid() != 0:
        return ""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        reason = "PostgreSQL refuses to run as root, and there is no user named postgres"
        raise Absent(reason) from None


def _require_psycopg() -> None:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        reason = f"psycopg cannot be imported ({error}); the extra mentorkit[postgresql] brings it"
        raise Absent(reason) from error


def _start(place: list[str], options: tuple[str, ...]) -> tuple[subprocess.Popen[bytes], int]:
    """Start a guarded server; return its guard and its port once it lets clients in."""
    for _ in range(_ATTEMPTS):
        port = _free_port()
        settings = ("-h", "127.0.0.1", "-p", str(port), "-k", "", "-c", "timezone=UTC", *options)
        with tempfile.TemporaryFile() as log:
            guard = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(_GUARD), *place, *settings],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt from the keyboard is for the tests alone
            )
            trouble = _wait(guard, log)
        if not trouble:
            return guard, port
        _end(guard)
        if "could not bind" not in trouble:  # somebody else was given the port meanwhile
            break
    raise RuntimeError(f"the private PostgreSQL server did not start:\n{trouble}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(guard: subprocess.Popen[bytes], log: IO[bytes]) -> str:
    """Wait for the server to let clients in; return its log if it does not, and else ""."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        ended = guard.poll() is not None
        said = os.pread(log.fileno(), 1 << 20, 0).decode(errors="replace")
        if ended:
            return said or f"no word from {_GUARD.name}"
        if "ready to accept connections" in said:
            return ""
        time.sleep(0.01)
    return f"{said}\nnot ready after {_SECONDS:g} seconds"


def _end(guard: subprocess.Popen[bytes]) -> None:
    # Closing the pipe is not enough: a forked child may hold it too.
    guard.communicate(b".", timeout=_SECONDS)
