"""The contract of a Subscriber."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import attrs
from hypothesis.strategies import SearchStrategy

from mentorkit.errors import Later, NotFound, Refused
from mentorkit.models import Event, Message, Person, ProgrammeRun, Relationship, Session
from mentorkit.testing.contracts import pasts
from mentorkit.testing.contracts.check import Subject, expect, fail, for_all
from mentorkit.testing.strategies.chronicle import chronicle_from
from mentorkit.testing.strategies.history import history_from
from mentorkit.testing.strategies.picks import Picks
from mentorkit.testing.strategies.relationship import events

KNOWN = ("award.granted", "relationship.closed", "session.held", "survey.asked")
"""Kinds of events for a subscriber that wants them all."""


@attrs.frozen
class Remembered:
    """A Reader that finds whatever is asked for."""

    def person(self, person: str, /) -> Person:
        """Somebody of that id."""
        return Person(id=person, name=f"Name {person}", email="somebody@example.org")

    def programme(self, programme: str, /) -> ProgrammeRun:
        """A programme of that id."""
        return attrs.evolve(chronicle_from(Picks(b"")).run, id=programme)

    def relationship(self, relationship: str, /) -> Relationship:
        """A relationship of that id."""
        return history_from(Picks(b"\x00\x02"), relationship).relationship

    def session(self, session: str, /) -> Session:
        """A session of that id, without what only its members read."""
        starts = datetime.datetime(2026, 3, 23, 9, tzinfo=datetime.UTC)
        return Session(
            id=session,
            programme="programme",
            relationship="r0",
            number=1,
            title=Message("meeting", "Meeting 1"),
            starts=starts,
            ends=starts + datetime.timedelta(hours=1),
        )


@attrs.frozen
class Forgotten:
    """A Reader for which nothing is there any more."""

    def person(self, person: str, /) -> Person:
        """Raises NotFound, as all of these."""
        raise NotFound(f"there is no person {person!r}")

    def programme(self, programme: str, /) -> ProgrammeRun:
        raise NotFound(f"there is no programme {programme!r}")

    def relationship(self, relationship: str, /) -> Relationship:
        raise NotFound(f"there is no relationship {relationship!r}")

    def session(self, session: str, /) -> Session:
        raise NotFound(f"there is no session {session!r}")


def it_wants_events(subject: Subject) -> None:
    """`wants` is a frozenset of kinds of events, such as "session.held"; "*" is all of them."""
    wants = subject.bound().wants
    named = isinstance(wants, frozenset) and all(isinstance(kind, str) and kind for kind in wants)
    expect(named and wants, f"wants is {wants!r}, not a frozenset of kinds of events")
    expect(wants == subject.bound().wants, "asked twice, it wants different events")


def it_delivers(subject: Subject) -> None:
    """An event is delivered; only Later and Refused are raised."""
    _everywhere(subject, lambda event: _deliver(subject.bound(), event, Remembered()))


def delivering_twice_will_do(subject: Subject) -> None:
    """The same event under the same key is delivered again, by a newly bound object too."""

    def test(event: Event) -> None:
        subscriber = subject.bound()
        for one in (subscriber, subscriber, subject.bound()):
            _deliver(one, event, Remembered())

    _everywhere(subject, test)


def people_may_be_gone(subject: Subject) -> None:
    """Where nothing that the event names can be read any more, only Later and Refused are raised.

    An event is no less true when a person is erased: leave the name out, or raise Refused.
    """
    _everywhere(subject, lambda event: _deliver(subject.bound(), event, Forgotten()))


def later_is_an_instant(subject: Subject) -> None:
    """Where it raises Later, that is an instant in UTC."""

    def test(event: Event) -> None:
        for read in (Remembered(), Forgotten()):
            try:
                subject.bound().deliver(event, f"{event.id}:subscriber", read)
            except Later as later:
                pasts.in_utc(later.at, "at of Later")
            except Exception:  # noqa: S112 - which the other checks show
                continue

    _everywhere(subject, test)


def the_event_is_left_alone(subject: Subject) -> None:
    """An event is only read."""

    def test(event: Event) -> None:
        before = repr(event)
        _deliver(subject.bound(), event, Remembered())
        expect(repr(event) == before, "the event was changed")

    _everywhere(subject, test)


def _everywhere(subject: Subject, test: Callable[[Event], None]) -> None:
    for_all(_wanted(subject.bound().wants), test)


def _wanted(wants: Any) -> SearchStrategy[Event]:
    kinds = KNOWN if "*" in wants else tuple(sorted(wants))
    return events(*kinds)


def _deliver(subscriber: Any, event: Event, read: Any) -> None:
    try:
        subscriber.deliver(event, f"{event.id}:subscriber", read)
    except (Later, Refused):
        return
    except Exception as error:
        sort = type(error).__name__
        fail(f"{event.kind} raised {sort}: {error}; raise mentorkit.Later or mentorkit.Refused")


SUBSCRIBER = (
    it_delivers,
    it_wants_events,
    delivering_twice_will_do,
    people_may_be_gone,
    later_is_an_instant,
    the_event_is_left_alone,
)
