"""The house: opened once a process. It gives kits, and does what is due."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

import attrs
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from mentorkit.access import as_coordinator
from mentorkit.errors import Invalid, Later, MentorkitError, Refused, below
from mentorkit.interfaces import Subscriber
from mentorkit.kit import Kit
from mentorkit.models import (
    SYSTEM,
    Actor,
    Choice,
    Delivery,
    Person,
    ProgrammeRun,
    Relationship,
    Session,
)
from mentorkit.models.plain import long_id
from mentorkit.registry import Registry, installed
from mentorkit.services.given import checked
from mentorkit.services.of_relationship import KIND, SEEKING
from mentorkit.services.seeking import Seeking
from mentorkit.services.upkeep import Upkeep
from mentorkit.services.work import Authorize, Work, new_id
from mentorkit.store import journal, outbox
from mentorkit.store.connections import Connection, EngineConnection, joined
from mentorkit.store.database import check_schema, engine_of
from mentorkit.store.shelves import BATCH, PROGRAMMES, RELATIONSHIPS, Rows, Shelf

Clock = Callable[[], datetime.datetime]

LEASE = datetime.timedelta(minutes=5)
"""How long deliveries are one process's alone. A subscriber has half of it for each, and one
that is slower may be asked twice."""
TOGETHER = datetime.timedelta(milliseconds=100)
"""What was carried out within it is settled together: a crash repeats no more, or one delivery."""
TRIES = 16
"""Attempts at a delivery, after which it is dead: about three days."""
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=12)
CLAIMED = 50
"""Deliveries taken on at once."""
TIMED: Mapping[str, Shelf[Any]] = {KIND: RELATIONSHIPS, SEEKING: PROGRAMMES}
"""Where the things of each kind of timer are kept."""


def utc_now() -> datetime.datetime:
    """The system's clock."""
    return datetime.datetime.now(datetime.UTC)


@attrs.frozen(kw_only=True)
class Advanced:
    """What `House.advance` did: things looked at, and what could not be dealt with."""

    looked_at: int
    failed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Delivered:
    """What `House.deliver` did: how many deliveries arrived, wait again, or are given up."""

    done: int
    waiting: int
    dead: int


@attrs.frozen(kw_only=True, eq=False)
class House:
    """Everything that outlives a unit of work. Made by `open`; safe to share among threads."""

    engine: Engine
    registry: Registry
    subscribers: Mapping[str, Subscriber]
    clock: Clock = utc_now
    ids: Callable[[], str] = new_id
    authorize: Authorize | None = None
    executor: Executor | None = None
    owns_engine: bool = False

    @checked
    def kit(self, *, actor: Actor, tenant: str = "default", connection: Any = None) -> Kit:
        """A unit of work for an actor in a tenant.

        Whoever acts is always said: `SYSTEM` is the host's own jobs, and may do everything.
        With a `connection` of the host's (SQLAlchemy's Connection, Django's connection, or
        one of sqlite3 or psycopg) the work joins its transaction.
        """
        if (fault := long_id(tenant)) is not None:
            raise Invalid(faults=[fault.within("tenant")])

        def begin(held: Connection) -> Work:
            return self._work(held, tenant, actor, self.clock)

        if connection is None:
            return Kit(begin, engine=self.engine)
        return Kit(begin, connection=joined(connection))

    def advance(self, now: datetime.datetime | None = None) -> Advanced:
        """Do everything that is due by `now`, in batches that are each committed.

        Surveys are sent and recalled, signals raised, awards granted, relationships closed.
        What fails is set apart and tried again later, and the rest goes on. Doing it twice,
        or in two processes at once, does everything once.
        """
        now = self._instant(now)
        looked_at = 0
        failed: list[str] = []
        others: set[tuple[str, str, str]] = set()
        while True:
            with self._transaction() as connection:
                due = journal.due_timers(connection, now, most=BATCH + len(others))
                due = [timer for timer in due if _looked(timer) not in others]
                if not due:
                    return Advanced(looked_at=looked_at, failed=tuple(failed))
                for tenant, kind in sorted({(timer.tenant, timer.kind) for timer in due}):
                    here = {timer for timer in due if (timer.tenant, timer.kind) == (tenant, kind)}
                    mine = self._taken(connection, tenant, kind, here, now)
                    failed += self._look(connection, tenant, kind, mine, now)
                    looked_at += len(mine)
                    others |= set(map(_looked, here)) - set(map(_looked, mine))

    def _taken(
        self,
        connection: Connection,
        tenant: str,
        kind: str,
        timers: Collection[journal.Timer],
        now: datetime.datetime,
    ) -> list[journal.Timer]:
        """The timers of a kind that are still due once what they are for is locked.

        What another process has in its hands is left to it.
        """
        rows = Rows(connection, tenant)
        locked = rows.lock(TIMED[kind], {timer.thing for timer in timers}, wait=False)
        found = journal.due_timers(connection, now, tenant=tenant, things=locked)
        return [timer for timer in found if timer.kind == kind]

    def _look(
        self,
        connection: Connection,
        tenant: str,
        kind: str,
        timers: Sequence[journal.Timer],
        now: datetime.datetime,
    ) -> list[str]:
        """Look at the things of one tenant, all of one kind, whose time has come."""
        work = self._work(connection, tenant, SYSTEM, lambda: now)
        look_at = _looking(work, kind, [timer.thing for timer in timers])

        def look(some: Sequence[journal.Timer]) -> list[str]:
            """All together; and where that fails, in halves, until what fails is alone."""
            try:
                with work.change():
                    again = look_at([timer.thing for timer in some])
            except Exception as error:  # one thing that cannot be dealt with stops no other
                if len(some) > 1:
                    half = len(some) // 2
                    return look(some[:half]) + look(some[half:])
                return [_postponed(connection, some[0], now, error)]
            journal.set_again(work.rows, {timer: again[timer.thing] for timer in some})
            return []

        return look(timers) if timers else []

    def deliver(self, now: datetime.datetime | None = None) -> Delivered:
        """Carry out what is owed to subscribers by `now`, at least once each.

        A subscriber that fails is asked again, less and less often; after `TRIES` attempts
        the delivery is dead, until somebody replays it. No transaction is open while a
        subscriber works.
        """
        counts = Counter(done=0, waiting=0, dead=0)
        while self.subscribers:
            # A lease counts from the claim: much to deliver takes longer than one lasts.
            begun, token = self._instant(None), new_id()
            with self._transaction() as connection:
                taken = outbox.claim(
                    connection,
                    self.subscribers,
                    self._instant(now),
                    lease=LEASE,
                    token=token,
                    most=CLAIMED,
                )
            if not taken:
                break
            carried_out = self._carried_out(taken, now, begun + LEASE / 2)
            counts.update(outcome.state for outcome in carried_out)
        return Delivered(**counts)

    def _carried_out(
        self,
        taken: Sequence[outbox.Claimed],
        now: datetime.datetime | None,
        until: datetime.datetime,
    ) -> list[Delivery]:
        """How the deliveries went that the lease leaves time for; the others are given back.

        Whatever ends it, the outcomes that are known are settled. What was under way then
        stays claimed: nobody knows whether it arrived.
        """
        outcomes: list[Delivery] = []
        begun, settled, since = 0, 0, self._instant(None)
        try:
            for claimed in taken:
                if outcomes and self._instant(None) >= until:
                    break
                begun += 1
                outcomes.append(self._attempt(claimed, self._instant(now)))
                if self._instant(None) - since >= TOGETHER:
                    with self._transaction() as connection:
                        outbox.settle(connection, _pairs(taken, outcomes, settled))
                    settled, since = len(outcomes), self._instant(None)
        finally:
            with self._transaction() as connection:
                outbox.settle(connection, _pairs(taken, outcomes, settled))
                outbox.give_back(connection, taken[begun:])
        return outcomes

    def _attempt(self, claimed: outbox.Claimed, now: datetime.datetime) -> Delivery:
        """The delivery as it stands after one attempt."""
        held = claimed.delivery
        subscriber = self.subscribers[held.subscriber]
        try:
            subscriber.deliver(held.event, held.key, Reading(self, claimed.tenant))
        except Later as wish:
            return attrs.evolve(held, due=max(wish.at, now + FIRST_WAIT), error=str(wish))
        except Refused as refusal:
            return attrs.evolve(held, state="dead", error=str(refusal))
        except Exception as error:
            # What a library says of a failure may hold an address; its kind does not.
            words = type(error).__name__
            if held.attempts >= TRIES:
                return attrs.evolve(held, state="dead", error=words)
            return attrs.evolve(held, due=now + _back_off(held.attempts, held.key), error=words)
        return attrs.evolve(held, state="done", error="")

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """A transaction of the house's own, committed unless an exception leaves it."""
        with self.engine.connect() as connection:
            held = EngineConnection(connection)
            held.begin()
            yield held
            connection.commit()

    def _work(self, connection: Connection, tenant: str, actor: Actor, clock: Clock) -> Work:
        return Work(
            rows=Rows(connection, tenant),
            actor=actor,
            registry=self.registry,
            clock=clock,
            ids=self.ids,
            wants={name: held.wants for name, held in sorted(self.subscribers.items())},
            authorize=self.authorize,
            executor=self.executor,
        )

    def _instant(self, now: datetime.datetime | None) -> datetime.datetime:
        at = now or self.clock()
        if at.tzinfo is None:
            raise Invalid("now", "lacks its offset; give an aware time, in UTC")
        return at.astimezone(datetime.UTC)

    def close(self) -> None:
        """Give the database's connections back; an engine of the host's is the host's to close."""
        if self.owns_engine:
            self.engine.dispose()


@attrs.frozen
class Reading:
    """What a subscriber may look up: each in a transaction of its own, over before it ends."""

    house: House
    tenant: str

    def person(self, person: str, /) -> Person:
        """Someone, unless forgotten since."""
        with self.house.kit(actor=SYSTEM, tenant=self.tenant) as kit:
            return kit.people.get(person)

    def programme(self, programme: str, /) -> ProgrammeRun:
        """A programme."""
        with self.house.kit(actor=SYSTEM, tenant=self.tenant) as kit:
            return kit.programmes.get(programme)

    def relationship(self, relationship: str, /) -> Relationship:
        """A relationship, as its coordinator may see it."""
        with self.house.kit(actor=SYSTEM, tenant=self.tenant) as kit:
            return as_coordinator(kit.relationships.get(relationship))

    def session(self, session: str, /) -> Session:
        """A session, as its coordinator may see it."""
        with self.house.kit(actor=SYSTEM, tenant=self.tenant) as kit:
            return as_coordinator(kit.sessions.get(session))


def _looked(timer: journal.Timer) -> tuple[str, str, str]:
    """What a timer is for, over all tenants."""
    return timer.tenant, timer.kind, timer.thing


def _looking(
    work: Work, kind: str, things: Sequence[str]
) -> Callable[[Sequence[str]], Mapping[str, datetime.datetime | None]]:
    """Looks at some of these things, all of one kind; gives when to look again, by id."""
    if kind == SEEKING:
        return Seeking(work)._look
    upkeep = Upkeep(work)
    past = upkeep._load(things)
    return lambda some: upkeep._look({thing: past[thing] for thing in some})


def _postponed(
    connection: Connection, timer: journal.Timer, now: datetime.datetime, error: Exception
) -> str:
    """Have what failed looked at later; says what it was."""
    wait = _back_off(timer.attempts + 1, timer.thing)
    # Only our own errors are known to hold no more than ids.
    words = (
        str(error) if isinstance(error, MentorkitError) else f"failed with {type(error).__name__}"
    )
    journal.postpone(connection, timer, now + wait, words)
    return f"{timer.kind} {timer.thing}: {words}"


def _pairs(
    taken: Sequence[outbox.Claimed], outcomes: Sequence[Delivery], settled: int
) -> list[tuple[outbox.Claimed, Delivery]]:
    """What was claimed beside what became of it, but for the first that are settled."""
    return list(zip(taken[settled : len(outcomes)], outcomes[settled:], strict=True))


def _back_off(attempts: int, what: str) -> datetime.timedelta:
    """Twice as long after each attempt, less up to a quarter.

    How much less follows from what waits, so that all that failed together, say because a
    server was away, does not come back to it together.
    """
    longest = min(FIRST_WAIT * int(2 ** min(attempts - 1, 20)), LONGEST_WAIT)
    drawn = hashlib.blake2b(f"{what}/{attempts}".encode(), digest_size=2).digest()
    return longest - longest * int.from_bytes(drawn, "big") // 2**18


def open(
    database: str | URL | Engine,
    *,
    plugins: Registry | None = None,
    subscribers: Mapping[str, Choice] | None = None,
    clock: Clock = utc_now,
    ids: Callable[[], str] = new_id,
    authorize: Authorize | None = None,
    executor: Executor | None = None,
) -> House:
    """The house over a database: a URL, or the host's own engine.

    Nothing is migrated: Conflict, with the command that mends it, where the tables are not
    those of this mentorkit. `plugins` is a registry (see `load`), by default of all that is
    installed. `subscribers` are those that events are carried to, by a name that must not
    change, since deliveries are owed to it. `clock` gives aware times, `ids` new ids. What
    `access` allows, `authorize(actor, act, thing)` can narrow. An `executor` shares the work
    of matching; whoever made it closes it.
    """
    engine = engine_of(database)
    registry = plugins or installed()
    try:
        check_schema(engine)
        made = {
            name: registry.bind("subscribers", choice, below("subscribers", name))
            for name, choice in (subscribers or {}).items()
        }
    except BaseException:
        if engine is not database:
            engine.dispose()
        raise
    return House(
        engine=engine,
        registry=registry,
        subscribers=made,
        clock=clock,
        ids=ids,
        authorize=authorize,
        executor=executor,
        owns_engine=engine is not database,
    )
