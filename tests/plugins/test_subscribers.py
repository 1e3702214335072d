"""The log file: every event a line, whatever happened to the line before."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import attrs
import pytest
from history_cases import BEGUN, bound, events
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import Event

WORDS = st.text(max_size=8)
EVENTS = events(WORDS)
HELD = Event(id="e1", at=BEGUN, kind="session.held", subject="s1", people=("bo", "zoë"))


def deliver(file: Path, event: Event, key: str) -> None:
    bound("subscribers", "log-file", path=str(file)).deliver(event, key, None)


def lines(file: Path) -> list[Any]:
    text = file.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text[:-1].split("\n")]


@given(events=st.lists(st.tuples(EVENTS, WORDS), min_size=1, max_size=4))
def test_every_event_is_a_line_that_holds_all_of_it(events):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.jsonl"
        for event, key in events:
            deliver(file, event, key)
        written = lines(file)
    for (event, key), line in zip(events, written, strict=True):
        assert list(line) == sorted(line)
        assert datetime.datetime.fromisoformat(line.pop("at")) == event.at
        assert line.pop("key") == key
        assert line.pop("people") == list(event.people)
        assert line.pop("facts") == dict(event.facts)
        names = ("id", "kind", "subject", "programme", "relationship")
        assert line == {name: getattr(event, name) for name in names}


@given(before=st.binary(max_size=20))
def test_what_a_crash_left_does_not_swallow_the_next_line(before):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.jsonl"
        file.write_bytes(before)
        deliver(file, HELD, "k")
        after = file.read_bytes()
    assert after.startswith(before)
    *_, last, rest = after.split(b"\n")
    assert rest == b""
    assert json.loads(last)["key"] == "k"
    assert after.count(b"\n") == before.count(b"\n") + 1 + (before[-1:] not in (b"", b"\n"))


def test_a_line(tmp_path):
    file = tmp_path / "events.jsonl"
    deliver(file, HELD, "e1:log")
    assert file.read_text(encoding="utf-8") == (
        '{"at": "2026-03-02T09:30:00+00:00", "facts": {}, "id": "e1", "key": "e1:log",'
        ' "kind": "session.held", "people": ["bo", "zoë"], "programme": null,'
        ' "relationship": null, "subject": "s1"}\n'
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no lock on files")
def test_lines_written_at_once_stay_whole(tmp_path):
    """Long lines, since a system writes page by page and others see each."""
    file = tmp_path / "events.jsonl"
    long = attrs.evolve(HELD, facts={"words": "x" * 50_000})

    def write(own: int) -> None:
        for number in range(25):
            deliver(file, long, f"{own}:{number}")

    threads = [threading.Thread(target=write, args=(own,)) for own in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [line["key"] for line in lines(file)]
    assert sorted(keys) == sorted(f"{own}:{number}" for own in range(4) for number in range(25))


def test_it_wants_everything():
    assert bound("subscribers", "log-file", path="x").wants == {"*"}


def test_a_file_that_cannot_be_written_is_the_systems_error(tmp_path):
    for place in (tmp_path, tmp_path / "no folder" / "events.jsonl"):
        with pytest.raises(OSError, match=str(tmp_path)):
            deliver(place, HELD, "k")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on files to set")
def test_a_line_that_does_not_fit_is_an_error_and_is_written_whole_later(tmp_path):
    file = tmp_path / "events.jsonl"
    deliver(file, HELD, "first")
    program = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_subscribers import HELD, deliver
resource.setrlimit(resource.RLIMIT_FSIZE, ({file.stat().st_size + 10},) * 2)
try:
    deliver(Path({str(file)!r}), HELD, "second")
except OSError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "only a part of the line could be written" in done.stdout, done.stderr
    deliver(file, HELD, "second")
    first, torn, second = file.read_text(encoding="utf-8").splitlines()
    assert len(torn) == 10
    assert [json.loads(line)["key"] for line in (first, second)] == ["first", "second"]


def test_a_path_is_needed():
    with pytest.raises(ValueError, match="path"):
        bound("subscribers", "log-file", path="")
