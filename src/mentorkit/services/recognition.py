"""Recognition: awards with their evidence, and thanks from one to another."""

from __future__ import annotations

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Invalid
from mentorkit.models import Award, Message, Relationship
from mentorkit.services.diplomas import Diplomas
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import AWARDS

THANKS = "thanks"
"""The rule under which people's thanks are kept."""


class Recognition(Diplomas):
    """`kit.recognition`: what was earned or given."""

    def of(self, person: str) -> tuple[Award, ...]:
        """A person's awards that the actor may see, in the order of their granting."""
        return self._seen(self._rows.find(AWARDS, person=person, state="granted"))

    def awards(self, programme: str) -> tuple[Award, ...]:
        """A programme's awards that the actor may see, in the order of their granting."""
        return self._seen(self._rows.find(AWARDS, programme=programme, state="granted"))

    def _seen(self, found: list[Award]) -> tuple[Award, ...]:
        held = self._behind(found)
        shown = self._visible(found, lambda award: _ties(award, held[award.relationship]))
        return tuple(sorted(shown, key=lambda award: (award.granted, award.person, award.id)))

    @changing
    def thank(
        self,
        relationship: str,
        person: str,
        words: str,
        *,
        giver: str | None = None,
        key: str | None = None,
    ) -> Award:
        """A member thanks another in words of their own; the same `key` thanks once."""
        held, giver = self._as_member(relationship, "recognition.thank", giver)
        if person not in held.people or person == giver:
            raise Invalid("person", f"{person!r} is no other member of {relationship!r}")
        id = self._work.id("award", key, held.id, giver)
        if again := self._again(AWARDS, id, key):
            return again
        award = Award(
            id=id,
            programme=held.programme,
            relationship=held.id,
            person=person,
            rule=THANKS,
            key=id,
            title=Message("award.thanks", "{words}", {"words": words}),
            granted=self._work.now(),
            giver=giver,
        )
        self._rows.add(AWARDS, [award])
        self._told(held, "award.granted", award.id, people=(person,), rule=THANKS)
        return self._rows.get(AWARDS, award.id)

    @changing
    def revoke(self, award: str, *, version: int | None = None) -> Award:
        """Take an award back; the rule that granted it will not grant it again."""
        found = self._rows.get(AWARDS, award)
        self._work.allow("recognition.revoke", Ties(programme=found.programme), found)
        held = self._relationship(found.relationship)
        ties = _ties(found, held)
        if found.state == "revoked":
            return self._shown(AWARDS, found, ties)
        check_version(found, version)
        self._told(held, "award.revoked", award, people=(found.person,), rule=found.rule)
        revoked = self._rows.save(AWARDS, attrs.evolve(found, state="revoked"))
        return self._shown(AWARDS, revoked, ties)


def _ties(award: Award, held: Relationship) -> Ties:
    return Ties(programme=award.programme, own=(award.person,), members=held.people)
