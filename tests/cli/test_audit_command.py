"""`mentorkit audit`, tried as its user would."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mentorkit import codec
from mentorkit.models import Audit

MAP = """
[fields]
id = "id"
department = "department"
seeks = { column = "seeks", split = ";" }
offers = { column = "offers", split = ";" }
[protected]
gender = "gender"
[roles.mentee]
when = { column = "role", one_of = ["mentee"] }
[roles.mentor]
when = { column = "role", one_of = ["mentor"] }
"""
PROGRAMME = """
[policies]
by = "department"
[criteria.skills]
kind = "skills"
[protected.gender]
purpose = "to see whether all are matched alike"
"""


@pytest.fixture
def files(folder: Path) -> Path:
    """Twelve mentees of two departments, and mentors for nine of them."""
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "role", "department", "gender", "seeks", "offers"])
        for number in range(12):
            department = "Sales" if number < 7 else "Legal"
            gender = ("violet", "orange", "")[number % 3]
            table.writerow([f"e{number:02}", "mentee", department, gender, "law", ""])
        for number in range(9):
            table.writerow([f"o{number}", "mentor", "Board", "", "", "law"])
    (folder / "mapping.toml").write_text(MAP, encoding="utf-8")
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    return folder


MATCH = ("match", "people.csv", "--map", "mapping.toml", "--programme", "programme.toml")
AUDIT = ("audit", "plan.json", "people.csv", "--map", "mapping.toml")


def test_a_plan_is_audited_by_what_it_reports_or_anything_else(mentorkit, files) -> None:
    assert mentorkit(*MATCH, "--out", "plan.json").code == 0
    ran = mentorkit(*AUDIT)
    assert ran.code == 0, ran.err
    head, legal, sales, board, gap = (line.split("\t") for line in ran.out.splitlines())
    assert head[:5] == ["role", "department", "people", "matched", "rate"]
    assert {len(row) for row in (head, legal, sales, board)} == {9}
    assert (legal[1], legal[2], sales[1], sales[2]) == ("Legal", "5", "Sales", "7")
    assert int(legal[3]) + int(sales[3]) == 9
    assert board == ["mentor", "Board", "9", "9", "100.0 %", "70.1 to 100.0", "1", "0.0 %", "0"]
    assert "mentee: the rate of Sales is 60.0 percentage points above that of Legal" in gap[0]
    assert gap[0].endswith("(8.8 to 88.2); chance alone would seldom make so large a difference")
    assert mentorkit(*AUDIT, "--by", "department").out == ran.out
    ran = mentorkit(*AUDIT, "--by", "gender")
    assert "violet" not in ran.out
    assert ran.out.splitlines()[1].split("\t")[:3] == ["mentor", "not given", "9"]


def test_json_is_the_audit(mentorkit, files) -> None:
    assert mentorkit(*MATCH, "--out", "plan.json").code == 0
    ran = mentorkit(*AUDIT, "--json")
    assert codec.from_json(Audit, ran.out).by == "department"
    assert json.loads(ran.out)["groups"][0]["role"] == "mentee"


def test_hidden_groups_are_said_to_be_so(mentorkit, sample) -> None:
    assert mentorkit(*sample, "--out", "plan.json").code == 0
    ran = mentorkit(*AUDIT, "--by", "department")
    assert ran.code == 0
    assert "rests on too few people to be shown" in ran.err
    assert "\t–\t–" in ran.out


WRONG = {
    "no plan": (["audit", "people.csv", "people.csv", "--by", "department"], "the plan comes"),
    "misspelt": ([*AUDIT, "--by", "deprtment"], "did you mean 'department'"),
    "nobody's": ([*AUDIT, "--by", "shoe"], "nobody here has stated 'shoe'"),
    "other people": (["audit", "plan.json", "fewer.csv", "--map", "mapping.toml"],
                     "not those that the plan was made for"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_audited_is_refused(mentorkit, files, name: str) -> None:
    assert mentorkit(*MATCH, "--out", "plan.json").code == 0
    lines = (files / "people.csv").read_text(encoding="utf-8").splitlines()
    (files / "fewer.csv").write_text("\n".join(lines[:-1]), encoding="utf-8")
    words, sentence = WRONG[name]
    ran = mentorkit(*words)
    assert ran.code == 2
    assert sentence in " ".join(ran.err.split())


def test_without_an_attribute_one_is_asked_for(mentorkit, files) -> None:
    plain = PROGRAMME.replace('by = "department"', "")
    (files / "programme.toml").write_text(plain, encoding="utf-8")
    assert mentorkit(*MATCH, "--out", "plan.json").code == 0
    ran = mentorkit(*AUDIT)
    assert (ran.code, ran.out) == (2, "")
    assert "--by department" in ran.err


def test_a_mapping_reads_nothing_for_which_no_purpose_is_stated(mentorkit, files) -> None:
    """Also where nobody has agreed."""
    stated = PROGRAMME.partition("[protected")[0]
    (files / "programme.toml").write_text(stated, encoding="utf-8")
    text = (files / "people.csv").read_text(encoding="utf-8")
    nobody = text.replace("violet", "").replace("orange", "")
    (files / "people.csv").write_text(nobody, encoding="utf-8")
    for call in (MATCH, MATCH[:4]):
        ran = mentorkit(*call)
        assert (ran.code, ran.out) == (2, "")
        assert "protected.gender: the programme states no purpose for this" in ran.err
    assert mentorkit("migrate").code == 0
    assert mentorkit("programme", "new", "programme.toml", "--id", "autumn").code == 0
    enrol = ("import", "people.csv", "--map", "mapping.toml", "--programme", "autumn")
    ran = mentorkit(*enrol)
    assert (ran.code, ran.out) == (2, "")
    assert "states no purpose" in ran.err
    (files / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    assert mentorkit("programme", "new", "programme.toml", "--id", "spring").code == 0
    assert "21 added" in mentorkit(*enrol[:-1], "spring").out
