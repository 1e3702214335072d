"""The house behind the commands: where it is, what it carries out, and how it is kept running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from mentorkit.house import House
from mentorkit.plugins import surveys

REFUSING = """
import mentorkit


class Refusing:
    wants = frozenset({"programme.closed"})

    def deliver(self, event, key, read):
        raise mentorkit.Refused("no such address")


@mentorkit.hookimpl
def mentorkit_subscribers():
    return [mentorkit.kind("refusing", mentorkit.NoSettings, lambda _: Refusing())]
"""


def test_migrating_twice_is_harmless(mentorkit) -> None:
    missing = mentorkit("status")
    assert missing.code == 2
    assert "mentorkit migrate --database sqlite:///mentorkit.db" in missing.err
    assert "now" in mentorkit("migrate").err
    assert "already" in mentorkit("migrate").err
    assert mentorkit("status").code == 0


def test_the_house_is_where_it_is_said_to_be(mentorkit, folder: Path, monkeypatch) -> None:
    def there(*words: str) -> set[str]:
        assert mentorkit("migrate", *words).code == 0
        found = {path.name for path in folder.glob("*.db")}
        for path in folder.glob("*.db"):
            path.unlink()
        return found

    assert there() == {"mentorkit.db"}
    (folder / "mentorkit.toml").write_text('database = "sqlite:///file.db"', encoding="utf-8")
    (folder / "other.toml").write_text('database = "sqlite:///other.db"', encoding="utf-8")
    assert there() == {"file.db"}
    assert there("--house", "other.toml") == {"other.db"}
    monkeypatch.setenv("MENTORKIT_DATABASE", "sqlite:///environment.db")
    assert there() == {"environment.db"}
    assert there("--database", "sqlite:///option.db") == {"option.db"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("databse = 'x'", "did you mean 'database'"),
        ("[subscribers.log]\nkind = 'log-file'", "subscribers.log.path"),
        ("[subscribers.log]\nkind = 'log-fil'\npath = 'x'", "did you mean 'log-file'"),
    ],
)
def test_a_faulty_house_file_is_refused(mentorkit, folder: Path, text: str, said: str) -> None:
    mentorkit("migrate")
    (folder / "mentorkit.toml").write_text(text, encoding="utf-8")
    ran = mentorkit("status")
    assert ran.code == 2
    assert said in ran.err


def test_tenants_do_not_see_each_other(mentorkit, autumn) -> None:
    assert mentorkit("status", "--json", "--tenant", "other").out.strip() == "[]"
    (autumn / "mentorkit.toml").write_text('tenant = "other"', encoding="utf-8")
    assert mentorkit("status", "--json").out.strip() == "[]"
    assert mentorkit("status", "autumn", "--tenant", "default").code == 0


def test_events_are_carried_out_and_replayed(mentorkit, at, autumn: Path) -> None:
    (autumn / "refusing.py").write_text(REFUSING, encoding="utf-8")
    (autumn / "mentorkit.toml").write_text(
        "[subscribers.log]\nkind = 'log-file'\npath = 'events.log'\n"
        "[subscribers.post]\nkind = 'refusing'\n",
        encoding="utf-8",
    )
    plugin = ("--plugin", "refusing.py")
    at("2026-10-01", "close", "autumn", *plugin)
    waiting = json.loads(at("2026-10-01", "deliveries", "--json", *plugin).out)
    assert {(one["subscriber"], one["state"]) for one in waiting} == {
        ("log", "waiting"),
        ("post", "waiting"),
    }
    assert "delivered 1, 0 wait, 1 given up" in at("2026-10-01", "deliver", *plugin).out
    assert "programme.closed" in (autumn / "events.log").read_text(encoding="utf-8")
    dead = (
        at("2026-10-01", "deliveries", "--state", "dead", *plugin).out.splitlines()[1].split("\t")
    )
    assert dead[1:4] == ["post", "programme.closed", "dead"]
    assert "no such address" in dead
    at("2026-10-01", "deliveries", "--replay", dead[0], "post", *plugin)
    done = at("2026-10-01", "run", "--once", *plugin).out
    assert "delivered 0, 0 wait, 1 given up" in done
    assert mentorkit("deliveries", "--replay", "nothing", "post", *plugin).code == 2


def test_a_house_without_subscribers_says_so(mentorkit, autumn) -> None:
    assert "no subscribers" in mentorkit("deliver").err


def test_advancing_does_what_is_due_once(at, active) -> None:
    at("2026-09-10", "log", "--all", "autumn", "--held")
    assert at("2026-09-10", "advance").out == "looked at 2\n"
    assert at("2026-09-10", "advance").out == "looked at 0\n"
    assert at("2026-09-10", "run", "--once").out == ""


def test_what_fails_is_told(mentorkit, at, active, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("oh")

    monkeypatch.setitem(surveys._OCCASIONS, "session", broken)
    at("2026-09-10", "log", "--all", "autumn", "--held")
    ran = mentorkit("advance", "--now", "2026-09-10T08:00Z")
    assert ran.code == 1
    assert "looked at 2, 2 failed" in ran.out
    assert "after-session" in ran.err


def test_a_clock_that_stands_still_runs_once(mentorkit, autumn) -> None:
    ran = mentorkit("run", "--now", "2026-09-01T08:00Z")
    assert ran.code == 2
    assert "--once" in ran.err


def test_a_database_that_is_briefly_away_is_told(mentorkit, autumn, monkeypatch) -> None:
    rounds = []

    def advance(self: House) -> object:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise OperationalError("select ada", {"name": "Ada"}, Exception("connection refused"))
        os.kill(os.getpid(), signal.SIGTERM)
        return done(self)

    done = House.advance
    monkeypatch.setattr(House, "advance", advance)
    ran = mentorkit("run", "--every", "1")
    assert ran.code == 0
    assert "connection refused; trying again in 1 s" in ran.err
    assert "ada" not in ran.err.lower()
    assert len(rounds) == 2
    rounds.clear()
    once = mentorkit("run", "--once")
    assert once.code == 2
    assert "connection refused" in once.err
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_running_stops_when_asked(autumn: Path, at, asked: signal.Signals) -> None:
    (autumn / "mentorkit.toml").write_text(
        "[subscribers.log]\nkind = 'log-file'\npath = 'events.log'\n", encoding="utf-8"
    )
    at("2026-09-01", "draft", "autumn")
    process = subprocess.Popen(
        [Path(sys.executable).with_name("mentorkit"), "run", "--every", "600"],
        cwd=autumn,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(1200):
        if (autumn / "events.log").exists():
            break
        time.sleep(0.05)
    process.send_signal(asked)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "delivered 1, 0 wait, 0 given up" in out
