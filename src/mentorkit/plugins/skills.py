"""Criteria on what people bring and seek: skills, interests, languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import IntArray, Kind, Pool
from mentorkit.matching.columns import common, missing, product
from mentorkit.models import POINT, Message, Participant, Skill
from mentorkit.plugins.attributes import points_range


@attrs.frozen
class Skills:
    """The right side offers what the left side seeks.

    A skill offered at the level sought, or where one of the levels is not given, counts
    whole; one offered below it counts half. Points are the share of what is sought, of
    at most `enough` skills when that is set; `missing` where nothing is sought.
    """

    enough: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(1))
    )
    missing: int = attrs.field(default=0, validator=points_range)

    def points(self, left: Pool, right: Pool) -> IntArray:
        """1000 where all that is sought is offered, or enough of it."""
        seeks = [left.row(i).seeks for i in range(len(left))]
        offers = [{s.name: s for s in right.row(j).offers} for j in range(len(right))]
        sought = sorted({skill for skills in seeks for skill in skills})
        place = {skill: column for column, skill in enumerate(sought)}
        asked = np.zeros((len(left), len(sought)), dtype=np.int64)
        for row, skills in enumerate(seeks):
            asked[row, [place[skill] for skill in skills]] = 1
        halves = np.zeros((len(right), len(sought)), dtype=np.int64)
        for row, offered in enumerate(offers):
            for skill in sought:
                if skill.name in offered:
                    halves[row, place[skill]] = _halves(skill, offered[skill.name])
        wanted = 2 * np.minimum(asked.sum(axis=1), self.enough or len(sought))[:, None]
        covered = np.minimum(product(asked, halves), wanted)
        return np.where(wanted > 0, POINT * covered // np.maximum(wanted, 1), self.missing)

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


def _halves(sought: Skill, offered: Skill) -> int:
    """How much of a sought skill an offered one of the same name covers, in halves."""
    if sought.level is None or offered.level is None or offered.level >= sought.level:
        return 2
    return 1


def _listed(names: Iterable[str], most: int = 6) -> str:
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


@attrs.frozen
class _Shared:
    """Words that two people share in a list field."""

    def _points(self, left: Pool, right: Pool, field: str, enough: int, absent: int) -> IntArray:
        shared = np.minimum(common(left, right, field), enough)
        return np.where(missing(left, right, field), absent, POINT * shared // enough)

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

    def points(self, left: Pool, right: Pool) -> IntArray:
        """By the number of shared interests."""
        return self._points(left, right, "interests", self.enough, self.missing)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The shared interests."""
        return self._say(left, right, "interests", "interests")


@attrs.frozen
class Language(_Shared):
    """A shared language."""

    missing: int = attrs.field(default=0, validator=points_range)

    def points(self, left: Pool, right: Pool) -> IntArray:
        """1000 with a language in common, else 0."""
        return self._points(left, right, "languages", 1, self.missing)

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
