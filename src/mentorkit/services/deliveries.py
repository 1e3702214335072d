"""Deliveries: what is on its way to subscribers, and what never arrived."""

from __future__ import annotations

from mentorkit.access import Ties
from mentorkit.models import Delivery
from mentorkit.services.work import Service, changing
from mentorkit.store import outbox


class Deliveries(Service):
    """`kit.deliveries`: the events' journeys to the house's subscribers."""

    def page(self, state: str | None = None, limit: int | None = None) -> tuple[Delivery, ...]:
        """Deliveries that the actor may see, "waiting", "done" or "dead", oldest first."""
        found = outbox.deliveries(self._rows, state=state, limit=limit)
        return self._visible(found, lambda one: Ties(programme=one.event.programme))

    @changing
    def replay(self, event: str, subscriber: str) -> None:
        """Try a dead delivery again, at once, under the key that it always had."""
        self._work.allow("deliveries.replay", Ties())
        outbox.revive(self._rows, event, subscriber, self._work.now())
