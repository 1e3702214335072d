"""Diplomas: what certificates say of an award, or of a relationship that was completed."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.errors import NotFound
from mentorkit.models import Award, Diploma, Goal, Message, Relationship, Session
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.store.shelves import (
    AWARDS,
    GOALS,
    PEOPLE,
    PROGRAMMES,
    RELATIONSHIPS,
    SESSIONS,
)

HOUR = datetime.timedelta(hours=1)


class Diplomas(OfRelationship):
    """What a certificate says of a person; see `mentorkit.reports.certificate`."""

    def diploma(self, award: str) -> Diploma:
        """What a certificate for an award says, as far as the actor may see the award.

        NotFound where there is none, where it was revoked, and where its person is gone.
        """
        found = self._rows.get(AWARDS, award)
        held = self._relationship(found.relationship)
        found = self._shown(AWARDS, found, _ties(found, held))
        if found.state != "granted":
            raise NotFound(f"award {award!r} was revoked")
        sessions = [one for one in self._held_with(held) if one.starts <= found.granted]
        goals = self._reached_in(held)
        return self._diploma(
            held,
            found.person,
            record=found.id,
            title=found.title,
            on=found.granted,
            evidence=_rests_on(found, sessions, goals) or _done(found.person, sessions, ()),
        )

    def completion(self, relationship: str, person: str) -> Diploma:
        """What a certificate for a member of a relationship says that was completed.

        NotFound where there is no such relationship, or none that the actor may see, and
        where it was not completed.
        """
        held = self._relationship(relationship)
        held = self._shown(RELATIONSHIPS, held, self._ties_of(held))
        lifecycle.check_member(held, person)
        if held.outcome != "completed":
            raise NotFound(f"relationship {relationship!r} was not completed")
        return self._diploma(
            held,
            person,
            record=held.id,
            title=Message("diploma.completed", "Mentoring completed"),
            on=held.since[lifecycle.CLOSED],
            evidence=_done(person, self._held_with(held), self._reached_in(held)),
        )

    def _diploma(
        self,
        held: Relationship,
        person: str,
        *,
        record: str,
        title: Message,
        on: datetime.datetime,
        evidence: tuple[Message, ...],
    ) -> Diploma:
        name = self._rows.get(PEOPLE, person).name
        begun = held.since.get("active", held.since[held.path[0]])
        return Diploma(
            record=record,
            person=person,
            name=name,
            programme=self._rows.get(PROGRAMMES, held.programme).programme.name,
            role=_role(held, person),
            title=title,
            begun=held.day(begun),
            on=held.day(on),
            evidence=evidence,
        )

    def _held_with(self, held: Relationship) -> list[Session]:
        return self._rows.find(SESSIONS, relationship=held.id, state="held")

    def _reached_in(self, held: Relationship) -> list[Goal]:
        return self._rows.find(GOALS, relationship=held.id, state="reached")


def _ties(award: Award, held: Relationship) -> Ties:
    return Ties(programme=award.programme, own=(award.person,), members=held.people)


def _rests_on(
    award: Award, sessions: Sequence[Session], goals: Sequence[Goal]
) -> tuple[Message, ...]:
    """How many meetings and goals an award rests on."""
    met = _among(award.evidence, [one.id for one in sessions])
    reached = _among(award.evidence, [one.id for one in goals])
    return _counts(("meetings", "Meetings", met), ("goals", "Goals reached", reached))


def _among(evidence: Collection[str], ids: Collection[str]) -> int:
    return len(set(evidence) & set(ids))


def _done(person: str, sessions: Sequence[Session], goals: Sequence[Goal]) -> tuple[Message, ...]:
    """What somebody did in a relationship."""
    came = [one for one in sessions if person in one.attended]
    hours = sum((one.ends - one.starts for one in came), 0 * HOUR) / HOUR
    found = _counts(("meetings", "Meetings", len(came)))
    if came:
        said = Message("diploma.hours", "Hours in them: {hours}", {"hours": f"{hours:g}"})
        found = (*found, said)
    return (*found, *_counts(("goals", "Goals reached", len(goals))))


def _counts(*named: tuple[str, str, int]) -> tuple[Message, ...]:
    """What there is, in sentences; nothing of what there is not."""
    return tuple(
        Message(f"diploma.{own}", f"{words}: {{number}}", {"number": number})
        for own, words, number in named
        if number
    )


def _role(held: Relationship, person: str) -> str:
    return next((one.role for one in held.members if one.person == person), "")
