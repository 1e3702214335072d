"""Mappings and programmes that the properties are about."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from mentorkit import Choice, Policies, Programme, Use
from mentorkit.enrolment import ColumnMap, Condition, RoleRule, Source
from mentorkit.enrolment.column_map import SKILLS, TEXTS, WORDS, folded
from mentorkit.models import LISTED, Protected

# What no TOML file can hold.
SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
ANY_TEXT = st.text(SIGNS, max_size=8) | st.sampled_from(["a b", 'q"\\', "\x7f", "é\n\t", "#[x]"])
FILLED = ANY_TEXT.filter(lambda text: folded(text) != "")
NUMBERS = st.floats(-1e9, 1e9) | st.integers(-99, 99).map(float)


def distinct(least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(FILLED, min_size=least, max_size=3, unique_by=folded).map(tuple)


@st.composite
def sources(draw: st.DrawFn, field: str) -> Source:
    told: dict[str, object] = {"join": draw(st.sampled_from([" ", ", ", ""]))}
    if field != "id" and draw(st.booleans()):
        told["value"] = draw(ANY_TEXT)
    else:
        told["column"] = draw(distinct(1))
    if field not in TEXTS:
        told["split"] = draw(st.none() | ANY_TEXT.filter(bool))
    if field in SKILLS and draw(st.booleans()):
        told |= {"level_after": draw(ANY_TEXT.filter(bool)), "scale": draw(distinct())}
    if field not in (*TEXTS, *WORDS, *SKILLS, "availability") and not told["split"]:
        told |= draw(
            st.sampled_from(
                [{"number": True}, {"number": True, "decimal": ","}, {"scale": ("a", "b c")}, {}]
            )
        )
    return Source(**told)  # type: ignore[arg-type]


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    column = draw(FILLED.map(folded).filter(lambda text: text.isprintable()))
    if draw(st.booleans()):
        return Condition(column=column, one_of=draw(distinct(1)))
    low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
    bounds = draw(
        st.sampled_from([{"at_least": low}, {"at_most": high}, {"at_least": low, "at_most": high}])
    )
    return Condition(column=column, decimal=draw(st.sampled_from(".,")), **bounds)


CAPACITIES = (
    st.integers(0, 20).map(lambda number: Source(value=str(number), number=True))
    | st.sampled_from([Source(value="2"), Source(value="02", number=True), Source(value="x")])
    | distinct(1).map(lambda columns: Source(column=columns, number=True))
    | distinct(1).map(lambda columns: Source(column=columns))
)


KEPT = FILLED.map(lambda text: f"kept {text}")
"""Names of nothing else that a mapping has."""


@st.composite
def column_maps(draw: st.DrawFn) -> ColumnMap:
    names = draw(st.sets(st.sampled_from(["name", "offers", "prefers", "availability"]) | FILLED))
    rules = st.builds(
        RoleRule,
        capacity=CAPACITIES,
        files=st.none() | ANY_TEXT,
        when=st.none() | conditions(),
    )
    return ColumnMap(
        fields={name: draw(sources(name)) for name in sorted({"id", *names})},
        protected=draw(
            st.dictionaries(
                KEPT,
                st.builds(
                    Source,
                    column=KEPT.map(lambda name: (name,)),
                    scale=st.sampled_from([(), ("a", "b c")]),
                ),
                max_size=2,
            )
        ),
        roles=draw(st.dictionaries(ANY_TEXT, rules, max_size=2)),
        missing=draw(distinct()),
        header_row=draw(st.none() | st.integers(1, 9)),
        delimiter=draw(st.none() | ANY_TEXT),
        encoding=draw(st.none() | ANY_TEXT),
        sheet=draw(st.none() | ANY_TEXT),
        left_out=draw(
            st.dictionaries(FILLED.map(lambda text: f"unread {text}"), ANY_TEXT, max_size=2)
        ),
    )


PLAIN = st.recursive(
    ANY_TEXT | st.booleans() | st.integers(-(2**63), 2**63 - 1) | NUMBERS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(ANY_TEXT, inner, max_size=2),
    max_leaves=4,
)
KEYS = ANY_TEXT.filter(lambda key: key not in ("kind", "settings", "between", "weight", "wish_of"))
KINDS = st.sampled_from(["skills", "same", "level-gap", "of one's own"])
SETTINGS = st.dictionaries(KEYS, PLAIN, max_size=3)
USES = st.builds(
    Use,
    KINDS,
    SETTINGS,
    between=st.none() | st.tuples(ANY_TEXT, ANY_TEXT),
    weight=st.integers(0, 10),
    wish_of=st.sampled_from(["left", "right", "both"]),
)
PROTECTED = st.builds(
    Protected,
    st.just("to see whether all are matched alike"),
    st.lists(ANY_TEXT, max_size=2),
)
PROGRAMMES = st.builds(
    Programme,
    protected=st.dictionaries(
        ANY_TEXT.filter(lambda name: name not in LISTED), PROTECTED, max_size=2
    ),
    name=ANY_TEXT,
    topology=ANY_TEXT,
    practices=st.lists(ANY_TEXT, max_size=2),
    starts=st.none() | st.dates(datetime.date(1990, 1, 1)),
    seed=st.integers(0, 2**63 - 1),
    policies=st.builds(
        Policies,
        matcher=st.none() | st.builds(Choice, KINDS, SETTINGS),
        base=st.none() | st.integers(0, 100),
        floor=st.none() | st.integers(0, 100),
        by=st.none() | ANY_TEXT,
    ),
    criteria=st.dictionaries(ANY_TEXT, USES, max_size=2),
    constraints=st.dictionaries(ANY_TEXT, st.builds(Use, KINDS, SETTINGS), max_size=2),
)
