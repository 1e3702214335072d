"""How answers changed, told of the same people, and so that it tells of nobody.

A question that only rates may tell is paired for those who answered it at least twice in one
relationship: the first answer with the last. Counts of all answers are told elsewhere, so what
is told here, taken from those, leaves the answers of whoever was not paired. Where these are
fewer than five, as many of the paired are left out as makes five; who that is follows from
their ids and not from what they said. Nothing is told before it is over and nobody can answer
anything any more: two looks would differ by those who answered in between.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

import attrs

from mentorkit.models import Change, Question, Relationship, Request

Place = tuple[str, str, str]
"""The survey, the question's id, and the role."""
Whose = tuple[str, str]
"""A relationship and one of its members."""


@attrs.define
class _Answers:
    """What people of a role answered to a question, each in the order of time."""

    question: Question
    given: dict[Whose, list[int]] = attrs.field(factory=dict)


def changes(
    requests: Iterable[Request],
    relationships: Mapping[str, Relationship],
    over: bool,
    now: datetime.datetime,
) -> tuple[Change, ...]:
    """The changes in a programme with these requests, answered or not; told if it is `over`."""
    requests = sorted(requests, key=lambda request: (request.asked, request.id))
    over = over and all(request.until <= now for request in requests)
    return tuple(
        _change(place, held, over) for place, held in sorted(_places(requests, relationships))
    )


def _places(
    requests: Sequence[Request], relationships: Mapping[str, Relationship]
) -> list[tuple[Place, _Answers]]:
    """The answers to each question that is counted and was asked more than once of somebody."""
    places: dict[Place, _Answers] = {}
    for request in requests:
        roles = {one.person: one.role for one in relationships[request.relationship].members}
        for question in request.questions:
            answer = request.answers.get(question.id)
            if question.audience != "aggregate" or not isinstance(answer, int):
                continue
            place = (request.survey, question.id, roles[request.person])
            held = places.setdefault(place, _Answers(question)).given
            held.setdefault((request.relationship, request.person), []).append(answer)
    return [
        (place, held)
        for place, held in places.items()
        if any(len(answers) > 1 for answers in held.given.values())
    ]


def _change(place: Place, held: _Answers, over: bool) -> Change:
    from mentorkit.matching.means import mean

    survey, question, role = place
    bare = Change(survey=survey, question=question, text=held.question.text, role=role)
    told = _told(held.given) if over else []
    if not told:
        return bare
    steps = [held.given[one][-1] - held.given[one][0] for one in told]
    return attrs.evolve(
        bare,
        people=len({person for _, person in told}),
        change=mean(steps),
        more=sum(step > 0 for step in steps),
        same=sum(step == 0 for step in steps),
        less=sum(step < 0 for step in steps),
    )


def _told(given: Mapping[Whose, Sequence[int]]) -> list[Whose]:
    """Those whose pairs are told: five people or more, and five or more, or nobody, are not."""
    from mentorkit.matching.suppression import FEWEST

    once = {person for (_, person), answers in given.items() if len(answers) == 1}
    twice = sorted({person for _, person in given} - once)
    left = max(0, FEWEST - len(once)) if once else 0
    people = set(twice[: len(twice) - left])
    if len(people) < FEWEST:
        return []
    return sorted(one for one in given if one[1] in people)
