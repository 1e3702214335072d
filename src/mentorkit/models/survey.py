"""Feedback: questions with their audience, who is asked, and what they answer."""

from __future__ import annotations

import datetime
from typing import Literal, get_args

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.message import Message
from mentorkit.models.plain import not_blank, plain, shown

Audience = Literal["respondent", "addressed", "aggregate", "coordinator", "flag", "matching"]
"""Who reads an answer: oneself; the other members; rates from five up; the coordinator; nobody,
but low or falling answers raise a flag that tells neither whose they are nor what they say;
nobody, but whoever is matched next is matched by it."""

Form = Literal["scale", "choice", "text", "would-recommend"]
"""A number from one to another (Likert's), one of some options, text, or a number from 0 to 10."""

Answer = str | int
RECOMMEND = range(11)
"""What answers whether one would recommend something."""


@attrs.frozen(kw_only=True)
class Question:
    """One question. Its audience is fixed before anyone answers, and never widened.

    `scale` answers are whole numbers from `least` to `most`, `would-recommend` answers from 0
    to 10, `choice` answers one of the `options`, `text` answers any text. An answer raises a
    flag that is `low` or less, or lower by `fall` or more than the same person's last one.
    """

    id: str = attrs.field(validator=not_blank)
    text: Message
    audience: Audience = "respondent"
    form: Form = "scale"
    least: int = 1
    most: int = 5
    options: tuple[str, ...] = ()
    low: int | None = None
    fall: int | None = None

    def __attrs_post_init__(self) -> None:
        for name, held, known in (
            ("audience", self.audience, get_args(Audience)),
            ("form", self.form, get_args(Form)),
        ):
            if held not in known:
                raise Invalid(name, f"must be one of {', '.join(known)}, not {shown(held)}")
        if self.form == "text" and self.audience == "aggregate":
            raise Invalid("audience", "text cannot be counted; ask a scale or a choice")
        if self.audience == "matching" and self.form not in ("scale", "would-recommend"):
            raise Invalid("audience", f"a {self.form} cannot be matched by; ask a scale")
        if self.form == "choice" and not self.options:
            raise Invalid("options", "are missing")
        if self.form == "scale" and self.least >= self.most:
            raise Invalid("most", f"must be above least, which is {self.least}")
        self._check_flag()

    def _check_flag(self) -> None:
        """What raises a flag is a number, and is for those whom a flag may reach."""
        flagged = "low" if self.low is not None else "fall" if self.fall is not None else None
        if self.audience == "flag" and self.low is None:
            raise Invalid("low", "is missing: which answer, or a lower one, may raise a flag?")
        if flagged and not self.numbers:
            raise Invalid(flagged, f"needs a scale; a {self.form} is neither low nor high")
        if flagged and self.audience not in ("flag", "coordinator"):
            words = f"would tell of answers for the audience {self.audience}; ask for a flag"
            raise Invalid(flagged, words)
        if self.low is not None and self.low not in self.numbers:
            raise Invalid("low", f"must be {self._between()}, not {shown(self.low)}")
        if self.fall is not None and self.fall < 1:
            raise Invalid("fall", f"must be at least 1, not {shown(self.fall)}")

    @property
    def numbers(self) -> range:
        """The numbers that answer it; none where words do."""
        if self.form == "would-recommend":
            return RECOMMEND
        return range(self.least, self.most + 1) if self.form == "scale" else range(0)

    def check(self, answer: object) -> None:
        """Refuse, with Invalid, what does not answer the question."""
        fits, wanted = {
            "choice": (answer in self.options, f"one of {', '.join(self.options)}"),
            "text": (isinstance(answer, str) and plain(answer), "text"),
        }.get(self.form, (type(answer) is int and answer in self.numbers, self._between()))
        if not fits:
            raise Invalid(self.id, f"must be {wanted}, not {shown(answer)}")

    def _between(self) -> str:
        return f"a whole number from {self.numbers.start} to {self.numbers.stop - 1}"


@attrs.frozen(kw_only=True)
class Instrument:
    """A survey of a programme, as everybody in it may know it before they are asked.

    `roles` are those that are asked, everybody if empty; `occasions` says when, and `licence`
    and `source` whose words they are, where the survey tells.
    """

    survey: str
    questions: tuple[Question, ...]
    roles: tuple[str, ...] = ()
    occasions: Message | None = None
    licence: str = ""
    source: str = ""


@attrs.frozen(kw_only=True)
class Ask:
    """A survey's wish to ask people at an instant; acted on once under its key.

    The key is unique within the relationship and the use of the survey. Answers of different
    `occasion`s, such as start and close, are counted apart.
    """

    key: str
    people: tuple[str, ...]
    at: datetime.datetime
    until: datetime.datetime
    session: str | None = None
    occasion: str = ""


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
    occasion: str = ""
    state: Literal["open", "answered", "closed"] = "open"
    answers: FrozenMap[Answer] = attrs.field(default=EMPTY, converter=frozen_map)
    reminded: bool = False


@attrs.frozen(kw_only=True)
class Concern:
    """Some answer in a round of questions that is over was low or had fallen.

    Not whose, and not what it said. A round is who was asked by `survey` under one `key`; it was
    over `at` an instant that is the same for all of them.
    """

    survey: str
    key: str
    at: datetime.datetime


@attrs.frozen(kw_only=True)
class Tally:
    """How often each answer was given to a question that only rates may tell.

    `counts` is None where too few people's answers can be told.
    """

    survey: str
    question: Question
    counts: FrozenMap[int] | None = attrs.field(converter=attrs.converters.optional(frozen_map))
    occasion: str = ""

    @property
    def net(self) -> int | None:
        """Of `would-recommend`: per cent that answered 9 or 10, less those with 6 or less."""
        number = sum(self.counts.values()) if self.counts else 0
        if self.counts is None or not number or self.question.form != "would-recommend":
            return None
        said = [int(answer) for answer, held in self.counts.items() for _ in range(held)]
        net = sum(answer >= 9 for answer in said) - sum(answer <= 6 for answer in said)
        return (200 * net + number) // (2 * number)
