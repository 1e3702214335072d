"""Sentences for people: an id and parameters now, words in any language later."""

from __future__ import annotations

from functools import lru_cache
from string import Formatter

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map


@lru_cache(maxsize=1024)
def _places(text: str) -> tuple[str, ...]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise Invalid("text", f"has a brace that does not pair: {text!r}") from None
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise Invalid("text", f"has a place with more than a name: {text!r}")
    return tuple(sorted({place for _, place, *_ in parts if place is not None}))


@attrs.frozen
class Message:
    """A sentence that is rendered late, so that it can be translated.

    `id` names the sentence for translators, `text` is its English form with
    `{name}` places, and `values` fills every one of them.
    """

    id: str
    text: str
    values: FrozenMap[str | int] = attrs.field(default=EMPTY, converter=frozen_map)

    def __attrs_post_init__(self) -> None:
        unfilled = [place for place in _places(self.text) if place not in self.values]
        if unfilled:
            raise Invalid("text", f"has a place {{{unfilled[0]}}} that no value fills")

    def __str__(self) -> str:
        return self.text.format_map(self.values)


NOT_AVAILABLE = Message("not-available", "not available")
"""All that anyone reads of another's private wish or avoidance."""
