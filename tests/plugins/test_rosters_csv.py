"""CSV files, as any spreadsheet writes them and as no one should."""

from __future__ import annotations

import contextlib
import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorkit import Invalid, Row
from mentorkit.plugins import rosters, rosters_csv
from mentorkit.plugins.rosters_csv import Csv

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def stored(folder: Path, data: bytes | str, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read(folder: Path, data: bytes | str, **chosen: object) -> list[Row]:
    return list(Csv(str(stored(folder, data)), **chosen).read())


def refusal(folder: Path, data: bytes | str, **chosen: object) -> str:
    with pytest.raises(Invalid) as caught:
        read(folder, data, **chosen)
    (fault,) = caught.value.faults
    assert fault.path.startswith("people.csv")
    return str(fault)


def texts(alphabet: str, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(alphabet), min_size=least, max_size=6).map(str.strip)


@st.composite
def tables(draw: st.DrawFn, alphabet: str) -> tuple[list[str], list[list[str]]]:
    """Names and rows whose cells are what a reader gives back; no row is blank."""
    names = st.lists(
        texts("abcdeXYZ é_-", 1).filter(bool).map(lambda name: " ".join(name.split())),
        min_size=1,
        max_size=4,
        unique_by=str.casefold,
    )
    head = draw(names)
    cells = texts(alphabet)
    row = st.lists(cells, min_size=len(head), max_size=len(head)).filter(any)
    return head, draw(st.lists(row, min_size=1, max_size=5))


def written(head: list[str], rows: list[list[str]], **style: object) -> str:
    text = io.StringIO()
    csv.writer(text, **style).writerows([head, *rows])  # type: ignore[arg-type]
    return text.getvalue()


def expected(head: list[str], rows: list[list[str]]) -> list[Row]:
    return [
        Row("people.csv", number, dict(zip(head, row, strict=True)))
        for number, row in enumerate(rows, 2)
    ]


STYLES = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "lineterminator": st.sampled_from(["\r\n", "\n", "\r"]),
    }
)


@QUICK
@given(
    tables("ab,;|\t\"'\n é€日\u2028\x85="),
    STYLES,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be with mark"]),
)
def test_any_table_reads_back_in_every_encoding_delimiter_and_quoting(tmp_path, table, style, name):
    text = written(*table, **style)
    data = ("\ufeff" + text).encode("utf-16-be") if name.endswith("mark") else text.encode(name)
    assert read(tmp_path, data) == expected(*table)


@QUICK
@given(tables("ab,;|\t\"'\n éüÿÀ"), STYLES)
def test_windows_text_is_recognised(tmp_path, table, style):
    """No letter from À up is followed by the bytes that would make it UTF-8."""
    assert read(tmp_path, written(*table, **style).encode("cp1252")) == expected(*table)


@QUICK
@given(
    st.lists(st.text("ab c;éüŠ„", max_size=5), min_size=1, max_size=40),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([4, 9, 70]),
)
def test_a_guess_is_told_with_its_line_and_word(tmp_path, lines, end, encoding, size):
    """Unless the file is UTF-8 or says what it is; against the lines as they were written."""
    data = "".join(line + end for line in ["id", *lines]).encode(encoding)
    stored(tmp_path, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rosters_csv, "CHUNK", size)
        found = list(Csv(str(tmp_path / "people.csv")).doubts())
    assert list(Csv(str(tmp_path / "people.csv"), encoding="cp1252").doubts()) == []
    telling = [at for at, line in enumerate(lines, 2) if not line.isascii()]
    if encoding != "cp1252" or not telling:
        assert found == []
        return
    (fault,) = found
    assert fault.path == f"people.csv, line {telling[0]}"
    words = lines[telling[0] - 2].replace(";", " ").split()
    word = next(word for word in words if not word.isascii())
    assert repr(word) in fault.sentence
    assert "--encoding" in fault.sentence


@QUICK
@given(tables("ab éü\"'\n"), st.sampled_from(",;\t|"))
def test_minimal_quoting_reads_back(tmp_path, table, delimiter):
    assert read(tmp_path, written(*table, delimiter=delimiter)) == expected(*table)


@QUICK
@given(tables("ab,;|\téü"), STYLES, st.integers(1, 9))
def test_the_size_of_the_pieces_changes_nothing(tmp_path, table, style, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rosters_csv, "CHUNK", size)
        # The mark of UTF-8 and the magic of other files are looked for in the first piece.
        data = written(*table, **style).encode()
        assert read(tmp_path, data, encoding="utf-8") == expected(*table)


@pytest.mark.parametrize("size", range(4, 12))
def test_the_encoding_is_found_across_pieces(tmp_path, monkeypatch, size):
    monkeypatch.setattr(rosters_csv, "CHUNK", size)
    good = "a,b\n1,2\n3,é日\n4,5\n"
    assert read(tmp_path, good)[1].cells == {"a": "3", "b": "é日"}
    assert read(tmp_path, "a,b\n1,2\n3,éü\n".encode("cp1252"))[1].cells == {"a": "3", "b": "éü"}
    assert "row 5" in refusal(tmp_path, good.encode() + b"6,\xfc\n")


@settings(QUICK, max_examples=200)
@given(st.binary(max_size=300) | st.text('ab,;"\n\r\0', max_size=40).map(str.encode))
def test_random_bytes_are_read_or_refused(tmp_path, data):
    with contextlib.suppress(Invalid):
        assert read(tmp_path, data)


def test_the_line_of_the_separator_and_settings_win(tmp_path):
    assert read(tmp_path, "sep=;\r\na,b;c\r\n1,2;3\r\n") == [
        Row("people.csv", 2, {"a,b": "1,2", "c": "3"})
    ]
    assert read(tmp_path, "a;b\n1;2\n", delimiter=",") == [Row("people.csv", 2, {"a;b": "1;2"})]
    assert read(tmp_path, "ä\nö\n".encode("cp850"), encoding="cp850")[0].cells == {"ä": "ö"}


def test_a_list_in_a_cell_does_not_win_over_the_delimiter(tmp_path):
    row = read(tmp_path, "name,skills;levels\nAnn,a;b;c\nBob,d;e;f\n")[0]
    assert row.cells == {"name": "Ann", "skills;levels": "a;b;c"}
    (row,) = read(tmp_path, "name;skills, had, wanted\nAnn;C\n")
    assert row.cells == {"name": "Ann", "skills, had, wanted": "C"}


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    rows = read(tmp_path, '\na,b\n\n"1\nstill row 4",2\n,\n\u00a0x\u00a0y ,3\n')
    assert [(row.number, row.cells["a"]) for row in rows] == [(4, "1\nstill row 4"), (6, "x y")]


def test_blank_columns_at_the_end_and_short_rows_are_fine(tmp_path):
    assert read(tmp_path, "a,b,,\n1,,,\n2\n")[1].cells == {"a": "2", "b": ""}


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"", "people.csv:", "is empty"),
        (b"\n \n", "people.csv:", "is empty"),
        (b"\xef\xbb\xbf", "people.csv:", "is empty"),
        (b"a,b\n", "people.csv:", "no rows below"),
        (b"PK\x03\x04rest", "people.csv:", ".xlsx"),
        (b"%PDF-1.7", "people.csv:", "PDF"),
        (b"\x89PNG\r\n", "people.csv:", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1", "people.csv:", "old .xls"),
        (b"<html>", "people.csv:", "web page"),
        (b"a,b\n1,\0\n", "row 2", "zero byte"),
        ("a,b\n1,2\n".encode("utf-16-le"), "row 1", "zero byte"),
        (b"a,b\n1,2\n3,\x81\n", "row 3", "0x81"),
        ("a,ü\n1,2\n3,".encode() + b"\xfc\n", "row 3", "not UTF-8"),
        (b"a,a\n1,2\n", "row 1, column B", "taken by column A"),
        (b"a, A\n1,2\n", "row 1, column B", "taken by column A"),
        (b"a,,c\n1,2,3\n", "row 1, column B", "no name"),
        (b"a,b\n1,2\n1,2,3\n", "row 3, column C", "only 2 columns"),
        (b"a,b,\n1,2,3\n", "row 2, column C", "name this column"),
        (b'a,b\n1,"2\n3,4\n', "row 2", "never closed"),
        (b'a,b\n1,"2"x\n', "row 2", "closing quotation mark"),
        (b"a,b\n1," + b"x" * 32_768 + b"\n", "row 2, column B", "at most 32767"),
        (b'a,b\n1,"' + b"2\n" * 400_000, "row 2", "quotation mark"),
        (b"a,b\n1," + b"x," * 400_000, "row 2", "longer than"),
    ],
)
def test_bad_files_are_refused_at_their_place(tmp_path, data, place, words):
    said = refusal(tmp_path, data)
    assert place in said
    assert words in said


def test_a_bad_row_far_down_is_named(tmp_path):
    rows = [f"{number},x" for number in range(20_000)]
    rows[15_000] += ",y"
    assert "row 15002, column C" in refusal(tmp_path, "a,b\n" + "\n".join(rows))


def test_the_csv_module_wide_limit_changes_nothing(tmp_path):
    before = csv.field_size_limit(2**31 - 1)
    try:
        assert "longer than" in refusal(tmp_path, b'a,b\n1,"' + b"2\n" * 400_000)
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("start", [b"", b"a,b\n1,2\n"])
def test_an_endless_line_is_refused_early(tmp_path, monkeypatch, start):
    """A sparse file of a gigabyte of spaces would do; counting what is read is quicker."""

    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= 1 << 20
            first, self.taken = self.taken == 0, self.taken + size
            return (start if first else b"").ljust(size, b"x")

    file = Endless()
    monkeypatch.setattr(rosters_csv, "opened", lambda _: file)
    tracemalloc.start()
    with pytest.raises(Invalid, match="longer than"):
        list(Csv("people.csv").read())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert file.taken <= 1 << 20
    assert peak < 8 << 20


def test_a_long_file_is_streamed(tmp_path):
    path = stored(tmp_path, "a,b\n" + "some words,and more\n" * 200_000)
    rows = iter(Csv(str(path)).read())
    tracemalloc.start()
    count = sum(1 for _ in rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 200_000
    assert peak < 2 << 20


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("mentorkit.plugins.rosters_table.MAX_ROWS", 3)
    assert len(read(tmp_path, "a\n1\n2\n")) == 2
    assert "more than 3 rows" in refusal(tmp_path, "a\n1\n2\n3\n")


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(Invalid, match=r"^nobody\.csv: there is no such file in /"):
        list(Csv(str(tmp_path / "nobody.csv")).read())
    with pytest.raises(Invalid, match="is a folder"):
        list(Csv(str(tmp_path)).read())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_column_names_below_a_title_are_pointed_at(tmp_path, delimiter):
    rows = [["Mentoring; or, not"], [], ["As of", "today"], ["id", "n", "t"], ["1", "x", "y"]]
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter, quoting=csv.QUOTE_NONE, escapechar=None).writerows(
        rows if delimiter == "\t" else [["Mentoring"], *rows[1:]]
    )
    text = held.getvalue()
    assert refusal(tmp_path, text) == (
        "people.csv: the column names seem to be in row 4; state header_row = 4 in the mapping,"
        " or delete the rows above"
    )
    assert read(tmp_path, text, header_row=4) == [
        Row("people.csv", 5, {"id": "1", "n": "x", "t": "y"})
    ]
    words = "people.csv: has no column names in row 9 or below"
    assert refusal(tmp_path, text, header_row=9) == words


def test_an_unknown_encoding_names_its_key(tmp_path):
    said = refusal(tmp_path, "id,name\n1,é\x81\n".encode("latin-1"))
    assert said.endswith('state which encoding it has in the mapping, such as encoding = "cp850"')


def test_one_column_is_no_title(tmp_path):
    rows = read(tmp_path, "id\n" + "a\n" * 30)
    assert [row.number for row in rows] == [*range(2, 32)]
    assert "only one column has a name" in refusal(tmp_path, "id\n" + "a\n" * 30 + "a,b\n")


def test_settings_are_checked():
    with pytest.raises(ValueError, match="single sign"):
        Csv("x", delimiter="::")
    with pytest.raises(ValueError, match="not a known encoding"):
        Csv("x", encoding="utf-99")


def test_the_hook_gives_each_ending_its_kind():
    kinds = {kind.name: kind.settings.__name__ for kind in rosters.mentorkit_rosters()}
    assert kinds == {"csv": "Csv", "tsv": "Csv", "txt": "Csv", "xlsx": "Xlsx"}
