"""Which rounds of questions give cause for concern, without whose answer it was or what it said."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from mentorkit.models import Concern, Question, Request

FEWEST = 2
"""Answers of a round below which a flag would tell whose it is about."""
Before = dict[tuple[str, str, str], int]
"""Somebody's last answer: by survey, question and person."""


def concerns(requests: Iterable[Request]) -> tuple[Concern, ...]:
    """The rounds of one relationship in which some answer was low, or had fallen, in time's order.

    A round counts once nobody can answer in it any more, so that the instant tells nothing.
    """
    rounds: dict[tuple[str, str], list[Request]] = {}
    for request in requests:
        rounds.setdefault((request.survey, request.key), []).append(request)
    found, before = [], Before()
    for (survey, key), asked in sorted(rounds.items(), key=lambda held: (_end(held[1]), held[0])):
        if any(request.state != "closed" for request in asked):
            continue
        questions = dict.fromkeys(one for request in asked for one in request.questions)
        troubled = [_troubled(question, asked, before) for question in questions]
        if any(troubled):
            found.append(Concern(survey=survey, key=key, at=_end(asked)))
    return tuple(found)


def _end(asked: Sequence[Request]) -> datetime.datetime:
    return max(request.until for request in asked)


def _troubled(question: Question, asked: Sequence[Request], before: Before) -> bool:
    """Whether some answer to a question is low or has fallen, as far as that may be told."""
    if question.low is None and question.fall is None:
        return False
    worse = []
    for request in asked:
        answer = request.answers.get(question.id)
        if not isinstance(answer, int) or question not in request.questions:
            continue
        place = (request.survey, question.id, request.person)
        low = question.low is not None and answer <= question.low
        fell = question.fall is not None and before.get(place, answer) - answer >= question.fall
        worse.append(low or fell)
        before[place] = answer
    return any(worse) and (question.audience == "coordinator" or len(worse) >= FEWEST)
