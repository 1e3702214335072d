"""A relationship's past, as the coordinator may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mentorkit.access import as_coordinator
from mentorkit.models import History, Relationship
from mentorkit.services.concerns import concerns
from mentorkit.store.deeds import deeds
from mentorkit.store.shelves import AWARDS, GOALS, REQUESTS, SESSIONS, SIGNALS, Rows, Shelf


def histories(rows: Rows, held: Sequence[Relationship]) -> dict[str, History]:
    """The histories of relationships, by id: a few queries for many of them."""
    ids = [relationship.id for relationship in held]
    sessions, goals, requests, signals, awards = (
        _by_relationship(rows, shelf, ids) for shelf in (SESSIONS, GOALS, REQUESTS, SIGNALS, AWARDS)
    )
    done = deeds(rows, ids)
    return {
        relationship.id: History(
            relationship=as_coordinator(relationship),
            sessions=sorted_by_start(_read(sessions[relationship.id])),
            goals=_read(goals[relationship.id]),
            requests=_read(requests[relationship.id]),
            signals=_read(signals[relationship.id]),
            awards=_read(awards[relationship.id]),
            deeds=done.get(relationship.id, ()),
            concerns=concerns(requests[relationship.id]),
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
        held[thing.relationship].append(thing)
    return held


def _read(things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(as_coordinator(thing) for thing in things)
