"""What a member is told when a relationship is proposed to them, or begins."""

from __future__ import annotations

import attrs

from mentorkit.models.message import Message


@attrs.frozen(kw_only=True)
class Introduction:
    """A message to one member: with whom they were matched, why, and what comes next.

    `subject` is its first line, `lines` are its paragraphs and `reasons` stand after the
    first of them. It names the other members, and tells nothing that they keep to themselves.
    """

    relationship: str
    person: str
    subject: Message
    lines: tuple[Message, ...]
    reasons: tuple[Message, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs in plain words, reasons as a list, an empty line between them."""
        first, *rest = (str(line) for line in self.lines)
        listed = "\n".join(f"- {reason}" for reason in self.reasons)
        return "\n\n".join(filter(None, (first, listed, *rest))) + "\n"
