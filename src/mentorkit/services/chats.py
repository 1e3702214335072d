"""What people said of their chats, as matching reads it and nobody else does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from mentorkit.models import Relationship, Request
from mentorkit.models.person import erased
from mentorkit.store.filling import Wished
from mentorkit.store.shelves import REQUESTS, Rows

Liking = Mapping[str, Mapping[str, Fraction]]
"""By relationship and person: how they liked it, below or above 0, where they said so."""


def likings(rows: Rows, past: Iterable[Relationship]) -> Liking:
    """What was answered about those of these relationships in which there was a chat."""
    ids = [held.id for held in past if "chemistry" in held.since]
    found: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
    for request in rows.find(REQUESTS, relationship=ids) if ids else ():
        liked = _liking(request)
        if liked is not None:
            found[request.relationship][request.person] = liked
    return found


def _liking(request: Request) -> Fraction | None:
    """How far the answers lie above the middles of their scales; None where there are none."""
    found = [
        Fraction(
            2 * int(answer) - question.numbers[0] - question.numbers[-1], len(question.numbers) - 1
        )
        for question in request.questions
        if question.audience == "matching"
        and (answer := request.answers.get(question.id)) is not None
    ]
    return sum(found, Fraction()) if found else None


def liked_by_all(held: Relationship, liking: Liking) -> bool:
    """Whether every member said after the chat that they would like it."""
    said = liking.get(held.id, {})
    return all(said.get(person, 0) > 0 for person in held.people)


def wished(past: Sequence[Relationship], liking: Liking) -> dict[str, Wished]:
    """By person: whom they like to be matched with since their chat, best first, and whom not.

    What they said last of somebody counts.
    """
    said: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
    for held in sorted(past, key=lambda held: (held.since[held.path[0]], held.id)):
        roles = {member.person: member.role for member in held.members}
        alike = len(set(roles.values())) == 1
        for person, liked in liking.get(held.id, {}).items():
            if person not in roles:
                continue
            others = [one for one in held.people if alike or roles[one] != roles[person]]
            said[person].update((one, liked) for one in others if one != person)
    return {
        person: (
            tuple(
                sorted(
                    (one for one in held if _above(held, one)), key=lambda one: (-held[one], one)
                )
            ),
            frozenset(one for one, liked in held.items() if liked < 0),
        )
        for person, held in said.items()
        if not erased(person)
    }


def _above(held: Mapping[str, Fraction], one: str) -> bool:
    return held[one] > 0 and not erased(one)
