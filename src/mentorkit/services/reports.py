"""Reports: how a programme stands, what happened in it, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import combinations, pairwise
from statistics import fmean
from typing import Any

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Invalid, PluginFailed
from mentorkit.models import (
    Chronicle,
    Event,
    Figure,
    Part,
    Participant,
    Person,
    ProgrammeReport,
    ProgrammeRun,
    Relationship,
    Status,
)
from mentorkit.services.bound import Bound
from mentorkit.services.changes import changes
from mentorkit.services.histories import histories
from mentorkit.services.tallies import tallied
from mentorkit.services.work import Service, asked
from mentorkit.store import journal, members
from mentorkit.store.shelves import (
    DRAFTS,
    PROGRAMMES,
    RELATIONSHIPS,
    REQUESTS,
    SESSIONS,
    SIGNALS,
)


class Reports(Service):
    """`kit.reports`: for those who run a programme."""

    def status(self, programme: str) -> Status:
        """How a programme stands, in counts."""
        run = self._run(programme)
        everybody = members.enrolments(self._rows, run.id)
        enrolled = [held for held in everybody if held.state == "enrolled"]
        waiting = [str(held.reason) for held in everybody if held.state == "waiting"]
        roles = Counter(role for held in enrolled for role in held.participant.roles)

        def counted(shelf: Any, column: str, **where: int) -> dict[str, int]:
            return journal.counted(self._rows, shelf.table, column, run.id, **where)

        return Status(
            programme=run.id,
            name=run.programme.name,
            state=run.state,
            participants=len(enrolled),
            roles=dict(roles),
            drafts=counted(DRAFTS, "state"),
            relationships=counted(RELATIONSHIPS, "stage"),
            sessions=counted(SESSIONS, "state", chat=0),
            chats=counted(SESSIONS, "state", chat=1),
            requests=counted(REQUESTS, "state"),
            signals=counted(SIGNALS, "state"),
            failing=journal.troubled(self._rows, run.id),
            enrolments=dict(Counter(held.state for held in everybody)),
            entries=dict(Counter(held.entry for held in enrolled)),
            waiting=dict(Counter(waiting)),
        )

    def journal(
        self, programme: str | None = None, after: str | None = None, limit: int | None = None
    ) -> tuple[Event, ...]:
        """What happened, in the order of time, as far as the actor may see it."""
        found = journal.events(self._rows, programme=programme, after=after, limit=limit)
        return self._visible(found, lambda event: Ties(programme=event.programme))

    def report(self, programme: str, figures: Iterable[Figure] = ()) -> ProgrammeReport:
        """What came of a programme, by the sections that its format and its practices name.

        `figures` are what was measured of people elsewhere. They are looked at and not kept.
        """
        run = self._run(programme)
        chronicle = self._chronicle(run, figures)
        about = f"programme {run.id!r}"
        parts = []
        for name, section in Bound(run, self._work.registry).sections.items():
            part = asked(f"sections.{name}", about, partial(section.tell, chronicle))
            if not isinstance(part, Part):
                raise PluginFailed(f"sections.{name} gave {type(part).__name__}, no Part")
            parts.append(part)
        return ProgrammeReport(
            programme=run.id, name=run.programme.name, made=self._work.now(), parts=tuple(parts)
        )

    def _run(self, programme: str) -> ProgrammeRun:
        self._work.allow("reports.read", Ties(programme=programme))
        return self._rows.get(PROGRAMMES, programme)

    def _chronicle(self, run: ProgrammeRun, figures: Iterable[Figure] = ()) -> Chronicle:
        held = self._rows.find(RELATIONSHIPS, programme=run.id)
        past = histories(self._rows, held)
        joined = [held for held in members.enrolments(self._rows, run.id) if held.joined]
        given_out = self._rows.find(REQUESTS, programme=run.id)
        over = run.state == "closed" and not self._awaited(held)
        known = {one.id for one in joined}
        given = _in_order(figures)
        return Chronicle(
            run=run,
            people=tuple(_without_name(held.participant) for held in joined),
            entries={held.id: held.entry for held in joined},
            histories=tuple(past[one.id] for one in held),
            tallies=tallied((one for one in given_out if one.state != "open"), self._work.now()),
            fits=self._fits(run, held),
            changes=changes(given_out, {one.id: one for one in held}, over, self._work.now()),
            figures=tuple(figure for figure in given if figure.person in known),
            strange=len({figure.person for figure in given} - known),
        )

    def _awaited(self, held: Sequence[Relationship]) -> bool:
        """Whether one of them is still to be looked at, and somebody may be asked by that."""
        due = journal.due_timers(self._rows.connection, self._work.now(), tenant=self._rows.tenant)
        return not {one.id for one in held}.isdisjoint(timer.thing for timer in due)

    def _fits(self, run: ProgrammeRun, held: Sequence[Relationship]) -> dict[str, int]:
        """The mean fit of the matches that each relationship was made of."""
        found: dict[frozenset[str], list[int]] = {}
        for draft in self._rows.find(DRAFTS, programme=run.id, state=["published"]):
            for match in draft.plan.matches:
                found.setdefault(frozenset(match.team.people), []).append(match.fit)
        fits = {
            one.id: [
                fit
                for pair in combinations(one.people, 2)
                for fit in found.get(frozenset(pair), ())
            ]
            for one in held
        }
        return {id: round(fmean(held)) for id, held in fits.items() if held}


def _in_order(figures: Iterable[Figure]) -> list[Figure]:
    """Figures in an order that does not depend on the file; Invalid where two contradict."""
    held = sorted(set(figures), key=lambda one: (one.measure, one.person, one.on))
    for one, other in pairwise(held):
        if (one.measure, one.person, one.on) == (other.measure, other.person, other.on):
            raise Invalid("figures", f"give {one.measure!r} of {one.person!r} twice on {one.on}")
    return held


def _without_name(held: Participant) -> Participant:
    """A participant as reports may know them: nothing private or protected, and no name."""
    person = Person(
        id=held.id,
        timezone=held.person.timezone,
        languages=held.person.languages,
        attributes=held.person.attributes,
    )
    private: dict[str, Any] = {"prefers": (), "avoids": (), "not_again": (), "protected": {}}
    private |= {"exceptions": (), "travel": ()}
    return attrs.evolve(held, person=person, manager=None, aims="", brings="", **private)
