"""Some weeks of `benchmarks/year.py`, so that it stays alive and finds what is broken."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from mentorkit import access, lifecycle
from mentorkit.models import Relationship, Session, Story
from mentorkit.services import room, stories
from mentorkit.services.relationships import Relationships
from mentorkit.services.work import Work
from mentorkit.store import journal

pytestmark = pytest.mark.once

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
Patch = pytest.MonkeyPatch


def played(patch: Patch, weeks: int, people: int = 24, database: str = "sqlite") -> dict[str, Any]:
    """What came of so many weeks."""
    patch.syspath_prepend(str(BENCHMARKS))
    import year

    said = {"people": people, "weeks": weeks, "database": database, "seed": 3, "verbose": False}
    figures: dict[str, Any] = year.play(argparse.Namespace(**said))
    return figures


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_breaks_in_some_weeks(
    request: pytest.FixtureRequest, monkeypatch: Patch, database: str
) -> None:
    if database == "postgresql":
        request.getfixturevalue("postgres")  # which skips, with the reason, where there is none
    figures = played(monkeypatch, 3, people=15, database=database)
    assert figures["findings"] == []
    assert all(figures["done"][name] for name in ("match", "schedule", "meet", "work"))


def words_in_events(patch: Patch) -> None:
    told = Work.happened

    def happened(self: Work, kind: str, *more: Any, **named: Any) -> None:
        if kind == "session.planned":
            named["facts"] = {"title": "\u00abmine\u00bbnote"}
        told(self, kind, *more, **named)

    patch.setattr(Work, "happened", happened)


def open_to_strangers(patch: Patch) -> None:
    rule = {**access.READ[Session], "stranger": access._whole}
    patch.setitem(access.READ, Session, rule)  # type: ignore[arg-type]


def open_to_participants(patch: Patch) -> None:
    real = Relationships._ties_of

    def ties_of(self: Relationships, held: Relationship) -> access.Ties:
        return attrs.evolve(real(self, held), own=(self._work.actor.person or "",))

    patch.setattr(Relationships, "_ties_of", ties_of)
    rule = {**access.READ[Relationship], "self": access._whole}
    patch.setitem(access.READ, Relationship, rule)  # type: ignore[arg-type]


def matched_beyond_their_places(patch: Patch) -> None:
    patch.setattr(room, "places", lambda held: [])


def pauses_without_end(patch: Patch) -> None:
    patch.setattr(lifecycle, "resume", lambda held, now: held)


def meetings_outlive(patch: Patch) -> None:
    patch.setattr(Relationships, "_cancel_meetings", lambda self, held, **_: None)


def told_twice(patch: Patch) -> None:
    told = Work.happened

    def happened(self: Work, kind: str, *more: Any, **named: Any) -> None:
        for _ in range(2 if kind == "session.planned" else 1):
            told(self, kind, *more, **named)

    patch.setattr(Work, "happened", happened)


def never_owed(patch: Patch) -> None:
    real = journal.record

    def record(rows: Any, step: int, told: Any) -> None:
        real(rows, step, [(one, () if one.kind == "session.planned" else to) for one, to in told])

    patch.setattr(journal, "record", record)


def stories_without_consent(patch: Patch) -> None:
    patch.setattr(stories, "_settled", lambda held, story: attrs.evolve(story, state="published"))


def drafts_for_participants(patch: Patch) -> None:
    rule = {**access.READ[Story], "participant": access._whole}
    patch.setitem(access.READ, Story, rule)  # type: ignore[arg-type]


FAULTS: Mapping[str, Callable[[Patch], None]] = {
    fault.__name__: fault
    for fault in (
        words_in_events,
        open_to_strangers,
        open_to_participants,
        matched_beyond_their_places,
        pauses_without_end,
        meetings_outlive,
        told_twice,
        never_owed,
        stories_without_consent,
        drafts_for_participants,
    )
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_broken_is_found_out(monkeypatch: Patch, fault: str) -> None:
    FAULTS[fault](monkeypatch)
    assert played(monkeypatch, 9, people=9)["findings"]
