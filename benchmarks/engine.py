"""The matching engine's figures, one command a table, peers in the same run.

    python benchmarks/engine.py solver  [--sizes 1000x350 5000x1750] [--families twins ...]
    python benchmarks/engine.py plan    [--sizes 20000x7000 100000x35000]
                                        [--executor module:factory]
    python benchmarks/engine.py blocks  [--sizes 1000000x350000] [--blocks 20]
                                        [--executor module:factory]
    python benchmarks/engine.py scoring [--sizes 20000x7000]
    python benchmarks/engine.py pool    [--sizes 1000 2000 5000] [--candidates 20]
    python benchmarks/engine.py peers   [--sizes 5000 20000]
    python benchmarks/engine.py change  [--sizes 20000x7000]
    python benchmarks/engine.py naive   [--sizes 100x100]
    python benchmarks/engine.py curve   [--sizes 2500x875 5000x1750 ...]

Each also takes --runs, --threads, --timeout, --seed and --json FILE. Sizes are mentees x
mentors, for `pool` and `peers` people. The programs compared with are in the dependency group
`benchmarks`; one that is not installed is left out, with the reason. Runs take turns, so that
what else the machine does falls on all alike. Machines differ and are shared: read the ratios.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import engine_tables as tables
from engine_measure import Figures, measured, middle
from engine_peers import POOLS, SOLVERS

from mentorkit.testing.instances import FAMILIES


class Table(NamedTuple):
    """A subcommand: what is measured at which sizes, by whom, and how it is shown."""

    work: str
    sizes: Sequence[str]
    families: Sequence[str]
    show: Callable[[Sequence[Figures], Sequence[str]], str]
    by: Sequence[str] = ()
    runs: int = 3
    timeout: float = 600


def _solvers(found: Sequence[Figures], families: Sequence[str]) -> str:
    exact = {peer.name for peer in SOLVERS.values() if peer.exact}
    return tables.side_by_side(found, families, exact)


def _pools(found: Sequence[Figures], families: Sequence[str]) -> str:
    return tables.side_by_side(found, families, set(POOLS))


def _plans(found: Sequence[Figures], families: Sequence[str]) -> str:
    return tables.of_plans(found)


TABLES = {
    "solver": Table("solver", ["1000x350", "5000x1750"], FAMILIES, _solvers, tuple(SOLVERS)),
    "plan": Table("plan", ["20000x7000"], FAMILIES, _plans, runs=1, timeout=3600),
    "blocks": Table("plan", ["1000000x350000"], ["plain"], _plans, runs=1, timeout=14400),
    "scoring": Table(
        "scoring", ["20000x7000"], ["plain"], lambda found, _: tables.of_scoring(found)
    ),
    "pool": Table("pool", ["1000", "2000", "5000"], FAMILIES, _pools, tuple(POOLS)),
    "peers": Table("peers", ["5000", "20000"], FAMILIES, _plans, runs=1, timeout=3600),
    "change": Table(
        "change",
        ["20000x7000"],
        FAMILIES,
        lambda found, _: tables.of_changes(found),
        runs=1,
        timeout=3600,
    ),
    "naive": Table("naive", ["100x100"], ["plain"], _plans),
    "curve": Table(
        "plan",
        ["1250x438", "2500x875", "5000x1750", "10000x3500", "20000x7000"],
        FAMILIES,
        lambda found, _: tables.of_growth(found),
        runs=1,
        timeout=3600,
    ),
}


SHARED = ("plan", "blocks")
"""What an executor may share in."""


def tasks(name: str, options: argparse.Namespace) -> Iterable[Figures]:
    """What is to be measured, in the order in which runs go through it."""
    table = TABLES[name]
    for size in options.sizes:
        first, _, second = size.partition("x")
        if name == "pool":
            place = {"people": int(first), "candidates": options.candidates}
        elif name == "peers":
            place = {"people": int(first)}
        else:
            place = {"mentees": int(first), "mentors": int(second)}
        if name == "blocks":
            place |= {"blocks": options.blocks}
        if name in SHARED:
            place |= {"executor": options.executor}
        if name == "scoring":
            place |= {"passes": options.passes}
        for family in options.families:
            for by in options.by if table.by else ("",):
                whom = {"by": by} if by else {}
                yield {"work": table.work, "family": family, "seed": options.seed, **place, **whom}


def measure(name: str, options: argparse.Namespace) -> list[Figures]:
    """Every task as often as asked, in turns; medians, with all that was measured."""
    planned = list(tasks(name, options))
    several: list[list[Figures]] = [[] for _ in planned]
    for run in range(options.runs):
        for task, held in zip(planned, several, strict=True):
            if held and "seconds" not in held[-1]:
                continue
            held.append(measured(task, options.threads, options.timeout))
            words = " ".join(str(word) for word in task.values() if word != "")
            taken = held[-1].get("seconds", held[-1].get("skipped", held[-1].get("failed")))
            shown = f"{taken:.3f} s" if isinstance(taken, float) else taken
            print(f"run {run + 1}: {words}: {shown}", file=sys.stderr, flush=True)
    return [
        {**task, "size": _size(task), **middle(held), "runs": held}
        for task, held in zip(planned, several, strict=True)
    ]


def _size(task: Figures) -> str:
    if "people" in task:
        return f"{task['people']:,}"
    return f"{task['mentees']:,} × {task['mentors']:,}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="table", required=True)
    for name, table in TABLES.items():
        command = commands.add_parser(name)
        command.add_argument("--sizes", nargs="+", default=table.sizes)
        command.add_argument("--families", nargs="+", choices=FAMILIES, default=table.families)
        command.add_argument("--runs", type=int, default=table.runs)
        command.add_argument("--threads", type=int, default=1)
        command.add_argument("--timeout", type=float, default=table.timeout)
        command.add_argument("--seed", type=int, default=0)
        command.add_argument("--json", type=Path, metavar="FILE")
        if table.by:
            command.add_argument("--by", nargs="+", choices=table.by, default=table.by)
        if name == "pool":
            command.add_argument("--candidates", type=int, default=20)
        if name == "blocks":
            command.add_argument("--blocks", type=int, default=20)
        if name in SHARED:
            command.add_argument("--executor", default="", metavar="MODULE:FACTORY")
        if name == "scoring":
            command.add_argument("--passes", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    """Measure, and print where it was measured and the table; the figures go to a file."""
    options = _options()
    found = measure(options.table, options)
    setting = tables.setting(options.threads, options.runs)
    print(tables.said(setting), end="\n\n")
    print(TABLES[options.table].show(found, options.families))
    if options.json:
        held = {"table": options.table, "setting": setting, "figures": found}
        options.json.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
