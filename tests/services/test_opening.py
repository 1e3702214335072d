"""The first meeting opens with an icebreaker, whatever becomes of those that were planned."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from worlds import PAIR, START, World

from mentorkit import Programme
from mentorkit.errors import Conflict
from mentorkit.kit import Kit
from mentorkit.models import Policies, Session
from mentorkit.testing.house import TrialHouse, house

pytestmark = pytest.mark.once

TENANTS = itertools.count()
DAY = dt.timedelta(days=1)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("plan", "move", "cancel", "miss", "topic", "pause", "pass")),
        st.sampled_from((0, 0, 1, 4)),
        st.integers(1, 40),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def held() -> Iterator[TrialHouse]:
    with house(start=START) as made:
        yield made


def prompts(session: Session) -> list[str]:
    """What opens it, of what is said in it."""
    return [said.id for said in session.agenda if said.id.startswith("session.opening.")]


class Alone(World):
    """A world in a tenant of its own, of a house that others use, too."""

    def kit(self, **options: object) -> Kit:
        return super().kit(tenant=self.tenant, **options)

    def __init__(self, house: TrialHouse) -> None:
        super().__init__(house)
        self.tenant = f"t{next(TENANTS)}"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_first_meeting_to_come_opens_and_no_other(
    held: TrialHouse, acts: list[tuple[str, int, int]]
) -> None:
    held.clock.now = START
    world = Alone(held)
    programme = Programme(
        policies=Policies(length=60, cadence=14, public_first=False),
        openings={"question": "What brought you here?"},
    )
    (made,) = world.begun(programme, PAIR)
    world.active(made)
    with world.kit() as kit:
        kit.sessions.schedule([made.id])
    topics = 0
    for act, at, days in acts:
        with world.kit() as kit:
            planned = [one for one in kit.sessions.of(made.id) if one.state == "planned"]
            one = planned[at % len(planned)] if planned else None
            then = held.clock.now + days * DAY + at * dt.timedelta(hours=2)
            try:
                if act == "plan":
                    kit.sessions.plan(made.id, then)
                elif act == "pause":
                    kit.relationships.pause(made.id, then.date())
                elif act == "pass":
                    held.clock.now += DAY
                elif one is not None and act == "move":
                    kit.sessions.move(one.id, then)
                elif one is not None and act == "topic":
                    kit.sessions.add_topic(one.id, f"topic {topics}", person="ann")
                    topics += 1
                elif one is not None and act in ("cancel", "miss"):
                    getattr(kit.sessions, act)(one.id)
            except Conflict:
                continue
        with world.kit() as kit:
            there = kit.sessions.of(made.id)
        left = [one for one in there if one.state == "planned"]
        for session in left:
            expected = ["session.opening.icebreaker", "session.opening.question"]
            assert prompts(session) == (expected if session is left[0] else [])
            assert [said.id for said in session.agenda[: len(prompts(session))]] == prompts(session)
        free = [said for one in there for said in one.agenda if said.id == "session.topic"]
        assert len(free) == topics


def test_once_they_have_met_nothing_opens_any_more(world: World) -> None:
    (made,) = world.begun(Programme(), PAIR)
    world.active(made)
    with world.kit() as kit:
        first, second, *_ = kit.sessions.schedule([made.id]).sessions
    world.now = first.ends
    with world.kit() as kit:
        assert prompts(kit.sessions.hold(first.id)) == ["session.opening.icebreaker"]
        kit.sessions.move(second.id, world.now + DAY)
        kit.sessions.plan(made.id, world.now + 2 * DAY)
        rest = [one for one in kit.sessions.of(made.id) if one.id != first.id]
    assert not any(prompts(one) for one in rest)


def test_a_programme_can_do_without(world: World) -> None:
    (made,) = world.begun(Programme(without=["openings.icebreaker"]), PAIR)
    world.active(made)
    with world.kit() as kit:
        assert not any(prompts(one) for one in kit.sessions.schedule([made.id]).sessions)
