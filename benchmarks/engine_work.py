"""Our own work from criteria on: whole plans, one pass of scoring, a criterion in Python."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from engine_measure import Figures, Ready

import mentorkit
from mentorkit.matching import Review
from mentorkit.matching import plan as plans
from mentorkit.matching.blocks import rows_at_once
from mentorkit.matching.case import Case, build_case
from mentorkit.matching.forms import Lookup, Product, Total
from mentorkit.models import MatchPlan, Participant, Programme, Use
from mentorkit.testing import instances

WARM = (3000, 1050)
"""The size at which everything has run, and is compiled, before it is measured."""
PHASES = ("build_case", "solve", "certify", "describe")
BEST = 16
CHANGES = 5
WHOLE = slice(None)


def plan(
    family: Any, mentees: int, mentors: int, seed: int, blocks: int = 1, executor: str = ""
) -> Ready:
    """From people and a programme to the plan with its proof and its words."""
    programme = instances.programme(family, blocks=blocks)
    warm = [min(size, blocks * most) for size, most in zip((mentees, mentors), WARM, strict=True)]
    mentorkit.match(instances.people(family, *warm, seed=seed, blocks=blocks), programme)
    people = instances.people(family, mentees, mentors, seed=seed, blocks=blocks)
    spent = _watched()

    def run() -> MatchPlan:
        if not executor:
            return mentorkit.match(people, programme)
        module, _, factory = executor.partition(":")
        with getattr(import_module(module), factory)() as workers:
            return mentorkit.match(people, programme, executor=workers)

    return run, lambda made: _judged(made) | spent


def peers(family: Any, people: int, seed: int) -> Ready:
    """From people of one role and a programme to the plan with its proof and its words."""
    programme = attrs.evolve(instances.programme(family), topology="cross")
    mentorkit.match(_peers(family, WARM[1], seed), programme)
    everybody = _peers(family, people, seed)
    spent = _watched()
    return lambda: mentorkit.match(everybody, programme), lambda made: _judged(made) | spent


def _peers(family: Any, number: int, seed: int) -> list[Participant]:
    """Each seeks what a mentee of the family does, and offers what a mentor does."""
    both = instances.people(family, number, number, seed=seed)
    return [
        attrs.evolve(one, offers=other.offers, roles={"peer": 1})
        for one, other in zip(both[:number], both[number:], strict=True)
    ]


def change(family: Any, mentees: int, mentors: int, seed: int) -> Ready:
    """What changes in a solved review cost, beside making it: processor seconds of each.

    Each sort of change is made several times, one after the other, and the middle counts.
    """
    programme = instances.programme(family)
    Review(instances.people(family, *WARM, seed=seed), programme)
    everybody = instances.people(family, mentees + CHANGES, mentors, seed=seed)
    late = everybody[mentees : mentees + CHANGES]
    people = (*everybody[:mentees], *everybody[mentees + CHANGES :])

    def run() -> tuple[Review, Figures, Figures]:
        spent: dict[str, list[float]] = {}
        done: Figures = {"pins": [], "forbids": [], "gone": set()}

        def timed(name: str, work: Callable[[], Any]) -> Any:
            start = time.process_time()
            made = work()
            spent.setdefault(name, []).append(time.process_time() - start)
            return made

        review = timed("afresh", lambda: Review(people, programme))
        for number in range(CHANGES):
            pairs = sorted(review.pairs)
            at = 1 + number * (len(pairs) // (2 * CHANGES))
            pin = _may_pin(people, programme, pairs[at][0], [pair[1] for pair in pairs[-50:]])
            forbid = pairs[at + 1]
            gone = pairs[at + 2][0]
            timed("join", lambda one=late[number]: review.join(one))
            timed("forbid", lambda pair=forbid: review.forbid(*pair))
            timed("pin", lambda pair=pin: review.pin(*pair))
            timed("leave", lambda one=gone: review.leave(one))
            done["pins"].append(pin)
            done["forbids"].append(forbid)
            done["gone"].add(gone)
        return review, {name: statistics.median(each) for name, each in spent.items()}, done

    def judge(found: tuple[Review, Figures, Figures]) -> Figures:
        review, spent, done = found
        there = [one for one in everybody if one.id not in done["gone"]]
        again = Review(there, programme, pins=done["pins"], forbids=done["forbids"])
        return {**spent, "same": again.plan.quality.total == review.plan.quality.total}

    return run, judge


def _may_pin(
    people: Sequence[Participant], programme: Programme, mentee: str, mentors: Sequence[str]
) -> tuple[str, str]:
    """The mentee with the first of the mentors with whom nothing forbids it."""
    own = [one for one in people if one.id in {mentee, *mentors}]
    case = build_case(own, programme, mentorkit.load())
    for mentor in mentors:
        if not case.ruled_out(*case.index((mentee, mentor))):
            return mentee, mentor
    raise ValueError(f"none of these may be with {mentee}")


def _judged(made: MatchPlan) -> Figures:
    bound, gap = made.certificate.bound, made.certificate.gap
    return {
        "total": made.quality.total,
        "matches": made.quality.matches,
        "gap": gap,
        "relative gap": None if gap is None or not bound else gap / bound,
    }


def _watched() -> Figures:
    """Processor seconds in each phase of a plan, filled in as it is made."""
    spent: Figures = {}

    def watch(name: str, phase: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            made = phase(*args, **kwargs)
            spent[name] = spent.get(name, 0.0) + time.process_time() - start
            return made

        return watched

    for name in PHASES:
        if hasattr(plans, name):
            setattr(plans, name, watch(name, getattr(plans, name)))
    return spent


def scoring(family: Any, mentees: int, mentors: int, seed: int, passes: int) -> Ready:
    """Every pair scored once and each row's best kept, beside NumPy's bare product.

    The bare product has as many columns of factors as all our criteria and constraints
    together. Both keep the greatest of each row, or the 16 greatest by argpartition. Rates
    are pairs in a processor second.
    """
    people = instances.people(family, mentees, mentors, seed=seed)
    case = build_case(people, instances.programme(family), mentorkit.load())
    width = sum(_width(form) for form in (case.pairs.fits, *case.pairs.bans))
    left, right = (
        (np.random.PCG64([seed, size]).random_raw(size * width) % 8)
        .astype(np.float32)
        .reshape(size, width)
        for size in (mentees, mentors)
    )

    def ours(rows: slice) -> Any:
        return case.pairs.worth(rows, WHOLE)

    def bare(rows: slice) -> Any:
        return left[rows] @ right.T

    def run() -> Figures:
        spent: dict[str, list[float]] = {}
        for _ in range(passes):
            for selection in ("max", "argpartition"):
                for name, block in (("ours", ours), ("bare", bare)):
                    seconds = _pass(block, selection, mentees, mentors)
                    spent.setdefault(f"{name} {selection}", []).append(seconds)
        pairs = mentees * mentors
        return {name: pairs / statistics.median(each) for name, each in spent.items()}

    def judge(rates: Figures) -> Figures:
        ratios = {
            f"ratio {selection}": rates[f"ours {selection}"] / rates[f"bare {selection}"]
            for selection in ("max", "argpartition")
        }
        return {"width": width, "asked": _asked(case), **rates, **ratios}

    _pass(ours, "max", mentees // 4, mentors)
    return run, judge


def _pass(block: Callable[[slice], Any], selection: str, mentees: int, mentors: int) -> float:
    """Processor seconds, in blocks as large as the engine's own."""
    start, step = time.process_time(), rows_at_once(mentors)
    for first in range(0, mentees, step):
        found = block(slice(first, min(first + step, mentees)))
        if selection == "max":
            found.max(axis=1)
        else:
            np.argpartition(found, -BEST, axis=1)[:, -BEST:]
    return time.process_time() - start


def _width(form: object) -> int:
    """How many columns of factors a form multiplies."""
    match form:
        case Product():
            return form.left.shape[1]
        case Lookup():
            return form.index.left.shape[1]
        case Total():
            own = 0 if form.product is None else form.product.left.shape[1]
            return own + sum(_width(part) for part, _ in form.others)
    return 0


def _asked(case: Case) -> str:
    """Which uses have no arrays and are asked block by block."""
    slow = [name for name, form in case.forms.items() if type(form).__name__ == "Asked"]
    return ", ".join(slow)


NAIVE = """
import mentorkit


@mentorkit.criterion("common-interests")
def common_interests(mentee, mentor):
    return len(set(mentee.interests) & set(mentor.interests)) / 5
"""


def naive(family: Any, mentees: int, mentors: int, seed: int) -> Ready:
    """A plan by one criterion that is a plain function of two people."""
    people = instances.people(family, mentees, mentors, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "naive.py"
        file.write_text(NAIVE)
        registry = mentorkit.load(files=[file])
    programme = Programme(criteria={"interests": Use("common-interests")})
    mentorkit.match(people[:5] + people[-5:], programme, registry=registry)
    return lambda: mentorkit.match(people, programme, registry=registry), _judged
