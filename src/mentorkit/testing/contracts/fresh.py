"""What a plugin's kinds answer about fixed people, printed: run in processes of their own."""

from __future__ import annotations

import json
import sys
from typing import Any

from mentorkit import codec
from mentorkit.interfaces import (
    Constraint,
    Criterion,
    Matcher,
    Rule,
    Scheduler,
    Section,
    Survey,
)
from mentorkit.models import Ask, Verdict
from mentorkit.testing.contracts.pasts import fixed_histories, listed, noise
from mentorkit.testing.contracts.people import drawn_from, readable
from mentorkit.testing.contracts.plugins import Whole
from mentorkit.testing.contracts.problems import problem_from
from mentorkit.testing.strategies.chronicle import chronicle_from
from mentorkit.testing.strategies.picks import Picks
from mentorkit.testing.strategies.schedule import timetable_from


def answers(place: str, data: dict[str, Any]) -> dict[str, Any]:
    """By slot and kind: the points, the bans, the pairs, the slots, the asks… that it gives."""
    asked = Whole(place, data).bound()
    found = {f"{slot} {kind.name}": _answer(used) for slot, kind, used in asked}
    return {name: answer for name, answer in found.items() if answer is not None}


def _answer(used: Any) -> Any:
    if isinstance(used, Criterion | Constraint):
        fields = readable(used)
        codes = [noise(f"person {number}", 12 + len(fields)) for number in range(24)]
        return drawn_from(fields, codes).table(used).tolist()
    if isinstance(used, Matcher) and "pairs" in used.solves:
        n, m = 9, 7
        return used.solve(
            problem_from(n, m, noise("problem", 4 * n * m + n + m + 1))
        ).pairs.tolist()
    return codec.unstructure(_of_the_past(used))


def _of_the_past(used: Any) -> list[Any] | None:
    if isinstance(used, Scheduler):
        tables = (timetable_from(Picks(noise(f"wishes {at}", 64))) for at in range(12))
        return [used.place(*table, 7) for table in tables]
    if isinstance(used, Survey):
        return [listed(used.asks(held), Ask, "asks") for held in fixed_histories()]
    if isinstance(used, Rule):
        return [listed(used.judge(held), Verdict, "judge") for held in fixed_histories()]
    if isinstance(used, Section):
        programmes = (chronicle_from(Picks(noise(f"programme {at}", 500))) for at in range(12))
        return [used.tell(held) for held in programmes]
    return None


if __name__ == "__main__":
    print(json.dumps(answers(*json.load(sys.stdin))))  # noqa: T201 - it is the answer
