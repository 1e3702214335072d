"""Stories: what members tell others, published while every one of them consents."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from mentorkit import lifecycle
from mentorkit.access import NOT_SHOWN, Ties
from mentorkit.errors import Conflict
from mentorkit.models import Relationship, Story
from mentorkit.models.person import erased
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import BATCH, STORIES


class Stories(OfRelationship):
    """`kit.stories`: written by a member, and published exactly while every member consents.

    Until then it is the members' alone: to anybody else it does not exist. `person` says in
    whose name something is done; without it, in the actor's own.
    """

    @changing
    def write(
        self,
        relationship: str,
        title: str,
        words: str,
        *,
        person: str | None = None,
        key: str | None = None,
    ) -> Story:
        """A member writes a story, and thereby consents to it; the others are asked.

        Also when the relationship is over. The same `key` gives the same story again. Conflict
        where the relationship was never accepted, or where a member was erased, who cannot
        consent.
        """
        held, person = self._as_member(relationship, "stories.write", person)
        id = self._work.id("story", key, held.id, person)
        if again := self._again(STORIES, id, key):
            return again
        lifecycle.check_taken_on(held)
        if any(map(erased, held.people)):
            raise Conflict(f"a member of relationship {held.id!r} was erased, and cannot consent")
        story = Story(
            id=id,
            programme=held.programme,
            relationship=held.id,
            author=person,
            title=title,
            words=words,
            written=self._work.now(),
            consented=(person,),
        )
        story = _settled(held, story)
        self._rows.add(STORIES, [story])
        self._asked(story)
        if story.state == "published":
            self._happened(held, "story.published", story)
        return self._rows.get(STORIES, story.id)

    @changing
    def rewrite(
        self,
        story: str,
        *,
        title: str | None = None,
        words: str | None = None,
        version: int | None = None,
    ) -> Story:
        """Its author says it in other words, to which nobody else has consented as yet.

        Whoever took their consent back is not asked about these, either. The same words change
        nothing.
        """
        held, found = self._by_author(story, "stories.rewrite")
        changed = attrs.evolve(
            found,
            title=found.title if title is None else title,
            words=found.words if words is None else words,
        )
        if changed == found:
            return found
        check_version(found, version)
        edition, now = found.edition + 1, self._work.now()
        changed = attrs.evolve(changed, edition=edition, written=now, consented=())
        self._asked(changed)
        return self._kept(held, found, _consenting(changed, found.author))

    @changing
    def consent(self, story: str, edition: int, *, person: str | None = None) -> Story:
        """A member consents to the words of this edition; once all do, it is published.

        Conflict where it was rewritten since: they may have read other words.
        """
        held, found, person = self._by_member(story, "stories.consent", person)
        if edition != found.edition:
            raise Conflict(
                f"story {story!r} was rewritten: read edition {found.edition}, not {edition}"
            )
        return self._kept(held, found, _consenting(found, person))

    @changing
    def withdraw(self, story: str, *, person: str | None = None) -> Story:
        """A member takes their consent back, or says that they will not give it.

        At any time and without a reason; from now on the story is not published. They are not
        asked again, and may consent again of their own accord.
        """
        held, found, person = self._by_member(story, "stories.withdraw", person)
        changed = attrs.evolve(
            found,
            consented={*found.consented} - {person},
            withdrawn={*found.withdrawn, person},
        )
        return self._kept(held, found, changed)

    @changing
    def drop(self, story: str, *, version: int | None = None) -> None:
        """Its author takes a story away altogether: from now on there is none."""
        held, found = self._by_author(story, "stories.drop")
        check_version(found, version)
        self._unpublished(held, found)
        self._rows.drop(STORIES, found.id)

    def get(self, story: str) -> Story:
        """A story, as far as the actor may see it."""
        return self._seen(story)[1]

    def of(self, relationship: str) -> tuple[Story, ...]:
        """The stories of a relationship that the actor sees, in the order of writing."""
        ties = self._ties_of_story(self._relationship(relationship))
        found = self._visible(self._rows.find(STORIES, relationship=relationship), lambda _: ties)
        return tuple(sorted(found, key=lambda one: (one.written, one.id)))

    def published(
        self, programme: str, after: str | None = None, limit: int = BATCH
    ) -> tuple[Story, ...]:
        """The first `limit` published stories that the actor sees, in the order of their ids.

        Go on with the last id as `after`.
        """
        part = self._taking_part(programme)

        def ties(story: Story) -> Ties:
            # All members have consented, or it would not be published.
            return attrs.evolve(part, members=story.consented)

        where = {"programme": programme, "state": "published"}
        return self._page(STORIES, ties, after, limit, **where)

    def _seen(self, story: str) -> tuple[Relationship, Story]:
        """The relationship and the story, if the actor sees it.

        About to change, it is read once more when the relationship is locked: nobody is
        refused what they may always do because another did something at the same time.
        """
        found = self._rows.get(STORIES, story)
        held = self._relationship(found.relationship)
        if self._work.changing:
            found = self._rows.get(STORIES, story)
        return held, self._shown(STORIES, found, self._ties_of_story(held))

    def _ties_of_story(self, held: Relationship) -> Ties:
        return attrs.evolve(self._taking_part(held.programme), members=held.people)

    def _by_author(self, story: str, act: str) -> tuple[Relationship, Story]:
        held, found = self._seen(story)
        self._work.allow(act, Ties(programme=held.programme, own=(found.author,)), found)
        return held, found

    def _by_member(
        self, story: str, act: str, person: str | None
    ) -> tuple[Relationship, Story, str]:
        held, found = self._seen(story)
        person, ties = self._in_name_of(person, held)
        self._work.allow(act, ties, found)
        lifecycle.check_member(held, person)
        return held, found, person

    def _asked(self, story: Story) -> None:
        """Tell that there are new words, and neither whose nor where.

        A coordinator reads events, and knows of no draft.
        """
        self._work.happened("story.written", story.id, facts={"edition": story.edition})

    def _kept(self, held: Relationship, before: Story, after: Story) -> Story:
        """Keep who consents; publish the story, or take it down, accordingly."""
        after = _settled(held, after)
        if after == before:
            return before
        self._unpublished(held, before, after)
        if (before.state, after.state) == ("draft", "published"):
            self._happened(held, "story.published", after)
        return self._rows.save(STORIES, after)

    def _unpublished(self, held: Relationship, before: Story, after: Story | None = None) -> None:
        """Tell of what was published that it is so no more, and not whose wish that was."""
        if before.state == "published" and (after is None or after.state == "draft"):
            self._happened(held, "story.withdrawn", before)

    def _happened(self, held: Relationship, kind: str, story: Story) -> None:
        """Tell what those see who take part in the programme, too."""
        self._work.happened(
            kind,
            story.id,
            programme=held.programme,
            relationship=held.id,
            people=held.people,
        )

    def _take_down(self, relationships: Collection[str]) -> None:
        """Tell that nothing is published any more where somebody is about to be erased."""
        found = self._rows.find(STORIES, relationship=relationships, state="published")
        of = self._behind(found)
        for story in found:
            self._unpublished(of[story.relationship], story)


def _settled(held: Relationship, story: Story) -> Story:
    """The story: published if every member consents, and else a draft."""
    everybody = set(story.consented) == set(held.people)
    return attrs.evolve(story, state="published" if everybody else "draft")


def _consenting(story: Story, person: str) -> Story:
    return attrs.evolve(
        story,
        consented={*story.consented, person},
        withdrawn={*story.withdrawn} - {person},
    )


def has_part(held: Story, person: str) -> bool:
    """Whether somebody wrote this, consents to it, or took that back."""
    return person == held.author or person in (*held.consented, *held.withdrawn)


def own_part(held: Story, person: str) -> Story:
    """A story with nobody's words but one's own, and nobody else's consent."""
    if person == held.author:
        return held
    return attrs.evolve(
        held,
        title=NOT_SHOWN,
        words=NOT_SHOWN,
        consented={person} & {*held.consented},
        withdrawn={person} & {*held.withdrawn},
    )
