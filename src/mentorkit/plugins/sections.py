"""The built-in sections of a programme's report."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Any, get_args

import attrs

import mentorkit
from mentorkit.interfaces import Kind
from mentorkit.matching.columns import text
from mentorkit.matching.suppression import FEWEST, hidden
from mentorkit.models import Outcome
from mentorkit.models.person import erased
from mentorkit.plugins.attributes import label
from mentorkit.plugins.sections_insights import Insights
from mentorkit.plugins.sections_outcomes import Changed, Fit, Groups, Outcomes
from mentorkit.plugins.sections_outcomes import lasting as _lasting
from mentorkit.plugins.sections_outcomes import said as _said

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@attrs.frozen
class Participation:
    """Who took part in each role and was matched, and where the relationships stand."""

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each role; one that was never accepted matches nobody."""
        members = {
            (member.person, member.role)
            for history in _lasting(chronicle)
            for member in history.relationship.members
        }
        # Nothing but what they shared is known of those who were erased.
        gone = {(person, role) for person, role in members if erased(person)}
        rows = []
        for role in chronicle.run.blueprint.roles:
            people = {person.id for person in chronicle.people if role.name in person.roles}
            people |= {person for person, held in gone if held == role.name}
            matched = sum((person, role.name) in members for person in people)
            rows.append((role.name, len(people), matched, len(people) - matched))
        number = len(chronicle.people) + len({person for person, _ in gone})
        return mentorkit.Part(
            title=_said("participation", "Participation"),
            sentences=(
                _said("participation.people", "People who took part: {number}", number=number),
                *_entries(chronicle),
                *_states(chronicle),
            ),
            columns=("role", "people", "matched", "not matched"),
            rows=tuple(rows),
        )


ENTRIES = {
    "applied": "of their own accord",
    "assigned": "by the word of the office",
    "invited": "by an invitation",
    "imported": "in a file",
}
"""How people came; volunteers and those who were assigned differ in what comes of it."""


def _entries(chronicle: mentorkit.Chronicle) -> Iterable[mentorkit.Message]:
    """How many came in which way, of those who are known still; no group under five."""
    known = (chronicle.entries.get(person.id) for person in chronicle.people)
    sizes = Counter(entry for entry in known if entry is not None)
    small = hidden(sizes)
    for entry, how in ENTRIES.items():
        if sizes[entry] and entry not in small:
            words = "People who came {how}: {number}"
            yield _said(f"participation.{entry}", words, how=how, number=sizes[entry])
    if small:
        words = "How the others came is not shown: it would tell of fewer than {least}"
        yield _said("participation.small", words, least=FEWEST)


def _states(chronicle: mentorkit.Chronicle) -> Iterable[mentorkit.Message]:
    """How many relationships are in each stage, and how many ended in which way."""
    relationships = [history.relationship for history in chronicle.histories]
    states = Counter(held.outcome or held.stage for held in relationships)
    path = chronicle.run.blueprint.path
    for state in dict.fromkeys((*path, "chemistry", "paused", *get_args(Outcome))):
        if number := states[state]:
            words = "Relationships {state}: {number}"
            yield _said("participation.state", words, state=state, number=number)


@attrs.frozen
class Meetings:
    """How often people met, for how long, and how soon."""

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """Sentences; what was never accepted counts nowhere."""
        histories = _lasting(chronicle)
        held = [session for history in histories for session in history.held]
        missed = sum(s.state == "missed" for history in histories for s in history.sessions)
        hours = sum((session.ends - session.starts for session in held), 0 * HOUR) / HOUR
        sentences = [
            _said("meetings.held", "Meetings held: {number}", number=len(held)),
            _said("meetings.missed", "Meetings missed: {number}", number=missed),
            _said("meetings.hours", "Hours spent in them: {hours}", hours=f"{hours:.1f}"),
        ]
        if histories:
            mean = f"{len(held) / len(histories):.1f}"
            words = "Meetings held for each relationship, on average: {mean}"
            sentences.append(_said("meetings.mean", words, mean=mean))
        if waits := [wait for history in histories for wait in _wait(history)]:
            words = "Days from the match to the first meeting, median of {number}: {days}"
            days = f"{statistics.median(waits):g}"
            sentences.append(_said("meetings.wait", words, number=len(waits), days=days))
        return mentorkit.Part(title=_said("meetings", "Meetings"), sentences=tuple(sentences))


def _wait(history: mentorkit.History) -> Iterable[int]:
    """Whole days from the match to the first meeting; nothing where either is missing."""
    matched = history.since(history.relationship.path[0])
    if matched is not None and history.held:
        # A meeting recorded later can lie before the match.
        yield max(0, (history.held[0].starts - matched) // DAY)


@attrs.frozen
class Goals:
    """What became of the goals."""

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each state of a goal."""
        histories = _lasting(chronicle)
        states = Counter(goal.state for history in histories for goal in history.goals)
        agreed = sum(
            any(goal.state in ("agreed", "reached") for goal in history.goals)
            for history in histories
        )
        words = "Relationships with a goal that all accepted: {number} of {all}"
        return mentorkit.Part(
            title=_said("goals", "Goals"),
            sentences=(
                _said("goals.agreed", words, number=agreed, all=len(histories)),
                _said("goals.reached", "Goals reached: {number}", number=states["reached"]),
            ),
            columns=("state", "goals"),
            rows=tuple(
                (state, states[state]) for state in ("proposed", "agreed", "reached", "dropped")
            ),
        )


@attrs.frozen
class Feedback:
    """What people answered where answers are counted; never from fewer than five."""

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each question that is counted."""
        if not chronicle.tallies:
            sentence = _said("feedback.none", "No question was asked whose answers are counted")
            return mentorkit.Part(title=_said("feedback", "Feedback"), sentences=(sentence,))
        return mentorkit.Part(
            title=_said("feedback", "Feedback"),
            columns=("survey", "question", "answers", "mean", "counts"),
            rows=tuple(_row(tally) for tally in chronicle.tallies),
        )


def _row(tally: mentorkit.Tally) -> tuple[str | int, ...]:
    question = tally.question
    survey = f"{tally.survey}, {tally.occasion}" if tally.occasion else tally.survey
    asked = (survey, str(question.text))
    if tally.counts is None:
        return (*asked, "fewer than five answers", "", "")
    steps = [str(step) for step in question.numbers]
    counts = {answer: tally.counts.get(answer, 0) for answer in (steps or question.options)}
    number = sum(counts.values())
    mean = ""
    if steps and number:
        mean = f"{sum(int(step) * count for step, count in counts.items()) / number:.1f}"
        mean += "" if tally.net is None else f", net {tally.net:+}"
    listed = ", ".join(f"{answer}: {count}" for answer, count in counts.items())
    return (*asked, number, mean, listed)


@attrs.frozen
class Recognition:
    """The awards that were granted, by their titles, and how many stories are published."""

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each title, the most frequent first."""
        titles = Counter(
            str(award.title)
            for history in chronicle.histories
            for award in history.awards
            if award.state == "granted"
        )
        sentences = [_said("recognition.all", "Awards: {number}", number=titles.total())]
        if number := chronicle.stories:
            words = "Stories to which all of their members consent: {number}"
            sentences.append(_said("recognition.stories", words, number=number))
        return mentorkit.Part(
            title=_said("recognition", "Recognition"),
            sentences=tuple(sentences),
            columns=("award", "times"),
            rows=_most_first((title,) for title in titles.elements()),
        )


@attrs.frozen
class Links:
    """New links between people who differ in an attribute: between departments, sites…

    A link is two people who are in a relationship that met at least once; two who share
    several relationships are one. The attribute must not be a protected one.
    """

    attribute: str = "department"

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each two values that were linked, the most linked first."""
        values = {person.id: text(person.value(self.attribute)) for person in chronicle.people}
        links: list[tuple[str, str]] = []
        alike = unknown = 0
        for one, other in _met(chronicle):
            mine, theirs = values.get(one), values.get(other)
            if mine is None or theirs is None:
                unknown += 1
            elif mine == theirs:
                alike += 1
            else:
                links.append((min(mine, theirs), max(mine, theirs)))
        name = label(self.attribute)
        sentences = (
            ("between", "Pairs who met and differ in {name}: {number}", len(links)),
            ("alike", "Pairs who met and share it: {number}", alike),
            ("unknown", "Pairs who met and of whom it is not known: {number}", unknown),
        )
        return mentorkit.Part(
            title=_said("links", "New links: {name}", name=name),
            sentences=tuple(
                _said(f"links.{own}", words, name=name, number=number)
                for own, words, number in sentences
            ),
            columns=("one", "other", "links"),
            rows=_most_first(links),
        )


def _met(chronicle: mentorkit.Chronicle) -> list[tuple[str, str]]:
    """Every two people who met, once, in the order of their ids."""
    teams = [history.relationship.people for history in chronicle.histories if history.held]
    return sorted({pair for people in teams for pair in combinations(sorted(people), 2)})


def _most_first(keys: Iterable[tuple[str, ...]]) -> tuple[tuple[str | int, ...], ...]:
    """A row of each key and how often it comes; of two as frequent, in the order of the keys."""
    counted = sorted(Counter(keys).items(), key=lambda held: (-held[1], held[0]))
    return tuple((*key, number) for key, number in counted)


@mentorkit.hookimpl
def mentorkit_sections() -> Iterable[Kind[Any, Any]]:
    """Sections on who took part, what they did, and what came of it."""
    return [
        mentorkit.kind("participation", Participation),
        mentorkit.kind("meetings", Meetings),
        mentorkit.kind("goals", Goals),
        mentorkit.kind("feedback", Feedback),
        mentorkit.kind("recognition", Recognition),
        mentorkit.kind("links", Links),
        mentorkit.kind("groups", Groups),
        mentorkit.kind("fit", Fit),
        mentorkit.kind("change", Changed),
        mentorkit.kind("outcomes", Outcomes),
        mentorkit.kind("insights", Insights),
    ]
