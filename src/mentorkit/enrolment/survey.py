"""What unknown columns hold: their cells without gaps, and what these look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import attrs

from mentorkit.enrolment import words
from mentorkit.enrolment.cells import number
from mentorkit.enrolment.column_map import folded
from mentorkit.enrolment.tables import Table


@attrs.frozen(slots=False)
class Column:
    """A column of one or several tables: `cells` has the filled ones of each table.

    `tables` are the places of its tables among all, and `rows` how many each has.
    """

    name: str
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    tables: frozenset[int]

    @cached_property
    def head(self) -> str:
        """The column's name in plain words."""
        return words.head_words(self.name)

    @cached_property
    def filled(self) -> list[str]:
        """The filled cells of all tables."""
        return [cell for cells in self.cells for cell in cells]

    @cached_property
    def distinct(self) -> list[str]:
        """Each filled cell once, whatever its case, in order."""
        first: dict[str, str] = {}
        for cell in self.filled:
            first.setdefault(folded(cell), cell)
        return list(first.values())

    @cached_property
    def tells_apart(self) -> bool:
        """Whether every row of every table has a cell of its own here."""
        return all(
            len(set(cells)) == len(cells) == rows
            for cells, rows in zip(self.cells, self.rows, strict=True)
        )

    def all(self, holds: Callable[[str], object]) -> bool:
        """Whether something holds for every filled cell, and there is one."""
        return bool(self.filled) and all(holds(cell) for cell in self.distinct)

    def mostly(self, holds: Callable[[str], object]) -> bool:
        """Whether something holds for at least half of the filled cells, and there is one."""
        held = sum(bool(holds(cell)) for cell in self.filled)
        return bool(self.filled) and 2 * held >= len(self.filled)

    @cached_property
    def decimal(self) -> str | None:
        """The decimal sign of the numbers that all cells are; None if some are none.

        A comma before three digits may stand between thousands, and tells nothing.
        """
        if self.all(_is_number):
            return "."
        commas = self.all(lambda cell: _is_number(cell, ","))
        told = any(re.search("(^|[^0-9])0,|,([0-9]{1,2}|[0-9]{4,})$", c) for c in self.distinct)
        return "," if commas and told else None

    @property
    def numeric(self) -> bool:
        """Whether all cells are numbers."""
        return self.decimal is not None

    @cached_property
    def yes_or_no(self) -> bool:
        """Whether all cells say yes or no, and one says yes."""
        held = {folded(cell) for cell in self.distinct}
        return held <= words.YES | words.NO and bool(held & words.YES)

    @cached_property
    def scale(self) -> tuple[str, ...]:
        """The well-known scale that all cells are on, or ()."""
        held = {folded(cell) for cell in self.distinct}
        scales = (scale for scale in words.SCALES if held <= {folded(step) for step in scale})
        return next(scales, ()) if len(held) > 1 else ()

    @cached_property
    def prose(self) -> bool:
        """Whether people wrote sentences of their own here."""
        lengths = [len(cell.split()) for cell in self.filled]
        own = len(self.distinct) > len(self.filled) / 2
        return bool(lengths) and own and sum(lengths) >= 12 * len(lengths)

    def split(self, *, eager: bool = False) -> str | None:
        """The separator of the cells' lists; `eager` where the head already says list.

        A comma also stands within single answers ("Developer, back-end"), so it
        separates only if the parts repeat more than the cells do.
        """
        for separator in (";", "|", ","):
            if not any(separator in cell for cell in self.filled):
                continue
            parts = {part for cell in self.distinct for part in self.parts(cell, separator)}
            if any(len(part.split()) > 8 for part in parts):
                continue
            if eager or separator != "," or len(parts) < len(self.distinct):
                return separator
        return None

    @staticmethod
    def parts(cell: str, separator: str | None) -> list[str]:
        """The filled parts of a cell, in lower case."""
        found = cell.split(separator) if separator else [cell]
        return [folded(part) for part in found if part.strip()]

    def level_after(self, separator: str | None) -> str | None:
        """The sign before the level, where some parts have one and it means nothing else."""
        parts = [part for cell in self.filled for part in self.parts(cell, separator)]
        marked = [part for part in parts if ":" in part]
        levels = all(re.fullmatch(r"[^:]+:\s*[1-9]", part) for part in marked)
        return ":" if marked and levels else None


def _is_number(cell: str, decimal: str = ".") -> bool:
    try:
        number(cell, decimal)
    except ValueError:
        return False
    return True


def surveyed(tables: Sequence[Table], missing: Iterable[str]) -> list[Column]:
    """The columns of all tables, in order; one name in two tables is one column."""
    gaps = {"", *(folded(word) for word in missing)}
    names = {key: name for table in reversed(tables) for key, name in table.columns.items()}
    ordered = dict.fromkeys(key for table in tables for key in table.columns)
    columns = []
    for key in ordered:
        places = [place for place, table in enumerate(tables) if key in table.columns]
        holders = [tables[place] for place in places]
        cells = tuple(
            tuple(
                cell
                for row in table.rows
                if folded(cell := row.cells.get(table.columns[key], "")) not in gaps
            )
            for table in holders
        )
        rows = tuple(len(table.rows) for table in holders)
        columns.append(Column(names[key], cells, rows, frozenset(places)))
    return columns


def missing_words(tables: Sequence[Table]) -> tuple[str, ...]:
    """The texts in the tables that stand for an empty cell, such as NA."""
    held = {cell for table in tables for row in table.rows for cell in row.cells.values()}
    found = {folded(cell): cell for cell in sorted(held) if len(cell) <= 8}
    return tuple(found[word] for word in words.MISSING if word in found)
