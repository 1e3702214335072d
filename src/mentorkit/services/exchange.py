"""Exchange: what members ask and share between meetings."""

from __future__ import annotations

import attrs

from mentorkit.access import NOT_SHOWN
from mentorkit.errors import Conflict, Invalid
from mentorkit.lifecycle import CLOSED
from mentorkit.models import Query, Relationship, Reply, Resource
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import QUERIES, RESOURCES


class Exchange(OfRelationship):
    """`kit.exchange`: questions, answers and resources, at any time between meetings.

    Each counts as contact. `person` says in whose name something is done; without it, in the
    actor's own.
    """

    @changing
    def ask(
        self, relationship: str, words: str, *, person: str | None = None, key: str | None = None
    ) -> Query:
        """A member asks the others something.

        The same `key` gives the same question again. Conflict where the relationship is closed.
        """
        held, person = self._open(relationship, "exchange.ask", person)
        id = self._work.id("query", key, held.id, person)
        if again := self._again(QUERIES, id, key):
            return again
        query = Query(
            id=id,
            programme=held.programme,
            relationship=held.id,
            asker=person,
            words=words,
            asked=self._work.now(),
        )
        self._rows.add(QUERIES, [query])
        self._told(held, "question.asked", query.id, people=(person,))
        return self._rows.get(QUERIES, query.id)

    @changing
    def answer(
        self, query: str, words: str, *, person: str | None = None, version: int | None = None
    ) -> Query:
        """Another member answers, or says otherwise what they have answered.

        Invalid where it is the one who asked, Conflict where the relationship is closed.
        """
        found = self._rows.get(QUERIES, query)
        held, person = self._open(found.relationship, "exchange.answer", person)
        if person == found.asker:
            raise Invalid("person", f"{person!r} asked this; another member answers it")
        before = {one.by: one for one in found.replies}
        if person in before and before[person].words == words:
            return found
        check_version(found, version)
        before[person] = Reply(by=person, words=words, at=self._work.now())
        self._told(held, "question.answered", query, people=(person,))
        return self._rows.save(QUERIES, attrs.evolve(found, replies=tuple(before.values())))

    @changing
    def share(
        self,
        relationship: str,
        title: str,
        *,
        link: str | None = None,
        words: str = "",
        person: str | None = None,
        key: str | None = None,
    ) -> Resource:
        """A member shares a resource: a title with a link, which is https, or with words.

        The same `key` gives the same resource again. Conflict where the relationship is closed.
        """
        held, person = self._open(relationship, "exchange.share", person)
        id = self._work.id("resource", key, held.id, person)
        if again := self._again(RESOURCES, id, key):
            return again
        resource = Resource(
            id=id,
            programme=held.programme,
            relationship=held.id,
            by=person,
            title=title,
            link=link,
            words=words,
            shared=self._work.now(),
        )
        self._rows.add(RESOURCES, [resource])
        self._told(held, "resource.shared", resource.id, people=(person,))
        return self._rows.get(RESOURCES, resource.id)

    def get(self, query: str) -> Query:
        """A question with its answers, as far as the actor may see it."""
        found = self._rows.get(QUERIES, query)
        return self._shown(QUERIES, found, self._ties_of(self._relationship(found.relationship)))

    def queries(self, relationship: str) -> tuple[Query, ...]:
        """The questions of a relationship that the actor sees, in the order of asking."""
        found = self._all_shown(QUERIES, relationship)
        return tuple(sorted(found, key=lambda one: (one.asked, one.id)))

    def resources(self, relationship: str) -> tuple[Resource, ...]:
        """The resources of a relationship that the actor sees, in the order of sharing."""
        found = self._all_shown(RESOURCES, relationship)
        return tuple(sorted(found, key=lambda one: (one.shared, one.id)))

    def _open(self, relationship: str, act: str, person: str | None) -> tuple[Relationship, str]:
        held, person = self._as_member(relationship, act, person)
        # Alumni stay in touch.
        if held.stage == CLOSED and held.outcome != "completed":
            raise Conflict(f"relationship {relationship!r} is closed: {held.outcome}")
        return held, person


def takes_part(held: Query, person: str) -> bool:
    """Whether somebody asked or answered here."""
    return person == held.asker or any(one.by == person for one in held.replies)


def own_words(held: Query, person: str) -> Query:
    """A query with nobody's words but one's own."""
    words = held.words if held.asker == person else NOT_SHOWN
    replies = tuple(one for one in held.replies if one.by == person)
    return attrs.evolve(held, words=words, replies=replies)
