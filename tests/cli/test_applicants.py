"""Who applies, waits or is invited, by commands; and files of which people are gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

PROGRAMME = """
name = "Spring"
starts = 2026-09-01

[policies]
approval = true

[ratings.interview]
most = 10
"""
PEOPLE = """id,name,role,hours
eve,Eve Moss,mentee,3
fay,Fay Lund,mentee,1
gus,Gus Hall,mentor,
"""
MAP = """
[fields]
id = "id"
name = "name"
hours = "hours"

[roles.mentee]
when = { column = "role", one_of = ["mentee"] }

[roles.mentor]
when = { column = "role", one_of = ["mentor"] }
"""


@pytest.fixture
def spring(mentorkit, at, folder: Path) -> Path:
    """A programme that asks for approval, to which three people applied on paper."""
    for name, text in (("spring.toml", PROGRAMME), ("spring.csv", PEOPLE), ("map.toml", MAP)):
        (folder / name).write_text(text, encoding="utf-8")
    assert mentorkit("migrate").code == 0
    at("2026-09-01", "programme", "new", "spring.toml", "--id", "spring")
    words = ("spring.csv", "--programme", "spring", "--map", "map.toml")
    ran = at("2026-09-02", "applicants", "add", *words)
    assert "eve is applied" in ran.err
    assert "fay is waiting: offers fewer than the 2 hours a month" in ran.err
    return folder


def rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()[1:]]


def test_applicants_are_approved_put_off_and_declined(mentorkit, at, spring) -> None:
    listed = rows(mentorkit("applicants", "list", "spring").out)
    assert [(row[0], row[3], row[4]) for row in listed] == [
        ("eve", "applied", "2026-09-02"),
        ("fay", "waiting", "2026-09-02"),
        ("gus", "applied", "2026-09-02"),
    ]
    told = at("2026-09-03", "applicants", "wait", "spring", "Gus Hall", "--reason", "in March")
    assert told.err == "gus is waiting: in March\n"
    assert "eve is enrolled" in at("2026-09-03", "applicants", "approve", "spring", "--all").err
    assert "fay is declined" in at("2026-09-03", "applicants", "decline", "spring", "fay").err
    found = json.loads(mentorkit("applicants", "list", "spring", "--json").out)
    assert [(held["participant"]["person"]["id"], held["entry"]) for held in found] == [
        ("gus", "applied")
    ]
    status = dict(row for row in rows(mentorkit("status", "spring").out) if len(row) == 2)
    assert status["participants"] == "1"
    assert status["came"] == "1 applied"
    assert status["waiting"] == "1: in March"
    assert mentorkit("applicants", "approve", "spring").code == 2
    assert mentorkit("applicants", "wait", "spring", "eve").code == 2


def test_people_are_rated(mentorkit, at, spring) -> None:
    assert "once" in at("2026-09-03", "rate", "spring", "eve", "interview", "7").err
    again = at("2026-09-04", "rate", "spring", "Eve Moss", "interview", "8", "--on", "2026-09-01")
    assert "2 times" in again.err
    ran = mentorkit("rate", "spring", "eve", "interview", "11")
    assert (ran.code, "from 1 to 10" in ran.err) == (2, True)


def test_invitations_are_made_listed_and_revoked(mentorkit, at, spring) -> None:
    words = ("--role", "mentor", "--email", "hal@example.org", "--until", "2026-10-01T08:00Z")
    made = at("2026-09-03", "invite", "new", "spring", *words)
    token = made.out.strip()
    assert len(token) > 40
    assert token not in made.err
    ran = at("2026-09-03", "invite", "list", "spring")
    (row,) = rows(ran.out)
    assert row[1:] == ["mentor", "hal@example.org", "open", "2026-10-01 08:00", ""]
    assert token not in ran.out
    assert token not in mentorkit("invite", "list", "spring", "--json").out
    assert "is revoked" in at("2026-09-04", "invite", "revoke", "spring", row[0][:8]).err
    assert "hal@" not in mentorkit("invite", "list", "spring").out


def test_an_import_shows_who_is_gone_and_lets_them_go_only_if_told(mentorkit, at, autumn) -> None:
    again = ("import", "people.csv", "--programme", "autumn")
    people = autumn / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(
        text.replace("noa,Noa Bloom,mentor,1,,law\n", "eve,Eve Moss,mentor,1,,law\n").replace(
            ",Python,\n", ",SQL,\n"
        ),
        encoding="utf-8",
    )
    dry = at("2026-09-02", *again, "--dry-run", "--leavers", "leave")
    assert "  eve: new\n  ann: seeks\n" in dry.err
    assert "left: noa" in dry.err
    assert dict(rows(mentorkit("status", "autumn").out))["participants"] == "4"
    stays = at("2026-09-02", *again)
    assert "take part, and are not in these files: noa" in stays.err
    assert dict(rows(mentorkit("status", "autumn").out))["participants"] == "5"
    assert "left: noa" in at("2026-09-02", *again, "--leavers", "leave").err
    assert dict(rows(mentorkit("status", "autumn").out))["participants"] == "4"
    people.write_text(text, encoding="utf-8")
    told = at("2026-09-03", *again, "--dry-run").err
    assert "  noa: back\n  ann: seeks\n" in told
    assert "not in these files: eve" in told
    people.write_text(text.replace("May Stone,mentor,1", "May Stone,mentor,few"), encoding="utf-8")
    faulty = (*again, "--skip-faulty", "--leavers", "leave")
    refused = mentorkit(*faulty)
    assert (refused.code, "would let somebody go" in refused.err) == (2, True)
