"""Plays the tour's story: tells each step, and runs its command as a shell would."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs
import click

import mentorkit
from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.cli import made_up
from mentorkit.cli.house_options import HOUSE_FILE
from mentorkit.cli.init import SAMPLE
from mentorkit.cli.inputs import only_role
from mentorkit.cli.main import run
from mentorkit.cli.output import csv_text, write_text
from mentorkit.cli.surveys import COLUMNS
from mentorkit.cli.tour_format import changes, day, programme_of
from mentorkit.cli.tour_scene import (
    ANSWERS,
    APPLICANTS,
    MAPPING,
    PROGRAMME,
    START,
    Chapter,
    Scene,
    Step,
)
from mentorkit.cli.tour_story import story
from mentorkit.enrolment import RoleRule, load_map, write_map, write_programme
from mentorkit.errors import MentorkitError
from mentorkit.house import House
from mentorkit.models import Programme
from mentorkit.registry import Registry

HOUSE = '[subscribers.log]\nkind = "log-file"\npath = "events.log"\n'
WIDTH = 100
"""Signs that are shown of a line of output."""
Printed = tuple[str, str]
"""What a command wrote to standard output, and to standard error."""


@attrs.define(kw_only=True, slots=False)
class Tour:
    """One tour: where it is played, and with which plugins (the options that chose them)."""

    names: str
    url: str
    folder: Path
    registry: Registry
    plugins: dict[str, Any]
    say: Callable[[str], object] = click.echo
    _chapters: int = 0
    _shown: dict[str, int] = attrs.field(factory=dict)
    _now: datetime.datetime = START

    def play(self) -> list[Step]:
        """Play it all, telling each step; gives the steps with their Python in full."""
        with contextlib.chdir(self.folder), _environment("MENTORKIT_DATABASE", self.url):
            scene = Scene(
                blueprint=blueprint_of(self._prepare(), self.registry),
                opening=_opening(self.plugins),
                kit=lambda: self._house.kit(actor=mentorkit.SYSTEM),
                fill=self._fill,
            )
            try:
                return [step for told in story(scene) for step in self._play(told)]
            finally:
                if "_house" in vars(self):
                    self._house.close()

    @cached_property
    def _plugin_words(self) -> list[str]:
        return _plugin_words(self.plugins)

    @cached_property
    def _house(self) -> House:
        """In which the tour only looks around; the commands open their own."""
        return mentorkit.open(self.url, plugins=self.registry)

    def _prepare(self) -> Programme:
        """Write the files that everything begins with; gives the programme in them."""
        words = ["init", "--starts", START.date().isoformat(), *self._plugin_words]
        self._tell("Made-up people, and a programme to start from", START)
        self._show(words, self._run(words), 4)
        self._tell("The coordinator edits the files", START)
        programme = programme_of(self.names, self.registry, codec.from_toml(Programme, PROGRAMME))
        write_text(Path(PROGRAMME), write_programme(programme))
        write_text(HOUSE_FILE, HOUSE)
        self.say(f"  in {PROGRAMME}:")
        for name, value in changes(programme).items():
            self.say(f"    {name} = {value}")
        if role := only_role(blueprint_of(programme, self.registry)):
            everybody = attrs.evolve(load_map(Path(MAPPING)), roles={role: RoleRule()})
            write_text(Path(MAPPING), write_map(everybody))
            self.say(f"  in {MAPPING}, where everybody takes part alike:")
            self.say(f"    [roles.{role}]")
        self.say(f"  and {HOUSE_FILE}, so that every event is carried to a log:")
        for line in HOUSE.splitlines():
            self.say(f"    {line}")
        write_text(Path(APPLICANTS), SAMPLE.with_name(APPLICANTS).read_text(encoding="utf-8"))
        self.say(f"  and {APPLICANTS}, from letters of two more people")
        return programme

    def _play(self, told: Chapter) -> Iterator[Step]:
        self._tell(told.what, told.at)
        for place, step in enumerate(told.steps):
            words = [*step.words, *self._plugin_words]
            if step.dated:
                words += ["--now", f"{told.at:%Y-%m-%dT%H:%MZ}"]
            printed = self._run(words)
            dated = self._dated(step.python, told.at)
            if place == 0:
                self._show(words, printed, step.shown)
                self._show_python(dated, step.python)
            yield attrs.evolve(step, python=dated)
        if len(told.steps) > 1:
            self.say(f"  … and so on for the other {len(told.steps) - 1}")

    def _dated(self, python: str, at: datetime.datetime) -> str:
        """The calls, after the clock was put forward if it has to be."""
        if not python or at == self._now:
            return python
        self._now = at
        return f"{_clock(at)}\n{python}"

    def _run(self, words: Sequence[str]) -> Printed:
        """Run a command; MentorkitError where it does not end well."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(list(words))
        if code == 130:
            raise KeyboardInterrupt
        if code:
            call = shlex.join(["mentorkit", *words])
            raise MentorkitError(f"`{call}` ended with code {code}:\n{err.getvalue()}")
        return out.getvalue(), err.getvalue()

    def _fill(self) -> None:
        """Answer the open questions in the file, as made-up people would."""
        with open(ANSWERS, encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        with self._house.kit(actor=mentorkit.SYSTEM) as kit:
            ids = dict.fromkeys(line["request"] for line in lines)
            given = {id: made_up.answers(kit.feedback.get(id)) for id in ids}
        for line in lines:
            line["answer"] = str(given[line["request"]].get(line["question"], ""))
        write_text(Path(ANSWERS), csv_text(COLUMNS, [list(line.values()) for line in lines]))

    def _tell(self, what: str, at: datetime.datetime) -> None:
        self._chapters += 1
        self.say(click.style(f"\n{self._chapters}. {what} ({day(at)})", bold=True))

    def _show(self, words: Sequence[str], printed: Printed, most: int) -> None:
        self.say(f"  $ {shlex.join(['mentorkit', *words])}")
        lines, beside = (text.rstrip().splitlines() for text in printed)
        more = [f"… {len(lines) - most} lines more"] if len(lines) > most else []
        for line in (*lines[:most], *more, *beside):
            line = line.replace("\t", "  ")
            self.say(f"    {line if len(line) <= WIDTH else line[: WIDTH - 1] + '…'}")

    def _show_python(self, python: str, calls: str) -> None:
        """The calls in full; those that were shown before are only pointed to."""
        before = self._shown.setdefault(calls, self._chapters)
        if before < self._chapters:
            python = f"{python.removesuffix(calls)}# as in {before}"
        for line in python.splitlines():
            self.say(f"  {'...' if line.startswith(' ') or line == ')' else '>>>'} {line}")


def _opening(plugins: dict[str, Any]) -> str:
    """The calls that open the house; `url` is the database's."""
    chosen = {
        "files": [str(path.resolve()) for path in plugins["plugin_files"]],
        "disabled": list(plugins["disabled"]),
        "allowed": list(plugins["allowed"]),
        "strict": plugins["strict"],
    }
    stated = ", ".join(f"{name}={held!r}" for name, held in chosen.items() if held)
    return "\n".join([
        "import datetime",
        "import mentorkit",
        _clock(START),
        "mentorkit.migrate(url)",
        "house = mentorkit.open(",
        "    url,",
        *([f"    plugins=mentorkit.load({stated}),"] if stated else []),
        '    subscribers={"log": mentorkit.Choice("log-file", {"path": "events.log"})},',
        "    clock=lambda: now,",
        ")",
    ])  # fmt: skip


def _clock(at: datetime.datetime) -> str:
    return f'now = datetime.datetime.fromisoformat("{at.isoformat()}")'


def _plugin_words(plugins: dict[str, Any]) -> list[str]:
    """The options that choose the same plugins in another folder."""
    words = [word for path in plugins["plugin_files"] for word in ("--plugin", str(path.resolve()))]
    words += [word for name in plugins["disabled"] for word in ("--disable", name)]
    words += [word for name in plugins["allowed"] for word in ("--allow", name)]
    return words + (["--strict"] if plugins["strict"] else [])


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """A variable for the commands that follow, which read it as a shell's would."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
