"""What is kept comes back equal; what was changed by another is not overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from sqlalchemy import create_engine
from sqlalchemy.event import listens_for

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Conflict, NotFound
from mentorkit.models import (
    Enrolment,
    Event,
    Goal,
    MatchPlan,
    Member,
    Note,
    Person,
    Programme,
    ProgrammeRun,
    Relationship,
)
from mentorkit.registry import installed
from mentorkit.store import members
from mentorkit.store.connections import EngineConnection
from mentorkit.store.database import engine_of, migrate
from mentorkit.store.schema import metadata
from mentorkit.store.shelves import (
    BATCH,
    GOALS,
    NOTES,
    PEOPLE,
    PROGRAMMES,
    RELATIONSHIPS,
    SHELVES,
    Rows,
    Shelf,
    batches,
    instant,
    micros,
    packed,
)
from mentorkit.testing import strategies
from mentorkit.testing.databases import sqlite_database
from mentorkit.testing.house import START

THINGS: dict[type, st.SearchStrategy[Any]] = {
    shelf.cls: getattr(strategies, name)()
    for shelf, name in zip(
        SHELVES,
        (
            "people",
            "runs",
            "drafts",
            "invitations",
            "office_hours",
            "gatherings",
            "seats",
            "relationships",
            "sessions",
            "goals",
            "notes",
            "expectations",
            "actions",
            "queries",
            "resources",
            "insights",
            "stories",
            "requests",
            "signals",
            "awards",
            "conduct_reports",
        ),
        strict=True,
    )
}
OTHERS: dict[type, st.SearchStrategy[Any]] = {
    MatchPlan: strategies.plans(),
    Event: strategies.events(),
    Enrolment: strategies.enrolments(),
}


@pytest.mark.parametrize("cls", [*THINGS, *OTHERS], ids=lambda cls: cls.__name__)
def test_what_is_kept_comes_back_equal(cls: type) -> None:
    @settings(max_examples=20)
    @given({**THINGS, **OTHERS}[cls])
    def check(thing: Any) -> None:
        plain = codec.unstructure(thing)
        restored = codec.restore(cls, json.loads(packed(plain)))
        assert restored == thing == codec.structure(cls, plain)
        assert type(restored) is cls
        assert hash(restored) == hash(thing)
        assert packed(codec.unstructure(restored)) == packed(plain)

    check()


@contextmanager
def unbound() -> Iterator[Rows]:
    """The tables without the keys that tie them to each other, in memory: a shelf by itself."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield Rows(EngineConnection(connection), "t")
    engine.dispose()


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.noun)
def test_every_shelf_gives_back_what_it_was_given(shelf: Shelf[Any]) -> None:
    def expected(thing: Any, version: int) -> Any:
        return attrs.evolve(thing, version=version) if hasattr(thing, "version") else thing

    @settings(max_examples=10)
    @given(THINGS[shelf.cls], st.data())
    def check(rows: Rows, thing: Any, data: st.DataObject) -> None:
        # Drawn first: a draw can break off the example, and would leave the thing behind.
        other = attrs.evolve(data.draw(THINGS[shelf.cls]), id=thing.id)
        rows.drop(shelf, thing.id)
        rows.add(shelf, [thing])
        assert rows.get(shelf, thing.id) == expected(thing, 1)
        assert rows.find(shelf, **_where(shelf, thing)) == [expected(thing, 1)]
        with pytest.raises(Conflict, match="somebody else"), rows.connection.savepoint():
            rows.add(shelf, [thing])
        version = 1
        if hasattr(other, "version"):
            version = rows.save(shelf, attrs.evolve(other, version=1)).version
            assert version == 2
            assert rows.get(shelf, thing.id) == expected(other, version)
            assert rows.find(shelf, **_where(shelf, other)) == [expected(other, version)]
        rows.drop(shelf, thing.id)
        with pytest.raises(NotFound, match=f"there is no {shelf.noun}"):
            rows.get(shelf, thing.id)

    with unbound() as rows:
        check(rows)  # type: ignore[call-arg]


def _where(shelf: Shelf[Any], thing: Any) -> dict[str, str]:
    held = {name: getattr(thing, name) for name in shelf.columns}
    return {name: value for name, value in held.items() if isinstance(value, str)}


@pytest.fixture
def rows(database_url: str) -> Iterator[Rows]:
    """A tenant of a migrated database, in a transaction."""
    migrate(database_url)
    engine = engine_of(database_url)
    with engine.connect() as connection:
        held = EngineConnection(connection)
        held.begin()
        yield Rows(held, "home")
    engine.dispose()


def _people(number: int) -> list[Person]:
    return [Person(id=f"{at:05}", name=f"№ {at}") for at in range(number)]


def test_more_ids_than_one_statement_holds(rows: Rows) -> None:
    many = _people(2 * BATCH + 3)
    rows.add(PEOPLE, many)
    away = Rows(rows.connection, "away")
    away.add(PEOPLE, [attrs.evolve(person, name="away") for person in many])
    ids = [person.id for person in many[1:]]
    assert rows.find(PEOPLE, id=[*reversed(ids), "nobody", *ids]) == many[1:]
    assert rows.find(PEOPLE, id=ids, after=many[7].id, limit=BATCH + 2) == many[8 : BATCH + 10]
    assert rows.find(PEOPLE, id=[]) == []
    assert rows.find(PEOPLE) == many
    assert {person.name for person in away.find(PEOPLE, id=ids)} == {"away"}


def test_pages_follow_each_other_and_hold_everybody_once(rows: Rows) -> None:
    many = _people(23)
    rows.add(PEOPLE, reversed(many))
    for size in (1, 5, 22, 23, 24):
        found: list[Person] = []
        for _ in range(len(many) // size + 1):
            page = rows.find(PEOPLE, after=found[-1].id if found else None, limit=size)
            assert len(page) <= size
            found += page
        assert found == many


def test_text_is_in_order_of_its_signs_on_every_database(rows: Rows) -> None:
    ids = ["a", "B", "Z", "é", "z", "_", "Ⅷ", "😀", "10", "9", "a b", "ab"]
    rows.add(PEOPLE, [Person(id=id) for id in ids])
    assert [person.id for person in rows.find(PEOPLE)] == sorted(ids)
    assert [person.id for person in rows.find(PEOPLE, after="Z")] == [
        id for id in sorted(ids) if id > "Z"
    ]


@pytest.fixture
def run(rows: Rows) -> ProgrammeRun:
    rows.add(PROGRAMMES, [_run()])
    return rows.get(PROGRAMMES, "p")


def _run() -> ProgrammeRun:
    stated = Programme()
    return ProgrammeRun(
        id="p", programme=stated, blueprint=blueprint_of(stated, installed()), created=START
    )


def test_a_change_to_what_another_has_changed_is_refused(rows: Rows, run: ProgrammeRun) -> None:
    first = rows.save(PROGRAMMES, attrs.evolve(run, state="closed"))
    assert first == attrs.evolve(run, state="closed", version=run.version + 1)
    with pytest.raises(Conflict, match="programme 'p' has changed since it was read"):
        rows.save(PROGRAMMES, attrs.evolve(run, state="open"))
    assert rows.get(PROGRAMMES, "p") == first
    assert rows.find(PROGRAMMES, state="open") == []
    with pytest.raises(Conflict):
        Rows(rows.connection, "away").save(PROGRAMMES, first)
    with pytest.raises(Conflict):
        rows.save(PROGRAMMES, attrs.evolve(first, id="q"))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "save", "read"]),
        st.sampled_from("abc"),
        st.sampled_from(["proposed", "agreed", "reached"]),
    ),
    max_size=12,
)


@given(STEPS)
def test_what_is_gathered_is_as_if_written_at_once(
    steps: list[tuple[str, str, str]],
) -> None:
    with unbound() as at_once:
        later = Rows(at_once.connection, "later")
        with later.gathering():
            for step in steps:
                assert _stepped(at_once, *step) == _stepped(later, *step)
        assert at_once.find(GOALS) == later.find(GOALS)


def _stepped(rows: Rows, step: str, id: str, state: str) -> object:
    """Add a goal, save a change to it as far as it is there, or read those of a state."""
    goal = Goal(id=id, programme="p", relationship="r", owner="ann", title="t", state=state)  # type: ignore[arg-type]
    if step == "read":
        return rows.find(GOALS, state=state)
    there = rows.find(GOALS, id=id) if step == "add" else [attrs.evolve(goal, version=1)]
    if step == "add":
        return None if there else rows.add(GOALS, [goal])
    known = {one.id: one for one in rows.find(GOALS)}
    return rows.save(GOALS, attrs.evolve(goal, version=known[id].version)) if id in known else None


def test_what_cannot_be_written_shows_before_anybody_reads_on(
    rows: Rows, run: ProgrammeRun
) -> None:
    changed = attrs.evolve(run, state="closed")
    other = attrs.evolve(run, id="q")
    for read in (lambda: rows.find(PROGRAMMES), lambda: rows.get(PROGRAMMES, "q"), lambda: None):
        with pytest.raises(Conflict, match="changed since it was read"):  # noqa: SIM117
            with rows.connection.savepoint(), rows.gathering():
                assert rows.save(PROGRAMMES, changed).version == run.version + 1
                rows.add(PROGRAMMES, [other])
                rows.save(PROGRAMMES, changed)
                read()
        assert rows.find(PROGRAMMES) == [run]
    with pytest.raises(ZeroDivisionError), rows.gathering():
        rows.save(PROGRAMMES, changed)
        raise ZeroDivisionError
    with rows.gathering():
        pass
    assert rows.find(PROGRAMMES) == [run]


@pytest.mark.parametrize(
    "shelf",
    [shelf for shelf in SHELVES if "relationship" in shelf.columns],
    ids=lambda shelf: shelf.noun,
)
def test_one_relationships_things_are_found_without_reading_all(
    tmp_path: Path, shelf: Shelf[Any]
) -> None:
    """SQLite goes by what it is asked to sort by, if it is asked, and so through all there is."""
    migrate(sqlite_database(tmp_path))
    engine = engine_of(sqlite_database(tmp_path))
    plans: list[str] = []

    @listens_for(engine, "before_cursor_execute")
    def explain(_: Any, cursor: Any, words: str, values: Any, *more: Any) -> None:
        cursor.execute(f"EXPLAIN QUERY PLAN {words}", values)
        plans.append(cursor.fetchone()[3])

    with engine.connect() as connection:
        rows = Rows(EngineConnection(connection), "home")
        rows.find(shelf, relationship="r")
        rows.find(shelf, relationship=["r", "s"])
    engine.dispose()
    assert [plan.count("relationship=?") for plan in plans] == [1, 1]


def test_a_tenant_neither_reads_nor_changes_anothers(rows: Rows, run: ProgrammeRun) -> None:
    away = Rows(rows.connection, "away")
    assert away.find(PROGRAMMES) == []
    with pytest.raises(NotFound):
        away.get(PROGRAMMES, "p")
    away.drop(PROGRAMMES, "p")
    with pytest.raises(Conflict):
        away.save(PROGRAMMES, attrs.evolve(run, state="closed"))
    assert rows.get(PROGRAMMES, "p") == run
    away.add(PROGRAMMES, [attrs.evolve(run, state="closed")])
    assert rows.get(PROGRAMMES, "p") == run


def test_what_belongs_to_nothing_is_refused(rows: Rows) -> None:
    """Within the tenant: another's relationship of that id is not enough."""
    note = Note(id="n", programme="p", relationship="r", author="ann", text="hm", written=START)
    with pytest.raises(Conflict), rows.connection.savepoint():
        rows.add(NOTES, [note])
    away = Rows(rows.connection, "away")
    away.add(PROGRAMMES, [_run()])
    away.add(RELATIONSHIPS, [_relationship()])
    with pytest.raises(Conflict), rows.connection.savepoint():
        rows.add(NOTES, [note])
    away.add(NOTES, [note])
    assert rows.find(NOTES) == []


def _relationship() -> Relationship:
    return Relationship(
        id="r",
        programme="p",
        members=(Member("ann", "mentee"), Member("may", "mentor")),
        path=("booked", "met", "closed"),
        stage="booked",
        since={"booked": START},
    )


def test_who_is_in_what(rows: Rows, run: ProgrammeRun) -> None:
    away = Rows(rows.connection, "away")
    away.add(PROGRAMMES, [_run()])
    for held in (rows, away):
        held.add(RELATIONSHIPS, [_relationship()])
    members.add_members(rows, [_relationship()])
    assert members.relationships_of(rows, "ann") == ("r",)
    assert members.partnered(rows, "ann", "may")
    assert not members.partnered(rows, "ann", "bob")
    assert members.relationships_of(away, "ann") == ()
    assert not members.partnered(away, "ann", "may")


def test_enrolments_join_the_person_of_their_tenant(rows: Rows, run: ProgrammeRun) -> None:
    about = members.About(entry="applied", entered=START).text
    away = Rows(rows.connection, "away")
    away.add(PROGRAMMES, [_run()])
    many = _people(BATCH + 7)
    for held, word in ((rows, "home"), (away, "away")):
        held.add(PEOPLE, [attrs.evolve(person, name=word) for person in many])
        members.enrol(held, "p", {person.id: ("enrolled", "{}", about) for person in many})
    members.change(away, "p", {many[0].id: ("left", "{}", about)})
    found = members.enrolments(rows, "p")
    assert [one.id for one in found] == [person.id for person in many]
    assert {one.participant.person.name for one in found} == {"home"}
    assert {one.state for one in found} == {"enrolled"}
    some = [person.id for person in many[3:]]
    assert members.enrolments(rows, "p", [*some, "nobody"]) == found[3:]
    assert members.enrolments(rows, "p", after=many[3].id, limit=2) == found[4:6]
    assert len(members.enrolments(away, "p", state="enrolled")) == len(many) - 1
    assert members.programmes_of(rows, many[0].id) == ("p",)
    members.forget(away, many[0].id)
    assert members.programmes_of(away, many[0].id) == ()
    assert members.enrolment(rows, "p", many[0].id) == found[0]
    with pytest.raises(NotFound, match="is not enrolled in 'p'"):
        members.enrolment(away, "p", many[0].id)


@given(strategies.instants())
def test_instants_are_kept_to_the_microsecond(at: Any) -> None:
    assert instant(micros(at)) == at


@given(st.lists(st.integers(), max_size=3))
def test_batches_hold_everything_once(items: list[int]) -> None:
    many = items * BATCH
    held = list(batches(many))
    assert [item for batch in held for item in batch] == many
    assert all(0 < len(batch) <= BATCH for batch in held)
