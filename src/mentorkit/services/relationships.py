"""Relationships: accepted, agreed, ended, and the notes that are written in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.errors import Invalid, NotFound
from mentorkit.models import Agreement, Note, ProgrammeRun, Relationship
from mentorkit.services.bound import Bound
from mentorkit.services.histories import history
from mentorkit.services.work import Service, changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import (
    BATCH,
    NOTES,
    PROGRAMMES,
    RELATIONSHIPS,
    SESSIONS,
    Shelf,
)

KIND = "relationship"
"""Of the timers that say when a relationship is looked at."""


class OfRelationship(Service):
    """What services share that work within a relationship."""

    def _relationship(self, relationship: str) -> Relationship:
        """The relationship; locked, where something in it is about to change.

        That lock comes before any other, so that nobody waits in a circle.
        """
        return self._rows.get(RELATIONSHIPS, relationship, lock=self._work.changing)

    def _run_of(self, held: Relationship) -> ProgrammeRun:
        return self._rows.get(PROGRAMMES, held.programme)

    def _ties_of(self, held: Relationship) -> Ties:
        return self._ties(held.programme, held.people)

    def _together(self, relationship: str, act: str) -> Relationship:
        """The relationship, if the actor may do this to what its members share."""
        held = self._relationship(relationship)
        self._work.allow(act, self._ties_of(held), held)
        return held

    def _as_member(
        self, relationship: str, act: str, person: str | None
    ) -> tuple[Relationship, str]:
        """The relationship and the member in whose name this is done, if it may be."""
        held = self._relationship(relationship)
        person, ties = self._in_name_of(person, held)
        self._work.allow(act, ties, held)
        lifecycle.check_member(held, person)
        return held, person

    def _told(self, held: Relationship, kind: str, subject: str, **more: Any) -> None:
        """Record what happened in a relationship, and have it looked at."""
        self._work.happened(
            kind,
            subject,
            programme=held.programme,
            relationship=held.id,
            people=more.pop("people", held.people),
            facts=more or None,
        )
        self._work.look(KIND, held.id)

    def _all_shown(self, shelf: Shelf[Any], relationship: str) -> tuple[Any, ...]:
        """The things of a relationship that the actor sees, each as far as it does."""
        ties = self._ties_of(self._relationship(relationship))
        found = self._rows.find(shelf, relationship=relationship)
        return self._visible(found, lambda _: ties)

    def _behind(self, things: Iterable[Any]) -> dict[str, Relationship]:
        """The relationships that things belong to, by id: a query for many of them."""
        ids = {thing.relationship for thing in things}
        return {held.id: held for held in self._rows.find(RELATIONSHIPS, id=ids)}


class Relationships(OfRelationship):
    """`kit.relationships`: people mentoring together, from proposal to end.

    `person` says in whose name something is done; without it, in the actor's own. Steps
    that were taken already change nothing. With `version`, Conflict where the relationship
    is no longer what the caller has seen.
    """

    def get(self, relationship: str) -> Relationship:
        """A relationship; NotFound where there is none, or none that the actor may see."""
        held = self._relationship(relationship)
        return self._shown(RELATIONSHIPS, held, self._ties_of(held))

    def page(
        self, programme: str, after: str | None = None, limit: int = BATCH
    ) -> tuple[Relationship, ...]:
        """The first `limit` of a programme that the actor sees, in the order of their ids.

        Go on with the last id as `after`.
        """
        return self._page(RELATIONSHIPS, self._ties_of, after, limit, programme=programme)

    def of(self, person: str) -> tuple[Relationship, ...]:
        """A person's relationships that the actor sees, in the order of their ids."""
        ids = members.relationships_of(self._rows, person)
        return self._visible(self._rows.find(RELATIONSHIPS, id=ids), self._ties_of)

    @changing
    def accept(
        self, relationship: str, *, person: str | None = None, version: int | None = None
    ) -> Relationship:
        """A member takes the proposal on; when all have, it moves on."""
        held, person = self._as_member(relationship, "relationships.accept", person)
        check_version(held, version)
        return self._moved(held, lifecycle.accept(held, person, self._work.now()), person)

    @changing
    def decline(
        self, relationship: str, *, person: str | None = None, version: int | None = None
    ) -> Relationship:
        """A member turns the proposal down, which closes it."""
        held, person = self._as_member(relationship, "relationships.decline", person)
        check_version(held, version)
        return self._moved(held, lifecycle.decline(held, person, self._work.now()), person)

    @changing
    def propose_terms(
        self,
        relationship: str,
        terms: Agreement,
        *,
        person: str | None = None,
        version: int | None = None,
    ) -> Relationship:
        """A member proposes other terms; whoever has signed is asked again."""
        held, person = self._as_member(relationship, "relationships.propose_terms", person)
        check_version(held, version)
        changed = lifecycle.propose_terms(held, person, terms)
        return self._moved(held, changed, person, "relationship.terms")

    @changing
    def sign(
        self, relationship: str, *, person: str | None = None, version: int | None = None
    ) -> Relationship:
        """A member signs the agreement; when all have, it moves on.

        Conflict, with the reason, where a signal holds the last signature back.
        """
        held, person = self._as_member(relationship, "relationships.sign", person)
        check_version(held, version)
        bound = Bound(self._run_of(held), self._work.registry)
        holds = bound.holds(history(self._rows, held))
        changed = lifecycle.sign(held, person, self._work.now(), holds)
        return self._moved(held, changed, person, "relationship.signed")

    @changing
    def complete(self, relationship: str, *, version: int | None = None) -> Relationship:
        """It ends as it was meant to, before the last day of its agreement."""
        held = self._together(relationship, "relationships.complete")
        check_version(held, version)
        return self._shown(RELATIONSHIPS, self._completed(held), self._ties_of(held))

    def _completed(self, held: Relationship) -> Relationship:
        """As `complete`, for what has asked whether it may."""
        return self._moved(held, lifecycle.complete(held, self._work.now()), None)

    @changing
    def end(
        self,
        relationship: str,
        *,
        person: str | None = None,
        reason: str = "",
        version: int | None = None,
    ) -> Relationship:
        """It ends early, without fault. The reason stays a private note of who gives it."""
        held = self._relationship(relationship)
        person = person if person is not None else self._work.actor.person
        own = (person,) if person in held.people else ()
        ties = Ties(programme=held.programme, own=own, members=held.people)
        self._work.allow("relationships.end", ties, held)
        check_version(held, version)
        if reason:
            author = person if self._work.actor.system else self._work.actor.person
            if author is None or author != person:
                raise Invalid("person", "a reason is given in one's own name")
            self._note(held, author, reason, shared=False, session=None, key=None)
        return self._shown(RELATIONSHIPS, self._ended(held), self._ties_of(held))

    def _ended(self, held: Relationship) -> Relationship:
        """As `end`, for what has asked whether it may."""
        return self._moved(held, lifecycle.end(held, self._work.now()), None)

    def _end_all_of(self, person: str, programme: str | None = None) -> None:
        """End whatever a person is still in."""
        for held in self._rows.find(RELATIONSHIPS, id=members.relationships_of(self._rows, person)):
            if held.stage != lifecycle.CLOSED and programme in (None, held.programme):
                self._ended(held)

    def _close_all_in(self, programme: str) -> None:
        """Complete what is active in a programme, and end what never began."""
        for held in self._rows.find(RELATIONSHIPS, programme=programme):
            if held.stage in ("active", "met"):
                self._completed(held)
            elif held.stage != lifecycle.CLOSED:
                self._ended(held)

    @changing
    def _met(self, held: Relationship) -> Relationship:
        """A meeting of it took place."""
        return self._moved(held, lifecycle.meet(held, self._work.now()), None)

    def _moved(
        self,
        before: Relationship,
        after: Relationship,
        person: str | None,
        kind: str = "relationship.accepted",
    ) -> Relationship:
        """Keep a step, if it was one, and say so; a closed one holds no more meetings."""
        if after == before:
            return before
        if after.stage == before.stage:
            self._told(after, kind, after.id, people=(person,) if person else after.people)
        elif after.stage == lifecycle.CLOSED:
            self._cancel_meetings(after)
            outcome = str(after.outcome)
            self._told(after, "relationship.closed", after.id, outcome=outcome, was=before.stage)
        else:
            self._told(after, "relationship.moved", after.id, stage=after.stage, was=before.stage)
        return self._rows.save(RELATIONSHIPS, after)

    def _cancel_meetings(self, held: Relationship) -> None:
        for session in self._rows.find(SESSIONS, relationship=held.id, state="planned"):
            self._rows.save(SESSIONS, attrs.evolve(session, state="cancelled"))
            self._told(held, "session.cancelled", session.id, number=session.number)

    @changing
    def write(
        self,
        relationship: str,
        text: str,
        *,
        shared: bool = False,
        session: str | None = None,
        person: str | None = None,
        key: str | None = None,
    ) -> Note:
        """A member writes a note: for their own eyes or, if `shared`, for all members'.

        The same `key` gives the same note again.
        """
        held, person = self._as_member(relationship, "relationships.write", person)
        return self._note(held, person, text, shared=shared, session=session, key=key)

    def _note(
        self,
        held: Relationship,
        author: str,
        text: str,
        *,
        shared: bool,
        session: str | None,
        key: str | None,
    ) -> Note:
        id = self._work.id("note", key, held.id, author)
        if again := self._again(NOTES, id, key):
            return again
        note = Note(
            id=id,
            programme=held.programme,
            relationship=held.id,
            author=author,
            text=text,
            shared=shared,
            session=session,
            written=self._work.now(),
        )
        self._rows.add(NOTES, [note])
        if shared:
            self._told(held, "note.shared", note.id, people=(author,))
        return self._rows.get(NOTES, note.id)

    def notes(self, relationship: str) -> tuple[Note, ...]:
        """The notes of a relationship that the actor may read, in the order of writing."""
        held = self._relationship(relationship)
        if self._work.see(held, self._ties_of(held)) is None:
            raise NotFound(f"there is no relationship {relationship!r}")

        def ties_of(note: Note) -> Ties:
            shared = held.people if note.shared else ()
            return Ties(programme=note.programme, own=(note.author,), members=shared)

        found = self._visible(self._rows.find(NOTES, relationship=relationship), ties_of)
        return tuple(sorted(found, key=lambda note: note.written))
