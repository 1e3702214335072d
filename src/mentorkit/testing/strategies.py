"""Hypothesis strategies for mentorkit's values, to build tests of plugins and hosts on.

Words are drawn from small shared vocabularies, so that criteria find something to agree
on, and data is missing as often as it is in life. All values are valid.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st

from mentorkit.models import (
    POINT,
    Blueprint,
    Certificate,
    Choice,
    Finding,
    FrozenMap,
    GroupRate,
    Level,
    Match,
    MatchPlan,
    Member,
    Message,
    Participant,
    Person,
    Policies,
    Practice,
    Programme,
    Quality,
    Record,
    Role,
    Skill,
    Team,
    Topology,
    Unmatched,
    Use,
    Value,
    Window,
)

if TYPE_CHECKING:
    from mentorkit.interfaces import IntArray

SKILLS = ("SQL", "negotiation", "public speaking", "Python", "café management")
INTERESTS = ("chess", "climbing", "music", "open source")
LANGUAGES = ("de", "en", "fr", "Türkçe")
ZONES = ("America/St_Johns", "Asia/Kolkata", "Europe/Berlin", "Pacific/Auckland", "UTC")
DEPARTMENTS = ("finance", "people", "research")
GRADES = ("junior", "senior", "principal", "director")
KINDS = ("different", "interests", "language", "level-gap", "same", "skills")
FACTS = ("levels:down", "meets:often", "meets:once", "mentor:fixed")
NAMES = ("alpha", "beta", "gamma delta", "naïve", "x.y")

WHOLE = st.integers(-(2**63), 2**63 - 1)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def words(*known: str) -> st.SearchStrategy[str]:
    """Mostly one of the `known` words; else any text that may name something."""
    signs = st.characters(exclude_categories=["C", "Z"])
    return st.one_of(st.sampled_from(known), st.text(signs, min_size=1, max_size=8))


def some(*known: str) -> st.SearchStrategy[list[str]]:
    """None to three of the `known` words, each once."""
    return st.lists(st.sampled_from(known), unique=True, max_size=3)


def levels() -> st.SearchStrategy[Level]:
    """Steps of one shared scale: the same rank always has the same word."""
    return st.sampled_from([Level(rank, name) for rank, name in enumerate(GRADES)])


def values() -> st.SearchStrategy[Value]:
    """All that an attribute may hold."""
    listed = st.lists(TEXT, max_size=3).map(tuple)
    return st.one_of(TEXT, st.booleans(), WHOLE, FINITE, levels(), listed)


def people(ids: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Person]:
    """People; each attribute is missing for about half of them."""
    known: dict[str, st.SearchStrategy[Value]] = {
        "department": st.sampled_from(DEPARTMENTS),
        "grade": levels(),
        "years": st.integers(0, 40),
        "remote": st.booleans(),
        "clubs": some(*INTERESTS).map(tuple),
        "anything": values(),
    }
    return st.builds(
        Person,
        id=words("ann", "bo", "çelik") if ids is None else ids,
        name=st.one_of(st.just(""), TEXT),
        email=st.sampled_from([None, "ann@example.org", "bo.b+x@mail.example"]),
        timezone=st.one_of(st.none(), st.sampled_from(ZONES)),
        locale=st.sampled_from([None, "de-DE", "en"]),
        languages=some(*LANGUAGES),
        attributes=st.fixed_dictionaries({}, optional=known),
    )


def skills(*, levelled: bool | None = None) -> st.SearchStrategy[Skill]:
    """Skills with levels 1 to 5, without (`levelled=False`), or some of each."""
    level = st.integers(1, 5)
    unlevelled: st.SearchStrategy[int | None] = st.none()
    chosen = {True: level, False: unlevelled, None: unlevelled | level}[levelled]
    return st.builds(Skill, st.sampled_from(SKILLS), chosen)


def windows() -> st.SearchStrategy[Window]:
    """Weekly windows in half hours, some of which pass midnight; half of them office hours."""
    start = st.one_of(st.integers(16, 34), st.integers(0, 47))
    return st.builds(
        lambda day, start, length: Window(day, 30 * start, 30 * (start + length)),
        st.integers(0, 6),
        start,
        st.integers(1, 48),
    )


def participants(
    person: st.SearchStrategy[Person] | None = None,
    *,
    others: st.SearchStrategy[str] | None = None,
    roles: tuple[str, str] = ("mentee", "mentor"),
) -> st.SearchStrategy[Participant]:
    """Participants; `others` gives the ids that their wishes and avoidances name."""
    by_name = st.lists(skills(), unique_by=lambda skill: skill.name, max_size=3)
    ids = st.sampled_from(["ann", "bo", "nobody"]) if others is None else others
    capacity = st.sampled_from([1, 1, 1, 0, 2, 3])
    left, right = roles
    either = st.sampled_from([(left,), (right,), (left, right)])
    named: st.SearchStrategy[list[str]] = st.one_of(
        st.builds(list), st.lists(ids, unique=True, max_size=3)
    )
    return st.builds(
        Participant,
        person=people() if person is None else person,
        roles=either.flatmap(lambda held: st.fixed_dictionaries(dict.fromkeys(held, capacity))),
        offers=by_name,
        seeks=by_name,
        interests=some(*INTERESTS),
        availability=st.lists(windows(), max_size=3),
        prefers=named,
        avoids=named,
        manager=st.one_of(st.none(), ids),
        not_again=named,
    )


def populations(
    *, least: int = 0, most: int = 8, roles: tuple[str, str] = ("mentee", "mentor")
) -> st.SearchStrategy[list[Participant]]:
    """Participants with ids of their own, in any order, who name each other."""
    return st.integers(least, most).flatmap(lambda size: _population(size, roles))


@cache
def _population(size: int, roles: tuple[str, str]) -> st.SearchStrategy[list[Participant]]:
    ids = [f"p{number:02}" for number in range(size)]
    others = st.sampled_from([*ids, "who-left"])
    each = (participants(people(st.just(own)), others=others, roles=roles) for own in ids)
    return st.tuples(*each).flatmap(lambda held: st.permutations(list(held)))


def settings() -> st.SearchStrategy[dict[str, Any]]:
    """Settings of some kind as plain data, names and values of every sort."""
    leaves = st.one_of(TEXT, st.booleans(), WHOLE, FINITE)
    nested = st.recursive(
        leaves,
        lambda held: st.lists(held, max_size=3) | st.dictionaries(TEXT, held, max_size=3),
        max_leaves=5,
    )
    names = words("attribute", "missing", "two words").filter(lambda name: name not in _OWN)
    return st.dictionaries(names, nested, max_size=3)


_OWN = ("kind", "between", "weight", "wish_of")


def choices() -> st.SearchStrategy[Choice]:
    """Kinds by name with settings; nobody need provide them."""
    return st.builds(Choice, words(*KINDS), settings())


def uses() -> st.SearchStrategy[Use]:
    """Uses of criteria; nobody need provide their kinds."""
    return st.builds(
        Use,
        words(*KINDS),
        settings(),
        between=st.sampled_from([None, ("mentee", "mentor"), ("mentor", "mentee")]),
        weight=st.one_of(st.integers(0, 5), st.integers(0, 1_000_000)),
        wish_of=st.sampled_from(["left", "right", "both"]),
    )


def constraint_uses() -> st.SearchStrategy[Use]:
    """Uses of constraints, which have neither weight nor wish."""
    return st.builds(Use, words(*KINDS), settings(), between=st.none())


def policies() -> st.SearchStrategy[Policies]:
    """Policies, most of them left open."""
    points = st.one_of(st.none(), st.integers(0, 1_000_000))
    return st.builds(
        Policies,
        matcher=st.one_of(st.none(), choices()),
        base=points,
        floor=points,
        by=st.sampled_from([None, "department", "grade"]),
    )


def _fragment() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "policies": policies(),
        "criteria": st.dictionaries(words(*NAMES), uses(), max_size=3),
        "constraints": st.dictionaries(words(*NAMES), constraint_uses(), max_size=2),
    }


def programmes() -> st.SearchStrategy[Programme]:
    """Programmes of any content; no registry need be able to bind them."""
    return st.builds(
        Programme,
        name=TEXT,
        topology=words("one-to-one"),
        practices=some(*NAMES),
        starts=st.one_of(st.none(), st.dates(datetime.date(1900, 1, 1))),
        seed=st.integers(0, 2**63 - 1),
        **_fragment(),
    )


def role_parts() -> st.SearchStrategy[tuple[Role, ...]]:
    """The roles of a topology: mentee and mentor, one or more of each in a team."""

    def roles(most: tuple[int, int]) -> tuple[Role, ...]:
        return (Role(name="mentee", most=most[0]), Role(name="mentor", most=most[1]))

    return st.tuples(st.integers(1, 4), st.integers(1, 2)).map(roles)


def topologies() -> st.SearchStrategy[Topology]:
    """Topologies with facts, uses and policies."""
    return st.builds(
        Topology,
        name=words("circle", "one-to-one"),
        shape=st.sampled_from(["groups", "pairs"]),
        roles=role_parts(),
        path=st.sampled_from([("proposed", "active", "closed"), ("booked", "met", "closed")]),
        facts=some(*FACTS),
        **_fragment(),
    )


def practices(
    names: st.SearchStrategy[str] | None = None, *, needs: tuple[str, ...] = FACTS
) -> st.SearchStrategy[Practice]:
    """Practices, which may need any of the facts `needs`."""
    needed = some(*needs) if needs else st.just([])
    return st.builds(
        Practice, name=words(*NAMES) if names is None else names, needs=needed, **_fragment()
    )


def blueprints() -> st.SearchStrategy[Blueprint]:
    """Blueprints of any content, composed of nothing."""
    return st.builds(
        Blueprint,
        topology=words("circle", "one-to-one"),
        practices=some(*NAMES),
        shape=st.sampled_from(["groups", "pairs"]),
        roles=role_parts(),
        path=st.just(("proposed", "active", "closed")),
        facts=some(*FACTS),
        **_fragment(),
    )


def messages() -> st.SearchStrategy[Message]:
    """Messages whose places are all filled."""
    held = st.dictionaries(
        st.sampled_from(["count", "name", "skill"]), st.one_of(TEXT, WHOLE), max_size=3
    )

    def message(name: str, said: str, values: dict[str, str | int]) -> Message:
        plain = said.replace("{", "{{").replace("}", "}}")
        return Message(
            name, plain + "".join(f" {{{place}}}" for place in values), FrozenMap(values)
        )

    return st.builds(message, words("fit", "skills"), TEXT, held)


def findings() -> st.SearchStrategy[Finding]:
    """What criteria say of a pair."""
    return st.builds(
        Finding,
        words(*NAMES),
        st.integers(0, POINT),
        st.integers(0, 5),
        messages(),
    )


def _matches() -> st.SearchStrategy[Match]:
    ids = words("ann", "bo")
    return st.builds(
        lambda left, right, **rest: Match(
            team=Team((Member(left, "mentee"), Member(right, "mentor"))), **rest
        ),
        ids,
        ids,
        fit=WHOLE,
        wishes=st.tuples(WHOLE, WHOLE),
        findings=st.lists(findings(), max_size=2).map(tuple),
        pinned=st.booleans(),
    )


def _tables(keys: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, FrozenMap[int]]]:
    inner = st.dictionaries(keys, WHOLE, max_size=3).map(FrozenMap)
    return st.dictionaries(st.sampled_from(["mentee", "mentor"]), inner, max_size=2)


def qualities() -> st.SearchStrategy[Quality]:
    """Figures of a plan; they need not agree with each other."""
    count = st.integers(0, 99)
    few = st.one_of(st.none(), count)
    rate = st.builds(
        GroupRate,
        value=st.sampled_from(DEPARTMENTS),
        role=st.sampled_from(["mentee", "mentor"]),
        people=few,
        matched=few,
    )
    return st.builds(
        Quality,
        matches=count,
        total=WHOLE,
        mean=few,
        least=few,
        blocking_pairs=count,
        ranks=_tables(st.sampled_from(["1", "2", "7"])),
        load=_tables(st.sampled_from(["0", "1", "3"])),
        groups=st.lists(rate, max_size=2).map(tuple),
    )


def records() -> st.SearchStrategy[Record]:
    """Records of plans that nobody made."""
    pair = st.tuples(words("ann"), words("bo"))
    return st.builds(
        Record,
        people=st.text("0123456789abcdef", min_size=8, max_size=8),
        programme=programmes(),
        pins=st.lists(pair, max_size=2).map(tuple),
        forbids=st.lists(pair, max_size=2).map(tuple),
        versions=st.dictionaries(words("mentorkit"), TEXT, max_size=2),
    )


def plans() -> st.SearchStrategy[MatchPlan]:
    """Plans of the right form, made by no matcher: for what stores, sends or shows them."""
    remedies = st.one_of(st.none(), messages())
    unmatched = st.builds(
        Unmatched,
        person=words("ann"),
        role=st.sampled_from(["mentee", "mentor"]),
        cause=messages(),
        remedy=remedies,
    )
    certificates = st.builds(
        Certificate,
        bound=st.one_of(st.none(), WHOLE),
        gap=st.one_of(st.none(), WHOLE),
        prices=_tables(words("ann")),
    )
    return st.builds(
        MatchPlan,
        matcher=words("optimal", "stable"),
        roles=st.just(("mentee", "mentor")),
        matches=st.lists(_matches(), max_size=2).map(tuple),
        unmatched=st.lists(unmatched, max_size=2).map(tuple),
        quality=qualities(),
        certificate=certificates,
        record=records(),
        notes=st.lists(messages(), max_size=2).map(tuple),
    )


def scores(n: int, m: int, *, most: int = 5) -> st.SearchStrategy[IntArray]:
    """An (n, m) array of scores in thousandths, 0 to `most` points, with many ties."""
    thousandths = st.one_of(
        st.sampled_from([0, POINT, most * POINT]),
        st.integers(0, most).map(lambda points: points * POINT),
        st.integers(0, most * POINT),
    )

    def table(held: list[int]) -> IntArray:
        import numpy as np

        return np.array(held, dtype=np.int64).reshape(n, m)

    return st.lists(thousandths, min_size=n * m, max_size=n * m).map(table)
