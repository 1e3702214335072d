"""Expectations: what each member states alone, before they see how it compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.errors import Conflict, Fault, Invalid, below
from mentorkit.expectations import compared
from mentorkit.models import AgreementPoint, Expectation, FrozenMap, Relationship
from mentorkit.services.notes import Notes
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import EXPECTATIONS, RELATIONSHIPS


class Expectations(Notes):
    """The part of `kit.relationships` that hears what members expect, and compares it."""

    @changing
    def expect(
        self,
        relationship: str,
        words: Mapping[str, str],
        *,
        person: str | None = None,
        version: int | None = None,
    ) -> Expectation:
        """A member states alone what they expect, point by point; later, some of it anew.

        The first time, on all the points that the programme asks about. Nobody else reads it
        until every member has stated theirs. Whoever has signed is asked again. With
        `version`, Conflict where the statement is another one by now.
        """
        held, person = self._as_member(relationship, "relationships.expect", person)
        found = self._rows.find(EXPECTATIONS, relationship=held.id, person=person)
        before = found[0] if found else None
        if before is not None:
            check_version(before, version)
        elif version not in (None, 0):
            raise Conflict(f"{person!r} has not stated anything yet")
        points = self._points(held)
        if not points:
            raise Conflict(f"programme {held.programme!r} has no points to state anything on")
        said = _checked(points, words, before)
        if before is not None and said == before.words:
            return before
        changed = lifecycle.expect(held, person)
        if changed != held:
            self._rows.save(RELATIONSHIPS, changed)
        self._told(held, "relationship.expected", held.id, people=(person,))
        return self._stated(held, person, said, before)

    def _stated(
        self, held: Relationship, person: str, said: FrozenMap[str], before: Expectation | None
    ) -> Expectation:
        if before is not None:
            changed = attrs.evolve(before, words=said, stated=self._work.now())
            return self._rows.save(EXPECTATIONS, changed)
        made = Expectation(
            id=self._work.ids(),
            programme=held.programme,
            relationship=held.id,
            person=person,
            words=said,
            stated=self._work.now(),
        )
        self._rows.add(EXPECTATIONS, [made])
        return self._rows.get(EXPECTATIONS, made.id)

    def expectations(self, relationship: str) -> tuple[AgreementPoint, ...]:
        """What is asked, and what members said, side by side once all of them have.

        Until then members see their own words alone, and nobody else ever sees any.
        """
        held = self._relationship(relationship)
        self._shown(RELATIONSHIPS, held, self._ties_of(held))
        stated = self._rows.find(EXPECTATIONS, relationship=held.id)
        everybody = set(held.people) <= {one.person for one in stated}

        def ties_of(one: Expectation) -> Ties:
            return Ties(own=(one.person,), members=held.people if everybody else ())

        found = compared(self._points(held), held, self._visible(stated, ties_of))
        return self._visible(found, lambda _: self._ties_of(held))

    def _points(self, held: Relationship) -> FrozenMap[str]:
        """The questions that members of it are asked, by name."""
        return self._run_of(held).blueprint.agreement.points

    def _stated_in(self, held: Relationship) -> Sequence[Expectation]:
        """All that its members have stated: for what is decided, and not for anybody's eyes."""
        return self._rows.find(EXPECTATIONS, relationship=held.id)


def check_points(points: Mapping[str, str], named: Mapping[str, str], place: str) -> None:
    """Refuse words for what is no point."""
    known = ", ".join(points) or "none"
    faults = [
        Fault(below(place, name), f"is no point of this programme's agreement; it has {known}")
        for name in named
        if name not in points
    ]
    if faults:
        raise Invalid(faults=faults)


def _checked(
    points: Mapping[str, str], words: Mapping[str, str], before: Expectation | None
) -> FrozenMap[str]:
    """What a member has stated by now, if it answers every question."""
    check_points(points, words, "words")
    said = {**(before.words if before is not None else {}), **words}
    faults = [
        Fault(below("words", name), f"is missing: {question}")
        for name, question in points.items()
        if name not in said
    ]
    faults += [
        Fault(below("words", name), "must say something")
        for name, held in words.items()
        if not isinstance(held, str) or not held.strip()
    ]
    if faults:
        raise Invalid(faults=faults)
    return FrozenMap(said)
