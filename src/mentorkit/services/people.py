"""People: pushed by the host, or brought in with a programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mentorkit import codec
from mentorkit.access import Ties
from mentorkit.models import Person
from mentorkit.services.relationships import Relationships
from mentorkit.services.work import Service, changing
from mentorkit.store import members
from mentorkit.store.shelves import BATCH, PEOPLE, batches, packed


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

    @changing
    def remove(self, person: str) -> None:
        """Forget a person: their part in programmes ends, and their relationships end.

        The journal keeps the bare id. NotFound where there is nobody.
        """
        self._work.allow("people.remove", Ties())
        self._rows.get(PEOPLE, person)
        Relationships(self._work)._end_all_of(person)
        members.forget(self._rows, person)
        self._rows.drop(PEOPLE, person)
        self._work.happened("people.removed", person, people=(person,))

    def _ties_of(self, person: str) -> Ties:
        """A person is seen by partners, and by the coordinators of their programmes."""
        actor = self._work.actor
        if actor.system or actor.person == person:
            return Ties(own=(person,))
        partner = actor.person is not None and members.partnered(self._rows, actor.person, person)
        mine: Sequence[str] = members.programmes_of(self._rows, person)
        run = next((programme for programme in mine if actor.runs(programme)), None)
        return Ties(programme=run, members=(actor.person,) if partner and actor.person else ())
