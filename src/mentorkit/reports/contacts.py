"""How a coordinator tells the people of a plan apart, and reaches them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import attrs

from mentorkit.enrolment import words
from mentorkit.errors import Invalid
from mentorkit.models import Person
from mentorkit.wording import Directory, clean, worded


@attrs.frozen(kw_only=True)
class Contact:
    """What stands beside a person's name; empty where there is nothing to add to it."""

    id: str
    address: str
    value: str

    @property
    def shown(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.id or self.address or self.value)

    @property
    def mailto(self) -> str:
        """A link that writes to the address and does nothing else, whatever it holds."""
        return "mailto:" + quote(clean(self.address), safe="@")


def contacts(
    people: Iterable[str], directory: Directory, attribute: str | None
) -> dict[str, Contact]:
    """The contact of each of these people of whom there is something to show, by id.

    The attribute is left out where it tells of a protected characteristic: a figure for a
    group is one thing, a word beside a name another.
    """
    if attribute and words.has(words.head_words(attribute), words.PROTECTED):
        attribute = None
    found = {person: _contact(person, directory, attribute) for person in people}
    return {person: contact for person, contact in found.items() if contact.shown}


def _contact(person: str, directory: Directory, attribute: str | None) -> Contact:
    participant = directory.people.get(person)
    address = (participant and participant.person.email) or (person if _mailable(person) else "")
    name = directory.name(person)
    named = name == person or name.endswith(f" ({person})")
    value = directory.value(person, attribute) if attribute else None
    return Contact(
        id="" if named or address == person else person,
        address=address,
        value="" if value is None else worded(value),
    )


def _mailable(text: str) -> bool:
    """Whether the text is an e-mail address, by the rule for people's own."""
    try:
        Person(id=text, email=text)
    except Invalid:
        return False
    return True
