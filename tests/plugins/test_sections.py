"""What the built-in sections count, against counting by hand."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from statistics import median
from typing import Any

import attrs
import pytest
from history_cases import BEGUN, SHORT, bound, goal, histories, relationship, session
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import (
    Chronicle,
    History,
    Level,
    Message,
    Participant,
    Person,
    Programme,
    Question,
    Tally,
)
from mentorkit.blueprint import blueprint_of
from mentorkit.models import Award, ProgrammeRun
from mentorkit.registry import installed

SECTIONS = ("participation", "meetings", "goals", "feedback", "recognition", "links")
EVERYONE = tuple("abcdef")
SCALE = Question(id="useful", text=Message("useful", "How useful?"), audience="aggregate")
CHOICE = Question(
    id="again",
    text=Message("again", "Again?"),
    audience="aggregate",
    form="choice",
    options=("no", "yes"),
)
PROGRAMME = Programme(topology="one-to-one")
RUN = ProgrammeRun(
    id="p", programme=PROGRAMME, blueprint=blueprint_of(PROGRAMME, installed()), created=BEGUN
)


def someone(own: str, roles: dict[str, int], **attributes: Any) -> Participant:
    return Participant(person=Person(id=own, attributes=attributes), roles=roles)


@st.composite
def people(draw: Any) -> tuple[Participant, ...]:
    """Some of everyone; the others were erased."""
    departments = st.sampled_from(({}, {"department": "red"}, {"department": Level(1, "blue")}))
    roles = st.dictionaries(st.sampled_from(("mentee", "mentor")), st.integers(0, 3), min_size=1)
    chosen = draw(st.lists(st.sampled_from(EVERYONE), unique=True))
    return tuple(someone(own, draw(roles), **draw(departments)) for own in sorted(chosen))


@st.composite
def chronicles(draw: Any) -> Chronicle:
    """A programme's past with some relationships, awards and counted answers."""
    made = []
    for number in range(draw(st.integers(0, 4))):
        history = draw(histories(f"r{number}"))
        awards = tuple(
            _award(f"{number}-{at}", title, state)
            for at, (title, state) in enumerate(
                draw(
                    st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(STATES)), max_size=4)
                )
            )
        )
        made.append(attrs.evolve(history, awards=awards))
    counts = st.none() | st.fixed_dictionaries(
        {str(step): st.integers(0, 9) for step in range(1, 6)}
    )
    tallies = tuple(
        Tally(survey=f"survey-{at}", question=SCALE, counts=held)
        for at, held in enumerate(draw(st.lists(counts, max_size=3)))
    )
    return Chronicle(run=RUN, people=draw(people()), histories=tuple(made), tallies=tallies)


STATES = ("granted", "granted", "revoked")


def _award(own: str, title: str, state: str) -> Award:
    return Award(
        id=own,
        programme="p",
        relationship="r",
        person="a",
        rule="milestones",
        key=own,
        title=Message("title", title),
        granted=BEGUN,
        state=state,
    )


def told(name: str, chronicle: Chronicle, **settings: Any) -> tuple[list[str], dict[str, Any]]:
    """The sentences, and the values of all of them by their messages' ids."""
    part = bound("sections", name, **settings).tell(chronicle)
    values = {sentence.id: dict(sentence.values) for sentence in part.sentences}
    return [str(sentence) for sentence in part.sentences], values


def lasting(chronicle: Chronicle) -> list[History]:
    never = ("declined", "expired", "withdrawn")
    return [held for held in chronicle.histories if held.relationship.outcome not in never]


@pytest.mark.parametrize("name", SECTIONS)
@given(chronicle=chronicles(), turn=st.integers(0, 3))
def test_a_part_is_whole_and_does_not_depend_on_the_order(name, chronicle, turn):
    part = bound("sections", name).tell(chronicle)
    assert str(part.title)
    assert all(str(sentence) for sentence in part.sentences)
    assert all(len(row) == len(part.columns) for row in part.rows)
    turned = (*chronicle.histories[turn:], *chronicle.histories[:turn])
    assert bound("sections", name).tell(attrs.evolve(chronicle, histories=turned)) == part


@given(chronicle=chronicles())
def test_participation(chronicle):
    part = bound("sections", "participation").tell(chronicle)
    expected = []
    for role in ("mentee", "mentor"):
        matched = unmatched = 0
        for person in chronicle.people:
            if role in person.roles:
                member = any(
                    (each.person, each.role) == (person.id, role)
                    for held in lasting(chronicle)
                    for each in held.relationship.members
                )
                matched, unmatched = matched + member, unmatched + (not member)
        expected.append((role, matched + unmatched, matched, unmatched))
    assert list(part.rows) == expected
    said = [sentence for sentence in part.sentences if sentence.id == "participation.state"]
    assert sum(sentence.values["number"] for sentence in said) == sum(
        held.relationship.path != SHORT or held.relationship.stage == "closed"
        for held in chronicle.histories
    )


@given(
    entries=st.lists(
        st.sampled_from(["applied", "assigned", "invited", "imported"]), min_size=1, max_size=24
    )
)
def test_how_people_came_tells_of_no_few(entries):
    people = [Participant(person=Person(id=f"p{at:02}"), roles={"mentee": 1}) for at in range(24)]
    chronicle = attrs.evolve(
        Chronicle(run=RUN, people=(), histories=()),
        people=tuple(people[: len(entries)]),
        entries={person.id: entry for person, entry in zip(people, entries, strict=False)},
    )
    part = bound("sections", "participation").tell(chronicle)
    sizes = Counter(entries)
    ids = {sentence.id.partition(".")[2]: sentence for sentence in part.sentences}
    shown = {entry: ids[entry].values["number"] for entry in sizes if entry in ids}
    assert shown == {entry: sizes[entry] for entry in shown}
    assert all(number >= 5 for number in shown.values())
    left = len(entries) - sum(shown.values())
    # What is not shown, taken from all, is of five or more, and of more than one group.
    assert left == 0 or left >= 5 or not shown
    assert ("small" in ids) == bool(left)
    assert left == 0 or len(set(sizes) - set(shown)) > 1 or not shown


def test_participation_in_words():
    made = (
        relationship("proposed", "ab"),
        relationship("active", "ac"),
        relationship("active", "bc"),
        relationship("closed", "ab", outcome="completed"),
        relationship("closed", "ad", outcome="declined"),
    )
    roles = {"a": {"mentor": 2}, "b": {"mentor": 1, "mentee": 1}, "d": {"mentee": 1}}
    chronicle = Chronicle(
        run=RUN,
        people=tuple(someone(own, held) for own, held in roles.items()),
        histories=tuple(History(relationship=held) for held in made),
    )
    part = bound("sections", "participation").tell(chronicle)
    assert [str(sentence) for sentence in part.sentences] == [
        "People who took part: 3",
        "Relationships proposed: 1",
        "Relationships active: 2",
        "Relationships completed: 1",
        "Relationships declined: 1",
    ]
    assert part.rows == (("mentee", 2, 1, 1), ("mentor", 2, 2, 0))


@given(chronicle=chronicles())
def test_meetings(chronicle):
    _, values = told("meetings", chronicle)
    held, missed, minutes, waits = 0, 0, 0.0, []
    for history in lasting(chronicle):
        firsts = []
        for each in history.sessions:
            missed += each.state == "missed"
            if each.state == "held":
                held += 1
                minutes += (each.ends - each.starts).total_seconds() / 60
                firsts.append(each.starts)
        if firsts:
            matched = history.relationship.since[history.relationship.path[0]]
            waits.append(max(0, (min(firsts) - matched).total_seconds() // 86400))
    assert values["meetings.held"]["number"] == held
    assert values["meetings.missed"]["number"] == missed
    assert abs(float(values["meetings.hours"]["hours"]) - minutes / 60) <= 0.0501
    if relationships := len(lasting(chronicle)):
        mean = Fraction(values["meetings.mean"]["mean"])
        assert abs(mean - Fraction(held, relationships)) <= Fraction(1, 20)
    else:
        assert "meetings.mean" not in values
    if waits:
        said = values["meetings.wait"]
        assert (said["number"], float(said["days"])) == (len(waits), median(waits))
    else:
        assert "meetings.wait" not in values


def test_meetings_in_words():
    made = (
        History(relationship=relationship(), sessions=(session(1, 3.5), session(2, 17.5))),
        History(relationship=relationship(), sessions=(session(1, 6.5, minutes=90),)),
        History(relationship=relationship(), sessions=(session(1, 4, "missed"),)),
        History(relationship=relationship("closed", outcome="declined")),
    )
    sentences, _ = told("meetings", Chronicle(run=RUN, people=(), histories=made))
    assert sentences == [
        "Meetings held: 3",
        "Meetings missed: 1",
        "Hours spent in them: 3.5",
        "Meetings held for each relationship, on average: 1.0",
        "Days from the match to the first meeting, median of 2: 4.5",
    ]


def test_a_meeting_before_the_match_is_no_wait():
    early = session(1, -2)
    history = History(relationship=relationship(), sessions=(early,))
    _, values = told("meetings", Chronicle(run=RUN, people=(), histories=(history,)))
    assert values["meetings.wait"]["days"] == "0"


@given(chronicle=chronicles())
def test_goals(chronicle):
    part = bound("sections", "goals").tell(chronicle)
    states = [each.state for held in lasting(chronicle) for each in held.goals]
    assert part.rows == tuple(
        (state, states.count(state)) for state in ("proposed", "agreed", "reached", "dropped")
    )


def test_goals_in_words():
    made = [
        History(
            relationship=relationship(), goals=tuple(goal(at, s) for at, s in enumerate(states))
        )
        for states in (("agreed", "reached"), ("dropped",), ())
    ]
    sentences, _ = told("goals", Chronicle(run=RUN, people=(), histories=tuple(made)))
    assert sentences == [
        "Relationships with a goal that all accepted: 1 of 3",
        "Goals reached: 1",
    ]


@given(chronicle=chronicles())
def test_feedback_shows_counts_or_that_there_are_too_few(chronicle):
    part = bound("sections", "feedback").tell(chronicle)
    assert len(part.rows) == len(chronicle.tallies)
    assert bool(part.sentences) == (not chronicle.tallies)
    for tally, row in zip(chronicle.tallies, part.rows, strict=True):
        survey, question, answers, mean, counts = row
        assert (survey, question) == (tally.survey, "How useful?")
        if tally.counts is None:
            assert (answers, mean, counts) == ("fewer than five answers", "", "")
            continue
        given_answers = [step for step in range(1, 6) for _ in range(tally.counts[str(step)])]
        assert answers == len(given_answers)
        assert counts == ", ".join(f"{step}: {given_answers.count(step)}" for step in range(1, 6))
        if given_answers:
            exact = Fraction(sum(given_answers), len(given_answers))
            assert abs(Fraction(str(mean)) - exact) <= Fraction(1, 20)
        else:
            assert mean == ""


def test_a_choice_has_counts_and_no_mean():
    tally = Tally(survey="pulse", question=CHOICE, counts={"yes": 5})
    chronicle = Chronicle(run=RUN, people=(), histories=(), tallies=(tally,))
    part = bound("sections", "feedback").tell(chronicle)
    assert part.rows == (("pulse", "Again?", 5, "", "no: 0, yes: 5"),)


@given(chronicle=chronicles())
def test_recognition_counts_what_was_granted_and_not_taken_back(chronicle):
    part = bound("sections", "recognition").tell(chronicle)
    titles = [
        str(award.title)
        for history in chronicle.histories
        for award in history.awards
        if award.state == "granted"
    ]
    assert dict(part.rows) == {title: titles.count(title) for title in titles}
    assert [-number for _, number in part.rows] == sorted(-number for _, number in part.rows)
    (sentence,) = part.sentences
    assert str(sentence) == f"Awards: {len(titles)}"


@given(chronicle=chronicles())
def test_links_are_what_going_through_every_two_people_finds(chronicle):
    values = {}
    for person in chronicle.people:
        if (held := person.person.attributes.get("department")) is not None:
            values[person.id] = str(held)
    found, alike, unknown = {}, 0, 0
    for one in EVERYONE:
        for other in EVERYONE:
            met = one < other and any(
                {one, other} <= set(history.relationship.people)
                and any(each.state == "held" for each in history.sessions)
                for history in chronicle.histories
            )
            if not met:
                continue
            if one not in values or other not in values:
                unknown += 1
            elif values[one] == values[other]:
                alike += 1
            else:
                key = tuple(sorted((values[one], values[other])))
                found[key] = found.get(key, 0) + 1
    part = bound("sections", "links").tell(chronicle)
    assert {row[:2]: row[2] for row in part.rows} == found
    assert [sentence.values["number"] for sentence in part.sentences] == [
        sum(found.values()),
        alike,
        unknown,
    ]


def test_links_in_words():
    sites = {"a": "Rome", "b": "Oslo", "c": "Oslo", "d": "Bonn", "e": "Bonn"}
    made = [
        History(relationship=relationship(people=team), sessions=(session(1, 2),))
        for team in ("abc", "ab", "ad", "de", "az")
    ]
    made.append(
        History(relationship=relationship(people="be"), sessions=(session(1, 2, "planned"),))
    )
    chronicle = Chronicle(
        run=RUN,
        people=tuple(someone(own, {"mentee": 1}, home_site=site) for own, site in sites.items()),
        histories=tuple(made),
    )
    part = bound("sections", "links", attribute="home_site").tell(chronicle)
    assert str(part.title) == "New links: home site"
    assert [str(sentence) for sentence in part.sentences] == [
        "Pairs who met and differ in home site: 3",
        "Pairs who met and share it: 2",
        "Pairs who met and of whom it is not known: 1",
    ]
    assert part.rows == (("Oslo", "Rome", 2), ("Bonn", "Rome", 1))
