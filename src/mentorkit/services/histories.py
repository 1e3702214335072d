"""A relationship's past, as the coordinator may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mentorkit.access import as_coordinator
from mentorkit.models import History, Relationship
from mentorkit.store.shelves import AWARDS, GOALS, REQUESTS, SESSIONS, SIGNALS, Rows, Shelf


def histories(rows: Rows, held: Sequence[Relationship]) -> dict[str, History]:
    """The histories of relationships, by id: a few queries for many of them."""
    ids = [relationship.id for relationship in held]
    sessions, goals, requests, signals, awards = (
        _by_relationship(rows, shelf, ids) for shelf in (SESSIONS, GOALS, REQUESTS, SIGNALS, AWARDS)
    )
    return {
        relationship.id: History(
            relationship=as_coordinator(relationship),
            sessions=sorted_by_start(sessions[relationship.id]),
            goals=tuple(goals[relationship.id]),
            requests=tuple(requests[relationship.id]),
            signals=tuple(signals[relationship.id]),
            awards=tuple(awards[relationship.id]),
        )
        for relationship in held
    }


def history(rows: Rows, held: Relationship) -> History:
    """The history of one relationship."""
    return histories(rows, [held])[held.id]


def sorted_by_start(sessions: Iterable[Any]) -> tuple[Any, ...]:
    """Sessions in the order of time."""
    return tuple(sorted(sessions, key=lambda session: (session.starts, session.id)))


def _by_relationship(rows: Rows, shelf: Shelf[Any], ids: Sequence[str]) -> dict[str, list[Any]]:
    held: dict[str, list[Any]] = {id: [] for id in ids}
    for thing in rows.find(shelf, relationship=ids):
        held[thing.relationship].append(as_coordinator(thing))
    return held
