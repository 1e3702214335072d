"""Made-up instances of every size by which matching can be measured and compared.

Four families, each hard in its own way:

- `plain`: hardly two people are alike, and everyone is wanted by some.
- `popular`: half of each score is the mentor's popularity, so all want the same few.
- `twins`: few profiles, some of them frequent; scores have few levels, and what is much
  sought is not what is much offered.
- `scarce`: as plain, with mentors for two thirds of the mentees.

Mentors take 3 mentees each, but for `scarce`; a third as many mentors as mentees and a
little more (35 %) is the usual size. About 5 % of all pairs are forbidden. Everything is
drawn from PCG64's raw stream, in whole numbers, so that the same seed gives the same
instance on every machine; a person or a row does not depend on how many follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any, Literal, get_args

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import BoolArray, IntArray, Problem, Tables
from mentorkit.models import (
    Columns,
    FrozenMap,
    Level,
    Participant,
    Person,
    Programme,
    Skill,
    Use,
)

__all__ = ["FAMILIES", "Family", "columns", "people", "pool", "problem", "programme", "seats_of"]

Family = Literal["plain", "popular", "twins", "scarce"]
FAMILIES: tuple[Family, ...] = get_args(Family)

CAPACITY = 3
PROFILES = (60, 30)
"""How many kinds of mentees and of mentors the twins are, organisations aside."""
TOPICS = 16
FULL = 1_000_000
"""What a perfect pair is worth in `problem` and `pool`: 1000 points."""

_SKILLS = [[Skill(f"skill {one:02}", level) for level in (1, 2, 3)] for one in range(20)]
_INTERESTS = list(combinations([f"interest {one:02}" for one in range(24)], 5))
_GRADES = [Level(rank, f"grade {rank}") for rank in range(8)]
_PLACES = [f"country {one}/city {one}.{other}" for one in range(5) for other in range(8)]
_FIELDS = [f"field {one:02}" for one in range(12)]
_ORGANISATIONS = [f"organisation {one:02}" for one in range(20)]
_EXPERIENCE = 100
_CHUNK = 2**14


@attrs.frozen
class _Side:
    """What the people of one role draw from."""

    role: str
    number: int
    skill_sets: list[tuple[int, ...]]
    skill_levels: list[tuple[int, ...]]
    grades: list[Level]
    experience: int
    """Mentors have helped from 0 to as many people before."""

    @classmethod
    def of(cls, role: str, number: int, skills: int, grades: list[Level], experience: int) -> _Side:
        sets = list(combinations(range(len(_SKILLS)), skills))
        return cls(role, number, sets, list(product(range(3), repeat=skills)), grades, experience)

    @property
    def choices(self) -> list[int]:
        """From how many each trait is drawn, in the order in which `_person` takes them."""
        skills = [len(self.skill_sets), len(self.skill_levels)]
        rest = [len(_INTERESTS), len(self.grades), len(_PLACES), len(_FIELDS)]
        return [*skills, *rest, self.experience + 1]

    def skills(self, chosen: int, levels: int) -> list[Skill]:
        names_and_levels = zip(self.skill_sets[chosen], self.skill_levels[levels], strict=True)
        return [_SKILLS[name][level] for name, level in names_and_levels]


_MENTEES = _Side.of("mentee", 0, 3, _GRADES[:4], 0)
_MENTORS = _Side.of("mentor", 1, 5, _GRADES[2:], _EXPERIENCE)


def people(
    family: Family, mentees: int, mentors: int, *, seed: int = 0, blocks: int = 1
) -> tuple[Participant, ...]:
    """Mentees and mentors in the order of their ids, to be matched under `programme(family)`.

    With `blocks`, everyone belongs to one of as many regions of equal size, which the
    programme of as many blocks keeps apart. `popular` people are the plain ones, under a
    programme by which experience counts.
    """
    _known(family)
    seats = seats_of(family, mentees, mentors)
    return (
        *_people(_MENTEES, family, [1] * mentees, seed, blocks),
        *_people(_MENTORS, family, seats.tolist(), seed, blocks),
    )


def columns(
    family: Family, mentees: int, mentors: int, *, seed: int = 0, blocks: int = 1
) -> Columns:
    """The same people as columns, which take a small part of the time and of the memory."""
    _known(family)
    seats = seats_of(family, mentees, mentors)
    lefts = _columns(_MENTEES, family, mentees, seed, blocks)
    rights = _columns(_MENTORS, family, mentors, seed, blocks)
    both = {name: [*held, *rights[name]] for name, held in lefts.items()}
    nobody = [None] * mentees, [None] * mentors
    return Columns(
        ids=both.pop("ids"),
        roles={
            _MENTEES.role: [*[1] * mentees, *nobody[1]],
            _MENTORS.role: [*nobody[0], *seats.tolist()],
        },
        interests=both.pop("interests"),
        seeks=[*lefts["skills"], *nobody[1]],
        offers=[*nobody[0], *rights["skills"]],
        attributes={name: held for name, held in both.items() if name != "skills"},
    )


def programme(family: Family, *, blocks: int = 1) -> Programme:
    """The one-to-one programme of a family: five criteria, and no pair of one organisation."""
    _known(family)
    criteria = {
        "skills": Use("skills", weight=5),
        "interests": Use("interests", weight=3),
        "grade": Use("level-gap", {"attribute": "grade", "ideal": 2, "most": 6}, weight=3),
        "location": Use("location", weight=2),
        "field": Use("same", {"attribute": "field"}, weight=2),
    }
    if family == "popular":
        del criteria["field"]
        rest = sum(use.weight for use in criteria.values())
        settings = {"attribute": "experience", "ideal": _EXPERIENCE}
        criteria["experience"] = Use("level-gap", settings, weight=rest)
    if family == "twins":
        criteria |= {
            "skills": Use("skills", {"enough": 2}, weight=2),
            "interests": Use("interests", {"enough": 2}),
            "grade": Use("level-gap", {"attribute": "grade", "least": 1}),
        }
    constraints = {"organisations-differ": Use("different", {"attribute": "organisation"})}
    if blocks > 1:
        constraints["one-region"] = Use("same", {"attribute": "region"})
    return Programme(name=f"The {family} family", criteria=criteria, constraints=constraints)


def problem(family: Family, mentees: int, mentors: int, *, seed: int = 0) -> Problem:
    """A matcher's problem with all values in one table of (mentees, mentors), 8 bytes each.

    A value is how far two vectors of 16 topics agree, from 0 to 1,000,000.
    """
    _known(family)
    left, right = (
        _topics(_kinds(family, seed, side, count), seed, side)
        for side, count in enumerate((mentees, mentors))
    )
    values = _agreement(left, right)
    if family == "popular":
        values = (values + _drawn(mentors, [FULL + 1], seed, 1, 2).T) // 2
    if family == "twins":
        values = _coarse(values)
    allowed = _allowed(mentees, mentors, seed)
    return Problem(
        left=[f"mentee-{number:07}" for number in range(mentees)],
        right=[f"mentor-{number:07}" for number in range(mentors)],
        pairs=Tables(values=values, wishes_of=(values, values), allowed=allowed),
        left_capacity=np.ones(mentees, dtype=np.int64),
        right_capacity=seats_of(family, mentees, mentors),
        seed=seed,
    )


def pool(
    family: Family, size: int, candidates: int = 20, *, seed: int = 0
) -> tuple[IntArray, IntArray]:
    """A graph of one pool: edges (k, 2), the lesser end first, in order, and weights (k,).

    A weight is how far two people offer what the other seeks, the weaker of the two. Everyone
    names as many `candidates`, the best; of equal ones the next in number, so that those
    alike are spread. When it is scarce, two thirds may be with the other third only.
    """
    _known(family)
    kinds = _kinds(family, seed, 0, size)
    seeks, offers = (_topics(kinds, seed, side) for side in (0, 1))
    popular = _drawn(size, [FULL + 1], seed, 0, 2)[:, 0]
    junior = np.arange(size) % 3 < 2 if family == "scarce" else np.zeros(size, dtype=bool)
    named = [np.empty((0, 3), dtype=np.int64)]
    for start in range(0, size, 512):
        rows = np.arange(start, min(start + 512, size))
        values = np.minimum(_agreement(seeks[rows], offers), _agreement(offers[rows], seeks))
        if family == "twins":
            values = _coarse(values)
        values[junior[rows][:, None] & junior[None, :]] = -1
        values[np.arange(len(rows)), rows] = -1
        named.append(_best(rows, values, candidates))
    ends, weights = _undirected(np.concatenate(named), size)
    if family == "popular":
        weights = (weights + popular[ends].sum(axis=1) // 2) // 2
    return ends, weights


def seats_of(family: Family, mentees: int, mentors: int) -> IntArray:
    """How many mentees each mentor takes."""
    if family != "scarce":
        return np.full(mentors, CAPACITY, dtype=np.int64)
    total = 2 * mentees // 3
    shared = np.arange(mentors + 1, dtype=np.int64) * total // max(mentors, 1)
    return shared[1:] - shared[:-1]


def _known(family: Family) -> None:
    if family not in FAMILIES:
        raise Invalid("family", f"must be one of {', '.join(FAMILIES)}, not {family!r}")


def _people(
    side: _Side, family: Family, seats: Sequence[int], seed: int, blocks: int
) -> Iterator[Participant]:
    count = len(seats)
    roles = {places: FrozenMap({side.role: places}) for places in set(seats)}
    kinds = _kinds(family, seed, side.number, count)
    traits = _drawn(int(kinds.max(initial=-1)) + 1, side.choices, seed, side.number, 0)
    organisations = _drawn(count, [len(_ORGANISATIONS)], seed, side.number, 1)
    for start in range(0, count, _CHUNK):  # whole lists of Python's numbers would be large
        some = slice(start, start + _CHUNK)
        drawn = np.hstack([traits[kinds[some]], organisations[some]]).tolist()
        for number, row in enumerate(drawn, start):
            region = number % blocks if blocks > 1 else None
            yield _person(side, number, row, roles[seats[number]], region)


def _columns(
    side: _Side, family: Family, count: int, seed: int, blocks: int
) -> dict[str, Sequence[Any]]:
    """What `_person` tells of each of so many people."""
    kinds = _kinds(family, seed, side.number, count)
    traits = _drawn(int(kinds.max(initial=-1)) + 1, side.choices, seed, side.number, 0)[kinds]
    organisations = _drawn(count, [len(_ORGANISATIONS)], seed, side.number, 1)[:, 0]
    chosen, levels, interests, grade, place, field, experience = traits.T.tolist()
    named: dict[str, Sequence[Any]] = {
        "ids": [f"{side.role}-{number:07}" for number in range(count)],
        "skills": list(map(side.skills, chosen, levels)),
        "interests": [_INTERESTS[one] for one in interests],
        "experience": experience,
        "field": [_FIELDS[one] for one in field],
        "grade": [side.grades[one] for one in grade],
        "location": [_PLACES[one] for one in place],
        "organisation": [_ORGANISATIONS[one] for one in organisations.tolist()],
    }
    if blocks > 1:
        named["region"] = [f"region {number % blocks:02}" for number in range(count)]
    return named


def _person(
    side: _Side, number: int, drawn: Sequence[int], roles: FrozenMap[int], region: int | None
) -> Participant:
    chosen, levels, interests, grade, place, field, experience, organisation = drawn
    attributes = {
        "experience": experience,
        "field": _FIELDS[field],
        "grade": side.grades[grade],
        "location": _PLACES[place],
        "organisation": _ORGANISATIONS[organisation],
    }
    if region is not None:
        attributes["region"] = f"region {region:02}"
    skills = side.skills(chosen, levels)
    return Participant(
        person=Person(id=f"{side.role}-{number:07}", attributes=attributes),
        roles=roles,
        offers=skills if side.number else (),
        seeks=() if side.number else skills,
        interests=_INTERESTS[interests],
    )


def _drawn(count: int, bounds: Sequence[int], *key: int) -> IntArray:
    """Whole numbers from 0 to below each bound, shape (count, len(bounds)).

    Of NumPy's streams only the raw ones are promised to stay as they are.
    """
    raw = np.random.PCG64(list(key)).random_raw(count * len(bounds)) >> np.uint64(32)
    scaled = raw.reshape(count, len(bounds)) * np.array(bounds, dtype=np.uint64)
    return (scaled >> np.uint64(32)).astype(np.int64)


def _kinds(family: Family, seed: int, side: int, count: int) -> IntArray:
    """What kind of person each is; of the twins' the k-th is a k-th as frequent as the first."""
    if family != "twins":
        return np.arange(count)
    shares = np.cumsum([27_720 // (rank + 1) for rank in range(PROFILES[side])])
    drawn = _drawn(count, [int(shares[-1])], seed, side, 3)[:, 0]
    return np.searchsorted(shares, drawn, side="right").astype(np.int64)


def _topics(kinds: IntArray, seed: int, side: int) -> IntArray:
    """A vector of 16 whole numbers for each person, about 1000 long; alike for one kind."""
    drawn = _drawn(int(kinds.max(initial=-1)) + 1, [2**16] * TOPICS, seed, side, 4)
    odd = 2 * drawn - (2**16 - 1)
    length = np.sqrt((odd**2).sum(axis=1, keepdims=True))
    topics: IntArray = np.rint(1000 * odd / length).astype(np.int64)[kinds]
    return topics


def _agreement(left: IntArray, right: IntArray) -> IntArray:
    """From 0, opposite, to a million, the same; whole numbers of this size multiply exactly."""
    dot = left.astype(np.float64) @ right.astype(np.float64).T
    return np.clip((dot.astype(np.int64) + FULL) // 2, 0, FULL)


def _coarse(values: IntArray) -> IntArray:
    return values // (FULL // 10) * (FULL // 10)


def _allowed(n: int, m: int, seed: int) -> BoolArray:
    """All but about 5 % of the pairs, by 16 bits for each."""
    width = -(-m // 4)
    raw = np.random.PCG64([seed, 2]).random_raw(n * width).astype("<u8", copy=False)
    drawn = raw.view("<u2").reshape(n, 4 * width)[:, :m]
    return drawn >= 2**16 // 20


def _best(rows: IntArray, values: IntArray, candidates: int) -> IntArray:
    """(k, 3): each row's person, one of the best valued and the value; the next by number
    comes first among equal ones."""
    size = values.shape[1]
    after = (np.arange(size)[None, :] - rows[:, None]) % size
    most = min(candidates, size - 1)
    best = np.argpartition(after - values * size, most, axis=1)[:, :most]
    value = np.take_along_axis(values, best, axis=1)
    found = np.stack([np.repeat(rows, most), best.ravel(), value.ravel()], axis=1)
    return found[found[:, 2] >= 0]


def _undirected(named: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Edges of whoever named whom, each once and in order, with their weights."""
    low, high = named[:, :2].min(axis=1), named[:, :2].max(axis=1)
    keys, first = np.unique(low * size + high, return_index=True)
    return np.stack([keys // max(size, 1), keys % max(size, 1)], axis=1), named[first, 2]
