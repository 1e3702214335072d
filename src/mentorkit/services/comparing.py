"""What a list of people would change in a programme, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from mentorkit.access import Ties
from mentorkit.admission import differences
from mentorkit.models import Enrolment, FrozenMap, Participant
from mentorkit.models.frozenmap import frozen_map
from mentorkit.services.work import Service
from mentorkit.store import members
from mentorkit.store.shelves import PROGRAMMES

THERE = ("applied", "waiting", "enrolled")
"""The states of those who take part, or want to."""
LISTED = ("assigned", "imported")
"""How those came whom the office lists, and may list no longer."""


@attrs.frozen(kw_only=True)
class Comparison:
    """What enrolling a list of people would do, by their ids.

    `back` are those who left or were declined; `changed` says which fields differ. `leavers`
    came by such a list, and are on it no longer; `others` take part and are not on it either,
    but came by themselves or by an invitation.
    """

    new: tuple[str, ...]
    back: tuple[str, ...]
    changed: FrozenMap[tuple[str, ...]] = attrs.field(converter=frozen_map)
    same: int
    leavers: tuple[str, ...]
    others: tuple[str, ...]


class Comparing(Service):
    """Looks before the office leaps."""

    def compare(self, programme: str, people: Iterable[Participant]) -> Comparison:
        """What enrolling these people would change, and who is not among them any more.

        Fields are named as in a Participant, with roles and attributes by their names. What is
        protected is compared for the host's own jobs alone: others could try values out.
        """
        self._work.allow("programmes.compare", Ties(programme=programme))
        run = self._rows.get(PROGRAMMES, programme)
        listed = {held.id: held for held in people}
        known = {held.id: held for held in members.enrolments(self._rows, run.id)}
        there = {id: held for id, held in known.items() if held.state in THERE}
        found = {id: self._differs(there[id], listed[id]) for id in sorted(there.keys() & listed)}
        gone = [there[id] for id in sorted(there.keys() - listed)]
        return Comparison(
            new=tuple(sorted(listed.keys() - known.keys())),
            back=tuple(sorted((listed.keys() & known.keys()) - there.keys())),
            changed={id: names for id, names in found.items() if names},
            same=sum(not names for names in found.values()),
            leavers=tuple(held.id for held in gone if held.entry in LISTED),
            others=tuple(held.id for held in gone if held.entry not in LISTED),
        )

    def _differs(self, held: Enrolment, listed: Participant) -> tuple[str, ...]:
        names = differences(held.participant, listed)
        if self._work.actor.system:
            return names
        return tuple(name for name in names if name != "protected")
