"""What becomes due: once, whenever one looks, and without stopping for what is broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from worlds import PAIR, World, opened, participant

import mentorkit.house
import mentorkit.services.upkeep
from mentorkit import Choice, Conflict, History, Message, Programme, Relationship
from mentorkit.models import Question, Request, Verdict
from mentorkit.services.bound import Bound
from mentorkit.services.histories import Past, pasts, renewed
from mentorkit.services.relationships import Relationships
from mentorkit.services.upkeep import Upkeep

pytestmark = pytest.mark.once


def _kinds(world: World) -> list[str]:
    with world.kit() as kit:
        return [event.kind for event in kit.reports.journal()]


def test_looking_again_finds_nothing_new(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    world.forward(days=50)
    before = _kinds(world)
    assert "survey.asked" in before
    assert "signal.raised" in before
    assert world.house.advance().looked_at == 0
    assert _kinds(world) == before


def _found(world: World, every: int) -> tuple[str, set[tuple[str, ...]]]:
    """What 200 days bring about, if one looks every so many days: stage and keys."""
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    with world.kit() as kit:
        first = kit.sessions.schedule([held.id]).sessions[0]
        world.now = first.ends
        kit.sessions.hold(first.id)
        for session in kit.sessions.of(held.id)[1:]:
            kit.sessions.cancel(session.id)
    for _ in range(200 // every):
        world.forward(days=every)
    with world.kit() as kit:
        keys = {("request", one.survey, one.key, one.person) for one in kit.feedback.of(held.id)}
        keys |= {("signal", one.rule, one.key) for one in kit.feedback.signals("autumn")}
        keys |= {("award", one.rule, one.person) for one in kit.recognition.awards("autumn")}
        return kit.relationships.get(held.id).stage, keys


def test_looking_rarely_finds_what_looking_often_does(tmp_path: Path) -> None:
    """Nothing is lost where nobody looked for a while, or did so in one long step."""
    found = []
    for every in (1, 40, 200):
        url = f"sqlite:///{tmp_path / str(every)}.db"
        with opened(url) as world:
            found.append(_found(world, every))
    stage, keys = found[0]
    assert stage == "closed"
    assert {kind for kind, *_ in keys} == {"request", "signal", "award"}
    assert found == [found[0]] * 3


def test_an_active_relationship_ends_with_its_last_day(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    held = world.active(held)
    assert held.agreement is not None
    last = dt.datetime.combine(held.agreement.ends, dt.time(23, 59), dt.UTC)
    world.now = last
    world.forward()
    with world.kit() as kit:
        assert kit.relationships.get(held.id).stage == "active"
    world.forward(minutes=1)
    with world.kit() as kit:
        assert kit.relationships.get(held.id).outcome == "completed"


def test_requests_are_recalled_once_and_close(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    world.forward()
    with world.kit() as kit:
        ann, may = kit.feedback.of(held.id)
        assert (ann.survey, may.survey) == ("self-assessment",) * 2
        answers = {question.id: _answer(question) for question in ann.questions}
        kit.feedback.answer(ann.id, answers)
    world.forward(days=7)
    world.forward(days=1)
    with world.kit() as kit:
        told = [e for e in kit.reports.journal() if e.kind == "survey.reminded"]
        assert [event.people for event in told] == [(may.person,)]
        kit.feedback.answer(ann.id, answers)
    world.forward(days=6)
    with world.kit() as kit:
        assert {request.state for request in kit.feedback.of(held.id)} == {"closed"}
        with pytest.raises(Conflict, match="closed"):
            kit.feedback.answer(ann.id, answers)


def test_nobody_is_reminded_of_what_is_over(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    world.forward(days=30)
    world.forward(days=60)
    with world.kit() as kit:
        told = [event for event in kit.reports.journal() if event.kind == "survey.reminded"]
        assert told == []
        assert "open" not in {request.state for request in kit.feedback.of(held.id)[:2]}


def _answer(question: Question) -> str | int:
    return {"scale": question.least, "choice": (*question.options, "")[0], "text": "x"}[
        question.form
    ]


def test_what_is_broken_is_set_apart_and_the_rest_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [*PAIR, participant("bob", "mentee"), participant("moe", "mentor")]
    bad, good = world.begun(Programme(), people)
    world.active(bad)
    world.active(good)
    real = Bound.signals

    def broken(self: Bound, history: object) -> list[tuple[str, Verdict]]:
        if history.relationship.id == bad.id:  # type: ignore[attr-defined]
            raise ZeroDivisionError("a plugin's slip")
        return real(self, history)  # type: ignore[arg-type]

    monkeypatch.setattr(Bound, "signals", broken)
    world.now += dt.timedelta(days=31)
    advanced = world.house.advance()
    assert [bad.id in words for words in advanced.failed] == [True]
    with world.kit() as kit:
        assert kit.feedback.of(bad.id) == ()
        assert len(kit.feedback.of(good.id)) == 2
        failing = kit.reports.status("autumn").failing
        assert dict(failing) == {bad.id: "failed with ZeroDivisionError"}
    assert world.house.advance().failed == ()
    monkeypatch.undo()
    world.forward(minutes=5)
    with world.kit() as kit:
        assert len(kit.feedback.of(bad.id)) == 2
        assert kit.reports.status("autumn").failing == {}


def test_a_plugin_that_is_gone_stops_only_its_programme(world: World) -> None:
    (held,) = world.begun(Programme(surveys={"mine": Choice("pulse")}), PAIR)
    with world.kit() as kit:
        run = kit.programmes.get("autumn")
        gone = attrs.evolve(run.blueprint, surveys={"mine": Choice("no-longer-there")})
        from mentorkit.store.shelves import PROGRAMMES

        with kit._work.change():
            kit._work.rows.save(PROGRAMMES, attrs.evolve(run, blueprint=gone))
    (failed,) = world.house.advance().failed
    assert held.id in failed
    assert "no-longer-there" in failed


def test_answers_are_counted_from_five_up(world: World) -> None:
    people = [participant(f"e{n}", "mentee") for n in range(3)]
    people += [participant(f"m{n}", "mentor") for n in range(3)]
    for held in world.begun(Programme(), people):
        world.active(held)
    world.forward()
    with world.kit() as kit:
        requests: list[Request] = [
            request
            for held in kit.relationships.page("autumn")
            for request in kit.feedback.of(held.id)
        ]
        assert len(requests) == 6
        for request in requests:
            answers = {question.id: _answer(question) for question in request.questions}
            kit.feedback.answer(request.id, answers)
            told = kit.feedback.tallies("autumn")
            assert {tally.question.audience for tally in told} == {"aggregate"}
            assert {tally.counts for tally in told} == {None}, "they can still be changed"
    world.forward(days=14)
    with world.kit() as kit:
        for tally in kit.feedback.tallies("autumn"):
            assert tally.counts == {str(1): 6}


def test_nobody_learns_one_answer_from_two_looks(world: World) -> None:
    """Six answer; what the sixth said is not told although the programme's count grows later."""
    people = [participant(f"e{n}", "mentee") for n in range(6)]
    people += [participant(f"m{n}", "mentor") for n in range(6)]
    told = []
    for held in world.begun(Programme(), people):
        world.active(held)
        world.forward(days=1)
    for _ in range(60):
        world.forward(days=1)
        with world.kit() as kit:
            for request in (one for p in people for one in kit.feedback.asked_of(p.id)):
                if request.key == "1" and request.person.startswith("e"):
                    kit.feedback.answer(request.id, {"useful": 1 + int(request.person[1:]) % 5})
            useful = [one for one in kit.feedback.tallies("autumn") if one.question.id == "useful"]
            told += [dict(one.counts) for one in useful if one.counts is not None]
    assert {sum(counts.values()) for counts in told} == {5}
    assert all(counts == told[0] for counts in told)


class Twice:
    """An award that breaks the store's rule: it is granted under one key twice."""

    def judge(self, history: History) -> Iterator[Verdict]:
        for people in (history.relationship.people, history.relationship.people[:1]):
            yield Verdict(key="k", effect="award", message=Message("m", "m"), people=people)


class Newer:
    """A signal that finds something new at every look."""

    def judge(self, history: History) -> Iterator[Verdict]:
        key = f"{len(history.signals)}"
        yield Verdict(key=key, effect="flag", message=Message("m", "m"))


def _what_became(
    url: str, batch: int, faults: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> tuple[object, ...]:
    """Everything that some weeks bring about, where some relationships cannot be dealt with."""
    monkeypatch.setattr(mentorkit.house, "BATCH", batch)
    monkeypatch.setattr(mentorkit.services.upkeep, "ROUNDS", 8)
    if batch > 1:
        _compare(monkeypatch)
    roles = ("mentee", "mentor")
    people = [participant(f"{role[2:]}{number}", role) for number in range(6) for role in roles]
    with opened(url) as world:
        made = sorted(world.begun(Programme(), people), key=lambda held: held.people)
        for number, held in enumerate(made):
            world.active(held)
            with world.kit() as kit:
                kit.sessions.hold(kit.sessions.plan(held.id, world.now).id)
                kit.exchange.ask(held.id, "Where do we begin?", person=held.people[0])
                for _ in range(number % 2):
                    kit.sessions.plan(held.id, world.now + dt.timedelta(days=240))
        broken = {made[at].id: fault for at, fault in faults.items()}
        _break(monkeypatch, broken)
        failed = []
        for days in (16, 21, 118, 41):
            world.now += dt.timedelta(days=days)
            failed.append(sorted(world.house.advance().failed))
        who = {held.id: held.people for held in made}
        with world.kit() as kit:
            told: dict[str, list[object]] = {}
            for event in kit.reports.journal():
                facts = (event.at, event.kind, event.people, dict(event.facts))
                told.setdefault(" ".join(who.get(event.relationship or "", ())), []).append(facts)
            stages = {held.people: held.stage for held in kit.relationships.page("autumn")}
            asked = {
                (*who[held.id], one.survey, one.key, one.person, one.state, one.reminded)
                for held in made
                for one in kit.feedback.of(held.id)
            }
            met = [(*held.people, one.state) for held in made for one in kit.sessions.of(held.id)]
            failing = kit.reports.status("autumn").failing
        monkeypatch.undo()
        names = {held.id: " ".join(held.people) for held in made}
        words = [_named(line, names) for lines in failed for line in lines]
        still = {names[id]: _named(line, names) for id, line in failing.items()}
        return told, stages, asked, words, still, met


def _compare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pasts that are renewed after a change be those that the store has."""
    load, read = Upkeep._load, []

    def loading(self: Upkeep, relationships: Sequence[str]) -> dict[str, Past]:
        read[:] = [self._rows]
        return load(self, relationships)

    def as_read(held: Sequence[Relationship], *known: Any) -> dict[str, Past]:
        made = renewed(held, *known)
        assert made == pasts(read[0], held)
        return made

    monkeypatch.setattr(Upkeep, "_load", loading)
    monkeypatch.setattr(mentorkit.services.upkeep, "renewed", as_read)


def _named(words: str, names: dict[str, str]) -> str:
    for id, name in names.items():
        words = words.replace(id, name)
    return words


def _break(monkeypatch: pytest.MonkeyPatch, broken: dict[str, str]) -> None:
    signals, awards, close = Bound.signals, Bound.awards, Relationships._completed

    def breaking_signals(self: Bound, past: History) -> list[tuple[str, Verdict]]:
        fault = broken.get(past.relationship.id)
        if fault == "raises" or (fault == "raises later" and past.requests):
            raise ZeroDivisionError("a plugin's slip")
        newer = [("newer", one) for one in Newer().judge(past)] if fault == "endless" else []
        return signals(self, past) + newer

    def breaking_awards(self: Bound, past: History) -> list[tuple[str, Verdict]]:
        twice = broken.get(past.relationship.id) == "twice" and past.requests
        return awards(self, past) + [("twice", one) for one in Twice().judge(past) if twice]

    def breaking_close(self: Relationships, held: Relationship) -> Relationship:
        if broken.get(held.id) == "stays open":
            raise Conflict("it cannot be closed")
        return close(self, held)

    monkeypatch.setattr(Relationships, "_completed", breaking_close)
    monkeypatch.setattr(Bound, "signals", breaking_signals)
    monkeypatch.setattr(Bound, "awards", breaking_awards)


@pytest.mark.parametrize(
    "faults",
    [
        {},
        {0: "raises", 5: "raises"},
        {1: "raises later", 2: "twice", 3: "stays open", 4: "endless"},
        dict.fromkeys(range(6), "twice"),
    ],
    ids=str,
)
def test_looked_at_together_is_as_looked_at_alone(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: dict[int, str]
) -> None:
    """What cannot be dealt with takes nothing of the others with it, wherever it fails."""
    alone = _what_became(f"sqlite:///{tmp_path / 'alone.db'}", 1, faults, monkeypatch)
    together = _what_became(database_url, 500, faults, monkeypatch)
    assert together == alone
    assert len(together[4]) == len(faults)  # type: ignore[arg-type]
    if not faults:
        assert {state for *_, state in together[5]} == {"held", "cancelled"}  # type: ignore[attr-defined]
    assert len(set(together[1].values())) == 1 + (0 < len(faults) < 6)  # type: ignore[attr-defined]
