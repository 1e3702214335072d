"""Programme events by commands."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.once


def rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()[1:]]


def test_an_event_from_its_announcement_to_who_came(mentorkit, at, autumn) -> None:
    words = ("gatherings", "announce", "autumn", "Kick-off", "--starts", "2026-09-10T17:00+02:00")
    more = ("--minutes", "60", "--seats", "1", "--timezone", "Europe/Berlin", "--key", "k")
    made = at("2026-09-01", *words, *more, "--place", "Room 4").out.strip()
    assert at("2026-09-01", *words, *more, "--place", "Room 4").out.strip() == made
    up = at("2026-09-02", "gatherings", "sign-up", "Kick-off", "ann", "May Stone").err
    assert up.splitlines() == ["Ann Reed: coming", "May Stone: waiting"]
    (row,) = rows(at("2026-09-02", "gatherings", "list", "autumn").out)
    assert row == [
        *(made, "Kick-off", "2026-09-10 17:00 Europe/Berlin", "Room 4", "planned", "1", "0", "1")
    ]
    at("2026-09-02", "gatherings", "sign-off", made[:8], "ann")
    assert rows(mentorkit("gatherings", "who", made).out) == [["2", "May Stone", "coming"]]
    assert mentorkit("gatherings", "who", "no-such").code == 2
    at("2026-09-02", "gatherings", "move", made, "2026-09-11T17:00+02:00", "--seats", "2")
    at("2026-09-02", "gatherings", "sign-up", made, "ben", "ann")
    early = mentorkit("gatherings", "hold", made, "--now", "2026-09-02T08:00Z")
    assert early.code == 2
    assert "begins only at 2026-09-11 17:00 CEST" in early.err
    at("2026-09-12", "gatherings", "hold", made, "--came", "ben", "--came", "ann")
    seats = json.loads(mentorkit("gatherings", "who", made, "--json").out)
    assert {(seat["person"], seat["state"]) for seat in seats} == {
        ("may", "missed"), ("ben", "came"), ("ann", "came"),
    }  # fmt: skip
    assert mentorkit("gatherings", "cancel", made).code == 2
    other = at("2026-09-12", *words[:3], "Lunch", "--starts", "2026-10-01T12:00Z").out.strip()
    assert "is cancelled" in at("2026-09-12", "gatherings", "cancel", other).err
