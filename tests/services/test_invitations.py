"""Invitations: they work once and for a while, and nothing tells a stranger why one does not."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from sqlalchemy import select
from worlds import World, participant

from mentorkit import (
    Actor,
    Conflict,
    Forbidden,
    Invalid,
    MentorkitError,
    NotFound,
    Person,
    Policies,
    Programme,
)
from mentorkit.models import Participant
from mentorkit.store import schema

ANN, BOB = (Actor(person=person) for person in ("ann", "bob"))
ADDRESS = "ann.of.the.lake@example.org"


@pytest.fixture
def asks(world: World) -> World:
    """A world whose programme asks for approval."""
    with world.kit() as kit:
        kit.programmes.create(Programme(policies=Policies(approval=True)), id="autumn")
    return world


def _told(world: World, actor: Actor, token: str, held: Participant) -> tuple[type, str]:
    """How a token is refused."""
    with world.kit(actor=actor) as kit, pytest.raises(MentorkitError) as refused:
        kit.programmes.redeem(token, held)
    return type(refused.value), str(refused.value)


def _rows(world: World) -> str:
    """Everything that is kept."""
    with world.house.engine.connect() as connection:
        return repr(
            [list(connection.execute(select(held))) for held in schema.metadata.tables.values()]
        )


def test_an_invitation_lets_one_person_in_once(asks: World) -> None:
    with asks.kit() as kit:
        made, token = kit.programmes.invite("autumn", roles=["mentee"], email=ADDRESS)
        assert (made.state, made.email, made.until) == (
            "open",
            ADDRESS,
            dt.datetime(2026, 9, 29, 8, tzinfo=dt.UTC),
        )
        _, another = kit.programmes.invite("autumn")
        assert token != another
        assert len(token) >= 40
    assert token not in _rows(asks)
    with asks.kit(actor=ANN) as kit:
        held = kit.programmes.redeem(token, Participant(person=Person(id="ann")))
        assert (held.state, held.entry, held.participant.roles) == (
            "enrolled",
            "invited",
            {"mentee": 1},
        )
        before = kit.programmes.participant("autumn", "ann")
        assert kit.programmes.redeem(token, participant("ann", "mentee", 3)) == before
        with pytest.raises(Conflict, match="takes part already"):
            kit.programmes.redeem(another, participant("ann", "mentee"))
    kept = _rows(asks)
    assert ADDRESS not in kept
    assert token not in kept
    with asks.kit() as kit:
        used, unused = kit.programmes.invitations("autumn")
        assert (used.state, used.person, used.email) == ("used", "ann", None)
        assert unused.state == "open"
        told = kit.reports.journal("autumn")
        kinds = [(event.kind, event.people) for event in told if "invitation" in event.kind]
        assert kinds == [
            ("invitation.made", ()),
            ("invitation.made", ()),
            ("invitation.used", ("ann",)),
        ]
        assert not any(secret in repr(told) for secret in (token, ADDRESS, used.digest))


def test_what_does_not_work_is_refused_alike(asks: World) -> None:
    with asks.kit() as kit:
        used, revoked, over, closed, elsewhere = (
            kit.programmes.invite("autumn")[1] for _ in range(5)
        )
        until = asks.now + dt.timedelta(hours=1)
        short, over = kit.programmes.invite("autumn", until=until, email=ADDRESS)
        held, revoked = kit.programmes.invite("autumn")
        assert kit.programmes.revoke(held.id).state == "revoked"
        kit.programmes.revoke(held.id)
        kit.programmes.create(Programme(), id="winter")
        _, closed = kit.programmes.invite("winter")
        kit.programmes.close("winter")
    with asks.kit(actor=ANN) as kit:
        kit.programmes.redeem(used, participant("ann", "mentee"))
    asks.now = until
    bob = participant("bob", "mentee")
    with asks.kit(tenant="other", actor=BOB) as kit, pytest.raises(NotFound) as refused:
        kit.programmes.redeem(elsewhere, bob)
    expected = (NotFound, "this invitation does not work; ask for another")
    assert (type(refused.value), str(refused.value)) == expected
    for token in (used, revoked, over, closed, "guessed", "", "\ud800", used + " ", used[:-1]):
        assert _told(asks, BOB, token, bob) == expected
        strange = attrs.evolve(bob, roles={"no such role": 1})
        assert _told(asks, BOB, token, strange) == expected
    for actor in (Actor(), ANN, Actor(person="zed", coordinates=["*"])):
        kinds = {_told(asks, actor, token, bob)[0] for token in (used, elsewhere, "guessed")}
        assert kinds == {Forbidden}
    with asks.kit() as kit:
        shown = {one.id: one for one in kit.programmes.invitations("autumn")}
        assert (shown[short.id].state, shown[short.id].email) == ("open", None)
        kit.programmes.invite("autumn")
    assert ADDRESS not in _rows(asks)
    with asks.kit(actor=BOB) as kit:
        assert kit.programmes.redeem(elsewhere, bob).state == "enrolled"


def test_a_key_gives_the_same_invitation_with_a_new_token(asks: World) -> None:
    with asks.kit() as kit:
        first, before = kit.programmes.invite("autumn", key="ann")
        again, token = kit.programmes.invite("autumn", key="ann")
        assert (again.id, again.until) == (first.id, first.until)
        assert len(kit.programmes.invitations("autumn")) == 1
    ann = participant("ann", "mentee")
    assert _told(asks, ANN, before, ann)[0] is NotFound
    with asks.kit(actor=ANN) as kit:
        assert kit.programmes.redeem(token, ann).state == "enrolled"
    with asks.kit() as kit:
        with pytest.raises(Conflict, match="used"):
            kit.programmes.invite("autumn", key="ann")
        with pytest.raises(Conflict, match="used"):
            kit.programmes.revoke(first.id)


def test_it_is_for_its_roles_and_keeps_how_somebody_came(asks: World) -> None:
    with asks.kit() as kit:
        _, token = kit.programmes.invite("autumn", roles=["mentee"])
        for wrong, words in (
            ({"roles": ["boss"]}, "'boss' is no role of 'one-to-one'"),
            ({"until": asks.now}, "time to come"),
            ({"until": dt.datetime(2027, 1, 1)}, "offset"),
            ({"email": "nowhere"}, "e-mail"),
        ):
            with pytest.raises(Invalid, match=words):
                kit.programmes.invite("autumn", **wrong)  # type: ignore[arg-type]
    with asks.kit(actor=ANN) as kit:
        with pytest.raises(Invalid, match=r"roles\.mentor: is not what the invitation is for"):
            kit.programmes.redeem(token, participant("ann", "mentor"))
        applied = kit.programmes.apply("autumn", participant("ann", "mentee"))
        asks.now += dt.timedelta(days=1)
        few = participant("ann", "mentee", hours=1)
        held = kit.programmes.redeem(token, few)
        assert (held.state, held.entry, held.entered) == ("waiting", "applied", applied.entered)


def test_only_coordinators_read_invitations_and_none_reads_the_digest(asks: World) -> None:
    with asks.kit() as kit:
        kit.programmes.invite("autumn", email=ADDRESS)
    for actor in (Actor(), ANN, Actor(person="eve", coordinates=["winter"])):
        with asks.kit(actor=actor) as kit:
            assert kit.programmes.invitations("autumn") == ()
    with asks.kit(actor=Actor(coordinates=["autumn"])) as kit:
        (held,) = kit.programmes.invitations("autumn")
        assert (held.email, held.digest) == (ADDRESS, "")
        made, _ = kit.programmes.invite("autumn")
        assert made.digest == ""
