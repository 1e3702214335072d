"""Stories by commands: what is listed for whom, and how each step is told."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.once


def _rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()[1:]]


@pytest.fixture
def story(at, active) -> str:
    """Ann has written one, by its id."""
    for _ in range(2):
        told = at(
            "2026-10-01", "stories", "write", "ann", "Our weeks", "We met.", "--as", "ann",
            "--key", "k",
        )  # fmt: skip
    assert told.err.endswith(", edition 1, is a draft\n")
    return str(told.err.split()[1].rstrip(","))


def test_a_story_from_its_first_word_to_its_last(mentorkit, at, story) -> None:
    said = at("2026-10-02", "stories", "consent", story[:8], "--as", "may", "--edition", "1")
    assert said.err == f"story {story}, edition 1, is published\n"
    listed = _rows(mentorkit("stories", "list", "autumn").out)
    assert listed == [[story, "Our weeks", "Ann Reed", "published", "1", "2 of 2"]]
    told = at("2026-10-03", "stories", "rewrite", story, "--words", "We met often.")
    assert told.err == f"story {story}, edition 2, is a draft\n"
    stale = mentorkit("stories", "consent", story, "--as", "may", "--edition", "1")
    assert (stale.code, "was rewritten: read edition 2, not 1" in stale.err) == (2, True)
    for _ in range(2):
        said = at("2026-10-04", "stories", "withdraw", story, "--as", "May Stone")
        assert said.err == f"story {story}, edition 2, is a draft\n"
    assert at("2026-10-04", "stories", "drop", story).err == f"story {story} is dropped\n"
    assert mentorkit("stories", "list", "autumn", "--as", "ann").out == ""


def test_a_draft_is_listed_for_its_members_alone(mentorkit, story) -> None:
    for words in ([], ["--as", "ben"], ["--relationship", "ann"]):
        ran = mentorkit("stories", "list", "autumn", *words)
        assert (ran.code, ran.out, ran.err) == (0, "", "autumn has no published stories\n")
        assert json.loads(mentorkit("stories", "list", "autumn", "--json", *words).out) == []
    rows = _rows(mentorkit("stories", "list", "autumn", "--as", "may").out)
    assert [row[3:] for row in rows] == [["draft", "1", "1 of 2"]]
    (held,) = json.loads(mentorkit("stories", "list", "autumn", "--as", "may", "--json").out)
    assert (held["id"], held["words"], held["consented"]) == (story, "We met.", ["ann"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["rewrite", "abcd", "--words", "x"], "there is no story 'abcd'"),
        (["rewrite", "abcd"], "say what is new: --title or --words"),
        (["consent", "abcd", "--as", "ann", "--edition", "1"], "there is no story 'abcd'"),
        (["consent", "abcd", "--as", "ann"], "Missing option '--edition'"),
        (["withdraw", "abcd", "--as", "ann"], "there is no story 'abcd'"),
        (["drop", "abcd"], "there is no story 'abcd'"),
        (["write", "ann", "", "x", "--as", "ann"], "TITLE: must be text"),
        (["write", "ann", "x", "x", "--as", "ben"], "--as"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(mentorkit, active, words, told) -> None:
    ran = mentorkit("stories", *words)
    assert ran.code == 2
    assert told in ran.err
