"""What happens between a proposal and an end: answers, chats, pauses, extensions, successors."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from worlds import PAIR, World, participant

from mentorkit import Actor, Choice, Conflict, Forbidden, Invalid, Policies, Programme, Relationship
from mentorkit.errors import NotFound

pytestmark = pytest.mark.once

DAY = dt.timedelta(days=1)
MORE = (*PAIR, participant("moe", "mentor"))


def _open(world: World, programme: str = "autumn") -> list[Relationship]:
    with world.kit() as kit:
        return [held for held in kit.relationships.page(programme) if held.outcome is None]


def test_who_does_not_answer_loses_the_proposal_and_the_other_gets_the_next_best(
    world: World,
) -> None:
    (held,) = world.begun(Programme(), MORE)
    first = held.people[1]
    with world.kit() as kit:
        kit.relationships.accept(held.id, person="ann")
    world.forward(days=13)
    assert [one.id for one in _open(world)] == [held.id]
    world.forward(days=1)
    with world.kit() as kit:
        assert kit.relationships.get(held.id).outcome == "expired"
    (after,) = _open(world)
    assert (after.stage, after.people[0]) == ("proposed", "ann")
    assert after.people[1] in {"may", "moe"} - {first}
    with world.kit() as kit:
        assert [one.id for one in kit.matching.withdraw(_published(kit))] == [after.id]
    assert _open(world) == []


def test_nobody_is_proposed_for_whoever_kept_silent(world: World) -> None:
    world.begun(Programme(), MORE)
    world.forward(days=14)
    assert _open(world) == []


@pytest.mark.parametrize("why", ["the programme does not want it", "a draft waits"])
def test_the_next_best_is_left_to_the_coordinator(world: World, why: str) -> None:
    wanted = why == "a draft waits"
    (held,) = world.begun(Programme(policies=Policies(next_best=wanted)), MORE)
    with world.kit() as kit:
        if wanted:
            kit.matching.draft("autumn")
        kit.relationships.decline(held.id, person="ann")
    world.forward(days=1)
    assert _open(world) == []


def test_what_the_coordinator_forbade_is_not_the_next_best(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol("autumn", MORE)
        draft = kit.matching.draft("autumn", forbids=[("ann", "moe")])
        (held,) = kit.matching.publish(draft.id)
        assert held.people == ("ann", "may")
        kit.relationships.decline(held.id, person="may")
    world.forward(days=1)
    assert _open(world) == []


def test_what_was_published_is_taken_back_until_somebody_answers(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol("autumn", PAIR)
        draft = kit.matching.draft("autumn")
        with pytest.raises(Conflict, match="is not published"):
            kit.matching.withdraw(draft.id)
        (held,) = kit.matching.publish(draft.id)
        kit.relationships.ask_chat(held.id, person="ann")
        (back,) = kit.matching.withdraw(draft.id)
        assert (back.stage, back.outcome) == ("closed", "withdrawn")
        assert kit.matching.withdraw(draft.id) == (back,)
        with pytest.raises(Conflict, match="was withdrawn"):
            kit.matching.publish(draft.id)
        (again,) = kit.matching.publish(kit.matching.draft("autumn").id)
        assert again.people == held.people
        kit.relationships.accept(again.id, person="may")
        with pytest.raises(Conflict, match="was accepted by 'may' already"):
            kit.matching.withdraw(kit.matching.get(_published(kit)).id)
        assert kit.relationships.get(again.id).stage == "proposed"


def _published(kit: object) -> str:
    journal = kit.reports.journal("autumn")  # type: ignore[attr-defined]
    return [event.subject for event in journal if event.kind == "plan.published"][-1]


@pytest.mark.parametrize("end", ["decline", "end"])
def test_not_again_holds_in_every_programme_and_nobody_reads_it(world: World, end: str) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit() as kit:
        getattr(kit.relationships, end)(held.id, person="ann", not_again=True)
        kit.programmes.create(Programme(), id="spring")
        kit.programmes.enrol("spring", PAIR)
        draft = kit.matching.draft("spring")
        assert draft.plan.pairs == ()
        assert draft.plan.record.forbids == ()
        assert kit.programmes.participant("spring", "ann").participant.not_again == ()
        kit.programmes.enrol("spring", [participant("moe", "mentor")])
        assert kit.matching.draft("spring").plan.pairs == (("ann", "moe"),)


def test_not_again_is_read_and_taken_back_by_oneself_alone(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit() as kit:
        kit.relationships.end(held.id, person="ann", not_again=True)
        kit.programmes.create(Programme(), id="spring")
        kit.programmes.enrol("spring", PAIR)
        events = kit.reports.journal()
    for actor in (Actor(person="may"), Actor(person="may", coordinates=["*"])):
        with world.kit(actor=actor) as kit:
            assert kit.people.kept_apart("may") == ()
            kit.people.let_again("may", "ann")
            with pytest.raises(Forbidden):
                kit.people.kept_apart("ann")
            with pytest.raises(Forbidden):
                kit.people.let_again("ann", "may")
    with world.kit(actor=Actor(person="ann")) as kit:
        assert kit.people.kept_apart("ann") == kit.people.export("ann").kept_apart == ("may",)
    with world.kit() as kit:
        assert kit.matching.draft("spring").plan.pairs == ()
    with world.kit(actor=Actor(person="ann")) as kit:
        kit.people.let_again("ann", "may")
        kit.people.let_again("ann", "may")
        assert kit.people.kept_apart("ann") == kit.people.export("ann").kept_apart == ()
    with world.kit() as kit:
        assert kit.matching.draft("spring").plan.pairs == (("ann", "may"),)
        assert [event.kind for event in kit.reports.journal()[len(events) :]] == [
            "plan.drafted"
        ] * 2


def test_only_in_ones_own_name_not_again(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit() as kit, pytest.raises(Invalid, match="own name"):
        kit.relationships.end(held.id, not_again=True)


def test_a_pause_ends_by_itself_and_nothing_is_asked_meanwhile(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    held = world.active(held)
    assert held.agreement is not None
    with world.kit() as kit:
        made = kit.sessions.schedule([held.id]).sessions
        until = made[1].starts.date()
        kit.relationships.pause(held.id, until)
        states = [one.state for one in kit.sessions.of(held.id)]
        assert states == ["cancelled"] + ["planned"] * (len(made) - 1)
        with pytest.raises(Conflict, match="paused"):
            kit.sessions.plan(held.id, world.now + DAY)
    world.now = dt.datetime.combine(until - DAY, dt.time(23, 59), dt.UTC)
    world.forward()
    with world.kit() as kit:
        assert kit.relationships.get(held.id).stage == "paused"
    world.forward(minutes=1)
    with world.kit() as kit:
        after = kit.relationships.get(held.id)
    assert after.stage == "active"
    assert after.agreement is not None
    assert after.agreement.ends - held.agreement.ends == until - made[0].starts.date() + DAY


def test_who_was_mentored_gives_back_and_alumni_stay_in_touch(world: World) -> None:
    (first,) = world.begun(Programme(), PAIR)
    world.active(first)
    with world.kit() as kit:
        kit.relationships.complete(first.id)
        assert first.give_back == ()
        asked = kit.exchange.ask(first.id, "How did it go?", person="may")
        assert kit.exchange.answer(asked.id, "Well.", person="ann").replies
    later = [participant(name, "mentor") for name in ("ann", "may")]
    later += [participant(name, "mentee") for name in ("yan", "zoe")]
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="next")
        kit.programmes.enrol("next", later)
        begun = kit.matching.publish(kit.matching.draft("next").id)
    backs = {person: held.give_back for held in begun for person in held.people}
    assert (backs["ann"], backs["may"]) == (("ann",), ())
    (mine,) = (held for held in begun if "ann" in held.people)
    world.active(mine)
    with world.kit() as kit:
        kit.sessions.hold(kit.sessions.plan(mine.id, world.now).id)
    world.forward(minutes=90)
    with world.kit() as kit:
        rules = {award.rule: award.relationship for award in kit.recognition.of("ann")}
    assert rules["giving-back"] == mine.id


def test_a_meeting_from_before_a_pause_is_recorded_within_it(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    held = world.active(held)
    with world.kit() as kit:
        past = kit.sessions.plan(held.id, world.now + dt.timedelta(hours=1))
        ahead = kit.sessions.plan(held.id, world.now + 2 * DAY)
    world.forward(days=1)
    with world.kit() as kit:
        kit.relationships.pause(held.id, (world.now + 30 * DAY).date())
        assert {kit.sessions.get(one.id).state for one in (past,)} == {"planned"}
        assert kit.sessions.get(ahead.id).state == "cancelled"
        assert kit.sessions.hold(past.id).state == "held"
        assert kit.relationships.get(held.id).stage == "paused"


def test_a_meeting_from_before_the_end_is_recorded_after_it(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    held = world.active(held)
    with world.kit() as kit:
        past = kit.sessions.plan(held.id, world.now + dt.timedelta(hours=1))
        ahead = kit.sessions.plan(held.id, world.now + 2 * DAY)
    world.forward(days=1)
    with world.kit() as kit:
        closed = kit.relationships.complete(held.id)
        assert kit.sessions.get(ahead.id).state == "cancelled"
        assert "meeting.record" in {one.kind for one in kit.today.of("ann")}
        with pytest.raises(Conflict, match="has closed; say what became of this meeting"):
            kit.sessions.move(past.id, world.now + DAY)
        assert kit.sessions.hold(past.id).state == "held"
        assert kit.relationships.get(held.id) == closed
        assert "meeting.record" not in {one.kind for one in kit.today.of("ann")}


def test_nobody_is_asked_or_called_silent_in_a_pause(world: World) -> None:
    (held,) = world.begun(Programme(surveys={"pulse": Choice("pulse")}), PAIR)
    held = world.active(held)
    with world.kit() as kit:
        kit.sessions.plan(held.id, world.now + dt.timedelta(hours=1))
    world.forward(days=2)
    with world.kit() as kit:
        before = kit.feedback.of(held.id)
    assert [one.survey for one in before] == ["self-assessment"] * 2
    with world.kit() as kit:
        kit.relationships.pause(held.id, (world.now + 60 * DAY).date())
    for _ in range(59):
        world.forward(days=1)
    with world.kit() as kit:
        ids = [one.id for one in kit.feedback.of(held.id)]
        assert (ids, kit.feedback.signals("autumn")) == ([one.id for one in before], ())
    world.forward(days=1)
    resumed = world.now
    for _ in range(35):
        world.forward(days=1)
    with world.kit() as kit:
        raised = {(one.rule, one.effect): one.raised for one in kit.feedback.signals("autumn")}
        asked = {one.asked for one in kit.feedback.of(held.id) if one.survey == "pulse"}
    begun = held.since["active"]
    assert asked == {begun + 90 * DAY}
    midnight = resumed.replace(hour=0)
    assert {key: at - midnight for key, at in raised.items()} == {
        ("late", "nudge"): dt.timedelta(days=3, hours=8),
        ("late", "flag"): dt.timedelta(days=6, hours=8),
        ("silent", "nudge"): dt.timedelta(days=21, hours=8),
    }


def test_it_goes_on_longer_for_a_new_goal_that_all_agreed_on(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit() as kit:
        old = kit.goals.propose(held.id, "an old goal", person="ann")
    held = world.active(held)
    assert held.agreement is not None
    ends = held.agreement.ends + 30 * DAY
    world.forward(days=1)
    with world.kit() as kit:
        kit.goals.accept(old.id, person="may")
        kit.relationships.extend(held.id, ends, old.id, person="ann")
        with pytest.raises(Conflict, match="the goal is an old one; set a new one"):
            kit.relationships.extend(held.id, ends, old.id, person="may")
        new = kit.goals.propose(held.id, "a new goal", person="ann")
        kit.relationships.extend(held.id, ends, new.id, person="may")
        with pytest.raises(Conflict, match="the goal is proposed"):
            kit.relationships.extend(held.id, ends, new.id, person="ann")
        kit.goals.accept(new.id, person="may")
        after = kit.relationships.extend(held.id, ends, new.id, person="ann")
    assert after.agreement is not None
    assert after.agreement.ends == ends
    assert [one.goal for one in after.extensions] == [new.id]


def test_all_are_told_that_it_ends_soon_and_a_second_extension_is_flagged(world: World) -> None:
    (held,) = world.begun(Programme(policies=Policies(length=30, cadence=30)), PAIR)
    held = world.active(held)
    assert held.agreement is not None
    ends = held.agreement.ends

    def raised(rule: str) -> list[tuple[str, tuple[str, ...], dt.date]]:
        with world.kit() as kit:
            found = [one for one in kit.feedback.signals("autumn") if one.rule == rule]
        return [(one.effect, one.people, one.raised.date()) for one in found]

    for more in range(2):
        while world.now.date() < ends - 14 * DAY:
            assert raised("ends-soon") == []
            world.forward(days=1)
        assert raised("ends-soon") == [("nudge", held.people, ends - 14 * DAY)]
        ends += 30 * DAY
        with world.kit() as kit:
            goal = kit.goals.propose(held.id, f"goal {more}", person="ann")
            kit.goals.accept(goal.id, person="may")
            for person in held.people:
                kit.relationships.extend(held.id, ends, goal.id, person=person)
        world.forward()
        flagged = [("flag", held.people, world.now.date())] * more
        assert raised("extended-again") == flagged
        assert raised("ends-soon") == [], "they go on"
    with world.kit() as kit:
        kit.relationships.complete(held.id)
    world.forward()
    assert raised("ends-soon") == []
    assert raised("extended-again") == flagged
    with world.kit() as kit:
        told = kit.reports.journal("autumn")
    settled = [one.facts["rule"] for one in told if one.kind == "signal.settled"]
    assert settled.count("ends-soon") == 2


def test_a_successor_takes_over_with_the_goals_and_a_line_back(world: World) -> None:
    (held,) = world.begun(Programme(), MORE)
    held, first = world.active(held), held.people[1]
    with world.kit() as kit:
        goal = kit.goals.propose(held.id, "a goal", person="ann")
        kit.goals.accept(goal.id, person=first)
        theirs = kit.goals.propose(held.id, "the mentor's own", person=first)
        kit.goals.accept(theirs.id, person="ann")
        with pytest.raises(Invalid, match="is no member"):
            kit.matching.hand_over(held.id, "zed")
        made = kit.matching.hand_over(held.id, first)
        before = kit.relationships.get(held.id)
        assert (before.stage, before.outcome) == ("closed", "handed-over")
        assert (made.stage, made.follows) == ("proposed", held.id)
        assert set(made.people) == {"ann", "may", "moe"} - {first}
        (along,) = kit.goals.of(made.id)
        assert (along.title, along.state, along.accepted) == ("a goal", "proposed", ("ann",))
        kit.goals.accept(along.id, person=made.people[1])
        assert kit.goals.get(along.id).state == "agreed"


def test_only_what_its_author_marked_goes_along_to_a_successor(world: World) -> None:
    (held,) = world.begun(Programme(), MORE)
    held, first = world.active(held), held.people[1]
    with world.kit() as kit:
        for person in held.people:
            kit.relationships.write(held.id, f"{person}'s own", person=person)
            kit.relationships.write(held.id, f"{person}'s shared", shared=True, person=person)
            words = f"{person}'s, to go along"
            kit.relationships.write(held.id, words, shared=True, along=True, person=person)
            with pytest.raises(Invalid, match="for notes that are shared"):
                kit.relationships.write(held.id, "mine", along=True, person=person)
        made = kit.matching.hand_over(held.id, first)
        second = made.people[1]

    def read(relationship: str, person: str) -> set[str]:
        with world.kit(actor=Actor(person=person)) as kit:
            try:
                return {note.text for note in kit.relationships.notes(relationship)}
            except NotFound:
                return {"nothing"}

    along = {"ann's, to go along", f"{first}'s, to go along"}
    assert read(made.id, second) == read(made.id, "ann") == set()
    with world.kit() as kit:
        kit.relationships.accept(made.id, person="ann")
    assert read(made.id, second) == set(), "who may still decline reads nothing"
    with world.kit() as kit:
        kit.relationships.accept(made.id, person=second)
        kit.relationships.write(made.id, "a new one", shared=True, person=second)
    assert read(made.id, second) == read(made.id, "ann") == {*along, "a new one"}
    assert read(held.id, second) == read(made.id, first) == {"nothing"}
    with world.kit() as kit:
        kit.people.remove(first)
    assert read(made.id, second) == {"ann's, to go along", "a new one"}


def test_who_may_not_be_matched_is_no_successor_and_nothing_changes(world: World) -> None:
    people = [*PAIR, participant("moe", "mentor", avoids=["ann"])]
    (held,) = world.begun(Programme(), people)
    held = world.active(held)
    with pytest.raises(Conflict, match="'moe' is not available"), world.kit() as kit:
        kit.matching.hand_over(held.id, "may", to="moe")
    with world.kit() as kit:
        assert kit.relationships.get(held.id) == held
        assert kit.relationships.page("autumn") == (held,)


def test_a_mentor_who_has_no_place_left_is_no_successor(world: World) -> None:
    people = [*MORE, participant("bob", "mentee")]
    made = [world.active(one) for one in world.begun(Programme(), people)]
    mine = next(one for one in made if "ann" in one.people)
    other = next(one for one in made if one is not mine).people[1]
    with pytest.raises(Conflict), world.kit() as kit:
        kit.matching.hand_over(mine.id, mine.people[1], to=other)
    with world.kit() as kit:
        parts = kit.programmes.participant("autumn", other).participant
        kit.programmes.enrol("autumn", [attrs.evolve(parts, roles={"mentor": 2})])
        after = kit.matching.hand_over(mine.id, mine.people[1], to=other)
    assert after.people == ("ann", other)


def test_handing_over_again_gives_the_successor_and_never_after_the_close(world: World) -> None:
    people = (*MORE, participant("mia", "mentor"))
    (held,) = world.begun(Programme(), people)
    held, first = world.active(held), held.people[1]
    with world.kit() as kit:
        made = kit.matching.hand_over(held.id, first)
        assert kit.matching.hand_over(held.id, first).id == made.id
        kit.relationships.decline(made.id, person="ann")
        other = kit.matching.hand_over(held.id, first)
        assert other.id != made.id
        assert other.follows == held.id
        kit.programmes.close("autumn")
        with pytest.raises(Conflict, match="is closed"):
            kit.matching.hand_over(held.id, first)
