"""What a terminal shows beside the result: a bar that makes way for what is said."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once


def on_a_terminal(folder: Path, *words: str) -> str:
    """What a call writes to standard error, which is a terminal."""
    ours, theirs = pty.openpty()
    code = "import sys; from mentorkit.cli.main import run; sys.exit(run(sys.argv[1:]))"
    ran = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            got = os.read(ours, 65536)
        except OSError:  # the other end was closed
            break
        if not got:
            break
        shown += got
    os.close(ours)
    ran.communicate()
    assert ran.returncode == 0, shown
    return shown.decode()


def lines(shown: str) -> list[str]:
    """What stands on the terminal in the end, as a terminal reads its signs."""
    screen, at = [""], 0
    while shown:
        sign, shown = shown[0], shown[1:]
        if sign == "\x1b":
            end = next(place for place, held in enumerate(shown[1:], 1) if held.isalpha())
            command, shown = shown[: end + 1], shown[end + 1 :]
            if command == "[2K":
                screen[at] = ""
            elif command == "[1A":
                at = max(at - 1, 0)
        elif sign == "\n":
            at += 1
            screen += [""] * (at == len(screen))
        elif sign != "\r":
            screen[at] += sign
    return screen


def test_what_is_said_has_lines_of_its_own(mentorkit, folder: Path) -> None:
    assert mentorkit("init").code == 0
    shown = on_a_terminal(folder, "match", "people.csv", "--out", "plan.csv")
    assert "starting" in shown, "there was no bar"
    found = [line for line in lines(shown) if line]
    said = ("no mapping given", "no programme given", "written: plan.csv", "13 pairs")
    assert [line for line in found if line.startswith(said)] == found
    assert {word for word in said for line in found if line.startswith(word)} >= set(said[:2])
