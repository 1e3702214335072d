"""What members did between meetings, as the journal has it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from sqlalchemy import select

from mentorkit.models import Deed
from mentorkit.models.history import What
from mentorkit.store.schema import event
from mentorkit.store.shelves import Rows, batches, instant

WHAT: Mapping[str, What] = {
    "note.shared": "wrote",
    "goal.proposed": "progressed",
    "goal.progressed": "progressed",
    "goal.reached": "progressed",
    "action.done": "worked",
    "question.asked": "asked",
    "question.answered": "answered",
    "resource.shared": "shared",
}
"""The kinds of events that tell of a member's own deed."""


def deeds(rows: Rows, relationships: Collection[str]) -> dict[str, tuple[Deed, ...]]:
    """What was done in relationships, by their ids, in the order of time: a query for many."""
    found: dict[str, list[Deed]] = {}
    wanted = (
        select(event.c.relationship, event.c.kind, event.c.at, event.c.data)
        .where(event.c.tenant == rows.tenant, event.c.kind.in_(sorted(WHAT)))
        .order_by(event.c.at, event.c.step, event.c.id)
    )
    for part in batches(sorted(relationships)):
        answered = rows.connection.execute(wanted.where(event.c.relationship.in_(part))).rows
        for relationship, kind, at, data in answered:
            found.setdefault(relationship, []).extend(
                Deed(person=person, what=WHAT[kind], at=instant(at))
                for person in json.loads(data)["people"]
            )
    return {relationship: tuple(done) for relationship, done in found.items()}
