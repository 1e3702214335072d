"""Every block of the README and the documentation does what it says."""

from __future__ import annotations

import configparser
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import PAGES, ROOT, Block, Runner, assert_shown, blocks, imports_from, sessions

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def no_cluster_is_left() -> Iterator[None]:
    """A cluster that a page starts would work beside all the tests that follow."""
    yield
    if "distributed" in sys.modules:
        from distributed import Client

        with contextlib.suppress(ValueError):  # there is no client any more
            while client := Client.current():
                client.cluster.close()
                client.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runner = Runner()
    with imports_from(tmp_path):
        for block in blocks(page):
            runner.run(block)


def _block(language: str, text: str, title: str | None = None) -> Block:
    return Block(ROOT / "docs" / "made-up.md", 1, language, title, text)


@pytest.mark.parametrize(
    "block",
    [
        _block("rust", "fn main() {}\n"),
        _block("csv", "id\n1\n"),
        _block("text", "nobody printed this\n"),
        _block("sh", "rm -rf /\n"),
        _block("console", "mentorkit --version\n"),
        _block("console", "$ mentorkit --version\nmentorkit, version 99\n"),
        _block("console", "$ mentorkit nonsense\n...\n"),
        _block("console", "$ mentorkit nonsense\n...\n$ echo $?\n0\n"),
        _block("toml", '[criteria.a]\nkind = "skills"\nenuogh = 3\n'),
        _block("toml", '[fields]\nname = "Name"\n'),
        _block("python", "assert False\n"),
        _block("toml", "not toml\n", "a.toml"),
        _block("text", "x\n", "../outside.txt"),
        _block("text", "x\n", "absent.txt, at its end"),
        _block("ini", "[Unit]\n"),
        _block("ini", "no section\n", "a.ini"),
    ],
)
def test_a_false_block_is_found(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((AssertionError, ValueError, configparser.Error)):
        Runner().run(block)


def test_text_is_what_the_python_before_it_prints() -> None:
    runner = Runner()
    runner.run(_block("python", "print(6 * 7)\n"))
    runner.run(_block("text", "42\n"))
    runner.run(_block("python", "print(6 * 7)\n"))
    with pytest.raises(AssertionError):
        runner.run(_block("text", "43\n"))


@pytest.mark.parametrize(
    ("shown", "output", "holds"),
    [
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nb\n", "a\nb\n", True),
        ("...\nb\n", "b\n", True),
        ("a\n...\n", "a\n", False),
        ("a\n...\n", "a\nb\n", True),
        ("a ... c\n", "a  b  c\n", True),
        ("a ... c\n", "a b\n c\n", False),
        ("a\n", "a\nb\n", False),
        ("a.c\n", "abc\n", False),
        ("one   two\n", "one two\n", True),
    ],
)
def test_what_is_left_out(shown: str, output: str, holds: bool) -> None:
    if holds:
        assert_shown("here", shown, output)
    else:
        with pytest.raises(AssertionError):
            assert_shown("here", shown, output)


def test_two_commands_set_everything_up() -> None:
    """README's first shell block runs the main job, its second is the gate's own line."""
    page = blocks(ROOT / "README.md")
    first, second = (_joined(block.text) for block in page if block.language == "sh")
    venv, install, *job = first.split(" && ")
    assert (venv, install) == ("python3 -m venv .venv", ".venv/bin/pip install -q .")
    shown = next(block.text for block in page if block.language == "console")
    commands = [command for command, _ in sessions(shown)]
    assert [step.removeprefix(".venv/bin/") for step in job] == commands
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def _joined(text: str) -> str:
    return " ".join(text.replace("\\\n", " ").split())
