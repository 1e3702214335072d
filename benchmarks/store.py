"""What the store costs: importing people, and advancing what is idle.

    python benchmarks/store.py import  [--people 100000] [--runs 3] [--database sqlite]
    python benchmarks/store.py advance [--people 1000 10000 100000] [--due 0 100 1000]
    python benchmarks/store.py deliver [--events 2000] [--database sqlite]

`import` holds `kit.programmes.enrol` against a bare executemany of the very rows that it
writes, into the same tables with the same indexes. `advance` shows that the cost is what is
due and not what exists. `deliver` carries events to two subscribers: one that does nothing
with them, and the log file. Machines differ and are shared, so read the ratios.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import Engine, select

import mentorkit
from mentorkit import lifecycle
from mentorkit.models import (
    Agreement,
    Choice,
    Event,
    Level,
    Member,
    Participant,
    Person,
    Programme,
    Relationship,
    Skill,
    Window,
)
from mentorkit.services.of_relationship import KIND
from mentorkit.store import journal, members, schema
from mentorkit.store.connections import EngineConnection
from mentorkit.store.shelves import RELATIONSHIPS, Rows
from mentorkit.testing.databases import postgres_server, sqlite_database

BEGIN = datetime.datetime(2026, 9, 7, 8, tzinfo=datetime.UTC)
FAR = BEGIN + datetime.timedelta(days=3000)
GRADES = ["junior", "mid", "senior", "lead", "principal"]
PLACES = ["Berlin", "London", "Madrid", "Paris", "Warsaw"]
ZONES = ["Europe/Berlin", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Warsaw"]
SKILLS = ["data", "design", "finance", "law", "people", "python", "sales", "speaking", "writing"]


def people(count: int) -> list[Participant]:
    """As a company's are: skills with levels, hours, attributes; the same for the same count."""
    drawn = random.Random(count)
    return [_one(number, drawn) for number in range(count)]


def _one(number: int, drawn: random.Random) -> Participant:
    place, rank = drawn.randrange(len(PLACES)), drawn.randrange(len(GRADES))
    skills = [Skill(name, drawn.randint(1, 5)) for name in drawn.sample(SKILLS, 3)]
    mentor = rank > 1
    person = Person(
        id=f"e{number:07}",
        name=f"Person {number}",
        email=f"person.{number}@example.org",
        timezone=ZONES[place],
        languages=["en", drawn.choice(["de", "es", "fr", "pl"])],
        attributes={
            "department": drawn.choice(SKILLS),
            "location": PLACES[place],
            "grade": Level(rank, GRADES[rank]),
        },
    )
    return Participant(
        person=person,
        roles={"mentor": 2} if mentor else {"mentee": 1},
        offers=skills if mentor else (),
        seeks=() if mentor else skills,
        interests=drawn.sample(PLACES, 2),
        availability=[Window(day, 540, 660) for day in drawn.sample(range(5), 2)],
    )


@contextmanager
def databases(kind: str) -> Iterator[Callable[[], str]]:
    """Gives the URLs of fresh, migrated databases, on the disk."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as name:
            yield lambda: _migrated(sqlite_database(tempfile.mkdtemp(dir=name)))
    else:
        with postgres_server(durable=True) as server:
            yield lambda: _migrated(server.new_database())


def _migrated(url: str) -> str:
    mentorkit.migrate(url)
    return url


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _opened(url: str) -> mentorkit.House:
    house = mentorkit.open(url, clock=lambda: BEGIN)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.programmes.create(Programme(name="A", topology="one-to-one"), id="a")
    return house


def _enrol(house: mentorkit.House, held: list[Participant]) -> None:
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.programmes.enrol("a", held)


def _written(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """The rows of the two tables, as a driver takes them."""
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in (schema.person, schema.participant)
        }


def _bare(engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> None:
    """The driver's own executemany, without SQLAlchemy, committed once."""
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    held = engine.raw_connection()
    driver: Any = held.driver_connection
    cursor = driver.cursor()
    if engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    for name, table in rows.items():
        columns = list(table[0])
        marks = ", ".join([mark] * len(columns))
        words = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"
        cursor.executemany(words, [tuple(row.values()) for row in table])
    driver.commit()
    held.close()


def measure_import(options: argparse.Namespace) -> dict[str, Any]:
    """Medians over runs that take turns, each on a fresh database."""
    held = people(options.people)
    changed = [
        attrs.evolve(one, interests=["chess"]) if number % 100 == 0 else one
        for number, one in enumerate(held)
    ]
    taken: dict[str, list[float]] = {"enrol": [], "bare": [], "again": [], "one in 100": []}
    with databases(options.database) as fresh:
        for _ in range(options.runs):
            house = _opened(fresh())
            taken["enrol"].append(seconds(lambda: _enrol(house, held)))  # noqa: B023
            rows = _written(house.engine)
            taken["again"].append(seconds(lambda: _enrol(house, held)))  # noqa: B023
            taken["one in 100"].append(seconds(lambda: _enrol(house, changed)))  # noqa: B023
            house.close()
            other = _opened(fresh())
            taken["bare"].append(seconds(lambda: _bare(other.engine, rows)))  # noqa: B023
            other.close()
    middle = {name: round(statistics.median(several), 3) for name, several in taken.items()}
    print(f"{options.people} people on {options.database}, medians of {options.runs}")
    for name, each in middle.items():
        rate = options.people / each
        print(f"{name:>10} {each:8.3f} s {rate:9.0f}/s {middle['bare'] / each:7.1%} of bare")
    return {"database": options.database, "people": options.people, **middle}


def _relate(house: mentorkit.House, count: int) -> None:
    """Active relationships of two, each with a timer far ahead, as advancing leaves them."""
    agreement = Agreement(starts=BEGIN.date(), ends=FAR.date())
    with house.engine.connect() as connection:
        held = EngineConnection(connection)
        held.begin()
        rows = Rows(held, "default")
        made = [_active(number, agreement) for number in range(count)]
        rows.add(RELATIONSHIPS, made)
        members.add_members(rows, made)
        journal.set_timers(rows, KIND, [one.id for one in made], FAR)
        connection.commit()


def _active(number: int, agreement: Agreement) -> Relationship:
    return lifecycle.begin(
        id=f"r{number:07}",
        programme="a",
        members=(
            Member(person=f"e{2 * number:07}", role="mentee"),
            Member(person=f"e{2 * number + 1:07}", role="mentor"),
        ),
        path=("active", "closed"),
        agreement=agreement,
        reasons=(),
        at=BEGIN,
    )


def _make_due(house: mentorkit.House, count: int) -> None:
    with house.engine.connect() as connection:
        held = EngineConnection(connection)
        held.begin()
        due = [f"r{number:07}" for number in range(count)]
        journal.set_timers(Rows(held, "default"), KIND, due, BEGIN)
        connection.commit()


def measure_advance(options: argparse.Namespace) -> list[dict[str, Any]]:
    """One database for each number of people; then, of so many relationships, some are due."""
    figures = []
    print(f"house.advance on {options.database}, milliseconds (median of {options.runs})")
    print(" people  relationships" + "".join(f"{f'{due} due':>12}" for due in options.due))
    with databases(options.database) as fresh:
        for count in options.people:
            house = _opened(fresh())
            _enrol(house, people(count))
            _relate(house, count // 2)
            row = {
                due: _advanced(house, due, options.runs) for due in options.due if due <= count // 2
            }
            house.close()
            cells = "".join(f"{each * 1000:12.2f}" for each in row.values())
            print(f"{count:7} {count // 2:14}{cells}", flush=True)
            figures.append({"people": count, "seconds": row})
    return figures


def _advanced(house: mentorkit.House, due: int, runs: int) -> float:
    """The median of looking at as many relationships, in which nothing is to be done yet."""
    taken = []
    for _ in range(runs):
        _make_due(house, due)
        start = time.perf_counter()
        looked_at = house.advance(BEGIN).looked_at
        taken.append(time.perf_counter() - start)
        if looked_at != due:
            sys.exit(f"{looked_at} were looked at, and {due} were due")
    return statistics.median(taken)


class Idle:
    """A subscriber that takes no time: what is left is the house's own."""

    wants = frozenset({"*"})

    def deliver(self, event: Event, key: str, read: object) -> None:
        """Do nothing."""


def measure_deliver(options: argparse.Namespace) -> dict[str, Any]:
    """Medians over runs, each on a fresh database."""
    taken: dict[str, list[float]] = {"happen": [], "deliver": [], "processor": []}
    with databases(options.database) as fresh, tempfile.TemporaryDirectory() as folder:
        for _ in range(options.runs):
            log = Choice("log-file", {"path": str(Path(folder, "log"))})
            house = mentorkit.open(fresh(), clock=lambda: BEGIN, subscribers={"log": log})
            house = attrs.evolve(house, subscribers={**house.subscribers, "idle": Idle()})
            taken["happen"].append(seconds(lambda: _happen(house, options.events)))  # noqa: B023
            processor = time.process_time()
            taken["deliver"].append(seconds(lambda: _delivered(house, options.events)))  # noqa: B023
            taken["processor"].append(time.process_time() - processor)
            house.engine.dispose()
    middle = {name: round(statistics.median(several), 3) for name, several in taken.items()}
    print(f"{options.events} events for two, on {options.database}, medians of {options.runs}")
    for name, each in middle.items():
        print(f"{name:>10} {each:8.3f} s {2 * options.events / each:9.0f} deliveries/s")
    return {"database": options.database, "events": options.events, **middle}


def _happen(house: mentorkit.House, count: int) -> None:
    """As many events, each of a change of its own."""
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        for number in range(count):
            kit.people.put([Person(id=f"e{number:07}")])


def _delivered(house: mentorkit.House, count: int) -> None:
    done = house.deliver()
    if (done.done, done.waiting) != (2 * count, 0):
        sys.exit(f"{done} of {2 * count} deliveries")


def main() -> None:
    """Measure, print a table, then the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    importing = commands.add_parser("import")
    importing.add_argument("--people", type=int, default=100_000)
    importing.set_defaults(measure=measure_import)
    advancing = commands.add_parser("advance")
    advancing.add_argument("--people", type=int, nargs="+", default=[1000, 10_000, 100_000])
    advancing.add_argument("--due", type=int, nargs="+", default=[0, 10, 100, 1000])
    advancing.set_defaults(measure=measure_advance)
    delivering = commands.add_parser("deliver")
    delivering.add_argument("--events", type=int, default=2000)
    delivering.set_defaults(measure=measure_deliver)
    for command in (importing, advancing, delivering):
        command.add_argument("--runs", type=int, default=3)
        command.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    print(json.dumps(options.measure(options)))


if __name__ == "__main__":
    main()
