"""Opens a database: its settings, its schema's version, and the migrations."""

from __future__ import annotations

import os
import shlex
import sqlite3
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, inspect, make_url, select
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
)
from sqlalchemy.pool import QueuePool

from mentorkit.errors import Conflict, Invalid
from mentorkit.store import schema

VERSION_TABLE = f"{schema.PREFIX}version"
WAL_SAFE = (3, 51, 3)
"""The SQLite that mended a race between a checkpoint and a reset of the write-ahead log."""
_URL = "must be a URL such as sqlite:///mentoring.db or postgresql+psycopg://user@host/name"
BUSY = 30
"""Seconds that a writer waits for another on SQLite."""


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """How SQLite of that version keeps a transaction whole."""
    return "wal" if version >= WAL_SAFE else "delete"


def engine_of(url_or_engine: str | URL | Engine) -> Engine:
    """The host's engine as it is, or one of ours for a URL."""
    if isinstance(url_or_engine, Engine):
        _check_dialect(url_or_engine.dialect.name)
        return url_or_engine
    try:
        url = make_url(url_or_engine)
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        raise Invalid("database", _URL) from None
    name = url.get_backend_name()
    _check_dialect(name)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        return _sqlite(url) if name == "sqlite" else create_engine(url)
    except NoSuchModuleError:
        words = f"names {url.drivername}, a driver nobody knows; it {_URL}"
        raise Invalid("database", words) from None
    except (ArgumentError, ValueError):  # of SQLite with a host, or an option that is no number
        raise Invalid("database", _URL) from None
    except ImportError as error:  # also of a psycopg that finds no libpq
        raise Invalid("database", _lacking(url, error)) from None


def _check_dialect(name: str) -> None:
    if name == "postgres":
        raise Invalid("database", "must begin with postgresql://, not postgres://")
    if name not in ("sqlite", "postgresql"):
        raise Invalid("database", f"must be SQLite or PostgreSQL, not {name}; it {_URL}")


def _lacking(url: URL, error: ImportError) -> str:
    """That a driver is not there, and what would be."""
    if url.get_backend_name() == "postgresql" and url.get_driver_name() == "psycopg":
        return "needs psycopg: pip install 'mentorkit[postgresql]'"
    return f"needs {error.name or url.get_driver_name()}, which is not installed; it {_URL}"


def _closed(url: URL, error: DBAPIError) -> str:
    """Why a database cannot be opened, in one line, and what to look at."""
    lines = str(error.orig).strip().splitlines()
    words = f"cannot be opened: {lines[0] if lines else type(error.orig).__name__}"
    if url.get_backend_name() == "postgresql":
        return f"{words}; look whether PostgreSQL runs there, and at the URL's host, port and names"
    path = Path(url.database or "")
    if os.path.isdir(path):
        return f"{words}: {path} is a folder; name a file in it"
    if not os.path.isdir(path.parent):
        return f"{words}: there is no folder {path.parent}; make it, or name another file"
    return f"{words}: look at {path}, and whether you may write there"


def _sqlite(url: URL) -> Engine:
    memory = url.database in (None, "", ":memory:")
    # A database in memory lives as long as its one connection.
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if memory else {}
    engine = create_engine(
        url,
        poolclass=QueuePool,
        connect_args={"timeout": BUSY, "check_same_thread": False},
        **pool,
    )

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _: object) -> None:
        # Transactions begin where we say so, not where the driver guesses.
        connection.isolation_level = None
        try:
            for pragma in (
                f"journal_mode = {journal_mode()}",
                "synchronous = FULL",
                # What is erased is overwritten, not only given free.
                "secure_delete = ON",
                "foreign_keys = ON",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            # The pool does not know it yet, so nobody else would close it.
            connection.close()
            raise

    return engine


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("mentorkit.store") / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(url_or_engine: str | URL | Engine) -> tuple[str | None, str]:
    """Bring a database's tables to this version of mentorkit; says from which, to which.

    What is there is kept. Tables that are not mentorkit's are left alone.
    """
    from alembic import command

    engine = engine_of(url_or_engine)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            before = revision(connection)
            _refuse_newer(before)
            command.upgrade(_config(connection), "head")
            connection.commit()
        return before, schema.VERSION
    except (DatabaseError, InterfaceError) as error:
        raise Invalid("database", _closed(engine.url, error)) from None
    finally:
        if engine is not url_or_engine:
            engine.dispose()


def _revisions() -> list[str]:
    """All versions, the newest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(files("mentorkit.store") / "migrations"))
    return [held.revision for held in script.walk_revisions()]


def revision(connection: Connection) -> str | None:
    """The version of the tables that are there; None without any."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: Select[Any] = select(sql_column("version_num")).select_from(sql_table(VERSION_TABLE))
    held: str | None = connection.execute(found).scalar()
    return held


def _refuse_newer(found: str | None) -> None:
    if found not in (None, schema.VERSION) and found not in _revisions():
        raise Conflict(
            f"the database's tables are of version {found}, which this mentorkit does not know:"
            " a newer one has been here; upgrade mentorkit"
        )


def check_schema(engine: Engine) -> None:
    """Conflict, with the command that mends it, unless the tables are of this version."""
    found = None
    try:
        if not _absent(engine.url):
            with engine.connect() as connection:
                found = revision(connection)
    except (DatabaseError, InterfaceError) as error:
        raise Invalid("database", _closed(engine.url, error)) from None
    _refuse_newer(found)
    if found != schema.VERSION:
        there = f"are of version {found}" if found else "are not there"
        url = shlex.quote(engine.url.render_as_string(hide_password=True))
        stars = " (with the password for ***)" if engine.url.password is not None else ""
        raise Conflict(
            f"mentorkit's tables {there}, and version {schema.VERSION} is needed: run"
            f" `mentorkit migrate --database {url}`{stars}, or call mentorkit.migrate"
        )


def _absent(url: URL) -> bool:
    """Whether it is a SQLite file that is not there, which merely looking would make."""
    path = url.database or ":memory:"
    plain = url.get_backend_name() == "sqlite" and not path.startswith((":memory:", "file:"))
    # A name that is too long is not there either; pathlib raises of it.
    return plain and os.path.isdir(Path(path).parent) and not os.path.exists(path)


def settle(engine: Engine) -> None:
    """Bring what was written last into the database's file, and empty the log beside it.

    On SQLite that keeps a write-ahead log, which may hold what was erased since until then;
    others need nothing. Whoever reads at the time may keep it from being done: doing it later
    makes up for it.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
