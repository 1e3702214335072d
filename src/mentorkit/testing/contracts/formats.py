"""The contract of a Format: a Topology or a Practice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mentorkit.blueprint import compose
from mentorkit.errors import MentorkitError
from mentorkit.interfaces import Constraint, Criterion
from mentorkit.models import Blueprint, Practice, Role, Topology, Use
from mentorkit.testing.contracts.check import Subject, expect, fail


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


def its_kinds_exist(subject: Subject) -> None:
    """Every kind that it names is provided, and takes the settings that it gives."""
    for path, use in _uses(subject.bound()):
        try:
            asked = subject.registry.bind("criteria", use, path)
        except MentorkitError as error:
            fail(str(error))
        wanted = Criterion if path.startswith("criteria") else Criterion | Constraint
        expect(isinstance(asked, wanted), f"{path}: {use.kind!r} only forbids")


def its_matcher_exists(subject: Subject) -> None:
    """The matcher that it chooses is provided and solves its shape; a topology chooses one."""
    made = subject.bound()
    matcher = made.policies.matcher
    if matcher is None:
        expect(isinstance(made, Practice), "a topology chooses a matcher in its policies")
        return
    try:
        bound = subject.registry.bind("matchers", matcher, "policies.matcher")
    except MentorkitError as error:
        fail(str(error))
    if isinstance(made, Topology):
        expect(made.shape in bound.solves, f"{matcher.kind!r} does not solve {made.shape!r}")


def its_roles_differ(subject: Subject) -> None:
    """The roles of a topology have different names, and its uses look between these."""
    made = subject.bound()
    if not isinstance(made, Topology):
        return
    names = [role.name for role in made.roles]
    expect(names, "it has no roles")
    expect(len(set(names)) == len(names), f"two roles have one name: {', '.join(names)}")
    for path, use in _uses(made):
        between = use.between or tuple(names)
        expect(set(between) <= set(names), f"{path}.between names roles that it does not have")


def its_path_goes_on(subject: Subject) -> None:
    """The path of a topology has stages, and none twice."""
    made = subject.bound()
    if isinstance(made, Topology):
        expect(made.path, "its path has no stages")
        expect(len(set(made.path)) == len(made.path), f"a stage comes twice: {made.path}")


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


def _uses(made: Any) -> Iterator[tuple[str, Use]]:
    for slot in ("criteria", "constraints"):
        for name, use in getattr(made, slot).items():
            yield f"{slot}.{name}", use


FORMAT = (
    it_is_called_like_its_kind,
    it_is_the_same_each_time,
    it_composes,
    its_kinds_exist,
    its_matcher_exists,
    its_roles_differ,
    its_path_goes_on,
)
