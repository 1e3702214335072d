"""Sentences for people: an id and parameters now, words in any language later."""

from __future__ import annotations

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map


@attrs.frozen
class Message:
    """A sentence that is rendered late, so that it can be translated.

    `id` names the sentence for translators, `text` is its English form with
    `{name}` places, and `values` fills them.
    """

    id: str
    text: str
    values: FrozenMap[str | int] = attrs.field(default=EMPTY, converter=frozen_map)

    def __str__(self) -> str:
        return self.text.format_map(self.values)


NOT_AVAILABLE = Message("not-available", "not available")
"""All that anyone reads of another's private wish or avoidance."""
