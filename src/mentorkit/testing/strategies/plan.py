"""Plans of the right form, made by no matcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis.strategies as st

from mentorkit.models import (
    POINT,
    Certificate,
    Finding,
    Freely,
    FrozenMap,
    GroupBound,
    GroupRate,
    Match,
    MatchPlan,
    Member,
    Message,
    Quality,
    Record,
    Team,
    Unmatched,
)
from mentorkit.testing.strategies.programme import programmes
from mentorkit.testing.strategies.vocabulary import DEPARTMENTS, NAMES, TEXT, WHOLE, words

if TYPE_CHECKING:
    from mentorkit.interfaces import IntArray


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
    bounds = st.builds(GroupBound, value=words("Sales"), places=WHOLE, wanted=WHOLE, price=WHOLE)
    freely = st.builds(Freely, pairs=st.just((("ann", "may"),)), cost=WHOLE)
    certificates = st.builds(
        Certificate,
        bound=st.one_of(st.none(), WHOLE),
        gap=st.one_of(st.none(), WHOLE),
        prices=_tables(words("ann")),
        groups=st.lists(bounds, max_size=2).map(tuple),
        freely=st.one_of(st.none(), freely),
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
