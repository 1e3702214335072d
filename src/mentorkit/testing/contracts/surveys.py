"""The contract of a Survey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorkit.interfaces import Described
from mentorkit.models import Ask, History, Question
from mentorkit.testing.contracts import pasts
from mentorkit.testing.contracts.check import Subject, expect


def it_asks_something(subject: Subject) -> None:
    """`questions` is a tuple of at least one Question; their ids differ, and so they stay."""
    survey = subject.bound()
    questions = survey.questions
    proper = isinstance(questions, tuple) and all(isinstance(held, Question) for held in questions)
    expect(proper, f"questions is {questions!r}, not a tuple of Questions")
    expect(questions, "it has no questions")
    ids = [question.id for question in questions]
    expect(len(set(ids)) == len(ids), f"two questions have one id: {', '.join(ids)}")
    same = survey.questions == questions == subject.bound().questions
    expect(same, "asked twice, the questions differ")


def its_questions_have_words(subject: Subject) -> None:
    """Every question has a text that can be read."""
    for question in subject.bound().questions:
        pasts.sentence(question.text, f"the text of {question.id!r}")


def it_yields_asks(subject: Subject) -> None:
    """`asks` yields Asks, and comes to an end, whatever the history."""
    _everywhere(subject, lambda history, asks: None)


def keys_differ(subject: Subject) -> None:
    """Each ask has a key of its own, under which it is acted on once."""
    _everywhere(subject, lambda history, asks: pasts.keys_differ((ask.key for ask in asks), "asks"))


def only_members_are_asked(subject: Subject) -> None:
    """Whoever is asked is a member of the relationship, and is asked once."""

    def test(history: History, asks: list[Ask]) -> None:
        for ask in asks:
            pasts.members_only(ask.people, history, ask.key)

    _everywhere(subject, test)


def there_is_time_to_answer(subject: Subject) -> None:
    """`at` and `until` are instants in UTC, and `until` comes after `at`."""

    def test(history: History, asks: list[Ask]) -> None:
        for ask in asks:
            pasts.in_utc(ask.at, f"at of {ask.key!r}")
            pasts.in_utc(ask.until, f"until of {ask.key!r}")
            expect(ask.at < ask.until, f"until of {ask.key!r} does not come after at")

    _everywhere(subject, test)


def its_sessions_exist(subject: Subject) -> None:
    """An ask about a session names one of the history's."""

    def test(history: History, asks: list[Ask]) -> None:
        known = {None, *(session.id for session in history.sessions)}
        for ask in asks:
            expect(ask.session in known, f"{ask.key!r} is about {ask.session!r}, no session")

    _everywhere(subject, test)


def it_says_whose_words_it_has(subject: Subject) -> None:
    """One that is Described names licence and source, and says in words when it asks."""
    survey = subject.bound()
    if isinstance(survey, Described):
        for name in ("licence", "source"):
            held: object = getattr(survey, name)
            expect(isinstance(held, str) and held.strip(), f"its {name} is {held!r}")
        pasts.sentence(survey.occasions, "occasions")


def it_asks_the_roles_that_it_names(subject: Subject) -> None:
    """One that is Described asks nobody whose role is not among its `roles`, if it has any."""
    survey = subject.bound()
    if not isinstance(survey, Described) or not survey.roles:
        return
    roles = survey.roles

    def test(history: History, asks: list[Ask]) -> None:
        members = history.relationship.members
        asked = {held.person for held in members if held.role in roles}
        for ask in asks:
            strange = sorted(set(ask.people) - asked)
            expect(not strange, f"{ask.key!r} asks {strange[:1]}, who is in none of its roles")

    _everywhere(subject, test)


def the_same_asks_twice(subject: Subject) -> None:
    """The same history gives the same asks, from a newly bound survey too."""

    def test(history: History) -> None:
        survey = subject.bound()
        asked = (_listed(one, history) for one in (survey, survey, subject.bound()))
        pasts.agree("asks", asked)

    pasts.for_each(test)


def the_history_is_left_alone(subject: Subject) -> None:
    """A history is only read."""
    pasts.for_each(
        lambda history: pasts.left_alone(history, lambda: _listed(subject.bound(), history)),
    )


def _everywhere(subject: Subject, test: Callable[[History, list[Ask]], None]) -> None:
    survey = subject.bound()
    pasts.for_each(lambda drawn: test(drawn, _listed(survey, drawn)))


def _listed(survey: Any, history: History) -> list[Ask]:
    return pasts.listed(survey.asks(history), Ask, "asks")


SURVEY = (
    it_yields_asks,
    it_asks_something,
    its_questions_have_words,
    keys_differ,
    only_members_are_asked,
    there_is_time_to_answer,
    its_sessions_exist,
    it_says_whose_words_it_has,
    it_asks_the_roles_that_it_names,
    the_same_asks_twice,
    the_history_is_left_alone,
)
