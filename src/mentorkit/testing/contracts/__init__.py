"""Contracts: every promise that a plugin's object gives, as a test of its own.

A file with one function tests a plugin::

    from mentorkit.testing import contract
    from my_plugin import same_club

    @contract(same_club)
    def test_same_club(check):
        check()

Which promises there are depends on what the kind binds to: a criterion (factored or not), a
constraint, a matcher, a roster, a scheduler, a survey, a rule (a signal or an award), a section,
a subscriber, a topology or a practice. A module, or the path of a file, is tested as a whole
plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis.strategies import SearchStrategy

from mentorkit.interfaces import (
    Constraint,
    Criterion,
    Matcher,
    Roster,
    Rule,
    Scheduler,
    Section,
    Subscriber,
    Survey,
)
from mentorkit.models import Participant, Practice, Topology
from mentorkit.registry import Registry, installed
from mentorkit.testing.contracts.check import Check, Limit, Promise, Subject, checks_from
from mentorkit.testing.contracts.criteria import CONSTRAINT, CRITERION
from mentorkit.testing.contracts.formats import FORMAT
from mentorkit.testing.contracts.kinds import KIND, it_binds_to_something_known
from mentorkit.testing.contracts.matchers import MATCHER
from mentorkit.testing.contracts.matchers import Asked as AskedMatcher
from mentorkit.testing.contracts.pairwise import Asked
from mentorkit.testing.contracts.plugins import PLUGIN, Whole
from mentorkit.testing.contracts.rosters import ROSTER
from mentorkit.testing.contracts.rules import RULE
from mentorkit.testing.contracts.schedulers import SCHEDULER
from mentorkit.testing.contracts.schedulers import Asked as AskedScheduler
from mentorkit.testing.contracts.sections import SECTION
from mentorkit.testing.contracts.subscribers import SUBSCRIBER
from mentorkit.testing.contracts.surveys import SURVEY

__all__ = ["Check", "checks", "contract"]


def contract(
    subject: Any,
    settings: Mapping[str, Any] | None = None,
    *,
    people: SearchStrategy[list[Participant]] | None = None,
    expected_failures: Mapping[str, str] | None = None,
    registry: Registry | None = None,
    seconds: float = 60.0,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a test of every check of `subject`: a Kind, a plugin's module or its file.

    `settings` are the kind's, as a programme's file would hold them; for a whole plugin,
    those of each kind by its name. `people` draws lists of participants for a criterion
    that needs particular ones; without it, they hold whatever attributes it asks for.
    `expected_failures` names checks that are known to fail, with the reason, and a check
    that passes against expectation fails. No check may take longer than `seconds`; after one
    that does, the others are not begun.
    """
    made = checks(subject, settings, people=people, registry=registry, seconds=seconds)
    known = dict(expected_failures or {})
    strange = sorted(known.keys() - {check.name for check in made})
    if strange:
        names = ", ".join(check.name for check in made)
        raise ValueError(f"there is no check {strange[0]!r}; the checks are {names}")
    return pytest.mark.parametrize(
        "check",
        [
            pytest.param(
                check,
                id=check.name,
                marks=[pytest.mark.xfail(reason=known[check.name], strict=True)]
                if check.name in known
                else [],
            )
            for check in made
        ],
    )


def checks(
    subject: Any,
    settings: Mapping[str, Any] | None = None,
    *,
    people: SearchStrategy[list[Participant]] | None = None,
    registry: Registry | None = None,
    seconds: float = 60.0,
) -> tuple[Check, ...]:
    """The checks of `contract`, to be called without pytest."""
    limit = Limit(seconds)
    if isinstance(subject, ModuleType | Path | str):
        return checks_from(PLUGIN, Whole(subject, settings or {}), limit)
    held = Subject(
        kind=subject,
        data=settings or {},
        people=people,
        registry=registry or installed(),
    )
    return checks_from(KIND, held, limit) + _suite(held, limit)


def _suite(held: Subject, limit: Limit) -> tuple[Check, ...]:
    """The checks of what the kind binds to."""
    try:
        bound = held.bound()
    except Exception:
        return ()  # the checks of a kind show why
    for sort, promises, asked in _SUITES:
        if isinstance(bound, sort):
            return checks_from(promises, asked(held), limit)
    return checks_from((it_binds_to_something_known,), held, limit)


def _itself(held: Subject) -> Subject:
    return held


_SUITES: tuple[tuple[Any, tuple[Promise, ...], Callable[[Subject], object]], ...] = (
    (Criterion, CRITERION, Asked),
    (Constraint, CONSTRAINT, Asked),
    (Matcher, MATCHER, AskedMatcher),
    (Roster, ROSTER, _itself),
    (Scheduler, SCHEDULER, AskedScheduler),
    (Survey, SURVEY, _itself),
    (Rule, RULE, _itself),
    (Section, SECTION, _itself),
    (Subscriber, SUBSCRIBER, _itself),
    (Topology | Practice, FORMAT, _itself),
)
"""What a kind may bind to, its promises, and what these are asked of."""
