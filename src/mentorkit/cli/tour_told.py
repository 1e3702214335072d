"""The tour's story: one tells what came of it, all consent, and one thinks better of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from mentorkit.cli.tour_scene import ID, Chapter, Scene, in_kit, named, step
from mentorkit.models import Relationship


def told(scene: Scene, held: Relationship, at: datetime.datetime) -> Iterator[Chapter]:
    """A story from its first word to where it is published no more."""
    author, *others = held.people
    title, words = "What a question can do", "We began with one, and it changed how we work."
    write = step(
        "stories", "write", named(held), title, words, "--as", author, "--key", "told",
        python=in_kit(
            "story = kit.stories.write(",
            f'    "{held.id}",',
            f'    "{title}",',
            f'    "{words}",',
            f'    person="{author}", key="told",',
            ")",
        ),
    )  # fmt: skip
    yield Chapter("One tells what came of it; nobody else reads it as yet", at, (write,))
    with scene.kit() as kit:
        (story,) = kit.stories.of(held.id)
    consents = tuple(
        step(
            "stories", "consent", story.id, "--as", person, "--edition", str(story.edition),
            python=in_kit(f'kit.stories.consent(story.id, story.edition, person="{person}")'),
        )
        for person in others
    )  # fmt: skip
    yield Chapter("All others consent to these words: the story is published", at, consents)
    listed = step("stories", "list", ID, python=in_kit(f'stories = kit.stories.published("{ID}")'))
    yield Chapter("Whoever takes part in the programme can read it", at, (listed,))
    withdraw = step(
        "stories", "withdraw", story.id, "--as", others[0],
        python=in_kit(f'kit.stories.withdraw(story.id, person="{others[0]}")'),
    )  # fmt: skip
    yield Chapter("One takes that back, and it is published no more", at, (withdraw,))
