"""What a plugin's kinds answer about fixed people, printed: run in processes of their own."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from mentorkit.errors import Invalid
from mentorkit.interfaces import Constraint, Criterion, Matcher
from mentorkit.testing.contracts.check import Subject
from mentorkit.testing.contracts.people import drawn_from, readable
from mentorkit.testing.contracts.plugins import Whole
from mentorkit.testing.contracts.problems import problem_from


def answers(place: str, data: dict[str, Any]) -> dict[str, Any]:
    """By kind: the points, the bans or the pairs; kinds that need settings and have none are
    left out."""
    plugin, _ = Whole(place, data).loaded()
    found = {}
    for _, kind in plugin.kinds:
        try:
            used = Subject(kind=kind, data=data.get(kind.name, {})).bound()
        except Invalid:
            continue
        answer = _answer(used)
        if answer is not None:
            found[kind.name] = answer
    return found


def _answer(used: Any) -> Any:
    if isinstance(used, Criterion | Constraint):
        fields = readable(used)
        codes = [_noise(f"person {number}", 12 + len(fields)) for number in range(24)]
        return drawn_from(fields, codes).table(used).tolist()
    if isinstance(used, Matcher) and "pairs" in used.solves:
        n, m = 9, 7
        return used.solve(
            problem_from(n, m, _noise("problem", 4 * n * m + n + m + 1))
        ).pairs.tolist()
    return None


def _noise(name: str, size: int) -> bytes:
    """Bytes that are the same in every process."""
    return hashlib.shake_256(name.encode()).digest(size)


if __name__ == "__main__":
    print(json.dumps(answers(*json.load(sys.stdin))))  # noqa: T201 - it is the answer
