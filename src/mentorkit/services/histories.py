"""A relationship's past, as the coordinator may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mentorkit.access import as_coordinator
from mentorkit.models import History, Relationship
from mentorkit.store.shelves import AWARDS, GOALS, REQUESTS, SESSIONS, SIGNALS, Rows, Shelf

Known = dict[tuple[str, str], tuple[int, Any]]
"""What was read before: the version of each thing and the thing, by (noun, id)."""


def histories(
    rows: Rows, held: Sequence[Relationship], known: Known | None = None
) -> dict[str, History]:
    """The histories of relationships, by id: a few queries for many of them.

    What is `known` and of the same version still is not made anew; what is read is added.
    """
    ids = [relationship.id for relationship in held]
    known = {} if known is None else known
    sessions, goals, requests, signals, awards = (
        _by_relationship(rows, shelf, ids, known)
        for shelf in (SESSIONS, GOALS, REQUESTS, SIGNALS, AWARDS)
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


def _by_relationship(
    rows: Rows, shelf: Shelf[Any], ids: Sequence[str], known: Known
) -> dict[str, list[Any]]:
    held: dict[str, list[Any]] = {id: [] for id in ids}
    for id, version, data in rows.raw(shelf, where={"relationship": ids}):
        before = known.get((shelf.noun, id))
        if before is None or before[0] != version:
            before = known[shelf.noun, id] = version, as_coordinator(shelf.thing(version, data))
        held[before[1].relationship].append(before[1])
    return held
