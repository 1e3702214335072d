"""Today: who owes what, to each person and to those who run a programme."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.models import Duty, Message, ProgrammeRun, Relationship
from mentorkit.services import duties
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.store import journal, members
from mentorkit.store.overdue import given_up, unrecorded
from mentorkit.store.shelves import (
    ACTIONS,
    CONDUCT,
    DRAFTS,
    EXPECTATIONS,
    GATHERINGS,
    GOALS,
    PROGRAMMES,
    QUERIES,
    RELATIONSHIPS,
    REQUESTS,
    SEATS,
    SESSIONS,
    SIGNALS,
    STORIES,
    Shelf,
)

LONG = datetime.timedelta(days=14)
"""After which an agreement that nobody signs is a matter of the office."""
SOON = datetime.timedelta(days=14)
"""How far ahead the office reads of relationships that are over."""


class Today(OfRelationship):
    """`kit.today`: who owes what. Nothing is kept; it follows from how things stand."""

    def of(self, person: str) -> tuple[Duty, ...]:
        """All that a person owes now that the actor may see, what presses most coming first."""
        found = [*self._of_relationships(person), *self._of_seats(person)]
        reports = self._rows.find(CONDUCT, state="open")
        found += [duties.of_report(one) for one in reports if one.contact == person]
        return self._seen(one for one in found if person in one.people)

    def programme(self, programme: str) -> tuple[Duty, ...]:
        """What waits in a programme for those who run it, or longer than it should for others.

        As far as the actor may see it, what presses most coming first. NotFound where there
        is no such programme, or none that the actor may see.
        """
        run = self._rows.get(PROGRAMMES, programme)
        self._shown(PROGRAMMES, run, self._taking_part(programme))
        return self._seen((*self._of_office(run), *self._late(run)))

    def _of_relationships(self, person: str) -> Iterator[Duty]:
        now = self._work.now()
        ids = members.relationships_of(self._rows, person)
        known = {held.id: held for held in self._rows.find(RELATIONSHIPS, id=ids)}
        held = [one for one in known.values() if one.stage != lifecycle.CLOSED]
        closed = [one for one in known.values() if one.stage == lifecycle.CLOSED]
        runs = {
            run.id: run for run in self._rows.find(PROGRAMMES, id={one.programme for one in held})
        }
        goals, sessions = self._by(GOALS, held), self._by(SESSIONS, held)
        signals, stated = self._by(SIGNALS, held), self._by(EXPECTATIONS, held)
        actions, queries = self._by(ACTIONS, held), self._by(QUERIES, held)
        for one in held:
            yield from duties.of_stage(one, runs[one.programme])
            yield from duties.of_meetings(one, sessions[one.id], now)
            yield from duties.of_expectations(one, stated[one.id])
            for goal in goals[one.id]:
                yield from duties.of_goal(one, goal)
            for action in actions[one.id]:
                yield from duties.of_action(one, action)
            for query in queries[one.id]:
                yield from duties.of_query(one, query)
            for signal in signals[one.id]:
                if signal.state == "raised":
                    yield from duties.of_signal(one, signal)
        # Nobody learns of a draft from what its members owe.
        told = self._rows.find(STORIES, relationship=ids)
        for story in self._visible(told, lambda one: self._ties_of(known[one.relationship])):
            yield from duties.of_story(known[story.relationship], story)
        for one_closed, left in self._by(SESSIONS, closed).items():
            yield from duties.of_meetings(known[one_closed], left, now)
        for request in self._rows.find(REQUESTS, person=person, state="open"):
            yield from duties.of_request(known[request.relationship], request, now)

    def _of_seats(self, person: str) -> Iterator[Duty]:
        seats = [one for one in self._rows.find(SEATS, person=person) if one.state == "coming"]
        for held in self._rows.find(GATHERINGS, id=[one.gathering for one in seats]):
            yield from duties.of_gathering(held, (person,), self._work.now())

    def _of_office(self, run: ProgrammeRun) -> Iterator[Duty]:
        """What only those who run a programme can do."""
        if run.state == "open":
            for held in members.enrolments(self._rows, run.id, state="applied"):
                words = Message("today.applicant", "decide on somebody who applied")
                about, since = (held.id,), held.entered
                yield _of(run, "applicant.decide", words, held.id, about=about, since=since)
            for draft in self._rows.find(DRAFTS, programme=run.id, state="draft"):
                words = Message("today.draft", "publish the draft, or make another")
                yield _of(run, "draft.publish", words, draft.id, since=draft.made)
        for held_at in self._rows.find(GATHERINGS, programme=run.id, state="planned"):
            yield from duties.of_gathering(held_at, (), self._work.now())
        for name, number, since in given_up(self._rows, run.id):
            words = Message(
                "today.deliveries",
                "replay deliveries that were given up: {number}",
                {"number": number},
            )
            yield _of(run, "delivery.replay", words, name, since=since)
        for id, why in journal.troubled(self._rows, run.id).items():
            words = Message("today.failing", "what is due cannot be done: {why}", {"why": why})
            people = self._rows.get(RELATIONSHIPS, id).people
            yield _of(run, "relationship.mend", words, id, about=people, relationship=id)
        raised = self._rows.find(SIGNALS, programme=run.id, state="raised")
        known = self._behind(raised)
        for signal in raised:
            if signal.effect != "nudge":
                yield from duties.of_signal(known[signal.relationship], signal)

    def _late(self, run: ProgrammeRun) -> Iterator[Duty]:
        """What others owe, and those who run the programme look after."""
        now = self._work.now()
        stages = ("proposed", "chemistry", "agreeing", "active", "paused")
        for held in self._rows.find(RELATIONSHIPS, programme=run.id, stage=stages):
            yield from duties.of_ending(held, now + SOON)
            for duty in duties.of_stage(held, run):
                waited = duty.since is not None and now - duty.since > LONG
                if duty.kind == "proposal.answer" or (duty.kind == "agreement.sign" and waited):
                    yield duty
        missed = unrecorded(self._rows, run.id, now)
        known = self._behind(missed)
        for session in missed:
            yield duties.unrecorded(known[session.relationship], session)

    def _by(self, shelf: Shelf[Any], held: Sequence[Relationship]) -> Mapping[str, list[Any]]:
        """The things of relationships, by the relationships' ids."""
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for thing in self._rows.find(shelf, relationship=[one.id for one in held]):
            found[thing.relationship].append(thing)
        return found

    def _seen(self, found: Iterable[Duty]) -> tuple[Duty, ...]:
        return duties.by_urgency(self._visible(found, _ties))


def _of(run: ProgrammeRun, kind: str, what: Message, subject: str, **more: Any) -> Duty:
    return Duty(kind=kind, what=what, subject=subject, programme=run.id, **more)


def _ties(duty: Duty) -> Ties:
    """Theirs who owe it, and the coordinators'."""
    return Ties(programme=duty.programme, own=duty.people)
