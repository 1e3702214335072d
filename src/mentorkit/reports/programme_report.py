"""The report of a programme: one HTML page about what came of it."""

from __future__ import annotations

import re

from markupsafe import Markup

from mentorkit.models import Part, ProgrammeReport
from mentorkit.reports.page import rendered

LONG = 24
"""Signs from which on a cell is a sentence, which is not squeezed."""
WIDE = 3
"""Columns beside which a phone has no room for sentences."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def programme_report(report: ProgrammeReport) -> str:
    """A self-contained HTML page about a programme, the same text for the same report.

    The page runs no script, loads nothing, and forbids itself both. It names nobody.
    """
    return rendered(
        "programme_report.html",
        report=report,
        cell_class=_cell_class,
        column_class=_column_class,
        stacked=_stacked,
    )


def _cell_class(cell: str | int) -> Markup:
    """Numbers stand one below the other, and sentences have room."""
    if _NUMBER.fullmatch(str(cell)):
        return Markup(' class="number"')
    return Markup(' class="words"') if len(str(cell)) > LONG else Markup("")


def _column_class(part: Part, at: int) -> Markup:
    """A column's head stands above its numbers, if it has some."""
    cells = [str(row[at]) for row in part.rows if str(row[at])]
    numbers = any(map(_NUMBER.fullmatch, cells))
    return Markup(' class="number"') if numbers else Markup("")


def _stacked(part: Part) -> bool:
    """Whether a phone shows the cells of each row one below the other."""
    return len(part.columns) > WIDE and any(
        len(str(cell)) > LONG for row in part.rows for cell in row
    )
