"""Programme events: announced, signed up for as long as there are seats, held with who came."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Conflict, Invalid, NotFound
from mentorkit.models import Gathering, ProgrammeRun, Seat
from mentorkit.services.ahead import check_begins
from mentorkit.services.places import check_link
from mentorkit.services.work import Service, changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import GATHERINGS, PROGRAMMES, SEATS


class Gatherings(Service):
    """`kit.gatherings`: what everybody in a programme may come to, as long as there are seats.

    `person` says in whose name something is done; without it, in the actor's own. Steps that
    were taken already change nothing.
    """

    @changing
    def announce(
        self,
        programme: str,
        title: str,
        starts: datetime.datetime,
        ends: datetime.datetime,
        *,
        timezone: str | None = None,
        place: str | None = None,
        link: str | None = None,
        seats: int | None = None,
        key: str | None = None,
    ) -> Gathering:
        """Announce a gathering; without a zone, in the programme's. The same `key` does so once.

        Conflict where the programme is closed, or one of that title begins then already;
        Invalid where it begins in the past.
        """
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        self._work.allow("gatherings.announce", Ties(programme=run.id), run)
        if run.state == "closed":
            raise Conflict(f"programme {programme!r} is closed")
        id = self._work.id("gathering", key, run.id)
        if again := self._again(GATHERINGS, id, key):
            return self._seen(again)
        check_link(run, link)
        made = Gathering(
            id=id,
            programme=run.id,
            title=title,
            starts=starts.astimezone(datetime.UTC),
            ends=ends.astimezone(datetime.UTC),
            timezone=timezone or run.blueprint.policies.timezone or "UTC",
            place=place,
            link=link,
            seats=seats,
        )
        check_begins("starts", made.starts, made.timezone, self._work.now())
        self._check_new(made)
        self._rows.add(GATHERINGS, [made])
        self._told(made, "gathering.announced")
        return self.get(made.id)

    def _check_new(self, made: Gathering) -> None:
        for other in self._rows.find(GATHERINGS, programme=made.programme, state="planned"):
            alike = other.title.casefold() == made.title.casefold()
            if alike and other.starts == made.starts:
                raise Conflict(f"there is already {other.title!r} at that time: {other.id}")

    def get(self, gathering: str) -> Gathering:
        """A gathering, as far as the actor may see it."""
        return self._seen(self._rows.get(GATHERINGS, gathering))

    def of(self, programme: str) -> tuple[Gathering, ...]:
        """A programme's gatherings that the actor sees, in the order of time."""
        part = self._taking_part(programme)
        found = self._rows.find(GATHERINGS, programme=programme)
        mine = self._mine(found)
        shown = self._visible(found, lambda one: attrs.evolve(part, own=mine.get(one.id, ())))
        return tuple(sorted(shown, key=lambda one: (one.starts, one.id)))

    def seats(self, gathering: str) -> tuple[Seat, ...]:
        """Who comes and who waits, as far as the actor may see it, in their order."""
        return self._of_order(self._rows.find(SEATS, gathering=gathering))

    def seats_of(self, person: str) -> tuple[Seat, ...]:
        """What a person has signed up for, as far as the actor may see it."""
        return self._of_order(self._rows.find(SEATS, person=person))

    def _of_order(self, found: Iterable[Seat]) -> tuple[Seat, ...]:
        shown = self._visible((one for one in found if one.state != "off"), _ties)
        return tuple(sorted(shown, key=lambda one: (one.gathering, one.number)))

    @changing
    def sign_up(self, gathering: str, *, person: str | None = None) -> Seat:
        """Have a seat, or be the last on the waiting list where all seats are taken.

        Conflict where the person does not take part (NotFound, if they never did), and where
        it has begun, or was held or cancelled.
        """
        run, found, person = self._as(gathering, "gatherings.sign_up", person)
        there = self._seat(found, person)
        if there is not None and there.state in ("coming", "waiting"):
            return there
        if members.enrolment(self._rows, run.id, person).state != "enrolled":
            raise Conflict(f"{person!r} does not take part in {run.id!r}")
        self._check_ahead(found)
        free, number = found.left != 0, found.signed + 1
        state: Literal["coming", "waiting"] = "coming" if free else "waiting"
        if there is None:
            held: dict[str, Any] = {"programme": run.id, "gathering": found.id, "person": person}
            id = self._work.ids()
            self._rows.add(SEATS, [Seat(id=id, number=number, state=state, **held)])
        else:
            self._rows.save(SEATS, attrs.evolve(there, number=number, state=state))
        # The row is written, so that whoever waited for it in an older snapshot is refused.
        taken, waiting = found.taken + free, found.waiting + (not free)
        changed = attrs.evolve(found, signed=number, taken=taken, waiting=waiting)
        self._rows.save(GATHERINGS, changed)
        self._told(found, "seat.taken" if free else "seat.awaited", (person,))
        return self._theirs(found, person)

    @changing
    def sign_off(self, gathering: str, *, person: str | None = None) -> Seat:
        """Give a seat back, or wait no longer; whoever waits longest has the seat then.

        Conflict where it was held or cancelled, NotFound where the person never signed up.
        """
        _, found, person = self._as(gathering, "gatherings.sign_off", person)
        there = self._seat(found, person)
        if there is None:
            raise NotFound(f"{person!r} has not signed up for {gathering!r}")
        if there.state == "off":
            return there
        if found.state != "planned":
            raise Conflict(f"gathering {gathering!r} is {found.state}")
        self._leave(found, there)
        return self._theirs(found, person)

    def _leave(self, found: Gathering, seat: Seat) -> None:
        """Somebody comes or waits no longer."""
        self._rows.save(SEATS, attrs.evolve(seat, state="off"))
        self._told(found, "seat.left", (seat.person,))
        if seat.state == "waiting":
            self._rows.save(GATHERINGS, attrs.evolve(found, waiting=found.waiting - 1))
        else:
            self._filled(attrs.evolve(found, taken=found.taken - 1))

    def _filled(self, found: Gathering) -> Gathering:
        """Keep a gathering whose free seats those have who wait, in their order."""
        waiting = [
            one for one in self._rows.find(SEATS, gathering=found.id) if one.state == "waiting"
        ]
        waiting.sort(key=lambda one: one.number)
        left = len(waiting) if found.left is None else min(found.left, len(waiting))
        for seat in waiting[:left] if found.starts > self._work.now() else ():
            self._rows.save(SEATS, attrs.evolve(seat, state="coming"))
            self._told(found, "seat.taken", (seat.person,))
            found = attrs.evolve(found, taken=found.taken + 1, waiting=found.waiting - 1)
        return self._rows.save(GATHERINGS, found)

    @changing
    def move(
        self,
        gathering: str,
        starts: datetime.datetime,
        *,
        ends: datetime.datetime | None = None,
        place: str | None = None,
        link: str | None = None,
        seats: int | None = None,
        version: int | None = None,
    ) -> Gathering:
        """Hold it at another time, or elsewhere; it lasts as long as it did if nothing is said.

        With more `seats`, those who wait have them in their order; Invalid where they are
        fewer than are taken, and where it would begin in the past. Conflict where it was held
        or cancelled.
        """
        found = self._planned(gathering, "gatherings.move")
        check_link(self._rows.get(PROGRAMMES, found.programme), link)
        starts = starts.astimezone(datetime.UTC)
        changed = attrs.evolve(
            found,
            starts=starts,
            ends=(ends or starts + (found.ends - found.starts)).astimezone(datetime.UTC),
            place=found.place if place is None else place,
            link=found.link if link is None else link,
            seats=found.seats if seats is None else seats,
        )
        if changed != found:
            check_version(found, version)
            if changed.starts != found.starts:
                check_begins("starts", starts, found.timezone, self._work.now())
            self._told(found, "gathering.moved", self._expected(found))
            self._filled(changed)
        return self.get(gathering)

    @changing
    def hold(
        self,
        gathering: str,
        *,
        attended: Iterable[str] | None = None,
        version: int | None = None,
    ) -> Gathering:
        """It took place; by default everybody came who had a seat.

        `attended` may be people who waited, in the place of others. Invalid where somebody
        has not signed up or more came than there are seats, Conflict where it has not begun.
        """
        found = self._rows.get(GATHERINGS, gathering, lock=True)
        self._work.allow("gatherings.hold", Ties(programme=found.programme), found)
        if found.state == "held":
            return self._seen(found)
        check_version(found, version)
        self._check_planned(found)
        if found.starts > self._work.now():
            begins = found.starts.astimezone(zoneinfo.ZoneInfo(found.timezone))
            raise Conflict(f"gathering {gathering!r} begins only at {begins:%Y-%m-%d %H:%M %Z}")
        seats = [one for one in self._rows.find(SEATS, gathering=found.id) if one.state != "off"]
        coming = [one.person for one in seats if one.state == "coming"]
        came = set(coming if attended is None else attended)
        _check_came(found, came, [one.person for one in seats])
        for seat in seats:
            if seat.person in came:
                self._rows.save(SEATS, attrs.evolve(seat, state="came"))
            elif seat.state == "coming":
                self._rows.save(SEATS, attrs.evolve(seat, state="missed"))
        waited = len(set(coming) | came) - len(coming)
        kept = attrs.evolve(found, state="held", taken=len(came), waiting=found.waiting - waited)
        self._rows.save(GATHERINGS, kept)
        self._told(found, "gathering.held", sorted(came))
        return self.get(gathering)

    @changing
    def cancel(self, gathering: str, *, version: int | None = None) -> Gathering:
        """It will not take place."""
        found = self._rows.get(GATHERINGS, gathering, lock=True)
        self._work.allow("gatherings.cancel", Ties(programme=found.programme), found)
        if found.state != "cancelled":
            check_version(found, version)
            self._check_planned(found)
            self._cancelled(found)
        return self.get(gathering)

    def _cancelled(self, found: Gathering) -> None:
        self._told(found, "gathering.cancelled", self._expected(found))
        self._rows.save(GATHERINGS, attrs.evolve(found, state="cancelled"))

    def _cancel_all(self, programme: str) -> None:
        """Cancel what has not begun of a programme that is closed."""
        for found in self._rows.find(GATHERINGS, programme=programme):
            if found.state == "planned" and found.starts > self._work.now():
                self._cancelled(self._rows.get(GATHERINGS, found.id, lock=True))

    def _sign_off_all(self, person: str, programme: str | None = None) -> None:
        """Sign somebody off who left a programme, or who is forgotten in all of them.

        Whoever left may have come where it has begun, and keeps their seat until that is
        recorded.
        """
        for seat in self._rows.find(SEATS, person=person):
            if seat.state in ("coming", "waiting") and programme in (None, seat.programme):
                found = self._rows.get(GATHERINGS, seat.gathering, lock=True)
                begun = found.starts <= self._work.now()
                if found.state == "planned" and not (begun and programme):
                    self._leave(found, self._rows.get(SEATS, seat.id))

    def _as(
        self, gathering: str, act: str, person: str | None
    ) -> tuple[ProgrammeRun, Gathering, str]:
        """The programme and the gathering, locked, and in whose name it is done, if it may be."""
        run = self._rows.get(PROGRAMMES, self._rows.get(GATHERINGS, gathering).programme, lock=True)
        person = person if person is not None else self._work.actor.person
        if person is None:
            raise Invalid("person", "say in whose name this is done")
        found = self._rows.get(GATHERINGS, gathering, lock=True)
        self._work.allow(act, Ties(programme=run.id, own=(person,)), found)
        return run, found, person

    def _planned(self, gathering: str, act: str) -> Gathering:
        found = self._rows.get(GATHERINGS, gathering, lock=True)
        self._work.allow(act, Ties(programme=found.programme), found)
        self._check_planned(found)
        return found

    def _check_planned(self, found: Gathering) -> None:
        if found.state != "planned":
            raise Conflict(f"gathering {found.id!r} is {found.state} and not planned any more")

    def _check_ahead(self, found: Gathering) -> None:
        self._check_planned(found)
        if found.starts <= self._work.now():
            raise Conflict(f"gathering {found.id!r} has begun and cannot be signed up for")

    def _seat(self, found: Gathering, person: str) -> Seat | None:
        there = self._rows.find(SEATS, gathering=found.id, person=person)
        return there[0] if there else None

    def _theirs(self, found: Gathering, person: str) -> Seat:
        (seat,) = self._rows.find(SEATS, gathering=found.id, person=person)
        return self._shown(SEATS, seat, _ties(seat))

    def _expected(self, found: Gathering) -> list[str]:
        """Those who come or wait."""
        seats = self._rows.find(SEATS, gathering=found.id)
        return sorted(one.person for one in seats if one.state in ("coming", "waiting"))

    def _told(self, found: Gathering, kind: str, people: Sequence[str] = ()) -> None:
        self._work.happened(kind, found.id, programme=found.programme, people=people)

    def _mine(self, found: Sequence[Gathering]) -> dict[str, tuple[str, ...]]:
        """By the ids of gatherings, the actor, where they have a seat."""
        person = self._work.actor.person
        if person is None or not found:
            return {}
        held = self._rows.find(SEATS, person=person)
        return {one.gathering: (person,) for one in held if one.state in ("coming", "came")}

    def _seen(self, found: Gathering) -> Gathering:
        part = self._taking_part(found.programme)
        own = self._mine([found]).get(found.id, ())
        return self._shown(GATHERINGS, found, attrs.evolve(part, own=own))


def _ties(seat: Seat) -> Ties:
    return Ties(programme=seat.programme, own=(seat.person,))


def _check_came(found: Gathering, came: Iterable[str], signed: Sequence[str]) -> None:
    came = set(came)
    if strange := sorted(came - set(signed)):
        raise Invalid("attended", f"names {strange[0]!r}, who has not signed up")
    if found.seats is not None and len(came) > found.seats:
        raise Invalid("attended", f"names {len(came)} people, and there are {found.seats} seats")
