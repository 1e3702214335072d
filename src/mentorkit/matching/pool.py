"""Participants of one role as columns."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from mentorkit.models import Participant, Value

if TYPE_CHECKING:
    from mentorkit.interfaces import IntArray


class ParticipantPool:
    """A Pool over participants, kept in the order of their ids.

    That order is what makes a plan depend on the people and not on how they were listed.
    """

    def __init__(self, people: Iterable[Participant], on: datetime.date | None = None) -> None:
        self._people = tuple(sorted(people, key=lambda participant: participant.id))
        self._on = on

    @cached_property
    def ids(self) -> Sequence[str]:
        return tuple(participant.id for participant in self._people)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each person stands."""
        return {person: index for index, person in enumerate(self.ids)}

    @property
    def on(self) -> datetime.date | None:
        return self._on

    def __len__(self) -> int:
        return len(self._people)

    def __getitem__(self, part: slice | IntArray, /) -> ParticipantPool:
        chosen = self._people[part] if isinstance(part, slice) else [self._people[i] for i in part]
        return _unsorted(chosen, self._on)

    def values(self, field: str) -> Sequence[Value | None]:
        return [participant.value(field) for participant in self._people]

    def row(self, index: int) -> Participant:
        return self._people[index]


def _unsorted(people: Iterable[Participant], on: datetime.date | None) -> ParticipantPool:
    """A part of a pool, which may repeat people and have any order."""
    part = ParticipantPool((), on)
    part._people = tuple(people)
    return part
