"""Sessions: planned one by one, held with what they brought."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs

from mentorkit.errors import Conflict
from mentorkit.lifecycle import CLOSED
from mentorkit.models import (
    Message,
    Relationship,
    Session,
)
from mentorkit.services.ahead import check_begins
from mentorkit.services.booking import Booking
from mentorkit.services.calendars import COUNTED
from mentorkit.services.conduct import check_not_halted
from mentorkit.services.correcting import Correcting, check_apart, lasting, what_came, who_came
from mentorkit.services.histories import sorted_by_start
from mentorkit.services.opening import reopen
from mentorkit.services.places import check_link, check_public
from mentorkit.services.relationships import Relationships
from mentorkit.services.timetable import MEETING, Timetable, from_flow, terms_of
from mentorkit.services.work import changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import SESSIONS

CHAT = "chemistry"
"""The stage in which they have a chat before they accept or decline."""
TOOK_PLACE = "; what took place is recorded: `record`, or mentorkit meet … --held"
TOOK_PLACE_THEN = "; what took place then is recorded: `hold`, or mentorkit log … --held --at TIME"


class Sessions(Timetable, Correcting):
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
        starts, zone = starts.astimezone(datetime.UTC), terms_of(held).timezone
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
            ends=starts + lasting(terms_of(held).minutes if minutes is None else minutes),
            timezone=terms_of(held).timezone,
            **where,
            **(_chat() if held.stage == CHAT else from_flow(None, number - len(chats))),
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


def _chat() -> dict[str, Any]:
    """What a session has that is a chat before an answer."""
    return {"title": Message("session.chat", "Getting to know each other"), "chat": True}
