"""What a programme that runs is made of, each thing by itself and of any content.

For what stores, sends or shows them; `histories` draws things that hang together.
"""

from __future__ import annotations

import datetime
from typing import Any, get_args

import hypothesis.strategies as st

from mentorkit.models import (
    Action,
    Actor,
    Agreement,
    Award,
    ConductReport,
    Delivery,
    Draft,
    Enrolment,
    Event,
    Expectation,
    Extension,
    Former,
    FrozenMap,
    Goal,
    Insight,
    Invitation,
    Member,
    Message,
    Note,
    Offer,
    OfficeHours,
    Outcome,
    Pause,
    ProgrammeRun,
    Progress,
    Proposal,
    Query,
    Question,
    Rating,
    Relationship,
    Reply,
    Request,
    Resource,
    Session,
    Signal,
    Tally,
)
from mentorkit.testing.strategies.person import participants, windows
from mentorkit.testing.strategies.plan import messages, plans
from mentorkit.testing.strategies.programme import blueprints, programmes
from mentorkit.testing.strategies.vocabulary import FINITE, TEXT, WHOLE, ZONES, some, words

PATHS = (("proposed", "agreeing", "active", "closed"), ("booked", "met", "closed"))
IDS = words("ann", "bo", "çelik")
DAYS = st.dates(datetime.date(1970, 1, 1), datetime.date(2199, 12, 31))
CONFIDENTIALITY = st.sampled_from(["author", "members", "coordinator"])
POINTS = st.dictionaries(
    words("reply", "success"), TEXT.filter(lambda text: bool(text.strip())), max_size=2
)
EFFECTS = ("hold", "nudge", "flag", "review")


def instants() -> st.SearchStrategy[datetime.datetime]:
    """Aware instants in UTC, to the microsecond."""
    return st.datetimes(
        datetime.datetime(1970, 1, 2),
        datetime.datetime(2199, 12, 31),
        timezones=st.just(datetime.UTC),
    )


def _versioned() -> dict[str, st.SearchStrategy[Any]]:
    return {"id": IDS, "version": st.integers(0, 99), "programme": IDS}


def _people() -> st.SearchStrategy[tuple[str, ...]]:
    return some("ann", "bo", "çelik").map(tuple)


def _maybe(held: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), held)


def actors() -> st.SearchStrategy[Actor]:
    """People, coordinators of some programmes or of all, and the system."""
    return st.builds(
        Actor, person=_maybe(IDS), coordinates=some("p1", "p2", "*"), system=st.booleans()
    )


def agreements() -> st.SearchStrategy[Agreement]:
    """What members agreed, up to ten years long."""
    return st.builds(
        lambda starts, days, **rest: Agreement(
            starts=starts, ends=starts + datetime.timedelta(days=days), **rest
        ),
        DAYS,
        st.integers(0, 3649),
        cadence=st.integers(1, 3650),
        minutes=st.integers(5, 24 * 60),
        timezone=st.sampled_from(ZONES),
        terms=TEXT,
        channels=TEXT,
        boundaries=TEXT,
        confidentiality=CONFIDENTIALITY,
        points=POINTS,
    )


def pauses() -> st.SearchStrategy[Pause]:
    """Pauses that are over and such that are not."""
    return st.builds(Pause, begun=instants(), until=DAYS, ended=_maybe(instants()))


def extensions() -> st.SearchStrategy[Extension]:
    """Extensions that took effect, and such as are proposed."""
    return st.builds(Extension, ends=DAYS, goal=IDS, agreed=_people(), made=_maybe(instants()))


def formers() -> st.SearchStrategy[Former]:
    """Terms that held once."""
    return st.builds(Former, agreement=agreements(), until=instants())


def relationships() -> st.SearchStrategy[Relationship]:
    """Relationships at any stage of either path; what they hold need not agree."""
    member = st.builds(Member, IDS, st.sampled_from(["mentee", "mentor"]))

    def of(path: tuple[str, ...]) -> st.SearchStrategy[Relationship]:
        return st.builds(
            Relationship,
            **_versioned(),
            members=st.lists(member, min_size=2, max_size=3).map(tuple),
            path=st.just(path),
            stage=st.sampled_from((*path, "chemistry", "paused")),
            since=st.fixed_dictionaries({}, optional=dict.fromkeys(path, instants())),
            outcome=st.sampled_from([None, *get_args(Outcome)]),
            accepted=_people(),
            signed=_people(),
            agreement=_maybe(agreements()),
            reasons=st.lists(messages(), max_size=2).map(tuple),
            pauses=st.lists(pauses(), max_size=2).map(tuple),
            extensions=st.lists(extensions(), max_size=2).map(tuple),
            follows=_maybe(IDS),
            proposal=_maybe(st.builds(Proposal, agreement=agreements(), signed=_people())),
            former=st.lists(formers(), max_size=1).map(tuple),
            give_back=_people(),
        )

    return st.sampled_from(PATHS).flatmap(of)


def notes() -> st.SearchStrategy[Note]:
    """Private and shared notes."""
    return st.builds(
        lambda for_whom, **rest: Note(shared=for_whom > 0, along=for_whom > 1, **rest),
        st.integers(0, 2),
        **_versioned(),
        relationship=IDS,
        author=IDS,
        text=TEXT,
        confidentiality=CONFIDENTIALITY,
        session=_maybe(IDS),
        written=instants(),
    )


def expectations() -> st.SearchStrategy[Expectation]:
    """What members stated."""
    return st.builds(
        Expectation,
        **_versioned(),
        relationship=IDS,
        person=IDS,
        words=POINTS,
        stated=instants(),
    )


def sessions() -> st.SearchStrategy[Session]:
    """Meetings in any state, a minute to a day long."""
    return st.builds(
        lambda starts, minutes, **rest: Session(
            starts=starts, ends=starts + datetime.timedelta(minutes=minutes), **rest
        ),
        instants(),
        st.integers(1, 24 * 60),
        **_versioned(),
        relationship=IDS,
        number=st.integers(1, 1000),
        step=st.sampled_from([None, "kick-off", "closing"]),
        title=messages(),
        timezone=st.sampled_from(ZONES),
        state=st.sampled_from(["planned", "held", "cancelled", "missed"]),
        place=_maybe(TEXT),
        link=_maybe(st.just("https://example.org/room?id=1")),
        agenda=st.lists(messages(), max_size=2).map(tuple),
        due=some("action plan", "expectations").map(tuple),
        outputs=st.dictionaries(st.sampled_from(["action plan", "other"]), TEXT, max_size=2),
        attended=_people(),
        office_hours=_maybe(IDS),
        public=st.booleans(),
        chat=st.booleans(),
    )


def goals() -> st.SearchStrategy[Goal]:
    """Goals, SMART ones and vague ones, with progress."""
    progress = st.builds(Progress, on=DAYS, value=FINITE, by=IDS)
    return st.builds(
        Goal,
        **_versioned(),
        relationship=IDS,
        owner=IDS,
        title=words("learn", "lead three meetings"),
        metric=st.one_of(st.sampled_from(["", "meetings"]), TEXT),
        baseline=_maybe(FINITE),
        target=_maybe(FINITE),
        first_step=st.sampled_from(["", "ask for a date"]),
        objective=st.sampled_from(["", "growth"]),
        due=_maybe(DAYS),
        accepted=_people(),
        state=st.sampled_from(["proposed", "agreed", "reached", "dropped"]),
        progress=st.lists(progress, max_size=2).map(tuple),
        made=_maybe(instants()),
    )


def actions() -> st.SearchStrategy[Action]:
    """Actions, open ones and such as are done or dropped."""
    return st.builds(
        Action,
        **_versioned(),
        relationship=IDS,
        owner=IDS,
        by=IDS,
        title=words("read a chapter", "call Quinn"),
        due=_maybe(DAYS),
        priority=st.sampled_from(["low", "normal", "high"]),
        session=_maybe(IDS),
        state=st.sampled_from(["open", "done", "dropped"]),
        made=instants(),
        closed=_maybe(instants()),
    )


def queries() -> st.SearchStrategy[Query]:
    """Questions between meetings, with and without answers."""
    reply = st.builds(Reply, by=IDS, words=words("yes", "not yet"), at=instants())
    return st.builds(
        Query,
        **_versioned(),
        relationship=IDS,
        asker=IDS,
        words=words("Who knows about visas?"),
        asked=instants(),
        replies=st.lists(reply, max_size=2).map(tuple),
    )


def resources() -> st.SearchStrategy[Resource]:
    """Resources behind a link, and such as are in words."""
    return st.builds(
        Resource,
        **_versioned(),
        relationship=IDS,
        by=IDS,
        title=words("A guide"),
        link=st.just("https://example.org/guide?id=1"),
        words=TEXT,
        shared=instants(),
    )


def insights() -> st.SearchStrategy[Insight]:
    """Insights in every state."""
    states = ("heard", "tried", "adopted")
    return st.builds(
        Insight,
        **_versioned(),
        relationship=IDS,
        owner=IDS,
        words=words("stand up in meetings"),
        source=st.sampled_from(["", "Finance"]),
        state=st.sampled_from(states),
        since=st.fixed_dictionaries({}, optional=dict.fromkeys(states, instants())),
    )


def questions() -> st.SearchStrategy[Question]:
    """Questions of every form, for every audience that the form allows."""
    wide = st.sampled_from(["respondent", "addressed", "coordinator", "aggregate"])
    rated = st.sampled_from(["respondent", "coordinator", "aggregate", "matching"])
    narrow = st.sampled_from(["respondent", "addressed", "coordinator"])
    shared = {"id": words("trust", "useful"), "text": messages()}
    return st.one_of(
        st.builds(
            Question,
            **shared,
            audience=wide,
            form=st.just("scale"),
            least=st.integers(0, 1),
            most=st.sampled_from([5, 7, 10]),
        ),
        st.builds(
            Question,
            **shared,
            audience=wide,
            form=st.just("choice"),
            options=st.sampled_from([("yes", "no"), ("yes", "no", "don't know")]),
        ),
        st.builds(Question, **shared, audience=narrow, form=st.just("text")),
        st.builds(Question, **shared, audience=rated, form=st.just("would-recommend")),
        st.builds(
            Question,
            **shared,
            audience=st.sampled_from(["flag", "coordinator"]),
            low=st.integers(1, 5),
            fall=_maybe(st.integers(1, 4)),
        ),
    )


def requests() -> st.SearchStrategy[Request]:
    """People asked, with any answers."""
    return st.builds(
        lambda asked, hours, **rest: Request(
            asked=asked, until=asked + datetime.timedelta(hours=hours), **rest
        ),
        instants(),
        st.integers(1, 999),
        **_versioned(),
        relationship=IDS,
        person=IDS,
        survey=words("pulse", "after-session"),
        key=words("1", "2"),
        questions=st.lists(questions(), min_size=1, max_size=2).map(tuple),
        session=_maybe(IDS),
        occasion=st.sampled_from(["", "start", "close"]),
        state=st.sampled_from(["open", "answered", "closed"]),
        answers=st.dictionaries(words("trust", "useful"), st.one_of(TEXT, WHOLE), max_size=2),
        reminded=st.booleans(),
    )


def tallies() -> st.SearchStrategy[Tally]:
    """Counts of answers, and questions that too few answered."""
    counts = st.dictionaries(st.sampled_from(["1", "2", "5"]), st.integers(0, 99), max_size=3)
    frozen = counts.map(FrozenMap)
    return st.builds(
        Tally,
        survey=words("pulse"),
        question=questions(),
        counts=_maybe(frozen),
        occasion=st.sampled_from(["", "start", "close"]),
    )


def signals() -> st.SearchStrategy[Signal]:
    """Signals, raised and settled."""
    return st.builds(
        Signal,
        **_versioned(),
        relationship=IDS,
        rule=words("silent"),
        key=words("1"),
        effect=st.sampled_from(EFFECTS),
        message=messages(),
        people=_people(),
        raised=instants(),
        state=st.sampled_from(["raised", "settled"]),
    )


def awards() -> st.SearchStrategy[Award]:
    """Awards, earned and given."""
    return st.builds(
        Award,
        **_versioned(),
        relationship=IDS,
        person=IDS,
        rule=words("milestones"),
        key=words("1"),
        title=messages(),
        granted=instants(),
        evidence=_people(),
        giver=_maybe(IDS),
        state=st.sampled_from(["granted", "revoked"]),
    )


def conduct_reports() -> st.SearchStrategy[ConductReport]:
    """Reports of conduct, open and settled."""
    return st.builds(
        ConductReport,
        **_versioned(),
        relationship=_maybe(IDS),
        reporter=IDS,
        about=IDS,
        words=TEXT,
        contact=_maybe(IDS),
        reported=instants(),
        state=st.sampled_from(["open", "settled"]),
    )


def events(*kinds: str) -> st.SearchStrategy[Event]:
    """Events of these kinds, or of any."""
    return st.builds(
        Event,
        id=IDS,
        at=instants(),
        kind=st.sampled_from(kinds) if kinds else words("session.held", "award.granted"),
        subject=IDS,
        programme=_maybe(IDS),
        relationship=_maybe(IDS),
        people=_people(),
        facts=st.dictionaries(words("stage", "number"), st.one_of(TEXT, WHOLE), max_size=2),
    )


def deliveries() -> st.SearchStrategy[Delivery]:
    """Deliveries in any state."""
    return st.builds(
        Delivery,
        event=events(),
        subscriber=words("log"),
        state=st.sampled_from(["waiting", "done", "dead"]),
        due=instants(),
        attempts=st.integers(0, 99),
        error=TEXT,
    )


def runs() -> st.SearchStrategy[ProgrammeRun]:
    """Programmes that run; the blueprint need not be the programme's."""
    return st.builds(
        ProgrammeRun,
        id=IDS,
        version=st.integers(0, 99),
        programme=programmes(),
        blueprint=blueprints(),
        state=st.sampled_from(["open", "closed"]),
        created=instants(),
    )


def enrolments() -> st.SearchStrategy[Enrolment]:
    """Participants in a programme."""
    return st.builds(
        Enrolment,
        version=st.integers(0, 99),
        programme=IDS,
        participant=participants(),
        state=st.sampled_from(["applied", "waiting", "enrolled", "declined", "left"]),
        reason=st.sampled_from([None, Message("waiting.told", "{words}", {"words": "no room"})]),
        entry=st.sampled_from(["applied", "assigned", "invited", "imported"]),
        entered=instants(),
        joined=st.one_of(st.none(), instants()),
        ratings=st.lists(_ratings(), max_size=2),
    )


def office_hours() -> st.SearchStrategy[OfficeHours]:
    """Office hours of some days, open or withdrawn."""
    most = st.sampled_from([None, 1, 3])
    days = st.tuples(DAYS, st.integers(0, 365))
    offer = st.builds(
        lambda span, **rest: Offer(
            first=span[0], last=span[0] + datetime.timedelta(days=span[1]), **rest
        ),
        days,
        windows=st.lists(windows(), min_size=1, max_size=3),
        timezone=st.sampled_from(ZONES),
        minutes=st.integers(5, 120),
        every=st.sampled_from([None, 5, 30]),
        before=st.integers(0, 60),
        after=st.integers(0, 60),
        notice=st.integers(0, 2000),
        ahead=st.sampled_from([None, 1, 30]),
        daily=most,
        weekly=most,
        seats=st.integers(1, 3),
        place=_maybe(TEXT),
        link=st.sampled_from([None, "https://example.org/room"]),
        public=st.booleans(),
    )
    state = st.sampled_from(["open", "withdrawn"])
    return st.builds(OfficeHours, **_versioned(), person=IDS, offer=offer, state=state)


def invitations() -> st.SearchStrategy[Invitation]:
    """Ways into a programme, open or not."""
    return st.builds(
        Invitation,
        **_versioned(),
        roles=some("mentee", "mentor"),
        email=st.sampled_from([None, "ann@example.org"]),
        made=instants(),
        until=instants(),
        state=st.sampled_from(["open", "used", "revoked"]),
        person=st.one_of(st.none(), IDS),
        digest=words("0f", "a1"),
    )


def _ratings() -> st.SearchStrategy[Rating]:
    return st.builds(
        Rating,
        field=st.sampled_from(["interview", "essay"]),
        value=st.integers(0, 5),
        on=st.dates(datetime.date(2000, 1, 1)),
        shown=st.booleans(),
    )


def drafts() -> st.SearchStrategy[Draft]:
    """Plans on their way; see `plans`."""
    return st.builds(
        Draft,
        **_versioned(),
        plan=plans(),
        state=st.sampled_from(["draft", "published", "replaced"]),
        made=instants(),
    )
