"""A relationship's past, as the coordinator may read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import attrs

from mentorkit.access import as_coordinator
from mentorkit.models import Deed, History, Relationship, Request
from mentorkit.models.frozenmap import EMPTY
from mentorkit.services.concerns import concerns
from mentorkit.store.deeds import deeds
from mentorkit.store.shelves import (
    AWARDS,
    GOALS,
    INSIGHTS,
    REQUESTS,
    SESSIONS,
    SIGNALS,
    Rows,
    Shelf,
)

OF_HISTORY = (SESSIONS, GOALS, SIGNALS, AWARDS, INSIGHTS)
"""What a history holds as it is, and is gone through by itself: requests are not among it."""


@attrs.frozen
class Past:
    """A history, and the requests of it with all their answers, in the same order."""

    history: History
    requests: tuple[Request, ...]


def histories(rows: Rows, held: Sequence[Relationship]) -> dict[str, History]:
    """The histories of relationships, by id: a few queries for many of them."""
    return {id: past.history for id, past in pasts(rows, held).items()}


def history(rows: Rows, held: Relationship) -> History:
    """The history of one relationship."""
    return histories(rows, [held])[held.id]


def pasts(rows: Rows, held: Sequence[Relationship]) -> dict[str, Past]:
    """As `histories`, for those who have them `renewed`."""
    ids = [relationship.id for relationship in held]
    parts = {shelf.noun: _seen(rows, shelf, ids) for shelf in OF_HISTORY}
    requests = _by_relationship(rows, REQUESTS, ids)
    done = deeds(rows, ids)
    return {
        one.id: _past(one, parts, tuple(requests[one.id]), done.get(one.id, ())) for one in held
    }


def renewed(
    rows: Rows,
    held: Sequence[Relationship],
    before: Mapping[str, Past],
    changed: Collection[str],
) -> dict[str, Past]:
    """The pasts of relationships, of which only these shelves have changed since.

    Nobody did anything by themselves in the meantime.
    """
    ids = [relationship.id for relationship in held]
    parts = {}
    for shelf in OF_HISTORY:
        past = {id: getattr(before[id].history, f"{shelf.noun}s") for id in ids}
        parts[shelf.noun] = _seen(rows, shelf, ids, _by_id(past)) if shelf.noun in changed else past
    requests: Mapping[str, Sequence[Request]] = {id: before[id].requests for id in ids}
    if REQUESTS.noun in changed:
        requests = _by_relationship(rows, REQUESTS, ids, _by_id(requests))
    return {
        one.id: _past(
            one, parts, tuple(requests[one.id]), before[one.id].history.deeds, before[one.id]
        )
        for one in held
    }


def _past(
    held: Relationship,
    parts: Mapping[str, Mapping[str, Sequence[Any]]],
    requests: tuple[Request, ...],
    done: tuple[Deed, ...],
    before: Past | None = None,
) -> Past:
    if before is not None and before.requests == requests:
        seen, troubled = before.history.requests, before.history.concerns
    else:
        seen, troubled = tuple(map(as_coordinator, requests)), concerns(requests)
    of_it = History(
        relationship=as_coordinator(held),
        sessions=sorted_by_start(parts["session"][held.id]),
        goals=tuple(parts["goal"][held.id]),
        requests=seen,
        signals=tuple(parts["signal"][held.id]),
        awards=tuple(parts["award"][held.id]),
        deeds=done,
        concerns=troubled,
        insights=tuple(parts["insight"][held.id]),
    )
    return Past(of_it, requests)


def sorted_by_start(sessions: Iterable[Any]) -> tuple[Any, ...]:
    """Sessions in the order of time."""
    return tuple(sorted(sessions, key=lambda session: (session.starts, session.id)))


def _seen(
    rows: Rows, shelf: Shelf[Any], ids: Sequence[str], known: Mapping[str, Any] = EMPTY
) -> dict[str, list[Any]]:
    """As `_by_relationship`, as coordinators see them."""
    return _by_relationship(rows, shelf, ids, known, as_coordinator)


def _by_relationship(
    rows: Rows,
    shelf: Shelf[Any],
    ids: Sequence[str],
    known: Mapping[str, Any] = EMPTY,
    view: Callable[[Any], Any] = lambda thing: thing,
) -> dict[str, list[Any]]:
    """The things of each; what is known and of the same version still is not made anew."""
    held: dict[str, list[Any]] = {id: [] for id in ids}
    for id, version, data in rows.raw(shelf, where={"relationship": ids}):
        thing = known.get(id)
        if thing is None or thing.version != version:
            thing = view(shelf.thing(version, data))
        held[thing.relationship].append(thing)
    return held


def _by_id(past: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    return {thing.id: thing for things in past.values() for thing in things}
