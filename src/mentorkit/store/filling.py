"""Columns filled straight from what is kept of people, without an object for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.models import Columns, Instead, Level, Skill, Travel, Window

_RECORDS = {"offers": Skill, "seeks": Skill, "availability": Window}
_SPANS: dict[str, type] = {"exceptions": Instead, "travel": Travel}
_NAMED = ("roles", "attributes", "protected")
_FIELDS = {"id", *(field.name for field in attrs.fields(Columns))}


def filled(kept: Sequence[tuple[str, str]], taken: Mapping[tuple[str, str], int]) -> Columns:
    """The people whose texts `members.texts` made, less the places (person, role) taken."""
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
    for field in single.keys() & _RECORDS.keys():
        made = _once(_RECORDS[field])
        single[field] = [held and tuple(map(made, held)) for held in single[field]]
    for field in single.keys() & _SPANS.keys():
        restored = partial(codec.restore, _SPANS[field])
        single[field] = [held and tuple(map(restored, held)) for held in single[field]]
    return Columns(
        ids=ids,
        roles={role: _left(ids, role, held, taken) for role, held in named["roles"].items()},
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


def _once(cls: type) -> Callable[[dict[str, Any]], Any]:
    """Makes objects of a class, equal ones once."""
    known: dict[Any, Any] = {}

    def made(data: dict[str, Any]) -> Any:
        key = tuple(data.items())
        if key not in known:
            known[key] = codec.restore(cls, data)
        return known[key]

    return made
