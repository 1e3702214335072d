"""What a programme asks and what was answered, by commands; and calls for help."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

OURS = """
[surveys.ours]
kind = "instrument"
asked = "mentee"
when = ["start"]
open_for = 5
licence = "CC0-1.0"
source = "written for this programme"

[[surveys.ours.questions]]
id = "again"
text = "Would you recommend it?"
form = "would-recommend"
audience = "aggregate"
"""


@pytest.fixture
def asking(mentorkit, at, folder: Path) -> Path:
    """A programme of six pairs with an instrument of its own."""
    lines = ["id,name,role,wants to learn,can teach"]
    lines += [f"e{n},Em {n},mentee,Python," for n in range(6)]
    lines += [f"m{n},Mo {n},mentor,,Python" for n in range(6)]
    (folder / "people.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "programme.toml").write_text(f'name = "Autumn"\n{OURS}', encoding="utf-8")
    assert mentorkit("migrate").code == 0
    at("2026-09-01", "programme", "new", "programme.toml", "--id", "autumn")
    at("2026-09-01", "import", "people.csv", "--programme", "autumn")
    at("2026-09-01", "draft", "autumn")
    at("2026-09-01", "publish", "autumn")
    at("2026-09-01", "agree", "--all", "autumn")
    at("2026-09-01", "advance")
    return folder


def test_what_a_programme_asks_is_shown(mentorkit, asking) -> None:
    shown = mentorkit("survey", "show", "autumn").out
    assert "ours: mentee, at the start; open for 5 days" in shown
    assert "written for this programme, CC0-1.0" in shown
    assert "again\tWould you recommend it?\t0 to 10\taggregate" in shown
    told = json.loads(mentorkit("survey", "show", "autumn", "--json").out)
    of_format = ["after-session", "chemistry", "closing", "pulse", "self-assessment"]
    assert [one["survey"] for one in told] == sorted([*of_format, "ours"])
    assert mentorkit("survey", "show", "winter").code == 2


def test_answers_are_told_once_they_cannot_be_changed(mentorkit, at, asking: Path) -> None:
    at("2026-09-01", "survey", "list", "autumn", "--out", "answers.csv")
    path = asking / "answers.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["survey"] == "ours"]
    assert {(line["person"][0], line["takes"]) for line in lines} == {("e", "0 to 10")}
    for line, answer in zip(lines, (10, 9, 8, 7, 6, 0), strict=True):
        line["answer"] = str(answer)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    at("2026-09-01", "survey", "answer", "--from", "answers.csv")
    waiting = at("2026-09-02", "survey", "tallies", "autumn").out
    assert "ours\t\tWould you recommend it?\ttoo few to be told\t" in waiting
    told = at("2026-09-06", "survey", "tallies", "autumn").out
    counts = "0: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1"
    assert f"ours\t\tWould you recommend it?\t{counts}\t+0" in told
    (held,) = json.loads(at("2026-09-06", "survey", "tallies", "autumn", "--json").out)
    assert sum(held["counts"].values()) == 6
    report = at("2026-09-06", "report", "autumn").out
    assert "6.7, net +0" in report


def test_nothing_is_told_where_nothing_was_answered(mentorkit, asking) -> None:
    assert "nobody in autumn has answered" in mentorkit("survey", "tallies", "autumn").err


def test_help_is_asked_for_and_listed(mentorkit, at, asking) -> None:
    at("2026-09-03", "ask-help", "e0", "we never find a time", "--as", "e0")
    listed = at("2026-09-03", "health", "autumn").out
    assert "flag\tEm 0\twe never find a time\t2026-09-03" in listed
    assert mentorkit("ask-help", "e0", " ", "--as", "e0").code == 2
    assert mentorkit("ask-help", "e0", "help", "--as", "e1").code == 2
