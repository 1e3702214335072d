"""Every promise of surveys, rules and sections catches one that is broken in just that way."""

from __future__ import annotations

import datetime
import itertools
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from broken import failing, making

from mentorkit import Ask, Message, Part, Question, Verdict

pytestmark = pytest.mark.once

WEEK = datetime.timedelta(days=7)
BERLIN = ZoneInfo("Europe/Berlin")
COUNTER = itertools.count()
SAID = Message("said", "You have met")
USEFUL = Question(id="useful", text=Message("useful", "How useful was it?"))


def spoilt(past: Any) -> None:
    """Change a frozen value all the same."""
    object.__setattr__(past.relationship, "version", past.relationship.version + 1)


# --- surveys


def asks(history: Any) -> Any:
    """A sound survey's: everyone, a week after each meeting."""
    for held in history.held:
        at = held.ends + WEEK
        yield Ask(
            key=held.id, people=history.relationship.people, at=at, until=at + WEEK, session=held.id
        )


def survey(ask: Any = asks, questions: Any = (USEFUL,)) -> Any:
    held = property(lambda self: questions() if callable(questions) else questions)
    return making({"asks": lambda self, history: ask(history), "questions": held})


def each_ask(**changes: Any) -> Any:
    """The sound survey with every ask changed by functions of it."""

    def ask(history: Any) -> Any:
        for one in asks(history):
            yield attrs.evolve(one, **{name: change(one) for name, change in changes.items()})

    return survey(ask)


def asking_and_spoiling(history: Any) -> Any:
    found = list(asks(history))
    spoilt(history)
    return found


def without_end(history: Any) -> Any:
    at = history.relationship.since[history.relationship.stage]
    return itertools.repeat(Ask(key="again", people=(), at=at, until=at + WEEK))


def described(ask: Any = asks, **members: Any) -> Any:
    """A sound survey that describes itself, with other members."""
    told = {
        "licence": "CC0-1.0",
        "source": "ours",
        "roles": frozenset({"mentee", "mentor"}),
        "occasions": SAID,
    }
    return making(
        {
            "asks": lambda self, history: ask(history),
            "questions": (USEFUL,),
            **told,
            **members,
        }
    )


BLANK = attrs.evolve(USEFUL, text=Message("blank", " "))
SURVEYS = {
    "none": ("it_yields_asks", survey(lambda history: None)),
    "pairs": (
        "it_yields_asks",
        survey(lambda history: [(one.key, one.at) for one in asks(history)]),
    ),
    "crash": (
        "it_yields_asks",
        survey(lambda history: [history.since("active") + WEEK] and asks(history)),
    ),
    "endless": ("it_yields_asks", survey(without_end)),
    "list": ("it_asks_something", survey(questions=[USEFUL])),
    "nothing": ("it_asks_something", survey(questions=())),
    "twice": ("it_asks_something", survey(questions=(USEFUL, USEFUL))),
    "changing": (
        "it_asks_something",
        survey(questions=lambda: (attrs.evolve(USEFUL, id=f"q{next(COUNTER)}"),)),
    ),
    "wordless": ("its_questions_have_words", survey(questions=(BLANK,))),
    "one-key": ("keys_differ", each_ask(key=lambda one: "meeting")),
    "blank-key": ("keys_differ", each_ask(key=lambda one: one.key + "\n")),
    "number-key": ("keys_differ", each_ask(key=lambda one: int(one.key[-1]))),
    "stranger": ("only_members_are_asked", each_ask(people=lambda one: (*one.people, "boss"))),
    "again": ("only_members_are_asked", each_ask(people=lambda one: one.people * 2)),
    "people-list": ("only_members_are_asked", each_ask(people=lambda one: list(one.people))),
    "naive": (
        "there_is_time_to_answer",
        each_ask(
            at=lambda one: one.at.replace(tzinfo=None),
            until=lambda one: one.until.replace(tzinfo=None),
        ),
    ),
    "berlin": ("there_is_time_to_answer", each_ask(at=lambda one: one.at.astimezone(BERLIN))),
    "at-once": ("there_is_time_to_answer", each_ask(until=lambda one: one.at)),
    "day": ("there_is_time_to_answer", each_ask(until=lambda one: one.until.date())),
    "no-licence": ("it_says_whose_words_it_has", described(licence=" ")),
    "no-source": ("it_says_whose_words_it_has", described(source=None)),
    "no-occasions": ("it_says_whose_words_it_has", described(occasions="weekly")),
    "other-role": (
        "it_asks_the_roles_that_it_names",
        described(roles=frozenset({"mentor"})),
    ),
    "no-session": ("its_sessions_exist", each_ask(session=lambda one: one.key + "?")),
    "unsteady": ("the_same_asks_twice", each_ask(key=lambda one: f"{one.key} {next(COUNTER)}")),
    "spoiling": ("the_history_is_left_alone", survey(asking_and_spoiling)),
}


@pytest.mark.parametrize("broken", SURVEYS, ids=str)
def test_surveys(broken):
    name, kind = SURVEYS[broken]
    found = failing(kind)
    assert name in found
    if name != "it_yields_asks":  # what yields no asks can keep no other promise
        assert found == {name}


def test_a_sound_survey_passes():
    assert failing(survey()) == set()
    assert failing(survey(lambda history: ())) == set()


# --- rules


def verdicts(history: Any) -> Any:
    """A sound rule's: a nudge a week after each meeting."""
    for held in history.held:
        yield Verdict(
            key=held.id,
            effect="nudge",
            message=SAID,
            at=held.ends + WEEK,
            people=history.relationship.people,
            evidence=(held.id, history.relationship.id),
        )


def rule(judge: Any = verdicts) -> Any:
    return making({"judge": lambda self, history: judge(history)})


def each_verdict(**changes: Any) -> Any:
    """The sound rule with every verdict changed by functions of it."""

    def judge(history: Any) -> Any:
        for one in verdicts(history):
            yield attrs.evolve(one, **{name: change(one) for name, change in changes.items()})

    return rule(judge)


def judging_and_spoiling(history: Any) -> Any:
    found = list(verdicts(history))
    spoilt(history)
    return found


def last_first(one: Verdict) -> str:
    return "award" if one.key.endswith("-1") else "flag"


EVERY_SURVEY = ("trust", "goal-check", "pulse")


def concerned(named: Any = lambda people: people, watches: Any = frozenset(EVERY_SURVEY)) -> Any:
    """A sound rule on concerns, with other people named, or other surveys watched."""

    def judge(self: Any, history: Any) -> Any:
        for held in history.concerns:
            yield Verdict(
                key=f"{held.survey} {held.key}",
                effect="flag",
                message=SAID,
                at=held.at,
                people=named(history.relationship.people),
            )

    return making({"judge": judge, "watches": watches})


def passing(passed: Any) -> Any:
    """A sound rule, and what it says of signals."""
    return making({"judge": lambda self, history: verdicts(history), "passed": passed})


RULES = {
    "none": ("it_yields_verdicts", rule(lambda history: None)),
    "words": ("it_yields_verdicts", rule(lambda history: ["met" for _ in verdicts(history)])),
    "one": ("it_yields_verdicts", rule(lambda history: next(iter(verdicts(history)), ()))),
    "crash": (
        "it_yields_verdicts",
        rule(lambda history: [history.relationship.agreement.ends] and verdicts(history)),
    ),
    "both": ("it_is_a_signal_or_an_award", each_verdict(effect=last_first)),
    "unknown": ("it_is_a_signal_or_an_award", each_verdict(effect=lambda one: "alarm")),
    "one-key": ("keys_differ", each_verdict(key=lambda one: "meeting")),
    "no-key": ("keys_differ", each_verdict(key=lambda one: None)),
    "stranger": ("it_concerns_members", each_verdict(people=lambda one: ("boss",))),
    "again": ("it_concerns_members", each_verdict(people=lambda one: one.people * 2)),
    "text": ("it_says_why", each_verdict(message=lambda one: "You have met")),
    "blank": ("it_says_why", each_verdict(message=lambda one: Message("blank", " "))),
    "evidence": ("its_evidence_is_there", each_verdict(evidence=lambda one: ("hearsay",))),
    "evidence-text": ("its_evidence_is_there", each_verdict(evidence=lambda one: one.evidence[0])),
    "naive": ("it_says_from_when", each_verdict(at=lambda one: one.at.replace(tzinfo=None))),
    "berlin": ("it_says_from_when", each_verdict(at=lambda one: one.at.astimezone(BERLIN))),
    "guessing": ("concerns_single_nobody_out", concerned(lambda people: people[:1])),
    "unnamed": ("it_names_the_surveys_it_watches", concerned(watches=frozenset({"trust"}))),
    "watches-list": ("it_names_the_surveys_it_watches", concerned(watches=[*EVERY_SURVEY])),
    "at-once": ("nothing_passes_while_it_holds", passing(lambda self, one, history: True)),
    "unsure": ("nothing_passes_while_it_holds", passing(lambda self, one, history: None)),
    "unsteady": (
        "the_same_verdicts_twice",
        each_verdict(message=lambda one: Message("n", "{n}", {"n": next(COUNTER)})),
    ),
    "spoiling": ("the_history_is_left_alone", rule(judging_and_spoiling)),
}


@pytest.mark.parametrize("broken", RULES, ids=str)
def test_rules(broken):
    name, kind = RULES[broken]
    found = failing(kind)
    assert name in found
    if name != "it_yields_verdicts":  # what yields no verdicts can keep no other promise
        assert found == {name}


def test_sound_rules_pass():
    assert failing(rule()) == set()
    assert failing(concerned()) == set()
    gone = passing(lambda self, one, history: one.key not in {v.key for v in verdicts(history)})
    assert failing(gone) == set()
    assert failing(each_verdict(effect=lambda one: "award", at=lambda one: None)) == set()
    mixed = each_verdict(effect=lambda one: "flag" if one.key.endswith("-1") else "nudge")
    assert failing(mixed) == set()


# --- sections


def part(chronicle: Any) -> Part:
    """A sound section's: the meetings of each relationship."""
    counts = [len(history.held) for history in chronicle.histories]
    return Part(
        title=Message("meetings", "Meetings"),
        sentences=(Message("held", "{number} were held", {"number": sum(counts)}),),
        columns=("meetings", "relationships"),
        rows=tuple((count, counts.count(count)) for count in sorted(set(counts))),
    )


def section(tell: Any = part) -> Any:
    return making({"tell": lambda self, chronicle: tell(chronicle)})


def but(**changes: Any) -> Any:
    """The sound section with its part changed by functions of it and the chronicle."""

    def tell(chronicle: Any) -> Part:
        told = part(chronicle)
        return attrs.evolve(
            told, **{name: change(told, chronicle) for name, change in changes.items()}
        )

    return section(tell)


def telling_and_spoiling(chronicle: Any) -> Part:
    told = part(chronicle)
    for history in chronicle.histories:
        spoilt(history)
    return told


def by_name(told: Part, chronicle: Any) -> Any:
    return tuple((held.person.name or "somebody", 1) for held in chronicle.people)


def by_member(told: Part, chronicle: Any) -> Any:
    return tuple(
        Message("with", "with {whom}", {"whom": history.relationship.people[0]})
        for history in chronicle.histories
    )


def mean(told: Part, chronicle: Any) -> Any:
    return tuple((count / 2, number) for count, number in told.rows)


SECTIONS = {
    "none": ("it_tells_a_part", section(lambda chronicle: None)),
    "crash": ("it_tells_a_part", section(lambda chronicle: [1 / len(chronicle.tallies)] and part)),
    "title": ("it_has_a_title", but(title=lambda told, _: "Meetings")),
    "blank": ("it_has_a_title", but(title=lambda told, _: Message("blank", ""))),
    "sentence": ("it_has_a_title", but(sentences=lambda told, _: ("None were held",))),
    "narrow": ("its_rows_fit_its_columns", but(columns=lambda told, _: ("meetings",))),
    "headless": ("its_rows_fit_its_columns", but(columns=lambda told, _: ())),
    "lists": ("its_rows_fit_its_columns", but(rows=lambda told, _: list(told.rows))),
    "mean": ("cells_are_text_or_whole_numbers", but(rows=mean)),
    "truth": (
        "cells_are_text_or_whole_numbers",
        but(rows=lambda told, _: tuple((row[0] > 0, row[1]) for row in told.rows)),
    ),
    "names": ("nobody_is_named", but(rows=by_name)),
    "ids": ("nobody_is_named", but(sentences=by_member)),
    "columns": (
        "nobody_is_named",
        but(columns=lambda told, seen: ("n", " ".join(held.id for held in seen.people) or "m")),
    ),
    "address": (
        "nobody_is_named",
        but(rows=lambda told, seen: tuple((held.person.email or "", 1) for held in seen.people)),
    ),
    "empty": (
        "an_empty_programme_will_do",
        section(
            lambda chronicle: (
                (chronicle.run.state == "closed" or chronicle.people[0]) and part(chronicle)
            )
        ),
    ),
    "unsteady": (
        "the_same_part_twice",
        but(title=lambda told, _: Message("n", "{n}", {"n": next(COUNTER)})),
    ),
    "spoiling": ("the_chronicle_is_left_alone", section(telling_and_spoiling)),
}


@pytest.mark.parametrize("broken", SECTIONS, ids=str)
def test_sections(broken):
    name, kind = SECTIONS[broken]
    found = failing(kind)
    assert name in found
    if broken not in ("none", "crash", "empty"):
        assert found == {name}


def test_a_sound_section_passes():
    assert failing(section()) == set()
