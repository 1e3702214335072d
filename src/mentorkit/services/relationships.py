"""Relationships: accepted, agreed, paused, extended, ended."""

from __future__ import annotations

import datetime

import attrs

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.errors import Invalid, NotFound
from mentorkit.expectations import compared, open_points, settled
from mentorkit.models import Agreement, Goal, Message, Relationship
from mentorkit.services.bound import Bound
from mentorkit.services.expectations import Expectations, check_points
from mentorkit.services.histories import history
from mentorkit.services.of_relationship import LEFT, SEEKING
from mentorkit.services.opening import reopen
from mentorkit.services.work import changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import BATCH, GOALS, RELATIONSHIPS, SESSIONS


class Relationships(Expectations):
    """`kit.relationships`: people mentoring together, from proposal to end.

    `person` says in whose name something is done; without it, in the actor's own. Steps
    that were taken already change nothing. With `version`, Conflict where the relationship
    is no longer what the caller has seen.
    """

    def get(self, relationship: str) -> Relationship:
        """A relationship; NotFound where there is none, or none that the actor may see."""
        held = self._relationship(relationship)
        return self._shown(RELATIONSHIPS, held, self._ties_of(held))

    def page(
        self, programme: str, after: str | None = None, limit: int = BATCH
    ) -> tuple[Relationship, ...]:
        """The first `limit` of a programme that the actor sees, in the order of their ids.

        Go on with the last id as `after`.
        """
        return self._page(RELATIONSHIPS, self._ties_of, after, limit, programme=programme)

    def of(self, person: str) -> tuple[Relationship, ...]:
        """A person's relationships that the actor sees, in the order of their ids."""
        ids = members.relationships_of(self._rows, person)
        return self._visible(self._rows.find(RELATIONSHIPS, id=ids), self._ties_of)

    @changing
    def accept(
        self, relationship: str, *, person: str | None = None, version: int | None = None
    ) -> Relationship:
        """A member takes the proposal on; when all have, it moves on."""
        held, person = self._as_member(relationship, "relationships.accept", person)
        check_version(held, version)
        return self._moved(held, lifecycle.accept(held, person, self._work.now()), person)

    @changing
    def ask_chat(
        self, relationship: str, *, person: str | None = None, version: int | None = None
    ) -> Relationship:
        """A member wants to get to know the others before they accept or decline."""
        held, person = self._as_member(relationship, "relationships.ask_chat", person)
        check_version(held, version)
        return self._moved(held, lifecycle.ask_chat(held, person, self._work.now()), person)

    @changing
    def decline(
        self,
        relationship: str,
        *,
        person: str | None = None,
        not_again: bool = False,
        version: int | None = None,
    ) -> Relationship:
        """A member turns the proposal down, which closes it.

        With `not_again`, no programme matches this member with the others any more; nobody
        else learns of it.
        """
        held, person = self._as_member(relationship, "relationships.decline", person)
        check_version(held, version)
        self._keep_apart(held, person, not_again)
        return self._moved(held, lifecycle.decline(held, person, self._work.now()), person)

    @changing
    def propose_terms(
        self,
        relationship: str,
        terms: Agreement,
        *,
        person: str | None = None,
        version: int | None = None,
    ) -> Relationship:
        """A member proposes other terms; whoever has signed is asked again.

        Terms in force hold until all have signed the others. To propose those in force takes
        back what was proposed. Conflict where the others would move the days of what is in
        force; Invalid where `points` names what the programme does not ask about.
        """
        held, person = self._as_member(relationship, "relationships.propose_terms", person)
        check_version(held, version)
        check_points(self._points(held), terms.points, "points")
        changed = lifecycle.propose_terms(held, person, terms)
        return self._moved(held, changed, person, "relationship.terms")

    @changing
    def sign(
        self, relationship: str, *, person: str | None = None, version: int | None = None
    ) -> Relationship:
        """A member signs the agreement; when all have, it moves on.

        In force, they sign the other terms that are proposed, which replace it when all have.
        Conflict, with the reason, where a signal holds the last signature back, and with the
        names of the points where what members expect is open on any.
        """
        held, person = self._as_member(relationship, "relationships.sign", person)
        check_version(held, version)
        bound = Bound(self._run_of(held), self._work.registry)
        holds = bound.holds(history(self._rows, held))
        stated, points = self._stated_in(held), bound.run.blueprint.agreement.points
        changed = lifecycle.sign(
            held,
            person,
            self._work.now(),
            holds,
            open_points(points, held, stated),
            settled(compared(points, held, stated)),
        )
        if changed.former != held.former:
            return self._moved(held, changed, person, "relationship.amended")
        return self._moved(held, changed, person, "relationship.signed")

    @changing
    def pause(
        self,
        relationship: str,
        until: datetime.date,
        *,
        version: int | None = None,
    ) -> Relationship:
        """Nothing is expected of it until the day `until` begins, when it goes on by itself.

        Meetings planned from now until that day are cancelled; earlier ones can still be
        recorded. The days of the pause are added to the agreement's.
        """
        held = self._together(relationship, "relationships.pause")
        check_version(held, version)
        changed = lifecycle.pause(held, until, self._work.now())
        if changed != held:
            self._cancel_meetings(held, before=held.begins(until), since=self._work.now())
            reopen(self._rows, self._run_of(held), held.id)
        return self._shown(RELATIONSHIPS, self._moved(held, changed, None), self._ties_of(held))

    @changing
    def resume(self, relationship: str, *, version: int | None = None) -> Relationship:
        """It goes on before its pause is over."""
        held = self._together(relationship, "relationships.resume")
        check_version(held, version)
        return self._shown(RELATIONSHIPS, self._resumed(held), self._ties_of(held))

    def _resumed(self, held: Relationship) -> Relationship:
        """As `resume`, for what has asked whether it may."""
        return self._moved(held, lifecycle.resume(held, self._work.now()), None)

    @changing
    def extend(
        self,
        relationship: str,
        ends: datetime.date,
        goal: str,
        *,
        person: str | None = None,
        version: int | None = None,
    ) -> Relationship:
        """A member proposes a later last day for the sake of a new goal, or agrees to it.

        It takes effect with the last member's word: Conflict, with the reason, where the goal
        is not agreed by then, or is one that they had before.
        """
        held, person = self._as_member(relationship, "relationships.extend", person)
        check_version(held, version)
        found = self._rows.get(GOALS, goal)
        if found.relationship != held.id:
            raise NotFound(f"there is no goal {goal!r} in relationship {relationship!r}")
        holds = _old_goal(held, found)
        changed = lifecycle.extend(held, person, ends, goal, self._work.now(), holds)
        return self._moved(held, changed, person, "relationship.extension")

    @changing
    def complete(self, relationship: str, *, version: int | None = None) -> Relationship:
        """It ends as it was meant to, before the last day of its agreement."""
        held = self._together(relationship, "relationships.complete")
        check_version(held, version)
        return self._shown(RELATIONSHIPS, self._completed(held), self._ties_of(held))

    def _completed(self, held: Relationship) -> Relationship:
        """As `complete`, for what has asked whether it may."""
        return self._moved(held, lifecycle.complete(held, self._work.now()), None)

    @changing
    def end(
        self,
        relationship: str,
        *,
        person: str | None = None,
        reason: str = "",
        not_again: bool = False,
        version: int | None = None,
    ) -> Relationship:
        """It ends early, without fault. The reason stays a private note of who gives it.

        With `not_again`, no programme matches this member with the others any more; nobody
        else learns of it.
        """
        held = self._relationship(relationship)
        person = person if person is not None else self._work.actor.person
        own = (person,) if person in held.people else ()
        ties = Ties(programme=held.programme, own=own, members=held.people)
        self._work.allow("relationships.end", ties, held)
        check_version(held, version)
        if reason or not_again:
            author = person if self._work.actor.system else self._work.actor.person
            if author is None or author != person:
                raise Invalid("person", "a reason is given in one's own name")
            lifecycle.check_member(held, author)
            self._keep_apart(held, author, not_again)
            if reason:
                self._note(held, author, reason, shared=False, session=None, key=None)
        return self._shown(RELATIONSHIPS, self._ended(held), self._ties_of(held))

    def _keep_apart(self, held: Relationship, person: str, wanted: bool) -> None:
        """Have a member never matched with the others again, if wanted."""
        if wanted:
            others = set(held.people) - {person}
            members.keep_apart(self._rows, person, others)

    def _ended(self, held: Relationship) -> Relationship:
        """As `end`, for what has asked whether it may."""
        return self._moved(held, lifecycle.end(held, self._work.now()), None)

    def _end_all_of(self, person: str, programme: str | None = None) -> None:
        """End whatever a person is still in."""
        for held in self._rows.find(RELATIONSHIPS, id=members.relationships_of(self._rows, person)):
            if held.stage != lifecycle.CLOSED and programme in (None, held.programme):
                self._ended(held)

    def _close_all_in(self, programme: str) -> None:
        """Complete what is active in a programme, and end what never began."""
        for held in self._rows.find(RELATIONSHIPS, programme=programme):
            if held.stage in ("active", "paused", "met"):
                self._completed(held)
            elif held.stage != lifecycle.CLOSED:
                self._ended(held)

    def _expired(self, held: Relationship) -> Relationship:
        """Not every member answered the proposal in time."""
        return self._moved(held, lifecycle.expire(held, self._work.now()), None)

    def _withdrawn(self, held: Relationship) -> Relationship:
        """The proposal is taken back."""
        return self._moved(held, lifecycle.withdraw(held, self._work.now()), None)

    def _handed_over(self, held: Relationship) -> Relationship:
        """Another relationship takes its place."""
        return self._moved(held, lifecycle.hand_over(held, self._work.now()), None)

    @changing
    def _met(self, held: Relationship) -> Relationship:
        """A meeting of it took place."""
        return self._moved(held, lifecycle.meet(held, self._work.now()), None)

    def _moved(
        self,
        before: Relationship,
        after: Relationship,
        person: str | None,
        kind: str = "relationship.accepted",
    ) -> Relationship:
        """Keep a step, if it was one, and say so; what a closed one had ahead is cancelled."""
        if after == before:
            return before
        if after.stage == before.stage:
            self._told(after, kind, after.id, people=(person,) if person else after.people)
        elif after.stage == lifecycle.CLOSED:
            self._cancel_meetings(after, since=self._work.now())
            outcome = str(after.outcome)
            self._told(after, "relationship.closed", after.id, outcome=outcome, was=before.stage)
            if after.outcome in LEFT:
                self._work.look(SEEKING, after.programme)
        else:
            self._told(after, "relationship.moved", after.id, stage=after.stage, was=before.stage)
        return self._rows.save(RELATIONSHIPS, after)

    def _cancel_meetings(
        self,
        held: Relationship,
        before: datetime.datetime | None = None,
        since: datetime.datetime | None = None,
    ) -> None:
        for session in self._rows.find(SESSIONS, relationship=held.id, state="planned"):
            if before is not None and session.starts >= before:
                continue
            if since is not None and session.starts < since:
                continue
            self._rows.save(SESSIONS, attrs.evolve(session, state="cancelled"))
            self._told(held, "session.cancelled", session.id, number=session.number)


def _old_goal(held: Relationship, goal: Goal) -> list[Message]:
    """What keeps a goal from being one to go on for: that all agree to, and that is new."""
    found = []
    if goal.state != "agreed":
        words = "the goal is {state}; one that all members accepted is needed"
        found.append(Message("extension.goal", words, {"state": goal.state}))
    since = (held.since.get("active"), *(one.made for one in held.extensions))
    if goal.made is None or any(goal.made <= at for at in since if at is not None):
        found.append(Message("extension.new-goal", "the goal is an old one; set a new one"))
    return found
