"""Who takes part: enrolments in programmes, and members of relationships."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NoReturn

import attrs
from sqlalchemy import Select, bindparam, delete, insert, select, update

from mentorkit import codec
from mentorkit.errors import NotFound
from mentorkit.models import (
    Columns,
    Enrolment,
    Entry,
    Message,
    Participant,
    ProgrammeRun,
    Rating,
    Relationship,
)
from mentorkit.models.frozenmap import EMPTY
from mentorkit.store.filling import Wished, filled
from mentorkit.store.schema import apart, member, participant, person
from mentorkit.store.shelves import BATCH, Rows, batches, packed

Kept = tuple[str, str, str]
"""Of somebody in a programme: the state, the part that they take, and how they came in."""


@attrs.frozen(kw_only=True)
class About:
    """How somebody came to a programme, and what the office keeps of them: see `Enrolment`."""

    entry: Entry
    entered: datetime.datetime
    joined: datetime.datetime | None = None
    reason: Message | None = None
    ratings: tuple[Rating, ...] = ()

    @classmethod
    def of(cls, text: str) -> About:
        """What `text` kept."""
        return codec.restore(cls, json.loads(text))

    @cached_property
    def text(self) -> str:
        """As it is kept; of many who come at once, it is made once."""
        return packed(codec.condense(self))


def texts(held: Participant) -> tuple[str, str]:
    """The person and the part that they take, which are kept apart."""
    data = codec.condense(held)
    whom = data.pop("person")
    return packed(whom), packed(data)


def part(held: Participant) -> str:
    """A participant without the person."""
    return texts(held)[1]


def add_people(rows: Rows, people: Mapping[str, str]) -> None:
    """Keep new people, by id."""
    for part in batches(people.items()):
        held = [{"tenant": rows.tenant, "id": id, "version": 1, "data": data} for id, data in part]
        rows.connection.execute(insert(person), held)


def change_people(rows: Rows, people: Mapping[str, str]) -> None:
    """Keep what is known of people now, by id."""
    change = (
        update(person)
        .where(person.c.tenant == bindparam("its_tenant"), person.c.id == bindparam("its_id"))
        .values(data=bindparam("its_data"), version=person.c.version + 1)
    )
    if people:
        rows.connection.execute(
            change,
            [
                {"its_tenant": rows.tenant, "its_id": id, "its_data": data}
                for id, data in people.items()
            ],
        )


def enrolments(
    rows: Rows,
    programme: str,
    people: Collection[str] | None = None,
    *,
    state: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[Enrolment]:
    """Those enrolled in a programme, with the person as known today, in the order of ids."""
    found = _of_programme(rows, programme)
    if state is not None:
        found = found.where(participant.c.state == state)
    if after is not None:
        found = found.where(participant.c.person > after)
    if limit is not None:
        found = found.limit(limit)
    if people is None:
        answers = list(rows.connection.execute(found).rows)
    else:
        answers = [
            row
            for ids in batches(sorted(set(people)))
            for row in rows.connection.execute(found.where(participant.c.person.in_(ids))).rows
        ]
    return [_enrolment(programme, *row) for row in answers]


def columns(
    rows: Rows,
    run: ProgrammeRun,
    taken: Mapping[tuple[str, str], int],
    everywhere: Callable[[Sequence[str]], Mapping[str, int]],
    wished: Mapping[str, Wished] = EMPTY,
) -> Columns:
    """Those who are enrolled in a programme now, less the places (person, role) that are taken.

    The people that `enrolments` gives, without an object for each; those with whom they asked
    never to be matched again are among their `not_again`, and those whom they `wished` for come
    first among those whom they prefer. `everywhere` says how many places
    those who have a capacity of their own have taken in all programmes. The latest ratings that
    some use reads are among what is protected.
    """
    ratings = run.blueprint.ratings
    read = {name for name, scale in ratings.items() if scale.uses}
    found = _of_programme(rows, run.id).where(participant.c.state == "enrolled")
    answers = rows.connection.execute(found).rows
    kept: list[tuple[str, ...]] = [(data, whom) for *_, data, whom in answers]
    if read:
        kept = [(data, whom, _latest(about, read)) for *_, about, data, whom in answers]
    return filled(
        kept,
        taken,
        apart=_kept_apart(rows),
        wished=wished,
        without=ratings,
        order=[role.name for role in run.blueprint.roles],
        everywhere=everywhere,
    )


def _latest(about: str, read: Collection[str]) -> str:
    """The latest rating of each of some fields, as a part of what is kept of somebody."""
    ratings = About.of(about).ratings
    return packed({"protected": {one.field: one.value for one in ratings if one.field in read}})


def _of_programme(rows: Rows, programme: str) -> Select[Any]:
    return (
        select(
            participant.c.version,
            participant.c.state,
            participant.c.about,
            participant.c.data,
            person.c.data,
        )
        .join(
            person,
            (person.c.tenant == participant.c.tenant) & (person.c.id == participant.c.person),
        )
        .where(participant.c.tenant == rows.tenant, participant.c.programme == programme)
        .order_by(participant.c.person)
    )


def _enrolment(
    programme: str, version: int, state: str, about: str, data: str, whom: str
) -> Enrolment:
    plain = {
        **json.loads(about),
        "version": version,
        "programme": programme,
        "state": state,
        "participant": {**json.loads(data), "person": json.loads(whom)},
    }
    return codec.restore(Enrolment, plain)


def enrolment(rows: Rows, programme: str, whom: str) -> Enrolment:
    """One enrolment; NotFound without it."""
    for found in enrolments(rows, programme, [whom]):
        return found
    return absent(programme, whom)


def kept(rows: Rows, programme: str, people: Collection[str]) -> dict[str, Kept]:
    """What is kept of those people, at least, who ever came to a programme, by id.

    Of more than one batch of people, a single look at the whole programme is quicker.
    """
    table = participant
    found = select(table.c.person, table.c.state, table.c.data, table.c.about).where(
        table.c.tenant == rows.tenant, table.c.programme == programme
    )
    if len(people) <= BATCH:
        found = found.where(table.c.person.in_(sorted(people)))
    return {whom: tuple(one) for whom, *one in rows.connection.execute(found).rows}


def enrol(rows: Rows, programme: str, people: Mapping[str, Kept]) -> None:
    """Add people, by id."""
    for held in batches(people.items()):
        rows.connection.execute(
            insert(participant),
            [
                {
                    "tenant": rows.tenant,
                    "programme": programme,
                    "person": whom,
                    "version": 1,
                    "state": state,
                    "data": data,
                    "about": about,
                }
                for whom, (state, data, about) in held
            ],
        )


def change(rows: Rows, programme: str, people: Mapping[str, Kept]) -> None:
    """Keep what holds of people now, by id."""
    table = participant
    if people:
        rows.connection.execute(
            update(table)
            .where(
                table.c.tenant == bindparam("its_tenant"),
                table.c.programme == bindparam("its_programme"),
                table.c.person == bindparam("its_person"),
            )
            .values(
                state=bindparam("its_state"),
                data=bindparam("its_data"),
                about=bindparam("its_about"),
                version=table.c.version + 1,
            ),
            [
                {
                    "its_tenant": rows.tenant,
                    "its_programme": programme,
                    "its_person": whom,
                    "its_state": state,
                    "its_data": data,
                    "its_about": about,
                }
                for whom, (state, data, about) in people.items()
            ],
        )


def programmes_of(rows: Rows, whom: str) -> tuple[str, ...]:
    """The programmes in which a person was ever enrolled."""
    table = participant
    found = select(table.c.programme).where(table.c.tenant == rows.tenant, table.c.person == whom)
    return tuple(sorted(row[0] for row in rows.connection.execute(found).rows))


def add_members(rows: Rows, relationships: Iterable[Relationship]) -> None:
    """Note who is in which relationship."""
    held = [
        {
            "tenant": rows.tenant,
            "relationship": relationship.id,
            "person": one.person,
            "role": one.role,
        }
        for relationship in relationships
        for one in relationship.members
    ]
    if held:
        rows.connection.execute(insert(member), held)


def relationships_of(rows: Rows, *people: str, role: str | None = None) -> tuple[str, ...]:
    """The ids of people's relationships; with a `role`, of those in which they have it."""
    found = select(member.c.relationship).where(member.c.tenant == rows.tenant)
    if role is not None:
        found = found.where(member.c.role == role)
    ids = {
        row[0]
        for part in batches(sorted(people))
        for row in rows.connection.execute(found.where(member.c.person.in_(part))).rows
    }
    return tuple(sorted(ids))


def partnered(rows: Rows, one: str, other: str) -> bool:
    """Whether two people share a relationship."""
    mine, theirs = member.alias(), member.alias()
    found = (
        select(mine.c.relationship)
        .join(
            theirs,
            (mine.c.tenant == theirs.c.tenant) & (mine.c.relationship == theirs.c.relationship),
        )
        .where(mine.c.tenant == rows.tenant, mine.c.person == one, theirs.c.person == other)
        .limit(1)
    )
    return bool(rows.connection.execute(found).rows)


def keep_apart(rows: Rows, whom: str, others: Collection[str]) -> None:
    """Note that a person is never to be matched with these others again."""
    new = sorted(set(others) - set(kept_apart(rows, whom)))
    if new:
        held = [{"tenant": rows.tenant, "person": whom, "other": other} for other in new]
        rows.connection.execute(insert(apart), held)


def let_again(rows: Rows, whom: str, other: str) -> None:
    """Note no longer that a person is never to be matched with another."""
    mine = (apart.c.tenant == rows.tenant, apart.c.person == whom, apart.c.other == other)
    rows.connection.execute(delete(apart).where(*mine))


def kept_apart(rows: Rows, whom: str) -> tuple[str, ...]:
    """With whom a person asked never to be matched again."""
    found = select(apart.c.other).where(apart.c.tenant == rows.tenant, apart.c.person == whom)
    return tuple(sorted(row[0] for row in rows.connection.execute(found).rows))


def _kept_apart(rows: Rows) -> dict[str, list[str]]:
    """All who asked never to be matched with others again, by id."""
    found = select(apart.c.person, apart.c.other).where(apart.c.tenant == rows.tenant)
    held: dict[str, list[str]] = {}
    for whom, other in sorted(map(tuple, rows.connection.execute(found).rows)):
        held.setdefault(whom, []).append(other)
    return held


def hold_time(rows: Rows, people: Collection[str]) -> None:
    """Keep others from planning these people's time until this transaction ends.

    On SQLite a writer is alone anyway. Each row is written, not only locked, so that whoever
    waits in a transaction that sees nothing later than its beginning is refused.
    """
    if rows.connection.dialect == "sqlite":
        return
    for whom in sorted(set(people)):
        mine = (person.c.tenant == rows.tenant, person.c.id == whom)
        rows.connection.execute(update(person).where(*mine).values(version=person.c.version))


def absent(programme: str, whom: str) -> NoReturn:
    """There is no such enrolment, or none to be seen."""
    raise NotFound(f"{whom!r} is not enrolled in {programme!r}")


def forget(rows: Rows, whom: str) -> None:
    """Drop a person's part in every programme, and what others' parts and wishes say of them."""
    for table, column in (
        (participant, participant.c.person),
        (apart, apart.c.person),
        (apart, apart.c.other),
    ):
        rows.connection.execute(delete(table).where(table.c.tenant == rows.tenant, column == whom))
    table = participant
    found = select(
        table.c.programme, table.c.person, table.c.state, table.c.data, table.c.about
    ).where(table.c.tenant == rows.tenant, table.c.data.contains(packed(whom), autoescape=True))
    for programme, other, state, data, about in rows.connection.execute(found).rows:
        left = packed(_without(json.loads(data), whom))
        if left != data:
            change(rows, programme, {other: (state, left, about)})


def _without(part: dict[str, Any], whom: str) -> dict[str, Any]:
    """A part as it is kept, which wishes for, avoids and answers to somebody no more."""
    named = {
        field: [one for one in part.get(field, ()) if one != whom]
        for field in ("prefers", "avoids", "not_again")
    }
    if part.get("manager") == whom:
        named["manager"] = []
    # What is not stated is not kept, either.
    return {field: named.get(field, held) for field, held in part.items() if named.get(field, True)}


def replace(rows: Rows, whom: str, stand_in: str) -> None:
    """Have another id stand for a person in their relationships."""
    rows.connection.execute(
        update(member)
        .where(member.c.tenant == rows.tenant, member.c.person == whom)
        .values(person=stand_in)
    )
