"""Columns of people as they are given: each entry is checked as the field that it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial
from itertools import chain
from operator import attrgetter, lt
from types import NoneType
from typing import Any

import attrs

from mentorkit.errors import Invalid, below
from mentorkit.models.frozenmap import EMPTY, FrozenMap
from mentorkit.models.participant import Instead, Participant, Skill, Travel, Window
from mentorkit.models.person import Person
from mentorkit.models.plain import plain, shown

FIELDS = {field.name: field for cls in (Person, Participant) for field in attrs.fields(cls)}
"""The fields of a person and of a participant."""
NAMED = frozenset(name for name, field in FIELDS.items() if field.default is EMPTY)
"""Those that are not one column, but one for each name."""

_OBJECTS: dict[str, tuple[type, Callable[[Any], Any]]] = {
    "offers": (Skill, attrgetter("name")),
    "seeks": (Skill, attrgetter("name")),
    "availability": (Window, attrgetter("weekday", "start", "end")),
}
"""The fields that list objects of a class, in the order of a key that none has twice."""
_SPANS = {"exceptions": Instead, "travel": Travel}
"""The fields that list spans of days; in order they may still overlap."""
_COMPARABLE = {str, int, float, bool}
_CHUNK = 2**16


@attrs.frozen
class Reading:
    """Reads the columns of the people with these ids. Raises Invalid at the first fault."""

    ids: tuple[str, ...]

    @classmethod
    def of(cls, column: object) -> Reading:
        ids = tuple(_entries("ids", column))
        for row, own in enumerate(ids):
            try:
                _taken("id", own)
            except Invalid as error:
                raise Invalid(below("ids", row), error.faults[0].sentence) from None
        places = dict(zip(ids, range(len(ids)), strict=True))
        if len(places) < len(ids):
            row = next(row for row, own in enumerate(ids) if places[own] != row)
            where = f"at {row} and at {places[ids[row]]}; ids must be unique"
            raise Invalid("ids", f"{ids[row]!r} is there twice, {where}")
        return cls(ids)

    def field(self, name: str, given: Any) -> tuple[Any, ...] | FrozenMap[tuple[Any, ...]]:
        """What is given for a field: a column, or several by name."""
        if name not in NAMED:
            default = FIELDS[name].default
            return self._column(name, given, _OTHERS.get(name, partial(_text, name)), default)
        if not isinstance(given, Mapping):
            raise Invalid(name, f"must be a table of columns by name, not {shown(given)}")
        for key in given:
            if not isinstance(key, str) or not plain(key):
                raise Invalid(name, f"must have names as keys, not {shown(key)}")
        return FrozenMap(
            {
                key: self._column(below(name, key), column, partial(_of_name, name, key), None)
                for key, column in given.items()
            }
        )

    def _column(
        self, place: str, column: object, take: Callable[[Any], Any], default: Any
    ) -> tuple[Any, ...]:
        entries = _entries(place, column)
        if len(entries) != len(self.ids):
            raise Invalid(
                place,
                f"has {len(entries)} entries for {len(self.ids)} people; a column has one for"
                " each of them, None where nothing is known",
            )
        chunks = range(0, len(entries), _CHUNK)
        taken = (
            self._chunk(place, start, entries[start : start + _CHUNK], take, default)
            for start in chunks
        )
        return tuple(chain.from_iterable(taken))

    def _chunk(
        self, place: str, start: int, entries: list[Any], take: Callable[[Any], Any], default: Any
    ) -> Iterable[Any]:
        """Some entries, of which what is there often is looked at once."""
        kinds = set(map(type, entries)) - {NoneType}
        # Of several types, 1 and True would be one.
        comparable = len(kinds) == 1 and kinds <= _COMPARABLE
        keys = entries if comparable else list(map(id, entries))
        known = {}
        for key, entry in dict(zip(keys, entries, strict=True)).items():
            try:
                known[key] = default if entry is None else take(entry)
            except Invalid as error:
                row = start + keys.index(key)
                where = f"{below(place, row)} of {self.ids[row]!r}"
                raise Invalid(where, error.faults[0].sentence) from None
        return map(known.__getitem__, keys)


def _entries(place: str, column: Any) -> list[Any]:
    """The entries of a column, as Python's own values."""
    if hasattr(column, "tolist"):
        column = column.tolist()
    if isinstance(column, str | bytes | Mapping | Set) or not isinstance(column, Iterable):
        raise Invalid(
            place, f"must be a list or an array with an entry for each person, not {shown(column)}"
        )
    return list(column)


def _taken(name: str, value: Any) -> Any:
    """A value as its field makes and checks it."""
    field = FIELDS[name]
    if callable(field.converter):
        value = field.converter(value)
    if field.validator:
        field.validator(None, field, value)
    return value


def _text(name: str, entry: Any) -> Any:
    return _taken(name, _plain_text(entry))


def _plain_text(entry: Any) -> str:
    if not isinstance(entry, str) or not plain(entry):
        raise Invalid("", f"must be text, not {shown(entry)}")
    return entry


def _of_name(name: str, key: str, entry: Any) -> Any:
    """An entry of one of several columns, such as a role or an attribute."""
    if hasattr(entry, "tolist"):
        entry = entry.tolist()
    if entry != entry:
        raise Invalid("", f"must not be {shown(entry)}; write None where nothing is known")
    return _taken(name, {key: entry})[key]


def _words(name: str, entry: Any) -> Any:
    words = _listed(entry)
    try:
        fine = plain("".join(words))
    except TypeError:
        fine = False
    return _in_order(name, words if fine else tuple(map(_plain_text, words)), words)


def _objects(name: str, entry: Any) -> Any:
    cls, key = _OBJECTS[name]
    listed = _listed(entry)
    if set(map(type, listed)) - {cls}:
        listed = tuple(_object(cls, held) for held in listed)
    return _in_order(name, listed, list(map(key, listed)))


def _spans(name: str, entry: Any) -> Any:
    listed = tuple(_object(_SPANS[name], held) for held in _listed(entry))
    return _taken(name, listed) if listed else listed


def _in_order(name: str, listed: tuple[Any, ...], keys: Sequence[Any]) -> Any:
    # In order they are what the field would make of them, which takes much longer.
    return listed if all(map(lt, keys, keys[1:])) else _taken(name, listed)


def _object(cls: type, held: Any) -> Any:
    if cls is Skill and isinstance(held, str):
        return Skill(held)
    if not isinstance(held, cls):
        raise Invalid("", f"must be a list of {cls.__name__}s, not with {shown(held)}")
    return held


def _listed(entry: Any) -> tuple[Any, ...]:
    if hasattr(entry, "tolist"):
        entry = entry.tolist()
    if not isinstance(entry, list | tuple):
        raise Invalid("", f"must be a list, not {shown(entry)}")
    return tuple(entry)


def _number(name: str, entry: Any) -> Any:
    return _taken(name, entry.tolist() if hasattr(entry, "tolist") else entry)


_OTHERS: dict[str, Callable[[Any], Any]] = {
    name: partial(_objects if name in _OBJECTS else _spans if name in _SPANS else _words, name)
    for name, field in FIELDS.items()
    if field.default == ()
} | {name: partial(_number, name) for name in ("hours", "capacity")}
"""What is made of an entry of the fields that are lists or numbers."""
