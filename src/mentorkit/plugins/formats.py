"""The built-in topologies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mentorkit
from mentorkit.interfaces import Kind

NEVER = {name: mentorkit.Use(name) for name in ("avoid", "line-manager", "never-again", "not-self")}
"""Constraints of every topology."""

ONE_TO_ONE = mentorkit.Topology(
    name="one-to-one",
    shape="pairs",
    roles=(mentorkit.Role(name="mentee"), mentorkit.Role(name="mentor")),
    path=("matched", "agreeing", "active", "closed"),
    facts=("meets:often", "mentor:fixed"),
    policies=mentorkit.Policies(matcher=mentorkit.Choice("optimal"), base=0, floor=0),
    constraints=NEVER,
)


@mentorkit.hookimpl
def mentorkit_formats() -> Iterable[Kind[Any, Any]]:
    """One-to-one: a mentor and a mentee, as often as they agree."""
    return [mentorkit.kind(ONE_TO_ONE.name, mentorkit.NoSettings, lambda _: ONE_TO_ONE)]
