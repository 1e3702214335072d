"""The tour after the last planned meeting: what was done, and a goal worth some weeks more."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from mentorkit.cli import made_up
from mentorkit.cli.tour_meetings import upkeep
from mentorkit.cli.tour_scene import (
    DAY,
    Chapter,
    Scene,
    Step,
    in_kit,
    morning_after,
    named,
    propose,
    step,
)
from mentorkit.cli.tour_told import told
from mentorkit.models import Relationship

WEEK = 7 * DAY


def fruits(scene: Scene) -> Iterator[Chapter]:
    """Goals reached, thanks, and an extension, where there were meetings at all."""
    together = scene.relationships()
    if not (sessions := scene.sessions(*together)):
        return
    at = morning_after(sessions)
    yield from _done(scene, together[0], at)
    held = [one for one in together if scene.agreed_goals(one)]
    if reached := tuple(_reach(one) for one in held[::2]):
        yield Chapter("Some have reached their goals", at, reached)
    yield _thank(together[0], at)
    yield from told(scene, together[-1], at)
    if held and held[0].stage == "active":
        yield from _extension(scene, held[0], at)


def _done(scene: Scene, held: Relationship, at: datetime.datetime) -> Iterator[Chapter]:
    with scene.kit() as kit:
        actions = [one for one in kit.actions.of(held.id) if one.state == "open"]
    for action in actions[:1]:
        done = step("actions", "done", action.id, python=in_kit("kit.actions.done(action.id)"))
        yield Chapter("What one had set out to do is done", at, (done,))


def _reach(held: Relationship) -> Step:
    return step(
        "goals", "reach", named(held),
        python=in_kit(
            f'for goal in kit.goals.of("{held.id}"):',
            "    kit.goals.reach(goal.id, person=goal.owner)",
        ),
    )  # fmt: skip


def _thank(held: Relationship, at: datetime.datetime) -> Chapter:
    giver, *_, person = held.people
    words = "You asked the right questions"
    thank = step(
        "thank", named(held), words, "--to", person, "--as", giver,
        python=in_kit(
            "kit.recognition.thank(",
            f'    "{held.id}", "{person}", "{words}", giver="{giver}"',
            ")",
        ),
    )  # fmt: skip
    return Chapter("One thanks another", at, (thank,))


def _extension(scene: Scene, held: Relationship, at: datetime.datetime) -> Iterator[Chapter]:
    """A new goal, a later last day, one meeting more, and time to answer after it."""
    last = max(scene.sessions(held), key=lambda one: one.starts)
    meeting = last.starts + 2 * WEEK
    ends = held.agreement.ends if held.agreement else meeting.date()
    until = max(ends, meeting.date()) + 2 * WEEK
    goal = made_up.goal_to("show others how it is done", until)
    new = propose(held, held.people[0], goal, key="again")
    yield Chapter("Some have a new goal", at, (new,))
    with scene.kit() as kit:
        wanted = next(one for one in kit.goals.of(held.id) if one.title == goal["title"])
    accept = step(
        "goals", "accept", wanted.id,
        python=in_kit(
            f"for person in {list(held.people)}:",
            "    kit.goals.accept(goal.id, person=person)",
        ),
    )  # fmt: skip
    yield Chapter("All of them accept it", at, (accept,))
    extend = step(
        "extend", named(held), "--until", str(until), "--goal", wanted.id,
        python=in_kit(
            f"for person in {list(held.people)}:",
            "    kit.relationships.extend(",
            f'        "{held.id}", {until!r}, goal.id, person=person',
            "    )",
        ),
    )  # fmt: skip
    yield Chapter("And go on together, for its sake", at, (extend,))
    yield _once_more(held, meeting)
    yield from upkeep(scene, meeting + DAY)


def _once_more(held: Relationship, meeting: datetime.datetime) -> Chapter:
    meet = step(
        "meet", named(held), f"{meeting:%Y-%m-%dT%H:%MZ}", "--held", "--key", "more",
        python=f'starts = datetime.datetime.fromisoformat("{meeting.isoformat()}")\n'
        + in_kit(
            f'kit.sessions.record("{held.id}", starts, key="more")',
        ),
    )  # fmt: skip
    return Chapter("They met once more", meeting + DAY, (meet,))
