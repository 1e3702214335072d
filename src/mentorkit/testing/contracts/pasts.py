"""What surveys, rules and sections all promise: the same answer, from a past left as it was."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from mentorkit.models import Chronicle, History, Message
from mentorkit.testing.contracts.check import expect, fail, for_all
from mentorkit.testing.strategies.history import histories, history_from
from mentorkit.testing.strategies.picks import Picks

MOST = 10_000
"""How many things one survey or rule may yield about one relationship."""


def noise(name: str, size: int) -> bytes:
    """Bytes that are the same in every process."""
    return hashlib.shake_256(name.encode()).digest(size)


def fixed_histories() -> list[History]:
    """Some histories, always the same."""
    return [history_from(Picks(noise(f"history {number}", 120))) for number in range(40)]


def for_each(test: Callable[[History], None]) -> None:
    """Run a test on drawn histories: more of them, for in many too little has happened."""
    for_all(histories(), test, examples=40)


def listed(yielded: object, sort: type, verb: str) -> list[Any]:
    """All that a survey or a rule yields, each of which must be of the sort."""
    if not isinstance(yielded, Iterable):
        fail(f"{verb} returned {yielded!r}; yield each {sort.__name__}, or return a list of them")
    found = list(islice(yielded, MOST + 1))
    expect(len(found) <= MOST, f"{verb} yields more than {MOST} things; is there no end?")
    for each in found:
        expect(isinstance(each, sort), f"{verb} yielded {each!r}, not a {sort.__name__}")
    return found


def keys_differ(keys: Iterable[Any], verb: str) -> None:
    """Keys are proper text, and no two are alike."""
    seen = set()
    for key in keys:
        proper = isinstance(key, str) and key and key == key.strip() and key.isprintable()
        expect(proper, f"the key {key!r} is not text without surrounding space")
        expect(key not in seen, f"{verb} gives the key {key!r} twice; only one would be acted on")
        seen.add(key)


def members_only(people: object, history: History, key: str) -> None:
    """People are a tuple of the relationship's members, each once."""
    if not isinstance(people, tuple):
        fail(f"the people of {key!r} are {people!r}, not a tuple of ids")
    expect(len(set(people)) == len(people), f"{key!r} names somebody twice: {people!r}")
    strangers = set(people) - set(history.relationship.people)
    expect(not strangers, f"{key!r} names {', '.join(sorted(map(str, strangers)))}, no member")


def in_utc(at: Any, place: str) -> None:
    """An instant that anyone reads alike."""
    aware = isinstance(at, datetime.datetime) and at.utcoffset() == datetime.timedelta(0)
    expect(aware, f"{place} is {at!r}, not an aware datetime in UTC")


def sentence(message: object, place: str) -> str:
    """The words of a Message, of which there must be some."""
    expect(isinstance(message, Message), f"{place} is {message!r}, not a Message")
    words = str(message)
    expect(words.strip(), f"{place} has no words")
    return words


def left_alone(past: History | Chronicle, ask: Callable[[], object]) -> None:
    """Being asked about changes nothing in a past."""
    before = repr(past)
    ask()
    expect(repr(past) == before, "what it was shown was changed")


def agree(what: str, answers: Iterable[object]) -> None:
    """Three answers are equal: asked, asked again, and asked of a newly bound object."""
    first, second, third = answers
    expect(first == second, f"asked twice, the {what} differ: {first}, then {second}")
    expect(first == third, f"two objects of the same settings give different {what}")
