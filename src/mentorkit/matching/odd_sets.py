"""Odd sets of people in one pool, whose prices are part of the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, OddSets
from mentorkit.models import OddSet


def check(sets: OddSets, n: int) -> None:
    """`ValueError` unless these are such sets of n people, with prices that can be paid."""
    arrays = (sets.line, sets.stretches, sets.prices)
    if not all(isinstance(held, np.ndarray) and held.dtype.kind in "iu" for held in arrays):
        raise ValueError("the line, the stretches and the prices should be whole numbers")
    if not np.array_equal(np.sort(sets.line), np.arange(n)):
        raise ValueError("the line should have every person once")
    if sets.stretches.shape != (len(sets.prices), 2):
        raise ValueError("each set should have a begin, an end and a price")
    if sets.prices.min(initial=0) < 0:
        raise ValueError("a price should be 0 or more")
    around = [n]
    for low, high in sorted(sets.stretches.tolist(), key=lambda one: (one[0], -one[1])):
        while around[-1] <= low:
            around.pop()
        if not around or not 0 <= low < high <= around[-1]:
            raise ValueError(f"the set from {low} to {high} should be within another, or apart")
        around.append(high)


def cost(sets: OddSets) -> int:
    """What all sets cost together: for each as many times its price as it can hold pairs."""
    low, high = sets.stretches.T
    paid = zip(((high - low) // 2).tolist(), sets.prices.tolist(), strict=True)
    return sum(times * price for times, price in paid)


def shared(sets: OddSets, pairs: IntArray) -> IntArray:
    """(k,): what the sets that hold both of each pair (k, 2) cost together.

    Between neighbours in the line it is a running sum; between any two it is the least of
    what all neighbours from one to the other share, for a set holds both or ends between.
    """
    n = len(sets.line)
    place = np.empty(n, dtype=np.int64)
    place[sets.line] = np.arange(n)
    steps = np.zeros(n + 1, dtype=np.int64)
    np.add.at(steps, sets.stretches[:, 0], sets.prices)
    np.subtract.at(steps, sets.stretches[:, 1] - 1, sets.prices)
    least = np.cumsum(steps)
    found = np.zeros(len(pairs), dtype=np.int64)
    low, high = np.sort(place[pairs], axis=1).T
    width = 1
    while width < n:
        # Here least[i] is the least of the `width` places from i on.
        now = (width <= high - low) & (high - low < 2 * width)
        found[now] = np.minimum(least[low[now]], least[high[now] - width])
        least = np.minimum(least[:-width], least[width:])
        width *= 2
    return found


def told(ids: Sequence[str], sets: OddSets) -> tuple[OddSet, ...]:
    """The sets with their people by id; smaller ones come before those that hold them."""
    order = sorted(range(len(sets.prices)), key=lambda at: (np.ptp(sets.stretches[at]), at))
    made: list[OddSet] = []
    outermost: dict[int, tuple[int, int]] = {}
    for number, at in enumerate(order):
        place, high = sets.stretches[at].tolist()
        inner, people = [], []
        while place < high:
            if place in outermost:
                held, end = outermost.pop(place)
                inner.append(held)
                place = end
            else:
                people.append(ids[sets.line[place]])
                place += 1
        outermost[int(sets.stretches[at, 0])] = number, high
        price = int(sets.prices[at])
        made.append(OddSet(price=price, people=tuple(sorted(people)), sets=tuple(sorted(inner))))
    return tuple(made)


def read(places: Mapping[str, int], listed: Sequence[OddSet]) -> OddSets:
    """What `told` tells, by index. Invalid, naming the set, where it cannot be so."""
    inside: set[int] = set()
    for number, held in enumerate(listed):
        if any(person not in places for person in held.people):
            raise Invalid(f"certificate.sets[{number}]", "names somebody who takes no part")
        for inner in held.sets:
            if not 0 <= inner < number or inner in inside:
                sentence = f"may hold sets that come before it, each in one; {inner} is not such"
                raise Invalid(f"certificate.sets[{number}]", sentence)
            inside.add(inner)
    line, stretches = _laid(places, listed, inside)
    rest = np.setdiff1d(np.arange(len(places)), line)
    sets = OddSets(
        line=np.concatenate([line, rest]),
        stretches=stretches,
        prices=np.array([held.price for held in listed], dtype=np.int64),
    )
    try:
        check(sets, len(places))
    except ValueError as error:
        raise Invalid("certificate.sets", f"are no such sets: {error}") from None
    return sets


def _laid(
    places: Mapping[str, int], listed: Sequence[OddSet], inside: set[int]
) -> tuple[IntArray, IntArray]:
    """The people of all sets in a line, and where in it each set begins and ends."""
    line: list[int] = []
    stretches = np.zeros((len(listed), 2), dtype=np.int64)
    waiting = [(number, 0) for number in range(len(listed)) if number not in inside]
    while waiting:
        number, side = waiting.pop()
        stretches[number, side] = len(line)
        if side == 0:
            line += [places[person] for person in listed[number].people]
            waiting.append((number, 1))
            waiting += [(inner, 0) for inner in listed[number].sets]
    return np.array(line, dtype=np.int64), stretches
