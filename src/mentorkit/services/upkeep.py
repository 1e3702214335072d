"""What becomes due in a relationship as time goes by, and doing it.

Everything that surveys and rules yield has an instant from which it holds, so one look at a
relationship's history tells both what is due by now and when to look again.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable, Iterator, Sequence

import attrs

from mentorkit.errors import PluginFailed
from mentorkit.models import Ask, Award, History, Relationship, Request, Signal, Verdict
from mentorkit.models.person import erased
from mentorkit.services.bound import Bound
from mentorkit.services.histories import histories, history
from mentorkit.services.relationships import OfRelationship, Relationships
from mentorkit.services.work import Work
from mentorkit.store.shelves import AWARDS, PROGRAMMES, RELATIONSHIPS, REQUESTS, SIGNALS

ROUNDS = 100
"""Looks in a row at one relationship, after which its rules must contradict each other."""


@attrs.frozen
class Due:
    """Something that is to be done from an instant on."""

    at: datetime.datetime
    do: Callable[[], None]


class Upkeep(OfRelationship):
    """Looks at relationships, does what is due, and says when to look again."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._bound: dict[str, Bound] = {}

    def load(self, relationships: Sequence[str]) -> dict[str, History]:
        """The histories of relationships, by id: a few queries for all."""
        held = self._rows.find(RELATIONSHIPS, id=relationships)
        return histories(self._rows, held)

    def look(self, past: History) -> datetime.datetime | None:
        """Do what is due by now; gives the next instant at which something will be."""
        id = past.relationship.id
        for _ in range(ROUNDS):
            found = sorted(self._due(past), key=lambda due: due.at)
            ready = [due for due in found if due.at <= self._work.now()]
            if not ready:
                return min((due.at for due in found), default=None)
            for due in ready:
                due.do()
            past = history(self._rows, self._relationship(id))
        raise PluginFailed(f"the rules of relationship {id!r} find something new at every look")

    def _due(self, past: History) -> Iterator[Due]:
        bound = self._programme(past.relationship.programme)
        if bound.run.state == "closed" and past.relationship.stage != "closed":
            return
        yield from self._closing(past)
        yield from self._asks(past, bound)
        yield from self._reminders(past)
        yield from self._signals(past, bound)
        yield from self._awards(past, bound)

    def _programme(self, programme: str) -> Bound:
        if programme not in self._bound:
            run = self._rows.get(PROGRAMMES, programme)
            self._bound[programme] = Bound(run, self._work.registry)
        return self._bound[programme]

    def _closing(self, past: History) -> Iterator[Due]:
        """What has met is over at once, and what is active when its last day is."""
        held = past.relationship
        at = past.since("met") if held.stage == "met" else _end(held)
        if at is not None:
            yield Due(at, lambda: self._complete(held.id))

    def _complete(self, relationship: str) -> None:
        Relationships(self._work)._completed(self._relationship(relationship))

    def _asks(self, past: History, bound: Bound) -> Iterator[Due]:
        done = {(held.survey, held.key, held.person) for held in past.requests}
        for survey, ask in bound.asks(past):
            people = [one for one in _left(ask.people) if (survey, ask.key, one) not in done]
            if people:
                yield Due(ask.at, _later(self._ask, past, bound, survey, ask, people))

    def _ask(
        self, past: History, bound: Bound, survey: str, ask: Ask, people: Sequence[str]
    ) -> None:
        held = past.relationship
        requests = [
            Request(
                id=self._work.ids(),
                programme=held.programme,
                relationship=held.id,
                person=person,
                survey=survey,
                key=ask.key,
                questions=bound.surveys[survey].questions,
                asked=self._work.now(),
                until=ask.until,
                session=ask.session,
            )
            for person in people
        ]
        # Nobody is asked who could not answer any more.
        requests = [request for request in requests if request.until > self._work.now()] or [
            attrs.evolve(request, state="closed") for request in requests
        ]
        self._rows.add(REQUESTS, requests)
        for request in requests:
            if request.state == "open":
                self._happened(held, "survey.asked", request.id, (request.person,), survey=survey)

    def _reminders(self, past: History) -> Iterator[Due]:
        """An open request is recalled once, half-way, and closed when its time is over."""
        for request in past.requests:
            if request.state == "closed":
                continue
            yield Due(request.until, _later(self._close, request.id))
            if request.state == "open" and not request.reminded:
                middle = request.asked + (request.until - request.asked) / 2
                yield Due(middle, _later(self._remind, past.relationship, request.id))

    def _close(self, request: str) -> None:
        self._rows.save(REQUESTS, attrs.evolve(self._rows.get(REQUESTS, request), state="closed"))

    def _remind(self, held: Relationship, request: str) -> None:
        found = self._rows.get(REQUESTS, request)
        # Nobody is reminded of what could not be answered any more.
        if found.state == "open" and found.until > self._work.now():
            self._happened(held, "survey.reminded", request, (found.person,), survey=found.survey)
        self._rows.save(REQUESTS, attrs.evolve(found, reminded=True))

    def _signals(self, past: History, bound: Bound) -> Iterator[Due]:
        done = {(held.rule, held.key) for held in past.signals}
        for rule, verdict in bound.signals(past):
            people = _left(verdict.people or past.relationship.people)
            if verdict.effect != "hold" and people and (rule, verdict.key) not in done:
                at = verdict.at or past.relationship.since[past.relationship.path[0]]
                yield Due(at, _later(self._raise, past.relationship, rule, verdict, people))

    def _raise(
        self, held: Relationship, rule: str, verdict: Verdict, people: Sequence[str]
    ) -> None:
        signal = Signal(
            id=self._work.ids(),
            programme=held.programme,
            relationship=held.id,
            rule=rule,
            key=verdict.key,
            effect=verdict.effect,
            message=verdict.message,
            people=tuple(people),
            raised=self._work.now(),
        )
        self._rows.add(SIGNALS, [signal])
        # Whom a flag or a review is about is nothing for those who carry events out.
        told = signal.people if verdict.effect == "nudge" else ()
        self._happened(held, "signal.raised", signal.id, told, rule=rule, effect=verdict.effect)

    def _awards(self, past: History, bound: Bound) -> Iterator[Due]:
        done = {(held.rule, held.key, held.person) for held in past.awards}
        for rule, verdict in bound.awards(past):
            for person in _left(verdict.people or past.relationship.people):
                if (rule, verdict.key, person) not in done:
                    at = verdict.at or past.relationship.since[past.relationship.path[0]]
                    yield Due(at, _later(self._grant, past.relationship, rule, verdict, person))

    def _grant(self, held: Relationship, rule: str, verdict: Verdict, person: str) -> None:
        award = Award(
            id=self._work.ids(),
            programme=held.programme,
            relationship=held.id,
            person=person,
            rule=rule,
            key=verdict.key,
            title=verdict.message,
            granted=self._work.now(),
            evidence=verdict.evidence,
        )
        self._rows.add(AWARDS, [award])
        self._happened(held, "award.granted", award.id, (person,), rule=rule)

    def _happened(
        self, held: Relationship, kind: str, subject: str, people: Sequence[str], **facts: str
    ) -> None:
        """Record an event without having the relationship looked at: that is being done."""
        self._work.happened(
            kind,
            subject,
            programme=held.programme,
            relationship=held.id,
            people=people,
            facts=facts,
        )


def _left(people: Sequence[str]) -> list[str]:
    """Those who have not been erased: nobody else is asked, called on or recognised."""
    return [person for person in people if not erased(person)]


def _later(function: Callable[..., None], *arguments: object) -> Callable[[], None]:
    return lambda: function(*arguments)


def _end(held: Relationship) -> datetime.datetime | None:
    """The instant at which the last day of an active relationship is over."""
    if held.stage != "active" or held.agreement is None:
        return None
    zone = zoneinfo.ZoneInfo(held.agreement.timezone)
    midnight = datetime.datetime.combine(
        held.agreement.ends + datetime.timedelta(days=1), datetime.time(), zone
    )
    return midnight.astimezone(datetime.UTC)
