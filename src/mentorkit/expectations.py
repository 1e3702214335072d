"""What members expect, each having said so alone, held against each other: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mentorkit.models import AgreementPoint, Expectation, FrozenMap, Relationship


def compared(
    points: Mapping[str, str], held: Relationship, stated: Sequence[Expectation]
) -> tuple[AgreementPoint, ...]:
    """Each of the points, with its question, and what these members said to it.

    Words for it in the agreement settle a point, whatever was said; else all members having
    said the same does.
    """
    words_of = {one.person: one.words for one in stated}
    known = {person: words_of[person] for person in held.people if person in words_of}
    everybody = set(held.people) == set(known)
    terms = held.agreement.points if held.agreement is not None else FrozenMap[str]({})
    made = []
    for point, question in points.items():
        said = {person: words[point] for person, words in known.items() if point in words}
        alike = everybody and len({same(words) for words in said.values()}) == 1
        agreed = next(iter(said.values())).strip() if alike else None
        settles = terms.get(point, agreed)
        one = AgreementPoint(name=point, question=question, said=said, alike=alike, settles=settles)
        made.append(one)
    return tuple(made)


def open_points(
    points: Mapping[str, str], held: Relationship, stated: Sequence[Expectation]
) -> tuple[str, ...]:
    """The points on which nobody may sign yet.

    None as long as nobody has stated anything. After that all, until everybody has; and then
    those on which they differ, unless the agreement settles them.
    """
    if not stated:
        return ()
    if not set(held.people) <= {one.person for one in stated}:
        return tuple(points)
    return tuple(one.name for one in compared(points, held, stated) if one.settles is None)


def settled(comparisons: Iterable[AgreementPoint]) -> dict[str, str]:
    """What settles the points that are not open, by their names."""
    return {one.name: one.settles for one in comparisons if one.settles is not None}


def same(words: str) -> str:
    """Words as they are compared: without regard to upper and lower case and outer space."""
    return words.strip().casefold()
