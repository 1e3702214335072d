"""Reads one sheet of an Excel workbook as text.

A workbook is a zip archive of XML, so a small file can claim gigabytes: what it would
inflate to is checked before anything is inflated.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import attrs

from mentorkit.errors import Invalid
from mentorkit.models import Row
from mentorkit.plugins.rosters_table import letter, looks_like, opened, row_number, rows

MAX_INFLATED = 64 << 20
"""Bytes that a workbook may hold when inflated."""
MAX_RATIO = 100
"""How often its own size a workbook may hold, once that is above `FREE` bytes."""
FREE = 4 << 20
MAX_PARTS = 10_000
MAX_TAGS = 1_000_000
"""Tags within one row or text; each costs far more memory than its bytes."""
MAX_CELLS = 20_000_000
"""Cells in a sheet, the blank ones before the last in each row included."""

_ENDS = re.compile(rb"</(?:\w+:)?(?:row|si)>")

T = TypeVar("T")


@attrs.frozen
class Xlsx:
    """The rows of a workbook's sheet: the one named `sheet`, else the first visible one.
    Its column names are in the row `header_row`, else in the first that is not blank.

    Every value is read as text: 12.0 as 12, dates as ISO, truths as TRUE and FALSE. A
    formula is refused, for the value that it last had may be out of date.
    """

    path: str
    sheet: str | None = None
    header_row: int | None = attrs.field(default=None, validator=row_number)

    def read(self) -> Iterator[Row]:
        """The rows in order. Raises Invalid, naming the place."""
        name = Path(self.path).name
        with opened(self.path) as file:
            _check_archive(name, file)
            _attempt(name, lambda: _check_tags(name, file))
            yield from rows(name, self._records(name, file), self.header_row)

    def _records(self, name: str, file: BinaryIO) -> Iterator[list[str]]:
        import openpyxl  # slow to import, and needed for workbooks alone

        book = _attempt(name, lambda: openpyxl.load_workbook(file, read_only=True))
        sheet = self._chosen(name, book.worksheets)
        sheet.reset_dimensions()
        records = sheet.iter_rows()
        place = f"{name}, sheet {sheet.title}"
        number = total = 0
        while (record := _attempt(name, lambda: next(records, None))) is not None:
            number += 1
            total += len(record)
            if total > MAX_CELLS:
                raise Invalid(place, f"has more than {MAX_CELLS} cells; delete what is not needed")
            yield [_text(place, number, index, cell) for index, cell in enumerate(record)]

    def _chosen(self, name: str, sheets: list[Any]) -> Any:
        wanted = self.sheet
        for sheet in sheets:
            if sheet.sheet_state == "visible" if wanted is None else sheet.title == wanted:
                return sheet
        titles = ", ".join(repr(sheet.title) for sheet in sheets)
        if wanted is None:
            raise Invalid(name, "has no visible sheet with cells; name the hidden one to be read")
        raise Invalid(name, f"has no sheet {wanted!r}; it has {titles}")


def _attempt(name: str, step: Callable[[], T]) -> T:
    """What `step` returns. openpyxl warns of what it skips and raises all sorts of errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return step()
        except Invalid:
            raise
        except Exception as error:
            raise Invalid(
                name,
                f"is damaged, or no workbook ({type(error).__name__});"
                " open it in a spreadsheet and save it as .xlsx again",
            ) from error


def _check_archive(name: str, file: BinaryIO) -> None:
    start = file.read(8)
    if not start:
        raise Invalid(name, "is empty; a workbook is never empty")
    if not start.startswith(b"PK"):
        words = looks_like(start) or "text: give it the ending .csv"
        raise Invalid(name, f"this is not an .xlsx workbook; it looks like {words}")
    parts = _attempt(name, lambda: zipfile.ZipFile(file).infolist())
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(name, "is protected by a password; save it without one")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Invalid(name, "is packed in a way that no spreadsheet uses; save it as .xlsx again")
    # zipfile inflates no part beyond the size that its directory states, so a directory
    # that lies cannot get past this sum.
    inflated = sum(part.file_size for part in parts)
    allowed = min(MAX_INFLATED, max(FREE, MAX_RATIO * file.seek(0, 2)))
    if inflated > allowed or len(parts) > MAX_PARTS:
        raise Invalid(
            name,
            f"would inflate to {inflated:,} bytes in {len(parts)} parts, which no list of people"
            " needs; copy the rows into a new workbook",
        )


def _check_tags(name: str, file: BinaryIO) -> None:
    """Refuse a part with more tags than a reader that frees row after row should hold."""
    archive = zipfile.ZipFile(file)
    for part in archive.namelist():
        tags = 0
        with archive.open(part) as source:
            while piece := source.read(1 << 16):
                ends = [end.end() for end in _ENDS.finditer(piece)]
                # The end of a row within a comment or the like is none.
                if ends and b"<!" not in piece and b"<?" not in piece:
                    tags = piece.count(b"<", ends[-1])
                else:
                    tags += piece.count(b"<")
                if tags > MAX_TAGS:
                    raise Invalid(
                        name,
                        f"has more than {MAX_TAGS} tags in one row of {part}, which no list of"
                        " people needs; copy the rows into a new workbook",
                    )


def _text(place: str, number: int, index: int, cell: Any) -> str:
    if cell.data_type == "f":
        raise Invalid(
            f"{place}, row {number}, column {letter(index)}",
            "this cell holds a formula; copy the column and paste it as values",
        )
    if cell.data_type == "e":
        raise Invalid(
            f"{place}, row {number}, column {letter(index)}",
            f"this cell holds the error {cell.value}; correct or empty it",
        )
    return _written(cell.value)


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return str(int(value)) if value.is_integer() else f"{value:.15g}"
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
    # Excel writes the carriage return of a line break like this.
    return str(value).replace("_x000D_", "")
