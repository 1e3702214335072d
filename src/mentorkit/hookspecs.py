"""The hooks: what a plugin can contribute.

Every hook takes nothing and returns Kinds (see `mentorkit.interfaces`). Programmes
choose kinds by name, so the order in which plugins load decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pluggy

from mentorkit.interfaces import (
    Constraint,
    Criterion,
    Format,
    Kind,
    Matcher,
    Roster,
    Rule,
    Scheduler,
    Section,
    Subscriber,
    Survey,
)

PROJECT = "mentorkit"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of its name."""

HOOKS = {
    "mentorkit_formats": "formats",
    "mentorkit_criteria": "criteria",
    "mentorkit_matchers": "matchers",
    "mentorkit_rosters": "rosters",
    "mentorkit_schedulers": "schedulers",
    "mentorkit_surveys": "surveys",
    "mentorkit_signals": "signals",
    "mentorkit_awards": "awards",
    "mentorkit_sections": "sections",
    "mentorkit_subscribers": "subscribers",
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


@hookspec
def mentorkit_schedulers() -> Iterable[Kind[Any, Scheduler]]:
    """Schedulers, which find times for meetings.

    The smallest one, under which nobody meets::

        import attrs
        import mentorkit

        @attrs.frozen
        class Never:
            def place(self, wishes, free, seed):
                why = mentorkit.Message("never", "nobody meets under this scheduler")
                return mentorkit.Placement(
                    slots=(),
                    unplaced=tuple(
                        mentorkit.Unplaced(wish.id, number, why)
                        for wish in sorted(wishes, key=lambda wish: wish.id)
                        for number in range(1, wish.count + 1)
                    ),
                )

        @mentorkit.hookimpl
        def mentorkit_schedulers():
            return [mentorkit.kind("never", Never)]
    """
    raise NotImplementedError


@hookspec
def mentorkit_surveys() -> Iterable[Kind[Any, Survey]]:
    """Surveys: questions with their audience, and who is asked when.

    One question to everybody, a week after each meeting that took place::

        import datetime

        import attrs
        import mentorkit

        WEEK = datetime.timedelta(days=7)

        @attrs.frozen
        class Useful:
            questions = (
                mentorkit.Question(
                    id="useful",
                    text=mentorkit.Message("useful", "How useful was the meeting?"),
                    audience="aggregate",
                ),
            )

            def asks(self, history):
                for held in history.held:
                    at = held.ends + WEEK
                    yield mentorkit.Ask(
                        key=held.id, people=held.attended, at=at, until=at + WEEK
                    )

        @mentorkit.hookimpl
        def mentorkit_surveys():
            return [mentorkit.kind("useful", Useful)]
    """
    raise NotImplementedError


@hookspec
def mentorkit_signals() -> Iterable[Kind[Any, Rule]]:
    """Signals: rules over history that hold a stage, nudge, flag, or open a review.

    A flag at the coordinator once three meetings were missed::

        import attrs
        import mentorkit

        @attrs.frozen
        class Missed:
            most: int = 2

            def judge(self, history):
                missed = [held for held in history.sessions if held.state == "missed"]
                if len(missed) > self.most:
                    yield mentorkit.Verdict(
                        key="missed",
                        effect="flag",
                        message=mentorkit.Message(
                            "missed", "{number} meetings were missed", {"number": len(missed)}
                        ),
                        evidence=tuple(held.id for held in missed),
                    )

        @mentorkit.hookimpl
        def mentorkit_signals():
            return [mentorkit.kind("missed", Missed)]
    """
    raise NotImplementedError


@hookspec
def mentorkit_awards() -> Iterable[Kind[Any, Rule]]:
    """Awards: rules over history that recognise, with their evidence, once.

    One for the first meeting::

        import attrs
        import mentorkit

        @attrs.frozen
        class FirstMeeting:
            def judge(self, history):
                for held in history.held[:1]:
                    yield mentorkit.Verdict(
                        key="first",
                        effect="award",
                        message=mentorkit.Message("first-meeting", "You have met"),
                        people=held.attended,
                        evidence=(held.id,),
                    )

        @mentorkit.hookimpl
        def mentorkit_awards():
            return [mentorkit.kind("first-meeting", FirstMeeting)]
    """
    raise NotImplementedError


@hookspec
def mentorkit_sections() -> Iterable[Kind[Any, Section]]:
    """Sections: parts of a programme's report.

    How many meetings there were::

        import attrs
        import mentorkit

        @attrs.frozen
        class Count:
            def tell(self, chronicle):
                number = sum(len(history.held) for history in chronicle.histories)
                return mentorkit.Part(
                    title=mentorkit.Message("count", "Meetings"),
                    sentences=(
                        mentorkit.Message("count.held", "{number} held", {"number": number}),
                    ),
                )

        @mentorkit.hookimpl
        def mentorkit_sections():
            return [mentorkit.kind("count", Count)]
    """
    raise NotImplementedError


@hookspec
def mentorkit_subscribers() -> Iterable[Kind[Any, Subscriber]]:
    """Subscribers, which carry events out, at least once each.

    One that prints to standard error::

        import sys

        import attrs
        import mentorkit

        @attrs.frozen
        class Printed:
            wants = frozenset({"award.granted"})

            def deliver(self, event, key, read):
                print(key, event.kind, file=sys.stderr)

        @mentorkit.hookimpl
        def mentorkit_subscribers():
            return [mentorkit.kind("printed", Printed)]
    """
    raise NotImplementedError
