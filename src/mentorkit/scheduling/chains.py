"""As many meetings on a board as will go, by chains of meetings that make way for each other.

A meeting that finds no place takes one from others, which are placed elsewhere in turn: an
ejection chain (F. Glover, "Ejection chains, reference structures and alternating path methods",
Discrete Applied Mathematics 65, 1996). Where no two starts overlap in part, that is Kuhn's
search for an augmenting path, which finds the most that can be placed. Where chains leave
something over, `sweeps` looks at what they could not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mentorkit.scheduling.board import Board
from mentorkit.scheduling.sweeps import sweep

DEEPEST = 60
"""Meetings in a chain, at most."""
ROUNDS = 3
"""How often everything that was left over is tried again."""
WAYS, FEWEST = 2_000_000, 20_000
"""Ways that sweeps look at in all, shared among them, and in each at least."""


def fill(board: Board, meetings: Iterable[int]) -> None:
    """Place as many of these meetings as can be found, and each as early as then goes.

    The numbers say whose turn it is. What was on the board stays on it, maybe elsewhere.
    """
    order = sorted(meetings, key=lambda one: (len(board.asked[one].starts), one))
    left = [one for one in order if not _put_first(board, one)]
    for _ in range(ROUNDS):
        before = len(left)
        left = [one for one in left if not _Chain(board).placed(one)]
        if len(left) in (0, before):
            break
    _improve(board, left)
    for one in order:
        _bring_forward(board, one)


def _put_first(board: Board, meeting: int) -> bool:
    """Place it at the first start at which nothing is in its way."""
    for start in board.asked[meeting].starts:
        if not board.in_the_way(meeting, start):
            board.put(meeting, start)
            return True
    return False


class _Chain:
    """One search for a chain that ends well. No meeting is asked to make way twice."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._asked: set[int] = set()
        self._undo: list[tuple[int, int | None]] = []

    def placed(self, meeting: int, depth: int = DEEPEST) -> bool:
        """Place it; if that cannot be, all is as it was."""
        self._asked.add(meeting)
        if _put_first(self._board, meeting):
            self._undo.append((meeting, None))
            return True
        if not depth:
            return False
        return any(
            self._takes(meeting, start, depth) for start in self._board.asked[meeting].starts
        )

    def _takes(self, meeting: int, start: int, depth: int) -> bool:
        others = self._board.in_the_way(meeting, start)
        if not self._asked.isdisjoint(others):
            return False
        mark = len(self._undo)
        for other in others:
            self._undo.append((other, self._board.take(other)))
        self._board.put(meeting, start)
        self._undo.append((meeting, None))
        # Of several that make way, none may take another's place again.
        self._asked.update(others)
        if all(self.placed(other, depth - 1) for other in others):
            return True
        self._back(mark)
        return False

    def _back(self, mark: int) -> None:
        while len(self._undo) > mark:
            meeting, start = self._undo.pop()
            if start is None:
                self._board.take(meeting)
            else:
                self._board.put(meeting, start)


def _improve(board: Board, left: Sequence[int]) -> None:
    """Sweep over what is related to each meeting that is left, for more to be placed."""
    parts: list[list[int]] = []
    for one in left:
        if board.asked[one].starts and not any(one in part for part in parts):
            parts.append(board.related([one]))
    for together in parts:
        found = sweep(board, together, max(WAYS // len(parts), FEWEST))
        for one in together if found else ():
            if board.at[one] is not None:
                board.take(one)
        for one, start in found.items():
            board.put(one, start)


def _bring_forward(board: Board, meeting: int) -> None:
    """Move it to the earliest start at which nothing is in its way."""
    start = board.at[meeting]
    if start is None or start == board.asked[meeting].starts[0]:
        return
    board.take(meeting)
    assert _put_first(board, meeting)
