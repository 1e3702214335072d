"""The house does what is due and carries out what is owed; kits keep all or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

import mentorkit
from mentorkit import (
    Conflict,
    Event,
    Forbidden,
    Invalid,
    Later,
    NotFound,
    Person,
    Programme,
    Refused,
)
from mentorkit.house import FIRST_WAIT, LEASE, LONGEST_WAIT, TRIES, _back_off
from mentorkit.interfaces import Reader
from mentorkit.kit import SERVICES
from mentorkit.testing.house import START, TrialHouse, house, populated

DAY = datetime.timedelta(days=1)


@attrs.define
class Doing:
    """A subscriber that does what the test says."""

    do: Callable[[Event, Reader], None]
    keys: list[str] = attrs.field(factory=list)
    wants = frozenset({"people.put"})

    def deliver(self, event: Event, key: str, read: Reader) -> None:
        self.keys.append(key)
        self.do(event, read)


@pytest.fixture
def trial() -> Iterator[TrialHouse]:
    with house() as held:
        yield held


def ids(held: TrialHouse) -> list[str]:
    with held.kit(actor=mentorkit.SYSTEM) as kit:
        return [person.id for person in kit.people.page()]


def put(held: TrialHouse, *people: str) -> None:
    with held.kit(actor=mentorkit.SYSTEM) as kit:
        for person in people:
            kit.people.put([Person(id=person, name=person)])


class Stop(Exception):
    """What goes wrong in the host."""


def test_a_kit_keeps_all_or_nothing(trial: TrialHouse) -> None:
    put(trial, "ann")
    with pytest.raises(Stop), trial.kit(actor=mentorkit.SYSTEM) as kit:
        kit.people.put([Person(id="bo")])
        assert len(kit.people.page()) == 2
        raise Stop
    assert ids(trial) == ["ann"]


def test_a_call_that_fails_leaves_the_others_of_its_kit(trial: TrialHouse) -> None:
    with trial.kit(actor=mentorkit.SYSTEM) as kit:
        kit.people.put([Person(id="ann")])
        with pytest.raises(NotFound):
            kit.people.remove("bo")
        kit.people.put([Person(id="cy")])
    assert ids(trial) == ["ann", "cy"]


def test_a_kit_is_used_within_its_with(trial: TrialHouse) -> None:
    kit = trial.kit(actor=mentorkit.SYSTEM)
    for name in SERVICES:
        with pytest.raises(Conflict, match="within"):
            getattr(kit, name)
    with kit:
        kit.people.put([Person(id="ann")])
        with pytest.raises(Conflict, match="in use"), kit:
            pass
    with pytest.raises(Conflict, match="within"):
        kit.people  # noqa: B018
    with kit:
        assert kit.people.get("ann")


def test_naive_times_are_refused(trial: TrialHouse) -> None:
    for call in (trial.advance, trial.deliver):
        with pytest.raises(Invalid, match="offset"):
            call(datetime.datetime(2026, 1, 1))
    trial.clock.now = datetime.datetime(2026, 1, 1)
    with pytest.raises(Invalid, match="offset"):
        put(trial, "ann")


def test_what_is_due_is_done_once_and_no_sooner(trial: TrialHouse) -> None:
    populated(trial, programme=Programme(policies=mentorkit.Policies(length=28)))
    trial.advance()
    assert trial.advance().looked_at == 0
    last = trial.clock.now + 28 * DAY
    trial.advance(last.replace(hour=0) - datetime.timedelta(microseconds=1))
    with trial.kit(actor=mentorkit.SYSTEM) as kit:
        assert {one.stage for one in kit.relationships.page("programme")} == {"active"}
    assert trial.advance(last.replace(hour=0)).failed == ()
    with trial.kit(actor=mentorkit.SYSTEM) as kit:
        assert {one.outcome for one in kit.relationships.page("programme")} == {"completed"}
        before = kit.reports.journal()
    trial.advance(last)
    with trial.kit(actor=mentorkit.SYSTEM) as kit:
        assert kit.reports.journal() == before


def test_waiting_long_and_looking_often_end_alike() -> None:
    """What became of a programme does not hang on how often somebody looked."""
    outcomes = []
    for step in (1, 7):
        with house() as held:
            made = populated(held, teams=1, programme=Programme(topology="flash"))
            for _ in range(0, 35, step):
                held.clock.forward(days=step)
                held.advance()
            with held.kit(actor=mentorkit.SYSTEM) as kit:
                outcomes.append([kit.relationships.get(one.id).stage for one in made])
    assert outcomes[0] == outcomes[1]


def test_a_broken_rule_is_set_apart_and_the_rest_goes_on(
    trial: TrialHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentorkit.services.bound import Bound

    one, two = populated(trial)
    real = Bound.signals

    def breaks(self: Bound, past: mentorkit.History) -> object:
        if past.relationship.id == one.id:
            raise mentorkit.PluginFailed("signals.silent broke")
        return real(self, past)

    monkeypatch.setattr(Bound, "signals", breaks)
    trial.clock.forward(days=1)
    done = trial.advance()
    assert done.failed == (f"relationship {one.id}: signals.silent broke",)
    assert trial.advance().looked_at == 0
    monkeypatch.undo()
    trial.clock.forward(days=1)
    assert trial.advance().failed == ()
    assert two.stage == "active"


def test_a_failing_subscriber_is_asked_less_and_less_often_and_given_up() -> None:
    def fails(event: Event, read: Reader) -> None:
        raise OSError("ann@example.org has no such box")

    failing = Doing(fails)
    with house(subscribers={"failing": failing}) as held:
        put(held, "ann")
        waits = []
        for attempt in range(1, TRIES + 1):
            held.deliver()
            assert len(failing.keys) == attempt
            with held.kit(actor=mentorkit.SYSTEM) as kit:
                (delivery,) = kit.deliveries.page("dead" if attempt == TRIES else "waiting")
            assert (delivery.attempts, delivery.error) == (attempt, "OSError")
            if delivery.state == "waiting":
                waits.append(delivery.due - held.clock.now)
                held.clock.now = delivery.due - datetime.timedelta(seconds=1)
                assert held.deliver().done == 0
                held.clock.now = delivery.due
        assert waits[:-4] == sorted(waits[:-4])
        assert FIRST_WAIT * 3 / 4 <= waits[0] <= FIRST_WAIT
        assert LONGEST_WAIT * 3 / 4 <= min(waits[-4:]) < max(waits[-4:]) <= LONGEST_WAIT
        assert len(set(failing.keys)) == 1
        held.clock.forward(days=9)
        assert held.deliver().dead == 0
        failing.do = lambda event, read: None
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            kit.deliveries.replay(delivery.event.id, "failing")
        assert held.deliver().done == 1
        assert len(set(failing.keys)) == 1
        assert held.recorder.kinds() == ("people.put",)


@given(st.integers(1, 100), st.text())
def test_waits_double_and_differ_by_what_waits(attempts: int, what: str) -> None:
    longest = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    wait = _back_off(attempts, what)
    assert longest * 3 / 4 <= wait <= longest
    assert wait == _back_off(attempts, what)
    assert len({_back_off(attempts, f"{what}{number}") for number in range(20)}) > 15


def test_a_subscriber_waits_refuses_and_reads() -> None:
    def does(event: Event, read: Reader) -> None:
        if event.subject == "ann":
            raise Later(START + DAY)
        if event.subject == "bo":
            raise Refused("nobody has asked for this")
        assert read.person(event.subject).name == event.subject

    with house(subscribers={"doing": Doing(does)}) as held:
        put(held, "ann", "bo", "cy")
        done = held.deliver()
        assert (done.done, done.waiting, done.dead) == (4, 1, 1)
        held.clock.now = START + DAY - datetime.timedelta(minutes=1)
        assert held.deliver() == attrs.evolve(done, done=0, waiting=0, dead=0)
        held.clock.now = START + DAY
        assert held.deliver().waiting == 1


def test_a_subscriber_may_use_the_house() -> None:
    """No transaction is open while it works: SQLite would have it wait for itself."""
    with house() as held:
        doing = Doing(lambda event, read: put(held, "cy") if event.subject == "ann" else None)
        held = attrs.evolve(held, subscribers={"doing": doing})
        put(held, "ann")
        assert held.deliver().done == 2
        assert ids(held) == ["ann", "cy"]


def test_a_process_that_dies_delivers_again_under_the_same_key(trial: TrialHouse) -> None:
    def dies(event: Event, read: Reader) -> None:
        raise KeyboardInterrupt

    doing = Doing(dies)
    held = attrs.evolve(trial, subscribers={"doing": doing})
    put(held, "ann")
    with pytest.raises(KeyboardInterrupt):
        held.deliver()
    doing.do = lambda event, read: None
    assert held.deliver().done == 0
    held.clock.now += LEASE
    assert held.deliver().done == 1
    assert len(doing.keys) == 2
    assert len(set(doing.keys)) == 1


def test_what_stops_delivering_leaves_the_rest_to_others_at_once(trial: TrialHouse) -> None:
    """And what is known to have arrived is settled; the one under way keeps its lease."""

    def stops(event: Event, read: Reader) -> None:
        if event.subject == "cy":
            raise KeyboardInterrupt

    doing = Doing(stops)
    held = attrs.evolve(trial, subscribers={"doing": doing})
    put(held, "ann", "bo", "cy", "di", "ed")
    with pytest.raises(KeyboardInterrupt):
        held.deliver()
    doing.do = lambda event, read: None
    assert held.deliver().done == 2
    held.clock.now += LEASE
    assert held.deliver().done == 1
    assert len(doing.keys) == len(set(doing.keys)) + 1
    with held.kit(actor=mentorkit.SYSTEM) as kit:
        assert [one.attempts for one in kit.deliveries.page()] == [1, 1, 2, 1, 1]


@given(st.lists(st.integers(0, int(LEASE.total_seconds() / 2) - 1), min_size=1, max_size=60))
@settings(max_examples=15)
def test_nothing_that_takes_less_than_half_a_lease_is_delivered_twice(took: list[int]) -> None:
    """Whoever else delivers in the meantime, and each is settled before the next takes long."""
    with house() as trial:
        left, took_so_long, unsettled = list(took), dict[str, int](), list[int]()

        def slow(event: Event, read: Reader) -> None:
            with trial.kit(actor=mentorkit.SYSTEM) as kit:
                waiting = [one.key for one in kit.deliveries.page("waiting")]
            unsettled.extend(took_so_long.get(key, 0) for key in waiting)
            quick(event, read, left.pop())
            attrs.evolve(trial, subscribers={"doing": Doing(quick)}).deliver()

        def quick(event: Event, read: Reader, seconds: int = 0) -> None:
            key = f"{event.id}:doing"
            assert key not in took_so_long
            took_so_long[key] = seconds
            trial.clock.now += datetime.timedelta(seconds=seconds)

        held = attrs.evolve(trial, subscribers={"doing": Doing(slow)})
        put(held, *(f"p{number}" for number in range(len(took))))
        done = held.deliver()
        assert (done.waiting, done.dead, len(took_so_long)) == (0, 0, len(took))
        assert not any(unsettled)
        with trial.kit(actor=mentorkit.SYSTEM) as kit:
            assert {(one.state, one.attempts) for one in kit.deliveries.page()} == {("done", 1)}


def test_only_wanted_events_are_owed(trial: TrialHouse) -> None:
    held = attrs.evolve(trial, subscribers={"doing": Doing(lambda event, read: None)})
    populated(held, teams=1, until="enrolled")
    with held.kit(actor=mentorkit.SYSTEM) as kit:
        assert [one.event.kind for one in kit.deliveries.page()] == ["people.put"]


def test_a_meeting_that_fell_through_is_planned_again(trial: TrialHouse) -> None:
    (made,) = populated(trial, teams=1, programme=Programme(topology="flash"))
    with trial.kit(actor=mentorkit.SYSTEM) as kit:
        for act in (kit.sessions.cancel, kit.sessions.miss):
            (planned,) = (one for one in kit.sessions.of(made.id) if one.state == "planned")
            act(planned.id)
            (again,) = kit.sessions.schedule([made.id]).sessions
            assert again.number == planned.number + 1
            assert kit.sessions.schedule([made.id]).sessions == ()


def test_the_system_alone_needs_no_name(trial: TrialHouse) -> None:
    with trial.kit(actor=mentorkit.Actor()) as kit, pytest.raises(Forbidden):
        kit.people.put([Person(id="ann")])
