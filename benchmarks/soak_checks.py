"""What must hold of a database after a crash, read from its tables and not through mentorkit."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import attrs
from soak_work import CROWD, Place
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from mentorkit.store import schema

SUBSCRIBERS = ("log", "own")
Rows = list[dict[str, Any]]


def _rows(connection: Any, name: str) -> Rows:
    """A table, each row's `data` as what it holds."""
    found = connection.execute(select(schema.metadata.tables[schema.PREFIX + name]))
    rows = [dict(row) for row in found.mappings()]
    return [{**row, "data": json.loads(row["data"])} if "data" in row else row for row in rows]


@attrs.frozen
class Found:
    """A database's tables, and what the child noted."""

    tables: dict[str, Rows]
    notes: list[dict[str, Any]]

    def of(self, kind: str) -> Rows:
        """The events of a kind."""
        return [event for event in self.tables["event"] if event["kind"] == kind]

    def told(self, *kinds: str) -> Counter[str]:
        """How often each subject has an event of these kinds."""
        return Counter(event["data"]["subject"] for kind in kinds for event in self.of(kind))

    def done(self, step: str) -> list[dict[str, Any]]:
        """What was acknowledged of a step."""
        return [note for note in self.notes if note.get("done") == step]

    def will(self, step: str) -> list[dict[str, Any]]:
        """What was begun of a step."""
        return [note for note in self.notes if note.get("will") == step]


def read(place: Place) -> tuple[Found, list[str]]:
    """The tables in one snapshot, and what the database itself finds wrong with them."""
    engine: Engine = create_engine(place.database, poolclass=NullPool)
    faults = []
    with engine.connect() as connection:
        if make_url(place.database).get_backend_name() == "sqlite":
            if (said := connection.execute(text("PRAGMA integrity_check")).scalars().all()) != [
                "ok"
            ]:
                faults.append(f"integrity_check says {said}")
            if said := connection.execute(text("PRAGMA foreign_key_check")).all():
                faults.append(f"foreign_key_check says {said}")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        names = [name.removeprefix(schema.PREFIX) for name in schema.metadata.tables]
        tables = {name: _rows(connection, name) for name in names}
    return Found(tables, place.notes.read()), faults


def after_the_crash(found: Found) -> Iterator[str]:
    """Findings that hold before the house goes on, and after it too."""
    yield from _imports(found)
    yield from _enrolments(found)
    yield from _drafts(found)
    yield from _relationships(found)
    yield from _things(found)
    yield from _promises(found)
    yield from _journal(found)
    owed = Counter((row["event"], row["subscriber"]) for row in found.tables["delivery"])
    events = [(event["id"], name) for event in found.tables["event"] for name in SUBSCRIBERS]
    yield from _same("an event's deliveries", owed, Counter(events))


def timers(found: Found) -> Iterator[str]:
    """Whatever was published or changed since the last look is looked at."""
    since = 1 + max((at for at, note in enumerate(found.notes) if _advances(note)), default=-1)
    late = {note["draft"] for note in found.notes[since:] if note.get("will") == "publish"}
    programmes = {row["programme"] for row in found.tables["draft"] if row["id"] in late}
    changed = {note["relationship"] for note in found.notes[since:] if CHANGES & {note.get("done")}}
    set_for = {row["thing"] for row in found.tables["timer"]}
    for row in found.tables["relationship"]:
        touched = row["programme"] in programmes or row["id"] in changed
        if touched and row["id"] not in set_for:
            yield f"relationship {row['id']} was published or changed and has no timer"


CHANGES = {"accept", "sign", "schedule", "book", "hold", "answer"}
"""Steps within a relationship, after which it is looked at."""


def _advances(note: dict[str, Any]) -> bool:
    return note.get("will") == "advance" or "resumed" in note


def _same(what: str, found: Counter[Any], wanted: Counter[Any]) -> Iterator[str]:
    for name in sorted(set(found) | set(wanted)):
        if found[name] != wanted[name]:
            yield f"{what}: {name} is there {found[name]} times, and should be {wanted[name]}"


def _imports(found: Found) -> Iterator[str]:
    """Each batch is there whole or not at all, in one wave, as its events say."""
    parts = _by_batch(row for row in found.tables["participant"] if row["programme"] == CROWD)
    people = _by_batch(found.tables["person"], "id")
    told = {
        kind: Counter(
            person
            for event in found.of(kind)
            if event["programme"] in (None, CROWD)
            for person in event["data"]["people"]
        )
        for kind in ("people.put", "participants.enrolled", "participants.changed")
    }
    for batch, (count, least, most) in _willed(found).items():
        held, known = parts[batch], people[batch]
        name = f"import of batch {batch}"
        if len(held) != len(known) or len(held) not in ((count,) if least >= 0 else (0, count)):
            yield f"{name}: {len(known)} people and {len(held)} participants of {count}"
            continue
        waves = {row["data"]["attributes"]["wave"] for row in known}
        waves |= {int(row["data"]["interests"][0].removeprefix("wave ")) for row in held}
        if len(waves) > 1 or any(not max(least, 0) <= wave <= most for wave in waves):
            yield f"{name}: of the waves {sorted(waves)}, where {least} to {most} was written"
            continue
        wave = max(waves, default=-1)
        wanted = (wave + 1, int(wave >= 0), max(wave, 0))
        for kind, times in zip(told, wanted, strict=True):
            odd = [row["person"] for row in held if told[kind][row["person"]] != times]
            if odd:
                yield f"{name}: {len(odd)} people are not in {times} events {kind}"


def _enrolments(found: Found) -> Iterator[str]:
    """Whoever is enrolled was announced, and nobody else was."""
    held = Counter((row["programme"], row["person"]) for row in found.tables["participant"])
    told = Counter(
        (event["programme"], person)
        for event in found.of("participants.enrolled")
        for person in event["data"]["people"]
    )
    yield from _same("enrolments", told, held)
    created = Counter(row["id"] for row in found.tables["programme"])
    yield from _same("programmes", found.told("programme.created"), created)


def _by_batch(rows: Iterable[dict[str, Any]], key: str = "person") -> dict[int, Rows]:
    held: dict[int, Rows] = defaultdict(list)
    for row in rows:
        if row[key].startswith("b"):
            held[int(row[key][1:4])].append(row)
    return held


def _willed(found: Found) -> dict[int, tuple[int, int, int]]:
    """(people, last wave acknowledged or -1, last wave begun) of each batch."""
    acknowledged = {note["batch"]: note["wave"] for note in found.done("import")}
    return {
        note["batch"]: (note["count"], acknowledged.get(note["batch"], -1), note["wave"])
        for note in found.will("import")
    }


def _drafts(found: Found) -> Iterator[str]:
    """A draft is published, or nothing of it is there."""
    held: dict[str, Rows] = defaultdict(list)
    for row in found.tables["relationship"]:
        held[row["programme"]].append(row)
    published = {event["data"]["subject"]: event["data"]["facts"] for event in found.of(PUBLISHED)}
    drafted = {event["data"]["subject"]: event["data"]["facts"] for event in found.of(DRAFTED)}
    drafts = Counter(row["id"] for row in found.tables["draft"])
    yield from _same("events of drafting", found.told(DRAFTED), drafts)
    for row in found.tables["draft"]:
        there = len(held[row["programme"]])
        whole = drafted[row["id"]]["matches"] if row["state"] == "published" else 0
        said = published.get(row["id"], {"relationships": 0})["relationships"]
        if not there == whole == said:
            yield (
                f"draft {row['id']} is {row['state']}: {there} relationships are there,"
                f" {said} were announced, and it makes {whole}"
            )


DRAFTED, PUBLISHED = "plan.drafted", "plan.published"


def _relationships(found: Found) -> Iterator[str]:
    """Their members, and as many events as they took steps."""
    held = found.tables["relationship"]
    members = Counter((row["id"], one["person"]) for row in held for one in row["data"]["members"])
    listed = Counter((row["relationship"], row["person"]) for row in found.tables["member"])
    yield from _same("members", listed, members)
    planned = [row for row in found.tables["session"] if row["state"] == "planned"]
    open_still = {row["relationship"] for row in planned}
    for row in held:
        if row["stage"] == "closed" and row["id"] in open_still:
            yield f"relationship {row['id']} is closed, and has a meeting planned"
    begun = found.told("relationship.begun")
    yield from _same("events of beginning", begun, Counter(row["id"] for row in held))
    steps = found.told("relationship.accepted", "relationship.signed", "relationship.moved")
    taken = {
        row["id"]: len(row["data"]["accepted"] + row["data"]["signed"])
        + ("met" in row["data"]["since"])
        for row in held
    }
    yield from _same("steps", steps, Counter(taken))
    closed = Counter(row["id"] for row in held if row["stage"] == "closed")
    yield from _same("events of closing", found.told("relationship.closed"), closed)


def _journal(found: Found) -> Iterator[str]:
    """One process at a time has written it: the events of an instant follow each other."""
    steps: dict[int, list[int]] = defaultdict(list)
    for event in found.tables["event"]:
        steps[event["at"]].append(event["step"])
    for at, held in steps.items():
        if sorted(held) != list(range(len(held))):
            yield f"the {len(held)} events of {at} have other steps than 0 to {len(held) - 1}"
    answered = found.told("survey.answered")
    for row in found.tables["request"]:
        if bool(row["data"]["answers"]) != (answered[row["id"]] > 0):
            yield f"request {row['id']}: its answers and the journal differ"


def _things(found: Found) -> Iterator[str]:
    """Each thing was announced once, and nothing was announced that is not there."""
    ids = {name: Counter(row["id"] for row in found.tables[name]) for name in THINGS.values()}
    for kind, name in THINGS.items():
        yield from _same(kind, found.told(kind), ids[name])
    for state in ("held", "cancelled"):
        those = Counter(row["id"] for row in found.tables["session"] if row["state"] == state)
        yield from _same(f"session.{state}", found.told(f"session.{state}"), those)
    asked = found.told("survey.asked")
    # What nobody could answer any more is kept closed, and nobody was asked.
    wanted = {
        row["id"]: min(asked[row["id"]], 1) if row["state"] == "closed" else 1
        for row in found.tables["request"]
    }
    yield from _same("survey.asked", asked, Counter(wanted))


THINGS = {"session.planned": "session", "award.granted": "award", "signal.raised": "signal"}


def _promises(found: Found) -> Iterator[str]:
    """Whatever was acknowledged is there."""
    relationships = {row["id"]: row for row in found.tables["relationship"]}
    sessions = {row["id"]: row for row in found.tables["session"]}
    state = {row["id"]: row["state"] for row in found.tables["draft"]}
    programmes = {row["id"] for row in found.tables["programme"]}
    answered = {row["id"] for row in found.tables["request"] if row["data"]["answers"]}
    parts = {(row["programme"], row["person"]): row["state"] for row in found.tables["participant"]}
    lost: dict[str, Collection[Any]] = {
        "programmes": [n for n in found.done("enrol") if n["programme"] not in programmes],
        "drafts": [n for n in found.done("draft") if n["draft"] not in state],
        "publishings": [n for n in found.done("publish") if state.get(n["draft"]) != "published"],
        "relationships": [
            id
            for n in found.done("publish")
            for id in n["relationships"]
            if id not in relationships
        ],
        "acceptances": [
            n
            for n in found.done("accept")
            if n["person"] not in relationships[n["relationship"]]["data"]["accepted"]
        ],
        "signatures": [
            n
            for n in found.done("sign")
            if sorted(n["people"]) != relationships[n["relationship"]]["data"]["signed"]
        ],
        "sessions": [
            id
            for n in [*found.done("schedule"), *found.done("book")]
            for id in n["sessions"]
            if id not in sessions
        ],
        "answers": [n for n in found.done("answer") if n["request"] not in answered],
        "leavings": [
            n for n in found.done("leave") if parts[n["programme"], n["person"]] != "left"
        ],
        "meetings": [n for n in found.done("hold") if sessions[n["session"]]["state"] != "held"],
    }
    yield from (
        f"{name} that were acknowledged are lost: {held}" for name, held in lost.items() if held
    )
    arrived = sum(note["arrived"] for note in found.done("deliver"))
    settled = sum(row["state"] == "done" for row in found.tables["delivery"])
    if settled < arrived:
        yield f"{arrived} deliveries were acknowledged, and {settled} are known"
    for note in found.notes:
        if note.get("failed"):
            yield f"something failed without a crash: {note}"


def delivered(found: Found, lines: dict[str, list[Any]]) -> Iterator[str]:
    """Once the house went on to the end, every subscriber had every event, under one key."""
    journal = {event["id"]: event for event in found.tables["event"]}
    open_still = [row for row in found.tables["delivery"] if row["state"] != "done"]
    if open_still:
        yield f"{len(open_still)} deliveries are not done, such as {open_still[0]}"
    for name, held in lines.items():
        keys: dict[str, set[str]] = defaultdict(set)
        events: dict[str, set[str]] = defaultdict(set)
        for line in held:
            keys[line["id"]].add(line["key"])
            events[line["key"]].add(line["id"])
            event = journal.get(line["id"])
            if event is None or any(
                line[part] != event["data"][part] for part in ("kind", "subject")
            ):
                yield f"{name} got an event that is not in the journal: {line}"
        for what, several in (("event", keys), ("key", events)):
            for id, others in several.items():
                if len(others) > 1:
                    yield f"{name}: {what} {id} came as {sorted(others)}"
        if missing := set(journal) - set(keys):
            yield f"{name} never got {len(missing)} of {len(journal)} events"


def wait_for_the_dead(place: Place) -> None:
    """Until PostgreSQL has noticed that its client is gone, which may still be committing."""
    if make_url(place.database).get_backend_name() == "sqlite":
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    engine = create_engine(place.database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        while connection.execute(others).scalar():
            time.sleep(0.01)


def duplicates(lines: dict[str, list[Any]]) -> int:
    """How many deliveries were carried out more than once."""
    return sum(len(held) - len({line["key"] for line in held}) for held in lines.values())
