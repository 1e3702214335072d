"""A relationship's past, as the coordinator may read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from mentorkit.access import as_coordinator
from mentorkit.models import Concern, Deed, History, Relationship, Request
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
    parts = {shelf.noun: _by_relationship(rows, shelf, ids, as_coordinator) for shelf in OF_HISTORY}
    requests = _by_relationship(rows, REQUESTS, ids)
    parts[REQUESTS.noun] = {id: list(map(as_coordinator, asked)) for id, asked in requests.items()}
    done = deeds(rows, ids)
    return {
        one.id: _past(
            one,
            parts,
            tuple(requests[one.id]),
            done.get(one.id, ()),
            concerns(requests[one.id]),
        )
        for one in held
    }


def renewed(
    held: Sequence[Relationship],
    before: Mapping[str, Past],
    changed: Mapping[str, Mapping[str, Any]],
) -> dict[str, Past]:
    """The pasts of relationships, in which only this has changed since: by shelf, and by id.

    Nobody did anything by themselves in the meantime.
    """
    parts = {}
    for shelf in (*OF_HISTORY, REQUESTS):
        past = {one.id: getattr(before[one.id].history, f"{shelf.noun}s") for one in held}
        parts[shelf.noun] = _changed(past, changed.get(shelf.noun, EMPTY), as_coordinator)
    past = {one.id: before[one.id].requests for one in held}
    requests = _changed(past, changed.get(REQUESTS.noun, EMPTY))
    return {one.id: _again(one, parts, requests[one.id], before[one.id]) for one in held}


def _again(
    held: Relationship,
    parts: Mapping[str, Mapping[str, Sequence[Any]]],
    requests: Sequence[Request],
    before: Past,
) -> Past:
    """A past with what changed in it; deeds are people's own."""
    same = requests is before.requests
    troubled = before.history.concerns if same else concerns(requests)
    return _past(held, parts, tuple(requests), before.history.deeds, troubled)


def _changed(
    past: Mapping[str, Sequence[Any]],
    changed: Mapping[str, Any],
    view: Callable[[Any], Any] = lambda thing: thing,
) -> Mapping[str, Sequence[Any]]:
    """The things of each relationship, in the order of their ids, as they stand by now."""
    fresh: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for thing in changed.values():
        fresh[thing.relationship][thing.id] = view(thing)
    return {
        id: _in_order({**{one.id: one for one in things}, **fresh[id]}) if id in fresh else things
        for id, things in past.items()
    }


def _in_order(things: Mapping[str, Any]) -> list[Any]:
    return [things[id] for id in sorted(things)]


def _past(
    held: Relationship,
    parts: Mapping[str, Mapping[str, Sequence[Any]]],
    requests: tuple[Request, ...],
    done: tuple[Deed, ...],
    troubled: tuple[Concern, ...],
) -> Past:
    of_it = History(
        relationship=as_coordinator(held),
        sessions=sorted_by_start(parts["session"][held.id]),
        goals=tuple(parts["goal"][held.id]),
        requests=tuple(parts["request"][held.id]),
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


def _by_relationship(
    rows: Rows,
    shelf: Shelf[Any],
    ids: Sequence[str],
    view: Callable[[Any], Any] = lambda thing: thing,
) -> dict[str, list[Any]]:
    """The things of each, in the order of their ids."""
    held: dict[str, list[Any]] = {id: [] for id in ids}
    for thing in rows.find(shelf, relationship=ids):
        held[thing.relationship].append(view(thing))
    return held
