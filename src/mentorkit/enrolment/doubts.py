"""What in a mapping or in its files looks like an oversight, though it stops nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mentorkit.enrolment.column_map import ColumnMap, close
from mentorkit.enrolment.merging import Stated
from mentorkit.enrolment.row_reading import applies
from mentorkit.enrolment.tables import Table, nearest
from mentorkit.errors import Fault, below

_ROLES = ("mentee", "mentor")
_FEW = 5
_SEPARATORS = (";", ",", "|")


def doubts(
    tables: Sequence[Table], column_map: ColumnMap, rows: Sequence[Stated]
) -> Iterator[Fault]:
    """All of them, those of the mapping first."""
    for column in column_map.left_out:
        if not any(table.column(column) for table in tables):
            words = f"no file has this column; {nearest(column, tables)}"
            yield Fault(below("left_out", column), words)
    for field, source in column_map.fields.items():
        if source.split:
            yield from _unsplit(below(below("fields", field), "split"), source.split, rows, field)
    yield from _idle(tables, column_map, rows)
    yield from _unplaced(rows)


def _idle(
    tables: Sequence[Table], column_map: ColumnMap, rows: Sequence[Stated]
) -> Iterator[Fault]:
    """Files that no role is for, and roles that nobody has or that are misspelt."""
    for table in tables:
        if not any(applies(rule, table) for rule in column_map.roles.values()):
            yield Fault(table.name, "nobody in it takes part: no role's `files` matches its name")
    for role in column_map.roles:
        if near := close(role, _ROLES):
            yield Fault(below("roles", role), f"did you mean the role {near!r}?")
        if not any(role in row.roles for row in rows):
            words = f"nobody takes part as {role}; check its `files` and `when`"
            yield Fault(below("roles", role), words)


def _unsplit(place: str, split: str, rows: Sequence[Stated], field: str) -> Iterator[Fault]:
    """A separator that no cell of the field has, while many have another."""
    texts = [text for row in rows if (text := row.text(field))]
    if any(split in text for text in texts):
        return
    for other in _SEPARATORS:
        held = sum(other in text for text in texts)
        if held > 1 and 4 * held >= len(texts):
            yield Fault(place, f"no cell holds {split!r}, but {held} hold {other!r}; is it that?")


def _unplaced(rows: Sequence[Stated]) -> Iterator[Fault]:
    """Rows whose word in a column of roles is none that the mapping knows."""
    found = [row for row in rows if row.unplaced]
    if len(found) <= _FEW:
        for row in found:
            yield Fault(row.place(), f"takes part in no role ({row.unplaced})")
        return
    shown = ", ".join(dict.fromkeys(row.unplaced for row in found[:_FEW]))
    words = f"{len(found)} rows take part in no role, the first of them {found[0].place()}"
    yield Fault("roles", f"{words} ({shown})")
