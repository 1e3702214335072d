"""Lives of programmes, drawn: whatever people do in them, each word marked with whose it is.

A mark reads «kind|whose»; `whose` is a person, or the people together in a relationship.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable
from typing import Any

import attrs
import hypothesis.strategies as st
from sqlalchemy import select

import mentorkit
from mentorkit import Agreement, Kit, Participant, Person, Programme, Relationship, Skill
from mentorkit.errors import Conflict, Forbidden, Invalid
from mentorkit.models import Offer, Policies, Protected, RatingScale, Window
from mentorkit.store import schema
from mentorkit.testing.house import TrialHouse

MENTEES, MENTORS = ("ann", "bob", "cyn", "1"), ("may", "moe", "mia")
PEOPLE = (*MENTEES, *MENTORS)
"""One of them has an id that is hard to tell from a number."""
MARK = re.compile(r"«([^|»]+)\|([^|»]+)»")
PROGRAMMES = {
    "pairs": Programme(
        practices=["cross-functional"],
        criteria={
            "wishes": mentorkit.Use("preferences", weight=2),
            "skills": mentorkit.Use("skills"),
            "interests": mentorkit.Use("interests"),
        },
        policies=Policies(length=56, cadence=14, safeguarding="mia"),
        surveys={"chemistry": mentorkit.Choice("chemistry")},
        protected={"identity": Protected("to see that all are matched alike")},
        ratings={"interview": RatingScale()},
    ),
    "groups": Programme(topology="group", policies=Policies(length=28, cadence=7)),
    "short": Programme(topology="flash"),
}
ACTS = (
    *("end", "decline", "terms", "expect", "change", "note", "secret", "goal", "reach", "thank"),
    *("pause", "extend", "help", "conduct", "chat", "gather"),
    *("action", "done", "ask", "reply", "share", "insight", "topic", "story", "told"),
    *("plan", "hold", "hold", "answer", "answer", "answer", "pass"),
)
lives = st.fixed_dictionaries(
    {
        "programmes": st.sets(st.sampled_from(sorted(PROGRAMMES)), min_size=1),
        "wishes": st.lists(
            st.tuples(
                st.sampled_from(PEOPLE),
                st.sampled_from(["prefers", "avoids", "not_again", "manager"]),
                st.sampled_from(PEOPLE),
            ),
            max_size=6,
        ),
        "acts": st.lists(
            st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 9)), max_size=30
        ),
        "erased": st.sampled_from(PEOPLE),
    }
)


def mark(kind: str, *whose: str) -> str:
    return f"«{kind}|{'+'.join(sorted(whose))}»"


def marks(cells: object) -> set[tuple[str, str]]:
    """The marks in anything that can be shown."""
    return set(MARK.findall(repr(cells)))


def dumped(house: TrialHouse) -> dict[str, list[tuple[Any, ...]]]:
    """Every column of every row of every table."""
    with house.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table))]
            for name, table in schema.metadata.tables.items()
        }


def _person(id: str) -> Person:
    return Person(
        id=id,
        name=mark("name", id),
        email=f"{mark('mail', id)}@example.org",
        attributes={"department": "one" if id in MENTEES else "other", "past": mark("past", id)},
    )


def _part(id: str, wishes: list[tuple[str, str, str]]) -> Participant:
    mentee = id in MENTEES
    named: dict[str, Any] = {}
    for whose, field, whom in wishes:
        if whose == id != whom:
            named[field] = whom if field == "manager" else {*named.get(field, ()), whom}
    return Participant(
        person=_person(id),
        roles={"mentee" if mentee else "mentor": 1 if mentee else 3},
        interests=["chess", mark("interest", id)],
        aims=mark("aim", id),
        brings=mark("bring", id),
        **{"seeks" if mentee else "offers": [Skill("Python"), Skill(mark("skill", id))]},
        **{field: sorted(held) if field != "manager" else held for field, held in named.items()},
        protected={"identity": mark("identity", id)},
    )


@attrs.define
class Life:
    """What happens in a house, one act after the other."""

    house: TrialHouse
    tenant: str
    relationships: list[Relationship] = attrs.field(factory=list)
    count: Callable[[], int] = attrs.field(factory=lambda: itertools.count().__next__)

    def kit(self) -> Kit:
        return self.house.kit(actor=mentorkit.SYSTEM, tenant=self.tenant)

    def begin(self, programmes: set[str], wishes: list[tuple[str, str, str]]) -> None:
        with self.kit() as kit:
            # What was known of people before is nothing that may be left, either.
            kit.people.put([attrs.evolve(_person(id), name=mark("was", id) * 40) for id in PEOPLE])
            for id in sorted(programmes):
                kit.programmes.create(PROGRAMMES[id], id=id)
                parts = [_part(person, wishes) for person in PEOPLE]
                if id != "pairs":
                    parts = [attrs.evolve(part, protected={}) for part in parts]
                kit.programmes.enrol(id, parts)
                kit.matching.draft(id)
                pairs = [(mentee, mentor) for mentee in MENTEES[:2] for mentor in MENTORS[1:]]
                made = kit.matching.publish(kit.matching.draft(id, forbids=pairs[:1]).id)
                kit.matching.draft(id)
                self.relationships += made
                for person in PEOPLE:
                    if id == "pairs":
                        kit.programmes.rate(id, person, "interview", 3)
                    kit.programmes.invite(id, email=_person(person).email)
                    if id == "short" and person in MENTORS:
                        kit.booking.offer(id, self._hours(person), person=person)

    def _hours(self, person: str) -> Offer:
        today = self.house.clock.now.date()
        return Offer(
            first=today,
            last=today + dt.timedelta(days=60),
            windows=(Window(2, 540, 720),),
            timezone="UTC",
            place=mark("offer", person),
            public=True,
        )

    def do(self, act: str, where: int, who: int) -> None:
        """One act of somebody in a relationship, if it can be done there."""
        if act == "pass" or not self.relationships:
            self.house.clock.forward(days=3 + 4 * who)
            assert self.house.advance().failed == ()
            return
        held = self.relationships[where % len(self.relationships)]
        person = held.people[who % len(held.people)]
        other = held.people[(who + 1) % len(held.people)]
        with self.kit() as kit:
            try:
                getattr(self, f"_{act}")(kit, held, person, other)
            except (Conflict, Forbidden, Invalid):
                return

    def _meeting(self, kit: Kit, held: Relationship) -> None:
        """Take it to where people meet, if it is on its way there."""
        for step in (kit.relationships.accept, kit.relationships.sign):
            for person in held.people:
                if kit.relationships.get(held.id).stage in ("proposed", "agreeing"):
                    step(held.id, person=person)

    def _end(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        kit.relationships.end(held.id, person=person, reason=mark("reason", person), not_again=True)

    def _pause(self, kit: Kit, held: Relationship, _: str, __: str) -> None:
        self._meeting(kit, held)
        kit.relationships.pause(held.id, self.house.clock.now.date() + dt.timedelta(days=3))

    def _extend(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        self._meeting(kit, held)
        goal = kit.goals.propose(held.id, mark("goal", person), person=person)
        now = kit.relationships.get(held.id)
        assert now.agreement is not None
        ends = now.agreement.ends + dt.timedelta(days=7)
        kit.relationships.extend(held.id, ends, goal.id, person=person)

    def _help(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        kit.feedback.ask_help(held.id, mark("help", person), person=person)

    def _conduct(self, kit: Kit, held: Relationship, person: str, other: str) -> None:
        kit.feedback.report_conduct(
            other, mark("conduct", person), programme=held.programme, person=person
        )

    def _gather(self, kit: Kit, held: Relationship, person: str, other: str) -> None:
        """Both sign up for one seat; what was is recorded."""
        for made in kit.gatherings.of(held.programme):
            if made.state == "planned" and made.starts <= self.house.clock.now:
                kit.gatherings.hold(
                    made.id, attended=[one.person for one in kit.gatherings.seats(made.id)][:1]
                )
        starts = self.house.clock.now + dt.timedelta(days=2, minutes=self.count())
        made = kit.gatherings.announce(
            held.programme, "A talk", starts, starts + dt.timedelta(hours=1), seats=1
        )
        for one in (person, other):
            kit.gatherings.sign_up(made.id, person=one)

    def _decline(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        kit.relationships.decline(held.id, person=person)

    def _chat(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        kit.relationships.ask_chat(held.id, person=person)
        words = mark("place", *held.people)
        kit.sessions.plan(held.id, self.house.clock.now, place=words)

    def _terms(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for one in held.people:
            kit.relationships.accept(held.id, person=one)
        today = self.house.clock.now.date()
        terms = mark("terms", *held.people)
        points = kit.programmes.get(held.programme).blueprint.agreement.points
        agreement = Agreement(
            starts=today,
            ends=today + dt.timedelta(days=40),
            terms=terms,
            channels=terms,
            boundaries=terms,
            points=dict.fromkeys(points, terms),
        )
        kit.relationships.propose_terms(held.id, agreement, person=person)

    def _expect(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for one in held.people:
            kit.relationships.accept(held.id, person=one)
        points = kit.programmes.get(held.programme).blueprint.agreement.points
        said = dict.fromkeys(points, mark("expected", person))
        kit.relationships.expect(held.id, said, person=person)

    def _change(self, kit: Kit, held: Relationship, person: str, other: str) -> None:
        self._meeting(kit, held)
        now = kit.relationships.get(held.id).agreement
        assert now is not None
        terms = attrs.evolve(now, terms=mark("terms", *held.people), cadence=self.count() + 1)
        kit.relationships.propose_terms(held.id, terms, person=person)
        for one in (person, other)[: 1 + self.count() % 2]:
            kit.relationships.sign(held.id, person=one)

    def _note(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        kit.relationships.write(
            held.id, mark("note", person), shared=True, along=True, person=person
        )

    def _secret(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        kit.relationships.write(held.id, mark("secret", person), person=person)

    def _goal(self, kit: Kit, held: Relationship, person: str, other: str) -> None:
        words = mark("goal", person)
        goal = kit.goals.propose(
            held.id, words, metric=words, baseline=0, target=9, first_step=words, person=person
        )
        for one in held.people:
            kit.goals.accept(goal.id, person=one)
        kit.goals.record(goal.id, 4.5, person=other)

    def _reach(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for goal in kit.goals.of(held.id):
            kit.goals.reach(goal.id, person=person)

    def _action(self, kit: Kit, held: Relationship, person: str, other: str) -> None:
        kit.actions.add(held.id, mark("action", person), person=person)
        kit.actions.add(held.id, mark("action", person, other), owner=other, person=person)

    def _done(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for action in kit.actions.of(held.id):
            if action.owner == person:
                kit.actions.done(action.id)

    def _ask(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        kit.exchange.ask(held.id, mark("question", person), person=person)

    def _reply(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for query in kit.exchange.queries(held.id):
            if query.asker != person:
                kit.exchange.answer(query.id, mark("reply", person), person=person)

    def _share(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        words = mark("resource", person)
        link = f"https://example.org/{words}"
        kit.exchange.share(held.id, words, link=link, words=words, person=person)

    def _insight(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        words = mark("insight", person)
        insight = kit.insights.add(held.id, words, source=words, person=person)
        kit.insights.tried(insight.id)

    def _story(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        words = mark("story", *held.people)
        kit.stories.write(held.id, words, words, person=person)

    def _told(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        """All consent to every story, and now and then one takes that back."""
        for story in kit.stories.of(held.id):
            for one in held.people:
                kit.stories.consent(story.id, story.edition, person=one)
            if self.count() % 2:
                kit.stories.withdraw(story.id, person=person)

    def _topic(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for session in [one for one in kit.sessions.of(held.id) if one.state == "planned"]:
            kit.sessions.add_topic(session.id, mark("topic", *held.people), person=person)

    def _thank(self, kit: Kit, held: Relationship, person: str, other: str) -> None:
        kit.recognition.thank(held.id, other, mark("thanks", person, other), giver=person)

    def _plan(self, kit: Kit, held: Relationship, _: str, __: str) -> None:
        self._meeting(kit, held)
        words = mark("place", *held.people)
        starts = self.house.clock.now + dt.timedelta(days=1, minutes=self.count())
        link = f"https://example.org/{words}"
        kit.sessions.plan(held.id, starts, minutes=1, place=words, public=True, link=link)
        kit.sessions.schedule([held.id])

    def _hold(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for session in kit.sessions.of(held.id):
            if session.state == "planned" and session.ends <= self.house.clock.now:
                names = session.due or ("lessons",)
                outputs = dict.fromkeys(names, mark("output", *held.people))
                kit.sessions.hold(session.id, attended=[person], outputs=outputs)
                words = {"more": mark("output", *held.people)}
                kit.sessions.correct(session.id, attended=held.people, outputs=words)
                return

    def _answer(self, kit: Kit, held: Relationship, person: str, _: str) -> None:
        for request in kit.feedback.asked_of(person):
            answers: dict[str, str | int] = {}
            for question in request.questions:
                forms = {"scale": question.least, "text": mark("answer", person)}
                answers[question.id] = forms.get(question.form) or question.options[-1]
            kit.feedback.answer(request.id, answers)


def live(house: TrialHouse, tenant: str, drawn: dict[str, Any]) -> Life:
    """A life as it was drawn, in a tenant of its own."""
    life = Life(house, tenant)
    life.begin(drawn["programmes"], drawn["wishes"])
    for act in drawn["acts"]:
        life.do(*act)
    return life
