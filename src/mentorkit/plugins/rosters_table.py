"""What CSV files and workbooks share: a row of column names, then a row for each person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import attrs

from mentorkit.errors import Invalid
from mentorkit.models import Row
from mentorkit.spreadsheets import SPACES

MAX_ROWS = 1_048_576
"""The most rows that a spreadsheet holds."""
MAX_CELL = 32_767
"""The most signs that a spreadsheet's cell holds."""

TITLES = 20
"""Rows among which column names are looked for, if the first row is a title."""


_MARKS = (
    (
        b"PK\x03\x04",
        "a zip archive, perhaps a workbook: give it the ending .xlsx, or save it as CSV",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an old .xls workbook, or one that a password protects: save it as .xlsx without one",
    ),
    (b"%PDF", "a PDF: ask for the spreadsheet that it was made from"),
    (b"\x89PNG", "a picture: ask for the spreadsheet that it shows"),
    (b"\xff\xd8\xff", "a picture: ask for the spreadsheet that it shows"),
    (b"{\\rtf", "a text document: save its table as CSV"),
    (b"<", "a web page or XML: open it in a spreadsheet and save it as .xlsx or CSV"),
)


class HeadersBelow(Invalid):
    """The column names seem to be below a title; `header_row` is the number of their row."""

    def __init__(self, source: str, header_row: int) -> None:
        self.header_row = header_row
        super().__init__(
            source,
            f"the column names seem to be in row {header_row}; state header_row = {header_row} in"
            " the mapping, or delete the rows above",
        )


def row_number(_: object, field: attrs.Attribute[int | None], value: int | None) -> None:
    """Refuse what is no row's number; an attrs validator."""
    if value is not None and not 1 <= value <= MAX_ROWS:
        raise Invalid(field.name, f"must be the number of a row, from 1, not {value}")


def opened(path: str) -> BinaryIO:
    """The file, open to be read as bytes. Invalid where there is none."""
    file = Path(path)
    if file.is_dir():
        raise Invalid(file.name or path, "is a folder; name a file in it")
    if not file.is_file():
        folder = "this folder" if file.parent == Path() else str(file.parent)
        raise Invalid(file.name or path, f"there is no such file in {folder}")
    try:
        return file.open("rb")
    except OSError as error:
        raise Invalid(file.name, f"cannot be opened: {error.strerror}") from error


def looks_like(start: bytes) -> str | None:
    """What a file that begins so is, and what would be right; None if it may be text."""
    return next((words for mark, words in _MARKS if start.startswith(mark)), None)


def letter(index: int) -> str:
    """The spreadsheet's name of a column, counted from 0: A, B… Z, AA…

    >>> letter(0), letter(25), letter(26), letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def rows(
    source: str, records: Iterable[Sequence[str]], header_row: int | None = None
) -> Iterator[Row]:
    """Records as Rows; blank ones are skipped, and those above the column names.

    The first record that is left names the columns. HeadersBelow if it seems to be a title.
    """
    names: list[str] | None = None
    titled = False
    number = held = 0
    numbered = enumerate(records, 1)
    for number, record in numbered:
        if number > MAX_ROWS:
            raise Invalid(source, f"has more than {MAX_ROWS} rows; split it into several files")
        cells = [_clean(cell) for cell in record]
        if not any(cells) or number < (header_row or 1):
            continue
        if titled and _filled(cells) > 1 and number <= TITLES:
            raise HeadersBelow(source, _widest(number, cells, numbered))
        _check_lengths(source, number, cells)
        if names is None:
            titled = header_row is None and _filled(cells) == 1
            names = ["title"] if titled and not cells[0] else _names(source, number, cells)
        else:
            yield Row(source, number, _named(source, number, names, cells))
            held += 1
    if names is None and header_row and number:
        raise Invalid(source, f"has no column names in row {header_row} or below")
    if names is None:
        raise Invalid(source, "is empty; it needs a row of column names and a row for each person")
    if not held:
        raise Invalid(source, "has column names but no rows below them")


def _filled(cells: Iterable[str]) -> int:
    return sum(map(bool, cells))


def _widest(number: int, cells: list[str], below: Iterable[tuple[int, Sequence[str]]]) -> int:
    """The first of the top rows that fills the most cells."""
    widths = {number: _filled(cells)}
    for other, record in islice(below, TITLES - number):
        widths[other] = _filled(map(_clean, record))
    return max(widths, key=lambda row: widths[row])


def _clean(cell: str) -> str:
    return (cell if cell.isascii() else cell.translate(SPACES)).strip()


def _check_lengths(source: str, number: int, cells: list[str]) -> None:
    if sum(map(len, cells)) <= MAX_CELL:
        return
    for index, cell in enumerate(cells):
        if len(cell) > MAX_CELL:
            raise Invalid(
                f"{source}, row {number}, column {letter(index)}",
                f"this cell holds {len(cell)} signs; at most {MAX_CELL} are read",
            )


def _names(source: str, number: int, cells: list[str]) -> list[str]:
    names = [" ".join(cell.split()) for cell in cells]
    while not names[-1]:
        names.pop()
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if not name:
            raise Invalid(
                f"{source}, row {number}, column {letter(index)}",
                "this column has no name; write one into this row",
            )
        first = seen.setdefault(name.casefold(), index)
        if first != index:
            raise Invalid(
                f"{source}, row {number}, column {letter(index)}",
                f"the name {name!r} is taken by column {letter(first)}; rename one of them",
            )
    return names


def _named_columns(number: int) -> str:
    return "one column has a name" if number == 1 else f"{number} columns have names"


def _named(source: str, number: int, names: list[str], cells: list[str]) -> dict[str, str]:
    for index in range(len(names), len(cells)):
        if cells[index]:
            raise Invalid(
                f"{source}, row {number}, column {letter(index)}",
                f"there is a value here, but only {_named_columns(len(names))}; name this column,"
                " or put a cell that holds the separator in quotation"
                " marks",
            )
    cells += [""] * (len(names) - len(cells))
    return dict(zip(names, cells, strict=False))
