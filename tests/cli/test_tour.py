"""The tour does what it shows: its commands and its calls from Python lead to the same past."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import mentorkit
from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.cli.main import run
from mentorkit.cli.tour_beginning import beginning
from mentorkit.cli.tour_format import programme_of
from mentorkit.cli.tour_play import Tour
from mentorkit.cli.tour_scene import ID, START, Scene, Step
from mentorkit.errors import Conflict, Invalid
from mentorkit.kit import Kit
from mentorkit.models import Event, Policies, Practice, Programme, Topology
from mentorkit.registry import installed
from mentorkit.testing.databases import sqlite_database

pytestmark = pytest.mark.once

NO_PLUGINS = {"plugin_files": (), "disabled": (), "allowed": (), "strict": False}
END = datetime.datetime(2027, 9, 1, tzinfo=datetime.UTC)
SHOWN = ("flash", "smart-goals", "group+cross-functional")
"""The formats whose commands and calls are compared; the others are only played."""
RANDOM = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{64}\b")
"""Ids, and what is kept of the token of an invitation."""
ALWAYS = (
    *("applicants", "invite", "gatherings", "introductions", "today", "log", "run", "survey"),
    *(
        "thank",
        "stories",
        "health",
        "awards",
        "close",
        "certificate",
        "journal",
        "report",
        "export",
        "erase",
    ),
)
"""Commands that every format is told with."""
FORMATS = installed().names("formats")


@pytest.fixture
def four_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shorter tour: two rounds of meetings tell as much as four."""
    monkeypatch.setattr("mentorkit.cli.tour_format.LENGTH", 28)


def toured(names: str, url: str, folder: Path) -> tuple[list[Step], str]:
    """The steps of a tour, and what it told."""
    lines: list[str] = []
    folder.mkdir()
    steps = Tour(
        names=names,
        url=url,
        folder=folder,
        registry=installed(),
        plugins=NO_PLUGINS,
        say=lines.append,
    ).play()
    return steps, "\n".join(lines)


def past(url: str) -> tuple[list[tuple[Any, ...]], Any, list[str]]:
    """What a house remembers of the tour: its journal, its closing report, and what is kept.

    Without ids that are made at random.
    """
    house = mentorkit.open(url, clock=lambda: END)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        events = kit.reports.journal(ID)
        report = codec.unstructure(kit.reports.report(ID))
        kept = _kept(kit)
    house.close()
    return sorted(map(_without_ids, events), key=repr), report, kept


def _without_ids(event: Event) -> tuple[Any, ...]:
    return event.at, event.kind, event.people, dict(event.facts)


def _kept(kit: Kit) -> list[str]:
    """What is kept, words and all, as text in which random ids and who was erased are blank."""
    held = kit.relationships.page(ID)
    things: list[Any] = [*kit.people.page(), *kit.programmes.participants(ID), *held]
    things += kit.programmes.waiting(ID) + kit.programmes.invitations(ID) + kit.gatherings.of(ID)
    things += [seat for one in kit.gatherings.of(ID) for seat in kit.gatherings.seats(one.id)]
    for one in held:
        for found in (
            kit.goals.of(one.id),
            kit.actions.of(one.id),
            kit.exchange.queries(one.id),
            kit.exchange.resources(one.id),
            kit.insights.of(one.id),
            kit.stories.of(one.id),
            kit.sessions.of(one.id),
        ):
            things += found
    return sorted(RANDOM.sub("?", repr(codec.unstructure(thing))) for thing in things)


def replay(steps: list[Step], url: str) -> dict[str, Any]:
    """Make the calls that a tour showed, one after the other; gives the names they made."""
    names: dict[str, Any] = {"url": url}
    for step in steps:
        exec(compile(step.python, " ".join(step.words), "exec"), names)
    names["house"].close()
    return names


def exported(text: str) -> dict[str, list[str]]:
    """An export by its fields, without random ids, and in no order that follows them."""
    return {
        name: sorted(RANDOM.sub("?", json.dumps(one)) for one in held)
        for name, held in json.loads(text).items()
        if name not in ("person", "made")
    }


@pytest.fixture
def other_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the other kind."""
    if not database_url.startswith("sqlite"):
        (tmp_path / "other").mkdir()
        yield sqlite_database(tmp_path / "other")
        return
    server = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.mark.parametrize("names", SHOWN)
def test_commands_and_calls_lead_to_the_same_past(
    names: str,
    database_url: str,
    other_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """The commands on one kind of database, the calls on the other."""
    if names == "smart-goals":
        request.getfixturevalue("four_weeks")
    steps, told = toured(names, database_url, tmp_path / "tour")
    monkeypatch.chdir(tmp_path / "tour")
    theirs = codec.to_json(replay(steps, other_url)["theirs"])
    (file,) = (step.words[-1] for step in steps if step.words[0] == "export")
    assert exported(Path(file).read_text(encoding="utf-8")) == exported(theirs)
    there = past(database_url)
    events, _, _ = there
    assert past(other_url) == there
    assert all(f"mentorkit {step.words[0]}" in told for step in steps)
    check_told(names, steps)
    assert (tmp_path / "tour" / "events.log").read_text(encoding="utf-8").count("\n") >= 2 * len(
        events
    )


def check_told(names: str, steps: list[Step]) -> None:
    """What only some formats have is told of these alone, and the rest of all."""
    registry = installed()
    blueprint = blueprint_of(programme_of(names, registry, Programme()), registry)
    often = "active" in blueprint.path
    wanted = {
        "chat": "proposed" in blueprint.path,
        "agree": {"proposed", "agreeing"} & set(blueprint.path),
        "expect": "agreeing" in blueprint.path and blueprint.agreement.points,
        "terms": "agreeing" in blueprint.path and blueprint.agreement.points,
        "schedule": blueprint.policies.scheduler is not None,
        "extend": often and blueprint.policies.goals is not None,
        **dict.fromkeys(("actions", "exchange", "insights", "prepare", "pause", "resume"), often),
        **dict.fromkeys(ALWAYS, True),
    }
    told = {step.words[0] for step in steps}
    assert {name: name in told for name in wanted} == {
        name: bool(stated) for name, stated in wanted.items()
    }


def test_a_call_left_out_is_another_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail."""
    (tmp_path / "one").mkdir()
    first = sqlite_database(tmp_path / "one")
    steps, _ = toured("flash", first, tmp_path / "tour")
    monkeypatch.chdir(tmp_path / "tour")
    for number, left_out in enumerate(["applicants wait", "gatherings hold"]):
        other = f"sqlite:///{tmp_path}/{number}.db"
        rest = [step for step in steps if not " ".join(step.words).startswith(left_out)]
        assert len(rest) == len(steps) - 1
        replay(rest, other)
        assert past(other) != past(first), left_out


@pytest.mark.parametrize("names", sorted(set(FORMATS) - set(SHOWN)))
def test_every_format_is_played_to_its_end(names: str, tmp_path: Path, four_weeks) -> None:
    url = sqlite_database(tmp_path)
    steps, told = toured(names, url, tmp_path / "tour")
    check_told(names, steps)
    (erased,) = (step.words[1] for step in steps if step.words[0] == "erase")
    house = mentorkit.open(url)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        run = kit.programmes.get(ID)
        held = kit.relationships.page(ID)
        meetings = {session.state for one in held for session in kit.sessions.of(one.id)}
        requests = [request for one in held for request in kit.feedback.of(one.id)]
        people = {one.id for one in kit.people.page()}
    house.close()
    assert run.state == "closed"
    assert {"p23", "p24", "p25"} < people
    assert erased not in people
    assert {one.outcome for one in held} == {"completed"}
    assert meetings == {"held"}
    # Only what is asked about the whole can still be answered by those who have not.
    left = {request.survey for request in requests if request.state == "open"}
    assert left <= {"closing", "self-assessment"}
    assert "What came of it" in told


def test_the_command_tells_it_all(mentorkit, folder: Path) -> None:
    ran = mentorkit("tour", "--format", "flash", "--keep", "here")
    assert ran.code == 0
    assert "That was a whole programme" in ran.out
    kept = {path.name for path in (folder / "here").iterdir()}
    assert {"events.log", "certificate.html", "report.html"} < kept
    assert [path for path in kept if path.endswith(".json")]
    assert [path.name for path in folder.iterdir()] == ["here"]
    assert run(["status", ID, "--database", f"sqlite:///{folder}/here/mentorkit.db"]) == 0
    again = mentorkit("tour", "--format", "flash", "--keep", "here")
    assert again.code == 2
    assert "not empty" in again.err


def test_it_stays_away_from_other_databases(mentorkit, folder: Path, monkeypatch) -> None:
    url = sqlite_database(folder)
    mentorkit("migrate", "--database", url)
    ran = mentorkit("tour", "--database", url)
    assert ran.code == 2
    assert "empty database" in ran.err
    assert mentorkit("tour", "--database", "sqlite://").code == 2
    # What the environment names is for other commands.
    monkeypatch.setenv("MENTORKIT_DATABASE", url)
    assert mentorkit("tour", "--format", "flash").code == 0
    assert mentorkit("status", "--json").out.strip() == "[]"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("flsh", "did you mean 'flash'"),
        ("flash+group", "two topologies"),
        ("flash+smart-goals", "meets:often"),
    ],
)
def test_formats_that_cannot_be(mentorkit, names: str, words: str) -> None:
    ran = mentorkit("tour", "--format", names)
    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize("name", FORMATS)
def test_a_practice_is_played_on_a_topology_that_has_what_it_needs(name: str) -> None:
    registry = installed()
    programme = programme_of(name, registry, Programme())
    found = registry.bind("formats", mentorkit.Choice(name), "")
    topology = registry.bind("formats", mentorkit.Choice(programme.topology), "")
    assert isinstance(topology, Topology)
    if isinstance(found, Practice):
        assert programme.practices == (name,)
        assert set(found.needs) <= set(topology.facts)
    else:
        assert found == topology


def test_nobody_applies_where_a_programme_approves_of_nobody() -> None:
    registry = installed()
    proposed = Programme(policies=Policies(approval=False))
    programme = programme_of("flash", registry, proposed)
    assert not programme.policies.approval
    scene = Scene(
        blueprint=blueprint_of(programme, registry),
        opening="",
        kit=lambda: pytest.fail("nothing is looked up so early"),
        fill=lambda: None,
    )
    steps = [told.steps[0].words[0] for told in islice(beginning(scene, START), 4)]
    assert steps == ["migrate", "programme", "import", "invite"]


def test_without_a_topology_for_it_a_practice_is_refused(monkeypatch) -> None:
    class Odd:
        """A registry of one practice that no topology has the facts for."""

        def names(self, _: str) -> tuple[str, ...]:
            return ("odd",)

        def bind(self, *_: object) -> Practice:
            return Practice(name="odd", needs=("meets:never",))

    with pytest.raises(Invalid, match="meets:never"):
        programme_of("odd", Odd(), Programme())  # type: ignore[arg-type]


def test_a_command_that_fails_stops_the_tour(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Conflict("not today")

    monkeypatch.setattr("mentorkit.services.programmes.Programmes.create", refuse)
    with pytest.raises(mentorkit.MentorkitError, match="not today"):
        toured("flash", sqlite_database(tmp_path), tmp_path / "tour")
