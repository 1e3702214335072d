"""Several processes sign people up for one gathering's last seats at once: none is given twice."""

from __future__ import annotations

import datetime
import json
import multiprocessing
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event

import mentorkit
from mentorkit.models import Gathering, Participant, Person, Programme, Seat
from mentorkit.store.database import engine_of
from mentorkit.testing.databases import PostgresServer

pytestmark = pytest.mark.once

PROCESSES_AT_ONCE = 8
EACH = 2
"""People whom each process signs up; the first of them gives the seat back."""
SEATS = 5
BEGIN = datetime.datetime(2026, 9, 7, 8, tzinfo=datetime.UTC)
START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PROCESSES: Any = multiprocessing.get_context(START)
PROCESSES.set_forkserver_preload(["mentorkit.house", "psycopg"])


def opened(url: str) -> mentorkit.House:
    """Locked as ever, but without waiting for the disk: no power is lost here."""
    engine = engine_of(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda held, _: held.execute("PRAGMA synchronous = OFF"))
    return mentorkit.open(engine, clock=lambda: BEGIN)


def prepare(url: str, seats: int = SEATS) -> str:
    mentorkit.migrate(url)
    house = opened(url)
    people = [
        Participant(person=Person(id=f"p{n:02}"), roles={"mentee": 1})
        for n in range(PROCESSES_AT_ONCE * EACH)
    ]
    day = datetime.timedelta(days=1)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol("autumn", people)
        made = kit.gatherings.announce("autumn", "Talk", BEGIN + day, BEGIN + 2 * day, seats=seats)
    house.engine.dispose()
    return made.id


def work(url: str, folder: Path, number: int, gathering: str, ready: Any) -> None:
    """Sign up each of one's people, and the first of them off again."""
    house = opened(url)
    people = [f"p{number * EACH + n:02}" for n in range(EACH)]
    busy = 0
    ready.wait()
    for at, person in enumerate((*people, people[0])):
        while True:
            try:
                with house.kit(actor=mentorkit.SYSTEM) as kit:
                    step = kit.gatherings.sign_off if at == EACH else kit.gatherings.sign_up
                    step(gathering, person=person)
                break
            except mentorkit.Conflict:
                busy += 1
    house.engine.dispose()
    (folder / str(number)).write_text(json.dumps(busy))


def stands(url: str, gathering: str) -> tuple[Gathering, tuple[Seat, ...]]:
    house = opened(url)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        found = kit.gatherings.get(gathering), kit.gatherings.seats(gathering)
    house.engine.dispose()
    return found


def test_eight_processes_give_no_seat_twice(database_url: str, tmp_path: Path) -> None:
    gathering = prepare(database_url)
    ready = PROCESSES.Barrier(PROCESSES_AT_ONCE)
    started = [
        PROCESSES.Process(target=work, args=(database_url, tmp_path, number, gathering, ready))
        for number in range(PROCESSES_AT_ONCE)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * PROCESSES_AT_ONCE
    held, seats = stands(database_url, gathering)
    assert len(seats) == PROCESSES_AT_ONCE * (EACH - 1)
    assert len({seat.number for seat in seats}) == len(seats)
    assert [seat.state for seat in seats] == ["coming"] * SEATS + ["waiting"] * (len(seats) - SEATS)
    assert (held.taken, held.waiting) == (SEATS, len(seats) - SEATS)
    assert held.signed == PROCESSES_AT_ONCE * EACH


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_whoever_waited_for_the_last_seat_does_not_have_it_too(
    postgres: PostgresServer, isolation: str
) -> None:
    """The second has looked before the first took the seat: they wait for one, or are refused."""
    url = postgres.new_database()
    gathering = prepare(url, seats=1)
    engine = create_engine(url, isolation_level=isolation)
    house = mentorkit.open(engine, clock=lambda: BEGIN)
    looked, outcome = threading.Event(), []

    def late() -> None:
        try:
            with house.kit(actor=mentorkit.SYSTEM) as kit:
                assert kit.gatherings.get(gathering).left == 1
                looked.set()
                outcome.append(kit.gatherings.sign_up(gathering, person="p01").state)
        except mentorkit.Conflict:
            outcome.append("refused")

    waiting = threading.Thread(target=late)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        kit.gatherings.sign_up(gathering, person="p00")
        waiting.start()
        assert looked.wait(30)
    waiting.join()
    engine.dispose()
    assert outcome == ["waiting" if isolation == "READ COMMITTED" else "refused"]
    held, _ = stands(url, gathering)
    assert held.taken == 1
    postgres.drop(url)
