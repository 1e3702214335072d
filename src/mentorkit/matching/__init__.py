"""The engine: pure, proven, explained.

`match` makes a plan, `verify` checks one without trusting who made it, `explain` says why
two people are matched or not, and `compare` sets several matchers side by side.
`mentorkit.matching.columns` holds what most criteria are made of.
"""

from mentorkit.matching.explanation import explain
from mentorkit.matching.plan import compare, match
from mentorkit.matching.pool import ParticipantPool
from mentorkit.matching.verification import verify

__all__ = ["ParticipantPool", "compare", "explain", "match", "verify"]
