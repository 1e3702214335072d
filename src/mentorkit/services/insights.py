"""Insights: what members carry over into their own work."""

from __future__ import annotations

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Conflict
from mentorkit.models import Insight
from mentorkit.models.insight import INSIGHT_STATES, InsightState
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import INSIGHTS


class Insights(OfRelationship):
    """`kit.insights`: heard from others, tried at home, adopted for good.

    They go on when the relationship is over.
    """

    @changing
    def add(
        self,
        relationship: str,
        words: str,
        *,
        source: str = "",
        person: str | None = None,
        key: str | None = None,
    ) -> Insight:
        """A member writes down what they heard, and from which field it comes.

        `person` says who does; without it, the actor. Coordinators read the `source`, and not the
        words. The same `key` gives the same insight again.
        """
        held, person = self._as_member(relationship, "insights.add", person)
        id = self._work.id("insight", key, held.id, person)
        if again := self._again(INSIGHTS, id, key):
            return again
        insight = Insight(
            id=id,
            programme=held.programme,
            relationship=held.id,
            owner=person,
            words=words,
            source=source,
            since={"heard": self._work.now()},
        )
        self._rows.add(INSIGHTS, [insight])
        self._told(held, "insight.heard", insight.id, people=(person,))
        return self._rows.get(INSIGHTS, insight.id)

    def get(self, insight: str) -> Insight:
        """An insight, as far as the actor may see it."""
        found = self._rows.get(INSIGHTS, insight)
        return self._shown(INSIGHTS, found, self._ties_of(self._relationship(found.relationship)))

    def of(self, relationship: str) -> tuple[Insight, ...]:
        """The insights of a relationship that the actor sees, in the order of hearing."""
        found = self._all_shown(INSIGHTS, relationship)
        return tuple(sorted(found, key=lambda one: (one.since["heard"], one.id)))

    @changing
    def tried(self, insight: str, *, version: int | None = None) -> Insight:
        """Its owner has tried it."""
        return self._moved(insight, "tried", version)

    @changing
    def adopted(self, insight: str, *, version: int | None = None) -> Insight:
        """Its owner works like that from now on."""
        return self._moved(insight, "adopted", version)

    def _moved(self, insight: str, state: InsightState, version: int | None) -> Insight:
        found = self._rows.get(INSIGHTS, insight)
        held = self._relationship(found.relationship)
        ties = Ties(programme=held.programme, own=(found.owner,))
        self._work.allow(f"insights.{state}", ties, held)
        if found.state == state:
            return found
        check_version(found, version)
        if INSIGHT_STATES.index(state) < INSIGHT_STATES.index(found.state):
            raise Conflict(f"insight {insight!r} is {found.state} by now")
        self._told(held, f"insight.{state}", insight, people=(found.owner,))
        since = {**found.since, state: self._work.now()}
        return self._rows.save(INSIGHTS, attrs.evolve(found, state=state, since=since))
