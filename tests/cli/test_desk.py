"""What a coordinator puts right at the desk, and how a mistake there is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.once


def rows(out: str) -> list[list[str]]:
    """The lines of a table in a pipe, without the first."""
    return [line.split("\t") for line in out.splitlines()[1:]]


def invited(at, *words: str) -> str:
    """The token of a new invitation."""
    return at("2026-09-02", "invite", "new", "autumn", *words).out.strip()


def test_an_invitation_is_redeemed_for_one_person(mentorkit, at, autumn: Path) -> None:
    (autumn / "zoe.csv").write_text("id,name,can teach\nzoe,Zoe Quist,law\n", encoding="utf-8")
    token = invited(at, "--role", "mentor")
    ran = mentorkit("invite", "redeem", token, "people.csv", "--now", "2026-09-02T08:00Z")
    assert ran.code == 2
    assert "must hold one person, whom the invitation is for, not 4" in ran.err
    ran = at("2026-09-02", "invite", "redeem", token, "zoe.csv")
    assert "zoe is enrolled in autumn" in ran.err
    assert ["zoe", "Zoe Quist", "mentor", "2026-09-02", ""] in rows(
        mentorkit("people", "list", "autumn").out
    )
    assert rows(mentorkit("invite", "list", "autumn").out)[0][3] == "used"
    ran = mentorkit("invite", "redeem", "none", "zoe.csv", "--now", "2026-09-02T08:00Z")
    assert (ran.code, "ask for another" in ran.err) == (2, True)


def test_a_role_that_the_invitation_is_not_for_is_refused(mentorkit, at, autumn: Path) -> None:
    (autumn / "zoe.csv").write_text("id,name,role\nzoe,Zoe,mentee\n", encoding="utf-8")
    (autumn / "map.toml").write_text(
        '[fields]\nid = "id"\nname = "name"\n'
        '[roles.mentee]\nwhen = { column = "role", one_of = ["mentee"] }\n',
        encoding="utf-8",
    )
    words = ("invite", "redeem", invited(at, "--role", "mentor"), "zoe.csv", "--map", "map.toml")
    ran = mentorkit(*words, "--now", "2026-09-02T08:00Z")
    assert ran.code == 2
    assert "is not what the invitation is for: mentor" in ran.err


def test_people_are_taken_out(mentorkit, at, published: Path) -> None:
    found = rows(mentorkit("people", "list", "autumn").out)
    assert [row[0] for row in found] == ["ann", "ben", "may", "noa"]
    assert found[0][4] == "May Stone"
    at("2026-09-03", "people", "leave", "autumn", "Ann Reed")
    found = rows(mentorkit("people", "list", "autumn").out)
    assert [row[0] for row in found] == ["ben", "may", "noa"]
    assert found[1][4] == ""


def test_what_was_logged_is_put_right(mentorkit, at, active: Path) -> None:
    at("2026-12-09", "log", "Ann Reed#1", "--held")
    ran = at("2026-12-09", "correct", "ann#1", "--minutes", "45", "--attended", "ann")
    assert "is held: 2026-09-03" in ran.err
    assert ran.err.endswith("45 minutes, with Ann Reed\n")
    ran = at("2026-12-09", "correct", "ann#1", "--at", "2026-09-04T10:00Z")
    assert "is held: 2026-09-04 10:00 UTC, 45 minutes, with Ann Reed" in ran.err
    assert "is missed" in at("2026-12-09", "correct", "ann#1", "--missed").err
    kinds = [event["kind"] for event in json.loads(mentorkit("journal", "--json").out)]
    assert kinds.count("session.corrected") == 3


def test_an_award_is_taken_back(mentorkit, at, active: Path) -> None:
    at("2026-09-04", "log", "ann#1", "--held")
    at("2026-09-04", "advance")
    before = rows(mentorkit("awards", "autumn").out)
    assert [row[1:3] for row in before] == [
        ["Ann Reed", "First meeting"], ["May Stone", "First meeting"]
    ]  # fmt: skip
    after = rows(at("2026-09-05", "awards", "autumn", "--revoke", before[0][4]).out)
    assert after == before[1:]


def test_a_draft_says_how_it_treats_groups(mentorkit, at, autumn: Path) -> None:
    first, *others = (autumn / "people.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{first},department"]
    lines += [f"{line},{name}" for line, name in zip(others, ("sales", "legal") * 2, strict=True)]
    (autumn / "people.csv").write_text("\n".join(lines), encoding="utf-8")
    at("2026-09-02", "import", "people.csv", "--programme", "autumn")
    ran = at("2026-09-02", "draft", "autumn", "--audit", "department")
    assert "role\tdepartment\tpeople" in ran.out
    ran = mentorkit("draft", "autumn", "--audit", "department", "--json")
    assert (ran.code, "--audit" in ran.err) == (2, True)


WRONG = {
    "length": (["correct", "ann#1", "--minutes", "0"], "--minutes: must be from 1 to 1440"),
    "to come": (["correct", "ann#1", "--at", "2027-01-01T08:00Z"], "--at: must not be"),
    "who came": (["correct", "ann#1", "--attended", "zed"], "--attended: 'zed'"),
    "not held": (["correct", "ann#2", "--output", "a=b"], "--output: is of a meeting"),
    "planned": (["correct", "ann#13", "--minutes", "5"], "planned still"),
    "nothing": (["correct", "ann#1"], "say what was wrong"),
    "moved": (["move", "ann#13", "2026-12-12T08:00Z", "--minutes", "-3"], "--minutes: must be"),
    "longer": (["extend", "ann", "--until", "2020-01-01", "--goal", "ann"], "--until: must come"),
    "thanked": (["thank", "ann", "ta", "--to", "ann", "--as", "ann"], "--to: 'ann'"),
    "role": (["invite", "new", "autumn", "--role", "chief"], "--role: 'chief'"),
    "point": (
        ["terms", "ann", "--as", "ann", "--set", "points.x=0", "--propose"],
        "--set points.x: is no point",
    ),
    "topic": (["topic", "ann#13", " ", "--as", "ann"], "TOPIC: is missing"),
    "until": (["invite", "new", "autumn", "--until", "2020-01-01T08:00Z"], "--until: must be"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_is_told_under_the_name_that_was_typed(mentorkit, at, active, case: str) -> None:
    at("2026-12-09", "log", "ann#1", "--held")
    at("2026-12-09", "log", "ann#2", "--missed")
    words, said = WRONG[case]
    ran = mentorkit(*words, "--now", "2026-12-09T08:00Z")
    assert ran.code == 2
    assert said in ran.err


def test_a_fault_of_the_houses_file_is_told_of_the_file(mentorkit, autumn: Path) -> None:
    (autumn / "mentorkit.toml").write_text("tenant = 3\n", encoding="utf-8")
    ran = mentorkit("programme", "list")
    assert ran.code == 2
    assert "mentorkit.toml: tenant" in ran.err


def test_an_empty_programme_says_what_it_lacks(mentorkit, at, folder: Path) -> None:
    (folder / "p.toml").write_text('name = "Autumn"\n', encoding="utf-8")
    (folder / "mentors.csv").write_text("id,name\nmay,May\n", encoding="utf-8")
    (folder / "map.toml").write_text(
        '[fields]\nid = "id"\nname = "name"\n[roles.mentor]\nfiles = "mentors*"\n',
        encoding="utf-8",
    )
    assert mentorkit("migrate").code == 0
    at("2026-09-01", "programme", "new", "p.toml", "--id", "p")
    ran = mentorkit("publish", "p")
    assert (ran.code, "mentorkit import FILES --programme p" in ran.err) == (2, True)
    assert "mentorkit draft p" in ran.err
    calls = (["draft", "p"], ["publish", "p"], ["status", "p"], ["report", "p"], ["today", "p"])
    for words in calls:
        said = at("2026-09-01", *words).err
        assert "nobody takes part in p yet; next: mentorkit import FILES --programme p" in said
    at("2026-09-01", "applicants", "add", "mentors.csv", "--map", "map.toml", "--programme", "p")
    at("2026-09-01", "import", "mentors.csv", "--map", "map.toml", "--programme", "p")
    for words in calls:
        assert "nobody takes part in p as mentee; next:" in at("2026-09-01", *words).err


def test_the_next_command_leads_from_people_to_relationships(mentorkit, at, autumn) -> None:
    for command, words in (("draft", "matched"), ("publish", "published")):
        said = at("2026-09-01", "today", "autumn").err
        assert f"next: mentorkit {command} autumn" in said
        assert words in said
        assert "nobody takes part" not in at("2026-09-01", command, "autumn").err
    for words in ("today", "status", "report"):
        assert "next:" not in at("2026-09-01", words, "autumn").err


def test_nothing_empty_is_written(mentorkit, folder: Path) -> None:
    assert mentorkit("init").code == 0
    text = (folder / "programme.toml").read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if line.endswith(("{}", "[]", "{ }"))]
    assert "{}" not in text
    *lines, more = text.split("# programme.toml says what else.\n")
    whole = lines[0] + "".join(line.removeprefix("# ") for line in more.splitlines(True))
    whole = whole.replace('# practices = ["smart-goals"]', 'practices = ["smart-goals"]#', 1)
    (folder / "whole.toml").write_text(whole, encoding="utf-8")
    assert mentorkit("migrate").code == 0
    ran = mentorkit("programme", "new", "whole.toml", "--id", "whole")
    assert ran.code == 0, ran.err
    shown = mentorkit("programme", "show", "whole").out
    assert "cadence: 14" in shown
    assert "smart-goals" in shown
    assert "reply" in shown


def test_who_applied_is_named_where_nobody_takes_part(mentorkit, at, folder: Path) -> None:
    (folder / "p.toml").write_text("[policies]\napproval = true\n", encoding="utf-8")
    (folder / "mentors.csv").write_text("id,name\nmay,May\n", encoding="utf-8")
    (folder / "map.toml").write_text(
        '[fields]\nid = "id"\nname = "name"\n[roles.mentor]\nfiles = "mentors*"\n',
        encoding="utf-8",
    )
    assert mentorkit("migrate").code == 0
    at("2026-09-01", "programme", "new", "p.toml", "--id", "p")
    at("2026-09-01", "applicants", "add", "mentors.csv", "--map", "map.toml", "--programme", "p")
    said = at("2026-09-01", "status", "p").err
    assert "nobody takes part in p yet, and 1 applicant waits: mentorkit applicants list p" in said
