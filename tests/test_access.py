"""Who may read and do what: the rules as a table, and everything public put to the test."""

from __future__ import annotations

import contextlib
import datetime
import inspect
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from access_world import (
    ACTORS,
    OFFER,
    PEOPLE_IDS,
    REPORTS,
    TAKES_PART,
    TEAMS,
    TENANTS,
    all_marks,
    furnish,
    marks,
    own,
    readable,
)
from sqlalchemy import select

from mentorkit import access
from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Conflict, Forbidden, Invalid, MentorkitError, NotFound
from mentorkit.kit import SERVICES, Kit
from mentorkit.matching import match
from mentorkit.models import (
    SYSTEM,
    Action,
    Actor,
    Agreement,
    AgreementPoint,
    Award,
    ConductReport,
    Delivery,
    Draft,
    Duty,
    Enrolment,
    Event,
    Expectation,
    Gathering,
    Goal,
    Insight,
    Invitation,
    Note,
    OfficeHours,
    Opening,
    Parity,
    Participant,
    Person,
    Policies,
    Programme,
    ProgrammeRun,
    Protected,
    Query,
    Relationship,
    Request,
    Resource,
    Seat,
    Session,
    Signal,
    Story,
    Use,
)
from mentorkit.registry import installed
from mentorkit.store import schema
from mentorkit.store.connections import Connection, EngineConnection
from mentorkit.store.shelves import SHELVES
from mentorkit.testing.house import START, TrialHouse, house

pytestmark = pytest.mark.once

OTHERS = (Enrolment, Event, Delivery, Opening, AgreementPoint, Duty)
"""Kinds of things that are kept on no shelf; openings, points and duties are not kept at all."""

ALL, NOTHING = (), None
Left = tuple[str, ...] | None

# What each standing sees of each kind of thing: the fields that it does not see, if any.
# A standing that is not named sees nothing; the system sees everything.
SEEN: dict[type, dict[str, Left]] = {
    Person: {"self": ALL, "partner": ALL, "coordinator": ALL},
    ProgrammeRun: {"coordinator": ALL, "participant": ALL},
    Enrolment: {"self": ("ratings",), "coordinator": ("participant",)},
    Draft: {"coordinator": ALL},
    Invitation: {"coordinator": ("digest",)},
    Relationship: {"partner": ALL, "coordinator": ("agreement", "former", "proposal")},
    Note: {"self": ALL, "partner": ALL, "coordinator": ALL},
    Expectation: {"self": ALL, "partner": ALL},
    AgreementPoint: {"partner": ALL},
    OfficeHours: {"self": ALL, "coordinator": ALL, "participant": ("offer",)},
    Gathering: {"self": ALL, "coordinator": ALL, "participant": ("link",)},
    Seat: {"self": ALL, "coordinator": ALL},
    Opening: {"self": ALL, "coordinator": ALL, "participant": ALL},
    Session: {"partner": ALL, "coordinator": ("agenda", "link", "outputs", "place")},
    Goal: {
        "partner": ALL,
        "coordinator": (
            "baseline",
            "first_step",
            "metric",
            "objective",
            "progress",
            "target",
            "title",
        ),
    },
    Action: {"partner": ALL, "coordinator": ("title",)},
    Query: {"partner": ALL, "coordinator": ("replies", "words")},
    Resource: {"partner": ALL, "coordinator": ("link", "title", "words")},
    Insight: {"partner": ALL, "coordinator": ("words",)},
    Story: {"partner": ALL, "coordinator": ALL, "participant": ("consented",)},
    Request: {"self": ALL, "partner": ("answers",), "coordinator": ("answers",)},
    Signal: {"self": ALL, "coordinator": ALL},
    Award: {"self": ALL, "partner": ALL, "coordinator": ("title",)},
    ConductReport: {"self": ALL},
    Duty: {"self": ALL, "coordinator": ALL},
    Event: {"coordinator": ALL},
    Delivery: {"coordinator": ALL},
}


@pytest.fixture(scope="module")
def world() -> Iterator[TrialHouse]:
    """A house with two tenants that are furnished alike."""
    with house() as held:
        for tenant in TENANTS:
            with held.kit(actor=SYSTEM, tenant=tenant) as kit, kit._work.change():
                furnish(kit._work.rows)
        yield held


Dump = dict[str, list[tuple[Any, ...]]]


def dumped(held: TrialHouse) -> Dump:
    """Every row of every table."""
    with held.engine.connect() as connection:
        return _dumped(EngineConnection(connection))


def _dumped(connection: Connection) -> Dump:
    return {
        name: [
            tuple(row)
            for row in connection.execute(select(table).order_by(*table.primary_key)).rows
        ]
        for name, table in schema.metadata.tables.items()
    }


def _of(dump: Dump, tenant: str) -> Dump:
    """A tenant's part of it: the first column of every table is the tenant."""
    return {name: [row for row in rows if row[0] == tenant] for name, rows in dump.items()}


# The rules.


def test_every_kind_of_thing_has_a_rule_for_every_standing() -> None:
    kinds = {*(shelf.cls for shelf in SHELVES), *OTHERS}
    assert set(access.READ) == kinds == set(SEEN)
    for kind, rule in access.READ.items():
        assert set(rule) == set(access.STANDINGS), kind


def test_a_thing_without_a_rule_is_shown_to_nobody() -> None:
    with pytest.raises(KeyError):
        access.seen("a word", SYSTEM, access.Ties())


@pytest.mark.parametrize("kind", SEEN, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("standing", access.STANDINGS)
def test_what_each_standing_sees(world: TrialHouse, kind: type, standing: str) -> None:
    things = _things(world, kind)
    assert things, f"the furnished tenant has no {kind.__name__}"
    expected = {**SEEN[kind], "system": ALL}
    left: set[str] = set()
    for thing in things:
        shown = access.seen(thing, *_as(standing))
        hidden = _written_for_others(thing, standing) or _unpublished(thing, standing)
        if standing not in expected or hidden:
            assert shown is None
            continue
        left |= {
            field.name
            for field in attrs.fields(kind)
            if getattr(shown, field.name) != getattr(thing, field.name)
        }
    assert left == set(expected.get(standing) or ())


def _written_for_others(thing: Any, standing: str) -> bool:
    """Whether it is a note that is not for the eyes of somebody who stands so to it."""
    eyes = {"partner": ("members", "coordinator"), "coordinator": ("coordinator",)}
    if not isinstance(thing, Note) or standing not in eyes:
        return False
    return not (thing.shared and thing.confidentiality in eyes[standing])


def _unpublished(thing: Any, standing: str) -> bool:
    """Whether it is a story that does not exist as yet to somebody who stands so to it."""
    return (
        isinstance(thing, Story)
        and standing in ("coordinator", "participant")
        and thing.state != "published"
    )


def _as(standing: str) -> tuple[Actor, access.Ties]:
    """An actor and the ties to which it stands so, and in no other way."""
    ties = access.Ties(
        programme="p",
        own=("own",),
        members=("member",),
        taking_part=standing == "participant",
    )
    actor = {
        "system": SYSTEM,
        "self": Actor(person="own"),
        "partner": Actor(person="member"),
        "coordinator": Actor(coordinates=["p"]),
    }.get(standing, Actor(person="zed"))
    return actor, ties


def _things(held: TrialHouse, kind: type) -> list[Any]:
    with held.kit(actor=SYSTEM, tenant="home") as kit:
        if kind is Enrolment:
            return list(kit.programmes.participants("p1"))
        if kind is Event:
            return list(kit.reports.journal())
        if kind is Opening:
            return list(kit.booking.openings("p3"))
        if kind is Duty:
            return [*kit.today.of("ann"), *kit.today.programme("p1")]
        if kind is AgreementPoint:
            return list(kit.relationships.expectations("home-r3"))
        if kind is Delivery:
            return list(kit.deliveries.page())
        shelf = next(shelf for shelf in SHELVES if shelf.cls is kind)
        return kit._work.rows.find(shelf)


def test_a_coordinator_sees_all_of_an_enrolment_but_what_is_protected(world: TrialHouse) -> None:
    for held in _things(world, Enrolment):
        assert held.participant.protected
        shown = access.seen(held, *_as("coordinator"))
        bare = attrs.evolve(held.participant, protected={})
        assert shown == attrs.evolve(held, participant=bare)


def test_a_rating_that_is_not_shown_is_in_the_export_alone(world: TrialHouse) -> None:
    with world.kit(actor=Actor(person="ann"), tenant="home") as kit:
        hidden = ("home", "rating", "ann")
        assert hidden in marks(kit.people.export("ann"))
        for name, arguments in _readings():
            if name != "people.export":
                assert hidden not in marks(_read(kit, name, arguments)), name


def test_the_proof_of_parity_by_what_is_protected_is_not_for_coordinators() -> None:
    """Prices would tell, pair by pair, whose group parity helps."""
    people = [
        Participant(
            person=Person(id=f"e{number:02}"),
            roles={"mentee": 1},
            prefers=("m0", "m1", "m2") if number < 6 else (),
            protected={"identity": "one" if number < 6 else "other"},
        )
        for number in range(12)
    ]
    mentors = [Participant(person=Person(id=f"m{at}"), roles={"mentor": 1}) for at in range(4)]

    def draft(*uses: str, **policies: Any) -> Draft:
        stated = Programme(
            criteria={"wish": Use("preferences", weight=3)},
            policies=Policies(**policies),
            protected={"identity": Protected("Equal chances.", uses)},
        )
        plan = match([*people, *mentors], stated)
        return Draft(id="d", programme="p", plan=plan, made=START)

    held = draft("parity", parity=Parity(by="identity", within=5))
    assert held.plan.certificate.groups[0].places == 6
    assert held.plan.certificate.freely is not None
    shown = access.as_coordinator(held)
    certificate = shown.plan.certificate
    assert (certificate.prices, certificate.freely) == ({}, None)
    assert {(one.places, one.wanted, one.price) for one in certificate.groups} == {(0, 0, 0)}
    assert shown.plan.matches == held.plan.matches
    assert certificate.gap == 0
    other = draft()
    assert access.as_coordinator(other) == other


@pytest.mark.parametrize("answerer", ["partner", "coordinator"])
def test_an_answer_reaches_its_audience_alone(world: TrialHouse, answerer: str) -> None:
    audience = {"partner": "addressed", "coordinator": "coordinator"}[answerer]
    for request in _things(world, Request):
        shown = access.seen(request, *_as(answerer))
        assert shown.questions == request.questions
        assert set(shown.answers) == {audience} & set(request.answers)


def test_whoever_is_several_things_sees_what_the_first_of_them_sees() -> None:
    ties = access.Ties(programme="p", own=("a",), members=("a", "b"), taking_part=True)
    for actor, held in (
        (Actor(system=True, person="a"), ("system",)),
        (
            Actor(person="a", coordinates=["p"]),
            ("self", "partner", "coordinator", "participant", "stranger"),
        ),
        (Actor(person="b", coordinates=["q"]), ("partner", "participant", "stranger")),
        (Actor(coordinates=["*"]), ("coordinator", "participant", "stranger")),
    ):
        assert access.standings(actor, ties) == held
    assert access.standings(Actor(coordinates=["p"]), access.Ties()) == ("stranger",)
    assert access.standings(Actor(), access.Ties(own=("a",))) == ("stranger",)


# Reads: all that are public, by everybody, of everything.


def _calls(changing: bool) -> dict[str, Callable[..., Any]]:
    """The public calls of all services: those that change something, or the others."""
    found = {}
    for name in SERVICES:
        cls = inspect.signature(getattr(Kit, name).func).return_annotation
        held = Kit.__dict__[name].func.__globals__[cls]
        for word, function in inspect.getmembers(held, inspect.isfunction):
            if not word.startswith("_") and hasattr(function, "__wrapped__") == changing:
                found[f"{name}.{word}"] = function
    return found


READS, ACTS = _calls(changing=False), _calls(changing=True)
TEAM_IDS = [own(tenant, name) for tenant in TENANTS for name in TEAMS]
OPTIONAL = {"after", "figures", "limit", "state", "until"}


def _ids(name: str) -> list[Any]:
    """All ids that an argument of this name may have, of either tenant."""

    def each(*endings: str) -> list[str]:
        return [f"{team}-{ending}" for team in TEAM_IDS for ending in endings]

    def by_person(*endings: str) -> list[str]:
        return [
            own(tenant, f"{team}-{person}-{ending}")
            for tenant in TENANTS
            for team, (_, people) in TEAMS.items()
            for person in people
            for ending in endings
        ]

    return {
        "person": list(PEOPLE_IDS),
        "programme": list(TAKES_PART),
        "relationship": TEAM_IDS,
        "relationships": [[id] for id in TEAM_IDS],
        "session": each("planned", "held"),
        "goal": each("proposed-goal", "agreed-goal"),
        "action": by_person("action"),
        "query": each("open-query", "answered-query"),
        "insight": by_person("insight"),
        "story": each("draft-story", "published-story"),
        "request": by_person("open", "answered", "closed"),
        "signal": by_person("nudge", "flag"),
        "award": by_person("award"),
        "about": list(PEOPLE_IDS),
        "other": [f"«home|private|{person}»" for person in PEOPLE_IDS],
        "leaving": [one for _, people in TEAMS.values() for one in people],
        "report": [own(tenant, f"{person}-report") for tenant in TENANTS for person in REPORTS],
        "draft": [
            own(tenant, f"{held}-{state}")
            for tenant in TENANTS
            for held in TAKES_PART
            for state in ("draft", "published")
        ],
        "event": [own(tenant, "p1-event") for tenant in TENANTS],
        "office_hours": [own(tenant, "p3-hours") for tenant in TENANTS],
        "gathering": [
            own(tenant, f"{held}-{name}")
            for tenant in TENANTS
            for held in TAKES_PART
            for name in ("ahead", "over")
        ],
        "subscriber": ["recorder"],
        "people": [[NEW]],
        "invitation": [
            own(tenant, f"{held}-invitation") for tenant in TENANTS for held in TAKES_PART
        ],
        "token": [own(tenant, f"{held}-token") for tenant in TENANTS for held in TAKES_PART],
    }[name]


def _readings() -> Iterator[tuple[str, dict[str, str | None]]]:
    """Every read with every id."""
    for name, function in READS.items():
        parameters = [word for word in inspect.signature(function).parameters if word != "self"]
        assert parameters, name
        wanted = [word for word in parameters if word not in OPTIONAL]
        choices = [
            _ids(word)
            if inspect.signature(function).parameters[word].default is inspect.Parameter.empty
            else [None, *_ids(word)]
            for word in wanted
        ]
        for held in itertools.product(*choices):
            yield name, dict(zip(wanted, held, strict=True))


def _read(kit: Kit, name: str, arguments: dict[str, Any]) -> object:
    service, _, call = name.partition(".")
    try:
        return getattr(getattr(kit, service), call)(**arguments)
    except (NotFound, Forbidden, Invalid) as error:
        return error


@pytest.mark.parametrize("who", ACTORS)
def test_everybody_reads_what_they_may_and_nothing_else(world: TrialHouse, who: str) -> None:
    actor = ACTORS[who]
    told: set[tuple[str, str, str]] = set()
    with world.kit(actor=actor, tenant="home") as kit:
        for name, arguments in _readings():
            shown = _read(kit, name, arguments)
            held = marks(shown)
            wrong = {mark for mark in held if not _may_read(actor, mark)}
            assert not wrong, f"{who} reads {wrong} by {name}({arguments})"
            if "27182" in repr(shown):
                owned = {whose for _, kind, whose in held if kind == "private"}
                assert actor.system or actor.person in owned, f"{who}: a flag by {name}"
            if "31337" in repr(shown):
                assert any(kind == "shared" for _, kind, _ in held), f"{who}: figures by {name}"
            told |= held
    there = all_marks(itertools.chain(*dumped(world).values()))
    assert told == {mark for mark in there if _may_read(actor, mark)}


def _may_read(actor: Actor, mark: tuple[str, str, str]) -> bool:
    tenant, kind, whose = mark
    return tenant == "home" and readable(actor, kind, whose)


EXPORTED = ("person", "part", "seat", "private", "rating", "flagged", "help", "conduct")
"""What is a person's own: ratings are about them, even where they are not shown."""


@pytest.mark.parametrize("person", ["ann", "may", "sam", "wes", "zed"])
def test_an_export_has_all_that_is_a_persons_and_nothing_of_others(
    world: TrialHouse, person: str
) -> None:
    with world.kit(actor=SYSTEM, tenant="home") as kit:
        held = marks(kit.people.export(person))
    theirs = {name for name, (_, people) in TEAMS.items() if person in people}
    there = all_marks(itertools.chain(*dumped(world).values()))
    own = {
        mark
        for mark in there
        if mark[0] == "home"
        and (
            (mark[1] in ("relationship", "shared") and mark[2] in theirs)
            or (mark[1] in EXPORTED and mark[2] == person)
        )
    }
    assert {mark for mark in held if mark[1] != "programme"} >= own
    assert not {mark for mark in held if mark[1] in ("flag", "event") or mark[0] != "home"}
    assert not {
        mark
        for mark in held
        if mark[1] in ("person", "part", "private", "rating", "conduct", "seat")
        and mark[2] != person
    }


def test_reads_leave_everything_as_it_was(world: TrialHouse) -> None:
    before = dumped(world)
    with world.kit(actor=SYSTEM, tenant="home") as kit:
        for name, arguments in _readings():
            _read(kit, name, arguments)
    assert dumped(world) == before


# Acts.

OWN = {
    "actions.add",
    "actions.done",
    "actions.drop",
    "exchange.answer",
    "exchange.ask",
    "exchange.share",
    "feedback.answer",
    "feedback.ask_help",
    "feedback.report_conduct",
    "goals.accept",
    "goals.drop",
    "goals.propose",
    "goals.reach",
    "goals.record",
    "insights.add",
    "insights.adopted",
    "insights.tried",
    "people.let_again",
    "programmes.apply",
    "programmes.redeem",
    "programmes.restate",
    "recognition.thank",
    "relationships.accept",
    "relationships.ask_chat",
    "relationships.decline",
    "relationships.expect",
    "relationships.extend",
    "relationships.propose_terms",
    "relationships.sign",
    "relationships.write",
    "sessions.add_topic",
    "stories.consent",
    "stories.drop",
    "stories.rewrite",
    "stories.withdraw",
    "stories.write",
}
"""What members do for themselves alone."""
TERMS = Agreement(starts=START.date(), ends=START.date() + datetime.timedelta(days=30))
ANSWERS = {
    "respondent": "good",
    "addressed": "thanks",
    "coordinator": "fine",
    "aggregate": 3,
    "flag": 1,
    "matching": 1,
}
NEW = Participant(person=Person(id="new"), roles={"mentee": 1})
_POINTS = blueprint_of(Programme(), installed()).agreement.points
GIVEN: dict[str, dict[str, Any]] = {
    "people.put": {"people": [Person(id="new")]},
    "programmes.create": {"programme": Programme(), "id": "new"},
    "programmes.copy": {"id": "new", "starts": START.date()},
    "programmes.enrol": {"people": [NEW]},
    "programmes.apply": {"participant": NEW},
    "programmes.redeem": {"participant": NEW},
    "programmes.rate": {"field": "interview", "value": 3},
    "programmes.restate": {
        "participant": Participant(person=Person(id="sam"), roles={"mentor": 1})
    },
    "matching.audit": {"by": "identity"},
    "relationships.expect": {"words": {**dict.fromkeys(_POINTS, "soon"), "secret": "soon"}},
    "relationships.extend": {"ends": START.date() + datetime.timedelta(days=120)},
    "relationships.pause": {"until": START.date() + datetime.timedelta(days=9)},
    "relationships.propose_terms": {"terms": TERMS},
    "relationships.write": {"text": "a note"},
    "goals.propose": {"title": "a goal"},
    "goals.record": {"value": 1.5},
    "actions.add": {"title": "an action"},
    "exchange.ask": {"words": "a question"},
    "exchange.answer": {"words": "an answer"},
    "exchange.share": {"title": "a page", "link": "https://example.org/page"},
    "insights.add": {"words": "an insight"},
    "sessions.add_topic": {"topic": "a topic"},
    "stories.write": {"title": "a story", "words": "how it went"},
    "stories.rewrite": {"words": "in other words"},
    "stories.consent": {"edition": 1},
    "sessions.schedule": {},
    "gatherings.announce": {
        "title": "A talk",
        "starts": START + datetime.timedelta(days=1),
        "ends": START + datetime.timedelta(days=2),
    },
    "gatherings.move": {"starts": START + datetime.timedelta(days=5)},
    "booking.offer": {"offer": OFFER},
    "booking.book": {"starts": START + datetime.timedelta(days=1)},
    "sessions.plan": {"starts": START},
    "sessions.record": {"starts": START - datetime.timedelta(days=40)},
    "sessions.move": {"starts": START},
    "sessions.correct": {"state": "missed"},
    "feedback.answer": {"answers": ANSWERS},
    "feedback.ask_help": {"words": "help"},
    "feedback.report_conduct": {"words": "a word", "relationship": own("home", "r1")},
    "recognition.thank": {"words": "thank you"},
}
"""Arguments that are not ids."""


def _doings(name: str, everybody: bool = False) -> Iterator[dict[str, Any]]:
    """The arguments of an act, with every id; if asked for, in the name of each member."""
    given = GIVEN.get(name, {})
    parameters = inspect.signature(ACTS[name]).parameters
    wanted = [
        word
        for word, parameter in parameters.items()
        if word not in {"self", *given} and parameter.default is inspect.Parameter.empty
    ]
    named = [word for word in ("giver", "person") if word in parameters and word not in wanted][:1]
    for ids in itertools.product(*(_ids(word) for word in wanted)):
        held = {**dict(zip(wanted, ids, strict=True)), **given}
        if not (everybody and named):
            yield held
            continue
        for person in _people_of(held.get("relationship", ids[0])):
            yield {**held, named[0]: person}


def _people_of(id: str) -> tuple[str, ...]:
    """The people of the relationship or the programme that an id names."""
    name = id.split("-")[1] if "-" in id else id
    return TEAMS[name][1] if name in TEAMS else TAKES_PART[name]


class TakenBack(Exception):
    """Raised so that a kit leaves nothing behind."""


def _tried(held: TrialHouse, actor: Actor, name: str, arguments: dict[str, Any]) -> object:
    """What an act gives or raises; it is taken back."""
    service, _, call = name.partition(".")
    outcome: object = None
    try:
        with held.kit(actor=actor, tenant="home") as kit:
            try:
                outcome = getattr(getattr(kit, service), call)(**arguments)
            except MentorkitError as error:
                outcome = error
            raise TakenBack
    except TakenBack:
        return outcome


def test_every_act_has_a_rule_and_every_rule_an_act(
    world: TrialHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()

    def may(act: str, actor: Actor, ties: access.Ties) -> bool:
        asked.add(act)
        return True

    monkeypatch.setattr(access, "may", may)
    for name in ACTS:
        asked.clear()
        for arguments in _doings(name, everybody=True):
            _tried(world, SYSTEM, name, arguments)
        assert asked == {name}, f"{name} asks for {asked}"
    asked.clear()
    with world.kit(actor=SYSTEM, tenant="home") as kit:
        for name, arguments in _readings():
            _read(kit, name, arguments)
    assert set(access.DO) == {*ACTS, *asked}
    assert {act for roles in access.DO.values() for act in roles} <= set(access.STANDINGS)


@pytest.mark.parametrize("name", ACTS)
def test_strangers_change_nothing(world: TrialHouse, name: str) -> None:
    before = dumped(world)
    strangers = [Actor(), Actor(person="zed"), Actor(person="zed", coordinates=["elsewhere"])]
    for actor in strangers:
        for arguments in (*_doings(name), *_doings(name, everybody=True)):
            if "person" in arguments and arguments["person"] == actor.person:
                continue
            outcome = _tried(world, actor, name, arguments)
            lacking = isinstance(outcome, Invalid) and actor.person is None
            assert lacking or isinstance(outcome, Forbidden | NotFound), (arguments, outcome)
    assert dumped(world) == before


@pytest.mark.parametrize("name", sorted(OWN))
def test_nobody_acts_in_anothers_name(world: TrialHouse, name: str) -> None:
    """Neither a partner nor a coordinator does what a member does for themselves."""
    for arguments in _doings(name, everybody=True):
        whose = arguments.get("giver", arguments.get("person"))
        partners = {one for _, people in TEAMS.values() if whose in people for one in people}
        others = [Actor(person=one, coordinates=["*"]) for one in sorted(partners - {whose})]
        for actor in (*others, Actor(coordinates=["*"])):
            outcome = _tried(world, actor, name, arguments)
            assert isinstance(outcome, Forbidden | NotFound | Invalid), (arguments, outcome)


@pytest.mark.parametrize("name", ACTS)
def test_what_an_act_gives_back_is_what_the_actor_may_read(world: TrialHouse, name: str) -> None:
    done = 0
    for who, actor in ACTORS.items():
        for arguments in _doings(name, everybody=actor.system):
            outcome = _tried(world, actor, name, arguments)
            done += not isinstance(outcome, MentorkitError)
            wrong = {mark for mark in marks(outcome) if not _may_read(actor, mark)}
            assert not wrong, f"{who} is given {wrong} by {name}({arguments})"
    assert done, f"nobody could do {name}"


@pytest.mark.parametrize("name", ACTS)
def test_no_act_reaches_another_tenant(world: TrialHouse, name: str) -> None:
    """Done by the system with all that it can be done to, and taken back afterwards."""
    before = dumped(world)
    service, _, call = name.partition(".")
    with pytest.raises(TakenBack), world.kit(actor=SYSTEM, tenant="home") as kit:
        for arguments in _doings(name, everybody=True):
            with contextlib.suppress(NotFound, Conflict, Invalid):
                getattr(getattr(kit, service), call)(**arguments)
        after = _dumped(kit._work.rows.connection)
        raise TakenBack
    assert _of(after, "away") == _of(before, "away")
    assert _of(after, "home") != _of(before, "home")
    assert dumped(world) == before


def test_a_key_is_its_users_own() -> None:
    """The same key in another relationship, or by another member, is another thing."""
    with house() as held:
        with held.kit(actor=SYSTEM, tenant="home") as kit, kit._work.change():
            furnish(kit._work.rows)

        def as_person(person: str) -> Kit:
            return held.kit(actor=Actor(person=person), tenant="home")

        with as_person("ann") as kit:
            note = kit.relationships.write("home-r1", "mine alone", key="k")
            goal = kit.goals.propose("home-r1", "our goal", key="k")
            thanks = kit.recognition.thank("home-r1", "may", "thank you", key="k")
            session = kit.sessions.plan("home-r1", START, place="at home", key="k")
            action = kit.actions.add("home-r1", "call", key="k")
            query = kit.exchange.ask("home-r1", "who?", key="k")
            page = kit.exchange.share("home-r1", "a page", words="see", key="k")
            insight = kit.insights.add("home-r1", "listen", key="k")
            assert kit.actions.add("home-r1", "call", key="k") == action
            assert kit.exchange.ask("home-r1", "who?", key="k") == query
            assert kit.exchange.share("home-r1", "a page", words="see", key="k") == page
            assert kit.insights.add("home-r1", "listen", key="k") == insight
            story = kit.stories.write("home-r1", "how", "it went", key="k")
            assert kit.stories.write("home-r1", "how", "it went", key="k") == story
            assert kit.relationships.write("home-r1", "mine alone", key="k") == note
            assert kit.goals.propose("home-r1", "our goal", key="k") == goal
            assert kit.recognition.thank("home-r1", "may", "thank you", key="k") == thanks
            assert kit.sessions.plan("home-r1", START, key="k") == session
        with as_person("may") as kit:
            assert kit.relationships.write("home-r1", "also mine", key="k").text == "also mine"
            assert kit.actions.add("home-r1", "write", key="k").title == "write"
            assert kit.exchange.ask("home-r1", "when?", key="k").words == "when?"
            assert kit.exchange.share("home-r1", "mine", words="see", key="k").title == "mine"
            assert kit.insights.add("home-r1", "mine", key="k").words == "mine"
            assert kit.stories.write("home-r1", "how", "mine", key="k").words == "mine"
        with as_person("cyn") as kit:
            assert kit.relationships.write("home-r3", "cyn's", key="k").text == "cyn's"
            assert kit.goals.propose("home-r3", "cyn's", key="k").title == "cyn's"
            assert kit.recognition.thank("home-r3", "max", "ta", key="k").person == "max"
            assert kit.sessions.plan("home-r3", START, key="k").place is None
        with held.kit(actor=Actor(coordinates=["p1"]), tenant="home") as kit:
            drafted = kit.matching.draft("p1", key="k")
        with held.kit(actor=Actor(coordinates=["p2"]), tenant="home") as kit:
            assert kit.matching.draft("p2", key="k").programme == "p2" != drafted.programme


def test_a_host_narrows_and_never_widens(world: TrialHouse) -> None:
    asked: list[str] = []

    def authorize(actor: Actor, act: str, thing: object) -> bool:
        asked.append(act)
        return False

    narrow = attrs.evolve(world, authorize=authorize)
    with narrow.kit(actor=Actor(person="ann"), tenant="home") as kit:
        for name, arguments in _readings():
            assert not marks(_read(kit, name, arguments))
    for name in ("relationships.write", "goals.accept"):
        outcome = _tried(narrow, Actor(person="ann"), name, next(_doings(name)))
        assert isinstance(outcome, Forbidden)
    assert set(asked) == {
        "read",
        "people.export",
        "people.kept_apart",
        "booking.book",
        "sessions.prepare",
        "relationships.write",
        "goals.accept",
    }
    wide = attrs.evolve(world, authorize=lambda actor, act, thing: True)
    with wide.kit(actor=Actor(), tenant="home") as kit:
        for name, arguments in _readings():
            assert not marks(_read(kit, name, arguments))
    with narrow.kit(actor=SYSTEM, tenant="home") as kit:
        assert kit.people.get("ann").id == "ann"


def test_a_refusal_names_the_act_and_who_asked_and_nothing_else(world: TrialHouse) -> None:
    outcome = _tried(world, Actor(person="zed"), "people.remove", {"person": "ann"})
    assert str(outcome) == "'zed' may not do this: people.remove"
