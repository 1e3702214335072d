"""Hosts with a database connection and a transaction of their own, each in its usual way."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import psycopg
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

_aliases = itertools.count()


class Host(Protocol):
    """A host's database: it keeps words in a table of its own."""

    def transaction(self) -> AbstractContextManager[Any]:
        """A transaction, committed at the end; gives what the host would hand to a kit."""

    def write(self, connection: Any, word: str) -> None: ...
    def words(self) -> list[str]: ...


class SQLAlchemyHost:
    """An engine of the host's, with SQLAlchemy's own settings and not mentorkit's."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE words (word TEXT PRIMARY KEY)"))

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self.engine.begin() as connection:
            yield connection

    def write(self, connection: Any, word: str) -> None:
        connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})

    def words(self) -> list[str]:
        with self.engine.connect() as connection:
            return sorted(connection.execute(text("SELECT word FROM words")).scalars())


class ORMHost(SQLAlchemyHost):
    """The same through a session of SQLAlchemy's ORM."""

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with Session(self.engine) as session, session.begin():
            yield session.connection()


class DriverHost:
    """A bare connection of sqlite3's or psycopg's."""

    def __init__(self, url: str) -> None:
        held = make_url(url)
        if held.get_backend_name() == "sqlite":
            self._open = lambda: sqlite3.connect(str(held.database))
            self._place = "?"
        else:
            plain = held.set(drivername="postgresql").render_as_string(hide_password=False)
            self._open = lambda: psycopg.connect(plain)
            self._place = "%s"
        with self.transaction() as connection:
            connection.cursor().execute("CREATE TABLE words (word TEXT PRIMARY KEY)")

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        connection: Any = self._open()
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()

    def write(self, connection: Any, word: str) -> None:
        connection.cursor().execute(f"INSERT INTO words VALUES ({self._place})", (word,))

    def words(self) -> list[str]:
        with self.transaction() as connection:
            rows = connection.cursor().execute("SELECT word FROM words").fetchall()
        return sorted(row[0] for row in rows)


class DjangoHost:
    """Django's connection, within `transaction.atomic`."""

    def __init__(self, url: str) -> None:
        import django
        from django.conf import settings
        from django.db import connections

        if not settings.configured:
            settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.dummy"}})
            django.setup()
        held = make_url(url)
        engine = {"sqlite": "sqlite3", "postgresql": "postgresql"}[held.get_backend_name()]
        self.alias = f"mentoring{next(_aliases)}"
        connections.settings[self.alias] = connections.configure_settings(
            {
                "default": {"ENGINE": "django.db.backends.dummy"},
                self.alias: {
                    "ENGINE": f"django.db.backends.{engine}",
                    "NAME": held.database,
                    "USER": held.username or "",
                    "HOST": held.host or "",
                    "PORT": held.port or "",
                },
            }
        )[self.alias]
        self.connection = connections[self.alias]
        with self.transaction() as connection:
            connection.cursor().execute("CREATE TABLE words (word TEXT PRIMARY KEY)")

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        from django.db import transaction

        with transaction.atomic(using=self.alias):
            yield self.connection

    def write(self, connection: Any, word: str) -> None:
        connection.cursor().execute("INSERT INTO words VALUES (%s)", (word,))

    def words(self) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT word FROM words")
            return sorted(row[0] for row in cursor.fetchall())

    def close(self) -> None:
        self.connection.close()


HOSTS: dict[str, Any] = {
    "sqlalchemy": SQLAlchemyHost,
    "orm": ORMHost,
    "driver": DriverHost,
    "django": DjangoHost,
}
