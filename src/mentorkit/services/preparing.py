"""Preparing a meeting: its agenda, and a sheet for each who comes."""

from __future__ import annotations

import attrs

from mentorkit.errors import Conflict, Invalid
from mentorkit.models import Message, Note, PrepSheet, Session
from mentorkit.services.actions import Actions
from mentorkit.services.exchange import Exchange
from mentorkit.services.goals import Goals
from mentorkit.services.notes import Notes
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import SESSIONS


class Preparing(OfRelationship):
    """The part of `kit.sessions` that prepares a meeting."""

    @changing
    def add_topic(
        self, session: str, topic: str, *, person: str | None = None, version: int | None = None
    ) -> Session:
        """A member adds a free topic to the agenda of a planned meeting.

        One that is there already is not added again. Conflict where it is not planned any more.
        """
        found = self._rows.get(SESSIONS, session)
        held, person = self._as_member(found.relationship, "sessions.add_topic", person)
        if not topic.strip():
            raise Invalid("topic", "is missing; say it in words")
        said = Message("session.topic", "{topic}", {"topic": topic.strip()})
        if said not in found.agenda:
            check_version(found, version)
            if found.state != "planned":
                raise Conflict(f"session {session!r} is {found.state}; its agenda is closed")
            self._told(held, "session.topic", session, people=(person,), number=found.number)
            changed = attrs.evolve(found, agenda=(*found.agenda, said))
            found = self._rows.save(SESSIONS, changed)
        return self._shown(SESSIONS, found, self._ties_of(held))

    def prepare(self, session: str, *, person: str | None = None) -> PrepSheet:
        """What a member takes along to a meeting: all of it what they may read themselves.

        For that member and the host's own jobs.
        """
        found = self._rows.get(SESSIONS, session)
        held, person = self._as_member(found.relationship, "sessions.prepare", person)
        # Whoever asks, no more is read than the member could read call by call.
        work = self._work.as_read_by(person)
        sessions = Preparing(work)._all_shown(SESSIONS, held.id)
        before = [one for one in sessions if one.state == "held" and one.starts < found.starts]
        last = max(before, key=lambda one: (one.starts, one.id), default=None)
        return PrepSheet(
            person=person,
            session=Preparing(work)._shown(SESSIONS, found, self._ties_of(held)),
            actions=tuple(one for one in Actions(work).of(held.id) if one.state == "open"),
            goals=tuple(
                one for one in Goals(work).of(held.id) if one.state in ("proposed", "agreed")
            ),
            notes=tuple(one for one in Notes(work).notes(held.id) if _belongs(one, found, last)),
            queries=tuple(one for one in Exchange(work).queries(held.id) if not one.replies),
        )


def _belongs(note: Note, session: Session, last: Session | None) -> bool:
    """Whether a note is of the last meeting or of this one, or has come about between them."""
    if note.session is not None:
        return note.session in (session.id, last and last.id)
    return last is None or note.written >= last.starts
