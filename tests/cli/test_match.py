"""`mentorkit match` and `verify`, tried as their user would."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from mentorkit import codec
from mentorkit.matching import verify
from mentorkit.models import MatchPlan

WRONG_CALLS = {
    "three files": (["match", "a.csv", "b.csv", "c.csv"], "two"),
    "no such file": (["match", "nowhere.csv"], "nowhere.csv"),
    "unknown ending": (["match", "people.csv", "--out", "plan.pdf"], ".csv or .json"),
    "report not html": (["match", "people.csv", "--report", "r.pdf"], ".html"),
    "over the input": (["match", "people.csv", "--out", "people.csv"], "overwrite"),
    "no folder": (["match", "people.csv", "--out", "no/plan.csv"], "no folder"),
    "unknown matcher": (["match", "people.csv", "--matcher", "optimum"], "did you mean 'optimal'"),
    "unknown weight": (["match", "people.csv", "--weights", "skils=3"], "no criterion 'skils'"),
    "weight no number": (["match", "people.csv", "--weights", "skills=much"], "skills=3"),
    "unknown person": (["match", "people.csv", "--pin", "p01", "p99"], "p99"),
    "pin forbidden": (["match", "people.csv", "--pin", "p01", "p15"], "line manager"),
    "pin and forbid": (
        ["match", "people.csv", "--pin", "p01", "p17", "--forbid", "p17", "p01"],
        "ruled this pair out",
    ),
    "explain a colleague": (["match", "people.csv", "--explain", "p01", "p02"], "mentor"),
    "compare and out": (["match", "people.csv", "--compare", "greedy", "--out", "x.csv"], "only"),
    "compare nothing": (["match", "people.csv", "--compare", ","], "optimal,stable"),
    "a first name": (["match", "people.csv", "--explain", "Ada", "Olga"], "mean Ada Okafor"),
    "two mentees": (["match", "people.csv", "--pin", "p01", "p02"], "must be a mentee"),
    "missing plugin": (["match", "people.csv", "--plugin", "no.py"], "no.py"),
    "a mapping as programme": (
        ["match", "people.csv", "--programme", "mapping.toml"],
        "looks like a mapping",
    ),
    "from a spreadsheet": (["match", "people.csv", "--from", "people.csv"], "plan.json"),
    "from nothing": (["match", "people.csv", "--from", "nowhere.json"], "nowhere.json"),
    "no executor": (["match", "people.csv", "--executor", "os:path"], "makes no executor"),
    "executor misspelt": (
        ["match", "people.csv", "--executor", "concurrent.futures:Pool"],
        "makes no executor",
    ),
    "plan not json": (["verify", "people.csv", "people.csv"], "plan.json"),
    "misspelt command": (["mtach", "people.csv"], "Did you mean 'match'"),
    "unknown option": (["match", "people.csv", "--fast"], "--fast"),
    "unknown command": (["matches"], "matches"),
}  # fmt: skip


def test_plan_is_proven_and_complete(mentorkit, sample, folder: Path) -> None:
    ran = mentorkit(*sample, "--out", "plan.csv", "--report", "report.html")
    assert ran.code == 0
    assert "the best total there is, proven" in ran.err
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert {len(line) for line in lines} == {8}
    with (folder / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == lines
    people = {row[1] for row in rows[1:] if row[1]} | {row[3] for row in rows[1:] if row[3]}
    assert people == {f"p{number:02}" for number in range(1, 24)}
    assert "<script" not in (folder / "report.html").read_text(encoding="utf-8")


def test_json_goes_through_verify_and_a_changed_plan_does_not(mentorkit, sample, folder) -> None:
    assert mentorkit(*sample, "--out", "plan.json").code == 0
    check = ("verify", "plan.json", "people.csv", "--map", "mapping.toml")
    ran = mentorkit(*check)
    assert ran.code == 0, ran
    assert "proven" in ran.out
    data = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert mentorkit(*sample, "--json").out == (folder / "plan.json").read_text(encoding="utf-8")
    del data["matches"][0]
    (folder / "plan.json").write_text(json.dumps(data), encoding="utf-8")
    ran = mentorkit(*check)
    assert ran.code == 1
    assert ran.out.startswith("wrong: ")


def test_the_files_alone_are_enough(mentorkit, sample) -> None:
    stated = mentorkit(*sample, "--json").out
    ran = mentorkit("match", "people.csv", "--json")
    assert ran.code == 0
    assert ran.out == stated
    assert "no mapping given" in ran.err
    assert "no programme given" in ran.err


def test_only_what_a_mapping_mends_speaks_of_one(mentorkit, folder: Path) -> None:
    """Columns that tell too little do; files that cannot be read, or rows with faults, do not."""
    hint = "mentorkit init with these files writes a mapping"
    (folder / "few.csv").write_text("name,role\nAnn,mentee\nAnn,mentor\n", encoding="utf-8")
    (folder / "alike.csv").write_text("email,name\na@b.c,Ann\nd@b.c,Bo\n", encoding="utf-8")
    (folder / "empty.csv").write_text("", encoding="utf-8")
    (folder / "torn.csv").write_text('id,name\na,"Ann\n', encoding="utf-8")
    (folder / "notes.txt").write_text("id,name\n", encoding="utf-8")
    for name, told in {
        "few.csv": True, "alike.csv": True, "empty.csv": False, "torn.csv": False,
        "notes.txt": False, "none.csv": False,
    }.items():  # fmt: skip
        ran = mentorkit("match", name)
        assert (ran.code, hint in ran.err, "no mapping given" in ran.err) == (2, told, told), name


OTHERS = "id,name,role\na,José Gärtner,mentee\nb,Zoë,mentor\n"


def test_a_guessed_encoding_is_told_once_and_can_be_stated(mentorkit, folder: Path) -> None:
    """With its line, a word to look at, and what to do; nothing where it is certain."""
    (folder / "people.csv").write_text(OTHERS, encoding="cp1252")
    note = "note: people.csv, line 2: 'José' is read as Windows-1252"
    for words in (("match", "people.csv", "--dry-run"), ("map", "people.csv")):
        assert mentorkit(*words).err.count(note) == 1, words
        assert "Windows-1252" not in mentorkit(*words, "--encoding", "cp1252").err
    (folder / "people.csv").write_text(OTHERS, encoding="utf-8")
    assert "Windows-1252" not in mentorkit("match", "people.csv", "--dry-run").err
    (folder / "people.csv").write_text(OTHERS, encoding="cp850")
    refused = mentorkit("match", "people.csv", "--dry-run")
    told = "not Windows-1252" in refused.err or "is read as Windows-1252" in refused.err
    assert told
    assert "--encoding" in refused.err
    made = mentorkit("init", "people.csv", "--encoding", "cp850")
    assert made.code == 0
    assert 'encoding = "cp850"' in (folder / "mapping.toml").read_text(encoding="utf-8")
    words = ("--map", "mapping.toml", "--json")
    assert "Windows-1252" not in mentorkit("match", "people.csv", *words).err
    (folder / "people.csv").write_bytes(OTHERS.encode("utf-16-le"))
    refused = mentorkit("match", "people.csv")
    assert (refused.code, "people.csv, row 1: there is a zero byte" in refused.err) == (2, True)
    assert "--encoding utf-16-le" in refused.err
    assert mentorkit("match", "people.csv", "--dry-run", "--encoding", "utf-16-le").code == 0
    assert "not a known encoding" in mentorkit("match", "people.csv", "--encoding", "utf-99").err


def test_what_was_misread_before_it_came_is_told(mentorkit, folder: Path) -> None:
    twice = OTHERS.encode("utf-8").decode("cp1252")
    (folder / "people.csv").write_text(twice, encoding="utf-8")
    told = mentorkit("match", "people.csv", "--dry-run").err
    assert "note: people.csv, row 2, name: 'JosÃ© GÃ¤rtner' looks as if 'José Gärtner'" in told
    assert told.count("looks as if") == 1


def test_order_of_rows_does_not_matter(mentorkit, sample, folder: Path) -> None:
    before = mentorkit(*sample, "--json").out
    head, *rows = (folder / "people.csv").read_text(encoding="utf-8").splitlines()
    (folder / "people.csv").write_text("\n".join([head, *reversed(rows)]), encoding="utf-8")
    assert mentorkit(*sample, "--json").out == before


def test_pins_and_forbids_by_id_or_name_either_way(mentorkit, sample) -> None:
    plan = codec.from_json(MatchPlan, mentorkit(*sample, "--json").out)
    left, right = plan.pairs[0]
    ran = mentorkit(*sample, "--forbid", right, left, "--json")
    changed = codec.from_json(MatchPlan, ran.out)
    assert (left, right) not in changed.pairs
    pinned = mentorkit(*sample, "--pin", "quinn murphy", "Ada Okafor", "--json")
    assert ("p01", "p17") in codec.from_json(MatchPlan, pinned.out).pairs


def test_explain_says_why_and_why_not(mentorkit, sample) -> None:
    plan = codec.from_json(MatchPlan, mentorkit(*sample, "--json").out)
    left, right = plan.pairs[0]
    why = mentorkit(*sample, "--explain", left, right)
    assert ": matched" in why.out
    other = next(pair[1] for pair in plan.pairs if pair[1] != right)
    why_not = mentorkit(*sample, "--explain", left, other)
    assert ": not matched" in why_not.out
    assert "not allowed" in why_not.out or "total would be" in why_not.out
    assert "line manager" in mentorkit(*sample, "--explain", "p01", "p15").out
    told = json.loads(mentorkit(*sample, "--explain", left, other, "--json").out)
    assert told["pair"] == [left, other]


def test_compare_shows_all_side_by_side(mentorkit, sample) -> None:
    ran = mentorkit(*sample, "--compare", "optimal,stable,greedy,random")
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert lines[0] == ["figure", "optimal", "stable", "greedy", "random"]
    figures = {line[0]: line[1:] for line in lines[1:-4]}
    totals = [float(figure) for figure in figures["total"]]
    assert totals[0] == max(totals)
    assert figures["of the best"][0] == "100 %"
    assert figures["blocking pairs"][1] == "0"
    assert lines[-4] == ["optimal: the best total there is, proven"]


def test_weights_change_the_plan_and_are_recorded(mentorkit, sample) -> None:
    plan = codec.from_json(MatchPlan, mentorkit(*sample, "--weights", "skills=0", "--json").out)
    assert plan.record.programme.criteria["skills"].weight == 0
    assert all(found.use != "skills" for match in plan.matches for found in match.findings)


def test_dry_run_writes_nothing(mentorkit, sample, folder: Path) -> None:
    before = sorted(folder.iterdir())
    ran = mentorkit(*sample, "--dry-run", "--out", "plan.csv")
    assert ran.code == 0
    assert "14 mentees with 14 places" in ran.out
    assert "9 mentors with 13 places" in ran.out
    assert sorted(folder.iterdir()) == before


def test_faulty_rows_stop_unless_skipped(mentorkit, sample, folder: Path) -> None:
    text = (folder / "people.csv").read_text(encoding="utf-8")
    (folder / "people.csv").write_text(text.replace("ada@example.org", "ada@"), encoding="utf-8")
    ran = mentorkit(*sample, "--out", "plan.csv")
    assert ran.code == 2
    assert "people.csv, row 2, column email" in ran.err
    assert not (folder / "plan.csv").exists()
    ran = mentorkit(*sample, "--skip-faulty", "--out", "plan.csv")
    assert ran.code == 0
    assert "row 2" in ran.err
    assert "p01" not in (folder / "plan.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_wrong_calls_say_what_would_be_right(mentorkit, sample, folder: Path, name: str) -> None:
    words, hint = WRONG_CALLS[name]
    before = {path: path.read_bytes() for path in folder.iterdir()}
    ran = mentorkit(*words)
    assert ran.code == 2, ran
    assert hint in ran.err
    assert "Traceback" not in ran.err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("name = ", "programme.toml"),
        ("nam = 'x'", "did you mean 'name'"),
        ("[criteria.a]\nkind = 'sam'", "did you mean 'same'"),
        ("[criteria.a]\nkind = 'same'", "criteria.a.attribute: is missing"),
        ("[criteria.a]\nkind = 'same'\nattribute = 'x'\nweigth = 3", "did you mean"),
        ("[criteria.a]\nkind = 'avoid'", "only forbids"),
        ("[criteria.a]\nkind = 'skills'\nbetween = ['a', 'b']", "criteria.a.between"),
        ("topology = 'one-to-many'", "one-to-one"),
        ("practices = ['one-to-one']", "practices"),
    ],
)
def test_wrong_programmes_name_the_place(mentorkit, sample, folder: Path, text, hint) -> None:
    (folder / "programme.toml").write_text(text, encoding="utf-8")
    ran = mentorkit(*sample, "--out", "plan.csv")
    assert ran.code == 2
    assert hint in ran.err
    assert "programme.toml" in ran.err
    assert not (folder / "plan.csv").exists()


@pytest.mark.parametrize("option", ["--matcher", "--compare"])
def test_a_matcher_named_by_the_call_is_not_blamed_on_the_file(mentorkit, sample, option) -> None:
    ran = mentorkit(*sample, option, "optimum")
    assert ran.code == 2
    assert "did you mean 'optimal'" in ran.err
    assert "programme.toml" not in ran.err


def test_formula_cells_are_defused(mentorkit, sample, folder: Path) -> None:
    text = (folder / "people.csv").read_text(encoding="utf-8")
    hostile = text.replace("Ada Okafor", "=HYPERLINK(1)").replace("Ben Albright", "\x1b[2J")
    (folder / "people.csv").write_text(hostile, encoding="utf-8")
    ran = mentorkit(*sample, "--out", "plan.csv")
    written = (folder / "plan.csv").read_text(encoding="utf-8")
    if ran.code == 0:
        assert "\x1b" not in ran.out
        assert "'=HYPERLINK(1)" in written
    for line in csv.reader(written.splitlines()):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


def test_a_plan_that_was_mapped_differently_hints_at_the_mapping(mentorkit, sample) -> None:
    assert mentorkit(*sample, "--out", "plan.json").code == 0
    Path("own.toml").write_text(
        Path("mapping.toml").read_text(encoding="utf-8").replace('name = "name"\n', ""),
        encoding="utf-8-sig",
    )
    assert mentorkit("verify", "plan.json", "people.csv", "--map", "own.toml").code == 1
    assert mentorkit("match", "people.csv", "--map", "own.toml", "--out", "plan.json").code == 0
    ran = mentorkit("verify", "plan.json", "people.csv")
    assert ran.code == 1
    assert "--map" in ran.out


def test_pairs_without_a_point_of_fit_are_counted(mentorkit, sample, folder: Path) -> None:
    (folder / "mine.toml").write_text(
        "[criteria.a]\nkind = 'same'\nattribute = 'nothing'\n", encoding="utf-8"
    )
    ran = mentorkit("match", "people.csv", "--programme", "mine.toml")
    assert "13 pairs of these without a point of fit" in ran.err


def test_the_plan_verifies_from_python_too(mentorkit, sample, folder: Path) -> None:
    from mentorkit.enrolment import load_map, read_people
    from mentorkit.registry import installed

    plan = codec.from_json(MatchPlan, mentorkit(*sample, "--json").out)
    people = read_people([Path("people.csv")], load_map("mapping.toml"), installed()).people
    assert verify(plan, people) == ()


def test_from_an_earlier_plan_it_says_who_moves(mentorkit, sample, folder: Path) -> None:
    assert mentorkit(*sample, "--out", "plan.json").code == 0
    same = mentorkit(*sample, "--from", "plan.json")
    assert "nobody moves" in same.err
    left, right = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["matches"][0][
        "team"
    ]["members"]
    moved = mentorkit(*sample, "--from", "plan.json", "--forbid", left["person"], right["person"])
    assert moved.code == 0
    assert "comes: " in moved.err
    assert "goes: " in moved.err


def test_an_executor_makes_the_same_plan(mentorkit, sample, folder: Path) -> None:
    assert mentorkit(*sample, "--out", "here.json").code == 0
    threads = "concurrent.futures:ThreadPoolExecutor"
    paths = list(sys.path)
    assert mentorkit(*sample, "--executor", threads, "--out", "there.json").code == 0
    assert sys.path == paths
    assert (folder / "here.json").read_bytes() == (folder / "there.json").read_bytes()
