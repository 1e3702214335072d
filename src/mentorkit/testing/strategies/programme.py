"""Programmes and formats of any content; no registry need be able to bind them."""

from __future__ import annotations

import datetime
from typing import Any

import hypothesis.strategies as st

from mentorkit.models import (
    AgreementTemplate,
    Blueprint,
    Choice,
    Parity,
    Policies,
    Practice,
    Programme,
    Protected,
    RatingScale,
    Role,
    Step,
    Topology,
    Use,
)
from mentorkit.testing.strategies.vocabulary import (
    FACTS,
    FINITE,
    KINDS,
    NAMES,
    TEXT,
    WHOLE,
    ZONES,
    some,
    words,
)


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


def _parities() -> st.SearchStrategy[Parity]:
    return st.builds(
        Parity,
        by=st.sampled_from(["department", "grade"]),
        within=st.integers(0, 100),
        role=st.sampled_from([None, "mentee", "mentor"]),
    )


def policies() -> st.SearchStrategy[Policies]:
    """Policies, most of them left open."""
    points = st.one_of(st.none(), st.integers(0, 1_000_000))
    return st.builds(
        Policies,
        matcher=st.one_of(st.none(), choices()),
        base=points,
        floor=points,
        combine=st.sampled_from([None, "sum", "weaker"]),
        stay=points,
        parity=st.one_of(st.none(), _parities()),
        by=st.sampled_from([None, "department", "grade"]),
        scheduler=st.sampled_from([None, *_CHOICES]),
        timezone=st.sampled_from([None, *ZONES]),
        length=st.one_of(st.none(), st.integers(1, 3650)),
        cadence=st.one_of(st.none(), st.integers(1, 3650)),
        minutes=st.one_of(st.none(), st.integers(5, 24 * 60)),
        meetings=st.one_of(st.none(), st.integers(1, 1000)),
        goals=st.sampled_from([None, "open", "smart"]),
        holidays=st.sampled_from([None, (), ("DE-BE", "US")]),
        approval=st.sampled_from([None, True, False]),
        fixed=st.sampled_from([None, (), ("manager", "grade")]),
        safeguarding=st.sampled_from([None, "ann", "bo"]),
        public_first=st.sampled_from([None, True, False]),
        hosts=st.sampled_from([None, (), ("meet.example.org", "zoom.example")]),
    )


def steps() -> st.SearchStrategy[Step]:
    """Sessions of a flow."""
    return st.builds(
        Step,
        order=st.integers(0, 1000),
        title=words("kick-off", "closing"),
        prompts=some("What went well?", "What comes next?").map(tuple),
        outputs=some("action plan", "expectations").map(tuple),
    )


# A few whole ones: drawing as many as there are slots would take most of a test's time.
_STEPS = (
    Step(order=1, title="Kick-off"),
    Step(order=2, title="Getting going", prompts=("What now?",), outputs=("action plan",)),
)
_TEMPLATES = (
    AgreementTemplate(),
    AgreementTemplate(channels="By e-mail.", points={"reply": "How soon?"}),
    AgreementTemplate(channels="By telephone.", confidentiality="author"),
    AgreementTemplate(
        boundaries="No tasks.", confidentiality="coordinator", points={"x.y": "Which?"}
    ),
)
_CHOICES = (
    Choice("odd"),
    Choice("odd", {"every": 7, "names": ["a", "b"]}),
    Choice("even", {"deep": {"er": True}}),
)


def _fragment() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "policies": policies(),
        "agreement": st.sampled_from(_TEMPLATES),
        "criteria": st.dictionaries(words(*NAMES), uses(), max_size=3),
        "constraints": st.dictionaries(words(*NAMES), constraint_uses(), max_size=2),
        "sessions": st.fixed_dictionaries({}, optional={"kick-off": st.sampled_from(_STEPS)}),
        "openings": st.fixed_dictionaries({}, optional={"x.y": words("Who?", "Why?")}),
        **{
            slot: st.fixed_dictionaries({}, optional={"x.y": st.sampled_from(_CHOICES)})
            for slot in ("surveys", "signals", "awards", "sections")
        },
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
        protected=_protected(),
        ratings=_ratings(),
        **_fragment(),
    )


def _ratings() -> st.SearchStrategy[dict[str, RatingScale]]:
    scales = st.builds(RatingScale, most=st.integers(2, 9), shown=st.booleans())
    # One that is protected, too, would be refused.
    return st.dictionaries(st.sampled_from(["interview", "essay"]), scales, max_size=1)


def _protected() -> st.SearchStrategy[dict[str, Protected]]:
    # A use that is not there would be refused.
    stated = st.builds(Protected, words("to match everybody alike"))
    return st.dictionaries(words("gender", "age"), stated, max_size=2)


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
        protected=_protected(),
        ratings=_ratings(),
        **_fragment(),
    )
