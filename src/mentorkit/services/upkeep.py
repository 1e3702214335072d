"""What becomes due in a relationship as time goes by, and doing it.

Everything that surveys and rules yield has an instant from which it holds, so one look at a
relationship's history tells both what is due by now and when to look again.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from mentorkit import lifecycle
from mentorkit.errors import PluginFailed
from mentorkit.models import Ask, Award, History, Relationship, Request, Signal, Verdict
from mentorkit.models.person import erased
from mentorkit.services.bound import Bound
from mentorkit.services.duties import answered_by
from mentorkit.services.histories import Past, pasts, renewed
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.relationships import Relationships
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
        self._loaded: dict[str, Relationship] = {}
        self._held: dict[str, Relationship] = {}
        self._requests: defaultdict[str, dict[str, Any]] = defaultdict(dict)

    def _load(self, relationships: Iterable[str]) -> dict[str, Past]:
        """The pasts of relationships, by id: a few queries for all."""
        found = self._rows.find(RELATIONSHIPS, id=list(relationships))
        self._loaded = {held.id: held for held in found}
        return pasts(self._rows, found)

    def _look(self, past: Mapping[str, Past]) -> dict[str, datetime.datetime | None]:
        """Do what is due by now in all of them; gives when something will be next, by id.

        What one look brings about may make more due: so those in which something was done
        are looked at once more, all together, until nothing is.
        """
        again: dict[str, datetime.datetime | None] = {}
        # What an earlier look did, which failed and was taken back, is forgotten.
        self._held = dict(self._loaded)
        self._requests.clear()
        for _ in range(ROUNDS):
            with self._rows.gathering() as changed:
                done = [id for id, one in past.items() if self._done(one.history, again)]
                self._change_requests()
            if not done:
                return again
            past = renewed([self._held[id] for id in done], past, changed)
        raise PluginFailed(
            f"the rules of relationship {done[0]!r} find something new at every look"
        )

    def _done(self, past: History, again: dict[str, datetime.datetime | None]) -> bool:
        """Do what is due in one of them, if anything is; or else note when something will be."""
        found = sorted(self._due(past), key=lambda due: due.at)
        ready = [due for due in found if due.at <= self._work.now()]
        for due in ready:
            due.do()
        again[past.relationship.id] = min((due.at for due in found), default=None)
        return bool(ready)

    def _due(self, past: History) -> Iterator[Due]:
        bound = self._programme(past.relationship.programme)
        if bound.run.state == "closed" and past.relationship.stage != "closed":
            return
        yield from self._moving(past, bound)
        yield from self._asks(past, bound)
        yield from self._reminders(past)
        yield from self._signals(past, bound)
        yield from self._moot(past, bound)
        yield from self._awards(past, bound)

    def _programme(self, programme: str) -> Bound:
        if programme not in self._bound:
            run = self._rows.get(PROGRAMMES, programme)
            self._bound[programme] = Bound(run, self._work.registry)
        return self._bound[programme]

    def _moving(self, past: History, bound: Bound) -> Iterator[Due]:
        """What a relationship does by itself: it expires, goes on after a pause, is over."""
        held = past.relationship
        planned = any(session.state == "planned" for session in past.sessions)
        steps = (Relationships if planned else _WithoutMeetings)(self._work)
        if lifecycle.on_path(held) == "proposed":
            until = answered_by(held, bound.run)
            if until is not None:
                yield Due(until, self._step(held, steps._expired))
        if held.stage == "paused":
            until = held.begins(held.pauses[-1].until)
            yield Due(until, self._step(held, steps._resumed))
        if held.stage == "met":
            yield Due(held.since["met"], self._step(held, steps._completed))
        if held.stage == "active" and (over := held.over) is not None:
            yield Due(over, self._step(held, steps._completed))

    def _step(
        self, held: Relationship, step: Callable[[Relationship], Relationship]
    ) -> Callable[[], None]:
        """Takes a step with the relationship as it will stand then."""

        def take() -> None:
            self._held[held.id] = step(self._held[held.id])

        return take

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
                occasion=ask.occasion,
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
            yield Due(request.until, _later(self._note, request, state="closed"))
            if request.state == "open" and not request.reminded:
                middle = request.asked + (request.until - request.asked) / 2
                yield Due(middle, _later(self._remind, past.relationship, request))

    def _remind(self, held: Relationship, request: Request) -> None:
        # Nobody is reminded of what could not be answered any more.
        if request.until > self._work.now():
            about = (request.person,)
            self._happened(held, "survey.reminded", request.id, about, survey=request.survey)
        self._note(request, reminded=True)

    def _note(self, request: Request, **changes: Any) -> None:
        """Have a request changed, of which only the coordinator's part is at hand."""
        self._requests[request.id] |= changes

    def _change_requests(self) -> None:
        changes, self._requests = self._requests, defaultdict(dict)
        if changes:
            for request in self._rows.find(REQUESTS, id=list(changes)):
                self._rows.save(REQUESTS, attrs.evolve(request, **changes[request.id]))

    def _signals(self, past: History, bound: Bound) -> Iterator[Due]:
        done = {(held.rule, held.key) for held in past.signals}
        for rule, verdict in bound.signals(past):
            people = _left(verdict.people or past.relationship.people)
            if verdict.effect != "hold" and people and (rule, verdict.key) not in done:
                at = verdict.at or past.relationship.since[past.relationship.path[0]]
                yield Due(at, _later(self._raise, past.relationship, rule, verdict, people))

    def _moot(self, past: History, bound: Bound) -> Iterator[Due]:
        """What is done is settled, and nudges once it has closed: nothing is left to do."""
        closed = past.since("closed")
        for signal in past.signals:
            over = closed is not None and signal.effect == "nudge"
            if signal.state == "raised" and (over or bound.passed(signal, past)):
                yield Due(signal.raised, _later(self._settle, past.relationship, signal))

    def _settle(self, held: Relationship, signal: Signal) -> None:
        self._rows.save(SIGNALS, attrs.evolve(signal, state="settled"))
        self._happened(held, "signal.settled", signal.id, (), rule=signal.rule)

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
        known = {(held.rule, held.key, held.person): held for held in past.awards}
        for rule, verdict in bound.awards(past):
            for person in _left(verdict.people or past.relationship.people):
                before = known.get((rule, verdict.key, person))
                if before is None or before.state == "lapsed":
                    at = verdict.at or past.relationship.since[past.relationship.path[0]]
                    named = (rule, verdict, person, before)
                    yield Due(at, _later(self._grant, past.relationship, *named))

    def _grant(
        self,
        held: Relationship,
        rule: str,
        verdict: Verdict,
        person: str,
        lapsed: Award | None,
    ) -> None:
        award = Award(
            id=lapsed.id if lapsed is not None else self._work.ids(),
            version=lapsed.version if lapsed is not None else 0,
            programme=held.programme,
            relationship=held.id,
            person=person,
            rule=rule,
            key=verdict.key,
            title=verdict.message,
            granted=self._work.now(),
            evidence=verdict.evidence,
        )
        if lapsed is not None:
            self._rows.save(AWARDS, award)
        else:
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


class _WithoutMeetings(Relationships):
    """Closes what is known to have no meeting planned, of which it need not ask the store."""

    def _cancel_meetings(
        self,
        held: Relationship,
        before: datetime.datetime | None = None,
        since: datetime.datetime | None = None,
    ) -> None:
        """There is none."""


def _left(people: Sequence[str]) -> list[str]:
    """Those who have not been erased: nobody else is asked, called on or recognised."""
    return [person for person in people if not erased(person)]


def _later(
    function: Callable[..., object], *arguments: object, **named: object
) -> Callable[[], None]:
    def call() -> None:
        function(*arguments, **named)

    return call
