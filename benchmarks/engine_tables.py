"""Tables of figures, in Markdown, as the docs show them."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from math import log
from pathlib import Path

from engine_measure import THREADS, Figures

DISTRIBUTIONS = (
    "numpy",
    "scipy",
    "numba",
    "lapx",
    "ortools",
    "rustworkx",
    "networkx",
    "pymatching",
)


def setting(threads: int, runs: int) -> Figures:
    """Where and with what the figures were measured."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": threads,
        "runs": runs,
        "versions": {name: _version(name) for name in DISTRIBUTIONS},
    }


def said(held: Figures) -> str:
    """The same in a paragraph."""
    versions = ", ".join(f"{name} {number or '–'}" for name, number in held["versions"].items())
    return (
        f"Python {held['python']} on {held['system']}, {held['processor']}, {held['cores']} cores;"
        f" {versions} (– is not installed).\n"
        f"Medians of {held['runs']}; every figure from a process of its own, with"
        f" {', '.join(THREADS)} = {held['threads']}. Before it is measured, each has run at a"
        " small size, so that compiling does not count; making the instance does not either."
        " Memory is the peak of the whole process, the instance in it."
    )


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its first column to the left."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def seconds(held: Figures) -> str:
    """Processor seconds and, in brackets, those on the wall."""
    return f"{_short(held['processor'])} ({_short(held['seconds'])})"


def megabytes(several: Iterable[Figures]) -> str:
    """The largest peak."""
    peaks = [held["memory"] for held in several if "memory" in held]
    return f"{max(peaks):,.0f}" if peaks else ""


def _short(number: float) -> str:
    return f"{number:.{3 if number < 1 else 2 if number < 10 else 1 if number < 100 else 0}f}"


def side_by_side(measured: Sequence[Figures], families: Sequence[str], exact: set[str]) -> str:
    """A row for each size and solver, a column for each family; then what went otherwise.

    Where a total is not the greatest found in the family, it says by how much it is below.
    """
    rows, notes = [], []
    for size in dict.fromkeys(one["size"] for one in measured):
        here = [one for one in measured if one["size"] == size]
        for by in dict.fromkeys(one["by"] for one in here):
            own = {one["family"]: one for one in here if one["by"] == by}
            cells = [_cell(own[family], here) if family in own else "" for family in families]
            rows.append([size, by, *cells, megabytes(own.values())])
            notes += [_note(one) for one in own.values() if "seconds" not in one]
        notes += _disagreeing(here, exact)
    head = ["size", "solver", *(f"{family}, s" for family in families), "MB"]
    return table(head, rows) + "".join(f"\n- {note}" for note in ["", *dict.fromkeys(notes)][1:])


def _cell(one: Figures, here: Iterable[Figures]) -> str:
    if "seconds" not in one:
        return "–"
    best = max(held.get("total", 0) for held in here if held["family"] == one["family"])
    below = best - one["total"]
    return seconds(one) + (f", −{below / best:.2%}" if below else "")


def _note(one: Figures) -> str:
    why = one.get("skipped") or one.get("failed")
    return f"{one['by']} at {one['size']}{', ' + one['family'] if 'failed' in one else ''}: {why}"


def _disagreeing(here: Iterable[Figures], exact: set[str]) -> list[str]:
    totals: dict[str, set[int]] = {}
    for one in here:
        if one["by"] in exact and "total" in one:
            totals.setdefault(one["family"], set()).add(one["total"])
    return [
        f"THE EXACT TOTALS DIFFER: {family}, {sorted(held)}"
        for family, held in totals.items()
        if len(held) > 1
    ]


def of_plans(measured: Sequence[Figures]) -> str:
    """A row for each plan, with the processor seconds of its phases."""
    head = ["size", "family", "s", "scores", "solves", "proves", "says", "gap", "matched", "MB"]
    rows = [[one["size"], one["family"], *_plan_cells(one)] for one in measured]
    return table(head, rows)


def _plan_cells(one: Figures) -> list[str]:
    if "seconds" not in one:
        return [one.get("skipped") or one["failed"], *[""] * 7]
    phases = [
        _short(one[name]) if name in one else ""
        for name in ("build_case", "solve", "certify", "describe")
    ]
    gap = "no bound" if one["gap"] is None else "0, proven"
    if one["gap"]:
        gap = f"{one['relative gap']:.1e}"
    return [seconds(one), *phases, gap, f"{one['matches']:,}", megabytes([one])]


def of_changes(measured: Sequence[Figures]) -> str:
    """A row for each review: what a change costs, of what making it afresh does."""
    sorts = ["join", "pin", "forbid", "leave"]
    rows = []
    for one in measured:
        cells = [one.get("skipped") or one.get("failed", ""), *[""] * 5]
        if "afresh" in one:
            parts = [f"{100 * one[sort] / one['afresh']:.2f} %" for sort in sorts]
            cells = [_short(one["afresh"]), *parts, "yes" if one["same"] else "NO"]
        rows.append([one["size"], one["family"], *cells])
    return table(["size", "family", "afresh, s", *sorts, "same total"], rows)


def of_growth(measured: Sequence[Figures]) -> str:
    """Cost against size, and the power of the size by which it grows."""
    head = ["size", "family", "s", "MB", "power of the last step", "power of all"]
    rows = []
    for family in dict.fromkeys(one["family"] for one in measured):
        own = [one for one in measured if one["family"] == family and "seconds" in one]
        points = [(log(one["mentees"]), log(one["processor"])) for one in own]
        for at, one in enumerate(own):
            steps = [_slope(points[max(0, at - 1) : at + 1]), _slope(points[: at + 1])]
            rows.append([one["size"], family, seconds(one), megabytes([one]), *steps])
    return table(head, rows)


def _slope(points: Sequence[tuple[float, float]]) -> str:
    if len(points) < 2:
        return ""
    return f"{statistics.linear_regression(*zip(*points, strict=True)).slope:.2f}"


def of_scoring(measured: Sequence[Figures]) -> str:
    """Millions of pairs in a processor second, beside the bare product's."""
    head = ["size", "family", "columns", "best of each row", "bare", "ratio"]
    head += ["16 best of each row", "bare", "ratio", "asked in blocks", "MB"]
    rows = []
    for one in measured:
        cells = [one["size"], one["family"]]
        if "seconds" in one:
            cells.append(str(one["width"]))
            for kind in ("max", "argpartition"):
                rates = [one[f"{name} {kind}"] / 1e6 for name in ("ours", "bare")]
                cells += [f"{rate:.0f} M/s" for rate in rates] + [f"{one[f'ratio {kind}']:.2f}"]
            cells += [one["asked"] or "none", megabytes([one])]
        rows.append(cells)
    return table(head, rows)
