"""The mapping: which column of a spreadsheet says what about a person."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.errors import Invalid, below
from mentorkit.models import FrozenMap
from mentorkit.models.frozenmap import EMPTY, frozen_map
from mentorkit.models.plain import not_blank

TEXTS = ("id", "name", "email", "timezone", "locale", "manager", "aims", "brings")
WORDS = ("languages", "interests", "prefers", "avoids", "not_again")
SKILLS = ("offers", "seeks")
WINDOWS = ("availability",)
NUMBERS = ("hours", "capacity")
KNOWN = (*TEXTS, *WORDS, *SKILLS, *WINDOWS, *NUMBERS)
"""Fields of a participant; any other name is an attribute of the person."""


def folded(name: str) -> str:
    """A name as it is compared: without regard to case and spacing."""
    return " ".join(name.casefold().split())


def close(name: str, known: Iterable[str]) -> str | None:
    """The known name that is almost this one, and so may be meant by it."""
    plain = folded(name).replace(" ", "_")
    near = difflib.get_close_matches(plain, known, 1, 0.85)
    return near[0] if near and near[0] != name else None


def _each_once(_: object, field: attrs.Attribute[tuple[str, ...]], words: tuple[str, ...]) -> None:
    if not all(folded(word) for word in words):
        raise Invalid(field.name, "must not hold an empty text")
    if len({folded(word) for word in words}) < len(words):
        raise Invalid(
            field.name, "must name each only once; upper and lower case are the same here"
        )


def _separator(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value == "":
        raise Invalid(field.name, 'must be the sign between the parts, such as ";"')


def _row(_: object, field: attrs.Attribute[int | None], value: int | None) -> None:
    if value is not None and value < 1:
        raise Invalid(field.name, f"must be the number of a row, from 1, not {value}")


def _decimal(_: object, field: attrs.Attribute[str], value: str) -> None:
    if value not in (".", ","):
        raise Invalid(field.name, f'must be "." or ",", not {value!r}')


@attrs.frozen(kw_only=True)
class Source:
    """Where a field's text comes from and how it is read.

    Several columns are joined with `join`; `value` is the same text for everybody.
    `split` separates a list. `scale` orders words from the lowest. `number` reads a
    number, with the sign `decimal` before its fraction. `level_after` separates a skill
    from its level: a number from 1, or a word of the scale.
    """

    column: tuple[str, ...] = attrs.field(default=(), validator=_each_once)
    join: str = " "
    value: str | None = None
    split: str | None = attrs.field(default=None, validator=_separator)
    level_after: str | None = attrs.field(default=None, validator=_separator)
    scale: tuple[str, ...] = attrs.field(default=(), validator=_each_once)
    number: bool = False
    decimal: str = attrs.field(default=".", validator=_decimal)

    def __attrs_post_init__(self) -> None:
        if self.decimal != "." and not self.number:
            raise Invalid("decimal", "is for numbers alone; add number = true")
        if bool(self.column) == (self.value is not None):
            raise Invalid("column", "must be named, unless a value stands in its place")
        for setting in ("split", "scale", "level_after"):
            if self.number and getattr(self, setting):
                raise Invalid(setting, "has no use for a number; take one of them out")


@attrs.frozen(kw_only=True)
class Condition:
    """Holds for a row whose number lies within bounds, or whose word is one of several."""

    column: str = attrs.field(validator=not_blank)
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = attrs.field(default=(), validator=_each_once)
    decimal: str = attrs.field(default=".", validator=_decimal)

    def __attrs_post_init__(self) -> None:
        if self.decimal != "." and self.one_of:
            raise Invalid("decimal", "is for numbers alone; take it out")
        bounded = self.at_least is not None or self.at_most is not None
        if bounded == bool(self.one_of):
            raise Invalid("", "needs at_least or at_most or both, or else one_of")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise Invalid("at_least", f"must not be above at_most, which is {self.at_most:g}")


ONE = Source(value="1", number=True)


@attrs.frozen(kw_only=True)
class RoleRule:
    """Whose role it is: rows of matching `files` for which `when` holds; without both, all.

    `capacity` is how many partners they take; 0 is a pause, and an empty cell counts as 1.
    `files` is a pattern such as `*mentors*` for the file's name, whatever its case.
    """

    capacity: Source = ONE
    files: str | None = None
    when: Condition | None = None


def _fitting(_: object, field: attrs.Attribute[Any], fields: FrozenMap[Source]) -> None:
    """Refuse a way of reading that a field has no use for; an attrs validator."""
    if "id" not in fields:
        raise Invalid("fields.id", "is missing; name the column that tells people apart")
    if not fields["id"].column:
        raise Invalid("fields.id.column", "is missing; an id differs from person to person")
    for name, source in fields.items():
        if name not in KNOWN and (near := close(name, KNOWN)):
            raise Invalid(
                below("fields", name),
                f"is almost the known field {near!r}; write that, or give it another name",
            )
        for setting in _unused(name, source):
            if getattr(source, setting):
                path = below(below("fields", name), setting)
                raise Invalid(path, f"{name} is read without it; take it out")


def _apart(_: object, field: attrs.Attribute[Any], sources: FrozenMap[Source]) -> None:
    """Refuse what could not be agreed to by each person for themselves; an attrs validator."""
    for name, source in sources.items():
        place = below(field.name, name)
        if name in KNOWN:
            raise Invalid(place, "is a known field, which is never protected; read it in [fields]")
        if not source.column:
            raise Invalid(place, "must be read from a column: an empty cell means not agreed")
        if source.level_after:
            raise Invalid(below(place, "level_after"), f"{name} is read without it; take it out")


def _unused(name: str, source: Source) -> tuple[str, ...]:
    """The settings of a source that say nothing about a field of that name."""
    if name in TEXTS:
        return ("number", "split", "scale", "level_after")
    if name in NUMBERS:
        return ("split", "scale", "level_after")
    if name in SKILLS:
        return ("number",) if source.level_after else ("number", "scale")
    if name in KNOWN:
        return ("number", "scale", "level_after")
    return ("level_after", "scale") if source.split else ("level_after",)


@attrs.frozen(kw_only=True)
class ColumnMap:
    """Which columns say what, whose role is which, and how the files are read.

    `missing` are texts that stand for an empty cell, whatever their case. `left_out`
    says of columns why they are not read; a column cannot be both. `header_row` is the row
    of the column names. It, `delimiter`, `encoding` and `sheet` go to the rosters that have
    such a setting. `protected` are attributes that are kept apart, of those people alone in
    whose cells something stands: they agreed to the purpose that the programme states.
    """

    fields: FrozenMap[Source] = attrs.field(converter=frozen_map, validator=_fitting)
    protected: FrozenMap[Source] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=_apart
    )
    roles: FrozenMap[RoleRule] = attrs.field(default=EMPTY, converter=frozen_map)
    missing: tuple[str, ...] = attrs.field(default=(), validator=_each_once)
    header_row: int | None = attrs.field(default=None, validator=_row)
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    left_out: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map)

    def __attrs_post_init__(self) -> None:
        left_out = {folded(column) for column in self.left_out}
        for place, source in self.places():
            for column in source.column:
                if folded(column) in left_out:
                    raise Invalid(
                        place,
                        f"reads the column {column!r}, which left_out names; take it out of one",
                    )
        read = {folded(column) for source in self.fields.values() for column in source.column}
        for name, source in self.protected.items():
            if name in self.fields or read & set(map(folded, source.column)):
                raise Invalid(below("protected", name), "is read in [fields], too; take that out")

    def places(self) -> Iterator[tuple[str, Source]]:
        """Every field and protected attribute by its place in the file."""
        for table in ("fields", "protected"):
            for name, source in getattr(self, table).items():
                yield below(table, name), source


def load_map(path: str | Path) -> ColumnMap:
    """The mapping in a TOML file. Raises Invalid with the path of every fault."""
    return codec.from_toml(ColumnMap, path, _spelled_out)


_OF_PROGRAMMES = ("criteria", "constraints", "policies")


def _spelled_out(data: dict[str, Any]) -> dict[str, Any]:
    """The mapping with every short form as the table that it stands for."""
    if strange := [name for name in _OF_PROGRAMMES if name in data]:
        raise Invalid(
            strange[0],
            "is a part of programmes, so this looks like a programme; a mapping has [fields] and"
            " [roles.mentee]",
        )
    data = dict(data)
    for table in ("fields", "protected"):
        if isinstance(sources := data.get(table), Mapping):
            data[table] = {name: _source(held) for name, held in sources.items()}
    if isinstance(roles := data.get("roles"), Mapping):
        data["roles"] = {name: _role(held) for name, held in roles.items()}
    return data


def _source(held: Any) -> Any:
    match held:
        case str():
            return {"column": [held]}
        case list():
            return {"column": held}
        case {"column": str(column), **rest}:
            return {"column": [column], **rest}
    return held


def _role(held: Any) -> Any:
    if not isinstance(held, Mapping) or "capacity" not in held:
        return held
    capacity = held["capacity"]
    if type(capacity) is int:
        return {**held, "capacity": {"value": str(capacity), "number": True}}
    return {**held, "capacity": _source(capacity)}
