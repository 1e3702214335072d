"""What criteria and constraints both promise: a table that depends on each pair alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from hypothesis.strategies import SearchStrategy

from mentorkit.interfaces import Criterion, IntArray
from mentorkit.matching import ParticipantPool
from mentorkit.models import Message, Participant, Value
from mentorkit.testing.contracts.check import Subject, expect, for_all, refusal
from mentorkit.testing.contracts.people import (
    IDS,
    Population,
    blank,
    pair_pool,
    populations,
    readable,
    table,
    unread,
)


@attrs.frozen
class Asked:
    """A criterion or constraint, and people to ask it about."""

    subject: Subject

    @cached_property
    def populations(self) -> SearchStrategy[Population]:
        """People whose attributes hold what it can read; of the author's own, if there are."""
        own = self.subject.people
        return populations(readable(self.fresh()) if own is None else {}, own)

    def fresh(self) -> Any:
        """A newly bound object."""
        return self.subject.bound()

    def everywhere(self, test: Callable[[Any, Population], None]) -> None:
        """Run a test on drawn populations."""
        asked = self.fresh()
        for_all(self.populations, lambda drawn: test(asked, drawn))


def one_pair_at_a_time(asked: Asked) -> None:
    """A pair asked about alone gets what it gets among others."""

    def test(used: Any, held: Population) -> None:
        whole = held.table(used)
        for i, j in np.ndindex(len(held.left), len(held.right)):
            alone = table(used, held.left[i : i + 1], held.right[j : j + 1])
            names = f"{held.left.ids[i]} with {held.right.ids[j]}"
            expect(
                np.shape(alone) == (1, 1) and np.array_equal(alone[0, 0], whole[i, j]),
                f"{names} gets {whole[i, j]} among all, {_plain(alone)} alone",
            )

    asked.everywhere(test)


def any_part_of_the_pools(asked: Asked) -> None:
    """Parts of the pools, in any order and with people repeated, get what the whole says."""

    def test(used: Any, held: Population) -> None:
        whole = held.table(used)
        for rows in parts(len(held.left)):
            for columns in parts(len(held.right)):
                part = table(used, held.left[rows], held.right[columns])
                right = whole[np.ix_(rows, columns)]
                expect(
                    np.array_equal(part, right),
                    f"rows {_plain(rows)} and columns {_plain(columns)} get {_plain(part)};"
                    f" the whole says {_plain(right)}",
                )

    asked.everywhere(test)


def parts(size: int) -> list[IntArray]:
    """Half of the places, all backwards, and some twice."""
    everyone = np.arange(size)
    return [everyone[: size // 2], everyone[::-1], np.repeat(everyone[-2:], 2)]


def empty_pools(asked: Asked) -> None:
    """Pools without people give tables without rows or columns."""
    used = asked.fresh()
    some, none = pair_pool(*map(blank, IDS[:3])), pair_pool()
    for left, right in ((none, some), (some, none), (none, none)):
        found = np.shape(table(used, left, right))
        expect(
            found == (len(left), len(right)),
            f"{len(left)} people by {len(right)} gave shape {found}",
        )


def the_same_answer_twice(asked: Asked) -> None:
    """Asking again, or a newly bound object, gives the same answer."""
    other = asked.fresh()

    def test(used: Any, held: Population) -> None:
        first, second, third = (held.table(one) for one in (used, used, other))
        expect(np.array_equal(first, second), "asked twice, the answers differ")
        expect(np.array_equal(first, third), "two objects of the same settings disagree")

    asked.everywhere(test)


class _Kept(ParticipantPool):
    """A pool that hands out its own columns, so that a change to one can be seen."""

    def __init__(self, people: Sequence[Participant], on: datetime.date | None) -> None:
        super().__init__(people, on)
        self.columns: dict[str, list[Value | None]] = {}

    def values(self, field: str) -> Sequence[Value | None]:
        return self.columns.setdefault(field, list(super().values(field)))

    def changed(self) -> list[str]:
        """The columns that are not what they were."""
        afresh = super().values
        return [name for name, held in self.columns.items() if held != afresh(name)]


def pools_are_left_alone(asked: Asked) -> None:
    """The columns of a pool are the same after the call as before."""

    def test(used: Any, held: Population) -> None:
        pools = [
            _Kept([pool.row(i) for i in range(len(pool))], pool.on)
            for pool in (held.left, held.right)
        ]
        table(used, pools[0], pools[1])
        for pool in pools:
            expect(not pool.changed(), f"the column {', '.join(pool.changed())} was changed")

    asked.everywhere(test)


def people_who_give_nothing(asked: Asked) -> None:
    """People of whom nothing is known but the id break nothing."""
    used = asked.fresh()
    pool = pair_pool(*map(blank, IDS[:2]))
    found = table(used, pool, pool)
    expect(np.shape(found) == (2, 2), f"2 people by 2 gave shape {np.shape(found)}")
    for i, j in np.ndindex(2, 2):
        str(said(used, pool.row(i), pool.row(j), found[i, j]))


def every_sort_of_value(asked: Asked) -> None:
    """An attribute may hold words, numbers, levels, truths or lists: read or refuse each."""
    wrong = unread(asked.fresh(), refusal)
    expect(
        not wrong,
        f"{'; '.join(wrong[:3])}. Raise mentorkit.Invalid for a value that cannot be read",
    )


def a_sentence_for_every_pair(asked: Asked) -> None:
    """`say` gives every pair a Message that can be read."""

    def test(used: Any, held: Population) -> None:
        found = held.table(used)
        for i, j in np.ndindex(len(held.left), len(held.right)):
            message = said(used, held.left.row(i), held.right.row(j), found[i, j])
            expect(isinstance(message, Message), f"say returned {message!r}, not a Message")
            expect(str(message).strip(), "say returned a sentence without words")

    asked.everywhere(test)


def private_means_silent(asked: Asked) -> None:
    """`private` is True or False; where it is True, every pair reads the same sentence."""
    private = getattr(asked.fresh(), "private", False)
    expect(type(private) is bool, f"private is {private!r}, not True or False")
    sentences: set[str] = set()

    def test(used: Any, held: Population) -> None:
        found = held.table(used)
        for i, j in np.ndindex(found.shape):
            sentences.add(str(said(used, held.left.row(i), held.right.row(j), found[i, j])))
            expect(len(sentences) < 2, f"it is private, but it tells: {sorted(sentences)}")

    if private:
        asked.everywhere(test)


def said(used: Any, left: Participant, right: Participant, held: Any) -> Any:
    """The sentence of a criterion with its points, or of a constraint."""
    if isinstance(used, Criterion):
        return used.say(left, right, int(held))
    return used.say(left, right)


def _plain(found: object) -> object:
    return found.tolist() if isinstance(found, np.ndarray) else found


PAIRWISE = (
    one_pair_at_a_time,
    any_part_of_the_pools,
    empty_pools,
    the_same_answer_twice,
    pools_are_left_alone,
    people_who_give_nothing,
    every_sort_of_value,
    a_sentence_for_every_pair,
    private_means_silent,
)
