"""Prices near the best ones, to start the search for the heaviest matching from.

Take everyone twice, once as a bidder and once as a seat: a matching of bidders with seats
is an easier problem, and a bidder's gain and the same person's seat price add up to a
price that covers every edge. An auction comes near: bidders outbid each other by a step;
then seats that are left over above price 0 court bidders in the same way; then the step
becomes smaller. Nothing depends on how near it comes but the time that the search takes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mentorkit.interfaces import IntArray
from mentorkit.matching.solvers.compiling import kernel

FINEST = 2**46
"""Weights are multiplied up to here, so that steps can be far below 1."""

PRECISION = 10**6
"""The last step is this part of the greatest weight."""

PATIENCE = 100
"""So many bids per person in one round are a price war, which the search ends sooner."""


class Auction(NamedTuple):
    """The edges in rows, and who has whom at what price.

    Nodes are the bidders 0 to n - 1 and the seats n to 2n - 1.
    """

    start: IntArray
    head: IntArray
    weight: IntArray
    value: IntArray
    """What a bidder gains; what a seat costs."""
    partner: IntArray
    """The node that a node has, or -1."""
    waiting: IntArray
    """The nodes that are to bid, last first."""
    cover: IntArray
    """The cheapest prices found that cover every edge, a person."""


def auction_of(start: IntArray, head: IntArray, weight: IntArray) -> Auction:
    """An auction before its first bid; edges in rows, as `Search` has them."""
    n = len(start) - 1
    each = np.zeros(2 * n, dtype=np.int64)
    return Auction(
        start=start,
        head=head,
        weight=weight * scale_of(weight),
        value=each,
        partner=each.copy(),
        waiting=each.copy(),
        cover=each[:n].copy(),
    )


def scale_of(weight: IntArray) -> int:
    """What the auction multiplies weights by."""
    return max(1, FINEST // max(1, int(weight.max(initial=0))))


def prices_of(cover: IntArray, scale: int) -> IntArray:
    """The prices found, rounded to whole units; some edges may lack one unit or two."""
    return (cover + scale // 2) // scale


@kernel
def bid(a: Auction, count: int, other: int, step: int, most: int) -> int:
    """Let the waiting nodes bid for those from `other` on; how many bids were left of `most`."""
    n = len(a.cover)
    while count > 0 and most > 0:
        count -= 1
        most -= 1
        node = a.waiting[count]
        person = node if node < n else node - n
        best, second, found = 0, 0, -1
        for edge in range(a.start[person], a.start[person + 1]):
            gain = a.weight[edge] - a.value[a.head[edge] + other]
            if gain > best:
                second = best
                best = gain
                found = a.head[edge] + other
            elif gain > second:
                second = gain
        raised = min(best, best - second + step)
        a.value[node] = best - raised
        a.partner[node] = found
        if found < 0:
            continue
        a.value[found] += raised
        left = a.partner[found]
        a.partner[found] = node
        if left >= 0:
            a.partner[left] = -1
            if a.value[left] > 0:
                a.waiting[count] = left
                count += 1
    return most


@kernel
def play_round(a: Auction, step: int) -> int:
    """One auction from the seats' prices of the last; how many bids were left at the end."""
    n = len(a.cover)
    for i in range(n):
        a.partner[i] = -1
        a.partner[n + i] = -1
        a.waiting[i] = n - 1 - i
    left = bid(a, n, n, step, PATIENCE * n)
    count = 0
    for seat in range(n, 2 * n):
        if a.partner[seat] < 0 and a.value[seat] > 0:
            a.waiting[count] = seat
            count += 1
    return bid(a, count, 0, step, left)


@kernel
def note_cover(a: Auction, least: int) -> int:
    """Keep the prices if their sum is below `least`; the lesser of the two sums."""
    n = len(a.cover)
    total = 0
    for person in range(n):
        best = 0
        for edge in range(a.start[person], a.start[person + 1]):
            best = max(best, a.weight[edge] - a.value[a.head[edge] + n])
        a.waiting[person] = best + a.value[person + n]
        total += a.waiting[person] >> 20  # so that no sum of a million overflows
    if total >= least >= 0:
        return least
    for person in range(n):
        a.cover[person] = a.waiting[person]
    return total


@kernel
def approach(a: Auction) -> None:
    """Auctions with smaller and smaller steps, until the last or a price war."""
    top = 0
    for edge in range(len(a.weight)):
        top = max(top, a.weight[edge])
    last = max(1, top // PRECISION)
    step = max(last, top // 4)
    left = 1
    least = -1
    while left > 0:
        left = play_round(a, step)
        least = note_cover(a, least)
        if step == last:
            return
        step = max(last, step // 5)
