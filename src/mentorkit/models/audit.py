"""What a plan gives the groups of its people, as far as that can be told of nobody in person.

Shares are whole thousandths: 833 is 83.3 %.
"""

from __future__ import annotations

import attrs

from mentorkit.models.message import Message


@attrs.frozen(kw_only=True)
class Estimate:
    """A share or a difference of two, and its 95 % interval, in thousandths."""

    value: int
    least: int
    most: int


@attrs.frozen(kw_only=True)
class GroupAudit:
    """What a plan gives the people of one role who have one value of an attribute.

    `matched` have a partner, `rate` is their share. `fit` is the mean of what each one's
    findings come to, in thousandths of a point. `rank` is the mean share, among the others
    whom each may be matched with, of those wished for more than the partner: 0 is the first
    choice, 1000 the last, however many there are. Both are over the matched; somebody with
    several partners counts once, by their mean. `envious` would rather have somebody who
    would rather have them.

    None is not shown: it would rest on too few people, or tell what does. `fit` and `rank`
    are None also where nobody is matched.
    """

    role: str
    value: str
    people: int | None = None
    matched: int | None = None
    rate: Estimate | None = None
    fit: int | None = None
    rank: int | None = None
    envious: int | None = None


@attrs.frozen(kw_only=True)
class RateGap:
    """The largest difference of two shown match rates of a role: of `most` less of `least`.

    `said` tells in words what it may come from.
    """

    role: str
    most: str
    least: str
    gap: Estimate
    said: Message


@attrs.frozen(kw_only=True)
class Audit:
    """What a plan gives people by the attribute `by`, for each role and value.

    `gaps` has one for each role in which at least two rates are shown. `purpose` is what the
    programme states for a protected attribute; None where it is not one.
    """

    by: str
    groups: tuple[GroupAudit, ...]
    gaps: tuple[RateGap, ...] = ()
    purpose: str | None = None
