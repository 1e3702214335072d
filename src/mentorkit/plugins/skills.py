"""Criteria on what people bring and seek: skills, interests, languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

import mentorkit
from mentorkit.interfaces import IntArray, Kind, Pool
from mentorkit.matching.columns import (
    CountedPoints,
    Counts,
    absent,
    column_of,
    counts,
    many_hot,
    shared_words,
    unless,
)
from mentorkit.models import POINT, Message, Participant, Skill
from mentorkit.plugins.attributes import points_range


@attrs.frozen
class Skills(CountedPoints):
    """The right side offers what the left side seeks.

    A skill offered at the level sought, or where one of the levels is not given, counts
    whole; one offered below it counts half. Points are the share of what is sought, of
    at most `enough` skills when that is set; `missing` where nothing is sought.
    """

    enough: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(1))
    )
    missing: int = attrs.field(default=0, validator=points_range)

    def counted(self, left: Pool, right: Pool) -> Counts:
        """A column for each skill sought that somebody offers, and one for how many are wanted.

        What is covered is counted in halves, below `width` for everybody, and what is wanted
        in steps of `width`: so the product says both.
        """
        seeks, offers = column_of(left, "seeks"), column_of(right, "offers")
        offered = {skill.name for skills in offers for skill in skills}
        sought = sorted({skill for skills in seeks for skill in skills if skill.name in offered})
        asked = many_hot(seeks, [*sought, None])
        asked[:, -1] = [min(len(skills), self.enough or len(skills)) for skills in seeks]
        covered = _covered(offers, [*sought, None])
        width = 2 * max(map(len, seeks), default=0) + 1
        covered[:, -1] = width
        return counts(
            (asked, covered), lambda index: self._share(index % width, 2 * (index // width))
        )

    def _share(self, covered: IntArray, wanted: IntArray) -> IntArray:
        share = POINT * np.minimum(covered, wanted) // np.maximum(wanted, 1)
        return np.where(wanted > 0, share, self.missing)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """Which of the skills sought are offered, and which not."""
        offered = {skill.name: skill for skill in right.offers}
        found = [skill for skill in left.seeks if skill.name in offered]
        low = [skill.name for skill in found if _halves(skill, offered[skill.name]) < 2]
        lacking = [skill for skill in left.seeks if skill.name not in offered]
        values: dict[str, str | int] = {
            "found": len(found),
            "sought": len(left.seeks),
            "names": _listed(map(str, found)),
            "lacking": _listed(skill.name if found else str(skill) for skill in lacking),
            "low": _listed(low),
        }
        if not left.seeks:
            return Message("skills-none-sought", "no skills sought")
        if not found:
            return Message("skills-none", "offers none of the skills sought: {lacking}", values)
        said = "offers {found} of {sought} skills sought: {names}"
        said += "; below the level sought: {low}" if low else ""
        said += "; not {lacking}" if lacking else ""
        return Message("skills-low" if low else "skills", said, values)


def _covered(offers: Sequence[Sequence[Skill]], sought: Sequence[Skill | None]) -> NDArray[Any]:
    """How much of each skill sought everybody covers, in halves."""
    columns: dict[str, list[tuple[int, Skill]]] = {}
    for column, skill in enumerate(sought):
        if skill is not None:
            columns.setdefault(skill.name, []).append((column, skill))
    table = np.zeros((len(offers), len(sought)), dtype=np.int32)
    for row, skills in enumerate(offers):
        for skill in skills:
            for column, wanted in columns.get(skill.name, ()):
                table[row, column] = _halves(wanted, skill)
    return table


def _halves(sought: Skill, offered: Skill) -> int:
    """How much of a sought skill an offered one of the same name covers, in halves."""
    if sought.level is None or offered.level is None or offered.level >= sought.level:
        return 2
    return 1


def _listed(names: Iterable[str], most: int = 6) -> str:
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


class _Shared(CountedPoints):
    """Words that two people share in a list field."""

    __slots__ = ()

    def _counted(self, left: Pool, right: Pool, field: str, enough: int, missing: int) -> Counts:
        shared = counts(
            shared_words(left, right, field),
            lambda words: POINT * np.minimum(words, enough) // enough,
        )
        return unless(shared, absent(left.values(field), right.values(field)), missing)

    def _say(self, left: Participant, right: Participant, field: str, noun: str) -> Message:
        mine, theirs = left.value(field) or (), right.value(field) or ()
        shared = sorted(set(mine) & set(theirs)) if isinstance(mine, tuple) else []  # type: ignore[arg-type]
        values = {"noun": noun, "names": _listed(shared)}
        if shared:
            return Message("shared", "shared {noun}: {names}", values)
        return Message("none-shared", "no shared {noun}", values)


@attrs.frozen
class Interests(_Shared):
    """Shared interests: 1000 for `enough` of them, less in equal steps."""

    enough: int = attrs.field(default=3, validator=attrs.validators.ge(1))
    missing: int = attrs.field(default=0, validator=points_range)

    def counted(self, left: Pool, right: Pool) -> Counts:
        """By the number of shared interests."""
        return self._counted(left, right, "interests", self.enough, self.missing)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The shared interests."""
        return self._say(left, right, "interests", "interests")


@attrs.frozen
class Language(_Shared):
    """A shared language."""

    missing: int = attrs.field(default=0, validator=points_range)

    def counted(self, left: Pool, right: Pool) -> Counts:
        """1000 with a language in common, else 0."""
        return self._counted(left, right, "languages", 1, self.missing)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The shared languages."""
        return self._say(left, right, "languages", "languages")


@mentorkit.hookimpl
def mentorkit_criteria() -> Iterable[Kind[Any, Any]]:
    """Criteria on what people bring and seek."""
    return [
        mentorkit.kind("skills", Skills),
        mentorkit.kind("interests", Interests),
        mentorkit.kind("language", Language),
    ]
