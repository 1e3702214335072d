"""How a plan treats groups of people: who is matched, how well, and who has cause for envy."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import BoolArray, IntArray
from mentorkit.matching.case import Case, case_again
from mentorkit.matching.columns import text
from mentorkit.matching.proportions import difference, rate, round_half_up
from mentorkit.matching.protection import protected_values
from mentorkit.matching.standing import choices, standing
from mentorkit.matching.suppression import Shown, grouped
from mentorkit.models import (
    LISTED,
    Audit,
    Columns,
    Estimate,
    GroupAudit,
    MatchPlan,
    Message,
    Participant,
    RateGap,
    Value,
)
from mentorkit.registry import Registry, installed

People = tuple[Participant, ...] | Columns


def audit(
    plan: MatchPlan,
    people: Iterable[Participant] | Columns,
    by: str,
    *,
    registry: Registry | None = None,
) -> Audit:
    """What the plan gives the groups of these people, by what they hold under `by`.

    `by` is an attribute or a field that `Participant.value` answers for, or a protected
    attribute that the programme states. No figure rests on fewer than five people, also
    none that subtraction would give; of protected attributes less is shown, see
    `suppression`. Only those with room count. Raises Invalid where these are not the people
    that the plan was made for, or nobody has stated anything under `by`.
    """
    people = people if isinstance(people, Columns) else tuple(people)
    case = case_again(plan, people, registry or installed())
    stated = case.blueprint.protected.get(by)
    groups, gaps = list[GroupAudit](), list[RateGap]()
    values = _values(case, people, by)
    for side, outcome in zip(case.sides, _outcomes(case, plan), strict=True):
        told = _told(case.roles[side], grouped(values[side]), outcome, stated is not None)
        groups += told
        gaps += _gap(case.roles[side], told)
    return Audit(
        by=by,
        groups=tuple(groups),
        gaps=tuple(gaps),
        purpose=None if stated is None else stated.purpose,
    )


def _values(case: Case, people: People, by: str) -> list[Sequence[Value | None]]:
    """What each person of each side holds. Invalid where nobody holds anything."""
    pools = (case.left, case.right)
    if by in case.blueprint.protected:
        held = protected_values(people, by)
        values: list[Sequence[Value | None]] = [[held[own] for own in pool.ids] for pool in pools]
    else:
        values = [pool.values(by) for pool in pools]
    if all(text(value) is None for side in values for value in side):
        raise Invalid("by", f"nobody here has stated {by!r}{_meant(by, case, people)}")
    return values


def _meant(by: str, case: Case, people: People) -> str:
    known = {*LISTED, *case.blueprint.protected}
    known.update(name for held in people for name in held.person.attributes)
    known.discard(by)
    near = difflib.get_close_matches(by, sorted(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


@attrs.frozen(kw_only=True, eq=False)
class _Outcome:
    """What the plan gives each person of one role; (n,) each."""

    matched: BoolArray
    fit: Sequence[float]
    """The mean of the shown fits with one's partners, 0 without any."""
    rank: Sequence[float]
    """The mean share of those wished for more than a partner, 0 without any."""
    envious: BoolArray


def _outcomes(case: Case, plan: MatchPlan) -> list[_Outcome]:
    """For each role."""
    pairs = case.indices(plan.pairs)
    seats = case.seats(pairs)
    ways = len(case.roles) // len(case.sides)
    fits = [match.shown_fit for match in plan.matches] * ways
    fixed = np.tile(case.is_pinned(pairs), ways)
    stand = standing(case.pairs, seats, case.capacity, fixed, case.executor)
    open_to, counted = choices(case.pairs), case.pairs.worth_of(seats) >= 0
    found = []
    for side in case.sides:
        owner = seats[:, side]
        # The partner is among those one may have, unless a pin put them below the floor.
        others = open_to[side][owner] - counted
        better = (stand.ranks[side] - 1) / np.maximum(others, 1)
        size = len(case.capacity[side])
        found.append(
            _Outcome(
                matched=np.bincount(owner, minlength=size) > 0,
                fit=_means(fits, owner, size),
                rank=_means(better.tolist(), owner, size),
                envious=stand.envious[side],
            )
        )
    return found


def _means(numbers: Sequence[float], owner: IntArray, size: int) -> list[float]:
    """The mean of each person's own numbers."""
    own: list[list[float]] = [[] for _ in range(size)]
    for person, number in zip(owner.tolist(), numbers, strict=True):
        own[person].append(number)
    return [math.fsum(held) / len(held) if held else 0.0 for held in own]


def _told(
    role: str, groups: Mapping[str, list[int]], outcome: _Outcome, protected: bool
) -> list[GroupAudit]:
    """The figures of each group of a role, as far as they may be shown."""
    matched, envious = (np.nonzero(held)[0].tolist() for held in (outcome.matched, outcome.envious))
    shown = Shown.of(groups, matched, envious, protected)
    told = []
    for value, group in groups.items():
        if value in shown.groups:
            told.append(_figures(role, value, group, outcome, shown))
        elif not protected:
            told.append(GroupAudit(role=role, value=value))
    return told


def _figures(
    role: str, value: str, group: list[int], outcome: _Outcome, shown: Shown
) -> GroupAudit:
    matched = [person for person in group if outcome.matched[person]]
    counted, means = value in shown.matched, value in shown.means
    return GroupAudit(
        role=role,
        value=value,
        people=len(group),
        matched=len(matched) if counted else None,
        rate=rate(len(matched), len(group)) if counted else None,
        fit=round_half_up(_mean(outcome.fit, matched)) if means else None,
        rank=round_half_up(1000 * _mean(outcome.rank, matched)) if means else None,
        envious=int(outcome.envious[group].sum()) if value in shown.envious else None,
    )


def _mean(numbers: Sequence[float], people: Sequence[int]) -> float:
    return math.fsum(numbers[person] for person in people) / len(people)


def _gap(role: str, groups: Sequence[GroupAudit]) -> list[RateGap]:
    """The largest difference of the shown rates, if there are two."""
    counts = {
        held.value: (held.matched, held.people)
        for held in groups
        if held.matched is not None and held.people is not None
    }
    if len(counts) < 2:
        return []

    def share(value: str) -> Fraction:
        return Fraction(*counts[value])

    most = min(counts, key=lambda value: (-share(value), value))
    least = min(counts.keys() - {most}, key=lambda value: (share(value), value))
    gap = difference(counts[most], counts[least])
    return [RateGap(role=role, most=most, least=least, gap=gap, said=_said(gap, len(counts)))]


def _said(gap: Estimate, groups: int) -> Message:
    if gap.least <= 0:
        return Message("may-be-chance", "this difference may be chance")
    if groups == 2:
        return Message("beyond-chance", "chance alone would seldom make so large a difference")
    said = (
        "chance alone would seldom make two groups differ so much, but the largest of many"
        " differences, here among {groups} groups, is chance more often"
    )
    return Message("beyond-chance-of-many", said, {"groups": groups})
