"""A programme by commands, from its first day to its last, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from mentorkit.cli.introductions import file_name
from mentorkit.models import Introduction, Message

pytestmark = pytest.mark.once


def rows(out: str) -> list[list[str]]:
    """The lines of a table in a pipe, without the first."""
    return [line.split("\t") for line in out.splitlines()[1:]]


def test_programmes_are_listed_and_shown(mentorkit, autumn) -> None:
    assert rows(mentorkit("programme", "list").out) == [
        ["autumn", "Autumn", "one-to-one + smart-goals", "2026-09-01", "open"]
    ]
    assert [run["id"] for run in json.loads(mentorkit("programme", "list", "--json").out)] == [
        "autumn"
    ]
    shown = mentorkit("programme", "show", "autumn").out
    assert "path: proposed, agreeing, active, closed" in shown
    assert "goals: smart" in shown
    assert json.loads(mentorkit("programme", "show", "autumn", "--json").out)["state"] == "open"


def test_a_programme_is_made_from_an_old_one(mentorkit, at, published) -> None:
    words = ("programme", "new", "--id", "next", "--from", "autumn", "--starts", "2027-09-01")
    made = at("2026-09-20", *words, "--name", "Next")
    assert "programme next is open: Next, from 2027-09-01" in made.err
    assert ["starts", "", '"2027-09-01"', ""] in rows(made.out)
    assert "criteria.skills" in {row[0] for row in rows(made.out)}
    assert json.loads(mentorkit("status", "next", "--json").out)[0]["participants"] == 0
    for wrong in (words[:6], (*words[:4], "programme.toml", *words[4:]), words[:4]):
        assert mentorkit(*wrong).code == 2


def test_a_programme_that_began_before_says_so(at, autumn) -> None:
    new = ("programme", "new", "programme.toml", "--id")
    assert at("2026-09-01", *new, "now").err.endswith("Autumn, from 2026-09-01\n")
    assert at("2026-09-11", *new, "then").err.endswith("Autumn, from 2026-09-01, 10 days ago\n")
    old = ("programme", "new", "--from", "autumn", "--starts", "2026-09-30", "--id")
    assert at("2026-09-11", *old, "next").err.endswith("from 2026-09-30\n")
    assert at("2026-10-01", *old, "late").err.endswith("from 2026-09-30, 1 day ago\n")


def test_what_is_planned_lies_ahead_and_only_once(mentorkit, at, active) -> None:
    events = ("gatherings", "announce", "autumn", "A talk", "--starts")
    due = ("--as", "ann", "--due")
    past = {
        ("meet", "ann", "2026-08-31 10:00"): "meet … --held",
        (*events, "2026-08-31 10:00"): "starts: must lie ahead of",
        ("actions", "add", "ann", "read", *due, "2026-08-31"): "due: must be today,",
        ("goals", "add", "ann", "read", *due, "2026-08-31"): "due: must be today,",
    }
    for words, told in past.items():
        ran = mentorkit(*words, "--now", "2026-09-20T08:00Z")
        assert (ran.code, told in ran.err) == (2, True), ran.err
    once = (("meet", "ann", "2026-10-30 10:00"), (*events, "2026-10-30 10:00"))
    for words in once:
        at("2026-09-20", *words)
        ran = mentorkit(*words, "--now", "2026-09-20T08:00Z")
        assert (ran.code, "there is already" in ran.err) == (2, True), ran.err


def test_a_first_word_alone_lists_its_commands(mentorkit) -> None:
    ran = mentorkit("goals", "--help")
    assert ran.code == 0
    assert "accept" in ran.out
    ran = mentorkit("goals", "reech")
    assert ran.code == 2
    assert "reach" in ran.err


def test_importing_again_changes_nothing(mentorkit, at, autumn: Path) -> None:
    again = ("import", "people.csv", "--programme", "autumn")
    assert "0 added, 0 changed, 4 the same" in at("2026-09-02", *again).out
    text = (autumn / "people.csv").read_text(encoding="utf-8")
    fewer = text.replace("noa,Noa Bloom,mentor,1,,law\n", "eve,Eve Moss,mentor,1,,law\n")
    (autumn / "people.csv").write_text(fewer.replace(",Python,\n", ",SQL,\n"), encoding="utf-8")
    dry = at("2026-09-02", *again, "--dry-run")
    assert "1 added, 1 changed, 2 the same" in dry.out
    assert "nothing was changed" in dry.err
    done = at("2026-09-02", *again)
    assert done.out == dry.out
    assert "not in these files: noa" in done.err
    assert rows(mentorkit("status").out)[0][3] == "5"


def test_a_draft_is_reviewed_and_replaced(mentorkit, at, autumn: Path) -> None:
    first = at("2026-09-01", "draft", "autumn", "--out", "plan.csv", "--report", "plan.html")
    assert {(row[1], row[3]) for row in rows(first.out)} == {("ann", "may"), ("ben", "noa")}
    assert "the best total there is, proven" in first.err
    assert (autumn / "plan.csv").exists()
    assert "Ann Reed" in (autumn / "plan.html").read_text(encoding="utf-8")
    other = ("draft", "autumn", "--pin", "Ann Reed", "noa", "--key", "mine", "--json")
    assert at("2026-09-01", *other).out == at("2026-09-01", *other).out
    published = at("2026-09-01", "publish", "autumn")
    assert [row[1] for row in rows(published.out)] == [
        "Ann Reed + Noa Bloom",
        "Ben Hall + May Stone",
    ]
    again = mentorkit("publish", "autumn")
    assert again.code == 2
    assert "draft one first" in again.err


def test_agreeing_goes_as_far_as_it_can(mentorkit, at, published) -> None:
    waits = at("2026-09-02", "agree", "ann", "--as", "Ann Reed")
    assert rows(waits.out)[0][2:] == ["proposed", "May Stone to accept"]
    held = at("2026-09-02", "agree", "Ann Reed + May Stone")
    assert rows(held.out)[0][2] == "agreeing"
    assert "A goal is missing" in rows(held.out)[0][3]
    listed = {row[1]: row[3] for row in rows(mentorkit("relationships", "autumn").out)}
    assert listed["Ann Reed + May Stone"] == "May Stone to sign"
    assert listed["Ben Hall + Noa Bloom"] == "Ben Hall and Noa Bloom to accept"
    only = mentorkit("relationships", "autumn", "--stage", "agreeing")
    assert len(rows(only.out)) == 1
    whole = mentorkit("status", "autumn").out
    assert "1 agreeing, 1 proposed" in whole
    assert "May Stone to sign" in whole


def test_declining_keeps_people_apart(at, published) -> None:
    declined = at("2026-09-02", "decline", "ann+may", "--as", "may")
    assert "closed: declined" in declined.err
    again = at("2026-09-03", "draft", "autumn")
    assert [row[0] for row in rows(again.out)] == ["unmatched", "unmatched"]


def test_goals_from_proposal_to_end(mentorkit, at, active) -> None:
    listed = mentorkit("goals", "list", "autumn")
    assert [row[1:5] for row in rows(listed.out)] == [
        ["Ann Reed + May Stone", "Ann Reed", "agreed", "2026-12-01"],
        ["Ben Hall + Noa Bloom", "Ben Hall", "agreed", "2026-12-01"],
    ]
    assert "ship a tool" not in mentorkit("goals", "list", "autumn", "--json").out
    at("2026-10-01", "goals", "record", "ann+may", "1.5", "--as", "may", "--on", "2026-09-20")
    found = json.loads(mentorkit("goals", "list", "autumn", "--relationship", "ann", "--json").out)
    assert [goal["owner"] for goal in found] == ["ann"]
    assert "is reached" in at("2026-10-02", "goals", "reach", found[0]["id"][:6]).err
    assert "is dropped" in at("2026-10-02", "goals", "drop", "ben", "--as", "noa").err


def test_a_vague_goal_is_told_what_it_lacks(mentorkit, published) -> None:
    ran = mentorkit("goals", "add", "ann", "better", "--as", "ann")
    assert ran.code == 2
    assert "measurable" in ran.err
    assert rows(mentorkit("goals", "list", "autumn").out) == []


def test_meetings_are_logged_one_by_one_and_all_at_once(mentorkit, at, active) -> None:
    planned = rows(mentorkit("sessions", "autumn").out)
    assert len(planned) == 26
    assert planned == sorted(planned, key=lambda row: row[3])
    done = at(
        "2026-09-10", "log", "ann+may#1", "--held", "--attended", "ann", "--attended", "May Stone"
    )
    assert "1 meeting held" in done.out
    assert "1 meeting missed" in at("2026-09-10", "log", planned[1][0], "--missed").out
    assert (
        "2 meetings held"
        in at("2026-10-10", "log", "--all", "autumn", "--held", "--until", "2026-09-25T00:00Z").out
    )
    held = mentorkit("sessions", "autumn", "--state", "held", "--relationship", "ann")
    assert {row[1] for row in rows(held.out)} == {"Ann Reed + May Stone"}
    assert "cancelled" in at("2026-10-10", "log", "ben+noa#3", "--cancelled").out
    assert mentorkit("log", "ben+noa#99", "--held").code == 2


def test_answers_are_gathered_in_a_file(mentorkit, at, active: Path) -> None:
    at("2026-09-10", "log", "--all", "autumn", "--held")
    at("2026-09-10", "advance")
    at("2026-09-10", "survey", "list", "autumn", "--out", "answers.csv")
    path = active / "answers.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["name"] for line in lines} == {"Ann Reed", "Ben Hall", "May Stone", "Noa Bloom"}
    assert {line["takes"] for line in lines} == {"1 to 5", "text"}
    for line in lines:
        if line["person"] in ("ann", "may") and line["takes"] == "1 to 5":
            line["answer"] = "4"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    assert (
        "4 requests answered" in at("2026-09-10", "survey", "answer", "--from", "answers.csv").err
    )
    listed = rows(at("2026-09-10", "survey", "list", "autumn").out)
    assert sorted((row[1], row[3]) for row in listed if row[2] == "after-session") == [
        ("Ann Reed", "answered"), ("Ben Hall", "open"), ("May Stone", "answered"),
        ("Noa Bloom", "open"),
    ]  # fmt: skip
    assert sorted(row[1:4] for row in listed if row[2] != "after-session") == [
        ["Ann Reed", "self-assessment", "answered"], ["Ben Hall", "self-assessment", "open"],
        ["May Stone", "self-assessment", "answered"], ["Noa Bloom", "self-assessment", "open"],
    ]  # fmt: skip
    ben = next(row[0] for row in listed if row[1:3] == ["Ben Hall", "after-session"])
    at("2026-09-10", "survey", "answer", ben[:7], "useful=5", "take-away=a secret=of mine")
    # Noa is asked two things, of which only one asks this.
    at("2026-09-10", "survey", "answer", "Noa Bloom", "useful=3")
    neither = mentorkit("survey", "answer", "Noa Bloom", "open=3", "--now", "2026-09-10T08:00Z")
    assert neither.code == 2
    assert "question" in neither.err
    assert "a secret" not in mentorkit("survey", "list", "autumn", "--json").out
    left = rows(mentorkit("survey", "list", "autumn", "--open").out)
    assert [row[1:3] for row in left] == [
        ["Ben Hall", "self-assessment"],
        ["Noa Bloom", "self-assessment"],
    ]
    wrong = mentorkit("survey", "answer", ben, "useful=9", "--now", "2026-09-10T08:00Z")
    assert wrong.code == 2
    assert "from 1 to 5" in wrong.err
    late = at("2026-10-10", "survey", "answer", "--from", "answers.csv").err
    assert late.count("is closed") == 4
    assert "0 requests answered" in late
    path.write_text(f"request,question,answer\n{ben},useful,9\n", encoding="utf-8")
    faulty = mentorkit("survey", "answer", "--from", "answers.csv", "--now", "2026-09-10T08:00Z")
    assert faulty.code == 2
    assert f"answers.csv: {ben}: useful: must be" in faulty.err


def test_what_needs_attention_is_settled(mentorkit, at, active) -> None:
    at("2026-09-10", "log", *(f"ann#{number}" for number in range(1, 14)), "--cancelled")
    at("2026-11-20", "advance")
    raised = rows(mentorkit("health", "autumn").out)
    assert [row[1:3] for row in raised if row[2].startswith("Ann")] == [
        ["flag", "Ann Reed + May Stone"],
        ["nudge", "Ann Reed + May Stone"],
        ["nudge", "Ann Reed + May Stone"],
    ]
    settled = [word for row in raised for word in ("--settle", row[0][:6])]
    done = at("2026-11-20", "health", "autumn", *settled)
    assert "nothing in autumn needs attention" in done.err


def test_thanks_and_awards(mentorkit, at, active) -> None:
    assert "an award yet" in mentorkit("awards", "autumn").err
    at("2026-09-10", "thank", "ann+may", "Well asked", "--to", "may", "--as", "ann")
    at("2026-09-10", "log", "--all", "autumn", "--held")
    at("2026-09-10", "advance")
    listed = rows(mentorkit("awards", "autumn").out)
    told = [row[:4] for row in listed]
    assert ["2026-09-10", "May Stone", "Well asked", "Ann Reed"] in told
    assert ["2026-09-10", "Ann Reed", "First meeting", "milestones"] in told
    (award,) = [row[4] for row in listed if row[1:3] == ["Ann Reed", "First meeting"]]
    at("2026-09-10", "certificate", award[:12], "--out", "award.html")
    assert "Ann Reed" in (active / "award.html").read_text(encoding="utf-8")
    both = ("certificate", award, "--programme", "autumn", "--person", "ann", "--out", "no.html")
    assert mentorkit(*both).code == 2
    of_autumn = ("certificate", "--programme", "autumn", "--person", "Ann Reed", "--out")
    assert "has completed nothing" in mentorkit(*of_autumn, "no.html").err
    at("2026-10-01", "close", "autumn")
    at("2026-10-01", *of_autumn, "done.html")
    assert "Mentoring completed" in (active / "done.html").read_text(encoding="utf-8")
    assert not (active / "no.html").exists()


def test_introductions_are_printed_or_written_to_files_of_their_own(
    mentorkit, at, published: Path
) -> None:
    told = at("2026-09-02", "introductions", "autumn", "--person", "Ann Reed").out
    assert told.startswith("To: ann\nAutumn: you were matched\n\nHello Ann Reed, in Autumn ")
    for _ in range(2):
        assert "4 files" in at("2026-09-02", "introductions", "autumn", "--out", "letters").err
        files = sorted((published / "letters").iterdir())
        assert [file.name[:7] for file in files] == ["to-ann-", "to-ben-", "to-may-", "to-noa-"]
    assert files[0].read_text(encoding="utf-8") == told.partition("\n")[2][:-1]
    at("2026-09-02", "decline", "ann+may", "--as", "ann")
    again = at("2026-09-02", "introductions", "autumn", "--out", "letters").err
    assert "written: 2 files" in again
    assert again.count("to-ann-") + again.count("to-may-") == 2, "old letters are named"
    at("2026-09-02", "close", "autumn")
    assert "nothing in autumn" in at("2026-09-02", "introductions", "autumn").err


def test_file_names_are_safe_and_differ() -> None:
    ids = ["../../etc/passwd", "CON", "ann@example.org", "ANN@example.org", "\u4f60", "x" * 300]
    names = {
        file_name(Introduction(relationship="r", person=id, subject=Message("s", "s"), lines=()))
        for id in ids
    }
    assert len({name.lower() for name in names}) == len(ids)
    assert all(re.fullmatch(r"to-[a-z0-9-]{1,60}\.txt", name) for name in names)


def test_who_owes_what(mentorkit, at, published) -> None:
    answers = "accept or decline the proposal"
    owed = [row[2:5] for row in rows(at("2026-09-02", "today", "autumn").out)]
    assert sorted(owed) == [
        ["Ann Reed, May Stone", answers, "Ann Reed + May Stone"],
        ["Ben Hall, Noa Bloom", answers, "Ben Hall + Noa Bloom"],
    ]
    at("2026-09-02", "agree", "ann", "--as", "Ann Reed")
    assert "nothing waits" in at("2026-09-02", "today", "--person", "Ann Reed").err
    (may,) = json.loads(at("2026-09-02", "today", "autumn", "--person", "may", "--json").out)
    assert (may["kind"], may["people"]) == ("proposal.answer", ["may"])
    assert len(rows(at("2026-09-02", "today").out)) == 2


def test_ending_keeps_the_reason_private(mentorkit, at, active) -> None:
    ran = at("2026-09-10", "end", "ann+may", "--as", "ann", "--reason", "she moves away")
    assert "closed: ended" in ran.err
    assert "moves away" not in mentorkit("journal", "autumn", "--json").out
    assert mentorkit("end", "ben+noa", "--reason", "mine").code == 2


def test_closing_and_what_came_of_it(mentorkit, at, active: Path) -> None:
    at("2026-09-10", "log", "--all", "autumn", "--held")
    at("2026-10-01", "close", "autumn")
    told = mentorkit("report", "autumn").out
    assert "Relationships completed: 2" in told
    assert mentorkit("report", "autumn", "--out", "report.json").code == 0
    written = json.loads((active / "report.json").read_text(encoding="utf-8"))
    shown = json.loads(mentorkit("report", "autumn", "--json").out)
    assert written.pop("made") <= shown.pop("made")
    assert written == shown
    assert mentorkit("report", "autumn", "--out", "report.html").code == 0
    page = (active / "report.html").read_text(encoding="utf-8")
    assert "Relationships completed: 2" in page
    assert "Ann" not in page
    assert mentorkit("report", "autumn", "--out", "report.pdf").code == 2
    kinds = [row[1] for row in rows(mentorkit("journal", "autumn").out)]
    assert kinds[0] == "programme.created"
    assert kinds[-1] == "programme.closed"
    assert len(rows(mentorkit("journal").out)) >= len(kinds)


def test_people_in_several_relationships_have_to_be_told_apart(mentorkit, at, autumn: Path) -> None:
    path = autumn / "people.csv"
    text = path.read_text(encoding="utf-8").replace("mentor,1,,Python", "mentor,2,,Python; law")
    path.write_text(text.replace("noa,Noa Bloom,mentor,1,,law\n", ""), encoding="utf-8")
    at("2026-09-01", "import", "people.csv", "--programme", "autumn")
    at("2026-09-01", "draft", "autumn", "--forbid", "ben", "noa", "--forbid", "ann", "noa")
    at("2026-09-01", "publish", "autumn")
    unclear = mentorkit("agree", "may")
    assert unclear.code == 2
    assert "may be any of these" in unclear.err
    assert mentorkit("agree", "may + Ben Hall", "--as", "ben").code == 0


WRONG_CALLS = {
    "no programme": (["status", "spring"], "spring"),
    "no relationships": (["agree"], "--all"),
    "both": (["agree", "ann", "--all", "autumn"], "--all"),
    "nobody": (["agree", "zoe"], "'zoe'"),
    "no member": (["agree", "ann+may", "--as", "Ben Hall"], "these are Ann Reed (ann) and"),
    "not together": (["agree", "ann+noa"], "there is no relationship 'ann+noa'"),
    "no goals": (["goals", "accept"], "--all"),
    "no goal": (["goals", "reach", "ann"], "there is no goal 'ann'"),
    "log nothing": (["log", "--held"], "--all"),
    "log how": (["log", "ann#1"], "--missed"),
    "missed with outputs": (["log", "ann#1", "--missed", "--output", "a=b"], "--held"),
    "output without text": (["log", "ann#1", "--held", "--output", "a"], "NAME=TEXT"),
    "output for nothing": (
        ["log", "--all", "autumn", "--held", "--output", "a=b"], "none of these meetings is for 'a'"
    ),
    "answer nothing": (["survey", "answer"], "--from"),
    "answer to nothing": (
        ["survey", "answer", "abcd1234", "useful=4"], "nobody has the id or name 'abcd1234'"
    ),
    "answer unasked": (["survey", "answer", "ann", "useful=4"], "no open request to 'ann'"),
    "answer without question": (["survey", "answer", "abcd1234", "4"], "QUESTION=ANSWER"),
    "a file without answers": (["survey", "answer", "--from", "people.csv"], "lacks the column"),
    "a list not csv": (["survey", "list", "autumn", "--out", "a.txt"], ".csv"),
    "no signal": (["health", "autumn", "--settle", "abcd"], "no signal 'abcd'"),
    "no offset": (["status", "--now", "2026-09-01T08:00"], "offset"),
    "no time": (["status", "--now", "soon"], "2026-09-01T08:00Z"),
    "a mapping": (["programme", "new", "mapping.toml", "--id", "x"], "--map"),
    "an id twice": (["programme", "new", "programme.toml", "--id", "autumn"], "already"),
    "an unknown format": (["programme", "new", "odd.toml", "--id", "x"], "odd.toml: topology"),
    "no plan file": (["draft", "autumn", "--out", "plan.pdf"], ".csv or .json"),
    "no mentor": (["draft", "autumn", "--pin", "ann", "ben"], "mentor"),
    "no database": (["status", "--database", "mysql://x/y"], "SQLite or PostgreSQL"),
    "not there": (["status", "--database", "sqlite:///no/where.db"], "cannot be opened"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_CALLS)
def test_wrong_calls_say_what_is_wrong(mentorkit, published: Path, case: str) -> None:
    (published / "mapping.toml").write_text('[fields]\nid = "id"\n', encoding="utf-8")
    (published / "odd.toml").write_text('topology = "odd"\n', encoding="utf-8")
    words, said = WRONG_CALLS[case]
    before = mentorkit("journal", "--json").out
    ran = mentorkit(*words)
    assert ran.code == 2, ran.out
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert mentorkit("journal", "--json").out == before


def test_all_that_is_held_of_a_person_is_written_down_for_them(mentorkit, autumn: Path) -> None:
    held = json.loads(mentorkit("export", "Ann Reed").out)
    assert held["person"]["id"] == "ann"
    assert [enrolment["programme"] for enrolment in held["enrolments"]] == ["autumn"]
    assert "Ben" not in json.dumps(held)
    ran = mentorkit("export", "ann", "--out", "ann.json")
    assert (ran.code, ran.out) == (0, "")
    written = json.loads((autumn / "ann.json").read_text(encoding="utf-8"))
    assert written | {"made": ""} == held | {"made": ""}
    again = mentorkit("export", "ann", "--out", "ann.json")
    assert again.code == 2
    assert "ann.json: cannot be written" in again.err
    assert mentorkit("export", "nobody").code == 2


class Terminal(io.StringIO):
    """Somebody is there."""

    def isatty(self) -> bool:
        return True


def test_a_person_is_erased_once_that_is_said_twice(
    mentorkit, active: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mentorkit("journal", "--json").out
    asked: list[str] = []

    def confirm(answer: bool):
        return lambda text, **_: asked.append(text) or answer

    monkeypatch.setattr("click.confirm", confirm(False))
    ran = mentorkit("erase", "ann")
    assert (ran.code, ran.out, asked) == (2, "", [])
    assert "--yes" in ran.err
    assert mentorkit("journal", "--json").out == before
    monkeypatch.setattr("sys.stdin", Terminal())
    ran = mentorkit("erase", "Ann Reed")
    assert (ran.code, ran.out) == (2, "")
    for words in (
        "Ann Reed (ann): name, address and attributes go",
        "the part in autumn goes",
        "1 open relationship, 13 meetings: what is open ends",
        "1 goal: what they say goes",
        "nothing was erased",
    ):
        assert words in ran.err
    assert "cannot be taken back" in asked.pop()
    assert mentorkit("journal", "--json").out == before
    monkeypatch.setattr("click.confirm", confirm(True))
    assert mentorkit("erase", "ann").code == 0
    assert asked.pop()
    assert mentorkit("export", "ann").code == 2
    assert b"Ann Reed" not in b"".join(
        file.read_bytes() for file in active.iterdir() if file.name.startswith("mentorkit.db")
    )
    ran = mentorkit("relationships", "autumn")
    assert "May Stone" in ran.out
    assert "(erased)" in ran.out
    assert "erased:" not in ran.out
    assert mentorkit("status", "autumn").code == mentorkit("report", "autumn").code == 0
    ran = mentorkit("erase", "ben", "--yes")
    assert (ran.code, asked) == (0, [])
    assert "erased: ben" in ran.err
    assert mentorkit("erase", "nobody", "--yes").code == 2


FIGURES = """Person,Measure,Date,Value
ann,hours,2026-09-01,3
ann,hours,2026-12-01,"5.5"
ben,hours,2026-09-01,
gone,hours,2026-09-01,1
"""


@pytest.mark.parametrize("form", ["html", "csv", "json"])
def test_a_report_is_written_in_three_forms(mentorkit, active: Path, form: str) -> None:
    (active / "figures.csv").write_text(FIGURES, encoding="utf-8")
    words = ("report", "autumn", "--figures", "figures.csv")
    printed = mentorkit(*words, "--format", form)
    assert printed.code == 0, printed.err
    file = active / f"report.{form}"
    assert mentorkit(*words, "--out", file.name).code == 0
    other = active / "report.txt"
    assert mentorkit(*words, "--out", other.name).code == 2
    assert mentorkit(*words, "--out", other.name, "--format", form).code == 0
    with file.open(encoding="utf-8", newline="") as held:
        written = held.read()
    for figure in ("missing", "outcomes.strange" if form != "html" else "do not take part"):
        assert figure in written
    assert len(written) == len(printed.out) == len(other.read_bytes().decode())


def test_missing_figures_are_counted_and_faulty_ones_named(mentorkit, active: Path) -> None:
    (active / "figures.csv").write_text(FIGURES, encoding="utf-8")
    ran = mentorkit("report", "autumn", "--figures", "figures.csv", "--format", "csv")
    rows = [line.split(",") for line in ran.out.splitlines()]
    found = {(row[1], row[2]): row[3] for row in rows if row[0] == "Outcomes"}
    place = "hours / mentee / matched"
    assert (found[place, "with a figure"], found[place, "missing"]) == ("1", "1")
    assert found["outcomes.strange", "number"] == "1"
    wrong = "person,measure,date,value\n,hours,2026-09-01,3\nann,hours,soon,many\n"
    (active / "figures.csv").write_text(wrong, encoding="utf-8")
    ran = mentorkit("report", "autumn", "--figures", "figures.csv")
    assert ran.code == 2
    for said in ("row 2, person: is empty", "row 3, date: 'soon' is no day", "row 3, value:"):
        assert said in ran.err
    (active / "figures.csv").write_text("who,measure,date,value\nann,h,2026-09-01,3\n")
    assert "has no column 'person'" in mentorkit("report", "autumn", "--figures", "figures.csv").err
    twice = "person,measure,date,value\nann,h,2026-09-01,3\nann,h,2026-09-01,4\n"
    (active / "figures.csv").write_text(twice, encoding="utf-8")
    assert "twice" in mentorkit("report", "autumn", "--figures", "figures.csv").err


def test_what_a_file_does_not_speak_of_stays_as_it_is(mentorkit, at, autumn: Path) -> None:
    """A questionnaire adds what the office's file has no column for; the file comes again."""
    (autumn / "more.csv").write_text("id,goals and hopes,hours a month\nann,lead,4\n")
    at("2026-09-01", "questionnaire", "in", "autumn", "more.csv")
    again = at("2026-09-02", "import", "people.csv", "--programme", "autumn").out
    assert "0 added, 0 changed" in again
    at("2026-09-02", "export", "ann", "--out", "ann.json")
    (part,) = json.loads((autumn / "ann.json").read_text())["enrolments"]
    assert (part["participant"]["aims"], part["participant"]["hours"]) == ("lead", 4)


def test_a_meeting_has_one_end(mentorkit, active: Path) -> None:
    ran = mentorkit("log", "ann+may#1", "--held", "--missed")
    assert (ran.code, "one of them" in ran.err) == (2, True)
