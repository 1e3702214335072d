"""A report of somebody's conduct, for the programme's safeguarding contact alone."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs


@attrs.frozen(kw_only=True)
class ConductReport:
    """What `reporter` says `about` somebody, in a relationship or in the programme at large.

    `contact` is who was the safeguarding contact that day; None where the report is about
    them, and goes to the host's own jobs alone. Until it is settled, nothing is planned in
    its relationship.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str | None = None
    reporter: str
    about: str
    words: str
    contact: str | None
    reported: datetime.datetime
    state: Literal["open", "settled"] = "open"
