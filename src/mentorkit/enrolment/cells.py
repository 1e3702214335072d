"""A cell's text to the value that it means. Every ValueError says what would be right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

import attrs

from mentorkit.enrolment.availability import windows
from mentorkit.enrolment.column_map import (
    NUMBERS,
    SKILLS,
    TEXTS,
    WINDOWS,
    WORDS,
    Source,
    folded,
)
from mentorkit.errors import Invalid
from mentorkit.models import Level, Participant, Person, Skill, Value

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]{1,2})")
_SWAPPED = str.maketrans(",.", ".,")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?|[0-9]{1,2}([./])[0-9]{1,2}\2[0-9]{2,4}")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")


def parsed(field: str, source: Source, text: str, missing: Collection[str]) -> Any:
    """What a text means as a field of a participant, checked as the models check it."""
    if field in TEXTS:
        return _checked(field, text)
    if field in WORDS:
        return _checked(field, tuple(_items(source, text, missing)))
    if field in SKILLS:
        items = _items(source, text, missing)
        return _checked(field, tuple(dict.fromkeys(_skill(source, item) for item in items)))
    if field in WINDOWS:
        items = _items(source, text, missing)
        return tuple(sorted({window for item in items for window in windows(item)}))
    if field in NUMBERS:
        read = whole_number if field == "capacity" else number
        return _checked(field, read(text, source.decimal))
    return _attribute(source, text, missing)


def sentence(error: ValueError) -> str:
    """What a model or a reader of cells says, without the field that it says it of."""
    if isinstance(error, Invalid):
        return "; ".join(fault.sentence for fault in error.faults)
    return str(error)


def number(text: str, decimal: str = ".") -> int | float:
    """A number with that decimal sign; whole ones as int.

    >>> number("12"), number("12.0"), number("-1.5"), number("-1,5", ",")
    (12, 12, -1.5, -1.5)
    """
    other = "," if decimal == "." else "."
    pointed = text.translate(_SWAPPED) if decimal == "," else text
    if _NUMBER.fullmatch(pointed):
        value = float(pointed)
        return int(value) if value.is_integer() else value
    if _DATE.fullmatch(text):
        raise ValueError(
            f"{text!r} is a date, not a number, and dates cannot be compared; leave the column out"
        )
    if held := _COMMA.fullmatch(pointed):
        raise ValueError(
            f"{text!r} is not a number; write {held[1]}{decimal}{held[2]},"
            f' or state decimal = "{other}" in the mapping'
        )
    if _THOUSANDS.fullmatch(pointed):
        raise ValueError(f"{text!r} is not a number; write {text.replace(other, '')}")
    raise ValueError(f"{text!r} is not a number; write one like 12 or 1{decimal}5, without a unit")


def whole_number(text: str, decimal: str = ".") -> int:
    """A number of people, 0 or more."""
    try:
        value = number(text, decimal)
    except ValueError:
        value = -1
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{text!r} is not a number of people; write 0, 1, 2…")
    return value


def _attribute(source: Source, text: str, missing: Collection[str]) -> Value | None:
    if source.number:
        return number(text, source.decimal)
    if source.scale:
        return _level(source.scale, text)
    if source.split:
        return tuple(dict.fromkeys(_items(source, text, missing))) or None
    return text


def _items(source: Source, text: str, missing: Collection[str]) -> Iterable[str]:
    parts = [part.strip() for part in text.split(source.split)] if source.split else [text]
    return [part for part in parts if part and folded(part) not in missing]


def _rank(scale: tuple[str, ...], text: str) -> int | None:
    wanted = folded(text)
    return next((rank for rank, word in enumerate(scale) if folded(word) == wanted), None)


def _level(scale: tuple[str, ...], text: str) -> Level:
    rank = _rank(scale, text)
    if rank is None:
        raise ValueError(f"{text!r} is not on the scale {', '.join(scale)}")
    return Level(rank, scale[rank])


def _skill(source: Source, text: str) -> Skill:
    name, mark, level = text.rpartition(source.level_after) if source.level_after else ("", "", "")
    if not mark:
        return Skill(text)
    name, level = name.strip(), level.strip()
    if (rank := _rank(source.scale, level)) is not None:
        return Skill(name, rank + 1)
    if not re.fullmatch("[0-9]{1,6}", level):
        words = f", or one of {', '.join(source.scale)}" if source.scale else ""
        raise ValueError(f"{level!r} is not a level of {name!r}; write 1, 2, 3…{words}")
    return Skill(name, int(level))


def _checked(field: str, value: Any) -> Any:
    """The value as the model takes it, or the model's own ValueError."""
    model = Person if field in attrs.fields_dict(Person) else Participant
    held = attrs.fields_dict(model)[field]
    if callable(held.converter):
        value = held.converter(value)
    if held.validator is not None:
        held.validator(None, held, value)
    return value
