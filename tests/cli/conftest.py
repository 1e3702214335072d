"""Runs the command line in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from mentorkit.cli.main import run


@attrs.frozen
class Ran:
    """What a call gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that calls run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mentorkit(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Calls `mentorkit` with words and gives what came back."""

    def call(*words: str) -> Ran:
        capsys.readouterr()
        code = run(list(words))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def sample(mentorkit: Callable[..., Ran]) -> tuple[str, ...]:
    """The made-up people of `init`, as the words of a match call."""
    assert mentorkit("init").code == 0
    return ("match", "people.csv", "--map", "mapping.toml", "--programme", "programme.toml")


PEOPLE = """id,name,role,places,wants to learn,can teach
ann,Ann Reed,mentee,,Python,
ben,Ben Hall,mentee,,law,
may,May Stone,mentor,1,,Python
noa,Noa Bloom,mentor,1,,law
"""
PROGRAMME = """
name = "Autumn"
practices = ["smart-goals"]
starts = 2026-09-01

[criteria.skills]
kind = "skills"
"""


@pytest.fixture
def at(mentorkit: Callable[..., Ran]) -> Callable[..., Ran]:
    """Calls `mentorkit` as if it were a day of autumn 2026; what it refuses fails the test."""

    def call(day: str, *words: str) -> Ran:
        ran = mentorkit(*words, "--now", f"{day}T08:00Z")
        assert ran.code == 0, ran.err
        return ran

    return call


@pytest.fixture
def autumn(mentorkit: Callable[..., Ran], at: Callable[..., Ran], folder: Path) -> Path:
    """A folder with a house in which the programme `autumn` has two mentees and two mentors."""
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    assert mentorkit("migrate").code == 0
    at("2026-09-01", "programme", "new", "programme.toml", "--id", "autumn")
    at("2026-09-01", "import", "people.csv", "--programme", "autumn")
    return folder


@pytest.fixture
def published(at: Callable[..., Ran], autumn: Path) -> Path:
    """The same, with Ann and May together, and Ben and Noa."""
    at("2026-09-01", "draft", "autumn")
    at("2026-09-01", "publish", "autumn")
    return autumn


@pytest.fixture
def active(at: Callable[..., Ran], published: Path) -> Path:
    """The same, with goals, agreements and all meetings planned."""
    for person, words in (("ann", "ship a tool"), ("ben", "win a case")):
        at(
            "2026-09-02", "goals", "add", person, words, "--as", person, "--metric", "drafts",
            "--baseline", "0", "--target", "2", "--first-step", "choose one",
            "--objective", "growth", "--due", "2026-12-01",
        )  # fmt: skip
    at("2026-09-02", "goals", "accept", "--all", "autumn")
    at("2026-09-02", "agree", "--all", "autumn")
    at("2026-09-02", "schedule", "autumn")
    return published
