"""A whole programme's meetings at once: how many are placed, how soon, and what CP-SAT says.

    python benchmarks/scheduling.py [--runs 3] [--relationships 1000] [--seed 1] [--halves 6]

Three programmes of 1,000 relationships of six weekly hours each, on a grid of 30 minutes, whose
mentors are shared and more or less scarce. Each is placed by the scheduler `flexible` and, in
the same run, by OR-Tools' CP-SAT, mentor by mentor and week by week, each to a proven optimum.
The two must place as many. Machines differ and are shared, so read the ratios.
"""

from __future__ import annotations

import argparse
import datetime
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence

import attrs

from mentorkit.models import Choice, Free, Interval, Participant, Person, Window, Wish
from mentorkit.registry import installed
from mentorkit.scheduling import free_times, intersection

FIRST = datetime.date(2026, 9, 7)
WEEKS = 6
HOUR, HALF = 3600, 1800
CELLS = [(day, minutes) for day in range(5) for minutes in range(9 * 60, 17 * 60, 30)]
"""The half hours of a working week."""


@attrs.frozen
class Case:
    """A programme: how many mentors, each with so many hours a week."""

    mentors: int
    hours: int


CASES = (Case(200, 40), Case(200, 8), Case(125, 8))


def instance(
    case: Case, relationships: int = 1000, seed: int = 1, halves: int = 6
) -> tuple[list[Wish], Free]:
    """Wishes and free time, the same for the same seed: relationships share mentors evenly."""
    drawn = random.Random(f"{case} {relationships} {seed}")
    mentors = [_someone(f"mentor{n:04}", _hours(drawn, case.hours)) for n in range(case.mentors)]
    mentees = [_someone(f"mentee{n:04}", _halves(drawn, halves)) for n in range(relationships)]
    wishes = [
        Wish(
            id=f"r{n:04}",
            people=(mentee.id, mentors[n % len(mentors)].id),
            count=WEEKS,
            cadence=7,
            minutes=60,
            timezone="UTC",
            first=FIRST,
            last=FIRST + datetime.timedelta(days=7 * WEEKS - 1),
        )
        for n, mentee in enumerate(mentees)
    ]
    return wishes, free_times([*mentors, *mentees], wishes[0].first, wishes[0].last)


def _someone(own: str, windows: list[Window]) -> Participant:
    return Participant(person=Person(id=own, timezone="UTC"), availability=windows)


def _hours(drawn: random.Random, count: int) -> list[Window]:
    """Hours of a week that do not overlap, on the half-hour grid; 40 are all of it."""
    if count >= len(CELLS) // 2:
        return [Window(day, 9 * 60, 17 * 60) for day in range(5)]
    taken: set[tuple[int, int]] = set()
    found: list[Window] = []
    while len(found) < count:
        day, start = drawn.choice(CELLS)
        cells = {(day, start), (day, start + 30)}
        if start + 60 <= 17 * 60 and not cells & taken:
            taken |= cells
            found.append(Window(day, start, start + 60))
    return found


def _halves(drawn: random.Random, count: int) -> list[Window]:
    """So many of a working week's ten half days."""
    halves = [(day, start) for day in range(5) for start in (9 * 60, 13 * 60)]
    return [Window(day, start, start + 240) for day, start in drawn.sample(halves, count)]


def first_fit(wishes: Sequence[Wish], free: Free) -> int:
    """How many are placed by giving each the first time that is left."""
    left = {person: list(held) for person, held in free.times.items()}
    placed = 0
    for wish in wishes:
        for week in range(WEEKS):
            starts = _starts(wish, Free(times={p: tuple(left[p]) for p in wish.people}), week)
            if starts:
                placed += 1
                for person in wish.people:
                    left[person] = _without(left[person], starts[0])
    return placed


def _without(intervals: list[Interval], start: int) -> list[Interval]:
    pieces = [
        piece
        for opens, closes in intervals
        for piece in ((opens, min(closes, start)), (max(opens, start + HOUR), closes))
    ]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _starts(wish: Wish, free: Free, week: int) -> list[int]:
    monday = datetime.datetime.combine(FIRST, datetime.time(), datetime.UTC)
    opens = int(monday.timestamp()) + week * 7 * 24 * HOUR
    one, other = wish.people
    common = intersection(free.of(one), intersection(free.of(other), [(opens, opens + 168 * HOUR)]))
    return [at for start, end in common for at in range(start, end - HOUR + 1, HALF)]


def by_cp_sat(wishes: Sequence[Wish], free: Free) -> tuple[int, bool]:
    """How many CP-SAT places, mentor by mentor and week by week, and whether all was proven."""
    from ortools.sat.python import cp_model

    placed, proven = 0, True
    shared: dict[str, list[Wish]] = defaultdict(list)
    for wish in wishes:
        shared[wish.people[1]].append(wish)
    for theirs in shared.values():
        for week in range(WEEKS):
            model = cp_model.CpModel()
            cells = defaultdict(list)
            chosen = []
            for wish in theirs:
                starts = {at: model.new_bool_var("") for at in _starts(wish, free, week)}
                model.add_at_most_one(starts.values())
                chosen += starts.values()
                for at, variable in starts.items():
                    cells[at].append(variable)
                    cells[at + HALF].append(variable)
            for variables in cells.values():
                model.add_at_most_one(variables)
            model.maximize(sum(chosen))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            proven &= solver.solve(model) == cp_model.OPTIMAL
            placed += round(solver.objective_value)
    return placed, proven


def main() -> None:
    """Print a table of the three cases."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--relationships", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--halves", type=int, default=6, help="half days that mentees have a week")
    chosen = asked.parse_args()
    flexible = installed().bind("schedulers", Choice("flexible"), "scheduler")
    wanted = chosen.relationships * WEEKS
    print("mentors  hours  first fit  flexible  optimum  unplaced  flexible s  CP-SAT s  ratio")
    for case in CASES:
        wishes, free = instance(case, chosen.relationships, chosen.seed, chosen.halves)
        times = []
        for _ in range(chosen.runs):
            begun = time.perf_counter()
            placed = len(flexible.place(wishes, free, 0).slots)
            times.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        most, proven = by_cp_sat(wishes, free)
        theirs = time.perf_counter() - begun
        ours = statistics.median(times)
        assert proven
        assert placed == most, f"{placed} were placed of {most} that can be"
        print(
            f"{case.mentors:7} {case.hours:6} {first_fit(wishes, free):10} {placed:9} {most:8}"
            f" {wanted - placed:9} {ours:11.2f} {theirs:9.2f} {ours / theirs:6.3f}"
        )


if __name__ == "__main__":
    main()
