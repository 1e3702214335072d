"""Several processes do what is due in one database at once: everything is done once."""

import datetime
import json
import multiprocessing
import os
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import Engine, event, select

import mentorkit
import mentorkit.house
from mentorkit.models import Participant, Person, Programme
from mentorkit.store import schema
from mentorkit.store.database import engine_of

pytestmark = pytest.mark.once

RELATIONSHIPS = 25
TURNS = 10
"""Who finds all that is due in another's hands leaves it to them, and is done: ask again."""
BEGIN = datetime.datetime(2026, 9, 7, 8, tzinfo=datetime.UTC)
START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PROCESSES: Any = multiprocessing.get_context(START)
PROCESSES.set_forkserver_preload(["mentorkit.house", "psycopg"])


@attrs.frozen
class Lines:
    """Appends the key of each event to a file."""

    path: str
    wants = frozenset({"*"})

    def deliver(self, event: mentorkit.Event, key: str, _: object) -> None:
        held = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(held, f"{key}\n".encode())
        os.close(held)


def quick(url: str) -> Engine:
    """Locked as ever, but without waiting for the disk: no power is lost here."""
    engine = engine_of(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda held, _: held.execute("PRAGMA synchronous = OFF"))
    return engine


def opened(url: str, folder: Path, days: int) -> mentorkit.House:
    now = BEGIN + datetime.timedelta(days=days)
    house = mentorkit.open(quick(url), clock=lambda: now)
    held = {name: Lines(str(folder / name)) for name in ("one", "other")}
    return attrs.evolve(house, subscribers=held)


def prepare(url: str) -> None:
    """Relationships that have met once, on the first day, and of which nothing is owed yet."""
    mentorkit.migrate(url)
    house = mentorkit.open(quick(url), clock=lambda: BEGIN)
    people = [
        Participant(person=Person(id=f"{role}-{number:03}"), roles={role: 1})
        for role in ("mentee", "mentor")
        for number in range(RELATIONSHIPS)
    ]
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.programmes.create(Programme(name="Autumn", topology="one-to-one"), id="autumn")
        kit.programmes.enrol("autumn", people)
        made = kit.matching.publish(kit.matching.draft("autumn").id)
        for held in made:
            for person in held.people:
                kit.relationships.accept(held.id, person=person)
            for person in held.people:
                kit.relationships.sign(held.id, person=person)
            kit.sessions.hold(kit.sessions.plan(held.id, BEGIN).id)
    house.engine.dispose()


def work(url: str, folder: Path, days: int, number: int, ready: Any) -> None:
    """What each process does: all begin at once, and take turns of a few things each."""
    mentorkit.house.BATCH = 3
    mentorkit.house.CLAIMED = 9
    house = opened(url, folder, days)
    house.deliver()  # nothing yet; but what is loaded when first needed is there
    ready.wait()
    failed = [each for _ in range(TURNS) for each in house.advance().failed]
    ready.wait()
    said = {"failed": failed, "done": house.deliver().done}
    (folder / f"{days}-{number}").write_text(json.dumps(said))


def at_once(url: str, folder: Path, days: int, count: int) -> list[dict[str, Any]]:
    """Advance and deliver in several processes; what each of them did."""
    ready = PROCESSES.Barrier(count)
    started = [
        PROCESSES.Process(target=work, args=(url, folder, days, number, ready))
        for number in range(count)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * count
    return [json.loads((folder / f"{days}-{number}").read_text()) for number in range(count)]


def kept(url: str, table: str) -> list[dict[str, Any]]:
    engine = engine_of(url)
    with engine.connect() as connection:
        found = connection.execute(select(schema.metadata.tables[f"mentorkit_{table}"]))
        rows = [dict(row) for row in found.mappings()]
    engine.dispose()
    return rows


def test_what_is_due_is_done_once_by_however_many_processes(
    database_url: str, tmp_path: Path
) -> None:
    prepare(database_url)
    assert not kept(database_url, "delivery")

    two = at_once(database_url, tmp_path, 50, 2)
    four = at_once(database_url, tmp_path, 200, 4)

    assert [said["failed"] for said in two + four] == [[]] * 6
    happened = Counter(held["kind"] for held in kept(database_url, "event") if owed(held))
    # The first pulse, and both surveys at the close, of two people each.
    assert happened["survey.asked"] == 6 * RELATIONSHIPS
    # Two nudges and a flag for silence, and the reminder that it ends.
    assert happened["signal.raised"] == 4 * RELATIONSHIPS
    assert happened["award.granted"] == 4 * RELATIONSHIPS  # the first meeting, and completion
    assert happened["relationship.closed"] == RELATIONSHIPS
    assert once("request", "survey", "key", "person", url=database_url)
    assert once("signal", "rule", "key", url=database_url)
    assert once("award", "rule", "key", "person", url=database_url)
    deliveries = {
        f"{held['event']}:{held['subscriber']}" for held in kept(database_url, "delivery")
    }
    assert len(deliveries) == 2 * sum(happened.values())
    for name in ("one", "other"):
        arrived = Counter((tmp_path / name).read_text().split())
        assert arrived == Counter(key for key in deliveries if key.endswith(f":{name}"))
    assert sum(said["done"] for said in two + four) == len(deliveries)
    assert {held["state"] for held in kept(database_url, "delivery")} == {"done"}


def owed(held: dict[str, Any]) -> bool:
    """Whether an event happened after all was prepared."""
    return json.loads(held["data"])["at"] > BEGIN.isoformat()


def once(table: str, *columns: str, url: str) -> bool:
    """Whether what a rule or survey brought about is there, and once under its key."""
    rows = kept(url, table)
    named = Counter((row["relationship"], *(row[name] for name in columns)) for row in rows)
    return set(named.values()) == {1}


def test_a_delivery_is_this_process_s_alone_however_long_the_process_delivers_already(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentorkit.house, "CLAIMED", 1)
    mentorkit.migrate(database_url)
    house = opened(database_url, tmp_path, 0)
    start = house.clock()
    arrived: list[str] = []

    class Slow:
        """Takes a minute for each; during the seventh, another process delivers the rest."""

        wants = frozenset({"*"})

        def deliver(self, event: mentorkit.Event, key: str, _: object) -> None:
            arrived.append(key)
            if len(arrived) == 7:
                house.deliver()

    def minutes() -> datetime.datetime:
        return start + datetime.timedelta(minutes=min(len(arrived), 7))

    house = attrs.evolve(house, subscribers={"slow": Slow()}, clock=minutes)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        for number in range(12):
            kit.people.put([Person(id=f"p{number}")])
    house.deliver()
    house.engine.dispose()
    assert len(arrived) == len(set(arrived)) == 12


def test_slow_receivers_are_asked_once_however_many_were_claimed(
    database_url: str, tmp_path: Path
) -> None:
    """What the lease leaves no time for is given back, and the other process may have it."""
    mentorkit.migrate(database_url)
    house = opened(database_url, tmp_path, 0)
    start, arrived, slowly = house.clock(), Counter[str](), list[str]()

    class Slow:
        """Takes two minutes for each, and meanwhile another process delivers what it finds."""

        wants = frozenset({"*"})

        def deliver(self, event: mentorkit.Event, key: str, _: object) -> None:
            arrived[key] += 1
            slowly.append(key)
            other.deliver()

    class Quick(Slow):
        """Takes no time."""

        def deliver(self, event: mentorkit.Event, key: str, _: object) -> None:
            arrived[key] += 1

    def now() -> datetime.datetime:
        return start + datetime.timedelta(minutes=2 * len(slowly))

    other = attrs.evolve(house, subscribers={"slow": Quick()}, clock=now)
    house = attrs.evolve(house, subscribers={"slow": Slow()}, clock=now)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        for number in range(70):
            kit.people.put([Person(id=f"p{number}")])
    assert house.deliver().done == len(slowly)
    house.engine.dispose()
    assert arrived.total() == len(arrived) == 70
    rows = kept(database_url, "delivery")
    assert {(row["state"], row["attempts"], row["claim"]) for row in rows} == {("done", 1, "")}
    assert 1 < len(slowly) < 70
