"""Those who solve the same tables and the same graphs: ours, and the peers.

Traps that are seen to: a forbidden pair is worth 0 and dropped from the answer, which is
exact because no value is below 0 (as a very negative one it would be taken where nobody
else is left, or swallow digits); nothing here is NaN; OR-Tools and PyMatching are given
whole numbers; a pool's people may stay alone.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from engine_measure import Figures, Ready

import mentorkit
from mentorkit.interfaces import IntArray, Problem
from mentorkit.models import Choice
from mentorkit.testing import instances


class Peer(NamedTuple):
    """Who solves. Beyond `most` people on the left it is not asked: it would not end.

    `warm` is how many people there are when it runs before it is measured: enough for
    everything to be compiled.
    """

    name: str
    solve: Callable[..., IntArray]
    module: str = "mentorkit"
    most: int = 10**9
    exact: bool = True
    warm: int = 60

    def lacking(self, people: int) -> str:
        """Why it is not measured, or nothing."""
        if find_spec(self.module) is None:
            return "not installed"
        return f"not asked above {self.most:,} people" if people > self.most else ""


def solver(by: str, family: Any, mentees: int, mentors: int, seed: int) -> Ready:
    """A matcher's problem whose values are all given."""
    peer = SOLVERS[by]
    if lacking := peer.lacking(mentees):
        return lacking
    peer.solve(instances.problem(family, peer.warm, peer.warm * 7 // 20, seed=seed))
    problem = instances.problem(family, mentees, mentors, seed=seed)
    _ = problem.values, problem.allowed  # the tables are given, not part of solving
    return lambda: peer.solve(problem), lambda pairs: _judged(problem, pairs)


def _judged(problem: Problem, pairs: IntArray) -> Figures:
    rows, columns = pairs[:, 0], pairs[:, 1]
    sides = ((rows, problem.left_capacity), (columns, problem.right_capacity))
    over = any((np.bincount(side, minlength=len(held)) > held).any() for side, held in sides)
    if over or not problem.allowed[rows, columns].all():
        raise ValueError("the answer is no matching of allowed pairs")
    return {"total": int(problem.values[rows, columns].sum()), "matches": len(pairs)}


def _optimal(problem: Problem) -> IntArray:
    matcher = mentorkit.load().bind("matchers", Choice("optimal"), "policies.matcher")
    pairs: IntArray = matcher.solve(problem).pairs
    return pairs


def _copied(problem: Problem) -> tuple[IntArray, Any]:
    """Each mentor once for every seat, and the table of values with as many columns."""
    columns = np.repeat(np.arange(len(problem.right)), problem.right_capacity)
    table = np.where(problem.allowed, problem.values, 0)[:, columns].astype(np.float64)
    return columns, table


def _allowed(problem: Problem, rows: Any, columns: Any) -> IntArray:
    pairs = np.stack([rows, columns], axis=1).astype(np.int64)
    return pairs[problem.allowed[pairs[:, 0], pairs[:, 1]]]


def _scipy(problem: Problem) -> IntArray:
    from scipy.optimize import linear_sum_assignment

    columns, table = _copied(problem)
    rows, chosen = linear_sum_assignment(table, maximize=True)
    return _allowed(problem, rows, columns[chosen])


def _lapx(variant: str) -> Callable[[Problem], IntArray]:
    def solve(problem: Problem) -> IntArray:
        import lap

        columns, table = _copied(problem)
        np.subtract(table.max(initial=0), table, out=table)
        rows, chosen = getattr(lap, variant)(table, extend_cost=True, return_cost=False)
        return _allowed(problem, rows, columns[chosen])

    return solve


def _ortools(problem: Problem) -> IntArray:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n, m = problem.shape
    sink = n + m
    rows, columns = np.nonzero(problem.allowed)
    everyone, seats = np.arange(n), np.arange(n, sink)
    flow = SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        rows, columns + n, np.ones(len(rows), dtype=np.int64), -problem.values[rows, columns]
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        everyone, np.full(n, sink), problem.left_capacity, np.zeros(n, dtype=np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        seats, np.full(m, sink), problem.right_capacity, np.zeros(m, dtype=np.int64)
    )
    flow.set_nodes_supplies(everyone, problem.left_capacity)
    flow.set_node_supply(sink, -int(problem.left_capacity.sum()))
    if flow.solve() != flow.OPTIMAL:
        raise ValueError("OR-Tools found no flow")
    taken = np.asarray(flow.flows(pairs)) > 0
    return np.stack([rows[taken], columns[taken]], axis=1)


def _greedy(problem: Problem) -> IntArray:
    rows, columns = np.nonzero(problem.allowed)
    order = np.argsort(-problem.values[rows, columns], kind="stable")
    left, right = problem.left_capacity.tolist(), problem.right_capacity.tolist()
    free, pairs = min(sum(left), sum(right)), []
    for i, j in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if left[i] and right[j]:
            left[i] -= 1
            right[j] -= 1
            free -= 1
            pairs.append((i, j))
            if not free:
                break
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


SOLVERS = {
    peer.name: peer
    for peer in (
        Peer("mentorkit optimal", _optimal, warm=2000),
        Peer("scipy linear_sum_assignment", _scipy, "scipy", 20_000),
        Peer("lapx lapjvr", _lapx("lapjvr"), "lap", 20_000),
        Peer("lapx lapjvx", _lapx("lapjvx"), "lap", 20_000),
        Peer("OR-Tools SimpleMinCostFlow", _ortools, "ortools", 10_000),
        Peer("greedy in Python", _greedy, "mentorkit", 20_000, exact=False),
    )
}


def pool(by: str, family: Any, people: int, candidates: int, seed: int) -> Ready:
    """Pairs in one pool, of which the edges and their weights are given."""
    peer = POOLS[by]
    if lacking := peer.lacking(people):
        return lacking
    peer.solve(peer.warm, *instances.pool(family, peer.warm, candidates, seed=seed))
    ends, weights = instances.pool(family, people, candidates, seed=seed)
    return (
        lambda: peer.solve(people, ends, weights),
        lambda pairs: _summed(people, ends, weights, pairs),
    )


def _summed(n: int, ends: IntArray, weights: IntArray, pairs: IntArray) -> Figures:
    if (np.bincount(pairs.ravel(), minlength=n) > 1).any():
        raise ValueError("the answer is no matching")
    keys, wanted = ends[:, 0] * n + ends[:, 1], pairs.min(axis=1) * n + pairs.max(axis=1)
    at = np.searchsorted(keys, wanted)
    if not np.array_equal(keys[at], wanted):
        raise ValueError("the answer pairs people who have no edge")
    return {"total": int(weights[at].sum()), "matches": len(pairs), "edges": len(ends)}


def _heaviest(n: int, ends: IntArray, weights: IntArray) -> IntArray:
    from mentorkit.matching.solvers.blossom import heaviest

    mate = heaviest(n, ends, weights).mate
    first = np.nonzero(mate > np.arange(n))[0]
    return np.stack([first, mate[first]], axis=1)


def _rustworkx(n: int, ends: IntArray, weights: IntArray) -> IntArray:
    import rustworkx

    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from(list(zip(*ends.T.tolist(), weights.tolist(), strict=True)))
    found = rustworkx.max_weight_matching(graph, max_cardinality=False, weight_fn=int)
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def _networkx(n: int, ends: IntArray, weights: IntArray) -> IntArray:
    import networkx

    graph = networkx.Graph()
    graph.add_weighted_edges_from(zip(*ends.T.tolist(), weights.tolist(), strict=True))
    found = networkx.max_weight_matching(graph, maxcardinality=False)
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def _pymatching(n: int, ends: IntArray, weights: IntArray) -> IntArray:
    """Everyone is to be paired or to leave by the boundary, at half the dearest price.

    A pair costs `dear - 2 * weight`, and two who leave cost `dear`. That is above twice any
    two weights together, so that no way through a third person is ever cheaper.
    """
    import pymatching
    from scipy.sparse import csc_matrix

    dear = 4 * int(weights.max(initial=0)) + 2
    k = len(ends)
    starts = np.concatenate([2 * np.arange(k), 2 * k + np.arange(n + 1)])
    incidence = csc_matrix(
        (np.ones(2 * k + n, dtype=np.uint8), np.concatenate([ends.ravel(), np.arange(n)]), starts),
        shape=(n, k + n),
    )
    costs = np.concatenate([dear - 2 * weights, np.full(n, dear // 2)])
    found = pymatching.Matching(incidence, weights=costs.astype(np.float64))
    pairs = found.decode_to_matched_dets_array(np.ones(n, dtype=np.uint8))
    return pairs[(pairs >= 0).all(axis=1)].astype(np.int64)


POOLS = {
    peer.name: peer
    for peer in (
        Peer("mentorkit heaviest", _heaviest, warm=2000),
        Peer("rustworkx max_weight_matching", _rustworkx, "rustworkx", 20_000),
        Peer("networkx max_weight_matching", _networkx, "networkx", 1000),
        Peer("PyMatching", _pymatching, "pymatching", 100_000),
    )
}
