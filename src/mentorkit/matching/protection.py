"""Protected attributes in a match: shown to the uses that a purpose names, and to no other."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from mentorkit.blueprint import check_protected
from mentorkit.interfaces import Columnar, Pool
from mentorkit.models import Columns, Participant, Protected, Value

if TYPE_CHECKING:
    from mentorkit.interfaces import IntArray

T = TypeVar("T", Participant, Columns)
V = TypeVar("V")


def guarded(
    people: Iterable[Participant] | Columns, stated: Mapping[str, Protected]
) -> Iterable[Participant] | Columns:
    """The people with those of their protected attributes alone that some use may read.

    The others play no part in a plan, so they are no part of its record either. Invalid
    where one is held for which nothing is stated, or not apart.
    """
    people = people if isinstance(people, Columns) else tuple(people)
    check_protected(people, stated)
    if not stated:
        return people
    read = {name for name, purpose in stated.items() if purpose.uses}
    if isinstance(people, Columns):
        return _only(people, read)
    return [_only(held, read) for held in people]


def protected_values(
    people: Iterable[Participant] | Columns, attribute: str
) -> dict[str, Value | None]:
    """What each person, by id, has stated of a protected attribute."""
    if isinstance(people, Columns):
        column = people.protected.get(attribute, [None] * len(people))
        return dict(zip(people.ids, column, strict=True))
    return {held.id: held.protected.get(attribute) for held in people}


def _only(held: T, attributes: Set[str]) -> T:
    """A participant, or columns, with no other protected attributes than these."""
    if held.protected.keys() <= attributes:
        return held
    return attrs.evolve(held, protected=_chosen(held.protected, attributes))


def _chosen(protected: Mapping[str, V], attributes: Collection[str]) -> dict[str, V]:
    return {name: held for name, held in protected.items() if name in attributes}


def seen(held: Participant, attributes: Collection[str]) -> Participant:
    """A participant to whom these protected attributes are like any other, and the rest absent."""
    if not held.protected:
        return held
    together = held.person.attributes | _chosen(held.protected, attributes)
    person = attrs.evolve(held.person, attributes=together)
    return attrs.evolve(held, person=person, protected={})


@attrs.frozen(eq=False)
class Seen:
    """A Pool as a use sees it that may read these protected attributes, and no others."""

    pool: Pool
    attributes: frozenset[str]

    @property
    def ids(self) -> Sequence[str]:
        return self.pool.ids

    @property
    def on(self) -> datetime.date | None:
        return self.pool.on

    def __len__(self) -> int:
        return len(self.pool)

    def __getitem__(self, part: slice | IntArray, /) -> Seen:
        return Seen(self.pool[part], self.attributes)

    def values(self, field: str) -> Sequence[Value | None]:
        if field in self.attributes:
            rows = (self.pool.row(index) for index in range(len(self)))
            held = (participant.protected.get(field) for participant in rows)
            return [None if value == () else value for value in held]
        return self.pool.values(field)

    def column(self, field: str) -> Sequence[Any]:
        if field in ("person", "protected") or not isinstance(self.pool, Columnar):
            return [getattr(self.row(index), field) for index in range(len(self))]
        return self.pool.column(field)

    def row(self, index: int) -> Participant:
        return seen(self.pool.row(index), self.attributes)
