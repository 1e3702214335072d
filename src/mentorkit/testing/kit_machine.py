"""A machine that makes calls on kits at random, and compares what is kept with a model."""

from __future__ import annotations

import contextlib
import copy
import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, TypeVar

import attrs
import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mentorkit import SYSTEM
from mentorkit.errors import Forbidden, MentorkitError
from mentorkit.kit import Kit
from mentorkit.models import Event, Participant, Person, Policies, Programme
from mentorkit.models.person import erased
from mentorkit.testing.house import house
from mentorkit.testing.kit_model import GONE, Model, need

T = TypeVar("T")
DAY = datetime.timedelta(days=1)


class Undone(Exception):
    """Leaves a kit, so that what was done in it is taken back."""


PEOPLE = ("ann", "bo", "cy", "may", "moe")
PICK = st.integers(0, 20)
UNDONE = st.sampled_from([False, False, False, True])
TENANT = st.sampled_from(["home", "away"])
VERSION = st.sampled_from([None, 0, -1])
PLACES = ("homep", "homeq", "awayp", "awayq")
LASTING = ("active", "paused")
TOPOLOGIES = {"p": "one-to-one", "q": "flash"}


def _participant(person: str, name: str) -> Participant:
    role = "mentor" if person.startswith("m") else "mentee"
    return Participant(person=Person(id=person, name=name), roles={role: 1})


class _KitMachine(RuleBasedStateMachine):
    """Two tenants, each used by calls on kits, against a model of each."""

    url: ClassVar[Callable[[], str | None]]

    def __init__(self) -> None:
        super().__init__()
        self._stack = contextlib.ExitStack()
        self.house = self._stack.enter_context(house(type(self).url()))
        self.models = {name: Model(self.house.clock) for name in ("home", "away")}
        self.journals: dict[str, tuple[Event, ...]] = {"home": (), "away": ()}

    @initialize(
        begun=st.sets(st.sampled_from(PLACES), min_size=1),
        agreed=st.sampled_from([True, True, False]),
    )
    def begin(self, begun: set[str], agreed: bool) -> None:
        """Most examples begin with programmes in which people are matched, or active, already."""
        for where in sorted(begun):
            tenant, programme = where[:-1], where[-1]
            self.create(tenant, False, programme)
            self.enrol(tenant, False, programme, set(PEOPLE), "x")
            self.draft(tenant, False, programme)
            self.publish(tenant, False, len(self.models[tenant].drafts) - 1)
        for tenant, model in self.models.items():
            for at, id in enumerate(sorted(model.bonds) if agreed else ()):
                if model.bonds[id].stage == "proposed":
                    self.agree(tenant, at)

    def agree(self, tenant: str, at: int) -> None:
        """Both members of a relationship accept and sign."""
        count = len(self.models[tenant].bonds)
        for step in (self.accept, self.sign):
            for who in (0, 1):
                # The same relationship each time, and first the one member, then the other.
                place = next(n for n in range(at, 99, count) if n % 5 % 2 == who and n % 5 != 4)
                step(tenant, False, place, None)

    def teardown(self) -> None:
        self._stack.close()

    def both(
        self,
        tenant: str,
        undone: bool,
        call: Callable[[Kit], T],
        model: Callable[[Model, T | None], None],
    ) -> None:
        """Make a call, and the same in the model: both are refused alike, or both happen."""
        # There is one clock: the copy goes by it, too.
        trial = attrs.evolve(copy.deepcopy(self.models[tenant]), clock=self.house.clock)
        result = None
        refusal: type[MentorkitError] | None = None
        with contextlib.suppress(Undone), self.house.kit(actor=SYSTEM, tenant=tenant) as kit:
            try:
                result = call(kit)
            except MentorkitError as error:
                refusal = type(error)
            if undone:
                raise Undone
        expected: type[MentorkitError] | None = None
        try:
            model(trial, result)
        except MentorkitError as error:
            expected = type(error)
        assert refusal is expected, f"should be refused by {expected}, and is by {refusal}"
        if expected is None and not undone:
            self.models[tenant] = trial

    def pick(self, items: Iterable[T], at: int) -> T | None:
        """One of the items, if there are any."""
        held: Sequence[Any] = sorted(items)
        return held[at % len(held)] if held else None

    def seen(self, tenant: str, bond: str, version: int | None) -> int | None:
        """The version that a caller has seen: none, the present one, or the one before."""
        return None if version is None else self.models[tenant].bonds[bond].version + version

    @rule(tenant=TENANT, undone=UNDONE, name=st.sampled_from("xy"), person=st.sampled_from(PEOPLE))
    def put(self, tenant: str, undone: bool, name: str, person: str) -> None:
        people = [Person(id=person, name=name)]
        self.both(tenant, undone, lambda kit: kit.people.put(people), lambda m, _: m.put(people))

    @rule(tenant=TENANT, undone=UNDONE, person=st.sampled_from(PEOPLE))
    def remove(self, tenant: str, undone: bool, person: str) -> None:
        self.both(
            tenant, undone, lambda kit: kit.people.remove(person), lambda m, _: m.remove(person)
        )

    @rule(tenant=TENANT, undone=UNDONE, programme=st.sampled_from("pq"))
    def create(self, tenant: str, undone: bool, programme: str) -> None:
        policies = Policies(length=28, cadence=7, next_best=True)
        stated = Programme(topology=TOPOLOGIES[programme], policies=policies)
        self.both(
            tenant,
            undone,
            lambda kit: kit.programmes.create(stated, id=programme),
            lambda m, _: m.create(programme),
        )

    @rule(
        tenant=TENANT,
        undone=UNDONE,
        programme=st.sampled_from("pq"),
        people=st.sets(st.sampled_from(PEOPLE), min_size=2),
        name=st.sampled_from("xy"),
    )
    def enrol(self, tenant: str, undone: bool, programme: str, people: set[str], name: str) -> None:
        parts = [_participant(person, name) for person in sorted(people)]
        self.both(
            tenant,
            undone,
            lambda kit: kit.programmes.enrol(programme, parts),
            lambda m, _: m.enrol(programme, parts),
        )

    @rule(
        tenant=TENANT,
        undone=UNDONE,
        programme=st.sampled_from("pq"),
        person=st.sampled_from(PEOPLE),
    )
    def leave(self, tenant: str, undone: bool, programme: str, person: str) -> None:
        self.both(
            tenant,
            undone,
            lambda kit: kit.programmes.leave(programme, person),
            lambda m, _: m.leave(programme, person),
        )

    @rule(tenant=TENANT, undone=UNDONE, programme=st.sampled_from("pq"))
    def draft(self, tenant: str, undone: bool, programme: str) -> None:
        self.both(
            tenant,
            undone,
            lambda kit: kit.matching.draft(programme),
            lambda m, made: m.draft(programme, made),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK)
    def publish(self, tenant: str, undone: bool, at: int) -> None:
        id = self.pick(self.models[tenant].drafts, at)
        if id is not None:
            self.both(
                tenant,
                undone,
                lambda kit: kit.matching.publish(id),
                lambda m, made: m.publish(id, made),
            )

    def bond_in(self, tenant: str, at: int, stages: Sequence[str]) -> str | None:
        """One of the relationships, of those in these stages where there are any."""
        bonds = self.models[tenant].bonds
        return self.pick([id for id in bonds if bonds[id].stage in stages] or bonds, at)

    def with_bond(
        self,
        tenant: str,
        undone: bool,
        at: int,
        version: int | None,
        call: Callable[[Kit, str, str, int | None], Any],
        model: Callable[[Model, str, str, int | None], None],
        stages: Sequence[str] = (),
    ) -> None:
        """As `both`, of one of the relationships and one of the people, mostly a member.

        Of those in these `stages`, where there are any.
        """
        bond = self.bond_in(tenant, at, stages)
        if bond is None:
            return
        seen = self.seen(tenant, bond, version)
        person = (*self.models[tenant].bonds[bond].people * 2, "stranger")[at % 5]
        self.both(
            tenant,
            undone,
            lambda kit: call(kit, bond, person, seen),
            lambda m, _: model(m, bond, person, seen),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION)
    def accept(self, tenant: str, undone: bool, at: int, version: int | None) -> None:
        self.with_bond(
            tenant,
            undone,
            at,
            version,
            lambda kit, id, who, seen: kit.relationships.accept(id, person=who, version=seen),
            lambda m, id, who, seen: m.accept(id, who, seen),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION)
    def chat(self, tenant: str, undone: bool, at: int, version: int | None) -> None:
        self.with_bond(
            tenant,
            undone,
            at,
            version,
            lambda kit, id, who, seen: kit.relationships.ask_chat(id, person=who, version=seen),
            lambda m, id, who, seen: m.chat(id, who, seen),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION, never=st.booleans())
    def decline(self, tenant: str, undone: bool, at: int, version: int | None, never: bool) -> None:
        def call(kit: Kit, id: str, who: str, seen: int | None) -> None:
            kit.relationships.decline(id, person=who, not_again=never, version=seen)

        def model(m: Model, id: str, who: str, seen: int | None) -> None:
            m.decline(id, who, seen, never)

        self.with_bond(tenant, undone, at, version, call, model)

    @rule(tenant=TENANT, undone=UNDONE, two=st.permutations(PEOPLE))
    def let_again(self, tenant: str, undone: bool, two: Sequence[str]) -> None:
        self.both(
            tenant,
            undone,
            lambda kit: kit.people.let_again(*two[:2]),
            lambda m, _: m.let_again(*two[:2]),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK)
    def withdraw(self, tenant: str, undone: bool, at: int) -> None:
        id = self.pick(self.models[tenant].drafts, at)
        if id is not None:
            self.both(
                tenant,
                undone,
                lambda kit: kit.matching.withdraw(id),
                lambda m, _: m.withdraw(id),
            )

    @rule(
        tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION, days=st.sampled_from([0, 1, 9, 20])
    )
    def pause(self, tenant: str, undone: bool, at: int, version: int | None, days: int) -> None:
        now = self.house.clock.now
        until = (now + days * DAY).date()
        self.with_bond(
            tenant,
            undone,
            at,
            version,
            lambda kit, id, _, seen: kit.relationships.pause(id, until, version=seen),
            lambda m, id, _, seen: m.pause(id, until, seen),
            ("active",),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION)
    def resume(self, tenant: str, undone: bool, at: int, version: int | None) -> None:
        self.with_bond(
            tenant,
            undone,
            at,
            version,
            lambda kit, id, _, seen: kit.relationships.resume(id, version=seen),
            lambda m, id, _, seen: m.resume(id, seen),
            ("paused",),
        )

    @rule(
        tenant=TENANT, undone=UNDONE, at=PICK, of=PICK, version=VERSION,
        days=st.sampled_from([0, 7, 30]),
    )  # fmt: skip
    def extend(
        self, tenant: str, undone: bool, at: int, of: int, version: int | None, days: int
    ) -> None:
        held = self.models[tenant]
        bond = self.bond_in(tenant, at, LASTING)
        mine = [id for id, one in held.goals.items() if one["bond"] == bond]
        goal = self.pick(mine or held.goals, of)
        if goal is None:
            return

        def call(kit: Kit, id: str, who: str, seen: int | None) -> None:
            ends = held.bonds[id].ends + days * DAY
            kit.relationships.extend(id, ends, goal, person=who, version=seen)

        def model(m: Model, id: str, who: str, seen: int | None) -> None:
            m.extend(id, who, days, goal, seen)

        self.with_bond(tenant, undone, at, version, call, model, LASTING)

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION)
    def hand_over(self, tenant: str, undone: bool, at: int, version: int | None) -> None:
        bond = self.bond_in(tenant, at, LASTING)
        if bond is None:
            return
        seen = self.seen(tenant, bond, version)
        leaving = (*self.models[tenant].bonds[bond].people * 2, "stranger")[at % 5]

        def call(kit: Kit) -> Any:
            made = kit.matching.hand_over(bond, leaving, version=seen)
            assert kit.matching.hand_over(bond, leaving) == made
            return made, kit.goals.of(made.id)

        self.both(tenant, undone, call, lambda m, made: m.hand_over(bond, leaving, seen, made))

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION)
    def sign(self, tenant: str, undone: bool, at: int, version: int | None) -> None:
        self.with_bond(
            tenant,
            undone,
            at,
            version,
            lambda kit, id, who, seen: kit.relationships.sign(id, person=who, version=seen),
            lambda m, id, who, seen: m.sign(id, who, seen),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION, days=st.integers(0, 1))
    def propose(self, tenant: str, undone: bool, at: int, version: int | None, days: int) -> None:
        def call(kit: Kit, id: str, who: str, seen: int | None) -> None:
            terms = kit.relationships.get(id).agreement
            assert terms is not None
            other = attrs.evolve(terms, ends=terms.ends + days * DAY)
            kit.relationships.propose_terms(id, other, person=who, version=seen)

        def model(m: Model, id: str, who: str, seen: int | None) -> None:
            m.propose(id, who, m.bonds[id].ends + days * DAY, seen)

        self.with_bond(tenant, undone, at, version, call, model)

    @rule(
        tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION, cadence=st.sampled_from([7, 7, 8])
    )
    def amend(self, tenant: str, undone: bool, at: int, version: int | None, cadence: int) -> None:
        def call(kit: Kit, id: str, who: str, seen: int | None) -> None:
            terms = kit.relationships.get(id).agreement
            assert terms is not None
            other = attrs.evolve(terms, cadence=cadence)
            kit.relationships.propose_terms(id, other, person=who, version=seen)

        self.with_bond(
            tenant,
            undone,
            at,
            version,
            call,
            lambda m, id, who, seen: m.amend(id, who, cadence, seen),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, words=st.sampled_from(["x", "x", "y"]))
    def expect(self, tenant: str, undone: bool, at: int, words: str) -> None:
        def call(kit: Kit, id: str, who: str, _: int | None) -> None:
            said = {one.name: words for one in kit.relationships.expectations(id)}
            kit.relationships.expect(id, said, person=who)

        def model(m: Model, id: str, who: str, _: int | None) -> None:
            need(who in m.bonds[id].people and who != GONE, Forbidden)
            need(m.bonds[id].path[0] == "proposed")  # nothing is asked elsewhere
            m.expect(id, who, words)

        self.with_bond(tenant, undone, at, None, call, model)

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION)
    def complete(self, tenant: str, undone: bool, at: int, version: int | None) -> None:
        self.with_bond(
            tenant,
            undone,
            at,
            version,
            lambda kit, id, _, seen: kit.relationships.complete(id, version=seen),
            lambda m, id, _, seen: m.finish(id, "completed", seen),
        )

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, version=VERSION, never=st.booleans())
    def end(self, tenant: str, undone: bool, at: int, version: int | None, never: bool) -> None:
        def call(kit: Kit, id: str, who: str, seen: int | None) -> None:
            kit.relationships.end(id, person=who, not_again=never, version=seen)

        def model(m: Model, id: str, who: str, seen: int | None) -> None:
            m.end(id, who, seen, never)

        self.with_bond(tenant, undone, at, version, call, model)

    @rule(tenant=TENANT, undone=UNDONE, at=PICK, key=st.sampled_from(["k", "l"]))
    def goal(self, tenant: str, undone: bool, at: int, key: str) -> None:
        """Propose a goal twice under one key, which is once."""
        bond = self.pick(self.models[tenant].bonds, at)
        if bond is None:
            return
        person = (*self.models[tenant].bonds[bond].people * 2, "stranger")[at % 5]

        def call(kit: Kit) -> str:
            made = kit.goals.propose(bond, "a goal", person=person, key=key)
            assert kit.goals.propose(bond, "a goal", person=person, key=key) == made
            return made.id

        self.both(
            tenant,
            undone,
            call,
            lambda m, made: m.goal(bond, person, key, made),
        )

    @rule(
        tenant=TENANT,
        undone=UNDONE,
        at=PICK,
        who=st.integers(0, 1),
        state=st.sampled_from(["agreed", "reached", "dropped"]),
    )
    def move_goal(self, tenant: str, undone: bool, at: int, who: int, state: str) -> None:
        goal = self.pick(self.models[tenant].goals, at)
        if goal is None:
            return
        person = self.models[tenant].bonds[self.models[tenant].goals[goal]["bond"]].people[who]

        def call(kit: Kit) -> None:
            goals = kit.goals
            act = {"agreed": goals.accept, "reached": goals.reach, "dropped": goals.drop}[state]
            act(goal, person=person)

        def model(m: Model, _: None) -> None:
            if state == "agreed":
                m.accept_goal(goal, person)
            else:
                m.end_goal(goal, person, state)

        self.both(tenant, undone, call, model)

    @rule(tenant=TENANT, undone=UNDONE)
    def schedule(self, tenant: str, undone: bool) -> None:
        """Plan whatever can be planned, twice: the second time there is nothing left."""
        bonds = [
            [id for id, bond in self.models[tenant].bonds.items() if bond.programme == programme]
            for programme in TOPOLOGIES
        ]

        def call(kit: Kit) -> Any:
            made = [session for each in bonds for session in kit.sessions.schedule(each).sessions]
            assert not any(kit.sessions.schedule(each).sessions for each in bonds)
            return made

        self.both(tenant, undone, call, lambda m, made: m.planned(made or ()))

    @rule(
        tenant=TENANT,
        undone=UNDONE,
        at=PICK,
        state=st.sampled_from(["held", "missed", "cancelled"]),
    )
    def move_session(self, tenant: str, undone: bool, at: int, state: str) -> None:
        session = self.pick(self.models[tenant].sessions, at)
        if session is None:
            return

        def call(kit: Kit) -> None:
            sessions = kit.sessions
            act: Any = {
                "held": sessions.hold,
                "missed": sessions.miss,
                "cancelled": sessions.cancel,
            }[state]
            act(session)

        def model(m: Model, _: None) -> None:
            if state == "held":
                m.hold(session)
            else:
                m.strike(session, state)

        self.both(tenant, undone, call, model)

    @rule(tenant=TENANT, at=PICK, answer=st.integers(1, 5))
    def answer(self, tenant: str, at: int, answer: int) -> None:
        """Answer a request: what was answered is what is kept, and its time can be over."""
        with self.house.kit(actor=SYSTEM, tenant=tenant) as kit:
            asked = [
                one
                for person in PEOPLE
                for one in kit.feedback.asked_of(person)
                if one.until > self.house.clock.now
            ]
            if asked:
                request = asked[at % len(asked)]
                scales = [one.id for one in request.questions if one.form == "scale"]
                answers: dict[str, str | int] = dict.fromkeys(scales, answer)
                kept = kit.feedback.answer(request.id, answers)
                assert (kept.state, dict(kept.answers)) == ("answered", answers)
                assert request.id not in {one.id for one in kit.feedback.asked_of(request.person)}

    @rule(tenant=TENANT, undone=UNDONE, programme=st.sampled_from("pq"))
    def close(self, tenant: str, undone: bool, programme: str) -> None:
        self.both(
            tenant,
            undone,
            lambda kit: kit.programmes.close(programme),
            lambda m, _: m.close(programme),
        )

    @rule(days=st.sampled_from([0, 1, 8, 20]))
    def pass_time(self, days: int) -> None:
        """Time passes; doing what is due a second time finds nothing more to do."""
        self.house.clock.forward(days=days)
        assert self.house.advance().failed == ()
        for tenant, model in self.models.items():
            with self.house.kit(actor=SYSTEM, tenant=tenant) as kit:
                held = [one for run in model.programmes for one in kit.relationships.page(run)]
            made = [one for one in held if one.id not in model.bonds]
            model.advance(made)
        before = {tenant: self.journal(tenant) for tenant in self.models}
        assert self.house.advance().looked_at == 0
        assert before == {tenant: self.journal(tenant) for tenant in self.models}

    @rule()
    def deliver(self) -> None:
        """Everything that happened is delivered, and nothing that was taken back."""
        self.house.deliver()
        happened = {event.id for tenant in self.models for event in self.journal(tenant)}
        assert {event.id for event in self.house.recorder.events} == happened

    def journal(self, tenant: str) -> tuple[Event, ...]:
        with self.house.kit(actor=SYSTEM, tenant=tenant) as kit:
            return kit.reports.journal()

    @invariant()
    def the_store_is_as_the_model_says(self) -> None:
        for tenant, model in self.models.items():
            with self.house.kit(actor=SYSTEM, tenant=tenant) as kit:
                _compare(kit, model)
                journal = kit.reports.journal()
            before = self.journals[tenant]
            assert journal[: len(before)] == before, "the journal's past has changed"
            self.journals[tenant] = journal


def _compare(kit: Kit, model: Model) -> None:
    assert {one.id: one.name for one in kit.people.page()} == model.people
    assert {run.id: run.state for run in kit.programmes.page()} == model.programmes
    for programme in model.programmes:
        enrolled = {one.id for one in kit.programmes.participants(programme)}
        assert enrolled == {
            person
            for (place, person), state in model.parts.items()
            if (place, state) == (programme, "enrolled")
        }
    held = [one for run in model.programmes for one in kit.relationships.page(run)]
    assert {one.id for one in held} == set(model.bonds)
    for one in held:
        bond = model.bonds[one.id]
        assert (one.stage, one.outcome, one.version) == (bond.stage, bond.outcome, bond.version)
        assert (_known(one.people), set(_known(one.accepted))) == (bond.people, bond.accepted)
        assert one.agreement is not None
        assert (set(_known(one.signed)), one.agreement.ends) == (bond.signed, bond.ends)
        proposed = one.proposal and (one.proposal.agreement.cadence, set(one.proposal.signed))
        assert proposed == (bond.proposal and (bond.proposal, bond.agreed))
        assert one.agreement.cadence == bond.cadence
        for point in kit.relationships.expectations(one.id):
            assert point.said == bond.said
    sessions = [session for one in held for session in kit.sessions.of(one.id)]
    expected = {id: session["state"] for id, session in model.sessions.items()}
    assert {session.id: session.state for session in sessions} == expected
    goals = [goal for one in held for goal in kit.goals.of(one.id)]
    assert {goal.id: (goal.state, set(_known(goal.accepted))) for goal in goals} == {
        id: (goal["state"], goal["accepted"]) for id, goal in model.goals.items()
    }


def _known(people: Iterable[str]) -> tuple[str, ...]:
    """Ids as the model knows them: whoever was erased is one and the same to it."""
    return tuple(GONE if erased(person) else person for person in people)


def kit_machine(url: Callable[[], str | None] = lambda: None) -> type[RuleBasedStateMachine]:
    """A state machine of kits on the databases that `url` names, an empty one at each call.

    Without it, on SQLite files. Its `TestCase` is what pytest and unittest run.
    """

    class KitMachine(_KitMachine):
        pass

    KitMachine.url = staticmethod(url)
    return KitMachine
