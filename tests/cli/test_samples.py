"""Real spreadsheets, matched by a mapping and a programme alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mentorkit import codec
from mentorkit.models import POINT, MatchPlan

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the sample data is not here")

CIVIL_SERVICE_MAP = """
[fields]
id = "email address"
name = ["first name", "last name"]
organisation = "organisation"
profession = "profession"
grade = { column = "grade", scale = SCALE }

[roles.mentee]
files = "mentees*"

[roles.mentor]
files = "mentors*"
"""
CIVIL_SERVICE = """
[policies]
base = 3

[constraints.one-or-two-grades-above]
kind = "level-gap"
attribute = "grade"
least = 1
most = 2

[constraints.other-organisation]
kind = "different"
attribute = "organisation"

[criteria.grade]
kind = "level-gap"
attribute = "grade"
least = 1
most = 2
ideal = 2
weight = 4

[criteria.profession]
kind = "same"
attribute = "profession"
weight = 4
"""
DEVELOPERS_MAP = """
missing = ["NA"]

[fields]
id = "ResponseId"
years = { column = "WorkExp", number = true }
offers = { column = "LanguageHaveWorkedWith", split = ";" }
seeks = { column = "LanguageWantToWorkWith", split = ";" }

[roles.mentor]
when = { column = "WorkExp", at_least = 12 }

[roles.mentee]
when = { column = "WorkExp", at_most = 4 }
"""
DEVELOPERS = """
[criteria.skills]
kind = "skills"
"""


def plan_of(
    mentorkit, folder: Path, files: list[Path], mapping: str, programme: str, *plugin: str
) -> MatchPlan:
    (folder / "map.toml").write_text(mapping, encoding="utf-8")
    (folder / "programme.toml").write_text(programme, encoding="utf-8")
    options = ["--map", "map.toml", *plugin, "--programme", "programme.toml"]
    ran = mentorkit("match", *map(str, files), *options, "--out", "plan.json")
    assert ran.code == 0, ran.err
    check = mentorkit("verify", "plan.json", *map(str, files), *options[:-2])
    assert check.code == 0, check.out
    return codec.from_json(MatchPlan, (folder / "plan.json").read_text(encoding="utf-8"))


def blocks_of_the_tutorial() -> dict[str, str]:
    """What its titled blocks write."""
    page = (ROOT / "docs" / "tutorial" / "first-plugin.md").read_text(encoding="utf-8")
    return dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', page, re.DOTALL | re.MULTILINE))


@pytest.mark.parametrize("rule", ["uses", "function"])
@pytest.mark.parametrize(("size", "name"), [(50, "small"), (500, "large")])
def test_civil_service_rule_is_met_and_proven(
    mentorkit, folder, size: int, name: str, rule: str
) -> None:
    base = DATA / "civil-service"
    known = json.loads((base / "expected.json").read_text(encoding="utf-8"))
    mapping = CIVIL_SERVICE_MAP.replace("SCALE", json.dumps(known["grades"]))
    files = [base / f"{role}s-{size}.csv" for role in ("mentee", "mentor")]
    programme, plugin = CIVIL_SERVICE, ()
    if rule == "function":
        written = blocks_of_the_tutorial()
        programme, plugin = written["service.toml"], ("--plugin", "service_rule.py")
        (folder / "service_rule.py").write_text(written["service_rule.py"], encoding="utf-8")
    plan = plan_of(mentorkit, folder, files, mapping, programme, *plugin)
    expected = known["expected"][name]
    assert plan.quality.matches == expected["max_pairs_one_to_one"]
    assert plan.quality.total == expected["max_total_score"] * POINT
    assert plan.certificate.gap == 0


def test_developers_learn_what_others_know(mentorkit, folder) -> None:
    plan = plan_of(mentorkit, folder, [DATA / "developers-120.csv"], DEVELOPERS_MAP, DEVELOPERS)
    assert plan.quality.matches == 60
    assert plan.certificate.gap == 0


def test_the_columns_alone_are_enough_for_two_files(mentorkit, folder) -> None:
    base = DATA / "civil-service"
    ran = mentorkit("match", str(base / "mentees-50.csv"), str(base / "mentors-50.csv"), "--json")
    assert ran.code == 0
    plan = codec.from_json(MatchPlan, ran.out)
    assert plan.certificate.gap == 0
    asked = codec.to_json(plan.record.programme)
    assert "identity" not in asked
    assert "characteristics" not in asked
