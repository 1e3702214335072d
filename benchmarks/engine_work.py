"""Our own work from criteria on: whole plans, one pass of scoring, a criterion in Python."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from engine_measure import Figures, Ready

import mentorkit
from mentorkit.matching import plan as plans
from mentorkit.matching.blocks import rows_at_once
from mentorkit.matching.case import Case, build_case
from mentorkit.matching.forms import Lookup, Product, Total
from mentorkit.models import MatchPlan, Programme, Use
from mentorkit.testing import instances

WARM = (3000, 1050)
"""The size at which everything has run, and is compiled, before it is measured."""
PHASES = ("build_case", "solve", "certify", "describe")
BEST = 16
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
