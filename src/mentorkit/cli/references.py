"""Finds what a call names: by id, by the beginning of an id, or by the people in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import product
from typing import Any, TypeVar

from mentorkit.cli.inputs import named_person, people_named
from mentorkit.cli.names import day_and_time
from mentorkit.errors import Invalid, NotFound
from mentorkit.kit import Kit
from mentorkit.models import (
    Action,
    Gathering,
    Goal,
    Insight,
    Invitation,
    Person,
    Query,
    Relationship,
    Request,
    Session,
    Signal,
)

T = TypeVar("T")

_BEGINNING = re.compile(r"[0-9a-f]{4,}")
"""What may be the beginning of an id that mentorkit made."""


def everything(page: Callable[..., Sequence[T]], *arguments: str) -> Iterator[T]:
    """All that a service gives page by page."""
    after = None
    while held := page(*arguments, after=after):
        yield from held
        after = held[-1].id  # type: ignore[attr-defined]


def relationships_in(kit: Kit, programme: str) -> list[Relationship]:
    """A programme's relationships; NotFound where there is no such programme."""
    kit.programmes.get(programme)
    return list(everything(kit.relationships.page, programme))


def one_or_all(kit: Kit, programme: str, relationship: str | None) -> list[Relationship]:
    """The relationship that is named, or all of a programme."""
    if relationship is None:
        return relationships_in(kit, programme)
    return [one_relationship(kit, relationship)]


def one_relationship(kit: Kit, word: str) -> Relationship:
    """By id, by the beginning of one, or by people who are in it: ids or names, with +.

    What is closed is meant only where nothing else is.
    """
    found = _by_id(kit.relationships.get, word, lambda: _all_relationships(kit))
    if found is not None:
        return found
    named = [_anybody(kit, part) for part in word.split("+")]
    shared = {
        held.id: held
        for id in named[0]
        for held in kit.relationships.of(id)
        if _fit(held.people, named)
    }
    open_ones = [held for held in shared.values() if held.stage != "closed"]
    found_ones = open_ones or list(shared.values())
    return _only(found_ones, word, "relationship", lambda held: _told(kit, held))


def _fit(people: Sequence[str], named: Iterable[Sequence[str]]) -> bool:
    """Whether each word may mean another one of these people."""
    chosen = product(*(set(ids) & set(people) for ids in named))
    return any(len(set(ids)) == len(ids) for ids in chosen)


def _told(kit: Kit, held: Relationship) -> str:
    """What tells a relationship from others: where it stands, who is in it, and where."""
    people = " + ".join(_name(kit, id) for id in held.people)
    return f"({held.outcome or held.stage}, {people}, {held.programme})"


def one_session(kit: Kit, word: str) -> Session:
    """By id, by the beginning of one, or as RELATIONSHIP#NUMBER."""
    whole, sign, number = word.rpartition("#")
    if sign and number.isdecimal():
        held = kit.sessions.of(one_relationship(kit, whole).id)
        wanted = number.lstrip("0")
        numbered = [session for session in held if str(session.number) == wanted]
        return _only(numbered, word, "session", lambda session: session.state)
    return _found(kit.sessions.get, word, lambda: _of_each(kit, kit.sessions.of), "session")


def one_goal(kit: Kit, word: str) -> Goal:
    """By id, by the beginning of one, or by the relationship that works on this goal alone."""
    found = _by_id(kit.goals.get, word, lambda: _of_each(kit, kit.goals.of))
    if found is not None:
        return found
    goals = kit.goals.of(one_relationship(kit, word).id)
    open_ones = [goal for goal in goals if goal.state in ("proposed", "agreed")]
    return _only(
        open_ones or goals, word, "goal", lambda one: f"({one.state}, of {_name(kit, one.owner)})"
    )


def one_action(kit: Kit, word: str) -> Action:
    """By id, or by the beginning of one."""
    return _found(kit.actions.get, word, lambda: _of_each(kit, kit.actions.of), "action")


def one_query(kit: Kit, word: str) -> Query:
    """By id, or by the beginning of one."""
    return _found(kit.exchange.get, word, lambda: _of_each(kit, kit.exchange.queries), "question")


def one_insight(kit: Kit, word: str) -> Insight:
    """By id, or by the beginning of one."""
    return _found(kit.insights.get, word, lambda: _of_each(kit, kit.insights.of), "insight")


def one_request(kit: Kit, word: str, questions: Collection[str]) -> Request:
    """By id, by the beginning of one, or by the person who is asked these questions once now."""
    found = _by_id(kit.feedback.get, word, lambda: _of_each(kit, kit.feedback.of))
    if found is not None:
        return found
    asked = kit.feedback.asked_of(anyone(kit, word))
    if len(asked) > 1:
        asked = tuple(one for one in asked if _asks(one, questions)) or asked
    return _only(
        asked,
        word,
        "open request to",
        lambda one: f"({one.survey}, {_told(kit, kit.relationships.get(one.relationship))})",
    )


def _asks(held: Request, questions: Collection[str]) -> bool:
    """Whether all of these are among its questions."""
    return set(questions) <= {question.id for question in held.questions}


def one_signal(kit: Kit, programme: str, word: str) -> Signal:
    """Among those of a programme that are not settled: by id, or by the beginning of one."""
    raised = kit.feedback.signals(programme)
    found = [held for held in raised if held.id.startswith(word)]
    return _only(found, word, "signal", lambda held: held.rule)


def one_invitation(kit: Kit, programme: str, word: str) -> Invitation:
    """Among those of a programme: by id, or by the beginning of one."""
    found = [held for held in kit.programmes.invitations(programme) if held.id.startswith(word)]
    return _only(found, word, "invitation", lambda held: held.state)


def one_gathering(kit: Kit, word: str) -> Gathering:
    """By id, by the beginning of one, or by a title that only one has that is planned."""
    every = [held for run in everything(kit.programmes.page) for held in kit.gatherings.of(run.id)]
    found = _by_id(kit.gatherings.get, word, lambda: every)
    if found is not None:
        return found
    named = [held for held in every if held.title == word]
    planned = [held for held in named if held.state == "planned"]
    return _only(
        planned or named,
        word,
        "gathering",
        lambda one: f"({one.state}, {day_and_time(one.starts, one.timezone)}, {one.programme})",
    )


def anyone(kit: Kit, word: str) -> str:
    """The id of a person, by id or name."""
    found = _anybody(kit, word)
    if len(found) > 1:
        people = ", ".join(found)
        raise NotFound(f"{word!r} is the name of several people; give one id of {people}")
    return found[0]


def _anybody(kit: Kit, word: str) -> list[str]:
    """The ids of those whom a word may mean; NotFound where it is nobody."""
    try:
        return [kit.people.get(word.strip()).id]
    except NotFound:
        people = list(everything(kit.people.page))
    if found := people_named(word, people):
        return [one.id for one in found]
    try:
        return [named_person("", word, people)]
    except Invalid as error:
        raise NotFound(str(error)) from None


def one_member(kit: Kit, held: Relationship, option: str, word: str) -> str:
    """The id of a member, by id or name; Invalid names the members where it is none of them."""
    members = [_person(kit, id) for id in held.people]
    whole = " and ".join(_name(kit, id) for id in held.people)
    return named_person(option, word, members, f"{word!r} is no member here; these are {whole}")


def _person(kit: Kit, id: str) -> Person:
    try:
        return kit.people.get(id)
    except NotFound:
        return Person(id=id)


def _name(kit: Kit, id: str) -> str:
    """Somebody's name with the id, which a call can name as it stands."""
    name = " ".join(_person(kit, id).name.split())
    return f"{name} ({id})" if name else id


def _by_id(get: Callable[[str], T], word: str, every: Callable[[], Iterable[T]]) -> T | None:
    try:
        return get(word)
    except NotFound:
        if not _BEGINNING.fullmatch(word):
            return None
    found: list[Any] = [held for held in every() if held.id.startswith(word)]  # type: ignore[attr-defined]
    if len(found) > 1:
        _only(found, word, "id", lambda _: "")
    return found[0] if found else None


def _found(get: Callable[[str], T], word: str, every: Callable[[], Iterable[T]], noun: str) -> T:
    found = _by_id(get, word, every)
    if found is None:
        raise NotFound(f"there is no {noun} {word!r}")
    return found


def _only(found: Sequence[T], word: str, noun: str, told: Callable[[T], str]) -> T:
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(f"there is no {noun} {word!r}")
    named = ", ".join(f"{held.id} {told(held)}".strip() for held in found)  # type: ignore[attr-defined]
    raise Invalid("", f"{word!r} may be any of these: {named}")


def _all_relationships(kit: Kit) -> Iterator[Relationship]:
    for run in everything(kit.programmes.page):
        yield from everything(kit.relationships.page, run.id)


def _of_each(kit: Kit, of: Callable[[str], Sequence[T]]) -> Iterator[T]:
    for held in _all_relationships(kit):
        yield from of(held.id)
