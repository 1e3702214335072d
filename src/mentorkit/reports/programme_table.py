"""The report of a programme as one tidy table: a figure in each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mentorkit.models import Message, Part, ProgrammeReport
from mentorkit.spreadsheets import csv_text

COLUMNS = ("part", "row", "column", "value")


def programme_table(report: ProgrammeReport) -> str:
    """CSV with the columns part, row, column and value.

    A sentence gives a row for each value in it, under the sentence's id; a table one for each
    cell, under the first cells of its row, as many as it takes to tell the rows apart.
    """
    rows = [
        (str(part.title), *row)
        for part in report.parts
        for row in (*_sentences(part.sentences), *_cells(part))
    ]
    return csv_text(COLUMNS, rows)


def _sentences(sentences: Sequence[Message]) -> Iterator[tuple[str, str, str]]:
    seen: Counter[str] = Counter()
    for said in sentences:
        seen[said.id] += 1
        name = said.id if seen[said.id] == 1 else f"{said.id} {seen[said.id]}"
        for column, value in dict(said.values).items() or (("text", str(said)),):
            yield name, column, str(value)


def _cells(part: Part) -> Iterator[tuple[str, str, str]]:
    heads = _heads(part.rows)
    for number, row in enumerate(part.rows, 1):
        label = " / ".join(str(cell) for cell in row[:heads]) if heads else str(number)
        for column, cell in zip(part.columns[heads:], row[heads:], strict=True):
            yield label, column, str(cell)


def _heads(rows: Sequence[tuple[str | int, ...]]) -> int:
    """How many first cells tell each row from the others; 0 where none do."""
    for heads in range(1, len(rows[0]) if rows else 1):
        if len({row[:heads] for row in rows}) == len(rows):
            return heads
    return 0
