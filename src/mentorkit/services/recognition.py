"""Recognition: awards with their evidence, and thanks from one to another."""

from __future__ import annotations

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Invalid
from mentorkit.models import Award, Message
from mentorkit.services.relationships import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import AWARDS

THANKS = "thanks"
"""The rule under which people's thanks are kept."""


class Recognition(OfRelationship):
    """`kit.recognition`: what was earned or given."""

    def of(self, person: str) -> tuple[Award, ...]:
        """A person's awards that the actor may see, in the order of their granting."""
        return self._seen(self._rows.find(AWARDS, person=person, state="granted"))

    def awards(self, programme: str) -> tuple[Award, ...]:
        """A programme's awards that the actor may see, in the order of their granting."""
        return self._seen(self._rows.find(AWARDS, programme=programme, state="granted"))

    def _seen(self, found: list[Award]) -> tuple[Award, ...]:
        shown = [self._work.see(award, self._ties_of_award(award)) for award in found]
        held = [award for award in shown if award is not None]
        return tuple(sorted(held, key=lambda award: (award.granted, award.person, award.id)))

    def _ties_of_award(self, award: Award) -> Ties:
        held = self._relationship(award.relationship)
        return Ties(programme=award.programme, own=(award.person,), members=held.people)

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
        if key is not None and (there := self._rows.find(AWARDS, id=id)):
            return there[0]
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
        ties = self._ties_of_award(found)
        if found.state == "revoked":
            return self._shown(AWARDS, found, ties)
        check_version(found, version)
        held = self._relationship(found.relationship)
        self._told(held, "award.revoked", award, people=(found.person,), rule=found.rule)
        revoked = self._rows.save(AWARDS, attrs.evolve(found, state="revoked"))
        return self._shown(AWARDS, revoked, ties)
