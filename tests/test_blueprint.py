"""Composing formats: pure, in any order, with nothing lost and no conflict passed over."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.blueprint import blueprint_of, compose
from mentorkit.errors import Conflict, Invalid, below
from mentorkit.kinds import NoSettings, kind
from mentorkit.models import (
    SLOTS,
    AgreementTemplate,
    Choice,
    Policies,
    Practice,
    Programme,
    Protected,
    Role,
    Step,
    Topology,
    Use,
)
from mentorkit.plugin_loading import Plugin
from mentorkit.registry import Registry
from mentorkit.testing import strategies as some

PLAIN = Topology(
    name="pairs",
    shape="pairs",
    roles=(Role(name="mentee"), Role(name="mentor")),
    path=("proposed", "active", "closed"),
    facts=["meets:often"],
)


def stated(held: Policies | AgreementTemplate) -> dict[str, Any]:
    """What has one value at most, where it has one."""
    return {
        field.name: getattr(held, field.name)
        for field in attrs.fields(type(held))
        if field.name != "points" and getattr(held, field.name) is not None
    }


PARTS = st.lists(some.practices(), unique_by=lambda practice: practice.name, max_size=3)
TOPOLOGIES = some.topologies()


@st.composite
def formats(draw: st.DrawFn) -> tuple[Topology, list[Practice]]:
    """A topology and practices that go together: each use and policy has one source."""
    topology = draw(TOPOLOGIES)
    taken: dict[str, set[str]] = {slot: set(getattr(topology, slot)) for slot in SLOTS}
    taken["policies"] = taken["agreement"] = set()
    points = set(topology.agreement.points)
    practices = []
    for practice in draw(PARTS):
        fresh: dict[str, Any] = {"needs": set(practice.needs) & set(topology.facts)}
        for slot in SLOTS:
            held = getattr(practice, slot)
            fresh[slot] = {key: use for key, use in held.items() if key not in taken[slot]}
            taken[slot] |= set(held)
        policies = stated(practice.policies)
        fresh["policies"] = Policies(
            **{key: held for key, held in policies.items() if key not in taken["policies"]}
        )
        taken["policies"] = taken["policies"] | set(policies)
        template = stated(practice.agreement)
        fresh["agreement"] = AgreementTemplate(
            points={
                key: held for key, held in practice.agreement.points.items() if key not in points
            },
            **{key: held for key, held in template.items() if key not in taken["agreement"]},
        )
        taken["agreement"] = taken["agreement"] | set(template)
        points |= set(practice.agreement.points)
        practices.append(attrs.evolve(practice, **fresh))
    return topology, practices


@given(formats(), st.randoms())
def test_order_and_repetition_never_matter(
    format: tuple[Topology, list[Practice]],  # noqa: A002
    luck: Any,
) -> None:
    topology, practices = format
    shuffled = practices * 2
    luck.shuffle(shuffled)
    blueprint = compose(topology, practices)
    assert compose(topology, shuffled) == blueprint
    assert compose(topology, iter(practices)) == blueprint
    assert hash(compose(topology, shuffled)) == hash(blueprint)


@given(formats())
def test_a_blueprint_is_the_union_of_its_parts(format: tuple[Topology, list[Practice]]) -> None:  # noqa: A002
    topology, practices = format
    blueprint = compose(topology, practices)
    for slot in SLOTS:
        union: dict[str, Any] = {}
        for part in (topology, *practices):
            union |= getattr(part, slot)
        assert getattr(blueprint, slot) == union
    policies, template = stated(topology.policies), stated(topology.agreement)
    points = dict(topology.agreement.points)
    for practice in practices:
        policies |= stated(practice.policies)
        template |= stated(practice.agreement)
        points |= practice.agreement.points
    assert stated(blueprint.policies) == policies
    assert stated(blueprint.agreement) == template
    assert blueprint.agreement.points == points
    assert blueprint.practices == tuple(sorted(practice.name for practice in practices))
    for name in ("shape", "roles", "path", "facts"):
        assert getattr(blueprint, name) == getattr(topology, name)
    assert blueprint.topology == topology.name


@given(formats(), st.integers(0, 3))
def test_composing_in_two_steps_is_composing_at_once(
    format: tuple[Topology, list[Practice]],  # noqa: A002
    at: int,
) -> None:
    topology, practices = format
    first = compose(topology, practices[:at])
    between = attrs.evolve(
        topology,
        policies=first.policies,
        agreement=first.agreement,
        **{slot: getattr(first, slot) for slot in SLOTS},
    )
    whole = compose(topology, practices)
    stepwise = compose(between, practices[at:])
    assert attrs.evolve(stepwise, practices=whole.practices) == whole


@given(formats(), some.programmes())
def test_what_the_programme_states_wins_and_nothing_else_changes(
    format: tuple[Topology, list[Practice]],  # noqa: A002
    programme: Programme,
) -> None:
    plain = compose(*format)
    blueprint = compose(*format, programme)
    for slot in SLOTS:
        assert getattr(blueprint, slot) == getattr(plain, slot) | getattr(programme, slot)
    assert stated(blueprint.policies) == stated(plain.policies) | stated(programme.policies)
    assert stated(blueprint.agreement) == stated(plain.agreement) | stated(programme.agreement)
    points = plain.agreement.points | programme.agreement.points
    assert blueprint.agreement.points == points
    assert blueprint.protected == programme.protected
    assert blueprint.ratings == programme.ratings
    same: dict[str, Any] = {"policies": None, "agreement": None, "protected": {}, "ratings": {}}
    same |= {slot: {} for slot in SLOTS}
    assert attrs.evolve(blueprint, **same) == attrs.evolve(plain, **same)
    assert compose(*format, Programme()) == plain


@given(some.topologies(), st.lists(some.practices(), max_size=3), some.programmes())
def test_any_parts_compose_or_conflict_alike_in_any_order(
    topology: Topology, practices: list[Practice], programme: Programme
) -> None:
    practices = [
        attrs.evolve(practice, name=f"{index} {practice.name}")
        for index, practice in enumerate(practices)
    ]

    def outcome(parts: list[Practice]) -> object:
        try:
            return compose(topology, parts, programme)
        except Conflict as error:
            return str(error)

    assert outcome(practices) == outcome(practices[::-1])


@given(formats(), some.programmes())
def test_any_use_of_the_whole_can_be_shown_what_is_protected_and_no_other(
    format: tuple[Topology, list[Practice]],  # noqa: A002
    programme: Programme,
) -> None:
    plain = compose(*format, programme)
    uses = sorted({*plain.criteria, *plain.constraints})
    named = {"gender": Protected("to match everybody alike", uses)}
    assert compose(*format, attrs.evolve(programme, protected=named)).protected == named
    wrong = {"gender": Protected("to match everybody alike", [*uses, " none "])}
    with pytest.raises(Invalid, match=r"^protected\.gender\.uses: ' none ' is no criterion or"):
        compose(*format, attrs.evolve(programme, protected=wrong))


PLACES = ("criteria", "sessions", "openings", "surveys", "signals", "awards", "sections")


@given(formats(), st.data())
def test_a_programme_does_without_what_it_names_and_nothing_else(
    format: tuple[Topology, list[Practice]],  # noqa: A002
    data: st.DataObject,
) -> None:
    plain = compose(*format)
    held = {slot: getattr(plain, slot) for slot in PLACES}
    held["agreement.points"] = plain.agreement.points
    places = {below(slot, name): (slot, name) for slot in held for name in held[slot]}
    gone = data.draw(st.sets(st.sampled_from(sorted(places)))) if places else set()
    blueprint = compose(*format, Programme(without=gone))
    for slot in held:
        left = {name: use for name, use in held[slot].items() if below(slot, name) not in gone}
        found = blueprint.agreement.points if slot == "agreement.points" else None
        assert (getattr(blueprint, slot) if found is None else found) == left
    same: dict[str, Any] = {"agreement": None} | {slot: {} for slot in PLACES}
    assert attrs.evolve(blueprint, **same) == attrs.evolve(plain, **same)
    assert stated(blueprint.agreement) == stated(plain.agreement)


@pytest.mark.parametrize(
    ("programme", "words"),
    [
        (Programme(without=["surveys.puls"]), "did you mean 'surveys.pulse'"),
        (Programme(without=["constraints.avoid"]), "it can only be replaced"),
        (Programme(without=["policies.floor"]), "nothing that the format has"),
        (
            Programme(without=["surveys.pulse"], surveys={"pulse": Choice("monthly")}),
            "stated by this programme, too",
        ),
    ],
)
def test_what_a_programme_cannot_do_without_says_why(programme: Programme, words: str) -> None:
    topology = attrs.evolve(
        PLAIN, surveys={"pulse": Choice("pulse")}, constraints={"avoid": Use("avoid")}
    )
    with pytest.raises(Invalid, match=r"^without\[0\]: .*" + words):
        compose(topology, (), programme)


def test_one_use_by_two_practices_alike_is_one() -> None:
    same = {"site": Use("same", {"attribute": "site"})}
    one, two = (Practice(name=name, criteria=same) for name in ("one", "two"))
    assert compose(PLAIN, [one, two]).criteria == same


@pytest.mark.parametrize("slot", [slot for slot in SLOTS if slot != "sessions"])
def test_one_name_with_two_contents_names_both(slot: str) -> None:
    same, different = ("Who?", "Why?") if slot == "openings" else (Use("same"), Use("different"))
    one = Practice(name="one", **{slot: {"site": same}})  # type: ignore[arg-type]
    two = Practice(name="two", **{slot: {"site": different}})  # type: ignore[arg-type]
    words = f"{slot}.site means one thing in practice 'one', another in practice 'two'"
    with pytest.raises(Conflict, match=words):
        compose(PLAIN, [two, one])
    topology = attrs.evolve(PLAIN, **{slot: {"site": different}})
    with pytest.raises(Conflict, match=rf"{slot}\.site .* topology 'pairs', .* practice 'one'"):
        compose(topology, [one])


def test_one_step_with_two_contents_names_both() -> None:
    one, two = (
        Practice(name=name, sessions={"kick-off": Step(order=order, title="Kick-off")})
        for name, order in (("one", 1), ("two", 2))
    )
    with pytest.raises(Conflict, match=r"sessions\.kick-off .* 'one', another in practice 'two'"):
        compose(PLAIN, [two, one])


def test_what_agreements_start_from_names_both_where_practices_differ() -> None:
    one = Practice(name="one", agreement=AgreementTemplate(confidentiality="author"))
    two = Practice(name="two", agreement=AgreementTemplate(confidentiality="members"))
    words = "'one' and 'two' .* they set agreement.confidentiality to author and members"
    with pytest.raises(Conflict, match=words):
        compose(PLAIN, [two, one])
    asks = Practice(name="asks", agreement=AgreementTemplate(points={"reply": "How soon?"}))
    other = Practice(name="other", agreement=AgreementTemplate(points={"reply": "How?"}))
    both = compose(PLAIN, [one, asks]).agreement
    assert (both.confidentiality, both.points) == ("author", {"reply": "How soon?"})
    with pytest.raises(Conflict, match=r"agreement\.points\.reply .* 'asks', .* practice 'other'"):
        compose(PLAIN, [other, asks])


def test_a_criterion_and_a_constraint_may_share_a_name() -> None:
    one = Practice(name="one", criteria={"site": Use("same")})
    two = Practice(name="two", constraints={"site": Use("different")})
    blueprint = compose(PLAIN, [one, two])
    assert blueprint.criteria["site"] != blueprint.constraints["site"]


@pytest.mark.parametrize(
    ("name", "left", "right", "words"),
    [
        ("base", 1, 2, "to 1 and 2"),
        ("floor", 0, 2, "to 0 and 2"),
        ("by", "site", "team", "to site and team"),
        (
            "matcher",
            Choice("fair"),
            Choice("fair", {"seed": 3}),
            r"to fair and fair \(seed 3\)",
        ),
    ],
)
def test_two_values_for_one_policy_name_both(name: str, left: Any, right: Any, words: str) -> None:
    one = Practice(name="one", policies=Policies(**{name: left}))
    two = Practice(name="two", policies=Policies(**{name: right}))
    with pytest.raises(Conflict, match=rf"'one' and 'two' .* policy '{name}' {words}"):
        compose(PLAIN, [two, one])
    assert getattr(compose(PLAIN, [one, one]).policies, name) == left


def test_a_policy_of_nought_is_a_policy() -> None:
    topology = attrs.evolve(PLAIN, policies=Policies(base=5, floor=5))
    practice = Practice(name="one", policies=Policies(base=0))
    blueprint = compose(topology, [practice], Programme(policies=Policies(floor=0)))
    assert (blueprint.policies.base, blueprint.policies.floor) == (0, 0)


def test_a_missing_fact_names_practice_topology_and_facts() -> None:
    practice = Practice(name="pulse", needs=["meets:often", "mentor:fixed", "levels:down"])
    words = "practice 'pulse' does not go with topology 'pairs': it needs levels:down, mentor:fixed"
    with pytest.raises(Conflict) as caught:
        compose(PLAIN, [practice])
    assert str(caught.value) == words
    compose(PLAIN, [attrs.evolve(practice, needs=["meets:often"])])


# --- by name


def registry_of(**held: Any) -> Registry:
    kinds = tuple(
        ("formats", kind(name, NoSettings, lambda _, value=value: value))
        for name, value in held.items()
    )
    return Registry((Plugin(name="acme", distribution="acme", kinds=kinds),))


PULSE = Practice(name="pulse", criteria={"site": Use("same")})
FORMATS = registry_of(pairs=PLAIN, pulse=PULSE, nonsense=3)


def test_a_programmes_format_is_found_by_name() -> None:
    programme = Programme(topology="pairs", practices=["pulse"])
    assert blueprint_of(programme, FORMATS) == compose(PLAIN, [PULSE], programme)


@pytest.mark.parametrize(
    ("programme", "where"),
    [
        (Programme(topology="piars"), "topology"),
        (Programme(topology="pulse"), "topology"),
        (Programme(topology="pairs", practices=["pulse", "unknown"]), "practices[1]"),
        (Programme(topology="pairs", practices=["pairs", "pulse"]), "practices[0]"),
    ],
)
def test_a_wrong_name_says_where(programme: Programme, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        blueprint_of(programme, FORMATS)
    (fault,) = caught.value.faults
    assert fault.path in (where, f"{where}.kind")


def test_no_module_of_the_built_ins_is_needed_to_compose() -> None:
    assert compose(PLAIN).practices == ()
