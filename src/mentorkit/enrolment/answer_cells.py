"""How the answers of a questionnaire are written to cells, and read from what came back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from mentorkit.enrolment.cells import number, parsed, whole_number
from mentorkit.enrolment.column_map import Source, folded
from mentorkit.models import Level, Participant, Skill, Value, Window

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LEVELLED = re.compile(r"(.*\S)\s*:\s*([0-9]{1,6})")
_LIST = Source(column=("any",), split=";")
_OF_PERSON = ("name", "languages", "timezone", "capacity")


@attrs.frozen
class Cell:
    """How one field is written to a cell, and read from what came back."""

    field: str
    say: Callable[[Any], str]
    take: Callable[[str], Any]

    def write(self, held: Participant) -> str:
        """The cell of a participant."""
        value = self._of(held)
        return "" if value is None else self.say(value)

    def _of(self, held: Participant) -> Any:
        table, mark, name = self.field.partition(".")
        if mark:
            named = held.roles if table == "roles" else held.person.attributes
            return named.get(name)
        return getattr(held.person if self.field in _OF_PERSON else held, self.field)

    def put(self, held: Participant, text: str) -> Participant:
        """The participant with what the text means; without it, where it is empty."""
        table, mark, name = self.field.partition(".")
        value = self.take(text) if text else None
        if table == "roles" and mark:
            return attrs.evolve(held, roles=_with(held.roles, name, value))
        if mark:
            attributes = _with(held.person.attributes, name, value)
            return attrs.evolve(held, person=attrs.evolve(held.person, attributes=attributes))
        if self.field in _OF_PERSON:
            value = _default(type(held.person), self.field) if value is None else value
            return attrs.evolve(held, person=attrs.evolve(held.person, **{self.field: value}))
        value = _default(Participant, self.field) if value is None else value
        return attrs.evolve(held, **{self.field: value})


def _with(named: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    others = {key: held for key, held in named.items() if key != name}
    return others if value is None else {**others, name: value}


def _default(cls: type, field: str) -> Any:
    return attrs.fields_dict(cls)[field].default


def items(text: str) -> list[str]:
    return [item for part in text.split(";") if (item := part.strip())]


def _skills(text: str) -> tuple[Skill, ...]:
    found = [(_LEVELLED.fullmatch(item), item) for item in items(text)]
    return tuple(Skill(held[1], int(held[2])) if held else Skill(item) for held, item in found)


def _skill(held: Skill) -> str:
    return held.name if held.level is None else f"{held.name}: {held.level}"


def _window(held: Window) -> str:
    end = held.end if held.end <= 24 * 60 else held.end - 24 * 60
    start, end_words = (f"{at // 60:02}:{at % 60:02}" for at in (held.start, end))
    return f"{_DAYS[held.weekday]} {start}-{end_words}"


def _listed(say: Callable[[Any], str]) -> Callable[[Sequence[Any]], str]:
    return lambda held: "; ".join(map(say, held))


def value_text(held: Value) -> str:
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, tuple):
        return "; ".join(held)
    return f"{held:g}" if isinstance(held, float) and held.is_integer() else str(held)


def reader(known: Iterable[Value | None]) -> Callable[[str], Value]:
    """How an attribute is read: as what the others of the programme hold."""
    held = [value for value in known if value is not None]
    levels = {folded(value.name): value for value in held if isinstance(value, Level)}
    if levels and len(levels) == len({value.rank for value in levels.values()}):
        return lambda text: _level(levels, text)
    kinds = set(map(type, held))
    if kinds == {bool}:
        return _truth
    if kinds and kinds <= {int, float}:
        return number
    return (lambda text: tuple(items(text))) if kinds == {tuple} else str


def _level(levels: Mapping[str, Level], text: str) -> Level:
    if folded(text) not in levels:
        names = [level.name for level in sorted(levels.values(), key=lambda level: level.rank)]
        raise ValueError(f"{text!r} is none of {', '.join(names)}")
    return levels[folded(text)]


def _truth(text: str) -> bool:
    if folded(text) not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither yes nor no")
    return folded(text) == "yes"


def _field(field: str) -> Callable[[str], Any]:
    return lambda text: parsed(field, _LIST, text, ())


KINDS: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "words": (str, str),
    "offers": (_listed(_skill), _skills),
    "seeks": (_listed(_skill), _skills),
    "interests": (_listed(str), _field("interests")),
    "languages": (_listed(str), _field("languages")),
    "availability": (_listed(_window), _field("availability")),
    "hours": (value_text, number),
    "timezone": (str, _field("timezone")),
    "capacity": (str, whole_number),
}
"""How fields are written and read that are more than text."""
