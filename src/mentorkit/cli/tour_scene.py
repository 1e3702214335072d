"""What every chapter of the tour is told with: steps, and a look at how the programme stands."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from mentorkit.kit import Kit
from mentorkit.models import Blueprint, Goal, Person, Relationship, Session

ID, MAPPING, PROGRAMME = "tour", "mapping.toml", "programme.toml"
APPLICANTS, ANSWERS = "applicants.csv", "answers.csv"
DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC)


@attrs.frozen(kw_only=True)
class Step:
    """A command line, without the leading `mentorkit`, and the Python that does the same.

    `shown` is how many lines of what the command prints are worth showing, `dated` whether
    it matters when it is run.
    """

    words: tuple[str, ...]
    python: str
    shown: int = 3
    dated: bool = True


@attrs.frozen
class Chapter:
    """Something that happens at an instant: one step, or several of which the first shows all."""

    what: str
    at: datetime.datetime
    steps: tuple[Step, ...]


@attrs.frozen(kw_only=True)
class Scene:
    """Where the story takes place. `kit` gives a unit of work in which it looks around."""

    blueprint: Blueprint
    opening: str
    kit: Callable[[], Kit]
    fill: Callable[[], None]
    """Fills in the file of open questions, as people would."""

    def people(self) -> list[Person]:
        """Those enrolled, in the order of their ids."""
        with self.kit() as kit:
            return [held.participant.person for held in kit.programmes.participants(ID)]

    def relationships(self) -> Sequence[Relationship]:
        """All that there are."""
        with self.kit() as kit:
            return kit.relationships.page(ID)

    def sessions(self, *held: Relationship) -> list[Session]:
        """The meetings of these relationships."""
        with self.kit() as kit:
            return [session for one in held for session in kit.sessions.of(one.id)]

    def next_of(self, held: Relationship) -> Session | None:
        """The first meeting of a relationship that is still to come."""
        planned = [one for one in self.sessions(held) if one.state == "planned"]
        return min(planned, key=lambda one: one.starts, default=None)

    def agreed_goals(self, held: Relationship) -> list[Goal]:
        """The goals that a relationship works on."""
        with self.kit() as kit:
            return [goal for goal in kit.goals.of(held.id) if goal.state == "agreed"]


def step(*words: str, python: str, shown: int = 3, dated: bool = True) -> Step:
    """One step; Python without any does nothing."""
    return Step(words=words, python=python, shown=shown, dated=dated)


def in_kit(*lines: str, actor: str = "") -> str:
    """These lines in a unit of work: the host's own, or that of the person `actor`."""
    who = f'mentorkit.Actor(person="{actor}")' if actor else "mentorkit.SYSTEM"
    return "\n".join([f"with house.kit(actor={who}) as kit:", *(f"    {line}" for line in lines)])


def named(held: Relationship) -> str:
    """A relationship as a command may name it."""
    return "+".join(held.people)


def propose(held: Relationship, owner: str, goal: Mapping[str, Any], key: str = "") -> Step:
    """A member sets themselves a goal, given by its fields."""
    parts = {name: value for name, value in goal.items() if name != "title"}
    if key:
        parts["key"] = key
    options = [
        word
        for name, value in parts.items()
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    return step(
        "goals", "add", named(held), goal["title"], "--as", owner, *options,
        python=in_kit(
            "goal = kit.goals.propose(",
            f'    "{held.id}", {goal["title"]!r}, person="{owner}",',
            *(f"    {name}={value!r}," for name, value in parts.items()),
            ")",
        ),
    )  # fmt: skip


def morning_after(meetings: Sequence[Session]) -> datetime.datetime:
    """The morning after the last of these meetings."""
    over = max(session.ends for session in meetings)
    return datetime.datetime.combine(over.date(), START.timetz()) + DAY
