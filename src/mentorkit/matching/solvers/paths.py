"""Augmenting paths: from prices and some pairs that agree with them to the best pairs.

Pairs agree with prices where no open edge is worth more than both prices, and no taken one
less. Then the pairs are best but for two faults: someone has room although their price is
above 0. Each search mends one: along a path of open and taken edges in turn, the cheapest
by what their prices leave (Dijkstra), seats are handed on until somebody with room is
reached, or somebody who may as well stay without, or the price itself has come down to 0;
and the prices of all whom the search reached move so that everything agrees again
(the successive shortest paths of Jewell 1958, with prices as in Edmonds and Karp 1972).
When no fault is left, pairs and prices prove each other best.
"""

from __future__ import annotations

from typing import NamedTuple

from mentorkit.interfaces import BoolArray, IntArray
from mentorkit.matching.solvers.bidding import FAR, Side
from mentorkit.matching.solvers.compiling import kernel


class Search(NamedTuple):
    """Scratch of a search over n + m people: the searching side's come first."""

    distance: IntArray
    """(n + m,): how far it is, or `FAR`."""
    by: IntArray
    """(n + m,): the edge by which they were reached."""
    done: BoolArray
    """(n + m,): whether the distance is final."""
    reached: IntArray
    """(n + m,): the people reached, in order."""
    heap_distance: IntArray
    """(n + m + e,): a heap, nearest first."""
    heap_person: IntArray
    """(n + m + e,)"""


@kernel
def mend(near: Side, far: Side, value: IntArray, taken: BoolArray, search: Search) -> None:
    """Mend every fault of the near side."""
    for start in range(len(near.capacity)):
        while near.load[start] < near.capacity[start] and near.price[start] > 0:
            _search(start, near, far, value, taken, search)


@kernel
def _search(
    start: int, near: Side, far: Side, value: IntArray, taken: BoolArray, search: Search
) -> None:
    """Find the cheapest way to mend one fault, and take it."""
    n = len(near.capacity)
    # The price itself may come down to 0; any other way must be cheaper.
    limit, end = near.price[start], -1
    count, size = 1, 1
    search.distance[start] = 0
    search.reached[0] = start
    search.heap_distance[0], search.heap_person[0] = 0, start
    while size > 0:
        distance, person = search.heap_distance[0], search.heap_person[0]
        size = _pop(search, size)
        if distance >= limit:
            break
        if search.done[person]:
            continue
        search.done[person] = True
        if person < n:
            if person != start and distance + near.price[person] < limit:
                limit, end = distance + near.price[person], person
            base = distance + near.price[person]
            for k in range(near.starts[person], near.starts[person + 1]):
                edge, j = near.edges[k], near.others[k]
                further = base + far.price[j] - value[edge]
                if taken[edge] or further >= limit or further >= search.distance[n + j]:
                    continue
                if search.distance[n + j] == FAR:
                    search.reached[count] = n + j
                    count += 1
                search.distance[n + j], search.by[n + j] = further, edge
                if far.load[j] < far.capacity[j]:
                    limit, end = further, n + j
                else:
                    size = _push(search, size, further, n + j)
        else:
            base = distance - far.price[person - n]
            for k in range(far.starts[person - n], far.starts[person - n + 1]):
                edge, i = far.edges[k], far.others[k]
                if not taken[edge]:
                    continue
                further = base + value[edge] - near.price[i]
                if further >= limit or further >= search.distance[i]:
                    continue
                if search.distance[i] == FAR:
                    search.reached[count] = i
                    count += 1
                search.distance[i], search.by[i] = further, edge
                size = _push(search, size, further, i)
    for at in range(count):
        person = search.reached[at]
        closer = limit - search.distance[person]
        if closer > 0 and person < n:
            near.price[person] -= closer
        elif closer > 0:
            far.price[person - n] += closer
    if end >= 0:
        near.load[start] += 1
        if end < n:
            near.load[end] -= 1
        else:
            far.load[end - n] += 1
        person = end
        while person != start:
            edge = search.by[person]
            taken[edge] = person >= n
            person = near.person[edge] if person >= n else n + far.person[edge]
    for at in range(count):
        person = search.reached[at]
        search.distance[person] = FAR
        search.done[person] = False


@kernel
def _push(search: Search, at: int, distance: int, person: int) -> int:
    """Put a person on a heap of `at` people; its new size."""
    size = at + 1
    while at > 0:
        above = (at - 1) >> 1
        if search.heap_distance[above] <= distance:
            break
        search.heap_distance[at] = search.heap_distance[above]
        search.heap_person[at] = search.heap_person[above]
        at = above
    search.heap_distance[at], search.heap_person[at] = distance, person
    return size


@kernel
def _pop(search: Search, size: int) -> int:
    """Take the nearest person off a heap; its new size."""
    size -= 1
    distance, person = search.heap_distance[size], search.heap_person[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and search.heap_distance[below + 1] < search.heap_distance[below]:
            below += 1
        if search.heap_distance[below] >= distance:
            break
        search.heap_distance[at] = search.heap_distance[below]
        search.heap_person[at] = search.heap_person[below]
        at = below
    search.heap_distance[at], search.heap_person[at] = distance, person
    return size
