"""Office hours by commands: offered, looked through, booked, moved."""

from __future__ import annotations

from pathlib import Path

import pytest

PEOPLE = """id,name,role
ann,Ann Reed,mentee
ben,Ben Hall,mentee
may,May Stone,mentor
noa,Noa Bloom,mentor
"""
MAP = """
[fields]
id = "id"
name = "name"

[roles.mentee]
when = { column = "role", one_of = ["mentee"] }

[roles.mentor]
when = { column = "role", one_of = ["mentor"] }
"""


@pytest.fixture
def flash(mentorkit, at, folder: Path) -> Path:
    """A flash programme with two mentees and two mentors, of whom one has office hours."""
    (folder / "flash.toml").write_text('name = "Flash"\ntopology = "flash"\n', encoding="utf-8")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "map.toml").write_text(MAP, encoding="utf-8")
    assert mentorkit("migrate").code == 0
    at("2026-09-01", "programme", "new", "flash.toml", "--id", "flash")
    at("2026-09-01", "import", "people.csv", "--programme", "flash", "--map", "map.toml")
    words = ("--from", "2026-09-01", "--until", "2026-09-30", "--window", "Wed 9-10")
    at("2026-09-01", "offer", "flash", "May Stone", *words, "--timezone", "Europe/Berlin")
    return folder


def test_a_slot_is_offered_booked_and_moved(at, flash) -> None:
    listed = at("2026-09-01", "slots", "flash", "--until", "2026-09-10T00:00Z").out.splitlines()
    assert [line.split("\t") for line in listed[1:]] == [
        ["May Stone", f"2026-09-{day} 09:{minute} Europe/Berlin", "1"]
        for day in ("02", "09")
        for minute in ("00", "30")
    ]
    words = ("book", "flash", "may", "2026-09-02T09:00+02:00", "--for", "Ann Reed")
    booked = at("2026-09-01", *words, "--question", "How?")
    assert "is planned: 2026-09-02 09:00 Europe/Berlin" in booked.err
    left = at("2026-09-01", "slots", "flash", "--for", "ben").out
    assert "2026-09-02 09:00" not in left
    assert "2026-09-02 09:30" in left
    moved = at("2026-09-01", "move", "ann+may#1", "2026-09-09T09:30+02:00")
    assert "2026-09-09 09:30 Europe/Berlin" in moved.err
    assert "2026-09-02 09:00" in at("2026-09-01", "slots", "flash").out


def test_who_has_no_place_left_is_shown_no_slots(at, flash) -> None:
    at("2026-09-01", "book", "flash", "may", "2026-09-02 09:00", "--for", "Ann Reed")
    for person, name in (("ann", "Ann Reed"), ("noa", "Noa Bloom")):
        ran = at("2026-09-01", "slots", "flash", "--for", person)
        assert (ran.out, ran.err) == ("", f"flash has no open slots that {name} can book\n")


def test_a_time_without_offset_is_read_where_the_clocks_are(mentorkit, at, flash) -> None:
    """A slot's where its office hours hang; others where the programme's are, which is told."""
    listed = at("2026-09-01", "slots", "flash", "--until", "2026-09-02T07:30")
    assert listed.err == "2026-09-02 07:30 is read in UTC: 2026-09-02T07:30+00:00\n"
    when = listed.out.splitlines()[-1].split("\t")[1]
    assert when == "2026-09-02 09:00 Europe/Berlin"
    booked = at("2026-09-01", "book", "flash", "may", when[:16], "--for", "ann")
    assert "09:00 is read in Europe/Berlin: 2026-09-02T09:00+02:00" in booked.err
    moved = at("2026-09-01", "move", "ann+may#1", "2026-09-09 09:30")
    assert "2026-09-09 09:30 Europe/Berlin" in moved.err
    late = mentorkit("log", "ann+may#1", "--held", "--at", "2026-08-31 09:30")
    assert (late.code, "is held" in late.err) == (0, False)
    for wrong, words in (
        ("2026-10-25 02:30", "comes twice in Europe/Berlin; say 2026-10-25T02:30+02:00"),
        ("2026-10-25", "lacks its time of day, such as '2026-10-25 08:00'"),
        ("tomorrow", "is no time such as"),
    ):
        ran = mentorkit("book", "flash", "may", wrong, "--for", "ben")
        assert (ran.code, words in ran.err) == (2, True), ran.err
    for words in (("--missed", "--at", "2026-09-02 09:00"), ("--held", "--at", "2026-09-02 09:00")):
        assert mentorkit("log", "--all", "flash", *words).code == 2


def test_what_cannot_be_is_refused_in_a_sentence(mentorkit, flash) -> None:
    now = ("--now", "2026-09-01T08:00Z")
    taken = mentorkit("book", "flash", "may", "2026-09-02T09:10+02:00", "--for", "ben", *now)
    assert (taken.code, "not available" in taken.err) == (2, True)
    nobody = mentorkit("book", "flash", "noa", "2026-09-02T09:00+02:00", "--for", "ben", *now)
    assert (nobody.code, "noa offers no office hours" in nobody.err) == (2, True)
    days = ("--from", "2026-09-01", "--until", "2026-09-30")
    wrong = mentorkit("offer", "flash", "noa", *days, "--window", "someday 9-10", *now)
    assert (wrong.code, "not a day of the week" in wrong.err) == (2, True)
    wrong = mentorkit(
        "offer", "flash", "noa", *days, "--window", "Mon 9-10", "--link", "room", *now
    )
    assert (wrong.code, "https://" in wrong.err) == (2, True)
    wrong = mentorkit("offer", "flash", "noa", *days[:3], "today", "--window", "Mon 9-10", *now)
    assert (wrong.code, "--until" in wrong.err) == (2, True)


def test_office_hours_are_listed_and_withdrawn(mentorkit, at, flash: Path) -> None:
    (row,) = [line.split("\t") for line in mentorkit("hours", "list", "flash").out.splitlines()[1:]]
    assert row[1:] == ["May Stone", "2026-09-01", "2026-09-30", "open"]
    at("2026-09-01", "book", "flash", "may", "2026-09-02T09:00+02:00", "--for", "ann")
    assert "are withdrawn" in at("2026-09-01", "hours", "withdraw", "flash", "May Stone").err
    assert "\twithdrawn" in mentorkit("hours", "list", "flash").out
    ran = at("2026-09-01", "slots", "flash")
    assert (ran.out, "no open slots" in ran.err) == ("", True)
    assert "planned" in mentorkit("sessions", "flash").out
    assert "are withdrawn" in at("2026-09-01", "hours", "withdraw", "flash", row[0][:6]).err
    ran = mentorkit("hours", "withdraw", "flash", "noa")
    assert (ran.code, "no offer of office hours" in ran.err) == (2, True)
