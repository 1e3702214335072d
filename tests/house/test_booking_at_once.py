"""Several processes book one mentor's last slots at once: none is sold twice."""

from __future__ import annotations

import datetime
import json
import multiprocessing
import threading
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import create_engine, event

import mentorkit
from mentorkit.models import Offer, Participant, Person, Programme, Session, Window
from mentorkit.store.database import engine_of
from mentorkit.testing.databases import PostgresServer

pytestmark = pytest.mark.once

PROCESSES_AT_ONCE = 8
EACH = 1
"""People whom each process books for."""
BEGIN = datetime.datetime(2026, 9, 7, 8, tzinfo=datetime.UTC)
START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PROCESSES: Any = multiprocessing.get_context(START)
PROCESSES.set_forkserver_preload(["mentorkit.house", "mentorkit.matching", "psycopg"])
TUESDAY = Offer(
    first=datetime.date(2026, 9, 8),
    last=datetime.date(2026, 9, 8),
    windows=[Window(1, 540, 660)],
    timezone="Europe/Berlin",
    every=15,
)
"""Two hours, cut into half hours that overlap each other."""


def opened(url: str) -> mentorkit.House:
    """Locked as ever, but without waiting for the disk: no power is lost here."""
    engine = engine_of(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda held, _: held.execute("PRAGMA synchronous = OFF"))
    return mentorkit.open(engine, clock=lambda: BEGIN)


def prepare(url: str, *offers: Offer) -> list[str]:
    mentorkit.migrate(url)
    house = opened(url)
    number = PROCESSES_AT_ONCE * EACH
    people = [Participant(person=Person(id=f"m{n:02}"), roles={"mentee": 1}) for n in range(number)]
    people.append(Participant(person=Person(id="may"), roles={"mentor": 1}))
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.programmes.create(Programme(topology="flash"), id="flash")
        kit.programmes.enrol("flash", people)
        made = [kit.booking.offer("flash", offer, person="may").id for offer in offers]
    house.engine.dispose()
    return made


def work(url: str, folder: Path, number: int, ready: Any) -> None:
    """Book whatever is open for each of one's people, and move each booking once."""
    house = opened(url)
    refused = 0
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.booking.openings("flash", person="m00")  # what loads when first needed is there
    ready.wait()
    for person in [f"m{number * EACH + n:02}" for n in range(EACH)]:
        for move in (False, True):
            with house.kit(actor=mentorkit.SYSTEM) as kit:
                found = kit.booking.openings("flash")
            for opening in found[number % 3 :]:
                try:
                    with house.kit(actor=mentorkit.SYSTEM) as kit:
                        if move:
                            (mine,) = planned(kit, person)
                            kit.sessions.move(mine.id, opening.starts)
                        else:
                            kit.booking.book(opening.office_hours, opening.starts, person=person)
                    break
                except (mentorkit.Conflict, ValueError):
                    refused += 1
    house.engine.dispose()
    (folder / str(number)).write_text(json.dumps(refused))


def planned(kit: mentorkit.Kit, person: str) -> list[Session]:
    found = [one for held in kit.relationships.of(person) for one in kit.sessions.of(held.id)]
    return [session for session in found if session.state == "planned"]


def sold(url: str) -> list[Session]:
    house = opened(url)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        found = planned(kit, "may")
        people = Counter(
            held.people[0] for held in kit.relationships.of("may") if held.stage == "booked"
        )
    house.engine.dispose()
    assert max(people.values()) == 1  # a move leaves no duplicate
    assert len(people) == len(found)
    return found


def test_eight_processes_sell_no_slot_twice(database_url: str, tmp_path: Path) -> None:
    """Two offers of one mentor at the same times, one of them with two seats."""
    pair = attrs.evolve(TUESDAY, seats=2, windows=[Window(1, 600, 660)])
    prepare(database_url, TUESDAY, pair)
    ready = PROCESSES.Barrier(PROCESSES_AT_ONCE)
    started = [
        PROCESSES.Process(target=work, args=(database_url, tmp_path, number, ready))
        for number in range(PROCESSES_AT_ONCE)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * PROCESSES_AT_ONCE
    refused = sum(json.loads((tmp_path / str(n)).read_text()) for n in range(PROCESSES_AT_ONCE))
    assert refused > 0  # they were in each other's way
    found = sold(database_url)
    assert len(found) >= 3
    seats = Counter((session.office_hours, session.starts) for session in found)
    assert max(seats.values()) <= 2
    for one, other in combinations(found, 2):
        together = (one.office_hours, one.starts) == (other.office_hours, other.starts)
        assert together or one.ends <= other.starts or other.ends <= one.starts
    doubled = {hours for (hours, _), count in seats.items() if count == 2}
    assert len(doubled) <= 1


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_whoever_waited_for_a_slot_is_refused_whatever_their_transaction_sees(
    postgres: PostgresServer, isolation: str
) -> None:
    """The second looks, then waits for the first, who books the same under another offer."""
    postgres_url = postgres.new_database()
    first, second = prepare(postgres_url, TUESDAY, attrs.evolve(TUESDAY, daily=9))
    starts = BEGIN + datetime.timedelta(hours=23)
    engine = create_engine(postgres_url, isolation_level=isolation)
    house = mentorkit.open(engine, clock=lambda: BEGIN)
    looked, outcome = threading.Event(), []

    def late() -> None:
        try:
            with house.kit(actor=mentorkit.SYSTEM) as kit:
                assert starts in {one.starts for one in kit.booking.openings("flash")}
                looked.set()
                kit.booking.book(second, starts, person="m01")
        except mentorkit.Conflict as error:
            outcome.append(error)

    waiting = threading.Thread(target=late)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.booking.book(first, starts, person="m00")
        waiting.start()
        assert looked.wait(30)
    waiting.join()
    engine.dispose()
    assert len(outcome) == 1
    assert len(sold(postgres_url)) == 1
    postgres.drop(postgres_url)
