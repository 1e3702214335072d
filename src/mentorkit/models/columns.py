"""Many people at once, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

import attrs

from mentorkit.models.column_reading import FIELDS, NAMED, Reading
from mentorkit.models.frozenmap import EMPTY, FrozenMap
from mentorkit.models.participant import Participant
from mentorkit.models.person import Person

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")

# Text, so that naming this type does not load NumPy.
Column: TypeAlias = "Sequence[Any] | NDArray[Any]"
"""An entry for each person, None where nothing is known."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Columns:
    """People as columns: a quicker and smaller way to give many than one Participant each.

    Every column is a list, a tuple or an array with an entry for each person, all in the same
    order, None where nothing is known; it is read once. Columns have the names of the fields
    of Participant and Person, and hold their values. `roles`, `attributes` and `protected` are
    a column for each name; None in a role means not to have it. A skill without a level may
    be its name alone. What the fields would refuse raises Invalid, which names column, row and
    person.
    """

    ids: Column
    roles: Mapping[str, Column]
    name: Column | None = None
    email: Column | None = None
    timezone: Column | None = None
    locale: Column | None = None
    languages: Column | None = None
    attributes: Mapping[str, Column] = EMPTY
    offers: Column | None = None
    seeks: Column | None = None
    interests: Column | None = None
    availability: Column | None = None
    exceptions: Column | None = None
    travel: Column | None = None
    prefers: Column | None = None
    avoids: Column | None = None
    manager: Column | None = None
    not_again: Column | None = None
    hours: Column | None = None
    aims: Column | None = None
    brings: Column | None = None
    capacity: Column | None = None
    protected: Mapping[str, Column] = EMPTY

    def __attrs_post_init__(self) -> None:
        reading = Reading.of(self.ids)
        given = {name: getattr(self, name, None) for name in FIELDS}
        read = {name: reading.field(name, held) for name, held in given.items() if held is not None}
        _put(self, {"ids": reading.ids, **read})

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Participant]:
        return map(self.row, range(len(self)))

    def __repr__(self) -> str:
        return f"<Columns of {len(self)} people>"

    def row(self, index: int) -> Participant:
        """The person of a row, counted from 0."""
        person = self._people.made(index)
        return self._participants.made(index, person=person)

    @cached_property
    def _people(self) -> _Part[Person]:
        return _Part.of(Person, self)

    @cached_property
    def _participants(self) -> _Part[Participant]:
        return _Part.of(Participant, self)


_PLURAL = {"id": "ids"}


def _put(made: object, fields: Mapping[str, Any]) -> None:
    for name, held in fields.items():
        object.__setattr__(made, name, held)


@attrs.frozen
class _Part(Generic[T]):
    """The columns that are fields of one class."""

    cls: type[T]
    absent: dict[str, Any]
    single: dict[str, Sequence[Any]]
    named: dict[str, Mapping[str, Sequence[Any]]]

    @classmethod
    def of(cls, made: type[T], columns: Columns) -> _Part[T]:
        names = [field.name for field in attrs.fields(cast(Any, made))]
        held = {name: getattr(columns, _PLURAL.get(name, name), None) for name in names}
        given: dict[str, Any] = {name: one for name, one in held.items() if one is not None}
        return cls(
            cls=made,
            absent={name: FIELDS[name].default for name in held.keys() - given.keys()},
            single={name: column for name, column in given.items() if name not in NAMED},
            named={name: columns for name, columns in given.items() if name in NAMED},
        )

    def made(self, index: int, **known: Any) -> T:
        """The object of one row."""
        # All was checked when it was read; checking it again takes five times as long.
        made = object.__new__(self.cls)
        _put(made, self.absent)
        _put(made, known)
        for name, column in self.single.items():
            object.__setattr__(made, name, column[index])
        for name, columns in self.named.items():
            entries = [(key, column[index]) for key, column in columns.items()]
            held = FrozenMap({key: entry for key, entry in entries if entry is not None})
            object.__setattr__(made, name, held)
        return made
