"""The contract of a Roster."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from mentorkit.errors import Fault, Invalid
from mentorkit.interfaces import Doubting
from mentorkit.models import Row
from mentorkit.testing.contracts.check import Subject, expect, fail

NOWHERE = "no-such-folder/no-such-file"


def its_file_is_left_alone(subject: Subject) -> None:
    """Reading changes nothing in the file that it reads."""
    file = Path(str(subject.data.get("path", "")))
    if not file.is_file():
        return
    before = file.read_bytes()
    try:
        list(subject.bound().read())
        expect(file.is_file() and file.read_bytes() == before, f"reading changed {file.name}")
    finally:
        file.write_bytes(before)


def rows_of_text(subject: Subject) -> None:
    """It reads Rows, whose columns and cells are text."""
    rows = list(subject.bound().read())
    expect(rows, "the sample has no rows; name a file with some")
    for row in rows:
        expect(isinstance(row, Row), f"it read {row!r}, not a Row")
        cells = row.cells
        expect(isinstance(cells, Mapping), f"row {row.number} holds {cells!r}, not cells by column")
        for column, cell in cells.items():
            words = isinstance(column, str) and isinstance(cell, str)
            expect(words, f"row {row.number} holds {cell!r} under {column!r}; both must be text")


def rows_know_their_place(subject: Subject) -> None:
    """Every row names its source and its number, and the numbers rise."""
    rows = [row for row in subject.bound().read() if isinstance(row, Row)]
    for row in rows:
        expect(isinstance(row.source, str) and row.source, f"{row!r} does not name its source")
        expect(type(row.number) is int, f"the number of {row!r} is not whole")
    for one, other in pairwise(rows):
        rising = one.source != other.source or one.number < other.number
        expect(rising, f"row {other.number} comes after row {one.number}")


def the_same_rows_twice(subject: Subject) -> None:
    """Read again, by the same object or a new one, it gives equal rows."""
    roster = subject.bound()
    first, second, third = list(roster.read()), list(roster.read()), list(subject.bound().read())
    expect(first == second, "read twice, the rows differ")
    expect(first == third, "two rosters of the same settings disagree")


def doubts_know_their_place(subject: Subject) -> None:
    """If it doubts what it read, it says where, and what is to be done."""
    roster = subject.bound()
    list(roster.read())
    for doubt in roster.doubts() if isinstance(roster, Doubting) else ():
        expect(isinstance(doubt, Fault), f"it doubted with {doubt!r}, not with a Fault")
        expect(doubt.path and doubt.sentence, f"{doubt!r} lacks its place or its sentence")


def a_missing_file_is_invalid(subject: Subject) -> None:
    """Where there is no file, Invalid says so, with its place."""
    if "path" not in subject.data:
        return
    try:
        list(subject.kind.bind(subject.settings(path=NOWHERE)).read())
    except Invalid as error:
        expect(all(fault.path for fault in error.faults), f"it does not name the place: {error}")
    except Exception as error:
        fail(f"without a file it raised {type(error).__name__}: {error}; raise mentorkit.Invalid")
    else:
        fail("it read a file that is not there")


def what_cannot_be_read_is_invalid(subject: Subject) -> None:
    """A file of another sort is Invalid, with its place, if it has no rows."""
    if "path" not in subject.data:
        return
    suffix = Path(str(subject.data["path"])).suffix
    for content in (b"", b"\x00\xff\xfe\x80 no text \x81\x8d", b"PK\x03\x04 no archive"):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"strange{suffix}"
            file.write_bytes(content)
            _read_or_refused(subject, file)


def _read_or_refused(subject: Subject, file: Path) -> None:
    try:
        list(subject.kind.bind(subject.settings(path=str(file))).read())
    except Invalid as error:
        expect(all(fault.path for fault in error.faults), f"it does not name the place: {error}")
    except Exception as error:
        sort = type(error).__name__
        fail(f"of {file.read_bytes()!r} it raised {sort}: {error}; raise mentorkit.Invalid")


ROSTER = (
    its_file_is_left_alone,
    rows_of_text,
    rows_know_their_place,
    the_same_rows_twice,
    doubts_know_their_place,
    a_missing_file_is_invalid,
    what_cannot_be_read_is_invalid,
)
