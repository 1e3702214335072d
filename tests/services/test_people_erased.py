"""Nothing is left of whoever is erased, and nothing of others is lost."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from lives import PEOPLE, PROGRAMMES, Life, dumped, live, lives, mark, marks

import mentorkit
from mentorkit import Actor, Event, Person
from mentorkit.erasure import ERASE
from mentorkit.errors import Conflict, Invalid, NotFound
from mentorkit.interfaces import Reader
from mentorkit.models import Choice
from mentorkit.models.person import erased
from mentorkit.store import database, members, schema
from mentorkit.store.shelves import SHELVES
from mentorkit.testing.house import TrialHouse, house

pytestmark = pytest.mark.once

FEW = settings(
    phases=[Phase.explicit, Phase.generate], max_examples=5, suppress_health_check=list(HealthCheck)
)
TENANTS = itertools.count()
Dump = dict[str, list[tuple[Any, ...]]]


@attrs.define
class Curious:
    """A subscriber that looks up all that an event names, as one that writes mails would."""

    wants: frozenset[str] = frozenset({"*"})
    missed: list[str] = attrs.field(factory=list)

    def deliver(self, event: Event, key: str, read: Reader) -> None:
        for person in event.people:
            try:
                read.person(person)
            except NotFound:
                self.missed.append(person)
        if event.relationship is not None:
            read.relationship(event.relationship)
        if event.kind.startswith("session."):
            read.session(event.subject)


@pytest.fixture
def held(database_url: str, tmp_path: Path) -> Iterator[TrialHouse]:
    log = Choice("log-file", {"path": str(tmp_path / "events.jsonl")})
    with house(database_url, subscribers={"log": log, "curious": Curious()}) as made:
        yield made


def a_life(held: TrialHouse, drawn: dict[str, Any]) -> Life:
    return live(held, f"t{next(TENANTS)}", drawn)


def of_tenant(dump: Dump, tenant: str, *, others: bool = False) -> Dump:
    """The first column of every table is the tenant."""
    return {
        name: [row for row in rows if (row[0] == tenant) is not others]
        for name, rows in dump.items()
    }


def erase(life: Life, person: str) -> None:
    with life.kit() as kit:
        kit.people.remove(person)


def whose(held: set[tuple[str, str]], person: str) -> set[tuple[str, str]]:
    """The marks of words that are a person's, or those of several of whom they are one."""
    return {(kind, people) for kind, people in held if person in people.split("+")}


BETWEEN = ("action", "done", "ask", "reply", "share", "insight", "story", "told")
LIVELY = {
    "programmes": {"pairs", "groups", "short"},
    "wishes": [("bob", "avoids", "ann"), ("may", "prefers", "ann"), ("1", "manager", "ann")],
    "acts": [
        *(("expect", at, who) for at in range(3) for who in range(4)),
        *(("terms", at, at) for at in range(3)),
        *((act, at, 0) for act in ("plan", "topic") for at in range(12)),
        ("pass", 0, 0),
        *((act, at, who) for at in range(12) for who in range(3) for act in ("note", "goal")),
        *(("hold", at, at) for at in range(12)),
        *((act, at, who) for at in range(12) for who in range(2) for act in ("thank", "secret")),
        *((act, at, who) for at in range(12) for who in range(2) for act in ("help", "conduct")),
        *(("gather", at, 0) for at in range(3)),
        *((act, at, who) for at in range(12) for act in BETWEEN for who in range(2)),
        ("pass", 0, 0),
        *(("answer", at, who) for at in range(12) for who in range(4)),
        *(("change", at, at) for at in range(3)),
        *(("extend", at, at) for at in range(3)),
        ("pause", 2, 0),
        ("end", 3, 1),
        ("pass", 0, 9),
        ("pass", 0, 9),
    ],
    "erased": "ann",
}
"""A life in which every kind of thing comes about."""


@FEW
@given(drawn=lives)
@example(drawn={"programmes": {"pairs"}, "wishes": [], "acts": [], "erased": "mia"})
def test_nothing_is_left_of_whoever_is_erased(held: TrialHouse, drawn: dict[str, Any]) -> None:
    _check(held, drawn)


def test_nothing_is_left_of_somebody_with_a_long_life(held: TrialHouse) -> None:
    before, _ = _check(held, LIVELY)
    kinds = {kind for kind, _ in whose(marks(before), "ann")}
    assert kinds >= {
        *("name", "mail", "past", "skill", "interest", "identity", "note", "secret", "goal"),
        *("terms", "expected", "thanks", "place", "output", "answer", "help", "conduct"),
        *("aim", "bring"),
        *("action", "question", "reply", "resource", "insight", "topic", "story"),
    }
    assert {name for name, rows in before.items() if not rows} <= {schema.timer.name}


def _check(held: TrialHouse, drawn: dict[str, Any]) -> tuple[Dump, Dump]:
    """Nothing of the one is left, all of the others is, and nobody else's house is touched."""
    life, person = a_life(held, drawn), drawn["erased"]
    whole = dumped(held)
    before, counts = of_tenant(whole, life.tenant), _counts(life)
    erase(life, person)
    assert _counts(life) == counts
    after = of_tenant(dumped(held), life.tenant)
    assert of_tenant(dumped(held), life.tenant, others=True) == of_tenant(
        whole, life.tenant, others=True
    )
    there = marks(before)
    assert marks(after) == there - whose(there, person)
    left = {name: rows for name, rows in after.items() if name != schema.event.name}
    named = [row for rows in left.values() for row in rows if _names(row, person)]
    assert named == []
    _same_for_others(before, after, person)
    return before, after


def _names(row: tuple[Any, ...], person: str) -> bool:
    """Whether a row holds an id: as a value, or as a word in a text of JSON.

    A number is looked for only where an id is expected; it may count something elsewhere.
    """
    whole = rf'"{re.escape(person)}"'
    word = re.compile(rf"[^|]\b{re.escape(person)}\b")
    if person.isdecimal():
        word = re.compile(rf'("(person|author|owner|by|giver|manager)":|[\[,]){whole}(?!:)')
    texts = [f" {cell}" for cell in row[3:] if isinstance(cell, str)]
    return person in row[1:3] or any(map(word.search, texts))


def _same_for_others(before: Dump, after: Dump, person: str) -> None:
    """The journal grows, and nothing goes but the person, their parts, notes and expectations."""
    events = schema.event.name
    assert set(before[events]) <= set(after[events])
    joint = {row[1] for row in before[schema.member.name] if row[2] == person}
    parts = schema.participant, schema.office_hours
    alone = {schema.person.name: 1}
    alone |= {table.name: list(table.c.keys()).index("person") for table in parts}
    for table in schema.metadata.tables.values():
        name = table.name
        if name in (events, schema.delivery.name, schema.timer.name):
            continue
        gone = 0
        if name in alone:
            gone = sum(row[alone[name]] == person for row in before[name])
        elif name in (schema.note.name, schema.expectation.name):
            gone = sum(row[5] == person for row in before[name])
        elif name == schema.seat.name:
            # That somebody came to a gathering, or was missed there, is a count, and stays.
            gone = sum(
                row[5] == person and not re.search('"state":"(came|missed)"', row[-1])
                for row in before[name]
            )
        elif name == schema.story.name:
            gone = sum(row[4] in joint for row in before[name])
        elif name == schema.apart.name:
            gone = sum(person in row for row in before[name])
        assert len(after[name]) == len(before[name]) - gone, name
        if "relationship" in table.c:
            at = list(table.c.keys()).index("relationship")
            theirs = joint | {None for row in before[name] if name == schema.conduct.name}
            kept = [row for row in before[name] if row[at] not in theirs]
            assert set(kept) <= set(after[name]), name


def _counts(life: Life) -> list[object]:
    """What nobody may learn from: rates before and after tell what the erased one answered."""
    with life.kit() as kit:
        return [
            (kit.feedback.tallies(run.id), _answered(kit, run.id)) for run in kit.programmes.page()
        ]


def _answered(kit: mentorkit.Kit, programme: str) -> Counter[tuple[str, object]]:
    """All answers that are counted, also those too few to be shown."""
    return Counter(
        (question.id, request.answers.get(question.id))
        for held in kit.relationships.page(programme)
        for request in kit.feedback.of(held.id)
        for question in request.questions
        if question.audience == "aggregate" and request.answers
    )


MET = {
    "programmes": {"pairs"},
    "wishes": [],
    "acts": [*(("plan", at, 0) for at in range(12)), ("pass", 0, 0)],
}
"""A life in which people are about to tell how they met."""


@FEW
@given(drawn=lives)
@example(drawn={**MET, "erased": "ann", "acts": [*MET["acts"], ("hold", 0, 0), ("hold", 1, 0)]})
@example(drawn={**MET, "erased": "1", "acts": [*MET["acts"], ("pass", 0, 6), ("pass", 0, 0)]})
def test_life_goes_on_and_asks_nothing_of_the_one_who_is_gone(
    held: TrialHouse, drawn: dict[str, Any]
) -> None:
    life = a_life(held, drawn)
    asked = _asked(life, drawn["erased"])
    erase(life, drawn["erased"])
    with life.kit() as kit:
        for one in life.relationships:
            if any(map(erased, kit.relationships.get(one.id).people)):
                assert kit.relationships.get(one.id).stage == "closed"
    before = _things_of_the_erased(held, life)
    for _ in range(3):
        held.clock.forward(days=30)
        assert held.advance().failed == ()
    assert _things_of_the_erased(held, life) == before
    assert asked <= _asked(life) <= Counter(set(_asked(life)))
    with life.kit() as kit:
        for id in drawn["programmes"]:
            kit.reports.report(id)
            kit.reports.status(id)
    _comes_back(held, life, drawn["erased"])


def _comes_back(held: TrialHouse, life: Life, person: str) -> None:
    """Under the same id, and begins afresh."""
    there = [one.id for one in life.relationships]
    with life.kit() as kit:
        kit.people.put([Person(id=person, name="new")])
        new = kit.people.export(person)
        bare = attrs.evolve(new, person=Person(id=person, name="new"))
        assert attrs.astuple(new, recurse=False)[2:] == attrs.astuple(bare, recurse=False)[2:]
        assert not any(attrs.astuple(new, recurse=False)[2:])
        assert kit.feedback.asked_of(person) == kit.recognition.of(person) == ()
    with held.kit(actor=Actor(person=person), tenant=life.tenant) as kit:
        assert kit.relationships.of(person) == ()
        for id in there:
            for call in (kit.relationships.get, kit.relationships.notes):
                with pytest.raises(NotFound):
                    call(id)
        assert [one.id for one in kit.people.page()] == [person]
    with life.kit() as kit:
        for id in [run.id for run in kit.programmes.page()]:
            held_before = kit.matching.draft(id).plan
            assert person not in {one for pair in held_before.pairs for one in pair}


def _asked(life: Life, but: str = "") -> Counter[tuple[object, ...]]:
    """What anybody was asked, and how often; what stands for the erased is never asked."""
    with life.kit() as kit:
        found = [one for held in life.relationships for one in kit.feedback.of(held.id)]
        events = kit.reports.journal()
    assert not [one for one in found if erased(one.person) and one.state == "open"]
    told = {one for event in events if "survey" in event.kind for one in event.people}
    assert not any(map(erased, told))
    return Counter(
        (one.relationship, one.survey, one.key, one.person)
        for one in found
        if one.person != but and not erased(one.person)
    )


def _things_of_the_erased(held: TrialHouse, life: Life) -> Counter[str]:
    """How many things of each kind name a stand-in."""
    dump = of_tenant(dumped(held), life.tenant)
    return Counter(
        name
        for name in (*dump,)
        if name != schema.event.name
        for row in dump[name]
        if any(isinstance(cell, str) and '"erased:' in cell for cell in row)
    )


def test_all_that_is_owed_arrives(held: TrialHouse) -> None:
    """Those who carry events out find nobody where somebody was, and go on."""
    life = a_life(held, {**LIVELY, "programmes": {"short"}})
    erase(life, "ann")
    result = held.deliver()
    assert (result.waiting, result.dead) == (0, 0)
    curious: Any = held.subscribers["curious"]
    assert set(curious.missed) == {"ann"}
    assert "people.removed" in held.recorder.kinds()


def test_it_happens_whole_or_not_at_all(held: TrialHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    life = a_life(held, LIVELY)
    before = dumped(held)

    def broken(*_: object) -> None:
        raise Conflict("broken")

    for module, name in ((members, "forget"), (members, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, broken)
            with life.kit() as kit, pytest.raises(Conflict, match="broken"):
                kit.people.remove("ann")
            assert dumped(held) == before
    with life.kit() as kit, pytest.raises(NotFound):
        kit.people.remove("nobody")
    assert dumped(held) == before
    erase(life, "ann")
    after = dumped(held)
    with life.kit() as kit, pytest.raises(NotFound):
        kit.people.remove("ann")
    assert dumped(held) == after


def test_everybody_can_be_erased_one_after_the_other(held: TrialHouse) -> None:
    life = a_life(held, LIVELY)
    tallies = _tallies(life)
    for person in PEOPLE:
        erase(life, person)
    left = of_tenant(dumped(held), life.tenant)
    assert not marks(left)
    assert _tallies(life) == tallies
    stand_ins = {row[2] for row in left[schema.member.name]}
    assert len(stand_ins) == len(PEOPLE)
    assert all(map(erased, stand_ins))


def _tallies(life: Life) -> list[object]:
    with life.kit() as kit:
        return [kit.feedback.tallies(id) for id in PROGRAMMES]


def test_a_plan_with_somebody_who_is_gone_is_not_published(held: TrialHouse) -> None:
    life = Life(held, f"t{next(TENANTS)}")
    life.begin(set(), [])
    with life.kit() as kit:
        kit.programmes.create(mentorkit.Programme(), id="p")
        parts = [mentorkit.Participant(person=Person(id="ann"), roles={"mentee": 1})]
        parts += [mentorkit.Participant(person=Person(id="may"), roles={"mentor": 1})]
        kit.programmes.enrol("p", parts)
        draft = kit.matching.draft("p")
        assert draft.plan.pairs == (("ann", "may"),)
        kit.people.remove("ann")
        assert kit.matching.get(draft.id).state == "replaced"
        kit.programmes.enrol("p", parts)
        with pytest.raises(Conflict, match="replaced"):
            kit.matching.publish(draft.id)
        assert kit.matching.draft("p").plan.pairs == (("ann", "may"),)


def test_no_host_has_an_id_that_stands_for_somebody_erased(held: TrialHouse) -> None:
    life = Life(held, f"t{next(TENANTS)}")
    with life.kit() as kit, pytest.raises(Invalid, match="stands for those who were erased"):
        kit.people.put([Person(id="erased:1")])


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_the_file_holds_no_word_of_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Not in pages that were given free, and not in the write-ahead log."""
    monkeypatch.setattr(database, "journal_mode", lambda: mode)
    with house(f"sqlite:///{tmp_path / 'mentoring.db'}") as held:
        life = a_life(held, LIVELY)
        held.advance()
        assert mark("name", "ann").encode() in _bytes(tmp_path)
        erase(life, "ann")
        database.settle(held.engine)
        found = set(re.findall("«([^|»]+)\\|([^|»]+)»".encode(), _bytes(tmp_path)))
        words = {(kind.decode(), people.decode()) for kind, people in found}
        assert not whose(words, "ann")
        assert words >= {("name", person) for person in PEOPLE if person != "ann"}


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


# Nothing is forgotten to be erased.

KEPT = {
    *(schema.participant, schema.member, schema.apart),
    *(schema.event, schema.delivery, schema.timer),
}
"""Tables of what is on no shelf: people's parts, wishes and memberships are dropped and renamed, a
journal keeps bare ids, deliveries and timers hold ids of events and relationships."""


def test_every_kind_of_thing_has_a_rule_and_every_table_is_known() -> None:
    assert set(ERASE) == {shelf.cls for shelf in SHELVES}
    tables = set(schema.metadata.tables.values())
    assert tables == {*(shelf.table for shelf in SHELVES), *KEPT}
