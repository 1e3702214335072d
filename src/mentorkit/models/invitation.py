"""A way into a programme for one person."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.models.person import plain_address
from mentorkit.models.plain import sorted_unique


@attrs.frozen(kw_only=True)
class Invitation:
    """Lets one person into a programme, once and until an instant.

    Whoever has its token may take part in one of the `roles`, or in any without them. Only a
    digest of the token is kept, which nobody turns back. The address is where it was sent to;
    it is forgotten as soon as the invitation is used, revoked or over. `person` has used it.
    """

    id: str
    version: int = 0
    programme: str
    roles: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    email: str | None = attrs.field(default=None, validator=plain_address)
    made: datetime.datetime
    until: datetime.datetime
    state: Literal["open", "used", "revoked"] = "open"
    person: str | None = None
    digest: str
