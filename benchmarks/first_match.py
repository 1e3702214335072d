"""How long a first match takes, from files to a report, beside the floor of its imports.

    python benchmarks/first_match.py [--people 100 1000] [--runs 5]

Every figure is the median wall time of a fresh process. The floor starts Python and
imports NumPy and SciPy's assignment solver, which nobody who solves exactly can avoid;
machines differ and are shared, so read the ratio.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR = [sys.executable, "-c", "import numpy; from scipy.optimize import linear_sum_assignment"]
GRADES = ["junior", "mid", "senior", "lead", "principal"]
PLACES = ["Berlin", "London", "Madrid", "Paris", "Warsaw"]
SKILLS = ["data", "design", "finance", "law", "people", "python", "sales", "speaking", "writing"]


def write_people(folder: Path, count: int) -> list[str]:
    """Half mentees and half mentors in two files, the same for the same count."""
    drawn = random.Random(count)
    for role, wish in (("mentees", "wants to learn"), ("mentors", "can teach")):
        with (folder / f"{role}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "name", "grade", "location", "department", wish])
            for number in range(count // 2):
                skills = "; ".join(sorted(drawn.sample(SKILLS, 3)))
                person = f"{role}-{number:06}"
                places = [drawn.choice(column) for column in (GRADES, PLACES, SKILLS)]
                writer.writerow([person, f"Person {person}", *places, skills])
    return [str(folder / "mentees.csv"), str(folder / "mentors.csv")]


def median_seconds(command: list[str], runs: int) -> float:
    """The median over fresh processes, after one to warm the disk."""
    seconds = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def main() -> None:
    """Measure every size and print a table, then the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[100, 1000, 2000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    floor = median_seconds(FLOOR, options.runs)
    figures = [{"people": 0, "seconds": round(floor, 3), "ratio": 1.0}]
    command = str(Path(sys.executable).with_name("mentorkit"))
    for count in options.people:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            files = write_people(folder, count)
            outputs = ["--out", str(folder / "plan.csv"), "--report", str(folder / "report.html")]
            seconds = median_seconds([command, "match", *files, *outputs], options.runs)
        figures.append(
            {"people": count, "seconds": round(seconds, 3), "ratio": round(seconds / floor, 2)}
        )
    print("people  seconds  times the floor")
    for row in figures:
        print(f"{row['people'] or 'floor':>6}  {row['seconds']:7.3f}  {row['ratio']:15.2f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
