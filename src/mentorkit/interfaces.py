"""The Protocols that plugins' objects satisfy.

A hook contributes **Kinds**; binding a kind to its settings gives the object that does
the work: a Criterion, a Matcher, a Scheduler, a Survey, a Rule… The contract suites in
`mentorkit.testing` check every promise made here. Protocols never gain required members:
a new ability is a new, optional Protocol.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar, runtime_checkable

import attrs

from mentorkit.models import (
    Ask,
    Chronicle,
    Event,
    Free,
    History,
    Message,
    Part,
    Participant,
    Person,
    Placement,
    Practice,
    ProgrammeRun,
    Question,
    Relationship,
    Row,
    Session,
    Topology,
    Value,
    Verdict,
    Wish,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Text, so that naming these types does not load NumPy.
IntArray: TypeAlias = "NDArray[np.int64]"
BoolArray: TypeAlias = "NDArray[np.bool_]"

S = TypeVar("S")
T_co = TypeVar("T_co", covariant=True)


class Kind(Protocol[S, T_co]):
    """A named way of doing something, to be bound to settings as often as one likes.

    `settings` is a frozen attrs class; the codec fills it from a programme's file, so a
    wrong setting is reported with its path.
    """

    @property
    def name(self) -> str: ...
    @property
    def settings(self) -> type[S]: ...
    def bind(self, settings: S, /) -> T_co:
        """The object that does the work. Pure and cheap."""


class Pool(Protocol):
    """The participants of one role as columns, in the order of their ids.

    Entry i of every column is the same person. A slice or an array of indices gives the
    pool of those people; a criterion must score them as it would in the whole pool.
    """

    @property
    def ids(self) -> Sequence[str]: ...
    @property
    def on(self) -> datetime.date | None:
        """The programme's first day; time zones are compared in its week."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice | IntArray, /) -> Pool: ...
    def values(self, field: str) -> Sequence[Value | None]:
        """What each person holds under an attribute or a listed field; None is missing."""

    def row(self, index: int) -> Participant:
        """The whole participant, for what has no column."""


@runtime_checkable
class Criterion(Protocol):
    """Scores pairs. Used as a constraint, it forbids the pairs that it gives 0 points.

    An optional attribute `private: bool` keeps its findings out of every explanation.
    """

    def points(self, left: Pool, right: Pool) -> IntArray:
        """Whole numbers 0 (no fit) to 1000 (perfect), shape (len(left), len(right)).

        Depends on nothing but each pair's two people and `on`: neither on their order
        nor on who else is in the pools. Must not change the pools.
        """

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """Why this pair got these points, in a sentence for the people concerned."""


@runtime_checkable
class Factored(Protocol):
    """Optional for a Criterion: its points as an integer matrix product."""

    def factors(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray]:
        """L (len(left), k) and R (len(right), k), with `points == L @ R.T` exactly."""


@runtime_checkable
class Constraint(Protocol):
    """Forbids pairs. When it breaks, matching stops: nobody is matched by accident."""

    @property
    def private(self) -> bool:
        """True where readers may see only "not available"."""

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """True where a pair must never be, shape (len(left), len(right))."""

    def say(self, left: Participant, right: Participant) -> Message:
        """Why this pair is forbidden, in a sentence."""


@attrs.frozen(kw_only=True, eq=False)
class Problem:
    """Pairs with capacities: n people on the left, m on the right, both in id order.

    Scores are thousandths of a point. Pins are already taken out of the capacities and
    of `allowed`; forbidden pairs and those below the floor are False in `allowed`.
    """

    left: Sequence[str]
    right: Sequence[str]
    values: IntArray
    """(n, m): what a match is worth to the programme, 0 or more."""
    wishes: tuple[IntArray, IntArray]
    """(n, m) each: the directed scores, left people's of right ones and the reverse."""
    allowed: BoolArray
    """(n, m): whether the two may be matched at all."""
    left_capacity: IntArray
    right_capacity: IntArray
    seed: int = 0


@attrs.frozen(kw_only=True, eq=False)
class Solution:
    """What a matcher found.

    `pairs` has shape (k, 2): indices into the problem's left and right, each pair once.
    `prices` (n,) and (m,), 0 or more, are optional; with them the engine bounds every
    feasible total, and where that bound is met, the plan is proven best.
    """

    pairs: IntArray
    prices: tuple[IntArray, IntArray] | None = None


@runtime_checkable
class Matcher(Protocol):
    """Turns scores, constraints and capacities into pairs."""

    @property
    def solves(self) -> frozenset[str]:
        """The shapes it solves, such as "pairs"; asked for another, it is refused by name."""

    def solve(self, problem: Problem) -> Solution:
        """Allowed pairs within the capacities. The same problem gives the same solution."""


@runtime_checkable
class Roster(Protocol):
    """Brings people in, as rows of text that a mapping turns into participants."""

    def read(self) -> Iterable[Row]:
        """The rows in order. Raises Invalid, naming the place, before or between rows."""


Format = Topology | Practice
"""What a format kind binds to: who meets whom, or what they do."""


@runtime_checkable
class Scheduler(Protocol):
    """Finds times for meetings."""

    def place(self, wishes: Sequence[Wish], free: Free, seed: int) -> Placement:
        """A slot for each meeting wished for, or the reason why there is none.

        A slot lies in the free time of everyone who wished for it, on the wish's days, and
        nobody is in two at once. Numbers count from 1 in the order of time. The same
        arguments give the same placement, whatever the order of the wishes.
        """


@runtime_checkable
class Survey(Protocol):
    """A feedback instrument, and whom it asks when."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions, each with its audience; their ids differ."""

    def asks(self, history: History) -> Iterable[Ask]:
        """Everyone who is to be asked, by what has happened so far; keys differ.

        An ask in the future is made then, unless the history changes before. The same
        history gives the same asks.
        """


@runtime_checkable
class Rule(Protocol):
    """Judges a relationship's history: a signal needs attention, an award recognises."""

    def judge(self, history: History) -> Iterable[Verdict]:
        """What holds by this history, and from when; keys differ.

        A signal's effect is one of hold, nudge, flag and review, an award's is award. The
        same history gives the same verdicts.
        """


class Reader(Protocol):
    """What a subscriber may look up while it delivers.

    Each raises NotFound where there is nothing any more: people can be erased.
    """

    def person(self, person: str, /) -> Person: ...
    def programme(self, programme: str, /) -> ProgrammeRun: ...
    def relationship(self, relationship: str, /) -> Relationship: ...
    def session(self, session: str, /) -> Session:
        """A session, without what only its members read."""


@runtime_checkable
class Subscriber(Protocol):
    """Carries events out: to a log, a mail server, a calendar."""

    @property
    def wants(self) -> frozenset[str]:
        """The kinds of events it wants, such as "session.held"; "*" is all of them."""

    def deliver(self, event: Event, key: str, read: Reader) -> None:
        """Carry one event out. At least once: the same key means the same delivery.

        Raises Later to be asked again then, Refused to give up for good. Anything else that
        it raises is tried again, less and less often. It undoes nothing that happened.
        """


@runtime_checkable
class Section(Protocol):
    """A part of a programme's report."""

    def tell(self, chronicle: Chronicle) -> Part:
        """What the chronicle has to say of one subject. The same chronicle, the same part."""
