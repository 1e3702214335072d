"""Introductions: what each member of a new relationship is told, in plain words."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping

from mentorkit import lifecycle
from mentorkit.errors import NotFound
from mentorkit.models import (
    NOT_AVAILABLE,
    Introduction,
    Message,
    Person,
    ProgrammeRun,
    Relationship,
)
from mentorkit.services.duties import answered_by
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.store.shelves import PEOPLE, RELATIONSHIPS
from mentorkit.wording import listed, visible


class Introducing(OfRelationship):
    """What a host or a subscriber sends to those who were matched."""

    def introduction(self, relationship: str, person: str) -> Introduction:
        """What a member of a relationship is told: with whom, why, what next and until when.

        The reasons are those that were kept with the relationship, which all its members
        read. NotFound where there is none that the actor may see, and where it is closed;
        Forbidden where the person is no member.
        """
        held = self._relationship(relationship)
        held = self._shown(RELATIONSHIPS, held, self._ties_of(held))
        lifecycle.check_member(held, person)
        if held.stage == lifecycle.CLOSED:
            raise NotFound(f"relationship {relationship!r} is closed")
        run = self._run_of(held)
        names = {one.id: _name(one) for one in self._rows.find(PEOPLE, id=held.people)}
        values = {"programme": run.programme.name or run.id}
        return Introduction(
            relationship=held.id,
            person=person,
            subject=Message("introduction.subject", "{programme}: you were matched", values),
            lines=tuple(_lines(held, run, person, names)),
            reasons=tuple(one for one in held.reasons if one != NOT_AVAILABLE),
        )


def _lines(
    held: Relationship, run: ProgrammeRun, person: str, names: Mapping[str, str]
) -> Iterator[Message]:
    """The paragraphs, one after the other."""
    others = [
        f"{names.get(one.person, one.person)} ({one.role})"
        for one in held.members
        if one.person != person
    ]
    values: dict[str, str | int] = {
        "name": names.get(person, person),
        "programme": run.programme.name or run.id,
        "others": listed(others),
    }
    words = "Hello {name}, in {programme} you were matched with {others}."
    yield Message("introduction.hello", words, values)
    yield from _next(held, run, person)


def _next(held: Relationship, run: ProgrammeRun, person: str) -> Iterator[Message]:
    """What there is to do now, and how to say no."""
    if lifecycle.on_path(held) == "proposed":
        if person in held.accepted:
            words = "You have accepted. As soon as everybody has, it goes on."
            yield Message("introduction.accepted", words)
            return
        until = answered_by(held, run)
        if until is None:
            yield Message("introduction.answer", "Please accept or decline.")
        else:
            zone = run.blueprint.policies.timezone or "UTC"
            at = f"{until.astimezone(zoneinfo.ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
            words = "Please accept or decline by {at}; then the proposal expires."
            yield Message("introduction.answer-by", words, {"at": at})
        words = "If you want to get to know each other first, ask for a chat."
        yield Message("introduction.chat", words)
        words = (
            "You may decline without giving a reason. If you do not want to be matched with "
            "them again, say so when you decline; nobody else learns of it."
        )
        yield Message("introduction.decline", words)
    elif held.stage == "agreeing":
        words = "Next, agree on how often and how long you meet, and sign the agreement."
        yield Message("introduction.agree", words)
        yield _no_fault()
    else:
        yield Message("introduction.meet", "Next, meet each other.")
        yield _no_fault()


def _no_fault() -> Message:
    words = "If it is not right for you, you may end it at any time, without fault."
    return Message("introduction.end", words)


def _name(person: Person) -> str:
    name = " ".join(person.name.split())
    return name if visible(name) else person.id
