"""The other commands, and what holds for all of them."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mentorkit.cli.contents import FAMILIES
from mentorkit.cli.main import COMMANDS, group

HEAVY = ("numpy", "scipy", "sqlalchemy", "cattrs", "pluggy", "rich", "jinja2", "openpyxl")


def python(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout


def test_help_loads_nothing_heavy_and_no_plugin() -> None:
    code = (
        "import sys\nfrom mentorkit.cli.main import run\nassert run(['--help']) == 0\n"
        f"found = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "found += [name for name in sys.modules if name.startswith('mentorkit.plugins')]\n"
        "print('loaded:', found)"
    )
    assert python(code).splitlines()[-1] == "loaded: []"


def test_help_of_a_command_computes_nothing() -> None:
    """Its own module and the registry's are read, but no engine, database or plugin."""
    heavy = tuple(name for name in HEAVY if name not in ("cattrs", "pluggy"))
    code = (
        "import sys\nfrom mentorkit.cli.main import COMMANDS, run\n"
        "assert all(run([*name.split(), '--help']) == 0 for name in COMMANDS)\n"
        f"found = [name for name in {heavy!r} if name in sys.modules]\n"
        "found += [name for name in sys.modules if name.startswith('mentorkit.plugins')]\n"
        "print('loaded:', found)"
    )
    assert python(code).splitlines()[-1] == "loaded: []"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("prog", "programme"), ("programme n", "new"), ("goals reach --a", "--as")],
)
def test_words_are_completed(typed: str, offered: str) -> None:
    words = f"mentorkit {typed}"
    done = subprocess.run(
        [Path(sys.executable).with_name("mentorkit")],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "_MENTORKIT_COMPLETE": "zsh_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        },
    )
    assert offered in done.stdout.split()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(mentorkit, name: str) -> None:
    ran = mentorkit(name, "--help")
    assert ran.code == 0
    assert f"mentorkit {name}" in ran.out


def test_help_is_a_year_in_lines(mentorkit) -> None:
    """Each first word has one line, under one heading; a family's words are its own help's."""
    shown = mentorkit("--help").out
    first = list(dict.fromkeys(name.split()[0] for name in COMMANDS))
    listed = [line.split()[0] for line in shown.splitlines() if re.match(r"  [a-z][a-z-]*  ", line)]
    assert sorted(listed) == sorted(first)
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.count("Reach") == 0
    assert set(FAMILIES) == {name.split()[0] for name in COMMANDS if " " in name}
    assert "Record that a goal is reached." in mentorkit("goals", "--help").out


def options(name: str) -> Iterator[click.Option]:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    yield from (held for held in command.params if isinstance(held, click.Option))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_repeats_and_what_there_is_to_choose_from(name: str) -> None:
    for option in options(name):
        assert option.help, option.name
        assert ("Repeatable." in option.help) == option.multiple, option.name
        if isinstance(option.type, click.Choice):
            told = " ".join(option.get_help_record(click.Context(group)) or ())  # type: ignore[arg-type]
            assert all(str(word) in told for word in option.type.choices), option.name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_can_be_called(mentorkit, folder: Path, name) -> None:
    (line,) = re.findall(
        r"(?m)^  *(mentorkit .*)$", mentorkit(name, "--help").out.split("Example:")[1]
    )
    words = shlex.split(line)[1:]
    assert words[: len(name.split())] == name.split()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    for file in (word for word in words if word.endswith((".csv", ".toml", ".json"))):
        (folder / file).touch()
    command.make_context(name, words[len(name.split()) :])


def test_plugins_lists_the_built_ins(mentorkit) -> None:
    ran = mentorkit("plugins", "--json")
    assert ran.code == 0
    listed = {row["name"]: row for row in json.loads(ran.out)["plugins"]}
    assert "matchers: optimal" in listed["matchers"]["contributes"]
    assert listed["matchers"]["status"] == "loaded"
    assert "optimal" in mentorkit("plugins").out


def test_a_failed_plugin_is_shown_and_stops_whoever_named_it(
    mentorkit, sample, folder: Path
) -> None:
    (folder / "broken.py").write_text("import nowhere_at_all", encoding="utf-8")
    ran = mentorkit("plugins", "--plugin", "broken.py")
    assert ran.code == 1
    assert "nowhere_at_all" in ran.out
    assert mentorkit("doctor", "--plugin", "broken.py").code == 1
    ran = mentorkit(*sample, "--plugin", "broken.py", "--out", "plan.csv")
    assert ran.code == 1
    assert "broken.py did not load" in ran.err
    assert not (folder / "plan.csv").exists()


def test_a_disabled_plugin_is_missed_by_name(mentorkit, sample) -> None:
    ran = mentorkit(*sample, "--disable", "skills")
    assert ran.code == 2
    assert "criteria.skills.kind" in ran.err
    assert "no plugin provides" in ran.err


def test_a_local_function_is_a_criterion(mentorkit, sample, folder: Path) -> None:
    (folder / "club.py").write_text(
        "import mentorkit\n\n"
        "@mentorkit.criterion('neighbours')\n"
        "def neighbours(mentee, mentor):\n"
        "    return mentee.value('location') == mentor.value('location')\n",
        encoding="utf-8",
    )
    (folder / "mine.toml").write_text("[criteria.near]\nkind = 'neighbours'\n", encoding="utf-8")
    ran = mentorkit("match", "people.csv", "--programme", "mine.toml", "--plugin", "club.py")
    assert ran.code == 0
    assert "neighbours: 100 % fit" in ran.out


def test_a_raising_criterion_is_blamed(mentorkit, sample, folder: Path) -> None:
    (folder / "bad.py").write_text(
        "import mentorkit\n\n@mentorkit.criterion('bad')\n"
        "def bad(mentee, mentor):\n    return 1 / 0\n",
        encoding="utf-8",
    )
    (folder / "mine.toml").write_text("[criteria.mine]\nkind = 'bad'\n", encoding="utf-8")
    ran = mentorkit(
        "match", "people.csv", "--programme", "mine.toml", "--plugin", "bad.py", "--out", "p.csv"
    )
    assert ran.code == 1
    assert "mine (bad)" in ran.err
    assert "ZeroDivisionError" in ran.err
    assert not (folder / "p.csv").exists()


def test_doctor_is_content(mentorkit) -> None:
    ran = mentorkit("doctor")
    assert ran.code == 0
    assert "a plan is made and proven" in ran.out


def test_init_never_overwrites(mentorkit, folder: Path) -> None:
    (folder / "programme.toml").write_text("mine", encoding="utf-8")
    ran = mentorkit("init")
    assert ran.code == 2
    assert "programme.toml" in ran.err
    assert [path.name for path in folder.iterdir()] == ["programme.toml"]
    assert (folder / "programme.toml").read_text(encoding="utf-8") == "mine"


def test_init_for_a_file_that_does_not_tell_who_mentors(mentorkit, folder: Path) -> None:
    (folder / "staff.csv").write_text("id,name,skills\n1,Ann,law\n2,Bo,tax\n", encoding="utf-8")
    ran = mentorkit("match", "staff.csv")
    assert ran.code == 2
    assert "[roles.mentor]" in ran.err
    assert "mentorkit init" in ran.err
    ran = mentorkit("init", "staff.csv")
    assert ran.code == 0
    assert "the mapping is not complete" in ran.err
    with (folder / "mapping.toml").open("a", encoding="utf-8") as mapping:
        mapping.write('[roles.mentee]\nwhen = { column = "name", one_of = ["Ann"] }\n')
        mapping.write('[roles.mentor]\nwhen = { column = "name", one_of = ["Bo"] }\n')
    words = ("match", "staff.csv", "--map", "mapping.toml", "--programme", "programme.toml")
    assert mentorkit(*words).code == 0


def test_map_proposes_what_match_reads(mentorkit, sample, folder: Path) -> None:
    proposed = mentorkit("map", "people.csv")
    assert proposed.code == 0
    assert proposed.out == (folder / "mapping.toml").read_text(encoding="utf-8")
    assert mentorkit("map", "people.csv", "--out", "mapping.toml").code == 2
    assert mentorkit("map", "people.csv", "--out", "other.toml").code == 0
    assert (folder / "other.toml").read_text(encoding="utf-8") == proposed.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete(shell: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("mentorkit")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "_MENTORKIT_COMPLETE": f"{shell}_source"},
    )
    if shell == "bash" and "Couldn't detect Bash version" in done.stderr:
        pytest.skip("bash is not installed")
    assert "_MENTORKIT_COMPLETE" in done.stdout


def test_an_interrupt_leaves_nothing_half_written(mentorkit, sample, folder: Path) -> None:
    (folder / "slow.py").write_text(
        "import pathlib, time\nimport mentorkit\n\n"
        "@mentorkit.criterion('slow')\ndef slow(mentee, mentor):\n"
        "    pathlib.Path('started').touch()\n    time.sleep(60)\n    return 1.0\n",
        encoding="utf-8",
    )
    (folder / "mine.toml").write_text("[criteria.slow]\nkind = 'slow'\n", encoding="utf-8")
    before = {path.name for path in folder.iterdir()}
    words = "match people.csv --programme mine.toml --plugin slow.py --out p.csv --report r.html"
    process = subprocess.Popen(
        [Path(sys.executable).with_name("mentorkit"), *words.split()],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if (folder / "started").exists():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    left = {path.name for path in folder.iterdir()} - {"started", "__pycache__"}
    assert left == before


def test_a_failed_write_keeps_the_old_file(mentorkit, sample, folder, monkeypatch) -> None:
    (folder / "plan.csv").write_text("old", encoding="utf-8")
    before = {path.name for path in folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "plan.csv")

    monkeypatch.setattr(os, "replace", full)
    ran = mentorkit(*sample, "--out", "plan.csv")
    assert ran.code == 2
    assert "No space left" in ran.err
    assert (folder / "plan.csv").read_text(encoding="utf-8") == "old"
    assert {path.name for path in folder.iterdir()} == before
