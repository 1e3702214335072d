"""Each reader of others' words, given mangled ones, refuses them in words or takes them whole."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any

import fuzz_seeds
import fuzz_targets
import mangled
import pytest
from fuzz_targets import TARGETS
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mentorkit import codec
from mentorkit.matching import verify
from mentorkit.models import MatchPlan
from mentorkit.plugins import rosters_csv

pytestmark = pytest.mark.once

FEW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow]
)
SEEDS = {name: target.seeds() for name, target in TARGETS.items() if name != "strings"}
TABLES = ("csv", "people", "figures", "questionnaire", "answers")
TREES = ("mapping", "programme", "house")


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_good_ones(name: str) -> None:
    """Most are taken, or mangling them would test the first refusal alone."""
    refused = 0
    seeds = TARGETS[name].seeds()
    for data in seeds:
        fuzz_targets.SAID.clear()
        TARGETS[name].run(data)
        refused += bool(fuzz_targets.SAID)
    assert refused * 2 <= len(seeds), fuzz_targets.SAID


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
@FEW
def test_bytes_cut_and_put_in(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(TARGETS[name].seeds()))
    TARGETS[name].run(mangled.pieces(seed, data.draw))


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
@FEW
def test_tables_with_odd_cells_and_lines(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[name]))
    TARGETS[name].run(mangled.table(seed, data.draw))


@pytest.mark.parametrize("name", TREES)
@given(data=st.data())
@FEW
def test_files_with_odd_keys_and_values(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from([seed for seed in SEEDS[name] if seed]))
    TARGETS[name].run(
        mangled.as_toml(mangled.tree(_plain(tomllib.loads(seed.decode())), data.draw))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    return value if isinstance(value, str | int | float) else str(value)


@pytest.mark.parametrize(("name", "begins"), [("plan", 0), ("values", 1)])
@given(data=st.data())
@FEW
def test_json_with_odd_keys_and_values(name: str, begins: int, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[name]))
    made = mangled.tree(json.loads(seed[begins:]), data.draw)
    TARGETS[name].run(seed[:begins] + mangled.as_json(made))


# Two parts may get one name, of which the archive warns while it is made.
@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(data=st.data())
@FEW
def test_workbooks_of_odd_parts(data: st.DataObject) -> None:
    made = mangled.archive(fuzz_seeds.workbook_parts(), data.draw)
    fuzz_targets.xlsx(made)


@given(text=mangled.TEXTS)
@example(text="Mon" + " " * 32_000 + ", b 9-17")
@FEW
def test_odd_cells(text: str) -> None:
    fuzz_targets.cells(text.encode("utf-8", "replace"))


@given(data=st.binary(max_size=200))
@FEW
def test_any_bytes_at_all(data: bytes) -> None:
    for target in TARGETS.values():
        target.run(data)


# What was found, one by one.


def test_a_zero_byte_before_a_broken_sign_is_in_no_row() -> None:
    data = b"\xef\xbb\xbfid,na\0me\n1,Ann\n2,\xff\n"
    roster = rosters_csv.Csv(str(fuzz_targets.file_of(data, ".csv")))
    rows = []
    with pytest.raises(ValueError, match="row 1: there is a zero byte here"):
        rows.extend(roster.read())
    assert rows == []


@pytest.mark.parametrize(
    "text",
    [
        "Mon" + " " * 32_000 + ", b 9-17",
        "a" + " " * 32_000 + "9-17",
    ],
)
def test_a_cell_full_of_spaces_is_not_looked_through_for_hours(text: str) -> None:
    """Each took half a minute and more; a roster has a million rows."""
    fuzz_targets.cells(text.encode())


def test_a_key_that_is_there_twice_is_found_among_many() -> None:
    """Looked for one by one, it took an hour."""
    keys = ",".join(f'"k{number}":1' for number in range(200_000))
    fuzz_targets.SAID.clear()
    fuzz_targets.plan(f'{{{keys},"k199999":2}}'.encode())
    assert fuzz_targets.SAID[0] == "this is not valid JSON: the key 'k199999' is there twice"


def test_counts_in_a_plan_are_by_whole_numbers() -> None:
    plan = json.loads(SEEDS["plan"][0])
    plan["quality"]["load"]["mentee"]["[1"] = 1
    fuzz_targets.SAID.clear()
    fuzz_targets.plan(json.dumps(plan).encode())
    assert fuzz_targets.SAID[0].startswith("quality.load.mentee")


def test_a_finding_of_a_stranger_is_for_verify_to_find() -> None:
    plan = json.loads(SEEDS["plan"][1])
    for found in plan["matches"][0]["findings"]:
        found["of"] = "nobody"
    fuzz_targets.SAID.clear()
    fuzz_targets.plan(json.dumps(plan).encode())
    held = codec.from_json(MatchPlan, json.dumps(plan))
    assert held.matches[0].shown_fit == 0
    assert verify(held, fuzz_seeds.people())


def test_a_plan_names_its_roles() -> None:
    plan = json.loads(SEEDS["plan"][1])
    fuzz_targets.SAID.clear()
    fuzz_targets.plan(json.dumps({**plan, "roles": []}).encode())
    assert fuzz_targets.SAID[0] == "roles: must name the roles of the topology"


def test_a_capacity_of_thousands_of_digits_is_written_and_read_again() -> None:
    capacity = "{ value = '" + "9" * 5000 + "', number = true }"
    mapping = f'[fields]\nid = "id"\n[roles.mentee]\ncapacity = {capacity}\n'
    fuzz_targets.SAID.clear()
    fuzz_targets.mapping(mapping.encode())
    assert "is not a number of people" in fuzz_targets.SAID[0]


# The drivers see what they are to see.


@pytest.mark.parametrize("broken", [ValueError("let out"), MemoryError(), RecursionError()])
def test_an_error_that_is_let_out_is_seen(
    monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    def read(*_: object) -> Callable[..., Any]:
        raise broken

    monkeypatch.setattr("fuzz_targets.read_figures", read)
    with pytest.raises(type(broken)):
        fuzz_targets.figures(b"person\n")


def test_a_built_in_that_breaks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit.plugins.rosters_csv._records", None, raising=False)
    monkeypatch.setattr(rosters_csv.Csv, "_records", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fuzz_targets.csv(b"id\n1\n")
    with pytest.raises(fuzz_targets.PluginFailed):
        fuzz_targets.figures(b"person\n1\n")
