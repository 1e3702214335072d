"""Workbooks: every value as text, and nothing that could be out of date or a trap."""

from __future__ import annotations

import contextlib
import datetime
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorkit import Invalid, Row
from mentorkit.plugins import rosters_xlsx
from mentorkit.plugins.rosters_xlsx import Xlsx

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def workbook(*rows: list[object], title: str = "People") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(folder: Path, data: bytes, **chosen: object) -> list[Row]:
    path = folder / "people.xlsx"
    path.write_bytes(data)
    return list(Xlsx(str(path), **chosen).read())


def refusal(folder: Path, data: bytes, **chosen: object) -> str:
    with pytest.raises(Invalid) as caught:
        read(folder, data, **chosen)
    (fault,) = caught.value.faults
    assert fault.path.startswith("people.xlsx")
    return str(fault)


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with `old` replaced in one part."""
    source, held = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    assert part in source.namelist()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old in text
                text = text.replace(old, new)
            target.writestr(name, text)
    return held.getvalue()


CELLS = st.text(st.sampled_from("ab,;=\"'\né日<&"), max_size=6).map(str.strip)


@QUICK
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), min_size=1, max_size=5))
def test_any_table_of_text_reads_back(tmp_path, rows):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate([["a", "b", "é"], *rows], 1):
        for index, text in enumerate(row, 1):
            cell = sheet.cell(number, index, text)
            cell.data_type = "s"  # and no formula, whatever it begins with
    held = io.BytesIO()
    book.save(held)
    assert read(tmp_path, held.getvalue()) == [
        Row("people.xlsx", number, dict(zip("abé", row, strict=True)))
        for number, row in enumerate(rows, 2)
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (False, "FALSE"),
        (datetime.date(2026, 9, 1), "2026-09-01"),
        (datetime.datetime(2026, 9, 1, 12, 30), "2026-09-01T12:30:00"),
        (datetime.time(9, 30), "09:30:00"),
        ("\u00a0a\u00a0b ", "a b"),
        ("a_x000D_\nb", "a\nb"),
    ],
)
def test_values_become_text(tmp_path, value, text):
    assert read(tmp_path, workbook(["a", "b"], [value, "x"]))[0].cells["a"] == text


def test_rows_keep_their_numbers_across_gaps(tmp_path):
    data = workbook(["a"], ["1"], [], ["2"])
    assert [row.number for row in read(tmp_path, data)] == [2, 4]


def test_column_names_below_a_title_are_pointed_at(tmp_path):
    data = workbook([None, "Mentoring"], [], ["id", "name"], ["1", "x"])
    assert "state header_row = 3 in the mapping" in refusal(tmp_path, data)
    (row,) = read(tmp_path, data, header_row=3)
    assert (row.number, dict(row.cells)) == (4, {"id": "1", "name": "x"})


def test_a_wrong_dimension_hides_nothing(tmp_path):
    data = workbook(["a", "b"], [1, 2], [3, 4])
    wrong = changed(data, "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="A1:A1"')
    assert read(tmp_path, wrong)[1].cells == {"a": "3", "b": "4"}


def test_a_formula_is_refused_at_its_cell(tmp_path):
    said = refusal(tmp_path, workbook(["a", "b"], ["x", "=1+1"]))
    assert said.startswith("people.xlsx, sheet People, row 2, column B:")
    assert "paste it as values" in said


def test_an_error_is_refused_at_its_cell(tmp_path):
    said = refusal(tmp_path, workbook(["a", "b"], ["x", "#N/A"]))
    assert said.startswith("people.xlsx, sheet People, row 2, column B:")
    assert "#N/A" in said


def test_an_impossible_date_is_refused_without_a_warning(tmp_path):
    data = workbook(["a"], [datetime.date(2026, 9, 1)])
    wrong = changed(data, "xl/worksheets/sheet1.xml", b"<v>46266</v>", b"<v>99999999</v>")
    assert "#VALUE!" in refusal(tmp_path, wrong)


def test_the_sheet_is_the_named_one_or_the_first_visible(tmp_path):
    book = openpyxl.Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.title, hidden.sheet_state = "Hidden", "hidden"
    hidden.append(["h"])
    hidden.append(["1"])
    shown = book.create_sheet("Shown")
    shown.append(["s"])
    shown.append(["2"])
    held = io.BytesIO()
    book.save(held)
    assert read(tmp_path, held.getvalue())[0].cells == {"s": "2"}
    assert read(tmp_path, held.getvalue(), sheet="Hidden")[0].cells == {"h": "1"}
    assert "it has 'Hidden', 'Shown'" in refusal(tmp_path, held.getvalue(), sheet="Others")


def zipped(*parts: tuple[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", way) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"name,email\n", "looks like text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old .xls workbook, or one that a password protects"),
        (b"%PDF-1.7", "looks like a PDF"),
        (b"PK\x03\x04 and then nothing", "is damaged"),
        (zipped(("readme.txt", b"hello")), "is damaged, or no workbook"),
        (zipped(("a", b"x"), way=zipfile.ZIP_BZIP2), "packed in a way"),
        (zipped(("a", b"\0" * (5 << 20))), "would inflate to 5,242,880 bytes"),
        (workbook(["a"]), "no rows below"),
        (workbook(), "is empty"),
        (workbook(["a", "a"], ["1", "2"]), "row 1, column B"),
    ],
)
def test_bad_files_are_refused(tmp_path, data, words):
    assert words in refusal(tmp_path, data)


def test_an_encrypted_part_is_refused(tmp_path):
    data = bytearray(zipped(("a", b"x")))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert "password" in refusal(tmp_path, bytes(data))


SHARED = "xl/sharedStrings.xml"


def with_shared(strings: bytes) -> bytes:
    """A workbook whose only cell below the head is the first of the shared strings."""
    data = workbook(["a"], ["x"])
    inline = b't="inlineStr"><is><t>x</t></is>'
    data = changed(data, "xl/worksheets/sheet1.xml", inline, b't="s"><v>0</v>')
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = b'<Override PartName="/%b" ContentType="%b"/></Types>' % (SHARED.encode(), kind)
    data = changed(data, "[Content_Types].xml", b"</Types>", entry)
    held = io.BytesIO(data)
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHARED, strings)
    return held.getvalue()


NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = b"<sst " + NAMESPACE + b"><si><t>shared</t></si></sst>"


def test_shared_strings_are_read(tmp_path):
    assert read(tmp_path, with_shared(STRINGS))[0].cells == {"a": "shared"}


def test_a_directory_that_lies_inflates_no_more_than_it_says(tmp_path, monkeypatch):
    """Shared strings of five megabytes, of which the archive's directory admits a thousand."""
    data = bytearray(with_shared(STRINGS.replace(b"<si>", b"<si/>" * (1 << 20) + b"<si>")))
    assert "would inflate" in refusal(tmp_path, bytes(data))
    name = data.rindex(SHARED.encode())
    assert data[name - 46 : name - 42] == b"PK\x01\x02"
    data[name - 22 : name - 18] = struct.pack("<I", 1000)
    inflated = 0
    inflate = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        nonlocal inflated
        piece = inflate(self, n)
        inflated += len(piece) if self.name == SHARED else 0
        return piece

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    assert "damaged" in refusal(tmp_path, bytes(data))
    assert inflated <= 1000


ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize(
    ("part", "root"),
    [
        ("[Content_Types].xml", b"<Types"),
        ("xl/workbook.xml", b"<workbook"),
        (SHARED, b"<sst"),
        ("xl/styles.xml", b"<styleSheet"),
        ("xl/worksheets/sheet1.xml", b"<worksheet"),
    ],
)
def test_entities_are_refused_in_every_part(tmp_path, part, root):
    assert "damaged" in refusal(
        tmp_path, changed(with_shared(STRINGS), part, root, ENTITIES + root)
    )


@pytest.mark.parametrize("cover", [b"", b"<!-- </row> -->", b"<?x </row>?>"])
def test_tags_of_one_row_are_bounded(tmp_path, monkeypatch, cover):
    monkeypatch.setattr(rosters_xlsx, "MAX_TAGS", 60_000)
    many = (b"<c/>" * 10_000 + cover) * 8
    sheet, end = "xl/worksheets/sheet1.xml", b"</row></sheetData>"
    bomb = changed(workbook(["a"], ["x"]), sheet, end, many + end)
    assert "more than 60000 tags" in refusal(tmp_path, bomb)
    rows = workbook(["a"], *(["x"] for _ in range(12_000)))
    assert len(read(tmp_path, rows)) == 12_000


def test_rows_and_cells_are_bounded(tmp_path, monkeypatch):
    data = workbook(["a"], ["x"])
    sheet = "xl/worksheets/sheet1.xml"
    far = changed(data, sheet, b'r="2"', b'r="2000000000"')
    monkeypatch.setattr("mentorkit.plugins.rosters_table.MAX_ROWS", 1000)
    assert "more than 1000 rows" in refusal(tmp_path, far)
    monkeypatch.setattr(rosters_xlsx, "MAX_CELLS", 3)
    assert "more than 3 cells" in refusal(tmp_path, workbook(["a", "b"], ["1", "2"]))


PEOPLE = workbook(["a", "b"], ["x", 1], ["y", 2.5])


@settings(QUICK, max_examples=80)
@given(
    st.binary(max_size=100)
    | st.binary(max_size=100).map(lambda data: b"PK\x03\x04" + data)
    | st.tuples(st.integers(0, len(PEOPLE) - 1), st.integers(1, 255)).map(
        lambda flip: bytes(
            byte ^ flip[1] if at == flip[0] else byte for at, byte in enumerate(PEOPLE)
        )
    )
    | st.integers(0, len(PEOPLE)).map(lambda end: PEOPLE[:end])
)
def test_random_bytes_are_read_or_refused(tmp_path, data):
    with contextlib.suppress(Invalid):
        read(tmp_path, data)


SHEET = zipfile.ZipFile(io.BytesIO(PEOPLE)).read("xl/worksheets/sheet1.xml")


@QUICK
@given(
    st.integers(0, len(SHEET) - 8),
    st.sampled_from([b"", b'"', b"<", b"A", b"9", b"ZZZZ99", b'<c t="s"><v>9</v></c>']),
)
def test_broken_sheets_are_read_or_refused(tmp_path, at, piece):
    broken = SHEET[:at] + piece + SHEET[at + 2 :]
    with contextlib.suppress(Invalid):
        read(tmp_path, changed(PEOPLE, "xl/worksheets/sheet1.xml", SHEET, broken))
