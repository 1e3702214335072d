"""What happens between meetings, by commands; and what each member takes along."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.once

SECRETS = ("call the registrar", "Which course", "The second one", "A guide", "start with a joke")


def _rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()[1:]]


@pytest.fixture
def lived(at, active):
    """Ann and May met once, and have been busy since."""
    at("2026-09-18", "log", "ann#1", "--held", "--output", "lessons=It works.")
    at(
        "2026-09-19", "actions", "add", "ann", "call the registrar", "--as", "may",
        "--owner", "ann", "--due", "2026-09-25", "--priority", "high", "--session", "ann#1",
    )  # fmt: skip
    at("2026-09-19", "actions", "add", "ann", "read on", "--as", "may", "--key", "k")
    at("2026-09-19", "actions", "add", "ann", "read on", "--as", "may", "--key", "k")
    asked = at("2026-09-20", "exchange", "ask", "ann", "Which course?", "--as", "ann")
    at("2026-09-20", "exchange", "ask", "ann", "And when?", "--as", "ann")
    id = asked.err.split()[1]
    at("2026-09-21", "exchange", "answer", id, "The second one.", "--as", "May Stone")
    at(
        "2026-09-21", "exchange", "share", "ann", "A guide", "--link", "https://example.org/guide",
        "--as", "may",
    )  # fmt: skip
    at("2026-09-21", "insights", "add", "ann", "start with a joke", "--as", "ann", "--source", "IT")
    at("2026-09-21", "topic", "ann#2", "what holds us up", "--as", "may")
    return active


def test_the_office_sees_who_and_when_and_no_word(mentorkit, at, lived) -> None:
    listed = [mentorkit(name, "list", "autumn") for name in ("actions", "exchange", "insights")]
    as_json = [mentorkit(name, "list", "autumn", "--json") for name in ("actions", "exchange")]
    everything = "".join(ran.out for ran in (*listed, *as_json))
    assert not [word for word in SECRETS if word in everything]
    assert [row[1:] for row in _rows(listed[0].out)] == [
        ["Ann Reed", "open", "high", "2026-09-25", ""],
        ["May Stone", "open", "normal", "", ""],
    ]
    assert sorted(row[1:] for row in _rows(listed[1].out)) == [
        ["question", "Ann Reed", "2026-09-20 08:00 UTC", ""],
        ["question", "Ann Reed", "2026-09-20 08:00 UTC", "May Stone"],
        ["resource", "May Stone", "2026-09-21 08:00 UTC", ""],
    ]
    assert [row[1:] for row in _rows(listed[2].out)] == [["Ann Reed", "IT", "heard", "2026-09-21"]]
    assert {one["title"] for one in json.loads(as_json[0].out)} == {"(not shown)"}


def test_actions_and_insights_to_their_ends(mentorkit, at, lived) -> None:
    ids = {row[1]: row[0] for row in _rows(mentorkit("actions", "list", "autumn").out)}
    assert "is done" in at("2026-09-22", "actions", "done", ids["Ann Reed"][:8]).err
    assert "is dropped" in at("2026-09-22", "actions", "drop", ids["May Stone"]).err
    assert _rows(mentorkit("actions", "list", "autumn", "--open").out) == []
    closed = [row[-1] for row in _rows(mentorkit("actions", "list", "autumn").out)]
    assert closed == ["2026-09-22", "2026-09-22"]
    insight = _rows(mentorkit("insights", "list", "autumn", "--relationship", "ann").out)[0][0]
    assert "is tried" in at("2026-09-23", "insights", "tried", insight[:8]).err
    assert "is adopted" in at("2026-09-24", "insights", "adopted", insight).err
    refused = mentorkit("insights", "tried", insight)
    assert (refused.code, "is adopted by now" in refused.err) == (2, True)


def test_a_sheet_for_each_who_comes(mentorkit, at, lived) -> None:
    with_note = _house(lived)
    may, ann = (mentorkit("prepare", "ann#2", "--as", person) for person in ("may", "ann"))
    assert may.code == ann.code == 0
    lines = may.out.splitlines()
    assert lines[0].endswith(" UTC")
    assert lines[1:5] == [
        "",
        "Open actions",
        "- Ann Reed: call the registrar (due 2026-09-25, high)",
        "- May Stone: read on (no day)",
    ]
    assert "- what holds us up" in lines
    assert "- Ann Reed: ship a tool (agreed; drafts: 0 of 2)" in lines
    assert "- Ann Reed: And when?" in lines
    assert "Which course" not in may.out, "it is answered"
    assert with_note in may.out
    assert with_note not in ann.out
    sheet = json.loads(mentorkit("prepare", "ann#2", "--as", "ann", "--json").out)
    assert sheet["person"] == "ann"
    assert with_note not in json.dumps(sheet)
    stranger = mentorkit("prepare", "ann#2", "--as", "ben")
    assert stranger.code == 2


def _house(folder) -> str:
    """May writes a private note after the first meeting."""
    import mentorkit as kits

    house = kits.open("sqlite:///mentorkit.db")
    with house.kit(actor=kits.Actor(person="may")) as kit:
        (held,) = kit.relationships.of("may")
        kit.relationships.write(held.id, "she sounded tired")
    house.close()
    return "she sounded tired"


def test_a_meeting_more_and_one_that_was_never_planned(mentorkit, at, active) -> None:
    before = len(_rows(mentorkit("sessions", "autumn", "--relationship", "ann").out))
    made = at(
        "2026-09-05", "meet", "ann", "2026-09-08T12:00Z", "--place", "the canteen",
        "--public", "--minutes", "30",
    )  # fmt: skip
    assert "is planned" in made.err
    past = ("meet", "ann", "2026-09-04T12:00Z", "--held", "--attended", "ann", "--key", "k")
    for _ in range(2):
        assert "is held" in at("2026-09-05", *past).err
    assert "is missed" in at("2026-09-05", "meet", "ann", "2026-09-03T12:00Z", "--missed").err
    rows = _rows(mentorkit("sessions", "autumn", "--relationship", "ann").out)
    assert len(rows) == before + 3
    times = [row[3][:10] for row in rows if row[-1] in ("missed", "held")]
    assert times == ["2026-09-03", "2026-09-04"]
    ahead = mentorkit("meet", "ann", "2026-09-20T12:00Z", "--held", "--now", "2026-09-05T08:00Z")
    assert (ahead.code, "begins only at" in ahead.err) == (2, True)
    assert len(_rows(mentorkit("sessions", "autumn", "--relationship", "ann").out)) == before + 3
    assert mentorkit("meet", "ann", "2026-09-20T12:00Z", "--attended", "ann").code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["actions", "done", "abcd"], "there is no action 'abcd'"),
        (["insights", "tried", "abcd"], "there is no insight 'abcd'"),
        (["exchange", "answer", "abcd", "x", "--as", "ann"], "there is no question 'abcd'"),
        (["exchange", "share", "ann", "x", "--as", "ann"], "link: is missing"),
        (["exchange", "share", "ann", "x", "--as", "ann", "--link", "ftp://x"], "link: must be"),
        (["actions", "add", "ann", "x", "--as", "ben"], "--as"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(mentorkit, active, words, told) -> None:
    ran = mentorkit(*words)
    assert ran.code == 2
    assert told in ran.err
