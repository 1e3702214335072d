"""Rows to participants, by a mapping; every fault names its file, row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from mentorkit.enrolment.cells import sentence
from mentorkit.enrolment.column_map import ColumnMap
from mentorkit.enrolment.doubts import doubts
from mentorkit.enrolment.merging import Stated, merged
from mentorkit.enrolment.naming import People
from mentorkit.enrolment.row_reading import RowReader, applies
from mentorkit.enrolment.tables import Table, nearest, read_tables
from mentorkit.errors import Fault, Invalid, below
from mentorkit.models import Participant, Person
from mentorkit.registry import Registry

_PERSON = {field.name for field in attrs.fields(Person)} - {"attributes"}
_PARTICIPANT = {field.name for field in attrs.fields(Participant)} - {
    "person",
    "roles",
    "protected",
}


@attrs.frozen(kw_only=True)
class Enrolment:
    """What came out of the files.

    `people` are sorted by id, without those of `faults`. `notes` are doubts that stop
    nothing. `rows` counts what was read, `without_role` the rows of no participant.
    `protected` are the protected attributes that were looked for, `fields` the others.
    """

    people: tuple[Participant, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    rows: int
    without_role: int
    protected: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def over(
        self, persons: Mapping[str, Person], parts: Mapping[str, Participant]
    ) -> tuple[Participant, ...]:
        """The people, with all that the files do not speak of as it is known, by their ids.

        A field speaks by its column, also where a cell is empty. Roles and what is protected
        are always the files' own.
        """
        return tuple(
            self._over(held, persons.get(held.id), parts.get(held.id)) for held in self.people
        )

    def _over(
        self, stated: Participant, person: Person | None, part: Participant | None
    ) -> Participant:
        if person is not None:
            kept = {name: getattr(person, name) for name in _PERSON - {"id", *self.fields}}
            others = {
                name: value for name, value in person.attributes.items() if name not in self.fields
            }
            attributes = {**others, **stated.person.attributes}
            stated = attrs.evolve(
                stated, person=attrs.evolve(stated.person, attributes=attributes, **kept)
            )
        if part is not None:
            left = {name: getattr(part, name) for name in _PARTICIPANT - set(self.fields)}
            stated = attrs.evolve(stated, **left)
        return stated


def read_people(
    files: Sequence[str | Path], column_map: ColumnMap, registry: Registry
) -> Enrolment:
    """The people in the files, as the mapping reads them.

    One id in two files is one person, as long as the files agree. Raises Invalid where a
    file cannot be read at all or the mapping does not fit the files.
    """
    if not column_map.roles:
        raise Invalid(
            "roles",
            "the mapping does not say who takes part as what; add the tables [roles.mentee]"
            ' and [roles.mentor] with files = "*mentees*" for a file each, or with'
            ' when = { column = "…", one_of = ["yes"] } for a column that tells',
        )
    settings = {
        "header_row": column_map.header_row,
        "delimiter": column_map.delimiter,
        "encoding": column_map.encoding,
        "sheet": column_map.sheet,
    }
    tables = read_tables([Path(file) for file in files], registry, settings)
    _check_columns(tables, column_map)
    return _enrolled(tables, column_map)


def _check_columns(tables: Sequence[Table], column_map: ColumnMap) -> None:
    """A field's column may be in some of the files only; an id's and a role's in each."""
    faults = []
    for place, source in column_map.places():
        for column in source.column:
            if not any(table.column(column) for table in tables):
                faults.append(_lacking(place, column, tables))
    if not faults:
        columns = column_map.fields["id"].column
        for table in tables:
            if not any(table.column(column) for column in columns):
                faults.append(_lacking("fields.id", columns[0], [table]))
    for role, rule in column_map.roles.items():
        needed = [("capacity", column) for column in rule.capacity.column]
        needed += [("when.column", rule.when.column)] if rule.when else []
        for table in tables:
            for place, column in needed:
                if applies(rule, table) and table.column(column) is None:
                    faults.append(_lacking(f"{below('roles', role)}.{place}", column, [table]))
    if faults:
        raise Invalid(faults=faults)


def _lacking(place: str, column: str, tables: Sequence[Table]) -> Fault:
    names = " and ".join(table.name for table in tables)
    has = "has" if len(tables) == 1 else "have"
    return Fault(place, f"{names} {has} no column {column!r}; {nearest(column, tables)}")


def _enrolled(tables: Sequence[Table], column_map: ColumnMap) -> Enrolment:
    rows = [RowReader(table, column_map).read(row) for table in tables for row in table.rows]
    named = People(rows).settle(rows)
    by_id: dict[str | None, list[Stated]] = {}
    for row in rows:
        if row.roles or row.faults:
            by_id.setdefault(row.id, []).append(row)
    by_id.pop(None, None)
    people = [_built(parts) for _, parts in sorted(by_id.items(), key=lambda item: str(item[0]))]
    return Enrolment(
        people=tuple(person for person in people if person is not None),
        faults=tuple(fault for row in rows for fault in row.faults),
        notes=(
            *(doubt for table in tables for doubt in table.doubts),
            *doubts(tables, column_map, rows),
            *named,
        ),
        rows=len(rows),
        without_role=sum(not row.roles and not row.faults for row in rows),
        protected=tuple(column_map.protected),
        fields=tuple(column_map.fields),
    )


def _built(parts: Sequence[Stated]) -> Participant | None:
    """The participant of one id's rows; None where any of them has a fault."""
    values, roles, protected = merged(parts)
    if any(part.faults for part in parts):
        return None
    try:
        return _participant(values, roles, protected)
    except ValueError as error:
        parts[0].faults.append(Fault(parts[0].place(), sentence(error)))
        return None


def _participant(
    values: Mapping[str, Any], roles: Mapping[str, int], protected: Mapping[str, Any]
) -> Participant:
    person: dict[str, Any] = {}
    participant: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    for field, value in values.items():
        if field in _PERSON:
            person[field] = value
        elif field in _PARTICIPANT:
            participant[field] = value
        else:
            attributes[field] = value
    return Participant(
        person=Person(attributes=attributes, **person),
        roles=roles,
        protected=protected,
        **participant,
    )
