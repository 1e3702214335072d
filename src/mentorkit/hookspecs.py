"""The hooks: what a plugin can contribute.

Every hook takes nothing and returns Kinds (see `mentorkit.interfaces`). Programmes
choose kinds by name, so the order in which plugins load decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pluggy

from mentorkit.interfaces import Constraint, Criterion, Format, Kind, Matcher, Roster

PROJECT = "mentorkit"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of its name."""

HOOKS = {
    "mentorkit_formats": "formats",
    "mentorkit_criteria": "criteria",
    "mentorkit_matchers": "matchers",
    "mentorkit_rosters": "rosters",
}
"""Each hook and the slot of kinds it fills; pluggy never runs the specs' bodies."""


@hookspec
def mentorkit_formats() -> Iterable[Kind[Any, Format]]:
    """Topologies (who meets whom) and practices (what they do).

    A topology is the base of a blueprint; a practice adds uses of criteria and
    constraints and states the facts that it needs::

        import mentorkit

        @mentorkit.hookimpl
        def mentorkit_formats():
            same_site = mentorkit.Practice(
                name="same-site",
                constraints={"same-site": mentorkit.Use("same", {"attribute": "site"})},
            )
            return [mentorkit.kind("same-site", mentorkit.NoSettings, lambda _: same_site)]
    """
    raise NotImplementedError


@hookspec
def mentorkit_criteria() -> Iterable[Kind[Any, Criterion | Constraint]]:
    """Criteria, which score pairs, and constraints, which forbid them.

    The shortest way is a file with one function, which needs no hook at all::

        import mentorkit

        @mentorkit.criterion("same-club")
        def same_club(mentee, mentor):
            return mentee.value("club") == mentor.value("club")

    The hook is for an installed plugin, or for a class that works on columns::

        @mentorkit.hookimpl
        def mentorkit_criteria():
            return [same_club]
    """
    raise NotImplementedError


@hookspec
def mentorkit_matchers() -> Iterable[Kind[Any, Matcher]]:
    """Matchers, which turn scores, constraints and capacities into pairs.

    The smallest one, which matches nobody::

        import attrs
        import numpy
        import mentorkit

        @attrs.frozen
        class Nobody:
            solves = frozenset({"pairs"})

            def solve(self, problem):
                return mentorkit.Solution(pairs=numpy.empty((0, 2), dtype=numpy.int64))

        @mentorkit.hookimpl
        def mentorkit_matchers():
            return [mentorkit.kind("nobody", Nobody)]
    """
    raise NotImplementedError


@hookspec
def mentorkit_rosters() -> Iterable[Kind[Any, Roster]]:
    """Rosters, which bring people in as rows of text.

    The name of the kind is the ending of the files that it reads, and its settings have
    at least `path`::

        import pathlib

        import attrs
        import mentorkit

        @attrs.frozen
        class Names:
            path: str

            def read(self):
                file = pathlib.Path(self.path)
                try:
                    lines = file.read_text(encoding="utf-8").splitlines()
                except (OSError, ValueError):
                    raise mentorkit.Invalid(file.name, "cannot be read as text") from None
                for number, line in enumerate(lines, 1):
                    yield mentorkit.Row(file.name, number, {"name": line.strip()})

        @mentorkit.hookimpl
        def mentorkit_rosters():
            return [mentorkit.kind("names", Names)]
    """
    raise NotImplementedError
