"""Every promise of a subscriber catches one that is broken in just that way."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from broken import failing, making

import mentorkit

pytestmark = pytest.mark.once

SOON = datetime.datetime(2026, 3, 23, 9, tzinfo=datetime.UTC)


def told(event: Any, key: str, read: Any) -> None:
    """A sound one: a line, with the names of those who are still there."""
    names = []
    for person in event.people:
        try:
            names.append(read.person(person).name)
        except mentorkit.NotFound:
            names.append("somebody")
    f"{key} {event.kind} {', '.join(names)}"


def subscriber(deliver: Any = told, wants: Any = frozenset({"*"})) -> Any:
    held = property(lambda self: wants() if callable(wants) else wants)
    return making(
        {"deliver": lambda self, event, key, read: deliver(event, key, read), "wants": held}
    )


def raising(error: Any) -> Any:
    def deliver(event: Any, key: str, read: Any) -> None:
        told(event, key, read)
        raise error

    return deliver


class Once:
    """Chokes on a key that it has seen."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, event: Any, key: str, read: Any) -> None:
        told(event, key, read)
        if (key, event) in self.seen:
            self.seen.clear()
            raise ValueError("duplicate key")
        self.seen.add((key, event))


class OnlyOnce:
    """One object of it does not deliver twice."""

    wants = frozenset({"session.held"})

    def __init__(self) -> None:
        self.done = False

    def deliver(self, event: Any, key: str, read: Any) -> None:
        if self.done:
            raise RuntimeError("it was done")
        self.done = True


def trusting(event: Any, key: str, read: Any) -> None:
    """Takes for granted that everybody is still there."""
    for person in event.people:
        read.person(person)


def spoiling(event: Any, key: str, read: Any) -> None:
    object.__setattr__(event, "kind", "spoilt")


ODD = iter(range(10**6))
LATER = raising(mentorkit.Later(datetime.datetime(2026, 3, 23, 9)))
BROKEN = {
    "crash": ("it_delivers", subscriber(raising(ConnectionError("no mail server")))),
    "invalid": ("it_delivers", subscriber(raising(mentorkit.Invalid("kind", "is unknown")))),
    "unread": ("it_delivers", subscriber(lambda event, key, read: read.goal(event.subject))),
    "list": ("it_wants_events", subscriber(wants=["session.held"])),
    "nothing": ("it_wants_events", subscriber(wants=frozenset())),
    "numbers": ("it_wants_events", subscriber(wants=frozenset({1}))),
    "changing": ("it_wants_events", subscriber(wants=lambda: frozenset({f"kind {next(ODD)}"}))),
    "once": (
        "delivering_twice_will_do",
        mentorkit.kind("once", mentorkit.NoSettings, lambda _: OnlyOnce()),
    ),
    "trusting": ("people_may_be_gone", subscriber(trusting)),
    "naive": ("later_is_an_instant", subscriber(LATER)),
    "spoiling": ("the_event_is_left_alone", subscriber(spoiling)),
}
ALONE = {"list", "changing", "once", "trusting", "naive", "spoiling", "numbers"}


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_subscribers(broken):
    name, kind = BROKEN[broken]
    found = failing(kind)
    assert name in found
    if broken in ALONE:
        assert found == {name}


@pytest.mark.parametrize("wants", [frozenset({"*"}), frozenset({"session.held", "award.granted"})])
def test_sound_subscribers_pass(wants):
    assert failing(subscriber(wants=wants)) == set()
    assert failing(subscriber(raising(mentorkit.Later(SOON)), wants)) == set()
    assert failing(subscriber(raising(mentorkit.Refused("nobody reads it")), wants)) == set()


def test_it_is_given_what_it_wants_and_nothing_else():
    seen = set()

    def noting(event: Any, key: str, read: Any) -> None:
        seen.add(event.kind)

    assert failing(subscriber(noting, frozenset({"a", "b"}))) == set()
    assert seen == {"a", "b"}


def test_the_reader_finds_everything_that_a_subscriber_may_look_up():
    def reading(event: Any, key: str, read: Any) -> None:
        try:
            assert read.person("x").id == "x"
            assert read.programme("x").id == "x"
            assert read.relationship("x").id == "x"
            assert read.session("x").id == "x"
        except mentorkit.NotFound:
            return

    assert failing(subscriber(reading)) == set()
