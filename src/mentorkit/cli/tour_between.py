"""The tour between two meetings: what members do, ask, share and hear, and a pause."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from mentorkit.cli.tour_scene import DAY, Chapter, Scene, in_kit, named, step
from mentorkit.models import Relationship, Session


def between(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    """What goes on in one relationship until its next meeting, if there is one."""
    for held in scene.relationships()[:1]:
        meeting = scene.next_of(held)
        if meeting is not None:
            yield from _exchange(scene, held, at)
            yield from _work(held, meeting, at)


def _exchange(scene: Scene, held: Relationship, at: datetime.datetime) -> Iterator[Chapter]:
    one, other = held.people[:2]
    words = "Whom should I talk to before I begin?"
    ask = step(
        "exchange", "ask", named(held), words, "--as", one, "--key", "whom",
        python=in_kit(
            "question = kit.exchange.ask(",
            f'    "{held.id}", "{words}",',
            f'    person="{one}", key="whom",',
            ")",
        ),
    )  # fmt: skip
    yield Chapter("Between meetings, one asks something", at, (ask,))
    with scene.kit() as kit:
        question = kit.exchange.queries(held.id)[-1]
    words = "Those who did it last year"
    answer = step(
        "exchange", "answer", question.id, words, "--as", other,
        python=in_kit(f'kit.exchange.answer(question.id, "{words}", person="{other}")'),
    )  # fmt: skip
    yield Chapter("Another answers", at, (answer,))
    title, words = "My first week", "Listen, and write down every name"
    share = step(
        "exchange", "share", named(held), title, "--words", words, "--as", other, "--key", "week",
        python=in_kit(
            "kit.exchange.share(",
            f'    "{held.id}", "{title}", words="{words}",',
            f'    person="{other}", key="week",',
            ")",
        ),
    )  # fmt: skip
    yield Chapter("And shares a resource", at, (share,))


def _work(held: Relationship, meeting: Session, at: datetime.datetime) -> Iterator[Chapter]:
    one, due = held.people[0], meeting.starts.date()
    title = "Talk to one of them"
    act = step(
        "actions", "add", named(held), title, "--as", one, "--due", str(due), "--key", "talk",
        python=in_kit(
            "action = kit.actions.add(",
            f'    "{held.id}", "{title}", due={due!r},',
            f'    person="{one}", key="talk",',
            ")",
        ),
    )  # fmt: skip
    yield Chapter("Until they meet again, there is something to do", at, (act,))
    words = "Say first what you do not know"
    hear = step(
        "insights", "add", named(held), words, "--as", one, "--key", "first",
        python=in_kit(
            "kit.insights.add(",
            f'    "{held.id}", "{words}", person="{one}", key="first"',
            ")",
        ),
    )  # fmt: skip
    yield Chapter("One writes down what to carry over into their own work", at, (hear,))
    prepare = step(
        "prepare", f"{named(held)}#{meeting.number}", "--as", one,
        python=in_kit(f'sheet = kit.sessions.prepare("{meeting.id}")', actor=one),
        shown=12,
    )  # fmt: skip
    yield Chapter("One prepares for the next meeting, with all that is open", at, (prepare,))


def pause(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    """One relationship pauses, and goes on a day later, before its next meeting."""
    for held in scene.relationships()[1:2]:
        meeting = scene.next_of(held)
        until = at.date() + 5 * DAY
        if held.stage != "active" or meeting is None or meeting.starts.date() <= until:
            return
        rest = step(
            "pause", named(held), "--until", str(until),
            python=in_kit(f'kit.relationships.pause("{held.id}", {until!r})'),
        )  # fmt: skip
        yield Chapter("One of them is away for some days: the mentoring pauses", at, (rest,))
        resume = step(
            "resume", named(held), python=in_kit(f'kit.relationships.resume("{held.id}")')
        )
        yield Chapter("It goes on sooner; the days of the pause come on top", at + DAY, (resume,))
