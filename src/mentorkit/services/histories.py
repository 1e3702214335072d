"""A relationship's past, as the coordinator may read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from mentorkit.access import as_coordinator
from mentorkit.models import History, Relationship
from mentorkit.models.frozenmap import EMPTY
from mentorkit.store.shelves import AWARDS, GOALS, REQUESTS, SESSIONS, SIGNALS, Rows, Shelf

OF_HISTORY = (SESSIONS, GOALS, REQUESTS, SIGNALS, AWARDS)


def histories(rows: Rows, held: Sequence[Relationship]) -> dict[str, History]:
    """The histories of relationships, by id: a few queries for many of them."""
    ids = [relationship.id for relationship in held]
    parts = {shelf.noun: _by_relationship(rows, shelf, ids) for shelf in OF_HISTORY}
    return {relationship.id: _history(relationship, parts) for relationship in held}


def renewed(
    rows: Rows,
    held: Sequence[Relationship],
    before: Mapping[str, History],
    changed: Collection[str],
) -> dict[str, History]:
    """The histories of relationships, of which only these shelves have changed since."""
    ids = [relationship.id for relationship in held]
    parts = {}
    for shelf in OF_HISTORY:
        past = {id: getattr(before[id], f"{shelf.noun}s") for id in ids}
        if shelf.noun in changed:
            known = {thing.id: thing for things in past.values() for thing in things}
            past = _by_relationship(rows, shelf, ids, known)
        parts[shelf.noun] = past
    return {relationship.id: _history(relationship, parts) for relationship in held}


def _history(held: Relationship, parts: Mapping[str, Mapping[str, Sequence[Any]]]) -> History:
    return History(
        relationship=as_coordinator(held),
        sessions=sorted_by_start(parts["session"][held.id]),
        goals=tuple(parts["goal"][held.id]),
        requests=tuple(parts["request"][held.id]),
        signals=tuple(parts["signal"][held.id]),
        awards=tuple(parts["award"][held.id]),
    )


def history(rows: Rows, held: Relationship) -> History:
    """The history of one relationship."""
    return histories(rows, [held])[held.id]


def sorted_by_start(sessions: Iterable[Any]) -> tuple[Any, ...]:
    """Sessions in the order of time."""
    return tuple(sorted(sessions, key=lambda session: (session.starts, session.id)))


def _by_relationship(
    rows: Rows, shelf: Shelf[Any], ids: Sequence[str], known: Mapping[str, Any] = EMPTY
) -> dict[str, list[Any]]:
    """The things of each; what is known and of the same version still is not made anew."""
    held: dict[str, list[Any]] = {id: [] for id in ids}
    for id, version, data in rows.raw(shelf, where={"relationship": ids}):
        thing = known.get(id)
        if thing is None or thing.version != version:
            thing = as_coordinator(shelf.thing(version, data))
        held[thing.relationship].append(thing)
    return held
