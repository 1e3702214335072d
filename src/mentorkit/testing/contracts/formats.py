"""The contract of a Format: a Topology or a Practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mentorkit.blueprint import compose
from mentorkit.errors import MentorkitError
from mentorkit.interfaces import Criterion, Scheduler
from mentorkit.lifecycle import CLOSED, STAGES
from mentorkit.models import Blueprint, Choice, Practice, Role, Topology
from mentorkit.testing.contracts.check import Subject, expect, fail
from mentorkit.testing.contracts.kinds import SORTS


def it_is_called_like_its_kind(subject: Subject) -> None:
    """A format has its kind's name, by which programmes and plans call it."""
    name = subject.bound().name
    expect(name == subject.kind.name, f"the kind {subject.kind.name!r} makes a format {name!r}")


def it_is_the_same_each_time(subject: Subject) -> None:
    """Bound twice, it is equal."""
    expect(subject.bound() == subject.bound(), "bound twice, it differs")


def it_composes(subject: Subject) -> None:
    """It composes to a blueprint: a practice with any topology that has what it needs."""
    try:
        _blueprint(subject.bound())
    except MentorkitError as error:
        fail(f"it does not compose: {error}")


_WANTED: Mapping[str, Any] = {
    "criteria": Criterion,
    "constraints": SORTS["criteria"],
    **{slot: SORTS[slot] for slot in ("surveys", "signals", "awards", "sections")},
}
"""The slots of a format that choose kinds, and what these bind to."""


def its_kinds_exist(subject: Subject) -> None:
    """Every kind that it names is provided, and takes the settings that it gives."""
    for slot, name, choice in _choices(subject.bound()):
        path = f"{slot}.{name}"
        asked = _bound(subject, "criteria" if slot == "constraints" else slot, choice, path)
        fits = isinstance(asked, _WANTED[slot])
        expect(fits, f"{path}: {choice.kind!r} cannot stand among the {slot}")


def its_matcher_exists(subject: Subject) -> None:
    """The matcher that it chooses is provided and solves its shape; a topology chooses one."""
    made = subject.bound()
    matcher = made.policies.matcher
    if matcher is None:
        expect(isinstance(made, Practice), "a topology chooses a matcher in its policies")
        return
    bound = _bound(subject, "matchers", matcher, "policies.matcher")
    if isinstance(made, Topology):
        expect(made.shape in bound.solves, f"{matcher.kind!r} does not solve {made.shape!r}")


def its_scheduler_exists(subject: Subject) -> None:
    """The scheduler that it chooses, if it does, is provided and takes the settings given."""
    scheduler = subject.bound().policies.scheduler
    if scheduler is not None:
        bound = _bound(subject, "schedulers", scheduler, "policies.scheduler")
        expect(isinstance(bound, Scheduler), f"{scheduler.kind!r} is no scheduler")


def its_roles_differ(subject: Subject) -> None:
    """The roles of a topology have different names, and its uses look between these."""
    made = subject.bound()
    if not isinstance(made, Topology):
        return
    names = [role.name for role in made.roles]
    expect(names, "it has no roles")
    expect(len(set(names)) == len(names), f"two roles have one name: {', '.join(names)}")
    for slot, name, use in _choices(made):
        between = getattr(use, "between", None) or ()
        words = f"{slot}.{name}.between names roles that it does not have"
        expect(set(between) <= set(names), words)


def its_path_goes_on(subject: Subject) -> None:
    """The path of a topology has stages that the core knows, in their order, and closes."""
    made = subject.bound()
    if isinstance(made, Topology):
        expect(made.path, "its path has no stages")
        expect(len(set(made.path)) == len(made.path), f"a stage comes twice: {made.path}")
        known = ", ".join(STAGES)
        for stage in made.path:
            expect(stage in STAGES, f"there is no stage {stage!r}; the stages are {known}")
        ordered = tuple(stage for stage in STAGES if stage in made.path)
        expect(made.path == ordered, f"the path is {made.path}; the stages' order is {known}")
        expect(made.path[-1] == CLOSED, f"the path does not end with {CLOSED!r}")


def _blueprint(made: Any) -> Blueprint:
    if isinstance(made, Topology):
        return compose(made)
    neutral = Topology(
        name="neutral",
        shape="pairs",
        roles=(Role(name="mentee"), Role(name="mentor")),
        path=("active", "closed"),
        facts=made.needs,
    )
    return compose(neutral, [made])


def _choices(made: Any) -> Iterator[tuple[str, str, Choice]]:
    """Every kind that a format chooses by slot and name, with its settings."""
    for slot in _WANTED:
        for name, choice in getattr(made, slot).items():
            yield slot, name, choice


def _bound(subject: Subject, slot: str, choice: Choice, path: str) -> Any:
    """What a choice binds to, which must be possible."""
    try:
        return subject.registry.bind(slot, choice, path)
    except MentorkitError as error:
        fail(str(error))


FORMAT = (
    it_is_called_like_its_kind,
    it_is_the_same_each_time,
    it_composes,
    its_kinds_exist,
    its_matcher_exists,
    its_scheduler_exists,
    its_roles_differ,
    its_path_goes_on,
)
