"""Why two people are matched, or why not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray
from mentorkit.matching.asking import solve
from mentorkit.matching.case import Case, case_again
from mentorkit.matching.certifying import start_from
from mentorkit.matching.findings import findings
from mentorkit.matching.parity import Shares
from mentorkit.models import Explanation, MatchPlan, Message, Pair, Participant
from mentorkit.registry import Registry, installed
from mentorkit.wording import points


def explain(
    plan: MatchPlan,
    people: Iterable[Participant],
    pair: Pair,
    *,
    registry: Registry | None = None,
) -> Explanation:
    """Why the plan has this pair (mentee's id, mentor's id), or why not; in one pool, either
    way round.

    Where nothing forbids the pair, the plan is made again with it pinned, which gives what
    the whole would lose and who would move. Invalid where one of the two has no part.
    """
    case = case_again(plan, people, registry or installed())
    i, j = case.index(pair)
    pair = case.left.ids[i], case.right.ids[j]
    told = findings(case, np.array([[i, j]]))[0]
    matched = pair in plan.pairs
    cost: int | None = None
    comes: tuple[Pair, ...] = ()
    goes: tuple[Pair, ...] = ()
    forbidden = case.forbidding(i, j) or _too_low(case, i, j, matched)
    if not matched and not forbidden:
        cost, comes, goes, forbidden = _instead(case, plan, pair)
    return Explanation(
        pair=pair,
        matched=matched,
        fit=case.fit(i, j),
        findings=told,
        forbidden=forbidden,
        cost=cost,
        comes=comes,
        goes=goes,
        weaker=case.weaker,
    )


def _too_low(case: Case, i: int, j: int, matched: bool) -> tuple[Message, ...]:
    """That the floor rules the pair out, unless a pin overrides it."""
    if matched or case.fit(i, j) >= case.floor:
        return ()
    # How far below would tell what the private wishes add to the fit that is shown.
    said = "the fit is below the programme's floor of {floor} points"
    return (Message("below-floor", said, {"floor": points(case.floor)}),)


def _instead(
    case: Case, plan: MatchPlan, pair: Pair
) -> tuple[int | None, tuple[Pair, ...], tuple[Pair, ...], tuple[Message, ...]]:
    """What the plan would lose with the pair, and which pairs would come and go."""
    try:
        other = case.pinned([pair])
    except Invalid:
        said = Message("pins-fill", "the coordinator's pinned pairs leave no room for it")
        return None, (), (), (said,)
    try:
        pairs = solve(other, start_from(case, plan), _due(case, plan)).solution.pairs
    except Invalid as error:
        said = Message(
            "rules-fail",
            "with it, what a plan must keep cannot be kept: {why}",
            {"why": str(error)},
        )
        return None, (), (), (said,)
    there = {(case.left.ids[i], case.right.ids[j]) for i, j in pairs.tolist()}
    here = set(plan.pairs)
    cost = plan.quality.total - case.total(pairs)
    return cost, tuple(sorted(there - here)), tuple(sorted(here - there)), ()


def _due(case: Case, plan: MatchPlan) -> IntArray | None:
    """What parity wants of the groups in this plan: the same is wanted of another."""
    shares = Shares.of(case)
    return shares.read(plan.certificate.groups)[0] if shares else None
