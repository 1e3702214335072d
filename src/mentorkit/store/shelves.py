"""Where each kind of thing is kept, and how to find it again, within one tenant."""

from __future__ import annotations

import datetime
import json
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import attrs
from sqlalchemy import Table, bindparam, delete, insert, or_, select, update

from mentorkit import codec
from mentorkit.errors import Conflict, Invalid, NotFound
from mentorkit.models import (
    Action,
    Award,
    ConductReport,
    Draft,
    Expectation,
    Gathering,
    Goal,
    Insight,
    Invitation,
    Note,
    OfficeHours,
    Person,
    ProgrammeRun,
    Query,
    Relationship,
    Request,
    Resource,
    Seat,
    Session,
    Signal,
    Story,
)
from mentorkit.store import schema
from mentorkit.store.connections import Connection

T = TypeVar("T")
BATCH = 500
"""Ids in one statement: few enough for any database, many enough to be quick."""

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_first = operator.itemgetter(0)
_MICROSECOND = datetime.timedelta(microseconds=1)


def micros(at: datetime.datetime) -> int:
    """An instant as the tables hold it."""
    return (at - EPOCH) // _MICROSECOND


def instant(count: int) -> datetime.datetime:
    """What `micros` was made of, in UTC."""
    return EPOCH + count * _MICROSECOND


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of at most `BATCH`."""
    held = list(items)
    for at in range(0, len(held), BATCH):
        yield held[at : at + BATCH]


# What is kept is a tree, whose fields and maps come in one order: there are no circles to look
# for, and nothing to sort.
_encode = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    separators=(",", ":"),
    check_circular=False,
).encode


def packed(data: object) -> str:
    """A thing's plain data as JSON in one line; the same bytes for equal things.

    Invalid where it holds half a sign, which no database keeps.
    """
    text = _encode(data)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Invalid("", "holds signs that cannot be kept") from None
    return text


_decode = json.JSONDecoder().raw_decode


def _plain(data: str) -> Any:
    """What `packed` wrote: no byte more before or after, which `json.loads` would look for."""
    return _decode(data)[0]


def _apart(data: str) -> Any:
    """A request's plain data, but for its questions, which stay as they are written.

    Thousands of requests have the same, and `codec.restore` makes them once.
    """
    begin = data.find('"questions":[') + len('"questions":')
    end = data.find('],"asked":', begin) + 1
    if begin >= end:
        return _plain(data)
    plain = _plain(f"{data[:begin]}null{data[end:]}")
    plain["questions"] = data[begin:end]
    return plain


@attrs.frozen
class Shelf(Generic[T]):
    """How one kind of thing is kept: its table, and the attributes that are columns too."""

    noun: str
    cls: type[T]
    table: Table
    columns: tuple[str, ...] = ()
    plain: Callable[[Any], Any] = codec.unstructure
    read: Callable[[str], Any] = _plain
    versioned: bool = attrs.field(init=False)
    """Whether the thing itself tells its version."""

    @versioned.default
    def _versioned(self) -> bool:
        return "version" in attrs.fields_dict(self.cls)  # type: ignore[arg-type]

    def row(self, thing: T) -> dict[str, Any]:
        """The thing as a row, but for tenant and version."""
        data = self.plain(thing)
        data.pop("version", None)
        held: dict[str, Any] = {"id": thing.id, "data": packed(data)}  # type: ignore[attr-defined]
        for name in self.columns:
            value = getattr(thing, name)
            held[name] = _columned(value)
        return held

    def thing(self, version: int, data: str) -> T:
        """The thing of a row."""
        plain = self.read(data)
        if self.versioned:
            plain["version"] = version
        return codec.restore(self.cls, plain)


def _columned(value: Any) -> Any:
    """A value as columns hold it: text or a whole number."""
    if isinstance(value, datetime.datetime):
        return micros(value)
    return int(value) if isinstance(value, bool) else value


OF_RELATIONSHIP = ("programme", "relationship")
PEOPLE = Shelf("person", Person, schema.person, plain=codec.condense)
PROGRAMMES = Shelf("programme", ProgrammeRun, schema.programme, ("state",))
DRAFTS = Shelf("draft", Draft, schema.draft, ("programme", "state"))
INVITATIONS = Shelf("invitation", Invitation, schema.invitation, ("programme", "digest", "state"))
OFFICE_HOURS = Shelf(
    "office hours", OfficeHours, schema.office_hours, ("programme", "person", "state")
)
GATHERINGS = Shelf("gathering", Gathering, schema.gathering, ("programme", "state"))
SEATS = Shelf("seat", Seat, schema.seat, ("programme", "gathering", "person"))
RELATIONSHIPS = Shelf("relationship", Relationship, schema.relationship, ("programme", "stage"))
SESSIONS = Shelf(
    "session", Session, schema.session, (*OF_RELATIONSHIP, "state", "starts", "ends", "chat")
)
GOALS = Shelf("goal", Goal, schema.goal, (*OF_RELATIONSHIP, "state"))
NOTES = Shelf("note", Note, schema.note, (*OF_RELATIONSHIP, "author"))
EXPECTATIONS = Shelf("expectation", Expectation, schema.expectation, (*OF_RELATIONSHIP, "person"))
ACTIONS = Shelf("action", Action, schema.action, (*OF_RELATIONSHIP, "owner", "state"))
QUERIES = Shelf("query", Query, schema.query, OF_RELATIONSHIP)
RESOURCES = Shelf("resource", Resource, schema.resource, OF_RELATIONSHIP)
INSIGHTS = Shelf("insight", Insight, schema.insight, OF_RELATIONSHIP)
STORIES = Shelf("story", Story, schema.story, (*OF_RELATIONSHIP, "state"))
REQUESTS = Shelf(
    "request",
    Request,
    schema.request,
    (*OF_RELATIONSHIP, "person", "survey", "key", "state"),
    read=_apart,
)
SIGNALS = Shelf("signal", Signal, schema.signal, (*OF_RELATIONSHIP, "rule", "key", "state"))
AWARDS = Shelf("award", Award, schema.award, (*OF_RELATIONSHIP, "person", "rule", "key", "state"))
CONDUCT = Shelf(
    "conduct report",
    ConductReport,
    schema.conduct,
    ("programme", "relationship", "reporter", "state"),
)
SHELVES: tuple[Shelf[Any], ...] = (
    PEOPLE,
    PROGRAMMES,
    DRAFTS,
    INVITATIONS,
    OFFICE_HOURS,
    GATHERINGS,
    SEATS,
    RELATIONSHIPS,
    SESSIONS,
    GOALS,
    NOTES,
    EXPECTATIONS,
    ACTIONS,
    QUERIES,
    RESOURCES,
    INSIGHTS,
    STORIES,
    REQUESTS,
    SIGNALS,
    AWARDS,
    CONDUCT,
)


@attrs.define
class _Gathered:
    """Rows of one shelf that wait to be written: the new ones first."""

    shelf: Shelf[Any]
    added: list[dict[str, Any]] = attrs.field(factory=list)
    saved: list[dict[str, Any]] = attrs.field(factory=list)


class Rows:
    """One tenant's rows. No statement that passes here can reach another's."""

    def __init__(self, connection: Connection, tenant: str) -> None:
        self.connection = connection
        self.tenant = tenant
        self._gathered: dict[str, _Gathered] | None = None
        self._changed: dict[str, dict[str, Any]] = {}

    @contextmanager
    def gathering(self) -> Iterator[Mapping[str, Mapping[str, Any]]]:
        """What the block adds and saves is written in few statements, at its end at the latest.

        Before a table is read, what waits to be written to it is written. So it is only then
        that a Conflict shows, which does not say of which thing. Gives what it adds and saves,
        as it stands at the end: by the shelves' nouns and the ids.
        """
        self._gathered = {}
        self._changed = {}
        try:
            yield self._changed
            for waiting in list(self._gathered.values()):
                self._write(waiting.shelf)
        finally:
            self._gathered = None

    def _write(self, shelf: Shelf[Any]) -> None:
        """Write what waits to be written."""
        waiting = self._gathered.pop(shelf.noun, None) if self._gathered else None
        if waiting is None:
            return
        if waiting.added:
            self.connection.execute(insert(shelf.table), waiting.added)
        if waiting.saved:
            self._update(shelf, waiting.saved, f"a {shelf.noun} has changed since it was read")

    def _waiting(self, shelf: Shelf[Any]) -> _Gathered | None:
        """Where to put what is written later; None where it is written at once."""
        if self._gathered is None:
            return None
        return self._gathered.setdefault(shelf.noun, _Gathered(shelf))

    def get(self, shelf: Shelf[T], id: str, *, lock: bool = False) -> T:
        """The thing of that id; NotFound without one.

        With `lock`, nobody else can change it until this transaction ends.
        """
        if lock:
            self.lock(shelf, [id])
        found = self.find(shelf, id=id)
        if not found:
            raise NotFound(f"there is no {shelf.noun} {id!r}")
        return found[0]

    def lock(self, shelf: Shelf[Any], ids: Iterable[str], *, wait: bool = True) -> list[str]:
        """Keep others from changing things until this transaction ends; gives those locked.

        Without `wait`, those that another has locked are left out. On SQLite a writer is
        alone anyway.
        """
        if self.connection.dialect == "sqlite":
            return sorted(ids)
        table = shelf.table
        return [
            row[0]
            for part in batches(sorted(set(ids)))
            for row in self.connection.execute(
                select(table.c.id)
                .where(table.c.tenant == self.tenant, table.c.id.in_(part))
                .order_by(table.c.id)
                .with_for_update(skip_locked=not wait)
            ).rows
        ]

    def find(
        self,
        shelf: Shelf[T],
        *,
        after: str | None = None,
        limit: int | None = None,
        **where: str | Collection[str],
    ) -> list[T]:
        """The things whose columns are as asked, in the order of their ids.

        A column that may have several values is looked up in batches; `after` and `limit`
        page through the rest.
        """
        return [
            shelf.thing(version, data) for _, version, data in self.raw(shelf, after, limit, where)
        ]

    def raw(
        self,
        shelf: Shelf[Any],
        after: str | None = None,
        limit: int | None = None,
        where: Mapping[str, str | Collection[str]] | None = None,
    ) -> list[Sequence[Any]]:
        """(id, version, data) of each such thing."""
        where = dict(where or {})
        self._write(shelf)
        several = [name for name, held in where.items() if not isinstance(held, str)]
        if not several:
            return self._page(shelf, after, limit, where)
        name = several[0]
        rows = [
            row
            for part in batches(sorted(set(where[name])))
            for row in self._page(shelf, after, limit, {**where, name: part})
        ]
        return sorted(rows, key=_first)[:limit]

    def _page(
        self,
        shelf: Shelf[Any],
        after: str | None,
        limit: int | None,
        where: Mapping[str, str | Collection[str]],
    ) -> list[Sequence[Any]]:
        table = shelf.table
        found = select(table.c.id, table.c.version, table.c.data).where(
            table.c.tenant == self.tenant,
            *(
                table.c[name] == held if isinstance(held, str) else table.c[name].in_(held)
                for name, held in where.items()
            ),
        )
        if after is not None:
            found = found.where(table.c.id > after)
        if limit is not None:
            return list(self.connection.execute(found.order_by(table.c.id).limit(limit)).rows)
        # Asked to sort, SQLite goes through all of the tenant in order, past every index.
        return sorted(self.connection.execute(found).rows, key=_first)

    def naming(self, shelf: Shelf[T], *words: str) -> list[T]:
        """The things in which an id or another value occurs; every row is looked at."""
        table = shelf.table
        found = select(table.c.version, table.c.data).where(
            table.c.tenant == self.tenant,
            or_(*(table.c.data.contains(packed(word), autoescape=True) for word in words)),
        )
        return [
            shelf.thing(*row) for row in self.connection.execute(found.order_by(table.c.id)).rows
        ]

    def add(self, shelf: Shelf[T], things: Iterable[T]) -> None:
        """Keep new things; Conflict where one is there already."""
        things = tuple(things)
        rows = [{**shelf.row(thing), "tenant": self.tenant, "version": 1} for thing in things]
        if (waiting := self._waiting(shelf)) is not None:
            waiting.added += rows
            for thing in things:
                self._note(shelf, attrs.evolve(thing, version=1) if shelf.versioned else thing)  # type: ignore[misc]
        elif rows:
            self.connection.execute(insert(shelf.table), rows)

    def save(self, shelf: Shelf[T], thing: T) -> T:
        """Keep a change to the thing as it was read; Conflict where it has changed since."""
        version = thing.version  # type: ignore[attr-defined]
        row = {f"its_{name}": held for name, held in shelf.row(thing).items()}
        row |= {"its_tenant": self.tenant, "its_version": version, "its_next": version + 1}
        kept: T = attrs.evolve(thing, version=version + 1)  # type: ignore[misc]
        if (waiting := self._waiting(shelf)) is not None:
            waiting.saved.append(row)
            self._note(shelf, kept)
        else:
            self._update(
                shelf,
                [row],
                f"{shelf.noun} {thing.id!r} has changed since it was read; read it again",  # type: ignore[attr-defined]
            )
        return kept

    def _note(self, shelf: Shelf[Any], thing: Any) -> None:
        """Have what is written later at hand."""
        self._changed.setdefault(shelf.noun, {})[thing.id] = thing

    def _update(self, shelf: Shelf[Any], rows: Sequence[Mapping[str, Any]], or_else: str) -> None:
        """Write things anew; Conflict, in these words, where one has changed since."""
        table = shelf.table
        change = (
            update(table)
            .where(
                table.c.tenant == bindparam("its_tenant"),
                table.c.id == bindparam("its_id"),
                table.c.version == bindparam("its_version"),
            )
            .values(
                {name: bindparam(f"its_{name}") for name in ("data", *shelf.columns)}
                | {"version": bindparam("its_next")}
            )
        )
        if self.connection.execute(change, rows).count != len(rows):
            raise Conflict(or_else)

    def drop(self, shelf: Shelf[Any], id: str) -> None:
        """Forget a thing."""
        table = shelf.table
        self._write(shelf)
        self._changed.get(shelf.noun, {}).pop(id, None)
        self.connection.execute(
            delete(table).where(table.c.tenant == self.tenant, table.c.id == id)
        )
