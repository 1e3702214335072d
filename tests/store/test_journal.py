"""Deliveries are one process's at a time and never lost; timers come when they are due."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import pytest
from sqlalchemy import Engine

from mentorkit.errors import NotFound
from mentorkit.models import Delivery, Event
from mentorkit.store import journal, outbox
from mentorkit.store.connections import EngineConnection
from mentorkit.store.database import engine_of, migrate
from mentorkit.store.shelves import Rows
from mentorkit.testing.house import START

LEASE = datetime.timedelta(minutes=5)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    migrate(database_url)
    made = engine_of(database_url)
    yield made
    made.dispose()


@contextmanager
def transaction(engine: Engine) -> Iterator[EngineConnection]:
    with engine.connect() as connection:
        held = EngineConnection(connection)
        held.begin()
        yield held
        connection.commit()


def happened(engine: Engine, *ids: str, tenant: str = "home", to: tuple[str, ...] = ("a",)) -> None:
    with transaction(engine) as connection:
        rows = Rows(connection, tenant)
        for id in ids:
            event = Event(id=id, at=START, kind="x", subject="y", programme="p")
            journal.record(rows, journal.steps(rows, START), [(event, to)])


def claimed(
    engine: Engine,
    at: datetime.datetime = START,
    *,
    token: str = "mine",
    most: int = 50,
    by: tuple[str, ...] = ("a",),
) -> list[outbox.Claimed]:
    with transaction(engine) as connection:
        return outbox.claim(connection, by, at, lease=LEASE, token=token, most=most)


def settled(engine: Engine, taken: outbox.Claimed, **how: object) -> None:
    with transaction(engine) as connection:
        outbox.settle(connection, [(taken, attrs.evolve(taken.delivery, **how))])


def deliveries(engine: Engine, tenant: str = "home") -> list[Delivery]:
    with transaction(engine) as connection:
        return outbox.deliveries(Rows(connection, tenant))


def ids(taken: list[outbox.Claimed]) -> list[tuple[str, str]]:
    return [(one.tenant, one.delivery.event.id) for one in taken]


def test_a_delivery_is_claimed_once_until_its_lease_ends(engine: Engine) -> None:
    happened(engine, "1", "2", "3")
    happened(engine, "1", tenant="away")
    assert sorted(ids(claimed(engine, most=2))) == [("away", "1"), ("home", "1")]
    assert ids(claimed(engine, token="other")) == [("home", "2"), ("home", "3")]
    assert claimed(engine, START + LEASE - MINUTE) == []
    again = claimed(engine, START + LEASE)
    assert len(again) == 4
    assert {one.delivery.attempts for one in again} == {2}


def test_nothing_is_claimed_before_it_is_due_or_for_others(engine: Engine) -> None:
    happened(engine, "1", to=("a", "b"))
    assert claimed(engine, START - MINUTE) == []
    assert claimed(engine, by=("c",)) == []
    assert [one.delivery.subscriber for one in claimed(engine, by=("b",))] == ["b"]
    assert [one.delivery.subscriber for one in claimed(engine, by=("a", "b"))] == ["a"]


def test_the_key_stays_the_same(engine: Engine) -> None:
    happened(engine, "1")
    first, second = claimed(engine), claimed(engine, START + LEASE)
    assert first[0].delivery.key == second[0].delivery.key == "1:a"


def test_what_is_settled_stays_so(engine: Engine) -> None:
    happened(engine, "1", "2", "3")
    done, dead, waits = claimed(engine)
    settled(engine, done, state="done", error="")
    settled(engine, dead, state="dead", error="no")
    settled(engine, waits, due=START + MINUTE, error="later")
    assert [(one.state, one.error) for one in deliveries(engine)] == [
        ("done", ""),
        ("dead", "no"),
        ("waiting", "later"),
    ]
    assert claimed(engine) == []
    assert ids(claimed(engine, START + MINUTE)) == [("home", "3")]


def test_after_a_lost_lease_settling_changes_nothing(engine: Engine) -> None:
    happened(engine, "1")
    (late,) = claimed(engine, token="late")
    (taken,) = claimed(engine, START + LEASE, token="taken")
    before = deliveries(engine)
    settled(engine, late, state="dead", error="late")
    assert deliveries(engine) == before
    settled(engine, taken, state="done")
    settled(engine, late, state="dead", error="late")
    assert [one.state for one in deliveries(engine)] == ["done"]


def test_of_several_only_what_is_still_held_is_settled(engine: Engine) -> None:
    happened(engine, "1", "2", "3", to=("a", "b"))
    mine = claimed(engine, by=("a", "b"))
    (lost,) = claimed(engine, START + LEASE, token="taken", most=1, by=("b",))
    with transaction(engine) as connection:
        outbox.settle(connection, [(one, attrs.evolve(one.delivery, state="done")) for one in mine])
    left = [one for one in deliveries(engine) if one.state != "done"]
    assert [one.key for one in left] == [lost.delivery.key] == ["1:b"]
    settled(engine, lost, state="dead", error="no")
    assert [one.state for one in deliveries(engine)].count("done") == 5


def test_what_is_given_back_is_as_it_was(engine: Engine) -> None:
    happened(engine, "1", "2", "3")
    before = deliveries(engine)
    first, *others = claimed(engine)
    with transaction(engine) as connection:
        outbox.give_back(connection, others)
    assert ids(claimed(engine, token="other", most=1)) == [("home", "2")]
    with transaction(engine) as connection:
        outbox.give_back(connection, others)  # the second is another's by now
    assert ids(claimed(engine, token="third")) == [("home", "3")]
    assert [one.attempts for one in deliveries(engine)] == [1, 1, 1]
    settled(engine, first, state="done")
    with transaction(engine) as connection:
        outbox.give_back(connection, [first])
    assert next((one.state, one.attempts) for one in deliveries(engine)) == ("done", 1)
    assert [one.attempts for one in before] == [0, 0, 0]


@pytest.mark.parametrize("count", [1, 3, 150])
def test_events_kept_at_once_are_those_kept_one_by_one(engine: Engine, count: int) -> None:
    """From a hundred on they pass the driver alone."""
    told = [
        (Event(id=f"{number * 37 % 151}", at=START, kind="x", subject=f"s{number}"), names)
        for number in range(count)
        for names in [("a", "b")[: number % 3]]
    ]
    with transaction(engine) as connection:
        journal.record(Rows(connection, "once"), 0, told)
        for at, one in enumerate(told):
            journal.record(Rows(connection, "one by one"), at, [one])
        journal.record(Rows(connection, "never"), 0, [])
    kept = []
    for tenant in ("once", "one by one", "never"):
        with transaction(engine) as connection:
            rows = Rows(connection, tenant)
            kept.append((journal.events(rows), outbox.deliveries(rows), journal.steps(rows, START)))
    assert kept[0] == kept[1] != kept[2] == ([], [], 0)
    assert kept[0][0] == [event for event, _ in told]


def test_only_the_dead_are_revived_and_only_the_tenants_own(engine: Engine) -> None:
    happened(engine, "1", "2")
    happened(engine, "1", tenant="away")
    for taken in claimed(engine):
        if taken.delivery.event.id == "1":
            settled(engine, taken, state="dead", error="no")
    later = START + 3 * LEASE
    with transaction(engine) as connection:
        rows = Rows(connection, "home")
        for event, subscriber in (("2", "a"), ("1", "b"), ("3", "a")):
            with pytest.raises(NotFound, match="no dead delivery"):
                outbox.revive(rows, event, subscriber, later)
        outbox.revive(rows, "1", "a", later)
    first = deliveries(engine)[0]
    assert (first.state, first.due, first.attempts) == ("waiting", later, 0)
    assert [one.state for one in deliveries(engine, "away")] == ["dead"]


def test_events_come_in_the_order_in_which_they_happened(engine: Engine) -> None:
    """Those of one instant too, and whatever their ids are."""
    happened(engine, "z", "a")
    happened(engine, "m", "b")
    happened(engine, "q", tenant="away")
    with transaction(engine) as connection:
        rows = Rows(connection, "home")
        assert [one.id for one in journal.events(rows)] == ["z", "a", "m", "b"]
        assert [one.id for one in journal.events(rows, after="a", limit=1)] == ["m"]
        assert [one.id for one in journal.events(rows, programme="p", after="m")] == ["b"]
        assert journal.events(rows, programme="other") == []
        with pytest.raises(NotFound, match="no event 'q'"):
            journal.events(rows, after="q")


def test_timers_come_when_they_are_due_and_only_then(engine: Engine) -> None:
    with transaction(engine) as connection:
        home, away = Rows(connection, "home"), Rows(connection, "away")
        journal.set_timers(home, "relationship", ["r1", "r2"], START + MINUTE)
        journal.set_timers(away, "relationship", ["r1"], START)
        journal.set_timers(home, "relationship", ["r2"], START + 2 * MINUTE)
    with transaction(engine) as connection:
        assert journal.due_timers(connection, START - MINUTE) == []
        (first,) = journal.due_timers(connection, START)
        assert (first.tenant, first.thing) == ("away", "r1")
        due = journal.due_timers(connection, START + 2 * MINUTE)
        assert [(one.tenant, one.thing) for one in due] == [
            ("away", "r1"),
            ("home", "r1"),
            ("home", "r2"),
        ]
        assert due[:2] == journal.due_timers(connection, START + 2 * MINUTE, most=2)
        assert journal.due_timers(
            connection, START + MINUTE, tenant="home", things=["r1", "r2"]
        ) == [due[1]]
        journal.set_again(Rows(connection, "away"), {first: None})
        journal.postpone(connection, due[1], START + 9 * MINUTE, "broke")
    with transaction(engine) as connection:
        left = journal.due_timers(connection, START + 9 * MINUTE)
        assert [(one.thing, one.attempts) for one in left] == [("r2", 0), ("r1", 1)]
        rows = Rows(connection, "home")
        journal.set_timers(rows, "relationship", ["r1"], START)
        assert [one.attempts for one in journal.due_timers(connection, START, tenant="home")] == [0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_processes_share_what_is_due(engine: Engine) -> None:
    """At once, without waiting for each other; SQLite has one writer at a time anyway."""
    happened(engine, "1", "2", "3")
    with transaction(engine) as one, transaction(engine) as other:
        held = [
            outbox.claim(connection, ["a"], START, lease=LEASE, token=token, most=2)
            for connection, token in ((one, "one"), (other, "other"))
        ]
        assert [len(taken) for taken in held] == [2, 1]
        assert len({id for taken in held for id in ids(taken)}) == 3
