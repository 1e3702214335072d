"""The tour does what it shows: its commands and its calls from Python lead to the same past."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mentorkit
from mentorkit import codec
from mentorkit.cli.main import run
from mentorkit.cli.tour_format import programme_of
from mentorkit.cli.tour_play import Tour
from mentorkit.cli.tour_scene import ID, Step
from mentorkit.errors import Conflict, Invalid
from mentorkit.models import Event, Practice, Programme, Topology
from mentorkit.registry import installed
from mentorkit.testing.databases import sqlite_database

pytestmark = pytest.mark.once

NO_PLUGINS = {"plugin_files": (), "disabled": (), "allowed": (), "strict": False}
END = datetime.datetime(2027, 9, 1, tzinfo=datetime.UTC)
SHOWN = ("flash", "smart-goals", "group+cross-functional")
"""The formats whose commands and calls are compared; the others are only played."""
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


def past(url: str) -> tuple[list[tuple[Any, ...]], Any]:
    """What a house remembers of the tour, without ids: its journal and its closing report."""
    house = mentorkit.open(url, clock=lambda: END)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        events = kit.reports.journal(ID)
        report = codec.unstructure(kit.reports.report(ID))
    house.close()
    return sorted(map(_without_ids, events), key=repr), report


def _without_ids(event: Event) -> tuple[Any, ...]:
    return event.at, event.kind, event.people, dict(event.facts)


def replay(steps: list[Step], url: str) -> None:
    """Make the calls that a tour showed, one after the other."""
    names: dict[str, Any] = {"url": url}
    for step in steps:
        exec(compile(step.python, " ".join(step.words), "exec"), names)
    names["house"].close()


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
    replay(steps, other_url)
    events, report = past(database_url)
    assert past(other_url) == (events, report)
    assert all(f"mentorkit {step.words[0]}" in told for step in steps)
    assert (tmp_path / "tour" / "events.log").read_text(encoding="utf-8").count("\n") >= 2 * len(
        events
    )


def test_a_call_left_out_is_another_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail."""
    (tmp_path / "one").mkdir()
    first = sqlite_database(tmp_path / "one")
    steps, _ = toured("flash", first, tmp_path / "tour")
    monkeypatch.chdir(tmp_path / "tour")
    other = sqlite_database(tmp_path / "tour")
    replay([step for step in steps if step.words[0] != "thank"], other)
    assert past(other) != past(first)


@pytest.mark.parametrize("names", sorted(set(FORMATS) - set(SHOWN)))
def test_every_format_is_played_to_its_end(names: str, tmp_path: Path, four_weeks) -> None:
    url = sqlite_database(tmp_path)
    _, told = toured(names, url, tmp_path / "tour")
    house = mentorkit.open(url)
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        run = kit.programmes.get(ID)
        held = kit.relationships.page(ID)
        meetings = {session.state for one in held for session in kit.sessions.of(one.id)}
        requests = {request.state for one in held for request in kit.feedback.of(one.id)}
    house.close()
    assert run.state == "closed"
    assert {one.outcome for one in held} == {"completed"}
    assert meetings == {"held"}
    assert requests == {"closed"}
    assert "What came of it" in told


def test_the_command_tells_it_all(mentorkit, folder: Path) -> None:
    ran = mentorkit("tour", "--format", "flash", "--keep", "here")
    assert ran.code == 0
    assert "That was a whole programme" in ran.out
    assert (folder / "here" / "events.log").exists()
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
