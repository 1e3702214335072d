"""Reads CSV, whatever spreadsheet wrote it: delimiter and encoding are found out.

The file is read in pieces, and no piece grows without bound, so that a huge or broken
file is refused instead of filling the memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import attrs

from mentorkit.errors import Fault, Invalid
from mentorkit.models import Row
from mentorkit.plugins.rosters_table import looks_like, opened, row_number, rows

CHUNK = 1 << 16
MAX_RECORD = 1 << 19
"""Signs in one row, line breaks within quotation marks included."""

_DELIMITERS = ",;\t|"
_SAMPLE = 20
_SEP = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _single(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value is not None and (len(value) != 1 or value in '"\r\n\0'):
        raise Invalid(field.name, f"must be a single sign such as ';', not {value!r}")


def _known(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    try:
        "".encode(value or "utf-8")
    except (LookupError, ValueError):
        raise Invalid(
            field.name,
            f"{value!r} is not a known encoding; common ones are 'utf-8', 'utf-16' and 'cp1252'",
        ) from None


@attrs.frozen
class Csv:
    """The rows of a CSV file. What is None is found out.

    The encoding is UTF-8 or UTF-16 where the file begins with their mark, else UTF-8 if
    its first sign beyond ASCII is valid in it, else Windows-1252. The delimiter is the
    comma, semicolon, tab or bar that splits the first rows evenly, unless the file begins
    with a line such as `sep=;`. The column names are in the
    row `header_row`, else in the first that is not blank. Rows are numbered as a
    spreadsheet shows them.
    """

    path: str
    delimiter: str | None = attrs.field(default=None, validator=_single)
    encoding: str | None = attrs.field(default=None, validator=_known)
    header_row: int | None = attrs.field(default=None, validator=row_number)

    def read(self) -> Iterator[Row]:
        """The rows in order. Raises Invalid, naming the place."""
        name = Path(self.path).name
        with opened(self.path) as file:
            yield from rows(name, self._records(name, file), self.header_row)

    def doubts(self) -> Iterator[Fault]:
        """Where the file shows that it is not UTF-8, and what its first such word was read as."""
        if self.encoding is not None:
            return
        name = Path(self.path).name
        with opened(self.path) as file:
            data, line = file.read(CHUNK), 1
            if any(data.startswith(bom) for bom, _ in _BOMS):
                return
            while data.isascii():
                more = file.read(CHUNK)
                if not more:
                    return
                cut = max(0, len(data) - WORD)
                # A carriage return may be the first half of a line's end.
                cut -= data[:cut].endswith(b"\r")
                line += len(_ENDS.findall(data[:cut]))
                data = data[cut:] + more
            data += file.read(WORD)
        first = next(at for at, byte in enumerate(data) if byte > ASCII)
        if _is_utf8(data[first:]):
            return
        line += len(_ENDS.findall(data[:first]))
        word = _word(data, first)
        yield Fault(f"{name}, line {line}", _GUESSED.format(word=word))

    def _records(self, name: str, file: BinaryIO) -> Iterator[list[str]]:
        start = file.read(CHUNK)
        if words := looks_like(start):
            raise Invalid(name, f"this is not text; it looks like {words}")
        number = 0
        try:
            lines = _Bounded(_lines(_texts(start, file, self.encoding)))
            for record in _reader(lines, self.delimiter, self.header_row or 1):
                number += 1
                lines.size = 0
                yield record
        except csv.Error as error:
            raise Invalid(f"{name}, row {number + 1}", _translated(error)) from None
        except ValueError as error:
            raise Invalid(f"{name}, row {number + 1}", str(error)) from None


class _Decoder(Protocol):
    def decode(self, data: bytes, final: bool = ..., /) -> str: ...


class _Guess:
    """UTF-8, until the first sign beyond ASCII shows that it is Windows-1252."""

    def __init__(self) -> None:
        self._decoder: _Decoder = codecs.getincrementaldecoder("utf-8")()
        self._certain = False

    def decode(self, data: bytes, final: bool = False, /) -> str:
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            if self._certain or not error.object[: error.start].isascii():
                raise
            self._decoder = codecs.getincrementaldecoder("cp1252")()
            return self._decoder.decode(error.object, final)
        self._certain = self._certain or not text.isascii()
        return text


def _decoder(start: bytes, encoding: str | None) -> _Decoder:
    encoding = encoding or next((name for bom, name in _BOMS if start.startswith(bom)), None)
    return codecs.getincrementaldecoder(encoding)() if encoding else _Guess()


def _texts(start: bytes, file: BinaryIO, encoding: str | None) -> Iterator[str]:
    """The file as text, in pieces. ValueError where the right text ends."""
    decoder = _decoder(start, encoding)
    data = start
    while True:
        wrong = ""
        try:
            text = decoder.decode(data, not data)
        except UnicodeDecodeError as error:
            text = error.object[: error.start].decode(error.encoding, "replace")
            wrong = _undecodable(error)
        right, zero, _ = text.partition("\0")
        yield right
        if zero or wrong:
            raise ValueError(_ZERO if zero else wrong)
        if not data:
            return
        data = file.read(CHUNK)


_ZERO = (
    "there is a zero byte here, so this is not text, or UTF-16 without its mark;"
    " save the file as 'CSV UTF-8', or state --encoding utf-16-le"
)
_GUESSED = (
    "{word!r} is read as Windows-1252, as the file is not UTF-8; if it is wrong, save the file as"
    " 'CSV UTF-8', or state its encoding, such as --encoding cp850"
)
ASCII = 0x7F
WORD = 64
"""Bytes around a sign in which its word is looked for."""
_ENDS = re.compile(rb"\r\n|\r|\n")


def _is_utf8(data: bytes) -> bool:
    """Whether data that begins beyond ASCII begins with a sign of UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError as error:
        return error.start > 0
    return True


def _word(data: bytes, at: int) -> str:
    """The word around a byte, as Windows-1252."""
    text = data.decode("cp1252", "replace")
    parts = re.finditer(r"[^\s,;|\"]+", text)
    return next((part[0] for part in parts if part.start() <= at < part.end()), text[at])


def _undecodable(error: UnicodeDecodeError) -> str:
    encoding = "Windows-1252" if error.encoding == "charmap" else error.encoding.upper()
    return (
        f"the byte 0x{error.object[error.start]:02x} here is not {encoding}, unlike what comes"
        " before; save the file as 'CSV UTF-8', or state with --encoding which one it has, such as"
        ' cp850, or state which encoding it has in the mapping, such as encoding = "cp850"'
    )


def _lines(texts: Iterable[str]) -> Iterator[str]:
    rest = ""
    for text in texts:
        lines = list(io.StringIO(rest + text, newline=""))
        # A carriage return at the end may be the first half of a line's end.
        rest = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        yield from lines
        if len(rest) > MAX_RECORD:
            raise ValueError(_TOO_LONG)
    if rest:
        yield rest


_TOO_LONG = (
    f"this row is longer than {MAX_RECORD} signs; check whether a quotation mark is not closed,"
    " and whether this is a CSV file at all"
)


class _Bounded:
    """Lines, as long as those of one record (`size` is set back after each) stay bounded."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.size += len(line)
        if self.size > MAX_RECORD:
            raise ValueError(_TOO_LONG)
        return line


def _reader(lines: Iterator[str], delimiter: str | None, header_row: int) -> Iterator[list[str]]:
    head, fault = _head(lines)
    if head and (sep := _SEP.fullmatch(head[0])):
        delimiter = delimiter or sep[1]
        del head[0]
    delimiter = delimiter or _found_delimiter(head[header_row - 1 :])
    resumed = _resumed(head, fault, lines)
    return csv.reader(resumed, delimiter=delimiter, strict=True, skipinitialspace=delimiter != " ")


def _head(lines: Iterator[str]) -> tuple[list[str], ValueError | None]:
    """The first lines, and what is wrong after them, to be raised when they are read."""
    head: list[str] = []
    try:
        head.extend(islice(lines, _SAMPLE))
    except ValueError as error:
        return head, error
    return head, None


def _resumed(head: list[str], fault: ValueError | None, lines: Iterator[str]) -> Iterator[str]:
    yield from head
    if fault is not None:
        raise fault
    yield from lines


def _found_delimiter(head: list[str]) -> str:
    def evenness(delimiter: str) -> tuple[bool, bool, int, int]:
        found = csv.reader(head, delimiter=delimiter, skipinitialspace=True, strict=True)
        widths: list[int] = []
        clean = True
        try:
            widths.extend(len(record) for record in found if any(record))
        except csv.Error as error:
            # The sample may end within quotation marks; a sign behind them tells against it.
            clean = "unexpected end" in str(error)
        # A first row of one cell may be a title above the column names.
        width = widths[0] if widths and widths[0] > 1 else max(widths, default=0)
        return width > 1, clean, widths.count(width), width

    return max(_DELIMITERS, key=evenness)


def _translated(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end" in words:
        return "a quotation mark that is opened in this row is never closed"
    if "field limit" in words:
        return _TOO_LONG
    return (
        "something stands between a closing quotation mark and the next separator; write a"
        ' quotation mark within a cell twice ("")'
    )
