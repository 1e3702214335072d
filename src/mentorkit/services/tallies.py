"""What answers add up to, told in portions of at least five people.

An answer counts once its request is closed and can no longer be changed. Answers are taken in
the order in which their requests close, and those that close at one instant together; each
time five people are gathered, their answers are added to what is told, all at once. What is
left over waits for others, for good if need be.

So whatever is told, and whatever two looks differ by, is the sum over portions of at least
five people each. Who is in which portion follows from who answered and when, and never from
what: otherwise its being told would tell. Within a portion, any two people's answers could be
exchanged and nobody would notice.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from mentorkit.matching.suppression import FEWEST
from mentorkit.models import Answer, Question, Request, Tally

Given = tuple[datetime.datetime, str, Answer]
"""Until when it could be changed, by whom, and the answer."""
Place = tuple[str, str, Question]
"""The survey, the occasion, and the question as it was asked."""


def tallied(requests: Iterable[Request], now: datetime.datetime) -> tuple[Tally, ...]:
    """The counts of answers whose audience is the aggregate, by survey, occasion and question."""
    given: dict[Place, list[Given]] = {}
    for request in requests:
        for question in request.questions:
            if question.audience != "aggregate":
                continue
            held = given.setdefault((request.survey, request.occasion, question), [])
            if question.id in request.answers and request.until <= now:
                held.append((request.until, request.person, request.answers[question.id]))
    order = sorted(given, key=lambda place: (place[0], _ORDER.get(place[1], 1), place[2].id))
    return tuple(_tally(place, given[place]) for place in order)


_ORDER = {"start": 0, "close": 2}
"""The occasions that have a place in time, before and after the others."""


def _tally(place: Place, given: Sequence[Given]) -> Tally:
    survey, occasion, question = place
    told = Counter(str(answer) for _, _, answer in _told(given))
    counts = dict(told) if told else None
    return Tally(survey=survey, occasion=occasion, question=question, counts=counts)


def _told(given: Sequence[Given]) -> list[Given]:
    """The answers in portions that are full."""
    told: list[Given] = []
    portion: list[Given] = []
    for _, together in groupby(sorted(given, key=lambda one: one[0]), key=lambda one: one[0]):
        portion += together
        if len({person for _, person, _ in portion}) >= FEWEST:
            told += portion
            portion = []
    return told
