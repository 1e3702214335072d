"""What stands beside a name, and where a link to write to somebody leads."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from page_reading import Page
from report_plans import addresses, crowded, plans

from mentorkit.models import Level, Participant, Person
from mentorkit.reports import match_report
from mentorkit.reports.contacts import contacts
from mentorkit.wording import Directory, clean


def of(*people: Person, attribute: str | None = None):
    directory = Directory.of([Participant(person=person) for person in people])
    return contacts([person.id for person in people], directory, attribute)


def test_an_id_is_shown_once():
    named = Person(id="p1", name="Ann")
    twins = [Person(id=own, name="Bo") for own in ("p2", "p3")]
    nameless = Person(id="p4")
    mailed = Person(id="cem@example.org", name="Cem", email="cem@example.org")
    found = of(named, *twins, nameless, mailed)
    assert {person: contact.id for person, contact in found.items()} == {
        "p1": "p1",
        "cem@example.org": "",
    }


def test_an_id_that_is_an_address_can_be_written_to():
    (found,) = of(Person(id="ann@example.org", name="Ann")).values()
    assert (found.id, found.address) == ("", "ann@example.org")
    (found,) = of(Person(id="ann@example.org", name="Ann", email="other@example.org")).values()
    assert (found.id, found.address) == ("ann@example.org", "other@example.org")


def test_the_reported_attribute():
    held = {"site": Level(1, "north"), "remote": False, "gender_identity": "x"}
    person = Person(id="p1", name="Ann", attributes=held)
    values = {name: of(person, attribute=name)["p1"].value for name in (*held, "team")}
    # Beside a name, no protected characteristic.
    assert values == {"site": "north", "remote": "no", "gender_identity": "", "team": ""}


@given(addresses)
def test_a_link_holds_one_address_and_no_more(address: str | None):
    found = of(Person(id="p1", name="Ann", email=address))["p1"]
    if address is not None:
        link = found.mailto.removeprefix("mailto:")
        assert unquote(link) == clean(address)
        assert not set(link) & set("?&#:/ \"'<>")


@given(plans())
def test_whoever_has_an_address_can_be_written_to(reported) -> None:
    plan, people = reported
    links = {link for link in Page(match_report(plan, people)).links if link.startswith("mailto:")}
    named = {person for match in plan.matches for person in match.team.people}
    named |= {left.person for left in plan.unmatched}
    known = contacts(named, Directory.of(people), None)
    assert links == {contact.mailto for contact in known.values() if contact.address}
    assert all(
        person in known
        for person in named
        for held in people
        if held.id == person and held.person.email
    )


@pytest.mark.parametrize("value", ["Unit", "department"])
def test_a_card_tells_the_department(value: str) -> None:
    assert all(article.count(value) >= 2 for article in Page(match_report(*crowded())).articles)
