"""Skills that somebody's own words point to, for them to confirm."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from mentorkit.enrolment.column_map import folded
from mentorkit.models import Participant

_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")


def suggest_skills(held: Participant, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the `known` skills whose name is among somebody's own words, in order.

    Words are those of `aims`, `brings` and the interests, whatever their case. What they
    offer or seek already is not suggested, and nothing is kept of what is.
    """
    said = [_words(text) for text in (held.aims, held.brings, *held.interests)]
    there = {folded(skill.name) for skill in (*held.offers, *held.seeks)}
    return tuple(
        sorted(
            {
                name
                for name in known
                if folded(name) not in there and any(_within(_words(name), text) for text in said)
            }
        )
    )


def skills_of(people: Iterable[Participant]) -> frozenset[str]:
    """The names of the skills that people offer or seek."""
    return frozenset(skill.name for held in people for skill in (*held.offers, *held.seeks))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _within(words: Collection[str], text: list[str]) -> bool:
    """Whether words stand in a text one after the other."""
    size, wanted = len(words), list(words)
    return bool(wanted) and any(
        text[at : at + size] == wanted for at in range(len(text) - size + 1)
    )
