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
