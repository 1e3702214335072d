"""The tour from proposals to signed agreements, with goals."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from mentorkit.cli import made_up
from mentorkit.cli.tour_scene import ID, Chapter, Scene, Step, in_kit, named, propose, step
from mentorkit.models import Relationship


def agreement(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    """Whatever of it the path has: they accept, say what they expect, and sign."""
    path = scene.blueprint.path
    if "proposed" in path:
        accept = step("agree", "--all", ID, "--accept", python=_agreeing("accept"))
        yield Chapter("Everybody is asked to accept", at, (accept,))
    sign = step("agree", "--all", ID, python=_agreeing("sign"))
    if "agreeing" in path:
        yield from _expectations(scene, at)
        yield Chapter("Everybody is asked to sign", at, (sign,))
    if scene.blueprint.policies.goals is not None:
        yield from _goals(scene, at)
    if any(held.stage == "agreeing" for held in scene.relationships()):
        yield Chapter("What was still held back can go on now", at, (sign,))


def _agreeing(act: str) -> str:
    return in_kit(
        f'for held in kit.relationships.page("{ID}"):',
        "    try:",
        "        for person in held.people:",
        f"            kit.relationships.{act}(held.id, person=person)",
        "    except mentorkit.Conflict as reason:",
        "        print(reason)",
    )


def _expectations(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    points = tuple(scene.blueprint.agreement.points)
    agreeing = [held for held in scene.relationships() if held.stage == "agreeing"]
    if not points or not agreeing:
        return
    held = agreeing[0]
    expected = tuple(_expect(held, person, points) for person in held.people)
    yield Chapter("Some say what they expect, each of them alone", at, expected)
    person = held.people[0]
    compare = step(
        "terms", named(held), "--as", person,
        python=in_kit(
            f'points = kit.relationships.expectations("{held.id}")',
            "unsettled = [point.name for point in points if point.settles is None]",
            actor=person,
        ),
        shown=20,
    )  # fmt: skip
    yield Chapter("Then they read it side by side; what differs is open", at, (compare,))
    point, words = points[0], made_up.SETTLED
    settle = step(
        "terms", named(held), "--as", person, "--set", f"points.{point}={words}", "--propose",
        python="import attrs\n"
        + in_kit(
            f'terms = kit.relationships.get("{held.id}").agreement',
            f'points = {{**terms.points, "{point}": "{words}"}}',
            "terms = attrs.evolve(terms, points=points)",
            f'kit.relationships.propose_terms("{held.id}", terms)',
            actor=person,
        ),
        shown=11,
    )  # fmt: skip
    yield Chapter("One proposes terms that settle it", at, (settle,))


def _expect(held: Relationship, person: str, points: tuple[str, ...]) -> Step:
    said = made_up.expectations(points, first=person == held.people[0])
    options = [word for name, words in said.items() for word in ("--point", f"{name}={words}")]
    return step(
        "expect", named(held), "--as", person, *options,
        python=in_kit(
            "expected = {",
            *(f"    {name!r}: {words!r}," for name, words in said.items()),
            "}",
            f'kit.relationships.expect("{held.id}", expected)',
            actor=person,
        ),
    )  # fmt: skip


def _goals(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    with scene.kit() as kit:
        people = {held.id: held.participant for held in kit.programmes.participants(ID)}
    proposed = [
        propose(held, held.people[0], made_up.goal(held, people[held.people[0]]))
        for held in scene.relationships()
    ]
    if proposed:
        yield Chapter("They set themselves goals", at, tuple(proposed))
    accept = step(
        "goals", "accept", "--all", ID,
        python=in_kit(
            f'for held in kit.relationships.page("{ID}"):',
            "    for goal in kit.goals.of(held.id):",
            "        for person in held.people:",
            "            kit.goals.accept(goal.id, person=person)",
        ),
    )  # fmt: skip
    yield Chapter("A goal is agreed once all have accepted it", at, (accept,))
