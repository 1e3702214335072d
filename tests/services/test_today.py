"""Who owes what: against what the things themselves say, in lives of programmes."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any, Literal

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lives import PEOPLE, Life, live, lives
from worlds import PAIR, World, participant

import mentorkit
from mentorkit import Actor, Event, Kit, Participant, Person, Programme, Relationship
from mentorkit.errors import MentorkitError, NotFound, Refused
from mentorkit.interfaces import Reader
from mentorkit.models import Choice, Duty, Message, Policies, Signal
from mentorkit.store.shelves import PROGRAMMES, SIGNALS
from mentorkit.testing.house import TrialHouse, house

TENANTS = itertools.count()
pytestmark = pytest.mark.once
FEW = settings(
    phases=[Phase.explicit, Phase.generate], max_examples=6, suppress_health_check=list(HealthCheck)
)
Found = set[tuple[str, str, tuple[str, ...]]]
TWO_WEEKS = dt.timedelta(days=14)


@pytest.fixture(scope="module")
def held() -> Iterator[TrialHouse]:
    """What is open follows from things that the tests of the store read on either database."""
    with house() as made:
        yield made


def a_life(held: TrialHouse, drawn: dict[str, Any], applied: set[str]) -> Life:
    """A life as it was drawn, beside it a programme that people apply to."""
    life = live(held, f"t{next(TENANTS)}", drawn)
    with life.kit() as kit:
        kit.programmes.create(Programme(policies=Policies(approval=True)), id="doors")
        for person in sorted(applied):
            part = Participant(person=kit.people.get(person), roles={"mentor": 1})
            kit.programmes.apply("doors", part)
    return life


drawn_lives = given(drawn=lives, applied=st.sets(st.sampled_from(PEOPLE)))


def found(duties: tuple[Duty, ...]) -> Found:
    made = [(one.kind, one.subject, one.people) for one in duties]
    assert len(set(made)) == len(made), "a duty is listed twice"
    return set(made)


def left(held: Relationship, done: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(person for person in held.people if person not in done)


def owed(kit: Kit, person: str, now: dt.datetime) -> Found:
    """What somebody owes, said once more: from what the services give thing by thing."""
    made: Found = set()
    for held in kit.relationships.of(person):
        made |= meetings(kit, held, now)
        for story in kit.stories.of(held.id):
            if waited := left(held, (*story.consented, *story.withdrawn)):
                made.add(("story.consent", story.id, waited))
        if held.stage == "closed":
            continue
        if held.stage in ("proposed", "chemistry"):
            made.add(("proposal.answer", held.id, left(held, held.accepted)))
        if held.stage == "agreeing":
            made.add(("agreement.sign", held.id, left(held, held.signed)))
        if held.proposal is not None:
            made.add(("agreement.sign", held.id, left(held, held.proposal.signed)))
        if held.extensions and held.extensions[-1].made is None:
            made.add(("extension.agree", held.id, left(held, held.extensions[-1].agreed)))
        for goal in kit.goals.of(held.id):
            if goal.state == "proposed":
                made.add(("goal.accept", goal.id, left(held, goal.accepted)))
        for action in kit.actions.of(held.id):
            if action.state == "open":
                made.add(("action.do", action.id, (action.owner,)))
        for query in kit.exchange.queries(held.id):
            if not query.replies:
                made.add(("question.answer", query.id, left(held, (query.asker,))))
        with_words = {
            who for point in kit.relationships.expectations(held.id) for who in point.said
        }
        if held.stage == "agreeing" and with_words and (waited := left(held, tuple(with_words))):
            made.add(("expectation.state", held.id, waited))
        for signal in kit.feedback.signals(held.programme):
            if signal.relationship == held.id and signal.effect == "nudge":
                made.add(("nudge.follow", signal.id, signal.people))
    for seat in kit.gatherings.seats_of(person):
        held_at = kit.gatherings.get(seat.gathering)
        if (seat.state, held_at.state) == ("coming", "planned") and held_at.ends > now:
            made.add(("gathering.attend", held_at.id, (person,)))
    for request in kit.feedback.asked_of(person):
        if request.until > now:
            made.add(("survey.answer", request.id, (person,)))
    for run in kit.programmes.page():
        for report in kit.feedback.conduct_reports(run.id):
            if report.state == "open" and report.contact is not None:
                made.add(("conduct.settle", report.id, (report.contact,)))
    return {duty for duty in made if person in duty[2]}


def meetings(kit: Kit, held: Relationship, now: dt.datetime) -> Found:
    """What is owed of meetings, before and after they are over, whether they parted or not."""
    made: Found = set()
    planned = [one for one in kit.sessions.of(held.id) if one.state == "planned"]
    ahead = [one for one in planned if one.ends > now]
    for session in planned:
        if session.ends <= now:
            made.add(("meeting.record", session.id, held.people))
        elif session is ahead[0] or session.starts.date() == now.date():
            made.add(("meeting.attend", session.id, held.people))
    return made


def waits(kit: Kit, programme: str, now: dt.datetime) -> Found:
    """What waits for a programme's coordinator, said once more."""
    made: Found = {
        ("applicant.decide", held.id, ())
        for held in kit.programmes.waiting(programme)
        if held.state == "applied"
    }
    with contextlib.suppress(NotFound):
        made.add(("draft.publish", kit.matching.latest(programme).id, ()))
    for held_at in kit.gatherings.of(programme):
        if held_at.state == "planned" and held_at.ends <= now:
            made.add(("gathering.record", held_at.id, ()))
    for signal in kit.feedback.signals(programme):
        if signal.effect in ("flag", "review"):
            made.add(("signal.settle", signal.id, ()))
    for held in kit.relationships.page(programme):
        if held.stage in ("proposed", "chemistry"):
            made.add(("proposal.answer", held.id, left(held, held.accepted)))
        if held.stage == "agreeing" and now - held.since["agreeing"] > TWO_WEEKS:
            made.add(("agreement.sign", held.id, left(held, held.signed)))
        if held.stage in ("active", "paused") and held.agreement is not None:
            # All of these days are days in UTC.
            end = dt.datetime.combine(held.agreement.ends, dt.time(), dt.UTC) + dt.timedelta(1)
            if end <= now + TWO_WEEKS:
                made.add(("relationship.ending", held.id, ()))
        for session in kit.sessions.of(held.id):
            if session.state == "planned" and session.ends <= now:
                made.add(("meeting.record", session.id, held.people))
    return made


@FEW
@drawn_lives
def test_every_open_duty_is_listed_once_to_those_who_owe_it(
    held: TrialHouse, drawn: dict[str, Any], applied: set[str]
) -> None:
    life = a_life(held, drawn, applied)
    now = held.clock.now
    with life.kit() as kit:
        for person in PEOPLE:
            assert found(kit.today.of(person)) == owed(kit, person, now)
        for run in kit.programmes.page():
            duties = kit.today.programme(run.id)
            assert found(duties) == waits(kit, run.id, now)
            by = [one.until or one.since for one in duties]
            assert by == sorted(by)  # type: ignore[type-var]


def do(kit: Kit, duty: Duty, person: str | None) -> None:
    """What a duty asks for, by whoever is asked."""
    of, subject = kit.relationships, duty.subject
    if duty.kind == "extension.agree":
        asked = of.get(subject).extensions[-1]
        of.extend(subject, asked.ends, asked.goal, person=person)
    elif duty.kind == "survey.answer":
        request = kit.feedback.get(subject)
        (first, *_) = request.questions
        answer = first.least if first.form == "scale" else (*first.options, "words")[0]
        kit.feedback.answer(subject, {first.id: answer})
    elif duty.kind == "applicant.decide":
        kit.programmes.approve(duty.programme, subject)
    else:
        acts: dict[str, Any] = {
            "proposal.answer": lambda: of.accept(subject, person=person or duty.people[0]),
            "agreement.sign": lambda: of.sign(subject, person=person or duty.people[0]),
            "goal.accept": lambda: kit.goals.accept(subject, person=person),
            "action.do": lambda: kit.actions.done(subject),
            "question.answer": lambda: kit.exchange.answer(subject, "words", person=person),
            "story.consent": lambda: kit.stories.consent(
                subject, kit.stories.get(subject).edition, person=person
            ),
            "expectation.state": lambda: of.expect(
                subject, all_points(kit, subject), person=person
            ),
            "meeting.attend": lambda: kit.sessions.cancel(subject),
            "meeting.record": lambda: kit.sessions.miss(subject),
            "nudge.follow": lambda: kit.feedback.settle(subject),
            "signal.settle": lambda: kit.feedback.settle(subject),
            "conduct.settle": lambda: kit.feedback.settle_conduct(subject),
            "draft.publish": lambda: kit.matching.publish(subject),
            "gathering.attend": lambda: kit.gatherings.sign_off(subject, person=person),
            "gathering.record": lambda: kit.gatherings.hold(subject),
            "relationship.ending": lambda: of.complete(subject),
        }
        acts[duty.kind]()


def all_points(kit: Kit, relationship: str) -> dict[str, str]:
    return {one.name: "words" for one in kit.relationships.expectations(relationship)}


class TakenBack(Exception):
    """Raised so that a kit leaves nothing behind."""


@FEW
@drawn_lives
def test_doing_what_is_owed_removes_it(
    held: TrialHouse, drawn: dict[str, Any], applied: set[str]
) -> None:
    life = a_life(held, drawn, applied)
    with life.kit() as kit:
        todo: list[tuple[str | None, Duty]] = [
            (person, duty) for person in PEOPLE for duty in kit.today.of(person)
        ]
        runs = [run.id for run in kit.programmes.page()]
        todo += [(None, duty) for run in runs for duty in kit.today.programme(run)]
    seen = set()
    for person, duty in todo:
        if (person, duty.kind) in seen:
            continue
        with pytest.raises(TakenBack), life.kit() as kit:
            try:
                do(kit, duty, person)
            except MentorkitError:
                raise TakenBack from None
            seen.add((person, duty.kind))
            after = kit.today.of(person) if person else kit.today.programme(duty.programme)
            same = [one for one in after if (one.kind, one.subject) == (duty.kind, duty.subject)]
            if person is None and duty.kind in ("proposal.answer", "agreement.sign"):
                assert all(duty.people[0] not in one.people for one in same)
            else:
                assert same == []
            raise TakenBack


def test_nobody_sees_what_another_owes_but_those_who_run_the_programme(world: World) -> None:
    world.begun(Programme(), PAIR)
    with world.kit(actor=Actor(person="may")) as kit:
        assert [duty.kind for duty in kit.today.of("may")] == ["proposal.answer"]
        (made,) = kit.relationships.of("may")
        kit.relationships.accept(made.id)
        assert kit.today.of("may") == kit.today.of("ann") == ()
        assert kit.today.programme("autumn") == ()
    with world.kit(actor=Actor(coordinates=["autumn"])) as kit:
        assert len(kit.today.of("ann")) == 1
        (late,) = kit.today.programme("autumn")
        assert late.people == ("ann",)
    with world.kit(actor=Actor(coordinates=["winter"])) as kit:
        assert kit.today.of("ann") == ()
        with pytest.raises(NotFound):
            kit.today.programme("autumn")


def test_a_report_of_conduct_is_owed_by_its_contact_and_told_to_nobody_else(world: World) -> None:
    people = (*PAIR, participant("eva", "mentor", 0))
    (made,) = world.begun(Programme(policies=Policies(safeguarding="eva")), people)
    world.active(made)
    with world.kit(actor=Actor(person="ann")) as kit:
        kit.feedback.report_conduct("may", "Please look at this.", relationship=made.id)
    for coordinates in ([], ["autumn"], ["*"]):
        with world.kit(actor=Actor(person="zoe", coordinates=coordinates)) as kit:
            assert "conduct.settle" not in {one.kind for one in kit.today.of("eva")}
    with world.kit(actor=Actor(person="eva")) as kit:
        assert "conduct.settle" in {one.kind for one in kit.today.of("eva")}


def test_a_proposal_is_owed_until_it_expires(world: World) -> None:
    begun = world.now
    world.begun(Programme(policies=Policies(answer=7)), PAIR)
    with world.kit() as kit:
        (duty,) = kit.today.of("ann")
        assert (duty.since, duty.until) == (begun, begun + dt.timedelta(days=7))
    world.forward(days=7)
    with world.kit() as kit:
        assert kit.today.of("ann") == ()


def test_what_was_given_up_or_is_looked_into_is_owed_as_it_stands(world: World) -> None:
    """A goal that was dropped, a review, and a pause in the last two weeks."""
    (made,) = world.begun(Programme(policies=Policies(length=28)), PAIR)
    world.active(made)
    world.forward(days=14, hours=16)
    with world.kit() as kit:
        goal = kit.goals.propose(made.id, "lead a team", person="ann")
        # The format's own nudges may have come by now.
        before = {one.subject for one in kit.today.of("ann")}
        assert {one.subject for one in kit.today.of("may")} - before == {goal.id}
        kit.goals.drop(goal.id, person="ann")
        assert {one.subject for one in kit.today.of("may")} <= before
        kit.relationships.pause(made.id, world.now.date() + dt.timedelta(days=2))
        signals: list[Literal["review", "nudge"]] = ["review", "nudge"]
        for effect in signals:
            signal = Signal(
                id=effect, programme="autumn", relationship=made.id, rule="rule", key=effect,
                effect=effect, message=Message("told", "look"), people=("ann",), raised=world.now,
            )  # fmt: skip
            kit._work.rows.add(SIGNALS, [signal])
        office = {one.kind: one.subject for one in kit.today.programme("autumn")}
        assert office == {"signal.settle": "review", "relationship.ending": made.id}
        assert {one.subject for one in kit.today.of("ann")} - before == {"nudge"}
        kit.relationships.end(made.id)
        assert kit.today.of("ann") == ()


@attrs.define
class Refusing:
    """A subscriber that takes nothing."""

    wants: frozenset[str] = frozenset({"programme.created", "plan.drafted"})

    def deliver(self, event: Event, key: str, read: Reader) -> None:
        raise Refused("no")


def test_the_office_reads_what_was_given_up(database_url: str) -> None:
    with house(database_url, subscribers={"mails": Refusing()}) as held:
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            for id in ("autumn", "winter"):
                kit.programmes.create(Programme(), id=id)
                kit.matching.draft(id)
        held.deliver()
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            (dead,) = [one for one in kit.today.programme("autumn") if one.subject == "mails"]
            assert (dead.kind, dead.what.values) == ("delivery.replay", {"number": 2})
            assert dead.since == held.clock.now
            for one in kit.deliveries.page("dead"):
                kit.deliveries.replay(one.event.id, one.subscriber)
            assert [one.kind for one in kit.today.programme("autumn")] == ["draft.publish"]


def test_the_office_reads_what_could_not_be_dealt_with(database_url: str) -> None:
    broken = Programme(awards={"odd": Choice("no-such-award")})
    with house(database_url) as held:
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            kit.programmes.create(Programme(), id="autumn")
            run = kit._work.rows.find(PROGRAMMES)[0]
            blueprint = attrs.evolve(run.blueprint, awards=broken.awards)
            kit._work.rows.save(PROGRAMMES, attrs.evolve(run, blueprint=blueprint))
            people = [("ann", "mentee"), ("may", "mentor")]
            kit.programmes.enrol(
                "autumn",
                [Participant(person=Person(id=id), roles={role: 1}) for id, role in people],
            )
            (made,) = kit.matching.publish(kit.matching.draft("autumn").id)
        assert len(held.advance().failed) == 1
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            (duty,) = [
                one for one in kit.today.programme("autumn") if one.kind == "relationship.mend"
            ]
            assert (duty.subject, duty.about) == (made.id, made.people)
            assert "no-such-award" in str(duty.what)


def test_what_was_done_is_owed_no_longer(world: World) -> None:
    """Nobody has to settle a nudge: a meeting is recorded, or the next is planned."""
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    with world.kit() as kit:
        met = kit.sessions.plan(held.id, world.now + dt.timedelta(hours=1))

    def nudged() -> list[str]:
        with world.kit() as kit:
            listed = {one.subject for one in kit.today.of("ann") if one.kind == "nudge.follow"}
            raised = kit.feedback.signals("autumn")
            assert listed == {one.id for one in raised if one.effect == "nudge"}
            return [f"{one.rule} {one.effect}" for one in raised]

    world.forward(days=4)
    assert nudged() == ["late nudge"]
    world.forward(days=4)
    assert nudged() == ["late nudge", "late flag"]
    with world.kit() as kit:
        kit.sessions.hold(met.id)
    world.forward()
    assert nudged() == []
    world.forward(days=20)
    assert nudged() == ["silent nudge"]
    with world.kit() as kit:
        kit.sessions.plan(held.id, world.now + dt.timedelta(days=3))
    world.forward()
    assert nudged() == []


def test_at_the_end_each_owes_two_answers_and_the_office_nothing(world: World) -> None:
    """From the last day on, until they answered or two weeks have passed."""
    (held,) = world.begun(Programme(policies=Policies(length=28)), PAIR)
    world.active(held)
    world.forward(days=29)
    with world.kit() as kit:
        assert kit.relationships.get(held.id).outcome == "completed"
        assert kit.today.programme("autumn") == ()
        for person in held.people:
            owed = kit.today.of(person)
            assert [one.kind for one in owed] == ["survey.answer"] * 2
            assert {one.until - world.now for one in owed} == {dt.timedelta(days=14)}
            asked = {one.survey: one for one in kit.feedback.asked_of(person)}
            assert sorted(asked) == ["closing", "self-assessment"]
        kit.feedback.answer(asked["closing"].id, {"recommend": 9})
        assert len(kit.today.of("may")) == 1
        assert dict(kit.reports.status("autumn").requests) == {
            "answered": 1,
            "closed": 2,
            "open": 3,
        }
    with world.kit() as kit:
        kit.programmes.close("autumn")
    world.forward(days=7)
    with world.kit() as kit:
        told = [one for one in kit.reports.journal() if one.kind == "survey.reminded"]
        assert [one.people for one in told if one.at == world.now] == [("ann",)] * 2 + [("may",)]
        may = asked["self-assessment"].id
        kit.feedback.answer(may, {"learning": 4})
    world.forward(days=7)
    with world.kit() as kit:
        assert kit.today.of("ann") == kit.today.of("may") == kit.today.programme("autumn") == ()
        assert set(kit.reports.status("autumn").requests) == {"closed"}
