"""Files to tables: each file's rows, read by the roster of its ending."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from mentorkit.enrolment.column_map import folded
from mentorkit.errors import Fault, Invalid, MentorkitError, PluginFailed
from mentorkit.interfaces import Doubting
from mentorkit.models import Choice, Row
from mentorkit.registry import Registry


@attrs.frozen
class Table:
    """One file: its name, its rows, and its columns by their folded names.

    `doubts` say where it may have been misread.
    """

    name: str
    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    doubts: tuple[Fault, ...] = ()

    def column(self, name: str) -> str | None:
        """The column of that name as the file writes it, whatever its case and spacing."""
        return self.columns.get(folded(name))


def read_tables(
    files: Sequence[Path], registry: Registry, settings: Mapping[str, object] | None = None
) -> tuple[Table, ...]:
    """The files' rows. Raises Invalid naming the file; nothing is skipped.

    `settings` go to the rosters that have a setting of that name; None is left out.
    """
    if not files:
        raise Invalid("files", "none are named; name at least one file with people")
    names = [file.name for file in files]
    for name in names:
        if names.count(name) > 1:
            raise Invalid(
                name, "is the name of two of the files; rename one, so that rows can be told apart"
            )
    return tuple(_table(file, registry, settings or {}) for file in files)


def _table(file: Path, registry: Registry, settings: Mapping[str, object]) -> Table:
    ending = file.suffix.removeprefix(".").lower()
    known = registry.names("rosters")
    if ending not in known:
        endings = ", ".join(f".{name}" for name in known)
        right = f"save it as one of {endings}" if known else "no plugin that reads files is loaded"
        raise Invalid(file.name, f"its ending is not known; {right}")
    taken = attrs.fields_dict(registry.get("rosters", ending).settings)
    stated = {name: held for name, held in settings.items() if name in taken and held is not None}
    roster = registry.bind("rosters", Choice(ending, {"path": str(file), **stated}), "")
    try:
        rows = tuple(roster.read())
        doubts = tuple(roster.doubts()) if isinstance(roster, Doubting) else ()
        columns = _columns(rows)
    except MentorkitError:
        raise
    except Exception as error:
        plugin = registry.provider("rosters", ending)
        raise PluginFailed(
            f"{file.name}: {ending!r} of plugin {plugin.name} ({plugin.distribution}) raised"
            f" {type(error).__name__} when it read: {error}"
        ) from error
    if not rows:
        raise Invalid(file.name, "holds no rows")
    return Table(file.name, rows, columns, (*doubts, *_mistaken(rows)))


def _mistaken(rows: Iterable[Row]) -> Iterator[Fault]:
    """The first cell or column name whose encoding somebody mistook before the file was written."""
    for row in rows:
        for column, cell in row.cells.items():
            for text in (column, cell):
                right = None if text.isascii() else _undone(text)
                if right is not None:
                    words = f"{text!r} looks as if {right!r} was meant, which was read in a wrong"
                    more = "encoding before it came here; ask for the file anew, as 'CSV UTF-8'"
                    yield Fault(f"{row.source}, row {row.number}, {column}", f"{words} {more}")
                    return


def _undone(text: str) -> str | None:
    """A text whose UTF-8 was read as Windows-1252, as it was meant; None if it was not."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def _columns(rows: Iterable[Row]) -> dict[str, str]:
    columns: dict[str, str] = {}
    names: object = None
    for row in rows:
        if row.cells.keys() != names:
            names = row.cells.keys()
            for name in row.cells:
                columns.setdefault(folded(name), name)
    return columns


def nearest(name: str, tables: Iterable[Table]) -> str:
    """What may have been meant by a column that is not there, in words."""
    found = [(table, column) for table in tables for column in table.columns.values()]
    near = difflib.get_close_matches(folded(name), [folded(column) for _, column in found], 1, 0.5)
    if not near:
        columns = list(dict.fromkeys(column for _, column in found))
        return f"its columns are {', '.join(columns)}"
    table, column = next(pair for pair in found if folded(pair[1]) == near[0])
    return f"the nearest is {column!r} of {table.name}"
