"""A first mapping for unknown files, to be checked by whoever knows them.

Attributes that law or tact protects are never proposed, nor is what people wrote in
sentences of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from mentorkit.enrolment import words
from mentorkit.enrolment.column_map import (
    NUMBERS,
    SKILLS,
    ColumnMap,
    RoleRule,
    Source,
    close,
    folded,
)
from mentorkit.enrolment.field_proposal import (
    NAMING,
    attribute,
    doubt,
    known,
    refusal,
    slug,
    useless,
    wordy,
)
from mentorkit.enrolment.id_proposal import identity
from mentorkit.enrolment.role_proposal import proposed_roles
from mentorkit.enrolment.survey import Column, missing_words, surveyed
from mentorkit.enrolment.tables import Table, read_tables
from mentorkit.errors import Fault, Invalid
from mentorkit.registry import Registry


@attrs.frozen(kw_only=True)
class Proposal:
    """A mapping that was guessed, perhaps without the id that a mapping needs.

    `left_out` says why a column is not read; `notes` are doubts that its reader should
    settle. Where nobody can tell who mentors, `roles` is empty.
    """

    fields: Mapping[str, Source]
    roles: Mapping[str, RoleRule]
    missing: tuple[str, ...] = ()
    header_row: int | None = None
    encoding: str | None = None
    left_out: Mapping[str, str]
    notes: tuple[Fault, ...]

    def column_map(self) -> ColumnMap:
        """The mapping. Raises Invalid where no column tells people apart."""
        if "id" not in self.fields:
            raise Invalid(
                "fields.id",
                "no column tells people apart; add one with a different e-mail address or"
                " number in every row, in every file",
            )
        return ColumnMap(
            fields=self.fields,
            roles=self.roles,
            missing=self.missing,
            header_row=self.header_row,
            encoding=self.encoding,
            left_out=self.left_out,
        )


def propose(
    files: Sequence[str | Path], registry: Registry, encoding: str | None = None
) -> Proposal:
    """What the columns' names and cells suggest. Raises Invalid if a file cannot be read.

    `encoding` is that of text files; it is found out where it is not stated.
    """
    stated = {"encoding": encoding}
    tables, header_row = _read([Path(file) for file in files], registry, stated)
    missing = missing_words(tables)
    judge = _Judge(tables, surveyed(tables, missing))
    judge.judge()
    return Proposal(
        fields=judge.fields,
        roles=judge.roles,
        missing=missing,
        header_row=header_row,
        encoding=encoding,
        left_out=judge.left_out,
        notes=(*(doubt for table in tables for doubt in table.doubts), *judge.notes),
    )


def propose_map(files: Sequence[str | Path], registry: Registry) -> ColumnMap:
    """The proposal as a mapping. Raises Invalid also where no column tells people apart.

    Where nobody can tell who mentors, `read_people` says what to add.
    """
    return propose(files, registry).column_map()


def _read(
    files: Sequence[Path], registry: Registry, stated: Mapping[str, str | None]
) -> tuple[tuple[Table, ...], int | None]:
    """The tables, and the row of the column names where that is not the first."""
    try:
        return read_tables(files, registry, stated), None
    except Invalid as error:
        row: int | None = getattr(error, "header_row", None)
        if row is None:
            raise
    for file in files:
        try:
            read_tables([file], registry, stated)
            found = None
        except Invalid as error:
            found = getattr(error, "header_row", None)
        if found != row:
            raise Invalid(
                file.name,
                f"its column names are not in row {row}, as those of another file are;"
                " delete what is above the column names in each",
            )
    return read_tables(files, registry, {**stated, "header_row": row}), row


_MARKS = ("split", "level_after")
"""Settings that cells of one file may not need, though those of another do."""


class _Judge:
    """Fields filled column by column; whoever comes first keeps a field."""

    def __init__(self, tables: Sequence[Table], columns: list[Column]) -> None:
        self._tables = tables
        self._columns = {column.name: column for column in columns}
        self._people: frozenset[str] = frozenset()
        self.fields: dict[str, Source] = {}
        self.left_out: dict[str, str] = {}
        self.roles: dict[str, RoleRule] = {}
        self.notes: list[Fault] = []

    def judge(self) -> None:
        open_columns = []
        for column in self._columns.values():
            if reason := refusal(column):
                self.left_out[column.name] = reason
            else:
                open_columns.append(column)
        open_columns = self._take_identity(open_columns)
        self.roles, spent = proposed_roles([table.name for table in self._tables], open_columns)
        self.left_out |= spent.left_out
        self.notes += spent.notes
        for column in open_columns:
            if column.name not in spent.names:
                self._take(column)
        self._note_one_side()

    def _take_identity(self, columns: list[Column]) -> list[Column]:
        """Id, name and email; returns the other columns."""
        found = identity(columns, len(self._tables))
        for field, held in (("id", found.id), ("name", found.name), ("email", found.email)):
            if held:
                self.fields[field] = Source(column=tuple(column.name for column in held))
        if found.doubt:
            self.notes.append(Fault("fields.id", found.doubt))
        self._people = self._known_people()
        spent = {column.name for held in (found.id, found.name, found.email) for column in held}
        return [column for column in columns if column.name not in spent]

    def _known_people(self) -> frozenset[str]:
        """Everybody's id, name and e-mail address, folded."""
        people = set()
        for field in ("id", "name", "email"):
            columns = self.fields[field].column if field in self.fields else ()
            for table in self._tables:
                held = [name for column in columns if (name := table.column(column))]
                people |= {folded(" ".join(row.cells[name] for name in held)) for row in table.rows}
        return frozenset(people - {""})

    def _take(self, column: Column) -> None:
        field, source = known(column, self._people)
        if field and wordy(column, source):
            self.left_out[column.name] = "it is free text"
        elif field and self._put(field, source):
            if words_ := doubt(column, field):
                self.notes.append(Fault(f"fields.{field}", words_))
        elif reason := self._unknown_people(column) or (None if field else useless(column)):
            self.left_out[column.name] = reason
        else:
            if field and field not in NUMBERS:
                words_ = f"{column.name!r} looks like it too; name both in a list to read both"
                self.notes.append(Fault(f"fields.{field}", words_))
            name, source = attribute(column)
            if not self._put(name, source) and not self._put(slug(column), source):
                self.left_out[column.name] = f"another column is read as {name} already"

    def _put(self, field: str, source: Source) -> bool:
        """Read the source as the field, also besides a column of other files alone."""
        held = self.fields.setdefault(field, source)
        if held is source:
            return True
        found = {name: getattr(held, name) or getattr(source, name) for name in _MARKS}
        alike = [attrs.evolve(one, column=held.column, **found) for one in (held, source)]
        names = (*held.column, *source.column)
        files = [file for name in names for file in self._columns[name].tables]
        if alike[0] != alike[1] or len(files) > len(set(files)):
            return False
        self.fields[field] = attrs.evolve(held, column=names, **found)
        return True

    def _unknown_people(self, column: Column) -> str | None:
        speaks = words.has(column.head, words.OTHERS) and not column.yes_or_no
        plain = column.head.replace(" ", "_")
        if not speaks and plain not in NAMING and close(plain, NAMING) is None:
            return None
        reason = "it names people, but mostly nobody in these files by id, name or e-mail"
        self.notes.append(Fault("left_out", f"{column.name!r} is not read: {reason}"))
        return reason

    def _note_one_side(self) -> None:
        sides = [field for field in SKILLS if field in self.fields]
        if len(sides) == 1:
            other = next(field for field in SKILLS if field not in sides)
            found = ", ".join(repr(name) for name in self.fields[sides[0]].column)
            words_ = (
                f"only {sides[0]} was found ({found}), so skills cannot be compared;"
                f" if a column says what people {other.removesuffix('s')}, name it as {other}"
            )
            self.notes.append(Fault(f"fields.{other}", words_))
