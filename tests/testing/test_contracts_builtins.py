"""Every built-in kind keeps its contract; a new one is covered as soon as it has a sample."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mentorkit.plugin_loading import Plugin
from mentorkit.plugins import (
    attributes,
    awards,
    formats,
    matchers,
    people,
    rosters,
    schedules,
    sections,
    signals,
    skills,
    subscribers,
    surveys,
    times,
)
from mentorkit.registry import installed
from mentorkit.testing import checks, contract

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
OURS = [plugin for plugin in installed().plugins if plugin.distribution == "mentorkit"]

SAMPLES: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("criteria", "same"): [{"attribute": "department"}, {"attribute": "site", "missing": 300}],
    ("criteria", "different"): [{"attribute": "department"}, {"attribute": "x", "missing": 1000}],
    ("criteria", "level-gap"): [
        {"attribute": "level"},
        {"attribute": "level", "least": 1, "ideal": 2, "most": 4, "missing": 500},
        {"attribute": "years", "least": -2.5, "ideal": 0.5},
    ],
    ("criteria", "location"): [{}, {"attribute": "site", "missing": 7, "separator": "-"}],
    ("criteria", "skills"): [{}, {"enough": 1, "missing": 250}],
    ("criteria", "interests"): [{}, {"enough": 1, "missing": 999}],
    ("criteria", "language"): [{}, {"missing": 400}],
    ("criteria", "time-zones"): [{}, {"hours": 8, "missing": 100}],
    ("criteria", "availability"): [{}, {"enough": 240, "missing": 50}],
    ("criteria", "preferences"): [{}, {"choices": 1}],
    ("criteria", "not-self"): [{}],
    ("criteria", "line-manager"): [{}],
    ("criteria", "avoid"): [{}],
    ("criteria", "never-again"): [{}],
    ("matchers", "optimal"): [{}],
    ("matchers", "most-people"): [{}],
    ("matchers", "fair"): [{}],
    ("matchers", "stable"): [{}, {"proposing": "right"}],
    ("matchers", "greedy"): [{}],
    ("matchers", "random"): [{}],
    ("formats", "one-to-one"): [{}],
    ("formats", "group"): [{}],
    ("formats", "flash"): [{}],
    ("formats", "peer"): [{}],
    ("formats", "cross"): [{}],
    ("formats", "smart-goals"): [{}],
    ("formats", "cross-functional"): [{}],
    ("schedulers", "flexible"): [{}, {"step": 120, "before": 15}],
    ("schedulers", "series"): [{}, {"step": 240}],
    ("surveys", "pulse"): [{}, {"every": 1, "open_for": 1}],
    ("surveys", "after-session"): [{}, {"open_for": 1}],
    ("surveys", "trust"): [{}],
    ("surveys", "goal-check"): [{}],
    ("surveys", "self-assessment"): [{}],
    ("surveys", "closing"): [{}],
    ("surveys", "chemistry"): [{}],
    ("surveys", "instrument"): [
        {
            "questions": [{"id": "fit", "text": "How well do you {fit}?"}],
            "when": ["start", "session", "days", "close"],
            "every": 9,
            "asked": "mentee",
            "licence": "CC0-1.0",
            "source": "ours",
        }
    ],
    ("signals", "goal-agreed"): [{}],
    ("signals", "silent"): [{}, {"after": 1}, {"after": 1, "activities": ["Talk", "Walk"]}],
    ("signals", "late"): [{}, {"after": 1}],
    ("signals", "one-sided"): [{}, {"after": 1, "least": 1}],
    ("signals", "low-trust"): [{}, {"survey": "pulse"}],
    ("signals", "goal-review"): [{}],
    ("signals", "extended-again"): [{}],
    ("signals", "ends-soon"): [{}, {"before": 1}],
    ("awards", "milestones"): [{}, {"meetings": [2, 1]}],
    ("awards", "goal-reached"): [{}],
    ("awards", "completion"): [{}],
    ("awards", "giving-back"): [{}],
    ("sections", "participation"): [{}],
    ("sections", "meetings"): [{}],
    ("sections", "goals"): [{}],
    ("sections", "feedback"): [{}],
    ("sections", "recognition"): [{}],
    ("sections", "links"): [{}, {"attribute": "site"}],
    ("sections", "insights"): [{}, {"attribute": "site"}],
    ("sections", "groups"): [{}, {"attribute": "site"}],
    ("sections", "fit"): [{}],
    ("sections", "change"): [{}],
    ("sections", "outcomes"): [{}],
    ("subscribers", "log-file"): [{"path": "events.jsonl"}],
    ("subscribers", "webhook"): [{"url": "https://127.0.0.1/", "secrets": ["HOOK_SECRET"]}],
    ("rosters", "csv"): [{"path": "people.csv"}, {"path": "people.csv", "delimiter": ","}],
    ("rosters", "tsv"): [{"path": "people.tsv"}],
    ("rosters", "txt"): [{"path": "people.tsv"}],
    ("rosters", "xlsx"): [{"path": "people.xlsx"}],
}
ROWS = [["name", "team"], ["Ann", "red"], ["", ""], ["Bo, the second", "5"]]


@pytest.fixture(autouse=True, scope="module")
def _files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The rosters' samples, in a folder that is the working one meanwhile."""
    folder = tmp_path_factory.mktemp("rosters")
    for ending, mark in (("csv", ","), ("tsv", "\t")):
        lines = [mark.join(f'"{cell}"' for cell in row) for row in ROWS]
        (folder / f"people.{ending}").write_text("\n".join(lines), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(folder / "people.xlsx")
    book.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


def _all() -> list[Any]:
    registry = installed()
    return [
        pytest.param(check, id=f"{kind.name}-{number}-{check.name}")
        for plugin in OURS
        for slot, kind in plugin.kinds
        for number, data in enumerate(SAMPLES.get((slot, kind.name), []))
        for check in checks(kind, data, registry=registry)
    ]


@pytest.mark.parametrize("check", _all())
def test_built_in(check):
    check()


@pytest.mark.parametrize("plugin", OURS, ids=lambda plugin: plugin.name)
def test_every_built_in_has_a_sample(plugin: Plugin):
    assert plugin.status == "loaded"
    assert {(slot, kind.name) for slot, kind in plugin.kinds} <= SAMPLES.keys()


def _settings(module: str) -> dict[str, dict[str, Any]]:
    """The first sample of each of a plugin's kinds, without the rosters' files."""
    plugin = next(plugin for plugin in OURS if plugin.name == module)
    return {
        kind.name: SAMPLES[slot, kind.name][0] for slot, kind in plugin.kinds if slot != "rosters"
    }


def test_plugins_are_all_tested():
    modules = (
        *(attributes, awards, formats, matchers, people, rosters, schedules),
        *(sections, signals, skills, subscribers, surveys, times),
    )
    assert {module.__name__.rpartition(".")[2] for module in modules} == {
        plugin.name for plugin in OURS
    }


@contract(attributes, _settings("attributes"))
def test_attributes(check):
    check()


@contract(formats, _settings("formats"))
def test_formats(check):
    check()


@contract(matchers, _settings("matchers"))
def test_matchers(check):
    check()


@contract(people, _settings("people"))
def test_people(check):
    check()


@contract(rosters)
def test_rosters(check):
    check()


@contract(skills, _settings("skills"))
def test_skills(check):
    check()


@contract(times, _settings("times"))
def test_times(check):
    check()


@contract(awards, _settings("awards"))
def test_awards(check):
    check()


@contract(schedules, _settings("schedules"))
def test_schedules(check):
    check()


@contract(sections, _settings("sections"))
def test_sections(check):
    check()


@contract(signals, _settings("signals"))
def test_signals(check):
    check()


@contract(subscribers, _settings("subscribers"))
def test_subscribers(check):
    check()


@contract(surveys, _settings("surveys"))
def test_surveys(check):
    check()
