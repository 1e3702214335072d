"""An account of stories: who consents to which, and so what is published and who may know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import attrs

import mentorkit
from mentorkit.errors import NotFound
from mentorkit.models import Actor, Story
from mentorkit.testing.house import TrialHouse


@attrs.define
class Told:
    """All stories that there are, by id: their members, and those who consent to their words."""

    house: TrialHouse
    programme: str
    members: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    consents: dict[str, set[str]] = attrs.field(factory=dict)

    def written(self, story: Story, members: tuple[str, ...]) -> None:
        """Somebody has written a story."""
        self.members[story.id] = members
        self.consents[story.id] = {story.author}

    def said(self, story: str, person: str, act: str) -> None:
        """A member has done something about a story."""
        if act == "consent":
            self.consents[story].add(person)
        elif act == "withdraw":
            self.consents[story].discard(person)
        elif act == "rewrite":
            self.consents[story] = {person}
        else:
            del self.members[story], self.consents[story]

    def removed(self, person: str) -> None:
        """Whatever tells of somebody who is forgotten is gone."""
        for story, members in list(self.members.items()):
            if person in members:
                del self.members[story], self.consents[story]

    def findings(self, inside: list[Actor], outside: list[Actor]) -> Iterator[str]:
        """What is other than the account says, for some who take part and others who do not."""
        wanted = {id for id, held in self.consents.items() if held == {*self.members[id]}}
        drafts = sorted(set(self.members) - wanted)[-3:]
        for actor in (*inside, *outside):
            shown = wanted if actor in inside else set()
            with self.house.kit(actor=actor) as kit:
                found = {one.id for one in kit.stories.published(self.programme, limit=99999)}
                if found != shown:
                    yield f"{actor} reads the stories {sorted(found)}, and not {sorted(shown)}"
                for id in drafts:
                    if actor.person not in self.members[id] and _there(kit.stories.get, id):
                        yield f"{actor} reads the story {id}, to which not all consent"
        yield from self._journal(wanted)

    def _journal(self, wanted: set[str]) -> Iterator[str]:
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            told = kit.reports.journal()
        kinds = ("story.published", "story.withdrawn")
        up, down = (Counter(one.subject for one in told if one.kind == kind) for kind in kinds)
        if set((up - down).elements()) != wanted or (down - up):
            yield "events tell of other stories than those that are published"


def _there(get: Callable[[str], Story], id: str) -> bool:
    try:
        get(id)
    except NotFound:
        return False
    return True
