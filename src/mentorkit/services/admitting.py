"""What the office decides of those who come: approved, on the waiting list, declined."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Conflict, Invalid
from mentorkit.models import Enrolment, Message, ProgrammeRun, Rating, RatingScale
from mentorkit.models.plain import shown, whole
from mentorkit.services.entering import Entering
from mentorkit.services.work import changing, check_version
from mentorkit.store import members
from mentorkit.store.members import About, Kept


class Admitting(Entering):
    """The office's word on one person at a time."""

    @changing
    def approve(self, programme: str, person: str, *, version: int | None = None) -> Enrolment:
        """Somebody who applied, waits or was declined takes part from now on.

        Conflict for whoever left.
        """
        run, held = self._of("programmes.approve", programme, person, version, "enrolled")
        if held.state == "left":
            raise Conflict(f"{person!r} has left; enrol them to have them back")
        joined = held.joined or self._work.now()
        return self._decided(run, held, state="enrolled", reason=None, joined=joined)

    @changing
    def wait(
        self, programme: str, person: str, reason: str = "", *, version: int | None = None
    ) -> Enrolment:
        """Put somebody who applied on the waiting list, for a reason that they read.

        Conflict for whoever takes part already, or is gone.
        """
        why = _told("waiting", reason or "waits until there is room")
        run, held = self._of("programmes.wait", programme, person, version, "waiting", why)
        if held.state in ("enrolled", "left"):
            raise Conflict(f"{person!r} is {held.state}, and so cannot be put on the waiting list")
        return self._decided(run, held, state="waiting", reason=why)

    @changing
    def decline(
        self, programme: str, person: str, reason: str = "", *, version: int | None = None
    ) -> Enrolment:
        """Somebody who applied or waits does not take part; if there is a reason, they read it.

        What they stated for a purpose of the programme goes. Conflict for whoever takes part
        already, who can leave, or has left.
        """
        why = _told("declined", reason) if reason else None
        run, held = self._of("programmes.decline", programme, person, version, "declined", why)
        if held.state in ("enrolled", "left"):
            raise Conflict(f"{person!r} is {held.state}, and so cannot be declined")
        kept = attrs.evolve(held.participant, protected={})
        return self._decided(run, held, state="declined", reason=why, participant=kept)

    @changing
    def rate(
        self,
        programme: str,
        person: str,
        field: str,
        value: int,
        *,
        on: datetime.date | None = None,
        version: int | None = None,
    ) -> Enrolment:
        """Rate somebody on one of the programme's scales, on a day; by default, today.

        A second rating of a day takes the place of the first. Raises Invalid for a scale that
        the programme does not have, a value that is not on it, and a day that is to come.
        """
        run = self._opened("programmes.rate", programme)
        held = members.enrolment(self._rows, run.id, person)
        today = self._today(run)
        on = on if on is not None else today
        if on > today:
            raise Invalid("on", f"must be no day after {today}, not {on}")
        rating = Rating(field=field, value=value, on=on, shown=_scale(run, field, value).shown)
        if rating in held.ratings:
            return self._answered(run, held.id)
        check_version(held, version)
        others = [one for one in held.ratings if (one.field, one.on) != (field, on)]
        after = attrs.evolve(held, ratings=(*others, rating))
        members.change(self._rows, run.id, {held.id: _kept(after)})
        self._work.happened(
            "participants.rated",
            run.id,
            programme=run.id,
            people=(held.id,),
            facts={"field": field},
        )
        return self._answered(run, held.id)

    def _today(self, run: ProgrammeRun) -> datetime.date:
        zone = zoneinfo.ZoneInfo(run.blueprint.policies.timezone or "UTC")
        return self._work.now().astimezone(zone).date()

    def waiting(self, programme: str) -> tuple[Enrolment, ...]:
        """Those who applied or wait whom the actor sees: whoever came first comes first."""
        found = [
            held
            for state in ("applied", "waiting")
            for held in members.enrolments(self._rows, programme, state=state)
        ]
        found.sort(key=lambda held: (held.entered, held.id))
        return self._visible(found, lambda held: Ties(programme=programme, own=(held.id,)))

    def _of(
        self,
        act: str,
        programme: str,
        person: str,
        version: int | None,
        state: str,
        reason: Message | None = None,
    ) -> tuple[ProgrammeRun, Enrolment]:
        """The programme and somebody in it, whose version is checked unless it is done already."""
        run = self._opened(act, programme)
        held = members.enrolment(self._rows, run.id, person)
        if (held.state, held.reason) != (state, reason):
            check_version(held, version)
        return run, held

    def _decided(self, run: ProgrammeRun, held: Enrolment, **changes: Any) -> Enrolment:
        """Keep what was decided; nothing changes where it was so before."""
        after = attrs.evolve(held, **changes)
        was = members.kept(self._rows, run.id, [held.id])
        self._keep(run, was, {held.id: _kept(after)})
        return self._answered(run, held.id)


def _scale(run: ProgrammeRun, field: str, value: int) -> RatingScale:
    """The scale of a rating, which the value is on."""
    scales = run.blueprint.ratings
    if field not in scales:
        known = ", ".join(scales) or "none"
        raise Invalid("field", f"{shown(field)} is no rating of this programme; it has {known}")
    scale = scales[field]
    whole(scale.least, scale.most)(None, attrs.fields(Rating).value, value)
    return scale


def _kept(held: Enrolment) -> Kept:
    about = About(**{field.name: getattr(held, field.name) for field in attrs.fields(About)})
    return held.state, members.part(held.participant), about.text


def _told(state: str, words: str) -> Message:
    """A coordinator's own words."""
    return Message(f"{state}.told", "{words}", {"words": words})
