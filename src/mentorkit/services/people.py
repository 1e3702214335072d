"""People: pushed by the host, or brought in with a programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from mentorkit import codec
from mentorkit.access import Ties
from mentorkit.erasure import Erasure, left_of, stand_in
from mentorkit.errors import Fault, Invalid
from mentorkit.models import Export, Person
from mentorkit.models.person import ERASED, erased
from mentorkit.models.plain import long_id
from mentorkit.services.exchange import own_words, takes_part
from mentorkit.services.feedback import ties_of_signal
from mentorkit.services.gatherings import Gatherings
from mentorkit.services.relationships import Relationships
from mentorkit.services.stories import Stories, has_part, own_part
from mentorkit.services.work import Service, changing
from mentorkit.store import members, outbox
from mentorkit.store.shelves import (
    ACTIONS,
    AWARDS,
    BATCH,
    CONDUCT,
    EXPECTATIONS,
    GOALS,
    INSIGHTS,
    NOTES,
    OFFICE_HOURS,
    PEOPLE,
    PROGRAMMES,
    QUERIES,
    RELATIONSHIPS,
    REQUESTS,
    RESOURCES,
    SEATS,
    SESSIONS,
    SHELVES,
    SIGNALS,
    STORIES,
    Shelf,
    batches,
    packed,
)

T = TypeVar("T")
SHARED: tuple[Shelf[Any], ...] = (
    *(SESSIONS, GOALS, NOTES, EXPECTATIONS, ACTIONS, QUERIES, RESOURCES, INSIGHTS),
    *(STORIES, REQUESTS, SIGNALS, AWARDS),
)
"""Of what belongs to a relationship. Of all else whatever names somebody is looked for."""


class People(Service):
    """`kit.people`: the host's people, under the host's ids."""

    @changing
    def put(self, people: Iterable[Person]) -> tuple[str, ...]:
        """Add people or change them; gives the ids of those who are new or differ.

        Doing it again changes nothing.
        """
        self._work.allow("people.put", Ties())
        return self._keep({person.id: packed(codec.condense(person)) for person in people})

    def _keep(self, people: Mapping[str, str]) -> tuple[str, ...]:
        """As `put`, for a service that has asked whether it may: of people as they are kept."""
        _check_ids(people)
        before = {row[0]: row[2] for row in self._rows.raw(PEOPLE, where={"id": list(people)})}
        new = {id: data for id, data in people.items() if id not in before}
        changed = {id: data for id, data in people.items() if before.get(id, data) != data}
        members.add_people(self._rows, new)
        members.change_people(self._rows, changed)
        touched = tuple(sorted((*new, *changed)))
        for ids in batches(touched):
            self._work.happened("people.put", ids[0], people=ids, facts={"number": len(ids)})
        return touched

    def get(self, person: str) -> Person:
        """A person; NotFound where there is none, or none that the actor may see."""
        return self._shown(PEOPLE, self._rows.get(PEOPLE, person), self._ties_of(person))

    def page(self, after: str | None = None, limit: int = BATCH) -> tuple[Person, ...]:
        """The first `limit` people whom the actor sees, in the order of their ids.

        Go on with the last id as `after`.
        """
        return self._page(PEOPLE, lambda person: self._ties_of(person.id), after, limit)

    def export(self, person: str) -> Export:
        """All that is held of a person, for themselves; it has nothing that others wrote.

        For the person and the host's own jobs. NotFound where there is nobody.
        """
        self._work.allow("people.export", Ties(own=(person,)))
        found = self._rows.get(PEOPLE, person)
        relationships = members.relationships_of(self._rows, person)

        def all_of(shelf: Shelf[T]) -> list[T]:
            return [
                held
                for relationship in relationships
                for held in self._rows.find(shelf, relationship=relationship)
            ]

        awards = all_of(AWARDS)
        return Export(
            person=found,
            made=self._work.now(),
            enrolments=tuple(
                held
                for programme in members.programmes_of(self._rows, person)
                for held in members.enrolments(self._rows, programme, [person])
            ),
            relationships=tuple(self._rows.find(RELATIONSHIPS, id=relationships)),
            kept_apart=members.kept_apart(self._rows, person),
            office_hours=tuple(self._rows.find(OFFICE_HOURS, person=person)),
            seats=tuple(self._rows.find(SEATS, person=person)),
            sessions=tuple(all_of(SESSIONS)),
            goals=tuple(held for held in all_of(GOALS) if held.owner == person),
            notes=tuple(held for held in all_of(NOTES) if held.author == person),
            expectations=tuple(held for held in all_of(EXPECTATIONS) if held.person == person),
            requests=tuple(held for held in all_of(REQUESTS) if held.person == person),
            signals=tuple(held for held in all_of(SIGNALS) if person in ties_of_signal(held).own),
            awards=tuple(held for held in awards if held.person == person),
            thanks=tuple(held for held in awards if held.giver == person),
            conduct=tuple(self._rows.find(CONDUCT, reporter=person)),
            actions=tuple(one for one in all_of(ACTIONS) if person in (one.owner, one.by)),
            queries=tuple(
                own_words(held, person) for held in all_of(QUERIES) if takes_part(held, person)
            ),
            resources=tuple(held for held in all_of(RESOURCES) if held.by == person),
            insights=tuple(held for held in all_of(INSIGHTS) if held.owner == person),
            stories=tuple(
                own_part(held, person) for held in all_of(STORIES) if has_part(held, person)
            ),
        )

    def kept_apart(self, person: str) -> tuple[str, ...]:
        """With whom a person asked never to be matched again, for the person alone.

        When they declined or ended what they had together; not what they state as they enrol.
        """
        self._work.allow("people.kept_apart", Ties(own=(person,)))
        return members.kept_apart(self._rows, person)

    @changing
    def let_again(self, person: str, other: str) -> None:
        """A person takes back that they are never to be matched with another again.

        Nobody else learns of it. Without such a wish it changes nothing.
        """
        self._work.allow("people.let_again", Ties(own=(person,)))
        members.let_again(self._rows, person, other)

    @changing
    def remove(self, person: str) -> None:
        """Forget a person: their relationships end, and all that is theirs or tells of them goes.

        What others share with them keeps its dates, states and counts: see
        `mentorkit.erasure`. The journal keeps the bare id. NotFound where there is nobody.
        """
        self._work.allow("people.remove", Ties())
        whom = self._rows.get(PEOPLE, person)
        # As whoever enrols, publishes or works together does, and in the same order.
        self._rows.lock(PROGRAMMES, members.programmes_of(self._rows, person))
        together = members.relationships_of(self._rows, person)
        self._rows.lock(RELATIONSHIPS, together)
        Relationships(self._work)._end_all_of(person)
        Gatherings(self._work)._sign_off_all(person)
        Stories(self._work)._take_down(together)
        self._erase(Erasure(person, stand_in(self._work.ids()), whom.email), together)
        self._work.happened("people.removed", person, people=(person,))

    def _erase(self, erasure: Erasure, together: Sequence[str]) -> None:
        """Leave of everything what `mentorkit.erasure` does."""
        person = erasure.person
        for shelf in SHELVES:
            if shelf is RELATIONSHIPS:
                found = self._rows.find(shelf, id=together)
            elif shelf in SHARED:
                found = self._rows.find(shelf, relationship=together)
            elif shelf is not PEOPLE:
                found = self._rows.naming(shelf, person, *filter(None, [erasure.address]))
            else:
                continue
            for thing in found:
                self._leave(shelf, thing, left_of(thing, erasure))
        members.replace(self._rows, person, erasure.stand_in)
        members.forget(self._rows, person)
        outbox.forget(self._rows, person)
        self._rows.drop(PEOPLE, person)

    def _leave(self, shelf: Shelf[Any], before: Any, after: Any) -> None:
        if after is None:
            self._rows.drop(shelf, before.id)
        elif after != before:
            self._rows.save(shelf, after)

    def _ties_of(self, person: str) -> Ties:
        """A person is seen by partners, and by the coordinators of their programmes."""
        actor = self._work.actor
        if actor.system or actor.person == person:
            return Ties(own=(person,))
        partner = actor.person is not None and members.partnered(self._rows, actor.person, person)
        mine: Sequence[str] = members.programmes_of(self._rows, person)
        run = next((programme for programme in mine if actor.runs(programme)), None)
        return Ties(programme=run, members=(actor.person,) if partner and actor.person else ())


def _check_ids(people: Iterable[str]) -> None:
    """Refuse ids that would be taken for somebody who was erased, and such as no index holds."""
    words = f"begins with {ERASED!r}, which stands for those who were erased; give another id"
    faults = [Fault(f"person {id!r}", words) for id in people if erased(id)]
    faults += [fault.within("person") for id in people if (fault := long_id(id)) is not None]
    if faults:
        raise Invalid(faults=faults)
