"""What made-up people of the tour say: the same each time, for it follows from who they are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from mentorkit.models import Answer, Participant, Question, Relationship, Request


def answers(request: Request) -> dict[str, Answer]:
    """What a made-up person answers; one in five does not."""
    about = f"{request.person} {request.survey} {request.key}"
    if crc32(about.encode()) % 5 == 0:
        return {}
    return {held.id: _answer(held, f"{about} {held.id}") for held in request.questions}


def _answer(question: Question, about: str) -> Answer:
    if question.numbers:
        return question.numbers[-1 - crc32(about.encode()) % min(3, len(question.numbers))]
    return question.options[0] if question.form == "choice" else "Thank you"


def goal(held: Relationship, owner: Participant) -> dict[str, Any]:
    """A goal with every part, on the first thing that its owner seeks."""
    subject = owner.seeks[0].name if owner.seeks else "mentoring"
    due = held.agreement.ends if held.agreement else datetime.date.max
    return goal_to(f"use {subject} in a task of my own", due)


def goal_to(title: str, due: datetime.date) -> dict[str, Any]:
    """A goal with every part, to do something by a day."""
    return {
        "title": title,
        "metric": "tasks done",
        "baseline": 0,
        "target": 3,
        "first_step": "choose the first task together",
        "objective": "growth",
        "due": due,
    }


SETTLED = "We try it for a month, and then look again"
"""What settles the one thing that they expect differently."""


def expectations(points: Iterable[str], *, first: bool) -> dict[str, str]:
    """What a member expects on each of these points: all say the same, but for the first point."""
    said = dict.fromkeys(points, "As it suits us all")
    for name in list(said)[:1]:
        said[name] = "We fix it now" if first else "We see how it goes"
    return said
