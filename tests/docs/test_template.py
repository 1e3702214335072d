"""The tutorial's plugin is a real distribution: built, installed, listed, and tested."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pages import ROOT, blocks

TEMPLATE = ROOT / "contrib" / "_template"
TUTORIAL = ROOT / "docs" / "tutorial" / "first-plugin.md"


def called(*arguments: str, **environment: str) -> str:
    """What a Python process prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the template as installed from its wheel."""
    folder = tmp_path_factory.mktemp("template")
    source = folder / "source"
    # pip builds in place, and the checkout is to stay as it is.
    shutil.copytree(TEMPLATE, source, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    pip = ("-m", "pip", "--disable-pip-version-check")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "-q")
    called(*pip, "wheel", *options, "-w", str(folder / "wheels"), str(source))
    (wheel,) = (folder / "wheels").glob("*.whl")
    called(*pip, "install", "--no-deps", "--no-index", "-q", "-t", str(folder / "site"), str(wheel))
    return folder / "site"


def test_it_is_listed(installed_template: Path, tmp_path: Path) -> None:
    listed = json.loads(
        called(
            "-c",
            "import sys; from mentorkit.cli.main import run; sys.exit(run(sys.argv[1:]))",
            "plugins",
            "--json",
            PYTHONPATH=str(installed_template),
        )
    )
    (plugin,) = (row for row in listed["plugins"] if row["name"] == "near-but-new")
    assert plugin["status"] == "loaded"
    assert plugin["distribution"] == "mentorkit-near-but-new"
    assert plugin["contributes"] == ["criteria: near-but-new"]


def test_its_own_tests_pass(installed_template: Path, tmp_path: Path) -> None:
    shutil.copytree(TEMPLATE / "tests", tmp_path / "tests")
    told = called(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path),
        str(tmp_path / "tests"), PYTHONPATH=str(installed_template),
    )  # fmt: skip
    assert "passed" in told
    assert "failed" not in told


def test_it_depends_on_mentorkit_alone() -> None:
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dependencies"] == ["mentorkit"]
    assert project["optional-dependencies"] == {"test": ["mentorkit[testing]"]}
    assert project["license"] == "MIT"
    assert (TEMPLATE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_tutorial_writes_the_template() -> None:
    """Each file of the tutorial's distribution is the template's, byte for byte."""
    written = {block.title: block.text for block in blocks(TUTORIAL) if block.title}  # the last
    shared = ["pyproject.toml", "tests/test_near_but_new.py"]
    for name in shared:
        assert written[name] == (TEMPLATE / name).read_text(encoding="utf-8"), name
    module = (TEMPLATE / "src/mentorkit_near_but_new/__init__.py").read_text(encoding="utf-8")
    assert written["src/mentorkit_near_but_new/__init__.py"] == module
    assert written["near_but_new.py"] == module
