"""The engine: pure, proven, explained.

`match` makes a plan, `verify` checks one without trusting who made it, `explain` says why
two people are matched or not, `audit` what a plan gives groups of people, `compare` sets
several matchers side by side, `moves` says what differs between two plans, and `teams` joins
the pairs of one mentor where a format has several mentees in a team.
`mentorkit.matching.columns` holds what most criteria are made of.
"""

from mentorkit.matching.audit import audit
from mentorkit.matching.explanation import explain
from mentorkit.matching.grouping import teams
from mentorkit.matching.plan import compare, match, moves
from mentorkit.matching.pool import ParticipantPool
from mentorkit.matching.review import Review
from mentorkit.matching.verification import verify

__all__ = [
    "ParticipantPool",
    "Review",
    "audit",
    "compare",
    "explain",
    "match",
    "moves",
    "teams",
    "verify",
]
