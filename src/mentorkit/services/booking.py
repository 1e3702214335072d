"""Office hours: offered, looked through, and booked by those who want one meeting."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Sequence

import attrs

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.errors import Conflict, Invalid
from mentorkit.models import (
    Agreement,
    Member,
    Message,
    Offer,
    OfficeHours,
    Opening,
    Participant,
    ProgrammeRun,
    Relationship,
    Session,
)
from mentorkit.services import calendars
from mentorkit.services.ahead import check_day
from mentorkit.services.beginning import first_words, keep
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.places import check_link, check_offered
from mentorkit.services.work import changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import OFFICE_HOURS, PROGRAMMES, RELATIONSHIPS, SESSIONS

BOOKED = "booked"
"""The stage that a format with office hours begins with."""
FAR = datetime.timedelta(days=366)
"""How far openings are looked for."""


class Booking(OfRelationship):
    """`kit.booking`: office hours, in programmes whose format meets once.

    Whoever has the format's second role offers, whoever has the first books. `person` says in
    whose name something is done; without it, in the actor's own.
    """

    @changing
    def offer(
        self, programme: str, offer: Offer, *, person: str | None = None, key: str | None = None
    ) -> OfficeHours:
        """Offer office hours. The same `key` gives the same ones again.

        Conflict where the programme is closed, its format has no booking, or the person offers
        the very same already. Invalid where they do not take part in the role that offers, the
        first day is past, the place is not public though people would meet there first, or
        the link is on no host of the programme's.
        """
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        person = self._whose(run, person, "booking.offer")
        members.enrolment(self._rows, run.id, person)
        host = _roles(run)[1]
        if run.state == "closed":
            raise Conflict(f"programme {programme!r} is closed")
        id = self._work.id("office hours", key, run.id, person)
        if again := self._again(OFFICE_HOURS, id, key):
            return self._seen(again)
        if self._part(run, person, host) is None:
            raise Invalid("person", f"{person!r} does not take part as {host}")
        check_link(run, offer.link)
        check_offered(run, offer.place, offer.public)
        check_day("first", offer.first, offer.timezone, self._work.now())
        for other in self._rows.find(OFFICE_HOURS, programme=run.id, person=person, state="open"):
            if other.offer == offer:
                raise Conflict(f"{person!r} offers these office hours already: {other.id}")
        held = OfficeHours(id=id, programme=run.id, person=person, offer=offer)
        self._rows.add(OFFICE_HOURS, [held])
        self._work.happened("hours.offered", held.id, programme=run.id, people=(person,))
        return self.get(held.id)

    @changing
    def withdraw(self, office_hours: str, *, version: int | None = None) -> OfficeHours:
        """Offer them no longer. What was booked of them stays."""
        held = self._held(office_hours)
        self._work.allow("booking.withdraw", _ties(held), held)
        if held.state == "withdrawn":
            return self._seen(held)
        check_version(held, version)
        self._rows.save(OFFICE_HOURS, attrs.evolve(held, state="withdrawn"))
        people = (held.person,)
        self._work.happened("hours.withdrawn", held.id, programme=held.programme, people=people)
        return self.get(held.id)

    def get(self, office_hours: str) -> OfficeHours:
        """Office hours, as far as the actor may see them."""
        return self._seen(self._rows.get(OFFICE_HOURS, office_hours))

    def of(self, programme: str) -> tuple[OfficeHours, ...]:
        """All office hours of a programme that the actor sees, in the order of their ids."""
        part = self._taking_part(programme)
        found = self._rows.find(OFFICE_HOURS, programme=programme)
        return self._visible(found, lambda held: attrs.evolve(part, own=(held.person,)))

    def openings(
        self, programme: str, *, person: str | None = None, until: datetime.datetime | None = None
    ) -> tuple[Opening, ...]:
        """What can be booked now, in the order of time.

        For a `person`, only what they can book: they have a place left, at other times they have
        no meeting, and nothing rules the two out. So it is by default for the actor, unless
        they have another part in the programme than to book.
        """
        run = self._rows.get(PROGRAMMES, programme)
        if person is not None:
            self._work.allow("booking.book", Ties(programme=run.id, own=(person,)), run)
        until = (until or self._work.now() + FAR).astimezone(datetime.UTC)
        part = self._taking_part(programme)
        shown = self._visible(
            (
                opening
                for held in self._rows.find(OFFICE_HOURS, programme=run.id, state="open")
                for opening in self._open(run, held, until)
            ),
            lambda one: attrs.evolve(part, own=(one.person,)),
        )
        if shown and (asking := self._asking(run, person)) is not None:
            booker = self._booker(run, asking)
            shown = () if booker is None else self._for(run, booker, shown)
        return tuple(sorted(shown, key=lambda one: (one.starts, one.office_hours)))

    def _asking(self, run: ProgrammeRun, person: str | None) -> str | None:
        """For whom openings are looked for: who is named, or the actor, where they may book."""
        actor = self._work.actor.person
        if person is not None or actor is None:
            return person
        found = members.enrolments(self._rows, run.id, [actor], state="enrolled")
        return actor if any(held.participant.roles.get(_roles(run)[0]) for held in found) else None

    @changing
    def book(
        self,
        office_hours: str,
        starts: datetime.datetime,
        *,
        person: str | None = None,
        question: str = "",
        key: str | None = None,
    ) -> Session:
        """Book the slot that begins then: a relationship is made, with its one session.

        Only what is open now can be booked. The same `key` gives the same session again.
        Conflict where the slot is not open any more, where the person has another meeting
        then, or no place left. `question` is what it is about, for the two of them.
        """
        starts = starts.astimezone(datetime.UTC)
        programme = self._rows.get(OFFICE_HOURS, office_hours).programme
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        person = self._whose(run, person, "booking.book")
        held = self._held(office_hours)
        members.hold_time(self._rows, (held.person, person))
        id = self._work.id("session", key, held.id, person)
        if again := self._again(SESSIONS, id, key):
            return self._session(again)
        opening = self._chosen(run, held, person, starts)
        made = self._begun(run, held, person, opening)
        agenda = (Message("booking.question", "{question}", {"question": question}),)
        session = Session(
            id=id,
            programme=run.id,
            relationship=made.id,
            number=1,
            title=Message("session.office-hours", "Office hours"),
            starts=opening.starts,
            ends=opening.ends,
            timezone=opening.timezone,
            place=held.offer.place,
            public=held.offer.public,
            link=held.offer.link,
            agenda=agenda if question.strip() else (),
            office_hours=held.id,
        )
        self._rows.add(SESSIONS, [session])
        self._told(made, "session.planned", session.id, number=session.number)
        return self._session(self._rows.get(SESSIONS, id))

    def _session(self, session: Session) -> Session:
        held = self._rows.get(RELATIONSHIPS, session.relationship)
        return self._shown(SESSIONS, session, self._ties_of(held))

    def _begun(
        self, run: ProgrammeRun, held: OfficeHours, person: str, opening: Opening
    ) -> Relationship:
        """The relationship of a booking, at the first stage of the format's path."""
        guest, host = _roles(run)
        zone = zoneinfo.ZoneInfo(opening.timezone)
        today = self._work.now().astimezone(zone).date()
        made = lifecycle.begin(
            id=self._work.ids(),
            programme=run.id,
            members=(Member(person, guest), Member(held.person, host)),
            path=run.blueprint.path,
            agreement=Agreement(
                starts=today,
                ends=max(held.offer.last, opening.ends.astimezone(zone).date()),
                minutes=held.offer.minutes,
                timezone=opening.timezone,
                **first_words(run),
            ),
            reasons=(),
            at=self._work.now(),
        )
        keep(self._work, run, [made])
        return made

    def _chosen(
        self, run: ProgrammeRun, held: OfficeHours, person: str, starts: datetime.datetime
    ) -> Opening:
        """The opening that begins then, if this person can book it."""
        booker = self._booker(run, person)
        if booker is None:
            members.enrolment(self._rows, run.id, person)
            raise Conflict(f"{person!r} cannot book here, or has no place left")
        found = self._open(run, held, starts + datetime.timedelta(seconds=1))
        chosen = [one for one in found if one.starts == starts]
        if not chosen or not self._for(run, booker, chosen, busy=False):
            raise Conflict("this slot is not available; look at what is open now")
        if not self._for(run, booker, chosen):
            raise Conflict(f"{person!r} has another meeting then")
        return chosen[0]

    def _check_move(self, before: Session, after: Session) -> None:
        """Conflict, unless a booked session moves to a slot that is open without it."""
        held = self._held(str(before.office_hours))
        run = self._rows.get(PROGRAMMES, held.programme)
        people = self._rows.get(RELATIONSHIPS, before.relationship).people
        members.hold_time(self._rows, people)
        if (before.starts, before.ends) == (after.starts, after.ends):
            return
        until = after.starts + datetime.timedelta(seconds=1)
        found = self._open(run, held, until, without=before.id)
        if (after.starts, after.ends) not in {(one.starts, one.ends) for one in found}:
            raise Conflict("this slot is not available; look at what is open now")
        wanted = (calendars.seconds(after.starts), calendars.seconds(after.ends))
        for session, together in calendars.sessions_with(self._rows, people):
            start, end = calendars.interval(session)
            mine = session.id != before.id and together & set(people) - {held.person}
            if mine and start < wanted[1] and wanted[0] < end:
                raise Conflict("somebody has another meeting then")

    def _open(
        self,
        run: ProgrammeRun,
        held: OfficeHours,
        until: datetime.datetime,
        without: str | None = None,
    ) -> tuple[Opening, ...]:
        """What can be booked of office hours now, by anybody."""
        host = self._part(run, held.person, _roles(run)[1])
        if host is None or held.state != "open" or run.state != "open":
            return ()
        now = self._work.now()
        return calendars.openings(
            self._rows, run, held, host, now=now, until=until, without=without
        )

    def _for(
        self,
        run: ProgrammeRun,
        booker: Participant,
        found: Sequence[Opening],
        *,
        busy: bool = True,
    ) -> tuple[Opening, ...]:
        """Those with people whom nothing rules out, when the booker is nowhere else."""
        allowed = self._allowed(run, booker, {one.person for one in found})
        theirs = calendars.taken(self._rows, [booker.id])[booker.id] if busy else []
        return tuple(
            one
            for one in found
            if one.person in allowed - {booker.id}
            and not any(
                calendars.seconds(one.starts) < end and start < calendars.seconds(one.ends)
                for start, end in theirs
            )
        )

    def _allowed(self, run: ProgrammeRun, booker: Participant, hosts: set[str]) -> set[str]:
        """The hosts with whom no constraint of the programme forbids a meeting."""
        if not hosts:
            return set()
        # NumPy loads when somebody books, not with every kit.
        from mentorkit.matching import ParticipantPool
        from mentorkit.matching.scoring import bound_uses

        there = members.enrolments(self._rows, run.id, hosts)
        on = run.programme.starts
        left = ParticipantPool([self._with_apart(booker)], on)
        right = ParticipantPool([self._with_apart(held.participant) for held in there], on)
        barred = {
            host
            for use in bound_uses(run.blueprint, self._work.registry, "constraints")
            for host, forbidden in zip(right.ids, use.forbids(left, right)[0], strict=True)
            if forbidden
        }
        return hosts - barred

    def _with_apart(self, held: Participant) -> Participant:
        others = members.kept_apart(self._rows, held.id)
        return attrs.evolve(held, not_again=(*held.not_again, *others)) if others else held

    def _booker(self, run: ProgrammeRun, person: str | None) -> Participant | None:
        """Somebody who takes part, in the role that books, with a place left."""
        held = None if person is None else self._part(run, person, _roles(run)[0])
        if held is None:
            return None
        ids = members.relationships_of(self._rows, held.id)
        open_ones = [
            one for one in self._rows.find(RELATIONSHIPS, id=ids) if one.stage != lifecycle.CLOSED
        ]
        here = sum(one.programme == run.id for one in open_ones)
        most = held.person.capacity
        full = here >= held.roles[_roles(run)[0]] or (most is not None and len(open_ones) >= most)
        return None if full else held

    def _part(self, run: ProgrammeRun, person: str, role: str) -> Participant | None:
        """Somebody who takes part in a role, and has not paused."""
        for held in members.enrolments(self._rows, run.id, [person], state="enrolled"):
            paused = held.participant.person.capacity == 0
            if held.participant.roles.get(role) and not paused:
                return held.participant
        return None

    def _whose(self, run: ProgrammeRun, person: str | None, act: str) -> str:
        """In whose name this is done, by default the actor's, if it may be."""
        person = person if person is not None else self._work.actor.person
        if person is None:
            raise Invalid("person", "say in whose name this is done")
        self._work.allow(act, Ties(programme=run.id, own=(person,)), run)
        return person

    def _held(self, office_hours: str) -> OfficeHours:
        return self._rows.get(OFFICE_HOURS, office_hours, lock=True)

    def _seen(self, held: OfficeHours) -> OfficeHours:
        part = self._taking_part(held.programme)
        return self._shown(OFFICE_HOURS, held, attrs.evolve(part, own=(held.person,)))


def _roles(run: ProgrammeRun) -> tuple[str, str]:
    """Who books and who offers. Conflict where the format has no booking."""
    blueprint = run.blueprint
    if blueprint.path[0] != BOOKED or len(blueprint.roles) != 2:
        raise Conflict(f"programme {run.id!r} of {blueprint.topology!r} has no office hours")
    return blueprint.roles[0].name, blueprint.roles[1].name


def _ties(held: OfficeHours) -> Ties:
    return Ties(programme=held.programme, own=(held.person,))
