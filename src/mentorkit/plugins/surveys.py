"""The built-in surveys: each asks some questions of some people on some occasions.

The texts here are mentorkit's own, under its licence. `instrument` has none: a programme
brings them.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import attrs

import mentorkit
from mentorkit.interfaces import Kind
from mentorkit.plugins.survey_texts import (
    AFTER_SESSION,
    CHEMISTRY,
    CLOSING,
    GOAL_CHECK,
    PULSE,
    SELF_ASSESSMENT,
    TRUST,
)

When = Literal["chat", "start", "session", "days", "close"]
ALL = "all"
"""Asks every member, whatever their role."""
days_range = [attrs.validators.ge(1), attrs.validators.le(3650)]


@attrs.frozen(kw_only=True)
class Asking:
    """These questions, on these occasions: what every survey here binds to.

    Whoever is asked has `open_for` days to answer. `every` is the days between two rounds, and
    `apart` those at least between two meetings that are asked about.
    """

    questions: tuple[mentorkit.Question, ...]
    when: tuple[When, ...]
    open_for: int
    asked: str = ALL
    every: int = 30
    apart: int = 0
    licence: str = "MIT"
    source: str = "mentorkit"

    @property
    def roles(self) -> frozenset[str]:
        """The roles that are asked; none is everybody."""
        return frozenset() if self.asked == ALL else frozenset({self.asked})

    @property
    def occasions(self) -> mentorkit.Message:
        """When they are asked, and how long they may answer."""
        words = {**_WORDS, "days": f"every {self.every} days"}
        when = ", ".join(words[held] for held in self.when)
        text = "{when}; open for {days} days"
        return mentorkit.Message("survey.occasions", text, {"when": when, "days": self.open_for})

    def asks(self, history: mentorkit.History) -> Iterable[mentorkit.Ask]:
        """What each occasion asks for, of the people in the role that is asked."""
        members = history.relationship.members
        asked = [held.person for held in members if self.asked in (ALL, held.role)]
        for when in self.when:
            for key, at, people, session in _OCCASIONS[when](self, history):
                if here := tuple(person for person in people if person in asked):
                    yield mentorkit.Ask(
                        key=key,
                        people=here,
                        at=at,
                        until=at + datetime.timedelta(days=self.open_for),
                        session=session,
                        occasion=when if len(self.when) > 1 else "",
                    )


Occasion = tuple[str, datetime.datetime, tuple[str, ...], str | None]
"""A key, an instant, those who are there, and the session that it is about."""


def _begun(history: mentorkit.History) -> datetime.datetime | None:
    """Since when they may meet."""
    return history.since("active") or history.since("booked")


def _start(asking: Asking, history: mentorkit.History) -> Iterator[Occasion]:
    if begun := _begun(history):
        yield "start", begun, history.relationship.people, None


def _session(asking: Asking, history: mentorkit.History) -> Iterator[Occasion]:
    """After each one's first meeting, and those long enough after the last that they heard of."""
    last: dict[str, datetime.datetime] = {}
    apart = datetime.timedelta(days=asking.apart)
    for held in sorted(history.held, key=lambda one: (one.ends, one.id)):
        there = held.attended
        people = tuple(one for one in there if one not in last or held.ends - last[one] >= apart)
        last |= dict.fromkeys(people, held.ends)
        yield held.id, held.ends, people, held.id


def _chat(asking: Asking, history: mentorkit.History) -> Iterator[Occasion]:
    """After the chat that somebody asked for before they accept or decline."""
    for held in history.chats:
        yield held.id, held.ends, held.attended, held.id


def _days(asking: Asking, history: mentorkit.History) -> Iterator[Occasion]:
    """Rounds, numbered from 1, of which each is over by the agreement's last day, or the end.

    Those that fall into a pause are left out.
    """
    begun, closed = history.since("active"), history.since("closed")
    agreement = history.relationship.agreement
    if begun is None or agreement is None:
        return
    for number in itertools.count(1):
        at = begun + datetime.timedelta(days=number * asking.every)
        # What would still be open at the close comes too late for anybody to act on it.
        over = at + datetime.timedelta(days=asking.open_for)
        if history.relationship.day(over) > agreement.ends or (closed and at >= closed):
            return
        if not any(start <= at < end for start, end in history.pauses):
            yield str(number), at, history.relationship.people, None


def _close(asking: Asking, history: mentorkit.History) -> Iterator[Occasion]:
    """Once, when it has closed; of what never began there is nothing to say."""
    closed = history.since("closed")
    if closed is not None and _begun(history):
        yield "close", closed, history.relationship.people, None


_OCCASIONS: dict[str, Callable[[Asking, mentorkit.History], Iterator[Occasion]]] = {
    "chat": _chat,
    "start": _start,
    "session": _session,
    "days": _days,
    "close": _close,
}
_WORDS = {
    "chat": "after a chat before an answer",
    "start": "at the start",
    "session": "after each meeting",
    "close": "at the close",
}


@attrs.frozen(kw_only=True)
class Item:
    """One question of an instrument, in the programme's own words; see `Question`."""

    id: str
    text: str
    audience: str = "respondent"
    form: str = "scale"
    least: int = 1
    most: int = 5
    options: tuple[str, ...] = ()
    low: int | None = None
    fall: int | None = None

    def __attrs_post_init__(self) -> None:
        if not self.text.strip():
            raise mentorkit.Invalid("text", "is missing")
        self.question()

    def question(self) -> mentorkit.Question:
        """The question; Invalid where it cannot be asked so."""
        words = mentorkit.Message(f"instrument.{self.id}", "{words}", {"words": self.text})
        rest: dict[str, Any] = attrs.asdict(self, recurse=False)
        return mentorkit.Question(**{**rest, "text": words})


@attrs.frozen(kw_only=True)
class Instrument:
    """A survey as data: somebody's questions, whom they are for, and when they are asked."""

    questions: tuple[Item, ...]
    when: tuple[When, ...]
    licence: str
    source: str
    asked: str = ALL
    every: int | None = attrs.field(default=None, validator=attrs.validators.optional(days_range))
    open_for: int = attrs.field(default=14, validator=days_range)

    def __attrs_post_init__(self) -> None:
        for name in ("questions", "when"):
            if not getattr(self, name):
                raise mentorkit.Invalid(name, "must name at least one")
        for name in ("licence", "source"):
            if not getattr(self, name).strip():
                raise mentorkit.Invalid(name, "is missing; say whose words these are")
        _check_different("questions", [held.id for held in self.questions], ".id")
        _check_different("when", self.when)
        if ("days" in self.when) != (self.every is not None):
            words = "is missing: every how many days?" if self.every is None else "needs days"
            raise mentorkit.Invalid("every", words)

    def bound(self) -> Asking:
        """The survey."""
        return Asking(
            questions=tuple(held.question() for held in self.questions),
            when=self.when,
            open_for=self.open_for,
            asked=self.asked,
            every=self.every or 1,
            licence=self.licence,
            source=self.source,
        )


def _check_different(name: str, words: Iterable[str], below: str = "") -> None:
    seen: set[str] = set()
    for at, word in enumerate(words):
        if word in seen:
            raise mentorkit.Invalid(f"{name}[{at}]{below}", f"{word!r} is there twice")
        seen.add(word)


@attrs.frozen
class Regularly:
    """Asks all members every `every` days of their active time; it stays open `open_for` days.

    The active time ends with the agreement's last day, or when the relationship closes; what
    would still be open after that day is not asked. One without an agreement has no last day,
    and is not asked; nor is one in a pause.
    """

    every: int = attrs.field(default=30, validator=days_range)
    open_for: int = attrs.field(default=14, validator=days_range)


@attrs.frozen
class AfterChat:
    """Asks those who attended, once after each one held; it stays open `open_for` days."""

    open_for: int = attrs.field(default=7, validator=days_range)


@attrs.frozen
class AfterSession:
    """Asks those who attended, after meetings held; it stays open `open_for` days.

    Nobody is asked about two meetings that are less than `apart` days from each other, counted
    from the end of the earlier to that of the later; 0 asks about each.
    """

    open_for: int = attrs.field(default=7, validator=days_range)
    apart: int = attrs.field(
        default=0, validator=[attrs.validators.ge(0), attrs.validators.le(3650)]
    )


@attrs.frozen
class Once:
    """Asks all members once on each of its occasions; it stays open `open_for` days."""

    open_for: int = attrs.field(default=14, validator=days_range)


def _built_in(
    name: str, settings: type[Any], questions: tuple[mentorkit.Question, ...], *when: When
) -> Kind[Any, Any]:
    def bind(chosen: Any) -> Asking:
        return Asking(questions=questions, when=when, **attrs.asdict(chosen))

    return mentorkit.kind(name, settings, bind)


@mentorkit.hookimpl
def mentorkit_surveys() -> Iterable[Kind[Any, Any]]:
    """Surveys by the calendar, by the meeting, at the start and at the close."""
    return [
        _built_in("chemistry", AfterChat, CHEMISTRY, "chat"),
        _built_in("pulse", Regularly, PULSE, "days"),
        _built_in("after-session", AfterSession, AFTER_SESSION, "session"),
        _built_in("trust", Regularly, TRUST, "days"),
        _built_in("goal-check", Regularly, GOAL_CHECK, "days"),
        _built_in("self-assessment", Once, SELF_ASSESSMENT, "start", "close"),
        _built_in("closing", Once, CLOSING, "close"),
        mentorkit.kind("instrument", Instrument, Instrument.bound),
    ]
