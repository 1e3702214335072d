"""What a roster reads: rows of text, each with its place."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen
class Row:
    """One row of a roster: `source` and `number` as its reader would find it, cells by column."""

    source: str
    number: int
    cells: Mapping[str, str] = attrs.field(hash=False)
