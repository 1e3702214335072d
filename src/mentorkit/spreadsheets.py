"""CSV that spreadsheets read as it is meant."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\ufeff", " "))
"""Signs that look like a space in a cell, and are read as one."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV that spreadsheets read as text: cells that would be formulas are defused."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([_defused(cell) for cell in row])
    # The mark at the start is what makes Excel read UTF-8.
    return "\ufeff" + table.getvalue()


def _defused(cell: str) -> str:
    """A cell that no spreadsheet calculates; a number stays one there, too."""
    if _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell
