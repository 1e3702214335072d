"""Small programmes whose points and bans are drawn as tables, and what they come to by hand."""

from __future__ import annotations

from typing import Any

import attrs
import hypothesis.strategies as st
import numpy as np

import mentorkit
from mentorkit import Choice, MatchPlan, Message, Participant, Person, Policies, Programme, Use
from mentorkit.plugin_loading import Plugin
from mentorkit.registry import Registry, installed

Pair = tuple[str, str]


def place(own: str) -> int:
    """The row of p3 is 3."""
    return int(own[1:])


@attrs.frozen
class Points:
    """A criterion that reads its points from a table."""

    rows: tuple[tuple[int, ...], ...]
    private: bool = False

    def points(self, left, right):
        table = np.array(self.rows, dtype=np.int64).reshape(2 * (len(self.rows),))
        return table[np.ix_([place(own) for own in left.ids], [place(own) for own in right.ids])]

    def say(self, left, right, points):
        return Message("table", "{n} points for {a}", {"n": points, "a": f"{left.id}+{right.id}"})


@attrs.frozen
class Bans:
    """A constraint that reads its bans from a table."""

    rows: tuple[tuple[bool, ...], ...]
    private: bool = False

    def forbids(self, left, right):
        table = np.array(self.rows, dtype=bool).reshape(2 * (len(self.rows),))
        return table[np.ix_([place(own) for own in left.ids], [place(own) for own in right.ids])]

    def say(self, left, right):
        return Message("banned", "{a} is banned", {"a": f"{left.id}+{right.id}"})


def registry_with(*kinds: tuple[str, Any]) -> Registry:
    """All built-ins, and these (slot, kind) pairs."""
    own = Plugin(name="tables", distribution="tests", version="1", kinds=kinds)
    return Registry((*installed().plugins, own))


REGISTRY = registry_with(
    ("criteria", mentorkit.kind("points", Points)), ("criteria", mentorkit.kind("bans", Bans))
)
MATCHERS = (
    Choice("optimal"),
    Choice("stable"),
    Choice("stable", {"proposing": "right"}),
    Choice("greedy"),
    Choice("random"),
)


@attrs.frozen(kw_only=True)
class Drawn:
    """People, a programme, and the coordinator's decisions, with all that follows by hand."""

    people: tuple[Participant, ...]
    open_points: np.ndarray
    secret_points: np.ndarray
    bans: np.ndarray
    weights: tuple[int, int]
    wishes_of: tuple[str, str]
    base: int
    floor: int
    seed: int
    matcher: Choice
    turned: bool = False
    """Whether the open criterion and the bans look from the mentor at the mentee."""
    forbids: tuple[Pair, ...] = ()
    pins: tuple[Pair, ...] = ()

    @property
    def programme(self) -> Programme:
        rows = [
            tuple(map(tuple, table.tolist())) for table in (self.open_points, self.secret_points)
        ]
        between = ("mentor", "mentee") if self.turned else None
        return Programme(
            seed=self.seed,
            criteria={
                "open": Use(
                    "points",
                    {"rows": rows[0]},
                    between=between,
                    weight=self.weights[0],
                    wish_of=self.wishes_of[0],
                ),
                "secret": Use(
                    "points",
                    {"rows": rows[1], "private": True},
                    weight=self.weights[1],
                    wish_of=self.wishes_of[1],
                ),
            },
            constraints={
                "ban": Use("bans", {"rows": tuple(map(tuple, self.bans.tolist()))}, between=between)
            },
            policies=Policies(
                matcher=self.matcher, base=self.base, floor=self.floor, by="department"
            ),
        )

    def match(self, **others: Any) -> MatchPlan:
        held = {"pins": self.pins, "forbids": self.forbids, **others}
        return mentorkit.match(self.people, self.programme, registry=REGISTRY, **held)

    def side(self, number: int) -> list[str]:
        role = ("mentee", "mentor")[number]
        return sorted(held.id for held in self.people if held.roles.get(role))

    def room(self, number: int, own: str) -> int:
        role = ("mentee", "mentor")[number]
        return next(held.roles[role] for held in self.people if held.id == own)

    @property
    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The points of mentees with mentors."""
        return (self.open_points.T if self.turned else self.open_points), self.secret_points

    @property
    def whose(self) -> tuple[str, str]:
        """The wishes, with the mentee on the left."""
        mirror = {"left": "right", "right": "left", "both": "both"}
        first, second = self.wishes_of
        return (mirror[first] if self.turned else first), second

    def banned(self, pair: Pair) -> bool:
        """What the constraint says."""
        one, other = pair[::-1] if self.turned else pair
        return bool(self.bans[place(one), place(other)])

    def fit(self, pair: Pair) -> int:
        i, j = map(place, pair)
        return int(self.weights[0] * self.tables[0][i, j] + self.weights[1] * self.tables[1][i, j])

    def wish(self, number: int, pair: Pair) -> int:
        i, j = map(place, pair)
        tables = self.tables
        own = (("left", "both"), ("right", "both"))[number]
        return int(
            sum(
                weight * table[i, j]
                for weight, table, whose in zip(self.weights, tables, self.whose, strict=True)
                if whose in own
            )
        )

    def forbidden(self, pair: Pair) -> bool:
        one, other = pair
        either = {pair, (other, one)}
        return one == other or self.banned(pair) or bool(either & set(self.forbids))

    def allowed(self, pair: Pair) -> bool:
        return not self.forbidden(pair) and self.fit(pair) >= 1000 * self.floor

    @property
    def cells(self) -> list[Pair]:
        return [(one, other) for one in self.side(0) for other in self.side(1)]

    def worth(self, pairs: Any) -> int:
        return sum(self.fit(pair) + 1000 * self.base for pair in pairs)


def drawn_cases(most: int = 6, matchers: tuple[Choice, ...] = MATCHERS) -> st.SearchStrategy[Drawn]:
    """Up to `most` people, each byte of whom picks one thing."""
    size = 4 * most + 3 * most * most + 8
    counts = st.sampled_from([*range(2, most), most, most, most])
    return st.tuples(counts, st.binary(min_size=size, max_size=size)).map(
        lambda drawn: _decoded(drawn[0], drawn[1], most, matchers)
    )


def _decoded(n: int, code: bytes, most: int, matchers: tuple[Choice, ...]) -> Drawn:
    bytes_ = np.frombuffer(code, dtype=np.uint8).astype(int)
    own, tables = bytes_[: 4 * most].reshape(4, most), bytes_[4 * most : -8]
    rest = bytes_[-8:].tolist()
    open_, secret, bans = tables.reshape(3, most, most)[:, :n, :n]
    scale = np.array([0, 1000, 500, 250, 999])
    weights = (1, 2, 0, 3)

    def participant(number: int) -> Participant:
        role, left, right, team = own[:, number].tolist()
        both = {"mentee": (1, 1, 2, 3, 0)[left % 5], "mentor": (1, 1, 2, 3, 0)[right % 5]}
        held = (("mentee",), ("mentor",), ("mentee", "mentor"), ("mentee",), ("mentor",))[role % 5]
        named = {"department": ("red", "blue", "green")[team % 3]} if team % 7 else {}
        return Participant(
            person=Person(id=f"p{number}", attributes=named),
            roles={name: both[name] for name in held},
        )

    return Drawn(
        people=tuple(participant(number) for number in range(n)),
        open_points=scale[open_ % 5],
        secret_points=scale[secret % 5],
        bans=bans % 8 == 7,
        weights=(weights[rest[0] % 4], weights[rest[1] % 4]),
        wishes_of=(
            ("both", "left", "right")[rest[2] % 3],
            ("left", "right", "both")[rest[3] % 3],
        ),
        base=(0, 0, 1, 2)[rest[4] % 4],
        floor=(0, 0, 0, 0, 0, 1, 2)[rest[5] % 7],
        seed=rest[6] % 3,
        turned=rest[6] % 2 == 1,
        matcher=matchers[rest[7] % len(matchers)],
    )


def best_total(drawn: Drawn, *, counted: bool = False, **others: Any) -> int:
    """The greatest total of all plans that keep the pins, by brute force.

    `counted`, the greatest number of matches.
    """
    drawn = attrs.evolve(drawn, **others)
    worth = len if counted else drawn.worth
    pins = set(drawn.pins)
    cells = [pair for pair in drawn.cells if drawn.allowed(pair) and pair not in pins]
    room = [{own: drawn.room(side, own) for own in drawn.side(side)} for side in (0, 1)]
    for pair in pins:
        for side in (0, 1):
            room[side][pair[side]] -= 1

    def rest(at: int) -> int:
        if at == len(cells):
            return 0
        pair = cells[at]
        best = rest(at + 1)
        if room[0][pair[0]] and room[1][pair[1]]:
            room[0][pair[0]] -= 1
            room[1][pair[1]] -= 1
            best = max(best, worth([pair]) + rest(at + 1))
            room[0][pair[0]] += 1
            room[1][pair[1]] += 1
        return best

    return worth(pins) + rest(0)
