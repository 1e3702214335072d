"""A first mapping for unknown files, to be checked by whoever knows them.

Attributes that law or tact protects are never proposed, nor is what people wrote in
sentences of their own.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Sequence
from pathlib import Path

import attrs

from mentorkit.enrolment import words
from mentorkit.enrolment.availability import windows
from mentorkit.enrolment.column_map import KNOWN, ColumnMap, RoleRule, Source, folded
from mentorkit.enrolment.role_proposal import proposed_roles
from mentorkit.enrolment.survey import Column, missing_words, surveyed
from mentorkit.enrolment.tables import Table, read_tables
from mentorkit.errors import Invalid
from mentorkit.registry import Registry


def propose_map(files: Sequence[str | Path], registry: Registry) -> ColumnMap:
    """A mapping guessed from the columns' names and cells.

    `left_out` says why a column is not read. Where nobody can tell who mentors, `roles`
    is empty, and `read_people` says what to add. Raises Invalid if a file cannot be read
    or no column tells people apart.
    """
    tables = read_tables([Path(file) for file in files], registry)
    missing = missing_words(tables)
    proposal = _Proposal(tables, surveyed(tables, missing))
    proposal.judge()
    return ColumnMap(
        fields=proposal.fields,
        roles=proposal.roles,
        missing=missing,
        left_out=proposal.left_out,
    )


class _Proposal:
    """Fields filled column by column; whoever comes first keeps a field."""

    def __init__(self, tables: Sequence[Table], columns: list[Column]) -> None:
        self._tables = tables
        self._columns = columns
        self.fields: dict[str, Source] = {}
        self.left_out: dict[str, str] = {}
        self.roles: dict[str, RoleRule] = {}

    def judge(self) -> None:
        open_columns = []
        for column in self._columns:
            if reason := _refusal(column):
                self.left_out[column.name] = reason
            else:
                open_columns.append(column)
        open_columns = self._take_identity(open_columns)
        self.roles, spent = proposed_roles([table.name for table in self._tables], open_columns)
        self.left_out |= spent.left_out
        for column in open_columns:
            if column.name not in spent.names:
                self._take(column)

    def _take_identity(self, columns: list[Column]) -> list[Column]:
        """Id, name and email; returns the other columns."""
        emails = [
            c
            for c in columns
            if words.has(c.head, words.EMAIL)
            and not words.has(c.head, words.OTHERS)
            and c.all(_is_email)
        ]
        own = [c for c in columns if words.has(c.head, words.ID) and c not in emails]
        first = [c for c in columns if words.has(c.head, words.FIRST_NAME)][:1]
        last = [c for c in columns if words.has(c.head, words.LAST_NAME)][:1]
        full = [c for c in columns if re.fullmatch(words.NAME, c.head)][:1]
        # Running numbers of two files would take different people for one.
        ids = own + emails if len(self._tables) == 1 else emails + own
        chosen = next((c for c in [*ids, *full] if self._is_id(c)), None)
        if chosen is None:
            raise Invalid(
                "fields.id",
                "no column tells people apart; add one with a different e-mail address or"
                " number in every row, under the same name in every file",
            )
        self.fields["id"] = Source(column=(chosen.name,))
        names = first + last or full
        if names:
            self.fields["name"] = Source(column=tuple(c.name for c in names))
        if emails:
            self.fields["email"] = Source(column=(emails[0].name,))
        self._ids = {folded(cell) for cell in chosen.filled}
        spent = {chosen.name, *(c.name for c in (*names, *emails[:1]))}
        return [column for column in columns if column.name not in spent]

    def _is_id(self, column: Column) -> bool:
        return column.tells_apart and len(column.cells) == len(self._tables)

    def _take(self, column: Column) -> None:
        field, source = self._known(column)
        if field is None or field in self.fields:
            if reason := self._people(column) or _useless(column):
                self.left_out[column.name] = reason
                return
            field, source = _attribute(column)
            if field in self.fields:
                field = _slug(column)
        if field in self.fields:
            self.left_out[column.name] = f"another column is read as {field} already"
        else:
            self.fields[field] = source

    def _known(self, column: Column) -> tuple[str | None, Source]:
        """The known field that the column is, judged by head and cells together."""
        plain = Source(column=(column.name,))
        eager = column.split(eager=True)
        several = attrs.evolve(plain, split=eager)
        brief = column.all(lambda cell: all(len(p.split()) <= 8 for p in column.parts(cell, eager)))
        listed = bool(column.filled) and not column.numeric and not column.yes_or_no and brief
        if words.has(column.head, words.TIME_ZONE) and column.all(_is_zone):
            return "timezone", plain
        if words.has(column.head, words.AVAILABILITY) and column.all(
            lambda cell: all(_is_window(part) for part in column.parts(cell, eager))
        ):
            return "availability", several
        for field in ("not_again", "avoids", "prefers", "manager"):
            if words.has(column.head, getattr(words, field.upper())) and self._names_ids(column):
                return field, plain if field == "manager" else several
        for field in ("seeks", "offers", "languages", "interests"):
            if words.has(column.head, getattr(words, field.upper())) and listed:
                if field in ("seeks", "offers") and (mark := column.level_after(eager)):
                    several = attrs.evolve(several, level_after=mark)
                return field, several
        return None, plain

    def _names_ids(self, column: Column) -> bool:
        split = column.split(eager=True)
        named = [part for cell in column.filled for part in column.parts(cell, split)]
        known = sum(part in self._ids or _is_email(part) for part in named)
        return bool(named) and known > len(named) / 2

    def _people(self, column: Column) -> str | None:
        if words.has(column.head, words.OTHERS) and not column.yes_or_no:
            key = self.fields["id"].column[0]
            return f"it names people, but not as the column {key!r} does"
        return None


def _refusal(column: Column) -> str | None:
    """Why a column must not be read, whatever it could be."""
    if not column.filled:
        return "it is empty"
    if words.has(column.head, words.PROTECTED) or _protected_cells(column):
        return "it may tell of a protected attribute, which needs a purpose and consent"
    if words.has(column.head, words.PRIVATE):
        return "it is private, and matching has no use for it"
    if words.has(column.head, words.STAMP):
        return "it says when the row was written"
    if column.prose or (words.has(column.head, words.FREE_TEXT) and not column.yes_or_no):
        return "it is free text"
    return None


def _protected_cells(column: Column) -> bool:
    held = [words.head_words(cell) for cell in column.distinct]
    telling = sum(re.fullmatch(words.PROTECTED_VALUES, cell) is not None for cell in held)
    return 2 * telling > len(held)


def _useless(column: Column) -> str | None:
    if column.numeric or column.scale or column.split():
        return None
    if len(column.distinct) == 1 and len(column.filled) > 1:
        return "it says the same of everybody"
    if len(column.distinct) == len(column.filled) > 4:
        return "it is different for everybody, so nobody has it in common"
    return None


def _attribute(column: Column) -> tuple[str, Source]:
    source = Source(column=(column.name,))
    known = (
        name
        for name, heads in words.ATTRIBUTES.items()
        if words.has(column.head, heads) and column.numeric == (name == "years")
    )
    name = next(known, _slug(column))
    if column.numeric:
        return name, attrs.evolve(source, number=True)
    if column.scale:
        return name, attrs.evolve(source, scale=column.scale)
    return name, attrs.evolve(source, split=column.split())


def _slug(column: Column) -> str:
    """A name for an attribute, none of a known field that would be read otherwise."""
    slug = column.head.replace(" ", "_") or folded(column.name)
    return f"stated_{slug}" if slug in KNOWN else slug


def _is_email(cell: str) -> bool:
    name, _, host = cell.partition("@")
    return bool(name and host) and " " not in cell


def _is_zone(cell: str) -> bool:
    try:
        zoneinfo.ZoneInfo(cell)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_window(part: str) -> bool:
    try:
        windows(part)
    except ValueError:
        return False
    return True
