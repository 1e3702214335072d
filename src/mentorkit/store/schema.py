"""The tables. Every row belongs to a tenant; `data` is the thing itself as JSON.

Columns hold text and whole numbers only, because on a host's own cursor nothing converts
types: instants are microseconds since 1970 in UTC. What stands in a column beside `data` is
there to be searched by.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TEXT

PREFIX = "mentorkit_"
VERSION = "0001"
"""The newest migration: the version of the tables described here."""

metadata = MetaData()

# SQLite's STRICT tables know INTEGER alone. PostgreSQL sorts text by language unless told to
# sort by code point, as SQLite and Python do.
WHOLE = Integer().with_variant(BigInteger(), "postgresql")
WORDS = Text().with_variant(TEXT(collation="C"), "postgresql")


def _key(name: str) -> Column[str]:
    return Column(name, WORDS, primary_key=True)


def _words(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, WORDS, nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, WHOLE, nullable=nullable)


def _table(name: str, *parts: Column[str] | Column[int] | Index | UniqueConstraint) -> Table:
    return Table(PREFIX + name, metadata, _key("tenant"), *parts, sqlite_strict=True)


def _things(name: str, *parts: Column[str] | Column[int] | Index | UniqueConstraint) -> Table:
    """A table of things that have an id, a version and the rest in `data`."""
    return _table(name, _key("id"), _whole("version"), *parts, _words("data"))


def _index(table: str, *columns: str) -> Index:
    return Index(f"ix_{PREFIX}{table}_{'_'.join(columns)}", *columns)


def _belongs(table: Table, column: str, to: Table) -> None:
    """A foreign key within the tenant."""
    table.append_constraint(
        ForeignKeyConstraint(
            [table.c.tenant, table.c[column]],
            [to.c.tenant, to.c.id],
            name=f"fk_{table.name}_{column}",
        )
    )


person = _things("person")
programme = _things("programme", _words("state"))
participant = _table(
    "participant",
    _key("programme"),
    _key("person"),
    _whole("version"),
    _words("state"),
    _words("data"),
    # How they came in, and what the office keeps of them, as JSON.
    _words("about"),
    _index("participant", "tenant", "person"),
)
draft = _things(
    "draft", _words("programme"), _words("state"), _index("draft", "tenant", "programme")
)
invitation = _things(
    "invitation",
    _words("programme"),
    _words("digest"),
    _words("state"),
    _index("invitation", "tenant", "programme"),
    UniqueConstraint("tenant", "digest", name=f"uq_{PREFIX}invitation"),
)
office_hours = _things(
    "office_hours",
    _words("programme"),
    _words("person"),
    _words("state"),
    _index("office_hours", "tenant", "programme"),
    _index("office_hours", "tenant", "person"),
)
gathering = _things(
    "gathering",
    _words("programme"),
    _words("state"),
    _index("gathering", "tenant", "programme"),
)
seat = _things(
    "seat",
    _words("programme"),
    _words("gathering"),
    _words("person"),
    _index("seat", "tenant", "person"),
    UniqueConstraint("tenant", "gathering", "person", name=f"uq_{PREFIX}seat"),
)
relationship = _things(
    "relationship",
    _words("programme"),
    _words("stage"),
    _index("relationship", "tenant", "programme"),
)
member = _table(
    "member",
    _key("relationship"),
    _key("person"),
    _words("role"),
    _index("member", "tenant", "person"),
)


# Who is never matched with whom again, because `person` asked for it.
apart = _table("apart", _key("person"), _key("other"))


def _of_relationship(name: str, *parts: Column[str] | Column[int] | UniqueConstraint) -> Table:
    """Things that belong to a relationship."""
    return _things(
        name,
        _words("programme"),
        _words("relationship"),
        *parts,
        _index(name, "tenant", "relationship"),
        _index(name, "tenant", "programme"),
    )


def _once(name: str, *columns: str) -> UniqueConstraint:
    """What a rule or a survey brought about, once under its key."""
    return UniqueConstraint("tenant", "relationship", *columns, name=f"uq_{PREFIX}{name}")


session = _of_relationship(
    "session", _words("state"), _whole("starts"), _whole("ends"), _whole("chat")
)
goal = _of_relationship("goal", _words("state"))
note = _of_relationship("note", _words("author"))
expectation = _of_relationship("expectation", _words("person"), _once("expectation", "person"))
action = _of_relationship("action", _words("owner"), _words("state"))
query = _of_relationship("query")
resource = _of_relationship("resource")
insight = _of_relationship("insight")
story = _of_relationship("story", _words("state"))
request = _of_relationship(
    "request",
    _words("person"),
    _words("survey"),
    _words("key"),
    _words("state"),
    _once("request", "survey", "key", "person"),
)
signal = _of_relationship(
    "signal", _words("rule"), _words("key"), _words("state"), _once("signal", "rule", "key")
)
award = _of_relationship(
    "award",
    _words("person"),
    _words("rule"),
    _words("key"),
    _words("state"),
    _once("award", "rule", "key", "person"),
)
conduct = _things(
    "conduct",
    _words("programme"),
    _words("relationship", nullable=True),
    _words("reporter"),
    _words("state"),
    _index("conduct", "tenant", "programme"),
    _index("conduct", "tenant", "relationship"),
)

event = _table(
    "event",
    _key("id"),
    _whole("at"),
    _words("kind"),
    _words("programme", nullable=True),
    _words("relationship", nullable=True),
    # Events of one transaction have one `at`; within it they happened in this order.
    _whole("step"),
    _words("data"),
    _index("event", "tenant", "at", "step"),
    _index("event", "tenant", "programme", "at"),
    _index("event", "tenant", "relationship"),
)
delivery = _table(
    "delivery",
    _key("event"),
    _key("subscriber"),
    _words("state"),
    _whole("due"),
    # The event's; what is due at one instant is delivered in this order.
    _whole("step"),
    _whole("attempts"),
    # While `lease` lies ahead, the delivery is another process's, which knows `claim`.
    _whole("lease"),
    _words("claim"),
    _words("error"),
    _index("delivery", "state", "due", "step"),
)
timer = _table(
    "timer",
    _key("kind"),
    _key("thing"),
    _whole("due"),
    _whole("attempts"),
    _words("error"),
    _index("timer", "due"),
)

for _child, _column, _parent in (
    (participant, "programme", programme),
    (participant, "person", person),
    (draft, "programme", programme),
    (invitation, "programme", programme),
    (office_hours, "programme", programme),
    (gathering, "programme", programme),
    (seat, "gathering", gathering),
    (relationship, "programme", programme),
    (member, "relationship", relationship),
    (delivery, "event", event),
    *((table, "relationship", relationship) for table in (session, goal, note, expectation)),
    *((table, "relationship", relationship) for table in (request, signal, award)),
    *((table, "relationship", relationship) for table in (action, query, resource, insight)),
    (story, "relationship", relationship),
    (conduct, "programme", programme),
    (conduct, "relationship", relationship),
):
    _belongs(_child, _column, _parent)
