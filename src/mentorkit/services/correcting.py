"""Putting right what was written down of a meeting, and what followed from it."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import attrs

from mentorkit.errors import Conflict, Fault, Invalid
from mentorkit.lifecycle import CLOSED
from mentorkit.models import Relationship, Session
from mentorkit.models.frozenmap import EMPTY
from mentorkit.models.participant import DAY
from mentorkit.services.bound import Bound
from mentorkit.services.calendars import COUNTED
from mentorkit.services.histories import history
from mentorkit.services.opening import reopen
from mentorkit.services.preparing import Preparing
from mentorkit.services.relationships import Relationships
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import AWARDS, REQUESTS, SESSIONS

State = Literal["held", "missed", "cancelled"]
"""What became of a meeting."""


class Correcting(Preparing):
    """The part of `kit.sessions` that puts right what was written down."""

    @changing
    def correct(
        self,
        session: str,
        *,
        state: State | None = None,
        starts: datetime.datetime | None = None,
        minutes: int | None = None,
        attended: Iterable[str] | None = None,
        outputs: Mapping[str, str] | None = None,
        version: int | None = None,
    ) -> Session:
        """What was written down of a meeting was wrong; what is not given stays as it was.

        Outputs are added to those that are there. Awards that rest on the meeting and are not
        earned any more lapse until they are, and what it was asked for nothing about is
        closed. Conflict while it is planned, and once its relationship has closed.
        """
        held, found = self._found(session, "sessions.correct")
        changed = self._put_right(held, found, state, starts, minutes, attended, outputs)
        if changed == found:
            return self._shown(SESSIONS, found, self._ties_of(held))
        _check_logged(held, found, changed.state)
        check_version(found, version)
        if changed.state == "held":
            self._check_begun(changed)
        moved = changed.starts < found.starts or changed.ends > found.ends
        if changed.state == "held" and (moved or found.state != "held"):
            check_apart(changed, self._rows.find(SESSIONS, relationship=held.id), COUNTED)
        if changed.state == "held" != found.state:
            self._check_order(held, changed)
            self._check_step(held, changed)
            if not changed.chat:
                Relationships(self._work)._met(held)
        self._told(held, "session.corrected", session, number=found.number)
        self._rows.save(SESSIONS, changed)
        reopen(self._rows, self._run_of(held), held.id)
        self._follow(held, session)
        return self._shown(SESSIONS, self._rows.get(SESSIONS, session), self._ties_of(held))

    def _put_right(
        self,
        held: Relationship,
        found: Session,
        state: State | None,
        starts: datetime.datetime | None,
        minutes: int | None,
        attended: Iterable[str] | None,
        outputs: Mapping[str, str] | None,
    ) -> Session:
        """The session with what is given."""
        starts = found.starts if starts is None else self._past(starts)
        length = found.ends - found.starts if minutes is None else lasting(minutes)
        changed = attrs.evolve(
            found, starts=starts, ends=starts + length, state=state or found.state
        )
        if changed.state != "held":
            if attended is not None or outputs:
                place = "outputs" if attended is None else "attended"
                words = f"is of a meeting that was held, and this one is {changed.state}"
                raise Invalid(place, f"{words}; say that it was held")
            return attrs.evolve(changed, attended=(), outputs=EMPTY)
        came = found.attended
        if attended is not None or found.state != "held":
            came = who_came(held, held.people if attended is None else attended)
        return attrs.evolve(
            changed,
            attended=came,
            outputs=what_came(found, {**found.outputs, **(outputs or {})}),
        )

    def _past(self, starts: datetime.datetime) -> datetime.datetime:
        if starts > self._work.now():
            raise Invalid("starts", f"must not be a time to come, as {starts.isoformat()} is")
        return starts.astimezone(datetime.UTC)

    def _found(self, session: str, act: str) -> tuple[Relationship, Session]:
        found = self._rows.get(SESSIONS, session)
        return self._together(found.relationship, act), found

    def _check_begun(self, found: Session) -> None:
        if found.starts > self._work.now():
            begins = found.starts.astimezone(zoneinfo.ZoneInfo(found.timezone))
            raise Conflict(f"session {found.id!r} begins only at {begins:%Y-%m-%d %H:%M %Z}")

    def _check_order(self, held: Relationship, found: Session) -> None:
        """What comes before it in the flow has been held."""
        flow = self._run_of(held).blueprint.sessions
        if found.step is None or found.step not in flow:
            return
        order = flow[found.step].order
        for other in self._rows.find(SESSIONS, relationship=held.id):
            earlier = other.step in flow and flow[str(other.step)].order < order
            if earlier and other.state == "planned":
                raise Conflict(f"{other.title} comes first, and has not been held")

    def _check_step(self, held: Relationship, found: Session) -> None:
        """No other meeting has taken its place in the flow since."""
        for other in self._rows.find(SESSIONS, relationship=held.id):
            taken = found.step is not None and other.step == found.step and other.id != found.id
            if taken and other.state in COUNTED:
                raise Conflict(
                    f"session {other.id!r} has taken the place of {found.id!r} since; record"
                    " this one as one meeting more"
                )

    def _follow(self, held: Relationship, session: str) -> None:
        """Have awards rest on what is true, and what was asked in vain closed."""
        awards = self._rows.find(AWARDS, relationship=held.id, state="granted")
        requests = self._rows.find(REQUESTS, relationship=held.id, state="open")
        requests = [request for request in requests if request.session == session]
        if not awards and not requests:
            return
        bound = Bound(self._run_of(held), self._work.registry)
        past = history(self._rows, held)
        earned = {
            (rule, verdict.key, person): verdict.evidence
            for rule, verdict in bound.awards(past)
            for person in verdict.people or held.people
        }
        for award in awards:
            evidence = earned.get((award.rule, award.key, award.person))
            if evidence is None and session in award.evidence:
                self._told(held, "award.revoked", award.id, people=(award.person,), rule=award.rule)
                self._rows.save(AWARDS, attrs.evolve(award, state="lapsed"))
            elif evidence not in (None, award.evidence):
                self._rows.save(AWARDS, attrs.evolve(award, evidence=evidence))
        asked = {(name, ask.key, person) for name, ask in bound.asks(past) for person in ask.people}
        for request in requests:
            if (request.survey, request.key, request.person) not in asked:
                self._rows.save(REQUESTS, attrs.evolve(request, state="closed"))


def _check_logged(held: Relationship, found: Session, state: str) -> None:
    """What came of it was written down, and what followed from that can still be changed."""
    if found.state == "planned":
        raise Conflict(f"session {found.id!r} is planned still; move it, or say what became of it")
    if held.stage == CLOSED:
        raise Conflict(f"relationship {held.id!r} has closed; what was written down of it stays")
    if found.state == "held" != state and "booked" in held.path:
        raise Conflict(f"session {found.id!r} was the one meeting of {held.id!r}, and stays held")


def check_apart(session: Session, others: Iterable[Session], taken: Collection[str]) -> None:
    """Conflict, if others of the relationship, in one of these states, are at its time."""
    for other in others:
        if other.id == session.id or other.state not in taken:
            continue
        if other.starts < session.ends and session.starts < other.ends:
            then = other.starts.astimezone(zoneinfo.ZoneInfo(other.timezone))
            raise Conflict(
                f"there is already {other.title} of {then:%Y-%m-%d %H:%M} {other.timezone}, which"
                f" is {other.state}: {other.id}"
            )


def who_came(held: Relationship, people: Iterable[str]) -> tuple[str, ...]:
    """Those who came, in order: members, and at least one."""
    came = tuple(sorted(set(people)))
    strange = sorted(set(came) - set(held.people))
    if strange or not came:
        who = repr(strange[0]) if strange else "nobody"
        raise Invalid("attended", f"names {who}; the members are {', '.join(held.people)}")
    return came


def what_came(found: Session, outputs: Mapping[str, str]) -> dict[str, str]:
    """What came out of a session that is held, without which it is not."""
    brought = {name: held for name, held in outputs.items() if held.strip()}
    lacking = [name for name in found.due if name not in brought]
    if lacking:
        raise Invalid(
            faults=[Fault(f"outputs.{name}", "is what this session is for") for name in lacking]
        )
    return brought


def lasting(minutes: int) -> datetime.timedelta:
    """How long a meeting lasts."""
    if not 1 <= minutes <= DAY:
        raise Invalid("minutes", f"must be from 1 to {DAY}, not {minutes}")
    return datetime.timedelta(minutes=minutes)
