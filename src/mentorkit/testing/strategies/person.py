"""People, and what they bring to a programme."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache
from typing import Any

import hypothesis.strategies as st

from mentorkit.models import (
    Instead,
    Level,
    Participant,
    Person,
    Skill,
    Travel,
    Value,
    Window,
)
from mentorkit.testing.strategies.vocabulary import (
    DEPARTMENTS,
    FINITE,
    GRADES,
    INTERESTS,
    LANGUAGES,
    SKILLS,
    TEXT,
    WHOLE,
    ZONES,
    some,
    words,
)


def levels() -> st.SearchStrategy[Level]:
    """Steps of one shared scale: the same rank always has the same word."""
    return st.sampled_from([Level(rank, name) for rank, name in enumerate(GRADES)])


def values() -> st.SearchStrategy[Value]:
    """All that an attribute may hold."""
    listed = st.lists(TEXT, max_size=3).map(tuple)
    return st.one_of(TEXT, st.booleans(), WHOLE, FINITE, levels(), listed)


def people(ids: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Person]:
    """People; each attribute is missing for about half of them."""
    known: dict[str, st.SearchStrategy[Value]] = {
        "department": st.sampled_from(DEPARTMENTS),
        "grade": levels(),
        "years": st.integers(0, 40),
        "remote": st.booleans(),
        "clubs": some(*INTERESTS).map(tuple),
        "anything": values(),
    }
    return st.builds(
        Person,
        id=words("ann", "bo", "çelik") if ids is None else ids,
        name=st.one_of(st.just(""), TEXT),
        email=st.sampled_from([None, "ann@example.org", "bo.b+x@mail.example"]),
        timezone=st.one_of(st.none(), st.sampled_from(ZONES)),
        locale=st.sampled_from([None, "de-DE", "en"]),
        languages=some(*LANGUAGES),
        attributes=st.fixed_dictionaries({}, optional=known),
        capacity=st.sampled_from([None, None, 0, 2]),
    )


def skills(*, levelled: bool | None = None) -> st.SearchStrategy[Skill]:
    """Skills with levels 1 to 5, without (`levelled=False`), or some of each."""
    level = st.integers(1, 5)
    unlevelled: st.SearchStrategy[int | None] = st.none()
    chosen = {True: level, False: unlevelled, None: unlevelled | level}[levelled]
    return st.builds(Skill, st.sampled_from(SKILLS), chosen)


def windows() -> st.SearchStrategy[Window]:
    """Weekly windows in half hours, some of which pass midnight; half of them office hours."""
    start = st.one_of(st.integers(16, 34), st.integers(0, 47))
    return st.builds(
        lambda day, start, length: Window(day, 30 * start, 30 * (start + length)),
        st.integers(0, 6),
        start,
        st.integers(1, 48),
    )


FIRST = datetime.date(2026, 3, 23)
"""A Monday before clocks change in Europe."""


def exceptions() -> st.SearchStrategy[list[Instead]]:
    """Up to two spans of days on which other windows hold, or none at all."""
    return st.lists(st.tuples(_SPAN, st.lists(windows(), max_size=2)), max_size=2).map(
        lambda drawn: [
            Instead(first, last, [one for one in held if _falls(one, first, last)])
            for first, last, held in _after_another(drawn)
        ]
    )


def travels() -> st.SearchStrategy[list[Travel]]:
    """Up to two journeys into other zones."""
    return st.lists(st.tuples(_SPAN, st.sampled_from(ZONES)), max_size=2).map(
        lambda drawn: [Travel(first, last, zone) for first, last, zone in _after_another(drawn)]
    )


_SPAN = st.tuples(st.integers(0, 6), st.integers(1, 9))
"""Days before a span begins, after the one before it, and how many it has."""


def _after_another(drawn: list[Any]) -> Iterator[tuple[datetime.date, datetime.date, Any]]:
    day = FIRST
    for (gap, length), held in drawn:
        first = day + datetime.timedelta(days=gap)
        last = first + datetime.timedelta(days=length - 1)
        day = last + datetime.timedelta(days=1)
        yield first, last, held


def _falls(window: Window, first: datetime.date, last: datetime.date) -> bool:
    return (window.weekday - first.weekday()) % 7 <= (last - first).days


def participants(
    person: st.SearchStrategy[Person] | None = None,
    *,
    others: st.SearchStrategy[str] | None = None,
    roles: tuple[str, str] = ("mentee", "mentor"),
    protected: tuple[str, ...] = (),
) -> st.SearchStrategy[Participant]:
    """Participants; `others` gives the ids that their wishes and avoidances name.

    `protected` are the protected attributes that some of them state.
    """
    by_name = st.lists(skills(), unique_by=lambda skill: skill.name, max_size=3)
    ids = st.sampled_from(["ann", "bo", "nobody"]) if others is None else others
    capacity = st.sampled_from([1, 1, 1, 0, 2, 3])
    left, right = roles
    either = st.sampled_from([(left,), (right,), (left, right)])
    named: st.SearchStrategy[list[str]] = st.one_of(
        st.builds(list), st.lists(ids, unique=True, max_size=3)
    )
    return st.builds(
        Participant,
        person=people() if person is None else person,
        roles=either.flatmap(lambda held: st.fixed_dictionaries(dict.fromkeys(held, capacity))),
        offers=by_name,
        seeks=by_name,
        interests=some(*INTERESTS),
        availability=st.lists(windows(), max_size=3),
        exceptions=_seldom(exceptions()),
        travel=_seldom(travels()),
        prefers=named,
        avoids=named,
        manager=st.one_of(st.none(), ids),
        not_again=named,
        hours=st.sampled_from([None, None, 0, 1.5, 4]),
        aims=st.sampled_from(["", "to lead a team"]),
        brings=st.one_of(st.just(""), TEXT),
        protected=st.fixed_dictionaries({}, optional=dict.fromkeys(protected, values())),
    )


def _seldom(drawn: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[list[Any]]:
    return st.one_of(st.builds(list), st.builds(list), drawn)


def populations(
    *,
    least: int = 0,
    most: int = 8,
    roles: tuple[str, str] = ("mentee", "mentor"),
    protected: tuple[str, ...] = (),
) -> st.SearchStrategy[list[Participant]]:
    """Participants with ids of their own, in any order, who name each other.

    `protected` are the protected attributes that some of them state.
    """
    return st.integers(least, most).flatmap(lambda size: _population(size, roles, protected))


@cache
def _population(
    size: int, roles: tuple[str, str], protected: tuple[str, ...]
) -> st.SearchStrategy[list[Participant]]:
    ids = [f"p{number:02}" for number in range(size)]
    others = st.sampled_from([*ids, "who-left"])
    each = (
        participants(people(st.just(own)), others=others, roles=roles, protected=protected)
        for own in ids
    )
    return st.tuples(*each).flatmap(lambda held: st.permutations(list(held)))
