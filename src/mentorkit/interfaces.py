"""The Protocols that plugins' objects satisfy.

A hook contributes **Kinds**; binding a kind to its settings gives the object that does
the work: a Criterion, a Matcher, a Scheduler, a Survey, a Rule… The contract suites in
`mentorkit.testing` check every promise made here. Protocols never gain required members:
a new ability is a new, optional Protocol.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, runtime_checkable

import attrs

from mentorkit.errors import Fault, Invalid
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
    Signal,
    Topology,
    Value,
    Verdict,
    Wish,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import numpy as np
    from numpy.typing import NDArray

# Text, so that naming these types does not load NumPy.
IntArray: TypeAlias = "NDArray[np.int64]"
BoolArray: TypeAlias = "NDArray[np.bool_]"
Selection: TypeAlias = "slice | IntArray"

ALL = slice(None)
LARGEST_TABLE = 2**27
"""Pairs beyond which no whole table of them is made: 1 GiB in 64 bits."""

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
class Columnar(Protocol):
    """Optional for a Pool: what no attribute holds, without a participant for each person."""

    def column(self, field: str) -> Sequence[Any]:
        """A field of every participant, such as `prefers`, just as it is."""


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
    """Optional for a Criterion: its points as an integer matrix product.

    Read once for all the people, then scored at the speed of the processor.
    """

    def factors(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray]:
        """L (len(left), k) and R (len(right), k), with `points == L @ R.T` exactly."""


@runtime_checkable
class Counted(Protocol):
    """Optional for a Criterion: its points as a table looked up by an integer matrix product.

    What is counted, such as shared words, need not be worth the same each time.
    """

    def counted(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray, IntArray]:
        """L (len(left), k), R (len(right), k) and a table, with `points == table[L @ R.T]`."""


@runtime_checkable
class Listed(Protocol):
    """Optional for a Criterion or Constraint that concerns few pairs: it lists them.

    A criterion gives all other pairs 0 points; a constraint forbids those that it lists.
    """

    def listed(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray]:
        """Pairs of indices (k, 2), each once, and the points of each (k,); 1 for a ban."""


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


class Pairs(Protocol):
    """What is known of each pair of n left and m right people, worked out where it is asked.

    `rows` and `columns` choose people by a slice or an array of indices. Tables are NumPy
    arrays of whole numbers, in whichever type holds them exactly.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """(n, m)."""

    @property
    def most(self) -> int:
        """No pair is worth more."""

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> NDArray[Any]:
        """What a match is worth to the programme, 0 or more; below 0 where it may not be."""

    def wishes(
        self, rows: Selection = ALL, columns: Selection = ALL
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """The directed scores: the left people's of the right ones, and the reverse."""

    def worth_of(self, pairs: IntArray) -> IntArray:
        """(k,): what each of the pairs of indices (k, 2) is worth; below 0 as in `worth`."""

    def part(self, rows: Selection, columns: Selection) -> Pairs:
        """Some of the people, who count from 0 again: small enough to be sent elsewhere."""

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        """Left and right people, by index, in parts between which no pair may be."""


@attrs.frozen(kw_only=True, eq=False)
class Tables:
    """Pairs of which all is known already, in whole tables (n, m) in thousandths of a point."""

    values: IntArray
    """What a match is worth to the programme, 0 or more."""
    wishes_of: tuple[IntArray, IntArray]
    """The directed scores, left people's of right ones and the reverse."""
    allowed: BoolArray
    """Whether the two may be matched at all."""

    @property
    def shape(self) -> tuple[int, int]:
        n, m = self.allowed.shape
        return n, m

    @property
    def most(self) -> int:
        return int(self.values.max(initial=0))

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> IntArray:
        import numpy as np

        return np.where(self.allowed[rows][:, columns], self.values[rows][:, columns], -1)

    def wishes(self, rows: Selection = ALL, columns: Selection = ALL) -> tuple[IntArray, IntArray]:
        left, right = self.wishes_of
        return left[rows][:, columns], right[rows][:, columns]

    def worth_of(self, pairs: IntArray) -> IntArray:
        import numpy as np

        rows, columns = pairs[:, 0], pairs[:, 1]
        return np.where(self.allowed[rows, columns], self.values[rows, columns], -1)

    def part(self, rows: Selection, columns: Selection) -> Tables:
        return Tables(
            values=self.values[rows][:, columns],
            wishes_of=self.wishes(rows, columns),
            allowed=self.allowed[rows][:, columns],
        )

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        import numpy as np

        n, m = self.shape
        return [(np.arange(n), np.arange(m))]


@attrs.frozen(kw_only=True, eq=False)
class Rules:
    """What a plan of n left and m right people must keep besides the capacities.

    A team of a least size means that a right person has nobody or at least so many; a group,
    that its people are in at least so many pairs together. Pairs are counted: someone with
    three partners is three times in their group's count.
    """

    least: IntArray
    """(m,): the fewest partners of a right person who has any; 0 and 1 ask for nothing."""
    begun: BoolArray
    """(m,): whose team has begun with partners who are not counted here, such as pins: they
    may not be left with nobody else, and must have `least` more."""
    groups: tuple[IntArray, IntArray]
    """(n,) and (m,): the group of each person, -1 for none. A group is of one side."""
    wanted: IntArray
    """(g,): how many pairs the people of each group must be in, at least."""
    names: tuple[str, ...] = ()
    """What each group is called, for what is said of it."""

    @classmethod
    def none(cls, shape: tuple[int, int]) -> Rules:
        """No rule at all, to be evolved."""
        import numpy as np

        n, m = shape
        return cls(
            least=np.zeros(m, dtype=np.int64),
            begun=np.zeros(m, dtype=bool),
            groups=(np.full(n, -1, dtype=np.int64), np.full(m, -1, dtype=np.int64)),
            wanted=np.zeros(0, dtype=np.int64),
        )

    def part(self, rows: Selection, columns: Selection) -> Rules:
        """The same rules for some of the people; the groups keep their numbers."""
        left, right = self.groups
        return attrs.evolve(
            self,
            least=self.least[columns],
            begun=self.begun[columns],
            groups=(left[rows], right[columns]),
        )

    def count(self, pairs: IntArray) -> IntArray:
        """(g,): how many of the pairs each group's people are in."""
        import numpy as np

        held = [group[pairs[:, side]] for side, group in enumerate(self.groups)]
        together = np.concatenate(held)
        return np.bincount(together[together >= 0], minlength=len(self.wanted))

    def small(self, pairs: IntArray) -> IntArray:
        """The right people whose team is too small."""
        import numpy as np

        load = np.bincount(pairs[:, 1], minlength=len(self.least))
        return np.nonzero((load < self.least) & ((load > 0) | self.begun))[0]

    @property
    def asks(self) -> frozenset[str]:
        """What a matcher must be able to keep, of "least-sizes" and "parity"."""
        least = (self.least > 1) | (self.begun & (self.least > 0))
        found = {"least-sizes"} if least.any() else set()
        return frozenset(found | ({"parity"} if len(self.wanted) else set()))

    def keeps(self, pairs: IntArray) -> bool:
        """Whether pairs keep these rules."""
        return not len(self.small(pairs)) and self.suffices(pairs)

    def suffices(self, pairs: IntArray) -> bool:
        """Whether all groups' people are in as many pairs as they want."""
        return bool((self.count(pairs) >= self.wanted).all())


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Problem:
    """Pairs with capacities: n people on the left, m on the right, both in id order.

    Scores are thousandths of a point. Pins are already taken out of the capacities and
    of `allowed`; forbidden pairs and those below the floor are not allowed.
    """

    left: Sequence[str]
    right: Sequence[str]
    pairs: Pairs
    left_capacity: IntArray
    right_capacity: IntArray
    seed: int = 0
    executor: Executor | None = None
    """Where a matcher may have passes over all pairs done, in parts."""
    one_pool: bool = False
    """Whether left and right are the same people, each of whom takes one partner at most.
    Pairs are then told both ways round, and chosen with the lower index first."""
    rules: Rules | None = None
    """What a plan must keep besides the capacities; pins are taken out of it already."""
    start: Solution | None = None
    """What was found before a change, in the indices of this problem: pairs that may no
    longer be, and prices. A matcher that begins there changes less, and sooner."""

    @property
    def capacity(self) -> tuple[IntArray, IntArray]:
        """(n,) and (m,): how many partners each person takes at most."""
        return self.left_capacity, self.right_capacity

    @property
    def shape(self) -> tuple[int, int]:
        """(n, m)."""
        return len(self.left), len(self.right)

    @cached_property
    def values(self) -> IntArray:
        """(n, m): what a match is worth to the programme, 0 or more where it is allowed."""
        return _frozen(self._table.clip(min=0))

    @cached_property
    def allowed(self) -> BoolArray:
        """(n, m): whether the two may be matched at all."""
        return _frozen(self._table >= 0)

    @cached_property
    def wishes(self) -> tuple[IntArray, IntArray]:
        """(n, m) each: the directed scores, left people's of right ones and the reverse."""
        self._affordable()
        left, right = self.pairs.wishes()
        return _frozen(left.astype("int64")), _frozen(right.astype("int64"))

    @cached_property
    def _table(self) -> IntArray:
        self._affordable()
        return self.pairs.worth().astype("int64")

    def _affordable(self) -> None:
        n, m = self.shape
        if n * m > LARGEST_TABLE:
            raise Invalid(
                "policies.matcher",
                f"needs whole tables, and one of {n:,} by {m:,} people would take"
                f" {8 * n * m / 2**30:.1f} GiB; choose optimal, which works on parts of it",
            )


def _frozen(table: NDArray[Any]) -> NDArray[Any]:
    table.setflags(write=False)
    return table


@attrs.frozen(kw_only=True, eq=False)
class OddSets:
    """Sets of people of one pool, each of an odd number: one of them is always left over.

    Of any two sets, one holds the other, or nobody is in both. So all people (n,) stand in
    a `line` in which each set is a stretch from `stretches` (k, 2), begin and end.
    """

    line: IntArray
    stretches: IntArray
    prices: IntArray
    """(k,), 0 or more; a set of 2s + 1 people is paid s times."""


@attrs.frozen(kw_only=True, eq=False)
class Solution:
    """What a matcher found.

    `pairs` has shape (k, 2): indices into the problem's left and right, each pair once.
    `prices` (n,) and (m,), 0 or more, are optional; with them the engine bounds every
    feasible total, and where that bound is met, the plan is proven best. In one pool both
    arrays are the same, and `sets` may have prices too, which a pair pays where both people
    are in one. Under rules, `groups` (g,) may have prices too, 0 or more: what one more pair of
    a group is worth for its sake; and a right person whose team has a least size may have one
    below 0. Prices are in `unit`-ths of a thousandth of a point.

    A matcher that puts something else before the total says so: each match counts `lift`
    more (so much that one match more outweighs all other gains), or only pairs worth at least
    `least` count. Then `many` are prices of 0 or 1 that bound the number of all matches, and
    `above` bound it if each had to be worth more than `least`.
    """

    pairs: IntArray
    prices: tuple[IntArray, IntArray] | None = None
    lift: int = 0
    least: int = 0
    many: tuple[IntArray, IntArray] | None = None
    above: tuple[IntArray, IntArray] | None = None
    sets: OddSets | None = None
    groups: IntArray | None = None
    unit: int = 1


@runtime_checkable
class Matcher(Protocol):
    """Turns scores, constraints and capacities into pairs."""

    @property
    def solves(self) -> frozenset[str]:
        """The shapes it solves, of "pairs" (two roles) and "one-pool", and the `Rules` that its
        plans keep, of "least-sizes" and "parity"; asked for another, it is refused by name."""

    def solve(self, problem: Problem) -> Solution:
        """Allowed pairs within the capacities. The same problem gives the same solution.

        Raises Invalid where no plan keeps the problem's rules.
        """


@runtime_checkable
class Roster(Protocol):
    """Brings people in, as rows of text that a mapping turns into participants."""

    def read(self) -> Iterable[Row]:
        """The rows in order. Raises Invalid, naming the place, before or between rows."""


@runtime_checkable
class Doubting(Roster, Protocol):
    """A roster that had to guess how its file is read, and says where it may be wrong."""

    def doubts(self) -> Iterable[Fault]:
        """What was guessed, each with its place and what to do if it is wrong.

        It is asked once all rows were read.
        """


Format = Topology | Practice
"""What a format kind binds to: who meets whom, or what they do."""


@runtime_checkable
class Scheduler(Protocol):
    """Finds times for meetings."""

    def place(self, wishes: Sequence[Wish], free: Free, seed: int) -> Placement:
        """A slot for each meeting wished for, or the reason why there is none.

        A slot lies in the free time of everyone who wished for it, on the wish's days, and
        nobody is in two at once. Numbers count from 1 in the order of time. The same
        arguments give the same placement, whatever the order of the wishes. Settings that
        go on from `mentorkit.scheduling.Spacing` are kept.
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
class Described(Survey, Protocol):
    """Optional: a survey that says whose words it has, and whom it asks on which occasions."""

    @property
    def licence(self) -> str:
        """Under which its texts may be used, such as CC0-1.0."""

    @property
    def source(self) -> str:
        """Where its texts are from."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles that it asks; none is everybody. A programme that lacks one refuses it."""

    @property
    def occasions(self) -> Message:
        """When it asks, and how long one may answer, in words."""


@runtime_checkable
class Rule(Protocol):
    """Judges a relationship's history: a signal needs attention, an award recognises."""

    def judge(self, history: History) -> Iterable[Verdict]:
        """What holds by this history, and from when; keys differ.

        A signal's effect is one of hold, nudge, flag and review, an award's is award. The
        same history gives the same verdicts.
        """


@runtime_checkable
class Watching(Rule, Protocol):
    """Optional: a rule that rests on the concerns of surveys."""

    @property
    def watches(self) -> frozenset[str]:
        """The names of the surveys' uses; a programme that lacks one refuses it.

        A survey whose answers may raise a flag needs a signal that watches it, for it says so.
        """


@runtime_checkable
class Passing(Rule, Protocol):
    """Optional: a rule that knows when nothing is left to be done about a signal of its own."""

    def passed(self, signal: Signal, history: History) -> bool:
        """Whether what it raised is over by this history; then the signal is settled.

        Not as long as `judge` gives a verdict under the signal's key.
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
