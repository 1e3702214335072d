"""Columns filled straight from what is kept of people, without an object for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.models import Columns, Instead, Level, Skill, Travel, Window
from mentorkit.models.frozenmap import EMPTY

_RECORDS = {"offers": Skill, "seeks": Skill, "availability": Window}
_SPANS: dict[str, type] = {"exceptions": Instead, "travel": Travel}
_NAMED = ("roles", "attributes", "protected")
_FIELDS = {"id", *(field.name for field in attrs.fields(Columns))}

Wished = tuple[tuple[str, ...], Collection[str]]
"""Whom somebody prefers to others, best first, and whom they prefer no longer."""


def filled(
    kept: Sequence[tuple[str, ...]],
    taken: Mapping[tuple[str, str], int],
    *,
    apart: Mapping[str, Sequence[str]] = EMPTY,
    wished: Mapping[str, Wished] = EMPTY,
    without: Iterable[str] = (),
    order: Sequence[str] = (),
    everywhere: Callable[[Sequence[str]], Mapping[str, int]] = lambda people: {},
) -> Columns:
    """The people whose texts `members.texts` made, less the places (person, role) taken.

    `apart` is with whom else people are not to be matched again, `wished` whom they prefer to all
    whom they stated, and whom they prefer no longer. They are `without`
    attributes of these names. Those with a capacity of their own have no more places than that
    leaves them, with the places that they have taken `everywhere`: the first roles of the
    `order` are given theirs first.
    """
    single: dict[str, list[Any]] = {"id": []}
    named: dict[str, dict[str, list[Any]]] = {field: {} for field in _NAMED}
    for row, texts in enumerate(kept):
        for field, held in chain.from_iterable(json.loads(text).items() for text in texts):
            if field in named:
                for name, entry in held.items():
                    _column(named[field], name, len(kept))[row] = entry
            elif field in _FIELDS:
                _column(single, field, len(kept))[row] = held
    ids = single.pop("id")
    for row, whom in enumerate(ids):
        if whom in apart:
            column = _column(single, "not_again", len(kept))
            column[row] = sorted({*(column[row] or ()), *apart[whom]})
        if whom in wished:
            first, never = wished[whom]
            column = _column(single, "prefers", len(kept))
            stated = (one for one in column[row] or () if one not in never)
            column[row] = list(dict.fromkeys((*first, *stated)))
    for name in without:
        named["attributes"].pop(name, None)
    for field in single.keys() & _RECORDS.keys():
        made = _once(_RECORDS[field])
        single[field] = [held and tuple(map(made, held)) for held in single[field]]
    for field in single.keys() & _SPANS.keys():
        restored = partial(codec.restore, _SPANS[field])
        single[field] = [held and tuple(map(restored, held)) for held in single[field]]
    roles = {role: _left(ids, role, held, taken) for role, held in named["roles"].items()}
    if any(most is not None for most in single.get("capacity", ())):
        columns = [
            roles[role] for role in (*order, *sorted(set(roles) - set(order))) if role in roles
        ]
        _limit(ids, columns, single["capacity"], everywhere)
    return Columns(
        ids=ids,
        roles=roles,
        attributes=_levelled(named["attributes"]),
        protected=_levelled(named["protected"]),
        **single,
    )


def _levelled(columns: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Columns of attributes, with levels as what they are."""
    level = _once(Level)
    return {
        name: [level(held) if isinstance(held, dict) else held for held in column]
        for name, column in columns.items()
    }


def _column(columns: dict[str, list[Any]], name: str, count: int) -> list[Any]:
    if not columns.get(name):
        columns[name] = [None] * count
    return columns[name]


def _left(
    ids: Sequence[str],
    role: str,
    places: Sequence[int | None],
    taken: Mapping[tuple[str, str], int],
) -> list[int | None]:
    return [
        most if most is None else max(0, most - taken.get((person, role), 0))
        for person, most in zip(ids, places, strict=True)
    ]


def _limit(
    ids: Sequence[str],
    roles: Sequence[list[int | None]],
    capacity: Sequence[int | None],
    everywhere: Callable[[Sequence[str]], Mapping[str, int]],
) -> None:
    """Leave those with a capacity of their own no more places, role after role, than it has."""
    limited = {row: most for row, most in enumerate(capacity) if most is not None}
    taken = everywhere([ids[row] for row in limited])
    for row, most in limited.items():
        left = max(0, most - taken.get(ids[row], 0))
        for places in roles:
            given = min(places[row] or 0, left)
            places[row] = given if places[row] is not None else None
            left -= given


def _once(cls: type) -> Callable[[dict[str, Any]], Any]:
    """Makes objects of a class, equal ones once."""
    known: dict[Any, Any] = {}

    def made(data: dict[str, Any]) -> Any:
        key = tuple(data.items())
        if key not in known:
            known[key] = codec.restore(cls, data)
        return known[key]

    return made
