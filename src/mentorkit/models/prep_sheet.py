"""What somebody takes along to a meeting."""

from __future__ import annotations

import attrs

from mentorkit.models.action import Action
from mentorkit.models.exchange import Query
from mentorkit.models.goal import Goal
from mentorkit.models.relationship import Note
from mentorkit.models.session import Session


@attrs.frozen(kw_only=True)
class PrepSheet:
    """A meeting as `person` prepares for it; all of it is what they may read.

    The open `actions` come first, in the order of due day and priority, then the agenda that
    the `session` has. `goals` are those that are proposed or agreed. `notes` are of this meeting,
    of the last one that was held, or written since and of none; `queries` are those that nobody
    has answered.
    """

    person: str
    session: Session
    actions: tuple[Action, ...] = ()
    goals: tuple[Goal, ...] = ()
    notes: tuple[Note, ...] = ()
    queries: tuple[Query, ...] = ()
