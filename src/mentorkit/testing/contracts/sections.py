"""The contract of a Section."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from mentorkit.models import Chronicle, Part, Participant
from mentorkit.testing.contracts import pasts
from mentorkit.testing.contracts.check import Subject, expect, for_all
from mentorkit.testing.strategies.chronicle import chronicles, without_past


def it_tells_a_part(subject: Subject) -> None:
    """`tell` returns a Part, whatever the chronicle."""
    _everywhere(subject, lambda chronicle, part: None)


def it_has_a_title(subject: Subject) -> None:
    """The title is a Message that can be read, and so is each sentence."""

    def test(chronicle: Chronicle, part: Part) -> None:
        pasts.sentence(part.title, "the title")
        expect(isinstance(part.sentences, tuple), "sentences is not a tuple of Messages")
        for number, message in enumerate(part.sentences, 1):
            pasts.sentence(message, f"sentence {number}")

    _everywhere(subject, test)


def its_rows_fit_its_columns(subject: Subject) -> None:
    """The table is tuples: columns are text, and every row has a cell for each."""

    def test(chronicle: Chronicle, part: Part) -> None:
        proper = isinstance(part.columns, tuple) and isinstance(part.rows, tuple)
        expect(proper, "columns and rows are not both tuples")
        for column in part.columns:
            expect(isinstance(column, str) and column.strip(), f"a column is called {column!r}")
        for row in part.rows:
            fits = isinstance(row, tuple) and len(row) == len(part.columns) > 0
            expect(fits, f"the row {row!r} does not fit the columns {part.columns!r}")

    _everywhere(subject, test)


def cells_are_text_or_whole_numbers(subject: Subject) -> None:
    """A cell is text or a whole number, as it is to be shown."""

    def test(chronicle: Chronicle, part: Part) -> None:
        for row in part.rows:
            for cell in row:
                proper = type(cell) in (str, int)
                expect(proper, f"a cell holds {cell!r}; write it as text or a whole number")

    _everywhere(subject, test)


def nobody_is_named(subject: Subject) -> None:
    """No person's id, name or address is in any sentence or cell: a report is for everyone."""

    def test(chronicle: Chronicle, part: Part) -> None:
        for words in _words(part):
            for person in chronicle.people:
                expect(person.id not in words, f"{person.id!r} can be read in {words!r}")

    section = subject.bound()
    for_all(chronicles().map(_named), lambda drawn: test(drawn, section.tell(drawn)))


def an_empty_programme_will_do(subject: Subject) -> None:
    """A programme in which nobody has taken part and nothing has happened has its part too."""

    def test(chronicle: Chronicle) -> None:
        part = subject.bound().tell(without_past(chronicle.run))
        expect(isinstance(part, Part), f"tell returned {part!r}, not a Part")

    for_all(chronicles(), test)


def the_same_part_twice(subject: Subject) -> None:
    """The same chronicle gives the same part, from a newly bound section too."""

    def test(chronicle: Chronicle) -> None:
        section = subject.bound()
        told = (one.tell(chronicle) for one in (section, section, subject.bound()))
        pasts.agree("parts", told)

    for_all(chronicles(), test)


def the_chronicle_is_left_alone(subject: Subject) -> None:
    """A chronicle is only read."""
    for_all(
        chronicles(),
        lambda drawn: pasts.left_alone(drawn, lambda: subject.bound().tell(drawn)),
    )


def _everywhere(subject: Subject, test: Callable[[Chronicle, Part], None]) -> None:
    section = subject.bound()

    def told(chronicle: Chronicle) -> None:
        part = section.tell(chronicle)
        expect(isinstance(part, Part), f"tell returned {part!r}, not a Part")
        test(chronicle, part)

    for_all(chronicles(), told)


def _named(chronicle: Chronicle) -> Chronicle:
    """The same people with names and addresses, each of which holds the id."""
    return attrs.evolve(chronicle, people=tuple(map(_with_name, chronicle.people)))


def _with_name(participant: Participant) -> Participant:
    own = participant.id
    person = attrs.evolve(participant.person, name=f"Name {own}", email=f"{own}@example.org")
    return attrs.evolve(participant, person=person)


def _words(part: Part) -> Iterator[str]:
    yield from (str(message) for message in (part.title, *part.sentences))
    yield from part.columns
    yield from (str(cell) for row in part.rows for cell in row)


SECTION = (
    it_tells_a_part,
    it_has_a_title,
    its_rows_fit_its_columns,
    cells_are_text_or_whole_numbers,
    nobody_is_named,
    an_empty_programme_will_do,
    the_same_part_twice,
    the_chronicle_is_left_alone,
)
