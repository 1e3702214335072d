"""One file's rows, as a mapping reads them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import attrs

from mentorkit.enrolment.cells import number, parsed, sentence, whole_number
from mentorkit.enrolment.column_map import ColumnMap, Condition, RoleRule, Source, folded
from mentorkit.enrolment.merging import Stated
from mentorkit.enrolment.tables import Table
from mentorkit.enrolment.words import NONE
from mentorkit.errors import Fault, Invalid, below
from mentorkit.models import Row


@attrs.frozen
class _Bound:
    """A source and those of its columns that the file has."""

    source: Source
    columns: tuple[str, ...]


@attrs.frozen
class _Role:
    name: str
    capacity: _Bound
    when: Condition | None
    one_of: frozenset[str]
    column: tuple[str, ...]


class RowReader:
    """Reads the rows of one table. Raises Invalid if a constant of the mapping is wrong."""

    def __init__(self, table: Table, column_map: ColumnMap) -> None:
        self._table = table
        self._missing = frozenset(folded(word) for word in column_map.missing)
        self._fields: dict[str, _Bound] = {}
        self._constants: dict[str, Any] = {}
        for field, source in column_map.fields.items():
            if source.value is not None:
                self._constants[field] = self._constant(field, source, source.value)
            elif columns := self._present(source.column):
                self._fields[field] = _Bound(source, columns)
        self._columns = {field: bound.columns for field, bound in self._fields.items()}
        self._protected = {
            name: _Bound(source, columns)
            for name, source in column_map.protected.items()
            if (columns := self._present(source.column))
        }
        self._columns |= {
            f"protected {name}": bound.columns for name, bound in self._protected.items()
        }
        self._roles = [
            self._role(name, rule)
            for name, rule in column_map.roles.items()
            if applies(rule, table)
        ]
        self._columns |= {f"capacity as {role.name}": role.capacity.columns for role in self._roles}
        self._columns |= {f"when {role.name}": role.column for role in self._roles}

    def read(self, row: Row) -> Stated:
        """What the row states. A row of no role states nothing but who it is."""
        stated = Stated(row, self._columns)
        for role in self._roles:
            self._read_role(stated, role)
        stated.id = self._text(row, self._fields["id"])
        named = [self._fields[field] for field in ("name", "email") if field in self._fields]
        stated.names = tuple(text for bound in named if (text := self._text(row, bound)))
        if not stated.roles:
            stated.unplaced = "" if stated.faults else self._unplaced(row)
            return stated
        if stated.id is None:
            stated.faults.append(Fault(stated.place("id"), "is empty; everybody needs an id"))
        stated.values.update(self._constants)
        for field, bound in self._fields.items():
            self._read_field(stated, field, bound)
        for name, bound in self._protected.items():
            self._read_protected(stated, name, bound)
        return stated

    def _read_field(self, stated: Stated, field: str, bound: _Bound) -> None:
        text = self._text(stated.row, bound)
        if text is None:
            return
        try:
            value = parsed(field, bound.source, text, self._missing)
        except ValueError as error:
            stated.faults.append(Fault(stated.place(field), sentence(error)))
            return
        if value is not None and value != ():
            stated.values[field] = value

    def _read_protected(self, stated: Stated, name: str, bound: _Bound) -> None:
        """What somebody agreed to state. An error does not repeat it."""
        text = self._text(stated.row, bound)
        if text is None:
            return
        try:
            value = parsed(name, bound.source, text, self._missing)
        except ValueError:
            place = stated.place(f"protected {name}")
            stated.faults.append(Fault(place, "cannot be read in the way that the mapping states"))
            return
        if value is not None:
            stated.protected[name] = value

    def _read_role(self, stated: Stated, role: _Role) -> None:
        try:
            if role.when and not self._holds(stated.row, role, role.when):
                return
        except ValueError as error:
            stated.faults.append(Fault(stated.place(f"when {role.name}"), sentence(error)))
            return
        text = role.capacity.source.value or self._text(stated.row, role.capacity)
        stated.roles[role.name] = 1
        try:
            if text is not None:
                stated.roles[role.name] = whole_number(text, role.capacity.source.decimal)
        except ValueError as error:
            stated.faults.append(Fault(stated.place(f"capacity as {role.name}"), sentence(error)))

    def _holds(self, row: Row, role: _Role, when: Condition) -> bool:
        text = self._text(row, _Bound(Source(column=(when.column,)), role.column))
        if text is None:
            return False
        if role.one_of:
            return folded(text) in role.one_of
        held = number(text, when.decimal)
        least, most = when.at_least, when.at_most
        return (least is None or held >= least) and (most is None or held <= most)

    def _unplaced(self, row: Row) -> str:
        """The cell of a column that tells several roles, if its word is none of theirs."""
        telling = [role.column[0] for role in self._roles if role.one_of]
        for column in telling:
            if telling.count(column) > 1:
                text = self._text(row, _Bound(Source(column=(column,)), (column,)))
                if text is None:
                    return f"{column} is empty"
                return "" if folded(text) in NONE else f"{column} = {text!r}"
        return ""

    def _role(self, name: str, rule: RoleRule) -> _Role:
        if rule.capacity.value is not None:
            try:
                whole_number(rule.capacity.value, rule.capacity.decimal)
            except ValueError as error:
                raise Invalid(below(below("roles", name), "capacity"), sentence(error)) from None
        when = rule.when
        return _Role(
            name,
            _Bound(rule.capacity, self._present(rule.capacity.column)),
            when,
            frozenset(folded(word) for word in when.one_of) if when else frozenset(),
            self._present((when.column,)) if when else (),
        )

    def _present(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        found = (self._table.column(column) for column in columns)
        return tuple(column for column in found if column is not None)

    def _text(self, row: Row, bound: _Bound) -> str | None:
        """The cells together, None where all are empty or stand for it."""
        texts = [row.cells.get(column, "").strip() for column in bound.columns]
        held = [text for text in texts if text and text.casefold() not in self._missing]
        return bound.source.join.join(held) or None

    def _constant(self, field: str, source: Source, text: str) -> Any:
        try:
            return parsed(field, source, text, self._missing)
        except ValueError as error:
            raise Invalid(below(below("fields", field), "value"), sentence(error)) from None


def applies(rule: RoleRule, table: Table) -> bool:
    """Whether the rule is for that file."""
    return rule.files is None or fnmatchcase(table.name.casefold(), rule.files.casefold())
