"""Mappings and programmes as files: what is written reads back, what is wrong is named."""

from __future__ import annotations

import tomllib

import pytest
from enrolment_strategies import PROGRAMMES, column_maps
from hypothesis import HealthCheck, given, settings

from mentorkit import Invalid, Programme, codec
from mentorkit.enrolment import ColumnMap, Source, load_map, write_map, write_programme

QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def loaded(folder, text: str) -> ColumnMap:
    path = folder / "columns.toml"
    path.write_bytes(text.encode())
    return load_map(path)


def faults(folder, text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        loaded(folder, text)
    return {fault.path: fault.sentence for fault in caught.value.faults}


@QUICK
@given(column_maps())
def test_a_written_mapping_reads_back(tmp_path, column_map):
    assert loaded(tmp_path, write_map(column_map)) == column_map


@QUICK
@given(PROGRAMMES)
def test_a_written_programme_reads_back(programme):
    text = write_programme(programme)
    assert codec.structure(Programme, tomllib.loads(text)) == programme


def test_short_forms_stand_for_tables(tmp_path):
    column_map = loaded(
        tmp_path,
        """
        [fields]
        id = "e"
        name = ["first", "last"]
        town = { column = "t" }
        [roles.mentor]
        capacity = 2
        [roles.mentee]
        capacity = "places"
        """,
    )
    assert column_map.fields["id"] == Source(column=("e",))
    assert column_map.fields["name"] == Source(column=("first", "last"))
    assert column_map.fields["town"] == Source(column=("t",))
    assert column_map.roles["mentor"].capacity == Source(value="2", number=True)
    assert column_map.roles["mentee"].capacity == Source(column=("places",))


ID = '[fields]\nid = "e"\n'


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("fields = [", "", "not valid TOML"),
        ("\xff", "columns.toml", "not written in UTF-8"),
        ("", "fields", "is missing"),
        ("fields = 3", "fields", "must be a table"),
        ("[fields]", "fields.id", "is missing"),
        ('[fields]\nid = { value = "x" }', "fields.id.column", "differs from person to person"),
        ("[fields]\nid = 3", "fields.id", "must be a table"),
        (ID + "town = {}", "fields.town.column", "must be named"),
        (ID + 'town = { column = "a", vlaue = "b" }', "fields.town.vlaue", "did you mean 'value'"),
        (ID + "town = { value = 3 }", "fields.town.value", "must be text"),
        (ID + '"home town" = ["a", "A "]', 'fields."home town".column', "only once"),
        (ID + 'offer = "a"', "fields.offer", "almost the known field 'offers'"),
        (ID + '"E mail" = "a"', 'fields."E mail"', "almost the known field 'email'"),
        (ID + "[criteria.skills]", "criteria", "this looks like a programme"),
        (ID + 'x = { column = "a", decimal = "," }', "fields.x.decimal", "add number = true"),
        (
            ID + 'x = { column = "a", number = true, decimal = "" }',
            "fields.x.decimal",
            'must be "." or ","',
        ),
        ("header_row = 0\n" + ID, "header_row", "number of a row, from 1"),
        (
            ID + '[roles.a]\nwhen = { column = "w", one_of = ["b"], decimal = "," }',
            "roles.a.when.decimal",
            "for numbers alone",
        ),
        (ID + 'x = { column = "a", split = "" }', "fields.x.split", "must be the sign"),
        (ID + 'x = { column = "a", scale = ["b", " "] }', "fields.x.scale", "empty text"),
        (ID + 'x = { column = "a", number = true, split = ";" }', "fields.x.split", "no use"),
        (ID + 'name = { column = "a", split = ";" }', "fields.name.split", "read without it"),
        (ID + 'x = { column = "a", level_after = ":" }', "fields.x.level_after", "without it"),
        (ID + '[roles.a]\ncapacity = "p"\nwhen = { column = "w" }', "roles.a.when", "at_least"),
        (
            ID + '[roles.a]\nwhen = { column = "w", at_least = 3, at_most = 2 }',
            "roles.a.when.at_least",
            "must not be above",
        ),
        (ID + "[roles.a]\ncapacity = true", "roles.a.capacity", "must be a table"),
        (ID + 'town = "T"\n[left_out]\nt = "why"', "fields.town", "which left_out names"),
    ],
)
def test_a_wrong_mapping_is_named(tmp_path, text, path, words):
    if text == "\xff":
        (tmp_path / "columns.toml").write_bytes(b"\xff")
        with pytest.raises(Invalid, match=words):
            load_map(tmp_path / "columns.toml")
        return
    found = faults(tmp_path, text)
    place = f"columns.toml: {path}" if path else "columns.toml"
    assert list(found) == [place]
    assert words in found[place]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"nothing\.toml: cannot be read"):
        load_map(tmp_path / "nothing.toml")


PROTECTED = """
[fields]
id = "e"
town = "t"
[protected]
"""


def test_protected_columns_have_the_short_forms_too(tmp_path):
    column_map = loaded(
        tmp_path,
        PROTECTED + 'gender = "Gender (if you like)"\nband = { column = "B", scale = ["a", "b"] }',
    )
    assert dict(column_map.protected) == {
        "gender": Source(column=("Gender (if you like)",)),
        "band": Source(column=("B",), scale=("a", "b")),
    }


@pytest.mark.parametrize(
    ("line", "place", "sentence"),
    [
        ('email = "m"', "protected.email", "never protected"),
        ('age = { value = "7" }', "protected.age", "an empty cell means not agreed"),
        ('age = { column = "a", level_after = ":" }', "protected.age.level_after", "take it out"),
        ('town = "a"', "protected.town", "is read in [fields], too"),
        ('age = [" T "]', "protected.age", "is read in [fields], too"),
        ('age = "a"\n[left_out]\nA = "private"', "protected.age", "which left_out names"),
    ],
)
def test_what_nobody_could_agree_to_is_refused(tmp_path, line, place, sentence):
    found = faults(tmp_path, PROTECTED + line)
    assert sentence in found[f"columns.toml: {place}"]
    assert len(found) == 1
