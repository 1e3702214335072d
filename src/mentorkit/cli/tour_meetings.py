"""The tour from the first meeting to the last, with what is due and what is between them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from mentorkit.cli import made_up
from mentorkit.cli.tour_between import between, pause
from mentorkit.cli.tour_scene import ID, Chapter, Scene, Step, in_kit, morning_after, step
from mentorkit.models import Session


def meetings(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    """They are planned and held, round by round."""
    if scene.blueprint.policies.scheduler is not None:
        schedule = step(
            "schedule", ID,
            python=in_kit(
                f'held = kit.relationships.page("{ID}")',
                "kit.sessions.schedule([one.id for one in held])",
            ),
        )  # fmt: skip
        yield Chapter("All meetings are planned when people are free", at, (schedule,))
    rounds = _rounds(scene.sessions(*scene.relationships()))
    for number, (day, due) in enumerate(rounds, 1):
        yield Chapter(f"Meetings, round {number} of {len(rounds)}", day, (_log(due),))
        yield from upkeep(scene, day)
        if number == 1:
            yield from between(scene, day)
            yield from pause(scene, day)


def upkeep(scene: Scene, day: datetime.datetime) -> Iterator[Chapter]:
    """What is due, and what people answer when they are asked."""
    run = step("run", "--once", python="house.advance()\nhouse.deliver()")
    yield Chapter("What is due is done, and events are carried out", day, (run,))
    with scene.kit() as kit:
        ids = [held.id for held in kit.relationships.page(ID)]
        asked = [one for id in ids for one in kit.feedback.of(id) if one.state == "open"]
    if any(made_up.answers(one) for one in asked):
        ask = step("survey", "list", ID, "--out", "answers.csv", python="")
        yield Chapter("Open questions go to a file, for people to fill in", day, (ask,))
        scene.fill()
        yield Chapter("Their answers are read", day, (_answer(),))


def _log(due: Sequence[str]) -> Step:
    outputs = [word for name in due for word in ("--output", f"{name}=our {name}")]
    return step(
        "log", "--all", ID, "--held", *outputs,
        python=in_kit(
            f'for held in kit.relationships.page("{ID}"):',
            "    for session in kit.sessions.of(held.id):",
            '        if session.state == "planned" and session.ends <= now:',
            '            outputs = {name: f"our {name}" for name in session.due}',
            "            kit.sessions.hold(session.id, outputs=outputs)",
        ),
    )  # fmt: skip


def _answer() -> Step:
    return step(
        "survey", "answer", "--from", "answers.csv",
        python="from mentorkit.cli import made_up\n"
        + in_kit(
            f'for held in kit.relationships.page("{ID}"):',
            "    for request in kit.feedback.of(held.id):",
            '        answers = request.state == "open" and made_up.answers(request)',
            "        if answers:",
            "            kit.feedback.answer(request.id, answers)",
        ),
    )  # fmt: skip


def _rounds(sessions: Sequence[Session]) -> list[tuple[datetime.datetime, list[str]]]:
    """The mornings after which the meetings of each number are over, and what these owe."""
    found = []
    for number in sorted({session.number for session in sessions}):
        held = [session for session in sessions if session.number == number]
        due = sorted({name for session in held for name in session.due})
        found.append((morning_after(held), due))
    return sorted(found)
