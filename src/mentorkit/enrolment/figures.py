"""Figures of people from a file: person, measure, date, value, a row for each."""

from __future__ import annotations

import datetime
from pathlib import Path

from mentorkit.enrolment.cells import number, sentence
from mentorkit.enrolment.tables import Table, nearest, read_tables
from mentorkit.errors import Fault, Invalid
from mentorkit.models import Figure, Row
from mentorkit.registry import Registry

COLUMNS = ("person", "measure", "date", "value")


def read_figures(file: Path, registry: Registry) -> tuple[Figure, ...]:
    """The figures in a file, in the order of its rows; people by their ids.

    A row without a value is missing, and gives no figure. Invalid names each row and column
    that cannot be read.
    """
    (table,) = read_tables([file], registry)
    columns = {name: table.column(name) for name in COLUMNS}
    lacking = [name for name, column in columns.items() if column is None]
    if lacking:
        raise Invalid(
            faults=[
                Fault(table.name, f"has no column {name!r}; {nearest(name, [table])}")
                for name in lacking
            ]
        )
    figures: list[Figure] = []
    faults: list[Fault] = []
    for row in table.rows:
        cells = {name: row.cells.get(str(column), "").strip() for name, column in columns.items()}
        if not cells["value"]:
            continue
        figure = _figure(cells, row, table, faults)
        figures += [figure] if figure else []
    if faults:
        raise Invalid(faults=faults)
    return tuple(figures)


def _figure(cells: dict[str, str], row: Row, table: Table, faults: list[Fault]) -> Figure | None:
    """A row's figure; what is wrong with it joins the faults."""
    place = f"{table.name}, row {row.number}"
    found = [
        Fault(f"{place}, {name}", "is empty") for name in ("person", "measure") if not cells[name]
    ]
    on, value = datetime.date.min, 0.0
    try:
        on = datetime.date.fromisoformat(cells["date"][:10])
    except ValueError:
        found.append(Fault(f"{place}, date", f"{cells['date']!r} is no day such as 2026-09-01"))
    try:
        value = float(number(cells["value"]))
    except ValueError as error:
        found.append(Fault(f"{place}, value", sentence(error)))
    faults += found
    if found:
        return None
    return Figure(person=cells["person"], measure=cells["measure"], on=on, value=value)
