"""Opening and migrating: from nothing, again, and over what is not mentorkit's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, make_url, text

import mentorkit
from mentorkit.errors import Conflict, Invalid
from mentorkit.store import database, schema
from mentorkit.store.database import VERSION_TABLE, engine_of, journal_mode, migrate

OURS = {*schema.metadata.tables, VERSION_TABLE}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A host's own engine, with none of mentorkit's settings."""
    url = make_url(database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    made = create_engine(url)
    yield made
    made.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def set_version(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))


def test_from_nothing_and_again(database_url: str, engine: Engine) -> None:
    assert migrate(database_url) == (None, schema.VERSION)
    assert tables(engine) == OURS
    assert migrate(database_url) == (schema.VERSION, schema.VERSION)
    assert tables(engine) == OURS
    mentorkit.open(database_url).close()


def test_what_is_migrated_is_what_is_described(database_url: str, engine: Engine) -> None:
    migrate(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, schema.metadata) == []
    held = inspect(engine)
    for name, table in schema.metadata.tables.items():
        key = held.get_pk_constraint(name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key]
        assert key[0] == "tenant"


def test_the_described_version_is_the_newest() -> None:
    assert database._revisions()[0] == schema.VERSION


def test_a_hosts_engine_and_its_tables_are_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('theirs')"))
        connection.execute(text("CREATE TABLE mentors (name TEXT)"))
    migrate(engine)
    assert tables(engine) == OURS | {"alembic_version", "mentors"}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == (
            "theirs"
        )
    house = mentorkit.open(engine)
    assert house.engine is engine
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.people.put([mentorkit.Person(id="ann")])


def test_missing_tables_are_refused_with_the_command(database_url: str, engine: Engine) -> None:
    with pytest.raises(Conflict, match=r"are not there.*run `mentorkit migrate --database "):
        mentorkit.open(database_url)
    assert not tables(engine) & OURS


def test_older_tables_are_refused_with_the_command(
    database_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database_url)
    monkeypatch.setattr(schema, "VERSION", "0002")
    with pytest.raises(Conflict, match=r"are of version 0001, and version 0002 is needed: run"):
        mentorkit.open(database_url)


def test_newer_tables_are_refused_and_left_alone(database_url: str, engine: Engine) -> None:
    migrate(database_url)
    set_version(engine, "9999")
    for refused in (mentorkit.open, migrate):
        with pytest.raises(Conflict, match=r"of version 9999.*upgrade mentorkit"):
            refused(database_url)
    with engine.connect() as connection:
        assert database.revision(connection) == "9999"


def test_a_migration_that_breaks_half_way_leaves_nothing(
    database_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    real, made = op.create_index, []

    def breaks(*arguments: Any, **named: Any) -> None:
        made.append(arguments)
        if len(made) > 4:
            raise RuntimeError("power is off")
        real(*arguments, **named)

    monkeypatch.setattr(op, "create_index", breaks)
    with pytest.raises(RuntimeError, match="power is off"):
        migrate(database_url)
    assert len(made) == 5
    assert tables(engine) == set()
    monkeypatch.undo()
    assert migrate(database_url) == (None, schema.VERSION)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 45, 1), "delete"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 52, 0), "wal"),
        ((4, 0), "wal"),
    ],
)
def test_the_write_ahead_log_waits_for_its_repair(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


@pytest.mark.parametrize("version", [(3, 51, 2), (3, 51, 3)])
def test_settings_of_a_sqlite_file(
    tmp_path: Path, version: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    mode = journal_mode(version)
    monkeypatch.setattr(database, "journal_mode", lambda: mode)
    engine = engine_of(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            assert found == {
                "journal_mode": mode,
                "synchronous": 2,
                "foreign_keys": 1,
                "busy_timeout": database.BUSY * 1000,
            }
    engine.dispose()


def test_sqlite_tables_are_strict(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        listed = connection.execute("PRAGMA table_list").fetchall()
    connection.close()
    strict = {row[1]: row[5] for row in listed if row[1] in schema.metadata.tables}
    assert strict == dict.fromkeys(schema.metadata.tables, 1)


SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mentoring.db", "must be a URL such as sqlite:///mentoring.db"),
        ("", "must be a URL"),
        (f"mysql://root:{SECRET}@localhost/x", "must be SQLite or PostgreSQL, not mysql"),
        (f"postgresql://me:{SECRET}@localhost:port/x", "must be a URL such as"),
        (f"postgresql+nothing://me:{SECRET}@localhost/x", "postgresql\\+nothing"),
        ("sqlite+nothing:///x.db", "sqlite\\+nothing"),
        ("sqlite:////nowhere/at/all.db", "cannot be opened: unable to open database file"),
        (f"postgresql://me:{SECRET}@127.0.0.1:1/x", "cannot be opened"),
        (f"postgresql://me:{SECRET}@127.0.0.1:1/x", "whether PostgreSQL runs there"),
        (f"postgres://me:{SECRET}@127.0.0.1/x", "must begin with postgresql://, not postgres://"),
        (f"mysql://root:{SECRET}@localhost/x", "must be a URL such as sqlite:///mentoring.db"),
        ("sqlite:////nowhere/at/all.db", "there is no folder /nowhere/at; make it"),
        ("sqlite:////tmp", "/tmp is a folder; name a file in it"),
        (f"postgresql+psycopg2://me:{SECRET}@x/x", "psycopg2, which is not installed"),
    ],
)
@pytest.mark.parametrize("use", [mentorkit.open, migrate], ids=["open", "migrate"])
def test_a_wrong_url_is_told_in_a_sentence(url: str, sentence: str, use: Any) -> None:
    with pytest.raises(Invalid, match=f"^database: .*{sentence}") as caught:
        use(url)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_driver_that_finds_no_library_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """psycopg without libpq raises no ModuleNotFoundError."""

    def lacking(*_: Any, **__: Any) -> None:
        raise ImportError("no pq wrapper available")

    monkeypatch.setattr(database, "create_engine", lacking)
    with pytest.raises(Invalid, match=r"pip install 'mentorkit\[postgresql\]'"):
        engine_of(f"postgresql://me:{SECRET}@localhost/x")


@pytest.mark.parametrize("use", [mentorkit.open, migrate], ids=["open", "migrate"])
def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path: Path, use: Any) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n" * 400, encoding="utf-8")
    with pytest.raises(Invalid, match="cannot be opened: file is not a database"):
        use(f"sqlite:///{path}")
    assert path.read_text(encoding="utf-8") == "id,name\n" * 400


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    url = make_url(f"sqlite:///{path}").set(username="me", password=SECRET, host="host")
    engine = engine_of(f"sqlite:///{path}")
    engine.url = url  # as a host's engine to PostgreSQL would have it
    with pytest.raises(Conflict, match=r"me:\*\*\*@host") as caught:
        database.check_schema(engine)
    assert SECRET not in str(caught.value)
    engine.dispose()


def test_a_database_in_memory_lives_as_long_as_its_engine() -> None:
    engine = engine_of("sqlite://")
    migrate(engine)
    house = mentorkit.open(engine)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.people.put([mentorkit.Person(id="ann")])
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        assert [person.id for person in kit.people.page()] == ["ann"]
    house.close()
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        assert kit.people.get("ann").id == "ann", "the engine is the host's to close"
    engine.dispose()
