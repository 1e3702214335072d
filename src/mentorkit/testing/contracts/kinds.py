"""The contract of a Kind, whatever it binds to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.interfaces import (
    Constraint,
    Criterion,
    Format,
    Matcher,
    Roster,
    Rule,
    Scheduler,
    Section,
    Subscriber,
    Survey,
)
from mentorkit.plugin_loading import RESERVED
from mentorkit.testing.contracts.check import Subject, expect, fail

SORTS: Mapping[str, Any] = {
    "formats": Format,
    "criteria": Criterion | Constraint,
    "matchers": Matcher,
    "rosters": Roster,
    "schedulers": Scheduler,
    "surveys": Survey,
    "signals": Rule,
    "awards": Rule,
    "sections": Section,
    "subscribers": Subscriber,
}
"""What the kinds of each slot bind to."""


def it_has_a_name(subject: Subject) -> None:
    """Its name is text that a programme's file can hold: no padding, no control characters."""
    name: Any = getattr(subject.kind, "name", None)
    proper = isinstance(name, str) and name and name == name.strip() and name.isprintable()
    expect(proper, f"its name is {name!r}")


def its_settings_are_frozen(subject: Subject) -> None:
    """Its settings are a frozen attrs class, without a name that every use has already."""
    cls: Any = getattr(subject.kind, "settings", None)
    expect(isinstance(cls, type) and attrs.has(cls), f"settings is {cls!r}, not an attrs class")
    settings = subject.settings()
    for field in attrs.fields(cls):
        expect(field.name not in RESERVED, f"every use has {field.name!r} already")
        try:
            setattr(settings, field.name, getattr(settings, field.name))
        except attrs.exceptions.FrozenError:
            continue
        fail(f"setting {field.name!r} can be changed; make the class attrs.frozen")


def its_settings_come_from_a_file(subject: Subject) -> None:
    """Settings written as plain data are read back equal."""
    settings = subject.settings()
    again = codec.structure(subject.kind.settings, codec.unstructure(settings))
    expect(again == settings, f"{settings!r} came back as {again!r}")


def binding_changes_nothing(subject: Subject) -> None:
    """Binding is pure: the settings stay as they are, and it can be done again."""
    settings = subject.settings()
    before = codec.to_json(settings)
    first, second = subject.kind.bind(settings), subject.kind.bind(settings)
    expect(codec.to_json(settings) == before, "binding changed the settings")
    expect(type(first) is type(second), "bound twice, it gives different things")


def it_binds_to_something_known(subject: Subject) -> None:
    """It binds to an object that some hook contributes, known by its members."""
    found = type(subject.bound()).__name__
    fail(
        f"it binds to {found}, which is none of these: a criterion has points and say, a"
        " constraint forbids, say and private, a matcher solves and solve, a roster read, a"
        " scheduler place, a survey questions and asks, a signal or an award judge, a section"
        " tell, a subscriber wants and deliver; else it is a Topology or a Practice"
    )


KIND = (
    it_has_a_name,
    its_settings_are_frozen,
    its_settings_come_from_a_file,
    binding_changes_nothing,
)
