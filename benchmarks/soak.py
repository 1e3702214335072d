"""Kills a house at random moments, again and again, and looks for what was lost.

    python benchmarks/soak.py --runs 200 --database sqlite [--seed N]
    python benchmarks/soak.py --runs 200 --database postgresql [--seed N]

In each run a child process imports, publishes, books, schedules, advances and delivers on a
fresh database until `kill -9`. The runs take turns: the first is killed at any time, the next
ones each while one phase is under way, at any moment of it. Then everything that was
acknowledged must be there and nothing half done; and once another process has gone on to the
end, each subscriber must have had every event under one key. The first finding ends it, with
the run's seed and status 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import soak_checks
import soak_work
from soak_work import Place

import mentorkit
from mentorkit.house import CLAIMED
from mentorkit.testing.databases import PostgresServer, postgres_server, sqlite_database

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["mentorkit.house", "mentorkit.matching", "mentorkit.plugins.matchers", "scipy.optimize"]
)
READY = 60.0
"""Seconds within which a child must have opened its house, and reached a phase."""
ANY = "any"
PHASES = [ANY, "import", "enrol", "publish", "book", "schedule", "advance", "deliver"]
"""What is under way when a child is killed, run by run."""


@attrs.frozen
class Outcome:
    """What one run came to."""

    hit: str
    events: int
    deliveries: int
    duplicates: int
    findings: list[str]


def killed(
    place: Place, seed: str, target: str | None, usual: dict[str, float], options: Any
) -> str:
    """Let a child work and kill it; says what it was doing, or "" if it had ended by itself.

    With a `target`, that is while such a step is under way, which usually takes so long.
    """
    ours, its = PROCESSES.Pipe(duplex=False)
    child = PROCESSES.Process(target=soak_work.work, args=(place, seed, its, options.broken))
    child.start()
    its.close()
    drawn = random.Random(seed)
    if target is None:
        if ours.poll(READY):
            time.sleep(drawn.uniform(0, options.longest))
    else:
        _wait_for(target, ours, usual, drawn)
        time.sleep(drawn.uniform(0, 1.1 * usual.get(target, 0.1)))
    alive = child.is_alive()
    child.kill()
    child.join()
    ours.close()
    last = place.notes.read()[-1:]
    if not alive or not last:
        return ""
    return str(last[0].get("will", "between steps"))


def _wait_for(target: str, ours: Any, usual: dict[str, float], drawn: random.Random) -> None:
    """Until the child begins one of the first few steps of a kind."""
    left, begun, deadline = drawn.randint(1, 4), 0.0, time.monotonic() + READY
    while left and time.monotonic() < deadline and ours.poll(READY):
        try:
            word, step = ours.recv()
        except EOFError:
            return
        if word == "will":
            begun = time.monotonic()
            left -= step == target
        elif word == "done":
            usual[step] = max(0.8 * usual.get(step, 0.0), time.monotonic() - begun)


def resumed(place: Place) -> int | None:
    """Let a fresh process go on to the end; its exit status."""
    child = PROCESSES.Process(target=soak_work.resume, args=(place,))
    child.start()
    child.join()
    return child.exitcode


def run(
    place: Place, seed: str, target: str | None, usual: dict[str, float], options: Any
) -> Outcome:
    """One crash, and everything that is checked after it."""
    hit = killed(place, seed, target, usual, options)
    if not hit:
        return Outcome("", 0, 0, 0, ["the child ended by itself"])
    found, findings = soak_checks.read(place)
    findings += soak_checks.after_the_crash(found)
    findings += soak_checks.timers(found)
    soak_checks.wait_for_the_dead(place)
    if status := resumed(place):
        return Outcome(hit, 0, 0, 0, [*findings, f"going on ended with status {status}"])
    found, faults = soak_checks.read(place)
    findings += faults
    findings += soak_checks.after_the_crash(found)
    lines = {name: place.delivered(name) for name in soak_checks.SUBSCRIBERS}
    findings += soak_checks.delivered(found, lines)
    deliveries = len(found.tables["delivery"])
    twice = soak_checks.duplicates(lines)
    if twice > CLAIMED:
        findings.append(f"{twice} deliveries were repeated, and {CLAIMED} were taken on at once")
    return Outcome(hit, len(found.tables["event"]), deliveries, twice, findings)


@contextmanager
def places(database: str, parent: str | None) -> Iterator[Callable[[], Place]]:
    """Gives a fresh, migrated database and a folder for each run."""
    with tempfile.TemporaryDirectory(prefix="mentorkit-soak-", dir=parent) as name:
        if database == "sqlite":
            empty = Path(name, "empty")
            empty.mkdir()
            mentorkit.migrate(sqlite_database(empty))
            yield lambda: _beside(empty, Path(tempfile.mkdtemp(dir=name)))
        else:
            with postgres_server(durable=True) as server:
                yield lambda: _served(server, Path(tempfile.mkdtemp(dir=name)))


def _beside(empty: Path, folder: Path) -> Place:
    shutil.copy(empty / "mentorkit.db", folder)
    return Place(sqlite_database(folder), folder)


def _served(server: PostgresServer, folder: Path) -> Place:
    url = server.new_database()
    mentorkit.migrate(url)
    return Place(url, folder)


def soak(options: argparse.Namespace) -> dict[str, Any]:
    """All runs; the figures of those that were whole, and the findings of one that was not."""
    hits: Counter[str] = Counter()
    usual: dict[str, float] = {}
    figures: dict[str, Any] = {"database": options.database, "seed": options.seed}
    figures |= {"runs": 0, "events": 0, "deliveries": 0, "duplicates": 0, "findings": []}
    with places(options.database, options.folder) as fresh:
        for number in range(options.runs):
            seed = f"{options.seed}/{number}"
            place = fresh()
            target = options.phases[number % len(options.phases)]
            outcome = run(place, seed, None if target == ANY else target, usual, options)
            figures["findings"] = [f"run {seed}: {finding}" for finding in outcome.findings]
            if outcome.findings:
                break
            hits[outcome.hit] += 1
            figures["runs"] += 1
            for name in ("events", "deliveries", "duplicates"):
                figures[name] += getattr(outcome, name)
            shutil.rmtree(place.folder)
    return {**figures, "killed during": dict(hits.most_common())}


def main() -> int:
    """Run, print the histogram and the figures; 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", nargs="+", choices=PHASES, default=PHASES)
    parser.add_argument("--longest", type=float, default=2.5, help="seconds until it, at any time")
    parser.add_argument("--folder", help="where files lie; by default where temporary ones do")
    parser.add_argument("--broken", help="a Python file that breaks the child before it works")
    options = parser.parse_args()
    figures = soak(options)
    for step, count in figures["killed during"].items():
        print(f"{step:>14} {count:4} {'#' * count}")
    for finding in figures["findings"]:
        print(finding)
    print(json.dumps(figures))
    return 1 if figures["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
