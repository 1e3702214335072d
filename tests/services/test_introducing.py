"""What those are told who were matched."""

from __future__ import annotations

import pytest
from worlds import PAIR, World, participant

from mentorkit import Actor, Programme, Use
from mentorkit.errors import Forbidden, NotFound
from mentorkit.models import Policies

pytestmark = pytest.mark.once

PROGRAMME = Programme(
    name="Autumn",
    policies=Policies(answer=7, timezone="Europe/Berlin"),
    criteria={"skills": Use("skills"), "wish": Use("preferences", weight=3)},
)


def test_each_member_reads_with_whom_why_what_next_and_until_when(world: World) -> None:
    wishing = participant("ann", "mentee", prefers=("may",))
    (made,) = world.begun(PROGRAMME, (wishing, PAIR[1]))
    with world.kit(actor=Actor(person="ann")) as kit:
        told = kit.matching.introduction(made.id, "ann")
        assert kit.matching.introduction(made.id, "ann") == told
    assert str(told.subject) == "Autumn: you were matched"
    assert told.text.startswith("Hello Ann, in Autumn you were matched with May (mentor).\n\n- ")
    assert "Python" in told.text
    assert "2026-09-08 10:00 Europe/Berlin" in told.text
    assert "decline without giving a reason" in told.text
    assert told.reasons == made.reasons
    with world.kit(actor=Actor(person="may")) as kit:
        theirs = kit.matching.introduction(made.id, "may").text
    assert theirs.startswith("Hello May, in Autumn you were matched with Ann (mentee).")
    for words in (told.text, theirs):
        assert "prefer" not in words
        assert "wish" not in words


def test_it_says_what_comes_next_at_each_stage(world: World) -> None:
    (made,) = world.begun(PROGRAMME, PAIR)
    with world.kit() as kit:
        kit.relationships.accept(made.id, person="ann")
        assert "You have accepted" in kit.matching.introduction(made.id, "ann").text
        assert "Please accept or decline by" in kit.matching.introduction(made.id, "may").text
        kit.relationships.accept(made.id, person="may")
        assert "sign the agreement" in kit.matching.introduction(made.id, "may").text
        with pytest.raises(Forbidden):
            kit.matching.introduction(made.id, "zed")
        kit.relationships.end(made.id)
        with pytest.raises(NotFound):
            kit.matching.introduction(made.id, "ann")


def test_it_is_for_members_and_coordinators_alone(world: World) -> None:
    (made,) = world.begun(PROGRAMME, PAIR)
    with world.kit(actor=Actor(coordinates=["autumn"])) as kit:
        assert kit.matching.introduction(made.id, "ann").person == "ann"
    with world.kit(actor=Actor(person="zed")) as kit, pytest.raises(NotFound):
        kit.matching.introduction(made.id, "ann")
