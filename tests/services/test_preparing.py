"""A prep sheet holds what its reader may read, the open actions first, and nothing else."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from lives import ACTS, Life, live, lives, marks
from worlds import PAIR, START, World

import mentorkit
from mentorkit import Actor, Conflict, Forbidden, Invalid, Kit, Programme, Session
from mentorkit.models import Note, PrepSheet
from mentorkit.testing.house import TrialHouse, house

pytestmark = pytest.mark.once

TENANTS = itertools.count()
PRIVATE = ("secret", "reason", "answer", "help", "conduct")
"""What is its author's alone, or no business of a meeting."""
MEETING = {
    "programmes": {"pairs", "groups"},
    "wishes": [],
    "acts": [
        *((act, at, 0) for act in ("plan", "topic") for at in range(6)),
        ("pass", 0, 0),
        *(("hold", at, at) for at in range(6)),
        *(
            (act, at, who)
            for at in range(6)
            for who in range(2)
            for act in ("action", "ask", "secret", "note", "goal", "help", "answer")
        ),
        *(("reply", at, at) for at in range(3)),
    ],
    "erased": "ann",
}
"""A life in which every sheet has something in every part of it."""


@pytest.fixture(scope="module")
def held() -> Iterator[TrialHouse]:
    with house() as made:
        yield made


def the_sheets(life: Life) -> Iterator[tuple[str, Session, PrepSheet, set[tuple[str, str]]]]:
    """Every sheet of every meeting, and all that its reader reads of their relationship."""
    for one in life.relationships:
        for person in one.people:
            with life.house.kit(actor=Actor(person=person), tenant=life.tenant) as kit:
                read = (
                    kit.relationships.get(one.id),
                    kit.relationships.notes(one.id),
                    kit.sessions.of(one.id),
                    kit.goals.of(one.id),
                    kit.actions.of(one.id),
                    kit.exchange.queries(one.id),
                )
                for session in kit.sessions.of(one.id):
                    yield person, session, kit.sessions.prepare(session.id), marks(read)


@settings(
    phases=[Phase.explicit, Phase.generate], max_examples=4, suppress_health_check=list(HealthCheck)
)
@given(drawn=lives, more=st.lists(st.tuples(st.sampled_from(ACTS), st.just(0), st.just(0))))
@example(drawn=MEETING, more=[])
def test_no_sheet_tells_what_its_reader_may_not_read(
    held: TrialHouse, drawn: dict[str, Any], more: list[tuple[str, int, int]]
) -> None:
    life = live(held, f"t{next(TENANTS)}", {**drawn, "acts": [*drawn["acts"], *more]})
    told: set[str] = set()
    for person, session, sheet, read in the_sheets(life):
        found = marks(sheet)
        assert found <= read
        theirs = {(kind, whose) for kind, whose in found if kind in PRIVATE}
        assert theirs <= {("secret", person), ("reason", person)}
        told |= {kind for kind, _ in found}
        assert sheet.person == person
        # The host's own job makes the same sheet for them, and nobody else makes it.
        with life.kit() as kit:
            assert kit.sessions.prepare(session.id, person=person) == sheet
            assert not marks(kit.reports.journal())
        for other in {"ann", "may", "moe"} - {person}:
            with (
                life.house.kit(
                    actor=Actor(person=other, coordinates=["*"]), tenant=life.tenant
                ) as kit,
                pytest.raises(Forbidden),
            ):
                kit.sessions.prepare(session.id, person=person)
    if drawn is MEETING:
        assert told >= {"action", "question", "secret", "note", "goal", "place", "topic"}


def test_a_sheet_has_what_the_meeting_needs_in_its_order(world: World) -> None:
    (one,) = world.begun(Programme(), PAIR)
    world.active(one)

    def note(kit: Kit, text: str, session: str | None = None, shared: bool = True) -> None:
        kit.relationships.write(one.id, text, session=session, shared=shared, person="ann")

    day = dt.timedelta(days=1)
    with world.kit() as kit:
        first, last, coming = (
            kit.sessions.plan(one.id, START + at * day, place=f"room {at}", public=True)
            for at in (1, 2, 9)
        )
        note(kit, "long ago")
    world.forward(days=3)
    with world.kit() as kit:
        for session in (first, last):
            kit.sessions.hold(session.id)
            note(kit, f"of {session.place}", session.id)
        note(kit, "since then")
        note(kit, "for myself", last.id, shared=False)
        note(kit, "for the next", coming.id)
        for title, due in (("some day", None), ("late", 9), ("soon", 4)):
            on = None if due is None else (START + due * day).date()
            kit.actions.add(one.id, title, due=on, owner="may", person="ann")
        kit.actions.done(kit.actions.add(one.id, "over", person="ann").id)
        kept, dropped = (kit.goals.propose(one.id, word, person="ann") for word in ("up", "off"))
        kit.goals.drop(dropped.id, person="ann")
        waits, answered = (kit.exchange.ask(one.id, word, person="ann") for word in ("x", "y"))
        kit.exchange.answer(answered.id, "yes", person="may")
        kit.sessions.add_topic(coming.id, " what holds us up ", person="may")
        mine = kit.sessions.prepare(coming.id, person="ann")
        theirs = kit.sessions.prepare(coming.id, person="may")
    texts = ["of room 2", "since then", "for the next"]
    assert sorted(note.text for note in theirs.notes) == sorted(texts)
    assert sorted(note.text for note in mine.notes) == sorted([*texts, "for myself"])
    for sheet in (mine, theirs):
        assert [action.title for action in sheet.actions] == ["soon", "late", "some day"]
        assert [str(said) for said in sheet.session.agenda] == ["what holds us up"]
        assert sheet.session.place == "room 9"
        assert [goal.id for goal in sheet.goals] == [kept.id]
        assert [query.id for query in sheet.queries] == [waits.id]


def test_a_host_that_forbids_narrows_the_sheet_too(world: World) -> None:
    (one,) = world.begun(Programme(), PAIR)
    world.active(one)
    with world.kit() as kit:
        session = kit.sessions.plan(one.id, START)
        kit.relationships.write(one.id, "a note", shared=True, person="may")
        assert kit.sessions.prepare(session.id, person="ann").notes

    def authorize(actor: Actor, act: str, thing: object) -> bool:
        return not isinstance(thing, Note)

    narrow = attrs.evolve(world.house, authorize=authorize)
    with narrow.kit(actor=mentorkit.SYSTEM) as kit:
        assert not kit.sessions.prepare(session.id, person="ann").notes


def test_a_topic_is_added_once_and_to_what_is_planned(world: World) -> None:
    (one,) = world.begun(Programme(), PAIR)
    world.active(one)
    with world.kit(actor=Actor(person="ann")) as kit:
        session = kit.sessions.plan(one.id, START)
        added = kit.sessions.add_topic(session.id, "visas", version=session.version)
        assert added.version == session.version + 1
        assert kit.sessions.add_topic(session.id, "visas", version=session.version) == added
        with pytest.raises(Invalid, match="topic: is missing"):
            kit.sessions.add_topic(session.id, " ")
        with pytest.raises(Conflict, match="is of version"):
            kit.sessions.add_topic(session.id, "flats", version=session.version)
        moved = kit.sessions.move(session.id, START + dt.timedelta(hours=1))
        assert moved.agenda == added.agenda
        kit.sessions.cancel(session.id)
        with pytest.raises(Conflict, match="is cancelled; its agenda is closed"):
            kit.sessions.add_topic(session.id, "flats")
    with world.kit(actor=Actor(coordinates=["*"])) as kit:
        assert kit.sessions.get(session.id).agenda == ()
        with pytest.raises(Forbidden):
            kit.sessions.add_topic(session.id, "flats", person="ann")
