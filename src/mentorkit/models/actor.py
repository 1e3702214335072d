"""Who is asking: a person, a coordinator, or the system itself."""

from __future__ import annotations

import attrs

from mentorkit.models.plain import sorted_unique

EVERY = "*"
"""In `Actor.coordinates`: every programme of the tenant."""


@attrs.frozen(kw_only=True)
class Actor:
    """Whoever a unit of work is done for; the host says so, and answers for it.

    `person` is the host's id of a human, `coordinates` the ids of the programmes that this
    human runs (`EVERY` for all of the tenant's).
    """

    person: str | None = None
    coordinates: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    system: bool = False

    def runs(self, programme: str | None) -> bool:
        """Whether this actor coordinates a programme; None asks about the whole tenant."""
        return EVERY in self.coordinates or (
            programme is not None and programme in self.coordinates
        )


SYSTEM = Actor(system=True)
"""The house itself, and the host's own jobs: may do and read everything."""
