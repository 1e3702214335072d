"""Sessions: scheduled as a series, planned one by one, held with what they brought."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from mentorkit.services.ahead import check_begins
from mentorkit.services.booking import Booking
from mentorkit.services.bound import Bound
from mentorkit.services.calendars import COUNTED
from mentorkit.services.conduct import HALTED, check_not_halted, halted
from mentorkit.services.correcting import Correcting, check_apart, lasting, what_came, who_came
from mentorkit.services.histories import sorted_by_start
from mentorkit.services.opening import opened, reopen
from mentorkit.services.places import check_link, check_public
from mentorkit.services.relationships import Relationships
from mentorkit.services.work import asked, changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import SESSIONS

MEETING = ("active", "booked")
"""The stages in which people meet."""
CHAT = "chemistry"
"""The stage in which they have a chat before they accept or decline."""
TOOK_PLACE = "; what took place is recorded: `record`, or mentorkit meet … --held"
TOOK_PLACE_THEN = "; what took place then is recorded: `hold`, or mentorkit log … --held --at TIME"


@attrs.frozen(kw_only=True)
class Scheduled:
    """The sessions that were planned, and the meetings for which no time was found."""

    sessions: tuple[Session, ...]
    unplaced: tuple[Unplaced, ...]


class Sessions(Correcting):
    """`kit.sessions`: meetings, one after the other."""

    def get(self, session: str) -> Session:
        """A session, as far as the actor may see it."""
        found = self._rows.get(SESSIONS, session)
        held = self._relationship(found.relationship)
        return self._shown(SESSIONS, found, self._ties_of(held))

    def of(self, relationship: str) -> tuple[Session, ...]:
        """The sessions of a relationship in the order of time, as far as the actor sees them."""
        return sorted_by_start(self._all_shown(SESSIONS, relationship))

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
        terms = _terms(held)
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
            timezone=_terms(held).timezone,
            **_from_flow(named, number - sum(session.chat for session in earlier)),
        )

    @changing
    def plan(
        self,
        relationship: str,
        starts: datetime.datetime,
        *,
        minutes: int | None = None,
        place: str | None = None,
        public: bool = False,
        link: str | None = None,
        key: str | None = None,
    ) -> Session:
        """Plan one meeting more that lies ahead; before an answer, the one chat that was asked for.

        `public` says that others are about in the place: where they first meet in person they
        are, or it is Invalid, unless the programme does without. So is a link on no host of
        the programme's. The same `key` gives the same session again. Conflict where they
        have another meeting then.
        """
        held = self._meeting(relationship, "sessions.plan")
        starts, zone = starts.astimezone(datetime.UTC), _terms(held).timezone
        id = self._work.id("session", key, held.id)
        if again := self._again(SESSIONS, id, key):
            return self._shown(SESSIONS, again, self._ties_of(held))
        check_begins("starts", starts, zone, self._work.now(), TOOK_PLACE)
        where = {"place": place, "public": public, "link": link}
        return self.get(self._added(held, id, starts, minutes, where, COUNTED).id)

    @changing
    def record(
        self,
        relationship: str,
        starts: datetime.datetime,
        *,
        minutes: int | None = None,
        place: str | None = None,
        public: bool = False,
        link: str | None = None,
        attended: Iterable[str] | None = None,
        missed: bool = False,
        key: str | None = None,
    ) -> Session:
        """Record a meeting that was never planned: by default it was held, and everybody came.

        Otherwise as `plan` and `hold` or, where it was `missed`, as `plan` and `miss`.
        Conflict where it has not begun.
        """
        held = self._meeting(relationship, "sessions.record")
        id = self._work.id("session", key, held.id)
        found = self._again(SESSIONS, id, key)
        if found is None:
            where = {"place": place, "public": public, "link": link}
            taken = (*COUNTED, "missed") if missed else COUNTED
            found = self._added(held, id, starts.astimezone(datetime.UTC), minutes, where, taken)
        if found.state == "planned" and missed:
            self._check_begun(found)
            self._became(held, found, "missed")
        elif found.state == "planned":
            self._took_place(held, found, attended, None)
        return self.get(id)

    def _meeting(self, relationship: str, act: str) -> Relationship:
        """The relationship, if the actor may do this to it, in a stage in which people meet."""
        held = self._together(relationship, act)
        if held.stage not in (*MEETING, CHAT):
            asked = "; ask for a chat first" if held.stage == "proposed" else ""
            raise Conflict(f"relationship {relationship!r} is {held.stage} and cannot meet{asked}")
        return held

    def _added(
        self,
        held: Relationship,
        id: str,
        starts: datetime.datetime,
        minutes: int | None,
        where: Mapping[str, Any],
        taken: Collection[str],
    ) -> Session:
        """One meeting more, at no time of one that is in a state which has `taken` its time."""
        check_not_halted(self._rows, held)
        run = self._run_of(held)
        check_link(run, where["link"])
        # What took place already cannot be elsewhere any more.
        if starts > self._work.now():
            check_public(self._rows, run, held, where["place"], where["public"])
        members.hold_time(self._rows, held.people)
        earlier = self._rows.find(SESSIONS, relationship=held.id)
        chats = [one for one in earlier if one.chat]
        number = len(earlier) + 1
        if held.stage == CHAT and any(one.state in COUNTED for one in chats):
            raise Conflict(f"relationship {held.id!r} has its chat already; move or cancel it")
        session = Session(
            id=id,
            programme=held.programme,
            relationship=held.id,
            number=number,
            starts=starts,
            ends=starts + lasting(_terms(held).minutes if minutes is None else minutes),
            timezone=_terms(held).timezone,
            **where,
            **(_chat() if held.stage == CHAT else _from_flow(None, number - len(chats))),
        )
        check_apart(session, earlier, taken)
        self._rows.add(SESSIONS, [session])
        self._told(held, "session.planned", session.id, number=session.number)
        reopen(self._rows, run, held.id)
        return self._rows.get(SESSIONS, session.id)

    @changing
    def move(
        self,
        session: str,
        starts: datetime.datetime,
        *,
        minutes: int | None = None,
        place: str | None = None,
        public: bool | None = None,
        link: str | None = None,
        version: int | None = None,
    ) -> Session:
        """Move a planned meeting to another time; it stays the same session.

        It lasts as long as it did, at the same place and link, where nothing else is said;
        another place is public only if that is said anew. Places and links are as in `plan`. One
        that was booked moves only to a slot of the same office hours that is open now: Conflict
        otherwise, and where they have another meeting then.
        """
        held, found = self._found(session, "sessions.move")
        self._check_planned(found, "moved")
        starts = starts.astimezone(datetime.UTC)
        length = found.ends - found.starts
        if minutes is not None:
            length = lasting(minutes)
        if public is None:
            public = found.public and place in (None, found.place)
        changed = attrs.evolve(
            found,
            starts=starts,
            ends=starts + length,
            place=found.place if place is None else place,
            public=public,
            link=found.link if link is None else link,
        )
        if changed == found:
            return self.get(session)
        if held.stage == CLOSED:
            raise Conflict(f"relationship {held.id!r} has closed; say what became of this meeting")
        check_not_halted(self._rows, held)
        check_version(found, version)
        run = self._run_of(held)
        check_link(run, link)
        if changed.starts != found.starts:
            check_begins("starts", starts, found.timezone, self._work.now(), TOOK_PLACE_THEN)
        if changed.starts > self._work.now():
            check_public(self._rows, run, held, changed.place, public)
        if found.office_hours is not None:
            Booking(self._work)._check_move(found, changed)
        else:
            members.hold_time(self._rows, held.people)
            check_apart(changed, self._rows.find(SESSIONS, relationship=held.id), COUNTED)
        self._told(held, "session.moved", session, number=found.number)
        self._rows.save(SESSIONS, changed)
        reopen(self._rows, run, held.id)
        return self.get(session)

    @changing
    def hold(
        self,
        session: str,
        *,
        attended: Iterable[str] | None = None,
        outputs: Mapping[str, str] | None = None,
        starts: datetime.datetime | None = None,
        version: int | None = None,
    ) -> Session:
        """A meeting took place; by default when it was planned, and everybody came.

        One that had begun before its relationship closed can be recorded afterwards. Invalid
        where an output that it owes is missing, Conflict where it has not begun, an earlier one
        of the flow has not been held, or they had another meeting then.
        """
        held, found = self._found(session, "sessions.hold")
        if found.state == "held":
            return self.get(session)
        check_version(found, version)
        self._check_planned(found, "held")
        if starts is not None:
            starts = starts.astimezone(datetime.UTC)
            found = attrs.evolve(found, starts=starts, ends=starts + (found.ends - found.starts))
            check_apart(found, self._rows.find(SESSIONS, relationship=held.id), COUNTED)
        self._took_place(held, found, attended, outputs)
        return self.get(session)

    def _took_place(
        self,
        held: Relationship,
        found: Session,
        attended: Iterable[str] | None,
        outputs: Mapping[str, str] | None,
    ) -> None:
        self._check_begun(found)
        self._check_order(held, found)
        came = who_came(held, held.people if attended is None else attended)
        brought = what_came(found, outputs or {})
        changed = attrs.evolve(found, state="held", attended=came, outputs=brought)
        # What had begun when they parted can still be recorded, and moves nothing any more.
        if not found.chat and held.stage != CLOSED:
            Relationships(self._work)._met(held)
        self._told(held, "session.held", found.id, people=came, number=found.number)
        self._rows.save(SESSIONS, changed)

    @changing
    def cancel(self, session: str, *, version: int | None = None) -> Session:
        """A meeting will not take place. What was booked for it alone ends with it."""
        cancelled = self._changed(session, "cancelled", version)
        if cancelled.office_hours is not None:
            held = self._relationship(cancelled.relationship)
            if held.stage == "booked":
                Relationships(self._work)._ended(held)
        return cancelled

    @changing
    def miss(self, session: str, *, version: int | None = None) -> Session:
        """A meeting was planned, and somebody did not come."""
        return self._changed(session, "missed", version)

    def _changed(self, session: str, state: Any, version: int | None) -> Session:
        act = {"cancelled": "sessions.cancel", "missed": "sessions.miss"}[state]
        held, found = self._found(session, act)
        if found.state == state:
            return self.get(session)
        check_version(found, version)
        self._check_planned(found, state)
        self._became(held, found, state)
        return self.get(session)

    def _became(self, held: Relationship, found: Session, state: Any) -> None:
        self._told(held, f"session.{state}", found.id, number=found.number)
        self._rows.save(SESSIONS, attrs.evolve(found, state=state))
        reopen(self._rows, self._run_of(held), held.id)

    def _check_planned(self, found: Session, state: str) -> None:
        if found.state != "planned":
            raise Conflict(f"session {found.id!r} is {found.state} and cannot be {state}")


def _without(placement: Placement, wishes: Sequence[Wish]) -> Placement:
    """A placement with the wishes that are not to be placed at all."""
    more = (Unplaced(wish.id, at + 1, HALTED) for wish in wishes for at in range(wish.count))
    return attrs.evolve(placement, unplaced=(*placement.unplaced, *more))


def _from_flow(named: tuple[str, Step] | None, number: int) -> dict[str, Any]:
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


def _chat() -> dict[str, Any]:
    """What a session has that is a chat before an answer."""
    return {"title": Message("session.chat", "Getting to know each other"), "chat": True}


def _terms(held: Relationship) -> Agreement:
    if held.agreement is None or held.stage == CLOSED:
        raise Conflict(f"relationship {held.id!r} has nothing agreed")
    return held.agreement


def _days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)
