"""Two tenants in which every private word carries a mark that says whose it is.

A mark reads «tenant|kind|whose»; whatever holds it in its repr has told it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

import attrs
from sqlalchemy import update

from mentorkit.blueprint import blueprint_of
from mentorkit.models import (
    Action,
    Actor,
    Agreement,
    AgreementTemplate,
    Award,
    ConductReport,
    Draft,
    Event,
    Expectation,
    Former,
    Gathering,
    Goal,
    Insight,
    Invitation,
    Member,
    Message,
    Note,
    Offer,
    OfficeHours,
    Participant,
    Pause,
    Person,
    Policies,
    Programme,
    ProgrammeRun,
    Progress,
    Proposal,
    Protected,
    Query,
    Question,
    Rating,
    RatingScale,
    Relationship,
    Reply,
    Request,
    Resource,
    Seat,
    Session,
    Signal,
    Story,
    Window,
)
from mentorkit.registry import installed
from mentorkit.services.inviting import digest_of
from mentorkit.store import journal, members, schema
from mentorkit.store.shelves import (
    ACTIONS,
    AWARDS,
    CONDUCT,
    DRAFTS,
    EXPECTATIONS,
    GATHERINGS,
    GOALS,
    INSIGHTS,
    INVITATIONS,
    NOTES,
    OFFICE_HOURS,
    PEOPLE,
    PROGRAMMES,
    QUERIES,
    RELATIONSHIPS,
    REQUESTS,
    RESOURCES,
    SEATS,
    SESSIONS,
    SIGNALS,
    STORIES,
    Rows,
)
from mentorkit.testing.house import START

TENANTS = ("home", "away")
MARK = re.compile(r"«([^|»]+)\|([^|»]+)\|([^|»]+)»")
DAY = datetime.timedelta(days=1)

TEAMS = {
    "r1": ("p1", ("ann", "may")),
    "r2": ("p1", ("bob", "moe")),
    "r3": ("p2", ("cyn", "max")),
    "r4": ("p2", ("eve", "mia")),
    "r5": ("p2", ("gus", "mel")),
}
"""Relationships, each with its programme and its members."""
STAGES = {"r1": "active", "r2": "proposed", "r3": "active", "r4": "agreeing", "r5": "paused"}
TAKES_PART = {
    "p1": ("ann", "bob", "may", "moe", "sam"),
    "p2": ("cyn", "eve", "gus", "max", "mel", "mia"),
    "p3": ("fay", "fin"),
}
MENTEES = ("ann", "bob", "cyn", "eve", "fay", "gus")
FORMATS = {"p3": "flash"}
"""Of all others it is one-to-one."""
STATED = {"r2": ("bob",), "r3": ("cyn", "max"), "r4": ("mia",), "r5": ("gus", "mel")}
"""Who has stated what they expect; in some relationships not everybody has as yet."""
WAITS = {"wes": "p1"}
"""Who is on the waiting list of which programme."""
PEOPLE_IDS = (*(one for held in TAKES_PART.values() for one in held), *WAITS, "zed")
"""The same in both tenants, as a host's ids are; `zed` takes part in nothing."""

OFFER = Offer(
    first=START.date(),
    last=START.date() + 9 * DAY,
    windows=[Window(1, 540, 600)],
    timezone="UTC",
    link="https://example.org/room",
)
"""Tuesdays from 9:00 to 10:00."""

AUDIENCES = ("respondent", "addressed", "coordinator", "aggregate", "flag", "matching")
COUNTED = ("aggregate", "flag", "matching")
QUESTIONS = tuple(
    Question(
        id=audience,
        text=Message(audience, "How is it?"),
        audience=audience,
        form="scale" if audience in COUNTED else "text",
        most=99_999 if audience in ("flag", "matching") else 5,
        low=27_183 if audience == "flag" else None,
    )
    for audience in AUDIENCES
)

SAFEGUARDING = {"p1": "sam", "p2": "mia"}
REPORTS: dict[str, tuple[str, str | None, str, str | None]] = {
    "bob": ("p1", "r2", "moe", "sam"),
    "ann": ("p1", None, "zed", "sam"),
    "eve": ("p2", "r4", "mia", None),
}
"""By who wrote it: the programme, the relationship, about whom, and whom it reaches."""


def own(tenant: str, id: str) -> str:
    """An id that the house made: it occurs in one tenant alone."""
    return f"{tenant}-{id}"


def marks(shown: object) -> set[tuple[str, str, str]]:
    """The marks in what was shown."""
    return set(MARK.findall(repr(shown)))


def furnish(rows: Rows) -> None:
    """Fill a tenant: something on every shelf, in each programme and each relationship."""
    tenant = rows.tenant

    def mark(kind: str, whose: str) -> str:
        return f"«{tenant}|{kind}|{whose}»"

    rows.add(PEOPLE, [Person(id=id, name=mark("person", id)) for id in PEOPLE_IDS])
    for id in PEOPLE_IDS:
        members.keep_apart(rows, id, [mark("private", id)])
    for programme, people in TAKES_PART.items():
        identity = Protected(purpose="to see whether all are matched alike")
        stated = Programme(
            name=mark("programme", programme),
            policies=Policies(safeguarding=SAFEGUARDING.get(programme)),
            topology=FORMATS.get(programme, "one-to-one"),
            agreement=AgreementTemplate(points={"secret": mark("programme", programme)}),
            protected={"identity": identity},
            ratings={"interview": RatingScale()},
        )
        blueprint = blueprint_of(stated, installed())
        run = ProgrammeRun(id=programme, programme=stated, blueprint=blueprint, created=START)
        rows.add(PROGRAMMES, [run])
        parts = {
            id: members.part(
                Participant(
                    person=Person(id=id),
                    roles={"mentee" if id in MENTEES else "mentor": 2},
                    interests=[mark("part", id)],
                    avoids=[mark("part", id)],
                    protected={"identity": mark("private", id)},
                )
            )
            for id in people
        }
        members.enrol(
            rows,
            programme,
            {
                id: (
                    "enrolled",
                    parts[id],
                    members.About(
                        entry="assigned",
                        entered=START,
                        joined=START,
                        ratings=(
                            Rating(field=mark("part", id), value=4, on=START.date(), shown=True),
                            Rating(field=mark("rating", id), value=1, on=START.date(), shown=False),
                        ),
                    ).text,
                )
                for id in people
            },
        )
        invitation = Invitation(
            id=own(tenant, f"{programme}-invitation"),
            programme=programme,
            email=f"{mark('event', programme)}@example.org",
            made=START,
            until=START + 28 * DAY,
            digest=digest_of(tenant, own(tenant, f"{programme}-token")),
        )
        rows.add(INVITATIONS, [invitation])
        draft = _draft(rows, programme, stated)
        published = own(rows.tenant, f"{programme}-published")
        rows.add(DRAFTS, [draft, attrs.evolve(draft, id=published, state="published")])
        _gatherings(rows, programme, mark)
        _happened(rows, f"{programme}-event", programme, None)
    hours = attrs.evolve(OFFER, place=mark("programme", "p3"))
    rows.add(
        OFFICE_HOURS,
        [OfficeHours(id=own(tenant, "p3-hours"), programme="p3", person="fin", offer=hours)],
    )
    for id, programme in WAITS.items():
        reason = Message("waiting.told", "{words}", {"words": mark("part", id)})
        about = members.About(entry="applied", entered=START, reason=reason)
        part = members.part(Participant(person=Person(id=id), roles={"mentor": 1}))
        members.enrol(rows, programme, {id: ("waiting", part, about.text)})
    _happened(rows, "event", None, None)
    dead = update(schema.delivery).where(schema.delivery.c.event == own(tenant, "p1-event"))
    rows.connection.execute(dead.values(state="dead"))
    for relationship, (programme, people) in TEAMS.items():
        _team(rows, relationship, programme, people, mark)
    rows.add(
        CONDUCT,
        [
            ConductReport(
                id=own(tenant, f"{reporter}-report"),
                programme=programme,
                relationship=team and own(tenant, team),
                reporter=reporter,
                about=about,
                words=mark("conduct", reporter),
                contact=contact,
                reported=START,
            )
            for reporter, (programme, team, about, contact) in REPORTS.items()
        ],
    )


COMES = {"p1": ("ann", "sam"), "p2": ("cyn",), "p3": ("fay", "fin")}
"""Who has a seat in each programme's gatherings; another of `p1` waits."""


def _gatherings(rows: Rows, programme: str, mark: Any) -> None:
    """One that is over and nobody has recorded, and one that is ahead."""
    people = COMES[programme]
    for name, days in (("ahead", 3), ("over", -3)):
        waiting = ("moe",) if programme == "p1" else ()
        held = Gathering(
            id=own(rows.tenant, f"{programme}-{name}"),
            programme=programme,
            title=mark("programme", programme),
            starts=START + days * DAY,
            ends=START + (days + 1) * DAY,
            place=mark("programme", programme),
            link=f"https://example.org/{mark('link', programme)}",
            seats=max(2, len(people)),
            taken=len(people),
            waiting=len(waiting),
            signed=len(people + waiting),
        )
        rows.add(GATHERINGS, [held])
        rows.add(
            SEATS,
            [
                Seat(
                    id=f"{held.id}-{mark('seat', person)}",
                    programme=programme,
                    gathering=held.id,
                    person=person,
                    number=number,
                    state="coming" if person in people else "waiting",
                )
                for number, person in enumerate(people + waiting, 1)
            ],
        )


def _draft(rows: Rows, programme: str, stated: Programme) -> Draft:
    from mentorkit.matching import match

    taken = {person for _, people in TEAMS.values() for person in people}
    held = [
        attrs.evolve(one.participant, roles=dict.fromkeys(one.participant.roles, 1))
        if one.id in taken
        else one.participant
        for one in members.enrolments(rows, programme, state="enrolled")
    ]
    held = [attrs.evolve(one, not_again=members.kept_apart(rows, one.id)) for one in held]
    id = own(rows.tenant, f"{programme}-draft")
    return Draft(id=id, programme=programme, plan=match(held, stated), made=START)


def _happened(rows: Rows, id: str, programme: str | None, relationship: str | None) -> None:
    happened = Event(
        id=own(rows.tenant, id),
        at=START,
        kind="something.happened",
        subject=f"«{rows.tenant}|event|{programme}»",
        programme=programme,
        relationship=relationship,
    )
    journal.record(rows, journal.steps(rows, START), [(happened, ["recorder"])])


def _team(rows: Rows, name: str, programme: str, people: tuple[str, str], mark: Any) -> None:
    id = own(rows.tenant, name)
    path = ("proposed", "agreeing", "active", "closed")
    on_path = "active" if STAGES[name] == "paused" else STAGES[name]
    secret = mark("shared", name)
    terms = Agreement(
        starts=START.date(),
        ends=START.date() + 90 * DAY,
        terms=secret,
        channels=secret,
        boundaries=secret,
        points={"secret": secret},
        confidentiality="coordinator" if programme == "p1" else "members",
    )
    held = Relationship(
        id=id,
        programme=programme,
        members=(Member(people[0], "mentee"), Member(people[1], "mentor")),
        path=path,
        stage=STAGES[name],
        since=dict.fromkeys(path[: path.index(on_path) + 1], START),
        accepted=() if STAGES[name] == "proposed" else people,
        signed=people if on_path == "active" else (),
        agreement=terms,
        proposal=Proposal(agreement=terms) if on_path == "active" else None,
        former=(Former(agreement=terms, until=START),) if on_path == "active" else (),
        reasons=(Message("told", mark("relationship", name)),),
        pauses=(Pause(begun=START, until=START.date() + 9 * DAY),) * (STAGES[name] == "paused"),
    )
    rows.add(RELATIONSHIPS, [held])
    members.add_members(rows, [held])
    of: dict[str, Any] = {"programme": programme, "relationship": id}
    points = rows.get(PROGRAMMES, programme).blueprint.agreement.points
    everybody = set(STATED.get(name, ())) == set(people)
    rows.add(
        EXPECTATIONS,
        [
            Expectation(
                id=f"{id}-{person}-expectation",
                **of,
                person=person,
                words=dict.fromkeys(
                    points, mark(*(("shared", name) if everybody else ("private", person)))
                ),
                stated=START,
            )
            for person in STATED.get(name, ())
        ],
    )
    rows.add(
        SESSIONS,
        [
            Session(
                id=f"{id}-{state}",
                **of,
                number=number,
                title=Message("meeting", mark("relationship", name)),
                starts=START - (5 - number) * DAY,
                ends=START - (4 - number) * DAY,
                state=state,
                place=secret,
                link=f"https://example.org/{secret}",
                agenda=(Message("prompt", secret),),
                outputs={"plan": secret},
            )
            for number, state in enumerate(("planned", "held", "missed", "cancelled"))
        ],
    )
    rows.add(
        GOALS,
        [
            Goal(
                id=f"{id}-{state}-goal",
                **of,
                owner=people[0],
                title=secret,
                metric=secret,
                baseline=0.0,
                target=31337.5,
                first_step=secret,
                objective=secret,
                accepted=people[:1] if state == "proposed" else people,
                state=state,
                progress=(Progress(on=START.date(), value=31337.5, by=people[0]),),
            )
            for state in ("proposed", "agreed")
        ],
    )
    _between(rows, of, people, secret, mark("relationship", name))
    _stories(rows, of, people, {"draft": secret, "published": mark("programme", programme)})
    for person in people:
        rows.add(
            NOTES,
            [
                Note(
                    id=f"{id}-{person}-{kind}-{confidentiality}",
                    **of,
                    author=person,
                    text=mark(*_readers(name, person, kind, confidentiality)),
                    shared=kind == "shared",
                    confidentiality=confidentiality,
                    written=START,
                )
                for kind in ("shared", "private")
                for confidentiality in ("author", "members", "coordinator")
            ],
        )
        _feedback(rows, of, name, person, mark)


def _readers(name: str, person: str, kind: str, confidentiality: str) -> tuple[str, str]:
    """The mark of a note: for its author, for both members, or for the office as well."""
    if kind == "private" or confidentiality == "author":
        return "private", person
    return ("shared" if confidentiality == "members" else "relationship"), name


def _between(
    rows: Rows, of: dict[str, Any], people: tuple[str, str], secret: str, source: str
) -> None:
    """What members do between meetings; where an insight comes from is told to coordinators."""
    id = of["relationship"]
    more = {"words": secret, "asked": START}
    replies = (Reply(by=people[1], words=secret, at=START),)
    rows.add(
        ACTIONS,
        [
            Action(
                id=f"{id}-{owner}-action", **of, owner=owner, by=people[0], title=secret, made=START
            )
            for owner in people
        ],
    )
    rows.add(
        QUERIES,
        [
            Query(id=f"{id}-open-query", **of, asker=people[1], **more),
            Query(id=f"{id}-answered-query", **of, asker=people[0], replies=replies, **more),
        ],
    )
    rows.add(
        RESOURCES,
        [
            Resource(
                id=f"{id}-resource",
                **of,
                by=people[1],
                title=secret,
                link=f"https://example.org/{secret}",
                words=secret,
                shared=START,
            )
        ],
    )
    rows.add(
        INSIGHTS,
        [
            Insight(
                id=f"{id}-{owner}-insight",
                **of,
                owner=owner,
                words=secret,
                source=source,
                since={"heard": START},
            )
            for owner in people
        ],
    )


def _stories(
    rows: Rows, of: dict[str, Any], people: tuple[str, str], words: dict[Any, str]
) -> None:
    """One to which only its author consents, and one to which all do, for the programme to read."""
    rows.add(
        STORIES,
        [
            Story(
                id=f"{of['relationship']}-{state}-story",
                **of,
                author=people[1],
                title=said,
                words=said,
                written=START,
                consented=people if state == "published" else people[1:],
                state=state,
            )
            for state, said in words.items()
        ],
    )


def _feedback(rows: Rows, of: dict[str, Any], name: str, person: str, mark: Any) -> None:
    id = own(rows.tenant, f"{name}-{person}")
    answers: dict[str, str | int] = {
        "respondent": mark("private", person),
        "addressed": mark("shared", name),
        "coordinator": mark("flagged", person),
        "aggregate": 4,
        "flag": 27_182,
        "matching": 27_182,
    }
    rows.add(
        REQUESTS,
        [
            Request(
                id=f"{id}-{state}",
                **of,
                person=person,
                survey="asked",
                key=state,
                questions=QUESTIONS,
                asked=START,
                until=START + 7 * DAY,
                state=state,
                answers={} if state == "open" else answers,
            )
            for state in ("open", "answered", "closed")
        ],
    )
    rows.add(
        SIGNALS,
        [
            Signal(
                id=f"{id}-{effect}",
                **of,
                rule="rule",
                key=f"{effect} {person}",
                effect=effect,
                message=Message(
                    "told", mark("nudge" if effect == "nudge" else "flag", f"{person}")
                ),
                people=(person,),
                raised=START,
            )
            for effect in ("nudge", "flag", "review")
        ]
        + [
            Signal(
                id=f"{id}-help",
                **of,
                rule="help",
                key=f"help {person}",
                effect="flag",
                message=Message("help", mark("help", person)),
                people=(person,),
                raised=START,
                by=person,
            )
        ],
    )
    rows.add(
        AWARDS,
        [
            Award(
                id=f"{id}-award",
                **of,
                person=person,
                rule="thanks",
                key=person,
                title=Message("thanks", mark("award", name)),
                granted=START,
                giver="somebody",
            )
        ],
    )


ACTORS = {
    "nobody": Actor(),
    "zed, who takes part in nothing": Actor(person="zed"),
    "sam, who has no partner": Actor(person="sam"),
    "wes, who waits": Actor(person="wes"),
    "ann": Actor(person="ann"),
    "may": Actor(person="may"),
    "cyn": Actor(person="cyn"),
    "fay": Actor(person="fay"),
    "fin": Actor(person="fin"),
    "coordinator of p1": Actor(person="zed", coordinates=["p1"]),
    "coordinator of p2": Actor(coordinates=["p2"]),
    "coordinator of p1 who is ann": Actor(person="ann", coordinates=["p1"]),
    "coordinator of p2 who is ann": Actor(person="ann", coordinates=["p2"]),
    "coordinator of all": Actor(coordinates=["*"]),
    "the system": Actor(system=True),
}


def _programme_of(person: str) -> str | None:
    return WAITS.get(person) or next(
        (held for held, people in TAKES_PART.items() if person in people), None
    )


def _partners(person: str | None) -> set[str]:
    return {one for _, people in TEAMS.values() if person in people for one in people}


def readable(actor: Actor, kind: str, whose: str) -> bool:
    """Who may read a mark of the actor's own tenant, said once more and in other words."""
    me, mine = actor.person, _partners(actor.person)
    if actor.system:
        return True
    if kind in ("person", "part", "private", "rating", "flagged", "nudge", "help", "flag", "seat"):
        office = actor.runs(_programme_of(whose))
        return {
            "person": whose in {me} | mine or office,
            "part": whose == me or office,
            "seat": whose == me or office,
            "private": whose == me,
            # Those rated read it in their export alone, where it is not shown to them.
            "rating": whose == me or office,
            # As a partner, a coordinator reads what partners read.
            "flagged": whose == me or (office and whose not in mine),
            "nudge": whose == me or office,
            "help": whose == me or office,
            "flag": office,
        }[kind]
    if kind == "conduct":
        return me is not None and me in (whose, REPORTS[whose][3])
    if kind == "link":
        return actor.runs(whose) or me in COMES[whose]
    if kind == "programme":
        return actor.runs(whose) or me in TAKES_PART[whose]
    if kind == "event":
        return actor.runs(None if whose == "None" else whose)
    programme, people = TEAMS[whose]
    return me in people or (kind == "relationship" and actor.runs(programme))


def all_marks(dumped: Iterable[object]) -> set[tuple[str, str, str]]:
    """Every mark that is kept anywhere."""
    return {mark for row in dumped for mark in marks(row)}
