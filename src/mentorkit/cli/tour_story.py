"""The story of the tour: what happens, the command that does it, and the call that does it.

It knows no format by name: it follows the blueprint's path and policies, and what is due.
The ids that it names follow from keys, so that both ways of playing it meet them.
"""

from __future__ import annotations

from collections.abc import Iterator

from mentorkit.cli.tour_agreement import agreement
from mentorkit.cli.tour_beginning import beginning
from mentorkit.cli.tour_end import end
from mentorkit.cli.tour_fruits import fruits
from mentorkit.cli.tour_meetings import meetings
from mentorkit.cli.tour_scene import DAY, START, Chapter, Scene


def story(scene: Scene) -> Iterator[Chapter]:
    """One chapter after the other: each is to be played before the next is asked for."""
    yield from beginning(scene, START)
    yield from agreement(scene, START + 2 * DAY)
    yield from meetings(scene, START + 3 * DAY)
    yield from fruits(scene)
    yield from end(scene)
