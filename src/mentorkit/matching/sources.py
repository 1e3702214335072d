"""What a pool reads people from: one object for each, or columns.

Rows count from 0 in the order in which the people were given; a pool asks for those of
its own people, in its own order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import attrs

from mentorkit.matching.written import field_names, records, tables, written
from mentorkit.models import LISTED, Columns, Participant, Person, Value


class Source(Protocol):
    """People by row."""

    @property
    def ids(self) -> Sequence[str]: ...
    def row(self, row: int) -> Participant: ...
    def values(self, field: str, rows: Sequence[int]) -> Sequence[Value | None]:
        """What `Participant.value` gives."""

    def column(self, field: str, rows: Sequence[int]) -> Sequence[Any]:
        """A field of the participants, just as it is."""

    def room(self, role: str, rows: Sequence[int]) -> Sequence[int]:
        """Places in a role, 0 for those who do not have it."""

    def texts(self, rows: Sequence[int]) -> list[str]:
        """Each person as compact JSON."""


class ParticipantSource:
    """People as participants."""

    def __init__(self, people: Iterable[Participant]) -> None:
        self.people = tuple(people)
        self.ids = [participant.id for participant in self.people]

    def row(self, row: int) -> Participant:
        return self.people[row]

    def values(self, field: str, rows: Sequence[int]) -> Sequence[Value | None]:
        return [self.people[row].value(field) for row in rows]

    def column(self, field: str, rows: Sequence[int]) -> Sequence[Any]:
        return [getattr(self.people[row], field) for row in rows]

    def room(self, role: str, rows: Sequence[int]) -> Sequence[int]:
        return [self.people[row].roles.get(role, 0) for row in rows]

    def texts(self, rows: Sequence[int]) -> list[str]:
        return written([self.people[row] for row in rows])


class ColumnSource:
    """People as columns, of whom a participant is made only where one is asked for."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.ids: Sequence[str] = columns.ids  # type: ignore[assignment]

    def row(self, row: int) -> Participant:
        return self.columns.row(row)

    def values(self, field: str, rows: Sequence[int]) -> Sequence[Value | None]:
        if field in LISTED:
            held = self.column(field, rows)
            if field in ("offers", "seeks"):
                held = [tuple(skill.name for skill in skills) for skills in held]
        else:
            held = _chosen(self.columns.attributes.get(field), rows, None)
        return [None if value == () else value for value in held]

    def column(self, field: str, rows: Sequence[int]) -> Sequence[Any]:
        if field in _SINGLE:
            return _chosen(getattr(self.columns, field), rows, _SINGLE[field])
        return [getattr(self.row(row), field) for row in rows]

    def room(self, role: str, rows: Sequence[int]) -> Sequence[int]:
        return [places or 0 for places in _chosen(self.columns.roles.get(role), rows, 0)]

    def texts(self, rows: Sequence[int]) -> list[str]:
        return self._written(Participant, rows)

    def _written(self, cls: type, rows: Sequence[int]) -> list[str]:
        return records({name: self._texts(name, rows) for name in field_names(cls)})

    def _texts(self, field: str, rows: Sequence[int]) -> list[str]:
        if field == "person":
            return self._written(Person, rows)
        if field == "id":
            return written(_chosen(self.ids, rows, None))
        if field in _SINGLE:
            return written(self.column(field, rows))
        columns = getattr(self.columns, field)
        chosen = {name: _chosen(held, rows, None) for name, held in columns.items()}
        return tables(chosen, len(rows))


_SINGLE = {
    field.name: field.default
    for cls in (Person, Participant)
    for field in attrs.fields(cls)
    if field.default in (None, "", ())
}
"""The fields that are one column each, and what those hold of whom nothing is known."""


def _chosen(column: Any, rows: Sequence[int], default: Any) -> list[Any]:
    return [default] * len(rows) if column is None else [column[row] for row in rows]
