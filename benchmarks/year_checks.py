"""What must hold of a running programme whatever happens in it, seen through the public API."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs
from year_stories import Told

import mentorkit
from mentorkit.errors import Forbidden, NotFound
from mentorkit.models import Actor, Award, Draft, Event, Relationship, Request, Session
from mentorkit.testing.house import TrialHouse

PROGRAMME = "year"
COORDINATOR = Actor(person="eve", coordinates=[PROGRAMME, "*"])
STRANGER = Actor(person="zed")
BESIDE = {"chemistry": "proposed", "paused": "active"}
"""Stages beside the path; who has paused comes back, who has met to get to know goes on."""
MARK = "«mine»"
"""Begins all words that are somebody's own."""
LONG = datetime.timedelta(days=30)
REQUESTS = ("open", "answered", "closed")
"""A request's states; it never goes back."""


def may_follow(path: tuple[str, ...], before: str, after: str) -> bool:
    """Whether a relationship may be in one stage after another: onward, beside, or closed."""
    if after in (before, "closed"):
        return True
    if after in BESIDE:
        return BESIDE[after] == before
    if before in BESIDE and after == BESIDE[before]:
        return before == "paused"
    return path.index(after) == path.index(BESIDE.get(before, before)) + 1


@attrs.define
class Seen:
    """All that can be read of a programme at one time."""

    people: set[str]
    parts: dict[str, Mapping[str, int]]
    """The places of each who is enrolled, by role."""
    relationships: dict[str, Relationship]
    sessions: dict[str, Session]
    requests: dict[str, Request]
    awards: dict[str, Award]
    signals: dict[str, Any]
    journal: tuple[Event, ...]


class Witness:
    """Looks at everything after each step, and compares it with what was there before."""

    def __init__(self, house: TrialHouse) -> None:
        self.house = house
        self.enrolled: set[str] = set()
        self.known: set[str] = set()
        self.findings: list[str] = []
        self.looks = 0
        self.before: Seen | None = None
        self.of_closed: dict[str, tuple[tuple[Session, ...], tuple[Request, ...]]] = {}
        self.pairs: Counter[tuple[str, ...]] = Counter()
        self.told = Told(house, PROGRAMME)

    def same(self, what: str, found: object, wanted: object) -> None:
        """A finding, unless both are equal."""
        if found != wanted:
            self.findings.append(f"{what}: {found!r:.300}, and should be {wanted!r:.300}")

    def removed(self, person: str) -> None:
        """Somebody is forgotten: what they shared is other than it was, also where it is closed."""
        self.known.discard(person)
        self.told.removed(person)
        if self.before is None:
            return
        held, requests = self.before.relationships, self.before.requests
        gone = {id for id, one in held.items() if person in one.people}
        self.before.relationships = {id: one for id, one in held.items() if id not in gone}
        self.before.requests = {
            id: one for id, one in requests.items() if one.relationship not in gone
        }
        self.of_closed = {id: its for id, its in self.of_closed.items() if id not in gone}

    def look(self, step: str) -> None:
        """Read everything, and check what must hold of it."""
        self.looks += 1
        seen = self._read()
        earlier = len(self.findings)
        self._check_people(seen)
        self._check_capacities(seen)
        self._check_once(seen)
        self._check_seats()
        self._check_journal(seen)
        if self.before is not None:
            self._check_stages(self.before, seen)
            self._check_requests(self.before, seen)
            self._check_awards(self.before, seen)
        self._check_strangers(seen)
        self._check_members(seen)
        inside = [Actor(person=person) for person in sorted(seen.parts)[-1:]]
        self.findings += self.told.findings([COORDINATOR, *inside], [STRANGER])
        self.before = seen
        self.findings[earlier:] = [f"after {step}: {one}" for one in self.findings[earlier:]]

    def _read(self) -> Seen:
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            held = {one.id: one for one in kit.relationships.page(PROGRAMME, limit=99999)}
            sessions: dict[str, Session] = {}
            requests: dict[str, Request] = {}
            for one in held.values():
                if one.id not in self.of_closed or self.looks % 7 == 0:
                    its = kit.sessions.of(one.id), kit.feedback.of(one.id)
                    self._keep_closed(one, *its)
                else:
                    its = self.of_closed[one.id]
                sessions |= {session.id: session for session in its[0]}
                requests |= {request.id: request for request in its[1]}
            return Seen(
                people={one.id for one in kit.people.page(limit=99999)},
                parts={one.id: one.participant.roles for one in self._participants(kit)},
                relationships=held,
                sessions=sessions,
                requests=requests,
                awards={one.id: one for one in kit.recognition.awards(PROGRAMME)},
                signals={one.id: one for one in kit.feedback.signals(PROGRAMME)},
                journal=kit.reports.journal(),
            )

    def _participants(self, kit: mentorkit.Kit) -> Iterable[Any]:
        return kit.programmes.participants(PROGRAMME)

    def _keep_closed(
        self, held: Relationship, sessions: tuple[Session, ...], requests: tuple[Request, ...]
    ) -> None:
        """Of what is closed only requests come and change, until they are closed too.

        What has been closed for long is read now and then, and not at every look.
        """
        if held.stage != "closed":
            return
        if known := self.of_closed.get(held.id):
            self.same(f"what belongs to {held.id}, which is closed", (sessions, requests), known)
        ahead = [session for session in sessions if session.starts > held.since["closed"]]
        if any(session.state == "planned" for session in ahead):
            self.findings.append(f"{held.id} is closed, and has a meeting ahead")
        long = self.house.clock.now - held.since["closed"] > LONG
        if long and all(request.state == "closed" for request in requests):
            self.of_closed[held.id] = (sessions, requests)

    def _check_people(self, seen: Seen) -> None:
        """Nobody is lost, and nobody is there who left."""
        self.same("people", seen.people, self.known)
        self.same("who is enrolled", set(seen.parts), self.enrolled)
        for held in seen.relationships.values():
            if held.stage != "closed" and (gone := set(held.people) - self.enrolled):
                self.findings.append(f"{held.id} is {held.stage}, and {sorted(gone)} left")

    def _check_capacities(self, seen: Seen) -> None:
        """Nobody is in more relationships at a time than they have places for."""
        taken = Counter(
            (member.person, member.role)
            for held in seen.relationships.values()
            if held.stage != "closed"
            for member in held.members
        )
        for (person, role), count in taken.items():
            places = seen.parts.get(person, {}).get(role, 0)
            if count > places:
                self.findings.append(f"{person} is in {count} as {role}, with {places} places")

    def _check_seats(self) -> None:
        """Until it begins nobody who left has a seat, and the first have them, up to the last."""
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            for held in kit.gatherings.of(PROGRAMME):
                if held.state != "planned" or held.starts <= self.house.clock.now:
                    continue
                seats = kit.gatherings.seats(held.id)
                coming = [one for one in seats if one.state == "coming"]
                self.same("seats that are taken", held.taken, len(coming))
                self.same("who has a seat", list(seats[: held.seats]), coming)
                if gone := {one.person for one in seats} - self.enrolled:
                    self.findings.append(f"{sorted(gone)} left, and have a seat in {held.id}")

    def _check_once(self, seen: Seen) -> None:
        """Each request, award and signal is there once under its key, and each meeting's number."""
        keys: dict[str, Iterable[tuple[Any, ...]]] = {
            "request": (
                (one.relationship, one.survey, one.key, one.person)
                for one in seen.requests.values()
            ),
            "award": (
                (one.relationship, one.rule, one.key, one.person) for one in seen.awards.values()
            ),
            "signal": ((one.relationship, one.rule, one.key) for one in seen.signals.values()),
            "session": ((one.relationship, one.number) for one in seen.sessions.values()),
            "pair": ((pair,) for pair in self.pairs.elements()),
        }
        for name, each in keys.items():
            for key, count in Counter(each).items():
                if count > 1:
                    self.findings.append(f"the {name} {key} is there {count} times")

    def _check_journal(self, seen: Seen) -> None:
        """It only grows, holds nobody's words, and says of each thing once that it was made."""
        old = self.before.journal if self.before is not None else ()
        if seen.journal[: len(old)] != old:
            self.findings.append("the journal's past has changed")
        told: dict[str, Counter[str]] = defaultdict(Counter)
        for event in seen.journal:
            told[event.kind][event.subject] += 1
        for event in seen.journal[len(old) :]:
            if MARK in repr(event):
                self.findings.append(f"{event.kind} {event.id} holds somebody's words")
        for kind in ("survey.asked", "survey.reminded", "award.granted", "session.planned"):
            if twice := [id for id, count in told[kind].items() if count > 1]:
                self.findings.append(f"{kind} was told twice of {twice}")
        self.same("sessions told of", set(told["session.planned"]), set(seen.sessions))
        self.same("relationships told of", set(told["relationship.begun"]), set(seen.relationships))
        closed = {one.id for one in seen.relationships.values() if one.stage == "closed"}
        self.same("closings told of", told["relationship.closed"], Counter(closed))

    def _check_stages(self, before: Seen, seen: Seen) -> None:
        """Each goes along its path, and what is closed stays as it is."""
        for id, old in before.relationships.items():
            new = seen.relationships.get(id)
            if new is None:
                self.findings.append(f"relationship {id} is gone")
                continue
            if old.stage == "closed":
                self.same(f"relationship {id}, which was closed", new, old)
            if not may_follow(new.path, old.stage, new.stage):
                self.findings.append(f"relationship {id} was {old.stage}, and is {new.stage}")
            self._check_terms(old, new)
            if not set(old.since.items()) <= set(new.since.items()):
                self.findings.append(f"the past of relationship {id} has changed")
            if new.version < old.version or (new.version == old.version and new != old):
                self.findings.append(f"relationship {id} has changed without a version of its own")

    def _check_terms(self, old: Relationship, new: Relationship) -> None:
        """Terms in force give way to those that were proposed alone, and are kept."""
        if old.stage not in ("active", "paused") or new.stage not in ("active", "paused"):
            return
        if old.agreement is None or new.agreement is None:
            return
        same = attrs.evolve(new.agreement, ends=old.agreement.ends) == old.agreement
        if new.former[: len(old.former)] != old.former:
            self.findings.append(f"the terms that held once in {new.id} have changed")
        if not same and len(new.former) == len(old.former):
            self.findings.append(f"the terms of {new.id} have changed, and none were signed")
        if len(new.former) > len(old.former) and new.proposal is not None:
            self.findings.append(f"{new.id} has terms in force that are still proposed")

    def alone(self, held: Relationship, person: str, known: set[str]) -> None:
        """Nobody reads what another expects before all have said so."""
        if known - {person} and known != {*held.people}:
            self.findings.append(f"{person} reads in {held.id} what {sorted(known)} expect")

    def _check_requests(self, before: Seen, seen: Seen) -> None:
        for id, old in before.requests.items():
            new = seen.requests.get(id)
            if new is None or REQUESTS.index(new.state) < REQUESTS.index(old.state):
                self.findings.append(f"request {id} was {old.state}, and is {new and new.state}")
            elif old.state == "closed":
                self.same(f"request {id}, which was closed", new, old)

    def _check_awards(self, before: Seen, seen: Seen) -> None:
        """Awards are only lost by being revoked, and are not granted again."""
        revoked = {event.subject for event in seen.journal if event.kind == "award.revoked"}
        if lost := set(before.awards) - set(seen.awards) - revoked:
            self.findings.append(f"awards {sorted(lost)} are gone")
        if back := set(seen.awards) & revoked:
            self.findings.append(f"awards {sorted(back)} were revoked, and are there")

    def _check_strangers(self, seen: Seen) -> None:
        """Who is nobody here is shown nothing, and is told of nothing that it is there."""
        some = sorted(seen.relationships)[-3:]
        with self.house.kit(actor=STRANGER) as kit:
            lists: list[Any] = [
                kit.people.page(),
                kit.programmes.page(),
                kit.programmes.participants(PROGRAMME),
                kit.relationships.page(PROGRAMME),
                kit.recognition.awards(PROGRAMME),
                kit.feedback.signals(PROGRAMME),
                *(kit.relationships.of(person) for person in sorted(seen.parts)[:3]),
                *(kit.feedback.asked_of(person) for person in sorted(seen.parts)[:3]),
                kit.deliveries.page(limit=9),
            ]
            self.same("what a stranger is shown", [list(one) for one in lists], [[] for _ in lists])
            calls: list[Callable[[], Any]] = [
                lambda: kit.programmes.get(PROGRAMME),
                *(lambda one=one: kit.relationships.get(one) for one in some),  # type: ignore[misc]
                *(lambda one=one: kit.relationships.notes(one) for one in some),  # type: ignore[misc]
                *(lambda one=one: kit.sessions.get(one) for one in sorted(seen.sessions)[-3:]),  # type: ignore[misc]
                *(lambda one=one: kit.feedback.get(one) for one in sorted(seen.requests)[-3:]),  # type: ignore[misc]
                *(lambda one=one: kit.people.get(one) for one in sorted(seen.people)[:3]),  # type: ignore[misc]
                lambda: kit.feedback.tallies(PROGRAMME),
            ]
            for call in calls:
                self._refused(call)

    def _check_members(self, seen: Seen) -> None:
        """Who takes part sees their own relationships, and nothing in those of others."""
        for person in sorted(seen.parts)[:: max(1, len(seen.parts) // 3)]:
            others = [one.id for one in seen.relationships.values() if person not in one.people]
            meetings = [one.id for one in seen.sessions.values() if one.relationship in others[-2:]]
            with self.house.kit(actor=Actor(person=person)) as kit:
                shown = {one.id for one in kit.relationships.page(PROGRAMME, limit=99999)}
                self.same(f"others' relationships that {person} is shown", shown & {*others}, set())
                for id in others[-2:]:
                    self._refused(lambda id=id: kit.relationships.get(id))  # type: ignore[misc]
                for id in meetings[:2]:
                    self._refused(lambda id=id: kit.sessions.get(id))  # type: ignore[misc]

    def _refused(self, call: Callable[[], Any]) -> None:
        try:
            shown = call()
        except (NotFound, Forbidden) as refusal:
            if MARK in str(refusal):
                self.findings.append(f"who may not see it was told {refusal}")
        else:
            self.findings.append(f"who may not see it was shown {shown!r:.200}")

    def drafted(self, draft: Draft) -> None:
        """Whoever has room is matched, or named with a reason."""
        assert self.before is not None
        taken = Counter(
            (member.person, member.role)
            for held in self.before.relationships.values()
            if held.stage != "closed"
            for member in held.members
        )
        room = {
            person
            for person, roles in self.before.parts.items()
            if any(places > taken[person, role] for role, places in roles.items())
        }
        named = {person for pair in draft.plan.pairs for person in pair}
        named |= {one.person for one in draft.plan.unmatched}
        self.same("who is in the plan, of those with room", named & room, room)
        self.same("who is matched without room", named - room, set())

    def published(self, made: Iterable[Relationship]) -> None:
        """No two people are brought together a second time."""
        self.pairs.update(tuple(sorted(held.people)) for held in made)

    def withdrawn(self, gone: Iterable[Relationship]) -> None:
        """Whose proposal was taken back may be brought together once more."""
        self.pairs.subtract(tuple(sorted(held.people)) for held in gone)

    def delivered(self) -> None:
        """Every event arrived under a key of its own, and nothing else did."""
        assert self.before is not None
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            happened = {event.id for event in kit.reports.journal()}
        arrived = Counter(event.id for event in self.house.recorder.events)
        self.same("what arrived", arrived, Counter(happened))

    def figures(self) -> dict[str, Any]:
        """How much there was to look at in the end."""
        assert self.before is not None
        outcomes = Counter(str(one.outcome) for one in self.before.relationships.values())
        return {
            "people": len(self.before.people),
            "relationships": dict(outcomes),
            "sessions": dict(Counter(one.state for one in self.before.sessions.values())),
            "requests": dict(Counter(one.state for one in self.before.requests.values())),
            "awards": len(self.before.awards),
            "events": len(self.before.journal),
        }
