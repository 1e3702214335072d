"""All SQL passes one `execute`, on a connection of SQLAlchemy's or on a host's own."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import attrs
from sqlalchemy import Connection as SQLAlchemyConnection
from sqlalchemy import CursorResult, Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable

from mentorkit.errors import Conflict, Invalid

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
MANY = 100
"""Rows from which on it pays to spare SQLAlchemy's look at each of them."""


@attrs.frozen
class Answer:
    """What a statement gave: the rows that it returned, or how many it changed."""

    rows: Sequence[Sequence[Any]] = ()
    count: int = 0


class Connection(Protocol):
    """A transaction that is open or will be. It is committed by whoever began it."""

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""

    def execute(self, statement: Executable, parameters: Parameters = None) -> Answer:
        """Run a statement of SQLAlchemy Core, once or for each of several parameter sets."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All of the block or nothing of it; the transaction around it lives on either way."""


def _told(error: Exception) -> Exception:
    """The error in the house's words, where it has some.

    PEP 249 gives the base classes of every driver's errors the same names.
    """
    names = {held.__name__ for held in type(error).__mro__}
    if "IntegrityError" in names:
        return Conflict("somebody else changed the same at the same time; read it again")
    if "OperationalError" in names and re.search("locked|deadlock|serialize", str(error)):
        return Conflict("the database is busy with another's change; try again")
    return error


class EngineConnection:
    """A connection of SQLAlchemy's."""

    def __init__(self, connection: SQLAlchemyConnection) -> None:
        self._connection = connection
        self.dialect = _known(connection.dialect.name)

    def execute(self, statement: Executable, parameters: Parameters = None) -> Answer:
        try:
            if parameters is None:
                result = self._connection.execute(statement)
            elif isinstance(statement, Insert) and len(parameters) >= MANY:
                result = self._insert(statement, parameters)
            else:
                result = self._connection.execute(statement, parameters)
        except Exception as error:
            raise _told(error) from error
        if result.returns_rows:
            return Answer(result.all())
        return Answer(count=result.rowcount)

    def _insert(self, statement: Insert, rows: Any) -> CursorResult[Any]:
        """Many rows of texts and whole numbers, just as the driver takes them."""
        compiled: Any = statement.compile(
            dialect=self._connection.dialect, column_keys=list(rows[0])
        )
        sets = rows
        if compiled.positional:
            values = operator.itemgetter(*compiled.positiontup)
            sets = [values(row) for row in rows]
        return self._connection.exec_driver_sql(str(compiled), sets)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self.begin()
        with self._connection.begin_nested():
            yield

    def begin(self) -> None:
        """SQLite: begin in truth, and as a writer, before the savepoint does.

        A transaction that begins by reading may find that it cannot write any more; and
        pysqlite begins none before a savepoint, whose release would then commit.
        """
        driver: Any = self._connection.connection.driver_connection
        if self.dialect == "sqlite" and not driver.in_transaction:
            try:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            except Exception as error:
                raise _told(error) from error


class CursorConnection:
    """A host's own connection: Django's, or one of sqlite3 or psycopg.

    Statements are compiled to its style of parameters. Results come as the driver gives
    them, which is why the tables hold text and whole numbers only.
    """

    def __init__(self, connection: Any) -> None:
        vendor = getattr(connection, "vendor", None)
        if vendor is None:
            vendor = _VENDORS.get(type(connection).__module__.partition(".")[0], "")
            paramstyle = "qmark" if vendor == "sqlite" else "format"
        else:
            paramstyle = "format"  # Django's cursors take %s everywhere
            if not connection.in_atomic_block:
                raise Conflict(
                    "mentorkit joins a transaction, and none is open: call it within"
                    " transaction.atomic()"
                )
        self._connection = connection
        self.dialect = _known(vendor)
        make: Callable[..., Dialect] = {
            "sqlite": sqlite.dialect,
            "postgresql": postgresql.dialect,
        }[self.dialect]
        self._dialect = make(paramstyle=paramstyle)
        self._savepoints = 0

    def execute(self, statement: Executable, parameters: Parameters = None) -> Answer:
        sets = [parameters or {}] if not isinstance(parameters, Sequence) else parameters
        compiled: Any = statement.compile(  # type: ignore[attr-defined]
            dialect=self._dialect,
            column_keys=list(sets[0]) or None,
            compile_kwargs={"render_postcompile": True},
        )
        ordered = [
            tuple(values[name] for name in compiled.positiontup)
            for values in map(compiled.construct_params, sets)
        ]
        try:
            cursor = self._connection.cursor()
            try:
                if len(ordered) > 1:
                    cursor.executemany(str(compiled), ordered)
                else:
                    cursor.execute(str(compiled), ordered[0])
                rows = cursor.fetchall() if cursor.description else ()
                return Answer(rows, cursor.rowcount)
            finally:
                cursor.close()
        except Exception as error:
            raise _told(error) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._begin()
        self._savepoints += 1
        name = f"mentorkit_{self._savepoints}"
        self._say(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self._say(f"ROLLBACK TO SAVEPOINT {name}")
            self._say(f"RELEASE SAVEPOINT {name}")
            raise
        self._say(f"RELEASE SAVEPOINT {name}")

    def _begin(self) -> None:
        """As for SQLAlchemy's; Django has begun already."""
        if getattr(self._connection, "in_transaction", None) is False:
            self._say("BEGIN IMMEDIATE")

    def _say(self, words: str) -> None:
        cursor = self._connection.cursor()
        try:
            cursor.execute(words)
        except Exception as error:
            raise _told(error) from error
        finally:
            cursor.close()


_VENDORS = {"sqlite3": "sqlite", "psycopg": "postgresql", "psycopg2": "postgresql"}


def _known(vendor: str) -> str:
    if vendor not in ("sqlite", "postgresql"):
        raise Invalid("connection", f"must be to SQLite or PostgreSQL, not {vendor or 'this'!r}")
    return vendor


def joined(connection: Any) -> Connection:
    """The host's connection as ours: SQLAlchemy's, Django's, or one of a driver's own."""
    if isinstance(connection, SQLAlchemyConnection):
        return EngineConnection(connection)
    if not callable(getattr(connection, "cursor", None)):
        raise Invalid(
            "connection",
            "must be a SQLAlchemy Connection or a DB-API connection, such as"
            " django.db.connection; of a Session, pass session.connection()",
        )
    return CursorConnection(connection)
