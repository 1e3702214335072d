"""Every pair that may be, some at a time; and which pairs are among others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mentorkit.interfaces import BoolArray, IntArray, Pairs, Selection

AT_ONCE = 2**20
"""Pairs looked at together: enough to keep the processor busy, and 8 MiB in 64 bits."""

HANDED_OUT = 2**25
"""Pairs handed out together to an executor: what is sent with them is little beside them."""


def parts(pairs: Pairs) -> Iterator[tuple[IntArray, IntArray]]:
    """Left and right people, in order, in parts between which no pair may be; none is empty."""
    for rows, columns in pairs.apart():
        if len(rows) and len(columns):
            yield np.sort(rows), np.sort(columns)


def in_blocks(rows: IntArray, width: int, pairs: int | None = None) -> Iterator[IntArray]:
    """Rows of so many pairs each, a block of them at a time, or of so many `pairs`."""
    step = rows_at_once(width, pairs)
    for start in range(0, len(rows), step):
        yield rows[start : start + step]


def rows_at_once(width: int, pairs: int | None = None) -> int:
    """How many rows of so many pairs are a block: one or more."""
    return max(1, (AT_ONCE if pairs is None else pairs) // max(1, width))


def among(pairs: IntArray, others: IntArray) -> BoolArray:
    """(k,): which of some pairs (k, 2) of indices are among others, in any order."""
    width = int(max(pairs[:, 1].max(initial=0), others[:, 1].max(initial=0))) + 1
    keys, known = (held[:, 0] * width + held[:, 1] for held in (pairs, others))
    known = np.append(np.sort(known), -1)
    found: BoolArray = known[np.searchsorted(known[:-1], keys)] == keys
    return found


def compact(places: IntArray) -> Selection:
    """Ascending places as a slice where they have no holes, which needs no copies."""
    if len(places) and places[-1] - places[0] == len(places) - 1:
        return slice(int(places[0]), int(places[-1]) + 1)
    return places
