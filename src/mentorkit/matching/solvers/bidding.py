"""Auctions: people bid for seats with the others, in ever smaller steps.

One side bids and the other sells seats. A bidder offers for the seat it gains most from
so much more that the seat it would take next is as good, and one step on top; whoever held
it bids again (Bertsekas 1979; with several seats, Bertsekas and Castañon 1989). Who would
gain nothing stays away. Prices so found are right to within one step, and quickly so even
where everyone wants the same seats, since all overbid each other at once; where a step is
small against what people differ by, the best pairs are found exactly.

What forward bidding cannot do is to lower a price: a seat that was bid up in vain stays
empty at its price. So the sides then change roles, and empty seats bid for people.
"""

from __future__ import annotations

from typing import NamedTuple

from mentorkit.interfaces import BoolArray, IntArray
from mentorkit.matching.solvers.compiling import kernel

FAR = 2**62


class Side(NamedTuple):
    """The n people of one side of a graph with e edges, as arrays."""

    starts: IntArray
    """(n + 1,): where each person's edges begin in `others` and `edges`."""
    others: IntArray
    """(e,): the person at the other end."""
    edges: IntArray
    """(e,): which edge it is."""
    person: IntArray
    """(e,): this side's person of each edge."""
    capacity: IntArray
    """(n,): how many partners each takes."""
    load: IntArray
    """(n,): how many partners each has."""
    price: IntArray
    """(n,): what one more partner of theirs costs."""
    seats: IntArray
    """(n + 1,): where each person's seats begin in `seat_edge` and `seat_price`."""
    seat_edge: IntArray
    """(s,): the edge that holds a seat; heaps by price."""
    seat_price: IntArray
    """(s,): what was bid for it."""


class Graph(NamedTuple):
    """Edges between two sides: what each is worth, and whether it is taken."""

    value: IntArray
    taken: BoolArray
    left: Side
    right: Side


@kernel
def bid(
    bidders: Side,
    sellers: Side,
    value: IntArray,
    taken: BoolArray,
    step: int,
    gains: IntArray,
    choices: IntArray,
) -> None:
    """Let bidders with room bid from the present state until nobody wants to.

    `gains` and `choices` (e + 1,) are scratch.
    """
    waiting = list(range(len(bidders.capacity) - 1, -1, -1))
    while len(waiting) > 0:
        i = waiting.pop()
        room = bidders.capacity[i] - bidders.load[i]
        if room <= 0:
            continue
        count = _choose(i, room + 1, bidders, sellers, value, taken, gains, choices)
        # What the best choice beyond the room would bring is what all others must keep.
        second, first = 0, 0
        if count > room:
            second, first = gains[0], 1
        for at in range(first, count):
            edge = choices[at]
            j = sellers.person[edge]
            offer = sellers.price[j] + gains[at] - second + step
            out = _seat(j, edge, offer, sellers)
            if out >= 0:
                taken[out] = False
                loser = bidders.person[out]
                bidders.load[loser] -= 1
                waiting.append(loser)
            taken[edge] = True
            bidders.load[i] += 1


@kernel
def _choose(
    i: int,
    most: int,
    bidders: Side,
    sellers: Side,
    value: IntArray,
    taken: BoolArray,
    gains: IntArray,
    choices: IntArray,
) -> int:
    """The open edges that a bidder gains most by, `most` at most; how many there are.

    They fill the scratch as a heap, the least gain first. Nobody chooses what brings nothing.
    """
    count = 0
    for k in range(bidders.starts[i], bidders.starts[i + 1]):
        edge = bidders.edges[k]
        if taken[edge]:
            continue
        gain = value[edge] - sellers.price[bidders.others[k]]
        if gain <= 0:
            continue
        if count < most:
            at = count
            count += 1
            while at > 0:
                above = (at - 1) >> 1
                if gains[above] <= gain:
                    break
                gains[at], choices[at] = gains[above], choices[above]
                at = above
        elif gain > gains[0]:
            at = 0
            while True:
                below = 2 * at + 1
                if below >= most:
                    break
                if below + 1 < most and gains[below + 1] < gains[below]:
                    below += 1
                if gains[below] >= gain:
                    break
                gains[at], choices[at] = gains[below], choices[below]
                at = below
        else:
            continue
        gains[at], choices[at] = gain, edge
    return count


@kernel
def _seat(j: int, edge: int, offer: int, sellers: Side) -> int:
    """Give a seat with j to an edge: an empty one, or the cheapest; who loses it, or -1.

    The seats of a person are a heap, cheapest first. A person with an empty seat keeps
    their price; one who is full costs what the cheapest seat was bid for.
    """
    first, places = sellers.seats[j], sellers.capacity[j]
    out = -1
    if sellers.load[j] < places:
        at = sellers.load[j]
        sellers.load[j] += 1
        _rise(first, at, edge, offer, sellers)
    else:
        out = sellers.seat_edge[first]
        _sink(first, places, edge, offer, sellers)
    if sellers.load[j] == places:
        sellers.price[j] = sellers.seat_price[first]
    return out


@kernel
def _rise(first: int, at: int, edge: int, offer: int, sellers: Side) -> None:
    while at > 0:
        above = (at - 1) >> 1
        if sellers.seat_price[first + above] <= offer:
            break
        sellers.seat_price[first + at] = sellers.seat_price[first + above]
        sellers.seat_edge[first + at] = sellers.seat_edge[first + above]
        at = above
    sellers.seat_price[first + at] = offer
    sellers.seat_edge[first + at] = edge


@kernel
def _sink(first: int, places: int, edge: int, offer: int, sellers: Side) -> None:
    at = 0
    while True:
        below = 2 * at + 1
        if below >= places:
            break
        if (
            below + 1 < places
            and sellers.seat_price[first + below + 1] < sellers.seat_price[first + below]
        ):
            below += 1
        if sellers.seat_price[first + below] >= offer:
            break
        sellers.seat_price[first + at] = sellers.seat_price[first + below]
        sellers.seat_edge[first + at] = sellers.seat_edge[first + below]
        at = below
    sellers.seat_price[first + at] = offer
    sellers.seat_edge[first + at] = edge


@kernel
def keep(sellers: Side, bidders: Side, value: IntArray, taken: BoolArray) -> None:
    """Set each person's price and seats by what they keep after paying the other side.

    What a full person's worst partner leaves them is the price to win them over; one with
    room asks what the best open edge would leave.
    """
    for j in range(len(sellers.capacity)):
        first, held, price = sellers.seats[j], 0, 0
        for k in range(sellers.starts[j], sellers.starts[j + 1]):
            edge = sellers.edges[k]
            left = max(0, value[edge] - bidders.price[sellers.others[k]])
            if taken[edge]:
                _rise(first, held, edge, left, sellers)
                held += 1
            elif left > price:
                price = left
        if held > 0 and held == sellers.capacity[j]:
            price = sellers.seat_price[first]
        sellers.price[j] = price if sellers.capacity[j] > 0 else 0


@kernel
def part_company(buyers: Side, sellers: Side, value: IntArray, taken: BoolArray) -> None:
    """Give up the pairs that are not among a person's best at the sellers' prices.

    Afterwards no open edge leaves its buyer more than their price, no taken one less, and
    the prices of the buyers are 0 or more: all that `paths` asks for.
    """
    for i in range(len(buyers.capacity)):
        price = 0
        for k in range(buyers.starts[i], buyers.starts[i + 1]):
            edge = buyers.edges[k]
            if not taken[edge]:
                price = max(price, value[edge] - sellers.price[buyers.others[k]])
        for k in range(buyers.starts[i], buyers.starts[i + 1]):
            edge = buyers.edges[k]
            if taken[edge] and value[edge] - sellers.price[buyers.others[k]] < price:
                taken[edge] = False
                buyers.load[i] -= 1
                sellers.load[buyers.others[k]] -= 1
        buyers.price[i] = price
