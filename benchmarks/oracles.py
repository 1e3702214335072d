"""Random problems by the thousand, solved by `optimal` and by others: every total must agree.

    python benchmarks/oracles.py --cases 10000

Small ones are held against OR-Tools' minimum-cost flow, in whole numbers; where every mentee
takes one partner, against SciPy's assignment too. Every plan must be feasible, and its prices
must prove it. Ends with code 1 at the first difference, and prints how to see it again.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import linear_sum_assignment

from mentorkit import Problem, Tables
from mentorkit.matching.certificate import upper_bound
from mentorkit.matching.solvers.transport import transport


def drawn(seed: int) -> Problem:
    """Up to 60 by 40 people: any density, few or many score levels, places on both sides."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(1, 61)), int(chance.integers(1, 41))
    levels = int(chance.choice([1, 2, 5, 40, 5000]))
    kinds = int(chance.integers(1, n + 1))
    values = chance.integers(0, levels, (kinds, m))[chance.integers(0, kinds, n)]
    if chance.random() < 0.3:
        values = values + chance.integers(0, 2 * levels, m)[None, :]
    most = int(chance.choice([1, 1, 2, 4]))
    return Problem(
        left=[f"l{i:03}" for i in range(n)],
        right=[f"r{j:03}" for j in range(m)],
        pairs=Tables(
            values=values,
            wishes_of=(values, values),
            allowed=chance.random((n, m)) >= chance.choice([0, 0.05, 0.5, 0.95]),
        ),
        left_capacity=chance.integers(0 if chance.random() < 0.3 else 1, most + 1, n),
        right_capacity=chance.integers(0, int(chance.choice([2, 4, 12])), m),
    )


def by_flow(problem: Problem) -> int:
    """The greatest total by OR-Tools: people may stay alone at no cost."""
    n, m = problem.shape
    rows, columns = np.nonzero(problem.allowed)
    source, sink = n + m, n + m + 1
    tails = np.concatenate([np.full(n, source), rows, n + np.arange(m), np.arange(n)])
    heads = np.concatenate([np.arange(n), n + columns, np.full(m, sink), np.full(n, sink)])
    room = np.concatenate(
        [problem.left_capacity, np.ones(len(rows)), problem.right_capacity, problem.left_capacity]
    )
    costs = np.concatenate(
        [np.zeros(n), -problem.values[rows, columns], np.zeros(m), np.zeros(n)]
    ).astype(np.int64)
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room.astype(np.int64), costs)
    supply = int(problem.left_capacity.sum())
    flow.set_nodes_supplies(np.array([source, sink]), np.array([supply, -supply]))
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def by_assignment(problem: Problem) -> int:
    """The greatest total by SciPy, mentors copied for each place."""
    columns = np.repeat(np.arange(problem.shape[1]), problem.right_capacity)
    rows = np.nonzero(problem.left_capacity)[0]
    table = np.where(problem.allowed, problem.values, 0)[np.ix_(rows, columns)]
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


def differences(problem: Problem) -> list[str]:
    """What does not agree."""
    best = transport(problem.pairs, problem.capacity)
    rows, columns = best.pairs.T
    total = int(problem.values[rows, columns].sum())
    found = []
    sides = ((rows, problem.left_capacity), (columns, problem.right_capacity))
    if any((np.bincount(side, minlength=len(room)) > room).any() for side, room in sides):
        found.append("somebody has too many partners")
    if not problem.allowed[rows, columns].all() or len(set(map(tuple, best.pairs))) < len(rows):
        found.append("a pair is forbidden or there twice")
    if upper_bound(problem, best.prices) != total:
        found.append("the prices do not prove it")
    if by_flow(problem) != total:
        found.append(f"OR-Tools finds {by_flow(problem)}, not {total}")
    if problem.left_capacity.max() <= 1 and by_assignment(problem) != total:
        found.append(f"SciPy finds {by_assignment(problem)}, not {total}")
    return found


def main() -> int:
    """Run the cases; 1 at the first difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the first case")
    asked = parser.parse_args()
    counted: Counter[str] = Counter()
    for seed in range(asked.seed, asked.seed + asked.cases):
        problem = drawn(seed)
        if found := differences(problem):
            print(f"--seed {seed} --cases 1: {'; '.join(found)}")
            return 1
        counted["by OR-Tools"] += 1
        counted["by SciPy"] += int(problem.left_capacity.max() <= 1)
    words = ", ".join(f"{number:,} {name}" for name, number in sorted(counted.items()))
    print(f"{asked.cases:,} cases without a difference in total, each proven: checked {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
