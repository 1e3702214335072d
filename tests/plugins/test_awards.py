"""What the built-in awards are given for, and that they stay given."""

from __future__ import annotations

import attrs
import pytest
from history_cases import DAY, bound, goal, histories, relationship, session, sessions
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import History

AWARDS = ("milestones", "goal-reached", "completion", "giving-back")
NUMBERS = st.lists(st.integers(1, 9), max_size=4).map(tuple)


@pytest.mark.parametrize("name", AWARDS)
@given(history=histories())
def test_verdicts_are_the_same_each_time_and_no_key_comes_twice(name, history):
    said = [list(bound("awards", name).judge(history)) for _ in range(2)]
    assert said[0] == said[1]
    assert len({verdict.key for verdict in said[0]}) == len(said[0])
    for verdict in said[0]:
        assert verdict.effect == "award"
        assert verdict.people
        assert set(verdict.people) <= set(history.relationship.people)
        assert verdict.evidence


@given(made=sessions(), numbers=NUMBERS)
def test_milestones_are_what_counting_meeting_by_meeting_finds(made, numbers):
    past = relationship()
    found = {}
    came = {person: [] for person in past.people}
    for each in made:
        for person in each.attended if each.state == "held" else ():
            came[person].append(each.id)
            count = len(came[person])
            if count in numbers:
                evidence = tuple(came[person])
                found[f"meetings:{count}:{person}"] = (each.ends, (person,), evidence)
    history = History(relationship=past, sessions=made)
    verdicts = list(bound("awards", "milestones", meetings=numbers).judge(history))
    assert {held.key: (held.at, held.people, held.evidence) for held in verdicts} == found
    assert len(verdicts) == len(found)


@pytest.mark.parametrize("name", AWARDS)
@given(history=histories(), more=sessions())
def test_what_was_earned_stays_earned_when_more_meetings_come(name, history, more):
    far = 1000 * DAY
    later = [
        attrs.evolve(held, id=f"later-{held.id}", starts=held.starts + far, ends=held.ends + far)
        for held in more
    ]
    then = attrs.evolve(history, sessions=(*history.sessions, *later))
    before, after = (
        {held.key: held for held in bound("awards", name).judge(past)} for past in (history, then)
    )
    assert before.keys() <= after.keys()
    for key, held in before.items():
        assert set(held.evidence) <= set(after[key].evidence)
        assert (held.people, held.at, held.message) == (
            after[key].people,
            after[key].at,
            after[key].message,
        )


def test_milestones_have_titles():
    held = tuple(session(number, number, attended=("ann", "bo")) for number in range(1, 6))
    verdicts = bound("awards", "milestones").judge(
        History(relationship=relationship(), sessions=held)
    )
    assert [str(verdict.message) for verdict in verdicts] == ["First meeting", "5 meetings"] * 2


def test_who_was_absent_reaches_the_milestone_later():
    held = (session(1, 1, attended=("bo",)), session(2, 2, attended=("ann", "bo")))
    milestones = bound("awards", "milestones", meetings=(2, 1, 1))
    verdicts = milestones.judge(History(relationship=relationship(), sessions=held))
    assert {(verdict.key, verdict.at) for verdict in verdicts} == {
        ("meetings:1:bo", held[0].ends),
        ("meetings:2:bo", held[1].ends),
        ("meetings:1:ann", held[1].ends),
    }


@given(
    states=st.lists(st.sampled_from(("proposed", "agreed", "reached", "dropped")), max_size=4),
)
def test_each_goal_reached_is_its_owners(states):
    goals = tuple(goal(at, state, "ab"[at % 2]) for at, state in enumerate(states))
    verdicts = bound("awards", "goal-reached").judge(
        History(relationship=relationship(people="ab"), goals=goals)
    )
    assert [(held.key, held.people, held.evidence) for held in verdicts] == [
        (each.id, (each.owner,), (each.id,)) for each in goals if each.state == "reached"
    ]


def test_a_goals_words_stay_out_of_its_award():
    history = History(relationship=relationship(), goals=(goal(1, "reached"),))
    (award,) = bound("awards", "goal-reached").judge(history)
    assert history.goals[0].title not in str(award.message)


@given(history=histories())
def test_completion_is_for_all_and_only_for_what_was_completed(history):
    verdicts = list(bound("awards", "completion").judge(history))
    earned = history.relationship.outcome == "completed" and bool(history.held)
    assert len(verdicts) == earned
    for verdict in verdicts:
        assert verdict.people == history.relationship.people
        assert verdict.at == history.since("closed")
        assert verdict.evidence == ("r", *(held.id for held in history.held))


@given(made=sessions(), back=st.sets(st.sampled_from(("ann", "may"))))
def test_giving_back_is_for_those_who_do_with_their_first_meeting(made, back):
    past = attrs.evolve(relationship(), give_back=tuple(sorted(back)))
    history = History(relationship=past, sessions=made)
    found = {}
    for each in history.held:
        for person in sorted(back & set(each.attended)):
            found.setdefault(f"giving-back:{person}", (each.ends, (person,), ("r", each.id)))
    verdicts = list(bound("awards", "giving-back").judge(history))
    assert {held.key: (held.at, held.people, held.evidence) for held in verdicts} == found


def test_a_milestone_before_the_first_meeting_is_refused():
    with pytest.raises(ValueError, match="meetings"):
        bound("awards", "milestones", meetings=(0, 5))
