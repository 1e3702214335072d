"""The fenced blocks of the README and the documentation, and what each of them promises.

The blocks of one page run in order, in one empty folder:

- a block with `title="file"` writes that file, and with `title="file, at its end"` adds to it;
- `python` runs, in one namespace for the page, and a `text` block right after it is what
  it prints;
- `toml` is a programme, or a mapping where it has `fields`, that loads;
- `ini` needs a title, and is well formed;
- `console` holds commands after `$ ` and what they print; a command ends with code 0
  unless `$ echo $?` follows and shows another;
- `sh` is for the reader's shell and not run; only the forms in `SHELL` are allowed.

In output, a line `...` stands for any lines, `...` within a line for any text, and the
width of spaces and rules does not count.
"""

from __future__ import annotations

import configparser
import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.cli.main import run
from mentorkit.enrolment import ColumnMap, load_map
from mentorkit.models import Programme
from mentorkit.registry import installed

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = {"console", "csv", "ini", "json", "python", "sh", "text", "toml"}
AT_ITS_END = ", at its end"
SHELL = (
    r"python3 -m venv \.venv && \.venv/bin/pip install -q .+",
    r"pip install [\w./\[\]'>= -]+",
    r'eval "\$\(_MENTORKIT_COMPLETE=(bash|zsh)_source mentorkit\)"',
    r"_MENTORKIT_COMPLETE=fish_source mentorkit \| source",
)
_FENCE = re.compile(r"(?P<indent> *)```(?P<language>[\w-]*)(?: title=\"(?P<title>[^\"]+)\")?\s*")


@attrs.frozen
class Block:
    """One fenced block: its place, language, the file it writes, and its text."""

    page: Path
    line: int
    language: str
    title: str | None
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        if not line.lstrip().startswith("```"):
            continue
        fence = _FENCE.fullmatch(line)
        assert fence, f"{page.name}:{number}: this fence is not understood: {line}"
        indent, held = fence["indent"], []
        for _, inner in lines:
            if inner.strip() == "```":
                break
            held.append(inner.removeprefix(indent))
        text = "".join(f"{inner}\n" for inner in held)
        found.append(Block(page, number, fence["language"], fence["title"], text))
    return found


@contextlib.contextmanager
def imports_from(folder: Path) -> Iterator[None]:
    """Within the block, modules are found in a folder first; after it, theirs are forgotten."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).is_relative_to(folder):
                del sys.modules[name]


class Runner:
    """Runs the blocks of one page in the current folder."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {"__name__": "page"}
        self._printed: str | None = None

    def run(self, block: Block) -> None:
        """Do what a block promises; AssertionError, naming its place, where it does not hold."""
        assert block.language in LANGUAGES, f"{block.place}: unknown language {block.language!r}"
        printed, self._printed = self._printed, None
        if block.title:
            _write(block)
        elif block.language == "python":
            self._printed = self._execute(block)
        elif block.language == "text":
            assert printed is not None, f"{block.place}: no python block printed this"
            assert_shown(block.place, block.text, printed)
        elif block.language == "toml":
            _load(block)
        elif block.language == "console":
            _command_lines(block)
        elif block.language == "sh":
            for line in block.text.replace("\\\n", " ").splitlines():
                known = any(re.fullmatch(form, line.strip()) for form in SHELL)
                assert known, f"{block.place}: not one of the known shell lines: {line}"
        else:
            raise AssertionError(f"{block.place}: a {block.language} block needs a title")

    def _execute(self, block: Block) -> str:
        out = io.StringIO()
        # Line numbers in a traceback are those of the page.
        source = "\n" * block.line + block.text
        with contextlib.redirect_stdout(out):
            exec(compile(source, str(block.page), "exec"), self._names)
        return out.getvalue()


def _write(block: Block) -> None:
    title = str(block.title)
    path = Path(title.removesuffix(AT_ITS_END))
    assert not path.is_absolute(), block.place
    assert ".." not in path.parts, block.place
    if path.suffix == ".toml":
        tomllib.loads(block.text)
    if block.language == "ini":
        configparser.ConfigParser(interpolation=None).read_string(block.text)
    if title.endswith(AT_ITS_END):
        assert path.is_file(), f"{block.place}: there is no {path} to add to"
        before = path.read_text(encoding="utf-8")
    else:
        before = ""
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(before + block.text, encoding="utf-8")


def _load(block: Block) -> None:
    data = tomllib.loads(block.text)
    if "fields" in data:
        place = Path(f"mapping-{block.line}.toml")
        place.write_text(block.text, encoding="utf-8")
        assert isinstance(load_map(place), ColumnMap), block.place
        place.unlink()
    else:
        programme = codec.structure(Programme, data)
        registry = installed()
        for slot in ("criteria", "constraints"):
            for name, use in getattr(programme, slot).items():
                registry.bind("criteria", use, f"{slot}.{name}")
        blueprint_of(programme, registry)


def _command_lines(block: Block) -> None:
    calls = list(sessions(block.text))
    assert calls, f"{block.place}: no command; start one with $"
    code = 0
    for index, (command, expected) in enumerate(calls):
        if command == "echo $?":
            assert_shown(f"{block.place}: {command}", expected, f"{code}\n")
            continue
        code, output = called(command)
        assert_shown(f"{block.place}: {command}", expected, output)
        told = calls[index + 1 : index + 2]
        if not told or told[0][0] != "echo $?":
            assert code == 0, f"{block.place}: {command} ended with code {code}:\n{output}"


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that is shown below it."""
    for part in re.split(r"(?m)^\$ ", text)[1:]:
        head = re.match(r"(?:.*\\\n)*.*\n", part)
        assert head, part
        command = " ".join(head[0].replace("\\\n", " ").split())
        yield command, part[head.end() :]


class _Screen(io.TextIOBase):
    """A terminal, as far as the command line can tell, that writes into a buffer."""

    def __init__(self, buffer: io.StringIO, terminal: bool) -> None:
        self._buffer, self._terminal = buffer, terminal

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> int:
        return self._buffer.write(text)


def called(command: str) -> tuple[int, str]:
    """The exit code of a command, and what a terminal 100 signs wide shows of it."""
    name, *arguments = shlex.split(command)
    terminal = {"TERM": "dumb", "COLUMNS": "100", "LINES": "50"}
    if name == "mentorkit":
        buffer = io.StringIO()
        before = {key: os.environ.get(key) for key in terminal}
        os.environ.update(terminal)
        try:
            # Standard error is no terminal here: a progress bar would be no text to compare.
            with (
                contextlib.redirect_stdout(_Screen(buffer, True)),
                contextlib.redirect_stderr(_Screen(buffer, False)),
            ):
                code = run(arguments)
        finally:
            for key, held in before.items():
                os.environ.pop(key) if held is None else os.environ.update({key: held})
        return code, buffer.getvalue()
    if name == "mkdir":
        Path(arguments[-1]).mkdir(parents=True, exist_ok=True)
        return 0, ""
    modules = {
        "django-admin": ["-m", "django"],
        "pytest": ["-m", "pytest", "-p", "no:cacheprovider"],
        "python": [],
    }
    assert name in modules, f"{name} is no command that the documentation runs"
    done = subprocess.run(
        [sys.executable, *modules[name], *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        env={**os.environ, **terminal, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.returncode, done.stdout


def assert_shown(place: str, expected: str, output: str) -> None:
    """What a page shows is what came out, but for what `...` leaves out."""
    pattern = r"\n".join(
        r"(?:.*\n)*?.*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*")
        for line in _lines(expected)
    )
    # Lines left out may be none at all, with their own line's end.
    pattern = pattern.replace(r"(?:.*\n)*?.*\n", r"(?:.*\n)*?")
    assert re.fullmatch(pattern, "\n".join(_lines(output))), (
        f"{place} shows\n{expected}\nbut this came out\n{output}"
    )


def _lines(text: str) -> list[str]:
    lines = [" ".join(re.sub("─+", "─", line).split()) for line in text.strip().splitlines()]
    return [line for line in lines if line]
