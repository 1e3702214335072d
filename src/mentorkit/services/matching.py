"""Matching: drafted, reviewed, published."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from mentorkit.access import Ties
from mentorkit.admission import rated
from mentorkit.errors import Conflict, NotFound
from mentorkit.models import Audit, Draft, Pair, Relationship
from mentorkit.services.beginning import note_reading, note_readings
from mentorkit.services.introducing import Introducing
from mentorkit.services.relationships import Relationships
from mentorkit.services.room import room
from mentorkit.services.seeking import Seeking
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import DRAFTS, PROGRAMMES, RELATIONSHIPS


class Matching(Seeking, Introducing):
    """`kit.matching`: plans on their way from the engine to the people."""

    @changing
    def draft(
        self,
        programme: str,
        *,
        pins: Iterable[Pair] = (),
        forbids: Iterable[Pair] = (),
        key: str | None = None,
    ) -> Draft:
        """Match those who are enrolled and have room, and keep the plan to be reviewed.

        Places that open relationships fill are taken; people who once declined or ended a
        relationship with each other are not matched again. An earlier draft is replaced.
        The same `key` gives the same draft again.
        """
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        self._work.allow("matching.draft", Ties(programme=run.id), run)
        if run.state == "closed":
            raise Conflict(f"programme {programme!r} is closed")
        id = self._work.id("draft", key, run.id)
        if again := self._again(DRAFTS, id, key):
            return self._shown(DRAFTS, again, Ties(programme=run.id))
        # NumPy loads when a plan is made, not with every kit.
        from mentorkit.matching import match

        free = room(self._rows, run)
        plan = match(
            free.people,
            rated(run.programme),
            pins=pins,
            forbids=(*forbids, *free.apart),
            registry=self._work.registry,
            executor=self._work.executor,
        )
        for earlier in self._rows.find(DRAFTS, programme=run.id, state="draft"):
            self._rows.save(DRAFTS, attrs.evolve(earlier, state="replaced"))
        draft = Draft(id=id, programme=run.id, plan=plan, made=self._work.now())
        self._rows.add(DRAFTS, [draft])
        facts = {"matches": len(plan.matches), "unmatched": len(plan.unmatched)}
        self._work.happened("plan.drafted", draft.id, programme=run.id, facts=facts)
        note_readings(self._work, run, draft)
        return self.get(draft.id)

    @changing
    def audit(self, draft: str, by: str) -> Audit:
        """How a draft treats groups of people, by an attribute: see `mentorkit.matching.audit`.

        The people must be as they were when it was made. By a protected attribute, the
        journal keeps who asked, for which, and when.
        """
        found = self._rows.get(DRAFTS, draft)
        self._work.allow("matching.audit", Ties(programme=found.programme), found)
        from mentorkit.matching import audit

        run = self._rows.get(PROGRAMMES, found.programme)
        made = {held.id for held in self._relationships(run, found)}
        people = room(self._rows, run, passed_over=made).people
        told = audit(found.plan, people, by, registry=self._work.registry)
        if told.purpose is not None:
            note_reading(self._work, found, by)
        return told

    def get(self, draft: str) -> Draft:
        """A draft, whatever became of it."""
        found = self._rows.get(DRAFTS, draft)
        return self._shown(DRAFTS, found, Ties(programme=found.programme))

    def latest(self, programme: str) -> Draft:
        """The draft that waits to be published; NotFound without one."""
        for found in self._rows.find(DRAFTS, programme=programme, state="draft"):
            return self._shown(DRAFTS, found, Ties(programme=programme))
        raise NotFound(f"programme {programme!r} has no draft to publish; draft one first")

    def published(self, programme: str) -> Draft:
        """The draft that was published last, of those not withdrawn; NotFound without one."""
        found = self._rows.find(DRAFTS, programme=programme, state="published")
        if not found:
            raise NotFound(f"programme {programme!r} has nothing that was published")
        last = max(found, key=lambda draft: (draft.made, draft.id))
        return self._shown(DRAFTS, last, Ties(programme=programme))

    @changing
    def publish(self, draft: str, *, version: int | None = None) -> tuple[Relationship, ...]:
        """Make relationships of a draft, at the first stage of the programme's path.

        Doing it again gives the same ones. Conflict where the draft was replaced or withdrawn,
        or where somebody in it takes part no longer or has no room left.
        """
        run = self._rows.get(PROGRAMMES, self._rows.get(DRAFTS, draft).programme, lock=True)
        found = self._rows.get(DRAFTS, draft)
        self._work.allow("matching.publish", Ties(programme=run.id), found)
        made = self._relationships(run, found)
        if found.state == "published":
            return self._made(made)
        if found.state != "draft":
            by = "replaced by a later one" if found.state == "replaced" else "withdrawn"
            raise Conflict(f"draft {draft!r} was {by}")
        check_version(found, version)
        self._rows.save(DRAFTS, attrs.evolve(found, state="published"))
        self._begin(run, found, made)
        return self._made(made)

    @changing
    def withdraw(self, draft: str, *, version: int | None = None) -> tuple[Relationship, ...]:
        """Take what was published of a draft back, and give what was proposed, all closed.

        Whoever was in it can be matched again, with the same people too. Conflict as soon as
        somebody has accepted or declined; a chat that was asked for is no answer yet.
        """
        run = self._rows.get(PROGRAMMES, self._rows.get(DRAFTS, draft).programme, lock=True)
        found = self._rows.get(DRAFTS, draft)
        self._work.allow("matching.withdraw", Ties(programme=run.id), found)
        made = self._relationships(run, found)
        if found.state == "withdrawn":
            return self._made(made)
        check_version(found, version)
        if found.state != "published":
            raise Conflict(f"draft {draft!r} is not published, so nothing can be withdrawn")
        steps = Relationships(self._work)
        ids = self._rows.lock(RELATIONSHIPS, [held.id for held in made])
        for held in self._rows.find(RELATIONSHIPS, id=ids):
            if held.outcome is not None:
                raise Conflict(f"relationship {held.id!r} is {held.outcome} already")
            steps._withdrawn(held)
        self._rows.save(DRAFTS, attrs.evolve(found, state="withdrawn"))
        self._work.happened("plan.withdrawn", found.id, programme=run.id)
        return self._made(made)

    def _made(self, made: list[Relationship]) -> tuple[Relationship, ...]:
        """What was made of a draft, as it stands now and as far as the actor may see it."""
        found = self._rows.find(RELATIONSHIPS, id=[held.id for held in made])
        return self._visible(found, lambda held: self._ties(held.programme, held.people))
