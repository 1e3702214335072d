"""Actions: what members will do until they meet again."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Conflict, Invalid, NotFound
from mentorkit.lifecycle import CLOSED
from mentorkit.models import Action, Relationship
from mentorkit.models.action import Priority
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import ACTIONS, SESSIONS


class Actions(OfRelationship):
    """`kit.actions`: what the members of a relationship will do, each by a day if they like.

    What is open when the relationship closes can still be done or dropped.
    """

    @changing
    def add(
        self,
        relationship: str,
        title: str,
        *,
        owner: str | None = None,
        due: datetime.date | None = None,
        priority: Priority = "normal",
        session: str | None = None,
        person: str | None = None,
        key: str | None = None,
    ) -> Action:
        """A member adds an action, of their own or of another member, the `owner`.

        `person` says who adds it; without it, the actor. `session` is the meeting that it came
        from. The same `key` gives the same action again. Invalid where the owner is no member, or
        the `due` day is past where the relationship's days are. Conflict where the relationship is
        closed.
        """
        held, person = self._as_member(relationship, "actions.add", person)
        if held.stage == CLOSED:
            raise Conflict(f"relationship {relationship!r} is closed")
        id = self._work.id("action", key, held.id, person)
        if again := self._again(ACTIONS, id, key):
            return again
        self._check_due(held, due)
        owner = person if owner is None else owner
        if owner not in held.people:
            members = ", ".join(held.people)
            raise Invalid("owner", f"{owner!r} is no member; the members are {members}")
        self._check_session(held, session)
        action = Action(
            id=id,
            programme=held.programme,
            relationship=held.id,
            owner=owner,
            by=person,
            title=title,
            due=due,
            priority=priority,
            session=session,
            made=self._work.now(),
        )
        self._rows.add(ACTIONS, [action])
        self._told(held, "action.added", action.id, people=(owner,))
        return self._rows.get(ACTIONS, action.id)

    def _check_session(self, held: Relationship, session: str | None) -> None:
        if session is not None and self._rows.get(SESSIONS, session).relationship != held.id:
            raise NotFound(f"there is no session {session!r} in relationship {held.id!r}")

    def get(self, action: str) -> Action:
        """An action, as far as the actor may see it."""
        found = self._rows.get(ACTIONS, action)
        return self._shown(ACTIONS, found, self._ties_of(self._relationship(found.relationship)))

    def of(self, relationship: str) -> tuple[Action, ...]:
        """The actions of a relationship, as far as the actor may see them.

        In the order of due day, priority and making, those without a day last.
        """
        return tuple(sorted(self._all_shown(ACTIONS, relationship), key=lambda one: one.order))

    @changing
    def done(self, action: str, *, version: int | None = None) -> Action:
        """Its owner did it."""
        return self._ended(action, "done", version)

    @changing
    def drop(self, action: str, *, version: int | None = None) -> Action:
        """Its owner, or whoever added it, gives it up."""
        return self._ended(action, "dropped", version)

    def _ended(self, action: str, state: Literal["done", "dropped"], version: int | None) -> Action:
        act = {"done": "actions.done", "dropped": "actions.drop"}[state]
        found = self._rows.get(ACTIONS, action)
        held = self._relationship(found.relationship)
        whose = (found.owner, found.by) if state == "dropped" else (found.owner,)
        self._work.allow(act, Ties(programme=held.programme, own=whose), held)
        if found.state == state:
            return found
        check_version(found, version)
        if found.state != "open":
            raise Conflict(f"action {action!r} is {found.state}, not open")
        actor = self._work.actor.person
        self._told(held, f"action.{state}", action, people=(actor if actor in whose else whose[0],))
        return self._rows.save(ACTIONS, attrs.evolve(found, state=state, closed=self._work.now()))
