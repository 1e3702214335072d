"""Many values as compact JSON at once: the text of each is what the codec writes of it alone.

Asking the codec for each of a hundred thousand people takes several times as long. What people
did not always have is left out where they have none of it: digests of then still hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from types import NoneType
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.models import FrozenMap, Instead, Level, Participant, Person, Skill, Travel, Window

RECORDS = (Participant, Person, Level, Skill, Window, Instead, Travel)
SCALARS = {str, int, float, bool, NoneType}
LATER = {
    "protected": "{}",
    "hours": "null",
    "aims": '""',
    "brings": '""',
    "capacity": "null",
    "exceptions": "[]",
    "travel": "[]",
}
"""Fields of people that were added when plans with digests of people were kept already, each
with how it is written where there is none of it."""


def written(values: Sequence[Any]) -> list[str]:
    """The JSON of each value. An object that is there often is written once."""
    kinds = set(map(type, values))
    if kinds <= SCALARS:
        return _scalars(values)
    if len(kinds) > 1:
        return _by_kind(values, kinds)
    once = {id(value): value for value in values}
    if len(once) < len(values):
        texts = dict(zip(once, written(list(once.values())), strict=True))
        return [texts[id(value)] for value in values]
    (kind,) = kinds
    if kind is tuple:
        return _lists(values)
    if kind is FrozenMap:
        return _maps(values)
    if kind in RECORDS:
        names = field_names(kind)
        return records({name: written([getattr(held, name) for held in values]) for name in names})
    return [codec.to_json(value, compact=True).rstrip("\n") for value in values]


def records(columns: Mapping[str, list[str]]) -> list[str]:
    """A table for each row of texts, by the names of their columns."""
    template = "".join("%s" if name in LATER else f'"{name}":%s,' for name in columns)
    texts = [
        [f'"{name}":{text},' if text != LATER[name] else "" for text in held]
        if name in LATER
        else held
        for name, held in columns.items()
    ]
    return ["{" + (template % row)[:-1] + "}" for row in zip(*texts, strict=True)]


def tables(columns: Mapping[str, Sequence[Any]], count: int) -> list[str]:
    """A table for each of so many rows, without the names under which it holds None."""
    pairs = [_named(name, held) for name, held in sorted(columns.items())]
    rows = zip(*pairs, strict=True) if pairs else [()] * count
    return ["{" + ",".join(filter(None, row)) + "}" for row in rows]


def field_names(cls: type) -> list[str]:
    """The fields of an attrs class, in the order in which they are written."""
    return sorted(field.name for field in attrs.fields(cls))


def _named(name: str, values: Sequence[Any]) -> list[str]:
    (key,) = _scalars([name])
    texts = zip(values, written(values), strict=True)
    return ["" if value is None else f"{key}:{text}" for value, text in texts]


def _scalars(values: Sequence[Any]) -> list[str]:
    # JSON writes no text with a bare line break in it.
    told = json.dumps(values, ensure_ascii=False, allow_nan=False, separators=("\n", ":"))
    return told[1:-1].split("\n") if values else []


def _by_kind(values: Sequence[Any], kinds: set[type]) -> list[str]:
    texts = [""] * len(values)
    for kind in kinds:
        places = [place for place, value in enumerate(values) if type(value) is kind]
        for place, text in zip(places, written([values[at] for at in places]), strict=True):
            texts[place] = text
    return texts


def _lists(values: Sequence[tuple[Any, ...]]) -> list[str]:
    texts = iter(written(list(chain.from_iterable(values))))
    return ["[" + ",".join(islice(texts, len(value))) + "]" for value in values]


def _maps(values: Sequence[FrozenMap[Any]]) -> list[str]:
    items = list(chain.from_iterable(value.items() for value in values))
    names = _scalars([name for name, _ in items])
    texts = written([held for _, held in items])
    pairs = (f"{name}:{text}" for name, text in zip(names, texts, strict=True))
    return ["{" + ",".join(islice(pairs, len(value))) + "}" for value in values]
