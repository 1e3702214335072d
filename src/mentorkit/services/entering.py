"""How people come to take part in a programme, and state anew how they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from mentorkit.access import Ties
from mentorkit.admission import (
    HOURS,
    check_roles,
    check_unrated,
    minutes_needed,
    own_words,
    too_few_hours,
)
from mentorkit.blueprint import check_protected
from mentorkit.errors import Conflict, Invalid, below
from mentorkit.models import Enrolment, Entry, Message, Participant, Person, ProgrammeRun, State
from mentorkit.services.matching import CADENCE, MINUTES
from mentorkit.services.people import People
from mentorkit.services.work import Service, changing, check_version
from mentorkit.store import members
from mentorkit.store.members import About, Kept
from mentorkit.store.shelves import PEOPLE, PROGRAMMES, batches


@attrs.frozen(kw_only=True)
class Enrolled:
    """What an enrolment changed: the ids of those who came, and of those who differ now.

    `waiting` are those of them who came to the waiting list.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    waiting: tuple[str, ...] = ()


class Entering(Service):
    """What everybody's coming has in common, whoever brings it about."""

    @changing
    def enrol(
        self, programme: str, people: Iterable[Participant], *, entry: Entry = "assigned"
    ) -> Enrolled:
        """Let people take part, or change how they do; whoever left or was declined is back.

        Who offers fewer hours than meetings with one partner take waits, and so does whoever
        waits already for another reason. `entry` says how those came who are new.

        Doing it again changes nothing. Nobody is taken out: see `leave`. Who is enrolled
        again without a protected attribute has withdrawn it.
        """
        run = self._opened("programmes.enrol", programme)
        held = {participant.id: participant for participant in people}
        check_unrated(held.values(), run.blueprint.ratings)
        parts = self._checked(run, held)
        before = members.kept(self._rows, run.id, held)
        fresh = About(entry=entry, entered=self._work.now())
        needed = _needed(run)
        after = {
            id: _placed(before.get(id), part, too_few_hours(held[id], needed), fresh)
            for id, part in parts.items()
        }
        return self._keep(run, before, after)

    @changing
    def apply(self, programme: str, participant: Participant) -> Enrolment:
        """Take part in a programme in one's own name, or state anew how.

        Where the programme asks for approval, whoever applies waits for it; else they take
        part at once. Who offers too few hours comes to the waiting list. Raises Conflict for
        whoever was declined, and Invalid for what people do not state of themselves.
        """
        run = self._opened("programmes.apply", programme, participant.id)
        before = self._there(run, participant.id)
        if before is not None and before.state == "declined":
            raise Conflict(f"{participant.id!r} was declined; its coordinator can still approve")
        if before is not None and before.state != "left":
            return self._restated(run, before, participant)
        state: State = "applied" if run.blueprint.policies.approval else "enrolled"
        return self._entered(run, participant, before, "applied", state)

    @changing
    def restate(
        self, programme: str, participant: Participant, *, version: int | None = None
    ) -> Enrolment:
        """State anew, in one's own name, how one takes part or wants to.

        Who waits for too few hours, and now offers enough, goes on as after applying. Where the
        programme asks for approval, nobody who takes part gives themselves another role.
        Raises NotFound for whoever never came, and Conflict for whoever is gone.
        """
        run = self._opened("programmes.restate", programme, participant.id)
        before = members.enrolment(self._rows, run.id, participant.id)
        if before.state in ("left", "declined"):
            raise Conflict(f"{participant.id!r} takes part no longer")
        check_version(before, version)
        return self._restated(run, before, participant)

    def _opened(self, act: str, programme: str, *own: str) -> ProgrammeRun:
        """The programme, locked, if the actor may do this and it is open."""
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        self._work.allow(act, Ties(programme=run.id, own=own), run)
        if run.state == "closed":
            raise Conflict(f"programme {programme!r} is closed")
        return run

    def _checked(self, run: ProgrammeRun, held: Mapping[str, Participant]) -> dict[str, str]:
        """Keep the people, and give their parts as they are kept, by id."""
        check_roles(held.values(), run.blueprint)
        check_protected(held.values(), run.blueprint.protected)
        texts = {id: members.texts(participant) for id, participant in held.items()}
        People(self._work)._keep({id: person for id, (person, _) in texts.items()})
        return {id: part for id, (_, part) in texts.items()}

    def _there(self, run: ProgrammeRun, person: str) -> Enrolment | None:
        return next(iter(members.enrolments(self._rows, run.id, [person])), None)

    def _entered(
        self,
        run: ProgrammeRun,
        participant: Participant,
        before: Enrolment | None,
        entry: Entry,
        state: State,
    ) -> Enrolment:
        """Somebody comes in their own name; to the waiting list, if they have too few hours."""
        held = self._own(run, participant, before)
        part = self._checked(run, {held.id: held})[held.id]
        short = too_few_hours(held, _needed(run))
        joined = before.joined if before else None
        # Who applied or waits came earlier, and of their own accord.
        came = before if before and before.state in ("applied", "waiting") else None
        about = About(
            entry=came.entry if came else entry,
            entered=came.entered if came else self._work.now(),
            joined=joined or (self._work.now() if state == "enrolled" and not short else None),
            reason=short,
            ratings=before.ratings if before else (),
        )
        was = members.kept(self._rows, run.id, [held.id])
        self._keep(run, was, {held.id: ("waiting" if short else state, part, about.text)})
        return self._answered(run, held.id)

    def _restated(
        self, run: ProgrammeRun, before: Enrolment, participant: Participant
    ) -> Enrolment:
        held = self._own(run, participant, before)
        approval = run.blueprint.policies.approval
        if approval and before.state == "enrolled":
            _check_no_new_role(before.participant, held)
        part = self._checked(run, {held.id: held})[held.id]
        was = members.kept(self._rows, run.id, [held.id])
        about = About.of(was[held.id][2])
        short = too_few_hours(held, _needed(run))
        state: State = before.state
        if state == "applied" and short:
            state, about = "waiting", attrs.evolve(about, reason=short)
        elif state == "waiting" and _for_hours(about) and not short:
            volunteer = about.entry == "applied"
            state = "applied" if approval and volunteer else "enrolled"
            joined = self._work.now() if state == "enrolled" else None
            about = attrs.evolve(about, reason=None, joined=about.joined or joined)
        self._keep(run, was, {held.id: (state, part, about.text)})
        return self._answered(run, held.id)

    def _own(
        self, run: ProgrammeRun, participant: Participant, before: Enrolment | None
    ) -> Participant:
        """What a person states, without what is not theirs to state."""
        check_unrated([participant], run.blueprint.ratings)
        person = next(iter(self._rows.find(PEOPLE, id=participant.id)), None)
        known = Participant(person=person or Person(id=participant.id))
        if before is not None and before.state not in ("left", "declined"):
            known = before.participant
        return own_words(participant, known, run.blueprint.policies.fixed or ())

    def _answered(self, run: ProgrammeRun, person: str) -> Enrolment:
        """An enrolment as the actor may see it, who may at least do this to it."""
        held = members.enrolment(self._rows, run.id, person)
        shown = self._work.see(held, Ties(programme=run.id, own=(person,)))
        return shown if shown is not None else members.absent(run.id, person)

    def _keep(
        self, run: ProgrammeRun, before: Mapping[str, Kept], after: Mapping[str, Kept]
    ) -> Enrolled:
        """Keep what became of people, and record it."""
        new = {id: held for id, held in after.items() if id not in before}
        changed = {id: held for id, held in after.items() if id in before and before[id] != held}
        members.enrol(self._rows, run.id, new)
        members.change(self._rows, run.id, changed)
        told: dict[str, list[str]] = {}
        for id, (state, *_) in sorted({**new, **changed}.items()):
            same = id in before and before[id][0] == state
            told.setdefault("changed" if same else state, []).append(id)
        self._tell(run, told)
        return Enrolled(
            added=tuple(sorted(new)),
            changed=tuple(sorted(changed)),
            same=len(after) - len(new) - len(changed),
            waiting=tuple(told.get("waiting", ())),
        )

    def _tell(self, run: ProgrammeRun, told: Mapping[str, list[str]]) -> None:
        """Record what became of people: the ids by their new states."""
        kinds = {
            "enrolled": "participants.enrolled",
            "changed": "participants.changed",
            "applied": "participants.applied",
            "waiting": "participants.waiting",
            "declined": "participants.declined",
            "left": "participants.left",
        }
        for state, kind in kinds.items():
            for part in batches(told.get(state, ())):
                facts = {"number": len(part)}
                self._work.happened(kind, run.id, programme=run.id, people=part, facts=facts)


def _needed(run: ProgrammeRun) -> Fraction:
    policies = run.blueprint.policies
    return minutes_needed(run.blueprint, policies.cadence or CADENCE, policies.minutes or MINUTES)


def _placed(was: Kept | None, part: str, short: Message | None, fresh: About) -> Kept:
    """What becomes of somebody whom the office enrols."""
    if was is not None and was[0] == "enrolled":
        return "enrolled", part, was[2]
    about = fresh if was is None else About.of(was[2])
    if was is not None and was[0] == "waiting" and not _for_hours(about):
        return "waiting", part, was[2]
    if was is not None and was[0] in ("left", "declined"):
        about = attrs.evolve(about, entry=fresh.entry, entered=fresh.entered)
    if short:
        return "waiting", part, attrs.evolve(about, reason=short).text
    joined = about.joined or fresh.entered
    return "enrolled", part, attrs.evolve(about, reason=None, joined=joined).text


def _for_hours(about: About) -> bool:
    return about.reason is not None and about.reason.id == HOURS


def _check_no_new_role(before: Participant, after: Participant) -> None:
    """Where people are approved, they are so for the roles that they applied for."""
    for role in after.roles:
        if role not in before.roles:
            raise Invalid(
                below("roles", role),
                "needs approval in this programme; ask its coordinator, or leave and apply anew",
            )
