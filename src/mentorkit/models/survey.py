"""Feedback: questions with their audience, who is asked, and what they answer."""

from __future__ import annotations

import datetime
from typing import Literal, get_args

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.message import Message
from mentorkit.models.plain import not_blank, plain, shown

Audience = Literal["respondent", "addressed", "aggregate", "coordinator"]
"""Who reads an answer: oneself; the other members; rates from five up; the coordinator."""

Answer = str | int


@attrs.frozen(kw_only=True)
class Question:
    """One question. Its audience is fixed before anyone answers, and never widened.

    `scale` answers are whole numbers from `least` to `most`, `choice` answers one of the
    `options`, `text` answers any text.
    """

    id: str = attrs.field(validator=not_blank)
    text: Message
    audience: Audience = "respondent"
    form: Literal["scale", "choice", "text"] = "scale"
    least: int = 1
    most: int = 5
    options: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.audience not in get_args(Audience):
            known = ", ".join(get_args(Audience))
            raise Invalid("audience", f"must be one of {known}, not {shown(self.audience)}")
        if self.form == "text" and self.audience == "aggregate":
            raise Invalid("audience", "text cannot be counted; ask a scale or a choice")
        if self.form == "choice" and not self.options:
            raise Invalid("options", "are missing")

    def check(self, answer: object) -> None:
        """Refuse, with Invalid, what does not answer the question."""
        fits = {
            "scale": type(answer) is int and self.least <= answer <= self.most,
            "choice": answer in self.options,
            "text": isinstance(answer, str) and plain(answer),
        }[self.form]
        if not fits:
            wanted = {
                "scale": f"a whole number from {self.least} to {self.most}",
                "choice": f"one of {', '.join(self.options)}",
                "text": "text",
            }[self.form]
            raise Invalid(self.id, f"must be {wanted}, not {shown(answer)}")


@attrs.frozen(kw_only=True)
class Ask:
    """A survey's wish to ask people at an instant; acted on once under its key.

    The key is unique within the relationship and the use of the survey.
    """

    key: str
    people: tuple[str, ...]
    at: datetime.datetime
    until: datetime.datetime
    session: str | None = None


@attrs.frozen(kw_only=True)
class Request:
    """One person asked: the questions as they stood that day, and what was answered."""

    id: str
    version: int = 0
    programme: str
    relationship: str
    person: str
    survey: str
    key: str
    questions: tuple[Question, ...]
    asked: datetime.datetime
    until: datetime.datetime
    session: str | None = None
    state: Literal["open", "answered", "closed"] = "open"
    answers: FrozenMap[Answer] = attrs.field(default=EMPTY, converter=frozen_map)
    reminded: bool = False


@attrs.frozen(kw_only=True)
class Tally:
    """How often each answer was given to a question that only rates may tell.

    `counts` is None where fewer than five people answered.
    """

    survey: str
    question: Question
    counts: FrozenMap[int] | None = attrs.field(converter=attrs.converters.optional(frozen_map))
