"""One unit of work: what every service needs to do its part of it."""

from __future__ import annotations

import datetime
import functools
import inspect
import secrets
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import attrs

from mentorkit import access
from mentorkit.access import Ties
from mentorkit.errors import Conflict, Forbidden, Invalid, NotFound, PluginFailed
from mentorkit.models import Actor, Event, Relationship
from mentorkit.registry import Registry
from mentorkit.services.given import checked
from mentorkit.store import journal, members
from mentorkit.store.shelves import BATCH, Rows, Shelf

P = ParamSpec("P")
S = TypeVar("S", bound="Service")
T = TypeVar("T")

Authorize = Callable[[Actor, str, object], bool]
"""A host's say: (actor, what is to be read or done, the thing) -> whether it may be."""

NAMESPACE = uuid.UUID("6a1f3c1e-6f0e-5d0a-9a55-0c6b1f7a2c11")
"""Of the ids that follow from an idempotency key."""


def new_id() -> str:
    """A random id."""
    return uuid.uuid4().hex


def new_token() -> str:
    """A secret of 256 random bits. It is never of the host's making, as ids may be."""
    return secrets.token_urlsafe(32)


@attrs.define(kw_only=True)
class Work:
    """A transaction for one actor in one tenant."""

    rows: Rows
    actor: Actor
    registry: Registry
    clock: Callable[[], datetime.datetime]
    ids: Callable[[], str]
    wants: Mapping[str, frozenset[str]]
    """The kinds of events that each of the house's subscribers wants, by its name."""
    authorize: Authorize | None = None
    executor: Executor | None = None
    """Where the passes of matching may be done."""
    tokens: Callable[[], str] = new_token
    changing: bool = False
    _at: datetime.datetime | None = None
    _told: list[tuple[Event, list[str]]] = attrs.field(factory=list)
    """What has happened in the change that is being made, and the subscribers who want it."""
    _touched: set[tuple[str, str]] = attrs.field(factory=set)
    """What is to be looked at because of it: (kind of timer, id)."""

    def as_read_by(self, person: str) -> Work:
        """This work as somebody reads in it who is a person and nothing else."""
        return attrs.evolve(self, actor=Actor(person=person))

    def now(self) -> datetime.datetime:
        """The instant of the change that is being made, or else the clock's."""
        if self.changing and self._at is not None:
            return self._at
        at = self.clock()
        if at.tzinfo is None:
            raise Invalid("clock", "gave a time without its offset; make it aware, in UTC")
        return at.astimezone(datetime.UTC)

    def id(self, noun: str, key: str | None, *within: str) -> str:
        """A new id, or the one that follows from an idempotency key.

        A key is known only `within` these ids: what others made under the same is theirs.
        """
        if key is None:
            return self.ids()
        return uuid.uuid5(NAMESPACE, "\0".join((self.rows.tenant, noun, *within, key))).hex

    @contextmanager
    def change(self) -> Iterator[None]:
        """All of the block's changes or none of them, at one instant."""
        if self.changing:
            yield
            return
        with self.rows.connection.savepoint():
            self._at, self.changing = self.now(), True
            try:
                yield
                self._keep()
            finally:
                self.changing = False
                self._told.clear()
                self._touched.clear()

    def _keep(self) -> None:
        """Write down what the change has brought about, all at once."""
        if self._told:
            journal.record(self.rows, journal.steps(self.rows, self.now()), self._told)
        for kind in {kind for kind, _ in self._touched}:
            things = sorted(thing for held, thing in self._touched if held == kind)
            journal.set_timers(self.rows, kind, things, self.now())

    def happened(
        self,
        kind: str,
        subject: str,
        *,
        programme: str | None = None,
        relationship: str | None = None,
        people: Collection[str] = (),
        facts: Mapping[str, str | int] | None = None,
    ) -> None:
        """Record an event and the deliveries that it owes, once the change is made."""
        event = Event(
            id=self.ids(),
            at=self.now(),
            kind=kind,
            subject=subject,
            programme=programme,
            relationship=relationship,
            people=tuple(people),
            facts=facts or {},
        )
        owed = [name for name, kinds in self.wants.items() if kinds & {kind, "*"}]
        with self.change():
            self._told.append((event, owed))

    def look(self, kind: str, thing: str) -> None:
        """Have a thing looked at, once the change is made."""
        with self.change():
            self._touched.add((kind, thing))

    def allow(self, act: str, ties: Ties, thing: object = None) -> None:
        """Forbidden, unless the actor may do this to what the ties belong to."""
        if not access.may(act, self.actor, ties) or not self._authorized(act, thing):
            whom = "nobody in particular" if self.actor.person is None else repr(self.actor.person)
            raise Forbidden(f"{whom} may not do this: {act}")

    def see(self, thing: T, ties: Ties) -> T | None:
        """What the actor sees of a thing; None where it sees nothing."""
        shown = access.seen(thing, self.actor, ties)
        if shown is not None and not self._authorized("read", shown):
            return None
        return shown

    def _authorized(self, act: str, thing: object) -> bool:
        return self.actor.system or self.authorize is None or self.authorize(self.actor, act, thing)


class Service:
    """A domain's use cases within one unit of work. Public calls look at what they are given."""

    def __init_subclass__(cls) -> None:
        for name, held in list(vars(cls).items()):
            if inspect.isfunction(held) and not name.startswith("_"):
                setattr(cls, name, checked(held))

    def __init__(self, work: Work) -> None:
        self._work = work
        self._rows = work.rows

    def _shown(self, shelf: Shelf[T], thing: T, ties: Ties) -> T:
        """What the actor sees of a thing; NotFound, as if it were not there, if nothing."""
        shown = self._work.see(thing, ties)
        if shown is None:
            raise NotFound(f"there is no {shelf.noun} {thing.id!r}")  # type: ignore[attr-defined]
        return shown

    def _visible(self, found: Iterable[T], ties_of: Callable[[T], Ties]) -> tuple[T, ...]:
        """What the actor sees of things, in their order, without those that it may not see."""
        shown = (self._work.see(thing, ties_of(thing)) for thing in found)
        return tuple(thing for thing in shown if thing is not None)

    def _page(
        self,
        shelf: Shelf[T],
        ties_of: Callable[[T], Ties],
        after: str | None,
        limit: int,
        **where: str,
    ) -> tuple[T, ...]:
        """The first `limit` things of a shelf after an id that the actor sees."""
        shown: list[T] = []
        while len(shown) < limit and (
            found := self._rows.find(shelf, after=after, limit=BATCH, **where)
        ):
            shown += self._visible(found, ties_of)
            after = found[-1].id  # type: ignore[attr-defined]
        return tuple(shown[:limit])

    def _again(self, shelf: Shelf[T], id: str, key: str | None) -> T | None:
        """What was made under this idempotency key before, if anything was."""
        return next(iter(self._rows.find(shelf, id=id)), None) if key is not None else None

    def _ties(self, programme: str | None, people: Collection[str] = ()) -> Ties:
        """The ties of what these people share in a programme."""
        return Ties(programme=programme, members=tuple(people))

    def _in_name_of(self, person: str | None, held: Relationship) -> tuple[str, Ties]:
        """Who acts, by default the actor, and the ties of what this one does as a member."""
        person = person if person is not None else self._work.actor.person
        if person is None:
            raise Invalid("person", "say in whose name this is done")
        return person, Ties(programme=held.programme, own=(person,), members=held.people)

    def _taking_part(self, programme: str) -> Ties:
        """The ties of a programme itself."""
        actor = self._work.actor.person
        part = actor is not None and any(
            held.state == "enrolled" for held in members.enrolments(self._rows, programme, [actor])
        )
        return Ties(programme=programme, taking_part=part)


def changing(function: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Marks a service's call that changes something: it happens whole or not at all."""

    @functools.wraps(function)
    def call(self: S, /, *arguments: P.args, **named: P.kwargs) -> T:
        with self._work.change():
            return function(self, *arguments, **named)

    return call


def check_version(thing: Any, version: int | None) -> None:
    """Conflict, if the caller has seen another version of the thing."""
    if version is not None and thing.version != version:
        raise Conflict(f"{thing.id!r} is of version {thing.version} by now, not {version}")


def asked(what: str, about: str, question: Callable[[], T]) -> T:
    """What a plugin answers; PluginFailed, naming it and its input, where it breaks."""
    try:
        return question()
    except (Exception, SystemExit) as error:
        raise PluginFailed(f"{what} for {about} raised {type(error).__name__}: {error}") from error
