"""What services share that work within a relationship."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.models import ProgrammeRun, Relationship
from mentorkit.services.ahead import check_day
from mentorkit.services.work import Service
from mentorkit.store.shelves import PROGRAMMES, RELATIONSHIPS, Shelf

KIND = "relationship"
"""Of the timers that say when a relationship is looked at."""
SEEKING = "seeking"
"""Of the timers that say when a programme's people are to be proposed to somebody else."""
LEFT = ("declined", "expired")
"""The outcomes after which people are."""


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

    def _check_due(self, held: Relationship, due: datetime.date | None) -> None:
        """Invalid, if something is to be done by a day that is past."""
        if due is not None:
            check_day("due", due, held.timezone, self._work.now())

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
