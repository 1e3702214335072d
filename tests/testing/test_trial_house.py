"""The trial house: a real one, in its own time, with its events in memory."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from mentorkit import SYSTEM, Choice, Invalid, Person, Programme
from mentorkit.interfaces import Subscriber
from mentorkit.testing.house import START, Clock, Recorder, counted, house, populated


def test_time_passes_when_the_test_says_so() -> None:
    clock = Clock()
    assert clock() == START == clock()
    clock.forward(days=1, hours=2, minutes=3)
    assert clock() - START == datetime.timedelta(days=1, hours=2, minutes=3)
    clock.now = START
    assert clock() == START


def test_ids_count_up() -> None:
    ids = counted("x")
    assert [ids(), ids()] == ["x-00001", "x-00002"]


def test_the_recorder_is_a_subscriber() -> None:
    assert isinstance(Recorder(), Subscriber)


def test_two_houses_are_two_worlds_and_alike() -> None:
    journals = []
    for _ in range(2):
        with house() as held:
            populated(held, teams=1)
            held.deliver()
            with held.kit(actor=SYSTEM) as kit:
                assert held.recorder.events == kit.reports.journal()
                journals.append(kit.reports.journal())
    assert journals[0] == journals[1]
    assert journals[0]


def test_its_time_is_the_houses() -> None:
    with house(start=START + datetime.timedelta(days=1)) as held, held.kit(actor=SYSTEM) as kit:
        kit.people.put([Person(id="ann")])
        held.clock.forward(hours=1)
        kit.people.put([Person(id="bo")])
        first, second = kit.reports.journal()
    assert first.at == START + datetime.timedelta(days=1)
    assert second.at - first.at == datetime.timedelta(hours=1)


def test_a_house_at_a_url(database_url: str) -> None:
    with house(database_url) as held, held.kit(actor=SYSTEM) as kit:
        kit.people.put([Person(id="ann")])
    with house(database_url) as held, held.kit(actor=SYSTEM) as kit:
        assert kit.people.get("ann") == Person(id="ann")


def test_subscribers_by_choice_and_by_object(tmp_path: Path) -> None:
    own = Recorder(wants=frozenset({"programme.created"}))
    log = Choice("log-file", {"path": str(tmp_path / "log")})
    with house(subscribers={"log": log, "own": own}) as held:
        populated(held, teams=1, until="enrolled")
        held.deliver()
        assert own.kinds() == ("programme.created",)
        lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(held.recorder.events) > 1


@pytest.mark.parametrize(
    ("programme", "stage", "size"),
    [
        (Programme(), "active", 2),
        (Programme(practices=("smart-goals",)), "active", 2),
        (Programme(topology="flash"), "booked", 2),
        (Programme(topology="group", practices=("cross-functional",)), "active", 3),
    ],
    ids=lambda held: held.topology if isinstance(held, Programme) else None,
)
def test_a_populated_programme_is_where_it_was_asked_to_be(
    programme: Programme, stage: str, size: int
) -> None:
    with house() as held:
        made = populated(held, teams=2, programme=programme)
        assert [one.stage for one in made] == [stage] * 2
        assert [len(one.people) for one in made] == [size] * 2
        with held.kit(actor=SYSTEM) as kit:
            assert all(kit.sessions.of(one.id) for one in made)
        assert held.advance().failed == ()


def test_a_programme_stops_before() -> None:
    with house() as held:
        assert populated(held, id="a", until="enrolled") == ()
        assert populated(held, id="b", until="drafted", tenant="other") == ()
        (one, two) = populated(held, id="c", until="published")
        assert one.stage == two.stage == "proposed"
        with held.kit(actor=SYSTEM) as kit:
            assert kit.reports.status("a").participants == 4
        with held.kit(actor=SYSTEM, tenant="other") as kit:
            assert dict(kit.reports.status("b").drafts) == {"draft": 1}
        with pytest.raises(Invalid, match="until"):
            populated(held, id="d", until="closed")  # type: ignore[arg-type]
