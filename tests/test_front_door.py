"""`import mentorkit` is cheap, and every name it promises is there."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import mentorkit

HEAVY = (
    "alembic",
    "attrs",
    "cattrs",
    "click",
    "jinja2",
    "numpy",
    "openpyxl",
    "pluggy",
    "rich",
    "scipy",
    "sqlalchemy",
)
LATER = tuple(name for name in HEAVY if name != "attrs")


def modules_after(program: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a program."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{program}\nimport json, sys; print(json.dumps(list(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def stub_names() -> list[str]:
    stub = Path(mentorkit.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    return [
        str(alias.asname)
        for node in ast.parse(stub).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]


def test_importing_loads_nothing_heavy_and_no_plugin() -> None:
    loaded = modules_after("import mentorkit")
    assert not loaded & set(HEAVY)
    assert {name for name in loaded if name.startswith("mentorkit")} == {"mentorkit"}


@pytest.mark.parametrize(
    "program",
    [
        "from mentorkit import Participant, Person, Programme, MatchPlan",
        "from mentorkit import Invalid",
    ],
)
def test_the_models_load_nothing_heavy(program: str) -> None:
    loaded = modules_after(program)
    assert not loaded & set(LATER)
    assert not [name for name in loaded if name.startswith("mentorkit.plugins")]


def test_writing_a_plugin_needs_no_numpy() -> None:
    loaded = modules_after("from mentorkit import criterion, hookimpl, kind, NoSettings")
    assert not loaded & {"numpy", "scipy", "sqlalchemy", "cattrs", "click", "rich"}


def test_the_strategies_add_nothing_heavy() -> None:
    more = modules_after("import mentorkit.testing.strategies")
    more -= modules_after("import hypothesis.strategies, mentorkit.testing")
    assert not more & set(LATER)


def test_every_name_in_the_stub_is_there() -> None:
    names = stub_names()
    assert names == sorted(set(names), key=names.index)
    missing = []
    for name in names:
        try:
            held = getattr(mentorkit, name)
        except (AttributeError, ImportError) as error:
            missing.append((name, str(error)))
        else:
            assert held is not None
    assert not missing


def test_dir_lists_what_the_stub_does() -> None:
    assert set(stub_names()) <= set(dir(mentorkit))
    assert set(mentorkit.__all__) == set(stub_names())


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        mentorkit.no_such_name  # noqa: B018
    with pytest.raises(ImportError):
        exec("from mentorkit import no_such_name")


def test_the_version_is_text() -> None:
    assert mentorkit.__version__.count(".") == 2
