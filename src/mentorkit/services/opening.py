"""How the first meeting of a relationship opens: with the prompts that its format has for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from mentorkit.models import Message, ProgrammeRun, Session
from mentorkit.services.calendars import COUNTED
from mentorkit.services.histories import sorted_by_start
from mentorkit.store.shelves import SESSIONS, Rows


def opened(run: ProgrammeRun, sessions: Iterable[Session]) -> Iterator[Session]:
    """All that a relationship has, the first to come opening as first meetings do, no other one.

    Once they have met, nothing changes any more.
    """
    sessions = tuple(sessions)
    prompts = tuple(
        Message(f"session.opening.{name}", "{prompt}", {"prompt": words})
        for name, words in sorted(run.blueprint.openings.items())
    )
    meetings = [one for one in sessions if one.state in COUNTED and not one.chat]
    met = any(one.state == "held" for one in meetings)
    first = next(iter(sorted_by_start(meetings)), None)
    for session in sessions:
        rest = tuple(said for said in session.agenda if said not in prompts)
        agenda = (*prompts, *rest) if session is first else rest
        yield session if met else attrs.evolve(session, agenda=agenda)


def reopen(rows: Rows, run: ProgrammeRun, relationship: str) -> None:
    """Pass the opening on, where another meeting is the first by now."""
    before = rows.find(SESSIONS, relationship=relationship)
    for was, session in zip(before, opened(run, before), strict=True):
        if session.agenda != was.agenda:
            rows.save(SESSIONS, session)
