"""Notes: what the members of a relationship write, for themselves or for each other."""

from __future__ import annotations

from mentorkit.access import Ties
from mentorkit.errors import Conflict, NotFound
from mentorkit.lifecycle import confidentiality
from mentorkit.models import Note, Relationship
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing
from mentorkit.store.shelves import NOTES


class Notes(OfRelationship):
    """The part of `kit.relationships` that writes and reads notes."""

    @changing
    def write(
        self,
        relationship: str,
        text: str,
        *,
        shared: bool = False,
        along: bool = False,
        session: str | None = None,
        person: str | None = None,
        key: str | None = None,
    ) -> Note:
        """A member writes a note: for their own eyes or, if `shared`, for others' as well.

        For whose, the agreement's confidentiality says, as it is now: what changes later widens
        nothing. What is shared and goes `along` is read by a successor, too, if it is handed over.
        Conflict where the agreement leaves notes to their authors. The same `key` gives the same
        note again.
        """
        held, person = self._as_member(relationship, "relationships.write", person)
        return self._note(held, person, text, shared=shared, along=along, session=session, key=key)

    def _note(
        self,
        held: Relationship,
        author: str,
        text: str,
        *,
        shared: bool,
        along: bool = False,
        session: str | None,
        key: str | None,
    ) -> Note:
        id = self._work.id("note", key, held.id, author)
        if again := self._again(NOTES, id, key):
            return again
        readers = confidentiality(held)
        if shared and readers == "author":
            raise Conflict(
                f"the agreement of relationship {held.id!r} leaves notes to their authors; write"
                " it for yourself, or propose terms whose confidentiality is 'members'"
            )
        note = Note(
            id=id,
            programme=held.programme,
            relationship=held.id,
            author=author,
            text=text,
            shared=shared,
            confidentiality=readers,
            session=session,
            written=self._work.now(),
            along=along,
        )
        self._rows.add(NOTES, [note])
        if shared:
            self._told(held, "note.shared", note.id, people=(author,))
        return self._rows.get(NOTES, note.id)

    def notes(self, relationship: str) -> tuple[Note, ...]:
        """The notes of a relationship that the actor may read, in the order of writing.

        Where it follows one that was handed over, what was to go along is among them, once all
        have accepted.
        """
        held = self._relationship(relationship)
        if self._work.see(held, self._ties_of(held)) is None:
            raise NotFound(f"there is no relationship {relationship!r}")

        def ties_of(note: Note) -> Ties:
            return Ties(programme=note.programme, own=(note.author,), members=held.people)

        kept = [*self._rows.find(NOTES, relationship=relationship), *self._handed_on(held)]
        return tuple(sorted(self._visible(kept, ties_of), key=lambda note: note.written))

    def _handed_on(self, held: Relationship) -> list[Note]:
        """What was to go along of the relationships that it follows."""
        found: list[Note] = []
        if set(held.accepted) != set(held.people):
            return found
        while held.follows is not None:
            held = self._relationship(held.follows)
            found += [note for note in self._rows.find(NOTES, relationship=held.id) if note.along]
        return found
