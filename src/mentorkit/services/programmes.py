"""Programmes: created from what the coordinator states, joined, and closed."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any

import attrs

from mentorkit.access import Ties
from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Conflict, Invalid
from mentorkit.lifecycle import STAGES
from mentorkit.models import Blueprint, Enrolment, Programme, ProgrammeRun
from mentorkit.models.plain import long_id
from mentorkit.scheduling import check_places
from mentorkit.services.bound import check_feedback
from mentorkit.services.comparing import Comparing
from mentorkit.services.copying import Copied, settings_of
from mentorkit.services.gatherings import Gatherings
from mentorkit.services.inviting import Inviting
from mentorkit.services.relationships import Relationships
from mentorkit.services.work import changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import BATCH, PROGRAMMES


class Programmes(Inviting, Comparing):
    """`kit.programmes`: programmes that run, and who takes part in them."""

    @changing
    def create(
        self, programme: Programme, *, id: str | None = None, key: str | None = None
    ) -> ProgrammeRun:
        """A programme under an id, its format composed and every choice in it checked.

        Without a first day, it starts today. The same `key` gives the same programme again.
        Raises Invalid or Conflict where the statement does not hold together, and Conflict
        where the id is taken.
        """
        chosen = id if id is not None else self._work.id("programme", key)
        if (fault := long_id(chosen)) is not None:
            raise Invalid(faults=[fault.within("id")])
        self._work.allow("programmes.create", Ties(programme=chosen))
        return self._created(programme, chosen, key)

    @changing
    def copy(
        self,
        programme: str,
        *,
        id: str,
        starts: datetime.date,
        name: str | None = None,
        key: str | None = None,
    ) -> Copied:
        """A new programme with the settings of an old one, from a first day of its own.

        Nobody is in it, and nothing that was said in the old one. Gives with it each setting
        that is not as the format has it, and what came of it in the old programme. The same
        `key` gives the same programme again. Raises as `create` does.
        """
        old = self._rows.get(PROGRAMMES, programme)
        for one in (old.id, id):
            self._work.allow("programmes.copy", Ties(programme=one), old)
        stated = attrs.evolve(old.programme, starts=starts, name=name or old.programme.name)
        run = self._created(stated, id, key)
        return Copied(run=run, settings=settings_of(self._work, old, run.programme))

    def _created(self, programme: Programme, chosen: str, key: str | None) -> ProgrammeRun:
        there = self._rows.find(PROGRAMMES, id=chosen)
        if there and key is not None:
            return there[0]
        if there:
            raise Conflict(f"there is a programme {chosen!r} already; give another id")
        blueprint = blueprint_of(programme, self._work.registry)
        self._check(blueprint)
        if programme.starts is None:
            zone = zoneinfo.ZoneInfo(blueprint.policies.timezone or "UTC")
            programme = attrs.evolve(programme, starts=self._work.now().astimezone(zone).date())
        run = ProgrammeRun(
            id=chosen, programme=programme, blueprint=blueprint, created=self._work.now()
        )
        self._rows.add(PROGRAMMES, [run])
        self._work.happened("programme.created", run.id, programme=run.id)
        return self._rows.get(PROGRAMMES, run.id)

    def _check(self, blueprint: Blueprint) -> None:
        """Bind everything that it names, so that what is wrong shows on the first day."""
        bound: dict[str, dict[str, Any]] = {}
        for slot in ("surveys", "signals", "awards", "sections"):
            bound[slot] = {
                name: self._work.registry.bind(slot, choice, f"{slot}.{name}")
                for name, choice in getattr(blueprint, slot).items()
            }
        check_feedback(bound["surveys"], bound["signals"], blueprint)
        for slot in ("criteria", "constraints"):
            for name, use in getattr(blueprint, slot).items():
                self._work.registry.bind("criteria", use, f"{slot}.{name}")
        if blueprint.policies.scheduler is not None:
            place = "policies.scheduler"
            self._work.registry.bind("schedulers", blueprint.policies.scheduler, place)
        check_places(blueprint.policies.holidays or ())
        unknown = [stage for stage in blueprint.path if stage not in STAGES]
        if unknown or blueprint.path[-1:] != ("closed",):
            known = ", ".join(STAGES)
            raise Invalid(
                "topology",
                f"{blueprint.topology!r} has the path {', '.join(blueprint.path) or 'of nothing'};"
                f" a path has stages of {known}, and ends with closed",
            )

    def get(self, programme: str) -> ProgrammeRun:
        """A programme; NotFound where there is none, or none that the actor may see."""
        run = self._rows.get(PROGRAMMES, programme)
        return self._shown(PROGRAMMES, run, self._taking_part(programme))

    def page(self, after: str | None = None, limit: int = BATCH) -> tuple[ProgrammeRun, ...]:
        """The first `limit` programmes that the actor sees, in the order of their ids.

        Go on with the last id as `after`.
        """
        return self._page(PROGRAMMES, lambda run: self._taking_part(run.id), after, limit)

    @changing
    def leave(self, programme: str, person: str) -> None:
        """Somebody takes part no longer; their relationships in it end without fault.

        Whoever applied or waits is out of it; whoever was declined stays so.
        """
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        ties = Ties(programme=run.id, own=(person,))
        self._work.allow("programmes.leave", ties)
        held = members.enrolment(self._rows, run.id, person)
        if held.state in ("left", "declined"):
            return
        Relationships(self._work)._end_all_of(person, programme=run.id)
        Gatherings(self._work)._sign_off_all(person, programme=run.id)
        # What they stated for a purpose of the programme goes with them.
        kept = attrs.evolve(held.participant, protected={})
        self._decided(run, held, state="left", reason=None, participant=kept)

    def participant(self, programme: str, person: str) -> Enrolment:
        """One person's part; NotFound where there is none, or none that the actor may see."""
        held = members.enrolment(self._rows, programme, person)
        shown = self._work.see(held, Ties(programme=programme, own=(person,)))
        if shown is None:
            return members.absent(programme, person)
        return shown

    def participants(
        self, programme: str, after: str | None = None, limit: int | None = None
    ) -> tuple[Enrolment, ...]:
        """Those enrolled whom the actor sees, in the order of their ids."""
        found = members.enrolments(
            self._rows, programme, state="enrolled", after=after, limit=limit
        )
        return self._visible(found, lambda held: Ties(programme=programme, own=(held.id,)))

    @changing
    def close(self, programme: str, *, version: int | None = None) -> ProgrammeRun:
        """The programme is over: what is active is completed, what never began is ended."""
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        self._work.allow("programmes.close", Ties(programme=run.id), run)
        if run.state == "closed":
            return run
        check_version(run, version)
        Relationships(self._work)._close_all_in(run.id)
        self._revoke_all(run)
        Gatherings(self._work)._cancel_all(run.id)
        run = self._rows.save(PROGRAMMES, attrs.evolve(run, state="closed"))
        self._work.happened("programme.closed", run.id, programme=run.id)
        return run
