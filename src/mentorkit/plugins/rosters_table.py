"""What CSV files and workbooks share: a row of column names, then a row for each person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from mentorkit.errors import Invalid
from mentorkit.models import Row

MAX_ROWS = 1_048_576
"""The most rows that a spreadsheet holds."""
MAX_CELL = 32_767
"""The most signs that a spreadsheet's cell holds."""

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\ufeff", " "))

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


def opened(path: str) -> BinaryIO:
    """The file, open to be read as bytes. Invalid where there is none."""
    file = Path(path)
    if file.is_dir():
        raise Invalid(file.name or path, "is a folder; name a file in it")
    if not file.is_file():
        raise Invalid(file.name or path, f"there is no such file; check the path {path}")
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


def rows(source: str, records: Iterable[Sequence[str]]) -> Iterator[Row]:
    """Records, the first of which names the columns, as Rows; blank ones are skipped."""
    names: list[str] | None = None
    number = held = 0
    for number, record in enumerate(records, 1):
        if number > MAX_ROWS:
            raise Invalid(source, f"has more than {MAX_ROWS} rows; split it into several files")
        cells = [_clean(cell) for cell in record]
        if not any(cells):
            continue
        _check_lengths(source, number, cells)
        if names is None:
            names = _names(source, number, cells)
        else:
            yield Row(source, number, _named(source, number, names, cells))
            held += 1
    if names is None:
        raise Invalid(source, "is empty; it needs a row of column names and a row for each person")
    if not held:
        raise Invalid(source, "has column names but no rows below them")


def _clean(cell: str) -> str:
    return (cell if cell.isascii() else cell.translate(_SPACES)).strip()


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
                "this column has no name; write one into the first row",
            )
        first = seen.setdefault(name.casefold(), index)
        if first != index:
            raise Invalid(
                f"{source}, row {number}, column {letter(index)}",
                f"the name {name!r} is taken by column {letter(first)}; rename one of them",
            )
    return names


def _named(source: str, number: int, names: list[str], cells: list[str]) -> dict[str, str]:
    for index in range(len(names), len(cells)):
        if cells[index]:
            raise Invalid(
                f"{source}, row {number}, column {letter(index)}",
                f"there is a value here, but only {len(names)} columns have names in the first"
                " row; name this column, or put a cell that holds the separator in quotation"
                " marks",
            )
    cells += [""] * (len(names) - len(cells))
    return dict(zip(names, cells, strict=False))
