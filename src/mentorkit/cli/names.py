"""People's names, and what the tables of a running programme show of things."""

from __future__ import annotations

import datetime
import sys
import zoneinfo
from collections.abc import Iterable, Sequence

import attrs
import click

from mentorkit import codec
from mentorkit.access import as_coordinator
from mentorkit.cli.output import clean, print_json, print_table
from mentorkit.errors import NotFound
from mentorkit.kit import Kit
from mentorkit.models import Participant, Relationship, Session
from mentorkit.wording import Directory, listed


@attrs.frozen
class Names:
    """The names of a programme's people, those who left included."""

    kit: Kit
    directory: Directory

    @classmethod
    def of(cls, kit: Kit, programme: str) -> Names:
        """The names of those who take part."""
        held = [one.participant for one in kit.programmes.participants(programme)]
        return cls(kit, Directory.of(held))

    @classmethod
    def few(cls, kit: Kit) -> Names:
        """Names that are looked up one by one: for a few people of a large programme."""
        return cls(kit, Directory.of(()))

    def name(self, person: str) -> str:
        """A person's name, or the id; of whoever was erased, that they were."""
        if person in self.directory.people:
            return self.directory.name(person)
        try:
            held = Participant(person=self.kit.people.get(person))
        except NotFound:
            return Directory.of(()).name(person)
        return Directory.of([held]).name(person)

    def together(self, people: Iterable[str]) -> str:
        """Several people, as a call may name them."""
        return " + ".join(map(self.name, people))


def short(id: str) -> str:
    """An id on a terminal: enough of it to be named by; in a pipe, all of it."""
    return id[:8] if sys.stdout.isatty() else id


def day_and_time(at: datetime.datetime, timezone: str) -> str:
    """An instant as a clock in that zone shows it."""
    return f"{at.astimezone(zoneinfo.ZoneInfo(timezone)):%Y-%m-%d %H:%M} {timezone}"


def show_list(
    things: Sequence[object],
    as_json: bool,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    none: str,
) -> None:
    """A list for scripts or for the eye, as far as a coordinator may read it."""
    if as_json:
        print_json([codec.unstructure(as_coordinator(thing)) for thing in things])
    elif things:
        print_table(columns, rows)
    else:
        click.echo(clean(none), err=True)


def next_step(kit: Kit, held: Relationship, names: Names) -> str:
    """What comes next in a relationship, and who it waits for."""
    accept, sign = ("accept", held.accepted), ("sign", held.signed)
    asked = {"proposed": accept, "chemistry": accept, "agreeing": sign}.get(held.stage)
    if asked is not None:
        step, people = asked
        left = [names.name(person) for person in held.people if person not in people]
        return f"{listed(left)} to {step}"
    if held.proposal is not None and held.outcome is None:
        left = [names.name(one) for one in held.people if one not in held.proposal.signed]
        return f"{listed(left)} to sign other terms"
    if held.stage == "paused":
        return f"it goes on on {held.pauses[-1].until}"
    if held.outcome is not None:
        return held.outcome
    planned = [session for session in kit.sessions.of(held.id) if session.state == "planned"]
    return f"{planned[0].title}: {when(planned[0])}" if planned else "no meeting is planned"


def when(session: Session) -> str:
    """When a session begins, where it takes place."""
    return day_and_time(session.starts, session.timezone)


RELATIONSHIP_COLUMNS = ("relationship", "people", "stage", "next")


def relationship_rows(kit: Kit, held: Iterable[Relationship], names: Names) -> list[list[str]]:
    """Relationships in a table, in the order of the names in them."""
    rows = [relationship_row(kit, one, names) for one in held]
    return sorted(rows, key=lambda row: row[1])


def relationship_row(kit: Kit, held: Relationship, names: Names, told: str = "") -> list[str]:
    """A relationship in a table, with what comes next unless something else is told."""
    return [
        short(held.id),
        names.together(held.people),
        held.stage,
        told or next_step(kit, held, names),
    ]
