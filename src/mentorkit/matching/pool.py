"""Participants of one role as columns."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mentorkit.matching.sources import ColumnSource, ParticipantSource, Source
from mentorkit.models import Columns, Participant, Value

if TYPE_CHECKING:
    from mentorkit.interfaces import IntArray

_CHUNK = 2**14


class ParticipantPool:
    """A Pool over participants or columns, kept in the order of their ids.

    That order is what makes a plan depend on the people and not on how they were listed.
    """

    def __init__(
        self, people: Iterable[Participant] | Columns, on: datetime.date | None = None
    ) -> None:
        self._source: Source
        self._source = (
            ColumnSource(people) if isinstance(people, Columns) else ParticipantSource(people)
        )
        ids = self._source.ids
        self._rows: Sequence[int] = sorted(range(len(ids)), key=ids.__getitem__)
        self._on = on

    @cached_property
    def ids(self) -> Sequence[str]:
        ids = self._source.ids
        return tuple(ids[row] for row in self._rows)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each person stands."""
        return {person: index for index, person in enumerate(self.ids)}

    @property
    def on(self) -> datetime.date | None:
        return self._on

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, part: slice | IntArray, /) -> ParticipantPool:
        rows = self._rows
        chosen = rows[part] if isinstance(part, slice) else [rows[place] for place in part]
        return _unsorted(self._source, chosen, self._on)

    def __reduce__(self) -> tuple[Any, ...]:
        """A part that is sent elsewhere takes nobody else with it."""
        people = ParticipantSource(self.row(index) for index in range(len(self)))
        return _unsorted, (people, range(len(self)), self._on)

    def values(self, field: str) -> Sequence[Value | None]:
        return self._source.values(field, self._rows)

    def column(self, field: str) -> Sequence[Any]:
        return self._source.column(field, self._rows)

    def row(self, index: int) -> Participant:
        return self._source.row(self._rows[index])

    def room(self, role: str) -> Sequence[int]:
        """How many partners each person takes at most in a role."""
        return self._source.room(role, self._rows)

    def digest(self) -> str:
        """SHA-256 of all that is known of these people, as compact JSON."""
        found = hashlib.sha256(b"[")
        for start in range(0, len(self), _CHUNK):
            texts = self._source.texts(self._rows[start : start + _CHUNK])
            found.update((("," if start else "") + ",".join(texts)).encode())
        found.update(b"]\n")
        return found.hexdigest()


def _unsorted(
    source: Source, rows: Sequence[int], on: datetime.date | None = None
) -> ParticipantPool:
    """A part of a pool, which may repeat people and have any order."""
    part = ParticipantPool((), on)
    part._source, part._rows = source, rows
    return part
