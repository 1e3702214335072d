"""Feedback: what is asked and answered, what it adds up to, and what needs attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Conflict, Fault, Invalid
from mentorkit.models import Answer, Question, Relationship, Request, Signal, Tally
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import REQUESTS, SIGNALS

ENOUGH = 5
"""Answers below which no rate is shown: fewer would tell who gave which."""


class Feedback(OfRelationship):
    """`kit.feedback`: surveys and signals."""

    def get(self, request: str) -> Request:
        """A request, with the answers that the actor may read."""
        found = self._rows.get(REQUESTS, request)
        held = self._relationship(found.relationship)
        return self._shown(REQUESTS, found, _ties_of_request(found, held))

    def of(self, relationship: str) -> tuple[Request, ...]:
        """The requests of a relationship, each with the answers that the actor may read.

        In the order in which they were made.
        """
        found = self._seen(self._rows.find(REQUESTS, relationship=relationship))
        return tuple(sorted(found, key=lambda request: (request.asked, request.person, request.id)))

    def asked_of(self, person: str) -> tuple[Request, ...]:
        """The open requests to a person, those that end first coming first."""
        found = self._seen(self._rows.find(REQUESTS, person=person, state="open"))
        return tuple(sorted(found, key=lambda request: (request.until, request.id)))

    def _seen(self, found: list[Request]) -> tuple[Request, ...]:
        held = self._behind(found)
        return self._visible(found, lambda one: _ties_of_request(one, held[one.relationship]))

    @changing
    def answer(
        self,
        request: str,
        answers: Mapping[str, Answer],
        *,
        person: str | None = None,
        version: int | None = None,
    ) -> Request:
        """The person asked answers, or answers anew as long as the request is not closed.

        Invalid names each answer that does not fit its question.
        """
        found = self._rows.get(REQUESTS, request)
        person = person if person is not None else found.person
        held = self._relationship(found.relationship)
        ties = Ties(programme=found.programme, own=(found.person,), members=held.people)
        self._work.allow("feedback.answer", ties, found)
        if person != found.person:
            raise Invalid("person", f"request {request!r} is not to {person!r}")
        check_version(found, version)
        if found.state == "closed" or found.until <= self._work.now():
            raise Conflict(f"request {request!r} is closed")
        _check(found.questions, answers)
        changed = attrs.evolve(found, state="answered", answers=answers)
        self._told(held, "survey.answered", request, people=(person,), survey=found.survey)
        return self._rows.save(REQUESTS, changed)

    def tallies(self, programme: str) -> tuple[Tally, ...]:
        """How often each answer was given to the questions that only rates may tell.

        Counts are by programme, and None where fewer than five people answered.
        """
        self._work.allow("feedback.tallies", Ties(programme=programme))
        return tallied(self._rows.find(REQUESTS, programme=programme, state=["answered", "closed"]))

    def signals(self, programme: str) -> tuple[Signal, ...]:
        """What needs attention in a programme and the actor may see, the oldest first."""
        found = self._rows.find(SIGNALS, programme=programme, state="raised")
        shown = self._visible(found, ties_of_signal)
        return tuple(sorted(shown, key=lambda signal: (signal.raised, signal.id)))

    @changing
    def settle(self, signal: str, *, version: int | None = None) -> Signal:
        """A signal has been attended to."""
        found = self._rows.get(SIGNALS, signal)
        self._work.allow("feedback.settle", Ties(programme=found.programme), found)
        if found.state == "settled":
            return found
        check_version(found, version)
        held = self._relationship(found.relationship)
        self._told(held, "signal.settled", signal, people=(), rule=found.rule)
        return self._rows.save(SIGNALS, attrs.evolve(found, state="settled"))


def _ties_of_request(request: Request, held: Relationship) -> Ties:
    """Only what is addressed to the others is theirs, and only once it is answered."""
    addressed = any(question.audience == "addressed" for question in request.questions)
    read = addressed and request.state != "open"
    return Ties(
        programme=request.programme,
        own=(request.person,),
        members=held.people if read else (),
    )


def ties_of_signal(signal: Signal) -> Ties:
    """A nudge is for those whom it asks; flags and reviews are for the coordinator."""
    own = signal.people if signal.effect == "nudge" else ()
    return Ties(programme=signal.programme, own=own)


def _check(questions: tuple[Question, ...], answers: Mapping[str, Answer]) -> None:
    known = {question.id: question for question in questions}
    faults: list[Fault] = []
    for name, answer in answers.items():
        if name not in known:
            faults.append(Fault(name, f"is no question here; they are {', '.join(known)}"))
            continue
        try:
            known[name].check(answer)
        except Invalid as error:
            faults += error.faults
    if not answers:
        faults.append(Fault("answers", "are missing"))
    if faults:
        raise Invalid(faults=faults)


def tallied(requests: list[Request]) -> tuple[Tally, ...]:
    """The counts of all answers whose audience is the aggregate, by survey and question."""
    questions: dict[tuple[str, str], Question] = {}
    counts: dict[tuple[str, str], Counter[str]] = {}
    people: dict[tuple[str, str], set[str]] = {}
    for request in requests:
        for question in request.questions:
            if question.audience != "aggregate":
                continue
            place = (request.survey, question.id)
            questions.setdefault(place, question)
            if question.id in request.answers:
                answer = str(request.answers[question.id])
                counts.setdefault(place, Counter())[answer] += 1
                people.setdefault(place, set()).add(request.person)
    return tuple(
        Tally(
            survey=place[0],
            question=questions[place],
            counts=dict(counts[place]) if len(people.get(place, ())) >= ENOUGH else None,
        )
        for place in sorted(questions)
    )
