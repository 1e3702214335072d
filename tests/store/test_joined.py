"""A host's transaction decides about the rows of mentorkit that were written in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hosts import HOSTS, DjangoHost, Host

import mentorkit
from mentorkit import Conflict, House, Invalid, Participant, Person, Programme
from mentorkit.store.shelves import PEOPLE


class Stop(Exception):
    """What goes wrong in the host."""


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    mentorkit.migrate(database_url)
    house = mentorkit.open(database_url)
    yield house
    house.close()


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest, house: House, database_url: str) -> Iterator[Host]:
    made = HOSTS[request.param](database_url)
    yield made
    for name in ("close", "engine"):
        held = getattr(made, name, None)
        if callable(held):
            held()
        elif held is not None:
            held.dispose()


def people(house: House) -> list[str]:
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        return [person.id for person in kit.people.page()]


def test_the_hosts_commit_keeps_both(host: Host, house: House) -> None:
    with host.transaction() as connection:
        host.write(connection, "before")
        kit = house.kit(actor=mentorkit.SYSTEM, connection=connection)
        kit.people.put([Person(id="ann", name="Ann 100 % sure %s ? :x")])
        assert kit.people.get("ann").name == "Ann 100 % sure %s ? :x"
        host.write(connection, "after")
    assert host.words() == ["after", "before"]
    assert people(house) == ["ann"]


def test_the_hosts_rollback_takes_both(host: Host, house: House) -> None:
    with pytest.raises(Stop), host.transaction() as connection:
        host.write(connection, "before")
        house.kit(actor=mentorkit.SYSTEM, connection=connection).people.put([Person(id="ann")])
        raise Stop
    assert host.words() == []
    assert people(house) == []
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        assert kit.reports.journal() == ()


def test_a_kits_first_statement_joins_too(host: Host, house: House) -> None:
    """Before the host has written anything, the rows are still the host's to take back."""
    with pytest.raises(Stop), host.transaction() as connection:
        house.kit(actor=mentorkit.SYSTEM, connection=connection).people.put([Person(id="ann")])
        raise Stop
    assert people(house) == []


def test_a_failed_call_leaves_the_hosts_work_alive(host: Host, house: House) -> None:
    ann = Person(id="ann")
    with host.transaction() as connection:
        host.write(connection, "before")
        kit = house.kit(actor=mentorkit.SYSTEM, connection=connection)
        kit.people.put([Person(id="may")])
        with pytest.raises(Conflict), kit._work.change():
            kit._work.rows.add(PEOPLE, [ann])
            kit._work.rows.add(PEOPLE, [ann])
        with pytest.raises(mentorkit.NotFound):
            kit.people.get("ann")
        host.write(connection, "after")
    assert host.words() == ["after", "before"]
    assert people(house) == ["may"]


def test_a_with_statement_on_the_hosts_transaction_commits_nothing(
    host: Host, house: House
) -> None:
    with pytest.raises(Stop), host.transaction() as connection:
        with house.kit(actor=mentorkit.SYSTEM, connection=connection) as kit:
            kit.people.put([Person(id="ann")])
        raise Stop
    assert people(house) == []


def test_a_whole_draft_is_made_and_published_on_the_hosts_connection(
    host: Host, house: House
) -> None:
    pair = [
        Participant(person=Person(id="ann"), roles={"mentee": 1}),
        Participant(person=Person(id="may"), roles={"mentor": 1}),
    ]
    with host.transaction() as connection:
        kit = house.kit(actor=mentorkit.SYSTEM, connection=connection)
        run = kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol(run.id, pair)
        (made,) = kit.matching.publish(kit.matching.draft(run.id).id)
        kit.relationships.accept(made.id, person="ann")
        kit.relationships.accept(made.id, person="may")
        kit.relationships.sign(made.id, person="ann")
        kit.relationships.sign(made.id, person="may")
        planned = kit.sessions.schedule([made.id])
    with house.kit(actor=mentorkit.SYSTEM) as kit:
        assert kit.relationships.get(made.id).stage == "active"
        assert kit.sessions.of(made.id) == planned.sessions
        assert planned.sessions
    assert house.advance().failed == ()


def test_django_without_a_transaction_is_refused(house: House, database_url: str) -> None:
    host = DjangoHost(database_url)
    with pytest.raises(Conflict, match=r"transaction\.atomic"):
        house.kit(actor=mentorkit.SYSTEM, connection=host.connection)
    host.close()


def test_what_is_no_connection_is_refused(house: House) -> None:
    with pytest.raises(Invalid, match=r"session\.connection"):
        house.kit(actor=mentorkit.SYSTEM, connection=object())
    with pytest.raises(Invalid, match="SQLite or PostgreSQL"):
        house.kit(
            actor=mentorkit.SYSTEM, connection=type("Other", (), {"cursor": lambda self: None})()
        )
