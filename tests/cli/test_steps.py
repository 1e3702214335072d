"""The steps of relationships by commands: chats, pauses, extensions, successors, ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

MORE = "eve,Eve Moss,mentor,1,,Python\n"


def rows(out: str) -> list[list[str]]:
    """The lines of a table in a pipe, without the first."""
    return [line.split("\t") for line in out.splitlines()[1:]]


@pytest.fixture
def more(at, autumn: Path) -> Path:
    """A mentor more than there are mentees, who is free once all are matched."""
    path = autumn / "people.csv"
    path.write_text(path.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    return autumn


def test_a_chat_comes_first_and_what_was_published_is_taken_back(mentorkit, at, published) -> None:
    assert "is in chemistry" in at("2026-09-02", "chat", "ann+may", "--as", "ann").err
    back = at("2026-09-02", "withdraw", "autumn")
    assert [row[2:] for row in rows(back.out)] == [["closed", "withdrawn"]] * 2
    assert "2 relationships withdrawn in autumn" in back.err
    nothing = mentorkit("withdraw", "autumn")
    assert (nothing.code, "nothing that was published" in nothing.err) == (2, True)
    at("2026-09-03", "draft", "autumn")
    at("2026-09-03", "publish", "autumn")
    at("2026-09-03", "agree", "ann+may", "--as", "may")
    answered = mentorkit("withdraw", "autumn")
    assert (answered.code, "accepted by 'may'" in answered.err) == (2, True)


def test_a_pause_begins_and_ends(mentorkit, at, active) -> None:
    assert (
        "is paused, until 2026-10-01"
        in at("2026-09-10", "pause", "ann+may", "--until", "2026-10-01").err
    )
    listed = {row[1]: row[2:] for row in rows(mentorkit("relationships", "autumn").out)}
    assert listed["Ann Reed + May Stone"] == ["paused", "it goes on on 2026-10-01"]
    assert "is active, until 2027-03-09" in at("2026-09-20", "resume", "ann+may").err
    late = mentorkit("pause", "ann+may", "--until", "2026-09-01", "--now", "2026-09-20T08:00Z")
    assert (late.code, "a day after today" in late.err) == (2, True)


def test_longer_for_a_new_goal(mentorkit, at, active) -> None:
    words = ("extend", "ann+may", "--until", "2027-06-01", "--goal")
    old = mentorkit(*words, "ann", "--now", "2026-10-01T08:00Z")
    assert (old.code, "the goal is an old one" in old.err) == (2, True)
    at(
        "2026-10-01", "goals", "add", "ann+may", "lead a team", "--as", "ann", "--metric", "people",
        "--baseline", "0", "--target", "2", "--first-step", "ask", "--objective", "growth",
        "--due", "2027-05-01",
    )  # fmt: skip
    goals = json.loads(mentorkit("goals", "list", "autumn", "--json").out)
    (new,) = [goal["id"] for goal in goals if goal["due"] == "2027-05-01"]
    at("2026-10-01", "goals", "accept", new)
    first = at("2026-10-01", *words, new, "--as", "ann")
    assert "is active, until 2027-06-01 once 1 more agree" in first.err
    assert "is active, until 2027-06-01\n" in at("2026-10-01", *words, new).err


def test_a_successor_is_named_or_found(mentorkit, at, more: Path, active) -> None:
    at("2026-09-10", "import", "people.csv", "--programme", "autumn")
    made = at("2026-09-10", "hand-over", "ann+may", "--leaving", "may", "--to", "Eve Moss")
    assert [row[1:3] for row in rows(made.out)] == [["Ann Reed + Eve Moss", "proposed"]]
    nobody = mentorkit("hand-over", "ben+noa", "--leaving", "noa", "--to", "eve")
    assert (nobody.code, "'eve' is not available" in nobody.err) == (2, True)
    found = at("2026-09-11", "hand-over", "ben+noa", "--leaving", "Noa Bloom")
    assert [row[1] for row in rows(found.out)] == ["Ben Hall + May Stone"]


def test_it_ends_as_it_was_meant_to(at, active) -> None:
    assert "is closed: completed" in at("2026-10-01", "complete", "ann+may").err


@pytest.mark.parametrize("end", ["decline", "end"])
def test_never_again_with_each_other(mentorkit, at, published: Path, end: str) -> None:
    ended = at("2026-09-02", end, "ann+may", "--as", "ann", "--not-again")
    assert "not" not in ended.out + ended.err
    at("2026-09-02", "programme", "new", "programme.toml", "--id", "spring")
    at("2026-09-02", "import", "people.csv", "--programme", "spring")
    with_noa = at("2026-09-02", "draft", "spring", "--forbid", "ben", "noa")
    assert {(row[1], row[3]) for row in rows(with_noa.out)} == {("ann", "noa"), ("ben", "may")}
    told = json.loads(mentorkit("journal", "--json").out)
    (closed,) = [event for event in told if event["kind"] == "relationship.closed"]
    assert set(closed["facts"]) == {"outcome", "was"}
    record = json.loads(at("2026-09-02", "draft", "spring", "--json").out)["record"]
    assert not record.get("forbids")


def test_never_again_is_taken_back(mentorkit, at, published: Path) -> None:
    at("2026-09-02", "end", "ann+may", "--as", "ann", "--not-again")
    assert json.loads(mentorkit("export", "ann").out)["kept_apart"] == ["may"]
    assert json.loads(mentorkit("export", "may").out)["kept_apart"] == []
    at("2026-09-02", "programme", "new", "programme.toml", "--id", "spring")
    at("2026-09-02", "import", "people.csv", "--programme", "spring")
    said = {at("2026-09-02", "again", *two).err for two in (("may", "ann"), ("Ann Reed", "may"))}
    assert len(said) == 1
    matched = {(row[1], row[3]) for row in rows(at("2026-09-02", "draft", "spring").out)}
    assert matched == {("ann", "may"), ("ben", "noa")}


def test_only_a_member_says_never_again(mentorkit, published) -> None:
    ran = mentorkit("end", "ann+may", "--not-again")
    assert (ran.code, "--not-again is a member's own" in ran.err) == (2, True)


def test_a_chat_is_planned_where_others_are(mentorkit, at, published: Path) -> None:
    at("2026-09-02", "chat", "ann+may", "--as", "ann")
    words = ("meet", "ann+may", "2026-09-03T10:00Z", "--place", "The canteen")
    refused = mentorkit(*words, "--now", "2026-09-02T08:00Z")
    assert (refused.code, "mark the place as public" in refused.err) == (2, True)
    assert "is planned: 2026-09-03 10:00" in at("2026-09-02", *words, "--public").err
    moved = at(
        "2026-09-02", "move", "ann+may#1", "2026-09-04T10:00Z", "--place", "Hall", "--public"
    )
    assert "is planned: 2026-09-04 10:00" in moved.err
    assert "1 meeting held" in at("2026-09-05", "log", "ann+may#1", "--held").out
