"""Makes plans: asks a matcher, and says all that a plan carries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor

import attrs

from mentorkit.interfaces import IntArray
from mentorkit.matching import parity
from mentorkit.matching.asking import solve
from mentorkit.matching.case import Case, build_case
from mentorkit.matching.certifying import certify, start_from
from mentorkit.matching.findings import findings
from mentorkit.matching.grouping import too_small
from mentorkit.matching.quality import quality
from mentorkit.matching.scarcity import unmatched
from mentorkit.models import (
    Certificate,
    Choice,
    Match,
    MatchPlan,
    Moves,
    Pair,
    Participant,
    Programme,
)
from mentorkit.registry import Registry, installed

People = Iterable[Participant]


def match(
    people: People,
    programme: Programme | None = None,
    *,
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
    registry: Registry | None = None,
    previous: MatchPlan | None = None,
    executor: Executor | None = None,
) -> MatchPlan:
    """The plan that the programme's matcher makes for these people.

    Pure: no clock, no database; the order of the people does not matter. They may be given as
    `Columns`, as wherever the engine takes people. `pins` are pairs
    (mentee's id, mentor's id) to keep, `forbids` pairs to rule out, either way round, as pins
    are in one pool.
    After a change to any of these, `previous` is the plan to begin from: what it settled is
    kept where that costs nothing, so that few people move (see `moves`), and it is quicker.
    `executor` may share the work among threads, processes or machines: the plan is the same.
    Raises Invalid where the input does not fit together, PluginFailed where a plugin breaks.
    """
    case = build_case(
        people,
        programme or Programme(),
        registry or installed(),
        pins=pins,
        forbids=forbids,
        stays=previous.pairs if previous else (),
        previous=previous,
        executor=executor,
    )
    return plan_of(case, previous)


def moves(before: MatchPlan, after: MatchPlan) -> Moves:
    """Who comes together and who parts from one plan to another."""
    here, there = set(before.pairs), set(after.pairs)
    return Moves(comes=tuple(sorted(there - here)), goes=tuple(sorted(here - there)))


def compare(
    people: People,
    programme: Programme,
    matchers: Sequence[Choice],
    *,
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
    registry: Registry | None = None,
    executor: Executor | None = None,
) -> tuple[MatchPlan, ...]:
    """The plans of several matchers for the same people, which are scored only once."""
    registry = registry or installed()
    case = build_case(people, programme, registry, pins=pins, forbids=forbids, executor=executor)
    return tuple(plan_of(case.solved_by(matcher)) for matcher in matchers)


def plan_of(case: Case, previous: MatchPlan | None = None) -> MatchPlan:
    """Solve a case, from a previous plan if there is one, and say all that a plan carries."""
    found = solve(case, None if previous is None else start_from(case, previous))
    return describe(case, found.solution.pairs, certify(case, found))


def describe(case: Case, pairs: IntArray, certificate: Certificate) -> MatchPlan:
    """The plan that these pairs make of the case: reasons, figures, who is left and why."""
    choice = case.blueprint.policies.matcher
    assert choice is not None
    provider = case.registry.provider("matchers", choice.kind)
    versions = case.record.versions | {provider.distribution: provider.version}
    plan = MatchPlan(
        matcher=choice.kind,
        roles=tuple(dict.fromkeys(case.roles)),
        matches=_matches(case, pairs),
        unmatched=unmatched(case, pairs, certificate),
        quality=quality(case, pairs),
        certificate=certificate,
        record=attrs.evolve(case.record, versions=versions),
    )
    notes = (*too_small(plan, case.blueprint.roles), *parity.told(case, certificate))
    return attrs.evolve(plan, notes=notes)


def _matches(case: Case, pairs: IntArray) -> tuple[Match, ...]:
    said = findings(case, pairs)
    fits = case.pairs.fits.at(pairs).tolist()
    lefts, rights = (wishes.tolist() for wishes in case.pairs.wishes_of(pairs))
    return tuple(
        Match(
            team=case.team(i, j),
            fit=fits[at],
            wishes=(lefts[at], rights[at]),
            findings=said[at],
            pinned=(i, j) in case.fixed,
            weaker=case.weaker,
        )
        for at, (i, j) in enumerate(pairs.tolist())
    )
