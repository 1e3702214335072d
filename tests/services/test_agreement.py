"""How members agree: whatever they state, propose, sign and write, against a model."""

from __future__ import annotations

import datetime
import itertools
import threading
from collections.abc import Iterator
from typing import Any

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from worlds import PAIR, World, participant

from mentorkit import Actor, AgreementTemplate, Kit, Programme, Relationship
from mentorkit.errors import Conflict, Forbidden, Invalid, NotFound
from mentorkit.models import SYSTEM, Agreement, Expectation, Note, Offer, Proposal, Window
from mentorkit.testing.house import START, TrialHouse, house, populated

pytestmark = pytest.mark.once

FEW = settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=12,
    suppress_health_check=list(HealthCheck),
)
TENANTS = itertools.count()
DRAWN = ("reply", "success")
"""The points on which they differ at times."""
REST = ("preparation", "reschedule")
"""The others of a pair."""
WORDS = ("weekly", "  Weekly ", "monthly")
READERS = ("author", "members", "coordinator")
ACTS = st.one_of(
    st.tuples(st.just("expect"), st.integers(0, 2), st.sampled_from(WORDS), st.sampled_from(WORDS)),
    st.tuples(
        st.just("propose"),
        st.integers(0, 2),
        st.dictionaries(st.sampled_from(DRAWN), st.just("settled"), max_size=2),
        st.sampled_from(READERS),
    ),
    st.tuples(st.just("sign"), st.integers(0, 2)),
    st.tuples(st.just("sign all"), st.integers(0, 2)),
    st.tuples(st.just("note"), st.integers(0, 2), st.booleans()),
)


@attrs.define
class Model:
    """What should hold, in plain words."""

    people: tuple[str, ...]
    points: tuple[str, ...]
    said: dict[str, dict[str, str]] = attrs.field(factory=dict)
    terms: tuple[dict[str, str], str] = ({}, "members")
    proposed: tuple[dict[str, str], str] | None = None
    signed: set[str] = attrs.field(factory=set)
    agreed: set[str] = attrs.field(factory=set)
    """Who has signed the proposal."""
    active: bool = False
    former: list[tuple[dict[str, str], str]] = attrs.field(factory=list)
    notes: dict[str, tuple[str, str]] = attrs.field(factory=dict)
    """Who wrote each shared or private note, and for whom."""

    @property
    def everybody(self) -> bool:
        return set(self.said) == set(self.people)

    def open(self) -> set[str]:
        if not self.said:
            return set()
        return {
            point
            for point in self.points
            if not self.everybody
            or (
                point not in self.terms[0]
                and len({words[point].strip().lower() for words in self.said.values()}) > 1
            )
        }

    def expect(self, person: str, words: dict[str, str]) -> None:
        if self.said.get(person) == words:
            return
        if self.active:
            raise Conflict
        self.said[person] = words
        self.signed = set()

    def propose(self, terms: tuple[dict[str, str], str]) -> None:
        if self.active:
            if terms != self.proposed:
                self.proposed, self.agreed = (None if terms == self.terms else terms), set()
        elif terms != self.terms:
            self.terms, self.signed = terms, set()

    def sign(self, person: str) -> None:
        if self.proposed is not None:
            self.agreed.add(person)
            if self.agreed == set(self.people):
                self.former.append(self.terms)
                self.terms, self.proposed, self.agreed = self.proposed, None, set()
        elif person not in self.signed:
            if self.open():
                raise Conflict
            self.signed.add(person)
            if self.signed == set(self.people):
                self.active = True
                if self.said:
                    first = self.said[self.people[0]]
                    alike = {point: words.strip() for point, words in first.items()}
                    self.terms = ({**alike, **self.terms[0]}, self.terms[1])

    def note(self, id: str, person: str, shared: bool) -> None:
        readers = self.terms[1]
        if readers == "coordinator" and not self.active:
            readers = "members"
        if shared and readers == "author":
            raise Conflict
        self.notes[id] = (person, readers if shared else "author")


@pytest.fixture(scope="module")
def held() -> Iterator[TrialHouse]:
    with house() as made:
        yield made


@FEW
@given(topology=st.sampled_from(["one-to-one", "group"]), acts=st.lists(ACTS, max_size=25))
@example(
    topology="group",
    acts=[
        *(("expect", at, "weekly", "monthly") for at in (0, 1)),
        ("sign all", 0),
        ("expect", 2, " WEEKLY", "weekly"),
        ("sign all", 0),
        ("propose", 0, {"success": "settled"}, "coordinator"),
        ("note", 1, True),
        ("sign all", 0),
        ("note", 1, True),
        ("note", 1, False),
        ("propose", 2, {}, "author"),
        ("sign", 2),
        ("propose", 2, {"reply": "settled"}, "author"),
        ("note", 0, True),
        ("sign all", 1),
        ("note", 0, True),
        ("note", 0, False),
        ("propose", 0, {}, "coordinator"),
        ("sign all", 1),
        ("note", 2, True),
        ("expect", 2, "monthly", "monthly"),
    ],
)
def test_whatever_members_do_nobody_begins_with_an_open_point_or_reads_what_is_not_theirs(
    held: TrialHouse, topology: str, acts: list[tuple[Any, ...]]
) -> None:
    tenant = f"t{next(TENANTS)}"
    (bond,) = populated(
        held,
        teams=1,
        programme=Programme(topology=topology),
        id="p",
        until="published",
        tenant=tenant,
    )
    with held.kit(actor=SYSTEM, tenant=tenant) as kit:
        for person in bond.people:
            bond = kit.relationships.accept(bond.id, person=person)
        points = kit.programmes.get("p").blueprint.agreement.points
    model = Model(bond.people, tuple(points))
    for act in acts:
        _do(held, tenant, bond, points, model, act)
        _compare(held, tenant, bond, model)


def _do(
    held: TrialHouse,
    tenant: str,
    bond: Relationship,
    points: Any,
    model: Model,
    act: tuple[Any, ...],
) -> None:
    """Do something as a member, and in the model: both refuse it, or neither."""
    name, who, *more = act
    turn = len(bond.people)
    if name == "sign all":
        for at in range(turn):
            _do(held, tenant, bond, points, model, ("sign", who + at))
        return
    person = bond.people[who % turn]
    refused = expected = False
    note = words = ""
    with held.kit(actor=Actor(person=person), tenant=tenant) as kit:
        try:
            note = _called(kit, bond.id, points, name, more)
        except Conflict as error:
            refused, words = True, str(error)
    assert not any(word.strip() in words for word in WORDS), "a refusal tells what was said"
    try:
        if name == "expect":
            model.expect(person, _said(points, *more))
        elif name == "propose":
            model.propose((more[0], more[1]))
        elif name == "sign":
            model.sign(person)
        else:
            model.note(note, person, more[0])
    except Conflict:
        expected = True
    assert refused == expected, f"{act} is refused: {refused}"


def _said(points: Any, reply: str, success: str) -> dict[str, str]:
    return {**dict.fromkeys(points, "as usual"), "reply": reply, "success": success}


def _called(kit: Kit, id: str, points: Any, name: str, more: list[Any]) -> str:
    if name == "expect":
        kit.relationships.expect(id, _said(points, *more))
    elif name == "sign":
        kit.relationships.sign(id)
    elif name == "note":
        return kit.relationships.write(id, "a note", shared=more[0]).id
    else:
        terms = kit.relationships.get(id).agreement
        assert terms is not None
        other = attrs.evolve(terms, points=more[0], confidentiality=more[1])
        kit.relationships.propose_terms(id, other)
    return ""


def _terms(terms: Agreement) -> tuple[dict[str, str], str]:
    return dict(terms.points), terms.confidentiality


def _compare(held: TrialHouse, tenant: str, bond: Relationship, model: Model) -> None:
    with held.kit(actor=SYSTEM, tenant=tenant) as kit:
        now = kit.relationships.get(bond.id)
    assert now.agreement is not None
    assert (now.stage == "active") == model.active
    if model.active:
        assert not model.said or model.everybody
    assert set(now.signed) == model.signed
    assert _terms(now.agreement) == model.terms
    assert [_terms(one.agreement) for one in now.former] == model.former
    proposed = now.proposal and (_terms(now.proposal.agreement), set(now.proposal.signed))
    assert proposed == (None if model.proposed is None else (model.proposed, model.agreed))
    for person in bond.people:
        with held.kit(actor=Actor(person=person), tenant=tenant) as kit:
            said = {one.name: dict(one.said) for one in kit.relationships.expectations(bond.id)}
            notes = {one.id for one in kit.relationships.notes(bond.id)}
        for point in DRAWN:
            assert said[point] == {
                one: words[point]
                for one, words in model.said.items()
                if model.everybody or one == person
            }
        assert notes == {
            id for id, (author, readers) in model.notes.items()
            if author == person or readers != "author"
        }  # fmt: skip
    for actor in (Actor(coordinates=["p"]), Actor(person="zed"), Actor()):
        with held.kit(actor=actor, tenant=tenant) as kit:
            if not actor.coordinates:
                for read in (kit.relationships.expectations, kit.relationships.notes):
                    with pytest.raises(NotFound):
                        read(bond.id)
                continue
            assert kit.relationships.expectations(bond.id) == ()
            assert {one.id for one in kit.relationships.notes(bond.id)} == {
                id for id, (_, readers) in model.notes.items() if readers == "coordinator"
            }
            shown = kit.relationships.get(bond.id)
        assert shown.agreement is not None
        assert (shown.agreement.points, shown.agreement.channels) == ({}, "")
        assert shown.agreement.confidentiality == model.terms[1]


def _agreeing(world: World, programme: Programme | None = None) -> Relationship:
    (held,) = world.begun(programme or Programme(), PAIR)
    with world.kit() as kit:
        for person in held.people:
            held = kit.relationships.accept(held.id, person=person)
    return held


def test_the_first_terms_are_what_the_programme_starts_from(world: World) -> None:
    template = AgreementTemplate(confidentiality="coordinator", points={"own": "What else?"})
    held = _agreeing(world, Programme(agreement=template))
    assert held.agreement is not None
    assert held.agreement.channels == "By e-mail between meetings; calls are agreed beforehand."
    assert "pay or promotion" in held.agreement.boundaries
    assert (held.agreement.confidentiality, held.agreement.points) == ("coordinator", {})
    with world.kit(actor=Actor(person="ann")) as kit:
        asked = {one.name: one.question for one in kit.relationships.expectations(held.id)}
    assert (asked["own"], set(asked)) == ("What else?", {"own", *DRAWN, *REST})


def test_expectations_are_whole_the_first_time_and_restated_in_part(world: World) -> None:
    held = _agreeing(world)
    whole = dict.fromkeys((*DRAWN, *REST), "weekly")
    with world.kit(actor=Actor(person="ann")) as kit:
        with pytest.raises(Invalid) as error:
            kit.relationships.expect(held.id, {"reply": " ", "pay": "more"})
        assert [fault.path for fault in error.value.faults] == ["words.pay"]
        with pytest.raises(Invalid) as error:
            kit.relationships.expect(held.id, {"reply": " "})
        missing = ("words.preparation", "words.reschedule", "words.success")
        assert [fault.path for fault in error.value.faults] == [*missing, "words.reply"]
        assert error.value.faults[0].sentence.startswith("is missing: What does each of you do")
        with pytest.raises(Conflict, match="'ann' has not stated anything yet"):
            kit.relationships.expect(held.id, whole, version=1)
        first = kit.relationships.expect(held.id, whole, version=0)
        assert kit.relationships.expect(held.id, {"reply": "weekly"}) == first
        second = kit.relationships.expect(held.id, {"reply": "at once"}, version=first.version)
        assert second.words == {**whole, "reply": "at once"}
        with pytest.raises(Conflict, match="is of version 2 by now, not 1"):
            kit.relationships.expect(held.id, {"reply": "never"}, version=first.version)
        with pytest.raises(Forbidden):
            kit.relationships.expect(held.id, whole, person="may")
        assert kit.people.export("ann").expectations == (second,)
    with world.kit() as kit:
        kit.relationships.expect(held.id, whole, person="may")
        assert [one.person for one in kit.people.export("may").expectations] == ["may"]
        assert "at once" not in repr(kit.people.export("may"))


def test_what_differs_is_named_and_settled_by_words_of_the_terms(world: World) -> None:
    held = _agreeing(world)
    whole = dict.fromkeys((*DRAWN, *REST), "Weekly")
    with world.kit() as kit:
        kit.relationships.expect(held.id, whole, person="ann")
        with pytest.raises(Conflict, match="open on preparation, reply, reschedule, success"):
            kit.relationships.sign(held.id, person="ann")
        kit.relationships.expect(held.id, {**whole, "reply": "at once"}, person="may")
        with pytest.raises(Conflict, match="is open on reply, until all"):
            kit.relationships.sign(held.id, person="may")
        found = {one.name: one for one in kit.relationships.expectations(held.id)}
        assert (found["reply"].alike, found["reply"].settles) == (False, None)
        assert (found["success"].alike, found["success"].settles) == (True, "Weekly")
        assert held.agreement is not None
        with pytest.raises(Invalid, match=r"^points\.pay: is no point of this programme's"):
            terms = attrs.evolve(held.agreement, points={"pay": "more"})
            kit.relationships.propose_terms(held.id, terms, person="ann")
        terms = attrs.evolve(held.agreement, points={"reply": "in two days"})
        kit.relationships.propose_terms(held.id, terms, person="ann")
        for person in held.people:
            held = kit.relationships.sign(held.id, person=person)
        assert held.agreement is not None
        agreed = {**whole, "reply": "in two days"}
        assert (held.stage, held.agreement.points) == ("active", agreed)


def test_events_tell_that_somebody_stated_and_that_terms_gave_way(world: World) -> None:
    held = _agreeing(world)
    whole = dict.fromkeys((*DRAWN, *REST), "weekly words")
    with world.kit() as kit:
        for person in held.people:
            kit.relationships.expect(held.id, whole, person=person)
        for person in held.people:
            held = kit.relationships.sign(held.id, person=person)
        assert held.agreement is not None
        other = attrs.evolve(held.agreement, cadence=7, channels="weekly words")
        proposed = kit.relationships.propose_terms(held.id, other, person="may")
        assert proposed.proposal == Proposal(agreement=other)
        assert proposed.agreement == held.agreement
        for person in held.people:
            held = kit.relationships.sign(held.id, person=person)
        assert held.agreement == other
        (former,) = held.former
        assert (former.agreement.cadence, former.until) == (14, world.now)
        told = [one for one in kit.reports.journal() if one.relationship == held.id]
        assert [one.kind for one in told][-7:] == [
            *("relationship.expected", "relationship.expected", "relationship.signed"),
            *("relationship.moved", "relationship.terms", "relationship.signed"),
            "relationship.amended",
        ]
        assert "weekly words" not in repr(told)


def test_whoever_comes_in_somebodys_place_reads_none_of_their_words(world: World) -> None:
    held = _agreeing(world)
    assert held.agreement is not None
    ours = attrs.evolve(
        held.agreement,
        cadence=7,
        terms="our words",
        channels="our words",
        boundaries="our words",
        points={"reply": "our words"},
        confidentiality="coordinator",
    )
    with world.kit() as kit:
        kit.programmes.enrol("autumn", [participant("moe", "mentor")])
        kit.relationships.propose_terms(held.id, ours, person="ann")
        for person in held.people:
            kit.relationships.sign(held.id, person=person)
        made = kit.matching.hand_over(held.id, "may", to="moe")
    assert made.agreement is not None
    assert "our words" not in repr(made)
    assert (made.agreement.cadence, made.agreement.ends) == (7, ours.ends)
    assert made.agreement.confidentiality == "members"
    assert made.agreement.channels == held.agreement.channels


def test_a_booking_begins_with_the_words_of_its_format(world: World) -> None:
    hours = Offer(
        first=world.now.date(), last=world.now.date(), windows=[Window(1, 600, 660)], timezone="UTC"
    )
    stated = Programme(topology="flash", agreement=AgreementTemplate(confidentiality="author"))
    with world.kit() as kit:
        kit.programmes.create(stated, id="flash")
        kit.programmes.enrol("flash", PAIR)
        offered = kit.booking.offer("flash", hours, person="may")
        starts = world.now + datetime.timedelta(hours=2)
        kit.booking.book(offered.id, starts, person="ann")
        (held,) = kit.relationships.of("ann")
        assert held.agreement is not None
        assert held.agreement.channels.startswith("The one meeting")
        with pytest.raises(Conflict, match="leaves notes to their authors"):
            kit.relationships.write(held.id, "a note", shared=True, person="ann")
        with pytest.raises(Conflict, match="has no points to state anything on"):
            kit.relationships.expect(held.id, {}, person="ann")


@pytest.mark.parametrize("at", range(3))
def test_of_a_statement_and_the_last_signature_at_once_one_is_refused(
    world: World, at: int
) -> None:
    """Otherwise somebody would begin with a point that is open."""
    held = _agreeing(world)
    whole = dict.fromkeys((*DRAWN, *REST), "weekly")
    with world.kit() as kit:
        for person in held.people:
            kit.relationships.expect(held.id, whole, person=person)
        kit.relationships.sign(held.id, person="ann")
    ready = threading.Barrier(2)
    refused: list[str] = []

    def act(name: str) -> None:
        ready.wait()
        try:
            with world.kit() as kit:
                if name == "sign":
                    kit.relationships.sign(held.id, person="may")
                else:
                    kit.relationships.expect(held.id, {"reply": "monthly"}, person="ann")
        except Conflict:
            refused.append(name)

    threads = [threading.Thread(target=act, args=(name,)) for name in ("sign", "expect")]
    for thread in threads[:: 1 if at % 2 else -1]:
        thread.start()
    for thread in threads:
        thread.join()
    with world.kit() as kit:
        now = kit.relationships.get(held.id)
    assert (now.stage, refused) in (("active", ["expect"]), ("agreeing", ["sign"]))


def test_terms_that_nobody_may_share_notes_under_say_what_would_be_right(world: World) -> None:
    held = _agreeing(world, Programme(agreement=AgreementTemplate(confidentiality="author")))
    with world.kit(actor=Actor(person="ann")) as kit:
        with pytest.raises(Conflict, match="propose terms whose confidentiality is 'members'"):
            kit.relationships.write(held.id, "for you", shared=True)
        note = kit.relationships.write(held.id, "for me")
        assert (note.shared, note.confidentiality) == (False, "author")


def test_words_that_a_statement_or_a_note_may_hold() -> None:
    of: dict[str, Any] = {"programme": "p", "relationship": "r"}
    at = START
    with pytest.raises(Invalid, match=r"words\.reply: must be text, not '  '"):
        Expectation(id="e", **of, person="ann", words={"reply": "  "}, stated=at)
    with pytest.raises(Invalid, match="must be one of author, members, coordinator, not 'all'"):
        Note(id="n", **of, author="ann", text="a", confidentiality="all", written=at)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="confidentiality: must be one of"):
        AgreementTemplate(confidentiality="all")  # type: ignore[arg-type]
