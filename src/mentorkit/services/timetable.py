"""The timetable: all meetings of relationships, planned together by the programme's scheduler."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from mentorkit.errors import Conflict, Invalid
from mentorkit.lifecycle import CLOSED
from mentorkit.models import (
    Agreement,
    Message,
    Placement,
    ProgrammeRun,
    Relationship,
    Session,
    Slot,
    Step,
    Unplaced,
    Wish,
)
from mentorkit.scheduling import AROUND, free_times, public_holidays
from mentorkit.services import calendars
from mentorkit.services.bound import Bound
from mentorkit.services.calendars import COUNTED
from mentorkit.services.conduct import HALTED, halted
from mentorkit.services.histories import sorted_by_start
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.opening import opened
from mentorkit.services.work import asked, changing
from mentorkit.store import members
from mentorkit.store.shelves import SESSIONS

MEETING = ("active", "booked")
"""The stages in which people meet."""


@attrs.frozen(kw_only=True)
class Scheduled:
    """The sessions that were planned, and the meetings for which no time was found."""

    sessions: tuple[Session, ...]
    unplaced: tuple[Unplaced, ...]


class Timetable(OfRelationship):
    """The part of `kit.sessions` that plans all meetings that are still to come."""

    @changing
    def schedule(self, relationships: Iterable[str]) -> Scheduled:
        """Plan all meetings of these relationships, of one programme, that are still to come.

        By the programme's scheduler, in the time that everybody has free. What is planned
        or held already stays: doing it again plans nothing twice.
        """
        held = [self._together(id, "sessions.schedule") for id in sorted(set(relationships))]
        held = [one for one in held if one.stage in MEETING]
        if not held:
            return Scheduled(sessions=(), unplaced=())
        if len({one.programme for one in held}) > 1:
            raise Invalid("relationships", "are of several programmes; schedule one at a time")
        run = self._run_of(held[0])
        earlier = self._sessions_of(held)
        wishes = [
            wish for one in held if (wish := self._wish(run, one, earlier[one.id])) is not None
        ]
        held_back = halted(self._rows, [wish.id for wish in wishes])
        placement = self._placed(run, [wish for wish in wishes if wish.id not in held_back])
        placement = _without(placement, [wish for wish in wishes if wish.id in held_back])
        flow = sorted(run.blueprint.sessions.items(), key=lambda item: (item[1].order, item[0]))
        by_id = {one.id: one for one in held}
        fresh: dict[str, list[Session]] = {id: [] for id in by_id}
        for slot in sorted(placement.slots):
            if slot.wish in by_id:
                session = self._session(by_id[slot.wish], earlier[slot.wish], slot, flow)
                fresh[slot.wish].append(session)
        made = [
            session
            for id, new in fresh.items()
            for session in opened(run, [*earlier[id], *new])
            if session.version == 0
        ]
        self._rows.add(SESSIONS, made)
        for session in made:
            one = by_id[session.relationship]
            self._told(one, "session.planned", session.id, number=session.number)
        kept = self._rows.find(SESSIONS, id=[session.id for session in made])
        return Scheduled(
            sessions=sorted_by_start(
                self._shown(SESSIONS, session, self._ties_of(by_id[session.relationship]))
                for session in kept
            ),
            unplaced=placement.unplaced,
        )

    def _sessions_of(self, held: Sequence[Relationship]) -> dict[str, list[Session]]:
        """The sessions of each relationship, in whatever state."""
        found: dict[str, list[Session]] = {one.id: [] for one in held}
        for session in self._rows.find(SESSIONS, relationship=list(found)):
            found[session.relationship].append(session)
        return found

    def _wish(
        self, run: ProgrammeRun, held: Relationship, earlier: Sequence[Session]
    ) -> Wish | None:
        """What is still to be placed of the meetings that the agreement and the flow ask for."""
        before = [one for one in earlier if one.state in COUNTED and not one.chat]
        terms = terms_of(held)
        zone = zoneinfo.ZoneInfo(terms.timezone)
        tomorrow = self._work.now().astimezone(zone).date() + datetime.timedelta(days=1)
        days = [session.starts.astimezone(zone).date() for session in before]
        first = max([terms.starts, tomorrow, *(day + _days(terms.cadence) for day in days)])
        if first > terms.ends:
            return None
        count = (terms.ends - first).days // terms.cadence + 1
        if run.blueprint.policies.meetings is not None:
            count = min(count, run.blueprint.policies.meetings - len(before))
        if count < 1:
            return None
        return Wish(
            id=held.id,
            people=tuple(sorted(held.people)),
            count=count,
            cadence=terms.cadence,
            minutes=terms.minutes,
            timezone=terms.timezone,
            first=first,
            last=terms.ends,
        )

    def _placed(self, run: ProgrammeRun, wishes: Sequence[Wish]) -> Placement:
        scheduler = Bound(run, self._work.registry).scheduler()
        if scheduler is None:
            raise Invalid("policies.scheduler", "is missing; name a scheduler, such as series")
        if not wishes:
            return Placement(slots=())
        people = {person for wish in wishes for person in wish.people}
        members.hold_time(self._rows, people)
        first, last = min(wish.first for wish in wishes), max(wish.last for wish in wishes)
        policies = run.blueprint.policies
        there = [held.participant for held in members.enrolments(self._rows, run.id, people)]
        zone = policies.timezone or "UTC"
        meetings = calendars.meetings(self._rows, people)
        away = calendars.gatherings(self._rows, people)
        free = free_times(
            there,
            first,
            last,
            timezone=zone,
            busy={person: [*held, *away[person]] for person, held in meetings.items()},
            holidays=public_holidays(policies.holidays or (), first - AROUND, last + AROUND),
        )
        free = attrs.evolve(
            free,
            meetings={person: tuple(sorted(held)) for person, held in meetings.items()},
            zones={held.id: held.person.timezone or zone for held in there},
            now=calendars.seconds(self._work.now()),
        )
        return asked(
            "policies.scheduler",
            f"programme {run.id!r}",
            lambda: scheduler.place(wishes, free, run.programme.seed),
        )

    def _session(
        self,
        held: Relationship,
        earlier: Sequence[Session],
        slot: Slot,
        flow: Sequence[tuple[str, Step]],
    ) -> Session:
        number = len(earlier) + slot.number
        taken = {session.step for session in earlier if session.state in COUNTED}
        left = [named for named in flow if named[0] not in taken]
        named = left[slot.number - 1] if slot.number <= len(left) else None
        return Session(
            id=self._work.id("session", f"{held.id}/{number}"),
            programme=held.programme,
            relationship=held.id,
            number=number,
            starts=calendars.instant(slot.start),
            ends=calendars.instant(slot.end),
            timezone=terms_of(held).timezone,
            **from_flow(named, number - sum(session.chat for session in earlier)),
        )


def _without(placement: Placement, wishes: Sequence[Wish]) -> Placement:
    """A placement with the wishes that are not to be placed at all."""
    more = (Unplaced(wish.id, at + 1, HALTED) for wish in wishes for at in range(wish.count))
    return attrs.evolve(placement, unplaced=(*placement.unplaced, *more))


def from_flow(named: tuple[str, Step] | None, number: int) -> dict[str, Any]:
    """What a session has from its step of the flow; beside the flow, only its number."""
    if named is None:
        return {"title": Message("session.meeting", "Meeting {number}", {"number": number})}
    name, step = named
    prompts = enumerate(step.prompts, 1)
    return {
        "step": name,
        "title": Message(f"session.{name}", "{title}", {"title": step.title}),
        "agenda": tuple(
            Message(f"session.{name}.{at}", "{prompt}", {"prompt": prompt})
            for at, prompt in prompts
        ),
        "due": step.outputs,
    }


def terms_of(held: Relationship) -> Agreement:
    """What members agreed; Conflict where nothing is, or is any more."""
    if held.agreement is None or held.stage == CLOSED:
        raise Conflict(f"relationship {held.id!r} has nothing agreed")
    return held.agreement


def _days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)
