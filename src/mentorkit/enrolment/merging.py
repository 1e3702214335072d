"""What rows state about one person, and several rows' statements as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mentorkit.errors import Fault
from mentorkit.models import Row


class Stated:
    """What one row states, before it becomes a participant.

    `roles` holds each role's capacity; it is empty for a row of nobody who takes part.
    `protected` holds what the person agreed to state.
    `names` are the texts, besides the id, by which other rows may name the person.
    `unplaced` is the cell that ought to have told its role, and does not.
    """

    def __init__(self, row: Row, columns: Mapping[str, tuple[str, ...]]) -> None:
        self.row = row
        self.id: str | None = None
        self.names: tuple[str, ...] = ()
        self.unplaced = ""
        self.values: dict[str, Any] = {}
        self.protected: dict[str, Any] = {}
        self.roles: dict[str, int] = {}
        self.faults: list[Fault] = []
        self._columns = columns

    def place(self, field: str = "") -> str:
        """File, row and column, as a reader of the file finds them."""
        place = f"{self.row.source}, row {self.row.number}"
        columns = self._columns.get(field)
        return f"{place}, column {' + '.join(columns)}" if columns else place

    def text(self, field: str) -> str:
        """The field's cells as they stand."""
        return " ".join(self.row.cells.get(name, "") for name in self._columns.get(field, ()))


def merged(parts: Sequence[Stated]) -> tuple[dict[str, Any], dict[str, int], dict[str, Any]]:
    """The values, roles and protected attributes that rows of one id state together.

    A row that repeats or contradicts an earlier one is given the faults.
    """
    values: dict[str, Any] = {}
    roles: dict[str, int] = {}
    protected: dict[str, Any] = {}
    for index, part in enumerate(parts):
        for before in parts[:index]:
            if faults := _repeated(before, part) or _disagreements(before, part):
                part.faults += faults
                break
        values = {**part.values, **values}
        roles = {**part.roles, **roles}
        protected = {**part.protected, **protected}
    return values, roles, protected


def _repeated(first: Stated, other: Stated) -> list[Fault]:
    if first.row.source != other.row.source:
        return []
    words = f"{first.id!r} is in row {first.row.number} already; give each person one row"
    return [Fault(other.place("id"), words)]


def _disagreements(first: Stated, other: Stated) -> list[Fault]:
    return [
        Fault(
            other.place(field),
            f"{_shown(held)} here, but {_shown(before)} in {first.place()}, for the same id"
            f" {first.id!r}; write the same in both, or leave one"
            " empty; or, if these are two people, give them different ids",
        )
        for field, before, held in _stated_twice(first, other)
        if before != held
    ] + [
        Fault(
            other.place(f"protected {name}"),
            f"differs from {first.place()}, for the same id {first.id!r}; write the same in both,"
            " or leave one empty; or, if these are two people, give them different ids",
        )
        for name, held in other.protected.items()
        if first.protected.get(name, held) != held
    ]


def _stated_twice(first: Stated, other: Stated) -> Iterator[tuple[str, Any, Any]]:
    for field, held in other.values.items():
        if field in first.values:
            yield field, first.values[field], held
    for role, capacity in other.roles.items():
        if role in first.roles:
            yield f"capacity as {role}", first.roles[role], capacity


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
